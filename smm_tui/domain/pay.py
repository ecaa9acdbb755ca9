"""What clients owe: agreements, and the lines they make on an invoice. Pure; money is `Decimal`, never float."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.months import last_of
from smm_tui.domain.worktime import hours
from smm_tui.i18n import _

MOST = Decimal(10) ** 12
"""No amount is larger."""


class Basis(StrEnum):
    """What is paid for."""

    MONTHLY = "monthly"
    HOURLY = "hourly"
    PER_POST = "per_post"
    PER_TASK = "per_task"


class Complexity(StrEnum):
    """How much a post takes to make, by what it carries."""

    TEXT = "text"
    PICTURE = "picture"
    ALBUM = "album"
    VIDEO = "video"


class Step(NamedTuple):
    """Another price for some of it: `name` is a complexity, the name of who works, or a task; either an `amount` of
    its own, or the agreed one times `factor`."""

    name: str
    amount: Decimal | None = None
    factor: Decimal | None = None

    def price(self, agreed: Decimal) -> Decimal:
        """What one of it costs."""
        return self.amount if self.amount is not None else agreed * (self.factor or 1)


class Bonus(NamedTuple):
    """Paid once, in the month in which a goal is reached."""

    goal_id: int
    amount: Decimal


class Agreement(NamedTuple):
    """How a client pays, from a day on; `to_day` is the last day, None: until further notice."""

    id: int
    project_id: int
    basis: Basis
    amount: Decimal
    currency: str
    from_day: date
    to_day: date | None
    steps: tuple[Step, ...] = ()
    bonuses: tuple[Bonus, ...] = ()

    def until(self, day: date) -> Agreement:
        """The same, as far as a day."""
        return self._replace(to_day=day if self.to_day is None else min(day, self.to_day))


class Done(NamedTuple):
    """What was done for a client, by day: time of each who works, posts that went live, tasks, goals reached."""

    worked: Mapping[tuple[date, str], Instant] = {}
    posts: Sequence[tuple[date, Complexity]] = ()
    tasks: Sequence[tuple[date, str]] = ()
    reached: Sequence[tuple[date, int, str]] = ()  # day, goal, its words


class Line(NamedTuple):
    """A line of an invoice: `total` is rounded to what the currency has, `price` is of one."""

    project_id: int
    agreement_id: int
    basis: str  # of `Basis`, or "bonus"
    what: str  # the step, the task, the goal; empty: as agreed
    from_day: date
    to_day: date
    quantity: Decimal
    price: Decimal
    total: Decimal
    currency: str


def lines(agreement: Agreement, first: date, done: Done) -> list[Line]:
    """What an agreement brings in the month that begins on `first`. What is paid by the month counts by its days."""
    last = last_of(first)
    start, end = max(first, agreement.from_day), min(last, agreement.to_day or last)
    if start > end:
        return []

    def line(quantity: Decimal, price: Decimal, *, basis: str = agreement.basis, what: str = "") -> Line:
        total = rounded(quantity * price, agreement.currency)
        return Line(
            agreement.project_id, agreement.id, basis, what, start, end, quantity, price, total, agreement.currency
        )

    found: list[Line] = []
    steps = {step.name.casefold(): step for step in agreement.steps}
    match agreement.basis:
        case Basis.MONTHLY:
            part = Decimal((end - start).days + 1) / last.day
            total = rounded(agreement.amount * ((end - start).days + 1) / last.day, agreement.currency)
            quantity = part.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()
            found.append(line(quantity, agreement.amount)._replace(total=total))
        case Basis.HOURLY:
            times: dict[str, Instant] = {}
            for (day, who), spent in done.worked.items():
                if start <= day <= end:
                    name = who if who.casefold() in steps else ""
                    times[name] = times.get(name, 0) + spent
            found += [
                line(quantity, _price(agreement, steps, name), what=name)
                for name, spent in sorted(times.items())
                if (quantity := hours(spent))
            ]
        case Basis.PER_POST | Basis.PER_TASK:
            things = done.posts if agreement.basis == Basis.PER_POST else done.tasks
            counts: dict[str, int] = {}
            for day, thing in things:
                if start <= day <= end:
                    # Every task keeps its name; a post only where its complexity has a price of its own.
                    named = agreement.basis == Basis.PER_TASK or thing.casefold() in steps
                    counts[str(thing) if named else ""] = counts.get(str(thing) if named else "", 0) + 1
            found += [
                line(Decimal(count), _price(agreement, steps, name), what=name)
                for name, count in sorted(counts.items())
            ]
    bonuses = {bonus.goal_id: bonus.amount for bonus in agreement.bonuses}
    found += [
        line(Decimal(1), bonuses[goal_id], basis="bonus", what=words)
        for day, goal_id, words in done.reached
        if goal_id in bonuses and start <= day <= end
    ]
    return found


def _price(agreement: Agreement, steps: Mapping[str, Step], name: str) -> Decimal:
    step = steps.get(name.casefold()) if name else None
    return step.price(agreement.amount) if step else agreement.amount


def totals(invoice: Iterable[Line]) -> dict[str, Decimal]:
    """What the lines come to, currency by currency: different money is never added up."""
    sums: dict[str, Decimal] = {}
    for line in invoice:
        sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.total
    return sums


def per_hour(earned: Decimal, worked: Instant, currency: str) -> Decimal | None:
    """What an hour brought; None where no time was counted."""
    return rounded(earned * 3_600_000 / worked, currency) if worked > 0 else None


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole minor units of its currency (ISO 4217, as CLDR tells them), halves up."""
    from babel.numbers import get_currency_precision

    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)


# Words


def currency_code(words: str, field: str = "currency") -> str:
    """A currency's code, such as HUF; InvalidInput on `field` for what is none."""
    from babel.numbers import list_currencies

    code = words.strip().upper()
    if code not in list_currencies():
        raise InvalidInput(
            _("“{words}” is no currency.").format(words=clip(inert(words), 20)),
            _("Give its code of three letters, as HUF or EUR."),
            field=field,
        )
    return code


def money(words: str, field: str = "amount") -> Decimal:
    """An amount as people write it: ``120000``, ``120 000``, ``12.50``, ``12,50``; InvalidInput on `field`."""
    plain = re.sub(r"[\s\u00a0\u202f_']", "", words).replace(",", ".")
    try:
        amount = Decimal(plain) if re.fullmatch(r"\d{1,15}(\.\d{1,4})?", plain, re.ASCII) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount >= MOST:
        raise InvalidInput(
            _("“{words}” is no amount of money.").format(words=clip(inert(words), 40)),
            _("Write it as 120000 or 12.50, without the currency."),
            field=field,
        )
    return amount


def steps(words: str, basis: Basis) -> tuple[Step, ...]:
    """Steps as ``video=9000, album=x1.5``; InvalidInput on ``steps``."""
    found: list[Step] = []
    for part in (part.strip() for part in re.split(r"[;,](?=\s*[^\d\s])|[;\n]", words)):
        if not part:
            continue
        name, sign, value = (piece.strip() for piece in part.rpartition("="))
        if not sign or not name or not value:
            raise InvalidInput(
                _("“{words}” is no step.").format(words=clip(inert(part), 40)),
                _("Write steps as video=9000, album=x1.5: a price of its own, or the agreed one times a number."),
                field="steps",
            )
        if basis == Basis.MONTHLY:
            raise InvalidInput(
                _("What is paid by the month has no steps."), _("Add another agreement for the rest."), field="steps"
            )
        if basis == Basis.PER_POST and name.casefold() not in tuple(Complexity):
            raise InvalidInput(
                _("“{name}” is no kind of post that could have a price of its own.").format(
                    name=clip(inert(name), 40)
                ),
                _("There are: {names}.").format(names=", ".join(Complexity)),
                field="steps",
            )
        if any(step.name.casefold() == name.casefold() for step in found):
            raise InvalidInput(_("“{name}” has two prices.").format(name=clip(inert(name), 40)), field="steps")
        if value[:1] in ("x", "×"):
            found.append(Step(name, factor=money(value[1:], "steps")))
        else:
            found.append(Step(name, amount=money(value, "steps")))
    return tuple(found)


def steps_in_words(found: Iterable[Step]) -> str:
    """As `steps` reads them."""
    return ", ".join(
        f"{step.name}={step.amount}" if step.amount is not None else f"{step.name}=x{step.factor}" for step in found
    )
