"""The simulated world: servers, accounts, what is live on them, and what the networks remember of their callers."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smm_tui.domain.clock import Clock, Instant, system_clock
from smm_tui.sandbox.faults import SURVIVABLE, Chaos, Fault
from smm_tui.sandbox.http import JSON, Request
from smm_tui.sandbox.store import Store

POST = "post"  # the kind of object that the public sees as a post, on every network


@dataclass(frozen=True, slots=True)
class Server:
    """One host. `base` is the address it gives out for itself; `config` overrides its network's defaults."""

    host: str
    network: str
    flavour: str
    title: str
    base: str
    config: JSON


@dataclass(frozen=True, slots=True)
class Account:
    """One account. `state` is "active" or a word of its network for why it is closed."""

    id: int
    server: str
    network: str
    handle: str
    remote_id: str
    display_name: str
    password: str = field(repr=False)
    state: str
    data: JSON
    created_at: Instant


@dataclass(frozen=True, slots=True)
class Token:
    """Something that opens an account or an application."""

    value: str = field(repr=False)
    kind: str
    server: str
    account_id: int | None
    data: JSON
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None


@dataclass(frozen=True, slots=True)
class Object:
    """Something published. `created_at` is the date it shows, `stored_at` when the network took it."""

    id: int
    network: str
    server: str
    account_id: int
    kind: str
    remote_id: str
    sort: str  # orders the objects of one account
    text: str
    record: JSON
    media: list[str]
    reply_to: str | None
    created_at: Instant
    stored_at: Instant
    edited_at: Instant | None
    deleted_at: Instant | None


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded file without its bytes. `ready_at` None: it will never be ready."""

    server: str
    account_id: int
    id: str
    mime: str
    size: int
    description: str
    meta: JSON
    ready_at: Instant | None
    attached_to: int | None
    created_at: Instant


@dataclass(frozen=True, slots=True)
class Quota:
    """A rate bucket after a call; `window` is in milliseconds."""

    limit: int
    remaining: int
    resets_at: Instant
    window: int
    exceeded: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One logged request; `status` None: no answer was made. `fault` is empty when nothing was done to it."""

    id: int
    at: Instant
    method: str
    host: str
    path: str
    account: str
    status: int | None
    fault: str


class World:
    """One shared world in one file. Every method is one transaction, or part of the surrounding `transaction()`."""

    def __init__(self, path: Path | str, *, clock: Clock = system_clock, seed: int = 0) -> None:
        """Open the world, creating it when missing; `seed` fixes the ids and secrets of a new one."""
        self.path = Path(path)
        self.clock = clock
        self._store = Store(self.path)
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('seed', ?)", (str(seed),))
            self.seed = int(db.execute("SELECT value FROM meta WHERE key = 'seed'").fetchone()[0])

    def close(self) -> None:
        """Release the file."""
        self._store.close()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        """Make several steps one; other processes and threads wait."""
        return self._store.transaction()

    # -- deterministic names ------------------------------------------------------------------------------------

    def sequence(self, name: str) -> int:
        """The next number of a named sequence, from 1."""
        with self.transaction() as db:
            row = db.execute(
                "INSERT INTO counters VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
                (name,),
            ).fetchone()
            return int(row[0])

    def entropy(self, name: str) -> bytes:
        """32 bytes that never come twice and depend on the seed alone."""
        return hashlib.sha256(f"{self.seed} {name} {self.sequence(name)}".encode()).digest()

    def secret(self, name: str, length: int = 43) -> str:
        """A fresh secret of letters and digits."""
        text = base64.urlsafe_b64encode(self.entropy(name) + self.entropy(name)).decode()
        return text.replace("-", "A").replace("_", "B")[:length]

    # -- servers and accounts -----------------------------------------------------------------------------------

    def add_server(
        self,
        host: str,
        network: str,
        *,
        flavour: str = "",
        title: str = "",
        config: Mapping[str, Any] | None = None,
    ) -> Server:
        """Register a host with the face that answers there; an existing one keeps its content."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO servers VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (host) DO UPDATE SET network = excluded.network, flavour = excluded.flavour,"
                " title = excluded.title, config = excluded.config",
                (host, network, flavour, title or host, f"https://{host}", json.dumps(dict(config or {}))),
            )
            server = self.server(host)
            assert server is not None  # noqa: S101 - just written
            return server

    def move_server(self, host: str, base: str) -> None:
        """Let a server give out another address for itself, as one on a loopback socket must."""
        with self.transaction() as db:
            db.execute("UPDATE servers SET base = ? WHERE host = ?", (base, host))

    def server(self, host: str) -> Server | None:
        """The server at a host."""
        rows = self._rows("SELECT * FROM servers WHERE host = ?", host)
        return _server(rows[0]) if rows else None

    def servers(self) -> list[Server]:
        """All servers by host."""
        return [_server(row) for row in self._rows("SELECT * FROM servers ORDER BY host")]

    def add_account(
        self,
        server: Server,
        handle: str,
        remote_id: str,
        *,
        display_name: str = "",
        password: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> Account:
        """A new account. ValueError when the handle or id is taken."""
        with self.transaction() as db:
            try:
                db.execute(
                    "INSERT INTO accounts (server, network, handle, remote_id, display_name, password, state, data,"
                    " created_at) VALUES (?, ?, ?, ?, ?, ?, 'active', ?, ?)",
                    (
                        server.host,
                        server.network,
                        handle,
                        remote_id,
                        display_name or handle,
                        password,
                        json.dumps(dict(data or {})),
                        self.clock(),
                    ),
                )
            except sqlite3.IntegrityError as error:
                raise ValueError(f"{handle} exists on {server.host}") from error
            account = self.find_account(server.host, handle)
            assert account is not None  # noqa: S101 - just written
            return account

    def account(self, account_id: int) -> Account:
        """An account by its number in the world. KeyError when there is none."""
        rows = self._rows("SELECT * FROM accounts WHERE id = ?", account_id)
        if not rows:
            raise KeyError(account_id)
        return _account(rows[0])

    def find_account(self, server: str, name: str) -> Account | None:
        """An account of a server by handle or remote id."""
        rows = self._rows("SELECT * FROM accounts WHERE server = ? AND ? IN (handle, remote_id)", server, name)
        return _account(rows[0]) if rows else None

    def accounts(self, *, network: str | None = None, server: str | None = None) -> list[Account]:
        """Accounts in the order they were made."""
        rows = self._rows(
            "SELECT * FROM accounts WHERE network = coalesce(?, network) AND server = coalesce(?, server)"
            " ORDER BY id",
            network,
            server,
        )
        return [_account(row) for row in rows]

    def set_state(self, account: Account, state: str) -> None:
        """Close an account ("suspended", "takendown", "deactivated") or open it again ("active")."""
        with self.transaction() as db:
            db.execute("UPDATE accounts SET state = ? WHERE id = ?", (state, account.id))

    def update_account(self, account: Account, data: Mapping[str, Any]) -> None:
        """Merge values into what the network keeps for an account."""
        with self.transaction() as db:
            merged = {**self.account(account.id).data, **data}
            db.execute("UPDATE accounts SET data = ? WHERE id = ?", (json.dumps(merged), account.id))

    # -- tokens -------------------------------------------------------------------------------------------------

    def add_token(
        self,
        value: str,
        kind: str,
        server: str,
        *,
        account: Account | None = None,
        data: Mapping[str, Any] | None = None,
        expires_at: Instant | None = None,
    ) -> Token:
        """Remember a secret that was given out."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (
                    value,
                    kind,
                    server,
                    account.id if account else None,
                    json.dumps(dict(data or {})),
                    self.clock(),
                    expires_at,
                ),
            )
            token = self.token(server, value, kind)
            assert token is not None  # noqa: S101 - just written
            return token

    def token(self, server: str, value: str, kind: str) -> Token | None:
        """What is known of a secret, dead ones included."""
        rows = self._rows("SELECT * FROM tokens WHERE value = ? AND server = ? AND kind = ?", value, server, kind)
        return _token(rows[0]) if rows else None

    def tokens(self, account: Account, kind: str) -> list[Token]:
        """The secrets of an account, dead ones included."""
        rows = self._rows("SELECT * FROM tokens WHERE account_id = ? AND kind = ? ORDER BY value", account.id, kind)
        return [_token(row) for row in rows]

    def update_token(
        self, token: Token, *, data: Mapping[str, Any] | None = None, expires_at: Instant | None = None
    ) -> None:
        """Change what is known of a secret."""
        with self.transaction() as db:
            db.execute(
                "UPDATE tokens SET data = ?, expires_at = ? WHERE value = ?",
                (
                    json.dumps({**token.data, **(data or {})}),
                    token.expires_at if expires_at is None else expires_at,
                    token.value,
                ),
            )

    def revoke(self, token: Token) -> None:
        """Make a secret worthless from now on."""
        with self.transaction() as db:
            db.execute(
                "UPDATE tokens SET revoked_at = ? WHERE value = ? AND revoked_at IS NULL", (self.clock(), token.value)
            )

    # -- objects ------------------------------------------------------------------------------------------------

    def add_object(
        self,
        account: Account,
        kind: str,
        remote_id: str,
        *,
        sort: str,
        text: str,
        record: Mapping[str, Any],
        media: Sequence[str] = (),
        reply_to: str | None = None,
        created_at: Instant | None = None,
    ) -> Object:
        """Publish something; the media become part of it."""
        now = self.clock()
        with self.transaction() as db:
            cursor = db.execute(
                "INSERT INTO objects (network, server, account_id, kind, remote_id, sort, text, record, media,"
                " reply_to, created_at, stored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    account.network,
                    account.server,
                    account.id,
                    kind,
                    remote_id,
                    sort,
                    text,
                    json.dumps(dict(record)),
                    json.dumps(list(media)),
                    reply_to,
                    now if created_at is None else created_at,
                    now,
                ),
            )
            number = cursor.lastrowid
            assert number is not None  # noqa: S101 - an INSERT has one
            self._attach(db, account, media, number)
            return self.object(number)

    def object(self, number: int) -> Object:
        """An object by its number in the world, live or deleted. KeyError when there is none."""
        rows = self._rows("SELECT * FROM objects WHERE id = ?", number)
        if not rows:
            raise KeyError(number)
        return _object(rows[0])

    def find_object(self, server: str, kind: str, remote_id: str) -> Object | None:
        """A live object by its remote id."""
        rows = self._rows(
            "SELECT * FROM objects WHERE server = ? AND kind = ? AND remote_id = ? AND deleted_at IS NULL",
            server,
            kind,
            remote_id,
        )
        return _object(rows[0]) if rows else None

    def objects(
        self, account: Account, kind: str = POST, *, before: str = "", after: str = "", ascending: bool = False
    ) -> Iterator[Object]:
        """The live objects of an account by `sort`, strictly between the bounds (empty: open), newest first."""
        order = "ASC" if ascending else "DESC"
        rows = self._rows(
            "SELECT * FROM objects WHERE account_id = ? AND kind = ? AND deleted_at IS NULL"  # noqa: S608
            f" AND (? = '' OR sort < ?) AND sort > ? ORDER BY sort {order}",
            account.id,
            kind,
            before,
            before,
            after,
        )
        return map(_object, rows)

    def totals(self, account: Account, kind: str = POST) -> tuple[int, Instant | None]:
        """The number of live objects of a kind that an account has, and the latest date that they show."""
        count, latest = self._rows(
            "SELECT count(*), max(created_at) FROM objects WHERE account_id = ? AND kind = ? AND deleted_at IS NULL",
            account.id,
            kind,
        )[0]
        return int(count), latest

    def kinds(self, account: Account) -> list[str]:
        """The kinds of live objects that an account has."""
        rows = self._rows(
            "SELECT DISTINCT kind FROM objects WHERE account_id = ? AND deleted_at IS NULL ORDER BY kind", account.id
        )
        return [row[0] for row in rows]

    def replies(self, server: str, remote_id: str) -> list[Object]:
        """The live replies to an object, oldest first."""
        rows = self._rows(
            "SELECT * FROM objects WHERE server = ? AND reply_to = ? AND deleted_at IS NULL ORDER BY created_at, id",
            server,
            remote_id,
        )
        return [_object(row) for row in rows]

    def due_objects(self, server: str, kind: str) -> list[Object]:
        """Live objects of a kind whose shown date has come, earliest first."""
        rows = self._rows(
            "SELECT * FROM objects WHERE server = ? AND kind = ? AND deleted_at IS NULL AND created_at <= ?"
            " ORDER BY created_at, id",
            server,
            kind,
            self.clock(),
        )
        return [_object(row) for row in rows]

    def update_object(
        self,
        item: Object,
        *,
        text: str | None = None,
        record: Mapping[str, Any] | None = None,
        media: Sequence[str] | None = None,
        created_at: Instant | None = None,
        edited: bool = True,
    ) -> Object:
        """Change a live object; what is None stays."""
        with self.transaction() as db:
            db.execute(
                "UPDATE objects SET text = ?, record = ?, media = ?, created_at = ?, edited_at = ? WHERE id = ?",
                (
                    item.text if text is None else text,
                    json.dumps(dict(item.record if record is None else record)),
                    json.dumps(list(item.media if media is None else media)),
                    item.created_at if created_at is None else created_at,
                    self.clock() if edited else item.edited_at,
                    item.id,
                ),
            )
            if media is not None:
                db.execute("UPDATE media SET attached_to = NULL WHERE attached_to = ?", (item.id,))
                self._attach(db, self.account(item.account_id), media, item.id)
            return self.object(item.id)

    def delete_object(self, item: Object) -> None:
        """Take an object down; its media are free again."""
        with self.transaction() as db:
            db.execute("UPDATE objects SET deleted_at = ? WHERE id = ?", (self.clock(), item.id))
            db.execute("UPDATE media SET attached_to = NULL WHERE attached_to = ?", (item.id,))

    def live_posts(
        self, *, network: str | None = None, server: str | None = None, handle: str | None = None
    ) -> list[Object]:
        """Everything the public sees now, in the order in which the networks took it."""
        rows = self._rows(
            "SELECT o.* FROM objects o JOIN accounts a ON a.id = o.account_id"
            " WHERE o.kind = ? AND o.deleted_at IS NULL AND o.network = coalesce(?, o.network)"
            " AND o.server = coalesce(?, o.server) AND a.handle = coalesce(?, a.handle) ORDER BY o.stored_at, o.id",
            POST,
            network,
            server,
            handle,
        )
        return [_object(row) for row in rows]

    # -- media --------------------------------------------------------------------------------------------------

    def add_media(
        self,
        account: Account,
        media_id: str,
        data: bytes,
        mime: str,
        *,
        description: str = "",
        meta: Mapping[str, Any] | None = None,
        ready_at: Instant | None = None,
    ) -> Media:
        """Store a file; the same id again renews it."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)"
                " ON CONFLICT DO UPDATE SET mime = excluded.mime, created_at = excluded.created_at",
                (
                    account.server,
                    account.id,
                    media_id,
                    mime,
                    len(data),
                    description,
                    json.dumps(dict(meta or {})),
                    ready_at,
                    self.clock(),
                    data,
                ),
            )
            media = self.media(account, media_id)
            assert media is not None  # noqa: S101 - just written
            return media

    def media(self, account: Account, media_id: str) -> Media | None:
        """A file of an account."""
        rows = self._rows(
            "SELECT server, account_id, id, mime, size, description, meta, ready_at, attached_to, created_at"
            " FROM media WHERE account_id = ? AND id = ?",
            account.id,
            media_id,
        )
        return _media(rows[0]) if rows else None

    def media_bytes(self, server: str, media_id: str) -> tuple[str, bytes] | None:
        """The type and bytes of a file, for anybody who knows its id."""
        rows = self._rows("SELECT mime, bytes FROM media WHERE server = ? AND id = ? LIMIT 1", server, media_id)
        return (rows[0]["mime"], rows[0]["bytes"]) if rows else None

    def update_media(
        self, media: Media, *, description: str | None = None, meta: Mapping[str, Any] | None = None
    ) -> Media:
        """Change what is said about a file; what is None stays."""
        with self.transaction() as db:
            db.execute(
                "UPDATE media SET description = ?, meta = ? WHERE account_id = ? AND id = ?",
                (
                    media.description if description is None else description,
                    json.dumps({**media.meta, **(meta or {})}),
                    media.account_id,
                    media.id,
                ),
            )
            updated = self.media(self.account(media.account_id), media.id)
            assert updated is not None  # noqa: S101 - it was there
            return updated

    @staticmethod
    def _attach(db: sqlite3.Connection, account: Account, media: Sequence[str], number: int) -> None:
        db.executemany(
            "UPDATE media SET attached_to = ? WHERE account_id = ? AND id = ?",
            [(number, account.id, media_id) for media_id in media],
        )

    # -- what the networks remember of calls ----------------------------------------------------------------------

    def remember_key(self, account: Account, key: str, item: Object) -> None:
        """Store an idempotency key with what it created."""
        with self.transaction() as db:
            db.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?)", (account.id, key, item.id, self.clock()))

    def recall_key(self, account: Account, key: str, *, at: Instant, ttl: int) -> Object | None:
        """What a key created, as far as it was known at an instant; keys live for `ttl` milliseconds."""
        rows = self._rows(
            "SELECT object_id FROM idempotency WHERE account_id = ? AND key = ?"
            " AND created_at <= ? AND created_at > ? ORDER BY created_at DESC LIMIT 1",
            account.id,
            key,
            at,
            at - ttl,
        )
        return self.object(rows[0][0]) if rows else None

    def consume(self, bucket: str, points: int, limit: int, window: int, *, aligned: bool = False) -> Quota:
        """Take points from a rate bucket of `window` milliseconds; nothing is taken when they do not fit.

        Windows begin with their first call or, `aligned`, at whole multiples of their length.
        """
        now = self.clock()
        with self.transaction() as db:
            row = db.execute("SELECT resets_at, used FROM buckets WHERE name = ?", (bucket,)).fetchone()
            if row is None or row["resets_at"] <= now:
                resets_at, used = (now - now % window if aligned else now) + window, 0
            else:
                resets_at, used = row["resets_at"], row["used"]
            exceeded = used + points > limit
            if not exceeded:
                used += points
                db.execute("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", (bucket, resets_at, used))
            return Quota(limit, limit - used, resets_at, window, exceeded)

    def log_call(self, request: Request, account: str, fault: str = "") -> int:
        """Note a call on its arrival; its number."""
        with self.transaction() as db:
            number = db.execute(
                "INSERT INTO calls (at, method, host, path, account, fault) VALUES (?, ?, ?, ?, ?, ?)",
                (self.clock(), request.method, request.host, request.path, account, fault),
            ).lastrowid
            assert number is not None  # noqa: S101 - an INSERT has one
            return number

    def log_status(self, call: int, status: int) -> None:
        """Note the status that a call was answered with."""
        with self.transaction() as db:
            db.execute("UPDATE calls SET status = ? WHERE id = ?", (status, call))

    def calls(self, *, path: str = "", method: str = "") -> list[Call]:
        """The logged calls whose path contains `path`, in order of arrival."""
        rows = self._rows(
            "SELECT * FROM calls WHERE instr(path, ?) AND (? = '' OR method = ?) ORDER BY id", path, method, method
        )
        return [Call(*row) for row in rows]

    # -- faults -------------------------------------------------------------------------------------------------

    def plant(self, fault: Fault) -> None:
        """Let matching calls fail, from this process or any other that uses the file."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO faults (fault, skip, remaining) VALUES (?, ?, ?)",
                (json.dumps(fault.to_json()), fault.after, fault.times),
            )

    def clear_faults(self) -> None:
        """Forget planted faults and chaos."""
        with self.transaction() as db:
            db.execute("DELETE FROM faults")
            db.execute("DELETE FROM meta WHERE key = 'chaos'")

    def chaos(self, seed: int, rate: float, menu: Sequence[Fault] = SURVIVABLE) -> None:
        """Let calls fail at random with probability `rate`; 0 ends it."""
        value = {"seed": seed, "rate": rate, "menu": [fault.to_json() for fault in menu]}
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('chaos', ?)", (json.dumps(value),))

    def next_fault(self, request: Request, names: tuple[str, ...]) -> Fault | None:
        """The fault of this call, if any; planted ones first, and used up by it."""
        with self.transaction() as db:
            for row in db.execute("SELECT * FROM faults ORDER BY id").fetchall():
                fault = Fault.from_json(json.loads(row["fault"]))
                if not fault.matches(request.method, request.host, request.path, names):
                    continue
                if row["skip"]:
                    db.execute("UPDATE faults SET skip = skip - 1 WHERE id = ?", (row["id"],))
                    continue
                if row["remaining"] > 1:
                    db.execute("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
                else:
                    db.execute("DELETE FROM faults WHERE id = ?", (row["id"],))
                return fault
            stored = db.execute("SELECT value FROM meta WHERE key = 'chaos'").fetchone()
            if stored is None:
                return None
            value = json.loads(stored[0])
            account = names[0] if names else ""
            (occurrence,) = db.execute(
                "SELECT count(*) FROM calls WHERE path = ? AND method = ? AND host = ? AND account = ?",
                (request.path, request.method, request.host, account),
            ).fetchone()
            chaos = Chaos(value["seed"], value["rate"], tuple(map(Fault.from_json, value["menu"])))
            return chaos.draw(request.method, request.host, request.path, account, occurrence)

    def postpone(self, request: Request, due: Instant) -> None:
        """Keep a request that the network will execute at `due`."""
        value = {
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": base64.b64encode(request.body).decode(),
            "received": request.received,
        }
        with self.transaction() as db:
            db.execute("INSERT INTO late_requests (due, request) VALUES (?, ?)", (due, json.dumps(value)))

    def take_due(self) -> list[Request]:
        """The postponed requests whose time has come; they are forgotten."""
        with self.transaction() as db:
            rows = db.execute(
                "SELECT * FROM late_requests WHERE due <= ? ORDER BY due, id", (self.clock(),)
            ).fetchall()
            db.executemany("DELETE FROM late_requests WHERE id = ?", [(row["id"],) for row in rows])
        return [_request(json.loads(row["request"])) for row in rows]

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self.transaction() as db:
            return db.execute(sql, values).fetchall()


def _server(row: sqlite3.Row) -> Server:
    return Server(**{**dict(row), "config": json.loads(row["config"])})


def _account(row: sqlite3.Row) -> Account:
    return Account(**{**dict(row), "data": json.loads(row["data"])})


def _token(row: sqlite3.Row) -> Token:
    return Token(**{**dict(row), "data": json.loads(row["data"])})


def _object(row: sqlite3.Row) -> Object:
    return Object(**{**dict(row), "record": json.loads(row["record"]), "media": json.loads(row["media"])})


def _media(row: sqlite3.Row) -> Media:
    return Media(**{**dict(row), "meta": json.loads(row["meta"])})


def _request(value: JSON) -> Request:
    return Request(
        **{
            **value,
            "query": tuple((name, text) for name, text in value["query"]),
            "body": base64.b64decode(value["body"]),
        }
    )
