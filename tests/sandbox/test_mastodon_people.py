"""The Mastodon face among people: notifications, moderation, profile and polls as the notes describe them."""

from __future__ import annotations

from typing import Any

import pytest

from smm_tui.domain.clock import HOUR
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.mastodon import audience
from smm_tui.sandbox.faces.mastodon.call import MANAGE_REPORTS
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

from .support import ManualClock, MastodonCaller, multipart, png

NOTICES = "/api/v1/notifications"
STAFF = (*seed.SCOPES, "admin:read", "admin:write")


def error(response: Response) -> tuple[int, str]:
    return response.status, response.json()["error"]


@pytest.fixture
def anna(world: World, servers: dict[str, Server]) -> Account:
    return audience.person(world, servers[seed.MASTODON_HOST], "Anna")


@pytest.fixture
def post(world: World, mastodon: MastodonCaller) -> Object:
    mastodon.post("Fresh bread")
    return world.live_posts()[0]


def notices(caller: MastodonCaller, query: str = "") -> list[Any]:
    found: list[Any] = caller("GET", f"{NOTICES}?{query}").json()
    return found


def test_people_have_handles_of_their_own(world: World, servers: dict[str, Server]) -> None:
    made = [audience.person(world, servers[seed.MASTODON_HOST], name) for name in ("Anna B.", "Anna B.", "Ж", "!")]
    assert [each.handle for each in made] == ["anna_b", "anna_b2", "ж", "person"]


def test_only_what_names_somebody_tells_them(
    world: World, mastodon: MastodonCaller, post: Object, anna: Account
) -> None:
    first = audience.comment(world, post, anna, "Is it rye?")
    audience.comment(world, post, anna, "To myself", reply_to=first)
    audience.like(world, post, anna)
    audience.like(world, post, anna)
    audience.follow(world, mastodon.login.account, anna)
    assert [each["type"] for each in notices(mastodon)] == ["follow", "favourite", "mention"]
    assert [each["type"] for each in notices(mastodon, "exclude_types[]=follow&exclude_types[]=mention")] == [
        "favourite"
    ]
    context = mastodon("GET", f"/api/v1/statuses/{post.remote_id}/context").json()
    assert len(context["descendants"]) == 2


def test_pages_of_notifications(world: World, mastodon: MastodonCaller, anna: Account) -> None:
    for number in range(5):
        audience.mention(world, mastodon.login.account, anna, f"Hello {number}")
    ids = [each["id"] for each in notices(mastodon)]
    assert ids == ["5", "4", "3", "2", "1"]
    assert [each["id"] for each in notices(mastodon, "limit=2&min_id=1")] == ["3", "2"], "the ones just above"
    assert [each["id"] for each in notices(mastodon, "limit=2&since_id=1")] == ["5", "4"], "the newest ones"
    first = mastodon("GET", f"{NOTICES}?limit=2&types[]=mention")
    assert 'max_id=4>; rel="next"' in first.headers["link"]
    assert "types[]=mention" in first.headers["link"]


def test_what_is_deleted_is_told_no_more(world: World, mastodon: MastodonCaller, post: Object, anna: Account) -> None:
    comment = audience.comment(world, post, anna, "Is it rye?")
    answer = mastodon.post("Yes", in_reply_to_id=comment.remote_id).json()
    audience.delete(world, comment)
    assert notices(mastodon) == []
    left = mastodon("GET", f"/api/v1/statuses/{answer['id']}").json()
    assert (left["in_reply_to_id"], left["in_reply_to_account_id"]) == (None, None)
    assert mastodon("GET", f"/api/v1/statuses/{post.remote_id}/context").json()["descendants"] == []


def test_clearing_away_is_no_deletion(world: World, mastodon: MastodonCaller, anna: Account) -> None:
    said = audience.mention(world, mastodon.login.account, anna, "Hello")
    (told,) = notices(mastodon)
    assert mastodon("POST", f"{NOTICES}/{told['id']}/dismiss").status == 200
    assert mastodon("GET", f"{NOTICES}/{told['id']}").status == 404
    audience.mention(world, mastodon.login.account, anna, "Hello again")
    mastodon("POST", f"{NOTICES}/clear")
    assert notices(mastodon) == []
    assert mastodon("GET", f"/api/v1/statuses/{said.remote_id}").status == 200


def test_the_muted_and_the_blocked_are_not_heard(
    world: World, mastodon: MastodonCaller, anna: Account, clock: ManualClock
) -> None:
    path = f"/api/v1/accounts/{anna.remote_id}"
    muted = mastodon("POST", f"{path}/mute", json={"duration": 60}).json()
    assert (muted["muting"], muted["muting_expires_at"]) == (True, "2025-10-09T08:54:20.000Z")
    audience.mention(world, world.account(mastodon.login.account.id), anna, "Hello")
    assert notices(mastodon) == []
    clock.sleep(61)
    query = f"/api/v1/accounts/relationships?id[]={anna.remote_id}"
    assert not mastodon("GET", query).json()[0]["muting"]
    audience.follow(world, mastodon.login.account, anna)
    assert mastodon("POST", f"{path}/block").json()["followed_by"] is False
    assert mastodon("POST", f"{path}/unblock").json()["blocking"] is False
    assert mastodon("POST", "/api/v1/accounts/1/block").status == 404


def test_direct_messages_are_conversations(world: World, mastodon: MastodonCaller, anna: Account) -> None:
    for text in ("Hello", "Are you there?"):
        said = audience.message(world, mastodon.login.account, anna, text)
    (talk,) = mastodon("GET", "/api/v1/conversations").json()
    assert (talk["last_status"]["id"], talk["unread"]) == (said.remote_id, True)
    assert [each["username"] for each in talk["accounts"]] == ["anna"]


def test_pins(world: World, mastodon: MastodonCaller) -> None:
    ids = [mastodon.post(f"Number {number}").json()["id"] for number in range(6)]
    for status_id in ids[:5]:
        assert mastodon("POST", f"/api/v1/statuses/{status_id}/pin").json()["pinned"]
    assert error(mastodon("POST", f"/api/v1/statuses/{ids[0]}/pin")) == (422, "Duplicate record")
    assert mastodon("POST", f"/api/v1/statuses/{ids[5]}/pin").status == 422
    mastodon("DELETE", f"/api/v1/statuses/{ids[4]}")
    shown = mastodon("GET", f"{mastodon.statuses}?pinned=true").json()
    assert [each["id"] for each in shown] == ids[3::-1]


def test_gotosocial_takes_a_second_pin(gotosocial: MastodonCaller) -> None:
    status_id = gotosocial.post("Squats").json()["id"]
    for _time in range(2):
        assert gotosocial("POST", f"/api/v1/statuses/{status_id}/pin").status == 200


class TestPolls:
    def ask(self, caller: MastodonCaller, **more: Any) -> Response:
        return caller.post("Rye?", poll={"options": ["Yes", "No"], "expires_in": 3600, **more})

    def test_votes(self, mastodon: MastodonCaller, clock: ManualClock) -> None:
        poll = self.ask(mastodon).json()["poll"]
        path = f"/api/v1/polls/{poll['id']}"
        assert mastodon("POST", f"{path}/votes", json={"choices": [0, 1]}).status == 422
        voted = mastodon("POST", f"{path}/votes", json={"choices": [1]}).json()
        assert [option["votes_count"] for option in voted["options"]] == [0, 1]
        assert mastodon("POST", f"{path}/votes", json={"choices": [1]}).status == 422
        same = {"status": "Rye??", "poll": {"options": ["Yes", "No"], "expires_in": 3600}}
        assert mastodon("PUT", f"/api/v1/statuses/{poll['id']}", json=same).json()["poll"]["votes_count"] == 1
        other = {"status": "Rye??", "poll": {"options": ["Yes", "Never"], "expires_in": 3600}}
        assert mastodon("PUT", f"/api/v1/statuses/{poll['id']}", json=other).json()["poll"]["votes_count"] == 0
        clock.now += HOUR
        assert mastodon("GET", path).json()["expired"]

    @pytest.mark.parametrize(
        "more",
        [
            {"options": ["One"]},
            {"options": ["a", "a"]},
            {"options": list("abcde")},
            {"options": ["a", "b" * 51]},
            {"expires_in": 299},
            {"expires_in": "soon"},
        ],
    )
    def test_what_is_refused(self, mastodon: MastodonCaller, more: dict[str, Any]) -> None:
        status, message = error(self.ask(mastodon, **more))
        assert status == 422
        assert "Poll" in message

    def test_no_pictures_beside(self, mastodon: MastodonCaller) -> None:
        media = mastodon.upload(png()).json()["id"]
        poll = {"options": ["Yes", "No"], "expires_in": 3600}
        assert mastodon.post("Rye?", poll=poll, media_ids=[media]).status == 422


class TestModerators:
    @pytest.fixture
    def moderator(self, world: World, servers: dict[str, Server]) -> MastodonCaller:
        login = seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "mod", scopes=STAFF)
        world.update_account(login.account, {"permissions": MANAGE_REPORTS})
        return MastodonCaller(world, login)

    def test_only_they_see_reports(
        self, world: World, mastodon: MastodonCaller, moderator: MastodonCaller, post: Object, anna: Account
    ) -> None:
        comment = audience.comment(world, post, anna, "Buy followers")
        body = {"account_id": anna.remote_id, "status_ids": [comment.remote_id, post.remote_id], "comment": "Spam"}
        report = mastodon("POST", "/api/v1/reports", json=body).json()
        assert report["status_ids"] == [comment.remote_id], "only what the reported account wrote"
        assert error(mastodon("GET", "/api/v1/admin/reports"))[0] == 403
        (seen,) = moderator("GET", "/api/v1/admin/reports").json()
        assert (seen["comment"], seen["target_account"]["username"]) == ("Spam", "anna")
        path = f"/api/v1/admin/reports/{report['id']}"
        assert moderator("POST", f"{path}/assign_to_self").json()["assigned_account"]["username"] == "mod"
        assert moderator("POST", f"{path}/resolve").json()["action_taken"]
        assert moderator("GET", "/api/v1/admin/reports").json() == []
        assert moderator("POST", f"{path}/reopen").json()["action_taken_at"] is None
        assert moderator("GET", path).json()["id"] == report["id"]

    def test_rights_are_one_by_one(self, moderator: MastodonCaller, anna: Account) -> None:
        path = f"/api/v1/admin/accounts/{anna.remote_id}"
        assert error(moderator("POST", f"{path}/action", json={"type": "silence"})) == (
            403,
            "This action is not allowed",
        )

    def test_a_token_without_the_scope(self, world: World, servers: dict[str, Server]) -> None:
        login = seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "boss")
        world.update_account(login.account, {"permissions": 1})
        caller = MastodonCaller(world, login)
        assert error(caller("GET", "/api/v1/admin/reports")) == (403, "This action is outside the authorized scopes")

    def test_gotosocial_reopens_nothing(self, world: World, servers: dict[str, Server]) -> None:
        login = seed.add_mastodon_account(world, servers[seed.GOTOSOCIAL_HOST], "boss", scopes=STAFF)
        world.update_account(login.account, {"permissions": 1})
        caller = MastodonCaller(world, login)
        server = servers[seed.GOTOSOCIAL_HOST]
        troll = audience.person(world, server, "Troll")
        audience.report(world, audience.mention(world, login.account, troll, "Boo"), troll, "Rude")
        (report,) = caller("GET", "/api/v1/admin/reports").json()
        path = f"/api/v1/admin/reports/{report['id']}"
        assert caller("POST", f"{path}/resolve").json()["action_taken"]
        assert caller("POST", f"{path}/reopen").status == 404
        action = f"/api/v1/admin/accounts/{troll.remote_id}/action"
        assert caller("POST", action, json={"type": "silence"}).status == 400


class TestProfile:
    PATH = "/api/v1/accounts/update_credentials"

    def test_links_are_replaced_at_once(self, mastodon: MastodonCaller) -> None:
        form = {f"fields_attributes[{n}][{key}]": f"{key} {n}" for n in range(2) for key in ("name", "value")}
        fields = mastodon("PATCH", self.PATH, form=form).json()["source"]["fields"]
        assert [each["name"] for each in fields] == ["name 0", "name 1"]
        body = {"fields_attributes": {"0": {"name": "Shop", "value": "https://shop.example"}}, "note": "Bread <b>"}
        account = mastodon("PATCH", self.PATH, json=body).json()
        assert [each["name"] for each in account["source"]["fields"]] == ["Shop"]
        assert 'href="https://shop.example"' in account["fields"][0]["value"]
        assert (account["note"], account["source"]["note"]) == ("<p>Bread &lt;b&gt;</p>", "Bread <b>")
        assert account["display_name"] == "The Bakery"

    def test_pictures(self, mastodon: MastodonCaller) -> None:
        kind, body = multipart({}, {"avatar": ("a.png", png(), "image/png")})
        account = mastodon("PATCH", self.PATH, body=body, kind=kind).json()
        path = account["avatar"].removeprefix(mastodon.login.server)
        assert mastodon("GET", path).body == png()
        assert mastodon("DELETE", "/api/v1/profile/avatar").json()["avatar"].endswith("missing.png")
        kind, body = multipart({}, {"header": ("a.png", b"not a picture", "image/png")})
        assert mastodon("PATCH", self.PATH, body=body, kind=kind).status == 422

    @pytest.mark.parametrize(
        "body",
        [
            {"display_name": "x" * 31},
            {"note": "x" * 501},
            {"fields_attributes": {str(n): {"name": "a", "value": "b"} for n in range(5)}},
        ],
    )
    def test_what_is_refused(self, mastodon: MastodonCaller, body: dict[str, Any]) -> None:
        assert mastodon("PATCH", self.PATH, json=body).status == 422


def test_a_slash_at_the_end_means_nothing(mastodon: MastodonCaller) -> None:
    assert mastodon("GET", "/api/v1/accounts/verify_credentials/").status == 200
