"""A report as one page: charts inside as pictures, printable; nothing in it runs or calls anybody."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from typing import Any

from smm_tui.domain.inert import inert
from smm_tui.i18n import catalogue_of
from smm_tui.services.plan_file.page import locale_of
from smm_tui.services.report.stamp import as_of, made
from smm_tui.services.report.value import Chart, Report, Table

_STYLE = """
body { font: 15px/1.45 sans-serif; color: #222; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.7em; margin-bottom: 0; } h2 { font-size: 1.2em; border-bottom: 2px solid #ddd; margin-top: 2em; }
.small { color: #555; font-size: .87em; }
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
th { text-align: left; border-bottom: 1px solid #999; }
td, th { padding: .25em .8em .25em 0; vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
img { max-width: 100%; }
@media print {
  body { margin: 0; max-width: none; font-size: 12px; } h2 { break-after: avoid; } tr { break-inside: avoid; }
}
"""


def write(report: Report) -> str:
    """The whole page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    translate = catalogue_of(report.language).gettext
    language = str(locale_of(report.language)).replace("_", "-")
    yield "<!DOCTYPE html>"
    yield f'<html lang="{_safe(language)}"><head><meta charset="utf-8">'
    yield (
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
    )
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_safe(report.title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{_safe(report.title)}</h1>"
    yield f'<p class="small">{_safe(made(report, translate))}</p>'
    for section in report.sections:
        yield f"<h2>{_safe(section.title)}</h2>"
        for sentence in section.sentences:
            yield f"<p>{_safe(sentence)}</p>"
        for chart in section.charts:
            yield f'<p><img src="{picture(chart)}" alt="{_safe(chart.title)}"></p>'
        for table in section.tables:
            yield from _table(table)
        yield f'<p class="small">{_safe(as_of(report, section, translate))}</p>'
    yield "</body></html>"


def _table(table: Table) -> Iterator[str]:
    def cell(tag: str, place: int, text: str) -> str:
        numeric = ' class="number"' if place in table.numbers else ""
        return f"<{tag}{numeric}>{_safe(text)}</{tag}>"

    yield f"<table><tr>{''.join(cell('th', place, text) for place, text in enumerate(table.header))}</tr>"
    for row in table.rows:
        yield f"<tr>{''.join(cell('td', place, text) for place, text in enumerate(row))}</tr>"
    yield "</table>"


def picture(chart: Chart) -> str:
    """A chart as the address of a picture that holds it (SVG; what is shown as a picture runs no script)."""
    pygal = _pygal()
    from pygal.style import Style

    style = Style(background="#ffffff", plot_background="#ffffff", colors=("#2457a6",), font_family="sans-serif")
    kind = pygal.Bar if chart.bars else pygal.Line
    drawn = kind(
        width=760,
        height=240,
        style=style,
        js=(),
        no_prefix=True,
        show_legend=False,
        dots_size=2,
        disable_xml_declaration=True,
        x_labels_major_count=8 if len(chart.labels) > 12 else None,
        show_minor_x_labels=len(chart.labels) <= 12,
        include_x_axis=chart.bars,
    )
    drawn.title = inert(chart.title)
    drawn.x_labels = [inert(label) for label in chart.labels]
    drawn.add(inert(chart.title), list(chart.values))
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.render().encode()).decode()


def _pygal() -> Any:
    """The library, without the hook for its map plug-ins that it puts into every later import of the process."""
    import sys

    import pygal

    # Only its own: what it imports puts a finder there that importlib.metadata needs from then on.
    sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("pygal")]
    return pygal


def _safe(text: str) -> str:
    return escape(inert(text, newlines=True))
