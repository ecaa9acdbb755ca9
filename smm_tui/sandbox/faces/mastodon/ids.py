"""Identifiers as the servers make them: in order of time."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.sandbox.faces.mastodon.call import Call

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id(call: Call, instant: Instant) -> str:
    """A snowflake (Mastodon) or a ULID (GoToSocial) of an instant."""
    if not call.flavour.ulids:
        return str((instant << 16) | (call.world.sequence("snowflake") & 0xFFFF))
    # The sequence stands before the random part, so that ids of one millisecond keep their order.
    noise = int.from_bytes(call.world.entropy("ulid")[:6], "big")
    number = (instant << 80) | (call.world.sequence("ulid") << 48) | noise
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -5, -5))
