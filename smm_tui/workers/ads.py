"""The ads lane of the worker: campaigns are made, changed, launched, paused and ended, and their figures read."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from smm_tui.db.database import Database
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import Ambiguous, NetworkError, NotFound, Rejected, SmmError, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import ad_names
from smm_tui.networks.advertising import AdDraft, Advertiser, Level, Remote
from smm_tui.networks.client import Client
from smm_tui.networks.ports import JSON, Account
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.ad_ledger import SETTLE, AdLedger, Look, Told
from smm_tui.services.ad_watch import AdWatch
from smm_tui.services.ad_work import CREATE, EDIT, END, LAUNCH, Step
from smm_tui.services.guard import Guard
from smm_tui.services.media import MediaStore
from smm_tui.workers.lane import Lane
from smm_tui.workers.publisher import STALE
from smm_tui.workers.waits import wait_after

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 4
STEPS_AT_ONCE = 500
"""Calls for one campaign in one look: more is a circle of ours, not work."""


@dataclass(slots=True)
class AdsReport:
    """What came of one pass: campaigns looked at, calls that went well and ill, and alarms that wait for a person."""

    looked: int = 0
    calls: int = 0
    failed: int = 0
    waiting_for_human: int = 0


class CampaignRun:
    """One look at one campaign: every call that it needs now, one after the other."""

    def __init__(self, advertiser: Advertiser, ledger: AdLedger, media: MediaStore, clock: Callable[[], int]) -> None:
        self._ads = advertiser
        self._ledger = ledger
        self._media = media
        self._clock = clock

    async def run(self, campaign_id: int, report: AdsReport, stop: threading.Event) -> None:
        """Bring a campaign as far as it goes now. Never raises a network's error: each ends in the ledger."""
        for _step in range(STEPS_AT_ONCE):
            look = self._ledger.look(campaign_id)
            if look is None or stop.is_set():
                return
            if look.step is None:
                break
            if not await self._do(look, look.step):
                report.failed += 1
                return
            report.calls += 1
        await self._read(campaign_id)

    async def _do(self, look: Look, step: Step) -> bool:
        """Make one call; False when the campaign is left as it is now."""
        if look.settling is not None:
            return await self._settle(look, step)
        request: JSON | None = None
        try:
            if isinstance(step.draft, AdDraft):
                self._verify(step.draft)
            if step.verb == CREATE and step.draft is not None:
                request = await self._ads.prepare(step.level, step.draft, parent_id=step.parent_id)
            if step.verb == LAUNCH and step.level is Level.CAMPAIGN:
                await self._end_doubles(look)
        except SmmError as error:
            return self._not_done(look, step, None, error)
        except Exception as error:
            log.exception("preparing %s of %s %s failed", step.verb, step.level, step.subject_id)
            return self._not_done(look, step, None, _bug(error))
        began = self._clock()
        call_id = self._ledger.begin(look, step, request)
        if call_id is None:
            return False
        if self._clock() - began > STALE:
            asleep = _("This machine was asleep between writing the call down and making it.")
            return self._not_done(look, step, call_id, Transient(asleep))
        try:
            remote = await self._call(step, request or {})
        except Ambiguous as error:
            self._ledger.in_doubt(look, call_id, error)
            return False
        except NetworkError as error:
            return self._not_done(look, step, call_id, error)
        except Exception as error:  # a bug of ours must not lead to a second campaign either
            log.exception("%s of %s %s failed", step.verb, step.level, step.subject_id)
            self._ledger.in_doubt(look, call_id, Ambiguous(_bug(error).message))
            return False
        self._ledger.done(look, step, call_id, remote)
        return True

    async def _call(self, step: Step, request: JSON) -> Remote | None:
        if step.verb == CREATE:
            return await self._ads.create(step.level, step.identity, request)
        if step.verb == EDIT and step.draft is not None:
            return await self._ads.edit(step.level, step.remote_id, step.draft)
        if step.verb == END:
            await self._ads.end(step.level, step.remote_id)
            return None
        return await self._ads.set_running(step.level, step.remote_id, step.verb == LAUNCH)

    async def _settle(self, look: Look, step: Step) -> bool:
        """Look for what may have been made before it is made again."""
        call = look.settling
        if call is None or step.settle is None:
            return False
        try:
            found = await self._ads.find(step.level, step.identity)
        except NetworkError as error:
            self._ledger.in_doubt(look, step.settle, error)
            return False
        if found is not None:
            self._ledger.done(look, step, step.settle, found)
            return True
        if self._clock() - (call.ended_at or call.started_at) < SETTLE:
            self._ledger.in_doubt(look, step.settle, Ambiguous(_("The answer was lost; looking for what was made.")))
            return False
        self._ledger.absent(step.settle)
        return True

    async def _end_doubles(self, look: Look) -> None:
        """What a lost answer left twice is paused, and ends before anything is launched: launching a campaign may
        launch all that is in it."""
        groups = await self._ads.list(Level.SET, parent_id=look.remote_id)
        for level, listed in (
            (Level.SET, groups),
            *[(Level.AD, await self._ads.list(Level.AD, parent_id=group.id)) for group in groups],
        ):
            for one in listed:
                for identity, remote_id in look.identities.items():
                    if ad_names.carries(one.name, identity) and one.id != remote_id:
                        await self._ads.end(level, one.id)

    async def _read(self, campaign_id: int) -> None:
        """What the network tells of a campaign and its ads."""
        look = self._ledger.look(campaign_id)
        if look is None or look.step is not None:
            return
        step = Step(Level.CAMPAIGN, campaign_id, "sync", "", look.remote_id)
        try:
            if look.remote_id:
                listed = await self._ads.list(Level.CAMPAIGN)
                top = next((one for one in listed if one.id == look.remote_id), None)
                groups = await self._ads.list(Level.SET, parent_id=look.remote_id) if top is not None else ()
                ads = [one for group in groups for one in await self._ads.list(Level.AD, parent_id=group.id)]
                cabinet = await self._ads.cabinet()
                self._ledger.told(look, Told(top, tuple(groups), tuple(ads), cabinet))
            if look.ads:
                self._ledger.figures(look, await self._ads.figures(list(look.ads), look.since, look.until))
        except NetworkError as error:
            self._not_done(look, step, None, error)
            return
        except SmmError:
            raise
        except Exception as error:
            log.exception("reading campaign %s failed", campaign_id)
            self._not_done(look, step, None, _bug(error))
            return
        self._ledger.rest(campaign_id)

    def _verify(self, draft: AdDraft) -> None:
        for picture in draft.creative.pictures:
            row = self._media.get(picture.sha256, "", 0)
            if row is not None:
                self._media.verified(row)

    def _not_done(self, look: Look, step: Step, call_id: int | None, error: SmmError) -> bool:
        if isinstance(error, Ambiguous):  # nothing was made by asking
            error = Transient(error.message, error.hint, status=error.status)
        told = getattr(error, "retry_after", None)
        wait = wait_after(4) if told is None else max(round(told * SECOND), SECOND)
        if isinstance(error, NotFound) and step.verb == "sync":
            error = Transient(error.message, error.hint)
        self._ledger.failed(look, step, call_id, error, wait)
        return False


class AdsLane(Lane):
    """Campaigns out, figures in."""

    name = "ads"

    def __init__(
        self,
        db: Database,
        secrets: SecretStore,
        connect: Callable[[Account, Slot], Client],
        owner: str,
        media: MediaStore,
        guard: Guard,
    ) -> None:
        super().__init__(db, secrets, connect, owner)
        self._media = media
        self._ledger = AdLedger(db, media, owner, guard)
        self._watch = AdWatch(db)

    def run_once(self, stop: threading.Event | None = None, *, campaigns: Iterable[int] | None = None) -> AdsReport:
        """One pass over all campaigns whose turn it is, or over these."""
        chosen = None if campaigns is None else list(campaigns)
        return self.once(lambda: self._pass(chosen), stop)

    async def work(self) -> AdsReport:
        """One pass over all campaigns whose turn it is."""
        return await self._pass(None)

    def next_due(self) -> Instant | None:
        """When a campaign is to be looked at."""
        return self._ledger.next_due()

    async def _pass(self, campaigns: list[int] | None) -> AdsReport:
        report = AdsReport()
        gate = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
        work = self._ledger.due(campaigns)
        await asyncio.gather(*(self._account(gate, ids, report) for ids in work.values()))
        report.waiting_for_human = self._ledger.waiting()
        return report

    async def _account(self, gate: asyncio.Semaphore, ids: list[int], report: AdsReport) -> None:
        async with gate:
            for campaign_id in ids:
                if self._stop.is_set():
                    return
                report.looked += 1
                try:
                    await self._campaign(campaign_id, report)
                except SmmError as error:
                    # The ledger itself failed (disk full, database locked): settled like after a crash.
                    log.error("campaign %s: %s %s", campaign_id, error.message, error.hint)  # noqa: TRY400

    async def _campaign(self, campaign_id: int, report: AdsReport) -> None:
        look = self._ledger.look(campaign_id)
        if look is None:
            return
        if look.step is None and not look.remote_id:
            self._ledger.rest(campaign_id)  # a draft: nothing of it concerns a network
            return
        try:
            client = await self.client(look.account)
            advertiser = client.advertiser
        except (Unsupported, Rejected) as error:
            step = Step(Level.CAMPAIGN, campaign_id, "sync", "")
            self._ledger.failed(look, step, None, error, wait_after(7))
            return
        await CampaignRun(advertiser, self._ledger, self._media, self._db.clock).run(campaign_id, report, self._stop)
        self._watch.watch(campaign_id)


def _bug(error: Exception) -> Rejected:
    return Rejected(_("Something went wrong inside this program: {error}.").format(error=type(error).__name__))
