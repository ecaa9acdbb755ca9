"""The figures of the demo: months of followers who came and left, and what the crowd likes, the same every time."""

from __future__ import annotations

import random
import zlib

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import DAY, Instant, to_datetime
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.sandbox import crowd
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World
from smm_tui.services.figures import Figures

DAYS = 120
"""So many days before the opening the demo's pages were watched."""
_FAVOURITES = {"informational": 14, "selling": 6, "entertaining": 24, "engaging": 18}
"""What the crowd likes of each type, about, at its best hours."""
_TELL_DAYS = ("vk", "facebook")
"""Networks of the demo that tell what happened day by day."""
_EVENING = range(17, 21)  # UTC hours at which people look


def seed(workspace: Workspace, world: World, opening: Instant) -> None:
    """Let the crowds live through the months before the opening, and have it all read as a worker would have."""
    figures = Figures(workspace.db)
    figures.settle_zones()
    for account in workspace.accounts.of_project():
        page = _page(world, account)
        if page is None:
            continue
        dice = random.Random(zlib.crc32(account.handle.encode()))
        figures.store_page(account, Readings(tuple(_months(world, page, opening, dice))))
        _likes(workspace, world, page, account, dice)
    workspace.worker().count_once()


def _months(world: World, page: Account, opening: Instant, dice: random.Random) -> list[Reading]:
    size = dice.randrange(300, 2500)
    temper = crowd.Temper(gain=dice.uniform(0.001, 0.005), loss=dice.uniform(0.0005, 0.002))
    crowd.found(world, page, size)
    readings = []
    moves = []
    there = size
    for day in range(DAYS, -1, -1):
        at = opening - day * DAY
        gained, lost = crowd.turnover(there, temper, selling=0.0, dice=dice)
        there += gained - lost
        moves.append((at, gained, lost))
        readings.append(Reading(Metric.FOLLOWERS, there, at))
        begin = at - at % DAY
        if page.network in _TELL_DAYS and begin + DAY <= opening:
            told = {Metric.FOLLOWED: gained, Metric.UNFOLLOWED: lost, Metric.REACH: there * 2 // 5}
            readings += [Reading(metric, value, begin + DAY, begin) for metric, value in told.items()]
    crowd.move_all(world, page, moves)
    return readings


def _likes(workspace: Workspace, world: World, page: Account, account: AccountRow, dice: random.Random) -> None:
    live = {item.remote_id: item for item in world.objects(page)}
    kinds = dict(
        workspace.db.rows(
            lambda remote_id, kind: (remote_id, kind),
            "SELECT d.remote_id, o.content_type FROM delivery d JOIN post o ON o.id = d.post_id "
            "WHERE d.account_id = ? AND d.state = 'live'",
            (account.id,),
        )
    )
    likes = {}
    for remote_id, kind in sorted(kinds.items()):
        item = live.get(remote_id) or live.get(remote_id.rpartition("/")[2])
        if item is not None:
            at_best = to_datetime(item.created_at).hour in _EVENING
            likes[item.id] = round(_FAVOURITES.get(kind, 8) * (1.0 if at_best else 0.5) * dice.uniform(0.6, 1.4))
    crowd.like(world, page, likes)


def _page(world: World, account: AccountRow) -> Account | None:
    return next(
        (one for one in world.accounts(network=account.network) if account.remote_id in (one.remote_id, one.handle)),
        None,
    )
