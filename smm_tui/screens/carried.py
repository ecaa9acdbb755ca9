"""What a post carries beside text and files, in few words."""

from __future__ import annotations

from collections.abc import Iterator

from smm_tui.i18n import _, ngettext
from smm_tui.services.extras import Extras

HOUR = 3600
"""Seconds."""


def summary(extras: Extras) -> Iterator[tuple[str, str]]:
    """What is carried, as labels and words."""
    if extras.poll is not None:
        kind = _("several answers") if extras.poll.multiple else _("one answer")
        hours = extras.poll.seconds // HOUR
        open_for = ngettext("{count} hour", "{count} hours", hours).format(count=hours)
        yield _("poll"), f"{' | '.join(extras.poll.options)}  ({open_for}, {kind})"
    if extras.card is not None:
        parts = (extras.card.url, extras.card.title, extras.card.description)
        yield _("link card"), "  ".join(part for part in parts if part)
    if extras.first_comment:
        yield _("first comment"), extras.first_comment
