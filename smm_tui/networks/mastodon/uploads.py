"""Files on their way to a status."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Sequence
from urllib.parse import quote

from smm_tui.domain.errors import NotFound, Rejected, Transient
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.api import MastodonApi
from smm_tui.networks.ports import MediaFile

PROCESSING = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 30.0, 30.0)  # pauses (s) while the server converts a video


class Uploads:
    """Uploads stay known by the intent they belong to until it is prepared: a second try does not repeat them."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api
        self._done: dict[tuple[str, int], str] = {}  # (identity, index) of an unfinished prepare -> media id

    async def ready(self, identity: str, files: Sequence[MediaFile]) -> list[str]:
        """The ids of media attachments that may be put on a status."""
        return [await self._ready((identity, index), file) for index, file in enumerate(files)]

    def forget(self, identity: str, count: int) -> None:
        """The part is prepared: its wire knows the ids from now on."""
        for index in range(count):
            self._done.pop((identity, index), None)

    async def _ready(self, key: tuple[str, int], file: MediaFile) -> str:
        if key in self._done or not await self._upload(key, file):
            await self._until_processed(key)
        return self._done[key]

    async def _upload(self, key: tuple[str, int], file: MediaFile) -> bool:
        """Upload one file; whether it is ready at once."""
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            answer = await self._api.call(
                "POST",
                "/api/v2/media",
                form={"description": file.alt} if file.alt else {},
                files={"file": (file_name(file), handle, file.mime)},
                size=file.size,
            )
        try:
            self._done[key] = self._api.result(answer, mapping.attachment)
        except Rejected as error:
            error.field = "media"
            raise
        return answer.status != 202

    async def _until_processed(self, key: tuple[str, int]) -> None:
        """Wait until the server has processed an upload: it refuses a status with unprocessed media."""
        path = f"/api/v1/media/{quote(self._done[key], safe='')}"
        for pause in (*PROCESSING, None):
            answer = await self._api.call("GET", path)
            if answer.ok and answer.status != 206:
                return
            if not answer.ok:
                refused = self._api.refusal(answer)
                if isinstance(refused, (Rejected, NotFound)):  # spoilt or dropped there: the next try uploads anew
                    del self._done[key]
                if isinstance(refused, Rejected):
                    refused.field = "media"
                raise refused
            if pause is not None:
                await self._api.around.pause(pause)
        raise Transient(
            _("{host} is still processing the media.").format(host=host(self._api.server)),
            _("It is tried again by itself."),
        )


def file_name(file: MediaFile) -> str:
    """A name that tells the file's kind and nothing else."""
    return f"media{mimetypes.guess_extension(file.mime) or ''}"
