"""What posts and answers share: making one ready, sending it, taking it down."""

from __future__ import annotations

import asyncio
from typing import Any

from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Part, RemoteRef
from smm_tui.networks.telegram import mapping
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import SPEC, TITLE


async def ensure_sendable(api: TelegramApi, part: Part) -> None:
    """Refuse what Telegram does not take: Unsupported, Rejected, or DataError for a file that is gone."""
    outgoing.ensure_encodable(part)
    outgoing.ensure_carried(part, SPEC, api.account.facts)
    mapping.ensure_sendable(part)
    for file in part.media:
        if file.mime not in SPEC.rules({}).limits.mime_types:
            raise Unsupported(
                _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                _("Attach JPEG, PNG or WebP pictures, or an MP4 video."),
            )
        (await asyncio.to_thread(outgoing.opened, file)).close()


async def send(api: TelegramApi, wire: JSON) -> RemoteRef:
    """Make it public. Nothing in the call tells a repeat from a second message."""

    def read(value: Any) -> RemoteRef:
        return mapping.sent(value, wire.get("shows"))

    answer = await api.call(wire["method"], wire["parameters"], wire["files"], safe=False)
    return api.result(answer, read, safe=False)


async def delete(api: TelegramApi, ref: RemoteRef) -> None:
    """Take it down. An album goes as a whole; of what is partly gone already, the rest."""
    method, parameters = mapping.deletion(ref)
    try:
        # Not followed to the new number of a group: there the same number is another message.
        await api.ask(method, parameters, follow=False)
    except NotFound as error:
        if error.status != 400:  # else it is not this API that says so
            raise


def unreadable(api: TelegramApi) -> Unsupported:
    """The error of looking back: bots cannot see what they sent."""
    return Unsupported(
        _("Telegram does not show a bot what it sent."),
        _("Look in {handle} itself: is it there?").format(handle=api.account.handle),
    )
