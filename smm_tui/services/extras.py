"""What a post may carry beside its text and files: a poll, a link's card, a first comment below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.networks.ports import JSON, LinkCard, Poll

OPTIONS = (2, 10)
"""So many answers a poll has on any network; how many a single one takes, it says itself."""
HOURS = (1, 30 * 24)
"""How long a poll may be open."""


@dataclass(frozen=True, slots=True)
class Extras:
    """Nothing of it is the usual case."""

    poll: Poll | None = None
    card: LinkCard | None = None
    first_comment: str = ""

    def to_json(self) -> JSON:
        """As the database and the approval know it; what is not there is left out."""
        found: JSON = {}
        if self.poll is not None:
            found["poll"] = poll_json(self.poll)
        if self.card is not None:
            found["card"] = card_json(self.card)
        if self.first_comment:
            found["first_comment"] = self.first_comment
        return found

    def checked(self) -> Extras:
        """Made regular; InvalidInput names the field that is wrong."""
        if self.poll is not None:
            _check_poll(self.poll)
        if self.card is not None:
            from urllib.parse import urlsplit

            address = urlsplit(self.card.url)
            if address.scheme not in ("http", "https") or not address.netloc or not self.card.url.isprintable():
                raise InvalidInput(
                    _("A link card needs a link that begins with https://."),
                    _("Give the whole address."),
                    field="card",
                )
        return replace(self, first_comment=self.first_comment.strip())


def of_json(value: Mapping[str, Any]) -> Extras:
    """What `to_json` gave."""
    poll, card, comment = value.get("poll"), value.get("card"), value.get("first_comment") or ""
    if poll is None and card is None:
        return Extras(first_comment=comment)
    from smm_tui.networks.ports import LinkCard, Poll

    return Extras(
        None if poll is None else Poll(tuple(poll["options"]), poll["seconds"], poll["multiple"]),
        None if card is None else LinkCard(card["url"], card["title"], card["description"]),
        comment,
    )


def poll_json(poll: Poll) -> JSON:
    """A poll, as it is stored."""
    return {"options": list(poll.options), "seconds": poll.seconds, "multiple": poll.multiple}


def card_json(card: LinkCard) -> JSON:
    """A link card, as it is stored."""
    return {"url": card.url, "title": card.title, "description": card.description}


def _check_poll(poll: Poll) -> None:
    least, most = OPTIONS
    if not least <= len(poll.options) <= most or len(set(poll.options)) < len(poll.options) or not all(poll.options):
        raise InvalidInput(
            _("A poll has {least} to {most} different answers.").format(least=least, most=most),
            _("Give them with | between: Rye|Wheat."),
            field="poll",
        )
    least, most = HOURS
    if not least * 3600 <= poll.seconds <= most * 3600:
        raise InvalidInput(
            _("A poll is open for {least} to {most} hours.").format(least=least, most=most), field="poll"
        )
