"""A report as a value: sections of sentences, tables and charts, in the client's language; the same as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from smm_tui.domain.clock import Instant


class Table(NamedTuple):
    """Rows of words under a header; the columns of `numbers` stand to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


class Chart(NamedTuple):
    """A curve or bars over labels; None: nothing was told there."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part. `as_of`: when the newest of its figures was true, None: none is known; `data`: them for machines."""

    name: str
    title: str
    sentences: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    as_of: Instant | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """A month of a client."""

    project_id: int
    title: str
    client: str
    language: str
    zone: str
    month: date
    made_at: Instant
    sections: tuple[Section, ...]
