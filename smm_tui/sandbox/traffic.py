"""What passes between the clients and the networks: the log of calls, rate buckets, faults, late requests."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from smm_tui.domain.clock import Instant
from smm_tui.sandbox.faults import SURVIVABLE, Chaos, Fault
from smm_tui.sandbox.http import JSON, Request
from smm_tui.sandbox.store import Store
from smm_tui.sandbox.things import Call, Quota


class Traffic(Store):
    """The part of a world that watches the calls and meddles with them."""

    def log_call(self, request: Request, account: str, fault: str = "") -> int:
        """Note a call on its arrival; its number."""
        with self.transaction() as db:
            number = db.execute(
                "INSERT INTO calls (at, method, host, path, account, fault) VALUES (?, ?, ?, ?, ?, ?)",
                (self.clock(), request.method, request.host, request.path, account, fault),
            ).lastrowid
            assert number is not None  # noqa: S101 - an INSERT has one
            return number

    def log_status(self, call: int, status: int) -> None:
        """Note the status that a call was answered with."""
        with self.transaction() as db:
            db.execute("UPDATE calls SET status = ? WHERE id = ?", (status, call))

    def calls(self, *, path: str = "", method: str = "") -> list[Call]:
        """The logged calls whose path contains `path`, in order of arrival."""
        rows = self.rows(
            "SELECT * FROM calls WHERE instr(path, ?) AND (? = '' OR method = ?) ORDER BY id", path, method, method
        )
        return [Call(*row) for row in rows]

    def consume(self, bucket: str, points: int, limit: int, window: int, *, aligned: bool = False) -> Quota:
        """Take points from a rate bucket of `window` milliseconds, those of refused calls too.

        Windows begin with their first call or, `aligned`, at whole multiples of their length.
        """
        now = self.clock()
        with self.transaction() as db:
            row = db.execute("SELECT resets_at, used FROM buckets WHERE name = ?", (bucket,)).fetchone()
            if row is None or row["resets_at"] <= now:
                resets_at, used = (now - now % window if aligned else now) + window, 0
            else:
                resets_at, used = row["resets_at"], row["used"]
            used += points
            db.execute("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", (bucket, resets_at, used))
            return Quota(limit, max(0, limit - used), resets_at, window, used > limit)

    def plant(self, fault: Fault) -> None:
        """Let matching calls fail, from this process or any other that uses the file."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO faults (fault, skip, remaining) VALUES (?, ?, ?)",
                (json.dumps(fault.to_json()), fault.after, fault.times),
            )

    def clear_faults(self) -> None:
        """Forget planted faults and chaos."""
        with self.transaction() as db:
            db.execute("DELETE FROM faults")
            db.execute("DELETE FROM meta WHERE key = 'chaos'")

    def chaos(self, seed: int, rate: float, menu: Sequence[Fault] = SURVIVABLE) -> None:
        """Let calls fail at random with probability `rate`; 0 ends it."""
        value = {"seed": seed, "rate": rate, "menu": [fault.to_json() for fault in menu]}
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('chaos', ?)", (json.dumps(value),))

    def next_fault(self, request: Request, names: tuple[str, ...]) -> Fault | None:
        """The fault of this call, if any; planted ones first, and used up by it."""
        with self.transaction() as db:
            for row in db.execute("SELECT * FROM faults ORDER BY id").fetchall():
                fault = Fault.from_json(json.loads(row["fault"]))
                if not fault.matches(request.method, request.host, request.path, names):
                    continue
                if row["skip"]:
                    db.execute("UPDATE faults SET skip = skip - 1 WHERE id = ?", (row["id"],))
                    continue
                if row["remaining"] > 1:
                    db.execute("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
                else:
                    db.execute("DELETE FROM faults WHERE id = ?", (row["id"],))
                return fault
            stored = db.execute("SELECT value FROM meta WHERE key = 'chaos'").fetchone()
            if stored is None:
                return None
            value = json.loads(stored[0])
            account = names[0] if names else ""
            (occurrence,) = db.execute(
                "SELECT count(*) FROM calls WHERE path = ? AND method = ? AND host = ? AND account = ?",
                (request.path, request.method, request.host, account),
            ).fetchone()
            chaos = Chaos(value["seed"], value["rate"], tuple(map(Fault.from_json, value["menu"])))
            return chaos.draw(request.method, request.host, request.path, account, occurrence)

    def postpone(self, request: Request, due: Instant) -> None:
        """Keep a request that the network will execute at `due`."""
        value = {
            "method": request.method,
            "host": request.host,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": base64.b64encode(request.body).decode(),
            "received": request.received,
        }
        with self.transaction() as db:
            db.execute("INSERT INTO late_requests (due, request) VALUES (?, ?)", (due, json.dumps(value)))

    def take_due(self) -> list[Request]:
        """The postponed requests whose time has come; they are forgotten."""
        with self.transaction() as db:
            rows = db.execute(
                "SELECT * FROM late_requests WHERE due <= ? ORDER BY due, id", (self.clock(),)
            ).fetchall()
            db.executemany("DELETE FROM late_requests WHERE id = ?", [(row["id"],) for row in rows])
        return [_request(json.loads(row["request"])) for row in rows]


def _request(value: JSON) -> Request:
    return Request(
        **{
            **value,
            "query": tuple((name, text) for name, text in value["query"]),
            "body": base64.b64decode(value["body"]),
        }
    )
