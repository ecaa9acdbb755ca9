"""What is called next for a campaign, or why nothing is. One decision at a time, from what is committed."""

from __future__ import annotations

from datetime import date, timedelta

from smm_tui.domain import ad_exposure, money
from smm_tui.domain.ad_exposure import Caps
from smm_tui.domain.states import CallState, Wanted
from smm_tui.i18n import _
from smm_tui.networks.advertising import Level, RemoteState
from smm_tui.services import ad_wire
from smm_tui.services.ad_work import (
    CREATE,
    CREATES_LIMIT,
    EDIT,
    END,
    LAUNCH,
    MARGIN,
    PAUSE,
    Halt,
    Step,
    Thing,
    Work,
)

OVER = Halt("over", stops=True)
"""Its own end has come."""


def decide(work: Work, caps: Caps) -> Step | Halt | None:
    """The next call; a Halt where a person or a cap stands in its way; None when all is as it is wanted."""
    settle = work.unsettled()
    if settle is not None:
        thing = next(one for one in work.things if (one.level, one.id) == (settle.level, settle.subject_id))
        return Step(thing.level, thing.id, CREATE, thing.identity, settle=settle.id)
    row, top = work.campaign, work.things[0]
    if row.told in ("ended", "gone"):
        return None
    if row.wanted == Wanted.ENDED:
        return _step(work, top, END) if row.remote_id and not work.is_done(top, END) else None
    for thing in work.things[1:]:
        if thing.removed and work.made(thing) and not work.is_done(thing, END):
            return _step(work, thing, END)
    if row.wanted != Wanted.RUNNING:
        shown = row.launched_at is not None and row.told == RemoteState.ACTIVE  # whoever launched it again
        return _step(work, top, PAUSE) if work.may_run() or shown else None
    if row.ends_at is not None and row.ends_at <= work.unit.now:
        return OVER
    return _towards_running(work, caps)


def _towards_running(work: Work, caps: Caps) -> Step | Halt | None:
    if work.may_run() and not work.tree.approved:
        if not ad_exposure.fits([line for _thing, line in work.lines()], caps, work.today):
            return capped(work, caps)
        return Halt(_("It changed since its approval: the network goes on with what was approved."))
    if not work.tree.approved:
        return Halt(_("It changed since its approval: approve it, then it is launched."))
    until, shrink = allowed_until(work, caps)
    if until is None:
        return capped(work, caps)
    step = _build(work, until, shrink=shrink)
    if step is not None or shrink:
        return step
    return _run(work, caps)


def allowed_until(work: Work, caps: Caps) -> tuple[date | None, bool]:
    """The day until which the network may let it run by itself, whatever becomes of this program; and whether this
    can only be reached by lessening what it has now."""
    today, last, sent = work.today, work.natural_end(), work.sent_until()
    running = work.may_run()
    lines = [(line, None if thing.removed else work.terms_of(thing)) for thing, line in work.lines()]
    before = today if running else today - timedelta(days=1)
    since = max(today, ad_wire.day_of(work.campaign.starts_at, work.zone)) if not running else today
    alone = [(line.replaced(before), terms) for line, terms in lines]
    best = ad_exposure.leash(lines if running else alone, caps, since, last)
    if best is None and running:
        best = ad_exposure.leash(alone, caps, today, last)
        if best is None:
            return None, False
        return (best if sent is None else min(best, sent)), True
    if best is not None and sent is not None and sent <= best and (sent == best or (sent - today).days >= MARGIN):
        return sent, False
    return best, False


def _build(work: Work, until: date, *, shrink: bool) -> Step | None:
    """Make what is not there, and bring up to date what is."""
    for thing in work.things:
        if thing.removed:
            continue
        if work.made(thing):
            draft = work.draft_of(thing, until)
            sent = work.sent(thing)
            if shrink and thing.level is not Level.AD:
                draft = ad_wire.with_money(
                    draft,
                    _least(sent.get("daily"), thing.row.budget_daily),
                    _least(sent.get("total"), thing.row.budget_total),
                )
            if sent.get("shape") != ad_wire.shape(draft):
                return _step(work, thing, EDIT)._replace(draft=draft, until=until)
        elif not shrink and _can_be_made(work, thing):
            return _step(work, thing, CREATE)._replace(
                draft=work.draft_of(thing, until), until=until, parent_id=work.parent_id(thing)
            )
    return None


def _least(sent: int | None, wanted: int | None) -> int | None:
    return wanted if sent is None or wanted is None else min(sent, wanted)


def _can_be_made(work: Work, thing: Thing) -> bool:
    if thing.level is not Level.CAMPAIGN and not work.parent_id(thing):
        return False
    if len([call for call in work.calls_of(thing, CREATE) if call.error_kind != "transient"]) >= CREATES_LIMIT:
        return False
    if thing.level is not Level.AD or thing.row.delivery_id is None:
        return True
    post = work.tree.posts.get(thing.row.delivery_id)
    return post is not None and bool(post.remote_id)


def _run(work: Work, caps: Caps) -> Step | Halt | None:
    """Launch it from the bottom up: nothing runs before all of it is there, and the campaign is the last."""
    top = work.things[0]
    if not work.made(top):
        return Halt(_("It could not be made on the network."))
    if work.campaign.starts_at > work.unit.now:
        return None
    ads = [one for one in work.things if one.level is Level.AD and not one.removed and work.made(one)]
    if not ads:
        return Halt(_("None of its ads is on the network yet."))
    parents = {one.row.ad_set_id for one in ads}
    sets = [one for one in work.things if one.level is Level.SET and not one.removed and one.id in parents]
    for thing in (*ads, *sets):
        if not any(call.verb == LAUNCH and call.state == CallState.DONE for call in work.calls_of(thing, LAUNCH)):
            return _step(work, thing, LAUNCH)
    if work.is_done(top, LAUNCH):
        return None
    running = [line.launched(work.today) for _thing, line in work.lines()]
    return _step(work, top, LAUNCH) if ad_exposure.fits(running, caps, work.today) else capped(work, caps)


def _step(work: Work, thing: Thing, verb: str) -> Step:
    return Step(thing.level, thing.id, verb, thing.identity, thing.row.remote_id)


def capped(work: Work, caps: Caps) -> Halt:
    """Why no more may be spent. The sentence names what is counted: it may be more than what is told so far."""
    currency = work.campaign.currency
    counted = sum(line.lifetime() for _thing, line in work.lines())
    reason = _("The cap of {cap} leaves no room: {counted} are spent or not told of yet, {day}.").format(
        cap=money.shown(caps.campaign, currency), counted=money.shown(_whole(counted), currency), day=_a_day(work)
    )
    if caps.monthly is not None:
        month = (work.today.year, work.today.month)
        mine = sum(line.month(*month) for _thing, line in work.lines()) + caps.others.get(month, 0)
        reason += " " + _("In this month {counted} of {cap} are for all campaigns of this client.").format(
            cap=money.shown(caps.monthly, currency), counted=money.shown(_whole(mine), currency)
        )
    return Halt(reason, stops=True)


def _a_day(work: Work) -> str:
    """What another day may cost."""
    budgets = [thing.row.budget_daily for thing in work.carriers() if not thing.removed]
    if not budgets or any(amount is None for amount in budgets):
        totals = sum(thing.row.budget_total or 0 for thing in work.carriers() if not thing.removed)
        return _("the budget is {amount}").format(amount=money.shown(totals, work.campaign.currency))
    most = 100 if work.rules is None else work.rules.day_most
    day = sum(-(-(amount or 0) * most // 100) for amount in budgets)
    return _("another day may cost up to {amount}").format(amount=money.shown(day, work.campaign.currency))


def _whole(amount: float) -> int:
    return money.MOST if amount > money.MOST else round(amount)
