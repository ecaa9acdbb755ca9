"""What one run of the command line shares: its options, its workspace, and its one way to print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from smm_tui.domain.errors import SmmError
from smm_tui.domain.inert import inert
from smm_tui.i18n import _, use_language
from smm_tui.settings import Settings, load

if TYPE_CHECKING:
    from smm_tui.bootstrap import Workspace
    from smm_tui.cli.http_log import HttpLog

DONE, REFUSED, USAGE, WAITING = 0, 1, 2, 3
"""Exit status: done, the data or network refused, wrong usage, done but a person is needed."""


class Session:
    """One run. The workspace is opened at its first use, so that `--help` opens nothing."""

    def __init__(self) -> None:
        self.data: str | None = None
        self.line = ""
        self.json = False
        self.debug_http = False
        self._http_log: HttpLog | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings of the chosen workspace."""
        settings = self.drawn(load(self.data))
        if settings.language:
            use_language(settings.language)
        return settings

    def drawn(self, settings: Settings) -> Settings:
        """Settings with what the options say of the line to the terminal."""
        return settings._replace(line=self.line) if self.line else settings

    @cached_property
    def workspace(self) -> Workspace:
        """The open workspace."""
        from smm_tui.bootstrap import Workspace

        workspace = Workspace(self.settings)
        if self.debug_http:
            from smm_tui.cli.http_log import HttpLog

            self._http_log = HttpLog(self.settings.paths.http_log)
        return workspace

    def close(self) -> None:
        """Close what was opened."""
        if "workspace" in vars(self):
            self.workspace.close()
        if self._http_log is not None:
            self._http_log.close()
            self.say(_("The log of the calls is in {path}.").format(path=self._http_log.path))

    def show(self, document: object, lines: Iterable[str] = ()) -> None:
        """The answer of a verb: one JSON document, or lines for people; foreign text in them is made harmless."""
        if self.json:
            # ASCII carries every text unchanged, and none of them can steer a terminal.
            _print(json.dumps(document, indent=2), sys.stdout)
            return
        for line in lines:
            _print(inert(line), sys.stdout)

    def fail(self, kind: str, message: str, hint: str = "", **more: object) -> None:
        """The reason why nothing came of it: a sentence on standard error, and with `--json` a document too."""
        if self.json:
            _print(
                json.dumps({"error": {"kind": kind, "message": message, "hint": hint, **more}}, indent=2), sys.stdout
            )
        for line in (message, hint):
            if line:
                _print(inert(line, newlines=True), sys.stderr)

    def refuse(self, error: SmmError) -> None:
        """Tell one of our own errors."""
        field = getattr(error, "field", "")
        self.fail(error.kind, error.message, error.hint, **({"field": field} if field else {}))

    def tell(self, line: str) -> None:
        """One more line of an answer that comes bit by bit; not with `--json`."""
        _print(inert(line), sys.stdout)

    def say(self, line: str) -> None:
        """Progress, for people: on standard error, never part of the answer."""
        _print(inert(line), sys.stderr)


def _print(text: str, stream: TextIO | None) -> None:
    if stream is not None:  # None: closed by whoever started this program
        print(text, file=stream, flush=True)
