"""What the networks' clients cost: their import over httpx alone, and how fast they page through an inbox.

.venv/bin/python -m benchmarks.clients
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from smm_tui.networks.ports import Capability
from smm_tui.networks.registry import NETWORKS
from tests.networks.people import KINDS, act, person
from tests.networks.stage import SERVERS, Stage, WorldClock, open_world

IMPORT_LIMIT = 5.0  # ms over httpx
PACE = 5000  # items a second and account, at least
ITEMS = 600
ROUNDS = 7

TIMED = """
import asyncio, time, httpx, smm_tui.networks.registry
started = time.process_time()
import smm_tui.networks.{name}.client
print((time.process_time() - started) * 1000)
"""


class Tape(httpx.AsyncBaseTransport):
    """Keeps what the simulated network answered, and then gives it again at no cost."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._kept: dict[tuple[str, str, bytes], list[httpx.Response]] = {}
        self._played: dict[tuple[str, str, bytes], int] = {}

    def rewind(self) -> None:
        self._played.clear()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.method, str(request.url), await request.aread()
        number = self._played.get(key, 0)
        self._played[key] = number + 1
        kept = self._kept.setdefault(key, [])
        if number >= len(kept):
            response = await self._inner.handle_async_request(request)
            await response.aread()
            kept.append(response)
        return httpx.Response(kept[number].status_code, headers=kept[number].headers, content=kept[number].content)


def import_cost(name: str) -> float:
    """Milliseconds of processor time, from byte code, beyond httpx and the event loop that its calls need.

    The best of some rounds, each in a process of its own.
    """
    command = [sys.executable, "-c", TIMED.format(name=name)]
    with tempfile.TemporaryDirectory() as byte_code:
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": byte_code, "PYTHONDONTWRITEBYTECODE": ""}
        runs = [subprocess.run(command, env=environ, check=True, capture_output=True) for _ in range(ROUNDS)]
    return min(float(run.stdout) for run in runs)


async def paging(flavour: str, folder: Path) -> float | None:
    """Items a second that one account's client pages through and maps; None where nothing can be read."""
    clock = WorldClock()
    with open_world(folder, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await stage.checked()
        kind = next((item for item in (Capability.MENTIONS, *KINDS) if stage.can(item)), None)
        if kind is None:
            return None
        ref, post = await stage.posted()
        people = [person(stage, name) for name in ("Anna", "Bert", "Cora")]
        with world.transaction():
            for number in range(ITEMS):
                act(stage, kind, post, people[number % 3], f"Bread {number}")
        tape = Tape(stage.recorder)
        best = 0.0
        for _round in range(4):  # the first one fills the tape
            tape.rewind()
            count, cursor, client = 0, None, stage.ports(tape)
            started = time.process_time()
            while True:
                page = await client.inbox.fetch(cursor, posts=[ref])
                count, cursor = count + len(page.items), json.loads(json.dumps(page.cursor))
                if not page.more:
                    break
            if _round:
                best = max(best, count / (time.process_time() - started))
        return best


def main() -> int:
    slow = False
    for name in NETWORKS:
        cost = import_cost(name)
        slow |= cost > IMPORT_LIMIT
        print(f"{name:12} import over httpx {cost:6.1f} ms (at most {IMPORT_LIMIT:.0f})")
    for flavour in SERVERS:
        with tempfile.TemporaryDirectory() as folder:
            rate = asyncio.run(paging(flavour, Path(folder)))
        if rate is not None:
            slow |= rate < PACE
            print(f"{flavour:12} inbox {rate:10,.0f} items/s (at least {PACE:,})")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
