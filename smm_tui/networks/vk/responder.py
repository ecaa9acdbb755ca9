"""Answering comments, mentions and messages, and commenting below own posts."""

from __future__ import annotations

from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.ports import JSON, Part, RemoteRef
from smm_tui.networks.vk import mapping_talk as mapping
from smm_tui.networks.vk.api import SLOTS, VkApi
from smm_tui.networks.vk.attachments import Attachments
from smm_tui.networks.vk.mapping import content, gist
from smm_tui.networks.vk.spec import COMMUNITY, SPEC, USER
from smm_tui.networks.vk.talk import COMMENTS, Talk

PAGES = 5  # pages a read back goes through


class VkResponder:
    """A Responder over ``wall.createComment`` with its guid and ``messages.send`` with its random_id.

    The wire holds the `method`, its `form`, `as` which token it goes, and for comments the `baseline`: the number of
    the newest one before it, None when nobody may look.
    """

    def __init__(self, api: VkApi, talk: Talk, attachments: Attachments) -> None:
        self._api = api
        self._talk = talk
        self._attachments = attachments

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        if part.poll is not None:
            raise Unsupported(_("VK takes polls in posts only."), _("Leave the poll out."))
        if isinstance(to, Item) and to.kind not in (ItemKind.COMMENT, ItemKind.MENTION, ItemKind.MESSAGE):
            raise Unsupported(_("VK takes no answer to this."), _("Answer a comment, a mention or a message."))
        made = await self._attachments.of(identity, part)
        if isinstance(to, Item) and to.kind is ItemKind.MESSAGE:
            wire = await self._message(identity, to, part, made)
        else:
            wire = await self._comment(identity, to, part, made)
        self._attachments.forget(identity)
        return wire

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        method, form, kind = str(wire["method"]), wire["form"], str(wire["as"])
        answer = await self._api.answer(method, form, kind, safe=False)
        if method == "messages.send":
            own, peer = -int(form["group_id"]), int(form["peer_id"])
            return self._api.result(
                answer, lambda value: mapping.message_ref(value, own=own, peer=peer), kind, safe=False
            )
        owner, post, thread = int(form["owner_id"]), int(form["post_id"]), int(wire["thread"])
        return self._api.result(
            answer,
            lambda value: mapping.comment_ref(value, owner=owner, post=post, thread=thread),
            kind,
            safe=False,
        )

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Responder.find`. Messages by their random_id, comments by what they say."""
        form = wire["form"]
        if wire["method"] == "messages.send":
            return await self._sent(form, taken)
        if not isinstance(wire["baseline"], int):
            raise Unsupported(
                _("No token of {handle} may read comments.").format(handle=self._api.account.handle),
                _("Look for it on the community's page."),
            )
        owner, post, thread = int(form["owner_id"]), int(form["post_id"]), int(wire["thread"])
        found = None
        for page in range(PAGES):
            shown = await self._talk.comments(owner, post, thread=thread, offset=page * COMMENTS, newest=not thread)
            for item in shown.items:
                later = int(item.extra["comment"]) > wire["baseline"]
                if later and await self._is_ours(item) and item.id not in taken and _says(item, form):
                    found = mapping.ref_of_comment(int(item.extra["comment"]), owner, post, thread)
            if shown.length < COMMENTS or (not thread and min(shown.top, default=0) <= wire["baseline"]):
                break
        return found

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`. A message is taken back for both sides, which VK allows for a day."""
        try:
            if "peer" in ref.extra:
                form = {
                    "message_ids": str(mapping.message_number(ref.id)),
                    "delete_for_all": "1",
                    "group_id": await self._api.group(),
                }
                await self._api.ask("messages.delete", form, COMMUNITY, mapping.deleted_message)
            else:
                owner, _bar, number = ref.id.partition("_")
                form = {"owner_id": owner, "comment_id": number}
                await self._api.first("wall.deleteComment", form, lambda value: value)
        except NotFound:
            return
        except (Forbidden, Rejected):  # VK refuses a second deletion in several words, so then a look decides
            if not await self._is_gone(ref):
                raise

    async def _comment(self, identity: str, to: Item | RemoteRef, part: Part, made: list[str]) -> JSON:
        group = await self._api.group()
        if isinstance(to, Item):
            owner, post = to.extra["owner"], to.extra["post"]
            above, thread = to.extra.get("comment", ""), to.extra.get("thread", "0")
        else:
            owner, _bar, post = to.id.partition("_")
            above, thread = "", "0"
        form = {"owner_id": owner, "post_id": post, "from_group": group, "guid": identity, **content(part, made)}
        if above:
            form["reply_to_comment"] = above
        return {
            "method": "wall.createComment",
            "form": form,
            "as": await self._writer() if owner == f"-{group}" else USER,
            "thread": int(thread),
            "baseline": await self._newest(int(owner), int(post)),
        }

    async def _message(self, identity: str, to: Item, part: Part, made: list[str]) -> JSON:
        form = {
            "peer_id": to.extra["peer"],
            "group_id": await self._api.group(),
            "random_id": str(mapping.random_id(identity)),
            "disable_mentions": "1",
        }
        said = content(part, made)
        if "attachments" in said:
            said["attachment"] = said.pop("attachments")
        return {"method": "messages.send", "form": {**form, **said}, "as": COMMUNITY}

    async def _writer(self) -> str:
        kind = self._api.account.facts.get("answers_as", COMMUNITY)
        if kind not in SLOTS:
            raise Forbidden(
                _("None of the tokens of {handle} may write comments.").format(handle=self._api.account.handle),
                _("Make a community token with the right wall, then check the account."),
            )
        return str(kind)

    async def _newest(self, owner: int, post: int) -> int | None:
        """The greatest number among the newest comments of a post; None when no token may look.

        Comments and posts of a wall are numbered together, so that no answer in a thread is older than the post.
        """
        if self._api.account.facts.get("reads") is False or not await self._api.token(USER):
            return None
        shown = await self._talk.comments(owner, post, newest=True)
        return max((int(item.extra["comment"]) for item in shown.items), default=post)

    async def _sent(self, form: JSON, taken: frozenset[str]) -> RemoteRef | None:
        peer, random = int(form["peer_id"]), int(form["random_id"])
        history = await self._talk.history_form(peer)
        number = await self._api.ask(
            "messages.getHistory", history, COMMUNITY, lambda value: mapping.sent_message(value, random)
        )
        ref = mapping.ref_of_message(number, -int(form["group_id"]), peer) if number else None
        return None if ref is None or ref.id in taken else ref

    async def _is_ours(self, item: Item) -> bool:
        return item.author.own or item.author.id == str(await self._talk.own())

    async def _is_gone(self, ref: RemoteRef) -> bool:
        if "peer" in ref.extra:
            page = await self._talk.messages(int(ref.extra["peer"]), 0)
            return mapping.message_number(ref.id) not in page.numbers
        owner, _bar, number = ref.id.partition("_")
        return await self._talk.comment(int(owner), int(ref.extra.get("post", "0")), int(number)) is None


def _says(item: Item, form: JSON) -> bool:
    wanted = [word for word in str(form.get("attachments", "")).split(",") if word]
    return len(wanted) == len(item.attachments) and gist(str(form.get("message", ""))) == gist(item.text)
