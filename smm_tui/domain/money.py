"""Money: whole minor units of a currency of ISO 4217, and how people write it. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

# ruff: noqa: SIM905
_NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
MOST = 10**15
"""No amount is larger: a longer number is a slip of the hand."""


def decimals(currency: str) -> int:
    """Digits after the point."""
    return 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2


def shown(amount: int | None, currency: str) -> str:
    """An amount as people read it, with its currency; empty for none."""
    return "" if amount is None else f"{decimal(amount, currency)} {currency}"


def decimal(amount: int, currency: str) -> str:
    """An amount as people read it, without the currency's name."""
    places = decimals(currency)
    return f"{Decimal(amount).scaleb(-places):.{places}f}"


def parse(words: str, currency: str, *, field: str) -> int:
    """An amount as people type it (``12``, ``12.50``, ``12,50``, ``1 200 EUR``), in minor units.

    InvalidInput for what is none, is nothing or less, is finer than the currency, or names another one.
    """
    text = words.strip().upper()
    if match := re.fullmatch(r"(.*?)\s*([A-Z]{3})", text, re.S):
        text = match[1]
        if match[2] != currency:
            raise InvalidInput(
                _("The account pays in {currency}, not in {other}.").format(currency=currency, other=match[2]),
                _("Give the amount in {currency}.").format(currency=currency),
                field=field,
            )
    plain = re.sub(r"[\s\u00a0\u202f']", "", text).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", plain):
        raise InvalidInput(
            _("“{words}” is not an amount.").format(words=clip(inert(words), 40)),
            _("Write it as 12 or 12.50."),
            field=field,
        )
    amount = Decimal(plain).scaleb(decimals(currency))
    if amount != amount.to_integral_value():
        raise InvalidInput(
            _("{currency} has no smaller parts than {least}.").format(currency=currency, least=decimal(1, currency)),
            _("Round the amount."),
            field=field,
        )
    if not 0 < amount <= MOST:
        raise InvalidInput(_("The amount must be more than nothing."), _("Correct it."), field=field)
    return int(amount)
