"""The Bluesky face and the official PDS give the same answers to the same calls."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.bluesky.call import write_jwt
from smm_tui.sandbox.server import serve
from smm_tui.sandbox.world import World
from tests.live.install import Unavailable
from tests.live.server import running_pds

from .support import POST, TID, png

pytestmark = [pytest.mark.live, pytest.mark.timeout(1200)]

NOBODY = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
OTHER_TID = "3l3qo2vuowo2c"
NEVER_UPLOADED = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyka"
CREATED = "2025-10-09T08:53:20.000Z"
# Members whose presence tells nothing: the sandbox leaves out what no client reads.
# `didDoc` is there or not by the operator's choice.
UNTOLD = {"contact", "links", "phoneVerificationRequired", "blobUploadLimit", "inviteCodeRequired"}
UNTOLD |= {"didDoc", "emailAuthFactor"}


class Person(Protocol):
    """An account and what opens it."""

    @property
    def did(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def app_password(self) -> str: ...
    @property
    def expired_access_token(self) -> str: ...


class Caller:
    """Makes calls on a PDS and keeps what can be compared of each answer."""

    def __init__(self, url: str, alice: Person, bob: Person) -> None:
        self.did, self.handle, self.app_password = alice.did, alice.handle, alice.app_password
        self.expired, self.other = alice.expired_access_token, bob.did
        self.http = httpx.Client(base_url=f"{url}/xrpc/", timeout=30)
        self.token = ""
        self.seen: list[tuple[str, object]] = []

    def call(
        self, what: str, nsid: str, body: Any = None, *, token: str | None = None, kind: str = "", **query: Any
    ) -> Any:
        value = self.token if token is None else token
        headers = {"authorization": f"Bearer {value}"} if value else {}
        if body is None:
            answer = self.http.get(nsid, params=query, headers=headers)
        elif isinstance(body, bytes):
            answer = self.http.post(nsid, content=body, headers=headers | {"content-type": kind or "image/png"})
        else:
            answer = self.http.post(nsid, json=body, headers=headers)
        found = answer.json() if answer.content else {}
        told: dict[str, Any] = {"status": answer.status_code, "members": sorted(set(found) - UNTOLD)}
        told |= {name: found[name] for name in ("error", "cid", "validationStatus", "blob") if name in found}
        message = found.get("message", "").replace(self.did, "DID")
        told["message"] = re.sub(r"Commit was at \S+", "Commit was at CID", message)
        self.seen.append((what, told))
        return found

    def put(self, what: str, record: dict[str, Any], rkey: str = TID, **more: Any) -> Any:
        body = {"repo": self.did, "collection": POST, "rkey": rkey, "record": record, **more}
        return self.call(f"put {what}", "com.atproto.repo.putRecord", body)

    def create(self, what: str, record: dict[str, Any], **more: Any) -> Any:
        body = {"repo": self.did, "collection": POST, "record": record, **more}
        return self.call(f"create {what}", "com.atproto.repo.createRecord", body)

    def delete(self, what: str, rkey: str = TID, **more: Any) -> Any:
        body = {"repo": self.did, "collection": POST, "rkey": rkey, **more}
        return self.call(f"delete {what}", "com.atproto.repo.deleteRecord", body)

    def get(self, what: str, rkey: str = TID, **more: Any) -> Any:
        return self.call(
            f"get {what}", "com.atproto.repo.getRecord", repo=self.did, collection=POST, rkey=rkey, **more
        )


def record(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": CREATED, **more}


def walk(caller: Caller) -> None:
    """Everything that a publishing client may meet."""
    sessions(caller)
    writes(caller)
    blobs(caller)
    refused_records(caller)
    batches(caller)
    leave(caller)


def sessions(caller: Caller) -> None:
    login = "com.atproto.server.createSession"
    refresh = "com.atproto.server.refreshSession"
    show = "com.atproto.server.getSession"
    caller.call("wrong password", login, {"identifier": caller.handle, "password": "wrong"}, token="")
    caller.call("nobody", login, {"identifier": "nobody.example", "password": "wrong"}, token="")
    caller.call("no password", login, {"identifier": caller.handle}, token="")
    session = caller.call("login", login, {"identifier": caller.handle, "password": caller.app_password}, token="")
    caller.token = session["accessJwt"]
    caller.call("session", show)
    caller.call("no token", show, token="")
    caller.call("bad token", show, token="bad")
    caller.call("expired token", show, token=caller.expired)
    caller.call("refresh token for access", show, token=session["refreshJwt"])
    caller.call("access token for refresh", refresh, b"")
    first = caller.call("refresh", refresh, b"", token=session["refreshJwt"])
    again = caller.call("refresh again", refresh, b"", token=session["refreshJwt"])
    caller.seen.append(("same successor", _jti(first) == _jti(again)))
    caller.token = again["accessJwt"]
    caller.call("log out", "com.atproto.server.deleteSession", b"", token=again["refreshJwt"])
    caller.call("refresh after log out", refresh, b"", token=again["refreshJwt"])
    caller.call("access after log out", show)
    caller.call("server", "com.atproto.server.describeServer", token="")
    caller.call("resolve", "com.atproto.identity.resolveHandle", token="", handle=caller.handle)


def _jti(session: dict[str, Any]) -> str:
    payload = session["refreshJwt"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"])


def writes(caller: Caller) -> None:
    caller.get("before")
    first = caller.put("first", record(), swapRecord=None)
    caller.put("same", record(), swapRecord=None)
    caller.put("same without swap", record())
    caller.put("other, swap null", record("Other"), swapRecord=None)
    caller.put("other, swap right", record("Other"), swapRecord=first["cid"])
    caller.put("other, swap stale", record("Third"), swapRecord=first["cid"])
    caller.put("other, no swap", record("Fourth"))
    caller.create("taken key", record("Fourth"), rkey=TID)
    caller.create("fresh key", record("Two"), rkey=OTHER_TID)
    caller.create("no key", record("Three"))
    caller.create("stale commit", record("Five"), swapCommit=first["commit"]["cid"])
    caller.get("after")
    caller.get("other cid", cid=first["cid"])
    caller.call("list", "com.atproto.repo.listRecords", repo=caller.did, collection=POST, limit=2)
    caller.call("list nothing", "com.atproto.repo.listRecords", repo=caller.did, collection="com.example.none")
    caller.call("list too many", "com.atproto.repo.listRecords", repo=caller.did, collection=POST, limit=101)
    caller.call("list nobody", "com.atproto.repo.listRecords", repo=NOBODY, collection=POST)
    caller.call("describe nobody", "com.atproto.repo.describeRepo", repo=NOBODY)
    caller.delete("stale swap", OTHER_TID, swapRecord=first["cid"])
    caller.delete("there", OTHER_TID)
    caller.delete("gone", OTHER_TID)
    caller.get("deleted", OTHER_TID)
    caller.put("deleted", record("Two"), OTHER_TID, swapRecord=None)


def blobs(caller: Caller) -> None:
    upload = "com.atproto.repo.uploadBlob"
    blob = caller.call("upload", upload, png())["blob"]
    caller.call("upload again", upload, png())
    caller.call("upload nothing", upload, b"")
    large = caller.call("upload large", upload, png() + b"\0" * 2_000_000)["blob"]
    caller.call("upload too large", upload, b"\0" * (5 * 1024 * 1024 + 1))

    def images(*items: dict[str, Any]) -> dict[str, Any]:
        return record("", embed={"$type": "app.bsky.embed.images", "images": list(items)})

    caller.put("picture", images({"image": blob, "alt": "x", "aspectRatio": {"width": 4, "height": 3}}))
    caller.put("no alt", images({"image": blob}))
    caller.put("large", images({"image": large, "alt": ""}))
    caller.put("five", images(*[{"image": blob, "alt": ""}] * 5))
    caller.put("missing blob", images({"image": {**blob, "ref": {"$link": NEVER_UPLOADED}}, "alt": ""}))
    caller.put("other type", images({"image": {**blob, "mimeType": "image/jpeg"}, "alt": ""}))
    caller.put("other size", images({"image": {**blob, "size": 5}, "alt": ""}))
    caller.put("not a blob", images({"image": "x", "alt": ""}))
    text = caller.call("upload text", upload, b"plain text", kind="text/plain")["blob"]
    caller.put("text as a picture", images({"image": text, "alt": ""}))
    caller.put("text called a picture", images({"image": {**text, "mimeType": "image/png"}, "alt": ""}))
    card = {"uri": "https://example.org", "title": "x", "description": ""}
    for what, more in {
        "card": {},
        "card with picture": {"thumb": blob},
        "card with large picture": {"thumb": large},
    }.items():
        caller.put(what, record("", embed={"$type": "app.bsky.embed.external", "external": card | more}))
    caller.call("get blob", "com.atproto.sync.getBlob", did=caller.did, cid=NEVER_UPLOADED)


def refused_records(caller: Caller) -> None:
    ref = {"uri": f"at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/{POST}/{TID}", "cid": NEVER_UPLOADED}
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org"}
    changes: dict[str, dict[str, Any]] = {
        "301 graphemes": {"text": "x" * 301},
        "300 graphemes of 11 bytes": {"text": "👩‍🚀" * 300},
        "120 graphemes of 25 bytes": {"text": "👩‍👩‍👧‍👦" * 120},
        "bad date": {"createdAt": "yesterday"},
        "date without zone": {"createdAt": "2025-10-09T08:53:20"},
        "no date": {"createdAt": None},
        "four languages": {"langs": ["en", "de", "fr", "hu"]},
        "languages": {"langs": ["en", "pt-BR"]},
        "bad language": {"langs": ["English!"]},
        "long tag": {"tags": ["x" * 65]},
        "tags": {"tags": ["bread", "cake"]},
        "facet": {"facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [link]}]},
        "facet past the text": {"facets": [{"index": {"byteStart": 0, "byteEnd": 5000}, "features": [link]}]},
        "negative facet": {"facets": [{"index": {"byteStart": -1, "byteEnd": 5}, "features": [link]}]},
        "facet without type": {"facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [{"uri": "x:y"}]}]},
        "bad link": {"facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [{**link, "uri": "no"}]}]},
        "unknown feature": {
            "facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": [{"$type": "com.example.x#y"}]}]
        },
        "reply": {"reply": {"root": ref, "parent": ref}},
        "reply without parent": {"reply": {"root": ref}},
        "labels": {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}},
        "labels without type": {"labels": {"values": [{"val": "nudity"}]}},
        "reply to a bad cid": {"reply": {"root": ref, "parent": {**ref, "cid": "x"}}},
        "reply to a bad address": {"reply": {"root": ref, "parent": {**ref, "uri": "x"}}},
        "bad mention": {
            "facets": [
                {
                    "index": {"byteStart": 0, "byteEnd": 5},
                    "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "@radio"}],
                }
            ]
        },
        "facets that are no list": {"facets": "x"},
        "facet that is no object": {"facets": ["x"]},
        "offset that is no number": {"facets": [{"index": {"byteStart": "0", "byteEnd": 5}, "features": [link]}]},
        "reply that is no object": {"reply": []},
        "text that is no text": {"text": 5},
        "card without words": {
            "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://x.org", "title": 5}}
        },
        "unknown embed": {"embed": {"$type": "com.example.embed"}},
        "embed without type": {"embed": {"images": []}},
        "other type": {"$type": "app.bsky.feed.like"},
        "unknown member": {"mood": "glad"},
        "float": {"mood": 0.5},
    }
    for what, change in changes.items():
        caller.put(what, record() | change)
    body: dict[str, Any] = {"repo": caller.did, "rkey": TID, "collection": POST, "record": record()}
    bodies: list[dict[str, Any]] = [
        {"record": "x"},
        {"record": []},
        {"record": None},
        {"swapRecord": 5},
        {"swapRecord": "x"},
        {"swapCommit": "x"},
        {"repo": 5},
        {"repo": "x y"},
        {"validate": "yes"},
        {"rkey": "3l3qo2vuowo2z", "swapRecord": NEVER_UPLOADED},
    ]
    for other in bodies:
        caller.call(f"put with {other}", "com.atproto.repo.putRecord", {**body, **other})
    caller.call("array", "com.atproto.repo.putRecord", [])
    caller.call("no repo", "com.atproto.repo.getRecord", collection=POST, rkey=TID)
    caller.call("no rkey", "com.atproto.repo.getRecord", repo=caller.did, collection=POST)
    caller.call("limit x", "com.atproto.repo.listRecords", repo=caller.did, collection=POST, limit="x")
    caller.call("limit 0", "com.atproto.repo.listRecords", repo=caller.did, collection=POST, limit=0)
    caller.call("no handle", "com.atproto.identity.resolveHandle")
    caller.call("bad handle", "com.atproto.identity.resolveHandle", handle="nobody.test")
    caller.put("bad key", record(), "not-a-tid")
    caller.put("impossible key", record(), "a/b")
    caller.put("unchecked", {"$type": POST, "text": "x" * 301}, validate=False)
    body = {"repo": caller.did, "rkey": "self", "record": {"a": 1}}
    caller.call("unknown collection", "com.atproto.repo.putRecord", {**body, "collection": "com.example.thing"})
    caller.call("bad collection", "com.atproto.repo.putRecord", {**body, "collection": "nothing"})
    caller.call("missing member", "com.atproto.repo.putRecord", {"repo": caller.did})
    body["collection"] = "com.example.thing"
    caller.call("nobody's repository", "com.atproto.repo.putRecord", {**body, "repo": NOBODY})
    caller.call("other repository", "com.atproto.repo.putRecord", {**body, "repo": caller.other})
    caller.call("repository by handle", "com.atproto.repo.putRecord", {**body, "repo": caller.handle})
    caller.call("must be known", "com.atproto.repo.putRecord", {**body, "validate": True})
    caller.call("wrong method", "com.atproto.repo.putRecord")


def batches(caller: Caller) -> None:
    def write(kind: str, rkey: str, text: str = "") -> dict[str, Any]:
        value = {} if kind == "delete" else {"value": record(text)}
        return {"$type": f"com.atproto.repo.applyWrites#{kind}", "collection": POST, "rkey": rkey, **value}

    def apply(what: str, *items: dict[str, Any]) -> None:
        caller.call(f"batch {what}", "com.atproto.repo.applyWrites", {"repo": caller.did, "writes": list(items)})

    apply("create", write("create", "3l3qo2vuowo2d", "One"), write("create", "3l3qo2vuowo2e", "Two"))
    apply("taken", write("create", "3l3qo2vuowo2f", "Three"), write("create", "3l3qo2vuowo2d", "One"))
    caller.get("not created by a failed batch", "3l3qo2vuowo2f")
    apply("change", write("update", "3l3qo2vuowo2d", "Uno"), write("delete", "3l3qo2vuowo2e"))
    apply("invalid", write("create", "3l3qo2vuowo2g", "x" * 301))
    apply("too many", *[write("delete", "3l3qo2vuowo2d")] * 201)


def leave(caller: Caller) -> None:
    caller.token = ""
    caller.put("without a token", record())
    caller.http.close()


@dataclass(frozen=True)
class Resident:
    """Somebody in the sandbox."""

    did: str
    handle: str
    app_password: str
    expired_access_token: str = ""


@pytest.fixture
def face(tmp_path: Path) -> Iterator[Caller]:
    """The sandbox's PDS on a socket."""
    with World(tmp_path / "world.db") as world:
        server = seed.add_servers(world)[seed.BLUESKY_HOST]
        alice, bob = (seed.add_bluesky_account(world, server, name) for name in ("alice", "bob"))
        with serve(world, server) as base:
            audience = f"did:web:{base.removeprefix('http://').replace(':', '%3A')}"
            claims = {"scope": "com.atproto.appPass", "sub": alice.did, "aud": audience, "exp": 1}
            residents = (
                Resident(alice.did, alice.handle, alice.app_password, write_jwt(world, "at+jwt", claims)),
                Resident(bob.did, bob.handle, bob.app_password),
            )
            yield Caller(base, *residents)


def test_same_answers(face: Caller) -> None:
    try:
        with running_pds(rate_limits=False) as pds:
            real = Caller(pds.url, pds["alice"], pds["bob"])
            walk(real)
    except Unavailable as reason:
        pytest.skip(str(reason))
    walk(face)
    assert [what for what, _ in face.seen] == [what for what, _ in real.seen]
    differences = [
        f"{what}: the PDS {there}, the face {here}"
        for (what, there), (_, here) in zip(real.seen, face.seen, strict=True)
        if there != here
    ]
    assert not differences, "\n".join(differences)
