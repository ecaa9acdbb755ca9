"""The lines of an invoice, for whoever writes it: CSV for a spreadsheet, Markdown to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from smm_tui.domain.pay import Line
from smm_tui.i18n import N_, _
from smm_tui.services.plan_file.table import guard
from smm_tui.services.work_queries import Earned

HEADER = (
    N_("client"),
    N_("from"),
    N_("to"),
    N_("what"),
    N_("quantity"),
    N_("unit"),
    N_("price"),
    N_("total"),
    N_("currency"),
)

_UNITS: Mapping[str, str] = {
    "monthly": N_("month"),
    "hourly": N_("hour"),
    "per_post": N_("post"),
    "per_task": N_("task"),
    "bonus": N_("bonus"),
}

_WHAT: Mapping[str, str] = {
    "monthly": N_("Community management"),
    "hourly": N_("Work by the hour"),
    "per_post": N_("Posts"),
    "per_task": N_("Tasks"),
    "bonus": N_("Goal reached"),
}


def words(line: Line) -> str:
    """What a line is for."""
    return f"{_(_WHAT[line.basis])}: {line.what}" if line.what else _(_WHAT[line.basis])


def rows(earned: Iterable[Earned]) -> list[tuple[str, ...]]:
    """The lines as words; numbers with a point and no grouping, so that any spreadsheet reads them."""
    return [
        (
            item.project,
            line.from_day.isoformat(),
            line.to_day.isoformat(),
            words(line),
            _plain(line.quantity),
            _(_UNITS[line.basis]),
            _plain(line.price),
            _plain(line.total),
            line.currency,
        )
        for item in earned
        for line in item.lines
    ]


def as_csv(earned: Sequence[Earned]) -> str:
    """A table with a header; what a spreadsheet would run as a formula is made text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_(name) for name in HEADER])
    writer.writerows([[guard(cell) for cell in row] for row in rows(earned)])
    return buffer.getvalue()


def as_markdown(earned: Sequence[Earned], month: str) -> str:
    """A heading, a table for each client, and what it comes to in each currency."""
    lines = [f"# {_('Invoice lines, {month}').format(month=month)}", ""]
    for item in earned:
        lines += [f"## {_escaped(item.project)} ({item.currency})", ""]
        titles = [_(name) for name in HEADER[1:-1]]
        lines += [f"| {' | '.join(titles)} |", "|---|---|---|---:|---|---:|---:|"]
        lines += [f"| {' | '.join(_escaped(cell) for cell in row[1:-1])} |" for row in rows([item])]
        total = _("Total: {amount} {currency}").format(amount=_plain(item.total), currency=item.currency)
        lines += ["", f"**{total}**", ""]
    if not earned:
        lines += [_("Nothing is owed for this month."), ""]
    return "\n".join(lines)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}" if amount != amount.to_integral() else f"{amount.to_integral()}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
