"""``smm-tui audience``, ``segment``, ``hypothesis`` and ``question``: whom a client wants to reach, what is believed
of them, what they ask, and what reached them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.client_office import office
from smm_tui.cli.parts import PROJECT, noun_of
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, ids_from, pass_session
from smm_tui.domain import money, zones
from smm_tui.domain.clock import iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.services.client_parts import HYPOTHESES, OUTCOMES, QUESTIONS, SEGMENTS, segment_id
from smm_tui.services.client_queries import RECENT, SegmentResult
from smm_tui.services.scheme_parts import day_of_words

segment = noun_of(SEGMENTS, office())
hypothesis = noun_of(HYPOTHESES, office())
question = noun_of(QUESTIONS, office())


@click.group(cls=Noun, help=_("Whom a client wants to reach, and what reached them."))
def audience() -> None:
    pass


def _span(command: Any) -> Any:
    command = click.option("--to", "end", metavar="DAY", help=_("The last day; default: today."))(command)
    return click.option("--from", "start", metavar="DAY", help=_("The first day; default: 30 days before."))(command)


@audience.command(help=_("Segments, hypotheses, questions, and what posts and ads for each segment brought."))
@PROJECT
@_span
@pass_session
def show(session: Session, project: str, start: str | None, end: str | None) -> None:
    row = session.workspace.project_queries.find(project)
    queries = session.workspace.client_queries
    first, last = _days(session, row.timezone, start, end)
    results = queries.results(row.id, first, last)
    document = {
        "project": row.name,
        "project_id": row.id,
        "segments": [dict(SEGMENTS.document(each)) for each in queries.segments(row.id)],
        "hypotheses": [dict(HYPOTHESES.document(each)) for each in queries.hypotheses(row.id)],
        "questions": [dict(QUESTIONS.document(each)) for each in queries.questions(row.id)],
        "results": {"from": str(first), "to": str(last), "segments": [_result(each) for each in results]},
    }
    session.show(document, _table(results))


@segment.command("results", help=_("What posts and ads for each segment brought. Missing is not zero."))
@PROJECT
@_span
@pass_session
def results(session: Session, project: str, start: str | None, end: str | None) -> None:
    row = session.workspace.project_queries.find(project)
    found = session.workspace.client_queries.results(row.id, *_days(session, row.timezone, start, end))
    session.show([_result(each) for each in found], _table(found))


@segment.command("aim", help=_("Say for whom posts are; without --to: for nobody in particular. - reads ids."))
@click.option("--to", "name", metavar="NAME", default="", help=_("The segment, by name or number."))
@click.argument("posts", nargs=-1, required=True, metavar="POST...")
@pass_session
def aim(session: Session, name: str, posts: tuple[str, ...]) -> None:
    numbers = ids_from(posts, _("post"))
    project = session.workspace.post_queries.get(numbers[0]).post.project_id
    number = segment_id(name, session.workspace.client_queries.segments(project))
    receipt = session.workspace.research.aim(numbers, number)
    session.show(shapes.receipt(receipt), [receipt.message])


@hypothesis.command("settle", help=_("Say what came of a hypothesis."))
@PROJECT
@click.option("--outcome", type=click.Choice(list(OUTCOMES)), required=True, help=_("What came of it."))
@click.option("--note", metavar="TEXT", default="", help=_("What showed it."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def settle(session: Session, project: str, outcome: str, note: str, number: int) -> None:
    project_id = session.workspace.project_queries.find(project).id
    row = next((each for each in session.workspace.client_queries.hypotheses(project_id) if each.id == number), None)
    if row is None:
        raise InvalidInput(_("There is no hypothesis {id}.").format(id=number), field="id")
    receipt = session.workspace.research.edit_hypothesis(number, row.text, row.segment_id, outcome, note)
    session.show(shapes.receipt(receipt), [receipt.message])


@question.command("feed", help=_("Take what people asked more than once into the bank."))
@PROJECT
@click.option("--days", type=click.IntRange(1, 36_500), default=90, metavar="N", help=_("Of so many days."))
@pass_session
def feed(session: Session, project: str, days: int) -> None:
    project_id = session.workspace.project_queries.find(project).id
    asked = session.workspace.saved_replies.questions(project_id, days=days)
    receipt = session.workspace.research.feed(project_id, asked)
    session.show(shapes.receipt(receipt), [receipt.message])


@question.command("take", help=_("Keep what one message asks."))
@PROJECT
@click.argument("message", type=NUMBER, metavar="MESSAGE")
@pass_session
def take(session: Session, project: str, message: int) -> None:
    project_id = session.workspace.project_queries.find(project).id
    receipt = session.workspace.research.add_question(project_id, "", message_id=message)
    session.show(shapes.receipt(receipt), [receipt.message])


def _days(session: Session, zone: str, start: str | None, end: str | None) -> tuple[date, date]:
    today = zones.local(session.workspace.clock(), zone).date()
    last = today if end is None else day_of_words(end, "to")
    first = last - timedelta(days=RECENT - 1) if start is None else day_of_words(start, "from")
    if last < first:
        raise InvalidInput(_("The last day is before the first."), _("Turn the two around."), field="to")
    return first, last


def _result(each: SegmentResult) -> dict[str, Any]:
    posts = each.posts
    return {
        "segment_id": each.segment_id,
        "segment": each.name or None,
        "posts": 0 if posts is None else posts.posts,
        "posts_with_figures": 0 if posts is None else posts.told,
        "views": None if posts is None else posts.views,
        "reach": None if posts is None else posts.reach,
        "engagement": None if posts is None else posts.engagement,
        "clicks": None if posts is None else posts.clicks,
        "as_of": None if posts is None else iso(posts.as_of),
        "ads": [
            {
                "currency": ads.currency,
                "impressions": ads.impressions,
                "clicks": ads.clicks,
                "results": ads.results,
                "spent": ads.spent,
                "as_of": iso(ads.as_of),
            }
            for ads in each.ads
        ],
    }


def _table(found: list[SegmentResult]) -> Iterator[str]:
    def told(value: int | None) -> str:
        return "-" if value is None else str(value)

    return layout.table(
        (
            _("Segment"),
            _("Posts"),
            _("Reach"),
            _("Views"),
            _("Engagement"),
            _("Clicks"),
            _("Ads: results"),
            _("Spent"),
        ),
        [
            (
                each.name or _("nobody in particular"),
                each.posts.posts if each.posts else 0,
                *(
                    told(getattr(each.posts, name) if each.posts else None)
                    for name in ("reach", "views", "engagement", "clicks")
                ),
                " ".join(told(ads.results) for ads in each.ads) or "-",
                " ".join(money.shown(ads.spent, ads.currency) for ads in each.ads if ads.spent is not None) or "-",
            )
            for each in found
        ],
        _("No segments yet: whom does this client want to reach?"),
    )
