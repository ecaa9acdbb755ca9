"""The Bluesky client against a server in a function: what it sends, its sessions, what it makes of every answer."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    DataError,
    Forbidden,
    NetworkError,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.publisher import BlueskyPublisher
from smm_tui.networks.ports import Account, Part, Publisher, RemoteRef
from smm_tui.secret_store import SecretStore

from .support import (
    BLUESKY,
    NOW,
    PASSWORD,
    MemorySlot,
    Server,
    bluesky,
    media_file,
    picture,
    session,
    session_values,
    xrpc_error,
)

TID = "3kabcdefghijk"
URI = f"at://did:plc:ann/app.bsky.feed.post/{TID}"
URL = f"https://bsky.app/profile/ann.bsky.example/post/{TID}"
LOGIN = "POST /xrpc/com.atproto.server.createSession"
REFRESH = "POST /xrpc/com.atproto.server.refreshSession"
PUT = "POST /xrpc/com.atproto.repo.putRecord"
GET = "GET /xrpc/com.atproto.repo.getRecord"
DELETE = "POST /xrpc/com.atproto.repo.deleteRecord"
UPLOAD = "POST /xrpc/com.atproto.repo.uploadBlob"
RESOLVE = "GET /xrpc/com.atproto.identity.resolveHandle"
WHO = "GET /xrpc/com.atproto.server.getSession"
ABOUT = "GET /xrpc/com.atproto.server.describeServer"

STORED = {"uri": URI, "cid": "bafyrei"}
REF = RemoteRef(URI, URL, {"cid": "bafyrei"})
BLOB = {"blob": {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/png", "size": 9}}
NOT_FOUND = xrpc_error("RecordNotFound", "Could not locate record")
EXPIRED = xrpc_error("ExpiredToken", "Token has expired")


def a_server() -> Server:
    return Server(**{PUT: [STORED], GET: [NOT_FOUND], UPLOAD: [BLOB]})


def with_token(good: str, answer: Any) -> Any:
    """An answer for one access token; any other has expired."""

    def answer_to(request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {good}":
            return EXPIRED
        return httpx.Response(200, json=answer)

    return answer_to


async def wire(server: Server, part: Part | None = None) -> dict[str, Any]:
    made = await bluesky(server).prepare(TID, part or Part("Hello"), root=None, parent=None)
    copy: dict[str, Any] = json.loads(json.dumps(made))
    return copy


class TestPublishing:
    async def test_text(self) -> None:
        server = a_server()
        made = await wire(server, Part("Hello", language="en"))
        assert not server.requests
        assert made == {
            "repo": "did:plc:ann",
            "collection": "app.bsky.feed.post",
            "rkey": TID,
            "record": {
                "$type": "app.bsky.feed.post",
                "text": "Hello",
                "createdAt": "2025-10-09T08:53:20Z",
                "langs": ["en"],
            },
            "swapRecord": None,
        }
        assert await bluesky(server).send(TID, made) == REF
        assert server.body(PUT) == made
        assert isinstance(bluesky(server), Publisher)

    async def test_a_thread(self) -> None:
        root, parent = RemoteRef(URI, "", {"cid": "b1"}), RemoteRef(URI + "2", "", {"cid": "b2"})
        made = await bluesky(a_server()).prepare(TID, Part("More"), root=root, parent=parent)
        assert made["record"]["reply"] == {
            "root": {"uri": URI, "cid": "b1"},
            "parent": {"uri": URI + "2", "cid": "b2"},
        }

    async def test_a_thread_over_a_post_whose_cid_is_not_known(self) -> None:
        server = a_server().on(GET, {**STORED, "value": {}})
        bare = RemoteRef(URI, URL)
        made = await bluesky(server).prepare(TID, Part("More"), root=bare, parent=bare)
        assert made["record"]["reply"]["parent"] == STORED
        with pytest.raises(NotFound):
            await bluesky(a_server()).prepare(TID, Part("More"), root=bare, parent=bare)

    async def test_pictures(self, tmp_path: Path) -> None:
        server = a_server()
        file = picture(tmp_path, "PNG", (6, 4), alt="Bread", exif={0x010F: "Secret Camera"})
        made = await wire(server, Part("", media=(file,)))
        assert made["record"]["embed"]["images"] == [
            {"image": BLOB["blob"], "alt": "Bread", "aspectRatio": {"width": 6, "height": 4}}
        ]
        (upload,) = server.seen(UPLOAD)
        assert upload.headers["content-type"] == "image/png"
        assert upload.content.startswith(b"\x89PNG")
        assert b"Secret Camera" not in upload.content

    async def test_a_picture_over_the_limit_is_not_shrunk(self, tmp_path: Path) -> None:
        file = media_file(tmp_path, "big.png", picture(tmp_path).path.read_bytes()[:-12] + png_ballast(), "image/png")
        server = a_server()
        with pytest.raises(Rejected, match=r"big\.png") as caught:
            await wire(server, Part("", media=(file,)))
        assert caught.value.field == "media"
        assert not server.requests

    async def test_media_it_does_not_take(self, tmp_path: Path) -> None:
        film = media_file(tmp_path, "f.webm", b"webm", "video/webm")
        with pytest.raises(Unsupported):
            await wire(a_server(), Part("", media=(film,)))
        with pytest.raises(DataError):
            await wire(a_server(), Part("", media=(replace(picture(tmp_path), sha256="0" * 64),)))

    async def test_mentions_are_resolved(self) -> None:
        def resolve(request: httpx.Request) -> httpx.Response:
            if request.url.params["handle"] == "bob.example":
                return httpx.Response(200, json={"did": "did:plc:bob"})
            return xrpc_error("InvalidRequest", "Unable to resolve handle")

        server = a_server().on(RESOLVE, resolve)
        made = await wire(server, Part("@Bob.Example @bob.example @nobody.example"))
        dids = [facet["features"][0]["did"] for facet in made["record"]["facets"]]
        assert dids == ["did:plc:bob", "did:plc:bob"]
        assert len(server.seen(RESOLVE)) == 2

    @pytest.mark.parametrize("answer", [httpx.ConnectError("x"), xrpc_error("RateLimitExceeded", status=429)])
    async def test_a_mention_is_not_dropped_for_a_passing_failure(self, answer: Any) -> None:
        with pytest.raises((Transient, RateLimited)):
            await wire(a_server().on(RESOLVE, answer), Part("@bob.example"))

    async def test_a_lookup_that_fails_elsewhere_leaves_plain_text(self) -> None:
        made = await wire(a_server().on(RESOLVE, xrpc_error("UpstreamFailure", status=502)), Part("@bob.example"))
        assert "facets" not in made["record"]

    async def test_half_a_character(self) -> None:
        with pytest.raises(Rejected):
            await wire(a_server(), Part("a\ud800b"))

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.ReadTimeout("x"),
            xrpc_error("InternalServerError", status=500),
            xrpc_error("UpstreamFailure", status=502),
            xrpc_error("NotEnoughResources", status=503),
            httpx.Response(200, html="<html>"),
            httpx.Response(200, content=b'{"uri": "at', headers={"content-type": "application/json"}),
            {"uri": URI},
            {"uri": "https://x", "cid": "b"},
            [],
        ],
    )
    async def test_what_may_have_gone_out(self, answer: Any) -> None:
        server = a_server().on(PUT, answer)
        with pytest.raises(Ambiguous):
            await bluesky(server).send(TID, await wire(server))

    @pytest.mark.parametrize(
        ("answer", "kind", "field"),
        [
            (httpx.ConnectError("x"), Transient, ""),
            (xrpc_error("AccountTakedown", status=401), Forbidden, ""),
            (xrpc_error("AccountDeactivated"), Forbidden, ""),
            (xrpc_error("InvalidRequest", "Record/text must not be longer than 300 graphemes"), Rejected, "text"),
            (xrpc_error("Forbidden", status=403), Forbidden, ""),
            (xrpc_error("PayloadTooLarge", status=413), Rejected, "media"),
            (xrpc_error("MethodNotImplemented", status=501), Unsupported, ""),
            (httpx.Response(404, html="<html>"), Rejected, "server"),
        ],
    )
    async def test_what_certainly_has_not(self, answer: Any, kind: type[NetworkError], field: str) -> None:
        server = a_server().on(PUT, answer)
        with pytest.raises(kind) as caught:
            await bluesky(server).send(TID, await wire(server))
        assert getattr(caught.value, "field", "") == field

    async def test_the_longer_wait_counts(self) -> None:
        limited = xrpc_error("RateLimitExceeded", status=429, ratelimit_reset=str(NOW // 1000 + 90), retry_after="20")
        server = a_server().on(PUT, limited)
        with pytest.raises(RateLimited) as caught:
            await bluesky(server).send(TID, await wire(server))
        assert caught.value.retry_after == 90

    async def test_our_key_with_other_content_is_ours(self) -> None:
        """An earlier attempt wrote it, with a wire that differs by a word."""
        server = a_server().on(PUT, xrpc_error("InvalidSwap", "Record was at bafy"))
        server.on(GET, {**STORED, "value": {"text": "Hullo"}})
        assert await bluesky(server).send(TID, await wire(server)) == REF

    @pytest.mark.parametrize("answer", [NOT_FOUND, httpx.ReadTimeout("x")])
    async def test_a_swap_that_cannot_be_explained_is_ambiguous(self, answer: Any) -> None:
        server = a_server().on(PUT, xrpc_error("InvalidSwap")).on(GET, answer)
        with pytest.raises(Ambiguous):
            await bluesky(server).send(TID, await wire(server))


def png_ballast() -> bytes:
    """An unknown harmless chunk that makes a PNG larger than Bluesky takes, and the end of the file."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return chunk(b"prVt", bytes(2_000_000)) + chunk(b"IEND", b"")


class TestReadingBack:
    async def test_find(self) -> None:
        server = a_server().on(GET, {**STORED, "value": {"text": "Hello"}})
        made = await wire(server)
        assert await bluesky(server).find(TID, made, taken=frozenset()) == REF
        (request,) = server.seen(GET)
        assert dict(request.url.params) == {"repo": "did:plc:ann", "collection": "app.bsky.feed.post", "rkey": TID}
        assert "authorization" not in request.headers
        assert await bluesky(a_server()).find(TID, made, taken=frozenset()) is None

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.ReadTimeout("x"),
            xrpc_error("InvalidRequest", "Could not find repo"),
            httpx.Response(500),
            {"uri": 1},
        ],
    )
    async def test_a_failed_look_proves_nothing(self, answer: Any) -> None:
        server = a_server().on(GET, answer)
        with pytest.raises(NetworkError):
            await bluesky(server).find(TID, await wire(server), taken=frozenset())

    async def test_read(self) -> None:
        value = {
            "text": "Hello",
            "createdAt": "2025-10-09T08:53:20Z",
            "embed": {"$type": "app.bsky.embed.images", "images": [{"alt": "Bread"}, {"alt": 7}]},
        }
        shown = await bluesky(a_server().on(GET, {**STORED, "value": value})).read(REF)
        assert shown == {
            "text": "Hello",
            "labels": [],
            "media": [{"type": "image", "alt": "Bread", "url": ""}, {"type": "image", "alt": "", "url": ""}],
            "created_at": "2025-10-09T08:53:20Z",
            "url": URL,
        }
        assert await bluesky(a_server()).read(REF) is None

    async def test_delete(self) -> None:
        server = a_server().on(DELETE, {})
        await bluesky(server).delete(REF)
        assert server.body(DELETE, 0) == {"repo": "did:plc:ann", "collection": "app.bsky.feed.post", "rkey": TID}
        assert [server.body(DELETE, number)["collection"] for number in (1, 2)] == [
            "app.bsky.feed.threadgate", "app.bsky.feed.postgate",
        ]  # fmt: skip
        await bluesky(a_server().on(DELETE, NOT_FOUND)).delete(REF)
        with pytest.raises(Transient):
            await bluesky(a_server().on(DELETE, httpx.Response(500))).delete(REF)


class TestCheck:
    def server(self) -> Server:
        return Server(
            **{
                ABOUT: [{"did": "did:web:bsky.example", "availableUserDomains": [".bsky.example"]}],
                LOGIN: [session()],
                WHO: [{"did": "did:plc:ann", "handle": "ann.bsky.example", "active": True}],
                GET: [{"uri": "at://x", "value": {"displayName": "Ann"}}],
            }
        )

    async def test_it_learns_the_account(self) -> None:
        slot = MemorySlot({"app_password": PASSWORD})
        server = self.server()
        checked = await bluesky(server, slot).check()
        assert (checked.remote_id, checked.handle, checked.display_name) == ("did:plc:ann", "ann.bsky.example", "Ann")
        assert checked.missing == ()
        assert server.body(LOGIN) == {"identifier": "ann.bsky.example", "password": PASSWORD}
        assert slot.history == [session_values()]

    async def test_a_profile_that_cannot_be_read_is_no_failure(self) -> None:
        checked = await bluesky(self.server().on(GET, httpx.Response(500)), MemorySlot(session_values())).check()
        assert checked.display_name == "ann.bsky.example"

    async def test_an_account_that_is_not_active(self) -> None:
        server = self.server().on(WHO, {"handle": "ann.bsky.example", "active": False, "status": "deacti\x1bvated"})
        assert "deacti␛vated" in (await bluesky(server).check()).missing[0]

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, html="<html>"),
            httpx.Response(404, html="<html>"),
            httpx.Response(404, json={"error": "Record not found"}),
            httpx.Response(200, json={"version": "4.5"}),
            httpx.Response(200, json=[]),
            httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        ],
    )
    async def test_another_server_never_sees_the_password(self, answer: httpx.Response) -> None:
        server = self.server().on(ABOUT, answer)
        with pytest.raises(Rejected) as caught:
            await bluesky(server, MemorySlot({"app_password": PASSWORD})).check()
        assert caught.value.field == "server"
        assert not server.seen(LOGIN)


class TestSessions:
    async def test_an_expired_token_is_renewed_and_the_call_repeated(self) -> None:
        slot = MemorySlot(session_values(1))
        server = Server(**{PUT: [with_token("secret-access-2", STORED)], REFRESH: [session(2)]})
        assert await bluesky(server, slot).send(TID, await wire(server)) == REF
        (refresh,) = server.seen(REFRESH)
        assert refresh.headers["authorization"] == "Bearer secret-refresh-1"
        assert slot.history == [session_values(2)]

    async def test_both_tokens_are_stored_before_either_is_used(self) -> None:
        slot = MemorySlot(session_values(1))
        stored_at_use: list[str] = []

        def put(request: httpx.Request) -> httpx.Response:
            if request.headers["authorization"] == "Bearer secret-access-1":
                return EXPIRED
            stored_at_use.append((slot.values or {})["refresh_jwt"])
            return httpx.Response(200, json=STORED)

        server = Server(**{PUT: [put], REFRESH: [session(2)]})
        await bluesky(server, slot).send(TID, await wire(server))
        assert stored_at_use == ["secret-refresh-2"]

    async def test_one_flight_for_many(self) -> None:
        """Ten callers in five clients find the token expired at once: one refresh."""
        slot = MemorySlot(session_values(1))
        server = Server(**{DELETE: [with_token("secret-access-2", {})], REFRESH: [session(2), EXPIRED]})
        clients = [bluesky(server, slot) for _ in range(5)]
        await asyncio.gather(*(client.delete(REF) for client in clients for _ in range(2)))
        assert len(server.seen(REFRESH)) == 1
        assert len(slot.history) == 1

    def test_one_flight_for_threads_over_the_real_store(self, tmp_path: Path) -> None:
        """Each thread has its own event loop, client and secret store, as separate processes would."""
        SecretStore(tmp_path, "file").slot("ann").write(session_values(1))
        server = Server(**{DELETE: [with_token("secret-access-2", {})], REFRESH: [session(2), EXPIRED]})

        async def delete() -> None:
            account = Account(network="bluesky", server=BLUESKY, handle="ann.bsky.example")
            slot = SecretStore(tmp_path, "file").slot("ann")
            await BlueskyPublisher(BlueskyApi(account, slot, Surroundings(server.transport))).delete(REF)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(asyncio.run, delete()) for _ in range(4)]:
                done.result()
        assert len(server.seen(REFRESH)) == 1
        assert SecretStore(tmp_path, "file").slot("ann").read() == session_values(2)

    async def test_another_process_renewed_meanwhile(self) -> None:
        slot = MemorySlot(session_values(1))
        server = Server(**{DELETE: [with_token("secret-access-2", {})]})
        client = bluesky(server, slot)
        await client._api.session.tokens()
        slot.values = session_values(2)
        await client.delete(REF)
        assert not server.seen(REFRESH)
        assert not server.seen(LOGIN)

    async def test_what_another_process_stored_has_expired_too(self) -> None:
        slot = MemorySlot(session_values(1))
        server = Server(**{DELETE: [with_token("secret-access-3", {})], REFRESH: [session(3)]})
        client = bluesky(server, slot)
        await client._api.session.tokens()
        slot.values = session_values(2)
        await client.delete(REF)
        assert [r.headers["authorization"] for r in server.seen(REFRESH)] == ["Bearer secret-refresh-2"]

    async def test_a_dead_refresh_token_leads_to_one_login(self) -> None:
        slot = MemorySlot(session_values(1))
        server = Server(
            **{
                DELETE: [with_token("secret-access-5", {})],
                REFRESH: [xrpc_error("ExpiredToken", "Token has been revoked")],
                LOGIN: [session(5)],
            }
        )
        await bluesky(server, slot).delete(REF)
        assert len(server.seen(LOGIN)) == 1
        assert slot.history == [session_values(5)]

    @pytest.mark.parametrize(
        ("answer", "kind", "words"),
        [
            (
                xrpc_error("AuthenticationRequired", "Invalid identifier or password", 401),
                AuthExpired,
                "app password",
            ),
            (xrpc_error("AuthFactorTokenRequired", status=401), AuthExpired, "main password"),
            (xrpc_error("AccountTakedown", status=401), Forbidden, "closed"),
            (xrpc_error("RateLimitExceeded", status=429, retry_after="280"), RateLimited, "wait"),
            (httpx.ReadTimeout("x"), Transient, "too long"),
            (httpx.Response(500), Transient, "500"),
            ({"did": "did:plc:ann"}, Transient, "accessJwt"),
        ],
    )
    async def test_a_login_that_fails(self, answer: Any, kind: type[NetworkError], words: str) -> None:
        slot = MemorySlot({"app_password": PASSWORD})
        with pytest.raises(kind, match=words) as caught:
            await bluesky(Server(**{LOGIN: [answer]}), slot).delete(REF)
        assert PASSWORD not in f"{caught.value!r} {caught.value.hint}"
        assert slot.history == []

    @pytest.mark.parametrize("answer", [httpx.ReadTimeout("x"), httpx.Response(502), xrpc_error("x", status=429)])
    async def test_a_refresh_that_fails_for_now_spends_no_login(self, answer: Any) -> None:
        slot = MemorySlot(session_values(1))
        server = Server(**{DELETE: [EXPIRED], REFRESH: [answer], LOGIN: [session(2)]})
        with pytest.raises((Transient, RateLimited)):
            await bluesky(server, slot).delete(REF)
        assert not server.seen(LOGIN)
        assert slot.history == []

    async def test_a_server_that_refuses_every_token(self) -> None:
        server = Server(**{DELETE: [EXPIRED], REFRESH: [session(2), session(3), session(4)]})
        with pytest.raises(AuthExpired):
            await bluesky(server).delete(REF)
        assert len(server.seen(REFRESH)) == 2

    @pytest.mark.parametrize("values", [None, {}, {"app_password": " "}])
    async def test_no_secret(self, values: dict[str, str] | None) -> None:
        with pytest.raises(AuthExpired, match="No app password"):
            await bluesky(Server(), MemorySlot(values)).delete(REF)

    async def test_calls_go_to_the_own_server(self) -> None:
        document = {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.example"}]}
        slot = MemorySlot({"app_password": PASSWORD})
        server = Server(**{LOGIN: [session(didDoc=document)], DELETE: [{}]})
        await bluesky(server, slot).delete(REF)
        assert str(server.seen(LOGIN)[0].url).startswith(BLUESKY)
        assert server.seen(DELETE)[0].url.host == "pds.example"

    async def test_a_cancelled_wait_gives_the_lock_back(self) -> None:
        slot = MemorySlot({"app_password": PASSWORD})
        server = Server(**{LOGIN: [session()], DELETE: [{}]})
        with slot.exclusive():
            waiting = asyncio.create_task(bluesky(server, slot).delete(REF))
            await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await bluesky(server, slot).delete(REF)
        assert len(server.seen(LOGIN)) == 1
