"""The form of a project, for Projects and Set-up."""

from __future__ import annotations

from collections import Counter

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import Approval
from smm_tui.i18n import _
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field

COLOURS = ("blue", "green", "magenta", "cyan", "yellow", "red")


def project_form(desk: Desk, project: ProjectRow | None = None) -> FormScreen:
    """A form for a new project, or for changing one as it was when the form opened."""

    def fields(typed: Values) -> list[Field]:
        return [
            Field("name", _("Name"), project.name if project else "", _("What the tab says; short is good.")),
            Field("client", _("Client"), project.client if project else "", _("Whom you work for.")),
            Field("goal", _("Goal"), project.goal if project else "", _("What the posts are for.")),
            Field(
                "timezone",
                _("Time zone"),
                project.timezone if project else _usual_zone(desk),
                _("Where the readers live, as Europe/Budapest: planned times are local there."),
            ),
            Field(
                "language", _("Language"), project.language if project else "en", _("Of the posts, two letters: en.")
            ),
            Field(
                "country",
                _("Country"),
                project.country if project else "",
                _("Whose public holidays the calendar names, two letters as HU; empty: none."),
            ),
            Field(
                "hotkey",
                _("Key"),
                str(project.hotkey or "") if project else "",
                _("The digit 1-9 that switches to it; empty: the next free one."),
            ),
            Field(
                "colour",
                _("Colour"),
                project.colour if project else "",
                _("Of its tab."),
                choices=(*((("", _("next")),) if project is None else ()), *((name, _(name)) for name in COLOURS)),
            ),
            Field(
                "approval",
                _("Approval"),
                project.approval if project else Approval.ITEM,
                _("Whether posts need a yes before they go out: none, each post, or the month as a whole."),
                choices=((Approval.NONE, _("none")), (Approval.ITEM, _("each post")), (Approval.MONTH, _("month"))),
            ),
        ]

    async def save(values: Values) -> None:
        draft = _draft(values)
        version, project_id = (project.version, project.id) if project else (0, 0)

        def job(w: Workspace) -> Receipt:
            if project_id:
                return w.projects.edit(project_id, draft, version=version)
            return w.projects.add(draft)

        desk.say_receipt(await desk.write(job))

    title = _("Change {name}").format(name=project.name) if project else _("New project")
    return FormScreen(title, fields, save)


def _usual_zone(desk: Desk) -> str:
    """The zone most clients have; empty while there are none."""
    zones = Counter(row.timezone for row in desk.chrome.projects)
    return zones.most_common(1)[0][0] if zones else ""


def _draft(values: Values) -> ProjectDraft:
    key = values["hotkey"].strip()
    if key and key not in "123456789":
        raise InvalidInput(_("The key of a project is a digit from 1 to 9."), field="hotkey")
    return ProjectDraft(
        values["name"],
        values["timezone"],
        values["client"],
        values["goal"],
        values["language"].strip(),
        values["colour"],
        int(key) if key else None,
        values["approval"],
        values["country"],
    )
