"""Looking at the scheme of a project's plan: light to import."""

from __future__ import annotations

from smm_tui.db.database import Database
from smm_tui.db.reads import scheme as reads
from smm_tui.db.reads.scheme import HashtagSet, Idea, Pillar, SpecialDay, Template
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.scheme import Slot


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

    def templates(self, project_id: int | None) -> list[Template]:
        """The templates of a project, and everybody's."""
        return reads.templates(self._db, project_id)
