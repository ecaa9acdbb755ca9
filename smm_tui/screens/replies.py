"""The texts to answer with: a client's own, and everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.saved_replies import SavedReply
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_BREAK = "⏎"
"""Stands for a line break where a text is typed in one line."""
_HEAD = 80


@dataclass(frozen=True, slots=True)
class RepliesState:
    """The saved replies of a client and everybody's, the most used first."""

    replies: tuple[SavedReply, ...]


class RepliesScreen(ListScreen[RepliesState]):
    """A line a saved reply."""

    SCOPE = "replies"

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("client"), 8, weight=1),
                Column(_("name"), 16, weight=2),
                Column(_("used"), 5, right=True),
                Column(_("text"), 30, weight=5),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[RepliesState]:
        client, words = self.desk.client, self.filter_text.casefold().split()

        def job(w: Workspace) -> RepliesState:
            found = w.saved_replies.of_project(client)
            return RepliesState(
                tuple(row for row in found if all(word in f"{row.name} {row.text}".casefold() for word in words))
            )

        return job

    def empty(self, state: RepliesState) -> str:
        if state.replies:
            return ""
        if self.filter_text:
            return _("No saved reply fits the filter.")
        return _("No saved replies yet: {key} keeps the first one.").format(key=self.key("replies.new"))

    def show(self, state: RepliesState) -> None:
        self.wanted()
        self.list.show([row.id for row in state.replies], {row.id: self._cells(row) for row in state.replies})

    def _cells(self, row: SavedReply) -> Cells:
        project = self.desk.chrome.project(row.project_id)
        return (
            Span(project.name, of_colour(project.colour)) if project else Span(_("all"), DIM),
            row.name,
            str(row.used) if row.used else Span("-", DIM),
            Span(" ".join(row.text[:500].split()), DIM),
        )

    @property
    def row(self) -> SavedReply | None:
        """The reply under the cursor."""
        rows = self.state.replies if self.state else ()
        return next((row for row in rows if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        if verb != "new" and self.row is None:
            return _("There is no saved reply here to do that with.")
        return ""

    def action_new(self) -> None:
        """Keep a text."""
        self.app.push_screen(reply_form(self.desk, self.desk.client))

    def action_edit(self) -> None:
        """Change it in a form."""
        if self.row is not None:
            self.app.push_screen(reply_form(self.desk, self.row.project_id, row=self.row))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["replies.edit"])

    def action_edit_text(self) -> None:
        """Change its text in $EDITOR."""
        from smm_tui.screens.external_editor import edited

        row = self.row
        if row is not None:
            text = edited(self.app, row.text)
            if text != row.text:
                self.desk.command(lambda w: w.saved_replies.edit(row.id, text=text))

    def action_remove(self) -> None:
        """Throw it away."""
        row = self.row
        if row is None:
            return
        self.ask(
            _("Remove “{name}”?").format(name=inert(row.name)),
            [clip(inert(row.text), _HEAD)],
            lambda: self.desk.command(lambda w: w.saved_replies.remove(row.id)),
            undoable=True,
        )


def reply_form(
    desk: Desk, project_id: int | None, *, row: SavedReply | None = None, name: str = "", asked: str = ""
) -> FormScreen:
    """A form that keeps a new text, or changes `row`. `asked`: the question it shall answer."""

    async def save(values: Values) -> None:
        text = values["text"].replace(_BREAK, "\n")
        if row is not None:
            number = row.id
            receipt = await desk.write(lambda w: w.saved_replies.edit(number, name=values["name"], text=text))
        else:
            where = project_id if values.get("whose") == "client" else None
            receipt = await desk.write(lambda w: w.saved_replies.add(where, values["name"], text))
        desk.say_receipt(receipt)

    project = desk.chrome.project(project_id)
    whose = [("client", project.name)] if project is not None else []
    variables = _("{author}, {post} and {link} are filled in.")
    fields = [
        Field("name", _("Name"), row.name if row else name, _("A few letters of it find it again.")),
        Field(
            "text",
            _("Text"),
            row.text.replace("\n", _BREAK) if row else "",
            variables + " " + _("{sign} breaks the line.").format(sign=_BREAK),
        ),
    ]
    if row is None:
        fields.append(Field("whose", _("For"), choices=(*whose, ("all", _("all clients")))))
    title = _("Change the saved reply") if row else _("A saved reply")
    note = f"{_('Asked:')} {clip(inert(asked), 200)}" if asked else ""
    return FormScreen(title, lambda typed: fields, save, note=(lambda typed: note) if note else None)
