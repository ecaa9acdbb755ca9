"""All that passes between our client and the simulated server, against the official description of the Bot API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Part, Poll, RemoteRef
from smm_tui.sandbox.faces.telegram import audience
from smm_tui.sandbox.http import Request, parameters
from smm_tui.sandbox.world import World
from tests.support.bot_api import call_errors, result_errors

from .stage import Stage, WorldClock, open_world
from .support import picture


class Exchanges(httpx.AsyncBaseTransport):
    """Hands requests on and keeps them with their answers."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.seen: list[tuple[httpx.Request, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = await self.inner.handle_async_request(request)
        self.seen.append((request, json.loads(await response.aread())))
        return response


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


async def test_all_that_passes_fits_the_description(world: World, tmp_path: Path) -> None:
    stage = Stage.of("telegram", world, WorldClock())
    exchanges = Exchanges(stage.recorder)
    await stage.checked()
    client = stage.ports(exchanges)

    async def publish(part: Part) -> RemoteRef:
        wire = await client.publisher.prepare("x", part, root=None, parent=None)
        return await client.publisher.send("x", wire)

    async def answer(to: Item | RemoteRef) -> RemoteRef:
        return await client.responder.send("x", await client.responder.prepare("x", to, Part("Yes")))

    async def edit(ref: RemoteRef, part: Part) -> None:
        await client.editor.edit(ref, await client.editor.prepare_edit(ref, part))

    await client.publisher.check()
    loaf, roll = picture(tmp_path, name="a"), picture(tmp_path, "JPEG", (40, 30), name="b")
    text, album = await publish(Part("Fresh bred #bread")), await publish(Part("Loaves", (loaf, roll), "food"))
    await publish(Part("Rye?", poll=Poll(("Yes", "No"), 3600)))
    await edit(text, Part("Fresh bread"))
    await edit(album, Part("More", (loaf, roll), "food"))
    await edit(album, Part("More", (roll, roll), "food"))
    await answer(text)

    anna = audience.person(world, stage.server, "Anna")
    comment = audience.comment(world, world.live_posts()[0], anna, "Is it rye, @bakery? https://example.org")
    audience.comment(world, world.live_posts()[0], anna, "Or wheat?", reply_to=comment)
    audience.edit(world, comment, "Is it spelt?")
    audience.mention(world, stage.page, anna, "look")
    audience.message(world, stage.page, anna, "When do you open?")
    audience.direct_message(world, stage.page, anna, "Hello, channel")
    page = await client.inbox.fetch(None, posts=[text])
    assert [item.kind for item in page.items].count(ItemKind.MESSAGE) == 2
    for item in page.items:
        await answer(item)
    target = next(item for item in page.items if item.kind is ItemKind.COMMENT)
    for verb in (Verb.LIKE, Verb.UNLIKE, Verb.MUTE, Verb.UNMUTE, Verb.BAN, Verb.UNBAN, Verb.DELETE):
        await client.moderator.moderate(verb, target, until=stage.clock.now + 10**9)
    await client.pinner.pin(text)
    profile = await client.profile_reader.read_profile()
    change = ProfileChange(name="Rolls", description="Since 1912", avatar=picture(tmp_path, size=(320, 320)))
    await client.profile_writer.write_profile(change, expected=profile)
    await client.metrics.of_page(0, stage.clock.now)
    await client.pinner.unpin(text)
    await client.publisher.delete(text)
    await client.publisher.delete(album)

    seen = set()
    for request, told in exchanges.seen:
        method = request.url.path.rpartition("/")[2]
        if "bot0:0" in request.url.path:
            continue
        assert told["ok"] is True, (method, told)
        body = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
        form = "multipart" in request.headers.get("content-type", "")
        assert call_errors(method, body, form=form) == []
        assert result_errors(method, told["result"]) == [], method
        seen.add(method)
    assert seen == {
        "getMe", "getChat", "getChatMember", "getWebhookInfo", "getUpdates", "getChatMemberCount",
        "sendMessage", "sendMediaGroup", "sendPoll", "editMessageText", "editMessageCaption", "editMessageMedia",
        "pinChatMessage", "unpinChatMessage", "setMessageReaction", "restrictChatMember", "banChatMember",
        "unbanChatMember", "deleteMessage", "deleteMessages", "setChatTitle", "setChatDescription", "setChatPhoto",
    }  # fmt: skip
