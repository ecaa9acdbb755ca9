"""Findings in sentences, the same on the screen, on the command line and in reports."""

from __future__ import annotations

from smm_tui import formats
from smm_tui.domain import selling_cost
from smm_tui.domain.selling_cost import Finding, Verdict
from smm_tui.i18n import _, ngettext
from smm_tui.services.insight_queries import Group


def selling(finding: Finding) -> str:
    """What selling costs in followers, or why that cannot be said."""
    if finding.verdict is Verdict.NOT_ENOUGH or finding.extra is None or finding.low is None or finding.high is None:
        return _("Not enough data: {lacking}.").format(lacking=_lacking(finding))
    span = _("{low} to {high}").format(low=_shown(finding.low), high=_shown(finding.high))
    sentence = _("No sign that selling costs followers here: {extra} more of 1,000 leave ({span}), as chance has it.")
    if finding.verdict is Verdict.COSTS:
        sentence = _("Selling costs followers here: of 1,000, on a day of nothing else {extra} more leave ({span}).")
    return sentence.format(extra=_shown(finding.extra), span=span)


def against_usual(group: Group) -> str:
    """How a group of posts does against what is usual on its accounts."""
    usual = group.usual
    if usual.mean is None:
        return ""
    ratio = _shown(usual.mean, 2)
    if usual.low is None or usual.high is None:
        return _("{ratio}x, not enough data").format(ratio=ratio)
    return _("{ratio}x ({low} to {high})").format(ratio=ratio, low=_shown(usual.low, 2), high=_shown(usual.high, 2))


def _shown(value: float, places: int = 1) -> str:
    return formats.number(value, places=places)


def _lacking(finding: Finding) -> str:
    if finding.days < selling_cost.DAYS:
        return ngettext(
            "{count} of {least} days with posts and figures",
            "{count} of {least} days with posts and figures",
            finding.days,
        ).format(count=finding.days, least=selling_cost.DAYS)
    if finding.with_selling < selling_cost.EACH:
        return _("only {count} days that sell").format(count=finding.with_selling)
    if finding.without < selling_cost.EACH:
        return _("only {count} days that do not sell").format(count=finding.without)
    if finding.lost < selling_cost.LOSSES:
        return _("only {count} followers left in all").format(count=finding.lost)
    return _("days that sell and days that do not are too far apart to be compared")
