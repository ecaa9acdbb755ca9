"""Composer: a post is written once, with a variant where an account needs one, and seen as networks will show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static, TextArea

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.scheme import HashtagSet, Template
from smm_tui.domain import zones
from smm_tui.domain.clock import to_datetime
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import cells, inert
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.ports import Capability
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.carried import summary
from smm_tui.screens.composer_state import Assessment, ComposerState, assess, planned_time, read_composer
from smm_tui.screens.desk import Job
from smm_tui.screens.extras_form import extras_form, shown_on
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.latest import Latest
from smm_tui.screens.media_form import alt_form, media_form
from smm_tui.services import preflight
from smm_tui.services.composition import Composition, known_accounts, split_words
from smm_tui.services.extras import Extras
from smm_tui.services.post_queries import IsOut, PostDraft
from smm_tui.services.preflight import Problem
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.account_bar import AccountBar, AccountTab
from smm_tui.widgets.form import Choice
from smm_tui.widgets.key_bar import KeyBar
from smm_tui.widgets.line import LineWidget, Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.preview import Preview, ShownPost, facts
from smm_tui.widgets.styles import BAD, BOLD, CURSOR, DIM, GOOD, WARN, of_colour
from smm_tui.widgets.text_editor import TextEditor
from smm_tui.widgets.text_input import TextInput
from smm_tui.widgets.windowed_list import Column, WindowedList

WIDE = 100
"""Columns from which the preview stands beside the text."""
LOW = 20
"""Rows below which problems get less room."""

_FIELDS = {
    "at": "when",
    "variant": "text",
    "account": "accounts",
    "post": "text",
    "approval": "text",
    "poll": "text",
    "card": "text",
    "first_comment": "text",
}
"""Where the cursor goes for a problem's field, if the widget has another name."""


class ComposerScreen(WorkspaceScreen[ComposerState]):
    """Write or change one post of one client. What is typed is kept at once, and there again until it is saved."""

    SCOPE = "composer"
    CLIENTS = False
    CSS_PATH = "composer.tcss"

    def __init__(
        self,
        project_id: int,
        post_id: int | None = None,
        *,
        when: str = "",
        content_type: str = "",
        accounts: Sequence[int] | None = None,
        pillar_id: int | None = None,
        in_editor: bool = False,
    ) -> None:
        """`when`, `content_type`, `accounts` (None: all) and `pillar_id` are a new post's; `in_editor`: begin in
        $EDITOR."""
        super().__init__()
        self._project_id = project_id
        self._post_id = post_id
        self._when = when
        self._new = (content_type, None if accounts is None else tuple(accounts), pillar_id)
        self._in_editor = in_editor
        self._typed: Composition | None = None
        self._begun: Composition | None = None  # as it was stored, to know whether anything was typed
        self._assessment: Assessment | None = None
        self._saving = self._ended = False
        self._autosave: Latest[Composition] = Latest(lambda work: self.desk.start(work), self._keep)
        self._assessing: Latest[Composition] = Latest(lambda work: self.desk.start(work), self._assess)

    def body(self) -> ComposeResult:
        yield LineWidget(id="client")
        yield AccountBar(id="accounts")
        with Horizontal(id="writing"):
            yield TextEditor(id="text")
            yield Preview(id="preview")
        with Vertical(id="fields"):
            with Horizontal():
                yield _label(_("When"))
                yield TextInput(id="when")
                yield LineWidget(id="meant")
            with Horizontal():
                yield _label(_("Type"))
                yield Choice([("", "")], "", self.desk.glyphs, id="type")
            with Horizontal(classes="pillared"):
                yield _label(_("Rubric"))
                yield Choice([("", "")], "", self.desk.glyphs, id="pillar")
            with Horizontal(classes="segmented"):
                yield _label(_("Segment"))
                yield Choice([("", "")], "", self.desk.glyphs, id="segment")
            with Horizontal():
                yield _label(_("Late"))
                yield TextInput(id="late")
                yield _label(_("Language"))
                yield TextInput(id="language")
                yield _label(_("Warning"))
                yield TextInput(id="content_warning")
                yield _label(_("Labels"), "labelled")
                yield TextInput(id="labels", classes="labelled")
        yield LineWidget(id="carried")
        yield WindowedList(
            (Column("", 10, weight=1), Column("", 22), Column("", 16, weight=2)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            id="media",
        )
        yield LinePanel(id="problems")

    # -- loading

    def request(self) -> Job[ComposerState]:
        project_id, post_id, when, new = self._project_id, self._post_id, self._when, self._new
        return lambda w: read_composer(w, project_id, post_id, when, *new)

    def show(self, state: ComposerState) -> None:
        if self._typed is None:
            self._begin(state)
        self._show_client(state)
        self._changed(self._typed or state.stored)

    def _begin(self, state: ComposerState) -> None:
        self._begun = self._typed = state.stored
        if state.kept is not None:
            ids = [row.id for row in state.accounts]
            self._typed = known_accounts(state.stored.restored(state.kept), ids)
            self.desk.say(
                _("Here is what you typed before and did not save. {key} throws it away.").format(
                    key=self.key("composer.discard")
                )
            )
        labels = any(Capability.LABELS in preflight.rules_of(row).capabilities for row in state.accounts)
        self.set_class(labels, "-labels")
        self._fill(self._typed)
        if self._in_editor:
            self._in_editor = False
            self.call_after_refresh(self.action_editor)

    def _fill(self, typed: Composition) -> None:
        """Put everything into its field."""
        self._editor.put(typed.text_for(self._bar.account))
        for name, value in (
            ("when", typed.when),
            ("late", typed.late_rule),
            ("language", typed.language),
            ("content_warning", typed.content_warning),
            ("labels", " ".join(typed.labels)),
        ):
            self.query_one(f"#{name}", TextInput).value = value
        kinds = [(kind.name, inert(kind.shown)) for kind in self.state.types.values()] if self.state else []
        if typed.content_type not in dict(kinds):  # given up since this post was written
            kinds.append((typed.content_type, inert(typed.content_type)))
        self._offer("type", kinds, typed.content_type)
        pillars = (
            [("", _("none")), *((str(row.id), inert(row.name)) for row in self.state.pillars)] if self.state else []
        )
        pillar = "" if typed.pillar_id is None else str(typed.pillar_id)
        if pillar not in dict(pillars):
            pillars.append((pillar, _("one given up")))
        self._offer("pillar", pillars, pillar)
        self.set_class(len(pillars) > 1, "-pillars")
        segments = [("", _("everybody"))]
        segments += [(str(row.id), inert(row.name)) for row in self.state.segments] if self.state else []
        segment = "" if typed.segment_id is None else str(typed.segment_id)
        if segment not in dict(segments):
            segments.append((segment, _("one given up")))
        self._offer("segment", segments, segment)
        self.set_class(len(segments) > 1, "-segments")

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], value: str) -> None:
        choice = self.query_one(f"#{name}", Choice)
        choice.offer(choices)
        choice.value = value

    # -- drawing

    def show_keys(self) -> None:
        """Where letters are text, keys that are letters are not shown."""
        if isinstance(self.focused, TextEditor | TextInput):
            self.query_one(KeyBar).show([self.SCOPE])
        else:
            super().show_keys()

    def _show_client(self, state: ComposerState) -> None:
        project = state.project
        style = of_colour(project.colour) + BOLD + CURSOR
        glyph = self.desk.glyphs.state.get(state.post_state, "")
        what = (
            _("new post")
            if self._post_id is None
            else _("post {id}").format(id=self._post_id) + f"  {glyph} {_(state.post_state)}"
        )
        owner = f"  {project.client}" if project.client else ""
        text = f"  {inert(project.name.upper())}{inert(owner)}   {what}"
        self.query_one("#client", LineWidget).say([Span(text)], style)

    def _changed(self, typed: Composition) -> None:
        """Something is typed: draw what can be drawn at once, and have the rest worked out."""
        self._typed = typed
        if self.state is not None and (kind := self.state.types.get(typed.content_type)):
            self.query_one("#late", TextInput).placeholder = kind.late_rule
        self._show_accounts()
        self._assessing.give(typed)

    async def _assess(self, typed: Composition) -> None:
        state = self.state
        if state is None or self._ended:
            return
        found = await self.desk.read(lambda w: assess(w, state.accounts, typed, state))
        if self.is_mounted and not self._ended:
            self._assessment = found
            self._show_accounts()
            self._show_assessment(found)

    def _show_accounts(self) -> None:
        state, typed, found = self.state, self._typed, self._assessment
        if state is None or typed is None:
            return
        tabs = []
        names = short_names(state.accounts)
        for row in state.accounts:
            measure = found.measures.get(row.id) if found else None
            tabs.append(
                AccountTab(
                    row.id,
                    f"{registry.spec(row.network).glyph} {names[row.id]}",
                    row.id in typed.accounts,
                    typed.variants.get(row.id, typed.text) != typed.text,
                    measure.count if measure else None,
                    measure.limit if measure else 0,
                    len(measure.parts) if measure else 1,
                    found is not None and measure is None,
                )
            )
        self._bar.show(tabs)

    def _show_assessment(self, found: Assessment) -> None:
        self._show_meant(found)
        self._show_carried(found.composition.extras)
        self._show_media(found)
        self._show_problems(found.problems)
        self._show_preview(found)

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        """In full where there is room, else a line each, with how many more there are."""

        def layout(room: Size) -> list[list[Span]]:
            lines = [line for problem in problems for line in self._problem(problem, room.width - 4)]
            if len(lines) > room.height:
                lines = [self._problem(problem, 0)[0] for problem in problems]
            if len(lines) > room.height:
                more = _("{count} more").format(count=len(lines) - room.height + 1)
                lines[room.height - 1 :] = [[Span("   " + more, WARN)]]
            return lines or [[Span("   " + _("Nothing is wrong with it."), GOOD)]]

        self.query_one("#problems", LinePanel).lay_out(layout)

    def _problem(self, problem: Problem, width: int) -> list[list[Span]]:
        """A problem in lines of this width; without one: in one, however long."""
        mark = Span(f" {self.desk.glyphs.alarm} ", BAD if problem.blocking else WARN)
        if width <= 0 or cells(f"{problem.message} {problem.hint}") <= width:
            return [[mark, Span(f"{problem.message} "), Span(problem.hint, DIM)]]
        lines = [Span(line) for line in wrap(problem.message, width)]
        lines += [Span(line, DIM) for line in wrap(problem.hint, width) if line]
        return [[mark if place == 0 else Span("   "), line] for place, line in enumerate(lines)]

    def _show_meant(self, found: Assessment) -> None:
        planned = found.planned
        if planned is not None:
            wall = formats.weekday_moment(planned.wall)
            spans = [Span(f" {wall} {planned.zone}  "), Span(f"{to_datetime(planned.instant):%H:%M} UTC", DIM)]
        elif not found.composition.when.strip():
            spans = [Span(" " + _("a draft, until it has a time: fri 18:00, tomorrow 9, +2d 10:00"), DIM)]
        else:
            spans = [Span(f" {self.desk.glyphs.alarm} ", BAD), Span(_("see below"))]
        self.query_one("#meant", LineWidget).say(spans)

    def _show_carried(self, extras: Extras) -> None:
        carried = list(summary(extras))
        self.set_class(bool(carried), "-carried")
        spans = [
            span for label, words in carried for span in (Span(f" {inert(label)}: ", DIM), Span(f"{inert(words)} "))
        ]
        self.query_one("#carried", LineWidget).say(spans)

    def _show_media(self, found: Assessment) -> None:
        self.set_class(bool(found.media), "-media")
        rows = {
            item.sha256: (
                item.original_name,
                facts(item),
                Span(item.alt) if item.alt else Span(_("no description: {key} writes one").format(key="e"), WARN),
            )
            for item in found.media
        }
        self._media.show([item.sha256 for item in found.media], rows)
        if not found.media and self.focused is self._media:
            focus_quietly(self._editor)

    def _show_preview(self, found: Assessment) -> None:
        state, account = self.state, self._bar.account
        if state is None:
            return
        wanted = found.composition.accounts if account is None else (account,)
        posts = []
        for row in state.accounts:
            if row.id in wanted:
                measure = found.measures.get(row.id)
                parts = measure.parts if measure else (found.composition.text_for(row.id),)
                name = f"{registry.spec(row.network).title} {row.handle}"
                carried = tuple(summary(shown_on(row, found.composition.extras)))
                posts.append(ShownPost(name, parts, found.media, found.composition.content_warning, carried))
        self.query_one(Preview).show_posts(posts)

    def on_resize(self, event: events.Resize) -> None:
        """The preview beside the text, where there is room."""
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < LOW, "-low")

    # -- typing

    @property
    def _editor(self) -> TextEditor:
        return self.query_one("#text", TextEditor)

    @property
    def _bar(self) -> AccountBar:
        return self.query_one("#accounts", AccountBar)

    @property
    def _media(self) -> WindowedList:
        return self.query_one("#media", WindowedList)

    def bookmark(self) -> dict[str, Any]:
        kind, accounts, pillar_id = self._new
        return {
            "project_id": self._project_id,
            "post_id": self._post_id,
            "when": self._when,
            "content_type": kind,
            "accounts": None if accounts is None else list(accounts),
            "pillar_id": pillar_id,
        }

    def main_widget(self) -> Widget:
        return self._editor

    def targets(self) -> dict[str, DOMNode]:
        """On the list of media, its keys come first."""
        targets = super().targets()
        return {"media": self, **targets} if self.focused is self._media else targets

    def _type(self, typed: Composition) -> None:
        """Take over what was typed, and keep it."""
        if typed != self._typed and not self._ended:
            if self.desk.message.kind == "error":  # it was about what stood there before
                self.desk.say("")
            self._autosave.give(typed)
            self._changed(typed)

    async def _keep(self, typed: Composition) -> None:
        key, payload, untouched = typed.key, typed.payload(), typed == self._begun

        def job(w: Workspace) -> None:
            if untouched:
                w.records.forget_typing(key)
            else:
                w.records.keep_typing(key, payload)

        await self.desk.write(job)

    @on(TextArea.Changed)
    def _typed_text(self) -> None:
        if self._typed is not None and self._editor.text != self._typed.text_for(self._bar.account):
            self._type(self._typed.with_text(self._bar.account, self._editor.text))

    @on(TextInput.Changed)
    def _typed_field(self, event: TextInput.Changed) -> None:
        event.stop()
        if self._typed is None:
            return
        match event.input.id:
            case "when":
                self._type(replace(self._typed, when=event.value))
            case "late":
                self._type(replace(self._typed, late_rule=event.value.strip()))
            case "language":
                self._type(replace(self._typed, language=event.value.strip()))
            case "content_warning":
                self._type(replace(self._typed, content_warning=event.value))
            case "labels":
                self._type(replace(self._typed, labels=split_words(event.value)))

    @on(Choice.Changed)
    def _chose(self) -> None:
        if self._typed is not None:
            kind, pillar, segment = (
                self.query_one(f"#{name}", Choice).value for name in ("type", "pillar", "segment")
            )
            self._type(
                replace(
                    self._typed,
                    content_type=kind,
                    pillar_id=int(pillar) if pillar else None,
                    segment_id=int(segment) if segment else None,
                )
            )

    @on(AccountBar.Chosen)
    def _chose_text(self, event: AccountBar.Chosen) -> None:
        if self._typed is not None:
            self._editor.put(self._typed.text_for(event.account))
            if self._assessment is not None:
                self._show_preview(self._assessment)

    @on(AccountBar.Toggled)
    def _toggled_account(self, event: AccountBar.Toggled) -> None:
        if self._typed is not None:
            self._type(self._typed.toggled(event.account))

    # -- actions

    def unavailable(self, verb: str) -> str:
        if self._typed is None:
            return _("The post is not here yet.")
        if verb in ("remove", "alt", "look", "earlier", "later") and self._media.current is None:
            return _("There is no file here.")
        return ""

    def action_next_field(self) -> None:
        """The next field."""
        self.focus_next()

    def action_previous_field(self) -> None:
        """The field before."""
        self.focus_previous()

    def action_next_text(self) -> None:
        """The text of the next account."""
        self._bar.step(1)

    def action_when(self) -> None:
        """To the time; what is typed there takes its place."""
        field = self.query_one("#when", TextInput)
        focus_quietly(field)
        field.action_select_all()

    def action_preview(self) -> None:
        """Between text and preview."""
        shown = isinstance(self.focused, Preview)
        self.set_class(not shown, "-preview")
        focus_quietly(self._editor if shown else self.query_one(Preview))

    def action_add(self) -> None:
        """Add a file."""

        def added(sha256: str, alt: str) -> None:
            if self._typed is not None:
                self._type(self._typed.with_media(sha256, alt))

        self.app.push_screen(media_form(self.desk, added))

    def action_extras(self) -> None:
        """Poll, link card and first comment."""
        state, typed = self.state, self._typed
        if state is None or typed is None:
            return

        def given(extras: Extras) -> None:
            if self._typed is not None:
                self._type(replace(self._typed, extras=extras))

        chosen = [row for row in state.accounts if row.id in typed.accounts]
        self.app.push_screen(extras_form(typed.extras, chosen, given))

    def action_remove(self) -> None:
        """Take the file away from the post."""
        if self._typed is not None:
            self._type(self._typed.without_media(self._media.position))

    def action_earlier(self) -> None:
        """The file one place up."""
        self._move_file(-1)

    def action_later(self) -> None:
        """The file one place down."""
        self._move_file(1)

    def _move_file(self, by: int) -> None:
        if self._typed is not None:
            self._type(self._typed.with_media_moved(self._media.position, by))

    def action_alt(self) -> None:
        """Describe the file for people who cannot see it."""
        place = self._media.position

        def described(alt: str) -> None:
            if self._typed is not None and place < len(self._typed.media):
                self._type(self._typed.with_alt(place, alt))

        if self._typed is not None:
            self.app.push_screen(
                alt_form(self._media.text_of(self._media.current), self._typed.media[place][1], described)
            )

    def action_look(self) -> None:
        """Look at the pictures, this one first."""
        from smm_tui.screens.pictures import PicturesScreen

        if self._typed is not None:
            self.app.push_screen(PicturesScreen(self._post_id, self._media.position, self._typed.media))

    def action_insert(self) -> None:
        """Put a template or a set of hashtags where the cursor is."""
        from smm_tui.screens.scheme import SchemeScreen
        from smm_tui.services.scheme_parts import HASHTAGS, TEMPLATES

        state, typed = self.state, self._typed
        if state is None or typed is None:
            return

        async def put(row: Template | HashtagSet) -> None:
            if isinstance(row, HashtagSet):
                text = " ".join(row.tags)
            else:
                try:
                    planned = typed.planned(self.desk.workspace.clock())
                except InvalidInput:  # its time cannot be read yet
                    planned = None
                wall = zones.local(self.desk.workspace.clock(), typed.zone) if planned is None else planned.wall
                text = await self.desk.read(lambda w: w.scheme_queries.template_text(state.project, row, wall))
            self._editor.insert(text)
            focus_quietly(self._editor)

        self.app.push_screen(
            SchemeScreen((TEMPLATES, HASHTAGS), lambda row: self.desk.start(put(row)), state.project.id)
        )

    def action_editor(self) -> None:
        """Write the text in $EDITOR."""
        from smm_tui.screens.external_editor import edited

        if self._typed is None:
            return
        text = edited(self.app, self._typed.text_for(self._bar.account))
        self._editor.put(text)
        self._typed_text()

    async def action_save(self) -> None:
        """Check and save; what was typed stays where it is when that is refused."""
        state, typed = self.state, self._typed
        if state is None or typed is None:
            return
        self._saving = True
        focused = self.focused
        self.set_focus(None)  # what is typed from here on would not be saved
        try:
            planned = planned_time(typed, state, self.desk.workspace.clock())
            receipt = await self.desk.write(_saving(typed, typed.draft(planned)))
        except Conflict as error:
            self._ask_over(error)
        except IsOut:
            await self._ask_live(typed, typed.draft(planned))
        except InvalidInput as error:
            focused = (
                self.query(f"#{_FIELDS.get(error.field, error.field)}").first(Widget) if error.field else focused
            )
            raise
        else:
            self._end()
            self.desk.say_receipt(receipt)
        finally:
            self._saving = False
            if not self._ended:
                focus_quietly(focused or self._editor)

    def _ask_over(self, error: Conflict) -> None:
        def over() -> None:
            if self.state is not None and self._typed is not None:
                self._typed = replace(self._typed, version=self.state.stored.version)
                self.desk.start(self.action_save())

        self.reload()
        self.ask(
            _("Save over it?"),
            [self._client_line(), error.message, _("What you typed is kept either way.")],
            over,
            undoable=True,
        )

    async def _ask_live(self, typed: Composition, draft: PostDraft) -> None:
        """What was changed is public already: it is edited there, where the networks can, after yes."""
        number = typed.post_id or 0
        outlook = await self.desk.read(lambda w: w.live_posts.outlook(number))
        if not outlook.edited:
            raise InvalidInput(
                _("It is live, and none of its accounts can change what is live."),
                _("Copy the post instead: {key} in the calendar.").format(key=self.key("calendar.copy")),
            )

        def passing(seen: Sequence[str]) -> Job[Receipt]:
            def job(w: Workspace) -> Receipt:
                receipt = w.live_posts.edit(
                    number, draft, version=typed.version, approve=outlook.approval, let_pass=seen
                )
                w.records.forget_typing(typed.key)
                return receipt

            return job

        def change() -> None:
            self.desk.command(passing(()), lambda _receipt: self._end(), passing=passing)

        left = ", ".join(outlook.left)
        self.ask(
            _("Change what is live?"),
            [
                self._client_line(),
                _("It is changed on {accounts} at the worker's next pass.").format(
                    accounts=", ".join(outlook.edited)
                ),
                left and _("It stays as it is on {accounts}: their networks cannot edit.").format(accounts=left),
                _("This client's posts are approved: yes means that this change is approved, by you.")
                if outlook.approval
                else "",
            ],
            change,
            undoable=False,
        )

    def action_discard(self) -> None:
        """Throw away what was typed and not saved."""
        if self._typed == self._begun or self._typed is None:
            self._end()
            return
        key = self._typed.key

        def discard() -> None:
            self._end()
            self.desk.start(self.desk.write(lambda w: w.records.forget_typing(key)))

        self.ask(_("Throw away what you typed?"), [self._client_line()], discard, undoable=False)

    async def action_leave(self) -> None:
        """Leave; what was typed is kept."""
        typed = self._typed != self._begun
        self.dismiss()
        if typed:
            self.desk.say(_("What you typed is kept: it is here again when you come back."))

    def accepts(self, key: str) -> bool:
        """Nothing is typed while it is being saved."""
        return not self._saving and super().accepts(key)

    def _client_line(self) -> str:
        return _("Client: {names}").format(names=self.state.project.name if self.state else "")

    def _end(self) -> None:
        """Close; nothing is kept any more."""
        self._ended = True
        self._autosave.forget()
        self.dismiss()


def _saving(typed: Composition, draft: PostDraft) -> Job[Receipt]:
    def job(w: Workspace) -> Receipt:
        if typed.post_id is None:
            receipt = w.posts.add(draft)
        else:
            receipt = w.posts.edit(typed.post_id, draft, version=typed.version)
        w.records.forget_typing(typed.key)
        return receipt

    return job


def short_names(accounts: Sequence[AccountRow]) -> dict[int, str]:
    """Handles without their server, where that leaves them different."""
    short = {row.id: "@" + row.handle.lstrip("@").partition("@")[0].partition(".")[0] for row in accounts}
    shared = Counter((row.network, short[row.id]) for row in accounts)
    return {row.id: short[row.id] if shared[row.network, short[row.id]] == 1 else row.handle for row in accounts}


def _label(text: str, classes: str = "") -> Static:
    return Static(Content(text), classes=f"label {classes}")
