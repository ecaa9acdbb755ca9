"""Where the links of a text lead, and which of them pretend to lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smm_tui.domain.rules.folding import fold, readings, skeleton

# Without a scheme only these ends make a link of a word: people forget the space after a full stop.
_ENDS = re.compile(
    "com|net|org|info|biz|online|shop|site|store|xyz|top|club|live|icu|vip|app|link|click|buzz|win|loan|work|io|ly|gg|"
    "cc|ru|su|cn|hu|eu|uk"
)
_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|pont)\s?[\])}]\s?")
_SCHEME = re.compile(r"h(?:tt|xx|\*\*)ps?:/{1,3}")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?")
_OPENING = "\"'([{<„“”«»‘’,;:*_~`"
_LONGEST = 253
_TYPO_FROM = 5
"""From so many letters on, one typing error apart is no coincidence."""


def hosts_of(folded: str) -> list[str]:
    """The hosts of the links in a folded text, in order, each as often as it comes, in Unicode letters."""
    if "." not in folded and "dot" not in folded and "pont" not in folded and "://" not in folded:
        return []
    found = []
    for chunk in _DOT.sub(".", folded).split():
        if "." not in chunk:
            continue
        pieces = _SCHEME.split(chunk)
        found += [host for piece in pieces[1:] if (host := _host(piece))]
        bare = pieces[0].lstrip(_OPENING)
        if len(pieces) == 1 and (host := _host(bare)) and "@" not in bare.partition("/")[0] and _linked(bare, host):
            found.append(host)
    return found


def is_below(host: str, domain: str) -> bool:
    """Whether a host is a domain or below it."""
    return host == domain or host.endswith("." + domain)


def domain_name(text: str) -> str | None:
    """A domain as hosts are compared, from what a person typed (punycode, a URL); None when it is none."""
    host = _host(_SCHEME.sub("", fold(text.strip())).lstrip("*."))
    return host if host and _HOST.fullmatch(host) else None


def pretends(host: str, protected: Sequence[str]) -> str:
    """The protected domain that a host looks like without being it. With none to protect: the host itself when one of
    its labels mixes scripts, as no honest name does. Empty: nothing."""
    if not protected:
        return host if any(_mixes(label) for label in host.split(".")) else ""
    if any(is_below(host, domain) for domain in protected):
        return ""
    return next((domain for domain in protected if _like(host, domain)), "")


def _like(host: str, domain: str) -> bool:
    depth = domain.count(".") + 1
    end = ".".join(host.split(".")[-depth:])
    looks = {_shape(domain)}
    if _shapes(end) & looks or _shapes(host) & looks:
        return True
    dashed = domain.replace(".", "-")
    if f".{domain}." in f".{host}." or dashed in host:
        return True
    name, theirs = domain.rpartition(".")[0], end.rpartition(".")[0]
    if name == theirs and "." not in name and len(name) >= _TYPO_FROM:
        return True
    return len(name) >= _TYPO_FROM and _one_slip(name, theirs)


def _shapes(host: str) -> set[str]:
    return {_shape(reading) for reading in readings(host)}


def _shape(host: str) -> str:
    """What a glance sees: i, l and 1 are one, rn is m, vv is w."""
    return skeleton(host).replace("rn", "m").replace("vv", "w").translate(_GLANCE)


_GLANCE = str.maketrans({"1": "l", "i": "l", "0": "o", "-": None})


def _one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter added, left out, changed, or by two neighbours swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )


def _mixes(label: str) -> bool:
    scripts = {
        "latin" if "a" <= char <= "z" else "cyrillic" if "\u0400" <= char <= "\u052f" else "greek"
        for char in label
        if "a" <= char <= "z" or "\u0370" <= char <= "\u052f"
    }
    return len(scripts) > 1


def _host(address: str) -> str:
    """The host of a URL without its scheme: behind what only looks like one (``bank.hu@evil.ru``)."""
    authority = re.split(r"[/?#\\]", address[: 4 * _LONGEST], maxsplit=1)[0].rpartition("@")[2]
    match = _HOST.match(authority)
    if match is None or len(match[0]) > _LONGEST:
        return ""
    return ".".join(map(_readable, match[0].split(".")))


def _readable(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return fold(label[4:].encode("ascii").decode("punycode"))
    except (UnicodeError, ValueError, OverflowError):
        return label


def _linked(chunk: str, host: str) -> bool:
    return (
        host.startswith("www.")
        or chunk[len(host) : len(host) + 1] == "/"
        or bool(_ENDS.fullmatch(host.rpartition(".")[2]))
    )
