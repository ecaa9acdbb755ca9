"""Ads: the campaigns of the clients as a tree, with their money and what they bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.ads import CampaignLine, FollowerCost, SetLine
from smm_tui.domain.clock import MINUTE, Instant, to_datetime
from smm_tui.i18n import N_, _
from smm_tui.screens import ads_look as look
from smm_tui.screens.campaign_acts import CampaignActs, campaign_of, can_advertise
from smm_tui.screens.desk import Job
from smm_tui.services.ads_queries import CAMPAIGN, SET, Line, key, parted
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BOLD, DIM, PLAIN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

WHICH: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "all": (N_("all"), ()),
    "running": (N_("running"), ("active", "in_review", "scheduled", "paused", "rejected")),
    "waiting": (N_("to approve"), ("draft", "submitted", "approved")),
    "ended": (N_("ended"), ("ended",)),
}
"""The sets of states that can be listed, with their titles."""


LATELY = 30
"""Days over which the cost of a new follower is told."""


class AdsState(NamedTuple):
    """The tree as far as it is unfolded, with the lines that are in sight, at a minute."""

    keys: tuple[str, ...]
    lines: Mapping[str, Line]
    unfolded: frozenset[str]
    client: int | None
    able: bool  # whether any account here can run ads
    now: Instant
    followers: tuple[FollowerCost, ...] = ()  # what a new one cost the client lately


class AdsScreen(CampaignActs[AdsState]):
    """The campaigns."""

    SCOPE = "ads"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._unfolded: set[str] = set()
        self._which = "all"
        self._known: dict[str, Line] = {}

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        yield WindowedList(
            (
                Column(_("campaign"), 16, weight=4),
                Column(_("for"), 8, weight=1, drop=5),
                Column(_("state"), 11),
                Column(_("pace"), look.BAR + 1),
                Column(_("spent/budget"), 14, right=True),
                Column(_("reach"), 6, right=True, drop=4),
                Column(_("CTR"), 5, right=True),
                Column(_("CPC"), 6, right=True, drop=3),
                Column(_("a result"), 8, right=True),
                Column(_("results"), 7, drop=1),
            ),
            self._fetch,
            glyphs=self.desk.glyphs,
            selectable=True,
            cursor_columns=1,
            id="list",
        )

    def on_mount(self) -> None:
        """Say which campaigns are listed."""
        super().on_mount()
        self._show_which()

    # -- data

    def request(self) -> Job[AdsState]:
        client, words = self.desk.client, self.filter_text.casefold().split()
        states, unfolded = WHICH[self._which][1], frozenset(self._unfolded)
        in_sight = self.list.near(ahead=0)
        now = self.desk.time // MINUTE * MINUTE

        def job(w: Workspace) -> AdsState:
            queries = w.ads_queries
            ids = queries.campaign_ids(client, words=words, states=states)
            keys = tuple(queries.tree(ids, unfolded))
            able = bool(ids) or any(can_advertise(row) for row in w.account_queries.of_project(client))
            costs: list[FollowerCost] = []
            if client is not None and ids:
                today = to_datetime(now).date()
                costs = queries.follower_costs(client, today - timedelta(days=LATELY), today)
            lines = queries.lines(in_sight(keys), now=now)
            return AdsState(keys, lines, unfolded, client, able, now, tuple(costs))

        return job

    async def _fetch(self, keys: Sequence[str]) -> Mapping[str, Cells]:
        unfolded, now = frozenset(self._unfolded), self.desk.time // MINUTE * MINUTE
        lines = await self.desk.read(lambda w: w.ads_queries.lines(keys, now=now))
        self._known.update(lines)
        return self._rows(lines, unfolded)

    def empty(self, state: AdsState) -> str:
        if state.keys:
            return ""
        if self.filter_text:
            return _("No campaign fits the filter.")
        if not state.able:
            return _(
                "No account here can run ads. Connect a VK community or a Facebook Page in Set-up ({key})."
            ).format(key=self.key("global.setup"))
        if self._which != "all":
            return _("No campaign is like that. {key} lists others.").format(key=self.key("ads.which"))
        if state.client is None:
            return _("No campaigns yet. Choose a client with 1-9, then press {key} for the first one.").format(
                key=self.key("ads.new")
            )
        return _("No campaigns yet. Press {key} for the first one.").format(key=self.key("ads.new"))

    def show(self, state: AdsState) -> None:
        self.wanted()
        self._show_which()
        self._known = dict(state.lines)
        self.list.show(state.keys, self._rows(state.lines, state.unfolded))

    def _rows(self, lines: Mapping[str, Line], unfolded: frozenset[str]) -> dict[str, Cells]:
        return {name: self._cells(line, name in unfolded) for name, line in lines.items()}

    def _cells(self, line: Line, unfolded: bool) -> Cells:
        row, totals, glyphs = line.row, line.figures.totals, self.desk.glyphs
        project = self.desk.chrome.project(row.project_id)
        refused = row.refused if isinstance(row, CampaignLine) else 0
        client = project.name if project is not None else ""
        if isinstance(row, CampaignLine) and self.desk.client is not None:
            client = row.handle  # the client is in the first line already
        return (
            look.name(line, unfolded, glyphs),
            Span(client if line.level == CAMPAIGN else "", of_colour(project.colour) if project else PLAIN),
            look.state(line.state, glyphs, refused),
            look.bar(totals.spent, line.pace, glyphs),
            look.spent_of(totals.spent, line.pace, row.currency),
            look.count(totals.reach),
            look.percent(totals.ctr),
            look.short(totals.cpc, row.currency),
            look.short(totals.cost_per_result, row.currency),
            look.trend(line.figures.trend, glyphs),
        )

    def _show_which(self) -> None:
        spans = [Span(" ")]
        for word, (title, _states) in WHICH.items():
            here = word == self._which
            spans += [Span(f"[{_(title)}]" if here else f" {_(title)} ", BOLD if here else DIM), Span(" ")]
        for cost in self.state.followers if self.state is not None else ():
            if cost.gained is not None and cost.gained > 0:
                each = look.short(cost.spent / cost.gained, cost.currency)
                text = _("a new follower {amount} {currency}").format(amount=each, currency=cost.currency)
                spans.append(Span(f"  {self.desk.glyphs.separator} {text}"))
        self.query_one("#which", LineWidget).say(spans)

    # -- where one stands

    @property
    def line(self) -> Line | None:
        name = self.list.current
        return self._known.get(name) if isinstance(name, str) and self.state is not None else None

    def lead_to(self, bookmark: Any) -> None:
        if self._which != "all":
            self._which = "all"
            if self.is_mounted:
                self._show_which()
        super().lead_to(bookmark)

    def unavailable(self, verb: str) -> str:
        if verb == "compare":
            return (
                ""
                if self._compared()
                else _("Select two ad sets with {key} first, or put the cursor on the second half of a test.").format(
                    key=self.key("list.select")
                )
            )
        if verb == "test":
            line = self.line
            return "" if line is not None and line.level == SET else _("Put the cursor on an ad set first.")
        if verb == "which":
            return ""
        if verb == "fold" and self.line is not None:
            return ""
        if verb == "unfold":
            line = self.line
            if line is None:
                return _("There is no campaign here to do that with.")
            return "" if line.level in (CAMPAIGN, SET) else _("Nothing is below an ad.")
        return super().unavailable(verb)

    # -- the tree

    def action_unfold(self) -> None:
        """Show what is below."""
        if self.line is not None and self.line.key not in self._unfolded:
            self._unfolded.add(self.line.key)
            self.reload()

    def action_fold(self) -> None:
        """Hide what is below, or go to what this is below."""
        line = self.line
        if line is None:
            return
        if line.key in self._unfolded:
            self._unfolded.discard(line.key)
            self.reload()
        elif (above := self._above(line)) is not None:
            self.list.move_to(above)

    def _above(self, line: Line) -> int | None:
        levels = {CAMPAIGN: "", SET: "c"}
        wanted = levels.get(line.level, "s")
        keys = self.state.keys if self.state else ()
        return next((n for n in range(self.list.position, -1, -1) if wanted and keys[n][0] == wanted), None)

    def action_unfold_all(self) -> None:
        """Show everything below the campaign, or hide it again."""
        line = self.line
        if line is None:
            return
        client = self.desk.client

        async def toggle() -> None:
            campaign = campaign_of(line)
            top = f"c{campaign}"
            keys = await self.desk.read(lambda w: w.ads_queries.tree([campaign], {top}))
            below = {name for name in keys if parted(name)[0] in (CAMPAIGN, SET)}
            if below <= self._unfolded:
                self._unfolded -= below
                self.list.want(top)
            else:
                self._unfolded |= below
            if client == self.desk.client:
                self.reload()

        self.desk.start(toggle())

    def action_compare(self) -> None:
        """Set two ad sets side by side."""
        from smm_tui.screens.ad_compare import CompareScreen

        one, other = (parted(name)[1] for name in self._compared())
        self.app.push_screen(CompareScreen(one, other))

    def _compared(self) -> list[str]:
        """The two sets that are selected; with none, the halves of the test that the cursor is on the second of."""
        chosen = self.list.chosen if self.list.selected else []
        row = self.line.row if self.line is not None else None
        if not chosen and isinstance(row, SetLine) and row.variant_of is not None:
            return [key(SET, row.variant_of), key(SET, row.id)]
        return chosen if len(chosen) == 2 and all(parted(name)[0] == SET for name in chosen) else []

    def action_test(self) -> None:
        """Copy an ad set into the second half of a test."""
        line, desk = self.line, self.desk
        if line is None or not isinstance(line.row, SetLine):
            return
        from smm_tui.screens.form import FormScreen
        from smm_tui.widgets.form import Field

        number, above = line.row.id, f"c{line.row.campaign_id}"

        async def save(values: Mapping[str, str]) -> None:
            name = values["name"]
            desk.say_receipt(await desk.write(lambda w: w.ad_tests.start(number, name)))
            self._unfolded.add(above)

        field = Field(
            "name",
            _("Name"),
            f"{line.row.name} B",
            _("It shows the same to the same people, for half of the money; then change exactly one thing of it."),
        )
        self.app.push_screen(FormScreen(_("Second half of a test"), lambda _typed: [field], save))

    def action_which(self) -> None:
        """The next set of states."""
        words = list(WHICH)
        self._which = words[(words.index(self._which) + 1) % len(words)]
        self._show_which()
        self.list.clear_selection()
        self.reload()

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["ads.open"])
