"""What becomes of a post whose time has passed unsent. Never: sending it in silence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _

PUNCTUAL: Instant = MINUTE
"""Plans are made in minutes: what goes out within its minute is on time."""


@dataclass(frozen=True, slots=True)
class LateRule:
    """``skip``: let it go; ``ask``: a person decides; ``send``: still good for `minutes`."""

    kind: str
    minutes: int = 0

    def __str__(self) -> str:
        return f"send:{self.minutes}" if self.kind == "send" else self.kind

    def overdue(self, due: Instant, now: Instant) -> bool:
        """Whether it is too late to send by itself."""
        return now - due > (max(self.minutes * MINUTE, PUNCTUAL) if self.kind == "send" else PUNCTUAL)

    @property
    def asks(self) -> bool:
        """Whether a person must answer once it is overdue."""
        return self.kind != "skip"


def late_rule(text: str) -> LateRule:
    """Read ``skip``, ``ask`` or ``send:MINUTES``."""
    word = text.strip().casefold()
    if word in ("skip", "ask"):
        return LateRule(word)
    if match := re.fullmatch(r"send:(\d{1,5})", word):
        return LateRule("send", int(match[1]))
    raise InvalidInput(
        _("“{text}” is not a rule for lateness.").format(text=text),
        _("Use skip, ask, or send:MINUTES, for example send:180."),
        field="late",
    )
