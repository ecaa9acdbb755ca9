"""Kinds of post take turns: where a sequence breaks a project's rules, and how places are given kinds that keep them.

Pure functions over days and names of kinds, in the order of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain.content_types import ContentType


class Turn(NamedTuple):
    """A post: its day and its kind."""

    day: date
    kind: str


class Rule(StrEnum):
    """What a kind may ask for."""

    IN_ROW = "in_row"
    GAP = "gap"
    PER_DAY = "per_day"


class Breach(NamedTuple):
    """Where a rule is broken: the turns (by position) that break it, or, for a gap, those at its ends."""

    rule: Rule
    kind: str
    turns: tuple[int, ...]
    first: date
    last: date


def breaches(turns: Sequence[Turn], kinds: Mapping[str, ContentType], first: date, last: date) -> list[Breach]:
    """Every broken rule among turns from `first` to `last`, both days included, by the day it begins."""
    found = [*_rows(turns, kinds), *_crowds(turns, kinds), *_gaps(turns, kinds, first, last)]
    return sorted(found, key=lambda breach: (breach.first, breach.rule, breach.kind))


def _rows(turns: Sequence[Turn], kinds: Mapping[str, ContentType]) -> Iterator[Breach]:
    start = 0
    for end in range(1, len(turns) + 1):
        if end < len(turns) and turns[end].kind == turns[start].kind:
            continue
        kind = kinds.get(turns[start].kind)
        if kind is not None and kind.max_in_row is not None and end - start > kind.max_in_row:
            yield Breach(Rule.IN_ROW, kind.name, tuple(range(start, end)), turns[start].day, turns[end - 1].day)
        start = end


def _crowds(turns: Sequence[Turn], kinds: Mapping[str, ContentType]) -> Iterator[Breach]:
    together: dict[Turn, list[int]] = {}
    for position, turn in enumerate(turns):
        together.setdefault(turn, []).append(position)
    for turn, positions in together.items():
        kind = kinds.get(turn.kind)
        if kind is not None and kind.max_per_day is not None and len(positions) > kind.max_per_day:
            yield Breach(Rule.PER_DAY, kind.name, tuple(positions), turn.day, turn.day)


def _gaps(turns: Sequence[Turn], kinds: Mapping[str, ContentType], first: date, last: date) -> Iterator[Breach]:
    for kind in kinds.values():
        if kind.max_gap_days is None:
            continue
        seen: tuple[int, ...] = ()
        since = first
        for position, turn in enumerate(turns):
            if turn.kind != kind.name:
                continue
            if (turn.day - since).days > kind.max_gap_days:
                yield Breach(Rule.GAP, kind.name, (*seen, position), since, turn.day)
            seen, since = (position,), turn.day
        if (last - since).days > kind.max_gap_days:
            yield Breach(Rule.GAP, kind.name, seen, since, last)


class Place(NamedTuple):
    """Room for a post: its day, and the kinds it may have. One kind alone: it is settled."""

    day: date
    kinds: tuple[str, ...]


class _State(NamedTuple):
    """All of the past that the rules ask about."""

    kind: str
    row: int
    day: date | None
    today: tuple[tuple[str, int], ...]  # kinds with a rule for a day -> posts so far on `day`
    since: tuple[date, ...]  # for each kind with a rule for gaps: the day of its last post


def assign(
    places: Sequence[Place], kinds: Mapping[str, ContentType], first: date, last: date
) -> tuple[str, ...] | None:
    """A kind for every place, so that no rule is broken and the shares come as near their bands as the rules allow.

    `places` are in the order of time, `first` and `last` the days between which gaps are counted. None when there is
    no such choice: every one was looked at.
    """
    return _Search(places, kinds, first, last).run()


class _Search:
    """Depth first, the kind that is furthest below its share first; what proved a dead end is not entered again."""

    def __init__(self, places: Sequence[Place], kinds: Mapping[str, ContentType], first: date, last: date) -> None:
        self._places = places
        self._kinds = kinds
        self._last = last
        self._gaps = [kind for kind in kinds.values() if kind.max_gap_days is not None]
        self._start = _State("", 0, None, (), tuple(first for _kind in self._gaps))
        self._dead: set[tuple[int, _State]] = set()

    def run(self) -> tuple[str, ...] | None:
        chosen: list[str] = []
        counts: Counter[str] = Counter()
        states = [self._start]
        options = [self._options(0, counts)]
        while True:
            position = len(chosen)
            if position == len(self._places):
                if self._may_end(states[-1]):
                    return tuple(chosen)
                options[-1] = iter(())
            entered = self._enter(position, states[-1], options[-1])
            if entered is not None:
                kind, state = entered
                chosen.append(kind)
                counts[kind] += 1
                states.append(state)
                options.append(self._options(position + 1, counts))
                continue
            self._dead.add((position, states.pop()))
            options.pop()
            if not chosen:
                return None
            counts[chosen.pop()] -= 1

    def _enter(self, position: int, state: _State, options: Iterator[str]) -> tuple[str, _State] | None:
        for kind in options:
            after = self._after(state, self._places[position].day, kind)
            if after is not None and (position + 1, after) not in self._dead:
                return kind, after
        return None

    def _options(self, position: int, counts: Counter[str]) -> Iterator[str]:
        if position == len(self._places):
            return iter(())
        return iter(sorted(self._places[position].kinds, key=lambda kind: self._urgency(kind, counts)))

    def _urgency(self, name: str, counts: Counter[str]) -> tuple[float, str]:
        """The lower, the further the kind is below the middle of its band, were it not chosen now."""
        kind = self._kinds.get(name)
        aim = 100 / max(1, len(self._kinds)) if kind is None or kind.share is None else sum(kind.share) / 2
        return (counts[name] + 0.5) / max(aim, 0.01), name

    def _after(self, state: _State, day: date, name: str) -> _State | None:
        """The state behind a post, or None when it would break a rule."""
        if any(self._overdue(kind, since, day) for kind, since in zip(self._gaps, state.since, strict=True)):
            return None
        kind = self._kinds.get(name)
        row = state.row + 1 if name == state.kind else 1
        today = dict(state.today) if day == state.day else {}
        if kind is not None:
            if kind.max_in_row is not None and row > kind.max_in_row:
                return None
            if kind.max_per_day is not None:
                today[name] = today.get(name, 0) + 1
                if today[name] > kind.max_per_day:
                    return None
        counted = min(row, kind.max_in_row) if kind is not None and kind.max_in_row is not None else 1
        since = tuple(
            self._settled(gap, day if gap.name == name else before)
            for gap, before in zip(self._gaps, state.since, strict=True)
        )
        return _State(name, counted, day, tuple(sorted(today.items())), since)

    def _settled(self, kind: ContentType, since: date) -> date:
        """The end itself where no gap can come any more: states that differ in nothing else are one."""
        return self._last if not self._overdue(kind, since, self._last) else since

    @staticmethod
    def _overdue(kind: ContentType, since: date, day: date) -> bool:
        return kind.max_gap_days is not None and (day - since).days > kind.max_gap_days

    def _may_end(self, state: _State) -> bool:
        return not any(
            self._overdue(kind, since, self._last) for kind, since in zip(self._gaps, state.since, strict=True)
        )


def shares(turns: Iterable[Turn]) -> dict[str, float]:
    """The part of each kind, in percent."""
    counts = Counter(turn.kind for turn in turns)
    total = counts.total()
    return {kind: 100 * count / total for kind, count in counts.items()}
