"""Telegram channels and groups through a bot: what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.page import ProfileField, ProfileRules
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Telegram"
OFFICIAL = "https://api.telegram.org"
ALBUM = 10  # files of one album
PHOTO_BYTES = 10 * 1000 * 1000
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})

# Rights of an administrator that something here depends on, as the Bot API calls them.
CAN_POST = "can_post_messages"
CAN_EDIT = "can_edit_messages"
CAN_DELETE = "can_delete_messages"
CAN_RESTRICT = "can_restrict_members"
CAN_CHANGE_INFO = "can_change_info"
CAN_PIN = "can_pin_messages"
RIGHTS = (CAN_POST, CAN_EDIT, CAN_DELETE, CAN_RESTRICT, CAN_CHANGE_INFO, CAN_PIN)

_VIDEO_BYTES = 50 * 1000 * 1000
_VIDEO_BYTES_LOCALLY = 2000 * 1000 * 1000  # what a Bot API server of one's own takes in its local mode

CHANNEL, GROUP, SUPERGROUP = "channel", "group", "supergroup"

# What every bot can do that may write: see `rules` for what depends on more.
_ALWAYS = frozenset(
    {
        Capability.TEXT,
        Capability.IMAGE,
        Capability.VIDEO,
        Capability.ALBUM,
        Capability.THREAD,  # as messages one after the other: a channel has no replies
        Capability.POLL,
        Capability.EDIT,
        Capability.DELETE,
        Capability.PROFILE_READ,
        Capability.PAGE_METRICS,
    }
)
_BY_RIGHT = frozenset({Capability.PIN, Capability.PROFILE_WRITE, Capability.DELETE_OTHERS})
_LISTENING = frozenset({Capability.MENTIONS, Capability.MESSAGES})
_ANSWERING = frozenset({Capability.REPLY, Capability.MESSAGE_REPLY, Capability.LIKE})
_CONVERSING = frozenset({Capability.COMMENTS, Capability.FIRST_COMMENT})
# In supergroups alone, which every discussion group is: what a basic group bans it cannot take back.
_SHUTTING_OUT = frozenset({Capability.BAN, Capability.BAN_TERM, Capability.MUTE, Capability.RESTRICT})
# Nothing on the wire tells two sendings apart, and bots cannot see what they sent: after a lost answer only a person
# can look.
_IDENTITY = IdentityRule(repeat_window=None, settle=0.0, absence_proves=False, can_read_back=False)


def rules(facts: Mapping[str, Any]) -> Rules:
    """What the bot's rights in the chat and in its discussion group allow; all there is while they are not known.

    A Bot API server of one's own takes larger videos.
    """
    return Rules(
        limits=Limits(
            characters=4096,
            count="utf16",
            caption_characters=1024,
            images=ALBUM,
            image_bytes=PHOTO_BYTES,
            video_bytes=_VIDEO_BYTES_LOCALLY if facts.get("own_server") is True else _VIDEO_BYTES,
            mixed=True,
            mime_types=frozenset({*PICTURES, "video/mp4"}),
        ),
        identity=_IDENTITY,
        capabilities=_capabilities(facts),
    )


def _capabilities(facts: Mapping[str, Any]) -> frozenset[Capability]:
    if "rights" not in facts:
        return _ALWAYS | _LISTENING | _ANSWERING | _CONVERSING | _SHUTTING_OUT | _BY_RIGHT
    kind = facts.get("type")
    here = _names(facts, "rights")
    there = here if kind != CHANNEL else _names(facts, "discussion_rights")
    discusses = kind != CHANNEL or "discussion_rights" in facts
    hears = facts.get("webhook") is not True
    can = set(_ALWAYS)
    if (CAN_EDIT if kind == CHANNEL else CAN_PIN) in here:
        can.add(Capability.PIN)
    if CAN_CHANGE_INFO in here:
        can.add(Capability.PROFILE_WRITE)
    if hears:
        can |= _LISTENING | _ANSWERING
    if discusses:
        can |= _CONVERSING if hears else set()
        if CAN_DELETE in there:
            can.add(Capability.DELETE_OTHERS)
        if CAN_RESTRICT in there and kind != GROUP:
            can |= _SHUTTING_OUT
    return frozenset(can)


def _names(facts: Mapping[str, Any], key: str) -> frozenset[str]:
    found = facts.get(key)
    return (
        frozenset(name for name in found if isinstance(name, str)) if isinstance(found, list | tuple) else frozenset()
    )


PROFILE = ProfileRules(
    lengths={ProfileField.NAME: 128, ProfileField.DESCRIPTION: 255},
    writable=frozenset({ProfileField.NAME, ProfileField.DESCRIPTION, ProfileField.AVATAR}),
    picture_bytes=PHOTO_BYTES,
    mime_types=frozenset({"image/jpeg", "image/png"}),
)


def profile(facts: Mapping[str, Any]) -> ProfileRules:
    """The same for all chats."""
    del facts
    return PROFILE


def shown_text(text: str, content_warning: str) -> str:
    """The text that is published: Telegram has no content warnings, so they stand on the first line."""
    warning = content_warning.strip()
    if not warning:
        return text
    return f"CW: {warning}\n\n{text}" if text else f"CW: {warning}"


SPEC = NetworkSpec(
    name="telegram",
    title=TITLE,
    glyph="Tg",
    default_server=OFFICIAL,
    credentials=(
        CredentialField(
            name="token",
            label=N_("Bot token"),
            help=N_("From @BotFather: digits, a colon and 35 characters."),
        ),
    ),
    rules=rules,
    new_identity=new_uuid,
    prepare_help=N_(
        "In Telegram, write /newbot to @BotFather, choose a name and copy the token it answers with. Open the "
        "channel's settings > Administrators > Add administrator, choose the bot and let it post, edit and delete "
        "messages and change the channel's info. For comments do the same in the channel's discussion group: let it "
        "delete messages and ban users. Make a bot for each channel. The handle is the channel's @name, or its "
        "number (-100...) when it is private."
    ),
    counted=shown_text,
    profile=profile,
    notes=(
        N_("A bot is told what people write for 24 hours and not longer, and once: read the inbox at least daily."),
        N_("One bot serves one account in one program: another one that reads with it takes its messages away."),
        N_("A bot is not told when people delete what they wrote, and sees no earlier messages."),
        N_("A bot deletes messages of the last 48 hours only."),
        N_("Comments are what is written in the channel's discussion group; the bot must be an administrator there."),
        N_("Telegram tells a bot how many members there are, and no views."),
    ),
)
