"""``smm-tui profile``: how pages look, and how they shall look."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import DONE, REFUSED, USAGE, WAITING, Session
from smm_tui.cli.verbs import LET_PASS, NUMBER, Noun, pass_session, read_stdin
from smm_tui.domain.clock import Instant, iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.services.profile_queries import (
    FIELDS,
    LABELS,
    PICTURES,
    Match,
    Page,
    can_read,
    rules_of,
    shown_live,
    takes,
)

if TYPE_CHECKING:
    from smm_tui.db.reads.accounts import AccountRow
    from smm_tui.db.reads.profiles import WishRow
    from smm_tui.services.profiles import ProfileDraft
    from smm_tui.services.receipt import Receipt

ACCOUNTS = click.argument("accounts", metavar="[A...]", nargs=-1)
PROJECT = click.option("--project", metavar="P", help=_("All pages of this project."))
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Only say what would happen."))


@click.group(
    cls=Noun,
    help=_(
        "Pages: name, description, website, links, pictures and pinned post, wanted against live. A is an account by "
        "id or handle. What is set is noted; `apply` lets the worker bring it about."
    ),
)
def profile() -> None:
    pass


@profile.command(help=_("Pages as they are wanted and as they were live when they were last looked at."))
@ACCOUNTS
@PROJECT
@click.option("--look", is_flag=True, help=_("Look at them now."))
@pass_session
def show(session: Session, accounts: tuple[str, ...], project: str | None, look: bool) -> int:
    return _shown(session, _rows(session, accounts, project), look=look, only_differing=False)


@profile.command(help=_("What is not live as it is wanted. Exit status 3: something differs."))
@ACCOUNTS
@PROJECT
@click.option("--look", is_flag=True, help=_("Look at the pages now."))
@pass_session
def diff(session: Session, accounts: tuple[str, ...], project: str | None, look: bool) -> int:
    return _shown(session, _rows(session, accounts, project), look=look, only_differing=True)


@profile.command(
    "set", help=_("Say how pages shall look; what is not given stays. All pages or none, and nothing is sent yet.")
)
@ACCOUNTS
@PROJECT
@click.option("--name", help=_("What the page is called."))
@click.option("--description", metavar="TEXT|-", help=_("What it says of itself; - reads standard input."))
@click.option("--website", metavar="URL", help=_("Its address elsewhere."))
@click.option("--link", "links", multiple=True, metavar="LABEL=URL", help=_("Its links, all of them, in order."))
@click.option("--no-links", is_flag=True, help=_("No links at all."))
@click.option("--avatar", metavar="FILE", help=_("Its picture."))
@click.option("--cover", metavar="FILE", help=_("The wide picture on top."))
@click.option("--pin", metavar="POST|none", help=_("The post on top of the page, by its number."))
@click.option("--variant", "variants", multiple=True, metavar="A:FIELD=VALUE", help=_("One page says it otherwise."))
@click.option("--at", metavar="WHEN", help=_("Bring it about then."))
@click.option("--until", metavar="WHEN", help=_("Then what was there before comes back."))
@LET_PASS
@DRY_RUN
@pass_session
def set_(
    session: Session,
    accounts: tuple[str, ...],
    project: str | None,
    name: str | None,
    description: str | None,
    website: str | None,
    links: tuple[str, ...],
    no_links: bool,
    avatar: str | None,
    cover: str | None,
    pin: str | None,
    variants: tuple[str, ...],
    at: str | None,
    until: str | None,
    let_pass: Container[str],
    dry_run: bool,
) -> int:
    from smm_tui.services.profiles import ProfileDraft

    rows = _rows(session, accounts, project)
    texts = {"name": name, "description": read_stdin() if description == "-" else description, "website": website,
             "pinned": pin}  # fmt: skip
    values: dict[str, Any] = {field: text for field, text in texts.items() if text is not None}
    status = DONE
    with suppress(_OnlyAsked), session.workspace.media.provisional():
        for field, path in (("avatar", avatar), ("cover", cover)):
            if path is not None:
                values[field] = session.workspace.media.add(path).sha256
        if links or no_links:
            values["links"] = [_link(word) for word in links]
        draft = ProfileDraft(values, dict(_variant(session, rows, word) for word in variants))
        begin, end = (None if words is None else _when(session, rows, words) for words in (at, until))
        if dry_run:
            status = _examined(session, rows, draft)
            raise _OnlyAsked
        done = session.workspace.profiles.set([row.id for row in rows], draft, at=begin, until=end, let_pass=let_pass)
        _told(session, done)
    return status


class _OnlyAsked(Exception):
    """Ends a dry run: files that came into the media store for it go again."""


def _examined(session: Session, rows: list[AccountRow], draft: ProfileDraft) -> int:
    """Tell what a draft would do."""
    outcome = session.workspace.profiles.examine([row.id for row in rows], draft)
    handles = {row.id: row.handle for row in rows}
    lines = [
        f"{handles[number]}: {_(LABELS[field])}" for number, wanted in outcome.wanted.items() for field in wanted
    ]
    session.show(
        {
            "dry_run": True,
            "wanted": [{"account_id": number, "wanted": wanted} for number, wanted in outcome.wanted.items()],
            "left_out": list(outcome.left_out),
            "problems": list(outcome.problems),
        },
        [*lines, *outcome.left_out, *outcome.problems],
    )
    return USAGE if outcome.problems else DONE


@profile.command(help=_("Let the worker bring about what was noted for pages, also what failed before."))
@ACCOUNTS
@PROJECT
@click.option("--at", metavar="WHEN", help=_("Not at once, but then."))
@LET_PASS
@DRY_RUN
@pass_session
def apply(
    session: Session,
    accounts: tuple[str, ...],
    project: str | None,
    at: str | None,
    let_pass: Container[str],
    dry_run: bool,
) -> None:
    rows = _rows(session, accounts, project)
    if dry_run:
        _shown(session, rows, look=False, only_differing=True)
        return
    when = None if at is None else _when(session, rows, at)
    _told(session, session.workspace.profiles.apply([row.id for row in rows], at=when, let_pass=let_pass))


@profile.command(help=_("Bring back what a page showed before a change, by the number of the change."))
@click.argument("wish", metavar="CHANGE", type=NUMBER)
@DRY_RUN
@pass_session
def rollback(session: Session, wish: int, dry_run: bool) -> None:
    if dry_run:
        row = session.workspace.profile_queries.wish(wish)
        before = {field: (row.before or {}).get(field) for field in row.wanted}
        session.show(
            {"dry_run": True, "change": wish, "before": before},
            layout.facts([(_(LABELS[field]), shown_live(field, value)) for field, value in before.items()]),
        )
        return
    _told(session, session.workspace.profiles.rollback(wish))


@profile.command(help=_("No longer want a change; what is live stays."))
@click.argument("wish", metavar="CHANGE", type=NUMBER)
@pass_session
def drop(session: Session, wish: int) -> None:
    _told(session, session.workspace.profiles.drop(wish))


@profile.command(help=_("What was wanted of a page and what became of it, the newest first."))
@click.argument("account", metavar="A")
@pass_session
def history(session: Session, account: str) -> None:
    row = session.workspace.account_queries.find(account)
    wishes = session.workspace.profile_queries.history(row.id)
    session.show(
        [wish_document(wish) for wish in wishes],
        layout.table(
            (_("Change"), _("State"), _("Fields"), _("From"), _("Until"), _("By"), _("What went wrong")),
            [
                (
                    wish.id,
                    _(wish.state),
                    ", ".join(_(LABELS[field]) for field in wish.wanted),
                    layout.moment(wish.applied_at or wish.due_at),
                    layout.moment(wish.until_at),
                    wish.actor,
                    wish.error_message,
                )
                for wish in wishes
            ],
            _("Nothing was ever wanted of this page."),
        ),
    )


@profile.command(help=_("What a new page needs; steps that only a person can see are ticked off."))
@click.argument("account", metavar="A")
@click.option("--tick", "ticked", multiple=True, metavar="STEP", help=_("This is done."))
@click.option("--untick", "open_", multiple=True, metavar="STEP", help=_("This is not done after all."))
@pass_session
def checklist(session: Session, account: str, ticked: tuple[str, ...], open_: tuple[str, ...]) -> None:
    row = session.workspace.account_queries.find(account)
    for step in ticked:
        session.workspace.profiles.tick(row.id, step)
    for step in open_:
        session.workspace.profiles.tick(row.id, step, done=False)
    steps = session.workspace.profile_queries.checklist(row.id)
    signs = {"done": "[x]", "open": "[ ]", "unknown": "[?]"}
    session.show(
        {
            "account": row.handle,
            "account_id": row.id,
            "steps": [
                {
                    "name": step.name,
                    "title": step.title,
                    "state": step.state,
                    "by_hand": step.by_hand,
                    "hint": step.hint or None,
                }
                for step in steps
            ],
        },
        layout.table(
            ("", _("Step"), "", _("Note")),
            [(signs[step.state], step.name, step.title, step.hint if step.state != "done" else "") for step in steps],
            "",
        ),
    )


@profile.command(help=_("What each network takes of a page, said before anything is sent."))
@ACCOUNTS
@PROJECT
@pass_session
def limits(session: Session, accounts: tuple[str, ...], project: str | None) -> None:
    documents, lines = [], []
    for row in _rows(session, accounts, project):
        rules = rules_of(row)
        for field in FIELDS:
            writable, limit = takes(row, rules, field)
            documents.append(
                {
                    "account": row.handle,
                    "account_id": row.id,
                    "network": row.network,
                    "field": field,
                    "writable": writable,
                    "limit": limit,
                    "unit": "bytes" if field in PICTURES else "links" if field == "links" else "characters",
                    "mime_types": sorted(rules.mime_types) if rules and field in PICTURES else [],
                }
            )
            shown = "" if limit is None else f"{limit / 1e6:.1f} MB" if field in PICTURES else str(limit)
            title = registry.spec(row.network).title
            lines.append((row.handle, title, _(LABELS[field]), _("yes") if writable else _("no"), shown))
    header = (_("Account"), _("Network"), _("Field"), _("Can be set"), _("At most"))
    session.show(documents, layout.table(header, lines, _("No accounts.")))


# Parts


def _rows(session: Session, accounts: tuple[str, ...], project: str | None) -> list[AccountRow]:
    workspace = session.workspace
    where = workspace.project_queries.find(project).id if project else None
    if accounts:
        found = [workspace.account_queries.find(word, where) for word in accounts]
        return list({row.id: row for row in found}.values())
    if where is None:
        raise InvalidInput(
            _("Which pages? Name accounts, or a project with --project."),
            _("`smm-tui account list` shows them."),
            field="account",
        )
    return [row for row in workspace.account_queries.of_project(where) if can_read(row)]


def _shown(session: Session, rows: list[AccountRow], *, look: bool, only_differing: bool) -> int:
    failed = []
    if look:
        report = session.workspace.worker().show_once(accounts=[row.id for row in rows])
        if report is None:
            session.say(_("Another worker leads: it looks at pages by itself once a day."))
    pages = [session.workspace.profile_queries.page(row.id) for row in rows]
    failed = [page for page in pages if look and page.error]
    lines = []
    for page in pages:
        shown = [
            (
                _(LABELS[field.field]),
                _SIGNS[field.match],
                field.shown_wanted or "-",
                field.shown_live or "-",
            )
            for field in page.fields
            if field.match is not Match.ABSENT and (not only_differing or field.match is Match.DIFFERS)
        ]
        title = f"{page.account.handle} ({registry.spec(page.account.network).title})"
        seen = _("never looked at") if page.at is None else _("as of {when}").format(when=layout.moment(page.at))
        lines += [f"{title}, {seen}", *([page.error] if page.error else [])]
        header = (_("Field"), "", _("Wanted"), _("Live"))
        lines += [f"  {line}" for line in layout.table(header, shown, _("Everything is as it is wanted."))]
        lines += [f"  {_waits(wish)}" for wish in (*page.waiting, *page.failed)]
    session.show([page_document(page) for page in pages], lines or [_("No pages.")])
    if failed:
        return REFUSED
    return WAITING if only_differing and any(page.differing for page in pages) else DONE


_SIGNS = {Match.SAME: "=", Match.DIFFERS: "!", Match.UNTOLD: "", Match.UNSEEN: "?", Match.ABSENT: ""}


def _waits(wish: WishRow) -> str:
    fields = ", ".join(_(LABELS[field]) for field in wish.wanted)
    if wish.error_message:
        return _("Change {id} ({fields}), {state}: {error}").format(
            id=wish.id, fields=fields, state=_(wish.state), error=wish.error_message
        )
    return _("Change {id} ({fields}), {state}, due {when}").format(
        id=wish.id, fields=fields, state=_(wish.state), when=layout.moment(wish.due_at)
    )


def _link(word: str) -> tuple[str, str]:
    label, sign, url = word.partition("=")
    if not sign:
        raise InvalidInput(
            _("“{word}” is no link.").format(word=word), _("Write LABEL=https://ADDRESS."), field="link"
        )
    return label, url


def _variant(session: Session, rows: list[AccountRow], word: str) -> tuple[tuple[int, str], Any]:
    which, sign, value = word.partition("=")
    name, colon, field = which.rpartition(":")
    if not sign or not colon or field not in FIELDS:
        raise InvalidInput(
            _("“{word}” is no variant.").format(word=word),
            _("Write ACCOUNT:FIELD=VALUE; fields are: {names}.").format(names=", ".join(FIELDS)),
            field="variant",
        )
    row = session.workspace.account_queries.find(name)
    if row.id not in [each.id for each in rows]:
        raise InvalidInput(
            _("{handle} is not among the pages that are set.").format(handle=row.handle), field="variant"
        )
    if field in PICTURES:
        return (row.id, field), session.workspace.media.add(value).sha256
    if field == "links":
        return (row.id, field), [_link(part) for part in value.split() if part]
    return (row.id, field), value


def _when(session: Session, rows: list[AccountRow], words: str) -> Instant:
    zone = session.workspace.project_queries.get(rows[0].project_id).timezone if rows else "UTC"
    return parse_when(words, now=session.workspace.clock(), zone=zone).instant


def _told(session: Session, done: Receipt) -> None:
    wishes = [session.workspace.profile_queries.wish(number) for number in done.ids]
    session.show({**shapes.receipt(done), "changes": [wish_document(wish) for wish in wishes]}, [done.message])


def wish_document(wish: WishRow) -> dict[str, Any]:
    """A change of a page as JSON."""
    return {
        "id": wish.id,
        "account_id": wish.account_id,
        "state": wish.state,
        "wanted": wish.wanted,
        "before": wish.before,
        "after": wish.after,
        "at": iso(wish.due_at),
        "until": iso(wish.until_at),
        "reverts": wish.reverts,
        "actor": wish.actor,
        "identity": wish.identity,
        "created_at": iso(wish.created_at),
        "sent_at": iso(wish.first_sent_at),
        "applied_at": iso(wish.applied_at),
        "error": wish.error_message or None,
        "hint": wish.error_hint or None,
    }


def page_document(page: Page) -> dict[str, Any]:
    """A page as JSON."""
    return {
        "account": page.account.handle,
        "account_id": page.account.id,
        "project": page.account.project,
        "network": page.account.network,
        "as_of": iso(page.at),
        "error": page.error or None,
        "differing": page.differing,
        "fields": [
            {
                "field": row.field,
                "wanted": row.wanted,
                "live": row.live,
                "match": row.match.value,
                "writable": row.writable,
                "limit": row.limit,
            }
            for row in page.fields
        ],
        "draft": None if page.draft is None else wish_document(page.draft),
        "waiting": [wish_document(wish) for wish in page.waiting],
        "failed": [wish_document(wish) for wish in page.failed],
    }
