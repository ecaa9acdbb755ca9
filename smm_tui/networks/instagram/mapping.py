"""Between our values and Instagram's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.instagram.spec import RIGHTS
from smm_tui.networks.meta import paging, rights, tokens
from smm_tui.networks.meta.counts import whole
from smm_tui.networks.page import Metric, Profile
from smm_tui.networks.ports import JSON, Checked, RemoteRef

SITE = "https://www.instagram.com"
ACCOUNT_FIELDS = "id,username,name"
PROFILE_FIELDS = "id,username,name,biography,website,profile_picture_url"
STATUS_FIELDS = "id,status_code,status"
MEDIA_FIELDS = "id,caption,timestamp,media_type,permalink,children{id}"
SHOWN_FIELDS = (
    "id,caption,timestamp,permalink,media_type,media_url,alt_text,children{id,media_type,media_url,alt_text}"
)
COMMENT_FIELDS = "id,text,timestamp,username,from,hidden,parent_id"
THREAD_FIELDS = f"{COMMENT_FIELDS},replies{{{COMMENT_FIELDS}}}"
TAG_FIELDS = "id,caption,timestamp,username,permalink"
COUNT_FIELDS = "like_count,comments_count"
PAGE_FIELDS = "followers_count"

POST_METRICS: Mapping[Metric, str] = {
    Metric.VIEWS: "views",
    Metric.REACH: "reach",
    Metric.SAVES: "saved",
    Metric.REPOSTS: "shares",
}
DAILY_METRICS: Mapping[Metric, str] = {Metric.REACH: "reach", Metric.FOLLOWED: "follower_count"}
TOTAL_METRICS: Mapping[Metric, str] = {Metric.VIEWS: "views", Metric.ENGAGED: "accounts_engaged"}


# The account


def missing(facts: Mapping[str, Any], *, now: Instant) -> list[str]:
    """Sentences for what the token or this workspace lacks, or will soon."""
    found = rights.sentences(RIGHTS, facts)
    if facts.get("public_media") is False:
        found.append(
            _(
                "cannot publish pictures: Instagram fetches them from a public address; name one with "
                "`smm-tui media target set`"
            )
        )
    return found + tokens.ends(facts, now=now)


def checked(value: Any, *, server: str, facts: JSON, now: Instant) -> Checked:
    """What the account tells of itself."""
    account = shape.an_object(value, "account")
    number, username = shape.an_id(account, "id"), shape.an_id(account, "username")
    return Checked(
        remote_id=number,
        handle=f"@{username}",
        display_name=shape.text(account, "name") or username,
        server=server,
        url=f"{SITE}/{username}/",
        facts=facts,
        missing=tuple(missing(facts, now=now)),
    )


def quota(value: Any) -> tuple[int, int]:
    """The posts of the last 24 hours and how many are taken; 0 and 0 when it is not told."""
    found = shape.objects(shape.an_object(value, "quota"), "data")
    used = shape.number(found[0], "quota_usage", 0) if found else 0
    total = shape.number(shape.inner(found[0], "config"), "quota_total", 0) if found else 0
    return used, total


def profile(value: Any) -> Profile:
    """How the account looks."""
    account = shape.an_object(value, "account")
    username = shape.an_id(account, "username")
    return Profile(
        name=shape.text(account, "name") or username,
        description=shape.text(account, "biography"),
        website=shape.text(account, "website"),
        avatar=shape.text(account, "profile_picture_url") or None,
        url=f"{SITE}/{username}/",
    )


# Publishing


class Status(StrEnum):
    """What became of a container."""

    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"
    PUBLISHED = "PUBLISHED"


def container_id(value: Any) -> str:
    """The id of a container, or of a media object, that was just made."""
    return shape.an_id(shape.an_object(value, "container"), "id")


def status(value: Any) -> tuple[Status, str]:
    """What became of a container, and Instagram's words for it."""
    container = shape.an_object(value, "container")
    try:
        found = Status(shape.text(container, "status_code"))
    except ValueError:
        raise shape.WrongShape("status_code") from None
    return found, shape.text(container, "status")


def is_uploaded(value: Any) -> bool:
    """``{"success": true}``: WrongShape for anything else."""
    if shape.an_object(value, "upload").get("success") is not True:
        raise shape.WrongShape("success")
    return True


def carousel_form(children: Sequence[str], caption: str) -> dict[str, str]:
    """The form of a carousel's own container."""
    return {"media_type": "CAROUSEL", "children": json.dumps(list(children)), "caption": caption}


def ref(value: Any) -> RemoteRef:
    """The reference of a live media object."""
    media = shape.an_object(value, "media")
    return RemoteRef(id=shape.an_id(media, "id"), url=shape.text(media, "permalink") or SITE)


class Media(NamedTuple):
    """A live media object, as far as it tells whose it is."""

    id: str
    url: str
    caption: str
    created: Instant
    files: int


def media(value: JSON) -> Media:
    """One of the account's media."""
    children = shape.objects(shape.inner(value, "children"), "data")
    return Media(
        id=shape.an_id(value, "id"),
        url=shape.text(value, "permalink") or SITE,
        caption=shape.text(value, "caption"),
        created=paging.moment(value, "timestamp"),
        files=len(children) or 1,
    )


def all_media(value: Any) -> tuple[list[Media], str]:
    """A page of the account's media. Strict, since a page with something unknown on it proves no absence."""
    answer = shape.an_object(value, "media")
    found = [media(shape.an_object(item, "media")) for item in shape.a_list(answer.get("data"), "data")]
    return found, paging.next_cursor(answer)


class Baseline(NamedTuple):
    """What was there before an attempt: the newest time, and what is of that second."""

    created: Instant = 0
    ids: tuple[str, ...] = ()

    def is_later(self, created: Instant, number: str) -> bool:
        """Whether something came after it."""
        return created >= self.created and number not in self.ids


def newest(value: Any) -> JSON:
    """What a `Baseline` is made of, from the beginning of a list."""
    found, _after = paging.listed(value, lambda item: (paging.moment(item, "timestamp"), shape.an_id(item, "id")))
    latest = max((created for created, _id in found), default=0)
    return {"created": latest, "ids": [number for created, number in found if created == latest]}


def gist(text: str) -> str:
    """A text without what networks change: white space, composition, invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Mn"))


def shown(value: Any) -> JSON:
    """A live media object in plain terms."""
    found = shape.an_object(value, "media")
    shape.an_id(found, "id")
    files = shape.objects(shape.inner(found, "children"), "data") or [found]
    return {
        "text": shape.text(found, "caption"),
        "media": [
            {
                "type": "video" if shape.text(file, "media_type") == "VIDEO" else "photo",
                "alt": shape.text(file, "alt_text"),
                "url": shape.text(file, "media_url"),
            }
            for file in files
        ],
        "created_at": shape.text(found, "timestamp"),
        "url": shape.text(found, "permalink") or SITE,
    }


# Conversation


def comments(value: JSON, *, account: str, post_id: str) -> list[Item]:
    """A comment and the answers to it that came along."""
    first = comment(value, account=account, post_id=post_id)
    found = [first]
    answers, _after = paging.listed(
        {"data": shape.objects(shape.inner(value, "replies"), "data")},
        lambda item: comment(item, account=account, post_id=post_id, parent_id=first.id),
    )
    return found + answers


def comment(value: JSON, *, account: str, post_id: str, parent_id: str = "") -> Item:
    """A comment below a media object, or an answer to one."""
    number = shape.an_id(value, "id")
    parent = shape.text(value, "parent_id") or parent_id
    return Item(
        id=number,
        kind=ItemKind.COMMENT,
        author=_author(value, account),
        text=shape.text(value, "text"),
        created_at=paging.moment(value, "timestamp"),
        post_id=post_id,
        parent_id=parent,
        thread_id=parent or number,
        hidden=value.get("hidden") is True,
    )


def tag(value: JSON) -> Item:
    """Somebody's media on which the account is tagged."""
    number = shape.an_id(value, "id")
    return Item(
        id=number,
        kind=ItemKind.MENTION,
        author=_author(value, ""),
        text=shape.text(value, "caption"),
        created_at=paging.moment(value, "timestamp"),
        url=shape.text(value, "permalink"),
        thread_id=number,
    )


def _author(value: Mapping[str, Any], account: str) -> Author:
    author = shape.inner(value, "from")
    number = shape.an_id(author, "id") if author.get("id") else ""
    username = shape.text(value, "username") or shape.text(author, "username")
    return Author(
        id=number,
        handle=f"@{username}" if username else "",
        name=username,
        url=f"{SITE}/{username}/" if username else "",
        own=bool(account) and number == account,
    )


# Figures


def totals(value: Any) -> dict[Metric, int]:
    """The counts that a media object itself tells; what is not told is left out."""
    found = shape.an_object(value, "media")
    counts = {Metric.LIKES: found.get("like_count"), Metric.REPLIES: found.get("comments_count")}
    return {metric: count for metric, raw in counts.items() if (count := whole(raw)) is not None}


def followers(value: Any) -> dict[Metric, int]:
    """The count that the account itself tells."""
    count = whole(shape.an_object(value, "account").get("followers_count"))
    return {} if count is None else {Metric.FOLLOWERS: count}
