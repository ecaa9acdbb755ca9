"""What reaches a Page from elsewhere: posts that name it, posts on it, messages; and who is banned from it."""

from __future__ import annotations

import json
from typing import Any

from smm_tui.domain.clock import DAY
from smm_tui.sandbox.faces.facebook import comments, people
from smm_tui.sandbox.faces.facebook.call import ROUTER, SITE, Call, stamp
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import Account, Object

MESSAGING = "pages_messaging"
LONGEST = 2000  # characters of a message
LISTED = 20  # messages that a listing of conversations tells


@ROUTER.on("GET", "/:version/:page/tagged")
def tagged(call: Call, version: str, page: str) -> Response:
    """Posts elsewhere that name the Page."""
    return _posts(call, page, people.TAGGED)


@ROUTER.on("GET", "/:version/:page/visitor_posts")
def visitor_posts(call: Call, version: str, page: str) -> Response:
    """Posts of others on the Page."""
    return _posts(call, page, people.VISITOR)


def _posts(call: Call, name: str, kind: str) -> Response:
    page = call.page(name)
    call.need(comments.READ_OTHERS)
    items = people.addressed(call.world, page, kind)
    return comments.paged(call, items, lambda item: item.remote_id, lambda item: post(call, item))


def post(call: Call, item: Object) -> JSON:
    """A post of somebody else with the fields that the call asks for."""
    author = call.world.account(item.account_id)
    entity = {
        "id": item.remote_id,
        "message": item.text or None,
        "from": {"id": author.remote_id, "name": author.display_name},
        "created_time": stamp(item.created_at),
        "updated_time": stamp(item.edited_at or item.created_at),
        "permalink_url": f"{SITE}/{item.remote_id}",
        "is_hidden": item.record["hidden"],
        "is_published": True,
    }
    return call.shown("PagePost", entity, "created_time,message,id")


@ROUTER.on("GET", "/:version/:page/conversations")
def conversations(call: Call, version: str, page: str) -> Response:
    """The Page's conversations, the one that changed last first."""
    owner = call.page(page)
    call.need(MESSAGING)
    if call.text("platform") not in ("", "MESSENGER"):
        return json_response({"data": []})
    found = list(people.threads(call.world, owner).items())
    return comments.paged(call, found, lambda item: f"t_{item[0]}", lambda item: _thread(call, owner, *item))


def _thread(call: Call, page: Account, person: str, messages: list[Object]) -> JSON:
    entity = {
        "id": f"t_{person}",
        "updated_time": stamp(messages[0].created_at),
        "can_reply": True,
        "message_count": len(messages),
        "participants": {"data": [_named(call, page, person), _named(call, page, page.remote_id)]},
        "messages": {"data": [_message(call, page, item) for item in messages[:LISTED]]},
    }
    return call.shown("UnifiedThread", entity, "id,updated_time")


@ROUTER.on("GET", "/:version/:thread/messages")
def messages(call: Call, version: str, thread: str) -> Response:
    """The messages of a conversation, newest first."""
    page = call.page("me")
    call.need(MESSAGING)
    found = people.threads(call.world, page).get(thread.removeprefix("t_"))
    if found is None:
        raise call.missing(thread)

    def show(item: Object) -> JSON:
        return call.shown("Message", _message(call, page, item), "id,created_time")

    return comments.paged(call, found, lambda item: item.remote_id, show)


def _message(call: Call, page: Account, item: Object) -> JSON:
    author = call.world.account(item.account_id)
    to = item.record["person"] if author.id == page.id else page.remote_id
    return {
        "id": item.remote_id,
        "created_time": stamp(item.created_at),
        "from": {"id": author.remote_id, "name": author.display_name},
        "to": {"data": [_named(call, page, to)]},
        "message": item.text,
        "attachments": None,
    }


def _named(call: Call, page: Account, number: str) -> JSON:
    account = call.world.find_account(page.server, number)
    return {"id": number, "name": account.display_name if account else ""}


@ROUTER.on("POST", "/:version/:page/messages")
def send(call: Call, version: str, page: str) -> Response:
    """Answer a person, for a day after the last message, or seven as a human agent."""
    owner = call.page(page)
    call.need(MESSAGING, "MESSAGING")
    person = call.world.find_account(call.server.host, str(_object(call, "recipient").get("id")))
    text = str(_object(call, "message").get("text") or "")
    if person is None or not person.data.get("person"):
        raise call.error(100, "(#100) No matching user found", subcode=2018001)
    if not text or len(text) > LONGEST:
        raise call.error(100, f"(#100) Length of param message[text] must be less than or equal to {LONGEST}")
    written = people.threads(call.world, owner).get(person.remote_id, [])
    last = max((item.created_at for item in written if item.account_id == person.id), default=None)
    agent = call.text("messaging_type") == "MESSAGE_TAG" and call.text("tag") == "HUMAN_AGENT"
    if last is None or call.world.clock() - last > (7 * DAY if agent else DAY):
        raise call.error(10, "(#10) This message is sent outside of allowed window.", subcode=2018278)
    item = people.write_message(call.world, owner, owner, person, text)
    return json_response({"recipient_id": person.remote_id, "message_id": item.remote_id})


def _object(call: Call, name: str) -> JSON:
    value: Any = call.parameters.get(name)
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise call.error(100, f"(#100) The parameter {name} is required")
    return value


@ROUTER.on("GET", "/:version/:page/blocked")
def blocked(call: Call, version: str, page: str) -> Response:
    """Who is banned from the Page."""
    owner = call.page(page)
    call.need(comments.ENGAGE, "MODERATE")
    names = owner.data.get("blocked", [])
    return comments.paged(call, names, str, lambda name: _named(call, owner, name))


@ROUTER.on("POST", "/:version/:page/blocked")
def block(call: Call, version: str, page: str) -> Response:
    """Ban people from the Page; twice is once."""
    owner = call.page(page)
    call.need(comments.ENGAGE, "MODERATE")
    try:
        wanted = [str(name) for name in json.loads(call.text("user") or "[]")]
    except (ValueError, TypeError):
        wanted = []
    if not wanted or any(call.world.find_account(call.server.host, name) is None for name in wanted):
        raise call.error(100, "(#100) Invalid user id")
    names = sorted({*owner.data.get("blocked", []), *wanted})
    call.world.update_account(owner, {"blocked": names})
    return json_response(dict.fromkeys(wanted, True))


@ROUTER.on("DELETE", "/:version/:page/blocked")
def unblock(call: Call, version: str, page: str) -> Response:
    """Let somebody come back; who was not banned may."""
    owner = call.page(page)
    call.need(comments.ENGAGE, "MODERATE")
    names = [name for name in owner.data.get("blocked", []) if name != call.text("user")]
    call.world.update_account(owner, {"blocked": names})
    return json_response({"success": True})
