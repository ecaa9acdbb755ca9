"""Every request the clients make, against the networks' official schemas (where they are at hand)."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

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
        "uploadBlob", "putRecord", "getRecord", "deleteRecord", "listConvos", "getServiceAuth", "getUploadLimits",
        "getProfile",
    }  # fmt: skip


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
        "GET User accounts", "GET User adaccounts", "GET Page ", "GET Page published_posts", "POST Page photos",
        "POST Page feed", "POST Page videos", "GET PagePost ", "GET Photo ", "DELETE PagePost ",
    }  # fmt: skip
