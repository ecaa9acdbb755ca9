"""What all screens share: the workspace behind its thread lanes, the chosen client, the line that tells what
happened. A screen reaches it as ``self.desk``; it holds no widget."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from smm_tui.domain.clock import iso
from smm_tui.domain.errors import SmmError, WrongClient
from smm_tui.glyphs import Glyphs
from smm_tui.i18n import _
from smm_tui.keymap import Keymap
from smm_tui.lanes import Lane, apart

if TYPE_CHECKING:
    from smm_tui.bootstrap import Workspace
    from smm_tui.db.reads.projects import ProjectRow
    from smm_tui.services.receipt import Receipt
    from smm_tui.services.records import WorkerState

Result = TypeVar("Result")
Job = Callable[["Workspace"], Result]

_DRAIN = 20.0
"""Seconds that the end of the program waits for writes which were asked for before it."""


class Chrome(NamedTuple):
    """What the first line shows of the whole workspace."""

    projects: tuple[ProjectRow, ...] = ()
    waiting: tuple[tuple[int, int], ...] = ()  # (project id, things only a person can settle), none left out
    worker: str = "off"  # here, elsewhere, off
    due: int = 0  # deliveries whose time has come

    def project(self, project_id: int | None) -> ProjectRow | None:
        """A project that is not archived."""
        return next((row for row in self.projects if row.id == project_id), None)


class Message(NamedTuple):
    """One sentence for the user; `kind`: ``info``, ``done`` or ``error``."""

    text: str
    kind: str = "info"


class Host(Protocol):
    """What the desk needs of the program around it."""

    def go(self, name: str, at: Any = None) -> None:
        """Show a main screen."""

    def ask_to_let_pass(self, error: WrongClient, then: Callable[[], None]) -> None:
        """Something looks like another client's: `then` is called when a person lets it pass."""

    def show_message(self) -> None:
        """The desk's message has changed: draw it."""

    def show_chrome(self) -> None:
        """Client, clock or worker have changed: draw the first line."""

    def reload(self) -> None:
        """Load again what is on the screen."""


class Desk:
    """The workspace as screens use it. Services are synchronous and never run on the thread that draws:

    * ``await desk.read(lambda w: w.project_queries.overview())`` asks the ``*_queries`` and ``records``;
    * ``desk.command(lambda w: w.projects.archive(3))`` does one command and shows its receipt or error;
    * ``await desk.write(job)`` is the same for callers that want the result or the error themselves;
    * ``await desk.network(job)`` is for jobs that talk to a network and may take long.

    A job is given the workspace and runs on another thread: take what you need of a screen's state before, and name
    services inside the job only (their first use imports the heavy half of the program).
    """

    def __init__(
        self, workspace: Workspace, host: Host, *, keymap: Keymap, glyphs: Glyphs, slow: bool = False
    ) -> None:
        self.workspace = workspace
        self.host = host
        self.keymap = keymap
        self.glyphs = glyphs
        self.slow = slow
        self.time = workspace.clock()
        """The time that the first line shows: it stands still while nothing is sent down a slow line."""
        self.client: int | None = None
        self.chrome = Chrome()
        self.message = Message("")
        self._reads = Lane("read", 2)
        self._writes = Lane("write", 1)
        self._tasks: set[asyncio.Task[None]] = set()

    # -- work on other threads

    async def read(self, job: Job[Result]) -> Result:
        """Ask something of the database, in a reader lane."""
        return await self._reads.run(lambda: job(self.workspace))

    async def write(self, job: Job[Result]) -> Result:
        """Change something, in the one writer lane; commands are done in the order they were given."""
        return await self._writes.run(lambda: job(self.workspace))

    def later(self, job: Job[object]) -> None:
        """Write something nobody waits for; a failure goes to the log."""

        def work() -> None:
            try:
                job(self.workspace)
            except Exception as error:  # noqa: BLE001 - there is no one to tell
                self.log(error)

        try:
            self._writes.submit(work)
        except RuntimeError as error:  # the program is ending: the lane takes no more
            self.log(error)

    async def network(self, job: Job[Result]) -> Result:
        """Do something that waits for a network, on a thread of its own."""
        return await apart(lambda: job(self.workspace), "network")

    def command(
        self,
        job: Job[Receipt],
        done: Callable[[Receipt], None] | None = None,
        *,
        passing: Callable[[Sequence[str]], Job[Receipt]] | None = None,
    ) -> None:
        """Do a command in the background, show its receipt or its error; `done` is called after success.

        `passing` makes the same command for somebody who saw the sentences of a WrongClient and lets them pass: where
        it is given, that is asked.
        """

        async def run() -> None:
            try:
                receipt = await self.write(job)
            except WrongClient as error:
                if passing is None:
                    raise
                again = passing(error.sentences)
                self.host.ask_to_let_pass(error, lambda: self.command(again, done, passing=passing))
                return
            self.say_receipt(receipt)
            if done is not None:
                done(receipt)

        self.start(run())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside the screen; whatever it raises is shown as a sentence."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """What was started and has not ended."""
        return set(self._tasks)

    async def settled(self) -> None:
        """Wait until everything that was started has ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def close(self) -> None:
        """End the lanes; what was asked to be written is written."""
        self._writes.close(_DRAIN)
        self._reads.close(0.5)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the last line of defence: every error becomes a sentence
            self.say_error(error)

    # -- telling the user

    def say(self, text: str, kind: str = "info") -> None:
        """Show a sentence in the status line until the next one."""
        message = Message(text, kind)
        if message != self.message:
            self.message = message
            self.host.show_message()

    def say_receipt(self, receipt: Receipt) -> None:
        """Show what a command did, and whether `u` takes it back."""
        text = receipt.message
        if receipt.undo is not None:
            key = self.keymap.keys("global.undo")[0]
            text = _("{message}  {key} undoes.").format(message=text, key=key)
        self.say(text, "done")

    def say_error(self, error: BaseException) -> None:
        """Show an error as a sentence with what to do; one that nobody foresaw goes to the log as well."""
        self.say(self.explain(error), "error")

    def explain(self, error: BaseException) -> str:
        """The sentence of an error; one that nobody foresaw is written to the log."""
        if isinstance(error, SmmError):
            return f"{error.message} {error.hint}".strip()
        self.log(error)
        return _("Something went wrong inside the program ({kind}). Nothing more is known here; see {log}.").format(
            kind=type(error).__name__, log=self.workspace.settings.paths.log
        )

    def log(self, error: BaseException) -> None:
        """Append an error with its traceback to the workspace's log file."""
        lines = "".join(traceback.format_exception(error))
        try:
            with self.workspace.settings.paths.log.open("a", encoding="utf-8") as file:
                file.write(f"{iso(self.workspace.clock())} {lines}")
        except OSError:  # a full disk must not hide the sentence
            return

    # -- the client

    @property
    def project(self) -> ProjectRow | None:
        """The chosen client's project; None while all are shown."""
        return self.chrome.project(self.client)

    def choose(self, client: int | None) -> None:
        """Switch to a client, or to all of them (None); the screen loads again and shows both at once."""
        if client != self.client:
            self.client = client
            self.message = Message("")
        self.host.reload()

    def go(self, name: str, at: Any = None) -> None:
        """Show the main screen of that name, at a place in the form of its bookmarks if one is given."""
        self.host.go(name, at)


def read_chrome(workspace: Workspace) -> Chrome:
    """What the first line needs, in a reader lane."""
    queries = workspace.project_queries
    worker: WorkerState = workspace.records.worker()
    return Chrome(
        tuple(queries.all()),
        tuple(sorted(queries.waiting().items())),
        worker.where,
        workspace.records.status().due if worker.where == "off" else 0,
    )
