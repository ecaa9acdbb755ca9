"""Bots Long Poll: a server that answers when something happens in a community that has it switched on."""

from __future__ import annotations

from itertools import islice

from smm_tui.sandbox.faces.vk.call import COMMUNITY, Call, method
from smm_tui.sandbox.faces.vk.comments import below
from smm_tui.sandbox.faces.vk.messages import MESSAGE
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account

PATH = "/longpoll/"
OPEN_FOR = 90
"""Seconds, at most."""
POSTS = 20
"""Posts of a community whose comments are looked at, the newest."""


@method("groups.getLongPollServer", kinds=frozenset({COMMUNITY}), right="manage")
def get_server(call: Call) -> JSON:
    """Where to ask, with which key, and from when on."""
    account = call.authorised("groups.getLongPollServer")
    if not account.data.get("longpoll", True):
        raise call.refusal(
            100, "One of the parameters specified was missing or invalid: longpoll for this group is not enabled"
        )
    key = str(account.data.get("longpoll_key") or call.world.secret("vk longpoll", 20))
    call.world.update_account(account, {"longpoll_key": key})
    return {"key": key, "server": f"{call.server.base}{PATH}{account.remote_id}", "ts": str(call.world.clock())}


def check(call: Call) -> Response:
    """What happened since; the line stays open while nothing did."""
    account = call.world.find_account(call.server.host, call.request.path.removeprefix(PATH))
    since, waits = call.text("ts"), call.text("wait")
    if account is None or call.text("key") != account.data.get("longpoll_key"):
        return json_response({"failed": 2})
    if not since.isdecimal():
        return json_response({"failed": 1, "ts": str(call.world.clock())})
    found = _events(call, account, int(since))
    held = 0.0 if found else float(min(int(waits) if waits.isdecimal() else 25, OPEN_FOR))
    answer = json_response({"ts": str(call.world.clock() if found else since), "updates": found})
    return Response(answer.status, answer.headers, answer.body, held)


def _events(call: Call, account: Account, since: int) -> list[JSON]:
    told = [
        ("message_new", item)
        for item in islice(call.world.objects(account, MESSAGE), POSTS)
        if not item.record["out"] and item.stored_at > since
    ]
    for post in islice(call.world.objects(account, POST), POSTS):
        told += [("wall_reply_new", item) for item in below(call.world, post) if item.stored_at > since]
    group = int(account.remote_id)
    return [
        {"type": kind, "event_id": item.remote_id, "object": {}, "group_id": group, "v": "5.199"}
        for kind, item in told
    ]
