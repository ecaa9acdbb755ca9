"""Looking at posts: light to import, so that a screen can show the plan before anything heavy is loaded.

What only writing a post needs (preflight with the networks, reading times) is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import posts as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import CalendarRow, CollisionRow, DeliveryRow, MediaRow, PostRow, Which
from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import State
from smm_tui.i18n import _
from smm_tui.services import extras
from smm_tui.services.extras import Extras

if TYPE_CHECKING:
    from smm_tui.domain.when import PlannedTime
    from smm_tui.services.preflight import Content, Problem


NO_EXTRAS = Extras()


class IsOut(InvalidInput):
    """The change would be one of what is public already: see `LivePostService.edit`."""


@dataclass(frozen=True, slots=True)
class PostDraft:
    """What the composer or the command line gives. `accounts` None: all of the project's accounts."""

    project_id: int
    content_type: str = "informational"
    text: str = ""
    when: PlannedTime | None = None
    accounts: tuple[int, ...] | None = None
    variants: dict[int, str] = field(default_factory=dict)
    media: tuple[tuple[str, str], ...] = ()  # (sha256, alt text)
    content_warning: str = ""
    labels: tuple[str, ...] = ()
    language: str = ""
    late_rule: str = ""  # empty: the content type's
    extras: Extras = NO_EXTRAS
    pillar_id: int | None = None
    segment_id: int | None = None  # whom it is for; None: nobody in particular


@dataclass(frozen=True, slots=True)
class PostDetail:
    """A post with everything that hangs on it."""

    post: PostRow
    deliveries: list[DeliveryRow]
    media: list[MediaRow]
    variants: dict[int, str]


class PostQueries:
    """Questions about posts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, post_id: int) -> PostDetail:
        """One post, whole."""
        post = reads.post(self._db, post_id)
        if post is None:
            raise InvalidInput(
                _("There is no post {id}.").format(id=post_id), _("`smm-tui post list` shows them."), field="post"
            )
        return PostDetail(
            post,
            reads.deliveries_of(self._db, [post_id])[post_id],
            reads.media(self._db, post_id),
            reads.variants(self._db, post_id),
        )

    def search(
        self,
        *,
        project_id: int | None = None,
        start: Instant | None = None,
        end: Instant | None = None,
        state: str | None = None,
        content_type: str = "",
        account_id: int | None = None,
        words: Sequence[str] = (),
    ) -> list[tuple[PostRow, list[DeliveryRow]]]:
        """Posts with their deliveries, by planned time."""
        states = (state,) if state else ()
        which = Which(project_id, start, end, content_type, states, account_id, tuple(words))
        posts = reads.posts(self._db, which)
        deliveries = reads.deliveries_of(self._db, [post.id for post in posts])
        return [(post, deliveries[post.id]) for post in posts]

    def month(self, project_id: int | None, year: int, month: int, zone: str) -> list[CalendarRow]:
        """What stands in one month of the calendar, in time order."""
        return reads.calendar(self._db, project_id, *zones.month_bounds(year, month, zone))

    def between(self, project_id: int | None, start: Instant, end: Instant) -> list[CalendarRow]:
        """What stands in the calendar from `start` until before `end`."""
        return reads.calendar(self._db, project_id, start, end)

    def find(self, which: Which, limit: int = -1) -> list[CalendarRow]:
        """Posts of the calendar in time order, across all months."""
        return reads.find(self._db, which, limit)

    def found_ids(self, which: Which) -> list[int]:
        """The posts of `find`, by their ids alone: a year of them is a long list."""
        return reads.found_ids(self._db, which)

    def calendar_rows(self, ids: Sequence[int]) -> list[CalendarRow]:
        """These posts as the calendar shows them."""
        return reads.calendar_rows(self._db, ids)

    def unplanned(self, project_id: int | None) -> list[PostRow]:
        """Drafts without a time, the newest first."""
        return reads.unplanned(self._db, project_id)

    def collisions(self, project_id: int | None, start: Instant, end: Instant) -> list[CollisionRow]:
        """Where one account gets several posts in the same minute, from `start` until before `end`."""
        return reads.collisions(self._db, project_id, start, end)

    def draft_of(self, post_id: int) -> tuple[PostDraft, int]:
        """A post as the composer shows it, with the version to give back to `edit`."""
        detail = self.get(post_id)
        post = detail.post
        when = None
        if post.planned_wall is not None and post.planned_at is not None:
            from smm_tui.domain.when import PlannedTime

            when = PlannedTime(datetime.fromisoformat(post.planned_wall), post.zone, post.planned_at)
        draft = PostDraft(
            post.project_id,
            post.content_type,
            post.text,
            when,
            tuple(row.account_id for row in detail.deliveries if row.state != State.CANCELLED),
            detail.variants,
            tuple((item.sha256, item.alt) for item in detail.media),
            post.content_warning,
            tuple(post.labels),
            post.language,
            post.late_rule,
            extras.of_json(post.extras),
            post.pillar_id,
            post.segment_id,
        )
        return draft, post.version

    def preflight(self, draft: PostDraft) -> list[Problem]:
        """What would go wrong with this draft, the blocking problems first."""
        from smm_tui.services import preflight

        return preflight.check(self.accounts(draft), self.content(draft))

    def content(self, draft: PostDraft) -> Content:
        """What a draft says, with the stored facts of its media."""
        from smm_tui.services.preflight import Content

        media = []
        for position, (sha256, alt) in enumerate(draft.media):
            row = reads.media_file(self._db, sha256, alt, position)
            if row is None:
                raise InvalidInput(_("A file of this post is not in the media store."), field="media")
            media.append(row)
        return Content(
            draft.text, media, draft.content_warning, draft.labels, draft.language, draft.variants, draft.extras
        )

    def parse_when(self, words: str, project_id: int, *, future: bool = True) -> PlannedTime:
        """Read a time in the project's zone; in the future unless told otherwise."""
        from smm_tui.domain.when import parse_when, require_future

        project = project_reads.project(self._db, project_id)
        if project is None:
            raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
        planned = parse_when(words, now=self._db.clock(), zone=project.timezone)
        return require_future(planned, self._db.clock()) if future else planned

    def accounts(self, draft: PostDraft) -> list[AccountRow]:
        """The accounts a draft goes to; InvalidInput for one that is not the project's."""
        of_project = account_reads.of_project(self._db, draft.project_id)
        if draft.accounts is None:
            return of_project
        by_id = {row.id: row for row in of_project}
        for account_id in draft.accounts:
            if account_id not in by_id:
                raise InvalidInput(
                    _("Account {id} is not one of this project's.").format(id=account_id),
                    _("Its accounts: {accounts}.").format(
                        accounts=", ".join(f"{row.id} {row.handle}" for row in of_project) or _("none yet")
                    ),
                    field="account",
                )
        return [by_id[account_id] for account_id in dict.fromkeys(draft.accounts)]
