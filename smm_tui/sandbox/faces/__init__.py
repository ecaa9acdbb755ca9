"""The networks' APIs over the world, one module each."""

from __future__ import annotations

from typing import Protocol

from smm_tui.sandbox.audience import Audience
from smm_tui.sandbox.faces import bluesky, facebook, mastodon, plc, telegram, vk, vk_ads, webdav
from smm_tui.sandbox.faces.bluesky import audience as bluesky_audience
from smm_tui.sandbox.faces.facebook import audience as facebook_audience
from smm_tui.sandbox.faces.instagram import audience as instagram_audience
from smm_tui.sandbox.faces.mastodon import audience as mastodon_audience
from smm_tui.sandbox.faces.telegram import audience as telegram_audience
from smm_tui.sandbox.faces.vk import audience as vk_audience
from smm_tui.sandbox.http import Request, Response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World


class Face(Protocol):
    """What a network's module offers to the exchange."""

    def handle(self, world: World, server: Server, request: Request) -> Response:
        """Answer a call; every failure is an answer too."""

    def caller(self, world: World, server: Server, request: Request) -> Account | None:
        """The account a call is made for, without judging its rights."""

    def carries_token(self, request: Request) -> bool:
        """Whether a call shows a token."""

    def settle(self, world: World, server: Server) -> None:
        """Do what the server does by itself as time goes by."""

    def rate_limited(self, world: World, server: Server, seconds: float | None) -> Response:
        """The refusal of a caller who must come back after so many seconds; None: it does not say when."""

    def server_error(self, status: int) -> Response:
        """The answer of a server, or of what stands before it, that failed."""

    def expired_token(self, server: Server) -> Response:
        """The refusal of a token whose time is over."""


FACES: dict[str, Face] = {
    "mastodon": mastodon,
    "bluesky": bluesky,
    "plc": plc,
    "telegram": telegram,
    "vk": vk,
    "vk_ads": vk_ads,
    "facebook": facebook,
    "webdav": webdav,
}

AUDIENCES: dict[str, Audience] = {
    "vk": vk_audience,
    "bluesky": bluesky_audience,
    "facebook": facebook_audience,
    "instagram": instagram_audience,
    "mastodon": mastodon_audience,
    "telegram": telegram_audience,
}
"""How people act on each network."""
