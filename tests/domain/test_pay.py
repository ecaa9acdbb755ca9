"""Pay: decimal throughout, every line rounded once, nothing added up across currencies, no month divided by zero."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain import pay
from smm_tui.domain.clock import HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.months import following, last_of
from smm_tui.domain.pay import Agreement, Basis, Bonus, Complexity, Done, Step

DECEMBER = date(2026, 12, 1)
AMOUNTS = st.decimals(0, 10**7, places=2)
CURRENCIES = st.sampled_from(["HUF", "EUR", "JPY", "KWD"])


def agreed(basis: Basis, amount: str = "100", currency: str = "EUR", **more) -> Agreement:
    terms = {"from_day": date(2020, 1, 1), "to_day": None, **more}
    return Agreement(1, 1, basis, Decimal(amount), currency, **terms)


@given(AMOUNTS, CURRENCIES, st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.data())
def test_a_month_cut_in_two_costs_what_it_costs_whole(amount, currency, day, data):
    first = day.replace(day=1)
    cut = data.draw(st.dates(first, last_of(first)))
    whole = agreed(Basis.MONTHLY, str(amount), currency)
    parts = [whole._replace(to_day=cut), whole._replace(from_day=cut + timedelta(days=1))]
    lines = [line for part in parts for line in pay.lines(part, first, Done())]
    (sum_,) = pay.totals(lines).values()
    unit = pay.rounded(Decimal(1), currency).copy_abs().scaleb(0).as_tuple().exponent
    assert abs(sum_ - pay.rounded(amount, currency)) <= Decimal(1).scaleb(unit)
    assert pay.lines(whole, first, Done())[0].total == pay.rounded(amount, currency)
    assert all(line.total == pay.rounded(line.total, currency) for line in lines)


@given(st.dictionaries(st.dates(DECEMBER, date(2026, 12, 31)), st.integers(0, 12 * HOUR), max_size=31), AMOUNTS)
def test_hours_are_paid_as_they_stand_on_the_line(worked, amount):
    done = Done({(day, "anna"): spent for day, spent in worked.items()})
    for line in pay.lines(agreed(Basis.HOURLY, str(amount)), DECEMBER, done):
        assert line.total == pay.rounded(line.quantity * line.price, "EUR")
        assert line.quantity == (Decimal(sum(worked.values())) / HOUR).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_who_works_may_have_a_price_of_their_own():
    done = Done({(DECEMBER, "anna"): HOUR, (DECEMBER, "Béla"): 2 * HOUR, (date(2027, 1, 1), "anna"): HOUR})
    lines = pay.lines(agreed(Basis.HOURLY, "20", steps=(Step("anna", factor=Decimal("1.5")),)), DECEMBER, done)
    assert [(line.what, line.quantity, line.total) for line in lines] == [
        ("", Decimal("2.00"), Decimal("40.00")),
        ("anna", Decimal("1.00"), Decimal("30.00")),
    ]


def test_posts_are_paid_by_what_they_carry_and_tasks_by_their_name():
    steps = (Step("video", amount=Decimal(90)), Step("album", factor=Decimal("1.5")))
    posts = [(DECEMBER, Complexity.TEXT), (DECEMBER, Complexity.PICTURE), (DECEMBER, Complexity.VIDEO)]
    lines = pay.lines(agreed(Basis.PER_POST, "30", steps=steps), DECEMBER, Done(posts=posts))
    assert [(line.what, line.quantity, line.total) for line in lines] == [("", 2, 60), ("video", 1, 90)]
    tasks = [(DECEMBER, "Report"), (DECEMBER, "page set up"), (date(2026, 11, 30), "report")]
    lines = pay.lines(
        agreed(Basis.PER_TASK, "10", steps=(Step("report", amount=Decimal(50)),)), DECEMBER, Done(tasks=tasks)
    )
    assert [(line.what, line.total) for line in lines] == [("Report", 50), ("page set up", 10)]


def test_a_goal_is_paid_once_in_its_month_by_the_agreement_that_names_it():
    terms = agreed(Basis.MONTHLY, "0", bonuses=(Bonus(3, Decimal(200)),))
    reached = [(date(2026, 12, 24), 3, "1,000 followers"), (date(2026, 12, 25), 4, "another")]
    lines = pay.lines(terms, DECEMBER, Done(reached=reached))
    assert [(line.basis, line.what, line.total) for line in lines] == [
        ("monthly", "", 0),
        ("bonus", "1,000 followers", 200),
    ]


def test_a_change_of_currency_in_the_middle_of_a_month_adds_nothing_up():
    old = agreed(Basis.MONTHLY, "31000", "HUF", to_day=date(2026, 12, 10))
    new = agreed(Basis.MONTHLY, "310", "EUR", from_day=date(2026, 12, 11))
    lines = [*pay.lines(old, DECEMBER, Done()), *pay.lines(new, DECEMBER, Done())]
    assert pay.totals(lines) == {"HUF": Decimal("10000.00"), "EUR": Decimal("210.00")}


def test_what_does_not_hold_in_a_month_brings_nothing():
    assert pay.lines(agreed(Basis.MONTHLY, from_day=date(2027, 1, 1)), DECEMBER, Done()) == []
    assert pay.lines(agreed(Basis.MONTHLY, to_day=date(2026, 11, 30)), DECEMBER, Done()) == []


@given(AMOUNTS, st.integers(0, 200 * HOUR))
def test_an_hour_is_worth_something_only_where_one_was_worked(earned, worked):
    found = pay.per_hour(earned, worked, "EUR")
    assert (found is None) == (worked == 0)
    if found is not None and worked >= MINUTE:
        assert abs(found * worked / HOUR - earned) <= Decimal("0.005") * worked / HOUR + Decimal("0.01")


@given(st.lists(st.tuples(st.sampled_from(list(Complexity)), AMOUNTS, st.booleans()), unique_by=lambda item: item[0]))
def test_steps_read_back_as_they_are_written(found):
    steps = tuple(Step(name, factor=value) if times else Step(name, amount=value) for name, value, times in found)
    assert pay.steps(pay.steps_in_words(steps), Basis.PER_POST) == steps


@pytest.mark.parametrize(
    ("words", "amount"),
    [("120 000", 120000), ("12,50", "12.5"), ("1'000.25", "1000.25"), ("0", 0), ("99\u00a0000", 99000)],
)
def test_amounts_as_people_write_them(words, amount):
    assert pay.money(words) == Decimal(amount)


@pytest.mark.parametrize("words", ["", "-5", "1e5", "NaN", "12.3.4", "ten", "9" * 20, "1.23456", "٣"])
def test_what_is_no_amount_is_refused(words):
    with pytest.raises(InvalidInput):
        pay.money(words)


def test_months_follow_each_other():
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert last_of(date(2028, 2, 1)) == date(2028, 2, 29)
