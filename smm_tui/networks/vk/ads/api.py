"""The calls of VK Реклама: one token for many days, errors, the pace that its headers tell."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from smm_tui.domain.clock import DAY, HOUR, SECOND, Instant
from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, RateLimited, SmmError, Transient
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.http import Answer
from smm_tui.networks.pace import Bucket
from smm_tui.networks.ports import Account, SecretSlot
from smm_tui.networks.slots import alone
from smm_tui.networks.vk.ads import refusals
from smm_tui.networks.vk.ads.words import PAGE, TITLE, ZONE
from smm_tui.networks.vk.spec import ADS_CLIENT, ADS_SECRET

T = TypeVar("T")

TOKEN, REFRESH, EXPIRES = "ads_token", "ads_refresh_token", "ads_expires_at"  # names in the account's secret
EARLY: Instant = 10 * 60 * SECOND  # a token is renewed so long before its end
CALLS = 5  # a second, until VK tells how many it takes
PAGES = 100  # of a list, before it is given up
TURNS = 10  # times that a call waits a moment for its turn
WINDOWS = {"rps": 1.0, "hourly": 3600.0, "daily": 86_400.0}  # seconds, by the word in VK's headers
_ANY = 1_000_000  # what a bucket holds until VK tells that it is empty
_DEAD = frozenset({"expired_token", "revoked_token", "invalid_token"})


def ads_server(server: str) -> str:
    """Where VK Реклама answers, by where the API of communities does: ``ads.`` in the place of ``api.``."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(netloc=f"ads.{parts.netloc.removeprefix('api.')}"))


class VkAdsApi(Api):
    """Every call goes with the cabinet's one token, which all processes share.

    VK gives out five tokens at most and lets each live a day, so the token stands in the account's secret and is
    renewed by its refresh token, by one process at a time.
    """

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self.server = ads_server(account.server)
        self._limit = CALLS

    async def get(self, path: str, read: Callable[[Any], T], **params: str) -> T:
        """What `read` makes of an answer; `path` such as ``v2/user``."""
        return await self._called("GET", path, read, safe=True, params=params)

    async def post(self, path: str, body: Any, read: Callable[[Any], T], *, safe: bool) -> T:
        """A call that changes something, or asks with a body."""
        return await self._called("POST", path, read, safe=safe, body=body)

    async def tell(self, path: str, body: Any) -> None:
        """A repeatable change whose answer says nothing."""
        answer = await self._answer("POST", path, safe=True, body=body)
        if not answer.ok:
            raise self._refusal(answer, safe=True)

    async def upload(self, path: str, picture: bytes, width: int, height: int) -> str:
        """The id of an uploaded picture (JPEG)."""

        def files() -> Mapping[str, Any]:
            size = json.dumps({"width": width, "height": height}).encode()
            return {
                "file": ("picture.jpg", io.BytesIO(picture), "image/jpeg"),
                "data": ("", io.BytesIO(size), "application/json"),
            }

        answer = await self._answer("POST", path, safe=True, files=files, size=len(picture))
        if not answer.ok:
            raise self._refusal(answer, safe=True, field="media")
        return self.http.parsed(answer, lambda value: shape.an_id(shape.an_object(value, "file"), "id"), safe=True)

    async def all(self, path: str, **params: str) -> list[dict[str, Any]]:
        """The objects of a list, page by page. Transient when it does not end."""
        found: list[dict[str, Any]] = []
        for number in range(PAGES):
            asked = {**params, "limit": str(PAGE), "offset": str(number * PAGE)}
            page = await self.get(path, lambda value: shape.an_object(value, "list"), **asked)
            items = shape.a_list(page.get("items"), "items")
            found += [item for item in items if isinstance(item, dict)]
            if len(items) < PAGE or shape.number(page, "count", _ANY) <= len(found):
                return found
        raise Transient(
            _("{network} lists more than this program can go through.").format(network=self.title),
            _("Delete old campaigns there."),
        )

    # The token

    async def token(self, *, dead: str = "") -> str:
        """The cabinet's token, a new one where it is about to end or is the `dead` one."""
        values = await asyncio.to_thread(self.slot.read) or {}
        if self._is_alive(values, dead):
            return values[TOKEN]
        async with alone(self.slot) as lane:
            values = await lane.read()
            if self._is_alive(values, dead):  # another process was faster
                return values[TOKEN]
            kept = await self._granted(values)
            await lane.write({**values, **kept})
            return kept[TOKEN]

    async def _granted(self, values: Mapping[str, str]) -> dict[str, str]:
        client = {"client_id": values.get(ADS_CLIENT, ""), "client_secret": values.get(ADS_SECRET, "")}
        if not all(client.values()):
            raise AuthExpired(
                _("No application of {network} is stored for {handle}.").format(
                    network=self.title, handle=self.account.handle
                ),
                _("Give this account the id and the secret of an application: ads.vk.com, Settings > API access."),
            )
        if values.get(REFRESH):
            try:
                form = {"grant_type": "refresh_token", "refresh_token": values[REFRESH], **client}
                return await self._asked_for_token(form)
            except (AuthExpired, Forbidden):
                pass  # it was used or forgotten: ask anew
        return await self._asked_for_token({"grant_type": "client_credentials", **client})

    async def _asked_for_token(self, form: Mapping[str, str]) -> dict[str, str]:
        answer = await self.http.call("POST", self._address("v2/oauth2/token"), safe=True, form=form)
        if not answer.ok:
            raise refusals.of_token(answer, self._refusal(answer, safe=True))

        def read(value: Any) -> dict[str, str]:
            told = shape.an_object(value, "token")
            life = shape.number(told, "expires_in", 86_400)
            return {
                TOKEN: shape.an_id(told, "access_token"),
                REFRESH: shape.text(told, "refresh_token"),
                EXPIRES: str(self.around.clock() + life * SECOND),
            }

        return self.http.parsed(answer, read, safe=True)

    def _is_alive(self, values: Mapping[str, str], dead: str) -> bool:
        ends = values.get(EXPIRES, "")
        known = int(ends) if ends.isascii() and ends.isdigit() and len(ends) < 16 else 0
        return bool(values.get(TOKEN)) and values[TOKEN] != dead and self.around.clock() + EARLY < known

    # Calls

    async def _called(self, method: str, path: str, read: Callable[[Any], T], *, safe: bool, **more: Any) -> T:
        answer = await self._answer(method, path, safe=safe, **more)
        if not answer.ok:
            raise self._refusal(answer, safe=safe)
        return self.http.parsed(answer, read, safe=safe)

    async def _answer(
        self,
        method: str,
        path: str,
        *,
        safe: bool,
        files: Callable[[], Mapping[str, Any]] | None = None,
        **more: Any,
    ) -> Answer:
        """The answer to one call. One that says that the token is dead was not executed, so it is made again."""
        token = await self.token()
        for last in (False, True):
            await self._keep_pace()
            sent = files() if files is not None else None
            answer = await self.http.call(method, self._address(path), safe=safe, token=token, files=sent, **more)
            await self._learn(answer)
            if last or answer.status != 401 or refusals.code(answer) not in _DEAD:
                break
            token = await self.token(dead=token)
        return answer

    def _address(self, path: str) -> str:
        return f"{self.server}/api/{path}.json"

    def _refusal(self, answer: Answer, *, safe: bool, field: str = "") -> NetworkError:
        wait = self._wait(answer) if answer.status == 429 else None
        return refusals.refusal(self.http, answer, safe=safe, wait=wait, field=field)

    # The pace

    def _bucket(self, name: str) -> Bucket:
        return self.bucket(f"ads {name}", self._limit if name == "rps" else _ANY, WINDOWS[name])

    async def _keep_pace(self) -> None:
        """Wait for a turn within the second; RateLimited when the hour or the day is used up."""
        rates = self.around.rates
        if rates is None:
            return
        for name in ("daily", "hourly", "rps"):
            bucket = self._bucket(name)
            for _turn in range(TURNS):
                try:
                    wait = await asyncio.to_thread(rates.take, bucket.name, bucket.limit, bucket.window)
                except SmmError as error:  # nothing has left yet
                    raise Transient(error.message, error.hint) from None
                if not wait:
                    break
                if wait > 1.0:
                    raise RateLimited(
                        _("{network} takes no more calls of this account for now.").format(network=self.title),
                        _("It goes on by itself when the network allows it."),
                        retry_after=wait,
                    )
                await self.around.pause(wait)

    async def _learn(self, answer: Answer) -> None:
        """Keep what an answer tells of the calls that are left."""
        limit = answer.headers.get("x-ratelimit-rps-limit", "")
        if limit.isascii() and limit.isdigit() and 0 < len(limit) < 5:
            self._limit = max(1, int(limit))
        rates = self.around.rates
        if rates is None:
            return
        for name in WINDOWS:
            if _left(answer, name) == 0:
                try:
                    await asyncio.to_thread(rates.learn, self._bucket(name).name, 0, self._ends(name))
                except SmmError:
                    return  # the answer is what counts

    def _wait(self, answer: Answer) -> float:
        """Seconds until a refused call may be repeated: to the end of the longest allowance that is used up."""
        told = self.http.wait_of(answer)
        if told is not None:
            return told
        now = self.around.clock()
        ends = [self._ends(name) for name in WINDOWS if _left(answer, name) == 0]
        return max(1.0, (max(ends, default=now) - now) / SECOND)

    def _ends(self, name: str) -> Instant:
        """When an allowance is counted anew: they follow the clock and Moscow's calendar."""
        now = self.around.clock()
        if name == "daily":
            offset = datetime.fromtimestamp(now / SECOND, ZONE).utcoffset()
            shift = round(offset.total_seconds()) * SECOND if offset is not None else 0
            return (now + shift) // DAY * DAY + DAY - shift
        length = HOUR if name == "hourly" else SECOND
        return now // length * length + length


def _left(answer: Answer, name: str) -> int | None:
    told = answer.headers.get(f"x-ratelimit-{name}-remaining", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None
