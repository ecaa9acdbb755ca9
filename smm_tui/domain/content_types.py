"""Kinds of post. They take turns: only informing hides the offers, only selling drives people away."""

from __future__ import annotations

from dataclasses import dataclass

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import N_, _


@dataclass(frozen=True, slots=True)
class ContentType:
    """A kind of post: `glyph` marks it in the calendar, `late_rule` is what happens when it is overdue."""

    name: str
    title: str
    glyph: str
    late_rule: str


CONTENT_TYPES: dict[str, ContentType] = {
    kind.name: kind
    for kind in (
        ContentType("informational", N_("informational"), "i", "send:180"),
        # An offer that comes late may be wrong by then: a person decides.
        ContentType("selling", N_("selling"), "s", "ask"),
        ContentType("entertaining", N_("entertaining"), "f", "send:180"),
        ContentType("engaging", N_("engaging"), "e", "send:60"),
    )
}
SHORT = {"info": "informational", "sell": "selling", "fun": "entertaining", "engage": "engaging"}


def content_type(name: str) -> ContentType:
    """The kind of that name, short name or glyph."""
    word = name.strip().casefold()
    for kind in CONTENT_TYPES.values():
        if word in (kind.name, kind.glyph) or SHORT.get(word) == kind.name:
            return kind
    raise InvalidInput(
        _("There is no content type “{name}”.").format(name=name),
        _("Use one of: {names}.").format(names=", ".join(CONTENT_TYPES)),
        field="type",
    )
