"""A place of the user's own on the web, for networks that fetch media themselves instead of taking their bytes.

The place is a WebDAV folder whose files anybody can read at another address: a Nextcloud share, a web server, a
storage box. All of it, password included, is one secret. WebDAV speaks to more hosts that small clients already have
than S3 does, and its library needs nothing but httpx.
"""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, TypeVar

import httpx

from smm_tui.domain.errors import Forbidden, NetworkError, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.address import host
from smm_tui.networks.http import Http
from smm_tui.networks.ports import MediaFile, SecretSlot

if TYPE_CHECKING:
    from webdav4.client import Client

T = TypeVar("T")
TIMEOUT = 60.0  # seconds without a byte
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """A WebDAV folder and the address at which its files are public, both without a slash at the end."""

    address: str
    public: str
    user: str = ""
    password: str = field(default="", repr=False)


class PublicMedia:
    """Files in that place. `transport` replaces the real network (the sandbox's)."""

    def __init__(self, slot: SecretSlot, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._slot = slot
        self._transport = transport

    async def target(self) -> Target | None:
        """Where it is; None when no place was named."""
        values = await asyncio.to_thread(self._slot.read) or {}
        if not values.get("address") or not values.get("public"):
            return None
        return Target(values["address"], values["public"], values.get("user", ""), values.get("password", ""))

    async def put(self, name: str, file: MediaFile) -> str:
        """Make a file public under a name; its address. Again the same is harmless."""
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            return await self._put(await self._known(), name, handle)

    async def remove(self, name: str) -> None:
        """Take a file away again; already gone is success, and so is a place that no longer answers.

        What it served for is done by then, and nothing may fail for the sake of tidiness.
        """
        from webdav4.client import ResourceNotFound

        def gone(client: Client) -> None:
            try:
                client.remove(name)
            except ResourceNotFound:
                log.debug("%s is gone already", name)

        try:
            await self._call(await self._known(), gone)
        except NetworkError as error:
            log.warning("%s was not removed from the public media: %s", name, error.message)

    async def check(self) -> str:
        """Write a file, read it as anybody could, and take it away; the address it had.

        Raises what fails of it, and Rejected (field ``public``) when what is public is not what was written.
        """
        target = await self._known()
        name, content = f"smm-tui-check-{secrets.token_hex(8)}.txt", secrets.token_hex(16).encode()
        try:
            url = await self._put(target, name, io.BytesIO(content))
            http = Http(_("the public media"), transport=self._transport)
            try:
                answer = await http.call("GET", url, safe=True)
            finally:
                await http.aclose()
        finally:
            await self.remove(name)
        if not answer.ok or answer.body != content:
            raise Rejected(
                _("{url} does not show what was written to {address}.").format(url=url, address=target.address),
                _("Give the address at which anybody can read the files of that folder, without logging in."),
                status=answer.status,
                field="public",
            )
        return url

    async def _known(self) -> Target:
        target = await self.target()
        if target is None:
            raise Unsupported(
                _("There is no public place for media."),
                _("Name one with `smm-tui media target set`: a WebDAV folder whose files anybody can read."),
            )
        return target

    async def _put(self, target: Target, name: str, handle: IO[bytes]) -> str:
        await self._call(target, lambda client: client.upload_fileobj(handle, name, overwrite=True))
        return f"{target.public}/{name}"

    async def _call(self, target: Target, call: Callable[[Client], T]) -> T:
        """What a call gives, made on a thread; its failures are ours."""
        return await asyncio.to_thread(self._called, target, call)

    def _called(self, target: Target, call: Callable[[Client], T]) -> T:
        from webdav4.client import Client, ClientError, HTTPError, InsufficientStorage, ResourceNotFound

        where = host(target.address)
        auth = (target.user, target.password) if target.user else None
        transport = None if self._transport is None else _Bridge(self._transport)
        try:
            client = Client(target.address, auth=auth, retry=False, timeout=TIMEOUT, transport=transport)
            with client.http:
                return call(client)
        except InsufficientStorage:
            raise Rejected(
                _("{host} has no room left for public media.").format(host=where),
                _("Make room there."),
                status=507,
                field="media",
            ) from None
        except ResourceNotFound:
            raise Rejected(
                _("{host} has no such folder for public media.").format(host=where),
                _("Make the folder there, or name another with `smm-tui media target set`."),
                status=404,
                field="address",
            ) from None
        except HTTPError as error:
            status: int = error.status_code
            if status in (401, 403):
                raise Forbidden(
                    _("{host} does not let this program put public media there.").format(host=where),
                    _("Give the right name and password with `smm-tui media target set`."),
                    status=status,
                ) from None
            if status >= 500 or status in (408, 423, 425, 429):
                raise _unanswered(where, status) from None
            raise Rejected(
                _("{host} refused a public media file with status {status}.").format(host=where, status=status),
                _("Check it with `smm-tui media target check`."),
                status=status,
                field="address",
            ) from None
        except (ClientError, httpx.HTTPError, httpx.InvalidURL, OSError):
            raise _unanswered(where, 0) from None


def _unanswered(where: str, status: int) -> Transient:
    return Transient(
        _("{host} does not take public media now.").format(host=where),
        _("It is tried again by itself; check it with `smm-tui media target check`."),
        status=status,
    )


class _Bridge(httpx.BaseTransport):
    """An asynchronous transport for a client that blocks, on a thread without an event loop of its own."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        response = asyncio.run(self._handed_on(request))
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    async def _handed_on(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        await response.aread()
        return response
