"""Caps that cannot be talked out of, with the market as the truth of what was spent."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from smm_tui.domain.clock import DAY, to_datetime
from smm_tui.domain.errors import SmmError
from smm_tui.networks.advertising import Level
from smm_tui.sandbox import market
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.workers.ads import CampaignRun

from .support import AdsDesk, make_ads_desk


class Killed(BaseException):
    """The process is gone."""


def test_a_cap_ends_a_campaign_even_when_no_worker_comes_back(ads: AdsDesk) -> None:
    number = ads.approved(ends_at=None, cap=6 * ads.daily)
    ads.service.launch(number)
    ads.work()
    ads.desk.clock.turn(40 * 86_400)  # nobody looks
    assert 0 < ads.spent() <= 6 * ads.daily


def test_what_is_not_told_of_yet_counts(ads: AdsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "told", _silent(ads))
    number = ads.approved(ends_at=None, cap=6 * ads.daily)
    ads.service.launch(number)
    ads.turn(days=20, step=48)
    assert 0 < ads.spent() <= 6 * ads.daily
    assert ads.state(number) == "paused"
    row = ads.desk.workspace.campaign_queries.get(number)
    assert "leaves no room" in row.stopped_reason
    assert [one.kind for one in ads.desk.workspace.campaign_queries.alarms()] == ["cap"]
    _edit(ads, number, cap=100 * ads.daily)
    with pytest.raises(SmmError, match="approv"):
        ads.service.resume(number)
    ads.service.approve(number)
    ads.service.resume(number)
    ads.turn(hours=6)
    assert ads.state(number) == "active"


def test_the_campaigns_of_a_client_share_its_month(ads: AdsDesk) -> None:
    currency = "EUR" if ads.network == "facebook" else "RUB"
    ads.desk.workspace.ad_caps.set(ads.desk.project, currency, 8 * ads.daily)
    numbers = [ads.approved(ends_at=None, cap=60 * ads.daily) for _each in range(2)]
    for number in numbers:
        ads.service.launch(number)
    ads.turn(days=9, step=36)
    assert _months(ads)[(2026, 9)] <= 8 * ads.daily
    assert "In this month" in " ".join(row.message for row in ads.desk.workspace.campaign_queries.alarms())


def test_a_lower_cap_holds_at_once(ads: AdsDesk) -> None:
    number = ads.approved(ends_at=None, cap=60 * ads.daily)
    ads.service.launch(number)
    ads.turn(days=2, step=12)
    _edit(ads, number, cap=ads.daily)
    ads.work()
    assert ads.state(number) == "paused"
    before = ads.spent()
    ads.turn(days=2, step=24)
    assert ads.spent() <= before + ads.daily / 96


def test_a_longer_leash_follows_what_turns_out_to_be_unspent(facebook: AdsDesk) -> None:
    number = facebook.approved(ends_at=None, cap=60 * facebook.daily)
    facebook.service.launch(number)
    facebook.work()
    first = facebook.desk.workspace.ad_caps.standing(number).until
    facebook.turn(days=31, step=31 * 24)
    later = facebook.desk.workspace.ad_caps.standing(number).until
    assert first is not None
    assert later is not None
    assert later > first
    assert [verb for level, verb, _state in facebook.calls(number) if level == "campaign"].count("edit") >= 1


def _silent(ads: AdsDesk):
    """Figures that are told only when they are final."""
    told = market.told

    def tell(*of):
        final = to_datetime(ads.desk.clock.now).date() - timedelta(days=4)
        return [one if one.day < final else replace(one, spent=0) for one in told(*of)]

    return tell


def _edit(ads: AdsDesk, number: int, **changes) -> None:
    draft = ads.desk.workspace.campaign_queries.campaign_draft(number)
    ads.service.edit_campaign(number, replace(draft, **changes))


def _months(ads: AdsDesk) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for day, cost in ads.days().items():
        key = (int(day[:4]), int(day[5:7]))
        found[key] = found.get(key, 0.0) + cost
    return found


LOSSES = [
    FaultKind.LOST_RESPONSE,
    FaultKind.SERVER_ERROR,
    FaultKind.TIMEOUT_BEFORE,
    FaultKind.TIMEOUT_AFTER,
    FaultKind.LATE,
    FaultKind.RATE_LIMITED,
]


class CapMachine(RuleBasedStateMachine):
    """People change their minds, answers get lost, processes die, figures lag and go backwards, time passes."""

    network = "facebook"

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="ads-caps-"))
        self.ads = make_ads_desk(self.folder, self.network)
        self.given = self.ads.desk.workspace.undo.next()  # undo goes back to this step: the account itself stays
        self.numbers: list[int] = []
        self.most: dict[int, int] = {}  # the largest cap that was ever approved
        self.monthly = 10**9
        self.lag = 1.0
        self.told = market.told
        market.told = self.tell  # type: ignore[assignment]

    def tell(self, *of):
        """Figures as the network tells them: late, and not always more than before."""
        final = to_datetime(self.ads.desk.clock.now).date() - timedelta(days=4)
        known = self.told(*of)
        return [one if one.day < final else replace(one, spent=int(one.spent * self.lag)) for one in known]

    def teardown(self) -> None:
        market.told = self.told
        self.ads.desk.workspace.close()
        self.ads.desk.world.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(days=st.integers(4, 30))
    def month(self, days: int) -> None:
        self.monthly = days * self.ads.daily
        currency = "EUR" if self.network == "facebook" else "RUB"
        self.ads.desk.workspace.ad_caps.set(self.ads.desk.project, currency, self.monthly)
        self.campaign(cap=8, open_end=True)

    @precondition(lambda self: len(self.numbers) < 3)
    @rule(cap=st.integers(3, 20), open_end=st.booleans())
    def campaign(self, cap: int, open_end: bool) -> None:
        ends = None if open_end else self.ads.desk.clock.now + 9 * DAY
        number = self.ads.approved(ends_at=ends, cap=cap * self.ads.daily)
        self.numbers.append(number)
        self.most[number] = cap * self.ads.daily
        self.ads.service.launch(number)

    @rule(which=st.integers(0, 2), times=st.integers(1, 4), cap=st.integers(3, 30), approve=st.booleans())
    def edit(self, which: int, times: int, cap: int, approve: bool) -> None:
        number = self.numbers[which % len(self.numbers)]
        with suppress(SmmError):
            _edit(self.ads, number, budget_daily=times * self.ads.daily, cap=cap * self.ads.daily)
            if approve:
                self.ads.service.approve(number)
                self.most[number] = max(self.most[number], cap * self.ads.daily)
                self.ads.service.resume(number)

    @rule(which=st.integers(0, 2), verb=st.sampled_from(["pause", "resume", "stop"]))
    def decide(self, which: int, verb: str) -> None:
        with suppress(SmmError):
            getattr(self.ads.service, verb)(self.numbers[which % len(self.numbers)])

    @rule()
    def undo(self) -> None:
        if self.ads.desk.workspace.undo.next() != self.given:
            with suppress(SmmError):
                self.ads.desk.workspace.undo.undo()

    @rule(kind=st.sampled_from(LOSSES), after=st.integers(0, 3))
    def lose(self, kind: FaultKind, after: int) -> None:
        seconds = {"seconds": 20.0} if kind is FaultKind.LATE else {}
        self.ads.desk.world.plant(Fault(kind, method="POST", after=after, **seconds))

    @rule(factor=st.floats(0, 1))
    def lag_changes(self, factor: float) -> None:
        self.lag = factor

    @rule(hours=st.sampled_from([0.1, 1, 6, 24]))
    def work(self, hours: float) -> None:
        self.ads.desk.clock.turn(hours * 3600)
        self.ads.work()

    @rule(after=st.integers(0, 4), accepted=st.booleans())
    def crash(self, after: int, accepted: bool) -> None:
        left = [after]
        call = CampaignRun._call

        async def killed(run, step, request):
            if left[0] == 0:
                if accepted:
                    await call(run, step, request)
                raise Killed
            left[0] -= 1
            return await call(run, step, request)

        CampaignRun._call = killed  # type: ignore[method-assign]
        try:
            with suppress(Killed):
                self.ads.work()
        finally:
            CampaignRun._call = call  # type: ignore[method-assign]
        self.ads.desk.clock.turn(45)

    @rule(days=st.integers(1, 20))
    def nobody_looks(self, days: int) -> None:
        self.ads.desk.clock.turn(days * 86_400)

    @invariant()
    def no_cap_is_exceeded(self) -> None:
        if not self.numbers:
            return
        for month, spent in _months(self.ads).items():
            assert spent <= self.monthly + 0.01, (month, spent, self.monthly)
        names = {row.identity: row.id for row in self.ads.desk.workspace.campaign_queries.all()}
        by_campaign: dict[int, float] = {}
        for ad in self.ads.remote(Level.AD):
            above = market.parent(self.ads.desk.world, ad)
            top = None if above is None else market.parent(self.ads.desk.world, above)
            if top is not None:
                number = next((id for identity, id in names.items() if identity in (top.text or "")), 0)
                by_campaign[number] = by_campaign.get(number, 0.0) + sum(day[3] for day in ad.record["days"].values())
        for number, spent in by_campaign.items():
            assert spent <= self.most.get(number, 0) + 0.01, (number, spent, self.most)

    @invariant()
    def nothing_runs_twice(self) -> None:
        for level in (Level.CAMPAIGN, Level.SET, Level.AD):
            running = [one.text for one in self.ads.remote(level) if one.record["status"] == market.ACTIVE]
            assert len(running) == len(set(running))


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize("network", ["facebook", "vk"])
def test_no_interleaving_exceeds_a_cap(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapMachine, "network", network)
    run_state_machine_as_test(
        CapMachine,
        settings=settings(max_examples=2, stateful_step_count=10, deadline=None, suppress_health_check=QUIET),
    )


@pytest.mark.matrix
@pytest.mark.parametrize("network", ["facebook", "vk"])
def test_no_interleaving_exceeds_a_cap_over_and_over(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapMachine, "network", network)
    run_state_machine_as_test(
        CapMachine,
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=QUIET),
    )
