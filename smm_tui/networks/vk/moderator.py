"""Acting on comments and their authors."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER
from smm_tui.networks.vk.talk import Talk

OTHER = "0"  # the reason of a ban: the words say it
REASONS = {  # of a report to VK, in its words
    "spam": "0",
    "child": "1",
    "extremism": "2",
    "violence": "3",
    "drugs": "4",
    "adult": "5",
    "insult": "6",
    "suicide": "8",
    "weapons": "11",
}


class VkModerator:
    """A Moderator. VK keeps deleted comments for a while, so that a deletion can be taken back; it hides nothing."""

    def __init__(self, api: VkApi, talk: Talk) -> None:
        self._api = api
        self._talk = talk

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`."""
        match verb:
            case Verb.LIKE | Verb.UNLIKE:
                await self._like(verb, item)
            case Verb.DELETE:
                await self._delete(item)
            case Verb.RESTORE:
                await self._restore(item)
            case Verb.BAN:
                await self._ban(item, until, reason)
            case Verb.UNBAN:
                await self._unban(item)
            case Verb.REPORT:
                await self._report(item, reason)
            case _:
                raise Unsupported(
                    _("VK does not do that to comments or their authors."),
                    _("Delete the comment, or ban its author."),
                )

    async def _like(self, verb: Verb, item: Item) -> None:
        """In the community's name."""
        if item.kind is ItemKind.MESSAGE:
            raise _not_there()
        is_comment = "comment" in item.extra
        form = {
            "type": "comment" if is_comment else "post",
            "owner_id": item.extra["owner"],
            "item_id": item.extra["comment" if is_comment else "post"],
            "from_group": "1",
        }
        await self._do("likes.add" if verb is Verb.LIKE else "likes.delete", form)

    async def _delete(self, item: Item) -> None:
        owner, number = await self._own_comment(item)
        try:
            await self._do("wall.deleteComment", {"owner_id": owner, "comment_id": number})
        except NotFound:
            return
        except (Forbidden, Rejected):  # VK refuses a second deletion in several words, so then a look decides
            if await self._talk.comment(int(owner), int(item.extra["post"]), int(number)) is not None:
                raise

    async def _restore(self, item: Item) -> None:
        owner, number = await self._own_comment(item)
        try:
            await self._do("wall.restoreComment", {"owner_id": owner, "comment_id": number})
        except (Forbidden, Rejected):  # as of one that is not deleted
            if await self._talk.comment(int(owner), int(item.extra["post"]), int(number)) is None:
                raise

    async def _ban(self, item: Item, until: Instant | None, reason: str) -> None:
        form = {**await self._culprit(item), "reason": OTHER, "comment_visible": "0"}
        if reason:
            form["comment"] = reason
        if until is not None:
            form["end_date"] = str(until // 1000)
        await self._do("groups.ban", form)

    async def _unban(self, item: Item) -> None:
        form = await self._culprit(item)
        try:
            await self._do("groups.unban", form)
        except NotFound:
            return
        except (Forbidden, Rejected):  # as of one who is not banned
            if await self._is_banned(form):
                raise

    async def _is_banned(self, form: dict[str, str]) -> bool:
        try:
            await self._do("groups.getBanned", form)
        except NotFound:
            return False
        return True

    async def _report(self, item: Item, reason: str) -> None:
        if "comment" not in item.extra:
            raise _not_there()
        form = {
            "owner_id": item.extra["owner"],
            "comment_id": item.extra["comment"],
            "reason": REASONS.get(reason.strip().lower(), REASONS["spam"]),
        }
        await self._do("wall.reportComment", form)

    async def _own_comment(self, item: Item) -> tuple[str, str]:
        owner, number = item.extra.get("owner", ""), item.extra.get("comment", "")
        if not number or owner != await self._api.owner():
            raise _not_there()
        return owner, number

    async def _culprit(self, item: Item) -> dict[str, str]:
        if not item.author.id:
            raise _not_there()
        return {"group_id": await self._api.group(), "owner_id": item.author.id}

    async def _do(self, method: str, form: dict[str, str]) -> None:
        await self._api.ask(method, form, USER, lambda value: value)


def _not_there() -> Unsupported:
    return Unsupported(
        _("VK lets a community do that to comments on its own wall only."), _("Do it on vk.com, if it can be done.")
    )
