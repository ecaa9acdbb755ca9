"""Looking at deliveries: light to import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smm_tui.db.database import Database
from smm_tui.db.reads import posts as reads
from smm_tui.db.reads.posts import AttemptRow, DeliveryRow, IntentRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a delivery: its intents with their identities, every attempt and every answer."""

    delivery: DeliveryRow
    intents: list[IntentRow]
    attempts: list[AttemptRow]


class DeliveryQueries:
    """Questions about deliveries."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ids(self, project_id: int | None = None, which: str = "all") -> list[int]:
        """The deliveries of a filter (waiting, queue, live, all), in the order a list shows them."""
        return reads.delivery_ids(self._db, project_id, which)

    def rows(self, ids: Sequence[int]) -> dict[int, DeliveryRow]:
        """These deliveries by id, for the window of a list that is on the screen."""
        return reads.deliveries(self._db, ids)

    def get(self, delivery_id: int) -> DeliveryRow:
        """One delivery."""
        row = reads.delivery(self._db, delivery_id)
        if row is None:
            raise InvalidInput(
                _("There is no delivery {id}.").format(id=delivery_id),
                _("`smm-tui post show ID` lists the deliveries of a post."),
                field="delivery",
            )
        return row

    def evidence(self, delivery_id: int) -> Evidence:
        """The proof of what became of a delivery."""
        return Evidence(
            self.get(delivery_id), reads.intents(self._db, delivery_id), reads.attempts(self._db, delivery_id)
        )
