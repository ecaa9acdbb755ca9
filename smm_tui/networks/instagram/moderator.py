"""Hiding and deleting what people write below an account's media."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import NEEDS, Item, ItemKind, Verb
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.instagram.spec import SPEC, TITLE
from smm_tui.networks.meta.api import is_success


class InstagramModerator:
    """A Moderator over the Graph API."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`. Instagram wants no reason."""
        can = SPEC.rules(self._api.account.facts).capabilities
        if NEEDS[verb] not in can or item.kind is not ItemKind.COMMENT or until is not None:
            raise Unsupported(
                _("{network} cannot do that to this, or this account may not.").format(network=TITLE),
                _("Do it on the network's own site."),
            )
        if verb is Verb.DELETE:
            answer = await self._api.answer("DELETE", f"/{item.id}")
            if not answer.ok and isinstance(self._api.refusal(answer), NotFound):
                return
        else:
            form = {"hide": "true" if verb is Verb.HIDE else "false"}
            answer = await self._api.answer("POST", f"/{item.id}", form=form)
        self._api.result(answer, is_success)
