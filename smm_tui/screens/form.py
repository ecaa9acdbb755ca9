"""A form in a box: fields with their errors under them, saved beside the screen, never lost by a slip of a key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.panel import Panel
from smm_tui.screens.question import Question
from smm_tui.widgets.form import Choice, Field, FormField
from smm_tui.widgets.line import wrap
from smm_tui.widgets.text_input import TextInput

Values = Mapping[str, str]
Fields = Callable[[Values], Sequence[Field]]
Save = Callable[[Values], Coroutine[Any, Any, None]]


_AROUND = 8
"""Lines of the box that are neither fields nor sentences: border, title, keys, and the empty ones between."""


_WIDTH = 78
"""Cells of the box, where there is room."""


class FormScreen(Panel[bool]):
    """A form. `fields` is asked again whenever a choice changes, since other questions may depend on it.

    `save` gets the values; an InvalidInput it raises is shown under the field it names. `busy` is what is said while
    it works: it goes on when the form is left meanwhile, and its outcome appears in the status line.
    """

    SCOPE = "form"
    DEFAULT_CSS = """
    FormScreen {
        #fields { height: auto; scrollbar-size-vertical: 1; }
        #help { height: auto; min-height: 2; margin-top: 1; text-style: dim; }
        #wrong { height: auto; color: ansi_red; text-style: bold; display: none; }
        #wrong.-shown { display: block; }
    }
    """

    def __init__(
        self, title: str, fields: Fields, save: Save, *, busy: str = "", note: Callable[[Values], str] | None = None
    ) -> None:
        super().__init__(title)
        self._fields = fields
        self._save = save
        self._busy = busy
        self._note = note
        self._saving = False
        self._left = False
        self._help = self._wrong = ""  # the sentences below the fields

    def body(self) -> ComposeResult:
        with VerticalScroll(id="fields", can_focus=False):
            for field in self._fields({}):
                yield FormField(field, self.desk.glyphs)
        yield Static(id="wrong")
        yield Static(id="help")

    def on_mount(self) -> None:
        """Begin in the first field."""
        super().on_mount()
        self.watch(self, "focused", self._show_help, init=False)
        focus_quietly(next(field for field in self._all() if not field.field.off).editor)

    def on_resize(self, event: events.Resize) -> None:
        """The fields scroll where there is no room for all of them."""
        self._make_room()

    def _make_room(self) -> None:
        """Leave the fields what title, sentences and keys do not need; help that is too long for both is cut."""
        width, height = self.size
        width = max(min(width, _WIDTH) - 4, 1)
        wrong = wrap(self._wrong, width) if self._wrong else []
        shown = wrap(self._help, width) if self._help else []
        room = height - _AROUND - len(wrong)
        if len(shown) > max(room - 2, 2):
            shown = shown[: max(room - 2, 2)]
            shown[-1] += self.desk.glyphs.ellipsis
        self.query_one("#help", Static).update(Content("\n".join(shown)))
        self.query_one("#fields", VerticalScroll).styles.max_height = max(room - max(len(shown), 2), 2)

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return {field.field.name: field.value for field in self._all()}

    def unavailable(self, verb: str) -> str:
        """While it saves, the form can only be left."""
        return self._busy if self._saving and verb == "save" else ""

    def action_next(self) -> None:
        """Next field."""
        self.focus_next()

    def action_previous(self) -> None:
        """Field before."""
        self.focus_previous()

    def action_cancel(self) -> None:
        """Close; asks when something was typed."""
        if self._saving:
            self._left = True
            self.desk.say(_("{busy} The outcome will be told here.").format(busy=self._busy))
            self.dismiss(False)
        elif any(field.changed for field in self._all()):
            question = Question(_("Close without saving?"), [_("What you typed in this form will be lost.")])
            self.app.push_screen(question, self._close_unsaved)
        else:
            self.dismiss(False)

    def _close_unsaved(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(False)

    async def action_save(self) -> None:
        """Check and save; the form stays open when something is wrong."""
        self._saving = True
        self._complain({})
        self._tell(self._busy)
        try:
            await self._save(self.values)
        except Exception as error:
            if self._left or not self.is_mounted:
                raise
            self._saving = False
            self._show_help()
            self._explain(error)
            return
        if not self._left:
            self.dismiss(True)

    def _explain(self, error: Exception) -> None:
        name = error.field if isinstance(error, InvalidInput) else ""
        sentence = self.desk.explain(error)
        at_fault = next((field for field in self._all() if field.field.name == name), None)
        if at_fault is None and isinstance(error, SmmError) and error.kind == "auth_expired":
            at_fault = next((field for field in self._all() if field.field.secret), None)
        if at_fault is None:
            self._complain({"": sentence})
            return
        self._complain({at_fault.field.name: sentence})
        at_fault.editor.focus()

    def _complain(self, sentences: Values) -> None:
        for field in self._all():
            field.complain(sentences.get(field.field.name, ""))
        self._wrong = sentences.get("", "")
        wrong = self.query_one("#wrong", Static)
        wrong.update(Content(inert(self._wrong)))
        wrong.set_class("" in sentences, "-shown")
        self._make_room()

    @on(Choice.Changed)
    async def _rebuild(self, event: Choice.Changed) -> None:
        event.stop()
        typed = self.values
        wanted = list(self._fields(typed))
        present = self._all()
        if [(f.name, f.label, f.choices) for f in wanted] != [
            (f.field.name, f.field.label, f.field.choices) for f in present
        ]:
            box = self.query_one("#fields", VerticalScroll)
            focused = next((f.field.name for f in present if f.editor is self.focused), "")
            with self.app.batch_update():
                await box.remove_children()
                await box.mount_all(FormField(_typed(field, typed), self.desk.glyphs) for field in wanted)
            for again in self._all():
                if again.field.name == focused:
                    focus_quietly(again.editor)
        self._show_help()

    @on(TextInput.Changed)
    def _typed_on(self, event: TextInput.Changed) -> None:
        event.stop()
        if self._note is not None:
            self._show_help()

    def _show_help(self) -> None:
        if self._saving:
            return
        field = next((f for f in self._all() if f.editor is self.focused), None)
        note = self._note(self.values) if self._note is not None else ""
        self._tell(" ".join(part for part in (field.field.help if field else "", note) if part))

    def _tell(self, text: str) -> None:
        self._help = text
        self._make_room()

    def _all(self) -> list[FormField]:
        return list(self.query(FormField))


def _typed(field: Field, typed: Values) -> Field:
    return replace(field, value=typed[field.name]) if field.name in typed else field
