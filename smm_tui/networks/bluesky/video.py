"""Videos go to a service of their own, which makes them ready and puts them into the account's server."""

from __future__ import annotations

import asyncio
from urllib.parse import quote, urlsplit

from smm_tui.domain.clock import SECOND
from smm_tui.domain.errors import Rejected, Transient
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.bluesky import mapping_video
from smm_tui.networks.bluesky.api import BlueskyApi, Params
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, MediaFile

SERVICE = "https://video.bsky.app"
TOKEN_LIFE = 30 * 60  # seconds: the service hands the token on when it has made the video ready
POLL = 2.0  # seconds
POLLS = 450  # a quarter of an hour


async def upload_limits(api: BlueskyApi) -> tuple[bool, str] | None:
    """Whether the video service takes videos of this account, and its reason when it does not.

    None where it is not offered: servers without TLS are test and home servers, which the service cannot reach.
    """
    if not (await api.pds()).startswith("https://"):
        return None
    token = await _token(api, f"did:web:{urlsplit(SERVICE).hostname}", "app.bsky.video.getUploadLimits")
    answer = await api.query(SERVICE, "app.bsky.video.getUploadLimits", token=token)
    return api.result(answer, mapping_video.upload_limits)


async def upload_video(api: BlueskyApi, file: MediaFile) -> JSON:
    """The blob of a video once it is ready. The same file again finds what became of the first upload."""
    data = await asyncio.to_thread(_bytes, file)
    pds = urlsplit(await api.pds()).netloc.replace(":", "%3A")
    token = await _token(api, f"did:web:{pds}", "com.atproto.repo.uploadBlob")
    name = quote(f"{file.sha256[:32]}.mp4")
    answer = await api.http.call(
        "POST",
        f"{SERVICE}/xrpc/app.bsky.video.uploadVideo?did={quote(await api.did())}&name={name}",
        safe=True,
        token=token,
        content=data,
        headers={"content-type": "video/mp4"},
        size=len(data),
    )
    known = answer.status == 409  # it has this file already, and says what became of it
    job = api.http.parsed(answer, mapping_video.job, safe=True) if known else api.result(answer, mapping_video.job)
    for _poll in range(POLLS):
        if job.blob is not None:
            return job.blob
        if job.failed:
            raise Rejected(
                _("{network} could not make the video ready: {reason}").format(
                    network=TITLE, reason=quoted(job.reason) or "?"
                ),
                _("Save it as MP4 (H.264 and AAC) and attach it again."),
                field="media",
            )
        await api.around.pause(POLL)
        asked = await api.query(SERVICE, "app.bsky.video.getJobStatus", {"jobId": job.id})
        job = api.result(asked, mapping_video.job)
    raise Transient(
        _("{network} is still making the video ready.").format(network=TITLE), _("It is tried again by itself.")
    )


async def _token(api: BlueskyApi, audience: str, method: str) -> str:
    """A token by which another service acts for the account in one method."""
    expires = api.around.clock() // SECOND + TOKEN_LIFE
    params: Params = {"aud": audience, "lxm": method, "exp": expires}
    return await api.ask("com.atproto.server.getServiceAuth", params, mapping_video.service_token)


def _bytes(file: MediaFile) -> bytes:
    with outgoing.opened(file) as handle:
        return handle.read()
