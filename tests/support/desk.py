"""A whole workspace over a sandbox world, with a clock that the test turns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import SECOND, Instant, to_datetime
from smm_tui.paths import Paths
from smm_tui.sandbox import seed
from smm_tui.sandbox.world import World
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

START: Instant = 1_790_000_000_000  # 21 September 2026, 14:13:20 UTC
ZONE = "Europe/Budapest"


STILL = {seed.VK_HOST: {"rates": {}}, seed.VK_ADS_HOST: {"limits": {}}}
"""No limits a second: the clock stands still."""


@dataclass
class TurnedClock:
    """Stands still until it is turned."""

    now: Instant = START

    def __call__(self) -> Instant:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


@dataclass
class Desk:
    """A workspace, its world and its clock."""

    workspace: Workspace
    world: World
    clock: TurnedClock
    project: int
    accounts: dict[str, int] = field(default_factory=dict)  # "mastodon", "gotosocial", ... -> account id

    def plan(
        self, text: str, *, seconds: float = 60, accounts: list[str] | None = None, late: str = "", **more
    ) -> int:
        """Plan a post `seconds` from now; its id."""
        words = to_datetime(self.clock.now + round(seconds * SECOND)).isoformat()
        draft = PostDraft(
            self.project,
            text=text,
            when=self.workspace.posts.parse_when(words, self.project),
            accounts=None if accounts is None else tuple(self.accounts[name] for name in accounts),
            late_rule=late,
            **more,
        )
        return self.workspace.posts.add(draft).ids[0]

    def approved(self, text: str, **more) -> int:
        """Plan and approve a post; its id."""
        post_id = self.plan(text, **more)
        self.workspace.posts.approve([post_id])
        return post_id

    def work(self):
        """One pass of a worker."""
        return self.workspace.runner().run_once()

    def drain(self, *, hours: float = 30, step: float = 1.7) -> None:
        """Let a worker come back again and again, at growing distances, until nothing is owed."""
        end = self.clock.now + round(hours * 3600 * SECOND)
        wait = 1.0
        while self.clock.now < end:
            self.work()
            wait = min(wait * step, 1800)
            self.clock.turn(wait)

    def states(self, post_id: int) -> dict[str, str]:
        """The states of a post's deliveries, by the names of `accounts`."""
        names = {number: name for name, number in self.accounts.items()}
        return {names[row.account_id]: row.state for row in self.workspace.post_queries.get(post_id).deliveries}

    def live(self) -> Counter[tuple[str, str]]:
        """How often each text is public on each server."""
        return Counter((item.server, item.text) for item in self.world.live_posts())


def settings_in(folder: Path) -> Settings:
    return Settings(paths=Paths(folder, folder / "smm-tui.db"), secrets="file", actor="tester")


def make_desk(
    folder: Path, *, networks: tuple[str, ...] = ("mastodon", "gotosocial", "bluesky"), approval="item"
) -> Desk:
    """A workspace with one project and an account on each of `networks`."""
    clock = TurnedClock()
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder / "world.db", clock=clock)
    servers = seed.add_servers(world, STILL)
    workspace = Workspace(settings_in(folder), clock=clock)
    project = workspace.projects.add(ProjectDraft("Bakery", ZONE, approval=approval)).ids[0]
    desk = Desk(workspace, world, clock, project)
    for name in networks:
        if name == "bluesky":
            login = seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "bakery")
            secret = {"app_password": login.app_password}
        elif name == "telegram":
            login = seed.add_telegram_bot(world, servers[seed.TELEGRAM_HOST], "bakery")
            secret = {"token": login.token}
        elif name in ("vk", "vk text"):  # the latter without a user token
            login = seed.add_vk_community(world, servers[seed.VK_HOST], f"bakery{len(desk.accounts)}")
            secret = {"token": login.token, "user_token": login.user_token if name == "vk" else ""}
        elif name == "vk ads":  # with an advertising cabinet
            login = seed.add_vk_community(world, servers[seed.VK_HOST], f"bakery{len(desk.accounts)}")
            cabinet = seed.add_vk_cabinet(world, servers[seed.VK_ADS_HOST], "The Bakery")
            secret = {"token": login.token, "user_token": login.user_token}
            secret |= {"ads_client_id": cabinet.client_id, "ads_client_secret": cabinet.client_secret}
        elif name == "facebook":
            login = seed.add_facebook_page(world, servers[seed.FACEBOOK_HOST], "bakery")
            secret = {"token": login.user_token, "app_secret": login.app_secret}
        elif name == "instagram":
            place = seed.add_public_folder(world, servers[seed.FILES_HOST], "bakery")
            workspace.public_place.name(place["address"], place["public"], place["user"], place["password"])
            login = seed.add_instagram_account(world, servers[seed.FACEBOOK_HOST], "bakery.insta")
            secret = {"token": login.page.user_token, "app_secret": login.page.app_secret}
        else:
            host = seed.MASTODON_HOST if name == "mastodon" else seed.GOTOSOCIAL_HOST
            login = seed.add_mastodon_account(world, servers[host], "bakery")
            secret = {"token": login.token}
        network = {"gotosocial": "mastodon", "vk text": "vk", "vk ads": "vk"}.get(name, name)
        receipt = workspace.accounts.add(project, network, login.handle, secret, server=login.server)
        desk.accounts[name] = receipt.ids[0]
    return desk
