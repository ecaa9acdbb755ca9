"""Money between the minor units of ISO 4217 and what the Marketing API counts in. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from smm_tui.domain.errors import Rejected
from smm_tui.domain.money import decimals
from smm_tui.i18n import _

# ruff: noqa: SIM905
_COUNTED_WHOLE = frozenset("CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND".split())  # by the API; others in hundredths
_MOST = 2**53


def to_api(amount: int, currency: str, *, field: str) -> str:
    """A budget as the API takes it. Rejected for a part of what the API counts in."""
    whole, rest = divmod(amount, _scale(currency))
    if rest:
        raise Rejected(
            _("Meta counts {currency} in larger units than {amount}.").format(currency=currency, amount=amount),
            _("Round the amount."),
            field=field,
        )
    return str(whole)


def from_api(value: Any, currency: str) -> int | None:
    """An amount of the API's; None for what is none, and for zero, which stands for "not set"."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value) if not isinstance(value, int) or abs(value) < _MOST else ""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    return int(text) * _scale(currency) or None


def from_decimal(value: Any, currency: str) -> int | None:
    """An amount that is written with decimals, such as "12.34"; None for what is none."""
    if not isinstance(value, str | int | float) or isinstance(value, bool) or len(str(value)) > 30:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    if not found.is_finite() or not 0 <= found < _MOST:
        return None
    return round(found.scaleb(decimals(currency)))


def _scale(currency: str) -> int:
    places = decimals(currency)
    return int(10 ** (places - (0 if currency in _COUNTED_WHOLE or places == 0 else 2)))
