"""The Facebook client against a Graph API that says whatever a test needs."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    DataError,
    Forbidden,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.facebook import publisher as client_module
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.publisher import FacebookPublisher
from smm_tui.networks.ports import Account, MediaFile, Part, RemoteRef

from .support import MemorySlot, Server, clock, media_file, picture

GRAPH = "https://graph.example"
TOKEN, PAGE_TOKEN, APP_SECRET = "given-secret-token", "page-secret-token", "app-secret"
IDENTITY = "b1c2"
STORED = {"token": TOKEN, "page_token": PAGE_TOKEN, "page_id": "7"}
FEED, PHOTOS, VIDEOS = "POST /v25.0/7/feed", "POST /v25.0/7/photos", "POST /v25.0/7/videos"
LIST = "GET /v25.0/7/published_posts"
CREATED = "2025-10-09T08:53:20+0000"
LATER = "2025-10-09T08:54:20+0000"
VIDEO = {"id": "8", "published": True, "status": {"video_status": "ready", "uploading_phase": {"status": "complete"}}}


def refused(code: int, message: str = "No", subcode: int = 0, *, status: int = 400, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x", **more}
    if subcode:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error}, headers=headers)


def post(number: str = "1", message: str = "Hello", created: str = LATER, **more: Any) -> dict[str, Any]:
    return {"id": f"7_{number}", "message": message, "created_time": created, **more}


def listed(*posts: dict[str, Any], after: str = "") -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": f"https://evil.example/?access_token={PAGE_TOKEN}"}
    return {"data": list(posts), "paging": paging if after else {"cursors": {"after": "end"}}}


def a_server(**routes: Any) -> Server:
    server = Server(**{LIST: [listed(post("0", "Old", CREATED))], FEED: [{"id": "7_1"}]})
    for route, answers in routes.items():
        server.on(route, *answers)
    return server


def facebook(server: Server, slot: MemorySlot | None = None, **account: Any) -> FacebookPublisher:
    about = {"handle": "@bakery", "remote_id": "7", **account}
    around = Surroundings(server.transport, clock=clock)
    return FacebookPublisher(FacebookApi(Account("facebook", GRAPH, **about), slot or MemorySlot(STORED), around))


def form(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode(), keep_blank_values=True).items()}


def proof(token: str) -> str:
    return hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()


class TestCheck:
    PAGE: ClassVar = {
        "id": "7",
        "name": "The Bakery",
        "username": "bakery",
        "link": "https://www.facebook.com/bakery",
    }
    MANAGED: ClassVar = {**PAGE, "access_token": PAGE_TOKEN, "tasks": ["MANAGE"]}

    def server(self) -> Server:
        anonymous = refused(2500, "An active access token must be used")
        return Server(
            **{
                "GET /v25.0/me": [anonymous, self.PAGE],
                "GET /v25.0/me/accounts": [{"data": [{**self.MANAGED, "id": "6", "username": "gym"}, self.MANAGED]}],
                "GET /v25.0/7": [self.PAGE],
                LIST: [listed()],
                "POST /v25.0/debug_token": [refused(100, "You must provide an app access token")],
            }
        )

    async def test_a_persons_token_becomes_the_pages(self) -> None:
        server, slot = self.server(), MemorySlot({"token": TOKEN})
        checked = await facebook(server, slot, remote_id="").check()
        assert (checked.handle, checked.remote_id, checked.missing) == ("@bakery", "7", ())
        assert checked.facts == {"tasks": ["MANAGE"], "reads": True}
        assert slot.values == STORED
        assert slot.held == 1
        assert "authorization" not in server.requests[0].headers
        assert server.seen("GET /v25.0/7")[0].headers["authorization"] == f"Bearer {PAGE_TOKEN}"

    async def test_the_pages_own_token(self) -> None:
        missing_field = refused(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
        server = self.server().on("GET /v25.0/me/accounts", missing_field)
        slot = MemorySlot({"token": PAGE_TOKEN})
        checked = await facebook(server, slot).check()
        assert checked.facts == {"reads": True}
        assert slot.values == {**STORED, "token": PAGE_TOKEN}

    async def test_many_pages(self) -> None:
        server = self.server()
        paging = {"cursors": {"after": "c"}, "next": "https://evil.example/"}
        first = {"data": [{**self.MANAGED, "id": "6", "username": "gym"}], "paging": paging}
        server.on("GET /v25.0/me/accounts", first, {"data": [self.MANAGED]})
        await facebook(server).check()
        assert server.seen("GET /v25.0/me/accounts")[1].url.params["after"] == "c"
        assert {request.url.host for request in server.requests} == {"graph.example"}

    async def test_another_persons_token(self) -> None:
        server = self.server().on(
            "GET /v25.0/me/accounts", {"data": [{**self.MANAGED, "id": "6", "username": "gym"}]}
        )
        slot = MemorySlot({"token": TOKEN})
        with pytest.raises(Rejected, match="does not open @bakery") as caught:
            await facebook(server, slot).check()
        assert caught.value.field == "handle"
        assert "(gym)" in caught.value.hint
        assert slot.history == []

    async def test_a_token_without_pages(self) -> None:
        server = self.server().on("GET /v25.0/me/accounts", {"data": []})
        with pytest.raises(Rejected) as caught:
            await facebook(server).check()
        assert "pages_show_list" in caught.value.hint

    async def test_rights_and_end_through_the_app(self) -> None:
        server = self.server().on("GET /v25.0/app", {"id": "42"})
        debug = {"data": {"is_valid": True, "scopes": ["pages_read_engagement"], "expires_at": 1_760_100_000}}
        server.on("POST /v25.0/debug_token", debug)
        slot = MemorySlot({"token": TOKEN, "app_secret": APP_SECRET})
        checked = await facebook(server, slot).check()
        assert checked.facts["expires_at"] == 1_760_100_000_000
        assert [sentence.partition(":")[0] for sentence in checked.missing] == [
            "cannot publish",
            "cannot show comments and mentions",
            "cannot answer, like, hide, delete or ban",
            "cannot read or answer messages",
            "cannot change the page profile",
            "cannot read figures",
            "cannot run advertising",
            "the token ends on 2025-10-10",
        ]
        asked = server.seen("POST /v25.0/debug_token")[0]
        assert asked.headers["authorization"] == f"Bearer 42|{APP_SECRET}"
        assert form(asked) == {"input_token": PAGE_TOKEN, "method": "get"}
        assert server.seen("GET /v25.0/me/accounts")[0].url.params["appsecret_proof"] == proof(TOKEN)
        assert server.seen("GET /v25.0/7")[0].url.params["appsecret_proof"] == proof(PAGE_TOKEN)

    async def test_a_token_that_may_not_read(self) -> None:
        server = self.server().on(LIST, refused(10, "requires the 'pages_read_engagement' permission", status=403))
        checked = await facebook(server).check()
        assert checked.facts["reads"] is False
        assert "cannot read back" in checked.missing[0]

    @pytest.mark.parametrize("values", [None, {}, {"token": "  "}])
    async def test_no_token_at_all(self, values: dict[str, str] | None) -> None:
        with pytest.raises(AuthExpired, match="No access token"):
            await facebook(self.server(), MemorySlot(values)).check()

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, html="<!doctype html><h1>Welcome to nginx!</h1>"),
            httpx.Response(404, html="<html>nothing</html>"),
            httpx.Response(200, json={"id": "7"}),
            httpx.Response(401, json={"error": "The access token is invalid"}),
            httpx.Response(301, headers={"location": "https://www.facebook.com/"}),
        ],
    )
    async def test_another_server(self, answer: httpx.Response) -> None:
        server = Server(**{"GET /v25.0/me": [answer]})
        with pytest.raises(Rejected) as caught:
            await facebook(server).check()
        assert caught.value.field == "server"
        assert all("authorization" not in request.headers for request in server.requests)

    async def test_a_server_that_is_down(self) -> None:
        with pytest.raises(Transient):
            await facebook(Server(**{"GET /v25.0/me": [httpx.Response(503)]})).check()


class TestPreparing:
    async def wire(self, server: Server, part: Part, slot: MemorySlot | None = None) -> dict[str, Any]:
        wire = await facebook(server, slot).prepare(IDENTITY, part, root=None, parent=None)
        kept: dict[str, Any] = json.loads(json.dumps(wire))
        return kept

    async def test_text(self) -> None:
        server = a_server()
        assert await self.wire(server, Part("Hello https://x.example/1")) == {
            "path": "/7/feed",
            "form": {"message": "Hello https://x.example/1", "link": "https://x.example/1"},
            "photos": [],
            "baseline": {"id": "7_0", "created": 1_760_000_000_000},
        }
        assert not server.seen(FEED)

    async def test_an_empty_page_has_no_baseline(self) -> None:
        assert (await self.wire(a_server(**{LIST: [listed()]}), Part("Hello")))["baseline"] is None

    async def test_an_unchecked_account_finds_its_page_first(self) -> None:
        pages = {"data": [{"id": "7", "username": "bakery", "access_token": PAGE_TOKEN}]}
        server, slot = a_server(**{"GET /v25.0/me/accounts": [pages]}), MemorySlot({"token": TOKEN})
        await self.wire(server, Part("Hello"), slot)
        assert slot.values == STORED

    async def test_a_secret_of_another_page_publishes_nothing(self) -> None:
        server = a_server()
        with pytest.raises(Rejected) as caught:
            await self.wire(server, Part("Hello"), MemorySlot({**STORED, "page_id": "8"}))
        assert caught.value.field == "handle"
        assert server.requests == []

    async def test_photos_are_uploaded_unseen(self, tmp_path: Path) -> None:
        server = a_server(**{PHOTOS: [{"id": "5"}, {"id": 6}]})
        media = (picture(tmp_path, alt="A loaf", name="a"), picture(tmp_path, "JPEG", name="b"))
        wire = await self.wire(server, Part("Hello", media))
        assert wire["photos"] == ["5", "6"]
        first, second = server.seen(PHOTOS)
        assert b'name="published"\r\n\r\nfalse' in first.content
        assert b"A loaf" in first.content
        assert b"alt_text_custom" not in second.content
        assert media[0].path.read_bytes() in first.content

    async def test_a_done_upload_is_not_repeated(self, tmp_path: Path) -> None:
        server = a_server(**{PHOTOS: [{"id": "5"}, httpx.ReadTimeout("x"), {"id": "6"}]})
        publisher = facebook(server)
        part = Part("", (picture(tmp_path, name="a"), picture(tmp_path, "JPEG", name="b")))
        with pytest.raises(Transient):
            await publisher.prepare(IDENTITY, part, root=None, parent=None)
        wire = await publisher.prepare(IDENTITY, part, root=None, parent=None)
        assert wire["photos"] == ["5", "6"]
        assert len(server.seen(PHOTOS)) == 3

    async def test_a_refused_photo(self, tmp_path: Path) -> None:
        too_large = refused(100, "Invalid parameter", 1366046, error_user_msg="Should be smaller than 4 MB")
        with pytest.raises(Rejected, match="smaller than 4 MB") as caught:
            await self.wire(a_server(**{PHOTOS: [too_large]}), Part("", (picture(tmp_path),)))
        assert caught.value.field == "media"

    def film(self, folder: Path, size: int = 10) -> MediaFile:
        return media_file(folder, "film.mp4", bytes(range(size)), "video/mp4")

    async def test_a_video_goes_in_the_pieces_that_are_asked_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(client_module, "CHUNK", 4)
        begun = {"upload_session_id": "9", "video_id": "8", "start_offset": "0", "end_offset": "3"}
        offsets = [{"start_offset": str(a), "end_offset": str(b)} for a, b in ((3, 9), (7, 10), (10, 10))]
        server = a_server(**{VIDEOS: [begun, *offsets]})
        wire = await self.wire(server, Part("Film", (self.film(tmp_path),)))
        assert (wire["path"], wire["video"], wire["form"]["upload_session_id"]) == ("/7/videos", "8", "9")
        started, *pieces = server.seen(VIDEOS)
        assert form(started) == {"upload_phase": "start", "file_size": "10"}
        expected = (b"\x00\x01\x02", b"\x03\x04\x05\x06", b"\x07\x08\x09")
        assert all(b"\r\n\r\n" + data + b"\r\n" in sent.content for sent, data in zip(pieces, expected, strict=True))

    async def test_a_server_that_asks_for_the_same_bytes_for_ever(self, tmp_path: Path) -> None:
        begun = {"upload_session_id": "9", "video_id": "8", "start_offset": "0", "end_offset": "3"}
        server = a_server(**{VIDEOS: [begun, {"start_offset": "0", "end_offset": "3"}]})
        with pytest.raises(Transient, match="next bytes"):
            await self.wire(server, Part("Film", (self.film(tmp_path),)))
        assert len(server.seen(VIDEOS)) == 2

    async def test_what_is_not_possible(self, tmp_path: Path) -> None:
        film, image = self.film(tmp_path), picture(tmp_path)
        webp = media_file(tmp_path, "x.webp", b"x", "image/webp")
        for media in ((film, image), (film, film), (webp,)):
            with pytest.raises(Unsupported):
                await self.wire(a_server(), Part("x", media))
        with pytest.raises(Unsupported, match="threads"):
            await facebook(a_server()).prepare(IDENTITY, Part("x"), root=None, parent=RemoteRef("7_1", ""))

    async def test_a_file_that_is_not_what_was_approved(self, tmp_path: Path) -> None:
        file = picture(tmp_path)
        file.path.write_bytes(b"other")
        server = a_server()
        with pytest.raises(DataError):
            await self.wire(server, Part("", (file,)))
        assert not server.seen(PHOTOS)

    async def test_half_a_character(self) -> None:
        with pytest.raises(Rejected) as caught:
            await self.wire(a_server(), Part("a\ud800b"))
        assert caught.value.field == "text"


WIRE: dict[str, Any] = {
    "path": "/7/feed",
    "form": {"message": "Hello"},
    "photos": [],
    "baseline": {"id": "7_0", "created": 1_760_000_000_000},
}
VIDEO_WIRE = {"path": "/7/videos", "form": {"upload_phase": "finish", "upload_session_id": "9"}, "video": "8"}


class TestSending:
    async def send(self, *answers: Any, slot: MemorySlot | None = None, looks: Any = None) -> RemoteRef:
        self.server = a_server(**{FEED: answers, **({LIST: [looks]} if looks else {})})
        return await facebook(self.server, slot).send(IDENTITY, WIRE)

    async def test_the_form_goes_as_it_was_frozen(self) -> None:
        slot = MemorySlot({**STORED, "app_secret": APP_SECRET})
        ref = await self.send({"id": "7_1"}, slot=slot)
        assert ref == RemoteRef("7_1", "https://www.facebook.com/7_1")
        (request,) = self.server.requests
        assert form(request) == {"message": "Hello", "appsecret_proof": proof(PAGE_TOKEN)}
        assert request.headers["authorization"] == f"Bearer {PAGE_TOKEN}"
        assert not request.url.params

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.ReadTimeout("x"),
            httpx.Response(500),
            httpx.Response(504, html="<html>gateway"),
            httpx.Response(200, content=b'{"id": "7_', headers={"content-type": "application/json"}),
            httpx.Response(200, html="<html>login"),
            refused(1, "An unknown error occurred", status=500),
            refused(1, "Please reduce the amount of data"),
            refused(2, "Service temporarily unavailable"),
            refused(100, "An odd one", is_transient=True),
            {"post": "no id"},
            [],
        ],
    )
    async def test_what_may_have_gone_out(self, answer: Any) -> None:
        with pytest.raises(Ambiguous):
            await self.send(answer)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.ConnectError("x"), Transient),
            (refused(190, "Session has expired", 463), AuthExpired),
            (refused(190, "Error validating access token", 460, status=401), AuthExpired),
            (refused(102, "Session key invalid"), AuthExpired),
            (refused(100, "Invalid appsecret_proof provided in the API argument"), AuthExpired),
            (refused(10, "Permission denied", status=403), Forbidden),
            (refused(200, "(#200) Requires pages_manage_posts"), Forbidden),
            (refused(299, "(#299)"), Forbidden),
            (refused(3, "Capability"), Forbidden),
            (refused(100, "Unsupported post request", 33), NotFound),
            (refused(803, "Some of the aliases you requested do not exist"), NotFound),
            (refused(100, "Invalid parameter"), Rejected),
            (refused(1609005, "x", 1609005), Rejected),
            (httpx.Response(400, json={"oops": 7}), Rejected),
        ],
    )
    async def test_what_certainly_has_not(self, answer: Any, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            await self.send(answer)

    @pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80001, 80014])
    async def test_too_many_calls(self, code: int) -> None:
        usage = {"x-business-use-case-usage": '{"7": [{"estimated_time_to_regain_access": 4}]}'}
        with pytest.raises(RateLimited) as caught:
            await self.send(refused(code, "limit", status=403, is_transient=True, headers=usage))
        assert caught.value.retry_after == 240
        with pytest.raises(RateLimited) as caught:
            await self.send(refused(code, headers={"x-app-usage": '{"call_count": 100}'}))
        assert caught.value.retry_after is None

    async def test_a_page_that_was_stopped_waits_for_hours(self) -> None:
        with pytest.raises(RateLimited, match="stopped this Page") as caught:
            await self.send(refused(368, "The action attempted has been deemed abusive"))
        assert caught.value.retry_after is not None
        assert caught.value.retry_after >= 3600

    @pytest.mark.parametrize(
        ("subcode", "words"), [(458, "app was removed"), (460, "password was changed"), (492, "no longer has a role")]
    )
    async def test_why_a_token_died(self, subcode: int, words: str) -> None:
        with pytest.raises(AuthExpired, match=words):
            await self.send(refused(190, "Error validating access token", subcode))

    @pytest.mark.parametrize(
        ("answer", "field"),
        [
            (refused(100, "Invalid parameter", 1609005), "text"),
            (refused(100, "x", 1404102), "text"),
            (refused(100, "x", error_user_msg="Your message is too long"), "text"),
            (refused(100, "param attached_media must be photos"), "media"),
            (refused(100, "(#100) Something"), ""),
        ],
    )
    async def test_the_part_to_change(self, answer: httpx.Response, field: str) -> None:
        with pytest.raises(Rejected) as caught:
            await self.send(answer)
        assert caught.value.field == field

    @pytest.mark.parametrize("answer", [refused(506, "Duplicate status message"), refused(1, "x", 1366051)])
    async def test_a_duplicate_that_is_there_is_a_doubt(self, answer: httpx.Response) -> None:
        there = listed(post("1"), post("0", "Old", CREATED))
        with pytest.raises(Ambiguous, match="there already"):
            await self.send(answer, looks=there)

    async def test_a_duplicate_that_cannot_be_looked_for_is_a_doubt(self) -> None:
        with pytest.raises(Ambiguous):
            await self.send(refused(506), looks=httpx.ReadTimeout("x"))

    async def test_a_duplicate_of_an_older_post_is_refused(self) -> None:
        with pytest.raises(Rejected, match="equals the one before it") as caught:
            await self.send(refused(506), looks=listed(post("0", "Hello", CREATED)))
        assert caught.value.field == "text"

    async def test_a_new_token_is_noticed(self) -> None:
        slot = MemorySlot(STORED)
        publisher = facebook(a_server(**{FEED: [refused(190), {"id": "7_1"}]}), slot)
        with pytest.raises(AuthExpired):
            await publisher.send(IDENTITY, WIRE)
        slot.values = {**STORED, "page_token": "new"}
        assert await publisher.send(IDENTITY, WIRE) == RemoteRef("7_1", "https://www.facebook.com/7_1")

    async def test_the_trace_is_logged_and_no_secret(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with pytest.raises(Rejected):
            await self.send(refused(100, "No", fbtrace_id="AbCdEf"))
        assert "AbCdEf" in caplog.text
        assert PAGE_TOKEN not in caplog.text

    async def send_video(self, *answers: Any, video: Any) -> RemoteRef:
        server = a_server(**{VIDEOS: answers, "GET /v25.0/8": [video]})
        return await facebook(server).send(IDENTITY, VIDEO_WIRE)

    async def test_a_video(self) -> None:
        ref = await self.send_video({"success": True}, video=httpx.Response(500))
        assert ref == RemoteRef("8", "https://www.facebook.com/8")

    @pytest.mark.parametrize("answer", [{"success": False}, {}, httpx.ReadTimeout("x"), refused(2)])
    async def test_a_video_that_may_be_out(self, answer: Any) -> None:
        with pytest.raises(Ambiguous):
            await self.send_video(answer, video=VIDEO)

    async def test_an_upload_that_an_earlier_attempt_ended(self) -> None:
        assert (await self.send_video(refused(6000, "Invalid session"), video=VIDEO)).id == "8"
        with pytest.raises(Rejected):
            await self.send_video(refused(6000, "Invalid session"), video={**VIDEO, "published": False})
        with pytest.raises(Ambiguous):
            await self.send_video(refused(6000, "Invalid session"), video=httpx.Response(500))


class TestReadingBack:
    async def find(self, *pages: Any, taken: frozenset[str] = frozenset(), **more: Any) -> str | None:
        self.server = Server(**{LIST: [*pages]})
        found = await facebook(self.server).find(IDENTITY, {**WIRE, **more}, taken=taken)
        return None if found is None else found.id

    OLD: ClassVar = post("0", "Old", CREATED)

    async def test_there(self) -> None:
        assert await self.find(listed(post("2", "later"), post("1"), self.OLD)) == "7_1"

    async def test_not_there(self) -> None:
        assert await self.find(listed(post("2", "later"), self.OLD, post("1", "Hello", CREATED))) is None

    async def test_not_there_and_the_baseline_was_deleted(self) -> None:
        before = post("9", "Hello", "2025-10-09T08:53:19+0000")
        assert await self.find(listed(post("2", "later"), before), httpx.Response(500)) is None

    async def test_a_post_of_the_baselines_own_second_counts(self) -> None:
        assert await self.find(listed(post("1", "Hello", CREATED), self.OLD)) == "7_1"

    async def test_a_pinned_old_post_is_not_the_end(self) -> None:
        pinned = post("9", "Pinned", "2024-01-01T00:00:00+0000")
        assert await self.find(listed(pinned, post("1"), self.OLD)) == "7_1"
        server = a_server(**{LIST: [listed(pinned, self.OLD)]})
        wire = await facebook(server).prepare(IDENTITY, Part("Hello"), root=None, parent=None)
        assert wire["baseline"] == WIRE["baseline"]

    async def test_an_empty_page(self) -> None:
        assert await self.find(listed(), baseline=None) is None
        assert await self.find(listed(post("1", "Hello", CREATED)), baseline=None) == "7_1"

    async def test_what_belongs_to_another_intent(self) -> None:
        page = listed(post("2"), post("1"), self.OLD)
        assert await self.find(page, taken=frozenset({"7_1"})) == "7_2"
        assert await self.find(page, taken=frozenset({"7_1", "7_2"})) is None

    async def test_the_oldest_of_equals(self) -> None:
        assert await self.find(listed(post("5"), post("1"), self.OLD)) == "7_1"

    async def test_further_pages_by_cursor_and_never_by_address(self) -> None:
        assert await self.find(listed(post("2", "later"), after="c"), listed(post("1"), self.OLD)) == "7_1"
        assert [request.url.host for request in self.server.requests] == ["graph.example"] * 2
        assert self.server.requests[1].url.params["after"] == "c"
        assert all("access_token" not in str(request.url) for request in self.server.requests)

    async def test_too_much_to_prove_absence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client_module, "PAGES", 3)
        with pytest.raises(Transient, match="too many"):
            await self.find(listed(post("2", "later"), after="c"))
        assert await self.find(listed(post("1"), after="c")) == "7_1"

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.ReadTimeout("x"), Transient),
            (refused(1), Transient),
            (httpx.Response(200, html="<html>"), Transient),
            ({"data": 7}, Transient),
            (refused(10), Forbidden),
            (refused(32), RateLimited),
        ],
    )
    async def test_a_failed_look_proves_nothing(self, answer: Any, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            await self.find(answer)

    @pytest.mark.parametrize(
        ("answer", "found"), [(VIDEO, "8"), ({**VIDEO, "published": False}, None), (refused(100, "x", 33), None)]
    )
    async def test_a_video_by_its_number(self, answer: Any, found: str | None) -> None:
        ref = await facebook(Server(**{"GET /v25.0/8": [answer]})).find(IDENTITY, VIDEO_WIRE, taken=frozenset())
        assert (ref and ref.id) == found

    async def test_read(self) -> None:
        photo = {"media_type": "photo", "target": {"id": "5"}}
        server = Server(
            **{
                "GET /v25.0/7_1": [post("1", attachments={"data": [photo]})],
                "GET /v25.0/": [{"5": {"id": "5", "alt_text_custom": "A loaf"}}],
            }
        )
        shown = await facebook(server).read(RemoteRef("7_1", ""))
        assert shown is not None
        assert shown["media"] == [{"type": "photo", "alt": "A loaf", "url": "https://www.facebook.com/5"}]
        server.on("GET /v25.0/", refused(803))
        shown = await facebook(server).read(RemoteRef("7_1", ""))
        assert shown is not None
        assert shown["media"][0]["alt"] == ""
        gone = Server(**{"GET /v25.0/7_1": [refused(100, "Unsupported get request", 33)]})
        assert await facebook(gone).read(RemoteRef("7_1", "")) is None

    async def test_read_a_video(self) -> None:
        async def read(**status: Any) -> Any:
            server = Server(**{"GET /v25.0/8": [{**VIDEO, "description": "Film", "status": status}]})
            return await facebook(server).read(RemoteRef("8", ""))

        assert (await read(video_status="ready"))["text"] == "Film"
        assert await read(video_status="error") is None
        with pytest.raises(Transient, match="processing"):
            await read(video_status="processing")

    async def test_delete(self) -> None:
        for answer in ({"success": True}, refused(100, "Object does not exist", 33)):
            await facebook(Server(**{"DELETE /v25.0/7_1": [answer]})).delete(RemoteRef("7_1", ""))
        for answer, kind in ((refused(200), Forbidden), ({"success": False}, Transient), (refused(2), Transient)):
            with pytest.raises(kind):
                await facebook(Server(**{"DELETE /v25.0/7_1": [answer]})).delete(RemoteRef("7_1", ""))
