#!/usr/bin/env python3
"""Write what is derived from declarations: docs/keys.md, docs/networks.md, docs/cli.md, the message template, and
the catalogues of the interface's languages (what is translated stays, what is new waits, what is gone goes).

``--check`` writes nothing and fails when a file is stale.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

os.environ["LC_ALL"] = "C"  # the documents are in the source language

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from smm_tui.actions import ACTIONS, SCOPES
from smm_tui.cli.root import root
from smm_tui.domain import content_types, states
from smm_tui.i18n import DOMAIN, LANGUAGES
from smm_tui.networks import matrix
from smm_tui.networks.community import Verb
from smm_tui.networks.registry import NETWORKS
from smm_tui.services.profile_queries import WishState

ROOT = Path(__file__).resolve().parent.parent
WORDS: tuple[type[StrEnum], ...] = (
    states.State,
    states.IntentState,
    states.MessageState,
    states.ActionState,
    states.CampaignState,
    states.CallState,
    WishState,
    Verb,
)
"""Words of the command line's contract that the screens show translated."""
NOTICE = "<!-- Made by tools/generate_docs.py; do not edit. -->"


def keys() -> str:
    """Every key, by where it works."""
    lines = [
        NOTICE,
        "",
        "# Keys",
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
        lines += ["", f"## {title}", "", "| Keys | | What it does | Name |", "|---|---|---|---|"]
        for action in actions:
            shown = f"`{action.shown}`" if action.takes_key else ", ".join(f"`{key}`" for key in action.keys)
            asks = " Asks first." if action.dangerous else ""
            cells = (shown, action.label, f"{action.help}.{asks}", f"`{action.id}`")
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def networks() -> str:
    """What each network can do for us, from its declaration."""
    specs = list(NETWORKS.values())
    titles = " | ".join(spec.title for spec in specs)
    lines = [
        NOTICE,
        "",
        "# Networks",
        "",
        "What is declared works, what is not is refused: `tests/networks/test_contract*.py` hold it for all.",
        "`smm-tui networks` prints the same. What one account can do also depends on the rights of its token, which",
        "`smm-tui account check` shows.",
        "",
        f"| An account can ... | {titles} |",
        "|---|" + "---|" * len(specs),
        *(f"| {' | '.join(row)} |" for row in matrix.capabilities(specs)),
        "",
        f"| At most | {titles} |",
        "|---|" + "---|" * len(specs),
        *(f"| {' | '.join(row)} |" for row in matrix.limits(specs)),
        "",
        "Numbers are those of a server that says nothing else: a check of the account reads its own.",
    ]
    for spec in specs:
        lines += ["", f"## {spec.title}", "", spec.prepare_help]
        if spec.notes:
            lines += ["", *(f"- {note}" for note in spec.notes)]
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """Every verb with its options, from the command line itself."""
    lines = [NOTICE, "", "# The command line", ""]

    def describe(command: click.Command, path: str, parent: click.Context | None) -> None:
        settings = {**command.context_settings, "terminal_width": 100}
        context = click.Context(command, info_name=path.split()[-1], parent=parent, **settings)
        lines.extend([f"## {path}", "", "```", command.get_help(context), "```", ""])
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                if child is not None and not child.hidden:
                    describe(child, f"{path} {name}", context)

    describe(root(), "smm-tui", None)
    return "\n".join(lines).rstrip() + "\n"


@cache
def template() -> Catalog:
    """Every string that a person may see."""
    catalog = Catalog(charset="utf-8")
    for path in sorted((ROOT / "smm_tui").rglob("*.py")):
        for _place, message in sorted(_extracted(path)):
            catalog.add(message if len(message) > 1 else message[0], locations=[(str(path.relative_to(ROOT)), None)])
    for words in WORDS:
        for word in filter(None, words):
            catalog.add(word.value, locations=[(words.__module__.replace(".", "/") + ".py", None)])
    for colour in content_types.COLOURS:
        catalog.add(colour, locations=[("smm_tui/domain/content_types.py", None)])
    return catalog


def _extracted(path: Path) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """By the syntax tree: Babel's own reader of Python finds no calls within f-strings before Python 3.12."""
    forms = {"_": 1, "N_": 1, "ngettext": 2}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            said = [item.value for item in node.args[: forms.get(name, 0)] if isinstance(item, ast.Constant)]
            if said and all(isinstance(text, str) for text in said) and len(said) == forms[name]:
                yield (node.lineno, node.col_offset), tuple(said)


def messages() -> str:
    """The template, for translators."""
    buffer = io.BytesIO()
    write_po(buffer, template(), omit_header=True, sort_by_file=True, include_lineno=False, width=100)
    header = (
        '# Messages of smm-tui, for translators. Made by tools/generate_docs.py; do not edit.\nmsgid ""\nmsgstr ""\n'
    )
    header += '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    return header + buffer.getvalue().decode()


class Translation(Catalog):
    """A catalogue whose head says nothing that changes by itself, such as when and by what it was written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What readers of the catalogue need."""
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def catalogue(language: str) -> Catalog:
    """The messages in a language, as far as they are translated."""
    path = ROOT / catalogue_path(language)
    with path.open("rb") if path.exists() else io.BytesIO() as file:
        known = read_po(file, locale=language, domain=DOMAIN)
    made = Translation(locale=language, domain=DOMAIN, fuzzy=False)
    made.header_comment = f"# Messages of smm-tui in {made.locale.english_name}."
    for message in template():
        if message.id:
            found = known.get(message.id)
            made.add(message.id, found.string if found is not None else None, locations=message.locations)
    return made


def catalogue_path(language: str, ending: str = "po") -> str:
    """Where the messages in a language are."""
    return f"smm_tui/locale/{language}/LC_MESSAGES/{DOMAIN}.{ending}"


def _written(language: str) -> str:
    buffer = io.BytesIO()
    write_po(buffer, catalogue(language), sort_by_file=True, include_lineno=False, width=100)
    return buffer.getvalue().decode()


def _compiled(language: str) -> str:
    made = catalogue(language)
    for message in list(made):
        if message.id and not any([message.string] if isinstance(message.string, str) else message.string):
            made.delete(message.id)  # shown in English, with its plural
    buffer = io.BytesIO()
    write_mo(buffer, made)
    return buffer.getvalue().decode("latin-1")


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/keys.md": keys,
    "docs/networks.md": networks,
    "docs/cli.md": command_line,
    "smm_tui/locale/smm_tui.pot": messages,
    **{catalogue_path(language): partial(_written, language) for language in LANGUAGES if language != "en"},
    **{catalogue_path(language, "mo"): partial(_compiled, language) for language in LANGUAGES if language != "en"},
}
"""What is made, and how. Catalogues are also kept as the program reads them (.mo): a clone needs no compiler."""


def encoded(name: str, text: str) -> bytes:
    """What stands in the file of that name."""
    return text.encode("latin-1" if name.endswith(".mo") else "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a file is stale")
    check = parser.parse_args().check
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_bytes() == encoded(name, text):
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(name, text))
    for name in stale:
        print(f"{name} {'is stale: run tools/generate_docs.py' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
