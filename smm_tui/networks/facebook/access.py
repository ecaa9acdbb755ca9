"""From the stored token to the Page's own: a person's or system user's token opens the Pages that they manage.

The Page's token is stored beside the one that was given, so that later runs need not ask for it.
"""

from __future__ import annotations

import asyncio

from smm_tui.domain.errors import AuthExpired, NetworkError, Rejected
from smm_tui.i18n import _
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook.graph import Graph, Key
from smm_tui.networks.facebook.mapping import ManagedPage
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Account, SecretSlot
from smm_tui.networks.slots import alone

ANSWERS = 50  # of Pages that are gone through, 100 Pages each
NAMED = 5  # Pages that a sentence names


class Access:
    """The Page of one account, and the key to it."""

    def __init__(self, account: Account, slot: SecretSlot, graph: Graph) -> None:
        self._account = account
        self._slot = slot
        self._graph = graph
        self._known: tuple[str, Key] | None = None

    async def page(self) -> tuple[str, Key]:
        """The Page's id and key; asks for them only when they are not stored."""
        if self._known is None:
            values = await asyncio.to_thread(self._slot.read) or {}
            if values.get("page_token") and values.get("page_id"):
                self._known = values["page_id"], Key(values["page_token"], values.get("app_secret", ""))
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
            if (page.token, page.id) != (values.get("page_token"), values.get("page_id")):
                await slot.write({**values, "page_token": page.token, "page_id": page.id})
            self._known = page.id, Key(page.token, given.app_secret)
            return page

    def forget(self) -> None:
        """Read the stored secret again before the next call: a person may have given a new one."""
        self._known = None

    async def token_facts(self) -> JSON:
        """What can be learnt of the Page token's rights and end; empty where the token may not be inspected.

        An app may inspect its tokens, and so may the people who develop it; nobody else.
        """
        number, key = await self.page()
        try:
            inspector = await self._app_key(key) if key.app_secret else key
            form = {"input_token": key.token, "method": "get"}  # as a POST, to keep the token out of the address
            answer = await self._graph.answer("POST", "/debug_token", inspector, form=form)
            return self._graph.result(answer, lambda value: mapping.token_facts(value, number))
        except NetworkError:
            return {}

    async def _app_key(self, key: Key) -> Key:
        """The app's own token, which is made of its id and secret."""
        app = await self._graph.get("/app", key, mapping.app_id, fields="id")
        return Key(f"{app}|{key.app_secret}")

    async def _opened_by(self, given: Key) -> ManagedPage:
        fields = {"fields": "id,name,username,access_token,tasks", "limit": "100"}
        pages: list[ManagedPage] = []
        for _answer in range(ANSWERS):
            answer = await self._graph.answer("GET", "/me/accounts", given, params=fields)
            if not answer.ok and isinstance(refused := self._graph.refusal(answer), Rejected):
                if pages or refused.status != 400:
                    raise refused
                # Only people have accounts: the token is a Page's own.
                return await self._graph.get(
                    "/me", given, lambda value: mapping.page_of(value, given.token), fields="id,name,username"
                )
            more, after = self._graph.result(answer, mapping.managed_pages)
            pages += more
            for page in more:
                if page.is_called(self._account.remote_id or self._account.handle):
                    return page
            if not after:
                break
            fields = {**fields, "after": after}
        raise self._other_page(pages)

    def _other_page(self, pages: list[ManagedPage]) -> Rejected:
        names = ", ".join(f"{quoted(page.name)} ({page.username or page.id})" for page in pages[:NAMED])
        return Rejected(
            _("This token does not open {handle}.").format(handle=self._account.handle),
            _("It opens: {pages}. Give the name or number in brackets.").format(pages=names)
            if names
            else _("Make one with pages_show_list as somebody who manages this Page, and choose the Page for it."),
            field="handle",
        )
