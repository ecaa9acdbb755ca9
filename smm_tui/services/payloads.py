"""What each part of a post will show on one account, as its intents keep it."""

from __future__ import annotations

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.networks.ports import JSON, Capability
from smm_tui.services import preflight
from smm_tui.services.preflight import Content

COMMENT = "comment"
"""The kind of the intent for the first comment below a post; it comes after the post's parts."""


def of(account: AccountRow, content: Content) -> list[JSON]:
    """One payload a part: a whole post, or the segments of a thread, then its first comment."""
    carried = content.extras.to_json()
    comment = carried.pop("first_comment", "")
    if Capability.LINK_CARD not in preflight.rules_of(account).capabilities:
        carried.pop("card", None)
    payloads: list[JSON] = [
        {
            "text": text,
            "content_warning": content.content_warning,
            "language": content.language,
            "labels": list(content.labels),
            "media": [list(item) for item in content.media] if position == 0 else [],
            **(carried if position == 0 else {}),
        }
        for position, text in enumerate(preflight.measure(account, content).parts)
    ]
    if comment:
        rest: JSON = {"content_warning": "", "labels": [], "media": [], "language": content.language}
        payloads.append({"text": comment, **rest, "kind": COMMENT})
    return payloads
