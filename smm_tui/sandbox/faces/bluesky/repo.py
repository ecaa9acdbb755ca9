"""Repositories: records and blobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from smm_tui.domain.clock import HOUR, Instant, to_instant
from smm_tui.sandbox.faces.bluesky import records, shapes
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, did_document, refusal
from smm_tui.sandbox.faces.bluesky.cid import cid_of_blob, cid_of_record
from smm_tui.sandbox.files import sniff
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Media, Object
from smm_tui.sandbox.world import World

UPLOAD_BYTES = 5 * 1024 * 1024
BLOB_KEPT: Instant = 6 * HOUR  # so long a blob waits for a record that names it
WRITES = 200
_CREATE, _UPDATE, _DELETE = 3, 2, 1  # points


def kind_of(collection: str) -> str:
    """The world's word for a collection."""
    return POST if collection == records.POST else collection


def collection_of(kind: str) -> str:
    """The collection that holds a kind of object."""
    return records.POST if kind == POST else kind


def uri_of(account: Account, collection: str, rkey: str) -> str:
    """The address of a record."""
    return f"at://{account.remote_id}/{collection}/{rkey}"


def find(call: Call, account: Account, collection: str, rkey: str) -> Object | None:
    """The live record at a key."""
    return call.world.find_object(call.server.host, kind_of(collection), uri_of(account, collection, rkey))


def record_of(item: Object) -> JSON:
    """The record as its author wrote it."""
    record: JSON = item.record["value"]
    return record


# -- writing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that may be stored."""

    collection: str
    rkey: str
    value: JSON
    cid: str
    valid: bool  # False: its lexicon is unknown here, or was not asked
    status: JSON  # what the answer says of that


@ROUTER.on("POST", "/xrpc/com.atproto.repo.createRecord")
def create(call: Call) -> Response:
    """A new record; a key that is taken is an internal error, whatever its content."""
    user, collection, rkey = _target(call, rkey_required=False)
    record = call.member("record", dict)
    call.spend("calls", "ip")
    call.spend_writes(user.remote_id, _CREATE)
    prepared = _prepare(call, user, collection, rkey or call.new_tid(), record)
    _check_commit(call, user)
    if find(call, user, collection, prepared.rkey) is not None:
        raise refusal(500, "InternalServerError", "Internal Server Error")
    item = _write(call, user, prepared, None)
    return json_response({**_written(item), "commit": _commit(call, user), **prepared.status})


@ROUTER.on("POST", "/xrpc/com.atproto.repo.putRecord")
def put(call: Call) -> Response:
    """Create or replace; the same content again changes nothing and makes no commit."""
    user, collection, rkey = _target(call, rkey_required=True)
    record = call.member("record", dict)
    call.spend("calls", "ip")
    call.spend_writes(user.remote_id, _UPDATE)
    prepared = _prepare(call, user, collection, rkey, record)
    current = find(call, user, collection, rkey)
    if current is not None and current.record["cid"] == prepared.cid:
        return json_response({**_written(current), **prepared.status})
    _check_commit(call, user)
    _check_swap(call, current)
    item = _write(call, user, prepared, current)
    return json_response({**_written(item), "commit": _commit(call, user), **prepared.status})


@ROUTER.on("POST", "/xrpc/com.atproto.repo.deleteRecord")
def delete(call: Call) -> Response:
    """Delete; a record that is not there is success."""
    user, collection, rkey = _target(call, rkey_required=True)
    call.spend("calls", "ip")
    call.spend_writes(user.remote_id, _DELETE)
    current = find(call, user, collection, rkey)
    if current is None:
        return json_response({})
    _check_commit(call, user)
    _check_swap(call, current)
    _remove(call, user, current)
    return json_response({"commit": _commit(call, user)})


@ROUTER.on("POST", "/xrpc/com.atproto.repo.applyWrites")
def apply(call: Call) -> Response:
    """Several writes as one, all or none."""
    user = call.user()
    call.own(call.member("repo", str), user)
    writes = call.member("writes", list)
    call.spend("calls", "ip")
    if len(writes) > WRITES:
        raise refusal(400, "InvalidRequest", f"Too many writes. Max: {WRITES}")
    kinds = [str(write.get("$type", "")).rpartition("#")[2] for write in writes if isinstance(write, dict)]
    if len(kinds) != len(writes) or not set(kinds) <= {"create", "update", "delete"}:
        raise refusal(400, "InvalidRequest", "Input/writes must be creates, updates or deletes")
    points = {"create": _CREATE, "update": _UPDATE, "delete": _DELETE}
    call.spend_writes(user.remote_id, sum(points[kind] for kind in kinds))
    steps: list[tuple[str, str, str, Prepared | None]] = []
    for number, (kind, write) in enumerate(zip(kinds, writes, strict=True)):
        at = f"$.writes[{number}]"
        required = {"collection": shapes.nsid} | ({} if kind == "create" else {"rkey": shapes.record_key})
        call.check(partial(shapes.fields, write, at, required, {"rkey": shapes.record_key}))
        collection, rkey = write["collection"], write.get("rkey") or call.new_tid()
        prepared = None
        if kind != "delete":
            call.check(partial(shapes.fields, write, at, {"value": partial(shapes.fields, required={})}))
            prepared = _prepare(call, user, collection, rkey, write["value"], f"{at}.record")
        # A write that does not fit what is there fails the whole batch, before any is done.
        if (find(call, user, collection, rkey) is None) != (kind == "create"):
            raise refusal(500, "InternalServerError", "Internal Server Error")
        steps.append((kind, collection, rkey, prepared))
    if len({(collection, rkey) for _, collection, rkey, _ in steps}) < len(steps):
        raise refusal(500, "InternalServerError", "Internal Server Error")
    _check_commit(call, user)
    results = []
    for kind, collection, rkey, prepared in steps:
        current = find(call, user, collection, rkey)
        result: JSON = {"$type": f"com.atproto.repo.applyWrites#{kind}Result"}
        if prepared is not None:
            item = _write(call, user, prepared, current)
            result |= {**_written(item), **prepared.status}
        elif current is not None:
            _remove(call, user, current)
        results.append(result)
    return json_response({"commit": _commit(call, user), "results": results})


def _target(call: Call, *, rkey_required: bool) -> tuple[Account, str, str]:
    user = call.user()
    repo = call.member("repo", str, shapes.at_identifier)
    collection = call.member("collection", str, shapes.nsid)
    rkey = call.member("rkey", str, shapes.record_key) if rkey_required or "rkey" in call.body else ""
    call.optional("swapRecord", str, shapes.cid)
    call.optional("swapCommit", str, shapes.cid)
    call.own(repo, user)
    return user, collection, rkey


def _prepare(call: Call, user: Account, collection: str, rkey: str, record: JSON, at: str = "$.record") -> Prepared:
    """Refused when the record breaks its lexicon or names blobs that it may not."""
    validate = call.optional("validate", bool)
    record = {"$type": collection, **record}
    if record["$type"] != collection:
        raise refusal(400, "InvalidRequest", f"Invalid $type: expected {collection}, got {record['$type']}")
    try:
        records.check_values(record, at)
        records.check_key(collection, rkey)
        valid = validate is not False and records.check_record(collection, record, at)
        cid = cid_of_record(record)
    except ValueError as error:
        raise refusal(400, "InvalidRequest", str(error)) from None
    if validate is True and not valid:
        raise refusal(400, "InvalidRequest", f"Unknown lexicon type: {collection}")
    for blob in records.blobs(record):
        link = blob["ref"]["$link"]
        media = call.world.media(user, link)
        if media is None or (media.attached_to is None and media.created_at <= call.world.clock() - BLOB_KEPT):
            raise refusal(400, "BlobNotFound", f"Could not find blob: {link}")
        if media.attached_to is None:
            _check_claims(blob, media)
    status = {} if validate is False else {"validationStatus": "valid" if valid else "unknown"}
    return Prepared(collection, rkey, record, cid, valid, status)


def _check_claims(blob: JSON, media: Media) -> None:
    """What a record says of a blob is compared when a record names it for the first time, and never again."""
    claims = (("Mimetype", "InvalidMimeType", "mimeType", media.mime), ("Size", "InvalidSize", "size", media.size))
    for word, error, name, stored in claims:
        if blob[name] != stored:
            message = f"Referenced {word} does not match stored blob. Expected: {stored}, Got: {blob[name]}"
            raise refusal(400, error, message)


def _check_commit(call: Call, user: Account) -> None:
    wanted = call.optional("swapCommit", str)
    head = call.world.account(user.id).data.get("commit", {}).get("cid", "")
    if wanted is not None and wanted != head:
        raise refusal(400, "InvalidSwap", f"Commit was at {head}")


def _check_swap(call: Call, current: Object | None) -> None:
    """`swapRecord`: absent, anything goes; null, nothing may be there; else what is there must have that cid."""
    if "swapRecord" not in call.body:
        return
    cid = current.record["cid"] if current is not None else None
    if call.optional("swapRecord", str) != cid:
        raise refusal(400, "InvalidSwap", f"Record was at {cid or 'null'}")


def _write(call: Call, user: Account, prepared: Prepared, current: Object | None) -> Object:
    if current is None:
        return keep(call.world, user, prepared)
    value = prepared.value
    record = {"value": value, "cid": prepared.cid, "valid": prepared.valid}
    media = [blob["ref"]["$link"] for blob in records.blobs(value)]
    updated = call.world.update_object(current, text=_text(prepared), record=record, media=media)
    call.world.drop_media(user, current.media)
    return updated


def keep(world: World, author: Account, prepared: Prepared) -> Object:
    """A new record in its author's repository."""
    value = prepared.value
    return world.add_object(
        author,
        kind_of(prepared.collection),
        uri_of(author, prepared.collection, prepared.rkey),
        sort=prepared.rkey,
        text=_text(prepared),
        record={"value": value, "cid": prepared.cid, "valid": prepared.valid},
        media=[blob["ref"]["$link"] for blob in records.blobs(value)],
        reply_to=records.subject_of(prepared.collection, value) if prepared.valid else None,
        created_at=to_instant(datetime.fromisoformat(value["createdAt"]))
        if prepared.valid and "createdAt" in value
        else None,
    )


def _text(prepared: Prepared) -> str:
    return str(prepared.value.get("text", "")) if prepared.collection == records.POST else ""


def _remove(call: Call, user: Account, current: Object) -> None:
    call.world.delete_object(current)
    call.world.drop_media(user, current.media)


def _written(item: Object) -> JSON:
    return {"uri": item.remote_id, "cid": item.record["cid"]}


def _commit(call: Call, user: Account) -> JSON:
    """The new head of the repository."""
    rev = call.new_tid()
    previous = call.world.account(user.id).data.get("commit", {}).get("cid", "")
    commit: JSON = {"cid": cid_of_record({"did": user.remote_id, "prev": previous, "rev": rev}), "rev": rev}
    call.world.update_account(user, {"commit": commit})
    return commit


# -- reading ------------------------------------------------------------------------------------------------------


@ROUTER.on("GET", "/xrpc/com.atproto.repo.getRecord")
def get(call: Call) -> Response:
    """One record, as the PDS has it: nothing newer exists."""
    repo, collection, rkey = (call.parameter(name) for name in ("repo", "collection", "rkey"))
    call.spend("calls", "ip")
    account = call.repo(repo)
    item = find(call, account, collection, rkey)
    wanted = call.request.argument("cid")
    if item is None or (wanted is not None and wanted != item.record["cid"]):
        uri = uri_of(account, collection, rkey)
        raise refusal(400, "RecordNotFound", f"Could not locate record: {uri}")
    return json_response({**_written(item), "value": record_of(item)})


@ROUTER.on("GET", "/xrpc/com.atproto.repo.listRecords")
def list_records(call: Call) -> Response:
    """The records of a collection by key, latest first; even the last page has a cursor."""
    repo, collection = call.parameter("repo"), call.parameter("collection")
    limit = call.number("limit", 50, 1, 100)
    call.spend("calls", "ip")
    account = call.repo(repo)
    ascending = call.request.argument("reverse") == "true"
    cursor = call.request.argument("cursor") or ""
    found = call.world.objects(
        account,
        kind_of(collection),
        before="" if ascending else cursor,
        after=cursor if ascending else "",
        ascending=ascending,
    )
    items = list(islice(found, limit))
    body: JSON = {"records": [{**_written(item), "value": record_of(item)} for item in items]}
    if items:
        body["cursor"] = items[-1].sort
    return json_response(body)


@ROUTER.on("GET", "/xrpc/com.atproto.repo.describeRepo")
def describe(call: Call) -> Response:
    """An account and the collections it uses."""
    repo = call.parameter("repo")
    call.spend("calls", "ip")
    account = call.known(repo)
    return json_response(
        {
            "handle": account.handle,
            "did": account.remote_id,
            "didDoc": did_document(call.server, account),
            "collections": [collection_of(kind) for kind in call.world.kinds(account)],
            "handleIsCorrect": True,
        }
    )


@ROUTER.on("POST", "/xrpc/com.atproto.repo.uploadBlob")
def upload(call: Call) -> Response:
    """Keep bytes for a record to name; the type is what the bytes tell."""
    user = call.user()
    if not call.request.content_type:
        raise refusal(400, "InvalidRequest", "Request encoding (Content-Type) required but not provided")
    call.spend("calls", "ip")
    call.spend("blobs", user.remote_id)
    data = call.request.body
    if len(data) > UPLOAD_BYTES:
        raise refusal(413, "PayloadTooLarge", "request entity too large")
    cid = cid_of_blob(data)
    mime = sniff(data) or call.request.content_type
    media = call.world.add_media(user, cid, data, mime, ready_at=call.world.clock())
    blob = {"$type": "blob", "ref": {"$link": cid}, "mimeType": media.mime, "size": media.size}
    return json_response({"blob": blob})


@ROUTER.on("GET", "/xrpc/com.atproto.sync.getBlob")
def get_blob(call: Call) -> Response:
    """The bytes of a blob."""
    did, cid = call.parameter("did"), call.parameter("cid")
    call.spend("calls", "ip")
    if call.world.media(call.known(did), cid) is None:
        raise refusal(400, "InvalidRequest", "Blob not found")
    found = call.world.media_bytes(call.server.host, cid)
    assert found is not None  # noqa: S101 - just seen
    return Response(200, {"content-type": found[0], "x-content-type-options": "nosniff"}, found[1])
