"""``smm-tui ads segment``, ``rule``, ``test`` and ``cap``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import ads_shapes, layout, shapes
from smm_tui.cli.ads_parts import people
from smm_tui.cli.ads_words import audience, audience_options, facts
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, ids_from, pass_session
from smm_tui.domain import money
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from smm_tui.services.ad_tests import AdTest
    from smm_tui.services.receipt import Receipt

PROJECT = click.option("--project", required=True, metavar="P", help=_("The project it is for."))
MAYBE = click.option("--project", metavar="P", help=_("Only those of this project."))
ACCOUNT = click.option(
    "--account", metavar="A", type=NUMBER, help=_("Whose network's names places and interests have.")
)


def _where(session: Session, project: str | None) -> int | None:
    return None if project is None else session.workspace.project_queries.find(project).id


def _plain(session: Session, done: Receipt) -> None:
    session.show(shapes.receipt(done), [done.message])


# Saved audiences


@click.group(cls=Noun, help=_("Saved audiences, used by several ad sets and by the research of the project."))
def segment() -> None:
    pass


def _audience(session: Session, account: int | None, start: Any, given: dict[str, Any]) -> Any:
    named = ("places", "without", "languages", "interests", "lists", "without_lists", "substitute")
    if account is None and any(given.get(name) for name in named):
        raise InvalidInput(
            _("Names of places and interests are a network's own."),
            _("Say whose with --account A."),
            field="account",
        )
    return audience(session, account or 0, start, given)


@segment.command("add", help=_("Save an audience."))
@click.argument("name")
@PROJECT
@ACCOUNT
@click.option("--persona", multiple=True, metavar="NAME=VALUE", help=_("What is known of them, as pain=queues."))
@audience_options
@pass_session
def segment_add(
    session: Session, /, name: str, project: str, account: int | None, persona: tuple[str, ...], **given: Any
) -> None:
    from smm_tui.networks.advertising import Audience

    where = session.workspace.project_queries.find(project).id
    found = _audience(session, account, Audience(), given)
    _told_segment(session, session.workspace.segments.add(where, name, found, facts(persona)))


@segment.command("edit", help=_("Change a saved audience; the ad sets that use it follow, and wait for approval."))
@click.argument("segment_id", metavar="SEGMENT", type=NUMBER)
@click.option("--name", help=_("Another name."))
@ACCOUNT
@click.option("--persona", multiple=True, metavar="NAME=VALUE", help=_("What is known of them, instead of before."))
@audience_options
@pass_session
def segment_edit(
    session: Session,
    /,
    segment_id: int,
    name: str | None,
    account: int | None,
    persona: tuple[str, ...],
    **given: Any,
) -> None:
    segments = session.workspace.segments
    start = segments.audience(segment_id)
    changed = _audience(session, account, start, given)
    done = segments.edit(
        segment_id,
        name=name,
        audience=None if changed == start else changed,
        persona=facts(persona) if persona else None,
    )
    _told_segment(session, done)


@segment.command("list", help=_("All saved audiences."))
@MAYBE
@pass_session
def segment_list(session: Session, project: str | None) -> None:
    rows = session.workspace.segments.all(_where(session, project))
    session.show(
        [ads_shapes.segment(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Name"), _("Audience"), _("Used")),
            [(row.id, row.project, row.name, people(row.audience), row.used) for row in rows],
            _("No saved audiences."),
        ),
    )


@segment.command("show", help=_("One saved audience."))
@click.argument("segment_id", metavar="SEGMENT", type=NUMBER)
@pass_session
def segment_show(session: Session, segment_id: int) -> None:
    row = session.workspace.segments.get(segment_id)
    document = ads_shapes.segment(row)
    pairs = [(name, people(row.audience) if name == "audience" else value or "") for name, value in document.items()]
    session.show(document, layout.facts(pairs))


@segment.command("remove", help=_("Forget a saved audience; ad sets keep their people."))
@click.argument("segment_id", metavar="SEGMENT", type=NUMBER)
@pass_session
def segment_remove(session: Session, segment_id: int) -> None:
    _plain(session, session.workspace.segments.remove(segment_id))


def _told_segment(session: Session, done: Receipt) -> None:
    row = session.workspace.segments.get(done.ids[0])
    session.show({**ads_shapes.segment(row), "message": done.message}, [done.message])


# Rules


@click.group(
    cls=Noun,
    help=_("Rules over figures: if one crosses a bound over some days, then pause, alarm or propose a budget."),
    epilog=_("FIGURE: cost_per_result, frequency, ctr or spend. ACTION: pause, alarm or propose."),
)
def rule() -> None:
    pass


def _rule_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--figure", metavar="F", help=_("What it looks at.")),
            click.option("--above", metavar="X", help=_("It acts when the figure is more.")),
            click.option("--below", metavar="X", help=_("It acts when the figure is less.")),
            click.option("--days", metavar="N", type=NUMBER, help=_("Over so many whole days.")),
            click.option("--then", "action", metavar="ACTION", help=_("What it does.")),
            click.option("--change", metavar="PERCENT", type=int, help=_("What it proposes, as -20.")),
            click.option("--campaign", metavar="C", type=NUMBER, help=_("Only this one; else all of the project.")),
        )
    ):
        command = option(command)
    return command


def _rule_changes(given: dict[str, Any]) -> dict[str, Any]:
    if given["above"] is not None and given["below"] is not None:
        raise InvalidInput(_("Above and below at once?"), _("Give one of the two."), field="bound")
    found = {
        "figure": given["figure"],
        "days": given["days"],
        "action": given["action"],
        "change_percent": given["change"],
        "campaign_id": given["campaign"],
    }
    found = {name: value for name, value in found.items() if value is not None}
    if given["above"] is not None:
        found |= {"above": True, "bound": given["above"]}
    if given["below"] is not None:
        found |= {"above": False, "bound": given["below"]}
    return found


@rule.command("add", help=_("Add a rule. It is tried, then enabled."))
@click.argument("name")
@PROJECT
@_rule_options
@pass_session
def rule_add(session: Session, /, name: str, project: str, **given: Any) -> None:
    from smm_tui.services.ad_rules import AdRuleDraft

    where = session.workspace.project_queries.find(project).id
    draft = AdRuleDraft(where, name, "", "", 1, "")
    _told_rule(session, session.workspace.ad_rules.add(replace(draft, **_rule_changes(given))))


@rule.command("edit", help=_("Change a rule; it is to be tried and enabled again."))
@click.argument("rule_id", metavar="RULE", type=NUMBER)
@click.option("--name", help=_("Another name."))
@_rule_options
@pass_session
def rule_edit(session: Session, /, rule_id: int, name: str | None, **given: Any) -> None:
    draft = session.workspace.ad_rules.draft(rule_id)
    changes = _rule_changes(given)
    if name is not None:
        changes["name"] = name
    if changes.get("action", draft.action) != "propose":
        changes["change_percent"] = None
    _told_rule(session, session.workspace.ad_rules.edit(rule_id, replace(draft, **changes)))


@rule.command("list", help=_("All rules over figures."))
@MAYBE
@pass_session
def rule_list(session: Session, project: str | None) -> None:
    rows = session.workspace.ad_rules.all(_where(session, project))
    session.show(
        [ads_shapes.rule(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Name"), _("If"), _("Then"), _("State")),
            [
                (
                    row.id,
                    row.project,
                    row.name,
                    f"{row.figure} {'>' if row.above else '<'} {row.bound} / {row.days}",
                    row.action if row.change_percent is None else f"{row.action} {row.change_percent:+d} %",
                    _("enabled") if row.armed_at else _("tried") if row.tested_at else _("new"),
                )
                for row in rows
            ],
            _("No rules over figures."),
        ),
    )


@rule.command("test", help=_("Dry run over the days that are stored: when a rule would have acted."))
@click.argument("rule_id", metavar="RULE", type=NUMBER)
@click.option("--days", type=NUMBER, help=_("Only over so many of the last days."))
@pass_session
def rule_test(session: Session, rule_id: int, days: int | None) -> None:
    rules = session.workspace.ad_rules
    found = rules.test(rule_id) if days is None else rules.test(rule_id, days=days)
    lines = [
        ngettext(
            "Over {days} days it would have acted {count} time.",
            "Over {days} days it would have acted {count} times.",
            len(found.crossings),
        ).format(days=found.days, count=len(found.crossings))
    ]
    rows = [(one.day, f"{one.campaign_id} {one.campaign}", f"{one.value:.2f}") for one in found.crossings]
    if rows:
        lines += layout.table((_("Day"), _("Campaign"), found.rule.figure), rows, "")
    session.show(ads_shapes.trial(found), lines)


@rule.command("enable", help=_("From now on the worker applies these rules, once a day. Each must have been tried."))
@click.argument("ids", nargs=-1, required=True, metavar="RULE...")
@pass_session
def rule_enable(session: Session, ids: tuple[str, ...]) -> None:
    _each_rule(session, [session.workspace.ad_rules.arm(number) for number in ids_from(ids, "rule")])


@rule.command("disable", help=_("These rules do nothing more."))
@click.argument("ids", nargs=-1, required=True, metavar="RULE...")
@pass_session
def rule_disable(session: Session, ids: tuple[str, ...]) -> None:
    _each_rule(session, [session.workspace.ad_rules.disarm(number) for number in ids_from(ids, "rule")])


@rule.command("remove", help=_("Throw rules away."))
@click.argument("ids", nargs=-1, required=True, metavar="RULE...")
@pass_session
def rule_remove(session: Session, ids: tuple[str, ...]) -> None:
    done = [session.workspace.ad_rules.remove(number) for number in ids_from(ids, "rule")]
    session.show([shapes.receipt(one) for one in done], [one.message for one in done])


def _told_rule(session: Session, done: Receipt) -> None:
    row = session.workspace.ad_rules.get(done.ids[0])
    session.show({**ads_shapes.rule(row), "message": done.message}, [done.message])


def _each_rule(session: Session, done: list[Receipt]) -> None:
    rows = [session.workspace.ad_rules.get(one.ids[0]) for one in done]
    session.show([ads_shapes.rule(row) for row in rows], [one.message for one in done])


# Tests


@click.group(cls=Noun, help=_("A/B tests: two ad sets that differ in exactly one thing."))
def test() -> None:
    pass


@test.command("start", help=_("Copy an ad set into a second one that gets half of its money; then change one thing."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@click.argument("name")
@pass_session
def test_start(session: Session, set_id: int, name: str) -> None:
    done = session.workspace.ad_tests.start(set_id, name)
    row = session.workspace.campaign_queries.get_set(done.ids[0])
    session.show({**ads_shapes.ad_set(row), "message": done.message}, [done.message])


@test.command("stop", help=_("Both sets go on by themselves."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@pass_session
def test_stop(session: Session, set_id: int) -> None:
    _plain(session, session.workspace.ad_tests.stop(set_id))


@test.command("list", help=_("The tests of a campaign, with their verdict, or what is missing for one."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def test_list(session: Session, campaign_id: int) -> None:
    found = session.workspace.ad_tests.all(campaign_id)
    lines = [line for one in found for line in _verdict(one)]
    session.show([ads_shapes.test(one) for one in found], lines or [_("No tests in this campaign.")])


def _verdict(found: AdTest) -> list[str]:
    lines = [_("They differ in: {names}").format(names=", ".join(found.difference) or _("nothing yet"))]
    lines += [
        f"  {side.set_id}  {side.name}  {side.sample.successes} {_(found.metric)} / "
        f"{side.sample.trials}  {side.sample.share:.3%}"
        for side in (found.one, found.other)
    ]
    if found.missing:
        lines.append(
            ngettext(
                "No verdict yet: the smaller side needs {count} more impression.",
                "No verdict yet: the smaller side needs {count} more impressions.",
                found.missing,
            ).format(count=found.missing)
        )
    elif found.winner is None:
        lines.append(_("No difference is to be seen (P = {p:.3f}).").format(p=found.p or 0.0))
    else:
        name = found.one.name if found.winner == found.one.set_id else found.other.name
        lines.append(_("{name} is better (P = {p:.3f}).").format(name=name, p=found.p or 0.0))
    return lines


# Caps


@click.group(cls=Noun, help=_("What a client may lose at most in a month, over all campaigns."))
def cap() -> None:
    pass


@cap.command("set", help=_("Set a client's monthly cap, as 300 EUR. It holds at once, for what runs too."))
@click.argument("amount")
@click.argument("currency")
@PROJECT
@pass_session
def cap_set(session: Session, amount: str, currency: str, project: str) -> None:
    where = session.workspace.project_queries.find(project).id
    currency = currency.upper()
    monthly = money.parse(amount, currency, field="monthly")
    done = session.workspace.ad_caps.set(where, currency, monthly)
    session.show({**shapes.receipt(done), "currency": currency, "monthly": monthly}, [done.message])


@cap.command("remove", help=_("Take a monthly cap away."))
@click.argument("currency")
@PROJECT
@pass_session
def cap_remove(session: Session, currency: str, project: str) -> None:
    where = session.workspace.project_queries.find(project).id
    _plain(session, session.workspace.ad_caps.set(where, currency.upper(), None))


@cap.command("list", help=_("All monthly caps."))
@MAYBE
@pass_session
def cap_list(session: Session, project: str | None) -> None:
    rows = session.workspace.ad_caps.all(_where(session, project))
    session.show(
        [ads_shapes.cap(row) for row in rows],
        layout.table(
            (_("Project"), _("A month")),
            [(row.project, money.shown(row.monthly, row.currency)) for row in rows],
            _("No monthly caps."),
        ),
    )
