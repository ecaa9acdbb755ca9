"""The base of all screens: first line, body, status line, key bar; loading beside the screen; four states.

How to write a screen
---------------------
1. Declare its actions in :mod:`smm_tui.actions` under a scope of its own, and the scope's title in ``SCOPES``.
2. Write ``screens/foo.py``::

       class FooState(NamedTuple):           # all it shows, compared to know whether anything changed
           rows: tuple[FooRow, ...]

       class FooScreen(WorkspaceScreen[FooState]):
           SCOPE = "foo"
           CSS_PATH = "foo.tcss"             # optional; keep it small, it is parsed at the first visit

           def body(self) -> ComposeResult:  # the static skeleton, without data
               yield FooGrid(id="grid")

           def request(self) -> Job[FooState]:   # on the UI thread: take what the query needs ...
               client = self.desk.client
               return lambda w: FooState(tuple(w.foo_queries.rows(client)))   # ... this runs in a reader lane

           def empty(self, state: FooState) -> str:   # a sentence naming the key that fills it, or ""
               return "" if state.rows else _("Nothing here yet: {key} adds.").format(key=self.key("foo.new"))

           def show(self, state: FooState) -> None:   # on the UI thread, when the state differs from the last one
               self.query_one(FooGrid).show(state.rows)

           def action_new(self) -> None:     # the action "foo.new"
               self.desk.command(lambda w: w.foo.add(...))    # receipt or error appears by itself

           def unavailable(self, verb: str) -> str:   # why a key does nothing now, or ""
               return ""

3. Main screens (those with a ``g`` key) stand in ``app.MAIN``; others are pushed: ``self.app.push_screen(...)``.

``request`` is called again after every commit of this or another process, on return to the screen, and when the
client changes: never load by hand, call :meth:`reload`. The focused widget may have a ``SCOPE`` and actions of its
own (the list has ``list``). Text of strangers goes to the terminal through :mod:`smm_tui.widgets.line` or
``Content(inert(text))``, never as markup.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from smm_tui.domain import zones
from smm_tui.domain.clock import to_datetime
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.screens.desk import Chrome, Job, read_chrome
from smm_tui.screens.keyed import KeyedScreen, focus_quietly
from smm_tui.widgets.key_bar import KeyBar
from smm_tui.widgets.status_line import StatusLine
from smm_tui.widgets.tab_bar import Tab, TabBar, Tabs

State = TypeVar("State")

MIN_WIDTH, MIN_HEIGHT = 60, 16
"""Below this many cells a screen says so instead of drawing what nobody can read."""


class WorkspaceScreen(KeyedScreen[None], Generic[State]):
    """See the module's documentation."""

    FILTERS: ClassVar[bool] = False
    """Whether `/` filters this screen: `request` then heeds `filter_text`."""
    CLIENTS: ClassVar[bool] = True
    """Whether the client can be switched here; a screen that belongs to one thing of one client says no."""

    DEFAULT_CSS = """
    WorkspaceScreen {
        layers: base over top;
        background: ansi_default;
        &:ansi.-screen-suspended { text-style: none; }
        #tabs { dock: top; }
        #body { height: 1fr; margin-bottom: 2; }
        #notice { height: 1fr; margin: 1 2 2 2; display: none; }
        #bottom { dock: bottom; height: auto; layer: over; background: ansi_default; }
        #small { layer: top; dock: top; width: 100%; height: 100%; display: none; background: ansi_default; }
        &.-notice #body { display: none; }
        &.-notice #notice { display: block; }
        &.-small #small { display: block; }
    }
    """

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.state: State | None = None
        self.filter_text = ""
        self._shown_for: int | None = None  # the client whose data are there
        self._loading = False
        self._load_again = False
        self._notice = ""
        self._focused_before: Widget | None = None  # while the window is too small

    # -- what a screen fills in

    def body(self) -> ComposeResult:
        """The widgets between first line and status line, without data."""
        raise NotImplementedError

    def request(self) -> Job[State]:
        """The query that fills this screen; called on the UI thread, its result runs in a reader lane."""
        raise NotImplementedError

    def show(self, state: State) -> None:
        """Draw a state; called when it differs from the one shown."""
        raise NotImplementedError

    def empty(self, state: State) -> str:
        """The sentence that stands there instead of nothing; empty when there is something."""
        return ""

    def unavailable(self, verb: str) -> str:
        """Why an action of this screen cannot be done now; empty when it can."""
        return ""

    def dimmed(self) -> Sequence[str]:
        """The actions whose keys the key bar shows as doing nothing now."""
        return ()

    def start_anew(self) -> None:
        """`R` was pressed, or one came here from another main screen: what is only there because it was there before
        goes at the next load."""

    def undone(self) -> None:
        """A step was taken back from here."""

    def main_widget(self) -> Widget | None:
        """What has the focus when the screen is used."""
        return next((child for child in self.query("#body *").results(Widget) if child.can_focus), None)

    def leave(self) -> bool:
        """`esc` was pressed: close something of this screen (True), or let the screen itself close (False)."""
        if self.filter_text:
            self.close_filter()
            return True
        return False

    def bookmark(self) -> Any:
        """Where the user is on this screen, as JSON, to come back to after a restart."""
        return None

    def return_to(self, bookmark: Any) -> None:
        """Go where `bookmark` says, at the next load; whatever it is, it may be out of date."""

    def lead_to(self, bookmark: Any) -> None:
        """Go where `bookmark` says, from another screen: nothing may keep what is there out of sight."""
        if self.filter_text:
            self.close_filter()
        self.return_to(bookmark)
        self.state = None  # the next load is shown, although it may bring nothing new

    # -- what a screen may call

    def reload(self) -> None:
        """Load again; may be called at any time and as often as one likes."""
        self._load_again = True
        if not self._loading and self.is_mounted:
            self._loading = True
            self.desk.start(self._load())

    def key(self, action_id: str) -> str:
        """The key of an action, for sentences."""
        return self.keymap.shown(self.keymap.actions[action_id])

    def ask(self, title: str, sentences: Sequence[str], then: Callable[[], None], *, undoable: bool) -> None:
        """Ask before something dangerous; `then` is called after yes."""
        from smm_tui.screens.question import Question

        back = (
            _("{key} takes it back.").format(key=self.keymap.keys("global.undo")[0])
            if undoable
            else _("There is no way back.")
        )
        self.app.push_screen(Question(title, [*sentences, back]), lambda yes: then() if yes else None)

    def summarise(self, text: str) -> None:
        """What the status line says while there is no message."""
        self.query_one("#status", StatusLine).summarise(text)

    # -- the machinery

    def compose(self) -> ComposeResult:
        yield TabBar(self.desk.glyphs, id="tabs")
        with Vertical(id="body"):
            yield from self.body()
        yield Static(Content(_("Loading ...")), id="notice")
        with Vertical(id="bottom"):
            yield StatusLine(id="status")
            yield KeyBar(self.keymap, id="keys")
        yield Static(id="small")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self.set_class(self.state is None, "-notice")
        self.watch(self, "focused", self.show_keys, init=False)
        self.show_keys()
        self.show_chrome()
        self.show_message()
        self.call_after_refresh(self.reload)

    def forget_other_client(self) -> None:
        """What is there of another client than the chosen one is not seen again, nor sent down the line again."""
        if self.is_mounted and self.CLIENTS and self.state is not None and self._shown_for != self.desk.client:
            self.state = None
            self._show_notice(_("Loading ..."))

    def on_screen_resume(self) -> None:
        """Something may have happened meanwhile. What is there of another client is not seen again."""
        self.forget_other_client()
        self.show_chrome()
        self.show_message()
        self.reload()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is too little room."""
        width, height = event.size
        small = width < MIN_WIDTH or height < MIN_HEIGHT
        if small:
            sentence = _("This window has {width} x {height} cells; make it {min_width} x {min_height} or larger.")
            self.query_one("#small", Static).update(
                Content(
                    sentence.format(width=width, height=height, min_width=MIN_WIDTH, min_height=MIN_HEIGHT)
                    + " "
                    + _("q quits; nothing is lost.")
                )
            )
        if small != self.has_class("-small"):
            self.set_class(small, "-small")
            if small:  # nothing takes letters that nobody sees
                self._focused_before = self.focused
                self.set_focus(None)
            elif widget := self._focused_before or (None if self._notice else self.main_widget()):
                focus_quietly(widget)

    def accepts(self, key: str) -> bool:
        """In a window that is too small only the ways out work."""
        return not self.has_class("-small") or key in ("q", "esc")

    async def _load(self) -> None:
        try:
            while self._load_again:
                self._load_again = False
                try:
                    job, client = self.request(), self.desk.client
                    chrome, state = await self.desk.read(lambda w, job=job: (read_chrome(w), job(w)))  # type: ignore[misc]
                except asyncio.CancelledError:
                    raise
                except Exception as error:  # noqa: BLE001 - shown with the key that tries again
                    if not self._load_again and self._is_there:
                        self._show_error(error)
                    continue
                if not self._load_again and self._is_there:
                    self._show(chrome, state, client)
        finally:
            self._loading = False

    @property
    def _is_there(self) -> bool:
        """Whether there is something to draw on: a screen that is being closed has lost its widgets already."""
        return self.is_mounted and self.display

    def _show(self, chrome: Chrome, state: State, client: int | None) -> None:
        self.desk.chrome = chrome
        self.show_chrome()
        sentence = self.empty(state)
        changed = state != self.state
        self.state, self._shown_for = state, client
        self._show_notice(sentence)
        if changed and not sentence:
            self.show(state)

    def _show_error(self, error: BaseException) -> None:
        self.state = None
        sentence = self.desk.explain(error)
        self._show_notice(sentence + "\n\n" + _("{key} tries again.").format(key=self.key("global.refresh")))

    def _show_notice(self, sentence: str) -> None:
        if sentence != self._notice:
            self._notice = sentence
            self.query_one("#notice", Static).update(Content(inert(sentence, newlines=True)))
        self.set_class(bool(sentence), "-notice")
        if sentence:
            self.summarise("")
        elif self.focused is None and not self.has_class("-small") and (widget := self.main_widget()) is not None:
            focus_quietly(widget)

    def show_chrome(self) -> None:
        """Draw the first line from what the desk knows."""
        desk = self.desk
        waiting = dict(desk.chrome.waiting)
        tabs = [Tab("0", _("All"), "", 0, desk.client is None)]
        tabs += [
            Tab(str(row.hotkey or ""), row.name, row.colour, waiting.get(row.id, 0), row.id == desk.client)
            for row in desk.chrome.projects
        ]
        self.query_one("#tabs", TabBar).show(Tabs(tuple(tabs), self._clock(), desk.chrome.worker, desk.chrome.due))

    def _clock(self) -> str:
        now = self.desk.time
        if self.desk.project is None:
            return f"{to_datetime(now):%H:%M} UTC"
        zone = self.desk.project.timezone
        place = zone.rpartition("/")[2][:3].upper()
        return f"{zones.local(now, zone):%H:%M} {place}"

    def show_message(self) -> None:
        """Draw the status line from what the desk knows."""
        message = self.desk.message
        self.query_one("#status", StatusLine).show(message.text, message.kind)

    def show_hint(self, text: str) -> None:
        if text:
            self.query_one("#status", StatusLine).show(text, "info")
        else:
            self.show_message()

    def show_keys(self) -> None:
        """Draw the key bar for where the focus is."""
        without = ["global.back"] if self.CLIENTS else ["global.quit"]
        if not self.FILTERS:
            without.append("global.filter")
        self.query_one("#keys", KeyBar).show(self.scopes(), typing=self.typing, without=without, dim=self.dimmed())

    # -- the filter

    def open_filter(self) -> None:
        """Let the user type a filter; what is typed works at once."""
        from smm_tui.widgets.filter_line import FilterLine

        existing = self.query(FilterLine)
        if existing:
            focus_quietly(existing.first())
            return
        line = FilterLine(self.filter_text)
        self.query_one("#bottom", Vertical).mount(line, before="#status")
        focus_quietly(line)

    def set_filter(self, text: str) -> None:
        """Filter by a text; empty shows everything."""
        if text != self.filter_text:
            self.filter_text = text
            self.reload()

    def close_filter(self) -> None:
        """Show everything again."""
        from smm_tui.widgets.filter_line import FilterLine

        self.query(FilterLine).remove()
        self.set_filter("")
        self.focus_main()

    def focus_main(self) -> None:
        """Give the focus back to what the screen is about."""
        if (widget := self.main_widget()) is not None:
            focus_quietly(widget)
