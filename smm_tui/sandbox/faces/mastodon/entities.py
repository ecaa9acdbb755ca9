"""The JSON entities of the Mastodon API, made from the world's objects."""

from __future__ import annotations

from typing import Any

from smm_tui.domain.clock import DAY
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.mastodon import text
from smm_tui.sandbox.faces.mastodon.call import Call, stamp
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Media, Object


def profile_url(call: Call, account: Account) -> str:
    """The page of an account."""
    server = call.world.server(account.server)
    assert server is not None  # noqa: S101 - an account's server exists
    return f"{server.base}/@{account.handle}"


def acct(call: Call, account: Account) -> str:
    """How this server names an account."""
    return account.handle if account.server == call.server.host else f"{account.handle}@{account.server}"


def account_entity(call: Call, account: Account) -> JSON:
    """Account."""
    if account.id not in call.accounts:
        call.accounts[account.id] = _account(call, account)
    return call.accounts[account.id]


def _account(call: Call, account: Account) -> JSON:
    avatar, header = (picture_url(call, account, name) for name in ("avatar", "header"))
    count, latest = call.world.totals(account)
    return {
        "id": account.remote_id,
        "username": account.handle,
        "acct": acct(call, account),
        "display_name": account.data.get("display_name", account.display_name),
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": False,
        "group": False,
        "created_at": stamp(account.created_at - account.created_at % DAY),
        "note": _plain_html(call, account.data.get("note", "")),
        "url": profile_url(call, account),
        "uri": f"{call.server.base}/users/{account.handle}",
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "followers_count": len(account.data.get("followers", [])) + crowd.size(account),
        "following_count": 0,
        "statuses_count": count,
        "last_status_at": stamp(latest)[:10] if latest is not None else None,
        "emojis": [],
        "fields": [
            {"name": link["name"], "value": _plain_html(call, link["value"])[3:-4], "verified_at": None}
            for link in account.data.get("fields", [])
        ],
        "roles": [],
    }


def picture_url(call: Call, account: Account, name: str) -> str:
    """The address of an avatar or header."""
    media_id = account.data.get(name)
    if media_id:
        return f"{call.server.base}/system/media_attachments/{media_id}"
    return f"{call.server.base}/{name}s/original/missing.png"


def _plain_html(call: Call, source: str) -> str:
    return text.to_html(source, call.server.base, lambda _: None, shorten=True)


def role(account: Account) -> JSON:
    """Role: what the account may do for the server."""
    bits = int(account.data.get("permissions", 0))
    name = "Moderator" if bits else ""
    return {
        "id": "1" if bits else "-99",
        "name": name,
        "color": "",
        "permissions": str(bits | 65536),
        "highlighted": bool(bits),
    }


def admin_account(call: Call, account: Account) -> JSON:
    """Admin::Account: an account as the server's moderators see it."""
    return {
        "id": account.remote_id,
        "username": account.handle,
        "domain": None,
        "created_at": stamp(account.created_at),
        "email": f"{account.handle}@{account.server.partition(':')[0]}",
        "ip": None,
        "ips": [],
        "locale": "en",
        "invite_request": None,
        "role": role(account),
        "confirmed": True,
        "approved": True,
        "disabled": False,
        "silenced": bool(account.data.get("silenced")),
        "suspended": account.state == "suspended",
        "sensitized": False,
        "account": account_entity(call, account),
    }


def credential_account(call: Call, account: Account) -> JSON:
    """CredentialAccount: an account as its owner sees it."""
    return {
        **account_entity(call, account),
        "source": {
            "privacy": call.flavour.default_visibility,
            "sensitive": False,
            "language": "en",
            "note": account.data.get("note", ""),
            "fields": [{**link, "verified_at": None} for link in account.data.get("fields", [])],
            "follow_requests_count": 0,
            "indexable": False,
        },
        "role": role(account),
    }


def is_ready(call: Call, media: Media) -> bool:
    """Whether a file can be attached."""
    return media.ready_at is not None and media.ready_at <= call.world.clock()


def media_entity(call: Call, media: Media) -> JSON:
    """MediaAttachment; `url` is null until the file is processed."""
    ready = is_ready(call, media)
    url = f"{call.server.base}/system/media_attachments/{media.id}" if ready else None
    kind = "gifv" if media.meta.get("animated") else media.mime.partition("/")[0]
    meta: JSON = {}
    if "width" in media.meta:
        width, height = media.meta["width"], media.meta["height"]
        size: JSON = {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}
        meta = {"original": size, "small": size}
    if "focus" in media.meta:
        x, y = media.meta["focus"]
        meta["focus"] = {"x": x, "y": y}
    return {
        "id": media.id,
        "type": kind if ready else "unknown",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "preview_remote_url": None,
        "text_url": None,
        "meta": meta,
        "description": media.description or None,
        "blurhash": None,
    }


def mentioned(call: Call, token: text.Token) -> Account | None:
    """The account that a mention names, if the sandbox has it."""
    return call.world.find_account(token.domain or call.server.host, token.name)


def content(call: Call, source: str) -> str:
    """A status' text as HTML."""

    def mention(token: text.Token) -> tuple[str, str] | None:
        account = mentioned(call, token)
        return (profile_url(call, account), account.handle) if account else None

    return text.to_html(source, call.server.base, mention, shorten=call.flavour.links_shortened)


def status(call: Call, item: Object, *, source: bool = False) -> JSON:
    """Status; `source` adds the plain text, as deletion does."""
    author = call.world.account(item.account_id)
    record = item.record
    answers = item.reply_to is not None and call.world.find_object(item.server, POST, item.reply_to) is not None
    viewer = call.token.account_id if call.token is not None else None
    found = list(text.tokens(item.text))
    mentions = {
        account.id: account
        for token in found
        if token.kind == "user" and (account := mentioned(call, token)) is not None
    }
    tags = dict.fromkeys(token.name.lower() for token in found if token.kind == "tag")
    files = [media for media_id in item.media if (media := call.world.media(author, media_id)) is not None]
    entity: dict[str, Any] = {
        "id": item.remote_id,
        "created_at": stamp(item.created_at),
        "in_reply_to_id": item.reply_to if answers else None,
        "in_reply_to_account_id": record.get("in_reply_to_account_id") if answers else None,
        "sensitive": record["sensitive"],
        "spoiler_text": record["spoiler_text"],
        "visibility": record["visibility"],
        "language": record["language"],
        "uri": f"{call.server.base}/users/{author.handle}/statuses/{item.remote_id}",
        "url": f"{profile_url(call, author)}/{item.remote_id}",
        "replies_count": len(call.world.replies(item.server, item.remote_id)),
        "reblogs_count": 0,
        "favourites_count": len(record.get("favourited_by", [])) + crowd.liked(call.world, item),
        "quotes_count": 0,
        "edited_at": stamp(item.edited_at) if item.edited_at is not None else None,
        "favourited": viewer is not None and viewer in record.get("favourited_by", []),
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": item.remote_id in author.data.get("pinned", []),
        "content": content(call, item.text),
        "filtered": [],
        "reblog": None,
        "application": record.get("application"),
        "account": account_entity(call, author),
        "media_attachments": [media_entity(call, media) for media in files],
        "mentions": [
            {
                "id": account.remote_id,
                "username": account.handle,
                "acct": acct(call, account),
                "url": profile_url(call, account),
            }
            for account in mentions.values()
        ],
        "tags": [{"name": tag, "url": f"{call.server.base}/tags/{tag}"} for tag in tags],
        "emojis": [],
        "card": None,
        "poll": poll(call, item) if record.get("poll") else None,
    }
    if source:
        entity["text"] = item.text
    return entity


def poll(call: Call, item: Object) -> JSON:
    """Poll; it is named as its status is."""
    asked = item.record["poll"]
    votes: JSON = asked.get("votes", {})
    ends_at = item.created_at + asked["expires_in"] * 1000
    counts = [sum(number in chosen for chosen in votes.values()) for number in range(len(asked["options"]))]
    viewer = str(call.token.account_id) if call.token is not None else ""
    return {
        "id": item.remote_id,
        "expires_at": stamp(ends_at),
        "expired": ends_at <= call.world.clock(),
        "multiple": asked["multiple"],
        "votes_count": sum(counts),
        "voters_count": len(votes) if asked["multiple"] else None,
        "voted": viewer in votes,
        "own_votes": votes.get(viewer, []),
        "options": [
            {"title": title, "votes_count": count} for title, count in zip(asked["options"], counts, strict=True)
        ],
        "emojis": [],
    }


def scheduled_status(call: Call, item: Object) -> JSON:
    """ScheduledStatus."""
    author = call.world.account(item.account_id)
    record = item.record
    files = [media for media_id in item.media if (media := call.world.media(author, media_id)) is not None]
    return {
        "id": item.remote_id,
        "scheduled_at": stamp(item.created_at),
        "params": {
            "text": item.text,
            "media_ids": item.media or None,
            "sensitive": record["sensitive"],
            "spoiler_text": record["spoiler_text"] or None,
            "visibility": record["visibility"],
            "language": record["language"],
            "in_reply_to_id": int(item.reply_to) if item.reply_to and item.reply_to.isdigit() else None,
            "scheduled_at": None,
            "poll": record.get("poll"),
            "idempotency": None,
            "with_rate_limit": False,
            "application_id": 1,
        },
        "media_attachments": [media_entity(call, media) for media in files],
    }
