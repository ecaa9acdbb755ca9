"""When a report was made, and up to when its figures are true."""

from __future__ import annotations

from collections.abc import Callable

from smm_tui.domain import zones
from smm_tui.services.report.value import Report, Section


def made(report: Report, translate: Callable[[str], str]) -> str:
    """When it was made."""
    _ = translate
    when = f"{zones.local(report.made_at, report.zone):%Y-%m-%d %H:%M} {report.zone}"
    return _("Made on {when}.").format(when=when)


def as_of(report: Report, section: Section, translate: Callable[[str], str]) -> str:
    """Up to when the figures of a section are true."""
    _ = translate
    if section.as_of is None:
        return _("No figure of this was told yet.")
    when = f"{zones.local(section.as_of, report.zone):%Y-%m-%d %H:%M}"
    return _("As of {when}.").format(when=when)
