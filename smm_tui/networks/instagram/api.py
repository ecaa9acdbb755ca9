"""The Graph API as an Instagram account calls it, with the key of the Page that it is linked to."""

from __future__ import annotations

from typing import IO

from smm_tui.networks.http import Answer
from smm_tui.networks.instagram.spec import TITLE
from smm_tui.networks.meta.api import MetaApi
from smm_tui.networks.meta.rights import SERVER, VERSION

UPLOADS = "https://rupload.facebook.com"


class InstagramApi(MetaApi):
    """What the ports of one Instagram account share."""

    title = TITLE
    instagram = True

    async def upload(self, container: str, handle: IO[bytes], size: int) -> Answer:
        """The answer to a video's bytes. They go to Meta's own upload host and never where an answer says."""
        uploads = UPLOADS if self.server == SERVER else self.server
        key = await self.key()
        return await self.http.call(
            "POST",
            f"{uploads}/ig-api-upload/{VERSION}/{container}",
            safe=True,
            headers={
                "authorization": f"OAuth {key.token}",
                "offset": "0",
                "file_size": str(size),
                "content-type": "application/octet-stream",
            },
            content=handle.read(),
            size=size,
        )
