"""Checks of JSON values in the reference PDS's own words: what was expected, what came, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import regex

from smm_tui.sandbox.faces.bluesky.cid import is_cid, is_tid

Check = Callable[[Any, str], None]  # value and its place, such as ``$.record.langs[0]``

_TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}
_DATETIME = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,20})?(Z|[+-][0-2]\d:[0-5]\d)")
_DID = r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]"
_HANDLE = r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_NSID = r"[a-zA-Z][a-zA-Z0-9-]{0,62}(\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62})+\.[a-zA-Z][a-zA-Z0-9]{0,62}"
_KEY = r"(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,512}"
_GRAPHEME = regex.compile(r"\X")


class Misshapen(ValueError):
    """A value is not what it should be; the message says what and where."""


def shown(value: Any) -> str:
    """A value in a message: collections only by their first key."""
    if isinstance(value, dict) and value:
        return f"{{{json.dumps(next(iter(value)))}: ...}}"
    if isinstance(value, list) and value:
        return "[...]"
    return json.dumps(value, ensure_ascii=False)


def typed(value: Any, kind: type, at: str) -> None:
    """Refuse a value of another JSON type."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Misshapen(f"Expected {_TYPES[kind]} value type (got {shown(value)}) at {at}")


def fields(value: Any, at: str, required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> None:
    """Check an object: all required members, and the optional ones that it has."""
    typed(value, dict, at)
    for name, check in {**required, **(optional or {})}.items():
        if name in value:
            check(value[name], f"{at}.{name}")
        elif name in required:
            raise Misshapen(f'Missing required key "{name}" at {at}')


def string(most_bytes: int | None = None, most_graphemes: int | None = None) -> Check:
    """A text of limited length."""

    def check(value: Any, at: str) -> None:
        typed(value, str, at)
        size = len(value.encode())
        if most_bytes is not None and size > most_bytes:
            raise Misshapen(f"string too big (maximum {most_bytes}, got {size}) at {at}")
        if most_graphemes is not None and (count := len(_GRAPHEME.findall(value))) > most_graphemes:
            raise Misshapen(f"grapheme too big (maximum {most_graphemes}, got {count}) at {at}")

    return check


def formatted(name: str, fits: Callable[[str], object]) -> Check:
    """A text in a format, which `fits` recognises."""

    def check(value: Any, at: str) -> None:
        typed(value, str, at)
        if not fits(value):
            raise Misshapen(f"Invalid {name} (got {shown(value)}) at {at}")

    return check


def integer(least: int) -> Check:
    """A whole number from a least one."""

    def check(value: Any, at: str) -> None:
        typed(value, int, at)
        if value < least:
            raise Misshapen(f"integer too small (minimum {least}, got {value}) at {at}")

    return check


def array(item: Check, most: int | None = None) -> Check:
    """A list of limited length."""

    def check(value: Any, at: str) -> None:
        typed(value, list, at)
        if most is not None and len(value) > most:
            raise Misshapen(f"array too big (maximum {most}, got {len(value)}) at {at}")
        for number, member in enumerate(value):
            item(member, f"{at}[{number}]")

    return check


def union(members: Mapping[str, Check]) -> Check:
    """An object of one of several types; unions are open, so an unknown type passes as it is."""

    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("$type"), str):
            wanted = 'an object which includes the "$type" property'
            raise Misshapen(f"Expected {wanted} value type (got {shown(value)}) at {at}")
        if (known := members.get(value["$type"])) is not None:
            known(value, at)

    return check


def _is_datetime(text: str) -> bool:
    if _DATETIME.fullmatch(text) is None or text.endswith("-00:00"):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


date_time = formatted("datetime", _is_datetime)
language = formatted("language", re.compile(r"i|[a-z]{2,3}(-[A-Za-z0-9]{1,8})*").fullmatch)
uri = formatted("uri", re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+").fullmatch)
at_uri = formatted("at-uri", re.compile(rf"at://({_DID}|{_HANDLE})(/{_NSID}(/{_KEY})?)?").fullmatch)
did = formatted("DID", re.compile(_DID).fullmatch)
at_identifier = formatted("AT identifier", re.compile(f"{_DID}|{_HANDLE}").fullmatch)
nsid = formatted("NSID", re.compile(_NSID).fullmatch)
record_key = formatted("record key", re.compile(_KEY).fullmatch)
cid = formatted("CID string", is_cid)
tid = formatted("TID string", is_tid)
