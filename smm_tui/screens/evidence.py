"""The evidence of one delivery: its intents with their identities, every attempt, every answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import AttemptRow, DeliveryRow, IntentRow, PostRow
from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.states import State
from smm_tui.i18n import N_, _
from smm_tui.screens.answering import Answering
from smm_tui.screens.carried import summary
from smm_tui.screens.deliveries import STYLES
from smm_tui.screens.desk import Job
from smm_tui.services import extras
from smm_tui.services.delivery_queries import Evidence
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN
from smm_tui.widgets.windowed_list import Column, WindowedList

WORDS = (
    N_("pending"),
    N_("sending"),
    N_("done"),
    N_("failed"),
    N_("dropped"),
    N_("publish"),
    N_("comment"),
    N_("delete"),
    N_("edit"),
    N_("pin"),
    N_("unpin"),
)
"""What the ledger calls the states and kinds of intents."""

_LABEL = 16


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """All that is known of a delivery, and its post."""

    evidence: Evidence
    post: PostRow


class EvidenceScreen(Answering[EvidenceState]):
    """One delivery, in full; long texts are wrapped, nothing is cut."""

    SCOPE = "evidence"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False

    def __init__(self, delivery_id: int) -> None:
        super().__init__()
        self._delivery_id = delivery_id

    def body(self) -> ComposeResult:
        yield WindowedList(
            (Column("", 10, weight=1),),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=0,
            id="list",
        )

    def request(self) -> Job[EvidenceState]:
        delivery_id = self._delivery_id

        def job(w: Workspace) -> EvidenceState:
            evidence = w.delivery_queries.evidence(delivery_id)
            return EvidenceState(evidence, w.post_queries.get(evidence.delivery.post_id).post)

        return job

    def show(self, state: EvidenceState) -> None:
        width = max(self.size.width - 4, 20)
        lines = list(self._lines(state, width))
        self.list.show(range(len(lines)), {place: (line,) for place, line in enumerate(lines)})

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)

    def bookmark(self) -> dict[str, Any]:
        return {"delivery_id": self._delivery_id}

    def asked(self) -> tuple[Sequence[int], Sequence[DeliveryRow]]:
        if self.state is None:
            return (), ()
        return (self._delivery_id,), (self.state.evidence.delivery,)

    def _lines(self, state: EvidenceState, width: int) -> Iterator[Span]:
        row, post = state.evidence.delivery, state.post
        word = State(row.state)
        yield Span(_("Delivery {id} of post {post}").format(id=row.id, post=row.post_id), BOLD)
        yield from _labelled(_("state"), f"{self.desk.glyphs.state[word]} {_(word)}", width, STYLES.get(word, PLAIN))
        yield from _labelled(_("client"), row.project, width)
        yield from _labelled(_("account"), f"{row.handle}  {row.network}  {row.server}", width)
        yield from _labelled(_("due"), _time(row.due_at, post.zone), width)
        if row.approved_at is not None:
            yield from _labelled(_("approved"), f"{_time(row.approved_at, post.zone)}  {row.approved_by}", width)
        if row.live_at is not None:
            yield from _labelled(_("live since"), _time(row.live_at, post.zone), width)
        if row.verified_at is not None:
            yield from _labelled(_("read back"), _time(row.verified_at, post.zone), width)
        if row.next_try_at is not None:
            yield from _labelled(_("next try"), _time(row.next_try_at, post.zone), width)
        if row.remote_url:
            yield from _labelled(_("address"), row.remote_url, width)
        if row.error_message:
            yield from _labelled(_("reason"), row.error_message, width, BAD)
        if row.error_hint:
            yield from _labelled(_("what to do"), row.error_hint, width)
        yield from _labelled(_("text"), post.text, width)
        for label, words in summary(extras.of_json(post.extras)):
            yield from _labelled(label, words, width)
        for intent in state.evidence.intents:
            yield Span("")
            yield from _intent(intent, post.zone, width)
            for attempt in state.evidence.attempts:
                if attempt.intent_id == intent.id:
                    yield from _attempt(attempt, post.zone, width)
        if not state.evidence.intents:
            yield Span("")
            yield Span(_("Nothing was sent yet: there are no intents."), DIM)


def _intent(intent: IntentRow, zone: str, width: int) -> Iterator[Span]:
    title = _("Intent {id}: {kind}, part {part}, {state}").format(
        id=intent.id, kind=_(intent.kind), part=intent.position + 1, state=_(intent.state)
    )
    yield Span(title, BOLD)
    yield from _labelled(_("identity"), intent.identity, width)
    yield from _labelled(_("bytes"), f"{intent.payload_hash}  {intent.wire_hash}".strip(), width)
    if intent.kind == "edit":
        yield from _labelled(_("text"), intent.payload["text"], width)
    if intent.first_sent_at is not None:
        yield from _labelled(_("first sent"), _time(intent.first_sent_at, zone), width)
    if intent.done_at is not None:
        yield from _labelled(_("done"), _time(intent.done_at, zone), width)
    if intent.remote_id or intent.remote_url:
        yield from _labelled(_("there"), f"{intent.remote_id}  {intent.remote_url}".strip(), width)


def _attempt(attempt: AttemptRow, zone: str, width: int) -> Iterator[Span]:
    ended = "" if attempt.ended_at is None else f" +{attempt.ended_at - attempt.started_at} ms"
    status = f" {attempt.status}" if attempt.status else ""
    what = f"{attempt.what} {attempt.outcome or _('no answer')}{status}{ended}  {attempt.worker}"
    yield from _labelled(f"{zones.local(attempt.started_at, zone):%m-%d %H:%M:%S}", what, width)
    if attempt.answer:
        yield from _labelled("", attempt.answer, width, DIM)


def _labelled(label: str, text: str, width: int, style: Style = PLAIN) -> Iterator[Span]:
    for place, line in enumerate(wrap(text, max(width - _LABEL, 10))):
        yield Span(f"{label if place == 0 else '':<{_LABEL}}{line}", style)


def _time(instant: Instant | None, zone: str) -> str:
    return "-" if instant is None else f"{zones.local(instant, zone):%Y-%m-%d %H:%M:%S} {zone}"
