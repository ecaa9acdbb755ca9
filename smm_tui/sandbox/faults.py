"""What can go wrong on the way to a network and back, planted on chosen calls or drawn at random from a seed."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """One way for a call to fail. "Executed" is what the network did, whatever the client learns of it."""

    REFUSED = "refused"  # no connection; not executed
    RESET_BEFORE = "reset_before"  # connection reset while sending; not executed
    LOST_RESPONSE = "lost_response"  # executed, then the connection breaks
    TIMEOUT_BEFORE = "timeout_before"  # never executed, and no answer
    TIMEOUT_AFTER = "timeout_after"  # executed, and no answer
    LATE = "late"  # no answer; executed `seconds` of the world's clock later
    SLOW = "slow"  # executed after `seconds` of real time
    RATE_LIMITED = "rate_limited"  # 429 that says when to come back (`seconds` from now); not executed
    RATE_LIMITED_BARE = "rate_limited_bare"  # 429 that says nothing; not executed
    SERVER_ERROR = "server_error"  # `status` 5xx; executed if `executed`
    BAD_JSON = "bad_json"  # executed; a 2xx whose body breaks off
    HTML = "html"  # `status` with a page instead of JSON; executed if `executed`
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the network says that the token has expired; not executed
    CRASH_BEFORE = "crash_before"  # the client's process is killed just before the network accepts
    CRASH_AFTER = "crash_after"  # the client's process is killed just after the network accepted


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the calls that it hits: all given conditions must hold; `path` is a substring of the path."""

    kind: FaultKind
    method: str = ""
    path: str = ""
    host: str = ""
    account: str = ""  # handle or remote id of the calling account
    times: int = 1  # how many matching calls are hit
    after: int = 0  # how many matching calls pass first
    seconds: float = 5.0  # of LATE, SLOW and RATE_LIMITED
    status: int = 500  # of SERVER_ERROR and HTML
    executed: bool = False  # of SERVER_ERROR and HTML

    def matches(self, method: str, host: str, path: str, names: tuple[str, ...]) -> bool:
        """Whether a call is one of those meant; `names` are those of the calling account."""
        return (
            self.method in ("", method)
            and self.host in ("", host)
            and self.path in path
            and (not self.account or self.account in names)
        )

    def to_json(self) -> dict[str, Any]:
        """As stored in the world's file."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Fault:
        """As read from the world's file."""
        return cls(**{**value, "kind": FaultKind(value["kind"])})


# What chaos draws from unless told otherwise: everything a client must survive without its process being killed.
SURVIVABLE = (
    Fault(FaultKind.REFUSED),
    Fault(FaultKind.RESET_BEFORE),
    Fault(FaultKind.LOST_RESPONSE),
    Fault(FaultKind.TIMEOUT_BEFORE),
    Fault(FaultKind.TIMEOUT_AFTER),
    Fault(FaultKind.LATE),
    Fault(FaultKind.RATE_LIMITED),
    Fault(FaultKind.RATE_LIMITED_BARE),
    Fault(FaultKind.SERVER_ERROR, status=500),
    Fault(FaultKind.SERVER_ERROR, status=500, executed=True),
    Fault(FaultKind.SERVER_ERROR, status=502),
    Fault(FaultKind.SERVER_ERROR, status=503),
    Fault(FaultKind.BAD_JSON),
    Fault(FaultKind.HTML, status=200, executed=True),
    Fault(FaultKind.HTML, status=502),
    Fault(FaultKind.EXPIRED_TOKEN),
)


@dataclass(frozen=True, slots=True)
class Chaos:
    """Random faults: each call fails with probability `rate`, decided by the seed and the call alone."""

    seed: int
    rate: float
    menu: tuple[Fault, ...] = SURVIVABLE

    def draw(self, method: str, host: str, path: str, account: str, occurrence: int) -> Fault | None:
        """The fault of the `occurrence`-th such call, or None. The order among different calls does not matter."""
        dice = random.Random(f"{self.seed} {method} {host} {path} {account} {occurrence}")
        return dice.choice(self.menu) if dice.random() < self.rate else None
