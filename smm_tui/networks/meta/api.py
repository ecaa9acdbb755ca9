"""The Graph API as one account calls it: with its key, mapped errors, and its usage in mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from smm_tui.domain.errors import AuthExpired, NetworkError, Rejected
from smm_tui.i18n import _
from smm_tui.networks.address import host
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.http import Answer
from smm_tui.networks.meta.access import Access
from smm_tui.networks.meta.graph import NOBODY, Files, Graph, Key, Read, T
from smm_tui.networks.meta.refusals import failure, refusal
from smm_tui.networks.pace import Bucket
from smm_tui.networks.ports import Account, SecretSlot
from smm_tui.networks.shape import WrongShape

CALLS = 4800  # an hour, for one Page: the least that the documentation promises
HOUR = 3600.0  # seconds


class MetaApi(Api):
    """What the ports of a Page, or of an Instagram account, share."""

    instagram = False

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        super().__init__(account, slot, around)
        self.graph = Graph(self.server, self.http)
        self.access = Access(account, slot, self.graph, instagram=self.instagram)
        self.dead_metrics: set[str] = set()  # names that this server refused: not asked for again

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        """See `Api.buckets`: all calls of an account count together; the answers' usage headers say when they end."""
        del method, url
        return (self.bucket("", CALLS, HOUR),)

    async def node(self) -> str:
        """The id of the Page or Instagram account."""
        number, _key = await self.access.page()
        return number

    async def get(self, path: str, read: Read[T], **params: str) -> T:
        """What `read` makes of the answer to a GET."""
        return self.result(await self.answer("GET", path, params=params), read)

    async def answer(
        self,
        method: str,
        path: str,
        *,
        safe: bool = True,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Files | None = None,
        size: int = 0,
    ) -> Answer:
        """The answer to a call with the account's key, whatever it is."""
        _number, key = await self.access.page()
        return await self.graph.answer(method, path, key, safe=safe, params=params, form=form, files=files, size=size)

    def result(self, answer: Answer, read: Read[T], *, safe: bool = True) -> T:
        """What `read` makes of an answer; its refusal is raised."""
        if not answer.ok:
            raise self.refusal(answer, safe=safe)
        return self.http.parsed(answer, read, safe=safe)

    def refusal(self, answer: Answer, *, safe: bool = True) -> NetworkError:
        """The error of an answer that is not 2xx; a dead key is read anew before the next call."""
        refused = refusal(self.http, answer, safe=safe)
        if isinstance(refused, AuthExpired):
            self.access.forget()
        return refused

    def done(self, answer: Answer, *, safe: bool = True) -> None:
        """Make sure of ``{"success": true}``."""
        self.result(answer, is_success, safe=safe)

    async def ensure_is_server(self) -> None:
        """Whether the Graph API answers there: it refuses a call without a token in its own form."""
        answer = await self.graph.answer("GET", "/me", NOBODY)
        if not answer.ok and failure(answer.error_body()) is not None:
            return
        if answer.status >= 500 or answer.status == 429:
            raise self.graph.refusal(answer)
        raise Rejected(
            _("{host} does not answer as a server of Facebook's Graph API.").format(host=host(self.server)),
            _("Leave --server away: it is https://graph.facebook.com"),
            status=answer.status,
            field="server",
        )

    async def key(self) -> Key:
        """The account's key, for calls to another of Meta's hosts."""
        _number, key = await self.access.page()
        return key


def is_success(value: object) -> bool:
    """``{"success": true}``, or a bare ``true``: WrongShape for anything else."""
    if value is True or (isinstance(value, dict) and value.get("success") is True):
        return True
    raise WrongShape("success")
