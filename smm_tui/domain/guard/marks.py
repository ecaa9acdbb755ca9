"""What in a text points at somebody: links, mail addresses, phone numbers, prices, handles and hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain.rules.folding import fold, skeleton
from smm_tui.domain.rules.hosts import hosts_of


class Kind(StrEnum):
    """What kind of thing it is. The values of the first six name the lists of a brief."""

    DOMAIN = "domains"
    PHONE = "phones"
    HANDLE = "handles"
    HASHTAG = "hashtags"
    BRAND = "brands"
    PRICE = "prices"
    MAIL = "mail"
    CURRENCY = "currency"
    LANGUAGE = "language"
    MEDIA = "media"
    TEXT = "text"
    WORDS = "words"
    FORBIDDEN = "forbidden"


class Mark(NamedTuple):
    """A thing that points at somebody, in one spelling (`value`) and as it stands in the text (`shown`)."""

    kind: Kind
    value: str
    shown: str


class Price(NamedTuple):
    """An amount of money, exactly; `currency` is ISO 4217."""

    amount: Decimal
    currency: str


PHONE_TAIL = 8
"""Digits by which phone numbers are compared: what is dialled before them differs from country to country."""

_CURRENCIES = {
    "HUF": r"ft|huf|forint\w*",
    "EUR": r"€|eur|euros?|eur[óo]\w*",
    "GBP": r"£|gbp|pounds?|quid",
    "USD": r"\$|usd|dollars?|doll[áa]r\w*|bucks",
    "AUD": r"a\$|aud",
    "CHF": r"chf|francs?|fr\.",
    "PLN": r"zł|pln|złot\w*",
    "CZK": r"kč|czk|korun\w*",
    "RON": r"lei|leu|ron",
    "RSD": r"din(?:ar\w*)?|rsd",
    "UAH": r"₴|uah|грн|гривен\w*|гривн\w*",
    "RUB": r"₽|rub|руб\w*",
}
_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f.,’']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_ANY = "|".join(f"(?P<{code}>{words})" for code, words in _CURRENCIES.items())
_AFTER = re.compile(rf"(?<![\w.,])(?P<amount>{_AMOUNT})[ \u00a0\u202f-]?(?:{_ANY})(?!\w)", re.I)
_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<AUD>a\$)|(?P<EUR>€|eur)|(?P<GBP>£|gbp)|(?P<USD>\$|usd)|(?P<HUF>huf)|(?P<CHF>chf)|(?P<UAH>₴)|"
    rf"(?P<RUB>₽)) ?(?P<amount>{_AMOUNT})(?!\w)",
    re.I,
)
_WEIGHTS = ("pound", "pounds")
"""Words that may mean a weight as well as money."""
_PHONE = re.compile(r"(?<![\w.,/#-])\+?[\d(][\d ()/.\u00a0\u2011-]{5,20}\d(?!\w)")
_DATED = re.compile(r"\d{4}[-.] ?\d{1,2}[-.] ?\d{1,2}|\d{1,2}[:.]\d{2}\s*[-–]\s*\d{1,2}[:.]\d{2}")
_MAIL = re.compile(r"(?<![\w@.+-])([\w.+-]{1,64}@(?:[\w-]{1,63}\.)+\w{2,24})(?!\w)")
_HANDLE = re.compile(r"(?<![\w@/.])@([\w][\w.-]{0,62}\w(?:@[\w-]+(?:\.[\w-]+)+)?)")
_HASHTAG = re.compile(r"(?<![\w#&])#(\w{2,100})")
_PLATFORMS = {
    "instagram.com",
    "facebook.com",
    "fb.com",
    "fb.me",
    "t.me",
    "telegram.me",
    "vk.com",
    "x.com",
    "twitter.com",
    "tiktok.com",
    "threads.net",
    "youtube.com",
    "youtu.be",
    "linkedin.com",
    "pinterest.com",
    "bsky.app",
    "linktr.ee",
}
"""Where everybody has a page: the path says whose it is, as a handle would."""
_NOBODYS = _PLATFORMS | {
    "google.com",
    "goo.gl",
    "maps.app.goo.gl",
    "forms.gle",
    "bit.ly",
    "tinyurl.com",
    "wikipedia.org",
    "spotify.com",
    "soundcloud.com",
    "eventbrite.com",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "freemail.hu",
    "citromail.hu",
}
"""Hosts that say nothing of whose a text is."""
_PAGE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:"
    + "|".join(re.escape(host) for host in sorted(_PLATFORMS))
    + r")/@?([\w.-]{2,64})",
    re.I,
)
_NO_PAGE = frozenset(
    {"watch", "events", "groups", "profile.php", "sharer", "reel", "reels", "stories", "share", "joinchat"}
)


def marks_of(text: str) -> frozenset[Mark]:
    """All of them, each once."""
    return frozenset(_marks(text))


def _marks(text: str) -> Iterator[Mark]:
    folded = fold(text)
    for host in hosts_of(folded):
        if nobodys(host):
            continue
        yield Mark(Kind.DOMAIN, bare_host(host), bare_host(host))
    for match in _PAGE.finditer(folded):
        if match[1] not in _NO_PAGE:
            yield Mark(Kind.HANDLE, handle(match[1]), match[0].removeprefix("https://").removeprefix("http://"))
    for match in _MAIL.finditer(folded):
        yield Mark(Kind.MAIL, match[1], match[1])
        host = match[1].partition("@")[2]
        if not nobodys(host):
            yield Mark(Kind.DOMAIN, bare_host(host), host)
    for match in _HANDLE.finditer(text):
        yield Mark(Kind.HANDLE, handle(match[1]), f"@{match[1]}")
    for match in _HASHTAG.finditer(text):
        if not match[1].isdecimal():
            yield Mark(Kind.HASHTAG, hashtag(match[1]), f"#{match[1]}")
    yield from _money(text)
    if any(char.isdecimal() for char in text):
        yield from _phones(text)


def nobodys(host: str) -> bool:
    """Whether a host says nothing of whose a text is."""
    return any(host == one or host.endswith(f".{one}") for one in _NOBODYS)


def bare_host(host: str) -> str:
    """A host without what stands before every host."""
    return host.removeprefix("www.")


def handle(text: str) -> str:
    """A handle in one spelling, without its first @."""
    return text.strip().lstrip("@").casefold()


def hashtag(text: str) -> str:
    """A hashtag in one spelling: people leave accents out in them."""
    return skeleton(fold(text.strip().lstrip("#")))


def phone(text: str) -> str:
    """The end of a phone number, by which it is compared; empty where there are too few or too many digits."""
    digits = "".join(char for char in text if char.isdecimal())
    return digits[-PHONE_TAIL:] if PHONE_TAIL <= len(digits) <= 15 else ""


def _phones(text: str) -> Iterator[Mark]:
    dated = [match.span() for match in _DATED.finditer(text)]
    for match in _PHONE.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in dated):
            continue
        found = match[0].strip()
        if (value := phone(found)) and _dialled(found):
            yield Mark(Kind.PHONE, value, found)


def _dialled(text: str) -> bool:
    """Whether a run of digits is written as one dials it: with a prefix, or in the three groups of North America."""
    return text.lstrip("(").startswith(("+", "0")) or bool(
        re.fullmatch(r"\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}", text)
    )


def _money(text: str) -> Iterator[Mark]:
    for price, shown in prices_of(text):
        yield Mark(Kind.PRICE, price_value(price), shown)
        if not shown.casefold().endswith(_WEIGHTS):
            yield Mark(Kind.CURRENCY, price.currency, shown)


def prices_of(text: str) -> Iterator[tuple[Price, str]]:
    """The prices of a text, each with how it is written there."""
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(text):
            code = next(name for name, value in match.groupdict().items() if name != "amount" and value is not None)
            if (amount := amount_of(match["amount"])) is not None:
                yield Price(amount, code), match[0]


def price_value(price: Price) -> str:
    """A price in one spelling: ``4900 HUF``, ``12.5 EUR``."""
    amount = price.amount.normalize()
    return f"{amount:f} {price.currency}"


def amount_of(text: str) -> Decimal | None:
    """The number that people of several countries write: ``4 900``, ``4.900``, ``1,234.50``, ``12,5``; None: none.

    A dot or comma with exactly three digits behind it parts thousands, as no price has three decimals.
    """
    plain = re.sub(r"[ \u00a0\u202f’']", "", text)
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?", plain)
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match[1])
    try:
        return Decimal(f"{whole}.{match[2] or 0}")
    except InvalidOperation:
        return None
