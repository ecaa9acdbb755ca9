"""Campaigns on their network: made paused and once, launched by themselves, watched, paused and ended."""

from __future__ import annotations

from smm_tui.networks.advertising import Level

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
    ads.turn(days=2)
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
    ads.turn(days=1)
    spent = ads.spent()
    ads.turn(days=1)
    assert ads.spent() == spent
    assert len(ads.remote(Level.CAMPAIGN)) == 1
