"""Two ad sets side by side: what they differ in, what each brought, and whether the difference may be chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.ads import Day
from smm_tui.db.reads.campaigns import AdSetRow
from smm_tui.domain import proportions
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.proportions import Sample
from smm_tui.i18n import _
from smm_tui.screens import ads_look as look
from smm_tui.screens.audience_words import hours, told_audience
from smm_tui.screens.campaign import merged_days
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services import ad_pairs, ad_tests, audiences
from smm_tui.services.ads_queries import SET, Line, key
from smm_tui.widgets.chart import Chart, ChartData, Series
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BOLD, DIM, GOOD, PLAIN, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


@dataclass(frozen=True, slots=True)
class CompareState:
    """Both sets with their days, and in what they differ; `metric`: results, or clicks where no results are known."""

    lines: tuple[Line, Line]
    sets: tuple[AdSetRow, AdSetRow]
    days: tuple[tuple[Day, ...], tuple[Day, ...]]
    differences: tuple[str, ...]
    metric: str


class CompareScreen(ListScreen[CompareState]):
    """Two ad sets."""

    SCOPE = "compare"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False
    CSS = """
    CompareScreen Chart { height: 40%; min-height: 9; max-height: 16; }
    CompareScreen #verdict { height: 4; }
    """

    def __init__(self, one: int, other: int) -> None:
        super().__init__()
        self._pair = (one, other)

    def body(self) -> ComposeResult:
        yield Chart(self.desk.glyphs, id="chart")
        yield LinePanel(id="verdict")
        yield WindowedList(
            (Column("", 16), Column("", 20, weight=1), Column("", 20, weight=1)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def request(self) -> Job[CompareState]:
        one, other = self._pair

        def job(w: Workspace) -> CompareState:
            lines = w.ads_queries.lines([key(SET, one), key(SET, other)])
            if len(lines) < 2:
                raise InvalidInput(_("One of them was removed meanwhile."), _("Go back with esc."))
            sets = (w.campaign_queries.get_set(one), w.campaign_queries.get_set(other))
            shown = [
                [
                    ad_pairs.creative(ad)
                    for ad in w.campaign_queries.ads(group.campaign_id)
                    if ad.ad_set_id == group.id
                ]
                for group in sets
            ]
            differing = ad_pairs.differences(
                ad_pairs.conditions(sets[0]), ad_pairs.conditions(sets[1]), shown[0], shown[1]
            )
            pair = (lines[key(SET, one)], lines[key(SET, other)])
            known = all(line.figures.totals.results is not None for line in pair)
            return CompareState(
                pair,
                sets,
                (tuple(w.ads_queries.days(SET, one)), tuple(w.ads_queries.days(SET, other))),
                tuple(differing),
                "results" if known else "clicks",
            )

        return job

    def show(self, state: CompareState) -> None:
        chart = self.query_one("#chart", Chart)
        chart.display = any(state.days)
        chart.plot(_chart(state))
        self.query_one("#verdict", LinePanel).lay_out(lambda room: list(_verdict(state, max(room.width - 2, 20))))
        rows = list(_rows(state, max(self.size.width - 4, 20)))
        self.list.show(range(len(rows)), dict(enumerate(rows)))

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)

    def action_close(self) -> None:
        """Back to the campaigns."""
        self.app.pop_screen()


def verdict(state: CompareState) -> tuple[str, bool]:
    """What can be said of the difference, and whether it is one."""
    one, other = (_sample(line, state.metric) for line in state.lines)
    missing = proportions.missing(one, other, ad_tests.LIFT)
    if missing:
        text = _("Not enough data: the smaller side needs about {count} more impressions to tell a fifth apart.")
        return text.format(count=f"{missing:,}"), False
    z, p = proportions.compare(one, other)
    if p >= proportions.SIGNIFICANCE:
        return _("No difference found (p = {p}): it may be chance.").format(p=f"{p:.2f}"), False
    better = state.lines[0 if z > 0 else 1].row.name
    chance = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    text = _("{name} brings more for its impressions ({chance}).").format(name=better, chance=chance)
    if len(state.differences) > 1:
        text += " " + _("They differ in {count} things: which of them does it, nobody can tell.").format(
            count=len(state.differences)
        )
    return text, True


def _verdict(state: CompareState, width: int) -> Iterator[list[Span]]:
    text, found = verdict(state)
    for line in wrap(text, width):
        yield [Span(f" {line}", GOOD if found else WARN)]
    apart = ", ".join(state.differences) or _("nothing: they show the same to the same people")
    for line in wrap(_("They differ in: {names}.").format(names=apart), width):
        yield [Span(f" {line}", PLAIN)]


def _sample(line: Line, metric: str) -> Sample:
    totals = line.figures.totals
    trials = totals.impressions or 0
    successes = (totals.results if metric == "results" else totals.clicks) or 0
    return Sample(min(successes, trials), trials)


def _chart(state: CompareState) -> ChartData:
    labels, values = merged_days(state.days, state.metric, state.lines[0].row.currency)
    title = _("Results a day") if state.metric == "results" else _("Clicks a day")
    series = (Series(line.row.name, tuple(column)) for line, column in zip(state.lines, values, strict=True))
    return ChartData(title, tuple(labels), tuple(series))


def _rows(state: CompareState, width: int) -> Iterator[Cells]:
    first, second = state.lines
    currency = first.row.currency
    yield (Span(""), Span(first.row.name, BOLD), Span(second.row.name, BOLD))
    told = [_(look.STATES.get(line.state, line.state)) for line in state.lines]
    yield (_("state"), told[0], told[1])
    sums = [line.figures.totals for line in state.lines]
    for label, values in (
        (_("spent"), [f"{look.short(each.spent, currency)} {currency}" for each in sums]),
        (_("impressions"), [look.count(each.impressions) for each in sums]),
        (_("reach, best day"), [look.count(each.reach) for each in sums]),
        (_("clicks"), [look.count(each.clicks) for each in sums]),
        (_("CTR"), [look.percent(each.ctr) for each in sums]),
        (_("a click"), [look.short(each.cpc, currency) for each in sums]),
        (_("results"), [look.count(each.results) for each in sums]),
        (_("a result"), [look.short(each.cost_per_result, currency) for each in sums]),
    ):
        yield (label, values[0], values[1])
    yield (Span(""), Span(""), Span(""))
    columns = [dict(_conditions(group)) for group in state.sets]
    for label in dict.fromkeys([*columns[0], *columns[1]]):
        mine, theirs = (column.get(label, "-") for column in columns)
        style = PLAIN if mine == theirs else BOLD
        halves = [wrap(text, max((width - 18) // 2 - 1, 10)) for text in (mine, theirs)]
        for n in range(max(map(len, halves))):
            cells = [Span(half[n] if n < len(half) else "", style) for half in halves]
            yield (Span(label if n == 0 else "", DIM), *cells)


def _conditions(group: AdSetRow) -> Iterator[tuple[str, str]]:
    yield from told_audience(audiences.from_json(group.audience))
    yield _("placements"), ", ".join(group.placements) or _("where the network thinks best")
    yield _("hours"), hours(group.hours)
