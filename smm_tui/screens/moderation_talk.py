"""The lines beside the queue: the post, the conversation, what was done, and who the author is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from rich.style import Style
from textual.geometry import Size

from smm_tui import formats
from smm_tui.db.reads.messages import ActionRow, MessageRow
from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.inert import cells, clip, inert
from smm_tui.glyphs import Glyphs
from smm_tui.i18n import N_, _, ngettext
from smm_tui.screens.moderation_state import SPAM, Talk
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN, WARN

MOST = 2000
"""Characters of one message that are laid out here; the message's own screen has all of them."""
NEIGHBOURS = 12
"""Messages before and after the one in question that are laid out."""
KINDS = {
    "comment": N_("comment"),
    "mention": N_("mention"),
    "message": N_("direct message"),
    "report": N_("report"),
}

Line = list[Span]


def lay_out(talk: Talk, size: Size, glyphs: Glyphs, zone: str, read_more: str) -> list[Line]:
    """As much of it as there is room for, the message itself before everything else."""
    width, height = max(size.width - 2, 10), size.height
    rule: Line = [Span(glyphs.rule * width, DIM)]
    head = list(_head(talk, width, zone, 1 if height < 14 else 3))
    card = list(_card(talk, width, zone))[: max(height // 4, 1)]
    room = height - len(head) - len(card) - 2
    body = _conversation(talk, width, max(room, 1), zone, read_more)
    return [[Span(" "), *line] for line in [*head, rule, *body, rule, *card]]


def _head(talk: Talk, width: int, zone: str, most: int) -> Iterator[Line]:
    row, post = talk.message, talk.conversation.post
    kind = _(KINDS.get(row.kind, row.kind))
    if post is None:
        yield [Span(_("{kind} on {handle}").format(kind=kind, handle=row.handle), BOLD)]
        return
    when = "" if post.live_at is None else f"{formats.short_moment(zones.local(post.live_at, zone))}  "
    yield [Span(_("Post {when}{handle}, {kind}").format(when=when, handle=row.handle, kind=kind), BOLD)]
    for line in wrap(clip(inert(post.text), width * most, ellipsis=glyph_end(post.text)), width)[:most]:
        yield [Span(line, DIM)]


def glyph_end(text: str) -> str:
    """What says that a text goes on."""
    return "..." if text.isascii() else "…"


def _conversation(talk: Talk, width: int, room: int, zone: str, read_more: str) -> list[Line]:
    rows = talk.conversation.messages
    here = next(place for place, row in enumerate(rows) if row.id == talk.message.id)
    current = list(_block(talk, rows[here], width, zone, current=True))
    if len(current) > room:
        return [*current[: room - 1], [Span("  " + read_more, DIM)]]
    after: list[Line] = []
    for row in rows[here + 1 : here + 1 + NEIGHBOURS]:
        after += _block(talk, row, width, zone)
        if len(after) >= room:
            break
    left = room - len(current)
    before: list[Line] = []
    for row in reversed(rows[max(here - NEIGHBOURS, 0) : here]):
        before = [*_block(talk, row, width, zone), *before]
        if len(before) >= left:
            break
    share = max(left - len(before), left // 2)
    after = after[:share]
    before = before[-(left - len(after)) :] if left > len(after) else []
    lines = [*before, *current, *after]
    return lines + [[] for _line in range(room - len(lines))]


def _block(talk: Talk, row: MessageRow, width: int, zone: str, *, current: bool = False) -> Iterator[Line]:
    who = _("you") if row.own else row.author or row.author_handle or _("somebody")
    mark, style = (">", BOLD) if current else (" ", BOLD if row.own else PLAIN)
    notes = [f"{moment(row.created_at, zone)}"]
    if row.edited_at is not None:
        notes.append(_("edited"))
    if row.gone_at is not None:
        notes.append(_("taken back by its author"))
    if current and row.spam_score is not None and row.spam_score >= SPAM:
        notes.append(_("spam {percent}%").format(percent=round(row.spam_score * 100)))
    if current and row.labels:
        notes.append(", ".join(row.labels))
    yield [Span(f"{mark} {clip(inert(who), max(width - 20, 8))}", style), Span("  " + "  ".join(notes), DIM)]
    for line in wrap(row.text[:MOST], width - 2):
        yield [Span("  " + line, PLAIN if current or not row.own else DIM)]
    if len(row.text) > MOST:
        yield [Span("  " + _("and {count} more characters").format(count=len(row.text) - MOST), DIM)]
    for item in row.attachments[:3]:
        yield [Span("  + " + item, DIM)]
    yield from _trace(talk, row, width, current)


def _trace(talk: Talk, row: MessageRow, width: int, current: bool) -> Iterator[Line]:
    """Why it is taken for spam, what was done about it, by whom, and whether it reached the network."""
    if current and talk.why_spam:
        yield [Span(f"  {line}", WARN) for line in wrap(talk.why_spam, width - 2)[:1]]
    if current and talk.suggested:
        names = ", ".join(talk.suggested)
        yield [Span("  " + _("a rule suggests the saved reply: {names}").format(names=names), WARN)]
    for hit in talk.conversation.rules.get(row.id, []):
        yield [Span(f"  {_('rule')} {hit.name}: {hit.why}", WARN)]
    for action in talk.conversation.actions.get(row.id, []):
        if action.state == "cancelled" and not current:
            continue
        text, style = told(action)
        for line in wrap(text, width - 4):
            yield [Span("  * " + line, style)]


def told(action: ActionRow) -> tuple[str, Style]:
    """An action in one line: what, by whom, how far it came."""
    text = f"{_(action.verb)}, {action.actor}: {_(action.state)}"
    if action.text:
        text += f"  “{clip(inert(action.text), 200)}”"
    if action.error_message and action.state in ("failed", "unknown"):
        text += f"  {action.error_message} {action.error_hint}"
    return text.rstrip(), BAD if action.state in ("failed", "unknown") else DIM


def _card(talk: Talk, width: int, zone: str) -> Iterator[Line]:
    card = talk.card
    if card is None:
        yield [Span(_("The network does not tell who wrote it."), DIM)]
        return
    author = card.author
    counts = [
        ngettext("{count} message here", "{count} messages here", author.messages).format(count=author.messages)
    ]
    if author.first_at is not None:
        counts.append(_("since {day}").format(day=_day(author.first_at, zone)))
    if author.hidden:
        counts.append(_("{count} hidden").format(count=author.hidden))
    strikes = ngettext("{count} strike", "{count} strikes", len(card.strikes)).format(count=len(card.strikes))
    name = clip(inert(author.name or author.handle or _("somebody")), 24)
    handle = inert(author.handle) if author.name else ""
    counted = ", ".join(counts) + ", "
    known = [Span(counted), Span(strikes, BAD if card.strikes else PLAIN)]
    if cells(f"{name} {handle}: {counted}{strikes}") <= width:
        yield [Span(name, BOLD), Span(f" {handle}" if handle else "", DIM), Span(": "), *known]
    else:
        yield [Span(name, BOLD), Span(f" {handle}" if handle else "", DIM)]
        yield known
    for ban in card.bans:
        until = "" if ban.until is None else " " + _("until {day}").format(day=_day(ban.until, zone))
        yield [Span(f"{_(ban.verb)} {ban.account}{until}  {ban.reason}".rstrip(), BAD)]
    for strike in card.strikes:
        yield [Span(_("strike: {reason}").format(reason=strike.reason), WARN)]
    for note in card.notes:
        for line in wrap(_("note: {text}").format(text=note.text[:400]), width):
            yield [Span(line)]
    for other in card.authors:
        yield [
            Span(_("also {name} on {network}").format(name=other.name or other.handle, network=other.network), DIM)
        ]


def moment(instant: Instant, zone: str) -> str:
    """A time that a network told."""
    when = _local(instant, zone)
    return "?" if when is None else formats.short_moment(when)


def _day(instant: Instant, zone: str) -> str:
    when = _local(instant, zone)
    return "?" if when is None else f"{when:%Y-%m-%d}"


def _local(instant: Instant, zone: str) -> datetime | None:
    """A time that a network told, which may be any: None beyond the calendar."""
    try:
        return zones.local(instant, zone)
    except (OverflowError, ValueError, OSError):
        return None


STATES: Mapping[str, str] = {
    "new": N_("new"),
    "flagged": N_("flagged"),
    "held": N_("held"),
    "approved": N_("approved"),
    "answered": N_("answered"),
    "hidden": N_("hidden"),
    "deleted": N_("deleted"),
    "closed": N_("closed"),
    "snoozed": N_("snoozed"),
}
"""The states of messages."""
