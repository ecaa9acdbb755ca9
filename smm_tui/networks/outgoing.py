"""What every client makes sure of before a part leaves: whole text, and media byte for byte as they were approved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from smm_tui.domain.errors import DataError, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.ports import Capability, MediaFile, NetworkSpec, Part


def opened(file: MediaFile) -> IO[bytes]:
    """The file, open at its first byte, its bytes checked against its hash; the caller closes it.

    DataError when it is gone, unreadable or changed.
    """
    try:
        handle = file.path.open("rb")
    except OSError:
        raise DataError(
            _("The media file {name} is missing or cannot be read.").format(name=file.path.name),
            _("Attach it again."),
        ) from None
    if hashlib.file_digest(handle, "sha256").hexdigest() != file.sha256:
        handle.close()
        raise DataError(
            _("The media file {name} is not the one that was attached.").format(name=file.path.name),
            _("It was changed or damaged on disk. Attach it again."),
        )
    handle.seek(0)
    return handle


def ensure_encodable(part: Part) -> None:
    """Rejected when a text of a part holds half a character."""
    ensure_whole("".join((part.text, part.content_warning, *(file.alt for file in part.media))), "text")


def ensure_whole(text: str, field: str) -> None:
    """Rejected, for that field, when a text holds half a character (a lone surrogate), which no JSON can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Rejected(
            _("The text holds a broken character that cannot be sent."),
            _("Type the text again around the place that looks wrong."),
            field=field,
        ) from None


def ensure_carried(part: Part, spec: NetworkSpec, facts: Mapping[str, Any]) -> None:
    """Unsupported when a part has a poll or a link card that the account does not declare: nothing is left out."""
    capabilities = spec.rules(facts).capabilities
    if part.poll is not None and Capability.POLL not in capabilities:
        raise Unsupported(
            _("{network} has no polls for this account.").format(network=spec.title),
            _("Ask the question in the text, or leave this account out."),
        )
    if part.card is not None and Capability.LINK_CARD not in capabilities:
        raise Unsupported(
            _("{network} makes link previews by itself.").format(network=spec.title),
            _("Write the link into the text, without a card."),
        )
