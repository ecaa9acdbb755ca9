"""Changing and pinning what a bot published."""

from __future__ import annotations

from smm_tui.domain.errors import NotFound
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef
from smm_tui.networks.telegram import mapping, messages
from smm_tui.networks.telegram.api import TelegramApi


class TelegramEditor:
    """An Editor over the Bot API. Own messages may be changed whenever one likes."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def prepare_edit(self, ref: RemoteRef, part: Part) -> JSON:
        """See `Editor.prepare_edit`. Only files that are not live yet go with the calls, one message each."""
        await messages.ensure_sendable(self._api, part)
        return mapping.edits(ref, part)

    async def edit(self, ref: RemoteRef, wire: JSON) -> RemoteRef:
        """See `Editor.edit`. What was broken off goes on where it was when it is repeated."""
        for call in wire["calls"]:
            await self._api.change(call["method"], call["parameters"], call["files"])
        return mapping.edited(ref, wire["shows"])


class TelegramPinner:
    """A Pinner over the Bot API. An album is pinned by its first message."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def pin(self, ref: RemoteRef) -> None:
        """See `Pinner.pin`. Nobody is notified."""
        self._api.ensure(Capability.PIN)
        place = mapping.place_of(ref)
        parameters = {"chat_id": place.chat, "message_id": place.messages[0], "disable_notification": True}
        await self._api.change("pinChatMessage", parameters)

    async def unpin(self, ref: RemoteRef) -> None:
        """See `Pinner.unpin`."""
        self._api.ensure(Capability.PIN)
        place = mapping.place_of(ref)
        try:
            await self._api.change("unpinChatMessage", {"chat_id": place.chat, "message_id": place.messages[0]})
        except NotFound as error:
            if error.status != 400:
                raise
