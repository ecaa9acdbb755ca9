"""Pages of the documentation that are made of declarations: ``python -m smm_tui.docs_gen`` writes docs/keys.md."""

from __future__ import annotations

from pathlib import Path

from smm_tui.actions import ACTIONS, SCOPES
from smm_tui.i18n import _

KEYS_PAGE = Path(__file__).parent.parent / "docs" / "keys.md"


def keys_page() -> str:
    """The page of all keys, in Markdown."""
    lines = [
        "# Keys",
        "",
        "Made by `python -m smm_tui.docs_gen` of the declarations in `smm_tui/actions.py`; do not edit.",
        "",
        "Inside the program `?` shows the keys that work where you are. Change a key in `config.toml` of your data",
        "folder, with the name in the last column; alternatives have a comma between them, keys of a chord a space:",
        "",
        "```toml",
        "[keys]",
        '"global.calendar" = "g c, ctrl+g"',
        "```",
        "",
        "On Cyrillic layouts, letter keys answer by their position.",
    ]
    for scope, title in SCOPES.items():
        actions = [action for action in ACTIONS if action.scope == scope]
        lines += ["", f"## {_(title)}", "", "| Keys | | What it does | Name |", "|---|---|---|---|"]
        for action in actions:
            keys = f"`{action.shown}`" if action.takes_key else ", ".join(f"`{key}`" for key in action.keys)
            asks = " Asks first." if action.dangerous else ""
            cells = (keys, _(action.label), f"{_(action.help)}.{asks}", f"`{action.id}`")
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    KEYS_PAGE.write_text(keys_page(), encoding="utf-8")
