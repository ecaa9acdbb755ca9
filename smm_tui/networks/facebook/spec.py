"""Facebook Pages (Graph API): what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Facebook"
VERSION = "v25.0"  # of the Graph API; each one is served for about two years

PUBLISH = "pages_manage_posts"  # the permissions that publishing needs
READ = "pages_read_engagement"

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
_CAPABILITIES = frozenset(
    {
        Capability.TEXT,
        Capability.IMAGE,
        Capability.VIDEO,
        Capability.ALBUM,
        Capability.ALT_TEXT,
        Capability.DELETE,
        Capability.READ_BACK,
    }
)


def rules(facts: Mapping[str, Any]) -> Rules:
    """The limits are everyone's; whether a post can be read back is what the last check found.

    No call on Facebook can be told from its repeat, so nothing is sent twice by itself on trust. But the Page's own
    feed is complete for what its token published: what is not there when it had time to settle was not executed.
    Should that ever be wrong, Facebook still refuses a text that equals the one before it.
    """
    reads = facts.get("reads") is not False
    return Rules(
        limits=_LIMITS,
        identity=IdentityRule(repeat_window=None, settle=_SETTLE, absence_proves=reads, can_read_back=reads),
        capabilities=_CAPABILITIES if reads else _CAPABILITIES - {Capability.READ_BACK},
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
    default_server="https://graph.facebook.com",
    credentials=(
        CredentialField(
            name="token",
            label=N_("Access token of the Page, or of a person or system user who manages it"),
            help=N_("With pages_show_list, pages_manage_posts and pages_read_engagement."),
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
        "creating content, choose Generate token for your app and tick pages_show_list, pages_manage_posts and "
        "pages_read_engagement. A token from the Graph API Explorer works too, but lasts an hour unless you extend "
        "it in the Access Token Debugger. Give the Page's name in its address, or its number, as the handle."
    ),
    counted=shown_text,
)
