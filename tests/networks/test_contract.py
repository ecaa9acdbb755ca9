"""One suite for every client: what a Publisher promises, against the sandbox's faces of the real networks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    NetworkError,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.domain.split import split
from smm_tui.domain.text import COUNTERS
from smm_tui.networks.ports import Account, Capability, Part, Publisher
from smm_tui.networks.registry import NETWORKS, connect
from smm_tui.sandbox.faults import FaultKind
from smm_tui.sandbox.world import World

from .stage import LOOKING, PUBLISHING, SERVERS, Stage, WorldClock, open_world, text_of
from .support import MemorySlot, media_file, picture

NOBODY: frozenset[str] = frozenset()
BLIND = [name for name, network in NETWORKS.items() if Capability.READ_BACK not in network.rules({}).capabilities]
LENGTHS = {"mastodon": 500, "gotosocial": 5000, "bluesky": 300, "telegram": 4096, "vk": 16_384, "facebook": 63_206}
LENGTHS["instagram"] = 2200
readable = pytest.mark.parametrize("stage", [name for name in SERVERS if name not in BLIND], indirect=True)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with open_world(tmp_path, clock) as world:
        yield world


@pytest.fixture(params=SERVERS)
async def stage(request: pytest.FixtureRequest, world: World, clock: WorldClock) -> Stage:
    stage = Stage.of(request.param, world, clock)
    await stage.checked()
    return stage


class TestAccount:
    async def test_check(self, stage: Stage) -> None:
        checked = await stage.client().check()
        assert checked.remote_id
        assert checked.handle in (f"@{stage.account.handle}".replace("@@", "@"), stage.account.handle)
        assert checked.display_name == "The Bakery"
        assert checked.missing == ()
        assert checked.server == stage.account.server
        assert isinstance(stage.client(), Publisher)

    async def test_facts_give_rules(self, stage: Stage) -> None:
        rules = stage.spec.rules(stage.account.facts)
        assert rules.limits.characters == LENGTHS[stage.flavour]
        assert rules.limits.count in COUNTERS
        assert (rules.identity.repeat_window is None) == (stage.flavour in ("gotosocial", "telegram", "facebook"))
        assert (Capability.TEXT in rules.capabilities) == (stage.flavour != "instagram")

    async def test_a_wrong_secret(self, stage: Stage) -> None:
        wrong = MemorySlot(dict.fromkeys(stage.slot.values or {}, "wrong-secret"))
        wrong.values = {field.name: "wrong-secret" for field in stage.spec.credentials}
        with pytest.raises(AuthExpired) as caught:
            await stage.client(wrong).check()
        assert "wrong-secret" not in f"{caught.value!r}{caught.value.hint}"

    @pytest.mark.parametrize("other", ["mastodon", "bluesky", "vk", "facebook"])
    async def test_the_other_network(self, stage: Stage, other: str) -> None:
        if other == stage.account.network or SERVERS[other] == SERVERS[stage.flavour]:
            pytest.skip("its own")
        slot = MemorySlot({"token": "x", "app_password": "x"})
        client = connect(Account(other, stage.account.server, "x"), slot, transport=stage.recorder)
        with pytest.raises(Rejected) as caught:
            await client.check()
        assert caught.value.field == "server"

    async def test_no_such_server(self, stage: Stage) -> None:
        account = Account(stage.account.network, "https://nowhere.example", "x")
        with pytest.raises(Transient, match=r"nowhere\.example"):
            await connect(account, stage.slot, transport=stage.recorder).check()


class TestPublishing:
    async def test_text_language_and_links(self, stage: Stage) -> None:
        text = "Friss kenyér: https://example.com/kenyér #Kenyér 🥐"
        ref = await stage.publish(Part(text, language="hu"))
        assert stage.live() == [text]
        assert ref.url.startswith("https://")
        assert ('"hu"' in json.dumps(stage.world.live_posts()[0].record)) == stage.can(Capability.LANGUAGE)
        if not stage.can(Capability.READ_BACK):
            return
        shown = await stage.client().read(ref)
        assert text_of(shown) == text
        assert shown is not None
        assert shown["url"] == ref.url
        assert shown["created_at"].startswith("2025-10-09T08:53:20")

    @readable
    async def test_pictures_with_descriptions(self, stage: Stage, tmp_path: Path) -> None:
        kinds = stage.kinds
        media = (
            picture(tmp_path, kinds[0], alt="A loaf", name="a"),
            picture(tmp_path, "JPEG", (8, 6), alt="", name="b"),
            picture(tmp_path, kinds[-1], alt="Two 🥐", name="c"),
        )
        ref = await stage.publish(Part("", media=media))
        shown = await stage.client().read(ref)
        assert shown is not None
        alts = ["A loaf", "", "Two 🥐"] if stage.can(Capability.ALT_TEXT) else ["", "", ""]
        assert [item["alt"] or "" for item in shown["media"]] == alts

    async def test_a_content_warning(self, stage: Stage) -> None:
        await stage.publish(Part("The end.", content_warning="spoiler"))
        (post,) = stage.world.live_posts()
        assert "spoiler" in f"{post.text} {post.record}"
        assert stage.spec.counted("The end.", "spoiler").endswith("The end.")

    async def test_a_thread(self, stage: Stage) -> None:
        if not stage.can(Capability.THREAD):
            root = await stage.publish(Part("Root"))
            with pytest.raises(Unsupported):
                await stage.publish(Part("Child"), root=root, parent=root)
            assert stage.live() == ["Root"]
            return
        limits = stage.spec.rules(stage.account.facts).limits
        sentences = "Bread is baked at night so that it is warm in the morning. " * 150
        texts = split(sentences, limit=limits.characters, count=COUNTERS[limits.count], byte_limit=limits.bytes)
        assert len(texts) > 1
        root = parent = None
        for text in texts:
            parent = await stage.publish(Part(text), root=root, parent=parent)
            root = root or parent
            stage.clock.advance(1)
        posts = stage.world.live_posts()
        assert [post.text for post in posts] == texts
        assert posts[0].reply_to is None
        assert all((post.reply_to is None) == (stage.flavour == "telegram") for post in posts[1:])

    async def test_too_long(self, stage: Stage) -> None:
        limits = stage.spec.rules(stage.account.facts).limits
        with pytest.raises(Rejected) as caught:
            await stage.publish(Part("a" * (limits.characters + 1)))
        assert caught.value.field == "text"
        assert stage.live() == []

    async def test_strangers_characters(self, stage: Stage) -> None:
        text = "[b]markup[/b] \u202ertl\u202c <b>&amp;</b> z\u0335\u0336\u0337 👨\u200d👩\u200d👧 'quoted'"
        ref = await stage.publish(Part(text))
        assert stage.live() == [text]
        if stage.can(Capability.READ_BACK):
            assert text_of(await stage.client().read(ref)) == text

    async def test_media_that_is_no_picture(self, stage: Stage, tmp_path: Path) -> None:
        fake = media_file(tmp_path, "fake", b"not a picture at all", f"image/{stage.kinds[0].lower()}")
        with pytest.raises(Rejected) as caught:
            await stage.publish(Part("x", media=(fake,)))
        assert caught.value.field == "media"
        assert stage.live() == []

    async def test_delete_twice(self, stage: Stage) -> None:
        ref = await stage.publish(Part("Gone tomorrow"))
        await stage.client().delete(ref)
        assert stage.live() == []
        await stage.client().delete(ref)
        if stage.can(Capability.READ_BACK):
            assert await stage.client().read(ref) is None

    async def test_preparing_publishes_nothing(self, stage: Stage, tmp_path: Path) -> None:
        stage.recorder.requests.clear()
        await stage.prepared(Part("Later", media=(picture(tmp_path, stage.kinds[0]),)), stage.spec.new_identity())
        assert stage.live() == []
        assert not [call for call in stage.sent(PUBLISHING[stage.account.network]) if call.method == "POST"]


UNCLEAR = [
    (FaultKind.LOST_RESPONSE, {}, True),
    (FaultKind.TIMEOUT_AFTER, {}, True),
    (FaultKind.TIMEOUT_BEFORE, {}, False),
    (FaultKind.RESET_BEFORE, {}, False),
    (FaultKind.BAD_JSON, {}, True),
    (FaultKind.SERVER_ERROR, {"status": 500, "executed": True}, True),
    (FaultKind.SERVER_ERROR, {"status": 502}, False),
    (FaultKind.SERVER_ERROR, {"status": 503}, False),
    (FaultKind.HTML, {"status": 200, "executed": True}, True),
    (FaultKind.HTML, {"status": 504}, False),
]


class TestUndeclared:
    @pytest.mark.parametrize("stage", BLIND, indirect=True)
    async def test_reading_back(self, stage: Stage) -> None:
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Unseen"), identity)
        ref = await stage.client().send(identity, wire)
        with pytest.raises(Unsupported):
            await stage.client().find(identity, wire, taken=NOBODY)
        with pytest.raises(Unsupported):
            await stage.client().read(ref)
        assert not stage.spec.rules(stage.account.facts).identity.can_read_back


class TestUnclearEnds:
    @pytest.mark.parametrize(("kind", "more", "executed"), UNCLEAR)
    async def test_they_are_ambiguous(
        self, stage: Stage, kind: FaultKind, more: dict[str, Any], executed: bool
    ) -> None:
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Warm bread"), identity)
        stage.fault(kind, **more)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        assert len(stage.live()) == executed


@readable
class TestLostAnswers:
    @pytest.mark.parametrize(("kind", "more", "executed"), UNCLEAR)
    async def test_find_tells_the_truth(
        self, stage: Stage, kind: FaultKind, more: dict[str, Any], executed: bool
    ) -> None:
        """After every unclear end: ambiguous, then found if and only if it is live."""
        await stage.publish(Part("Before"))
        stage.clock.advance(60)
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Warm bread: https://example.com/a?b=c #bread"), identity)
        stage.fault(kind, **more)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        found = await stage.client().find(identity, wire, taken=NOBODY)
        assert (found is not None) == executed
        assert len(stage.live()) == 1 + executed
        if found is not None:
            again = await stage.client().read(found)
            assert text_of(again).startswith("Warm bread")

    async def test_a_repeat_within_the_rule_doubles_nothing(self, stage: Stage) -> None:
        rule = stage.spec.rules(stage.account.facts).identity
        if rule.repeat_window is None:
            pytest.skip("this server offers no repeat")
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Once"), identity)
        stage.fault(FaultKind.LOST_RESPONSE)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        for wait in (rule.settle, 60, min(rule.repeat_window, 3000) - 60):
            stage.clock.advance(wait)
            ref = await stage.client().send(identity, wire)
        assert stage.live() == ["Once"]
        assert await stage.client().find(identity, wire, taken=NOBODY) == ref

    async def test_one_that_arrives_late(self, stage: Stage) -> None:
        """Nothing is there at first; after the time to settle it is."""
        rule = stage.spec.rules(stage.account.facts).identity
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Late"), identity)
        stage.fault(FaultKind.LATE, seconds=5)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        assert await stage.client().find(identity, wire, taken=NOBODY) is None
        if stage.flavour == "bluesky":  # no settling: a repeat now is as harmless as later
            await stage.client().send(identity, wire)
            stage.clock.advance(6)
        else:
            stage.clock.advance(rule.settle)
        assert await stage.client().find(identity, wire, taken=NOBODY) is not None
        assert stage.live() == ["Late"]

    async def test_the_same_text_twice_on_purpose(self, stage: Stage) -> None:
        """Two intents with the same content are two posts, told apart by what is taken."""
        first = await stage.publish(Part("Good morning"))
        stage.clock.advance(5)
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Good morning"), identity)
        assert await stage.client().find(identity, wire, taken=frozenset({first.id})) is None
        if stage.flavour == "facebook":  # it takes no post that equals the one before it
            with pytest.raises(Rejected) as caught:
                await stage.client().send(identity, wire)
            assert caught.value.field == "text"
            return
        second = await stage.client().send(identity, wire)
        assert second.id != first.id
        assert await stage.client().find(identity, wire, taken=frozenset({first.id})) == second

    async def test_pictures_of_an_album_are_found(self, stage: Stage, tmp_path: Path) -> None:
        identity = stage.spec.new_identity()
        media = (picture(tmp_path, stage.kinds[0], name="a"), picture(tmp_path, "JPEG", name="b"))
        wire = await stage.prepared(Part("", media=media), identity)
        stage.fault(FaultKind.LOST_RESPONSE)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        assert await stage.client().find(identity, wire, taken=NOBODY) is not None

    async def test_a_reply_of_a_thread_is_found(self, stage: Stage) -> None:
        if not stage.can(Capability.THREAD):
            pytest.skip("this network has no threads")
        root = await stage.publish(Part("Same words"))
        stage.clock.advance(1)
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Same words"), identity, root=root, parent=root)
        stage.fault(FaultKind.LOST_RESPONSE)
        with pytest.raises(Ambiguous):
            await stage.client().send(identity, wire)
        found = await stage.client().find(identity, wire, taken=NOBODY)
        assert found is not None
        assert found.id != root.id

    @pytest.mark.parametrize(
        ("kind", "more"),
        [
            (FaultKind.TIMEOUT_AFTER, {}),
            (FaultKind.SERVER_ERROR, {"status": 502}),
            (FaultKind.BAD_JSON, {}),
            (FaultKind.HTML, {"status": 200}),
            (FaultKind.RATE_LIMITED, {}),
        ],
    )
    async def test_a_look_that_fails_is_no_answer(self, stage: Stage, kind: FaultKind, more: dict[str, Any]) -> None:
        identity = stage.spec.new_identity()
        wire = await stage.prepared(Part("Look"), identity)
        looking = LOOKING.get(stage.account.network)
        stage.fault(kind, path=looking or "/", method="POST" if looking else "GET", **more)
        with pytest.raises((Transient, RateLimited)):
            await stage.client().find(identity, wire, taken=NOBODY)


class TestRefusals:
    async def test_no_connection(self, stage: Stage) -> None:
        stage.fault(FaultKind.REFUSED)
        with pytest.raises(Transient):
            await stage.publish(Part("Hello"))
        assert stage.live() == []

    @pytest.mark.parametrize(
        ("kind", "seconds"), [(FaultKind.RATE_LIMITED, 300.0), (FaultKind.RATE_LIMITED_BARE, None)]
    )
    async def test_too_many(self, stage: Stage, kind: FaultKind, seconds: float | None) -> None:
        stage.fault(kind, seconds=300)
        with pytest.raises(RateLimited) as caught:
            await stage.publish(Part("Hello"))
        if stage.flavour == "vk":  # it never says; a second is what its pace asks for
            seconds = 1.0
        assert caught.value.retry_after == (None if seconds is None else pytest.approx(seconds, abs=1))
        assert stage.live() == []

    async def test_an_expired_token(self, stage: Stage) -> None:
        """Bluesky renews its session and goes on; elsewhere a person must give a new token."""
        stage.fault(FaultKind.EXPIRED_TOKEN)
        if stage.flavour == "bluesky":
            await stage.publish(Part("Hello"))
            assert stage.live() == ["Hello"]
            assert len(stage.slot.history) == 2
        else:
            with pytest.raises(AuthExpired):
                await stage.publish(Part("Hello"))
            assert stage.live() == []

    async def test_a_closed_account(self, stage: Stage) -> None:
        handle = stage.account.handle.removeprefix("@").partition("@")[0]
        account = stage.world.find_account(SERVERS[stage.flavour], handle)
        assert account is not None
        stage.world.set_state(account, "takendown" if stage.flavour == "bluesky" else "suspended")
        with pytest.raises(NetworkError) as caught:
            await stage.publish(Part("Hello"))
        assert caught.value.kind in ("forbidden", "auth_expired")
        assert stage.live() == []

    async def test_the_post_that_is_answered_is_gone(self, stage: Stage) -> None:
        if not stage.can(Capability.THREAD):
            pytest.skip("this network has no threads")
        root = await stage.publish(Part("Root"))
        await stage.client().delete(root)
        try:
            await stage.publish(Part("Child"), root=root, parent=root)
        except NetworkError as error:
            assert error.kind in ("not_found", "rejected")  # noqa: PT017
            assert stage.live() == []

    async def test_closing_leaves_a_lent_transport_open(self, stage: Stage) -> None:
        client = stage.client()
        await client.check()
        await client.aclose()
        await stage.publish(Part("Still here"))

    async def test_many_at_once(self, stage: Stage) -> None:
        """Several parts of one account under way together, each by a client of its own."""
        await asyncio.gather(*(stage.publish(Part(f"Number {number}")) for number in range(8)))
        assert sorted(stage.live()) == [f"Number {number}" for number in range(8)]
