"""``smm-tui inbox``: what people write, and what is done about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import DONE, REFUSED, Session
from smm_tui.cli.verbs import LET_PASS, NUMBER, Noun, ids_from, pass_session, read_stdin
from smm_tui.db.reads.messages import QueueFilter
from smm_tui.domain.clock import DAY, MINUTE, Instant, iso
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.domain.service_level import read_hours
from smm_tui.domain.states import OPEN, MessageState
from smm_tui.i18n import _, ngettext
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.services.inbox_queries import REPLY

if TYPE_CHECKING:
    from smm_tui.db.reads.messages import MessageRow
    from smm_tui.services.inbox import InboxService
    from smm_tui.services.receipt import Receipt

IDS = click.argument("ids", metavar="ID...", nargs=-1)
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
PROJECT = click.option("--project", metavar="P", help=_("Only this project."))
ACCOUNT = click.option("--account", metavar="A", help=_("Only this account."))


@click.group(cls=Noun, help=_("What people write to the accounts: read it, answer it, and act on it. - reads IDs."))
def inbox() -> None:
    pass


# Reading


@inbox.command(help=_("Read the inboxes now, and send what was decided. Exit status 1: some could not be read."))
@PROJECT
@ACCOUNT
@click.option("--dismiss-gaps", is_flag=True, help=_("What could not be read any more was seen: say it no longer."))
@pass_session
def sync(session: Session, project: str | None, account: str | None, dismiss_gaps: bool) -> int:
    from smm_tui.services.inbox_queries import has_inbox

    workspace = session.workspace
    row = workspace.project_queries.find(project) if project else None
    if account is None:
        accounts = workspace.account_queries.of_project(row.id if row else None)
    else:
        accounts = [workspace.account_queries.find(account, row.id if row else None)]
    ids = [one.id for one in accounts if has_inbox(one)]
    if dismiss_gaps:
        workspace.inbox.dismiss_gaps(ids)
    report = workspace.worker().read_once(accounts=ids)
    if report is None:
        from smm_tui.services.ingest import Ingest

        Ingest(workspace.db).hurry(ids)
    inboxes = workspace.inbox_queries.inboxes(ids)
    lines = [
        _("Another worker leads: it reads them now.")
        if report is None
        else _("{new} new, {edited} changed, {gone} taken back, {answered} answered elsewhere.").format(
            new=report.new, edited=report.edited, gone=report.gone, answered=report.answered
        )
    ]
    handles = {one.id: one.handle for one in accounts}
    for found in inboxes.values():
        lines += [f"{handles[found.account_id]}: {sentence}" for sentence in (found.error, found.gap) if sentence]
    session.show(
        {
            **(asdict(report) if report is not None else {}),
            "led": report is not None,
            "accounts": [
                {
                    "id": number,
                    "handle": handles[number],
                    "read_at": iso(inboxes[number].fetched_at) if number in inboxes else None,
                    "gap": (inboxes[number].gap or None) if number in inboxes else None,
                    "error": (inboxes[number].error or None) if number in inboxes else None,
                }
                for number in ids
            ],
        },
        lines,
    )
    return REFUSED if report is not None and report.failed else DONE


@inbox.command("list", help=_("Messages by the time left to answer them; those that wait, unless --state says more."))
@PROJECT
@ACCOUNT
@click.option("--state", type=click.Choice([*map(str, MessageState), "all"]), help=_("Only those in this state."))
@click.option("--kind", type=click.Choice(list(ItemKind)), help=_("Only this kind."))
@click.option("--search", metavar="WORDS", default="", help=_("Only those with these words, the newest first."))
@click.option("--assigned", metavar="WHO", help=_("Only whose work it is."))
@click.option("--label", metavar="LABEL", default="", help=_("Only those with this label."))
@click.option("--late", is_flag=True, help=_("Only those that should be answered by now."))
@click.option("--limit", type=NUMBER, default=50, show_default=True, help=_("How many."))
@pass_session
def list_(
    session: Session,
    /,
    project: str | None,
    account: str | None,
    state: str | None,
    kind: str | None,
    search: str,
    assigned: str | None,
    label: str,
    late: bool,
    limit: int,
) -> None:
    workspace = session.workspace
    row = workspace.project_queries.find(project) if project else None
    one = workspace.account_queries.find(account, row.id if row else None) if account else None
    which = QueueFilter(
        project_id=row.id if row else None,
        account_id=one.id if one else None,
        states=OPEN if state is None else tuple(MessageState) if state == "all" else (MessageState(state),),
        kinds=(kind,) if kind else (),
        assigned_to=assigned,
        label=label,
        text=search,
        late=late,
    )
    ids = workspace.inbox_queries.ids(which, limit=limit)
    found = workspace.inbox_queries.messages(ids)
    session.show(
        _documents(session, [found[number] for number in ids]),
        layout.table(
            (_("ID"), _("Due"), _("Project"), _("Network"), _("Kind"), _("State"), _("Author"), _("Text")),
            [
                (
                    message.id,
                    layout.moment(message.due_at),
                    message.project,
                    message.network,
                    message.kind,
                    message.state,
                    _author(message),
                    " ".join(message.text[:200].split()),
                )
                for message in (found[number] for number in ids)
            ],
            _("Nothing waits here."),
        ),
    )


@inbox.command(help=_("One message with its conversation, its author, and what became of it."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def show(session: Session, number: int) -> None:
    queries = session.workspace.inbox_queries
    talk = queries.conversation(number)
    trace = queries.trace(number)
    message = talk.message
    card = None if message.author_id is None else queries.author_card(message.author_id, message.project_id)
    document = _documents(session, [message])[0] | {
        "thread": [
            {
                "id": one.id,
                "author": _author(one) or None,
                "own": one.own,
                "text": one.text,
                "state": one.state,
                "at": iso(one.created_at),
                "gone_at": iso(one.gone_at),
            }
            for one in talk.messages
        ],
        "edits": [{"text": edit.text, "replaced_at": iso(edit.replaced_at)} for edit in talk.edits],
        "actions": [shapes.action(action, attempts) for action, attempts in trace.actions],
        "log": [shapes.audit(line) for line in trace.log],
        "notes": [{"text": note.text, "by": note.actor, "at": iso(note.created_at)} for note in card.notes]
        if card
        else [],
        "strikes": [
            {"reason": strike.reason, "at": iso(strike.created_at), "expires_at": iso(strike.expires_at)}
            for strike in card.strikes
        ]
        if card
        else [],
    }
    session.show(
        document,
        [
            *layout.facts(
                [
                    (_("Message"), message.id),
                    (_("Project"), message.project),
                    (_("Account"), f"{message.handle} ({message.network})"),
                    (_("State"), message.state),
                    (_("Received"), layout.moment(message.received_at)),
                    (_("Due"), layout.moment(message.due_at)),
                    (_("Assigned to"), message.assigned_to),
                    (_("Labels"), ", ".join(message.labels)),
                    (_("Rules"), ", ".join(hit.name for hit in trace.rules)),
                    (_("Address"), message.url),
                    (_("Post"), talk.post.text if talk.post else ""),
                ]
            ),
            *(
                f"{'>' if one.id == number else ' '} {layout.moment(one.created_at)}  {_author(one)}: {one.text}"
                for one in talk.messages
            ),
            *(f"  {layout.utc(line.at)}  {line.actor}  {line.summary}" for line in trace.log),
            *(
                f"  {action.id}  {action.verb}  {action.state}  {action.error_message} {action.error_hint}".rstrip()
                for action, _attempts in trace.actions
            ),
        ],
    )


# Verdicts that stay here


def _local(name: str, help: str, do: Callable[[InboxService, list[int]], Receipt]) -> None:
    @inbox.command(name, help=help)
    @IDS
    @DRY_RUN
    @pass_session
    def command(session: Session, ids: tuple[str, ...], dry_run: bool) -> None:
        numbers = ids_from(ids, "message")
        if dry_run:
            _told_dry(session, numbers, name)
            return
        _told(session, do(session.workspace.inbox, numbers))


_local("approve", _("They are fine as they are."), lambda service, ids: service.approve(ids))
_local("close", _("Nothing more is to be done."), lambda service, ids: service.close(ids))
_local("reopen", _("Back into the queue."), lambda service, ids: service.reopen(ids))
_local("flag", _("Somebody should look at them."), lambda service, ids: service.flag(ids))


@inbox.command(help=_("Out of the queue until a time, as “tomorrow 9” or “+2h”."))
@IDS
@click.option("--until", metavar="WHEN", required=True, help=_("When they come back."))
@DRY_RUN
@pass_session
def snooze(session: Session, ids: tuple[str, ...], until: str, dry_run: bool) -> None:
    numbers = ids_from(ids, "message")
    moment = _moment(session, until, numbers)
    if dry_run:
        _told_dry(session, numbers, "snooze")
        return
    _told(session, session.workspace.inbox.snooze(numbers, moment))


@inbox.command(help=_("Whose work they are; an empty WHO: nobody's."))
@IDS
@click.option("--to", metavar="WHO", required=True, help=_("A name."))
@pass_session
def assign(session: Session, ids: tuple[str, ...], to: str) -> None:
    _told(session, session.workspace.inbox.assign(ids_from(ids, "message"), to))


@inbox.command(help=_("Put labels on, or take them off."))
@IDS
@click.option("--add", metavar="LABEL", multiple=True, help=_("A label to put on."))
@click.option("--remove", metavar="LABEL", multiple=True, help=_("A label to take off."))
@pass_session
def label(session: Session, ids: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]) -> None:
    _told(session, session.workspace.inbox.label(ids_from(ids, "message"), add=add, remove=remove))


@inbox.command(help=_("Something the team should know of a message's author."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--text", metavar="TEXT", required=True, help=_("The note; - reads it."))
@pass_session
def note(session: Session, number: int, text: str) -> None:
    message = session.workspace.inbox_queries.get(number)
    if message.author_id is None:
        raise InvalidInput(_("Nobody knows who wrote that."), field="message")
    words = read_stdin() if text == "-" else text
    _told(session, session.workspace.inbox.note(message.author_id, message.project_id, words))


@inbox.command(help=_("Warn the authors of messages."))
@IDS
@click.option("--reason", metavar="TEXT", required=True, help=_("Why."))
@click.option("--days", type=NUMBER, default=90, show_default=True, help=_("When it is forgotten."))
@pass_session
def strike(session: Session, ids: tuple[str, ...], reason: str, days: int) -> None:
    _told(session, session.workspace.inbox.strike(ids_from(ids, "message"), reason, days=days))


@inbox.command(help=_("The authors of these messages are one person."))
@IDS
@click.option("--name", metavar="NAME", default="", help=_("What the person is called."))
@pass_session
def link(session: Session, ids: tuple[str, ...], name: str) -> None:
    found = session.workspace.inbox_queries.messages(ids_from(ids, "message"))
    authors = [row.author_id for row in found.values() if row.author_id is not None]
    _told(session, session.workspace.inbox.link(list(dict.fromkeys(authors)), name))


@inbox.command(help=_("The authors of these messages are somebody of their own again."))
@IDS
@pass_session
def unlink(session: Session, ids: tuple[str, ...]) -> None:
    found = session.workspace.inbox_queries.messages(ids_from(ids, "message"))
    authors = dict.fromkeys(row.author_id for row in found.values() if row.author_id is not None)
    if not authors:
        raise InvalidInput(_("Nobody knows who wrote that."), field="message")
    receipts = [session.workspace.inbox.unlink(number) for number in authors]
    session.show([shapes.receipt(done) for done in receipts], [done.message for done in receipts])


@inbox.command(help=_("Take a strike away before its time, by the number that `person` tells."))
@click.argument("number", type=NUMBER, metavar="STRIKE")
@pass_session
def forgive(session: Session, number: int) -> None:
    _told(session, session.workspace.inbox.forgive(number))


@inbox.command("drop-note", help=_("Throw a note away, by the number that `person` tells."))
@click.argument("number", type=NUMBER, metavar="NOTE")
@pass_session
def drop_note(session: Session, number: int) -> None:
    _told(session, session.workspace.inbox.drop_note(number))


@inbox.command(help=_("Who wrote a message: their names, history, notes, strikes and bans."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def person(session: Session, number: int) -> None:
    queries = session.workspace.inbox_queries
    message = queries.get(number)
    if message.author_id is None:
        raise InvalidInput(_("Nobody knows who wrote that."), field="message")
    card = queries.author_card(message.author_id, message.project_id)
    document = shapes.person(card)
    session.show(
        document,
        [
            *layout.facts(
                [
                    (_("Person"), card.author.person or ""),
                    *((_("Name"), f"{one.name} {one.handle} {one.network}") for one in (card.author, *card.authors)),
                    (_("Messages"), card.author.messages),
                    (_("Hidden"), card.author.hidden),
                    *((ban.verb, f"{ban.account} {layout.moment(ban.until)} {ban.reason}") for ban in card.bans),
                    *(
                        (_("Strike {id}").format(id=one.id), f"{one.reason} ({layout.moment(one.expires_at)})")
                        for one in card.strikes
                    ),
                    *((_("Note {id}").format(id=one.id), one.text) for one in card.notes),
                ]
            ),
            *(f"  {one.id}  {one.state}  {' '.join(one.text[:200].split())}" for one in card.recent),
        ],
    )


# Verdicts that the network hears of


def _verdict(name: str, help: str, verb: Verb) -> None:
    @inbox.command(name, help=help)
    @IDS
    @DRY_RUN
    @pass_session
    def command(session: Session, ids: tuple[str, ...], dry_run: bool) -> None:
        numbers = ids_from(ids, "message")
        if dry_run:
            _told_dry(session, numbers, verb)
            return
        _told(session, session.workspace.inbox.act(numbers, verb))


_verdict("like", _("Like them."), Verb.LIKE)
_verdict("unlike", _("Like them no longer."), Verb.UNLIKE)
_verdict("hide", _("Hide them from others."), Verb.HIDE)
_verdict("unhide", _("Show them again."), Verb.UNHIDE)
_verdict("delete", _("Delete them there."), Verb.DELETE)
_verdict("restore", _("Bring back what was deleted, where the network keeps it."), Verb.RESTORE)
_verdict("unban", _("Let their authors back in."), Verb.UNBAN)
_verdict("unmute", _("Hear their authors again."), Verb.UNMUTE)
_verdict("unrestrict", _("Let their authors write again."), Verb.UNRESTRICT)


def _term(name: str, help: str, verb: Verb) -> None:
    @inbox.command(name, help=help)
    @IDS
    @click.option("--days", type=NUMBER, help=_("For so long; without: for good."))
    @click.option("--reason", metavar="TEXT", default="", help=_("Why."))
    @DRY_RUN
    @pass_session
    def command(session: Session, ids: tuple[str, ...], days: int | None, reason: str, dry_run: bool) -> None:
        numbers = ids_from(ids, "message")
        if dry_run:
            _told_dry(session, numbers, verb)
            return
        until = None if days is None else session.workspace.clock() + min(days, 36_500) * DAY
        _told(session, session.workspace.inbox.act(numbers, verb, until=until, reason=reason))


_term("ban", _("Shut their authors out."), Verb.BAN)
_term("mute", _("Hear nothing of their authors."), Verb.MUTE)
_term("restrict", _("Their authors may read, and not write."), Verb.RESTRICT)


@inbox.command(help=_("Tell the network's own moderators."))
@IDS
@click.option("--reason", metavar="TEXT", default="", help=_("Why."))
@DRY_RUN
@pass_session
def report(session: Session, ids: tuple[str, ...], reason: str, dry_run: bool) -> None:
    numbers = ids_from(ids, "message")
    if dry_run:
        _told_dry(session, numbers, Verb.REPORT)
        return
    _told(session, session.workspace.inbox.act(numbers, Verb.REPORT, reason=reason))


@inbox.command(help=_("They are spam: hidden where that can be, else closed."))
@IDS
@pass_session
def spam(session: Session, ids: tuple[str, ...]) -> None:
    _told(session, session.workspace.inbox.spam(ids_from(ids, "message")))


@inbox.command(help=_("Answer a message, in words or with a saved reply."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--text", metavar="TEXT", help=_("The answer; - reads it."))
@click.option("--saved", metavar="NAME", help=_("A saved reply."))
@LET_PASS
@DRY_RUN
@pass_session
def reply(
    session: Session, number: int, text: str | None, saved: str | None, let_pass: Container[str], dry_run: bool
) -> None:
    workspace = session.workspace
    message = workspace.inbox_queries.get(number)
    if (text is None) == (saved is None):
        raise click.UsageError(_("Give --text or --saved."))
    saved_id = None
    if saved is not None:
        known = workspace.saved_replies.find(saved, message.project_id)
        saved_id, words = known.id, workspace.saved_replies.fill(known.text, message)
    else:
        words = read_stdin().rstrip("\n") if text == "-" else text or ""
    if dry_run:
        length = workspace.inbox.check_reply(number, words)
        can = workspace.inbox_queries.possible(message, REPLY)
        session.show(
            {
                "dry_run": True,
                "id": number,
                "text": words,
                "length": length,
                "possible": can.yes,
                "why": can.why or None,
                "final": can.final or None,
            },
            [words, *(sentence for sentence in (can.why, can.final) if sentence)],
        )
        return
    _told(session, workspace.inbox.reply(number, words, saved_id=saved_id, let_pass=let_pass))


@inbox.command(help=_("What you found out about an action that is unknown or failed."))
@click.argument("number", type=NUMBER, metavar="ACTION")
@click.option("--sent", "answer", flag_value="sent", help=_("It is there."))
@click.option("--again", "answer", flag_value="again", help=_("It is not there: send it again."))
@click.option("--drop", "answer", flag_value="drop", help=_("Let it go."))
@LET_PASS
@pass_session
def resolve(session: Session, number: int, answer: str | None, let_pass: Container[str]) -> None:
    if answer is None:
        raise click.UsageError(_("Give --sent, --again or --drop."))
    _told(session, session.workspace.inbox.resolve(number, answer, let_pass=let_pass))


# Figures and questions


@inbox.command(help=_("How soon people are answered, how much is handled, and what waits."))
@PROJECT
@click.option("--days", type=NUMBER, default=30, show_default=True, help=_("Of so many days until now."))
@pass_session
def stats(session: Session, project: str | None, days: int) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    now = session.workspace.clock()
    start = now - min(days, 36_500) * DAY
    found = session.workspace.inbox_figures.between(start, now + 1, row.id if row else None)
    session.show(
        {
            "from": iso(start),
            "to": iso(now),
            "figures": [
                {
                    "project": one.project,
                    "project_id": one.project_id,
                    "kind": one.kind or None,
                    "received": one.received,
                    "answered": one.answered,
                    "in_time": one.in_time,
                    "first_response_median_minutes": _minutes(one.median),
                    "first_response_p90_minutes": _minutes(one.p90),
                    "working_median_minutes": _minutes(one.worked_median),
                    "working_p90_minutes": _minutes(one.worked_p90),
                    "handled": one.handled,
                    "handled_per_hour": one.handled_per_hour,
                    "backlog": one.backlog,
                    "late": one.late,
                }
                for one in found
            ],
        },
        layout.table(
            (
                _("Project"),
                _("Kind"),
                _("Received"),
                _("Answered"),
                _("In time"),
                _("Median min"),
                _("90% min"),
                _("Working median"),
                _("Working 90%"),
                _("Per hour"),
                _("Waits"),
                _("Late"),
            ),
            [
                (
                    one.project,
                    one.kind or _("all"),
                    one.received,
                    one.answered,
                    one.in_time,
                    _minutes(one.median),
                    _minutes(one.p90),
                    _minutes(one.worked_median),
                    _minutes(one.worked_p90),
                    "" if one.kind else one.handled_per_hour,
                    one.backlog,
                    one.late,
                )
                for one in found
            ],
            _("No projects yet."),
        ),
    )


@inbox.command(help=_("What is asked again and again; from it a saved reply, or an idea for the plan."))
@PROJECT
@click.option("--days", type=NUMBER, default=30, show_default=True, help=_("Within so many days."))
@pass_session
def questions(session: Session, project: str | None, days: int) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    found = session.workspace.saved_replies.questions(row.id if row else None, days=min(days, 36_500))
    session.show(
        [
            {
                "text": one.text,
                "count": len(one.ids),
                "unanswered": one.unanswered,
                "project_id": one.project_id,
                "ids": one.ids,
            }
            for one in found
        ],
        layout.table(
            (_("Times"), _("Unanswered"), _("Newest"), _("Question")),
            [(len(one.ids), one.unanswered, one.ids[0], " ".join(one.text.split())) for one in found],
            _("Nothing was asked twice."),
        ),
    )


@inbox.command(help=_("Make an idea of the plan of what was asked."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--text", metavar="TEXT", default="", help=_("Its words, if not those of the message."))
@pass_session
def idea(session: Session, number: int, text: str) -> None:
    _told(session, session.workspace.inbox.idea(number, text))


@inbox.command(help=_("How long replies and verdicts wait before they leave; 0 to 3600 seconds."))
@click.argument("seconds", type=click.IntRange(0, 3600))
@pass_session
def hold(session: Session, seconds: int) -> None:
    _told(session, session.workspace.inbox.set_hold(seconds))


@inbox.command(help=_("Promise how soon people of a project are answered. HOURS as 0-4=09:00-12:00,13:00-17:00."))
@click.option("--project", metavar="P", required=True, help=_("The project."))
@click.option("--minutes", type=NUMBER, required=True, help=_("Minutes of working time."))
@click.option("--kind", "kinds", metavar="KIND=MINUTES", multiple=True, help=_("Other minutes for one kind."))
@click.option("--hours", "spans", metavar="HOURS", multiple=True, help=_("Working hours; 0 is Monday. None: all."))
@click.option("--holidays/--no-holidays", default=False, help=_("Whether holidays are worked as well."))
@pass_session
def promise(
    session: Session, project: str, minutes: int, kinds: tuple[str, ...], spans: tuple[str, ...], holidays: bool
) -> None:
    from smm_tui.services import service_levels

    row = session.workspace.project_queries.find(project)
    receipt = service_levels.set_level(
        session.workspace.db,
        session.workspace.actor,
        row.id,
        minutes=minutes,
        by_kind=dict(_kind(word) for word in kinds),
        hours=read_hours(spans),
        holidays_off=not holidays,
    )
    _told(session, receipt)


# Saved replies


@inbox.group(cls=Noun, help=_("Texts to answer with; {author}, {post} and {link} are filled in."))
def saved() -> None:
    pass


@saved.command("list", help=_("Saved replies, the most used first."))
@PROJECT
@pass_session
def saved_list(session: Session, project: str | None) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    found = session.workspace.saved_replies.of_project(row.id if row else None)
    session.show(
        [
            {
                "id": one.id,
                "project_id": one.project_id,
                "name": one.name,
                "text": one.text,
                "language": one.language,
                "used": one.used,
            }
            for one in found
        ],
        layout.table(
            (_("ID"), _("Project"), _("Name"), _("Used"), _("Text")),
            [(one.id, one.project_id or _("all"), one.name, one.used, " ".join(one.text.split())) for one in found],
            _("No saved replies yet. Add one with `smm-tui inbox saved add`."),
        ),
    )


@saved.command("add", help=_("Keep a text; without --project it is everybody's."))
@PROJECT
@click.option("--name", metavar="NAME", required=True, help=_("What it is called."))
@click.option("--text", metavar="TEXT", required=True, help=_("The text; - reads it."))
@click.option("--language", metavar="CODE", default="", help=_("Its language, as en or hu."))
@pass_session
def saved_add(session: Session, project: str | None, name: str, text: str, language: str) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    words = read_stdin() if text == "-" else text
    _told(session, session.workspace.saved_replies.add(row.id if row else None, name, words, language=language))


@saved.command("edit", help=_("Change a saved reply."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--name", metavar="NAME", help=_("Another name."))
@click.option("--text", metavar="TEXT", help=_("Another text; - reads it."))
@pass_session
def saved_edit(session: Session, number: int, name: str | None, text: str | None) -> None:
    words = read_stdin() if text == "-" else text
    _told(session, session.workspace.saved_replies.edit(number, name=name, text=words))


@saved.command("remove", help=_("Throw a saved reply away."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def saved_remove(session: Session, number: int) -> None:
    _told(session, session.workspace.saved_replies.remove(number))


# Ban lists


@inbox.group(cls=Noun, help=_("Who is shut out: write the list out, apply it to another account."))
def bans() -> None:
    pass


@bans.command(help=_("The ban list as JSON, to standard output or into FILE."))
@PROJECT
@ACCOUNT
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, allow_dash=True))
@pass_session
def export(session: Session, project: str | None, account: str | None, file: Path | None) -> None:
    workspace = session.workspace
    row = workspace.project_queries.find(project) if project else None
    one = workspace.account_queries.find(account, row.id if row else None) if account else None
    lines = workspace.bans.export(project_id=row.id if row else None, account_id=one.id if one else None)
    text = json.dumps(lines, indent=2)
    if file is None or str(file) == "-":
        session.show(lines, [text])
        return
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise DataError(_("{path} cannot be written: {reason}.").format(path=file, reason=error.strerror)) from error
    message = _("Wrote {path}.").format(path=file)
    session.show({"path": str(file.absolute()), "count": len(lines), "message": message}, [message])


@bans.command(help=_("Shut the people of a ban list out of another account. - reads FILE."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--account", metavar="A", required=True, help=_("The account."))
@DRY_RUN
@pass_session
def apply(session: Session, file: Path, account: str, dry_run: bool) -> None:
    from smm_tui.services.bans import read_list

    one = session.workspace.account_queries.find(account)
    receipt, told = session.workspace.bans.apply(read_list(file), one.id, dry_run=dry_run)
    left_out = [line for line in told if line.why]
    session.show(
        {
            **shapes.receipt(receipt),
            "dry_run": dry_run,
            "left_out": [{"who": line.who, "verb": line.verb, "why": line.why} for line in left_out],
        },
        [receipt.message, *(f"{line.who}: {line.why}" for line in left_out)],
    )


@bans.command("list", help=_("Who is shut out, with the numbers that `lift` takes."))
@PROJECT
@ACCOUNT
@pass_session
def bans_list(session: Session, project: str | None, account: str | None) -> None:
    workspace = session.workspace
    row = workspace.project_queries.find(project) if project else None
    one = workspace.account_queries.find(account, row.id if row else None) if account else None
    found = workspace.inbox_queries.bans(project_id=row.id if row else None, account_id=one.id if one else None)
    session.show(
        [
            {
                "id": ban.id,
                "account": ban.account,
                "network": ban.network,
                "author": ban.author or ban.author_handle or ban.remote_id,
                "verb": ban.verb,
                "reason": ban.reason,
                "by": ban.actor,
                "since": iso(ban.created_at),
                "until": iso(ban.until),
            }
            for ban in found
        ],
        layout.table(
            (_("ID"), _("Who"), _("What"), _("Account"), _("Until"), _("Why"), _("By")),
            [
                (
                    ban.id,
                    ban.author or ban.author_handle,
                    ban.verb,
                    f"{ban.network} {ban.account}",
                    layout.moment(ban.until),
                    ban.reason,
                    ban.actor,
                )
                for ban in found
            ],
            _("Nobody is shut out."),
        ),
    )


@bans.command(help=_("Let people back in before their term ends: the numbers of `list`."))
@IDS
@pass_session
def lift(session: Session, ids: tuple[str, ...]) -> None:
    _told(session, session.workspace.bans.lift(ids_from(ids, "ban")))


# Parts


def _documents(session: Session, rows: Sequence[MessageRow]) -> list[dict[str, Any]]:
    rules = session.workspace.inbox_queries.rules_of([row.id for row in rows])
    return [shapes.message(row, rules.get(row.id, [])) for row in rows]


def _author(row: MessageRow) -> str:
    return row.handle if row.own else row.author or row.author_handle or row.author_remote_id


def _told(session: Session, receipt: Receipt) -> None:
    session.show(shapes.receipt(receipt), [receipt.message])


def _told_dry(session: Session, ids: list[int], verb: Verb | str) -> None:
    """What a verb would do, message by message."""
    queries = session.workspace.inbox_queries
    rows = {number: queries.get(number) for number in ids}
    can = {number: queries.possible(rows[number], verb) for number in ids} if isinstance(verb, Verb) else {}
    would = [number for number in ids if number not in can or can[number].yes]
    message = ngettext("Would do it to {count} message.", "Would do it to {count} messages.", len(would)).format(
        count=len(would)
    )
    session.show(
        {
            "dry_run": True,
            "verb": str(verb),
            "message": message,
            "messages": [
                {
                    "id": number,
                    "possible": number in would,
                    "why": (can[number].why or None) if number in can else None,
                    "final": (can[number].final or None) if number in can else None,
                }
                for number in ids
            ],
        },
        [message, *(f"{number}: {can[number].why or can[number].final}" for number in can if any(can[number][1:]))],
    )


def _moment(session: Session, words: str, ids: list[int]) -> Instant:
    project_id = session.workspace.inbox_queries.get(ids[0]).project_id
    return session.workspace.post_queries.parse_when(words, project_id).instant


def _minutes(span: Instant | None) -> float | None:
    return None if span is None else round(span / MINUTE, 1)


def _kind(word: str) -> tuple[str, int]:
    name, equals, minutes = word.partition("=")
    if not equals or not minutes.isdecimal():
        raise InvalidInput(_("“{word}” is not KIND=MINUTES.").format(word=word), field="kind")
    return name, int(minutes)
