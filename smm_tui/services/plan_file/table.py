"""A plan as a table (CSV, RFC 4180): a row a post, columns by their header in any order.

Cells that a spreadsheet would run as a formula are written with an apostrophe before them, which reading takes away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.plan_document import Base, Flaw, MediaRef, PlanDocument, PlannedPost
from smm_tui.i18n import _
from smm_tui.services.plan_file import fields
from smm_tui.services.plan_file.fields import shown

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "post", "post id"),
    "base": ("base",),
    "date": ("date", "day", "dátum", "datum", "nap"),
    "time": ("time", "hour", "idő", "ido", "időpont", "idopont"),
    "zone": ("zone", "timezone"),
    "type": ("type", "content type", "kind", "típus", "tipus"),
    "state": ("state", "status", "állapot", "allapot"),
    "accounts": ("accounts", "account", "channels", "fiókok", "fiok", "fiokok"),
    "text": ("text", "post text", "caption", "szöveg", "szoveg"),
    "media": ("media", "pictures", "képek", "kepek"),
    "warning": ("warning", "content warning", "cw"),
    "labels": ("labels",),
    "language": ("language", "nyelv"),
    "late": ("late", "if late"),
}
"""The columns in the order they are written, each with the headers under which it is found."""
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
    accounts = sorted({account for post in document.posts for account, _text in post.variants})
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([*COLUMNS, *(guard(_TEXT_ON + account) for account in accounts)])
    for post in sorted(document.posts, key=lambda post: (post.day, post.clock, post.fold or 0, post.id or 0)):
        variants = dict(post.variants)
        base = document.bases.get(post.id or 0)
        cells = [
            "" if post.id is None else str(post.id),
            "" if base is None else base.content_hash,
            str(post.day),
            fields.write_clock(post.clock, post.fold),
            post.zone,
            post.content_type,
            post.state,
            "" if post.accounts is None else fields.write_list(post.accounts),
            post.text,
            "\n".join(map(fields.write_media, post.media)),
            post.content_warning,
            fields.write_list(post.labels) if post.labels else "",
            "" if post.language is None else post.language or fields.NONE,
            post.late_rule,
        ]
        # A variant that says nothing is not the same as no variant: the lone apostrophe tells.
        own = [_GUARD if variants.get(account) == "" else guard(variants.get(account, "")) for account in accounts]
        writer.writerow([*map(guard, cells), *own])
    return "\ufeff" + buffer.getvalue()


def guard(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return _GUARD + cell if cell[:1] in (*FORMULA, _GUARD) and cell else cell


def unguard(cell: str) -> str:
    """What `guard` was given."""
    return cell[1:] if cell[:1] == _GUARD and cell[1:2] in (*FORMULA, _GUARD) else cell


def read(text: str) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in a table, and each bad row by its line; bad rows are left out."""
    csv.field_size_limit(CELL_LIMIT)  # of the whole process; nothing else here reads tables
    flaws: list[Flaw] = []
    posts: list[PlannedPost] = []
    bases: dict[int, Base] = {}
    columns: list[str] = []
    ignored: tuple[str, ...] = ()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        line = 1
        for row in reader:
            if not columns:
                try:
                    columns, ignored = _columns(row)
                except InvalidInput as error:
                    flaws.append(Flaw(1, error.message))
                    break
            elif any(cell.strip() for cell in row):
                try:
                    post, base = _post(_cells(columns, row), line)
                    posts.append(post)
                    if base and post.id is not None:
                        bases[post.id] = Base(base, line)
                except SmmError as error:
                    flaws.append(Flaw(line, error.message))
                if len(flaws) >= FLAWS_TOLD:
                    raise InvalidInput(
                        _("The table has {count} bad rows by line {line}; it was not read on.").format(
                            count=len(flaws), line=line
                        ),
                        field="file",
                    )
            line = reader.line_num + 1
    except csv.Error as error:
        flaws.append(Flaw(reader.line_num, _("The table cannot be read on from here: {error}.").format(error=error)))
    if not columns and not flaws:
        flaws.append(Flaw(1, _("The table is empty: its first row must name the columns.")))
    return PlanDocument(tuple(posts), bases=bases, ignored=ignored), flaws


def _delimiter(text: str) -> str:
    """The comma, or what spreadsheets of other countries use for it: whichever the header has most of."""
    header = text.partition("\n")[0][:10_000]
    return max(",;\t", key=header.count)


def _columns(header: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    names = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
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


def _post(cells: Mapping[str, str], line: int) -> tuple[PlannedPost, str]:
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
        line,
    )
    return post, cell("base")


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
