"""Deliveries: what went out, what waits to go, and what only a person can settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import DeliveryRow
from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.states import State
from smm_tui.i18n import N_, _
from smm_tui.screens.answering import Answering
from smm_tui.screens.desk import Job
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

WHICH = {"waiting": N_("waiting"), "queue": N_("queue"), "live": N_("live"), "all": N_("all")}
"""The lists there are, by the words of the query, with their titles."""

STYLES = {
    State.UNKNOWN: BAD,
    State.REJECTED: BAD,
    State.MISSED: WARN,
    State.HELD: WARN,
    State.LIVE: GOOD,
    State.SENDING: BOLD,
    State.PLANNED: DIM,
}


@dataclass(frozen=True, slots=True)
class DeliveriesState:
    """All ids of a list, and the rows near the cursor."""

    which: str
    ids: Sequence[int]
    rows: Mapping[int, DeliveryRow]
    accounts: int


class DeliveriesScreen(Answering[DeliveriesState]):
    """The list of deliveries of one client, or of all."""

    SCOPE = "deliveries"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.which = "waiting"
        self._known: dict[int, DeliveryRow] = {}

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        yield WindowedList(
            (
                Column(_("state"), 10),
                Column(_("due"), 12),
                Column(_("client"), 8, weight=1, drop=1),
                Column(_("account"), 12, weight=2),
                Column(_("what is known"), 24, weight=5),
            ),
            self._fetch,
            glyphs=self.desk.glyphs,
            id="list",
        )

    def on_mount(self) -> None:
        """Say which list it is."""
        super().on_mount()
        self._show_which()

    # -- data

    def request(self) -> Job[DeliveriesState]:
        client, which, words = self.desk.client, self.which, self.filter_text.casefold().split()
        near = self.list.near()

        def job(w: Workspace) -> DeliveriesState:
            ids = w.delivery_queries.ids(client, which)
            if words:
                ids = [row.id for row in _all_rows(w, ids) if all(word in _searched(row) for word in words)]
            rows = w.delivery_queries.rows(near(ids))
            return DeliveriesState(which, ids, rows, len(w.account_queries.of_project(client)))

        return job

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Cells]:
        rows = await self.desk.read(lambda w: w.delivery_queries.rows(ids))
        return self._cells_of(rows)

    def empty(self, state: DeliveriesState) -> str:
        if state.ids:
            return ""
        if self.filter_text:
            return _("No delivery in this list fits the filter.")
        others = "  ".join(f"{self.key(f'deliveries.{word}')} {_(title)}" for word, title in WHICH.items())
        if not state.accounts:
            return _("No account is connected yet. Press {key} to go to Set-up, then add one.").format(
                key=self.key("global.setup")
            )
        sentence = {
            "waiting": _("Nothing waits for you."),
            "queue": _("Nothing is in the queue: approved posts wait here for their time."),
            "live": _("Nothing has gone out yet."),
            "all": _("No deliveries yet: planned posts appear here."),
        }[state.which]
        return sentence + "\n\n" + _("Other lists: {keys}").format(keys=others)

    def show(self, state: DeliveriesState) -> None:
        self._known = {}
        self.wanted()
        self.list.show(state.ids, self._cells_of(state.rows))

    def _cells_of(self, rows: Mapping[int, DeliveryRow]) -> Mapping[int, Cells]:
        self._known.update(rows)
        return {row.id: self._cells(row) for row in rows.values()}

    def _cells(self, row: DeliveryRow) -> Cells:
        project = self.desk.chrome.project(row.project_id)
        state = State(row.state)
        zone = project.timezone if project else "UTC"
        return (
            Span(f"{self.desk.glyphs.state[state]} {_(state)}", STYLES.get(state, PLAIN)),
            moment(row.due_at, zone),
            Span(row.project, of_colour(project.colour) if project else PLAIN),
            row.handle,
            Span(row.error_message or _known(row, zone), BAD if row.error_message and row.needs_human else PLAIN),
        )

    def _show_which(self) -> None:
        spans = [Span(" ")]
        for word, title in WHICH.items():
            here = word == self.which
            label = f"[{_(title)}]" if here else f" {_(title)} "
            spans += [Span(label, BOLD if here else DIM), Span(" ")]
        self.query_one("#which", LineWidget).say(spans)

    # -- which list

    def lead_to(self, bookmark: Any) -> None:
        if self.is_mounted:
            self._choose("waiting")
        else:
            self.which = "waiting"
        super().lead_to(bookmark)

    def _choose(self, which: str) -> None:
        if which != self.which:
            self.which = which
            self._show_which()
            self.list.clear_selection()
            self.reload()

    def action_waiting(self) -> None:
        """What only a person can settle."""
        self._choose("waiting")

    def action_queue(self) -> None:
        """What goes out next."""
        self._choose("queue")

    def action_live(self) -> None:
        """What is out."""
        self._choose("live")

    def action_all(self) -> None:
        """Everything."""
        self._choose("all")

    # -- what can be done

    def asked(self) -> tuple[list[int], list[DeliveryRow]]:
        ids = self.list.chosen if self.state is not None and self.state.ids else []
        return ids, [self._known[i] for i in ids if i in self._known]

    def answered(self) -> None:
        self.list.clear_selection()

    def unavailable(self, verb: str) -> str:
        if verb in WHICH:
            return ""
        return super().unavailable(verb)

    def action_open(self) -> None:
        """The evidence of a delivery."""
        from smm_tui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self.list.current))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.action_open()


def moment(instant: Instant | None, zone: str) -> str:
    """A time in its zone, short enough for a column."""
    return "-" if instant is None else formats.short_moment(zones.local(instant, zone))


def _known(row: DeliveryRow, zone: str) -> str:
    """The address is in the evidence: forty of them are most of a page's bytes and tell nobody anything."""
    if row.state == State.PLANNED:
        return _("waits for approval")
    if row.state in (State.APPROVED, State.ARMED):
        return _("goes out at its time")
    if row.state == State.LIVE:
        return _("read back {time}").format(time=moment(row.verified_at, zone)) if row.verified_at else ""
    return ""


def _searched(row: DeliveryRow) -> str:
    return f"{row.state} {row.project} {row.handle} {row.network} {row.error_message} {row.remote_url}".casefold()


def _all_rows(w: Workspace, ids: Sequence[int]) -> list[DeliveryRow]:
    rows: list[DeliveryRow] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found = w.delivery_queries.rows(part)
        rows += [found[i] for i in part if i in found]
    return rows
