"""What makes up a campaign, added, changed and removed: each command is one step of undo.

Nothing leaves this machine here. What changes after an approval waits for another one, and the network goes on with
what was approved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import AdSetTable, AdTable, CampaignTable, DeliveryTable, MediaTable, SegmentTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import money
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.states import CampaignState, Wanted
from smm_tui.i18n import _
from smm_tui.networks.advertising import BUTTONS, Goal
from smm_tui.services import ad_pairs, ad_preflight, audiences, campaign_follow, campaign_tree
from smm_tui.services.campaign_queries import AdDraft, AdSetDraft, CampaignDraft, CampaignQueries
from smm_tui.services.receipt import Receipt

NAME_LIMIT = 120
TEXT_LIMIT = 5_000
FACTS = (
    "payer",
    "beneficiary",
    "political",
    "special_categories",
    "special_countries",
    "link",
    "age_restrictions",
)
"""What a campaign may say of itself beside its money and dates."""
MEDIA_LIMIT = 10
_TEXTS = ("text", "title", "label", "link")


class CampaignParts(CampaignQueries):
    """Commands on the three storeys of a campaign."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    # Campaigns

    def currency_of(self, account_id: int) -> str:
        """The currency that an account advertises in. InvalidInput where it cannot advertise."""
        return self._currency(self._account(account_id))

    def add_campaign(self, draft: CampaignDraft) -> Receipt:
        """Add a campaign as a draft, on an account with an advertising cabinet."""
        account = self._account(draft.account_id)
        currency = self._currency(account)
        with self._db.unit() as unit:
            starts_at = unit.now if draft.starts_at is None else draft.starts_at
            row = CampaignTable(
                project_id=account.project_id,
                account_id=account.id,
                name="",
                goal="",
                currency=currency,
                cap=0,
                starts_at=starts_at,
                identity=new_uuid(),
                created_at=unit.now,
            )
            self._write_campaign(row, draft, starts_at)
            unit.session.add(row)
            unit.session.flush()
            message = _("Added campaign {id}, {name}: at most {cap}.").format(
                id=row.id, name=row.name, cap=money.shown(row.cap, currency)
            )
            return self._done(unit, row, "ads.campaign.add", message)

    def edit_campaign(self, campaign_id: int, draft: CampaignDraft) -> Receipt:
        """Change a campaign. Where its approval covered what changed, it waits for another one."""
        with self._db.unit() as unit:
            row = self._open(unit, campaign_id)
            if draft.account_id != row.account_id:
                account = self._account(draft.account_id)
                if campaign_follow.called(unit, "campaign", campaign_id) or account.project_id != row.project_id:
                    raise InvalidInput(
                        _("A campaign stays with its account and its client."),
                        _("Make a new one for the other account."),
                        field="account",
                    )
                row.account_id, row.currency = account.id, self._currency(account)
            was = (row.budget_daily is None and row.budget_total is None, row.goal)
            self._write_campaign(row, draft, row.starts_at if draft.starts_at is None else draft.starts_at)
            if row.remote_id and was != (row.budget_daily is None and row.budget_total is None, row.goal):
                raise InvalidInput(
                    _("On the network a campaign keeps its goal, and its budget stays where it is."),
                    _("Stop it and make another one."),
                    field="budget",
                )
            return self._changed(unit, row, _("Changed campaign {id}, {name}.").format(id=row.id, name=row.name))

    def copy_campaign(self, campaign_id: int, name: str) -> Receipt:
        """Copy a campaign with its sets and ads into a draft that begins now and lasts as long."""
        with self._db.unit() as unit:
            tree = campaign_tree.load(unit, campaign_id)
            old = tree.campaign
            row = CampaignTable(
                project_id=old.project_id,
                account_id=old.account_id,
                name=_name(name),
                goal=old.goal,
                currency=old.currency,
                budget_total=old.budget_total,
                budget_daily=old.budget_daily,
                cap=old.cap,
                starts_at=unit.now,
                ends_at=None if old.ends_at is None else unit.now + old.ends_at - old.starts_at,
                facts=dict(old.facts),
                identity=new_uuid(),
                created_at=unit.now,
            )
            unit.session.add(row)
            unit.session.flush()
            copies: dict[int | None, int | None] = {}
            for group in tree.sets:
                copy = _copy_set(group, row.id or 0)
                copy.variant_of = copies.get(group.variant_of)
                unit.session.add(copy)
                unit.session.flush()
                copies[group.id] = copy.id
                unit.session.add_all([_copy_ad(ad, copy.id or 0) for ad in tree.ads_of(group)])
            unit.session.flush()
            message = _("Copied {old} into campaign {id}, {name}.").format(old=old.name, id=row.id, name=row.name)
            return self._done(unit, row, "ads.campaign.copy", message)

    def remove_campaign(self, campaign_id: int) -> Receipt:
        """Throw away a campaign that was never on the network."""
        with self._db.unit() as unit:
            tree = campaign_tree.load(unit, campaign_id)
            row = tree.campaign
            if campaign_follow.called(unit, "campaign", campaign_id):
                raise InvalidInput(
                    _("{name} is on the network: it can be stopped, its figures stay.").format(name=row.name),
                    _("`smm-tui ads stop {id}`.").format(id=campaign_id),
                    field="campaign",
                )
            for group in unit.session.exec(select(AdSetTable).where(AdSetTable.campaign_id == campaign_id)).all():
                for ad in unit.session.exec(select(AdTable).where(AdTable.ad_set_id == group.id)).all():
                    unit.session.delete(ad)
                unit.session.flush()
                unit.session.delete(group)
                unit.session.flush()
            unit.session.delete(row)
            unit.session.flush()
            return self._done(unit, row, "ads.campaign.remove", _("Removed campaign {name}.").format(name=row.name))

    def _write_campaign(self, row: CampaignTable, draft: CampaignDraft, starts_at: Instant) -> None:
        row.name = _name(draft.name)
        if draft.goal not in list(Goal):
            raise InvalidInput(
                _("There is no goal “{word}”.").format(word=clip(inert(draft.goal), 40)),
                _("There are: {names}.").format(names=", ".join(Goal)),
                field="goal",
            )
        row.goal = draft.goal
        row.starts_at, row.ends_at = starts_at, draft.ends_at
        if row.ends_at is not None and row.ends_at <= row.starts_at:
            raise InvalidInput(_("It ends before it begins."), _("Move the end behind the start."), field="ends_at")
        row.budget_daily = _amount(draft.budget_daily, "budget_daily")
        row.budget_total = _amount(draft.budget_total, "budget_total")
        row.cap = self._cap(draft, row)
        row.facts = _facts(draft.facts)

    @staticmethod
    def _cap(draft: CampaignDraft, row: CampaignTable) -> int:
        if draft.cap is not None:
            return _amount(draft.cap, "cap") or 0
        days = ad_preflight.days_of(row.starts_at, row.ends_at)
        if row.budget_total is not None:
            return row.budget_total
        if row.budget_daily is not None and days is not None:
            return row.budget_daily * days * 2
        raise InvalidInput(
            _("Nothing says how much may be lost at most."),
            _("Give a cap, a total budget, or a daily budget with an end."),
            field="cap",
        )

    # Ad sets

    def add_set(self, campaign_id: int, draft: AdSetDraft) -> Receipt:
        """Add an ad set to a campaign."""
        with self._db.unit() as unit:
            campaign = self._open(unit, campaign_id)
            row = AdSetTable(campaign_id=campaign_id, name="", identity=new_uuid())
            self._write_set(unit, row, campaign, draft)
            unit.session.add(row)
            unit.session.flush()
            message = _("Added ad set {id}, {name}, to {campaign}.").format(
                id=row.id, name=row.name, campaign=campaign.name
            )
            return self._changed(unit, campaign, message, row.id)

    def edit_set(self, set_id: int, draft: AdSetDraft) -> Receipt:
        """Change an ad set."""
        with self._db.unit() as unit:
            row = self._set(unit, set_id)
            campaign = self._open(unit, row.campaign_id)
            self._write_set(unit, row, campaign, draft)
            row.version += 1
            for first, second, _differing in ad_pairs.pairs(campaign_tree.load(unit, row.campaign_id)):
                if row.id in (first.id, second.id):  # the two halves of a test have the same money
                    for half in (first, second):
                        half.budget_daily, half.budget_total = row.budget_daily, row.budget_total
            return self._changed(
                unit, campaign, _("Changed ad set {id}, {name}.").format(id=set_id, name=row.name), set_id
            )

    def remove_set(self, set_id: int) -> Receipt:
        """Take an ad set out of its campaign; on the network it is ended."""
        with self._db.unit() as unit:
            row = self._set(unit, set_id)
            row.removed_at = unit.now
            campaign = self._open(unit, row.campaign_id)
            return self._changed(unit, campaign, _("Removed ad set {name}.").format(name=row.name), set_id)

    def _write_set(self, unit: UnitOfWork, row: AdSetTable, campaign: CampaignTable, draft: AdSetDraft) -> None:
        row.name = _name(draft.name)
        audience = draft.audience
        if draft.segment_id is not None:
            segment = unit.session.get(SegmentTable, draft.segment_id)
            if segment is None or segment.project_id != campaign.project_id or segment.retired_at is not None:
                raise InvalidInput(
                    _("This client has no saved audience {id}.").format(id=draft.segment_id),
                    _("`smm-tui ads segment list` shows them."),
                    field="segment",
                )
            if draft.segment_id != row.segment_id or audience == type(audience)():
                audience = audiences.from_json(segment.audience)
        stored = audiences.as_json(audiences.checked(audience))
        row.segment_id = draft.segment_id
        if row.audience != stored:
            row.audience = stored
        row.placements = [inert(name)[:60] for name in draft.placements]
        row.hours = _hours(draft.hours)
        row.budget_daily = _amount(draft.budget_daily, "budget_daily")
        row.budget_total = _amount(draft.budget_total, "budget_total")
        row.bid = _amount(draft.bid, "bid")

    # Ads

    def add_ad(self, set_id: int, draft: AdDraft) -> Receipt:
        """Add an ad to a set: a post of the plan on the same account, or a creative of its own."""
        with self._db.unit() as unit:
            group = self._set(unit, set_id)
            campaign = self._open(unit, group.campaign_id)
            row = AdTable(ad_set_id=set_id, name="", identity=new_uuid())
            self._write_ad(unit, row, campaign, draft)
            unit.session.add(row)
            unit.session.flush()
            message = _("Added ad {id}, {name}, to {set}.").format(id=row.id, name=row.name, set=group.name)
            return self._changed(unit, campaign, message, row.id)

    def edit_ad(self, ad_id: int, draft: AdDraft) -> Receipt:
        """Change an ad; the network reviews it anew."""
        with self._db.unit() as unit:
            row = self._ad(unit, ad_id)
            campaign = self._open(unit, self._set(unit, row.ad_set_id).campaign_id)
            self._write_ad(unit, row, campaign, draft)
            row.version += 1
            return self._changed(unit, campaign, _("Changed ad {id}, {name}.").format(id=ad_id, name=row.name), ad_id)

    def remove_ad(self, ad_id: int) -> Receipt:
        """Take an ad out of its set; on the network it is ended."""
        with self._db.unit() as unit:
            row = self._ad(unit, ad_id)
            row.removed_at = unit.now
            campaign = self._open(unit, self._set(unit, row.ad_set_id).campaign_id)
            return self._changed(unit, campaign, _("Removed ad {name}.").format(name=row.name), ad_id)

    def _write_ad(self, unit: UnitOfWork, row: AdTable, campaign: CampaignTable, draft: AdDraft) -> None:
        row.name = _name(draft.name)
        row.delivery_id = draft.delivery_id
        if draft.delivery_id is not None:
            delivery = unit.session.get(DeliveryTable, draft.delivery_id)
            if delivery is None or delivery.account_id != campaign.account_id:
                raise InvalidInput(
                    _("That post does not go out on the account that pays for the campaign."),
                    _("Promote a post of the same account."),
                    field="post",
                )
            if draft.text or draft.title or draft.media or draft.link:
                raise InvalidInput(
                    _("A promoted post shows itself: nothing can be added to it."),
                    _("Leave text, title, link and pictures away, or make an ad of its own."),
                    field="text",
                )
        for field in _TEXTS:
            value = getattr(draft, field)
            if len(value) > TEXT_LIMIT:
                raise InvalidInput(_("That is too long."), _("Shorten it."), field=field)
            setattr(row, field, value.strip())
        if draft.link and not re.fullmatch(r"https?://[^\s/]+\.\S+", draft.link.strip()):
            raise InvalidInput(_("This is no web address."), _("Begin it with https://"), field="link")
        if draft.button and draft.button not in BUTTONS:
            raise InvalidInput(
                _("There is no button “{word}”.").format(word=clip(inert(draft.button), 40)),
                _("There are: {names}.").format(names=", ".join(BUTTONS)),
                field="button",
            )
        row.button = draft.button
        if draft.delivery_id is None and not (row.text or row.title or draft.media):
            raise InvalidInput(
                _("The ad shows nothing."), _("Promote a post, or give it a text, title or picture."), field="text"
            )
        if len(draft.media) > MEDIA_LIMIT:
            raise InvalidInput(_("An ad takes 10 pictures at most."), _("Remove some."), field="media")
        for sha256 in draft.media:
            if unit.session.get(MediaTable, sha256) is None:
                raise InvalidInput(_("That picture is not in the media store."), _("Add it again."), field="media")
        row.media = list(draft.media)

    # Tests

    def copy_for_test(self, set_id: int, name: str) -> Receipt:
        """See `AdTestService.start`."""
        with self._db.unit() as unit:
            group = self._set(unit, set_id)
            campaign = self._open(unit, group.campaign_id)
            tree = campaign_tree.load(unit, group.campaign_id)
            if any(set_id in (one.id, one.variant_of) and one.variant_of is not None for one in tree.sets):
                raise InvalidInput(
                    _("{name} is in a test already.").format(name=group.name), _("End that one first."), field="set"
                )
            self._own_money(campaign, group, tree)
            for field in ("budget_daily", "budget_total"):
                amount = getattr(group, field)
                if amount is not None:
                    setattr(group, field, max(1, amount // 2))
            group.version += 1
            copy = _copy_set(group, group.campaign_id)
            copy.name, copy.variant_of = _name(name), set_id
            unit.session.add(copy)
            unit.session.flush()
            unit.session.add_all([_copy_ad(ad, copy.id or 0) for ad in tree.ads_of(group)])
            unit.session.flush()
            message = _("{name} is tested against {other}: change one thing of it.").format(
                name=copy.name, other=group.name
            )
            return self._changed(unit, campaign, message, copy.id)

    @staticmethod
    def _own_money(campaign: CampaignTable, group: AdSetTable, tree: campaign_tree.Tree) -> None:
        """Give the campaign's budget to its only set: a network divides a common one as it likes."""
        if group.budget_daily is not None or group.budget_total is not None:
            return
        if len(tree.sets) > 1 or campaign.remote_id:
            raise InvalidInput(
                _("A test divides its money evenly, so each set needs a budget of its own."),
                _("Give the budget to the sets instead of the campaign."),
                field="budget",
            )
        group.budget_daily, group.budget_total = campaign.budget_daily, campaign.budget_total
        campaign.budget_daily = campaign.budget_total = None

    def end_test(self, set_id: int) -> Receipt:
        """See `AdTestService.stop`."""
        with self._db.unit() as unit:
            group = self._set(unit, set_id)
            tree = campaign_tree.load(unit, group.campaign_id)
            pair = next((one for one in tree.sets if one.variant_of and set_id in (one.id, one.variant_of)), None)
            if pair is None:
                raise InvalidInput(_("{name} is in no test.").format(name=group.name), field="set")
            pair.variant_of = None
            return self._changed(
                unit, tree.campaign, _("The test of {name} is over.").format(name=group.name), set_id
            )

    # Common

    def _open(self, unit: UnitOfWork, campaign_id: int) -> CampaignTable:
        row = campaign_tree.row(unit, campaign_id)
        if row.state == CampaignState.ENDED or row.wanted == Wanted.ENDED:
            raise Conflict(
                _("{name} has ended, and stays as it was.").format(name=row.name),
                _("Copy it: `smm-tui ads campaign copy {id} NAME`.").format(id=row.id),
            )
        return row

    def _set(self, unit: UnitOfWork, set_id: int) -> AdSetTable:
        row = unit.session.get(AdSetTable, set_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(
                _("There is no ad set {id}.").format(id=set_id),
                _("`smm-tui ads set list CAMPAIGN` shows them."),
                field="set",
            )
        return row

    def _ad(self, unit: UnitOfWork, ad_id: int) -> AdTable:
        row = unit.session.get(AdTable, ad_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(
                _("There is no ad {id}.").format(id=ad_id),
                _("`smm-tui ads ad list CAMPAIGN` shows them."),
                field="ad",
            )
        return row

    def _account(self, account_id: int) -> AccountRow:
        row = account_reads.account(self._db, account_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(
                _("There is no account {id}.").format(id=account_id),
                _("`smm-tui account list` shows them."),
                field="account",
            )
        if ad_preflight.rules_of(row) is None:
            why = " ".join(row.missing)
            raise InvalidInput(
                _("{handle} cannot run ads: {why}").format(
                    handle=row.handle, why=why or _("its network has none, or its token has no right to them.")
                ),
                _("Give it a token with that right, then check the account: `smm-tui account check {id}`.").format(
                    id=account_id
                ),
                field="account",
            )
        return row

    @staticmethod
    def _currency(account: AccountRow) -> str:
        cabinet = ad_preflight.cabinet_of(account)
        if cabinet is None:
            raise InvalidInput(
                _("It is not known which advertising account {handle} uses.").format(handle=account.handle),
                _("Check it: `smm-tui account check {id}`; choose one of several with `smm-tui ads cabinet`.").format(
                    id=account.id
                ),
                field="account",
            )
        return cabinet.currency

    def _changed(self, unit: UnitOfWork, row: CampaignTable, message: str, part: int | None = None) -> Receipt:
        """The end of every change of content: what was submitted is to be submitted anew."""
        tree = campaign_tree.load(unit, row.id or 0)
        ad_pairs.ensure_comparable(tree)
        if row.approved_hash is not None and not tree.approved:
            message += " " + _("It waits for another approval.")
        if not tree.approved:
            row.submitted_at = None
        row.version += 1
        return self._done(unit, row, "ads.edit", message, part)

    def _done(
        self, unit: UnitOfWork, row: CampaignTable, verb: str, message: str, part: int | None = None, **details: Any
    ) -> Receipt:
        unit.audit(verb, "campaign", row.id, message, actor=self._actor, project_id=row.project_id, **details)
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, undo=undo, ids=(part or row.id or 0,))


def _copy_set(group: AdSetTable, campaign_id: int) -> AdSetTable:
    return AdSetTable(
        campaign_id=campaign_id,
        segment_id=group.segment_id,
        name=group.name,
        audience=dict(group.audience),
        placements=list(group.placements),
        hours=dict(group.hours),
        budget_daily=group.budget_daily,
        budget_total=group.budget_total,
        bid=group.bid,
        identity=new_uuid(),
    )


def _copy_ad(ad: AdTable, set_id: int) -> AdTable:
    shown = {field: getattr(ad, field) for field in ("delivery_id", *_TEXTS, "button")}
    return AdTable(ad_set_id=set_id, name=ad.name, media=list(ad.media), identity=new_uuid(), **shown)


def _name(text: str) -> str:
    name = " ".join(inert(text).split())
    if not name or len(name) > NAME_LIMIT:
        raise InvalidInput(
            _("A name has from 1 to {count} characters.").format(count=NAME_LIMIT), _("Change it."), field="name"
        )
    return name


def _amount(amount: int | None, field: str) -> int | None:
    if amount is not None and not 0 < amount <= money.MOST:
        raise InvalidInput(
            _("The amount must be more than nothing."), _("Correct it, or leave it away."), field=field
        )
    return amount


def _facts(facts: Mapping[str, str]) -> dict[str, str]:
    for name, value in facts.items():
        if name not in FACTS:
            raise InvalidInput(
                _("A campaign says nothing about “{name}”.").format(name=clip(inert(name), 40)),
                _("It may say: {names}.").format(names=", ".join(FACTS)),
                field="fact",
            )
        if len(value) > 300:
            raise InvalidInput(_("That is too long."), _("Shorten it."), field=name)
    if facts.get("political", "no") not in ("yes", "no", ""):
        raise InvalidInput(_("Say yes or no."), _("political=no, or political=yes."), field="political")
    return {name: inert(value).strip() for name, value in sorted(facts.items()) if value.strip()}


def _hours(hours: Mapping[str, tuple[int, ...]]) -> dict[str, list[int]]:
    found = {}
    for day, chosen in sorted(hours.items()):
        if day not in tuple("0123456") or not all(0 <= hour < 24 for hour in chosen):
            raise InvalidInput(
                _("The hours of a week are 0 to 23 on its days 0 (Monday) to 6."), _("Correct them."), field="hours"
            )
        if chosen:
            found[day] = sorted(set(chosen))
    return found


def same_project(unit: UnitOfWork, campaign_id: int | None, project_id: int) -> bool:
    """Whether a campaign, if one is named, is of that project."""
    if campaign_id is None:
        return True
    asked = select(CampaignTable.project_id).where(CampaignTable.id == campaign_id)
    return unit.session.exec(asked).first() == project_id
