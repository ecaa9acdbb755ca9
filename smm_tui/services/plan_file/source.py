"""The bytes of a plan file made text, and text made a plan."""

from __future__ import annotations

from collections.abc import Sequence

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.plan_document import Flaw, PlanDocument
from smm_tui.i18n import _

SIZE_LIMIT = 20_000_000
"""Bytes. Two thousand long posts are a tenth of it."""


def read(data: bytes, kind: str, columns: Sequence[str] = ()) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in a file of kind ``md``, ``csv`` or ``xlsx``, and what is wrong with the file.

    `columns` say which headers of a table stand for which of its columns, as ``date=Publish on``.
    """
    from smm_tui.services.plan_file import markdown, table

    headers = table.headers_of(columns)
    if kind == "xlsx":
        from smm_tui.services.plan_file import workbook

        return workbook.read(sized(data), headers)
    return table.read(decoded(data), headers) if kind == "csv" else markdown.read(decoded(data))


def decoded(data: bytes) -> str:
    """UTF-8 with or without a byte order mark and with whatever line ends; InvalidInput with the line otherwise."""
    try:
        text = sized(data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("Line {line} of the file is not UTF-8 text.").format(line=data.count(b"\n", 0, error.start) + 1),
            _("Save it as UTF-8, or convert it, for example with iconv -t UTF-8."),
            field="file",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sized(data: bytes) -> bytes:
    """The same bytes; InvalidInput for more than any plan has."""
    if len(data) > SIZE_LIMIT:
        raise InvalidInput(
            _("The file has more than {limit:.0f} MB: that is no plan of a month.").format(limit=SIZE_LIMIT / 1e6),
            field="file",
        )
    return data
