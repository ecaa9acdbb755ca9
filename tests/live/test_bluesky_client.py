"""Our Bluesky client against the official server: what it sends is what stands there, once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from smm_tui.domain.errors import Ambiguous, AuthExpired, NetworkError, RateLimited, Rejected, Transient
from smm_tui.domain.identity import new_tid
from smm_tui.networks.ports import Account, MediaFile, Part, Publisher, RemoteRef, SecretSlot
from smm_tui.networks.registry import connect
from smm_tui.secret_store import SecretStore

from .server import Pds, PdsAccount

pytestmark = pytest.mark.live

POST = "app.bsky.feed.post"


class CountedSlot:
    """A slot that counts how often it was written."""

    def __init__(self, slot: SecretSlot) -> None:
        self.slot = slot
        self.written = 0

    def read(self) -> dict[str, str] | None:
        return self.slot.read()

    def write(self, values: Mapping[str, str]) -> None:
        self.written += 1
        self.slot.write(values)

    def exclusive(self) -> AbstractContextManager[None]:
        return self.slot.exclusive()


class AnswerLost(httpx.AsyncHTTPTransport):
    """Brings every request to the server, and loses the answers to posts on the way back."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if request.url.path.endswith("/com.atproto.repo.putRecord"):
            await response.aread()
            await response.aclose()
            raise httpx.ReadError("lost on the way back")
        return response


class Desk:
    """One account on the PDS with its secret on disk, and what anybody can read of it."""

    def __init__(self, pds: Pds, account: PdsAccount, folder: Path) -> None:
        self.pds = pds
        self.account = account
        self.folder = folder
        self.slot().write({"app_password": account.app_password})

    def slot(self) -> CountedSlot:
        """The secret, as a process of its own would open it."""
        return CountedSlot(SecretStore(self.folder, "file").slot("bluesky"))

    @asynccontextmanager
    async def client(
        self, slot: SecretSlot | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> AsyncIterator[Publisher]:
        account = Account(
            network="bluesky", server=self.pds.url, handle=self.account.handle, remote_id=self.account.did
        )
        client = connect(account, slot or self.slot(), transport=transport)
        try:
            yield client
        finally:
            await client.aclose()

    def expire_access_token(self) -> None:
        """Put an expired access token in the place of the stored one."""
        values = self.slot().read() or {}
        (name,) = (name for name, value in values.items() if claims(value).get("scope") == "com.atproto.appPass")
        self.slot().write(values | {name: self.account.expired_access_token})

    def refresh_token(self) -> str:
        """The stored refresh token."""
        values = (self.slot().read() or {}).values()
        (token,) = (value for value in values if claims(value).get("scope") == "com.atproto.refresh")
        return token

    def record(self, rkey: str) -> dict[str, Any] | None:
        """The record as anybody may read it, None when there is none."""
        answer = self._query("com.atproto.repo.getRecord", repo=self.account.did, collection=POST, rkey=rkey)
        if answer.status_code == 400 and answer.json()["error"] == "RecordNotFound":
            return None
        answer.raise_for_status()
        value: dict[str, Any] = answer.json()["value"]
        return value

    def blob(self, cid: str) -> bytes:
        """The bytes of an uploaded file."""
        answer = self._query("com.atproto.sync.getBlob", did=self.account.did, cid=cid)
        return answer.raise_for_status().content

    def revision(self) -> dict[str, str]:
        """The state of the whole account; it changes with every write that changes anything."""
        state: dict[str, str] = self._query("com.atproto.sync.getLatestCommit", did=self.account.did).json()
        return state

    def _query(self, method: str, **parameters: str) -> httpx.Response:
        return httpx.get(f"{self.pds.url}/xrpc/{method}", params=parameters, timeout=30)


def claims(token: str) -> dict[str, Any]:
    """What a token says, unverified; empty when it is none."""
    try:
        payload = token.split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return found


async def publish(
    client: Publisher,
    part: Part,
    *,
    identity: str | None = None,
    root: RemoteRef | None = None,
    parent: RemoteRef | None = None,
) -> RemoteRef:
    """One part through its two steps, the wire going through JSON as the ledger keeps it."""
    identity = identity or new_tid()
    wire = await client.prepare(identity, part, root=root, parent=parent)
    return await client.send(identity, json.loads(json.dumps(wire)))


@pytest.fixture
def desk(pds: Pds, tmp_path: Path) -> Desk:
    return Desk(pds, pds["alice"], tmp_path)


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Publisher]:
    async with desk.client() as client:
        yield client


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., MediaFile]:
    """Makes a small picture file; a JPEG carries where it was taken."""

    def make(kind: str, size: tuple[int, int], alt: str) -> MediaFile:
        image = Image.new("RGB", size, "peru")
        exif = image.getexif()
        exif[0x010F] = "Secret Camera"
        buffer = io.BytesIO()
        image.save(buffer, kind, exif=exif)
        path = tmp_path / f"{alt}.{kind}"
        path.write_bytes(buffer.getvalue())
        return MediaFile(
            path=path,
            sha256=hashlib.sha256(buffer.getvalue()).hexdigest(),
            mime=f"image/{kind.lower()}",
            size=path.stat().st_size,
            width=size[0],
            height=size[1],
            alt=alt,
        )

    return make


class TestAccount:
    async def test_check_tells_who_it_is(self, desk: Desk, client: Publisher) -> None:
        checked = await client.check()
        assert (checked.remote_id, checked.handle) == (desk.account.did, desk.account.handle)
        assert checked.missing == ()

    async def test_the_session_outlives_the_process(self, desk: Desk, client: Publisher) -> None:
        """Logins are scarce: 30 in 5 minutes."""
        await client.check()
        before = desk.refresh_token()
        async with desk.client() as later:
            await publish(later, Part("After a restart."))
        assert desk.refresh_token() == before

    async def test_a_wrong_password(self, desk: Desk) -> None:
        desk.slot().write({"app_password": "aaaa-bbbb-cccc-dddd"})
        async with desk.client() as client:
            with pytest.raises(AuthExpired):
                await client.check()

    async def test_an_app_password_taken_back(self, pds: Pds, desk: Desk, client: Publisher) -> None:
        """The session ends with the app password it came from: a person must give a new one."""
        login = {"identifier": desk.account.handle, "password": desk.account.password}
        session = httpx.post(f"{pds.url}/xrpc/com.atproto.server.createSession", json=login, timeout=30).json()
        headers = {"Authorization": f"Bearer {session['accessJwt']}"}
        made = httpx.post(
            f"{pds.url}/xrpc/com.atproto.server.createAppPassword", json={"name": "brief"}, headers=headers
        ).json()
        desk.slot().write({"app_password": made["password"]})
        await client.check()
        httpx.post(
            f"{pds.url}/xrpc/com.atproto.server.revokeAppPassword", json={"name": "brief"}, headers=headers
        ).raise_for_status()
        desk.expire_access_token()
        async with desk.client() as later:
            with pytest.raises(AuthExpired):
                await publish(later, Part("Locked out."))

    async def test_too_many_logins(self, limited_pds: Pds, tmp_path: Path) -> None:
        async with Desk(limited_pds, limited_pds["carol"], tmp_path).client() as client:
            with pytest.raises(RateLimited) as error:
                await client.check()
        assert error.value.retry_after is not None
        assert 0 < error.value.retry_after <= 300

    async def test_a_server_that_is_not_bluesky(self, pds: Pds, desk: Desk) -> None:
        account = Account(network="bluesky", server=pds.plc_url, handle=desk.account.handle)
        client = connect(account, desk.slot())
        with pytest.raises(NetworkError):
            await client.check()
        await client.aclose()

    async def test_a_server_that_is_down(self, desk: Desk) -> None:
        account = Account(network="bluesky", server="http://127.0.0.1:9", handle=desk.account.handle)
        client = connect(account, desk.slot())
        with pytest.raises(Transient):
            await client.check()
        await client.aclose()


class TestExpiredToken:
    async def test_it_is_renewed_and_the_post_goes_out(self, desk: Desk, client: Publisher) -> None:
        await client.check()
        old = desk.refresh_token()
        desk.expire_access_token()
        identity = new_tid()
        async with desk.client() as later:
            await publish(later, Part("Two hours later."), identity=identity)
        assert desk.record(identity) is not None
        assert claims(desk.refresh_token())["jti"] == successor(desk.pds, old)

    async def test_between_prepare_and_send(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        wire = await client.prepare(identity, Part("Approved, then waited."), root=None, parent=None)
        desk.expire_access_token()
        async with desk.client() as later:
            await later.send(identity, wire)
        assert desk.record(identity) is not None

    async def test_two_at_once_renew_it_once(self, desk: Desk, client: Publisher) -> None:
        await client.check()
        old = desk.refresh_token()
        desk.expire_access_token()
        slots = [desk.slot(), desk.slot()]
        identities = [new_tid(), new_tid()]
        async with desk.client(slots[0]) as first, desk.client(slots[1]) as second:
            await asyncio.gather(
                publish(first, Part("Worker."), identity=identities[0]),
                publish(second, Part("Desk."), identity=identities[1]),
            )
        assert all(desk.record(identity) for identity in identities)
        assert sum(slot.written for slot in slots) == 1
        assert claims(desk.refresh_token())["jti"] == successor(desk.pds, old)


def successor(pds: Pds, refresh_token: str) -> str:
    """The id of the one refresh token that follows this one, however often the server is asked."""
    answer = httpx.post(
        f"{pds.url}/xrpc/com.atproto.server.refreshSession", headers={"Authorization": f"Bearer {refresh_token}"}
    )
    return str(claims(answer.raise_for_status().json()["refreshJwt"])["jti"])


class TestText:
    async def test_links_mentions_and_hashtags_are_facets(self, desk: Desk, client: Publisher) -> None:
        bob = desk.pds["bob"]
        text = (
            "Őszi újdonság 🍞🥖: írj nekünk, @bob.test, vagy nézd meg (https://example.com/árak?q=ű#lap). "
            "#Kézműves #őszibúcsú és @nobody.test"
        )
        identity = new_tid()
        ref = await publish(client, Part(text, language="hu"), identity=identity)
        record = desk.record(identity)
        assert record is not None
        assert record["text"] == text
        assert record["langs"] == ["hu"]
        assert ref.url.startswith("https://bsky.app/profile/")
        assert ref.url.endswith(f"/post/{identity}")
        facet = "app.bsky.richtext.facet"
        assert list(facets(record)) == [
            ("@bob.test", {"$type": f"{facet}#mention", "did": bob.did}),
            (
                "https://example.com/árak?q=ű#lap",
                {"$type": f"{facet}#link", "uri": "https://example.com/árak?q=ű#lap"},
            ),
            ("#Kézműves", {"$type": f"{facet}#tag", "tag": "Kézműves"}),
            ("#őszibúcsú", {"$type": f"{facet}#tag", "tag": "őszibúcsú"}),
        ]

    async def test_labels(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        await publish(client, Part("Life drawing class.", labels=("nudity",)), identity=identity)
        record = desk.record(identity)
        assert record is not None
        assert record["labels"] == {
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": "nudity"}],
        }

    async def test_as_long_as_it_may_be(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        await publish(client, Part("ő" * 299 + "👩🏽‍🍳"), identity=identity)
        assert desk.record(identity) is not None

    async def test_too_long(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        with pytest.raises(Rejected):
            await publish(client, Part("ő" * 301), identity=identity)
        assert desk.record(identity) is None


def facets(record: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What each facet covers, cut from the text's bytes as a reader does it, and what it means."""
    data = record["text"].encode()
    found = []
    for facet in sorted(record["facets"], key=lambda facet: facet["index"]["byteStart"]):
        index = facet["index"]
        (feature,) = facet["features"]
        found.append((data[index["byteStart"] : index["byteEnd"]].decode(), feature))
    return found


class TestPictures:
    async def test_pictures_with_alt_text(
        self, desk: Desk, client: Publisher, picture: Callable[..., MediaFile]
    ) -> None:
        media = (picture("PNG", (64, 48), "Kifli a tálcán"), picture("JPEG", (30, 60), "Kovászos kenyér"))
        identity = new_tid()
        await publish(client, Part("Frissen sült.", media=media), identity=identity)
        record = desk.record(identity)
        assert record is not None
        assert record["embed"]["$type"] == "app.bsky.embed.images"
        images = record["embed"]["images"]
        assert [image["alt"] for image in images] == ["Kifli a tálcán", "Kovászos kenyér"]
        assert [image["aspectRatio"] for image in images] == [
            {"width": 64, "height": 48},
            {"width": 30, "height": 60},
        ]
        assert [image["image"]["mimeType"] for image in images] == ["image/png", "image/jpeg"]
        for image, file in zip(images, media, strict=True):
            stored = desk.blob(image["image"]["ref"]["$link"])
            assert b"Secret Camera" in file.path.read_bytes()
            assert b"Secret Camera" not in stored
            assert Image.open(io.BytesIO(stored)).size == (file.width, file.height)

    async def test_preparing_again_freezes_the_same_blobs(
        self, client: Publisher, picture: Callable[..., MediaFile]
    ) -> None:
        part = Part("", media=(picture("PNG", (8, 8), "Egy kocka"),))
        first, again = [await client.prepare(new_tid(), part, root=None, parent=None) for _ in range(2)]
        assert blob_links(first) == blob_links(again) != []


def blob_links(value: Any) -> list[str]:
    """The content addresses of all blobs in a wire, wherever they stand."""
    if isinstance(value, dict):
        own = [value["$link"]] if "$link" in value else []
        return own + [link for inner in value.values() for link in blob_links(inner)]
    return [link for inner in value for link in blob_links(inner)] if isinstance(value, list) else []


class TestThread:
    async def test_each_part_answers_the_one_before(self, desk: Desk, client: Publisher) -> None:
        identities = [new_tid() for _ in range(3)]
        refs: list[RemoteRef] = []
        for number, identity in enumerate(identities, 1):
            root, parent = (refs[0], refs[-1]) if refs else (None, None)
            part = Part(f"Part {number}/3")
            refs.append(await publish(client, part, identity=identity, root=root, parent=parent))
        uris = [f"at://{desk.account.did}/{POST}/{identity}" for identity in identities]
        strong = [{"uri": uri, "cid": ref.extra["cid"]} for uri, ref in zip(uris, refs, strict=True)]
        replies = [(desk.record(identity) or {}).get("reply") for identity in identities]
        assert replies == [
            None,
            {"root": strong[0], "parent": strong[0]},
            {"root": strong[0], "parent": strong[1]},
        ]


class TestOnce:
    async def test_sending_again_is_the_same_post(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        wire = await client.prepare(identity, Part("Once."), root=None, parent=None)
        first = await client.send(identity, wire)
        before = desk.revision()
        async with desk.client() as later:
            again = await later.send(identity, wire)
        assert again == first
        assert desk.revision() == before

    async def test_preparing_publishes_nothing(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        before = desk.revision()
        wire = await client.prepare(identity, Part("Not yet."), root=None, parent=None)
        assert desk.revision() == before
        assert await client.find(identity, wire, taken=frozenset()) is None

    async def test_find_knows_what_was_sent(self, client: Publisher) -> None:
        identity = new_tid()
        wire = await client.prepare(identity, Part("There?"), root=None, parent=None)
        ref = await client.send(identity, wire)
        assert await client.find(identity, wire, taken=frozenset()) == ref

    async def test_a_lost_answer_is_found_and_not_doubled(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        wire = await client.prepare(identity, Part("Did it go out?"), root=None, parent=None)
        async with AnswerLost() as lossy, desk.client(transport=lossy) as unlucky:
            with pytest.raises(Ambiguous):
                await unlucky.send(identity, wire)
        before = desk.revision()
        found = await client.find(identity, wire, taken=frozenset())
        assert found is not None
        assert await client.send(identity, wire) == found
        assert desk.revision() == before

    async def test_what_an_earlier_attempt_wrote_stays(self, desk: Desk, client: Publisher) -> None:
        """The part was prepared anew after a crash, so its time differs; the key is the same, so it is the post."""
        identity = new_tid()
        first = await publish(client, Part("First try."), identity=identity)
        before = desk.revision()
        assert await publish(client, Part("Second try."), identity=identity) == first
        assert desk.revision() == before

    async def test_read_then_delete_twice(self, desk: Desk, client: Publisher) -> None:
        identity = new_tid()
        wire = await client.prepare(identity, Part("Short-lived."), root=None, parent=None)
        ref = await client.send(identity, wire)
        live = await client.read(ref)
        assert live is not None
        assert (live["text"], live["url"]) == ("Short-lived.", ref.url)
        await client.delete(ref)
        await client.delete(ref)
        assert desk.record(identity) is None
        assert await client.read(ref) is None
        assert await client.find(identity, wire, taken=frozenset()) is None
