"""The ban list as a thing of its own: written out, and applied to another page."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import messages as reads
from smm_tui.db.tables import MessageTable
from smm_tui.domain.clock import Instant, iso, to_instant
from smm_tui.domain.errors import InvalidInput, Unsupported
from smm_tui.domain.inert import inert
from smm_tui.i18n import _, ngettext
from smm_tui.networks import registry
from smm_tui.networks.community import Verb
from smm_tui.services import actions
from smm_tui.services.inbox_queries import TERMS, InboxQueries, inverse_of, possible
from smm_tui.services.receipt import Receipt


class Applied(NamedTuple):
    """What became of one line of a ban list; `why`: a sentence when it was left out."""

    who: str
    verb: str
    why: str


class BanService:
    """Exports and applies ban lists."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def export(
        self, *, project_id: int | None = None, account_id: int | None = None, ids: Collection[int] | None = None
    ) -> list[dict[str, Any]]:
        """Who is shut out, as `apply` reads it; `ids`: only these bans."""
        return [
            {
                "network": row.network,
                "server": row.server,
                "account": row.account,
                "author": row.remote_id,
                "handle": row.author_handle,
                "name": row.author,
                "verb": row.verb,
                "reason": row.reason,
                "since": iso(row.created_at),
                "until": iso(row.until),
            }
            for row in reads.bans(self._db, project_id=project_id, account_id=account_id)
            if ids is None or row.id in ids
        ]

    def apply(
        self, lines: Sequence[Mapping[str, Any]], account_id: int, *, dry_run: bool = False
    ) -> tuple[Receipt, list[Applied]]:
        """Shut the same people out of another account of their network, each once; one step of undo."""
        account = account_reads.account(self._db, account_id)
        if account is None or account.removed_at is not None:
            raise InvalidInput(_("There is no account {id}.").format(id=account_id), field="account")
        spec = registry.spec(account.network)
        shut = {(row.remote_id, row.verb) for row in reads.bans(self._db, account_id=account_id)}
        told: list[Applied] = []
        done = 0
        with self._db.unit() as unit:
            not_before = unit.now + InboxQueries(self._db).hold()
            for line in lines:
                author, verb, until, reason = _read(line)
                who = str(line.get("handle") or line.get("name") or author)
                carrier = None
                if line.get("network") != account.network or line.get("server") != account.server:
                    why = _("It is of another network or server.")
                elif (author, verb) in shut:
                    why = _("Shut out there already.")
                elif until is not None and until <= unit.now:
                    why = _("The term is over.")
                elif not (can := possible(account, "comment", verb)).yes:
                    why = can.why
                else:
                    carrier = self._carrier(account.network, account.server, author, account_id)
                    why = "" if carrier is not None else _("Nothing of theirs was ever read here.")
                    if carrier is not None and carrier[1] != account_id and not spec.shared_people:
                        why = _("The network calls people differently on each page: wait until they write there.")
                told.append(Applied(who, str(verb), why))
                if why or carrier is None:
                    continue
                shut.add((author, verb))
                done += 1
                if dry_run:
                    continue
                message = unit.session.get_one(MessageTable, carrier[0])
                action = actions.queue(
                    unit,
                    message,
                    account.network,
                    verb,
                    actor=self._actor,
                    not_before=not_before,
                    until=until,
                    reason=reason,
                    account_id=account_id,
                )
                unit.want(action.id or 0, before=False, after=True)
                summary = _("{verb} on {account}, from a ban list.").format(verb=verb, account=account.handle)
                unit.audit(
                    f"message.{verb}",
                    "message",
                    message.id,
                    summary,
                    actor=self._actor,
                    project_id=account.project_id,
                    account=account_id,
                )
            text = ngettext("{count} is shut out of {account}.", "{count} are shut out of {account}.", done).format(
                count=done, account=account.handle
            )
            undo = None if dry_run else unit.undoable(text, actor=self._actor, project_id=account.project_id)
            return Receipt(text, done, undo), told

    def lift(self, ban_ids: Sequence[int]) -> Receipt:
        """Let people back in before their term ends; it leaves when the hold window is over."""
        known = {row.id: row for row in reads.bans(self._db)}
        lifted = 0
        with self._db.unit() as unit:
            not_before = unit.now + InboxQueries(self._db).hold()
            projects: set[int] = set()
            for number in dict.fromkeys(ban_ids):
                row = known.get(number)
                account = None if row is None else account_reads.account(self._db, row.account_id)
                if row is None or account is None:
                    raise InvalidInput(
                        _("There is no ban {id} in force.").format(id=number),
                        _("`smm-tui inbox bans list` shows them."),
                        field="ban",
                    )
                verb = Verb(inverse_of(row.verb) or row.verb)
                carrier = self._carrier(row.network, row.server, row.remote_id, row.account_id)
                can = possible(account, "comment", verb)
                if carrier is None or not can.yes:
                    raise Unsupported(
                        can.why or _("Nothing of theirs was ever read here."), _("Do it on the network's own site.")
                    )
                message = unit.session.get_one(MessageTable, carrier[0])
                if actions.pending(unit, carrier[0], verb) is not None:
                    continue
                action = actions.queue(
                    unit,
                    message,
                    account.network,
                    verb,
                    actor=self._actor,
                    not_before=not_before,
                    account_id=account.id,
                )
                unit.want(action.id or 0, before=False, after=True)
                summary = _("{verb} on {account}.").format(verb=verb, account=account.handle)
                unit.audit(
                    f"message.{verb}",
                    "message",
                    message.id,
                    summary,
                    actor=self._actor,
                    project_id=account.project_id,
                    account=account.id,
                )
                projects.add(account.project_id)
                lifted += 1
            text = ngettext("{count} is let back in.", "{count} are let back in.", lifted).format(count=lifted)
            where = projects.pop() if len(projects) == 1 else None
            return Receipt(text, lifted, unit.undoable(text, actor=self._actor, project_id=where))

    def _carrier(self, network: str, server: str, author: str, account_id: int) -> tuple[int, int] | None:
        """A message of that author and its account, of the account itself if there is one: it tells the network who
        is meant."""
        return self._db.one(
            lambda number, account: (number, account),
            """
            SELECT m.id, m.account_id FROM author w JOIN message m ON m.author_id = w.id
            WHERE w.network = ? AND w.server = ? AND w.remote_id = ? ORDER BY m.account_id != ?, m.id DESC LIMIT 1
            """,
            (network, server, author, account_id),
        )


def read_list(file: Path) -> list[dict[str, Any]]:
    """A ban list that was written out; ``-`` is standard input. InvalidInput where it is none."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        lines = json.loads(text)
    except (OSError, ValueError) as error:
        raise InvalidInput(
            _("{path} is no ban list: {reason}.").format(path=file, reason=error), field="file"
        ) from error
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise InvalidInput(_("{path} is no ban list.").format(path=file), field="file")
    return lines


def _read(line: Mapping[str, Any]) -> tuple[str, Verb, Instant | None, str]:
    from dateutil.parser import isoparse

    author, word, until = line.get("author"), line.get("verb", Verb.BAN), line.get("until")
    try:
        verb = Verb(str(word))
        end = None if until in (None, "") else to_instant(isoparse(str(until)))
    except ValueError:
        verb, end = Verb.LIKE, None
    if not isinstance(author, str) or not author or verb not in TERMS:
        raise InvalidInput(
            _("A line of the ban list has no author, or an unknown verb or time: {line}").format(
                line=inert(str(dict(line)))[:200]
            ),
            field="file",
        )
    return author, verb, end, inert(str(line.get("reason", "")))
