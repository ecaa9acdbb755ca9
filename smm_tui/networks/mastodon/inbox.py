"""Reading what people write.

Notifications tell of everything that names the account. What they do not tell is read anew in every round: answers
among others below an own post, edits, and what was taken back.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import quote

from smm_tui.domain.errors import NotFound, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import Item, ItemKind, Page
from smm_tui.networks.mastodon import mapping_inbox as mapping
from smm_tui.networks.mastodon.api import MastodonApi, status_path
from smm_tui.networks.mastodon.mapping_inbox import Own, Place
from smm_tui.networks.mastodon.spec import GOTOSOCIAL, READ_REPORTS, words
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.shape import WrongShape

STREAM = "/api/v1/streaming/user/notification"
PAGE = 80  # notifications a page: the API's maximum
REPORTS = 100  # reports a page
THREADS = 10  # own posts looked at in one step
ASKED = 20  # missing statuses asked for by name in one step

log = logging.getLogger(__name__)

Found = dict[tuple[ItemKind, str], Item]


@dataclass
class Cursor:
    """How far the reading came. All of it is JSON; what is not as it should be begins anew."""

    seen: str = ""  # the newest notification
    report: str = ""  # the newest report
    recent: dict[str, list[str]] = field(default_factory=dict)  # status -> [its notification, when it was edited]
    threads: dict[str, dict[str, str]] = field(default_factory=dict)  # own post -> {status below it: when edited}
    left: list[str] = field(default_factory=list)  # own posts still to be looked at in this round

    @classmethod
    def of(cls, value: JSON | None) -> Cursor:
        """The cursor that was kept as JSON."""
        fresh = cls()
        for name in (each.name for each in fields(cls)):
            kept = (value or {}).get(name)
            if type(kept) is type(getattr(fresh, name)):
                setattr(fresh, name, copy.deepcopy(kept))  # a step that fails leaves the old one as it was
        fresh.threads = {post: below for post, below in fresh.threads.items() if isinstance(below, dict)}
        fresh.recent = {each: told for each, told in fresh.recent.items() if isinstance(told, list) and told}
        return fresh

    def places(self) -> dict[str, Place]:
        """Where what is known stands."""
        found: dict[str, Place] = {}
        for post_id, below in self.threads.items():
            found |= dict.fromkeys((post_id, *below), Place(post_id, post_id))
        return found


class MastodonInbox:
    """An Inbox over notifications, contexts and the admin API."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api
        self._stream_at = ""

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """See `Inbox.fetch`. News first; only when there are no more is looked at what is known."""
        at = Cursor.of(cursor)
        own = await self._own()
        own_posts = {ref.id: Place(ref.id, ref.id) for ref in posts}
        found: Found = {}
        more = await self._news(at, own, own_posts, found)
        gone: list[str] = []
        if not more:
            gone = await self._recent(at, own, found)
            gone += await self._below(at, own, own_posts, found)
            more = bool(at.left)
            if READ_REPORTS in words(self._api.account.facts, "staff"):
                more |= await self._reports(at, own, found)
        return Page(items=tuple(found.values()), cursor=vars(at), more=more, gone=tuple(dict.fromkeys(gone)))

    async def listen(self, cursor: JSON | None, seconds: float) -> bool:
        """See `Listener.listen`: server-sent events of the user's notifications. GoToSocial has none."""
        del cursor
        if self._api.software == GOTOSOCIAL:
            raise Unsupported(_("GoToSocial tells of news by WebSocket only."), _("It is asked from time to time."))
        answer = await self._api.http.hear(
            "GET",
            f"{await self._streaming()}{STREAM}",
            seconds=seconds,
            token=await self._api.token(),
            headers={"accept": "text/event-stream"},
            told=mapping.told_something,
        )
        if answer is None:
            return False
        if not answer.ok:
            raise self._api.refusal(answer)
        return mapping.told_something(answer.body)

    async def _streaming(self) -> str:
        """Where the server has its events, which may be another host."""
        if not self._stream_at:
            told = await self._api.get("/api/v2/instance", mapping.streaming)
            self._stream_at = told or self._api.server
        return self._stream_at

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """See `Inbox.conversation`."""
        own = await self._own()
        if item.kind is ItemKind.REPORT:
            path = f"/api/v1/admin/reports/{quote(item.id, safe='')}"
            report, statuses = await self._api.get(path, lambda v: (mapping.report(v, own), mapping.reported(v)))
            return (*_items(statuses, own, {}), report)
        if item.post_id:
            _above, below = await self._api.get(status_path(item.post_id, "context"), mapping.context)
            return _items(below, own, mapping.places(item.post_id, below, {}))
        above, below = await self._api.get(status_path(item.id, "context"), mapping.context)
        if above:
            root = above[0]
            _above, below = await self._api.get(status_path(mapping.status_id(root), "context"), mapping.context)
        else:
            root = await self._api.get(status_path(item.id), mapping.a_status)
        place = Place("", item.thread_id)
        whole = [root, *below]
        return _items(whole, own, {mapping.status_id(status): place for status in whole})

    async def _own(self) -> Own:
        return Own(await self._api.own(), self._api.domain)

    # The steps of a round

    async def _news(self, at: Cursor, own: Own, posts: Mapping[str, Place], found: Found) -> bool:
        """The notifications after the newest one that is known, oldest first; whether there are more."""
        after = at.seen or ("0" * 26 if self._api.software == GOTOSOCIAL else "0")
        count, notices, newest = await self._notifications(f"&min_id={quote(after, safe='')}")
        if not newest or mapping.order(newest) <= mapping.order(at.seen):
            return False  # nothing new, or the same page once more
        places = {**at.places(), **posts}
        for notice in notices:
            status = notice.status
            if notice.kind == "update" and not mapping.is_about(status, own):  # an edit of what the account shared
                continue
            try:
                _add(found, mapping.item(status, own, await self._place(status, own, places)))
            except WrongShape as error:
                log.debug("left out: %s", error.message)
                continue
            at.recent[mapping.status_id(status)] = [notice.id, mapping.edited(status)]
        at.seen = newest
        for status_id in list(at.recent)[: -2 * PAGE]:
            del at.recent[status_id]
        return count >= PAGE

    async def _place(self, status: JSON, own: Own, known: dict[str, Place]) -> Place | None:
        """Where a status that names the account stands; asked for when what it answers is not known."""
        parent = mapping.parent_of(status)
        if status.get("visibility") == mapping.DIRECT or not parent:
            return None
        if parent not in known:
            try:
                above, _below = await self._api.get(
                    status_path(mapping.status_id(status), "context"), mapping.context
                )
            except NotFound:
                above = []
            known[parent] = mapping.above(above, known, own) or Place("", parent)
        return known[parent]

    async def _recent(self, at: Cursor, own: Own, found: Found) -> list[str]:
        """The newest notifications once more: what was edited or taken back since."""
        if not at.recent:
            return []
        count, notices, _newest = await self._notifications("")
        oldest = mapping.order(notices[0].id) if notices and count >= PAGE else (0, "")
        there = set()
        places = at.places()
        for notice in notices:
            try:
                status_id = mapping.status_id(notice.status)
                there.add(status_id)
                known = at.recent.get(status_id)
                if known is None or known[1:] == [mapping.edited(notice.status)]:
                    continue
                _add(found, mapping.item(notice.status, own, await self._place(notice.status, own, places)))
                at.recent[status_id] = [notice.id, mapping.edited(notice.status)]
            except WrongShape as error:
                log.debug("left out: %s", error.message)
        missing = [
            status_id
            for status_id, known in at.recent.items()
            if status_id not in there and mapping.order(known[0]) >= oldest
        ]
        return await self._gone(at.recent, missing)

    async def _below(self, at: Cursor, own: Own, posts: Mapping[str, Place], found: Found) -> list[str]:
        """What stands below the next few own posts."""
        if not at.left:
            at.left = list(posts)
            at.threads = {post_id: at.threads[post_id] for post_id in posts if post_id in at.threads}
        batch, at.left = at.left[:THREADS], at.left[THREADS:]
        gone: list[str] = []
        for post_id in batch:
            try:
                _above, below = await self._api.get(status_path(post_id, "context"), mapping.context)
            except NotFound:
                at.threads.pop(post_id, None)
                continue
            except Transient as error:  # one post that cannot be read does not stop the rest
                log.debug("left out: %s", error.message)
                continue
            known = at.threads.setdefault(post_id, {})
            places = mapping.places(post_id, below, posts)
            there = set()
            for status in below:
                status_id = mapping.status_id(status)
                if places[status_id].post_id != post_id:  # read below the own post it stands under
                    continue
                there.add(status_id)
                if mapping.author_id(status) == own.id or known.get(status_id) == mapping.edited(status):
                    continue
                try:
                    _add(found, mapping.item(status, own, places[status_id]))
                except WrongShape as error:
                    log.debug("left out: %s", error.message)
                    continue
                known[status_id] = mapping.edited(status)
            gone += await self._gone(known, [status_id for status_id in known if status_id not in there])
        return gone

    async def _reports(self, at: Cursor, own: Own, found: Found) -> bool:
        """Reports after the newest one that is known; whether there are more."""
        after = f"&min_id={quote(at.report, safe='')}" if at.report else "&min_id=0"
        count, items, newest = await self._api.get(
            f"/api/v1/admin/reports?limit={REPORTS}{after}", lambda value: mapping.reports(value, own)
        )
        if not newest or mapping.order(newest) <= mapping.order(at.report):
            return False
        for item in items:
            _add(found, item)
        at.report = newest
        return count >= REPORTS

    # Helpers

    async def _notifications(self, where: str) -> tuple[int, list[mapping.Notice], str]:
        types = "&types[]=mention&types[]=update&types[]=quote"
        filtered = "&include_filtered=true"  # whose authors the account's own filters keep back
        if self._api.software == GOTOSOCIAL:  # it knows neither
            types, filtered = "&types[]=mention", ""
        return await self._api.get(f"/api/v1/notifications?limit={PAGE}{filtered}{types}{where}", mapping.notices)

    async def _gone(self, known: dict[str, Any], missing: Iterable[str]) -> list[str]:
        """Which of the statuses that were not listed are gone: being moved or cleared away is not being deleted."""
        gone = []
        for status_id in list(missing)[:ASKED]:
            if await self._api.is_gone(status_id):
                gone.append(status_id)
            del known[status_id]
        return gone


def _add(found: Found, item: Item) -> None:
    found[item.kind, item.id] = item


def _items(statuses: Iterable[JSON], own: Own, places: Mapping[str, Place]) -> tuple[Item, ...]:
    """The items of a conversation, oldest first; what cannot be read is left out."""
    found: dict[str, Item] = {}
    for status in statuses:
        try:
            item = mapping.item(status, own, places.get(mapping.status_id(status)))
        except WrongShape as error:
            log.debug("left out: %s", error.message)
            continue
        found[item.id] = item
    return tuple(sorted(found.values(), key=lambda item: (item.created_at, mapping.order(item.id))))
