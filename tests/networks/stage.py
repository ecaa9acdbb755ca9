"""One account on the sandbox as a client sees it, the same way for every network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import Ambiguous
from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, Capability, NetworkSpec, Part, Publisher, RemoteRef
from smm_tui.networks.public_media import PublicMedia
from smm_tui.networks.registry import client, spec
from smm_tui.sandbox import seed, things
from smm_tui.sandbox.audience import Audience
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.faces.mastodon.call import ADMINISTRATOR
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World

from .support import NOW, MemorySlot, media_file, picture

SERVERS = {
    "mastodon": seed.MASTODON_HOST,
    "gotosocial": seed.GOTOSOCIAL_HOST,
    "bluesky": seed.BLUESKY_HOST,
    "telegram": seed.TELEGRAM_HOST,
    "vk": seed.VK_HOST,
    "facebook": seed.FACEBOOK_HOST,
    "instagram": seed.FACEBOOK_HOST,
}
PUBLISHING = {
    "mastodon": "/api/v1/statuses",
    "bluesky": "com.atproto.repo.putRecord",
    "telegram": "/send",
    "vk": "/method/wall.post",
    "facebook": "/feed",
    "instagram": "/media_publish",
}
ANSWERING = {  # the call that makes an answer or a comment public
    "mastodon": "/api/v1/statuses",
    "bluesky": "com.atproto.repo.putRecord",
    "telegram": "/sendMessage",
    "vk": "/method/wall.createComment",
    "facebook": "/comments",
    "instagram": "/",
}
LOOKING = {"vk": "/method/wall.get"}  # the call that reads back, where it is no GET
REFUSALS: dict[str, tuple[int, Any]] = {  # how each network refuses a figure that it no longer tells
    "mastodon": (422, {"error": "Unknown measure"}),
    "bluesky": (400, {"error": "InvalidRequest", "message": "No such figure"}),
    "telegram": (400, {"ok": False, "error_code": 400, "description": "Bad Request: no such figure"}),
    "vk": (
        200,
        {"error": {"error_code": 100, "error_msg": "One of the parameters specified was missing or invalid"}},
    ),
    "facebook": (400, {"error": {"code": 100, "type": "OAuthException", "message": "(#100) not a valid metric"}}),
    "instagram": (400, {"error": {"code": 100, "type": "OAuthException", "message": "(#100) not a valid metric"}}),
}
STAFF = (*seed.SCOPES, "admin:read", "admin:write")  # of a Mastodon account that moderates its server
STILL: dict[str, dict[str, Any]] = {
    seed.VK_HOST: {"rates": {}},  # no limit of calls in a second where no time passes
    seed.VK_ADS_HOST: {"limits": {}},
    seed.BLUESKY_HOST: {"appview_lag": 0},
}


class WorldClock:
    """Time that moves only when told, in milliseconds."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class Recorder(httpx.AsyncBaseTransport):
    """Hands requests on and keeps them."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return await self.inner.handle_async_request(request)


@dataclass
class Stage:
    """`flavour` is the kind of server, `secrets` what must never show."""

    flavour: str
    world: World
    clock: WorldClock
    account: Account
    slot: MemorySlot
    spec: NetworkSpec
    recorder: Recorder
    public_media: PublicMedia | None = None

    @classmethod
    def of(cls, flavour: str, world: World, clock: WorldClock) -> Stage:
        """A fresh account; "vk_ads" is one on VK with an advertising cabinet."""
        flavour, with_ads, _rest = flavour.partition("_")
        servers = seed.add_servers(world, STILL)
        server = servers[SERVERS[flavour]]
        if flavour == "bluesky":
            login = seed.add_bluesky_account(world, server, "bakery", display_name="The Bakery")
            account, secret = Account("bluesky", login.server, login.handle), {"app_password": login.app_password}
        elif flavour == "vk":
            wall = seed.add_vk_community(world, server, "bakery", name="The Bakery")
            account = Account("vk", wall.server, wall.handle)
            secret = {"token": wall.token, "user_token": wall.user_token}
            if with_ads:
                cabinet = seed.add_vk_cabinet(world, servers[seed.VK_ADS_HOST], "The Bakery")
                secret |= {"ads_client_id": cabinet.client_id, "ads_client_secret": cabinet.client_secret}
        elif flavour == "telegram":
            bot = seed.add_telegram_bot(world, server, "bakery", title="The Bakery")
            seed.add_telegram_discussion(world, bot)
            account, secret = Account("telegram", bot.server, bot.handle), {"token": bot.token}
        elif flavour == "facebook":
            page = seed.add_facebook_page(world, server, "bakery", name="The Bakery")
            account = Account("facebook", page.server, page.handle)
            secret = {"token": page.user_token, "app_secret": page.app_secret}
        elif flavour == "instagram":
            linked = seed.add_instagram_account(world, server, "bakery", name="The Bakery")
            account = Account("instagram", linked.server, linked.handle)
            secret = {"token": linked.page.user_token, "app_secret": linked.page.app_secret}
        else:
            entry = seed.add_mastodon_account(world, server, "bakery", display_name="The Bakery", scopes=STAFF)
            if flavour == "mastodon":
                world.update_account(entry.account, {"permissions": ADMINISTRATOR})
            account, secret = Account("mastodon", entry.server, entry.handle), {"token": entry.token}
        network = spec(account.network)
        recorder = Recorder(SandboxTransport(world))
        stage = cls(flavour, world, clock, account, MemorySlot(secret), network, recorder)
        if flavour == "instagram":
            folder = seed.add_public_folder(world, servers[seed.FILES_HOST], "bakery")
            stage.public_media = PublicMedia(MemorySlot(folder), SandboxTransport(world))
        return stage

    @property
    def secrets(self) -> set[str]:
        values = [self.slot.values or {}, *self.slot.history]
        names = ("token", "user_token", "page_token", "app_secret", "app_password", "access_jwt", "refresh_jwt",
                 "ads_client_secret", "ads_token", "ads_refresh_token")  # fmt: skip

        return {secret for found in values for name, secret in found.items() if name in names}

    def can(self, capability: Capability) -> bool:
        """Whether the account declares it."""
        return capability in self.spec.rules(self.account.facts).capabilities

    @property
    def kinds(self) -> list[str]:
        """The kinds of pictures that the network takes, as Pillow names them."""
        taken = self.spec.rules(self.account.facts).limits.mime_types
        return [kind for kind in ("PNG", "JPEG", "WEBP", "GIF") if f"image/{kind.lower()}" in taken]

    async def checked(self) -> None:
        """Check the account, as the services do before its first use."""
        found = await self.client().check()
        self.account = Account(
            self.account.network, self.account.server, found.handle, found.remote_id, dict(found.facts)
        )

    def client(self, slot: MemorySlot | None = None) -> Publisher:
        """A client as a new process would make it."""
        around = Surroundings(self.recorder, clock=self.clock, public_media=self.public_media)
        return client(self.account, slot or self.slot, around).publisher

    def ports(self, transport: httpx.AsyncBaseTransport | None = None) -> Client:
        """All ports of the account, as a new process would make them; waiting lets the world's time pass."""
        around = Surroundings(
            transport or self.recorder, clock=self.clock, pause=self.pause, public_media=self.public_media
        )
        return client(self.account, self.slot, around)

    async def pause(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @property
    def audience(self) -> Audience:
        """The people of this network."""
        return AUDIENCES[self.account.network]

    @property
    def server(self) -> things.Server:
        found = self.world.server(SERVERS[self.flavour])
        assert found is not None
        return found

    @property
    def page(self) -> things.Account:
        """The account as the world has it."""
        handle = self.account.handle.removeprefix("@").partition("@")[0]
        found = self.world.find_account(self.server.host, handle)
        assert found is not None
        return found

    async def posted(self, text: str = "Fresh bread", **more: Any) -> tuple[RemoteRef, things.Object]:
        """A live post, as the client and as the world know it."""
        ref = await self.publish(Part(text, **more))
        self.clock.advance(2)
        return ref, self.world.live_posts(server=self.server.host, handle=self.page.handle)[-1]

    def fault(self, kind: FaultKind, *, path: str | None = None, **more: Any) -> None:
        """Plant a fault on the call that publishes, or on another one."""
        where = PUBLISHING[self.account.network] if path is None else path
        self.world.plant(Fault(kind, path=where, method=more.pop("method", "POST"), **more))

    def live(self) -> list[str]:
        """The texts that the public sees."""
        return [item.text for item in self.world.live_posts()]

    def media_of(self, index: int = -1) -> list[str]:
        """The media of a live post."""
        return list(self.world.live_posts()[index].media)

    def sent(self, path: str) -> list[httpx.Request]:
        return [request for request in self.recorder.requests if path in request.url.path]

    async def prepared(
        self, part: Part, identity: str, *, root: RemoteRef | None = None, parent: RemoteRef | None = None
    ) -> dict[str, Any]:
        """The wire, through JSON as the ledger keeps it. Where no post is without a picture, one comes along."""
        if not part.media and not self.can(Capability.TEXT):
            part = replace(part, media=(picture(self.world.path.parent, "JPEG", (8, 6), name="any"),))
        wire = await self.client().prepare(identity, part, root=root, parent=parent)
        kept: dict[str, Any] = json.loads(json.dumps(wire))
        return kept

    async def publish(
        self, part: Part, *, root: RemoteRef | None = None, parent: RemoteRef | None = None
    ) -> RemoteRef:
        identity = self.spec.new_identity()
        return await self.client().send(identity, await self.prepared(part, identity, root=root, parent=parent))


def open_world(folder: Path, clock: WorldClock) -> World:
    return World(folder / "world.db", clock=clock, seed=1)


def text_of(shown: Mapping[str, Any] | None) -> str:
    assert shown is not None
    return str(shown["text"])


FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08moov"


async def journey(stage: Stage, folder: Path) -> None:
    """Everything a client does, once."""
    await stage.checked()
    media = (picture(folder, stage.kinds[0], alt="A loaf", name="a"), picture(folder, "JPEG", name="b"))
    first = await stage.publish(
        Part("Kenyér 🥐 https://example.com/é #Bread @bakery.bsky.sandbox", media, "nudity", "hu", ("nudity",))
    )
    above = first if stage.can(Capability.THREAD) else None
    second = await stage.publish(Part("More", content_warning="food"), root=above, parent=above)
    stage.clock.advance(1)
    identity = stage.spec.new_identity()
    wire = await stage.prepared(Part("Lost"), identity)
    stage.fault(FaultKind.LOST_RESPONSE)
    with pytest.raises(Ambiguous):
        await stage.client().send(identity, wire)
    if stage.can(Capability.READ_BACK):
        await stage.client().find(identity, wire, taken=frozenset({first.id, second.id}))
        await stage.client().read(first)
    await stage.client().delete(first)
    if stage.account.network == "bluesky":
        stage.fault(FaultKind.EXPIRED_TOKEN, path="deleteRecord")
        await stage.client().delete(first)
    elif stage.account.network == "telegram":
        await stage.client().delete(second)
        film = media_file(folder, "film.mp4", FILM, "video/mp4")
        for several in ((film,), (picture(folder),), (film, picture(folder))):
            await stage.publish(Part("Kenyér <b>🥐</b>", several, "food"))
    elif stage.account.network == "instagram":
        film = media_file(folder, "film.mp4", FILM, "video/mp4")
        wire = await stage.prepared(Part("Film", (film,)), identity)
        stage.clock.advance(5)  # it is processed
        await stage.client().send(identity, wire)
    elif stage.account.network in ("vk", "facebook"):
        await stage.client().delete(first)
        await stage.publish(Part("Film", (media_file(folder, "film.mp4", FILM, "video/mp4"),)))
    else:
        film = media_file(folder, "film.mp4", FILM, "video/mp4")
        await stage.client()._uploads._upload(("x", 0), film)  # type: ignore[attr-defined]
