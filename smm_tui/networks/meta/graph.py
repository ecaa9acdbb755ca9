"""Calls to the Graph API with a token, which travels in the Authorization header and never in an address."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

from smm_tui.domain.errors import NetworkError
from smm_tui.networks.http import Answer, Http
from smm_tui.networks.meta.refusals import refusal
from smm_tui.networks.meta.rights import VERSION

T = TypeVar("T")
Read = Callable[[Any], T]
Files = Mapping[str, tuple[str, IO[bytes], str]]


@dataclass(frozen=True, slots=True)
class Key:
    """A token, and the app secret that proves that the call comes from its app, if one is known."""

    token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)

    @property
    def proof(self) -> dict[str, str]:
        """The parameter that apps may demand with every call."""
        if not self.app_secret:
            return {}
        digest = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256)
        return {"appsecret_proof": digest.hexdigest()}


NOBODY = Key("")


class Graph:
    """One server's Graph API."""

    def __init__(self, server: str, http: Http) -> None:
        self.server = server
        self._http = http

    async def get(self, path: str, key: Key, read: Read[T], **params: str) -> T:
        """What `read` makes of the answer to a GET."""
        return self.result(await self.answer("GET", path, key, params=params), read)

    async def answer(
        self,
        method: str,
        path: str,
        key: Key,
        *,
        safe: bool = True,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Files | None = None,
        size: int = 0,
    ) -> Answer:
        """The answer to a call, whatever it is; `path` begins behind the version."""
        if form is None:
            params = {**(params or {}), **key.proof}
        else:
            form = {**form, **key.proof}
        return await self._http.call(
            method,
            f"{self.server}/{VERSION}{path}",
            safe=safe,
            token=key.token,
            params=params,
            form=form,
            files=files,
            size=size,
        )

    def result(self, answer: Answer, read: Read[T], *, safe: bool = True) -> T:
        """What `read` makes of an answer; its refusal is raised."""
        if not answer.ok:
            raise self.refusal(answer, safe=safe)
        return self._http.parsed(answer, read, safe=safe)

    def refusal(self, answer: Answer, *, safe: bool = True) -> NetworkError:
        """The error of an answer that is not 2xx."""
        return refusal(self._http, answer, safe=safe)
