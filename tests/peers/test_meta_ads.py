"""facebook-business and our advertiser: the same requests; and the peer on our advertising market."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from facebook_business.adobjects.ad import Ad  # type: ignore[import-untyped]
from facebook_business.adobjects.adaccount import AdAccount  # type: ignore[import-untyped]
from facebook_business.adobjects.adset import AdSet  # type: ignore[import-untyped]
from facebook_business.adobjects.campaign import Campaign  # type: ignore[import-untyped]
from facebook_business.adobjects.user import User  # type: ignore[import-untyped]
from facebook_business.api import FacebookAdsApi  # type: ignore[import-untyped]
from facebook_business.session import FacebookSession  # type: ignore[import-untyped]

from smm_tui.domain.clock import DAY
from smm_tui.networks.advertising import Level
from smm_tui.networks.meta.rights import VERSION
from smm_tui.sandbox.http import Request
from tests.networks.ads_stage import STAGINGS, AdsStage
from tests.networks.stage import Stage, WorldClock, open_world

from .test_meta import Wire, told

pytestmark = pytest.mark.filterwarnings("ignore:.* does not allow field .*:UserWarning")


@dataclass
class Both:
    """Our advertiser and the peer, with one advertising account."""

    ads: AdsStage
    peer: FacebookAdsApi
    wire: Wire

    @property
    def account(self) -> AdAccount:
        cabinet = next(
            one for one in self.ads.stage.world.accounts(network="facebook") if one.handle.startswith("act_")
        )
        return AdAccount(cabinet.remote_id, api=self.peer)

    def same(self, path: str, theirs: Callable[[], Any]) -> None:
        """The peer's call says what our last call of that method and path said."""
        self.wire.seen.clear()
        theirs()
        other = self.wire.seen[-1]
        calls = [
            Request.of(call.method, str(call.url), dict(call.headers), call.content)
            for call in self.ads.stage.recorder.requests
            if call.method == other.method and call.url.path.endswith(path)
        ]
        assert told(calls[-1]) == told(other)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    clock = WorldClock()
    with open_world(tmp_path, clock) as world:
        stage = Stage.of("facebook", world, clock)
        server = stage.server
        await stage.checked()
        wire = Wire(world)
        session = FacebookSession(access_token=(stage.slot.values or {})["token"])
        session.requests.mount("https://", wire)
        peer = FacebookAdsApi(session, api_version=VERSION)
        peer._session.GRAPH = f"https://{server.host}"
        yield Both(AdsStage(stage, STAGINGS["facebook"], tmp_path), peer, wire)
        session.requests.close()


def form(both: Both, path: str) -> dict[str, Any]:
    """What our last call said that made something, as the peer takes it."""
    calls = [call for call in both.ads.stage.recorder.requests if call.url.path.endswith(path)]
    last = calls[-1]
    _method, _path, found = told(Request.of(last.method, str(last.url), dict(last.headers), last.content))
    return dict(found)


class TestSameRequests:
    async def test_making_things(self, both: Both) -> None:
        await both.ads.tree()
        now = both.ads.stage.clock.now
        both.same(
            "/campaigns",
            lambda: both.account.create_campaign(
                params={
                    Campaign.Field.name: "Spring · smm-0001",
                    Campaign.Field.objective: Campaign.Objective.outcome_traffic,
                    Campaign.Field.status: Campaign.Status.paused,
                    Campaign.Field.special_ad_categories: [],
                    Campaign.Field.buying_type: "AUCTION",
                    Campaign.Field.is_adset_budget_sharing_enabled: False,
                    Campaign.Field.start_time: now // 1000,
                    Campaign.Field.stop_time: (now + 20 * DAY) // 1000,
                }
            ),
        )
        both.same(
            "/adsets",
            lambda: both.account.create_ad_set(
                params={
                    AdSet.Field.name: "Around · smm-0002",
                    AdSet.Field.campaign_id: both.ads.made[Level.CAMPAIGN].id,
                    AdSet.Field.status: AdSet.Status.paused,
                    AdSet.Field.daily_budget: 200,
                    AdSet.Field.bid_strategy: AdSet.BidStrategy.lowest_cost_without_cap,
                    AdSet.Field.billing_event: AdSet.BillingEvent.impressions,
                    AdSet.Field.optimization_goal: AdSet.OptimizationGoal.link_clicks,
                    AdSet.Field.destination_type: AdSet.DestinationType.website,
                    AdSet.Field.dsa_payor: "The Bakery GmbH",
                    AdSet.Field.dsa_beneficiary: "The Bakery GmbH",
                    AdSet.Field.targeting: {
                        "geo_locations": {"cities": [{"key": "24101"}]},
                        "age_min": 20,
                        "age_max": 45,
                        "targeting_automation": {"advantage_audience": 0},
                    },
                }
            ),
        )
        creative = form(both, "/ads")["creative"]
        both.same(
            "/ads",
            lambda: both.account.create_ad(
                params={
                    Ad.Field.name: "Loaf · smm-0003",
                    Ad.Field.adset_id: both.ads.made[Level.SET].id,
                    Ad.Field.creative: creative,
                    Ad.Field.status: Ad.Status.paused,
                }
            ),
        )
        shown = form(both, "/adcreatives")
        both.same("/adcreatives", lambda: both.account.create_ad_creative(params=shown))
        image = form(both, "/adimages")
        both.same("/adimages", lambda: both.account.create_ad_image(params=image))

    async def test_changing_and_reading_things(self, both: Both) -> None:
        campaign, _group, ad = await both.ads.tree()
        await both.ads.advertiser.set_running(Level.CAMPAIGN, campaign.id, False)
        both.same(
            f"/{campaign.id}",
            lambda: Campaign(campaign.id, api=both.peer).api_update(params={"status": Campaign.Status.paused}),
        )
        since, until = date(2025, 9, 1), date(2025, 12, 1)
        await both.ads.advertiser.figures([ad.id], since, until)
        both.same(
            "/insights",
            lambda: both.account.get_insights(
                fields=form(both, "/insights")["fields"].split(","),
                params={
                    "level": "ad",
                    "time_increment": 1,
                    "time_range": {"since": "2025-09-01", "until": "2025-12-01"},
                    "filtering": [{"field": "ad.id", "operator": "IN", "value": [ad.id]}],
                },
            ),
        )


async def test_the_peer_on_our_market(both: Both) -> None:
    await both.ads.tree()
    await both.ads.launch()
    both.ads.stage.clock.advance(4 * DAY / 1000)
    user = User("me", api=both.peer)
    (account,) = user.get_ad_accounts(fields=["id", "currency", "account_status"])
    assert (account["currency"], account["account_status"]) == ("EUR", 1)
    (campaign,) = both.account.get_campaigns(fields=["name", "effective_status", "objective"])
    assert (campaign["effective_status"], campaign["objective"]) == ("ACTIVE", "OUTCOME_TRAFFIC")
    (group,) = campaign.get_ad_sets(fields=["daily_budget", "targeting"])
    assert group["daily_budget"] == "200"
    (ad,) = group.get_ads(fields=["effective_status", "creative"])
    days = list(ad.get_insights(fields=["spend", "impressions"], params={"time_increment": 1}))
    assert len(days) >= 4
    assert all(float(day["spend"]) > 0 for day in days)
    words = {"q": "Ber", "type": "adgeolocation", "location_types": ["city"]}
    found = both.peer.call("GET", ("search",), params=words).json()
    assert [place["name"] for place in found["data"]] == ["Berlin"]
    ad.api_delete()
    assert list(group.get_ads()) == []
