"""Moderation: left the queue, right the conversation; one key a verdict, and the next message is already there."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.messages import COUNTED, MessageRow, QueueFilter, QueueRow
from smm_tui.domain.clock import MINUTE, SECOND, Instant
from smm_tui.domain.errors import WrongClient
from smm_tui.domain.states import OPEN, MessageState
from smm_tui.i18n import _, ngettext
from smm_tui.keymap import key_name
from smm_tui.networks import registry
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.screens import moderation_forms as forms
from smm_tui.screens.answer_box import AnswerBox
from smm_tui.screens.desk import Job
from smm_tui.screens.external_editor import edited
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.latest import Latest
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_state import DRAFT, SPAM, QueueState, Talk, measure, merged, read_talk
from smm_tui.screens.moderation_talk import STATES, lay_out
from smm_tui.services.inbox_figures import Lately
from smm_tui.services.inbox_queries import REPLY, Possible
from smm_tui.services.receipt import Receipt
from smm_tui.services.saved_replies import SavedReply
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN, WARN, of_colour
from smm_tui.widgets.time_left import duration, time_left
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

WIDE = 100
"""Columns from which the conversation stands beside the queue instead of below it."""
FIRST = 1000
"""Messages of a queue that are listed at once; more when the cursor comes near the end."""
MANY = 10
"""From so many messages on, a verdict is asked back."""
KEPT_TALKS = 50
PAUSE = 0.5
"""Seconds after a digit until it means a client and not a count."""

COUNTABLE = frozenset(
    {
        "done",
        "approve",
        "label",
        "report",
        "hide",
        "unhide",
        "delete",
        "ban",
        "spam",
        "snooze",
        "assign",
        "like",
        "flag",
        "reopen",
    }
)
"""What a count may stand before."""
NEEDED: Mapping[str, str] = {
    "reply": REPLY,
    "write": REPLY,
    "saved": REPLY,
    "hide": Verb.HIDE,
    "unhide": Verb.UNHIDE,
    "delete": Verb.DELETE,
    "like": Verb.LIKE,
    "report": Verb.REPORT,
}
"""What an account must be able to do for an action; `ban` is one of several."""
SHUT = (Verb.BAN, Verb.MUTE, Verb.RESTRICT)
SETTLED = ("again", "there", "drop")
"""What a person can say of a reply or verdict that waits for it."""
MARKS = {ItemKind.MENTION: "@ ", ItemKind.MESSAGE: "dm ", ItemKind.REPORT: "! "}
"""What stands before the text of what is no comment."""


class QueueList(WindowedList):
    """A list that may have more rows than it knows: `*` fetches them first."""

    def action_select_all(self) -> None:
        """Everything of the filter, or nothing."""
        screen = self.screen
        if isinstance(screen, ModerationScreen) and screen.has_more:
            self.app.desk.start(screen.load_all(super().action_select_all))  # type: ignore[attr-defined]
        else:
            super().action_select_all()


class ModerationScreen(ListScreen[QueueState]):
    """The queue. Rows that are dealt with stay, marked, until the list is loaded anew: nothing jumps."""

    SCOPE = "moderation"
    CSS_PATH = "moderation.tcss"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._filter = QueueFilter()
        self._which: QueueFilter | None = None  # what the rows shown were asked for
        self._ids: list[int] = []
        self._known: dict[int, QueueRow] = {}
        self._verdicts: dict[int, str] = {}  # given and not yet stored
        self._given: list[tuple[int, ...]] = []  # what each step of undo was about, newest last
        self._times: deque[tuple[Instant, int]] = deque()
        self._talks: dict[int, Talk] = {}
        self._talk: Talk | None = None
        self._reading: Latest[int] = Latest(lambda work: self.desk.start(work), self._read)
        self._keeping: Latest[tuple[int, str]] = Latest(lambda work: self.desk.start(work), self._keep)
        self._measuring: Latest[tuple[int | None, Instant]] = Latest(
            lambda work: self.desk.start(work), self._measure
        )
        self._lately: Lately | None = None
        self._measured: tuple[int | None, Instant] | None = None
        self._answered: int | None = None  # who is being answered
        self._saved_id: int | None = None  # and with which saved reply
        self._count = ""
        self._count_timer: Timer | None = None

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        with Vertical(id="desk"):
            yield QueueList(
                (
                    Column(_("due"), 8),
                    Column(_("client"), 7, weight=1, drop=2),
                    Column(_("net"), 3, drop=1),
                    Column(_("who"), 10, weight=2),
                    Column(_("text"), 20, weight=6),
                ),
                self._fetch,
                glyphs=self.desk.glyphs,
                id="list",
            )
            yield LinePanel(id="talk")
        yield AnswerBox(id="answer")

    def on_mount(self) -> None:
        """The first verdict shall not wait for the heavy half of the program, nor any key for a walk of the garbage
        collector over all of it."""
        super().on_mount()

        def warm_up(w: Workspace) -> None:
            _imported = w.inbox
            gc.freeze()

        self.desk.later(warm_up)

    def on_resize(self, event: events.Resize) -> None:
        """Put the conversation below or beside the queue, as there is room."""
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE, "-wide")

    # -- data

    @property
    def which(self) -> QueueFilter:
        """Which messages are asked for."""
        return self._filter._replace(project_id=self.desk.client, text=self.filter_text)

    def request(self) -> Job[QueueState]:
        which, near = self.which, self.list.near()
        shown = self._ids if which == self._which else []
        cursor = self.list.position
        limit = max(FIRST, cursor + FIRST)
        now = self.desk.time // MINUTE * MINUTE  # the desk's, which stands still while nothing may be sent
        current = self.list.current if shown else None

        def job(w: Workspace) -> QueueState:
            ids = w.inbox_queries.ids(which, limit=limit)
            beside = current if current is not None else next(iter(ids), None)
            rows = w.inbox_queries.rows(near(merged(shown, ids, cursor) if shown else ids))
            backlog = w.inbox_queries.backlog()
            of_client = [one for number, one in backlog.items() if which.project_id in (None, number)]
            return QueueState(
                which,
                ids,
                rows,
                sum(one.waits for one in of_client),
                sum(one.late for one in of_client),
                any(one.waits >= COUNTED for one in of_client),
                now,
                len(w.account_queries.of_project(which.project_id)),
                w.inbox_queries.hold(),
                read_talk(w, beside) if beside is not None else None,
            )

        return job

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Cells]:
        return self._cells_of(await self.desk.read(lambda w: w.inbox_queries.rows(ids)))

    def empty(self, state: QueueState) -> str:
        if state.ids or (self._ids and state.which == self._which):
            return ""
        self._ids = []
        if state.which._replace(project_id=None) != QueueFilter():
            return _("No message fits the filter. {key} shows which it is, esc clears it.").format(
                key=self.key("moderation.filters")
            )
        if not state.accounts:
            return _("No account is connected yet. Press {key} to go to Set-up, then add one.").format(
                key=self.key("global.setup")
            )
        return _("Nothing waits: everybody has an answer.")

    def show(self, state: QueueState) -> None:
        same = state.which == self._which and bool(self._ids)
        ids = merged(self._ids, state.ids, self.list.position) if same else list(state.ids)
        self._which = state.which
        if state.talk is not None:
            self._talks[state.talk.message.id] = state.talk
        if self._bookmark is not None and self._bookmark not in ids and type(self._bookmark) is int:
            ids.insert(0, self._bookmark)  # what one was led to is shown, whatever became of it
        self.wanted()
        if same and ids == self._ids:
            self.list.update(self._cells_of(state.rows))
        else:
            self._ids = ids
            self.list.show(ids, self._cells_of(state.rows))
        if len(self._known) > 2 * FIRST:
            self._known = dict(state.rows)
        self.show_position()

    def _cells_of(self, rows: Mapping[int, QueueRow]) -> Mapping[int, Cells]:
        self._known.update(rows)
        return {number: self._cells(row) for number, row in rows.items()}

    def _cells(self, row: QueueRow) -> Cells:
        project = self.desk.chrome.project(row.project_id)
        state = self._verdicts.get(row.id, row.state)
        asked = self._filter.states
        now = self.state.now if self.state else self.desk.time
        style = PLAIN if state in asked else DIM
        if state in OPEN:
            first = time_left(row.due_at, now, alarm=self.desk.glyphs.alarm)
        else:
            first = Span(_(STATES[state]), DIM)
        mark = MARKS.get(ItemKind(row.kind), "")
        if row.action in ("failed", "unknown"):
            mark = f"[{_(row.action)}] {mark}"
        elif row.spam_score is not None and row.spam_score >= SPAM:
            mark = f"[{_('spam')} {row.spam_score:.0%}] {mark}"
        elif state in (MessageState.FLAGGED, MessageState.HELD):
            mark = f"[{_(STATES[state])}] {mark}"
        if row.assigned_to:
            mark = f"({row.assigned_to}) {mark}"
        if row.gone:
            mark = f"[{_('gone')}] {mark}"
        return (
            first,
            Span(row.project, of_colour(project.colour) if project and style is PLAIN else style),
            Span(registry.spec(row.network).glyph, style),
            Span(row.author or _("somebody"), style),
            Span(mark + row.head, BAD if row.action in ("failed", "unknown") else style),
        )

    # -- where the user is

    def show_position(self) -> None:
        super().show_position()
        self._show_which()
        self._show_talk()

    async def _measure(self, of: tuple[int | None, Instant]) -> None:
        """How well people are answered: once a minute, beside everything else."""
        client = of[0]
        self._lately = await self.desk.read(lambda w: w.inbox_figures.lately(client))
        if self.is_mounted:
            self._show_which()

    def _show_which(self) -> None:
        state = self.state
        if state is None:
            return
        if self._measured != (state.which.project_id, state.now):
            self._measured = (state.which.project_id, state.now)
            self._measuring.give(self._measured)
        spans = [Span(" "), Span(forms.told(self._filter, state.which), BOLD)]
        waits = f"{state.waits}{'+' if state.capped else ''}"
        spans.append(Span("   " + _("backlog {count}").format(count=waits)))
        if state.late:
            spans.append(Span("  " + _("late {count}").format(count=state.late), WARN))
        if rate := self._rate():
            spans.append(Span("  " + _("{count}/min").format(count=rate), DIM))
        if (lately := self._lately) is not None:
            if lately.median is not None and lately.p90 is not None:
                told = _("answered in {median}, 90% in {p90}").format(
                    median=duration(lately.median), p90=duration(lately.p90)
                )
                spans.append(Span("  " + told, DIM))
            if lately.last_hour:
                spans.append(Span("  " + _("{count}/h").format(count=lately.last_hour), DIM))
        self.query_one("#which", LineWidget).say(spans)

    def _rate(self) -> int:
        """Messages dealt with in the last minute."""
        now = self.desk.workspace.clock()
        while self._times and self._times[0][0] <= now - MINUTE:
            self._times.popleft()
        return sum(count for _at, count in self._times)

    def _show_talk(self) -> None:
        current = self.list.current
        talk = self._talks.get(current) if current is not None else None
        if talk is not None:
            self._draw(talk)
        if current is not None and (self._talk is None or self._talk.message.id != current or talk is None):
            self._reading.give(current)

    def _draw(self, talk: Talk) -> None:
        if talk == self._talk:
            return
        self._talk = talk
        project = self.desk.chrome.project(talk.message.project_id)
        zone = project.timezone if project else "UTC"
        more = _("{key} shows all of it").format(key=self.key("moderation.open"))
        glyphs = self.desk.glyphs
        self.query_one("#talk", LinePanel).lay_out(lambda size: lay_out(talk, size, glyphs, zone, more))
        self.show_keys()

    async def _read(self, message_id: int) -> None:
        """What stands beside a row, and beside the next: it is there before the key that asks for it."""
        place = self.list.position
        following = self._ids[place + 1 : place + 2] if self.list.current == message_id else []
        wanted = [message_id, *(number for number in following if number not in self._talks)]
        talks = await self.desk.read(lambda w: [read_talk(w, number) for number in wanted])
        if len(self._talks) > KEPT_TALKS:
            self._talks.clear()
        self._talks.update({talk.message.id: talk for talk in talks})
        if self.is_mounted and self.list.current == message_id:
            self._draw(talks[0])

    def lead_to(self, bookmark: Any) -> None:
        self._filter = QueueFilter()
        self._which = None
        super().lead_to(bookmark)

    def start_anew(self) -> None:
        self._which = None
        self._talks.clear()
        self.state = None

    def leave(self) -> bool:
        if super().leave():
            return True
        if self._filter != QueueFilter():
            self._narrow(QueueFilter())
            return True
        return False

    def _narrow(self, which: QueueFilter) -> None:
        self._filter = which
        self.list.clear_selection()
        self.reload()

    @property
    def has_more(self) -> bool:
        """Whether the queue holds more than is listed."""
        return self.state is not None and len(self.state.ids) >= FIRST

    async def load_all(self, then: Any) -> None:
        """List the whole queue."""
        which = self.which
        ids = await self.desk.read(lambda w: w.inbox_queries.ids(which, limit=-1))
        if which == self._which:
            self._ids = merged(self._ids, ids, self.list.position)
            self.list.show(self._ids)
            then()

    # -- counts

    async def on_key(self, event: events.Key) -> None:
        """A digit before a verdict says for how many; alone, it is a client."""
        key = key_name(event.key, event.character)
        if self.focused is not self.list or self._pressed:
            await super().on_key(event)
            return
        if key.isdecimal() and (key != "0" or self._count):
            event.stop()
            event.prevent_default()
            self._begin_count(self._count + key)
            return
        if not self._count:
            await super().on_key(event)
            return
        count, self._count = self._count, ""
        if self._count_timer is not None:
            self._count_timer.stop()
        self.show_hint("")
        if key == "esc":
            event.stop()
            event.prevent_default()
            return
        action = self.keymap.find((self.SCOPE,), [key])
        if action is not None and action.verb in COUNTABLE:
            place = self.list.position
            open_ones = [number for number in self._ids[place:] if self._is_open(number)]
            self.list.clear_selection()
            self.list.select(open_ones[: int(count)])
        elif len(count) == 1:
            self._client(count)
        await super().on_key(event)

    def _begin_count(self, digits: str) -> None:
        self._count = digits[:4]
        if self._count_timer is not None:
            self._count_timer.stop()
        self._count_timer = self.set_timer(PAUSE, self._no_count)

    def _no_count(self) -> None:
        count, self._count = self._count, ""
        if len(count) == 1:
            self._client(count)

    def _client(self, digit: str) -> None:
        self.run(self.keymap.actions["global.client"], digit)

    def _is_open(self, message_id: int) -> bool:
        row = self._known.get(message_id)
        return row is None or self._verdicts.get(message_id, row.state) in self._filter.states

    # -- verdicts

    def dimmed(self) -> Sequence[str]:
        talk = self._talk
        if talk is None:
            return ()
        return [f"moderation.{verb}" for verb in (*NEEDED, "ban") if not self._possible(talk, verb).yes]

    def _possible(self, talk: Talk, verb: str) -> Possible:
        if verb == "ban":
            able = [talk.can[word] for word in SHUT]
            return next((one for one in able if one.yes), able[0])
        needed = NEEDED.get(verb)
        if needed == Verb.LIKE and talk.message.liked:
            needed = Verb.UNLIKE
        return Possible(True) if needed is None else talk.can[needed]

    def unavailable(self, verb: str) -> str:
        if verb == "filters":
            return ""
        if verb == "promise":
            return "" if self._client_here() is not None else _("Choose a client first, with 1-9.")
        if self.list.current is None or self.state is None:
            return _("There is no message here to do that with.")
        if self.list.selected > 1:
            if verb in ("reply", "write", "saved", "note", "open", "by_author", "person", *SETTLED):
                return _("That is done one at a time: select nothing and put the cursor on the message.")
            return ""
        talk = self._talks.get(self.list.chosen[0])
        if talk is None:
            return ""
        if verb in ("note", "by_author", "strike", "person") and talk.card is None:
            return _("The network does not tell who wrote it.")
        if verb in SETTLED and talk.waiting is None:
            return _("Nothing that was done about it waits for you.")
        return self._possible(talk, verb).why

    def action_done(self) -> None:
        """It is fine as it is, or settled."""
        ids = self.list.chosen
        kept = [
            number for number in ids if number in self._known and self._known[number].state in ("flagged", "held")
        ]
        if kept and len(kept) == len(ids):
            self._give(ids, lambda w: w.inbox.approve(ids), MessageState.APPROVED)
        else:
            self._give(ids, lambda w: w.inbox.close(ids), MessageState.CLOSED)

    def action_approve(self) -> None:
        """It is right as it is."""
        ids = self.list.chosen
        self._give(ids, lambda w: w.inbox.approve(ids), MessageState.APPROVED)

    def action_label(self) -> None:
        """Put labels on, or take them off."""
        ids = self.list.chosen
        row = self._known.get(ids[0])
        self.app.push_screen(forms.label(row.labels if row is not None else [], self._giving(ids, None)))

    def action_report(self) -> None:
        """Tell the network's own moderators."""
        self._act(Verb.REPORT, MessageState.CLOSED)

    def _client_here(self) -> int | None:
        """The client that is chosen, or that the message under the cursor is of."""
        row = self._known.get(self.list.current) if self.is_mounted else None
        return self.desk.client if self.desk.client is not None or row is None else row.project_id

    async def action_promise(self) -> None:
        """How soon people are answered."""
        project = self._client_here()
        if project is not None:
            form = await self.desk.read(lambda w: forms.promise(self.desk, w, project))
            self.app.push_screen(form)

    def action_hide(self) -> None:
        """Out of sight of everybody else."""
        self._act(Verb.HIDE, MessageState.HIDDEN)

    def action_unhide(self) -> None:
        """Back into sight."""
        self._act(Verb.UNHIDE, MessageState.APPROVED)

    def action_delete(self) -> None:
        """Gone from the network."""
        self._act(Verb.DELETE, MessageState.DELETED)

    def action_like(self) -> None:
        """Like it, or no longer."""
        ids = self.list.chosen
        liked = all(self._known[number].liked for number in ids if number in self._known)
        verb = Verb.UNLIKE if liked else Verb.LIKE
        self._give(ids, lambda w: w.inbox.act(ids, verb), None)

    def action_spam(self) -> None:
        """Spam: hidden where the network can, else closed."""
        ids = self.list.chosen
        self._asked(_("spam"), ids, lambda w: w.inbox.spam(ids), MessageState.HIDDEN, [])

    def action_flag(self) -> None:
        """Somebody should look at it."""
        ids = self.list.chosen
        self._give(ids, lambda w: w.inbox.flag(ids), MessageState.FLAGGED)

    def action_reopen(self) -> None:
        """Back into the queue."""
        ids = self.list.chosen
        self._give(ids, lambda w: w.inbox.reopen(ids), MessageState.NEW, stay=True)

    def action_snooze(self) -> None:
        """Out of the queue for a while."""
        ids = self.list.chosen
        project = self._known[ids[0]].project_id if ids[0] in self._known else (self.desk.client or 0)
        self.app.push_screen(forms.snooze(self.desk, project, self._giving(ids, MessageState.SNOOZED)))

    def action_assign(self) -> None:
        """Whose work it is."""
        ids = self.list.chosen
        self.app.push_screen(forms.assign(self.desk, self._giving(ids, None)))

    def action_ban(self) -> None:
        """Shut the author out."""
        ids, talk = self.list.chosen, self._talks.get(self.list.chosen[0])
        able = [verb for verb in SHUT if talk is None or talk.can[verb].yes]
        final = {verb: talk.can[verb].final for verb in able} if talk is not None else {}
        term = talk is None or talk.term
        self.app.push_screen(forms.ban(self.desk, able, term, final, self._giving(ids, MessageState.CLOSED)))

    def action_strike(self) -> None:
        """Warn the author."""
        self.app.push_screen(forms.strike(self.desk, self._giving(self.list.chosen, None)))

    def action_note(self) -> None:
        """Something the team should know of the author."""
        row = self._talks[self.list.current].message
        if row.author_id is not None:
            self.app.push_screen(forms.note(self.desk, row.author_id, row.project_id))

    def action_person(self) -> None:
        """Who the author is."""
        from smm_tui.screens.person import PersonScreen

        row = self._talks[self.list.current].message
        if row.author_id is not None:
            self.app.push_screen(PersonScreen(row.author_id, row.project_id))

    def action_again(self) -> None:
        """Send again what failed or is unknown; all the same, where somebody else answered meanwhile."""
        self._settle("again", _("Send it again?"))

    def action_there(self) -> None:
        """What is unknown is there."""
        self._settle("sent", _("Is it there?"))

    def action_drop(self) -> None:
        """Let it go."""
        self._settle("drop", _("Drop it?"))

    def _settle(self, answer: str, title: str) -> None:
        talk = self._talks.get(self.list.current)
        waiting = talk.waiting if talk is not None else None
        if talk is None or waiting is None:
            return
        ids, number = [talk.message.id], waiting.id
        sentences = [
            _("For: {clients}.").format(clients=talk.message.project),
            f"{_(waiting.verb)} {waiting.text}".rstrip(),
            f"{waiting.error_message} {waiting.error_hint}".strip(),
        ]
        self.ask(
            title,
            sentences,
            lambda: self.desk.start(self._settled(ids, number, answer, ())),
            undoable=False,
        )

    async def _settled(self, ids: list[int], number: int, answer: str, seen: Sequence[str]) -> None:
        """Settle an action; `seen`: what was found of other clients in it, and let pass."""
        try:
            await self._given_to(ids, lambda w: w.inbox.resolve(number, answer, let_pass=seen), None)
        except WrongClient as error:
            again = partial(self._settled, ids, number, answer, error.sentences)
            self.desk.host.ask_to_let_pass(error, lambda: self.desk.start(again()))

    def action_idea(self) -> None:
        """Something to write a post about."""
        message_id = self.list.chosen[0]
        self.desk.command(lambda w: w.inbox.idea(message_id))

    def action_question(self) -> None:
        """Something that posts should answer."""
        message_id = self.list.chosen[0]

        def job(w: Workspace) -> Receipt:
            project_id = w.inbox_queries.get(message_id).project_id
            return w.research.add_question(project_id, "", message_id=message_id)

        self.desk.command(job)

    def action_open(self) -> None:
        """The message whole, and all that was done about it."""
        from smm_tui.screens.message import MessageScreen

        self.app.push_screen(MessageScreen(self.list.current))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.action_open()

    async def action_filters(self) -> None:
        """Which messages are listed."""
        client = self.desk.client
        accounts = await self.desk.read(lambda w: w.account_queries.of_project(client))
        self.app.push_screen(forms.filters(accounts, self._filter, self._narrow))

    def action_by_author(self) -> None:
        """Select all of the queue by this author."""
        row = self._known.get(self.list.current)
        if row is not None and row.author_id is not None:
            self.desk.start(self._select_by(row.author_id))

    async def _select_by(self, author_id: int) -> None:
        which = self.which
        ids = await self.desk.read(lambda w: w.inbox_queries.ids(which._replace(author_id=author_id), limit=-1))
        self._ids = merged(self._ids, ids, self.list.position)
        self.list.show(self._ids)
        self.list.select(ids)

    def _act(self, verb: Verb, state: MessageState) -> None:
        ids = self.list.chosen
        finals = [self._talks[number].can[verb].final for number in ids if number in self._talks]
        self._asked(_(verb), ids, lambda w: w.inbox.act(ids, verb), state, finals[:1])

    def _asked(
        self, what: str, ids: list[int], job: Job[Receipt], state: MessageState, finals: Sequence[str]
    ) -> None:
        """Give a verdict; ask first when it is for many, or cannot be taken back once it has left."""
        final = next((sentence for sentence in finals if sentence), "")
        if len(ids) < MANY and not final:
            self._give(ids, job, state)
            return
        title = ngettext("{what}: {count} message?", "{what}: {count} messages?", len(ids)).format(
            what=what, count=len(ids)
        )
        clients = sorted({self._known[number].project for number in ids if number in self._known})
        window = _("Until it leaves, in {seconds} s, {key} takes it back.").format(
            seconds=self.state.hold // SECOND if self.state else 0, key=self.key("global.undo")
        )
        sentences = [_("For: {clients}.").format(clients=", ".join(clients)), final, window if final else ""]
        self.ask(title, sentences, lambda: self._give(ids, job, state), undoable=not final)

    def _giving(self, ids: list[int], state: MessageState | None) -> forms.Give:
        """For a form: give a verdict on these messages, to be awaited."""

        async def give(job: forms.JobOn) -> None:
            await self._given_to(ids, lambda w: job(w, ids), state)

        return give

    def _give(self, ids: list[int], job: Job[Receipt], state: MessageState | None, *, stay: bool = False) -> None:
        """Give a verdict: mark the rows and go on at once, then write it down."""
        if not ids:
            return
        if state is not None:
            for number in ids:
                self._verdicts[number] = state
            self._redraw(ids)
        self.list.clear_selection()
        if state is not None and not stay:
            self._go_on(ids)
        self.desk.start(self._given_to(ids, job, None))

    def _redraw(self, ids: Sequence[int]) -> None:
        self.list.update({number: self._cells(self._known[number]) for number in ids if number in self._known})

    def _go_on(self, ids: Sequence[int]) -> None:
        """To the next message that waits."""
        place = self.list.position
        done = frozenset(ids)
        following = next(
            (n for n in range(place, len(self._ids)) if self._ids[n] not in done and self._is_open(self._ids[n])),
            None,
        )
        if following is not None:
            self.list.advance_to(following)
        else:
            self.show_position()

    async def _given_to(self, ids: list[int], job: Job[Receipt], state: MessageState | None) -> None:
        try:
            receipt = await self.desk.write(job)
        except Exception:
            self._forget_verdict(ids)
            raise
        self._times.append((self.desk.workspace.clock(), receipt.count))
        if receipt.undo is not None:
            self._given.append(receipt.ids or tuple(ids))
        self.desk.say_receipt(receipt)
        near = ids[:200]
        self._known.update(await self.desk.read(lambda w: w.inbox_queries.rows(near)))
        self._forget_verdict(ids)
        for number in near:
            self._talks.pop(number, None)
        if state is not None:
            self.list.clear_selection()
            self._go_on(ids)
        self._show_which()

    def _forget_verdict(self, ids: Sequence[int]) -> None:
        for number in ids:
            self._verdicts.pop(number, None)
        self._redraw(ids)

    def undone(self) -> None:
        """Go to what is back."""
        if self._given:
            self.desk.start(self._back_to(self._given.pop()))

    async def _back_to(self, ids: tuple[int, ...]) -> None:
        near = ids[:200]
        rows = await self.desk.read(lambda w: w.inbox_queries.rows(near))
        self._known.update(rows)
        self._redraw(near)
        for number in near:
            self._talks.pop(number, None)
        back = next((number for number in near if number in rows and rows[number].state in self._filter.states), None)
        if back is not None and back in self._ids:
            self.list.advance_to(self._ids.index(back))
        self._show_talk()

    # -- answers

    def main_widget(self) -> Widget:
        return self.list

    def action_reply(self) -> None:
        """Answer."""
        self._write(None)

    def action_write(self) -> None:
        """Answer in $EDITOR."""
        self._write(None)
        if self._answered is not None:
            self.edit_outside(self._box.editor.text)

    def action_saved(self) -> None:
        """Answer with a saved reply."""
        self._write(None)
        self.pick_saved()

    @property
    def _box(self) -> AnswerBox:
        return self.query_one("#answer", AnswerBox)

    def _write(self, text: str | None) -> None:
        talk = self._talks.get(self.list.current)
        if talk is None:
            return
        row = talk.message
        self._answered, self._saved_id = row.id, None
        self._box.begin(_("{name} on {account}").format(name=row.author or row.author_handle, account=row.handle),
                        talk.draft if text is None else text)  # fmt: skip
        self.set_class(True, "-answering")
        focus_quietly(self._box.editor)

    def measure_answer(self, text: str) -> tuple[int, int]:
        """How long an answer is there, and how long it may be."""
        talk = self._talks.get(self._answered) if self._answered is not None else None
        return measure(talk, text) if talk is not None else (len(text), 0)

    def keep_answer(self, text: str) -> None:
        """Keep what is typed."""
        if self._answered is not None:
            self._keeping.give((self._answered, text))

    async def _keep(self, typed: tuple[int, str]) -> None:
        message_id, text = typed
        key = DRAFT.format(id=message_id)
        await self.desk.write(
            lambda w: w.records.keep_typing(key, {"text": text}) if text else w.records.forget_typing(key)
        )

    def send_answer(self, text: str) -> None:
        """Send what was typed, and go on."""
        message_id = self._answered
        if message_id is None:
            return
        self.desk.start(self._sent(message_id, text, self._saved_id, ()))

    async def _sent(self, message_id: int, text: str, saved_id: int | None, seen: Sequence[str]) -> None:
        """The box stays open when the answer was refused: nothing that was typed is lost. `seen`: what was found of
        other clients in it, and let pass."""

        def job(w: Workspace) -> Receipt:
            receipt = w.inbox.reply(message_id, text, saved_id=saved_id, let_pass=seen)
            w.records.forget_typing(DRAFT.format(id=message_id))
            return receipt

        self._keeping.forget()
        try:
            await self._given_to([message_id], job, None)
        except WrongClient as error:
            found = error.sentences
            again = partial(self._sent, message_id, text, saved_id, found)
            self.desk.host.ask_to_let_pass(error, lambda: self.desk.start(again()))
            return
        self.close_answer()
        self._go_on([message_id])

    def edit_outside(self, text: str) -> None:
        """Write the answer in $EDITOR."""
        self._box.editor.put(edited(self.app, text))

    def pick_saved(self) -> None:
        """Choose a saved reply."""
        from smm_tui.screens.saved_replies import SavedReplies

        talk = self._talks.get(self._answered) if self._answered is not None else None
        if talk is not None:
            key = self.key("global.replies")
            self.app.push_screen(SavedReplies(talk.message.project_id, talk.suggested, key=key), self._taken)

    def _taken(self, reply: SavedReply | None) -> None:
        talk = self._talks.get(self._answered) if self._answered is not None else None
        if reply is not None and talk is not None:
            self.desk.start(self._fill_in(reply, talk.message))

    async def _fill_in(self, reply: SavedReply, message: MessageRow) -> None:
        text = await self.desk.read(lambda w: w.saved_replies.fill(reply.text, message))
        if self._answered == message.id:
            self._saved_id = reply.id
            self._box.editor.put(text)
            focus_quietly(self._box.editor)

    def close_answer(self) -> None:
        """Back to the queue."""
        self._talks.pop(self._answered or 0, None)
        self._answered = None
        self.set_class(False, "-answering")
        self.focus_main()
        self._show_talk()
