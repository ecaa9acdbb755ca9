"""Writing down what a client wants, what is its own, and what must not be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.tables import BriefTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.guard.knowledge import words_of
from smm_tui.domain.guard.marks import Kind, handle, hashtag, phone, prices_of
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rules.hosts import domain_name
from smm_tui.i18n import _
from smm_tui.services.client_queries import ClientQueries
from smm_tui.services.receipt import Receipt

TEXT_LIMIT = 4_000
"""Characters of a field."""
LIST_LIMIT = 200
"""Entries of a list."""
TEXTS = ("words", "tone", "hours", "legal")
LISTS = ("forbidden", "topics")
OWN = (Kind.DOMAIN, Kind.PHONE, Kind.HANDLE, Kind.HASHTAG, Kind.BRAND, Kind.PRICE)
"""What the wrong-client guard knows a client by."""
FIELDS = (*TEXTS, *LISTS, *(str(kind) for kind in OWN))
"""The fields of a brief by name; part of the command line's contract."""


class BriefService(ClientQueries):
    """Commands on briefs; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def write(self, project_id: int, answers: Mapping[str, str]) -> Receipt:
        """Change fields of a brief, by name, as they are typed; lists have line breaks or commas between entries."""
        for name in answers:
            if name not in FIELDS:
                raise InvalidInput(
                    _("A brief has no field “{name}”.").format(name=clip(inert(name), 40)),
                    _("It has: {names}.").format(names=", ".join(FIELDS)),
                    field=name,
                )
        checked = {name: _checked(name, words) for name, words in answers.items()}

        def change(row: BriefTable) -> None:
            own = dict(row.own)
            for name, value in checked.items():
                if name in TEXTS or name in LISTS:
                    setattr(row, name, value)
                elif value:
                    own[name] = value
                else:
                    own.pop(name, None)
            row.own = own

        return self._change(project_id, change, _("Changed the brief of {project}."))

    # Contacts and competitors: both are named entries

    def put_contact(self, project_id: int, was: str, name: str, role: str, reach: str) -> Receipt:
        """Add a contact, or change the one that was called `was`."""
        return self._put(
            project_id, "contacts", was, {"name": _name(name), "role": _line(role), "reach": _line(reach)}
        )

    def put_competitor(self, project_id: int, was: str, name: str, where: str, note: str) -> Receipt:
        """Add a competitor, or change the one that was called `was`."""
        entry = {"name": _name(name), "where": _line(where), "note": _text(note, "note")}
        return self._put(project_id, "competitors", was, entry)

    def remove_contact(self, project_id: int, name: str) -> Receipt:
        """Take a contact away."""
        return self._remove(project_id, "contacts", name)

    def remove_competitor(self, project_id: int, name: str) -> Receipt:
        """Take a competitor away."""
        return self._remove(project_id, "competitors", name)

    # Parts

    def _put(self, project_id: int, column: str, was: str, entry: dict[str, str]) -> Receipt:
        def change(row: BriefTable) -> None:
            entries = [dict(one) for one in getattr(row, column)]
            place = _place(entries, was) if was else len(entries)
            if any(_same(one["name"], entry["name"]) for n, one in enumerate(entries) if n != place):
                raise InvalidInput(
                    _("There is already one of the name “{name}”.").format(name=entry["name"]), field="name"
                )
            entries[place : place + 1] = [entry]
            setattr(row, column, entries)

        return self._change(project_id, change, _("Changed the brief of {project}: {name}."), name=entry["name"])

    def _remove(self, project_id: int, column: str, name: str) -> Receipt:
        def change(row: BriefTable) -> None:
            entries = [dict(one) for one in getattr(row, column)]
            del entries[_place(entries, name)]
            setattr(row, column, entries)

        return self._change(project_id, change, _("Took {name} out of the brief of {project}."), name=name)

    def _change(self, project_id: int, change: Callable[[BriefTable], None], told: str, **more: str) -> Receipt:
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        with self._db.unit() as unit:
            row = unit.session.get(BriefTable, project_id)
            if row is None:
                row = BriefTable(project_id=project_id)
                unit.session.add(row)
            change(row)
            message = told.format(project=project.name, **more)
            return _done(unit, "brief.write", "brief", project_id, project_id, message, self._actor)


def _done(
    unit: UnitOfWork, verb: str, subject: str, number: int | None, project_id: int, message: str, actor: str
) -> Receipt:
    unit.session.flush()
    undo = unit.undoable(message, actor=actor, project_id=project_id)
    if undo is None:
        return Receipt(_("Nothing changed."), 0, None, (number or 0,))
    unit.audit(verb, subject, number, message, actor=actor, project_id=project_id)
    return Receipt(message, 1, undo, (number or 0,))


def _checked(name: str, words: str) -> Any:
    if name in TEXTS:
        return _text(words, name)
    entries = entries_of(words)
    if len(entries) > LIST_LIMIT:
        raise InvalidInput(
            _("These are {count} entries; at most {limit} are kept.").format(count=len(entries), limit=LIST_LIMIT),
            field=name,
        )
    for entry in entries:
        check = _CHECKS.get(name)
        if check is not None and (problem := check(entry)):
            shown = clip(inert(entry), 40)
            raise InvalidInput(problem.format(entry=shown), _HINTS[name](), field=name)
    return entries


_CHECKS: Mapping[str, Callable[[str], str]] = {
    Kind.DOMAIN: lambda entry: "" if domain_name(entry) else _("“{entry}” is no domain."),
    Kind.PHONE: lambda entry: "" if phone(entry) else _("“{entry}” is no phone number."),
    Kind.HANDLE: lambda entry: "" if _is_handle(entry) else _("“{entry}” is no handle."),
    Kind.HASHTAG: lambda entry: "" if _is_hashtag(entry) else _("“{entry}” is no hashtag."),
    Kind.BRAND: lambda entry: "" if words_of(entry) else _("There is no word in “{entry}”."),
    Kind.PRICE: lambda entry: "" if list(prices_of(entry)) else _("There is no price in “{entry}”."),
    "forbidden": lambda entry: "" if words_of(entry) else _("There is no word in “{entry}”."),
}
_HINTS: Mapping[str, Callable[[], str]] = {
    Kind.DOMAIN: lambda: _("Write it as bakery.example, one a line."),
    Kind.PHONE: lambda: _("Write it as +36 30 123 4567, one a line."),
    Kind.HANDLE: lambda: _("Write it as @bakery or @bakery@server.example, one a line."),
    Kind.HASHTAG: lambda: _("Write it as #bakery: letters, digits and underscores."),
    Kind.BRAND: lambda: _("Write a name or a word, one a line."),
    Kind.PRICE: lambda: _("Write it with its currency, one a line: 4 900 Ft."),
    "forbidden": lambda: _("Write a word or a few words, one a line."),
}


def entries_of(words: str) -> list[str]:
    """The entries of a typed list, each once: one a line, or with commas or semicolons between them.

    A comma between digits is of a number.
    """
    parts = re.split(r"[\n;]|,(?!\d)", words)
    return list(dict.fromkeys(entry for part in parts if (entry := _line(part))))


def _is_handle(entry: str) -> bool:
    plain = handle(entry)
    return bool(plain) and not any(char.isspace() or char in "/#,;" for char in plain)


def _is_hashtag(entry: str) -> bool:
    plain = hashtag(entry)
    return bool(plain) and plain.replace("_", "a").isalnum() and not plain.isdecimal()


def _place(entries: Sequence[Mapping[str, str]], name: str) -> int:
    for place, entry in enumerate(entries):
        if _same(entry["name"], name):
            return place
    raise InvalidInput(_("There is no “{key}” among these.").format(key=clip(inert(name), 40)), field="id")


def _same(one: str, other: str) -> bool:
    return one.casefold().strip() == other.casefold().strip()


def _name(text: str) -> str:
    name = _line(text)
    if not 1 <= len(name) <= 80:
        raise InvalidInput(_("A name has 1 to {count} visible characters.").format(count=80), field="name")
    return name


def _line(text: str) -> str:
    return inert(" ".join(text.split()))


def _text(text: str, field: str) -> str:
    plain = inert(text.replace("\r\n", "\n").strip(), newlines=True)
    if len(plain) > TEXT_LIMIT:
        raise InvalidInput(
            _("This has {count} characters; at most {limit} are kept.").format(count=len(plain), limit=TEXT_LIMIT),
            _("Shorten it."),
            field=field,
        )
    return plain
