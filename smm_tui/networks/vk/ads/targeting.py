"""Audiences as VK Реклама's targetings. Pure: what it cannot express is Rejected, before any call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _
from smm_tui.networks.advertising import Audience, Place, PlaceKind, Topic
from smm_tui.networks.ports import JSON
from smm_tui.networks.vk.ads.words import ADS, AGE_LEAST, AGE_MOST, RADIUS, RADIUS_LEAST, RADIUS_MOST, WEEK

_REGIONS = (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.CITY)
_CIRCLES = (PlaceKind.STATION, PlaceKind.POINT)
DICTIONARIES = ("interests", "interests_soc_dem", "interests_stable")  # of topics: the head of a topic's id


def targetings(
    audience: Audience, hours: Mapping[str, tuple[int, ...]], placements: Sequence[str] = (), *, circles: bool = True
) -> JSON:
    """The targetings of a set; `circles` False leaves circles out, for calls that do not take them.

    Rejected with the name of the part in `field`.
    """
    if not audience.places:
        raise Rejected(
            _("An audience on VK needs at least one place."),
            _("Add a country, region, city or station."),
            field="places",
        )
    found: JSON = {}
    if geo := _geo(audience, circles=circles):
        found["geo"] = geo
    if ages := _ages(audience):
        found["age"] = {"age_list": ages, "expand": False}
    if audience.sex:
        if audience.sex not in ("female", "male"):
            raise Rejected(_("VK knows no such sex."), _("Choose women, men or both."), field="sex")
        found["sex"] = [audience.sex]
    if audience.languages:
        raise Rejected(_("VK does not choose people by language."), _("Leave it out."), field="languages")
    for topic in audience.interests:
        dictionary, _colon, number = topic.id.rpartition(":")
        name = dictionary or DICTIONARIES[0]
        if name not in DICTIONARIES:
            raise _unknown(topic, "interests")
        found.setdefault(name, []).append(_number(topic, number, "interests"))
    lists = [_number(topic, topic.id, "lists") for topic in audience.lists]
    lists += [-_number(topic, topic.id, "without_lists") for topic in audience.without_lists]
    if lists:
        found["segments"] = lists
    if hours:
        found["fulltime"] = _hours(hours)
    if placements:
        pads = [name for name in placements if name.isascii() and name.isdigit() and len(name) < 12]
        if len(pads) != len(placements):
            raise Rejected(
                _("VK knows placements by their numbers."), _("Leave them out: VK chooses."), field="placements"
            )
        found["pads"] = [int(name) for name in pads]
    return found


def has_circles(audience: Audience) -> bool:
    """Whether an audience is around stations or points."""
    return any(place.kind in _CIRCLES for place in audience.places)


def _geo(audience: Audience, *, circles: bool) -> JSON:
    for place in (*audience.places, *audience.without_places):
        field = "places" if place in audience.places else "without_places"
        if place.kind not in (*_REGIONS, *_CIRCLES):
            raise Rejected(
                _("VK knows no districts of cities."),
                _("Use circles of 1 km around points or stations in it."),
                field=field,
            )
        if place.radius and place.kind in _REGIONS:
            raise Rejected(
                _("VK takes {name} without a radius.").format(name=place.name),
                _("Choose a point in it with that radius."),
                field=field,
            )
    around = [place for place in audience.places if place.kind in _CIRCLES]
    regions = [place for place in audience.places if place.kind in _REGIONS]
    if any(place.kind in _CIRCLES for place in audience.without_places):
        raise Rejected(
            _("VK leaves out whole regions and cities only."),
            _("Take the stations and points out of the exclusions."),
            field="without_places",
        )
    if around and (regions or audience.without_places):
        raise Rejected(
            _("VK takes either regions and cities, or stations and points."),
            _("Make a second set for the others."),
            field="places" if regions else "without_places",
        )
    locations = [_circle(place) for place in around]
    if around:
        return {"local_geo": {"visit_type": "usual", "locations": locations}} if circles else {}
    numbers = [_region(place, "places") for place in regions]
    numbers += [-_region(place, "without_places") for place in audience.without_places]
    return {"regions": numbers} if numbers else {}


def _circle(place: Place) -> JSON:
    if place.latitude is None or place.longitude is None:
        raise Rejected(
            _("It is not known where {name} lies, and VK takes stations as circles only.").format(name=place.name),
            _("Choose a point there, by latitude and longitude."),
            field="places",
        )
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise Rejected(_("There is no such place on earth."), _("Check latitude and longitude."), field="places")
    radius = place.radius or RADIUS
    if not RADIUS_LEAST <= radius <= RADIUS_MOST:
        raise Rejected(
            _("The radius around {name} must be from {least} to {most} metres.").format(
                name=place.name, least=RADIUS_LEAST, most=RADIUS_MOST
            ),
            _("Change it."),
            field="places",
        )
    return {"lat": place.latitude, "lng": place.longitude, "radius": radius, "label": place.name[:100]}


def _region(place: Place, field: str) -> int:
    if not (place.id.isascii() and place.id.isdigit() and 0 < len(place.id) < 12):
        raise Rejected(
            _("{name} is not a place of VK's.").format(name=place.name), _("Look it up again for VK."), field=field
        )
    return int(place.id)


def _ages(audience: Audience) -> list[int]:
    if audience.age_from is None and audience.age_to is None:
        return []
    low = AGE_LEAST if audience.age_from is None else audience.age_from
    high = AGE_MOST if audience.age_to is None else audience.age_to
    for age, field in ((low, "age_from"), (high, "age_to")):
        if not ADS.age_least <= age <= ADS.age_most:
            raise Rejected(
                _("Ages on VK go from {least} to {most}.").format(least=ADS.age_least, most=ADS.age_most),
                _("{most} stands for everybody of that age and above.").format(most=ADS.age_most),
                field=field,
            )
    if low > high:
        raise Rejected(
            _("The ages from {low} to {high} are nobody's.").format(low=low, high=high),
            _("Turn the two around."),
            field="age_to",
        )
    return list(range(low, high + 1))


def _hours(hours: Mapping[str, tuple[int, ...]]) -> JSON:
    known = {str(number): name for number, name in enumerate(WEEK)}
    for day, chosen in hours.items():
        if day not in known or not all(0 <= hour <= 23 for hour in chosen):
            raise Rejected(
                _("The hours of a week are 0 to 23 on its days 0 (Monday) to 6."), _("Correct them."), field="hours"
            )
    return {"flags": [], **{name: sorted(set(hours.get(day, ()))) for day, name in known.items()}}


def _number(topic: Topic, text: str, field: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 19):
        raise _unknown(topic, field)
    return int(text)


def _unknown(topic: Topic, field: str) -> Rejected:
    return Rejected(
        _("{name} is not in VK's lists.").format(name=topic.name), _("Look it up again for VK."), field=field
    )
