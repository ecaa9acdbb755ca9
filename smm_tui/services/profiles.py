"""Saying how pages shall look: wishes that the worker brings about, now or from a time on, and takes back again."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import posts as post_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import DeliveryTable, PageProfileTable, ProfileWishTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.guard.knowledge import Said
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.inert import inert
from smm_tui.domain.states import State
from smm_tui.i18n import _, ngettext
from smm_tui.networks import registry
from smm_tui.services import guard
from smm_tui.services.guard import Guard
from smm_tui.services.media import MediaStore
from smm_tui.services.profile_queries import (
    BY_HAND,
    FIELDS,
    LABELS,
    NOTHING_PINNED,
    PICTURES,
    PINNED,
    ProfileQueries,
    WishState,
    length,
    rules_of,
    takes,
)
from smm_tui.services.receipt import Receipt

NOTHING = "none"
"""Said of `pinned`: no post is to be pinned."""


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What shall change; what is not in `values` stays. Texts as typed, `links` as (label, URL) pairs, pictures as
    hashes of stored files, `pinned` as the number of a post or NOTHING. `variants`: by account and field, where one
    page says it in another way."""

    values: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[tuple[int, str], Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft means for the pages: what each would get, what it cannot have, and what is wrong with it."""

    wanted: Mapping[int, dict[str, Any]]
    left_out: tuple[str, ...]
    problems: tuple[str, ...]


class ProfileService:
    """Commands on the looks of pages."""

    def __init__(
        self, db: Database, actor: str, queries: ProfileQueries, media: MediaStore, watch: Guard | None = None
    ) -> None:
        self._db = db
        self._actor = actor
        self._queries = queries
        self._media = media
        self._guard = watch or Guard(db)

    def examine(self, accounts: Sequence[int], draft: ProfileDraft) -> Outcome:
        """What a draft would do, and what stands against it; nothing changes."""
        wanted: dict[int, dict[str, Any]] = {}
        left_out: list[str] = []
        problems: list[str] = []
        for account_id in accounts:
            account = self._queries.account(account_id)
            values = dict(draft.values) | {
                name: value for (number, name), value in draft.variants.items() if number == account_id
            }
            given: dict[str, Any] = {}
            for name in FIELDS:
                if name not in values:
                    continue
                if not takes(account, rules_of(account), name)[0]:
                    left_out.append(_cannot(account, name))
                    continue
                value, wrong = self._checked(account, name, values[name])
                problems += wrong
                given[name] = value
            if given:
                wanted[account_id] = given
        return Outcome(wanted, tuple(left_out), tuple(problems))

    def set(
        self,
        accounts: Sequence[int],
        draft: ProfileDraft,
        *,
        at: Instant | None = None,
        until: Instant | None = None,
        let_pass: Container[str] = (),
    ) -> Receipt:
        """Say how pages shall look. Without `at` it is a draft until `apply`; with it the worker brings it about then
        and at `until` what was there before comes back. All pages or none: InvalidInput tells what stands against it.
        """
        if not accounts:
            raise InvalidInput(_("Which page? Name an account, or a project."), field="account")
        if not draft.values and not draft.variants:
            raise InvalidInput(
                _("Nothing of a page was given."), _("Give a name, a description, a picture ..."), field="name"
            )
        _check_times(at, until, self._db.clock())
        outcome = self.examine(accounts, draft)
        if outcome.problems:
            raise InvalidInput(
                " ".join(outcome.problems),
                _("Nothing was changed: make it shorter or smaller, or give that page one of its own."),
                field=_field_at_fault(draft),
            )
        if not outcome.wanted:
            raise InvalidInput(
                " ".join(outcome.left_out), _("Do it on the network's own site."), field=_field_at_fault(draft)
            )
        self._guard.refresh()
        with self._db.unit() as unit:
            ids = [self._want(unit, number, wanted, at, until) for number, wanted in outcome.wanted.items()]
            if at is not None:
                self._ask_guard(unit, [unit.session.get_one(ProfileWishTable, number) for number in ids], let_pass)
            count = len(ids)
            if at is None:
                message = ngettext(
                    "Noted for {count} page; `apply` brings it about.",
                    "Noted for {count} pages; `apply` brings it about.",
                    count,
                )
            else:
                message = ngettext(
                    "Planned for {count} page; the worker brings it about then.",
                    "Planned for {count} pages; the worker brings it about then.",
                    count,
                )
            return self._done(unit, "profile.set", ids, " ".join((message.format(count=count), *outcome.left_out)))

    def apply(self, accounts: Sequence[int], *, at: Instant | None = None, let_pass: Container[str] = ()) -> Receipt:
        """Bring about what was noted for these pages, at the worker's next pass or at a time; also what failed.

        WrongClient where it looks like another client's and `let_pass` does not hold the sentences that say so.
        """
        self._guard.refresh()
        with self._db.unit() as unit:
            rows = [row for number in accounts for row in self._open(unit, number)]
            self._ask_guard(unit, rows, let_pass)
            if not rows:
                raise InvalidInput(
                    _("Nothing is noted for these pages."),
                    _("Say first how they shall look: `smm-tui profile set`."),
                    field="account",
                )
            for row in rows:
                if row.state == WishState.FAILED:  # a person saw the page as it is now, and wants it all the same
                    row.before = row.sent = None
                row.state, row.due_at = WishState.WANTED, unit.now if at is None else at
                row.error_message = row.error_hint = ""
                row.tries, row.next_try_at = 0, None
            message = ngettext(
                "{count} page is changed at the worker's next pass.",
                "{count} pages are changed at the worker's next pass.",
                len(rows),
            )
            return self._done(unit, "profile.apply", [row.id or 0 for row in rows], message.format(count=len(rows)))

    def drop(self, wish_id: int) -> Receipt:
        """No longer want it; nothing of what is live changes."""
        with self._db.unit() as unit:
            row = unit.session.get(ProfileWishTable, wish_id)
            if row is None or row.state not in (WishState.DRAFT, WishState.WANTED, WishState.FAILED):
                raise InvalidInput(
                    _("Change {id} of a page cannot be dropped any more.").format(id=wish_id),
                    _("`smm-tui profile rollback` brings back what was there before."),
                    field="wish",
                )
            row.state = WishState.DROPPED
            return self._done(unit, "profile.drop", [wish_id], _("Dropped change {id}.").format(id=wish_id))

    def rollback(self, wish_id: int, *, at: Instant | None = None) -> Receipt:
        """Bring back what a page showed before a change, as a change of its own."""
        found = self._queries.wish(wish_id)
        if found.before is None:
            raise InvalidInput(
                _("Change {id} of a page was never brought about: there is nothing to bring back.").format(
                    id=wish_id
                ),
                _("`smm-tui profile history` tells what was."),
                field="wish",
            )
        with self._db.unit() as unit:
            row = unit.session.get_one(ProfileWishTable, wish_id)
            for other in unit.session.exec(
                select(ProfileWishTable).where(
                    ProfileWishTable.reverts == wish_id, col(ProfileWishTable.state) == WishState.WANTED
                )
            ):
                other.state = WishState.DROPPED  # it was to come back later by itself
            back = reverting(unit, row, self._actor, unit.now if at is None else at)
            if not back.wanted:
                raise InvalidInput(back.error_message, back.error_hint, field="wish")
            unit.session.flush()
            message = _("What was there before change {id} comes back at the worker's next pass.").format(id=wish_id)
            if back.error_message:
                message += " " + back.error_message
            return self._done(unit, "profile.rollback", [back.id or 0], message)

    def tick(self, account_id: int, step: str, *, done: bool = True) -> Receipt:
        """Tick a step of the set-up off that only a person can see, or no longer."""
        account = self._queries.account(account_id)
        if step not in BY_HAND:
            raise InvalidInput(
                _("There is no step “{word}” to be ticked off.").format(word=step),
                _("Use one of: {names}.").format(names=", ".join(BY_HAND)),
                field="step",
            )
        with self._db.unit() as unit:
            row = unit.session.get(PageProfileTable, account_id)
            if row is None:
                row = PageProfileTable(account_id=account_id)
                unit.session.add(row)
            row.ticked = [*(name for name in row.ticked if name != step), *([step] if done else [])]
            message = (
                _("Ticked off for {handle}: {step}.") if done else _("Open again for {handle}: {step}.")
            ).format(handle=account.handle, step=_(BY_HAND[step]))
            unit.audit(
                "profile.tick", "account", account_id, message, actor=self._actor, project_id=account.project_id
            )
            return Receipt(message, ids=(account_id,))

    # Parts

    def _ask_guard(self, unit: UnitOfWork, rows: Sequence[ProfileWishTable], let_pass: Container[str]) -> None:
        """Stop what names another client, unless a person saw that and lets it pass."""
        found = []
        for row in rows:
            wanted, project = row.wanted, self._queries.account(row.account_id).project_id
            said = Said(
                str(wanted.get("description", "")),
                tuple(str(wanted[name]) for name in ("name",) if name in wanted),
                tuple(filter(None, (wanted.get("website", ""), *(url for _label, url in wanted.get("links", ()))))),
                tuple(wanted[name] for name in PICTURES if name in wanted),
            )
            found.append((row, project, self._guard.examine(project, said, prose=False)))
        told = [sentence for _row, _project, verdict in found for sentence in verdict.sentences]
        if any(sentence not in let_pass for sentence in told):
            raise guard.refusal(told)
        for row, project, verdict in found:
            if verdict:
                guard.pass_through(unit, project, "profile", row.id or 0, verdict, actor=self._actor)

    def _want(
        self, unit: UnitOfWork, account_id: int, wanted: dict[str, Any], at: Instant | None, until: Instant | None
    ) -> int:
        row = None
        if at is None and until is None:
            row = unit.session.exec(
                select(ProfileWishTable).where(
                    ProfileWishTable.account_id == account_id, col(ProfileWishTable.state) == WishState.DRAFT
                )
            ).first()
        if row is None:
            row = ProfileWishTable(
                account_id=account_id,
                identity=new_uuid(),
                actor=self._actor,
                created_at=unit.now,
                due_at=at,
                until_at=until,
                state=WishState.DRAFT if at is None else WishState.WANTED,
            )
            unit.session.add(row)
        row.wanted = {**row.wanted, **wanted}
        unit.session.flush()
        return row.id or 0

    def _open(self, unit: UnitOfWork, account_id: int) -> list[ProfileWishTable]:
        self._queries.account(account_id)
        found = unit.session.exec(
            select(ProfileWishTable)
            .where(
                ProfileWishTable.account_id == account_id,
                col(ProfileWishTable.state).in_((WishState.DRAFT, WishState.FAILED)),
            )
            .order_by(col(ProfileWishTable.id))
        )
        return [row for row in found if row.wanted]

    def _done(self, unit: UnitOfWork, verb: str, ids: Sequence[int], message: str) -> Receipt:
        rows = [unit.session.get_one(ProfileWishTable, number) for number in ids]
        projects = {self._queries.account(row.account_id).project_id for row in rows}
        project = projects.pop() if len(projects) == 1 else None
        unit.audit(verb, "profile", ids[0], message, actor=self._actor, project_id=project, wishes=list(ids))
        undo = unit.undoable(message, actor=self._actor, project_id=project)
        return Receipt(message, len(ids), undo, tuple(ids))

    def _checked(self, account: AccountRow, name: str, value: Any) -> tuple[Any, list[str]]:
        """The value as it is kept, and sentences about what is wrong with it."""
        if name in PICTURES:
            return value, list(self._picture_problems(account, name, str(value)))
        if name == PINNED:
            return self._pinned(account, str(value))
        if name == "links":
            links = [[str(label).strip(), str(url).strip()] for label, url in value]
            return links, list(_link_problems(account, links))
        text = str(value).strip()
        return text, list(_text_problems(account, name, text))

    def _picture_problems(self, account: AccountRow, name: str, sha256: str) -> Iterator[str]:
        file = self._media.get(sha256, "", 0)
        rules = rules_of(account)
        if file is None or rules is None:
            yield _("{field}: the file is not in the media store.").format(field=_(LABELS[name]))
            return
        network = registry.spec(account.network).title
        if rules.mime_types and file.mime not in rules.mime_types:
            kinds = ", ".join(sorted(kind.partition("/")[2].upper() for kind in rules.mime_types))
            yield _("{network} ({handle}) takes no {kind} as {field}; it takes {kinds}.").format(
                network=network, handle=account.handle, kind=file.mime, field=_(LABELS[name]), kinds=kinds
            )
        if rules.picture_bytes and file.size > rules.picture_bytes:
            yield _("{name} has {size:.1f} MB; {network} ({handle}) takes at most {limit:.1f} MB as {field}.").format(
                name=inert(file.original_name),
                size=file.size / 1e6,
                network=network,
                handle=account.handle,
                limit=rules.picture_bytes / 1e6,
                field=_(LABELS[name]),
            )

    def _pinned(self, account: AccountRow, word: str) -> tuple[int, list[str]]:
        if word.strip().casefold() == NOTHING:
            return NOTHING_PINNED, []
        number = int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else 0
        rows = post_reads.deliveries_of(self._db, [number]).get(number, [])
        live = [row for row in rows if row.account_id == account.id and row.state == State.LIVE and row.remote_id]
        if live:
            return live[0].id, []
        sentence = _("Post {word} is not live on {handle}, so it cannot be pinned there.")
        return NOTHING_PINNED, [sentence.format(word=inert(word), handle=account.handle)]


def reverting(unit: UnitOfWork, row: ProfileWishTable, actor: str, at: Instant) -> ProfileWishTable:
    """A wish, added to the unit, that brings back what was there before another; its error names what cannot come
    back, and without anything that can, it waits for a person."""
    before = row.before or {}
    kept = before.get("kept") or {}
    wanted: dict[str, Any] = {}
    lost: list[str] = []
    for name in row.wanted:
        was = before.get(name)
        if name in PICTURES:
            if name in kept:
                wanted[name] = kept[name]
            else:
                lost.append(name)
        elif name == PINNED:
            delivery = _delivery_of(unit, row.account_id, str(was)) if was else NOTHING_PINNED
            if delivery is None:
                lost.append(name)
            else:
                wanted[name] = delivery
        else:
            wanted[name] = was if was is not None else ([] if name == "links" else "")
    back = ProfileWishTable(
        account_id=row.account_id,
        wanted=wanted,
        identity=new_uuid(),
        actor=actor,
        created_at=unit.now,
        due_at=at,
        state=WishState.WANTED if wanted else WishState.FAILED,
        reverts=row.id,
    )
    if lost:
        back.error_message = _("It is not kept here what was there before: {fields}.").format(
            fields=", ".join(_(LABELS[name]) for name in lost)
        )
        back.error_hint = _("Set it by hand, here or on the network's own site.")
    unit.session.add(back)
    return back


def _delivery_of(unit: UnitOfWork, account_id: int, remote_id: str) -> int | None:
    row = unit.session.exec(
        select(DeliveryTable).where(DeliveryTable.account_id == account_id, DeliveryTable.remote_id == remote_id)
    ).first()
    return None if row is None else row.id


def _text_problems(account: AccountRow, name: str, text: str) -> Iterator[str]:
    network = registry.spec(account.network).title
    limit = takes(account, rules_of(account), name)[1]
    has = length(account, text)
    if limit is not None and has > limit:
        yield _("{field} has {has} characters; {network} ({handle}) takes at most {limit}.").format(
            field=_(LABELS[name]).capitalize(), has=has, network=network, handle=account.handle, limit=limit
        )
    if name == "name" and not text:
        yield _("A page of {network} cannot be without a name.").format(network=network)
    if name == "website" and text and not text.startswith(("https://", "http://")):
        yield _("“{text}” is no web address: it begins with https://.").format(text=inert(text))


def _link_problems(account: AccountRow, links: Sequence[Sequence[str]]) -> Iterator[str]:
    network, rules = registry.spec(account.network).title, rules_of(account)
    most = takes(account, rules, "links")[1]
    if most is not None and len(links) > most:
        yield _("There are {has} links; {network} ({handle}) takes at most {limit}.").format(
            has=len(links), network=network, handle=account.handle, limit=most
        )
    from smm_tui.networks.page import ProfileField

    longest = None if rules is None else rules.lengths.get(ProfileField.LINKS)
    for label, url in links:
        if not label or not url.startswith(("https://", "http://")):
            yield _("“{link}” is no link: write LABEL=https://ADDRESS.").format(link=inert(f"{label}={url}"))
        elif longest is not None and max(len(label), len(url)) > longest:
            yield _("The link {label} is longer than the {limit} characters that {network} takes.").format(
                label=inert(label), limit=longest, network=network
            )


def _cannot(account: AccountRow, name: str) -> str:
    return _("{network} ({handle}) does not let us set: {field}.").format(
        network=registry.spec(account.network).title, handle=account.handle, field=_(LABELS[name])
    )


def _field_at_fault(draft: ProfileDraft) -> str:
    names = [*draft.values, *(name for _number, name in draft.variants)]
    return names[0] if len(set(names)) == 1 else "account"


def _check_times(at: Instant | None, until: Instant | None, now: Instant) -> None:
    if at is not None and at < now:
        raise InvalidInput(
            _("That time has passed."), _("Give a later one, or none to bring it about by hand."), field="at"
        )
    if until is not None and (at is None or until <= at):
        raise InvalidInput(
            _("It can only end after it has begun."), _("Give --at as well, and an --until after it."), field="until"
        )
