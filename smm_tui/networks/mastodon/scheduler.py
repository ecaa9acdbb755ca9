"""Statuses that the server publishes by itself."""

from __future__ import annotations

from urllib.parse import quote

from smm_tui.domain.clock import MINUTE, Instant, iso
from smm_tui.domain.errors import NotFound, Rejected
from smm_tui.i18n import _
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.api import MastodonApi
from smm_tui.networks.ports import JSON, RemoteRef

AHEAD: Instant = 5 * MINUTE  # a time in the past would publish at once (GoToSocial: back-date the post)
PAGE = 40
PAGES = 10  # the server keeps 300 at most
LIST = "/api/v1/scheduled_statuses"


class MastodonScheduler:
    """A Scheduler over ``scheduled_at``. What waits tells its time and text in `RemoteRef.extra`."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api

    async def schedule(self, identity: str, wire: JSON, at: Instant) -> RemoteRef:
        """See `Scheduler.schedule`."""
        if at < self._api.around.clock() + AHEAD:
            raise Rejected(
                _("The server keeps a post for later only when its time is at least five minutes ahead."),
                _("Choose a later time, or let this program publish it."),
                field="time",
            )
        body = {**wire["body"], "scheduled_at": iso(at)}
        answer = await self._api.call(
            "POST",
            "/api/v1/statuses",
            safe=False,
            headers={"idempotency-key": mapping.idempotency_key(identity, body)},
            body=body,
        )
        if answer.status == 404:  # what a key answers that scheduled something before, too
            same = (mapping.instant(str(body["scheduled_at"])), body["status"])
            for ref in await self.scheduled():
                if (mapping.instant(ref.extra["scheduled_at"]), ref.extra["text"]) == same:
                    return ref
        return self._api.result(answer, mapping.scheduled_ref, safe=False)

    async def scheduled(self) -> tuple[RemoteRef, ...]:
        """See `Scheduler.scheduled`."""
        found: dict[str, RemoteRef] = {}
        query = f"limit={PAGE}"
        for _page in range(PAGES):
            answer = await self._api.call("GET", f"{LIST}?{query}")
            fresh = {ref.id: ref for ref in self._api.result(answer, mapping.scheduled_refs) if ref.id not in found}
            found |= fresh
            query = mapping.next_page(answer.headers.get("link", "")) if fresh else ""
            if not query:
                break
        return tuple(found.values())

    async def unschedule(self, ref: RemoteRef) -> None:
        """See `Scheduler.unschedule`."""
        try:
            await self._api.do("DELETE", f"{LIST}/{quote(ref.id, safe='')}")
        except NotFound:
            return
