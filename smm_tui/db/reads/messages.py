"""What people wrote: the queue, conversations, authors, and what is on its way to the networks.

Each state is read by its own index and the parts are merged, so that opening the queue costs the same however many
messages there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant
from smm_tui.domain.states import OPEN, MessageState

COUNTED: int = 10_000
"""Counts go no further: beyond it, the number says nothing to anybody and costs a walk over the whole index."""
CONVERSATION = 500
"""Messages of one conversation that are shown, those nearest to the one in question."""


class QueueFilter(NamedTuple):
    """Which messages. None and empty: all. `late`: only what should have been answered by now.

    With `text` (words, each by its beginning, accents aside) the newest come first; else those with the least time
    left, and those without such a time last.
    """

    project_id: int | None = None
    account_id: int | None = None
    states: tuple[str, ...] = OPEN
    kinds: tuple[str, ...] = ()
    author_id: int | None = None
    assigned_to: str | None = None
    label: str = ""
    language: str = ""
    text: str = ""
    late: bool = False


class QueueRow(NamedTuple):
    """A line of the queue: `head` is the beginning of the text, `action` the state of its newest action if any."""

    id: int
    project_id: int
    project: str
    account_id: int
    network: str
    handle: str
    kind: str
    author_id: int | None
    author: str
    head: str
    state: str
    due_at: Instant | None
    received_at: Instant
    assigned_to: str
    labels: list[str]
    liked: bool
    edited: bool
    gone: bool
    spam_score: float | None
    action: str | None


class MessageRow(NamedTuple):
    """A message, whole. `post_id` is our own planned post it stands below, if we published it."""

    id: int
    project_id: int
    project: str
    account_id: int
    network: str
    handle: str
    remote_id: str
    kind: str
    author_id: int | None
    author_remote_id: str
    author: str
    author_handle: str
    author_url: str
    own: bool
    text: str
    language: str
    url: str
    post_remote_id: str
    delivery_id: int | None
    post_id: int | None
    parent_remote_id: str
    thread_id: str
    attachments: list[str]
    extra: dict[str, str]
    created_at: Instant
    received_at: Instant
    edited_at: Instant | None
    gone_at: Instant | None
    state: str
    due_at: Instant | None
    snoozed_until: Instant | None
    answered_at: Instant | None
    handled_at: Instant | None
    handled_by: str
    assigned_to: str
    labels: list[str]
    liked: bool
    spam_score: float | None
    version: int


class EditRow(NamedTuple):
    """A text that was there before its author changed it."""

    text: str
    replaced_at: Instant


class ActionRow(NamedTuple):
    """A reply or a verdict, and what became of it on the network."""

    id: int
    account_id: int
    message_id: int
    verb: str
    text: str
    until: Instant | None
    reason: str
    actor: str
    rule_id: int | None
    inverse_of: int | None
    state: str
    not_before: Instant
    next_try_at: Instant | None
    error_kind: str
    error_message: str
    error_hint: str
    remote_id: str
    remote_url: str
    created_at: Instant
    first_sent_at: Instant | None
    done_at: Instant | None


class AttemptRow(NamedTuple):
    """One try at an action, or one read back of it."""

    id: int
    action_id: int
    what: str
    worker: str
    started_at: Instant
    ended_at: Instant | None
    outcome: str
    status: int
    answer: str


class RuleHitRow(NamedTuple):
    """A rule that applied to a message."""

    rule_id: int
    name: str
    at: Instant
    why: str
    judged: bool | None


class AuthorRow(NamedTuple):
    """Somebody on a network, with their history on one project."""

    id: int
    network: str
    handle: str
    name: str
    url: str
    person_id: int | None
    person: str | None
    first_seen_at: Instant
    messages: int
    first_at: Instant | None
    hidden: int


class NoteRow(NamedTuple):
    """What the team knows of an author."""

    id: int
    author_id: int
    text: str
    actor: str
    created_at: Instant


class StrikeRow(NamedTuple):
    """A warning; `expires_at` None: it is not forgotten."""

    id: int
    author_id: int
    message_id: int | None
    reason: str
    actor: str
    created_at: Instant
    expires_at: Instant | None


class BanRow(NamedTuple):
    """Somebody shut out of an account."""

    id: int
    account_id: int
    account: str
    network: str
    server: str
    author_id: int
    remote_id: str
    author: str
    author_handle: str
    verb: str
    reason: str
    actor: str
    created_at: Instant
    until: Instant | None
    lifted_at: Instant | None


class InboxRow(NamedTuple):
    """How far the inbox of an account is read; `gap` and `error` are sentences."""

    account_id: int
    fetched_at: Instant | None
    next_at: Instant | None
    interval: int
    gap: str
    error_kind: str
    error: str


class OwnPostRow(NamedTuple):
    """The own post a conversation stands below."""

    post_id: int
    text: str
    url: str
    live_at: Instant | None


_QUEUE = """
    SELECT m.id, m.project_id, p.name, m.account_id, a.network, a.handle, m.kind, m.author_id,
        coalesce(nullif(w.name, ''), nullif(w.handle, ''), w.remote_id, ''), substr(m.text, 1, 300), m.state,
        m.due_at, m.received_at, m.assigned_to, m.labels, m.liked, m.edited_at IS NOT NULL, m.gone_at IS NOT NULL,
        m.spam_score, (SELECT c.state FROM action c WHERE c.message_id = m.id ORDER BY c.id DESC LIMIT 1)
    FROM message m JOIN project p ON p.id = m.project_id JOIN account a ON a.id = m.account_id
        LEFT JOIN author w ON w.id = m.author_id
"""
_MESSAGE = """
    SELECT m.id, m.project_id, p.name, m.account_id, a.network, a.handle, m.remote_id, m.kind, m.author_id,
        coalesce(w.remote_id, ''), coalesce(w.name, ''), coalesce(w.handle, ''), coalesce(w.url, ''), m.own, m.text,
        m.language, m.url, m.post_remote_id, m.delivery_id, d.post_id, m.parent_remote_id, m.thread_id, m.attachments,
        m.extra, m.created_at, m.received_at, m.edited_at, m.gone_at, m.state, m.due_at, m.snoozed_until,
        m.answered_at, m.handled_at, m.handled_by, m.assigned_to, m.labels, m.liked, m.spam_score, m.version
    FROM message m JOIN project p ON p.id = m.project_id JOIN account a ON a.id = m.account_id
        LEFT JOIN author w ON w.id = m.author_id LEFT JOIN delivery d ON d.id = m.delivery_id
"""
_ACTION = """
    SELECT c.id, c.account_id, c.message_id, c.verb, c.text, c.until, c.reason, c.actor, c.rule_id, c.inverse_of,
        c.state, c.not_before, c.next_try_at, c.error_kind, c.error_message, c.error_hint, c.remote_id, c.remote_url,
        c.created_at, c.first_sent_at, c.done_at
    FROM action c
"""
_BAN = """
    SELECT b.id, b.account_id, a.handle, a.network, a.server, b.author_id, w.remote_id, w.name, w.handle, b.verb,
        b.reason, b.actor, b.created_at, b.until, b.lifted_at
    FROM ban b JOIN account a ON a.id = b.account_id JOIN author w ON w.id = b.author_id
"""
WAITING = "(c.state = 'failed' OR (c.state = 'unknown' AND c.next_try_at IS NULL))"
"""Actions (alias c) that only a person can settle."""
_WORD = re.compile(r"\w+")
_WAITS = {*OPEN, MessageState.SNOOZED}


def queue_ids(db: Database, which: QueueFilter, *, limit: int = 1000) -> list[int]:
    """The first messages of a filter, in its order; `limit` -1: all of them."""
    if which.text:
        conditions, values = _conditions(which, db.clock())
        match = _match(which.text)
        if not match:
            return []
        states = _states(which.states, values)
        if set(which.states) <= _WAITS:  # few, and near each other: what lies before and after is not looked at
            conditions.append("s.rowid BETWEEN :first AND :last")
            values["first"], values["last"] = db.one(
                lambda first, last: (first or 0, last or 0),
                f"SELECT min(m.id), max(m.id) FROM message m WHERE {states}",
                {name: value for name, value in values.items() if name.startswith("state")},
            ) or (0, 0)
        return db.rows(
            int,
            f"""
            SELECT m.id FROM message_search s CROSS JOIN message m ON m.id = s.rowid
            WHERE message_search MATCH :match AND {" AND ".join([*conditions, states])}
            ORDER BY s.rowid DESC LIMIT :limit
            """,
            {**values, "match": match, "limit": limit},
        )
    return [row[0] for row in _keys(db, which, limit=limit)]


def queue_after(
    db: Database, which: QueueFilter, after: tuple[Instant | None, int] | None, *, limit: int = 200
) -> list[tuple[int, Instant | None]]:
    """Ids and times of what follows after a place (time to answer by, id) of a filter without `text`."""
    return _keys(db, which, after=after, limit=limit)


def _keys(
    db: Database,
    which: QueueFilter,
    *,
    after: tuple[Instant | None, int] | None = None,
    limit: int,
) -> list[tuple[int, Instant | None]]:
    """One walk an index for each state, timed and untimed messages apart, merged by SQLite as they come."""
    conditions, values = _conditions(which, db.clock())
    values["limit"] = limit
    timed, untimed = "m.due_at IS NOT NULL", "m.due_at IS NULL"
    if after is not None:
        values["after"], values["after_id"] = after
        if after[0] is None:
            timed, untimed = "FALSE", "m.due_at IS NULL AND m.id > :after_id"
        else:
            timed = "(m.due_at, m.id) > (:after, :after_id)"
    found: list[tuple[int, Instant | None]] = []
    for part in (timed, untimed):
        if part == "FALSE" or (which.late and part is untimed) or (limit >= 0 and len(found) >= limit):
            continue
        arms = []
        for number, state in enumerate(which.states):
            values[f"state{number}"] = state
            arms.append(
                f"SELECT m.id AS id, m.due_at AS due FROM message m WHERE m.state = :state{number} AND {part} AND "
                + " AND ".join(conditions)
            )
        values["limit"] = limit - len(found) if limit >= 0 else -1
        found += db.rows(
            lambda number, due: (number, due), f"{' UNION ALL '.join(arms)} ORDER BY due, id LIMIT :limit", values
        )
    return found


def _states(states: tuple[str, ...], values: dict[str, Any]) -> str:
    names = {f"state{number}": state for number, state in enumerate(states)}
    values.update(names)
    return f"m.state IN ({', '.join(f':{name}' for name in names)})"


def _conditions(which: QueueFilter, now: Instant) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    conditions = ["NOT m.own"]
    for column, value in (
        ("project_id", which.project_id),
        ("account_id", which.account_id),
        ("author_id", which.author_id),
        ("assigned_to", which.assigned_to),
        ("language", which.language or None),
    ):
        if value is not None:
            conditions.append(f"m.{column} = :{column}")
            values[column] = value
    if which.kinds:
        names = {f"kind{number}": kind for number, kind in enumerate(which.kinds)}
        conditions.append(f"m.kind IN ({', '.join(f':{name}' for name in names)})")
        values |= names
    if which.label:
        conditions.append("EXISTS (SELECT 1 FROM json_each(m.labels) l WHERE l.value = :label)")
        values["label"] = which.label
    if which.late:
        conditions.append("m.due_at <= :now")
        values["now"] = now
    return conditions, values


def _match(text: str) -> str:
    """Words as FTS5 looks for them: all of them, each by its beginning; a single letter only as a word."""
    return " ".join(f'"{word}"{"*" if len(word) > 1 else ""}' for word in _WORD.findall(text))


def queue_rows(db: Database, ids: Sequence[int]) -> dict[int, QueueRow]:
    """Lines of the queue, by id; unknown ids are left out."""

    def row(*values: Any) -> QueueRow:
        found = QueueRow(*values)
        return found._replace(
            labels=json.loads(values[14]), liked=bool(values[15]), edited=bool(values[16]), gone=bool(values[17])
        )

    return {
        found.id: found
        for marks, some in _batches(ids)
        for found in db.rows(row, f"{_QUEUE} WHERE m.id IN ({marks})", some)
    }


def count(db: Database, which: QueueFilter) -> int:
    """How many messages a filter has, COUNTED at the most."""
    conditions, values = _conditions(which, db.clock())
    if which.text:
        return len(queue_ids(db, which, limit=COUNTED))
    states = _states(which.states, values)
    return int(
        db.value(
            f"SELECT count(*) FROM (SELECT 1 FROM message m WHERE {' AND '.join([states, *conditions])} LIMIT :most)",
            {**values, "most": COUNTED},
        )
    )


def open_counts(db: Database, now: Instant) -> dict[int, tuple[int, int]]:
    """What waits in the queue of each project, and how much of it should have been answered by now."""
    found: dict[int, tuple[int, int]] = {}
    for project_id in db.rows(int, "SELECT id FROM project WHERE archived_at IS NULL"):
        waits, late = (
            int(
                db.value(
                    f"SELECT count(*) FROM (SELECT 1 FROM message WHERE project_id = ? AND state IN ({_OPEN}) {more} "
                    "LIMIT ?)",
                    values,
                )
            )
            for more, values in (
                ("", (project_id, COUNTED)),
                ("AND due_at <= ?", (project_id, now, COUNTED)),
            )
        )
        if waits:
            found[project_id] = (waits, late)
    return found


_OPEN = ", ".join(f"'{state}'" for state in OPEN)


def message(db: Database, message_id: int) -> MessageRow | None:
    """One message."""
    return messages(db, [message_id]).get(message_id)


def messages(db: Database, ids: Sequence[int]) -> dict[int, MessageRow]:
    """These messages, by id; unknown ids are left out."""
    return {
        row.id: row
        for marks, some in _batches(ids)
        for row in db.rows(_message, f"{_MESSAGE} WHERE m.id IN ({marks})", some)
    }


def conversation(db: Database, of: MessageRow) -> list[MessageRow]:
    """The messages of a conversation, oldest first: those nearest to one of them when there are very many."""
    if not of.thread_id:
        return [of]
    place = (of.account_id, of.thread_id, of.created_at, of.id)
    near = CONVERSATION // 2
    where = "m.account_id = ? AND m.thread_id = ? AND (m.created_at, m.id)"
    before = db.rows(
        _message,
        f"{_MESSAGE} WHERE {where} < (?, ?) ORDER BY m.created_at DESC, m.id DESC LIMIT ?",
        (*place, near),
    )
    after = db.rows(
        _message,
        f"{_MESSAGE} WHERE {where} > (?, ?) ORDER BY m.created_at, m.id LIMIT ?",
        (*place, near),
    )
    return [*reversed(before), of, *after]


def _message(*values: Any) -> MessageRow:
    row = MessageRow(*values)
    return row._replace(
        own=bool(row.own),
        attachments=json.loads(str(row.attachments)),
        extra=json.loads(str(row.extra)),
        labels=json.loads(str(row.labels)),
        liked=bool(row.liked),
    )


def by_author(db: Database, author_id: int, project_id: int | None, *, limit: int = 20) -> list[MessageRow]:
    """The newest messages of an author."""
    project = "" if project_id is None else "AND m.project_id = :project"
    return db.rows(
        _message,
        f"{_MESSAGE} WHERE m.author_id = :author {project} ORDER BY m.created_at DESC LIMIT :limit",
        {"author": author_id, "project": project_id, "limit": limit},
    )


def edits(db: Database, message_id: int) -> list[EditRow]:
    """Earlier texts of a message, oldest first."""
    return db.rows(
        EditRow, "SELECT text, replaced_at FROM message_edit WHERE message_id = ? ORDER BY id", (message_id,)
    )


def own_post(db: Database, delivery_id: int) -> OwnPostRow | None:
    """The own post of a delivery."""
    return db.one(
        OwnPostRow,
        "SELECT o.id, coalesce(v.text, o.text), d.remote_url, d.live_at "
        "FROM delivery d JOIN post o ON o.id = d.post_id "
        "LEFT JOIN variant v ON v.post_id = o.id AND v.account_id = d.account_id WHERE d.id = ?",
        (delivery_id,),
    )


def actions_of(db: Database, message_ids: Sequence[int]) -> dict[int, list[ActionRow]]:
    """All that was done about these messages, oldest first, by message."""
    found: dict[int, list[ActionRow]] = {number: [] for number in message_ids}
    for marks, some in _batches(message_ids):
        for row in db.rows(ActionRow, f"{_ACTION} WHERE c.message_id IN ({marks}) ORDER BY c.id", some):
            found[row.message_id].append(row)
    return found


def action(db: Database, action_id: int) -> ActionRow | None:
    """One action."""
    return db.one(ActionRow, f"{_ACTION} WHERE c.id = ?", (action_id,))


def waiting_actions(db: Database, project_id: int | None = None) -> list[ActionRow]:
    """Actions that only a person can settle, the oldest first."""
    return db.rows(
        ActionRow,
        f"""
        {_ACTION} JOIN account a ON a.id = c.account_id
        WHERE {WAITING} AND (:project IS NULL OR a.project_id = :project) ORDER BY c.id
        """,
        {"project": project_id},
    )


def attempts(db: Database, action_id: int) -> list[AttemptRow]:
    """Everything that was tried for an action, in order."""
    return db.rows(
        AttemptRow,
        "SELECT id, action_id, what, worker, started_at, ended_at, outcome, status, answer FROM action_attempt "
        "WHERE action_id = ? ORDER BY id",
        (action_id,),
    )


def rule_hits(db: Database, message_ids: Sequence[int]) -> dict[int, list[RuleHitRow]]:
    """The rules that applied to these messages, by message."""
    found: dict[int, list[RuleHitRow]] = {number: [] for number in message_ids}
    for marks, some in _batches(message_ids):
        for number, *values in db.rows(
            lambda *values: values,
            f"""
            SELECT h.message_id, h.rule_id, r.name, h.at, h.why, h.judged
            FROM rule_hit h JOIN rule r ON r.id = h.rule_id WHERE h.message_id IN ({marks}) ORDER BY h.id
            """,
            some,
        ):
            row = RuleHitRow(*values)
            found[number].append(row._replace(judged=None if row.judged is None else bool(row.judged)))
    return found


def author(db: Database, author_id: int, project_id: int) -> AuthorRow | None:
    """An author with what they did on a project's accounts."""
    return db.one(
        AuthorRow,
        """
        SELECT w.id, w.network, w.handle, w.name, w.url, w.person_id, p.name, w.first_seen_at,
            (SELECT count(*) FROM message m WHERE m.author_id = w.id AND m.project_id = :project),
            (SELECT min(m.created_at) FROM message m WHERE m.author_id = w.id AND m.project_id = :project),
            (SELECT count(*) FROM message m WHERE m.author_id = w.id AND m.project_id = :project
                AND m.state IN ('hidden', 'deleted'))
        FROM author w LEFT JOIN person p ON p.id = w.person_id WHERE w.id = :author
        """,
        {"author": author_id, "project": project_id},
    )


def same_person(db: Database, author_id: int) -> list[int]:
    """All authors that are known to be the same person, this one among them."""
    return db.rows(
        int,
        """
        SELECT id FROM author WHERE id = :id
        UNION SELECT o.id FROM author w JOIN author o ON o.person_id = w.person_id WHERE w.id = :id
        """,
        {"id": author_id},
    )


def notes(db: Database, author_ids: Sequence[int], project_id: int) -> list[NoteRow]:
    """What a project's team knows of these authors, newest first."""
    marks = ",".join("?" * len(author_ids))
    return db.rows(
        NoteRow,
        f"SELECT id, author_id, text, actor, created_at FROM note WHERE project_id = ? AND author_id IN ({marks}) "
        "ORDER BY id DESC",
        [project_id, *author_ids],
    )


def strikes(db: Database, author_ids: Sequence[int], project_id: int, now: Instant) -> list[StrikeRow]:
    """The warnings of these authors on a project that are not forgotten yet, newest first."""
    marks = ",".join("?" * len(author_ids))
    return db.rows(
        StrikeRow,
        f"SELECT id, author_id, message_id, reason, actor, created_at, expires_at FROM strike WHERE project_id = ? "
        f"AND (expires_at IS NULL OR expires_at > ?) AND author_id IN ({marks}) ORDER BY id DESC",
        [project_id, now, *author_ids],
    )


def bans(
    db: Database,
    *,
    project_id: int | None = None,
    account_id: int | None = None,
    author_ids: Sequence[int] | None = None,
) -> list[BanRow]:
    """Who is shut out now, newest first."""
    where = ["b.lifted_at IS NULL"]
    values: list[Any] = []
    if project_id is not None:
        where.append("a.project_id = ?")
        values.append(project_id)
    if account_id is not None:
        where.append("b.account_id = ?")
        values.append(account_id)
    if author_ids is not None:
        where.append(f"b.author_id IN ({','.join('?' * len(author_ids))})")
        values += author_ids
    return db.rows(BanRow, f"{_BAN} WHERE {' AND '.join(where)} ORDER BY b.id DESC", values)


def inboxes(db: Database, account_ids: Sequence[int]) -> dict[int, InboxRow]:
    """How far the inboxes of these accounts are read, by account; those never read are left out."""
    marks = ",".join("?" * len(account_ids))
    rows = db.rows(
        InboxRow,
        "SELECT account_id, fetched_at, next_at, interval, gap, error_kind, error_message FROM inbox_cursor "
        f"WHERE account_id IN ({marks})",
        list(account_ids),
    )
    return {row.account_id: row for row in rows}


def _batches(ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    for start in range(0, len(ids), 500):
        some = list(ids[start : start + 500])
        yield ",".join("?" * len(some)), some
