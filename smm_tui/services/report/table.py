"""A report as a table for spreadsheets, and as a document for machines."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from smm_tui.domain.clock import iso
from smm_tui.services.plan_file.table import guard
from smm_tui.services.report.value import Report


def write(report: Report) -> str:
    """Every sentence and every cell with its section, one row each; no cell runs in a spreadsheet."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(("section", "as_of", "row", "column", "value"))
    for section in report.sections:
        stamp = iso(section.as_of) or ""
        for place, sentence in enumerate(section.sentences):
            writer.writerow((section.name, stamp, place + 1, "", guard(sentence)))
        for table in section.tables:
            for place, row in enumerate(table.rows):
                for name, value in zip(table.header, row, strict=True):
                    writer.writerow((section.name, stamp, place + 1, guard(name), guard(value)))
    return "\ufeff" + buffer.getvalue()


def document(report: Report) -> dict[str, Any]:
    """Its figures, each section with its time."""
    return {
        "project_id": report.project_id,
        "project": report.client,
        "title": report.title,
        "language": report.language,
        "month": f"{report.month:%Y-%m}",
        "zone": report.zone,
        "made_at": iso(report.made_at),
        "sections": {
            section.name: {
                "title": section.title,
                "as_of": iso(section.as_of),
                "sentences": list(section.sentences),
                **section.data,
            }
            for section in report.sections
        },
    }


def as_json(report: Report) -> str:
    """The document as text."""
    return json.dumps(document(report), indent=2) + "\n"
