"""Targetings as the market's crowds, refused where they make no sense."""

from __future__ import annotations

from typing import Any

from smm_tui.sandbox import population
from smm_tui.sandbox.faces.vk_ads.call import Call
from smm_tui.sandbox.population import Circle, Crowd

YOUNGEST, OLDEST = 12, 75
_KNOWN = {"geo", "age", "sex", "interests", "interests_soc_dem", "interests_stable", "segments", "pads", "fulltime"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def crowd(call: Call, wanted: Any) -> Crowd:
    """Whom targetings mean."""
    if not isinstance(wanted, dict) or set(wanted) - _KNOWN:
        raise call.wrong("targetings", "unknown_field", "Unknown targeting")
    try:
        return _crowd(call, wanted)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise call.wrong("targetings", "bad_value", "Malformed targeting") from None


def hours(wanted: Any) -> tuple[int, ...]:
    """The hours of the week in which a set runs, from Monday on; empty: all."""
    times = wanted.get("fulltime", {}) if isinstance(wanted, dict) else {}
    return tuple(24 * at + hour for at, day in enumerate(_DAYS) for hour in times.get(day, ()))


def _crowd(call: Call, wanted: Any) -> Crowd:
    geo = wanted.get("geo", {})
    if len(geo) > 1:
        raise call.wrong("targetings.geo", "conflict", "regions and local_geo exclude each other")
    numbers = [str(number) for number in geo.get("regions", [])]
    if any(number.removeprefix("-") not in population.PLACES for number in numbers):
        raise call.wrong("targetings.geo.regions", "bad_value", "Unknown region")
    circles = []
    for each in geo.get("local_geo", {}).get("locations", []):
        if not 500 <= each["radius"] <= 10_000:
            raise call.wrong("targetings.geo.radius", "bad_value", "The radius is from 500 to 10000")
        circles.append(Circle(float(each["lat"]), float(each["lng"]), int(each["radius"])))
    ages = [age for age in wanted.get("age", {}).get("age_list", []) if age]
    if any(not YOUNGEST <= age <= OLDEST for age in ages):
        raise call.wrong("targetings.age.age_list", "bad_value", "Unknown age")
    sex = wanted.get("sex", [])
    return Crowd(
        places=(*(number for number in numbers if not number.startswith("-")), *circles),
        without=tuple(number[1:] for number in numbers if number.startswith("-")),
        age_from=min(ages, default=population.YOUNGEST),
        age_to=max(ages, default=population.OLDEST) if max(ages, default=OLDEST) < OLDEST else population.OLDEST,
        sex=sex[0] if len(sex) == 1 else "",
        interests=tuple(str(number) for number in wanted.get("interests", []) if number > 0),
    )
