"""The wrong-client guard over the stored briefs and posts. Light to import; safe to ask from several threads.

What went out for a client is read once and kept; a look at the numbers and versions of its newest posts tells what
is new. The briefs' claims are few and read anew each time, so that a change of one is known at once.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import guard as reads
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import WrongClient
from smm_tui.domain.guard.check import Finding, check, fingerprint
from smm_tui.domain.guard.knowledge import Client, Past, Said, Traces, client_of, traces_of
from smm_tui.domain.guard.marks import Kind
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.db.tables import MessageTable
    from smm_tui.db.unit_of_work import UnitOfWork
    from smm_tui.services.preflight import Content

HISTORY = 500
"""So many of a client's newest posts are witnesses; what is older, its brief should say."""
FRESH: Instant = 10 * SECOND
"""While somebody types, what went out is looked at again no sooner than this."""

DELIVERY, ACTION, AD = "delivery", "action", "ad"
"""What a clearance may be about."""


class Verdict(NamedTuple):
    """What was found in something that would leave. `digest` is over its bytes, `keys` names the findings: letting it
    pass is bound to both."""

    sentences: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    digest: str = ""

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.sentences)


class _History:
    """What went out for one client, with what each post added."""

    def __init__(self) -> None:
        self.past = Past()
        self.posts: dict[int, tuple[int, Traces]] = {}

    def follow(self, db: Database, project_id: int) -> None:
        now = reads.versions(db, project_id, HISTORY)
        for number in [number for number, (version, _traces) in self.posts.items() if now.get(number) != version]:
            self.past.add(self.posts.pop(number)[1], -1)
        for row in reads.sent(db, [number for number in now if number not in self.posts]):
            traces = traces_of(Said(row.text, row.beside, row.links, row.media))
            self.posts[row.id] = (now[row.id], traces)
            self.past.add(traces)


class Guard:
    """Asked before anything leaves: whose is it?"""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lock = threading.Lock()
        self._histories: dict[int, _History] = {}
        self._read_at: Instant | None = None

    def refresh(self) -> None:
        """Learn what went out, or changed, since the last look."""
        clients = [row.project_id for row in reads.claims(self._db)]
        with self._lock:
            self._follow(clients)

    def examine(
        self,
        project_id: int,
        said: Said,
        *,
        post_id: int | None = None,
        prose: bool = True,
        wording: bool = True,
        spared: str = "",
    ) -> Verdict:
        """What of it is another client's. `post_id`: the post it is of, which is no witness for itself; `prose` and
        `wording` as for `domain.guard.check`; `spared`: what stands in this text may be named."""
        clients = {row.project_id: _client(row) for row in reads.claims(self._db)}
        me = clients.get(project_id)
        if me is None:
            return Verdict()
        with self._lock:
            if self._read_at is None:
                self._follow(list(clients))
            pasts = {number: history.past for number, history in self._histories.items()}
            known = self._histories.get(project_id)
            without = known.posts.get(post_id) if known is not None and post_id is not None else None
            found = check(
                said, me, clients, pasts, without=without[1] if without else None, prose=prose, wording=wording
            )
            if spared and found:
                asked = {one.key for one in check(Said(spared), me, clients, pasts, prose=False)}
                found = [one for one in found if one.key not in asked]
        if not found:
            return Verdict()
        sentences = tuple(self._sentences(found, me.name, said))
        return Verdict(sentences, tuple(one.key for one in found), fingerprint(project_id, said))

    def look(self, project_id: int, said: Sequence[Said], *, post_id: int | None = None) -> list[str]:
        """What there is to say while somebody is still writing: the sentences, each once."""
        if self._read_at is None or self._db.clock() - self._read_at >= FRESH:
            self.refresh()
        verdicts = (self.examine(project_id, one, post_id=post_id) for one in dict.fromkeys(said))
        return list(dict.fromkeys(sentence for verdict in verdicts for sentence in verdict.sentences))

    def _follow(self, clients: Sequence[int]) -> None:
        for gone in self._histories.keys() - set(clients):
            del self._histories[gone]
        for number in clients:
            self._histories.setdefault(number, _History()).follow(self._db, number)
        self._read_at = self._db.clock()

    def _sentences(self, found: Sequence[Finding], name: str, said: Said) -> Iterator[str]:
        files = reads.names_of(self._db, said.media) if any(one.kind is Kind.MEDIA for one in found) else {}
        names = {sha256[: len(one.shown)]: files.get(sha256, "") for one in found for sha256 in said.media}
        for one in found:
            shown = names.get(one.shown) or one.shown if one.kind is Kind.MEDIA else one.shown
            yield one._replace(shown=shown).sentence(name)


def said_of(content: Content, account_id: int) -> Said:
    """What a post says on one account."""
    extras = content.extras
    poll = extras.poll.options if extras.poll is not None else ()
    card = extras.card
    beside = (
        content.content_warning,
        extras.first_comment,
        *poll,
        *((card.title, card.description) if card is not None else ()),
        *(item.alt for item in content.media),
    )
    return Said(
        content.text_for(account_id),
        tuple(part for part in beside if part),
        (card.url,) if card is not None else (),
        tuple(item.sha256 for item in content.media),
    )


def examine_answer(watch: Guard, unit: UnitOfWork, message: MessageTable, text: str) -> Verdict:
    """What an answer to somebody names of another client; what they asked about may be named."""
    from smm_tui.db.tables import AuthorTable

    author = None if message.author_id is None else unit.session.get(AuthorTable, message.author_id)
    spared = f"{message.text} @{author.handle}" if author is not None else message.text
    return watch.examine(message.project_id, Said(text), prose=False, spared=spared)


def covered(unit: UnitOfWork, subject: str, subject_id: int, verdict: Verdict) -> bool:
    """Whether all that was found, in exactly these bytes, was let pass."""
    from sqlmodel import select

    from smm_tui.db.tables import ClearanceTable

    rows = unit.session.exec(
        select(ClearanceTable).where(
            ClearanceTable.subject == subject,
            ClearanceTable.subject_id == subject_id,
            ClearanceTable.digest == verdict.digest,
        )
    )
    return set(verdict.keys) <= {key for row in rows for key in row.findings}


def pass_through(
    unit: UnitOfWork, project_id: int, subject: str, subject_id: int, verdict: Verdict, *, actor: str
) -> None:
    """Write down that a person saw what was found and wants exactly this to leave; it is told in the log."""
    from smm_tui.db.tables import ClearanceTable

    if covered(unit, subject, subject_id, verdict):
        return
    unit.session.add(
        ClearanceTable(
            project_id=project_id,
            subject=subject,
            subject_id=subject_id,
            digest=verdict.digest,
            findings=list(verdict.keys),
            actor=actor,
            given_at=unit.now,
        )
    )
    told = _("Let pass: {sentences}").format(sentences=" ".join(verdict.sentences))
    unit.audit("guard.let_pass", subject, subject_id, told, actor=actor, project_id=project_id)


class Anything:
    """A container of all sentences: for who lets pass whatever is found."""

    def __contains__(self, _sentence: object) -> bool:
        return True


def require_seen(verdict: Verdict, let_pass: Container[str]) -> None:
    """WrongClient where something was found that nobody saw and lets pass."""
    if any(sentence not in let_pass for sentence in verdict.sentences):
        raise refusal(verdict.sentences)


def refusal(sentences: Sequence[str]) -> WrongClient:
    """The error that stops what was not let pass."""
    return WrongClient(tuple(dict.fromkeys(sentences)), hint())


def hint() -> str:
    """What to do about it."""
    return _("Correct it; or let it pass deliberately (--let-pass); what is this client's too belongs in its brief.")


def _client(row: reads.Claims) -> Client:
    return client_of(row.project_id, row.name, (row.language,), row.own, row.handles, row.forbidden)
