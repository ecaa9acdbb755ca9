"""The Bluesky face answers as the notes say that the reference PDS does."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces.bluesky.cid import cid_of_blob, cid_of_record, dag_cbor, is_tid, tid
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World

from .support import POST, START, TID, BlueskyCaller, ManualClock, png

SESSION = "com.atproto.server"
REPO = "com.atproto.repo"


def error(response: Response) -> tuple[int, str]:
    return response.status, response.json()["error"]


# -- identity -----------------------------------------------------------------------------------------------------


def test_put_of_the_same_content_is_harmless(world: World, bluesky: BlueskyCaller) -> None:
    record = bluesky.record()
    first = bluesky.put(record, swapRecord=None).json()
    again = bluesky.put(record, swapRecord=None)
    assert first["uri"] == f"at://{bluesky.login.did}/{POST}/{TID}"
    assert again.status == 200
    assert again.json() == {"uri": first["uri"], "cid": first["cid"], "validationStatus": "valid"}
    assert set(first["commit"]) == {"cid", "rev"}
    assert [post.text for post in world.live_posts()] == ["Hello"]


def test_put_of_other_content_overwrites_unless_swap_forbids(world: World, bluesky: BlueskyCaller) -> None:
    first = bluesky.put(bluesky.record("One")).json()
    assert error(bluesky.put(bluesky.record("Two"), swapRecord=None)) == (400, "InvalidSwap")
    second = bluesky.put(bluesky.record("Two"), swapRecord=first["cid"]).json()
    assert second["cid"] != first["cid"]
    assert error(bluesky.put(bluesky.record("Three"), swapRecord=first["cid"])) == (400, "InvalidSwap")
    assert bluesky.put(bluesky.record("Three")).status == 200
    assert [post.text for post in world.live_posts()] == ["Three"]


def test_create_with_a_taken_key_is_500_and_stores_nothing(world: World, bluesky: BlueskyCaller) -> None:
    record = bluesky.record()
    assert bluesky.create(record, rkey=TID).status == 200
    for repeated in (record, bluesky.record("Other")):
        assert error(bluesky.create(repeated, rkey=TID)) == (500, "InternalServerError")
    assert [post.text for post in world.live_posts()] == ["Hello"]
    assert bluesky.get().json()["value"] == record


def test_create_without_a_key_doubles(world: World, bluesky: BlueskyCaller) -> None:
    uris = {bluesky.create(bluesky.record()).json()["uri"] for _ in range(3)}
    assert len(uris) == len(world.live_posts()) == 3
    assert all(is_tid(uri.rpartition("/")[2]) for uri in uris)


def test_get_tells_whether_it_landed(bluesky: BlueskyCaller) -> None:
    assert error(bluesky.get()) == (400, "RecordNotFound")
    cid = bluesky.put(bluesky.record()).json()["cid"]
    assert bluesky.get().json() == {
        "uri": f"at://{bluesky.login.did}/{POST}/{TID}",
        "cid": cid,
        "value": bluesky.record(),
    }
    assert bluesky.get(cid=cid).status == 200
    assert error(bluesky.get(cid=cid_of_blob(b"other"))) == (400, "RecordNotFound")


def test_delete_is_repeatable(world: World, bluesky: BlueskyCaller) -> None:
    cid = bluesky.put(bluesky.record()).json()["cid"]
    assert error(bluesky.delete(swapRecord=cid_of_blob(b"other"))) == (400, "InvalidSwap")
    assert "commit" in bluesky.delete(swapRecord=cid).json()
    assert (bluesky.delete().status, bluesky.delete().json()) == (200, {})
    assert world.live_posts() == []
    assert bluesky.put(bluesky.record()).json()["cid"] == cid


def test_swap_commit(bluesky: BlueskyCaller) -> None:
    head = bluesky.put(bluesky.record("One")).json()["commit"]["cid"]
    assert bluesky.create(bluesky.record("Two"), swapCommit=head).status == 200
    assert error(bluesky.create(bluesky.record("Three"), swapCommit=head)) == (400, "InvalidSwap")


def test_apply_writes_is_all_or_nothing(world: World, bluesky: BlueskyCaller) -> None:
    def apply(*writes: dict[str, Any]) -> Response:
        return bluesky.procedure(f"{REPO}.applyWrites", {"repo": bluesky.login.did, "writes": writes})

    def write(kind: str, rkey: str, text: str = "") -> dict[str, Any]:
        value = {} if kind == "delete" else {"value": bluesky.record(text)}
        return {"$type": f"{REPO}.applyWrites#{kind}", "collection": POST, "rkey": rkey, **value}

    other = "3l3qo2vuowo2c"
    done = apply(write("create", TID, "One"), write("create", other, "Two")).json()
    assert [result["$type"] for result in done["results"]] == [f"{REPO}.applyWrites#createResult"] * 2
    assert error(apply(write("create", "3l3qo2vuowo2d", "Three"), write("create", TID, "One")))[0] == 500
    assert len(world.live_posts()) == 2
    assert apply(write("update", TID, "Uno"), write("delete", other)).status == 200
    assert [post.text for post in world.live_posts()] == ["Uno"]
    assert apply(*[write("create", TID, "x")] * 201).status == 400
    assert apply({"$type": "other"}).status == 400


# -- records ------------------------------------------------------------------------------------------------------

STRONG_REF = {"uri": f"at://did:plc:x/{POST}/{TID}", "cid": cid_of_blob(b"x")}
LINK = {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org"}


def facet(start: Any, end: Any, *features: Any) -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": list(features)}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"text": "👩‍👩‍👧‍👦" * 120},
        {"text": "é" * 300},
        {"langs": ["en", "pt-BR", "hu"]},
        {"tags": ["a"] * 8},
        {"facets": [facet(0, 5, LINK)]},
        {"facets": [facet(0, 5000, LINK)]},
        {"facets": [facet(0, 5, {"$type": "com.example#unheard-of"})]},
        {"reply": {"root": STRONG_REF, "parent": STRONG_REF}},
        {"labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}},
        {"embed": {"$type": "app.bsky.embed.record", "record": STRONG_REF}},
        {"createdAt": "1985-04-12T23:20:50.123456789+01:00"},
    ],
)
def test_accepted_records(bluesky: BlueskyCaller, change: dict[str, Any]) -> None:
    answer = bluesky.put(bluesky.record() | change)
    assert (answer.status, answer.json().get("validationStatus")) == (200, "valid")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": "x" * 301}, "grapheme too big (maximum 300, got 301) at $.record.text"),
        ({"text": "👩‍👩‍👧‍👦" * 121}, "string too big (maximum 3000, got 3025) at $.record.text"),
        ({"text": None}, "Expected string value type (got null) at $.record.text"),
        ({"createdAt": "yesterday"}, 'Invalid datetime (got "yesterday") at $.record.createdAt'),
        ({"createdAt": "2025-10-09 08:53:20Z"}, "$.record.createdAt"),
        ({"createdAt": "2025-02-30T08:53:20Z"}, "$.record.createdAt"),
        ({"langs": ["en", "de", "fr", "hu"]}, "array too big (maximum 3, got 4) at $.record.langs"),
        ({"langs": ["English!"]}, 'Invalid language (got "English!") at $.record.langs[0]'),
        ({"tags": ["x" * 65]}, "grapheme too big (maximum 64, got 65) at $.record.tags[0]"),
        (
            {"facets": [facet(-1, 5, LINK)]},
            "got -1) at $.record.facets[0].index.byteStart",
        ),
        ({"facets": [facet("0", 5, LINK)]}, 'Expected integer value type (got "0")'),
        (
            {"facets": [facet(0, 5, {"uri": "https://example.org"})]},
            '{"uri": ...}) at $.record.facets[0].features[0]',
        ),
        ({"facets": [facet(0, 5, {**LINK, "uri": "not a link"})]}, "Invalid uri"),
        ({"facets": [facet(0, 5, {"$type": "app.bsky.richtext.facet#mention", "did": "@radio"})]}, "Invalid DID"),
        ({"reply": {"root": STRONG_REF}}, 'Missing required key "parent" at $.record.reply'),
        ({"reply": {"root": STRONG_REF, "parent": {**STRONG_REF, "cid": "x"}}}, "Invalid CID string"),
        ({"embed": {"images": []}}, '"$type" property'),
        ({"labels": {"values": []}}, '"$type" property'),
        ({"$type": "app.bsky.feed.like"}, "Invalid $type: expected app.bsky.feed.post, got app.bsky.feed.like"),
        ({"price": 1.5}, "(got 1.5) at $.record.price"),
    ],
)
def test_refused_records(world: World, bluesky: BlueskyCaller, change: dict[str, Any], problem: str) -> None:
    answer = bluesky.put(bluesky.record() | change)
    assert error(answer) == (400, "InvalidRequest")
    assert problem in answer.json()["message"]
    assert world.live_posts() == []


def test_missing_members_are_named(bluesky: BlueskyCaller) -> None:
    answer = bluesky.put({"$type": POST, "text": "x"})
    assert answer.json()["message"] == f'Invalid {POST} record: Missing required key "createdAt" at $.record'
    nothing = bluesky.procedure(f"{REPO}.putRecord", {"repo": bluesky.login.did})
    assert nothing.json()["message"] == 'Missing required key "collection" at $'


@pytest.mark.parametrize("rkey", ["self", "3l3qo2vuowo2", "zl3qo2vuowo2b", "3l3qo2vuowo2B", "a/b", ""])
def test_a_post_needs_a_tid(bluesky: BlueskyCaller, rkey: str) -> None:
    assert error(bluesky.put(bluesky.record(), rkey=rkey)) == (400, "InvalidRequest")


def test_unknown_collections_are_stored_unchecked(bluesky: BlueskyCaller) -> None:
    body = {"repo": bluesky.login.handle, "collection": "com.example.thing", "rkey": "self", "record": {"a": 1}}
    assert bluesky.procedure(f"{REPO}.putRecord", body).json()["validationStatus"] == "unknown"
    assert error(bluesky.procedure(f"{REPO}.putRecord", {**body, "validate": True})) == (400, "InvalidRequest")
    described = bluesky.query(f"{REPO}.describeRepo", repo=bluesky.login.did).json()
    assert described["collections"] == ["app.bsky.actor.profile", "com.example.thing"]


def test_unchecked_posts_stay_out_of_sight(world: World, bluesky: BlueskyCaller, clock: ManualClock) -> None:
    odd = {"$type": POST, "text": 5, "embed": {"images": "x"}, "labels": [], "reply": "x"}
    uri = bluesky.put(odd, validate=False).json()["uri"]
    assert bluesky.get().json()["value"] == odd
    clock.sleep(60)
    assert bluesky.query("app.bsky.feed.getPosts", uris=uri).json() == {"posts": []}
    assert bluesky.put({"$type": POST, "text": "\ud83d", "createdAt": "x"}).status == 400


def test_only_the_own_repository(bluesky: BlueskyCaller, world: World, servers: dict[str, Server]) -> None:
    other = seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "books")
    body = {"collection": POST, "rkey": TID, "record": bluesky.record()}
    assert bluesky.procedure(f"{REPO}.putRecord", {"repo": other.did, **body}).status == 401
    assert bluesky.procedure(f"{REPO}.putRecord", {"repo": "did:plc:nobody", **body}).status == 403


# -- blobs --------------------------------------------------------------------------------------------------------


def images(*blobs: Any, alt: bool = True) -> dict[str, Any]:
    items = [{"image": blob} | ({"alt": "A loaf"} if alt else {}) for blob in blobs]
    return {"embed": {"$type": "app.bsky.embed.images", "images": items}}


def test_pictures(world: World, bluesky: BlueskyCaller) -> None:
    data = png()
    blob = bluesky.upload(data, "text/plain").json()["blob"]
    assert blob == {
        "$type": "blob",
        "ref": {"$link": cid_of_blob(data)},
        "mimeType": "image/png",
        "size": len(data),
    }
    assert bluesky.upload(data).json()["blob"] == blob
    assert bluesky.put(bluesky.record(**images(blob))).status == 200
    assert world.live_posts()[0].media == [blob["ref"]["$link"]]
    fetched = bluesky.query("com.atproto.sync.getBlob", did=bluesky.login.did, cid=blob["ref"]["$link"], token="")
    assert (fetched.body, fetched.headers["content-type"]) == (data, "image/png")
    missing = bluesky.query("com.atproto.sync.getBlob", did=bluesky.login.did, cid=cid_of_blob(b"x"))
    assert error(missing) == (400, "InvalidRequest")


def test_what_pictures_may_not_be(bluesky: BlueskyCaller) -> None:
    blob = bluesky.upload(png()).json()["blob"]
    assert bluesky.put(bluesky.record(**images(blob, alt=False))).status == 400
    assert bluesky.put(bluesky.record(**images(*[blob] * 5))).status == 400
    for change, name in (
        ({"ref": {"$link": cid_of_blob(b"never uploaded")}}, "BlobNotFound"),
        ({"mimeType": "image/jpeg"}, "InvalidMimeType"),
        ({"size": 1}, "InvalidSize"),
    ):
        assert error(bluesky.put(bluesky.record(**images(blob | change)))) == (400, name)
    text = bluesky.upload(b"plain text", "text/plain").json()["blob"]
    assert 'Expected "image/*"' in bluesky.put(bluesky.record(**images(text))).json()["message"]


def test_size_is_judged_when_the_record_is_made(bluesky: BlueskyCaller) -> None:
    largest = bluesky.upload(png() + b"\0" * (2_000_000 - len(png()))).json()["blob"]
    too_large = bluesky.upload(png() + b"\0" * (2_000_001 - len(png()))).json()["blob"]
    assert bluesky.put(bluesky.record(**images(largest))).status == 200
    refused = bluesky.put(bluesky.record(**images(too_large)))
    assert error(refused) == (400, "InvalidRequest")
    assert "blob too big (maximum 2000000, got 2000001)" in refused.json()["message"]
    assert bluesky.upload(b"\0" * 5 * 1024 * 1024).status == 200
    assert error(bluesky.upload(b"\0" * (5 * 1024 * 1024 + 1))) == (413, "PayloadTooLarge")
    assert bluesky.upload(b"").json()["blob"]["size"] == 0
    assert error(bluesky.upload(b"x", "")) == (400, "InvalidRequest")


def test_blobs_that_no_record_names_are_dropped(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    blob = bluesky.upload(png()).json()["blob"]
    clock.now += 6 * HOUR
    bluesky.log_in()
    assert error(bluesky.put(bluesky.record(**images(blob)))) == (400, "BlobNotFound")
    bluesky.upload(png())
    assert bluesky.put(bluesky.record(**images(blob))).status == 200


def test_blobs_go_with_the_last_record_that_names_them(bluesky: BlueskyCaller) -> None:
    blob = bluesky.upload(png()).json()["blob"]
    cid = blob["ref"]["$link"]
    first, second = TID, "3l3qo2vuowo2c"
    for rkey in (first, second):
        bluesky.put(bluesky.record(**images(blob)), rkey=rkey)
    bluesky.delete(second)
    assert bluesky.query("com.atproto.sync.getBlob", did=bluesky.login.did, cid=cid).status == 200
    bluesky.put(bluesky.record("No picture"), rkey=first)
    assert bluesky.query("com.atproto.sync.getBlob", did=bluesky.login.did, cid=cid).status == 400
    assert error(bluesky.put(bluesky.record(**images(blob)))) == (400, "BlobNotFound")


# -- sessions -----------------------------------------------------------------------------------------------------


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def test_log_in(world: World, bluesky: BlueskyCaller) -> None:
    session = bluesky.session
    assert (session["did"], session["handle"], session["active"]) == (bluesky.login.did, bluesky.login.handle, True)
    assert session["didDoc"]["service"][0]["serviceEndpoint"] == bluesky.login.server
    assert claims(session["accessJwt"])["exp"] == (START + 2 * HOUR) // 1000
    assert claims(session["refreshJwt"])["exp"] == (START + 90 * DAY) // 1000
    for identifier in (bluesky.login.did, "Radio.bsky.sandbox", "radio@bsky.sandbox"):
        body = {"identifier": identifier, "password": bluesky.login.app_password}
        assert bluesky.procedure(f"{SESSION}.createSession", body).status == 200
    wrong = {"identifier": bluesky.login.handle, "password": "wrong"}
    assert error(bluesky.procedure(f"{SESSION}.createSession", wrong)) == (401, "AuthenticationRequired")
    world.set_state(bluesky.login.account, "takendown")
    assert error(bluesky.procedure(f"{SESSION}.createSession", body)) == (401, "AccountTakedown")
    assert error(bluesky.put(bluesky.record())) == (401, "AccountTakedown")


def test_access_tokens(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    get = f"{SESSION}.getSession"
    assert bluesky.query(get).json()["handle"] == bluesky.login.handle
    assert error(bluesky.query(get, token="")) == (401, "AuthMissing")
    for token in ("x", "a.b.c", bluesky.session["accessJwt"][:-1], bluesky.session["refreshJwt"]):
        assert error(bluesky.query(get, token=token)) == (400, "InvalidToken")
    assert error(bluesky.procedure(f"{SESSION}.refreshSession")) == (400, "InvalidToken")
    clock.now += 2 * HOUR
    assert error(bluesky.query(get)) == (400, "ExpiredToken")


def test_refresh_rotates_with_a_grace(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    def refresh(token: str) -> Response:
        return bluesky.procedure(f"{SESSION}.refreshSession", token=token)

    old = bluesky.session["refreshJwt"]
    clock.sleep(60)
    first = refresh(old).json()
    assert first["refreshJwt"] != old
    clock.now += 2 * HOUR - 1
    again = refresh(old).json()
    assert again["refreshJwt"] == first["refreshJwt"]
    assert bluesky.query(f"{SESSION}.getSession", token=again["accessJwt"]).status == 200
    clock.now += 1
    assert error(refresh(old)) == (400, "ExpiredToken")
    assert refresh(first["refreshJwt"]).status == 200
    clock.now += 90 * DAY
    assert error(refresh(first["refreshJwt"])) == (400, "ExpiredToken")


def test_log_out_leaves_the_access_token(bluesky: BlueskyCaller) -> None:
    refresh = bluesky.session["refreshJwt"]
    assert bluesky.procedure(f"{SESSION}.deleteSession", token=refresh).status == 200
    answer = bluesky.procedure(f"{SESSION}.refreshSession", token=refresh)
    assert answer.json() == {"error": "ExpiredToken", "message": "Token has been revoked"}
    assert bluesky.query(f"{SESSION}.getSession").status == 200


def test_identity_lookups(bluesky: BlueskyCaller) -> None:
    resolve = "com.atproto.identity.resolveHandle"
    assert bluesky.query(resolve, handle=bluesky.login.handle, token="").json() == {"did": bluesky.login.did}
    assert error(bluesky.query(resolve, handle="nobody.example")) == (400, "HandleNotFound")
    assert error(bluesky.query(resolve)) == (400, "InvalidRequest")
    assert bluesky.query(f"{SESSION}.describeServer", token="").json()["did"] == "did:web:bsky.sandbox"


def test_unknown_methods(bluesky: BlueskyCaller) -> None:
    assert error(bluesky.query("app.bsky.feed.unheardOf")) == (501, "MethodNotImplemented")
    assert error(bluesky.query(f"{REPO}.putRecord")) == (400, "InvalidRequest")
    assert error(bluesky.procedure(f"{REPO}.putRecord", body=b"{", kind="application/json"))[0] == 400
    assert error(bluesky.procedure(f"{REPO}.putRecord", body=b"{}", kind="text/plain"))[0] == 400


# -- rate limits --------------------------------------------------------------------------------------------------


def test_writes_cost_points(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    headers = bluesky.put(bluesky.record()).headers
    assert headers["ratelimit-policy"] == "3000;w=300"
    for _ in range(200):
        headers = bluesky.create(bluesky.record()).headers
    # 5000 - 2 - 200 * 3 write points are still more than the calls that are left
    assert headers["ratelimit-policy"] == "3000;w=300"
    assert int(headers["ratelimit-reset"]) == (START + 5 * MINUTE) // 1000
    assert not [name for name in bluesky.get(cid=None).headers if name == "retry-after"]
    assert "ratelimit-limit" not in bluesky.query(f"{SESSION}.getSession", token="").headers


def test_an_empty_bucket_says_when_to_come_back(world: World, clock: ManualClock) -> None:
    server = world.add_server("tight.sandbox", "bluesky", config={"rates": {"writes": [7, HOUR]}})
    caller = BlueskyCaller(world, seed.add_bluesky_account(world, server, "radio")).log_in()
    for _ in range(2):
        assert caller.create(caller.record()).status == 200
    clock.sleep(600)
    refused = caller.create(caller.record())
    assert error(refused) == (429, "RateLimitExceeded")
    assert refused.headers["retry-after"] == "3000"
    assert refused.headers["ratelimit-limit"] == "7"
    assert refused.headers["ratelimit-remaining"] == "0"
    assert int(refused.headers["ratelimit-reset"]) == (START + HOUR) // 1000
    assert refused.headers["ratelimit-policy"] == "7;w=3600"
    assert caller.delete().status == 429
    clock.sleep(3000)
    assert caller.create(caller.record()).status == 200


def test_logins_are_limited_per_account(bluesky: BlueskyCaller, world: World, servers: dict[str, Server]) -> None:
    for _ in range(29):
        bluesky.log_in()
    body = {"identifier": bluesky.login.handle, "password": bluesky.login.app_password}
    refused = bluesky.procedure(f"{SESSION}.createSession", body)
    assert (error(refused), refused.headers["retry-after"]) == ((429, "RateLimitExceeded"), "300")
    BlueskyCaller(world, seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "books")).log_in()


# -- reads --------------------------------------------------------------------------------------------------------


def test_listing_gives_a_cursor_on_the_last_page_too(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    keys: list[str] = []
    for number in range(3):
        keys.insert(0, tid(clock() * 1000 + number, 0))
        bluesky.put(bluesky.record(str(number)), rkey=keys[0])

    def page(**more: Any) -> tuple[list[str], str | None]:
        body = bluesky.query(f"{REPO}.listRecords", repo=bluesky.login.did, collection=POST, **more).json()
        return [item["uri"].rpartition("/")[2] for item in body["records"]], body.get("cursor")

    assert page(limit=2) == (keys[:2], keys[1])
    assert page(limit=2, cursor=keys[1]) == (keys[2:], keys[2])
    assert page(cursor=keys[2]) == ([], None)
    assert page(limit=2, reverse="true") == ([keys[2], keys[1]], keys[1])
    for limit in (0, 101, "x"):
        answer = bluesky.query(f"{REPO}.listRecords", repo=bluesky.login.did, collection=POST, limit=limit)
        assert error(answer) == (400, "InvalidRequest")


def test_the_appview_lags(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    uri = bluesky.put(bluesky.record()).json()["uri"]
    assert bluesky.query("app.bsky.feed.getPosts", uris=uri).json() == {"posts": []}
    assert error(bluesky.query("app.bsky.feed.getPostThread", uri=uri)) == (400, "NotFound")
    clock.sleep(1)
    assert bluesky.query("app.bsky.feed.getPosts", uris=uri).json()["posts"][0]["record"] == bluesky.record()
    assert error(bluesky.query("app.bsky.feed.getPosts", uris=uri, token="")) == (401, "AuthMissing")


def test_threads(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    refs: list[dict[str, str]] = []
    for number in range(3):
        reply = {"reply": {"root": refs[0], "parent": refs[-1]}} if refs else {}
        done = bluesky.put(bluesky.record(str(number), **reply), rkey=tid(clock() * 1000 + number, 0)).json()
        refs.append({"uri": done["uri"], "cid": done["cid"]})
    clock.sleep(1)
    thread = bluesky.query("app.bsky.feed.getPostThread", uri=refs[1]["uri"]).json()["thread"]
    assert thread["post"]["replyCount"] == 1
    assert thread["parent"]["post"]["uri"] == refs[0]["uri"]
    assert [reply["post"]["uri"] for reply in thread["replies"]] == [refs[2]["uri"]]
    feed = bluesky.query("app.bsky.feed.getAuthorFeed", actor=bluesky.login.handle, limit=2).json()
    assert [item["post"]["uri"] for item in feed["feed"]] == [refs[2]["uri"], refs[1]["uri"]]
    rest = bluesky.query("app.bsky.feed.getAuthorFeed", actor=bluesky.login.did, cursor=feed["cursor"]).json()
    assert [item["post"]["uri"] for item in rest["feed"]] == [refs[0]["uri"]]
    assert "cursor" not in rest
    roots = bluesky.query("app.bsky.feed.getAuthorFeed", actor=bluesky.login.did, filter="posts_no_replies").json()
    assert [item["post"]["uri"] for item in roots["feed"]] == [refs[0]["uri"]]
    bluesky.delete(refs[0]["uri"].rpartition("/")[2])
    orphan = bluesky.query("app.bsky.feed.getPostThread", uri=refs[1]["uri"]).json()["thread"]
    assert orphan["parent"]["$type"] == "app.bsky.feed.defs#notFoundPost"
    profile = bluesky.query("app.bsky.actor.getProfile", actor=bluesky.login.handle).json()
    assert (profile["displayName"], profile["postsCount"]) == ("Radio", 2)


# -- identifiers --------------------------------------------------------------------------------------------------


def test_identifiers_agree_with_published_examples() -> None:
    # The empty map in DAG-CBOR, and the SHA-256 of no bytes in a raw CID.
    assert cid_of_record({}) == "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"
    assert cid_of_blob(b"") == "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
    assert tid(0, 0) == "2222222222222"
    assert tid((1 << 53) - 1, 1023) == "bzzzzzzzzzzzz"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (23, "17"),
        (24, "1818"),
        (-1, "20"),
        (1_000_000, "1a000f4240"),
        ("ü", "62c3bc"),
        ([1, None, True], "8301f6f5"),
        ({"bb": 1, "a": 2, "c": 3}, "a3616102616303626262" + "01"),
        ({"$bytes": "AQI="}, "420102"),
    ],
)
def test_canonical_bytes(value: Any, encoded: str) -> None:
    assert dag_cbor(value).hex() == encoded
