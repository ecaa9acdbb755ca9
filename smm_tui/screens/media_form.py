"""Adding a file to a post, and describing it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.suggester import Suggester

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.lanes import apart
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.widgets.form import Field
from smm_tui.widgets.text_input import TextInput


class PathSuggester(Suggester):
    """Completes a path with the first file or folder that begins like it."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The path completed, on another thread: folders may be slow."""
        return await apart(lambda: complete_path(value), "path")


class _MediaForm(FormScreen):
    def on_mount(self) -> None:
        super().on_mount()
        self.query(TextInput).first().suggester = PathSuggester()


def media_form(desk: Desk, added: Callable[[str, str], None]) -> FormScreen:
    """A form that takes a file into the media store; `added` gets its hash and description."""
    fields = [
        Field("media", _("File"), "", _("The path of a picture or video; the right arrow completes it.")),
        Field("alt", _("Description"), "", _("What is on it, for people who cannot see it.")),
    ]

    async def save(values: Values) -> None:
        path = values["media"].strip()
        if not path:
            raise InvalidInput(_("Give the path of a file."), field="media")
        row = await desk.write(lambda w: w.media.add(path))
        added(row.sha256, values["alt"].strip())

    return _MediaForm(_("Add a file"), lambda _values: fields, save, busy=_("Copying the file ..."))


def alt_form(name: str, alt: str, described: Callable[[str], None]) -> FormScreen:
    """A form for the description of a file."""
    field = Field("alt", _("Description"), alt, _("What is on it, for people who cannot see it."))

    async def save(values: Values) -> None:
        described(values["alt"].strip())

    return FormScreen(name, lambda _values: [field], save)


def complete_path(typed: str) -> str | None:
    """The first path, by name, that begins as typed, folders with a slash; None when there is none."""
    folder, begun = os.path.split(typed)
    try:
        names = sorted(
            entry.name + ("/" if entry.is_dir() else "")
            for entry in Path(folder or ".").expanduser().iterdir()
            if entry.name.startswith(begun) and (begun or not entry.name.startswith("."))
        )
    except OSError:
        return None
    return os.path.join(folder, names[0]) if names and begun else None  # noqa: PTH118 - keeps what was typed as it is
