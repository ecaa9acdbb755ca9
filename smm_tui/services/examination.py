"""Messages as rules see them, read from the database: the same way in a dry run and when they come in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.domain.rules import conditions, outcomes, spam
from smm_tui.domain.rules.facts import NEW_AUTHOR, Facts, Recent
from smm_tui.domain.rules.folding import same_text
from smm_tui.domain.rules.matcher import Hit, Rule, Ruleset
from smm_tui.domain.rules.spam import Count, Verdict

Fetch = Callable[[str, Sequence[Any]], Iterable[Any]]
"""Runs a query with its values, and gives its rows."""
BATCH = 500


class Message(NamedTuple):
    """What is read of a message for rules. `at`: when it was written, never later than it was received."""

    id: int
    project_id: int
    account_id: int
    handle: str
    kind: str
    language: str
    project_language: str
    author_id: int | None
    text: str
    at: Instant
    spam_score: float | None


class Examined(NamedTuple):
    """A message with the rules that apply to it, and its score by what is known now."""

    message: Message
    hits: list[Hit]
    spam: Verdict | None


_MESSAGE = """
    SELECT m.id, m.project_id, m.account_id, a.handle, m.kind, m.language, p.language, m.author_id, m.text,
        min(m.created_at, m.received_at), m.spam_score
    FROM message m JOIN account a ON a.id = m.account_id JOIN project p ON p.id = m.project_id
"""


def by_ids(fetch: Fetch, ids: Sequence[int]) -> list[Message]:
    """These messages in the order of their ids, but for the account's own."""
    rows = fetch(
        f"{_MESSAGE} WHERE m.id IN (SELECT value FROM json_each(?)) AND NOT m.own ORDER BY m.id",  # noqa: S608 - constants
        (json.dumps(list(ids)),),
    )
    return [Message(*row) for row in rows]


def history(fetch: Fetch, project_id: int | None, limit: int) -> Iterator[list[Message]]:
    """The newest messages of a project, or of all, but for the accounts' own: batches in the order of their ids."""
    project = "" if project_id is None else "AND m.project_id = ?"
    values = [] if project_id is None else [project_id]
    newest = f"SELECT m.id FROM message m WHERE NOT m.own {project} ORDER BY m.id DESC LIMIT ?"  # noqa: S608 - constants
    after = min((row[0] for row in fetch(newest, [*values, limit])), default=0) - 1
    while True:
        found = fetch(
            f"{_MESSAGE} WHERE m.id > ? AND NOT m.own {project} ORDER BY m.id LIMIT ?",
            [after, *values, BATCH],
        )
        batch = [Message(*row) for row in found]
        if not batch:
            return
        yield batch
        after = batch[-1].id


def rule_of(rule_id: int, asked: Iterable[Mapping[str, Any]], done: Iterable[Mapping[str, Any]]) -> Rule:
    """A rule as the table keeps it."""
    return Rule(rule_id, tuple(map(conditions.from_json, asked)), tuple(map(outcomes.from_json, done)))


class Examination:
    """Goes through messages in the order of their ids, each once, and says which rules apply.

    `rules` by project (None: for all). What was said before is read at the first message of each project.
    """

    def __init__(self, rules: Sequence[tuple[int | None, Rule]]) -> None:
        self._rules = rules
        self._rulesets: dict[int, Ruleset] = {}
        self._recent: dict[int, tuple[Recent, int]] = {}

    def examine(self, fetch: Fetch, batch: Sequence[Message], *, scored: bool = False) -> list[Examined]:
        """The rules for messages that follow each other. `scored`: a score they were given before is kept."""
        facts = facts_of(fetch, batch)
        self._score(fetch, batch, facts, scored)
        verdicts = self._verdicts
        found = []
        for message, fact in zip(batch, facts, strict=True):
            ruleset = self._ruleset(message.project_id)
            if ruleset.window:
                recent = self._history(fetch, message)
                says = same_text(fact.folded)
                fact.repeats = _counter(recent, says, message)
                recent.add(says, message.at, message.id, message.author_id)
                self._recent[message.project_id] = (recent, message.id)
            found.append(Examined(message, ruleset.hits(fact), verdicts.get(message.id)))
        return found

    def again(self, fetch: Fetch, message: Message) -> Examined:
        """The rules for a message that was examined before and has another text now."""
        (fact,) = facts_of(fetch, [message])
        self._score(fetch, [message], [fact], scored=False)
        ruleset = self._ruleset(message.project_id)
        if ruleset.window:
            fact.repeats = _counter(self._history(fetch, message, before=False), same_text(fact.folded), message)
        return Examined(message, ruleset.hits(fact), self._verdicts.get(message.id))

    def _score(self, fetch: Fetch, batch: Sequence[Message], facts: Sequence[Facts], scored: bool) -> None:
        self._verdicts: dict[int, Verdict] = {}
        for message, fact in zip(batch, facts, strict=True):
            if scored and message.spam_score is not None:
                fact.spam = message.spam_score
        for project_id in {message.project_id for message in batch}:
            if not scores(fetch, project_id):
                continue
            signs = {
                message.id: spam.signs(fact)
                for message, fact in zip(batch, facts, strict=True)
                if message.project_id == project_id and fact.spam is None
            }
            counts = counted(fetch, project_id, frozenset().union(*signs.values()))
            for message, fact in zip(batch, facts, strict=True):
                verdict = spam.score(signs[message.id], counts) if message.id in signs else None
                if verdict is not None:
                    self._verdicts[message.id] = verdict
                    fact.spam = verdict.score

    def _ruleset(self, project_id: int) -> Ruleset:
        if project_id not in self._rulesets:
            own = [rule for project, rule in self._rules if project is None or project == project_id]
            self._rulesets[project_id] = Ruleset(own)
        return self._rulesets[project_id]

    def _history(self, fetch: Fetch, message: Message, *, before: bool = True) -> Recent:
        recent, last = self._recent.get(message.project_id, (None, 0))
        # Numbers that come again belong to messages of a transaction that failed.
        if recent is None or (before and message.id <= last):
            recent = Recent()
            rows = fetch(
                "SELECT m.id, m.author_id, m.text, min(m.created_at, m.received_at) FROM message m "
                "WHERE m.project_id = ? AND NOT m.own AND m.id < ? ORDER BY m.id DESC LIMIT ?",
                (message.project_id, message.id, recent.limit),
            )
            for number, author_id, text, at in reversed(list(rows)):
                recent.add(same_text(Facts(text).folded), at, number, author_id)
        return recent


def _counter(recent: Recent, says: str, message: Message) -> Callable[[str, Instant], int]:
    return lambda by, within: recent.count(says, message.at, message.id, message.author_id, by, within)


def facts_of(fetch: Fetch, batch: Sequence[Message]) -> list[Facts]:
    """What rules ask about messages that follow each other; no repeats."""
    first: dict[tuple[int, int], Instant | None] = {}
    facts = []
    for message in batch:
        new_author = None
        if message.author_id is not None:
            key = (message.project_id, message.author_id)
            if key not in first:
                row = next(
                    iter(
                        fetch(
                            "SELECT min(created_at, received_at) FROM message WHERE author_id = ? AND project_id = ? "
                            "AND id < ? ORDER BY created_at LIMIT 1",
                            (message.author_id, message.project_id, message.id),
                        )
                    ),
                    None,
                )
                first[key] = None if row is None else row[0]
            earliest = first[key]
            new_author = earliest is None or message.at - earliest < NEW_AUTHOR
            first[key] = message.at if earliest is None else min(earliest, message.at)
        facts.append(
            Facts(
                message.text,
                kind=message.kind,
                language=message.language,
                project_language=message.project_language,
                account=(message.handle.removeprefix("@").lower(), str(message.account_id)),
                new_author=new_author,
            )
        )
    return facts


def scores(fetch: Fetch, project_id: int) -> bool:
    """Whether a project has had enough verdicts for a score."""
    total = counted(fetch, project_id, frozenset()).get(spam.ALL, Count(0, 0))
    return min(total) >= spam.ENOUGH


def counted(fetch: Fetch, project_id: int, signs: frozenset[str]) -> dict[str, Count]:
    """How often signs stood in a project's spam and in the rest, and the messages themselves."""
    rows = fetch(
        "SELECT w.word, w.spam, w.good FROM json_each(?) j JOIN spam_word w ON w.project_id = ? AND w.word = j.value",
        (json.dumps([spam.ALL, *signs]), project_id),
    )
    return {word: Count(bad, good) for word, bad, good in rows}
