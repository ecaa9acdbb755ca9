"""What is particular to ads on VK: one token, the pace, stations as circles, packages, every kind of bad answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from smm_tui.domain.clock import DAY, HOUR, SECOND, Instant
from smm_tui.domain.errors import Ambiguous, AuthExpired, Forbidden, NetworkError, RateLimited, Rejected, Transient
from smm_tui.networks.advertising import (
    Advertiser,
    Audience,
    AudienceField,
    Goal,
    Level,
    Place,
    PlaceKind,
    RemoteState,
    Topic,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.http import ANSWER_LIMIT
from smm_tui.networks.ports import Capability
from smm_tui.networks.registry import client
from smm_tui.networks.vk.ads import packages, pictures, stations
from smm_tui.networks.vk.ads.api import ads_server
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.vk_ads.oauth import MOST
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.world import World
from tests.support.vk_schema import answer_errors, call_errors, method

from .ads_stage import AdsStage, OnVk
from .stage import Stage, WorldClock, open_world
from .support import picture

MOSCOW = Place(PlaceKind.CITY, "24109", "Москва")
TODAY = date(2025, 10, 9)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


@pytest.fixture
async def ads(world: World, tmp_path: Path) -> AdsStage:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of("vk_ads", world, world.clock)
    await stage.checked()
    return AdsStage(stage, OnVk(), tmp_path)


def tokens(ads: AdsStage) -> list[str]:
    """How tokens were asked for."""
    return [dict(parse_qsl(sent.content.decode()))["grant_type"] for sent in ads.stage.sent("/oauth2/token.json")]


def body(ads: AdsStage, path: str) -> Any:
    """What the last such call carried."""
    return json.loads([one for one in ads.stage.sent(path) if one.method == "POST"][-1].content)


async def promoted(ads: AdsStage, goal: Goal, **creative: Any) -> Any:
    """The request of an ad, in a tree for a goal."""
    await ads.make(Level.CAMPAIGN, ads.campaign(goal=goal))
    await ads.make(Level.SET, ads.set(goal=goal))
    return await ads.advertiser.prepare(Level.AD, ads.ad(**creative), parent_id=ads.parent(Level.AD))


# The token


def test_the_address_follows_that_of_communities() -> None:
    assert ads_server("https://api.vk.com") == "https://ads.vk.com"
    assert ads_server("https://api.vk.ru") == "https://ads.vk.ru"


async def test_one_token_serves_all_processes(ads: AdsStage) -> None:
    for _process in range(3 * MOST):
        await ads.advertiser.cabinet()
    assert tokens(ads) == ["client_credentials"]
    assert {name for name in ads.stage.slot.values or {} if name.startswith("ads_")} == {
        "ads_client_id", "ads_client_secret", "ads_token", "ads_refresh_token", "ads_expires_at"
    }  # fmt: skip
    assert (ads.stage.slot.values or {})["user_token"]


async def test_a_token_is_renewed_before_it_ends(ads: AdsStage) -> None:
    old = (ads.stage.slot.values or {})["ads_token"]
    ads.stage.clock.advance(23 * HOUR / SECOND)
    await ads.advertiser.cabinet()
    assert tokens(ads) == ["client_credentials"]
    ads.stage.clock.advance(HOUR / SECOND)
    await ads.advertiser.cabinet()
    assert tokens(ads) == ["client_credentials", "refresh_token"]
    known = ads.stage.world.token(seed.VK_ADS_HOST, old, "access")
    assert known is not None
    assert known.revoked_at is not None


async def test_a_dead_token_is_replaced_and_the_call_made_again(ads: AdsStage) -> None:
    ads.stage.world.plant(Fault(FaultKind.EXPIRED_TOKEN, path="/ad_plans.json", method="POST"))
    identity = ads.identity()
    await ads.make(Level.CAMPAIGN, identity=identity)
    assert len(await ads.advertiser.list(Level.CAMPAIGN)) == 1
    assert tokens(ads) == ["client_credentials", "refresh_token"]


async def test_a_forgotten_refresh_token_costs_a_new_token(ads: AdsStage) -> None:
    ads.stage.slot.values = {**(ads.stage.slot.values or {}), "ads_refresh_token": "used", "ads_expires_at": "x"}
    await ads.advertiser.cabinet()
    assert tokens(ads) == ["client_credentials", "refresh_token", "client_credentials"]


async def test_no_sixth_token(ads: AdsStage) -> None:
    known = dict(ads.stage.slot.values or {})
    for _other in range(MOST - 1):
        ads.stage.slot.values = {name: value for name, value in known.items() if not name.startswith("ads_t")}
        ads.stage.slot.values |= {"ads_expires_at": "0", "ads_refresh_token": ""}
        await ads.advertiser.cabinet()
    ads.stage.slot.values = {**known, "ads_token": "", "ads_refresh_token": ""}
    with pytest.raises(Forbidden) as caught:
        await ads.advertiser.cabinet()
    assert "five tokens" in caught.value.hint


@pytest.mark.parametrize("values", [{"ads_client_id": ""}, {"ads_client_secret": ""}, {"ads_client_secret": "wrong"}])
async def test_wrong_applications(ads: AdsStage, values: dict[str, str]) -> None:
    kept = {name: value for name, value in (ads.stage.slot.values or {}).items() if name != "ads_token"}
    ads.stage.slot.values = {**kept, "ads_refresh_token": "", **values}
    with pytest.raises(AuthExpired) as caught:
        await ads.advertiser.cabinet()
    assert "API access" in caught.value.hint
    found = await ads.stage.client().check()
    assert Capability.ADS not in ads.stage.spec.rules(found.facts).capabilities
    told = [sentence for sentence in found.missing if "advertising" in sentence]
    assert bool(told) == bool(ads.stage.slot.values["ads_client_id"])


async def test_without_an_application_nobody_speaks_of_ads(world: World) -> None:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of("vk", world, world.clock)
    found = await stage.client().check()
    assert found.missing == ()
    assert stage.spec.ads(found.facts) is None
    assert not [sent for sent in stage.recorder.requests if sent.url.host != seed.VK_HOST]


# The pace


class Rates:
    """Buckets in memory."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.learned: dict[str, Instant] = {}
        self.waits: dict[str, list[float]] = {}

    def take(self, bucket: str, limit: int, _window: float) -> float:
        name = bucket.rpartition(" ")[2]
        self.taken.append((name, limit))
        return self.waits[name].pop(0) if self.waits.get(name) else 0.0

    def learn(self, bucket: str, remaining: int, resets_at: Instant) -> None:
        assert remaining == 0
        self.learned[bucket.rpartition(" ")[2]] = resets_at


def paced(ads: AdsStage, rates: Rates) -> Advertiser:
    around = Surroundings(ads.stage.recorder, clock=ads.stage.clock, pause=ads.stage.pause, rates=rates)
    return client(ads.stage.account, ads.stage.slot, around).advertiser


async def test_the_pace_is_what_the_headers_tell(ads: AdsStage) -> None:
    rates = Rates()
    limits = {"rps": 3, "hourly": 2, "daily": 100}
    ads.stage.world.add_server(seed.VK_ADS_HOST, "vk_ads", config={"limits": limits})
    advertiser = paced(ads, rates)
    rates.waits["rps"] = [0.4, 0.2]
    before = ads.stage.clock.now
    await advertiser.cabinet()
    assert ads.stage.clock.now == before + 600
    await advertiser.cabinet()
    assert ("rps", 3) in rates.taken
    assert rates.learned == {"hourly": before // HOUR * HOUR + HOUR}
    with pytest.raises(RateLimited) as caught:
        await advertiser.cabinet()
    assert caught.value.retry_after == (rates.learned["hourly"] - ads.stage.clock.now) / SECOND
    rates.waits["hourly"] = [1800.0]
    calls = len(ads.stage.recorder.requests)
    with pytest.raises(RateLimited) as caught:
        await advertiser.cabinet()
    assert (caught.value.retry_after, len(ads.stage.recorder.requests)) == (1800.0, calls)


async def test_days_end_in_moscow(ads: AdsStage) -> None:
    rates = Rates()
    ads.stage.world.add_server(seed.VK_ADS_HOST, "vk_ads", config={"limits": {"daily": 1}})
    await paced(ads, rates).cabinet()
    assert (rates.learned["daily"] + 3 * HOUR) % DAY == 0
    assert 0 < rates.learned["daily"] - ads.stage.clock.now <= DAY


# Audiences


async def test_stations_are_circles(ads: AdsStage) -> None:
    found = await ads.advertiser.suggest(PlaceKind.STATION, "чист", within="Москва")
    assert [place.name for place in found] == ["Чистые пруды"]
    near = found[0]
    assert isinstance(near, Place)
    await ads.make(Level.CAMPAIGN)
    await ads.make(Level.SET, ads.set(audience=Audience((replace(near, radius=700),), age_from=30, age_to=32)))
    assert body(ads, "/ad_groups.json")["targetings"] == {
        "geo": {
            "local_geo": {
                "visit_type": "usual",
                "locations": [{"lat": 55.765, "lng": 37.639, "radius": 700, "label": "Чистые пруды"}],
            }
        },
        "age": {"age_list": [30, 31, 32], "expand": False},
    }


async def test_stations_come_from_vks_list_of_the_city(ads: AdsStage) -> None:
    by_number = await ads.advertiser.suggest(PlaceKind.STATION, "", within=MOSCOW.id)
    assert {place.name for place in by_number} == {"Арбатская", "Тверская", "Чистые пруды", "Сокольники"}
    assert all(isinstance(place, Place) and place.latitude and place.longitude for place in by_number)
    ads.stage.slot.values = {**(ads.stage.slot.values or {}), "user_token": ""}
    alone = await ads.advertiser.suggest(PlaceKind.STATION, "", within=MOSCOW.id)
    assert len(alone) == 50  # this program's own list, which is longer
    everywhere = await ads.advertiser.suggest(PlaceKind.STATION, "площадь ленина")
    assert {place.id for place in everywhere} == {"Новосибирск/Площадь Ленина", "Санкт-Петербург/Площадь Ленина"}


def test_the_dictionary_of_stations() -> None:
    cities = {"Москва": (55.4, 56, 37.2, 38), "Санкт-Петербург": (59.7, 60.2, 30.1, 30.7)}
    for name, (south, north, west, east) in cities.items():
        places = stations.located(name, [place.name for place in stations.found("", name)])
        assert len(places) == 50
        for place in places:
            assert south < (place.latitude or 0) < north, place
            assert west < (place.longitude or 0) < east, place
    assert stations.located("Moscow", ["Теплый стан"])[0].latitude
    assert stations.located("Москва", ["Нигде"]) == [Place(PlaceKind.STATION, "Москва/Нигде", "Нигде")]
    assert stations.found("вднх")[0].name == "ВДНХ"


BAD: dict[str, tuple[Audience, str]] = {
    "a station nobody located": (Audience((Place(PlaceKind.STATION, "Москва/Нигде", "Нигде"),)), "places"),
    "regions and circles": (Audience((MOSCOW, Place(PlaceKind.POINT, "", "x", 900, 55.0, 37.0))), "places"),
    "circles without": (Audience((MOSCOW,), (Place(PlaceKind.POINT, "", "x", 900, 55.0, 37.0),)), "without_places"),
    "circles without a region": (
        Audience((Place(PlaceKind.POINT, "", "x", 900, 55.0, 37.0),), (MOSCOW,)),
        "without_places",
    ),
    "a small circle": (Audience((Place(PlaceKind.POINT, "", "x", 499, 55.0, 37.0),)), "places"),
    "off the earth": (Audience((Place(PlaceKind.POINT, "", "x", 900, 95.0, 37.0),)), "places"),
    "a city with a radius": (Audience((replace(MOSCOW, radius=5000),)), "places"),
    "a district": (Audience((Place(PlaceKind.DISTRICT, "3103", "Арбат"),)), "places"),
    "somebody else's city": (Audience((Place(PlaceKind.CITY, "berlin", "Berlin"),)), "places"),
    "languages": (Audience((MOSCOW,), languages=(Topic("5", "German"),)), "languages"),
    "an unknown interest": (Audience((MOSCOW,), interests=(Topic("foo:5", "Foo"),)), "interests"),
    "an unknown list": (Audience((MOSCOW,), lists=(Topic("x", "X"),)), "lists"),
    "an unknown list left out": (Audience((MOSCOW,), without_lists=(Topic("", "X"),)), "without_lists"),
}


@pytest.mark.parametrize("name", BAD)
async def test_audiences_that_vk_cannot_express(ads: AdsStage, name: str) -> None:
    audience, field = BAD[name]
    with pytest.raises(Rejected) as caught:
        await ads.advertiser.prepare(Level.SET, ads.set(audience=audience), parent_id="")
    assert (caught.value.field, bool(caught.value.hint)) == (field, True)


async def test_everything_else_of_an_audience(ads: AdsStage) -> None:
    interests = await ads.advertiser.suggest(AudienceField.INTERESTS, "bak")
    lists = await ads.advertiser.suggest(AudienceField.LISTS, "cust")
    assert [topic.name for topic in interests] == ["All interests > Baking"]
    assert [topic.name for topic in lists] == ["Customers"]
    region = await ads.advertiser.suggest(PlaceKind.REGION, "моск")
    assert [place.id for place in region] == ["538"]
    assert [place.name for place in await ads.advertiser.suggest(PlaceKind.COUNTRY, "рос")] == ["Россия"]
    assert [place.id for place in await ads.advertiser.suggest(PlaceKind.CITY, "", within="538")] == [
        "24109",
        "24110",
    ]
    for kind in (AudienceField.LANGUAGES, PlaceKind.DISTRICT, PlaceKind.POINT):
        with pytest.raises(Rejected):
            await ads.advertiser.suggest(kind, "x")
    await ads.make(Level.CAMPAIGN)
    audience = Audience(
        tuple(place for place in region if isinstance(place, Place)),
        (MOSCOW,),
        sex="female",
        interests=tuple(topic for topic in interests if isinstance(topic, Topic)),
        without_lists=tuple(topic for topic in lists if isinstance(topic, Topic)),
    )
    await ads.make(Level.SET, ads.set(audience=audience, hours={"0": (9, 10), "6": (23,)}, bid=1250))
    sent = body(ads, "/ad_groups.json")
    assert sent["targetings"] == {
        "geo": {"regions": [538, -24109]},
        "sex": ["female"],
        "interests": [6003134986700],
        "segments": [-700],
        "fulltime": {"flags": [], "mon": [9, 10], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": [23]},
    }
    assert (sent["max_price"], sent["budget_limit_day"], sent["budget_limit"]) == ("12.50", "200.00", None)
    assert (sent["status"], sent["package_id"]) == ("blocked", 3101)


async def test_forecasts_near_stations(ads: AdsStage) -> None:
    found = await ads.advertiser.suggest(PlaceKind.STATION, "", within="Москва")
    near = Audience(tuple(one for one in found if isinstance(one, Place)))
    whole = await ads.advertiser.estimate(ads.set(audience=near), Goal.TRAFFIC)
    assert "circles" in whole.note
    assert whole.people_most
    page = ads.stage.page
    ads.stage.world.update_account(page, {"ads_account": 1600123})
    token = ads.stage.world.token(seed.VK_HOST, (ads.stage.slot.values or {})["user_token"], "user")
    assert token is not None
    ads.stage.world.update_token(token, data={"rights": [*token.data["rights"], "ads"]})
    exact = await ads.advertiser.estimate(ads.set(audience=near), Goal.TRAFFIC)
    assert exact.people_most
    assert exact.people_most < whole.people_most
    assert exact.note


async def test_a_bid_reaches_fewer(ads: AdsStage) -> None:
    dear = await ads.advertiser.estimate(ads.set(bid=10**6), Goal.REACH)
    cheap = await ads.advertiser.estimate(ads.set(bid=1), Goal.REACH)
    assert dear.people_least == dear.people_most == cheap.people_most
    assert cheap.people_least == 0


# Creatives


async def test_each_goal_has_its_package(ads: AdsStage) -> None:
    ref, _post = await ads.stage.posted("Fresh bread")
    wire = await promoted(ads, Goal.ENGAGEMENT, post_id=ref.id, button="", link="", pictures=())
    assert body(ads, "/ad_groups.json")["package_id"] == 3194
    assert body(ads, "/urls.json") == {"url": f"https://vk.com/wall{ref.id}"}
    assert set(wire["body"]) == {"name", "status", "urls"}
    made = await ads.advertiser.create(Level.AD, "smm-x", wire)
    assert made.state is RemoteState.PAUSED
    for goal, package, button in ((Goal.FOLLOWERS, 3122, "signUp"), (Goal.MESSAGES, 3127, "contactUs")):
        wire = await promoted(ads, goal, button="", label="ИП Иванова")
        assert body(ads, "/ad_groups.json")["package_id"] == package
        texts = {slot: told["text"] for slot, told in wire["body"]["textblocks"].items()}
        assert texts["cta_community_vk"] == button
        assert texts["about_company_115"] == "ИП Иванова"
        assert set(wire["body"]["content"]) == {"icon_256x256", "image_1080x607"}
        await ads.advertiser.create(Level.AD, f"smm-{package}", wire)


async def test_the_goal_is_read_of_the_campaign_where_it_tells(ads: AdsStage) -> None:
    await ads.make(Level.CAMPAIGN, ads.campaign(goal=Goal.REACH))
    await ads.make(Level.SET, ads.set(goal=None))
    assert body(ads, "/ad_groups.json")["package_id"] == 3150


@pytest.mark.parametrize(
    ("goal", "creative", "field"),
    [
        (Goal.ENGAGEMENT, {}, "post_id"),
        (Goal.FOLLOWERS, {"post_id": "1"}, "post_id"),
        (Goal.FOLLOWERS, {"title": "x" * 41}, "title"),
        (Goal.FOLLOWERS, {"label": "x" * 116}, "label"),
        (Goal.FOLLOWERS, {"text": ""}, "text"),
        (Goal.TRAFFIC, {"text": "x" * 91}, "text"),
        (Goal.ENGAGEMENT, {"post_id": "x/y"}, "post_id"),
        (Goal.ENGAGEMENT, {"post_id": "1", "label": "x"}, "label"),
    ],
)
async def test_creatives_that_vk_cannot_show(ads: AdsStage, goal: Goal, creative: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as caught:
        await promoted(ads, goal, **creative)
    assert caught.value.field == field


async def test_leads_are_made_on_the_site(ads: AdsStage) -> None:
    with pytest.raises(Rejected) as caught:
        await ads.make(Level.CAMPAIGN, ads.campaign(goal=Goal.LEADS))
    assert caught.value.field == "goal"


def test_packages_are_known_by_number_then_by_name() -> None:
    listed: list[dict[str, Any]] = [
        {"id": 1, "name": "Вступить в группу", "objective": ["socialengagement"], "status": "active"},
        {"id": 2, "name": "Join us", "objective": "socialengagement", "status": "blocked"},
        {"id": 3, "name": "Клики", "objective": ["traffic"]},
        {"id": "x", "name": "Клики", "objective": ["traffic"]},
        {"id": 4, "name": "Что-то", "objective": ["socialengagement"]},
        {"id": 5, "name": "Что-то", "objective": 5},
    ]
    found = packages.packages(listed)
    assert [(one.id, one.goal) for one in found] == [(1, Goal.FOLLOWERS), (3, Goal.TRAFFIC)]
    assert packages.chosen(found, Goal.FOLLOWERS).id == 1
    known = packages.packages([*listed, {"id": 3122, "name": "?", "objective": ["socialengagement"]}])
    assert packages.chosen(known, Goal.FOLLOWERS).id == 3122
    with pytest.raises(Rejected):
        packages.chosen(found, Goal.MESSAGES)


@pytest.mark.parametrize(("size", "slot"), [((600, 500), "image_600x600"), ((90, 160), "image_1080x1350")])
def test_pictures_are_cut_for_their_slot(tmp_path: Path, size: tuple[int, int], slot: str) -> None:
    whole, icon = pictures.cut(picture(tmp_path, "PNG", size).path.read_bytes())
    assert (whole.slot, (whole.width, whole.height)) == (slot, pictures.SLOTS[slot])
    assert (icon.slot, icon.width, icon.height) == ("icon_256x256", 256, 256)
    with pytest.raises(Rejected):
        pictures.cut(b"GIF89a")


# Launching, listing


async def test_launching_a_campaign_launches_what_was_made_below(ads: AdsStage) -> None:
    await ads.tree()
    campaign = await ads.advertiser.set_running(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id, True)
    assert campaign.state is RemoteState.ACTIVE
    ads.stage.clock.advance(2 * HOUR / SECOND)
    assert (await ads.shown(Level.AD)).state is RemoteState.ACTIVE
    await ads.advertiser.set_running(Level.AD, ads.made[Level.AD].id, False)
    await ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, True)
    assert (await ads.shown(Level.AD)).state is RemoteState.PAUSED  # it was shown, then a person paused it


async def test_lists_longer_than_a_page(ads: AdsStage) -> None:
    wire = await ads.advertiser.prepare(Level.CAMPAIGN, ads.campaign(), parent_id="")
    for number in range(53):
        await ads.advertiser.create(Level.CAMPAIGN, f"smm-{number}", wire)
    listed = await ads.advertiser.list(Level.CAMPAIGN)
    assert len({one.id for one in listed}) == 53
    found = await ads.advertiser.find(Level.CAMPAIGN, "smm-0")
    assert found is not None
    await ads.advertiser.end(Level.CAMPAIGN, found.id)
    gone = await ads.advertiser.find(Level.CAMPAIGN, "smm-0")
    assert gone is not None
    assert gone.state is RemoteState.GONE


async def test_vks_own_refusals_name_the_part(ads: AdsStage) -> None:
    ads.stage.world.add_server(seed.VK_ADS_HOST, "vk_ads", config={"limits": {}, "least_daily": 50_000})
    await ads.make(Level.CAMPAIGN)
    with pytest.raises(Rejected) as caught:
        await ads.make(Level.SET)
    assert (caught.value.field, caught.value.reason) == (
        "budget_daily",
        "budget_limit_day: Minimum value is 500.00",
    )


# Bad answers


LOST = {"transient"}
ANSWERS: dict[str, tuple[httpx.Response | Exception, set[str]]] = {
    "401": (httpx.Response(401, json={"error": {"code": "invalid_user"}}), {"auth_expired"}),
    "403": (httpx.Response(403, json={"error": {"code": "no"}}), {"forbidden"}),
    "404": (httpx.Response(404, json={}), {"not_found"}),
    "405": (httpx.Response(405, json={}), {"unsupported"}),
    "409": (httpx.Response(409, json={}), LOST),
    "413": (httpx.Response(413, html="<html>too large"), {"rejected"}),
    "422": (httpx.Response(422, json={"what": 7}), {"rejected"}),
    "400": (httpx.Response(400, json={"error": {"fields": {"x": [{"y": {"message": "No"}}]}}}), {"rejected"}),
    "400, odd": (httpx.Response(400, json={"error": {"fields": [[[7]]], "message": []}}), {"rejected"}),
    "429": (httpx.Response(429, headers={"x-ratelimit-hourly-remaining": "0"}), {"rate_limited"}),
    "429, no time": (httpx.Response(429), {"rate_limited"}),
    "500": (httpx.Response(500), LOST),
    "503": (httpx.Response(503, html="<html>"), LOST),
    "a page": (httpx.Response(200, html="<!doctype html><h1>Log in"), LOST),
    "truncated": (httpx.Response(200, content=b'{"id": 1', headers={"content-type": "application/json"}), LOST),
    "nothing": (httpx.Response(200, content=b""), LOST),
    "a list": (httpx.Response(200, json=[]), LOST),
    "a word": (httpx.Response(200, json="yes"), LOST),
    "deep": (httpx.Response(200, content=b"[" * 100_000), LOST),
    "enormous": (httpx.Response(200, content=b" " * (ANSWER_LIMIT + 1)), LOST),
    "elsewhere": (httpx.Response(302, headers={"location": "https://evil.example/"}), {"rejected"}),
    "never ends": (httpx.ReadTimeout("x"), LOST),
    "reset": (httpx.ReadError("x"), LOST),
}


class Spoiling(httpx.AsyncBaseTransport):
    """Answers all calls to one path badly, and hands the others on."""

    def __init__(self, inner: httpx.AsyncBaseTransport, answer: httpx.Response | Exception, path: str) -> None:
        self.inner, self.answer, self.path, self.calls = inner, answer, path, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host in (seed.VK_HOST, seed.VK_ADS_HOST)
        verb, _space, path = self.path.partition(" ")
        if request.method != verb or not request.url.path.endswith(path):
            return await self.inner.handle_async_request(request)
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        known = self.answer
        return httpx.Response(known.status_code, headers=known.headers, content=known.content)


@dataclass(frozen=True)
class Deed:
    """One call of the port, and the request that is spoilt."""

    do: Callable[[Advertiser, AdsStage], Awaitable[Any]]
    path: str
    absent_is_fine: bool = False
    unsafe: bool = False
    empty_is_fine: bool = False  # an answer that says nothing is one


DEEDS: dict[str, Deed] = {
    "cabinet": Deed(lambda a, s: a.cabinet(), "GET /user.json"),
    "a campaign's address": Deed(
        lambda a, s: a.prepare(Level.CAMPAIGN, s.campaign(), parent_id=""), "POST /urls.json"
    ),
    "packages": Deed(lambda a, s: a.prepare(Level.SET, s.set(), parent_id=s.parent(Level.SET)), "GET /packages.json"),
    "a picture": Deed(
        lambda a, s: a.prepare(Level.AD, s.ad(), parent_id=s.parent(Level.AD)), "POST /content/static.json"
    ),
    "create": Deed(
        lambda a, s: a.create(Level.CAMPAIGN, "i", {"path": "ad_plans", "body": {"name": "x"}}),
        "POST /ad_plans.json",
        unsafe=True,
    ),
    "find": Deed(lambda a, s: a.find(Level.AD, "i"), "GET /banners.json"),
    "list": Deed(lambda a, s: a.list(Level.CAMPAIGN), "GET /ad_plans.json"),
    "launch": Deed(
        lambda a, s: a.set_running(Level.SET, s.made[Level.SET].id, True),
        "POST /ad_groups/20000002.json",
        empty_is_fine=True,
    ),
    "edit": Deed(
        lambda a, s: a.edit(Level.SET, s.made[Level.SET].id, s.set()),
        "POST /ad_groups/20000002.json",
        empty_is_fine=True,
    ),
    "end": Deed(
        lambda a, s: a.end(Level.SET, s.made[Level.SET].id), "GET /ad_groups/20000002.json", absent_is_fine=True
    ),
    "estimate": Deed(lambda a, s: a.estimate(s.set(), Goal.TRAFFIC), "POST /projection.json"),
    "regions": Deed(lambda a, s: a.suggest(PlaceKind.CITY, "Моск"), "GET /regions.json"),
    "interests": Deed(lambda a, s: a.suggest(AudienceField.INTERESTS, "b"), "GET /targetings_tree.json"),
    "figures": Deed(lambda a, s: a.figures(["1"], TODAY, TODAY), "GET /statistics/banners/day.json"),
}


async def failure(deed: Deed, advertiser: Advertiser, ads: AdsStage) -> NetworkError | None:
    """How a deed failed; anything but a result or one of the closed kinds of error fails the test."""
    try:
        await deed.do(advertiser, ads)
    except NetworkError as error:
        return error
    return None


@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_maps_each_bad_answer(ads: AdsStage, name: str) -> None:
    await ads.tree()
    assert ads.made[Level.SET].id == "20000002"
    deed = DEEDS[name]
    for what, (answer, kinds) in ANSWERS.items():
        spoiling = Spoiling(ads.stage.recorder, answer, deed.path)
        advertiser = ads.stage.ports(spoiling).advertiser
        expected = {"ambiguous"} if deed.unsafe and kinds == LOST else kinds
        passes = deed.empty_is_fine and isinstance(answer, httpx.Response) and answer.is_success
        passes = passes and what != "enormous"
        error = await failure(deed, advertiser, ads)
        if error is None:
            assert passes or (deed.absent_is_fine and kinds == {"not_found"}), what
        else:
            assert error.kind in expected, (what, error)
            assert error.message
            assert "evil" not in error.hint
            assert not passes
            if what == "429":
                assert isinstance(error, RateLimited)
                assert 1 < (error.retry_after or 0) <= 3600
        assert spoiling.calls, "the call was made"


SHAPES: list[Any] = [
    {},
    {"id": []},
    {"id": "7", "extra": {"a": [1]}, "items": 7},
    {"items": [None, 7, "x", [], {}], "count": "many"},
    {"items": [{"id": "5", "name": 7, "status": "WONDERFUL", "issues": 5, "budget_limit": "free"}], "count": 1},
    {"items": [{"id": 1, "rows": [{"date": "yesterday"}, {"date": "2025-10-09", "base": {"spent": "x"}}]}]},
    {"interests": [{"id": {}, "name": []}, {"name": "b", "children": 7}]},
]


@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_survives_wrong_shapes(ads: AdsStage, name: str) -> None:
    await ads.tree()
    deed = DEEDS[name]
    for value in SHAPES:
        answer = httpx.Response(200, content=json.dumps(value).encode())
        advertiser = ads.stage.ports(Spoiling(ads.stage.recorder, answer, deed.path)).advertiser
        error = await failure(deed, advertiser, ads)
        assert not deed.unsafe or error is None or isinstance(error, Ambiguous)


async def test_a_thing_that_cannot_be_read_back_is_made_all_the_same(ads: AdsStage) -> None:
    wire = await ads.advertiser.prepare(Level.CAMPAIGN, ads.campaign(), parent_id="")
    spoiling = Spoiling(ads.stage.recorder, httpx.Response(500), "GET /ad_plans/20000001.json")
    made = await ads.stage.ports(spoiling).advertiser.create(Level.CAMPAIGN, "smm-1", wire)
    assert spoiling.calls
    assert (made.id, made.name, made.state) == ("20000001", "Spring · smm-1", RemoteState.PAUSED)


async def test_a_list_without_an_end_is_given_up(ads: AdsStage) -> None:
    page = {"count": 10**6, "items": [{"id": 1, "name": "x"}] * 50}
    spoiling = Spoiling(ads.stage.recorder, httpx.Response(200, json=page), "GET /banners.json")
    with pytest.raises(Transient):
        await ads.stage.ports(spoiling).advertiser.find(Level.AD, "smm-1")
    assert spoiling.calls == 100


# The older interface


OLD = {"database.getCities", "database.getMetroStations", "ads.getAccounts", "ads.getTargetingStats"}


async def test_calls_to_the_older_interface_fit_the_schema(ads: AdsStage) -> None:
    method("ads.getAccounts")  # skips where there is no schema
    heard: list[tuple[str, dict[str, str], Any]] = []
    inner = ads.stage.recorder.inner

    class Listener(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await inner.handle_async_request(request)
            if request.url.path.startswith("/method/"):
                form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
                heard.append((request.url.path.removeprefix("/method/"), form, json.loads(await answer.aread())))
            return answer

    ads.stage.recorder.inner = Listener()
    await test_forecasts_near_stations(ads)
    assert {name for name, _form, _answer in heard} == OLD
    for name, form, answer in heard:
        assert (name, call_errors(name, form)) == (name, [])
        if "error" not in answer:
            assert (name, answer_errors(name, answer)) == (name, [])


@pytest.mark.parametrize("name", ["database.getCities", "database.getMetroStations"])
async def test_without_the_older_interface_our_own_list_serves(ads: AdsStage, name: str) -> None:
    refusal = httpx.Response(200, json={"error": {"error_code": 15, "error_msg": "Access denied"}})
    advertiser = ads.stage.ports(Spoiling(ads.stage.recorder, refusal, f"POST /method/{name}")).advertiser
    assert len(await advertiser.suggest(PlaceKind.STATION, "", within="Москва")) == 50
    values: tuple[Any, ...] = ({}, [], {"items": [{"id": "x"}, {"title": 5}, 7]})
    for value in values:
        answer = httpx.Response(200, json={"response": value})
        with suppress(NetworkError):
            spoilt = ads.stage.ports(Spoiling(ads.stage.recorder, answer, f"POST /method/{name}")).advertiser
            await spoilt.suggest(PlaceKind.STATION, "", within="Москва")


async def test_creative_is_repeated_word_for_word(ads: AdsStage) -> None:
    """What was approved is what is sent, and the secret stays out of sight."""
    text = "Хлеб\n\u202ebold [i] \x1b[31m <b>"
    wire = await promoted(ads, Goal.FOLLOWERS, text=text)
    assert wire["body"]["textblocks"]["text_2000"]["text"] == text
    assert not any(secret in json.dumps(wire) for secret in ads.stage.secrets if secret)
