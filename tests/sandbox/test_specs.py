"""The faces' answers fit the official specifications, where this machine has them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from smm_tui.domain.clock import HOUR, iso
from smm_tui.sandbox.faces.mastodon.oauth import OUT_OF_BAND
from tests.support.lexicon import input_errors, output_errors, record_errors
from tests.support.specs import spec

from .support import MP4, POST, START, TID, BlueskyCaller, ManualClock, MastodonCaller, png

Check = Callable[[Any, str], None]


@pytest.fixture(scope="module")
def fits() -> Check:
    """Check a value against a component of the Mastodon API's schema."""
    document = json.loads(spec("mastodon/schema.json").read_text())

    def check(value: Any, component: str) -> None:
        schema = {"$ref": f"#/components/schemas/{component}", "components": document["components"]}
        problems = [
            f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(value)
        ]
        assert problems == []

    return check


def test_mastodon(mastodon: MastodonCaller, fits: Check) -> None:
    picture = mastodon.upload(png(), description="A loaf", focus="0,0").json()
    fits(picture, "MediaAttachment")
    fits(mastodon.upload(MP4, "video/mp4").json(), "MediaAttachment")
    root = mastodon.post("#Bread by @bakery https://example.org", media_ids=[picture["id"]], spoiler_text="x").json()
    fits(root, "Status")
    reply = mastodon.post("More", in_reply_to_id=root["id"]).json()
    fits(mastodon("PUT", f"/api/v1/statuses/{reply['id']}", json={"status": "Even more"}).json(), "Status")
    fits(mastodon("GET", f"/api/v1/statuses/{root['id']}/context").json(), "Context")
    fits(mastodon("GET", f"/api/v1/statuses/{root['id']}/source").json(), "StatusSource")
    for status in mastodon("GET", mastodon.statuses).json():
        fits(status, "Status")
    fits(mastodon("DELETE", f"/api/v1/statuses/{reply['id']}").json(), "Status")
    fits(mastodon.post("Later", scheduled_at=iso(START + HOUR)).json(), "ScheduledStatus")
    fits(mastodon("GET", "/api/v1/accounts/verify_credentials").json(), "CredentialAccount")
    fits(mastodon("GET", "/api/v1/accounts/lookup?acct=bakery").json(), "Account")
    fits(mastodon("GET", "/api/v2/instance").json(), "Instance")
    fits(mastodon("GET", "/api/v1/instance").json(), "V1Instance")
    for answer in (mastodon.post(""), mastodon("GET", "/api/v1/statuses/404")):
        fits(answer.json(), "Error")


def test_mastodon_oauth(mastodon: MastodonCaller, fits: Check) -> None:
    form = {"client_name": "smm-tui", "redirect_uris": OUT_OF_BAND, "scopes": "read"}
    app = mastodon("POST", "/api/v1/apps", form=form).json()
    fits(app, "CredentialApplication")
    form = {"grant_type": "client_credentials"} | {name: app[name] for name in ("client_id", "client_secret")}
    fits(mastodon("POST", "/oauth/token", form=form).json(), "Token")
    fits(
        mastodon("GET", "/.well-known/oauth-authorization-server").json(),
        "DiscoverOauthServerConfigurationResponse",
    )


def test_gotosocial(gotosocial: MastodonCaller, fits: Check) -> None:
    fits(gotosocial.post("Squats", media_ids=[gotosocial.upload(png()).json()["id"]]).json(), "Status")
    fits(gotosocial.post("Later", scheduled_at=iso(START + HOUR)).json(), "ScheduledStatus")


def test_bluesky(bluesky: BlueskyCaller, clock: ManualClock) -> None:
    did = bluesky.login.did
    repo = {"repo": did, "collection": POST}
    blob = bluesky.upload(png()).json()
    assert output_errors("com.atproto.repo.uploadBlob", blob) == []
    image = {"image": blob["blob"], "alt": "A loaf", "aspectRatio": {"width": 4, "height": 3}}
    record = bluesky.record(
        embed={"$type": "app.bsky.embed.images", "images": [image]},
        labels={"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]},
    )
    assert record_errors(record) == []
    put = bluesky.put(record, swapRecord=None).json()
    assert output_errors("com.atproto.repo.putRecord", put) == []
    assert output_errors("com.atproto.repo.putRecord", bluesky.put(record).json()) == []
    ref = {"uri": put["uri"], "cid": put["cid"]}
    card = {"uri": "https://example.org", "title": "x", "description": "", "thumb": blob["blob"]}
    reply = bluesky.record(
        reply={"root": ref, "parent": ref}, embed={"$type": "app.bsky.embed.external", "external": card}
    )
    assert record_errors(reply) == []
    created = bluesky.create(reply).json()
    assert output_errors("com.atproto.repo.createRecord", created) == []
    clock.sleep(1)
    for nsid, arguments in {
        "com.atproto.repo.getRecord": {**repo, "rkey": TID},
        "com.atproto.repo.listRecords": repo,
        "com.atproto.repo.describeRepo": {"repo": did},
        "com.atproto.server.getSession": {},
        "com.atproto.server.describeServer": {},
        "com.atproto.identity.resolveHandle": {"handle": bluesky.login.handle},
        "app.bsky.feed.getPosts": {"uris": put["uri"]},
        "app.bsky.feed.getPostThread": {"uri": created["uri"]},
        "app.bsky.feed.getAuthorFeed": {"actor": did},
        "app.bsky.actor.getProfile": {"actor": did},
    }.items():
        answer = bluesky.query(nsid, **arguments)
        assert (nsid, answer.status, output_errors(nsid, answer.json())) == (nsid, 200, [])
    refreshed = bluesky.procedure("com.atproto.server.refreshSession", token=bluesky.session["refreshJwt"])
    assert output_errors("com.atproto.server.refreshSession", refreshed.json()) == []
    assert output_errors("com.atproto.server.createSession", bluesky.session) == []
    writes = [
        {"$type": "com.atproto.repo.applyWrites#create", "collection": POST, "value": record},
        {"$type": "com.atproto.repo.applyWrites#delete", "collection": POST, "rkey": TID},
    ]
    applied = bluesky.procedure("com.atproto.repo.applyWrites", {"repo": did, "writes": writes})
    assert output_errors("com.atproto.repo.applyWrites", applied.json()) == []
    assert output_errors("com.atproto.repo.deleteRecord", bluesky.delete().json()) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"rkey": None}, "input/rkey: not a string"),
        ({"repo": "radio"}, "input/repo: 'radio' is not a at-identifier"),
        ({"record": {"$type": POST, "text": "x"}}, "record: lacks createdAt"),
        (
            {"record": {"$type": POST, "text": "x" * 301, "createdAt": "now"}},
            "record/text: longer than 300 graphemes",
        ),
    ],
)
def test_the_lexicon_helper_sees_what_is_wrong(change: dict[str, Any], problem: str | None) -> None:
    record = {"$type": POST, "text": "x", "createdAt": "2025-10-09T08:53:20.000Z"}
    body = {"repo": "did:plc:x", "collection": POST, "rkey": TID, "record": record, "swapRecord": None} | change
    found = input_errors("com.atproto.repo.putRecord", body)
    assert (problem is None and found == []) or problem in found
