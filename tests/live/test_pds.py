"""What we rely on a Bluesky server to do, asked of the official one by plain HTTP.

The client, the sandbox and the ledger are built on these answers; when one changes, this is where it shows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from smm_tui.domain.identity import new_tid

from .server import Pds

pytestmark = pytest.mark.live

POST = "app.bsky.feed.post"


def record(text: str) -> dict[str, str]:
    return {"$type": POST, "text": text, "createdAt": "2026-03-14T09:26:53.589Z"}


class Session:
    """A logged in account, calling methods by name."""

    def __init__(self, http: httpx.Client, identifier: str, password: str) -> None:
        self.http = http
        self.tokens = self.call(
            "com.atproto.server.createSession", {"identifier": identifier, "password": password}, token=""
        ).json()

    @property
    def did(self) -> str:
        return str(self.tokens["did"])

    def call(self, method: str, body: dict[str, Any] | None = None, token: str | None = None) -> httpx.Response:
        return self.http.post(f"/xrpc/{method}", json=body, headers=self._headers(token))

    def query(self, method: str, token: str | None = None, **parameters: str) -> httpx.Response:
        return self.http.get(f"/xrpc/{method}", params=parameters, headers=self._headers(token))

    def put(self, rkey: str, content: dict[str, str], **more: Any) -> httpx.Response:
        body = {"repo": self.did, "collection": POST, "rkey": rkey, "record": content}
        return self.call("com.atproto.repo.putRecord", body | more)

    def get(self, rkey: str) -> httpx.Response:
        return self.query("com.atproto.repo.getRecord", repo=self.did, collection=POST, rkey=rkey)

    def delete(self, rkey: str) -> httpx.Response:
        body = {"repo": self.did, "collection": POST, "rkey": rkey}
        return self.call("com.atproto.repo.deleteRecord", body)

    def _headers(self, token: str | None) -> dict[str, str]:
        token = self.tokens["accessJwt"] if token is None else token
        return {"Authorization": f"Bearer {token}"} if token else {}


@pytest.fixture(scope="module")
def http(pds: Pds) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pds.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def alice(pds: Pds, http: httpx.Client) -> Session:
    account = pds["alice"]
    return Session(http, account.handle, account.app_password)


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and error name of a refusal."""
    return response.status_code, response.json()["error"]


class TestWritingOnce:
    def test_the_same_record_put_again_is_the_same_record(self, alice: Session) -> None:
        rkey = new_tid()
        first = alice.put(rkey, record("One loaf."), swapRecord=None)
        again = alice.put(rkey, record("One loaf."), swapRecord=None)
        assert first.status_code == again.status_code == 200
        assert again.json()["uri"] == first.json()["uri"] == f"at://{alice.did}/{POST}/{rkey}"
        assert again.json()["cid"] == first.json()["cid"]
        assert "commit" in first.json()
        assert "commit" not in again.json()

    def test_other_content_is_refused_and_nothing_changes(self, alice: Session) -> None:
        rkey = new_tid()
        first = alice.put(rkey, record("One loaf."), swapRecord=None)
        assert refused(alice.put(rkey, record("Two loaves."), swapRecord=None)) == (400, "InvalidSwap")
        assert alice.get(rkey).json()["cid"] == first.json()["cid"]

    def test_without_swap_record_other_content_overwrites(self, alice: Session) -> None:
        rkey = new_tid()
        alice.put(rkey, record("One loaf."))
        assert alice.put(rkey, record("Two loaves.")).status_code == 200
        assert alice.get(rkey).json()["value"]["text"] == "Two loaves."

    @pytest.mark.parametrize("text", ["One loaf.", "Two loaves."])
    def test_create_with_a_key_in_use_looks_transient_and_stores_nothing(self, alice: Session, text: str) -> None:
        rkey = new_tid()
        first = alice.put(rkey, record("One loaf."), swapRecord=None)
        body = {"repo": alice.did, "collection": POST, "rkey": rkey, "record": record(text)}
        before = alice.query("com.atproto.sync.getLatestCommit", did=alice.did).json()
        answer = alice.call("com.atproto.repo.createRecord", body)
        assert refused(answer) == (500, "InternalServerError")
        assert alice.get(rkey).json()["cid"] == first.json()["cid"]
        assert alice.query("com.atproto.sync.getLatestCommit", did=alice.did).json() == before

    def test_a_post_wants_a_tid(self, alice: Session) -> None:
        assert refused(alice.put("loaf-1", record("One loaf."), swapRecord=None)) == (400, "InvalidRequest")

    def test_a_missing_record_is_400_not_404(self, alice: Session) -> None:
        assert refused(alice.get(new_tid())) == (400, "RecordNotFound")

    def test_a_deleted_record_is_missing_and_may_be_deleted_again(self, alice: Session) -> None:
        rkey = new_tid()
        alice.put(rkey, record("One loaf."), swapRecord=None)
        assert alice.delete(rkey).status_code == 200
        assert refused(alice.get(rkey)) == (400, "RecordNotFound")
        assert alice.delete(rkey).status_code == 200

    def test_a_deleted_key_takes_the_same_record_again(self, alice: Session) -> None:
        """Why absence is believed only once no earlier attempt can still be under way."""
        rkey = new_tid()
        first = alice.put(rkey, record("One loaf."), swapRecord=None)
        alice.delete(rkey)
        again = alice.put(rkey, record("One loaf."), swapRecord=None)
        assert again.status_code == 200
        assert again.json()["cid"] == first.json()["cid"]


class TestLimits:
    def test_graphemes_are_counted_not_code_points(self, alice: Session) -> None:
        family = "👩‍👩‍👧"
        assert alice.put(new_tid(), record(family * 166), swapRecord=None).status_code == 200
        assert refused(alice.put(new_tid(), record("ő" * 301), swapRecord=None)) == (400, "InvalidRequest")

    def test_bytes_are_counted_as_well(self, alice: Session) -> None:
        assert refused(alice.put(new_tid(), record("👩‍👩‍👧" * 167), swapRecord=None)) == (
            400,
            "InvalidRequest",
        )

    def test_the_same_bytes_uploaded_twice_are_the_same_blob(self, alice: Session) -> None:
        blobs = [
            alice.http.post(
                "/xrpc/com.atproto.repo.uploadBlob",
                content=b"not really a picture",
                headers={"Content-Type": "image/png", "Authorization": f"Bearer {alice.tokens['accessJwt']}"},
            ).json()["blob"]
            for _ in range(2)
        ]
        assert blobs[0] == blobs[1]
        assert blobs[0]["size"] == len(b"not really a picture")


class TestSessions:
    def test_an_expired_token_is_400(self, pds: Pds, alice: Session) -> None:
        answer = alice.query("com.atproto.server.getSession", token=pds["alice"].expired_access_token)
        assert refused(answer) == (400, "ExpiredToken")

    def test_a_write_with_an_expired_token_is_not_executed(self, pds: Pds, alice: Session) -> None:
        rkey = new_tid()
        body = {"repo": alice.did, "collection": POST, "rkey": rkey, "record": record("One loaf.")}
        answer = alice.call("com.atproto.repo.putRecord", body, token=pds["alice"].expired_access_token)
        assert refused(answer) == (400, "ExpiredToken")
        assert refused(alice.get(rkey)) == (400, "RecordNotFound")

    def test_a_bad_token_is_400_and_none_is_401(self, alice: Session) -> None:
        assert refused(alice.query("com.atproto.server.getSession", token="nonsense")) == (
            400,
            "InvalidToken",
        )
        assert refused(alice.query("com.atproto.server.getSession", token="")) == (401, "AuthMissing")

    def test_a_wrong_password_is_401(self, pds: Pds, alice: Session) -> None:
        body = {"identifier": pds["alice"].handle, "password": "not the password"}
        answer = alice.call("com.atproto.server.createSession", body, token="")
        assert refused(answer) == (401, "AuthenticationRequired")

    def test_refreshing_twice_with_one_token_gives_the_same_successor(self, pds: Pds, http: httpx.Client) -> None:
        session = Session(http, pds["bob"].handle, pds["bob"].app_password)
        refresh = "com.atproto.server.refreshSession"
        answers = [session.call(refresh, token=session.tokens["refreshJwt"]) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        first, second = (token_id(answer.json()["refreshJwt"]) for answer in answers)
        assert first == second != token_id(session.tokens["refreshJwt"])

    def test_after_logging_out_the_refresh_token_is_dead(self, pds: Pds, http: httpx.Client) -> None:
        session = Session(http, pds["bob"].handle, pds["bob"].app_password)
        refresh = session.tokens["refreshJwt"]
        assert session.call("com.atproto.server.deleteSession", token=refresh).status_code == 200
        answer = session.call("com.atproto.server.refreshSession", token=refresh)
        assert refused(answer) == (400, "ExpiredToken")

    def test_an_access_token_does_not_refresh(self, alice: Session) -> None:
        assert refused(alice.call("com.atproto.server.refreshSession")) == (400, "InvalidToken")


class TestOtherServices:
    def test_handles_resolve_on_the_pds(self, pds: Pds, alice: Session) -> None:
        answer = alice.query("com.atproto.identity.resolveHandle", handle=pds["bob"].handle)
        assert answer.json() == {"did": pds["bob"].did}

    def test_an_unknown_handle_is_400(self, alice: Session) -> None:
        answer = alice.query("com.atproto.identity.resolveHandle", handle="nobody.test")
        assert refused(answer) == (400, "HandleNotFound")

    def test_what_the_pds_has_not_is_502_while_the_appview_is_down(self, alice: Session) -> None:
        answer = alice.query("app.bsky.feed.getTimeline")
        assert refused(answer) == (502, "UpstreamFailure")


def test_too_many_logins_tell_how_long_to_wait(limited_pds: Pds) -> None:
    body = {"identifier": limited_pds["carol"].handle, "password": limited_pds["carol"].app_password}
    answer = httpx.post(f"{limited_pds.url}/xrpc/com.atproto.server.createSession", json=body)
    assert refused(answer) == (429, "RateLimitExceeded")
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["RateLimit-Remaining"] == "0"


def token_id(token: str) -> str:
    """The ``jti`` of a token, unverified."""
    payload = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["jti"])
