"""Posts that were live, and what networks told of them and of their pages, without publishing each."""

from __future__ import annotations

import math

from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, Instant
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.services.figures import Figures
from tests.support.desk import ZONE, Desk


def live_post(
    desk: Desk, account: int, at: Instant, kind: str = "informational", *, engagement: int | None = None,
    reach: int | None = None, project: int | None = None, segment: int | None = None,
) -> int:  # fmt: skip
    """A post that went live then on one account; the number of its delivery."""
    with desk.workspace.db.unit() as unit:
        run = unit.connection.exec_driver_sql
        post = run(
            "INSERT INTO post (project_id, content_type, text, content_warning, labels, language, zone, planned_at, "
            "late_rule, state, first_comment, review, segment_id, created_at, updated_at, version) "
            "VALUES (?, ?, 'Bread', '', '[]', '', ?, ?, 'ask', 'live', '', '', ?, ?, ?, 1)",
            (project or desk.project, kind, ZONE, at, segment, at, at),
        ).lastrowid
        delivery = run(
            "INSERT INTO delivery (post_id, account_id, state, due_at, approved_by, read_backs, needs_human, "
            "error_kind, error_message, error_hint, error_field, remote_id, remote_url, live_at, late_accepted) "
            "VALUES (?, ?, 'live', ?, '', 0, 0, '', '', '', '', ?, '', ?, 0)",
            (post, account, at, f"r{post}", at),
        ).lastrowid
        if engagement is not None:
            local = zones.local(at, ZONE)
            run(
                "INSERT INTO post_figure (delivery_id, account_id, live_at, weekday, hour, likes, reach, engagement, "
                "score, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (delivery, account, at, local.weekday(), local.hour, engagement, reach, engagement,
                 math.log1p(engagement), at + 2 * DAY),
            )  # fmt: skip
        assert delivery is not None
        return delivery


def told(desk: Desk, name: str, metric: Metric, value: int, at: Instant, since: Instant | None = None) -> None:
    """A figure of a page, as if the network had told it."""
    from smm_tui.db.reads import accounts

    account = accounts.account(desk.workspace.db, desk.accounts[name])
    assert account is not None
    Figures(desk.workspace.db).store_page(account, Readings((Reading(metric, value, at, since),)))
