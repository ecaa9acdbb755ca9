"""What campaigns brought, added up by the database, against the same done by hand."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, to_datetime
from smm_tui.services.ads_queries import AD, CAMPAIGN, SET, AdsQueries
from tests.support.ads import Market

NUMBERS = st.none() | st.integers(0, 10_000)
FIGURES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)  # impressions, reach, clicks, results, spent


@pytest.fixture
def market(office):
    return Market(office.workspace, office.project, office.accounts[0])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.tuples(st.integers(1, 4), st.integers(0, 9)), FIGURES, max_size=25))
def test_sums_are_those_one_would_make_by_hand(market, figures):
    market.clear()
    campaign = market.campaign("Spring")
    sets = [market.set(campaign, "A"), market.set(campaign, "B")]
    ads = [market.ad(sets[n // 2], f"Ad {n}") for n in range(4)]
    days = [market.day(back) for back in range(10)]
    for (ad, back), told in figures.items():
        market.figures(ads[ad - 1], days[back], *told)
    queries = AdsQueries(market.workspace.db)
    for level, owners in (
        (AD, {number: ads[number - 1] for number in range(1, 5)}),
        (SET, {1: sets[0], 2: sets[0], 3: sets[1], 4: sets[1]}),
        (CAMPAIGN, dict.fromkeys(range(1, 5), campaign)),
    ):
        parts = defaultdict(list)
        for (ad, _back), told in figures.items():
            parts[owners[ad]].append(told)
        found = queries.totals(level, list(set(owners.values())))
        assert found.keys() == parts.keys()
        for owner, rows in parts.items():
            sums = [[row[n] for row in rows if row[n] is not None] for n in range(5)]
            totals = found[owner]
            wanted = [sum(column) if column else None for column in sums]
            assert [totals.impressions, totals.clicks, totals.results, totals.spent] == [
                wanted[n] for n in (0, 2, 3, 4)
            ]
            assert totals.reach == (max(sums[1]) if sums[1] else None)
            shown = sum(row[0] for row in rows if row[0] is not None and row[2] is not None)
            assert totals.ctr == (100 * wanted[2] / shown if sums[2] and shown else None)
            paid = [row[4] for row in rows if row[4] is not None and row[3] is not None]
            assert totals.cost_per_result == (sum(paid) / wanted[3] if paid and wanted[3] else None)


def test_the_tree_unfolds_what_runs_first_and_nothing_removed(market):
    old, running = market.campaign("Old", state="ended"), market.campaign("Now", state="active")
    group = market.set(running, "Near", state="active")
    ad, gone = market.ad(group, "Rolls", state="rejected"), market.ad(group, "Away", removed_at=1)
    queries = AdsQueries(market.workspace.db)
    ids = queries.campaign_ids()
    assert ids == [running, old]
    assert queries.tree(ids, ()) == [f"c{running}", f"c{old}"]
    assert queries.tree(ids, {f"c{running}", f"s{group}"}) == [f"c{running}", f"s{group}", f"a{ad}", f"c{old}"]
    assert queries.campaign_ids(words=["near"]) == []
    assert queries.campaign_ids(words=["now", "active"]) == [running]
    assert queries.campaign_ids(states=["ended"]) == [old]
    market.figures(gone, market.day(0), 100, 90, 5, 1, 400)
    lines = queries.lines([f"c{running}", f"s{group}", f"a{ad}", f"a{gone}", "c99"])
    assert set(lines) == {f"c{running}", f"s{group}", f"a{ad}"}
    assert lines[f"c{running}"].figures.totals.spent == 400  # what was removed has cost its money all the same
    assert (lines[f"c{running}"].row.refused, lines[f"c{running}"].row.ads) == (1, 1)
    assert lines[f"a{ad}"].state == "rejected"
    assert lines[f"a{ad}"].figures.totals.spent is None


def test_a_trend_has_a_gap_where_nothing_is_known(market):
    campaign = market.campaign("Spring", state="active")
    ad = market.ad(market.set(campaign, "A"), "Ad")
    for back, results in ((0, 3), (2, None), (3, 0), (30, 9)):
        market.figures(ad, market.day(back), 100, 90, 5, results, 400)
    line = AdsQueries(market.workspace.db).line(f"c{campaign}")
    assert line.figures.trend == (None, None, None, 0, None, None, 3)


def test_the_pace_of_a_campaign_is_that_of_its_sets_where_they_have_the_money(market):
    now = market.workspace.clock()
    campaign = market.campaign(
        "Spring", state="active", starts_at=now - 10 * DAY, ends_at=now + 10 * DAY, cap=50_000, budget_total=None
    )
    for _n in range(2):
        market.set(campaign, "A", budget_daily=500)
    queries = AdsQueries(market.workspace.db)
    assert queries.line(f"c{campaign}").pace == (20_000, 10_000)
    draft = market.campaign("Draft", starts_at=now - 10 * DAY, ends_at=now + 10 * DAY, budget_total=900, cap=700)
    assert queries.line(f"c{draft}").pace == (700, None)


def test_a_promoted_post_knows_its_ads_and_what_they_cost(market, office):
    post = office.add("Rolls", "tomorrow 9")
    delivery = office.deliveries(post)[0]
    campaign = market.campaign("Spring", state="active")
    group = market.set(campaign, "A")
    ad = market.ad(group, "Rolls", delivery_id=delivery.id, state="active")
    market.ad(group, "Other")
    market.figures(ad, market.day(0), 100, 90, 5, 2, 400)
    now = market.workspace.clock()
    found = market.workspace.ads_queries.promotions(office.project, now, now + 3 * DAY)
    assert [(row.ad_id, row.campaign_id, row.state, row.spent, row.results) for row in found[post]] == [
        (ad, campaign, "active", 400, 2)
    ]
    assert market.workspace.ads_queries.promotions_of(post) == found[post]
    assert market.workspace.ads_queries.promotions(office.project, now + 3 * DAY, now + 9 * DAY) == {}


def test_a_new_follower_costs_what_was_spent_by_what_was_gained_and_nothing_is_said_without_readings(market, office):
    campaign = market.campaign("Spring", state="active")
    other = market.campaign("Other", state="active", account_id=office.accounts[1])
    for number in (campaign, other):
        ad = market.ad(market.set(number, "A"), "Ad")
        for back in range(5):
            market.figures(ad, market.day(back), 100, 90, 5, 2, 300)
    now = market.workspace.clock()
    for back, followers in ((9, 1000), (5, 1010), (2, 1040), (0, 1070)):
        market.reading(office.accounts[0], "followers", followers, now - back * DAY)
    day = to_datetime(now).date
    since, until = date.fromisoformat(market.day(3)), day()
    rows = market.workspace.ads_queries.follower_costs(office.project, since, until)
    assert [(row.account_id, row.spent, row.gained) for row in rows] == [
        (office.accounts[0], 1200, 60),
        (office.accounts[1], 1200, None),
    ]


def test_the_money_of_a_month_stands_beside_its_cap(market):
    campaign = market.campaign("Spring", state="active", cap=9_000)
    ad = market.ad(market.set(campaign, "A"), "Ad")
    market.figures(ad, market.day(0), 100, 90, 5, 2, 300)
    market.figures(ad, market.day(40), 100, 90, 5, 2, 900)  # another month
    money = market.workspace.ads_queries.money()
    assert money[market.project] == [(market.project, "EUR", 300, 9_000)]
    market.cap(4_000)
    assert market.workspace.ads_queries.money()[market.project] == [(market.project, "EUR", 300, 4_000)]
