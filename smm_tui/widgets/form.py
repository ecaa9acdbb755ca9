"""The parts of a form: a field is a label, something to type or choose in, and a line for what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from smm_tui.domain.inert import cells, inert
from smm_tui.glyphs import UNICODE, Glyphs
from smm_tui.widgets.line import Span, strip
from smm_tui.widgets.styles import CURSOR, PLAIN
from smm_tui.widgets.text_input import TextInput


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. With `choices` (value, title) one of them is chosen, else a line is typed.

    `off` says why there is nothing to answer here; it stands dimmed in the place of the answer.
    """

    name: str
    label: str
    value: str = ""
    help: str = ""
    secret: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    off: str = ""


class Choice(Widget, can_focus=True):
    """One of a few values, all of them in sight where there is room."""

    SCOPE: ClassVar[str] = "choice"
    DEFAULT_CSS = "Choice { height: 1; width: 1fr; }"

    value: reactive[str] = reactive("", layout=False)

    class Changed(Message):
        """Another value is chosen."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], value: str, glyphs: Glyphs = UNICODE, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.choices = tuple(choices)
        self._glyphs = glyphs
        known = [word for word, _title in self.choices]
        self.set_reactive(Choice.value, value if value in known else known[0])

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Choose among other values from now on; a value that is not among them gives way to the first."""
        self.choices = tuple(choices)
        if self.value not in dict(self.choices):
            self.value = self.choices[0][0]
        self.refresh()

    def _step(self, by: int) -> None:
        words = [word for word, _title in self.choices]
        self.value = words[(words.index(self.value) + by) % len(words)]
        self.post_message(self.Changed())

    def action_next(self) -> None:
        """The next value."""
        self._step(1)

    def action_previous(self) -> None:
        """The value before."""
        self._step(-1)

    def render_line(self, y: int) -> Strip:
        spans: list[Span] = []
        through_chosen = 0
        for word, title in self.choices:
            chosen = word == self.value
            left, right = (self._glyphs.right, self._glyphs.left) if chosen else (" ", " ")
            spans.append(Span(f"{left}{title}{right}", CURSOR if chosen and self.has_focus else PLAIN))
            if chosen:
                through_chosen = len(spans)
        while through_chosen > 1 and sum(cells(span.text) for span in spans[:through_chosen]) > self.size.width - 1:
            del spans[0]  # those before the chosen one give way when there is no room for all
            through_chosen -= 1
        return strip(spans, self.size.width, ellipsis=self._glyphs.ellipsis)


class FormField(Vertical):
    """A field on the screen."""

    DEFAULT_CSS = """
    FormField {
        height: auto;
        Horizontal { height: 1; }
        .label { width: 18; }
        .error { height: auto; margin-left: 18; display: none; color: ansi_red; text-style: bold; }
        &.-wrong .error { display: block; }
        TextInput { text-style: underline; }
    }
    """

    def __init__(self, field: Field, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.field = field
        self._glyphs = glyphs
        self.editor: TextInput | Choice = (
            Choice(field.choices, field.value, glyphs)
            if field.choices
            else TextInput(field.value, password=field.secret, placeholder=inert(field.off))
        )
        self.editor.disabled = bool(field.off)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(Content(inert(self.field.label)), classes="label")
            yield self.editor
        yield Static(classes="error")

    @property
    def value(self) -> str:
        """What stands there."""
        return self.editor.value

    @property
    def changed(self) -> bool:
        """Whether that is something else than at first."""
        return self.value != self.field.value and not (isinstance(self.editor, Choice) and not self.field.value)

    def complain(self, sentence: str) -> None:
        """Say what is wrong with it; an empty sentence: nothing."""
        self.query_one(".error", Static).update(Content(inert(sentence)))
        self.set_class(bool(sentence), "-wrong")
