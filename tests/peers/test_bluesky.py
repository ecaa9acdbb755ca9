"""atproto and our client of Bluesky: the same requests; and the peer at home on the simulated network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from atproto import AsyncClient, AsyncRequest, client_utils, models
from atproto_client.exceptions import BadRequestError

from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.ports import JSON, LinkCard, Part, RemoteRef
from smm_tui.sandbox import seed, things
from smm_tui.sandbox.faces.bluesky import audience
from smm_tui.sandbox.world import World
from tests.networks.people import sweep
from tests.networks.stage import Recorder, Stage, WorldClock, open_world
from tests.networks.support import picture

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")  # the peer's way to upload

LINK = "https://example.com/é"
VARYING = ("createdAt", "created_at")


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with open_world(tmp_path, clock) as world:
        yield world


@pytest.fixture
async def stage(world: World, clock: WorldClock) -> Stage:
    stage = Stage.of("bluesky", world, clock)
    await stage.checked()
    return stage


class Peer:
    """The peer, logged in to the same account, with what it sent."""

    def __init__(self, stage: Stage) -> None:
        self.recorder = Recorder(stage.recorder.inner)
        self.client = AsyncClient("https://bsky.sandbox/xrpc", request=AsyncRequest(transport=self.recorder))
        self.password = (stage.slot.values or {})["app_password"]
        self.handle = stage.account.handle

    async def login(self) -> AsyncClient:
        await self.client.login(self.handle, self.password)
        self.recorder.requests.clear()
        return self.client


@pytest.fixture
async def peer(stage: Stage) -> Peer:
    return Peer(stage)


def sent(recorder: Recorder, method: str) -> httpx.Request:
    """The last call of a method."""
    return [request for request in recorder.requests if request.url.path.endswith(f".{method}")][-1]


def body(recorder: Recorder, method: str) -> JSON:
    found: JSON = json.loads(sent(recorder, method).content)
    return found


def plain(record: JSON) -> JSON:
    """A record without its time, its facets in order."""
    left = {name: value for name, value in record.items() if name not in VARYING}
    if "facets" in left:
        left["facets"] = sorted(left["facets"], key=lambda facet: facet["index"]["byteStart"])
    return left


def typed(ours: Any, theirs: Any) -> Any:
    """Theirs without the type names that the peer writes where the lexicon leaves no choice, and we write none."""
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [typed(*pair) for pair in zip(ours, theirs, strict=True)]
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return theirs
    left = {name: value for name, value in theirs.items() if name != "$type" or name in ours}
    return {name: typed(ours.get(name), value) for name, value in left.items()}


def alike(ours: JSON, theirs: JSON) -> None:
    """Both say the same, field by field, but for the times of writing."""
    assert plain(ours) == typed(plain(ours), plain(theirs))


def anna(stage: Stage) -> things.Account:
    found = audience.person(stage.world, stage.server, "Anna")
    stage.clock.advance(2)
    return found


async def commented(stage: Stage) -> tuple[RemoteRef, Item]:
    ref, post = await stage.posted()
    audience.comment(stage.world, post, anna(stage), "Is there rye?")
    stage.clock.advance(2)
    return ref, (await sweep(stage, [ref])).one("Is there rye?")


def strong(item: Item | RemoteRef) -> Any:
    return models.ComAtprotoRepoStrongRef.Main(uri=item.id, cid=item.extra["cid"])


class TestTheSameRequests:
    async def test_text_with_links_mentions_and_tags(self, stage: Stage, peer: Peer) -> None:
        theirs = await peer.login()
        did = stage.account.remote_id
        text = (
            client_utils.TextBuilder()
            .text("Új 🥐 ")
            .link(LINK, LINK)
            .text(" ")
            .mention("@bakery.bsky.sandbox", did)
            .text(" ")
            .tag("#Kenyér", "Kenyér")
        )
        await theirs.send_post(text, langs=["hu"])
        await stage.publish(Part(text.build_text(), language="hu"))
        ours = body(stage.recorder, "putRecord")
        their_call = body(peer.recorder, "createRecord")
        alike(ours["record"], their_call["record"])
        assert (ours["repo"], ours["collection"]) == (their_call["repo"], their_call["collection"])

    async def test_pictures(self, stage: Stage, peer: Peer, tmp_path: Path) -> None:
        theirs = await peer.login()
        file = picture(tmp_path, size=(6, 4), alt="A loaf")
        ratio = models.AppBskyEmbedDefs.AspectRatio(width=6, height=4)
        await theirs.send_image("Bread", file.path.read_bytes(), "A loaf", image_aspect_ratio=ratio, langs=["en"])
        await stage.publish(Part("Bread", (file,), language="en"))
        alike(body(stage.recorder, "putRecord")["record"], body(peer.recorder, "createRecord")["record"])
        assert sent(stage.recorder, "uploadBlob").content == sent(peer.recorder, "uploadBlob").content

    async def test_a_link_card(self, stage: Stage, peer: Peer) -> None:
        theirs = await peer.login()
        external = models.AppBskyEmbedExternal.External(uri=LINK, title="Rye", description="Dark")
        await theirs.send_post("Look", embed=models.AppBskyEmbedExternal.Main(external=external), langs=["en"])
        await stage.publish(Part("Look", language="en", card=LinkCard(LINK, "Rye", "Dark")))
        alike(body(stage.recorder, "putRecord")["record"], body(peer.recorder, "createRecord")["record"])

    async def test_an_answer(self, stage: Stage, peer: Peer) -> None:
        ref, comment = await commented(stage)
        theirs = await peer.login()
        reply = models.AppBskyFeedPost.ReplyRef(root=strong(ref), parent=strong(comment))
        await theirs.send_post("Yes", reply_to=reply, langs=["en"])
        identity = stage.spec.new_identity()
        responder = stage.ports().responder
        await responder.send(identity, await responder.prepare(identity, comment, Part("Yes", language="en")))
        alike(body(stage.recorder, "putRecord")["record"], body(peer.recorder, "createRecord")["record"])

    async def test_likes_blocks_and_mutes(self, stage: Stage, peer: Peer) -> None:
        _ref, comment = await commented(stage)
        theirs = await peer.login()
        moderator = stage.ports().moderator
        await theirs.like(comment.id, comment.extra["cid"])
        await moderator.moderate(Verb.LIKE, comment)
        alike(body(stage.recorder, "putRecord")["record"], body(peer.recorder, "createRecord")["record"])
        block = models.AppBskyGraphBlock.Record(subject=comment.author.id, created_at=theirs.get_current_time_iso())
        await theirs.app.bsky.graph.block.create(stage.account.remote_id, block)
        await moderator.moderate(Verb.BAN, comment)
        alike(body(stage.recorder, "putRecord")["record"], body(peer.recorder, "createRecord")["record"])
        await theirs.mute(comment.author.id)
        await moderator.moderate(Verb.MUTE, comment)
        alike(body(stage.recorder, "muteActor"), body(peer.recorder, "muteActor"))

    async def test_a_report(self, stage: Stage, peer: Peer) -> None:
        _ref, comment = await commented(stage)
        theirs = (await peer.login()).with_proxy("atproto_labeler", AsyncClient.BSKY_LABELER_DID)
        await theirs.com.atproto.moderation.create_report(
            {
                "reason_type": "com.atproto.moderation.defs#reasonOther",
                "reason": "Spam",
                "subject": strong(comment),
            }
        )
        await stage.ports().moderator.moderate(Verb.REPORT, comment, reason="Spam")
        alike(body(stage.recorder, "createReport"), body(peer.recorder, "createReport"))
        name = "atproto-proxy"
        assert sent(stage.recorder, "createReport").headers[name] == sent(peer.recorder, "createReport").headers[name]

    async def test_a_message(self, stage: Stage, peer: Peer) -> None:
        audience.message(stage.world, stage.page, anna(stage), "Hello")
        stage.clock.advance(2)
        (item,) = (await sweep(stage)).of(ItemKind.MESSAGE)
        theirs = (await peer.login()).with_bsky_chat_proxy()
        await theirs.chat.bsky.convo.send_message(
            {"convo_id": item.extra["convo"], "message": {"text": "Good morning"}}
        )
        responder = stage.ports().responder
        await responder.send("x", await responder.prepare("x", item, Part("Good morning")))
        alike(body(stage.recorder, "sendMessage"), body(peer.recorder, "sendMessage"))
        name = "atproto-proxy"
        assert sent(stage.recorder, "sendMessage").headers[name] == sent(peer.recorder, "sendMessage").headers[name]


class TestAtHome:
    """Each answer passes through the peer's own models."""

    async def test_posts_and_threads(self, stage: Stage, peer: Peer, tmp_path: Path) -> None:
        theirs = await peer.login()
        root = await theirs.send_post("Root")
        file = picture(tmp_path)
        ref = models.create_strong_ref(root)
        reply = models.AppBskyFeedPost.ReplyRef(root=ref, parent=ref)
        child = await theirs.send_image("Child", file.path.read_bytes(), "A loaf", reply_to=reply)
        thread = (await theirs.get_post_thread(root.uri)).thread
        assert [node.post.uri for node in thread.replies] == [child.uri]
        (post,) = (await theirs.get_posts([child.uri])).posts
        assert post.record.text == "Child"
        like = await theirs.like(root.uri, root.cid)
        assert (await theirs.get_posts([root.uri])).posts[0].viewer.like == like.uri
        assert await theirs.unlike(like.uri)
        feed = await theirs.get_author_feed(stage.account.handle)
        assert {entry.post.uri for entry in feed.feed} == {root.uri, child.uri}
        assert await theirs.delete_post(child.uri)

    async def test_notifications(self, stage: Stage, peer: Peer) -> None:
        _ref, comment = await commented(stage)
        theirs = await peer.login()
        answer = await theirs.app.bsky.notification.list_notifications({"reasons": ["reply"], "limit": 10})
        assert [(one.uri, one.reason, one.record.text) for one in answer.notifications] == [
            (comment.id, "reply", "Is there rye?")
        ]

    async def test_profile(self, stage: Stage, peer: Peer) -> None:
        theirs = await peer.login()
        profile = await theirs.get_profile(stage.account.handle)
        assert (profile.display_name, profile.followers_count) == ("The Bakery", 0)
        record = await theirs.app.bsky.actor.profile.get(stage.account.remote_id, "self")
        assert record.value.display_name == "The Bakery"

    async def test_chat(self, stage: Stage, peer: Peer) -> None:
        person = anna(stage)
        audience.message(stage.world, stage.page, person, "Hello")
        theirs = (await peer.login()).with_bsky_chat_proxy()
        convo_api = theirs.chat.bsky.convo
        (convo,) = (await convo_api.list_convos()).convos
        assert person.remote_id in [member.did for member in convo.members]
        began = (await convo_api.get_log()).cursor
        stage.clock.advance(2)
        sent_one = await convo_api.send_message({"convo_id": convo.id, "message": {"text": "Hi"}})
        messages = (await convo_api.get_messages({"convo_id": convo.id})).messages
        assert [message.text for message in messages] == ["Hi", "Hello"]
        log = await convo_api.get_log({"cursor": began})
        assert [entry.message.id for entry in log.logs] == [sent_one.id]
        await convo_api.delete_message_for_self({"convo_id": convo.id, "message_id": sent_one.id})

    async def test_chat_wants_the_right(self, stage: Stage) -> None:
        login = seed.add_bluesky_account(stage.world, stage.server, "shy", messages=False)
        client = AsyncClient("https://bsky.sandbox/xrpc", request=AsyncRequest(transport=stage.recorder))
        await client.login(login.handle, login.app_password)
        with pytest.raises(BadRequestError):
            await client.with_bsky_chat_proxy().chat.bsky.convo.list_convos()
