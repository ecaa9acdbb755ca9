"""VK communities: what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.advertising import AdsRules, Cabinet
from smm_tui.networks.page import ProfileField, ProfileRules
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "VK"

COMMUNITY = "community"  # the two kinds of token an account may have
USER = "user"
ADS_CLIENT, ADS_SECRET = "ads_client_id", "ads_client_secret"

_GUID_WINDOW = 3500.0  # VK knows a guid for an hour
_SETTLE = 10.0  # a repeat must not overtake the first try
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
_VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})


_NEEDS: Mapping[str, frozenset[Capability]] = {
    "photos": frozenset({Capability.IMAGE, Capability.ALBUM}),
    "videos": frozenset({Capability.VIDEO}),
    "reads": frozenset({Capability.READ_BACK, Capability.COMMENTS, Capability.POST_METRICS}),
    "moderates": frozenset({Capability.LIKE, Capability.DELETE_OTHERS, Capability.RESTORE, Capability.REPORT}),
    "bans": frozenset({Capability.BAN, Capability.BAN_TERM}),
    "mentions": frozenset({Capability.MENTIONS}),
    "messages": frozenset({Capability.MESSAGES, Capability.MESSAGE_REPLY}),
    "manages": frozenset({Capability.PROFILE_WRITE}),
    "administers": frozenset({Capability.PROFILE_WRITE}),
}
"""What becomes possible by each fact that `rights` learns."""


def rules(facts: Mapping[str, Any]) -> Rules:
    """What the account's tokens allow, as the last check found it; everything for one that was never checked.

    VK has no threads: a text that is too long must be shortened.
    """
    can = _allowed(facts)
    reads, photos, videos = can("reads"), can("photos"), can("videos")
    capabilities = {Capability.TEXT, Capability.PROFILE_READ, Capability.PAGE_METRICS}
    capabilities.update(*(found for what, found in _NEEDS.items() if can(what)))
    if facts.get("answers_as", COMMUNITY if "posts_as" not in facts else ""):
        capabilities |= {Capability.FIRST_COMMENT, Capability.REPLY}
    if _has_cabinet(facts):
        capabilities.add(Capability.ADS)
    if facts.get("posts_as", USER) == USER:
        capabilities |= {Capability.DELETE, Capability.POLL, Capability.EDIT, Capability.PIN, Capability.SCHEDULE}
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


def profile_rules(facts: Mapping[str, Any]) -> ProfileRules:
    """What the account's tokens may change of the community's page. The lengths are from practice."""
    can = _allowed(facts)
    writable: set[ProfileField] = set()
    if can("manages"):
        writable |= {ProfileField.NAME, ProfileField.DESCRIPTION, ProfileField.WEBSITE, ProfileField.COVER}
    if can("administers"):
        writable |= {ProfileField.LINKS, ProfileField.AVATAR}
    return ProfileRules(
        lengths={ProfileField.NAME: 48, ProfileField.DESCRIPTION: 4000, ProfileField.WEBSITE: 255},
        writable=frozenset(writable),
        links=100,
        picture_bytes=50_000_000,
        mime_types=_IMAGE_TYPES,
    )


def ads_rules(facts: Mapping[str, Any]) -> AdsRules | None:
    """What ads can be, where the account has a cabinet in VK Реклама."""
    if not _has_cabinet(facts):
        return None
    from smm_tui.networks.vk.ads.words import ADS

    return ADS


def cabinet(facts: Mapping[str, Any]) -> Cabinet | None:
    """The account's cabinet in VK Реклама, as the last check learnt it."""
    if not _has_cabinet(facts):
        return None
    from smm_tui.networks.vk.ads.words import CURRENCY, TITLE, ZONE

    currency = str(facts.get("ads_currency") or CURRENCY)
    return Cabinet(str(facts.get("ads_cabinet", "")), TITLE, currency, str(ZONE), "active")


def _has_cabinet(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("ads_cabinet")) or "posts_as" not in facts


def _allowed(facts: Mapping[str, Any]) -> Callable[[str], bool]:
    checked = "posts_as" in facts
    return lambda what: not checked or facts.get(what) is True


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
            help=N_(
                "From Manage > API usage > Access tokens of the community, with the rights wall, messages and manage."
            ),
        ),
        CredentialField(
            name="user_token",
            label=N_("User token"),
            optional=True,
            help=N_(
                "Of a standalone application, with the rights wall, photos, video, groups, stats and offline. "
                "Without it only text is published, it cannot be read back, and comments cannot be read."
            ),
        ),
        CredentialField(
            name=ADS_CLIENT,
            label=N_("Advertising: application id"),
            optional=True,
            help=N_("From ads.vk.com, Settings > API access. Only for advertising."),
        ),
        CredentialField(
            name=ADS_SECRET,
            label=N_("Advertising: application secret"),
            optional=True,
            help=N_("Shown beside the id. Both open the advertising cabinet."),
        ),
    ),
    rules=rules,
    new_identity=new_uuid,
    shared_people=True,
    prepare_help=N_(
        "Open the community on vk.com as its administrator: Manage > API usage > Create token, tick community "
        "management, messages and wall, confirm and copy the token. Pictures, videos, reading back, comments, bans "
        "and statistics need a second token, that of an administrator of the community: open oauth.vk.com/authorize "
        "with the id of a standalone application of yours, response_type=token and "
        "scope=wall,photos,video,groups,stats,offline, agree, and copy access_token from the address that follows. "
        "Tokens made by VK ID do not serve: VK lets them post nothing. For advertising, let VK's support open the "
        "API of your cabinet on ads.vk.com, then copy the application's id and secret from Settings > API access."
    ),
    counted=shown_text,
    profile=profile_rules,
    ads=ads_rules,
    cabinet=cabinet,
    notes=(
        N_("VK hides no comments: it deletes them, and keeps them for a while so that they can be restored."),
        N_("A community may write only to people who wrote to it first or allowed it to write."),
        N_("Messages can be changed or taken back within a day; about older ones VK is not asked again."),
        N_("A post that VK publishes by itself gets another number when it goes out."),
        N_("VK has no complaints inbox, no muting and no restricting."),
        N_("Ads near metro stations are shown around them: within 500 m to 10 km, and in no other places."),
        N_("VK gives out five advertising tokens of an application at most, so one is kept and renewed."),
    ),
)
