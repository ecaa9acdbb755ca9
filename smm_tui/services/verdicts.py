"""What follows from people's verdicts, whichever command or undo brought them: the spam score learns or forgets, and
rules are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smm_tui.domain.states import MessageState

if TYPE_CHECKING:
    from smm_tui.db.unit_of_work import UnitOfWork

SPAM = "spam"
"""The label of what was taken for spam."""
RULE = "rule "
"""How the actor begins that is a rule."""
_AGAINST = (MessageState.HIDDEN, MessageState.DELETED)
_FOR = (MessageState.APPROVED, MessageState.ANSWERED)

Image = Mapping[str, Any]


def actor_of(rule_id: int) -> str:
    """The name of a rule in the log."""
    return f"{RULE}{rule_id}"


def follow(unit: UnitOfWork) -> None:
    """Learn from the messages that changed in a unit. To be given to `Database.before_commit`."""
    changed = [
        (before, after)
        for before, after in unit.changes("message")
        if before is not None and after is not None and not after["own"] and _told(before) != _told(after)
    ]
    if changed:
        _judge(unit, changed)
        _learn(unit, changed)


def _told(image: Image) -> tuple[object, ...]:
    return image["state"], image["handled_by"], verdict(image)


def verdict(image: Image) -> str:
    """What a person said of a message: ``spam``, ``good``, or nothing."""
    if image["handled_by"].startswith(RULE):
        return ""
    if image["state"] in _FOR:
        return "good"
    return SPAM if SPAM in image["labels"] and image["state"] in (*_AGAINST, MessageState.CLOSED) else ""


def _agreed(before: Image, after: Image) -> bool | None:
    """Whether a person agrees with the rules that applied to a message."""
    if after["handled_by"].startswith(RULE):
        return None
    if after["state"] in _AGAINST or verdict(after) == SPAM:
        return True
    taken_back = after["state"] == MessageState.NEW and before["handled_by"].startswith(RULE)
    return False if taken_back or after["state"] in _FOR else None


def _judge(unit: UnitOfWork, changed: Sequence[tuple[Image, Image]]) -> None:
    unit.connection.exec_driver_sql(
        "UPDATE rule_hit SET judged = ? WHERE message_id = ?",
        [(_agreed(before, after), after["id"]) for before, after in changed],
    )


def _learn(unit: UnitOfWork, changed: Sequence[tuple[Image, Image]]) -> None:
    turned = {
        after["id"]: (verdict(before), verdict(after))
        for before, after in changed
        if verdict(before) != verdict(after)
    }
    if not turned:
        return
    from smm_tui.domain.rules import spam
    from smm_tui.services.examination import by_ids, facts_of

    def fetch(sql: str, values: Sequence[Any]) -> Any:
        return unit.connection.exec_driver_sql(sql, tuple(values))

    counts: Counter[tuple[int, str, str]] = Counter()
    for message in by_ids(fetch, list(turned)):
        (facts,) = facts_of(fetch, [message])
        for sign in spam.signs(facts) | {spam.ALL}:
            for word, change in zip(turned[message.id], (-1, 1), strict=True):
                if word:
                    counts[message.project_id, sign, word] += change
    unit.connection.exec_driver_sql(
        "INSERT INTO spam_word (project_id, word, spam, good) VALUES (?, ?, max(0, ?), max(0, ?)) "
        "ON CONFLICT (project_id, word) DO UPDATE SET spam = max(0, spam + ?), good = max(0, good + ?)",
        [
            (project_id, sign, *(2 * ((change, 0) if word == SPAM else (0, change))))
            for (project_id, sign, word), change in sorted(counts.items())
            if change
        ],
    )
