"""Reading JSON from strangers: every reader takes anything and gives the type asked for, or WrongShape.

Servers differ: numbers come as strings, optional fields are absent or null, new fields appear. What is not needed is
never looked at; what is needed and unusable is one clean error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.errors import Transient
from smm_tui.i18n import _


class WrongShape(Transient):
    """An answer that is JSON but not what its network's API promises; an unsafe call turns it into Ambiguous."""

    def __init__(self, what: str, *, status: int = 200) -> None:
        super().__init__(
            _("The server's answer has an unknown form ({what}).").format(what=what),
            _("It may run a version this program does not know, or another program altogether."),
            status=status,
        )


def an_object(value: Any, what: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise WrongShape(what)
    return value


def a_list(value: Any, what: str) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise WrongShape(what)
    return value


def an_id(values: Mapping[str, Any], key: str) -> str:
    """A required, non-empty, printable word without spaces: an id or token; whole numbers count as their digits."""
    value = values.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        value = str(value)
    if not isinstance(value, str) or not value or not value.isprintable() or any(map(str.isspace, value)):
        raise WrongShape(key)
    return value


def text(values: Mapping[str, Any], key: str) -> str:
    """A string, empty when it is absent or something else."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def number(values: Mapping[str, Any], key: str, default: int) -> int:
    """A positive whole number, also when it came as a string; else `default`."""
    value = values.get(key)
    if isinstance(value, str) and len(value) <= 18 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        return default
    return value


def objects(values: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of an optional array; whatever else stands in it is passed over."""
    value = values.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inner(values: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """An optional object inside objects; empty when any step is missing."""
    current: Any = values
    for key in path:
        current = current.get(key) if isinstance(current, dict) else None
    return current if isinstance(current, dict) else {}
