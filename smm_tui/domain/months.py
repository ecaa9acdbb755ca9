"""Months as people name them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _


def month_of(words: str) -> date:
    """The first day of a month such as ``2026-12``; InvalidInput on ``month``."""
    plain = words.strip()
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", plain) and plain[:4] != "0000":
        return date.fromisoformat(f"{plain}-01")
    raise InvalidInput(
        _("“{words}” is not a month.").format(words=clip(inert(words), 20)), _("Write it as 2026-12."), field="month"
    )


def following(first: date) -> date:
    """The first day of the month after the one that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def last_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return following(first) - timedelta(days=1)
