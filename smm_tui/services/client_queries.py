"""Looking at what a client wants and whom it wants to reach: light to import."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import client as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.client import (
    BriefRow,
    Fact,
    GoalRow,
    HypothesisRow,
    QuestionRow,
    SegmentAds,
    SegmentPosts,
    SegmentRow,
)
from smm_tui.domain import goals, zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.goals import Course, Progress
from smm_tui.i18n import N_, _

TOTALS = ("followers",)
"""Metrics that are told as a total: a goal compares the last one. All others add up from the goal's first day on:
of the page where the network tells that, else of the posts that went live since."""
LEADS = "leads"
"""Results of campaigns, as the networks count them."""
METRICS = {
    "followers": N_("followers"),
    "reach": N_("people reached"),
    "views": N_("views"),
    LEADS: N_("leads of ads"),
    "followed": N_("new followers"),
    "likes": N_("likes"),
    "replies": N_("replies"),
    "reposts": N_("reposts"),
    "saves": N_("saves"),
    "clicks": N_("link clicks"),
    "engaged": N_("people engaged"),
}
"""What a goal may be about; the words are for people, the names part of the command line's contract."""
RECENT = 30
"""So many days are looked at where none are named."""
_EPOCH = date(1970, 1, 1)


class Goal(NamedTuple):
    """A goal beside the facts."""

    row: GoalRow
    progress: Progress


class SegmentResult(NamedTuple):
    """What posts and ads for a segment brought; without a segment: what was for nobody in particular."""

    segment_id: int | None
    name: str
    posts: SegmentPosts | None
    ads: tuple[SegmentAds, ...]


class ClientQueries:
    """Questions about a brief, its goals and its audience."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def brief(self, project_id: int) -> BriefRow:
        """The brief of a project, empty while nothing was written down."""
        return reads.brief(self._db, project_id) or BriefRow()

    def goals(self, project_id: int | None = None) -> list[Goal]:
        """The goals of a project, or of all, beside the facts."""
        return [Goal(row, self._progress(row)) for row in reads.goals(self._db, project_id)]

    def goal(self, goal_id: int) -> Goal:
        """One goal that was not dropped."""
        for goal in self.goals():
            if goal.row.id == goal_id:
                return goal
        raise InvalidInput(
            _("There is no goal {id}.").format(id=goal_id), _("`smm-tui goal list` shows them."), field="goal"
        )

    def next_goals(self) -> dict[int, Goal]:
        """The goal of each project that ends next, by project; of those whose day has passed the last one."""
        now = self._db.clock()
        found: dict[int, Goal] = {}
        for row in sorted(reads.goals(self._db, None), key=lambda row: (_over(row, now), row.by_day, row.id)):
            if row.project_id not in found:
                found[row.project_id] = Goal(row, self._progress(row))
        return found

    def segments(self, project_id: int) -> list[SegmentRow]:
        """The segments of a project."""
        return reads.segments(self._db, project_id)

    def hypotheses(self, project_id: int) -> list[HypothesisRow]:
        """What is believed of the audience, the open ones first."""
        return reads.hypotheses(self._db, project_id)

    def questions(self, project_id: int) -> list[QuestionRow]:
        """The question bank, what nothing answers yet first."""
        return reads.questions(self._db, project_id)

    def results(self, project_id: int, first: date, last: date) -> list[SegmentResult]:
        """What posts and ads brought for each segment from `first` to `last`, both included, in the project's zone.

        A segment for which nothing went out is there with nothing; a figure that no network told is None.
        """
        project = project_reads.project(self._db, project_id)
        zone = project.timezone if project is not None else "UTC"
        since, until = _instants(first, last, zone)
        posts = {row.segment_id: row for row in reads.posts_by_segment(self._db, project_id, since, until)}
        ads: dict[int | None, list[SegmentAds]] = {}
        for row in reads.ads_by_segment(self._db, project_id, (first.isoformat(), last.isoformat())):
            ads.setdefault(row.segment_id, []).append(row)
        names = reads.segment_names(self._db, project_id)
        shown = [row.id for row in self.segments(project_id)]
        wanted: list[int | None] = [*shown, *sorted((posts.keys() | ads.keys()) - {*shown, None}, key=str)]
        if None in posts or None in ads:
            wanted.append(None)
        return [
            SegmentResult(
                number,
                names.get(number, "") if number is not None else "",
                posts.get(number),
                tuple(ads.get(number, ())),
            )
            for number in wanted
        ]

    def recent_results(self, project_id: int, days: int = RECENT) -> list[SegmentResult]:
        """The results of the last days, today included."""
        project = project_reads.project(self._db, project_id)
        today = zones.local(self._db.clock(), project.timezone if project is not None else "UTC").date()
        return self.results(project_id, today - timedelta(days=days - 1), today)

    def reached_on(self, goal_id: int) -> date | None:
        """The first day on which a goal was reached; None while it is not, or when it was dropped."""
        row = next((row for row in reads.goals(self._db, None) if row.id == goal_id), None)
        if row is None:
            return None
        first, last = date.fromisoformat(row.from_day), date.fromisoformat(row.by_day)
        last = min(last, zones.local(self._db.clock(), row.zone).date())
        days = (first + timedelta(days=count) for count in range((last - first).days + 1))
        return next((day for day in days if self._progress(row, day).course == Course.REACHED), None)

    # Parts

    def _progress(self, row: GoalRow, today: date | None = None) -> Progress:
        """Where a goal stands, or stood on the evening of a day."""
        first, last = date.fromisoformat(row.from_day), date.fromisoformat(row.by_day)
        today = today or zones.local(self._db.clock(), row.zone).date()
        until = min(today, last)
        if row.metric in TOTALS:
            now = reads.last_totals(self._db, row.project_id, row.metric, _number(until), row.account_id)
            start = row.start_value
            if start is None:
                began = reads.first_totals(self._db, row.project_id, row.metric, _number(first), row.account_id)
                start = _together(began)
        else:
            start = row.start_value or 0
            if row.metric == LEADS:
                span = (first.isoformat(), until.isoformat())
                now = reads.ad_results(self._db, row.project_id, span, row.account_id)
            else:
                days = (_number(first), _number(until))
                now = reads.sums(self._db, row.project_id, row.metric, days, row.account_id)
                if not now and row.metric in reads.OF_POSTS:  # the page tells nothing: its posts may
                    now = reads.post_sums(
                        self._db, row.project_id, row.metric, _instants(first, until, row.zone), row.account_id
                    )
        value = _together(now)
        if value is not None and row.metric not in TOTALS:
            value += row.start_value or 0
        as_of = min((fact.at for fact in now), default=None)
        return goals.progress(start, value, row.target, (first, last), today, as_of)


def _instants(first: date, last: date, zone: str) -> tuple[Instant, Instant]:
    """From the beginning of the first day until after the end of the last."""
    end = last + timedelta(days=1)
    since, until = (zones.resolve(datetime.combine(day, time()), zone) for day in (first, end))
    return since, until


def _over(row: GoalRow, now: Instant) -> bool:
    return date.fromisoformat(row.by_day) < zones.local(now, row.zone).date()


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _together(facts: list[Fact]) -> int | None:
    """All accounts together; None where nothing was told."""
    return sum(fact.value for fact in facts) if facts else None
