"""What the demo's clients advertise, as written down in ``campaigns.toml``: accounts with advertising cabinets, posts
that are promoted, saved audiences, campaigns that live through the market, by real services and the worker's lane."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.domain import money, zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.domain.when import PlannedTime
from smm_tui.networks.advertising import Audience, AudienceField, Place, PlaceKind
from smm_tui.sandbox import seed
from smm_tui.sandbox.demo import pictures
from smm_tui.sandbox.demo.clients import DemoClient
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World
from smm_tui.services import ad_preflight
from smm_tui.services.campaign_queries import AdDraft, AdSetDraft, CampaignDraft
from smm_tui.services.post_queries import PostDraft

READ_EVERY = 5
"""Days between two looks of the worker at what the market did."""
BEFORE: Instant = HOUR
"""So long before it is launched a campaign is planned."""

Event = tuple[Instant, Callable[[], None]]
Values = Mapping[str, Any]


class Advertising:
    """The clients that advertise."""

    def __init__(
        self, workspace: Workspace, world: World, servers: Mapping[str, Server], clients: Sequence[DemoClient]
    ) -> None:
        self._workspace = workspace
        self._world = world
        self._servers = servers
        self._motifs = {client.name: client.motif for client in clients}
        self._told: Mapping[str, list[Values]] = tomllib.loads(
            (resources.files(__package__) / "campaigns.toml").read_text(encoding="utf-8")
        )
        self._accounts: dict[tuple[str, str], int] = {}
        self._segments: dict[tuple[str, str], int] = {}

    def set_up(self) -> None:
        """Connect the accounts and save the audiences."""
        for values in self._told["account"]:
            self._connect(values)
        for values in self._told["segment"]:
            project = self._workspace.projects.find(values["client"]).id
            people = self._audience(values, self._account_of(values["client"]))
            receipt = self._workspace.segments.add(project, values["name"], people, {"pains": values["pains"]})
            self._segments[values["client"], values["name"]] = receipt.ids[0]

    def events(self, opening: Instant) -> list[Event]:
        """Posts, launches, and looks at what came of them, until the opening."""
        events: list[Event] = []
        for post in self._told["post"]:
            due = opening - post["ago"] * DAY
            events.append((min(due, opening) - 2 * BEFORE, partial(self._plan_post, post, due)))
            if due < opening:
                events.append((due, self._publish))
        for campaign in self._told["campaign"]:
            starts = opening - campaign["ago"] * DAY
            at = min(starts, opening) - BEFORE
            events.append((at, partial(self._plan, campaign, starts)))
            if campaign["ago"] > 0:
                events += [(at + MINUTE, self._look), (starts + HOUR, self._look)]
        last = max(campaign["ago"] for campaign in self._told["campaign"])
        return [*events, *((opening - ago * DAY, self._look) for ago in (*range(last, 0, -READ_EVERY), 0))]

    def _connect(self, values: Values) -> None:
        server, network = self._servers[values["host"]], values["network"]
        if network == "vk":
            community = seed.add_vk_community(self._world, server, values["handle"], name=values["name"])
            cabinet = seed.add_vk_cabinet(self._world, self._servers[seed.VK_ADS_HOST], values["name"])
            handle = community.handle
            secret = {
                "token": community.token,
                "user_token": community.user_token,
                "ads_client_id": cabinet.client_id,
                "ads_client_secret": cabinet.client_secret,
            }
        else:
            page = seed.add_facebook_page(self._world, server, values["handle"], name=values["name"])
            self._world.update_account(page.cabinet, values["cabinet"])
            handle, secret = page.handle, {"token": page.user_token, "app_secret": page.app_secret}
        project = self._workspace.projects.find(values["client"]).id
        receipt = self._workspace.accounts.add(project, network, handle, secret, server=server.base)
        self._accounts[values["client"], network] = receipt.ids[0]

    def _plan_post(self, values: Values, due: Instant) -> None:
        project = self._workspace.projects.find(values["client"])
        when = PlannedTime(zones.local(due, project.timezone).replace(tzinfo=None), project.timezone, due)
        draft = PostDraft(
            project.id,
            values["type"],
            values["text"].strip(),
            when,
            accounts=(self._accounts[values["client"], values["network"]],),
            language=project.language,
        )
        from smm_tui.sandbox.demo.story import approve  # which imports this module

        approve(self._workspace, [self._workspace.posts.add(draft).ids[0]])

    def _publish(self) -> None:
        self._workspace.runner().run_once()

    def _look(self) -> None:
        self._workspace.worker().advertise_once()

    def _plan(self, values: Values, starts: Instant) -> None:
        """Write a campaign down; launch it, or leave it as far as `until` says."""
        service = self._workspace.campaigns
        account = self._accounts[values["client"], values["network"]]
        cabinet = ad_preflight.cabinet_of(self._workspace.accounts.get(account))
        currency = "" if cabinet is None else cabinet.currency
        campaign = service.add_campaign(
            CampaignDraft(
                account,
                values["name"],
                values["goal"],
                starts,
                starts + values["for"] * DAY,
                _amount(values, "budget_daily", currency),
                _amount(values, "budget_total", currency),
                _amount(values, "cap", currency),
                values["facts"],
            )
        ).ids[0]
        for group in values["set"]:
            saved = self._segment(values["client"], group)
            own = any(name in group for name in ("places", "age_from", "age_to", "interests"))
            draft = AdSetDraft(
                group["name"],
                self._audience({**saved, **group}, account),
                None if own else self._segments[values["client"], group["segment"]],
                budget_daily=_amount(group, "budget_daily", currency),
            )
            set_id = service.add_set(campaign, draft).ids[0]
            for ad in group["ad"]:
                service.add_ad(set_id, self._ad(ad, values["client"], account))
        service.submit(campaign)
        if values.get("until") != "submitted":
            service.approve(campaign)
            service.launch(campaign)

    def _segment(self, client: str, group: Values) -> Values:
        """The saved audience that a set begins with."""
        wanted = (client, group.get("segment"))
        return next((one for one in self._told["segment"] if (one["client"], one["name"]) == wanted), {})

    def _account_of(self, client: str) -> int:
        return next(number for (name, _network), number in self._accounts.items() if name == client)

    def _audience(self, values: Values, account: int) -> Audience:
        """The people that are written down, looked up as a person would."""
        topics = [self._workspace.ad_lookups.topics(account, AudienceField.INTERESTS, name)[0]
                  for name in values.get("interests", ())]  # fmt: skip
        return Audience(
            tuple(self._place(one, account) for one in values.get("places", ())),
            age_from=values.get("age_from"),
            age_to=values.get("age_to"),
            interests=tuple(topics),
        )

    def _place(self, values: Values, account: int) -> Place:
        kind = PlaceKind(values["kind"])
        if kind is PlaceKind.POINT:
            return Place(**{"id": "", **values, "kind": kind})
        found = self._workspace.ad_lookups.places(account, kind, values["name"])[0]
        return replace(found, radius=values.get("radius", found.radius))

    def _ad(self, values: Values, client: str, account: int) -> AdDraft:
        if "post" in values:
            rows = self._workspace.ads_queries.promotable(account)
            delivery = next(row.delivery_id for row in rows if row.head.startswith(values["post"]))
            return AdDraft(values["name"], delivery)
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / f"{self._motifs[client]}-{values['picture']}.jpg"
            pictures.draw(self._motifs[client], values["picture"], path)
            stored = self._workspace.media.add(path)
        return AdDraft(
            values["name"],
            text=values["text"],
            title=values["title"],
            link=values["link"],
            button=values["button"],
            media=(stored.sha256,),
        )


def _amount(values: Values, name: str, currency: str) -> int | None:
    return money.parse(values[name], currency, field=name) if name in values else None
