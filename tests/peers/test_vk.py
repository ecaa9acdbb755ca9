"""vk_api and our client of VK: the same requests; and the peer at home on the simulated VK."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import vk_api  # type: ignore[import-untyped]
from requests.adapters import BaseAdapter

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Author, Item, ItemKind, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Account, Part, Poll, RemoteRef
from smm_tui.networks.registry import client
from smm_tui.networks.vk.mapping_talk import random_id
from smm_tui.sandbox import exchange, seed, things
from smm_tui.sandbox.faces.vk import audience
from smm_tui.sandbox.http import Request
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World
from tests.networks.stage import Recorder, WorldClock
from tests.networks.support import MemorySlot, picture

HOST = "api.vk.ru"  # the peer knows no other
IDENTITY = "0123456789abcdef0123456789abcdef"


@dataclass
class Wire(BaseAdapter):
    """Carries the peer's requests to the simulated VK, and keeps them."""

    world: World
    seen: list[Request] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        given = body.encode() if isinstance(body, str) else body
        assert isinstance(given, bytes)
        headers = {name: str(value) for name, value in request.headers.items()}
        call = Request.of(str(request.method), str(request.url), headers, given)
        self.seen.append(call)
        answer = exchange.answer(self.world, exchange.receive(self.world, call))
        response = requests.Response()
        response.status_code, response.raw = answer.status, io.BytesIO(answer.body)
        response.headers.update(answer.headers)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Both:
    """Our client and the peer's, for the same community in the same world."""

    world: World
    clock: WorldClock
    server: things.Server
    login: seed.VkLogin
    ours: Client
    user: vk_api.VkApi
    community: vk_api.VkApi
    recorder: Recorder
    wire: Wire

    @property
    def group(self) -> int:
        return int(self.login.account.remote_id)

    def person(self) -> things.Account:
        """Anna, the only one there is."""
        known = self.world.find_account(HOST, "anna")
        return known or audience.person(self.world, self.server, "Anna Berg", handle="anna")

    def our_form(self, method: str) -> dict[str, str]:
        """What our client sent last."""
        request = [call for call in self.recorder.requests if call.url.path == f"/method/{method}"][-1]
        return without_common(request.content)

    def their_form(self, method: str) -> dict[str, str]:
        """What the peer sent last."""
        request = [call for call in self.wire.seen if call.path == f"/method/{method}"][-1]
        return without_common(request.body)


def without_common(body: bytes) -> dict[str, str]:
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    assert form.pop("v") == "5.199"
    form.pop("access_token", None)  # ours goes in the head
    return form


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    monkeypatch.setattr(vk_api.VkApi, "RPS_DELAY", 0)  # no time passes here
    clock = WorldClock()
    with World(tmp_path / "world.db", clock=clock, seed=1) as world:
        server = world.add_server(HOST, "vk", config={"rates": {}})
        login = seed.add_vk_community(world, server, "bakery", name="The Bakery")
        wire, recorder = Wire(world), Recorder(SandboxTransport(world))
        peers = []
        for token in (login.user_token, login.token):
            session = requests.Session()
            session.mount("https://", wire)
            peers.append(vk_api.VkApi(token=token, api_version="5.199", session=session))
        account = Account("vk", server.base, login.handle, login.account.remote_id)
        slot = MemorySlot({"token": login.token, "user_token": login.user_token})

        async def pause(_seconds: float) -> None:
            return

        ours = client(account, slot, Surroundings(recorder, clock=clock, pause=pause))
        yield Both(world, clock, server, login, ours, peers[0], peers[1], recorder, wire)
        for peer in peers:
            peer.http.close()


async def posted(both: Both, text: str = "Fresh bread") -> RemoteRef:
    wire = await both.ours.publisher.prepare(IDENTITY, Part(text), root=None, parent=None)
    return await both.ours.publisher.send(IDENTITY, wire)


async def commented(both: Both, text: str = "Is it rye?") -> tuple[Item, RemoteRef]:
    ref = await posted(both)
    post = both.world.find_object(HOST, "post", ref.id)
    assert post is not None
    audience.comment(both.world, post, both.person(), text)
    page = await both.ours.inbox.fetch(None, posts=[ref])
    return page.items[0], ref


async def post_both(both: Both) -> tuple[str, Any]:
    await posted(both)
    return "wall.post", {
        "owner_id": -both.group,
        "from_group": 1,
        "message": "Fresh bread",
        "guid": IDENTITY,
    }


async def postpone_both(both: Both) -> tuple[str, Any]:
    wire = await both.ours.publisher.prepare(IDENTITY, Part("Later"), root=None, parent=None)
    at = both.clock() + 3_600_000
    await both.ours.scheduler.schedule(IDENTITY, wire, at)
    form = {"owner_id": -both.group, "from_group": 1, "message": "Later", "guid": IDENTITY}
    return "wall.post", {**form, "publish_date": at // 1000}


async def poll_both(both: Both) -> tuple[str, Any]:
    part = Part("Rye?", poll=Poll(("Yes", "No"), 3600))
    await both.ours.publisher.prepare(IDENTITY, part, root=None, parent=None)
    return "polls.create", {
        "owner_id": -both.group,
        "question": "Rye?",
        "add_answers": '["Yes", "No"]',
        "is_anonymous": 1,
        "is_multiple": 0,
        "end_date": both.clock() // 1000 + 3600,
    }


async def edit_both(both: Both) -> tuple[str, Any]:
    ref = await posted(both)
    await both.ours.editor.edit(ref, await both.ours.editor.prepare_edit(ref, Part("Fresher bread")))
    return "wall.edit", {"owner_id": -both.group, "post_id": 1, "message": "Fresher bread"}


async def pin_both(both: Both) -> tuple[str, Any]:
    await both.ours.pinner.pin(await posted(both))
    return "wall.pin", {"owner_id": -both.group, "post_id": 1}


async def comment_both(both: Both) -> tuple[str, Any]:
    item, _ref = await commented(both)
    await both.ours.responder.send(IDENTITY, await both.ours.responder.prepare(IDENTITY, item, Part("Yes")))
    return "wall.createComment", {
        "owner_id": -both.group,
        "post_id": 1,
        "from_group": both.group,
        "message": "Yes",
        "reply_to_comment": int(item.extra["comment"]),
        "guid": IDENTITY,
    }


async def message_both(both: Both) -> tuple[str, Any]:
    person = both.person()
    audience.message(both.world, both.login.account, person, "Open?")
    to = Item("im", ItemKind.MESSAGE, Author(person.remote_id), "Open?", 0, extra={"peer": person.remote_id})
    await both.ours.responder.send(IDENTITY, await both.ours.responder.prepare(IDENTITY, to, Part("Till six")))
    return "messages.send", {
        "peer_id": int(person.remote_id),
        "group_id": both.group,
        "random_id": random_id(IDENTITY),
        "message": "Till six",
        "disable_mentions": 1,
    }


async def ban_both(both: Both) -> tuple[str, Any]:
    item, _ref = await commented(both)
    until = both.clock() + 86_400_000
    await both.ours.moderator.moderate(Verb.BAN, item, until=until, reason="rude")
    return "groups.ban", {
        "group_id": both.group,
        "owner_id": int(item.author.id),
        "end_date": until // 1000,
        "reason": 0,
        "comment": "rude",
        "comment_visible": 0,
    }


async def like_both(both: Both) -> tuple[str, Any]:
    item, _ref = await commented(both)
    await both.ours.moderator.moderate(Verb.LIKE, item)
    number = int(item.extra["comment"])
    return "likes.add", {"type": "comment", "owner_id": -both.group, "item_id": number, "from_group": 1}


async def delete_comment_both(both: Both) -> tuple[str, Any]:
    item, _ref = await commented(both)
    await both.ours.moderator.moderate(Verb.DELETE, item)
    await both.ours.moderator.moderate(Verb.RESTORE, item)
    return "wall.deleteComment", {"owner_id": -both.group, "comment_id": int(item.extra["comment"])}


async def profile_both(both: Both) -> tuple[str, Any]:
    now = await both.ours.profile_reader.read_profile()
    await both.ours.profile_writer.write_profile(
        ProfileChange(name="Bakers", website="https://b.example/"), expected=now
    )
    return "groups.edit", {"group_id": both.group, "title": "Bakers", "website": "https://b.example/"}


OPERATIONS: list[Callable[[Both], Awaitable[tuple[str, Any]]]] = [
    post_both,
    postpone_both,
    poll_both,
    edit_both,
    pin_both,
    comment_both,
    message_both,
    ban_both,
    like_both,
    delete_comment_both,
    profile_both,
]
BY_COMMUNITY = ("messages.send", "wall.createComment")


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_field_by_field(both: Both, operation: Callable[[Both], Awaitable[tuple[str, Any]]]) -> None:
    method, values = await operation(both)
    peer = both.community if method in BY_COMMUNITY else both.user
    section, _dot, name = method.partition(".")
    if method == "wall.post" and "publish_date" in values:
        both.clock.advance(1)
    getattr(getattr(peer.get_api(), section), name)(**values)
    assert both.our_form(method) == both.their_form(method)


class TestThePeerAtHome:
    async def test_it_publishes_and_reads(self, both: Both) -> None:
        vk = both.user.get_api()
        made = vk.wall.post(owner_id=-both.group, from_group=1, message="From the peer")
        (post,) = vk.wall.get(owner_id=-both.group)["items"]
        assert (post["id"], post["text"]) == (made["post_id"], "From the peer")
        shown = await both.ours.publisher.read(RemoteRef(f"-{both.group}_{made['post_id']}", ""))
        assert shown is not None
        assert shown["text"] == "From the peer"

    def test_it_uploads(self, both: Both, tmp_path: Path) -> None:
        upload = vk_api.VkUpload(both.user)
        upload.http.mount("https://", both.wire)
        (photo,) = upload.photo_wall(str(picture(tmp_path).path), group_id=both.group)
        upload.photo_profile(str(picture(tmp_path).path), owner_id=-both.group)
        upload.http.close()
        name = f"photo{photo['owner_id']}_{photo['id']}"
        vk = both.user.get_api()
        vk.wall.post(owner_id=-both.group, from_group=1, attachments=name)
        post = vk.wall.get(owner_id=-both.group, count=1)["items"][0]
        assert post["attachments"][0]["photo"]["id"] == photo["id"]

    async def test_it_sees_and_answers_what_people_write(self, both: Both) -> None:
        item, _ref = await commented(both)
        audience.message(both.world, both.login.account, both.person(), "Open?")
        vk, own = both.user.get_api(), both.community.get_api()
        told = vk.wall.getComments(owner_id=-both.group, post_id=1, extended=1, need_likes=1, thread_items_count=10)
        assert [(entry["id"], entry["text"]) for entry in told["items"]] == [(int(item.extra["comment"]), item.text)]
        assert told["profiles"][0]["screen_name"] == "anna"
        (talk,) = own.messages.getConversations()["items"]
        peer = talk["conversation"]["peer"]["id"]
        sent = own.messages.send(peer_id=peer, random_id=5, message="Till six")
        assert own.messages.send(peer_id=peer, random_id=5, message="Till six") == sent
        history = own.messages.getHistory(peer_id=peer)
        assert [entry["text"] for entry in history["items"]] == ["Till six", "Open?"]

    def test_its_pages_end(self, both: Both) -> None:
        vk = both.user.get_api()
        for number in range(30):
            vk.wall.post(owner_id=-both.group, from_group=1, message=f"Loaf {number}")
        tools = vk_api.VkTools(both.user)
        pages = tools.get_all_slow_iter("wall.get", 10, {"owner_id": -both.group})
        assert len(list(pages)) == 30

    def test_refusals_are_its_own_errors(self, both: Both) -> None:
        with pytest.raises(vk_api.ApiError) as caught:
            both.community.method("wall.get", {"owner_id": -both.group})
        assert caught.value.code == 27
        with pytest.raises(vk_api.ApiError) as caught:
            both.community.method(
                "messages.send", {"peer_id": int(both.person().remote_id), "random_id": 1, "message": "x"}
            )
        assert caught.value.code == 901
