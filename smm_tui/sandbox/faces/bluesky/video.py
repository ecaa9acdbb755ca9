"""The video service: it makes a video ready and puts it into the PDS of its owner."""

from __future__ import annotations

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, refusal, service_did
from smm_tui.sandbox.faces.bluesky.cid import cid_of_blob
from smm_tui.sandbox.files import sniff
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import Account, Token

FLAVOUR = "video"
DID = "did:web:video.bsky.app"
VIDEO_BYTES = 300_000_000
ENCODING: Instant = 5 * SECOND
DAILY_VIDEOS = 25
_JOB = "video job"


@ROUTER.on("GET", "/xrpc/app.bsky.video.getUploadLimits")
def limits(call: Call) -> Response:
    """How much the account may still upload today."""
    _here(call)
    owner = _owner(call, call.service("app.bsky.video.getUploadLimits", DID))
    if not owner.data.get("may_upload_video", True):
        return json_response({"canUpload": False, "message": "Video uploads are not allowed for this account"})
    told: JSON = {"canUpload": True, "remainingDailyVideos": DAILY_VIDEOS, "remainingDailyBytes": 10_000_000_000}
    return json_response(told)


@ROUTER.on("POST", "/xrpc/app.bsky.video.uploadVideo")
def upload(call: Call) -> Response:
    """Take a video; the same again is a conflict that names the job of the first."""
    _here(call)
    owner = _owner(call, call.parameter("did"))
    call.parameter("name")
    server = call.world.server(owner.server)
    assert server is not None  # noqa: S101 - accounts have one
    if call.service("com.atproto.repo.uploadBlob", service_did(server)) != owner.remote_id:
        raise refusal(401, "Unauthorized", "Token is of another account")
    if call.request.content_type != "video/mp4":
        raise refusal(400, "InvalidRequest", "Wrong request encoding (Content-Type)")
    data = call.request.body
    if len(data) > VIDEO_BYTES:
        raise refusal(413, "PayloadTooLarge", "request entity too large")
    cid = cid_of_blob(data)
    job = call.world.token(call.server.host, f"{owner.id}{cid[-20:]}", _JOB)
    if job is not None:
        known = {"error": "already_exists", "message": "Video already processed"}
        return json_response({**_status(call, job), **known}, 409)
    if sniff(data) == "video/mp4":
        call.world.add_media(owner, cid, data, "video/mp4", ready_at=call.world.clock() + ENCODING)
    made = call.world.add_token(f"{owner.id}{cid[-20:]}", _JOB, call.server.host, account=owner, data={"cid": cid})
    return json_response({"jobStatus": _status(call, made)})


@ROUTER.on("GET", "/xrpc/app.bsky.video.getJobStatus")
def job_status(call: Call) -> Response:
    """How far a video is, for anybody who knows the job."""
    _here(call)
    job = call.world.token(call.server.host, call.parameter("jobId"), _JOB)
    if job is None:
        raise refusal(400, "InvalidRequest", "Job not found")
    return json_response({"jobStatus": _status(call, job)})


def _status(call: Call, job: Token) -> JSON:
    owner = call.world.account(job.account_id or 0)
    status: JSON = {"jobId": job.value, "did": owner.remote_id}
    media = call.world.media(owner, job.data["cid"])
    if media is None:
        why = {"error": "Bad video", "failureCode": "validation_failure", "message": "Video could not be read"}
        return {**status, "state": "JOB_STATE_FAILED", **why}
    if (media.ready_at or 0) > call.world.clock():
        return {**status, "state": "JOB_STATE_ENCODING", "progress": 50}
    blob = {"$type": "blob", "ref": {"$link": media.id}, "mimeType": media.mime, "size": media.size}
    return {**status, "state": "JOB_STATE_COMPLETED", "progress": 100, "blob": blob}


def _owner(call: Call, did: str) -> Account:
    found = next((one for one in call.world.accounts(network=call.server.network) if one.remote_id == did), None)
    if found is None:
        raise refusal(400, "InvalidRequest", "Could not find the account")
    return found


def _here(call: Call) -> None:
    """Other hosts of the network know nothing of videos."""
    if call.server.flavour != FLAVOUR:
        raise refusal(501, "MethodNotImplemented", "Method Not Implemented")
