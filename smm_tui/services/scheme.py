"""Changing the scheme of a plan: kinds of post, rubrics, hashtags, places of the week, days, ideas, templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlmodel import SQLModel, col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.scheme import HashtagSet, Pillar
from smm_tui.db.tables import (
    ContentTypeTable,
    HashtagSetTable,
    IdeaTable,
    PillarTable,
    PostMediaTable,
    PostTable,
    SlotTable,
    SpecialDayTable,
    TemplateTable,
)
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import lateness, scheme, templates
from smm_tui.domain.content_types import BUILT_IN, COLOURS, Band, ContentType, ContentTypes, check_shares
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import cells, clip, inert
from smm_tui.domain.scheme import Slot
from smm_tui.i18n import _, ngettext
from smm_tui.services.posts import TEXT_LIMIT, clean
from smm_tui.services.receipt import Receipt
from smm_tui.services.scheme_queries import SchemeQueries

NAME_LIMIT = 60
DAYS_LIMIT = 3650
"""Ten years: a longer rest or gap is a slip of the finger."""
_TYPE_NAME = re.compile(r"[\w-]{1,30}")
_TAG = re.compile(r"#?(\w{1,100})")

Row = TypeVar("Row", bound=SQLModel)


class IdeaDraft(NamedTuple):
    """What a form or the command line gives for an idea. `rest_days` None: used once; else evergreen."""

    text: str
    content_type: str = ""  # empty: fits any
    pillar_id: int | None = None
    source: str = ""
    rest_days: int | None = None
    media: tuple[tuple[str, str], ...] = ()  # SHA-256 and description


class DayDraft(NamedTuple):
    """What a form or the command line gives for a special day."""

    day: date
    name: str
    yearly: bool = False
    quiet: bool = False


class SchemeService(SchemeQueries):
    """Commands on a scheme; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    # Kinds of post

    def add_type(self, project_id: int, kind: ContentType) -> Receipt:
        """Add a kind of post; one that was given up under this name comes back as it is described now."""
        with self._db.unit() as unit:
            rows = self._own_types(unit, project_id)
            kind = self._checked_type(kind, self._kinds(rows))
            row = next((row for row in rows if row.name == kind.name), None)
            if row is None:
                row = ContentTypeTable(project_id=project_id, name=kind.name, title="", glyph="", late_rule="")
                unit.session.add(row)
                rows.append(row)
            row.retired_at = None
            row.position = 1 + max((other.position for other in rows if other is not row), default=0)
            _write_type(row, kind)
            check_shares(self._kinds(rows).values())
            message = _("Added the content type {name}.").format(name=kind.name)
            return self._done(unit, "type.add", row, project_id, message)

    def edit_type(self, project_id: int, kind: ContentType) -> Receipt:
        """Change the kind of that name; its name stays, since posts refer to it."""
        with self._db.unit() as unit:
            rows = self._own_types(unit, project_id)
            row = _type_row(rows, kind.name)
            others = ContentTypes(other for other in self._kinds(rows).values() if other.name != kind.name)
            _write_type(row, self._checked_type(kind, others))
            check_shares(self._kinds(rows).values())
            message = _("Changed the content type {name}.").format(name=kind.name)
            return self._done(unit, "type.edit", row, project_id, message)

    def retire_type(self, project_id: int, name: str) -> Receipt:
        """Give a kind up: posts that are of it keep it. Refused while places of the week are of it."""
        with self._db.unit() as unit:
            rows = self._own_types(unit, project_id)
            row = _type_row(rows, name)
            places = sum(slot.content_type == name for slot in self.slots(project_id))
            if places:
                raise InvalidInput(
                    ngettext(
                        "{count} place of the week is of this type.",
                        "{count} places of the week are of this type.",
                        places,
                    ).format(count=places),
                    _("Give it another type or end it first."),
                    field="type",
                )
            row.retired_at = unit.now
            left = self._kinds(rows).values()
            if not left:
                raise InvalidInput(_("This is the last content type; a project needs one."), field="type")
            check_shares(left)
            message = _("Gave up the content type {name}; posts of it keep it.").format(name=name)
            return self._done(unit, "type.retire", row, project_id, message)

    def move_type(self, project_id: int, name: str, by: int) -> Receipt:
        """Move a kind so many places up (negative) or down in the project's order."""
        with self._db.unit() as unit:
            rows = [row for row in self._own_types(unit, project_id) if row.retired_at is None]
            row = _type_row(rows, name)
            place = rows.index(row)
            rows.insert(max(0, min(place + by, len(rows) - 1)), rows.pop(place))
            for position, each in enumerate(rows):
                each.position = position
            message = _("Moved the content type {name}.").format(name=name)
            return self._done(unit, "type.move", row, project_id, message)

    def _own_types(self, unit: UnitOfWork, project_id: int) -> list[ContentTypeTable]:
        """The rows of a project's kinds in their order; the built-in ones become rows at the first change."""
        self._project(project_id)
        rows = list(
            unit.session.exec(
                select(ContentTypeTable)
                .where(ContentTypeTable.project_id == project_id)
                .order_by(col(ContentTypeTable.position), col(ContentTypeTable.id))
            )
        )
        if rows:
            return rows
        for position, kind in enumerate(BUILT_IN):
            row = ContentTypeTable(
                project_id=project_id, name=kind.name, title="", glyph="", late_rule="", position=position
            )
            _write_type(row, kind)
            rows.append(row)
        unit.session.add_all(rows)
        unit.session.flush()
        return rows

    @staticmethod
    def _kinds(rows: Sequence[ContentTypeTable]) -> ContentTypes:
        return ContentTypes(_kind(row) for row in rows if row.retired_at is None)

    @staticmethod
    def _checked_type(kind: ContentType, others: ContentTypes) -> ContentType:
        name = kind.name.strip().casefold()
        if not _TYPE_NAME.fullmatch(name):
            raise InvalidInput(
                _("“{name}” is no name for a content type.").format(name=clip(inert(kind.name), 40)),
                _("Use up to 30 letters, digits and hyphens, without spaces."),
                field="name",
            )
        title = _name(kind.title, "title") if kind.title.strip() else ""
        taken = {word.casefold() for other in others.values() for word in (other.name, other.shown)}
        if name in taken or title.casefold() in taken:
            raise InvalidInput(_("There is already a content type “{name}”.").format(name=name), field="name")
        glyph = kind.glyph.strip()
        if cells(glyph) != 1 or inert(glyph) != glyph:
            raise InvalidInput(
                _("The sign of a content type is one visible character, one cell wide."), field="glyph"
            )
        if other := next((other for other in others.values() if other.glyph.casefold() == glyph.casefold()), None):
            raise InvalidInput(
                _("“{glyph}” is already the sign of {name}.").format(glyph=glyph, name=other.name), field="glyph"
            )
        if kind.colour not in ("", *COLOURS):
            raise InvalidInput(
                _("“{word}” is no colour.").format(word=clip(inert(kind.colour), 40)),
                _("Use one of: {names}.").format(names=", ".join(COLOURS)),
                field="colour",
            )
        if kind.share is not None and not 0 <= kind.share.low <= kind.share.high <= 100:
            raise InvalidInput(_("A share is a band of percents, as 20-30, between 0 and 100."), field="share")
        for field, value in (
            ("in_row", kind.max_in_row),
            ("gap_days", kind.max_gap_days),
            ("per_day", kind.max_per_day),
        ):
            _count(value, field)
        rule = str(lateness.late_rule(kind.late_rule))
        return replace(kind, name=name, title=title, glyph=glyph, late_rule=rule)

    # Rubrics

    def add_pillar(self, project_id: int, name: str, note: str = "") -> Receipt:
        """Add a rubric; one that was given up under this name comes back."""
        with self._db.unit() as unit:
            self._project(project_id)
            name = _name(name)
            rows = unit.session.exec(select(PillarTable).where(PillarTable.project_id == project_id)).all()
            row = next((row for row in rows if row.name.casefold() == name.casefold()), None)
            if row is None:
                row = PillarTable(project_id=project_id, name=name)
                unit.session.add(row)
            elif row.retired_at is None:
                raise InvalidInput(_("There is already a rubric “{name}”.").format(name=row.name), field="name")
            row.name, row.note, row.retired_at = name, _line(note), None
            row.position = 1 + max((other.position for other in rows if other is not row), default=0)
            return self._done(unit, "pillar.add", row, project_id, _("Added the rubric {name}.").format(name=name))

    def edit_pillar(self, pillar_id: int, name: str, note: str = "") -> Receipt:
        """Change a rubric."""
        with self._db.unit() as unit:
            row = _get(unit, PillarTable, pillar_id)
            name = _name(name)
            self._refuse_taken(self.pillars(row.project_id), name, row.id)
            row.name, row.note = name, _line(note)
            return self._done(
                unit, "pillar.edit", row, row.project_id, _("Changed the rubric {name}.").format(name=name)
            )

    def retire_pillar(self, pillar_id: int) -> Receipt:
        """Give a rubric up: posts, places and ideas of it keep it."""
        with self._db.unit() as unit:
            row = _get(unit, PillarTable, pillar_id)
            row.retired_at = unit.now
            message = _("Gave up the rubric {name}.").format(name=row.name)
            return self._done(unit, "pillar.retire", row, row.project_id, message)

    # Hashtags

    def add_hashtags(self, project_id: int, name: str, tags: str) -> Receipt:
        """Add a set of hashtags; `tags` has spaces or commas between them, with or without ``#``."""
        with self._db.unit() as unit:
            self._project(project_id)
            name = _name(name)
            self._refuse_taken(self.hashtag_sets(project_id), name, None)
            row = HashtagSetTable(project_id=project_id, name=name, tags=_tags(tags))
            unit.session.add(row)
            message = _("Added the hashtags {name}.").format(name=name)
            return self._done(unit, "hashtags.add", row, project_id, message)

    def edit_hashtags(self, set_id: int, name: str, tags: str) -> Receipt:
        """Change a set of hashtags."""
        with self._db.unit() as unit:
            row = _get(unit, HashtagSetTable, set_id)
            name = _name(name)
            self._refuse_taken(self.hashtag_sets(row.project_id), name, row.id)
            row.name, row.tags = name, _tags(tags)
            message = _("Changed the hashtags {name}.").format(name=name)
            return self._done(unit, "hashtags.edit", row, row.project_id, message)

    def remove_hashtags(self, set_id: int) -> Receipt:
        """Remove a set of hashtags; posts keep theirs."""
        with self._db.unit() as unit:
            row = _get(unit, HashtagSetTable, set_id)
            unit.session.delete(row)
            message = _("Removed the hashtags {name}.").format(name=row.name)
            return self._done(unit, "hashtags.remove", row, row.project_id, message)

    # Places of the week

    def add_slot(self, project_id: int, slot: Slot) -> Receipt:
        """Add a place that comes back by its rule."""
        with self._db.unit() as unit:
            self._project(project_id)
            row = SlotTable(project_id=project_id, rule="", first_day="", wall_time="", content_type="")
            self._write_slot(row, slot)
            unit.session.add(row)
            message = _("Added a place: {what}.").format(what=_told(row))
            return self._done(unit, "slot.add", row, project_id, message)

    def edit_slot(self, slot_id: int, slot: Slot) -> Receipt:
        """Change a place; posts that were put there stay as they are."""
        with self._db.unit() as unit:
            row = _get(unit, SlotTable, slot_id)
            self._write_slot(row, slot)
            message = _("Changed a place: {what}.").format(what=_told(row))
            return self._done(unit, "slot.edit", row, row.project_id, message)

    def skip_slot(self, slot_id: int, day: date, *, skip: bool = True) -> Receipt:
        """Leave a place out on one day, or no longer."""
        with self._db.unit() as unit:
            row = _get(unit, SlotTable, slot_id)
            days = set(row.exceptions)
            (days.add if skip else days.discard)(day.isoformat())
            row.exceptions = sorted(days)
            told = _("Left the place {what} out on {day}.") if skip else _("The place {what} comes on {day} again.")
            message = told.format(what=_told(row), day=day)
            return self._done(unit, "slot.skip", row, row.project_id, message)

    def end_slot(self, slot_id: int) -> Receipt:
        """Let a place come no more; posts that were put there stay."""
        with self._db.unit() as unit:
            row = _get(unit, SlotTable, slot_id)
            row.ended_at = unit.now
            message = _("Ended a place: {what}.").format(what=_told(row))
            return self._done(unit, "slot.end", row, row.project_id, message)

    def _write_slot(self, row: SlotTable, slot: Slot) -> None:
        scheme.check(slot.rule, slot.first_day)
        if slot.content_type:
            self.content_types(row.project_id).find(slot.content_type)
        known = {account.id for account in account_reads.of_project(self._db, row.project_id)}
        if strangers := set(slot.accounts or ()) - known:
            raise InvalidInput(
                _("Account {id} is not one of this project.").format(id=min(strangers)), field="accounts"
            )
        self._check_pillar(row.project_id, slot.pillar_id)
        row.title = _name(slot.title, "title") if slot.title.strip() else ""
        row.rule = slot.rule.strip().upper().removeprefix("RRULE:")
        row.first_day = slot.first_day.isoformat()
        row.wall_time = slot.wall_time.isoformat(timespec="minutes")
        row.content_type = slot.content_type
        row.pillar_id = slot.pillar_id
        row.accounts = None if slot.accounts is None else sorted(slot.accounts)
        row.exceptions = sorted(day.isoformat() for day in slot.exceptions)

    # Days

    def add_day(self, project_id: int, draft: DayDraft) -> Receipt:
        """Add a day that matters to the project."""
        with self._db.unit() as unit:
            self._project(project_id)
            row = SpecialDayTable(project_id=project_id, day="", name="")
            _write_day(row, draft)
            unit.session.add(row)
            message = _("Added {name} on {day}.").format(name=row.name, day=row.day)
            return self._done(unit, "day.add", row, project_id, message)

    def edit_day(self, day_id: int, draft: DayDraft) -> Receipt:
        """Change a day that matters."""
        with self._db.unit() as unit:
            row = _get(unit, SpecialDayTable, day_id)
            _write_day(row, draft)
            message = _("Changed {name} on {day}.").format(name=row.name, day=row.day)
            return self._done(unit, "day.edit", row, row.project_id, message)

    def remove_day(self, day_id: int) -> Receipt:
        """A day matters no more."""
        with self._db.unit() as unit:
            row = _get(unit, SpecialDayTable, day_id)
            unit.session.delete(row)
            message = _("Removed {name} on {day}.").format(name=row.name, day=row.day)
            return self._done(unit, "day.remove", row, row.project_id, message)

    # Ideas

    def add_idea(self, project_id: int, draft: IdeaDraft) -> Receipt:
        """Keep something to write about."""
        with self._db.unit() as unit:
            self._project(project_id)
            row = IdeaTable(project_id=project_id, text="", created_at=unit.now)
            self._write_idea(row, draft)
            unit.session.add(row)
            message = _("Kept the idea “{text}”.").format(text=_head(row.text))
            return self._done(unit, "idea.add", row, project_id, message)

    def edit_idea(self, idea_id: int, draft: IdeaDraft) -> Receipt:
        """Change an idea; its media stay as they are."""
        with self._db.unit() as unit:
            row = _get(unit, IdeaTable, idea_id)
            files = tuple((item["sha256"], item.get("alt", "")) for item in row.media)
            self._write_idea(row, draft._replace(media=files))
            message = _("Changed the idea “{text}”.").format(text=_head(row.text))
            return self._done(unit, "idea.edit", row, row.project_id, message)

    def keep_post(self, post_id: int, rest_days: int) -> Receipt:
        """Keep a post with its files as an evergreen idea that rests so many days from the time of the post on."""
        with self._db.unit() as unit:
            post = _get(unit, PostTable, post_id)
            files = unit.session.exec(
                select(PostMediaTable).where(PostMediaTable.post_id == post_id).order_by(col(PostMediaTable.position))
            )
            row = IdeaTable(
                project_id=post.project_id,
                text=_text(post.text),
                content_type=post.content_type,
                pillar_id=post.pillar_id,
                media=[{"sha256": item.sha256, "alt": item.alt} for item in files],
                rest_days=_count(rest_days, "rest"),
                used_at=post.planned_at,
                used_post_id=post_id,
                created_at=unit.now,
            )
            unit.session.add(row)
            message = _("Kept the idea “{text}”.").format(text=_head(row.text))
            return self._done(unit, "idea.keep", row, post.project_id, message)

    def drop_idea(self, idea_id: int) -> Receipt:
        """Throw an idea away; a post that came of it stays."""
        with self._db.unit() as unit:
            row = _get(unit, IdeaTable, idea_id)
            row.dropped_at = unit.now
            message = _("Dropped the idea “{text}”.").format(text=_head(row.text))
            return self._done(unit, "idea.drop", row, row.project_id, message)

    def _write_idea(self, row: IdeaTable, draft: IdeaDraft) -> None:
        kind = self.content_types(row.project_id).find(draft.content_type).name if draft.content_type else ""
        self._check_pillar(row.project_id, draft.pillar_id)
        row.text, row.content_type, row.pillar_id = _text(draft.text), kind, draft.pillar_id
        row.source, row.rest_days = _line(draft.source), _count(draft.rest_days, "rest")
        row.media = [{"sha256": sha256, "alt": alt} for sha256, alt in draft.media]

    # Templates

    def add_template(self, project_id: int | None, name: str, text: str, content_type: str = "") -> Receipt:
        """Add a text with {variables}; without a project it is everybody's."""
        with self._db.unit() as unit:
            if project_id is not None:
                self._project(project_id)
            row = TemplateTable(project_id=project_id, name="", text="")
            self._write_template(row, name, text, content_type)
            unit.session.add(row)
            message = _("Added the template {name}.").format(name=row.name)
            return self._done(unit, "template.add", row, project_id, message)

    def edit_template(
        self, template_id: int, project_id: int | None, name: str, text: str, content_type: str = ""
    ) -> Receipt:
        """Change a template, or whose it is; posts that came of it stay as they are."""
        with self._db.unit() as unit:
            row = _get(unit, TemplateTable, template_id)
            row.project_id = project_id
            self._write_template(row, name, text, content_type)
            message = _("Changed the template {name}.").format(name=row.name)
            return self._done(unit, "template.edit", row, row.project_id, message)

    def remove_template(self, template_id: int) -> Receipt:
        """Remove a template; posts that came of it stay."""
        with self._db.unit() as unit:
            row = _get(unit, TemplateTable, template_id)
            unit.session.delete(row)
            message = _("Removed the template {name}.").format(name=row.name)
            return self._done(unit, "template.remove", row, row.project_id, message)

    def _write_template(self, row: TemplateTable, name: str, text: str, content_type: str) -> None:
        name, text = _name(name), _text(text)
        templates.check(text)
        others = self.templates(row.project_id)
        if any(other.name.casefold() == name.casefold() and other.id != row.id for other in others):
            raise InvalidInput(_("There is already a template “{name}”.").format(name=name), field="name")
        if content_type and row.project_id is not None:
            content_type = self.content_types(row.project_id).find(content_type).name
        row.name, row.text, row.content_type = name, text, content_type

    # What all share

    def _project(self, project_id: int) -> None:
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")

    def _check_pillar(self, project_id: int, pillar_id: int | None) -> None:
        if pillar_id is not None and all(row.id != pillar_id for row in self.pillars(project_id)):
            raise InvalidInput(_("There is no such rubric in this project."), field="pillar")

    @staticmethod
    def _refuse_taken(rows: Iterable[Pillar] | Iterable[HashtagSet], name: str, own: int | None) -> None:
        if any(row.name.casefold() == name.casefold() and row.id != own for row in rows):
            raise InvalidInput(_("There is already one of the name “{name}”.").format(name=name), field="name")

    def _done(self, unit: UnitOfWork, verb: str, row: Any, project_id: int | None, message: str) -> Receipt:
        unit.session.flush()
        subject = verb.partition(".")[0]
        unit.audit(verb, subject, row.id, message, actor=self._actor, project_id=project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=project_id)
        return Receipt(message, 1 if undo else 0, undo, (row.id,))


def _write_type(row: ContentTypeTable, kind: ContentType) -> None:
    row.title, row.glyph, row.colour, row.late_rule = kind.title, kind.glyph, kind.colour, kind.late_rule
    row.share_from, row.share_to = kind.share or (None, None)
    row.max_in_row, row.max_gap_days, row.max_per_day = kind.max_in_row, kind.max_gap_days, kind.max_per_day


def _kind(row: ContentTypeTable) -> ContentType:
    share = None if row.share_from is None or row.share_to is None else Band(row.share_from, row.share_to)
    return ContentType(
        row.name,
        row.title,
        row.glyph,
        row.late_rule,
        row.colour,
        share,
        row.max_in_row,
        row.max_gap_days,
        row.max_per_day,
    )


def _type_row(rows: Sequence[ContentTypeTable], name: str) -> ContentTypeTable:
    kinds = SchemeService._kinds(rows)
    sought = kinds.find(name).name
    return next(row for row in rows if row.name == sought)


def _write_day(row: SpecialDayTable, draft: DayDraft) -> None:
    row.day, row.name, row.yearly, row.quiet = draft.day.isoformat(), _name(draft.name), draft.yearly, draft.quiet


def _get(unit: UnitOfWork, table: type[Row], number: int) -> Row:
    row = unit.session.get(table, number)
    if row is None:
        raise InvalidInput(_("It is not there any more."), _("Look again: somebody may have removed it."), field="id")
    return row


def _name(text: str, field: str = "name") -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LIMIT or inert(name) != name:
        raise InvalidInput(_("A name has 1 to {count} visible characters.").format(count=NAME_LIMIT), field=field)
    return name


def _line(text: str) -> str:
    return inert(" ".join(text.split()))


def _text(text: str) -> str:
    text = clean(text).strip()
    if not text:
        raise InvalidInput(_("There is no text."), field="text")
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(
            _("The text has {count} characters; that is no post.").format(count=len(text)), field="text"
        )
    return text


def _tags(text: str) -> list[str]:
    found: dict[str, str] = {}
    for word in text.replace(",", " ").split():
        match = _TAG.fullmatch(word)
        if match is None or match[1].isdecimal():
            raise InvalidInput(
                _("“{word}” is no hashtag.").format(word=clip(inert(word), 40)),
                _("Letters, digits and underscores, not digits alone."),
                field="tags",
            )
        found.setdefault(match[1].casefold(), f"#{match[1]}")
    if not found:
        raise InvalidInput(_("There are no hashtags."), field="tags")
    return list(found.values())


def _count(value: int | None, field: str) -> int | None:
    if value is not None and not 1 <= value <= DAYS_LIMIT:
        raise InvalidInput(
            _("This is a number from 1 to {most}; empty: no rule.").format(most=DAYS_LIMIT), field=field
        )
    return value


def _told(row: SlotTable) -> str:
    return f"{scheme.in_words(row.rule)} {row.wall_time}"


def _head(text: str) -> str:
    return clip(inert(text.partition("\n")[0]), 40)
