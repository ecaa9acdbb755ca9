"""Between our values and the video service's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smm_tui.networks import shape
from smm_tui.networks.bluesky.mapping import blob
from smm_tui.networks.ports import JSON


@dataclass(frozen=True, slots=True)
class Job:
    """What the video service makes of a video; `blob` is there when it is ready."""

    id: str
    blob: JSON | None
    failed: bool
    reason: str


def job(value: Any) -> Job:
    """A job of the video service, which answers with and without a wrapper around it."""
    answer = shape.an_object(value, "job")
    status = shape.inner(answer, "jobStatus") or answer
    ready = "blob" in status and shape.text(status, "state") in ("JOB_STATE_COMPLETED", "")
    return Job(
        id=shape.an_id(status, "jobId"),
        blob=blob(status) if ready else None,
        failed=shape.text(status, "state") == "JOB_STATE_FAILED",
        reason=shape.text(status, "message") or shape.text(status, "error") or shape.text(status, "failureCode"),
    )


def upload_limits(value: Any) -> tuple[bool, str]:
    """Whether the video service takes another video of the account, and its reason when it does not."""
    limits = shape.an_object(value, "limits")
    if limits.get("canUpload") is True:
        return True, ""
    return False, shape.text(limits, "message") or shape.text(limits, "error") or "?"


def service_token(value: Any) -> str:
    """The token of getServiceAuth."""
    return shape.an_id(shape.an_object(value, "token"), "token")
