"""The workspace as a program: its main screens, keys that hold everywhere, news of changes, the worker within."""

from __future__ import annotations

import os

# Read by Textual when it is imported. The frames a second are how long what comes after a key's first frame waits for
# the next; nothing is drawn that did not change.
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_FPS", "200")

import asyncio
import gc
import importlib
import json
import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen

from smm_tui.actions import SCOPES
from smm_tui.domain.clock import MINUTE
from smm_tui.domain.errors import SmmError, WrongClient
from smm_tui.glyphs import choose
from smm_tui.i18n import LANGUAGES, _, language, use_language
from smm_tui.keymap import Keymap
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.keyed import KeyedScreen
from smm_tui.screens.type_ahead import TypeAheadMixin
from smm_tui.terminal.frame_diff import FrameDiffMixin
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.profile import LineProfile, detect

if TYPE_CHECKING:
    from smm_tui.bootstrap import Workspace
    from smm_tui.screens.menu import Entry

MAIN = {
    "today": "smm_tui.screens.today:TodayScreen",
    "moderation": "smm_tui.screens.moderation:ModerationScreen",
    "rules": "smm_tui.screens.rules:RulesScreen",
    "questions": "smm_tui.screens.questions:QuestionsScreen",
    "replies": "smm_tui.screens.replies:RepliesScreen",
    "bans": "smm_tui.screens.bans:BansScreen",
    "projects": "smm_tui.screens.projects:ProjectsScreen",
    "deliveries": "smm_tui.screens.deliveries:DeliveriesScreen",
    "ads": "smm_tui.screens.ads:AdsScreen",
    "insight": "smm_tui.screens.insight:InsightScreen",
    "pages": "smm_tui.screens.pages:PagesScreen",
    "setup": "smm_tui.screens.setup:SetupScreen",
    "brief": "smm_tui.screens.brief:BriefScreen",
    "calendar": "smm_tui.screens.calendar:CalendarScreen",
    "work": "smm_tui.screens.work:WorkScreen",
    "lesson": "smm_tui.screens.lesson:LessonScreen",
}
"""The main screens by name, imported at their first visit. Each has an action ``global.<name>``."""

OVER = {
    "handbook": "smm_tui.screens.handbook:HandbookScreen",
    "composer": "smm_tui.screens.composer:ComposerScreen",
    "comments": "smm_tui.screens.comments:CommentsScreen",
    "evidence": "smm_tui.screens.evidence:EvidenceScreen",
    "pictures": "smm_tui.screens.pictures:PicturesScreen",
    "campaign": "smm_tui.screens.campaign:CampaignScreen",
    "page": "smm_tui.screens.page:PageScreen",
    "audience": "smm_tui.screens.ad_set:AdSetScreen",
}
"""Screens over a main screen that a new start opens again, by their scope; their bookmarks are their arguments."""

HOME = "today"
LANGUAGE = "desk.language"
"""The remembered fact that says which language was chosen here; what the settings say comes before it."""

PLACE = "desk.place"
"""The remembered fact that says where the user was: JSON {client, screen, at, over}."""

_LOOK = 1.0
"""Seconds between two looks at whether another process has changed the database."""

_PAUSE = 0.25
"""Seconds at least between two reloads, so that a busy worker does not keep the screen drawing."""

_LAST_KEYS = 2.0
"""Seconds that the end of the program waits for what was typed before it to be kept."""

_LAST_WORK = 10.0
"""Seconds that the end of the program waits for a delivery that is on its way."""


class DataChanged(Message):
    """Something was committed, by this process or another."""


class WorkspaceApp(TypeAheadMixin, FrameDiffMixin, App[int], inherit_bindings=False):
    """The workspace on a terminal. All state that screens share is in `desk`."""

    SCOPE: ClassVar[str] = "global"
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    def __init__(
        self,
        workspace: Workspace,
        *,
        profile: LineProfile | None = None,
        run_worker: bool = True,
        begin_with: Job[object] | None = None,
    ) -> None:
        """`run_worker`: publish from within, while no other process does. `begin_with` is written after the first
        data are shown."""
        profile = profile or line_profile(workspace)
        super().__init__(line_profile=profile, ansi_color=True)  # the terminal's own colours, never their RGB
        self.animation_level = "none"
        self.set_reactive(App.theme, "ansi-dark")  # not by assignment: that would parse all styles twice
        self.stylesheet.set_variables(self.get_css_variables())  # the styles were given those of another theme
        self.workspace = workspace
        self.desk = Desk(
            workspace,
            self,
            keymap=Keymap(workspace.settings.keys),
            glyphs=choose(profile.ascii),
            slow=profile.slow,
        )
        self.failure = ""
        self._with_worker = run_worker
        self._begin_with = begin_with
        self._main: dict[str, WorkspaceScreen[Any]] = {}
        self._trail: list[str] = []
        self._here = HOME
        self._place = ""
        self._over: Any = None
        self._ending: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pausing = self._changed_meanwhile = self._minute_passed = False

    def tasks_of_keys(self) -> set[asyncio.Task[Any]]:
        """What actions have started and that has not ended."""
        return self.desk.tasks

    # -- beginning and end

    def get_default_screen(self) -> Screen[Any]:
        """Begin where the user was."""
        self._speak()
        place = self._remembered()
        client, name = place.get("client"), place.get("screen")
        self.desk.client = client if isinstance(client, int) else None
        home = "lesson" if self.workspace.is_lesson else HOME
        self._here = name if isinstance(name, str) and name in MAIN else home
        screen = self._screen(self._here)
        screen.return_to(place.get("at"))
        self._over = place.get("over")
        screen._push_result_callback(screen, None)  # Textual's switch_screen pops one, but the first screen has none
        self._load_screen_css(screen)  # Textual does it for every screen but the first
        return screen

    def on_mount(self) -> None:
        """Let the first picture be painted, then start what takes time."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGHUP, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, self._end, 128 + number)
        if self.desk.keymap.problems:
            self.desk.say(" ".join(self.desk.keymap.problems), "error")
        self.call_after_refresh(lambda: self.desk.start(self._begin()))

    async def _begin(self) -> None:
        """After the first data: the worker's imports would only keep them waiting."""
        if not self.is_headless:
            from smm_tui.terminal.hangup import watch_hangup

            for fd in (0, 2):  # where Textual reads, and where it draws
                watch_hangup(fd, partial(self._end, 128 + signal.SIGHUP))
        if first := self.desk.tasks - {asyncio.current_task()}:
            await asyncio.wait(first)
        self._open_again()
        gc.freeze()  # what is there now stays until the end; see cli.workspace
        gc.enable()
        self.workspace.db.on_commit(self._wake.set)
        if self._begin_with is not None:
            self.desk.later(self._begin_with)
        self._thread(self._watch, "watch")
        if self._with_worker:
            self._thread(self._work, "worker")
        self._wait_for_minute()

    def _open_again(self) -> None:
        """Open what lay over the main screen when the user was here last."""
        if self._over is None or self.screen is not self._main[self._here]:
            return
        self.remember_place()  # without it: should it be what ends the program, the next start is free of it
        with suppress(TypeError, ValueError, KeyError):
            name, arguments = self._over
            self.push_screen(_imported(OVER[name])(**arguments))

    def _end(self, status: int) -> None:
        """The line has dropped, or somebody wants the program to end: keep what was typed, then leave."""

        async def end() -> None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.all_typed()), _LAST_KEYS)
            self.exit(status)

        if self._ending is None:  # a dropped line is told in several ways
            self._ending = asyncio.create_task(end())

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End, after noting where the user is."""
        self.remember_place()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        """Finish what was asked for: writes, and the delivery on its way."""
        self._stop.set()
        self._wake.set()
        if tasks := self.desk.tasks:
            await asyncio.wait(tasks, timeout=_LAST_KEYS)
        await asyncio.to_thread(self.desk.close)
        for thread in self._threads:
            await asyncio.to_thread(thread.join, _LAST_WORK)

    def _thread(self, work: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        """Publish, whenever no other process leads."""
        try:
            worker = self.workspace.worker()
            gc.freeze()  # the heavy half of the program was just imported, and stays
            worker.run(self._stop)
        except Exception as error:  # noqa: BLE001 - the screen must say that nothing goes out any more
            if self._stop.is_set():
                self.desk.log(error)
            else:
                self.call_from_thread(self.desk.say_error, error)

    def _fatal_error(self) -> None:
        """A mistake of the program itself: into the log with it, and a sentence instead of a traceback."""
        import sys

        if (error := sys.exc_info()[1]) is not None:
            self.failure = self.desk.explain(error)
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """As `_fatal_error`, for errors that Textual reports itself."""
        self._fatal_error()

    # -- news

    def _watch(self) -> None:
        """Notice every commit. One thread, because SQLite counts changes for each connection by itself."""
        last: int | None = None
        while not self._stop.is_set():
            try:
                version = self.workspace.db.version()
            except SmmError:
                version = -1  # the load that follows tells the user
            if last is not None and version != last:
                self.post_message(DataChanged())
            last = version
            self._wake.wait(_LOOK)
            self._wake.clear()

    def on_data_changed(self) -> None:
        """Load again what is seen: at once, or a little later if that was just done."""
        if self._pausing:
            self._changed_meanwhile = True
            return
        self._pausing = True
        self.set_timer(_PAUSE, self._end_pause)
        self.reload()

    def _end_pause(self) -> None:
        self._pausing = False
        if self._changed_meanwhile:
            self._changed_meanwhile = False
            self.on_data_changed()

    def _wait_for_minute(self) -> None:
        now = self.workspace.clock()
        self.set_timer((MINUTE - now % MINUTE) / 1000 + 0.02, self._minute)

    def _minute(self) -> None:
        self._wait_for_minute()
        self.remember_place()
        if self.desk.slow:  # nothing is sent down a slow line by itself: the time goes on with the next key
            self._minute_passed = True
        else:
            self._show_time()

    def _show_time(self) -> None:
        self._minute_passed = False
        self.desk.time = self.workspace.clock()
        self.show_chrome()
        self.reload()

    async def on_event(self, event: events.Event) -> None:
        """Let the time go on with a key, if it stood still."""
        if self._minute_passed and isinstance(event, events.Key):
            self._show_time()
        await super().on_event(event)

    # -- what the desk asks of its host

    @property
    def seen(self) -> WorkspaceScreen[Any] | None:
        """The topmost screen, whatever box lies over it."""
        return next((s for s in reversed(self.screen_stack) if isinstance(s, WorkspaceScreen) and s.is_mounted), None)

    def go(self, name: str, at: Any = None) -> None:
        """Show a main screen, closing whatever lies over the one before."""
        if at is not None:
            self._screen(name).lead_to(at)
        self._trail = [step for step in self._trail if step != name]
        if name != self._here:
            self._trail.append(self._here)
        self._switch(name)

    def ask_to_let_pass(self, error: WrongClient, then: Callable[[], None]) -> None:
        """Ask with a key of its own, so that nobody lets it pass by habit."""
        from smm_tui.screens.question import WrongClientQuestion

        self.push_screen(WrongClientQuestion(error), lambda passed: then() if passed else None)

    def show_message(self) -> None:
        """Draw the desk's message."""
        if self.seen is not None:
            self.seen.show_message()

    def show_chrome(self) -> None:
        """Draw the first line."""
        if self.seen is not None:
            self.seen.show_chrome()

    def reload(self) -> None:
        """Load again what is seen."""
        if self.seen is not None:
            self.seen.reload()

    def _switch(self, name: str) -> None:
        self.desk.say("")
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._here = name
        self._screen(name).start_anew()
        self._screen(name).forget_other_client()
        self.switch_screen(self._screen(name))
        self._screen(name).reload()  # one may have been there already

    def _screen(self, name: str) -> WorkspaceScreen[Any]:
        if name not in self._main:
            screen: WorkspaceScreen[Any] = _imported(MAIN[name])(name=name)
            self.install_screen(screen, name)
            self._main[name] = screen
        return self._main[name]

    # -- where the user was

    def remember_place(self) -> None:
        """Write down client, screen, row and what lies over it, if they changed."""
        screen = self._main.get(self._here)
        at = screen.bookmark() if screen is not None and screen.is_mounted else None
        over = self.seen
        again = [over.SCOPE, over.bookmark()] if over is not None and over.SCOPE in OVER else None
        place = json.dumps({"client": self.desk.client, "screen": self._here, "at": at, "over": again})
        if place != self._place:
            self._place = place
            self.desk.later(lambda w: w.records.remember(PLACE, place))

    def _speak(self) -> None:
        """The language that was chosen here, unless the settings name one."""
        with suppress(SmmError):  # whoever loads the first screen says what is wrong with the database
            chosen = "" if self.workspace.settings.language else self.workspace.records.setting(LANGUAGE)
            if chosen in LANGUAGES:
                use_language(chosen)

    def _remembered(self) -> dict[str, Any]:
        try:
            self._place = self.workspace.records.setting(PLACE) or ""
            place = json.loads(self._place or "{}")
        except (SmmError, ValueError):
            return {}
        return place if isinstance(place, dict) else {}

    # -- keys that hold everywhere

    def unavailable(self, verb: str) -> str:
        """Why one of them does nothing here."""
        screen = self.seen
        if verb == "lesson" and not self.workspace.is_lesson:
            return _("This is no lesson: `smm-tui learn` opens one.")
        if verb == "filter" and screen is not None and not screen.FILTERS:
            return _("There is nothing to filter here.")
        if verb in ("client", "all_clients") and screen is not None and not screen.CLIENTS:
            return _("This belongs to one client: close it first ({key}).").format(key="esc")
        return ""

    def action_client(self, key: str) -> None:
        """Switch to the client of a digit."""
        row = next((row for row in self.desk.chrome.projects if str(row.hotkey) == key), None)
        if row is None:
            self.desk.say(_("No client has the key {key}.").format(key=key))
        else:
            self.desk.choose(row.id)

    def action_all_clients(self) -> None:
        """Show all clients."""
        self.desk.choose(None)

    def action_today(self) -> None:
        """Go to Today."""
        self.go("today")

    def action_moderation(self) -> None:
        """Go to Moderation."""
        self.go("moderation")

    def action_rules(self) -> None:
        """Go to Rules."""
        self.go("rules")

    def action_questions(self) -> None:
        """Go to Questions."""
        self.go("questions")

    def action_replies(self) -> None:
        """Go to Saved replies."""
        self.go("replies")

    def action_bans(self) -> None:
        """Go to Bans."""
        self.go("bans")

    def action_projects(self) -> None:
        """Go to Projects."""
        self.go("projects")

    def action_calendar(self) -> None:
        """Go to the calendar."""
        self.go("calendar")

    def action_deliveries(self) -> None:
        """Go to Deliveries."""
        self.go("deliveries")

    def action_ads(self) -> None:
        """Go to Ads."""
        self.go("ads")

    def action_brief(self) -> None:
        """Go to the client."""
        self.go("brief")

    def action_insight(self) -> None:
        """Go to Insight."""
        self.go("insight")

    def action_pages(self) -> None:
        """Go to Pages."""
        self.go("pages")

    def action_setup(self) -> None:
        """Go to Set-up."""
        self.go("setup")

    def action_work(self) -> None:
        """Go to Work."""
        self.go("work")

    def action_lesson(self) -> None:
        """Go to the day of learning."""
        self.go("lesson")

    def action_handbook(self) -> None:
        """Open the handbook for what is seen."""
        from smm_tui.screens.handbook import HandbookScreen

        if self.seen is not None and self.seen.SCOPE != "handbook":
            self.push_screen(HandbookScreen(self.seen.SCOPE))

    def action_timer(self) -> None:
        """Start the timer for the chosen client, or stop it."""
        client = self.desk.client
        if client is None:
            self.desk.command(lambda w: w.worktime.stop())
        else:
            self.desk.command(lambda w: w.worktime.toggle(client))

    def action_language(self) -> None:
        """Speak the next language: every screen is made anew, where the user is."""
        known = [*LANGUAGES, LANGUAGES[0]]
        chosen = known[known.index(language()) + 1] if language() in known else LANGUAGES[0]
        use_language(chosen)
        self.desk.later(lambda w: w.records.remember(LANGUAGE, chosen))
        while len(self.screen_stack) > 1:
            self.pop_screen()
        stale, self._main = self._main, {}
        at = stale[self._here].bookmark()
        for name, screen in stale.items():
            self._installed_screens.pop(name)  # Textual uninstalls none that is shown
            if name != self._here and screen.is_mounted:
                screen.remove()
        self._screen(self._here).return_to(at)
        self.switch_screen(self._screen(self._here))
        self.desk.say(_("The interface speaks English."), "done")

    def action_help(self) -> None:
        """The keys that work here."""
        self._menu(_("Keys that work here"), [])

    def action_palette(self) -> None:
        """Everything by name: what works here, and the clients."""
        from smm_tui.screens.menu import Entry

        clients = [
            Entry(
                str(row.hotkey or ""),
                row.name,
                _("Switch to this client"),
                _("client"),
                partial(self.desk.choose, row.id),
            )
            for row in self.desk.chrome.projects
        ]
        self._menu(_("Palette"), clients)

    def _menu(self, title: str, more: list[Entry]) -> None:
        from smm_tui.screens.menu import Entry, MenuScreen

        screen = self.screen
        if not isinstance(screen, KeyedScreen):
            return
        keymap = self.desk.keymap
        actions = keymap.of_scopes(screen.scopes())
        actions.sort(key=lambda action: action.scope != screen.SCOPE)
        entries = [
            Entry(
                keymap.shown(action),
                _(action.label),
                _(action.help),
                _(SCOPES[action.scope]),
                partial(screen.run, action, keymap.keys(action.id)[0]),
                screen.reason_against(action),
            )
            for action in actions
        ]
        self.push_screen(MenuScreen(title, [*entries, *more]), lambda entry: entry.run() if entry else None)

    def action_filter(self) -> None:
        """Type a filter."""
        if self.seen is not None:
            self.seen.open_filter()

    def action_undo(self) -> None:
        """Take back the last step."""
        self.desk.command(lambda w: w.undo.undo(), lambda _receipt: self.seen.undone() if self.seen else None)

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self.desk.command(lambda w: w.undo.redo())

    def action_refresh(self) -> None:
        """Load again."""
        if self.seen is not None:
            self.seen.start_anew()
        self.reload()

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        self.repaint_all()

    async def action_back(self) -> None:
        """One level back."""
        screen = self.seen
        if screen is not None and screen.leave():
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()
        elif self._trail:
            self._switch(self._trail.pop())

    async def action_quit(self) -> None:
        """Back, and from a main screen the end."""
        if len(self.screen_stack) > 1:
            await self.action_back()
        else:
            self.exit(0)

    def action_help_quit(self) -> None:
        """What ctrl+c says."""
        self.desk.say(_("{key} quits.").format(key=self.desk.keymap.keys("global.quit")[0]))


def _imported(path: str) -> Any:
    module, _colon, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def line_profile(workspace: Workspace) -> LineProfile:
    """What the line to this terminal carries, from the environment and the settings."""
    settings = workspace.settings
    ascii_only = {"auto": "auto", "ascii": "on", "unicode": "off"}[settings.glyphs]
    chosen = {
        "line": settings.line,
        "ascii": ascii_only,
        "colours": settings.colours,
        "mouse": settings.mouse,
        "pictures": settings.pictures,
    }
    return detect(os.environ, chosen)


def run(workspace: Workspace, begin_with: Job[object] | None = None) -> int:
    """Show the workspace until the user leaves; the exit status. `begin_with` is written once it is shown."""
    handler = logging.FileHandler(workspace.settings.paths.log, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s"))
    logger = logging.getLogger("smm_tui")
    logger.addHandler(handler)
    logger.propagate = False
    profile = line_profile(workspace)
    app = WorkspaceApp(workspace, profile=profile, begin_with=begin_with)
    try:
        with terminal_guard():
            status = app.run(mouse=profile.mouse)
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()
    if app.failure:
        import sys

        print(app.failure, file=sys.stderr)
        return 1
    return status or 0
