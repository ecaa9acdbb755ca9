"""Reports to a moderation service; there is no asking what became of them."""

from __future__ import annotations

import re

from smm_tui.domain.clock import to_datetime
from smm_tui.sandbox.faces.bluesky import shapes
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, refusal
from smm_tui.sandbox.http import Response, json_response

REPORT = "com.atproto.moderation.report"
_SUBJECTS = shapes.union(
    {
        "com.atproto.admin.defs#repoRef": lambda value, at: shapes.fields(value, at, {"did": shapes.did}),
        "com.atproto.repo.strongRef": lambda value, at: shapes.fields(
            value, at, {"uri": shapes.at_uri, "cid": shapes.cid}
        ),
    }
)


@ROUTER.on("POST", "/xrpc/com.atproto.moderation.createReport")
def create_report(call: Call) -> Response:
    """A report; any reason is taken, and the same again is another one."""
    proxy = call.request.header("atproto-proxy")
    if proxy and re.fullmatch(r"did:[a-z]+:[A-Za-z0-9._:%-]+#atproto_labeler", proxy) is None:
        raise refusal(400, "InvalidRequest", "could not resolve proxy did")
    user = call.user()
    reason_type = call.member("reasonType", str)
    subject = call.member("subject", dict, _SUBJECTS)
    reason = call.optional("reason", str, shapes.string(20000, 2000))
    call.spend("calls", "ip")
    number = call.world.sequence("report")
    told = {"reasonType": reason_type, "subject": subject} | ({} if reason is None else {"reason": reason})
    item = call.world.add_object(user, REPORT, str(number), sort=f"{number:09d}", text="", record=told)
    at = to_datetime(item.stored_at).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json_response({"id": number, "createdAt": at, "reportedBy": user.remote_id, **told})
