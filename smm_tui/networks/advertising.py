"""The port of targeted advertising: campaign > ad set > ad, on an account's advertising cabinet.

Money is whole minor units of the cabinet's currency (kopecks, cents). Everything is made paused; launching is a call
of its own. Every thing made carries our identity in its name, so that it can be found before it is made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable

from smm_tui.domain.clock import Instant
from smm_tui.networks.ports import JSON, MediaFile

BUTTONS = (
    "learn_more",
    "shop",
    "order",
    "book",
    "sign_up",
    "subscribe",
    "download",
    "contact",
    "call",
    "message",
    "follow",
)
"""What the button of an ad may invite to."""


class Level(StrEnum):
    """The three storeys of a campaign."""

    CAMPAIGN = "campaign"
    SET = "set"
    AD = "ad"


class Goal(StrEnum):
    """What a campaign is to bring."""

    REACH = "reach"
    ENGAGEMENT = "engagement"
    TRAFFIC = "traffic"
    FOLLOWERS = "followers"
    MESSAGES = "messages"
    LEADS = "leads"


class PlaceKind(StrEnum):
    """A kind of place. A POINT is a circle around coordinates."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    DISTRICT = "district"
    STATION = "station"  # of a metro
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Place:
    """Where people are. `id` is the network's; `radius` in metres, where one is asked for."""

    kind: PlaceKind
    id: str
    name: str
    radius: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """An interest, a language, a list of people, or another entry of the network's dictionaries."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is to see an ad. Empty tuples mean everybody; what stands in `without` is left out."""

    places: tuple[Place, ...] = ()
    without_places: tuple[Place, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    sex: str = ""  # "female", "male", empty: both
    languages: tuple[Topic, ...] = ()
    interests: tuple[Topic, ...] = ()
    lists: tuple[Topic, ...] = ()  # own lists and lookalikes
    without_lists: tuple[Topic, ...] = ()


class AudienceField(StrEnum):
    """A part of an audience that a network may or may not be able to express."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    CITY_RADIUS = "city_radius"
    DISTRICT = "district"
    STATION = "station"
    POINT = "point"
    WITHOUT_PLACES = "without_places"
    AGE = "age"
    SEX = "sex"
    LANGUAGES = "languages"
    INTERESTS = "interests"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class AdsRules:
    """What an advertising network can do before the first call; `least_daily` by currency, in minor units.

    `day_most` and `week_most`: what a day, and a week from Sunday on, may cost at most, in per cent of a daily
    budget; no `week_most`: seven such days.
    """

    fields: frozenset[AudienceField]
    goals: frozenset[Goal]
    age_least: int
    age_most: int
    radius_least: int  # metres
    radius_most: int
    placements: tuple[str, ...] = ()
    least_daily: Mapping[str, int] = field(default_factory=dict)
    day_most: int = 100
    week_most: int | None = None
    settled_days: int = 28  # so many days after it a day's figures are not changed any more


@dataclass(frozen=True, slots=True)
class Cabinet:
    """The advertising account. `state` is "active", or why it is not (a sentence)."""

    id: str
    name: str
    currency: str  # ISO 4217
    zone: str
    state: str
    balance: int | None = None
    least_daily: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Creative:
    """What an ad shows: a live post promoted, or a content of its own."""

    post_id: str = ""
    text: str = ""
    title: str = ""
    link: str = ""
    button: str = ""  # a word of `BUTTONS`
    pictures: tuple[MediaFile, ...] = ()
    label: str = ""  # what the law asks to be shown or sent, such as an erid or a payer's name


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign to be made or brought up to date."""

    name: str
    goal: Goal
    starts_at: Instant
    ends_at: Instant | None
    budget_total: int | None = None
    budget_daily: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # special categories, payer


@dataclass(frozen=True, slots=True)
class SetDraft:
    """An ad set: who sees it, where, when, and what a result may cost."""

    name: str
    audience: Audience
    budget_total: int | None = None
    budget_daily: int | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    bid: int | None = None
    placements: tuple[str, ...] = ()
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # weekday "0" (Monday).."6" -> hours
    goal: Goal | None = None  # the campaign's; None: as far as the network tells it of the campaign
    facts: Mapping[str, str] = field(default_factory=dict)  # the campaign's


@dataclass(frozen=True, slots=True)
class AdDraft:
    """One ad."""

    name: str
    creative: Creative


Draft = CampaignDraft | SetDraft | AdDraft


class RemoteState(StrEnum):
    """What the network says of a thing of ours."""

    IN_REVIEW = "in_review"
    ACTIVE = "active"
    PAUSED = "paused"
    REJECTED = "rejected"
    ENDED = "ended"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Remote:
    """A campaign, ad set or ad as the network has it. `reasons` are why it was refused or does not run."""

    level: Level
    id: str
    parent_id: str
    name: str
    state: RemoteState
    reasons: tuple[str, ...] = ()
    budget_total: int | None = None
    budget_daily: int | None = None
    spent: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many people an audience has, and what a day with a budget would bring; None: the network does not say."""

    people_least: int | None
    people_most: int | None
    ready: bool = True
    reach_daily: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """One day of one ad. Missing is not zero. `final`: the network will not change it any more."""

    ad_id: str
    day: date
    impressions: int | None = None
    reach: int | None = None
    clicks: int | None = None
    results: int | None = None
    spent: int | None = None
    final: bool = False


@runtime_checkable
class Advertiser(Protocol):
    """Advertising from one cabinet."""

    async def cabinets(self) -> tuple[Cabinet, ...]:
        """The cabinets that the token opens, with their state."""

    async def cabinet(self) -> Cabinet:
        """The one in use. Forbidden when the token lacks the right."""

    async def prepare(self, level: Level, draft: Draft, *, parent_id: str) -> JSON:
        """The frozen request that makes it, paused; uploads pictures. Repeatable: nothing is made yet.

        Rejected (with `field`) for what the network cannot express or does not take.
        """

    async def create(self, level: Level, identity: str, wire: JSON) -> Remote:
        """Make it, paused, under a name that ends in the identity. Ambiguous as in `Publisher.send`."""

    async def find(self, level: Level, identity: str) -> Remote | None:
        """What was made under that identity, if it is there."""

    async def edit(self, level: Level, remote_id: str, draft: Draft) -> Remote:
        """Bring it up to date; repeatable."""

    async def set_running(self, level: Level, remote_id: str, running: bool) -> Remote:
        """Launch or pause it; already so is success."""

    async def end(self, level: Level, remote_id: str) -> None:
        """Stop it for good; already ended or gone is success."""

    async def list(self, level: Level, *, parent_id: str = "") -> tuple[Remote, ...]:
        """Everything on a storey, or below one thing, with its review state."""

    async def estimate(self, draft: SetDraft, goal: Goal) -> Estimate:
        """How many people an audience has."""

    async def suggest(
        self, kind: PlaceKind | AudienceField, words: str, *, within: str = ""
    ) -> Sequence[Place | Topic]:
        """Entries of the network's dictionaries that begin with, or hold, these words; `within` a place's id."""

    async def figures(self, ad_ids: Sequence[str], since: date, until: date) -> tuple[Figures, ...]:
        """Day by day, both ends included, in the cabinet's zone."""
