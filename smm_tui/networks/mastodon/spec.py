"""Mastodon and the servers that speak its API: what is true of them before and after the first call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.community import Item
from smm_tui.networks.page import ProfileField, ProfileRules
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
        Capability.POLL,
        Capability.FIRST_COMMENT,
        Capability.SCHEDULE,
        Capability.EDIT,
        Capability.PIN,
        Capability.COMMENTS,
        Capability.MENTIONS,
        Capability.MESSAGES,
        Capability.REPLY,
        Capability.MESSAGE_REPLY,
        Capability.LIKE,
        Capability.BAN,
        Capability.MUTE,
        Capability.REPORT,
        Capability.PROFILE_READ,
        Capability.PROFILE_WRITE,
        Capability.POST_METRICS,
        Capability.PAGE_METRICS,
    }
)

# `facts["lacks"]`: scopes that the token was found to lack, and what cannot be done then.
_NEEDED_BY: Mapping[str, frozenset[Capability]] = {
    "write:statuses": frozenset(
        {
            Capability.EDIT,
            Capability.SCHEDULE,
            Capability.REPLY,
            Capability.MESSAGE_REPLY,
            Capability.FIRST_COMMENT,
        }
    ),
    "read:statuses": frozenset({Capability.COMMENTS, Capability.POST_METRICS}),
    "read:notifications": frozenset({Capability.COMMENTS, Capability.MENTIONS, Capability.MESSAGES}),
    "write:favourites": frozenset({Capability.LIKE}),
    "write:mutes": frozenset({Capability.MUTE}),
    "write:blocks": frozenset({Capability.BAN}),
    "write:reports": frozenset({Capability.REPORT}),
    "write:accounts": frozenset({Capability.PIN, Capability.PROFILE_WRITE}),
}
# `facts["staff"]`: scopes of the server's own moderators that the account was found to have.
READ_REPORTS = "admin:read:reports"
WRITE_REPORTS = "admin:write:reports"
WRITE_ACCOUNTS = "admin:write:accounts"
_IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_VIDEO_TYPES = frozenset({"video/mp4", "video/webm", "video/quicktime"})
_PICTURE_BYTES = 2 * 1024 * 1024  # avatars and headers before 4.3; later versions take more and say so nowhere


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
        capabilities=_capabilities(facts, software),
    )


def _capabilities(facts: Mapping[str, Any], software: str) -> frozenset[Capability]:
    found = set(_CAPABILITIES)
    for scope in words(facts, "lacks"):
        found -= _NEEDED_BY.get(scope, frozenset())
    staff = words(facts, "staff")
    if READ_REPORTS in staff:
        found.add(Capability.REPORTS)
    if WRITE_REPORTS in staff:
        found.add(Capability.CLOSE_REPORT)
    if WRITE_ACCOUNTS in staff and software == MASTODON:
        found.add(Capability.RESTRICT)
    if software == OTHER:  # one that does not know `scheduled_at` would publish at once
        found.discard(Capability.SCHEDULE)
    return frozenset(found)


def words(facts: Mapping[str, Any], key: str) -> frozenset[str]:
    """The words of a list among the facts."""
    value = facts.get(key)
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, list) else frozenset()


def profile(facts: Mapping[str, Any]) -> ProfileRules:
    """What a page shows of itself: Mastodon's defaults where the server does not say."""
    gotosocial = text(facts, "software") == GOTOSOCIAL
    return ProfileRules(
        lengths={
            ProfileField.NAME: number(facts, "name_characters", 30),
            ProfileField.DESCRIPTION: number(facts, "note_characters", 500),
            ProfileField.LINKS: number(facts, "link_characters", 255),
        },
        writable=frozenset(
            {
                ProfileField.NAME,
                ProfileField.DESCRIPTION,
                ProfileField.LINKS,
                ProfileField.AVATAR,
                ProfileField.COVER,
            }
        ),
        links=number(facts, "links", 6 if gotosocial else 4),
        picture_bytes=_PICTURE_BYTES,
        mime_types=_IMAGE_TYPES,
    )


def answer(to: Item, text: str) -> str:
    """An answer as it is sent: it names those whom it is for."""
    from smm_tui.networks.mastodon import mapping, mapping_inbox

    return mapping.addressed(text, mapping_inbox.addressees(to))


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
    answer=answer,
    shared_people=True,
    prepare_help=N_(
        "Log in on the server's web site as the account that shall post. Open Preferences > Development > "
        "New application, tick read and write, save it, open it again and copy “Your access token”. "
        "A moderator of the server ticks admin:read and admin:write as well, to work on reports here."
    ),
    profile=profile,
    notes=(
        N_("Nobody can hide or delete other people's replies: mute or block their author, or report them."),
        N_("Replies on other servers are shown as far as this server has seen them."),
        N_("A mute may end by itself, a block may not."),
        N_("The server keeps posts for later only from five minutes ahead, 25 a day and 300 in all."),
    ),
)
