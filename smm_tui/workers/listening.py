"""Hearing at once that something came, where a network tells: long polling, server-sent events.

It never replaces the rounds of the inbox lane: what a line that broke did not tell is found at the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import HOUR, MINUTE, Clock, Instant
from smm_tui.domain.errors import NetworkError, SmmError, Unsupported
from smm_tui.networks.client import Client
from smm_tui.networks.community import Listener
from smm_tui.services.ingest import Ingest

log = logging.getLogger(__name__)

PATIENCE = 55.0
"""Seconds that a line is kept open before it is opened anew."""
PAUSE: Instant = MINUTE
"""Until an account whose line broke, or is not kept open, is listened to again."""
LONG_PAUSE: Instant = 6 * HOUR
"""Until one whose network does not tell is asked again: its server may be another by then."""


class Listening:
    """The open lines, one an account, on the event loop of the lane."""

    def __init__(self, ingest: Ingest, client_of: Callable[[AccountRow], Awaitable[Client]], clock: Clock) -> None:
        self._ingest = ingest
        self._client_of = client_of
        self._clock = clock
        self._lines: dict[int, asyncio.Task[None]] = {}
        self._deaf_until: dict[int, Instant] = {}
        self.heard = asyncio.Event()
        """Something came: the account is to be read now."""

    def open(self) -> None:
        """Listen to every account that can be read and is not listened to."""
        self.heard.clear()
        now = self._clock()
        for account_id in self._ingest.readable():
            line = self._lines.get(account_id)
            if (line is None or line.done()) and self._deaf_until.get(account_id, 0) <= now:
                self._lines[account_id] = asyncio.create_task(self._listen(account_id))

    async def hush(self, account_id: int) -> None:
        """Close the line of an account: some networks allow one reader at a time."""
        line = self._lines.pop(account_id, None)
        if line is not None and not line.done():
            line.cancel()
            with suppress(asyncio.CancelledError):
                await line

    async def close(self) -> None:
        """Close all lines."""
        for account_id in list(self._lines):
            await self.hush(account_id)

    async def _listen(self, account_id: int) -> None:
        pause = PAUSE
        try:
            source = self._ingest.source(account_id)
            if source is None:
                return
            inbox = (await self._client_of(source.account)).inbox
            if not isinstance(inbox, Listener):
                pause = LONG_PAUSE
                return
            loop = asyncio.get_running_loop()
            while True:
                began = loop.time()
                if await inbox.listen(source.cursor, PATIENCE):
                    self._ingest.hurry([account_id])
                    self.heard.set()
                    pause = 0
                    return
                if loop.time() - began < 1:
                    return  # the server keeps no line open: asking again and again would be a burden to it
        except Unsupported:
            pause = LONG_PAUSE
        except NetworkError as error:
            log.debug("the line of account %s broke: %s", account_id, error.message)
        except SmmError as error:  # the database: the next pass tells it
            log.error("%s %s", error.message, error.hint)  # noqa: TRY400 - the sentence says it all
        except asyncio.CancelledError:
            pause = 0
            raise
        except Exception:
            log.exception("listening to account %s failed", account_id)
        finally:
            self._deaf_until[account_id] = self._clock() + pause if pause else 0
