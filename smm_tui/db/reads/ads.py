"""Campaigns, ad sets and ads with what they brought, as lists and charts show them: all added up by the database.

Missing is not zero: a sum over figures of which none is known is None, and a ratio is only taken of days on which
both its parts are known.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class CampaignName(NamedTuple):
    """A campaign as it is found and ordered."""

    id: int
    project: str
    handle: str
    network: str
    name: str
    state: str

    @property
    def words(self) -> str:
        """What a filter looks at, folded."""
        return f"{self.name} {self.project} {self.handle} {self.network} {self.state}".casefold()


class Branch(NamedTuple):
    """An ad set of a campaign, or with an `ad_id` one of its ads."""

    campaign_id: int
    set_id: int
    ad_id: int | None


class CampaignLine(NamedTuple):
    """A campaign; `sets_total` and `sets_daily` are what its sets may spend where they have budgets of their own.

    `refused`: how many of its sets and ads the network refused; `alarms`: how many nobody settled.
    """

    id: int
    project_id: int
    project: str
    account_id: int
    handle: str
    network: str
    name: str
    goal: str
    currency: str
    budget_total: int | None
    budget_daily: int | None
    sets_total: int | None
    sets_daily: int | None
    cap: int
    starts_at: Instant
    ends_at: Instant | None
    state: str
    state_reason: str
    stopped_reason: str
    sets: int
    ads: int
    refused: int
    alarms: int


class SetLine(NamedTuple):
    """An ad set, with what it has of its campaign."""

    id: int
    campaign_id: int
    project_id: int
    name: str
    segment: str
    currency: str
    budget_total: int | None
    budget_daily: int | None
    starts_at: Instant
    ends_at: Instant | None
    state: str
    state_reason: str
    campaign_state: str
    variant_of: int | None
    ads: int


class AdLine(NamedTuple):
    """An ad; `post_id` is the post it promotes."""

    id: int
    ad_set_id: int
    campaign_id: int
    project_id: int
    name: str
    currency: str
    starts_at: Instant
    ends_at: Instant | None
    state: str
    state_reason: str
    campaign_state: str
    post_id: int | None
    text: str


class Totals(NamedTuple):
    """Figures added up. `reach` over several days is that of the best day: who came back is not counted again.

    `clicks_of` are the impressions of those days whose clicks are known, and so on with money.
    """

    impressions: int | None = None
    reach: int | None = None
    clicks: int | None = None
    results: int | None = None
    spent: int | None = None
    clicks_of: int | None = None
    clicks_for: int | None = None
    results_for: int | None = None

    @property
    def ctr(self) -> float | None:
        """Clicks of a hundred impressions."""
        return None if self.clicks is None or not self.clicks_of else 100 * self.clicks / self.clicks_of

    @property
    def cpc(self) -> float | None:
        """What a click cost, in minor units."""
        return None if self.clicks_for is None or not self.clicks else self.clicks_for / self.clicks

    @property
    def cost_per_result(self) -> float | None:
        """What a result cost, in minor units."""
        return None if self.results_for is None or not self.results else self.results_for / self.results


class Day(NamedTuple):
    """The figures of a day, of a campaign, set or ad; `final`: no network will change them any more."""

    day: str
    totals: Totals
    final: bool


class Promotable(NamedTuple):
    """A delivery whose post an ad can promote: it is live on the account, or will be."""

    delivery_id: int
    post_id: int
    state: str
    planned_wall: str
    head: str


class Promotion(NamedTuple):
    """An ad that promotes a post."""

    post_id: int
    ad_id: int
    campaign_id: int
    campaign: str
    state: str  # of the ad while its campaign runs, else of the campaign
    currency: str
    spent: int | None
    results: int | None


class ClientMoney(NamedTuple):
    """What the ads of a client spent since a day, and may lose in the month, in one currency; None: no cap."""

    project_id: int
    currency: str
    spent: int | None
    budget: int | None


class FollowerCost(NamedTuple):
    """A client's spend in one currency over some days, beside the followers its advertised accounts gained in them.

    `gained` is None where the account was not read at both ends.
    """

    project_id: int
    account_id: int
    handle: str
    currency: str
    spent: int
    gained: int | None


_SUMS = """
    sum(f.impressions), max(f.reach), sum(f.clicks), sum(f.results), sum(f.spent),
    sum(f.impressions) FILTER (WHERE f.clicks IS NOT NULL), sum(f.spent) FILTER (WHERE f.clicks IS NOT NULL),
    sum(f.spent) FILTER (WHERE f.results IS NOT NULL)
"""
_STATES = "active", "in_review", "scheduled", "paused", "rejected", "submitted", "approved", "draft", "ended"
_RANK = " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(_STATES))
_OWNER = {"campaign": "s.campaign_id", "set": "d.ad_set_id", "ad": "d.id"}


def names(db: Database, project_id: int | None, states: Collection[str] = ()) -> list[CampaignName]:
    """The campaigns of a project, or of all that are not archived: what runs first, then the newest."""
    return db.rows(
        CampaignName,
        f"""
        SELECT c.id, p.name, a.handle, a.network, c.name, c.state
        FROM campaign c JOIN project p ON p.id = c.project_id JOIN account a ON a.id = c.account_id
        WHERE p.archived_at IS NULL AND (? IS NULL OR c.project_id = ?) {_among("c.state", states)}
        ORDER BY CASE c.state {_RANK} ELSE 99 END, c.id DESC
        """,
        (project_id, project_id, *states),
    )


def branches(db: Database, campaign_ids: Sequence[int]) -> list[Branch]:
    """The sets of these campaigns, each before its ads."""
    return db.rows(
        Branch,
        f"""
        SELECT campaign_id, id, NULL FROM ad_set WHERE removed_at IS NULL {_among("campaign_id", campaign_ids)}
        UNION ALL
        SELECT s.campaign_id, s.id, d.id FROM ad_set s JOIN ad d ON d.ad_set_id = s.id
        WHERE s.removed_at IS NULL AND d.removed_at IS NULL {_among("s.campaign_id", campaign_ids)}
        ORDER BY 1, 2, 3
        """,
        (*campaign_ids, *campaign_ids),
    )


def ads_of(db: Database, set_id: int) -> list[int]:
    """The ads of a set."""
    return db.rows(int, "SELECT id FROM ad WHERE ad_set_id = ? AND removed_at IS NULL ORDER BY id", (set_id,))


def campaigns(db: Database, ids: Sequence[int]) -> list[CampaignLine]:
    """These campaigns."""
    return db.rows(
        CampaignLine,
        f"""
        SELECT c.id, c.project_id, p.name, c.account_id, a.handle, a.network, c.name, c.goal, c.currency,
            c.budget_total, c.budget_daily, sum(s.budget_total), sum(s.budget_daily), c.cap, c.starts_at, c.ends_at,
            c.state, c.state_reason, c.stopped_reason, count(s.id),
            (SELECT count(*) FROM ad d JOIN ad_set t ON t.id = d.ad_set_id
                WHERE t.campaign_id = c.id AND t.removed_at IS NULL AND d.removed_at IS NULL),
            coalesce(sum(s.state = 'rejected'), 0) + (SELECT count(*) FROM ad d JOIN ad_set t ON t.id = d.ad_set_id
                WHERE t.campaign_id = c.id AND d.state = 'rejected' AND t.removed_at IS NULL
                    AND d.removed_at IS NULL),
            (SELECT count(*) FROM ad_alarm m WHERE m.campaign_id = c.id AND m.settled_at IS NULL)
        FROM campaign c JOIN project p ON p.id = c.project_id JOIN account a ON a.id = c.account_id
            LEFT JOIN ad_set s ON s.campaign_id = c.id AND s.removed_at IS NULL
        WHERE 1 {_among("c.id", ids)} GROUP BY c.id
        """,
        tuple(ids),
    )


def sets(db: Database, ids: Sequence[int]) -> list[SetLine]:
    """These ad sets."""
    return db.rows(
        SetLine,
        f"""
        SELECT s.id, s.campaign_id, c.project_id, s.name, coalesce(g.name, ''), c.currency, s.budget_total,
            s.budget_daily, c.starts_at, c.ends_at, s.state, s.state_reason, c.state, s.variant_of,
            (SELECT count(*) FROM ad d WHERE d.ad_set_id = s.id AND d.removed_at IS NULL)
        FROM ad_set s JOIN campaign c ON c.id = s.campaign_id LEFT JOIN segment g ON g.id = s.segment_id
        WHERE s.removed_at IS NULL {_among("s.id", ids)}
        """,
        tuple(ids),
    )


def ads(db: Database, ids: Sequence[int]) -> list[AdLine]:
    """These ads."""
    return db.rows(
        AdLine,
        f"""
        SELECT d.id, d.ad_set_id, s.campaign_id, c.project_id, d.name, c.currency, c.starts_at, c.ends_at, d.state,
            d.state_reason, c.state, y.post_id, substr(coalesce(nullif(d.text, ''), o.text, ''), 1, 160)
        FROM ad d JOIN ad_set s ON s.id = d.ad_set_id JOIN campaign c ON c.id = s.campaign_id
            LEFT JOIN delivery y ON y.id = d.delivery_id LEFT JOIN post o ON o.id = y.post_id
        WHERE d.removed_at IS NULL {_among("d.id", ids)}
        """,
        tuple(ids),
    )


def totals(db: Database, level: str, ids: Sequence[int], since: str = "") -> dict[int, Totals]:
    """What these campaigns, sets or ads (`level`) brought from a day on, or ever; those without figures are left out.

    What an ad brought before it was removed counts for its set and campaign.
    """
    owner = _OWNER[level]
    found = db.rows(
        lambda number, *sums: (number, Totals(*sums)),
        f"""
        SELECT {owner}, {_SUMS} FROM {_figures_of(level, ids)} AND f.day >= ? GROUP BY 1
        """,
        (*ids, since),
    )
    return dict(found)


def days(db: Database, level: str, ids: Sequence[int], since: str, until: str = "9999-12-31") -> dict[int, list[Day]]:
    """The days of these campaigns, sets or ads that are known, in order."""
    found: dict[int, list[Day]] = {}
    for number, day, final, *sums in db.rows(
        lambda *values: values,
        f"""
        SELECT {_OWNER[level]}, f.day, min(f.final), {_SUMS} FROM {_figures_of(level, ids)}
            AND f.day >= ? AND f.day <= ? GROUP BY 1, 2 ORDER BY 1, 2
        """,
        (*ids, since, until),
    ):
        found.setdefault(number, []).append(Day(day, Totals(*sums), bool(final)))
    return found


def promotable(db: Database, account_id: int, limit: int = 300) -> list[Promotable]:
    """The posts that go out on an account, or went out, the latest first."""
    return db.rows(
        Promotable,
        """
        SELECT y.id, o.id, y.state, o.planned_wall, substr(coalesce(v.text, o.text), 1, 160)
        FROM delivery y JOIN post o ON o.id = y.post_id
            LEFT JOIN variant v ON v.post_id = o.id AND v.account_id = y.account_id
        WHERE y.account_id = ? AND y.state NOT IN ('cancelled', 'rejected', 'draft') AND o.planned_wall IS NOT NULL
        ORDER BY o.planned_at DESC, y.id DESC LIMIT ?
        """,
        (account_id, limit),
    )


def promotions(db: Database, project_id: int | None, start: Instant, end: Instant) -> list[Promotion]:
    """The ads that promote posts of a project, or of all, planned between two instants, by post."""
    return _promotions(
        db,
        "(? IS NULL OR o.project_id = ?) AND o.planned_at >= ? AND o.planned_at < ?",
        (project_id, project_id, start, end),
    )


def promotions_of(db: Database, post_id: int) -> list[Promotion]:
    """The ads that promote one post."""
    return _promotions(db, "o.id = ?", (post_id,))


def money(db: Database, since: str) -> list[ClientMoney]:
    """What each client's ads spent from a day on, beside the cap of its month, by currency.

    Without a cap the budget is what the campaigns that run, or are to run, may lose at most.
    """
    return db.rows(
        ClientMoney,
        """
        WITH spent AS (
            SELECT c.project_id, c.currency, sum(f.spent) AS sum
            FROM ad d CROSS JOIN ad_figures f ON f.ad_id = d.id AND f.day >= ? JOIN campaign c ON c.id = f.campaign_id
            GROUP BY 1, 2
        ), planned AS (
            SELECT project_id, currency, sum(cap) AS sum FROM campaign
            WHERE state IN ('approved', 'scheduled', 'in_review', 'active', 'paused') GROUP BY 1, 2
        ), clients AS (
            SELECT project_id, currency FROM spent UNION SELECT project_id, currency FROM planned
            UNION SELECT project_id, currency FROM ad_cap
        )
        SELECT k.project_id, k.currency, s.sum, coalesce(m.monthly, p.sum)
        FROM clients k LEFT JOIN spent s USING (project_id, currency) LEFT JOIN planned p USING (project_id, currency)
            LEFT JOIN ad_cap m USING (project_id, currency)
        ORDER BY k.project_id, coalesce(s.sum, 0) DESC, k.currency
        """,
        (since,),
    )


def follower_costs(
    db: Database, project_id: int | None, since: str, until: str, start: Instant, end: Instant
) -> list[FollowerCost]:
    """What was spent on each advertised account from one day to another, and how many followers it gained meanwhile.

    `start` and `end` are the instants at which the days begin and end; the last reading before each counts.
    """
    reading = """
        (SELECT r.value FROM reading r WHERE r.account_id = c.account_id AND r.delivery_id IS NULL
            AND r.metric = 'followers' AND r.at <= ? ORDER BY r.at DESC LIMIT 1)
    """
    return db.rows(
        FollowerCost,
        f"""
        SELECT c.project_id, c.account_id, a.handle, c.currency, sum(f.spent), {reading} - {reading}
        FROM campaign c JOIN account a ON a.id = c.account_id JOIN ad_set s ON s.campaign_id = c.id
            JOIN ad d ON d.ad_set_id = s.id
            CROSS JOIN ad_figures f ON f.ad_id = d.id AND f.day >= ? AND f.day <= ? AND f.spent IS NOT NULL
        WHERE ? IS NULL OR c.project_id = ?
        GROUP BY c.account_id, c.currency ORDER BY c.project_id, c.account_id, c.currency
        """,
        (end, start, since, until, project_id, project_id),
    )


def _promotions(db: Database, where: str, values: Sequence[Any]) -> list[Promotion]:
    return db.rows(
        Promotion,
        f"""
        SELECT o.id, d.id, c.id, c.name, CASE WHEN c.state IN ('active', 'in_review') THEN d.state ELSE c.state END,
            c.currency, (SELECT sum(spent) FROM ad_figures WHERE ad_id = d.id),
            (SELECT sum(results) FROM ad_figures WHERE ad_id = d.id)
        FROM ad d CROSS JOIN delivery y ON y.id = d.delivery_id CROSS JOIN post o ON o.id = y.post_id
            JOIN ad_set s ON s.id = d.ad_set_id JOIN campaign c ON c.id = s.campaign_id
        WHERE d.removed_at IS NULL AND s.removed_at IS NULL AND {where} ORDER BY o.id, d.id
        """,
        values,
    )


def _figures_of(level: str, ids: Sequence[int]) -> str:
    """The figures of these things, as a FROM and WHERE with one placeholder for each of them.

    Ads come first, then their days, by the key of the table: a few days of many ads cost no more than they are.
    """
    above = "ad_set s JOIN ad d ON d.ad_set_id = s.id" if level == "campaign" else "ad d"
    return f"{above} CROSS JOIN ad_figures f ON f.ad_id = d.id WHERE 1 {_among(_OWNER[level], ids)}"


def _among(column: str, values: Collection[Any]) -> str:
    return f"AND {column} IN ({', '.join('?' * len(values))})" if values else ""
