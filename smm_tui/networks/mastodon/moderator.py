"""Acting on what people write, and on them."""

from __future__ import annotations

from urllib.parse import quote

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NotFound, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.community import NEEDS, Item, ItemKind, Verb
from smm_tui.networks.mastodon.api import MastodonApi, account_path, status_path
from smm_tui.networks.mastodon.spec import GOTOSOCIAL, WRITE_ACCOUNTS, rules, words
from smm_tui.networks.ports import JSON

COMMENT = 1000  # characters of a report
_BACK = frozenset({Verb.UNLIKE, Verb.UNMUTE, Verb.UNBAN, Verb.UNRESTRICT})


class MastodonModerator:
    """A Moderator: as a user, and as one of the server's moderators where the account has that role.

    Muting and blocking are the account's own. To act on a report is to act for the whole server: banning suspends the
    account that was reported, restricting limits it.
    """

    def __init__(self, api: MastodonApi) -> None:
        self._api = api

    async def moderate(self, verb: Verb, item: Item, *, until: Instant | None = None, reason: str = "") -> None:
        """See `Moderator.moderate`."""
        if NEEDS[verb] not in rules(self._api.account.facts).capabilities:
            raise self._refused()
        if until is not None and verb is not Verb.MUTE:
            raise Unsupported(
                _("A block has no end there."), _("Take it back by hand later, or mute the person for a time.")
            )
        path, body = self._call(verb, item, until, reason)
        try:
            await self._api.do("POST", path, body=body)
        except NotFound:
            if verb not in _BACK:
                raise

    def _call(self, verb: Verb, item: Item, until: Instant | None, reason: str) -> tuple[str, JSON | None]:
        """The path and body that bring the verb's state about."""
        report = item.kind is ItemKind.REPORT
        person = item.extra.get("target", "") if report else item.author.id
        match verb:
            case Verb.LIKE | Verb.UNLIKE if not report:
                return status_path(item.id, "favourite" if verb is Verb.LIKE else "unfavourite"), None
            case Verb.MUTE:
                seconds = 0 if until is None else max(1, (until - self._api.around.clock()) // 1000)
                return account_path(person, "mute"), {"notifications": True, "duration": seconds}
            case Verb.UNMUTE:
                return account_path(person, "unmute"), None
            case Verb.BAN if report and self._is_staff:
                return self._action(person, "suspend", reason)
            case Verb.UNBAN if report and self._is_staff:
                return self._admin(person, "unsuspend"), None
            case Verb.BAN | Verb.UNBAN if not report:
                return account_path(person, "block" if verb is Verb.BAN else "unblock"), None
            case Verb.RESTRICT:
                return self._action(person, "silence", reason)
            case Verb.UNRESTRICT:
                return self._admin(person, "unsilence"), None
            case Verb.REPORT if not report:
                body = {"account_id": person, "status_ids": [item.id], "comment": reason[:COMMENT]}
                return "/api/v1/reports", body
            case Verb.CLOSE_REPORT | Verb.REOPEN_REPORT if report:
                if verb is Verb.REOPEN_REPORT and self._api.software == GOTOSOCIAL:
                    raise self._refused()
                word = "resolve" if verb is Verb.CLOSE_REPORT else "reopen"
                return f"/api/v1/admin/reports/{quote(item.id, safe='')}/{word}", None
        raise self._refused()

    def _action(self, person: str, kind: str, reason: str) -> tuple[str, JSON]:
        """A moderator's measure. Naming the report would close it as well; that is a verb of its own."""
        return self._admin(person, "action"), {"type": kind, "text": reason}

    @staticmethod
    def _admin(person: str, word: str) -> str:
        return f"/api/v1/admin/accounts/{quote(person, safe='')}/{word}"

    @property
    def _is_staff(self) -> bool:
        return WRITE_ACCOUNTS in words(self._api.account.facts, "staff")

    @staticmethod
    def _refused() -> Unsupported:
        return Unsupported(
            _("This server does not let this account do that."),
            _("A moderator of the server may be able to, on the server's own site."),
        )
