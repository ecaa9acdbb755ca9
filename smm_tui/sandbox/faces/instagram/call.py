"""What calls of Instagram's part of the Graph API have in common."""

from __future__ import annotations

import re

from smm_tui.sandbox.faces.facebook.call import Call
from smm_tui.sandbox.http import Router
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World

ROUTER = Router()
SITE = "https://www.instagram.com"
BASIC, PUBLISH = "instagram_basic", "instagram_content_publish"
COMMENTS, INSIGHTS = "instagram_manage_comments", "instagram_manage_insights"


def new_number(world: World) -> str:
    """A fresh id. Those of Instagram begin with 17 or 18, so that a path tells whose node it names."""
    step = world.sequence("instagram")
    return str(17_800_000_000_000_000 + step * 736_878_713_791 % 199_999_999_999_999)


def is_ours(path: str) -> bool:
    """Whether a path of the Graph API names a node of Instagram's."""
    return re.match(r"/v\d+\.\d+/1[78]\d{15}(?:/|$)", path) is not None


def account(call: Call, number: str = "") -> Account:
    """The Instagram account that a path names, or that is linked to the token's Page, whose token it must be."""
    token = call.token
    if token.account_id is None:
        raise call.missing(number)
    page = call.subject(token)
    linked = call.world.find_account(call.server.host, str(page.data.get("instagram", "")))
    if linked is None or number not in ("", linked.remote_id):
        raise call.missing(number)
    if linked.state != "active":
        raise call.error(
            190,
            "Error validating access token: The user must log in to www.instagram.com and follow the instructions.",
            subcode=459,
        )
    call.spend(page)
    return linked
