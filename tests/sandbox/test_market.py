"""The advertising market: nobody spends more than allowed, and what is told depends on the clock alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.sandbox import market, seed
from smm_tui.sandbox.market import ACTIVE, AD, CAMPAIGN, PAUSED, SET, Terms
from smm_tui.sandbox.population import Circle, Crowd, people, spots
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

from .support import ManualClock


@pytest.fixture
def server(world: World) -> Server:
    return seed.add_servers(world)[seed.FACEBOOK_HOST]


@pytest.fixture
def cabinet(world: World, server: Server) -> Account:
    return world.add_account(server, "act_1", "act_1", data={"zone": "Europe/Berlin"})


Tree = tuple[Object, Object, list[Object]]


def tree(
    world: World, cabinet: Account, *, of_campaign: Terms | None = None, of_set: Terms | None = None, ads: int = 1
) -> Tree:
    campaign = market.add(world, cabinet, CAMPAIGN, "c", "Spring", of_campaign or Terms(ACTIVE, "traffic"))
    terms = of_set or Terms(ACTIVE, budget_daily=1000, people=500_000)
    group = market.add(world, cabinet, SET, "s", "Berlin", terms, parent="c")
    made = [
        market.add(world, cabinet, AD, f"a{at}", "Bread", Terms(ACTIVE, creative="Fresh bread"), parent="s")
        for at in range(ads)
    ]
    return campaign, group, made


def test_money_is_spent_by_the_clock_within_the_daily_budget(
    world: World, server: Server, cabinet: Account, clock: ManualClock
) -> None:
    campaign, group, (ad, other) = tree(world, cabinet, ads=2)
    market.settle(world, server)
    assert market.spent(world, campaign) == 0
    for _hour in range(24 * 9):
        clock.now += HOUR
        market.settle(world, server)
    days = [market.told(world, world.object(each.id), date.min, date.max) for each in (ad, other)]
    together = [one.spent + two.spent for one, two in zip(*days, strict=True)]
    assert len(together) in (9, 10)
    assert all(0 < cost <= 1000 for cost in together)
    assert max(together) > 900
    assert days[0] != days[1]  # each ad has its own luck
    assert all(day.clicks <= day.impressions and day.reach <= day.impressions for day in days[0])
    assert market.spent(world, group) == market.spent(world, campaign) == sum(together)


def test_it_does_not_matter_who_looks_when(
    world: World, server: Server, cabinet: Account, clock: ManualClock
) -> None:
    _campaign, _group, (ad,) = tree(world, cabinet)
    second = world.add_server("other.example", "facebook")
    twin = world.add_account(second, "act_1", "act_1", data={"zone": "Europe/Berlin"})
    _campaign, _group, (other,) = tree(world, twin)
    for _hour in range(30):
        clock.now += HOUR
        market.settle(world, server)
    market.settle(world, second)
    assert market.told(world, world.object(ad.id), date.min, date.max) == market.told(
        world, world.object(other.id), date.min, date.max
    )


def test_a_total_budget_ends_it(world: World, server: Server, cabinet: Account, clock: ManualClock) -> None:
    total = Terms(ACTIVE, "reach", budget_total=5000, ends_at=clock.now + 3 * DAY)
    campaign, _group, _ads = tree(world, cabinet, of_campaign=total, of_set=Terms(ACTIVE, people=500_000), ads=3)
    clock.now += 10 * DAY
    market.settle(world, server)
    assert 4000 < market.spent(world, campaign) <= 5000


def test_paused_refused_and_unreviewed_ads_cost_nothing(
    world: World, server: Server, cabinet: Account, clock: ManualClock
) -> None:
    campaign, _group, (ad,) = tree(world, cabinet)
    terms = market.terms(ad)
    market.add(world, cabinet, AD, "bad", "Luck", replace(terms, creative="A miracle casino"), parent="s")
    assert market.review(world, ad).state == market.PENDING
    clock.now += market.REVIEW
    bad = market.find(world, cabinet, AD, "bad")
    assert bad is not None
    assert market.review(world, bad) == market.Review(market.REFUSED, ("gambling", "misleading"))
    assert market.review(world, ad) == market.Review(market.APPROVED)
    market.settle(world, server)
    assert market.spent(world, campaign) == 0
    clock.now += DAY
    market.settle(world, server)
    before = market.spent(world, campaign)
    assert before > 0
    assert market.spent(world, world.object(bad.id)) == 0
    market.set_status(world, world.object(campaign.id), PAUSED)
    clock.now += 3 * DAY  # the figures ripen, but nothing new comes
    market.settle(world, server)
    assert before <= market.spent(world, campaign) <= 1000


def test_figures_grow_until_they_are_settled(
    world: World, server: Server, cabinet: Account, clock: ManualClock
) -> None:
    _campaign, _group, (ad,) = tree(world, cabinet)
    first = date(2026, 9, 21)
    seen = []
    for _step in range(40):
        clock.now += 3 * HOUR
        market.settle(world, server)
        days = market.told(world, world.object(ad.id), date.min, date.max)
        first = days[0].day
        seen.append(days[0].spent)
    assert all(one <= two for one, two in pairwise(seen))
    assert seen[-1] > seen[8]
    assert seen[-1] == seen[-5]
    assert [day.day for day in market.told(world, world.object(ad.id), first, first)] == [first]


def test_a_balance_is_never_overdrawn(world: World, server: Server, cabinet: Account, clock: ManualClock) -> None:
    world.update_account(cabinet, {"balance": 1500})
    campaign, _group, _ads = tree(world, cabinet)
    clock.now += 9 * DAY
    market.settle(world, server)
    assert market.spent(world, campaign) in range(1490, 1501)
    assert world.account(cabinet.id).data["balance"] == pytest.approx(0)


def test_hours_of_the_week(world: World, server: Server, cabinet: Account, clock: ManualClock) -> None:
    monday = Terms(ACTIVE, budget_daily=1000, people=500_000, hours=tuple(range(24)))
    campaign, _group, (ad,) = tree(world, cabinet, of_set=monday)
    clock.now += 14 * DAY
    market.settle(world, server)
    days = market.told(world, world.object(ad.id), date.min, date.max)
    assert {day.day.weekday() for day in days} == {0}
    assert market.spent(world, campaign) > 0


def test_crowds() -> None:
    everybody, germany = people(Crowd()), people(Crowd(("49",)))
    berlin = people(Crowd(("24101",)))
    assert everybody > germany > berlin > people(Crowd(("24101",), age_from=30, age_to=40)) > 0
    assert people(Crowd(("49", "24101"))) == germany  # the city lies in its country
    assert people(Crowd(("49",), ("24101",))) == pytest.approx(germany - berlin, abs=2)
    women, men = people(Crowd(("49",), sex="female")), people(Crowd(("49",), sex="male"))
    assert women + men == pytest.approx(germany, abs=2)
    near = people(Crowd((Circle(52.52, 13.4, 1000),)))
    assert 0 < near < people(Crowd((Circle(52.52, 13.4, 3000),))) < berlin
    assert people(Crowd((Circle(0.0, 0.0, 5000),))) == 0
    assert people(Crowd(("24101",), interests=("6003012317397",))) < berlin
    assert people(Crowd(("24101",), age_from=70, age_to=18)) == 0
    assert [place.name for place in spots(["station"], "ар")] == ["Арбатская"]
    assert [place.name for place in spots(["city"], "", within="533")] == ["München", "Nürnberg"]
