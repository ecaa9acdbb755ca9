"""What a token may do, as far as it can be found out without doing it.

No call tells a token's scopes, so each is tried: by a read, or on a thing that cannot exist (id 0). Without the right
the answer is 403, with it anything else.
"""

from __future__ import annotations

from collections.abc import Iterable

from smm_tui.i18n import _
from smm_tui.networks.mastodon.api import MastodonApi, account_path, status_path
from smm_tui.networks.mastodon.spec import READ_REPORTS, WRITE_ACCOUNTS, WRITE_REPORTS

Probe = tuple[str, str, str]  # scope, method, path

REPORTS = "/api/v1/reports"
NOBODY = {"account_id": "0"}  # whom a report names that is never filed


def probes(own_id: str, staff: Iterable[str]) -> tuple[Probe, ...]:
    """How to try every scope; `staff` are those of them that only a moderator of the server can have."""
    admin = {
        READ_REPORTS: ("GET", "/api/v1/admin/reports?limit=1"),
        WRITE_REPORTS: ("POST", "/api/v1/admin/reports/0/resolve"),
        WRITE_ACCOUNTS: ("POST", "/api/v1/admin/accounts/0/action"),
    }
    return (
        ("write:statuses", "PUT", status_path("0")),
        ("write:media", "PUT", "/api/v1/media/0"),
        ("read:statuses", "GET", account_path(own_id, "statuses?limit=1")),
        ("read:notifications", "GET", "/api/v1/notifications?limit=1"),
        ("write:favourites", "POST", status_path("0", "unfavourite")),
        ("write:mutes", "POST", account_path("0", "unmute")),
        ("write:blocks", "POST", account_path("0", "unblock")),
        ("write:reports", "POST", REPORTS),
        ("write:accounts", "POST", status_path("0", "unpin")),
        *((scope, *admin[scope]) for scope in staff),
    )


async def lacking(api: MastodonApi, tried: Iterable[Probe]) -> list[str]:
    """The scopes that the token lacks."""
    return [
        scope
        for scope, method, path in tried
        if (await api.call(method, path, body=NOBODY if path == REPORTS else None)).status == 403
    ]


def sentence(scope: str) -> str:
    """What a missing scope stops, for the user."""
    return {
        "write:statuses": _("cannot publish: the token lacks write:statuses"),
        "write:media": _("cannot upload media: the token lacks write:media"),
        "read:statuses": _("cannot read back what was published: the token lacks read:statuses"),
        "read:notifications": _("cannot show what people write: the token lacks read:notifications"),
        "write:favourites": _("cannot like: the token lacks write:favourites"),
        "write:mutes": _("cannot mute: the token lacks write:mutes"),
        "write:blocks": _("cannot block: the token lacks write:blocks"),
        "write:reports": _("cannot report to the server's moderators: the token lacks write:reports"),
        "write:accounts": _("cannot pin or change the profile: the token lacks write:accounts"),
        READ_REPORTS: _("cannot show reports: the token lacks admin:read:reports"),
        WRITE_REPORTS: _("cannot close reports: the token lacks admin:write:reports"),
        WRITE_ACCOUNTS: _("cannot limit or suspend accounts: the token lacks admin:write:accounts"),
    }[scope]
