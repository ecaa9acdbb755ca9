"""A WebDAV folder whose files anybody can read, as people keep for media that networks fetch."""

from __future__ import annotations

import base64
import binascii

from smm_tui.sandbox.files import sniff
from smm_tui.sandbox.http import Request, Response, html_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

FOLDER, PUBLIC = "/dav/", "/files/"


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    if request.path.startswith(PUBLIC):
        return _read(world, server, request.path.removeprefix(PUBLIC), request.method)
    owner = caller(world, server, request)
    if owner is None:
        refused = html_response("<html><body>401 Unauthorized</body></html>", 401)
        return refused.with_headers({"www-authenticate": 'Basic realm="files"'})
    name = request.path.removeprefix(FOLDER)
    if not request.path.startswith(FOLDER) or not name or "/" in name:
        return html_response("<html><body>409 Conflict</body></html>", 404 if request.method == "DELETE" else 409)
    if request.method == "PUT":
        known = world.media(owner, name)
        world.drop_media(owner, [name])
        world.add_media(owner, name, request.body, sniff(request.body) or "text/plain")
        return Response(204 if known else 201)
    if request.method == "DELETE":
        if world.media(owner, name) is None:
            return html_response("<html><body>404 Not Found</body></html>", 404)
        world.drop_media(owner, [name])
        return Response(204)
    return html_response("<html><body>405</body></html>", 405)


def _read(world: World, server: Server, name: str, method: str) -> Response:
    found = world.media_bytes(server.host, name)
    if found is None or method not in ("GET", "HEAD"):
        return html_response("<html><body>404 Not Found</body></html>", 404)
    return Response(200, {"content-type": found[0]}, found[1])


def public_file(world: World, url: str) -> bytes | None:
    """What anybody finds at an address of one of the world's WebDAV servers; None for nothing."""
    host, slash, name = url.removeprefix("https://").partition(PUBLIC)
    server = world.server(host)
    if not slash or server is None or server.network != "webdav":
        return None
    found = world.media_bytes(host, name)
    return found[1] if found is not None else None


def caller(world: World, server: Server, request: Request) -> Account | None:
    """Whose name and password a call shows."""
    scheme, _space, encoded = request.header("authorization").partition(" ")
    try:
        user, _colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    account = world.find_account(server.host, user) if scheme == "Basic" else None
    return account if account is not None and account.password == password else None


def carries_token(request: Request) -> bool:
    """Whether a call shows a password."""
    return bool(request.header("authorization"))


def settle(world: World, server: Server) -> None:
    """Nothing happens here by itself."""


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """The refusal of a caller who must come back after so many seconds."""
    wait = {} if seconds is None else {"retry-after": str(round(seconds))}
    return html_response("<html><body>429 Too Many Requests</body></html>", 429).with_headers(wait)


def server_error(status: int) -> Response:
    """A page, as web servers send."""
    return html_response(f"<html><body>{status}</body></html>", status)


def expired_token(server: Server) -> Response:
    """A password that is no longer taken."""
    return html_response("<html><body>401 Unauthorized</body></html>", 401)
