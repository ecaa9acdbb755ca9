"""Cities, stations, interests: the networks' own dictionaries, kept so that typing does not call them again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.networks.advertising import Audience, AudienceField, Place, PlaceKind, Topic
from smm_tui.services import ad_preflight, audiences
from smm_tui.services.ad_network import AdNetwork
from smm_tui.services.audiences import Substitution

FRESH: Instant = 30 * DAY
"""An answer is believed for so long. Lists of people belong to a cabinet and are never kept."""
PLACES = tuple(kind for kind in PlaceKind if kind is not PlaceKind.POINT)
TOPICS = (AudienceField.INTERESTS, AudienceField.LANGUAGES, AudienceField.LISTS)
WORDS_LIMIT = 100


class AdLookups:
    """Look-ups of what audiences are made of. They may ask the network: never call them where one draws."""

    def __init__(self, db: Database, network: AdNetwork) -> None:
        self._db = db
        self._network = network

    def find(
        self, account_id: int, kind: PlaceKind | AudienceField, words: str, *, within: str = ""
    ) -> list[Place | Topic]:
        """Entries of one of the network's dictionaries."""
        return self._find(account_id, kind, words, within)

    def places(self, account_id: int, kind: PlaceKind, words: str, *, within: str = "") -> list[Place]:
        """Places of a kind that begin with, or hold, these words."""
        return [one for one in self._find(account_id, kind, words, within) if isinstance(one, Place)]

    def topics(self, account_id: int, field: AudienceField, words: str) -> list[Topic]:
        """Interests, languages, or lists of people."""
        return [one for one in self._find(account_id, field, words, "") if isinstance(one, Topic)]

    def cached(
        self, account_id: int, kind: PlaceKind | AudienceField, words: str, *, within: str = ""
    ) -> list[Place | Topic] | None:
        """The answer as far as it is known already; None: the network must be asked. Never waits for one."""
        row = self._network.account(account_id)
        return self._stored(row, kind, _plain(words), within)

    def resolve(self, account_id: int, kind: PlaceKind | AudienceField, words: str) -> Place | Topic:
        """The one thing that is meant by a name or an id."""
        found = self._find(account_id, kind, words, "")
        plain = _plain(words)
        exact = [one for one in found if _plain(one.name) == plain or one.id == words.strip()]
        exact = exact or [one for one in found if _plain(one.name.partition(",")[0]) == plain]
        chosen = exact or found
        if len(chosen) == 1:
            return chosen[0]
        if not chosen:
            raise InvalidInput(
                _("Nothing there is called “{words}”.").format(words=clip(inert(words), 40)),
                _("Try `smm-tui ads find {kind} WORDS --account {id}`.").format(kind=kind, id=account_id),
                field=str(kind),
            )
        names = ", ".join(f"{inert(one.name)} ({one.id})" for one in chosen[:6])
        raise InvalidInput(
            _("“{words}” may be: {names}.").format(words=clip(inert(words), 40), names=names),
            _("Give the number in brackets."),
            field=str(kind),
        )

    def substitution(self, account_id: int, audience: Audience) -> Substitution | None:
        """What to ask and to use instead of what the account's network cannot express; None: nothing is amiss."""
        row = self._network.account(account_id)
        rules = ad_preflight.rules_of(row)
        if rules is None:
            raise InvalidInput(_("{handle} cannot run ads.").format(handle=row.handle), field="account")
        return audiences.substitute(audience, row.network, rules)

    def _find(self, account_id: int, kind: PlaceKind | AudienceField, words: str, within: str) -> list[Place | Topic]:
        row = self._knowing(self._network.account(account_id), kind)
        plain = _plain(words)
        if not plain and kind is not AudienceField.LISTS:
            raise InvalidInput(_("What shall be looked for?"), _("Give some letters of its name."), field=str(kind))
        known = self._stored(row, kind, plain, within)
        if known is not None:
            return known
        answer = list(self._network.ask(row, lambda ads: ads.suggest(kind, words.strip(), within=within)))
        self._keep(row, kind, plain, within, answer)
        return answer

    def _knowing(self, row: AccountRow, kind: PlaceKind | AudienceField) -> AccountRow:
        """Whose dictionary is asked: where a network knows no stations or districts, another account's may tell where
        they are, so that circles can be drawn around them."""
        field = {PlaceKind.STATION: AudienceField.STATION, PlaceKind.DISTRICT: AudienceField.DISTRICT}.get(
            kind if isinstance(kind, PlaceKind) else PlaceKind.POINT
        )
        if field is None:
            return row
        for one in (row, *account_reads.of_project(self._db)):
            rules = ad_preflight.rules_of(one)
            if rules is not None and field in rules.fields:
                return one
        return row

    def _stored(
        self, row: AccountRow, kind: PlaceKind | AudienceField, plain: str, within: str
    ) -> list[Place | Topic] | None:
        if kind is AudienceField.LISTS:
            return None
        import json

        found = self._db.one(
            lambda found, read_at: (json.loads(found), read_at),
            "SELECT found, read_at FROM lookup WHERE network = ? AND kind = ? AND words = ?",
            (row.network, _kind(kind, within), plain),
        )
        if found is None or found[1] < self._db.clock() - FRESH:
            return None
        return [_thing(one) for one in found[0]]

    def _keep(
        self, row: AccountRow, kind: PlaceKind | AudienceField, plain: str, within: str, answer: list[Place | Topic]
    ) -> None:
        if kind is AudienceField.LISTS or not answer:
            return
        from smm_tui.db.tables import LookupTable

        with self._db.unit() as unit:
            unit.session.merge(
                LookupTable(
                    network=row.network,
                    kind=_kind(kind, within),
                    words=plain,
                    found=[asdict(one) for one in answer],
                    read_at=unit.now,
                )
            )


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())[:WORDS_LIMIT]


def _kind(kind: PlaceKind | AudienceField, within: str) -> str:
    return f"{kind}@{within}" if within else str(kind)


def _thing(stored: dict[str, Any]) -> Place | Topic:
    if "kind" in stored:
        return Place(**{**stored, "kind": PlaceKind(stored["kind"])})
    return Topic(**stored)
