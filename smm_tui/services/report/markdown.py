"""A report as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from smm_tui.domain.inert import inert
from smm_tui.i18n import catalogue_of
from smm_tui.services.report.stamp import as_of, made
from smm_tui.services.report.value import Report, Table


def write(report: Report) -> str:
    """The whole report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    translate = catalogue_of(report.language).gettext
    yield f"# {_plain(report.title)}"
    yield ""
    yield made(report, translate)
    for section in report.sections:
        yield ""
        yield f"## {_plain(section.title)}"
        for sentence in section.sentences:
            yield ""
            yield _plain(sentence)
        for table in section.tables:
            yield ""
            yield from _table(table)
        yield ""
        yield f"*{as_of(report, section, translate)}*"


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(_plain, table.header))} |"
    yield "|" + "|".join("---:" if place in table.numbers else "---" for place in range(len(table.header))) + "|"
    for row in table.rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _plain(text: str) -> str:
    """Text that Markdown does not take for its own signs."""
    text = inert(" ".join(text.split()))
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, "\\" + sign)
    return text
