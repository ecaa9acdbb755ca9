"""Acting on what people write on a Page, and on them."""

from __future__ import annotations

import json

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import NEEDS, Item, ItemKind, Verb
from smm_tui.networks.facebook import mapping
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import SPEC, TITLE
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.ports import Capability


class FacebookModerator:
    """A Moderator over the Graph API. Facebook bans for good only."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`. Facebook wants no reason."""
        self._ensure_possible(verb, item, until)
        form: dict[str, str] | None = None
        method, path = "POST", f"/{item.id}"
        match verb:
            case Verb.LIKE | Verb.UNLIKE:
                method, path = ("POST" if verb is Verb.LIKE else "DELETE"), f"/{item.id}/likes"
            case Verb.HIDE | Verb.UNHIDE:
                form = {"is_hidden": "true" if verb is Verb.HIDE else "false"}
            case Verb.DELETE:
                method = "DELETE"
            case _:
                page = await self._api.node()
                method, path = ("POST" if verb is Verb.BAN else "DELETE"), f"/{page}/blocked"
                person = item.author.id
                form = {"user": json.dumps([person]) if verb is Verb.BAN else person}
        if method == "DELETE":
            answer = await self._api.answer(method, path, params=form)
        else:
            answer = await self._api.answer(method, path, form=form or {})
        if verb is Verb.DELETE and not answer.ok and isinstance(self._api.refusal(answer), NotFound):
            return
        self._api.result(answer, mapping.node if verb is Verb.BAN else is_success)

    def _ensure_possible(self, verb: Verb, item: Item, until: Instant | None) -> None:
        can = SPEC.rules(self._api.account.facts).capabilities
        is_own_place = item.kind is ItemKind.COMMENT or item.extra.get("where") == "visitor"
        possible = NEEDS[verb] in can and {
            Capability.LIKE: item.kind in (ItemKind.COMMENT, ItemKind.MENTION),
            Capability.HIDE: is_own_place,
            Capability.DELETE_OTHERS: is_own_place,
            Capability.BAN: True,
        }.get(NEEDS[verb], False)
        if not possible:
            raise Unsupported(
                _("{network} cannot do that to this, or this account may not.").format(network=TITLE),
                _("Do it on the network's own site."),
            )
        if until is not None:
            raise Unsupported(
                _("{network} knows no bans that end by themselves.").format(network=TITLE),
                _("Ban for good, and lift it when the time has come."),
            )
        if NEEDS[verb] is Capability.BAN and not item.author.id:
            raise Unsupported(
                _("{network} does not tell who wrote this.").format(network=TITLE),
                _("Ban this person on the network's own site."),
            )
