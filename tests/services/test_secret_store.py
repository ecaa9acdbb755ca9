"""Secrets on disk: unreadable for others, useless without the key, the same for every process."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading

import pytest

from smm_tui.domain.errors import DataError
from smm_tui.secret_store import Keyring, SecretStore

SECRET = {"token": "s3cr3t-t0ken-value"}


@pytest.fixture
def store(tmp_path) -> SecretStore:
    return SecretStore(tmp_path / "secrets", "file")


def test_what_is_written_is_read_by_another_process_and_nobody_else(store, tmp_path) -> None:
    old = os.umask(0)
    try:
        store.slot("one").write(SECRET)
        with store.exclusive("one"):
            pass
    finally:
        os.umask(old)
    assert SecretStore(tmp_path / "secrets", "file").slot("one").read() == SECRET
    folder = tmp_path / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        if path.suffix != ".lock":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert b"s3cr3t" not in path.read_bytes()


def test_no_repr_shows_a_secret(store) -> None:
    slot = store.slot("one")
    slot.write(SECRET)
    assert "s3cr3t" not in repr(slot) + repr(store) + repr(store.backend) + repr(vars(store))


def test_forgetting_is_final_and_may_be_repeated(store) -> None:
    slot = store.slot("one")
    assert slot.read() is None
    slot.write(SECRET)
    slot.delete()
    slot.delete()
    assert slot.read() is None


def test_a_foreign_key_opens_nothing(store, tmp_path) -> None:
    from cryptography.fernet import Fernet

    store.slot("one").write(SECRET)
    (tmp_path / "secrets" / "key").write_bytes(Fernet.generate_key())
    with pytest.raises(DataError, match="cannot be opened") as caught:
        store.slot("one").read()
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff\x00"])
def test_a_damaged_key_is_a_sentence(store, tmp_path, content) -> None:
    store.slot("one").write(SECRET)
    (tmp_path / "secrets" / "key").write_bytes(content)
    with pytest.raises(DataError, match="key"):
        store.slot("one").read()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="secret"):
        SecretStore(tmp_path / "file" / "secrets", "file").slot("one").write(SECRET)


def test_two_first_starts_agree_on_one_key(tmp_path) -> None:
    code = "import sys; from pathlib import Path; from smm_tui.secret_store import SecretStore\n"
    code += "SecretStore(Path(sys.argv[1]), 'file').slot(sys.argv[2]).write({'token': sys.argv[2]})"
    folder = str(tmp_path / "secrets")
    writers = [subprocess.Popen([sys.executable, "-c", code, folder, name]) for name in ("one", "two")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    store = SecretStore(tmp_path / "secrets", "file")
    assert [store.slot(name).read() for name in ("one", "two")] == [{"token": "one"}, {"token": "two"}]


def test_a_keyring_that_refuses_is_a_sentence(tmp_path, monkeypatch) -> None:
    import keyring
    from keyring.errors import KeyringLocked

    def locked(*_arguments: object) -> None:
        raise KeyringLocked("locked")

    for name in ("get_password", "set_password"):
        monkeypatch.setattr(keyring, name, locked)
    for call in (lambda: Keyring(tmp_path).get("one"), lambda: Keyring(tmp_path).set("one", "s3cr3t")):
        with pytest.raises(DataError, match="keyring refused") as caught:
            call()
        assert "s3cr3t" not in str(caught.value)


def test_one_holder_at_a_time(store) -> None:
    inside: list[int] = []
    most: list[int] = []

    def hold() -> None:
        with store.exclusive("one"):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=hold) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_a_keyring_is_only_asked_for_when_there_is_one(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr("smm_tui.secret_store.os.uname", lambda: os.uname_result(("Linux", "", "", "", "")))
    with pytest.raises(DataError, match="keyring"):
        SecretStore(tmp_path, "keyring").slot("one").read()
    SecretStore(tmp_path, "auto").slot("one").write(SECRET)
    assert (tmp_path / "one.enc").exists()
