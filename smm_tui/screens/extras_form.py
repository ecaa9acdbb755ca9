"""Asking for what a post carries beside text and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.text import COUNTERS
from smm_tui.i18n import _
from smm_tui.networks.ports import Capability, LinkCard, Poll
from smm_tui.screens.carried import HOUR
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services import preflight
from smm_tui.services.extras import HOURS, Extras
from smm_tui.widgets.form import Field

DAY_LONG = 24


def extras_form(extras: Extras, accounts: Sequence[AccountRow], given: Callable[[Extras], None]) -> FormScreen:
    """A form for poll, link card and first comment; what none of the chosen `accounts` can show is off."""
    fields = [*_poll_fields(extras.poll, accounts), *_card_fields(extras.card, accounts)]
    fields.append(
        Field(
            "first_comment",
            _("First comment"),
            extras.first_comment,
            _("It is sent right after the post, below it."),
            off=_off(accounts, Capability.FIRST_COMMENT, bool(extras.first_comment)),
        )
    )
    if all(field.off for field in fields):
        raise InvalidInput(
            _("None of the chosen accounts takes a poll, a link card or a first comment."),
            _("Choose another account first."),
        )

    async def save(values: Values) -> None:
        given(_read(values, extras).checked())

    return FormScreen(
        _("Poll, link card, first comment"), lambda _values: fields, save, note=lambda values: _room(values, accounts)
    )


def shown_on(account: AccountRow, extras: Extras) -> Extras:
    """What an account shows of it: a card that a network makes itself is not ours."""
    if Capability.LINK_CARD in preflight.rules_of(account).capabilities:
        return extras
    return replace(extras, card=None)


def _poll_fields(poll: Poll | None, accounts: Sequence[AccountRow]) -> Iterator[Field]:
    off = _off(accounts, Capability.POLL, poll is not None)
    answers = "" if poll is None else " | ".join(poll.options)
    yield Field("poll", _("Poll"), answers, _("The answers with | between: Rye | Wheat. Empty: no poll."), off=off)
    if off:
        return
    hours = str(DAY_LONG if poll is None else poll.seconds // HOUR)
    yield Field("poll_hours", _("Open for hours"), hours, _("From {least} to {most}.").format(least=1, most=HOURS[1]))
    several = "yes" if poll is not None and poll.multiple else "no"
    choices = (("no", _("one answer")), ("yes", _("several")))
    yield Field("poll_multiple", _("Choose"), several, _("How many answers a person may choose."), choices=choices)


def _card_fields(card: LinkCard | None, accounts: Sequence[AccountRow]) -> Iterator[Field]:
    off = _off(accounts, Capability.LINK_CARD, card is not None)
    url = "" if card is None else card.url
    yield Field("card", _("Link"), url, _("Its card is ours to write: https://... Empty: none."), off=off)
    if off:
        return
    yield Field("card_title", _("Card title"), "" if card is None else card.title, _("What the card says large."))
    description = "" if card is None else card.description
    yield Field("card_description", _("Card description"), description, _("What the card says below its title."))


def _off(accounts: Sequence[AccountRow], capability: Capability, there: bool) -> str:
    """Why there is nothing to ask; never where something stands already, for it must be possible to take it away."""
    if there or any(capability in preflight.rules_of(row).capabilities for row in accounts):
        return ""
    return _("none of the chosen accounts can show it") if accounts else _("no account is chosen")


def _read(values: Values, known: Extras) -> Extras:
    poll = card = None
    if values["poll"].strip():
        hours = values.get("poll_hours", "").strip()
        if not hours.isascii() or not hours.isdecimal():
            raise InvalidInput(_("“{text}” is no number of hours.").format(text=hours), field="poll_hours")
        options = tuple(option.strip() for option in values["poll"].split("|"))
        poll = Poll(options, int(hours) * HOUR, values["poll_multiple"] == "yes")
    told = values.get("card_title", "").strip(), values.get("card_description", "").strip()
    if url := values["card"].strip():
        card = LinkCard(url, *told, None if known.card is None else known.card.picture)
    elif any(told):
        raise InvalidInput(_("A card needs its link."), field="card")
    return Extras(poll, card, values["first_comment"])


def _room(values: Values, accounts: Sequence[AccountRow]) -> str:
    """How long the first comment is where that is counted most strictly."""
    comment = values["first_comment"].strip()
    if not comment:
        return ""
    rooms = []
    for row in accounts:
        rules = preflight.rules_of(row)
        if Capability.FIRST_COMMENT in rules.capabilities:
            count = COUNTERS[rules.limits.count](comment)
            rooms.append((rules.limits.characters - count, count, rules.limits.characters, row.handle))
    if not rooms:
        return ""
    _left, count, limit, handle = min(rooms)
    return _("First comment: {count} of {limit} on {handle}.").format(count=count, limit=limit, handle=handle)
