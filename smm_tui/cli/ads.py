"""``smm-tui ads``: targeted advertising."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import ads_shapes, layout, shapes
from smm_tui.cli.ads_extras import cap, rule, segment, test
from smm_tui.cli.ads_parts import ad, people, set_
from smm_tui.cli.ads_words import facts, moment
from smm_tui.cli.session import DONE, REFUSED, WAITING, Session
from smm_tui.cli.verbs import LET_PASS, NUMBER, Noun, ids_from, pass_session
from smm_tui.domain import money
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import CampaignState
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.services.receipt import Receipt

STATES = click.Choice([str(state) for state in CampaignState])
IDS = click.argument("ids", nargs=-1, required=True, metavar="CAMPAIGN...")
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))


@click.group(
    cls=Noun,
    help=_("Targeted advertising: campaign > set > ad, on an account with an advertising cabinet."),
    epilog=_("Amounts are written as 12.50, in the account's currency. Nothing runs before it is approved."),
)
def ads() -> None:
    pass


@ads.group(cls=Noun, help=_("Campaigns: goal, money, dates."))
def campaign() -> None:
    pass


ads.add_command(set_)
ads.add_command(ad)
for group in (segment, rule, test, cap):
    ads.add_command(group)


def _campaign_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--goal", metavar="G", help=_("reach, engagement, traffic, followers, messages or leads.")),
            click.option(
                "--daily", metavar="AMOUNT", help=_("Budget of a day, for all sets; empty: the sets have it.")
            ),
            click.option("--total", metavar="AMOUNT", help=_("Budget over all days, for all sets.")),
            click.option("--cap", metavar="AMOUNT", help=_("What may be lost at most, whatever happens.")),
            click.option("--start", metavar="WHEN", help=_("When it begins; default: at once.")),
            click.option("--end", metavar="WHEN", help=_("When it ends; empty: never by itself.")),
            click.option(
                "--fact", "facts", multiple=True, metavar="NAME=VALUE", help=_("As political=no or payer=NAME.")
            ),
        )
    ):
        command = option(command)
    return command


def _changes(session: Session, currency: str, zone: str, given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a draft that were given."""
    found: dict[str, Any] = {}
    if given["goal"] is not None:
        found["goal"] = given["goal"]
    for option, field in (("daily", "budget_daily"), ("total", "budget_total"), ("cap", "cap")):
        text = given[option]
        if text is not None:
            found[field] = money.parse(text, currency, field=field) if text.strip() else None
    if given["start"] is not None:
        found["starts_at"] = moment(session, given["start"], zone)
    if given["end"] is not None:
        found["ends_at"] = moment(session, given["end"], zone)
    return found


@campaign.command(help=_("Add a campaign. Then add sets and ads to it."))
@click.argument("name")
@click.option("--account", required=True, metavar="A", type=NUMBER, help=_("The account that advertises."))
@_campaign_options
@pass_session
def add(session: Session, /, name: str, account: int, **given: Any) -> None:
    from smm_tui.services.campaign_queries import CampaignDraft

    service = session.workspace.campaigns
    currency = service.currency_of(account)
    zone = session.workspace.project_queries.get(session.workspace.account_queries.get(account).project_id).timezone
    draft = CampaignDraft(account, name, facts=facts(given["facts"]))
    _told(session, service.add_campaign(replace(draft, **_changes(session, currency, zone, given))))


@campaign.command(help=_("Change a campaign. What its approval covered waits for another one."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@click.option("--name", help=_("Another name."))
@_campaign_options
@pass_session
def edit(session: Session, /, campaign_id: int, name: str | None, **given: Any) -> None:
    service = session.workspace.campaigns
    row = service.get(campaign_id)
    zone = session.workspace.project_queries.get(row.project_id).timezone
    draft = service.campaign_draft(campaign_id)
    changes = _changes(session, row.currency, zone, given)
    if name is not None:
        changes["name"] = name
    if given["facts"]:
        changes["facts"] = {**draft.facts, **facts(given["facts"])}
    _told(session, service.edit_campaign(campaign_id, replace(draft, **changes)))


@campaign.command("list", help=_("All campaigns, the newest first."))
@click.option("--project", metavar="P", help=_("Only those of this project."))
@click.option("--state", type=STATES, help=_("Only those in this state."))
@pass_session
def list_(session: Session, project: str | None, state: str | None) -> None:
    where = None if project is None else session.workspace.project_queries.find(project).id
    rows = session.workspace.campaign_queries.all(where, state)
    session.show(
        [ads_shapes.campaign(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Name"), _("Account"), _("State"), _("Daily"), _("Total"), _("Cap"), _("Why")),
            [
                (
                    row.id,
                    row.project,
                    row.name,
                    row.handle,
                    row.state,
                    money.shown(row.budget_daily, row.currency),
                    money.shown(row.budget_total, row.currency),
                    money.shown(row.cap, row.currency),
                    row.stopped_reason or row.state_reason,
                )
                for row in rows
            ],
            _("No campaigns yet. Add one with `smm-tui ads campaign add NAME --account A`."),
        ),
    )


@campaign.command(help=_("One campaign: its sets, ads, problems, alarms, and how far it is from its caps."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def show(session: Session, campaign_id: int) -> None:
    session.show(*_whole(session, campaign_id))


@campaign.command(help=_("Throw away a campaign that was never on the network."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def remove(session: Session, campaign_id: int) -> None:
    done = session.workspace.campaigns.remove_campaign(campaign_id)
    session.show(shapes.receipt(done), [done.message])


@campaign.command(help=_("Copy a campaign with its sets and ads into a draft that begins now."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@click.argument("name")
@pass_session
def copy(session: Session, campaign_id: int, name: str) -> None:
    _told(session, session.workspace.campaigns.copy_campaign(campaign_id, name))


def _whole(session: Session, campaign_id: int) -> tuple[dict[str, Any], list[str]]:
    queries = session.workspace.campaign_queries
    row = queries.get(campaign_id)
    sets, shown = queries.sets(campaign_id), queries.ads(campaign_id)
    standing = session.workspace.ad_caps.standing(campaign_id)
    problems = session.workspace.campaigns.problems(campaign_id)
    alarms = queries.alarms(campaign_id=campaign_id)
    document = {
        **ads_shapes.campaign(row),
        "sets": [
            {**ads_shapes.ad_set(one), "ads": [ads_shapes.ad(each) for each in shown if each.ad_set_id == one.id]}
            for one in sets
        ],
        "caps": ads_shapes.standing(standing),
        "problems": [ads_shapes.problem(one) for one in problems],
        "alarms": [ads_shapes.alarm(one) for one in alarms],
    }
    amounts = {"budget_daily", "budget_total", "cap"}
    pairs = [
        (name, money.shown(value, row.currency) if name in amounts else _words(value))
        for name, value in ads_shapes.campaign(row).items()
        if name != "currency"
    ]
    lines = list(layout.facts(pairs))
    lines += layout.facts(
        [
            (_("spent so far"), money.shown(standing.told, row.currency)),
            (_("counted at most"), money.shown(standing.counted, row.currency)),
            (_("counted this month"), money.shown(standing.month_counted, row.currency)),
            (_("monthly cap"), money.shown(standing.monthly, row.currency)),
            (_("runs by itself until"), "" if standing.until is None else standing.until.isoformat()),
        ]
    )
    for one in sets:
        lines.append(f"  {one.id}  {one.name}  {one.state}  {people(one.audience)}  {one.state_reason}".rstrip())
        lines += [
            f"    {each.id}  {each.name}  {each.state}  {each.state_reason}".rstrip()
            for each in shown
            if each.ad_set_id == one.id
        ]
    lines += [f"! {one.message} {one.hint}".rstrip() for one in problems]
    lines += [f"! {one.id}  {one.message}" for one in alarms]
    return document, lines


def _words(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) and value else value or ""


# The way of a campaign


def _on_each(session: Session, ids: tuple[str, ...], act: Callable[[int], Receipt]) -> None:
    done = [act(number) for number in ids_from(ids, "campaign")]
    rows = [session.workspace.campaign_queries.get(one.ids[0]) for one in done]
    session.show(
        [{**ads_shapes.campaign(row), "message": one.message} for row, one in zip(rows, done, strict=True)],
        [one.message for one in done],
    )


@ads.command(help=_("Ask for the approval of campaigns. Refused while something would go wrong."))
@IDS
@pass_session
def submit(session: Session, ids: tuple[str, ...]) -> None:
    _on_each(session, ids, session.workspace.campaigns.submit)


@ads.command(help=_("Approve creative, audience, money and dates, exactly as they are now."))
@IDS
@LET_PASS
@pass_session
def approve(session: Session, ids: tuple[str, ...], let_pass: Container[str]) -> None:
    _on_each(session, ids, lambda number: session.workspace.campaigns.approve(number, let_pass=let_pass))


@ads.command(help=_("Build approved campaigns, paused, and start them at their time; the worker does it."))
@IDS
@DRY_RUN
@pass_session
def launch(session: Session, ids: tuple[str, ...], dry_run: bool) -> int:
    if dry_run:
        return _plan(session, ids)
    _on_each(session, ids, session.workspace.campaigns.launch)
    return DONE


@ads.command(help=_("Let campaigns stand still; the worker does it."))
@IDS
@pass_session
def pause(session: Session, ids: tuple[str, ...]) -> None:
    _on_each(session, ids, session.workspace.campaigns.pause)


@ads.command(help=_("Let campaigns go on; the worker does it."))
@IDS
@DRY_RUN
@pass_session
def resume(session: Session, ids: tuple[str, ...], dry_run: bool) -> int:
    if dry_run:
        return _plan(session, ids)
    _on_each(session, ids, session.workspace.campaigns.resume)
    return DONE


@ads.command(help=_("End campaigns for good; their figures stay."))
@IDS
@pass_session
def stop(session: Session, ids: tuple[str, ...]) -> None:
    _on_each(session, ids, session.workspace.campaigns.stop)


@ads.command(help=_("Every call that the launch of campaigns would make, with its body, before the first is made."))
@IDS
@click.option("--dry-run", is_flag=True, help=_("This verb never makes a call that changes something."))
@pass_session
def plan(session: Session, ids: tuple[str, ...], dry_run: bool) -> int:
    del dry_run
    return _plan(session, ids)


def _plan(session: Session, ids: tuple[str, ...]) -> int:
    calls = [one for number in ids_from(ids, "campaign") for one in session.workspace.ad_plan.calls(number)]
    lines = []
    for at, one in enumerate(calls, 1):
        lines.append(f"{at}. {one.verb} {one.level} {one.subject_id} {one.name}")
        if one.body is not None:
            lines += [f"   {line}" for line in json.dumps(one.body, ensure_ascii=False, indent=1).splitlines()]
        if one.problem:
            lines.append(f"   ! {one.problem} {one.hint}".rstrip())
    session.show([ads_shapes.planned(one) for one in calls], lines or [_("There is nothing to be called.")])
    return REFUSED if any(one.problem for one in calls) else DONE


@ads.command(help=_("Look at campaigns on their network now: make what is due, read reviews and figures."))
@click.argument("ids", nargs=-1, metavar="[CAMPAIGN...]")
@pass_session
def sync(session: Session, ids: tuple[str, ...]) -> int:
    chosen = ids_from(ids, "campaign") if ids else [row.id for row in session.workspace.campaign_queries.all()]
    for number in chosen:
        session.workspace.campaign_queries.get(number)
    report = session.workspace.worker().advertise_once(campaigns=chosen)
    if report is None:
        session.workspace.campaigns.look_now(chosen)
        session.show({"led": False}, [_("Another worker leads: it looks at once.")])
        return DONE
    session.show(
        {
            "led": True,
            "campaigns": report.looked,
            "calls": report.calls,
            "failed": report.failed,
            "alarms": report.waiting_for_human,
        },
        [
            _("Looked at {count} campaigns: {calls} calls went well, {failed} did not; {alarms} alarms wait.").format(
                count=report.looked, calls=report.calls, failed=report.failed, alarms=report.waiting_for_human
            )
        ],
    )
    return WAITING if report.waiting_for_human else DONE


@ads.command(help=_("What a campaign brought, by day, set or ad."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@click.option(
    "--by", type=click.Choice(["day", "set", "ad"]), default="day", show_default=True, help=_("A line each.")
)
@click.option("--from", "since", metavar="DAY", default="", help=_("As 2026-12-01."))
@click.option("--to", "until", metavar="DAY", default="9999-12-31", help=_("As 2026-12-31."))
@pass_session
def stats(session: Session, campaign_id: int, by: str, since: str, until: str) -> None:
    queries = session.workspace.campaign_queries
    row = queries.get(campaign_id)
    found = queries.figures(campaign_id, by, since, until)
    documents = [ads_shapes.figures(one, row.currency) for one in found]
    session.show(
        documents,
        layout.table(
            (by, _("Impressions"), _("Reach"), _("Clicks"), _("CTR %"), _("Results"), _("Spent"), _("A result"), ""),
            [
                (
                    one["key"],
                    one["impressions"],
                    one["reach"],
                    one["clicks"],
                    "" if one["ctr"] is None else f"{one['ctr']:.2f}",
                    one["results"],
                    money.shown(one["spent"], row.currency),
                    "" if one["cost_per_result"] is None else f"{one['cost_per_result']:.2f}",
                    "" if one["final"] else _("may change"),
                )
                for one in documents
            ],
            _("The network told nothing yet."),
        ),
    )


@ads.command(help=_("How many people the audience of an ad set has, by the network's own estimate."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@pass_session
def estimate(session: Session, set_id: int) -> None:
    found = session.workspace.ad_estimates.of_set(set_id)
    people = _("the network does not say")
    if found.people_most is not None:
        people = f"{found.people_least or 0:,} - {found.people_most:,}"
    reach = "" if found.reach_daily is None else f"{found.reach_daily:,}"
    lines = layout.facts([(_("people"), people), (_("reach a day"), reach), (_("note"), found.note)])
    session.show(ads_shapes.estimate(found), lines)


@ads.command(help=_("Look up places, interests, languages or lists in the network's dictionaries."))
@click.argument("kind", metavar="KIND")
@click.argument("words")
@click.option("--account", required=True, metavar="A", type=NUMBER, help=_("The account that advertises."))
@click.option("--within", default="", metavar="ID", help=_("Only there, as in a country or city."))
@pass_session
def find(session: Session, kind: str, words: str, account: int, within: str) -> None:
    from smm_tui.services.ad_lookups import PLACES, TOPICS

    known = {str(one): one for one in (*PLACES, *TOPICS)}
    if kind not in known:
        raise InvalidInput(
            _("There is no dictionary of “{kind}”.").format(kind=kind),
            _("There are: {names}.").format(names=", ".join(known)),
            field="kind",
        )
    found = session.workspace.ad_lookups.find(account, known[kind], words, within=within)
    rows = [(one.id, one.name) for one in found]
    session.show(ads_shapes.found(found), layout.table((_("ID"), _("Name")), rows, _("Nothing there.")))


@ads.command(help=_("What was called for a campaign, oldest first: the evidence."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def evidence(session: Session, campaign_id: int) -> None:
    session.workspace.campaign_queries.get(campaign_id)
    rows = session.workspace.campaign_queries.calls(campaign_id)
    session.show(
        [ads_shapes.call(row) for row in rows],
        layout.table(
            (_("At"), _("What"), "", _("State"), _("There"), _("Error")),
            [
                (
                    layout.moment(row.started_at),
                    f"{row.verb} {row.level}",
                    row.subject_id,
                    row.state,
                    row.remote_id,
                    row.error_message,
                )
                for row in rows
            ],
            _("Nothing was called yet."),
        ),
    )


@ads.command(
    help=_("What about campaigns wants a person: refusals, caps, pacing, rules. Exit status 3: there is some.")
)
@click.option("--project", metavar="P", help=_("Only those of this project."))
@pass_session
def alarms(session: Session, project: str | None) -> int:
    where = None if project is None else session.workspace.project_queries.find(project).id
    rows = session.workspace.campaign_queries.alarms(where)
    session.show(
        [ads_shapes.alarm(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Campaign"), _("Kind"), _("What")),
            [(row.id, row.project, f"{row.campaign_id} {row.campaign}", row.kind, row.message) for row in rows],
            _("No alarms."),
        ),
    )
    return WAITING if rows else DONE


@ads.command(help=_("Say that alarms were seen."))
@click.argument("ids", nargs=-1, required=True, metavar="ALARM...")
@pass_session
def settle(session: Session, ids: tuple[str, ...]) -> None:
    done = [session.workspace.campaigns.settle_alarm(number) for number in ids_from(ids, "alarm")]
    session.show([shapes.receipt(one) for one in done], [one.message for one in done])


@ads.command(help=_("Take the budget that an alarm proposes; it waits for approval then."))
@click.argument("alarm_id", metavar="ALARM", type=NUMBER)
@pass_session
def accept(session: Session, alarm_id: int) -> None:
    done = session.workspace.campaigns.accept(alarm_id)
    session.show(shapes.receipt(done), [done.message])


@ads.command(help=_("The advertising accounts that an account's token opens; with an ID: use that one."))
@click.argument("account", metavar="ACCOUNT", type=NUMBER)
@click.argument("cabinet_id", metavar="[ID]", required=False)
@pass_session
def cabinet(session: Session, account: int, cabinet_id: str | None) -> None:
    if cabinet_id is not None:
        done = session.workspace.ad_network.choose(account, cabinet_id, session.workspace.actor)
        session.show(shapes.receipt(done), [done.message])
        return
    row = session.workspace.ad_network.account(account)
    found = session.workspace.ad_network.ask(row, lambda advertiser: advertiser.cabinets())
    session.show(
        [
            {
                "id": one.id,
                "name": one.name,
                "currency": one.currency,
                "zone": one.zone,
                "state": one.state,
                "least_daily": one.least_daily,
            }
            for one in found
        ],
        layout.table(
            (_("ID"), _("Name"), _("Currency"), _("Zone"), _("State")),
            [(one.id, one.name, one.currency, one.zone, one.state) for one in found],
            _("None."),
        ),
    )


def _told(session: Session, done: Receipt) -> None:
    row = session.workspace.campaign_queries.get(done.ids[0])
    session.show({**ads_shapes.campaign(row), "message": done.message}, [done.message])
