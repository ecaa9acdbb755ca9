"""What Moderation shows, read and worked out beside the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.messages import ActionRow, MessageRow, QueueFilter, QueueRow
from smm_tui.db.reads.records import AuditRow
from smm_tui.domain.clock import Instant
from smm_tui.domain.text import COUNTERS
from smm_tui.networks import registry
from smm_tui.networks.community import Author, Item, ItemKind, Verb
from smm_tui.networks.ports import Capability
from smm_tui.services.inbox_queries import (
    REPLY,
    AuthorCard,
    Conversation,
    Possible,
    possible,
    waits_for_person,
)

ASKED = (
    *(REPLY, Verb.HIDE, Verb.UNHIDE, Verb.DELETE, Verb.BAN, Verb.MUTE, Verb.RESTRICT, Verb.LIKE, Verb.UNLIKE),
    Verb.REPORT,
)
"""What an account may be unable to do about a message."""
SPAM = 0.5
"""The score from which a message is called spam."""
DRAFT = "reply:{id}"
"""Under which name an answer that is being typed is kept."""


@dataclass(frozen=True, slots=True)
class Talk:
    """All that is shown of one message. `can` by verb; `term`: a ban there can end by itself."""

    conversation: Conversation
    card: AuthorCard | None
    log: tuple[AuditRow, ...]
    can: Mapping[str, Possible]
    term: bool
    network: str
    facts: Mapping[str, object] = field(default_factory=dict)
    draft: str = ""
    why_spam: str = ""  # a sentence where its score says spam
    suggested: tuple[str, ...] = ()  # saved replies that rules suggest

    @property
    def waiting(self) -> ActionRow | None:
        """The reply or verdict on it that only a person can settle."""
        actions = self.conversation.actions.get(self.message.id, [])
        return next((row for row in reversed(actions) if waits_for_person(row)), None)

    @property
    def message(self) -> MessageRow:
        """What the cursor is on."""
        return self.conversation.message


@dataclass(frozen=True, slots=True)
class QueueState:
    """A queue at a minute: its first ids in their order, rows near the cursor, what waits altogether, and what stands
    beside the cursor."""

    which: QueueFilter
    ids: Sequence[int]
    rows: Mapping[int, QueueRow]
    waits: int
    late: int
    capped: bool  # more wait than were counted
    now: Instant
    accounts: int
    hold: Instant  # how long a verdict waits before it leaves
    talk: Talk | None


def read_talk(w: Workspace, message_id: int) -> Talk:
    """A message with its conversation, its author and what can be done."""
    conversation = w.inbox_queries.conversation(message_id)
    row = conversation.message
    card = None if row.author_id is None else w.inbox_queries.author_card(row.author_id, row.project_id)
    account = w.account_queries.get(row.account_id)
    kept = w.records.autosave(DRAFT.format(id=message_id))
    return Talk(
        conversation,
        card,
        tuple(w.inbox_queries.trace(message_id).log),
        {str(verb): possible(account, row.kind, verb) for verb in ASKED},
        Capability.BAN_TERM in registry.spec(account.network).rules(account.facts).capabilities,
        account.network,
        account.facts,
        str(kept.get("text", "")) if kept else "",
        w.rule_queries.why_spam(message_id) if (row.spam_score or 0) >= SPAM else "",
        tuple(dict.fromkeys(one.name for one in w.rule_queries.suggested([message_id]))),
    )


def measure(talk: Talk, text: str) -> tuple[int, int]:
    """How long an answer is, as the network counts all it will say, and how long it may be."""
    row, spec = talk.message, registry.spec(talk.network)
    author = Author(row.author_remote_id, row.author_handle, row.author, row.author_url, row.own)
    item = Item(row.remote_id, ItemKind(row.kind), author, row.text, row.created_at, extra=row.extra)
    limits = spec.rules(talk.facts).limits
    return COUNTERS[limits.count](spec.answer(item, text)), limits.characters


def merged(shown: Sequence[int], fresh: Sequence[int], cursor: int) -> list[int]:
    """What is shown with what is new in its place, but never before the row under the cursor (the place `cursor`),
    so that no key meets another message than the one that was seen. What is no longer in the queue stays."""
    known = set(shown)
    new = [number for number in fresh if number not in known]
    if not new:
        return list(shown)
    places = {number: place for place, number in enumerate(fresh)}
    result, waiting = list(shown[: cursor + 1]), iter(new)
    following = next(waiting, None)
    for number in shown[cursor + 1 :]:
        while following is not None and number in places and places[following] < places[number]:
            result.append(following)
            following = next(waiting, None)
        result.append(number)
    if following is not None:
        result += [following, *waiting]
    return result
