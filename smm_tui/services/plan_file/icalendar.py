"""A plan as a calendar that any calendar program opens (RFC 5545): an event a post, times in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from smm_tui.domain.clock import Instant, to_datetime

FOLD = 75
"""Octets of a line without its end (RFC 5545, 3.1)."""
_TENTATIVE = frozenset({"draft", "planned"})


class Event(NamedTuple):
    """A post in a calendar. `uid` never changes; `revision` grows with every change."""

    uid: str
    at: Instant
    changed_at: Instant
    revision: int
    summary: str
    description: str
    category: str
    state: str


def write(title: str, events: Iterable[Event]) -> str:
    """The file, with the line ends its format asks for."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smm-tui//content plan//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(title)}",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) + "\r\n" for line in lines)


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.revision}"
    yield f"DTSTART:{_utc(event.at)}"
    yield "DURATION:PT15M"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield f"CATEGORIES:{escaped(event.category)}"
    yield f"STATUS:{'TENTATIVE' if event.state in _TENTATIVE else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A TEXT value: control characters have no place in one, the special ones are marked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text if char in "\n\t" or (char >= " " and char != "\x7f"))
    for char in ("\\", ";", ","):
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    """A line cut to what the format allows, never within a character."""
    pieces, piece, room = [], bytearray(), FOLD
    for char in line:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            pieces.append(piece.decode())
            piece, room = bytearray(), FOLD - 1  # the space that marks a continued line counts
        piece += octets
    return "\r\n ".join([*pieces, piece.decode()])


def _utc(instant: Instant) -> str:
    return f"{to_datetime(instant):%Y%m%dT%H%M%SZ}"
