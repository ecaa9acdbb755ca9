"""Between a community's page and figures on VK and ours. Pure: they raise nothing but an SmmError."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.networks import shape
from smm_tui.networks.page import Metric, Profile, Reading
from smm_tui.networks.vk.mapping import digits, uploaded_photo

FIELDS = "description,site,links,cover,photo_max,photo_max_orig,photo_max_size,has_photo,fixed_post,members_count"

POST_TOTALS = {
    Metric.VIEWS: "views",
    Metric.LIKES: "likes",
    Metric.REPLIES: "comments",
    Metric.REPOSTS: "reposts",
}
POST_REACH = {Metric.REACH: "reach_total", Metric.CLICKS: "links"}
PAGE_DAYS = {
    Metric.REACH: ("reach", "reach"),
    Metric.VIEWS: ("visitors", "views"),
    Metric.LIKES: ("activity", "likes"),
    Metric.REPLIES: ("activity", "comments"),
    Metric.REPOSTS: ("activity", "copies"),
    Metric.FOLLOWED: ("activity", "subscribed"),
    Metric.UNFOLLOWED: ("activity", "unsubscribed"),
}
"""Where ``stats.get`` tells a day's figure."""


class Link(NamedTuple):
    """One of the community's links; `id` is empty where VK does not tell it."""

    id: str
    label: str
    url: str


def group(value: Any) -> dict[str, Any]:
    """The first community of ``groups.getById``."""
    groups = value if isinstance(value, list) else shape.an_object(value, "groups").get("groups")
    return shape.an_object(next(iter(shape.a_list(groups, "groups")), None), "group")


def profile(value: Any) -> Profile:
    """How a community's page looks. Its revision covers the texts and links, for pictures' addresses change."""
    found = group(value)
    number = digits(found, "id")
    handle = shape.text(found, "screen_name") or f"club{number}"
    pinned = shape.number(found, "fixed_post", 0)
    texts = {
        "name": shape.text(found, "name"),
        "description": shape.text(found, "description"),
        "website": shape.text(found, "site"),
    }
    shown = tuple((link.label, link.url) for link in links(value))
    return Profile(
        **texts,
        links=shown,
        avatar=_avatar(found),
        cover=_cover(shape.inner(found, "cover")),
        pinned=f"-{number}_{pinned}" if pinned else None,
        url=f"https://vk.com/{handle}",
        revision=hashlib.sha256(json.dumps([texts, shown]).encode()).hexdigest()[:16],
    )


def links(value: Any) -> list[Link]:
    """The links of a community, in their order."""
    return [
        Link(
            str(shape.number(link, "id", 0) or ""),
            shape.text(link, "desc") or shape.text(link, "name") or shape.text(link, "url"),
            shape.text(link, "url"),
        )
        for link in shape.objects(group(value), "links")
        if shape.text(link, "url")
    ]


def _avatar(found: Mapping[str, Any]) -> str | None:
    if found.get("has_photo") in (False, 0):
        return None
    return next(filter(None, (shape.text(found, key) for key in ("photo_max_orig", "photo_max", "photo_50"))), None)


def _cover(cover: Mapping[str, Any]) -> str | None:
    if cover.get("enabled") not in (True, 1):
        return None
    largest = max(shape.objects(cover, "images"), key=lambda image: shape.number(image, "width", 0), default={})
    return shape.text(largest, "url") or None


def uploaded_cover(value: Any) -> dict[str, str]:
    """What ``photos.saveOwnerCoverPhoto`` wants of an upload's answer. Rejected when VK refused the file."""
    stored = uploaded_photo({"server": "1", **shape.an_object(value, "upload")})
    return {"photo": stored["photo"], "hash": stored["hash"]}


def post_of_avatar(value: Any) -> str:
    """The number of the post that ``photos.saveOwnerPhoto`` put on the wall, empty when there is none."""
    return str(shape.number(shape.an_object(value, "photo"), "post_id", 0) or "")


# Figures


def post_totals(post: Mapping[str, Any], at: Instant) -> list[Reading]:
    """The running totals that a post carries."""
    return [
        Reading(metric, figure, at)
        for metric, key in POST_TOTALS.items()
        if (figure := count(shape.inner(post, key), "count")) is not None
    ]


def post_reach(value: Any, at: Instant) -> list[Reading]:
    """What ``stats.getPostReach`` tells of one post."""
    told = shape.an_object(next(iter(shape.a_list(value, "reach")), None), "reach")
    return [
        Reading(metric, figure, at) for metric, key in POST_REACH.items() if (figure := count(told, key)) is not None
    ]


def members(value: Any, at: Instant) -> list[Reading]:
    """How many follow a community."""
    figure = count(group(value), "members_count")
    return [] if figure is None else [Reading(Metric.FOLLOWERS, figure, at)]


def days(value: Any) -> list[Reading]:
    """What ``stats.get`` tells day by day."""
    return [reading for period in shape.a_list(value, "stats") for reading in _day(period)]


def _day(period: Any) -> Iterator[Reading]:
    if not isinstance(period, dict):
        return
    since, until = _moment(period.get("period_from")), _moment(period.get("period_to"))
    if since is None or until is None or since >= until:
        return
    for metric, path in PAGE_DAYS.items():
        figure = count(shape.inner(period, path[0]), path[1])
        if figure is not None:
            yield Reading(metric, figure, until, since)


def count(values: Mapping[str, Any], key: str) -> int | None:
    """A figure, None when VK does not tell it; zero is one."""
    value = values.get(key)
    if isinstance(value, str) and len(value) <= 18 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        return None
    return value


def _moment(value: Any) -> Instant | None:
    """A moment as Unix seconds, or a day as VK wrote it in older versions."""
    if isinstance(value, str):
        try:
            return round(datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()) * 1000
        except (ValueError, OverflowError):
            return None
    seconds = shape.number({"at": value}, "at", 0)
    return seconds * 1000 if 0 < seconds < 10**11 else None
