"""Changing live statuses."""

from __future__ import annotations

from smm_tui.networks import outgoing
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.api import MastodonApi, status_path
from smm_tui.networks.mastodon.spec import SPEC
from smm_tui.networks.mastodon.uploads import Uploads
from smm_tui.networks.ports import JSON, Part, RemoteRef


class MastodonEditor:
    """An Editor over ``PUT /api/v1/statuses/:id``."""

    def __init__(self, api: MastodonApi, uploads: Uploads) -> None:
        self._api = api
        self._uploads = uploads

    async def prepare_edit(self, ref: RemoteRef, part: Part) -> JSON:
        """See `Editor.prepare_edit`. Files that the status has already are not uploaded again."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        known = mapping.known_media(ref)
        if known:
            live = await self._api.get(status_path(ref.id), mapping.attached)
            known = {sha256: media_id for sha256, media_id in known.items() if media_id in live}
        here = [known.pop(file.sha256, "") for file in part.media]
        fresh = [file for file, media_id in zip(part.media, here, strict=True) if not media_id]
        uploaded = iter(await self._uploads.ready(ref.id, fresh))
        self._uploads.forget(ref.id, len(fresh))
        media_ids = [media_id or next(uploaded) for media_id in here]
        body = mapping.edit_body(part, media_ids, kept=frozenset(here), software=self._api.software)
        return mapping.wire(body, part.media)

    async def edit(self, ref: RemoteRef, wire: JSON) -> RemoteRef:
        """See `Editor.edit`."""
        answer = await self._api.call("PUT", status_path(ref.id), body=wire["body"])
        return mapping.with_media(self._api.result(answer, mapping.status_ref), wire)
