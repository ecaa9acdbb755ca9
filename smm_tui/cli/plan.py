"""``smm-tui plan``: the month as a whole, on the screen and as a file."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_tui import formats
from smm_tui.cli import files, layout, plan_days, plan_fact, shapes
from smm_tui.cli.plan_month import POSTS, of_month, of_this, which
from smm_tui.cli.session import DONE, USAGE, WAITING, Session
from smm_tui.cli.verbs import LET_PASS, Noun, pass_session
from smm_tui.domain import rhythm
from smm_tui.domain.clock import iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.rhythm import Share
from smm_tui.i18n import _, ngettext
from smm_tui.services.plan_compare import Change, Comparison, Kind
from smm_tui.services.plan_file import source
from smm_tui.services.plan_queries import FORMATS, READABLE, PlanMonth

if TYPE_CHECKING:
    from smm_tui.domain.plan_document import Flaw, PlanDocument
    from smm_tui.services.mix import Portion

FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
_PLAN_FORMAT = click.option(
    "--format", "kind", type=click.Choice(READABLE), help=_("What FILE is; default: by its name.")
)
_COLUMNS = click.option(
    "--column", "columns", multiple=True, metavar="NAME=HEADER", help=_("What a column of a table is called there.")
)
_SIGNS = {Kind.ADDED: "+", Kind.CHANGED: "~", Kind.CONFLICT: "!", Kind.KEPT: "=", Kind.REMOVED: "-"}


@click.group(cls=Noun, help=_("The month of a project: look at it, approve it, write it as a file and read it back."))
def plan() -> None:
    pass


plan.add_command(plan_days.shift)
plan.add_command(plan_days.copy)


@plan.command(help=_("The posts of a month, its mix, and how much of it is approved."))
@of_month
@click.option("--fact", is_flag=True, help=_("Beside it what is live: late, missing, edited, deleted."))
@pass_session
def show(session: Session, project: str, month: str, fact: bool) -> None:
    row, year, number = which(session, project, month)
    found = session.workspace.plan_queries.month(row.id, year, number)
    became = session.workspace.fact_queries.month(row.id, year, number)
    document = {**_month_document(found), "promise": plan_fact.promise(became)}
    promoted = _promoted(session, found)
    document["posts"] = [{**post, "ads": promoted.get(post["id"], [])} for post in document["posts"]]
    if fact:
        document["fact"] = plan_fact.document(became)
        session.show(document, plan_fact.lines(became, row.timezone))
    else:
        told = [
            _("Post {id} is promoted by “{campaign}” ({state}).").format(
                id=number, campaign=ad["campaign"], state=_(ad["state"])
            )
            for number, ads in promoted.items()
            for ad in ads
        ]
        session.show(document, [*_month_lines(found), *told])


@plan.command(help=_("Read back what is live of a month and keep what was seen; exit status 3: not all is as sent."))
@of_month
@pass_session
def check(session: Session, project: str, month: str) -> int:
    row, year, number = which(session, project, month)
    done = session.workspace.plan_checks.check(row.id, year, number)
    became = session.workspace.fact_queries.month(row.id, year, number)
    message = _("Read {count} deliveries; {fresh} had been read a short while ago.").format(
        count=done.read, fresh=done.fresh
    )
    for item in done.unread:
        session.say(
            ngettext(
                "{handle}: {count} delivery was not read. {reason}",
                "{handle}: {count} deliveries were not read. {reason}",
                item.deliveries,
            ).format(handle=item.handle, count=item.deliveries, reason=item.reason)
        )
    session.show(
        {
            "message": message,
            "read": done.read,
            "fresh": done.fresh,
            "unread": [item._asdict() for item in done.unread],
            "promise": plan_fact.promise(became),
            "fact": plan_fact.document(became),
        },
        [message, *plan_fact.lines(became, row.timezone)],
    )
    return WAITING if became.broken else DONE


@plan.command(help=_("What limps in a month. Exit status 3: something needs a person now."))
@of_month
@pass_session
def lint(session: Session, project: str, month: str) -> int:
    row, year, number = which(session, project, month)
    found = session.workspace.plan_queries.lint(row.id, year, number)
    document = {
        "project": row.name,
        "project_id": row.id,
        "month": month,
        "posts": found.posts,
        "mix": [_share(share) for share in found.planned],
        "published": [_share(share) for share in found.published],
        "forecast": [
            {
                "type": item.kind,
                "percent": item.forecast,
                "meant": None if item.share is None else list(item.share),
                "off": item.off,
            }
            for item in found.mix
        ],
        "quiet_days": [str(day) for day in found.quiet_days],
        "needs_human": found.urgent,
        "warnings": [
            {
                "rule": item.rule,
                "message": item.message,
                "day": str(item.day),
                "post": item.post_id,
                "posts": list(item.posts),
                "urgent": item.urgent,
            }
            for item in found.findings
        ],
    }
    facts = [
        (_("Planned"), _mix(found.planned)),
        (_("Published in 28 days"), _mix(found.published)),
        (_("With open places"), ", ".join(_forecast(item) for item in found.mix if item.forecast is not None)),
        (_("Days without a post"), ", ".join(f"{day:%d}" for day in found.quiet_days)),
    ]
    session.show(
        document,
        [
            *layout.facts(facts),
            *layout.table(
                ("", _("Day"), _("Post"), _("What")),
                [("!" if item.urgent else "", item.day, item.post_id, item.message) for item in found.findings],
                _("Nothing limps."),
            ),
        ],
    )
    return WAITING if found.urgent else DONE


@plan.command(help=_("Put posts of a month before whoever approves them; without POST: all that wait."))
@of_month
@POSTS
@pass_session
def submit(session: Session, project: str, month: str, posts: tuple[str, ...]) -> None:
    row, year, number = which(session, project, month)
    reviews = session.workspace.reviews
    if posts:
        receipt = reviews.submit(of_this(session, row, year, number, posts))
    else:
        receipt = reviews.submit_month(row.id, year, number)
    session.show(shapes.receipt(receipt), [receipt.message])


@plan.command(
    help=_("Approve a month as a whole, byte for byte: all of it that lies ahead, or none. With POST: only these.")
)
@of_month
@POSTS
@LET_PASS
@pass_session
def approve(session: Session, project: str, month: str, posts: tuple[str, ...], let_pass: Container[str]) -> None:
    row, year, number = which(session, project, month)
    if posts:
        numbers = of_this(session, row, year, number, posts)
        receipt = session.workspace.posts.approve(numbers, let_pass=let_pass)
    else:
        receipt = session.workspace.reviews.approve_month(row.id, year, number, let_pass=let_pass)
    session.show(shapes.receipt(receipt), [receipt.message])


@plan.command(help=_("What is not as the month was approved. Exit status 3: some of it waits for its own approval."))
@of_month
@pass_session
def deviations(session: Session, project: str, month: str) -> int:
    row, year, number = which(session, project, month)
    standing = session.workspace.review_queries.standing(row.id, year, number)
    approved = standing.approval
    document = {
        "project": row.name,
        "project_id": row.id,
        "month": month,
        "approved_at": None if approved is None else iso(approved.approved_at),
        "approved_by": None if approved is None else approved.approved_by,
        "digest": None if approved is None else approved.digest,
        "posts": None if approved is None else len(approved.posts),
        "needs_human": bool(standing.waiting),
        "deviations": [
            {"post": item.post_id, "change": item.change, "parts": list(item.parts), "waits": item.waits}
            for item in standing.deviations
        ],
    }
    facts = (
        [(_("Approved"), _("not as a whole"))]
        if approved is None
        else [
            (_("Approved"), f"{layout.moment(approved.approved_at, row.timezone)}  {approved.approved_by}"),
            (_("Hash"), approved.digest),
        ]
    )
    lines = [
        ("!" if item.waits else "", item.post_id, _(item.change), ", ".join(item.parts))
        for item in standing.deviations
    ]
    header = ("", _("Post"), _("Since then"), _("What"))
    session.show(document, [*layout.facts(facts), *layout.table(header, lines, _("Nothing differs from it."))])
    return WAITING if standing.waiting else DONE


@plan.command(
    help=_(
        "Lay the scheme over a month: its open places become drafts, with words from ideas and templates, "
        "in one step of undo."
    )
)
@of_month
@click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
@pass_session
def fill(session: Session, project: str, month: str, dry_run: bool) -> None:
    from smm_tui.services.proposal import filled_message, propose, source

    row, year, number = which(session, project, month)
    proposal = propose(session.workspace.db, row.id, year, number)
    if dry_run:
        message = filled_message(proposal) + " " + _("Nothing was changed.")
        result: dict[str, Any] = {"dry_run": True}
    else:
        receipt = session.workspace.fill.fill(row.id, year, number)
        message, result = receipt.message, shapes.receipt(receipt)
    document = {
        "places": [
            {
                "slot": one.place.slot.id,
                "at": one.wall.isoformat(timespec="minutes"),
                "type": one.kind,
                "from": source(one),
                "text": one.text,
                "idea": None if one.idea is None else one.idea.id,
                "template": None if one.template is None else one.template.id,
            }
            for one in proposal.filled
        ],
        "keeps_rules": proposal.keeps_rules,
        **result,
        "message": message,
    }
    lines = [(formats.weekday_moment(one.wall), one.kind, source(one), one.text) for one in proposal.filled]
    titles = (_("Planned"), _("Type"), _("From"), _("Text"))
    session.show(document, [*layout.table(titles, lines, _("There is no open place in this month.")), message])


@plan.command(help=_("Write a month as a file, or to standard output."))
@of_month
@click.option("--format", "kind", type=click.Choice(FORMATS), help=_("What to write; default: by FILE's name."))
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, allow_dash=True))
@pass_session
def export(session: Session, project: str, month: str, kind: str | None, file: Path | None) -> None:
    row, year, number = which(session, project, month)
    kind = kind or files.kind_of(file, FORMATS)
    queries = session.workspace.plan_queries
    if kind == "xlsx":
        files.put(session, queries.workbook(row.id, year, number), kind, file, binary=True)
    else:
        files.put(session, queries.export(row.id, year, number, kind).encode(), kind, file)


@plan.command(help=_("What a file would change. Exit status 3: a post was changed on both sides. - reads FILE."))
@of_month
@_PLAN_FORMAT
@_COLUMNS
@FILE
@pass_session
def diff(
    session: Session, /, project: str, month: str, kind: str | None, columns: tuple[str, ...], file: Path
) -> int:
    row, year, number = which(session, project, month)
    document, flaws = _read(session, file, kind, columns)
    found = session.workspace.plans.compare(row.id, year, number, document, flaws)
    if found.flaws:
        return _refuse(session, found.flaws)
    message = _told(found, remove=True)
    session.show({**_comparison(found), "message": message}, [*_change_lines(found), message])
    return _status(found)


@plan.command(
    help=_(
        "Do what a file says, in one step of undo. What was changed on both sides stays as it is here: "
        "exit status 3. - reads FILE."
    )
)
@of_month
@_PLAN_FORMAT
@_COLUMNS
@click.option("--remove", is_flag=True, help=_("Cancel the posts that were taken out of the file."))
@click.option("--skip-bad", is_flag=True, help=_("Of a table, do the good rows and leave the bad ones out."))
@click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
@FILE
@pass_session
def apply(
    session: Session,
    /,
    project: str,
    month: str,
    kind: str | None,
    columns: tuple[str, ...],
    file: Path,
    remove: bool,
    skip_bad: bool,
    dry_run: bool,
) -> int:
    from smm_tui.services.plan import PlanRefused

    row, year, number = which(session, project, month)
    kind = kind or files.kind_of(file, READABLE)
    if skip_bad and kind == "md":
        raise click.UsageError(_("--skip-bad is for tables; a Markdown file is mended first."))
    if remove and kind != "md":
        raise click.UsageError(_("--remove needs a Markdown file: a table does not tell what was taken out of it."))
    document, flaws = _read(session, file, kind, columns)
    service = session.workspace.plans
    if dry_run:
        found = service.compare(row.id, year, number, document, flaws)
        if found.flaws and not skip_bad:
            return _refuse(session, found.flaws)
        message = _told(found, remove=remove) + " " + _("Nothing was changed.")
        result: dict[str, Any] = {"dry_run": True}
    else:
        try:
            receipt, found = service.apply(row.id, year, number, document, flaws, remove=remove, skip_bad=skip_bad)
        except PlanRefused as refused:
            return _refuse(session, refused.flaws)
        message, result = receipt.message, shapes.receipt(receipt)
    for flaw in found.flaws:
        session.say(_("Left out: line {line}: {message}").format(line=flaw.line, message=flaw.message))
    session.show({**_comparison(found), **result, "message": message}, [*_change_lines(found), message])
    return _status(found)


# What is asked for


def _read(
    session: Session, file: Path, kind: str | None, columns: tuple[str, ...]
) -> tuple[PlanDocument, list[Flaw]]:
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(source.SIZE_LIMIT + 1) if sys.stdin else b""
        else:
            with file.open("rb") as opened:
                data = opened.read(source.SIZE_LIMIT + 1)
    except OSError as error:
        raise InvalidInput(
            _("{path} cannot be read: {reason}.").format(path=inert(str(file)), reason=error.strerror), field="file"
        ) from error
    kind = kind or files.kind_of(file, READABLE)
    if columns and kind == "md":
        raise click.UsageError(_("--column is for tables; a Markdown file has none."))
    document, flaws = source.read(data, kind, columns)
    if document.ignored:
        names = ", ".join(document.ignored)
        session.say(_("These columns are not known and were left out: {names}.").format(names=names))
    return document, flaws


# Output


def _status(found: Comparison) -> int:
    return WAITING if found.of(Kind.CONFLICT) else DONE


def _refuse(session: Session, flaws: Sequence[Flaw]) -> int:
    from smm_tui.services.plan import PlanRefused

    refused = PlanRefused(flaws)
    session.fail(refused.kind, refused.message, refused.hint, field=refused.field, problems=_problems(flaws))
    return USAGE


def _promoted(session: Session, found: PlanMonth) -> dict[int, list[dict[str, Any]]]:
    """By post, the ads that show it or will."""
    times = [post.row.planned_at for post in found.posts if post.row.planned_at is not None]
    if not times:
        return {}
    rows = session.workspace.ads_queries.promotions(found.project.id, min(times), max(times) + 1)
    return {
        number: [
            {
                "id": ad.ad_id,
                "campaign_id": ad.campaign_id,
                "campaign": ad.campaign,
                "state": ad.state,
                "currency": ad.currency,
                "spent": ad.spent,
                "results": ad.results,
            }
            for ad in ads
        ]
        for number, ads in rows.items()
    }


def _month_document(found: PlanMonth) -> dict[str, Any]:
    rows = [post.row for post in found.posts]
    return {
        "project": found.project.name,
        "project_id": found.project.id,
        "month": f"{found.year:04}-{found.month:02}",
        "zone": found.project.timezone,
        "total": len(rows),
        "states": {state: sum(row.state == state for row in rows) for state in sorted({row.state for row in rows})},
        "mix": [_share(share) for share in rhythm.mix(rows)],
        "posts": [
            {
                "id": row.id,
                "type": row.content_type,
                "text": row.text,
                "planned_at": iso(row.planned_at),
                "planned_wall": row.planned_wall,
                "zone": row.zone,
                "state": row.state,
                "accounts": [item.handle for item in post.deliveries],
                "media": len(post.media),
            }
            for post in found.posts
            for row in (post.row,)
        ],
    }


def _month_lines(found: PlanMonth) -> list[str]:
    rows = [post.row for post in found.posts]
    return [
        *layout.table(
            (_("ID"), _("Planned"), _("Type"), _("State"), _("Text")),
            [
                (row.id, layout.planned(row.planned_wall, row.zone), row.content_type, row.state, row.text)
                for row in rows
            ],
            _("No posts in this month. Plan one with `smm-tui post add`, or apply a file."),
        ),
        *layout.facts([(_("Mix"), _mix(rhythm.mix(rows)))]),
    ]


def _share(share: Share) -> dict[str, Any]:
    return {"type": share.content_type, "posts": share.posts, "percent": share.percent}


def _forecast(item: Portion) -> str:
    meant = "" if item.share is None else f" ({item.share.low}-{item.share.high})"
    return f"{item.kind} {item.forecast}%{meant}{'!' if item.off else ''}"


def _mix(shares: Iterable[Share]) -> str:
    return ", ".join(f"{share.content_type} {share.percent}%" for share in shares)


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "added": [_change(change) for change in found.of(Kind.ADDED)],
        "changed": [_change(change) for change in found.of(Kind.CHANGED)],
        "removed": [_change(change) for change in found.of(Kind.REMOVED)],
        "conflicts": [_change(change) for change in found.of(Kind.CONFLICT)],
        "kept": [_change(change) for change in found.of(Kind.KEPT)],
        "unchanged": len(found.of(Kind.UNCHANGED)),
        "problems": _problems(found.flaws),
    }


def _change(change: Change) -> dict[str, Any]:
    here = None if change.database is None else change.database.content
    either = change.file or here
    return {
        "id": change.post_id,
        "line": change.line or None,
        "at": None if either is None else either.at,
        "fields": {
            name: {"file": getattr(change.file, name), "database": getattr(here, name)} for name in change.fields
        },
    }


def _problems(flaws: Sequence[Flaw]) -> list[dict[str, Any]]:
    return [{"line": flaw.line or None, "message": flaw.message} for flaw in flaws]


def _change_lines(found: Comparison) -> list[str]:
    lines = []
    for change in found.of(*_SIGNS):
        content = change.file or (change.database.content if change.database is not None else None)
        words = [
            _SIGNS[change.kind],
            _("new") if change.post_id is None else str(change.post_id),
            _("line {line}").format(line=change.line),
        ]
        if content is not None:
            words += [content.at, ", ".join(change.fields) or content.text.partition("\n")[0][:50]]
        lines.append("  ".join(words))
    return lines


def _told(found: Comparison, *, remove: bool) -> str:
    conflicts = len(found.of(Kind.CONFLICT))
    message = _("{added} to add, {changed} to change, {removed} to cancel, {same} the same.").format(
        added=len(found.of(Kind.ADDED)),
        changed=len(found.of(Kind.CHANGED)),
        removed=len(found.of(Kind.REMOVED)) if remove else 0,
        same=len(found.of(Kind.UNCHANGED, Kind.KEPT)),
    )
    if conflicts:
        message += " " + ngettext(
            "{count} post was changed on both sides.", "{count} posts were changed on both sides.", conflicts
        ).format(count=conflicts)
    return message
