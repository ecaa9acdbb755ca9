"""What a world consists of, as values."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from smm_tui.domain.clock import Instant
from smm_tui.sandbox.http import JSON

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


def server_of(row: sqlite3.Row) -> Server:
    """The server in a row of its table."""
    return Server(**{**dict(row), "config": json.loads(row["config"])})


def account_of(row: sqlite3.Row) -> Account:
    """The account in a row of its table."""
    return Account(**{**dict(row), "data": json.loads(row["data"])})


def token_of(row: sqlite3.Row) -> Token:
    """The token in a row of its table."""
    return Token(**{**dict(row), "data": json.loads(row["data"])})


def object_of(row: sqlite3.Row) -> Object:
    """The object in a row of its table."""
    return Object(**{**dict(row), "record": json.loads(row["record"]), "media": json.loads(row["media"])})


def media_of(row: sqlite3.Row) -> Media:
    """The media in a row of its table."""
    return Media(**{**dict(row), "meta": json.loads(row["meta"])})
