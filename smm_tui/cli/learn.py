"""``smm-tui learn``: guided days in sandboxes of their own."""

from __future__ import annotations

from typing import Any

import click

from smm_tui.cli import layout
from smm_tui.cli.session import DONE, Session
from smm_tui.cli.verbs import Verb, line_option, pass_session
from smm_tui.cli.workspace import require_terminal
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.sandbox.lessons.course import Day, Progress


@click.command(
    cls=Verb,
    help=_(
        "Learn the trade by doing it: days with goals and a score, in a sandbox. DAY is a number or a name; without "
        "it the first one that is not passed. Nothing leaves this machine."
    ),
)
@click.option("--progress", is_flag=True, help=_("Print how all days stand, and open nothing."))
@click.option("--anew", is_flag=True, help=_("Begin the day again."))
@click.argument("day", required=False)
@pass_session
def learn(session: Session, progress: bool, anew: bool, day: str | None) -> int:
    from smm_tui.sandbox.lessons import school
    from smm_tui.sandbox.lessons.days import DAYS, day_of

    data = session.settings.paths.data
    chosen = None if day is None else day_of(day)
    if day is not None and chosen is None:
        names = ", ".join(f"{each.number} {each.name}" for each in DAYS)
        raise InvalidInput(
            _("There is no day “{word}”.").format(word=day), _("There are: {names}.").format(names=names), field="day"
        )
    if progress or session.json:
        found = [(each, state) for each, state in school.report(data) if chosen in (None, each)]
        session.show([_document(each, state) for each, state in found], _lines(found, whole=chosen is not None))
        return DONE
    require_terminal(_("`smm-tui learn --progress` shows how the days stand."))
    if chosen is None:
        report = list(school.report(data))
        chosen = next((each for each, state in report if state is None or not state.passed), DAYS[-1])
    folder = school.begin(data, chosen, anew=anew)
    from smm_tui.app import run
    from smm_tui.bootstrap import Workspace
    from smm_tui.sandbox.demo import demo_settings

    workspace = Workspace(session.drawn(demo_settings(folder)))
    try:
        return run(workspace)
    finally:
        workspace.close()


learn.params.append(line_option())


def _lines(found: list[tuple[Day, Progress | None]], *, whole: bool) -> list[str]:
    if not whole:
        rows = [
            (day.number, _(day.title), _("not begun") if state is None else f"{state.score}/100")
            for day, state in found
        ]
        return list(layout.table((_("Day"), _("What"), _("Score")), rows, ""))
    lines: list[str] = []
    for day, state in found:
        lines.append(_(day.title))
        marks = () if state is None else state.marks
        lines += [
            f"  {mark.verdict.points:>3}/{mark.goal.most}  {_(mark.goal.title)}. {mark.verdict.told}"
            for mark in marks
        ]
        lines.append(_("Not begun yet.") if state is None else state.judgement)
    return lines


def _document(day: Day, state: Progress | None) -> dict[str, Any]:
    return {
        "day": day.number,
        "name": day.name,
        "title": _(day.title),
        "begun": state is not None,
        "score": 0 if state is None else state.score,
        "passed": state is not None and state.passed,
        "goals": [
            {
                "name": mark.goal.name,
                "title": _(mark.goal.title),
                "points": mark.verdict.points,
                "most": mark.goal.most,
                "told": mark.verdict.told,
            }
            for mark in (() if state is None else state.marks)
        ],
    }
