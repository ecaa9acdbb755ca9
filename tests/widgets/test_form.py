"""The parts of forms."""

import pytest
from textual.app import App

from smm_tui.widgets.form import Choice, Field, FormField

COLOURS = tuple((name, name) for name in ("red", "green", "blue", "yellow", "magenta", "cyan"))


class FieldApp(App[None]):
    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = FormField(field)

    def compose(self):
        yield self.field

    @property
    def text(self):
        return "\n".join(
            "".join(segment.text for segment in line) for line in self.screen._compositor.render_strips()
        )


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("chosen", [name for name, _title in COLOURS])
async def test_what_is_chosen_is_always_in_sight(width, chosen):
    app = FieldApp(Field("colour", "Colour", chosen, choices=COLOURS))
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        assert f"▸{chosen}◂" in app.text
        assert not app.field.changed


async def test_choices_go_round():
    app = FieldApp(Field("colour", "Colour", choices=COLOURS))
    async with app.run_test(size=(80, 5)):
        choice = app.field.query_one(Choice)
        choice.action_previous()
        assert app.field.value == "cyan"
        choice.action_next()
        assert app.field.value == "red"


async def test_a_secret_is_never_shown():
    app = FieldApp(Field("token", "Token", secret=True))
    async with app.run_test(size=(80, 5)) as pilot:
        app.field.editor.focus()
        await pilot.press(*"hush")
        assert app.field.value == "hush"
        assert "hush" not in app.text


async def test_an_error_stands_under_its_field_and_is_inert():
    app = FieldApp(Field("name", "[b]Name"))
    async with app.run_test(size=(80, 5)) as pilot:
        app.field.complain("No [red]such\x1b name.")
        await pilot.pause()
        assert "[b]Name" in app.text
        assert "No [red]such␛ name." in app.text
        app.field.complain("")
        await pilot.pause()
        assert "No [red]" not in app.text
