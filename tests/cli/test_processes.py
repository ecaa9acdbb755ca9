"""The installed program as processes: what it imports, how it stops, and two of them at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from smm_tui.settings import load

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "textual", "httpx", "keyring", "cryptography", "PIL", "asyncio")

IMPORTED = """
import json, sys
from smm_tui.cli.entry import run
status = run(sys.argv[1:])
print(json.dumps([status, sorted(sys.modules)]), file=sys.stderr)
"""
TWO_WRITERS = """
import sys
from smm_tui.cli.entry import run
for number in range(12):
    assert run(["post", "add", "--project", "Bakery", "--type", "info", "--text", f"{sys.argv[1]} {number}"]) == 0
    assert run(["project", "edit", "Bakery", "--goal", f"{sys.argv[1]} {number}"]) in (0, 1)  # 1: the other was first
"""


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "SMM_TUI_DATA": str(data), "SMM_TUI_SECRETS": "file", "SMM_TUI_DATABASE": ""}


@pytest.mark.parametrize(
    "arguments", [("--help",), ("status",), ("project", "list"), ("post", "list"), ("account", "list"), ("log",)]
)
def test_looking_imports_nothing_heavy(shop, arguments) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        env=environment(shop.data),
        capture_output=True,
        text=True,
        check=True,
    )
    status, modules = json.loads(done.stderr)
    assert status == 0
    assert not set(HEAVY) & set(modules)


def test_verbs_are_imported_when_used(shop) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, "status"],
        env=environment(shop.data),
        capture_output=True,
        text=True,
        check=True,
    )
    modules = json.loads(done.stderr)[1]
    assert "smm_tui.cli.status" in modules
    assert not {"smm_tui.cli.post", "smm_tui.cli.account", "smm_tui.cli.project"} & set(modules)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_worker_stops_cleanly(shop, number) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "smm_tui", "worker", "--json"],
        env=environment(shop.data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stderr is not None
        assert "worker runs" in worker.stderr.readline()
        worker.send_signal(number)
        out, err = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert json.loads(out) == {"stopped": True}
    assert "Traceback" not in err
    assert shop.json("status")["worker"]["state"] == "off"


def test_two_processes_that_write_at_once_lose_nothing(shop) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_WRITERS, name],
            env=environment(shop.data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for writer in writers:
        _out, err = writer.communicate(timeout=120)
        assert writer.returncode == 0, err
    texts = [post["text"] for post in shop.json("post", "list")]
    assert sorted(texts) == sorted(f"{name} {number}" for name in ("left", "right") for number in range(12))
    lines = [line for line in shop.json("log", "--limit", "500") if line["verb"] == "post.add"]
    assert len(lines) == 24
    edits = [line for line in shop.json("log", "--limit", "500") if line["verb"] == "project.edit"]
    assert edits


def test_a_reader_that_left_is_no_error(shop) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "smm_tui", "project", "list"],
        env=environment(shop.data),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 1


def test_the_module_is_the_program(shop) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smm_tui", "project", "show", "Nobody"],
        env={**environment(shop.data), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Nobody" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_default_folder_is_the_platforms(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load(None, {}).paths.data.is_relative_to(tmp_path)
