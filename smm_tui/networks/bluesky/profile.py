"""The page profile on Bluesky: one record, which is always written whole."""

from __future__ import annotations

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.bluesky import mapping, mapping_page
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.compose import strong, uploaded_picture
from smm_tui.networks.bluesky.spec import TITLE, profile
from smm_tui.networks.page import Profile, ProfileChange
from smm_tui.networks.ports import JSON, MediaFile, RemoteRef


class BlueskyProfile:
    """A ProfileReader, ProfileWriter and Pinner."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        record, cid = await self._stored()
        return await self._shown(record, cid)

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """See `ProfileWriter.write_profile`. What the record holds beside the known fields stays."""
        if change.links is not None:
            raise Unsupported(
                _("{network} has no list of links in a profile.").format(network=TITLE),
                _("Put the links into the description, or one of them into the website field."),
            )
        pictures = {
            field: await self._picture(file, field)
            for field, file in (("avatar", change.avatar), ("cover", change.cover))
            if file is not None
        }
        record, cid = await self._stored()
        wanted = mapping_page.changed(record, change, pictures)
        if wanted == record:  # an earlier attempt, whose answer was lost, wrote it
            return await self._shown(record, cid)
        if cid != expected.revision:
            raise self._changed_meanwhile()
        written = await self._api.put(await self._where(), wanted, over=cid or None)
        if written is None:
            raise self._changed_meanwhile()
        return await self._shown(wanted, written.extra["cid"])

    async def pin(self, ref: RemoteRef) -> None:
        """See `Pinner.pin`."""
        target = await strong(self._api, ref)
        await self._api.change(await self._where(), lambda record: mapping_page.pinned(record, target))

    async def unpin(self, ref: RemoteRef) -> None:
        """See `Pinner.unpin`. Another pinned post stays."""

        def without(record: JSON) -> JSON:
            return mapping_page.pinned(record, None) if mapping_page.pinned_uri(record) == ref.id else record

        await self._api.change(await self._where(), without)

    async def _stored(self) -> tuple[JSON, str]:
        """The record and its cid; {} and empty when there is none."""
        return await self._api.record(await self._where(), mapping.stored) or ({}, "")

    async def _shown(self, record: JSON, cid: str) -> Profile:
        return mapping_page.profile(
            record, cid, did=await self._api.did(), handle=await self._api.handle(), pds=await self._api.pds()
        )

    async def _picture(self, file: MediaFile, field: str) -> JSON:
        rules = profile(self._api.account.facts)
        if file.mime not in rules.mime_types:
            raise Rejected(
                _("{network} takes JPEG and PNG pictures in a profile.").format(network=TITLE),
                _("Save the picture as JPEG or PNG and attach it again."),
                field=field,
            )
        blob, _width, _height = await uploaded_picture(self._api, file, most=rules.picture_bytes)
        return blob

    async def _where(self) -> JSON:
        return {"repo": await self._api.did(), "collection": mapping_page.PROFILE, "rkey": "self"}

    def _changed_meanwhile(self) -> Rejected:
        return Rejected(
            _("The profile on {network} was changed meanwhile.").format(network=TITLE),
            _("Look at it as it is now, then change it again."),
        )
