"""Names nobody else will choose: of rows, intents and Bluesky records."""

from __future__ import annotations

import os
import re
import threading
import time

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}", re.ASCII)
_CLOCK_BITS = 10

_lock = threading.Lock()
_last_us = 0  # the one process-wide memory a strictly rising sequence needs


def new_uuid() -> str:
    """A random UUID (version 4), as 32 hexadecimal digits."""
    import uuid  # 5 ms that a mere look at the calendar does not need

    return uuid.uuid4().hex


def new_tid(now_us: int | None = None) -> str:
    """A timestamp identifier of the AT Protocol: 13 characters that sort by time, strictly rising in this process.

    `now_us` is in microseconds since 1970 UTC. The low bits are random, so that two processes do not collide.
    """
    global _last_us
    with _lock:
        _last_us = max(now_us if now_us is not None else time.time_ns() // 1000, _last_us + 1)
        moment = _last_us
    clock = int.from_bytes(os.urandom(2), "big") % (1 << _CLOCK_BITS)
    value = (moment << _CLOCK_BITS | clock) & ((1 << 63) - 1)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def is_tid(text: str) -> bool:
    """Whether a text has the form of a TID."""
    return _TID.fullmatch(text) is not None
