"""Fetching the pictures that a page shows, so that what is replaced can come back.

The address comes from the network's own answer. It is asked without any secret, redirects are not followed, and
nothing but a picture is taken from it.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from smm_tui.domain.errors import Rejected
from smm_tui.domain.media_types import sniff
from smm_tui.i18n import _
from smm_tui.networks.api import Surroundings
from smm_tui.networks.http import Http


async def fetch(url: str, around: Surroundings, *, server: str) -> bytes:
    """The bytes of a picture. Rejected when there is none, or none that may be fetched; Transient as for any read.

    `server` is the account's own: what it tells of itself may be as open as it is (http, a machine of the same
    network).
    """
    parts = urlsplit(url)
    own = parts.netloc == urlsplit(server).netloc
    if not parts.netloc or (not own and (parts.scheme != "https" or not _is_public(parts.hostname or ""))):
        raise _none()
    http = Http(_("The picture's server"), transport=around.transport, timeouts=around.timeouts, clock=around.clock)
    try:
        answer = await http.call("GET", url.partition("#")[0], safe=True, headers={"accept": "image/*"})
    finally:
        await http.aclose()
    kind = sniff(answer.body[:4096]) if answer.ok else None
    if kind is None or not kind.startswith("image/"):
        raise _none()
    return answer.body


def _is_public(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith((".local", ".internal", ".localhost"))


def _none() -> Rejected:
    return Rejected(_("The picture that was there cannot be fetched."), _("Keep a copy of it by hand."))
