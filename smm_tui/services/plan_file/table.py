"""A plan as a table, and that as CSV (RFC 4180): a row a post, columns by their header in any order.

Cells that a spreadsheet would run as a formula are written with an apostrophe before them, which reading takes away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.plan_document import UNSAID, Base, Flaw, MediaRef, PlanDocument, PlannedPost, Said
from smm_tui.i18n import _
from smm_tui.services.plan_file import fields
from smm_tui.services.plan_file.fields import shown

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "post", "post id"),
    "base": ("base",),
    "date": ("date", "day", "dátum", "datum", "nap"),
    "time": ("time", "hour", "idő", "ido", "időpont", "idopont"),
    "zone": ("zone", "timezone"),
    "type": ("type", "content type", "kind", "típus", "tipus", "fajta"),
    "state": ("state", "status", "állapot", "allapot"),
    "rubric": ("rubric", "pillar", "rovat", "pillér", "piller"),
    "accounts": ("accounts", "account", "channels", "fiókok", "fiók", "fiok", "fiokok", "csatornák", "csatorna"),
    "text": ("text", "post text", "caption", "szöveg", "szoveg", "poszt szövege"),
    "media": ("media", "pictures", "képek", "kepek", "kép", "kep", "média"),
    "poll": ("poll", "szavazás", "szavazas"),
    "link card": ("link card", "card", "hivatkozáskártya", "linkkártya"),
    "first comment": ("first comment", "első hozzászólás", "elso hozzaszolas", "első komment"),
    "warning": ("warning", "content warning", "cw", "figyelmeztetés", "figyelmeztetes"),
    "labels": ("labels", "címkék", "cimkek"),
    "language": ("language", "nyelv"),
    "late": ("late", "if late", "ha késik", "ha kesik"),
}
"""The columns in the order they are written, each with its headers, in English and in Hungarian."""
REVIEW: Mapping[str, tuple[str, ...]] = {
    "verdict": ("verdict", "approval", "döntés", "dontes", "jóváhagyás", "jovahagyas", "vélemény", "velemeny"),
    "comment": ("comment", "remark", "note", "megjegyzés", "megjegyzes"),
}
"""What a reviewer fills in."""
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "approved": ("approved", "approve", "ok", "okay", "yes", "y", "x", "✓", "✔", "igen", "rendben", "jóváhagyva"),
    "returned": (
        "returned",
        "return",
        "no",
        "n",
        "nem",
        "vissza",
        "visszaküldve",
        "javítandó",
        "javitando",
        "nem jó",
    ),
}
"""How the verdicts are spelled."""
_FIELDS = {
    "zone": "zone",
    "rubric": "pillar",
    "accounts": "accounts",
    "text": "text",
    "media": "media",
    "poll": "poll",
    "link card": "card",
    "first comment": "first_comment",
    "warning": "content_warning",
    "labels": "labels",
    "language": "language",
    "late": "late",
}
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
NEEDED = ("date", "time", "type")
FORMULA = "=+-@\t\r\n＝＋－＠"
"""Characters that make a cell run, or make a spreadsheet look for something to run (OWASP, CSV injection)."""
FLAWS_TOLD = 1_000
"""After so many bad rows a table is not read on: it is no plan, and leaving its bad rows out is no help."""
CELL_LIMIT = 4_000_000
"""Characters in one cell."""

_TEXT_ON = "text on "
_GUARD = "'"


def write(document: PlanDocument) -> str:
    """The table, with a byte order mark: without it Excel takes UTF-8 for something else."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows(document))
    return "\ufeff" + buffer.getvalue()


def rows(document: PlanDocument) -> Iterator[list[str]]:
    """The header, then a row a post; no cell of it runs in a spreadsheet."""
    accounts = sorted({account for post in document.posts for account, _text in post.variants})
    yield [*COLUMNS, *(guard(_TEXT_ON + account) for account in accounts)]
    for post in sorted(document.posts, key=lambda post: (post.day, post.clock, post.fold or 0, post.id or 0)):
        variants = dict(post.variants)
        base = document.bases.get(post.id or 0)
        cells = {
            "id": "" if post.id is None else str(post.id),
            "base": "" if base is None else fields.write_base(base),
            "date": str(post.day),
            "time": fields.write_clock(post.clock, post.fold),
            "zone": post.zone,
            "type": post.content_type,
            "state": post.state,
            "rubric": post.pillar,
            "accounts": "" if post.accounts is None else fields.write_list(post.accounts),
            "text": post.text,
            "media": "\n".join(map(fields.write_media, post.media)),
            "poll": "" if post.poll is None else fields.write_poll(post.poll),
            "link card": "" if post.card is None else fields.write_card(post.card),
            "first comment": post.first_comment,
            "warning": post.content_warning,
            "labels": fields.write_list(post.labels) if post.labels else "",
            "language": "" if post.language is None else post.language or fields.NONE,
            "late": post.late_rule,
        }
        # A variant that says nothing is not the same as no variant: the lone apostrophe tells.
        own = [_GUARD if variants.get(account) == "" else guard(variants.get(account, "")) for account in accounts]
        yield [*(guard(cells[name]) for name in COLUMNS), *own]


def guard(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return _GUARD + cell if cell[:1] in (*FORMULA, _GUARD) and cell else cell


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return cell[1:] if cell[:1] == _GUARD and cell[1:2] in (*FORMULA, _GUARD) else cell


def headers_of(words: Iterable[str]) -> dict[str, str]:
    """Columns by the headers that were said to stand for them, as ``date=Publish on``; InvalidInput (``column``)."""
    known = (*COLUMNS, *REVIEW)
    found = {}
    for word in words:
        name, _equals, header = (part.strip() for part in word.partition("="))
        if name.casefold() not in known or not header:
            raise InvalidInput(
                _("“{words}” does not say which column a header stands for.").format(words=shown(word)),
                _("Write NAME=HEADER, as date=Publish on. Names: {names}.").format(names=", ".join(known)),
                field="column",
            )
        found[header.casefold()] = name.casefold()
    return found


def read(text: str, headers: Mapping[str, str] = _NO_HEADERS) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in a CSV table, and each bad row by its line; bad rows are left out. `headers`: see `headers_of`."""
    csv.field_size_limit(CELL_LIMIT)  # of the whole process; nothing else here reads tables
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)

    broken: list[Flaw] = []

    def lines() -> Iterator[tuple[int, list[str]]]:
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            message = _("The table cannot be read on from here: {error}.").format(error=error)
            broken.append(Flaw(reader.line_num, message))

    document, flaws = parse(lines(), headers)
    return document, broken or flaws if not document.posts else [*flaws, *broken]


def parse(
    lines: Iterable[tuple[int, Sequence[str]]], headers: Mapping[str, str] = _NO_HEADERS
) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in the rows of a table, each with its number, and each bad one; bad rows are left out."""
    flaws: list[Flaw] = []
    posts: list[PlannedPost] = []
    bases: dict[int, Base] = {}
    columns: list[str] = []
    ignored: tuple[str, ...] = ()
    for line, row in lines:
        if not columns:
            try:
                columns, ignored = _columns(row, headers)
            except InvalidInput as error:
                return PlanDocument(()), [Flaw(line, error.message)]
        elif any(cell.strip() for cell in row):
            try:
                post, base = _post(_cells(columns, row), line)
                posts.append(post)
                if base is not None and post.id is not None:
                    bases[post.id] = base
            except SmmError as error:
                flaws.append(Flaw(line, error.message))
            if len(flaws) >= FLAWS_TOLD:
                raise InvalidInput(
                    _("The table has {count} bad rows by line {line}; it was not read on.").format(
                        count=len(flaws), line=line
                    ),
                    field="file",
                )
    if not columns:
        flaws.append(Flaw(1, _("The table is empty: its first row must name the columns.")))
    unsaid = {name for column, name in _FIELDS.items() if column not in columns}
    if not any(column.startswith(_TEXT_ON) for column in columns):
        unsaid.add("variants")
    return PlanDocument(tuple(posts), bases=bases, ignored=ignored, unsaid=frozenset(unsaid)), flaws


def _delimiter(text: str) -> str:
    """The comma, or what spreadsheets of other countries use for it: whichever the header has most of."""
    header = text.partition("\n")[0][:10_000]
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str], headers: Mapping[str, str]) -> tuple[list[str], tuple[str, ...]]:
    """The columns in order. A header that is said to be one is it, and no other header is."""
    aliases = (*COLUMNS.items(), *REVIEW.items())
    chosen = set(headers.values())
    names = {alias: name for name, spellings in aliases if name not in chosen for alias in spellings} | dict(headers)
    there = {unguard(cell).strip().casefold().replace("_", " ") for cell in header}
    if strange := [words for words in headers if words.replace("_", " ") not in there]:
        raise InvalidInput(
            _("The table has no column “{name}”; it has: {columns}.").format(
                name=shown(strange[0]), columns=shown(", ".join(cell for cell in header if cell)) or "-"
            )
        )
    names = {alias.replace("_", " "): name for alias, name in names.items()}
    found: list[str] = []
    ignored: list[str] = []
    for cell in header:
        words = unguard(cell).strip()
        folded = words.casefold().replace("_", " ")
        variant = folded.startswith(_TEXT_ON)
        name = _TEXT_ON + words[len(_TEXT_ON) :].strip() if variant else names.get(folded, "")
        if name in found and name:
            raise InvalidInput(_("The column “{name}” is there twice.").format(name=shown(words)))
        if not name and words:
            ignored.append(words)
        found.append(name)
    if missing := [name for name in NEEDED if name not in found]:
        raise InvalidInput(
            _("The table has no column {missing}; it has: {columns}.").format(
                missing=", ".join(missing), columns=shown(", ".join(cell for cell in header if cell)) or "-"
            )
        )
    return found, tuple(ignored)


def _cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) > len(columns):
        raise InvalidInput(
            _("The row has {count} cells, the header {columns}.").format(count=len(row), columns=len(columns))
        )
    return {name: cell for name, cell in zip(columns, row, strict=False) if name}


def _post(cells: Mapping[str, str], line: int) -> tuple[PlannedPost, Base | None]:
    def cell(name: str) -> str:
        return unguard(cells.get(name, "")).strip()

    day = fields.read_date(cell("date"))
    clock, fold = fields.read_clock(cell("time"))
    number = cell("id")
    language = cell("language")
    post = PlannedPost(
        day,
        clock,
        cell("type"),
        _lines(unguard(cells.get("text", ""))),
        fold,
        cell("zone"),
        fields.read_list(cell("accounts")) if cell("accounts") else None,
        tuple(_variants(cells)),
        tuple(_media(cell("media"))),
        _lines(unguard(cells.get("warning", ""))),
        fields.read_list(cell("labels")),
        None if not language else "" if language.casefold() == fields.NONE else language,
        cell("late"),
        fields.read_id(number) if number else None,
        cell("state"),
        cell("rubric"),
        fields.read_poll(cell("poll")),
        fields.read_card(cell("link card")),
        _lines(unguard(cells.get("first comment", ""))).strip(),
        _said(cell("verdict"), _lines(cell("comment"))),
        line,
    )
    return post, fields.read_base(cell("base"), line) if cell("base") else None


def _said(verdict: str, comment: str) -> Said:
    folded = verdict.casefold().rstrip(".! ")
    for name, spellings in VERDICTS.items():
        if folded in spellings:
            return Said(name, comment)
    if folded:
        raise InvalidInput(
            _("“{words}” is no verdict: write ok or returned, or nothing.").format(words=shown(verdict)),
            field="verdict",
        )
    return Said("", comment) if comment else UNSAID


def _variants(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in cells.items():
        if name.startswith(_TEXT_ON) and text:
            yield name[len(_TEXT_ON) :], "" if text == _GUARD else _lines(unguard(text))


def _media(cell: str) -> Iterator[MediaRef]:
    for line in _lines(cell).split("\n"):
        if line.strip():
            yield fields.read_media(line)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
