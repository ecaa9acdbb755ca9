"""What a rule asks. All conditions of a rule must hold; where one has a list, any of the list will do.

word ingyen, nyerj most, nyerem*     these words or phrases, inflected or masked; a star ends any word so begun
regex PATTERN                        a regular expression (RE2), case aside
links >= 2                           links in it
domain bit.ly, example.ru            a link to one of these domains or below
lookalike otp.hu, facebook.com       a link that looks like one of these and is not; alone: one that mixes scripts
caps >= 70%                          capitals among its letters
emoji >= 8
repeats >= 3 by author within 1h     the same text again by its author; ``by authors``: by different people
author new | author known
language hu, en
kind comment, mention, message, report
account bakery@social.example        handles or numbers of accounts
spam >= 90%                          this project's own score
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.language import language_tag
from smm_tui.domain.rules import hosts, patterns, words
from smm_tui.domain.rules.facts import LONGEST_WINDOW
from smm_tui.domain.rules.folding import fold
from smm_tui.i18n import _

LISTS = ("word", "domain", "lookalike", "language", "kind", "account")
COUNTS = ("links", "emoji")
SHARES = ("caps", "spam")
NAMES = (*LISTS[:1], "regex", "links", *LISTS[1:3], "caps", "emoji", "repeats", "author", *LISTS[3:], "spam")
KINDS = ("comment", "mention", "message", "report")
AUTHORS = ("new", "known")
REPEATERS = ("author", "authors")
LIMIT = 200
"""Values of one condition."""
VALUE = 100
"""Characters of one value."""
_UNITS: Mapping[str, Instant] = MappingProxyType({"d": DAY, "h": HOUR, "m": MINUTE})
_AT_LEAST = re.compile(r">=\s*([0-9]{1,6})\s*(%?)")
_REPEATS = re.compile(r">=\s*([0-9]{1,6})\s+by\s+(\w+)\s+within\s+([0-9]{1,6})\s*([dhm])")


@dataclass(frozen=True, slots=True)
class Condition:
    """One question. `values` of a list, the pattern of a regular expression, or ``new``/``known``; `at_least` a count
    or percent; `by` and `within` (milliseconds) of repeats."""

    name: str
    values: tuple[str, ...] = ()
    at_least: int = 0
    by: str = ""
    within: Instant = 0

    def __str__(self) -> str:
        if self.name in COUNTS:
            return f"{self.name} >= {self.at_least}"
        if self.name in SHARES:
            return f"{self.name} >= {self.at_least}%"
        if self.name == "repeats":
            unit, length = next((u, ms) for u, ms in _UNITS.items() if self.within % ms == 0)
            return f"repeats >= {self.at_least} by {self.by} within {self.within // length}{unit}"
        return f"{self.name} {', '.join(self.values)}".rstrip() if self.name != "regex" else f"regex {self.values[0]}"

    def json(self) -> dict[str, Any]:
        """As the table keeps it."""
        document: dict[str, Any] = {"name": self.name}
        if self.name in COUNTS + SHARES + ("repeats",):
            document["at_least"] = self.at_least
        else:
            document["values"] = list(self.values)
        if self.name == "repeats":
            document |= {"by": self.by, "within": self.within}
        return document


def parse(text: str) -> Condition:
    """A condition from its words; InvalidInput says what is wrong with them."""
    name, _space, rest = text.strip().partition(" ")
    name, rest = name.lower(), rest.strip()
    if name == "regex":
        return checked(Condition("regex", (rest,)))
    if name in LISTS:
        return checked(Condition(name, tuple(value.strip() for value in rest.split(",")) if rest else ()))
    if name == "author":
        return checked(Condition("author", (rest.lower(),)))
    if name in COUNTS + SHARES:
        found = _AT_LEAST.fullmatch(rest)
        if found is None or (found[2] == "%") != (name in SHARES):
            raise _odd(text, _("Write {example}.").format(example=f"{name} >= {'70%' if name in SHARES else '3'}"))
        return checked(Condition(name, at_least=int(found[1])))
    if name == "repeats":
        found = _REPEATS.fullmatch(rest)
        if found is None:
            raise _odd(text, _("Write {example}.").format(example="repeats >= 3 by author within 1h"))
        return checked(
            Condition("repeats", at_least=int(found[1]), by=found[2], within=int(found[3]) * _UNITS[found[4]])
        )
    raise _odd(text, _("A condition begins with one of: {names}.").format(names=", ".join(NAMES)))


def from_json(document: Mapping[str, Any]) -> Condition:
    """A condition as the table keeps it."""
    return Condition(
        str(document["name"]),
        tuple(document.get("values", ())),
        int(document.get("at_least", 0)),
        str(document.get("by", "")),
        int(document.get("within", 0)),
    )


def checked(condition: Condition) -> Condition:
    """The condition in its one spelling; InvalidInput where it makes no sense."""
    name, values = condition.name, condition.values
    text = str(condition) if name != "repeats" else name
    if not all(
        inert(value) == value and len(value) <= (VALUE if name != "regex" else patterns.LONGEST) for value in values
    ):
        raise _odd(text, _("It holds characters that cannot be seen, or far too many."))
    if len(values) > LIMIT:
        raise _odd(text, _("At most {count} values in one condition.").format(count=LIMIT))
    if name == "regex":
        return Condition(name, (patterns.check(values[0]),))
    if name in LISTS:
        values = tuple(dict.fromkeys(_value(name, value, text) for value in values))
        if not values and name != "lookalike":
            raise _odd(text, _("Say which, with commas between several."))
        return Condition(name, values)
    if name == "author" and values[0] not in AUTHORS:
        raise _odd(text, _("Write {example}.").format(example="author new"))
    if name in SHARES and not 1 <= condition.at_least <= 100:
        raise _odd(text, _("A share is 1% to 100%."))
    if name in (*COUNTS, "repeats") and condition.at_least < (2 if name == "repeats" else 1):
        raise _odd(text, _("The number is too small: every message would do."))
    if name == "repeats" and (condition.by not in REPEATERS or not 0 < condition.within <= LONGEST_WINDOW):
        raise _odd(text, _("By author or authors, within at most {days} days.").format(days=LONGEST_WINDOW // DAY))
    return condition


def _value(name: str, value: str, text: str) -> str:
    if name == "word":
        phrase = " ".join(words.split(fold(value)))
        if len(phrase.rstrip("*")) < 2:
            raise _odd(text, _("A word has two letters or more."))
        return phrase
    if name in ("domain", "lookalike"):
        domain = hosts.domain_name(value)
        if domain is None:
            raise _odd(text, _("“{value}” is no domain.").format(value=value))
        return domain
    if name == "language":
        return language_tag(value).partition("-")[0] or _refuse(text)
    if name == "kind":
        return value.lower() if value.lower() in KINDS else _refuse(text, ", ".join(KINDS))
    return value.removeprefix("@").lower() or _refuse(text)


def _refuse(text: str, known: str = "") -> str:
    raise _odd(text, _("Known are: {names}.").format(names=known) if known else _("One of its values is empty."))


def _odd(text: str, hint: str) -> InvalidInput:
    return InvalidInput(
        _("“{text}” is no condition of a rule.").format(text=clip(inert(text), 60)), hint, field="conditions"
    )


def parse_all(texts: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions of a rule: at least one."""
    found = tuple(dict.fromkeys(parse(text) for text in texts))
    if not found:
        raise InvalidInput(
            _("A rule needs a condition."),
            _("For example: {example}.").format(example="word ingyen"),
            field="conditions",
        )
    return found
