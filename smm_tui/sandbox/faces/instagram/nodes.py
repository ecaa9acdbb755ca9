"""What has an id on Instagram: the account, containers, media and comments; and what is written below media."""

from __future__ import annotations

from smm_tui.domain.clock import DAY
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.facebook import insights as figures
from smm_tui.sandbox.faces.facebook.call import Call, stamp
from smm_tui.sandbox.faces.facebook.comments import paged
from smm_tui.sandbox.faces.instagram import call as ours
from smm_tui.sandbox.faces.instagram import media, people
from smm_tui.sandbox.faces.instagram.call import ROUTER
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

OF_MEDIA = ("views", "reach", "saved", "shares", "likes", "comments", "total_interactions")
OF_ACCOUNTS = ("reach", "follower_count", "views", "accounts_engaged", "total_interactions", "profile_views")
ONLY_TOTALS = ("views", "accounts_engaged", "total_interactions")


@ROUTER.on("GET", "/:version/:node")
def show(call: Call, version: str, node: str) -> Response:
    """The account, a container, a media object or a comment."""
    owner = ours.account(call)
    call.need(ours.BASIC)
    if node == owner.remote_id:
        return json_response(call.shown("IGUser", _account(call, owner), "id"))
    filled = media.container(call, owner, node)
    if filled is not None:
        return json_response(media.shown_container(call, filled))
    item = _own(call, owner, node)
    if item is not None:
        return json_response(media.shown(call, item))
    call.need(ours.COMMENTS)
    return json_response(_comment(call, owner, _found(call, owner, node)))


def _account(call: Call, owner: Account) -> JSON:
    picture = owner.data.get("picture")
    return {
        "id": owner.remote_id,
        "username": owner.handle,
        "name": owner.display_name,
        "biography": owner.data.get("note") or None,
        "website": owner.data.get("website"),
        "profile_picture_url": f"{call.server.base}/media/{picture}" if picture else None,
        "followers_count": len(owner.data.get("followers", [])) + crowd.size(owner),
        "follows_count": 0,
        "media_count": call.world.totals(owner)[0],
    }


def _own(call: Call, owner: Account, node: str) -> Object | None:
    item = call.world.find_object(call.server.host, POST, node)
    return item if item is not None and item.account_id == owner.id else None


def _found(call: Call, owner: Account, node: str) -> Object:
    """A comment on something that the account may see."""
    item = call.world.find_object(call.server.host, people.COMMENT, node)
    post = people.post_of(call.world, item) if item is not None else None
    if item is None or post is None or owner.remote_id not in (post.record.get("page"), _owner(call, post)):
        raise call.missing(node)
    return item


def _owner(call: Call, post: Object) -> str:
    return call.world.account(post.account_id).remote_id


@ROUTER.on("POST", "/:version/:node")
def update(call: Call, version: str, node: str) -> Response:
    """Hide or show a comment of somebody else."""
    owner = ours.account(call)
    call.need(ours.COMMENTS)
    item = _found(call, owner, node)
    if not call.text("hide"):
        raise call.error(100, "(#100) The parameter hide is required")
    if item.account_id == owner.id:
        raise call.error(10, "(#10) Application does not have permission for this action", status=403)
    record = {**item.record, "hidden": call.flag("hide", False)}
    call.world.update_object(item, record=record, edited=False)
    return json_response({"success": True})


@ROUTER.on("DELETE", "/:version/:node")
def delete(call: Call, version: str, node: str) -> Response:
    """Take a media object down, or a comment with the answers to it."""
    owner = ours.account(call)
    item = _own(call, owner, node)
    if item is None:
        call.need(ours.COMMENTS)
        item = _found(call, owner, node)
        for answer in list(people.below(call.world, item, deep=True)):
            call.world.delete_object(answer)
    else:
        call.need(ours.PUBLISH)
    call.world.delete_object(item)
    return json_response({"success": True})


@ROUTER.on("GET", "/:version/:node/comments")
def comments(call: Call, version: str, node: str) -> Response:
    """The comments below a media object, newest first, those above alone."""
    owner = ours.account(call)
    call.need(ours.COMMENTS)
    item = _commented(call, owner, node)
    found = list(reversed(list(people.below(call.world, item, deep=False))))
    return paged(call, found, lambda each: each.remote_id, lambda each: _comment(call, owner, each))


@ROUTER.on("POST", "/:version/:node/comments", "/:version/:node/replies")
def write(call: Call, version: str, node: str) -> Response:
    """Comment on own media, or answer a comment."""
    owner = ours.account(call)
    call.need(ours.COMMENTS)
    if call.request.path.endswith("/replies"):
        target = _found(call, owner, node)
    else:
        target = _commented(call, owner, node)
        if target.kind == people.TAGGED:
            raise call.error(10, "(#10) Application does not have permission for this action", status=403)
    return _written(call, owner, target)


def _written(call: Call, owner: Account, target: Object) -> Response:
    if not call.text("message").strip():
        raise call.error(100, "(#100) The parameter message is required")
    return json_response({"id": people.write_comment(call.world, owner, target, call.text("message")).remote_id})


def _commented(call: Call, owner: Account, node: str) -> Object:
    item = _own(call, owner, node) or call.world.find_object(call.server.host, people.TAGGED, node)
    if item is None or (item.kind == people.TAGGED and item.record["page"] != owner.remote_id):
        raise call.missing(node)
    return item


@ROUTER.on("GET", "/:version/:node/replies")
def replies(call: Call, version: str, node: str) -> Response:
    """The answers to a comment, oldest first."""
    owner = ours.account(call)
    call.need(ours.COMMENTS)
    found = list(people.below(call.world, _found(call, owner, node), deep=False))
    return paged(call, found, lambda each: each.remote_id, lambda each: _comment(call, owner, each))


def _comment(call: Call, owner: Account, item: Object) -> JSON:
    return call.shown("IGComment", _entity(call, owner, item), "id,timestamp,text")


def _entity(call: Call, owner: Account, item: Object) -> JSON:
    author = call.world.account(item.account_id)
    parent = item.reply_to if item.reply_to != item.record["post"] else None
    answers = [] if parent else [_entity(call, owner, each) for each in people.below(call.world, item, deep=False)]
    return {
        "id": item.remote_id,
        "text": item.text,
        "timestamp": stamp(item.created_at),
        "username": author.handle,
        "from": {"id": author.remote_id, "username": author.handle},
        "hidden": item.record["hidden"],
        "like_count": len(item.record["likes"]),
        "parent_id": parent,
        "media": {"id": item.record["post"]},
        "replies": {"data": answers} if answers else None,
    }


@ROUTER.on("GET", "/:version/:account/tags")
def tags(call: Call, version: str, account: str) -> Response:
    """Media of others on which the account is tagged, newest first."""
    owner = ours.account(call, account)
    call.need(ours.COMMENTS)

    def show(item: Object) -> JSON:
        author = call.world.account(item.account_id)
        entity = {
            "id": item.remote_id,
            "caption": item.text or None,
            "timestamp": stamp(item.created_at),
            "username": author.handle,
            "permalink": item.record["permalink"],
            "media_type": "IMAGE",
        }
        return call.shown("IGMedia", entity, "id")

    return paged(call, people.addressed(call.world, owner, people.TAGGED), lambda item: item.remote_id, show)


@ROUTER.on("POST", "/:version/:account/mentions")
def mention(call: Call, version: str, account: str) -> Response:
    """Answer below media of others that name the account."""
    owner = ours.account(call, account)
    call.need(ours.COMMENTS)
    return _written(call, owner, _commented(call, owner, call.text("media_id")))


@ROUTER.on("GET", "/:version/:node/insights")
def insights(call: Call, version: str, node: str) -> Response:
    """Figures of the account or of a media object."""
    owner = ours.account(call)
    call.need(ours.INSIGHTS)
    if node == owner.remote_id:
        return _of_account(call, owner)
    item = _own(call, owner, node)
    if item is None:
        raise call.missing(node)
    touched = len(item.record["likes"]) + sum(1 for _each in people.below(call.world, item, deep=True))
    values = {"views": 10 * touched + 3, "reach": 5 * touched + 2, "likes": len(item.record["likes"])}
    names = figures.check_names(call, OF_MEDIA)
    data = [figures.result(node, name, "lifetime", [{"value": values.get(name, touched)}]) for name in names]
    return json_response({"data": data})


def _of_account(call: Call, owner: Account) -> Response:
    names = figures.check_names(call, OF_ACCOUNTS)
    since, until = figures.period(call, 30 * DAY)
    total = call.text("metric_type") == "total_value"
    if call.text("period").strip('[]"') != "day" or any((name in ONLY_TOTALS) != total for name in names):
        raise call.error(
            100, "(#100) The following metrics should be specified with parameter metric_type=total_value"
        )

    def written(start: int, end: int) -> int:
        posts = sum(1 for item in call.world.objects(owner) if start <= item.created_at < end)
        return 10 * posts + crowd.reached(owner, start, end)

    data = []
    for name in names:
        if total:
            answer = figures.result(owner.remote_id, name, "day", [])
            answer["total_value"] = {"value": written(since, until)}
            del answer["values"]
        else:

            def count(start: int, end: int, name: str = name) -> int:
                return figures.changes(owner, 1, start, end) if name == "follower_count" else written(start, end)

            answer = figures.result(owner.remote_id, name, "day", figures.by_day(since, until, count))
        data.append(answer)
    return json_response({"data": data})
