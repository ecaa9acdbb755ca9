"""From the stored token to the Page's own: a person's or system user's token opens the Pages that they manage.

The Page's token is stored beside the one that was given, so that later runs need not ask for it. An Instagram account
is opened by the token of the Page that it is linked to.
"""

from __future__ import annotations

import asyncio

from smm_tui.domain.errors import AuthExpired, NetworkError, Rejected
from smm_tui.i18n import _
from smm_tui.networks.http import quoted
from smm_tui.networks.meta import tokens
from smm_tui.networks.meta.graph import Graph, Key
from smm_tui.networks.meta.tokens import INSTAGRAM, ManagedPage
from smm_tui.networks.ports import JSON, Account, SecretSlot
from smm_tui.networks.slots import alone

ANSWERS = 50  # of Pages that are gone through, 100 Pages each
NAMED = 5  # Pages that a sentence names


class Access:
    """The Page of one account, or the Instagram account linked to one, and the key to it."""

    def __init__(self, account: Account, slot: SecretSlot, graph: Graph, *, instagram: bool = False) -> None:
        self._account = account
        self._slot = slot
        self._graph = graph
        self._instagram = instagram
        self._stored = "instagram_id" if instagram else "page_id"
        self._known: tuple[str, Key] | None = None

    async def page(self) -> tuple[str, Key]:
        """The id of the Page or Instagram account, and its key; asks for them only when they are not stored."""
        if self._known is None:
            values = await asyncio.to_thread(self._slot.read) or {}
            if values.get("page_token") and values.get(self._stored):
                self._known = values[self._stored], Key(values["page_token"], values.get("app_secret", ""))
            else:
                await self.found()
        assert self._known is not None  # noqa: S101 - `found` sets it or raises
        number, key = self._known
        if self._account.remote_id not in ("", number):
            raise self._other_page([])
        return number, key

    async def found(self) -> ManagedPage:
        """The Page as the stored token opens it now; its own token is stored.

        AuthExpired without a token, Rejected (field ``handle``) when it opens other Pages only.
        """
        async with alone(self._slot) as slot:
            values = await slot.read()
            given = Key(values.get("token", "").strip(), values.get("app_secret", "").strip())
            if not given.token:
                raise AuthExpired(
                    _("No access token is stored for {handle}.").format(handle=self._account.handle),
                    _("Give this account its token again."),
                )
            page = await self._opened_by(given)
            found = {"page_token": page.token, "page_id": page.id}
            if self._instagram:
                found["instagram_id"] = page.instagram
            if found.items() - values.items():
                await slot.write({**values, **found})
            self._known = found[self._stored], Key(page.token, given.app_secret)
            return page

    def forget(self) -> None:
        """Read the stored secret again before the next call: a person may have given a new one."""
        self._known = None

    async def token_facts(self) -> JSON:
        """What can be learnt of the Page token's rights and end; empty where the token may not be inspected.

        An app may inspect its tokens, and so may the people who develop it; nobody else.
        """
        number, key = await self.page()
        values = await asyncio.to_thread(self._slot.read) or {}
        try:
            inspector = await self._app_key(key) if key.app_secret else key
            form = {"input_token": key.token, "method": "get"}  # as a POST, to keep the token out of the address
            answer = await self._graph.answer("POST", "/debug_token", inspector, form=form)
            about = (number, values.get("page_id", number))
            return self._graph.result(answer, lambda value: tokens.token_facts(value, *about))
        except NetworkError:
            pass
        try:  # a person may ask what was granted, but not until when
            given = Key(values.get("token", "").strip(), key.app_secret)
            return await self._graph.get("/me/permissions", given, tokens.granted)
        except NetworkError:
            return {}

    async def _app_key(self, key: Key) -> Key:
        """The app's own token, which is made of its id and secret."""
        app = await self._graph.get("/app", key, tokens.app_id, fields="id")
        return Key(f"{app}|{key.app_secret}")

    async def _opened_by(self, given: Key) -> ManagedPage:
        linked = f",{INSTAGRAM}{{id,username}}" if self._instagram else ""
        fields = {"fields": f"id,name,username,access_token,tasks{linked}", "limit": "100"}
        pages: list[ManagedPage] = []
        for _answer in range(ANSWERS):
            answer = await self._graph.answer("GET", "/me/accounts", given, params=fields)
            if not answer.ok and isinstance(refused := self._graph.refusal(answer), Rejected):
                if pages or refused.status != 400:
                    raise refused
                # Only people have accounts: the token is a Page's own.
                page = await self._graph.get(
                    "/me",
                    given,
                    lambda value: tokens.page_of(value, given.token),
                    fields=f"id,name,username{linked}",
                )
                if self._instagram and not self._is_meant(page):
                    raise self._other_page([page])
                return page
            more, after = self._graph.result(answer, tokens.managed_pages)
            pages += more
            for page in more:
                if self._is_meant(page):
                    return page
            if not after:
                break
            fields = {**fields, "after": after}
        raise self._other_page(pages)

    def _is_meant(self, page: ManagedPage) -> bool:
        return page.is_called(self._account.remote_id or self._account.handle, instagram=self._instagram)

    def _other_page(self, pages: list[ManagedPage]) -> Rejected:
        if self._instagram:
            pages = [page for page in pages if page.instagram]
        names = ", ".join(f"{quoted(page.name)} ({quoted(self._name_of(page))})" for page in pages[:NAMED])
        return Rejected(
            _("This token does not open {handle}.").format(handle=self._account.handle),
            _("It opens: {pages}. Give the name or number in brackets.").format(pages=names)
            if names
            else _("Link the professional account to a Page, and make a token that opens this Page.")
            if self._instagram
            else _("Make one with pages_show_list as somebody who manages this Page, and choose the Page for it."),
            field="handle",
        )

    def _name_of(self, page: ManagedPage) -> str:
        if self._instagram:
            return page.instagram_name or page.instagram
        return page.username or page.id
