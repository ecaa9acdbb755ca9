"""Looking at the scheme of a project's plan: light to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from smm_tui.db.database import Database
from smm_tui.db.reads import plans as plan_reads
from smm_tui.db.reads import scheme as reads
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.reads.scheme import HashtagSet, Idea, Pillar, SpecialDay, Template
from smm_tui.domain import templates
from smm_tui.domain.clock import Instant
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.scheme import Slot
from smm_tui.services import mix, proposal
from smm_tui.services.mix import Portion
from smm_tui.services.places import OpenPlace


class SchemeQueries:
    """Questions about a scheme."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def content_types(self, project_id: int) -> ContentTypes:
        """A project's kinds of post."""
        return reads.content_types(self._db, project_id)

    def pillars(self, project_id: int) -> list[Pillar]:
        """A project's rubrics."""
        return reads.pillars(self._db, project_id)

    def hashtag_sets(self, project_id: int) -> list[HashtagSet]:
        """A project's hashtags that go together."""
        return reads.hashtag_sets(self._db, project_id)

    def slots(self, project_id: int) -> list[Slot]:
        """The places of a project's week."""
        return reads.slots(self._db, project_id)

    def special_days(self, project_id: int) -> list[SpecialDay]:
        """The days that matter to a project."""
        return reads.special_days(self._db, project_id)

    def ideas(self, project_id: int) -> list[Idea]:
        """What a project's posts could be about."""
        return reads.ideas(self._db, project_id)

    def mix(
        self,
        project_id: int,
        types: ContentTypes,
        taken: Sequence[tuple[str, str]],
        places: Sequence[OpenPlace],
        span: tuple[date, date],
        until: Instant,
    ) -> list[Portion]:
        """What part of a month each kind has, beside what went live in the four weeks before `until`; see
        `services.mix`."""
        published = dict(plan_reads.published(self._db, project_id, until - mix.WINDOW, until))
        return list(mix.portions(types, taken, published, places, span))

    def named_days(self, project: ProjectRow, first: date, last: date) -> Mapping[date, tuple[str, ...]]:
        """The days from `first` to `last`, both included, that have a name; the first question takes its time."""
        return proposal.named_days(self._db, project, first, last)

    def template_text(self, project: ProjectRow, template: Template, wall: datetime) -> str:
        """A template with its variables filled in for a post of that wall time; the first one takes its time."""
        return templates.rendered(template.text, proposal.variables(self._db, project, wall))

    def templates(self, project_id: int | None) -> list[Template]:
        """The templates of a project, and everybody's."""
        return reads.templates(self._db, project_id)
