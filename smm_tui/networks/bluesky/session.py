"""Login sessions: kept over restarts, renewed by one thread of one process at a time.

An access token lives for hours, a refresh token for months and is replaced at every renewal, and logins are scarce
(30 in 5 minutes). So tokens are stored beside the app password, both new ones before either is used, and whoever
finds that a token expired takes the slot's lock and looks first whether somebody else renewed it meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from smm_tui.domain.errors import AuthExpired, NetworkError
from smm_tui.i18n import _
from smm_tui.networks.bluesky import mapping
from smm_tui.networks.bluesky.mapping import Tokens
from smm_tui.networks.http import Answer, Http
from smm_tui.networks.ports import Account, SecretSlot
from smm_tui.networks.slots import alone

Refusal = Callable[[Answer], NetworkError]


class Session:
    """The session of one account."""

    def __init__(self, account: Account, server: str, slot: SecretSlot, http: Http, refusal: Refusal) -> None:
        self._account = account
        self._server = server
        self._slot = slot
        self._http = http
        self._refusal = refusal
        self._tokens: Tokens | None = None

    async def stored(self) -> Tokens | None:
        """The session at hand, without any call; None before the first login."""
        if self._tokens is None:
            values = await asyncio.to_thread(self._slot.read)
            self._tokens = mapping.stored_tokens(values or {})
        return self._tokens

    async def tokens(self) -> Tokens:
        """The session at hand; logs in when there is none."""
        return await self.stored() or await self.renewed("")

    async def renewed(self, stale: str) -> Tokens:
        """A session whose access token is not `stale`, which the server refused.

        AuthExpired when neither the refresh token nor the app password opens the account any more.
        """
        async with alone(self._slot) as slot:
            values = await slot.read()
            tokens = mapping.stored_tokens(values)
            if tokens is None or tokens.access == stale:
                tokens = (tokens and await self._refreshed(tokens)) or await self._logged_in(values)
                await slot.write({**values, **tokens.values()})
            self._tokens = tokens
            return tokens

    async def _refreshed(self, old: Tokens) -> Tokens | None:
        """The successor of a session; None when its refresh token is dead."""
        answer = await self._http.call(
            "POST", f"{old.pds}/xrpc/com.atproto.server.refreshSession", safe=True, token=old.refresh
        )
        if answer.ok:
            return self._http.parsed(answer, lambda value: mapping.tokens(value, old.pds), safe=True)
        refused = self._refusal(answer)
        if isinstance(refused, AuthExpired):
            return None
        raise refused

    async def _logged_in(self, values: Mapping[str, str]) -> Tokens:
        password = values.get("app_password", "").strip()
        if not password:
            raise AuthExpired(
                _("No app password is stored for {handle}.").format(handle=self._account.handle),
                _("Give this account its app password again."),
            )
        answer = await self._http.call(
            "POST",
            f"{self._server}/xrpc/com.atproto.server.createSession",
            safe=True,
            body={"identifier": self._account.handle.strip().removeprefix("@"), "password": password},
        )
        if answer.ok:
            return self._http.parsed(answer, lambda value: mapping.tokens(value, self._server), safe=True)
        refused = self._refusal(answer)
        if not isinstance(refused, AuthExpired):
            raise refused
        if answer.error_body().get("error") == "AuthFactorTokenRequired":
            sentence = _("{host} wants a code by e-mail: this is the account's main password.")
        else:
            sentence = _("{host} refuses the app password of {handle}.")
        raise AuthExpired(
            sentence.format(host=answer.host, handle=self._account.handle),
            _("Make a new app password in the network's settings and give it to this account."),
            status=answer.status,
        )
