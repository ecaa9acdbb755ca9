"""What VK's older interface knows of cities, stations and audiences: no ads are made there any more."""

from __future__ import annotations

import json
from typing import Any

from smm_tui.sandbox import population
from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.population import Crowd, Spot

_SEXES = {"1": "female", "2": "male"}
_LINE = "D68BDA"  # the colour of every line here


@method("database.getCities")
def get_cities(call: Call) -> JSON:
    """Cities one of whose words begins like this, the biggest first."""
    call.authorised("database.getCities")
    return _page(call, population.spots([population.CITY], call.text("q")), lambda place: {"title": place.name})


@method("database.getMetroStations")
def get_stations(call: Call) -> JSON:
    """The stations of a city."""
    call.authorised("database.getMetroStations")
    found = population.spots([population.STATION], "", within=str(call.number("city_id")))
    return _page(call, found, lambda place: {"name": place.name, "color": _LINE})


@method("ads.getAccounts", right="ads")
def get_accounts(call: Call) -> list[JSON]:
    """The cabinet of the old kind, where somebody still has one."""
    account = call.authorised("ads.getAccounts")
    number = account.data.get("ads_account")
    return [_account(number)] if number else []


@method("ads.getTargetingStats", right="ads")
def get_targeting_stats(call: Call) -> JSON:
    """How many people fit; of places only stations count here."""
    account = call.authorised("ads.getTargetingStats")
    if call.number("account_id") != account.data.get("ads_account"):
        raise call.wrong("account_id is wrong")
    if not call.text("link_url"):
        raise call.wrong("link_url is undefined")
    try:
        wanted: Any = json.loads(call.text("criteria") or "{}")
        crowd = Crowd(
            places=tuple(filter(None, str(wanted.get("stations", "")).split(","))),
            age_from=int(wanted.get("age_from") or population.YOUNGEST),
            age_to=int(wanted.get("age_to") or population.OLDEST),
            sex=_SEXES.get(str(wanted.get("sex", 0)), ""),
        )
    except (ValueError, AttributeError):
        raise call.wrong("criteria is wrong") from None
    return {"audience_count": population.people(crowd), "recommended_cpc": "9.20", "recommended_cpm": "41.50"}


def _account(number: int) -> JSON:
    return {
        "account_id": number,
        "account_type": "general",
        "account_status": 1,
        "account_name": "The old cabinet",
        "access_role": "admin",
        "can_view_budget": True,
    }


def _page(call: Call, places: list[Spot], shown: Any) -> JSON:
    start = call.number("offset", 0)
    chosen = places[start : start + call.number("count", 100)]
    return {"count": len(places), "items": [{"id": int(place.id), **shown(place)} for place in chosen]}
