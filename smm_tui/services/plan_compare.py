"""A plan file against the database: what it adds, changes and leaves out, and where both sides changed.

Each post of a file may carry the hash of its content when the file was written (its base). Three versions then tell
who changed it: only the file, and its version is taken; only the database, and that stays; both, and each field is
taken from the side that changed it. A field that both changed is a conflict that a person settles. Without a base the
file is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from smm_tui.db.database import Database
from smm_tui.db.reads import plans as reads
from smm_tui.db.reads import scheme as scheme_reads
from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.language import language_tag
from smm_tui.domain.lateness import late_rule
from smm_tui.domain.plan_document import (
    UNSAID,
    Content,
    Flaw,
    PlanDocument,
    PlannedPost,
    Said,
    differing,
    plain,
    spelled_at,
)
from smm_tui.domain.states import State
from smm_tui.domain.zones import check_zone
from smm_tui.i18n import _
from smm_tui.services.plan_file.fields import shown
from smm_tui.services.plan_queries import MonthPost, PlanMonth, account_names, whole


class Kind(StrEnum):
    """What becomes of a post when the file is applied."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # the database is newer, and the file did not touch it
    CONFLICT = "conflict"  # both changed it: nothing of it is applied
    REMOVED = "removed"  # the file had it once and has it no more


@dataclass(frozen=True, slots=True)
class Change:
    """One post. `line` is its place in the file; `file` and `database` are its two sides, as far as they exist."""

    kind: Kind
    line: int
    file: Content | None = None
    database: MonthPost | None = None
    gone: bool = False  # cancelled, or without its time, in the database
    both: tuple[str, ...] = ()  # the fields of a conflict that both sides changed, where the file tells
    said: Said = UNSAID
    differs: bool = False  # after applying it is not what the file shows

    @property
    def post_id(self) -> int | None:
        """The post's number, None for a new one."""
        return None if self.database is None else self.database.row.id

    @property
    def fields(self) -> list[str]:
        """The names of the fields in which the two sides differ; of a conflict those that both changed."""
        if self.both:
            return list(self.both)
        if self.file is None or self.database is None:
            return []
        return self.database.content.differences(self.file)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the order of the file, the removed last; `flaws` are the places that cannot be applied."""

    changes: tuple[Change, ...]
    flaws: tuple[Flaw, ...]

    def of(self, *kinds: Kind) -> list[Change]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.kind in kinds]


def compare(db: Database, plan: PlanMonth, document: PlanDocument, flaws: Sequence[Flaw]) -> Comparison:
    """Compare a file, which had these `flaws` when it was read, with the month in the database."""
    comparer = _Comparer(db, plan, document)
    changes = list(comparer.run())
    # A block that could not be read may be any post: none is missing for certain.
    if not flaws and not comparer.flaws:
        changes += comparer.removed()
    return Comparison(tuple(changes), tuple(sorted([*flaws, *comparer.flaws])))


class _Comparer:
    def __init__(self, db: Database, plan: PlanMonth, document: PlanDocument) -> None:
        self._db = db
        self._plan = plan
        self._document = document
        self._of_month = {post.row.id: post for post in plan.posts}
        self._media: dict[str, str] = {}
        self._accounts = _spellings(plan)
        self._claimed: dict[int, int] = {}
        self.flaws: list[Flaw] = []

    def run(self) -> Iterator[Change]:
        document = self._document
        if document.project_id not in (None, self._plan.project.id):
            self.flaws.append(
                Flaw(0, _("This is a plan of project {other}, not of {id} ({name}).").format(
                    other=document.project_id, id=self._plan.project.id, name=shown(self._plan.project.name)
                ))
            )  # fmt: skip
            return
        if document.month not in (None, (self._plan.year, self._plan.month)):
            self.flaws.append(
                Flaw(0, _("This is the plan of {month}, not of {wanted}.").format(
                    month=_month(*document.month), wanted=_month(self._plan.year, self._plan.month)
                ))
            )  # fmt: skip
            return
        ids = {post.id for post in document.posts if post.id is not None}
        known = self._of_month | {
            post.row.id: post for post in whole(self._db, reads.posts(self._db, sorted(ids - self._of_month.keys())))
        }
        unclaimed: dict[str, list[MonthPost]] = {}
        for post in self._plan.posts:
            if post.row.id not in ids:
                unclaimed.setdefault(post.content.content_hash, []).append(post)
        for planned in document.posts:
            try:
                yield self._change(planned, known, unclaimed)
            except SmmError as error:
                self.flaws.append(Flaw(planned.line, error.message))

    def _change(
        self, planned: PlannedPost, known: dict[int, MonthPost], unclaimed: dict[str, list[MonthPost]]
    ) -> Change:
        there = None
        if planned.id is not None:
            there = known.get(planned.id)
            if there is None:
                raise InvalidInput(_("There is no post {id}.").format(id=planned.id))
            if there.row.project_id != self._plan.project.id:
                raise InvalidInput(
                    _("Post {id} belongs to another project.").format(id=planned.id),
                )
            if planned.id in self._claimed:
                raise InvalidInput(
                    _("Post {id} is here twice, first in line {line}. A copy has no number of its own.").format(
                        id=planned.id, line=self._claimed[planned.id]
                    )
                )
            self._claimed[planned.id] = planned.line
        content = self._content(planned)
        if there is None:
            same = unclaimed.get(content.content_hash)
            if same:
                # Applied before, from a file that did not know its number yet.
                there = same.pop()
                self._claimed[there.row.id] = planned.line
                return Change(Kind.UNCHANGED, planned.line, content, there, said=planned.said)
            return Change(Kind.ADDED, planned.line, content, said=planned.said)
        gone = there.row.state == State.CANCELLED or not there.row.planned_wall
        if self._document.unsaid:
            content = replace(content, **{name: getattr(there.content, name) for name in self._document.unsaid})
        if there.content == content and not gone:
            return Change(Kind.UNCHANGED, planned.line, content, there, said=planned.said)
        base = self._document.bases.get(there.row.id)
        wanted, both = content, list[str]()
        if base is None:
            kind = Kind.CHANGED
        elif content.content_hash == base.content_hash:
            kind = Kind.KEPT
        elif there.content.content_hash == base.content_hash and not gone:
            kind = Kind.CHANGED
        elif gone or not base.fields or there.row.id not in self._of_month:
            kind = Kind.CONFLICT
        else:
            merged, both = there.content.merged(content, base.fields)
            if both:
                kind = Kind.CONFLICT
            else:
                kind, wanted = (Kind.KEPT if merged == there.content else Kind.CHANGED), merged
        if kind is Kind.CHANGED:
            _refuse_rewriting(there, wanted)
        differs = kind in (Kind.KEPT, Kind.CONFLICT) or wanted != content
        return Change(kind, planned.line, wanted, there, gone, tuple(both), planned.said, differs)

    def removed(self) -> Iterator[Change]:
        for number, base in self._document.bases.items():
            there = self._of_month.get(number)
            if there is None or number in self._claimed:
                continue
            same = there.content.content_hash == base.content_hash
            yield Change(Kind.REMOVED if same else Kind.CONFLICT, base.line, None, there)

    def _content(self, planned: PlannedPost) -> Content:
        """What a block of the file means; InvalidInput for what means nothing here."""
        if (planned.day.year, planned.day.month) != (self._plan.year, self._plan.month):
            raise InvalidInput(
                _("{day} is outside of {month}.").format(
                    day=planned.day, month=_month(self._plan.year, self._plan.month)
                )
            )
        project = self._plan.project
        kind = self._plan.types.find(planned.content_type)
        text = plain(planned.text)
        accounts = (
            [row.id for row in self._plan.accounts]
            if planned.accounts is None
            else [self._account(name) for name in planned.accounts]
        )
        variants = [(self._account(name), words) for name, words in planned.variants]
        language = project.language if planned.language is None else planned.language
        return Content(
            spelled_at(planned.day, planned.clock, planned.fold),
            check_zone(planned.zone) if planned.zone else project.timezone,
            kind.name,
            text,
            tuple(sorted(set(accounts))),
            differing(text, variants),
            tuple((self._file(item.sha256), plain(item.alt)) for item in planned.media),
            plain(planned.content_warning),
            planned.labels,
            language_tag(language),
            str(late_rule(planned.late_rule or kind.late_rule)),
            self._pillar(planned.pillar),
            planned.poll,
            planned.card,
            plain(planned.first_comment).strip(),
        )

    def _pillar(self, name: str) -> str:
        if not name or any(post.row.pillar == name for post in self._plan.posts):  # a retired one stays where it is
            return name
        names = [row.name for row in scheme_reads.pillars(self._db, self._plan.project.id)]
        for known in names:
            if known.casefold() == name.casefold():
                return known
        raise InvalidInput(
            _("There is no rubric “{name}”; there are: {names}.").format(
                name=shown(name), names=", ".join(names) or _("none yet")
            )
        )

    def _account(self, name: str) -> int:
        found = self._accounts.get(_folded(name), set())
        if len(found) == 1:
            return next(iter(found))
        names = ", ".join(account_names(self._plan.accounts).values()) or _("none yet")
        if found:
            raise InvalidInput(
                _("“{name}” fits several accounts; there are: {names}.").format(name=shown(name), names=names)
            )
        raise InvalidInput(
            _("There is no account “{name}”; there are: {names}.").format(name=shown(name), names=names)
        )

    def _file(self, digits: str) -> str:
        if digits not in self._media:
            found = reads.media_named(self._db, digits)
            if len(found) != 1:
                message = (
                    _("Several files begin with {digits}: give more of the hash.")
                    if found
                    else _("No file {digits} is in the media store.")
                )
                raise InvalidInput(message.format(digits=digits), field="media")
            self._media[digits] = found[0]
        return self._media[digits]


def _spellings(plan: PlanMonth) -> dict[str, set[int]]:
    """Every way to name an account. Removed accounts answer only to the name that this month's posts give them."""
    found: dict[str, set[int]] = {}
    names = account_names(plan.accounts, [item for post in plan.posts for item in post.deliveries])
    for number, name in names.items():
        found.setdefault(_folded(name), set()).add(number)
    for row in plan.accounts:
        for name in (f"{row.network} {row.handle}", row.handle, str(row.id)):
            found.setdefault(_folded(name), set()).add(row.id)
    return found


def _folded(name: str) -> str:
    return " ".join(word.removeprefix("@") for word in name.casefold().split())


def _refuse_rewriting(post: MonthPost, content: Content) -> None:
    """What is public stays as it is: only what concerns the other accounts, type and lateness may change."""
    before = post.content
    for item in post.deliveries:
        if not item.out:
            continue
        same = before.shown_on(item.account_id) == content.shown_on(item.account_id)
        if not same or item.account_id not in content.accounts:
            raise InvalidInput(
                _("Post {id} is out already on {account} ({state}): what is public is not rewritten.").format(
                    id=post.row.id, account=shown(item.handle), state=item.state
                )
            )


def _month(year: int, month: int) -> str:
    return f"{date(year, month, 1):%Y-%m}"
