"""Notifications, and the conversations of direct messages."""

from __future__ import annotations

from itertools import islice

from smm_tui.sandbox.faces.mastodon import entities, text
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call, bounds, page, sort_key, stamp
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

NOTIFICATION = "notification"


def notify(call: Call, to: Account, kind: str, sender: Account, item: Object | None = None) -> None:
    """Tell an account what somebody did, unless it muted or blocked that one."""
    if str(sender.id) in to.data.get("muted", {}) or sender.id in to.data.get("blocked", []):
        return
    now = call.world.clock()
    number = new_id(call, now) if call.flavour.ulids else str(call.world.sequence("notification"))
    record = {"type": kind, "from": sender.id, "status": item.remote_id if item is not None else None}
    call.world.add_object(to, NOTIFICATION, number, sort=sort_key(number), text="", record=record)


def forget(call: Call, item: Object, *, kind: str = "", sender: Account | None = None) -> None:
    """Take back what told of a status; `kind` and `sender` narrow it down."""
    for account in call.world.accounts(server=item.server):
        for told in list(call.world.objects(account, NOTIFICATION)):
            if (
                told.record["status"] == item.remote_id
                and kind in ("", told.record["type"])
                and (sender is None or told.record["from"] == sender.id)
            ):
                call.world.delete_object(told)


def _entity(call: Call, told: Object) -> JSON | None:
    entity: JSON = {
        "id": told.remote_id,
        "type": told.record["type"],
        "created_at": stamp(told.created_at),
        "group_key": f"ungrouped-{told.remote_id}",
        "account": entities.account_entity(call, call.world.account(told.record["from"])),
    }
    if told.record["status"] is not None:
        item = call.world.find_object(call.server.host, POST, told.record["status"])
        if item is None:
            return None
        entity["status"] = entities.status(call, item)
    return entity


@ROUTER.on("GET", "/api/v1/notifications")
def show_all(call: Call) -> Response:
    """What others did, newest first; ``min_id`` takes the page just above it."""
    owner = call.user("read:notifications")
    limit = call.limit(20 if call.flavour.ulids else 40, 80)
    wanted, unwanted = (call.parameters.get(name) or [] for name in ("types", "exclude_types"))
    before, after, upwards = bounds(call)
    found = (
        told
        for told in call.world.objects(owner, NOTIFICATION, before=before, after=after, ascending=upwards)
        if (not wanted or told.record["type"] in wanted) and told.record["type"] not in unwanted
    )
    items = list(islice(found, limit))
    if upwards:
        items.reverse()
    return page(call, items, limit, [entity for told in items if (entity := _entity(call, told)) is not None])


def _own(call: Call, notification_id: str, scope: str) -> Object:
    owner = call.user(scope)
    told = call.world.find_object(call.server.host, NOTIFICATION, notification_id)
    if told is None or told.account_id != owner.id:
        raise call.not_found()
    return told


@ROUTER.on("GET", "/api/v1/notifications/:notification_id")
def show(call: Call, notification_id: str) -> Response:
    """One notification."""
    entity = _entity(call, _own(call, notification_id, "read:notifications"))
    if entity is None:
        raise call.not_found()
    return json_response(entity)


@ROUTER.on("POST", "/api/v1/notifications/:notification_id/dismiss")
def dismiss(call: Call, notification_id: str) -> Response:
    """Clear one away; what it told of stays."""
    call.world.delete_object(_own(call, notification_id, "write:notifications"))
    return json_response({})


@ROUTER.on("POST", "/api/v1/notifications/clear")
def clear(call: Call) -> Response:
    """Clear all away."""
    for told in list(call.world.objects(call.user("write:notifications"), NOTIFICATION)):
        call.world.delete_object(told)
    return json_response({})


@ROUTER.on("GET", "/api/v1/conversations")
def conversations(call: Call) -> Response:
    """Direct messages by those who take part, the latest first."""
    owner = call.user("read:statuses")
    threads: dict[tuple[int, ...], Object] = {}
    people = {account.id: account for account in call.world.accounts(server=call.server.host)}
    for writer in people.values():
        for item in call.world.objects(writer):
            if item.record["visibility"] != "direct":
                continue
            named = [entities.mentioned(call, token) for token in text.tokens(item.text) if token.kind == "user"]
            everybody = {writer.id, *(account.id for account in named if account is not None)}
            if owner.id in everybody:
                key = tuple(sorted(everybody - {owner.id}))
                threads[key] = max(threads.get(key, item), item, key=lambda each: sort_key(each.remote_id))
    newest = sorted(threads.items(), key=lambda pair: sort_key(pair[1].remote_id), reverse=True)
    return json_response(
        [
            {
                "id": "-".join(map(str, key)) or "0",
                "unread": item.account_id != owner.id,
                "accounts": [entities.account_entity(call, people[number]) for number in key if number in people],
                "last_status": entities.status(call, item),
            }
            for key, item in newest[: call.limit(20, 40)]
        ]
    )
