"""The Mastodon face answers as the notes say that Mastodon and GoToSocial do."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

import pytest

from smm_tui.domain.clock import DAY, HOUR, MINUTE, iso
from smm_tui.sandbox import exchange, seed
from smm_tui.sandbox.faces.mastodon.oauth import OUT_OF_BAND, grant_code
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World

from .support import MP4, START, ManualClock, MastodonCaller, png


def error(response: Response) -> tuple[int, str]:
    return response.status, response.json()["error"]


# -- idempotency --------------------------------------------------------------------------------------------------


def test_same_key_gives_the_original_and_ignores_the_body(world: World, mastodon: MastodonCaller) -> None:
    first = mastodon.post("Fresh bread", "key")
    again = mastodon.post("Something else", "key")
    assert (first.status, again.status) == (200, 200)
    assert again.json()["id"] == first.json()["id"]
    assert [post.text for post in world.live_posts()] == ["Fresh bread"]


def test_a_key_is_forgotten_after_an_hour(world: World, mastodon: MastodonCaller, clock: ManualClock) -> None:
    mastodon.post("Fresh bread", "key")
    clock.now += HOUR - 1
    mastodon.post("Fresh bread", "key")
    assert len(world.live_posts()) == 1
    clock.now += 1
    mastodon.post("Fresh bread", "key")
    assert len(world.live_posts()) == 2


def test_keys_belong_to_one_account(world: World, servers: dict[str, Server], mastodon: MastodonCaller) -> None:
    other = MastodonCaller(world, seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "books"))
    mastodon.post("Mine", "key")
    assert other.post("Hers", "key").json()["account"]["username"] == "books"
    assert len(world.live_posts()) == 2


def test_a_key_whose_post_was_deleted_is_404(mastodon: MastodonCaller) -> None:
    post = mastodon.post("Fresh bread", "key").json()
    assert mastodon("DELETE", f"/api/v1/statuses/{post['id']}").json()["text"] == "Fresh bread"
    assert error(mastodon.post("Fresh bread", "key")) == (404, "Record not found")


def test_a_refused_post_does_not_use_up_its_key(mastodon: MastodonCaller) -> None:
    assert mastodon.post("", "key").status == 422
    assert mastodon.post("Fresh bread", "key").status == 200


def test_gotosocial_ignores_keys(world: World, gotosocial: MastodonCaller) -> None:
    gotosocial.post("Squats", "key")
    gotosocial.post("Squats", "key")
    assert len(world.live_posts()) == 2


# -- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("x" * 500, True),
        ("x" * 501, False),
        ("👩‍👩‍👧‍👦" * 500, True),
        ("https://example.org/" + "x" * 500 + " " + "y" * 476, True),
        ("https://example.org/" + "x" * 500 + " " + "y" * 477, False),
        ("@bakery@a-very-long-domain.example " + "y" * 492, True),
        ("@bakery@a-very-long-domain.example " + "y" * 493, False),
    ],
)
def test_mastodon_counts_graphemes_links_and_mentions(mastodon: MastodonCaller, text: str, accepted: bool) -> None:
    assert (mastodon.post(text).status == 200) is accepted


def test_the_warning_counts_too(mastodon: MastodonCaller) -> None:
    assert mastodon.post("x" * 490, spoiler_text="y" * 10).status == 200
    assert error(mastodon.post("x" * 490, spoiler_text="y" * 11)) == (
        422,
        "Validation failed: Text character limit of 500 exceeded",
    )


def test_gotosocial_counts_code_points_and_says_400(gotosocial: MastodonCaller) -> None:
    assert gotosocial.post("https://example.org/" + "x" * 4980).status == 200
    assert gotosocial.post("https://example.org/" + "x" * 4981).status == 400
    assert gotosocial.post("").status == 400


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_post_is_422(mastodon: MastodonCaller, text: str) -> None:
    assert error(mastodon.post(text)) == (422, "Validation failed: Text can't be blank")


def test_text_becomes_html_and_keeps_its_source(world: World, mastodon: MastodonCaller) -> None:
    text = "One <b> & two\nthree\n\n#Bread by @bakery, not @nobody: https://www.example.org/a-long-path-to-somewhere."
    post = mastodon.post(f"  {text}\n").json()
    assert post["content"] == (
        "<p>One &lt;b&gt; &amp; two<br />three</p>"
        '<p><a href="https://social.sandbox/tags/bread" class="mention hashtag" rel="tag">#<span>Bread</span></a> by '
        '<span class="h-card" translate="no"><a href="https://social.sandbox/@bakery" class="u-url mention">'
        "@<span>bakery</span></a></span>, not @nobody: "
        '<a href="https://www.example.org/a-long-path-to-somewhere" target="_blank" rel="nofollow noopener"'
        ' translate="no"><span class="invisible">https://www.</span>'
        '<span class="ellipsis">example.org/a-long-path-to-som</span><span class="invisible">ewhere</span></a>.</p>'
    )
    assert [mention["acct"] for mention in post["mentions"]] == ["bakery"]
    assert [tag["name"] for tag in post["tags"]] == ["bread"]
    source = mastodon("GET", f"/api/v1/statuses/{post['id']}/source").json()
    assert source == {"id": post["id"], "text": text, "spoiler_text": ""}


def test_form_json_and_multipart_say_the_same(world: World, mastodon: MastodonCaller) -> None:
    media = [mastodon.upload(png(colour=colour)).json()["id"] for colour in ("red", "blue")]
    post = mastodon(
        "POST",
        "/api/v1/statuses",
        form={"status": "Ünï", "media_ids[]": media, "sensitive": "true", "spoiler_text": "cake"},
    ).json()
    assert [item["id"] for item in post["media_attachments"]] == media
    assert (post["sensitive"], post["spoiler_text"], post["content"]) == (True, "cake", "<p>Ünï</p>")
    for broken in (b"{", b"[]", b'{"status": "\\ud83d"}', b"[" * 100_000):
        assert mastodon("POST", "/api/v1/statuses", body=broken, kind="application/json").status == 400
    assert mastodon("POST", "/api/v1/statuses", body=b"x", kind="multipart/form-data").status == 400


@pytest.mark.parametrize(("flavour", "visibility"), [("mastodon", "public"), ("gotosocial", "unlisted")])
def test_default_visibility(flavour: str, visibility: str, request: pytest.FixtureRequest) -> None:
    caller: MastodonCaller = request.getfixturevalue(flavour)
    assert caller.post("Hello").json()["visibility"] == visibility
    assert caller.post("Hello", visibility="nobody").status == 422


# -- threads, edits, deletion --------------------------------------------------------------------------------------


def test_a_thread_is_a_chain_of_replies(mastodon: MastodonCaller) -> None:
    ids = [mastodon.post("one").json()["id"]]
    for text in ("two", "three"):
        ids.append(mastodon.post(text, in_reply_to_id=ids[-1]).json()["id"])
    context = mastodon("GET", f"/api/v1/statuses/{ids[1]}/context").json()
    assert [item["id"] for item in context["ancestors"]] == ids[:1]
    assert [item["id"] for item in context["descendants"]] == ids[2:]
    assert mastodon("GET", f"/api/v1/statuses/{ids[0]}").json()["replies_count"] == 1
    assert error(mastodon.post("four", in_reply_to_id="404"))[0] == 404


def test_an_edit_replaces_everything(mastodon: MastodonCaller, clock: ManualClock) -> None:
    picture = mastodon.upload(png()).json()["id"]
    post = mastodon.post("First", media_ids=[picture], visibility="unlisted").json()
    clock.sleep(60)
    path = f"/api/v1/statuses/{post['id']}"
    kept = mastodon(
        "PUT",
        path,
        form={
            "status": "Second",
            "media_ids[]": [picture],
            "media_attributes[][id]": picture,
            "media_attributes[][description]": "A loaf",
        },
    ).json()
    assert kept["media_attachments"][0]["description"] == "A loaf"
    assert (kept["edited_at"], kept["visibility"]) == ("2025-10-09T08:54:20.000Z", "unlisted")
    assert mastodon("PUT", path, json={"status": "Third"}).json()["media_attachments"] == []


def test_deleted_media_can_be_used_again_for_a_day(mastodon: MastodonCaller, clock: ManualClock) -> None:
    picture = mastodon.upload(png()).json()["id"]
    post = mastodon.post("First", media_ids=[picture]).json()
    assert mastodon.post("Second", media_ids=[picture]).status == 422
    mastodon("DELETE", f"/api/v1/statuses/{post['id']}")
    assert mastodon.post("Second", media_ids=[picture]).status == 200
    orphan = mastodon.upload(png()).json()["id"]
    clock.now += DAY
    assert mastodon.post("Third", media_ids=[orphan]).status == 422


@pytest.mark.parametrize(("host", "status"), [(seed.MASTODON_HOST, 404), (seed.GOTOSOCIAL_HOST, 403)])
def test_others_posts_stay(world: World, servers: dict[str, Server], host: str, status: int) -> None:
    mine, hers = (
        MastodonCaller(world, seed.add_mastodon_account(world, servers[host], name)) for name in ("me", "her")
    )
    post = hers.post("Hers", visibility="public").json()
    assert mine("DELETE", f"/api/v1/statuses/{post['id']}").status == status
    assert mine("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "Mine"}).status == 404
    secret = hers.post("Hers", visibility="private").json()
    assert mine("GET", f"/api/v1/statuses/{secret['id']}").status == 404
    assert hers("GET", f"/api/v1/statuses/{secret['id']}").status == 200
    assert hers("DELETE", f"/api/v1/statuses/{post['id']}").status == 200
    assert hers("DELETE", f"/api/v1/statuses/{post['id']}").status == 404


def test_direct_posts_reach_the_mentioned_alone(world: World, servers: dict[str, Server]) -> None:
    me, her, him = (
        MastodonCaller(world, seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], name))
        for name in ("me", "her", "him")
    )
    post = me.post("@her only", visibility="direct").json()
    assert her("GET", f"/api/v1/statuses/{post['id']}").status == 200
    assert him("GET", f"/api/v1/statuses/{post['id']}").status == 404


# -- paging -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
def test_paging_by_links(flavour: str, clock: ManualClock, request: pytest.FixtureRequest) -> None:
    caller: MastodonCaller = request.getfixturevalue(flavour)
    ids: list[str] = []
    for number in range(5):
        ids.insert(0, caller.post(f"post {number}").json()["id"])
        clock.now += number % 2  # ids keep their order within one millisecond
    first = caller("GET", f"{caller.statuses}?limit=2&exclude_reblogs=true")
    assert [item["id"] for item in first.json()] == ids[:2]
    base = f"{caller.login.server}{caller.statuses}?exclude_reblogs=true&limit=2"
    assert first.headers["link"] == f'<{base}&max_id={ids[1]}>; rel="next", <{base}&min_id={ids[0]}>; rel="prev"'
    last = caller("GET", f"{caller.statuses}?limit=2&max_id={ids[3]}")
    assert [item["id"] for item in last.json()] == ids[4:]
    assert 'rel="next"' not in last.headers["link"]
    assert [item["id"] for item in caller("GET", f"{caller.statuses}?limit=2&min_id={ids[4]}").json()] == ids[2:4]
    assert [item["id"] for item in caller("GET", f"{caller.statuses}?limit=2&since_id={ids[4]}").json()] == ids[:2]
    assert "link" not in caller("GET", f"{caller.statuses}?max_id={ids[4]}").headers


def test_a_page_holds_forty_at_most(mastodon: MastodonCaller) -> None:
    for number in range(41):
        mastodon.post(f"post {number}")
    assert len(mastodon("GET", mastodon.statuses).json()) == 20
    assert len(mastodon("GET", f"{mastodon.statuses}?limit=80").json()) == 40


def test_own_threads_are_not_replies_to_others(world: World, servers: dict[str, Server]) -> None:
    me, her = (
        MastodonCaller(world, seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], name))
        for name in ("me", "her")
    )
    root = me.post("root").json()["id"]
    thread = me.post("thread", in_reply_to_id=root).json()["id"]
    reply = me.post("reply", in_reply_to_id=her.post("question").json()["id"]).json()["id"]
    assert [item["id"] for item in me("GET", me.statuses).json()] == [reply, thread, root]
    assert [item["id"] for item in me("GET", f"{me.statuses}?exclude_replies=true").json()] == [thread, root]


# -- who calls ----------------------------------------------------------------------------------------------------


def test_tokens(world: World, mastodon: MastodonCaller, gotosocial: MastodonCaller) -> None:
    path = "/api/v1/accounts/verify_credentials"
    assert mastodon("GET", path).json()["acct"] == "bakery"
    for token in ("", "wrong"):
        nobody = MastodonCaller(world, mastodon.login, token=token)
        assert error(nobody("GET", path)) == (401, "The access token is invalid")
    world.revoke(world.tokens(mastodon.login.account, "access")[0])
    assert error(mastodon("GET", path)) == (401, "The access token was revoked")
    world.set_state(gotosocial.login.account, "suspended")
    assert gotosocial("GET", path).status == 401


def test_a_suspended_account_is_403_on_mastodon(world: World, mastodon: MastodonCaller) -> None:
    world.set_state(mastodon.login.account, "suspended")
    assert error(mastodon.post("Hello")) == (403, "Your login is currently disabled")


@pytest.mark.parametrize(
    ("scopes", "posting", "reading"),
    [
        (("read", "write"), 200, 200),
        (("write:statuses",), 200, 403),
        (("profile",), 403, 200),
        (("read:accounts", "write:media"), 403, 200),
    ],
)
def test_scopes(
    world: World, servers: dict[str, Server], scopes: tuple[str, ...], posting: int, reading: int
) -> None:
    login = seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "bakery", scopes=scopes)
    caller = MastodonCaller(world, login)
    assert caller.post("Hello").status == posting
    assert caller("GET", "/api/v1/accounts/verify_credentials").status == reading


def test_public_posts_need_no_token_on_mastodon_alone(
    world: World, mastodon: MastodonCaller, gotosocial: MastodonCaller
) -> None:
    for caller, status in ((mastodon, 200), (gotosocial, 401)):
        post = caller.post("Hello", visibility="public").json()
        anonymous = MastodonCaller(world, caller.login, token="")
        assert anonymous("GET", f"/api/v1/statuses/{post['id']}").status == status


def test_login_with_a_code(world: World, mastodon: MastodonCaller, clock: ManualClock) -> None:
    anybody = MastodonCaller(world, mastodon.login, token="")
    app = anybody(
        "POST",
        "/api/v1/apps",
        form={"client_name": "smm-tui", "redirect_uris": OUT_OF_BAND, "scopes": "read write"},
    ).json()
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    code = grant_code(
        world, mastodon.login.account, app["client_id"], scope="read write:statuses", challenge=challenge
    )
    form = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": OUT_OF_BAND,
        "code": code,
        "code_verifier": verifier,
    }
    assert error(anybody("POST", "/oauth/token", form={**form, "client_secret": "x"})) == (401, "invalid_client")
    assert error(anybody("POST", "/oauth/token", form={**form, "code_verifier": "x"})) == (400, "invalid_grant")
    assert error(anybody("POST", "/oauth/token", form={**form, "grant_type": "password"})) == (
        400,
        "unsupported_grant_type",
    )
    token = anybody("POST", "/oauth/token", form=form).json()
    assert (token["token_type"], token["scope"], token["created_at"]) == (
        "Bearer",
        "read write:statuses",
        START // 1000,
    )
    assert error(anybody("POST", "/oauth/token", form=form)) == (400, "invalid_grant")
    user = MastodonCaller(world, mastodon.login, token=token["access_token"])
    assert user.post("Hello").json()["application"]["name"] == "smm-tui"
    for _ in range(2):
        assert anybody("POST", "/oauth/revoke", form={**form, "token": token["access_token"]}).status == 200
    assert user.post("Hello").status == 401


def test_an_application_alone_is_no_user(world: World, mastodon: MastodonCaller) -> None:
    anybody = MastodonCaller(world, mastodon.login, token="")
    app = anybody("POST", "/api/v1/apps", form={"client_name": "x", "redirect_uris": OUT_OF_BAND}).json()
    form = {"grant_type": "client_credentials"} | {name: app[name] for name in ("client_id", "client_secret")}
    token = anybody("POST", "/oauth/token", form=form).json()["access_token"]
    user = MastodonCaller(world, mastodon.login, token=token)
    assert error(user("GET", "/api/v1/accounts/verify_credentials")) == (
        422,
        "This method requires an authenticated user",
    )
    assert error(anybody("POST", "/oauth/token", form={**form, "scope": "write"})) == (400, "invalid_scope")
    assert anybody("POST", "/api/v1/apps", form={"scopes": "everything"}).status == 422


# -- rate limits --------------------------------------------------------------------------------------------------


def test_calls_are_limited_per_token(mastodon: MastodonCaller, clock: ManualClock) -> None:
    path = "/api/v1/accounts/verify_credentials"
    first = mastodon("GET", path)
    assert first.headers["x-ratelimit-limit"] == "300"
    assert first.headers["x-ratelimit-remaining"] == "299"
    reset = datetime.fromisoformat(first.headers["x-ratelimit-reset"])
    assert first.headers["x-ratelimit-reset"] == "2025-10-09T08:55:00.000000Z"
    for _ in range(299):
        assert mastodon("GET", path).status == 200
    refused = mastodon("GET", path)
    assert error(refused) == (429, "Too many requests")
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert "retry-after" not in refused.headers
    clock.now = round(reset.timestamp() * 1000)
    assert mastodon("GET", path).status == 200


@pytest.mark.parametrize(
    ("bucket", "limit"),
    [("media", 30), ("delete", 30)],
)
def test_tight_buckets(mastodon: MastodonCaller, bucket: str, limit: int) -> None:
    picture = png()

    def use() -> Response:
        if bucket == "media":
            return mastodon.upload(picture)
        return mastodon("DELETE", f"/api/v1/statuses/{mastodon.post('x').json()['id']}")

    assert [use().status for _ in range(limit)] == [200] * limit
    refused = use()
    assert (refused.status, refused.headers["x-ratelimit-limit"]) == (429, str(limit))


def test_statuses_are_limited_and_repeats_with_a_key_are_free(
    world: World, servers: dict[str, Server], clock: ManualClock
) -> None:
    server = world.add_server("tight.sandbox", "mastodon", config={"rates": {"statuses": [2, HOUR]}})
    caller = MastodonCaller(world, seed.add_mastodon_account(world, server, "bakery"))
    assert caller.post("one", "1").status == 200
    assert caller.post("two", "2").status == 200
    assert caller.post("three", "3").status == 429
    assert caller.post("two", "2").status == 200
    clock.now += HOUR
    assert caller.post("three", "3").status == 200


def test_limits_can_be_switched_off(world: World) -> None:
    server = world.add_server("open.sandbox", "mastodon", config={"rates": None})
    caller = MastodonCaller(world, seed.add_mastodon_account(world, server, "bakery"))
    assert not [name for name in caller.post("x").headers if name.startswith("x-ratelimit")]


# -- media --------------------------------------------------------------------------------------------------------


def test_a_picture_is_ready_at_once(mastodon: MastodonCaller) -> None:
    data = png(8, 4)
    answer = mastodon.upload(data, description=" A loaf ", focus="0.5,-2")
    media = answer.json()
    assert (answer.status, media["type"], media["description"]) == (200, "image", "A loaf")
    assert media["meta"]["original"] == {"width": 8, "height": 4, "size": "8x4", "aspect": 2.0}
    assert media["meta"]["focus"] == {"x": 0.5, "y": -1.0}
    assert mastodon("GET", media["url"].removeprefix(mastodon.login.server)).body == data
    changed = mastodon("PUT", f"/api/v1/media/{media['id']}", json={"description": "A roll"}).json()
    assert changed["description"] == "A roll"
    assert mastodon.post("", media_ids=[media["id"]]).json()["media_attachments"][0]["description"] == "A roll"
    assert mastodon("PUT", f"/api/v1/media/{media['id']}", json={"description": "x"}).status == 404


def test_video_is_processed_first(mastodon: MastodonCaller, clock: ManualClock) -> None:
    answer = mastodon.upload(MP4, "video/mp4")
    media = answer.json()
    assert (answer.status, media["url"]) == (202, None)
    path = f"/api/v1/media/{media['id']}"
    assert mastodon("GET", path).status == 206
    assert error(mastodon.post("x", media_ids=[media["id"]]))[0] == 422
    clock.sleep(2)
    ready = mastodon("GET", path)
    assert (ready.status, ready.json()["type"]) == (200, "video")
    assert ready.json()["url"]
    picture = mastodon.upload(png()).json()["id"]
    assert error(mastodon.post("x", media_ids=[media["id"], picture])) == (
        422,
        "Cannot attach a video to a post that already contains images",
    )
    assert mastodon.post("x", media_ids=[media["id"]]).status == 200


def test_video_that_cannot_be_processed_fails(mastodon: MastodonCaller) -> None:
    media = mastodon.upload(MP4.removesuffix(b"moov"), "video/mp4").json()
    assert mastodon("GET", f"/api/v1/media/{media['id']}").status == 422


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"plain text", "image/png"),
        (png(), "video/mp4"),
        (png()[:40], "image/png"),
        (b"", "image/png"),
    ],
)
@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
def test_mislabelled_and_broken_files_are_422(
    flavour: str, data: bytes, mime: str, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(flavour).upload(data, mime).status == 422


def test_too_much_media(mastodon: MastodonCaller, gotosocial: MastodonCaller) -> None:
    for caller, most, status in ((mastodon, 4, 422), (gotosocial, 6, 400)):
        ids = [caller.upload(png()).json()["id"] for _ in range(most + 1)]
        assert caller.post("x", media_ids=ids).status == status
        assert caller.post("x", media_ids=ids[:-1]).status == 200
    assert mastodon.upload(png(), description="x" * 1501).status == 422
    assert mastodon("POST", "/api/v2/media", json={}).status == 422


def test_too_large_pictures(world: World) -> None:
    server = world.add_server(
        "small.sandbox", "mastodon", config={"image_size_limit": 2000, "image_matrix_limit": 100}
    )
    caller = MastodonCaller(world, seed.add_mastodon_account(world, server, "bakery"))
    assert caller.upload(png(10, 10)).status == 200
    assert error(caller.upload(png(10, 11))) == (422, "10x11 images are not supported")
    assert caller.upload(png() + b"\0" * 2000).status == 422


# -- scheduling ---------------------------------------------------------------------------------------------------


def at(milliseconds: int) -> str:
    return iso(START + milliseconds) or ""


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
def test_a_scheduled_status_goes_out_at_its_time(
    flavour: str, world: World, clock: ManualClock, request: pytest.FixtureRequest
) -> None:
    caller: MastodonCaller = request.getfixturevalue(flavour)
    picture = caller.upload(png()).json()["id"]
    answer = caller.post("Later", scheduled_at=at(HOUR), media_ids=[picture]).json()
    assert (answer["params"]["text"], answer["params"]["idempotency"]) == ("Later", None)
    assert answer["scheduled_at"] == "2025-10-09T09:53:20.000Z"
    assert caller("GET", "/api/v1/scheduled_statuses").json() == [answer]
    clock.now += HOUR - 1
    exchange.settle(world)
    assert world.live_posts() == []
    clock.now += 1
    exchange.settle(world)
    assert [(post.text, post.media) for post in world.live_posts()] == [("Later", [picture])]
    assert caller("GET", f"/api/v1/scheduled_statuses/{answer['id']}").status == 404


@pytest.mark.parametrize("flavour", ["mastodon", "gotosocial"])
def test_less_than_five_minutes_ahead_is_422(flavour: str, request: pytest.FixtureRequest) -> None:
    caller: MastodonCaller = request.getfixturevalue(flavour)
    assert caller.post("Soon", scheduled_at=at(5 * MINUTE - 1)).status == 422
    assert caller.post("Soon", scheduled_at=at(5 * MINUTE)).status == 200


def test_a_past_date_publishes_at_once_or_backdates(
    world: World, mastodon: MastodonCaller, gotosocial: MastodonCaller
) -> None:
    assert mastodon.post("Now", scheduled_at=at(-DAY)).json()["created_at"] == "2025-10-09T08:53:20.000Z"
    assert gotosocial.post("Then", scheduled_at=at(-DAY)).json()["created_at"] == "2025-10-08T08:53:20.000Z"
    assert mastodon.post("x", scheduled_at="tomorrow").status == 422
    assert gotosocial.post("x", scheduled_at="tomorrow").status == 400


def test_scheduling_with_a_key_is_404_the_second_time(world: World, mastodon: MastodonCaller) -> None:
    mastodon.post("Later", "key", scheduled_at=at(HOUR))
    assert error(mastodon.post("Later", "key", scheduled_at=at(HOUR))) == (404, "Record not found")
    assert len(mastodon("GET", "/api/v1/scheduled_statuses").json()) == 1


def test_scheduled_statuses_move_and_go(mastodon: MastodonCaller) -> None:
    item = mastodon.post("Later", scheduled_at=at(HOUR)).json()
    path = f"/api/v1/scheduled_statuses/{item['id']}"
    moved = mastodon("PUT", path, json={"scheduled_at": at(DAY), "status": "Other"}).json()
    assert (moved["scheduled_at"], moved["params"]["text"]) == ("2025-10-10T08:53:20.000Z", "Later")
    assert mastodon("PUT", path, json={"scheduled_at": at(-1)}).status == 422
    assert mastodon("DELETE", path).json() == {}
    assert mastodon("DELETE", path).status == 404


def test_25_a_day(mastodon: MastodonCaller) -> None:
    for number in range(25):
        assert mastodon.post(f"{number}", scheduled_at=at(HOUR + number)).status == 200
    assert mastodon.post("one more", scheduled_at=at(HOUR)).status == 422
    assert mastodon.post("one more", scheduled_at=at(DAY)).status == 200
    page = mastodon("GET", "/api/v1/scheduled_statuses?limit=10")
    assert len(page.json()) == 10
    assert 'rel="next"' in page.headers["link"]


# -- what the server says of itself ----------------------------------------------------------------------------------


def test_flavours_show_in_the_instance(mastodon: MastodonCaller, gotosocial: MastodonCaller) -> None:
    one, other = (caller("GET", "/api/v2/instance").json() for caller in (mastodon, gotosocial))
    assert (one["configuration"]["statuses"]["max_characters"], one["api_versions"]) == (500, {"mastodon": 7})
    assert other["configuration"]["statuses"]["max_characters"] == 5000
    assert "api_versions" not in other
    assert "gotosocial" in other["source_url"]
    link = gotosocial("GET", "/.well-known/nodeinfo").json()["links"][0]["href"]
    node = gotosocial("GET", link.removeprefix(gotosocial.login.server)).json()
    assert node["software"]["name"] == "gotosocial"


def test_lookup(mastodon: MastodonCaller) -> None:
    found = mastodon("GET", "/api/v1/accounts/lookup?acct=bakery@social.sandbox").json()
    assert found["id"] == mastodon.login.account.remote_id
    assert mastodon("GET", f"/api/v1/accounts/{found['id']}").json() == found
    assert mastodon("GET", "/api/v1/accounts/lookup?acct=nobody").status == 404
    assert mastodon("GET", "/api/v1/accounts/bakery").status == 404
    assert mastodon("GET", "/api/v1/nothing").status == 404
