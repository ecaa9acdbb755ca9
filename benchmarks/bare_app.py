"""The least a Textual program can be: what start-up is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("bare and ready")


if __name__ == "__main__":
    BareApp().run()
