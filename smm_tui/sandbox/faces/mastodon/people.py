"""What one account does about another: follow, mute, block, report."""

from __future__ import annotations

from smm_tui.domain.clock import SECOND
from smm_tui.sandbox.faces.mastodon import entities, notifications
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call, sort_key, stamp
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

REPORT = "report"
CATEGORIES = ("spam", "legal", "violation", "other")


def relationship(call: Call, viewer: Account, other: Account) -> JSON:
    """Relationship, as the viewer has it to the other."""
    viewer, other = call.world.account(viewer.id), call.world.account(other.id)
    muted = viewer.data.get("muted", {}).get(str(other.id))
    if muted is not None and muted["until"] is not None and muted["until"] <= call.world.clock():
        muted = None
    following = viewer.id in other.data.get("followers", [])
    return {
        "id": other.remote_id,
        "following": following,
        "showing_reblogs": following,
        "notifying": False,
        "languages": None,
        "followed_by": other.id in viewer.data.get("followers", []),
        "blocking": other.id in viewer.data.get("blocked", []),
        "blocked_by": viewer.id in other.data.get("blocked", []),
        "muting": muted is not None,
        "muting_notifications": muted is not None and muted["notifications"],
        "muting_expires_at": stamp(muted["until"]) if muted is not None and muted["until"] is not None else None,
        "requested": False,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": "",
    }


@ROUTER.on("GET", "/api/v1/accounts/relationships")
def relationships(call: Call) -> Response:
    """How the caller stands to several accounts."""
    viewer = call.user("read:follows")
    wanted = call.parameters.get("id") or []
    named = wanted if isinstance(wanted, list) else [wanted]
    found = (call.world.find_account(call.server.host, str(each)) for each in named)
    return json_response([relationship(call, viewer, other) for other in found if other is not None])


@ROUTER.on("GET", "/api/v1/accounts/:account_id")
def account(call: Call, account_id: str) -> Response:
    """An account by its id."""
    call.viewer()
    return json_response(entities.account_entity(call, call.found(account_id)))


@ROUTER.on("POST", "/api/v1/accounts/:account_id/mute")
def mute(call: Call, account_id: str) -> Response:
    """Hear no more of somebody, for a time (``duration``, seconds) or for good (0)."""
    viewer, other = call.user("write:mutes"), call.found(account_id)
    seconds = call.text("duration") or "0"
    until = call.world.clock() + int(seconds) * SECOND if seconds.isdigit() and int(seconds) else None
    entry = {"notifications": call.flag("notifications") is not False, "until": until}
    call.world.update_account(viewer, {"muted": {**viewer.data.get("muted", {}), str(other.id): entry}})
    return json_response(relationship(call, viewer, other))


@ROUTER.on("POST", "/api/v1/accounts/:account_id/unmute")
def unmute(call: Call, account_id: str) -> Response:
    """Hear of somebody again; repeatable."""
    viewer, other = call.user("write:mutes"), call.found(account_id)
    left = {key: entry for key, entry in viewer.data.get("muted", {}).items() if key != str(other.id)}
    call.world.update_account(viewer, {"muted": left})
    return json_response(relationship(call, viewer, other))


@ROUTER.on("POST", "/api/v1/accounts/:account_id/block")
def block(call: Call, account_id: str) -> Response:
    """Have nothing to do with somebody; repeatable."""
    viewer, other = call.user("write:blocks"), call.found(account_id)
    blocked = viewer.data.get("blocked", [])
    if other.id not in blocked:
        call.world.update_account(viewer, {"blocked": [*blocked, other.id]})
        unfollow(call, viewer, other)
    return json_response(relationship(call, viewer, other))


@ROUTER.on("POST", "/api/v1/accounts/:account_id/unblock")
def unblock(call: Call, account_id: str) -> Response:
    """Let somebody in again; repeatable."""
    viewer, other = call.user("write:blocks"), call.found(account_id)
    left = [each for each in viewer.data.get("blocked", []) if each != other.id]
    call.world.update_account(viewer, {"blocked": left})
    return json_response(relationship(call, viewer, other))


def follow(call: Call, account: Account, follower: Account) -> None:
    """Enter a follower, once, and tell the account."""
    followers = account.data.get("followers", [])
    if follower.id not in followers:
        call.world.update_account(account, {"followers": [*followers, follower.id]})
        notifications.notify(call, account, "follow", follower)


def unfollow(call: Call, account: Account, follower: Account) -> None:
    """Strike a follower out."""
    account = call.world.account(account.id)
    left = [each for each in account.data.get("followers", []) if each != follower.id]
    if left != account.data.get("followers", []):
        call.world.update_account(account, {"followers": left})


@ROUTER.on("POST", "/api/v1/accounts/:account_id/follow")
def start_following(call: Call, account_id: str) -> Response:
    """Follow; repeatable."""
    viewer, other = call.user("write:follows"), call.found(account_id)
    follow(call, other, viewer)
    return json_response(relationship(call, viewer, other))


@ROUTER.on("POST", "/api/v1/accounts/:account_id/unfollow")
def stop_following(call: Call, account_id: str) -> Response:
    """Follow no longer; repeatable."""
    viewer, other = call.user("write:follows"), call.found(account_id)
    unfollow(call, other, viewer)
    return json_response(relationship(call, viewer, other))


@ROUTER.on("POST", "/api/v1/reports")
def create_report(call: Call) -> Response:
    """Tell the server's moderators of somebody; each time is a report of its own."""
    reporter = call.user("write:reports")
    target = call.found(call.text("account_id") or "")
    comment = call.text("comment") or ""
    if len(comment) > 1000:
        raise call.refusal(422, "Validation failed: Comment is too long (maximum is 1000 characters)")
    category = call.text("category") or "other"
    if category not in CATEGORIES:
        raise call.refusal(422, "Validation failed: Category is not included in the list")
    ids = call.parameters.get("status_ids") or []
    report = file_report(
        call, reporter, target, comment, [str(each) for each in ids], category, bool(call.flag("forward"))
    )
    return json_response(
        {
            "id": report.remote_id,
            "action_taken": False,
            "action_taken_at": None,
            "category": category,
            "comment": comment,
            "forwarded": report.record["forwarded"],
            "created_at": stamp(report.created_at),
            "status_ids": report.record["statuses"],
            "rule_ids": None,
            "target_account": entities.account_entity(call, target),
        }
    )


def file_report(
    call: Call,
    reporter: Account,
    target: Account,
    comment: str,
    statuses: list[str],
    category: str = "other",
    forwarded: bool = False,
) -> Object:
    """Enter a report for the server's moderators."""
    number = new_id(call, call.world.clock()) if call.flavour.ulids else str(call.world.sequence("report"))
    own = [
        each
        for each in statuses
        if (item := call.world.find_object(call.server.host, POST, each)) is not None and item.account_id == target.id
    ]
    record = {
        "target": target.id,
        "statuses": own,
        "category": category,
        "forwarded": forwarded,
        "closed_at": None,
        "closed_by": None,
        "assigned": None,
    }
    return call.world.add_object(reporter, REPORT, number, sort=sort_key(number), text=comment, record=record)
