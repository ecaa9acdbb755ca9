"""A plan as Markdown: a section a day, a block a post, its text between fences; good to read in a pull request.

What was written here and is read and written again is the same to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time

from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.plan_document import Base, CardRef, Flaw, MediaRef, PlanDocument, PlannedPost, PollRef
from smm_tui.domain.states import State
from smm_tui.i18n import _
from smm_tui.services.plan_file import fields
from smm_tui.services.plan_file.fields import shown

FLAWS_TOLD = 50
"""After so many a file is not read on: it is no plan."""

# Not in the reader's language: a file must read the same for everybody who works on it.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# No pattern here meets runs of white space: lines are squeezed first, so that junk takes no longer than its length.
_FENCE = re.compile(r"(`{3,}|~{3,}) ?[\w-]*")
_RUN = re.compile(r"^ {0,3}(`{3,})", re.MULTILINE)
_POST = re.compile(r"### ([\d:]+(?: (?:first|second))?) ([^\s()]+) ?(?:\((.*)\))?")
_TEXT_ON = "text on "
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_BASE = re.compile(r"(\d{1,18})\s+(.*)")


def write(document: PlanDocument) -> str:
    """The file."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: PlanDocument) -> Iterator[str]:
    yield f"# {document.title}"
    yield ""
    if document.project_id is not None:
        yield f"- project: {document.project_id}"
    if document.month is not None:
        yield "- month: {:04}-{:02}".format(*document.month)
    if document.zone:
        yield f"- zone: {document.zone}"
    if document.language is not None:
        yield f"- language: {document.language or fields.NONE}"
    day = None
    for post in sorted(document.posts, key=_order):
        if post.day != day:
            day = post.day
            yield from ("", f"## {day} {_WEEKDAYS[day.weekday()]}")
        yield from _block(post, document)
    if document.bases:
        # What each post was when it was written here: tells a change in the file from one in the database.
        yield from ("", "<!-- base")
        for number, base in sorted(document.bases.items()):
            yield f"{number} {fields.write_base(base)}"
        yield "-->"


def _order(post: PlannedPost) -> tuple[date, time, int, bool, int]:
    return post.day, post.clock, post.fold or 0, post.id is None, post.id or 0


def _block(post: PlannedPost, document: PlanDocument) -> Iterator[str]:
    known = ", ".join(word for word in (post.state, f"post {post.id}" if post.id is not None else "") if word)
    yield ""
    yield f"### {fields.write_clock(post.clock, post.fold)} {post.content_type}" + (f" ({known})" if known else "")
    details = list(_details(post, document))
    if details:
        yield from ("", *details)
    if post.text:
        yield from ("", *_fenced(post.text))
    for account, text in post.variants:
        yield from ("", f"- text on {fields.write_value(account)}:", "", *_fenced(text))


def _details(post: PlannedPost, document: PlanDocument) -> Iterator[str]:
    if post.zone and post.zone != document.zone:
        yield f"- zone: {post.zone}"
    if post.accounts is not None:
        yield f"- accounts: {fields.write_list(post.accounts)}"
    if post.pillar:
        yield f"- rubric: {fields.write_value(post.pillar)}"
    for item in post.media:
        yield f"- media: {fields.write_media(item)}"
    if post.poll is not None:
        yield f"- poll: {fields.write_poll(post.poll)}"
    if post.card is not None:
        yield f"- link card: {fields.write_card(post.card)}"
    if post.first_comment:
        yield f"- first comment: {fields.write_value(post.first_comment)}"
    if post.content_warning:
        yield f"- warning: {fields.write_value(post.content_warning)}"
    if post.labels:
        yield f"- labels: {fields.write_list(post.labels)}"
    if post.language is not None and post.language != document.language:
        yield f"- language: {post.language or fields.NONE}"
    if post.late_rule:
        yield f"- late: {post.late_rule}"


def _fenced(text: str) -> Iterator[str]:
    fence = "`" * max((len(run) + 1 for run in _RUN.findall(text)), default=3)
    yield fence
    yield from text.split("\n") if text else ()
    yield fence


def read(text: str) -> tuple[PlanDocument, list[Flaw]]:
    """The plan in a file, and what is wrong with the file; a block with a flaw is left out."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        if len(reader.flaws) >= FLAWS_TOLD:
            break
        reader.take(number, line)
    return reader.document(), reader.flaws


@dataclass
class _Block:
    """A post whose lines are being read; `broken`: one of them is wrong and was told."""

    line: int
    day: date | None
    clock: time = time()
    fold: int | None = None
    content_type: str = ""
    id: int | None = None
    state: str = ""
    text: str | None = None
    zone: str = ""
    accounts: tuple[str, ...] | None = None
    variants: dict[str, str | None] = field(default_factory=dict)
    media: list[MediaRef] = field(default_factory=list)
    warning: str = ""
    labels: tuple[str, ...] = ()
    language: str | None = None
    late: str = ""
    pillar: str = ""
    poll: PollRef | None = None
    card: CardRef | None = None
    first_comment: str = ""
    variant_of: str | None = None
    seen: set[str] = field(default_factory=set)
    broken: bool = False


class _Reader:
    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self._title = ""
        self._month: tuple[int, int] | None = None
        self._project_id: int | None = None
        self._zone = ""
        self._language: str | None = None
        self._bases: dict[int, Base] = {}
        self._day: date | None = None
        self._block: _Block | None = None
        self._posts: list[PlannedPost] = []
        self._fence = ""
        self._fence_line = 0
        self._body: list[str] = []
        self._comment = ""

    def take(self, number: int, line: str) -> None:
        if self._fence:
            if line.startswith(self._fence) and not line.strip(self._fence[0] + " \t"):
                self._end_text()
            else:
                self._body.append(line)
            return
        try:
            self._read(number, line.rstrip() if not line.isspace() else "")
        except SmmError as error:
            self._flaw(number, error.message)

    def document(self) -> PlanDocument:
        if self._fence:
            self._flaw(self._fence_line, _("The text that begins here has no end: {fence} is missing.").format(
                fence=self._fence
            ))  # fmt: skip
        self._end_block()
        return PlanDocument(
            tuple(self._posts),
            self._month,
            self._title,
            self._project_id,
            self._zone,
            self._language,
            self._bases,
        )

    def _flaw(self, number: int, message: str) -> None:
        self.flaws.append(Flaw(number, message))
        if self._block is not None:
            self._block.broken = True

    def _read(self, number: int, line: str) -> None:
        if self._comment:
            self._in_comment(number, line)
        elif not line:
            return
        elif line.startswith("<!--"):
            self._comment = "base" if line.removeprefix("<!--").strip() == "base" else "other"
            if line.endswith("-->"):
                self._comment = ""
        elif line.startswith("###"):
            self._begin_block(number, line)
        elif line.startswith("##"):
            self._begin_day(line)
        elif line.startswith("# ") or line == "#":
            self._title = line[1:].strip()
        elif match := _FENCE.fullmatch(_squeezed(line)):
            self._begin_text(number, match[1])
        elif line.startswith("- ") and ":" in line:
            self._line_of_list(line[2:].strip())
        else:
            raise InvalidInput(
                _("“{line}” belongs nowhere: texts stand between lines of ```.").format(line=shown(line))
            )

    def _line_of_list(self, line: str) -> None:
        if line.casefold().startswith(_TEXT_ON) and line.endswith(":"):
            self._begin_variant(fields.read_value(line[len(_TEXT_ON) : -1]))
        else:
            name, _colon, words = line.partition(":")
            self._field(name.strip().casefold(), words.strip())

    def _in_comment(self, number: int, line: str) -> None:
        if line.endswith("-->"):
            self._comment = ""
        elif self._comment == "base" and line:
            match = _BASE.fullmatch(line.strip())
            if match is None:
                raise InvalidInput(_("“{line}” is not a post with its hash.").format(line=shown(line)))
            self._bases[int(match[1])] = fields.read_base(match[2], number)

    def _begin_day(self, line: str) -> None:
        self._end_block()
        self._day = None
        day = line.removeprefix("##").split(maxsplit=1)[:1]
        if not day:
            raise InvalidInput(_("“{line}” names no day such as 2026-12-24.").format(line=shown(line)))
        self._day = fields.read_date(day[0])

    def _begin_block(self, number: int, line: str) -> None:
        self._end_block()
        block = self._block = _Block(number, self._day)
        match = _POST.fullmatch(_squeezed(line))
        if match is None:
            raise InvalidInput(
                _("“{line}” is not a post: write ### TIME TYPE, as ### 18:00 selling.").format(line=shown(line))
            )
        if self._day is None:
            raise InvalidInput(_("This post stands under no day: write ## 2026-12-24 above it."))
        block.clock, block.fold = fields.read_clock(match[1])
        block.content_type = match[2]
        for word in filter(None, (word.strip() for word in (match[3] or "").split(","))):
            if word.casefold().startswith("post "):
                block.id = fields.read_id(word[5:])
            elif word.casefold() in set(State):
                block.state = word.casefold()
            else:
                raise InvalidInput(_("“{word}” is neither a state nor a post's number.").format(word=shown(word)))

    def _begin_text(self, number: int, fence: str) -> None:
        self._fence, self._fence_line, self._body = fence, number, []
        if self._block is None:
            self._flaw(number, _("This text belongs to no post: write ### TIME TYPE above it."))

    def _end_text(self) -> None:
        line, text = self._fence_line, "\n".join(self._body)
        self._fence, self._body = "", []
        block = self._block
        if block is None:
            return
        if block.variant_of is not None:
            block.variants[block.variant_of] = text
            block.variant_of = None
        elif block.text is None:
            block.text = text
        else:
            self._flaw(line, _("This post has two texts; a text for one account stands under “- text on ACCOUNT:”."))

    def _begin_variant(self, account: str) -> None:
        block = self._block
        if block is None:
            raise InvalidInput(_("This text belongs to no post: write ### TIME TYPE above it."))
        if account in block.variants:
            raise InvalidInput(_("There are two texts for {account}.").format(account=shown(account)))
        block.variant_of = account
        block.variants[account] = None

    def _field(self, name: str, words: str) -> None:
        if self._block is None:
            self._head(name, words)
            return
        block = self._block
        if name != "media" and name in block.seen:
            raise InvalidInput(_("“{name}” stands here twice.").format(name=shown(name)))
        block.seen.add(name)
        if name in ("accounts", "account"):
            block.accounts = fields.read_list(words)
        elif name == "media":
            block.media.append(fields.read_media(words))
        elif name == "warning":
            block.warning = fields.read_value(words)
        elif name == "rubric":
            block.pillar = fields.read_value(words)
        elif name == "poll":
            block.poll = fields.read_poll(words)
        elif name == "link card":
            block.card = fields.read_card(words)
        elif name == "first comment":
            block.first_comment = fields.read_value(words)
        elif name == "labels":
            block.labels = fields.read_list(words)
        elif name == "language":
            block.language = "" if words.casefold() == fields.NONE else words
        elif name == "late":
            block.late = words
        elif name == "zone":
            block.zone = words
        else:
            raise InvalidInput(_("A post has no “{name}”.").format(name=shown(name)))

    def _head(self, name: str, words: str) -> None:
        if name == "project":
            self._project_id = fields.read_id(words)
        elif name == "month":
            match = _MONTH.fullmatch(words)
            if match is None or not 1 <= int(match[2]) <= 12:
                raise InvalidInput(_("“{words}” is not a month such as 2026-12.").format(words=shown(words)))
            self._month = int(match[1]), int(match[2])
        elif name == "zone":
            self._zone = words
        elif name == "language":
            self._language = "" if words.casefold() == fields.NONE else words
        else:
            raise InvalidInput(_("A plan has no “{name}”.").format(name=shown(name)))

    def _end_block(self) -> None:
        block = self._block
        if block is None:
            return
        for account, text in block.variants.items():
            if text is None:
                self._flaw(block.line, _("The text for {account} is missing.").format(account=shown(account)))
        self._block = None
        if block.broken or block.day is None:
            return
        self._posts.append(
            PlannedPost(
                block.day,
                block.clock,
                block.content_type,
                block.text or "",
                block.fold,
                block.zone or self._zone,
                block.accounts,
                tuple((account, text or "") for account, text in block.variants.items()),
                tuple(block.media),
                block.warning,
                block.labels,
                self._language if block.language is None else block.language,
                block.late,
                block.id,
                block.state,
                block.pillar,
                block.poll,
                block.card,
                block.first_comment,
                line=block.line,
            )
        )


def _squeezed(line: str) -> str:
    return " ".join(line.split())
