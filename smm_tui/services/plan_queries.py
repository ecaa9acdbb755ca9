"""Looking at the plan of a month: whole, as a file, and for what limps in it. Light to import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import plans as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import reviews as review_reads
from smm_tui.db.reads import scheme as scheme_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.plans import PlanDelivery, PlanMedia, PlanRow
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.plan_document import (
    Base,
    CardRef,
    Content,
    MediaRef,
    PlanDocument,
    PlannedPost,
    PollRef,
    differing,
    plain,
    spelled_at,
)
from smm_tui.domain.states import State
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.services.plan_lint import Lint

FORMATS = ("md", "csv", "xlsx", "ics", "html")
"""What a plan can be written as."""
READABLE = ("md", "csv", "xlsx")
"""What a plan can be read from."""

REMEMBERED: Instant = 62 * DAY
"""A reader remembers what was said so long ago."""
MOST_REMEMBERED = 1_000
"""Posts. So many of a time before the month are compared with it, the latest."""


@dataclass(frozen=True, slots=True)
class MonthPost:
    """A post with everything that hangs on it; `deliveries` without the cancelled ones, by account."""

    row: PlanRow
    deliveries: list[PlanDelivery] = field(default_factory=list)
    variants: dict[int, str] = field(default_factory=dict)
    media: list[PlanMedia] = field(default_factory=list)

    @property
    def wall(self) -> datetime:
        """Its wall time, naive."""
        return datetime.fromisoformat(self.row.planned_wall)

    @property
    def fold(self) -> int | None:
        """Which of two, where the clocks show its wall time twice."""
        first, second = (zones.resolve(self.wall, self.row.zone, fold) for fold in (0, 1))
        return None if first == second else int(self.row.planned_at == second)

    @property
    def content(self) -> Content:
        """What a plan decides of it."""
        row, text = self.row, plain(self.row.text)
        accounts = tuple(item.account_id for item in self.deliveries)
        wall = self.wall if row.planned_wall else None
        return Content(
            "" if wall is None else spelled_at(wall.date(), wall.time(), self.fold),
            row.zone,
            row.content_type,
            text,
            accounts,
            differing(text, ((account, own) for account, own in self.variants.items() if account in accounts)),
            tuple((item.sha256, plain(item.alt)) for item in self.media),
            plain(row.content_warning),
            row.labels,
            row.language,
            row.late_rule,
            row.pillar,
            _poll(row),
            _card(row),
            row.extras.get("first_comment", ""),
        )


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """The posts of one project in one month, in time order, and the project's accounts and kinds of post."""

    project: ProjectRow
    year: int
    month: int
    posts: list[MonthPost]
    accounts: list[AccountRow]
    types: ContentTypes

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Wall time and kind of each post."""
        return [(post.row.planned_wall, post.row.content_type) for post in self.posts]

    @property
    def start(self) -> Instant:
        """The first instant of the month in the project's zone."""
        return zones.month_bounds(self.year, self.month, self.project.timezone)[0]

    @property
    def end(self) -> Instant:
        """The first instant after it."""
        return zones.month_bounds(self.year, self.month, self.project.timezone)[1]


class PlanQueries:
    """Questions about a month. `media_path` says where the file of a SHA-256 is kept."""

    def __init__(self, db: Database, media_path: Callable[[str], Path]) -> None:
        self._db = db
        self._media_path = media_path

    def month(self, project_id: int, year: int, month: int) -> PlanMonth:
        """A month of a project; cancelled posts are not in it."""
        project = project_reads.project(self._db, project_id)
        if project is None:
            raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
        # A wall time in whatever zone lies within a day of the same one in UTC.
        start, end = zones.month_bounds(year, month, "UTC")
        rows = reads.month(self._db, project_id, f"{year:04}-{month:02}-", start - DAY, end + DAY)
        accounts = account_reads.of_project(self._db, project_id)
        types = scheme_reads.content_types(self._db, project_id)
        return PlanMonth(project, year, month, whole(self._db, rows), accounts, types)

    def document(self, plan: PlanMonth) -> PlanDocument:
        """The month as a plan file holds it."""
        names = account_names(plan.accounts, [item for post in plan.posts for item in post.deliveries])
        return PlanDocument(
            tuple(_planned(post, names, plan.types) for post in plan.posts),
            (plan.year, plan.month),
            f"{plan.project.name} {plan.year:04}-{plan.month:02}",
            plan.project.id,
            plan.project.timezone,
            plan.project.language,
            {post.row.id: base_of(post.content) for post in plan.posts},
        )

    def export(self, project_id: int, year: int, month: int, kind: str) -> str:
        """The month as the text of a file of one of FORMATS but ``xlsx``."""
        plan = self.month(project_id, year, month)
        if kind == "ics":
            return _calendar(plan)
        if kind == "html":
            from smm_tui.services import plan_page

            comments = review_reads.comments_in(self._db, project_id, f"{year:04}-{month:02}-")
            return plan_page.write(plan, comments, self._media_path)
        from smm_tui.services.plan_file import markdown, table

        return (table.write if kind == "csv" else markdown.write)(self.document(plan))

    def workbook(self, project_id: int, year: int, month: int) -> bytes:
        """The month as a workbook."""
        from smm_tui.services.plan_file import workbook

        return workbook.write(self.document(self.month(project_id, year, month)))

    def lint(self, project_id: int, year: int, month: int) -> Lint:
        """What limps in a month."""
        from smm_tui.services import plan_lint
        from smm_tui.services.mix import WINDOW
        from smm_tui.services.proposal import month_places

        plan = self.month(project_id, year, month)
        now = self._db.clock()
        until = min(max(now, plan.start), plan.end)
        around = plan_lint.Around(
            reads.published(self._db, project_id, until - WINDOW, until),
            reads.texts_before(self._db, project_id, plan.start - REMEMBERED, plan.start, MOST_REMEMBERED),
            {idea.text: idea.rest_days for idea in scheme_reads.ideas(self._db, project_id) if idea.rest_days},
            month_places(self._db, plan.project, year, month, plan.taken),
            review_reads.month_approval(self._db, project_id, f"{year:04}-{month:02}"),
        )
        return plan_lint.lint(plan, around, now, lambda sha256: self._media_path(sha256).exists())


def whole(db: Database, rows: Sequence[PlanRow]) -> list[MonthPost]:
    """Posts with what hangs on them."""
    posts = {row.id: MonthPost(row) for row in rows}
    ids = list(posts)
    for delivery in reads.deliveries(db, ids):
        posts[delivery.post_id].deliveries.append(delivery)
    for post_id, account_id, text in reads.variants(db, ids):
        posts[post_id].variants[account_id] = text
    for item in reads.media(db, ids):
        posts[item.post_id].media.append(item)
    return list(posts.values())


def base_of(content: Content) -> Base:
    """What a file says of how a post was when it was written."""
    return Base(content.content_hash, 0, content.field_hashes)


def account_names(accounts: Sequence[AccountRow], deliveries: Sequence[PlanDelivery] = ()) -> dict[int, str]:
    """What each account is called in a plan file: network and handle, and its number where that is not enough.

    Deliveries add accounts that were removed since.
    """
    known = {item.account_id: (item.network, item.handle) for item in deliveries}
    known |= {item.id: (item.network, item.handle) for item in accounts}
    names = {number: f"{network} {handle}" for number, (network, handle) in known.items()}
    taken = list(names.values())
    return {number: name if taken.count(name) == 1 else f"{name} #{number}" for number, name in names.items()}


def _planned(post: MonthPost, names: dict[int, str], types: ContentTypes) -> PlannedPost:
    row, wall = post.row, post.wall
    accounts = [item.account_id for item in post.deliveries]
    kind = types.get(row.content_type)
    return PlannedPost(
        wall.date(),
        wall.time(),
        row.content_type,
        row.text,
        post.fold,
        row.zone,
        tuple(names[account] for account in accounts),
        tuple((names[account], text) for account, text in post.variants.items() if account in accounts),
        tuple(MediaRef(item.sha256, item.alt, item.original_name) for item in post.media),
        row.content_warning,
        row.labels,
        row.language,
        "" if kind is not None and kind.late_rule == row.late_rule else row.late_rule,
        row.id,
        row.state,
        row.pillar,
        _poll(row),
        _card(row),
        row.extras.get("first_comment", ""),
    )


def _poll(row: PlanRow) -> PollRef | None:
    poll = row.extras.get("poll")
    return None if poll is None else PollRef(tuple(poll["options"]), poll["seconds"], poll["multiple"])


def _card(row: PlanRow) -> CardRef | None:
    card = row.extras.get("card")
    return None if card is None else CardRef(card["url"], card["title"], card["description"])


def _calendar(plan: PlanMonth) -> str:
    from smm_tui.services.plan_file import icalendar

    names = account_names(plan.accounts, [item for post in plan.posts for item in post.deliveries])
    events = []
    for post in plan.posts:
        row = post.row
        title = plan.types.shown(row.content_type)
        head = row.text.strip().partition("\n")[0][:80] or _("(media)")
        where = ", ".join(names[item.account_id] for item in post.deliveries)
        events.append(
            icalendar.Event(
                # The moment it was planned tells it from post 12 of any other workspace.
                f"post-{row.id}-{row.created_at}@smm-tui",
                row.planned_at,
                row.updated_at,
                row.version,
                f"{title}: {head}",
                f"{row.text}\n\n{where}\n{row.state}".strip(),
                title,
                State(row.state),
            )
        )
    return icalendar.write(f"{plan.project.name} {plan.year:04}-{plan.month:02}", events)
