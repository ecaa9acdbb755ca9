"""Rules: what happens to messages by itself. Tried on what is stored before they act, judged by people afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.rules import RuleRow
from smm_tui.i18n import _
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.receipt import Receipt
from smm_tui.services.rule_queries import in_words, parts
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

CONDITIONS, ACTIONS = 4, 3
"""So many of each have a line in the form; a rule that has more keeps them."""
TRUSTED = 0.9
"""The share of right hits below which a rule is shown to be in doubt."""


@dataclass(frozen=True, slots=True)
class RulesState:
    """The rules of a client and those for all, in their order; `samples` wait for a judgement, by rule."""

    rules: tuple[RuleRow, ...]
    samples: tuple[tuple[int, int], ...]


class RulesScreen(ListScreen[RulesState]):
    """A line a rule."""

    SCOPE = "rules"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._trying: set[int] = set()

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("state"), 8),
                Column(_("client"), 7, weight=1, drop=2),
                Column(_("rule"), 12, weight=2),
                Column(_("hits"), 5, right=True),
                Column(_("right"), 5, right=True),
                Column(_("judge"), 5, right=True, drop=1),
                Column(_("if, then"), 20, weight=5),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[RulesState]:
        client, words = self.desk.client, self.filter_text.casefold().split()

        def job(w: Workspace) -> RulesState:
            found = tuple(
                row
                for row in w.rule_queries.all(client)
                if all(word in f"{row.name} {in_words(row)}".casefold() for word in words)
            )
            return RulesState(found, tuple(sorted(w.rule_queries.samples().items())))

        return job

    def empty(self, state: RulesState) -> str:
        if state.rules:
            return ""
        if self.filter_text:
            return _("No rule fits the filter.")
        return _("No rules yet: {key} adds the first. Nothing happens to messages by itself.").format(
            key=self.key("rules.new")
        )

    def show(self, state: RulesState) -> None:
        self.wanted()
        self.list.show([row.id for row in state.rules], {row.id: self._cells(row) for row in state.rules})

    def _cells(self, row: RuleRow) -> Cells:
        project = self.desk.chrome.project(row.project_id)
        waiting = dict(self.state.samples).get(row.id, 0) if self.state else 0
        state = Span(_("new"), WARN)
        if row.id in self._trying:
            state = Span(_("trying"), WARN)
        elif row.armed_at is not None:
            state = Span(_("on"), GOOD)
        elif row.tested_at is not None:
            state = Span(_("off"), PLAIN)
        right = Span("-", DIM)
        if row.precision is not None:
            right = Span(f"{row.precision:.0%}", BAD if row.precision < TRUSTED else GOOD)
        return (
            state,
            Span(project.name, of_colour(project.colour)) if project else Span(_("all"), DIM),
            row.name,
            str(row.hits) if row.hits else Span("-", DIM),
            right,
            Span(str(waiting), WARN) if waiting else Span("-", DIM),
            Span(in_words(row), DIM),
        )

    # -- actions

    @property
    def row(self) -> RuleRow | None:
        """The rule under the cursor."""
        rows = self.state.rules if self.state else ()
        return next((row for row in rows if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        row = self.row
        if verb == "new":
            return ""
        if row is None:
            return _("There is no rule here to do that with.")
        if verb == "test" and row.id in self._trying:
            return _("That rule is being tried.")
        if verb == "arm" and row.armed_at is None and row.tested_at is None:
            return _("It was not tried since it was changed: see first what it would have caught ({key}).").format(
                key=self.key("rules.test")
            )
        return ""

    def action_new(self) -> None:
        """Add a rule."""
        self.app.push_screen(rule_form(self.desk, self.desk.client))

    def action_edit(self) -> None:
        """Change a rule."""
        if self.row is not None:
            self.app.push_screen(rule_form(self.desk, self.row.project_id, self.row))

    async def action_test(self) -> None:
        """See what it would have caught."""
        from smm_tui.screens.rule_trial import TrialScreen

        row = self.row
        if row is None:
            return
        self._mark(row.id, busy=True)
        try:
            found = await self.desk.network(lambda w: w.rule_queries.dry_run(row.id))
            found = await self.desk.write(lambda w: w.rules.tried(found))
        finally:
            self._mark(row.id, busy=False)
        if self.is_current:
            self.app.push_screen(TrialScreen(found))
        else:
            self.desk.say(
                _("Tried rule {id}: it would have caught {caught} of {examined}.").format(
                    id=row.id, caught=found.caught, examined=found.examined
                )
            )

    def _mark(self, rule_id: int, *, busy: bool) -> None:
        (self._trying.add if busy else self._trying.discard)(rule_id)
        if self.state is not None and self.is_mounted:
            self.list.update({row.id: self._cells(row) for row in self.state.rules})

    def action_arm(self) -> None:
        """Let it act, or no longer."""
        row = self.row
        if row is None:
            return
        if row.armed_at is None:
            self.desk.command(lambda w: w.rules.arm(row.id))
        else:
            self.desk.command(lambda w: w.rules.disarm(row.id))

    def action_remove(self) -> None:
        """Throw it away."""
        row = self.row
        if row is None:
            return
        self.ask(
            _("Remove the rule “{name}”?").format(name=row.name),
            [
                _("For: {clients}.").format(clients=row.project or _("all clients")),
                _("It does nothing more; what it did stays."),
            ],
            lambda: self.desk.command(lambda w: w.rules.remove(row.id)),
            undoable=True,
        )

    def action_open(self) -> None:
        """What it did."""
        from smm_tui.screens.rule_hits import HitsScreen

        if self.row is not None:
            self.app.push_screen(HitsScreen(self.row.id))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["rules.open"])


def rule_form(desk: Desk, project_id: int | None, row: RuleRow | None = None) -> FormScreen:
    """A form for a new rule, or one that changes `row`."""
    asked, done = ((), ()) if row is None else parts(row)

    async def save(values: Values) -> None:
        conditions = tuple(text for n in range(CONDITIONS) if (text := values[f"if{n}"].strip())) + more_asked
        actions = tuple(text for n in range(ACTIONS) if (text := values[f"then{n}"].strip())) + more_done
        where = project_id if values.get("whose") == "client" else None

        def job(w: Workspace) -> Receipt:
            from smm_tui.services.rules import RuleDraft

            if row is not None:
                return w.rules.edit(row.id, name=values["name"], conditions=conditions, actions=actions)
            return w.rules.add(RuleDraft(values["name"], conditions, actions, where))

        desk.say_receipt(await desk.write(job))

    more_asked, more_done = tuple(asked[CONDITIONS:]), tuple(done[ACTIONS:])
    can_ask = _(
        "word W, W W, W* | regex P | links >= N | domain D | lookalike D | caps >= N% | emoji >= N | repeats >= N by "
        "author within 1h | author new | language hu | kind comment | account A | spam >= N%"
    )
    can_do = _("hide | hold | flag | close | label L | assign WHO | reply NAME")
    fields = [Field("name", _("Name"), row.name if row else "", _("What it is called in the log."))]
    project = desk.chrome.project(project_id)
    if row is None:
        whose = [("client", project.name)] if project is not None else []
        fields.append(Field("whose", _("For"), choices=(*whose, ("all", _("all clients")))))
    fields += [
        Field(f"if{n}", _("If") if n == 0 else _("and"), asked[n] if n < len(asked) else "", can_ask)
        for n in range(CONDITIONS)
    ]
    fields += [
        Field(f"then{n}", _("Then") if n == 0 else _("and then"), done[n] if n < len(done) else "", can_do)
        for n in range(ACTIONS)
    ]
    return FormScreen(_("A rule") if row is None else _("Change the rule"), lambda typed: fields, save)
