"""What people write to a community: below its posts, elsewhere about it, in messages."""

from __future__ import annotations

from collections.abc import Sequence

from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import Item, ItemKind, Page
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.vk import mapping_talk as mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import COMMUNITY, USER
from smm_tui.networks.vk.talk import COMMENTS, CONVERSATIONS, MENTIONS, MESSAGES, Talk

FORM = 1  # of cursors; one of another form begins anew
KNOWN = 2000  # comments of one post, the newest, whose deletion is noticed
DOUBTS = 25  # vanished comments that one step looks for
GRACE = 5  # seconds that an answer of the line may be under way
DAY_SECONDS = DAY // 1000


class VkInbox:
    """An Inbox over polling: one call or two a step, in rounds.

    A round reads all comments of the posts, for an edited or deleted one can be told in no other way; then mentions,
    those of the last day again; then conversations, those of the last day again, since VK lets nobody change older
    messages. The cursor holds how far the round is (`left`: what it still has to read, the first entry being read;
    `at`: where in that) and what earlier rounds saw.
    """

    def __init__(self, api: VkApi, talk: Talk) -> None:
        self._api = api
        self._talk = talk
        self._line: mapping.Line | None = None

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`."""
        now: JSON = dict(cursor) if cursor and cursor.get("form") == FORM else {"form": FORM}
        if not now.get("left"):
            now["left"] = await self._round([post.id for post in posts])
            now["at"] = 0
            now["known"] = {post.id: ids for post in posts if (ids := now.get("known", {}).get(post.id))}
        if not now["left"]:
            return Page((), now)
        what, _colon, which = str(now["left"][0]).partition(":")
        match what:
            case "post":
                return await self._comments(now, which)
            case "doubts":
                return await self._doubts(now, which)
            case "mentions":
                return await self._mentions(now)
            case "conversations":
                return await self._conversations(now)
            case _:
                return await self._messages(now, int(which))

    async def listen(self, cursor: JSON | None, seconds: float) -> bool:
        """See `Listener.listen`: Bots Long Poll, where the community has it switched on. Whatever it tells is read
        by the next round, so nothing is lost with a line that broke."""
        del cursor
        for _try in range(2):
            line = self._line or await self._open_line()
            self._line = None
            params = {"act": "a_check", "key": line.key, "ts": line.ts, "wait": str(max(1, round(seconds) - GRACE))}
            answer = await self._api.http.hear("GET", line.server, seconds=seconds, params=params)
            if answer is None:
                self._line = line
                return False
            if not answer.ok:
                raise self._api.http.refusal(answer, "", safe=True)
            told = self._api.http.parsed(answer, mapping.heard, safe=True)
            if told.ts:
                self._line = line._replace(ts=told.ts)
                return told.something
        return False

    async def _open_line(self) -> mapping.Line:
        try:
            return await self._api.ask(
                "groups.getLongPollServer", {"group_id": await self._api.group()}, COMMUNITY, mapping.line
            )
        except (Rejected, Forbidden) as error:
            raise Unsupported(
                error.message, _("Switch it on in the community: Manage > API usage > Long Poll API.")
            ) from None

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """See `Inbox.conversation`. NotFound when nothing of it is left."""
        found: list[Item] = []
        if item.kind is ItemKind.COMMENT:
            place = [int(item.extra[key]) for key in ("owner", "post", "thread")]
            try:
                found = await self._talk.thread(*place)
            except (Forbidden, Rejected):  # as VK says of what is gone, too
                found = []
        elif item.kind is ItemKind.MESSAGE:
            found = (await self._talk.messages(int(item.extra["peer"]), 0)).items[::-1]
        elif now := await self._talk.mentioning_post(item):
            found = [now]
        if not found:
            raise NotFound(_("Nothing is left of this conversation."), _("It was deleted."), status=200)
        return tuple(found)

    async def _round(self, posts: Sequence[str]) -> list[str]:
        facts = self._api.account.facts
        has_user = bool(await self._api.token(USER))
        left = [f"post:{post}" for post in posts] if facts.get("reads", has_user) else []
        left += ["mentions"] if facts.get("mentions", has_user) else []
        return left + (["conversations"] if facts.get("messages", True) else [])

    # Comments

    async def _comments(self, now: JSON, ref: str) -> Page:
        """A page of a post: first of its comments, then of each thread (`threads`) that came cut off."""
        owner, post = _numbers(ref)
        met, threads = list(now.get("met", [])), list(now.get("threads", []))
        thread = int(threads[0]) if now.get("inside") else 0
        try:
            page = await self._talk.comments(owner, post, thread=thread, offset=int(now["at"]))
        except (NotFound, Forbidden, Rejected):  # the post is gone, or its comments are closed
            if thread:
                page = mapping.Comments([], [], [], 0)
            else:
                return _next(_without(now, "met", "threads", "inside"), [])
        seen = set(met)
        shown = [*page.top, *(int(item.extra["comment"]) for item in page.items)]
        fresh = [number for number in page.top if number not in seen]
        met += sorted(set(shown) - seen)
        now |= {"met": met, "threads": threads + (page.threads if fresh else [])}
        if fresh and page.length >= COMMENTS:
            return _on(now, now["at"] + page.length, page.items)
        if thread:
            now["threads"] = now["threads"][1:]
        if now["threads"]:
            return _on({**now, "inside": True}, 0, page.items)
        before = now["known"].get(ref, [])
        now["known"] = {**now["known"], ref: sorted(met)[-KNOWN:]}
        doubts = sorted(set(before) - set(met))
        now = _without(now, "met", "threads", "inside")
        if doubts:
            now |= {"left": [now["left"][0], f"doubts:{ref}", *now["left"][1:]], "doubts": doubts}
        return _next(now, page.items)

    async def _doubts(self, now: JSON, ref: str) -> Page:
        """Look for comments that a post's pages did not show: they may be deleted, or have slipped between pages."""
        owner, post = _numbers(ref)
        numbers, rest = now["doubts"][:DOUBTS], now["doubts"][DOUBTS:]
        found = {number: await self._talk.comment(owner, post, number) for number in numbers}
        items = [item for item in found.values() if item is not None]
        still = [int(item.extra["comment"]) for item in items]
        now["known"] = {**now["known"], ref: sorted({*now["known"].get(ref, []), *still})[-KNOWN:]}
        gone = tuple(f"{owner}_{number}" for number, item in found.items() if item is None)
        if rest:
            return _on({**now, "doubts": rest}, 0, items, gone)
        return _next(_without(now, "doubts"), items, gone)

    # Mentions

    async def _mentions(self, now: JSON) -> Page:
        """A page of mentions since a day before the last round began."""
        offset, met = int(now["at"]), dict(now.get("met", {}))
        began = now["began"] if offset else self._api.around.clock() // 1000
        since = max(1, int(now.get("mentioned", 0)) - DAY_SECONDS)
        items, length = await self._talk.mentions(since=since, offset=offset)
        fresh = {item.id: item.created_at // 1000 for item in items if item.id not in met}
        met |= fresh
        if fresh and length >= MENTIONS:
            return _on({**now, "met": met, "began": began}, offset + length, items)
        gone = tuple(name for name, at in now.get("mentions", {}).items() if at >= since and name not in met)
        kept = {name: at for name, at in met.items() if at >= began - DAY_SECONDS}
        return _next({**_without(now, "met", "began"), "mentioned": began, "mentions": kept}, items, gone)

    # Messages

    async def _conversations(self, now: JSON) -> Page:
        """A page of conversations; those with something new, or that may have changed, are to be read."""
        offset, read_to = int(now["at"]), int(now.get("read_to", 0))
        peers = list(now.get("peers") or now.get("recent") or ())
        talks, length = await self._talk.conversations(offset)
        yesterday = self._api.around.clock() // 1000 - DAY_SECONDS
        worth = [str(talk.peer) for talk in talks if talk.last_id > read_to or talk.last_at > yesterday]
        fresh = [peer for peer in worth if peer not in set(peers)]
        newest = max([int(now.get("newest", read_to)), *(talk.last_id for talk in talks)])
        if fresh and length >= CONVERSATIONS and len(worth) == len(talks):
            return _on({**now, "peers": peers + fresh, "newest": newest}, offset + length, [])
        left = [now["left"][0], *(f"messages:{peer}" for peer in peers + fresh), *now["left"][1:]]
        return _next({**_without(now, "peers", "newest"), "left": left, "read_from": read_to, "read_to": newest}, [])

    async def _messages(self, now: JSON, peer: int) -> Page:
        """A page of a conversation, back to what was read before and is older than a day."""
        offset, met = int(now["at"]), list(now.get("met", []))
        page = await self._talk.messages(peer, offset)
        fresh = set(page.numbers) - set(met)
        met += sorted(fresh)
        yesterday, read_from = self._api.around.clock() - DAY, int(now.get("read_from", 0))
        items = [item for item in page.items if mapping.message_number(item.id) in fresh]
        new = [item for item in items if item.created_at > yesterday or mapping.message_number(item.id) > read_from]
        young = {**now.get("young", {})}
        young |= {
            str(mapping.message_number(item.id)): item.created_at for item in new if item.created_at > yesterday
        }
        if fresh and page.length >= MESSAGES and len(new) == len(items):
            return _on({**now, "met": met, "young": young}, offset + page.length, new)
        recent = dict(now.get("recent", {}))
        gone = tuple(
            mapping.message_id(peer, int(number))
            for number, at in recent.pop(str(peer), {}).items()
            if at > yesterday and int(number) not in set(met)
        )
        if young:
            recent[str(peer)] = young
        return _next({**_without(now, "met", "young"), "recent": recent}, new, gone)


def _numbers(ref: str) -> tuple[int, int]:
    owner, _bar, number = ref.partition("_")
    return int(owner), int(number)


def _without(now: JSON, *names: str) -> JSON:
    return {name: value for name, value in now.items() if name not in names}


def _on(now: JSON, at: int, items: Sequence[Item], gone: tuple[str, ...] = ()) -> Page:
    """The round goes on with the same entry."""
    return Page(_once(items), {**now, "at": at}, more=True, gone=gone)


def _next(now: JSON, items: Sequence[Item], gone: tuple[str, ...] = ()) -> Page:
    """The round goes on with its next entry, or ends."""
    left = now["left"][1:]
    return Page(_once(items), {**now, "left": left, "at": 0}, more=bool(left), gone=gone)


def _once(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple({item.id: item for item in items}.values())
