"""The least a Textual program can be: what start-up and keys are compared with.

usage: python benchmarks/bare_app.py [ROWS]
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import OptionList, Static


class BareApp(App[None]):
    """One line of text, or a list."""

    def compose(self) -> ComposeResult:
        if len(sys.argv) > 1:
            yield OptionList(*(f"Row {number}" for number in range(1, int(sys.argv[1]) + 1)))
        else:
            yield Static("bare and ready")


if __name__ == "__main__":
    BareApp().run()
