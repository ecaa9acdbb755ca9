"""The profile lane of the worker: pages are brought to how they shall look, and looked at once a day.

Setting a page is bringing a state about, so doing it twice shows no more than once; still nothing is repeated
blindly. Before each call the page is read: what is there already is not sent, what somebody else changed meanwhile
is not overwritten, and after a lost answer the page itself says whether the change came through.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import MINUTE, SECOND, Instant
from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    DataError,
    InvalidInput,
    NetworkError,
    RateLimited,
    Rejected,
    SmmError,
    Transient,
)
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.page import Profile, ProfileChange
from smm_tui.networks.ports import Account, MediaFile, RemoteRef
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.media import MediaStore
from smm_tui.services.profile_ledger import ProfileLedger, WishJob, kept
from smm_tui.services.profile_queries import (
    LABELS,
    NOTHING_PINNED,
    PICTURES,
    PINNED,
    ProfileQueries,
    same_picture,
    same_text,
)
from smm_tui.workers.lane import Lane
from smm_tui.workers.waits import wait_after

log = logging.getLogger(__name__)

TRIES_LIMIT = 8
"""So many passing failures in a row, and a person is told."""
Fetch = Callable[[str, str], Awaitable[bytes]]
"""The bytes of a picture at an address, as the account's server (the second) gives it out."""


@dataclass(slots=True)
class ProfileReport:
    """What came of one pass."""

    applied: int = 0
    failed: int = 0
    looked_at: int = 0
    waiting_for_human: int = 0


class ProfileLane(Lane):
    """Wishes out, pages in."""

    name = "pages"

    def __init__(
        self,
        db: Database,
        secrets: SecretStore,
        connect: Callable[[Account, Slot], Client],
        owner: str,
        media: MediaStore,
        fetch: Fetch,
    ) -> None:
        super().__init__(db, secrets, connect, owner)
        self._ledger = ProfileLedger(db, owner)
        self._queries = ProfileQueries(db)
        self._media = media
        self._fetch = fetch

    def run_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> ProfileReport:
        """One pass over all that is due; `accounts`: over these alone, which are looked at in any case."""
        wanted = None if accounts is None else list(accounts)
        return self.once(lambda: self._pass(wanted), stop)

    async def work(self) -> ProfileReport:
        """One pass."""
        return await self._pass(None)

    def next_due(self) -> Instant | None:
        """When a wish is due next; a look at a page can wait for the next change or minute."""
        minute = self._db.clock() + MINUTE
        due = self._ledger.next_due()
        return minute if due is None else min(due, minute)

    async def _pass(self, accounts: list[int] | None) -> ProfileReport:
        report = ProfileReport()
        tried: set[int] = set()
        while fresh := [number for number in self._ledger.due(accounts) if number not in tried]:
            for wish_id in fresh:
                tried.add(wish_id)
                if self._stop.is_set():
                    return report
                job = self._ledger.claim(wish_id)
                if job is not None:
                    await self._bring_about(job, report)
        for account in self._ledger.unseen(accounts):
            if self._stop.is_set():
                break
            await self._look(account, report)
        report.waiting_for_human = self._ledger.waiting()
        return report

    async def _look(self, account: AccountRow, report: ProfileReport) -> None:
        try:
            profile = await (await self.client(account)).profile_reader.read_profile()
        except NetworkError as error:
            self._ledger.not_seen(account.id, error)
            return
        self._ledger.seen(account.id, live_of(profile))
        report.looked_at += 1

    async def _bring_about(self, job: WishJob, report: ProfileReport) -> None:
        run = _WishRun(job, await self.client(job.account), self._ledger, self._queries, self._media, self._fetch)
        try:
            changed = await run.run()
        except NetworkError as error:
            wait = _wait(error, job.tries)
            if wait is None:
                self._ledger.failed(job, error, run.live)
                report.failed += 1
            else:
                self._ledger.later(job, error, wait)
        except SmmError as error:  # a file of ours is gone, or the disk is full
            self._ledger.failed(job, error, run.live)
            report.failed += 1
        except Exception as error:
            log.exception("bringing about wish %s failed", job.id)
            sentence = _("Something went wrong inside this program: {error}.")
            self._ledger.failed(job, Rejected(sentence.format(error=type(error).__name__)), run.live)
            report.failed += 1
        else:
            if changed is not None:
                self._ledger.applied(job, run.live or {}, changed=changed)
                report.applied += 1


class _WishRun:
    """Bringing one wish about."""

    def __init__(
        self,
        job: WishJob,
        client: Client,
        ledger: ProfileLedger,
        queries: ProfileQueries,
        media: MediaStore,
        fetch: Fetch,
    ) -> None:
        self._job = job
        self._client = client
        self._ledger = ledger
        self._queries = queries
        self._media = media
        self._fetch = fetch
        self.live: dict[str, Any] | None = None

    async def run(self) -> bool | None:
        """Whether anything had to be changed; None: it is not ours to change any more."""
        job = self._job
        page = await self._read()
        before: dict[str, Any] = job.before or dict(self.live or {})
        changed = bool(job.sent)
        for fields in _steps(job.wanted):
            missing = [name for name in fields if not self._is_live(name, before)]
            if not missing:
                continue
            self._refuse_if_others_changed(missing)
            if job.before is None:
                before = await self._kept(before)
            change = await self._change(missing)  # first: what is wrong with a file must not begin anything
            if not self._ledger.begin(job, missing, before):
                return None
            changed = True
            if missing == [PINNED]:
                await self._pin()
                page = await self._read()
            else:
                page = await self._client.profile_writer.write_profile(change, expected=page)
                self._note(page)
        return changed

    async def _read(self) -> Profile:
        page = await self._client.profile_reader.read_profile()
        self._note(page)
        return page

    def _note(self, page: Profile) -> None:
        self.live = live_of(page)
        self._ledger.seen(self._job.account.id, self.live)

    def _is_live(self, name: str, before: dict[str, Any]) -> bool:
        wanted, there = self._job.wanted[name], (self.live or {}).get(name)
        if name == PINNED:
            return (there or "") == ("" if wanted == NOTHING_PINNED else self._queries.remote_id(wanted))
        if name not in PICTURES:
            return same_text(name, wanted, there)
        if name in self._job.sent:  # it has left once: another picture than before is ours
            return bool(there) and not same_picture(before.get(name), there)
        return bool(there) and kept(self._queries.db, self._job.account.id, name, str(there)) == wanted

    def _refuse_if_others_changed(self, names: Iterable[str]) -> None:
        """What is neither as it was nor as it shall be was changed by somebody else since the first try."""
        before = self._job.before
        if before is None:
            return
        for name in names:
            if name not in PICTURES and name != PINNED:
                there = (self.live or {}).get(name)
                if not same_text(name, before.get(name), there):
                    raise Rejected(
                        _("{field}: somebody else changed it meanwhile.").format(field=_(LABELS[name]).capitalize()),
                        _("Look at the page as it is now, then apply it again or drop it."),
                    )

    async def _kept(self, before: dict[str, Any]) -> dict[str, Any]:
        """What was there, with copies of the pictures that are replaced."""
        copies: dict[str, str] = {}
        for name in PICTURES:
            url = str(before.get(name) or "")
            if name not in self._job.wanted or not url:
                continue
            known = kept(self._queries.db, self._job.account.id, name, url)
            try:
                copies[name] = known or self._stored(name, await self._fetch(url, self._job.account.server))
            except (NetworkError, DataError, InvalidInput) as error:
                log.info("the %s of %s is not kept: %s", name, self._job.account.handle, error.message)
        return {**before, "kept": copies}

    def _stored(self, name: str, data: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}-before"
            path.write_bytes(data)
            return self._media.add(path).sha256

    async def _change(self, names: list[str]) -> ProfileChange:
        values: dict[str, Any] = {}
        for name in names:
            wanted = self._job.wanted[name]
            if name in PICTURES:
                values[name] = self._file(name, wanted)
            elif name == "links":
                values[name] = tuple((str(label), str(url)) for label, url in wanted)
            elif name != PINNED:
                values[name] = wanted
        return ProfileChange(**values)

    def _file(self, name: str, sha256: str) -> MediaFile:
        row = self._media.get(sha256, "", 0)
        if row is None:
            raise DataError(
                _("The file of the {field} is gone from the media store.").format(field=_(LABELS[name])),
                _("Give it again."),
            )
        return self._media.verified(row)

    async def _pin(self) -> None:
        wanted = self._job.wanted[PINNED]
        there = str((self.live or {}).get(PINNED) or "")
        if wanted == NOTHING_PINNED:
            await self._client.pinner.unpin(self._ref(0, there))
        else:
            await self._client.pinner.pin(self._ref(wanted, ""))

    def _ref(self, delivery_id: int, remote_id: str) -> RemoteRef:
        ref = self._queries.ref(self._job.account.id, delivery_id, remote_id)
        if ref is None and not remote_id:
            raise Rejected(_("The post that shall be pinned is not live any more."), _("Choose another one."))
        return ref or RemoteRef(remote_id, "")


def live_of(profile: Profile) -> dict[str, Any]:
    """A profile as it is kept."""
    return {
        "name": profile.name,
        "description": profile.description,
        "website": profile.website,
        "links": None if profile.links is None else [list(link) for link in profile.links],
        "avatar": profile.avatar,
        "cover": profile.cover,
        PINNED: profile.pinned,
        "url": profile.url,
    }


def _steps(wanted: dict[str, Any]) -> Iterator[list[str]]:
    """The fields that change in one call: texts together, pictures and the pinned post each for itself."""
    texts = [name for name in wanted if name not in PICTURES and name != PINNED]
    if texts:
        yield texts
    yield from ([name] for name in (*PICTURES, PINNED) if name in wanted)


def _wait(error: NetworkError, tries: int) -> Instant | None:
    """Until it is tried again; None: it will not be."""
    if tries >= TRIES_LIMIT and not isinstance(error, AuthExpired):
        return None
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return max(SECOND, round(error.retry_after * SECOND))
    if isinstance(error, Transient | Ambiguous | RateLimited | AuthExpired):
        return wait_after(tries + 1)
    return None
