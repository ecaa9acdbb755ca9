"""How the days begin: a world in a folder, with a client, its page, and people who write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain import zones
from smm_tui.domain.clock import HOUR, MINUTE, SECOND, Clock, Instant
from smm_tui.domain.states import Approval
from smm_tui.domain.when import PlannedTime
from smm_tui.i18n import N_, _
from smm_tui.sandbox import seed
from smm_tui.sandbox.demo import demo_settings
from smm_tui.sandbox.demo.story import TurnedClock
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.lessons.course import SCENE
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World
from smm_tui.services import service_levels
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft

ZONE = "Europe/Budapest"
NOTES = "lesson.notes"
"""The remembered fact with what the learner needs to begin: a JSON list of sentences."""

ACTOR = "owner"
"""Who did what was there before the lesson."""

POST = N_("Tonight from five: three teas from the mountains of Taiwan, and time to taste them.")
ANGRY = N_("Forty minutes for one pot of tea, and then it was cold! Never again, and I tell everybody.")
QUESTION = N_("Until when are you open on Sundays?")
PRAISE = N_("The jasmine was wonderful, thank you!")
SPAM = N_("Earn 5000 a week from home!!! Free sign-up at http://easy-money.example")
WRONG = N_("This week only: a pot of any tea for 100 forints. Come and taste!")
CHEERFUL = N_("Why did the teapot get a medal? It never lost its cool.")
UPSET = (
    N_("I came for the 100 forint tea and was asked for 1,000. Is that a joke?"),
    N_("You advertise a price and do not keep it. Shame."),
    N_("Is the price a mistake, or are you just rude at the counter?"),
    N_("We came with the whole family because of that post."),
    N_("Screenshot taken. What is the real price?"),
)
OFFER = N_("Our terrace opens on Friday: forty seats, under the chestnut trees.")


@dataclass
class Stage:
    """A world and a workspace while a day is being prepared."""

    workspace: Workspace
    world: World
    servers: dict[str, Server]
    clock: TurnedClock
    now: Instant
    scene: dict[str, int]
    notes: list[str]

    def client(self, *, approval: str = Approval.ITEM) -> int:
        """The tea house; its number."""
        goal = _("Forty guests an evening. Open from Tuesday to Sunday, 14:00 to 22:00.")
        project = self.workspace.projects.add(
            ProjectDraft(_("Tea house"), ZONE, _("Vándor Teaház"), goal, approval=approval)
        ).ids[0]
        service_levels.set_level(self.workspace.db, ACTOR, project, minutes=60)
        return project

    def page(self, project: int) -> Account:
        """Its account on the sandbox's Mastodon, connected."""
        login = seed.add_mastodon_account(
            self.world, self.servers[seed.MASTODON_HOST], "teahouse", display_name=_("Tea house")
        )
        self.workspace.accounts.add(project, "mastodon", login.handle, {"token": login.token}, server=login.server)
        return login.account

    def plan(self, project: int, text: str, at: Instant, kind: str = "informational") -> int:
        """A post at an instant, approved; its number."""
        planned = PlannedTime(zones.local(at, ZONE).replace(tzinfo=None), ZONE, at)
        post = self.workspace.posts.add(PostDraft(project, kind, text, planned)).ids[0]
        self.workspace.posts.approve([post])
        return post

    def publish(self, project: int, text: str, ago: Instant, kind: str = "informational") -> int:
        """A post that went live a while ago; its number."""
        self.clock.at = self.now - ago - MINUTE
        post = self.plan(project, text, self.now - ago, kind)
        self.clock.at = self.now - ago + SECOND
        self.workspace.runner().run_once()
        return post

    def comment(self, account: Account, who: str, text: str, ago: Instant) -> None:
        """Somebody writes below the newest post of the account."""
        self.clock.at = self.now - ago
        audience, server = AUDIENCES["mastodon"], self.servers[seed.MASTODON_HOST]
        post = [item for item in self.world.objects(account) if not item.reply_to][-1]
        audience.comment(self.world, post, audience.person(self.world, server, who), text)


@contextmanager
def staged(folder: Path, clock: Clock) -> Iterator[Stage]:
    """A new world and workspace in an empty folder; what judges and learners need is written down at the end."""
    turned = TurnedClock(clock)
    with World(folder / "world.db", clock=turned, seed=7) as world:
        workspace = Workspace(demo_settings(folder)._replace(actor=ACTOR), clock=turned)
        try:
            stage = Stage(workspace, world, seed.add_servers(world), turned, clock(), {}, [])
            yield stage
            turned.at = None
            workspace.records.remember(NOTES, json.dumps(stage.notes))
            workspace.records.remember(SCENE, json.dumps({**stage.scene, "began": stage.now}))
        finally:
            workspace.close()


def empty_desk(folder: Path, clock: Clock) -> None:
    """Nothing but an account that waits to be connected."""
    with staged(folder, clock) as stage:
        login = seed.add_mastodon_account(
            stage.world, stage.servers[seed.MASTODON_HOST], "teahouse", display_name=_("Tea house")
        )
        stage.notes += [
            _("The account: network Mastodon, server {server}, name {handle}").format(
                server=login.server, handle=login.handle
            ),
            _("Its access token (it opens nothing outside of the sandbox): {token}").format(token=login.token),
        ]


def tea_house(folder: Path, clock: Clock) -> None:
    """The client with its page, and an empty month."""
    with staged(folder, clock) as stage:
        stage.page(stage.client())


def angry_comment(folder: Path, clock: Clock) -> None:
    """A live post, and what people write below it."""
    with staged(folder, clock) as stage:
        project = stage.client()
        account = stage.page(project)
        stage.publish(project, _(POST), 6 * HOUR)
        for who, text, ago in (
            ("Nora", PRAISE, 50 * MINUTE),
            ("Balázs", ANGRY, 20 * MINUTE),
            ("Winner", SPAM, 12 * MINUTE),
            ("Ágnes", QUESTION, 5 * MINUTE),
        ):
            stage.comment(account, who, _(text), ago)


def terrace(folder: Path, clock: Clock) -> None:
    """A Page with an advertising account, and a post worth promoting."""
    with staged(folder, clock) as stage:
        project = stage.client()
        login = seed.add_facebook_page(
            stage.world, stage.servers[seed.FACEBOOK_HOST], "teahouse", name=_("Tea house")
        )
        secret = {"token": login.user_token, "app_secret": login.app_secret}
        stage.workspace.accounts.add(project, "facebook", login.handle, secret, server=login.server)
        stage.publish(project, _(OFFER), 3 * HOUR, "selling")
        stage.scene["most"] = 20_000


def wrong_price(folder: Path, clock: Clock) -> None:
    """A live post with a wrong price, a joke for the evening, and people who came for the tea."""
    with staged(folder, clock) as stage:
        project = stage.client()
        account = stage.page(project)
        stage.scene["wrong"] = stage.publish(project, _(WRONG), 4 * HOUR, "selling")
        for place, text in enumerate(UPSET):
            stage.comment(account, f"Guest {place + 1}", _(text), (40 - 7 * place) * MINUTE)
        stage.clock.at = None
        stage.scene["cheerful"] = stage.plan(project, _(CHEERFUL), stage.now + 6 * HOUR, "entertaining")
