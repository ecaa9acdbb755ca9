"""What the sandbox's tests share: a clock, callers of both faces without a client, small files."""

from __future__ import annotations

import io
import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from smm_tui.sandbox import exchange
from smm_tui.sandbox.http import Request, Response, with_query
from smm_tui.sandbox.seed import BlueskyLogin, MastodonLogin
from smm_tui.sandbox.world import World

START = 1_760_000_000_000  # 2025-10-09T08:53:20Z
POST = "app.bsky.feed.post"
TID = "3l3qo2vuowo2b"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08moov"


class ManualClock:
    """Time that moves only when told, in milliseconds."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


def png(width: int = 4, height: int = 3, colour: str = "red") -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def send(world: World, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
    """One call through the world's faults, without a client."""
    return exchange.answer(world, exchange.receive(world, Request.of(method, url, headers, body)))


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]]) -> tuple[str, bytes]:
    """Content type and body of a form with files {name: (filename, bytes, type)}."""
    boundary = "x-boundary-x"
    body = b""
    for name, text in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
    for name, (filename, data, mime) in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        body += head.encode() + f"Content-Type: {mime}\r\n\r\n".encode() + data + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


@dataclass
class MastodonCaller:
    """Calls one Mastodon API server as one account."""

    world: World
    login: MastodonLogin
    token: str | None = None

    def __call__(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        key: str = "",
        body: bytes = b"",
        kind: str = "",
    ) -> Response:
        token = self.login.token if self.token is None else self.token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if json is not None:
            body, kind = jsonlib.dumps(json).encode(), "application/json"
        if form is not None:
            body, kind = urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded"
        headers |= {"idempotency-key": key} if key else {}
        headers |= {"content-type": kind} if kind else {}
        return send(self.world, method, self.login.server + path, headers, body)

    def post(self, text: str, key: str = "", **more: Any) -> Response:
        return self("POST", "/api/v1/statuses", json={"status": text, **more}, key=key)

    def upload(self, data: bytes, mime: str = "image/png", **fields: str) -> Response:
        kind, body = multipart(fields, {"file": ("file.bin", data, mime)})
        return self("POST", "/api/v2/media", body=body, kind=kind)

    @property
    def statuses(self) -> str:
        return f"/api/v1/accounts/{self.login.account.remote_id}/statuses"


@dataclass
class BlueskyCaller:
    """Calls a PDS as one account."""

    world: World
    login: BlueskyLogin
    session: dict[str, Any] = field(default_factory=dict)

    def log_in(self) -> BlueskyCaller:
        credentials = {"identifier": self.login.handle, "password": self.login.app_password}
        self.session = self.procedure("com.atproto.server.createSession", credentials, token="").json()
        return self

    def procedure(
        self, nsid: str, json: Any = None, *, token: str | None = None, body: bytes = b"", kind: str = ""
    ) -> Response:
        if json is not None:
            body, kind = jsonlib.dumps(json).encode(), "application/json"
        headers = self._headers(token) | ({"content-type": kind} if kind else {})
        return send(self.world, "POST", f"{self.login.server}/xrpc/{nsid}", headers, body)

    def query(self, nsid: str, *, token: str | None = None, **arguments: Any) -> Response:
        url = with_query(f"{self.login.server}/xrpc/{nsid}", arguments)
        return send(self.world, "GET", url, self._headers(token), b"")

    def _headers(self, token: str | None) -> dict[str, str]:
        value = self.session.get("accessJwt", "") if token is None else token
        return {"authorization": f"Bearer {value}"} if value else {}

    def record(self, text: str = "Hello", **more: Any) -> dict[str, Any]:
        return {"$type": POST, "text": text, "createdAt": "2025-10-09T08:53:20.000Z", **more}

    def put(self, record: dict[str, Any], rkey: str = TID, **more: Any) -> Response:
        body = {"repo": self.login.did, "collection": POST, "rkey": rkey, "record": record, **more}
        return self.procedure("com.atproto.repo.putRecord", body)

    def create(self, record: dict[str, Any], **more: Any) -> Response:
        body = {"repo": self.login.did, "collection": POST, "record": record, **more}
        return self.procedure("com.atproto.repo.createRecord", body)

    def get(self, rkey: str = TID, **more: Any) -> Response:
        return self.query("com.atproto.repo.getRecord", repo=self.login.did, collection=POST, rkey=rkey, **more)

    def delete(self, rkey: str = TID, **more: Any) -> Response:
        body = {"repo": self.login.did, "collection": POST, "rkey": rkey, **more}
        return self.procedure("com.atproto.repo.deleteRecord", body)

    def upload(self, data: bytes, kind: str = "image/png") -> Response:
        return self.procedure("com.atproto.repo.uploadBlob", body=data, kind=kind)
