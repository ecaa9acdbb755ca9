"""Answering people, and commenting on own posts in the channel's discussion group."""

from __future__ import annotations

from smm_tui.domain.errors import Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef
from smm_tui.networks.telegram import mapping, mapping_inbox, messages
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import CHANNEL


class TelegramResponder:
    """A Responder over the Bot API."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`. Transient while the discussion group does not show an own post yet."""
        self._api.ensure(_needed(to))
        await messages.ensure_sendable(self._api, part)
        if isinstance(to, RemoteRef):
            chat, message = await self._below(to)
            more: JSON = {}
        else:
            chat, message = mapping.place_of_id(to.id)
            more = {"direct_messages_topic_id": int(to.extra["topic"])} if "topic" in to.extra else {}
        reply: JSON = {"message_id": message}
        if isinstance(to, Item) and to.kind is ItemKind.MESSAGE:
            reply["allow_sending_without_reply"] = True  # it goes to the person, whatever became of the message
        wire = mapping.request(part, chat)
        return {**wire, "parameters": {**wire["parameters"], **more, "reply_parameters": reply}}

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        return await messages.send(self._api, wire)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """Unsupported: bots cannot see what they sent."""
        raise messages.unreadable(self._api)

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`."""
        await messages.delete(self._api, ref)

    async def _below(self, ref: RemoteRef) -> tuple[int, int]:
        """Chat and message that a comment on an own post answers."""
        account = self._api.account
        place = mapping.place_of(ref)
        if account.facts.get("type") != CHANNEL:
            return place.chat, place.messages[0]
        linked = str(account.facts.get("linked_chat_id", ""))
        if not mapping.is_number(linked):
            raise Unsupported(
                _("{handle} has no discussion group, so nobody can comment there.").format(handle=account.handle),
                _("Link a group in the channel's settings > Discussion, add the bot there and check the account."),
            )
        copy = await self._copy(ref, int(linked))
        if copy is None:
            raise Transient(
                _("The discussion group does not show the post yet."),
                _("It is tried again by itself. If it stays so, write the comment in Telegram itself."),
            )
        return copy

    async def _copy(self, ref: RemoteRef, linked: int) -> tuple[int, int] | None:
        """Where the discussion group has the automatic copy of a post, as far as a bot can see.

        Telegram pins each new copy there, and tells of it in an update that the inbox may not have confirmed yet:
        without an offset getUpdates confirms nothing.
        """
        account = self._api.account
        who = mapping_inbox.listener(account.remote_id, account.handle, account.facts, [ref])
        about = await self._api.ask("getChat", {"chat_id": linked})
        seen = [shape.inner(shape.an_object(about, "chat"), "pinned_message")]
        if not self._copies(seen, who, ref):
            try:
                updates = await self._api.ask("getUpdates", {"limit": 100, "timeout": 0})
            except Rejected as error:
                if error.status != 409:  # who else may listen: the inbox says so
                    raise
                updates = []
            seen = [shape.inner(update, "message") for update in shape.a_list(updates, "updates")]
        return min(self._copies(seen, who, ref), default=None)

    def _copies(self, seen: list[JSON], who: mapping_inbox.Listener, ref: RemoteRef) -> list[tuple[int, int]]:
        found = [message for message in seen if mapping_inbox.post_copied(message, who) == ref.id]
        return [mapping.place_of_id(mapping_inbox.place_in(message)) for message in found]


def _needed(to: Item | RemoteRef) -> Capability:
    if isinstance(to, RemoteRef):
        return Capability.FIRST_COMMENT
    return Capability.MESSAGE_REPLY if to.kind is ItemKind.MESSAGE else Capability.REPLY
