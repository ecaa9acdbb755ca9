"""Ads: the tree of campaigns, one of them whole, the editors, what is asked before money is spent."""

import re
from datetime import date

import pytest

from smm_tui.domain.clock import DAY
from smm_tui.networks.advertising import Place, PlaceKind
from smm_tui.screens import audience_words, campaign
from smm_tui.screens.ad_set import AdSetScreen
from smm_tui.services.goals import GoalDraft
from tests.ads.support import BERLIN, AdsDesk, make_ads_desk
from tests.support.ads import Market
from tests.support.stage import SIZES, on_stage


def words(text: str) -> str:
    """A text of the screen without its frames and line ends."""
    return " ".join(re.sub("[─│┌┐└┘]", " ", text).split())


STATION = Place(PlaceKind.STATION, "201", "Арбатская", None, 55.752, 37.604)


@pytest.fixture
def ads(tmp_path):
    made = make_ads_desk(tmp_path, "facebook")
    yield made
    made.desk.workspace.close()
    made.desk.world.close()


@pytest.fixture
def market(ads: AdsDesk) -> Market:
    """Three campaigns: one that runs, with a refused ad, an alarm and ten days of figures; a draft; an old one."""
    made = Market(ads.desk.workspace, ads.desk.project, ads.account)
    running = made.campaign("Rolls \x1b[31m[b]red", state="active", budget_total=30_000, cap=33_000)
    group, other = made.set(running, "Women", state="active"), made.set(running, "Men", state="active")
    one = made.ad(group, "Rolls at six", state="active", text="Fresh rolls at six")
    two = made.ad(other, "Free bread", state="rejected", state_reason="Misleading: nothing is free.")
    for back in range(10):
        made.figures(one, made.day(back), 10_000, 900, 200, 300 + back, 2_000, final=back > 1)
        made.figures(two, made.day(back), 10_000, 800, 100, 100 + back, 1_000)
    made.alarm(running, "Spends faster than planned.")
    made.campaign("Christmas", goal="traffic")
    made.campaign("Last year", state="ended")
    return made


@pytest.mark.parametrize("size", SIZES)
async def test_the_tree_shows_state_money_and_what_it_brings(ads, market, size):
    async with on_stage(ads.desk.workspace, size) as stage:
        text = await stage.press("g", "a")
        row = next(line for line in text.splitlines() if "Rolls" in line)
        assert "!Rolls ␛[31m" in row
        assert "● active 1✗" in row
        assert "300/300 EUR" in row
        assert "1.50%" in row
        assert ("0.10" in row) == (size[0] > 100)  # what a click costs gives way first
        assert "+" in row.partition("█")[2]  # faster than planned, said by a sign
        assert "\x1b" not in text
        text = await stage.press("l")
        assert "▸ Women" in text
        assert "Rolls at s" not in text
        assert "Rolls at s" in await stage.press("j", "l")
        assert "▸ Women" in await stage.press("h")
        await stage.press("h")
        assert stage.screen.list.current == "c1"
        assert "▸ Women" not in await stage.press("h")
        assert "Free bread" in await stage.press("o")
        assert "Free bread" not in await stage.press("o")


async def test_states_and_a_filter_narrow_the_list_and_an_empty_one_says_what_to_do(ads, market):
    async with on_stage(ads.desk.workspace) as stage:
        assert "Last year" not in await stage.press("g", "a", "w")
        assert "Christmas" not in stage.text
        assert "Christmas" in await stage.press("w")
        assert "Last year" in await stage.press("w")
        await stage.press("w", "slash")
        assert "Christmas" not in await stage.type("rolls")
        await stage.press("esc")
        market.clear()
        await stage.news()
        assert "Choose a client with 1-9, then press n" in stage.text
        assert "Press n for the first one" in await stage.press("1")


async def test_without_an_account_that_can_advertise_it_leads_to_setup(desk):
    async with on_stage(desk.workspace) as stage:
        assert "No account here can run ads. Connect a VK community or a Facebook Page" in await stage.press("g", "a")


@pytest.mark.parametrize("size", SIZES)
async def test_a_campaign_whole_with_chart_refusals_days_and_history(ads, market, size):
    number = ads.campaign(name="Made by hand")
    async with on_stage(ads.desk.workspace, size) as stage:
        await stage.press("g", "a")
        text = await stage.press("enter")
        assert "Spent a day, the last 2 days not final, EUR" in text
        assert "┌" in text
        await stage.press("right")
        assert "Results a day" in stage.text
        text = stage.text + await stage.press("G") + await stage.press("pageup")
        whole = "\n".join(stage.screen.list.text_of(n) for n in range(len(stage.screen.list)))
        for told in (
            "Free bread: Misleading: nothing is free.",
            "Spends faster than planned.",
            "faster than planned",
            "a result 0.07 EUR",
            "not final",
            "not known: the followers of",
        ):
            assert told in " ".join(whole.split()), told
        assert "Made by hand" in await stage.press("esc", "j", "enter")
        whole = "\n".join(stage.screen.list.text_of(n) for n in range(len(stage.screen.list)))
        assert "tester: Added campaign" in whole
        assert "Berlin (city)" not in whole
        assert stage.screen.bookmark() == {"thing": f"c{number}"}


async def test_before_money_is_spent_it_asks_naming_client_money_and_the_way_back(ads):
    number = ads.campaign(name="Spring")
    async with on_stage(ads.desk.workspace) as stage:
        await stage.press("g", "a", "s")
        assert ads.state(number) == "submitted"
        text = words(await stage.press("a"))
        for told in (
            "Approve “Spring”?",
            "For: Bakery",
            "Facebook",
            "At most 200.00 EUR may be spent",
            "1 ad set with 1 ad",
        ):
            assert told in text
        await stage.press("enter")
        assert ads.state(number) == "submitted"  # enter is neither yes nor no
        await stage.press("y")
        assert ads.state(number) == "approved"
        text = words(await stage.press("L"))
        assert "From then on it spends money" in text
        assert "u takes it back until it has started; later p pauses it" in text
        await stage.press("y")
        assert ads.state(number) == "scheduled"
        assert "u undoes" in stage.message
        await stage.press("u")
        assert ads.state(number) == "approved"
        text = words(await stage.press("x"))
        assert "after that there is no way back" in text
        await stage.press("n")
        assert ads.state(number) == "approved"
        assert "does not run yet" in await stage.press("p")


async def test_a_campaign_is_planned_and_what_is_wrong_is_told_at_its_field(ads):
    async with on_stage(ads.desk.workspace, (80, 30)) as stage:
        await stage.press("g", "a")
        assert "Choose a client first" in await stage.press("n")
        text = await stage.press("1", "n")
        assert "New campaign for Bakery" in text
        await stage.type("Spring")
        await stage.press("tab", "tab", "tab", "tab", "tab")
        await stage.type("5x")
        assert "“5x” is not an amount." in await stage.press("enter")
        await stage.press("ctrl+u")
        await stage.type("5")
        assert "Nothing says how much may be lost" in await stage.press("enter")
        await stage.type("100")
        await stage.press("enter")
        assert "Added campaign 1, Spring: at most 100.00 EUR" in stage.message
        await stage.press("e")
        assert "100.00" in stage.text
        await stage.press("esc")


async def test_an_ad_set_is_edited_beside_the_estimate_and_nothing_typed_is_lost(ads):
    number = ads.campaign(name="Spring")
    (group,) = ads.sets(number)
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        await stage.press("g", "a", "l", "j", "e")
        screen = stage.screen
        assert isinstance(screen, AdSetScreen)
        await stage.until(lambda: "people" in stage.text)
        assert "Berlin  (city)" in stage.text
        screen.list.move_to(list(screen.list._ids).index("age"))
        await stage.press("enter", "ctrl+u")
        await stage.type("70")
        assert "Ages there go from 13 to 65." in await stage.press("enter")
        await stage.press("ctrl+u")
        await stage.type("30")
        await stage.press("enter")
        assert "30-45" in stage.text
        await stage.press("esc")
        assert "What was changed is kept" in stage.message
        text = await stage.press("e")
        assert "30-45" in text
        assert "What you had changed here is back." in stage.message
        await stage.press("s")
        assert "Changed ad set" in stage.message
        assert ads.desk.workspace.campaign_queries.set_draft(group).audience.age_from == 30
        assert "not saved" not in await stage.press("e")


async def test_places_are_looked_up_while_one_types(ads):
    number = ads.campaign(name="Spring")
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        await stage.press("g", "a", "l", "j", "e")
        screen = stage.screen
        screen.list.move_to(list(screen.list._ids).index("places:0"))
        await stage.press("n")
        await stage.type("city")
        await stage.press("enter")
        await stage.type("Ham")
        await stage.until(lambda: "Hamburg" in stage.text)
        await stage.press("enter")
        assert "Hamburg, Germany  (city)" in stage.text
        await stage.press("s")
        (group,) = ads.sets(number)
        names = [one.name for one in ads.desk.workspace.campaign_queries.set_draft(group).audience.places]
        assert names[0] == BERLIN.name
        assert names[1].startswith("Hamburg")


async def test_what_the_network_cannot_express_is_said_when_it_is_chosen_and_substituted(ads):
    number = ads.campaign(name="Spring")
    (group,) = ads.sets(number)
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        await stage.press("g", "a", "l", "j", "e")
        stage.screen._chosen("places", STATION)
        await stage.settle()
        assert "Facebook knows no metro stations: use a 1 km radius around the station?" in words(stage.text)
        await stage.press("n")
        assert "m does it." in stage.text
        await stage.press("m", "s")
        circle = ads.desk.workspace.campaign_queries.set_draft(group).audience.places[1]
        assert (circle.kind, circle.radius, circle.latitude) == (PlaceKind.POINT, 1000, 55.752)


async def test_two_sets_are_compared_with_what_they_differ_in_and_whether_it_is_chance(ads, market):
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        await stage.press("g", "a")
        assert "Select two ad sets" in await stage.press("C")
        text = await stage.press("l", "j", "space", "space", "C")
        assert "Results a day  ⣿ Women  • Men" in text
        assert "Women brings more for its impressions (p < 0.001)." in words(text)
        assert "3045" in text
        assert "1045" in text
        await stage.press("enter")
        assert stage.screen.SCOPE == "ads"


async def test_a_post_is_promoted_and_the_calendar_shows_it(ads):
    number = ads.campaign(name="Spring")
    ads.desk.plan("Rolls are warm", accounts=["facebook"], seconds=3600)
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        await stage.press("g", "a", "l", "j", "N")
        assert "An ad of its own" in stage.text
        await stage.type("warm")
        await stage.press("enter")
        assert "Rolls are warm" in stage.text
        await stage.press("enter")
        assert "Added ad" in stage.message
        assert ads.desk.workspace.campaign_queries.get_ad(ads.ads(number)[-1]).post_id is not None
        text = await stage.press("g", "c")
        assert "$·" in text
        assert "[ad] Rolls" in text
        assert "$ 21 17:13 Spring: draft" in text


async def test_today_and_projects_speak_of_ads(ads, market):
    submitted = ads.campaign(name="Spring")
    ads.service.submit(submitted)
    found = {item.id: (item.state, item.text) for item in ads.desk.workspace.today.all() if item.kind == "campaign"}
    assert found[1] == ("alarm", "Rolls \x1b[31m[b]red: Spends faster than planned.")
    assert found[submitted] == ("submitted", "Spring: waits for approval")
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        assert "300/330 EUR" in await stage.press("g", "p")
        await stage.press("g", "t")
        stage.screen.list.move_to(list(stage.screen.list._ids).index("campaign:1"))
        await stage.press("enter")
        assert stage.screen.list.current == "c1"
        await stage.press("exclamation_mark")
        assert "Settled: Spends faster" in stage.message


def test_hours_are_typed_as_they_are_told():
    hours = audience_words.parse_hours("Mon-Wed 8-20; Sat,Sun 9-12,22")
    assert audience_words.parse_hours(audience_words.hours(hours)) == hours
    assert hours["6"] == (9, 10, 11, 22)
    assert audience_words.parse_hours("Sat-Mon 5") == {"0": (5,), "5": (5,), "6": (5,)}
    assert audience_words.parse_hours("") == {}


@pytest.mark.parametrize("words", ["Mon", "Mon 25", "Mon 9-8", "Xyz 9", "Mon x", "Mon 9-"])
def test_what_are_no_hours_is_said(words):
    with pytest.raises(Exception, match="are no hours"):
        audience_words.parse_hours(words)


def test_a_chart_has_gaps_where_nothing_is_known(market):
    days = market.workspace.ads_queries.days("campaign", 1)
    data = campaign.chart_of("spent", [days[0], days[-1]], "EUR")
    assert data.labels[0] == "12 Sep"
    assert data.series[0].values == (30.0, *[None] * 8, 30.0)


async def test_a_second_half_of_a_test_gets_half_of_the_money_and_is_compared_at_once(ads):
    number = ads.campaign(name="Spring", budget_daily=None, cap=20_000)
    (group,) = ads.sets(number)
    queries = ads.desk.workspace.campaign_queries
    ads.service.edit_set(group, ads.set_draft(budget_daily=1_000))
    async with on_stage(ads.desk.workspace, (120, 40)) as stage:
        assert "Put the cursor on an ad set first." in await stage.press("g", "a", "B")
        await stage.press("l", "j", "B", "enter")
        assert [queries.set_draft(one).budget_daily for one in ads.sets(number)] == [500, 500]
        assert "Not enough data" in await stage.press("j", "C")


async def test_a_campaign_stands_beside_the_goal_of_the_client_that_it_serves(ads, market):
    ads.desk.workspace.goals.add(
        ads.desk.project, GoalDraft("followers", 2_000, date(2026, 12, 31), date(2026, 9, 1))
    )
    async with on_stage(ads.desk.workspace) as stage:
        await stage.press("g", "a", "enter")
        whole = "\n".join(stage.screen.list.text_of(n) for n in range(len(stage.screen.list)))
        assert "the client want" in whole
        assert "? of 2000 followers by 2026-12-31" in whole


async def test_what_a_new_follower_cost_a_client_stands_above_its_campaigns(ads, market):
    now = market.workspace.clock()
    for back, followers in ((40, 1000), (0, 1100)):
        market.reading(ads.account, "followers", followers, now - back * DAY)
    async with on_stage(ads.desk.workspace) as stage:
        assert "a new follower" not in await stage.press("g", "a")
        assert "a new follower 3.00 EUR" in await stage.press("1")
