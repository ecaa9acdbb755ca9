"""What every network with ads must do: never make a thing twice, tell of its review, spend only when launched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from smm_tui.domain.clock import DAY, HOUR, to_datetime
from smm_tui.domain.errors import Ambiguous, Forbidden, NotFound, Rejected, Unsupported
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
from smm_tui.networks.ports import Capability
from smm_tui.sandbox.world import World

from .ads_stage import STAGINGS, AdsStage
from .stage import SERVERS, Stage, WorldClock, open_world

LEVELS = list(Level)
IN_REVIEW = (RemoteState.IN_REVIEW, RemoteState.PAUSED)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


@pytest.fixture(params=list(STAGINGS))
async def ads(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> AdsStage:
    assert isinstance(world.clock, WorldClock)
    network = STAGINGS[request.param]
    stage = Stage.of(network.flavour, world, world.clock)
    await stage.checked()
    return AdsStage(stage, network, tmp_path)


async def test_the_port_is_declared(ads: AdsStage) -> None:
    assert ads.can_advertise()
    assert isinstance(ads.advertiser, Advertiser)
    rules = ads.stage.spec.ads(ads.stage.account.facts)
    assert rules is not None
    assert rules.goals
    cabinet = await ads.advertiser.cabinet()
    assert cabinet in await ads.advertiser.cabinets()
    assert (cabinet.state, len(cabinet.currency)) == ("active", 3)


@pytest.mark.parametrize("flavour", [flavour for flavour in SERVERS if flavour not in STAGINGS])
async def test_a_network_without_ads_refuses_them(flavour: str, world: World) -> None:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of(flavour, world, world.clock)
    await stage.checked()
    assert not stage.can(Capability.ADS)
    assert Capability.ADS not in stage.spec.rules({}).capabilities
    assert stage.spec.ads(stage.account.facts) is None
    stage.recorder.requests.clear()
    with pytest.raises(Unsupported) as caught:
        assert stage.ports().advertiser
    assert stage.spec.title in caught.value.message
    assert "advertising" in caught.value.message
    assert caught.value.hint
    assert not stage.recorder.requests


async def test_a_tree_is_made_paused_and_found_again(ads: AdsStage) -> None:
    for level in LEVELS:
        identity = ads.identity()
        assert await ads.advertiser.find(level, identity) is None
        made = await ads.make(level, identity=identity)
        found = await ads.advertiser.find(level, identity)
        assert found is not None
        assert (found.id, found.level, found.name) == (made.id, level, made.name)
        assert found.parent_id in ("", ads.parent(level))
        assert found.state in IN_REVIEW
        assert identity in found.name
    assert (await ads.shown(Level.SET)).budget_daily == ads.set().budget_daily


@pytest.mark.parametrize("level", LEVELS)
async def test_a_lost_answer_makes_nothing_twice(ads: AdsStage, level: Level) -> None:
    for above in LEVELS[: LEVELS.index(level)]:
        await ads.make(above)
    identity = ads.identity()
    wire = await ads.advertiser.prepare(level, ads.draft(level), parent_id=ads.parent(level))
    wire = json.loads(json.dumps(wire))  # it was on disk meanwhile
    ads.lose(level)
    with pytest.raises(Ambiguous):
        await ads.advertiser.create(level, identity, wire)
    found = await ads.advertiser.find(level, identity)
    assert found is not None
    listed = await ads.advertiser.list(level, parent_id=ads.parent(level))
    assert [one.id for one in listed] == [found.id]


async def test_lists_go_page_by_page(ads: AdsStage) -> None:
    await ads.make(Level.CAMPAIGN)
    made = {(await ads.make(Level.CAMPAIGN)).id for _each in range(3)} | {
        one.id for one in await ads.advertiser.list(Level.CAMPAIGN)
    }
    assert {one.id for one in await ads.advertiser.list(Level.CAMPAIGN)} == made


async def test_edits_keep_the_identity(ads: AdsStage) -> None:
    identity = ads.identity()
    await ads.make(Level.CAMPAIGN, identity=identity)
    await ads.make(Level.SET)
    campaign = await ads.advertiser.edit(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id, ads.campaign(name="Summer"))
    assert campaign.name.startswith("Summer")
    assert (await ads.advertiser.find(Level.CAMPAIGN, identity)) == campaign
    least = ads.network.least_daily(ads.stage)
    draft = ads.set(budget_daily=5 * least)
    for _again in range(2):
        group = await ads.advertiser.edit(Level.SET, ads.made[Level.SET].id, draft)
        assert group.budget_daily == 5 * least
    ad = await ads.make(Level.AD)
    changed = await ads.advertiser.edit(Level.AD, ad.id, ads.ad(text="Fresh rolls"))
    assert changed.id == ad.id


async def test_launch_pause_and_end(ads: AdsStage) -> None:
    await ads.tree()
    await ads.launch()
    ads.stage.clock.advance(HOUR / 1000)
    for level in LEVELS:
        assert (await ads.shown(level)).state is RemoteState.ACTIVE, level
    campaign = ads.made[Level.CAMPAIGN].id
    for _again in range(2):
        paused = await ads.advertiser.set_running(Level.CAMPAIGN, campaign, False)
        assert paused.state is RemoteState.PAUSED
    assert (await ads.advertiser.set_running(Level.CAMPAIGN, campaign, True)).state is RemoteState.ACTIVE
    for _again in range(2):
        await ads.advertiser.end(Level.CAMPAIGN, campaign)
    ended = [one for one in await ads.advertiser.list(Level.CAMPAIGN) if one.id == campaign]
    assert not ended or ended[0].state is RemoteState.ENDED


async def test_a_refused_ad_tells_why(ads: AdsStage) -> None:
    await ads.tree(text="A miracle: guaranteed wealth")
    await ads.launch()
    assert (await ads.shown(Level.AD)).state is RemoteState.IN_REVIEW
    ads.stage.clock.advance(HOUR / 1000)
    ad = await ads.shown(Level.AD)
    assert ad.state is RemoteState.REJECTED
    assert ad.reasons
    ads.stage.clock.advance(2 * DAY / 1000)
    assert not (await ads.shown(Level.CAMPAIGN)).spent
    await ads.advertiser.edit(Level.AD, ad.id, ads.ad(text="Bread"))
    assert (await ads.shown(Level.AD)).state is RemoteState.IN_REVIEW


async def test_figures_grow_until_they_are_final(ads: AdsStage) -> None:
    await ads.tree()
    await ads.launch()
    ad = ads.made[Level.AD].id
    zone = (await ads.advertiser.cabinet()).zone
    assert zone
    first = to_datetime(ads.stage.clock.now).date() - timedelta(days=1)
    seen = []
    for _day in range(5):
        ads.stage.clock.advance(DAY / 1000)
        days = await ads.advertiser.figures([ad], first, first + timedelta(days=30))
        today = max(day.day for day in days)
        assert not next(day for day in days if day.day == today).final
        seen.append({day.day: day.spent for day in days})
        assert all(day.ad_id == ad for day in days)
        assert all((day.spent or 0) <= 2 * 2 * ads.network.least_daily(ads.stage) for day in days)
        assert all(day.impressions and day.clicks is not None and day.results is not None for day in days)
    for earlier, later in pairwise(seen):
        assert all((later[day] or 0) >= (spent or 0) for day, spent in earlier.items())
    assert len(seen[-1]) >= 5
    ads.stage.clock.advance(60 * DAY / 1000)
    days = await ads.advertiser.figures([ad], first, first)
    assert all(day.final for day in days)
    campaign = await ads.shown(Level.CAMPAIGN)
    assert campaign.spent
    assert await ads.advertiser.figures([], first, first) == ()


async def test_nothing_is_spent_before_the_launch(ads: AdsStage) -> None:
    await ads.tree()
    ads.stage.clock.advance(3 * DAY / 1000)
    assert not (await ads.shown(Level.CAMPAIGN)).spent
    assert (await ads.shown(Level.AD)).state in IN_REVIEW


async def test_estimates_follow_the_audience(ads: AdsStage) -> None:
    wide = await ads.advertiser.estimate(ads.set(), Goal.TRAFFIC)
    narrow = await ads.advertiser.estimate(
        ads.set(audience=Audience((ads.network.city,), age_from=30, age_to=31, sex="female")), Goal.TRAFFIC
    )
    assert wide.people_most is not None
    assert narrow.people_most is not None
    assert wide.people_most > narrow.people_most > 0


async def test_suggestions(ads: AdsStage) -> None:
    rules = ads.stage.spec.ads(ads.stage.account.facts)
    assert rules is not None
    city = ads.network.city
    found = await ads.advertiser.suggest(PlaceKind.CITY, city.name[:3])
    assert city.id in [place.id for place in found]
    assert all(isinstance(place, Place) and place.kind is PlaceKind.CITY for place in found)
    assert await ads.advertiser.suggest(PlaceKind.CITY, "Zzyzx") == []
    interests = await ads.advertiser.suggest(AudienceField.INTERESTS, "B")
    assert all(isinstance(topic, Topic) for topic in interests)
    for kind in (PlaceKind.STATION, PlaceKind.DISTRICT):
        if AudienceField(kind.value) in rules.fields:
            assert await ads.advertiser.suggest(kind, "") != []
        else:
            with pytest.raises(Rejected) as caught:
                await ads.advertiser.suggest(kind, "Ar")
            assert "1 km" in caught.value.hint


async def test_what_vanished_is_not_found(ads: AdsStage) -> None:
    campaign, group, _ad = await ads.tree()
    ads.network.forget(ads.stage, group)
    with pytest.raises(NotFound):
        await ads.advertiser.set_running(Level.SET, group.id, False)
    with pytest.raises(NotFound):
        await ads.advertiser.edit(Level.SET, group.id, ads.set())
    await ads.advertiser.end(Level.SET, group.id)
    ads.network.forget(ads.stage, campaign)
    with pytest.raises((NotFound, Rejected)):
        await ads.make(Level.SET)


async def test_a_disabled_cabinet_spends_nothing(ads: AdsStage) -> None:
    await ads.tree()
    ads.network.disable(ads.stage)
    cabinet = await ads.advertiser.cabinet()
    assert cabinet.state != "active"
    for level in LEVELS:
        with pytest.raises(Forbidden):
            await ads.advertiser.prepare(level, ads.draft(level), parent_id=ads.parent(level))
    with pytest.raises(Forbidden):
        await ads.advertiser.set_running(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id, True)
    assert await ads.advertiser.list(Level.CAMPAIGN)


async def test_a_token_without_the_right(ads: AdsStage) -> None:
    ads.network.without_right(ads.stage)
    with pytest.raises(Forbidden):
        await ads.advertiser.cabinets()
    with pytest.raises(Forbidden):
        await ads.advertiser.cabinet()
    found = await ads.stage.client().check()
    assert any("advertising" in sentence for sentence in found.missing)
    assert Capability.ADS not in ads.stage.spec.rules(found.facts).capabilities
    assert ads.stage.spec.ads(found.facts) is None


BAD: dict[str, tuple[Level, dict[str, Any], str]] = {
    "no name": (Level.CAMPAIGN, {"name": " "}, "name"),
    "end before start": (Level.CAMPAIGN, {"ends_at": 1}, "ends_at"),
    "no money": (Level.CAMPAIGN, {"budget_daily": 0}, "budget_daily"),
    "too little money": (Level.SET, {"budget_daily": 1}, "budget_daily"),
    "ages turned round": (Level.SET, {"age_from": 60, "age_to": 18}, "age_to"),
    "children": (Level.SET, {"age_from": 5}, "age_from"),
    "no sex of theirs": (Level.SET, {"sex": "all"}, "sex"),
    "nowhere": (Level.SET, {"places": ()}, "places"),
    "a point without coordinates": (Level.SET, {"places": (Place(PlaceKind.POINT, "", "Home"),)}, "places"),
    "a huge circle": (
        Level.SET,
        {"places": (Place(PlaceKind.POINT, "", "Home", 10**7, 52.5, 13.4),)},
        "places",
    ),
    "a button of nobody's": (Level.AD, {"button": "explode"}, "button"),
    "no address": (Level.AD, {"link": "bakery"}, "link"),
    "nothing to show": (Level.AD, {"link": "", "pictures": (), "button": ""}, "pictures"),
    "half a character": (Level.AD, {"text": "\ud83d"}, "text"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_drafts_are_refused_before_any_call(ads: AdsStage, name: str) -> None:
    level, values, field = BAD[name]
    draft: Any = ads.draft(level)
    if level is Level.AD:
        draft = replace(draft, creative=replace(draft.creative, **values))
    elif set(values) <= set(Audience.__dataclass_fields__):
        draft = replace(draft, audience=replace(draft.audience, **values))
    else:
        draft = replace(draft, **values)
    ads.stage.recorder.requests.clear()
    with pytest.raises(Rejected) as caught:
        await ads.advertiser.prepare(level, draft, parent_id="")
    assert (caught.value.field, bool(caught.value.message), bool(caught.value.hint)) == (field, True, True)
    assert not ads.stage.recorder.requests
