"""Instagram professional accounts (Graph API, by way of their Page): what is true before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.meta.rights import SERVER, Right, remaining
from smm_tui.networks.page import ProfileRules
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Instagram"

PUBLISH = "instagram_content_publish"  # the permissions
COMMENTS = "instagram_manage_comments"
INSIGHTS = "instagram_manage_insights"
BASIC = "instagram_basic"

IMAGE_TYPES = frozenset({"image/jpeg"})
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})
HASHTAGS = 30  # in one caption
HANDLES = 20

_CONTAINER_LIFE = 24 * 3600.0  # seconds
_SETTLE = 10.0  # what was published may be missing among the media for so long

_LIMITS = Limits(
    characters=2200,
    count="utf16",
    images=10,
    image_bytes=8_000_000,
    video_bytes=300_000_000,
    mixed=True,
    alt_characters=1000,
    mime_types=IMAGE_TYPES | VIDEO_TYPES,
    hashtags=HASHTAGS,
    handles=HANDLES,
)
_PICTURES = frozenset({Capability.IMAGE, Capability.ALT_TEXT})
_CONVERSING = frozenset(
    {
        Capability.COMMENTS,
        Capability.MENTIONS,
        Capability.REPLY,
        Capability.FIRST_COMMENT,
        Capability.HIDE,
        Capability.DELETE_OTHERS,
    }
)
_FIGURES = frozenset({Capability.POST_METRICS, Capability.PAGE_METRICS})
_CAPABILITIES = (
    _PICTURES
    | _CONVERSING
    | _FIGURES
    | {
        Capability.VIDEO,
        Capability.ALBUM,
        Capability.DELETE,
        Capability.READ_BACK,
        Capability.PROFILE_READ,
    }
)
RIGHTS = (
    Right(BASIC, N_("cannot read the account")),
    Right(PUBLISH, N_("cannot publish")),
    Right(COMMENTS, N_("cannot read, answer, hide or delete comments"), _CONVERSING),
    Right(INSIGHTS, N_("cannot read figures"), _FIGURES),
)


def rules(facts: Mapping[str, Any]) -> Rules:
    """The limits are everyone's; pictures need a public place, which the last check looked for.

    A container is published once at most, so sending it again is harmless as long as it lives, and its status proves
    whether it was.
    """
    capabilities = remaining(_CAPABILITIES, RIGHTS, facts)
    if facts.get("public_media") is False:
        capabilities -= _PICTURES
    return Rules(
        limits=_LIMITS,
        identity=IdentityRule(repeat_window=_CONTAINER_LIFE, settle=_SETTLE, absence_proves=True),
        capabilities=capabilities,
    )


def shown_text(text: str, content_warning: str) -> str:
    """The caption. Instagram has no content warnings: they stand on the first line."""
    warning = content_warning.strip()
    if not warning:
        return text
    return f"CW: {warning}\n\n{text}" if text else f"CW: {warning}"


def profile(_facts: Mapping[str, Any]) -> ProfileRules | None:
    """Nothing of an Instagram profile can be written."""
    return None


SPEC = NetworkSpec(
    name="instagram",
    title=TITLE,
    glyph="Ig",
    default_server=SERVER,
    credentials=(
        CredentialField(
            name="token",
            label=N_("Access token of the linked Page, or of a person or system user who manages it"),
            help=N_("With the permissions that the preparation names."),
        ),
        CredentialField(
            name="app_secret",
            label=N_("App secret"),
            optional=True,
            help=N_("Only where the app's settings demand it, or to learn when the token ends."),
        ),
    ),
    rules=rules,
    new_identity=new_uuid,
    prepare_help=N_(
        "The account must be a professional one (business or creator) and linked to a Facebook Page: in the app, "
        "Settings > Account type, then Edit profile > Page. Make the token as for that Page (see Facebook), and tick "
        "pages_show_list, pages_read_engagement, instagram_basic, instagram_content_publish, "
        "instagram_manage_comments and instagram_manage_insights. Give the account's name as the handle. Instagram "
        "fetches pictures from a public address: name a WebDAV folder that anybody can read with "
        "`smm-tui media target set`, then check the account again. Videos need none."
    ),
    counted=shown_text,
    profile=profile,
    notes=(
        N_("No posts without a picture or video; pictures as JPEG only."),
        N_("Pictures are fetched from a public address of your own; they are removed there after publishing."),
        N_("A prepared post lives for 24 hours; about 50 to 100 posts in 24 hours are taken."),
        N_("Captions cannot be changed, and nothing is kept for later by Instagram itself."),
        N_("The profile can be read, not written."),
    ),
)
