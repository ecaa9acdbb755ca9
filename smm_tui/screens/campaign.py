"""All about a campaign, ad set or ad: a chart of its days, what it is, what the review says, what was done to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.ads import AdLine, CampaignLine, Day, FollowerCost, SetLine, Totals
from smm_tui.db.reads.campaigns import AdRow, AdSetRow, AlarmRow, CallRow, CampaignRow
from smm_tui.db.reads.records import AuditRow
from smm_tui.domain import money, zones
from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import N_, _, ngettext
from smm_tui.networks.registry import spec
from smm_tui.screens import ads_look as look
from smm_tui.screens.audience_words import told_audience
from smm_tui.screens.campaign_acts import CampaignActs, campaign_of
from smm_tui.screens.desk import Job
from smm_tui.services import audiences
from smm_tui.services.ads_queries import AD, CAMPAIGN, SET, Line, parted
from smm_tui.services.client_queries import METRICS, Goal
from smm_tui.services.preflight import Problem
from smm_tui.widgets.chart import Chart, ChartData, Series
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN, WARN
from smm_tui.widgets.windowed_list import Column, WindowedList

CHARTS = {
    "spent": N_("Spent a day"),
    "results": N_("Results a day"),
    "cost_per_result": N_("Cost of a result"),
    "reach": N_("People reached a day"),
    "clicks": N_("Clicks a day"),
    "ctr": N_("CTR"),
}
"""The figures that are drawn, with their titles."""

CALLS = {
    "create": N_("made on the network"),
    "edit": N_("changed on the network"),
    "launch": N_("started on the network"),
    "pause": N_("paused on the network"),
    "end": N_("ended on the network"),
}
"""What calls to a cabinet do."""

OUTCOMES = {"sending": N_("under way"), "done": N_("done"), "failed": N_("failed"), "unknown": N_("unknown")}

SERVES = {
    "followers": ("followers",),
    "reach": ("reach", "views"),
    "engagement": ("reach", "views", "likes", "replies", "reposts"),
    "traffic": ("leads", "clicks"),
    "messages": ("leads",),
    "leads": ("leads",),
}
"""Which of a client's goals a campaign serves, by its own."""

_CHART_DAYS = 90
_LISTED_DAYS = 14
_LABEL = 16


@dataclass(frozen=True, slots=True)
class CampaignState:
    """What is known of one thing, and of the campaign around it."""

    line: Line
    campaign: CampaignRow
    group: AdSetRow | None
    ad: AdRow | None
    parts: tuple[Line, ...]
    days: tuple[Day, ...]
    problems: tuple[Problem, ...]
    alarms: tuple[AlarmRow, ...]
    followers: tuple[FollowerCost, ...]
    goals: tuple[Goal, ...]
    log: tuple[AuditRow, ...]
    calls: tuple[CallRow, ...]
    zone: str


class CampaignScreen(CampaignActs[CampaignState]):
    """One campaign, ad set or ad; long texts are wrapped, nothing is cut."""

    SCOPE = "campaign"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False
    CSS = "CampaignScreen Chart { height: 45%; min-height: 9; max-height: 18; }"

    def __init__(self, thing: str) -> None:
        """`thing`: its key in the tree, as c12."""
        super().__init__()
        self._thing = thing
        self._chart = next(iter(CHARTS))

    def body(self) -> ComposeResult:
        yield Chart(self.desk.glyphs, id="chart")
        yield WindowedList(
            (Column("", 10, weight=1),),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=0,
            id="list",
        )

    def request(self) -> Job[CampaignState]:
        thing = self._thing
        level, number = parted(thing)

        def job(w: Workspace) -> CampaignState:
            line = w.ads_queries.line(thing)
            if line is None:
                raise InvalidInput(_("It was removed meanwhile."), _("Go back with esc."))
            campaign = w.campaign_queries.get(campaign_of(line))
            zone = w.project_queries.get(campaign.project_id).timezone
            today = zones.local(w.clock(), zone).date()
            start = zones.local(w.clock() - _CHART_DAYS * DAY, zone).date()
            group = w.campaign_queries.get_set(number) if level == SET else None
            ad = w.campaign_queries.get_ad(number) if level == AD else None
            if ad is not None:
                group = w.campaign_queries.get_set(ad.ad_set_id)
            costs = w.ads_queries.follower_costs(campaign.project_id, start, today) if level == CAMPAIGN else []
            planned = campaign.state in ("draft", "submitted", "approved")
            return CampaignState(
                line,
                campaign,
                group,
                ad,
                tuple(w.ads_queries.parts(thing)),
                tuple(w.ads_queries.days(level, number, start.isoformat())),
                tuple(w.campaigns.problems(campaign.id)) if planned else (),
                tuple(w.campaign_queries.alarms(campaign_id=campaign.id)),
                tuple(row for row in costs if row.account_id == campaign.account_id),
                tuple(_goals(w, campaign)) if level == CAMPAIGN else (),
                tuple(w.records.log(subject="campaign", subject_id=campaign.id)),
                tuple(w.campaign_queries.calls(campaign.id)),
                zone,
            )

        return job

    @property
    def line(self) -> Line | None:
        return self.state.line if self.state is not None else None

    def show(self, state: CampaignState) -> None:
        self._show_chart(state)
        lines = list(_lines(state, max(self.size.width - 4, 20), self.desk.glyphs.separator))
        self.list.show(range(len(lines)), {place: (line,) for place, line in enumerate(lines)})

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)

    def bookmark(self) -> dict[str, Any]:
        return {"thing": self._thing}

    def unavailable(self, verb: str) -> str:
        return "" if verb in ("next", "previous") else super().unavailable(verb)

    def action_next(self) -> None:
        """The next figure."""
        self._turn(1)

    def action_previous(self) -> None:
        """The figure before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        words = list(CHARTS)
        self._chart = words[(words.index(self._chart) + by) % len(words)]
        if self.state is not None:
            self._show_chart(self.state)

    def _show_chart(self, state: CampaignState) -> None:
        chart = self.query_one("#chart", Chart)
        chart.display = bool(state.days)
        chart.plot(chart_of(self._chart, state.days, state.campaign.currency))


def chart_of(figure: str, days: Sequence[Day], currency: str) -> ChartData:
    """A figure from its first known day to the last; days between of which nothing is known are gaps."""
    labels, (values,) = merged_days([days], figure, currency)
    title = _(CHARTS[figure])
    if late := sum(not day.final for day in days):
        title = ngettext(
            "{title}, the last {count} day not final", "{title}, the last {count} days not final", late
        ).format(title=title, count=late)
    unit = currency if figure in ("spent", "cost_per_result") else "%" if figure == "ctr" else ""
    return ChartData(title, tuple(labels), (Series("", tuple(values)),), unit)


def merged_days(
    columns: Sequence[Sequence[Day]], figure: str, currency: str
) -> tuple[list[str], list[list[float | None]]]:
    """The days from the first to the last that any of these knows, and a figure of each on them."""
    known = [{day.day: day.totals for day in days} for days in columns]
    names = [name for days in known for name in days]
    labels: list[str] = []
    values: list[list[float | None]] = [[] for _days in known]
    if names:
        first, last = date.fromisoformat(min(names)), date.fromisoformat(max(names))
        for later in range((last - first).days + 1):
            name = (first + timedelta(days=later)).isoformat()
            labels.append(look.short_day(name))
            for column, days in zip(values, known, strict=True):
                column.append(_figure(figure, days.get(name), currency))
    return labels, values


def _figure(figure: str, totals: Totals | None, currency: str) -> float | None:
    if totals is None:
        return None
    value: float | None = getattr(totals, figure)
    if value is None or figure not in ("spent", "cost_per_result"):
        return value
    return value / float(10 ** money.decimals(currency))


def _lines(state: CampaignState, width: int, separator: str) -> Iterator[Span]:
    row, zone = state.line.row, state.zone
    yield from _labelled(_(look.LEVELS[state.line.level]), f"{row.name}  ({row.id})", width, BOLD)
    yield from _labelled(_("client"), f"{state.campaign.project}  {state.campaign.handle}", width)
    word = state.line.state
    yield from _labelled(_("state"), _(look.STATES.get(word, word)), width, look.STYLES.get(word, PLAIN))
    for reason in _refusals(state):
        yield from _labelled(_("refused"), reason, width, BAD)
    for alarm in state.alarms:
        yield from _labelled(_("alarm"), f"{look.moment(alarm.raised_at, zone)}  {alarm.message}", width, BAD)
    if isinstance(row, CampaignLine) and row.stopped_reason:
        yield from _labelled(_("stopped"), row.stopped_reason, width, BAD)
    yield from _money(state, width)
    if state.ad is not None:
        yield from _creative(state.ad, row if isinstance(row, AdLine) else None, width)
    if state.group is not None:
        yield from _audience(state.group, width)
    if isinstance(row, CampaignLine):
        yield from _campaign(state, width)
    for problem in state.problems:
        text = " ".join(part for part in (problem.message, problem.hint) if part)
        yield from _labelled(_("to be mended"), text, width, WARN if problem.blocking else PLAIN)
    if state.parts:
        yield Span("")
        yield Span(_("What it is made of"), BOLD)
        for part in state.parts:
            yield from _labelled(_(look.LEVELS[part.level]), _summary(part, separator), width)
    yield Span("")
    yield Span(_("Day by day"), BOLD)
    yield from _days(state)
    yield Span("")
    yield Span(_("What was done"), BOLD)
    yield from _history(state, width)


def _money(state: CampaignState, width: int) -> Iterator[Span]:
    row, totals = state.line.row, state.line.figures.totals
    currency, pace = row.currency, state.line.pace
    told = look.spent_of(totals.spent, pace, currency)
    if pace.due is not None:
        told += "  " + _("due by now: {amount}").format(amount=look.short(pace.due, currency))
    verdict = {"ahead": _("faster than planned"), "behind": _("slower than planned")}.get(pace.verdict(totals.spent))
    yield from _labelled(_("spent"), f"{told}  {verdict}" if verdict else told, width, WARN if verdict else PLAIN)
    figures = [
        _("{count} impressions").format(count=look.count(totals.impressions)),
        _("{count} people on the best day").format(count=look.count(totals.reach)),
        _("{count} clicks").format(count=look.count(totals.clicks)),
        _("{count} results").format(count=look.count(totals.results)),
    ]
    yield from _labelled(_("brought"), ", ".join(figures), width)
    rates = [
        _("CTR {value}").format(value=look.percent(totals.ctr)),
        _("a click {value}").format(value=look.short(totals.cpc, currency)),
        _("a result {value} {currency}").format(
            value=look.short(totals.cost_per_result, currency), currency=currency
        ),
    ]
    yield from _labelled(_("costs"), ", ".join(rates), width)
    for cost in state.followers:
        if cost.gained is None:
            text = _("not known: the followers of {handle} were not read at both ends").format(handle=cost.handle)
        elif cost.gained <= 0:
            text = _("none was gained ({gained}) for {spent}").format(
                gained=cost.gained, spent=money.shown(cost.spent, cost.currency)
            )
        else:
            text = _("{each} {currency}: {gained} gained for {spent} in 90 days, ads or not").format(
                each=look.short(cost.spent / cost.gained, cost.currency),
                currency=cost.currency,
                gained=cost.gained,
                spent=money.shown(cost.spent, cost.currency),
            )
        yield from _labelled(_("a new follower"), text, width)


def _campaign(state: CampaignState, width: int) -> Iterator[Span]:
    row, zone = state.campaign, state.zone
    yield from _labelled(_("goal"), f"{_(look.GOALS.get(row.goal, row.goal))}  ({spec(row.network).title})", width)
    for goal in state.goals:
        value = "?" if goal.progress.value is None else str(goal.progress.value)
        text = _("{value} of {target} {what} by {day}").format(
            value=value, target=goal.row.target, what=_(METRICS[goal.row.metric]), day=goal.row.by_day
        )
        yield from _labelled(_("the client wants"), text, width)
    yield from _labelled(_("from"), look.day(row.starts_at, zone), width)
    yield from _labelled(_("to"), look.day(row.ends_at, zone), width)
    yield from _labelled(_("budget"), _budget(row, row.currency), width)
    yield from _labelled(_("at most"), money.shown(row.cap, row.currency), width)
    if row.facts:
        yield from _labelled(_("labels"), ", ".join(f"{name}: {value}" for name, value in row.facts.items()), width)
    if row.approved_at is not None:
        yield from _labelled(_("approved"), f"{look.moment(row.approved_at, zone)}  {row.approved_by}", width)
    if row.remote_url:
        yield from _labelled(_("address"), row.remote_url, width)
    if row.synced_at is not None:
        yield from _labelled(_("figures as of"), look.moment(row.synced_at, zone), width)


def _goals(w: Workspace, campaign: CampaignRow) -> Iterator[Goal]:
    """The client's goals that a campaign of this kind serves, on its account or on all."""
    serves = SERVES.get(campaign.goal, ())
    for goal in w.client_queries.goals(campaign.project_id):
        if goal.row.metric in serves and goal.row.account_id in (None, campaign.account_id):
            yield goal


def _audience(group: AdSetRow, width: int) -> Iterator[Span]:
    if group.segment:
        yield from _labelled(_("saved audience"), group.segment, width)
    for label, words in told_audience(audiences.from_json(group.audience)):
        yield from _labelled(label, words, width)
    if group.placements:
        yield from _labelled(_("placements"), ", ".join(group.placements), width)


def _creative(ad: AdRow, line: AdLine | None, width: int) -> Iterator[Span]:
    if ad.post_id is not None:
        text = line.text if line is not None else ""
        yield from _labelled(_("promotes"), _("post {id}: {text}").format(id=ad.post_id, text=text), width)
    for label, words in (
        (_("title"), ad.title),
        (_("text"), ad.text),
        (_("link"), ad.link),
        (_("button"), _(ad.button)),
        (_("label"), ad.label),
    ):
        if words:
            yield from _labelled(label, words, width)


def _refusals(state: CampaignState) -> Iterator[str]:
    """What the network refused and why: of this thing, and of what is below it."""
    row = state.line.row
    if row.state_reason:
        yield row.state_reason
    for part in state.parts:
        if part.row.state == "rejected" or part.row.state_reason:
            yield _("{name}: {reason}").format(
                name=part.row.name, reason=part.row.state_reason or _("the network gives no reason")
            )


def _days(state: CampaignState) -> Iterator[Span]:
    currency = state.campaign.currency
    titles = (_("spent"), _("reach"), _("clicks"), _("CTR"), _("results"), _("a result"))
    yield Span("".join([f"{_('day'):<8}", *(f"{title:>10.10}" for title in titles)]), DIM)
    for day in reversed(state.days[-_LISTED_DAYS:]):
        totals = day.totals
        open_ = "" if day.final else "  " + _("not final")
        cells = (
            look.short(totals.spent, currency),
            look.count(totals.reach),
            look.count(totals.clicks),
            look.percent(totals.ctr),
            look.count(totals.results),
            look.short(totals.cost_per_result, currency),
        )
        yield Span("".join([f"{look.short_day(day.day):<8}", *(f"{cell:>10}" for cell in cells), open_]))
    if not state.days:
        yield Span(_("The network has told no figures yet."), DIM)


def _history(state: CampaignState, width: int) -> Iterator[Span]:
    """The newest first: what people and rules did, and each call to the network."""
    zone = state.zone
    told = [(line.at, f"{line.actor}: {line.summary}", PLAIN) for line in state.log]
    for call in state.calls:
        outcome = _(OUTCOMES.get(call.state, call.state))
        level = _(look.LEVELS.get(call.level, call.level))
        text = f"{level} {call.subject_id}: {_(CALLS.get(call.verb, call.verb))}, {outcome}"
        if call.error_message:
            text += f": {call.error_message}"
        told.append((call.started_at, text, BAD if call.state in ("failed", "unknown") else DIM))
    for at, text, style in sorted(told, key=lambda one: -one[0]):
        yield from _labelled(look.moment(at, zone), text, width, style)
    if not told:
        yield Span(_("Nothing yet."), DIM)


def _summary(part: Line, separator: str) -> str:
    totals = part.figures.totals
    return f" {separator} ".join(
        [
            part.row.name,
            _(look.STATES.get(part.state, part.state)),
            look.spent_of(totals.spent, part.pace, part.row.currency),
            _("{count} results").format(count=look.count(totals.results)),
            _("a result {value} {currency}").format(
                value=look.short(totals.cost_per_result, part.row.currency), currency=part.row.currency
            ),
        ]
    )


def _budget(row: CampaignRow | SetLine | AdSetRow, currency: str) -> str:
    if row.budget_total is not None:
        return _("{amount} in all").format(amount=money.shown(row.budget_total, currency))
    if row.budget_daily is not None:
        return _("{amount} a day").format(amount=money.shown(row.budget_daily, currency))
    return _("at its ad sets")


def _labelled(label: str, text: str, width: int, style: Style = PLAIN) -> Iterator[Span]:
    for place, line in enumerate(wrap(text, max(width - _LABEL, 10))):
        yield Span(f"{label if place == 0 else '':<{_LABEL}.{_LABEL - 1}}{line}", style)
