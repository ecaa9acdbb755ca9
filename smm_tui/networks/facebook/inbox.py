"""What people write to a Page: comments post by post, posts that name it or stand on it, and messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NotFound
from smm_tui.networks.community import Item, ItemKind, Page
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook import mapping_inbox as found_in
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import SPEC
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.rounds import Round, Step
from smm_tui.networks.ports import JSON, Capability, RemoteRef

PAGE = 100  # comments an answer
FEW = 25  # posts and conversations an answer: more are "too much data" for Facebook
ANSWERS = 50  # of one conversation that are read


class FacebookInbox:
    """An Inbox over the Graph API. See `meta.rounds` for how its sources take turns."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`. Own comments and messages are no news and are left out."""
        can = SPEC.rules(self._api.account.facts).capabilities
        sources = []
        if Capability.COMMENTS in can:
            sources += [f"comments {post.id}" for post in posts]
        if Capability.MENTIONS in can:
            sources += ["tagged", "visitor_posts"]
        if Capability.MESSAGES in can:
            sources.append("conversations")
        turn = Round(cursor, sources)
        if turn.source is None:
            return turn.page(Step(()))
        name, _space, post = turn.source.partition(" ")
        try:
            if name == "comments":
                step = await self._comments(post, turn.after)
            elif name == "conversations":
                step = await self._conversations(turn.after, turn.seen)
            else:
                step = await self._mentions(name, turn.after)
        except NotFound:  # a post that is gone has no comments any more
            step = Step(())
        return turn.page(replace(step, items=tuple(item for item in step.items if not item.author.own)))

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """See `Inbox.conversation`: a comment and all answers to it, a post and its comments, or a message thread."""
        if item.kind is ItemKind.MESSAGE:
            return await self._thread(item.thread_id)
        page = await self._api.node()
        found: list[Item] = []
        if item.kind is ItemKind.COMMENT:
            post = item.post_id
            found.append(
                await self._api.get(
                    f"/{item.thread_id}",
                    lambda value: found_in.comment(mapping.node(value), page=page, post_id=post),
                    fields=found_in.COMMENT_FIELDS,
                )
            )
        else:
            post = item.id
            visitor = item.extra.get("where") == "visitor"
            found.append(
                await self._api.get(
                    f"/{item.id}",
                    lambda value: found_in.mention(mapping.node(value), page=page, visitor=visitor),
                    fields=found_in.POST_FIELDS,
                )
            )
        found += await self._all(
            f"/{item.thread_id}/comments",
            lambda value: found_in.comment(value, page=page, post_id=post),
            filter="stream",
            order="chronological",
            fields=found_in.COMMENT_FIELDS,
        )
        return tuple(sorted({one.id: one for one in found}.values(), key=lambda one: one.created_at))

    async def _comments(self, post: str, after: str) -> Step:
        page = await self._api.node()
        items, more = await self._listed(
            f"/{post}/comments",
            lambda value: found_in.comment(value, page=page, post_id=post),
            after,
            filter="stream",
            order="reverse_chronological",
            fields=found_in.COMMENT_FIELDS,
            limit=str(PAGE),
        )
        return Step(tuple(items), more, remembers=True)

    async def _mentions(self, name: str, after: str) -> Step:
        page = await self._api.node()
        items, more = await self._listed(
            f"/{page}/{name}",
            lambda value: found_in.mention(value, page=page, visitor=name == "visitor_posts"),
            after,
            fields=found_in.POST_FIELDS,
            limit=str(FEW),
        )
        return Step(tuple(items), more, remembers=True)

    async def _conversations(self, after: str, seen: Instant) -> Step:
        """The messages since `seen` of the conversations that changed since."""
        page = await self._api.node()
        threads, more = await self._listed(
            f"/{page}/conversations",
            lambda value: (mapping.node(value)["id"], *found_in.thread(value, page=page)),
            after,
            platform="MESSENGER",
            fields=found_in.THREAD_FIELDS,
            limit=str(FEW),
        )
        items: list[Item] = []
        for number, changed, messages in threads:
            if changed < seen:
                more = ""
                continue
            if len(messages) >= found_in.NEWEST and messages[-1].created_at > seen:
                messages = list(await self._thread(number, since=seen))
            items += [item for item in messages if item.created_at >= seen]
        newest = max((changed for _number, changed, _messages in threads), default=0)
        return Step(tuple(items), more, newest=newest)

    async def _thread(self, number: str, *, since: Instant = 0) -> tuple[Item, ...]:
        """The messages of a conversation, oldest first, as far back as Facebook tells them."""
        page = await self._api.node()
        found = await self._all(
            f"/{number}/messages",
            lambda value: found_in.message(value, page=page, thread=number),
            until=lambda item: item.created_at < since,
            fields=found_in.MESSAGE_FIELDS,
        )
        return tuple(sorted(found, key=lambda item: item.created_at))

    async def _all(
        self,
        path: str,
        read: Callable[[JSON], Item],
        *,
        until: Callable[[Item], bool] = lambda _item: False,
        **params: str,
    ) -> list[Item]:
        found: dict[str, Item] = {}
        after = ""
        for _answer in range(ANSWERS):
            items, more = await self._listed(path, read, after, limit=str(PAGE), **params)
            known = len(found)
            found |= {item.id: item for item in items}
            if not more or more == after or len(found) == known or any(map(until, items)):
                break
            after = more
        return list(found.values())

    async def _listed(
        self, path: str, read: Callable[[JSON], paging.T], after: str, **params: str
    ) -> tuple[list[paging.T], str]:
        if after:
            params["after"] = after
        return await self._api.get(path, lambda value: paging.listed(value, read), **params)
