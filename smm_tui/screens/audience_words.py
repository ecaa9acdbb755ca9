"""Audiences in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.formats import WEEKDAYS
from smm_tui.i18n import N_, _, ngettext
from smm_tui.networks.advertising import Audience, AudienceField, Estimate, Place, PlaceKind, Topic

KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.COUNTRY: N_("country"),
    PlaceKind.REGION: N_("region"),
    PlaceKind.CITY: N_("city"),
    PlaceKind.DISTRICT: N_("district"),
    PlaceKind.STATION: N_("metro station"),
    PlaceKind.POINT: N_("point"),
}
SEXES = {"": N_("everybody"), "female": N_("women"), "male": N_("men")}
TOPICS = {
    AudienceField.LANGUAGES: N_("language"),
    AudienceField.INTERESTS: N_("interest"),
    AudienceField.LISTS: N_("list of people"),
}


def place(one: Place) -> str:
    """A place with its distance."""
    text = one.name or f"{one.latitude}, {one.longitude}"
    if one.radius is not None:
        text += " " + _("+{km} km").format(km=f"{one.radius / 1000:g}")
    return text


def ages(audience: Audience) -> str:
    """From what age to what age."""
    low, high = audience.age_from, audience.age_to
    if low is None and high is None:
        return _("all ages")
    if high is None:
        return _("from {age}").format(age=low)
    return _("to {age}").format(age=high) if low is None else f"{low}-{high}"


def hours(chosen: Mapping[str, Sequence[int]]) -> str:
    """The hours of a week in which ads run, days with the same hours together."""
    if not chosen:
        return _("at all hours")
    together: dict[tuple[int, ...], list[str]] = {}
    for weekday, name in enumerate(WEEKDAYS):
        if listed := chosen.get(str(weekday)):
            together.setdefault(tuple(sorted(listed)), []).append(_(name))
    return "; ".join(f"{','.join(days)} {_spans(listed)}" for listed, days in together.items())


def told_audience(audience: Audience) -> Iterator[tuple[str, str]]:
    """An audience as labels and words; what says nothing is left out."""
    if audience.places:
        yield _("places"), "; ".join(f"{place(one)} ({_(KINDS[one.kind])})" for one in audience.places)
    if audience.without_places:
        yield _("not in"), "; ".join(place(one) for one in audience.without_places)
    yield _("people"), f"{_(SEXES.get(audience.sex, audience.sex))}, {ages(audience)}"
    for label, topics in (
        (_("languages"), audience.languages),
        (_("interests"), audience.interests),
        (_("lists"), audience.lists),
        (_("not of lists"), audience.without_lists),
    ):
        if topics:
            yield label, _names(topics)


def estimate(found: Estimate) -> list[str]:
    """What the network says of an audience."""
    least, most = found.people_least, found.people_most
    if least is None and most is None:
        lines = [_("The network does not say how many.")]
    elif least is not None and most is not None and least != most:
        lines = [_("{least} to {most} people").format(least=f"{least:,}", most=f"{most:,}")]
    else:
        count = (least if least is not None else most) or 0
        lines = [ngettext("about {count} person", "about {count} people", count).format(count=f"{count:,}")]
    if found.reach_daily is not None:
        lines.append(_("{count} of them a day with this budget").format(count=f"{found.reach_daily:,}"))
    if not found.ready:
        lines.append(_("The network still counts: ask again in a while."))
    return [*lines, found.note] if found.note else lines


def _names(topics: Sequence[Topic]) -> str:
    return ", ".join(one.name for one in topics)


def _spans(listed: Sequence[int]) -> str:
    """Hours as spans: 8,9,10,20 are 8-11, 20-21."""
    spans: list[list[int]] = []
    for hour in listed:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return ",".join(f"{first}-{last}" for first, last in spans)


def parse_hours(words: str) -> dict[str, tuple[int, ...]]:
    """Hours of a week as people type them: ``Mon-Fri 8-20; Sat 9-12``. InvalidInput for what is none."""
    found: dict[str, set[int]] = {}
    for part in words.split(";"):
        days, _space, spans = part.strip().partition(" ")
        if not days:
            continue
        listed = {hour for span in spans.split(",") for hour in _hours_of(span.strip(), part)}
        for weekday in _weekdays(days, part):
            found.setdefault(str(weekday), set()).update(listed)
    return {weekday: tuple(sorted(listed)) for weekday, listed in sorted(found.items())}


def _weekdays(words: str, part: str) -> list[int]:
    named = {name.casefold(): n for names in (WEEKDAYS, [_(day) for day in WEEKDAYS]) for n, name in enumerate(names)}
    listed: list[int] = []
    for span in words.casefold().split(","):
        first, _dash, last = span.partition("-")
        if first not in named or (last or first) not in named:
            raise _not_hours(part)
        start, end = named[first], named[last or first]
        listed += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return listed


def _hours_of(span: str, part: str) -> range:
    first, dash, last = span.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise _not_hours(part)
    start, end = int(first), int(last) if last else int(first) + 1
    if not 0 <= start < end <= 24:
        raise _not_hours(part)
    return range(start, end)


def _not_hours(part: str) -> InvalidInput:
    return InvalidInput(
        _("“{words}” are no hours.").format(words=clip(inert(part.strip()), 40)),
        _("Write them as Mon-Fri 8-20; Sat 9-12."),
        field="hours",
    )
