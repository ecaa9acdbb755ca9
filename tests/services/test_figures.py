"""What networks tell of pages and posts: kept as told, with its moment; missing is not zero."""

from __future__ import annotations

import pytest

from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import readings as reads
from smm_tui.domain.clock import DAY, HOUR, Instant
from smm_tui.domain.errors import AuthExpired, NotFound, RateLimited, Transient
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.networks.ports import RemoteRef
from smm_tui.networks.vk import api as vk
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services.figures import Figures, PostTurn, day_of
from smm_tui.services.project_queries import ProjectDraft
from tests.support.desk import ZONE, make_desk


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """The clock stands still: the pace that VK asks for would never be over."""
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)


@pytest.fixture
def figures(desk) -> Figures:
    return Figures(desk.workspace.db)


def account_of(desk, name="mastodon"):
    return account_reads.account(desk.workspace.db, desk.accounts[name])


def told(desk, *, delivery=None, metric="", name="mastodon"):
    rows = reads.readings(desk.workspace.db, desk.accounts[name], delivery_id=delivery, metric=metric)
    return [(row.metric, row.value, row.at) for row in rows]


def page(*values: tuple[Metric, int, Instant], missing=None) -> Readings:
    return Readings(tuple(Reading(*value) for value in values), missing or {})


def test_a_total_that_goes_down_stays_as_told_and_a_day_keeps_the_last(desk, figures) -> None:
    account, now = account_of(desk), desk.clock.now
    for value, at in ((100, now - 2 * HOUR), (90, now - HOUR), (95, now)):
        figures.store_page(account, page((Metric.FOLLOWERS, value, at)))
    assert [value for _metric, value, _at in told(desk)] == [100, 90, 95]
    (row,) = reads.days(desk.workspace.db, [account.id], ["followers"], 0, 99999)
    assert (row.value, row.at, row.day) == (95, now, day_of(now, ZONE))
    figures.store_page(account, page((Metric.FOLLOWERS, 80, now - 3 * HOUR)))  # told late, true earlier
    (row,) = reads.days(desk.workspace.db, [account.id], ["followers"], 0, 99999)
    assert row.value == 95


def test_what_is_told_again_of_the_same_time_replaces_it(desk, figures) -> None:
    account, end = account_of(desk), desk.clock.now // DAY * DAY
    first, again = Reading(Metric.REACH, 10, end, end - DAY), Reading(Metric.REACH, 14, end, end - DAY)
    month = Reading(Metric.REACH, 400, end, end - 30 * DAY)
    figures.store_page(account, Readings((first,)))
    figures.store_page(account, Readings((again, month)))
    assert [value for _metric, value, _at in told(desk, metric="reach")] == [14, 400]
    days = reads.days(desk.workspace.db, [account.id], ["reach"], 0, 99999)
    assert [(row.day, row.value) for row in days] == [(day_of(end - DAY // 2, ZONE), 14)]


def test_missing_is_not_zero(desk, figures) -> None:
    account = account_of(desk)
    figures.store_page(
        account, page((Metric.FOLLOWERS, 5, desk.clock.now), missing={Metric.REACH: "Nobody\x1b tells."})
    )
    assert [metric for metric, _value, _at in told(desk)] == ["followers"]
    (turn,) = reads.turns(desk.workspace.db, [account.id])
    assert "reach" in turn.missing
    assert "\x1b" not in turn.missing
    post_id = desk.approved("Bread")
    desk.clock.turn(61)
    desk.work()
    delivery = next(
        row for row in desk.workspace.post_queries.get(post_id).deliveries if row.account_id == account.id
    )
    turn = PostTurn(delivery.id, RemoteRef(delivery.remote_id, ""), delivery.live_at)
    figures.store_post(account, turn, page((Metric.VIEWS, 7, desk.clock.now)))
    read = desk.workspace.db.one(lambda *row: row, "SELECT likes, views, engagement, score FROM post_figure")
    assert read == (None, 7, None, None)
    figures.store_post(account, turn, page((Metric.LIKES, 3, desk.clock.now + HOUR)))
    read = desk.workspace.db.one(lambda *row: row, "SELECT likes, replies, views, engagement FROM post_figure")
    assert read == (3, None, 7, 3)


def test_another_zone_makes_the_digests_anew(desk, figures) -> None:
    account = account_of(desk)
    late = 1_790_028_000_000  # 22:00 UTC: the next day in Budapest, the same day in New York
    figures.settle_zones()
    figures.store_page(account, page((Metric.FOLLOWERS, 5, late)))
    before = reads.days(desk.workspace.db, [account.id], ["followers"], 0, 99999)[0].day
    row = desk.workspace.projects.get(desk.project)
    draft = ProjectDraft(row.name, "America/New_York", approval=row.approval)
    desk.workspace.projects.edit(desk.project, draft, version=row.version)
    assert figures.settle_zones() == 1
    assert reads.days(desk.workspace.db, [account.id], ["followers"], 0, 99999)[0].day == before - 1
    assert figures.settle_zones() == 0


def test_failures_wait_longer_and_a_post_that_is_gone_is_left_alone(desk, figures) -> None:
    account = account_of(desk)
    waits = []
    for _time in range(4):
        figures.failed(account, None, Transient("No."))
        next_at = desk.workspace.db.value("SELECT next_at FROM figure_turn WHERE delivery_id IS NULL")
        waits.append(next_at - desk.clock.now)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    figures.failed(account, None, RateLimited("Slow.", retry_after=86400))
    assert desk.workspace.db.value("SELECT next_at FROM figure_turn") == desk.clock.now + DAY
    assert all(turn.account.id != account.id for turn in figures.due())
    figures.store_page(account, page((Metric.FOLLOWERS, 5, desk.clock.now)))
    assert desk.workspace.db.value("SELECT tries FROM figure_turn") == 0
    post_id = desk.approved("Bread")
    desk.clock.turn(61)
    desk.work()
    (delivery,) = [d for d in desk.workspace.post_queries.get(post_id).deliveries if d.account_id == account.id]
    figures.failed(account, PostTurn(delivery.id, RemoteRef("x", ""), desk.clock.now), NotFound("Gone."))
    desk.clock.turn(86400 * 3)
    (turn,) = [turn for turn in figures.due() if turn.account.id == account.id]
    assert turn.posts == ()


def test_the_lane_reads_every_face_and_comes_back_in_time(tmp_path) -> None:
    names = ("mastodon", "bluesky", "telegram", "vk", "facebook", "instagram")
    desk = make_desk(tmp_path / "data", networks=names)
    try:
        for account in desk.world.accounts():
            if account.handle.startswith("bakery"):
                crowd.found(desk.world, account, 500)
        post_id = desk.approved("Bread", accounts=["mastodon", "bluesky", "vk", "facebook"])
        desk.clock.turn(61)
        desk.work()
        (status,) = desk.world.live_posts(network="mastodon")
        server = desk.world.server(status.server)
        for name in ("Anna", "Bert"):
            AUDIENCES["mastodon"].like(desk.world, status, AUDIENCES["mastodon"].person(desk.world, server, name))
        worker = desk.workspace.worker()
        assert worker.count_once().figures > 0
        for name in names:
            values = {metric: value for metric, value, _at in told(desk, name=name)}
            assert values["followers"] >= 500, name
        deliveries = {row.account_id: row.id for row in desk.workspace.post_queries.get(post_id).deliveries}
        likes = told(desk, delivery=deliveries[desk.accounts["mastodon"]], metric="likes")
        assert [value for _metric, value, _at in likes] == [2]
        quiet = worker.count_once()
        assert (quiet.figures, quiet.failed) == (0, 0), "nothing is read before its time"
        desk.clock.turn(7 * 3600)
        assert worker.count_once().figures > 0
    finally:
        desk.workspace.close()
        desk.world.close()


def test_a_refused_rate_stops_figures_and_not_posts(desk) -> None:
    desk.world.plant(Fault(FaultKind.RATE_LIMITED, method="GET", path="/api/v1/accounts", times=50))
    report = desk.workspace.worker().count_once()
    assert report.failed >= 1
    account = account_of(desk)
    assert (account.state, account.blocked_until) == ("ok", None)
    desk.world.clear_faults()
    post_id = desk.approved("Bread", accounts=["mastodon"])
    desk.clock.turn(61)
    desk.work()
    assert desk.states(post_id) == {"mastodon": "live"}


def test_a_secret_that_no_longer_opens_stops_the_account(desk, figures) -> None:
    figures.failed(account_of(desk), None, AuthExpired("No longer valid."))
    assert account_of(desk).state == "auth"
    assert all(turn.account.id != desk.accounts["mastodon"] for turn in figures.due())
