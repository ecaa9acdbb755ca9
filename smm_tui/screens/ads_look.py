"""How campaigns, their money and their figures look in the few cells of a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.style import Style

from smm_tui import formats
from smm_tui.db.reads.ads import CampaignLine
from smm_tui.domain import money, zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.pacing import Pace
from smm_tui.glyphs import Glyphs
from smm_tui.i18n import N_, _
from smm_tui.services.ads_queries import CAMPAIGN, SET, Line
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, DIM, GOOD, PLAIN, WARN

STATES = {
    "draft": N_("draft"),
    "submitted": N_("submitted"),
    "approved": N_("approved"),
    "scheduled": N_("scheduled"),
    "in_review": N_("in review"),
    "active": N_("active"),
    "paused": N_("paused"),
    "rejected": N_("refused"),
    "ended": N_("ended"),
    "gone": N_("gone"),
}
"""What the states of campaigns, sets and ads are called."""

STYLES: dict[str, Style] = {
    "draft": DIM,
    "submitted": WARN,
    "approved": GOOD,
    "in_review": WARN,
    "active": GOOD,
    "paused": WARN,
    "rejected": BAD,
    "ended": DIM,
    "gone": BAD,
}

GOALS = {
    "reach": N_("reach"),
    "engagement": N_("engagement"),
    "traffic": N_("visits"),
    "followers": N_("followers"),
    "messages": N_("messages"),
    "leads": N_("leads"),
}
"""What campaigns are to bring."""

LEVELS = {"campaign": N_("campaign"), "set": N_("ad set"), "ad": N_("ad")}

BAR = 6
"""Cells of the bar of a budget, without its sign."""

_WHOLE = 100
"""From so many units of a currency on, its parts are of no interest in a column."""


def state(word: str, glyphs: Glyphs, refused: int = 0) -> Span:
    """A state with its sign; `refused`: so many parts of it the network did not take."""
    text = f"{glyphs.state.get(word, '?')} {_(STATES.get(word, word))}"
    if refused and word != "rejected":
        return Span(f"{text} {refused}{glyphs.state['rejected']}", BAD)
    return Span(text, STYLES.get(word, PLAIN))


def short(amount: float | None, currency: str) -> str:
    """An amount in few cells, without its currency; ``-`` for one that is not known."""
    if amount is None:
        return "-"
    units = amount / 10 ** money.decimals(currency)
    for least, scale, letter in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(units) >= least:
            return f"{units / scale:.1f}".removesuffix(".0") + letter
    return f"{units:.0f}" if abs(units) >= _WHOLE or not money.decimals(currency) else f"{units:.2f}"


def spent_of(spent: int | None, pace: Pace, currency: str) -> str:
    """What was spent of what may be."""
    if pace.budget is None:
        return f"{short(spent, currency)} {currency}"
    return f"{short(spent, currency)}/{short(pace.budget, currency)} {currency}"


def bar(spent: int | None, pace: Pace, glyphs: Glyphs) -> Span:
    """A budget: what is spent of it is full, the upright stroke is what should be by now, and the sign says whether
    that is too much (+) or too little (-)."""
    share = pace.share(spent if spent is not None else 0)
    if share is None:
        return Span("")
    filled = min(round(share * BAR), BAR)
    cells = [glyphs.full] * filled + [glyphs.hollow] * (BAR - filled)
    due = pace.share(pace.due)
    if due is not None:
        cells[min(int(due * BAR), BAR - 1)] = glyphs.bar
    verdict = pace.verdict(spent)
    sign = {"ahead": "+", "behind": "-"}.get(verdict, "")
    return Span("".join(cells) + sign, WARN if verdict else PLAIN)


def trend(values: Sequence[int | None], glyphs: Glyphs) -> Span:
    """Results day by day, the highest the fullest; a day that is not known is a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return Span("")
    most = max(*known, 1)
    steps = len(glyphs.ramp) - 1
    cells = [glyphs.state["planned"] if value is None else glyphs.ramp[-(-value * steps // most)] for value in values]
    return Span("".join(cells))


def percent(value: float | None) -> str:
    """A share of a hundred."""
    return "-" if value is None else f"{value:.2f}%" if value < 10 else f"{value:.1f}%"


def count(value: int | None) -> str:
    """A number in few cells."""
    if value is None:
        return "-"
    return f"{value / 1e6:.1f}M" if value >= 1e6 else f"{value / 1e3:.0f}k" if value >= 1e5 else str(value)


def name(line: Line, unfolded: bool, glyphs: Glyphs) -> Span:
    """A name in the tree, with the sign that says whether something is below it."""
    row = line.row
    sign = glyphs.down if unfolded else glyphs.right
    if line.level == CAMPAIGN:
        alarm = glyphs.alarm if isinstance(row, CampaignLine) and row.alarms else ""
        return Span(f"{sign} {alarm}{row.name}", BAD if alarm else PLAIN)
    return Span(f"  {sign} {row.name}" if line.level == SET else f"      {row.name}")


def day(instant: Instant | None, zone: str) -> str:
    """A day with its time, as people say it."""
    return "-" if instant is None else formats.weekday_moment(zones.local(instant, zone))


def short_day(iso: str) -> str:
    """A day of figures."""
    return formats.short_day(date.fromisoformat(iso))


def moment(instant: Instant, zone: str) -> str:
    """When something happened."""
    return formats.short_moment(zones.local(instant, zone))
