"""A plan as a workbook (Office Open XML): the table, with columns for a reviewer's verdict and comment.

A workbook is a ZIP archive of XML from a stranger: how much it unpacks to is checked before anything is unpacked, and
its XML may define no entities (openpyxl reads with defusedxml). Formulas are read as the text they are made of, never
as what they give. Every cell is written as text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.plan_document import Flaw, PlanDocument
from smm_tui.i18n import _
from smm_tui.services.plan_file import table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

UNPACKED_LIMIT = 40_000_000
"""Bytes of all parts together."""
PARTS_LIMIT = 1_000
ROWS_LIMIT = 20_000
COLUMNS_LIMIT = 200
CELL_LIMIT = 32_767
"""Characters; Excel keeps no more of a cell."""
WIDTHS = {"date": 11, "time": 8, "type": 14, "text": 60, "accounts": 30, "verdict": 12, "comment": 40}
_HIDDEN = frozenset({"base", "zone", "labels", "language", "late"})
_WIDTH = 18
# Writers of the format spell characters this way; a text that already looks so is spelled once more.
_SPELLED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNSPELLED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def write(document: PlanDocument) -> bytes:
    """The workbook, the same for the same plan; InvalidInput for a text that no cell can hold."""
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    # Nothing in the file says when it was made: the same plan gives the same file.
    book.properties.creator = "smm-tui"
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    sheet = book.active
    if sheet is None:
        raise AssertionError("a new workbook has a sheet")
    sheet.title = "plan" if document.month is None else "{:04}-{:02}".format(*document.month)
    rows = list(table.rows(document))
    header = [*table.REVIEW, *rows[0]]
    for number, row in enumerate([header, *([*("" for _name in table.REVIEW), *row] for row in rows[1:])], 1):
        for column, text in enumerate(row, 1):
            if len(text) > CELL_LIMIT:
                raise InvalidInput(
                    _("The text in row {line} has {count} characters; a workbook's cell holds {limit}.").format(
                        line=number, count=len(text), limit=CELL_LIMIT
                    ),
                    _("Export this month as Markdown or CSV."),
                    field="format",
                )
            if text:
                _fill(sheet, number, column, text, header=number == 1)
    _lay_out(sheet, header)
    choice = DataValidation(type="list", formula1='"ok,returned"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(choice)
    choice.add(f"A2:A{max(len(rows), 2)}")
    packed = io.BytesIO()
    book.save(packed)
    return _undated(packed.getvalue())


def _fill(sheet: Worksheet, row: int, column: int, text: str, *, header: bool) -> None:
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row, column)
    cell.value = _SPELLED.sub("_x005F_", text)
    cell.data_type = "s"  # whatever it looks like, it is no formula
    cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if header:
        cell.font = Font(bold=True)


def _lay_out(sheet: Worksheet, header: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(header, 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = WIDTHS.get(name, _WIDTH)
        dimension.hidden = name in _HIDDEN
    sheet.freeze_panes = "C2"


def _undated(packed: bytes) -> bytes:
    """The archive with one time for all its parts, and without the time it was written."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            part = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, data)
    return result.getvalue()


def read(data: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in the first sheet that has rows, and each bad row by its number. `headers`: see `table`."""
    _check(data)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        lines = list(_lines(sheets[0])) if sheets else []
    except InvalidInput:
        raise
    except Exception as error:  # a stranger's file: openpyxl answers it with whatever it stumbled over
        raise InvalidInput(
            _("The workbook cannot be read: it is damaged, or no workbook."),
            _("Open it in a spreadsheet and save it anew as .xlsx, or save it as CSV."),
            field="file",
        ) from error
    return table.parse(lines, headers)


def _check(data: bytes) -> None:
    """Refuse what is no archive or unpacks to more than a plan can be. Sizes are those the archive declares, and
    unpacking stops at them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise InvalidInput(
            _("The file is no workbook (.xlsx)."), _("Save it as .xlsx or as CSV."), field="file"
        ) from error
    size = sum(part.file_size for part in parts)
    if size > UNPACKED_LIMIT or len(parts) > PARTS_LIMIT:
        raise InvalidInput(
            _("The workbook unpacks to {size:.0f} MB in {parts} parts: that is no plan of a month.").format(
                size=size / 1e6, parts=len(parts)
            ),
            field="file",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise InvalidInput(_("The workbook is locked with a password."), _("Save it without one."), field="file")


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS_LIMIT + 1, values_only=True), 1):
        if number > ROWS_LIMIT:
            raise InvalidInput(
                _("The sheet has more than {limit} rows: that is no plan of a month.").format(limit=ROWS_LIMIT),
                field="file",
            )
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > COLUMNS_LIMIT:
            raise InvalidInput(
                _("The sheet has more than {limit} columns: that is no plan of a month.").format(limit=COLUMNS_LIMIT),
                field="file",
            )
        yield number, cells


def _text(value: object) -> str:
    """What a cell says, as somebody would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return _UNSPELLED.sub("_", str(value))
    if isinstance(value, time):
        return f"{value:%H:%M:%S}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _UNSPELLED.sub("_", str(value))
