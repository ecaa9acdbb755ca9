"""Mastodon.py and our client of Mastodon: the same requests; and the peer at home on the simulated server."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import mastodon
import pytest
import requests
from mastodon import Mastodon
from requests.adapters import BaseAdapter

from smm_tui.domain.clock import HOUR, to_datetime
from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Account, Part, Poll, RemoteRef
from smm_tui.networks.registry import client
from smm_tui.sandbox import exchange, seed
from smm_tui.sandbox.faces.mastodon import audience
from smm_tui.sandbox.faces.mastodon.call import ADMINISTRATOR
from smm_tui.sandbox.http import Request, Upload, parameters
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World
from tests.networks.stage import STAFF, Recorder, WorldClock
from tests.networks.support import MemorySlot, picture

IDENTITY = "0123456789abcdef0123456789abcdef"


class Wire(BaseAdapter):
    """Carries the peer's requests to the simulated server, and keeps them."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.requests: list[Request] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        given = body.encode() if isinstance(body, str) else body
        assert isinstance(given, bytes)
        headers = {name: str(value) for name, value in request.headers.items()}
        call = Request.of(str(request.method), str(request.url), headers, given)
        self.requests.append(call)
        answer = exchange.answer(self.world, exchange.receive(self.world, call))
        response = requests.Response()
        response.status_code, response.raw = answer.status, io.BytesIO(answer.body)
        response.headers.update(answer.headers)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Both:
    """Our client and the peer's, as the same account in the same world."""

    world: World
    clock: WorldClock
    login: seed.MastodonLogin
    ours: Client
    peer: Mastodon
    recorder: Recorder
    wire: Wire

    def person(self, name: str = "Anna") -> Any:
        server = self.world.server(self.login.account.server)
        assert server is not None
        return audience.person(self.world, server, name)


@pytest.fixture
def clock() -> WorldClock:
    return WorldClock()


@pytest.fixture
def world(tmp_path: Path, clock: WorldClock) -> Iterator[World]:
    with World(tmp_path / "world.db", clock=clock, seed=1) as world:
        yield world


@pytest.fixture
async def both(world: World, clock: WorldClock) -> Both:
    server = seed.add_servers(world)[seed.MASTODON_HOST]
    login = seed.add_mastodon_account(world, server, "bakery", display_name="The Bakery", scopes=STAFF)
    world.update_account(login.account, {"permissions": ADMINISTRATOR})
    recorder = Recorder(SandboxTransport(world))
    slot, around = MemorySlot({"token": login.token}), Surroundings(recorder, clock=clock)
    found = await client(Account("mastodon", login.server, login.handle), slot, around).publisher.check()
    account = Account("mastodon", login.server, found.handle, found.remote_id, found.facts)
    wire = Wire(world)
    session = requests.Session()
    session.mount("https://", wire)
    peer = Mastodon(access_token=login.token, api_base_url=login.server, session=session)
    recorder.requests.clear()
    return Both(world, clock, login, client(account, slot, around), peer, recorder, wire)


def plain(value: Any) -> Any:
    """A parameter as both spellings (JSON, form) mean it; what says nothing is left out."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Upload):
        return value.data
    words = {"true": "1", "false": "0"}
    return words.get(str(value).lower(), str(value))


def asked(request: Request) -> tuple[str, str, Any]:
    """What a request says, without what stands in every one of the peer's."""
    given = {name: value for name, value in parameters(request).items() if name not in NOISE}
    path = request.path.rstrip("/")
    if isinstance(given.get("poll"), dict):
        given["poll"] = {"hide_totals": False, **given["poll"]}
    return request.method, path, plain({**SILENT.get((request.method, path), {}), **given})


# Our client leaves a server's own default unsaid, or says it where the peer does not.
SILENT: dict[tuple[str, str], dict[str, Any]] = {("POST", "/api/v1/statuses"): {"sensitive": False}}
NOISE = frozenset({"send_email_notification"})

PARTS: dict[str, tuple[Part, dict[str, Any]]] = {
    "plain": (Part("Hello", language="de"), {"language": "de"}),
    "warned": (
        Part("The end", content_warning="spoiler", labels=("nudity",)),
        {"spoiler_text": "spoiler", "sensitive": True},
    ),
    "poll": (Part("Rye?", poll=Poll(("Yes", "No"), 3600, multiple=True)), {}),
}


class TestTheSameRequests:
    """The operation through both, compared field by field as the server reads them."""

    @staticmethod
    def sent(both: Both, method: str) -> Request:
        found = [each for each in both.recorder.requests if each.method == method][-1]
        return Request.of(found.method, str(found.url), found.headers, found.content)

    def compare(self, both: Both, method: str = "POST") -> None:
        assert asked(self.sent(both, method)) == asked(both.wire.requests[-1])

    @pytest.mark.parametrize("name", PARTS)
    async def test_post(self, both: Both, name: str) -> None:
        part, more = PARTS[name]
        wire = await both.ours.publisher.prepare(IDENTITY, part, root=None, parent=None)
        await both.ours.publisher.send(IDENTITY, wire)
        key = self.sent(both, "POST").header("idempotency-key")
        if part.poll is not None:
            more = {"poll": both.peer.make_poll(list(part.poll.options), 3600, multiple=True)}
        both.peer.status_post(part.text, visibility="public", idempotency_key=key, **more)
        assert both.wire.requests[-1].header("idempotency-key") == key
        self.compare(both)
        assert len(both.world.live_posts()) == 1, "the same key is the same post, from whomever"

    async def test_post_for_later(self, both: Both) -> None:
        wire = await both.ours.publisher.prepare(IDENTITY, Part("Later"), root=None, parent=None)
        at = both.clock.now + HOUR
        ref = await both.ours.scheduler.schedule(IDENTITY, wire, at)
        both.peer.status_post("Later", visibility="public", scheduled_at=to_datetime(at))
        method, path, given = asked(self.sent(both, "POST"))
        peer_method, peer_path, theirs = asked(both.wire.requests[-1])
        assert theirs.pop("scheduled_at") == "2025-10-09T09:53:20+00:00"
        assert given.pop("scheduled_at") == "2025-10-09T09:53:20Z"
        assert (method, path, given) == (peer_method, peer_path, theirs)
        await both.ours.scheduler.unschedule(ref)
        both.peer.scheduled_status_delete(both.peer.scheduled_statuses()[0])
        assert asked(self.sent(both, "DELETE"))[:2] == ("DELETE", "/api/v1/scheduled_statuses/1")
        assert asked(both.wire.requests[-1])[:2] == ("DELETE", "/api/v1/scheduled_statuses/2")

    async def test_upload(self, both: Both, tmp_path: Path) -> None:
        file = picture(tmp_path, alt="A loaf")
        await both.ours.publisher.prepare(IDENTITY, Part("x", (file,)), root=None, parent=None)
        both.peer.media_post(
            io.BytesIO(file.path.read_bytes()), "image/png", description="A loaf", file_name="media.png"
        )
        self.compare(both)

    async def test_edit(self, both: Both) -> None:
        status = both.peer.status_post("Fresh bred")
        ref = RemoteRef(str(status.id), "")
        await both.ours.editor.edit(ref, await both.ours.editor.prepare_edit(ref, Part("Fresh bread")))
        both.peer.status_update(status, "Fresh bread", sensitive=False)
        self.compare(both, "PUT")

    async def test_pin_and_delete(self, both: Both) -> None:
        status = both.peer.status_post("Fresh bread")
        ref = RemoteRef(str(status.id), "")
        await both.ours.pinner.pin(ref)
        await both.ours.pinner.unpin(ref)
        both.peer.status_unpin(status)
        self.compare(both)
        await both.ours.publisher.read(ref)
        both.peer.status(status)
        self.compare(both, "GET")
        both.peer.status_delete(status)
        await both.ours.publisher.delete(ref)
        self.compare(both, "DELETE")

    @pytest.mark.parametrize(
        ("verb", "call"),
        [
            (Verb.LIKE, lambda peer, item: peer.status_favourite(item.id)),
            (Verb.UNLIKE, lambda peer, item: peer.status_unfavourite(item.id)),
            (Verb.MUTE, lambda peer, item: peer.account_mute(item.author.id, duration=3600)),
            (Verb.UNMUTE, lambda peer, item: peer.account_unmute(item.author.id)),
            (Verb.BAN, lambda peer, item: peer.account_block(item.author.id)),
            (Verb.UNBAN, lambda peer, item: peer.account_unblock(item.author.id)),
            (Verb.REPORT, lambda peer, item: peer.report(item.author.id, [item.id], "Spam")),
            (Verb.RESTRICT, lambda peer, item: peer.admin_account_moderate(item.author.id, "silence", text="Spam")),
            (Verb.UNRESTRICT, lambda peer, item: peer.admin_account_unsilence(item.author.id)),
        ],
    )
    async def test_moderate(self, both: Both, verb: Verb, call: Callable[[Mastodon, Item], Any]) -> None:
        item = await self.comment(both)
        until = both.clock.now + HOUR if verb is Verb.MUTE else None
        await both.ours.moderator.moderate(verb, item, until=until, reason="Spam")
        call(both.peer, item)
        self.compare(both)

    async def comment(self, both: Both) -> Item:
        status = both.peer.status_post("Fresh bread")
        post = both.world.live_posts()[-1]
        audience.comment(both.world, post, both.person(), "Is it rye?")
        page = await both.ours.inbox.fetch(None, posts=[RemoteRef(str(status.id), "")])
        return page.items[0]

    async def test_reports(self, both: Both) -> None:
        item = await self.comment(both)
        both.peer.report(item.author.id, [item.id], "Spam")
        page = await both.ours.inbox.fetch(None, posts=[])
        (report,) = [each for each in page.items if each.kind is ItemKind.REPORT]
        for verb, call in (
            (Verb.CLOSE_REPORT, both.peer.admin_report_resolve),
            (Verb.REOPEN_REPORT, both.peer.admin_report_reopen),
        ):
            await both.ours.moderator.moderate(verb, report)
            call(report.id)
            self.compare(both)

    async def test_an_answer(self, both: Both) -> None:
        item = await self.comment(both)
        wire = await both.ours.responder.prepare(IDENTITY, item, Part("Yes"))
        await both.ours.responder.send(IDENTITY, wire)
        both.peer.status_post("@anna@social.sandbox Yes", in_reply_to_id=item.id, visibility="public")
        self.compare(both)

    async def test_profile(self, both: Both, tmp_path: Path) -> None:
        page = await both.ours.profile_reader.read_profile()
        file = picture(tmp_path)
        change = ProfileChange("Bakery", "Bread & <b>", links=(("Shop", "https://shop.example"),), avatar=file)
        await both.ours.profile_writer.write_profile(change, expected=page)
        both.peer.account_update_credentials(
            display_name="Bakery",
            note="Bread & <b>",
            fields=[("Shop", "https://shop.example")],
            avatar=io.BytesIO(file.path.read_bytes()),
            avatar_mime_type="image/png",
        )
        self.compare(both, "PATCH")

    async def test_notifications(self, both: Both) -> None:
        await both.ours.inbox.fetch(None, posts=[])
        sent = next(each for each in both.recorder.requests if each.url.path == "/api/v1/notifications")
        ours = asked(Request.of(sent.method, str(sent.url), sent.headers, b""))
        both.peer.notifications(types=["mention", "update", "quote"], min_id="0", limit=80)
        method, path, theirs = asked(both.wire.requests[-1])
        assert ours == (method, path, {**theirs, "include_filtered": "1"})


class TestAtHome:
    """The peer works against the face as it does against a real server, unchanged."""

    async def test_a_life(self, both: Both, tmp_path: Path) -> None:
        peer, world = both.peer, both.world
        assert peer.account_verify_credentials().username == "bakery"
        assert str(peer.instance().version) == "4.5.3"
        media = peer.media_post(io.BytesIO(picture(tmp_path).path.read_bytes()), "image/png", description="A loaf")
        status = peer.status_post("Fresh bread", media_ids=[media], language="en")
        assert (status.media_attachments[0].description, status.visibility) == ("A loaf", "public")
        asking = peer.status_post("Rye?", poll=peer.make_poll(["Yes", "No"], 3600))
        assert [option.title for option in asking.poll.options] == ["Yes", "No"]
        assert peer.poll_vote(asking.poll, [1]).votes_count == 1
        edited = peer.status_update(status, "Fresher bread", media_ids=[media])
        assert edited.edited_at is not None
        assert peer.status_pin(status).pinned
        assert [each.id for each in peer.account_statuses(both.login.account.remote_id, pinned=True)] == [status.id]
        post = next(each for each in world.live_posts() if each.remote_id == str(status.id))
        anna = both.person()
        audience.like(world, post, anna)
        audience.follow(world, both.login.account, anna)
        both.clock.advance(2)
        comment = audience.comment(world, post, anna, "Is it rye?")
        audience.message(world, both.login.account, anna, "A question")
        assert [each.type for each in peer.notifications()] == ["mention", "mention", "follow", "favourite"]
        assert [each.type for each in peer.notifications(types=["mention"], limit=1)] == ["mention"]
        assert peer.account(both.login.account.remote_id).followers_count == 1
        context = peer.status_context(status)
        assert [str(each.id) for each in context.descendants] == [comment.remote_id]
        reply = peer.status_reply(context.descendants[0], "Yes", untag=False)
        assert str(reply.in_reply_to_id) == comment.remote_id
        (talk,) = peer.conversations()
        assert talk.accounts[0].username == "anna"
        assert peer.account_mute(anna.remote_id, duration=60).muting
        assert peer.account_block(anna.remote_id).blocking
        assert [each.blocking for each in peer.account_relationships(anna.remote_id)] == [True]
        assert not peer.account_unblock(anna.remote_id).blocking
        report = peer.report(anna.remote_id, [comment.remote_id], "Rude")
        (seen,) = peer.admin_reports()
        assert (seen.comment, str(seen.target_account.id)) == ("Rude", anna.remote_id)
        assert peer.admin_report_resolve(report).action_taken
        assert peer.admin_reports() == []
        assert [each.comment for each in peer.admin_reports(resolved=True)] == ["Rude"]
        peer.admin_account_moderate(anna.remote_id, "suspend")
        assert world.account(anna.id).state == "suspended"
        peer.account_update_credentials(
            display_name="Bakery", note="Bread", fields=[("Shop", "https://shop.example")]
        )
        account = peer.account_verify_credentials()
        assert (account.display_name, account.source.note) == ("Bakery", "Bread")
        assert [(each.name, each.value) for each in account.source.fields] == [("Shop", "https://shop.example")]
        peer.status_delete(status)
        with pytest.raises(mastodon.MastodonNotFoundError):
            peer.status(status)

    async def test_pages(self, both: Both) -> None:
        post_id = both.peer.status_post("Fresh bread").id
        post = both.world.live_posts()[0]
        people = [both.person(name) for name in ("Anna", "Bert")]
        for number in range(90):
            audience.comment(both.world, post, people[number % 2], f"Loaf {number}")
        first = both.peer.notifications(limit=80)
        rest = both.peer.fetch_next(first)
        assert rest is not None
        texts = [each.status.content for each in [*first, *rest]]
        assert len(texts) == 90
        assert "Loaf 89<" in texts[0]
        assert len(both.peer.status_context(post_id).descendants) == 90

    async def test_later(self, both: Both) -> None:
        later = both.peer.status_post("Later", scheduled_at=to_datetime(both.clock.now) + timedelta(hours=1))
        assert [each.params.text for each in both.peer.scheduled_statuses()] == ["Later"]
        both.peer.scheduled_status_update(later, to_datetime(both.clock.now) + timedelta(hours=2))
        both.peer.scheduled_status_delete(later)
        assert both.peer.scheduled_statuses() == []

    async def test_refusals(self, both: Both) -> None:
        with pytest.raises(mastodon.MastodonAPIError):
            both.peer.status_post("")
        with pytest.raises(mastodon.MastodonNotFoundError):
            both.peer.status_favourite("1")
        both.world.update_account(both.login.account, {"permissions": 0})
        with pytest.raises(mastodon.MastodonAPIError, match="403"):
            both.peer.admin_reports()
