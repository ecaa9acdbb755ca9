"""VK's numbered errors, which come inside HTTP 200, as the closed kinds."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, NotFound, RateLimited, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import quoted
from smm_tui.networks.vk.spec import TITLE, USER

PARAMETER = 100  # a parameter is missing or wrong: the caller may use the method
NOT_FOUND = 104

_DEAD_TOKEN = frozenset({5, 1114, 1116, 1117, 3609})
_CAPTCHA = frozenset({14, 3300})
_HUMAN = frozenset({17, 24, 25, 3301, 3302, 3303, 3304})
_WRONG_TOKEN = frozenset({15, 27, 28, 1051})  # another kind of token may do it
_NO_RIGHT = frozenset({7, 18, 19, 20, 21, 30, 37, 203, 210, 211, 212, 213, 260, 600}) | _WRONG_TOKEN
_NOT_TO_THEM = frozenset({900, 901, 902, 950, 985})  # whom a community may not write to
_TWO_FACTORS = frozenset({703, 704})
_SWITCHED_OFF = frozenset({3, 23, 43})
_INTERNAL = frozenset({1, 10, 13, 32, 36})
_WALL = 214
_PAUSES = {6: 1.0, 9: 3600.0, 601: 3600.0, 1105: 3600.0, 29: 6 * 3600.0}  # seconds; VK itself names none
_A_WALL_DAY = 3600.0
_MEDIA = frozenset({22, 114, 118, 121, 122, 129, 204})
_TEXT = frozenset({222, 914})


class Failure(NamedTuple):
    """An ``error`` object. `link` is where a person can answer a captcha or confirm the login, empty for none."""

    code: int
    message: str
    link: str


def failure(told: Any) -> Failure | None:
    """The error in an answer, None when there is none."""
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return None
    link = next((text for key in ("redirect_uri", "captcha_img") if _is_link(text := shape.text(error, key))), "")
    return Failure(
        shape.number(error, "error_code", 0),
        shape.text(error, "error_msg") or shape.text(error, "error_text"),
        link,
    )


def is_internal(failed: Failure) -> bool:
    """Whether VK failed inside: a write may have been executed. An error without a number says no more."""
    return failed.code in _INTERNAL or not failed.code


def needs_other_token(failed: Failure) -> bool:
    """Whether VK refuses the kind of token, or its rights, before looking at anything else."""
    return failed.code in _WRONG_TOKEN


def is_repeat(failed: Failure) -> bool:
    """Whether a refused post looks like one that VK took before under the same guid.

    Undocumented: a repeat mostly answers the first post's id. So the text decides, and only a look at the wall is
    believed.
    """
    return bool(
        re.search(r"\bguid\b|duplicat|already (?:been )?(?:posted|published|sent|exists)", failed.message, re.I)
    )


def refusal(failed: Failure, *, host: str, kind: str) -> NetworkError:
    """The error of a refused call that was certainly not executed; `kind` is the token's it was made with."""
    said = quoted(failed.message) or str(failed.code)
    code = failed.code
    names = {"host": host, "network": TITLE, "reason": said, "token": token_name(kind), "link": failed.link}
    if code in _CAPTCHA or code in _HUMAN:
        return _for_a_person(names, captcha=code in _CAPTCHA)
    if code in _DEAD_TOKEN:
        return AuthExpired(
            _("{host} no longer takes the {token}: {reason}").format(**names),
            _("Make a new one on the network's site and give it to this account."),
            status=200,
        )
    if code in _PAUSES:
        return RateLimited(
            _("{host} asks to wait: {reason}").format(**names),
            _("It goes on by itself when the server allows it."),
            status=200,
            retry_after=_PAUSES[code],
        )
    if code == _WALL:
        return _wall_closed(names)
    if code in _NO_RIGHT or code in _TWO_FACTORS or code in _NOT_TO_THEM:
        return _not_allowed(code, names)
    if code in _SWITCHED_OFF:
        return Unsupported(
            _("{host} cannot do that: {reason}").format(**names),
            _("VK has switched it off, or does not know it."),
            status=200,
        )
    if code == NOT_FOUND:
        return NotFound(
            _("{host} does not have it: {reason}").format(**names),
            _("It was deleted, or this account may not see it."),
            status=200,
        )
    return Rejected(
        _("{host} refused it: {reason}").format(**names),
        _("Change what it names, then send it again."),
        status=200,
        reason=said,
        field=_field(failed),
    )


def token_name(kind: str) -> str:
    """What a kind of token is called in sentences."""
    return _("user token") if kind == USER else _("community token")


def _for_a_person(names: dict[str, str], *, captcha: bool) -> NetworkError:
    """The account stops, since every further try makes VK more suspicious; so the kind is AuthExpired."""
    if captcha:
        sentence = _("{network} asks for a captcha before it takes anything more from the {token}: {link}")
    else:
        sentence = _("{network} wants a person to confirm the login of the {token}: {link}")
    return AuthExpired(
        sentence.format(**{**names, "link": names["link"] or names["reason"]}),
        _("Open the link in a browser, do what it asks, then check this account: it goes on from there."),
        status=200,
    )


def _not_allowed(code: int, names: dict[str, str]) -> NetworkError:
    if code in _TWO_FACTORS:
        hint = _("Switch on two-factor login for the administrator on vk.com.")
    elif code in _NOT_TO_THEM:
        hint = _("VK lets a community write only to people who wrote to it first and did not forbid it since.")
    elif code in _WRONG_TOKEN:
        hint = _(
            "Give this account a user token of an administrator with the rights wall, photos and video (not one made "
            "by VK ID), or check it: another of its tokens may do."
        )
    else:
        hint = _("The token may lack a right, or the community is restricted; run a check of the account.")
    return Forbidden(_("{host} does not let the {token} do that: {reason}").format(**names), hint, status=200)


def _wall_closed(names: dict[str, str]) -> NetworkError:
    """VK says "access to adding post denied" for the day's limit too, and for a time that another post has."""
    if re.search(r"\balready scheduled|\bthis time\b|\bpostpone", names["reason"], re.IGNORECASE):
        return Rejected(
            _("{host} does not take that time: {reason}").format(**names),
            _("Choose another minute, or take back another post that waits there."),
            status=200,
            reason=names["reason"],
            field="at",
        )
    if re.search(r"\blimit|\bper day|\ba day|too many|\b50\b", names["reason"], re.IGNORECASE):
        return RateLimited(
            _("The wall takes no more posts today: {reason}").format(**names),
            _("VK takes about 50 posts a day on one wall. It goes on by itself."),
            status=200,
            retry_after=_A_WALL_DAY,
        )
    return Forbidden(
        _("{host} does not let the {token} post on this wall: {reason}").format(**names),
        _("Its owner must be an editor or administrator of the community, and the wall must be open for posts."),
        status=200,
    )


def _field(failed: Failure) -> str:
    """Which part of a post is refused: "media", "text", or nothing."""
    if failed.code in _MEDIA or re.search(r"\b(?:photo|video|attachment|file|album)", failed.message, re.I):
        return "media"
    if failed.code in _TEXT or re.search(r"\b(?:message|text|link)|too long", failed.message, re.I):
        return "text"
    return ""


def _is_link(text: str) -> bool:
    """Whether a text is a web address that may be shown as it is, whole."""
    return (
        text.startswith("https://") and len(text) < 2000 and text.isascii() and text.isprintable() and " " not in text
    )
