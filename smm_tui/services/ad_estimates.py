"""How many people an audience has: the network's own estimate, kept for a while by what was asked."""

from __future__ import annotations

import threading

from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import HOUR, Clock, Instant
from smm_tui.domain.errors import InvalidInput, Rejected
from smm_tui.i18n import _
from smm_tui.networks.advertising import Audience, Estimate, Goal
from smm_tui.networks.advertising import SetDraft as NetworkSetDraft
from smm_tui.services import ad_preflight, audiences
from smm_tui.services.ad_network import AdNetwork
from smm_tui.services.campaign_queries import AdSetDraft, CampaignQueries

FRESH: Instant = HOUR
KEPT = 500


class AdEstimates:
    """Estimates. `estimate` may ask the network: never call it where one draws; `cached` never waits."""

    def __init__(self, network: AdNetwork, queries: CampaignQueries, clock: Clock) -> None:
        self._network = network
        self._queries = queries
        self._clock = clock
        self._known: dict[str, tuple[Instant, Estimate]] = {}
        self._lock = threading.Lock()

    def of_set(self, set_id: int) -> Estimate:
        """The estimate of a stored ad set."""
        row = self._queries.get_set(set_id)
        campaign = self._queries.get(row.campaign_id)
        draft = self._queries.set_draft(set_id)
        daily = draft.budget_daily if draft.budget_daily is not None else campaign.budget_daily
        return self.estimate(campaign.account_id, campaign.goal, draft, budget_daily=daily)

    def cached(
        self, account_id: int, goal: str, draft: AdSetDraft, *, budget_daily: int | None = None
    ) -> Estimate | None:
        """An estimate that was asked for lately; None: the network must be asked."""
        with self._lock:
            found = self._known.get(_key(account_id, goal, draft, budget_daily))
        return None if found is None or found[0] < self._clock() - FRESH else found[1]

    def estimate(self, account_id: int, goal: str, draft: AdSetDraft, *, budget_daily: int | None = None) -> Estimate:
        """How many people this audience has. InvalidInput for what no network or not this one can express."""
        known = self.cached(account_id, goal, draft, budget_daily=budget_daily)
        if known is not None:
            return known
        row = self._network.account(account_id)
        rules = ad_preflight.rules_of(row)
        if rules is None:
            raise InvalidInput(
                _("{handle} cannot run ads.").format(handle=row.handle),
                _("Give it a token with that right, then check the account."),
                field="account",
            )
        audience: Audience = audiences.checked(draft.audience)
        if not audience.places:
            raise InvalidInput(
                _("The audience is empty, it is nowhere."),
                _("Add a country, region, city or another place."),
                field="places",
            )
        other = audiences.substitute(audience, row.network, rules)
        if other is not None:
            raise InvalidInput(other.question, _("Substitute it first."), field="places")
        asked = NetworkSetDraft(
            draft.name or "estimate",
            audience,
            budget_daily=budget_daily or draft.budget_daily,
            bid=draft.bid,
            placements=draft.placements,
            goal=Goal(goal),
        )
        try:
            found = self._network.ask(row, lambda ads: ads.estimate(asked, Goal(goal)))
        except Rejected as error:
            raise InvalidInput(error.message, error.hint, field=error.field) from error
        if found.ready:
            with self._lock:
                if len(self._known) >= KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[_key(account_id, goal, draft, budget_daily)] = (self._clock(), found)
        return found


def _key(account_id: int, goal: str, draft: AdSetDraft, budget_daily: int | None) -> str:
    daily = budget_daily or draft.budget_daily
    audience = audiences.as_json(draft.audience)
    return digest([account_id, goal, audience, sorted(draft.placements), daily, draft.bid])
