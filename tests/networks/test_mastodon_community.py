"""Conversation, moderation, page and figures on Mastodon: what is special there, and what is made of bad answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    Forbidden,
    NetworkError,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
    Unsupported,
)
from smm_tui.networks.api import Surroundings
from smm_tui.networks.community import Author, Item, ItemKind, Verb
from smm_tui.networks.mastodon.client import MastodonClient
from smm_tui.networks.mastodon.spec import SPEC
from smm_tui.networks.page import Metric, Profile, ProfileChange
from smm_tui.networks.ports import Account, Capability, LinkCard, Part, Poll, RemoteRef

from .support import MASTODON, MASTODON_INSTANCE, NOW, TOKEN, MemorySlot, Pauses, Server, clock, picture

IDENTITY = "0123456789abcdef0123456789abcdef"
STAFF = ["admin:read:reports", "admin:write:reports", "admin:write:accounts"]
POST = RemoteRef("100", "https://social.example/@ann/100")
WHO = {
    "id": "9",
    "username": "bob",
    "acct": "bob@far.example",
    "display_name": "Bob",
    "url": "https://far.example/@bob",
}
OWN = {"id": "7", "username": "ann", "acct": "ann", "display_name": "Ann", "url": "https://social.example/@ann"}
NOTICES = "GET /api/v1/notifications"
REPORTS = "GET /api/v1/admin/reports"
STATUSES = "POST /api/v1/statuses"
SCHEDULED = "GET /api/v1/scheduled_statuses"
VERIFY = "GET /api/v1/accounts/verify_credentials"
PINNED = "GET /api/v1/accounts/7/statuses"
UPDATE = "PATCH /api/v1/accounts/update_credentials"
PROFILE = {
    **OWN,
    "avatar": "https://x/a.png",
    "header": "https://x/missing.png",
    "source": {"note": "Bread", "fields": []},
}


def of(post: str) -> str:
    return f"GET /api/v1/statuses/{post}/context"


def status(number: str, text: str = "Hello", *, by: dict[str, Any] = WHO, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "created_at": "2025-10-09T08:53:20.000Z",
        "content": f"<p>{text}</p>",
        "url": f"https://far.example/@bob/{number}",
        "account": by,
        "visibility": "public",
        "mentions": [{"id": "7", "acct": "ann"}],
        "media_attachments": [],
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "edited_at": None,
        **more,
    }


def answer(number: str, to: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return status(number, text, **{"in_reply_to_id": to, "in_reply_to_account_id": "7", **more})


def notice(number: str, told: Any, kind: str = "mention") -> dict[str, Any]:
    return {"id": number, "type": kind, "created_at": "2025-10-09T08:53:20.000Z", "account": WHO, "status": told}


def context(*below: Any, above: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"ancestors": list(above), "descendants": list(below)}


def connected(server: Server, software: str = "mastodon", *, staff: bool = True, **facts: Any) -> MastodonClient:
    learnt = {"software": software, "domain": "social.example", "staff": STAFF if staff else [], **facts}
    account = Account("mastodon", MASTODON, "@ann@social.example", "7", learnt)
    around = Surroundings(server.transport, clock=clock, pause=Pauses())
    return MastodonClient(account, MemorySlot({"token": TOKEN}), around)


def quiet() -> Server:
    return Server(**{NOTICES: [[]], REPORTS: [[]]})


ITEM = Item("5", ItemKind.COMMENT, Author("9", "@bob@far.example", "Bob"), "Hello", NOW, post_id="100")
REPORT = Item("3", ItemKind.REPORT, Author("8"), "Spam", NOW, extra={"target": "9", "statuses": "5"})


class TestInbox:
    async def test_what_is_below_an_own_post_is_a_comment(self) -> None:
        server = quiet().on(NOTICES, [notice("1", answer("5", "100"))], []).on(of("100"), context(answer("5", "100")))
        page = await connected(server).inbox.fetch(None, posts=[POST])
        (item,) = page.items
        assert (item.kind, item.post_id, item.parent_id, item.thread_id) == (ItemKind.COMMENT, "100", "", "100")
        assert item.author == Author("9", "@bob@far.example", "Bob", "https://far.example/@bob")

    async def test_an_old_own_post_is_found_by_what_stands_above(self) -> None:
        above = (status("90", by=OWN), status("91", by=OWN, in_reply_to_id="90"), answer("92", "91"))
        server = quiet().on(NOTICES, [notice("1", answer("5", "92"))]).on(of("5"), context(above=above))
        (item,) = (await connected(server).inbox.fetch(None, posts=[])).items
        assert (item.kind, item.post_id, item.parent_id, item.thread_id) == (ItemKind.COMMENT, "91", "92", "91")

    async def test_an_answer_in_a_strangers_thread_is_a_mention(self) -> None:
        above = (status("90"), status("91", by=OWN, in_reply_to_id="90"))
        server = quiet().on(NOTICES, [notice("1", answer("5", "91"))]).on(of("5"), context(above=above))
        (item,) = (await connected(server).inbox.fetch(None, posts=[])).items
        assert (item.kind, item.post_id, item.parent_id, item.thread_id) == (ItemKind.MENTION, "", "91", "90")

    async def test_its_place_is_asked_for_once(self) -> None:
        told = [notice(str(n), answer(str(n + 50), "91")) for n in range(9, 0, -1)]
        server = quiet().on(NOTICES, told)
        await connected(server).inbox.fetch(None, posts=[])
        assert len([each for each in server.requests if each.url.path.endswith("/context")]) == 1

    async def test_direct_messages_are_one_conversation_by_who_takes_part(self) -> None:
        three = [{"id": "7", "acct": "ann"}, {"id": "12", "acct": "eve"}]
        told = [
            notice("3", status("53", visibility="direct", mentions=three)),
            notice("2", status("52", visibility="direct")),
            notice("1", status("51", visibility="direct")),
        ]
        items = (await connected(quiet().on(NOTICES, told)).inbox.fetch(None, posts=[])).items
        assert {item.kind for item in items} == {ItemKind.MESSAGE}
        assert [item.thread_id for item in items] == ["9", "9", "12-9"]
        assert items[2].extra["others"] == "@eve@social.example"

    async def test_edits_of_what_others_wrote_for_others_are_passed_over(self) -> None:
        told = [notice("3", status("53", mentions=[]), "update"), notice("2", status("52", mentions=[]), "quote")]
        items = (await connected(quiet().on(NOTICES, told)).inbox.fetch(None, posts=[])).items
        assert [item.id for item in items] == ["52"]

    async def test_paging_forward(self) -> None:
        first = [notice(str(n), status(str(n + 1000))) for n in range(80, 0, -1)]
        server = quiet().on(NOTICES, first, [notice("81", status("1081"))], first)
        client = connected(server)
        page = await client.inbox.fetch(None, posts=[])
        assert (page.more, page.items[0].id, len(page.items)) == (True, "1001", 80)
        kept = json.dumps(page.cursor)
        page = await client.inbox.fetch(page.cursor, posts=[])
        assert (page.more, [item.id for item in page.items]) == (False, ["1081"])
        asked = [parse_qs(each.url.query.decode()) for each in server.seen(NOTICES)]
        assert [each.get("min_id") for each in asked] == [["0"], ["80"], None]
        assert asked[0]["types[]"] == ["mention", "update", "quote"]
        assert json.loads(kept)["seen"] == "80", "an old cursor stays as it was"

    async def test_gotosocial_is_asked_in_its_words(self) -> None:
        server = quiet()
        await connected(server, "gotosocial", staff=False).inbox.fetch(None, posts=[])
        (request,) = server.requests
        assert parse_qs(request.url.query.decode()) == {"limit": ["80"], "types[]": ["mention"], "min_id": ["0" * 26]}

    async def test_edited_and_gone(self) -> None:
        mention, comment = status("51"), answer("52", "100")
        server = quiet().on(NOTICES, [notice("2", comment), notice("1", mention)]).on(of("100"), context(comment))
        client = connected(server)
        page = await client.inbox.fetch(None, posts=[POST])
        assert (len(page.items), page.gone) == (2, ())
        again = await client.inbox.fetch(page.cursor, posts=[POST])
        assert (again.items, again.gone) == ((), ())
        later = "2025-10-09T09:00:00.000Z"
        changed = status("51", "Changed", edited_at=later)
        server.on(NOTICES, [], [notice("1", changed)]).on(of("100"), context())
        page = await client.inbox.fetch(again.cursor, posts=[POST])
        assert [(item.id, item.text) for item in page.items] == [("51", "Changed")]
        assert page.items[0].edited_at == NOW + 400_000
        assert page.gone == ("52",)
        server.on(NOTICES, [], []).on("GET /api/v1/statuses/51", changed)
        page = await client.inbox.fetch(page.cursor, posts=[POST])
        assert page.gone == (), "a notification that was cleared away is no deletion"

    async def test_many_posts_are_read_in_steps(self) -> None:
        posts = [RemoteRef(str(number), "") for number in range(100, 125)]
        server = quiet()
        for ref in posts:
            server.on(of(ref.id), context(answer(f"9{ref.id}", ref.id)))
        server.on(of("103"), httpx.Response(500))
        server.on(of("104"), {"ancestors": None})
        client = connected(server)
        cursor, found, steps = None, set(), 0
        more = True
        while more:
            page = await client.inbox.fetch(cursor, posts=posts)
            cursor, more, steps = page.cursor, page.more, steps + 1
            found |= {item.post_id for item in page.items}
        assert steps == 3
        assert found == {ref.id for ref in posts} - {"103", "104"}

    async def test_own_posts_below_each_other(self) -> None:
        second = RemoteRef("101", "")
        below = (
            answer("101", "100", by=OWN),
            answer("5", "101"),
            answer("6", "100"),
            answer("8", "7"),
            answer("9", "8"),
        )
        server = quiet().on(of("100"), context(*below)).on(of("101"), context(below[1]))
        items = (await connected(server).inbox.fetch(None, posts=[second, POST])).items
        assert {item.id: item.post_id for item in items} == {"5": "101", "6": "100", "8": "100", "9": "100"}

    async def test_reports(self) -> None:
        def report(number: int, **more: Any) -> dict[str, Any]:
            return {
                "id": str(number), "comment": "Spam", "category": "spam", "action_taken": False,
                "created_at": "2025-10-09T08:53:20.000Z", "account": {"id": "8", "account": OWN},
                "target_account": {"id": "9", "account": WHO}, "statuses": [status("5")], **more,
            }  # fmt: skip

        server = quiet().on(REPORTS, [report(2, comment=""), report(1)], [])
        client = connected(server)
        page = await client.inbox.fetch(None, posts=[])
        assert [(item.id, item.kind, item.text) for item in page.items] == [
            ("1", ItemKind.REPORT, "Spam"),
            ("2", ItemKind.REPORT, "spam"),
        ]
        assert page.items[0].extra["target"] == "9"
        await client.inbox.fetch(page.cursor, posts=[])
        assert server.seen(REPORTS)[-1].url.params["min_id"] == "2"
        server.on("GET /api/v1/admin/reports/1", report(1))
        assert [item.id for item in await client.inbox.conversation(page.items[0])] == ["5", "1"]
        assert not (await connected(server, staff=False).inbox.fetch(None, posts=[])).items

    @pytest.mark.parametrize(
        "junk", [{"seen": 7}, {"threads": {"1": 2}, "recent": {"1": "x"}, "left": None}, {"x": 1}]
    )
    async def test_a_cursor_from_elsewhere_begins_anew(self, junk: dict[str, Any]) -> None:
        page = await connected(quiet()).inbox.fetch(junk, posts=[])
        assert page.items == ()

    async def test_a_conversation_of_strangers(self) -> None:
        server = quiet().on(of("5"), context(above=(status("3"),)))
        server.on(of("3"), context(status("5", in_reply_to_id="3"), status("6", by=OWN, in_reply_to_id="5"), 7, {}))
        item = Item("5", ItemKind.MENTION, ITEM.author, "Hello", NOW, thread_id="3")
        shown = await connected(server).inbox.conversation(item)
        assert [(each.id, each.author.own, each.thread_id) for each in shown] == [
            ("3", False, "3"),
            ("5", False, "3"),
            ("6", True, "3"),
        ]


class TestAnswers:
    async def wire(self, to: Item | RemoteRef, part: Part) -> dict[str, Any]:
        server = Server(**{PINNED: [[status("100", by=OWN)]]})
        made: dict[str, Any] = (await connected(server).responder.prepare(IDENTITY, to, part))["body"]
        return made

    @pytest.mark.parametrize(
        ("text", "sent"),
        [
            ("Yes", "@bob@far.example Yes"),
            ("Yes, @Bob@far.example!", "Yes, @Bob@far.example!"),
            ("Ask @bobby@far.example", "@bob@far.example Ask @bobby@far.example"),
        ],
    )
    async def test_the_person_is_named(self, text: str, sent: str) -> None:
        body = await self.wire(ITEM, Part(text))
        assert (body["status"], body["in_reply_to_id"], body["visibility"]) == (sent, "5", "public")

    async def test_all_of_a_direct_conversation_are_named_and_nobody_else_sees_it(self) -> None:
        extra = {"visibility": "direct", "others": "@eve@social.example"}
        body = await self.wire(Item("5", ItemKind.MESSAGE, ITEM.author, "Hi", NOW, extra=extra), Part("Yes"))
        assert (body["status"], body["visibility"]) == ("@bob@far.example @eve@social.example Yes", "direct")

    async def test_below_an_own_post_nobody_is_named(self) -> None:
        assert (await self.wire(POST, Part("More")))["status"] == "More"

    async def test_reports_are_not_answered(self) -> None:
        with pytest.raises(Unsupported):
            await self.wire(REPORT, Part("Yes"))

    async def test_looking_for_one(self) -> None:
        body = {"status": "@bob@far.example Yes", "in_reply_to_id": "5", "visibility": "public"}
        mine = [answer(n, "5", "@bob Yes", by=OWN) for n in ("99", "103", "102")]
        server = Server(**{of("5"): [context(*mine, answer("104", "5", "@bob Yes"))]})
        responder = connected(server).responder
        wire = {"body": body, "baseline": "100"}
        found = await responder.find(IDENTITY, wire, taken=frozenset())
        assert found is not None
        assert found.id == "102"
        assert await responder.find(IDENTITY, wire, taken=frozenset({"102", "103"})) is None
        assert await connected(Server()).responder.find(IDENTITY, wire, taken=frozenset()) is None


class TestModeration:
    async def sent(self, verb: Verb, item: Item, **more: Any) -> tuple[str, Any]:
        server = Server()
        server.routes = _Everything()
        await connected(server).moderator.moderate(verb, item, **more)
        (request,) = server.requests
        return request.url.path, json.loads(request.content) if request.content else None

    async def test_a_mute_may_end(self) -> None:
        path, body = await self.sent(Verb.MUTE, ITEM, until=NOW + 90_500)
        assert (path, body) == ("/api/v1/accounts/9/mute", {"notifications": True, "duration": 90})
        assert (await self.sent(Verb.MUTE, ITEM))[1]["duration"] == 0, "for good"
        assert (await self.sent(Verb.MUTE, ITEM, until=NOW - 5))[1]["duration"] == 1, "never for good by mistake"

    async def test_upon_a_report_the_server_acts(self) -> None:
        assert await self.sent(Verb.BAN, REPORT, reason="Spam") == (
            "/api/v1/admin/accounts/9/action",
            {"type": "suspend", "text": "Spam"},
        )
        assert (await self.sent(Verb.UNBAN, REPORT))[0] == "/api/v1/admin/accounts/9/unsuspend"
        assert (await self.sent(Verb.BAN, ITEM))[0] == "/api/v1/accounts/9/block"
        assert (await self.sent(Verb.MUTE, REPORT))[0] == "/api/v1/accounts/9/mute"

    async def test_a_reason_is_cut_to_what_is_taken(self) -> None:
        assert len((await self.sent(Verb.REPORT, ITEM, reason="x" * 2000))[1]["comment"]) == 1000

    @pytest.mark.parametrize(
        ("verb", "item", "software", "staff"),
        [
            (Verb.HIDE, ITEM, "mastodon", True),
            (Verb.DELETE, ITEM, "mastodon", True),
            (Verb.LIKE, REPORT, "mastodon", True),
            (Verb.REPORT, REPORT, "mastodon", True),
            (Verb.CLOSE_REPORT, ITEM, "mastodon", True),
            (Verb.CLOSE_REPORT, REPORT, "mastodon", False),
            (Verb.RESTRICT, ITEM, "mastodon", False),
            (Verb.BAN, REPORT, "mastodon", False),
            (Verb.REOPEN_REPORT, REPORT, "gotosocial", True),
            (Verb.RESTRICT, ITEM, "gotosocial", True),
        ],
    )
    async def test_what_is_not_done(self, verb: Verb, item: Item, software: str, staff: bool) -> None:
        server = Server()
        with pytest.raises(Unsupported):
            await connected(server, software, staff=staff).moderator.moderate(verb, item)
        assert not server.requests

    async def test_what_is_gone_needs_no_taking_back(self) -> None:
        moderator = connected(Server()).moderator
        for verb in (Verb.UNLIKE, Verb.UNMUTE, Verb.UNBAN, Verb.UNRESTRICT):
            await moderator.moderate(verb, ITEM)
        for verb in (Verb.LIKE, Verb.MUTE, Verb.BAN):
            with pytest.raises(NotFound):
                await moderator.moderate(verb, ITEM)


class _Everything(dict[str, Any]):
    """Routes of a server that says yes to everything."""

    def get(self, _route: str, _default: Any = None) -> Any:
        return [{}]


class TestLivePosts:
    async def test_an_edit_keeps_the_files_that_are_there(self, tmp_path: Path) -> None:
        kept, dropped, new = (picture(tmp_path, size=(n, n), name=str(n), alt=f"Alt {n}") for n in (5, 6, 7))
        server = Server(**{PINNED: [[]], STATUSES: [status("101", by=OWN)]})
        server.on("POST /api/v2/media", {"id": "m1"}, {"id": "m2"}, {"id": "m3"})
        client = connected(server)
        wire = await client.publisher.prepare(IDENTITY, Part("x", (kept, dropped)), root=None, parent=None)
        ref = await client.publisher.send(IDENTITY, json.loads(json.dumps(wire)))
        live = status("101", by=OWN, media_attachments=[{"id": "m1"}, {"id": "m2"}])
        server.on("GET /api/v1/statuses/101", live).on("PUT /api/v1/statuses/101", live)
        edit = await client.editor.prepare_edit(ref, Part("y", (new, kept), "food", "de", poll=None))
        assert len(server.seen("POST /api/v2/media")) == 3
        after = await client.editor.edit(ref, json.loads(json.dumps(edit)))
        assert server.body("PUT /api/v1/statuses/101") == {
            "status": "y",
            "spoiler_text": "food",
            "sensitive": True,
            "language": "de",
            "media_ids": ["m3", "m1"],
            "media_attributes": [{"id": "m1", "description": "Alt 5"}],
        }
        assert after.extra["media"] == f"{new.sha256}=m3 {kept.sha256}=m1"

    async def test_an_edit_sends_all_that_it_empties(self) -> None:
        wire = await connected(Server()).editor.prepare_edit(POST, Part("Only text"))
        assert wire["body"] == {"status": "Only text", "spoiler_text": "", "sensitive": False, "media_ids": []}

    async def test_a_second_pin_is_refused_and_fine(self) -> None:
        refused = httpx.Response(422, json={"error": "Duplicate record"})
        server = Server(**{"POST /api/v1/statuses/100/pin": [refused]})
        server.on("GET /api/v1/statuses/100", status("100", by=OWN, pinned=True))
        await connected(server).pinner.pin(POST)
        server.on("GET /api/v1/statuses/100", status("100", by=OWN, pinned=False))
        with pytest.raises(Rejected):
            await connected(server).pinner.pin(POST)

    @pytest.mark.parametrize("ahead", [-3_600_000, 0, 299_999])
    async def test_a_time_that_is_too_near_never_leaves(self, ahead: int) -> None:
        server = Server()
        with pytest.raises(Rejected) as caught:
            await connected(server).scheduler.schedule(IDENTITY, {"body": {"status": "x"}}, NOW + ahead)
        assert caught.value.field == "time"
        assert not server.requests

    async def test_a_repeated_key_is_looked_up_among_what_waits(self) -> None:
        waiting = {"id": "4", "scheduled_at": "2025-10-09T09:53:20.000Z", "params": {"text": "x"}}
        server = Server(**{SCHEDULED: [[waiting]]})  # POST: 404, as for a key that scheduled something
        scheduler = connected(server).scheduler
        ref = await scheduler.schedule(IDENTITY, {"body": {"status": "x"}}, NOW + 3_600_000)
        assert ref.id == "4"
        with pytest.raises(NotFound):
            await scheduler.schedule(IDENTITY, {"body": {"status": "y"}}, NOW + 3_600_000)

    async def test_one_that_went_out_at_once_is_unclear(self) -> None:
        server = Server(**{STATUSES: [status("101", by=OWN)]})
        with pytest.raises(Ambiguous):
            await connected(server).scheduler.schedule(IDENTITY, {"body": {"status": "x"}}, NOW + 3_600_000)

    async def test_an_unknown_server_is_not_trusted_with_later(self) -> None:
        with pytest.raises(Unsupported):
            connected(Server(), "other").scheduler  # noqa: B018
        assert Capability.SCHEDULE not in SPEC.rules({"software": "other"}).capabilities

    async def test_all_that_waits_page_by_page(self) -> None:
        def page(*numbers: int, following: str = "") -> httpx.Response:
            waiting = [
                {"id": str(n), "scheduled_at": "2030-01-01T00:00:00Z", "params": {"text": "x"}} for n in numbers
            ]
            return httpx.Response(200, json=waiting, headers={"link": following})

        more = f'<{MASTODON}/api/v1/scheduled_statuses?limit=40&max_id=3>; rel="next"'
        server = Server(**{SCHEDULED: [page(4, 3, following=more), page(2, following=more), page(2, following=more)]})
        assert [ref.id for ref in await connected(server).scheduler.scheduled()] == ["4", "3", "2"]

    async def test_a_poll(self) -> None:
        server = Server(**{PINNED: [[]]})
        part = Part("Rye?", poll=Poll(("Yes", "No"), 3600, multiple=True))
        wire = await connected(server).publisher.prepare(IDENTITY, part, root=None, parent=None)
        assert wire["body"]["poll"] == {"options": ["Yes", "No"], "expires_in": 3600, "multiple": True}
        live = status("101", "Rye?", by=OWN, poll={"options": [{"title": "Yes"}, {"title": "No"}]})
        server.on(PINNED, [live])
        publisher = connected(server).publisher
        assert await publisher.find(IDENTITY, {**wire, "baseline": "100"}, taken=frozenset()) is not None
        server.on(PINNED, [{**live, "poll": None}])
        assert await publisher.find(IDENTITY, {**wire, "baseline": "100"}, taken=frozenset()) is None

    async def test_a_card_is_the_servers_business(self) -> None:
        part = Part("x", card=LinkCard("https://example.com", "Title"))
        for call in (
            connected(Server()).publisher.prepare(IDENTITY, part, root=None, parent=None),
            connected(Server()).editor.prepare_edit(POST, part),
            connected(Server()).responder.prepare(IDENTITY, ITEM, part),
        ):
            with pytest.raises(Unsupported):
                await call


class TestPage:
    async def test_reading(self) -> None:
        source = {"note": "Bread & <b>", "fields": [{"name": "Shop", "value": "https://shop.example"}]}
        server = Server(**{PINNED: [[status("90", by=OWN)]], VERIFY: [{**PROFILE, "source": source}]})
        page = await connected(server).profile_reader.read_profile()
        assert (page.name, page.description, page.pinned) == ("Ann", "Bread & <b>", "90")
        assert page.links == (("Shop", "https://shop.example"),)
        assert (page.avatar, page.cover) == ("https://x/a.png", None)

    async def test_taking_all_links_away(self) -> None:
        server = Server(**{PINNED: [[]], VERIFY: [PROFILE], UPDATE: [PROFILE]})
        client = connected(server)
        page = await client.profile_reader.read_profile()
        await client.profile_writer.write_profile(ProfileChange(links=()), expected=page)
        form = parse_qs(server.seen(UPDATE)[0].content.decode(), keep_blank_values=True)
        assert form == {"fields_attributes[0][name]": [""], "fields_attributes[0][value]": [""]}

    async def test_nothing_is_written_over_a_change(self) -> None:
        server = Server(**{PINNED: [[]], VERIFY: [PROFILE]})
        client = connected(server)
        with pytest.raises(Rejected):
            await client.profile_writer.write_profile(ProfileChange("x"), expected=Profile(revision="other"))
        with pytest.raises(Unsupported):
            await client.profile_writer.write_profile(ProfileChange(website="x"), expected=Profile())
        assert not server.seen(UPDATE)

    async def test_figures(self) -> None:
        counts = {"favourites_count": 0, "replies_count": "3", "reblogs_count": -1}
        server = Server(**{"GET /api/v1/statuses/100": [{**status("100"), **counts}]})
        readings = await connected(server).metrics.of_post(POST)
        assert {each.metric: each.value for each in readings.values} == {Metric.LIKES: 0, Metric.REPLIES: 3}
        assert set(readings.missing) == {Metric.REPOSTS}


class TestRights:
    async def test_what_is_lacking_is_said_and_not_offered(self) -> None:
        outside = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
        role = {"permissions": str(1 << 4)}
        server = Server(**{VERIFY: [{**OWN, "role": role}], "GET /api/v2/instance": [MASTODON_INSTANCE]})
        for route in (
            "GET /api/v1/notifications",
            "POST /api/v1/statuses/0/unfavourite",
            "POST /api/v1/accounts/0/unmute",
            "POST /api/v1/accounts/0/unblock",
            "POST /api/v1/reports",
            "POST /api/v1/statuses/0/unpin",
            "POST /api/v1/admin/reports/0/resolve",
        ):
            server.on(route, outside)
        found = await connected(server).publisher.check()
        assert len(found.missing) == 7
        assert found.facts["staff"] == ["admin:read:reports"]
        can = SPEC.rules(found.facts).capabilities
        assert Capability.REPORTS in can
        assert not can & {
            Capability.COMMENTS, Capability.MENTIONS, Capability.MESSAGES, Capability.LIKE, Capability.MUTE,
            Capability.BAN, Capability.REPORT, Capability.PIN, Capability.PROFILE_WRITE, Capability.CLOSE_REPORT,
            Capability.RESTRICT,
        }  # fmt: skip

    async def test_an_ordinary_account_is_not_asked_for_a_moderators_rights(self) -> None:
        server = Server(**{VERIFY: [OWN], "GET /api/v2/instance": [MASTODON_INSTANCE]})
        found = await connected(server).publisher.check()
        assert found.missing == ()
        assert not [each for each in server.requests if "/admin/" in each.url.path]


# Every new call, against every bad answer

Do = Callable[[MastodonClient], Awaitable[Any]]
PART = Part("Hello")
BODY = {"body": {"status": "x", "in_reply_to_id": "5"}, "baseline": ""}
LATER = NOW + 3_600_000
READS: dict[str, Do] = {
    "fetch": lambda c: c.inbox.fetch(None, posts=[POST]),
    "conversation": lambda c: c.inbox.conversation(ITEM),
    "report": lambda c: c.inbox.conversation(REPORT),
    "answer": lambda c: c.responder.prepare(IDENTITY, ITEM, PART),
    "find": lambda c: c.responder.find(IDENTITY, BODY, taken=frozenset()),
    "edit": lambda c: c.editor.edit(POST, BODY),
    "scheduled": lambda c: c.scheduler.scheduled(),
    "profile": lambda c: c.profile_reader.read_profile(),
    "post figures": lambda c: c.metrics.of_post(POST),
    "page figures": lambda c: c.metrics.of_page(0, NOW),
}
DOES: dict[str, Do] = {
    "pin": lambda c: c.pinner.pin(POST),
    "unpin": lambda c: c.pinner.unpin(POST),
    "unschedule": lambda c: c.scheduler.unschedule(POST),
    "delete": lambda c: c.responder.delete(POST),
    "like": lambda c: c.moderator.moderate(Verb.LIKE, ITEM),
    "mute": lambda c: c.moderator.moderate(Verb.MUTE, ITEM),
    "ban": lambda c: c.moderator.moderate(Verb.BAN, ITEM),
    "tell": lambda c: c.moderator.moderate(Verb.REPORT, ITEM),
    "restrict": lambda c: c.moderator.moderate(Verb.RESTRICT, ITEM),
    "close": lambda c: c.moderator.moderate(Verb.CLOSE_REPORT, REPORT),
}
SENDS: dict[str, Do] = {
    "send": lambda c: c.responder.send(IDENTITY, BODY),
    "schedule": lambda c: c.scheduler.schedule(IDENTITY, BODY, LATER),
}
REFUSALS: list[tuple[httpx.Response, type[NetworkError]]] = [
    (httpx.Response(401, json={"error": "The access token is invalid"}), AuthExpired),
    (httpx.Response(403, json={"error": "This action is not allowed"}), Forbidden),
    (httpx.Response(413, html="<html>too large"), Rejected),
    (httpx.Response(422, json={"error": ["odd", 7]}), Rejected),
    (
        httpx.Response(429, json={"error": "Too many"}, headers={"x-ratelimit-reset": "2025-10-09T09:00:00Z"}),
        RateLimited,
    ),
    (httpx.Response(429), RateLimited),
    (httpx.Response(301, headers={"location": "https://evil.example/"}), Rejected),
    (httpx.Response(405, json={"error": "no"}), Unsupported),
]
BROKEN = [
    httpx.Response(500, json={"error": "oops"}),
    httpx.Response(502, html="<html>gateway"),
    httpx.Response(503, headers={"retry-after": "30"}),
    httpx.Response(409, json={"error": "conflict"}),
    httpx.Response(200, content=b'{"id": "10', headers={"content-type": "application/json"}),
    httpx.Response(200, html="<!doctype html><h1>Log in</h1>"),
    httpx.Response(200, content=b" " * (9 * 1024 * 1024)),
    httpx.ReadTimeout("x"),
    httpx.RemoteProtocolError("x"),
    httpx.ConnectError("x"),
]
ODD: list[Any] = [
    7,
    "x",
    None,
    [],
    {},
    [[]],
    [{}],
    [None],
    {"id": []},
    {"id": "1", "surprise": {"new": 1}},
    {"descendants": {}},
]


class Only(Server):
    """Gives the same answer to everything."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, httpx.Response):
            known = self.answer
            return httpx.Response(known.status_code, headers=known.headers, content=known.content)
        return httpx.Response(200, json=self.answer)


class TestBadAnswers:
    @pytest.mark.parametrize(("bad", "kind"), REFUSALS)
    @pytest.mark.parametrize("name", [*READS, *DOES, *SENDS])
    async def test_refusals(self, name: str, bad: httpx.Response, kind: type[NetworkError]) -> None:
        server = Only(bad)
        with pytest.raises(kind) as caught:
            await {**READS, **DOES, **SENDS}[name](connected(server))
        assert {each.url.host for each in server.requests} == {"social.example"}
        assert TOKEN not in f"{caught.value!r} {caught.value.message} {caught.value.hint}"
        if isinstance(caught.value, RateLimited) and "x-ratelimit-reset" in bad.headers:
            assert caught.value.retry_after == 400.0

    @pytest.mark.parametrize("bad", BROKEN)
    @pytest.mark.parametrize("name", [*READS, *DOES])
    async def test_what_breaks_may_be_repeated(self, name: str, bad: Any) -> None:
        with pytest.raises((Transient, RateLimited)):
            await {**READS, **DOES}[name](connected(Only(bad)))

    @pytest.mark.parametrize("bad", BROKEN[:-1])
    @pytest.mark.parametrize("name", SENDS)
    async def test_what_may_have_gone_out_is_unclear(self, name: str, bad: Any) -> None:
        with pytest.raises(Ambiguous):
            await SENDS[name](connected(Only(bad)))

    @pytest.mark.parametrize("name", [*READS, *SENDS])
    async def test_other_shapes(self, name: str) -> None:
        for odd in ODD:
            try:
                await {**READS, **SENDS}[name](connected(Only(odd)))
            except NetworkError as error:
                assert error.kind == ("ambiguous" if name in SENDS else "transient")  # noqa: PT017
