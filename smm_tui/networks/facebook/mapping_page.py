"""A Page's profile and figures as our values. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from smm_tui.networks import shape
from smm_tui.networks.facebook.mapping import SITE
from smm_tui.networks.meta.counts import whole
from smm_tui.networks.page import Metric, Profile

PROFILE_FIELDS = "id,name,about,website,link,cover{id,source},picture.type(large){url}"
POST_FIELDS = "shares,comments.filter(stream).limit(0).summary(true),reactions.limit(0).summary(true)"
VIDEO_FIELDS = "comments.filter(stream).limit(0).summary(true),reactions.limit(0).summary(true)"
PAGE_FIELDS = "followers_count"

POST_METRICS: Mapping[Metric, str] = {
    Metric.VIEWS: "post_media_view",
    Metric.REACH: "post_total_media_view_unique",
    Metric.CLICKS: "post_clicks",
}
PAGE_METRICS: Mapping[Metric, str] = {
    Metric.FOLLOWED: "page_daily_follows_unique",
    Metric.UNFOLLOWED: "page_daily_unfollows_unique",
    Metric.VIEWS: "page_media_view",
    Metric.REACH: "page_total_media_view_unique",
}


def profile(value: Any) -> Profile:
    """How the Page looks."""
    page = shape.an_object(value, "page")
    number = shape.an_id(page, "id")
    told = {key: page.get(key) for key in ("about", "website", "cover", "picture")}
    revision = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()
    return Profile(
        name=shape.text(page, "name") or None,
        description=shape.text(page, "about"),
        website=shape.text(page, "website"),
        avatar=shape.text(shape.inner(page, "picture", "data"), "url") or None,
        cover=shape.text(shape.inner(page, "cover"), "source") or None,
        url=shape.text(page, "link") or f"{SITE}/{number}",
        revision=revision,
    )


def totals(value: Any) -> dict[Metric, int]:
    """The counts that a post itself tells; what is not told is left out."""
    post = shape.an_object(value, "post")
    counts = {
        Metric.LIKES: shape.inner(post, "reactions", "summary").get("total_count"),
        Metric.REPLIES: shape.inner(post, "comments", "summary").get("total_count"),
        Metric.REPOSTS: shape.inner(post, "shares").get("count"),
    }
    return {metric: count for metric, raw in counts.items() if (count := whole(raw)) is not None}


def followers(value: Any) -> dict[Metric, int]:
    """The count that a Page itself tells."""
    count = whole(shape.an_object(value, "page").get("followers_count"))
    return {} if count is None else {Metric.FOLLOWERS: count}
