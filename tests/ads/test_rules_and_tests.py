"""Rules over figures, and A/B tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from smm_tui.db.tables import AdFiguresTable
from smm_tui.domain.clock import DAY, to_datetime
from smm_tui.domain.errors import InvalidInput
from smm_tui.services.ad_rules import AdRuleDraft

from .support import AdsDesk

SPENT = [400, 410, 1200, 1300, 1250, 300]  # minor units, the oldest day first; yesterday is the last


def told(ads: AdsDesk, ad: int, campaign: int, days: list[tuple[int, int, int, int]]) -> None:
    """Days up to yesterday: impressions, clicks, results, spent."""
    yesterday = to_datetime(ads.desk.clock.now).date() - timedelta(days=1)
    with ads.desk.workspace.db.unit() as unit:
        for back, (impressions, clicks, results, spent) in enumerate(reversed(days)):
            row = AdFiguresTable(
                ad_id=ad,
                day=(yesterday - timedelta(days=back)).isoformat(),
                campaign_id=campaign,
                impressions=impressions,
                reach=impressions // 2,
                clicks=clicks,
                results=results,
                spent=spent,
                read_at=unit.now,
            )
            unit.session.merge(row)


def test_a_rule_is_tried_on_past_days_then_armed(facebook: AdsDesk) -> None:
    ads, rules = facebook, facebook.desk.workspace.ad_rules
    number = ads.campaign()
    told(ads, ads.ads(number)[0], number, [(1000, 20, 10, spent) for spent in SPENT])
    rule = rules.add(AdRuleDraft(ads.desk.project, "Dear", "cost_per_result", "1", 2, "alarm")).ids[0]
    with pytest.raises(InvalidInput, match="not tried"):
        rules.arm(rule)
    found = rules.test(rule)
    first = to_datetime(ads.desk.clock.now).date() - timedelta(days=4)
    # over two days: 0.405, 0.805, 1.25, 1.275, 0.775 a result
    assert [(one.day, round(one.value, 3)) for one in found.crossings] == [
        ((first + timedelta(days=1)).isoformat(), 1.25),
        ((first + timedelta(days=2)).isoformat(), 1.275),
    ]
    rules.arm(rule)
    rules.edit(rule, replace(rules.draft(rule), bound="2"))
    assert rules.get(rule).armed_at is None
    ads.desk.workspace.undo.undo()
    assert rules.get(rule).armed_at is not None


def test_an_armed_rule_pauses_or_proposes_once(facebook: AdsDesk) -> None:
    ads, rules = facebook, facebook.desk.workspace.ad_rules
    number = ads.approved(ends_at=ads.desk.clock.now + 30 * DAY, cap=80 * ads.daily)
    ads.service.launch(number)
    ads.turn(days=4, step=24)
    for name, figure, bound, action, change in (
        ("Much", "spend", "1", "propose", -20),
        ("Dull", "ctr", "99", "pause", None),
    ):
        above = figure == "spend"
        draft = AdRuleDraft(ads.desk.project, name, figure, bound, 2, action, above, number, change)
        rule = rules.add(draft).ids[0]
        assert rules.test(rule).crossings
        rules.arm(rule)
    ads.turn(hours=1)
    ads.turn(hours=1)
    assert ads.state(number) == "paused"
    alarms = {row.message.partition(":")[0]: row for row in ads.desk.workspace.campaign_queries.alarms()}
    assert {"Much", "Dull"} <= alarms.keys()
    assert alarms["Much"].proposal == {"change_percent": -20}
    assert "Dull" in ads.desk.workspace.campaign_queries.get(number).stopped_reason
    ads.service.accept(alarms["Much"].id)
    assert ads.desk.workspace.campaign_queries.get(number).budget_daily == ads.daily * 80 // 100
    with pytest.raises(InvalidInput, match="changed since"):
        ads.service.resume(number)
    count = len(ads.desk.workspace.campaign_queries.alarms())
    ads.turn(hours=2)
    assert len(ads.desk.workspace.campaign_queries.alarms()) == count


def test_pacing_is_spoken_of(facebook: AdsDesk) -> None:
    ads = facebook
    number = ads.approved(ends_at=ads.desk.clock.now + 30 * DAY, cap=80 * ads.daily)
    ads.service.launch(number)
    ads.turn(days=5, step=30)
    told(ads, ads.ads(number)[0], number, [(100, 1, 1, 10)] * 3)
    from smm_tui.services.ad_watch import AdWatch

    AdWatch(ads.desk.workspace.db).watch(number)
    AdWatch(ads.desk.workspace.db).watch(number)
    alarms = [row for row in ads.desk.workspace.campaign_queries.alarms() if row.kind == "pacing"]
    assert [row.message for row in alarms] == [
        "It spends too slowly: 0.30 EUR in 3 days, of 15.00 EUR that are planned."
    ]


def test_rules_refuse_what_makes_no_sense(facebook: AdsDesk) -> None:
    rules, good = facebook.desk.workspace.ad_rules, AdRuleDraft(facebook.desk.project, "R", "ctr", "1", 2, "alarm")
    for field, bad in (
        ("figure", replace(good, figure="luck")),
        ("action", replace(good, action="pray")),
        ("bound", replace(good, bound="many")),
        ("days", replace(good, days=0)),
        ("change", replace(good, action="propose")),
        ("change", replace(good, change_percent=5)),
        ("change", replace(good, action="propose", change_percent=500)),
        ("campaign", replace(good, campaign_id=99)),
        ("name", replace(good, name="  ")),
    ):
        with pytest.raises(InvalidInput) as caught:
            rules.add(bad)
        assert caught.value.field == field


def test_a_test_differs_in_exactly_one_thing_and_divides_the_money(facebook: AdsDesk) -> None:
    ads, tests = facebook, facebook.desk.workspace.ad_tests
    number = ads.campaign(budget_daily=1001)
    one = ads.sets(number)[0]
    other = tests.start(one, "Younger").ids[0]
    queries = ads.desk.workspace.campaign_queries
    assert queries.get(number).budget_daily is None
    assert [row.budget_daily for row in queries.sets(number)] == [500, 500]
    assert "test" in [problem.field for problem in ads.service.problems(number)]
    draft = queries.set_draft(other)
    ads.service.edit_set(other, replace(draft, audience=replace(draft.audience, age_from=18, age_to=30)))
    assert not [problem for problem in ads.service.problems(number) if problem.blocking]
    assert tests.all(number)[0].difference == ("audience age",)
    with pytest.raises(InvalidInput, match="more than one thing"):
        ads.service.edit_set(other, replace(queries.set_draft(other), placements=("instagram",)))
    with pytest.raises(InvalidInput, match="more than one thing"):
        ads.service.edit_ad(ads.ads(number)[0], ads.ad_draft(title="Another"))
    ads.service.edit_set(one, replace(queries.set_draft(one), budget_daily=700))
    assert [row.budget_daily for row in queries.sets(number)] == [700, 700]
    with pytest.raises(InvalidInput, match="already"):
        tests.start(other, "Third")
    tests.stop(other)
    ads.service.edit_set(other, replace(queries.set_draft(other), placements=("instagram",)))
    assert not tests.all(number)


def test_a_verdict_waits_for_enough_data(facebook: AdsDesk) -> None:
    ads, tests = facebook, facebook.desk.workspace.ad_tests
    number = ads.campaign()
    one = ads.sets(number)[0]
    other = tests.start(one, "Other").ids[0]
    first, second = ads.ads(number)
    told(ads, first, number, [(2000, 40, 40, 100)])
    told(ads, second, number, [(2000, 60, 60, 100)])
    early = tests.all(number)[0]
    assert early.winner is None
    assert early.p is None
    assert early.missing > 10_000
    told(ads, first, number, [(20_000, 400, 400, 100)])
    told(ads, second, number, [(20_000, 600, 600, 100)])
    late = tests.all(number)[0]
    assert late.missing == 0
    assert late.winner == other
    assert late.z == pytest.approx(-6.4056, abs=1e-3)
    told(ads, second, number, [(20_000, 410, 410, 100)])
    even = tests.all(number)[0]
    assert even.winner is None
    assert (even.p or 0) > 0.05
