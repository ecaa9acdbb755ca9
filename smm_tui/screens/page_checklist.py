"""What a new page needs before anybody is invited to it, step by step."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import _
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.profile_queries import Step
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BOLD, DIM, GOOD, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_SIGNS = {"done": ("[x]", GOOD), "open": ("[ ]", WARN), "unknown": ("[?]", DIM)}


class ChecklistState(NamedTuple):
    """The steps of one page."""

    handle: str
    steps: tuple[Step, ...]


class PageChecklistScreen(ListScreen[ChecklistState]):
    """Steps that the program sees, and steps that a person ticks off."""

    SCOPE = "page_checklist"
    CLIENTS: ClassVar[bool] = False
    FILTERS: ClassVar[bool] = False

    def __init__(self, account: int) -> None:
        super().__init__()
        self._account = account

    def body(self) -> ComposeResult:
        yield LineWidget(id="title")
        yield WindowedList(
            (Column("", 3), Column(_("step"), 40, weight=3), Column(_("note"), 20, weight=2, drop=1)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=2,
            id="list",
        )

    def request(self) -> Job[ChecklistState]:
        account = self._account

        def job(w: Workspace) -> ChecklistState:
            handle = w.account_queries.get(account).handle
            return ChecklistState(handle, tuple(w.profile_queries.checklist(account)))

        return job

    def show(self, state: ChecklistState) -> None:
        done = sum(step.state == "done" for step in state.steps)
        told = _("Setting {handle} up: {done} of {count} steps").format(
            handle=state.handle, done=done, count=len(state.steps)
        )
        self.query_one("#title", LineWidget).say([Span(f" {told}", BOLD)])
        self.list.show([step.name for step in state.steps], {step.name: _cells(step) for step in state.steps})

    @property
    def step(self) -> Step | None:
        """The step under the cursor."""
        steps = self.state.steps if self.state else ()
        return next((step for step in steps if step.name == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        step = self.step
        if step is None:
            return _("There is no step here.")
        return "" if step.by_hand else _("The program sees this one by itself; look at the page to know it anew.")

    def action_tick(self) -> None:
        """Tick it off, or no longer."""
        step, account = self.step, self._account
        if step is not None:
            done = step.state != "done"
            self.desk.command(lambda w: w.profiles.tick(account, step.name, done=done))


def _cells(step: Step) -> Cells:
    sign, style = _SIGNS[step.state]
    return (Span(sign, style), step.title, Span("" if step.state == "done" else step.hint, DIM))
