"""What a PDS passes on to the AppView, which sees what the PDS took a little later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from smm_tui.domain.clock import Instant, to_datetime
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.bluesky import records, shapes
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, refusal
from smm_tui.sandbox.faces.bluesky.repo import find, record_of
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

LAG: Instant = 1_000  # a server's config may say `appview_lag`
URIS = 25
LABELER = "did:plc:ar7c4by46qjdydhdevvrndac"  # whose labels the AppView applies


def indexed(call: Call, item: Object) -> bool:
    """Whether the AppView shows a post: it has seen it, and found it valid."""
    lag: Instant = call.server.config.get("appview_lag", LAG)
    return item.kind == POST and item.record["valid"] and item.stored_at + lag <= call.world.clock()


def answered(body: JSON) -> Response:
    """An answer of the AppView, which says whose labels are in it."""
    return json_response(body, headers={"atproto-content-labelers": f"{LABELER};redact"})


def made(call: Call, account: Account, collection: str, subject: str) -> Object | None:
    """What an account made of a subject: its like of a post, its block of somebody."""
    found = call.world.replies(call.server.host, subject)
    return next((item for item in found if item.kind == collection and item.account_id == account.id), None)


def blocked(call: Call, one: Account, other: Account) -> bool:
    """Whether one of two accounts blocks the other."""
    pairs = ((one, other), (other, one))
    return any(made(call, first, records.BLOCK, second.remote_id) is not None for first, second in pairs)


def profile_of(call: Call, account: Account) -> JSON:
    """The profile record of an account, empty when it has none."""
    item = find(call, account, records.PROFILE, "self")
    return {} if item is None else record_of(item)


def gate_of(call: Call, collection: str, post: str) -> Object | None:
    """The record beside a post that says who may answer or quote it."""
    did, _, rkey = post.removeprefix("at://").partition(f"/{records.POST}/")
    return call.world.find_object(call.server.host, collection, f"at://{did}/{collection}/{rkey}")


def _find(call: Call, uri: str) -> Object | None:
    """An indexed post; the authority of the address may be a handle."""
    authority, _, rest = uri.removeprefix("at://").partition("/")
    account = call.world.find_account(call.server.host, authority)
    if account is None:
        return None
    item = call.world.find_object(call.server.host, POST, f"at://{account.remote_id}/{rest}")
    return item if item is not None and indexed(call, item) else None


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
    user = call.user()
    call.parameter("uris")
    uris = call.request.arguments("uris")
    if len(uris) > URIS:
        raise call.bad_parameter(f"array too big (maximum {URIS}, got {len(uris)})")
    call.spend("calls", "ip")
    found = [item for uri in uris if (item := _find(call, uri)) is not None]
    shown = [item for item in found if not blocked(call, user, call.world.account(item.account_id))]
    return answered({"posts": [_post_view(call, item) for item in shown]})


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
    return answered({"thread": thread})


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
    return answered(body)


def _filtered(call: Call, found: Iterator[Object], wanted: str) -> Iterator[Object]:
    for item in found:
        if not indexed(call, item):
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
    user = call.user()
    account = _actor(call, call.parameter("actor"))
    call.spend("calls", "ip")
    record = profile_of(call, account)
    about = call.world.replies(account.server, account.remote_id)
    view = author(call, account)
    if account.id != user.id and (block := made(call, user, records.BLOCK, account.remote_id)) is not None:
        view["viewer"]["blocking"] = block.remote_id
    told: JSON = {
        name: record[name] for name in ("description", "website", "pronouns", "pinnedPost") if name in record
    }
    if "banner" in record:
        view["banner"] = _blob_url(call, account, record["banner"])
    return answered(
        {
            **view,
            **{name: record[name] for name in told if name in record},
            "followersCount": sum(item.kind == records.FOLLOW for item in about) + crowd.size(account),
            "followsCount": call.world.totals(account, records.FOLLOW)[0],
            "postsCount": call.world.totals(account)[0],
            "indexedAt": _stamp(account.created_at),
        }
    )


@ROUTER.on("POST", "/xrpc/app.bsky.graph.muteActor")
def mute(call: Call) -> Response:
    """Stop showing somebody, who is not told."""
    return _mute(call, muted=True)


@ROUTER.on("POST", "/xrpc/app.bsky.graph.unmuteActor")
def unmute(call: Call) -> Response:
    """Show somebody again."""
    return _mute(call, muted=False)


def _mute(call: Call, *, muted: bool) -> Response:
    user = call.user()
    actor = _actor(call, call.member("actor", str, shapes.at_identifier))
    call.spend("calls", "ip")
    if actor.id == user.id:
        raise refusal(400, "InvalidRequest", "Cannot mute oneself")
    others = [did for did in muted_by(call, user) if did != actor.remote_id]
    call.world.update_account(user, {"muted": [*others, actor.remote_id] if muted else others})
    return Response(200)


def muted_by(call: Call, account: Account) -> list[str]:
    """The DIDs of those whom an account mutes."""
    muted: list[str] = call.world.account(account.id).data.get("muted", [])
    return muted


def author(call: Call, account: Account) -> JSON:
    """Somebody in short, as the caller sees them."""
    record = profile_of(call, account)
    view = {
        "did": account.remote_id,
        "handle": account.handle,
        "displayName": record.get("displayName", ""),
        "viewer": {"muted": account.remote_id in muted_by(call, call.user()), "blockedBy": False},
        "labels": [],
        "createdAt": _stamp(account.created_at),
    }
    if "avatar" in record:
        view["avatar"] = _blob_url(call, account, record["avatar"])
    return view


def _blob_url(call: Call, account: Account, blob: JSON) -> str:
    return f"{call.server.base}/xrpc/com.atproto.sync.getBlob?did={account.remote_id}&cid={blob['ref']['$link']}"


def _post_view(call: Call, item: Object) -> JSON:
    account = call.world.account(item.account_id)
    record = record_of(item)
    reactions = call.world.replies(item.server, item.remote_id)
    viewer: JSON = {"threadMuted": False, "embeddingDisabled": False}
    if (like := made(call, call.user(), records.LIKE, item.remote_id)) is not None:
        viewer["like"] = like.remote_id
    view: JSON = {
        "uri": item.remote_id,
        "cid": item.record["cid"],
        "author": author(call, account),
        "record": record,
        "bookmarkCount": 0,
        "replyCount": sum(indexed(call, reaction) for reaction in reactions),
        "repostCount": sum(reaction.kind == records.REPOST for reaction in reactions),
        "likeCount": sum(reaction.kind == records.LIKE for reaction in reactions) + crowd.liked(call.world, item),
        "quoteCount": 0,
        "indexedAt": _stamp(item.stored_at),
        "viewer": viewer,
        "labels": [
            {"src": account.remote_id, "uri": item.remote_id, "val": label["val"], "cts": record["createdAt"]}
            for label in record.get("labels", {}).get("values", [])
        ],
    }
    if (gate := gate_of(call, records.THREADGATE, item.remote_id)) is not None:
        written = {"uri": gate.remote_id, "cid": gate.record["cid"], "record": record_of(gate)}
        view["threadgate"] = {**written, "lists": []}
    embed = _embed_view(call, account, record.get("embed"))
    if embed is not None:
        view["embed"] = embed
    return view


def _embed_view(call: Call, account: Account, embed: JSON | None) -> JSON | None:
    def url(blob: JSON) -> str:
        return _blob_url(call, account, blob)

    embed = embed or {}
    match embed:
        case {"$type": "app.bsky.embed.images", "images": list(images)}:
            views = []
            for image in images:
                view = {"thumb": url(image["image"]), "fullsize": url(image["image"]), "alt": image["alt"]}
                views.append(view | {name: image[name] for name in ("aspectRatio",) if name in image})
            return {"$type": "app.bsky.embed.images#view", "images": views}
        case {"$type": "app.bsky.embed.video", "video": dict(blob)}:
            view = {"cid": blob["ref"]["$link"], "playlist": url(blob)}
            view |= {name: value for name, value in embed.items() if name in ("alt", "aspectRatio")}
            return {"$type": "app.bsky.embed.video#view", **view}
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
        found = [reply for reply in call.world.replies(item.server, item.remote_id) if indexed(call, reply)]
        writers = [(reply, call.world.account(reply.account_id)) for reply in found]
        shown = [reply for reply, writer in writers if not blocked(call, call.user(), writer)]
        view["replies"] = [_with_replies(call, reply, depth - 1) for reply in shown]
    return view
