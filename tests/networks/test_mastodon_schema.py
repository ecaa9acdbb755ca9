"""Every request the client makes, and every answer the face gives, against the official descriptions of the API."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from smm_tui.domain.clock import HOUR
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Capability, Part, Poll
from smm_tui.sandbox.http import Request, parameters
from tests.support.specs import spec

from .people import act, person, sweep
from .stage import FILM, Stage, WorldClock, open_world
from .support import media_file, picture

VERBS = {
    ItemKind.COMMENT: (Verb.LIKE, Verb.UNLIKE, Verb.MUTE, Verb.UNMUTE, Verb.BAN, Verb.UNBAN, Verb.REPORT),
    ItemKind.REPORT: (Verb.CLOSE_REPORT, Verb.REOPEN_REPORT, Verb.RESTRICT, Verb.UNRESTRICT, Verb.BAN, Verb.UNBAN),
}


class Pairs(httpx.AsyncBaseTransport):
    """Keeps each request with its answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.seen: list[tuple[httpx.Request, int, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = await self.inner.handle_async_request(request)
        body = await response.aread()
        self.seen.append((request, response.status_code, json.loads(body)))
        return httpx.Response(response.status_code, headers=response.headers, content=body)


async def everything(flavour: str, folder: Path) -> list[tuple[httpx.Request, int, Any]]:
    """All that the client can do, once."""
    clock = WorldClock()
    with open_world(folder, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await stage.checked()
        pairs = Pairs(stage.recorder)
        client = stage.ports(pairs)
        await client.publisher.check()

        async def published(part: Part) -> Any:
            identity = stage.spec.new_identity()
            wire = await client.publisher.prepare(identity, part, root=None, parent=None)
            await client.publisher.find(identity, wire, taken=frozenset())
            return await client.publisher.send(identity, wire)

        album = Part("Two #Breads @anna", (picture(folder, alt="A"), picture(folder, "JPEG", name="b")), "food", "de")
        first = await published(album)
        await published(Part("Film", (media_file(folder, "film.mp4", FILM, "video/mp4"),)))
        asked = await published(Part("Rye?", poll=Poll(("Yes", "No"), 3600)))
        await client.publisher.read(asked)
        wire = await client.editor.prepare_edit(first, Part("One", album.media[:1]))
        await client.editor.edit(first, wire)
        await client.pinner.pin(first)
        await client.pinner.pin(first)
        identity = stage.spec.new_identity()
        waiting = await client.publisher.prepare(
            identity, Part("Later", poll=Poll(("Yes", "No"), 3600)), root=None, parent=None
        )
        ref = await client.scheduler.schedule(identity, waiting, clock.now + HOUR)
        await client.scheduler.scheduled()
        await client.scheduler.unschedule(ref)
        post = next(item for item in world.live_posts() if item.remote_id == first.id)
        anna = person(stage)
        for capability in (Capability.COMMENTS, Capability.MENTIONS, Capability.MESSAGES, Capability.REPORTS):
            act(stage, capability, post, anna, "Hello")
        for item in (await sweep(stage, [first])).items.values():
            await client.inbox.conversation(item)
            if item.kind in (ItemKind.COMMENT, ItemKind.MESSAGE):
                identity = stage.spec.new_identity()
                wire = await client.responder.prepare(identity, item, Part("Hello yourself"))
                await client.responder.send(identity, wire)
                await client.responder.find(identity, wire, taken=frozenset())
            if "followers" in item.text:
                continue
            for verb in VERBS.get(item.kind, ()):
                until = clock.now + HOUR if verb is Verb.MUTE else None
                await client.moderator.moderate(verb, item, until=until, reason="Rules")
        await client.inbox.fetch(None, posts=[first])
        page = await client.profile_reader.read_profile()
        change = ProfileChange("Bakery", "Bread", links=(("Shop", "https://shop.example"),), avatar=album.media[0])
        await client.profile_writer.write_profile(change, expected=page)
        await client.metrics.of_post(first)
        await client.metrics.of_page(0, clock.now)
        await client.pinner.unpin(first)
        await client.publisher.delete(first)
        return pairs.seen


@cache
def document() -> dict[str, Any]:
    # Text and media together fit two branches of a oneOf, though they are what the API is for.
    described: dict[str, Any] = json.loads(spec("mastodon/schema.json").read_text().replace('"oneOf"', '"anyOf"'))
    return described


def errors(value: Any, schema: dict[str, Any]) -> list[str]:
    whole = {**schema, "components": document()["components"]}
    return [f"{each.json_path}: {each.message}" for each in Draft202012Validator(whole).iter_errors(value)]


async def test_mastodon(tmp_path: Path) -> None:
    seen = set()
    for request, status, answer in await everything("mastodon", tmp_path):
        where = f"{request.method} {request.url.path} {status}"
        if "/admin/" in request.url.path:  # not in the document, but for what they give
            for report in answer if isinstance(answer, list) else [answer] if "target_account" in answer else []:
                assert errors(report, {"$ref": "#/components/schemas/AdminReport"}) == [], where
            seen.add(f"{request.method} admin")
            continue
        template, operation = _operation(request)
        seen.add(f"{request.method} {template}")
        allowed = {each["name"] for each in map(_resolved, operation.get("parameters", [])) if each["in"] == "query"}
        assert {name.removesuffix("[]") for name in request.url.params} <= {*allowed, "pinned"}, where
        bodies = operation.get("requestBody", {}).get("content", {})
        if not request.content:
            assert not operation.get("requestBody", {}).get("required"), where
        elif request.headers["content-type"] == "application/json":
            assert errors(json.loads(request.content), bodies["application/json"]["schema"]) == [], where
        else:
            kind = next(iter(bodies)) if "multipart/form-data" not in bodies else "multipart/form-data"
            given = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
            assert set(given) <= set(bodies[kind]["schema"]["properties"]), where
        described = operation["responses"].get(str(status), {}).get("content", {}).get("application/json")
        if described is not None:
            assert errors(answer, described["schema"]) == [], where
    assert {
        "GET /api/v2/instance", "GET /api/v1/accounts/verify_credentials", "GET /api/v1/accounts/{id}/statuses",
        "POST /api/v2/media", "POST /api/v1/statuses", "GET /api/v1/statuses/{id}", "DELETE /api/v1/statuses/{id}",
        "PUT /api/v1/statuses/{id}", "POST /api/v1/statuses/{id}/pin", "POST /api/v1/statuses/{id}/unpin",
        "GET /api/v1/scheduled_statuses", "DELETE /api/v1/scheduled_statuses/{id}", "GET /api/v1/notifications",
        "GET /api/v1/statuses/{id}/context", "POST /api/v1/statuses/{id}/favourite",
        "POST /api/v1/statuses/{id}/unfavourite", "POST /api/v1/accounts/{id}/mute",
        "POST /api/v1/accounts/{id}/unmute", "POST /api/v1/accounts/{id}/block", "POST /api/v1/accounts/{id}/unblock",
        "POST /api/v1/reports", "PATCH /api/v1/accounts/update_credentials", "GET /api/v1/accounts/{id}",
        "GET admin", "POST admin",
    } <= seen  # fmt: skip


async def test_gotosocial(tmp_path: Path) -> None:
    described = _swagger(spec("gotosocial/swagger.yaml").read_text())
    for request, _status, _answer in await everything("gotosocial", tmp_path):
        where = f"{request.method} {request.url.path}"
        if request.url.path in ("/api/v2/media", "/api/v1/media/0"):  # described with a version in braces
            continue
        method = request.method.lower()
        fitting = [d[method] for path, d in described.items() if _matches(path, request.url.path) and method in d]
        assert fitting, where
        names = fitting[0]
        assert set(request.url.params) <= names, where
        if "json" in request.headers.get("content-type", ""):
            given = set(json.loads(request.content)) - {"media_attributes"}
            known = {name.partition("[")[0] for name in names}
            assert given <= known, where


def _swagger(text: str) -> dict[str, dict[str, set[str]]]:
    """The names of the parameters by path and method, read from the indented lines without a YAML library."""
    found: dict[str, dict[str, set[str]]] = {}
    path = method = ""
    for line in text[text.index("\npaths:") :].splitlines():
        if match := re.fullmatch(r"    (/\S+):", line):
            path = match[1]
            found[path] = {}
        elif match := re.fullmatch(r"        (get|put|post|patch|delete):", line):
            method = match[1]
            found[path][method] = set()
        elif path and method and (match := re.fullmatch(r" {16,}(?:- )?name: (\S+)", line)):
            found[path][method].add(match[1])
    return found


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\$?\{[^}]*\}", "[^/]+", template), path) is not None


def _operation(request: httpx.Request) -> tuple[str, dict[str, Any]]:
    exact_first = sorted(document()["paths"], key=lambda template: template.count("{"))
    for template in exact_first:
        if _matches(template, request.url.path) and request.method.lower() in document()["paths"][template]:
            return template, document()["paths"][template][request.method.lower()]
    raise AssertionError(f"{request.url.path} is not in the document")


def _resolved(value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found: dict[str, Any] = document()
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found
