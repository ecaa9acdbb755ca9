"""How plan files spell single values; shared by all formats, so that a cell reads like a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, time

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.plan_document import Base, CardRef, MediaRef, PollRef
from smm_tui.i18n import _

NONE = "none"
"""Says that there is none, where saying nothing would mean the default."""
SHOWN_DIGITS = 16
"""Hexadecimal digits of a file's SHA-256 that are written; reading takes any number from 8 up."""
FOLDS = ("first", "second")

_ITEM = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)')
_DIGITS = re.compile(r"[0-9a-f]{8,64}")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s+(first|second))?")
_POLL = re.compile(r"(?:(\d{1,7}) ?(h|min|s)( several)?: ?)?(.*)", re.DOTALL)
_UNITS = {"h": 3600, "min": 60, "s": 1}
_BASE = re.compile(r"([0-9a-f]+)(?:\s+([0-9a-f]+))?")
_DATE = re.compile(r"(\d{4})(?:-|/|\.\s*)(\d{1,2})(?:-|/|\.\s*)(\d{1,2})\.?")


def shown(text: str) -> str:
    """Foreign text within a sentence."""
    return clip(inert(text), 60)


def write_value(value: str) -> str:
    """One line for any text: as it is, or as a JSON string where spaces at its ends or line ends would get lost."""
    plain = value == value.strip() and not value.startswith('"') and "\n" not in value and "\r" not in value
    return value if plain and value not in ("", NONE) else json.dumps(value, ensure_ascii=False)


def read_value(words: str) -> str:
    """What `write_value` wrote, or what somebody typed."""
    words = words.strip()
    if words.startswith('"'):
        try:
            value = json.loads(words, strict=False)
        except ValueError as error:
            raise InvalidInput(_("The quotation {words} does not end well.").format(words=shown(words))) from error
        if isinstance(value, str):
            return value
    return words


def write_list(items: Iterable[str]) -> str:
    """Values with commas between them."""
    return ", ".join(
        json.dumps(item, ensure_ascii=False) if "," in item else write_value(item) for item in items
    ) or NONE  # fmt: skip


def read_list(words: str) -> tuple[str, ...]:
    """The values of a list; ``none`` is the empty one."""
    words = words.strip()
    if not words or words.casefold() == NONE:
        return ()
    found, position = [], 0
    while position < len(words):
        match = _ITEM.match(words, position)
        if match is None:
            raise InvalidInput(_("The list {words} cannot be read.").format(words=shown(words)))
        if match[1].strip():
            found.append(read_value(match[1]))
        position = match.end()
    return tuple(found)


def write_media(item: MediaRef) -> str:
    """``0a1b2c3d4e5f6071 bread.jpg :: what it shows``."""
    name = " ".join(item.name.replace("::", ":").split())
    return " ".join(
        [item.sha256[:SHOWN_DIGITS], *([name] if name else []), *(["::", write_value(item.alt)] if item.alt else [])]
    )


def read_media(words: str) -> MediaRef:
    """What `write_media` wrote; only the hash and the description count."""
    head, _sign, alt = words.partition("::")
    digits, _space, name = head.strip().partition(" ")
    if not _DIGITS.fullmatch(digits):
        raise InvalidInput(
            _("“{words}” names no stored file: give the first digits of its SHA-256.").format(words=shown(words)),
            field="media",
        )
    return MediaRef(digits, read_value(alt), name.strip())


def write_poll(poll: PollRef) -> str:
    """``24 h: Rye, Wheat``, with ``several`` where several answers may be chosen."""
    unit = next(unit for unit, seconds in _UNITS.items() if poll.seconds % seconds == 0)
    several = " several" if poll.multiple else ""
    return f"{poll.seconds // _UNITS[unit]} {unit}{several}: {write_list(poll.options)}"


def read_poll(words: str) -> PollRef | None:
    """What `write_poll` wrote, or only the answers: then it is open for a day. ``none`` or nothing: no poll."""
    match = _POLL.fullmatch(words.strip())
    if match is None:
        return None
    options = read_list(match[4])
    seconds = int(match[1]) * _UNITS[match[2]] if match[1] else 24 * 3600
    return PollRef(options, seconds, match[3] is not None) if options else None


def write_card(card: CardRef) -> str:
    """Address, title and description of a link's card."""
    if not card.title and not card.description:
        return write_list([card.url])
    return write_list([card.url, card.title] + ([card.description] if card.description else []))


def read_card(words: str) -> CardRef | None:
    """What `write_card` wrote; ``none`` or nothing: no card."""
    parts = read_list(words)
    if len(parts) > 3:
        raise InvalidInput(
            _("A link card is an address, a title and a description; put those with commas in double quotes."),
            field="card",
        )
    return CardRef(*parts) if parts else None


def write_base(base: Base) -> str:
    """What a post was when it was written: the hash of all of it, and of each field."""
    return f"{base.content_hash} {base.fields}".rstrip()


def read_base(words: str, line: int) -> Base:
    """What `write_base` wrote."""
    match = _BASE.fullmatch(words.strip())
    if match is None:
        raise InvalidInput(_("“{line}” is not a post with its hash.").format(line=shown(words)))
    return Base(match[1], line, match[2] or "")


def write_clock(clock: time, fold: int | None) -> str:
    """``09:00``, with seconds where there are any, and with ``first`` or ``second`` where the time exists twice."""
    return f"{clock:%H:%M:%S}".removesuffix(":00") + ("" if fold is None else f" {FOLDS[fold]}")


def read_clock(words: str) -> tuple[time, int | None]:
    """A time of day, and which one of two."""
    match = _CLOCK.fullmatch(words.strip())
    try:
        if match is not None:
            clock = time(int(match[1]), int(match[2]), int(match[3] or 0))
            return clock, FOLDS.index(match[4]) if match[4] else None
    except ValueError:
        pass
    raise InvalidInput(_("“{words}” is not a time of day such as 18:00.").format(words=shown(words)), field="at")


def read_date(words: str) -> date:
    """A day, as ISO 8601 writes it or as spreadsheets do."""
    match = _DATE.fullmatch(words.strip())
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise InvalidInput(_("“{words}” is not a day such as 2026-12-24.").format(words=shown(words)), field="at")


def read_id(words: str) -> int:
    """The number of a post."""
    number = words.strip().lstrip("#")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise InvalidInput(_("“{words}” is not the number of a post.").format(words=shown(words)), field="post")
    return int(number)
