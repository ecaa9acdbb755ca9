"""The Mastodon client against a server in a function: what it sends, and what it makes of every answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

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
)
from smm_tui.networks.mastodon import publisher as client_module
from smm_tui.networks.ports import Part, Publisher, RemoteRef

from .support import MASTODON_INSTANCE, TOKEN, MemorySlot, Pauses, Server, mastodon, media_file, picture

IDENTITY = "0123456789abcdef0123456789abcdef"
ACCOUNT = {"id": "7", "username": "ann", "acct": "ann", "display_name": "Ann", "url": "https://social.example/@ann"}
OWN = "GET /api/v1/accounts/7/statuses"
POST = "POST /api/v1/statuses"
UPLOAD = "POST /api/v2/media"


def status(number: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "content": f"<p>{text}</p>",
        "url": f"https://social.example/@ann/{number}",
        "media_attachments": [],
        "in_reply_to_id": None,
        "spoiler_text": "",
        "created_at": "2025-10-09T08:53:20.000Z",
        **more,
    }


def a_server() -> Server:
    return Server(**{OWN: [[status("100", "older")]], POST: [status("101")]})


class TestCheck:
    def server(self) -> Server:
        return Server(
            **{
                "GET /api/v2/instance": [MASTODON_INSTANCE],
                "GET /api/v1/accounts/verify_credentials": [ACCOUNT],
                OWN: [[]],
            }
        )

    async def test_it_learns_account_and_server(self) -> None:
        server = self.server()
        checked = await mastodon(server).check()
        assert (checked.remote_id, checked.handle, checked.display_name) == ("7", "@ann@social.example", "Ann")
        assert checked.facts["software"] == "mastodon"
        assert checked.facts["characters"] == 500
        assert checked.missing == ()
        assert isinstance(mastodon(server), Publisher)

    async def test_the_token_is_shown_to_no_stranger(self) -> None:
        server = self.server()
        await mastodon(server).check()
        first, *later = server.requests
        assert "authorization" not in first.headers
        assert {request.headers["authorization"] for request in later} == {f"Bearer {TOKEN}"}

    async def test_a_server_that_wants_it_first(self) -> None:
        def limited(request: httpx.Request) -> httpx.Response:
            known = "authorization" in request.headers
            return httpx.Response(200 if known else 401, json=MASTODON_INSTANCE if known else {"error": "no"})

        server = self.server().on("GET /api/v2/instance", limited)
        assert (await mastodon(server).check()).remote_id == "7"

    async def test_an_older_server(self) -> None:
        server = self.server()
        del server.routes["GET /api/v2/instance"]
        server.on("GET /api/v1/instance", {"uri": "old.example", "version": "3.4.1", "max_toot_chars": 700})
        checked = await mastodon(server).check()
        assert checked.handle == "@ann@old.example"
        assert checked.facts["characters"] == 700
        assert checked.facts["software"] == "other"

    async def test_missing_rights_are_sentences(self) -> None:
        server = self.server()
        outside = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
        server.on("PUT /api/v1/statuses/0", outside).on("PUT /api/v1/media/0", outside).on(OWN, outside)
        missing = (await mastodon(server).check()).missing
        assert [sentence.rpartition(" ")[2] for sentence in missing] == [
            "write:statuses",
            "write:media",
            "read:statuses",
        ]

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, html="<!doctype html><h1>Welcome to nginx!</h1>"),
            httpx.Response(404, html="<html>nothing</html>"),
            httpx.Response(200, text="OK"),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={"hello": "world"}),
            httpx.Response(404, json={"error": "XRPCNotSupported"}),
            httpx.Response(501, json={"error": "MethodNotImplemented"}),
            httpx.Response(301, headers={"location": "https://www.social.example/"}),
        ],
    )
    async def test_another_server(self, answer: httpx.Response) -> None:
        server = Server(**{"GET /api/v2/instance": [answer], "GET /api/v1/instance": [answer]})
        with pytest.raises(Rejected) as caught:
            await mastodon(server).check()
        assert caught.value.field == "server"
        assert "social.example" in caught.value.message
        assert all("authorization" not in request.headers for request in server.requests)

    async def test_a_dead_token(self) -> None:
        server = self.server().on(
            "GET /api/v1/accounts/verify_credentials",
            httpx.Response(401, json={"error": "The access token was revoked"}),
        )
        with pytest.raises(AuthExpired, match="The access token was revoked"):
            await mastodon(server).check()

    @pytest.mark.parametrize("values", [None, {}, {"token": "  "}])
    async def test_no_token_at_all(self, values: dict[str, str] | None) -> None:
        with pytest.raises(AuthExpired, match="No access token"):
            await mastodon(self.server(), slot=MemorySlot(values)).check()


class TestPublishing:
    async def test_text(self) -> None:
        server = a_server()
        publisher = mastodon(server)
        wire = await publisher.prepare(IDENTITY, Part("Hello", language="en"), root=None, parent=None)
        assert not server.seen(POST)
        assert wire == {
            "body": {"status": "Hello", "visibility": "public", "language": "en"},
            "baseline": "100",
        }
        ref = await publisher.send(IDENTITY, wire)
        assert ref == RemoteRef("101", "https://social.example/@ann/101")
        assert server.body(POST) == wire["body"]

    async def test_the_same_intent_has_the_same_key(self) -> None:
        server = a_server()
        wire = await mastodon(server).prepare(IDENTITY, Part("Hello"), root=None, parent=None)
        await mastodon(server).send(IDENTITY, wire)
        await mastodon(server).send(IDENTITY, wire)
        first, second = (request.headers["idempotency-key"] for request in server.seen(POST))
        assert first == second
        assert first.startswith(IDENTITY)

    async def test_a_thread(self) -> None:
        server = a_server()
        parent = RemoteRef("101", "")
        wire = await mastodon(server).prepare(IDENTITY, Part("More"), root=parent, parent=parent)
        assert wire["body"]["in_reply_to_id"] == "101"
        assert wire["baseline"] == "101"
        assert not server.requests

    async def test_pictures(self, tmp_path: Path) -> None:
        server = a_server().on(UPLOAD, {"id": "m1"}, {"id": 2})
        part = Part("", media=(picture(tmp_path, alt="Ein Brot", name="a"), picture(tmp_path, "JPEG", name="b")))
        wire = await mastodon(server).prepare(IDENTITY, part, root=None, parent=None)
        assert wire["body"]["media_ids"] == ["m1", "2"]
        first, second = server.seen(UPLOAD)
        assert first.headers["content-type"].startswith("multipart/form-data")
        assert b'filename="media.png"' in first.content
        assert b"Ein Brot" in first.content
        assert part.media[0].path.read_bytes() in first.content
        assert b"description" not in second.content

    async def test_video_is_waited_for(self, tmp_path: Path) -> None:
        server = a_server().on(UPLOAD, httpx.Response(202, json={"id": "m1", "url": None}))
        processing = httpx.Response(206, json={"id": "m1"})
        server.on("GET /api/v1/media/m1", processing, processing, {"id": "m1", "url": "x"})
        pauses = Pauses()
        part = Part("Film", media=(media_file(tmp_path, "f.mov", b"moov", "video/quicktime"),))
        wire = await mastodon(server, pause=pauses).prepare(IDENTITY, part, root=None, parent=None)
        assert wire["body"]["media_ids"] == ["m1"]
        assert pauses.total > 0
        assert b'filename="media.mov"' in server.seen(UPLOAD)[0].content

    async def test_a_video_that_takes_long_is_not_uploaded_twice(self, tmp_path: Path) -> None:
        server = a_server().on(UPLOAD, httpx.Response(202, json={"id": "m1"}))
        server.on("GET /api/v1/media/m1", httpx.Response(206, json={"id": "m1"}))
        part = Part("Film", media=(media_file(tmp_path, "f.mp4", b"ftyp", "video/mp4"),))
        publisher = mastodon(server)
        with pytest.raises(Transient, match="processing"):
            await publisher.prepare(IDENTITY, part, root=None, parent=None)
        server.on("GET /api/v1/media/m1", {"id": "m1"})
        wire = await publisher.prepare(IDENTITY, part, root=None, parent=None)
        assert wire["body"]["media_ids"] == ["m1"]
        assert len(server.seen(UPLOAD)) == 1

    async def test_a_video_that_fails_there(self, tmp_path: Path) -> None:
        server = a_server().on(UPLOAD, httpx.Response(202, json={"id": "m1"}))
        server.on("GET /api/v1/media/m1", httpx.Response(422, json={"error": "Error processing thumbnail"}))
        part = Part("Film", media=(media_file(tmp_path, "f.mp4", b"ftyp", "video/mp4"),))
        with pytest.raises(Rejected, match="Error processing") as caught:
            await mastodon(server).prepare(IDENTITY, part, root=None, parent=None)
        assert caught.value.field == "media"

    async def test_a_refused_file(self, tmp_path: Path) -> None:
        server = a_server().on(UPLOAD, httpx.Response(422, json={"error": "File could not be verified"}))
        with pytest.raises(Rejected) as caught:
            await mastodon(server).prepare(IDENTITY, Part("", media=(picture(tmp_path),)), root=None, parent=None)
        assert caught.value.field == "media"

    @pytest.mark.parametrize("change", ["gone", "other"])
    async def test_a_file_that_is_not_what_was_approved(self, tmp_path: Path, change: str) -> None:
        file = picture(tmp_path)
        if change == "gone":
            file.path.unlink()
        else:
            file.path.write_bytes(b"other")
        server = a_server()
        with pytest.raises(DataError, match=r"picture\.png"):
            await mastodon(server).prepare(IDENTITY, Part("", media=(file,)), root=None, parent=None)
        assert not server.seen(UPLOAD)

    async def test_half_a_character(self) -> None:
        with pytest.raises(Rejected) as caught:
            await mastodon(a_server()).prepare(IDENTITY, Part("a\ud800b"), root=None, parent=None)
        assert caught.value.field == "text"

    async def test_gotosocial_is_told_that_text_is_plain(self) -> None:
        publisher = mastodon(a_server(), software="gotosocial")
        wire = await publisher.prepare(IDENTITY, Part("*a*"), root=None, parent=None)
        assert wire["body"]["content_type"] == "text/plain"

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.ReadTimeout("x"),
            httpx.Response(500, json={"error": "oops"}),
            httpx.Response(504, html="<html>gateway"),
            httpx.Response(200, content=b'{"id": "10', headers={"content-type": "application/json"}),
            httpx.Response(200, html="<html>login"),
            {"id": "5", "scheduled_at": "2030-01-01T00:00:00.000Z", "params": {"text": "Hello"}},
            {"uri": "no id"},
            [],
        ],
    )
    async def test_what_may_have_gone_out(self, answer: Any) -> None:
        publisher = mastodon(a_server().on(POST, answer))
        wire = await publisher.prepare(IDENTITY, Part("Hello"), root=None, parent=None)
        with pytest.raises(Ambiguous):
            await publisher.send(IDENTITY, wire)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (httpx.ConnectError("x"), Transient),
            (httpx.Response(401, json={"error": "The access token is invalid"}), AuthExpired),
            (httpx.Response(403, json={"error": "This action is outside the authorized scopes"}), Forbidden),
            (httpx.Response(404, json={"error": "The post you are replying to does not exist"}), NotFound),
            (httpx.Response(422, json={"error": "Validation failed: Text can't be blank"}), Rejected),
            (httpx.Response(400, json={"error": 7}), Rejected),
            (httpx.Response(429, json={"error": "Too many requests"}), RateLimited),
        ],
    )
    async def test_what_certainly_has_not(self, answer: Any, kind: type[Exception]) -> None:
        publisher = mastodon(a_server().on(POST, answer))
        wire = await publisher.prepare(IDENTITY, Part("Hello"), root=None, parent=None)
        with pytest.raises(kind):
            await publisher.send(IDENTITY, wire)

    async def test_the_limit_tells_when(self) -> None:
        limited = httpx.Response(
            429, json={"error": "Too many"}, headers={"x-ratelimit-reset": "2025-10-09T08:58:20.123456Z"}
        )
        publisher = mastodon(a_server().on(POST, limited))
        with pytest.raises(RateLimited) as caught:
            await publisher.send(IDENTITY, {"body": {"status": "x"}, "baseline": ""})
        assert caught.value.retry_after == pytest.approx(300.1, abs=0.1)

    async def test_a_new_token_is_noticed(self) -> None:
        slot = MemorySlot({"token": "old"})
        server = a_server().on(POST, httpx.Response(401, json={"error": "revoked"}), status("101"))
        publisher = mastodon(server, slot=slot)
        wire = await publisher.prepare(IDENTITY, Part("Hello"), root=None, parent=None)
        with pytest.raises(AuthExpired):
            await publisher.send(IDENTITY, wire)
        slot.values = {"token": "new"}
        await publisher.send(IDENTITY, wire)
        assert server.requests[-1].headers["authorization"] == "Bearer new"


class TestReadingBack:
    WIRE: ClassVar = {"body": {"status": "Hello", "visibility": "public"}, "baseline": "100"}

    async def find(self, *pages: Any, taken: frozenset[str] = frozenset(), **more: Any) -> RemoteRef | None:
        server = Server(**{OWN: [*pages]})
        found = await mastodon(server, **more).find(IDENTITY, self.WIRE, taken=taken)
        self.requests = server.requests
        return found

    async def test_there(self) -> None:
        found = await self.find([status("103", "later"), status("101"), status("100", "older")])
        assert found == RemoteRef("101", "https://social.example/@ann/101")

    async def test_not_there(self) -> None:
        assert await self.find([status("103", "later"), status("100", "Hello"), status("99", "Hello")]) is None

    async def test_not_there_and_the_baseline_was_deleted(self) -> None:
        assert await self.find([status("103", "later"), status("99", "Hello")]) is None

    async def test_an_empty_account(self) -> None:
        assert await self.find([]) is None

    async def test_what_belongs_to_another_intent(self) -> None:
        page = [status("102"), status("101"), status("100")]
        found = await self.find(page, taken=frozenset({"101"}))
        assert found is not None
        assert found.id == "102"
        assert await self.find(page, taken=frozenset({"101", "102"})) is None

    async def test_the_oldest_of_equals(self) -> None:
        """A person who posts the same by hand later is not taken for us."""
        found = await self.find([status("105"), status("101"), status("100")])
        assert found is not None
        assert found.id == "101"

    async def test_further_pages(self) -> None:
        link = '<https://other-name.example/x?limit=40&max_id=102>; rel="next"'
        first = httpx.Response(200, json=[status("102", "later")], headers={"link": link})
        found = await self.find(first, [status("101"), status("100")])
        assert found is not None
        assert [request.url.host for request in self.requests] == ["social.example"] * 2
        assert self.requests[1].url.params["max_id"] == "102"

    async def test_too_much_to_prove_absence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client_module, "PAGES", 3)
        link = '<https://social.example/x?max_id=5>; rel="next"'
        endless = httpx.Response(200, json=[status("900", "later")], headers={"link": link})
        with pytest.raises(Transient, match="too many"):
            await self.find(endless)

    @pytest.mark.parametrize(
        "answer", [httpx.ReadTimeout("x"), httpx.Response(500), httpx.Response(200, html="<html>"), {"a": 1}]
    )
    async def test_a_failed_look_proves_nothing(self, answer: Any) -> None:
        with pytest.raises(Transient):
            await self.find(answer)

    async def test_unordered_ids_of_other_servers(self) -> None:
        found = await self.find([status("99"), status("100", "older")], software="other")
        assert found is not None
        assert found.id == "99"

    async def test_read(self) -> None:
        attachment = {"type": "image", "description": "Bread", "url": "https://x/1.png"}
        server = Server(**{"GET /api/v1/statuses/101": [status("101", media_attachments=[attachment])]})
        shown = await mastodon(server).read(RemoteRef("101", ""))
        assert shown is not None
        assert shown["text"] == "Hello"
        assert shown["media"] == [{"type": "image", "alt": "Bread", "url": "https://x/1.png"}]
        assert await mastodon(Server()).read(RemoteRef("101", "")) is None

    async def test_delete(self) -> None:
        server = Server(**{"DELETE /api/v1/statuses/101": [{"id": "101"}]})
        await mastodon(server).delete(RemoteRef("101", ""))
        await mastodon(Server()).delete(RemoteRef("101", ""))
        await mastodon(Server(**{"DELETE /api/v1/statuses/101": [httpx.Response(410)]})).delete(RemoteRef("101", ""))
        with pytest.raises(Forbidden):
            await mastodon(
                Server(**{"DELETE /api/v1/statuses/101": [httpx.Response(403, json={"error": "no"})]})
            ).delete(RemoteRef("101", ""))
