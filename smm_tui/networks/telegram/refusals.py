"""What the Bot API says no with, and the error it becomes.

Its texts are no contract: they are matched loosely, and shown as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import quoted

_NUMBER = re.compile(r"-?[0-9]{1,18}")


def is_refusal(told: Mapping[str, Any]) -> bool:
    """Whether a JSON object is what the Bot API says no with."""
    return told.get("ok") is False


def description(told: Mapping[str, Any]) -> str:
    """Why it said no, without the name of the status before it."""
    return re.sub(r"^(?:Bad Request|Forbidden|Unauthorized|Conflict): ", "", shape.text(told, "description"))


def retry_after(told: Mapping[str, Any]) -> float | None:
    """Seconds to wait, if it says."""
    seconds = shape.number(shape.inner(told, "parameters"), "retry_after", 0)
    return float(min(seconds, 7 * 24 * 3600)) if seconds else None


def moved_to(told: Mapping[str, Any]) -> int | None:
    """The new number of a group that became a supergroup: nothing was executed under the old one."""
    number = shape.inner(told, "parameters").get("migrate_to_chat_id")
    return int(number) if isinstance(number, int | str) and _NUMBER.fullmatch(str(number)) else None


def _says(reason: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words, patterns in small letters, stands in a reason."""
    return re.search("|".join(words), reason.lower()) is not None


_NO_CHAT = (
    "chat not found",
    "chat_id is empty",
    "peer_id_invalid",
    "channel_invalid",
)
_NO_RIGHT = (
    "not enough rights",
    "administrator rights",
    "no rights",
    "not a member",
    "was kicked",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",
)
_NO_MESSAGE = (
    r"message (?:to \w+ |to be \w+ )?not found",
    r"message to react",
    "message_id_invalid",
)
_NO_PERSON = (
    "user not found",
    "participant",
    "user_id_invalid",
    "user_id specified",
)
_DEAF = (
    "initiate conversation",
    "blocked by the user",
    "user is deactivated",
)
_TEXT = (
    "message is too long",
    "caption",
    "text",
    "entities",
    "message_too_long",
    "message_empty",
)
_MEDIA = (
    "photo",
    "video",
    "file",
    "image",
    "media",
    "album",
    "dimension",
    "upload",
)
_TOO_OLD = (
    "can't be deleted",
    "message_delete_forbidden",
)
_UNCHANGED = (
    "not modified",
    "not_modified",
)


def names_no_change(reason: str) -> bool:
    """Whether it was refused because all is as it was asked to be."""
    return _says(reason, _UNCHANGED)


def refused_field(reason: str) -> str:
    """Which part of a post a refusal names: "text", "media", or nothing."""
    if _says(reason, _TEXT):
        return "text"
    return "media" if _says(reason, _MEDIA) else ""


def error_of(status: int, reason: str, *, host: str, handle: str) -> NetworkError | None:
    """The error of a refusal that means more than its status alone; `handle` is the account's chat."""
    said = quoted(reason)
    if status == 404 and "method" in reason.lower():
        return Unsupported(
            _("{host} does not know this call.").format(host=host),
            _("It runs an old version of the Bot API: update it."),
            status=status,
        )
    if status in (401, 404):
        return AuthExpired(
            _("{host} does not take the token of this bot: {reason}").format(host=host, reason=said),
            _("Write /token to @BotFather, copy the bot's token and give it to this account."),
            status=status,
        )
    if status == 409:
        return _conflict(reason, said)
    return _about_the_chat(status, reason, said, handle) if status in (400, 403) else None


def _conflict(reason: str, said: str) -> Rejected:
    if "webhook" in reason.lower():
        return Rejected(
            _("What people write goes to another program (a webhook is set): {reason}").format(reason=said),
            _("Remove the webhook in that program (deleteWebhook), or make a bot of its own for this account."),
            status=409,
            reason=said,
        )
    return Rejected(
        _("Another program uses this bot: {reason}").format(reason=said),
        _("Only one program may use a bot. Stop the other one, or make a bot of its own for this account."),
        status=409,
        reason=said,
    )


def _about_the_chat(status: int, reason: str, said: str, handle: str) -> NetworkError | None:
    if _says(reason, _NO_CHAT):
        return Rejected(
            _("The bot does not know {handle}: {reason}").format(handle=handle, reason=said),
            _("Check the name, and make the bot an administrator there."),
            status=status,
            reason=said,
            field="handle",
        )
    if _says(reason, _NO_RIGHT):
        return Forbidden(
            _("The bot may not do that in {handle}: {reason}").format(handle=handle, reason=said),
            _("Make it an administrator who may do that, in the channel and in its discussion group."),
            status=status,
        )
    if _says(reason, _TOO_OLD):
        return Rejected(
            _("Telegram does not let the bot delete it: {reason}").format(reason=said),
            _("Bots may delete messages of the last 48 hours only. Delete it in Telegram itself."),
            status=status,
            reason=said,
        )
    if _says(reason, _NO_MESSAGE):
        return NotFound(
            _("The message is not there any more: {reason}").format(reason=said),
            _("It was deleted, or the bot may not see it."),
            status=status,
        )
    if _says(reason, _NO_PERSON):
        return NotFound(
            _("This person is not there any more: {reason}").format(reason=said),
            _("They left, or closed their account."),
            status=status,
        )
    if _says(reason, _DEAF):
        return Forbidden(
            _("This person takes no messages from the bot: {reason}").format(reason=said),
            _("A bot may write only to those who wrote to it and did not block it."),
            status=status,
        )
    return None
