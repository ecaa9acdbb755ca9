"""What hangs on a post or comment: photos and videos are uploaded, polls are made, before anything is published."""

from __future__ import annotations

from smm_tui.domain.errors import Rejected
from smm_tui.networks import outgoing
from smm_tui.networks.ports import MediaFile, Part
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER

_POLL = -1  # the poll's place beside the files


class Attachments:
    """Makes attachments. Those that are done stay known until the whole part is, so that a repeat goes on there."""

    def __init__(self, api: VkApi) -> None:
        self._api = api
        self._made: dict[tuple[str, int], str] = {}  # (identity, index) of an unfinished part -> attachment

    async def of(self, identity: str, part: Part) -> list[str]:
        """The attachments of a part, in the words of ``wall.post``."""
        keys = [(identity, index) for index in range(len(part.media))]
        for key, file in zip(keys, part.media, strict=True):
            if key not in self._made:
                self._made[key] = await self._file(file)
        if part.poll is not None:
            outgoing.ensure_encodable(Part("".join(part.poll.options)))
            keys.append((identity, _POLL))
            if keys[-1] not in self._made:
                self._made[keys[-1]] = await self._poll(part)
        return [self._made[key] for key in keys]

    def forget(self, identity: str) -> None:
        """The part is prepared, or given up."""
        self._made = {key: value for key, value in self._made.items() if key[0] != identity}

    async def _file(self, file: MediaFile) -> str:
        try:
            return await (self._video if file.mime.startswith("video/") else self._photo)(file)
        except Rejected as error:
            error.field = "media"
            raise

    async def _photo(self, file: MediaFile) -> str:
        group = {"group_id": await self._api.group()}
        address = await self._api.first("photos.getWallUploadServer", group, self._api.upload_address)
        stored = await self._api.upload(address, "photo", file, mapping.uploaded_photo)
        return await self._api.first("photos.saveWallPhoto", {**group, **stored}, mapping.saved_photo)

    async def _video(self, file: MediaFile) -> str:
        """VK converts it afterwards; it may be attached at once."""
        form = {"group_id": await self._api.group(), "name": file.path.stem[:100], "wallpost": "0"}
        address, attachment = await self._api.first(
            "video.save", form, lambda value: (self._api.upload_address(value), mapping.video_slot(value))
        )
        await self._api.upload(address, "video_file", file, mapping.uploaded_video)
        return attachment

    async def _poll(self, part: Part) -> str:
        form = mapping.poll_form(part, owner=await self._api.owner(), now=self._api.around.clock())
        return await self._api.ask("polls.create", form, USER, mapping.made_poll)
