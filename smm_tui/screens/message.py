"""One message whole: its texts, and who or what did what about it, when, why, and how far it came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import _
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_state import Talk, read_talk
from smm_tui.screens.moderation_talk import KINDS, STATES, moment, told
from smm_tui.services.inbox_queries import Trace
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BOLD, DIM, PLAIN
from smm_tui.widgets.windowed_list import Column, WindowedList

_LABEL = 14


@dataclass(frozen=True, slots=True)
class MessageState:
    """A message and its trace."""

    talk: Talk
    trace: Trace
    zone: str


class MessageScreen(ListScreen[MessageState]):
    """Long texts are wrapped, nothing is cut."""

    SCOPE = "message"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False

    def __init__(self, message_id: int) -> None:
        super().__init__()
        self._message_id = message_id

    def body(self) -> ComposeResult:
        yield WindowedList(
            (Column("", 10, weight=1),),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=0,
            id="list",
        )

    def request(self) -> Job[MessageState]:
        message_id = self._message_id

        def job(w: Workspace) -> MessageState:
            talk = read_talk(w, message_id)
            zone = w.project_queries.get(talk.message.project_id).timezone
            return MessageState(talk, w.inbox_queries.trace(message_id), zone)

        return job

    def show(self, state: MessageState) -> None:
        lines = list(_lines(state, max(self.size.width - 4, 20)))
        self.list.show(range(len(lines)), {place: (line,) for place, line in enumerate(lines)})

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)

    def action_close(self) -> None:
        """Back to the queue."""
        self.app.pop_screen()


def _lines(state: MessageState, width: int) -> Iterator[Span]:
    row, zone = state.talk.message, state.zone
    yield Span(_("Message {id}, {kind}").format(id=row.id, kind=_(KINDS.get(row.kind, row.kind))), BOLD)
    yield from _labelled(_("from"), f"{row.author}  {row.author_handle}  {row.author_url}".strip(), width)
    yield from _labelled(_("to"), f"{row.project}  {row.handle}  {row.network}", width)
    yield from _labelled(_("written"), moment(row.created_at, zone), width)
    yield from _labelled(_("came"), moment(row.received_at, zone), width)
    if row.due_at is not None:
        yield from _labelled(_("due"), moment(row.due_at, zone), width)
    who = f"  {row.handled_by}" if row.handled_by else ""
    yield from _labelled(_("state"), f"{_(STATES[row.state])}{who}", width)
    if row.assigned_to:
        yield from _labelled(_("assigned to"), row.assigned_to, width)
    if row.labels:
        yield from _labelled(_("labels"), ", ".join(row.labels), width)
    if row.url:
        yield from _labelled(_("address"), row.url, width)
    yield from _labelled(_("text"), row.text, width)
    for item in row.attachments:
        yield from _labelled(_("attached"), item, width)
    if state.talk.why_spam:
        yield from _labelled(_("spam"), f"{row.spam_score:.0%}, {state.talk.why_spam}", width)
    for edit in state.talk.conversation.edits:
        yield from _labelled(_("until {when}").format(when=moment(edit.replaced_at, zone)), edit.text, width, DIM)
    yield Span("")
    yield Span(_("What was done"), BOLD)
    for hit in state.trace.rules:
        yield from _labelled(moment(hit.at, zone), f"{_('rule')} {hit.name}: {hit.why}", width)
    for line in state.trace.log:
        yield from _labelled(moment(line.at, zone), f"{line.actor}: {line.summary}", width)
        if reason := line.details.get("reason"):
            yield from _labelled("", str(reason), width, DIM)
    for action, attempts in state.trace.actions:
        text, style = told(action)
        yield Span("")
        yield from _labelled(moment(action.created_at, zone), text, width, style)
        if action.remote_url:
            yield from _labelled(_("there"), action.remote_url, width)
        for attempt in attempts:
            status = f" {attempt.status}" if attempt.status else ""
            what = f"{attempt.what} {attempt.outcome or _('no answer')}{status}  {attempt.worker}"
            yield from _labelled(moment(attempt.started_at, zone), what, width, DIM)
            if attempt.answer:
                yield from _labelled("", attempt.answer, width, DIM)
    if not (state.trace.log or state.trace.actions or state.trace.rules):
        yield Span(_("Nothing yet."), DIM)


def _labelled(label: str, text: str, width: int, style: Style = PLAIN) -> Iterator[Span]:
    for place, line in enumerate(wrap(text, max(width - _LABEL, 10))):
        yield Span(f"{label if place == 0 else '':<{_LABEL}.{_LABEL - 1}}{line}", style)
