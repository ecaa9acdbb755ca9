"""Looking at what people wrote: light to import.

What an account can do about a message is asked with `possible`; screens and commands share that answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import messages as reads
from smm_tui.db.reads import people, records
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.messages import (
    ActionRow,
    AttemptRow,
    AuthorRow,
    BanRow,
    EditRow,
    InboxRow,
    MessageRow,
    NoteRow,
    OwnPostRow,
    QueueFilter,
    QueueRow,
    RuleHitRow,
    StrikeRow,
)
from smm_tui.db.reads.people import KnownAuthor
from smm_tui.db.reads.records import AuditRow
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import ActionState
from smm_tui.i18n import _
from smm_tui.networks.community import INVERSE, NEEDS, ItemKind, Verb
from smm_tui.networks.ports import Capability

HOLD: Instant = 10 * SECOND
"""How long a reply or a verdict waits before it leaves, unless the workspace says otherwise."""
HOLD_SETTING = "inbox.hold"
"""The workspace's own hold window, in seconds."""
REPLY = "reply"
UNREPLY = "unreply"
"""The two verbs of actions that are no `Verb`: answering, and taking the answer back."""
RECENT = 20
"""Messages of a person that their card holds, the newest."""
TERMS = (Verb.BAN, Verb.MUTE, Verb.RESTRICT)
"""What shuts an author out, and can end by itself."""
INBOXES = frozenset({Capability.COMMENTS, Capability.MENTIONS, Capability.MESSAGES, Capability.REPORTS})
"""An account that has one of these has an inbox."""


class Possible(NamedTuple):
    """Whether something can be done. `why`: a sentence when it cannot; `final`: a sentence when it could not be taken
    back once it has left."""

    yes: bool
    why: str = ""
    final: str = ""


class Backlog(NamedTuple):
    """What waits in a queue (10,000 at the most are counted), and how much of it should be answered by now."""

    waits: int
    late: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A message in its surroundings, oldest first; `actions` and `rules` by message id."""

    message: MessageRow
    messages: list[MessageRow]
    post: OwnPostRow | None
    actions: dict[int, list[ActionRow]]
    rules: dict[int, list[RuleHitRow]]
    edits: list[EditRow]


@dataclass(frozen=True, slots=True)
class AuthorCard:
    """Who somebody is to a project. `authors` are their other names, `recent` their newest messages there."""

    author: AuthorRow
    authors: list[AuthorRow]
    notes: list[NoteRow]
    strikes: list[StrikeRow]
    bans: list[BanRow]
    recent: list[MessageRow]


@dataclass(frozen=True, slots=True)
class Trace:
    """Who or what did what to a message, when and why, and whether it reached the network."""

    log: list[AuditRow]
    rules: list[RuleHitRow]
    actions: list[tuple[ActionRow, list[AttemptRow]]]


class InboxQueries:
    """Questions about the inbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # The queue

    def ids(self, which: QueueFilter | None = None, *, limit: int = 1000) -> list[int]:
        """The first messages of a filter, those with the least time left first; with words to look for, the newest
        first. `limit` -1: all of them."""
        return reads.queue_ids(self._db, which or QueueFilter(), limit=limit)

    def after(
        self, which: QueueFilter, place: tuple[Instant | None, int] | None, *, limit: int = 200
    ) -> list[tuple[int, Instant | None]]:
        """What follows after a place (due_at, id) of a filter without words; None: from the beginning."""
        return reads.queue_after(self._db, which, place, limit=limit)

    def rows(self, ids: Sequence[int]) -> dict[int, QueueRow]:
        """Lines of the queue, by id."""
        return reads.queue_rows(self._db, ids)

    def count(self, which: QueueFilter | None = None) -> int:
        """How many messages a filter has, 10,000 at the most."""
        return reads.count(self._db, which or QueueFilter())

    def backlog(self) -> dict[int, Backlog]:
        """What waits, by project; those where nothing does are left out."""
        found = reads.open_counts(self._db, self._db.clock())
        return {project_id: Backlog(*counts) for project_id, counts in found.items()}

    # One message

    def get(self, message_id: int) -> MessageRow:
        """One message, whole."""
        row = reads.message(self._db, message_id)
        if row is None:
            raise InvalidInput(
                _("There is no message {id}.").format(id=message_id),
                _("`smm-tui inbox list` shows them."),
                field="message",
            )
        return row

    def messages(self, ids: Sequence[int]) -> dict[int, MessageRow]:
        """These messages, by id; unknown ids are left out."""
        return reads.messages(self._db, ids)

    def conversation(self, message_id: int) -> Conversation:
        """A message with all that was said around it, as far as it is stored here."""
        of = self.get(message_id)
        around = reads.conversation(self._db, of)
        ids = [row.id for row in around]
        return Conversation(
            of,
            around,
            None if of.delivery_id is None else reads.own_post(self._db, of.delivery_id),
            reads.actions_of(self._db, ids),
            reads.rule_hits(self._db, ids),
            reads.edits(self._db, message_id),
        )

    def author_card(self, author_id: int, project_id: int) -> AuthorCard:
        """Who somebody is to a project, under all the names they are known by."""
        author = reads.author(self._db, author_id, project_id)
        if author is None:
            raise InvalidInput(_("There is no author {id}.").format(id=author_id), field="author")
        known = reads.same_person(self._db, author_id)
        others = [reads.author(self._db, number, project_id) for number in known if number != author_id]
        return AuthorCard(
            author,
            [row for row in others if row is not None],
            reads.notes(self._db, known, project_id),
            reads.strikes(self._db, known, project_id, self._db.clock()),
            reads.bans(self._db, project_id=project_id, author_ids=known),
            sorted(
                (row for number in known for row in reads.by_author(self._db, number, project_id)),
                key=lambda row: -row.created_at,
            )[:RECENT],
        )

    def alike(self, author_id: int, project_id: int, text: str = "") -> list[KnownAuthor]:
        """Others who wrote to a project, to be linked with an author: those with a text in their names, else those
        who are called alike, then everybody."""
        if text.strip():
            return people.authors(self._db, project_id, text.strip(), but=author_id)
        row = reads.author(self._db, author_id, project_id)
        words = [] if row is None else [row.name, row.handle.lstrip("@").partition("@")[0].partition(".")[0]]
        found: dict[int, KnownAuthor] = {}
        for word in (*words, ""):
            if word or len(found) < people.FOUND:
                found.update(
                    (one.id, one)
                    for one in people.authors(self._db, project_id, word, but=author_id)
                    if one.id not in found
                )
        return list(found.values())[: people.FOUND]

    def trace(self, message_id: int) -> Trace:
        """Who or what did what to a message, oldest first."""
        self.get(message_id)
        actions = reads.actions_of(self._db, [message_id])[message_id]
        return Trace(
            records.audit(self._db, subject="message", subject_id=message_id)[::-1],
            reads.rule_hits(self._db, [message_id])[message_id],
            [(action, reads.attempts(self._db, action.id)) for action in actions],
        )

    def rules_of(self, message_ids: Sequence[int]) -> dict[int, list[RuleHitRow]]:
        """The rules that applied to these messages, by message."""
        return reads.rule_hits(self._db, message_ids)

    # What can be done

    def possible(self, message: MessageRow | QueueRow, verb: Verb | str) -> Possible:
        """Whether a message's account can do something about it on the network: a `Verb`, REPLY or UNREPLY."""
        account = account_reads.account(self._db, message.account_id)
        if account is None or account.removed_at is not None:
            return Possible(False, _("The account was removed."))
        return possible(account, message.kind, verb)

    def hold(self) -> Instant:
        """How long a reply or verdict waits before it leaves, in milliseconds."""
        kept = records.setting(self._db, HOLD_SETTING)
        return int(kept) * SECOND if kept is not None and kept.isdecimal() else HOLD

    # Actions, bans, accounts

    def action(self, action_id: int) -> ActionRow:
        """One reply or verdict."""
        row = reads.action(self._db, action_id)
        if row is None:
            raise InvalidInput(_("There is no action {id}.").format(id=action_id), field="action")
        return row

    def actions(self, message_ids: Sequence[int]) -> dict[int, list[ActionRow]]:
        """All that was done about these messages, oldest first, by message."""
        return reads.actions_of(self._db, message_ids)

    def attempts(self, action_id: int) -> list[AttemptRow]:
        """Everything that was tried for an action."""
        return reads.attempts(self._db, action_id)

    def waiting(self, project_id: int | None = None) -> list[ActionRow]:
        """Actions that only a person can settle: `InboxService.resolve` takes the answer."""
        return reads.waiting_actions(self._db, project_id)

    def bans(self, *, project_id: int | None = None, account_id: int | None = None) -> list[BanRow]:
        """Who is shut out now, as far as this program knows, newest first."""
        return reads.bans(self._db, project_id=project_id, account_id=account_id)

    def inboxes(self, account_ids: Sequence[int]) -> dict[int, InboxRow]:
        """How far the inboxes of accounts are read, with the gaps that could not be read."""
        return reads.inboxes(self._db, account_ids)


def waits_for_person(action: ActionRow) -> bool:
    """Whether only a person can settle a reply or verdict: `InboxService.resolve` takes the answer."""
    return action.state == ActionState.FAILED or (action.state == ActionState.UNKNOWN and action.next_try_at is None)


def has_inbox(account: AccountRow) -> bool:
    """Whether an account can read what people write."""
    return bool(INBOXES & _capabilities(account))


def possible(account: AccountRow, kind: str, verb: Verb | str) -> Possible:
    """Whether an account can do something about a message of a kind, and whether it can take it back there."""
    can = _capabilities(account)
    needed = _needed(kind, verb)
    if needed not in can:
        lacking = next((sentence for sentence in account.missing if sentence), "")
        reason = _("{handle} cannot do that on {network}.").format(handle=account.handle, network=account.network)
        return Possible(False, f"{reason} {lacking}".strip())
    return Possible(True, final=_final(account, kind, verb, can))


def _needed(kind: str, verb: Verb | str) -> Capability:
    if verb == REPLY:
        return Capability.MESSAGE_REPLY if kind == ItemKind.MESSAGE else Capability.REPLY
    if verb == UNREPLY:
        return Capability.DELETE
    return NEEDS[Verb(verb)]


def inverse_of(verb: str) -> str | None:
    """What takes a verb back on a network; both ways, so that what was taken back can be done again."""
    if verb in (REPLY, UNREPLY):
        return UNREPLY if verb == REPLY else REPLY
    back = {there: here for here, there in INVERSE.items()}
    found = INVERSE.get(Verb(verb)) or back.get(Verb(verb))
    return None if found is None else str(found)


def _final(account: AccountRow, kind: str, verb: Verb | str, can: frozenset[Capability]) -> str:
    inverse = inverse_of(verb)
    if inverse is not None and _needed(kind, inverse) in can:
        return ""
    return _("Once it has left, {network} lets nobody take it back.").format(network=account.network)


def _capabilities(account: AccountRow) -> frozenset[Capability]:
    from smm_tui.networks import registry

    return registry.spec(account.network).rules(account.facts).capabilities
