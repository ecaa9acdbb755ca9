"""Answering on Bluesky: a post below a post, or a message in a chat."""

from __future__ import annotations

from functools import partial

from smm_tui.domain.clock import MINUTE, iso
from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.bluesky import mapping, mapping_chat, mapping_inbox
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.chat import CHAT, messages
from smm_tui.networks.bluesky.compose import post_wire
from smm_tui.networks.bluesky.spec import SPEC, TITLE
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef

SKEW = 5 * MINUTE  # the servers' clocks and ours differ


class BlueskyResponder:
    """A Responder: a public answer is put at the intent's key, so a repeat is harmless; a message is not."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`."""
        if isinstance(to, Item) and to.kind is ItemKind.MESSAGE:
            return self._message(to, part)
        if isinstance(to, Item):
            parent = {"uri": to.id, "cid": to.extra["cid"]}
            root = {"uri": to.extra["root"], "cid": to.extra["root_cid"]}
            return await post_wire(self._api, identity, part, root=root, parent=parent)
        place = mapping.place(to.id)
        parent_ref = await self._api.reference(place)
        if parent_ref is None:
            raise NotFound(_("The post to comment on is gone."), _("Take the comment out, or choose another post."))
        root_ref = await self._api.record(place, mapping.thread_root)
        return await post_wire(self._api, identity, part, root=root_ref, parent=mapping.strong(parent_ref))

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        if "convoId" not in wire:
            return await self._api.send(wire)
        body = {"convoId": wire["convoId"], "message": wire["message"]}
        answer = await self._api.call("chat.bsky.convo.sendMessage", safe=False, body=body, headers=CHAT)
        return self._api.result(answer, partial(mapping_chat.sent, convo=wire["convoId"]), safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Responder.find`. Of a message only its text and time tell that it is this one."""
        if "convoId" not in wire:
            return await self._api.find(wire, taken)
        own = await self._api.did()
        since = (mapping_inbox.moment(wire, "at") or 0) - SKEW
        fitting = [
            message
            for message in await messages(self._api, wire["convoId"])
            if message.sender == own
            and message.text == wire["message"]["text"]
            and message.sent_at >= since
            and message.id not in taken
        ]
        return mapping_chat.ref(fitting[-1].id, wire["convoId"]) if fitting else None

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`. A message disappears from the account's own view, not from the other side's."""
        if "convo" not in ref.extra:
            await self._api.remove(mapping.place(ref.id))
            return
        body = {"convoId": ref.extra["convo"], "messageId": ref.id}
        try:
            await self._api.do("chat.bsky.convo.deleteMessageForSelf", body, headers=CHAT)
        except NotFound:
            return

    def _message(self, to: Item, part: Part) -> JSON:
        if Capability.MESSAGE_REPLY not in SPEC.rules(self._api.account.facts).capabilities:
            raise Unsupported(
                _("The app password of {handle} does not open direct messages.").format(
                    handle=self._api.account.handle
                ),
                _("Make a new app password that allows access to direct messages and give it to this account."),
            )
        if part.media or part.card or part.poll:
            raise Unsupported(
                _("{network} takes text alone in direct messages.").format(network=TITLE),
                _("Take the attachments out."),
            )
        outgoing.ensure_encodable(part)
        message: JSON = {"text": part.text}
        if facets := mapping.facets_of(part.text, {}):
            message["facets"] = facets
        return {"convoId": to.extra["convo"], "message": message, "at": iso(self._api.around.clock())}
