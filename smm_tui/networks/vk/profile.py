"""The page of a community: name, description, website, links, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.page import Profile, ProfileChange, ProfileField
from smm_tui.networks.ports import MediaFile
from smm_tui.networks.vk import mapping_page as mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.mapping import uploaded_photo
from smm_tui.networks.vk.spec import USER, profile_rules

COVER_SIZE = (1590, 530)  # pixels that VK recommends

T = TypeVar("T")
Links = tuple[tuple[str, str], ...]


class VkProfile:
    """A ProfileReader and ProfileWriter. Each part of a change is a call of its own, and may be sent again."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        return await self._read(mapping.profile)

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """See `ProfileWriter.write_profile`. VK guards no write, so the page is looked at right before."""
        self._ensure_writable(change)
        if (await self.read_profile()).revision != expected.revision:
            raise Rejected(
                _("The page was changed meanwhile."), _("Look at it as it is now, then make your change again.")
            )
        texts = {"title": change.name, "description": change.description, "website": change.website}
        form = {name: text for name, text in texts.items() if text is not None}
        if form:
            group = {"group_id": await self._api.group()}
            await self._api.as_community("groups.edit", {**group, **form}, lambda value: value)
        if change.links is not None:
            await self._set_links(change.links)
        if change.avatar is not None:
            await self._set_avatar(change.avatar)
        if change.cover is not None:
            await self._set_cover(change.cover)
        return await self.read_profile()

    async def _read(self, read: Callable[[Any], T]) -> T:
        form = {"group_id": await self._api.group(), "fields": mapping.FIELDS}
        return await self._api.first("groups.getById", form, read)

    def _ensure_writable(self, change: ProfileChange) -> None:
        rules = profile_rules(self._api.account.facts)
        wanted = [ProfileField(entry.name) for entry in fields(change) if getattr(change, entry.name) is not None]
        if any(name not in rules.writable for name in wanted):
            raise Unsupported(
                _("The tokens of {handle} may not change that of the page.").format(handle=self._api.account.handle),
                _("Give the community token the right manage, or the account an administrator's user token."),
            )

    async def _set_links(self, wanted: Links) -> None:
        """Take away what is not wanted, add what is missing, then bring all into their order."""
        group = {"group_id": await self._api.group()}
        for link in await self._read(mapping.links):
            label = next((label for label, url in wanted if url == link.url), None)
            if label is None:
                await self._do("groups.deleteLink", {**group, "link_id": link.id})
            elif label != link.label:
                await self._do("groups.editLink", {**group, "link_id": link.id, "text": label})
        there = {link.url for link in await self._read(mapping.links)}
        for label, url in wanted:
            if url not in there:
                await self._do("groups.addLink", {**group, "link": url, "text": label})
        now = await self._read(mapping.links)
        order = [url for _label, url in wanted]
        if [link.url for link in now] != order:
            ids = {link.url: link.id for link in now}
            after = "0"
            for url in filter(ids.__contains__, order):
                await self._do("groups.reorderLink", {**group, "link_id": ids[url], "after": after})
                after = ids[url]

    async def _set_avatar(self, file: MediaFile) -> None:
        """VK tells of a new picture by a post on the wall, which nobody approved: it is taken down."""
        owner = await self._api.owner()
        form = {"owner_id": owner}
        address = await self._api.ask("photos.getOwnerPhotoUploadServer", form, USER, self._api.upload_address)
        stored = await self._upload(address, file, uploaded_photo)
        post = await self._api.ask("photos.saveOwnerPhoto", stored, USER, mapping.post_of_avatar)
        if post:
            await self._do("wall.delete", {"owner_id": owner, "post_id": post})

    async def _set_cover(self, file: MediaFile) -> None:
        width, height = file.width or COVER_SIZE[0], file.height or COVER_SIZE[1]
        form = {
            "group_id": await self._api.group(),
            "crop_x": "0",
            "crop_y": "0",
            "crop_x2": str(width),
            "crop_y2": str(height),
        }
        address = await self._api.as_community(
            "photos.getOwnerCoverPhotoUploadServer", form, self._api.upload_address
        )
        stored = await self._upload(address, file, mapping.uploaded_cover)
        await self._api.as_community("photos.saveOwnerCoverPhoto", stored, lambda value: value)

    async def _upload(self, address: str, file: MediaFile, read: Callable[[Any], T]) -> T:
        try:
            return await self._api.upload(address, "photo", file, read)
        except Rejected as error:
            error.field = "media"
            raise

    async def _do(self, method: str, form: dict[str, str]) -> None:
        await self._api.ask(method, form, USER, lambda value: value)
