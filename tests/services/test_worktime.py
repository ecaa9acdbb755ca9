"""Time entries: the timer, what is written by hand, and what the log says; nobody works for two clients at once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from smm_tui.db.reads import work as reads
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.worktime import IDLE, LONGEST, Kind
from smm_tui.networks.page import Metric
from smm_tui.services.goals import GoalDraft
from smm_tui.services.pay import AgreementDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.work_settings import WorkSettings
from tests.services.conftest import Office, make_office
from tests.support.desk import ZONE, make_desk
from tests.support.figures import told


def entries(office: Office):
    return office.workspace.work_queries.entries()


def other(office: Office) -> int:
    return office.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]


def test_the_timer_counts_and_changes_hands(office: Office) -> None:
    gym, times = other(office), office.workspace.worktime
    times.start(office.project, "plan")
    office.clock.turn(1800)
    assert "0:30 for Bakery" in times.start(gym).message
    office.clock.turn(600)
    times.toggle(gym)
    assert [(row.project, row.ended_at - row.started_at) for row in entries(office)] == [
        ("Gym", 10 * MINUTE),
        ("Bakery", 30 * MINUTE),
    ]
    with pytest.raises(InvalidInput, match="No timer runs"):
        times.stop()
    office.workspace.undo.undo()
    assert office.workspace.work_queries.running().project == "Gym"


def test_a_forgotten_timer_is_cut_and_says_so(office: Office) -> None:
    office.workspace.worktime.start(office.project)
    office.clock.turn(40 * 3600)
    assert "forgotten" in office.workspace.worktime.stop().message
    (row,) = entries(office)
    assert row.ended_at - row.started_at == LONGEST


def test_what_was_done_becomes_time_once_and_grows_with_the_next_action(office: Office) -> None:
    office.workspace.worktime.collect()
    before = {row.id for row in entries(office)}
    office.clock.turn(3600)
    for seconds in (0, 120, 120):
        office.clock.turn(seconds)
        office.add()
    assert office.workspace.worktime.collect() == 1
    assert office.workspace.worktime.collect() == 0
    (row,) = [row for row in entries(office) if row.id not in before]
    assert (row.what, row.ended_at - row.started_at) == (Kind.POSTS, IDLE + 4 * MINUTE)
    office.clock.turn(60)
    office.add()
    office.workspace.worktime.collect()
    assert [item.id for item in entries(office) if item.id not in before] == [row.id]
    assert reads.entry(office.workspace.db, row.id).ended_at == row.ended_at + MINUTE


def test_what_is_written_by_hand_stands_before_what_the_log_says(office: Office) -> None:
    office.clock.turn(3600)
    office.add()
    office.workspace.worktime.collect()
    gym, now = other(office), office.clock.now
    office.workspace.worktime.add(gym, now - 3 * MINUTE, now - MINUTE, "call")
    pieces = [(row.project, row.started_at - now, row.ended_at - now) for row in entries(office)][:3]
    assert pieces == [
        ("Bakery", -MINUTE, 0),
        ("Gym", -3 * MINUTE, -MINUTE),
        ("Bakery", -IDLE, -3 * MINUTE),
    ]
    with pytest.raises(Conflict, match="worked for Gym"):
        office.workspace.worktime.add(office.project, now - 2 * MINUTE, now, "")
    office.workspace.undo.undo()
    assert [(row.project, row.started_at - now) for row in entries(office)][:1] == [("Bakery", -IDLE)]


def test_a_removed_entry_does_not_come_back(office: Office) -> None:
    office.clock.turn(3600)
    office.add()
    office.workspace.worktime.collect()
    office.workspace.worktime.remove([row.id for row in entries(office)])
    office.workspace.worktime.collect()
    assert entries(office) == []


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(0, 0, "not after"), (HOUR, 0, "not after"), (-30 * HOUR, 0, "longer"), (-HOUR, HOUR, "still to come")],
)
def test_what_cannot_be_meant_is_refused(office: Office, start: int, end: int, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        office.workspace.worktime.add(office.project, office.clock.now + start, office.clock.now + end)
    assert entries(office) == []


def test_an_entry_over_midnight_belongs_to_both_days(office: Office) -> None:
    midnight = zones.resolve(
        zones.local(office.clock.now, ZONE).replace(hour=0, minute=0, second=0, tzinfo=None), ZONE
    )
    office.workspace.worktime.add(office.project, midnight - HOUR, midnight + 2 * HOUR)
    assert office.workspace.work_queries.times()[office.project][1:] == (2 * HOUR, 2 * HOUR, 3 * HOUR)


class Timesheet(RuleBasedStateMachine):
    """Whatever is done in whatever order, entries of one person never overlap, and each step can be taken back."""

    @rule(seconds=st.integers(1, 5000))
    def time_passes(self, seconds):
        self.office.clock.turn(seconds)

    @rule(which=st.integers(0, 1))
    def toggle(self, which):
        self._try(lambda: self.office.workspace.worktime.toggle(self.projects[which]))

    @rule(which=st.integers(0, 1), back=st.integers(1, 400), length=st.integers(1, 300))
    def write(self, which, back, length):
        start = self.office.clock.now - back * MINUTE
        self._try(lambda: self.office.workspace.worktime.add(self.projects[which], start, start + length * MINUTE))

    @rule(place=st.integers(0, 9), which=st.integers(0, 1), shift=st.integers(-60, 60))
    def correct(self, place, which, shift):
        rows = entries(self.office)
        if not rows:
            return
        row = rows[place % len(rows)]
        end = None if row.ended_at is None else row.ended_at + shift * MINUTE
        self._try(lambda: self.office.workspace.worktime.edit(row.id, project_id=self.projects[which], ended_at=end))

    @rule()
    def act(self):
        self.office.add()

    @rule()
    def collect(self):
        self.office.workspace.worktime.collect()

    def _try(self, command):
        before = self._content()
        try:
            receipt = command()
        except (InvalidInput, Conflict):
            assert self._content() == before
            return
        after = self._content()
        if receipt.undo is not None:
            self.office.workspace.undo.undo()
            assert self._content() == before
            self.office.workspace.undo.redo()
            assert self._content() == after

    def _content(self):
        return [row[:2] + row[3:] for row in reads.entries(self.office.workspace.db)]

    @invariant()
    def nobody_works_twice_at_once(self):
        now = self.office.clock.now
        spans = sorted(
            (row.started_at, now if row.ended_at is None else row.ended_at) for row in entries(self.office)
        )
        assert all(before[1] <= after[0] for before, after in pairwise(spans)), spans


def test_any_sequence(tmp_path) -> None:
    count = iter(range(1000))

    class OnAFolder(Timesheet):
        def __init__(self):
            super().__init__()
            self.office = make_office(tmp_path / str(next(count)))
            self.office.clock.turn(86_400)
            self.projects = (self.office.project, other(self.office))

        def teardown(self):
            self.office.workspace.close()

    run_state_machine_as_test(OnAFolder, settings=settings(max_examples=12, stateful_step_count=15, deadline=None))


# Pay


def terms(basis: str = "monthly", amount: str = "3100", currency: str = "HUF", **more: str) -> AgreementDraft:
    return AgreementDraft(basis, amount, currency, **{"from_day": "2026-01-01", **more})


def test_earnings_per_client_and_currency_with_what_an_hour_brought(office: Office) -> None:
    pay, work = office.workspace.pay, office.workspace.work_queries
    pay.agree(office.project, terms(to_day="2026-09-10"))
    pay.agree(office.project, terms(amount="300", currency="EUR", from_day="2026-09-11"))
    pay.agree(office.project, terms("hourly", "20", "EUR"))
    now = office.clock.now
    office.workspace.worktime.add(office.project, now - 3 * HOUR, now - HOUR)
    office.workspace.worktime.set_up(WorkSettings(cost=Decimal(10), currency="EUR"))
    euros, forints = work.earnings(date(2026, 9, 1))
    assert (forints.currency, forints.total) == ("HUF", Decimal("1033.33"))
    assert (euros.total, euros.worked) == (Decimal("240.00"), 2 * HOUR)
    assert euros.per_hour == Decimal("75.00"), "11 of 20 days, and two hours: the month still runs"
    assert (euros.margin, forints.margin) == (Decimal("65.00"), None)
    assert work.earnings(date(2025, 1, 1)) == []


def test_a_goal_that_is_reached_is_paid_in_the_month_of_its_first_day(tmp_path) -> None:
    desk = make_desk(tmp_path / "desk", networks=("mastodon",))
    w, start = desk.workspace, zones.resolve(datetime(2026, 7, 30, 12), ZONE)
    goal = w.goals.add(
        desk.project, GoalDraft("followers", 1000, date(2026, 12, 31), date(2026, 7, 1), None, 900)
    ).ids[0]
    w.pay.agree(desk.project, terms(amount="0", bonuses=f"{goal}=20000"))
    for day, followers in ((0, 950), (3, 1010), (20, 1100), (40, 990)):
        told(desk, "mastodon", Metric.FOLLOWERS, followers, start + day * DAY)
    assert w.client_queries.reached_on(goal) == date(2026, 8, 2)
    paid = {
        month: [line.total for item in w.work_queries.earnings(date(2026, month, 1)) for line in item.lines[1:]]
        for month in (7, 8, 9)
    }
    assert paid == {7: [], 8: [Decimal("20000.00")], 9: []}
    w.close()


def test_two_agreements_of_a_kind_never_hold_on_the_same_day(office: Office) -> None:
    pay = office.workspace.pay
    first = pay.agree(office.project, terms()).ids[0]
    with pytest.raises(Conflict, match="holds on the same days"):
        pay.agree(office.project, terms(currency="EUR", from_day="2026-06-01"))
    pay.end(first, date(2026, 5, 31))
    pay.agree(office.project, terms(currency="EUR", from_day="2026-06-01"))
    assert [row.currency for row in office.workspace.work_queries.agreements(office.project)] == ["HUF", "EUR"]
    for _step in range(3):
        office.workspace.undo.undo()
    assert office.workspace.work_queries.agreements() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"basis": "yearly"}, "kind"),
        ({"amount": "a lot"}, "amount"),
        ({"currency": "FTS"}, "currency"),
        ({"from_day": "2026-02-30"}, "from"),
        ({"to_day": "2025-01-01"}, "to"),
        ({"steps": "video=9"}, "steps"),
        ({"bonuses": "x=9"}, "bonuses"),
    ],
)
def test_an_agreement_that_cannot_be_meant_is_refused(office: Office, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.workspace.pay.agree(office.project, terms()._replace(**wrong))
    assert caught.value.field == field
    assert office.workspace.work_queries.agreements() == []
