"""What the Graph API's refusals mean: its codes say more than the status, which is mostly 400."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, NotFound, RateLimited, Rejected, Transient
from smm_tui.i18n import N_, _
from smm_tui.networks import shape
from smm_tui.networks.http import Answer, Http, quoted

log = logging.getLogger(__name__)

_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
_BLOCKED = 368
_BLOCKED_FOR = 4 * 3600.0  # seconds: Facebook does not say how long, and trying prolongs it
_LOGGED_OUT = frozenset({102, 190})
_FORBIDDEN = frozenset({3, 10, *range(200, 300)})
_DUPLICATE_CODE = 506
_PHOTOS_POSTED = 1366051
_OVERLOADED = frozenset({1, 2})
_OBJECT_MISSING = 33  # subcode of 100
_NO_SUCH_ALIAS = 803
_A_DAY = 24 * 3600.0

_LOGGED_OUT_WHY = {
    458: N_("the app was removed from the account that made the token"),
    459: N_("Facebook wants that person to log in on its site first"),
    460: N_("the password was changed"),
    463: N_("its time is over"),
    464: N_("that person's account is not confirmed"),
    467: N_("it was made invalid"),
    492: N_("that person no longer has a role on the Page"),
}
_MEDIA = frozenset({1366046, 1363019, 1363024, 1363026, 1363030})  # subcodes of photos and videos that do not do
_LINK = 1609005
_CONTENT = frozenset({1404102, 1346003, 2207001})

# Instagram's own subcodes
_DAILY_LIMIT = 2207042  # of posts; the codes around it say that it passes
_NOT_YET = frozenset({2207003, 2207027, 2207052, 2207053})  # still fetching or processing, or the fetch failed
_RESTRICTED = frozenset({2207050})
_STOPPED = frozenset({2207051})
_INSTAGRAM_MEDIA = frozenset(
    {36003, 2207004, 2207005, 2207006, 2207008, 2207009, 2207020, 2207023, 2207026, 2207028, 2207032, 2207057}
)
_HOUR = 3600.0
_OUTSIDE_WINDOW = r"(?i)outside (?:of )?(?:the )?allowed window"  # compiled on first use: it is rare
_NOT_REACHABLE = 551


class Failure(NamedTuple):
    """The ``error`` object of an answer; `message` is what it says to people, where it does."""

    code: int
    subcode: int
    message: str
    transient: bool


def failure(told: Mapping[str, Any]) -> Failure | None:
    """The failure in the body of a refusal; None when this is not the Graph API's form."""
    error = told.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("message"), str) or "code" not in error:
        return None
    return Failure(
        code=shape.number(error, "code", 0),
        subcode=shape.number(error, "error_subcode", 0),
        message=shape.text(error, "error_user_msg") or shape.text(error, "message"),
        transient=error.get("is_transient") is True,
    )


def is_duplicate(answer: Answer) -> bool:
    """Whether a post was refused since Facebook has it already."""
    found = None if answer.ok else failure(answer.error_body())
    return found is not None and (found.code == _DUPLICATE_CODE or found.subcode == _PHOTOS_POSTED)


def regained_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until calls are taken again, from the usage headers, which tell minutes; None: they do not say."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", ""))
    except (ValueError, RecursionError):
        return None
    minutes = [
        shape.number(item, "estimated_time_to_regain_access", 0)
        for key in (usage if isinstance(usage, dict) else {})
        for item in shape.objects(usage, key)
    ]
    longest = max(minutes, default=0)
    return min(longest * 60.0, _A_DAY) if longest else None


def refusal(http: Http, answer: Answer, *, safe: bool) -> NetworkError:
    """The error of an answer that is not 2xx. No code of Facebook's says that something was done."""
    told = answer.error_body()
    failed = failure(told)
    wait = regained_after(answer.headers) or http.wait_of(answer)
    if failed is None:
        return http.refusal(answer, "", safe=safe, wait=wait)
    log.debug("refused: code %s, subcode %s, fbtrace_id %s", failed.code, failed.subcode, quoted(_trace(told)))
    said, status, code = quoted(failed.message), answer.status, failed.code
    names = {"host": answer.host, "reason": said}
    if failed.subcode == _DAILY_LIMIT:
        return RateLimited(
            _("Instagram takes no more posts of this account today: {reason}").format(**names),
            _("It goes on by itself when the last 24 hours hold fewer."),
            status=status,
            retry_after=wait or _HOUR,
        )
    if failed.subcode in _NOT_YET:
        return Transient(
            _("{host} does not have the media yet: {reason}").format(**names),
            _("It is tried again by itself."),
            status=status,
        )
    if code in _THROTTLED or status == 429:
        return RateLimited(
            _("{host} asks to wait: too many calls.").format(**names),
            _("It goes on by itself when the server allows it."),
            status=status,
            retry_after=wait,
        )
    if code == _BLOCKED or failed.subcode in _STOPPED:
        return RateLimited(
            _("{network} has stopped this Page for a while: {reason}").format(network=http.title, **names),
            _("It took the posts for abuse. Post less often and look at the account's quality on its site."),
            status=status,
            retry_after=wait or _BLOCKED_FOR,
        )
    if code in _LOGGED_OUT or "appsecret_proof" in failed.message:
        return _logged_out(failed, names, status)
    if failed.transient or code in _OVERLOADED or status >= 500:
        return http.broken(answer.host, said or _("status {status}").format(status=status), safe=safe, status=status)
    if code == _NOT_REACHABLE or re.search(_OUTSIDE_WINDOW, failed.message):
        return Rejected(
            _("{host} does not hand over this message: {reason}").format(**names),
            _("People can be written to for 24 hours after their last message, by a human agent for 7 days."),
            status=status,
            reason=said,
            field="text",
        )
    if code in _FORBIDDEN or failed.subcode in _RESTRICTED:
        return Forbidden(
            _("{host} does not let this account do that: {reason}").format(**names),
            _("The token may lack a right, or the account is restricted; run a check of the account."),
            status=status,
        )
    if status in (404, 410) or code == _NO_SUCH_ALIAS or (code == 100 and failed.subcode == _OBJECT_MISSING):
        return NotFound(
            _("{host} does not have it: {reason}").format(**names),
            _("It was deleted, or this account may not see it."),
            status=status,
        )
    return Rejected(
        _("{host} refused it: {reason}").format(**names),
        _("Change what it names, then send it again."),
        status=status,
        reason=said,
        field=_field(failed),
    )


def _logged_out(failed: Failure, names: Mapping[str, str], status: int) -> AuthExpired:
    if "appsecret_proof" in failed.message:
        return AuthExpired(
            _("{host} wants the app secret that belongs to this token: {reason}").format(**names),
            _("Give this account its token again, with the App secret from the app's settings."),
            status=status,
        )
    why = _LOGGED_OUT_WHY.get(failed.subcode)
    return AuthExpired(
        _("{host} no longer takes this account's token: {reason}").format(
            host=names["host"], reason=_(why) if why else names["reason"]
        ),
        _("Make a new one on the network's site and give it to this account."),
        status=status,
    )


def _field(failed: Failure) -> str:
    """Which part of a post is refused: "media", "text", or nothing."""
    coded = failed.code in _INSTAGRAM_MEDIA or failed.subcode in _MEDIA | _INSTAGRAM_MEDIA
    if coded or re.search(r"\b(?:photo|image|video|picture|media|file)", failed.message, re.I):
        return "media"
    if failed.subcode in (_LINK, *_CONTENT) or re.search(r"\b(?:message|text|link|url|status)", failed.message, re.I):
        return "text"
    return ""


def _trace(told: Mapping[str, Any]) -> str:
    return shape.text(shape.inner(told, "error"), "fbtrace_id")
