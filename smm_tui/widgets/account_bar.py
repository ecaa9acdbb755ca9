"""Whose text is written: the common one or that of an account, with each account's count beside its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.domain.inert import cells, clip, inert
from smm_tui.i18n import _
from smm_tui.widgets.line import Span, strip
from smm_tui.widgets.styles import BAD, BOLD, CURSOR, DIM, PLAIN, WARN


class AccountTab(NamedTuple):
    """An account: whether the post goes there, whether it has a text of its own, how long that is there."""

    account_id: int
    name: str
    on: bool = True
    own: bool = False
    length: int | None = None
    limit: int = 0
    parts: int = 1
    wrong: bool = False


class AccountBar(Widget, can_focus=True):
    """One line; `account` is the one whose text is written, None: the common text."""

    SCOPE: ClassVar[str] = "accounts"
    DEFAULT_CSS = "AccountBar { height: 1; width: 1fr; }"

    class Chosen(Message):
        """Another text is to be written."""

        def __init__(self, account: int | None) -> None:
            super().__init__()
            self.account = account

    class Toggled(Message):
        """The post shall go to this account, or no longer."""

        def __init__(self, account: int) -> None:
            super().__init__()
            self.account = account

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.account: int | None = None
        self._tabs: tuple[AccountTab, ...] = ()

    def show(self, tabs: Sequence[AccountTab]) -> None:
        """Show these accounts."""
        if tuple(tabs) != self._tabs:
            self._tabs = tuple(tabs)
            self.refresh()

    def step(self, by: int) -> None:
        """Choose the text so many places further, round about."""
        ids = [None, *(tab.account_id for tab in self._tabs)]
        place = ids.index(self.account) if self.account in ids else 0
        self.account = ids[(place + by) % len(ids)]
        self.refresh()
        self.post_message(self.Chosen(self.account))

    def unavailable(self, verb: str) -> str:
        """Why the common text cannot be switched off."""
        if verb == "switch" and self.account is None:
            return _("Choose an account first, with the arrows: the common text has no switch.")
        return ""

    def action_next(self) -> None:
        """The next text."""
        self.step(1)

    def action_previous(self) -> None:
        """The text before."""
        self.step(-1)

    def action_switch(self) -> None:
        """The account on or off."""
        if self.account is not None:
            self.post_message(self.Toggled(self.account))

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is elsewhere."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width)
        groups = [self._common(), *(self._tab(tab) for tab in self._tabs)]
        lengths = [sum(cells(span.text) for span in group) for group in groups]
        ids = [None, *(tab.account_id for tab in self._tabs)]
        place = ids.index(self.account) if self.account in ids else 0
        first = 0
        while first < place and sum(lengths[first : place + 1]) > width:
            first += 1
        return strip([span for group in groups[first:] for span in group], width)

    def _common(self) -> list[Span]:
        active = self.account is None
        return [Span(f" {_('all accounts')} ", self._over(active)), Span(" ")]

    def _tab(self, tab: AccountTab) -> list[Span]:
        active = tab.account_id == self.account
        over = self._over(active)
        mark = "[x]" if tab.on else "[ ]"
        name = clip(inert(tab.name), 18)
        spans = [Span(f" {mark} {name}{'*' if tab.own else ''}", over if tab.on or active else DIM)]
        if tab.on and tab.wrong:
            spans.append(Span(" !", BAD + over))
        elif tab.on and tab.length is not None:
            style = WARN if tab.parts > 1 else PLAIN
            spans.append(Span(f" {tab.length}/{tab.limit}", style + over))
            if tab.parts > 1:
                spans.append(Span(f" ={tab.parts}", style + over))
        return [*spans, Span(" ", over), Span(" ")]

    def _over(self, active: bool) -> Style:
        if not active:
            return PLAIN
        return CURSOR + BOLD if self.has_focus else CURSOR
