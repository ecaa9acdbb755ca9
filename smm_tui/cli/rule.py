"""``smm-tui rule``: what happens to messages by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, ids_from, pass_session
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from smm_tui.db.reads.rules import HitRow, RuleRow
    from smm_tui.services.receipt import Receipt

SHOWN = 20
"""Messages that a dry run names for people; `--json` has more."""


@click.group(
    cls=Noun,
    help=_("Rules: what happens to messages by itself. A rule is tried on what is stored, then enabled."),
    epilog=_(
        "Conditions: word W, W W, W* | regex P | links >= N | domain D, D | lookalike D, D | caps >= N% | "
        "emoji >= N | repeats >= N by author|authors within 1h | author new|known | language hu | kind comment | "
        "account A | spam >= N%. Actions: hide | hold | flag | close | label L | assign WHO | reply NAME."
    ),
)
def rule() -> None:
    pass


@rule.command(help=_("Add a rule: all of its conditions must hold. It is not enabled yet."))
@click.argument("name")
@click.option("--project", metavar="P", help=_("Only there; else for all projects."))
@click.option("--if", "conditions", multiple=True, required=True, metavar="CONDITION", help=_("What it asks."))
@click.option("--then", "actions", multiple=True, required=True, metavar="ACTION", help=_("What it does."))
@pass_session
def add(
    session: Session, name: str, project: str | None, conditions: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    from smm_tui.services.rules import RuleDraft

    where = None if project is None else session.workspace.project_queries.find(project).id
    _told(session, session.workspace.rules.add(RuleDraft(name, conditions, actions, where)))


@rule.command(help=_("Change a rule; with other conditions or actions it must be tried and enabled again."))
@click.argument("rule_id", metavar="ID", type=NUMBER)
@click.option("--name", help=_("Another name."))
@click.option("--if", "conditions", multiple=True, metavar="CONDITION", help=_("What it asks, instead of before."))
@click.option("--then", "actions", multiple=True, metavar="ACTION", help=_("What it does, instead of before."))
@pass_session
def edit(
    session: Session, rule_id: int, name: str | None, conditions: tuple[str, ...], actions: tuple[str, ...]
) -> None:
    rules = session.workspace.rules
    _told(session, rules.edit(rule_id, name=name, conditions=conditions or None, actions=actions or None))


@rule.command("list", help=_("All rules in their order, with how often they applied and were right."))
@click.option("--project", metavar="P", help=_("Those that hold there."))
@pass_session
def list_(session: Session, project: str | None) -> None:
    where = None if project is None else session.workspace.project_queries.find(project).id
    rows = session.workspace.rule_queries.all(where)
    session.show(
        [shapes.rule(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Name"), _("State"), _("Hits"), _("Right"), _("If"), _("Then")),
            [
                (
                    row.id,
                    row.project or _("all"),
                    row.name,
                    _state(row),
                    row.hits,
                    "" if row.precision is None else f"{row.precision:.0%}",
                    "; ".join(shapes.rule(row)["conditions"]),
                    "; ".join(shapes.rule(row)["actions"]),
                )
                for row in rows
            ],
            _("No rules yet. Add one with `smm-tui rule add NAME --if CONDITION --then ACTION`."),
        ),
    )


@rule.command(help=_("One rule with what it applied to last, and what waits for somebody to judge it."))
@click.argument("rule_id", metavar="ID", type=NUMBER)
@click.option("--limit", type=NUMBER, default=SHOWN, show_default=True, help=_("So many messages."))
@pass_session
def show(session: Session, rule_id: int, limit: int) -> None:
    queries = session.workspace.rule_queries
    row = queries.get(rule_id)
    hits = queries.hits(rule_id, limit=limit)
    samples = queries.hits(rule_id, sampled=True, limit=limit)
    document = shapes.rule(row)
    lines = [
        *layout.facts([(name, "; ".join(v) if isinstance(v, list) else v) for name, v in document.items()]),
        *_hits(_("Applied to:"), hits),
        *_hits(_("To be judged with `smm-tui rule judge`:"), samples),
    ]
    full = {"recent": [shapes.rule_hit(hit) for hit in hits], "samples": [shapes.rule_hit(hit) for hit in samples]}
    session.show({**document, **full}, lines)


@rule.command(help=_("Dry run over what is stored: what a rule would have caught, and what of that people approved."))
@click.argument("rule_id", metavar="ID", type=NUMBER)
@click.option("--limit", type=NUMBER, help=_("Only so many of the newest messages."))
@pass_session
def test(session: Session, rule_id: int, limit: int | None) -> None:
    rules = session.workspace.rules
    found = rules.test(rule_id) if limit is None else rules.test(rule_id, limit=limit)
    lines = [
        ngettext(
            "It would have caught {caught} of {count} message.",
            "It would have caught {caught} of {count} messages.",
            found.examined,
        ).format(caught=found.caught, count=found.examined)
    ]
    if found.approved:
        lines.append(_("{count} of them a person had approved; they come first.").format(count=found.approved))
    lines += layout.table(
        (_("ID"), _("Author"), _("Account"), _("State"), _("Why"), _("Text"), _("Post")),
        [
            (
                one.message.id,
                one.message.author or one.message.author_handle,
                one.message.handle,
                one.message.state,
                one.why,
                clip(inert(one.message.text), 40),
                one.message.url or one.message.post_remote_id,
            )
            for one in found.messages[:SHOWN]
        ],
        "",
    )
    session.show(shapes.dry_run(found), filter(None, lines))


@rule.command(help=_("From now on these rules act on what comes in. Each must have been tried since it was changed."))
@click.argument("ids", metavar="ID...", nargs=-1)
@click.option("--force", is_flag=True, help=_("Also those that were not tried."))
@pass_session
def enable(session: Session, ids: tuple[str, ...], force: bool) -> None:
    _each(session, [session.workspace.rules.arm(number, force=force) for number in ids_from(ids, "rule")])


@rule.command(help=_("These rules do nothing more; what they did stays."))
@click.argument("ids", metavar="ID...", nargs=-1)
@pass_session
def disable(session: Session, ids: tuple[str, ...]) -> None:
    _each(session, [session.workspace.rules.disarm(number) for number in ids_from(ids, "rule")])


@rule.command(help=_("Throw rules away; what they did stays."))
@click.argument("ids", metavar="ID...", nargs=-1)
@pass_session
def remove(session: Session, ids: tuple[str, ...]) -> None:
    receipts = [session.workspace.rules.remove(number) for number in ids_from(ids, "rule")]
    session.show([shapes.receipt(done) for done in receipts], [done.message for done in receipts])


@rule.command(help=_("Take back all that a rule did and nobody confirmed, here and on the networks."))
@click.argument("rule_id", metavar="ID", type=NUMBER)
@click.option("--dry-run", is_flag=True, help=_("Only say what would be taken back."))
@pass_session
def undo(session: Session, rule_id: int, dry_run: bool) -> None:
    if dry_run:
        hits = [hit for hit in session.workspace.rule_queries.hits(rule_id, limit=-1) if hit.judged is not True]
        session.workspace.rule_queries.get(rule_id)
        session.show([shapes.rule_hit(hit) for hit in hits], _hits(_("It would be taken back for:"), hits))
        return
    done = session.workspace.rules.undo(rule_id)
    session.show(shapes.receipt(done), [done.message])


@rule.command(help=_("Say whether a rule was right about messages; where it was wrong, that is taken back."))
@click.argument("rule_id", metavar="ID", type=NUMBER)
@click.argument("messages", metavar="MESSAGE...", nargs=-1)
@click.option("--right/--wrong", default=None, help=_("What you think of it."))
@pass_session
def judge(session: Session, rule_id: int, messages: tuple[str, ...], right: bool | None) -> None:
    if right is None:
        raise InvalidInput(_("Say --right or --wrong."), field="right")
    _told(session, session.workspace.rules.judge(rule_id, ids_from(messages, "message"), right=right))


def _told(session: Session, done: Receipt) -> None:
    row = session.workspace.rule_queries.get(done.ids[0])
    session.show({**shapes.rule(row), "message": done.message}, [done.message])


def _each(session: Session, receipts: list[Receipt]) -> None:
    rows = [session.workspace.rule_queries.get(done.ids[0]) for done in receipts]
    session.show([shapes.rule(row) for row in rows], [done.message for done in receipts])


def _state(row: RuleRow) -> str:
    if row.armed_at is not None:
        return _("enabled")
    return _("tried") if row.tested_at is not None else _("new")


def _hits(title: str, hits: list[HitRow]) -> list[str]:
    if not hits:
        return []
    told: dict[bool | None, Any] = {True: _("right"), False: _("wrong"), None: ""}
    rows = [(h.message_id, h.author, h.state, h.why, told[h.judged], clip(inert(h.text), 40)) for h in hits]
    header = (_("ID"), _("Author"), _("State"), _("Why"), _("Judged"), _("Text"))
    return ["", title, *layout.table(header, rows, "")]
