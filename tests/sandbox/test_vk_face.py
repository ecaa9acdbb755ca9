"""The VK face answers as the notes say that VK does: errors inside HTTP 200, two kinds of token, guids."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.sandbox import seed
from smm_tui.sandbox.exchange import Broken
from smm_tui.sandbox.faces.vk import refuse
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.seed import VkLogin
from smm_tui.sandbox.world import World
from tests.support.vk_schema import answer_errors

from .support import MP4, ManualClock, multipart, png, send


@dataclass
class Caller:
    """Calls VK's methods as one community's administrator, or as the community."""

    world: World
    login: VkLogin

    def raw(self, method: str, *, token: str | None = None, **form: Any) -> Response:
        value = self.login.user_token if token is None else token
        headers = {"content-type": "application/x-www-form-urlencoded"}
        headers |= {"authorization": f"Bearer {value}"} if value else {}
        body = urlencode({"v": "5.199", **form}).encode()
        return send(self.world, "POST", f"{self.login.server}/method/{method}", headers, body)

    def __call__(self, method: str, **form: Any) -> Any:
        answer = self.raw(method, **form)
        assert answer.status == 200
        return answer.json()["response"]

    def error(self, method: str, **form: Any) -> int:
        answer = self.raw(method, **form)
        assert answer.status == 200, "refusals come inside HTTP 200"
        return int(answer.json()["error"]["error_code"])

    @property
    def group(self) -> int:
        return int(self.login.account.remote_id)

    @property
    def place(self) -> dict[str, Any]:
        return {"owner_id": -self.group, "from_group": 1}

    def post(self, message: str = "Hello", **more: Any) -> Any:
        return self("wall.post", **{**self.place, "message": message, **more})

    def upload(self, address: str, field: str, data: bytes) -> Any:
        kind, body = multipart({}, {field: ("file.bin", data, "application/octet-stream")})
        return send(self.world, "POST", address, {"content-type": kind}, body).json()

    def photo(self, data: bytes) -> Any:
        address = self("photos.getWallUploadServer", group_id=self.group)["upload_url"]
        return self.upload(address, "photo", data)


@pytest.fixture
def vk(world: World) -> Caller:
    servers = seed.add_servers(world, {seed.VK_HOST: {"rates": {}}})
    return Caller(world, seed.add_vk_community(world, servers[seed.VK_HOST], "bakery", name="The Bakery"))


def configured(vk: Caller, **config: Any) -> None:
    vk.world.add_server(seed.VK_HOST, "vk", config={"rates": {}, **config})


def another(vk: Caller, **more: Any) -> Caller:
    server = vk.world.server(seed.VK_HOST)
    assert server is not None
    return Caller(vk.world, seed.add_vk_community(vk.world, server, "books", **more))


# -- the form of calls --------------------------------------------------------------------------------------------


def test_a_refusal_repeats_the_parameters_but_not_the_token(vk: Caller) -> None:
    form = urlencode({"v": "5.199", "access_token": "secret", "posts": "-1_1"}).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = send(vk.world, "POST", f"{vk.login.server}/method/wall.getById", kind, form)
    assert answer.json()["error"] == {
        "error_code": 5,
        "error_msg": "User authorization failed: invalid access_token (4).",
        "request_params": [{"key": "v", "value": "5.199"}, {"key": "posts", "value": "-1_1"}],
    }


def test_ways_to_call(vk: Caller) -> None:
    base, token = f"{vk.login.server}/method/groups.getById", vk.login.user_token
    query = send(vk.world, "GET", f"{base}?v=5.199&group_id=bakery&access_token={token}", {}, b"")
    assert query.json()["response"]["groups"][0]["name"] == "The Bakery"
    kind, body = multipart({"v": "5.199", "group_id": "bakery", "access_token": token}, {})
    assert "response" in send(vk.world, "POST", base, {"content-type": kind}, body).json()
    body = json.dumps({"v": "5.199", "group_id": "bakery", "access_token": token}).encode()
    as_json = send(vk.world, "POST", base, {"content-type": "application/json"}, body)
    assert as_json.json()["error"]["error_code"] == 8, "JSON bodies are not looked at"
    assert send(vk.world, "POST", f"{vk.login.server}/api", {}, b"").status == 404


@pytest.mark.parametrize(
    ("method", "form", "code"),
    [
        ("wall.nothing", {}, 3),
        ("wall.Post", {}, 3),
        ("wall.get", {"v": ""}, 8),
        ("wall.get", {"token": ""}, 5),
        ("wall.get", {"token": "wrong"}, 5),
        ("wall.get", {"owner_id": "x"}, 100),
        ("groups.getById", {}, 100),
        ("groups.getTokenPermissions", {}, 28),
    ],
)
def test_refused_calls(vk: Caller, method: str, form: dict[str, str], code: int) -> None:
    assert vk.error(method, **form) == code


# -- tokens -------------------------------------------------------------------------------------------------------

USER_ONLY = (
    "wall.get",
    "wall.getById",
    "wall.delete",
    "photos.getWallUploadServer",
    "photos.saveWallPhoto",
    "video.save",
    "account.getAppPermissions",
)


@pytest.mark.parametrize("method", USER_ONLY)
def test_what_a_community_token_cannot(vk: Caller, method: str) -> None:
    assert vk.error(method, token=vk.login.token) == 27


def test_what_a_community_token_can(vk: Caller) -> None:
    token = vk.login.token
    (group,) = vk("groups.getById", token=token)["groups"]
    assert (group["id"], group["screen_name"]) == (vk.group, "bakery")
    assert "is_admin" not in group
    assert vk("groups.getTokenPermissions", token=token)["mask"] == 4 + 4096 + 8192 + 262_144
    assert vk.post(token=token) == {"post_id": 1}
    assert vk("utils.getServerTime", token=token) == vk.world.clock() // 1000


def test_servers_where_a_community_token_posts_nothing(vk: Caller) -> None:
    configured(vk, community_posts=False)
    assert vk.error("wall.post", token=vk.login.token, **vk.place) == 27


def test_a_token_of_vk_id_posts_nothing(vk: Caller) -> None:
    other = another(vk, by_vk_id=True)
    assert other.error("wall.post", **other.place, message="x") == 1051
    assert other("groups.getById", group_id=other.group)["groups"][0]["admin_level"] == 3


def test_rights_of_a_user_token(vk: Caller) -> None:
    other = another(vk, user_rights=("wall", "offline"))
    assert other("account.getAppPermissions") == 8192 + 65_536
    assert other.error("photos.getWallUploadServer", group_id=other.group) == 15
    assert other.error("video.save", group_id=other.group) == 15
    assert other.post() == {"post_id": 1}


def test_who_is_no_editor(vk: Caller) -> None:
    other = another(vk, level=1)
    assert other.error("wall.post", **other.place, message="x") == 214
    assert other.error("photos.getWallUploadServer", group_id=other.group) == 15
    assert vk.error("wall.post", **other.place, message="x") == 214
    (group,) = vk("groups.getById", group_id=other.group)["groups"]
    assert (group["is_admin"], "admin_level" in group) == (0, False)


def test_a_revoked_token_and_a_blocked_community(vk: Caller) -> None:
    vk.world.set_state(vk.login.account, "suspended")
    assert vk.error("wall.post", **vk.place, message="x") == 15
    assert vk("groups.getById", group_id="bakery")["groups"][0]["deactivated"] == "banned"
    token = vk.world.token(seed.VK_HOST, vk.login.user_token, "user")
    assert token is not None
    vk.world.revoke(token)
    assert vk.error("wall.get") == 5


# -- the wall -----------------------------------------------------------------------------------------------------


def test_post_read_delete(vk: Caller) -> None:
    assert [vk.post(text)["post_id"] for text in ("One", "Two")] == [1, 2]
    page = vk("wall.get", owner_id=-vk.group)
    assert (page["count"], [item["text"] for item in page["items"]]) == (2, ["Two", "One"])
    assert vk("wall.get", domain="bakery", count=1, offset=1)["items"][0]["id"] == 1
    name = f"-{vk.group}_1"
    (item,) = vk("wall.getById", posts=f"{name},-{vk.group}_99")["items"]
    assert (item["owner_id"], item["from_id"], item["date"]) == (-vk.group, -vk.group, vk.world.clock() // 1000)
    assert vk("wall.delete", owner_id=-vk.group, post_id=1) == 1
    assert vk.error("wall.delete", owner_id=-vk.group, post_id=1) == 15
    assert vk("wall.getById", posts=name) == {"items": []}
    assert [post.text for post in vk.world.live_posts()] == ["Two"]
    assert vk.post("Three")["post_id"] == 3, "numbers are not given out twice"


def test_a_pinned_post_stands_first(vk: Caller) -> None:
    for text in ("One", "Two", "Three"):
        vk.post(text)
    vk.world.update_account(vk.login.account, {"pinned": 1})
    items = vk("wall.get", owner_id=-vk.group)["items"]
    assert [(item["text"], item.get("is_pinned")) for item in items] == [("One", 1), ("Three", None), ("Two", None)]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"message": ""}, 100),
        ({"message": "   "}, 100),
        ({"message": "x" * 16_385}, 100),
        ({"attachments": ",".join(f"photo-1_{n}" for n in range(11))}, 100),
        ({"attachments": "photo-1_2"}, 100),
        ({"attachments": "https://a.example,https://b.example"}, 222),
        ({"from_group": "0"}, 214),
        ({"owner_id": "-5"}, 214),
    ],
)
def test_refused_posts(vk: Caller, form: dict[str, Any], code: int) -> None:
    assert vk.error("wall.post", **{**vk.place, "message": "x", **form}) == code
    assert vk.world.live_posts() == []


def test_a_text_as_long_as_can_be(vk: Caller) -> None:
    assert vk.post("x" * 16_384) == {"post_id": 1}


def test_a_guid_is_known_for_an_hour(vk: Caller, clock: ManualClock) -> None:
    assert vk.post("One", guid="g") == {"post_id": 1}
    clock.now += HOUR - 1
    assert vk.post("Another text", guid="g") == {"post_id": 1}
    assert len(vk.world.live_posts()) == 1
    clock.now += 1
    assert vk.post("One", guid="g") == {"post_id": 2}


def test_a_guid_holds_for_one_caller(vk: Caller) -> None:
    vk.post("One", guid="g")
    assert vk.post("One", guid="g", token=vk.login.token) == {"post_id": 2}


def test_a_refused_post_does_not_use_up_its_guid(vk: Caller) -> None:
    assert vk.error("wall.post", **vk.place, message="x" * 20_000, guid="g") == 100
    assert vk.post("Short", guid="g") == {"post_id": 1}


def test_servers_that_answer_a_repeat_with_an_error(vk: Caller) -> None:
    configured(vk, repeated_guid=214)
    vk.post("One", guid="g")
    assert vk.error("wall.post", **vk.place, message="One", guid="g") == 214
    assert len(vk.world.live_posts()) == 1


# -- uploads ------------------------------------------------------------------------------------------------------


def test_a_photo(vk: Caller) -> None:
    uploaded = vk.photo(png(40, 30))
    (photo,) = vk("photos.saveWallPhoto", group_id=vk.group, **uploaded)
    name = f"photo{photo['owner_id']}_{photo['id']}_{photo['access_key']}"
    vk.post("", attachments=name)
    (item,) = vk("wall.get", owner_id=-vk.group)["items"]
    (shown,) = item["attachments"]
    assert shown["type"] == "photo"
    size = shown["photo"]["sizes"][0]
    assert (size["width"], size["height"]) == (40, 30)
    answer = send(vk.world, "GET", size["url"], {}, b"")
    assert (answer.headers["content-type"], answer.body) == ("image/png", png(40, 30))


@pytest.mark.parametrize("data", [b"", b"no picture", png()[:20], MP4, png(21, 1)])
def test_a_file_that_is_no_picture(vk: Caller, data: bytes) -> None:
    uploaded = vk.photo(data)
    assert uploaded["photo"] == "[]"
    assert vk.error("photos.saveWallPhoto", group_id=vk.group, **uploaded) == 129


@pytest.mark.parametrize(("change", "code"), [({"hash": "x"}, 121), ({"server": 1}, 118), ({"group_id": 5}, 15)])
def test_an_upload_that_is_not_ours(vk: Caller, change: dict[str, Any], code: int) -> None:
    form = {"group_id": vk.group, **vk.photo(png()), **change}
    assert vk.error("photos.saveWallPhoto", **form) == code


def test_a_video(vk: Caller) -> None:
    slot = vk("video.save", group_id=vk.group, name="Film", wallpost=0)
    name = f"video{slot['owner_id']}_{slot['video_id']}"
    assert vk.error("wall.post", **vk.place, attachments=name) == 100
    assert vk.upload(slot["upload_url"], "video_file", b"no film") == {"error": "ERROR: unknown video format"}
    assert vk.upload(slot["upload_url"], "video_file", MP4)["size"] == len(MP4)
    vk.post("", attachments=name)
    (item,) = vk("wall.get", owner_id=-vk.group)["items"]
    assert item["attachments"][0]["video"]["title"] == "Film"


def test_an_upload_address_is_a_secret_for_an_hour(vk: Caller, clock: ManualClock) -> None:
    address = vk("photos.getWallUploadServer", group_id=vk.group)["upload_url"]
    clock.now += HOUR
    for wrong in (address, f"{vk.login.server}/upload/guess"):
        assert send(vk.world, "POST", wrong, {}, b"").status == 403


# -- limits and faults --------------------------------------------------------------------------------------------


def test_calls_in_a_second(vk: Caller, clock: ManualClock) -> None:
    vk.world.add_server(seed.VK_HOST, "vk")
    codes = [vk.raw("wall.get", owner_id=-vk.group).json().get("error", {}).get("error_code") for _ in range(4)]
    assert codes == [None, None, None, 6]
    token = vk.login.token
    codes = [vk.raw("groups.getById", token=token).json().get("error", {}).get("error_code") for _ in range(21)]
    assert codes == [None] * 20 + [6]
    clock.now += SECOND
    assert vk("wall.get", owner_id=-vk.group)["count"] == 0


def test_posts_in_a_day(vk: Caller, clock: ManualClock) -> None:
    configured(vk, posts_a_day=2)
    vk.post("One", guid="1")
    vk.post("Two")
    answer = vk.raw("wall.post", **vk.place, message="Three").json()["error"]
    assert (answer["error_code"], "2 posts a day" in answer["error_msg"]) == (214, True)
    assert vk.post("One", guid="1") == {"post_id": 1}, "a repeat is no post"
    clock.now += DAY
    vk.post("Three")


@pytest.mark.parametrize(("code", "key"), [(14, "captcha_img"), (17, "redirect_uri"), (9, ""), (29, "")])
def test_planned_refusals(vk: Caller, code: int, key: str) -> None:
    refuse(vk.world, vk.login.account, "wall.post", code)
    refuse(vk.world, vk.login.account, "wall.delete", 10)
    for _ in range(2):
        answer = vk.raw("wall.post", **vk.place, message="x").json()["error"]
        assert answer["error_code"] == code
        assert not key or answer[key].startswith("https://api.vk.sandbox/")
    assert vk("wall.get", owner_id=-vk.group)["count"] == 0
    refuse(vk.world, vk.login.account, "wall.post", 0)
    vk.post()
    assert vk.error("wall.delete", owner_id=-vk.group, post_id=1) == 10


def test_a_refusal_that_was_executed_all_the_same(vk: Caller) -> None:
    refuse(vk.world, vk.login.account, "wall.post", 10, executed=True)
    assert vk.error("wall.post", **vk.place, message="x") == 10
    assert len(vk.world.live_posts()) == 1


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMITED, FaultKind.RATE_LIMITED_BARE])
def test_rate_limits_name_no_time(vk: Caller, kind: FaultKind) -> None:
    vk.world.plant(Fault(kind, path="/method/wall.post", account="bakery"))
    answer = vk.raw("wall.post", **vk.place, message="x")
    assert (answer.status, answer.json()["error"]["error_code"]) == (200, 6)
    assert "retry-after" not in answer.headers


def test_faults_of_the_line(vk: Caller) -> None:
    for kind in (FaultKind.EXPIRED_TOKEN, FaultKind.SERVER_ERROR, FaultKind.LOST_RESPONSE):
        vk.world.plant(Fault(kind, path="/method/wall.post", status=502))
    assert vk.error("wall.post", **vk.place, message="x") == 5
    assert vk.raw("wall.post", **vk.place, message="x").status == 502
    with pytest.raises(Broken):
        vk.raw("wall.post", **vk.place, message="x")
    assert len(vk.world.live_posts()) == 1
    assert [call.account for call in vk.world.calls(path="wall.post")] == ["bakery"] * 3


def test_no_log_holds_a_token(vk: Caller) -> None:
    send(vk.world, "GET", f"{vk.login.server}/method/wall.get?access_token={vk.login.user_token}", {}, b"")
    assert vk.login.user_token not in repr(vk.world.calls())
    assert vk.login.user_token not in repr(vk.login)


# -- the official schema ------------------------------------------------------------------------------------------


def test_answers_fit_the_schema(vk: Caller) -> None:
    group = {"group_id": vk.group}
    (photo,) = vk("photos.saveWallPhoto", **group, **vk.photo(png()))
    slot = vk("video.save", **group, name="Film")
    vk.upload(slot["upload_url"], "video_file", MP4)
    files = f"photo{photo['owner_id']}_{photo['id']},video{slot['owner_id']}_{slot['video_id']}"
    vk.world.update_account(vk.login.account, {"pinned": 1})
    calls: list[tuple[str, dict[str, Any]]] = [
        ("wall.post", {**vk.place, "message": "x", "attachments": files}),
        ("wall.get", {"owner_id": -vk.group}),
        ("wall.getById", {"posts": f"-{vk.group}_1"}),
        ("wall.delete", {"owner_id": -vk.group, "post_id": 1}),
        ("groups.getById", group),
        ("groups.getTokenPermissions", {"token": vk.login.token}),
        ("account.getAppPermissions", {}),
        ("utils.getServerTime", {}),
        ("photos.getWallUploadServer", group),
        ("photos.saveWallPhoto", {**group, **vk.photo(png())}),
        ("video.save", {**group, "name": "Film"}),
    ]
    for method, form in calls:
        assert (method, answer_errors(method, vk.raw(method, **form).json())) == (method, [])
