"""The JSON entities of the Mastodon API, made from the world's objects."""

from __future__ import annotations

from typing import Any

from smm_tui.domain.clock import DAY
from smm_tui.sandbox.faces.mastodon import text
from smm_tui.sandbox.faces.mastodon.call import Call, stamp
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Media, Object


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
    picture = f"{call.server.base}/avatars/original/missing.png"
    header = f"{call.server.base}/headers/original/missing.png"
    count, latest = call.world.totals(account)
    return {
        "id": account.remote_id,
        "username": account.handle,
        "acct": acct(call, account),
        "display_name": account.display_name,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": False,
        "group": False,
        "created_at": stamp(account.created_at - account.created_at % DAY),
        "note": text.to_html(account.data.get("note", ""), call.server.base, lambda _: None, shorten=True),
        "url": profile_url(call, account),
        "uri": f"{call.server.base}/users/{account.handle}",
        "avatar": picture,
        "avatar_static": picture,
        "header": header,
        "header_static": header,
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": count,
        "last_status_at": stamp(latest)[:10] if latest is not None else None,
        "emojis": [],
        "fields": [],
        "roles": [],
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
            "fields": [],
            "follow_requests_count": 0,
            "indexable": False,
        },
        "role": {"id": "-99", "name": "", "color": "", "permissions": "65536", "highlighted": False},
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
        "in_reply_to_id": item.reply_to,
        "in_reply_to_account_id": record.get("in_reply_to_account_id"),
        "sensitive": record["sensitive"],
        "spoiler_text": record["spoiler_text"],
        "visibility": record["visibility"],
        "language": record["language"],
        "uri": f"{call.server.base}/users/{author.handle}/statuses/{item.remote_id}",
        "url": f"{profile_url(call, author)}/{item.remote_id}",
        "replies_count": len(call.world.replies(item.server, item.remote_id)),
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "edited_at": stamp(item.edited_at) if item.edited_at is not None else None,
        "favourited": False,
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": False,
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
        "poll": None,
    }
    if source:
        entity["text"] = item.text
    return entity


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
            "poll": None,
            "idempotency": None,
            "with_rate_limit": False,
            "application_id": 1,
        },
        "media_attachments": [media_entity(call, media) for media in files],
    }
