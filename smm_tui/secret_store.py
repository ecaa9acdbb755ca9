"""Secrets: the desktop's keyring where there is one, else encrypted files that only their owner can read.

Nothing else in the program ever holds a secret longer than a call: not the database, the log, an argument or a repr.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smm_tui.domain.errors import DataError
from smm_tui.i18n import _

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Backend(Protocol):
    """Keeps short texts by name."""

    def get(self, name: str) -> str | None: ...
    def set(self, name: str, text: str) -> None: ...
    def delete(self, name: str) -> None: ...


class SecretStore:
    """The secrets of one workspace, one slot an account."""

    def __init__(self, folder: Path, kind: str = "auto") -> None:
        self._folder = folder
        self._kind = kind
        self._backend: Backend | None = None
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def slot(self, ref: str) -> Slot:
        """The slot of that reference (made by whoever creates the account; not a secret itself)."""
        return Slot(self, ref)

    @property
    def backend(self) -> Backend:
        """Where the secrets are, found out at the first use."""
        if self._backend is None:
            keyring = None if self._kind == "file" else _desktop_keyring(self._folder)
            if keyring is None and self._kind == "keyring":
                raise DataError(
                    _("No keyring answers on this machine."),
                    _('Set secrets = "file" in config.toml to keep them in an encrypted file.'),
                )
            self._backend = keyring or EncryptedFiles(self._folder)
        return self._backend

    @contextmanager
    def exclusive(self, ref: str) -> Iterator[None]:
        """One holder at a time, over all threads and processes of this workspace."""
        with self._locks[ref]:
            with _explained(self._folder):
                _private_folder(self._folder)
                lock = (self._folder / f"{ref}.lock").open("w")
            with lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield


class Slot:
    """The secret of one account."""

    def __init__(self, store: SecretStore, ref: str) -> None:
        self._store = store
        self._ref = ref

    def read(self) -> dict[str, str] | None:
        """The stored values; None when there are none."""
        text = self._store.backend.get(self._ref)
        if text is None:
            return None
        values = json.loads(text)
        return {str(key): str(value) for key, value in values.items()}

    def write(self, values: Mapping[str, str]) -> None:
        """Replace all values, durably."""
        self._store.backend.set(self._ref, json.dumps(dict(values)))

    def delete(self) -> None:
        """Forget the secret; none there is fine."""
        self._store.backend.delete(self._ref)

    def exclusive(self) -> AbstractContextManager[None]:
        """See :meth:`SecretStore.exclusive`."""
        return self._store.exclusive(self._ref)


class EncryptedFiles:
    """One encrypted file a secret, in a folder that only its owner may enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        from cryptography.fernet import InvalidToken

        path = self._folder / f"{name}.enc"
        with _explained(self._folder):
            try:
                return self._cipher().decrypt(path.read_bytes()).decode()
            except FileNotFoundError:
                return None
            except InvalidToken as error:
                raise DataError(
                    _("The stored secret {path} cannot be opened with this workspace's key.").format(path=path),
                    _("Give the account a new secret in Set-up, or with `smm-tui account secret`."),
                ) from error

    def set(self, name: str, text: str) -> None:
        with _explained(self._folder):
            _write_private(self._folder / f"{name}.enc", self._cipher().encrypt(text.encode()))

    def delete(self, name: str) -> None:
        with _explained(self._folder):
            (self._folder / f"{name}.enc").unlink(missing_ok=True)

    def _cipher(self) -> Fernet:
        from cryptography.fernet import Fernet

        with self._lock:
            _private_folder(self._folder)
            path = self._folder / "key"
            with (self._folder / "key.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once must agree on one key
                if not path.exists():
                    _write_private(path, Fernet.generate_key())
            try:
                return Fernet(path.read_bytes())
            except ValueError as error:
                raise DataError(
                    _("The key of the secrets, {path}, is damaged.").format(path=path),
                    _("Bring that file back, or move the folder away and give every account its secret again."),
                ) from error


class Keyring:
    """The desktop's keyring. The folder's name keeps workspaces apart."""

    def __init__(self, folder: Path) -> None:
        import keyring

        self._api = keyring
        self._service = "smm-tui:" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]

    def get(self, name: str) -> str | None:
        with self._explained():
            return self._api.get_password(self._service, name)

    def set(self, name: str, text: str) -> None:
        with self._explained():
            self._api.set_password(self._service, name, text)

    def delete(self, name: str) -> None:
        if self.get(name) is not None:
            with self._explained():
                self._api.delete_password(self._service, name)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from keyring.errors import KeyringError

        try:
            yield
        except KeyringError as error:
            raise DataError(
                _("The desktop's keyring refused: {reason}.").format(reason=error or type(error).__name__),
                _('Unlock it, or set secrets = "file" in config.toml and give the accounts their secrets again.'),
            ) from error


def _desktop_keyring(folder: Path) -> Keyring | None:
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS") and os.uname().sysname != "Darwin":
        return None  # a login over SSH: asking would only wait for a bus that is not there
    import keyring
    from keyring.backends import fail

    if isinstance(keyring.get_keyring(), fail.Keyring):
        return None
    try:
        store = Keyring(folder)
        store.get("probe")
    except Exception:  # noqa: BLE001 - each backend has its own errors; any of them means "not usable"
        return None
    return store


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn the system's errors into a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise DataError(
            _("The secrets in {folder} cannot be read or written: {reason}.").format(
                folder=folder, reason=error.strerror or error
            ),
            _("Check the folder's owner and rights, and the room on the disk."),
        ) from error


def _private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write_private(path: Path, content: bytes) -> None:
    """Complete and private, or not there: written beside, flushed, then renamed."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
