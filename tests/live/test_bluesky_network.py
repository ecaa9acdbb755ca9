"""Our client against the official PDS with its AppView and moderation service: conversation, page and figures."""

from __future__ import annotations

import asyncio
import hashlib
import io
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from PIL import Image

from smm_tui.domain.errors import NotFound, Rejected, Unsupported
from smm_tui.domain.identity import new_tid
from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.mapping import key_for, place
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.page import Metric, ProfileChange
from smm_tui.networks.ports import JSON, Account, Capability, LinkCard, MediaFile, Part, RemoteRef
from smm_tui.networks.registry import client, spec
from smm_tui.secret_store import SecretStore

from .server import Pds, PdsAccount

pytestmark = pytest.mark.live

T = TypeVar("T")
PATIENCE = 20.0  # seconds for the AppView to see what the PDS took
THREADGATE = "app.bsky.feed.threadgate"
PROFILE = "app.bsky.actor.profile"


class Person:
    """An account with a checked client, and what anybody can read of it."""

    def __init__(self, pds: Pds, account: PdsAccount, folder: Path) -> None:
        self.pds = pds
        self.account = account
        self.slot = SecretStore(folder, "file").slot(account.handle)
        self.slot.write({"app_password": account.app_password})
        self.client: Client

    async def check(self) -> None:
        bare = Account(network="bluesky", server=self.pds.url, handle=self.account.handle)
        first = client(bare, self.slot, Surroundings())
        self.checked = await first.publisher.check()
        await first.aclose()
        full = Account("bluesky", self.pds.url, self.checked.handle, self.checked.remote_id, self.checked.facts)
        self.client = client(full, self.slot, Surroundings())

    async def post(self, text: str, **more: Any) -> RemoteRef:
        identity = new_tid()
        wire = await self.client.publisher.prepare(identity, Part(text, **more), root=None, parent=None)
        return await self.client.publisher.send(identity, wire)

    async def answer(self, to: Item | RemoteRef, text: str) -> RemoteRef:
        identity = new_tid()
        wire = await self.client.responder.prepare(identity, to, Part(text))
        ref = await self.client.responder.send(identity, wire)
        assert await self.client.responder.find(identity, wire, taken=frozenset()) == ref
        return ref

    async def inbox(self, cursor: JSON | None = None) -> tuple[dict[str, Item], set[str], JSON]:
        """All that the inbox has after a cursor, what is gone, and where it goes on."""
        items: dict[str, Item] = {}
        gone: set[str] = set()
        while True:
            page = await self.client.inbox.fetch(cursor, posts=[])
            items |= {item.id: item for item in page.items}
            gone |= set(page.gone)
            cursor = page.cursor
            if not page.more:
                return items, gone, cursor

    async def received(self, text: str) -> Item:
        async def look() -> Item | None:
            items, _gone, _cursor = await self.inbox()
            return next((item for item in items.values() if item.text == text), None)

        return await shown(look)

    def record(self, uri: str) -> JSON | None:
        """A record as anybody may read it."""
        answer = httpx.get(f"{self.pds.url}/xrpc/com.atproto.repo.getRecord", params=place(uri), timeout=30)
        return None if answer.status_code == 400 else answer.json()["value"]

    def own(self, collection: str, rkey: str) -> JSON | None:
        return self.record(f"at://{self.account.did}/{collection}/{rkey}")

    def put(self, collection: str, rkey: str, record: JSON) -> None:
        """Write a record as another program of the same account would."""
        token = (self.slot.read() or {})["access_jwt"]
        body = {"repo": self.account.did, "collection": collection, "rkey": rkey, "record": record}
        httpx.post(
            f"{self.pds.url}/xrpc/com.atproto.repo.putRecord",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        ).raise_for_status()


async def shown(look: Callable[[], Awaitable[T | None]]) -> T:
    """What a look finds as soon as the AppView has it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = await look()
        if found is not None:
            return found
        assert time.monotonic() < deadline, "the AppView does not show it"
        await asyncio.sleep(0.1)


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async def true() -> bool | None:
        return await look() or None

    await shown(true)


@pytest.fixture
async def people(network: Pds, tmp_path: Path) -> AsyncIterator[tuple[Person, Person, Person]]:
    everybody = tuple(Person(network, network[name], tmp_path) for name in ("alice", "bob", "carol"))
    for person in everybody:
        await person.check()
    yield everybody  # type: ignore[misc]
    for person in everybody:
        await person.client.aclose()


@pytest.fixture
def alice(people: tuple[Person, Person, Person]) -> Person:
    return people[0]


@pytest.fixture
def bob(people: tuple[Person, Person, Person]) -> Person:
    return people[1]


@pytest.fixture
def carol(people: tuple[Person, Person, Person]) -> Person:
    return people[2]


async def commented(alice: Person, bob: Person, text: str) -> tuple[RemoteRef, Item]:
    """A post of alice's with a comment of bob's, as her inbox brings it."""
    post = await alice.post(f"About {text}")
    await indexed(alice, post)
    await bob.answer(post, text)
    return post, await alice.received(text)


async def indexed(person: Person, ref: RemoteRef) -> None:
    async def look() -> bool | None:
        try:
            return bool(await person.client.metrics.of_post(ref))
        except NotFound:
            return None

    await shown(look)


def picture(folder: Path, name: str, kind: str = "PNG") -> MediaFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "peru").save(buffer, kind)
    path = folder / name
    path.write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    return MediaFile(path, digest, f"image/{kind.lower()}", path.stat().st_size)


class TestCheck:
    async def test_what_it_learns(self, network: Pds, alice: Person) -> None:
        """No video or chat service answers on loopback; the moderation service is the one the server uses."""
        assert alice.checked.facts == {
            "pds": network.url,
            "messages": False,
            "video": False,
            "moderation": network.moderation_did,
        }
        capabilities = spec("bluesky").rules(alice.checked.facts).capabilities
        assert Capability.COMMENTS in capabilities
        assert not {Capability.MESSAGES, Capability.VIDEO} & capabilities


class TestInbox:
    async def test_replies_mentions_and_quotes(self, alice: Person, bob: Person, carol: Person) -> None:
        post = await alice.post("Fresh bread at seven")
        await indexed(alice, post)
        reply = await bob.answer(post, "Rye too?")
        comment = await alice.received("Rye too?")
        assert (comment.id, comment.kind, comment.post_id, comment.parent_id, comment.thread_id) == (
            reply.id, ItemKind.COMMENT, post.id, "", post.id,
        )  # fmt: skip
        assert (comment.author.id, comment.author.handle, comment.author.own) == (
            bob.account.did, bob.account.handle, False,
        )  # fmt: skip
        deeper = await carol.answer(comment, "They never have rye")
        below = await alice.received("They never have rye")
        assert (below.id, below.post_id, below.parent_id) == (deeper.id, post.id, reply.id)
        await carol.post(f"Look at @{alice.account.handle} now")
        mention = await alice.received(f"Look at @{alice.account.handle} now")
        assert (mention.kind, mention.post_id) == (ItemKind.MENTION, "")
        quote = {
            "$type": "app.bsky.feed.post",
            "text": "They bake",
            "createdAt": "2026-03-14T09:26:53.589Z",
            "embed": {"$type": "app.bsky.embed.record", "record": {"uri": post.id, "cid": post.extra["cid"]}},
        }
        carol.put("app.bsky.feed.post", new_tid(), quote)
        quoting = await alice.received("They bake")
        assert (quoting.kind, quoting.post_id, quoting.extra["quotes"]) == (ItemKind.MENTION, post.id, post.id)

    async def test_it_goes_on_where_it_was_and_sees_what_is_taken_back(self, alice: Person, bob: Person) -> None:
        post, first = await commented(alice, bob, "First in, first out")
        _items, _gone, cursor = await alice.inbox()
        second = await bob.answer(post, "Second in")

        async def second_there() -> bool:
            items, _gone, _cursor = await alice.inbox(cursor)
            return second.id in items

        await until(second_there)
        await bob.client.responder.delete(RemoteRef(first.id, ""))

        async def first_gone() -> bool:
            _items, gone, _cursor = await alice.inbox(cursor)
            return first.id in gone

        await until(first_gone)

    async def test_a_conversation(self, alice: Person, bob: Person) -> None:
        _post, comment = await commented(alice, bob, "When do you open?")
        answer = await alice.answer(comment, "At seven")

        async def both() -> tuple[Item, ...] | None:
            items = await alice.client.inbox.conversation(comment)
            return items if answer.id in [item.id for item in items] else None

        told = await shown(both)
        assert [(item.text, item.author.own) for item in told] == [("When do you open?", False), ("At seven", True)]
        assert told[1].parent_id == comment.id


class TestAnswers:
    async def test_it_stands_below_what_it_answers(self, alice: Person, bob: Person) -> None:
        post, comment = await commented(alice, bob, "Is it warm?")
        answer = await alice.answer(comment, "Very")
        record = alice.record(answer.id)
        assert record is not None
        assert record["reply"] == {
            "root": {"uri": post.id, "cid": post.extra["cid"]},
            "parent": {"uri": comment.id, "cid": comment.extra["cid"]},
        }
        first = await alice.answer(RemoteRef(answer.id, answer.url), "And crisp")  # below an answer, root kept
        assert (alice.record(first.id) or {})["reply"]["root"]["uri"] == post.id
        await alice.client.responder.delete(first)
        await alice.client.responder.delete(first)
        assert alice.record(first.id) is None


class TestModeration:
    async def test_like_and_unlike(self, alice: Person, bob: Person) -> None:
        _post, comment = await commented(alice, bob, "Best bread in town")
        moderator = alice.client.moderator
        for _time in range(2):
            await moderator.moderate(Verb.LIKE, comment)

        async def liked() -> bool:
            return [item.liked for item in await alice.client.inbox.conversation(comment)] == [True]

        await until(liked)
        for _time in range(2):
            await moderator.moderate(Verb.UNLIKE, comment)

        async def free() -> bool:
            return not await liked()

        await until(free)

    async def test_a_like_made_elsewhere_is_taken_back(self, alice: Person, bob: Person) -> None:
        _post, comment = await commented(alice, bob, "Best rolls in town")
        like = {"subject": {"uri": comment.id, "cid": comment.extra["cid"]}, "createdAt": "2026-03-14T09:26:53.589Z"}
        key = new_tid()
        alice.put("app.bsky.feed.like", key, like)

        async def liked() -> bool:
            return [item.liked for item in await alice.client.inbox.conversation(comment)] == [True]

        await until(liked)
        await alice.client.moderator.moderate(Verb.UNLIKE, comment)
        assert alice.own("app.bsky.feed.like", key) is None

    async def test_hide_keeps_what_else_the_gate_says(self, alice: Person, bob: Person) -> None:
        post, comment = await commented(alice, bob, "Buy followers")
        key = place(post.id)["rkey"]
        allow = [{"$type": f"{THREADGATE}#mentionRule"}]
        gate = {"$type": THREADGATE, "post": post.id, "createdAt": "2026-03-14T09:26:53.589Z", "allow": allow}
        alice.put(THREADGATE, key, gate)
        for _time in range(2):
            await alice.client.moderator.moderate(Verb.HIDE, comment)
        assert alice.own(THREADGATE, key) == {**gate, "hiddenReplies": [comment.id]}
        (seen,) = await alice.client.inbox.conversation(comment)
        assert seen.hidden

        async def untold() -> bool:  # the AppView hides it for others too
            items, _gone, _cursor = await alice.inbox()
            return comment.id not in items

        await until(untold)
        for _time in range(2):
            await alice.client.moderator.moderate(Verb.UNHIDE, comment)
        assert alice.own(THREADGATE, key) == {**gate, "hiddenReplies": []}
        await alice.client.publisher.delete(post)
        assert alice.own(THREADGATE, key) is None

    async def test_block_and_mute(self, alice: Person, carol: Person) -> None:
        _post, comment = await commented(alice, carol, "You are all thieves")
        moderator = alice.client.moderator
        with pytest.raises(Unsupported):
            await moderator.moderate(Verb.BAN, comment, until=1)
        for _time in range(2):
            await moderator.moderate(Verb.BAN, comment)
        key = key_for(carol.account.did)
        assert (alice.own("app.bsky.graph.block", key) or {})["subject"] == carol.account.did

        async def gone() -> bool:  # no longer shown, but not taken back either
            items, taken_back, _cursor = await alice.inbox()
            assert comment.id not in taken_back
            return comment.id not in items

        await until(gone)
        for _time in range(2):
            await moderator.moderate(Verb.UNBAN, comment)
        assert alice.own("app.bsky.graph.block", key) is None
        await alice.received("You are all thieves")
        for _time in range(2):
            await moderator.moderate(Verb.MUTE, comment)
        await until(gone)
        for _time in range(2):
            await moderator.moderate(Verb.UNMUTE, comment)
        await alice.received("You are all thieves")

    async def test_report(self, alice: Person, bob: Person) -> None:
        _post, comment = await commented(alice, bob, "Cheap pills")
        await alice.client.moderator.moderate(Verb.REPORT, comment, reason="Spam below every post")

    async def test_what_nobody_can(self, alice: Person, bob: Person) -> None:
        _post, comment = await commented(alice, bob, "I stay")
        with pytest.raises(Unsupported):
            await alice.client.moderator.moderate(Verb.DELETE, comment)


class TestPage:
    async def test_profile(self, alice: Person, tmp_path: Path) -> None:
        alice.put(PROFILE, "self", {"$type": PROFILE, "displayName": "Alice", "pronouns": "she/her"})
        before = await alice.client.profile_reader.read_profile()
        assert before.name == "Alice"
        change = ProfileChange(
            description="Bread since 1902 🥐",
            website="https://bakery.example/",
            avatar=picture(tmp_path, "a.png"),
            cover=picture(tmp_path, "b.jpeg", "JPEG"),
        )
        for _time in range(2):  # the answer may have been lost
            after = await alice.client.profile_writer.write_profile(change, expected=before)
        assert after == await alice.client.profile_reader.read_profile()
        assert (after.name, after.description, after.website) == (
            "Alice", "Bread since 1902 🥐", "https://bakery.example/",
        )  # fmt: skip
        assert httpx.get(str(after.avatar)).headers["content-type"] == "image/png"
        assert (alice.own(PROFILE, "self") or {})["pronouns"] == "she/her"
        with pytest.raises(Rejected):
            await alice.client.profile_writer.write_profile(ProfileChange(name="Old"), expected=before)
        long = ProfileChange(name="a" * 65)
        with pytest.raises(Rejected) as caught:
            await alice.client.profile_writer.write_profile(long, expected=after)
        assert caught.value.field == "name"

    async def test_pin(self, alice: Person) -> None:
        post = await alice.post("Our opening hours")
        for _time in range(2):
            await alice.client.pinner.pin(post)
        assert (await alice.client.profile_reader.read_profile()).pinned == post.id
        for _time in range(2):
            await alice.client.pinner.unpin(post)
        assert (await alice.client.profile_reader.read_profile()).pinned is None

    async def test_figures(self, alice: Person, bob: Person) -> None:
        post, _comment = await commented(alice, bob, "How much?")
        like = {"subject": {"uri": post.id, "cid": post.extra["cid"]}, "createdAt": "2026-03-14T09:26:53.589Z"}
        bob.put("app.bsky.feed.like", new_tid(), like)
        follow = {"subject": alice.account.did, "createdAt": "2026-03-14T09:26:53.589Z"}
        bob.put("app.bsky.graph.follow", key_for(alice.account.did), follow)

        async def counted() -> bool:
            told = await alice.client.metrics.of_post(post)
            figures = {reading.metric: reading.value for reading in told.values}
            assert not told.missing
            return figures == {Metric.LIKES: 1, Metric.REPLIES: 1, Metric.REPOSTS: 0, Metric.SAVES: 0}

        await until(counted)

        async def followed() -> bool:
            told = await alice.client.metrics.of_page(0, 1)
            return [(reading.metric, reading.value) for reading in told.values] == [(Metric.FOLLOWERS, 1)]

        await until(followed)

    async def test_a_link_card(self, alice: Person, tmp_path: Path) -> None:
        card = LinkCard("https://bakery.example/rye", "Rye", "Dark and long", picture(tmp_path, "card.png"))
        post = await alice.post("See https://bakery.example/rye", card=card)
        external = (alice.record(post.id) or {})["embed"]["external"]
        assert (external["uri"], external["title"], external["description"]) == (
            "https://bakery.example/rye", "Rye", "Dark and long",
        )  # fmt: skip
        assert external["thumb"]["mimeType"] == "image/png"
