"""Answering on Instagram: comments below own media, answers to comments, and to media that tag the account."""

from __future__ import annotations

from smm_tui.domain.errors import NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.instagram import mapping
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.instagram.spec import SPEC, TITLE, shown_text
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef

LONGEST = 2200  # characters
NEWEST = "25"
PAGE = "50"
PAGES = 40  # answers a read back goes through before it gives up


class InstagramResponder:
    """A Responder over the Graph API."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        text = shown_text(part.text, part.content_warning)
        self._ensure_possible(to, part, text)
        account = await self._api.node()
        form = {"message": text}
        if isinstance(to, RemoteRef):
            path = looked = f"/{to.id}/comments"
        elif to.kind is ItemKind.MENTION:
            path, looked = f"/{account}/mentions", f"/{to.id}/comments"
            form["media_id"] = to.id
        else:
            path = looked = f"/{to.thread_id or to.id}/replies"
        newest = await self._api.get(looked, mapping.newest, fields="id,timestamp", limit=NEWEST)
        return {"path": path, "looked": looked, "form": form, "baseline": newest}

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        answer = await self._api.answer("POST", wire["path"], safe=False, form=wire["form"])
        return RemoteRef(self._api.result(answer, mapping.container_id, safe=False), mapping.SITE)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Responder.find`. The oldest own one after the baseline with the same text."""
        account = await self._api.node()
        held, text = wire["baseline"], mapping.gist(str(wire["form"]["message"]))
        baseline = mapping.Baseline(held["created"], tuple(held["ids"]))
        found: list[Item] = []
        after: dict[str, str] = {}
        for _answer in range(PAGES):
            items, cursor = await self._api.get(
                wire["looked"],
                lambda value: paging.listed(value, lambda one: mapping.comment(one, account=account, post_id="")),
                fields=mapping.COMMENT_FIELDS,
                limit=PAGE,
                **after,
            )
            found += [
                item
                for item in items
                if item.author.own
                and item.id not in taken
                and baseline.is_later(item.created_at, item.id)
                and mapping.gist(item.text) == text
            ]
            if not cursor or after.get("after") == cursor:
                first = min(found, key=lambda item: item.created_at, default=None)
                return None if first is None else RemoteRef(first.id, mapping.SITE)
            after = {"after": cursor}
        raise Transient(
            _("{host} lists too many comments to be sure that this one is not among them.").format(
                host=host(self._api.server)
            ),
            _("Look for it on the account's page, then resolve it by hand."),
        )

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`."""
        answer = await self._api.answer("DELETE", f"/{ref.id}")
        if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, is_success)

    def _ensure_possible(self, to: Item | RemoteRef, part: Part, text: str) -> None:
        can = SPEC.rules(self._api.account.facts).capabilities
        answerable = not isinstance(to, Item) or to.kind in (ItemKind.COMMENT, ItemKind.MENTION)
        if not answerable or Capability.REPLY not in can:
            raise Unsupported(
                _("{network} cannot answer this, or this account may not.").format(network=TITLE),
                _("Do it on the network's own site."),
            )
        if part.media:
            raise Unsupported(
                _("{network} takes no files with comments.").format(network=TITLE), _("Remove the files.")
            )
        if not text.strip() or len(text) > LONGEST:
            raise Rejected(
                _("{network} takes comments of 1 to {limit} characters.").format(network=TITLE, limit=LONGEST),
                _("Shorten it."),
                field="text",
            )
