"""What a list of things of one client is made of, as forms see it: questions, what stands in them, what answers do.

The lists and forms of screens and the verbs of the command line are made of such parts. Light to import: a service is
only named. Answers are words, as they are typed; what is wrong with one is an InvalidInput on its question's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.client import SegmentRow
from smm_tui.db.reads.scheme import Pillar
from smm_tui.domain.content_types import DEFAULTS, ContentTypes

if TYPE_CHECKING:
    from smm_tui.services.receipt import Receipt

Values = Mapping[str, str]
Options = Sequence[tuple[str, str]]
Queries = TypeVar("Queries")
Service = TypeVar("Service")


class Known(NamedTuple):
    """What the parts of a project refer to."""

    types: ContentTypes = DEFAULTS
    pillars: Sequence[Pillar] = ()
    accounts: Sequence[AccountRow] = ()
    today: date = date(1970, 1, 1)
    segments: Sequence[SegmentRow] = ()


class Question(NamedTuple):
    """One question of a form; `options` (value, title) where one of a few is chosen; `long`: lines of text."""

    name: str
    label: str
    help: str
    options: Callable[[Known], Options] | None = None
    long: bool = False


@dataclass(frozen=True, slots=True)
class Part(Generic[Queries, Service]):
    """One kind of things of a client. `name` is its noun, `title` what the list is called, `columns` which answers
    stand there; `identify` is the word that `edit` and `remove` know a row by.

    `defaults`: what stands in a new form. `fixed`: its rows are always the same, and only changed. `kept`: answers
    that stay as they were first given. `named`: a row is known by its name, not by a number. `asks`: the questions
    about one row, where they differ from row to row.
    """

    name: str
    title: str
    help: str
    empty: str
    questions: tuple[Question, ...]
    columns: tuple[str, str, str]
    rows: Callable[[Queries, int], Sequence[Any]]
    identify: Callable[[Any], str]
    values: Callable[[Any, Known], Values]
    document: Callable[[Any], Mapping[str, Any]]
    add: Callable[[Service, int, Values, Known], Receipt]
    edit: Callable[[Service, int, str, Values, Known], Receipt]
    remove: Callable[[Service, int, str], Receipt]
    defaults: Values = field(default_factory=dict)
    fixed: bool = False
    kept: tuple[str, ...] = ()
    named: bool = False
    asks: Callable[[Any], Sequence[Question]] | None = None

    def blank(self, known: Known) -> Values:
        """What stands in the form of a new one."""
        values = {
            question.name: question.options(known)[0][0] if question.options else "" for question in self.questions
        }
        return {**values, **self.defaults}

    def questions_of(self, row: Any) -> Sequence[Question]:
        """What is asked about a row; None: about a new one."""
        return self.questions if self.asks is None or row is None else self.asks(row)
