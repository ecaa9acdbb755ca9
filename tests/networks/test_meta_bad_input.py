"""Every call to the Graph API against every kind of bad answer: one of the closed kinds of error, never another."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import Ambiguous, NetworkError, RateLimited
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, Verb
from smm_tui.networks.http import ANSWER_LIMIT
from smm_tui.networks.page import Metric, Profile, ProfileChange
from smm_tui.networks.ports import JSON, Capability, Part, RemoteRef
from smm_tui.sandbox.world import World

from .people import act, person, sweep
from .stage import Stage, WorldClock, open_world

HOUR = 3_600_000
USAGE = {"x-business-use-case-usage": '{"7": [{"call_count": 100, "estimated_time_to_regain_access": 4}]}'}


def refused(code: int, subcode: int = 0, status: int = 400, **headers: str) -> httpx.Response:
    error = {"message": "No", "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "x"}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"error": error}, headers=names)


def damaged(body: bytes) -> httpx.Response:
    return httpx.Response(200, content=body, headers={"content-type": "application/json"})


LOST = {"transient"}
ANSWERS: dict[str, tuple[httpx.Response | Exception, set[str]]] = {
    "token expired": (refused(190, 463), {"auth_expired"}),
    "401": (httpx.Response(401, json={"error": "no"}), {"auth_expired"}),
    "no permission": (refused(10, status=403), {"forbidden"}),
    "403": (httpx.Response(403, json={}), {"forbidden"}),
    "no such object": (refused(100, 33), {"not_found"}),
    "404": (httpx.Response(404, json={}), {"not_found"}),
    "409": (httpx.Response(409, json={}), LOST),
    "413": (httpx.Response(413, html="<html>too large"), {"rejected"}),
    "422": (httpx.Response(422, json={"what": 7}), {"rejected"}),
    "invalid parameter": (refused(100), {"rejected"}),
    "throttled": (refused(32), {"rate_limited"}),
    "throttled, with a time": (
        httpx.Response(400, json={"error": {"message": "x", "code": 80001}}, headers=USAGE),
        {"rate_limited"},
    ),
    "429": (httpx.Response(429, headers={"retry-after": "7"}), {"rate_limited"}),
    "blocked": (refused(368), {"rate_limited"}),
    "its own failure": (refused(2, status=500), LOST),
    "500": (httpx.Response(500), LOST),
    "503": (httpx.Response(503, html="<html>"), LOST),
    "a page": (httpx.Response(200, html="<!doctype html><h1>Log in"), LOST),
    "truncated": (damaged(b'{"data": [{"id": "1'), LOST),
    "nothing": (damaged(b""), LOST),
    "a list": (damaged(b"[]"), LOST),
    "a word": (damaged(b'"yes"'), LOST),
    "deep": (damaged(b"[" * 100_000), LOST),
    "enormous": (damaged(b" " * (ANSWER_LIMIT + 1)), LOST),
    "elsewhere": (httpx.Response(302, headers={"location": "https://evil.example/"}), {"rejected"}),
    "never ends": (httpx.ReadTimeout("x"), LOST),
    "reset": (httpx.ReadError("x"), LOST),
}


class Spoiling(httpx.AsyncBaseTransport):
    """Hands calls on, but answers one of them badly; `skip` calls pass first."""

    def __init__(self, inner: httpx.AsyncBaseTransport, answer: httpx.Response | Exception, skip: int) -> None:
        self.inner, self.answer, self.skip, self.calls = inner, answer, skip, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        assert request.url.host in ("graph.sandbox",)
        if self.calls != self.skip + 1:
            return await self.inner.handle_async_request(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        known = self.answer
        return httpx.Response(known.status_code, headers=known.headers, content=known.content)


@dataclass
class Scene:
    """What the deeds are about."""

    ref: RemoteRef
    item: Item
    reply: JSON
    post: JSON
    later: JSON
    profile: Profile


@dataclass(frozen=True)
class Deed:
    """One call of a port. `skip`: how many of its calls come before the one that is spoilt."""

    do: Callable[[Client, Scene, Stage], Awaitable[Any]]
    needs: Capability
    unsafe: bool = False
    skip: int = 0
    absent_is_fine: bool = False  # "not there" is an answer
    partial: bool = False  # a refusal spoils one figure only


DEEDS: dict[str, Deed] = {
    "send a post": Deed(lambda c, s, t: c.publisher.send("i", s.post), Capability.IMAGE, unsafe=True),
    "find a post": Deed(
        lambda c, s, t: c.publisher.find("i", s.post, taken=frozenset()), Capability.IMAGE, absent_is_fine=True
    ),
    "read a post": Deed(lambda c, s, t: c.publisher.read(s.ref), Capability.IMAGE, absent_is_fine=True),
    "delete a post": Deed(lambda c, s, t: c.publisher.delete(s.ref), Capability.IMAGE, absent_is_fine=True),
    "fetch": Deed(lambda c, s, t: c.inbox.fetch(None, posts=[s.ref]), Capability.COMMENTS, absent_is_fine=True),
    "conversation": Deed(lambda c, s, t: c.inbox.conversation(s.item), Capability.COMMENTS),
    "answers of a conversation": Deed(lambda c, s, t: c.inbox.conversation(s.item), Capability.COMMENTS, skip=1),
    "prepare an answer": Deed(lambda c, s, t: c.responder.prepare("i", s.item, Part("Yes")), Capability.REPLY),
    "send an answer": Deed(lambda c, s, t: c.responder.send("i", s.reply), Capability.REPLY, unsafe=True),
    "find an answer": Deed(lambda c, s, t: c.responder.find("i", s.reply, taken=frozenset()), Capability.REPLY),
    "delete an answer": Deed(
        lambda c, s, t: c.responder.delete(RemoteRef(s.item.id, "x")), Capability.REPLY, absent_is_fine=True
    ),
    "like": Deed(lambda c, s, t: c.moderator.moderate(Verb.LIKE, s.item), Capability.LIKE),
    "unlike": Deed(lambda c, s, t: c.moderator.moderate(Verb.UNLIKE, s.item), Capability.LIKE),
    "hide": Deed(lambda c, s, t: c.moderator.moderate(Verb.HIDE, s.item), Capability.HIDE),
    "delete others": Deed(
        lambda c, s, t: c.moderator.moderate(Verb.DELETE, s.item), Capability.DELETE_OTHERS, absent_is_fine=True
    ),
    "ban": Deed(lambda c, s, t: c.moderator.moderate(Verb.BAN, s.item), Capability.BAN),
    "unban": Deed(lambda c, s, t: c.moderator.moderate(Verb.UNBAN, s.item), Capability.BAN),
    "prepare an edit": Deed(lambda c, s, t: c.editor.prepare_edit(s.ref, Part("Hi")), Capability.EDIT),
    "edit": Deed(lambda c, s, t: c.editor.edit(s.ref, {"form": {"message": "Hi"}}), Capability.EDIT),
    "pin": Deed(lambda c, s, t: c.pinner.pin(s.ref), Capability.PIN),
    "schedule": Deed(
        lambda c, s, t: c.scheduler.schedule("i", s.later, t.clock.now + HOUR), Capability.SCHEDULE, unsafe=True
    ),
    "scheduled": Deed(lambda c, s, t: c.scheduler.scheduled(), Capability.SCHEDULE),
    "unschedule": Deed(lambda c, s, t: c.scheduler.unschedule(s.ref), Capability.SCHEDULE, absent_is_fine=True),
    "read the profile": Deed(lambda c, s, t: c.profile_reader.read_profile(), Capability.PROFILE_READ),
    "write the profile": Deed(
        lambda c, s, t: c.profile_writer.write_profile(ProfileChange(description="x"), expected=s.profile),
        Capability.PROFILE_WRITE,
        skip=1,
    ),
    "figures of a post": Deed(lambda c, s, t: c.metrics.of_post(s.ref), Capability.POST_METRICS, partial=True),
    "insights of a post": Deed(
        lambda c, s, t: c.metrics.of_post(s.ref), Capability.POST_METRICS, skip=1, partial=True
    ),
    "insights of a page": Deed(
        lambda c, s, t: c.metrics.of_page(t.clock.now - 48 * HOUR, t.clock.now),
        Capability.PAGE_METRICS,
        skip=1,
        partial=True,
    ),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path, WorldClock()) as world:
        yield world


async def scene(stage: Stage) -> Scene:
    await stage.checked()
    ref, post = await stage.posted()
    act(stage, Capability.COMMENTS, post, person(stage), "Is it rye?")
    item = (await sweep(stage, [ref])).one("Is it rye?")
    reply = await stage.ports().responder.prepare("i", item, Part("Yes"))
    wire = await stage.prepared(Part("Another"), "i")
    later = await stage.prepared(Part("Later"), "j")
    return Scene(ref, item, reply, wire, later, await stage.ports().profile_reader.read_profile())


async def outcome(deed: Deed, client: Client, told: Scene, stage: Stage) -> tuple[Any, NetworkError | None]:
    """What came of a deed; anything but a result or one of the closed kinds of error fails the test."""
    try:
        return await deed.do(client, told, stage), None
    except NetworkError as error:
        return None, error


@pytest.mark.parametrize("flavour", ["facebook", "instagram"])
@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_maps_each_bad_answer(world: World, flavour: str, name: str) -> None:
    clock = world.clock
    assert isinstance(clock, WorldClock)
    stage = Stage.of(flavour, world, clock)
    told = await scene(stage)
    deed = DEEDS[name]
    if not stage.can(deed.needs):
        pytest.skip("not declared there")
    if flavour == "instagram" and name == "send a post":
        deed = replace(deed, skip=1)  # its status is looked at first
    for what, (answer, kinds) in ANSWERS.items():
        spoiling = Spoiling(stage.recorder, answer, deed.skip)
        client = stage.ports(spoiling)
        expected = {"ambiguous"} if deed.unsafe and kinds == LOST else kinds
        tolerated = deed.absent_is_fine and kinds == {"not_found"}
        tolerated = tolerated or (deed.partial and bool(kinds & {"rejected", "forbidden", "not_found"}))
        found, error = await outcome(deed, client, told, stage)
        if error is None:
            assert tolerated or (deed.partial and kinds == LOST), what
            assert kinds == LOST or not deed.partial or found.missing, what
        else:
            assert error.kind in expected, (what, error)
            assert error.message
            assert "evil" not in error.hint
            if what in ("throttled, with a time", "429"):
                assert isinstance(error, RateLimited)
                assert error.retry_after == (7 if what == "429" else 240)
        assert spoiling.calls > deed.skip, "the call was made"


SHAPES: list[Any] = [
    {"data": 7},
    {"data": [None, 7, "x", [], {}]},
    {"data": [{"id": 5}]},
    {"id": []},
    {"id": {}, "message_id": 7},
    {"success": "true"},
    {"success": False},
    {"status_code": "WONDERFUL"},
    {"data": [{"id": "1", "created_time": "yesterday", "timestamp": [], "from": "me", "messages": 7}]},
    {"id": "9", "extra": {"a": [1]}, "created_time": "1760000000", "timestamp": "1760000000"},
]


@pytest.mark.parametrize("flavour", ["facebook", "instagram"])
@pytest.mark.parametrize("name", DEEDS)
async def test_each_call_survives_wrong_shapes(world: World, flavour: str, name: str) -> None:
    """Unknown values, missing and extra fields, numbers as text: a result or a clean error, where unsafe a doubt."""
    clock = world.clock
    assert isinstance(clock, WorldClock)
    stage = Stage.of(flavour, world, clock)
    told = await scene(stage)
    deed = DEEDS[name]
    if not stage.can(deed.needs):
        pytest.skip("not declared there")
    if flavour == "instagram" and name == "send a post":
        deed = replace(deed, skip=1)
    for value in SHAPES:
        answer = httpx.Response(200, content=json.dumps(value).encode())
        client = stage.ports(Spoiling(stage.recorder, answer, deed.skip))
        found, error = await outcome(deed, client, told, stage)
        if deed.unsafe:
            assert isinstance(found, RemoteRef) if error is None else isinstance(error, Ambiguous)


@pytest.mark.parametrize("flavour", ["facebook", "instagram"])
async def test_a_dead_metric_is_not_asked_for_again(world: World, flavour: str) -> None:
    clock = world.clock
    assert isinstance(clock, WorldClock)
    stage = Stage.of(flavour, world, clock)
    told = await scene(stage)
    spoiling = Spoiling(stage.recorder, refused(100), 1)
    metrics = stage.ports(spoiling).metrics
    first = await metrics.of_post(told.ref)
    calls, spoiling.calls = spoiling.calls, 10
    second = await metrics.of_post(told.ref)
    assert set(first.missing) == set(second.missing) == {Metric.VIEWS}
    assert spoiling.calls - 10 == calls - 1
