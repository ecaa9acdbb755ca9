"""The signs this program draws, in two sets: one for UTF-8 terminals, one of plain ASCII. Each is one cell wide."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.domain.states import AccountState, State


class Glyphs(NamedTuple):
    """A set of signs; `state` is indexed by the words of domain.states, and those of ads.

    `ramp`: columns from empty to full, for a row of figures; `full` and `hollow`: a bar and what is left of it.
    """

    state: dict[str, str]
    marked: str  # a selected row
    ellipsis: str  # something is cut off here
    separator: str  # between parts of a line
    rule: str  # horizontal line
    bar: str  # vertical line
    running: str  # the worker works
    stopped: str
    alarm: str
    left: str
    right: str
    down: str
    ramp: str
    full: str
    hollow: str
    promoted: str  # an ad shows this post


UNICODE = Glyphs(
    state={
        State.DRAFT: "~",
        State.PLANNED: "·",
        State.APPROVED: "✓",
        State.ARMED: "»",
        State.SENDING: "↑",
        State.LIVE: "●",
        State.REJECTED: "✗",
        State.UNKNOWN: "?",
        State.MISSED: "!",
        State.HELD: "=",
        State.CANCELLED: "-",
        AccountState.OK: "✓",
        AccountState.AUTH: "✗",
        AccountState.PAUSED: "=",
        "submitted": "·",
        "scheduled": "»",
        "in_review": "○",
        "active": "●",
        "ended": "-",
        "gone": "!",
    },
    marked="•",
    ellipsis="…",
    separator="│",
    rule="─",
    bar="│",
    running="▸",
    stopped="■",
    alarm="!",
    left="◂",
    right="▸",
    down="▾",
    ramp=" ▁▂▃▄▅▆▇█",
    full="█",
    hollow="·",
    promoted="$",
)
ASCII = Glyphs(
    state={
        State.DRAFT: "~",
        State.PLANNED: ".",
        State.APPROVED: "+",
        State.ARMED: ">",
        State.SENDING: "^",
        State.LIVE: "*",
        State.REJECTED: "x",
        State.UNKNOWN: "?",
        State.MISSED: "!",
        State.HELD: "=",
        State.CANCELLED: "-",
        AccountState.OK: "+",
        AccountState.AUTH: "x",
        AccountState.PAUSED: "=",
        "submitted": ".",
        "scheduled": ">",
        "in_review": "o",
        "active": "*",
        "ended": "-",
        "gone": "!",
    },
    marked="*",
    ellipsis="~",
    separator="|",
    rule="-",
    bar="|",
    running=">",
    stopped="#",
    alarm="!",
    left="<",
    right=">",
    down="v",
    ramp=" _.-=+*%#",
    full="#",
    hollow=".",
    promoted="$",
)


def choose(ascii_only: bool) -> Glyphs:
    """The set for a terminal."""
    return ASCII if ascii_only else UNICODE
