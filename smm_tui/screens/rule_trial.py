"""What a rule would have caught of what is stored: first of all what people had found right."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import _, ngettext
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_talk import STATES
from smm_tui.services.rule_queries import Caught, DryRun, in_words
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


class TrialScreen(ListScreen[DryRun]):
    """A line a message; nothing was done to any of them."""

    SCOPE = "trial"
    CLIENTS: ClassVar[bool] = False
    CSS = "TrialScreen #rule, TrialScreen #told { height: 1; }"

    def __init__(self, found: DryRun) -> None:
        super().__init__()
        self._found = found

    def body(self) -> ComposeResult:
        yield LineWidget(id="rule")
        yield LineWidget(id="told")
        yield WindowedList(
            (
                Column(_("state"), 9),
                Column(_("who"), 12, weight=2),
                Column(_("account"), 10, weight=1, drop=2),
                Column(_("why"), 14, weight=2),
                Column(_("text"), 20, weight=5),
                Column(_("post"), 10, weight=1, drop=1),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[DryRun]:
        found, words = self._found, self.filter_text.casefold().split()

        def job(w: Workspace) -> DryRun:
            rule = w.rule_queries.get(found.rule.id)
            shown = [one for one in found.messages if all(word in _searched(one) for word in words)]
            return found._replace(rule=rule, messages=shown)

        return job

    def show(self, state: DryRun) -> None:
        rule = state.rule
        self.query_one("#rule", LineWidget).say([Span(f" {rule.name}", BOLD), Span(f"  {in_words(rule)}", DIM)])
        told = ngettext(
            "It would have caught {caught} of the newest {count} message.",
            "It would have caught {caught} of the newest {count} messages.",
            state.examined,
        ).format(caught=state.caught, count=state.examined)
        spans = [Span(f" {told}")]
        if state.approved:
            approved = _("{count} of them people had approved: they come first.").format(count=state.approved)
            spans.append(Span(f"  {approved}", BAD))
        self.query_one("#told", LineWidget).say(spans)
        self.list.show(
            [one.message.id for one in state.messages], {one.message.id: _cells(one) for one in state.messages}
        )

    def unavailable(self, verb: str) -> str:
        if verb == "open" and self.list.current is None:
            return _("It would have caught nothing.")
        if verb == "arm" and self.state is not None and self.state.rule.armed_at is not None:
            return _("It is on already.")
        return ""

    def action_open(self) -> None:
        """The message whole."""
        from smm_tui.screens.message import MessageScreen

        if self.list.current is not None:
            self.app.push_screen(MessageScreen(self.list.current))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["trial.open"])

    def action_arm(self) -> None:
        """From now on it acts."""
        rule_id = self._found.rule.id
        self.desk.command(lambda w: w.rules.arm(rule_id))


def _cells(one: Caught) -> Cells:
    row = one.message
    return (
        Span(_(STATES.get(row.state, row.state)), BAD if one.approved else PLAIN),
        row.author or row.author_handle or _("somebody"),
        Span(f"{row.network} {row.handle}", DIM),
        one.why,
        " ".join(row.text[:500].split()),
        Span(row.url or row.post_remote_id, DIM),
    )


def _searched(one: Caught) -> str:
    return f"{one.message.author} {one.message.text[:2000]} {one.why}".casefold()
