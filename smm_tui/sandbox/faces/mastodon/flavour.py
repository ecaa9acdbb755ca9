"""Where servers that speak the Mastodon API differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from smm_tui.domain.clock import HOUR, MINUTE, Instant
from smm_tui.sandbox.things import Server

Rates = Mapping[str, tuple[int, Instant]]

IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp")
VIDEOS = ("video/mp4", "video/webm", "video/quicktime")
AUDIO = ("audio/mpeg", "audio/ogg")


@dataclass(frozen=True, slots=True)
class Flavour:
    """One server program's rules. A server's `config` overrides any of them by name."""

    software: str
    version: str
    api_version: int | None  # `api_versions.mastodon`
    source_url: str
    max_characters: int
    url_characters: int  # what a link counts, as the instance says
    links_shortened: bool  # whether it really counts so; else code points
    max_media_attachments: int
    description_limit: int
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int
    default_visibility: str
    visibilities: tuple[str, ...]
    idempotency_keys: bool
    backdates: bool  # a past scheduled_at gives the post that date
    ulids: bool
    bad_text: int  # status of an empty or too long text
    bad_date: int
    foreign_delete: int
    closed_account: int  # status for the token of a suspended account
    messages: Mapping[str, str]
    rates: Rates | None  # limit and window of each bucket; None: no limits
    processing: Instant = 2_000  # how long video takes
    mime_types: tuple[str, ...] = IMAGES + VIDEOS + AUDIO


MASTODON = Flavour(
    software="mastodon",
    version="4.5.3",
    api_version=7,
    source_url="https://github.com/mastodon/mastodon",
    max_characters=500,
    url_characters=23,
    links_shortened=True,
    max_media_attachments=4,
    description_limit=1500,
    image_size_limit=16 * 1024 * 1024,
    image_matrix_limit=33_177_600,
    video_size_limit=99 * 1024 * 1024,
    default_visibility="public",
    visibilities=("public", "unlisted", "private", "direct"),
    idempotency_keys=True,
    backdates=False,
    ulids=False,
    bad_text=422,
    bad_date=422,
    foreign_delete=404,
    closed_account=403,
    messages={
        "no_token": "The access token is invalid",
        "revoked": "The access token was revoked",
        "scope": "This action is outside the authorized scopes",
        "closed": "Your login is currently disabled",
        "not_found": "Record not found",
        "too_many": "Too many requests",
        "empty": "Validation failed: Text can't be blank",
        "too_long": "Validation failed: Text character limit of {limit} exceeded",
        "visibility": "Validation failed: Visibility is not included in the list",
        "bad_date": "Validation failed: Scheduled at is invalid",
        "too_soon": "Validation failed: Scheduled at The scheduled date must be in the future",
        "too_many_media": "Cannot attach more than {limit} files",
        "no_staff": "This action is not allowed",
        "poll_alone": "Cannot attach a poll to a post that already contains media",
        "unreadable": "File type of uploaded media could not be verified",
    },
    rates={
        "api": (300, 5 * MINUTE),
        "statuses": (300, 3 * HOUR),
        "media": (30, 30 * MINUTE),
        "delete": (30, 30 * MINUTE),
    },
)

GOTOSOCIAL = Flavour(
    software="gotosocial",
    version="0.20.2+git-b7d27c2",
    api_version=None,
    source_url="https://codeberg.org/superseriousbusiness/gotosocial",
    max_characters=5000,
    url_characters=25,
    links_shortened=False,
    max_media_attachments=6,
    description_limit=1500,
    image_size_limit=40 * 1024 * 1024,
    image_matrix_limit=2_147_483_647,
    video_size_limit=40 * 1024 * 1024,
    default_visibility="unlisted",
    visibilities=("public", "unlisted", "private", "mutuals_only", "direct"),
    idempotency_keys=False,
    backdates=True,
    ulids=True,
    bad_text=400,
    bad_date=400,
    foreign_delete=403,
    closed_account=401,
    messages={
        "no_token": "Unauthorized",
        "revoked": "Unauthorized",
        "scope": "Forbidden: token has insufficient scope permission",
        "closed": "Unauthorized",
        "not_found": "Not Found",
        "too_many": "rate limit reached",
        "empty": "Bad Request: no status text, content warning, media or poll provided",
        "too_long": "Bad Request: status too long, {length} characters provided but limit is {limit}",
        "visibility": "Unprocessable Entity: visibility was not one of the supported values",
        "bad_date": "Bad Request: could not parse scheduled_at",
        "too_soon": "Unprocessable Entity: scheduled_at must be at least 5 minutes in the future",
        "too_many_media": "Bad Request: too many media files attached, limit is {limit}",
        "no_staff": "Forbidden: user is not an admin or moderator",
        "poll_alone": "Bad Request: can't post media + poll in same status",
        "unreadable": "Unprocessable Entity: could not read the media",
    },
    rates={"api": (300, 5 * MINUTE)},
)

_FLAVOURS = {flavour.software: flavour for flavour in (MASTODON, GOTOSOCIAL)}
_NAMES = {item.name for item in fields(Flavour)}


def flavour_of(server: Server) -> Flavour:
    """The rules of one server."""
    changes: dict[str, Any] = {name: value for name, value in server.config.items() if name in _NAMES}
    flavour = _FLAVOURS[server.flavour or "mastodon"]
    if changes.get("rates"):
        changes["rates"] = {**(flavour.rates or {}), **changes["rates"]}
    return replace(flavour, **changes) if changes else flavour
