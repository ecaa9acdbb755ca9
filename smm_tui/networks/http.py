"""The one seam through which requests leave this machine.

Every failure of the transport is mapped here, once, by one question: could the request have been executed?

* A *safe* call (a read, a repeatable upload or delete) harms nobody when it is repeated: its failures are Transient.
* An *unsafe* call that never got a connection was not executed: Transient. Anything after that, be it a time-out, a
  reset or an answer nobody can read, is Ambiguous. It always opens a connection of its own, for a kept one which the
  server closed meanwhile cannot be told from a request that was lost half-way.

Redirects are never followed, so a token never reaches another host. Proxies and certificates come from the
environment (``HTTPS_PROXY``, ``NO_PROXY``, ``SSL_CERT_FILE``, ``SSL_CERT_DIR``). The debug log carries names of
headers and paths, never values.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any, NamedTuple, TypeVar

import httpx

from smm_tui import __version__
from smm_tui.domain.clock import Clock, system_clock
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
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.networks import waits
from smm_tui.networks.address import host
from smm_tui.networks.pace import Pace
from smm_tui.networks.shape import WrongShape

T = TypeVar("T")

ANSWER_LIMIT = 8 * 1024 * 1024  # bytes: no answer we ask for comes near
SLOWEST_UPLOAD = 32 * 1024  # bytes/s a call's deadline allows for its body
REQUEST_IDS = ("x-request-id", "x-fb-trace-id", "x-fb-request-id", "x-trace-id", "cf-ray")
REASON_LENGTH = 300  # characters of a server's own words that are shown

log = logging.getLogger(__name__)
for _noisy in ("httpx", "httpcore"):  # they log whole URLs and headers; this module logs what is fit to keep
    logging.getLogger(_noisy).setLevel(logging.WARNING)

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Timeouts(NamedTuple):
    """Seconds. `whole` bounds a call from connecting to the last byte; a large body extends it by its size."""

    connect: float = 10
    read: float = 30
    write: float = 30
    pool: float = 10
    whole: float = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whatever its status."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    host: str

    @property
    def ok(self) -> bool:
        """Whether the server says it did what it was asked."""
        return 200 <= self.status < 300

    @property
    def is_html(self) -> bool:
        """Whether this is a web page: a proxy, a login portal or another program is speaking."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.body.lstrip()[:15].lower().startswith((b"<!doctype", b"<html"))

    @property
    def is_damaged(self) -> bool:
        """Whether this was meant to be JSON and is not."""
        try:
            json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            return "json" in self.headers.get("content-type", "").lower()
        return False

    def error_body(self) -> dict[str, Any]:
        """The JSON object of a refusal, empty when there is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


class Http:
    """Requests to one network's servers for one account."""

    def __init__(
        self,
        title: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeouts: Timeouts | None = None,
        clock: Clock = system_clock,
        pace: Pace | None = None,
    ) -> None:
        self.title = title
        self.clock = clock
        self._pace = pace
        self._timeouts = timeouts or Timeouts()
        self._transport = transport
        self._clients: dict[bool, httpx.AsyncClient] = {}

    async def call(
        self,
        method: str,
        url: str,
        *,
        safe: bool,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, IO[bytes], str]] | None = None,
        size: int = 0,
        hidden: str = "",
    ) -> Answer:
        """One request and its whole answer.

        `body` goes as JSON, `content` as it is, `form` and `files` (name, handle, MIME type by field) as multipart.
        `size` is what the deadline must allow for, `hidden` a secret in the URL that the log must not show. Raises
        Transient or Ambiguous when no answer came, as the module says, and RateLimited when it is too early to ask.
        """
        sent = {"accept": "application/json", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {_fit_for_header(token)}"
        if body is not None:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            sent["content-type"] = "application/json"
        where = host(url)
        if self._pace is not None:
            await self._pace.before(method, url)
        started = self.clock()
        try:
            client = self._client(safe)
            request = client.build_request(
                method,
                url,
                headers=sent,
                params=params,
                content=content,
                data=form,
                files=files,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            log.debug("%s %s not tried: %s", method, where, type(error).__name__)
            raise Transient(
                _("Cannot connect to {host}: {why}.").format(
                    host=where, why=_("a setting of this machine cannot be used")
                ),
                _("Look at HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR."),
            ) from None
        try:
            async with asyncio.timeout(self._timeouts.whole + size / SLOWEST_UPLOAD):
                response = await client.send(request, stream=True)
                try:
                    answer = Answer(response.status_code, _plain(response.headers), await _read(response), where)
                finally:
                    await response.aclose()
        except _NOT_SENT as error:
            log.debug("%s %s not connected: %s", method, where, type(error).__name__)
            raise Transient(
                _("Cannot connect to {host}: {why}.").format(host=where, why=_why(error)),
                _("Check the address and your connection; it is tried again by itself."),
            ) from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, _TooLarge) as error:
            log.debug("%s %s failed: %s", method, where, type(error).__name__)
            raise self.broken(where, _why(error), safe=safe) from None
        log.debug(
            "%s %s%s -> %s, %s bytes, %s ms%s; sent %s; got %s",
            method,
            where,
            request.url.path.replace(hidden, "***") if hidden else request.url.path,
            answer.status,
            len(answer.body),
            self.clock() - started,
            _request_id(answer.headers),
            ",".join(sorted(sent)),
            ",".join(sorted(answer.headers)),
        )
        if self._pace is not None:
            wait = (self.wait_of(answer) or 60.0) if answer.status == 429 else None
            await self._pace.after(method, url, answer.headers, wait)
        return answer

    async def hear(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        told: Callable[[bytes], bool] = lambda _body: False,
        hidden: str = "",
    ) -> Answer | None:
        """A safe call that the server keeps open until it has something to say; None when it had nothing.

        The call ends with the answer, when `told` finds what it waits for in what came so far, or after `seconds`.
        """
        sent = {"accept": "application/json", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {_fit_for_header(token)}"
        where = host(url)
        patience = httpx.Timeout(self._timeouts.connect, read=seconds, pool=seconds)
        try:
            client = self._client(True)
            request = client.build_request(method, url, headers=sent, params=params, json=body, timeout=patience)
            async with asyncio.timeout(seconds):
                response = await client.send(request, stream=True)
                try:
                    said = bytearray()
                    async for chunk in response.aiter_bytes():
                        said += chunk
                        if len(said) > ANSWER_LIMIT:
                            raise _TooLarge
                        if response.is_success and told(bytes(said)):
                            break
                    answer = Answer(response.status_code, _plain(response.headers), bytes(said), where)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.ReadTimeout):
            return None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, _TooLarge) as error:
            log.debug("%s %s not heard: %s", method, where, type(error).__name__)
            raise self.broken(where, _why(error), safe=True) from None
        path = request.url.path.replace(hidden, "***") if hidden else request.url.path
        log.debug("%s %s%s heard %s, %s bytes", method, where, path, answer.status, len(answer.body))
        return answer

    def parsed(self, answer: Answer, read: Callable[[Any], T], *, safe: bool) -> T:
        """What `read` makes of the JSON of a 2xx answer; unusable ones are Transient or Ambiguous."""
        try:
            return read(json.loads(answer.body))
        except (ValueError, RecursionError):
            if answer.is_damaged or not answer.body:
                damaged = _("the answer is damaged")
                raise self.broken(answer.host, damaged, safe=safe, status=answer.status) from None
            raise self.foreign(answer, safe=safe) from None
        except WrongShape as error:
            if safe:
                raise
            raise Ambiguous(
                error.message,
                _("It may have gone out: the account is read back before anything else."),
                status=answer.status,
            ) from None

    def ensure_done(self, answer: Answer) -> None:
        """Transient when a 2xx whose content does not matter is a web page, or broke off: somebody else may have
        spoken, and it may not have been done. For calls that may be repeated."""
        if answer.body.strip() and answer.is_html:
            raise self.foreign(answer, safe=True)
        if answer.is_damaged:
            raise self.broken(answer.host, _("the answer is damaged"), safe=True, status=answer.status)

    def broken(self, where: str, why: str, *, safe: bool, status: int = 0) -> NetworkError:
        """The failure of a call that reached the server."""
        if safe:
            return Transient(
                _("{host} did not answer properly: {why}.").format(host=where, why=why),
                _("It is tried again by itself."),
                status=status,
            )
        return Ambiguous(
            _("{host} broke off after the request was sent: {why}.").format(host=where, why=why),
            _("It may have gone out: the account is read back before anything else."),
            status=status,
        )

    def foreign(self, answer: Answer, *, safe: bool) -> NetworkError:
        """The failure of a call that met something other than this network's API, mostly a web page."""
        kind = NotTheApi if safe else Ambiguous
        return kind(
            self._what_answered(answer),
            _("Check the server's address; a proxy or a login page on the way can answer like this too."),
            status=answer.status,
        )

    def _what_answered(self, answer: Answer) -> str:
        sentence = (
            _("{host} answered with a web page, not with {network}'s API: is the address right?")
            if answer.is_html
            else _("{host} answered with something that is not {network}'s API: is the address right?")
        )
        return sentence.format(host=answer.host, network=self.title)

    def refusal(
        self, answer: Answer, reason: str, *, safe: bool, field: str = "", wait: float | None = None
    ) -> NetworkError:
        """The error of a non-2xx answer by its status alone; `reason` is the server's text, `wait` its seconds."""
        said = quoted(reason)
        status = answer.status
        names = {"host": answer.host, "network": self.title, "status": status, "reason": said or str(status)}
        if status == 429:
            return RateLimited(
                _("{host} asks to wait: too many calls.").format(**names),
                _("It goes on by itself when the server allows it."),
                status=status,
                retry_after=wait,
            )
        if status == 401:
            return AuthExpired(
                _("{host} no longer takes this account's token: {reason}").format(**names),
                _("Make a new one on the network's site and give it to this account."),
                status=status,
            )
        if (status >= 500 and status != 501) or status in (408, 409, 425):
            if safe and wait is not None:
                return RateLimited(
                    _("{host} is overloaded and asks to wait.").format(**names), status=status, retry_after=wait
                )
            return self.broken(answer.host, _("status {status}, {reason}").format(**names), safe=safe, status=status)
        if answer.is_damaged:  # why it was refused cannot be read, and might have been something that passes
            return self.broken(answer.host, _("the answer is damaged"), safe=safe, status=status)
        if 300 <= status < 400:
            return self._redirected(answer, safe=safe)
        if answer.is_html and status != 413:
            return Rejected(
                self._what_answered(answer),
                _("Check the server's address (it answered with status {status}).").format(**names),
                status=status,
                field="server",
            )
        if status == 403:
            return Forbidden(
                _("{host} does not let this account do that: {reason}").format(**names),
                _("The token may lack a right, or the account is restricted; run a check of the account."),
                status=status,
            )
        if status in (404, 410):
            return NotFound(
                _("{host} does not have it: {reason}").format(**names),
                _("It was deleted, or this account may not see it."),
                status=status,
            )
        if status in (405, 501):
            return Unsupported(
                _("{host} cannot do that: {reason}").format(**names),
                _("This server does not know the call."),
                status=status,
            )
        if status == 413:
            return Rejected(
                _("{host} refused the file or text as too large: {reason}").format(**names),
                _("Use a smaller file."),
                status=status,
                reason=said,
                field="media",
            )
        return Rejected(
            _("{host} refused it: {reason}").format(**names),
            _("Change what it names, then send it again."),
            status=status,
            reason=said,
            field=field,
        )

    def wait_of(self, answer: Answer, *resets: str) -> float | None:
        """Seconds until a refused call may be repeated: the longest of Retry-After and the `resets` headers.

        A reset is a Unix time or an ISO time, measured against the server's own clock (``Date``) where it tells it.
        """
        date = waits.http_date(answer.headers.get("date", ""))
        now = self.clock() / 1000 if date is None else date
        told = [waits.retry_after(answer.headers.get("retry-after", ""), now)]
        told += [waits.reset(answer.headers.get(name, ""), now) for name in resets]
        known = [wait for wait in told if wait is not None]
        return max(1.0, max(known)) if known else None

    async def aclose(self) -> None:
        """Close the connections; a transport that was given belongs to its giver."""
        for client in self._clients.values() if self._transport is None else ():
            await client.aclose()
        self._clients.clear()

    def _redirected(self, answer: Answer, *, safe: bool) -> NetworkError:
        if answer.status == 303 and not safe:  # "see other" is what a server says after doing it
            return self.broken(answer.host, _("an undocumented redirect"), safe=False, status=303)
        target = host(answer.headers.get("location", ""))
        return Rejected(
            _("{host} sends elsewhere: {target}").format(host=answer.host, target=quoted(target) or "?"),
            _("Redirects are not followed, to keep the token safe. Give the right server address."),
            status=answer.status,
            field="server",
        )

    def _client(self, keep: bool) -> httpx.AsyncClient:
        """The client for safe calls (keeps connections) or for unsafe ones (a fresh one each)."""
        client = self._clients.get(keep)
        if client is None:
            times = self._timeouts
            client = self._clients[keep] = httpx.AsyncClient(
                headers={"user-agent": f"smm-tui/{__version__}"},
                timeout=httpx.Timeout(connect=times.connect, read=times.read, write=times.write, pool=times.pool),
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4 if keep else 0),
                transport=self._transport,
                verify=self._transport is not None
                or _certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
                follow_redirects=False,
                trust_env=True,
            )
        return client


class NotTheApi(Transient):
    """No JSON where JSON was due: a check reports a wrong address, other calls try again."""


class _TooLarge(Exception):
    """An answer beyond ANSWER_LIMIT."""


def quoted(reason: str) -> str:
    """A server's own words: inert, on one line, of bounded length."""
    line = " ".join(inert(reason[: 4 * REASON_LENGTH]).split())
    return line if len(line) <= REASON_LENGTH else line[: REASON_LENGTH - 1] + "…"


async def _read(response: httpx.Response) -> bytes:
    """The whole body, cut off with _TooLarge as soon as it passes the limit."""
    declared = response.headers.get("content-length", "")
    if len(declared) < 20 and declared.isdecimal() and int(declared) > ANSWER_LIMIT:
        raise _TooLarge
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            raise _TooLarge
    return bytes(body)


def _request_id(headers: Mapping[str, str]) -> str:
    """What a server's own people find a call by, where it tells."""
    known = next((headers[name] for name in REQUEST_IDS if headers.get(name)), "")
    return f", id {quoted(known[:80])}" if known else ""


def _plain(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _fit_for_header(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise AuthExpired(
            _("The stored token holds characters that no token has."),
            _("Copy it again from the network's site, without quotes or line breaks."),
        )
    return token


@lru_cache(maxsize=2)
def _certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The certificates to trust; loading them takes tens of milliseconds, so all accounts share them."""
    return httpx.create_ssl_context(trust_env=bool(file or folder))


def _why(error: BaseException) -> str:
    """What went wrong, in words; the exception's own text may quote the request, so only its type counts."""
    if isinstance(error, _TooLarge):
        return _("the answer is too large")
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return _("the name is not known (DNS)")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _("its certificate is not trusted")
        if isinstance(cause, ConnectionRefusedError):
            return _("connection refused")
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return _("it took too long")
    if isinstance(error, httpx.ProxyError):
        return _("the proxy refused")
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return _("the address is wrong")
    if isinstance(error, httpx.DecodingError):
        return _("the answer is damaged")
    return _("the connection broke")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
