"""The main job without a screen: plan, approve, publish, lose an answer, read back; every claim is checked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import DeliveryRow, MediaRow
from smm_tui.domain import zones
from smm_tui.domain.clock import HOUR, MINUTE, SECOND, Clock, system_clock
from smm_tui.domain.errors import SmmError
from smm_tui.domain.states import Approval, State
from smm_tui.i18n import _, ngettext
from smm_tui.networks import registry
from smm_tui.networks.ports import JSON, Account, RemoteRef
from smm_tui.sandbox import seed
from smm_tui.sandbox.demo import folder
from smm_tui.sandbox.demo.clients import DemoClient, DemoPost, load
from smm_tui.sandbox.demo.opening import opened
from smm_tui.sandbox.demo.story import SEED, TurnedClock, add_client, approve, draft_of
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.world import World
from smm_tui.services.preflight import measure

PUBLISH = {"mastodon": "/api/v1/statuses", "bluesky": "putRecord"}
"""The call that makes a post public, by network."""
RETRY_AFTER = 30
"""Seconds that the rate limit of the walk asks for."""
LOOKS = (5, 10, 15, 20, 60, 120)
"""Seconds between the passes of the worker after the first one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A claim, in words, and whether it held."""

    name: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HeadlessResult:
    """What came of the walk: `ok` if every step held; `waiting` deliveries ask a person."""

    ok: bool
    waiting: int
    steps: tuple[Step, ...]


def headless(data: Path, echo: Callable[[str], None], *, clock: Clock = system_clock) -> HeadlessResult:
    """Walk the main job in a fresh world below the demo's folder, and tell each step; nothing waits in real time.

    InvalidInput when the folder holds anything else than a demo.
    """
    data = data.expanduser().absolute()
    folder.claim(data)
    place = data / "headless"
    folder.claim(place)
    folder.empty(place)
    turned = TurnedClock(clock, clock())
    with World(place / "world.db", clock=turned, seed=SEED) as world, opened(place, turned) as workspace:
        walk = _Walk(workspace, world, turned, echo)
        try:
            walk.walk()
        except SmmError as error:
            walk.claim(False, _("The walk came to its end."), f"{error.message} {error.hint}".strip())
        waiting = len(workspace.records.status().waiting)
    echo(
        _("Every step held.")
        if all(step.ok for step in walk.steps)
        else _("Not every step held: see the lines that begin with FAILED.")
    )
    return HeadlessResult(all(step.ok for step in walk.steps), waiting, tuple(walk.steps))


class _Walk:
    def __init__(self, workspace: Workspace, world: World, clock: TurnedClock, echo: Callable[[str], None]) -> None:
        self.steps: list[Step] = []
        self._workspace = workspace
        self._world = world
        self._clock = clock
        self._echo = echo
        self._clients = {client.motif: client for client in load()}
        self._projects: dict[str, int] = {}
        self._due = (clock() + HOUR) // MINUTE * MINUTE

    def claim(self, held: bool, claim: str, detail: str = "") -> None:
        """Note and tell whether something is as claimed."""
        self.steps.append(Step(claim, held, detail))
        self._echo(f"{_('ok') if held else _('FAILED'):<7} {claim}" + (f" ({detail})" if detail else ""))

    def walk(self) -> None:
        """All steps, in order."""
        self._connect()
        longest = max(self._clients["bread"].posts, key=lambda post: len(post.text))
        warned = next(post for post in self._clients["books"].posts if post.content_warning)
        thread = self._plan("bread", longest)
        picture = self._plan("bread", self._clients["bread"].soon[0])
        warning = self._plan("books", warned)
        lost = self._plan("weights", self._clients["weights"].soon[0])
        limited = self._plan("bolts", self._clients["bolts"].soon[1])
        changed = self._plan("bubbles", self._clients["bubbles"].soon[1])
        free = self._plan("waves", self._clients["waves"].soon[1])
        posts = [thread, picture, warning, lost, limited, changed, free]
        self._approve([post for post in posts if post != free], free)
        self._change(changed)
        self._plant("weights", FaultKind.LOST_RESPONSE)
        self._plant("books", FaultKind.LOST_RESPONSE)
        self._plant("bolts", FaultKind.RATE_LIMITED)
        self._clock.at = self._due
        self._workspace.runner().run_once()
        self._after_first_pass(lost, warning, limited, changed)
        self._undo(changed)
        self._finish(posts)
        self._read_back(posts)
        self._count(posts)
        self.claim(
            not self._workspace.records.status().waiting, _("Nothing is left over, and nothing waits for a person.")
        )

    def _connect(self) -> None:
        servers = seed.add_servers(self._world)
        for motif, client in self._clients.items():
            self._projects[motif] = add_client(self._workspace, self._world, servers, client)
        accounts = self._workspace.accounts.of_project()
        hosts = sorted({row.server.removeprefix("https://") for row in accounts})
        self.claim(
            len(accounts) == 12 and all(row.checked_at and not row.missing for row in accounts),
            _("{clients} clients are connected to {accounts} accounts on {hosts}.").format(
                clients=len(self._projects), accounts=len(accounts), hosts=", ".join(hosts)
            ),
        )

    def _plan(self, motif: str, post: DemoPost) -> int:
        client: DemoClient = self._clients[motif]
        draft = draft_of(self._workspace, self._projects[motif], client, replace(post, late="send:60"), self._due)
        post_id = self._workspace.posts.add(draft).ids[0]
        content = self._workspace.posts.content(draft)
        parts = {
            registry.spec(row.network).title: len(measure(row, content).parts)
            for row in self._workspace.posts.accounts(draft)
        }
        shape = _("a text")
        if max(parts.values()) > 1:
            shape = _("a thread of {parts}").format(
                parts=", ".join(
                    ngettext("{count} part on {network}", "{count} parts on {network}", count).format(
                        count=count, network=network
                    )
                    for network, count in parts.items()
                )
            )
        with_what = [shape]
        with_what += [_("a picture with its description")] if draft.media else []
        with_what += [_("a content warning")] if draft.content_warning else []
        deliveries = self._workspace.posts.get(post_id).deliveries
        local = zones.local(self._due, client.timezone)
        self.claim(
            [row.state for row in deliveries] == [State.PLANNED] * 2,
            _("{client}: planned for {time} in {zone} on Mastodon and Bluesky: {what}.").format(
                client=client.name, time=f"{local:%Y-%m-%d %H:%M}", zone=client.timezone, what=", ".join(with_what)
            ),
        )
        return post_id

    def _approve(self, posts: list[int], free: int) -> None:
        approve(self._workspace, posts)
        project = self._workspace.projects.get(self._workspace.posts.get(free).post.project_id)
        self.claim(
            all(self._states(post) == {State.APPROVED} for post in posts) and project.approval == Approval.NONE,
            _("{count} posts are approved, byte for byte; {client} asks for no approval.").format(
                count=len(posts), client=project.name
            ),
        )

    def _change(self, post_id: int) -> None:
        draft, version = self._workspace.posts.draft_of(post_id)
        self._workspace.posts.edit(post_id, replace(draft, text=draft.text[:-1] + "!"), version=version)
        self.claim(
            self._states(post_id) == {State.PLANNED},
            _("{client}: one changed character takes the approval away.").format(client=self._name(post_id)),
        )

    def _plant(self, motif: str, kind: FaultKind) -> None:
        """Let the publishing call fail once on both networks of a client."""
        for row in self._workspace.accounts.of_project(self._projects[motif]):
            host, path = row.server.removeprefix("https://"), PUBLISH[row.network]
            name = row.handle.lstrip("@").removesuffix(f"@{host}")
            fault = Fault(kind, method="POST", path=path, host=host, account=name, seconds=RETRY_AFTER)
            self._world.plant(fault)

    def _after_first_pass(self, lost: int, warning: int, limited: int, changed: int) -> None:
        met = Counter(call.fault for call in self._world.calls() if call.fault)
        for post in (lost, warning):
            self.claim(
                self._in_world(post) == [1, 1] and met[FaultKind.LOST_RESPONSE] == 4,
                _(
                    "{client}: both networks took the post, and their answers were lost; nothing was sent twice."
                ).format(client=self._name(post)),
            )
        self.claim(
            self._in_world(limited) == [0, 0] and met[FaultKind.RATE_LIMITED] == 2,
            _("{client}: both networks said “too many requests, come back in {seconds} s”; the post waits.").format(
                client=self._name(limited), seconds=RETRY_AFTER
            ),
        )
        self.claim(
            self._in_world(changed) == [0, 0] and self._states(changed) == {State.PLANNED},
            _("{client}: its time came, and what nobody approved was not sent.").format(client=self._name(changed)),
        )

    def _undo(self, post_id: int) -> None:
        receipt = self._workspace.undo.undo()
        self.claim(
            self._states(post_id) == {State.APPROVED},
            _("{client}: undo brings back the approved text together with its approval.").format(
                client=self._name(post_id)
            ),
            receipt.message,
        )

    def _finish(self, posts: list[int]) -> None:
        """Let time go by, and the worker come back, until everything is out."""
        for wait in LOOKS:
            if all(self._states(post) == {State.LIVE} for post in posts):
                break
            self._clock.at = self._clock() + wait * SECOND
            self._workspace.runner().run_once()
        for post in posts:
            deliveries = self._deliveries(post)
            late = max((row.live_at or self._due) - self._due for row in deliveries) // SECOND
            self.claim(
                self._states(post) == {State.LIVE} and all(row.verified_at for row in deliveries),
                _("{client}: live on both networks and seen there, {late} s after its time.").format(
                    client=self._name(post), late=late
                ),
                " ".join(row.remote_url for row in deliveries),
            )

    def _read_back(self, posts: list[int]) -> None:
        """Ask the networks for every part, and compare it with what was planned."""
        compared = different = 0
        for delivery in (row for post in posts for row in self._deliveries(post)):
            account = self._workspace.accounts.get(delivery.account_id)
            intents = self._workspace.deliveries.evidence(delivery.id).intents
            shown = asyncio.run(self._shown(account, [RemoteRef(row.remote_id, row.remote_url) for row in intents]))
            for intent, live in zip(intents, shown, strict=True):
                compared += 1
                different += live is None or not _same(account.network, intent.payload, live)
            planned = self._workspace.posts.get(delivery.post_id).post.text
            different += _letters(intent.payload["text"] for intent in intents) != _letters([planned])
        self.claim(
            different == 0,
            _("Read back from the networks: {count} parts show the text and pictures that were planned.").format(
                count=compared
            ),
        )

    async def _shown(self, row: AccountRow, refs: list[RemoteRef]) -> list[JSON | None]:
        account = Account(row.network, row.server, row.handle, row.remote_id, row.facts)
        client = self._workspace.connect(account, self._workspace.secrets.slot(row.secret_ref))
        try:
            return [await client.read(ref) for ref in refs]
        finally:
            await client.aclose()

    def _count(self, posts: list[int]) -> None:
        live = Counter((item.server, item.remote_id) for item in self._world.live_posts())
        intents = {
            (row.server.removeprefix("https://"), intent.remote_id)
            for post in posts
            for row in self._deliveries(post)
            for intent in self._workspace.deliveries.evidence(row.id).intents
        }
        self.claim(
            set(live) == intents and set(live.values()) == {1},
            _("The world holds {count} posts: exactly one for each part that was planned, and no other.").format(
                count=live.total()
            ),
        )

    def _name(self, post_id: int) -> str:
        return self._workspace.posts.get(post_id).post.project

    def _deliveries(self, post_id: int) -> list[DeliveryRow]:
        return self._workspace.posts.get(post_id).deliveries

    def _states(self, post_id: int) -> set[str]:
        return {row.state for row in self._deliveries(post_id)}

    def _in_world(self, post_id: int) -> list[int]:
        """How many objects each account of a post shows, for a client with this one post."""
        names = [
            (row.server.removeprefix("https://"), row.handle.lstrip("@").partition("@")[0])
            for row in self._deliveries(post_id)
        ]
        return [len(self._world.live_posts(server=host, handle=name)) for host, name in names]


def _same(network: str, payload: JSON, shown: JSON) -> bool:
    """Whether the public sees what a part was planned to show, the content warning where the network has it."""
    text, warning = payload["text"], payload["content_warning"]
    planned = {_plain(text), _plain(registry.spec(network).counted(text, warning))}
    described = [MediaRow(*item).alt for item in payload["media"]]
    return (
        _plain(shown["text"]) in planned
        and shown.get("content_warning", warning) == warning
        and [item["alt"] for item in shown["media"]] == described
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _letters(parts: Iterable[str]) -> str:
    """The letters of a text or of all parts of a thread, without the numbering of the parts."""
    return "".join(char for part in parts for char in part if char.isalpha())
