"""Reading what is said around a community: below its posts, elsewhere about it, and to it in messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smm_tui.domain.errors import Forbidden, NotFound, Rejected
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item
from smm_tui.networks.ports import JSON
from smm_tui.networks.vk import mapping_talk as mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import COMMUNITY, USER

COMMENTS, MENTIONS, CONVERSATIONS, MESSAGES = 100, 50, 200, 200  # entries a page: the API's maxima
THREAD = 10  # answers that come with a comment: the API's maximum
PAGES = 50  # pages that one conversation is read through


class Talk:
    """The reading calls, as items."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    async def own(self) -> int:
        """The community's number as an author's: negative."""
        return int(await self._api.owner())

    async def comments(
        self, owner: int, post: int, *, thread: int = 0, offset: int = 0, newest: bool = False, start: int = 0
    ) -> mapping.Comments:
        """A page below a post, or of one comment's thread; `start`: that comment alone, with its first answers."""
        form = {
            "owner_id": str(owner),
            "post_id": str(post),
            "count": "1" if start else str(COMMENTS),
            "offset": str(offset),
            "sort": "desc" if newest else "asc",
            "need_likes": "1",
            "preview_length": "0",
            "extended": "1",
            "fields": "screen_name",
            **({"comment_id": str(thread)} if thread else {"thread_items_count": str(THREAD)}),
            **({"start_comment_id": str(start)} if start else {}),
        }
        return await self._api.first(
            "wall.getComments", form, lambda value: mapping.comments(value, owner=owner, post=post, thread=thread)
        )

    async def comment(self, owner: int, post: int, number: int, *, thread: int = 0) -> Item | None:
        """A comment as it is now, None when it is gone: VK refuses that in several words."""
        form = {"owner_id": str(owner), "comment_id": str(number), "extended": "1", "fields": "screen_name"}
        try:
            return await self._api.ask(
                "wall.getComment",
                form,
                USER,
                lambda value: mapping.the_comment(value, owner=owner, post=post, thread=thread),
            )
        except (NotFound, Forbidden, Rejected):
            return None

    async def thread(self, owner: int, post: int, top: int) -> list[Item]:
        """A comment and all answers to it, oldest first."""
        name = f"{owner}_{top}"  # `wall.getComment` tells no likes
        shown = next((item for item in (await self.comments(owner, post, start=top)).items if item.id == name), None)
        first = shown or await self.comment(owner, post, top)
        found = {} if first is None else {first.id: first}
        for page in range(PAGES):
            answers = await self.comments(owner, post, thread=top, offset=page * COMMENTS)
            fresh = {item.id: item for item in answers.items if item.id not in found}
            found |= fresh
            if not fresh or answers.length < COMMENTS:
                break
        return list(found.values())

    async def mentions(self, *, since: int, offset: int) -> tuple[list[Item], int]:
        """A page of what names the community elsewhere, and how many entries it had; `since` is in seconds."""
        own = await self.own()
        form = {
            "owner_id": str(own),
            "start_time": str(since),
            "offset": str(offset),
            "count": str(MENTIONS),
        }
        found, length = await self._api.ask(
            "newsfeed.getMentions", form, USER, lambda value: mapping.mentions(value, own=own)
        )
        return await self._named(found), length

    async def mentioning_post(self, item: Item) -> Item | None:
        """A mention as it is now, None when it is gone."""
        own, place = await self.own(), item.extra
        if "comment" in place:
            now = await self.comment(int(place["owner"]), int(place["post"]), int(place["comment"]))
            return None if now is None else replace(item, text=now.text, liked=now.liked)
        form = {"posts": item.id}
        found, _length = await self._api.first(
            "wall.getById", form, lambda value: mapping.mentions(_items(value), own=own)
        )
        return next(iter(await self._named(found)), None)

    async def conversations(self, offset: int) -> tuple[list[mapping.Conversation], int]:
        """A page of the community's conversations, the latest first, and how many entries it had."""
        form = {
            "offset": str(offset),
            "count": str(CONVERSATIONS),
            "filter": "all",
            "group_id": await self._api.group(),
        }
        return await self._api.ask("messages.getConversations", form, COMMUNITY, mapping.conversations)

    async def messages(self, peer: int, offset: int) -> mapping.Messages:
        """A page of a conversation, newest first."""
        own = await self.own()
        return await self._api.ask(
            "messages.getHistory",
            await self.history_form(peer, offset),
            COMMUNITY,
            lambda value: mapping.messages(value, own=own, peer=peer),
        )

    async def history_form(self, peer: int, offset: int = 0) -> dict[str, str]:
        """The form of ``messages.getHistory``."""
        return {
            "peer_id": str(peer),
            "offset": str(offset),
            "count": str(MESSAGES),
            "extended": "1",
            "fields": "screen_name",
            "group_id": await self._api.group(),
        }

    async def _named(self, items: list[Item]) -> list[Item]:
        """The items with their authors' names, which mentions come without; without names when VK does not tell."""
        people = sorted({item.author.id for item in items if item.author.id.isdigit()})
        groups = sorted({item.author.id[1:] for item in items if item.author.id.startswith("-")})
        own, known = await self.own(), dict[int, Author]()
        for method, form in (
            ("users.get", {"user_ids": ",".join(people), "fields": "screen_name"} if people else None),
            ("groups.getById", {"group_ids": ",".join(groups)} if groups else None),
        ):
            if form is None:
                continue
            try:
                known |= await self._api.first(method, form, lambda value: _authors(value, own))
            except (Forbidden, Rejected, NotFound, shape.WrongShape):
                continue
        return [replace(item, author=known.get(int(item.author.id), item.author)) for item in items]


def _authors(value: object, own: int) -> Mapping[int, Author]:
    return mapping.authors(value if isinstance(value, dict) else {"profiles": value}, own)


def _items(value: object) -> JSON:
    return value if isinstance(value, dict) else {"items": value}
