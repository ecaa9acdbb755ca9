"""The calls of one account to a server that speaks the Mastodon API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import quote

from smm_tui.domain.errors import AuthExpired, NetworkError, NotFound
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.http import Answer
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.spec import TITLE
from smm_tui.networks.pace import Bucket
from smm_tui.networks.ports import Account, SecretSlot

T = TypeVar("T")

VERIFY = "/api/v1/accounts/verify_credentials"


class MastodonApi(Api):
    """Calls with the account's token, their refusals mapped. `software` says whose code answers."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self.software = shape.text(account.facts, "software")
        self.domain = shape.text(account.facts, "domain")
        self.own_id = account.remote_id
        self._token = ""

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        """See `Api.buckets`: Mastodon's defaults, until the server says what is left."""
        path = url.removeprefix(self.server).partition("?")[0]
        if method == "POST" and path == "/api/v2/media":
            yield self.bucket("media", 30, 1800)
        elif method == "DELETE" and path.startswith("/api/v1/statuses/"):
            yield self.bucket("delete", 30, 1800)
        elif method == "POST" and path == "/api/v1/statuses":
            yield self.bucket("statuses", 300, 3 * 3600)
        yield self.bucket("", 300, 300)

    async def get(self, path: str, read: Callable[[Any], T], *, token: str | None = None) -> T:
        """What `read` makes of a GET."""
        return self.result(await self.call("GET", path, token=token), read)

    async def do(self, method: str, path: str, **more: Any) -> Answer:
        """A call that may be repeated and whose answer's content does not matter."""
        answer = await self.call(method, path, **more)
        if not answer.ok:
            raise self.refusal(answer)
        self.http.ensure_done(answer)
        return answer

    async def call(
        self, method: str, path: str, *, safe: bool = True, token: str | None = None, **more: Any
    ) -> Answer:
        """The answer, refusals included, with the account's token unless another one is given.

        `more` are the arguments of `Http.call`.
        """
        if token is None:
            token = await self.token()
        return await self.http.call(method, self.server + path, safe=safe, token=token, **more)

    def result(self, answer: Answer, read: Callable[[Any], T], *, safe: bool = True) -> T:
        """What `read` makes of an answer that is no refusal."""
        if not answer.ok:
            raise self.refusal(answer, safe=safe)
        return self.http.parsed(answer, read, safe=safe)

    def refusal(self, answer: Answer, *, safe: bool = True) -> NetworkError:
        """The error that a refusal stands for."""
        told = answer.error_body()
        if answer.status == 401:
            self._token = ""  # a person may have stored a new one meanwhile
        reason = shape.text(told, "error_description") or shape.text(told, "error")
        return self.http.refusal(
            answer,
            reason,
            safe=safe,
            field=mapping.refused_field(reason),
            wait=self.http.wait_of(answer, "x-ratelimit-reset"),
        )

    async def token(self) -> str:
        """The stored token. AuthExpired when there is none."""
        if not self._token:
            values = await asyncio.to_thread(self.slot.read)
            self._token = (values or {}).get("token", "").strip()
        if not self._token:
            raise AuthExpired(
                _("No access token is stored for {handle}.").format(handle=self.account.handle),
                _("Give this account its token again."),
            )
        return self._token

    async def own(self) -> str:
        """The account's own id there."""
        if not self.own_id:
            self.own_id = await self.get(VERIFY, lambda value: shape.an_id(shape.an_object(value, "account"), "id"))
        return self.own_id

    async def is_gone(self, status_id: str) -> bool:
        """Whether a status is no longer there for this account."""
        try:
            await self.do("GET", status_path(status_id))
        except NotFound:
            return True
        return False


def status_path(status_id: str, verb: str = "") -> str:
    """The path of a status, or of something to be done to it."""
    return f"/api/v1/statuses/{quote(status_id, safe='')}{verb and '/' + verb}"


def account_path(account_id: str, verb: str = "") -> str:
    """The path of an account, or of something to be done to it."""
    return f"/api/v1/accounts/{quote(account_id, safe='')}{verb and '/' + verb}"
