"""``smm-tui doctor``: what is wrong here, and how to mend it."""

from __future__ import annotations

import click

from smm_tui.cli.session import DONE, REFUSED, Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.i18n import _

MARKS = {"ok": "ok  ", "warning": "!   ", "broken": "XX  "}


@click.command(cls=Verb, help=_("Look for what is wrong. Exit status 1: something is broken."))
@click.option("--online", is_flag=True, help=_("Also log in to every account."))
@pass_session
def doctor(session: Session, online: bool) -> int:
    from smm_tui.cli.checkup import check_all

    findings = list(check_all(session, online=online))
    broken = any(finding.state == "broken" for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.state]}{finding.about}: {finding.message}")
        if finding.hint and finding.state != "ok":
            lines.append(f"      {finding.hint}")
    document = {
        "ok": not broken,
        "checks": [
            {"name": item.name, "state": item.state, "message": item.message, "hint": item.hint} for item in findings
        ],
    }
    session.show(document, lines)
    return REFUSED if broken else DONE
