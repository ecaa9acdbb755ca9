"""Posts with their variants, media and deliveries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant
from smm_tui.domain.searching import searched


class PostRow(NamedTuple):
    """A post as planned."""

    id: int
    project_id: int
    project: str
    content_type: str
    text: str
    content_warning: str
    labels: list[str]
    language: str
    planned_wall: str | None
    zone: str
    planned_at: Instant | None
    late_rule: str
    state: str
    created_at: Instant
    updated_at: Instant
    version: int
    extras: dict[str, Any]  # poll, card and first comment, as far as there are any
    review: str
    pillar_id: int | None
    segment_id: int | None


class DeliveryRow(NamedTuple):
    """A post on one account."""

    id: int
    post_id: int
    account_id: int
    handle: str
    network: str
    server: str
    project_id: int
    project: str
    state: str
    due_at: Instant | None
    approved_at: Instant | None
    approved_by: str
    next_try_at: Instant | None
    needs_human: bool
    error_kind: str
    error_message: str
    error_hint: str
    error_field: str
    remote_id: str
    remote_url: str
    live_at: Instant | None
    verified_at: Instant | None


class MediaRow(NamedTuple):
    """A file of a post."""

    position: int
    sha256: str
    alt: str
    mime: str
    size: int
    width: int | None
    height: int | None
    original_name: str


class CalendarRow(NamedTuple):
    """A post in a cell of the month: `head` is the beginning of its text."""

    id: int
    project_id: int
    content_type: str
    planned_at: Instant
    planned_wall: str
    zone: str
    state: str
    head: str
    has_media: bool
    carries: str = ""  # of the words poll, card and first_comment, with spaces between


class Which(NamedTuple):
    """Which posts: those of which all of this is true; what is empty asks nothing.

    `words` must all be in text, type, state, project or the handle of an account, in whatever case and with or
    without accents. `end` is exclusive.
    """

    project_id: int | None = None
    start: Instant | None = None
    end: Instant | None = None
    content_type: str = ""
    states: tuple[str, ...] = ()
    account_id: int | None = None
    words: tuple[str, ...] = ()


EVERYTHING = Which()


class CollisionRow(NamedTuple):
    """Posts of one account in the same minute; `post_id` is the first of them, `posts` how many."""

    handle: str
    post_id: int
    posts: int


class IntentRow(NamedTuple):
    """One outside effect of a delivery."""

    id: int
    kind: str
    position: int
    identity: str
    payload: dict[str, Any]
    payload_hash: str
    wire_hash: str
    state: str
    remote_id: str
    remote_url: str
    first_sent_at: Instant | None
    done_at: Instant | None


class AttemptRow(NamedTuple):
    """One try at an intent, or one read back of it."""

    id: int
    intent_id: int
    what: str
    worker: str
    started_at: Instant
    ended_at: Instant | None
    outcome: str
    status: int
    answer: str


_POST = """
    SELECT o.id, o.project_id, p.name, o.content_type, o.text, o.content_warning, o.labels, o.language,
        o.planned_wall,
        o.zone, o.planned_at, o.late_rule, o.state, o.created_at, o.updated_at, o.version,
        json_object('poll', json(o.poll), 'card', json(o.card), 'first_comment', o.first_comment), o.review,
        o.pillar_id, o.segment_id
    FROM post o JOIN project p ON p.id = o.project_id
"""
_DELIVERY = """
    SELECT d.id, d.post_id, d.account_id, a.handle, a.network, a.server, a.project_id, p.name, d.state, d.due_at,
        d.approved_at, d.approved_by, d.next_try_at, d.needs_human, d.error_kind, d.error_message, d.error_hint,
        d.error_field, d.remote_id, d.remote_url, d.live_at, d.verified_at
    FROM delivery d JOIN account a ON a.id = d.account_id JOIN project p ON p.id = a.project_id
"""


def _post(*values: Any) -> PostRow:
    row = PostRow(*values)
    extras = {name: value for name, value in json.loads(values[16]).items() if value}
    return row._replace(labels=json.loads(values[6]), extras=extras)


def post(db: Database, post_id: int) -> PostRow | None:
    """One post."""
    return db.one(_post, _POST + "WHERE o.id = ?", (post_id,))


def posts(db: Database, which: Which, limit: int = -1) -> list[PostRow]:
    """Posts by time planned; those without a time come last."""
    conditions, values = _conditions(which)
    return db.rows(
        _post,
        f"""
        {_POST} WHERE o.id IN (SELECT id FROM post WHERE {" AND ".join(conditions) or "true"})
        ORDER BY o.planned_at IS NULL, o.planned_at, o.id LIMIT :limit
        """,
        {**values, "limit": limit},
    )


_CALENDAR = """
    SELECT id, project_id, content_type, planned_at, planned_wall, zone, state, substr(text, 1, 120),
        EXISTS (SELECT 1 FROM post_media m WHERE m.post_id = post.id),
        trim(iif(coalesce(poll, 'null') = 'null', '', 'poll ')
            || iif(coalesce(card, 'null') = 'null', '', 'card ') || iif(first_comment = '', '', 'first_comment'))
    FROM post
"""


def calendar(db: Database, project_id: int | None, start: Instant, end: Instant) -> list[CalendarRow]:
    """What stands in the calendar between two instants; cancelled posts do not."""
    return find(db, Which(project_id, start, end))


def find(db: Database, which: Which, limit: int = -1) -> list[CalendarRow]:
    """Posts with a time that are not cancelled, in time order."""
    conditions, values = _conditions(which)
    return db.rows(
        CalendarRow,
        f"""
        {_CALENDAR} WHERE {" AND ".join(["planned_at IS NOT NULL", "state != 'cancelled'", *conditions])}
        ORDER BY planned_at, id LIMIT :limit
        """,
        {**values, "limit": limit},
    )


def found_ids(db: Database, which: Which) -> list[int]:
    """The posts of `find`, by their ids alone."""
    conditions, values = _conditions(which)
    where = " AND ".join(["planned_at IS NOT NULL", "state != 'cancelled'", *conditions])
    return db.rows(int, f"SELECT id FROM post WHERE {where} ORDER BY planned_at, id", values)


def calendar_rows(db: Database, ids: Sequence[int]) -> list[CalendarRow]:
    """These posts as the calendar shows them, in time order."""
    marks = ",".join("?" * len(ids))
    return db.rows(CalendarRow, f"{_CALENDAR} WHERE id IN ({marks}) ORDER BY planned_at, id", list(ids))


def _conditions(which: Which) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}

    def ask(condition: str, **asked: Any) -> None:
        conditions.append(condition)
        values.update(asked)

    if which.project_id is not None:
        ask("project_id = :project", project=which.project_id)
    if which.start is not None:
        ask("planned_at >= :start", start=which.start)
    if which.end is not None:
        ask("planned_at < :end", end=which.end)
    if which.content_type:
        ask("content_type = :type", type=which.content_type)
    if which.states:
        ask("state IN (SELECT value FROM json_each(:states))", states=json.dumps(which.states))
    if which.account_id is not None:
        ask(
            "id IN (SELECT post_id FROM delivery WHERE account_id = :account AND state != 'cancelled')",
            account=which.account_id,
        )
    for number, word in enumerate(which.words):
        # What lies in other tables is looked up once; only a post's own words are read post by post.
        mark = f":word{number}"
        ask(
            f"""(project_id IN (SELECT id FROM project WHERE instr(searched(name), {mark}))
            OR id IN (SELECT post_id FROM variant WHERE instr(searched(text), {mark}))
            OR id IN (SELECT post_id FROM delivery WHERE state != 'cancelled'
                AND account_id IN (SELECT id FROM account WHERE instr(searched(handle), {mark})))
            OR instr(searched(text || ' ' || content_type || ' ' || state), {mark}))""",
            **{f"word{number}": searched(word)},
        )
    return conditions, values


def collisions(db: Database, project_id: int | None, start: Instant, end: Instant) -> list[CollisionRow]:
    """Where an account gets several posts in one minute, in time order."""
    where = "o.project_id = :project AND" if project_id is not None else ""
    return db.rows(
        CollisionRow,
        f"""
        SELECT a.handle, min(o.id), count(*)
        FROM post o JOIN delivery d ON d.post_id = o.id JOIN account a ON a.id = d.account_id
        WHERE {where} o.planned_at >= :start AND o.planned_at < :end AND d.state != 'cancelled'
        GROUP BY d.account_id, o.planned_at / 60000 HAVING count(*) > 1 ORDER BY o.planned_at, d.account_id
        """,
        {"project": project_id, "start": start, "end": end},
    )


def unplanned(db: Database, project_id: int | None) -> list[PostRow]:
    """Drafts without a time, the newest first."""
    return db.rows(
        _post,
        _POST
        + """
        WHERE o.planned_at IS NULL AND o.state = 'draft' AND (:project IS NULL OR o.project_id = :project)
        ORDER BY o.updated_at DESC, o.id DESC
        """,
        {"project": project_id},
    )


def variants(db: Database, post_id: int) -> dict[int, str]:
    """The texts that differ from the common one, by account."""
    return dict(
        db.rows(
            lambda account_id, text: (account_id, text),
            "SELECT account_id, text FROM variant WHERE post_id = ? ORDER BY account_id",
            (post_id,),
        )
    )


def media(db: Database, post_id: int) -> list[MediaRow]:
    """The files of a post, in order."""
    return db.rows(
        MediaRow,
        """
        SELECT pm.position, pm.sha256, pm.alt, m.mime, m.size, m.width, m.height, m.original_name
        FROM post_media pm JOIN media m ON m.sha256 = pm.sha256 WHERE pm.post_id = ? ORDER BY pm.position
        """,
        (post_id,),
    )


def media_file(db: Database, sha256: str, alt: str, position: int) -> MediaRow | None:
    """A stored file, as if attached."""
    return db.one(
        MediaRow,
        "SELECT ?, sha256, ?, mime, size, width, height, original_name FROM media WHERE sha256 = ?",
        (position, alt, sha256),
    )


def deliveries_of(db: Database, post_ids: Sequence[int]) -> dict[int, list[DeliveryRow]]:
    """The deliveries of these posts, by post."""
    found: dict[int, list[DeliveryRow]] = {post_id: [] for post_id in post_ids}
    ids = list(found)
    for i in range(0, len(ids), 500):
        marks = ",".join("?" * len(ids[i : i + 500]))
        for row in db.rows(_delivery, _DELIVERY + f"WHERE d.post_id IN ({marks}) ORDER BY d.id", ids[i : i + 500]):
            found[row.post_id].append(row)
    return found


def delivery(db: Database, delivery_id: int) -> DeliveryRow | None:
    """One delivery."""
    return db.one(_delivery, _DELIVERY + "WHERE d.id = ?", (delivery_id,))


DELIVERY_FILTERS = {
    "waiting": "d.state IN ('unknown', 'rejected', 'missed', 'held') AND d.needs_human",
    "queue": "d.state IN ('approved', 'armed', 'sending')",
    "live": "d.state = 'live'",
    "all": "d.state NOT IN ('draft', 'cancelled')",
}


def delivery_ids(db: Database, project_id: int | None, which: str) -> list[int]:
    """The deliveries of a filter of DELIVERY_FILTERS: the queue soonest first, everything else newest first."""
    order = "ASC" if which == "queue" else "DESC"
    project = "AND a.project_id = :project" if project_id is not None else ""
    return db.rows(
        int,
        f"""
        SELECT d.id FROM delivery d JOIN account a ON a.id = d.account_id
        WHERE {DELIVERY_FILTERS[which]} {project} ORDER BY d.due_at {order}, d.id {order}
        """,
        {"project": project_id},
    )


def deliveries(db: Database, ids: Sequence[int]) -> dict[int, DeliveryRow]:
    """These deliveries, by id; unknown ids are left out."""
    marks = ",".join("?" * len(ids))
    return {row.id: row for row in db.rows(_delivery, _DELIVERY + f"WHERE d.id IN ({marks})", list(ids))}


def _delivery(*values: Any) -> DeliveryRow:
    return DeliveryRow(*values)._replace(needs_human=bool(values[13]))


def intents(db: Database, delivery_id: int) -> list[IntentRow]:
    """The intents of a delivery, the oldest first."""

    def row(*values: Any) -> IntentRow:
        return IntentRow(*values)._replace(payload=json.loads(values[4]))

    return db.rows(
        row,
        """
        SELECT id, kind, position, identity, payload, payload_hash, wire_hash, state, remote_id, remote_url,
            first_sent_at, done_at
        FROM intent WHERE delivery_id = ? ORDER BY id
        """,
        (delivery_id,),
    )


def attempts(db: Database, delivery_id: int) -> list[AttemptRow]:
    """Everything that was tried for a delivery, in order."""
    return db.rows(
        AttemptRow,
        """
        SELECT t.id, t.intent_id, t.what, t.worker, t.started_at, t.ended_at, t.outcome, t.status, t.answer
        FROM attempt t JOIN intent i ON i.id = t.intent_id WHERE i.delivery_id = ? ORDER BY t.id
        """,
        (delivery_id,),
    )
