"""Looking at rules, and trying them on what is stored: light to import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import messages as message_reads
from smm_tui.db.reads import rules as reads
from smm_tui.db.reads.messages import MessageRow
from smm_tui.db.reads.rules import HitRow, RuleRow, SuggestionRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _

EXAMINED = 100_000
"""So many messages, the newest, are gone through in a dry run, unless told otherwise."""
LISTED = 1000
"""So many of those that a rule would have caught are named, the newest."""


class Caught(NamedTuple):
    """A message that a rule would have caught; `approved`: a person found it right."""

    message: MessageRow
    why: str
    approved: bool


class DryRun(NamedTuple):
    """What a rule would have caught among `examined` messages: so many, `approved` of them by people, the newest
    of them, and `wrong` ones first."""

    rule: RuleRow
    examined: int
    caught: int
    approved: int
    messages: list[Caught]


def parts(rule: RuleRow) -> tuple[list[str], list[str]]:
    """What a rule asks and what it does, in the words that make it."""
    from smm_tui.domain.rules import conditions, outcomes

    return (
        [str(conditions.from_json(one)) for one in rule.conditions],
        [str(outcomes.from_json(one)) for one in rule.actions],
    )


def in_words(rule: RuleRow) -> str:
    """What a rule asks and does, on one line."""
    asked, done = parts(rule)
    return f"{'; '.join(asked)}: {', '.join(done)}"


class RuleQueries:
    """Questions about rules."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None) -> list[RuleRow]:
        """The rules that hold for a project, or all of them, in their order."""
        return reads.rules(self._db, project_id)

    def get(self, rule_id: int) -> RuleRow:
        """One rule."""
        row = reads.rule(self._db, rule_id)
        if row is None:
            raise InvalidInput(
                _("There is no rule {id}.").format(id=rule_id), _("`smm-tui rule list` shows them."), field="rule"
            )
        return row

    def hits(self, rule_id: int, *, sampled: bool = False, limit: int = 100) -> list[HitRow]:
        """What a rule applied to, newest first; `sampled`: only what waits for somebody to judge it."""
        return reads.hits(self._db, rule_id, sampled=sampled, limit=limit)

    def samples(self) -> dict[int, int]:
        """How much waits for somebody to judge it, by rule."""
        return reads.samples(self._db)

    def suggested(self, message_ids: Sequence[int]) -> list[SuggestionRow]:
        """The saved replies that rules suggest for these messages."""
        return reads.suggestions(self._db, message_ids)

    def why_spam(self, message_id: int) -> str:
        """Why a message has its spam score, by what is known now; empty when nothing speaks for spam."""
        from smm_tui.domain.rules import spam
        from smm_tui.services.examination import by_ids, counted, facts_of

        for message in by_ids(self._fetch, [message_id]):
            found = spam.signs(facts_of(self._fetch, [message])[0])
            verdict = spam.score(found, counted(self._fetch, message.project_id, found))
            return "" if verdict is None else spam.explanation(verdict)
        return ""

    def dry_run(self, rule_id: int, *, limit: int = EXAMINED) -> DryRun:
        """What a rule would have caught; nothing is changed."""
        from smm_tui.services.examination import Examination, history, rule_of

        rule = self.get(rule_id)
        examination = Examination([(rule.project_id, rule_of(rule.id, rule.conditions, rule.actions))])
        examined = 0
        why: dict[int, str] = {}
        for batch in history(self._fetch, rule.project_id, limit):
            examined += len(batch)
            for one in examination.examine(self._fetch, batch, scored=True):
                why.update((one.message.id, hit.why) for hit in one.hits)
        approved = reads.approved(self._db, list(why))
        newest = sorted(why, key=lambda number: (number in approved, number))[-LISTED:]
        rows = message_reads.messages(self._db, newest)
        caught = [Caught(rows[number], why[number], number in approved) for number in reversed(newest)]
        return DryRun(rule, examined, len(why), len(approved), caught)

    def _fetch(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._db.rows(lambda *columns: columns, sql, values)
