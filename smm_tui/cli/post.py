"""``smm-tui post``: planning, approving and proving posts."""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import LET_PASS, NUMBER, Noun, ids_from, pass_session, read_stdin
from smm_tui.db.reads.posts import DeliveryRow
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import zones
from smm_tui.domain.approval import Audience
from smm_tui.domain.clock import Instant
from smm_tui.domain.distance import distance, week_numbers
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import State
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.services.client_parts import segment_id
from smm_tui.services.delivery_queries import Evidence
from smm_tui.services.extras import Extras
from smm_tui.services.post_queries import PostDetail, PostDraft
from smm_tui.services.receipt import Receipt
from smm_tui.services.scheme_parts import pillar_id

STATES = click.Choice([str(state) for state in State])
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing."))
IDS = click.argument("ids", nargs=-1, required=True, metavar="ID...")


@click.group(cls=Noun, help=_("Posts. WHEN is ISO 8601 or words (“fri 18:00”), in the project's zone."))
def post() -> None:
    pass


def _content(command: Any) -> Any:
    for option in reversed(
        (
            click.option(
                "--type", "content_type", metavar="T", help=_("informational, selling, entertaining, engaging.")
            ),
            click.option("--text", metavar="TEXT|-", help=_("The text; - reads it from standard input.")),
            click.option(
                "--account", "accounts", multiple=True, metavar="A", help=_("Where to; default: all accounts.")
            ),
            click.option(
                "--media", multiple=True, metavar="FILE[::ALT]", help=_("A picture or video, and what it shows.")
            ),
            click.option(
                "--variant", "variants", multiple=True, metavar="A=TEXT", help=_("Another text on one account.")
            ),
            click.option("--late", "late_rule", metavar="RULE", help=_("If overdue: skip, ask or send:MINUTES.")),
            click.option("--cw", "content_warning", metavar="TEXT", help=_("Content warning.")),
            click.option("--label", "labels", multiple=True, metavar="L", help=_("A content label, such as nudity.")),
            click.option("--poll", metavar="A|B|C", help=_("Answers to choose from; empty: no poll.")),
            click.option("--poll-hours", type=int, metavar="N", help=_("How long the poll is open; default: 24.")),
            click.option("--poll-multiple", is_flag=True, default=None, help=_("Several answers may be chosen.")),
            click.option("--link", metavar="URL", help=_("A link with a card of ours; empty: none.")),
            click.option("--link-title", metavar="TEXT", help=_("The title of the card.")),
            click.option("--link-description", metavar="TEXT", help=_("The description on the card.")),
            click.option("--first-comment", metavar="TEXT", help=_("A comment below the post, sent right after it.")),
            click.option("--pillar", metavar="NAME", help=_("The rubric it belongs to; empty: none.")),
            click.option("--segment", metavar="NAME", help=_("Whom it is for; empty: nobody in particular.")),
            click.option("--language", metavar="CODE", help=_("Language of the text, as en or hu.")),
        )
    ):
        command = option(command)
    return command


@post.command(help=_("Plan a post; without --at it is kept as a draft."))
@click.option("--project", required=True, metavar="P", help=_("The project it is for."))
@click.option("--at", metavar="WHEN", help=_("When it goes out."))
@_content
@pass_session
def add(session: Session, /, project: str, at: str | None, **content: Any) -> None:
    row = session.workspace.project_queries.find(project)
    with session.workspace.media.provisional():
        draft = _changed(session, PostDraft(row.id, language=row.language), at, content)
        receipt = session.workspace.posts.add(draft)
    _show_post(session, receipt)


@post.command("list", help=_("Posts by planned time. D is a date, or WHEN."))
@click.option("--project", metavar="P", help=_("Only those of this project."))
@click.option("--from", "start", metavar="D", help=_("Not before."))
@click.option("--to", "end", metavar="D", help=_("Not after; a date means all of that day."))
@click.option("--state", type=STATES, help=_("Only those in this state."))
@click.option("--type", "content_type", metavar="T", help=_("Only those of this content type."))
@click.option("--account", metavar="A", help=_("Only those that go to this account."))
@click.option("--find", "words", metavar="WORDS", help=_("Only those with all of these words, in whatever case."))
@pass_session
def list_(
    session: Session,
    /,
    project: str | None,
    start: str | None,
    end: str | None,
    state: str | None,
    content_type: str | None,
    account: str | None,
    words: str | None,
) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    zone = row.timezone if row else "UTC"
    now = session.workspace.clock()
    found = session.workspace.post_queries.search(
        project_id=row.id if row else None,
        start=_bound(start, zone, now, last=False),
        end=_bound(end, zone, now, last=True),
        state=state,
        content_type=_type(session, row, content_type),
        account_id=_account(session, row, account),
        words=(words or "").split(),
    )
    session.show(
        [shapes.post(item, deliveries) for item, deliveries in found],
        layout.table(
            (_("ID"), _("Project"), _("Planned"), _("Type"), _("State"), _("Text")),
            [
                (
                    item.id,
                    item.project,
                    layout.planned(item.planned_wall, item.zone),
                    item.content_type,
                    item.state,
                    item.text,
                )
                for item, _deliveries in found
            ],
            _("No posts here. Plan one with `smm-tui post add`."),
        ),
    )


def _type(session: Session, row: ProjectRow | None, word: str | None) -> str:
    if not word or row is None:
        return word or ""
    return session.workspace.scheme_queries.content_types(row.id).find(word).name


def _account(session: Session, row: ProjectRow | None, word: str | None) -> int | None:
    return session.workspace.account_queries.find(word, row.id if row else None).id if word else None


@post.command(help=_("One post, whole."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def show(session: Session, number: int) -> None:
    detail = session.workspace.post_queries.get(number)
    session.show(shapes.post_detail(detail), _lines(detail))


@post.command(help=_("Change a post. What is named replaces what was there; the approval of what changed is void."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--at", metavar="WHEN", help=_("Another time."))
@click.option("--no-time", is_flag=True, help=_("Make a draft of it."))
@click.option("--no-media", is_flag=True, help=_("Without its files."))
@click.option("--live", is_flag=True, help=_("Change what is public, where the network can edit."))
@click.option("--approve", "approved", is_flag=True, help=_("With --live: this change is approved."))
@LET_PASS
@_content
@pass_session
def edit(
    session: Session,
    /,
    number: int,
    at: str | None,
    no_time: bool,
    no_media: bool,
    live: bool,
    approved: bool,
    let_pass: Container[str],
    **content: Any,
) -> None:
    if approved and not live:
        raise click.UsageError(_("--approve goes with --live; elsewhere there is `smm-tui post approve`."))
    draft, version = session.workspace.post_queries.draft_of(number)
    if no_time:
        draft = replace(draft, when=None)
    if no_media:
        draft = replace(draft, media=())
    with session.workspace.media.provisional():
        changed = _changed(session, draft, at, content)
        if live:
            receipt = session.workspace.live_posts.edit(
                number, changed, version=version, approve=approved, let_pass=let_pass
            )
        else:
            receipt = session.workspace.posts.edit(number, changed, version=version)
    _show_post(session, receipt)


@post.command(help=_("Plan the same again at another time; nothing of the copy is approved."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--at", metavar="WHEN", help=_("When the copy goes out; without it, it is kept as a draft."))
@pass_session
def copy(session: Session, number: int, at: str | None) -> None:
    posts = session.workspace.posts
    project_id = posts.get(number).post.project_id
    _show_post(session, posts.copy(number, posts.parse_when(at, project_id) if at else None))


@post.command(help=_("Move posts by a distance of time, each in its own zone: all or none. - reads ids."))
@IDS
@click.option("--by", required=True, metavar="DISTANCE", help=_("How far: 2d, -1w, 3h."))
@pass_session
def shift(session: Session, ids: tuple[str, ...], by: str) -> None:
    numbers = ids_from(ids, _("post"))
    _show_posts(session, session.workspace.reschedule.shift(numbers, distance(by)), numbers)


@post.command(help=_("Plan posts again in later weeks: all or none. Nothing of the copies is approved. - reads ids."))
@IDS
@click.option("--weeks", required=True, metavar="N", help=_("How many weeks later: 1, or 1,2,4, or 1-4."))
@pass_session
def repeat(session: Session, ids: tuple[str, ...], weeks: str) -> None:
    receipt = session.workspace.reschedule.repeat(ids_from(ids, _("post")), week_numbers(weeks))
    _show_posts(session, receipt, list(receipt.ids))


@post.command(help=_("Approve what these posts would send now, byte for byte: all or none. - reads ids."))
@IDS
@LET_PASS
@pass_session
def approve(session: Session, ids: tuple[str, ...], let_pass: Container[str]) -> None:
    numbers = ids_from(ids, _("post"))
    _show_posts(session, session.workspace.posts.approve(numbers, let_pass=let_pass), numbers)


@post.command(help=_("Take approvals back before anything has left. - reads ids."))
@IDS
@pass_session
def unapprove(session: Session, ids: tuple[str, ...]) -> None:
    numbers = ids_from(ids, _("post"))
    _show_posts(session, session.workspace.posts.unapprove(numbers), numbers)


@post.command(
    "return", help=_("Return posts with what is to be changed; their approval is void: all or none. - reads ids.")
)
@IDS
@click.option("--text", required=True, metavar="T", help=_("What is to be changed."))
@click.option("--internal", is_flag=True, help=_("Not for the client's eyes."))
@pass_session
def send_back(session: Session, ids: tuple[str, ...], text: str, internal: bool) -> None:
    numbers = ids_from(ids, _("post"))
    audience = Audience.INTERNAL if internal else Audience.CLIENT
    _show_posts(session, session.workspace.reviews.send_back(numbers, text, audience), numbers)


@post.command(help=_("Say something about a post; without --text: show what was said."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--text", metavar="T", help=_("What to say."))
@click.option("--client", is_flag=True, help=_("For the client's eyes too; default: among us."))
@pass_session
def comment(session: Session, number: int, text: str | None, client: bool) -> None:
    detail = session.workspace.post_queries.get(number)
    message = ""
    if text is not None:
        audience = Audience.CLIENT if client else Audience.INTERNAL
        message = session.workspace.reviews.comment(number, text, audience).message
    rows = session.workspace.review_queries.comments(number)
    document = {"post": number, "message": message or None, "comments": [shapes.comment(row) for row in rows]}
    table = layout.table(
        (_("When"), _("Who"), _("For"), _("Verdict"), _("What")),
        [
            (layout.moment(row.created_at, detail.post.zone), row.author, _(row.audience), _(row.verdict), row.text)
            for row in rows
        ],
        _("Nothing was said about it."),
    )
    session.show(document, table)


@post.command(help=_("Drop what has not gone out: all or none. - reads ids."))
@IDS
@pass_session
def cancel(session: Session, ids: tuple[str, ...]) -> None:
    numbers = ids_from(ids, _("post"))
    _show_posts(session, session.workspace.posts.cancel(numbers), numbers)


@post.command(help=_("What proves what became of a post: intents, keys, attempts, answers, read back."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def evidence(session: Session, number: int) -> None:
    detail = session.workspace.post_queries.get(number)
    proofs = [session.workspace.delivery_queries.evidence(row.id) for row in detail.deliveries]
    document = {**shapes.post_detail(detail), "deliveries": [shapes.evidence(proof) for proof in proofs]}
    session.show(document, [*_lines(detail), *(line for proof in proofs for line in _proof(proof))])


@post.command(help=_("Answer what only a person can know of a delivery: it is there, send it, or let it go."))
@click.argument("delivery", type=NUMBER)
@click.option("--live", metavar="URL", help=_("It is out, here."))
@click.option("--resend", is_flag=True, help=_("It is not out: send it."))
@click.option("--drop", is_flag=True, help=_("Let it go."))
@LET_PASS
@DRY_RUN
@pass_session
def resolve(
    session: Session,
    delivery: int,
    live: str | None,
    resend: bool,
    drop: bool,
    let_pass: Container[str],
    dry_run: bool,
) -> None:
    if (live is not None) + resend + drop != 1:
        raise click.UsageError(_("Give one of --live URL, --resend and --drop."))
    if dry_run:
        row = session.workspace.delivery_queries.get(delivery)
        what = _("taken as live") if live is not None else _("sent again") if resend else _("dropped")
        message = _("Delivery {id} ({state}) would be {what}. Nothing was changed.").format(
            id=delivery, state=row.state, what=what
        )
        session.show({**shapes.delivery(row), "message": message, "dry_run": True}, [message])
        return
    deliveries = session.workspace.deliveries
    if live is not None:
        receipt = deliveries.resolve_live(delivery, live)
    else:
        receipt = (
            deliveries.resolve_resend(delivery, let_pass=let_pass) if resend else deliveries.resolve_drop(delivery)
        )
    document = {**shapes.delivery(deliveries.get(delivery)), "message": receipt.message, "undo": receipt.undo}
    session.show(document, [receipt.message])


@post.command(help=_("Delete a live post from its networks, at the worker's next pass. There is no way back."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--account", "accounts", multiple=True, metavar="A", help=_("Only there."))
@DRY_RUN
@pass_session
def takedown(session: Session, number: int, accounts: tuple[str, ...], dry_run: bool) -> None:
    detail = session.workspace.post_queries.get(number)
    live = _live(session, detail, accounts)
    if dry_run:
        lines = [
            _("{url} on {account} would be deleted.").format(url=row.remote_url, account=row.handle) for row in live
        ]
    else:
        lines = [session.workspace.deliveries.takedown(row.id).message for row in live]
    document = {**shapes.post_detail(detail), "taken_down": [row.id for row in live], "dry_run": dry_run}
    session.show(document, lines)


@post.command(help=_("Keep a live post on top of its pages, where the network can, at the worker's next pass."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--account", "accounts", multiple=True, metavar="A", help=_("Only there."))
@pass_session
def pin(session: Session, number: int, accounts: tuple[str, ...]) -> None:
    _for_each_live(session, number, accounts, session.workspace.live_posts.pin)


@post.command(help=_("No longer keep a post on top of its pages."))
@click.argument("number", type=NUMBER, metavar="ID")
@click.option("--account", "accounts", multiple=True, metavar="A", help=_("Only there."))
@pass_session
def unpin(session: Session, number: int, accounts: tuple[str, ...]) -> None:
    _for_each_live(session, number, accounts, session.workspace.live_posts.unpin)


def _for_each_live(session: Session, number: int, accounts: tuple[str, ...], one: Callable[[int], Receipt]) -> None:
    """Do it wherever it can be done; refused only where that is nowhere."""
    detail = session.workspace.post_queries.get(number)
    done: list[int] = []
    lines: list[str] = []
    refused: InvalidInput | None = None
    for row in _live(session, detail, accounts):
        try:
            lines.append(one(row.id).message)
            done.append(row.id)
        except InvalidInput as error:
            refused = error
            session.say(error.message)
    if refused is not None and not done:
        raise refused
    session.show({**shapes.post_detail(detail), "asked_for": done}, lines)


def _live(session: Session, detail: PostDetail, accounts: tuple[str, ...]) -> list[DeliveryRow]:
    """What of a post is live, on some of its accounts or all; InvalidInput where nothing is."""
    chosen = set(_account_ids(session, detail.post.project_id, accounts)) if accounts else None
    live = [
        row for row in detail.deliveries if row.state == State.LIVE and (chosen is None or row.account_id in chosen)
    ]
    if not live:
        raise InvalidInput(
            _("Nothing of post {id} is live there.").format(id=detail.post.id),
            _("`smm-tui post show {id}` tells its state.").format(id=detail.post.id),
            field="post",
        )
    return live


# From options to a draft


def _changed(session: Session, draft: PostDraft, at: str | None, content: dict[str, Any]) -> PostDraft:
    """The draft with everything that was given. Files come last: they are stored once the rest can be read."""
    if at is not None:
        draft = replace(draft, when=session.workspace.post_queries.parse_when(at, draft.project_id))
    if content["accounts"]:
        draft = replace(draft, accounts=tuple(_account_ids(session, draft.project_id, content["accounts"])))
    if content["variants"]:
        draft = replace(draft, variants=_variants(session, draft, content["variants"]))
    if content["text"] is not None:
        draft = replace(draft, text=read_stdin() if content["text"] == "-" else content["text"])
    plain = ("content_type", "late_rule", "content_warning", "language")
    draft = replace(draft, **{name: content[name] for name in plain if content[name] is not None})
    if content["labels"]:
        draft = replace(draft, labels=tuple(label for label in content["labels"] if label))
    if content["pillar"] is not None:
        pillars = session.workspace.scheme_queries.pillars(draft.project_id)
        draft = replace(draft, pillar_id=pillar_id(content["pillar"], pillars))
    if content["segment"] is not None:
        segments = session.workspace.client_queries.segments(draft.project_id)
        draft = replace(draft, segment_id=segment_id(content["segment"], segments))
    draft = replace(draft, extras=_extras(draft.extras, content))
    if content["media"]:
        draft = replace(draft, media=tuple(_stored(session, given) for given in content["media"]))
    return draft


def _extras(known: Extras, content: dict[str, Any]) -> Extras:
    """What was given of poll, link card and first comment over what was there."""
    from smm_tui.networks.ports import LinkCard, Poll

    poll, card = known.poll, known.card
    if content["poll"] is not None:
        options = tuple(option.strip() for option in content["poll"].split("|"))
        seconds = poll.seconds if poll is not None else 24 * 3600
        poll = Poll(options, seconds, poll is not None and poll.multiple) if content["poll"].strip() else None
    if content["poll_hours"] is not None or content["poll_multiple"] is not None:
        if poll is None:
            raise InvalidInput(_("There is no poll."), _("Give its answers with --poll."), field="poll")
        hours = content["poll_hours"]
        seconds = poll.seconds if hours is None else hours * 3600
        multiple = poll.multiple if content["poll_multiple"] is None else content["poll_multiple"]
        poll = replace(poll, seconds=seconds, multiple=multiple)
    if content["link"] is not None:
        card = LinkCard(content["link"].strip()) if content["link"].strip() else None
    given = {"title": content["link_title"], "description": content["link_description"]}
    given = {name: text for name, text in given.items() if text is not None}
    if given and card is None:
        raise InvalidInput(_("There is no link card."), _("Give its address with --link."), field="card")
    if given and card is not None:
        card = replace(card, **given)
    comment = known.first_comment if content["first_comment"] is None else content["first_comment"]
    return Extras(poll, card, comment)


def _account_ids(session: Session, project_id: int, given: tuple[str, ...]) -> list[int]:
    return [session.workspace.account_queries.find(text, project_id).id for text in given]


def _variants(session: Session, draft: PostDraft, given: tuple[str, ...]) -> dict[int, str]:
    variants = dict(draft.variants)
    for item in given:
        account, sign, text = item.partition("=")
        if not sign:
            raise InvalidInput(
                _("“{item}” is not a variant.").format(item=item), _("Give it as ACCOUNT=TEXT."), field="variant"
            )
        number = session.workspace.account_queries.find(account, draft.project_id).id
        variants[number] = text
        if not text:
            del variants[number]
    return variants


def _stored(session: Session, given: str) -> tuple[str, str]:
    file, alt = _file_and_alt(given)
    return session.workspace.media.add(file, alt).sha256, alt


def _file_and_alt(given: str) -> tuple[str, str]:
    """FILE::ALT parted where the file's name ends: it may hold :: itself."""
    parts = given.split("::")
    for count in range(len(parts), 0, -1):
        file = "::".join(parts[:count])
        if os.path.isfile(os.path.expanduser(file)):  # noqa: PTH111, PTH113 - Path raises for a name too long
            return file, "::".join(parts[count:])
    return parts[0], "::".join(parts[1:])


def _bound(text: str | None, zone: str, now: Instant, *, last: bool) -> Instant | None:
    """The instant of a bound of a list: a bare date means midnight, or the end of that day if it is the last."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return parse_when(text, now=now, zone=zone).instant + last
    return zones.resolve(datetime.combine(day + timedelta(days=int(last)), time()), zone)


# Output


def _show_post(session: Session, receipt: Receipt) -> None:
    detail = session.workspace.post_queries.get(receipt.ids[0])
    document = {**shapes.post_detail(detail), "message": receipt.message, "undo": receipt.undo}
    problems = session.workspace.post_queries.preflight(session.workspace.post_queries.draft_of(detail.post.id)[0])
    document["warnings"] = [problem.message for problem in problems]
    for problem in problems:
        session.say(f"{problem.message} {problem.hint}".rstrip())
    session.show(document, [receipt.message, *_lines(detail)])


def _show_posts(session: Session, receipt: Receipt, numbers: list[int]) -> None:
    details = [session.workspace.post_queries.get(number) for number in numbers]
    document = {**shapes.receipt(receipt), "posts": [shapes.post(item.post, item.deliveries) for item in details]}
    session.show(document, [receipt.message])


def _lines(detail: PostDetail) -> list[str]:
    row = detail.post
    handles = {item.account_id: item.handle for item in detail.deliveries}
    facts = [
        (_("Post"), row.id),
        (_("Project"), row.project),
        (_("Planned"), layout.planned(row.planned_wall, row.zone)),
        ("", "" if row.planned_at is None else layout.utc(row.planned_at)),
        (_("State"), row.state),
        (_("Type"), row.content_type),
        (_("If late"), row.late_rule),
        (_("Language"), row.language),
        (_("Warning"), row.content_warning),
        (_("Labels"), ", ".join(row.labels)),
        (_("Text"), row.text),
        (_("Poll"), " | ".join(row.extras.get("poll", {}).get("options", ()))),
        (_("Link card"), row.extras.get("card", {}).get("url")),
        (_("First comment"), row.extras.get("first_comment")),
        *(
            (_("Text on {account}").format(account=handles.get(number)), text)
            for number, text in detail.variants.items()
        ),
        *((_("File"), f"{item.original_name}  {item.mime}  {item.size}  {item.alt}") for item in detail.media),
    ]
    return [*layout.facts(facts), *map(_delivery_line, detail.deliveries)]


def _delivery_line(row: DeliveryRow) -> str:
    parts = [str(row.id), row.network, row.handle, row.state, row.remote_url, row.error_message, row.error_hint]
    return "  ".join(part for part in parts if part)


def _proof(proof: Evidence) -> list[str]:
    lines = ["", _delivery_line(proof.delivery)]
    if proof.delivery.approved_at is not None:
        lines.append(
            _("approved by {who} at {when}").format(
                who=proof.delivery.approved_by, when=layout.utc(proof.delivery.approved_at)
            )
        )
    for intent in proof.intents:
        lines.append(
            f"  {intent.kind} {intent.position + 1}  {intent.state}  {_('key')} {intent.identity}  "
            f"{_('content')} {intent.payload_hash[:16]}  {intent.remote_id}  {intent.remote_url}".rstrip()
        )
        lines += [
            f"    {layout.utc(attempt.started_at)}  {attempt.what}  {attempt.outcome or _('no outcome')}  "
            f"{attempt.status or ''}  {attempt.answer}".rstrip()
            for attempt in proof.attempts
            if attempt.intent_id == intent.id
        ]
    if proof.delivery.verified_at is not None:
        lines.append("  " + _("read back at {when}").format(when=layout.utc(proof.delivery.verified_at)))
    return lines
