"""Nothing a client leaves behind shows a secret: logs at their loudest, errors, reprs, wires."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest

from smm_tui.domain.errors import NetworkError
from smm_tui.networks.ports import Part
from smm_tui.sandbox.faults import SURVIVABLE

from .stage import SERVERS, Stage, WorldClock, journey, open_world
from .support import MemorySlot, picture


@pytest.mark.parametrize("flavour", SERVERS)
async def test_no_secret_shows(flavour: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = WorldClock()
    left: list[str] = []
    with open_world(tmp_path, clock) as world:
        stage = Stage.of(flavour, world, clock)
        await journey(stage, tmp_path)
        part = Part("Hello", media=(picture(tmp_path),))
        wire = await stage.prepared(part, identity := stage.spec.new_identity())
        left.append(repr(wire))
        for fault in SURVIVABLE:
            client = stage.client()
            for path in ("/api/v1/", "/xrpc/", "/bot", "/method/", "/v25.0/"):
                stage.fault(fault.kind, path=path, method="", status=fault.status, executed=fault.executed)
            try:
                left.append(repr(await client.send(identity, wire)))
                left.append(repr(await client.check()))
            except NetworkError as error:
                left += [repr(error), error.message, error.hint, *traceback.format_exception(error)]
            world.clear_faults()
            left += [repr(client), repr(stage.account)]
        wrong = {name: f"{value}-wrong" for name, value in (stage.slot.values or {}).items()}
        try:
            await stage.client(MemorySlot({**wrong, "pds": stage.account.server})).check()
        except NetworkError as error:
            left += [repr(error), error.message, error.hint]
        await client.aclose()
        shown = "\n".join([*left, caplog.text, *(str(record.args) for record in caplog.records)])
        assert stage.secrets
        assert [secret for secret in stage.secrets if secret in shown] == []
    assert "POST" in caplog.text
    assert ("authorization" in caplog.text) == (flavour != "telegram")  # there it is a part of the address
