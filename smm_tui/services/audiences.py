"""Audiences as they are stored and compared, and what to use where a network cannot express one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, NamedTuple

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.advertising import AdsRules, Audience, AudienceField, Place, PlaceKind, Topic

SEXES = ("", "female", "male")
NEAR = 1_000
"""Metres around a station or district where nothing else was asked for."""
_NAMES = 200
_MOST = 500

_FIELDS = {
    PlaceKind.COUNTRY: AudienceField.COUNTRY,
    PlaceKind.REGION: AudienceField.REGION,
    PlaceKind.CITY: AudienceField.CITY,
    PlaceKind.DISTRICT: AudienceField.DISTRICT,
    PlaceKind.STATION: AudienceField.STATION,
    PlaceKind.POINT: AudienceField.POINT,
}


class Substitution(NamedTuple):
    """What a network cannot express, and the audience that comes nearest; None: there is nothing to use instead."""

    question: str
    audience: Audience | None


def as_json(audience: Audience) -> dict[str, Any]:
    """An audience as it is stored: parts that say nothing are left out."""
    found: dict[str, Any] = {}
    for name, value in asdict(audience).items():
        if isinstance(value, tuple):
            value = [{key: part for key, part in one.items() if part is not None} for one in value]
        if value not in (None, "", []):
            found[name] = value
    return found


def from_json(stored: Mapping[str, Any]) -> Audience:
    """A stored audience; what is not known is left out."""

    def places(name: str) -> tuple[Place, ...]:
        return tuple(Place(**{**one, "kind": PlaceKind(one["kind"])}) for one in stored.get(name, ()))

    def topics(name: str) -> tuple[Topic, ...]:
        return tuple(Topic(**one) for one in stored.get(name, ()))

    return Audience(
        places("places"),
        places("without_places"),
        stored.get("age_from"),
        stored.get("age_to"),
        stored.get("sex", ""),
        topics("languages"),
        topics("interests"),
        topics("lists"),
        topics("without_lists"),
    )


def checked(audience: Audience) -> Audience:
    """An audience that some network could have. InvalidInput, with the `field`, for what none could."""
    low, high = audience.age_from, audience.age_to
    for age, field in ((low, "age_from"), (high, "age_to")):
        if age is not None and not 0 < age <= 120:
            raise InvalidInput(_("{age} is no age.").format(age=age), _("Give one from 13 to 75."), field=field)
    if low is not None and high is not None and low > high:
        raise InvalidInput(
            _("The ages from {low} to {high} are nobody's.").format(low=low, high=high),
            _("Turn the two around."),
            field="age_to",
        )
    if audience.sex not in SEXES:
        raise InvalidInput(_("There is no such sex."), _("Choose female, male, or leave it out."), field="sex")
    for field in ("places", "without_places", "languages", "interests", "lists", "without_lists"):
        _check_list(getattr(audience, field), field)
    both = {(place.kind, place.id) for place in audience.places} & {
        (place.kind, place.id) for place in audience.without_places
    }
    for place in audience.places:
        if (place.kind, place.id) in both and place.kind is not PlaceKind.POINT:
            raise InvalidInput(
                _("{name} is both chosen and left out.").format(name=inert(place.name)),
                _("Take it from one of the two."),
                field="without_places",
            )
    return audience


def _check_list(chosen: tuple[Place, ...] | tuple[Topic, ...], field: str) -> None:
    if len(chosen) > _MOST:
        raise InvalidInput(_("That is more than {most}.").format(most=_MOST), _("Leave some out."), field=field)
    for one in chosen:
        if not (one.id or isinstance(one, Place)) or len(one.name) > _NAMES or len(one.id) > _NAMES:
            raise InvalidInput(
                _("“{name}” is not from the network's lists.").format(name=clip(inert(one.name), 40)),
                _("Look it up again."),
                field=field,
            )
        if isinstance(one, Place) and one.radius is not None and not 0 < one.radius <= 500_000:
            raise InvalidInput(
                _("The radius around {name} is out of all bounds.").format(name=clip(inert(one.name), 40)),
                _("Give it in metres, as 1000."),
                field=field,
            )


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The parts in which two stored audiences differ; the two ages count as one part."""
    names = [field.name for field in fields(Audience)]
    found = ["age" if name.startswith("age_") else name for name in names if one.get(name) != other.get(name)]
    return list(dict.fromkeys(found))


def unspeakable(audience: Audience, rules: AdsRules) -> list[AudienceField]:
    """What of an audience a network cannot express."""
    used = [_FIELDS[place.kind] for place in (*audience.places, *audience.without_places)]
    used += [AudienceField.CITY_RADIUS for place in audience.places if place.kind is PlaceKind.CITY and place.radius]
    for field, value in (
        (AudienceField.WITHOUT_PLACES, audience.without_places),
        (AudienceField.LANGUAGES, audience.languages),
        (AudienceField.INTERESTS, audience.interests),
        (AudienceField.LISTS, audience.lists + audience.without_lists),
        (AudienceField.SEX, audience.sex),
        (AudienceField.AGE, audience.age_from or audience.age_to),
    ):
        if value:
            used.append(field)
    return [field for field in dict.fromkeys(used) if field not in rules.fields]


def substitute(audience: Audience, network: str, rules: AdsRules) -> Substitution | None:
    """What to use instead of what a network cannot express; None when it can express it all."""
    missing = unspeakable(audience, rules)
    if not missing:
        return None
    title = registry.spec(network).title
    around = [place for place in audience.places if _FIELDS[place.kind] in missing]
    known = all(place.latitude is not None and place.longitude is not None for place in around)
    circles = {AudienceField.STATION, AudienceField.DISTRICT}
    if set(missing) <= circles and AudienceField.POINT in rules.fields and known and around:
        told = _cannot(missing[0], title)
        metres = max(rules.radius_least, NEAR)
        count = len(around)
        one = {PlaceKind.STATION: _("use a {km} km radius around the station?")}
        several = {PlaceKind.STATION: _("use a {km} km radius around {count} stations?")}
        kind = around[0].kind if len({place.kind for place in around}) == 1 else PlaceKind.POINT
        asked = (
            one.get(kind, _("use a {km} km radius around the place?"))
            if count == 1
            else several.get(kind, _("use a {km} km radius around {count} places?"))
        )
        question = f"{told}: {asked.format(km=f'{metres / 1000:g}', count=count)}"
        kept = tuple(_circle(place, rules) if place in around else place for place in audience.places)
        without = tuple(place for place in audience.without_places if _FIELDS[place.kind] not in missing)
        return Substitution(question, replace(audience, places=kept, without_places=without))
    question = _("{told}: leave it out?").format(told="; ".join(_cannot(field, title) for field in missing))
    left = _without(audience, missing)
    return Substitution(question, left if left.places else None)


def _cannot(field: AudienceField, title: str) -> str:
    known = {
        AudienceField.STATION: _("{network} knows no metro stations"),
        AudienceField.DISTRICT: _("{network} knows no districts of cities"),
        AudienceField.CITY_RADIUS: _("{network} takes cities without a radius"),
        AudienceField.LANGUAGES: _("{network} does not choose people by language"),
        AudienceField.LISTS: _("{network} has no lists of people"),
    }
    sentence = known.get(field, _("{network} cannot choose people by {field}"))
    return sentence.format(network=title, field=_(str(field)))


def _circle(place: Place, rules: AdsRules) -> Place:
    radius = min(max(place.radius or NEAR, rules.radius_least), rules.radius_most)
    return replace(place, kind=PlaceKind.POINT, id="", radius=radius)


def _without(audience: Audience, missing: Iterable[AudienceField]) -> Audience:
    gone = set(missing)

    def kept(places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(place for place in places if _FIELDS[place.kind] not in gone)

    places = kept(audience.places)
    if AudienceField.CITY_RADIUS in gone:
        places = tuple(replace(one, radius=None) if one.kind is PlaceKind.CITY else one for one in places)
    return replace(
        audience,
        places=places,
        without_places=() if AudienceField.WITHOUT_PLACES in gone else kept(audience.without_places),
        languages=() if AudienceField.LANGUAGES in gone else audience.languages,
        interests=() if AudienceField.INTERESTS in gone else audience.interests,
        lists=() if AudienceField.LISTS in gone else audience.lists,
        without_lists=() if AudienceField.LISTS in gone else audience.without_lists,
        sex="" if AudienceField.SEX in gone else audience.sex,
        age_from=None if AudienceField.AGE in gone else audience.age_from,
        age_to=None if AudienceField.AGE in gone else audience.age_to,
    )
