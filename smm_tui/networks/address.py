"""Server addresses as people type them, and the one form the program keeps."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _


def server_address(typed: str) -> str:
    """``https://host[:port]`` of what was typed; a bare host gets ``https``, a trailing path is refused.

    InvalidInput (field ``server``) when this is no web address of a server.
    """
    text = typed.strip()
    parts = _split(text if "://" in text else f"https://{text}")
    if (
        parts is None
        or not text.isprintable()  # urlsplit leaves tabs and line ends out in silence
        or parts.scheme not in ("http", "https")
        or not _is_host(parts.hostname or "")
        or parts.username is not None
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise InvalidInput(
            _("This is not the address of a server: {address}").format(address=ascii(text)[1:-1]),
            _("Give the server's host, for example https://mastodon.social"),
            field="server",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def host(address: str) -> str:
    """The host (with its port) of an address, for sentences."""
    parts = _split(address)
    return parts.netloc if parts else ""


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _port = parts.port  # raises when it is not a number below 65536
    except ValueError:
        return None
    return parts


def _is_host(name: str) -> bool:
    if not name or len(name) > 253 or any(c.isspace() or not c.isprintable() for c in name):
        return False
    if ":" in name:  # an IPv6 address: urlsplit took its brackets off
        return True
    labels = name.removesuffix(".").split(".")
    return all(
        0 < len(label) <= 63 and label.strip("-") == label and label.replace("-", "").isalnum() for label in labels
    )
