"""Many posts at once to other days: shifted as a whole, or copied to other weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import plans as plan_reads
from smm_tui.db.reads.posts import CalendarRow, Which
from smm_tui.domain.clock import DAY, to_instant
from smm_tui.domain.distance import in_words
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import PlannedTime, parse_when, require_future
from smm_tui.i18n import _, ngettext
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.posts import PostService, set_when, void_words
from smm_tui.services.receipt import Receipt

FARTHEST = timedelta(days=3660)
"""A longer way is a slip of the finger."""
MOST_COPIES = 1_000
"""So many posts may come of one command."""


class Chosen(NamedTuple):
    """Posts in time order, and those of them that are out already: they can be copied, and not moved."""

    rows: tuple[CalendarRow, ...]
    out: frozenset[int]

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return [row.id for row in self.rows]

    @property
    def movable(self) -> list[int]:
        """Those whose time can change."""
        return [row.id for row in self.rows if row.id not in self.out]


class RescheduleService:
    """Commands that keep each post's time of day in its own zone; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str, posts: PostService) -> None:
        self._db = db
        self._actor = actor
        self._posts = posts

    def chosen(self, which: Which, first: date, last: date) -> Chosen:
        """The posts of the days from `first` to `last`, both included, by their own wall time."""
        start, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
        around = which._replace(start=to_instant(start) - DAY, end=to_instant(end) + DAY)
        rows = tuple(
            row for row in self._posts.find(around) if first <= date.fromisoformat(row.planned_wall[:10]) <= last
        )
        deliveries = plan_reads.deliveries(self._db, [row.id for row in rows])
        return Chosen(rows, frozenset(item.post_id for item in deliveries if item.out))

    def shift(self, post_ids: Sequence[int], by: timedelta) -> Receipt:
        """Move posts by a distance of wall time. All or none; InvalidInput names the post that is in the way."""
        _require_distance(by)
        _require_some(post_ids)
        with self._db.unit() as unit:
            rows = [self._posts.row(unit, post_id) for post_id in post_ids]
            approved = self._posts.approved(unit, rows)
            for post in rows:
                self._posts.refuse_if_out(unit, post)
                set_when(unit, post, self._later(post.id or 0, post.planned_wall, post.zone, by))
            message = ngettext("Moved {count} post by {distance}.", "Moved {count} posts by {distance}.", len(rows))
            message = message.format(count=len(rows), distance=in_words(by))
            message += void_words(approved - self._posts.approved(unit, rows))
            return self._posts.done(unit, "post.move", rows, message)

    def repeat(self, post_ids: Sequence[int], weeks: Sequence[int]) -> Receipt:
        """Plan posts again, so many weeks later each; nothing of the copies is approved. All or none."""
        _require_some(post_ids)
        if not weeks or 0 in weeks:
            raise InvalidInput(_("To which weeks? A post is there already in its own."), field="weeks")
        if len(post_ids) * len(weeks) > MOST_COPIES:
            raise InvalidInput(
                _("That would be {count} posts; one step makes at most {most}.").format(
                    count=len(post_ids) * len(weeks), most=MOST_COPIES
                ),
                field="weeks",
            )
        for week in weeks:
            _require_distance(timedelta(weeks=week))
        with self._db.unit() as unit:
            rows = []
            for post_id in post_ids:
                draft, _version = self._posts.draft_of(post_id)
                rows += [
                    self._posts.add_in(unit, self._again(post_id, draft, timedelta(weeks=week)))[0]
                    for week in sorted(set(weeks))
                ]
            message = ngettext("Copied {count} post", "Copied {count} posts", len(post_ids)).format(
                count=len(post_ids)
            )
            message = _("{copied}: {made} planned anew.").format(copied=message, made=len(rows))
            return self._posts.done(unit, "post.copy", rows, message)

    def _again(self, post_id: int, draft: PostDraft, by: timedelta) -> PostDraft:
        when = draft.when
        wall = None if when is None else when.wall.isoformat()
        zone = "" if when is None else when.zone
        return replace(draft, when=self._later(post_id, wall, zone, by))

    def _later(self, post_id: int, wall: str | None, zone: str, by: timedelta) -> PlannedTime:
        if not wall:
            raise InvalidInput(_("Post {id} has no time yet.").format(id=post_id), field="post")
        now = self._db.clock()
        try:
            there = datetime.fromisoformat(wall) + by
            when = parse_when(f"{there:%Y-%m-%d %H:%M:%S}", now=now, zone=zone)
            return require_future(when, now)
        except OverflowError:
            raise InvalidInput(_("There is no such day."), field="by") from None
        except InvalidInput as error:  # past, or the clocks jump there: a person decides about this one
            raise InvalidInput(
                _("Post {id}: {reason}").format(id=post_id, reason=error.message),
                _("Move it by itself first; nothing was changed."),
                field="by",
            ) from None


def _require_distance(by: timedelta) -> None:
    if not by:
        raise InvalidInput(_("By how much? They are there already."), field="by")
    if abs(by) > FARTHEST:
        raise InvalidInput(_("That is more than ten years."), field="by")


def _require_some(post_ids: Sequence[int]) -> None:
    if not post_ids:
        raise InvalidInput(_("There is no post to move."), field="post")
