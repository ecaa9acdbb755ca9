"""Every call the VK client makes, and every answer it gets from the sandbox, against the official schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.support.vk_schema import answer_errors, call_errors, method

from .stage import Stage, WorldClock, journey, open_world

METHODS = {
    "utils.getServerTime",
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
        await journey(stage, tmp_path)
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
        await journey(stage, tmp_path)
        user = (stage.slot.values or {})["user_token"]
        for request in stage.sent("/method/"):
            name = request.url.path.removeprefix("/method/")
            bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
            kind = "user" if bearer == user else "group"
            if bearer and (name, kind) not in (("wall.post", "group"), ("wall.delete", "group")):
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
