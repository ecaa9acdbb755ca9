"""The cabinet, what ads lead to, and pictures."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from smm_tui.sandbox.faces.vk_ads.call import ROUTER, WRITE, Call
from smm_tui.sandbox.http import JSON, Response, Upload, json_response
from smm_tui.sandbox.things import POST, Account

STATUS = {"active": "active", "deleted": "deleted"}


@ROUTER.on("GET", "/api/v2/user.json")
def user(call: Call) -> Response:
    """The cabinet's owner."""
    cabinet = call.authorised()
    account: JSON = {"id": int(cabinet.remote_id), "type": "user"}
    if "read_payments" in cabinet.data["scopes"]:
        balance = cabinet.data.get("balance")
        account["balance"] = None if balance is None else f"{balance / 100:.2f}"
    return json_response(
        {
            "id": int(cabinet.remote_id),
            "username": cabinet.handle,
            "client_username": cabinet.display_name,
            "status": STATUS.get(cabinet.state, "blocked"),
            "currency": "RUB",
            "account": account,
        }
    )


@ROUTER.on("GET", "/api/v2/throttling.json")
def throttling(call: Call) -> Response:
    """What is left of the calls."""
    call.authorised()
    return json_response(dict(call.limits))


@ROUTER.on("POST", "/api/v2/urls.json")
def add_url(call: Call) -> Response:
    """An address gets a number, always the same one."""
    cabinet = call.authorised(WRITE)
    return json_response(_url(call, cabinet, str(call.parameters.get("url", ""))))


@ROUTER.on("GET", "/api/v1/urls")
def find_url(call: Call) -> Response:
    """The same, by query."""
    return json_response(_url(call, call.authorised(WRITE), call.request.argument("url") or ""))


@ROUTER.on("POST", "/api/v2/content/static.json")
def upload(call: Call) -> Response:
    """A picture; what its size is to be is told beside it."""
    from PIL import Image

    cabinet = call.authorised(WRITE)
    file, told = call.parameters.get("file"), call.parameters.get("data")
    if not isinstance(file, Upload):
        raise call.wrong("file", "required", "This field is required")
    try:
        size = json.loads(told.data if isinstance(told, Upload) else str(told))
        with Image.open(io.BytesIO(file.data)) as picture:
            if [size["width"], size["height"]] != list(picture.size):
                raise call.wrong("data", "bad_width", "The picture has another size")
    except (OSError, ValueError, KeyError, TypeError):
        raise call.wrong("file", "bad_file", "Unknown or damaged picture") from None
    number = call.world.sequence("vk ads content") + 5_000_000
    call.world.add_media(cabinet, str(number), file.data, file.content_type, meta=size)
    return json_response({"id": number, "variants": {"original": size}})


def address(cabinet: Account, number: Any) -> str | None:
    """The address behind a number."""
    return next((known for known, each in cabinet.data.get("urls", {}).items() if each == number), None)


def words(call: Call, link: str) -> str:
    """What a promoted post says; empty for other addresses."""
    found = re.fullmatch(r"https://vk\.com/wall(-?\d+_\d+)", link)
    host = str(call.server.config.get("communities", call.server.host.replace("ads.", "api.", 1)))
    post = call.world.find_object(host, POST, found[1]) if found else None
    return "" if post is None else post.text


def _url(call: Call, cabinet: Account, link: str) -> JSON:
    if not re.fullmatch(r"https?://[^\s/]+\S*", link):
        raise call.wrong("url", "invalid", "Enter a valid URL")
    known = dict(cabinet.data.get("urls", {}))
    if link not in known:
        known[link] = call.world.sequence("vk ads url") + 90_000_000
        call.world.update_account(cabinet, {"urls": known})
    return {"id": known[link], "url": link, "url_types": {}, "status": "done"}
