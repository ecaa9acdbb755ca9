"""How the demo comes to be: real services, clients and worker live through its weeks on a turned clock."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from smm_tui.bootstrap import Workspace, actor_of
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE, SECOND, Clock, Instant
from smm_tui.domain.states import Approval
from smm_tui.domain.when import PlannedTime
from smm_tui.sandbox import chatter, seed
from smm_tui.sandbox.demo import desk, figures, hours, pictures
from smm_tui.sandbox.demo.campaigns import Advertising
from smm_tui.sandbox.demo.clients import FIRST_WEEK, LAST_WEEK, DemoClient, DemoPost, load
from smm_tui.sandbox.demo.opening import ROUND, demo_settings, opened
from smm_tui.sandbox.demo.people import People
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World
from smm_tui.services import client_parts, service_levels
from smm_tui.services.parts import Known
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.rates import SharedRates
from smm_tui.services.scheme_parts import PARTS, PILLARS

SEED = 1
ACTOR = "demo"
WEEK: Instant = 7 * DAY
APPROVED_AHEAD: Instant = 8 * DAY
PLANNED_AHEAD: Instant = 15 * DAY
"""What lies further ahead is still a draft."""
SOON = tuple(SECOND * seconds for seconds in (10, 25, 45, 80, 120, 180))
"""After the opening, a post of one client after the other comes due."""
QUIET: Instant = 3 * MINUTE
"""After the opening nobody writes for so long; then they go on for as long as the demo is open."""
ANSWERED_WITHIN = 180
"""Minutes in which every client of the demo wants people answered."""
SHORT_TEXT = 300
"""Characters that a server takes after it lowered its limit."""
LOOKS: tuple[Instant, ...] = tuple(SECOND * seconds for seconds in (0, 2, 5, 15, 60))
"""When the worker looks at a delivery that gets no answer, until it asks a person."""


_UNHURRIED: dict[str, dict[str, Any]] = {seed.VK_HOST: {"rates": {}}, seed.VK_ADS_HOST: {"limits": {}}}
"""Servers that count calls by the second, without that while the clock stands: the next one would never come."""


class _Unhurried(SharedRates):
    """For the same reason nothing is counted on this side."""

    def take(self, bucket: str, limit: int, window: float) -> float:
        return 0.0


@dataclass
class TurnedClock:
    """Stands where it was turned to; with `at` None it goes with the real one."""

    real: Clock
    at: Instant | None = None

    def __call__(self) -> Instant:
        return self.real() if self.at is None else self.at


def make(data: Path, clock: Clock) -> None:
    """Make the demo in an empty folder."""
    opening = clock()
    turned = TurnedClock(clock, opening + (FIRST_WEEK - 1) * WEEK - 4 * DAY)
    with World(data / "world.db", clock=turned, seed=SEED) as world, opened(data, turned, ACTOR) as workspace:
        workspace.rates = _Unhurried(workspace.db)
        _Story(workspace, world, turned, opening).live_through()


class _Story:
    """The weeks before the opening, and the plan for those after it."""

    def __init__(self, workspace: Workspace, world: World, clock: TurnedClock, opening: Instant) -> None:
        self._workspace = workspace
        self._world = world
        self._clock = clock
        self._opening = opening
        self._servers = seed.add_servers(world, _UNHURRIED)
        self._clients = load()
        self._ads = Advertising(workspace, world, self._servers, self._clients)
        self._due: dict[DemoPost, Instant] = {}

    def live_through(self) -> None:
        """From the first client to the opening; from then on the clock goes with the real one."""
        for client in self._clients:
            project = add_client(self._workspace, self._world, self._servers, client)
            service_levels.set_level(self._workspace.db, ACTOR, project, minutes=ANSWERED_WITHIN)
        self._ads.set_up()
        for at, event in self._events():
            self._turn(at)
            event()
        self._turn(self._opening)
        self._workspace.worker().read_once()
        figures.seed(self._workspace, self._world, self._opening)
        hours.fill(self._workspace, actor_of(demo_settings(self._workspace.settings.paths.data)), self._clients)
        desk.set_up(self._workspace)
        chatter.settle_in(self._world, self._pages(), begins=self._opening + QUIET)
        for host in _UNHURRIED:
            server = self._servers[host]
            self._world.add_server(server.host, server.network, title=server.title)
        self._clock.at = None
        bring_due(self._workspace)

    def _pages(self) -> list[tuple[Account, str]]:
        """The clients' accounts as the world has them, each with the language that people write there."""
        languages = {row.id: row.language for row in self._workspace.projects.all()}
        wanted = {
            (row.server.removeprefix("https://"), row.remote_id): languages[row.project_id]
            for row in self._workspace.accounts.of_project()
        }
        return [
            (account, wanted[account.server, account.remote_id])
            for account in self._world.accounts()
            if (account.server, account.remote_id) in wanted
        ]

    def _turn(self, at: Instant) -> None:
        self._clock.at = max(at, self._clock())

    def _events(self) -> list[tuple[Instant, Callable[[], None]]]:
        """What happens until the opening, in the order of time: plans, a pass of the worker whenever posts are due,
        and what people write."""
        accidents = {"rejected": self._lower_the_limit, "unknown": self._give_no_answer, "missed": self._oversleep}
        plans: list[tuple[Instant, Callable[[], None]]] = []
        passes: dict[Instant, Callable[[], None]] = {}
        for client in self._clients:
            today = zones.local(self._opening, client.timezone).date()
            for week in range(FIRST_WEEK, LAST_WEEK + 1):
                posts = [post for post in client.posts if (post.slot.week if post.slot else LAST_WEEK) == week]
                for post in posts:
                    if post.slot is not None:
                        due = self._due[post] = zones.resolve(post.slot.on(today), client.timezone)
                        if due < self._opening:
                            passes[due] = accidents.get(post.accident) or passes.get(due, self._work)
                first = min(self._due[post] for post in posts if post in self._due)
                at = min(first - 4 * DAY, self._opening - 2 * HOUR) + client.hotkey * MINUTE
                plans.append((at, partial(self._plan_week, client, posts)))
        people = People(self._world, self._clients).events(self._opening)
        ads = self._ads.events(self._opening)
        return sorted([*plans, *passes.items(), *people, *ads], key=lambda event: event[0])

    def _plan_week(self, client: DemoClient, posts: list[DemoPost]) -> None:
        project = self._workspace.projects.find(client.name).id
        ready: list[int] = []
        for post in posts:
            due = self._due.get(post)
            draft = draft_of(self._workspace, project, client, post, due)
            ahead = 0 if due is None else due - self._opening
            if due is None or ahead > PLANNED_AHEAD:
                self._workspace.posts.add(replace(draft, accounts=(), variants={}))
                continue
            post_id = self._workspace.posts.add(draft).ids[0]
            if ahead < APPROVED_AHEAD and client.approval != Approval.NONE:
                ready.append(post_id)
            if post.held:
                for delivery in self._workspace.posts.get(post_id).deliveries:
                    self._workspace.deliveries.hold(delivery.id)
        if ready:
            approve(self._workspace, ready)

    # What may happen on the way

    def _work(self) -> None:
        self._workspace.runner().run_once()

    def _lower_the_limit(self) -> None:
        """The server takes shorter texts than when the post was approved, and says no."""
        server = self._servers[seed.MASTODON_HOST]
        self._world.add_server(server.host, server.network, title=server.title, config={"max_characters": SHORT_TEXT})
        self._work()
        self._world.add_server(server.host, server.network, title=server.title)

    def _give_no_answer(self) -> None:
        """Nothing of what is sent comes through, and no answer ever arrives."""
        self._world.plant(Fault(FaultKind.TIMEOUT_BEFORE, method="POST", path="putRecord", times=6))
        for wait in LOOKS:
            self._clock.at = self._clock() + wait
            self._work()
        self._world.clear_faults()

    def _oversleep(self) -> None:
        """The machine sleeps when the post is due."""
        self._clock.at = self._clock() + 40 * MINUTE
        self._work()


def approve(workspace: Workspace, post_ids: list[int]) -> None:
    """Approve posts of one client; where it approves months, those of the posts come first."""
    for post_id in post_ids:
        post = workspace.posts.get(post_id).post
        year, month = map(int, (post.planned_wall or "")[:7].split("-"))
        by_month = workspace.projects.get(post.project_id).approval == Approval.MONTH
        if by_month and workspace.reviews.approval(post.project_id, year, month) is None:
            workspace.reviews.approve_month(post.project_id, year, month)
    workspace.posts.approve(post_ids)


def bring_due(workspace: Workspace) -> None:
    """Plan and approve a post for each client that has nothing due in the next minutes."""
    turn = int(workspace.records.setting(ROUND) or 0)
    now = workspace.clock()
    projects = {project.name: project for project in workspace.projects.all()}
    for client, wait in zip(load(), SOON, strict=True):
        project = projects.get(client.name)
        if project is None or not workspace.accounts.of_project(project.id):
            continue  # renamed, archived or disconnected by whoever plays here
        if workspace.posts.between(project.id, now, now + SOON[-1] + MINUTE):
            continue
        due = (now + wait) // SECOND * SECOND
        post = client.soon[turn % len(client.soon)]
        post_id = workspace.posts.add(draft_of(workspace, project.id, client, post, due)).ids[0]
        if project.approval != Approval.NONE:
            approve(workspace, [post_id])
    workspace.records.remember(ROUND, str(turn + 1))


def add_client(workspace: Workspace, world: World, servers: Mapping[str, Server], client: DemoClient) -> int:
    """Add a project with its accounts, which are signed up in the world first and then checked; the project's id."""
    draft = ProjectDraft(
        client.name,
        client.timezone,
        client.client,
        client.goal,
        client.language,
        client.colour,
        client.hotkey,
        client.approval,
        client.country,
    )
    project_id = workspace.projects.add(draft).ids[0]
    for account in client.accounts:
        server = servers[account.host]
        if account.network == "bluesky":
            bluesky = seed.add_bluesky_account(
                world, server, account.handle, display_name=client.name, note=client.note
            )
            handle, secret = bluesky.handle, {"app_password": bluesky.app_password}
        else:
            mastodon = seed.add_mastodon_account(
                world, server, account.handle, display_name=client.name, note=client.note
            )
            handle, secret = mastodon.handle, {"token": mastodon.token}
        workspace.accounts.add(project_id, account.network, handle, secret, server=server.base)
    _add_scheme(workspace, project_id, client)
    _add_audience(workspace, project_id, client)
    return project_id


def _add_scheme(workspace: Workspace, project_id: int, client: DemoClient) -> None:
    today = zones.local(workspace.clock(), client.timezone).date()
    for part in sorted(PARTS, key=lambda part: part is not PILLARS):  # the others refer to them
        for answers in client.scheme.get(part.name, ()):
            queries = workspace.scheme_queries
            known = Known(queries.content_types(project_id), queries.pillars(project_id), today=today)
            part.add(workspace.scheme, project_id, {**part.blank(known), **answers}, known)


def _add_audience(workspace: Workspace, project_id: int, client: DemoClient) -> None:
    """The brief, and whom the client wants to reach; segments come first, since others refer to them."""
    workspace.briefs.write(project_id, client.brief)
    today = zones.local(workspace.clock(), client.timezone).date()
    accounts = workspace.accounts.of_project(project_id)
    for part in sorted(client_parts.PARTS, key=lambda part: part is not client_parts.SEGMENTS):
        for answers in client.audience.get(part.name, ()):
            known = client_parts.known(workspace.client_queries, project_id, accounts, today)
            days = {
                name: (today + timedelta(days=int(value))).isoformat() if name in ("from", "by") else value
                for name, value in answers.items()
            }
            receipt = part.add(workspace, project_id, {**part.blank(known), **days}, known)
            if answers.get("outcome", "open") != "open":  # it was believed first, and settled then
                part.edit(workspace, project_id, str(receipt.ids[0]), {**part.blank(known), **days}, known)


def draft_of(
    workspace: Workspace, project_id: int, client: DemoClient, post: DemoPost, due: Instant | None
) -> PostDraft:
    """A post for all accounts of its client; its picture is drawn and stored."""
    media: tuple[tuple[str, str], ...] = ()
    if post.picture is not None:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / f"{client.motif}-{post.picture.count}.jpg"
            pictures.draw(client.motif, post.picture.count, path)
            media = ((workspace.media.add(path).sha256, post.picture.alt),)
    when = None
    if due is not None:
        zone = workspace.projects.get(project_id).timezone
        when = PlannedTime(zones.local(due, zone).replace(tzinfo=None), zone, due)
    published = {account.network for account in client.accounts}
    accounts = [row for row in workspace.accounts.of_project(project_id) if row.network in published]
    return PostDraft(
        project_id,
        post.type,
        post.text,
        when,
        accounts=tuple(row.id for row in accounts),
        variants={row.id: post.variants[row.network] for row in accounts if row.network in post.variants},
        media=media,
        content_warning=post.content_warning,
        language=client.language,
        late_rule=post.late,
        segment_id=client_parts.segment_id(
            client.aims.get(post.type, ""), workspace.client_queries.segments(project_id)
        ),
    )
