"""The public place for media of this workspace: named, looked at, tried and forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.networks.public_media import PublicMedia
    from smm_tui.secret_store import Slot

SLOT = "public-media"
"""The reference of the secret that holds all of it, the address included: only together is it of use."""


@dataclass(frozen=True, slots=True)
class Place:
    """What may be shown of it."""

    address: str
    public: str
    user: str


class PublicPlaceService:
    """Where networks fetch media that they take no bytes of."""

    def __init__(self, slot: Slot, media: PublicMedia) -> None:
        self._slot = slot
        self._media = media

    def get(self) -> Place | None:
        """The place; None when none was named."""
        values = self._slot.read() or {}
        if not values.get("address"):
            return None
        return Place(values["address"], values.get("public", ""), values.get("user", ""))

    def name(self, address: str, public: str, user: str, password: str, *, check: bool = False) -> Place:
        """Keep a place; `check`: only when it works.

        InvalidInput when an address is none, or would send the password in the clear.
        """
        place = Place(_address(address, "address"), _address(public, "public"), user.strip())
        if (place.user or password) and _is_open(place.address):
            raise InvalidInput(
                _("The password would go over an open line to {address}.").format(address=place.address),
                _("Use an address that begins with https."),
                field="address",
            )
        values = {"address": place.address, "public": place.public, "user": place.user, "password": password}
        before = self._slot.read()
        self._keep(values)
        if check:
            try:
                self.check()
            except SmmError:
                self._keep(before)
                raise
        return place

    def check(self) -> str:
        """Write, read and remove a file there; the address it had. See `PublicMedia.check` for what fails."""
        return asyncio.run(self._media.check())

    def forget(self) -> None:
        """Name no place any more; none there is fine."""
        self._keep(None)

    def _keep(self, values: dict[str, str] | None) -> None:
        with self._slot.exclusive():
            if values is None:
                self._slot.delete()
            else:
                self._slot.write(values)


def _address(typed: str, field: str) -> str:
    text = typed.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        _port = parts.port  # raises when it is not a number below 65536
        usable = (
            text.isprintable()
            and " " not in text
            and parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and not parts.query
            and not parts.fragment
        )
    except ValueError:
        usable = False
    if not usable:
        raise InvalidInput(
            _("This is not the address of a folder: {address}").format(address=ascii(typed)[1:-1]),
            _("Give it whole, for example https://files.example.org/dav/public"),
            field=field,
        )
    return text


def _is_open(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")
