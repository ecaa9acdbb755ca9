"""What limps in a month: the mix, the rhythm, and everything that would go wrong if nobody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from smm_tui.db.reads.plans import PlanRow
from smm_tui.db.reads.posts import MediaRow
from smm_tui.domain import rhythm, similarity, states, zones
from smm_tui.domain.alternation import Turn
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rhythm import Share
from smm_tui.domain.states import Approval, State
from smm_tui.i18n import _, ngettext
from smm_tui.services import preflight, turns
from smm_tui.services.plan_queries import MonthPost, PlanMonth


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: `rule` is a machine word, `post_id` the post to open, `urgent` that a person must act now."""

    rule: str
    message: str
    day: date
    post_id: int | None
    posts: tuple[int, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Lint:
    """A month looked over. `published` is the mix of the last four weeks; findings come the urgent ones first."""

    posts: int
    planned: tuple[Share, ...]
    published: tuple[Share, ...]
    quiet_days: tuple[date, ...]
    findings: tuple[Finding, ...]

    @property
    def urgent(self) -> bool:
        """Whether anything needs a person now."""
        return any(finding.urgent for finding in self.findings)


def lint(
    plan: PlanMonth, published: Sequence[tuple[str, int]], now: Instant, has_file: Callable[[str], bool]
) -> Lint:
    """Look over a month. `published` counts the types that went live; `has_file` knows the media store."""
    rows = [post.row for post in plan.posts]
    days = {row.id: date.fromisoformat(row.planned_wall[:10]) for row in rows}
    first = date(plan.year, plan.month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    today = zones.local(now, plan.project.timezone).date()
    ahead = max(first, today)
    open_posts = [post for post in plan.posts if State(post.row.state) in states.CHANGEABLE]
    findings = [
        *_waiting(rows, days),
        *_unapproved(plan, rows, days, now),
        *_lost_media(open_posts, days, has_file),
        *_preflight(plan, open_posts, days, now),
        *_collisions(plan.posts, days),
        *_turns(plan, rows, days, (first, last), today),
        *_gaps(rows, days, ahead, last),
        *_duplicates(rows, days, today),
    ]
    busy = set(days.values())
    total = sum(count for _kind, count in published)
    return Lint(
        len(rows),
        tuple(rhythm.mix(rows)),
        tuple(Share(kind, count, round(100 * count / total)) for kind, count in published),
        tuple(day for day in (ahead + timedelta(days=n) for n in range((last - ahead).days + 1)) if day not in busy),
        tuple(sorted(findings, key=lambda finding: not finding.urgent)),
    )


def _waiting(rows: Sequence[PlanRow], days: dict[int, date]) -> Iterator[Finding]:
    for row in rows:
        if State(row.state) in states.NEEDS_HUMAN:
            message = _("It is {state} and waits for an answer.").format(state=row.state)
            yield Finding("waiting", message, days[row.id], row.id, (row.id,), urgent=True)


def _unapproved(plan: PlanMonth, rows: Sequence[PlanRow], days: dict[int, date], now: Instant) -> Iterator[Finding]:
    if plan.project.approval == Approval.NONE:
        return
    for row in rhythm.unapproved(rows, now):
        message = _("It goes out within 48 h and is not approved.")
        yield Finding("unapproved", message, days[row.id], row.id, (row.id,), urgent=True)


def _lost_media(
    posts: Sequence[MonthPost], days: dict[int, date], has_file: Callable[[str], bool]
) -> Iterator[Finding]:
    known: dict[str, bool] = {}
    for post in posts:
        for item in post.media:
            if item.sha256 not in known:
                known[item.sha256] = has_file(item.sha256)
            if not known[item.sha256]:
                message = _("Its file {name} is gone from the media store.").format(name=inert(item.original_name))
                yield Finding("media", message, days[post.row.id], post.row.id, (post.row.id,), urgent=True)


def _preflight(plan: PlanMonth, posts: Sequence[MonthPost], days: dict[int, date], now: Instant) -> Iterator[Finding]:
    accounts = {row.id: row for row in plan.accounts}
    for post in posts:
        row = post.row
        if row.planned_at <= now:
            continue
        if not post.deliveries:
            message = _("It goes to no account.")
            yield Finding("accounts", message, days[row.id], row.id, (row.id,))
            continue
        content = preflight.Content(
            row.text,
            [MediaRow(*item[1:]) for item in post.media],
            row.content_warning,
            row.labels,
            row.language,
            post.variants,
        )
        where = [accounts[item.account_id] for item in post.deliveries if item.account_id in accounts]
        soon = row.planned_at <= now + rhythm.APPROVE_AHEAD
        for problem in preflight.check(where, content):
            if problem.blocking:
                yield Finding("preflight", inert(problem.message), days[row.id], row.id, (row.id,), urgent=soon)


def _collisions(posts: Sequence[MonthPost], days: dict[int, date]) -> Iterator[Finding]:
    """Posts in one minute: of one account, they push each other down; of several, they are one post or a mistake."""
    minutes: dict[Instant, list[MonthPost]] = {}
    for post in posts:
        minutes.setdefault(post.row.planned_at // MINUTE, []).append(post)
    for together in minutes.values():
        if len(together) < 2:
            continue
        counts = Counter((item.account_id, item.handle) for post in together for item in post.deliveries)
        crowded = [handle for (_account, handle), count in counts.items() if count > 1]
        ids = tuple(post.row.id for post in together)
        message = (
            _("{count} posts in the same minute on {accounts}.").format(
                count=len(together), accounts=", ".join(map(inert, crowded))
            )
            if crowded
            else _("{count} posts in the same minute on different accounts.").format(count=len(together))
        )
        yield Finding("collision", message, days[ids[0]], ids[0], ids)


def _turns(
    plan: PlanMonth, rows: Sequence[PlanRow], days: dict[int, date], span: tuple[date, date], today: date
) -> Iterator[Finding]:
    sequence = [Turn(days[row.id], row.content_type) for row in rows]
    for limp in turns.limps(sequence, plan.types, *span, today):
        ids = tuple(rows[position].id for position in limp.turns)
        yield Finding(limp.rule, limp.message, limp.day, ids[0] if ids else None, ids)


def _gaps(rows: Sequence[PlanRow], days: dict[int, date], first: date, last: date) -> Iterator[Finding]:
    for start, end in rhythm.gaps(days.values(), first, last):
        count = (end - start).days + 1
        message = ngettext(
            "{count} day without a post, until {day}.", "{count} days without a post, until {day}.", count
        )
        after = next((row.id for row in rows if days[row.id] > end), None)
        before = next((row.id for row in reversed(rows) if days[row.id] < start), None)
        yield Finding("gap", message.format(count=count, day=end), start, before if after is None else after)


def _duplicates(rows: Sequence[PlanRow], days: dict[int, date], today: date) -> Iterator[Finding]:
    for group in similarity.groups([row.text for row in rows]):
        found = [rows[position] for position in group]
        if days[found[-1].id] < today:
            continue
        ids = tuple(row.id for row in found)
        message = _("{count} posts say almost the same: “{text}”.").format(
            count=len(found), text=clip(inert(found[0].text), 40)
        )
        yield Finding("duplicate", message, days[ids[0]], ids[0], ids)
