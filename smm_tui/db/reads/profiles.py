"""Pages as they were live, and how they shall look."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class LiveRow(NamedTuple):
    """A page as it was live at `at`; `error_message`: why the last look failed."""

    account_id: int
    live: dict[str, Any]
    at: Instant | None
    error_message: str
    ticked: list[str]


class WishRow(NamedTuple):
    """How a page shall look. `before` and `after`: as it was live around the change."""

    id: int
    account_id: int
    wanted: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    due_at: Instant | None
    until_at: Instant | None
    state: str
    reverts: int | None
    error_message: str
    error_hint: str
    actor: str
    identity: str
    created_at: Instant
    first_sent_at: Instant | None
    applied_at: Instant | None
    next_try_at: Instant | None
    tries: int


_WISH = """
    SELECT id, account_id, wanted, before, after, due_at, until_at, state, reverts, error_message, error_hint, actor,
        identity, created_at, first_sent_at, applied_at, next_try_at, tries FROM profile_wish
"""
RUNNING = "('wanted', 'sending')"


def _wish(number: int, account_id: int, wanted: str, before: str | None, after: str | None, *more: Any) -> WishRow:
    return WishRow(number, account_id, json.loads(wanted), _page(before), _page(after), *more)


def _page(value: str | None) -> dict[str, Any] | None:
    shown: dict[str, Any] | None = None if value is None else json.loads(value)
    return shown


def live(db: Database, account_id: int) -> LiveRow | None:
    """What is known of a page; None: it was never looked at."""
    return db.one(
        lambda number, live, at, error, ticked: LiveRow(number, json.loads(live), at, error, json.loads(ticked)),
        "SELECT account_id, live, at, error_message, ticked FROM page_profile WHERE account_id = ?",
        (account_id,),
    )


def wishes(db: Database, account_id: int) -> list[WishRow]:
    """All that was ever wanted of a page, in the order in which it was or will be brought about."""
    return db.rows(
        _wish,
        _WISH + "WHERE account_id = ? ORDER BY coalesce(applied_at, due_at, 9223372036854775807), id",
        (account_id,),
    )


def wish(db: Database, wish_id: int) -> WishRow | None:
    """One of them."""
    return db.one(_wish, _WISH + "WHERE id = ?", (wish_id,))
