"""A/B tests: two ad sets of one campaign that differ in exactly one thing, with the same money each."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads.campaigns import DayRow
from smm_tui.domain import proportions
from smm_tui.domain.proportions import Sample
from smm_tui.services import ad_pairs
from smm_tui.services.campaign_parts import CampaignParts
from smm_tui.services.campaign_queries import CampaignQueries
from smm_tui.services.receipt import Receipt

LIFT = 0.2
"""A test goes on until it could find that one side is a fifth better."""


class Side(NamedTuple):
    """One half of a test: so many successes (results, or clicks) of so many impressions."""

    set_id: int
    name: str
    sample: Sample
    spent: int | None


class AdTest(NamedTuple):
    """A test as it stands. `metric`: "results" or "clicks". `missing`: impressions that the smaller side still needs;
    before that there is no `winner` and no `p`. `winner` is the id of a set; None with a `p`: no difference found."""

    campaign_id: int
    difference: tuple[str, ...]
    metric: str
    one: Side
    other: Side
    missing: int
    z: float | None
    p: float | None
    winner: int | None


class AdTestQueries:
    """Questions about tests."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._queries = CampaignQueries(db)

    def all(self, campaign_id: int) -> list[AdTest]:
        """The tests of a campaign."""
        self._queries.get(campaign_id)
        found = []
        sets = {row.id: row for row in reads.sets(self._db, campaign_id)}
        ads = reads.ads(self._db, campaign_id)
        sums = {int(row.key): row for row in reads.figures(self._db, campaign_id, "set")}
        goal = self._queries.get(campaign_id).goal
        for row in sets.values():
            first = sets.get(row.variant_of or 0)
            if first is None:
                continue
            groups = [[ad_pairs.creative(ad) for ad in ads if ad.ad_set_id == one.id] for one in (first, row)]
            differing = ad_pairs.differences(
                ad_pairs.conditions(first), ad_pairs.conditions(row), groups[0], groups[1]
            )
            metric = "clicks" if goal == "reach" else "results"
            if any(sums[one.id].results is None for one in (first, row) if one.id in sums):
                metric = "clicks"
            sides = [
                Side(one.id, one.name, _sample(sums.get(one.id), metric), _spent(sums.get(one.id)))
                for one in (first, row)
            ]
            found.append(_verdict(campaign_id, tuple(differing), metric, sides[0], sides[1]))
        return found


def _sample(row: DayRow | None, metric: str) -> Sample:
    if row is None:
        return Sample(0, 0)
    trials = row.impressions or 0
    successes = (row.results if metric == "results" else row.clicks) or 0
    return Sample(min(successes, trials), trials)


def _spent(row: DayRow | None) -> int | None:
    return None if row is None else row.spent


def _verdict(campaign_id: int, differing: tuple[str, ...], metric: str, one: Side, other: Side) -> AdTest:
    missing = proportions.missing(one.sample, other.sample, LIFT)
    if missing:
        return AdTest(campaign_id, differing, metric, one, other, missing, None, None, None)
    z, p = proportions.compare(one.sample, other.sample)
    winner = None
    if p < proportions.SIGNIFICANCE:
        winner = one.set_id if z > 0 else other.set_id
    return AdTest(campaign_id, differing, metric, one, other, 0, z, p, winner)


class AdTestService(AdTestQueries):
    """Commands on tests."""

    def __init__(self, db: Database, parts: CampaignParts) -> None:
        super().__init__(db)
        self._parts = parts

    def start(self, set_id: int, name: str) -> Receipt:
        """Copy an ad set with its ads into a second one that gets half of its money; then change one thing of it.

        The money is only divided: what the two may cost is what the one might.
        """
        return self._parts.copy_for_test(set_id, name)

    def stop(self, set_id: int) -> Receipt:
        """Both sets go on by themselves: they may differ in more than one thing."""
        return self._parts.end_test(set_id)
