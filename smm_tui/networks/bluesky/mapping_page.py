"""Between the profile record, the AppView's counts and our values. Pure: nothing raised but an SmmError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.clock import Instant
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.page import Metric, Profile, ProfileChange, Reading, Readings
from smm_tui.networks.ports import JSON

PROFILE = "app.bsky.actor.profile"
_NAMES = {"name": "displayName", "description": "description", "website": "website"}
_PICTURES = {"avatar": "avatar", "cover": "banner"}
_OF_POST = {
    Metric.LIKES: ("likeCount",),
    Metric.REPLIES: ("replyCount",),
    Metric.REPOSTS: ("repostCount", "quoteCount"),  # a quote is a repost with words
    Metric.SAVES: ("bookmarkCount",),
}
_OF_PAGE = {Metric.FOLLOWERS: ("followersCount",)}


def profile(record: Mapping[str, Any], cid: str, *, did: str, handle: str, pds: str) -> Profile:
    """A stored profile record."""
    pictures = {field: _picture(record, name, did, pds) for field, name in _PICTURES.items()}
    return Profile(
        name=shape.text(record, "displayName"),
        description=shape.text(record, "description"),
        website=shape.text(record, "website"),
        avatar=pictures["avatar"],
        cover=pictures["cover"],
        pinned=pinned_uri(record) or None,
        url=f"https://bsky.app/profile/{handle or did}",
        revision=cid,
    )


def changed(record: JSON, change: ProfileChange, pictures: Mapping[str, JSON]) -> JSON:
    """The record after a change; `pictures` are the uploaded ones by our name of the field. The rest stays."""
    new = {"$type": PROFILE, **record}
    for field, name in _NAMES.items():
        value = getattr(change, field)
        if value:
            new[name] = value
        elif value is not None:
            new.pop(name, None)
    return new | {_PICTURES[field]: blob for field, blob in pictures.items()}


def pinned(record: JSON, target: JSON | None) -> JSON:
    """The record with another pinned post, or none."""
    rest = {name: value for name, value in record.items() if name != "pinnedPost"}
    return rest if target is None else {"$type": PROFILE, **rest, "pinnedPost": target}


def pinned_uri(record: Mapping[str, Any]) -> str:
    """The address of the pinned post, empty when there is none."""
    return shape.text(shape.inner(record, "pinnedPost"), "uri")


def post_readings(value: Any, at: Instant) -> Readings | None:
    """The figures of the one post that getPosts was asked for; None when it is gone."""
    answer = shape.an_object(value, "posts")
    shape.a_list(answer.get("posts"), "posts")
    posts = shape.objects(answer, "posts")
    return _readings(posts[0], _OF_POST, at) if posts else None


def page_readings(value: Any, at: Instant) -> Readings:
    """The figures of getProfile."""
    return _readings(shape.an_object(value, "profile"), _OF_PAGE, at)


def _readings(values: JSON, names: Mapping[Metric, tuple[str, ...]], at: Instant) -> Readings:
    found = {metric: [_count(values, name) for name in counted] for metric, counted in names.items()}
    missing = _("{network} does not tell it.").format(network=TITLE)
    return Readings(
        tuple(
            Reading(metric, sum(count for count in counts if count is not None), at)
            for metric, counts in found.items()
            if None not in counts
        ),
        {metric: missing for metric, counts in found.items() if None in counts},
    )


def _count(values: JSON, name: str) -> int | None:
    if values.get(name) in (0, "0") and not isinstance(values.get(name), bool):
        return 0
    return shape.number(values, name, -1) if shape.number(values, name, -1) > 0 else None


def _picture(record: Mapping[str, Any], name: str, did: str, pds: str) -> str:
    link = shape.text(shape.inner(record, name, "ref"), "$link")
    return f"{pds}/xrpc/com.atproto.sync.getBlob?did={did}&cid={link}" if link else ""
