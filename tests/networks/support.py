"""What the tests of the clients share: secrets in memory, servers in a function, pictures."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.publisher import BlueskyPublisher
from smm_tui.networks.mastodon.client import MastodonClient
from smm_tui.networks.mastodon.publisher import MastodonPublisher
from smm_tui.networks.ports import Account, MediaFile

MASTODON = "https://social.example"
BLUESKY = "https://bsky.example"
TOKEN = "mastodon-secret-token"
PASSWORD = "abcd-efgh-secret-pass"
NOW = 1_760_000_000_000

MASTODON_INSTANCE = {
    "domain": "social.example",
    "version": "4.5.3",
    "source_url": "https://github.com/mastodon/mastodon",
    "api_versions": {"mastodon": 7},
    "configuration": {
        "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        "media_attachments": {"description_limit": 1500, "supported_mime_types": ["image/png", "image/jpeg"]},
    },
}

Handler = Callable[[httpx.Request], httpx.Response]


class MemorySlot:
    """A secret in memory, with a real lock; `history` is all that was ever written."""

    def __init__(self, values: Mapping[str, str] | None) -> None:
        self.values = dict(values) if values is not None else None
        self.history: list[dict[str, str]] = []
        self.held = 0
        self._lock = threading.Lock()

    def read(self) -> dict[str, str] | None:
        return dict(self.values) if self.values is not None else None

    def write(self, values: Mapping[str, str]) -> None:
        assert self._lock.locked(), "a session is only written under its lock"
        self.values = dict(values)
        self.history.append(dict(values))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._lock:
            self.held += 1
            yield


class Server:
    """Answers by method and path; remembers the requests. A list of answers is used up, its last one stays."""

    def __init__(self, **routes: Any) -> None:
        self.routes: dict[str, Any] = routes
        self.requests: list[httpx.Request] = []

    def on(self, route: str, *answers: Any) -> Server:
        self.routes[route] = list(answers)
        return self

    def seen(self, route: str) -> list[httpx.Request]:
        return [request for request in self.requests if _route(request) == route]

    def body(self, route: str, index: int = -1) -> Any:
        return json.loads(self.seen(route)[index].content)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        answers = self.routes.get(_route(request))
        if not answers:
            return httpx.Response(404, json={"error": "Record not found"})
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):  # a fresh one each time: a response is read once
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return httpx.Response(200, json=answer)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def _route(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


def clock() -> int:
    return NOW


class Pauses:
    """Stands for waiting; `total` is what would have been waited (s)."""

    def __init__(self) -> None:
        self.total = 0.0

    async def __call__(self, seconds: float) -> None:
        self.total += seconds


def mastodon(server: Server, **more: Any) -> MastodonPublisher:
    return mastodon_client(server, **more).publisher


def mastodon_client(
    server: Server, *, software: str = "mastodon", slot: MemorySlot | None = None, **more: Any
) -> MastodonClient:
    account = Account(
        network="mastodon",
        server=MASTODON,
        handle="@ann@social.example",
        remote_id="7",
        facts={"software": software},
    )
    around = Surroundings(server.transport, clock=clock, **{"pause": Pauses(), **more})
    return MastodonClient(account, slot or MemorySlot({"token": TOKEN}), around)


def session(number: int = 1, **more: Any) -> dict[str, Any]:
    """What createSession and refreshSession answer."""
    return {
        "accessJwt": f"secret-access-{number}",
        "refreshJwt": f"secret-refresh-{number}",
        "did": "did:plc:ann",
        "handle": "ann.bsky.example",
        **more,
    }


def session_values(number: int = 1) -> dict[str, str]:
    """A stored session."""
    return {
        "app_password": PASSWORD,
        "access_jwt": f"secret-access-{number}",
        "refresh_jwt": f"secret-refresh-{number}",
        "did": "did:plc:ann",
        "handle": "ann.bsky.example",
        "pds": BLUESKY,
    }


def bluesky(server: Server, slot: MemorySlot | None = None) -> BlueskyPublisher:
    account = Account(network="bluesky", server=BLUESKY, handle="@ann.bsky.example")
    around = Surroundings(server.transport, clock=clock)
    return BlueskyPublisher(BlueskyApi(account, slot or MemorySlot(session_values()), around))


def xrpc_error(name: str, message: str = "", status: int = 400, **headers: str) -> httpx.Response:
    return httpx.Response(
        status,
        json={"error": name, "message": message or name},
        headers={key.replace("_", "-"): value for key, value in headers.items()},
    )


def picture(
    folder: Path,
    kind: str = "PNG",
    size: tuple[int, int] = (6, 4),
    *,
    alt: str = "",
    name: str = "picture",
    exif: Mapping[int, Any] | None = None,
    **options: Any,
) -> MediaFile:
    image = Image.new("RGB", size, "peru")
    tags = image.getexif()
    tags.update(exif or {})
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=tags, **options)
    return media_file(folder, f"{name}.{kind.lower()}", buffer.getvalue(), f"image/{kind.lower()}", alt=alt)


def media_file(folder: Path, name: str, data: bytes, mime: str, *, alt: str = "") -> MediaFile:
    path = folder / name
    path.write_bytes(data)
    return MediaFile(path=path, sha256=hashlib.sha256(data).hexdigest(), mime=mime, size=len(data), alt=alt)
