"""What follows from a change of a campaign, whichever command or undo made it: its state, the worker's next look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smm_tui.domain.errors import Conflict
from smm_tui.domain.states import CallState, CampaignState, Wanted
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.db.tables import CampaignTable
    from smm_tui.db.unit_of_work import Image, UnitOfWork

CAMPAIGN, SET, AD = "campaign", "ad_set", "ad"
FOLLOWING = {
    CAMPAIGN: frozenset(
        "state state_reason told launched_at due_at tries remote_id remote_url synced_at".split()  # noqa: SIM905
    ),
    SET: frozenset({"remote_id", "state", "state_reason"}),
    AD: frozenset({"remote_id", "state", "state_reason"}),
}
"""Columns that the worker keeps: they are no sign that a person changed the row, and undo leaves them alone."""
_TOLD = {
    "in_review": CampaignState.IN_REVIEW,
    "active": CampaignState.ACTIVE,
    "paused": CampaignState.PAUSED,
    "rejected": CampaignState.REJECTED,
    "ended": CampaignState.ENDED,
    "gone": CampaignState.ENDED,
}


def state_of(campaign: CampaignTable, *, approved: bool) -> CampaignState:
    """The state of a campaign from what people decided, what is wanted and what the network tells."""
    told = _TOLD.get(campaign.told)
    if told is CampaignState.ENDED or (campaign.wanted == Wanted.ENDED and not campaign.remote_id):
        return CampaignState.ENDED
    if campaign.launched_at is not None:
        return told or CampaignState.IN_REVIEW
    if campaign.wanted == Wanted.RUNNING:
        return CampaignState.REJECTED if told is CampaignState.REJECTED else CampaignState.SCHEDULED
    if approved:
        return CampaignState.APPROVED
    asked = campaign.submitted_at is not None and campaign.submitted_at > (campaign.approved_at or 0)
    return CampaignState.SUBMITTED if asked else CampaignState.DRAFT


def follow(unit: UnitOfWork) -> None:
    """Bring the states of changed campaigns up to date. To be given to `Database.before_commit`."""
    changed = _changed(unit)
    if not changed:
        return
    from smm_tui.db.tables import CampaignTable
    from smm_tui.services import campaign_tree

    for campaign_id in sorted(changed):
        campaign = unit.session.get(CampaignTable, campaign_id)
        if campaign is None:
            continue
        tree = campaign_tree.load(unit, campaign_id)
        campaign.state = state_of(campaign, approved=tree.approved)
        if changed[campaign_id]:
            campaign.due_at = unit.now
            campaign.tries = 0


def _changed(unit: UnitOfWork) -> dict[int, bool]:
    """The campaigns that changed, and whether more than what the worker keeps did."""
    found: dict[int, bool] = {}
    for before, after in unit.changes(CAMPAIGN):
        image = after or before or {}
        found[image["id"]] = found.get(image["id"], False) | _by_a_person(CAMPAIGN, before, after)
        _ensure_not_over(unit, before, after)
    groups: dict[int, bool] = {}
    for before, after in unit.changes(AD):
        number = (after or before or {})["ad_set_id"]
        groups[number] = groups.get(number, False) | _by_a_person(AD, before, after)
    for before, after in unit.changes(SET):
        image = after or before or {}
        number = image["campaign_id"]
        mine = _by_a_person(SET, before, after) | groups.pop(image["id"], False)
        found[number] = found.get(number, False) | mine
    if groups:
        from smm_tui.db.tables import AdSetTable

        for number, mine in groups.items():
            group = unit.session.get(AdSetTable, number)
            if group is not None:
                found[group.campaign_id] = found.get(group.campaign_id, False) | mine
    return found


def _by_a_person(table: str, before: Image | None, after: Image | None) -> bool:
    if before is None or after is None:
        return True
    kept = FOLLOWING[table] | {"version"}
    return any(before[name] != after[name] for name in before.keys() - kept)


def _ensure_not_over(unit: UnitOfWork, before: Image | None, after: Image | None) -> None:
    if before is None or after is None or before["wanted"] != Wanted.ENDED or after["wanted"] == Wanted.ENDED:
        return
    if after["told"] in ("ended", "gone") or called(unit, CAMPAIGN, after["id"], "end"):
        raise Conflict(
            _("“{name}” has ended on the network, and cannot go on there.").format(name=after["name"]),
            _("Copy it: `smm-tui ads campaign copy {id} NAME`.").format(id=after["id"]),
        )


def called(unit: UnitOfWork, level: str, subject_id: int, verb: str | None = None) -> bool:
    """Whether a call was made for a thing that may have been executed."""
    from sqlmodel import col, select

    from smm_tui.db.tables import AdCallTable

    asked = select(AdCallTable.id).where(
        AdCallTable.level == {SET: "set"}.get(level, level),
        AdCallTable.subject_id == subject_id,
        AdCallTable.state != CallState.FAILED,
    )
    if verb is not None:
        asked = asked.where(col(AdCallTable.verb) == verb)
    return unit.session.exec(asked).first() is not None


def pause_all(unit: UnitOfWork, project_id: int) -> int:
    """Let nothing of a client run any longer; how many campaigns that concerns."""
    from sqlmodel import select

    from smm_tui.db.tables import CampaignTable

    asked = select(CampaignTable).where(
        CampaignTable.project_id == project_id, CampaignTable.wanted == Wanted.RUNNING
    )
    running = unit.session.exec(asked).all()
    for row in running:
        row.wanted = Wanted.NOTHING if row.launched_at is None else Wanted.PAUSED
        row.version += 1
    return len(running)


def ensure_none_runs(unit: UnitOfWork, account_id: int, handle: str) -> None:
    """Refuse to let go of an account whose cabinet spends money: nobody could stop it any more."""
    from sqlmodel import col, or_, select

    from smm_tui.db.tables import CampaignTable

    asked = select(CampaignTable.name).where(
        CampaignTable.account_id == account_id,
        or_(
            CampaignTable.wanted == Wanted.RUNNING,
            col(CampaignTable.state).in_([CampaignState.ACTIVE, CampaignState.IN_REVIEW]),
        ),
    )
    name = unit.session.exec(asked).first()
    if name is not None:
        raise Conflict(
            _("{handle} pays for the campaign {name}, which runs.").format(handle=handle, name=name),
            _("Pause or stop it first, and let the worker do it."),
        )


def ensure_deletable(unit: UnitOfWork, table: str, row: Any) -> None:
    """Refuse to forget a thing that may be on a network: nobody would ever stop it."""
    if table in FOLLOWING and called(unit, table, row.id):
        raise Conflict(
            _("“{name}” is on the network already.").format(name=row.name),
            _("Remove or stop it instead: then it is ended there too."),
        )
