"""Acting on what people write to a Bluesky account."""

from __future__ import annotations

from smm_tui.domain.clock import Instant, iso
from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.bluesky import mapping, mapping_inbox
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.inbox import gate_of
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.ports import JSON

LIKE = "app.bsky.feed.like"
BLOCK = "app.bsky.graph.block"
MODERATION = "did:plc:ar7c4by46qjdydhdevvrndac"  # Bluesky's own service, where the server names no other
OTHER_REASON = "com.atproto.moderation.defs#reasonOther"
REASON_CHARACTERS = 2000


class BlueskyModerator:
    """A Moderator. What shall be there once (a like, a block) stands at a key made of its subject."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`."""
        if until is not None:
            raise Unsupported(
                _("{network} knows no end of a ban or mute.").format(network=TITLE),
                _("Do it without an end, and take it back when the time has come."),
            )
        match verb:
            case Verb.LIKE | Verb.UNLIKE if item.kind is not ItemKind.MESSAGE:
                await self._like(item, on=verb is Verb.LIKE)
            case Verb.HIDE | Verb.UNHIDE:
                await self._hide(item, on=verb is Verb.HIDE)
            case Verb.BAN | Verb.UNBAN:
                await self._block(item.author.id, on=verb is Verb.BAN)
            case Verb.MUTE | Verb.UNMUTE:
                method = "app.bsky.graph.muteActor" if verb is Verb.MUTE else "app.bsky.graph.unmuteActor"
                await self._api.do(method, {"actor": item.author.id})
            case Verb.REPORT:
                await self._report(item, reason)
            case _:
                raise Unsupported(
                    _("{network} does not let an account do that.").format(network=TITLE),
                    _("Hide it, or mute or block its author."),
                )

    async def _like(self, item: Item, *, on: bool) -> None:
        if on:
            subject = {"uri": item.id, "cid": item.extra["cid"]}
            await self._there(LIKE, item.id, {"subject": subject})
            return
        await self._api.remove(await self._where(LIKE, item.id))
        likes = await self._api.ask("app.bsky.feed.getPosts", {"uris": [item.id]}, mapping_inbox.likes)
        await self._remove_other(likes.get(item.id, ""))

    async def _block(self, did: str, *, on: bool) -> None:
        if on:
            await self._there(BLOCK, did, {"subject": did})
            return
        await self._api.remove(await self._where(BLOCK, did))
        found = await self._api.ask("app.bsky.actor.getProfile", {"actor": did}, mapping_inbox.blocking)
        await self._remove_other(found)

    async def _hide(self, item: Item, *, on: bool) -> None:
        found = gate_of(item, await self._api.did())
        if found is None:
            raise Unsupported(
                _("{network} hides only replies and quotes of own posts.").format(network=TITLE),
                _("Mute or block its author."),
            )
        gate, post = found
        where = mapping.place(post) | {"collection": gate.collection}

        def changed(record: JSON) -> JSON:
            if on and len(mapping_inbox.held(record, gate) | {item.id}) > gate.most:
                raise Rejected(
                    _("{network} hides at most {number} below one post.").format(network=TITLE, number=gate.most),
                    _("Show one again, or mute or block the author."),
                )
            return mapping_inbox.gated(record, gate, post, item.id, shut=on, at=self._api.around.clock())

        await self._api.change(where, changed)

    async def _report(self, item: Item, reason: str) -> None:
        if item.kind is ItemKind.MESSAGE:
            subject: JSON = {
                "$type": "chat.bsky.convo.defs#messageRef",
                "did": item.author.id,
                "convoId": item.extra["convo"],
                "messageId": item.id,
            }
        else:
            subject = {"$type": "com.atproto.repo.strongRef", "uri": item.id, "cid": item.extra["cid"]}
        body = {"reasonType": OTHER_REASON, "subject": subject}
        if reason:
            body["reason"] = reason[:REASON_CHARACTERS]
        service = shape.text(self._api.account.facts, "moderation") or MODERATION
        headers = {"atproto-proxy": f"{service}#atproto_labeler"}
        await self._api.do("com.atproto.moderation.createReport", body, headers=headers)

    async def _there(self, collection: str, subject: str, record: JSON) -> None:
        """Let a record be at its subject's key; whatever stands there already is one of the same subject."""
        full = {"$type": collection, **record, "createdAt": iso(self._api.around.clock())}
        await self._api.put(await self._where(collection, subject), full, over=None)

    async def _remove_other(self, uri: str) -> None:
        """Delete a record of the account that another program made for the same subject."""
        if uri.startswith(f"at://{await self._api.did()}/"):
            await self._api.remove(mapping.place(uri))

    async def _where(self, collection: str, subject: str) -> JSON:
        return {"repo": await self._api.did(), "collection": collection, "rkey": mapping.key_for(subject)}
