"""Projects: one for each client's community work."""

from __future__ import annotations

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.tables import AccountTable, DeliveryTable, PostTable, ProjectTable
from smm_tui.domain import zones
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.language import language_tag
from smm_tui.domain.public_holidays import country_code
from smm_tui.domain.states import Approval
from smm_tui.i18n import _
from smm_tui.services import campaign_follow, lifecycle
from smm_tui.services.project_queries import ProjectDraft, ProjectQueries
from smm_tui.services.receipt import Receipt

COLOURS = ("blue", "green", "magenta", "cyan", "yellow", "red")
NAME_LIMIT = 60


class ProjectService(ProjectQueries):
    """Commands on projects."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def add(self, draft: ProjectDraft) -> Receipt:
        """Add a project; its name must differ from all that are not archived."""
        draft = _checked(draft)
        with self._db.unit() as unit:
            self._refuse_taken_name(draft.name, None)
            used = self._used_hotkeys(None)
            self._refuse_taken_hotkey(draft.hotkey, None)
            hotkey = draft.hotkey or next((key for key in range(1, 10) if key not in used), None)
            colour = draft.colour or COLOURS[len(used) % len(COLOURS)]
            row = ProjectTable(
                name=draft.name,
                client=draft.client,
                goal=draft.goal,
                timezone=draft.timezone,
                language=draft.language,
                colour=colour,
                hotkey=hotkey,
                approval=draft.approval,
                country=draft.country,
                created_at=unit.now,
            )
            unit.session.add(row)
            unit.session.flush()
            message = _("Added project {name}.").format(name=row.name)
            unit.audit("project.add", "project", row.id, message, actor=self._actor, project_id=row.id)
            undo = unit.undoable(message, actor=self._actor, project_id=row.id)
            return Receipt(message, undo=undo, ids=(row.id or 0,))

    def edit(self, project_id: int, draft: ProjectDraft, *, version: int) -> Receipt:
        """Change a project. When its zone changes, planned wall times stay and their instants move."""
        draft = _checked(draft)
        with self._db.unit() as unit:
            row = unit.session.get(ProjectTable, project_id)
            if row is None:
                raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
            if row.version != version:
                raise Conflict(
                    _("{name} was changed in another window meanwhile.").format(name=row.name),
                    _("Look at it again, then repeat your change."),
                )
            self._refuse_taken_name(draft.name, project_id)
            self._refuse_taken_hotkey(draft.hotkey, project_id)
            moved = 0
            if draft.timezone != row.timezone:
                planned = unit.session.exec(
                    select(PostTable).where(
                        PostTable.project_id == project_id,
                        col(PostTable.planned_wall).is_not(None),
                        col(PostTable.state).in_(("draft", "planned", "approved", "armed", "held", "missed")),
                    )
                )
                for post in planned:
                    lifecycle.set_planned_time(unit, post, wall=post.planned_wall, zone=draft.timezone)
                    moved += 1
            row.name, row.client, row.goal = draft.name, draft.client, draft.goal
            row.timezone, row.language, row.approval = draft.timezone, draft.language, draft.approval
            row.country = draft.country
            row.colour = draft.colour or row.colour
            row.hotkey = draft.hotkey if draft.hotkey is not None else row.hotkey
            row.version += 1
            message = _("Changed project {name}.").format(name=row.name)
            if moved:
                message += " " + _(
                    "{count} planned posts keep their local time, now in {zone}; their approval must be given again."
                ).format(count=moved, zone=draft.timezone)
            unit.audit("project.edit", "project", row.id, message, actor=self._actor, project_id=row.id)
            undo = unit.undoable(message, actor=self._actor, project_id=row.id)
            return Receipt(message, undo=undo, ids=(project_id,))

    def archive(self, project_id: int) -> Receipt:
        """Put a project away: its posts are held, its campaigns pause, nothing goes out; undo brings all back."""
        with self._db.unit() as unit:
            row = unit.session.get(ProjectTable, project_id)
            if row is None or row.archived_at is not None:
                raise InvalidInput(_("There is no such project, or it is archived already."), field="project")
            row.archived_at = unit.now
            row.hotkey = None
            row.version += 1
            waiting = unit.session.exec(
                select(DeliveryTable)
                .join(AccountTable, col(AccountTable.id) == DeliveryTable.account_id)
                .where(
                    AccountTable.project_id == project_id,
                    col(DeliveryTable.state).in_(("approved", "armed", "planned")),
                )
            ).all()
            for delivery in waiting:
                lifecycle.change_delivery(unit, delivery, state="held")
            campaign_follow.pause_all(unit, project_id)
            unit.session.flush()
            for post_id in sorted({delivery.post_id for delivery in waiting}):
                lifecycle.refresh_post(unit, unit.session.get_one(PostTable, post_id))
            message = _("Archived project {name}; {count} deliveries are held.").format(
                name=row.name, count=len(waiting)
            )
            unit.audit("project.archive", "project", row.id, message, actor=self._actor, project_id=row.id)
            undo = unit.undoable(message, actor=self._actor, project_id=row.id)
            return Receipt(message, undo=undo, ids=(project_id,))

    def _refuse_taken_name(self, name: str, own: int | None) -> None:
        for row in self.all():
            if row.name.casefold() == name.casefold() and row.id != own:
                raise InvalidInput(
                    _("There is already a project “{name}”.").format(name=row.name),
                    _("Choose another name, or archive that one first."),
                    field="name",
                )

    def _used_hotkeys(self, own: int | None) -> set[int | None]:
        return {row.hotkey for row in self.all() if row.id != own}

    def _refuse_taken_hotkey(self, hotkey: int | None, own: int | None) -> None:
        if hotkey is not None and hotkey in self._used_hotkeys(own):
            raise InvalidInput(
                _("The key {key} already opens another project.").format(key=hotkey),
                _("Choose another digit, or give that project another one first."),
                field="hotkey",
            )


def _checked(draft: ProjectDraft) -> ProjectDraft:
    name = " ".join(draft.name.split())
    if not name:
        raise InvalidInput(_("A project needs a name."), field="name")
    if len(name) > NAME_LIMIT or not name.isprintable():
        raise InvalidInput(
            _("The name is too long or holds characters that cannot be shown."),
            _("Use up to {count} visible characters.").format(count=NAME_LIMIT),
            field="name",
        )
    if draft.approval not in tuple(Approval):
        raise InvalidInput(
            _("“{word}” is no way of approving.").format(word=inert(draft.approval)),
            _("Use none, item or month."),
            field="approval",
        )
    if draft.hotkey is not None and not 1 <= draft.hotkey <= 9:
        raise InvalidInput(_("The key of a project is a digit from 1 to 9."), field="hotkey")
    if draft.colour and draft.colour not in COLOURS:
        raise InvalidInput(
            _("“{word}” is no colour of a tab.").format(word=inert(draft.colour)),
            _("Use one of: {names}.").format(names=", ".join(COLOURS)),
            field="colour",
        )
    return draft._replace(
        name=name,
        client=draft.client.strip(),
        goal=draft.goal.strip(),
        language=language_tag(draft.language),
        timezone=zones.check_zone(draft.timezone),
        country=country_code(draft.country),
    )
