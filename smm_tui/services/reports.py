"""The report of a month to a client, in the form that is asked for."""

from __future__ import annotations

from datetime import date

from smm_tui.db.database import Database
from smm_tui.db.reads import projects as project_reads
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.months import month_of
from smm_tui.domain.zones import local
from smm_tui.i18n import _
from smm_tui.services.report.gather import Sources, gather
from smm_tui.services.report.value import Report

FORMATS = ("md", "html", "csv", "json")


class ReportQueries:
    """Makes reports; nothing is changed."""

    def __init__(self, db: Database, sources: Sources) -> None:
        self._db = db
        self._sources = sources

    def month(self, project_id: int, words: str) -> Report:
        """The report of a month such as ``2026-12``. InvalidInput for a month that has not begun."""
        project = project_reads.project(self._db, project_id)
        if project is None:
            raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
        first: date = month_of(words)
        if first > local(self._db.clock(), project.timezone).date():
            raise InvalidInput(
                _("{month} has not begun: there is nothing to report.").format(month=words.strip()),
                _("`smm-tui plan export` shows what is planned."),
                field="month",
            )
        return gather(self._db, self._sources, project, first)

    @staticmethod
    def written(report: Report, kind: str) -> str:
        """A report as one of `FORMATS`."""
        if kind == "html":
            from smm_tui.services.report import page

            return page.write(report)
        if kind == "md":
            from smm_tui.services.report import markdown

            return markdown.write(report)
        from smm_tui.services.report import table

        return table.write(report) if kind == "csv" else table.as_json(report)
