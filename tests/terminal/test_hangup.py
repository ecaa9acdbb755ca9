from __future__ import annotations

import asyncio
import os

from smm_tui.terminal.hangup import watch_hangup


async def test_a_hangup_is_told_once_and_input_is_not_a_hangup() -> None:
    far, near = os.openpty()
    told = asyncio.Event()
    calls: list[None] = []

    def hung_up() -> None:
        calls.append(None)
        told.set()

    stop = watch_hangup(near, hung_up)
    os.write(far, b"input\n")
    await asyncio.sleep(0)
    assert not calls
    os.close(far)
    await asyncio.wait_for(told.wait(), 10)
    stop()
    os.close(near)
    assert len(calls) == 1


async def test_a_watch_can_end_before() -> None:
    far, near = os.openpty()
    stop = watch_hangup(near, lambda: None)
    stop()
    stop()
    os.close(far)
    os.close(near)


async def test_what_cannot_hang_up_is_not_watched() -> None:
    with open(os.devnull) as nothing:  # noqa: PTH123
        watch_hangup(nothing.fileno(), lambda: None)()
