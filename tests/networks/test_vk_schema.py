"""Every call the VK client makes, and every answer it gets from the sandbox, against the official schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from smm_tui.networks.api import Surroundings
from smm_tui.networks.community import Item, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Part, Poll
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER
from smm_tui.networks.vk.talk import Talk
from tests.support.vk_schema import answer_errors, call_errors, method

from .stage import Stage, WorldClock, journey, open_world
from .support import picture

METHODS = {
    "utils.getServerTime",
    "groups.getTokenPermissions",
    "newsfeed.getMentions",
    "users.get",
    "polls.create",
    "wall.edit",
    "wall.pin",
    "wall.unpin",
    "wall.getComments",
    "wall.getComment",
    "wall.createComment",
    "wall.deleteComment",
    "wall.restoreComment",
    "wall.reportComment",
    "likes.add",
    "likes.delete",
    "messages.getConversations",
    "messages.getHistory",
    "messages.send",
    "messages.delete",
    "groups.ban",
    "groups.unban",
    "groups.getBanned",
    "groups.edit",
    "groups.addLink",
    "groups.editLink",
    "groups.deleteLink",
    "groups.reorderLink",
    "photos.getOwnerPhotoUploadServer",
    "photos.saveOwnerPhoto",
    "photos.getOwnerCoverPhotoUploadServer",
    "photos.saveOwnerCoverPhoto",
    "stats.get",
    "stats.getPostReach",
    "groups.getById",
    "account.getAppPermissions",
    "photos.getWallUploadServer",
    "photos.saveWallPhoto",
    "video.save",
    "wall.post",
    "wall.get",
    "wall.getById",
    "wall.delete",
}


async def whole_journey(stage: Stage, folder: Path) -> None:
    """Everything that all ports do, once."""
    await journey(stage, folder)
    ports, people, world = stage.ports(), stage.audience, stage.world
    ref, post = await stage.posted("Rye or wheat?", poll=Poll(("Rye", "Wheat"), 3600), media=(picture(folder),))
    wire = await ports.editor.prepare_edit(ref, Part("Rye or spelt?", (picture(folder),)))
    await ports.editor.edit(ref, wire)
    await ports.pinner.pin(ref)
    await ports.pinner.unpin(ref)
    identity = stage.spec.new_identity()
    waiting = await ports.scheduler.schedule(
        identity, await stage.prepared(Part("Later"), identity), stage.clock.now + 7_200_000
    )
    await ports.scheduler.scheduled()
    await ports.scheduler.unschedule(waiting)
    anna = people.person(world, stage.server, "Anna Berg", handle="anna")
    first = people.comment(world, post, anna, "Is it rye?")
    for number in range(12):
        people.comment(world, post, anna, f"Answer {number}", reply_to=first)
    people.mention(world, stage.page, anna, "is good")
    people.message(world, stage.page, anna, "Are you open?")
    cursor = None
    items: dict[str, Item] = {}
    for _round in range(2):
        page = await ports.inbox.fetch(cursor, posts=[ref])
        while page.more:
            items |= {item.text: item for item in page.items}
            page = await ports.inbox.fetch(page.cursor, posts=[ref])
        items |= {item.text: item for item in page.items}
        cursor = page.cursor
        people.delete(world, world.replies(stage.server.host, post.remote_id)[-1])
    for item in (items["Is it rye?"], items["The Bakery is good"], items["Are you open?"]):
        await ports.inbox.conversation(item)
        identity = stage.spec.new_identity()
        answer = await ports.responder.prepare(identity, item, Part("Yes", (picture(folder),)))
        own = await ports.responder.send(identity, answer)
        await ports.responder.find(identity, answer, taken=frozenset())
        for _time in range(2):
            await ports.responder.delete(own)
    item = items["Is it rye?"]
    for verb in (Verb.LIKE, Verb.UNLIKE, Verb.REPORT, Verb.DELETE, Verb.RESTORE, Verb.BAN, Verb.UNBAN, Verb.UNBAN):
        await ports.moderator.moderate(verb, item, reason="spam")
    await ports.moderator.moderate(Verb.BAN, item, until=stage.clock.now + 86_400_000, reason="rude")
    api = VkApi(stage.account, stage.slot, Surroundings(stage.recorder, clock=stage.clock))
    form = {"group_id": stage.account.remote_id, "owner_id": anna.remote_id}
    await api.ask("groups.getBanned", form, USER, str)
    place = [int(item.extra[key]) for key in ("owner", "post", "comment")]
    assert await Talk(api).comment(*place)
    for links in ((("A", "https://a.example/"), ("B", "https://b.example/")), (("C", "https://b.example/"),)):
        now = await ports.profile_reader.read_profile()
        await ports.profile_writer.write_profile(ProfileChange(name="Bakers", links=links), expected=now)
    order = (("D", "https://d.example/"), ("C", "https://b.example/"))
    now = await ports.profile_reader.read_profile()
    pictures = picture(folder, name="x"), picture(folder, name="y")
    change = ProfileChange(links=order, avatar=pictures[0], cover=pictures[1])
    await ports.profile_writer.write_profile(change, expected=now)
    await ports.metrics.of_post(ref)
    await ports.metrics.of_page(stage.clock.now - 86_400_000, stage.clock.now)


class Listener(httpx.AsyncBaseTransport):
    """Hands requests on and keeps them with their answers."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.heard: list[tuple[str, dict[str, str], Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.inner.handle_async_request(request)
        await answer.aread()
        if request.url.path.startswith("/method/"):
            assert request.method == "POST"
            assert not request.url.query, "nothing that might be a secret belongs into an address"
            assert request.headers["content-type"] == "application/x-www-form-urlencoded"
            form = dict(parse_qsl(request.content.decode(), strict_parsing=True, keep_blank_values=True))
            self.heard.append((request.url.path.removeprefix("/method/"), form, answer.json()))
        return answer


async def test_calls_and_answers_fit(tmp_path: Path) -> None:
    method("wall.post")  # skips where there is no schema
    clock = WorldClock()
    with open_world(tmp_path, clock) as world:
        stage = Stage.of("vk", world, clock)
        listener = Listener(stage.recorder.inner)
        stage.recorder.inner = listener
        await whole_journey(stage, tmp_path)
    answered = set()
    for name, form, answer in listener.heard:
        assert (name, call_errors(name, form)) == (name, [])
        assert form["v"] == "5.199"
        assert "access_token" not in form
        if "error" not in answer:
            assert (name, answer_errors(name, answer)) == (name, [])
            answered.add(name)
    assert {name for name, _form, _answer in listener.heard} == METHODS
    assert answered == METHODS - {"utils.getServerTime"}  # asked without a token


async def test_the_client_asks_only_with_a_token_the_schema_allows(tmp_path: Path) -> None:
    """Except where reports say that a community's may too (text), and where the better one was refused before."""
    method("wall.post")
    clock = WorldClock()
    with open_world(tmp_path, clock) as world:
        stage = Stage.of("vk", world, clock)
        await whole_journey(stage, tmp_path)
        user = (stage.slot.values or {})["user_token"]
        tried = {(name, "group") for name in ("wall.post", "wall.delete", "wall.deleteComment")}
        for request in stage.sent("/method/"):
            name = request.url.path.removeprefix("/method/")
            bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
            kind = "user" if bearer == user else "group"
            if bearer and (name, kind) not in tried:
                assert kind in method(name)["access_token_type"], name


def test_the_schema_helper_sees_what_is_wrong() -> None:
    assert call_errors("wall.post", {"owner_id": "-1", "from_group": "1", "message": "x"}) == []
    assert call_errors("wall.post", {"from_group": "yes", "text": "x"}) == [
        "text is unknown",
        "from_group: 'yes' is no boolean",
    ]
    assert call_errors("wall.getById", {}) == ["posts is missing"]
    assert answer_errors("wall.post", {"response": {"post_id": 1}}) == []
    assert answer_errors("wall.post", {"response": {"post_id": "1"}}) == [
        "$.response.post_id: '1' is not of type 'integer'"
    ]
    assert answer_errors("wall.delete", {"response": 2}) == ["$.response: 2 is not one of [1]"]
    assert answer_errors("wall.post", {"response": {}}) == ["$.response: 'post_id' is a required property"]
