"""Textual's driver of a Unix terminal, with what a program for unknown lines and strangers' texts needs besides.

A bracketed paste is text from anywhere. Textual looks for escape sequences in it as in what is typed, and hands what
follows an ESC on as keys: a pasted text could press keys. `InertPastes` takes the ESC out of pastes, so that each
arrives whole, as one paste.
"""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_START, _END = "\x1b[200~", "\x1b[201~"
_LOOK = 0.1
"""Seconds between two looks at whether the program ends, and whether an ESC was the key."""


class InertPastes:
    """A filter for the stream from the terminal, however it is cut into pieces."""

    def __init__(self) -> None:
        self._pasting = False
        self._before = ""  # the last of what went through: a mark may begin there
        self._held = ""  # what may be the beginning of the mark that ends the paste

    def feed(self, data: str) -> str:
        """What may go on of this piece and of what was held back before."""
        passed: list[str] = []
        while data:
            data = self._paste(data, passed) if self._pasting else self._keys(data, passed)
        return "".join(passed)

    def _keys(self, data: str, passed: list[str]) -> str:
        known = len(self._before)
        seen = self._before + data
        found = seen.find(_START)
        end = found + len(_START) - known if found >= 0 else len(data)
        self._pasting = found >= 0
        self._before = "" if self._pasting else seen[-len(_START) + 1 :]
        passed.append(data[:end])
        return data[end:]

    def _paste(self, data: str, passed: list[str]) -> str:
        data, self._held = self._held + data, ""
        text, mark, rest = data.partition(_END)
        if mark:
            self._pasting = False
        else:
            length = next(size for size in range(len(_END) - 1, -1, -1) if text.endswith(_END[:size]))
            text, self._held = text[: len(text) - length], text[len(text) - length :]
        passed.append(text.replace("\x1b", "") + mark)
        return rest


class TerminalDriver(LinuxDriver):
    """Reads pastes as above; what is no UTF-8 becomes U+FFFD, which must not end the program."""

    def _sigtstp_application(self, *arguments: object) -> None:
        """Stop between two callbacks: Textual's own waits for threads that may wait for what was interrupted."""
        self._loop.call_soon_threadsafe(super()._sigtstp_application, *arguments)

    def _sigcont_application(self, *arguments: object) -> None:
        """Come back after a SIGTSTP only.

        SIGCONT comes at other times as well, with every hangup for one. Textual would start a second time: two
        threads would share the keys, and the first would keep the program from ending.
        """
        if self._must_signal_resume:
            super()._sigcont_application(*arguments)

    def run_input_thread(self) -> None:
        """Read until the program ends, then once more: late replies are not for the shell."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        pastes = InertPastes()
        ending = False
        while not ending:
            ending = self.exit_event.is_set()
            if select.select([self.fileno], [], [], _LOOK)[0]:
                data = os.read(self.fileno, 4096)
                if not data:  # the line has dropped; `hangup` tells the program
                    self.exit_event.wait(_LOOK)
                for message in parser.feed(text) if (text := pastes.feed(decode(data))) else ():
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
