"""How pages look, how they shall look, and what each network takes: light to import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import profiles as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.profiles import LiveRow, WishRow
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.text import COUNTERS
from smm_tui.i18n import N_, _
from smm_tui.networks import registry
from smm_tui.networks.page import ProfileField, ProfileRules
from smm_tui.networks.ports import Capability, RemoteRef

PINNED = "pinned"
FIELDS = (*(field.value for field in ProfileField), PINNED)
"""What a page has, in the order of forms."""
TEXTS = ("name", "description", "website")
PICTURES = ("avatar", "cover")
NOTHING_PINNED = 0
"""Wanted of `pinned`: no post at all; else it is the number of a delivery."""
LABELS = {
    "name": N_("name"),
    "description": N_("description"),
    "website": N_("website"),
    "links": N_("links"),
    "avatar": N_("avatar"),
    "cover": N_("cover"),
    "pinned": N_("pinned post"),
}
POSTS = 3
"""A new page has so many before anybody is invited to it."""


class WishState(StrEnum):
    """What becomes of a wish. DRAFT: nobody asked for it to be brought about yet."""

    DRAFT = "draft"
    WANTED = "wanted"
    SENDING = "sending"
    APPLIED = "applied"
    FAILED = "failed"
    DROPPED = "dropped"


class Match(StrEnum):
    """Wanted against live; part of the command line's contract."""

    SAME = "same"
    DIFFERS = "differs"
    UNTOLD = "untold"  # nothing is wanted of it
    UNSEEN = "unseen"  # the page was not looked at yet
    ABSENT = "absent"  # the network has no such field


class FieldRow(NamedTuple):
    """One field of a page: wanted, live, and what the network takes of it (`limit` characters, links or bytes)."""

    field: str
    wanted: Any
    live: Any
    match: Match
    writable: bool
    limit: int | None
    shown_wanted: str
    shown_live: str


class Page(NamedTuple):
    """A page: its fields, the open draft, what waits for its time, and what a person must settle."""

    account: AccountRow
    fields: tuple[FieldRow, ...]
    at: Instant | None
    error: str
    draft: WishRow | None
    waiting: tuple[WishRow, ...]
    failed: tuple[WishRow, ...]

    @property
    def differing(self) -> int:
        """How many fields are not live as they are wanted."""
        return sum(row.match is Match.DIFFERS for row in self.fields)


class Step(NamedTuple):
    """A step of setting a new page up. `state`: ``done``, ``open``, ``unknown``; `by_hand`: a person ticks it off."""

    name: str
    title: str
    state: str
    by_hand: bool
    hint: str


class ProfileQueries:
    """Questions about pages."""

    def __init__(self, db: Database) -> None:
        self.db = self._db = db

    def account(self, account_id: int) -> AccountRow:
        """One account; InvalidInput when there is none, or it shows no page."""
        row = account_reads.account(self._db, account_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(
                _("There is no account {id}.").format(id=account_id), _("`smm-tui account list` shows them."),
                field="account",
            )  # fmt: skip
        return row

    def page(self, account_id: int) -> Page:
        """A page as it is wanted and as it is live."""
        account = self.account(account_id)
        seen = reads.live(self._db, account_id)
        wishes = reads.wishes(self._db, account_id)
        draft = next((row for row in wishes if row.state == WishState.DRAFT), None)
        wanted = wanted_now(wishes, self._db.clock())
        if draft is not None:
            wanted |= draft.wanted
        waiting = tuple(row for row in wishes if row.state in (WishState.WANTED, WishState.SENDING))
        failed = tuple(row for row in wishes if row.state == WishState.FAILED)
        fields = tuple(self._fields(account, seen, wanted, wishes))
        return Page(
            account,
            fields,
            None if seen is None else seen.at,
            "" if seen is None else seen.error_message,
            draft,
            waiting,
            failed,
        )

    def pages(self, project_id: int | None = None) -> list[Page]:
        """The pages of one project, or of all, whose networks show a profile."""
        accounts = account_reads.of_project(self._db, project_id)
        return [self.page(row.id) for row in accounts if can_read(row)]

    def history(self, account_id: int) -> list[WishRow]:
        """All that was wanted of a page, the newest first."""
        self.account(account_id)
        return sorted(reads.wishes(self._db, account_id), key=lambda row: -row.id)

    def wish(self, wish_id: int) -> WishRow:
        """One wish."""
        row = reads.wish(self._db, wish_id)
        if row is None:
            raise InvalidInput(
                _("There is no change {id} of a page.").format(id=wish_id),
                _("`smm-tui profile history` shows them."),
                field="wish",
            )
        return row

    def checklist(self, account_id: int) -> list[Step]:
        """What a new page needs before anybody is invited to it."""
        page = self.page(account_id)
        seen = reads.live(self._db, account_id)
        return list(self._steps(page, seen))

    # Parts

    def _fields(
        self, account: AccountRow, seen: LiveRow | None, wanted: Mapping[str, Any], wishes: list[WishRow]
    ) -> Iterator[FieldRow]:
        rules = rules_of(account)
        live = {} if seen is None else seen.live
        for field in FIELDS:
            writable, limit = takes(account, rules, field)
            wish, there = wanted.get(field), live.get(field)
            if not writable and (seen is None or seen.at is None or there is None):
                match = Match.ABSENT
            elif field not in wanted:
                match = Match.UNTOLD
            elif seen is None or seen.at is None:
                match = Match.UNSEEN
            else:
                match = Match.SAME if self.is_live(account, field, wish, there, wishes) else Match.DIFFERS
            yield FieldRow(
                field,
                wish,
                there,
                match,
                writable,
                limit,
                "" if field not in wanted else self.shown(field, wish),
                shown_live(field, there),
            )

    def is_live(self, account: AccountRow, field: str, wanted: Any, live: Any, wishes: list[WishRow]) -> bool:
        """Whether what is live is what is wanted. A picture is known by the address it got when it was set."""
        if field in PICTURES:
            return any(
                row.wanted.get(field) == wanted and row.after is not None and same_picture(row.after.get(field), live)
                for row in wishes
            )
        if field == PINNED:
            return (live or "") == ("" if wanted == NOTHING_PINNED else self.remote_id(wanted))
        return same_text(field, wanted, live)

    def remote_id(self, delivery_id: int) -> str:
        """What a delivery is called on its network; empty when it is not live."""
        found = self._db.value("SELECT remote_id FROM delivery WHERE id = ? AND state = 'live'", (delivery_id,))
        return str(found or "")

    def ref(self, account_id: int, delivery_id: int, remote_id: str) -> RemoteRef | None:
        """A live post of an account, by its delivery or by what it is called there; None: it is none of ours."""
        return self._db.one(
            lambda number, url, extra: RemoteRef(number, url, json.loads(extra)),
            """
            SELECT i.remote_id, i.remote_url, i.remote_extra FROM delivery d
                JOIN intent i ON i.delivery_id = d.id AND i.remote_id = d.remote_id AND i.kind = 'publish'
            WHERE d.account_id = ? AND (d.id = ? OR (d.remote_id = ? AND d.remote_id != '')) AND d.state = 'live'
            """,
            (account_id, delivery_id, remote_id),
        )

    def shown(self, field: str, wanted: Any) -> str:
        """A wanted value in words."""
        if field in PICTURES:
            name = self._db.value("SELECT original_name FROM media WHERE sha256 = ?", (wanted,))
            return str(name or wanted)
        if field == PINNED:
            if wanted == NOTHING_PINNED:
                return _("no post")
            text = self._db.value(
                "SELECT substr(o.text, 1, 60) FROM delivery d JOIN post o ON o.id = d.post_id WHERE d.id = ?",
                (wanted,),
            )
            return str(text or wanted)
        return shown_live(field, wanted)

    def _steps(self, page: Page, seen: LiveRow | None) -> Iterator[Step]:
        account = page.account
        looked = seen is not None and seen.at is not None
        yield Step(
            "rights",
            _("The account may do all that is asked of it"),
            _state(not account.missing, known=account.checked_at is not None),
            False,
            " ".join(account.missing),
        )
        for row in page.fields:
            if row.match is Match.ABSENT or (row.field in ("links", PINNED) and not row.writable):
                continue
            title = _("It has: {field}").format(field=_(LABELS[row.field]))
            if row.field == PINNED:
                title = _("A post that says what this page is about is pinned")
            hint = "" if row.writable else _("Only on the network's own site.")
            yield Step(row.field, title, _state(bool(row.live), known=looked), False, hint)
        posts = int(
            self._db.value("SELECT count(*) FROM delivery WHERE account_id = ? AND state = 'live'", (account.id,))
        )
        yield Step("posts", _("It has at least {count} posts").format(count=POSTS), _state(posts >= POSTS), False, "")
        ticked = [] if seen is None else seen.ticked
        for name, title in BY_HAND.items():
            yield Step(name, _(title), _state(name in ticked), True, _("Set on the network's own site; tick it off."))


BY_HAND = {
    "address": N_("Its address (user name) is the one that goes on the shop window"),
    "category": N_("Its category is right"),
    "button": N_("Its button (call, write, book) leads where it should"),
    "contacts": N_("Address, opening hours and phone are there, where the network has them"),
    "greeting": N_("Messages get a first answer, or are switched off"),
    "second": N_("A second person of the client is an administrator"),
}
"""What no network lets a program see or set for all of them: a person looks, and ticks it off."""


def wanted_now(wishes: list[WishRow], now: Instant) -> dict[str, Any]:
    """How a page shall look now: all that was brought about and all that is due, later over earlier."""
    wanted: dict[str, Any] = {}
    for row in wishes:
        due = row.state in (WishState.WANTED, WishState.SENDING) and row.due_at is not None and row.due_at <= now
        if row.state == WishState.APPLIED or due:
            wanted |= row.wanted
    return wanted


def can_read(account: AccountRow) -> bool:
    """Whether the account's network shows us its page."""
    return Capability.PROFILE_READ in registry.spec(account.network).rules(account.facts).capabilities


def rules_of(account: AccountRow) -> ProfileRules | None:
    """What the page takes; None: nothing of it can be written."""
    return registry.spec(account.network).profile(account.facts)


def takes(account: AccountRow, rules: ProfileRules | None, field: str) -> tuple[bool, int | None]:
    """Whether a field can be written, and its limit: characters, links, or bytes of a picture."""
    if field == PINNED:
        return Capability.PIN in registry.spec(account.network).rules(account.facts).capabilities, None
    if rules is None or ProfileField(field) not in rules.writable:
        return False, None
    if field in PICTURES:
        return True, rules.picture_bytes or None
    if field == "links":
        return True, rules.links
    return True, rules.lengths.get(ProfileField(field))


def length(account: AccountRow, text: str) -> int:
    """A text in the network's own counting."""
    return COUNTERS[registry.spec(account.network).rules(account.facts).limits.count](text)


def same_text(field: str, wanted: Any, live: Any) -> bool:
    """Whether a text or list of links is live, but for white space that networks take away."""
    if field == "links":
        return [tuple(link) for link in wanted or ()] == [tuple(link) for link in live or ()]
    return _plain(wanted) == _plain(live)


def same_picture(one: Any, other: Any) -> bool:
    """Whether two addresses show the same picture: what follows the path are sizes and signatures that change."""
    return bool(one) and _picture(str(one)) == _picture(str(other or ""))


def shown_live(field: str, value: Any) -> str:
    """A live value in words."""
    if value in (None, "", [], ()):
        return ""
    if field == "links":
        return ", ".join(f"{label}: {url}" for label, url in value)
    return str(value)


def _picture(url: str) -> str:
    return url if "cid=" in url else url.partition("?")[0]  # by which Bluesky names a picture


def _plain(text: Any) -> str:
    return "\n".join(line.rstrip() for line in str(text or "").strip().splitlines())


def _state(done: bool, *, known: bool = True) -> str:
    return "done" if done else "open" if known else "unknown"
