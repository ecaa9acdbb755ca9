"""Lists of the Graph API: their items, their times and where they go on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from smm_tui.domain.clock import SECOND, Instant, to_instant
from smm_tui.networks import shape
from smm_tui.networks.ports import JSON

T = TypeVar("T")


def next_cursor(answer: Mapping[str, Any]) -> str:
    """The cursor of the next page, empty at the end. ``paging.next`` is never used: that address holds the token."""
    if not shape.inner(answer, "paging").get("next"):
        return ""
    return shape.text(shape.inner(answer, "paging", "cursors"), "after")


def listed(value: Any, read: Callable[[JSON], T]) -> tuple[list[T], str]:
    """What `read` makes of each item of a page, and the cursor of the next one.

    Items that cannot be read are left out: one changed field must not stop the rest.
    """
    answer = shape.an_object(value, "list")
    shape.a_list(answer.get("data"), "data")
    found = []
    for item in shape.objects(answer, "data"):
        with suppress(shape.WrongShape):
            found.append(read(item))
    return found, next_cursor(answer)


def moment(values: Mapping[str, Any], key: str) -> Instant:
    """A required time: ISO 8601 as the API writes it, or Unix seconds."""
    written = values.get(key)
    if isinstance(written, str) and not written.isdigit():
        try:
            found = datetime.fromisoformat(written)
            return to_instant(found if found.tzinfo else found.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            raise shape.WrongShape(key) from None
    seconds = shape.number(values, key, 0)
    if not 0 < seconds < 2**36:
        raise shape.WrongShape(key)
    return seconds * SECOND


def an_object(value: Any) -> JSON:
    """A node as it came."""
    return shape.an_object(value, "node")
