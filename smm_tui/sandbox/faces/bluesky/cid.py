"""Content identifiers (CIDv1, SHA-256) and record keys as the AT Protocol computes them."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

_DAG_CBOR = 0x71
_RAW = 0x55
_CID = re.compile(r"b[a-z2-7]{58}")
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def _cid(codec: int, content: bytes) -> str:
    raw = bytes((0x01, codec, 0x12, 0x20)) + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


def cid_of_blob(content: bytes) -> str:
    """The identifier of raw bytes."""
    return _cid(_RAW, content)


def cid_of_record(record: Any) -> str:
    """The identifier of a record in its JSON form. ValueError when it cannot be one."""
    return _cid(_DAG_CBOR, dag_cbor(record))


def is_cid(text: object) -> bool:
    """Whether a text is an identifier of the kind made here."""
    return isinstance(text, str) and _CID.fullmatch(text) is not None


def is_tid(text: object) -> bool:
    """Whether a text is a timestamp identifier."""
    return isinstance(text, str) and _TID.fullmatch(text) is not None


def tid(microseconds: int, clock_id: int) -> str:
    """The timestamp identifier of a time since 1970; `clock_id` below 1024 tells apart those of one microsecond."""
    number = (microseconds << 10) | (clock_id & 1023)
    return "".join(_TID_ALPHABET[number >> shift & 31] for shift in range(60, -5, -5))


def dag_cbor(value: Any) -> bytes:
    """The canonical bytes of a JSON value; ``$link`` and ``$bytes`` objects become links and byte strings."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case str():
            text = value.encode("utf-8", "strict")
            return _head(3, len(text)) + text
        case list():
            return _head(4, len(value)) + b"".join(map(dag_cbor, value))
        case {"$link": str(link), **rest} if not rest:
            if not is_cid(link):
                raise ValueError("not a CID")
            padded = link[1:].upper() + "=" * (-len(link[1:]) % 8)
            raw = b"\x00" + base64.b32decode(padded)
            return b"\xd8\x2a" + _head(2, len(raw)) + raw
        case {"$bytes": str(text), **rest} if not rest:
            raw = base64.b64decode(text + "=" * (-len(text) % 4))
            return _head(2, len(raw)) + raw
        case dict():
            keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
            return _head(5, len(keys)) + b"".join(dag_cbor(key) + dag_cbor(value[key]) for key in keys)
        case _:
            raise ValueError(f"a record cannot hold a {type(value).__name__}")


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes(((major << 5) | number,))
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes(((major << 5) | extra,)) + number.to_bytes(size, "big")
    raise ValueError("an integer is too large")
