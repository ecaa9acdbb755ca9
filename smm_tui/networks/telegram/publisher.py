"""Publishing in Telegram channels and groups, as a bot."""

from __future__ import annotations

from smm_tui.networks.ports import JSON, Checked, Part, RemoteRef
from smm_tui.networks.telegram import check, mapping, messages
from smm_tui.networks.telegram.api import TelegramApi


class TelegramPublisher:
    """A Publisher over the Bot API."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def check(self) -> Checked:
        """See `Publisher.check`."""
        return await check.check(self._api)

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """See `Publisher.prepare`. Files have no upload of their own here: the wire says which ones go with the call.

        The parts of a long text follow each other as messages of their own, for a channel has no replies.
        """
        await messages.ensure_sendable(self._api, part)
        return mapping.request(part, self._api.chat())

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Publisher.send`."""
        return await messages.send(self._api, wire)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """Unsupported: bots cannot see what they sent."""
        raise messages.unreadable(self._api)

    async def read(self, ref: RemoteRef) -> JSON | None:
        """Unsupported: bots cannot see what they sent."""
        raise messages.unreadable(self._api)

    async def delete(self, ref: RemoteRef) -> None:
        """See `Publisher.delete`."""
        await messages.delete(self._api, ref)

    async def aclose(self) -> None:
        """See `Publisher.aclose`."""
        await self._api.aclose()
