"""Server-sent events: the line stays open until there is one, and is closed after it, as proxies do."""

from __future__ import annotations

import json
from itertools import islice

from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call
from smm_tui.sandbox.faces.mastodon.notifications import NOTIFICATION
from smm_tui.sandbox.http import Response

OPEN_FOR = 60.0
"""Seconds."""


@ROUTER.on("GET", "/api/v1/streaming/user/notification")
def notifications(call: Call) -> Response:
    """What others do from now on."""
    if call.flavour.ulids:  # GoToSocial streams by WebSocket only
        raise call.not_found()
    owner = call.user("read:notifications")
    headers = {"content-type": "text/event-stream"}
    newest = next(islice(call.world.objects(owner, NOTIFICATION), 1), None)
    if newest is None or newest.created_at < call.request.received:
        return Response(200, headers, b":)\n\n", held=OPEN_FOR)
    told = json.dumps({"id": newest.remote_id, "type": newest.record["type"]})
    return Response(200, headers, f"event: notification\ndata: {told}\n\n".encode())
