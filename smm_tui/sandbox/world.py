"""The simulated world: servers, accounts, what is live on them, and what the networks remember of their callers."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from smm_tui.domain.clock import Clock, Instant, system_clock
from smm_tui.sandbox.things import (
    POST,
    Account,
    Media,
    Object,
    Server,
    Token,
    account_of,
    media_of,
    object_of,
    server_of,
    token_of,
)
from smm_tui.sandbox.traffic import Traffic


class World(Traffic):
    """One shared world in one file. Every method is one transaction, or part of the surrounding `transaction()`."""

    def __init__(self, path: Path | str, *, clock: Clock = system_clock, seed: int = 0) -> None:
        """Open the world, creating it when missing; `seed` fixes the ids and secrets of a new one."""
        super().__init__(Path(path), clock)
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO meta VALUES ('seed', ?)", (str(seed),))
            self.seed = int(db.execute("SELECT value FROM meta WHERE key = 'seed'").fetchone()[0])

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        rows = self.rows("SELECT * FROM servers WHERE host = ?", host)
        return server_of(rows[0]) if rows else None

    def servers(self) -> list[Server]:
        """All servers by host."""
        return [server_of(row) for row in self.rows("SELECT * FROM servers ORDER BY host")]

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
        rows = self.rows("SELECT * FROM accounts WHERE id = ?", account_id)
        if not rows:
            raise KeyError(account_id)
        return account_of(rows[0])

    def find_account(self, server: str, name: str) -> Account | None:
        """An account of a server by handle or remote id."""
        rows = self.rows("SELECT * FROM accounts WHERE server = ? AND ? IN (handle, remote_id)", server, name)
        return account_of(rows[0]) if rows else None

    def accounts(self, *, network: str | None = None, server: str | None = None) -> list[Account]:
        """Accounts in the order they were made."""
        rows = self.rows(
            "SELECT * FROM accounts WHERE network = coalesce(?, network) AND server = coalesce(?, server)"
            " ORDER BY id",
            network,
            server,
        )
        return [account_of(row) for row in rows]

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
        rows = self.rows("SELECT * FROM tokens WHERE value = ? AND server = ? AND kind = ?", value, server, kind)
        return token_of(rows[0]) if rows else None

    def tokens(self, account: Account, kind: str) -> list[Token]:
        """The secrets of an account, dead ones included."""
        rows = self.rows("SELECT * FROM tokens WHERE account_id = ? AND kind = ? ORDER BY value", account.id, kind)
        return [token_of(row) for row in rows]

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
        rows = self.rows("SELECT * FROM objects WHERE id = ?", number)
        if not rows:
            raise KeyError(number)
        return object_of(rows[0])

    def newest(self) -> int:
        """The number of the newest object: another one says that something was published."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM objects")[0][0])

    def find_object(self, server: str, kind: str, remote_id: str) -> Object | None:
        """A live object by its remote id."""
        rows = self.rows(
            "SELECT * FROM objects WHERE server = ? AND kind = ? AND remote_id = ? AND deleted_at IS NULL",
            server,
            kind,
            remote_id,
        )
        return object_of(rows[0]) if rows else None

    def objects(
        self, account: Account, kind: str = POST, *, before: str = "", after: str = "", ascending: bool = False
    ) -> Iterator[Object]:
        """The live objects of an account by `sort`, strictly between the bounds (empty: open), newest first."""
        order = "ASC" if ascending else "DESC"
        rows = self.rows(
            "SELECT * FROM objects WHERE account_id = ? AND kind = ? AND deleted_at IS NULL"  # noqa: S608
            f" AND (? = '' OR sort < ?) AND sort > ? ORDER BY sort {order}",
            account.id,
            kind,
            before,
            before,
            after,
        )
        return map(object_of, rows)

    def totals(self, account: Account, kind: str = POST) -> tuple[int, Instant | None]:
        """The number of live objects of a kind that an account has, and the latest date that they show."""
        count, latest = self.rows(
            "SELECT count(*), max(created_at) FROM objects WHERE account_id = ? AND kind = ? AND deleted_at IS NULL",
            account.id,
            kind,
        )[0]
        return int(count), latest

    def kinds(self, account: Account) -> list[str]:
        """The kinds of live objects that an account has."""
        rows = self.rows(
            "SELECT DISTINCT kind FROM objects WHERE account_id = ? AND deleted_at IS NULL ORDER BY kind", account.id
        )
        return [row[0] for row in rows]

    def replies(self, server: str, remote_id: str) -> list[Object]:
        """The live replies to an object, oldest first."""
        rows = self.rows(
            "SELECT * FROM objects WHERE server = ? AND reply_to = ? AND deleted_at IS NULL ORDER BY created_at, id",
            server,
            remote_id,
        )
        return [object_of(row) for row in rows]

    def due_objects(self, server: str, kind: str) -> list[Object]:
        """Live objects of a kind whose shown date has come, earliest first."""
        rows = self.rows(
            "SELECT * FROM objects WHERE server = ? AND kind = ? AND deleted_at IS NULL AND created_at <= ?"
            " ORDER BY created_at, id",
            server,
            kind,
            self.clock(),
        )
        return [object_of(row) for row in rows]

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
                self._release(db, item)
                self._attach(db, self.account(item.account_id), media, item.id)
            return self.object(item.id)

    def delete_object(self, item: Object) -> None:
        """Take an object down; its media are free again."""
        with self.transaction() as db:
            db.execute("UPDATE objects SET deleted_at = ? WHERE id = ?", (self.clock(), item.id))
            self._release(db, item)

    def live_posts(
        self, *, network: str | None = None, server: str | None = None, handle: str | None = None
    ) -> list[Object]:
        """Everything the public sees now, in the order in which the networks took it."""
        rows = self.rows(
            "SELECT o.* FROM objects o JOIN accounts a ON a.id = o.account_id"
            " WHERE o.kind = ? AND o.deleted_at IS NULL AND o.network = coalesce(?, o.network)"
            " AND o.server = coalesce(?, o.server) AND a.handle = coalesce(?, a.handle) ORDER BY o.stored_at, o.id",
            POST,
            network,
            server,
            handle,
        )
        return [object_of(row) for row in rows]

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
        rows = self.rows(
            "SELECT server, account_id, id, mime, size, description, meta, ready_at, attached_to, created_at"
            " FROM media WHERE account_id = ? AND id = ?",
            account.id,
            media_id,
        )
        return media_of(rows[0]) if rows else None

    def media_bytes(self, server: str, media_id: str) -> tuple[str, bytes] | None:
        """The type and bytes of a file, for anybody who knows its id."""
        rows = self.rows("SELECT mime, bytes FROM media WHERE server = ? AND id = ? LIMIT 1", server, media_id)
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

    def drop_media(self, account: Account, media: Sequence[str]) -> None:
        """Forget those files that nothing live holds any more."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM media WHERE account_id = ? AND id = ? AND attached_to IS NULL",
                [(account.id, media_id) for media_id in media],
            )

    @staticmethod
    def _release(db: sqlite3.Connection, item: Object) -> None:
        # A file that another live object holds as well goes over to that one.
        db.execute(
            "UPDATE media SET attached_to ="
            " (SELECT max(other.id) FROM objects AS other, json_each(other.media) AS held"
            " WHERE other.account_id = media.account_id AND other.deleted_at IS NULL AND held.value = media.id)"
            " WHERE attached_to = ?",
            (item.id,),
        )

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
        rows = self.rows(
            "SELECT object_id FROM idempotency WHERE account_id = ? AND key = ?"
            " AND created_at <= ? AND created_at > ? ORDER BY created_at DESC LIMIT 1",
            account.id,
            key,
            at,
            at - ttl,
        )
        return self.object(rows[0][0]) if rows else None
