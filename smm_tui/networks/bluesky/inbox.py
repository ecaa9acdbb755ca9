"""What people write to a Bluesky account: replies, mentions and quotes out of its notifications, and its chats.

Notifications come newest first and know no "since", so each walk goes down from the top to what the walk before has
seen; a little further, for a reply is sorted by the time that its author's clock showed. Whether a post was taken
back nobody is told: the latest ones are looked at again at the end of each walk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.bluesky import mapping, mapping_chat, mapping_inbox
from smm_tui.networks.bluesky.api import BlueskyApi, Params
from smm_tui.networks.bluesky.chat import CHAT, messages
from smm_tui.networks.bluesky.mapping_inbox import QUOTES, REPLIES, Gate
from smm_tui.networks.bluesky.spec import SPEC
from smm_tui.networks.community import Item, ItemKind, Page
from smm_tui.networks.ports import JSON, Capability, RemoteRef

PAGE = 100
PAGES = 200  # of one walk
OVERLAP: Instant = 10 * MINUTE
WATCHED = 100  # so many of the latest posts are looked at again
URIS = 25  # in one look
CONVOS = 20  # chats read in the first steps, a page of each
DEPTH = 50  # levels of answers below an item


@dataclass(frozen=True, slots=True)
class Step:
    """What one source brought in one step, and where it goes on."""

    items: tuple[Item, ...]
    gone: tuple[str, ...]
    cursor: JSON
    more: bool
    gap: str = ""


class BlueskyInbox:
    """An Inbox over notifications and chat."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`. The network tells of all own posts at once, so `posts` need not be asked one by one."""
        state = cursor or {}
        public = await self._notifications(shape.inner(state, "posts"))
        chat = shape.inner(state, "chat")
        private = await self._messages(chat) if self._can_read_messages() else Step((), (), chat, more=False)
        return Page(
            items=public.items + private.items,
            cursor={"posts": public.cursor, "chat": private.cursor},
            more=public.more or private.more,
            gone=public.gone + private.gone,
            gap=public.gap,
        )

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """See `Inbox.conversation`."""
        own = await self._api.did()
        if item.kind is ItemKind.MESSAGE:
            convo = item.extra["convo"]
            asked = self._api.ask("chat.bsky.convo.getConvo", {"convoId": convo}, mapping_chat.convo, headers=CHAT)
            people = (await asked).people
            found = await messages(self._api, convo)
            return tuple(mapping_chat.item(message, convo, people, own=own) for message in reversed(found))
        params: Params = {"uri": item.id, "depth": DEPTH, "parentHeight": DEPTH}
        items = await self._api.ask("app.bsky.feed.getPostThread", params, partial(mapping_inbox.thread, own=own))
        held = {
            gate: {post: await self._held(gate, post) for post in _gated(items, gate)} for gate in (REPLIES, QUOTES)
        }
        return tuple(_marked(each, held) for each in items)

    def _can_read_messages(self) -> bool:
        return Capability.MESSAGES in SPEC.rules(self._api.account.facts).capabilities

    # Replies, mentions, quotes

    async def _notifications(self, state: JSON) -> Step:
        own = await self._api.did()
        until, last = shape.number(state, "until", 0), shape.number(state, "last", 0)
        asked, pages = shape.text(state, "page"), shape.number(state, "pages", 0)
        params: Params = {
            "reasons": mapping_inbox.REASONS,
            "limit": PAGE,
            **({"cursor": asked} if asked else {}),
        }
        page = await self._api.ask(
            "app.bsky.notification.listNotifications", params, partial(mapping_inbox.notifications, own=own)
        )
        newest = shape.number(state, "newest", page.newest)
        fresh = [*_words(state, "fresh"), *(item.id for item in page.items)][:WATCHED]
        known = _words(state, "known")
        stuck = page.cursor == asked or bool(last and page.newest > last)
        reached = bool(page.oldest and page.oldest < until - OVERLAP)
        cut = pages + 1 >= PAGES
        if page.cursor and not (stuck or reached or cut):
            items, _gone = await self._completed(page.items, ())
            going_on = {"until": until, "newest": newest, "page": page.cursor, "pages": pages + 1}
            return Step(
                items, (), {**going_on, "last": page.oldest or last, "fresh": fresh, "known": known}, more=True
            )
        watched = list(
            dict.fromkeys([*fresh, *known])
        )  # what is gone stands in no page: all that was known is asked for
        items, gone = await self._completed(page.items, watched)
        left = [uri for uri in watched if uri not in gone][:WATCHED]
        gap = _("Only the latest notifications could be read.") if cut and not (stuck or reached) else ""
        return Step(items, gone, {"until": max(newest, until), "known": left}, more=False, gap=gap)

    async def _completed(
        self, items: tuple[Item, ...], watched: Sequence[str]
    ) -> tuple[tuple[Item, ...], tuple[str, ...]]:
        """The items with what the account did about them, and which of them or of `watched` are gone."""
        ids = list(dict.fromkeys([*(item.id for item in items), *watched]))
        looks = [
            self._api.ask("app.bsky.feed.getPosts", {"uris": ids[first : first + URIS]}, mapping_inbox.likes)
            for first in range(0, len(ids), URIS)
        ]
        likes: dict[str, str] = {}
        for found in await asyncio.gather(*looks):
            likes |= found
        gone = [uri for uri in ids if uri not in likes and await self._is_gone(uri)]
        held = {gate: await self._listed(gate) for gate in (REPLIES, QUOTES) if _gated(items, gate)}
        there = (replace(item, liked=bool(likes.get(item.id))) for item in items if item.id not in gone)
        return tuple(_marked(item, held) for item in there), tuple(gone)

    async def _is_gone(self, uri: str) -> bool:
        """Whether a post that the AppView does not show was taken back; those of blocked people are there."""
        answer = await self._api.query(await self._api.pds(), "com.atproto.repo.getRecord", mapping.place(uri))
        return not answer.ok and answer.error_body().get("error") == "RecordNotFound"

    async def _listed(self, gate: Gate) -> dict[str, frozenset[str]]:
        """What the own posts do not show: the latest of them that have such a record."""
        params: Params = {"repo": await self._api.did(), "collection": gate.collection, "limit": PAGE}
        answer = await self._api.query(await self._api.pds(), "com.atproto.repo.listRecords", params)
        return self._api.result(answer, partial(mapping_inbox.listed, gate=gate))

    async def _held(self, gate: Gate, post: str) -> frozenset[str]:
        found = await self._api.record(mapping.place(post) | {"collection": gate.collection}, mapping.stored)
        return mapping_inbox.held(found[0], gate) if found else frozenset()

    # Direct messages

    async def _messages(self, state: JSON) -> Step:
        if "log" in state and not shape.text(state, "page"):
            return await self._log(shape.text(state, "log"))
        own = await self._api.did()
        # Where the log stands is asked before anything is read, so that nothing falls in between.
        log = shape.text(state, "log") if "log" in state else (await self._ask_log("")).cursor
        asked, pages = shape.text(state, "page"), shape.number(state, "pages", 0)
        params: Params = {"limit": CONVOS, **({"cursor": asked} if asked else {})}
        page = await self._api.ask("chat.bsky.convo.listConvos", params, mapping_chat.convos, headers=CHAT)
        items = [
            mapping_chat.item(message, convo.id, convo.people, own=own)
            for convo in page.convos
            for message in reversed(await messages(self._api, convo.id))
            if message.sender != own
        ]
        if not page.cursor or page.cursor == asked or not page.convos or pages + 1 >= PAGES:
            return Step(tuple(items), (), {"log": log}, more=False)
        return Step(tuple(items), (), {"log": log, "page": page.cursor, "pages": pages + 1}, more=True)

    async def _log(self, since: str) -> Step:
        own = await self._api.did()
        found = await self._ask_log(since)
        items = {
            message.id: mapping_chat.item(message, convo, people, own=own)
            for convo, message, people in found.written
            if message.sender != own
        }
        on = found.cursor > since  # its cursors sort by time
        return Step(
            tuple(items.values()),
            found.gone,
            {"log": found.cursor if on else since},
            more=on and bool(found.written or found.gone),
        )

    async def _ask_log(self, since: str) -> mapping_chat.Log:
        return await self._api.ask(
            "chat.bsky.convo.getLog", {"cursor": since} if since else {}, mapping_chat.log, headers=CHAT
        )


def gate_of(item: Item, own: str) -> tuple[Gate, str] | None:
    """Where an item can be hidden, and the own post there; None where it cannot."""
    root, quoted = item.extra.get("root", ""), item.extra.get("quotes", "")
    if item.kind is ItemKind.COMMENT and root.startswith(f"at://{own}/"):
        return REPLIES, root
    return (QUOTES, quoted) if quoted.startswith(f"at://{own}/") else None


def _gated(items: Iterable[Item], gate: Gate) -> set[str]:
    """The own posts below which items can be hidden in a kind of gate."""
    if gate is QUOTES:
        return {item.extra["quotes"] for item in items if item.extra.get("quotes")}
    return {item.extra["root"] for item in items if item.post_id and item.post_id == item.extra.get("root")}


def _marked(item: Item, held: dict[Gate, dict[str, frozenset[str]]]) -> Item:
    below = held.get(REPLIES, {}).get(item.extra.get("root", ""), frozenset())
    detached = held.get(QUOTES, {}).get(item.extra.get("quotes", ""), frozenset())
    return replace(item, hidden=item.id in below or item.id in detached)


def _words(state: JSON, key: str) -> list[str]:
    found = state.get(key)
    return [word for word in found if isinstance(word, str)] if isinstance(found, list) else []
