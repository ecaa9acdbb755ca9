"""Who lives where in the simulated world, what they like and speak: what advertising networks know of people."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

COUNTRY, REGION, CITY, DISTRICT, STATION = "country", "region", "city", "district", "station"
YOUNGEST, OLDEST = 13, 79
ONLINE = 0.4  # of everybody, who uses a network
_DENSITY = 4000  # people on a square kilometre of a city
_AROUND = 0.5  # of the people near a place, who live within the square of the asked radius beyond the place's own
_EARTH = 6371.0  # km


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with a name. `parent` is the id of the one around it; `code` is a country's ISO code."""

    id: str
    kind: str
    name: str
    parent: str
    people: int
    latitude: float
    longitude: float
    code: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that a share of all people have: an interest or a language."""

    id: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody within `radius` metres of a point."""

    latitude: float
    longitude: float
    radius: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """Whom an ad set is for. Nothing stated means everybody; `interests` need one in common."""

    places: tuple[str | Circle, ...] = ()
    without: tuple[str | Circle, ...] = ()
    age_from: int = YOUNGEST
    age_to: int = OLDEST
    sex: str = ""  # "female" or "male"
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


_PLACES = (
    Spot("49", COUNTRY, "Germany", "", 84_000_000, 51.2, 10.4, "DE"),
    Spot("43", COUNTRY, "Austria", "", 9_100_000, 47.6, 14.1, "AT"),
    Spot("44", COUNTRY, "United Kingdom", "", 68_000_000, 54.0, -2.5, "GB"),
    Spot("33", COUNTRY, "France", "", 68_000_000, 46.6, 2.5, "FR"),
    Spot("100", COUNTRY, "United States", "", 335_000_000, 39.8, -98.6, "US"),
    Spot("7", COUNTRY, "Россия", "", 146_000_000, 61.5, 96.7, "RU"),
    Spot("531", REGION, "Berlin", "49", 3_800_000, 52.52, 13.40),
    Spot("532", REGION, "Hamburg", "49", 1_900_000, 53.55, 10.0),
    Spot("533", REGION, "Bayern", "49", 13_400_000, 48.95, 11.4),
    Spot("534", REGION, "Wien", "43", 2_000_000, 48.21, 16.37),
    Spot("535", REGION, "England", "44", 57_000_000, 52.4, -1.5),
    Spot("536", REGION, "Île-de-France", "33", 12_300_000, 48.7, 2.5),
    Spot("537", REGION, "New York", "100", 19_600_000, 42.9, -75.5),
    Spot("538", REGION, "Москва и область", "7", 21_700_000, 55.6, 37.6),
    Spot("539", REGION, "Санкт-Петербург и область", "7", 7_600_000, 59.9, 30.3),
    Spot("541", REGION, "Новосибирская область", "7", 2_800_000, 55.0, 79.0),
    Spot("24101", CITY, "Berlin", "531", 3_700_000, 52.52, 13.40),
    Spot("24102", CITY, "Hamburg", "532", 1_850_000, 53.55, 10.0),
    Spot("24103", CITY, "München", "533", 1_500_000, 48.14, 11.58),
    Spot("24104", CITY, "Nürnberg", "533", 520_000, 49.45, 11.08),
    Spot("24105", CITY, "Wien", "534", 1_980_000, 48.21, 16.37),
    Spot("24106", CITY, "London", "535", 8_900_000, 51.51, -0.13),
    Spot("24107", CITY, "Paris", "536", 2_100_000, 48.86, 2.35),
    Spot("24108", CITY, "New York", "537", 8_300_000, 40.71, -74.01),
    Spot("24109", CITY, "Москва", "538", 13_100_000, 55.75, 37.62),
    Spot("24110", CITY, "Химки", "538", 260_000, 55.89, 37.43),
    Spot("24111", CITY, "Санкт-Петербург", "539", 5_600_000, 59.94, 30.31),
    Spot("24112", CITY, "Новосибирск", "541", 1_630_000, 55.03, 82.92),
    Spot("3101", DISTRICT, "Mitte", "24101", 390_000, 52.53, 13.37),
    Spot("3102", DISTRICT, "Pankow", "24101", 420_000, 52.57, 13.41),
    Spot("3103", DISTRICT, "Арбат", "24109", 36_000, 55.75, 37.59),
    Spot("3104", DISTRICT, "Тверской", "24109", 78_000, 55.77, 37.61),
    Spot("3105", DISTRICT, "Василеостровский", "24111", 200_000, 59.94, 30.24),
    Spot("201", STATION, "Арбатская", "24109", 30_000, 55.752, 37.604),
    Spot("202", STATION, "Тверская", "24109", 44_000, 55.765, 37.605),
    Spot("203", STATION, "Чистые пруды", "24109", 38_000, 55.765, 37.639),
    Spot("204", STATION, "Сокольники", "24109", 61_000, 55.789, 37.680),
    Spot("205", STATION, "Невский проспект", "24111", 52_000, 59.936, 30.327),
    Spot("206", STATION, "Василеостровская", "24111", 66_000, 59.943, 30.278),
    Spot("207", STATION, "Площадь Ленина", "24112", 41_000, 55.030, 82.920),
)
PLACES = {place.id: place for place in _PLACES}
"""Places by their id."""

INTERESTS = {
    trait.id: trait
    for trait in (
        Trait("6003107902433", "Football (soccer)", 0.24),
        Trait("6003384248805", "Fitness and wellness", 0.19),
        Trait("6003012317397", "Yoga", 0.06),
        Trait("6003397425735", "Coffee", 0.17),
        Trait("6003133978408", "Bread", 0.08),
        Trait("6003134986700", "Baking", 0.11),
        Trait("6003462346642", "Books", 0.22),
        Trait("6003020834693", "Music", 0.47),
        Trait("6003139266461", "Movies", 0.41),
        Trait("6003263791114", "Shopping", 0.36),
        Trait("6003470511564", "Do it yourself (DIY)", 0.12),
        Trait("6003327060545", "Education", 0.27),
        Trait("6004160395895", "Travel", 0.33),
        Trait("6003476182657", "Gardening", 0.09),
    )
}
LANGUAGES = {
    trait.id: trait
    for trait in (
        Trait("5", "German", 0.16),
        Trait("6", "English (US)", 0.3),
        Trait("24", "English (UK)", 0.2),
        Trait("9", "French (France)", 0.13),
        Trait("17", "Russian", 0.22),
        Trait("52", "Ukrainian", 0.04),
    )
}


def people(crowd: Crowd) -> int:
    """How many there are of a crowd, using the network."""
    here = sum(_living(place) for place in _outermost(crowd.places)) if crowd.places else _everybody()
    away = sum(_living(place) for place in _outermost(crowd.without) if _is_within(place, crowd.places))
    span = max(0, min(crowd.age_to, OLDEST) - max(crowd.age_from, YOUNGEST) + 1)
    share = ONLINE * span / (OLDEST - YOUNGEST + 1)
    if crowd.sex:
        share *= 0.52 if crowd.sex == "female" else 0.48
    for known, wanted in ((INTERESTS, crowd.interests), (LANGUAGES, crowd.languages)):
        if wanted:
            share *= min(1.0, sum(known[key].share for key in wanted if key in known))
    return max(0, int((here - away) * share))


def spots(kinds: Collection[str], words: str, *, within: str = "") -> list[Spot]:
    """Places of these kinds one of whose words begins like this, the biggest first."""
    found = [
        place
        for place in _PLACES
        if place.kind in kinds and _begins(place.name, words) and (not within or within in chain(place.id))
    ]
    return sorted(found, key=lambda place: -place.people)


def traits(known: Iterable[Trait], words: str) -> list[Trait]:
    """Interests or languages one of whose words begins like this, the most common first."""
    return sorted((each for each in known if _begins(each.name, words)), key=lambda each: -each.share)


def chain(place_id: str) -> Iterator[str]:
    """The ids of a place and of those around it."""
    while place_id:
        yield place_id
        place_id = PLACES[place_id].parent


def surrounding(place: Spot, kind: str) -> Spot | None:
    """The country, region or city that a place lies in, or is."""
    return next((PLACES[key] for key in chain(place.id) if PLACES[key].kind == kind), None)


def country(code: str) -> Spot | None:
    """A country by its ISO code."""
    return next((place for place in _PLACES if place.code == code), None)


def _begins(name: str, words: str) -> bool:
    wanted = words.casefold().strip()
    folded = name.casefold()
    return folded.startswith(wanted) or f" {wanted}" in folded.replace("(", " ").replace("-", " ")


def _everybody() -> int:
    return sum(place.people for place in _PLACES if place.kind == COUNTRY)


def _living(place: str | Circle) -> int:
    if isinstance(place, str):
        return PLACES[place].people if place in PLACES else 0
    area = math.pi * (place.radius / 1000) ** 2
    near = [spot for spot in _PLACES if spot.kind == CITY and _distance(place, spot) * 1000 < place.radius + 25_000]
    return min(round(area * _DENSITY * _AROUND), sum(spot.people for spot in near))


def _outermost(places: tuple[str | Circle, ...]) -> list[str | Circle]:
    """Places without those that lie in another of them."""
    named = {place for place in places if isinstance(place, str) and place in PLACES}
    kept: list[str | Circle] = [place for place in sorted(named) if not named & set(chain(PLACES[place].parent))]
    return kept + [place for place in places if isinstance(place, Circle)]


def _is_within(place: str | Circle, places: tuple[str | Circle, ...]) -> bool:
    return isinstance(place, Circle) or not places or any(each in places for each in chain(place))


def _distance(circle: Circle, spot: Spot) -> float:
    """Kilometres, on a plain good enough for a toy."""
    north = math.radians(spot.latitude - circle.latitude)
    east = math.radians(spot.longitude - circle.longitude) * math.cos(math.radians(circle.latitude))
    return _EARTH * math.hypot(north, east)
