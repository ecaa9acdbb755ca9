"""What is particular to ads on Facebook: its rules, its errors, whose token it is, and bad answers to every call."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import Ambiguous, AuthExpired, DataError, Forbidden, NetworkError, RateLimited, Rejected
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
from smm_tui.networks.facebook import mapping_ads
from smm_tui.networks.ports import Account, Capability
from smm_tui.sandbox.faces.facebook.ads import grant_cabinet
from smm_tui.sandbox.world import World
from tests.support import graph_spec

from .ads_stage import STAGINGS, AdsStage
from .stage import Stage, WorldClock, open_world
from .support import picture
from .test_meta_bad_input import ANSWERS, LOST, SHAPES, Spoiling
from .test_meta_schema import Keeping

GERMANY = Place(PlaceKind.COUNTRY, "DE", "Germany")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


@pytest.fixture
async def ads(world: World, tmp_path: Path) -> AdsStage:
    assert isinstance(world.clock, WorldClock)
    stage = Stage.of("facebook", world, world.clock)
    await stage.checked()
    return AdsStage(stage, STAGINGS["facebook"], tmp_path)


def forms(ads: AdsStage, path: str) -> list[dict[str, Any]]:
    """The forms of the calls whose path ends so."""
    calls = [call for call in ads.stage.recorder.requests if call.method == "POST" and call.url.path.endswith(path)]
    return [dict(httpx.QueryParams(call.content.decode())) for call in calls]


class TestWhatIsSent:
    async def test_a_campaign(self, ads: AdsStage) -> None:
        draft = ads.campaign(facts={"special_categories": "housing", "special_countries": "DE, AT"})
        await ads.make(Level.CAMPAIGN, draft, identity="id-1")
        checked, made = forms(ads, "/campaigns")
        assert checked.pop("execution_options") == '["validate_only"]'
        assert checked.pop("appsecret_proof") == made.pop("appsecret_proof")
        assert checked == made | {"name": "Spring"}
        assert made == {
            "name": "Spring · id-1",
            "objective": "OUTCOME_TRAFFIC",
            "buying_type": "AUCTION",
            "status": "PAUSED",
            "special_ad_categories": '["HOUSING"]',
            "special_ad_category_country": '["DE","AT"]',
            "is_adset_budget_sharing_enabled": "false",
            "start_time": str(ads.stage.clock.now // 1000),
            "stop_time": str((ads.stage.clock.now + 20 * DAY) // 1000),
        }

    async def test_a_set(self, ads: AdsStage) -> None:
        await ads.make(Level.CAMPAIGN)
        around = Place(PlaceKind.POINT, "", "Shop", None, 52.52, 13.4)
        audience = Audience(
            (Place(PlaceKind.CITY, "24101", "Berlin", 20_000), around),
            (Place(PlaceKind.REGION, "533", "Bayern"),),
            25,
            65,
            "female",
            (Topic("5", "German"),),
            (Topic("6003012317397", "Yoga"),),
            (Topic("77", "Customers"),),
            (Topic("78", "Staff"),),
        )
        draft = ads.set(audience=audience, placements=("facebook",), bid=150, budget_daily=None, budget_total=9000)
        ends = ads.stage.clock.now + 5 * DAY
        draft = replace(draft, ends_at=ends, hours={"6": (9, 10, 11), "0": (9,), "1": (23, 21)})
        await ads.make(Level.SET, draft)
        made = forms(ads, "/adsets")[-1]
        assert json.loads(made["targeting"]) == {
            "geo_locations": {
                "cities": [{"key": "24101", "radius": 20, "distance_unit": "kilometer"}],
                "custom_locations": [
                    {"latitude": 52.52, "longitude": 13.4, "radius": 1.0, "distance_unit": "kilometer"}
                ],
            },
            "excluded_geo_locations": {"regions": [{"key": "533"}]},
            "age_min": 25,
            "age_max": 65,
            "genders": [2],
            "locales": [5],
            "flexible_spec": [{"interests": [{"id": "6003012317397", "name": "Yoga"}]}],
            "custom_audiences": [{"id": "77"}],
            "excluded_custom_audiences": [{"id": "78"}],
            "publisher_platforms": ["facebook"],
            "targeting_automation": {"advantage_audience": 0},
        }
        assert (made["bid_amount"], made["bid_strategy"]) == ("150", "LOWEST_COST_WITH_BID_CAP")
        assert (made["lifetime_budget"], made["end_time"]) == ("9000", str(ends // 1000))
        assert (made["dsa_payor"], made["dsa_beneficiary"]) == ("The Bakery GmbH", "The Bakery GmbH")
        parts = [
            (part["days"], part["start_minute"], part["end_minute"]) for part in json.loads(made["adset_schedule"])
        ]
        assert parts == [([1], 540, 600), ([2], 1260, 1320), ([2], 1380, 1440), ([0], 540, 720)]
        assert (await ads.shown(Level.SET)).budget_total == 9000

    @pytest.mark.parametrize("goal", [Goal.REACH, Goal.ENGAGEMENT, Goal.TRAFFIC, Goal.FOLLOWERS, Goal.MESSAGES])
    async def test_every_goal(self, ads: AdsStage, goal: Goal) -> None:
        await ads.make(Level.CAMPAIGN, ads.campaign(goal=goal))
        await ads.make(Level.SET, ads.set(goal=goal))
        await ads.make(Level.AD)
        await ads.launch()
        ads.stage.clock.advance(12 * DAY / 1000)
        ad = ads.made[Level.AD].id
        assert await ads.advertiser.figures([ad], date(2020, 1, 1), date(2021, 1, 1)) == ()
        days = await ads.advertiser.figures([ad], date(2020, 1, 1), date(2100, 1, 1))
        assert sum(day.results or 0 for day in days) > 0
        assert (await ads.advertiser.estimate(ads.set(), goal)).people_most

    async def test_the_goal_is_read_from_the_campaign(self, ads: AdsStage) -> None:
        await ads.make(Level.CAMPAIGN)
        await ads.make(Level.SET, ads.set(goal=None))
        assert forms(ads, "/adsets")[-1]["optimization_goal"] == "LINK_CLICKS"

    async def test_contacts_are_not_for_us(self, ads: AdsStage) -> None:
        with pytest.raises(Rejected) as caught:
            await ads.make(Level.CAMPAIGN, ads.campaign(goal=Goal.LEADS))
        assert caught.value.field == "goal"

    async def test_budgets_of_the_campaign(self, ads: AdsStage) -> None:
        draft = ads.campaign(budget_daily=500, budget_total=20_000)
        made = await ads.make(Level.CAMPAIGN, draft)
        assert forms(ads, "/campaigns")[-1].items() >= {"daily_budget": "500", "spend_cap": "20000"}.items()
        found = await ads.advertiser.find(Level.CAMPAIGN, made.name[-8:])
        assert found is not None
        assert (found.budget_daily, found.budget_total) == (500, 20_000)
        with pytest.raises(Rejected) as caught:
            await ads.make(Level.SET)
        assert caught.value.field == "budget_daily"
        with pytest.raises(Rejected) as caught:
            await ads.make(Level.SET, ads.set(budget_daily=None, bid=5))
        assert caught.value.field == "bid"
        await ads.make(Level.SET, ads.set(budget_daily=None))
        with pytest.raises(Rejected) as caught:
            await ads.make(Level.CAMPAIGN, ads.campaign(budget_daily=500, budget_total=900))
        assert (caught.value.field, "100.00 EUR" in caught.value.message) == ("budget_total", True)

    async def test_a_post_is_promoted(self, ads: AdsStage) -> None:
        ref, _post = await ads.stage.posted("Fresh bread")
        await ads.make(Level.CAMPAIGN)
        await ads.make(Level.SET)
        await ads.make(Level.AD, ads.ad(post_id=ref.id, text="", link="", pictures=()))
        assert forms(ads, "/adcreatives")[-1]["object_story_id"] == ref.id
        with pytest.raises(Rejected, match="does not exist"):
            await ads.make(Level.AD, ads.ad(post_id="1_2", text="", link="", pictures=()))

    async def test_creatives(self, ads: AdsStage, tmp_path: Path) -> None:
        await ads.make(Level.CAMPAIGN)
        await ads.make(Level.SET)
        one = picture(tmp_path, "JPEG", name="one")
        several = (one, picture(tmp_path, "PNG", name="b"))
        await ads.make(Level.AD, ads.ad(pictures=several, label="erid: 2VtzqxXX"))
        story = json.loads(forms(ads, "/adcreatives")[-1]["object_story_spec"])
        assert story["link_data"]["message"].endswith("\n\nerid: 2VtzqxXX")
        assert len(story["link_data"]["child_attachments"]) == 2
        assert story["link_data"]["call_to_action"]["type"] == "LEARN_MORE"
        await ads.make(Level.AD, ads.ad(pictures=(one,), link="", button="", title=""))
        assert "photo_data" in forms(ads, "/adcreatives")[-1]["object_story_spec"]
        await ads.make(Level.AD, ads.ad(pictures=(one,), link="", button="message"))
        assert '"MESSAGE_PAGE"' in forms(ads, "/adcreatives")[-1]["object_story_spec"]
        one.path.write_bytes(b"changed")
        with pytest.raises(DataError):
            await ads.make(Level.AD, ads.ad(pictures=(one,)))

    async def test_without_a_parent_only_what_would_be_sent_is_shown(self, ads: AdsStage) -> None:
        wire = await ads.advertiser.prepare(Level.SET, ads.set(), parent_id="")
        assert wire["form"]["optimization_goal"] == "LINK_CLICKS"
        assert forms(ads, "/adsets") == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("audience", "field"),
        [
            (Audience((Place(PlaceKind.STATION, "201", "Арбатская"),)), "places"),
            (Audience((Place(PlaceKind.DISTRICT, "3101", "Mitte"),)), "places"),
            (Audience((GERMANY,), (Place(PlaceKind.STATION, "201", "x"),)), "without_places"),
            (Audience((Place(PlaceKind.CITY, "24101", "Berlin", 3_000),)), "places"),
            (Audience((Place(PlaceKind.POINT, "", "x", 500, 1.0, 1.0),)), "places"),
            (Audience((Place(PlaceKind.POINT, "", "x", 5000, 100.0, 1.0),)), "places"),
            (Audience((GERMANY,), age_to=70), "age_to"),
            (Audience((GERMANY,), languages=(Topic("de", "German"),)), "languages"),
        ],
    )
    async def test_audiences(self, ads: AdsStage, audience: Audience, field: str) -> None:
        ads.stage.recorder.requests.clear()
        for attempt in (
            lambda: ads.advertiser.prepare(Level.SET, ads.set(audience=audience), parent_id="7"),
            lambda: ads.advertiser.estimate(ads.set(audience=audience), Goal.TRAFFIC),
        ):
            with pytest.raises(Rejected) as caught:
                await attempt()
            assert caught.value.field == field
        assert not ads.stage.recorder.requests

    async def test_what_only_facebook_knows(self, ads: AdsStage) -> None:
        await ads.make(Level.CAMPAIGN)
        overlap = Audience((GERMANY, Place(PlaceKind.CITY, "24101", "Berlin")))
        with pytest.raises(Rejected, match="overlap") as caught:
            await ads.make(Level.SET, ads.set(audience=overlap))
        assert caught.value.field == "places"
        with pytest.raises(Rejected, match="beneficiary") as caught:
            await ads.make(Level.SET, ads.set(facts={}))
        assert caught.value.field == "payer"

    async def test_the_payer_in_the_european_union(self, ads: AdsStage) -> None:
        with pytest.raises(Rejected) as caught:
            await ads.advertiser.prepare(Level.SET, ads.set(audience=Audience((GERMANY,)), facts={}), parent_id="")
        assert caught.value.field == "payer"
        ads.stage.world.update_account(cabinet_of(ads), {"payer": "Bread AG"})
        wire = await ads.advertiser.prepare(
            Level.SET, ads.set(audience=Audience((GERMANY,)), facts={"beneficiary": "Ann"}), parent_id=""
        )
        assert (wire["form"]["dsa_payor"], wire["form"]["dsa_beneficiary"]) == ("Bread AG", "Ann")

    async def test_special_categories_leave_nobody_out(self, ads: AdsStage) -> None:
        await ads.make(Level.CAMPAIGN, ads.campaign(facts={"special_categories": "HOUSING"}))
        with pytest.raises(Rejected, match="HOUSING"):
            await ads.make(Level.SET)
        await ads.make(Level.SET, ads.set(audience=Audience((ads.network.city,))))
        with pytest.raises(Rejected, match="JUNK"):
            await ads.make(Level.CAMPAIGN, ads.campaign(facts={"special_categories": "junk"}))

    async def test_facebook_says_that_a_budget_is_too_low(self, ads: AdsStage) -> None:
        await ads.make(Level.CAMPAIGN)
        wire = await ads.advertiser.prepare(Level.SET, ads.set(), parent_id=ads.parent(Level.SET))
        wire["form"]["daily_budget"] = "10"
        with pytest.raises(Rejected, match="too low") as caught:
            await ads.advertiser.create(Level.SET, "i", wire)
        assert caught.value.field == "budget_daily"

    async def test_too_many_calls_tell_when_to_come_back(self, ads: AdsStage) -> None:
        server = ads.stage.server
        ads.stage.world.add_server(server.host, "facebook", config={"ads_calls": 3})
        await ads.advertiser.list(Level.CAMPAIGN)
        with pytest.raises(RateLimited) as caught:
            await ads.advertiser.list(Level.CAMPAIGN)
        assert caught.value.retry_after is not None
        assert 0 < caught.value.retry_after <= 3600

    async def test_hours_need_a_total_budget(self, ads: AdsStage) -> None:
        with pytest.raises(Rejected) as caught:
            await ads.advertiser.prepare(Level.SET, ads.set(hours={"0": (9,)}), parent_id="")
        assert caught.value.field == "hours"
        draft = ads.set(hours={"7": (9,)}, budget_daily=None, budget_total=900, ends_at=ads.stage.clock.now + DAY)
        with pytest.raises(Rejected):
            await ads.advertiser.prepare(Level.SET, draft, parent_id="")


class TestLaunch:
    async def test_a_campaign_launches_what_never_ran(self, ads: AdsStage) -> None:
        campaign, group, ad = await ads.tree()
        other = await ads.make(Level.AD)
        foreign = await ads.make(Level.AD)
        thing = ads.stage.world.find_object(ads.stage.server.host, "ad", foreign.id)
        assert thing is not None
        ads.stage.world.update_object(thing, text="Made by hand")
        ads.stage.recorder.requests.clear()
        await ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, True)
        launched = [call.url.path.rpartition("/")[2] for call in ads.stage.recorder.requests if call.method == "POST"]
        assert sorted(launched[:2]) == sorted([ad.id, other.id])
        assert launched[2:] == [group.id, campaign.id]
        await ads.advertiser.set_running(Level.AD, other.id, False)
        await ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, False)
        ads.stage.recorder.requests.clear()
        await ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, True)
        launched = [call.url.path.rpartition("/")[2] for call in ads.stage.recorder.requests if call.method == "POST"]
        assert launched == [campaign.id]

    async def test_what_was_archived_stays_so(self, ads: AdsStage) -> None:
        campaign, _group, _ad = await ads.tree()
        await ads.advertiser.end(Level.CAMPAIGN, campaign.id)
        with pytest.raises(Rejected):
            await ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, True)
        assert (await ads.shown(Level.CAMPAIGN)).state is RemoteState.ENDED


def cabinet_of(ads: AdsStage) -> Any:
    return next(one for one in ads.stage.world.accounts(server=ads.stage.server.host) if one.handle[:4] == "act_")


class TestWhoseAccount:
    async def test_several_accounts(self, ads: AdsStage) -> None:
        stage = ads.stage
        first = cabinet_of(ads)
        person = stage.world.token(stage.server.host, stage.slot.values["token"], "access")  # type: ignore[index]
        assert person is not None
        second = grant_cabinet(stage.world, person, name="Second", currency="JPY")
        stage.account = Account("facebook", stage.account.server, stage.account.handle, stage.account.remote_id)
        with pytest.raises(Rejected, match=f"Second \\({second.remote_id}\\)") as caught:
            await ads.advertiser.cabinet()
        assert caught.value.field == "cabinet"
        found = await stage.client().check()
        assert "cabinet" not in found.facts
        assert [one["id"] for one in found.facts["cabinets"]] == [first.remote_id, second.remote_id]
        stage.account = replace(stage.account, facts={**found.facts, "cabinet": second.remote_id})
        assert (await ads.advertiser.cabinet()).currency == "JPY"
        assert (await stage.client().check()).facts["cabinet"] == second.remote_id
        rules = stage.spec.ads(stage.account.facts)
        assert rules is not None
        assert rules.least_daily == {"JPY": 100}

    async def test_a_pages_own_token(self, ads: AdsStage) -> None:
        stage = ads.stage
        stage.slot.values = {"token": (stage.slot.values or {})["page_token"]}
        stage.account = Account("facebook", stage.account.server, stage.account.handle)
        with pytest.raises(Forbidden, match="Page's own"):
            await ads.advertiser.cabinets()
        found = await stage.client().check()
        if "scopes" in found.facts:
            assert found.facts["cabinets"] == []
            assert Capability.ADS not in stage.spec.rules(found.facts).capabilities

    async def test_no_token_and_no_account(self, ads: AdsStage) -> None:
        values = ads.stage.slot.values or {}
        person = ads.stage.world.token(ads.stage.server.host, values["token"], "access")
        assert person is not None
        ads.stage.world.update_token(person, data={"cabinets": []})
        with pytest.raises(Forbidden):
            await ads.advertiser.cabinet()
        found = await ads.stage.client().check()
        assert any("opens no advertising account" in sentence for sentence in found.missing)
        ads.stage.slot.values = {key: value for key, value in values.items() if key != "token"}
        with pytest.raises(AuthExpired):
            await ads.advertiser.cabinets()

    async def test_lists_of_people(self, ads: AdsStage) -> None:
        lists = [{"id": "77", "name": "Customers"}, {"id": "78", "name": "Staff"}]
        ads.stage.world.update_account(cabinet_of(ads), {"lists": lists})
        assert list(await ads.advertiser.suggest(AudienceField.LISTS, "Cust")) == [Topic("77", "Customers")]
        assert [one.name for one in await ads.advertiser.suggest(AudienceField.LANGUAGES, "Ger")] == ["German"]
        with pytest.raises(Rejected):
            await ads.advertiser.suggest(AudienceField.AGE, "1")

    async def test_places_within_others(self, ads: AdsStage) -> None:
        port = ads.advertiser
        assert [one.name for one in await port.suggest(PlaceKind.CITY, "", within="533")] == [
            "München, Bayern, Germany",
            "Nürnberg, Bayern, Germany",
        ]
        assert [one.id for one in await port.suggest(PlaceKind.REGION, "Wi", within="AT")] == ["534"]
        assert [one.id for one in await port.suggest(PlaceKind.COUNTRY, "Ger")] == ["DE"]


# Bad answers


@dataclass(frozen=True)
class Deed:
    """One call of the port. `skip`: how many of its calls come before the one that is spoilt."""

    do: Callable[[Advertiser, AdsStage, dict[str, Any]], Awaitable[Any]]
    skip: int = 0
    unsafe: bool = False
    absent_is_fine: bool = False
    asks_account: bool = False  # a refusal of its form means something of its own


DEEDS: dict[str, Deed] = {
    "accounts": Deed(lambda a, s, t: a.cabinets(), asks_account=True),
    "account": Deed(lambda a, s, t: a.cabinet()),
    "prepare a campaign": Deed(lambda a, s, t: a.prepare(Level.CAMPAIGN, s.campaign(), parent_id=""), skip=1),
    "read the campaign of a set": Deed(
        lambda a, s, t: a.prepare(Level.SET, s.set(), parent_id=s.parent(Level.SET)), skip=1
    ),
    "prepare a set": Deed(lambda a, s, t: a.prepare(Level.SET, s.set(), parent_id=s.parent(Level.SET)), skip=2),
    "upload a picture": Deed(lambda a, s, t: a.prepare(Level.AD, s.ad(), parent_id=s.parent(Level.AD)), skip=1),
    "prepare an ad": Deed(lambda a, s, t: a.prepare(Level.AD, s.ad(), parent_id=s.parent(Level.AD)), skip=2),
    "create a campaign": Deed(lambda a, s, t: a.create(Level.CAMPAIGN, "i", t["campaign"]), unsafe=True),
    "create a set": Deed(lambda a, s, t: a.create(Level.SET, "i", t["set"]), unsafe=True),
    "make a creative": Deed(lambda a, s, t: a.create(Level.AD, "i", t["ad"])),
    "create an ad": Deed(lambda a, s, t: a.create(Level.AD, "i", t["ad"]), unsafe=True, skip=1),
    "find": Deed(lambda a, s, t: a.find(Level.SET, "smm-0002"), skip=1),
    "edit": Deed(lambda a, s, t: a.edit(Level.CAMPAIGN, s.made[Level.CAMPAIGN].id, s.campaign()), skip=2),
    "launch": Deed(lambda a, s, t: a.set_running(Level.AD, s.made[Level.AD].id, True), skip=1),
    "look below": Deed(lambda a, s, t: a.set_running(Level.CAMPAIGN, s.made[Level.CAMPAIGN].id, True), skip=1),
    "end": Deed(lambda a, s, t: a.end(Level.AD, s.made[Level.AD].id), skip=2, absent_is_fine=True),
    "list": Deed(lambda a, s, t: a.list(Level.AD), skip=1),
    "estimate": Deed(lambda a, s, t: a.estimate(s.set(), Goal.TRAFFIC), skip=1),
    "suggest": Deed(lambda a, s, t: a.suggest(PlaceKind.CITY, "Ber")),
    "figures": Deed(lambda a, s, t: a.figures([s.made[Level.AD].id], date(2025, 1, 1), date(2030, 1, 1)), skip=1),
}


async def wires(ads: AdsStage) -> dict[str, Any]:
    await ads.tree()
    port = ads.advertiser
    return {level.value: await port.prepare(level, ads.draft(level), parent_id=ads.parent(level)) for level in Level}


async def failure_of(deed: Deed, port: Advertiser, ads: AdsStage, told: dict[str, Any]) -> NetworkError | None:
    """What goes wrong; anything but one of the closed kinds of error fails the test."""
    try:
        await deed.do(port, ads, told)
    except NetworkError as error:
        return error
    return None


@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_maps_each_bad_answer(ads: AdsStage, name: str) -> None:
    deed, told = DEEDS[name], await wires(ads)
    for what, (answer, kinds) in ANSWERS.items():
        spoiling = Spoiling(ads.stage.recorder, answer, deed.skip)
        port = ads.stage.ports(spoiling).advertiser
        expected = {"ambiguous"} if deed.unsafe and kinds == LOST else kinds
        if deed.asks_account and what == "invalid parameter":
            expected = {"forbidden"}
        error = await failure_of(deed, port, ads, told)
        if error is None:
            assert deed.absent_is_fine
            assert kinds == {"not_found"}, what
        else:
            assert error.kind in expected, (what, error)
            assert error.message
            assert "evil" not in error.hint
        assert spoiling.calls > deed.skip, "the call was made"


WRONG: list[Any] = [
    *SHAPES,
    {"data": [{"id": "1", "name": 5, "currency": [], "effective_status": "DREAMING", "daily_budget": "many"}]},
    {"data": [{"ad_id": "1", "date_start": "9999-12-31", "spend": "NaN", "actions": {"a": 1}}]},
    {"data": [{"estimate_mau_upper_bound": -1, "daily_outcomes_curve": [7, {"spend": 1e400, "reach": "x"}]}]},
    {"images": {"bytes": {"hash": ["x"]}}},
    {"data": [], "paging": {"next": "https://evil.example/", "cursors": {"after": "same"}}},
]


@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_survives_wrong_shapes(ads: AdsStage, name: str) -> None:
    deed, told = DEEDS[name], await wires(ads)
    for value in WRONG:
        answer = httpx.Response(200, content=json.dumps(value).encode())
        port = ads.stage.ports(Spoiling(ads.stage.recorder, answer, deed.skip)).advertiser
        error = await failure_of(deed, port, ads, told)
        assert error is None or not deed.unsafe or isinstance(error, Ambiguous)


async def test_a_list_without_an_end_is_noticed(ads: AdsStage) -> None:
    endless = {"data": [], "paging": {"next": "x", "cursors": {"after": "same"}}}

    class Endless(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=endless)

    with pytest.raises(NetworkError, match="does not come to an end"):
        await ads.stage.ports(Endless()).advertiser.cabinets()


# Meta's own description


KINDS = {"act_": "AdAccount", "campaign": "Campaign", "set": "AdSet", "ad": "Ad"}
OUTSIDE = {"search"}  # no edge of a type


async def test_requests_and_answers_fit_metas_description(ads: AdsStage) -> None:
    keeping = Keeping(ads.stage.recorder.inner)
    ads.stage.recorder.inner = keeping
    await ads.advertiser.cabinets()
    await ads.tree()
    await ads.launch()
    ads.stage.clock.advance(3 * DAY / 1000)
    for level in Level:
        await ads.advertiser.list(level, parent_id=ads.parent(level))
        await ads.advertiser.find(level, "smm-0001")
        await ads.advertiser.edit(level, ads.made[level].id, ads.draft(level))
    await ads.advertiser.estimate(ads.set(), Goal.FOLLOWERS)
    await ads.advertiser.suggest(AudienceField.LISTS, "x")
    await ads.advertiser.figures([ads.made[Level.AD].id], date(2025, 1, 1), date(2030, 1, 1))
    await ads.advertiser.set_running(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id, False)
    await ads.advertiser.end(Level.CAMPAIGN, ads.made[Level.CAMPAIGN].id)
    ids = {made.id: KINDS[level.value] for level, made in ads.made.items()}
    edges = set()
    for request, answer in keeping.seen:
        node, _slash, edge = request.url.path.removeprefix("/v25.0/").partition("/")
        if node in OUTSIDE:
            continue
        kind = "User" if node == "me" else "AdAccount" if node.startswith("act_") else ids.get(node, "")
        if not kind:
            continue  # the Page's own calls
        content = request.content.decode()
        sent = dict(httpx.QueryParams(content)) if request.method == "POST" else dict(request.url.params)
        edges.add(f"{request.method} {edge}")
        assert graph_spec.call_errors(request.method, kind, edge, structured(sent)) == []
        for name in ("targeting", "targeting_spec"):
            if name in sent:
                assert graph_spec.field_errors("Targeting", list(json.loads(sent[name]))) == []
                places = json.loads(sent[name])["geo_locations"]
                assert graph_spec.field_errors("TargetingGeoLocation", list(places)) == []
        if "object_story_spec" in sent:
            story = json.loads(sent["object_story_spec"])
            assert graph_spec.field_errors("AdCreativeObjectStorySpec", list(story)) == []
            assert graph_spec.field_errors("AdCreativeLinkData", list(story["link_data"])) == []
        returned = graph_spec.return_of(request.method, kind, edge)
        rows = answer["data"] if isinstance(answer.get("data"), list) else [answer]
        for row in rows if request.method == "GET" and returned else ():
            names = [name for name in row if name not in ("data", "paging")]
            assert graph_spec.field_errors(returned, names) == []
    assert edges >= {
        "GET adaccounts", "POST campaigns", "POST adsets", "POST ads", "POST adcreatives", "POST adimages", "GET ",
        "POST ", "GET campaigns", "GET adsets", "GET ads", "GET insights", "GET delivery_estimate",
        "GET customaudiences",
    }  # fmt: skip


def structured(sent: dict[str, str]) -> dict[str, str]:
    """Parameters without what the description leaves to the documentation: filters of lists, and named structures."""
    apart = {"filtering", "targeting", "targeting_spec", "object_story_spec", "creative", "promoted_object"}
    return {name: value for name, value in sent.items() if name not in apart}


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "x\x00", "\ud83d", "", "/etc", "Europe"])
def test_a_zone_that_nobody_knows_does_not_sink_the_cabinet(name: str) -> None:
    value = {"id": "act_7", "name": "Bread", "currency": "EUR", "account_status": 1, "timezone_name": name}
    assert mapping_ads.cabinet(value).zone == "UTC"
