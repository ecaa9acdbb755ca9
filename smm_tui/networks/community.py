"""The ports of conversation: what people write to an account, and what it does about it.

An item's own id, its author's and its post's are the network's words; whatever else a later call needs stands in
``extra``, so that an item read back from the database is as good as a fresh one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from smm_tui.domain.clock import Instant
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef


class ItemKind(StrEnum):
    """What somebody did to reach the account."""

    COMMENT = "comment"  # below an own post, at whatever depth
    MENTION = "mention"  # elsewhere, naming the account
    MESSAGE = "message"  # a direct message
    REPORT = "report"  # somebody asks the moderators to look; the text is the reason


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an item. `id` is empty when the network does not tell; `own`: the account itself, or its page."""

    id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody wrote. Texts are plain and as they came: making them inert is the screen's duty."""

    id: str
    kind: ItemKind
    author: Author
    text: str
    created_at: Instant
    url: str = ""
    post_id: str = ""  # the own post it belongs to, as in its RemoteRef; empty: none
    parent_id: str = ""  # the item it answers; empty: none, or the post itself
    thread_id: str = ""  # equal for all items of one conversation
    edited_at: Instant | None = None
    hidden: bool = False
    liked: bool = False
    attachments: tuple[str, ...] = ()  # what hangs on it: URLs, or words such as "photo" where there is none
    language: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What one step through an inbox brought.

    `cursor` is where the next step begins; it is stored together with the items. `more`: another step would bring
    something at once. `gone` are the ids of items that their authors took back. `gap` is a sentence for the user when
    the network can no longer tell all that happened since the last step.
    """

    items: tuple[Item, ...]
    cursor: JSON
    more: bool = False
    gone: tuple[str, ...] = ()
    gap: str = ""


@runtime_checkable
class Inbox(Protocol):
    """Reading what people write."""

    async def fetch(self, cursor: JSON | None, *, posts: Sequence[RemoteRef]) -> Page:
        """The next step after `cursor` (None: from the beginning of what the network still has).

        `posts` are the own posts worth looking at, newest first: where the network tells of comments only post by
        post, their comments are read. Items may come again, edited or not; one that cannot be read is left out
        and does not stop the rest. Always ends: a network that answers the same page for ever is noticed.
        """

    async def conversation(self, item: Item) -> tuple[Item, ...]:
        """The whole conversation of an item as the network has it now, oldest first, own answers among it."""


@runtime_checkable
class Listener(Protocol):
    """What an Inbox can do besides where the network tells at once that something came."""

    async def listen(self, cursor: JSON | None, seconds: float) -> bool:
        """Wait until there is something to be fetched, at most so many seconds; whether there is.

        Nothing is read away by it. Unsupported where this account's server does not tell.
        """


@runtime_checkable
class Responder(Protocol):
    """Answering items, and commenting on own posts, in the three steps of a Publisher and with its promises."""

    async def prepare(self, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
        """The frozen request of an answer to an item, or of a comment below an own post. Nothing becomes public."""

    async def send(self, identity: str, wire: JSON) -> RemoteRef:
        """Make it public. Any failure that does not prove "not executed" is Ambiguous."""

    async def find(self, identity: str, wire: JSON, *, taken: frozenset[str]) -> RemoteRef | None:
        """Look whether it is there. Unsupported where nobody can look."""

    async def delete(self, ref: RemoteRef) -> None:
        """Take an own answer back; already gone is success."""


class Verb(StrEnum):
    """What can be done about an item or its author. Each brings about a state: doing it twice is doing it once."""

    LIKE = "like"
    UNLIKE = "unlike"
    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    RESTORE = "restore"  # bring back what DELETE took away, where the network keeps it
    BAN = "ban"
    UNBAN = "unban"
    MUTE = "mute"
    UNMUTE = "unmute"
    RESTRICT = "restrict"
    UNRESTRICT = "unrestrict"
    REPORT = "report"
    CLOSE_REPORT = "close_report"
    REOPEN_REPORT = "reopen_report"


INVERSE: Mapping[Verb, Verb] = {
    Verb.LIKE: Verb.UNLIKE,
    Verb.HIDE: Verb.UNHIDE,
    Verb.DELETE: Verb.RESTORE,
    Verb.BAN: Verb.UNBAN,
    Verb.MUTE: Verb.UNMUTE,
    Verb.RESTRICT: Verb.UNRESTRICT,
    Verb.CLOSE_REPORT: Verb.REOPEN_REPORT,
}
"""What takes a verb back on the network, if the account can do that too; the others cannot be taken back there."""

NEEDS: Mapping[Verb, Capability] = {
    Verb.LIKE: Capability.LIKE,
    Verb.UNLIKE: Capability.LIKE,
    Verb.HIDE: Capability.HIDE,
    Verb.UNHIDE: Capability.HIDE,
    Verb.DELETE: Capability.DELETE_OTHERS,
    Verb.RESTORE: Capability.RESTORE,
    Verb.BAN: Capability.BAN,
    Verb.UNBAN: Capability.BAN,
    Verb.MUTE: Capability.MUTE,
    Verb.UNMUTE: Capability.MUTE,
    Verb.RESTRICT: Capability.RESTRICT,
    Verb.UNRESTRICT: Capability.RESTRICT,
    Verb.REPORT: Capability.REPORT,
    Verb.CLOSE_REPORT: Capability.CLOSE_REPORT,
    Verb.REOPEN_REPORT: Capability.CLOSE_REPORT,
}
"""What an account must be able to do for a verb."""


@runtime_checkable
class Moderator(Protocol):
    """Acting on items and their authors."""

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """Bring the verb's state about; already so is success, and so is a deletion of what is gone.

        `until` ends a ban, mute or restriction where the account has BAN_TERM (None: for good). Every verb is
        repeatable, so failures are Transient, never Ambiguous. Unsupported for what the network does not do to this
        kind of item.
        """
