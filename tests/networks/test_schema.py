"""Every request the clients make, against the networks' official schemas (where they are at hand)."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest

from smm_tui.sandbox.http import Request, parameters
from tests.support import graph_spec
from tests.support.bot_api import call_errors
from tests.support.lexicon import input_errors
from tests.support.specs import spec

from .stage import Stage, WorldClock, journey, open_world


async def requests_of(flavour: str, folder: Path) -> list[httpx.Request]:
    clock = WorldClock()
    with open_world(folder, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await journey(stage, folder)
        return stage.recorder.requests


async def test_bluesky_requests_fit_the_lexicons(tmp_path: Path) -> None:
    lexicons = spec("bluesky/lexicons")
    seen = set()
    for request in await requests_of("bluesky", tmp_path):
        nsid = request.url.path.removeprefix("/xrpc/")
        seen.add(nsid.rpartition(".")[2])
        main = json.loads((lexicons / f"{nsid.replace('.', '/')}.json").read_text())["defs"]["main"]
        assert request.method == {"query": "GET", "procedure": "POST"}[main["type"]]
        if main["type"] == "query":
            parameters = main.get("parameters", {"properties": {}})
            assert set(request.url.params) <= set(parameters["properties"]), nsid
            assert set(parameters.get("required", ())) <= set(request.url.params), nsid
        elif main.get("input", {}).get("encoding") == "application/json":
            assert request.headers["content-type"] == "application/json"
            assert input_errors(nsid, json.loads(request.content)) == []
        else:
            assert bool(request.content) == ("input" in main), nsid
    assert seen == {
        "describeServer", "createSession", "refreshSession", "getSession", "resolveHandle",
        "uploadBlob", "putRecord", "getRecord", "deleteRecord",
    }  # fmt: skip


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
async def test_mastodon_requests_fit_the_openapi_document(tmp_path: Path, flavour: str) -> None:
    # Text and media together fit two branches of a oneOf, though they are what the API is for.
    document = json.loads(spec("mastodon/schema.json").read_text().replace('"oneOf"', '"anyOf"'))
    seen = set()
    for request in await requests_of(flavour, tmp_path):
        template, operation = _operation(document, request)
        seen.add(f"{request.method} {template}")
        parameters = [_resolved(document, parameter) for parameter in operation.get("parameters", [])]
        allowed = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        assert set(request.url.params) <= allowed, template
        bodies = operation.get("requestBody", {}).get("content", {})
        kind = request.headers.get("content-type", "").partition(";")[0]
        if not request.content:
            assert not operation.get("requestBody", {}).get("required"), template
        elif kind == "application/json":
            schema = {**bodies[kind]["schema"], "components": document["components"]}
            jsonschema.validate(json.loads(request.content), schema)
        else:
            assert _form_names(request) <= set(bodies[kind]["schema"]["properties"])
    assert {
        "GET /api/v2/instance",
        "GET /api/v1/accounts/verify_credentials",
        "GET /api/v1/accounts/{id}/statuses",
        "POST /api/v2/media",
        "POST /api/v1/statuses",
        "GET /api/v1/statuses/{id}",
        "DELETE /api/v1/statuses/{id}",
    } <= seen


async def test_telegram_requests_fit_the_description_of_the_bot_api(tmp_path: Path) -> None:
    seen = set()
    for request in await requests_of("telegram", tmp_path):
        method = request.url.path.rpartition("/")[2]
        seen.add(method)
        body = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
        form = "multipart" in request.headers.get("content-type", "")
        assert call_errors(method, body, form=form) == []
    assert seen == {
        "getMe", "getChat", "getChatMember", "getWebhookInfo", "sendMessage", "sendPhoto", "sendVideo",
        "sendMediaGroup", "deleteMessage", "deleteMessages",
    }  # fmt: skip


async def test_facebook_requests_fit_metas_description(tmp_path: Path) -> None:
    seen = set()
    for request in await requests_of("facebook", tmp_path):
        version, _, path = request.url.path.removeprefix("/").partition("/")
        assert version == "v25.0"
        node, _, edge = path.partition("/")
        if node in graph_spec.OUTSIDE or "authorization" not in request.headers:
            continue
        if edge:
            kind = "User" if node == "me" else "Page"
        else:
            kind = "Photo" if not node else "PagePost" if "_" in node else "Page"
        seen.add(f"{request.method} {kind} {edge}")
        body = parameters(Request.of(request.method, str(request.url), request.headers, request.content))
        assert "access_token" not in body
        assert graph_spec.call_errors(request.method, kind, edge, body) == []
    assert seen == {
        "GET User accounts", "GET Page ", "GET Page published_posts", "POST Page photos", "POST Page feed",
        "POST Page videos", "GET PagePost ", "GET Photo ", "DELETE PagePost ",
    }  # fmt: skip


def _operation(document: dict[str, Any], request: httpx.Request) -> tuple[str, dict[str, Any]]:
    exact_first = sorted(document["paths"], key=lambda template: template.count("{"))
    for template in exact_first:
        if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), request.url.path):
            return template, document["paths"][template][request.method.lower()]
    raise AssertionError(f"{request.url.path} is not in the document")


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found: dict[str, Any] = document
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def _form_names(request: httpx.Request) -> set[str]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = list(message_from_bytes(head + request.content).walk())[1:]
    return {str(part.get_param("name", header="content-disposition")) for part in parts}
