"""Campaigns on their network: made paused and once, launched by themselves, watched, paused and ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.errors import Conflict, SmmError
from smm_tui.networks.advertising import Level
from smm_tui.sandbox import market

from .support import AdsDesk


def test_a_campaign_is_built_launched_reviewed_and_told_of(ads: AdsDesk) -> None:
    number = ads.approved()
    ads.work()
    assert ads.calls() == []
    ads.service.launch(number)
    ads.work()
    verbs = [(level, verb) for level, verb, state in ads.calls(number) if state == "done"]
    assert verbs == [
        *[(level, "create") for level in ("campaign", "set", "ad")],
        *[(level, "launch") for level in ("ad", "set", "campaign")],
    ]
    assert ads.state(number) == "in_review"
    ads.turn(hours=2)
    ads.work()
    assert ads.state(number) == "active"
    ads.turn(days=2, step=12)
    days = ads.desk.workspace.campaign_queries.figures(number)
    assert len(days) >= 2
    assert sum(day.spent or 0 for day in days) > 0
    ads.service.pause(number)
    ads.work()
    assert ads.state(number) == "paused"
    ads.desk.workspace.undo.undo()
    ads.work()
    ads.turn(hours=1)
    assert ads.state(number) == "active"
    ads.service.stop(number)
    ads.work()
    assert ads.state(number) == "ended"
    ads.turn(days=1, step=12)
    spent = ads.spent()
    ads.turn(days=1, step=12)
    assert ads.spent() == spent
    assert len(ads.remote(Level.CAMPAIGN)) == 1


def test_it_begins_and_ends_at_its_times(ads: AdsDesk) -> None:
    now = ads.desk.clock.now
    number = ads.approved(starts_at=now + DAY, ends_at=now + 3 * DAY, cap=20 * ads.daily)
    ads.service.launch(number)
    ads.work()
    assert ads.state(number) == "scheduled"
    assert [(level, verb) for level, verb, _state in ads.calls(number)] == [
        (level, "create") for level in ("campaign", "set", "ad")
    ]
    ads.turn(hours=23, step=12)
    assert ads.spent() == 0
    ads.turn(hours=4)
    assert ads.state(number) in ("in_review", "active")
    ads.turn(days=2, step=8)
    assert ads.state(number) == "ended"
    spent = ads.spent()
    assert 0 < spent <= 3 * ads.daily
    ads.turn(days=1, step=12)
    assert ads.spent() == spent


def test_a_refused_ad_says_why_and_runs_when_it_is_mended(ads: AdsDesk) -> None:
    number = ads.campaign()
    ad = ads.ads(number)[0]
    ads.service.edit_ad(ad, ads.ad_draft(text="A miracle: guaranteed wealth"))
    ads.service.approve(number)
    ads.service.launch(number)
    ads.work()
    ads.turn(hours=2)
    assert ads.state(number) == "rejected"
    reason = ads.desk.workspace.campaign_queries.get(number).state_reason
    assert ("Misleading" if ads.network == "facebook" else "Недостоверная") in reason
    assert [row.kind for row in ads.desk.workspace.campaign_queries.alarms()] == ["refused"]
    ads.service.edit_ad(ad, ads.ad_draft())
    ads.work()
    assert ads.calls(number)[-1][1] != "edit"  # nobody approved it
    ads.service.approve(number)
    ads.work()
    ads.turn(hours=2)
    assert ads.state(number) == "active"


def test_a_change_of_what_runs_waits_for_its_approval(ads: AdsDesk) -> None:
    number = ads.approved()
    ads.service.launch(number)
    ads.work()
    ads.turn(hours=2)
    draft = ads.desk.workspace.campaign_queries.campaign_draft(number)
    ads.service.edit_campaign(number, replace(draft, budget_daily=2 * ads.daily))
    ads.work()
    assert ads.state(number) == "active"
    assert "changed since its approval" in ads.desk.workspace.campaign_queries.get(number).state_reason
    (there,) = ads.remote(Level.CAMPAIGN)
    assert market.terms(there).budget_daily == ads.daily
    ads.service.approve(number)
    ads.work()
    (there,) = ads.remote(Level.CAMPAIGN)
    assert market.terms(there).budget_daily == 2 * ads.daily
    group = ads.service.add_set(number, ads.set_draft(name="Second")).ids[0]
    ad = ads.service.add_ad(group, ads.ad_draft(name="Second")).ids[0]
    ads.service.approve(number)
    ads.work()
    assert [one.record["status"] for one in ads.remote(Level.SET)] == ["active", "active"]
    with pytest.raises(Conflict):
        ads.desk.workspace.undo.undo(3)  # what is on the network is not forgotten
    ads.service.remove_ad(ad)
    ads.service.remove_set(group)
    ads.service.approve(number)
    ads.work()
    first, second = (one.record["status"] for one in ads.remote(Level.SET))
    assert (first, second in ("archived", "deleted")) == ("active", True)


def test_a_post_is_promoted_once_it_is_live(ads: AdsDesk) -> None:
    ads.desk.workspace.accounts.check(ads.account)
    post = ads.desk.approved("Come to our anniversary", seconds=3 * HOUR / 1000, late="send:600")
    (delivery,) = ads.desk.workspace.post_queries.get(post).deliveries
    number = ads.service.add_campaign(ads.campaign_draft(goal="engagement")).ids[0]
    group = ads.service.add_set(number, ads.set_draft()).ids[0]
    with pytest.raises(SmmError, match="nothing can be added"):
        ads.service.add_ad(group, ads.ad_draft(delivery_id=delivery.id))
    ads.service.add_ad(group, type(ads.ad_draft())("Post", delivery.id))
    assert "post" in [one.field for one in ads.service.problems(number)]
    ads.service.approve(number)
    ads.service.launch(number)
    ads.work()
    assert "None of its ads" in ads.desk.workspace.campaign_queries.get(number).state_reason
    ads.desk.clock.turn(3 * 3600 + 5)
    ads.desk.work()
    assert set(ads.desk.states(post).values()) == {"live"}
    ads.turn(hours=1)
    ads.turn(hours=2)
    assert ads.state(number) == "active"
    (there,) = ads.remote(Level.AD)
    assert there.record["status"] == "active"


def test_a_post_that_changes_voids_the_approval_of_its_ad(facebook: AdsDesk) -> None:
    ads = facebook
    post = ads.desk.plan("Come to our anniversary", seconds=3 * 3600)
    (delivery,) = ads.desk.workspace.post_queries.get(post).deliveries
    number = ads.service.add_campaign(ads.campaign_draft(goal="engagement")).ids[0]
    group = ads.service.add_set(number, ads.set_draft()).ids[0]
    ads.service.add_ad(group, type(ads.ad_draft())("Post", delivery.id))
    ads.service.approve(number)
    workspace = ads.desk.workspace
    draft, version = workspace.post_queries.draft_of(post)
    workspace.posts.edit(post, replace(draft, text="Come to our other anniversary"), version=version)
    with pytest.raises(SmmError, match="changed since it was approved"):
        ads.service.launch(number)


def test_a_token_that_lost_the_right_is_said(ads: AdsDesk) -> None:
    number = ads.approved()
    if ads.network == "facebook":
        for token in ads.desk.world.rows("SELECT value FROM tokens WHERE kind = 'access'"):
            found = ads.desk.world.token(ads.cabinet.server, token[0], "access")
            scopes = [scope for scope in found.data["scopes"] if not scope.startswith("ads_")]
            ads.desk.world.update_token(found, data={"scopes": scopes})
    else:
        ads.desk.world.update_account(ads.cabinet, {"scopes": ["read_payments"]})
    ads.service.launch(number)
    ads.work()
    assert ads.remote(Level.CAMPAIGN) == []
    (alarm,) = ads.desk.workspace.campaign_queries.alarms()
    assert alarm.kind == "refused"
    assert len(alarm.message) > 20


def test_no_campaign_is_left_running_alone(facebook: AdsDesk) -> None:
    ads, workspace = facebook, facebook.desk.workspace
    number = ads.approved()
    ads.service.launch(number)
    ads.work()
    ads.turn(hours=2)
    with pytest.raises(Conflict, match="which runs"):
        workspace.accounts.remove(ads.account)
    workspace.projects.archive(ads.desk.project)
    ads.work()
    assert ads.state(number) == "paused"
    workspace.undo.undo()
    ads.work()
    ads.turn(hours=1)
    assert ads.state(number) == "active"
    ads.service.stop(number)
    ads.work()
    workspace.accounts.remove(ads.account)
