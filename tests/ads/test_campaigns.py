"""Campaigns before they leave: what is refused, what voids an approval, what undo brings back."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import InvalidInput, WrongClient
from smm_tui.networks.advertising import Audience, AudienceField, Place, PlaceKind
from smm_tui.services.guard import Anything
from smm_tui.services.project_queries import ProjectDraft

from .support import BERLIN, AdsDesk

CHANGED = {
    "goal": "messages",
    "starts_at": 1_790_000_000_001,
    "ends_at": 1_790_000_000_000 + 11 * DAY,
    "budget_daily": 501,
    "cap": 20_001,
    "facts": {"payer": "The Bakery GmbH.", "political": "no"},
}
SET_CHANGED = {
    "audience": Audience((BERLIN,), age_from=20, age_to=46),
    "placements": ("instagram",),
    "hours": {"0": (9,)},
    "bid": 100,
}
AD_CHANGED = {
    "text": "Fresh bread every morning.",
    "title": "The Bakery!",
    "link": "https://bakery.example/?",
    "button": "shop",
    "media": (),
    "label": "x",
}


def test_the_way_to_its_launch(ads: AdsDesk) -> None:
    number = ads.campaign()
    assert ads.state(number) == "draft"
    ads.service.submit(number)
    assert ads.state(number) == "submitted"
    with pytest.raises(InvalidInput, match="not approved"):
        ads.service.launch(number)
    ads.service.approve(number)
    assert ads.state(number) == "approved"
    ads.service.launch(number)
    assert ads.state(number) == "scheduled"
    ads.service.pause(number)
    assert ads.state(number) == "approved"
    for state in ("scheduled", "approved", "submitted", "draft"):
        ads.desk.workspace.undo.undo()
        assert ads.state(number) == state
    for state in ("submitted", "approved", "scheduled"):
        ads.desk.workspace.undo.redo()
        assert ads.state(number) == state


def test_whatever_changes_voids_the_approval(facebook: AdsDesk) -> None:
    number = facebook.approved()
    service, queries = facebook.service, facebook.desk.workspace.campaign_queries
    group, ad = facebook.sets(number)[0], facebook.ads(number)[0]
    campaign, people, shown = queries.campaign_draft(number), queries.set_draft(group), queries.ad_draft(ad)
    for name, value in CHANGED.items():
        service.edit_campaign(number, replace(campaign, **{name: value}))
        _is_void(facebook, number)
    for name, value in SET_CHANGED.items():
        service.edit_set(group, replace(people, **{name: value}))
        _is_void(facebook, number)
    for name, value in AD_CHANGED.items():
        service.edit_ad(ad, replace(shown, **{name: value}))
        _is_void(facebook, number)


def _is_void(ads: AdsDesk, number: int) -> None:
    assert ads.state(number) == "draft"
    with pytest.raises(InvalidInput):
        ads.service.launch(number)
    ads.desk.workspace.undo.undo()
    assert ads.state(number) == "approved"


def test_no_field_of_a_draft_is_left_out_of_these_tests() -> None:
    from smm_tui.services.campaign_queries import AdDraft, AdSetDraft, CampaignDraft

    apart = {"account_id", "name", "budget_total", "segment_id", "delivery_id"}
    named = {*CHANGED, *SET_CHANGED, *AD_CHANGED} | apart
    assert {field.name for kind in (CampaignDraft, AdSetDraft, AdDraft) for field in fields(kind)} == named


def test_a_name_voids_nothing_and_a_new_ad_does(facebook: AdsDesk) -> None:
    number = facebook.approved()
    draft = facebook.desk.workspace.campaign_queries.campaign_draft(number)
    facebook.service.edit_campaign(number, replace(draft, name="Summer"))
    assert facebook.state(number) == "approved"
    facebook.service.add_ad(facebook.sets(number)[0], facebook.ad_draft(text="Another"))
    assert facebook.state(number) == "draft"


def test_what_is_wrong_is_said_and_nothing_changes(ads: AdsDesk) -> None:
    number = ads.campaign()
    queries = ads.desk.workspace.campaign_queries
    draft, group = queries.campaign_draft(number), ads.sets(number)[0]
    before = queries.get(number), queries.get_set(group)
    people = ads.set_draft().audience
    for field, call in (
        ("ends_at", lambda: ads.service.edit_campaign(number, replace(draft, ends_at=draft.starts_at))),
        ("goal", lambda: ads.service.edit_campaign(number, replace(draft, goal="riches"))),
        ("cap", lambda: ads.service.edit_campaign(number, replace(draft, cap=None, budget_daily=None))),
        ("fact", lambda: ads.service.edit_campaign(number, replace(draft, facts={"colour": "red"}))),
        ("name", lambda: ads.service.edit_campaign(number, replace(draft, name=" "))),
        (
            "age_to",
            lambda: ads.service.edit_set(group, ads.set_draft(audience=replace(people, age_from=70, age_to=18))),
        ),
        ("sex", lambda: ads.service.edit_set(group, ads.set_draft(audience=replace(people, sex="both")))),
        ("hours", lambda: ads.service.edit_set(group, ads.set_draft(hours={"7": (1,)}))),
        ("button", lambda: ads.service.add_ad(group, ads.ad_draft(button="press"))),
        ("media", lambda: ads.service.add_ad(group, ads.ad_draft(media=("0" * 64,)))),
        ("text", lambda: ads.service.add_ad(group, ads.ad_draft(text="", title="", media=()))),
    ):
        with pytest.raises(InvalidInput) as caught:
            call()
        assert caught.value.field == field
        assert caught.value.hint
    assert (queries.get(number), queries.get_set(group)) == before


def test_what_would_go_wrong_stops_approval(ads: AdsDesk) -> None:
    number = ads.campaign()
    queries = ads.desk.workspace.campaign_queries
    draft, group = queries.campaign_draft(number), ads.sets(number)[0]
    whole = ads.set_draft()
    for field, change in (
        ("budget_daily", lambda: ads.service.edit_campaign(number, replace(draft, budget_daily=1))),
        ("budget", lambda: ads.service.edit_campaign(number, replace(draft, budget_daily=None))),
        ("budget", lambda: ads.service.edit_set(group, replace(whole, budget_daily=ads.daily))),
        ("cap", lambda: ads.service.edit_campaign(number, replace(draft, cap=ads.daily))),
        ("places", lambda: ads.service.edit_set(group, replace(whole, audience=Audience()))),
        ("age_from", lambda: ads.service.edit_set(group, replace(whole, audience=Audience((BERLIN,), age_from=9)))),
        ("goal", lambda: ads.service.edit_campaign(number, replace(draft, goal="leads"))),
        ("ads", lambda: ads.service.remove_ad(ads.ads(number)[0])),
        ("sets", lambda: ads.service.remove_set(group)),
    ):
        change()
        assert field in [one.field for one in ads.service.problems(number) if one.blocking]
        with pytest.raises(InvalidInput):
            ads.service.submit(number)
        ads.desk.workspace.undo.undo()
        assert not [one for one in ads.service.problems(number) if one.blocking]
    ads.desk.clock.turn(11 * 86_400)
    assert "ends_at" in [one.field for one in ads.service.problems(number)]


LABELS = [
    ("HU", {"political": "no"}, "", "payer"),
    ("HU", {"payer": "A"}, "", "political"),
    ("HU", {"payer": "A", "political": "yes"}, "", "label"),
    ("HU", {"payer": "A", "political": "yes"}, "Political ad, paid by A", ""),
    ("RU", {}, "Реклама", "label"),
    ("RU", {}, "Реклама. ООО Хлеб. erid: 2VtzqwX1abc", ""),
    ("US", {}, "", ""),
]


def test_the_country_asks_for_labels(facebook: AdsDesk) -> None:
    ads = facebook
    number = ads.campaign()
    queries = ads.desk.workspace.campaign_queries
    project = ads.desk.workspace.project_queries.get(ads.desk.project)
    for country, facts, label, field in LABELS:
        row = ads.desk.workspace.project_queries.get(ads.desk.project)
        draft = ProjectDraft(project.name, project.timezone, country=country)
        ads.desk.workspace.projects.edit(ads.desk.project, draft, version=row.version)
        ads.service.edit_campaign(number, replace(queries.campaign_draft(number), facts=facts))
        ads.service.edit_ad(ads.ads(number)[0], ads.ad_draft(label=label))
        assert {one.field for one in ads.service.problems(number)} == ({field} if field else set())


def test_stations_become_circles_where_they_are_not_known(facebook: AdsDesk) -> None:
    stations = tuple(
        Place(PlaceKind.STATION, str(number), f"Station {number}", latitude=55.75, longitude=37.6 + number / 100)
        for number in range(3)
    )
    lookups = facebook.desk.workspace.ad_lookups
    found = lookups.substitution(facebook.account, Audience(stations, age_from=18))
    assert found is not None
    assert found.question == "Facebook knows no metro stations: use a 1 km radius around 3 stations?"
    assert found.audience is not None
    assert [(one.kind, one.radius) for one in found.audience.places] == [(PlaceKind.POINT, 1000)] * 3
    assert found.audience.age_from == 18
    assert lookups.substitution(facebook.account, found.audience) is None
    lost = lookups.substitution(facebook.account, Audience((replace(stations[0], latitude=None),)))
    assert lost is not None
    assert lost.audience is None


def test_a_look_up_calls_the_network_once(ads: AdsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = ads.desk.workspace.ad_lookups
    assert lookups.cached(ads.account, PlaceKind.CITY, "berl") is None
    found = lookups.places(ads.account, PlaceKind.CITY, "Berl" if ads.network == "facebook" else "Моск")
    assert found
    interests = lookups.topics(ads.account, AudienceField.INTERESTS, "спорт" if ads.network == "vk" else "bread")
    assert all(one.name for one in interests)
    monkeypatch.setattr(ads.desk.workspace.ad_network, "ask", None)
    again = lookups.places(ads.account, PlaceKind.CITY, "BERL " if ads.network == "facebook" else "моск")
    assert again == found


def test_an_estimate_and_its_cache(ads: AdsDesk) -> None:
    number = ads.campaign()
    estimates = ads.desk.workspace.ad_estimates
    found = estimates.of_set(ads.sets(number)[0])
    assert (found.people_most or 0) > 10_000
    draft = ads.desk.workspace.campaign_queries.set_draft(ads.sets(number)[0])
    assert estimates.cached(ads.account, "traffic", draft, budget_daily=ads.daily) == found
    with pytest.raises(InvalidInput) as caught:
        estimates.estimate(ads.account, "traffic", replace(draft, audience=Audience()))
    assert caught.value.field == "places"


def test_saved_audiences_are_followed_by_the_sets_that_use_them(facebook: AdsDesk) -> None:
    ads, segments = facebook, facebook.desk.workspace.segments
    segment = segments.add(ads.desk.project, "Young", Audience((BERLIN,), age_to=30)).ids[0]
    number = ads.campaign()
    group = ads.service.add_set(number, ads.set_draft(segment_id=segment, audience=Audience())).ids[0]
    ads.service.add_ad(group, ads.ad_draft())
    ads.service.submit(number)
    ads.service.approve(number)
    segments.edit(segment, audience=Audience((BERLIN,), age_to=35))
    assert ads.desk.workspace.campaign_queries.get_set(group).audience["age_to"] == 35
    assert ads.state(number) == "draft"
    ads.desk.workspace.undo.undo()
    assert ads.state(number) == "approved"
    with pytest.raises(InvalidInput, match="already"):
        segments.add(ads.desk.project, "Young", Audience())
    segments.remove(segment)
    assert not segments.all(ads.desk.project)


def test_a_removed_campaign_comes_back_whole(facebook: AdsDesk) -> None:
    number = facebook.approved()
    facebook.service.remove_campaign(number)
    with pytest.raises(InvalidInput):
        facebook.desk.workspace.campaign_queries.get(number)
    facebook.desk.workspace.undo.undo()
    assert facebook.state(number) == "approved"
    assert len(facebook.ads(number)) == 1


def test_an_ad_of_another_client_is_stopped_at_approval_and_again_before_it_is_made(facebook: AdsDesk) -> None:
    workspace, number = facebook.desk.workspace, facebook.campaign()
    rival = workspace.projects.add(ProjectDraft("Rival", "Europe/Berlin")).ids[0]
    workspace.briefs.write(rival, {"domains": "bakery.example"})
    with pytest.raises(WrongClient, match="belongs to Rival") as refused:
        facebook.service.approve(number)
    assert facebook.state(number) == "draft"
    facebook.service.approve(number, let_pass=refused.value.sentences)
    facebook.service.launch(number)
    workspace.briefs.write(rival, {"brands": "fresh bread"})  # learnt after the approval
    facebook.work()
    assert [verb for level, verb, _state in facebook.calls(number) if level == "ad"] == []
    assert "'fresh bread' is a word of Rival" in workspace.campaign_queries.get(number).state_reason
    facebook.turn(hours=3)
    assert len([one for one in workspace.campaign_queries.alarms() if one.kind == WrongClient.kind]) == 1
    facebook.service.approve(number, let_pass=Anything())
    facebook.turn(hours=3)
    assert facebook.state(number) in ("in_review", "active")


def test_a_copy_is_a_draft_of_its_own(facebook: AdsDesk) -> None:
    ads = facebook
    number = ads.approved()
    copy = ads.service.copy_campaign(number, "Again").ids[0]
    assert ads.state(copy) == "draft"
    queries = ads.desk.workspace.campaign_queries
    for old, new in zip(
        queries.sets(number) + queries.ads(number), queries.sets(copy) + queries.ads(copy), strict=True
    ):
        assert old.name == new.name
        assert old.identity != new.identity
    old, new = queries.get(number), queries.get(copy)
    assert (new.cap, new.budget_daily, new.facts) == (old.cap, old.budget_daily, old.facts)
    assert (new.ends_at or 0) - new.starts_at == (old.ends_at or 0) - old.starts_at
    ads.service.approve(copy)
    assert ads.state(number) == "approved"


def test_the_plan_shows_what_is_sent_then(ads: AdsDesk) -> None:
    number = ads.approved(ends_at=None, cap=6 * ads.daily)
    plan = [one for one in ads.desk.workspace.ad_plan.calls(number) if one.verb == "create"]
    ads.service.launch(number)
    ads.work()
    sent = [row.wire["request"] for row in ads.desk.workspace.campaign_queries.calls(number) if row.verb == "create"]
    for planned, request in zip(plan[:1], sent[:1], strict=True):
        assert planned.body == request
    parents = {"campaign_id", "ad_plan_id"}
    body, request = (one.get("form") or one["body"] for one in (plan[1].body or {}, sent[1]))
    assert {k: v for k, v in body.items() if k not in parents} == {
        k: v for k, v in request.items() if k not in parents
    }
