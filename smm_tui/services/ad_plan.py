"""Every call that a launch would make, with its body, before the first one is made."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.domain.errors import Conflict, NetworkError
from smm_tui.i18n import _
from smm_tui.networks.advertising import Advertiser, Draft, Level
from smm_tui.networks.ports import JSON, MediaFile
from smm_tui.services import ad_decide, ad_wire, campaign_tree
from smm_tui.services.ad_ledger import caps_of
from smm_tui.services.ad_network import AdNetwork
from smm_tui.services.ad_work import CREATE, EDIT, END, LAUNCH, PAUSE, Thing, Work
from smm_tui.services.media import MediaStore


class PlannedCall(NamedTuple):
    """A call that would be made. `body`: its request, as far as the network's answers before it are not in it;
    `problem`: why the network would not take it."""

    level: Level
    subject_id: int
    name: str
    verb: str
    body: JSON | None
    problem: str = ""
    hint: str = ""


class AdPlan:
    """Dry runs. They ask the network what it takes (which changes nothing): never call them where one draws."""

    def __init__(self, db: Database, media: MediaStore, network: AdNetwork) -> None:
        self._db = db
        self._media = media
        self._network = network

    def calls(self, campaign_id: int) -> list[PlannedCall]:
        """All calls from now until the campaign runs, in their order."""
        with self._db.unit() as unit:
            row = campaign_tree.row(unit, campaign_id)
            account = account_reads.account(self._db, row.account_id)
            if account is None or account.removed_at is not None:
                raise Conflict(_("Its account is gone."), _("Look at the accounts of this client."))
            work = Work(unit, campaign_id, account, self._picture)
            caps = caps_of(self._db, unit, work, self._picture)
            until, _shrink = ad_decide.allowed_until(work, caps)
            if until is None:
                reason = ad_decide.capped(work, caps).reason
                return [PlannedCall(Level.CAMPAIGN, campaign_id, row.name, LAUNCH, None, reason)]
            planned = list(self._planned(work, until))
            names = {(thing.level, thing.id): thing.row.name for thing in work.things}
        return self._network.ask(account, lambda ads: self._prepared(ads, planned, names))

    def _planned(self, work: Work, until: date) -> list[tuple[Thing, str, Draft | None]]:
        """What would be called."""
        found: list[tuple[Thing, str, Draft | None]] = []
        there = [thing for thing in work.things if not thing.removed]
        found += [(thing, END, None) for thing in work.things if thing.removed and work.made(thing)]
        for thing in there:
            draft = work.draft_of(thing, until)
            if not work.made(thing):
                found.append((thing, CREATE, draft))
            elif work.sent(thing).get("shape") != ad_wire.shape(draft):
                found.append((thing, EDIT, draft))
        for level in (Level.AD, Level.SET, Level.CAMPAIGN):
            found += [
                (thing, LAUNCH, None) for thing in there if thing.level is level and not work.is_done(thing, LAUNCH)
            ]
        if work.may_run() and not work.wants_to_run:
            found.append((work.things[0], PAUSE, None))
        return found

    async def _prepared(
        self, ads: Advertiser, planned: list[tuple[Thing, str, Draft | None]], names: dict[tuple[Level, int], str]
    ) -> list[PlannedCall]:
        found = []
        for thing, verb, draft in planned:
            body: JSON | None = {"id": thing.row.remote_id or None}
            problem = hint = ""
            if draft is not None:
                try:
                    body = await ads.prepare(thing.level, draft, parent_id="")
                except NetworkError as error:
                    body, problem, hint = None, error.message, error.hint
            found.append(PlannedCall(thing.level, thing.id, names[thing.level, thing.id], verb, body, problem, hint))
        return found

    def _picture(self, sha256: str) -> MediaFile:
        row = self._media.get(sha256, "", 0)
        if row is None:
            raise Conflict(_("A picture of an ad is gone from the media store."), _("Add it again."))
        return self._media.verified(row)
