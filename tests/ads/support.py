"""A desk with advertising cabinets, and campaigns that they take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smm_tui.domain.clock import DAY
from smm_tui.networks.advertising import Audience, Level, Place, PlaceKind
from smm_tui.sandbox import market, seed
from smm_tui.services.campaign_queries import AdDraft, AdSetDraft, CampaignDraft
from tests.networks.support import picture
from tests.support.desk import Desk, make_desk

BERLIN = Place(PlaceKind.CITY, "24101", "Berlin")
MOSCOW = Place(PlaceKind.CITY, "24109", "Москва")
NETWORKS = {"facebook": "facebook", "vk": "vk ads"}


@dataclass
class AdsDesk:
    """A desk whose client advertises on one network."""

    desk: Desk
    network: str
    picture: str

    @property
    def account(self) -> int:
        return self.desk.accounts[NETWORKS[self.network]]

    @property
    def service(self):
        return self.desk.workspace.campaigns

    @property
    def daily(self) -> int:
        """A daily budget that the network takes."""
        return 500 if self.network == "facebook" else 20_000

    def campaign_draft(self, **more: Any) -> CampaignDraft:
        now = self.desk.clock.now
        draft = CampaignDraft(
            self.account,
            "Spring",
            "traffic",
            now,
            now + 10 * DAY,
            self.daily,
            cap=40 * self.daily,
            facts={"payer": "The Bakery GmbH", "political": "no"},
        )
        return replace(draft, **more)

    def set_draft(self, **more: Any) -> AdSetDraft:
        place = BERLIN if self.network == "facebook" else MOSCOW
        return replace(AdSetDraft("Around", Audience((place,), age_from=20, age_to=45)), **more)

    def ad_draft(self, **more: Any) -> AdDraft:
        draft = AdDraft(
            "Loaf",
            text="Fresh bread every morning",
            title="The Bakery",
            link="https://bakery.example/",
            button="learn_more",
            media=(self.picture,),
        )
        return replace(draft, **more)

    def campaign(self, **more: Any) -> int:
        """A campaign with one set and one ad; its id."""
        number = self.service.add_campaign(self.campaign_draft(**more)).ids[0]
        group = self.service.add_set(number, self.set_draft()).ids[0]
        self.service.add_ad(group, self.ad_draft())
        return number

    def approved(self, **more: Any) -> int:
        """One that is approved."""
        number = self.campaign(**more)
        self.service.submit(number)
        self.service.approve(number)
        return number

    def state(self, number: int) -> str:
        return self.desk.workspace.campaign_queries.get(number).state

    def work(self):
        """One pass of a worker over the campaigns."""
        return self.desk.workspace.worker().advertise_once()

    def turn(self, *, days: float = 0, hours: float = 0, step: float = 3) -> None:
        """Let time pass, with a worker that comes back every few hours."""
        left = days * 24 + hours
        while left > 0:
            self.desk.clock.turn(min(step, left) * 3600)
            left -= step
            self.work()

    def calls(self, number: int | None = None) -> list[tuple[str, str, str]]:
        """What was called: level, verb, state."""
        queries = self.desk.workspace.campaign_queries
        numbers = [row.id for row in queries.all()] if number is None else [number]
        return [(row.level, row.verb, row.state) for one in numbers for row in queries.calls(one)]

    @property
    def cabinet(self):
        """The account of the cabinet in the world."""
        host = seed.FACEBOOK_HOST if self.network == "facebook" else seed.VK_ADS_HOST
        found = self.desk.world.accounts(server=host)
        return next(one for one in found if self.network != "facebook" or one.handle.startswith("act_"))

    def settle(self) -> None:
        """Let the auction run until now."""
        server = self.desk.world.server(self.cabinet.server)
        assert server is not None
        market.settle(self.desk.world, server)

    def remote(self, level: Level):
        """All things of a storey that were ever made in the world."""
        kind = {Level.CAMPAIGN: market.CAMPAIGN, Level.SET: market.SET, Level.AD: market.AD}[level]
        return list(self.desk.world.objects(self.cabinet, kind, ascending=True))

    def days(self) -> dict[str, float]:
        """What was truly spent, by day, in minor units: what the market knows, whatever it tells."""
        self.settle()
        found: dict[str, float] = {}
        for ad in self.remote(Level.AD):
            for day, figures in ad.record["days"].items():
                found[day] = found.get(day, 0.0) + figures[3]
        return found

    def spent(self) -> float:
        """All that was truly spent."""
        return sum(self.days().values())

    def sets(self, number: int) -> list[int]:
        return [row.id for row in self.desk.workspace.campaign_queries.sets(number)]

    def ads(self, number: int) -> list[int]:
        return [row.id for row in self.desk.workspace.campaign_queries.ads(number)]


def make_ads_desk(folder: Path, network: str) -> AdsDesk:
    """A desk with a cabinet on a network."""
    desk = make_desk(folder / "data", networks=(NETWORKS[network],))
    stored = desk.workspace.media.add(picture(folder, "JPEG", (1200, 628)).path)
    return AdsDesk(desk, network, stored.sha256)
