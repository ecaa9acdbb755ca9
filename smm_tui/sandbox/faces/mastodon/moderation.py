"""What the server's own moderators do: reports, and measures against accounts."""

from __future__ import annotations

from smm_tui.sandbox.faces.mastodon import entities
from smm_tui.sandbox.faces.mastodon.call import (
    MANAGE_REPORTS,
    MANAGE_USERS,
    ROUTER,
    Call,
    bounds,
    page,
    stamp,
)
from smm_tui.sandbox.faces.mastodon.people import REPORT
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object


def _entity(call: Call, report: Object) -> JSON:
    record = report.record

    def person(number: int | None) -> JSON | None:
        return None if number is None else entities.admin_account(call, call.world.account(number))

    statuses = (call.world.find_object(call.server.host, POST, each) for each in record["statuses"])
    closed_at = record["closed_at"]
    return {
        "id": report.remote_id,
        "action_taken": closed_at is not None,
        "action_taken_at": None if closed_at is None else stamp(closed_at),
        "category": record["category"],
        "comment": report.text,
        "forwarded": record["forwarded"],
        "created_at": stamp(report.created_at),
        "updated_at": stamp(report.created_at if closed_at is None else closed_at),
        "account": person(report.account_id),
        "target_account": person(record["target"]),
        "assigned_account": person(record["assigned"]),
        "action_taken_by_account": person(record["closed_by"]),
        "statuses": [entities.status(call, item) for item in statuses if item is not None],
        "rules": [],
    }


@ROUTER.on("GET", "/api/v1/admin/reports")
def show_all(call: Call) -> Response:
    """Reports, newest first; on Mastodon only the open ones unless asked otherwise."""
    call.staff("admin:read:reports", MANAGE_REPORTS)
    limit = call.limit(20 if call.flavour.ulids else 100, 100 if call.flavour.ulids else 200)
    resolved = call.flag("resolved")
    if resolved is None and not call.flavour.ulids:
        resolved = False
    before, after, upwards = bounds(call)
    found = [
        report
        for account in call.world.accounts(server=call.server.host)
        for report in call.world.objects(account, REPORT, before=before, after=after)
        if resolved is None or (report.record["closed_at"] is not None) == resolved
    ]
    found.sort(key=lambda report: report.sort, reverse=not upwards)
    items = found[:limit]
    if upwards:
        items.reverse()
    return page(call, items, limit, [_entity(call, report) for report in items])


def _find(call: Call, report_id: str, scope: str) -> tuple[Account, Object]:
    moderator = call.staff(scope, MANAGE_REPORTS)
    report = call.world.find_object(call.server.host, REPORT, report_id)
    if report is None:
        raise call.not_found()
    return moderator, report


def _changed(call: Call, report: Object, **more: object) -> Response:
    updated = call.world.update_object(report, record={**report.record, **more}, edited=False)
    return json_response(_entity(call, updated))


@ROUTER.on("GET", "/api/v1/admin/reports/:report_id")
def show(call: Call, report_id: str) -> Response:
    """One report."""
    return json_response(_entity(call, _find(call, report_id, "admin:read:reports")[1]))


@ROUTER.on("POST", "/api/v1/admin/reports/:report_id/resolve")
def resolve(call: Call, report_id: str) -> Response:
    """Close a report."""
    moderator, report = _find(call, report_id, "admin:write:reports")
    return _changed(call, report, closed_at=call.world.clock(), closed_by=moderator.id)


@ROUTER.on("POST", "/api/v1/admin/reports/:report_id/reopen")
def reopen(call: Call, report_id: str) -> Response:
    """Open a report again; GoToSocial has no such call."""
    if call.flavour.ulids:
        raise call.not_found()
    _moderator, report = _find(call, report_id, "admin:write:reports")
    return _changed(call, report, closed_at=None, closed_by=None)


@ROUTER.on("POST", "/api/v1/admin/reports/:report_id/assign_to_self")
def assign(call: Call, report_id: str) -> Response:
    """Take a report on."""
    moderator, report = _find(call, report_id, "admin:write:reports")
    return _changed(call, report, assigned=moderator.id)


@ROUTER.on("POST", "/api/v1/admin/reports/:report_id/unassign")
def unassign(call: Call, report_id: str) -> Response:
    """Give a report back."""
    _moderator, report = _find(call, report_id, "admin:write:reports")
    return _changed(call, report, assigned=None)


@ROUTER.on("GET", "/api/v1/admin/accounts/:account_id")
def account(call: Call, account_id: str) -> Response:
    """An account as moderators see it."""
    call.staff("admin:read:accounts", MANAGE_USERS)
    return json_response(entities.admin_account(call, call.found(account_id)))


@ROUTER.on("POST", "/api/v1/admin/accounts/:account_id/action")
def act(call: Call, account_id: str) -> Response:
    """Limit or suspend an account; naming a report closes it. GoToSocial knows suspending only."""
    moderator = call.staff("admin:write:accounts", MANAGE_USERS)
    target = call.found(account_id)
    kind = call.text("type") or ""
    if kind not in (("suspend",) if call.flavour.ulids else ("none", "sensitive", "disable", "silence", "suspend")):
        raise call.refusal(400 if call.flavour.ulids else 422, "Validation failed: Type is not included in the list")
    if kind == "suspend":
        call.world.set_state(target, "suspended")
    elif kind == "silence":
        call.world.update_account(target, {"silenced": True})
    if report_id := call.text("report_id"):
        _moderator, report = _find(call, report_id, "admin:write:accounts")
        _changed(call, report, closed_at=call.world.clock(), closed_by=moderator.id)
    return json_response({})


@ROUTER.on("POST", "/api/v1/admin/accounts/:account_id/unsilence")
def unsilence(call: Call, account_id: str) -> Response:
    """Lift a limit."""
    call.staff("admin:write:accounts", MANAGE_USERS)
    call.world.update_account(call.found(account_id), {"silenced": False})
    return json_response(entities.admin_account(call, call.found(account_id)))


@ROUTER.on("POST", "/api/v1/admin/accounts/:account_id/unsuspend")
def unsuspend(call: Call, account_id: str) -> Response:
    """Lift a suspension."""
    call.staff("admin:write:accounts", MANAGE_USERS)
    target = call.found(account_id)
    if target.state == "suspended":
        call.world.set_state(target, "active")
    return json_response(entities.admin_account(call, call.found(account_id)))
