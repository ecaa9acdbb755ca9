"""The seam: every failure of a call is one of the closed kinds, and says whether it may have been executed."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    Forbidden,
    NetworkError,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks import shape
from smm_tui.networks.http import ANSWER_LIMIT, Answer, Http, Timeouts

from .support import NOW, Server, clock

URL = "https://social.example/api"
HTML = httpx.Response(200, html="<!DOCTYPE html><title>Welcome</title>")


def http(server: Server, **more: object) -> Http:
    return Http("Mastodon", transport=server.transport, clock=clock, **more)  # type: ignore[arg-type]


async def call(server: Server, *, safe: bool) -> str:
    """One call that reads the id of a JSON object."""
    seam = http(server)
    answer = await seam.call("POST", URL, safe=safe, token="secret-token", body={"text": "x"})
    if not answer.ok:
        reason = shape.text(answer.error_body(), "error")
        raise seam.refusal(answer, reason, safe=safe, wait=seam.wait_of(answer, "x-ratelimit-reset"))
    return seam.parsed(answer, lambda value: shape.an_id(shape.an_object(value, "thing"), "id"), safe=safe)


async def failure(server: Server, *, safe: bool) -> NetworkError:
    """How such a call fails."""
    with pytest.raises(NetworkError) as caught:
        await call(server, safe=safe)
    error = caught.value
    assert error.message
    assert "secret-token" not in f"{error!r}{error}{error.hint}"
    return error


NOT_SENT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("busy"),
    httpx.ProxyError("407"),
]
SENT = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("hung up"),
    httpx.LocalProtocolError("confused"),
    httpx.DecodingError("not gzip"),
    OSError("strange"),
]


class TestTransport:
    @pytest.mark.parametrize("error", NOT_SENT, ids=lambda e: type(e).__name__)
    @pytest.mark.parametrize("safe", [True, False])
    async def test_without_a_connection_nothing_was_executed(self, error: Exception, safe: bool) -> None:
        assert isinstance(await failure(Server().on("POST /api", error), safe=safe), Transient)

    @pytest.mark.parametrize("error", SENT, ids=lambda e: type(e).__name__)
    async def test_after_that_only_a_safe_call_is_transient(self, error: Exception) -> None:
        assert isinstance(await failure(Server().on("POST /api", error), safe=True), Transient)
        assert isinstance(await failure(Server().on("POST /api", error), safe=False), Ambiguous)

    @pytest.mark.parametrize(
        ("cause", "words"),
        [
            (socket.gaierror(-2, "Name or service not known"), "name is not known"),
            (ssl.SSLCertVerificationError("self-signed"), "certificate"),
            (ConnectionRefusedError(111, "refused"), "refused"),
        ],
    )
    async def test_the_reason_is_told(self, cause: Exception, words: str) -> None:
        error = httpx.ConnectError("x")
        error.__cause__ = cause
        assert words in (await failure(Server().on("POST /api", error), safe=True)).message

    async def test_a_connection_that_never_ends(self) -> None:
        async def forever() -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0)

        async def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=forever())

        for safe, kind in ((True, Transient), (False, Ambiguous)):
            seam = Http("X", transport=httpx.MockTransport(answer), timeouts=Timeouts(whole=0.02))
            with pytest.raises(kind):
                await seam.call("GET", URL, safe=safe)

    @pytest.mark.parametrize("declared", [True, False])
    async def test_an_endless_answer_is_cut_off(self, declared: bool) -> None:
        read = 0

        async def flood() -> AsyncIterator[bytes]:
            nonlocal read
            for _chunk in range(200):
                read += 1
                yield bytes(1024 * 1024)

        async def answer(request: httpx.Request) -> httpx.Response:
            headers = {"content-length": str(200 * 1024 * 1024)} if declared else {}
            return httpx.Response(200, headers=headers, content=flood())

        with pytest.raises(Transient, match="too large"):
            await Http("X", transport=httpx.MockTransport(answer)).call("GET", URL, safe=True)
        assert read <= ANSWER_LIMIT // (1024 * 1024) + 2

    async def test_a_bomb_is_cut_off(self) -> None:
        bomb = gzip.compress(bytes(4 * ANSWER_LIMIT))

        async def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(bomb))

        with pytest.raises(Transient, match="too large"):
            await Http("X", transport=httpx.MockTransport(answer)).call("GET", URL, safe=True)

    async def test_a_token_with_a_line_break_never_leaves(self) -> None:
        server = Server()
        with pytest.raises(AuthExpired):
            await http(server).call("GET", URL, safe=True, token="abc\r\nX-Evil: 1")
        assert server.requests == []

    async def test_a_real_refused_connection(self, unused_port: int) -> None:
        with pytest.raises(Transient, match="refused"):
            await Http("X").call("POST", f"http://127.0.0.1:{unused_port}/", safe=False)

    async def test_a_real_server_that_hangs_up(self) -> None:
        """An unsafe call goes over a connection of its own, so that hanging up is not taken for a stale one."""
        connections: list[asyncio.Task[None]] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            connections.append(task)
            await reader.readuntil(b"\r\n\r\n")
            if len(connections) < 3:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")
                await writer.drain()
                await reader.read()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            seam = Http("X")
            assert (await seam.call("GET", address, safe=True)).ok
            assert (await seam.call("POST", address, safe=False)).ok
            with pytest.raises(Ambiguous):
                await seam.call("POST", address, safe=False)
            await seam.aclose()
            await asyncio.gather(*connections)
        assert len(connections) == 3

    async def test_reads_share_a_connection_of_http_1(self) -> None:
        asked: list[bytes] = []
        connections = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            for _call in range(2):
                asked.append((await reader.readuntil(b"\r\n\r\n")).splitlines()[0])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}")
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            seam = Http("X")
            for number in range(2):
                await seam.call("GET", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{number}", safe=True)
            await seam.aclose()
        assert asked == [b"GET /0 HTTP/1.1", b"GET /1 HTTP/1.1"]
        assert connections == 1

    async def test_the_request_id_is_in_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        answer = httpx.Response(500, headers={"x-request-id": "abc-123", "x-secret": "hidden-value"})
        transport = httpx.MockTransport(lambda _request: answer)
        await Http("X", transport=transport).call("GET", URL, safe=True)
        assert "id abc-123" in caplog.text
        assert "hidden-value" not in caplog.text

    async def test_the_proxy_of_the_environment_is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for name in ("http_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.delenv(name, raising=False)
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
            seam = Http("X")
            assert (await seam.call("GET", "http://social.example/api", safe=False)).ok
            await seam.aclose()
        assert asked[0].startswith(b"GET http://social.example/api HTTP/1.1")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("HTTP_PROXY", "gopher://proxy.example"),
            ("HTTP_PROXY", "http://proxy.example:port"),
            ("ALL_PROXY", "socks5://127.0.0.1:1"),
            ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ],
    )
    async def test_unusable_settings_are_named(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        """Nothing was sent, so an unsafe call is as transient as a safe one."""
        for other in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
            monkeypatch.delenv(other, raising=False)
        monkeypatch.setenv(name, value)
        with pytest.raises(Transient) as caught:
            await Http("X").call("POST", "http://social.example/api", safe=False)
        assert name in caught.value.hint


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refused(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(
        status,
        json={"error": "It is\x1b[31m so"},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


class TestAnswers:
    @pytest.mark.parametrize(
        ("status", "safe_kind", "unsafe_kind"),
        [
            (301, Rejected, Rejected),
            (303, Rejected, Ambiguous),
            (400, Rejected, Rejected),
            (401, AuthExpired, AuthExpired),
            (403, Forbidden, Forbidden),
            (404, NotFound, NotFound),
            (405, Unsupported, Unsupported),
            (408, Transient, Ambiguous),
            (409, Transient, Ambiguous),
            (410, NotFound, NotFound),
            (413, Rejected, Rejected),
            (418, Rejected, Rejected),
            (422, Rejected, Rejected),
            (429, RateLimited, RateLimited),
            (500, Transient, Ambiguous),
            (502, Transient, Ambiguous),
            (503, Transient, Ambiguous),
            (504, Transient, Ambiguous),
            (599, Transient, Ambiguous),
        ],
    )
    async def test_every_status_has_its_kind(
        self, status: int, safe_kind: type[NetworkError], unsafe_kind: type[NetworkError]
    ) -> None:
        for safe, kind in ((True, safe_kind), (False, unsafe_kind)):
            error = await failure(Server().on("POST /api", refused(status)), safe=safe)
            assert type(error) is kind
            assert error.status == status
            assert error.hint
            assert "\x1b" not in error.message

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b'{"id": "1', "application/json"),
            (b"", "application/json"),
            (b"[" * 100_000, "application/json"),
            (b"\xff\xfe\x00", "application/json"),
            (b"OK", "text/plain"),
            (b'{"no": "id"}', "application/json"),
            (b"[]", "application/json"),
            (b"null", "application/json"),
            (b'{"id": true}', "application/json"),
            (b'{"id": ""}', "application/json"),
            (b'{"id": {"deep": 1}}', "application/json"),
            (b"<html>hello", "text/html"),
        ],
    )
    async def test_an_unreadable_success(self, content: bytes, kind: str) -> None:
        answer = httpx.Response(200, content=content, headers={"content-type": kind})
        assert isinstance(await failure(Server().on("POST /api", answer), safe=True), Transient)
        assert isinstance(await failure(Server().on("POST /api", answer), safe=False), Ambiguous)

    @pytest.mark.parametrize("status", [200, 404])
    async def test_a_web_page(self, status: int) -> None:
        page = httpx.Response(status, html="<!DOCTYPE html><title>Welcome</title>")
        error = await failure(Server().on("POST /api", page), safe=True)
        assert error.message == (
            "social.example answered with a web page, not with Mastodon's API: is the address right?"
        )

    async def test_numbers_may_come_as_ids(self) -> None:
        answer = await http(Server().on("GET /api", {"id": 12, "unknown": [1]})).call("GET", URL, safe=True)
        seam = http(Server())
        assert seam.parsed(answer, lambda value: shape.an_id(value, "id"), safe=True) == "12"

    async def test_a_redirect_is_not_followed(self) -> None:
        away = httpx.Response(302, headers={"location": "https://evil.example/api"})
        server = Server().on("POST /api", away)
        error = await failure(server, safe=False)
        assert isinstance(error, Rejected)
        assert "evil.example" in error.message
        assert error.field == "server"
        assert [request.url.host for request in server.requests] == ["social.example"]


class TestWaiting:
    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, None),
            ({"retry-after": "17"}, 17),
            ({"retry-after": "Thu, 09 Oct 2025 08:54:20 GMT"}, 60),
            ({"retry-after": "soon"}, None),
            ({"retry-after": "-5"}, None),
            ({"retry-after": "9" * 400}, 7 * 24 * 3600),
            ({"x-ratelimit-reset": "2025-10-09T08:55:20.000Z"}, 120),
            ({"x-ratelimit-reset": "2025-10-09T08:55:20.000000"}, 120),
            ({"x-ratelimit-reset": "2025-10-09T08:00:00Z"}, 1),
            ({"x-ratelimit-reset": str(NOW // 1000 + 30)}, 30),
            ({"x-ratelimit-reset": "never"}, None),
            ({"x-ratelimit-reset": "2025-10-09T08:55:20Z", "retry-after": "300"}, 300),
            ({"x-ratelimit-reset": "2025-10-09T08:55:20Z", "retry-after": "3"}, 120),
            # The server's clock is an hour ahead of ours, which its Date tells.
            ({"x-ratelimit-reset": "2025-10-09T09:54:00Z", "date": "Thu, 09 Oct 2025 09:53:20 GMT"}, 40),
        ],
    )
    async def test_the_longest_wait_counts(self, headers: dict[str, str], seconds: float | None) -> None:
        error = await failure(Server().on("POST /api", refused(429, **headers)), safe=False)
        assert isinstance(error, RateLimited)
        assert error.retry_after == seconds

    async def test_an_overloaded_server_is_given_its_time(self) -> None:
        """As GoToSocial does; for an unsafe call a 503 stays ambiguous, since a proxy may have said it."""
        overloaded = refused(503, retry_after="30")
        error = await failure(Server().on("POST /api", overloaded), safe=True)
        assert isinstance(error, RateLimited)
        assert error.retry_after == 30
        assert isinstance(await failure(Server().on("POST /api", overloaded), safe=False), Ambiguous)


def test_certificates_of_the_environment_are_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from smm_tui.networks import http as seam

    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with pytest.raises(ssl.SSLError):  # an empty bundle: it was read, and nothing else was
        seam._certificates(str(bundle), None)


def test_an_answer_knows_web_pages() -> None:
    assert Answer(200, {"content-type": "text/html; charset=utf-8"}, b"", "x").is_html
    assert Answer(200, {}, b"\n <!doctype html>", "x").is_html
    assert not Answer(200, {"content-type": "application/json"}, b"{}", "x").is_html
