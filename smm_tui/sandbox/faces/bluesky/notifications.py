"""What the AppView tells an account of others: who answered, mentioned, quoted, liked, reposted and followed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smm_tui.domain.clock import Instant, to_datetime
from smm_tui.sandbox.faces.bluesky import records
from smm_tui.sandbox.faces.bluesky.appview import answered, author, blocked, gate_of, indexed, muted_by
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call
from smm_tui.sandbox.faces.bluesky.repo import record_of
from smm_tui.sandbox.http import JSON, Response
from smm_tui.sandbox.things import POST, Account, Object, object_of

ANCESTORS = 5  # so far up are authors told of an answer
_REACTIONS = {records.LIKE: "like", records.REPOST: "repost", records.FOLLOW: "follow"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification; `about` is the own post that it is about, if any."""

    item: Object
    reason: str
    about: str | None
    at: Instant

    @property
    def key(self) -> str:
        """Sorts by time."""
        return f"{self.at:015d}::{self.item.id:012d}"


@ROUTER.on("GET", "/xrpc/app.bsky.notification.listNotifications")
def list_notifications(call: Call) -> Response:
    """Notifications, newest first; there is no asking for those since a time."""
    user = call.user()
    limit = call.number("limit", 50, 1, 100)
    wanted = call.request.arguments("reasons")
    cursor = call.request.argument("cursor")
    call.spend("calls", "ip")
    notices = sorted(_notices(call, user), key=lambda notice: notice.key, reverse=True)
    fitting = [
        notice
        for notice in notices
        if (not wanted or notice.reason in wanted) and (cursor is None or notice.key < cursor)
    ]
    page = fitting[:limit]
    body: JSON = {"notifications": [_view(call, notice) for notice in page], "priority": False}
    if len(fitting) > limit:
        body["cursor"] = page[-1].key
    return answered(body)


def _notices(call: Call, user: Account) -> Iterator[Notice]:
    kinds = (POST, *_REACTIONS)
    rows = call.world.rows(
        f"SELECT * FROM objects WHERE server = ? AND account_id <> ? AND deleted_at IS NULL"  # noqa: S608
        f" AND kind IN ({','.join('?' * len(kinds))}) AND (reply_to IS NOT NULL OR instr(record, ?))",
        call.server.host,
        user.id,
        *kinds,
        user.remote_id,
    )
    silent = set(muted_by(call, user))
    for item in map(object_of, rows):
        found = _reason(call, user, item)
        if found is None:
            continue
        writer = call.world.account(item.account_id)
        if writer.remote_id not in silent and not blocked(call, user, writer):
            yield Notice(item, *found, min(item.created_at, item.stored_at))


def _reason(call: Call, user: Account, item: Object) -> tuple[str, str | None] | None:
    """Why an account is told of something; once, whatever else there is to it."""
    own = f"at://{user.remote_id}/"
    if item.kind in _REACTIONS:
        subject = item.reply_to or ""
        if subject == user.remote_id:
            return _REACTIONS[item.kind], None
        return (_REACTIONS[item.kind], subject) if subject.startswith(own) else None
    if not indexed(call, item):
        return None
    record = record_of(item)
    features = [feature for facet in record.get("facets", []) for feature in facet["features"]]
    if any(feature.get("did") == user.remote_id for feature in features):
        return "mention", None
    quoted = str(record.get("embed", {}).get("record", {}).get("uri", ""))
    if quoted.startswith(own):
        return "quote", quoted
    above = next((uri for uri in _ancestors(call, item) if uri.startswith(own)), None)
    return None if above is None or _hidden(call, own, record, item) else ("reply", above)


def _ancestors(call: Call, item: Object) -> Iterator[str]:
    for _height in range(ANCESTORS):
        if item.reply_to is None:
            return
        yield item.reply_to
        above = call.world.find_object(item.server, POST, item.reply_to)
        if above is None:
            return
        item = above


def _hidden(call: Call, own: str, record: JSON, item: Object) -> bool:
    """Whether the account hid an answer below its own post."""
    root = str(record["reply"]["root"]["uri"])
    gate = gate_of(call, records.THREADGATE, root) if root.startswith(own) else None
    return gate is not None and item.remote_id in record_of(gate).get("hiddenReplies", [])


def _view(call: Call, notice: Notice) -> JSON:
    item = notice.item
    view: JSON = {
        "uri": item.remote_id,
        "cid": item.record["cid"],
        "author": author(call, call.world.account(item.account_id)),
        "reason": notice.reason,
        "record": record_of(item),
        "isRead": False,
        "indexedAt": to_datetime(notice.at).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "labels": [],
    }
    return view | ({} if notice.about is None else {"reasonSubject": notice.about})
