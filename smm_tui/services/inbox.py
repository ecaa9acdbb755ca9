"""Commands of moderation: each changes what is stored at once, and queues what the network shall hear of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from types import MappingProxyType

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import (
    ActionTable,
    AuthorTable,
    IdeaTable,
    MessageTable,
    NoteTable,
    PersonTable,
    StrikeTable,
)
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.errors import Conflict, InvalidInput, Unsupported
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.states import ActionState, MessageState
from smm_tui.domain.text import COUNTERS, utf8_length
from smm_tui.i18n import _, ngettext
from smm_tui.networks import registry
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.services import actions, guard, items
from smm_tui.services.guard import Guard
from smm_tui.services.inbox_queries import (
    HOLD_SETTING,
    REPLY,
    TERMS,
    InboxQueries,
    Possible,
    inverse_of,
    possible,
)
from smm_tui.services.receipt import Receipt

SPAM = "spam"
"""The label of what a person, or a rule, took for spam."""
STRIKE_DAYS = 90
RESULT: Mapping[str, MessageState] = MappingProxyType(
    {
        REPLY: MessageState.ANSWERED,
        Verb.HIDE: MessageState.HIDDEN,
        Verb.UNHIDE: MessageState.APPROVED,
        Verb.DELETE: MessageState.DELETED,
        Verb.RESTORE: MessageState.APPROVED,
        Verb.BAN: MessageState.CLOSED,
        Verb.MUTE: MessageState.CLOSED,
        Verb.RESTRICT: MessageState.CLOSED,
        Verb.REPORT: MessageState.CLOSED,
        Verb.CLOSE_REPORT: MessageState.CLOSED,
        Verb.REOPEN_REPORT: MessageState.NEW,
    }
)
"""The state that a verb gives its message; other verbs leave it as it is."""
_UNDECIDED = (MessageState.NEW, MessageState.SNOOZED)
_ANSWERS = ("sent", "again", "drop")


class InboxService(InboxQueries):
    """Verdicts, replies, and what a team remembers of people. Every command is one step of undo."""

    def __init__(self, db: Database, actor: str, watch: Guard) -> None:
        """`watch`: the wrong-client guard."""
        super().__init__(db)
        self._actor = actor
        self._guard = watch

    # Verdicts that stay here

    def approve(self, ids: Sequence[int]) -> Receipt:
        """They are fine as they are, and need no answer."""
        return self._settle(ids, MessageState.APPROVED, "approve")

    def close(self, ids: Sequence[int]) -> Receipt:
        """Nothing more is to be done. A report is closed on the network as well, where the account can."""
        return self._settle(ids, MessageState.CLOSED, "close", report=Verb.CLOSE_REPORT)

    def reopen(self, ids: Sequence[int]) -> Receipt:
        """Back into the queue. A report is opened again on the network as well, where the account can."""
        return self._settle(ids, MessageState.NEW, "reopen", report=Verb.REOPEN_REPORT)

    def flag(self, ids: Sequence[int]) -> Receipt:
        """Somebody should look at them."""
        return self._settle(ids, MessageState.FLAGGED, "flag")

    def snooze(self, ids: Sequence[int], until: Instant) -> Receipt:
        """Out of the queue until a time that lies ahead."""
        if until <= self._db.clock():
            raise InvalidInput(_("That time is over."), _("Give one that lies ahead."), field="until")
        return self._settle(ids, MessageState.SNOOZED, "snooze", until=until)

    def assign(self, ids: Sequence[int], to: str) -> Receipt:
        """Whose work they are; empty: nobody's."""
        name = " ".join(inert(to).split())

        def change(row: MessageTable) -> bool:
            changed, row.assigned_to = row.assigned_to != name, name
            return changed

        return self._change(ids, "assign", change)

    def label(self, ids: Sequence[int], *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Receipt:
        """Put labels on, and take others off."""

        def change(row: MessageTable) -> bool:
            return _relabel(row, add, remove)

        return self._change(ids, "label", change)

    # Verdicts that the network hears of

    def act(
        self,
        ids: Sequence[int],
        verb: Verb,
        *,
        until: Instant | None = None,
        reason: str = "",
        rule_id: int | None = None,
    ) -> Receipt:
        """Bring a verb about. It leaves when the hold window is over; until then undo takes it back without a trace.

        Messages whose account cannot do it are left out, and the receipt says so; Unsupported when that is all.
        `until` ends a ban, mute or restriction.
        """
        self._check_term(verb, until)
        return self._act(ids, verb, until=until, reason=inert(reason).strip(), rule_id=rule_id)

    def spam(self, ids: Sequence[int], *, rule_id: int | None = None) -> Receipt:
        """They are spam: hidden where the account can, else closed."""
        return self._act(ids, Verb.HIDE, rule_id=rule_id, label=SPAM, otherwise=MessageState.CLOSED)

    def reply(
        self,
        message_id: int,
        text: str,
        *,
        rule_id: int | None = None,
        saved_id: int | None = None,
        let_pass: Container[str] = (),
    ) -> Receipt:
        """Answer. Checked as the network counts; it leaves when the hold window is over, at most once.

        `saved_id`: the saved reply it was made of. WrongClient where it names what is another client's, unless a
        person says `let_pass`.
        """
        with self._db.unit() as unit:
            row = self._rows(unit, [message_id])[0]
            account = self._account(row)
            can = possible(account, row.kind, REPLY)
            if not can.yes:
                raise Unsupported(can.why, _("Answer on the network's own site."))
            if row.gone_at is not None:
                raise InvalidInput(_("Its author took it back: there is nothing to answer."), field="message")
            if actions.pending(unit, message_id, REPLY) is not None:
                raise Conflict(
                    _("An answer to it is on its way already."),
                    _("Take it back first, or wait for its end; `smm-tui inbox show` tells it."),
                )
            self._check_text(unit, account, row, text)
            verdict = guard.examine_answer(self._guard, unit, row, text)
            guard.require_seen(verdict, let_pass)
            self._into(unit, row, MessageState.ANSWERED)
            row.answered_at = unit.now
            action = self._queue(unit, account, row, REPLY, text=text, rule_id=rule_id)
            if verdict:
                number = action.id or 0
                guard.pass_through(unit, row.project_id, guard.ACTION, number, verdict, actor=self._actor)
            if saved_id is not None:
                unit.connection.exec_driver_sql(
                    "UPDATE saved_reply SET used = used + 1, used_at = ? WHERE id = ?", (unit.now, saved_id)
                )
            message = _("Answered {author} on {account}; it leaves in {seconds} s.").format(
                author=self._who(unit, row), account=account.handle, seconds=self.hold() // 1000
            )
            self._audit(unit, row, "message.reply", message, action=action.id)
            return self._done(unit, message, [row], row.project_id)

    # What a person answers to an action that waits

    def resolve(self, action_id: int, answer: str, *, let_pass: Container[str] = ()) -> Receipt:
        """The answer to an action that is unknown or failed: ``sent`` (it is there), ``again``, or ``drop``.

        ``again`` raises WrongClient for an answer that looks like another client's, but for the sentences that a
        person saw and lets pass.
        """
        if answer not in _ANSWERS:
            raise InvalidInput(_("“{word}” is no answer.").format(word=inert(answer)), field="answer")
        with self._db.unit() as unit:
            action = unit.session.get(ActionTable, action_id)
            if action is None or action.state not in (ActionState.UNKNOWN, ActionState.FAILED):
                raise InvalidInput(
                    _("Action {id} does not wait for an answer.").format(id=action_id),
                    _("`smm-tui status` names those that do."),
                    field="action",
                )
            row = unit.session.get_one(MessageTable, action.message_id)
            if answer == "again" and action.verb == REPLY and action.first_sent_at is None:
                self._ask_guard(unit, row, action, let_pass=let_pass)
            elsewhere = action.error_kind == items.ANSWERED_ELSEWHERE
            action.lease_owner = action.lease_until = action.next_try_at = None
            action.error_kind = items.ANSWERED_ELSEWHERE if elsewhere and answer == "again" else ""
            action.error_message = action.error_hint = ""
            action.tries = 0
            state = RESULT.get(action.verb)
            if answer == "drop":
                action.state = ActionState.CANCELLED
                if action.verb == REPLY:
                    state = MessageState.ANSWERED if elsewhere else MessageState.FLAGGED
                elif state is not None:
                    state = MessageState.FLAGGED
                told = _("Action {id} is dropped.")
            elif answer == "sent":
                action.state, action.done_at = ActionState.DONE, unit.now
                told = _("Action {id} is taken as done.")
            else:
                action.state, action.not_before = ActionState.HELD, unit.now
                told = _("Action {id} is tried again.")
            if state is not None:
                self._into(unit, row, state)
                if state == MessageState.ANSWERED:
                    row.answered_at = unit.now
            message = told.format(id=action_id)
            self._audit(unit, row, f"action.{answer}", message, action=action.id)
            return Receipt(message, ids=(action_id,))

    def _ask_guard(
        self, unit: UnitOfWork, row: MessageTable, action: ActionTable, *, let_pass: Container[str]
    ) -> None:
        verdict = guard.examine_answer(self._guard, unit, row, action.text)
        number = action.id or 0
        if not verdict or guard.covered(unit, guard.ACTION, number, verdict):
            return
        guard.require_seen(verdict, let_pass)
        guard.pass_through(unit, row.project_id, guard.ACTION, number, verdict, actor=self._actor)

    # People

    def note(self, author_id: int, project_id: int, text: str) -> Receipt:
        """Something that a project's team should know of an author."""
        text = text.strip()
        if not text:
            raise InvalidInput(_("The note is empty."), field="text")
        with self._db.unit() as unit:
            self._author(unit, author_id)
            unit.session.add(
                NoteTable(
                    project_id=project_id, author_id=author_id, text=text, actor=self._actor, created_at=unit.now
                )
            )
            message = _("Noted.")
            unit.audit("author.note", "author", author_id, message, actor=self._actor, project_id=project_id)
            return Receipt(message, undo=unit.undoable(message, actor=self._actor, project_id=project_id))

    def drop_note(self, note_id: int) -> Receipt:
        """Throw a note away."""
        with self._db.unit() as unit:
            row = unit.session.get(NoteTable, note_id)
            if row is None:
                raise InvalidInput(_("There is no note {id}.").format(id=note_id), field="note")
            unit.session.delete(row)
            message = _("The note is gone.")
            unit.audit(
                "author.drop_note", "author", row.author_id, message, actor=self._actor, project_id=row.project_id
            )
            return Receipt(message, undo=unit.undoable(message, actor=self._actor, project_id=row.project_id))

    def strike(self, ids: Sequence[int], reason: str, *, days: int | None = STRIKE_DAYS) -> Receipt:
        """Warn the authors of these messages, each once; forgotten after `days` (None: never)."""
        reason = inert(reason).strip()
        if not reason:
            raise InvalidInput(_("A strike needs a reason."), field="reason")
        with self._db.unit() as unit:
            rows = self._rows(unit, ids)
            struck: dict[tuple[int, int], MessageTable] = {}
            for row in rows:
                if row.author_id is not None and not row.own:
                    struck.setdefault((row.project_id, row.author_id), row)
            if not struck:
                raise InvalidInput(_("Nobody knows who wrote that."), field="message")
            for (project_id, author_id), row in struck.items():
                unit.session.add(
                    StrikeTable(
                        project_id=project_id,
                        author_id=author_id,
                        message_id=row.id,
                        reason=reason,
                        actor=self._actor,
                        created_at=unit.now,
                        expires_at=None if days is None else unit.now + days * DAY,
                    )
                )
                self._audit(unit, row, "message.strike", _("A strike: {reason}").format(reason=reason))
            message = ngettext("{count} strike.", "{count} strikes.", len(struck)).format(count=len(struck))
            return self._done(unit, message, list(struck.values()), _project(struck.values()))

    def forgive(self, strike_id: int) -> Receipt:
        """Take a strike away before its time."""
        with self._db.unit() as unit:
            row = unit.session.get(StrikeTable, strike_id)
            if row is None:
                raise InvalidInput(_("There is no strike {id}.").format(id=strike_id), field="strike")
            unit.session.delete(row)
            message = _("The strike is forgiven: {reason}").format(reason=row.reason)
            unit.audit(
                "author.forgive", "author", row.author_id, message, actor=self._actor, project_id=row.project_id
            )
            return Receipt(message, undo=unit.undoable(message, actor=self._actor, project_id=row.project_id))

    def link(self, author_ids: Sequence[int], name: str = "") -> Receipt:
        """These authors are one person; those who were linked before bring their other names along."""
        with self._db.unit() as unit:
            authors = [self._author(unit, number) for number in dict.fromkeys(author_ids)]
            if len(authors) < 2:
                raise InvalidInput(_("Name two authors or more."), field="author")
            known = sorted({row.person_id for row in authors if row.person_id is not None})
            if known:
                person = unit.session.get_one(PersonTable, known[0])
                person.name = name.strip() or person.name
            else:
                person = PersonTable(name=name.strip() or authors[0].name or authors[0].handle)
                unit.session.add(person)
                unit.session.flush()
            for row in unit.session.exec(select(AuthorTable).where(col(AuthorTable.person_id).in_(known[1:]))):
                row.person_id = person.id
            for row in authors:
                row.person_id = person.id
            message = _("{count} authors are {name}.").format(count=len(authors), name=person.name)
            for row in authors:
                unit.audit("author.link", "author", row.id, message, actor=self._actor)
            return Receipt(message, len(authors), unit.undoable(message, actor=self._actor))

    def unlink(self, author_id: int) -> Receipt:
        """An author is somebody of their own again."""
        with self._db.unit() as unit:
            row = self._author(unit, author_id)
            row.person_id = None
            message = _("{name} is somebody of their own.").format(name=row.name or row.handle)
            unit.audit("author.unlink", "author", row.id, message, actor=self._actor)
            return Receipt(message, undo=unit.undoable(message, actor=self._actor))

    # The plan

    def idea(self, message_id: int, text: str = "", *, content_type: str = "") -> Receipt:
        """Something to write about: what was asked, or `text`, becomes an idea of the project's plan."""
        with self._db.unit() as unit:
            row = self._rows(unit, [message_id])[0]
            words = (text or row.text).strip()
            if not words:
                raise InvalidInput(_("There is nothing to write about."), field="text")
            unit.session.add(
                IdeaTable(
                    project_id=row.project_id,
                    text=words,
                    content_type=content_type,
                    source=row.url or _("message {id}").format(id=row.id),
                    created_at=unit.now,
                )
            )
            message = _("An idea: {text}").format(text=clip(inert(words), 40))
            self._audit(unit, row, "message.idea", message)
            return self._done(unit, message, [row], row.project_id)

    # Settings

    def dismiss_gaps(self, account_ids: Sequence[int]) -> Receipt:
        """A person has seen what could not be read from these accounts' inboxes."""
        with self._db.unit() as unit:
            for account_id in account_ids:
                unit.connection.exec_driver_sql(
                    "UPDATE inbox_cursor SET gap = '' WHERE account_id = ?", (account_id,)
                )
        return Receipt(_("Seen."), len(account_ids))

    def set_hold(self, seconds: int) -> Receipt:
        """How long replies and verdicts wait before they leave."""
        if not 0 <= seconds <= 3600:
            raise InvalidInput(_("The hold window is 0 to 3600 seconds."), field="hold")
        with self._db.unit() as unit:
            unit.connection.exec_driver_sql(
                "INSERT INTO setting (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (HOLD_SETTING, str(seconds)),
            )
        return Receipt(_("Replies and verdicts leave after {seconds} s.").format(seconds=seconds))

    # What would happen

    def check_reply(self, message_id: int, text: str) -> int:
        """How long an answer would be there, as the network counts; InvalidInput when it could not be sent."""
        with self._db.unit() as unit:
            row = self._rows(unit, [message_id])[0]
            return self._check_text(unit, self._account(row), row, text)

    def foresee(self, ids: Sequence[int], verb: Verb | str) -> dict[int, Possible]:
        """What a verb could do to each of these messages, and what could not be taken back."""
        rows = self.messages(ids)
        for number in ids:
            if number not in rows:
                self.get(number)
        return {number: self.possible(rows[number], verb) for number in ids}

    # Parts

    def _settle(
        self,
        ids: Sequence[int],
        state: MessageState,
        word: str,
        *,
        until: Instant | None = None,
        report: Verb | None = None,
    ) -> Receipt:
        def change(row: MessageTable) -> bool:
            if row.state == state and row.snoozed_until == until:
                return False
            self._into(unit, row, state)
            row.snoozed_until = until
            if report is not None and row.kind == ItemKind.REPORT:
                account = self._account(row)
                if possible(account, row.kind, report).yes:
                    self._queue(unit, account, row, report)
            return True

        with self._db.unit() as unit:
            return self._changed(unit, self._rows(unit, ids), word, change)

    def _change(self, ids: Sequence[int], word: str, change: Callable[[MessageTable], bool]) -> Receipt:
        with self._db.unit() as unit:
            return self._changed(unit, self._rows(unit, ids), word, change)

    def _changed(
        self, unit: UnitOfWork, rows: list[MessageTable], word: str, change: Callable[[MessageTable], bool]
    ) -> Receipt:
        touched = [row for row in rows if change(row)]
        for row in touched:
            row.version += 1
            self._audit(unit, row, f"message.{word}", f"{word}: {self._who(unit, row)}")
        return self._done(unit, _summary(word, len(touched)), touched, _project(rows))

    def _act(
        self,
        ids: Sequence[int],
        verb: Verb,
        *,
        until: Instant | None = None,
        reason: str = "",
        rule_id: int | None = None,
        label: str = "",
        otherwise: MessageState | None = None,
    ) -> Receipt:
        with self._db.unit() as unit:
            touched: list[MessageTable] = []
            refused: list[str] = []
            shut: set[tuple[int, int | None]] = set()
            for row in self._rows(unit, ids):
                account = self._account(row)
                can = self._can(row, account, verb)
                if not can.yes and otherwise is None:
                    refused.append(can.why)
                    continue
                state = RESULT.get(verb) if can.yes else otherwise
                labelled = bool(label) and _relabel(row, (label,), ())
                if not labelled and not self._would_change(row, verb, state):
                    continue
                if state is not None:
                    self._into(unit, row, state)
                if verb in (Verb.LIKE, Verb.UNLIKE):
                    row.liked = verb is Verb.LIKE
                row.version += 1
                person = (row.account_id, row.author_id)
                if can.yes and not (verb in TERMS and person in shut):
                    self._queue(unit, account, row, verb, until=until, reason=reason, rule_id=rule_id)
                shut.add(person)
                touched.append(row)
                details = {"reason": reason} if reason else {}
                self._audit(
                    unit, row, f"message.{label or verb}", f"{label or verb}: {self._who(unit, row)}", **details
                )
            if refused and not touched:
                raise Unsupported(refused[0], _("Do it on the network's own site."))
            message = _summary(label or verb, len(touched))
            if refused:
                message += " " + _("{count} left out: {reason}").format(count=len(refused), reason=refused[0])
            return self._done(unit, message, touched, _project(touched))

    def _can(self, row: MessageTable, account: AccountRow, verb: Verb) -> Possible:
        if row.own:
            return Possible(False, _("It is the account's own."))
        return possible(account, row.kind, verb)

    def _would_change(self, row: MessageTable, verb: Verb, state: MessageState | None) -> bool:
        if verb in (Verb.LIKE, Verb.UNLIKE):
            return row.liked != (verb is Verb.LIKE)
        return verb in TERMS or verb == Verb.REPORT or state is None or row.state != state

    def _queue(
        self,
        unit: UnitOfWork,
        account: AccountRow,
        row: MessageTable,
        verb: str,
        *,
        text: str = "",
        until: Instant | None = None,
        reason: str = "",
        rule_id: int | None = None,
    ) -> ActionTable:
        """Queue a verb; what it would take back and has not left yet is cancelled instead."""
        inverse = inverse_of(verb)
        held = None if inverse is None else actions.pending(unit, row.id or 0, inverse)
        if held is not None and held.state == ActionState.HELD:
            held.state = ActionState.CANCELLED
            unit.want(held.id or 0, before=True, after=False)
            return held
        action = actions.queue(
            unit,
            row,
            account.network,
            verb,
            actor=self._actor,
            not_before=unit.now + self.hold(),
            text=text,
            until=until,
            reason=reason,
            rule_id=rule_id,
        )
        unit.want(action.id or 0, before=False, after=True)
        return action

    def _into(self, unit: UnitOfWork, row: MessageTable, state: MessageState) -> None:
        """A verdict on a message: who gave it, and when."""
        row.state = state
        row.snoozed_until = None
        undecided = state in _UNDECIDED or state == MessageState.FLAGGED
        row.handled_at, row.handled_by = (None, "") if undecided else (unit.now, self._actor)
        if undecided:
            row.answered_at = None
        row.version += 1

    def _rows(self, unit: UnitOfWork, ids: Sequence[int]) -> list[MessageTable]:
        """These messages in the order asked for; InvalidInput when one is not there."""
        found: dict[int, MessageTable] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            for row in unit.session.exec(select(MessageTable).where(col(MessageTable.id).in_(some))):
                found[row.id or 0] = row
        for number in wanted:
            if number not in found:
                raise InvalidInput(
                    _("There is no message {id}.").format(id=number),
                    _("`smm-tui inbox list` shows them."),
                    field="message",
                )
        return [found[number] for number in wanted]

    def _account(self, row: MessageTable) -> AccountRow:
        account = account_reads.account(self._db, row.account_id)
        if account is None or account.removed_at is not None:
            raise InvalidInput(_("The account of message {id} was removed.").format(id=row.id), field="account")
        return account

    def _author(self, unit: UnitOfWork, author_id: int) -> AuthorTable:
        row = unit.session.get(AuthorTable, author_id)
        if row is None:
            raise InvalidInput(_("There is no author {id}.").format(id=author_id), field="author")
        return row

    def _who(self, unit: UnitOfWork, row: MessageTable) -> str:
        author = unit.session.get(AuthorTable, row.author_id) if row.author_id is not None else None
        name = "" if author is None else author.name or author.handle or author.remote_id
        return clip(inert(name), 40) or _("somebody unknown")

    def _check_term(self, verb: Verb, until: Instant | None) -> None:
        if until is None:
            return
        if verb not in TERMS:
            raise InvalidInput(_("Only a ban, mute or restriction has an end."), field="until")
        if until <= self._db.clock():
            raise InvalidInput(_("That time is over."), _("Give one that lies ahead."), field="until")

    def _check_text(self, unit: UnitOfWork, account: AccountRow, row: MessageTable, text: str) -> int:
        if not text.strip():
            raise InvalidInput(_("The answer is empty."), field="text")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidInput(_("The answer is not valid text."), field="text") from None
        spec = registry.spec(account.network)
        limits = spec.rules(account.facts).limits
        author = unit.session.get(AuthorTable, row.author_id) if row.author_id is not None else None
        whole = spec.answer(items.item_of(row, author), text)
        length = COUNTERS[limits.count](whole)
        size, most = length, limits.characters
        if size <= most and limits.bytes is not None:
            size, most = utf8_length(whole), limits.bytes
        if size > most:
            raise InvalidInput(
                _("The answer is too long for {handle}: {length} of {limit}.").format(
                    handle=account.handle, length=size, limit=most
                ),
                _("Shorten it."),
                field="text",
            )
        return length

    def _audit(self, unit: UnitOfWork, row: MessageTable, verb: str, summary: str, **details: object) -> None:
        unit.audit(verb, "message", row.id, summary, actor=self._actor, project_id=row.project_id, **details)

    def _done(self, unit: UnitOfWork, message: str, rows: Sequence[MessageTable], project_id: int | None) -> Receipt:
        undo = unit.undoable(message, actor=self._actor, project_id=project_id)
        return Receipt(message, len(rows), undo, tuple(row.id or 0 for row in rows))


def _relabel(row: MessageTable, add: Sequence[str], remove: Sequence[str]) -> bool:
    kept = [label for label in row.labels if label not in remove]
    wanted = list(dict.fromkeys([*kept, *(word for label in add if (word := inert(label).strip()))]))
    changed = wanted != row.labels
    if changed:
        row.labels = wanted
    return changed


def _project(rows: Iterable[MessageTable]) -> int | None:
    """The project of all of these, None when they are of several."""
    found = {row.project_id for row in rows}
    return found.pop() if len(found) == 1 else None


def _summary(word: str, count: int) -> str:
    return ngettext("{verb}: {count} message.", "{verb}: {count} messages.", count).format(
        verb=verb_title(word), count=count
    )


def verb_title(word: str) -> str:
    """What a verb is called in the user's language."""
    titles = {
        "approve": _("Approve"),
        "close": _("Close"),
        "reopen": _("Reopen"),
        "flag": _("Flag"),
        "snooze": _("Snooze"),
        "assign": _("Assign"),
        "label": _("Label"),
        "spam": _("Spam"),
        "reply": _("Reply"),
        "unreply": _("Take back the answer"),
        Verb.LIKE: _("Like"),
        Verb.UNLIKE: _("Unlike"),
        Verb.HIDE: _("Hide"),
        Verb.UNHIDE: _("Unhide"),
        Verb.DELETE: _("Delete"),
        Verb.RESTORE: _("Restore"),
        Verb.BAN: _("Ban"),
        Verb.UNBAN: _("Unban"),
        Verb.MUTE: _("Mute"),
        Verb.UNMUTE: _("Unmute"),
        Verb.RESTRICT: _("Restrict"),
        Verb.UNRESTRICT: _("Unrestrict"),
        Verb.REPORT: _("Report"),
        Verb.CLOSE_REPORT: _("Close the report"),
        Verb.REOPEN_REPORT: _("Reopen the report"),
    }
    return titles.get(word, word)
