"""The only code that moves a campaign on its network: each call is written down before it leaves and settled after.

The discipline is the ledger's (docs/adr/0003): each method is one short transaction, and what a crash leaves is
enough to go on. Whether a call may be made is decided in the transaction that writes it down, so that two campaigns
of one client never count on the same money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import (
    AccountTable,
    AdAlarmTable,
    AdCallTable,
    AdFiguresTable,
    AdSetTable,
    AdTable,
    CampaignTable,
    LeaseTable,
)
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.ad_exposure import Caps
from smm_tui.domain.clock import HOUR, MINUTE, SECOND, Instant
from smm_tui.domain.errors import AuthExpired, NotFound, RateLimited, Rejected, SmmError, Transient, WrongClient
from smm_tui.domain.inert import inert
from smm_tui.domain.states import AccountState, CallState, Wanted
from smm_tui.i18n import _
from smm_tui.networks.advertising import Cabinet, Figures, Level, Remote, RemoteState
from smm_tui.networks.ports import JSON, MediaFile
from smm_tui.services import ad_decide, ad_wire, campaign_tree, guard, lease
from smm_tui.services.ad_decide import OVER
from smm_tui.services.ad_work import CREATE, EDIT, LAUNCH, Halt, Step, Work, others
from smm_tui.services.guard import Guard
from smm_tui.services.media import MediaStore

ACTOR = "worker"
SETTLE: Instant = 30 * SECOND
"""What was taken is to be seen in a cabinet's lists by then; what is not was not executed."""
REVIEWED: Instant = 10 * MINUTE
"""Between two looks at a campaign that is reviewed or was launched just now."""
WATCHED: Instant = 30 * MINUTE
"""Between two looks at one that runs."""
RESTING: Instant = 12 * HOUR
"""Between two looks at one that stands still, while its figures may still change."""
_TABLES: dict[Level, type[CampaignTable] | type[AdSetTable] | type[AdTable]] = {
    Level.CAMPAIGN: CampaignTable,
    Level.SET: AdSetTable,
    Level.AD: AdTable,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a campaign found: a call to make, or figures to read (`ads`: their ids there -> here)."""

    account: AccountRow
    campaign_id: int
    remote_id: str
    step: Step | None
    settling: AdCallTable | None
    sets: Mapping[str, int]
    ads: Mapping[str, int]
    since: date
    until: date
    identities: Mapping[str, str]  # our identity -> the id there


class Told(NamedTuple):
    """What the network tells of a cabinet and lists of a campaign; `campaign` None: it is not there any more."""

    campaign: Remote | None
    sets: tuple[Remote, ...]
    ads: tuple[Remote, ...]
    cabinet: Cabinet


class AdLedger:
    """Campaigns and their calls. `owner` is the worker's, whose lease it acts under."""

    def __init__(self, db: Database, media: MediaStore, owner: str, watch: Guard) -> None:
        """`watch`: the wrong-client guard."""
        self._db = db
        self._media = media
        self._owner = owner
        self._guard = watch

    # What is due

    def due(self, campaigns: Iterable[int] | None = None) -> dict[int, list[int]]:
        """Campaigns to look at now by their account; `campaigns`: these, whether they are due or not."""
        found: dict[int, list[int]] = {}
        chosen = None if campaigns is None else set(campaigns)
        ready = "c.due_at <= :now" if chosen is None else "c.launched_at IS NOT NULL OR c.wanted != ''"
        for account_id, campaign_id in self._db.rows(
            lambda account_id, campaign_id: (account_id, campaign_id),
            f"""
            SELECT c.account_id, c.id {_WORK} AND coalesce(a.blocked_until, 0) <= :now AND ({ready})
            ORDER BY c.due_at, c.id
            """,
            {"now": self._db.clock()},
        ):
            if chosen is None or campaign_id in chosen:
                found.setdefault(account_id, []).append(campaign_id)
        return found

    def next_due(self) -> Instant | None:
        """When there will be something to look at; None when nothing waits."""
        value = self._db.value(
            f"SELECT min(max(c.due_at, coalesce(a.blocked_until, 0))) {_WORK} AND c.due_at IS NOT NULL"
        )
        return None if value is None else int(value)

    def waiting(self) -> int:
        """Alarms that nobody settled."""
        return int(self._db.value("SELECT count(*) FROM ad_alarm WHERE settled_at IS NULL"))

    def look(self, campaign_id: int) -> Look | None:
        """Decide what comes next, and act on what needs no call: an end that has come, a cap that is reached."""
        with self._db.unit() as unit:
            work = self._work(unit, campaign_id)
            if work is None:
                return None
            step = self._decided(unit, work)
            settling = None
            if step is not None and step.settle is not None:
                settling = unit.session.get_one(AdCallTable, step.settle)
                unit.session.expunge(settling)
            things = [thing for thing in work.things if work.made(thing)]
            return Look(
                work.account,
                campaign_id,
                work.campaign.remote_id,
                step,
                settling,
                {thing.row.remote_id: thing.id for thing in things if thing.level is Level.SET},
                {thing.row.remote_id: thing.id for thing in things if thing.level is Level.AD},
                self._open_since(work),
                work.today,
                {thing.identity: thing.row.remote_id for thing in work.things},
            )

    def _work(self, unit: UnitOfWork, campaign_id: int) -> Work | None:
        campaign = unit.session.get(CampaignTable, campaign_id)
        account = None if campaign is None else account_reads.account(self._db, campaign.account_id)
        if campaign is None or account is None:
            return None
        return Work(unit, campaign_id, account, self._picture)

    def _picture(self, sha256: str) -> MediaFile:
        row = self._media.get(sha256, "", 0)
        if row is None:
            raise Rejected(
                _("A picture of an ad is gone from the media store."), _("Add it again."), field="pictures"
            )
        return MediaFile(self._media.path(sha256), sha256, row.mime, row.size, row.width, row.height, "")

    def _decided(self, unit: UnitOfWork, work: Work) -> Step | None:
        row = work.campaign
        try:
            found = ad_decide.decide(work, caps_of(self._db, unit, work, self._picture))
        except Rejected as error:
            found = Halt(error.message)
        if found is OVER:
            row.wanted = Wanted.ENDED
            self._log(unit, row, "ads.end", _("{name} has reached its end.").format(name=row.name))
            return None
        if isinstance(found, Halt):
            row.state_reason = inert(found.reason)
            if found.stops:
                row.wanted = Wanted.PAUSED if row.launched_at is not None else Wanted.NOTHING
                row.stopped_reason = inert(found.reason)
                alarm(unit, row, "cap", found.reason)
                self._log(unit, row, "ads.stopped", found.reason)
            return None
        if found is not None and (sentence := self._foreign(unit, work, found)):
            row.state_reason = sentence
            alarm(unit, row, WrongClient.kind, sentence)
            return None
        if found is None and row.told != RemoteState.REJECTED:
            row.state_reason = ""
        return found

    def _foreign(self, unit: UnitOfWork, work: Work, step: Step) -> str:
        """What of an ad that would be made, changed or started looks like another client's and was not let pass."""
        if step.verb not in (CREATE, EDIT, LAUNCH):
            return ""
        told: list[str] = []
        for ad, said in campaign_tree.load(unit, work.campaign.id or 0).said():
            if step.level is Level.AD and ad.id != step.subject_id:
                continue
            verdict = self._guard.examine(work.campaign.project_id, said, wording=False)
            if verdict and not guard.covered(unit, guard.AD, ad.id or 0, verdict):
                told += verdict.sentences
        return inert(" ".join(dict.fromkeys(told)))

    # Around a call

    def begin(self, look: Look, step: Step, request: JSON | None = None) -> int | None:
        """Commit that a call begins; its number. None: it must not be made any more."""
        with self._db.unit() as unit:
            leader = unit.session.get(LeaseTable, lease.NAME)
            if leader is None or leader.owner != self._owner or leader.expires_at <= unit.now:
                return None
            work = self._work(unit, look.campaign_id)
            if work is None:
                return None
            now = self._decided(unit, work)
            if now is None or now.key != step.key:
                return None
            call = AdCallTable(
                level=step.level,
                subject_id=step.subject_id,
                verb=step.verb,
                wire=ad_wire.call_wire(request, step.draft, step.until),
                worker=self._owner,
                started_at=unit.now,
            )
            unit.session.add(call)
            if step.verb == LAUNCH and step.level is Level.CAMPAIGN:
                row = work.campaign
                row.launched_at = row.launched_at or unit.now
                row.told = RemoteState.IN_REVIEW
            unit.session.flush()
            return call.id

    def done(self, look: Look, step: Step, call_id: int, remote: Remote | None) -> None:
        """The network did it."""
        with self._db.unit() as unit:
            call = unit.session.get_one(AdCallTable, call_id)
            call.state, call.ended_at = CallState.DONE, unit.now
            call.error_kind = call.error_message = ""
            row = self._row(unit, step)
            if remote is not None and remote.id:
                call.remote_id = remote.id
                if step.verb == CREATE:
                    row.remote_id = remote.id
                if isinstance(row, CampaignTable) and remote.url:
                    row.remote_url = remote.url
            campaign = unit.session.get_one(CampaignTable, look.campaign_id)
            campaign.tries = 0
            if step.level is Level.CAMPAIGN and step.verb == "end":
                campaign.told = RemoteState.ENDED
            if step.level is Level.CAMPAIGN and step.verb == "pause":
                campaign.told = RemoteState.PAUSED
            message = _("{name}: {verb} reached the network.").format(name=row.name, verb=f"{step.level} {step.verb}")
            self._log(unit, campaign, f"ads.{step.verb}", message)

    def in_doubt(self, look: Look, call_id: int, error: SmmError) -> None:
        """It may have been executed: looked for, or done again, after a while."""
        with self._db.unit() as unit:
            call = unit.session.get_one(AdCallTable, call_id)
            call.state, call.ended_at = CallState.UNKNOWN, unit.now
            call.error_kind, call.error_message = error.kind, inert(error.message)
            self._later(unit, look.campaign_id, error, SETTLE)

    def absent(self, call_id: int) -> None:
        """A create that was in doubt is not there: it was not executed."""
        with self._db.unit() as unit:
            call = unit.session.get_one(AdCallTable, call_id)
            call.state = CallState.FAILED

    def failed(self, look: Look, step: Step, call_id: int | None, error: SmmError, wait: Instant) -> None:
        """It was certainly not executed. What passes by itself is tried again; the rest is told to a person."""
        with self._db.unit() as unit:
            if call_id is not None:
                call = unit.session.get_one(AdCallTable, call_id)
                call.state, call.ended_at = CallState.FAILED, unit.now
                call.error_kind, call.error_message = error.kind, inert(error.message)
            campaign = unit.session.get_one(CampaignTable, look.campaign_id)
            if isinstance(error, NotFound) and step.verb != CREATE:
                self._vanished(unit, campaign, step)
                return
            account = unit.session.get_one(AccountTable, campaign.account_id)
            if isinstance(error, AuthExpired):
                account.state, account.state_reason = AccountState.AUTH, inert(error.message)
                account.version += 1
            if isinstance(error, RateLimited):
                account.blocked_until = max(account.blocked_until or 0, unit.now + wait)
            passing = isinstance(error, Transient | RateLimited)
            self._later(unit, campaign.id or 0, error, wait if passing else max(wait, HOUR))
            if not passing:
                told = " ".join(filter(None, (error.message, error.hint)))
                alarm(unit, campaign, "refused", told)
                if isinstance(error, Rejected) and campaign.launched_at is None:
                    campaign.told = RemoteState.REJECTED
                    campaign.due_at = None  # until somebody changes it

    def _vanished(self, unit: UnitOfWork, campaign: CampaignTable, step: Step) -> None:
        row = self._row(unit, step)
        message = _("{name} is not on the network any more: somebody deleted it there.").format(name=row.name)
        alarm(unit, campaign, "vanished", message)
        if isinstance(row, CampaignTable):
            row.told, row.state_reason = RemoteState.GONE, message
        else:
            row.removed_at = unit.now
            row.state, row.state_reason = RemoteState.GONE, message
            unit.session.add(
                AdCallTable(
                    level=step.level,
                    subject_id=step.subject_id,
                    verb="end",
                    state=CallState.DONE,
                    worker=self._owner,
                    started_at=unit.now,
                    ended_at=unit.now,
                )
            )

    def _later(self, unit: UnitOfWork, campaign_id: int, error: SmmError, wait: Instant) -> None:
        campaign = unit.session.get_one(CampaignTable, campaign_id)
        campaign.tries += 1
        campaign.due_at = unit.now + wait
        campaign.state_reason = inert(error.message)

    # What the network tells

    def told(self, look: Look, found: Told) -> None:
        """Keep what the network lists of a campaign."""
        with self._db.unit() as unit:
            campaign = unit.session.get_one(CampaignTable, look.campaign_id)
            if found.campaign is None:
                step = Step(Level.CAMPAIGN, look.campaign_id, "sync", campaign.identity)
                if campaign.wanted == Wanted.ENDED:
                    campaign.told = RemoteState.ENDED  # where there is no archive, what ended is gone
                elif campaign.told != RemoteState.GONE:
                    self._vanished(unit, campaign, step)
                return
            ads = {one.id: one for one in found.ads}
            groups = {one.id: one for one in found.sets}
            for remote_id, number in look.sets.items():
                _keep(unit.session.get_one(AdSetTable, number), groups.get(remote_id))
            for remote_id, number in look.ads.items():
                ad = unit.session.get_one(AdTable, number)
                was = ad.state
                _keep(ad, ads.get(remote_id))
                if ad.state == RemoteState.REJECTED != was:
                    message = _("The network refused {name}: {why}").format(
                        name=ad.name, why=ad.state_reason or _("it does not say why.")
                    )
                    alarm(unit, campaign, "refused", message)
            shown = [one for remote_id, one in ads.items() if remote_id in look.ads]
            campaign.told = overall(found.campaign, shown, launched=campaign.launched_at is not None)
            if campaign.told == RemoteState.ENDED and self._leash_ended(unit, campaign):
                campaign.told = RemoteState.PAUSED  # it may be let run on
            if campaign.told == RemoteState.REJECTED:
                campaign.state_reason = "; ".join(
                    inert(reason) for one in (found.campaign, *shown) for reason in one.reasons
                )
            if found.campaign.url:
                campaign.remote_url = found.campaign.url
            if found.cabinet.state != "active":
                sentence = _("The advertising account {name} cannot be used: {why}.")
                campaign.state_reason = sentence.format(name=found.cabinet.name, why=found.cabinet.state)
                alarm(unit, campaign, "account", campaign.state_reason)
            campaign.synced_at = unit.now

    def _leash_ended(self, unit: UnitOfWork, campaign: CampaignTable) -> bool:
        """Whether a campaign stands still there only because it was let run no longer."""
        work = self._work(unit, campaign.id or 0)
        until = None if work is None else work.sent_until()
        over = campaign.ends_at is not None and campaign.ends_at <= unit.now
        ended = campaign.wanted == Wanted.ENDED or over
        return work is not None and until is not None and until < work.today and not ended

    def figures(self, look: Look, rows: Iterable[Figures]) -> None:
        """Keep days as the network tells them last; what it does not tell of by the time it is final was nothing."""
        with self._db.unit() as unit:
            work = self._work(unit, look.campaign_id)
            if work is None or work.rules is None:
                return
            known: dict[tuple[int, str], Figures] = {
                (look.ads[row.ad_id], row.day.isoformat()): row for row in rows if row.ad_id in look.ads
            }
            stored = {
                (row.ad_id, row.day): row
                for row in unit.session.exec(
                    select(AdFiguresTable).where(
                        AdFiguresTable.campaign_id == look.campaign_id,
                        AdFiguresTable.day >= look.since.isoformat(),
                    )
                ).all()
            }
            settled = (work.today - timedelta(days=work.rules.settled_days)).isoformat()
            for number in look.ads.values():
                day = look.since
                while day <= look.until:
                    key = (number, day.isoformat())
                    told, row = known.get(key), stored.get(key)
                    final = key[1] < settled
                    if row is None and (told is not None or final):
                        row = AdFiguresTable(ad_id=number, day=key[1], campaign_id=look.campaign_id, read_at=unit.now)
                        if told is None:
                            row.impressions = row.reach = row.clicks = row.results = row.spent = 0
                        unit.session.add(row)
                    if row is not None:
                        if told is not None:
                            row.impressions, row.reach, row.clicks = told.impressions, told.reach, told.clicks
                            row.results, row.spent = told.results, told.spent
                        row.final = final or (told is not None and told.final)
                        row.read_at = unit.now
                    day += timedelta(days=1)

    def rest(self, campaign_id: int) -> None:
        """Nothing more is to be done now: when to look again."""
        with self._db.unit() as unit:
            work = self._work(unit, campaign_id)
            if work is None:
                return
            row = work.campaign
            if row.due_at is None or (row.due_at > unit.now and row.tries):
                return
            row.due_at = self._next_look(work, unit.now)

    def _next_look(self, work: Work, now: Instant) -> Instant | None:
        row = work.campaign
        times = []
        if row.wanted == Wanted.RUNNING and row.told not in ("ended", "gone"):
            if row.starts_at > now:
                times.append(row.starts_at)
            if row.ends_at is not None and row.ends_at > now:
                times.append(row.ends_at)
            times.append(now + (WATCHED if row.told == RemoteState.ACTIVE else REVIEWED))
        elif row.launched_at is not None:
            last = max((line.last_day() or work.today for _thing, line in work.lines()), default=work.today)
            settled = 28 if work.rules is None else work.rules.settled_days
            if (work.today - last).days <= settled + 2:
                times.append(now + RESTING)
        return min(times, default=None)

    def _open_since(self, work: Work) -> date:
        """The first day whose figures may still change."""
        runs = [first for _thing, line in work.lines() for first, _last in line.runs]
        first = min(runs, default=work.today)
        value = self._db.value(
            "SELECT min(day) FROM ad_figures WHERE campaign_id = ? AND NOT final", (work.campaign.id,)
        )
        newest = self._db.value(
            "SELECT max(day) FROM ad_figures WHERE campaign_id = ? AND final", (work.campaign.id,)
        )
        if value is not None:
            return max(first, date.fromisoformat(str(value)))
        if newest is not None:
            return max(first, date.fromisoformat(str(newest)))
        return first

    @staticmethod
    def _row(unit: UnitOfWork, step: Step) -> CampaignTable | AdSetTable | AdTable:
        found = unit.session.get_one(_TABLES[step.level], step.subject_id)
        assert isinstance(found, CampaignTable | AdSetTable | AdTable)  # noqa: S101 - what the tables above are
        return found

    def _log(self, unit: UnitOfWork, row: CampaignTable, verb: str, message: str) -> None:
        unit.audit(verb, "campaign", row.id, message, actor=ACTOR, project_id=row.project_id)


def caps_of(db: Database, unit: UnitOfWork, work: Work, picture: Callable[[str], MediaFile]) -> Caps:
    """What binds a campaign, with what the client's others may cost this month and later."""
    alone = work.caps({})
    if alone.monthly is None:
        return alone
    return work.caps(others(of_client(db, unit, work, picture), work.today.replace(day=1)))


def of_client(db: Database, unit: UnitOfWork, work: Work, picture: Callable[[str], MediaFile]) -> list[Work]:
    """The client's other campaigns in the same currency that may cost something this month or later."""
    row = work.campaign
    found = []
    for number, account_id in campaign_tree.fetching(unit)(
        """
        SELECT id, account_id FROM campaign
        WHERE project_id = ? AND currency = ? AND id != ? AND launched_at IS NOT NULL
            AND (state != 'ended' OR due_at IS NOT NULL OR EXISTS (
                SELECT 1 FROM ad_figures f WHERE f.campaign_id = campaign.id AND f.day >= ?
            ))
        ORDER BY id
        """,
        (row.project_id, row.currency, row.id, f"{work.today:%Y-%m}-01"),
    ):
        account = account_reads.account(db, account_id)
        if account is not None:
            found.append(Work(unit, number, account, picture))
    return found


def alarm(
    unit: UnitOfWork,
    campaign: CampaignTable,
    kind: str,
    message: str,
    *,
    rule_id: int | None = None,
    proposal: JSON | None = None,
) -> bool:
    """Tell a person, once until they settled it; whether it is new."""
    open_ = unit.session.exec(
        select(AdAlarmTable).where(
            AdAlarmTable.campaign_id == campaign.id,
            AdAlarmTable.kind == kind,
            AdAlarmTable.rule_id == rule_id,
            col(AdAlarmTable.settled_at).is_(None),
        )
    ).first()
    if open_ is not None:
        open_.message = inert(message)
        return False
    unit.session.add(
        AdAlarmTable(
            campaign_id=campaign.id or 0,
            rule_id=rule_id,
            kind=kind,
            message=inert(message),
            proposal=proposal,
            raised_at=unit.now,
        )
    )
    return True


def overall(campaign: Remote, ads: Iterable[Remote], *, launched: bool) -> RemoteState:
    """The state of a campaign with its ads: a campaign runs when one of its ads does."""
    states = {one.state for one in ads}
    if campaign.state in (RemoteState.ENDED, RemoteState.GONE):
        return campaign.state
    if states and states <= {RemoteState.REJECTED, RemoteState.GONE}:
        return RemoteState.REJECTED
    if campaign.state is RemoteState.PAUSED or not launched:
        return RemoteState.PAUSED
    if campaign.state is RemoteState.REJECTED or RemoteState.ACTIVE in states or not states:
        return campaign.state
    return RemoteState.IN_REVIEW if RemoteState.IN_REVIEW in states else campaign.state


def _keep(row: AdSetTable | AdTable, found: Remote | None) -> None:
    row.state = RemoteState.GONE if found is None else found.state
    row.state_reason = "" if found is None else "; ".join(inert(reason) for reason in found.reasons)


_WORK = """
    FROM campaign c JOIN account a ON a.id = c.account_id
    WHERE a.state = 'ok' AND a.removed_at IS NULL
"""
