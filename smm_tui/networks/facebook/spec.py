"""Facebook Pages (Graph API): what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.advertising import AdsRules, AudienceField, Cabinet, Goal
from smm_tui.networks.meta.rights import SERVER, Right, remaining
from smm_tui.networks.page import ProfileField, ProfileRules
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Facebook"

PUBLISH = "pages_manage_posts"  # the permissions that publishing needs
READ = "pages_read_engagement"
ENGAGE = "pages_manage_engagement"
ADVERTISE = "ads_management"

IMAGE_TYPES = frozenset({"image/jpeg", "image/png"})
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})

_SETTLE = 30.0  # what was taken may be missing in the Page's feed for so long

_LIMITS = Limits(
    characters=63_206,
    count="utf16",
    images=10,
    image_bytes=4_000_000,
    video_bytes=1_000_000_000,
    mime_types=IMAGE_TYPES | VIDEO_TYPES,
)
_CONVERSING = frozenset(
    {
        Capability.REPLY,
        Capability.FIRST_COMMENT,
        Capability.LIKE,
        Capability.HIDE,
        Capability.DELETE_OTHERS,
        Capability.BAN,
    }
)
_CAPABILITIES = _CONVERSING | {
    Capability.TEXT,
    Capability.IMAGE,
    Capability.VIDEO,
    Capability.ALBUM,
    Capability.ALT_TEXT,
    Capability.LINK_CARD,
    Capability.SCHEDULE,
    Capability.EDIT,
    Capability.DELETE,
    Capability.PIN,
    Capability.READ_BACK,
    Capability.COMMENTS,
    Capability.MENTIONS,
    Capability.MESSAGES,
    Capability.MESSAGE_REPLY,
    Capability.PROFILE_READ,
    Capability.PROFILE_WRITE,
    Capability.POST_METRICS,
    Capability.PAGE_METRICS,
    Capability.ADS,
}
_FIGURES = frozenset({Capability.POST_METRICS, Capability.PAGE_METRICS})
_WRITING = frozenset({Capability.SCHEDULE, Capability.EDIT, Capability.PIN})
_MESSAGING = frozenset({Capability.MESSAGES, Capability.MESSAGE_REPLY})
_MODERATION = frozenset({Capability.HIDE, Capability.DELETE_OTHERS, Capability.BAN})
RIGHTS = (
    Right(PUBLISH, N_("cannot publish"), _WRITING),
    Right(
        "pages_read_user_content",
        N_("cannot show comments and mentions"),
        frozenset({Capability.COMMENTS, Capability.MENTIONS}),
    ),
    Right(ENGAGE, N_("cannot answer, like, hide, delete or ban"), _CONVERSING),
    Right("pages_messaging", N_("cannot read or answer messages"), _MESSAGING),
    Right(
        "pages_manage_metadata",
        N_("cannot change the page profile"),
        frozenset({Capability.PROFILE_WRITE}),
    ),
    Right("read_insights", N_("cannot read figures"), _FIGURES),
    Right(ADVERTISE, N_("cannot run advertising"), frozenset({Capability.ADS})),
    Right("CREATE_CONTENT", N_("cannot publish"), _WRITING, is_task=True),
    Right("MODERATE", N_("cannot moderate"), _MODERATION, is_task=True),
    Right("MESSAGING", N_("cannot answer messages"), _MESSAGING, is_task=True),
    Right("ANALYZE", N_("cannot read figures"), _FIGURES, is_task=True),
)
PROFILE = ProfileRules(
    lengths={ProfileField.DESCRIPTION: 255, ProfileField.WEBSITE: 1000},
    writable=frozenset({ProfileField.DESCRIPTION, ProfileField.WEBSITE, ProfileField.AVATAR, ProfileField.COVER}),
    picture_bytes=4_000_000,
    mime_types=IMAGE_TYPES,
)
ADS = AdsRules(
    fields=frozenset(AudienceField) - {AudienceField.STATION, AudienceField.DISTRICT},
    goals=frozenset(Goal) - {Goal.LEADS},  # those need a form that is made on the site
    age_least=13,
    age_most=65,
    radius_least=1_000,
    radius_most=80_000,
    placements=("facebook", "instagram", "messenger", "audience_network"),
    day_most=175,  # made up for within the week
    week_most=700,
)


def rules(facts: Mapping[str, Any]) -> Rules:
    """The limits are everyone's; whether a post can be read back is what the last check found.

    No call on Facebook can be told from its repeat, so nothing is sent twice by itself on trust. But the Page's own
    feed is complete for what its token published: what is not there when it had time to settle was not executed.
    Should that ever be wrong, Facebook still refuses a text that equals the one before it.
    """
    reads = facts.get("reads") is not False
    capabilities = remaining(_CAPABILITIES, RIGHTS, facts)
    if facts.get("cabinets") == []:
        capabilities -= {Capability.ADS}
    return Rules(
        limits=_LIMITS,
        identity=IdentityRule(repeat_window=None, settle=_SETTLE, absence_proves=reads, can_read_back=reads),
        capabilities=capabilities if reads else capabilities - {Capability.READ_BACK},
    )


def profile(facts: Mapping[str, Any]) -> ProfileRules | None:
    """What the Page's profile takes; nothing without the right to change it."""
    return PROFILE if Capability.PROFILE_WRITE in rules(facts).capabilities else None


def ads(facts: Mapping[str, Any]) -> AdsRules | None:
    """What ads can be there; the least budget is that of the chosen cabinet. Nothing without the right to them."""
    if Capability.ADS not in rules(facts).capabilities:
        return None
    used = cabinet_facts(facts)
    least = used.get("least_daily")
    return replace(ADS, least_daily={str(used["currency"]): least}) if isinstance(least, int) else ADS


def cabinet_facts(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the last check learnt of the advertising account in use; empty when there is none."""
    known = facts.get("cabinets")
    listed = [each for each in known if isinstance(each, dict)] if isinstance(known, list) else []
    return next((each for each in listed if each.get("id") == facts.get("cabinet")), {})


def cabinet(facts: Mapping[str, Any]) -> Cabinet | None:
    """The advertising account in use, as the last check learnt it."""
    used = cabinet_facts(facts)
    if not used:
        return None
    least = used.get("least_daily")
    return Cabinet(
        str(used["id"]),
        str(used["name"]),
        str(used["currency"]),
        str(used["zone"]),
        str(used["state"]),
        least_daily=least if isinstance(least, int) else None,
    )


def shown_text(text: str, content_warning: str) -> str:
    """The text that is published. Facebook has no content warnings: they stand on the first line."""
    warning = content_warning.strip()
    if not warning:
        return text
    return f"CW: {warning}\n\n{text}" if text else f"CW: {warning}"


SPEC = NetworkSpec(
    name="facebook",
    title=TITLE,
    glyph="Fb",
    default_server=SERVER,
    credentials=(
        CredentialField(
            name="token",
            label=N_("Access token of the Page, or of a person or system user who manages it"),
            help=N_("With the permissions that the preparation names; at least the first three."),
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
        "You need an app of your own on developers.facebook.com, switched to Live. Best is a token that does not "
        "end: in Business settings > Users > System users make a system user, give it the Page with the task of "
        "creating content (and moderating, messages, insights), choose Generate token for your app and tick "
        "pages_show_list, pages_manage_posts, pages_read_engagement, and for comments, messages, the page profile "
        "and figures also pages_read_user_content, pages_manage_engagement, pages_messaging, pages_manage_metadata "
        "and read_insights; for advertising also ads_management, with a role on the advertising account. "
        "A token from the Graph API Explorer works too, but lasts an hour unless you extend it "
        "in the Access Token Debugger. Give the Page's name in its address, or its number, as the handle."
    ),
    counted=shown_text,
    profile=profile,
    ads=ads,
    cabinet=cabinet,
    notes=(
        N_("Facebook makes the title and picture of a link's preview itself, from the linked page."),
        N_("Pages may answer messages for 24 hours after the person's last one, as a human agent for 7 days."),
        N_("Posts for later: from 10 minutes to 30 days ahead."),
        N_("Bans have no term there. Hidden comments are still seen by who wrote them and their friends."),
        N_("Figures come a day or two late."),
        N_("Advertising needs the token of a person or system user: the Page's own opens no advertising account."),
    ),
)
