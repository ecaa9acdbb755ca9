"""What part of the posts each kind has: planned, published, and with what is still open, against what is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.content_types import Band, ContentTypes
from smm_tui.services.places import OpenPlace
from smm_tui.services.proposal import assigned

WINDOW: Instant = 28 * DAY
"""What was published is looked at over so long: four weeks hold each weekday equally often."""


class Portion(NamedTuple):
    """A kind's part in percent; None where there is nothing to count. `share` is what is meant."""

    kind: str
    posts: int
    planned: int | None
    published: int | None
    forecast: int | None
    share: Band | None

    @property
    def off(self) -> bool:
        """Whether the month will end outside of what is meant."""
        return (
            self.share is not None
            and self.forecast is not None
            and not (self.share.low <= self.forecast <= self.share.high)
        )


def portions(
    types: ContentTypes,
    taken: Sequence[tuple[str, str]],
    published: Mapping[str, int],
    places: Sequence[OpenPlace],
    span: tuple[date, date],
) -> Iterator[Portion]:
    """Each kind that is used or meant, in the project's order. `taken` are the month's posts: wall time and kind.

    The forecast counts the open places as filled: free ones get the kinds that keep the rules.
    """
    planned = Counter(kind for _wall, kind in taken)
    ahead = planned + Counter(assigned(taken, places, types, span)[0])
    names = [*types, *(kind for kind in ahead if kind not in types)]
    for name in names:
        kind = types.get(name)
        share = kind.share if kind is not None else None
        if share is None and not (ahead[name] or published.get(name)):
            continue
        yield Portion(
            name,
            planned[name],
            _percent(planned[name], planned.total()),
            _percent(published.get(name, 0), sum(published.values())),
            _percent(ahead[name], ahead.total()),
            share,
        )


def _percent(count: int, total: int) -> int | None:
    return round(100 * count / total) if total else None
