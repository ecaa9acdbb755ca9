"""Answering on a Page: comments below posts and comments, and messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Ambiguous, NotFound, Rejected, Transient, Unsupported
from smm_tui.domain.media_types import extension
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook import mapping_inbox as found_in
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import IMAGE_TYPES, SPEC, TITLE, shown_text
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.meta.refusals import is_duplicate
from smm_tui.networks.ports import JSON, Part, RemoteRef

LONGEST_COMMENT = 8000  # characters
LONGEST_MESSAGE = 2000
NEWEST = "25"  # comments among which those of the newest second are
PAGE = 50  # comments an answer
PAGES = 40  # answers a read back goes through before it gives up


class FacebookResponder:
    """A Responder over the Graph API."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`.

        Rejected for a message that was written longer ago than Facebook lets Pages answer.
        """
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        text = shown_text(part.text, part.content_warning)
        if isinstance(to, Item) and to.kind is ItemKind.MESSAGE:
            return await self._message(to, part, text)
        if isinstance(to, Item) and to.kind not in (ItemKind.COMMENT, ItemKind.MENTION):
            raise Unsupported(_("{network} cannot answer this.").format(network=TITLE))
        _ensure_short(text, LONGEST_COMMENT)
        form = {"message": text}
        if part.media:
            form["attachment_id"] = await self._photo(part)
        return {
            "path": f"/{to.id}/comments",
            "form": form,
            "text": text,
            "baseline": await self._newest(to.id),
        }

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        answer = await self._api.answer("POST", wire["path"], safe=False, form=wire["form"])
        if is_duplicate(answer):
            raise Ambiguous(
                _("Facebook says that this post is there already."),
                _("The Page is read back before anything else."),
                status=answer.status,
            )
        read = found_in.message_ref if "thread" in wire else found_in.answer_ref
        return self._api.result(answer, read, safe=False)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Responder.find`. The oldest own one after the baseline with the same text."""
        page = await self._api.node()
        held, text = wire["baseline"], str(wire["text"])
        baseline = found_in.Baseline(held["created"], tuple(held["ids"]))
        if "thread" in wire:
            thread = str(wire["thread"])
            path, fields, params = f"/{thread}/messages", found_in.MESSAGE_FIELDS, {}

            def read(value: JSON) -> Item:
                return found_in.message(value, page=page, thread=thread)
        else:
            path, fields = wire["path"], found_in.COMMENT_FIELDS
            params = {"order": "reverse_chronological", "filter": "toplevel"}

            def read(value: JSON) -> Item:
                return found_in.comment(value, page=page, post_id="")

        items = await self._since(path, read, baseline.created, fields=fields, **params)
        same = [item for item in items if item.id not in taken and baseline.is_same(item, text)]
        found = min(same, key=lambda item: item.created_at, default=None)
        if found is None:
            return None
        return RemoteRef(found.id, "") if "thread" in wire else mapping.ref(found.id)

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`. Unsupported for messages, which Pages cannot take back."""
        if not ref.url:
            raise Unsupported(
                _("{network} lets nobody take messages back through its interface.").format(network=TITLE),
                _("Do it on the network's own site."),
            )
        answer = await self._api.answer("DELETE", f"/{ref.id}")
        if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, is_success)

    async def _message(self, to: Item, part: Part, text: str) -> JSON:
        if part.media:
            raise Unsupported(
                _("{network} takes no files with messages through this program.").format(network=TITLE),
                _("Remove the files."),
            )
        _ensure_short(text, LONGEST_MESSAGE)
        recipient = to.extra.get("recipient", "") or to.author.id
        form = found_in.messaging_form(recipient, text, since=to.created_at, now=self._api.around.clock())
        if form is None:
            raise Rejected(
                _("Facebook lets Pages answer a message for 7 days only."),
                _("Wait until this person writes again."),
                field="text",
            )
        page = await self._api.node()
        baseline = await self._api.get(
            f"/{to.thread_id}/messages", found_in.newest, fields="id,created_time", limit=NEWEST
        )
        return {
            "path": f"/{page}/messages",
            "form": form,
            "text": text,
            "thread": to.thread_id,
            "baseline": baseline,
        }

    async def _photo(self, part: Part) -> str:
        """The id of the one picture of a comment, uploaded so that nobody sees it yet."""
        file = part.media[0]
        if len(part.media) > 1 or file.mime not in IMAGE_TYPES:
            raise Unsupported(
                _("{network} takes one picture with a comment.").format(network=TITLE), _("Remove the other files.")
            )
        page = await self._api.node()
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            answer = await self._api.answer(
                "POST",
                f"/{page}/photos",
                form={"published": "false"},
                files={"source": (f"photo{extension(file.mime)}", handle, file.mime)},
                size=file.size,
            )
        return self._api.result(answer, mapping.photo_id)

    async def _newest(self, target: str) -> JSON:
        return await self._api.get(
            f"/{target}/comments",
            found_in.newest,
            order="reverse_chronological",
            filter="toplevel",
            fields="id,created_time",
            limit=NEWEST,
        )

    async def _since(self, path: str, read: Callable[[JSON], Item], since: Instant, **params: str) -> list[Item]:
        found: list[Item] = []
        after: dict[str, str] = {}
        for _answer in range(PAGES):
            items, cursor = await self._api.get(
                path, lambda value: paging.listed(value, read), limit=str(PAGE), **params, **after
            )
            found += items
            if not cursor or after.get("after") == cursor or any(item.created_at < since for item in items):
                return found
            after = {"after": cursor}
        raise Transient(
            _("{host} lists too many comments to be sure that this one is not among them.").format(
                host=host(self._api.server)
            ),
            _("Look for it on the account's page, then resolve it by hand."),
        )


def _ensure_short(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Rejected(
            _("The text has {count} characters, {network} takes {limit}.").format(
                count=len(text), network=TITLE, limit=longest
            ),
            _("Shorten it."),
            field="text",
        )
