"""The VK client against a server in a function: which token it shows where, and what it makes of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    DataError,
    Forbidden,
    NetworkError,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.ports import Account, Part, Publisher, RemoteRef
from smm_tui.networks.vk import api as api_module
from smm_tui.networks.vk.client import VkClient

from .support import MemorySlot, Pauses, Server, clock, media_file, picture

API = "https://api.vk.example"
UPLOADS = "https://pu.vk.example"
COMMUNITY, USER = "community-secret", "user-secret"
IDENTITY = "0123456789abcdef0123456789abcdef"
BY_COMMUNITY = {"answers_as": "community", "messages": True, "manages": True}
FACTS = {
    **dict.fromkeys(("reads", "photos", "videos", "mentions", "moderates", "bans"), True),
    **dict.fromkeys(("administers", "statistics"), True),
    **BY_COMMUNITY,
    "posts_as": "user",
}
TEXT_ONLY = {**dict.fromkeys(FACTS, False), **BY_COMMUNITY, "posts_as": "community"}
ALL_BITS = 4 + 16 + 8192 + 262_144 + 1_048_576
NOBODY: frozenset[str] = frozenset()
REF = RemoteRef("-7_12", "https://vk.com/wall-7_12")
POST, GET, BY_ID = "POST /method/wall.post", "POST /method/wall.get", "POST /method/wall.getById"
DELETE = "POST /method/wall.delete"
GROUP = {"id": 7, "name": "The Bakery", "screen_name": "bakery"}


def ok(value: Any) -> dict[str, Any]:
    return {"response": value}


def error(code: int, message: str = "No", **more: Any) -> dict[str, Any]:
    return {
        "error": {"error_code": code, "error_msg": message, "request_params": [{"key": "v", "value": "x"}], **more}
    }


def post(number: int, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"id": number, "owner_id": -7, "from_id": -7, "date": 1_760_000_000, "text": text, **more}


def wall(*posts: dict[str, Any]) -> dict[str, Any]:
    return ok({"count": len(posts), "items": list(posts)})


def vk(server: Server, facts: dict[str, Any] | None = None, *, user: str = USER, **more: Any) -> Publisher:
    account = Account("vk", API, "bakery", "7", FACTS if facts is None else facts)
    return publisher(server, account, MemorySlot({"token": COMMUNITY, "user_token": user}), **more)


def publisher(server: Server, account: Account, slot: MemorySlot, **more: Any) -> Publisher:
    more.setdefault("pause", Pauses())
    return VkClient(account, slot, Surroundings(server.transport, clock=clock, **more)).publisher


def a_server() -> Server:
    return Server(
        **{
            GET: [wall(post(11, "older"))],
            POST: [ok({"post_id": 12})],
            BY_ID: [wall(post(12))],
            DELETE: [ok(1)],
            "POST /method/photos.getWallUploadServer": [ok({"upload_url": f"{UPLOADS}/up?hash=secret"})],
            "POST /up": [{"server": 3, "photo": '[{"photo":"x"}]', "hash": "h"}],
            "POST /method/photos.saveWallPhoto": [ok([{"owner_id": -7, "id": 5, "access_key": "k"}])],
            "POST /method/video.save": [ok({"upload_url": f"{UPLOADS}/film", "owner_id": -7, "video_id": 6})],
            "POST /film": [{"size": 3, "video_id": 6}],
        }
    )


def form(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.content.decode()))


def tokens(server: Server, route: str) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.seen(route)]


def by_token(**answers: dict[str, Any]) -> Any:
    """Answers by the kind of token: `user`, `community`, or `nobody` without one."""

    def answer(request: httpx.Request) -> httpx.Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        kind = {USER: "user", COMMUNITY: "community", "": "nobody"}[bearer]
        return httpx.Response(200, json=answers[kind])

    return answer


class TestCheck:
    def server(self) -> Server:
        server = a_server()
        empty = error(100, "One of the parameters specified was missing or invalid: message or attachments")
        return (
            server.on("POST /method/utils.getServerTime", error(5, "no access_token passed"))
            .on("POST /method/groups.getById", lambda request: self.group(request))
            .on("POST /method/account.getAppPermissions", ok(ALL_BITS))
            .on("POST /method/groups.getTokenPermissions", ok({"mask": 4096 + 8192 + 262_144, "permissions": []}))
            .on("POST /method/newsfeed.getMentions", ok({"count": 0, "items": []}))
            .on(POST, by_token(user=empty, community=empty))
        )

    @staticmethod
    def group(request: httpx.Request) -> httpx.Response:
        by_user = USER in request.headers["authorization"]
        return httpx.Response(200, json=ok({"groups": [{**GROUP, **({"admin_level": 3} if by_user else {})}]}))

    async def test_it_learns_community_and_rights(self) -> None:
        server = self.server()
        client = vk(server)
        checked = await client.check()
        assert (checked.remote_id, checked.handle, checked.display_name) == ("7", "bakery", "The Bakery")
        assert checked.url == "https://vk.com/bakery"
        assert checked.facts == FACTS
        assert checked.missing == ()
        assert isinstance(client, Publisher)

    async def test_trying_to_post_posts_nothing(self) -> None:
        server = self.server()
        await vk(server).check()
        for request in server.seen(POST):
            assert set(form(request)) == {"owner_id", "from_group", "v"}

    async def test_the_tokens_are_shown_to_no_stranger(self) -> None:
        server = self.server()
        await vk(server).check()
        first, *later = server.requests
        assert "authorization" not in first.headers
        assert {request.headers["authorization"] for request in later} == {f"Bearer {COMMUNITY}", f"Bearer {USER}"}
        assert not any(request.url.query for request in server.requests)

    async def test_a_community_token_alone(self) -> None:
        server = self.server()
        checked = await vk(server, user="").check()
        assert checked.facts == TEXT_ONLY
        assert [sentence.partition(" needs")[0] for sentence in checked.missing] == [
            "can publish text; cannot upload photos:",
            "cannot upload videos:",
            "cannot read back what was published, nor comments:",
            "cannot find mentions:",
            "cannot delete comments of others or like them:",
            "cannot ban:",
            "cannot change picture or links:",
            "cannot read the community's statistics:",
        ]
        assert set(tokens(server, POST)) == {COMMUNITY}

    async def test_a_community_token_that_may_not_post(self) -> None:
        server = self.server().on(POST, error(27, "Group authorization failed"))
        checked = await vk(server, user="").check()
        assert checked.facts["posts_as"] == ""
        assert "cannot publish" in checked.missing[0]
        assert "Group authorization failed" in checked.missing[0]
        with pytest.raises(Forbidden):
            await vk(server, dict(checked.facts)).prepare(IDENTITY, Part("x"), root=None, parent=None)

    async def test_a_user_token_of_vk_id(self) -> None:
        empty, kind = error(100), error(1051, "Method is unavailable with this profile type")
        server = self.server().on(POST, by_token(user=kind, community=empty)).on(GET, kind)
        server.on("POST /method/account.getAppPermissions", kind)
        server.on("POST /method/photos.getWallUploadServer", kind).on("POST /method/newsfeed.getMentions", kind)
        checked = await vk(server).check()
        assert checked.facts == TEXT_ONLY
        assert "user token may not post" in checked.missing[0]

    async def test_a_user_who_is_no_editor(self) -> None:
        server = self.server().on("POST /method/groups.getById", ok({"groups": [{**GROUP, "admin_level": 1}]}))
        checked = await vk(server).check()
        moderator = {"reads": True, "mentions": True, "moderates": True, "bans": True}
        assert checked.facts == {**TEXT_ONLY, **moderator}
        assert "no editor" in checked.missing[0]

    async def test_lacking_rights(self) -> None:
        server = self.server().on("POST /method/photos.getWallUploadServer", error(15, "Access denied"))
        server.on("POST /method/account.getAppPermissions", ok(8192))
        checked = await vk(server).check()
        lacking = dict.fromkeys(("photos", "videos", "bans", "administers", "statistics"), False)
        assert checked.facts == {**FACTS, **lacking}
        assert "photos" in checked.missing[0]

    @pytest.mark.parametrize("answer", [error(100, "group_ids is undefined"), ok({"groups": []}), ok([])])
    async def test_a_persons_token_in_the_place_of_the_communitys(self, answer: Any) -> None:
        server = self.server().on("POST /method/groups.getById", answer)
        with pytest.raises(Rejected, match="not the token of a community") as caught:
            await vk(server).check()
        assert caught.value.field == "token"

    @pytest.mark.parametrize("code", [5, 1117])
    async def test_dead_tokens_are_told_apart(self, code: int) -> None:
        server = self.server().on("POST /method/groups.getById", error(code))
        with pytest.raises(AuthExpired, match="community token"):
            await vk(server).check()
        server = self.server().on(POST, by_token(community=error(100), user=error(code)))
        with pytest.raises(AuthExpired, match="user token"):
            await vk(server).check()

    async def test_a_captcha_ends_it(self) -> None:
        asks = error(14, "Captcha needed", captcha_sid="1", captcha_img="https://api.vk.com/captcha.php?sid=1")
        server = self.server().on(POST, asks)
        with pytest.raises(AuthExpired, match=r"captcha.*https://api\.vk\.com/captcha\.php\?sid=1"):
            await vk(server).check()
        assert len(server.seen(POST)) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, html="<!doctype html><h1>Welcome to nginx!</h1>"),
            httpx.Response(404, html="<html>nothing</html>"),
            httpx.Response(404, json={"error": "Not Found"}),
            httpx.Response(200, text="OK"),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={"error": "nope"}),
            httpx.Response(301, headers={"location": "https://vk.com/"}),
        ],
    )
    async def test_another_server(self, answer: httpx.Response) -> None:
        server = Server(**{"POST /method/utils.getServerTime": [answer]})
        with pytest.raises(Rejected) as caught:
            await vk(server).check()
        assert caught.value.field == "server"
        assert len(server.requests) == 1

    async def test_no_token(self) -> None:
        server = self.server()
        client = publisher(server, Account("vk", API, "bakery"), MemorySlot(None))
        with pytest.raises(AuthExpired):
            await client.check()

    async def test_pace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Three calls a second with the user token; the community's may go faster."""
        monkeypatch.setattr(api_module, "USER_INTERVAL", 5.0)
        pauses = Pauses()
        await vk(self.server(), pause=pauses).check()
        assert pauses.total == pytest.approx(5 + 10 + 15 + 20 + 25, abs=1)  # before the second to the sixth


class TestPrepare:
    async def prepared(self, server: Server, part: Part, **more: Any) -> dict[str, Any]:
        return await vk(server, **more).prepare(IDENTITY, part, root=None, parent=None)

    async def test_the_wire(self) -> None:
        assert await self.prepared(a_server(), Part("Warm [a|b]")) == {
            "form": {
                "owner_id": "-7",
                "from_group": "1",
                "guid": IDENTITY,
                "message": "Warm [\u200ba|b]",
            },
            "as": "user",
            "baseline": 11,
        }

    async def test_a_pinned_post_is_not_the_newest(self) -> None:
        server = a_server().on(GET, wall(post(3, is_pinned=1), post(11)))
        assert (await self.prepared(server, Part("x")))["baseline"] == 11

    async def test_an_empty_wall(self) -> None:
        assert (await self.prepared(a_server().on(GET, wall()), Part("x")))["baseline"] == 0

    async def test_a_wall_that_cannot_be_read(self) -> None:
        server = a_server()
        wire = await self.prepared(server, Part("x"), facts=TEXT_ONLY, user="")
        assert (wire["as"], wire["baseline"]) == ("community", None)
        assert server.requests == []

    async def test_an_account_that_was_never_checked(self) -> None:
        server = a_server().on(GET, error(27))
        server.on("POST /method/groups.getById", ok({"groups": [GROUP]}))
        client = publisher(server, Account("vk", API, "bakery"), MemorySlot({"token": COMMUNITY}))
        wire = await client.prepare(IDENTITY, Part("x"), root=None, parent=None)
        assert (wire["form"]["owner_id"], wire["as"], wire["baseline"]) == ("-7", "community", None)
        server.requests.clear()
        fresh = publisher(server, Account("vk", API, "bakery"), MemorySlot({"token": COMMUNITY}))
        assert await fresh.send(IDENTITY, wire) == REF
        assert len(server.requests) == 1, "a call after the post could fail, as if it had not gone out"

    async def test_pictures_and_videos(self, tmp_path: Path) -> None:
        server = a_server()
        film = media_file(tmp_path, "film.mp4", b"film", "video/mp4")
        wire = await self.prepared(server, Part("", (picture(tmp_path), film)))
        assert wire["form"]["attachments"] == "photo-7_5_k,video-7_6"
        assert "message" not in wire["form"]
        saved = form(server.seen("POST /method/photos.saveWallPhoto")[0])
        assert saved == {"group_id": "7", "server": "3", "photo": '[{"photo":"x"}]', "hash": "h", "v": "5.199"}
        assert form(server.seen("POST /method/video.save")[0])["wallpost"] == "0"

    async def test_uploads_go_to_another_host_without_the_token(self, tmp_path: Path) -> None:
        server = a_server()
        film = media_file(tmp_path, "film.mp4", b"film", "video/mp4")
        await self.prepared(server, Part("", (picture(tmp_path), film)))
        for route, name in (("POST /up", b'name="photo"'), ("POST /film", b'name="video_file"')):
            (request,) = server.seen(route)
            assert request.url.host == "pu.vk.example"
            assert "authorization" not in request.headers
            assert USER.encode() not in request.content
            assert name in request.content

    async def test_an_address_that_is_not_encrypted(self, tmp_path: Path) -> None:
        server = a_server().on("POST /method/photos.getWallUploadServer", ok({"upload_url": "http://x.example/up"}))
        with pytest.raises(Transient):
            await self.prepared(server, Part("", (picture(tmp_path),)))
        assert server.seen("POST /up") == []

    async def test_what_is_uploaded_is_not_uploaded_again(self, tmp_path: Path) -> None:
        server = a_server().on(GET, httpx.Response(502), wall())
        client = vk(server)
        part = Part("", (picture(tmp_path, name="a"), picture(tmp_path, name="b")))
        with pytest.raises(Transient):
            await client.prepare(IDENTITY, part, root=None, parent=None)
        await client.prepare(IDENTITY, part, root=None, parent=None)
        assert len(server.seen("POST /up")) == 2

    @pytest.mark.parametrize(
        "answer",
        [
            {"server": 3, "photo": "[]", "hash": ""},
            httpx.Response(413, html="<html>413 Request Entity Too Large</html>"),
            httpx.Response(400, json={"error": "bad"}),
        ],
    )
    async def test_a_refused_picture(self, tmp_path: Path, answer: Any) -> None:
        with pytest.raises(Rejected) as caught:
            await self.prepared(a_server().on("POST /up", answer), Part("", (picture(tmp_path),)))
        assert caught.value.field == "media"

    async def test_a_refused_video(self, tmp_path: Path) -> None:
        film = media_file(tmp_path, "film.mp4", b"film", "video/mp4")
        with pytest.raises(Rejected) as caught:
            await self.prepared(a_server().on("POST /film", {"error": "unknown format"}), Part("", (film,)))
        assert caught.value.field == "media"

    @pytest.mark.parametrize(
        "answer", [httpx.Response(502), httpx.Response(200, html="<html>sorry</html>"), httpx.ReadTimeout("x"), {}]
    )
    async def test_an_upload_that_fails_may_be_repeated(self, tmp_path: Path, answer: Any) -> None:
        server = a_server().on("POST /method/photos.saveWallPhoto", answer)
        with pytest.raises(Transient):
            await self.prepared(server, Part("", (picture(tmp_path),)))

    async def test_pictures_with_a_community_token_alone(self, tmp_path: Path) -> None:
        failed = error(27, "Group authorization failed: method is unavailable with group auth.")
        server = a_server().on("POST /method/photos.getWallUploadServer", failed)
        with pytest.raises(Forbidden, match="community token") as caught:
            await self.prepared(server, Part("", (picture(tmp_path),)), facts=TEXT_ONLY, user="")
        assert "user token of an administrator" in caught.value.hint

    @pytest.mark.parametrize("code", [15, 27, 28, 1051])
    async def test_the_other_token_is_tried_where_it_may_do(self, tmp_path: Path, code: int) -> None:
        fine = ok({"upload_url": f"{UPLOADS}/up"})
        server = a_server().on("POST /method/photos.getWallUploadServer", by_token(user=error(code), community=fine))
        wire = await self.prepared(server, Part("", (picture(tmp_path),)))
        assert wire["form"]["attachments"] == "photo-7_5_k"
        assert tokens(server, "POST /method/photos.getWallUploadServer") == [USER, COMMUNITY]

    async def test_the_better_tokens_refusal_is_told(self, tmp_path: Path) -> None:
        answer = by_token(user=error(15, "No such scope"), community=error(27, "Group auth"))
        server = a_server().on("POST /method/photos.getWallUploadServer", answer)
        with pytest.raises(Forbidden, match=r"user token.*No such scope"):
            await self.prepared(server, Part("", (picture(tmp_path),)))

    async def test_a_file_that_changed(self, tmp_path: Path) -> None:
        file = picture(tmp_path)
        file.path.write_bytes(b"other")
        with pytest.raises(DataError):
            await self.prepared(a_server(), Part("", (file,)))

    async def test_half_a_character(self) -> None:
        with pytest.raises(Rejected) as caught:
            await self.prepared(a_server(), Part("\ud800"))
        assert caught.value.field == "text"

    async def test_a_thread(self) -> None:
        with pytest.raises(Unsupported):
            await vk(a_server()).prepare(IDENTITY, Part("x"), root=REF, parent=REF)


WIRE = {
    "form": {"owner_id": "-7", "from_group": "1", "guid": IDENTITY, "message": "Hello"},
    "as": "user",
    "baseline": 11,
}
CUT = httpx.Response(200, content=b'{"response":{"post', headers={"content-type": "application/json"})


class TestSend:
    @pytest.mark.parametrize(("kind", "token"), [("user", USER), ("community", COMMUNITY)])
    async def test_the_frozen_request_with_the_frozen_token(self, kind: str, token: str) -> None:
        server = a_server()
        assert await vk(server).send(IDENTITY, {**WIRE, "as": kind}) == REF
        (request,) = server.requests
        assert form(request) == {**WIRE["form"], "v": "5.199"}  # type: ignore[dict-item]
        assert request.headers["authorization"] == f"Bearer {token}"

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.ReadTimeout("x"),
            httpx.ReadError("x"),
            httpx.RemoteProtocolError("x"),
            httpx.Response(500, html="<html>sorry</html>"),
            httpx.Response(502),
            httpx.Response(200, html="<html>sorry</html>"),
            httpx.Response(200, json={}),
            httpx.Response(200, json=[]),
            CUT,
            ok(None),
            ok({}),
            ok({"post_id": None}),
            ok({"post_id": -3}),
            ok(12),
            {"error": {}},
            error(1, "Unknown error occurred"),
            error(10, "Internal server error"),
            error(13, "Runtime error"),
        ],
    )
    async def test_what_tells_nothing_is_ambiguous(self, answer: Any) -> None:
        with pytest.raises(Ambiguous):
            await vk(a_server().on(POST, answer)).send(IDENTITY, WIRE)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.ConnectError("x"), Transient),
            (error(6, "Too many requests per second"), RateLimited),
            (error(9, "Flood control"), RateLimited),
            (error(29, "Rate limit reached"), RateLimited),
            (error(214, "you can only add 50 posts a day"), RateLimited),
            (error(214, "Access to adding post denied"), Forbidden),
            (error(5, "invalid access_token"), AuthExpired),
            (error(14, "Captcha needed"), AuthExpired),
            (error(17, "Validation required"), AuthExpired),
            (error(7, "Permission denied"), Forbidden),
            (error(15, "Access denied"), Forbidden),
            (error(27, "Group authorization failed"), Forbidden),
            (error(1051, "unavailable with this profile type"), Forbidden),
            (error(703, "You need to enable 2FA"), Forbidden),
            (error(100, "message is too long"), Rejected),
            (error(222, "Hyperlinks are forbidden"), Rejected),
            (error(43, "This section is temporary unavailable"), Unsupported),
            (error(424242, "Something new"), Rejected),
            (httpx.Response(429), RateLimited),
        ],
    )
    async def test_what_was_not_executed(self, answer: Any, kind: type[NetworkError]) -> None:
        server = a_server().on(POST, answer)
        with pytest.raises(kind) as caught:
            await vk(server).send(IDENTITY, WIRE)
        assert type(caught.value) is kind
        assert len(server.seen(POST)) == 1, "a write is never repeated, nor tried with another token"
        assert not {COMMUNITY, USER} & set(f"{caught.value!r} {caught.value.hint}".split())

    @pytest.mark.parametrize(
        "answer",
        [
            error(214, "Access to adding post denied: a post with this guid was already published"),
            error(100, "One of the parameters specified was missing or invalid: guid is already used"),
        ],
    )
    async def test_a_repeat_that_is_answered_by_an_error_is_to_be_looked_for(self, answer: Any) -> None:
        server = a_server().on(POST, answer)
        with pytest.raises(Ambiguous, match="took this post before"):
            await vk(server).send(IDENTITY, WIRE)
        assert server.seen(GET) == []

    async def test_a_new_token_is_used_after_the_old_one_died(self) -> None:
        server = a_server().on(POST, error(5), ok({"post_id": 12}))
        slot = MemorySlot({"token": COMMUNITY, "user_token": USER})
        client = publisher(server, Account("vk", API, "bakery", "7", FACTS), slot)
        with pytest.raises(AuthExpired):
            await client.send(IDENTITY, WIRE)
        slot.values = {"token": COMMUNITY, "user_token": "new"}
        await client.send(IDENTITY, WIRE)
        assert tokens(server, POST) == [USER, "new"]


class TestFind:
    @pytest.mark.parametrize(
        ("posts", "found"),
        [
            ([], None),
            ([post(11)], None),
            ([post(12)], "-7_12"),
            ([post(13), post(12)], "-7_12"),
            ([post(13, "other"), post(12, "other")], None),
            ([post(3, is_pinned=1), post(12)], "-7_12"),
            ([post(12, is_pinned=1), post(13, "other")], "-7_12"),
        ],
    )
    async def test_the_oldest_after_the_baseline(self, posts: list[Any], found: str | None) -> None:
        ref = await vk(a_server().on(GET, wall(*posts))).find(IDENTITY, WIRE, taken=NOBODY)
        assert (ref.id if ref else None) == found

    async def test_what_is_taken(self) -> None:
        server = a_server().on(GET, wall(post(13), post(12)))
        ref = await vk(server).find(IDENTITY, WIRE, taken=frozenset({"-7_12"}))
        assert ref is not None
        assert ref.id == "-7_13"

    @staticmethod
    def pages(total: int) -> Any:
        """A wall of other posts, numbered down from 10,000."""

        def page(request: httpx.Request) -> httpx.Response:
            asked = form(request)
            first = int(asked["offset"])
            numbers: Iterator[int] = iter(range(first, min(first + int(asked["count"]), total)))
            return httpx.Response(200, json=wall(*(post(10_000 - number, "other") for number in numbers)))

        return page

    async def test_pages(self) -> None:
        server = a_server().on(GET, self.pages(250))
        assert await vk(server).find(IDENTITY, WIRE, taken=NOBODY) is None
        assert [form(request)["offset"] for request in server.seen(GET)] == ["0", "100", "200"]

    async def test_too_many_to_be_sure(self) -> None:
        with pytest.raises(Transient, match="too many posts"):
            await vk(a_server().on(GET, self.pages(5000))).find(IDENTITY, WIRE, taken=NOBODY)

    async def test_it_goes_no_further_than_the_baseline(self) -> None:
        server = a_server().on(GET, self.pages(5000))
        await vk(server).find(IDENTITY, {**WIRE, "baseline": 9_950}, taken=NOBODY)
        assert len(server.seen(GET)) == 1

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [(error(27), Forbidden), (error(10), Transient), (ok({"items": [{}]}), Transient), (error(6), RateLimited)],
    )
    async def test_a_look_that_fails(self, answer: Any, kind: type[NetworkError]) -> None:
        with pytest.raises(kind):
            await vk(a_server().on(GET, answer), user="").find(IDENTITY, WIRE, taken=NOBODY)

    async def test_without_a_baseline_nothing_is_believed(self) -> None:
        with pytest.raises(Forbidden):
            await vk(a_server().on(GET, wall(post(12)))).find(IDENTITY, {**WIRE, "baseline": None}, taken=NOBODY)


class TestReadAndDelete:
    async def test_read(self) -> None:
        server = a_server()
        shown = await vk(server).read(REF)
        assert shown is not None
        assert (shown["text"], shown["url"]) == ("Hello", REF.url)
        assert form(server.seen(BY_ID)[0])["posts"] == "-7_12"

    @pytest.mark.parametrize("answer", [ok({"items": []}), ok([]), wall(post(12, is_deleted=True))])
    async def test_what_is_gone(self, answer: Any) -> None:
        assert await vk(a_server().on(BY_ID, answer)).read(REF) is None

    async def test_delete(self) -> None:
        server = a_server()
        await vk(server).delete(REF)
        assert form(server.seen(DELETE)[0]) == {"owner_id": "-7", "post_id": "12", "v": "5.199"}

    @pytest.mark.parametrize("code", [15, 100, 104])
    async def test_already_gone_is_success(self, code: int) -> None:
        server = a_server().on(DELETE, error(code)).on(BY_ID, ok({"items": []}))
        await vk(server).delete(REF)

    @pytest.mark.parametrize("looked", [wall(post(12)), error(15), httpx.ReadTimeout("x")])
    async def test_a_refusal_is_none_while_it_is_there(self, looked: Any) -> None:
        server = a_server().on(DELETE, error(15, "Access denied")).on(BY_ID, looked)
        with pytest.raises(Forbidden):
            await vk(server).delete(REF)

    async def test_a_deletion_whose_answer_is_lost_may_be_repeated(self) -> None:
        with pytest.raises(Transient):
            await vk(a_server().on(DELETE, httpx.ReadTimeout("x"))).delete(REF)
