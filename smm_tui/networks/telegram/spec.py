"""Telegram channels and groups through a bot: what is true of them before and after the first call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.identity import new_uuid
from smm_tui.i18n import N_
from smm_tui.networks.ports import Capability, CredentialField, IdentityRule, Limits, NetworkSpec, Rules

TITLE = "Telegram"
OFFICIAL = "https://api.telegram.org"
ALBUM = 10  # files of one album

_VIDEO_BYTES = 50 * 1000 * 1000
_VIDEO_BYTES_LOCALLY = 2000 * 1000 * 1000  # what a Bot API server of one's own takes in its local mode

_CAPABILITIES = frozenset(
    {
        Capability.TEXT,
        Capability.IMAGE,
        Capability.VIDEO,
        Capability.ALBUM,
        Capability.THREAD,  # as messages one after the other: a channel has no replies
        Capability.DELETE,
    }
)
# Nothing on the wire tells two sendings apart, and bots cannot see what they sent: after a lost answer only a person
# can look.
_IDENTITY = IdentityRule(repeat_window=None, settle=0.0, absence_proves=False, can_read_back=False)


def rules(facts: Mapping[str, Any]) -> Rules:
    """The same for all chats, but a Bot API server of one's own takes larger videos."""
    return Rules(
        limits=Limits(
            characters=4096,
            count="utf16",
            caption_characters=1024,
            images=ALBUM,
            image_bytes=10 * 1000 * 1000,
            video_bytes=_VIDEO_BYTES_LOCALLY if facts.get("own_server") is True else _VIDEO_BYTES,
            mixed=True,
            mime_types=frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4"}),
        ),
        identity=_IDENTITY,
        capabilities=_CAPABILITIES,
    )


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
        "messages. The handle is the channel's @name, or its number (-100...) when it is private."
    ),
    counted=shown_text,
)
