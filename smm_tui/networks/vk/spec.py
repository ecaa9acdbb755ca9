"""VK communities: what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "VK"

COMMUNITY = "community"  # the two kinds of token an account may have
USER = "user"

_GUID_WINDOW = 3500.0  # VK knows a guid for an hour
_SETTLE = 10.0  # a repeat must not overtake the first try
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
_VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})


def rules(facts: Mapping[str, Any]) -> Rules:
    """What the account's tokens allow, as the last check found it; everything for one that was never checked.

    VK has no threads: a text that is too long must be shortened.
    """
    checked = "posts_as" in facts

    def can(what: str) -> bool:
        return not checked or facts.get(what) is True

    reads, photos, videos = can("reads"), can("photos"), can("videos")
    capabilities = {Capability.TEXT}
    if photos:
        capabilities |= {Capability.IMAGE, Capability.ALBUM}
    if videos:
        capabilities.add(Capability.VIDEO)
    if reads:
        capabilities.add(Capability.READ_BACK)
    if not checked or facts["posts_as"] == USER:
        capabilities.add(Capability.DELETE)
    return Rules(
        limits=Limits(
            characters=16_384,
            count="codepoints",
            images=10 if photos or videos else 0,
            image_bytes=50_000_000,
            image_pixels=7_000 * 7_000,  # width and height together are at most 14,000
            video_bytes=2_000_000_000 if videos else None,
            mixed=True,
            mime_types=(_IMAGE_TYPES if photos else frozenset()) | (_VIDEO_TYPES if videos else frozenset()),
        ),
        # Reading back needs a user token. Without it the guid alone makes a repeat harmless, for its hour.
        identity=IdentityRule(repeat_window=_GUID_WINDOW, settle=_SETTLE, absence_proves=reads, can_read_back=reads),
        capabilities=frozenset(capabilities),
    )


def shown_text(text: str, content_warning: str) -> str:
    """The text that is published. VK has no content warnings: they stand on the first line."""
    warning = content_warning.strip()
    if not warning:
        return text
    return f"CW: {warning}\n\n{text}" if text else f"CW: {warning}"


SPEC = NetworkSpec(
    name="vk",
    title=TITLE,
    glyph="VK",
    default_server="https://api.vk.com",
    credentials=(
        CredentialField(
            name="token",
            label=N_("Community token"),
            help=N_("From Manage > API usage > Access tokens of the community, with the rights wall and photos."),
        ),
        CredentialField(
            name="user_token",
            label=N_("User token"),
            optional=True,
            help=N_(
                "Of a standalone application, with the rights wall, photos, video, groups and offline. Without it "
                "only text is published, and it cannot be read back."
            ),
        ),
    ),
    rules=rules,
    new_identity=new_uuid,
    prepare_help=N_(
        "Open the community on vk.com as its administrator: Manage > API usage > Create token, tick community "
        "management, photos and wall, confirm and copy the token. Pictures, videos and reading back need a second "
        "token, that of an administrator of the community: open oauth.vk.com/authorize with the id of a standalone "
        "application of yours, response_type=token and scope=wall,photos,video,groups,offline, agree, and copy "
        "access_token from the address that follows. Tokens made by VK ID do not serve: VK lets them post nothing."
    ),
    counted=shown_text,
)
