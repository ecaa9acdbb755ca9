"""A paste is one paste, whatever is in it and however it arrives; keys pass as they are."""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from smm_tui.terminal.driver import InertPastes

from .console import Console

START, END = "\x1b[200~", "\x1b[201~"
HOSTILE = [
    "\x1b",
    "\x1b\x1b",
    "\x1b[A",
    "\x1b[3~",
    "\x1bOP",
    "\x1b[200~",
    "\x1b[20",
    "\x1b]0;title\x07",
    "\x1b[<0;1;1M",
]


def pieces(stream: str, size: int) -> list[str]:
    return [stream[place : place + size] for place in range(0, len(stream), size)]


def received(stream: str, size: int) -> list[Message]:
    """What Textual makes of a stream that arrives in pieces."""
    pastes, parser = InertPastes(), XTermParser()
    messages: list[Message] = []
    for piece in pieces(stream, size):
        if text := pastes.feed(piece):
            messages += parser.feed(text)
    return messages


def told(messages: list[Message]) -> list[str]:
    return [
        f"paste {message.text!r}" if isinstance(message, events.Paste) else message.key
        for message in messages
        if isinstance(message, events.Paste | events.Key)
    ]


@pytest.mark.parametrize("size", range(1, 15))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_paste_presses_no_keys(hostile: str, size: int) -> None:
    stream = f"a{START}ős {hostile}q{hostile}{END}\x1b[Bz{START}two{END}"
    inert = hostile.replace("\x1b", "")
    assert told(received(stream, size)) == ["a", f"paste {f'ős {inert}q{inert}'!r}", "down", "z", "paste 'two'"]


@given(st.lists(st.sampled_from(["\x1b", "[", "2", "0", "1", "~", "x", "ü", START, "\x1b[A"])), st.integers(1, 9))
def test_whatever_is_pasted_arrives_whole(parts: list[str], size: int) -> None:
    text = "".join(parts)
    assert (
        told(received(f"{START}{text}{END}z", size)) == [f"paste {text.replace(chr(27), '')!r}", "z"] or END in text
    )


@given(st.text(alphabet="\x1b[20~AO;Rx").filter(lambda text: START not in text), st.integers(1, 9))
def test_keys_pass_at_once_and_as_they_are(text: str, size: int) -> None:
    pastes = InertPastes()
    assert [pastes.feed(piece) for piece in pieces(text, size)] == pieces(text, size)


def test_on_a_terminal_a_paste_goes_where_the_cursor_is() -> None:
    with Console(72, 18) as console:
        console.settle(lambda text: "Search" in text)
        console.press("tab")
        console.settle()
        console.press(f"{START}one\x1b[Btwo\x1b\x1b[F{END}")
        console.settle(lambda text: "one[Btwo[F" in text)


def test_on_a_terminal_bytes_that_are_no_text_are_seen_as_such() -> None:
    with Console(72, 18) as console:
        console.settle(lambda text: "Search" in text)
        console.press("tab")
        console.settle()
        os.write(console.fd, b"caf\xe9 bar")
        console.settle(lambda text: "caf\ufffd bar" in text)


def test_a_program_that_was_not_stopped_does_not_start_again() -> None:
    with Console(72, 18) as console:
        console.settle(lambda text: "Search" in text)
        process = psutil.Process(console.process.pid)
        threads = process.num_threads()
        process.send_signal(signal.SIGCONT)
        console.press("down")
        console.settle()
        assert process.num_threads() == threads


def test_a_program_that_was_stopped_comes_back() -> None:
    with Console(72, 18) as console:
        console.settle(lambda text: "Search" in text)
        process = psutil.Process(console.process.pid)
        threads = process.num_threads()
        process.send_signal(signal.SIGTSTP)
        console.wait(lambda: process.status() == psutil.STATUS_STOPPED)
        process.send_signal(signal.SIGCONT)
        console.press("down")
        console.settle(lambda text: "Search" in text)
        assert process.num_threads() == threads
