"""Answering people."""

from __future__ import annotations

from dataclasses import replace

from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.mastodon import mapping, mapping_inbox
from smm_tui.networks.mastodon.api import MastodonApi, status_path
from smm_tui.networks.mastodon.publisher import MastodonPublisher
from smm_tui.networks.mastodon.spec import SPEC
from smm_tui.networks.mastodon.uploads import Uploads
from smm_tui.networks.ports import JSON, Part, RemoteRef


class MastodonResponder:
    """A Responder: an answer is a status like any other, as visible as what it answers."""

    def __init__(self, api: MastodonApi, uploads: Uploads, publisher: MastodonPublisher) -> None:
        self._api = api
        self._uploads = uploads
        self._publisher = publisher

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """See `Responder.prepare`. People are only told of what names them, so their handles go before the text."""
        visibility = "public"
        if isinstance(to, Item):
            if to.kind is ItemKind.REPORT:
                raise Unsupported(
                    _("A report cannot be answered."), _("Write to the person who reported, or close the report.")
                )
            part = replace(part, text=mapping.addressed(part.text, mapping_inbox.addressees(to)))
            visibility = to.extra.get("visibility") or visibility
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        media_ids = await self._uploads.ready(identity, part.media)
        baseline = await self._publisher.newest()
        self._uploads.forget(identity, len(part.media))
        body = mapping.status_body(
            part,
            media_ids,
            parent=RemoteRef(to.id, to.url),
            software=self._api.software,
            visibility=visibility,
        )
        return mapping.wire(body, part.media, baseline=baseline)

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """See `Responder.send`."""
        return await self._publisher.send(identity, wire)

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """See `Responder.find`. Looks below what was answered, where direct messages are listed as well."""
        try:
            _above, below = await self._api.get(
                status_path(str(wire["body"]["in_reply_to_id"]), "context"), mapping_inbox.context
            )
        except NotFound:  # and nothing can be said below it any more
            return None
        own, baseline = await self._api.own(), str(wire["baseline"])
        likely = [
            status
            for status in below
            if mapping_inbox.author_id(status) == own
            and status["id"] not in taken
            and not mapping.is_no_later(str(status["id"]), baseline, self._api.software)
            and mapping.is_likely(wire["body"], status)
        ]
        first = min(likely, key=lambda status: mapping_inbox.order(str(status["id"])), default=None)
        return mapping.with_media(mapping.status_ref(first), wire) if first is not None else None

    async def delete(self, ref: RemoteRef) -> None:
        """See `Responder.delete`."""
        await self._publisher.delete(ref)
