"""A month or a week as a grid of days. Draws only the cells that change; knows nothing of where posts come from."""

from __future__ import annotations

from datetime import date

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from smm_tui import formats
from smm_tui.domain.inert import clip
from smm_tui.i18n import _
from smm_tui.widgets import month_cells
from smm_tui.widgets.line import Span, strip
from smm_tui.widgets.month_cells import Entry, MonthPlan, entry_line, spread
from smm_tui.widgets.styles import BOLD, CURSOR, DIM, HEAD, PLAIN


class MonthGrid(Widget, can_focus=True):
    """Shows a plan with the cursor on one of its days; a carried post lies on the cursor's day."""

    DEFAULT_CSS = "MonthGrid { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.plan = MonthPlan(1970, 1)
        self.cursor = date(1970, 1, 1)
        self.today: date | None = None
        self.carried: Entry | None = None
        self._keeps_origin = False
        self._weeks: list[list[date | None]] = []
        self._drawn: dict[date, list[list[Span]]] = {}
        self._drawn_size = Size()

    def show(self, plan: MonthPlan, cursor: date, today: date) -> None:
        """Show a plan; of the same month, only the days that differ are drawn again."""
        if (plan.weeks, today) != (self._weeks, self.today):
            self.plan, self.cursor, self.today = plan, cursor, today
            self._weeks = plan.weeks
            self._drawn.clear()
            self.refresh()
            return
        days = self.plan.days.keys() | plan.days.keys()
        changed = {day for day in days if self.plan.on(day) != plan.on(day)}
        named = self.plan.names.keys() | plan.names.keys()
        changed |= {day for day in named if self.plan.names.get(day) != plan.names.get(day)}
        self.plan = plan
        self._refresh_days(changed | self._move(cursor))

    def move(self, cursor: date) -> None:
        """Put the cursor on another day of the month."""
        self._refresh_days(self._move(cursor))

    def carry(self, entry: Entry | None, *, copy: bool = False) -> None:
        """Lift a post off its day, or a copy of it; None puts it back."""
        days = {self.cursor} | {item.wall.date() for item in (self.carried, entry) if item is not None}
        self.carried, self._keeps_origin = entry, copy
        self._refresh_days(days)

    def _move(self, cursor: date) -> set[date]:
        before, self.cursor = self.cursor, cursor
        return {before, cursor} if before != cursor else set()

    def _refresh_days(self, days: set[date]) -> None:
        for day in days:
            self._drawn.pop(day, None)
        regions = [region for day in days if (region := self.region_of(day)) is not None]
        if regions:
            self.refresh(*regions)

    def region_of(self, day: date) -> Region | None:
        """Where the cell of a day is, in the widget; None for a day of another month."""
        heights = self._heights()
        for row, week in enumerate(self._weeks):
            if day in week:
                column = week.index(day)
                widths = spread(self.size.width, 7)
                return Region(sum(widths[:column]), 1 + sum(heights[:row]), widths[column], heights[row])
        return None

    def render_line(self, y: int) -> Strip:
        if self.size != self._drawn_size:  # not on Resize: that comes after the first picture in the new size
            self._drawn_size = self.size
            self._drawn.clear()
        width = self.size.width
        widths = spread(width, 7)
        if y == 0:
            spans = [
                Span(clip(_(name), max(column - 1, 1), ellipsis="").ljust(column), DIM)
                for name, column in zip(formats.WEEKDAYS, widths, strict=True)
            ]
            return strip(spans, width)
        top = 1
        for week, height in zip(self._weeks, self._heights(), strict=True):
            if y < top + height:
                spans = []
                for day, column in zip(week, widths, strict=True):
                    spans += self._cell(day, column, height)[y - top] if day else [Span(" " * column)]
                return strip(spans, width)
            top += height
        return Strip.blank(width)

    def _heights(self) -> list[int]:
        return spread(self.size.height - 1, len(self._weeks)) if self._weeks else []

    def _cell(self, day: date, width: int, height: int) -> list[list[Span]]:
        lines = self._drawn.get(day)
        if lines is None:
            lines = self._drawn[day] = self._draw(day, width, height)
        return lines

    def _draw(self, day: date, width: int, height: int) -> list[list[Span]]:
        number = (BOLD + HEAD) if day == self.today else PLAIN
        if day == self.cursor:
            number += CURSOR
        carried = self.carried
        entries = self.plan.on(day)
        name = self.plan.names.get(day, "")
        cell = month_cells.cell if self.plan.monday is None else month_cells.tall_cell
        if carried is None:
            return cell(day, entries, width, height, number=number, name=name)
        if not self._keeps_origin:
            entries = tuple(entry for entry in entries if entry.post_id != carried.post_id)
        if day != self.cursor:
            return cell(day, entries, width, height, number=number, name=name)
        lines = cell(day, (carried, *entries), width, height, number=number, name=name)
        if height > 1:
            lines[1] = [Span(span.text, span.style + CURSOR) for span in entry_line(carried, width - 1)] + [Span(" ")]
        return lines
