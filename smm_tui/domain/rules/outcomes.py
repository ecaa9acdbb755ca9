"""What a rule does to a message that it applies to.

    hide          on the network, where the account can; else it is held for review
    hold          kept for review
    flag          somebody should look at it
    close         nothing more is to be done
    label WORD    any word; ``spam`` is that of a verdict
    assign WHO
    reply NAME    a saved reply is suggested

Of the first four the strictest wins where several rules apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

STRICTEST_FIRST = ("hide", "hold", "flag", "close")
WITH_VALUE = ("label", "assign", "reply")
NAMES = (*STRICTEST_FIRST, *WITH_VALUE)
VALUE = 60
"""Characters of a label or name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that is done."""

    name: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.value}".rstrip()

    def json(self) -> dict[str, Any]:
        """As the table keeps it."""
        return {"name": self.name, "value": self.value} if self.value else {"name": self.name}


def parse(text: str) -> Outcome:
    """An outcome from its words; InvalidInput says what is wrong with them."""
    name, _space, rest = text.strip().partition(" ")
    name, value = name.lower(), " ".join(rest.split())
    if name not in NAMES:
        raise _odd(text, _("A rule can: {names}.").format(names=", ".join(NAMES)))
    if bool(value) != (name in WITH_VALUE):
        raise _odd(text, _("Write {example}.").format(example=f"{name} …" if name in WITH_VALUE else name))
    if inert(value) != value or len(value) > VALUE:
        raise _odd(text, _("It holds characters that cannot be seen, or far too many."))
    return Outcome(name, value)


def from_json(document: Mapping[str, Any]) -> Outcome:
    """An outcome as the table keeps it."""
    return Outcome(str(document["name"]), str(document.get("value", "")))


def parse_all(texts: Sequence[str]) -> tuple[Outcome, ...]:
    """The outcomes of a rule: at least one, and at most one that settles the message."""
    found = tuple(dict.fromkeys(parse(text) for text in texts))
    if not found:
        raise InvalidInput(
            _("A rule needs something to do."), _("For example: {example}.").format(example="flag"), field="actions"
        )
    settling = [str(one) for one in found if one.name in STRICTEST_FIRST]
    if len(settling) > 1:
        raise InvalidInput(
            _("A rule cannot do all of this at once: {names}.").format(names=", ".join(settling)),
            _("Keep one of them."),
            field="actions",
        )
    return found


def _odd(text: str, hint: str) -> InvalidInput:
    return InvalidInput(
        _("“{text}” is nothing that a rule can do.").format(text=clip(inert(text), 60)), hint, field="actions"
    )
