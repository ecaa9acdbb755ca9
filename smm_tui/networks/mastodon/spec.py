"""Mastodon and the servers that speak its API: what is true of them before and after the first call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules
from smm_tui.networks.shape import number, text

TITLE = "Mastodon"

# `facts["software"]`: whose code answers, as far as it matters for publishing.
MASTODON = "mastodon"  # honours Idempotency-Key; ids and counting as Mastodon's own
GOTOSOCIAL = "gotosocial"  # counts code points, links at full length; ignores the key
OTHER = "other"  # compatible, unexamined: nothing is taken for granted

_KEY_WINDOW = 55 * 60.0  # the server forgets a key after an hour
_SETTLE = 10.0  # its key is stored only after the post is: a repeat must not overtake the first try

_CAPABILITIES = frozenset(
    {
        Capability.TEXT,
        Capability.IMAGE,
        Capability.VIDEO,
        Capability.ALBUM,
        Capability.THREAD,
        Capability.ALT_TEXT,
        Capability.CONTENT_WARNING,
        Capability.LANGUAGE,
        Capability.DELETE,
        Capability.READ_BACK,
    }
)
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_VIDEO_TYPES = frozenset({"video/mp4", "video/webm", "video/quicktime"})


def software_of(version: str, source_url: str, api_level: object) -> str:
    """Whose code answers, from what ``/api/v2/instance`` says of itself; OTHER when in doubt."""
    if "gotosocial" in f"{version} {source_url}".lower():
        return GOTOSOCIAL
    if re.search(r"compatible|really|pleroma|akkoma|pixelfed|friendica", version, re.IGNORECASE):
        return OTHER
    if type(api_level) is int or "github.com/mastodon/mastodon" in source_url:
        return MASTODON
    return OTHER


def rules(facts: Mapping[str, Any]) -> Rules:
    """Limits and identity of one server; Mastodon's limits stand in for what it did not say.

    An account that was never checked has Mastodon's limits, but no repeat is taken for harmless there.
    """
    software = text(facts, "software")
    types = facts.get("mime_types")
    mime_types = (
        frozenset(t for t in types if isinstance(t, str)) if isinstance(types, list) else frozenset()
    ) or _IMAGE_TYPES | _VIDEO_TYPES
    like_mastodon = software in (MASTODON, "")
    return Rules(
        limits=Limits(
            characters=number(facts, "characters", 5000 if software == GOTOSOCIAL else 500),
            count="mastodon" if like_mastodon else "codepoints",
            images=number(facts, "images", 4),
            image_bytes=number(facts, "image_bytes", 16 * 1024 * 1024),
            image_pixels=number(facts, "image_pixels", 33_177_600),
            video_bytes=number(facts, "video_bytes", 103_809_024),
            alt_characters=number(facts, "alt_characters", 1500),
            mime_types=mime_types,
            url_characters=number(facts, "url_characters", 23) if like_mastodon else None,
        ),
        identity=IdentityRule(
            repeat_window=_KEY_WINDOW if software == MASTODON else None, settle=_SETTLE, absence_proves=True
        ),
        capabilities=_CAPABILITIES,
    )


SPEC = NetworkSpec(
    name="mastodon",
    title=TITLE,
    glyph="Ma",
    default_server="",
    credentials=(
        CredentialField(
            name="token",
            label=N_("Access token"),
            help=N_("From Preferences > Development of the account."),
        ),
    ),
    rules=rules,
    new_identity=new_uuid,
    prepare_help=N_(
        "Log in on the server's web site as the account that shall post. Open Preferences > Development > "
        "New application, tick read and write, save it, open it again and copy “Your access token”."
    ),
)
