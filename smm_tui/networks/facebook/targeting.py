"""Audiences as the Marketing API's targeting. Pure: what Facebook cannot express is Rejected, before any call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _
from smm_tui.networks.advertising import Audience, Place, PlaceKind, Topic
from smm_tui.networks.facebook.spec import ADS, TITLE
from smm_tui.networks.ports import JSON

CITY_RADII = (17_000, 80_000)  # metres; none: the city alone
POINT_RADIUS = 1_000  # metres, where a point has none of its own
EUROPEAN_UNION = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_GENDERS = {"male": 1, "female": 2}
_MOST = {"cities": 250, "regions": 200, "custom_locations": 200}


def targeting(audience: Audience, placements: Sequence[str] = ()) -> JSON:
    """The targeting of an audience. Facebook is told not to widen it by itself.

    Rejected with the name of the part in `field`.
    """
    _ensure_ages(audience)
    spec: JSON = {
        "geo_locations": _locations(audience.places, "places"),
        "targeting_automation": {"advantage_audience": 0},
    }
    if not spec["geo_locations"]:
        raise Rejected(
            _("An audience on Facebook needs at least one place."),
            _("Add a country, region or city."),
            field="places",
        )
    if audience.without_places:
        spec["excluded_geo_locations"] = _locations(audience.without_places, "without_places")
    if audience.age_from is not None:
        spec["age_min"] = audience.age_from
    if audience.age_to is not None:
        spec["age_max"] = audience.age_to
    if audience.sex:
        if audience.sex not in _GENDERS:
            raise Rejected(_("Facebook knows no such sex."), _("Choose women, men or both."), field="sex")
        spec["genders"] = [_GENDERS[audience.sex]]
    if audience.languages:
        spec["locales"] = [_number(topic, "languages") for topic in audience.languages]
    if audience.interests:
        spec["flexible_spec"] = [
            {"interests": [{"id": topic.id, "name": topic.name} for topic in audience.interests]}
        ]
    if audience.lists:
        spec["custom_audiences"] = [{"id": topic.id} for topic in audience.lists]
    if audience.without_lists:
        spec["excluded_custom_audiences"] = [{"id": topic.id} for topic in audience.without_lists]
    if placements:
        _ensure_placements(placements)
        spec["publisher_platforms"] = list(placements)
    return spec


def is_narrowed(audience: Audience) -> bool:
    """Whether ages or a sex are left out, which ads of special categories may not do."""
    return bool(audience.sex) or audience.age_from is not None or audience.age_to is not None


def needs_payer(spec: Mapping[str, Any]) -> bool:
    """Whether a country of the European Union is named; of cities and regions the network alone knows that."""
    return bool(EUROPEAN_UNION & set(spec["geo_locations"].get("countries", ())))


def _ensure_ages(audience: Audience) -> None:
    low, high = audience.age_from, audience.age_to
    for age, name in ((low, "age_from"), (high, "age_to")):
        if age is not None and not ADS.age_least <= age <= ADS.age_most:
            raise Rejected(
                _("Ages on Facebook go from {least} to {most}.").format(least=ADS.age_least, most=ADS.age_most),
                _("{most} stands for everybody of that age and above.").format(most=ADS.age_most),
                field=name,
            )
    if low is not None and high is not None and low > high:
        raise Rejected(
            _("The ages from {low} to {high} are nobody's.").format(low=low, high=high),
            _("Turn the two around."),
            field="age_to",
        )


def _ensure_placements(placements: Iterable[str]) -> None:
    for name in placements:
        if name not in ADS.placements:
            raise Rejected(
                _("Facebook shows no ads at {name}.").format(name=ascii(name)[1:-1]),
                _("It shows them at: {names}.").format(names=", ".join(ADS.placements)),
                field="placements",
            )


def _locations(places: Iterable[Place], field: str) -> JSON:
    found: dict[str, list[Any]] = {}
    for place in places:
        name, value = _location(place, field)
        if value not in found.setdefault(name, []):
            found[name].append(value)
    for name, values in found.items():
        if len(values) > _MOST.get(name, len(values)):
            raise Rejected(
                _("Facebook takes {count} places of a kind at most.").format(count=_MOST[name]),
                _("Choose a larger place around them."),
                field=field,
            )
    return found


def _location(place: Place, field: str) -> tuple[str, Any]:
    match place.kind:
        case PlaceKind.COUNTRY:
            return "countries", place.id
        case PlaceKind.REGION:
            return "regions", {"key": place.id}
        case PlaceKind.CITY:
            if not place.radius:
                return "cities", {"key": place.id}
            _ensure_radius(place, *CITY_RADII, field)
            radius = round(place.radius / 1000)
            return "cities", {"key": place.id, "radius": radius, "distance_unit": "kilometer"}
        case PlaceKind.POINT:
            return "custom_locations", _circle(place, field)
        case PlaceKind.STATION | PlaceKind.DISTRICT:
            raise no_such_place(place.kind, field)


def _circle(place: Place, field: str) -> JSON:
    if place.latitude is None or place.longitude is None:
        raise Rejected(
            _("It is not known where {name} lies.").format(name=place.name),
            _("Give its latitude and longitude."),
            field=field,
        )
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise Rejected(_("There is no such place on earth."), _("Check latitude and longitude."), field=field)
    _ensure_radius(place, ADS.radius_least, ADS.radius_most, field)
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "radius": round((place.radius or POINT_RADIUS) / 1000, 1),
        "distance_unit": "kilometer",
    }


def _ensure_radius(place: Place, least: int, most: int, field: str) -> None:
    if place.radius and not least <= place.radius <= most:
        raise Rejected(
            _("The radius around {name} must be from {least} to {most} km.").format(
                name=place.name, least=least // 1000, most=most // 1000
            ),
            _("Change it, or take the place alone."),
            field=field,
        )


def no_such_place(kind: PlaceKind, field: str) -> Rejected:
    """The answer to places of a kind that Facebook does not know."""
    known = {
        PlaceKind.STATION: _("{network} knows no metro stations."),
        PlaceKind.DISTRICT: _("{network} knows no districts of cities."),
    }
    sentence = known.get(kind, _("{network} has no list of such places."))
    return Rejected(
        sentence.format(network=TITLE),
        _("Use a circle around the place, with a radius of 1 km or more."),
        field=field,
    )


def _number(topic: Topic, field: str) -> int:
    if not topic.id.isascii() or not topic.id.isdigit() or len(topic.id) > 15:
        raise Rejected(
            _("Facebook has no such entry: {name}.").format(name=topic.name),
            _("Choose it from Facebook's own list."),
            field=field,
        )
    return int(topic.id)
