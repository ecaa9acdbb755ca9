"""Growth, reach, what engages, what selling costs: from readings that came through the networks' own faces."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.selling_cost import Verdict
from smm_tui.networks.page import Metric
from smm_tui.networks.vk import api as vk
from smm_tui.sandbox import crowd
from smm_tui.services.figures import day_of
from smm_tui.services.insight_queries import InsightQueries, Span, day_counter
from tests.support.desk import Desk, make_desk
from tests.support.figures import live_post, told


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """The clock stands still: the pace that VK asks for would never be over."""
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)


@pytest.fixture
def queries(desk) -> InsightQueries:
    return desk.workspace.insight_queries


def values(curve) -> list[int | None]:
    return [point.value for point in curve.points]


def test_ranges(queries) -> None:
    for text, until, days in (
        ("30d", "", 30),
        ("12W", "", 84),
        (" 1y ", "", 365),
        ("2026-09-01", "2026-09-10", 10),
        ("2026-09-21", "", 1),
    ):
        span = queries.span(text, until)
        assert span.days == days
        assert -(-span.days // span.size) <= 60
    for text in ("", "0d", "30", "d", "2026-13-01", "²d"):
        with pytest.raises(InvalidInput) as error:
            queries.span(text)
        assert error.value.hint
    for text, until in (("2026-09-10", "2026-09-01"), ("30d", "soon")):
        with pytest.raises(InvalidInput):
            queries.span(text, until)


def test_growth_carries_on_over_gaps_and_counts_no_account_that_was_added(desk, queries) -> None:
    now = desk.clock.now
    for days_ago, value in ((9, 100), (8, 104), (2, 98)):  # it goes down as well
        told(desk, "mastodon", Metric.FOLLOWERS, value, now - days_ago * DAY)
    told(desk, "bluesky", Metric.FOLLOWERS, 50, now - 3 * DAY)
    told(desk, "bluesky", Metric.FOLLOWERS, 55, now)
    growth = queries.growth(desk.project, queries.span("8d"))
    assert values(growth.followers) == [104, 104, 104, 104, 154, 148, 148, 153]
    assert (growth.last, growth.change) == (153, -6 + 5)
    assert growth.followers.as_of == now
    rows = {row.network: row for row in growth.accounts if row.last is not None}
    assert (rows["mastodon"].first, rows["mastodon"].change) == (104, -6)
    assert (rows["bluesky"].first, rows["bluesky"].change) == (50, 5)
    assert rows["mastodon"].as_of == now - 2 * DAY
    nothing = next(row for row in growth.accounts if row.last is None)
    assert (nothing.first, nothing.change, nothing.as_of) == (None, None, None)


def test_a_month_of_nothing(desk, queries) -> None:
    growth = queries.growth(None, queries.span("30d"))
    assert (growth.last, growth.change, growth.followers.as_of) == (None, None, None)
    assert set(values(growth.followers)) == {None}
    assert not queries.reach(None, queries.span("30d")).known
    assert queries.engagement(None, queries.span("30d")).groups == ()
    assert queries.best_hours(None, queries.span("30d")) == ()
    (mix,) = queries.mix(None, queries.span("1y"))
    assert mix.finding.verdict is Verdict.NOT_ENOUGH
    assert queries.growth(999, queries.span("30d")).accounts == ()


def test_reach_is_added_up_and_missing_is_no_zero(desk, queries) -> None:
    end = desk.clock.now // DAY * DAY
    told(desk, "mastodon", Metric.REACH, 10, end, end - DAY)
    told(desk, "bluesky", Metric.REACH, 5, end, end - DAY)
    told(desk, "mastodon", Metric.REACH, 0, end - 2 * DAY, end - 3 * DAY)
    curve = queries.reach(desk.project, Span(end // DAY - 3, end // DAY - 1))
    assert values(curve) == [0, None, 15]
    assert curve.total == 15


def test_groups_are_compared_with_what_is_usual_on_their_account(desk, queries) -> None:
    account, other = desk.accounts["mastodon"], desk.accounts["bluesky"]
    noon = desk.clock.now // DAY * DAY + 10 * HOUR
    for day in range(3, 43):  # a large account and a small one with the same habit: noon does twice as well
        at = noon - day * DAY
        for number, size in ((account, 400), (other, 10)):
            live_post(desk, number, at, "informational", engagement=2 * size + day % 5, reach=4 * size)
            live_post(desk, number, at + 8 * HOUR, "selling", engagement=size + day % 5)
    span = queries.span("90d")
    hours = {group.key: group for group in queries.engagement(desk.project, span, "hour").groups}
    best, evening = (hours[f"{hour}"] for hour in ("12", "20"))  # in Budapest
    assert (best.verdict, evening.verdict) == ("better", "worse")
    assert 1.3 < best.usual.low < best.usual.mean < best.usual.high < 1.5
    assert [group.key for group in queries.best_hours(desk.project, span)] == ["12"]
    types = queries.engagement(desk.project, span, "type")
    assert types.posts == 160
    assert {group.key: group.title for group in types.groups} == {
        "informational": "informational",
        "selling": "selling",
    }
    assert types.groups[0].rate == pytest.approx(0.5, abs=0.06)
    assert types.groups[1].rate is None, "nothing was told of their reach"
    week = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
    assert {group.title for group in queries.engagement(None, span, "weekday").groups} == week
    assert [group.title for group in queries.engagement(None, span, "segment").groups] == ["no segment"]
    with pytest.raises(InvalidInput):
        queries.engagement(None, span, "colour; DROP TABLE post")


def test_few_posts_and_young_ones_say_nothing(desk, queries) -> None:
    account = desk.accounts["mastodon"]
    for day in range(1, 4):
        live_post(desk, account, desk.clock.now - day * DAY, engagement=900 * (day == 1))
    (group,) = queries.engagement(desk.project, queries.span("30d"), "type").groups
    assert (group.verdict, group.posts) == ("not_enough", 3)
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE post_figure SET at = live_at + 3600000")
    assert queries.engagement(desk.project, queries.span("30d"), "type").groups == ()


def _selling_town(folder, network: str, temper: crowd.Temper, *, days: int, seed: int) -> Desk:
    """A page on a face of the sandbox, its posts, and a worker that reads what the network tells."""
    desk = make_desk(folder / "data", networks=(network,))
    page = next(one for one in desk.world.accounts(network=network) if one.handle.startswith("bakery"))
    crowd.found(desk.world, page, 3000)
    dice = random.Random(seed)
    worker = desk.workspace.worker()
    daily = network in ("mastodon", "bluesky", "telegram")  # they tell a total, and nothing of days that are gone
    for day in range(days):
        sells = dice.random() < 0.4
        if dice.random() < 0.9:
            live_post(desk, desk.accounts[network], desk.clock.now, "selling" if sells else "informational")
        else:
            sells = False
        crowd.live_a_day(desk.world, page, temper, selling=float(sells), dice=dice)
        if daily or day % 20 == 19 or day == days - 1:
            before = desk.clock.now
            desk.clock.turn(60)
            assert worker.count_once(accounts=[desk.accounts[network]]).failed == 0
            desk.clock.now = before
        desk.clock.turn(86_400)
    return desk


@pytest.mark.parametrize("network", ["vk", "mastodon", pytest.param("facebook", marks=pytest.mark.matrix)])
def test_what_is_planted_in_the_sandbox_is_found_through_the_face(tmp_path, network) -> None:
    temper = crowd.Temper(gain=0.0005, loss=0.002, cost=0.004)
    desk = _selling_town(tmp_path, network, temper, days=90, seed=3)
    try:
        queries = desk.workspace.insight_queries
        (mix,) = queries.mix(desk.project, queries.span("1y"))
        assert mix.finding.verdict is Verdict.COSTS, mix.finding
        assert mix.finding.low < 4 < mix.finding.high + 1
        assert mix.shares.keys() == {"selling", "informational"}
        assert mix.as_of is not None
    finally:
        desk.workspace.close()
        desk.world.close()


def test_noise_in_the_sandbox_is_left_alone(tmp_path) -> None:
    desk = _selling_town(tmp_path, "vk", crowd.Temper(gain=0.002, loss=0.004), days=90, seed=4)
    try:
        queries = desk.workspace.insight_queries
        (mix,) = queries.mix(desk.project, queries.span("1y"))
        assert mix.finding.verdict is Verdict.NO_SIGN
        (short,) = queries.mix(desk.project, queries.span("20d"))
        assert short.finding.verdict is Verdict.NOT_ENOUGH
    finally:
        desk.workspace.close()
        desk.world.close()


def test_what_a_network_does_not_tell_is_named_with_its_reason(desk, queries) -> None:
    desk.workspace.worker().count_once()
    row = next(row for row in queries.growth(desk.project, queries.span("7d")).accounts if row.network == "bluesky")
    assert row.last is not None
    assert json.dumps(dict(row.missing))


@given(
    st.integers(0, 4_000_000_000_000), st.sampled_from(["Europe/Budapest", "America/St_Johns", "Pacific/Apia", "UTC"])
)
def test_days_are_those_of_the_zone_over_every_change_of_its_clocks(at, zone) -> None:
    assert day_counter(zone)(at) == day_of(at, zone)
