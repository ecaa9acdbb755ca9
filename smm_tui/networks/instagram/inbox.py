"""What people write to an Instagram account: comments post by post, and media on which it is tagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import Item, ItemKind, Page
from smm_tui.networks.instagram import mapping
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.instagram.spec import SPEC, TITLE
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.rounds import Round, Step
from smm_tui.networks.ports import JSON, Capability, RemoteRef

PAGE = 50  # comments an answer
ANSWERS = 50  # of one conversation that are read


class InstagramInbox:
    """An Inbox over the Graph API. See `meta.rounds` for how its sources take turns."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`. Own comments are no news and are left out."""
        can = SPEC.rules(self._api.account.facts).capabilities
        if not can & {Capability.COMMENTS, Capability.MENTIONS}:
            raise Unsupported(
                _("{network} does not show this account what people write.").format(network=TITLE),
                _("The token lacks a right; run a check of the account."),
            )
        turn = Round(cursor, [*(f"comments {post.id}" for post in posts), "tags"])
        name, _space, post = (turn.source or "").partition(" ")
        account = await self._api.node()
        try:
            if name == "comments":
                step = await self._comments(account, post, turn.after)
            else:
                items, more = await self._listed(f"/{account}/tags", mapping.tag, turn.after, mapping.TAG_FIELDS)
                step = Step(tuple(items), more, remembers=True)
        except NotFound:  # a post that is gone has no comments any more
            step = Step(())
        return turn.page(replace(step, items=tuple(item for item in step.items if not item.author.own)))

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """See `Inbox.conversation`: a comment and all answers to it; what tags the account stands alone."""
        account = await self._api.node()
        if item.kind is ItemKind.MENTION:
            tags, _more = await self._listed(f"/{account}/tags", mapping.tag, "", mapping.TAG_FIELDS)
            return tuple(tag for tag in tags if tag.id == item.id)

        def read(value: JSON) -> Item:
            return mapping.comment(value, account=account, post_id=item.post_id, parent_id=item.thread_id)

        top = await self._api.get(
            f"/{item.thread_id}",
            lambda value: mapping.comments(paging.an_object(value), account=account, post_id=item.post_id)[0],
            fields=mapping.COMMENT_FIELDS,
        )
        found, after = {top.id: top}, ""
        for _answer in range(ANSWERS):
            answers, more = await self._listed(f"/{item.thread_id}/replies", read, after, mapping.COMMENT_FIELDS)
            found |= {answer.id: answer for answer in answers}
            if not more or more == after:
                break
            after = more
        return tuple(sorted(found.values(), key=lambda each: each.created_at))

    async def _comments(self, account: str, post: str, after: str) -> Step:
        threads, more = await self._listed(
            f"/{post}/comments",
            lambda value: mapping.comments(value, account=account, post_id=post),
            after,
            mapping.THREAD_FIELDS,
        )
        items = {item.id: item for thread in threads for item in thread}
        # Answers stand below their comment, however old that is: the times of comments alone tell how far this is.
        oldest = min((thread[0].created_at for thread in threads), default=0)
        places = {item.id: thread[0].created_at for thread in threads for item in thread}
        return Step(tuple(items.values()), more, remembers=True, oldest=oldest, places=places)

    async def _listed(
        self, path: str, read: Callable[[JSON], paging.T], after: str, fields: str
    ) -> tuple[list[paging.T], str]:
        params = {"fields": fields, "limit": str(PAGE), **({"after": after} if after else {})}
        return await self._api.get(path, lambda value: paging.listed(value, read), **params)
