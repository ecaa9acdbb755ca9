"""What the rest of the program knows of a network: small Protocols and plain values, no HTTP.

One folder a network holds ``spec.py`` (pure data and rules), ``mapping.py`` (pure functions between our values and
the network's JSON) and ``client.py`` (httpx calls). A client never sleeps, never retries a write, and maps every
failure to one of the kinds in :mod:`smm_tui.domain.errors`. Retrying, waiting and deciding belong to the worker.

Publishing one part (a post, or one segment of a thread) goes in three steps, so that nothing leaves this machine
before its intent is on disk:

1. ``prepare``: everything that may be repeated freely (upload media, resolve mentions). Its result, the *wire*,
   is the frozen request as JSON; the worker commits it with the attempt.
2. ``send``: the one call that makes it public, made of the wire and the intent's identity only.
3. ``find``: reads back whether that identity or that wire is live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from smm_tui.networks.advertising import AdsRules, Cabinet
    from smm_tui.networks.community import Item
    from smm_tui.networks.page import ProfileRules

JSON = dict[str, Any]


class Capability(StrEnum):
    """What an account can do. Screens ask for these, never for the name of a network."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    ALBUM = "album"
    THREAD = "thread"
    ALT_TEXT = "alt_text"
    CONTENT_WARNING = "content_warning"
    LABELS = "labels"
    LANGUAGE = "language"
    DELETE = "delete"
    READ_BACK = "read_back"
    POLL = "poll"
    LINK_CARD = "link_card"  # a link's title, text and picture are ours to give
    FIRST_COMMENT = "first_comment"
    SCHEDULE = "schedule"  # the network itself publishes at a time: an option, our worker is the default
    EDIT = "edit"
    PIN = "pin"
    COMMENTS = "comments"
    MENTIONS = "mentions"
    MESSAGES = "messages"  # direct ones
    REPORTS = "reports"
    REPLY = "reply"
    MESSAGE_REPLY = "message_reply"  # answering a direct message
    LIKE = "like"
    HIDE = "hide"
    DELETE_OTHERS = "delete_others"
    RESTORE = "restore"  # a deletion of others' can be taken back
    BAN = "ban"
    BAN_TERM = "ban_term"  # a ban that ends by itself on the network
    MUTE = "mute"
    RESTRICT = "restrict"  # may read, may not write
    REPORT = "report"  # tell the network's own moderators
    CLOSE_REPORT = "close_report"
    PROFILE_READ = "profile_read"
    PROFILE_WRITE = "profile_write"
    POST_METRICS = "post_metrics"
    PAGE_METRICS = "page_metrics"
    ADS = "ads"


@dataclass(frozen=True, slots=True)
class Limits:
    """The server's own limits; texts are counted by `count`, media sizes are bytes."""

    characters: int
    count: str  # "mastodon" | "codepoints" | "graphemes" | "utf16": see domain.text.COUNTERS
    caption_characters: int | None = None  # of a part with media, where it takes less text than one without
    bytes: int | None = None  # UTF-8 bytes of one part, where the network limits them
    images: int = 4
    image_bytes: int = 0
    image_pixels: int | None = None  # width * height
    video_bytes: int | None = None  # None: the network takes no video through us
    mixed: bool = False  # videos may stand among the `images`; else one video goes alone
    alt_characters: int = 1500
    mime_types: frozenset[str] = frozenset()
    url_characters: int | None = None  # what every link counts, where links have a fixed price
    hashtags: int | None = None  # in one part, where the network limits them
    handles: int | None = None  # names of accounts in one part, where the network limits them


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """What makes sending twice harmless on this server, and what a read back proves. Seconds."""

    repeat_window: float | None  # the same identity may be sent again for so long; None: never safe by itself
    settle: float  # wait so long after an ambiguous attempt before repeating or believing absence
    absence_proves: bool  # after `settle`, "not there" on read back means it was not executed
    can_read_back: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is known of one account's server: derived from its facts by the network's spec."""

    limits: Limits
    identity: IdentityRule
    capabilities: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a client needs it. `facts` is what the last check learnt of the server (JSON)."""

    network: str
    server: str  # base URL, no trailing slash
    handle: str
    remote_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of an account found. `missing` are sentences: rights that the secret lacks."""

    remote_id: str
    handle: str
    display_name: str
    server: str
    url: str
    facts: Mapping[str, Any]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A stored, already verified media file."""

    path: Path
    sha256: str
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with answers to choose from; the question is the part's text."""

    options: tuple[str, ...]
    seconds: int  # how long it is open
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What a link shows below a text."""

    url: str
    title: str = ""
    description: str = ""
    picture: MediaFile | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one intent shows the public: a whole post, or one segment of a thread."""

    text: str
    media: tuple[MediaFile, ...] = ()
    content_warning: str = ""
    language: str = ""  # ISO 639-1, empty: not stated
    labels: tuple[str, ...] = ()  # self labels such as "nudity"; only where the network has them
    poll: Poll | None = None
    card: LinkCard | None = None


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """A live object on a network. `extra` is what later calls need (Bluesky: ``cid``, Telegram: ``ids``).

    `id` is empty where the network accepted it without saying what it is called.
    """

    id: str
    url: str
    extra: Mapping[str, str] = field(default_factory=dict)


class SecretSlot(Protocol):
    """The secret of one account, as the client may read and renew it."""

    def read(self) -> dict[str, str] | None:
        """The stored values, or None when there is no secret."""

    def write(self, values: Mapping[str, str]) -> None:
        """Replace all values at once, durably, before returning."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold off other processes and threads while a session is renewed (single flight)."""


@runtime_checkable
class Publisher(Protocol):
    """Publishing on one account."""

    async def check(self) -> Checked:
        """Log in, learn the server's facts and the account's rights."""

    async def prepare(self, identity: str, part: Part, *, root: RemoteRef | None, parent: RemoteRef | None) -> JSON:
        """The frozen request for this part; uploads media. Repeatable: nothing becomes public."""

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """Make it public. Any failure that does not prove "not executed" is Ambiguous."""

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """Look whether it is live. `taken`: remote ids that belong to other intents of this account."""

    async def read(self, ref: RemoteRef) -> JSON | None:
        """The live object in plain terms {text, media, created_at, url}, None when it is gone."""

    async def delete(self, ref: RemoteRef) -> None:
        """Take it down; already gone is success."""

    async def aclose(self) -> None:
        """Close connections."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing `account add` asks for; `secret` ones never come from arguments, `optional` ones may be empty."""

    name: str
    label: str
    secret: bool = True
    help: str = ""
    optional: bool = False


def _no_profile(_facts: Mapping[str, Any]) -> ProfileRules | None:
    return None


def _no_ads(_facts: Mapping[str, Any]) -> AdsRules | None:
    return None


def _no_cabinet(_facts: Mapping[str, Any]) -> Cabinet | None:
    return None


def _as_written(_to: Item, text: str) -> str:
    return text


def _counted_together(text: str, content_warning: str) -> str:
    return content_warning + text


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """The declaration of a network: everything that is true before the first call."""

    name: str  # the word used on the command line
    title: str
    glyph: str  # two letters for narrow columns
    default_server: str  # empty: must be given
    credentials: tuple[CredentialField, ...]
    rules: Callable[[Mapping[str, Any]], Rules]
    new_identity: Callable[[], str]
    prepare_help: str  # what to do on the network's site to get the secret
    counted: Callable[[str, str], str] = _counted_together  # (text, content warning) -> what the limits measure
    answer: Callable[[Item, str], str] = _as_written  # what an answer to an item says in full, as it is counted
    shared_people: bool = False  # an author's id means the same person on every page of one server
    profile: Callable[[Mapping[str, Any]], ProfileRules | None] = _no_profile  # None: it has no page profile for us
    ads: Callable[[Mapping[str, Any]], AdsRules | None] = _no_ads  # None: it shows no ads of ours
    cabinet: Callable[[Mapping[str, Any]], Cabinet | None] = _no_cabinet  # as the last check learnt it
    notes: tuple[str, ...] = ()  # sentences about what the network does not let anybody do, shown in the interface
