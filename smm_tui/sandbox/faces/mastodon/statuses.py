"""Statuses: publish, schedule, read, edit, delete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant, to_instant
from smm_tui.sandbox.faces.mastodon import entities, notifications, text
from smm_tui.sandbox.faces.mastodon.call import MEDIA_KEPT, ROUTER, Call, bounds, page, sort_key
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Media, Object

SCHEDULED = "scheduled"
KEY_KEPT: Instant = HOUR
SCHEDULE_AHEAD: Instant = 5 * MINUTE
SCHEDULED_TOTAL = 300
SCHEDULED_DAY = 25
PINNED = 5
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked status that is not public yet."""

    text: str
    media: list[str]
    reply_to: str | None
    record: JSON


@ROUTER.on("POST", "/api/v1/statuses")
def create(call: Call) -> Response:
    """Publish or schedule."""
    author = call.user("write:statuses")
    key = call.request.header("idempotency-key") if call.flavour.idempotency_keys else ""
    if key:
        # Looked up by the time of arrival: what ran meanwhile is not seen, so an overlapping repeat makes a double.
        known = call.world.recall_key(author, key, at=call.request.received, ttl=KEY_KEPT)
        if known is not None:
            if known.deleted_at is not None or known.kind != POST:
                raise call.not_found()
            return json_response(entities.status(call, known))
    draft = check(call, author)
    when = _scheduled_at(call)
    if when is not None and when > call.world.clock():
        item = _schedule(call, author, draft, when)
        body = entities.scheduled_status(call, item)
    else:
        call.spend("statuses", str(author.id))
        item = publish(call, author, draft, when if call.flavour.backdates else None)
        body = entities.status(call, item)
    if key:
        call.world.remember_key(author, key, item)
    return json_response(body)


def publish(call: Call, author: Account, draft: Draft, created_at: Instant | None = None) -> Object:
    """Make a draft public; `created_at` backdates it."""
    remote_id = new_id(call, call.world.clock() if created_at is None else created_at)
    item = call.world.add_object(
        author,
        POST,
        remote_id,
        sort=sort_key(remote_id),
        text=draft.text,
        record=draft.record,
        media=draft.media,
        reply_to=draft.reply_to,
        created_at=created_at,
    )
    for named in mentioned(call, item):
        if named.id != author.id:
            notifications.notify(call, named, "mention", author, item)
    return item


def mentioned(call: Call, item: Object) -> list[Account]:
    """The accounts of this server that a status names."""
    named = (entities.mentioned(call, token) for token in text.tokens(item.text) if token.kind == "user")
    return list({account.id: account for account in named if account and account.server == item.server}.values())


def check(call: Call, author: Account, editing: Object | None = None) -> Draft:
    """The draft that the parameters make. Refused as the flavour refuses what is wrong with them."""
    flavour = call.flavour
    body = (call.text("status") or "").strip()
    warning = (call.text("spoiler_text") or "").strip()
    ids = call.parameters.get("media_ids") or []
    if not isinstance(ids, list):
        raise call.refusal(400, "Bad Request: media_ids is not a list")
    if not body and warning and not flavour.ulids:
        body, warning = warning, ""
    poll = _poll(call)
    if poll and ids:
        raise call.fail(flavour.bad_text, "poll_alone")
    if not body and not ids and not poll and not (flavour.ulids and warning):
        raise call.fail(flavour.bad_text, "empty")
    count = (
        text.length(warning + body, flavour.url_characters) if flavour.links_shortened else len(warning) + len(body)
    )
    if count > flavour.max_characters:
        raise call.fail(flavour.bad_text, "too_long", limit=flavour.max_characters, length=count)
    visibility = call.text("visibility") or flavour.default_visibility
    if editing is not None:
        visibility = editing.record["visibility"]
    if visibility not in flavour.visibilities:
        raise call.fail(422, "visibility")
    media = _attachable(call, author, [str(media_id) for media_id in ids], editing)
    parent = _parent(call, author) if editing is None else None
    language = call.text("language") or ""
    application = call.app_token().data.get("application")
    record: JSON = {
        "visibility": visibility,
        "sensitive": bool(call.flag("sensitive")) or bool(warning),
        "spoiler_text": warning,
        "language": language if _LANGUAGE.fullmatch(language) else "en",
        "application": application,
        "in_reply_to_account_id": call.world.account(parent.account_id).remote_id if parent else None,
    }
    if poll:
        record["poll"] = poll
    if editing is not None:
        kept = editing.record.get("poll")
        if kept and poll and [kept[key] for key in ("options", "multiple")] == [poll["options"], poll["multiple"]]:
            poll["votes"] = kept.get("votes", {})  # other options begin anew
        record |= {key: editing.record[key] for key in ("favourited_by",) if key in editing.record}
        record["in_reply_to_account_id"] = editing.record["in_reply_to_account_id"]
    return Draft(body, [item.id for item in media], parent.remote_id if parent else None, record)


def _poll(call: Call) -> JSON | None:
    given = call.parameters.get("poll")
    if not given:
        return None
    options = given.get("options") if isinstance(given, dict) else None
    if not isinstance(options, list):
        raise call.refusal(422, "Validation failed: Poll options is invalid")
    options = [str(option).strip() for option in options]
    most = 6 if call.flavour.ulids else 4
    if not 2 <= len(options) <= most or len(set(options)) < len(options):
        raise call.refusal(422, f"Validation failed: Poll options must be 2 to {most} different ones")
    if any(not option or len(option) > 50 for option in options):
        raise call.refusal(422, "Validation failed: Poll options can't be longer than 50 characters each")
    seconds = str(given.get("expires_in"))
    if not seconds.isdigit() or not 300 <= int(seconds) <= 2_629_746:
        raise call.refusal(422, "Validation failed: Poll expires at is too soon or too far into the future")
    multiple, hidden = (str(given.get(key)).lower() in ("1", "true") for key in ("multiple", "hide_totals"))
    return {"options": options, "expires_in": int(seconds), "multiple": multiple, "hide_totals": hidden}


def _parent(call: Call, author: Account) -> Object | None:
    reply_to = call.text("in_reply_to_id")
    if not reply_to:
        return None
    parent = call.world.find_object(call.server.host, POST, reply_to)
    if parent is None or not _visible(call, parent, author):
        if call.flavour.ulids:
            raise call.not_found()
        raise call.refusal(404, "The post you are trying to reply to does not appear to exist.")
    return parent


def _attachable(call: Call, author: Account, ids: list[str], editing: Object | None) -> list[Media]:
    most = call.flavour.max_media_attachments
    if len(ids) > most:
        raise call.fail(call.flavour.bad_text, "too_many_media", limit=most)
    found = []
    missing = []
    for media_id in ids:
        media = call.world.media(author, media_id)
        if media is not None and media.attached_to is None:
            free = media.created_at > call.world.clock() - MEDIA_KEPT
        else:
            free = media is not None and editing is not None and media.attached_to == editing.id
        if media is None or not free:
            missing.append(media_id)
        else:
            found.append(media)
    if missing:
        raise call.refusal(422, f"Media {', '.join(missing)} not found or already attached to another post")
    if any(not entities.is_ready(call, media) for media in found):
        raise call.refusal(422, "Cannot attach files that have not finished processing. Try again in a moment!")
    if len(found) > 1 and not call.flavour.ulids and any(not media.mime.startswith("image/") for media in found):
        raise call.refusal(422, "Cannot attach a video to a post that already contains images")
    return found


def _scheduled_at(call: Call) -> Instant | None:
    written = call.text("scheduled_at")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise call.fail(call.flavour.bad_date, "bad_date") from None
    when = to_instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if call.world.clock() < when < call.world.clock() + SCHEDULE_AHEAD:
        raise call.fail(422, "too_soon")
    return when


def _schedule(call: Call, author: Account, draft: Draft, when: Instant) -> Object:
    waiting = list(call.world.objects(author, SCHEDULED))
    if len(waiting) >= SCHEDULED_TOTAL:
        raise call.refusal(
            422, f"Validation failed: The limit of {SCHEDULED_TOTAL} scheduled posts has been exceeded"
        )
    if sum(item.created_at // DAY == when // DAY for item in waiting) >= SCHEDULED_DAY:
        raise call.refusal(
            422, f"Validation failed: The limit of {SCHEDULED_DAY} scheduled posts for today has been exceeded"
        )
    remote_id = new_id(call, call.world.clock()) if call.flavour.ulids else str(call.world.sequence("scheduled"))
    return call.world.add_object(
        author,
        SCHEDULED,
        remote_id,
        sort=sort_key(remote_id),
        text=draft.text,
        record=draft.record,
        media=draft.media,
        reply_to=draft.reply_to,
        created_at=when,
    )


def release_scheduled(call: Call) -> None:
    """Publish what was scheduled for a time that has come."""
    for item in call.world.due_objects(call.server.host, SCHEDULED):
        call.world.delete_object(item)
        draft = Draft(item.text, item.media, item.reply_to, item.record)
        publish(call, call.world.account(item.account_id), draft)


# -- reading ------------------------------------------------------------------------------------------------------


def _visible(call: Call, item: Object, viewer: Account | None) -> bool:
    if item.record["visibility"] in ("public", "unlisted") or (viewer and viewer.id == item.account_id):
        return True
    if viewer is None or item.record["visibility"] != "direct":
        return False
    named = (entities.mentioned(call, token) for token in text.tokens(item.text) if token.kind == "user")
    return any(account is not None and account.id == viewer.id for account in named)


def _find(call: Call, remote_id: str, viewer: Account | None) -> Object:
    item = call.world.find_object(call.server.host, POST, remote_id)
    if item is None or not _visible(call, item, viewer):
        raise call.not_found()
    return item


def _own(call: Call, remote_id: str, *, foreign: int = 404) -> Object:
    author = call.user("write:statuses")
    item = _find(call, remote_id, author)
    if item.account_id != author.id:
        if foreign == 404:
            raise call.not_found()
        raise call.refusal(foreign, "Forbidden: status does not belong to you")
    return item


@ROUTER.on("GET", "/api/v1/statuses/:status_id")
def show(call: Call, status_id: str) -> Response:
    """One status."""
    return json_response(entities.status(call, _find(call, status_id, call.viewer())))


@ROUTER.on("GET", "/api/v1/statuses/:status_id/source")
def source(call: Call, status_id: str) -> Response:
    """The plain text, for its owner."""
    viewer = call.user("read:statuses")
    item = _find(call, status_id, viewer)
    if item.account_id != viewer.id:
        raise call.not_found()
    return json_response({"id": item.remote_id, "text": item.text, "spoiler_text": item.record["spoiler_text"]})


@ROUTER.on("GET", "/api/v1/statuses/:status_id/context")
def context(call: Call, status_id: str) -> Response:
    """What a status answers, and what answers it."""
    viewer = call.viewer()
    item = _find(call, status_id, viewer)
    ancestors: list[Object] = []
    parent = item.reply_to
    while parent is not None:
        above = call.world.find_object(call.server.host, POST, parent)
        if above is None or not _visible(call, above, viewer):
            break
        ancestors.insert(0, above)
        parent = above.reply_to
    descendants: list[Object] = []
    _collect(call, item, viewer, descendants)
    return json_response(
        {
            "ancestors": [entities.status(call, above) for above in ancestors],
            "descendants": [entities.status(call, below) for below in descendants],
        }
    )


def _collect(call: Call, item: Object, viewer: Account | None, into: list[Object]) -> None:
    for reply in call.world.replies(item.server, item.remote_id):
        if reply.kind == POST and _visible(call, reply, viewer):
            into.append(reply)
            _collect(call, reply, viewer, into)


@ROUTER.on("GET", "/api/v1/accounts/:account_id/statuses")
def of_account(call: Call, account_id: str) -> Response:
    """An account's statuses, newest first; ``min_id`` takes the page just above it."""
    viewer = call.viewer()
    author = call.world.find_account(call.server.host, account_id)
    if author is None or author.remote_id != account_id:
        raise call.not_found()
    if call.flag("pinned"):
        pinned = (call.world.find_object(call.server.host, POST, each) for each in author.data.get("pinned", []))
        return json_response([entities.status(call, item) for item in pinned if item is not None])
    limit = call.limit(20, 40)
    before, after, upwards = bounds(call)
    found = call.world.objects(author, before=before, after=after, ascending=upwards)
    shown = (
        item
        for item in found
        if _visible(call, item, viewer)
        and not (call.flag("exclude_replies") and _answers_others(item, author))
        and not (call.flag("only_media") and not item.media)
    )
    items = list(islice(shown, limit))
    if upwards:
        items.reverse()
    return page(call, items, limit, [entities.status(call, item) for item in items])


def _answers_others(item: Object, author: Account) -> bool:
    return item.reply_to is not None and item.record["in_reply_to_account_id"] != author.remote_id


# -- changing -----------------------------------------------------------------------------------------------------


@ROUTER.on("PUT", "/api/v1/statuses/:status_id")
def edit(call: Call, status_id: str) -> Response:
    """Replace a status' content; media that are not named again are lost."""
    item = _own(call, status_id)
    author = call.world.account(item.account_id)
    draft = check(call, author, editing=item)
    for change in call.parameters.get("media_attributes") or []:
        if not isinstance(change, dict):
            raise call.refusal(400, "Bad Request: media_attributes is not a list of groups")
        media = call.world.media(author, str(change.get("id")))
        if media is not None and media.id in draft.media and change.get("description") is not None:
            call.world.update_media(media, description=str(change["description"]))
    updated = call.world.update_object(item, text=draft.text, record=draft.record, media=draft.media)
    return json_response(entities.status(call, updated))


@ROUTER.on("DELETE", "/api/v1/statuses/:status_id")
def delete(call: Call, status_id: str) -> Response:
    """Take a status down; answers with its source, for a redraft."""
    item = _own(call, status_id, foreign=call.flavour.foreign_delete)
    call.spend("delete", str(item.account_id))
    body = entities.status(call, item, source=True)
    remove(call, item)
    return json_response(body)


def remove(call: Call, item: Object) -> None:
    """Take a status down, and with it what told of it. Answers to it stay, and answer nothing from now on."""
    notifications.forget(call, item)
    author = call.world.account(item.account_id)
    if item.remote_id in author.data.get("pinned", []):
        left = [each for each in author.data["pinned"] if each != item.remote_id]
        call.world.update_account(author, {"pinned": left})
    call.world.delete_object(item)


# -- what one account does about a status ---------------------------------------------------------------------------


@ROUTER.on("POST", "/api/v1/statuses/:status_id/favourite")
def favourite(call: Call, status_id: str) -> Response:
    """Like; repeatable."""
    viewer = call.user("write:favourites")
    item = like(call, _find(call, status_id, viewer), viewer)
    return json_response(entities.status(call, item))


def like(call: Call, item: Object, person: Account) -> Object:
    """Enter a favourite, once, and tell the author."""
    before = item.record.get("favourited_by", [])
    if person.id in before:
        return item
    if item.account_id != person.id:
        notifications.notify(call, call.world.account(item.account_id), "favourite", person, item)
    return _with_record(call, item, favourited_by=[*before, person.id])


@ROUTER.on("POST", "/api/v1/statuses/:status_id/unfavourite")
def unfavourite(call: Call, status_id: str) -> Response:
    """Take a like back; repeatable."""
    viewer = call.user("write:favourites")
    item = _find(call, status_id, viewer)
    before = item.record.get("favourited_by", [])
    if viewer.id in before:
        notifications.forget(call, item, kind="favourite", sender=viewer)
        item = _with_record(call, item, favourited_by=[each for each in before if each != viewer.id])
    return json_response(entities.status(call, item))


def _with_record(call: Call, item: Object, **more: object) -> Object:
    return call.world.update_object(item, record={**item.record, **more}, edited=False)


@ROUTER.on("GET", "/api/v1/statuses/:status_id/favourited_by")
def favourited_by(call: Call, status_id: str) -> Response:
    """Who likes a status."""
    item = _find(call, status_id, call.viewer())
    people = map(call.world.account, item.record.get("favourited_by", []))
    return json_response([entities.account_entity(call, person) for person in people])


@ROUTER.on("POST", "/api/v1/statuses/:status_id/pin")
def pin(call: Call, status_id: str) -> Response:
    """Keep an own status on top of the profile. Mastodon takes no second pin of the same one."""
    author = call.user("write:accounts")
    item = _find(call, status_id, author)
    pinned = author.data.get("pinned", [])
    if item.account_id != author.id:
        raise call.refusal(422, "Validation failed: Someone else's post cannot be pinned")
    if item.remote_id in pinned and not call.flavour.ulids:
        raise call.refusal(422, "Duplicate record")
    if item.remote_id not in pinned:
        if len(pinned) >= PINNED:
            raise call.refusal(422, "Validation failed: You have already pinned the maximum number of posts")
        call.world.update_account(author, {"pinned": [item.remote_id, *pinned]})
    return json_response(entities.status(call, item))


@ROUTER.on("POST", "/api/v1/statuses/:status_id/unpin")
def unpin(call: Call, status_id: str) -> Response:
    """Let it go again; repeatable."""
    author = call.user("write:accounts")
    item = _find(call, status_id, author)
    pinned = author.data.get("pinned", [])
    call.world.update_account(author, {"pinned": [each for each in pinned if each != item.remote_id]})
    return json_response(entities.status(call, item))


@ROUTER.on("GET", "/api/v1/polls/:poll_id")
def show_poll(call: Call, poll_id: str) -> Response:
    """A poll as it stands."""
    item = _find(call, poll_id, call.viewer())
    if not item.record.get("poll"):
        raise call.not_found()
    return json_response(entities.poll(call, item))


@ROUTER.on("POST", "/api/v1/polls/:poll_id/votes")
def vote(call: Call, poll_id: str) -> Response:
    """Choose, once."""
    viewer = call.user("write:statuses")
    item = _find(call, poll_id, viewer)
    asked = item.record.get("poll")
    if not asked:
        raise call.not_found()
    choices = sorted({int(choice) for choice in call.parameters.get("choices") or [] if str(choice).isdigit()})
    votes = asked.get("votes", {})
    if str(viewer.id) in votes:
        raise call.refusal(422, "Validation failed: You have already voted on this poll")
    if not choices or choices[-1] >= len(asked["options"]) or (len(choices) > 1 and not asked["multiple"]):
        raise call.refusal(422, "Validation failed: The chosen vote option does not exist")
    item = _with_record(call, item, poll={**asked, "votes": {**votes, str(viewer.id): choices}})
    return json_response(entities.poll(call, item))


# -- scheduled ----------------------------------------------------------------------------------------------------


def _waiting(call: Call, scheduled_id: str, scope: str) -> Object:
    author = call.user(scope)
    item = call.world.find_object(call.server.host, SCHEDULED, scheduled_id)
    if item is None or item.account_id != author.id:
        raise call.not_found()
    return item


@ROUTER.on("GET", "/api/v1/scheduled_statuses")
def scheduled(call: Call) -> Response:
    """What waits to be published."""
    author = call.user("read:statuses")
    limit = call.limit(20, 40)
    before, after, upwards = bounds(call)
    items = list(islice(call.world.objects(author, SCHEDULED, before=before, after=after, ascending=upwards), limit))
    if upwards:
        items.reverse()
    return page(call, items, limit, [entities.scheduled_status(call, item) for item in items])


@ROUTER.on("GET", "/api/v1/scheduled_statuses/:scheduled_id")
def show_scheduled(call: Call, scheduled_id: str) -> Response:
    """One scheduled status."""
    return json_response(entities.scheduled_status(call, _waiting(call, scheduled_id, "read:statuses")))


@ROUTER.on("PUT", "/api/v1/scheduled_statuses/:scheduled_id")
def reschedule(call: Call, scheduled_id: str) -> Response:
    """Change the time, the only thing that can be changed."""
    item = _waiting(call, scheduled_id, "write:statuses")
    when = _scheduled_at(call)
    if when is None or when <= call.world.clock():
        raise call.fail(422, "too_soon")
    return json_response(entities.scheduled_status(call, call.world.update_object(item, created_at=when)))


@ROUTER.on("DELETE", "/api/v1/scheduled_statuses/:scheduled_id")
def unschedule(call: Call, scheduled_id: str) -> Response:
    """Give up a scheduled status."""
    call.world.delete_object(_waiting(call, scheduled_id, "write:statuses"))
    return json_response({})
