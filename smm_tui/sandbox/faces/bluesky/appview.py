"""The few reads that a PDS passes on to the AppView, which sees what the PDS took a little later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from smm_tui.domain.clock import Instant, to_datetime
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, refusal
from smm_tui.sandbox.faces.bluesky.repo import record_of
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

LAG: Instant = 1_000  # a server's config may say `appview_lag`
URIS = 25


def _indexed(call: Call, item: Object) -> bool:
    """Whether the AppView shows a post: it has seen it, and found it valid."""
    lag: Instant = call.server.config.get("appview_lag", LAG)
    return item.record["valid"] and item.stored_at + lag <= call.world.clock()


def _find(call: Call, uri: str) -> Object | None:
    """An indexed post; the authority of the address may be a handle."""
    authority, _, rest = uri.removeprefix("at://").partition("/")
    account = call.world.find_account(call.server.host, authority)
    if account is None:
        return None
    item = call.world.find_object(call.server.host, POST, f"at://{account.remote_id}/{rest}")
    return item if item is not None and _indexed(call, item) else None


def _actor(call: Call, name: str) -> Account:
    account = call.world.find_account(call.server.host, name)
    if account is None:
        raise refusal(400, "InvalidRequest", "Profile not found")
    return account


def _stamp(instant: Instant) -> str:
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@ROUTER.on("GET", "/xrpc/app.bsky.feed.getPosts")
def get_posts(call: Call) -> Response:
    """Posts by address; what is missing is left out."""
    call.user()
    call.parameter("uris")
    uris = call.request.arguments("uris")
    if len(uris) > URIS:
        raise call.bad_parameter(f"array too big (maximum {URIS}, got {len(uris)})")
    call.spend("calls", "ip")
    found = (_find(call, uri) for uri in uris)
    return json_response({"posts": [_post_view(call, item) for item in found if item is not None]})


@ROUTER.on("GET", "/xrpc/app.bsky.feed.getPostThread")
def get_post_thread(call: Call) -> Response:
    """A post with what it answers and what answers it."""
    call.user()
    uri = call.parameter("uri")
    depth = call.number("depth", 6, 0, 1000)
    height = call.number("parentHeight", 80, 0, 1000)
    call.spend("calls", "ip")
    item = _find(call, uri)
    if item is None:
        raise refusal(400, "NotFound", f"Post not found: {uri}")
    thread = _with_replies(call, item, depth)
    node = thread
    while height > 0 and item.reply_to is not None:
        parent = _find(call, item.reply_to)
        if parent is None:
            node["parent"] = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": item.reply_to, "notFound": True}
            break
        node["parent"] = _thread_view(call, parent)
        item, node, height = parent, node["parent"], height - 1
    return json_response({"thread": thread})


@ROUTER.on("GET", "/xrpc/app.bsky.feed.getAuthorFeed")
def get_author_feed(call: Call) -> Response:
    """An account's posts, latest first."""
    call.user()
    account = _actor(call, call.parameter("actor"))
    limit = call.number("limit", 50, 1, 100)
    call.spend("calls", "ip")
    wanted = call.request.argument("filter") or "posts_with_replies"
    found = call.world.objects(account, before=call.request.argument("cursor") or "")
    items = list(islice(_filtered(call, found, wanted), limit))
    body: JSON = {"feed": [{"post": _post_view(call, item)} for item in items]}
    if len(items) == limit:
        body["cursor"] = items[-1].sort
    return json_response(body)


def _filtered(call: Call, found: Iterator[Object], wanted: str) -> Iterator[Object]:
    for item in found:
        if not _indexed(call, item):
            continue
        foreign = item.reply_to is not None and not item.reply_to.startswith(item.remote_id.rpartition("/")[0] + "/")
        if wanted == "posts_no_replies" and item.reply_to is not None:
            continue
        if wanted == "posts_and_author_threads" and foreign:
            continue
        if wanted in ("posts_with_media", "posts_with_video") and not item.media:
            continue
        yield item


@ROUTER.on("GET", "/xrpc/app.bsky.actor.getProfile")
def get_profile(call: Call) -> Response:
    """An account in detail."""
    call.user()
    account = _actor(call, call.parameter("actor"))
    call.spend("calls", "ip")
    return json_response(
        {
            **_author(account),
            "description": account.data.get("note", ""),
            "followersCount": 0,
            "followsCount": 0,
            "postsCount": call.world.totals(account)[0],
            "indexedAt": _stamp(account.created_at),
        }
    )


def _author(account: Account) -> JSON:
    return {
        "did": account.remote_id,
        "handle": account.handle,
        "displayName": account.display_name,
        "labels": [],
        "createdAt": _stamp(account.created_at),
    }


def _post_view(call: Call, item: Object) -> JSON:
    account = call.world.account(item.account_id)
    record = record_of(item)
    view: JSON = {
        "uri": item.remote_id,
        "cid": item.record["cid"],
        "author": _author(account),
        "record": record,
        "bookmarkCount": 0,
        "replyCount": sum(_indexed(call, reply) for reply in call.world.replies(item.server, item.remote_id)),
        "repostCount": 0,
        "likeCount": 0,
        "quoteCount": 0,
        "indexedAt": _stamp(item.stored_at),
        "labels": [
            {"src": account.remote_id, "uri": item.remote_id, "val": label["val"], "cts": record["createdAt"]}
            for label in record.get("labels", {}).get("values", [])
        ],
    }
    embed = _embed_view(call, account, record.get("embed"))
    if embed is not None:
        view["embed"] = embed
    return view


def _embed_view(call: Call, account: Account, embed: JSON | None) -> JSON | None:
    def url(blob: JSON) -> str:
        cid = blob["ref"]["$link"]
        return f"{call.server.base}/xrpc/com.atproto.sync.getBlob?did={account.remote_id}&cid={cid}"

    match embed:
        case {"$type": "app.bsky.embed.images", "images": list(images)}:
            views = []
            for image in images:
                view = {"thumb": url(image["image"]), "fullsize": url(image["image"]), "alt": image["alt"]}
                views.append(view | {name: image[name] for name in ("aspectRatio",) if name in image})
            return {"$type": "app.bsky.embed.images#view", "images": views}
        case {"$type": "app.bsky.embed.external", "external": dict(card)}:
            view = {name: card[name] for name in ("uri", "title", "description")}
            if "thumb" in card:
                view["thumb"] = url(card["thumb"])
            return {"$type": "app.bsky.embed.external#view", "external": view}
        case _:
            return None


def _thread_view(call: Call, item: Object) -> JSON:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": _post_view(call, item)}


def _with_replies(call: Call, item: Object, depth: int) -> JSON:
    view = _thread_view(call, item)
    if depth > 0:
        found = call.world.replies(item.server, item.remote_id)
        view["replies"] = [_with_replies(call, reply, depth - 1) for reply in found if _indexed(call, reply)]
    return view
