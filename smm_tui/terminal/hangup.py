"""Learn that the line has dropped.

A terminal that hangs up gives its program end of file for ever, and Textual's input thread
goes on reading it, on a full processor. SIGHUP comes only if it is the controlling terminal.
"""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Callable


def watch_hangup(fd: int, callback: Callable[[], object]) -> Callable[[], None]:
    """Call `callback` once, in the running event loop, when the terminal `fd` hangs up.

    Returns a function that ends the watch. Costs nothing while the line is up. Only Linux can
    tell; elsewhere, and if `fd` is no terminal or pipe, nothing is watched.
    """
    if sys.platform != "linux":
        return lambda: None
    loop = asyncio.get_running_loop()
    poll = select.epoll()

    def stop() -> None:
        if not poll.closed:
            loop.remove_reader(poll.fileno())
            poll.close()

    def hung_up() -> None:
        stop()
        callback()

    try:
        poll.register(fd, 0)  # a hangup is reported whatever is asked for
    except PermissionError:  # a file or /dev/null
        poll.close()
    else:
        loop.add_reader(poll.fileno(), hung_up)
    return stop
