"""The Graph API's face: Pages, posts, photos, videos, tokens, errors and limits."""

from __future__ import annotations

import hashlib
import hmac
import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from smm_tui.domain.clock import HOUR
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.facebook import call as face
from smm_tui.sandbox.faces.facebook import media
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Response, with_query
from smm_tui.sandbox.seed import FacebookLogin
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World
from tests.support import graph_spec

from .support import MP4, START, ManualClock, multipart, png, send

POST_FIELDS = "message,created_time,is_published,attachments{media_type,target,subattachments{target}}"


@dataclass
class Caller:
    """Calls the Graph API with one token."""

    world: World
    login: FacebookLogin
    token: str

    def __call__(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        **arguments: Any,
    ) -> Response:
        url = with_query(f"{self.login.server}/v25.0{path}", arguments)
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = b""
        if files is not None:
            headers["content-type"], body = multipart(form or {}, files)
        elif form is not None:
            headers["content-type"], body = "application/x-www-form-urlencoded", urlencode(form).encode()
        return send(self.world, method, url, headers, body)

    @property
    def page(self) -> str:
        return self.login.account.remote_id

    def post(self, message: str = "Hello", **form: str) -> Response:
        return self("POST", f"/{self.page}/feed", form={"message": message, **form})

    def photo(self, data: bytes | None = None, **form: str) -> Response:
        files = {"source": ("photo.png", png() if data is None else data, "image/png")}
        return self("POST", f"/{self.page}/photos", form={"published": "false", **form}, files=files)

    def posts(self, **arguments: Any) -> Any:
        return self("GET", f"/{self.page}/published_posts", **{"fields": POST_FIELDS, **arguments}).json()

    def video(self, data: bytes, **end: str) -> tuple[str, Response]:
        """Upload a video in two pieces; its id and the answer to the end."""
        path = f"/{self.page}/videos"
        begun = self("POST", path, form={"upload_phase": "start", "file_size": len(data)}).json()
        session = {"upload_session_id": begun["upload_session_id"]}
        start = 0
        for piece in (data[:10], data[10:]):
            form = {"upload_phase": "transfer", "start_offset": str(start), **session}
            files = {"video_file_chunk": ("chunk", piece, "application/octet-stream")}
            start = int(self("POST", path, form=form, files=files).json()["start_offset"])
        return begun["video_id"], self("POST", path, form={"upload_phase": "finish", **session, **end})


def error(answer: Response) -> dict[str, Any]:
    assert answer.status >= 400
    found: dict[str, Any] = answer.json()["error"]
    assert found["message"]
    assert found["type"]
    assert found["fbtrace_id"]
    return found


def code(answer: Response) -> tuple[int, int]:
    found = error(answer)
    return found["code"], found.get("error_subcode", 0)


@pytest.fixture
def login(world: World, servers: dict[str, Server]) -> FacebookLogin:
    return seed.add_facebook_page(world, servers[seed.FACEBOOK_HOST], "bakery", name="The Bakery")


@pytest.fixture
def page(world: World, login: FacebookLogin) -> Caller:
    return Caller(world, login, login.token)


def test_a_post(page: Caller, world: World) -> None:
    made = page.post("Fresh rolls", link="https://bakery.example/rolls").json()
    assert set(made) == {"id"}
    assert made["id"].startswith(f"{page.page}_")
    (item,) = page.posts()["data"]
    assert item == {
        "id": made["id"],
        "message": "Fresh rolls",
        "created_time": "2025-10-09T08:53:20+0000",
        "is_published": True,
        "attachments": {
            "data": [{"media_type": "link", "target": {"url": "https://bakery.example/rolls"}}],
        },
    }
    assert [post.text for post in world.live_posts()] == ["Fresh rolls"]


def test_only_the_fields_that_are_asked_for(page: Caller) -> None:
    number = page.post().json()["id"]
    assert set(page("GET", f"/{number}").json()) == {"id", "created_time", "message"}
    assert set(page("GET", f"/{number}", fields="is_hidden").json()) == {"id", "is_hidden"}
    assert code(page("GET", f"/{number}", fields="id,likes_and_more")) == (100, 0)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"message": ""}, (100, 0)),
        ({"message": " \n"}, (100, 0)),
        ({"message": "x" * 63_207}, (100, 0)),
        ({"message": "x", "link": "bakery"}, (100, 1609005)),
        ({"message": "x", "attached_media": "7"}, (100, 0)),
        ({"message": "x", "attached_media": '[{"media_fbid": "404"}]'}, (100, 0)),
    ],
)
def test_what_is_refused(page: Caller, world: World, form: dict[str, str], expected: tuple[int, int]) -> None:
    assert code(page("POST", f"/{page.page}/feed", form=form)) == expected
    assert world.live_posts() == []


def test_the_longest_text(page: Caller) -> None:
    assert page.post("x" * 63_206).status == 200


def test_a_text_that_equals_the_one_before_it_is_refused(page: Caller) -> None:
    first = page.post().json()["id"]
    refused = error(page.post())
    assert (refused["code"], "identical" in refused["error_user_msg"]) == (506, True)
    assert page.post(link="https://a.example/").status == 200
    assert page.post().status == 200  # not the one before it any more
    page("DELETE", f"/{first}")


def test_photos(page: Caller, world: World) -> None:
    one, two = page.photo(alt_text_custom="A loaf").json()["id"], page.photo().json()["id"]
    assert world.live_posts() == []
    attached = jsonlib.dumps([{"media_fbid": one}, {"media_fbid": two}])
    made = page.post("", attached_media=attached).json()["id"]
    (item,) = page.posts()["data"]
    assert "message" not in item
    (album,) = item["attachments"]["data"]
    assert album["media_type"] == "album"
    assert album["subattachments"]["data"] == [
        {"target": {"id": number, "url": f"https://www.facebook.com/{number}"}} for number in (one, two)
    ]
    several = page("GET", "/", ids=f"{one},{two}", fields="alt_text_custom").json()
    assert several == {one: {"id": one, "alt_text_custom": "A loaf"}, two: {"id": two}}
    assert code(page.post("Again", attached_media=attached)) == (1, 1366051)
    page("DELETE", f"/{made}")
    assert page.post("Again", attached_media=attached).status == 200


def test_one_photo_stands_by_itself(page: Caller) -> None:
    number = page.photo().json()["id"]
    page.post("Hello", attached_media=jsonlib.dumps([{"media_fbid": number}]))
    (item,) = page.posts()["data"]
    assert item["attachments"]["data"][0]["media_type"] == "photo"
    assert item["attachments"]["data"][0]["target"]["id"] == number


def test_a_photo_published_by_its_upload(page: Caller, world: World) -> None:
    made = page.photo(published="true", message="Bread").json()
    (post,) = world.live_posts()
    assert (post.text, post.media, post.remote_id) == ("Bread", [made["id"]], made["post_id"])


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken", MP4, png() + bytes(4 * 1024**2)])
def test_what_is_no_photo(page: Caller, data: bytes) -> None:
    refused = error(page.photo(data))
    assert (refused["code"], refused["error_subcode"]) == (100, 1366046)
    assert "4 MB" in refused["error_user_msg"]


def test_no_photo_at_all(page: Caller) -> None:
    assert code(page("POST", f"/{page.page}/photos", form={"published": "false"})) == (324, 0)


def test_too_many_photos(page: Caller) -> None:
    attached = [{"media_fbid": page.photo().json()["id"]} for _number in range(11)]
    assert code(page.post("x", attached_media=jsonlib.dumps(attached))) == (100, 0)


def test_a_video(page: Caller, world: World, clock: ManualClock) -> None:
    data = MP4 + bytes(20)
    number, ended = page.video(data, description="Film")
    assert ended.json() == {"success": True}
    (post,) = world.live_posts()
    assert (post.text, post.media) == ("Film", [number])
    assert world.media_bytes(seed.FACEBOOK_HOST, number) == ("video/mp4", data)
    shown = page("GET", f"/{number}", fields="published,status,post_id").json()
    assert (shown["published"], shown["status"]["video_status"]) == (True, "processing")
    assert shown["post_id"] == post.remote_id
    clock.sleep(media.PROCESSING / 1000)
    assert page("GET", f"/{number}", fields="status").json()["status"]["video_status"] == "ready"
    assert page.posts()["data"][0]["attachments"]["data"][0]["media_type"] == "video"
    assert page("DELETE", f"/{number}").json() == {"success": True}
    assert code(page("GET", f"/{number}")) == (100, 33)
    assert code(page("DELETE", f"/{number}")) == (100, 33)


def test_a_video_that_cannot_be_processed(page: Caller) -> None:
    number, _ended = page.video(MP4.replace(b"moov", b"none"))
    status = page("GET", f"/{number}", fields="status").json()["status"]
    assert (status["video_status"], status["processing_phase"]["status"]) == ("error", "error")


def test_an_upload_asks_for_its_next_bytes(page: Caller, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "CHUNK", 4)
    path = f"/{page.page}/videos"
    begun = page("POST", path, form={"upload_phase": "start", "file_size": 10}).json()
    assert (begun["start_offset"], begun["end_offset"]) == ("0", "4")
    session = {"upload_session_id": begun["upload_session_id"]}

    def transfer(start: int, data: bytes) -> tuple[str, str]:
        files = {"video_file_chunk": ("chunk", data, "application/octet-stream")}
        form = {"upload_phase": "transfer", "start_offset": str(start), **session}
        answer = page("POST", path, form=form, files=files).json()
        return answer["start_offset"], answer["end_offset"]

    assert transfer(0, b"abcd") == ("4", "8")
    assert transfer(0, b"abcd") == ("4", "8")  # sent before: nothing changes
    assert transfer(4, b"efghij") == ("10", "10")
    unfinished = page("GET", f"/{begun['video_id']}", fields="published,status").json()
    assert (unfinished["published"], unfinished["status"]["video_status"]) == (False, "uploading")
    assert world.live_posts() == []
    assert page("POST", path, form={"upload_phase": "finish", **session}).status == 200
    assert code(page("POST", path, form={"upload_phase": "finish", **session})) == (6000, 1363041)
    assert len(world.live_posts()) == 1


def test_uploads_that_go_wrong(page: Caller) -> None:
    path = f"/{page.page}/videos"
    assert code(page("POST", path, form={"upload_phase": "start"})) == (100, 0)
    assert code(page("POST", path, form={"upload_phase": "finish", "upload_session_id": "1"})) == (6000, 1363041)
    begun = page("POST", path, form={"upload_phase": "start", "file_size": 10}).json()
    session = {"upload_session_id": begun["upload_session_id"]}
    assert code(page("POST", path, form={"upload_phase": "finish", **session})) == (6000, 1363019)
    assert code(page("POST", path, form={"upload_phase": "transfer", **session})) == (100, 0)
    assert code(page("POST", path, form={"upload_phase": "dance", **session})) == (100, 0)


def test_pages_of_posts(page: Caller, clock: ManualClock) -> None:
    made = []
    for number in range(5):
        made.append(page.post(f"Post {number}").json()["id"])
        clock.sleep(1)
    seen: list[str] = []
    after: dict[str, str] = {}
    for _turn in range(3):
        answer = page.posts(limit=2, **after)
        seen += [item["id"] for item in answer["data"]]
        after = {"after": answer["paging"]["cursors"]["after"]}
    assert seen == made[::-1]
    assert "next" not in answer["paging"]
    assert page.posts(limit=2)["paging"]["next"].endswith(f"access_token={page.token}")  # Facebook's own trap
    assert "paging" not in page.posts(**after)


def test_unpublished_posts_are_not_listed(page: Caller, world: World) -> None:
    number = page.post("Draft", published="false").json()["id"]
    assert page.posts()["data"] == []
    assert world.live_posts() == []
    assert page("GET", f"/{number}", fields="is_published").json()["is_published"] is False


def test_delete(page: Caller, world: World) -> None:
    number = page.post().json()["id"]
    assert page("DELETE", f"/{number}").json() == {"success": True}
    assert code(page("DELETE", f"/{number}")) == (100, 33)
    assert code(page("GET", f"/{number}")) == (100, 33)
    assert world.live_posts() == []


class TestTokens:
    def test_a_persons_pages(self, page: Caller, login: FacebookLogin) -> None:
        person = replace(page, token=login.user_token)
        (found,) = person("GET", "/me/accounts", fields="id,username,access_token,tasks").json()["data"]
        assert found == {
            "id": page.page,
            "username": "bakery",
            "access_token": login.token,
            "tasks": list(seed.FACEBOOK_TASKS),
        }
        assert person("GET", "/me").json()["name"] == "Ann"
        assert code(person("POST", f"/{page.page}/feed", form={"message": "x"})) == (200, 0)

    def test_a_pages_own_token(self, page: Caller) -> None:
        assert page("GET", "/me").json() == {"id": page.page, "name": "The Bakery"}
        refused = error(page("GET", "/me/accounts"))
        assert (refused["code"], "nonexisting field (accounts)" in refused["message"]) == (100, True)
        assert page("GET", f"/{page.page}", fields="username,link,is_published").json() == {
            "id": page.page,
            "username": "bakery",
            "link": "https://www.facebook.com/bakery",
            "is_published": True,
        }

    def test_the_token_may_stand_in_the_body(self, page: Caller) -> None:
        nameless = replace(page, token="")
        assert nameless.post("x", access_token=page.token).status == 200
        assert code(nameless("GET", "/me")) == (2500, 0)
        assert code(nameless("GET", f"/{page.page}/feed")) == (104, 0)
        assert code(replace(page, token="wrong")("GET", "/me")) == (190, 0)

    def test_a_dead_token(self, page: Caller, world: World, clock: ManualClock) -> None:
        token = world.token(seed.FACEBOOK_HOST, page.token, "access")
        assert token is not None
        world.update_token(token, expires_at=clock() + 1000)
        assert page("GET", "/me").status == 200
        clock.sleep(1)
        assert code(page("GET", "/me")) == (190, 463)
        world.revoke(token)
        assert code(page("GET", "/me")) == (190, 460)

    def test_a_closed_account(self, page: Caller, world: World) -> None:
        world.set_state(page.login.account, "suspended")
        assert code(page.post()) == (190, 459)

    def test_rights(self, world: World, servers: dict[str, Server]) -> None:
        server = servers[seed.FACEBOOK_HOST]
        for rights, tasks, expected in (
            (("pages_manage_posts",), ("CREATE_CONTENT",), (10, 200)),
            (("pages_read_engagement",), ("CREATE_CONTENT",), (200, 200)),
            (("pages_manage_posts", "pages_read_engagement"), ("ANALYZE",), (200, 200)),
        ):
            login = seed.add_facebook_page(world, server, f"p{rights}{tasks}", rights=rights, tasks=tasks)
            caller = Caller(world, login, login.token)
            reading = caller("GET", f"/{caller.page}/published_posts")
            publishing = caller.post()
            assert [answer.status for answer in (reading, publishing)].count(403) >= 1
            assert {code(answer)[0] for answer in (reading, publishing) if answer.status == 403} <= set(expected)

    def test_another_page(self, page: Caller, world: World, servers: dict[str, Server]) -> None:
        other = seed.add_facebook_page(world, servers[seed.FACEBOOK_HOST], "gym")
        number = Caller(world, other, other.token).post().json()["id"]
        assert code(page("POST", f"/{other.account.remote_id}/feed", form={"message": "x"})) == (200, 0)
        for method in ("GET", "DELETE"):
            assert code(page(method, f"/{number}")) == (100, 33)

    def test_the_apps_proof(self, page: Caller, world: World) -> None:
        proof = hmac.new(page.login.app_secret.encode(), page.token.encode(), hashlib.sha256).hexdigest()
        assert page("GET", "/me", appsecret_proof=proof).status == 200
        assert "appsecret_proof" in error(page("GET", "/me", appsecret_proof="wrong"))["message"]
        world.add_server(seed.FACEBOOK_HOST, "facebook", config={"demands_proof": True})
        assert code(page("GET", "/me")) == (100, 0)
        assert page("GET", "/me", appsecret_proof=proof).status == 200

    def test_what_a_token_may_do(self, page: Caller) -> None:
        assert code(page("GET", "/debug_token", input_token=page.token)) == (100, 0)
        number = page("GET", "/app").json()["id"]
        app = replace(page, token=f"{number}|{page.login.app_secret}")
        told = app("POST", "/debug_token", form={"input_token": page.token, "method": "get"}).json()["data"]
        assert (told["type"], told["is_valid"], told["profile_id"], told["expires_at"]) == (
            "PAGE",
            True,
            page.page,
            0,
        )
        assert told["scopes"] == list(seed.FACEBOOK_RIGHTS)
        assert {"scope": "pages_manage_posts", "target_ids": [page.page]} in told["granular_scopes"]
        assert app("GET", "/debug_token", input_token="x").json()["data"]["is_valid"] is False


class TestLimits:
    def test_the_usage_headers(self, page: Caller, world: World, clock: ManualClock) -> None:
        world.add_server(seed.FACEBOOK_HOST, "facebook", config={"calls": 4})
        for used in (25, 50, 75, 100):
            answer = page("GET", f"/{page.page}")
            (business,) = jsonlib.loads(answer.headers["x-business-use-case-usage"])[page.page]
            assert (answer.status, business["call_count"], business["type"]) == (200, used, "pages")
            assert business["estimated_time_to_regain_access"] == 0
        refused = page.post()
        (business,) = jsonlib.loads(refused.headers["x-business-use-case-usage"])[page.page]
        assert (code(refused)[0], business["estimated_time_to_regain_access"]) == (80001, 60)
        clock.sleep(HOUR / 1000)
        assert page.post().status == 200

    def test_planted_limits(self, page: Caller, world: World) -> None:
        world.plant(Fault(FaultKind.RATE_LIMITED, seconds=90))
        refused = page.post()
        assert code(refused)[0] == 32
        (business,) = next(iter(jsonlib.loads(refused.headers["x-business-use-case-usage"]).values()))
        assert business["estimated_time_to_regain_access"] == 2
        world.plant(Fault(FaultKind.RATE_LIMITED_BARE))
        refused = page.post()
        assert (code(refused)[0], jsonlib.loads(refused.headers["x-app-usage"])["call_count"]) == (4, 100)
        assert "x-business-use-case-usage" not in refused.headers

    def test_planted_failures(self, page: Caller, world: World) -> None:
        world.plant(Fault(FaultKind.SERVER_ERROR, status=500))
        assert error(page.post())["is_transient"] is True
        world.plant(Fault(FaultKind.SERVER_ERROR, status=502))
        assert page.post().headers["content-type"].startswith("text/html")
        world.plant(Fault(FaultKind.EXPIRED_TOKEN))
        assert code(page.post()) == (190, 463)
        assert world.live_posts() == []

    @pytest.mark.parametrize("where", ["/xrpc/x", "/api/v2/instance", "/v25.0/7/nothing/there", "/v25.0/7/nothing"])
    def test_unknown_paths(self, page: Caller, world: World, where: str) -> None:
        answer = send(world, "GET", page.login.server + where, {}, b"")
        assert code(answer) == (2500, 0)


def test_fields_as_they_are_written() -> None:
    assert face.parsed_fields("a,b{c,d{e}},f.limit(0)") == {"a": {}, "b": {"c": {}, "d": {"e": {}}}, "f": {}}
    assert face.selected({"a": None, "b": {"data": [{"c": 1, "x": 2}]}}, {"a": {}, "b": {"c": {}}}) == {
        "b": {"data": [{"c": 1}]}
    }


def test_the_answers_fit_metas_description(page: Caller) -> None:
    """Every field that the face has is one of the type's."""
    photo, number = page.photo().json()["id"], page.post().json()["id"]
    video, _ended = page.video(MP4)
    everything = {
        "PagePost": (
            number,
            "message,created_time,updated_time,permalink_url,from,is_hidden,is_published,attachments",
        ),
        "Photo": (photo, "created_time,name,alt_text,alt_text_custom,width,height"),
        "Video": (video, "description,created_time,updated_time,permalink_url,post_id,published,status"),
        "Page": (page.page, "name,username,link,is_published,category,fan_count,followers_count,about"),
    }
    for kind, (node, fields) in everything.items():
        answer = page("GET", f"/{node}", fields=fields)
        assert answer.status == 200
        assert graph_spec.field_errors(kind, list(answer.json())) == []
    status = page("GET", f"/{video}", fields="status").json()["status"]
    assert graph_spec.field_errors("VideoStatus", list(status)) == []


def test_the_description_helper_sees_what_is_wrong() -> None:
    errors = graph_spec.call_errors
    assert errors("POST", "Page", "feed", {"message": "x", "published": "true"}) == []
    assert errors("POST", "Page", "feed", {"massage": "x"}) == ["Page/feed: no parameter massage"]
    assert errors("POST", "Page", "feed", {"published": "yes"}) == ["Page/feed: published is no bool"]
    assert errors("POST", "Page", "videos", {"upload_phase": "begin"})
    assert errors("POST", "Page", "tweets", {}) == ["Page has no POST tweets"]
    assert errors("GET", "Page", "published_posts", {"fields": "id,likes_and_more"})


def test_a_new_world_has_the_page_from_its_start(page: Caller) -> None:
    assert page.post().status == 200
    assert page.world.live_posts()[0].created_at == START
