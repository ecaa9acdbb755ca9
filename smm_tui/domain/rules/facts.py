"""All that rules and the spam score may ask about one message, each worked out at most once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.rules import folding
from smm_tui.domain.rules.hosts import hosts_of

if TYPE_CHECKING:
    import regex

NEW_AUTHOR: Instant = 7 * DAY
"""An author is new to a project for so long after the first thing they wrote there."""
CAPS_FROM = 10
"""In fewer letters, capitals say nothing."""
REMEMBERED = 50_000
"""Messages of a project among which repeats are looked for."""
LONGEST_WINDOW: Instant = 7 * DAY
"""Repeats are counted within at most so long."""


class Facts:
    """A message as rules see it. `new_author` None: nobody tells who wrote it. `spam`: 0 to 1, None: not known."""

    def __init__(
        self,
        text: str,
        *,
        kind: str = "comment",
        language: str = "",
        project_language: str = "",
        account: tuple[str, ...] = (),
        new_author: bool | None = None,
        repeats: Callable[[str, Instant], int] = lambda _by, _within: 1,
    ) -> None:
        self.text = text
        self.kind = kind
        self.language = language
        self.project_language = project_language
        self.account = account
        self.new_author = new_author
        self.repeats = repeats
        self.spam: float | None = None

    @cached_property
    def folded(self) -> str:
        """The text without masks on single characters."""
        return folding.fold(self.text)

    @cached_property
    def visible(self) -> str:
        """The text without what nobody sees."""
        return folding.visible(self.text)

    @cached_property
    def hosts(self) -> list[str]:
        """Where its links lead, one host for each link."""
        return hosts_of(self.folded)

    @cached_property
    def caps(self) -> int:
        """The share of capitals in its letters, in percent; 0 when there are few letters."""
        upper = sum(map(str.isupper, self.visible))
        cased = upper + sum(map(str.islower, self.visible))
        return 100 * upper // cased if cased >= CAPS_FROM else 0

    @cached_property
    def emoji(self) -> int:
        """How many emoji it has, a family or a flag counted as one."""
        return 0 if self.text.isascii() else sum(1 for _match in _emoji().finditer(self.text))


@cache
def _emoji() -> regex.Pattern[str]:
    import regex

    picture = r"[\p{Extended_Pictographic}--[\u0000-\u203B]]"
    return regex.compile(
        rf"\p{{RI}}\p{{RI}}|{picture}[\uFE0F\p{{EMod}}]*+(?:\u200D{picture}[\uFE0F\p{{EMod}}]*+)*+", regex.V1
    )


class _Said(NamedTuple):
    at: Instant
    message: int
    author: int


class Recent:
    """What was said on a project, the last `limit` messages, by what it says: who repeats whom."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self.limit = limit
        self._said: dict[str, list[_Said]] = {}
        self._order: deque[tuple[str, _Said]] = deque()

    def add(self, says: str, at: Instant, message: int, author: int | None) -> None:
        """Remember a message; `says` as of `folding.same_text`."""
        one = _Said(at, message, author or 0)
        insort(self._said.setdefault(says, []), one)
        self._order.append((says, one))
        if len(self._order) > self.limit:
            says, one = self._order.popleft()
            said = self._said[says]
            del said[bisect_left(said, one)]
            if not said:
                del self._said[says]

    def count(self, says: str, at: Instant, message: int, author: int | None, by: str, within: Instant) -> int:
        """How often the same was said until this message, itself included, at most `within` apart in time: by its
        author (``author``), or by how many different people (``authors``)."""
        said = self._said.get(says, [])
        first = bisect_left(said, at - within, key=lambda one: one.at)
        last = bisect_right(said, at + within, key=lambda one: one.at)
        near = [one for one in said[first:last] if one.message < message]
        if by == "author":
            return 1 + sum(1 for one in near if author and one.author == author)
        return len({one.author for one in near} | {author or 0})
