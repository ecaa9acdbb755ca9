"""How an account shows itself, as its owner changes it."""

from __future__ import annotations

from smm_tui.sandbox.faces.mastodon import entities
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.files import read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, Upload, json_response
from smm_tui.sandbox.things import Account

NAME, NOTE, LINK = 30, 500, 255
PICTURE = 8 * 1024 * 1024


@ROUTER.on("PATCH", "/api/v1/accounts/update_credentials")
def update(call: Call) -> Response:
    """Change what is named; the links are all replaced at once."""
    owner = call.user("write:accounts")
    changes: JSON = {}
    for key, name, most in (("display_name", "Display name", NAME), ("note", "Note", NOTE)):
        value = call.text(key)
        if value is None:
            continue
        if len(value) > most:
            raise call.refusal(422, f"Validation failed: {name} is too long (maximum is {most} characters)")
        changes[key] = value.strip()
    if "fields_attributes" in call.parameters:
        changes["fields"] = _fields(call)
    for name in ("avatar", "header"):
        file = call.parameters.get(name)
        if file is not None:
            changes[name] = _picture(call, owner, name, file)
    call.world.update_account(owner, changes)
    return json_response(entities.credential_account(call, call.world.account(owner.id)))


@ROUTER.on("DELETE", "/api/v1/profile/avatar")
def delete_avatar(call: Call) -> Response:
    """Go back to the picture that everybody has."""
    return _without(call, "avatar")


@ROUTER.on("DELETE", "/api/v1/profile/header")
def delete_header(call: Call) -> Response:
    """Go back to the header that everybody has."""
    return _without(call, "header")


def _without(call: Call, name: str) -> Response:
    owner = call.user("write:accounts")
    call.world.update_account(owner, {name: None})
    return json_response(entities.credential_account(call, call.world.account(owner.id)))


def _fields(call: Call) -> list[JSON]:
    given = call.parameters["fields_attributes"]
    if not isinstance(given, dict):
        raise call.refusal(400, "Bad Request: fields_attributes is not a group")
    links = [
        {"name": str(entry.get("name") or "").strip(), "value": str(entry.get("value") or "").strip()}
        for entry in given.values()
        if isinstance(entry, dict)
    ]
    links = [link for link in links if link["name"]]
    most = 6 if call.flavour.ulids else 4
    if len(links) > most or any(len(text) > LINK for link in links for text in link.values()):
        raise call.refusal(422, "Validation failed: Fields are too many or too long")
    return links


def _picture(call: Call, owner: Account, name: str, file: object) -> str:
    mime = sniff(file.data) if isinstance(file, Upload) else None
    if not isinstance(file, Upload) or mime is None or not mime.startswith("image/"):
        raise call.refusal(422, f"Validation failed: {name.capitalize()} content type is invalid")
    if len(file.data) > PICTURE or read_picture(file.data) is None:
        raise call.refusal(422, f"Validation failed: {name.capitalize()} file size must be less than 8 MB")
    now = call.world.clock()
    return call.world.add_media(owner, new_id(call, now), file.data, mime, ready_at=now).id
