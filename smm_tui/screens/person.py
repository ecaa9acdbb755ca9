"""Who somebody is to a client: their names, what the team knows of them, strikes, bans, and all they wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.people import KnownAuthor
from smm_tui.i18n import _, ngettext
from smm_tui.screens import moderation_forms as forms
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_talk import STATES, moment
from smm_tui.screens.picker import Picker
from smm_tui.services.inbox_queries import AuthorCard
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_LABEL = 18


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person as one client knows them."""

    card: AuthorCard
    project: str
    zone: str


class PersonScreen(ListScreen[PersonState]):
    """Each row is about something: a note, a strike, a ban, a message."""

    SCOPE = "person"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False

    def __init__(self, author_id: int, project_id: int) -> None:
        super().__init__()
        self._author_id = author_id
        self._project_id = project_id

    def body(self) -> ComposeResult:
        yield WindowedList(
            (Column("", _LABEL), Column("", 30, weight=1)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def request(self) -> Job[PersonState]:
        author_id, project_id = self._author_id, self._project_id

        def job(w: Workspace) -> PersonState:
            project = w.project_queries.get(project_id)
            return PersonState(w.inbox_queries.author_card(author_id, project_id), project.name, project.timezone)

        return job

    def show(self, state: PersonState) -> None:
        rows: dict[str, Cells] = {}
        for key, label, text, style in _rows(state):
            for place, line in enumerate(wrap(text, max(self.size.width - _LABEL - 5, 20))):
                rows[f"{key}:{place}"] = (Span(label if place == 0 else "", DIM), Span(line, style))
        self.list.show(list(rows), rows)

    # -- actions

    def _at(self, kind: str) -> int | None:
        """The number of what the cursor is on, if it is of a kind."""
        what, number, _place = (self.list.current or "::").split(":")
        return int(number) if what == kind else None

    def unavailable(self, verb: str) -> str:
        if self.state is None:
            return _("Loading ...")
        if verb == "open" and self._at("message") is None:
            return _("Put the cursor on a message first.")
        if verb == "drop" and all(self._at(kind) is None for kind in ("note", "strike", "ban")):
            return _("Put the cursor on a note, a strike or a ban first.")
        if verb == "unlink" and self.state.card.author.person_id is None:
            return _("They are linked with nobody.")
        return ""

    def action_open(self) -> None:
        """Go to the message."""
        if (number := self._at("message")) is not None:
            self.desk.go("moderation", number)

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["person.open"])

    def action_note(self) -> None:
        """Note something."""
        self.app.push_screen(forms.note(self.desk, self._author_id, self._project_id))

    def action_drop(self) -> None:
        """Throw a note away, forgive a strike, lift a ban."""
        if (note := self._at("note")) is not None:
            self.desk.command(lambda w: w.inbox.drop_note(note))
        elif (strike := self._at("strike")) is not None:
            self.desk.command(lambda w: w.inbox.forgive(strike))
        elif (ban := self._at("ban")) is not None:
            self.desk.command(lambda w: w.bans.lift([ban]))

    def action_link(self) -> None:
        """Choose who is the same person."""
        self.app.push_screen(AuthorPicker(self._author_id, self._project_id), self._linked)

    def _linked(self, other: KnownAuthor | None) -> None:
        if other is not None:
            ids = [self._author_id, other.id]
            self.desk.command(lambda w: w.inbox.link(ids))

    def action_unlink(self) -> None:
        """Somebody of their own again."""
        author_id = self._author_id

        def job(w: Workspace) -> Receipt:
            return w.inbox.unlink(author_id)

        self.desk.command(job)


class AuthorPicker(Picker[KnownAuthor]):
    """People who wrote to a client, those with a like name first."""

    SCOPE = "authors"
    COLUMNS: ClassVar[tuple[int, ...]] = (9, 20, 30)

    def __init__(self, author_id: int, project_id: int) -> None:
        super().__init__(
            _("Who is the same person?"),
            placeholder=_("type a part of the name"),
            nothing=_("Nobody who wrote to this client is called like that."),
        )
        self._author_id = author_id
        self._project_id = project_id

    async def find(self, text: str) -> Sequence[KnownAuthor]:
        author_id, project_id = self._author_id, self._project_id
        return await self.desk.read(lambda w: w.inbox_queries.alike(author_id, project_id, text))

    def cells(self, thing: KnownAuthor) -> Cells:
        of = "" if thing.person is None else "  " + _("linked: {name}").format(name=thing.person)
        return Span(thing.network, DIM), thing.name or thing.handle, Span(thing.handle + of, DIM)


def _rows(state: PersonState) -> Iterator[tuple[str, str, str, Style]]:
    """Key, label, text and style of each line."""
    card, zone = state.card, state.zone
    author = card.author
    yield "who:0", state.project, f"{author.name}  {author.handle}  {author.network}".strip(), BOLD
    if author.url:
        yield "who:1", _("address"), author.url, DIM
    if author.person is not None:
        yield "who:2", _("person"), author.person, BOLD
    for other in card.authors:
        yield f"name:{other.id}", _("also"), f"{other.name}  {other.handle}  {other.network}".strip(), PLAIN
    counted = ngettext("{count} message", "{count} messages", author.messages).format(count=author.messages)
    hidden = _("{count} hidden or deleted").format(count=author.hidden)
    since = "" if author.first_at is None else _("since {when}").format(when=moment(author.first_at, zone))
    yield "who:3", _("history"), "  ".join(part for part in (counted, hidden, since) if part), PLAIN
    for ban in card.bans:
        until = _("for good") if ban.until is None else _("until {when}").format(when=moment(ban.until, zone))
        yield f"ban:{ban.id}", _(ban.verb), f"{ban.account}  {until}  {ban.reason}  {ban.actor}", BAD
    for strike in card.strikes:
        until = (
            _("for good")
            if strike.expires_at is None
            else _("until {when}").format(when=moment(strike.expires_at, zone))
        )
        yield f"strike:{strike.id}", _("strike"), f"{strike.reason}  {until}  {strike.actor}", WARN
    for note in card.notes:
        yield f"note:{note.id}", _("note"), f"{note.text}  ({note.actor}, {moment(note.created_at, zone)})", PLAIN
    for row in card.recent:
        state_word = _(STATES.get(row.state, row.state))
        text = f"[{state_word}] {' '.join(row.text[:500].split())}"
        yield f"message:{row.id}", moment(row.created_at, zone), text, PLAIN if row.gone_at is None else DIM
