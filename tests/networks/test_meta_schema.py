"""All calls of the ports of Facebook and Instagram, and all nodes of their face, against Meta's own description."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import NetworkError
from smm_tui.networks.community import Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Capability, Part
from smm_tui.sandbox.http import Request, parameters
from tests.support import graph_spec

from .people import KINDS, act, person, sweep
from .stage import Stage, WorldClock, journey, open_world
from .support import picture

HOUR = 3_600_000
EDGES = {  # what stands below a node is described with the node
    "instagram": {"comments": "IGMedia", "replies": "IGComment", "insights": "IGMedia"},
    "facebook": {"messages": "UnifiedThread", "likes": "Comment"},
}


class Keeping(httpx.AsyncBaseTransport):
    """Hands calls on and keeps them with their answers."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.seen: list[tuple[httpx.Request, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if response.status_code == 200:
            body = await response.aread()
            self.seen.append((request, json.loads(body) if body.startswith((b"{", b"[")) else None))
        return response


async def life(flavour: str, folder: Path) -> tuple[Stage, list[tuple[httpx.Request, Any]]]:
    """Everything an account does, once; the calls that were answered."""
    clock = WorldClock()
    with open_world(folder, clock) as world:
        stage = Stage.of(flavour, world, clock)
        keeping = Keeping(stage.recorder.inner)
        stage.recorder.inner = keeping
        await journey(stage, folder)
        ref, post = await stage.posted("Bread for all")
        for kind in filter(stage.can, KINDS):
            act(stage, kind, post, person(stage, f"Of {kind}"), "Hello")
        for item in list((await sweep(stage, [ref])).items.values()):
            await stage.ports().inbox.conversation(item)
            wire = await stage.ports().responder.prepare("a", item, Part("Yes"))
            await stage.ports().responder.find("a", wire, taken=frozenset())
            await stage.ports().responder.send("a", wire)
            for verb in Verb:
                try:
                    await stage.ports().moderator.moderate(verb, item)
                except NetworkError as error:
                    assert error.kind in ("unsupported", "not_found")  # noqa: PT017
        await stage.ports().metrics.of_post(ref)
        await stage.ports().metrics.of_page(clock.now - 48 * HOUR, clock.now)
        profile = await stage.ports().profile_reader.read_profile()
        if stage.can(Capability.PROFILE_WRITE):
            file = picture(folder, "JPEG", (64, 64), name="face")
            change = ProfileChange(description="Bread", website="https://x.example/", avatar=file, cover=file)
            await stage.ports().profile_writer.write_profile(change, expected=profile)
        if stage.can(Capability.EDIT):
            await stage.ports().pinner.pin(ref)
            await stage.ports().editor.edit(ref, await stage.ports().editor.prepare_edit(ref, Part("Bread!")))
        if stage.can(Capability.SCHEDULE):
            later = await stage.prepared(Part("Later", (picture(folder, "JPEG", name="l"),)), "l")
            await stage.ports().scheduler.schedule("l", later, clock.now + HOUR)
            await stage.ports().scheduler.scheduled()
        return stage, keeping.seen


def kind_of(flavour: str, node: str, edge: str, account: str) -> str:
    """The type of the node that a path names."""
    if node == "me":
        return "User"
    if node == account:
        return "IGUser" if flavour == "instagram" else "Page"
    if edge in EDGES[flavour]:
        return EDGES[flavour][edge]
    if flavour == "facebook":
        if not node:
            return "Photo"
        if "_" not in node:
            return "Photo" if not edge else "Page"
        return "PagePost" if node.startswith(f"{account}_") else "Comment"
    return ""


@pytest.mark.parametrize("flavour", ["facebook", "instagram"])
async def test_requests_and_answers_fit_metas_description(tmp_path: Path, flavour: str) -> None:
    stage, seen = await life(flavour, tmp_path)
    edges = set()
    for request, answer in seen:
        assert answer is not None
        version, _, path = request.url.path.removeprefix("/").partition("/")
        node, _, edge = path.partition("/")
        if version != "v25.0" or node in graph_spec.OUTSIDE or "authorization" not in request.headers:
            continue
        if edge == "permissions":
            continue
        edges.add(f"{request.method} {edge}")
        body = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
        assert "access_token" not in body
        kinds = [kind_of(flavour, node, edge, stage.account.remote_id)]
        if not kinds[0]:  # ids of Instagram do not tell what they name
            kinds = ["ShadowIGMediaBuilder", "IGMedia", "IGComment"]
        if kinds == ["Comment"] or (flavour == "facebook" and edge in ("insights", "comments")):
            kinds = ["Page", "PagePost", "Comment"]  # posts of other people have such ids as well
        problems = [graph_spec.call_errors(request.method, kind, edge, body) for kind in kinds]
        assert [] in problems, (request.method, request.url.path, problems)
        assert not re.search(r"secret", json.dumps(answer).casefold())
        if request.method != "GET":
            continue
        if not node:  # several nodes by their ids
            answer = {"data": list(answer.values())}
        shown = answer["data"] if isinstance(answer.get("data"), list) else [answer]
        for item in shown:
            fields = [name for name in item if name not in ("id", "paging", "data")]
            returned = [graph_spec.return_of(request.method, kind, edge) for kind in kinds]
            errors = [graph_spec.field_errors(kind, fields) for kind in returned if kind]
            assert [] in errors or not errors, (request.url.path, errors)
    wanted = {
        "facebook": {
            "GET comments", "POST comments", "POST likes", "DELETE likes", "GET tagged", "GET visitor_posts",
            "GET conversations", "POST messages", "POST blocked", "DELETE blocked", "GET insights", "POST picture",
            "GET scheduled_posts", "POST feed", "POST photos", "POST videos", "POST ", "DELETE ", "GET ",
        },
        "instagram": {
            "POST media", "POST media_publish", "GET media", "GET content_publishing_limit", "GET comments",
            "GET replies", "POST replies", "GET tags", "POST mentions", "GET insights", "POST ", "DELETE ", "GET ",
        },
    }  # fmt: skip
    assert wanted[flavour] <= edges
