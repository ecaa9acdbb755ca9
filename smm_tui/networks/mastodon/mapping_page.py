"""The page itself: its profile and its figures. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import Instant
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.page import Metric, Profile, ProfileChange, Reading, Readings

_POST = {Metric.LIKES: "favourites_count", Metric.REPLIES: "replies_count", Metric.REPOSTS: "reblogs_count"}
_PAGE = {Metric.FOLLOWERS: "followers_count"}
_NO_PICTURE = "/missing.png"


def profile(value: Any, pinned: str | None) -> Profile:
    """The Profile of a CredentialAccount, whose `source` holds the plain texts."""
    account = shape.an_object(value, "account")
    source = shape.an_object(account.get("source"), "source")
    name, note = shape.text(account, "display_name"), shape.text(source, "note")
    links = tuple((shape.text(f, "name"), shape.text(f, "value")) for f in shape.objects(source, "fields"))
    avatar, cover = shape.text(account, "avatar"), shape.text(account, "header")
    return Profile(
        name=name,
        description=note,
        links=links,
        avatar=_picture(avatar),
        cover=_picture(cover),
        pinned=pinned,
        url=shape.text(account, "url"),
        revision=digest([name, note, links, avatar, cover])[:16],
    )


def _picture(url: str) -> str | None:
    return None if not url or url.endswith(_NO_PICTURE) else url


def pinned(value: Any) -> str | None:
    """The id of the first of the pinned statuses."""
    page = shape.a_list(value, "statuses")
    return shape.an_id(shape.an_object(page[0], "status"), "id") if page else None


def form(change: ProfileChange) -> dict[str, str]:
    """The fields of ``update_credentials``; pictures go beside them."""
    fields = {"display_name": change.name, "note": change.description}
    found = {name: text for name, text in fields.items() if text is not None}
    if change.links is not None:
        for number, (label, url) in enumerate(change.links or (("", ""),)):  # one empty link takes all others away
            found[f"fields_attributes[{number}][name]"] = label
            found[f"fields_attributes[{number}][value]"] = url
    return found


def of_post(value: Any, now: Instant) -> Readings:
    """The figures of a Status."""
    return _readings(shape.an_object(value, "status"), _POST, now)


def of_page(value: Any, now: Instant) -> Readings:
    """The figures of an Account."""
    return _readings(shape.an_object(value, "account"), _PAGE, now)


def _readings(values: Mapping[str, Any], keys: Mapping[Metric, str], now: Instant) -> Readings:
    counts = {metric: _count(values.get(key)) for metric, key in keys.items()}
    return Readings(
        tuple(Reading(metric, count, now) for metric, count in counts.items() if count is not None),
        {metric: _("The server does not tell it.") for metric, count in counts.items() if count is None},
    )


def _count(value: Any) -> int | None:
    """A number from 0 on, also when it came as a string; servers that hide it send -1 or nothing."""
    if value in (0, "0") and not isinstance(value, bool):
        return 0
    return shape.number({"value": value}, "value", 0) or None
