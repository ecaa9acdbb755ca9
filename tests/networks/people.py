"""What people of the simulated world do to an account, and how a test looks at what arrives."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef
from smm_tui.sandbox import things

from .stage import Stage

KINDS = {
    Capability.COMMENTS: ItemKind.COMMENT,
    Capability.MENTIONS: ItemKind.MENTION,
    Capability.MESSAGES: ItemKind.MESSAGE,
    Capability.REPORTS: ItemKind.REPORT,
}
STEPS = 60  # more than any inbox of these tests takes
WORLDLY = {"meta", "counters", "tokens", "calls", "faults", "late_requests", "idempotency", "buckets", "media"}


@dataclass
class Swept:
    """All that an inbox brought, by kind and id, each as it came last."""

    items: dict[tuple[ItemKind, str], Item] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    cursor: JSON | None = None

    def of(self, kind: ItemKind) -> list[Item]:
        return [item for item in self.items.values() if item.kind is kind]

    def saying(self, text: str, kind: ItemKind | None = None) -> list[Item]:
        found = [item for item in self.items.values() if text in item.text and not item.author.own]
        return [item for item in found if kind in (None, item.kind)]

    def one(self, text: str, kind: ItemKind | None = None) -> Item:
        (item,) = self.saying(text, kind)
        return item


async def sweep(
    stage: Stage, posts: Sequence[RemoteRef] = (), cursor: JSON | None = None, *, crashing: bool = False
) -> Swept:
    """Read to the end, each step by a client of its own, each cursor through JSON; `crashing`: each step twice."""
    swept = Swept(cursor=cursor)
    for _step in range(STEPS):
        for _try in range(1 + crashing):
            page = await stage.ports().inbox.fetch(swept.cursor, posts=posts)
        keys = [(item.kind, item.id) for item in page.items]
        assert len(keys) == len(set(keys)), "an item comes once a page"
        swept.items.update(zip(keys, page.items, strict=True))
        swept.gone.update(page.gone)
        swept.cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            return swept
    raise AssertionError("the inbox does not end")


def person(stage: Stage, name: str = "Anna") -> things.Account:
    found = stage.audience.person(stage.world, stage.server, name)
    stage.clock.advance(2)
    return found


def act(stage: Stage, capability: Capability, post: things.Object, who: things.Account, text: str) -> things.Object:
    """Let somebody do what arrives as the capability's kind of item."""
    people, world = stage.audience, stage.world
    stage.clock.advance(2)
    match capability:
        case Capability.COMMENTS:
            return people.comment(world, post, who, text)
        case Capability.MENTIONS:
            return people.mention(world, stage.page, who, text)
        case Capability.MESSAGES:
            return people.message(world, stage.page, who, text)
        case _:
            troll = person(stage, "Troll")
            return people.report(world, people.comment(world, post, troll, "Buy followers"), who, text)


async def received(stage: Stage, capability: Capability, text: str = "Is there rye bread?") -> tuple[Item, RemoteRef]:
    """An item of the capability's kind, and the own post that was there before it."""
    ref, post = await stage.posted()
    act(stage, capability, post, person(stage), text)
    return (await sweep(stage, [ref])).one(text, KINDS[capability]), ref


async def seen(stage: Stage, item: Item) -> list[Item] | None:
    """The conversation of an item as it is now, empty when it is gone, None where nobody can look."""
    try:
        return list(await stage.ports().inbox.conversation(item))
    except NotFound:
        return []
    except Unsupported:
        assert not stage.can(Capability.READ_BACK)
        return None


def said(stage: Stage, text: str) -> int:
    """How often something live of the account's side says a text."""
    rows = stage.world.rows(
        "SELECT count(*) FROM objects WHERE instr(text, ?) AND deleted_at IS NULL AND server = ?",
        text,
        stage.server.host,
    )
    return int(rows[0][0])


def fingerprint(stage: Stage) -> list[Any]:
    """All that the network keeps of accounts and what they published, without its own bookkeeping."""
    tables = [row[0] for row in stage.world.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    kept = [name for name in tables if name not in WORLDLY and not name.startswith("sqlite_")]
    prints: list[Any] = []
    for name in kept:
        live = " WHERE deleted_at IS NULL" if name == "objects" else ""
        prints.append((name, sorted(map(repr, map(tuple, stage.world.rows(f"SELECT * FROM {name}{live}"))))))
    return prints


class Tampered(httpx.AsyncBaseTransport):
    """Hands calls on and lets the answers be changed on the way back."""

    def __init__(self, inner: httpx.AsyncBaseTransport, change: Callable[[int, Any], Any]) -> None:
        self.inner, self.change, self.count = inner, change, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        body = await response.aread()
        number, self.count = self.count, self.count + 1
        try:
            value = json.loads(body)
        except ValueError:
            return response
        changed = self.change(number, value)
        if isinstance(changed, httpx.Response):
            return changed
        headers = {name: text for name, text in response.headers.items() if name != "content-length"}
        return httpx.Response(response.status_code, headers=headers, json=changed)


class Stuck(httpx.AsyncBaseTransport):
    """Answers every call of a path as it answered the first one, whatever page was asked for."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.first: dict[tuple[str, str], httpx.Response] = {}
        self.count = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        assert self.count < 2000, "the client asks for ever"
        key = request.method, request.url.path
        if key not in self.first:
            self.first[key] = await self.inner.handle_async_request(request)
            await self.first[key].aread()
        known = self.first[key]
        return httpx.Response(known.status_code, headers=known.headers, content=known.content)


def spoilt(value: Any, mark: str, junk: Any) -> Any:
    """The JSON with the smallest object that holds the mark replaced by junk."""
    if isinstance(value, list):
        return [spoilt(item, mark, junk) for item in value]
    if not isinstance(value, dict):
        return value
    if any(isinstance(item, str) and mark in item for item in value.values()):
        return junk
    return {key: spoilt(item, mark, junk) for key, item in value.items()}


async def wire_of(stage: Stage, identity: str, to: Item | RemoteRef, part: Part) -> JSON:
    wire: JSON = json.loads(json.dumps(await stage.ports().responder.prepare(identity, to, part)))
    return wire
