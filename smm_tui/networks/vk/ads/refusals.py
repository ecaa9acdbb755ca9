"""Why VK Реклама refuses, in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from smm_tui.domain.errors import AuthExpired, Forbidden, NetworkError, NotFound, Rejected
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import Answer, Http, quoted

_FIELDS = {  # the part of a draft that is to be changed, by a word in the name of VK's field
    "budget_limit_day": "budget_daily",
    "budget": "budget_total",
    "max_price": "bid",
    "age_list": "age_from",
    "sex": "sex",
    "interests": "interests",
    "segments": "lists",
    "fulltime": "hours",
    "pads": "placements",
    "targetings": "places",
    "geo": "places",
    "radius": "places",
    "regions": "places",
    "date_start": "starts_at",
    "date_end": "ends_at",
    "content": "pictures",
    "image": "pictures",
    "icon": "pictures",
    "about_company": "label",
    "cta": "button",
    "text": "text",
    "title": "title",
    "url": "link",
    "package": "goal",
    "objective": "goal",
    "name": "name",
}
_LEAVES = 8  # complaints that are shown
_DEPTH = 12


def code(answer: Answer) -> str:
    """VK's word for a refusal; those of tokens stand by themselves."""
    return shape.text(_error(answer), "code") or shape.text(answer.error_body(), "error")


def refusal(http: Http, answer: Answer, *, safe: bool, wait: float | None, field: str = "") -> NetworkError:
    """The error of an answer that is no success."""
    told = _error(answer)
    complaints = list(_complaints(told.get("fields"), ""))[:_LEAVES]
    plain = shape.text(told, "message") or shape.text(answer.error_body(), "error_description") or code(answer)
    reason = "; ".join(complaints) or plain
    error = http.refusal(answer, reason, safe=safe, wait=wait, field=field or _field(complaints))
    if isinstance(error, AuthExpired):
        return AuthExpired(
            _("VK Реклама no longer takes this account's token: {reason}").format(reason=quoted(reason) or "401"),
            _("Give this account the id and the secret of its application again: ads.vk.com, Settings > API access."),
            status=answer.status,
        )
    return error


def of_token(answer: Answer, error: NetworkError) -> NetworkError:
    """The error of a call that asked for a token. NotFound means that there is no VK Реклама at that address."""
    if isinstance(error, Forbidden):
        return Forbidden(
            _("VK Реклама gives out no token: {reason}").format(reason=quoted(code(answer)) or "403"),
            _(
                "It keeps five tokens of an application at most; those unused for a month vanish. Delete some under "
                "ads.vk.com, Settings > API access, or let VK's support open the API for the application."
            ),
            status=answer.status,
        )
    if isinstance(error, AuthExpired) or (isinstance(error, Rejected) and not error.field):
        return AuthExpired(
            _("VK Реклама does not take the application's id and secret: {reason}").format(
                reason=quoted(code(answer)) or answer.status
            ),
            _("Copy both again from ads.vk.com, Settings > API access."),
            status=answer.status,
        )
    if isinstance(error, NotFound):
        return Rejected(error.message, error.hint, status=error.status, field="server")
    return error


def _error(answer: Answer) -> Mapping[str, Any]:
    return shape.inner(answer.error_body(), "error")


def _complaints(fields: Any, name: str, depth: int = 0) -> Iterator[str]:
    """What is wrong with each field, the innermost ones."""
    if depth > _DEPTH:
        return
    if isinstance(fields, list):
        for item in fields:
            yield from _complaints(item, name, depth + 1)
    elif isinstance(fields, dict):
        inner = fields.get("fields") or fields.get("items")
        if isinstance(inner, (dict, list)):
            yield from _complaints(inner, name, depth + 1)
        elif message := shape.text(fields, "message") or shape.text(fields, "code"):
            yield f"{name}: {message}" if name else message
        else:
            for key, value in fields.items():
                yield from _complaints(value, str(key), depth + 1)


def _field(complaints: list[str]) -> str:
    named = " ".join(complaint.partition(":")[0] for complaint in complaints)
    return next((ours for word, ours in _FIELDS.items() if word in named), "")
