"""Where the stations of underground railways are: VK Реклама knows circles only, and its dictionaries no places."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from smm_tui.networks.advertising import Place, PlaceKind

_LISTED = 50
_CITIES = {
    "moscow": "Москва",
    "saint petersburg": "Санкт-Петербург",
    "st. petersburg": "Санкт-Петербург",
    "novosibirsk": "Новосибирск",
    "yekaterinburg": "Екатеринбург",
    "ekaterinburg": "Екатеринбург",
    "kazan": "Казань",
    "nizhny novgorod": "Нижний Новгород",
    "samara": "Самара",
}


def folded(name: str) -> str:
    """A name so that spellings of one station are the same."""
    plain = name.casefold().replace("ё", "е")
    return "".join(sign for sign in plain if sign.isalnum())


def located(city: str, names: Iterable[str]) -> list[Place]:
    """Stations of a city by their names; those that nobody located have no coordinates."""
    known = {folded(place.name): place for place in _stations() if city_of(place) == _city(city)}
    return [
        known.get(folded(name)) or Place(PlaceKind.STATION, f"{_city(city)}/{name}", name) for name in names if name
    ]


def found(words: str, city: str = "") -> list[Place]:
    """Stations one of whose words begins like this, in one city or in all."""
    wanted = words.casefold().replace("ё", "е").strip()
    return [
        place for place in _stations() if _begins(place.name, wanted) and (not city or city_of(place) == _city(city))
    ][:_LISTED]


def begins(name: str, words: str) -> bool:
    """Whether a word of the name begins like this."""
    return _begins(name, words.casefold().replace("ё", "е").strip())


def city_of(station: Place) -> str:
    """The city in a station's id."""
    return station.id.partition("/")[0]


def _city(name: str) -> str:
    return _CITIES.get(name.casefold().strip(), name.strip())


def _begins(name: str, wanted: str) -> bool:
    plain = name.casefold().replace("ё", "е")
    return plain.startswith(wanted) or f" {wanted}" in plain.replace("-", " ")


@lru_cache(maxsize=1)
def _stations() -> tuple[Place, ...]:
    text = files(__package__).joinpath("stations.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        Place(PlaceKind.STATION, f"{city}/{name}", name, latitude=float(north), longitude=float(east))
        for city, name, north, east in rows
    )
