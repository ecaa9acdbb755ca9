"""Calls to the Marketing API: with the token of a person or system user, refusals that name the part of a draft."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

from smm_tui.domain.errors import AuthExpired, Rejected, Transient
from smm_tui.i18n import _
from smm_tui.networks.facebook import mapping_ads
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.http import Answer
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.meta.graph import Key, Read
from smm_tui.networks.meta.refusals import failure

T = TypeVar("T")

LIMIT = "100"  # things an answer
ANSWERS = 100  # of a list that are gone through
SUGGESTED = "25"


class Marketing:
    """The Marketing API, over the connection of a Page."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def answer(self, method: str, path: str, *, safe: bool = True, **more: Any) -> Answer:
        """The answer to a call, whatever it is; `more` as of `Graph.answer`."""
        return await self._api.graph.answer(method, path, await self._key(), safe=safe, **more)

    def result(self, answer: Answer, read: Read[T], *, safe: bool = True) -> T:
        """What `read` makes of an answer; its refusal is raised, with the part of a draft that it is about."""
        try:
            return self._api.result(answer, read, safe=safe)
        except Rejected as error:
            error.field = mapping_ads.field_of(failure(answer.error_body())) or error.field
            raise

    async def get(self, path: str, read: Read[T], **params: str) -> T:
        """What `read` makes of the answer to a GET."""
        return self.result(await self.answer("GET", path, params=params), read)

    async def done(self, path: str, form: Mapping[str, str]) -> None:
        """A repeatable change."""
        self.result(await self.answer("POST", path, form=form), is_success)

    async def validate(self, path: str, form: Mapping[str, str]) -> None:
        """Let Facebook look at a request without doing it."""
        await self.done(path, {**form, "execution_options": '["validate_only"]'})

    async def all(self, path: str, read: Read[T], **params: str) -> list[T]:
        """All of a list; items that cannot be read are left out. Transient when it does not end."""
        found: list[T] = []
        asked = {"limit": LIMIT, **params}
        for _answer in range(ANSWERS):
            more, after = await self.get(path, lambda value: paging.listed(value, read), **asked)
            found += more
            if not after:
                return found
            if after == asked.get("after"):
                break
            asked["after"] = after
        raise Transient(
            _("Facebook's list does not come to an end."), _("Look at it on the site of the advertising account.")
        )

    async def found(self, read: Read[T], words: str, params: Mapping[str, str]) -> list[T]:
        """The first entries of a dictionary."""
        found, _after = await self.get(
            "/search", lambda value: paging.listed(value, read), q=words, limit=SUGGESTED, **params
        )
        return found

    async def _key(self) -> Key:
        """The key of the person or system user: a Page's own token opens no advertising account."""
        values = await asyncio.to_thread(self._api.slot.read) or {}
        token = values.get("token", "").strip()
        if not token:
            raise AuthExpired(
                _("No access token is stored for {handle}.").format(handle=self._api.account.handle),
                _("Give this account its token again."),
            )
        return Key(token, values.get("app_secret", "").strip())
