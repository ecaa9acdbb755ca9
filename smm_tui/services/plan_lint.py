"""What limps in a month: the mix, the rhythm, and everything that would go wrong if nobody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from smm_tui.db.reads.plans import PastText, PlanRow
from smm_tui.db.reads.posts import MediaRow
from smm_tui.db.reads.reviews import MonthApprovalRow
from smm_tui.domain import rhythm, similarity, states, zones
from smm_tui.domain.alternation import Turn
from smm_tui.domain.approval import Change, Review
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rhythm import Share
from smm_tui.domain.states import Approval, State
from smm_tui.i18n import _, ngettext
from smm_tui.services import preflight, review_queries, turns
from smm_tui.services.mix import Portion, portions
from smm_tui.services.places import OpenPlace
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
    """A month looked over. `published` is the mix of the last four weeks, `mix` also has where the month will end;
    findings come the urgent ones first."""

    posts: int
    planned: tuple[Share, ...]
    published: tuple[Share, ...]
    quiet_days: tuple[date, ...]
    findings: tuple[Finding, ...]
    mix: tuple[Portion, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether anything needs a person now."""
        return any(finding.urgent for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Around:
    """What a month is seen beside: the types that went live in four weeks, what earlier posts said, evergreen texts
    with the days they rest, the open places of the month, and what was approved of it."""

    published: Sequence[tuple[str, int]] = ()
    past: Sequence[PastText] = ()
    evergreens: Mapping[str, int] = field(default_factory=dict)
    places: Sequence[OpenPlace] = ()
    approved: MonthApprovalRow | None = None  # the month as it was approved


def lint(plan: PlanMonth, around: Around, now: Instant, has_file: Callable[[str], bool]) -> Lint:
    """Look over a month; `has_file` knows the media store."""
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
        *_review(plan, days, around.approved),
        *_lost_media(open_posts, days, has_file),
        *_preflight(plan, open_posts, days, now),
        *_collisions(plan.posts, days),
        *_turns(plan, rows, days, (first, last), today),
        *_gaps(rows, days, ahead, last),
        *_duplicates(rows, days, today, around),
    ]
    busy = set(days.values())
    published = around.published
    total = sum(count for _kind, count in published)
    taken = [(row.planned_wall, row.content_type) for row in rows]
    return Lint(
        len(rows),
        tuple(rhythm.mix(rows)),
        tuple(Share(kind, count, round(100 * count / total)) for kind, count in published),
        tuple(day for day in (ahead + timedelta(days=n) for n in range((last - ahead).days + 1)) if day not in busy),
        tuple(sorted(findings, key=lambda finding: not finding.urgent)),
        tuple(portions(plan.types, taken, dict(published), around.places, (first, last))),
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


def _review(plan: PlanMonth, days: dict[int, date], approved: MonthApprovalRow | None) -> Iterator[Finding]:
    """Returned posts, and what is not as the month was approved and waits for an approval of its own."""
    for post in plan.posts:
        if post.row.review == Review.RETURNED:
            yield Finding("returned", _("It was returned."), days[post.row.id], post.row.id, (post.row.id,))
    if approved is None:
        return
    for item in review_queries.standing(approved, plan).waiting:
        message = (
            _("It came after the month was approved.")
            if item.change is Change.ADDED
            else _("It was changed after the month was approved.")
        )
        yield Finding("deviation", message, days[item.post_id], item.post_id, (item.post_id,))


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


def _duplicates(rows: Sequence[PlanRow], days: dict[int, date], today: date, around: Around) -> Iterator[Finding]:
    """Posts that say almost the same as another of the month or of those before; evergreens may, after their rest."""
    said = [
        *around.past,
        *(PastText(row.id, days[row.id].isoformat(), row.text) for row in rows),
    ]
    for group in similarity.groups([one.text for one in said]):
        found = [said[position] for position in group]
        own = [one for one in found if one.id in days]
        if not own or days[own[-1].id] < today or _rested(found, around.evergreens):
            continue
        text = clip(inert(own[0].text), 40)
        message = _("{count} posts say almost the same: “{text}”.").format(count=len(found), text=text)
        if len(own) == 1:
            message = _("It says almost the same as post {id} of {day}: “{text}”.").format(
                id=found[0].id, day=found[0].day, text=text
            )
        yield Finding("duplicate", message, days[own[0].id], own[0].id, tuple(one.id for one in found))


def _rested(found: Sequence[PastText], evergreens: Mapping[str, int]) -> bool:
    rests = [evergreens.get(one.text) for one in found]
    return all(
        rest is not None and (date.fromisoformat(two.day) - date.fromisoformat(one.day)).days >= rest
        for one, two, rest in zip(found, found[1:], rests[1:], strict=False)
    )
