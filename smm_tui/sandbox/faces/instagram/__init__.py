"""Instagram's part of the Graph API, which answers on the same host as Facebook's."""

from __future__ import annotations

from dataclasses import replace

# Importing the handlers enters their routes.
from smm_tui.sandbox.faces.instagram import media, nodes  # noqa: F401
from smm_tui.sandbox.faces.instagram.call import ROUTER, is_ours, new_number
from smm_tui.sandbox.faces.instagram.media import upload
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World

__all__ = ["ROUTER", "add_account", "is_ours", "upload"]


def add_account(world: World, page: Account, username: str, *, name: str = "", note: str = "") -> Account:
    """A professional account that is linked to a Page, whose token opens it."""
    server = world.server(page.server)
    if server is None:
        raise ValueError(page.server)
    own = replace(server, network="instagram")
    account = world.add_account(own, username, new_number(world), display_name=name or username, data={"note": note})
    world.update_account(page, {"instagram": account.remote_id})
    return account
