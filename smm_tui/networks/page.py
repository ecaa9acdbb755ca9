"""The ports of the page itself: changing what is live, how the page looks, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from smm_tui.domain.clock import Instant
from smm_tui.networks.ports import JSON, MediaFile, Part, RemoteRef


@runtime_checkable
class Editor(Protocol):
    """Changing live posts. An edit sets the whole content, so sending it again changes nothing more."""

    async def prepare_edit(self, ref: RemoteRef, part: Part) -> JSON:
        """The frozen request; uploads media. Repeatable: nothing becomes public."""

    async def edit(self, ref: RemoteRef, wire: JSON) -> RemoteRef:
        """Bring the live post to the frozen content. NotFound when it is gone."""


@runtime_checkable
class Pinner(Protocol):
    """Keeping a post on top of the page."""

    async def pin(self, ref: RemoteRef) -> None:
        """Pin it; already pinned is success."""

    async def unpin(self, ref: RemoteRef) -> None:
        """Unpin it; not pinned is success."""


@runtime_checkable
class Scheduler(Protocol):
    """Handing a prepared post over to the network, which publishes it by itself."""

    async def schedule(self, identity: str, wire: JSON, at: Instant) -> RemoteRef:
        """Hand it over. Rejected when the network does not take that time; Ambiguous as in `Publisher.send`."""

    async def scheduled(self) -> tuple[RemoteRef, ...]:
        """What waits there."""

    async def unschedule(self, ref: RemoteRef) -> None:
        """Take it back; already gone is success."""


class ProfileField(StrEnum):
    """What a page shows of itself."""

    NAME = "name"
    DESCRIPTION = "description"
    WEBSITE = "website"
    LINKS = "links"
    AVATAR = "avatar"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """What a network's pages have: the greatest length (characters) of each text field, those we may write, links."""

    lengths: Mapping[ProfileField, int]
    writable: frozenset[ProfileField]
    links: int = 0
    picture_bytes: int = 0
    mime_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Profile:
    """How a page looks. Missing fields of the network are None; pictures are URLs. `revision` guards a write."""

    name: str | None = None
    description: str | None = None
    website: str | None = None
    links: tuple[tuple[str, str], ...] | None = None  # (label, URL)
    avatar: str | None = None
    cover: str | None = None
    pinned: str | None = None  # id of the pinned post
    url: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What a page shall look like; None stays as it is."""

    name: str | None = None
    description: str | None = None
    website: str | None = None
    links: tuple[tuple[str, str], ...] | None = None
    avatar: MediaFile | None = None
    cover: MediaFile | None = None


@runtime_checkable
class ProfileReader(Protocol):
    """Reading the page profile."""

    async def read_profile(self) -> Profile:
        """The profile as it is live."""


@runtime_checkable
class ProfileWriter(Protocol):
    """Changing the page profile."""

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """Bring about the change and return what is live then. Rejected when the page is no longer as `expected`."""


class Metric(StrEnum):
    """A figure that networks tell. Missing is not zero: a reading that is absent is absent."""

    FOLLOWERS = "followers"
    FOLLOWED = "followed"  # gained within the period
    UNFOLLOWED = "unfollowed"  # lost within the period
    REACH = "reach"  # people
    VIEWS = "views"
    LIKES = "likes"
    REPLIES = "replies"
    REPOSTS = "reposts"
    SAVES = "saves"
    CLICKS = "clicks"
    ENGAGED = "engaged"  # people


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure and when it was true: a running total at `at`, or what happened between `since` and `at`."""

    metric: Metric
    value: int
    at: Instant
    since: Instant | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """What the network told; `missing` says of each metric it refused why (a sentence)."""

    values: tuple[Reading, ...]
    missing: Mapping[Metric, str] = field(default_factory=dict)


@runtime_checkable
class Metrics(Protocol):
    """Reading figures. One dead metric never sinks the rest."""

    async def of_post(self, ref: RemoteRef) -> Readings:
        """The running totals of a live post."""

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """The page's totals now, and day by day what happened between two instants where the network tells."""
