"""Everything that can go wrong in a way the user can be told.

SmmError                       a sentence for the user (`message`), what to do (`hint`), a machine word (`kind`)
├── InvalidInput               what was typed or given is wrong; nothing changed (exit status 2)
│   └── WrongClient            it looks like another client's: a person may let it pass, deliberately
├── DataError                  the database or a file refused (exit status 1)
│   └── Conflict               somebody else changed it meanwhile
└── NetworkError               a network answered, or failed to (exit status 1)
    ├── Transient              proven not executed: may be tried again as it is
    ├── RateLimited            not executed; `retry_after` seconds from now, if the network told
    ├── AuthExpired            the token or password no longer opens the account
    ├── Forbidden              the account may not do this
    ├── NotFound               the thing is not there (or not visible to this account)
    ├── Rejected               the network said no for good; `field` names the offending part
    ├── Unsupported            this network or account cannot do that at all
    └── Ambiguous              it may or may not have been executed: read back before anything else

The network kinds are closed: every client maps every failure to one of them.
"""

from __future__ import annotations

from collections.abc import Sequence


class SmmError(Exception):
    """A failure with a sentence for the user, never a traceback."""

    kind = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidInput(SmmError):
    """What was given is wrong. `field` names the argument or form field, if one is to blame."""

    kind = "invalid"

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class WrongClient(InvalidInput):
    """What would leave looks like another client's. `sentences`: all that was found, the message among them."""

    kind = "wrong_client"

    def __init__(self, sentences: Sequence[str], hint: str = "") -> None:
        super().__init__(" ".join(sentences), hint, field="text")
        self.sentences = tuple(sentences)


class DataError(SmmError):
    """The database, the media store or another local file refused."""

    kind = "data"


class Conflict(DataError):
    """Another process or person changed the same thing first."""

    kind = "conflict"


class NetworkError(SmmError):
    """Base of the closed set of network failures. `status` is the HTTP status, 0 when none arrived."""

    kind = "network"

    def __init__(self, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status


class Transient(NetworkError):
    """The request was certainly not executed (no connection, a documented refusal); repeat at will."""

    kind = "transient"


class RateLimited(NetworkError):
    """Too many calls; not executed. `retry_after` is in seconds, None when the network did not say."""

    kind = "rate_limited"

    def __init__(self, message: str, hint: str = "", *, status: int = 429, retry_after: float | None = None) -> None:
        super().__init__(message, hint, status=status)
        self.retry_after = retry_after


class AuthExpired(NetworkError):
    """The stored secret no longer opens the account: a person must give a new one."""

    kind = "auth_expired"


class Forbidden(NetworkError):
    """The account is real but lacks the right."""

    kind = "forbidden"


class NotFound(NetworkError):
    """The thing asked for is not there, or not for this account."""

    kind = "not_found"


class Rejected(NetworkError):
    """The network refused the content for good. `reason` is its own wording, `field` the part to change."""

    kind = "rejected"

    def __init__(self, message: str, hint: str = "", *, status: int = 0, reason: str = "", field: str = "") -> None:
        super().__init__(message, hint, status=status)
        self.reason = reason or message
        self.field = field


class Unsupported(NetworkError):
    """This network, server or account cannot do that."""

    kind = "unsupported"


class Ambiguous(NetworkError):
    """The request left this machine and no trustworthy answer came back."""

    kind = "ambiguous"
