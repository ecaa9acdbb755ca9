"""An advertising cabinet on the sandbox as a client sees it, the same way for every network that has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from smm_tui.domain.clock import DAY
from smm_tui.networks.advertising import (
    AdDraft,
    Advertiser,
    Audience,
    CampaignDraft,
    Creative,
    Draft,
    Goal,
    Level,
    Place,
    PlaceKind,
    Remote,
    SetDraft,
)
from smm_tui.networks.ports import Capability
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.seed import VK_ADS_HOST

from .stage import Stage
from .support import picture


class Staging(Protocol):
    """What is particular to one network."""

    flavour: str
    city: Place
    facts: Mapping[str, str]
    creating: Mapping[Level, str]  # the path of the call that makes a thing

    def least_daily(self, stage: Stage) -> int:
        """The least daily budget of the cabinet."""

    def disable(self, stage: Stage) -> None:
        """Close the cabinet."""

    def without_right(self, stage: Stage) -> None:
        """Take the right to advertise from the token."""

    def forget(self, stage: Stage, remote: Remote) -> None:
        """Let a thing vanish as if it had never been."""


@dataclass
class AdsStage:
    """A cabinet, and drafts that it takes."""

    stage: Stage
    network: Staging
    folder: Path
    serial: int = 0
    made: dict[Level, Remote] = field(default_factory=dict)

    @property
    def advertiser(self) -> Advertiser:
        """The port, as a new process would make it."""
        return self.stage.ports().advertiser

    def campaign(self, **more: Any) -> CampaignDraft:
        """A campaign whose sets have the budget."""
        now = self.stage.clock.now
        draft = CampaignDraft("Spring", Goal.TRAFFIC, now, now + 20 * DAY, facts=self.network.facts)
        return replace(draft, **more)

    def set(self, **more: Any) -> SetDraft:
        """A set for a city."""
        draft = SetDraft(
            "Around",
            Audience((self.network.city,), age_from=20, age_to=45),
            budget_daily=2 * self.network.least_daily(self.stage),
            goal=Goal.TRAFFIC,
            facts=self.network.facts,
        )
        return replace(draft, **more)

    def ad(self, **more: Any) -> AdDraft:
        """An ad with a picture of its own."""
        creative = Creative(
            text="Fresh bread every morning",
            title="The Bakery",
            link="https://bakery.example/",
            button="learn_more",
            pictures=(picture(self.folder, "JPEG", (1200, 628)),),
        )
        return AdDraft("Loaf", replace(creative, **more))

    def draft(self, level: Level) -> Draft:
        """A draft of a storey."""
        makers: dict[Level, Callable[[], Draft]] = {
            Level.CAMPAIGN: self.campaign,
            Level.SET: self.set,
            Level.AD: self.ad,
        }
        return makers[level]()

    def parent(self, level: Level) -> str:
        """The id of what a thing of a storey is made in."""
        above = {Level.SET: Level.CAMPAIGN, Level.AD: Level.SET}.get(level)
        return self.made[above].id if above else ""

    def identity(self) -> str:
        """A fresh one."""
        self.serial += 1
        return f"smm-{self.serial:04}"

    async def make(self, level: Level, draft: Draft | None = None, *, identity: str = "") -> Remote:
        """Make a thing in the last one above it."""
        wire = await self.advertiser.prepare(level, draft or self.draft(level), parent_id=self.parent(level))
        self.made[level] = await self.advertiser.create(level, identity or self.identity(), wire)
        return self.made[level]

    async def tree(self, **creative: Any) -> tuple[Remote, Remote, Remote]:
        """A campaign with one set and one ad."""
        return (
            await self.make(Level.CAMPAIGN),
            await self.make(Level.SET),
            await self.make(Level.AD, self.ad(**creative)),
        )

    async def launch(self) -> None:
        """Launch the last tree from the bottom up."""
        for level in (Level.AD, Level.SET, Level.CAMPAIGN):
            await self.advertiser.set_running(level, self.made[level].id, True)

    async def shown(self, level: Level) -> Remote:
        """The last thing of a storey as the network lists it."""
        listed = await self.advertiser.list(level, parent_id=self.parent(level))
        return next(one for one in listed if one.id == self.made[level].id)

    def lose(self, level: Level) -> None:
        """Let the answer to the next call that makes a thing get lost."""
        path = self.network.creating[level]
        self.stage.world.plant(Fault(FaultKind.LOST_RESPONSE, path=path, method="POST"))

    def can_advertise(self) -> bool:
        """Whether the account declares it."""
        return self.stage.can(Capability.ADS)


class OnFacebook:
    """The Marketing API."""

    flavour = "facebook"
    city = Place(PlaceKind.CITY, "24101", "Berlin")
    facts: Mapping[str, str] = {"payer": "The Bakery GmbH"}
    creating: Mapping[Level, str] = {Level.CAMPAIGN: "/campaigns", Level.SET: "/adsets", Level.AD: "/ads"}

    def least_daily(self, stage: Stage) -> int:
        return int(self._cabinet(stage).data["min_daily"])

    def disable(self, stage: Stage) -> None:
        stage.world.update_account(self._cabinet(stage), {"account_status": 2})

    def without_right(self, stage: Stage) -> None:
        for value in ("token", "page_token"):
            known = stage.slot.read() or {}
            token = stage.world.token(stage.server.host, known.get(value, ""), "access")
            if token is not None:
                scopes = [scope for scope in token.data["scopes"] if not scope.startswith("ads_")]
                stage.world.update_token(token, data={"scopes": scopes})

    def forget(self, stage: Stage, remote: Remote) -> None:
        for kind in ("ads campaign", "ads set", "ad"):
            found = stage.world.find_object(stage.server.host, kind, remote.id)
            if found is not None:
                stage.world.delete_object(found)

    @staticmethod
    def _cabinet(stage: Stage) -> Any:
        return next(one for one in stage.world.accounts(server=stage.server.host) if one.handle.startswith("act_"))


class OnVk:
    """VK Реклама."""

    flavour = "vk_ads"
    city = Place(PlaceKind.CITY, "24109", "Москва")
    facts: Mapping[str, str] = {}
    creating: Mapping[Level, str] = {
        Level.CAMPAIGN: "/ad_plans.json",
        Level.SET: "/ad_groups.json",
        Level.AD: "/banners.json",
    }

    def least_daily(self, stage: Stage) -> int:
        rules = stage.spec.ads(stage.account.facts)
        assert rules is not None
        return rules.least_daily["RUB"]

    def disable(self, stage: Stage) -> None:
        stage.world.set_state(self.cabinet(stage), "blocked")

    def without_right(self, stage: Stage) -> None:
        stage.world.update_account(self.cabinet(stage), {"scopes": ["read_payments"]})

    def forget(self, stage: Stage, remote: Remote) -> None:
        for kind in ("ads campaign", "ads set", "ad"):
            found = stage.world.find_object(VK_ADS_HOST, kind, remote.id)
            if found is not None:
                stage.world.delete_object(found)

    @staticmethod
    def cabinet(stage: Stage) -> Any:
        return stage.world.accounts(server=VK_ADS_HOST)[0]


STAGINGS: dict[str, Staging] = {"facebook": OnFacebook(), "vk": OnVk()}
