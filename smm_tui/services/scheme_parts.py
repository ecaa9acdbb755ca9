"""The parts of a scheme as forms see them: their questions, what stands in them, what an answer does.

The list and form of the screen and the verbs of the command line are made of `PARTS`. Light to import: a service is
only named. Answers are words, as they are typed; what is wrong with one is an InvalidInput on its question's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

from smm_tui.db.reads.scheme import HashtagSet, Idea, Pillar, SpecialDay, Template
from smm_tui.domain import scheme
from smm_tui.domain.clock import iso
from smm_tui.domain.content_types import COLOURS, Band, ContentType
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.scheme import Slot
from smm_tui.i18n import N_, _
from smm_tui.services.parts import Known, Options, Part, Question, Values
from smm_tui.services.scheme_queries import SchemeQueries

if TYPE_CHECKING:
    from smm_tui.services.scheme import SchemeService

    SchemePart = Part[SchemeQueries, SchemeService]

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_BAND = re.compile(r"(\d{1,3})\s*%?(?:\s*[-–]\s*(\d{1,3})\s*%?)?")
_YES_NO: Options = (("no", N_("no")), ("yes", N_("yes")))


# Words and what they mean


def _number(words: str, field: str) -> int | None:
    words = words.strip()
    if not words:
        return None
    if not words.isascii() or not words.isdecimal() or len(words) > 9:
        raise InvalidInput(_("“{words}” is not a number.").format(words=clip(inert(words), 40)), field=field)
    return int(words)


def _band(words: str) -> Band | None:
    words = words.strip()
    if not words:
        return None
    match = _BAND.fullmatch(words)
    if match is None:
        raise InvalidInput(
            _("“{words}” is no share.").format(words=clip(inert(words), 40)),
            _("Write a band of percents, as 20-30; empty: no target."),
            field="share",
        )
    return Band(int(match[1]), int(match[2] or match[1]))


def day_of_words(words: str, field: str) -> date:
    """A day as ISO 8601 writes it; InvalidInput on `field`."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise InvalidInput(
            _("“{words}” is no day.").format(words=clip(inert(words), 40)), _("Write it as 2026-12-06."), field=field
        ) from None


def _time(words: str) -> time:
    match = _CLOCK.fullmatch(words.strip())
    if match is not None and int(match[1]) < 24 and int(match[2] or 0) < 60:
        return time(int(match[1]), int(match[2] or 0))
    raise InvalidInput(
        _("“{words}” is no time of day.").format(words=clip(inert(words), 40)),
        _("Write it as 18:00."),
        field="time",
    )


def _accounts(words: str, known: Known) -> tuple[int, ...] | None:
    chosen: list[int] = []
    for word in words.replace(",", " ").split():
        fitting = [row.id for row in known.accounts if word in (str(row.id), row.handle, row.network)]
        if not fitting:
            names = ", ".join(inert(row.handle) for row in known.accounts)
            raise InvalidInput(
                _("“{word}” is no account of this project.").format(word=clip(inert(word), 40)),
                _("There are: {names}. Empty: all of them.").format(names=names or _("none")),
                field="accounts",
            )
        chosen += fitting
    return tuple(dict.fromkeys(chosen)) or None


def pillar_id(words: str, pillars: Sequence[Pillar]) -> int | None:
    """The rubric of a name or number, None for no words; InvalidInput on ``pillar``."""
    sought = words.strip().casefold()
    if not sought:
        return None
    for row in pillars:
        if sought in (str(row.id), row.name.casefold()):
            return row.id
    raise InvalidInput(
        _("There is no rubric “{name}” in this project.").format(name=clip(inert(words), 40)), field="pillar"
    )


def _yes(words: str, field: str) -> bool:
    if words not in ("yes", "no", ""):
        raise InvalidInput(_("Answer yes or no."), field=field)
    return words == "yes"


def _type(words: str, known: Known) -> str:
    return known.types.find(words).name if words.strip() else ""


def _id(key: str) -> int:
    return _number(key, "id") or 0


def _pillar_name(number: int | None, known: Known) -> str:
    return next((row.name for row in known.pillars if row.id == number), "")


def _told(number: int | None) -> str:
    return "" if number is None else str(number)


# Questions that several parts have


def _any_type(known: Known) -> Options:
    return [("", _("any")), *((kind.name, inert(kind.shown)) for kind in known.types.values())]


def _free_type(known: Known) -> Options:
    return [("", _("free")), *((kind.name, inert(kind.shown)) for kind in known.types.values())]


def _any_pillar(known: Known) -> Options:
    return [("", "-"), *((row.name, inert(row.name)) for row in known.pillars)]


def _answers(_known: Known) -> Options:
    return [(value, _(title)) for value, title in _YES_NO]


_PILLAR = Question("pillar", N_("Rubric"), N_("What it belongs to."), _any_pillar)


# The parts


def _type_values(kind: ContentType, _known: Known) -> Values:
    return {
        "name": kind.name,
        "title": kind.title,
        "glyph": kind.glyph,
        "colour": kind.colour,
        "share": "" if kind.share is None else f"{kind.share.low}-{kind.share.high}",
        "in_row": _told(kind.max_in_row),
        "gap_days": _told(kind.max_gap_days),
        "per_day": _told(kind.max_per_day),
        "late": kind.late_rule,
    }


def _type_of(values: Values) -> ContentType:
    return ContentType(
        values["name"],
        values["title"],
        values["glyph"],
        values["late"],
        values["colour"],
        _band(values["share"]),
        _number(values["in_row"], "in_row"),
        _number(values["gap_days"], "gap_days"),
        _number(values["per_day"], "per_day"),
    )


def _type_document(kind: ContentType) -> Mapping[str, Any]:
    return {
        "name": kind.name,
        "title": kind.title,
        "glyph": kind.glyph,
        "colour": kind.colour,
        "share": None if kind.share is None else list(kind.share),
        "max_in_row": kind.max_in_row,
        "max_gap_days": kind.max_gap_days,
        "max_per_day": kind.max_per_day,
        "late": kind.late_rule,
    }


TYPES: SchemePart = Part(
    "type",
    N_("Content types"),
    N_("Kinds of post: what share each should have, and how they take turns."),
    "",
    (
        Question("name", N_("Name"), N_("One word; posts refer to it, so it stays.")),
        Question("title", N_("Title"), N_("What is shown; empty: the name.")),
        Question("glyph", N_("Sign"), N_("One character that marks it in the calendar.")),
        Question(
            "colour", N_("Colour"), N_("Of its sign."), lambda _known: [("", "-"), *((c, _(c)) for c in COLOURS)]
        ),
        Question("share", N_("Share"), N_("What part of all posts it should be, in percent, as 20-30; empty: any.")),
        Question("in_row", N_("In a row"), N_("So many may follow each other; empty: any number.")),
        Question(
            "gap_days", N_("Every ... days"), N_("So many days may pass from one to the next; empty: any number.")
        ),
        Question("per_day", N_("A day"), N_("So many may come on one day; empty: any number.")),
        Question("late", N_("Late"), N_("If overdue: skip, ask or send:MINUTES.")),
    ),
    ("name", "share", "late"),
    lambda queries, project: list(queries.content_types(project).values()),
    lambda kind: str(kind.name),
    _type_values,
    _type_document,
    lambda service, project, values, _known: service.add_type(project, _type_of(values)),
    lambda service, project, key, values, _known: service.edit_type(project, _type_of({**values, "name": key})),
    lambda service, project, key: service.retire_type(project, key),
    defaults={"late": "send:180", "in_row": "2"},
    kept=("name",),
    named=True,
)


def _slot_values(slot: Slot, known: Known) -> Values:
    handles = [row.handle for row in known.accounts if row.id in (slot.accounts or ())]
    return {
        "rule": scheme.in_words(slot.rule),
        "time": f"{slot.wall_time:%H:%M}",
        "type": slot.content_type,
        "accounts": " ".join(handles),
        "pillar": _pillar_name(slot.pillar_id, known),
        "title": slot.title,
        "from": slot.first_day.isoformat(),
        "except": " ".join(sorted(day.isoformat() for day in slot.exceptions)),
    }


def _slot_of(values: Values, known: Known) -> Slot:
    first = values["from"].strip()
    return Slot(
        scheme.rule_of(values["rule"]),
        day_of_words(first, "from") if first else known.today,
        _time(values["time"]),
        _type(values["type"], known),
        values["title"],
        pillar_id(values["pillar"], known.pillars),
        _accounts(values["accounts"], known),
        frozenset(day_of_words(word, "except") for word in values["except"].replace(",", " ").split()),
    )


def _slot_document(slot: Slot) -> Mapping[str, Any]:
    return {
        "id": slot.id,
        "rule": slot.rule,
        "from": slot.first_day.isoformat(),
        "time": f"{slot.wall_time:%H:%M}",
        "type": slot.content_type or None,
        "title": slot.title,
        "pillar_id": slot.pillar_id,
        "accounts": None if slot.accounts is None else list(slot.accounts),
        "except": sorted(day.isoformat() for day in slot.exceptions),
    }


SLOTS: SchemePart = Part(
    "slot",
    N_("Places of the week"),
    N_("When posts of which type come back; a month is filled from them."),
    N_("No places yet: when do posts of this client come back?"),
    (
        Question(
            "rule",
            N_("Days"),
            N_("As mon thu, or daily; or a recurrence rule, as FREQ=MONTHLY;BYDAY=1FR;UNTIL=20271231."),
        ),
        Question("time", N_("Time"), N_("Of day, as 18:00.")),
        Question("type", N_("Type"), N_("Free: filling a month chooses one that keeps the rules."), _free_type),
        Question("accounts", N_("Accounts"), N_("Handles or networks, with spaces between; empty: all.")),
        _PILLAR,
        Question("title", N_("Title"), N_("What it is called, as Monday offer; may be empty.")),
        Question("from", N_("From"), N_("The first day, as 2026-12-01; empty: today.")),
        Question("except", N_("Except"), N_("Days on which it does not come, as 2026-12-24 2026-12-31.")),
    ),
    ("rule", "time", "type"),
    lambda queries, project: queries.slots(project),
    lambda slot: str(slot.id),
    _slot_values,
    _slot_document,
    lambda service, project, values, known: service.add_slot(project, _slot_of(values, known)),
    lambda service, _project, key, values, known: service.edit_slot(_id(key), _slot_of(values, known)),
    lambda service, _project, key: service.end_slot(_id(key)),
)


def _idea_values(idea: Idea, known: Known) -> Values:
    return {
        "text": idea.text,
        "type": idea.content_type if idea.content_type in known.types else "",
        "pillar": _pillar_name(idea.pillar_id, known),
        "rest": _told(idea.rest_days),
        "source": idea.source,
    }


def _idea_of(values: Values, known: Known) -> Any:
    from smm_tui.services.scheme import IdeaDraft

    return IdeaDraft(
        values["text"],
        _type(values["type"], known),
        pillar_id(values["pillar"], known.pillars),
        values["source"],
        _number(values["rest"], "rest"),
    )


def _idea_document(idea: Idea) -> Mapping[str, Any]:
    return {
        "id": idea.id,
        "text": idea.text,
        "type": idea.content_type or None,
        "pillar_id": idea.pillar_id,
        "rest_days": idea.rest_days,
        "source": idea.source,
        "media": [{"sha256": sha256, "alt": alt} for sha256, alt in idea.media],
        "used_at": iso(idea.used_at),
        "post": idea.used_post_id,
    }


IDEAS: SchemePart = Part(
    "idea",
    N_("Ideas"),
    N_("What posts could be about; evergreens may come again after a rest."),
    N_("No ideas yet: what could a post be about?"),
    (
        Question("text", N_("Text"), N_("What the post says, or what it is to be about."), None, True),
        Question("type", N_("Type"), N_("What kind of post it makes."), _any_type),
        _PILLAR,
        Question("rest", N_("Rest"), N_("Evergreen: it may come again after so many days; empty: used once.")),
        Question("source", N_("Source"), N_("Where it comes from, as an address or a name.")),
    ),
    ("text", "type", "rest"),
    lambda queries, project: queries.ideas(project),
    lambda idea: str(idea.id),
    _idea_values,
    _idea_document,
    lambda service, project, values, known: service.add_idea(project, _idea_of(values, known)),
    lambda service, _project, key, values, known: service.edit_idea(_id(key), _idea_of(values, known)),
    lambda service, _project, key: service.drop_idea(_id(key)),
)


def _template_document(template: Template) -> Mapping[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "text": template.text,
        "type": template.content_type or None,
        "everybody": template.project_id is None,
    }


TEMPLATES: SchemePart = Part(
    "template",
    N_("Templates"),
    N_("Texts with variables: {client} {date} {weekday} {month} {year} {time} {holiday} {link} {hashtags}."),
    N_("No templates yet: what do you write again and again?"),
    (
        Question("name", N_("Name"), N_("What it is called.")),
        Question(
            "text",
            N_("Text"),
            N_("Variables: {client} {project} {date} {weekday} {month} {year} {time} {holiday} {link} {hashtags}."),
            None,
            True,
        ),
        Question("type", N_("Type"), N_("Places of this type are filled with it when ideas run out."), _any_type),
        Question("everybody", N_("For all clients"), N_("Whether all clients may use it."), _answers),
    ),
    ("name", "text", "type"),
    lambda queries, project: queries.templates(project),
    lambda template: str(template.id),
    lambda template, known: {
        "name": template.name,
        "text": template.text,
        "type": template.content_type if template.content_type in known.types else "",
        "everybody": "yes" if template.project_id is None else "no",
    },
    _template_document,
    lambda service, project, values, known: service.add_template(
        None if _yes(values["everybody"], "everybody") else project,
        values["name"],
        values["text"],
        _type(values["type"], known),
    ),
    lambda service, project, key, values, known: service.edit_template(
        _id(key),
        None if _yes(values["everybody"], "everybody") else project,
        values["name"],
        values["text"],
        _type(values["type"], known),
    ),
    lambda service, _project, key: service.remove_template(_id(key)),
)


def _day_of(values: Values) -> Any:
    from smm_tui.services.scheme import DayDraft

    return DayDraft(
        day_of_words(values["day"], "day"),
        values["name"],
        _yes(values["yearly"], "yearly"),
        _yes(values["quiet"], "quiet"),
    )


def _day_document(day: SpecialDay) -> Mapping[str, Any]:
    return {"id": day.id, "day": day.day.isoformat(), "name": day.name, "yearly": day.yearly, "quiet": day.quiet}


DAYS: SchemePart = Part(
    "day",
    N_("Special days"),
    N_("Days that matter beside the public holidays; on quiet ones nothing is planned."),
    N_("No special days yet: which days matter beside the public holidays?"),
    (
        Question("day", N_("Day"), N_("As 2026-12-06.")),
        Question("name", N_("Name"), N_("What day it is.")),
        Question("yearly", N_("Every year"), N_("Whether it comes back on the same date."), _answers),
        Question("quiet", N_("Quiet"), N_("Whether nothing is planned on it."), _answers),
    ),
    ("day", "name", "yearly"),
    lambda queries, project: queries.special_days(project),
    lambda day: str(day.id),
    lambda day, _known: {
        "day": day.day.isoformat(),
        "name": day.name,
        "yearly": "yes" if day.yearly else "no",
        "quiet": "yes" if day.quiet else "no",
    },
    _day_document,
    lambda service, project, values, _known: service.add_day(project, _day_of(values)),
    lambda service, _project, key, values, _known: service.edit_day(_id(key), _day_of(values)),
    lambda service, _project, key: service.remove_day(_id(key)),
)


def _pillar_document(pillar: Pillar) -> Mapping[str, Any]:
    return {"id": pillar.id, "name": pillar.name, "note": pillar.note}


PILLARS: SchemePart = Part(
    "pillar",
    N_("Rubrics"),
    N_("Content pillars: what the posts keep coming back to."),
    N_("No rubrics yet: what do the posts keep coming back to?"),
    (
        Question("name", N_("Name"), N_("What it is called.")),
        Question("note", N_("Note"), N_("What belongs to it.")),
    ),
    ("name", "note", ""),
    lambda queries, project: queries.pillars(project),
    lambda pillar: str(pillar.id),
    lambda pillar, _known: {"name": pillar.name, "note": pillar.note},
    _pillar_document,
    lambda service, project, values, _known: service.add_pillar(project, values["name"], values["note"]),
    lambda service, _project, key, values, _known: service.edit_pillar(_id(key), values["name"], values["note"]),
    lambda service, _project, key: service.retire_pillar(_id(key)),
)


def _hashtags_document(tags: HashtagSet) -> Mapping[str, Any]:
    return {"id": tags.id, "name": tags.name, "tags": list(tags.tags)}


HASHTAGS: SchemePart = Part(
    "hashtags",
    N_("Hashtags"),
    N_("Sets of hashtags that go together; the composer puts them in."),
    N_("No hashtags yet: which go together?"),
    (
        Question("name", N_("Name"), N_("What the set is called.")),
        Question("tags", N_("Hashtags"), N_("With spaces between them, with or without #.")),
    ),
    ("name", "tags", ""),
    lambda queries, project: queries.hashtag_sets(project),
    lambda tags: str(tags.id),
    lambda tags, _known: {"name": tags.name, "tags": " ".join(tags.tags)},
    _hashtags_document,
    lambda service, project, values, _known: service.add_hashtags(project, values["name"], values["tags"]),
    lambda service, _project, key, values, _known: service.edit_hashtags(_id(key), values["name"], values["tags"]),
    lambda service, _project, key: service.remove_hashtags(_id(key)),
)

PARTS = (TYPES, SLOTS, IDEAS, TEMPLATES, DAYS, PILLARS, HASHTAGS)
