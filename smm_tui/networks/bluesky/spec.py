"""Bluesky (AT Protocol): what is true of it before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_tid
from smm_tui.i18n import N_
from smm_tui.networks.page import ProfileField, ProfileRules
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Bluesky"
LABELS = ("sexual", "nudity", "porn", "graphic-media")  # the self labels that its apps act upon

_FOREVER = 10 * 365 * 24 * 3600.0

# A record is named by its key: putting the same record there again changes nothing, and the account's own server says
# at once whether a key is taken.
_IDENTITY = IdentityRule(repeat_window=_FOREVER, settle=0.0, absence_proves=True)
_EVERYWHERE = frozenset(
    {
        Capability.TEXT,
        Capability.IMAGE,
        Capability.ALBUM,
        Capability.THREAD,
        Capability.ALT_TEXT,
        Capability.CONTENT_WARNING,
        Capability.LABELS,
        Capability.LANGUAGE,
        Capability.DELETE,
        Capability.READ_BACK,
        Capability.LINK_CARD,
        Capability.FIRST_COMMENT,
        Capability.PIN,
        Capability.COMMENTS,
        Capability.MENTIONS,
        Capability.REPLY,
        Capability.LIKE,
        Capability.HIDE,
        Capability.BAN,
        Capability.MUTE,
        Capability.REPORT,
        Capability.PROFILE_READ,
        Capability.PROFILE_WRITE,
        Capability.POST_METRICS,
        Capability.PAGE_METRICS,
    }
)
_MESSAGES = frozenset({Capability.MESSAGES, Capability.MESSAGE_REPLY})
_VIDEO = frozenset({Capability.VIDEO})
_PROFILE = ProfileRules(
    lengths={ProfileField.NAME: 64, ProfileField.DESCRIPTION: 256},
    writable=frozenset(
        {
            ProfileField.NAME,
            ProfileField.DESCRIPTION,
            ProfileField.WEBSITE,
            ProfileField.AVATAR,
            ProfileField.COVER,
        }
    ),
    picture_bytes=1_000_000,
    mime_types=frozenset({"image/jpeg", "image/png"}),
)


def rules(facts: Mapping[str, Any]) -> Rules:
    """What the lexicons say, without what the last check found closed: direct messages, the video service."""
    video = facts.get("video") is not False
    pictures = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
    return Rules(
        limits=Limits(
            characters=300,
            count="graphemes",
            bytes=3000,
            images=4,
            image_bytes=2_000_000,
            video_bytes=300_000_000 if video else None,
            alt_characters=2000,
            mime_types=pictures | {"video/mp4"} if video else pictures,
        ),
        identity=_IDENTITY,
        capabilities=_EVERYWHERE
        | (_MESSAGES if facts.get("messages") is not False else frozenset())
        | (_VIDEO if video else frozenset()),
    )


def profile(facts: Mapping[str, Any]) -> ProfileRules:
    """The fields of the profile record."""
    del facts
    return _PROFILE


def labels_of(content_warning: str, labels: tuple[str, ...] = ()) -> list[str]:
    """The self labels of a post; a content warning that is one of LABELS is such a label too."""
    warning = content_warning.strip().casefold()
    return list(dict.fromkeys([*labels, *([warning] if warning in LABELS else [])]))


def shown_text(text: str, content_warning: str) -> str:
    """The text that is published. Bluesky has no free content warnings: other ones stand on the first line."""
    warning = content_warning.strip()
    if not warning or warning.casefold() in LABELS:
        return text
    return f"CW: {warning}\n\n{text}" if text else f"CW: {warning}"


SPEC = NetworkSpec(
    name="bluesky",
    title=TITLE,
    glyph="Bs",
    default_server="https://bsky.social",
    credentials=(
        CredentialField(
            name="app_password",
            label=N_("App password"),
            help=N_("Four groups of four characters; never the account's main password."),
        ),
    ),
    rules=rules,
    new_identity=new_tid,
    shared_people=True,
    prepare_help=N_(
        "Log in on bsky.app as the account that shall post. Open Settings > Privacy and security > App passwords > "
        "Add app password, give it a name, tick Allow access to your direct messages if those shall be read and "
        "answered here, and copy it: it is shown once."
    ),
    counted=shown_text,
    profile=profile,
    notes=(
        N_("Posts cannot be changed: delete one and publish it again."),
        N_("Other people's comments cannot be deleted, only hidden below your own posts (300 for each post)."),
        N_("A direct message that was sent can be removed from your own view only."),
    ),
)
