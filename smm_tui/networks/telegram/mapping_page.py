"""How a channel or group looks. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.page import Profile, ProfileChange, ProfileField, ProfileRules
from smm_tui.networks.ports import JSON
from smm_tui.networks.telegram.mapping import is_number, number_in, username_of


def profile(chat: Any) -> Profile:
    """What getChat tells.

    The file of a picture has an address with the bot's token in it: shown is the one that the public knows, marked
    with the picture's own name, and none where there is no public.
    """
    about = shape.an_object(chat, "chat")
    number, username = number_in(about, "id"), username_of(about)
    name, description = shape.text(about, "title"), shape.text(about, "description")
    picture = shape.text(shape.inner(about, "photo"), "big_file_unique_id")
    public = username and picture and picture.isascii() and picture.isprintable()
    return Profile(
        name=name,
        description=description,
        avatar=f"https://t.me/i/userpic/320/{username}.jpg#{picture}" if public else "",
        pinned=_pinned(about, number),
        url=f"https://t.me/{username}" if username else "",
        revision=_fingerprint([name, description, picture]),
    )


def _pinned(about: Mapping[str, Any], number: str) -> str:
    message = shape.inner(about, "pinned_message").get("message_id")
    return f"{number}/{message}" if isinstance(message, int | str) and is_number(str(message)) else ""


def _fingerprint(values: list[str]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def ensure_writable(change: ProfileChange, rules: ProfileRules) -> None:
    """Unsupported for fields that Telegram has not, Rejected for texts and files that it does not take."""
    for name in ProfileField:
        value = getattr(change, name.value)
        if value is None:
            continue
        if name not in rules.writable:
            raise Unsupported(
                _("Telegram's channels and groups have no such field."),
                _("Put links into the description."),
            )
        if isinstance(value, str) and len(value) > rules.lengths[name]:
            raise Rejected(
                _("This is longer than the {limit} characters that Telegram takes.").format(
                    limit=rules.lengths[name]
                ),
                _("Shorten it."),
                field=name.value,
            )
    if change.name is not None and not change.name.strip():
        raise Rejected(_("A channel cannot be without a name."), _("Give it one."), field=ProfileField.NAME.value)
    file = change.avatar
    if file is not None and (file.mime not in rules.mime_types or file.size > rules.picture_bytes):
        raise Rejected(
            _("Telegram takes JPEG and PNG pictures of up to {limit} MB here.").format(
                limit=rules.picture_bytes // 1_000_000
            ),
            _("Choose another picture."),
            field=ProfileField.AVATAR.value,
        )


def changes(change: ProfileChange, chat: int | str) -> list[JSON]:
    """The calls that bring about a change."""
    calls: list[JSON] = []
    if change.name is not None:
        calls.append({"method": "setChatTitle", "parameters": {"chat_id": chat, "title": change.name}, "files": {}})
    if change.description is not None:
        parameters = {"chat_id": chat, "description": change.description}
        calls.append({"method": "setChatDescription", "parameters": parameters, "files": {}})
    if (file := change.avatar) is not None:
        upload = {"path": str(file.path), "sha256": file.sha256, "mime": file.mime, "size": file.size}
        calls.append({"method": "setChatPhoto", "parameters": {"chat_id": chat}, "files": {"photo": upload}})
    return calls
