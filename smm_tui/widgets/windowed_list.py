"""A list for any number of rows: it knows the ids of all of them and the contents of those near the window.

A step of the cursor draws two lines again, nothing else. Rows are fetched when they come into sight and kept for a
while; what they say is drawn as inert text in columns that use the width there is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, NamedTuple, TypeAlias

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.domain.inert import inert
from smm_tui.glyphs import UNICODE, Glyphs
from smm_tui.widgets.line import Span, fit, strip
from smm_tui.widgets.styles import BOLD, CURSOR, DIM, HEAD, PLAIN

Id: TypeAlias = Hashable
Cells: TypeAlias = Sequence[str | Span]
Rows: TypeAlias = Mapping[Any, Cells]
Fetch: TypeAlias = Callable[[Sequence[Any]], Coroutine[Any, Any, Rows]]

_KEEP = 1000
"""Rows whose contents are kept."""

_AHEAD = 60
"""Rows beyond the window that are fetched with it, so that the next page is there when it is turned."""


class Column(NamedTuple):
    """A column of `width` cells; with `weight` it takes its share of what is left. Columns with the highest `drop`
    go first where there is too little room; 0 stays always."""

    title: str
    width: int
    weight: int = 0
    right: bool = False
    drop: int = 0


class WindowedList(Widget, can_focus=True):
    """The list. `fetch` brings the contents of some ids, usually ``lambda ids: desk.read(...)``."""

    SCOPE: ClassVar[str] = "list"
    DEFAULT_CSS = "WindowedList { height: 1fr; width: 1fr; }"

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, sender: WindowedList) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> WindowedList:
            return self.sender

    class Opened(Message):
        """A row was clicked twice."""

        def __init__(self, sender: WindowedList) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> WindowedList:
            return self.sender

    def __init__(
        self,
        columns: Sequence[Column],
        fetch: Fetch | None = None,
        *,
        glyphs: Glyphs = UNICODE,
        header: bool = True,
        selectable: bool = True,
        always_active: bool = False,
        nothing: str = "",
        cursor_columns: int = 2,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._fetch = fetch
        self._glyphs = glyphs
        self._header = header
        self._selectable = selectable
        self._cursor_columns = cursor_columns  # how many columns the cursor covers: each costs bytes at every step
        self.on_move: Callable[[], None] | None = None  # called at once, for what belongs into the same frame
        self._nothing = nothing  # what stands in the first line of an empty list
        self._always_active = always_active  # the cursor shows although the focus is elsewhere
        self._ids: Sequence[Any] = ()
        self._rows: dict[Any, Cells] = {}
        self._asked: set[Any] = set()
        self._wanted: Any = None
        self._cursor = 0
        self._top = 0
        self._selected: set[Any] = set()
        self._anchor: int | None = None

    # -- what it shows

    def show(self, ids: Sequence[Any], rows: Rows | None = None) -> None:
        """Show these ids; `rows` are contents known already. The cursor stays on its row, or near where it was."""
        wanted = self._wanted if self._wanted is not None else self.current
        self._wanted = None
        self._ids = ids
        if rows is not None:
            self._rows = dict(rows)
        self._asked.clear()
        if wanted is not None and not (self._cursor < len(ids) and ids[self._cursor] == wanted):
            with suppress(ValueError):
                self._cursor = ids.index(wanted)
        self._cursor = max(min(self._cursor, len(ids) - 1), 0)
        self._anchor = None
        if self._selected:
            self._selected &= set(ids)
        self._keep_in_sight()
        self.refresh()
        self._ask()
        self._moved()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns from now on; rows with as many cells are shown next."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._ids, self._rows, self._cursor, self._top = (), {}, 0, 0
            self.refresh()

    def update(self, rows: Rows) -> None:
        """Other contents for some of the rows."""
        changed = {row_id for row_id, cells in rows.items() if self._rows.get(row_id) != cells}
        self._rows.update(rows)
        in_sight = range(self._top, min(self._top + self._page, len(self._ids)))
        self._draw_places(*(place for place in in_sight if self._ids[place] in changed))

    def want(self, row_id: Any) -> None:
        """Put the cursor on this row when the ids come."""
        self._wanted = row_id

    def near(self, ahead: int = _AHEAD) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """A function that picks of new ids those which will be in sight, and `ahead` of them on both sides: for a
        query that fetches both at once."""
        wanted = self._wanted if self._wanted is not None else self.current
        cursor, top, height = self._cursor, self._top, max(self._page, 50)

        def pick(ids: Sequence[Any]) -> Sequence[Any]:
            place, first = cursor, top
            if wanted is not None and not (place < len(ids) and ids[place] == wanted) and wanted in ids:
                place = ids.index(wanted)
            if not first <= place < first + height:
                first = place - height // 2
            return ids[max(first - ahead, 0) : max(first, 0) + height + ahead]

        return pick

    @property
    def current(self) -> Any:
        """The id under the cursor, None in an empty list."""
        return self._ids[self._cursor] if self._cursor < len(self._ids) else None

    @property
    def position(self) -> int:
        """The place of the cursor, from 0."""
        return self._cursor

    def __len__(self) -> int:
        return len(self._ids)

    def __bool__(self) -> bool:
        return True

    @property
    def chosen(self) -> list[Any]:
        """What a command should act on: the selected rows in their order, else the one under the cursor."""
        selected = self._selected | self._ranged()
        if selected:
            return [row_id for row_id in self._ids if row_id in selected]
        return [] if self.current is None else [self.current]

    @property
    def selected(self) -> int:
        """How many rows are selected."""
        return len(self._selected | self._ranged())

    def select(self, row_ids: Iterable[Any]) -> None:
        """Select these rows besides those that are."""
        self._selected |= set(row_ids) & set(self._ids)
        self._anchor = None
        self.refresh()
        self._moved()

    def clear_selection(self) -> bool:
        """Select nothing; False if nothing was."""
        had = bool(self._selected) or self._anchor is not None
        self._selected.clear()
        self._anchor = None
        if had:
            self.refresh()
            self._moved()
        return had

    def move_to(self, place: int) -> None:
        """Put the cursor on the row at a place."""
        self._move(place - self._cursor)

    def advance_to(self, place: int) -> None:
        """Put the cursor on the row at a place, which becomes the first in sight if it was out of it: whoever goes
        through a list row by row then sees a page drawn again once a page, not once a row."""
        if not self._top <= place < self._top + self._page:
            self._top = max(min(place, len(self._ids) - self._page), 0)
            self.refresh()
            self._ask()
        self.move_to(place)

    # -- drawing

    @property
    def _page(self) -> int:
        return max(self.size.height - (1 if self._header else 0), 1)

    def _widths(self, width: int) -> list[int]:
        """The cells of each column, 0 for one that is dropped; one cell between them."""
        kept = list(self._columns)
        room = width - 3
        while len(kept) > 1 and sum(column.width + 1 for column in kept) - 1 > room:
            worst = max(kept, key=lambda column: column.drop)
            if not worst.drop:
                break
            kept.remove(worst)
        left = room - (sum(column.width + 1 for column in kept) - 1)
        weights = sum(column.weight for column in kept)
        widths = []
        for column in self._columns:
            if not any(column is other for other in kept):
                widths.append(0)
                continue
            share = left * column.weight // weights if column.weight and left > 0 else 0
            left, weights = left - share, weights - column.weight  # the last one takes what rounding left over
            widths.append(column.width + share)
        if left < 0:  # nothing more can be dropped: the roomiest column gives way
            roomiest = widths.index(max(widths))
            widths[roomiest] = max(widths[roomiest] + left, 1)
        return widths

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._header:
            if y == 0:
                spans = [Span(" ")]
                for column, cells in zip(self._columns, self._widths(width), strict=True):
                    if cells:
                        spans.append(Span(" " + fit(column.title, cells, right=column.right)))
                return strip(spans, width, style=DIM + HEAD)
            y -= 1
        place = self._top + y
        if place >= len(self._ids):
            return strip([Span(f"  {self._nothing}", DIM)] if not self._ids and y == 0 else [], width)
        row_id = self._ids[place]
        row = self._rows.get(row_id)
        marked = row_id in self._selected or self._in_range(place)
        lead = PLAIN
        if place == self._cursor:
            lead = CURSOR if self.has_focus or self._always_active else BOLD
        mark = self._glyphs.right if place == self._cursor else " "
        spans = [Span(mark, lead), Span(self._glyphs.marked if marked else " ", BOLD + lead)]
        if row is None:
            spans.append(Span(self._glyphs.ellipsis, DIM))
        else:
            for n, (column, cells, cell) in enumerate(zip(self._columns, self._widths(width), row, strict=True)):
                if cells:
                    text, style = cell if isinstance(cell, Span) else (cell, PLAIN)
                    text = fit(text, cells, right=column.right, ellipsis=self._glyphs.ellipsis)
                    covered = n < self._cursor_columns and lead is not PLAIN
                    spans += [Span(text, lead if covered else style), Span(" ", lead if covered else PLAIN)]
            spans.pop()
        return strip(spans, width, ellipsis=self._glyphs.ellipsis)

    def text_of(self, row_id: Any) -> str:
        """What a row says, for messages; empty while it is not known."""
        row = self._rows.get(row_id, ())
        return inert(" ".join(cell.text if isinstance(cell, Span) else cell for cell in row if cell))

    def _draw_places(self, *places: int) -> None:
        header = 1 if self._header else 0
        width = self.size.width
        regions = [
            Region(0, place - self._top + header, width, 1)
            for place in places
            if self._top <= place < self._top + self._page
        ]
        if regions:
            self.refresh(*regions)

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer rows are in sight."""
        if self._keep_in_sight():
            self.refresh()
        self._ask()

    def on_focus(self) -> None:
        """The cursor is drawn differently."""
        self._draw_places(self._cursor)

    def on_blur(self) -> None:
        """The cursor is drawn differently."""
        self._draw_places(self._cursor)

    # -- fetching

    def _ask(self) -> None:
        """Fetch what is in sight, or may be after the next key, and not known."""
        if self._fetch is None or not self.size.height:
            return
        nearby = self._ids[max(self._top - self._page, 0) : self._top + 2 * self._page]
        if all(row_id in self._rows or row_id in self._asked for row_id in nearby):
            return
        around = self._ids[max(self._top - self._page - _AHEAD, 0) : self._top + 2 * self._page + _AHEAD]
        missing = [row_id for row_id in around if row_id not in self._rows and row_id not in self._asked]
        self._asked.update(missing)
        self.run_worker(self._bring(self._fetch, missing), exit_on_error=False)

    async def _bring(self, fetch: Fetch, missing: Sequence[Any]) -> None:
        ids = self._ids
        rows = await fetch(missing)
        self._asked.difference_update(missing)
        if ids is not self._ids:
            return
        in_sight = ids[self._top : self._top + self._page]
        awaited = any(row_id in rows for row_id in in_sight)
        if len(self._rows) + len(rows) > _KEEP:
            self._rows = {row_id: self._rows[row_id] for row_id in in_sight if row_id in self._rows}
        self._rows.update(rows)
        if awaited:
            self.refresh()

    # -- moving

    def _keep_in_sight(self) -> bool:
        before = self._top
        page = self._page
        self._top = min(max(self._top, self._cursor - page + 1), self._cursor)
        self._top = max(min(self._top, len(self._ids) - page), 0)
        return self._top != before

    def _move(self, by: int) -> None:
        before = self._cursor
        self._cursor = max(min(before + by, len(self._ids) - 1), 0)
        if self._cursor == before:
            return
        if self._keep_in_sight():
            self.refresh()
            self._ask()
        elif self._anchor is not None:
            self._draw_places(*range(min(before, self._cursor), max(before, self._cursor) + 1))
        else:
            self._draw_places(before, self._cursor)
        self._moved()

    def action_down(self) -> None:
        """Next row."""
        self._move(1)

    def action_up(self) -> None:
        """Row before."""
        self._move(-1)

    def action_page_down(self) -> None:
        """A page on: the last row in sight becomes the first."""
        self._turn(max(self._page - 1, 1))

    def action_page_up(self) -> None:
        """A page back."""
        self._turn(-max(self._page - 1, 1))

    def _moved(self) -> None:
        if self.on_move is not None:
            self.on_move()
        self.post_message(self.Moved(self))

    def _turn(self, by: int) -> None:
        top = max(min(self._top + by, len(self._ids) - self._page), 0)
        if top != self._top:
            self._top = top
            self.refresh()
        self._move(by)
        self._ask()

    def action_first(self) -> None:
        """First row."""
        self._move(-len(self._ids))

    def action_last(self) -> None:
        """Last row."""
        self._move(len(self._ids))

    # -- selecting

    def unavailable(self, verb: str) -> str:
        """Why rows cannot be selected."""
        from smm_tui.i18n import _

        if verb in ("select", "range", "select_all") and not self._selectable:
            return _("Rows cannot be selected here.")
        return ""

    def _ranged(self) -> set[Any]:
        if self._anchor is None:
            return set()
        first, last = sorted((self._anchor, self._cursor))
        return set(self._ids[first : last + 1])

    def _in_range(self, place: int) -> bool:
        if self._anchor is None:
            return False
        return min(self._anchor, self._cursor) <= place <= max(self._anchor, self._cursor)

    def action_select(self) -> None:
        """Select the row, or no longer; then the next one."""
        if self.current is None:
            return
        self._selected ^= {self.current}
        self._draw_places(self._cursor)
        if self._cursor == len(self._ids) - 1:
            self._moved()
        self._move(1)

    def action_range(self) -> None:
        """Begin a range; end it, keeping what it holds."""
        if self._anchor is None:
            self._anchor = self._cursor
        else:
            self._selected |= self._ranged()
            self._anchor = None
        self._draw_places(self._cursor)
        self._moved()

    def action_select_all(self) -> None:
        """Select everything, or nothing."""
        everything = set(self._ids)
        self._selected = set() if self._selected == everything else everything
        self._anchor = None
        self.refresh()
        self._moved()

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; twice opens."""
        place = self._top + event.y - (1 if self._header else 0)
        if 0 <= place < len(self._ids) and event.y >= (1 if self._header else 0):
            self.move_to(place)
            if event.chain == 2:
                self.post_message(self.Opened(self))

    def on_mouse_scroll_down(self) -> None:
        """Three rows on."""
        self._move(3)

    def on_mouse_scroll_up(self) -> None:
        """Three rows back."""
        self._move(-3)
