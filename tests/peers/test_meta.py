"""facebook-business and our clients of Facebook and Instagram: the same requests; and the peer on our face."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from facebook_business.adobjects.comment import Comment  # type: ignore[import-untyped]
from facebook_business.adobjects.igcomment import IGComment  # type: ignore[import-untyped]
from facebook_business.adobjects.igmedia import IGMedia  # type: ignore[import-untyped]
from facebook_business.adobjects.iguser import IGUser  # type: ignore[import-untyped]
from facebook_business.adobjects.page import Page  # type: ignore[import-untyped]
from facebook_business.adobjects.pagepost import PagePost  # type: ignore[import-untyped]
from facebook_business.adobjects.user import User  # type: ignore[import-untyped]
from facebook_business.api import FacebookAdsApi  # type: ignore[import-untyped]
from facebook_business.exceptions import FacebookRequestError  # type: ignore[import-untyped]
from facebook_business.session import FacebookSession  # type: ignore[import-untyped]
from requests.adapters import BaseAdapter

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, Verb
from smm_tui.networks.facebook import mapping as fb
from smm_tui.networks.facebook import mapping_inbox as fb_inbox
from smm_tui.networks.facebook import mapping_page as fb_page
from smm_tui.networks.instagram import mapping as ig
from smm_tui.networks.meta.rights import VERSION
from smm_tui.networks.page import ProfileChange
from smm_tui.networks.ports import Account, Part, RemoteRef
from smm_tui.networks.public_media import PublicMedia
from smm_tui.networks.registry import client
from smm_tui.sandbox import exchange, seed, things
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.http import Request, parameters
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World
from tests.networks.stage import Recorder, WorldClock
from tests.networks.support import MemorySlot, picture

HOST = "graph.facebook.com"
APART = {"limit", "summary"}  # how much of a list is asked for at once is each client's own business
DONE = (1, 24, 100, 506)  # the refusals of what ours did a moment before

# The peer knows the fields of nodes, but not those of what hangs on them.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.* does not allow field .*:UserWarning"),
    pytest.mark.filterwarnings("ignore:value of metric might not be compatible.*:UserWarning"),
]
HOUR = 3_600_000


@dataclass
class Wire(BaseAdapter):
    """Carries the peer's requests to the simulated Graph API, and keeps them."""

    world: World
    seen: list[Request] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body or b""
        given = body.encode() if isinstance(body, str) else body
        assert isinstance(given, bytes)
        headers = {name: str(value) for name, value in request.headers.items()}
        call = Request.of(str(request.method), str(request.url), headers, given)
        self.seen.append(call)
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
    """Our clients and the peer, for the same Page and Instagram account in the same world."""

    world: World
    clock: WorldClock
    server: things.Server
    login: seed.InstagramLogin
    facebook: Client
    instagram: Client
    peer: FacebookAdsApi
    recorder: Recorder
    wire: Wire

    @property
    def page(self) -> Page:
        return Page(self.login.page.account.remote_id, api=self.peer)

    @property
    def account(self) -> IGUser:
        return IGUser(self.login.account.remote_id, api=self.peer)

    async def same(self, ours: Callable[[], Awaitable[Any]], theirs: Callable[[], Any], *, last: int = 1) -> None:
        """Both make the same call; `last`: which of ours from the end it is. It may be refused the second time."""
        self.recorder.requests.clear()
        self.wire.seen.clear()
        await ours()
        mine = told(self.our_requests()[-last])
        try:
            theirs()
        except FacebookRequestError as error:
            assert error.api_error_code() in DONE  # noqa: PT017
        other = told(self.wire.seen[-1])
        assert mine == other

    def our_requests(self) -> list[Request]:
        return [
            Request.of(call.method, str(call.url), dict(call.headers), call.content)
            for call in self.recorder.requests
            if call.url.host == HOST
        ]


def told(request: Request) -> tuple[str, str, Mapping[str, Any]]:
    """What a request says: method, path, parameters, their JSON read."""
    found: dict[str, Any] = {}
    for name, value in parameters(request).items():
        if name in ("access_token", "appsecret_proof", *APART):
            continue
        text = value if isinstance(value, str) else repr(value)
        try:
            found[name] = json.loads(text)
        except ValueError:
            found[name] = text
        if name in ("metric", "period") and isinstance(found[name], list):  # the API takes both
            found[name] = ",".join(found[name])
    return request.method, request.path.rstrip("/"), found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    clock = WorldClock()
    with World(tmp_path / "world.db", clock=clock, seed=1) as world:
        servers = seed.add_servers(world)
        server = world.add_server(HOST, "facebook", title="Facebook")
        page = seed.add_facebook_page(world, server, "bakery", name="The Bakery")
        login = seed.add_instagram_account(world, server, "bakery.insta", name="The Bakery", page=page)
        wire, recorder = Wire(world), Recorder(SandboxTransport(world))
        place = MemorySlot(seed.add_public_folder(world, servers[seed.FILES_HOST], "bakery"))
        around = Surroundings(recorder, clock=clock, public_media=PublicMedia(place, SandboxTransport(world)))
        slot = MemorySlot({"token": page.token})
        clients = [
            client(Account("facebook", server.base, page.handle, page.account.remote_id), slot, around),
            client(Account("instagram", server.base, login.handle, login.account.remote_id), slot, around),
        ]
        session = FacebookSession(access_token=page.token)
        session.requests.mount("https://", wire)
        peer = FacebookAdsApi(session, api_version=VERSION)
        yield Both(world, clock, server, login, clients[0], clients[1], peer, recorder, wire)
        session.requests.close()


async def sent(ours: Client, part: Part, identity: str = "i") -> RemoteRef:
    wire = await ours.publisher.prepare(identity, part, root=None, parent=None)
    return await ours.publisher.send(identity, wire)


async def commented(both: Both, network: str, folder: Path) -> tuple[RemoteRef, Item]:
    ours = both.facebook if network == "facebook" else both.instagram
    ref = await sent(ours, Part("Fresh bread", (picture(folder, "JPEG"),)))
    post = both.world.find_object(HOST, "post", ref.id)
    assert post is not None
    both.clock.advance(2)
    people = AUDIENCES[network]
    people.comment(both.world, post, people.person(both.world, both.server, "Anna"), "Is it rye?")
    page = await ours.inbox.fetch(None, posts=[ref])
    return ref, page.items[0]


class TestSameRequests:
    async def test_a_post_with_a_link(self, both: Both) -> None:
        part = Part("Hello https://x.example/1 🥐")
        params = {"message": part.text, "link": "https://x.example/1"}
        await both.same(lambda: sent(both.facebook, part), lambda: both.page.create_feed(params=params))

    async def test_a_post_with_a_photo(self, both: Both, tmp_path: Path) -> None:
        wire = await both.facebook.publisher.prepare(
            "i", Part("Hi", (picture(tmp_path, alt="A loaf"),)), root=None, parent=None
        )
        params = {"message": "Hi", "attached_media": [{"media_fbid": wire["photos"][0]}]}
        await both.same(lambda: both.facebook.publisher.send("i", wire), lambda: both.page.create_feed(params=params))

    async def test_a_post_for_later(self, both: Both) -> None:
        wire = await both.facebook.publisher.prepare("i", Part("Later"), root=None, parent=None)
        at = both.clock.now + HOUR
        params = {"message": "Later", "published": False, "scheduled_publish_time": at // 1000}
        await both.same(
            lambda: both.facebook.scheduler.schedule("i", wire, at), lambda: both.page.create_feed(params=params)
        )
        fields = ["id", "scheduled_publish_time"]
        await both.same(both.facebook.scheduler.scheduled, lambda: both.page.get_scheduled_posts(fields=fields))

    async def test_reading_back(self, both: Both) -> None:
        wire = await both.facebook.publisher.prepare("i", Part("Hello"), root=None, parent=None)
        fields = [fb.POST_FIELDS]
        await both.same(
            lambda: both.facebook.publisher.find("i", wire, taken=frozenset()),
            lambda: both.page.get_published_posts(fields=fields),
        )

    async def test_posts_changed_pinned_and_deleted(self, both: Both) -> None:
        ref = await sent(both.facebook, Part("Fresh bred"))
        post = PagePost(ref.id, api=both.peer)
        edit = await both.facebook.editor.prepare_edit(ref, Part("Fresh bread"))
        await both.same(
            lambda: both.facebook.editor.edit(ref, edit), lambda: post.api_update(params={"message": "Fresh bread"})
        )
        await both.same(lambda: both.facebook.pinner.pin(ref), lambda: post.api_update(params={"is_pinned": True}))
        await both.same(lambda: both.facebook.publisher.delete(ref), post.api_delete)

    async def test_comments(self, both: Both, tmp_path: Path) -> None:
        ref, item = await commented(both, "facebook", tmp_path)
        comment = Comment(item.id, api=both.peer)
        post = PagePost(ref.id, api=both.peer)
        listing = {"filter": "stream", "order": "reverse_chronological"}
        fields = [fb_inbox.COMMENT_FIELDS]
        ours = both.facebook
        await both.same(
            lambda: ours.inbox.fetch(None, posts=[ref]), lambda: post.get_comments(fields=fields, params=listing)
        )
        answer = await ours.responder.prepare("a", item, Part("Yes"))
        await both.same(
            lambda: ours.responder.send("a", answer), lambda: comment.create_comment(params={"message": "Yes"})
        )
        moderate = ours.moderator.moderate
        await both.same(lambda: moderate(Verb.LIKE, item), comment.create_like)
        await both.same(lambda: moderate(Verb.UNLIKE, item), comment.delete_likes)
        await both.same(lambda: moderate(Verb.HIDE, item), lambda: comment.api_update(params={"is_hidden": True}))
        await both.same(lambda: moderate(Verb.UNHIDE, item), lambda: comment.api_update(params={"is_hidden": False}))
        who = item.author.id
        await both.same(lambda: moderate(Verb.BAN, item), lambda: both.page.create_blocked(params={"user": [who]}))
        await both.same(
            lambda: moderate(Verb.UNBAN, item), lambda: both.page.delete_blocked(params={"user": int(who)})
        )
        await both.same(lambda: moderate(Verb.DELETE, item), comment.api_delete)

    async def test_messages(self, both: Both) -> None:
        people = AUDIENCES["facebook"]
        anna = people.person(both.world, both.server, "Anna")
        people.message(both.world, both.login.page.account, anna, "Is it rye?")
        ours = both.facebook
        page = await ours.inbox.fetch({"left": ["conversations"], "marks": {}}, posts=[])
        fields, params = [fb_inbox.THREAD_FIELDS], {"platform": "MESSENGER"}
        await both.same(
            lambda: ours.inbox.fetch({"left": ["conversations"], "marks": {}}, posts=[]),
            lambda: both.page.get_conversations(fields=fields, params=params),
        )
        answer = await ours.responder.prepare("a", page.items[0], Part("Yes 🥐"))
        form = {
            "recipient": {"id": anna.remote_id},
            "message": {"text": "Yes 🥐"},
            "messaging_type": "RESPONSE",
        }
        await both.same(lambda: ours.responder.send("a", answer), lambda: both.page.create_message(params=form))

    async def test_the_page(self, both: Both) -> None:
        ours = both.facebook
        await both.same(ours.profile_reader.read_profile, lambda: both.page.api_get(fields=[fb_page.PROFILE_FIELDS]))
        profile = await ours.profile_reader.read_profile()
        change = ProfileChange(description="Bread", website="https://bakery.example/")
        form = {"about": "Bread", "website": "https://bakery.example/"}
        await both.same(
            lambda: ours.profile_writer.write_profile(change, expected=profile),
            lambda: both.page.api_update(params=form),
            last=2,
        )
        since, until = both.clock.now - 48 * HOUR, both.clock.now
        params = {
            "metric": "page_total_media_view_unique",
            "period": "day",
            "since": since // 1000,
            "until": until // 1000,
        }
        await both.same(lambda: ours.metrics.of_page(since, until), lambda: both.page.get_insights(params=params))

    async def test_instagram_containers(self, both: Both, tmp_path: Path) -> None:
        ours = both.instagram
        part = Part("Fresh #bread", (picture(tmp_path, "JPEG", alt="A loaf"),))
        wire = await ours.publisher.prepare("i", part, root=None, parent=None)
        made = next(call for call in both.our_requests() if call.method == "POST" and call.path.endswith("/media"))
        form = {
            "image_url": f"https://{seed.FILES_HOST}/files/{wire['hosted'][0]}",
            "alt_text": "A loaf",
            "caption": "Fresh #bread",
        }
        both.account.create_media(params=form)
        assert told(made) == told(both.wire.seen[-1])
        number = {"creation_id": int(wire["container"])}
        await both.same(
            lambda: ours.publisher.send("i", wire), lambda: both.account.create_media_publish(params=number), last=2
        )
        await both.same(
            lambda: ours.publisher.find("i", wire, taken=frozenset()),
            lambda: both.account.get_media(fields=[ig.MEDIA_FIELDS]),
        )

    async def test_an_instagram_carousel(self, both: Both, tmp_path: Path) -> None:
        media = tuple(picture(tmp_path, "JPEG", name=name) for name in "ab")
        await both.instagram.publisher.prepare("i", Part("Two", media), root=None, parent=None)
        first, _second, carousel = [
            told(call) for call in both.our_requests() if call.method == "POST" and call.path.endswith("/media")
        ]
        both.account.create_media(params={"image_url": first[2]["image_url"], "is_carousel_item": True})
        assert told(both.wire.seen[-1]) == first
        children = [str(number) for number in carousel[2]["children"]]
        both.account.create_media(params={"media_type": "CAROUSEL", "children": children, "caption": "Two"})
        assert told(both.wire.seen[-1]) == carousel

    async def test_instagram_comments(self, both: Both, tmp_path: Path) -> None:
        ref, item = await commented(both, "instagram", tmp_path)
        comment = IGComment(item.id, api=both.peer)
        ours = both.instagram
        await both.same(
            lambda: ours.inbox.fetch(None, posts=[ref]),
            lambda: IGMedia(ref.id, api=both.peer).get_comments(fields=[ig.THREAD_FIELDS]),
        )
        answer = await ours.responder.prepare("a", item, Part("Yes"))
        await both.same(
            lambda: ours.responder.send("a", answer), lambda: comment.create_reply(params={"message": "Yes"})
        )
        below = await ours.responder.prepare("b", ref, Part("First!"))
        await both.same(
            lambda: ours.responder.send("b", below),
            lambda: IGMedia(ref.id, api=both.peer).create_comment(params={"message": "First!"}),
        )
        moderate = ours.moderator.moderate
        await both.same(lambda: moderate(Verb.HIDE, item), lambda: comment.api_update(params={"hide": True}))
        await both.same(lambda: moderate(Verb.DELETE, item), comment.api_delete)
        await both.same(lambda: ours.publisher.delete(ref), lambda: IGMedia(ref.id, api=both.peer).api_delete())

    async def test_instagram_figures(self, both: Both, tmp_path: Path) -> None:
        ref, _item = await commented(both, "instagram", tmp_path)
        ours = both.instagram
        await both.same(
            lambda: ours.metrics.of_post(ref),
            lambda: IGMedia(ref.id, api=both.peer).get_insights(params={"metric": ["shares"]}),
        )
        since, until = both.clock.now - 48 * HOUR, both.clock.now
        params = {
            "metric": ["accounts_engaged"],
            "period": ["day"],
            "metric_type": "total_value",
            "since": since // 1000,
            "until": until // 1000,
        }
        await both.same(lambda: ours.metrics.of_page(since, until), lambda: both.account.get_insights(params=params))


class TestPeerAtHome:
    """The peer reads what our face tells as it reads the real one."""

    async def test_pages_and_posts(self, both: Both) -> None:
        session = FacebookSession(access_token=both.login.page.user_token)
        session.requests.mount("https://", both.wire)
        person = User("me", api=FacebookAdsApi(session, api_version=VERSION))
        (page,) = list(person.get_accounts(fields=["id", "name", "access_token", "tasks"]))
        assert (page["name"], page["access_token"]) == ("The Bakery", both.login.page.token)
        for number in range(30):
            both.page.create_feed(params={"message": f"Loaf {number}"})
            both.clock.advance(1)
        shown = list(both.page.get_published_posts(fields=["id", "message", "created_time"], params={"limit": 7}))
        assert [post["message"] for post in shown] == [f"Loaf {number}" for number in reversed(range(30))]
        session.requests.close()

    async def test_comments_page_by_page(self, both: Both) -> None:
        post = both.page.create_feed(params={"message": "Hello"})
        node = PagePost(post["id"], api=both.peer)
        for number in range(12):
            node.create_comment(params={"message": f"Comment {number}"})
            both.clock.advance(1)
        shown = node.get_comments(fields=["message", "from", "created_time"], params={"limit": 5})
        assert [comment["message"] for comment in shown] == [f"Comment {number}" for number in range(12)]

    async def test_errors_are_its_errors(self, both: Both) -> None:
        with pytest.raises(FacebookRequestError) as caught:
            PagePost("1_2", api=both.peer).api_get(fields=["message"])
        assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (100, 33)
        both.page.create_feed(params={"message": "Twice"})
        with pytest.raises(FacebookRequestError) as caught:
            both.page.create_feed(params={"message": "Twice"})
        assert caught.value.api_error_code() == 506
        with pytest.raises(FacebookRequestError) as caught:
            both.page.get_insights(params={"metric": "page_impressions", "period": "day"})
        assert caught.value.api_error_code() == 100
        with pytest.raises(FacebookRequestError) as caught:
            both.account.create_media(params={"image_url": "https://nowhere.example/a.jpg"})
        assert caught.value.api_error_subcode() == 2207052

    async def test_the_limits_of_instagram(self, both: Both) -> None:
        (limit,) = list(both.account.get_content_publishing_limit(fields=["quota_usage", "config"]))
        assert (limit["quota_usage"], limit["config"]["quota_total"]) == (0, 100)
        assert both.account.api_get(fields=["username", "media_count"])["username"] == "bakery.insta"
