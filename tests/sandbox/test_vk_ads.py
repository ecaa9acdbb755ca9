"""The face of VK Реклама where this program's own client does not go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from smm_tui.domain.clock import DAY
from smm_tui.sandbox import seed
from smm_tui.sandbox.exchange import answer, receive
from smm_tui.sandbox.http import Request, Response
from smm_tui.sandbox.world import World

from .support import ManualClock

BASE = f"https://{seed.VK_ADS_HOST}/api/v2"


class Caller:
    """An application that speaks to its cabinet."""

    def __init__(self, world: World, **more: Any) -> None:
        self.world = world
        server = seed.add_servers(world)[seed.VK_ADS_HOST]
        self.cabinet = seed.add_vk_cabinet(world, server, "Bakery", **more)
        self.token = ""
        self.token = self.grant().json()["access_token"]

    def grant(self, **form: str) -> Response:
        client = {"client_id": self.cabinet.client_id, "client_secret": self.cabinet.client_secret}
        return self.form("/oauth2/token.json", {"grant_type": "client_credentials", **client, **form})

    def form(self, path: str, values: Mapping[str, str]) -> Response:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, kind, urlencode(values).encode())

    def get(self, path: str) -> Response:
        return self._send("GET", path, {}, b"")

    def post(self, path: str, body: Any) -> Response:
        return self._send("POST", path, {"content-type": "application/json"}, json.dumps(body).encode())

    def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        known = {**headers, "authorization": f"Bearer {self.token}"}
        return answer(self.world, receive(self.world, Request.of(method, BASE + path, known, body)))


@pytest.fixture
def caller(world: World) -> Caller:
    return Caller(world)


def plan(caller: Caller, **more: Any) -> dict[str, Any]:
    url = caller.post("/urls.json", {"url": "https://vk.com/club1"}).json()["id"]
    return {
        "name": "Spring",
        "status": "blocked",
        "objective": "socialengagement",
        "ad_object_type": "url",
        "ad_object_id": url,
        **more,
    }


def group(**more: Any) -> dict[str, Any]:
    targetings = {"geo": {"regions": [24109]}, "age": {"age_list": [0, 30, 31]}}
    return {"name": "Near", "package_id": 3194, "budget_limit_day": "150.00", "targetings": targetings, **more}


def test_five_tokens_then_none_until_they_are_deleted(caller: Caller, clock: ManualClock) -> None:
    for left in (3, 2, 1, 0):
        assert caller.grant().json()["tokens_left"] == left
    assert (caller.grant().status, caller.grant().json()["error"]) == (403, "token_limit_exceeded")
    secret = {"client_id": caller.cabinet.client_id, "client_secret": caller.cabinet.client_secret}
    assert caller.form("/oauth2/token/delete.json", secret).status == 204
    dead = caller.get("/user.json")
    assert (dead.status, dead.json()["error"]["code"]) == (401, "revoked_token")
    for _each in range(5):
        assert caller.grant().status == 200
    clock.now += 31 * DAY
    assert caller.grant().status == 200  # the unused ones are forgotten


def test_a_refresh_token_serves_once_and_kills(caller: Caller, clock: ManualClock) -> None:
    first = caller.grant().json()
    assert caller.grant(grant_type="refresh_token", refresh_token=first["refresh_token"]).status == 200
    assert caller.grant(grant_type="refresh_token", refresh_token=first["refresh_token"]).status == 401
    caller.token = first["access_token"]
    assert caller.get("/user.json").status == 401
    caller.token = caller.grant().json()["access_token"]
    clock.now += DAY
    assert caller.get("/user.json").json()["error"]["code"] == "expired_token"
    assert caller.grant(grant_type="password").status == 400
    assert caller.grant(client_secret="x").json()["error"] == "invalid_client"


def test_a_whole_tree_in_one_call_or_nothing(caller: Caller) -> None:
    whole = plan(caller)
    post = {"name": "Post", "urls": {"vk_post": {"id": whole["ad_object_id"]}}}
    bad = caller.post("/ad_plans.json", {**whole, "ad_groups": [group(banners=[{"name": "x"}])]})
    assert bad.json()["error"]["fields"]["urls"]["fields"]["vk_post"]["code"] == "required"
    assert caller.get("/ad_plans.json").json()["count"] == 0
    made = caller.post("/ad_plans.json", {**whole, "ad_groups": [group(banners=[post, post])]}).json()
    assert len(made["ad_groups"][0]["banners"]) == 2
    listed = caller.get("/banners.json?fields=id,ad_group_id,moderation_status&limit=1&offset=1&sorting=-id").json()
    assert (listed["count"], listed["offset"], len(listed["items"])) == (2, 1, 1)
    assert listed["items"][0]["moderation_status"] == "pending"
    many = [{"id": each["id"], "status": "deleted"} for each in made["ad_groups"][0]["banners"]]
    assert caller.post("/banners/mass_action.json", many).status == 204
    assert caller.get("/banners.json?_status__in=active,blocked").json()["count"] == 0
    assert caller.post("/banners.json", post).status == 405


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"package_id": 3101}, "package_id"),
        ({"package_id": 2001}, "package_id"),
        ({"budget_limit_day": "99.99"}, "budget_limit_day"),
        ({"budget_limit": "1.234"}, "budget_limit"),
        ({"date_end": "soon"}, "date_end"),
        ({"date_start": "2026-10-02", "date_end": "2026-09-02"}, "date_end"),
        ({"targetings": {"geo": {"regions": [1]}}}, "targetings"),
        ({"targetings": {"stations": [1]}}, "targetings"),
        ({"targetings": {"geo": {"regions": [1], "local_geo": {}}}}, "targetings"),
        ({"targetings": {"age": {"age_list": [5]}}}, "targetings"),
        ({"targetings": 5}, "targetings"),
        ({"name": ""}, "name"),
        ({"status": "running"}, "status"),
    ],
)
def test_what_does_not_pass_is_named(caller: Caller, change: dict[str, Any], field: str) -> None:
    number = caller.post("/ad_plans.json", plan(caller)).json()["id"]
    refused = caller.post("/ad_groups.json", group(ad_plan_id=number, **change))
    assert refused.status == 400
    assert (refused.json()["error"]["code"], list(refused.json()["error"]["fields"])) == (
        "validation_failed",
        [field],
    )


def test_limits_and_lists_tell_themselves(caller: Caller) -> None:
    response = caller.get("/throttling.json")
    assert response.headers["X-RateLimit-RPS-Limit"] == "10"
    for _each in range(9):
        caller.get("/user.json")
    assert (caller.get("/user.json").status, caller.get("/nothing.json").status) == (429, 404)


def test_no_more_than_fifty_and_no_unknown_fields(caller: Caller) -> None:
    assert caller.get("/ad_plans.json?limit=51").status == 400
    assert caller.get("/ad_plans.json?limit=x").status == 400
    caller.post("/ad_plans.json", plan(caller))
    assert (
        caller.get("/ad_plans.json?fields=id,secret").json()["error"]["fields"]["fields"]["code"] == "unknown_field"
    )
