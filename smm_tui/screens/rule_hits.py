"""What a rule did by itself: samples to be judged, and all of it to be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.rules import HitRow, RuleRow
from smm_tui.i18n import _, ngettext
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_talk import STATES, moment
from smm_tui.services.rule_queries import in_words
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

SHOWN = 1000


@dataclass(frozen=True, slots=True)
class HitsState:
    """A rule with the newest of what it applied to; `left`: what a bulk undo would take back."""

    rule: RuleRow
    hits: tuple[HitRow, ...]
    zone: str
    left: int


class HitsScreen(ListScreen[HitsState]):
    """A line a message that the rule applied to."""

    SCOPE = "hits"
    CLIENTS: ClassVar[bool] = False
    CSS = "HitsScreen #rule { height: 1; }"

    def __init__(self, rule_id: int) -> None:
        super().__init__()
        self._rule_id = rule_id
        self._samples = False

    def body(self) -> ComposeResult:
        yield LineWidget(id="rule")
        yield WindowedList(
            (
                Column(_("when"), 12, drop=2),
                Column(_("judged"), 7),
                Column(_("state"), 9, drop=1),
                Column(_("who"), 12, weight=2),
                Column(_("why"), 14, weight=2),
                Column(_("text"), 20, weight=4),
            ),
            glyphs=self.desk.glyphs,
            id="list",
        )

    def request(self) -> Job[HitsState]:
        rule_id, samples, words = self._rule_id, self._samples, self.filter_text.casefold().split()

        def job(w: Workspace) -> HitsState:
            rule = w.rule_queries.get(rule_id)
            found = w.rule_queries.hits(rule_id, sampled=samples, limit=SHOWN)
            zone = w.project_queries.get(rule.project_id).timezone if rule.project_id is not None else "UTC"
            shown = tuple(
                hit for hit in found if all(word in f"{hit.author} {hit.text} {hit.why}".casefold() for word in words)
            )
            return HitsState(rule, shown, zone, rule.hits - rule.agreed)

        return job

    def empty(self, state: HitsState) -> str:
        if state.hits:
            return ""
        if self.filter_text:
            return _("Nothing fits the filter.")
        if self._samples:
            return _("Nothing waits for your judgement. {key} shows all it did.").format(key=self.key("hits.samples"))
        return _("The rule has done nothing yet.")

    def show(self, state: HitsState) -> None:
        rule = state.rule
        spans = [Span(f" {rule.name}", BOLD), Span(f"  {in_words(rule)}", DIM)]
        if rule.precision is not None:
            spans.append(Span("  " + _("right {share}").format(share=f"{rule.precision:.0%}"), BOLD))
        self.query_one("#rule", LineWidget).say(spans)
        self.wanted()
        self.list.show(
            [hit.message_id for hit in state.hits],
            {hit.message_id: self._cells(hit, state.zone) for hit in state.hits},
        )

    def _cells(self, hit: HitRow, zone: str) -> Cells:
        judged = {True: Span(_("right"), GOOD), False: Span(_("wrong"), BAD)}
        asked = Span(_("sample"), WARN) if hit.sampled else Span("-", DIM)
        return (
            moment(hit.at, zone),
            asked if hit.judged is None else judged[hit.judged],
            _(STATES.get(hit.state, hit.state)),
            hit.author or _("somebody"),
            Span(hit.why, DIM),
            " ".join(hit.text.split()),
        )

    # -- actions

    def unavailable(self, verb: str) -> str:
        if verb == "samples":
            return ""
        if verb == "back":
            return "" if self.state is not None and self.state.left else _("There is nothing to take back.")
        if not self.list.chosen or self.state is None or not self.state.hits:
            return _("There is no message here to do that with.")
        if verb == "open" and self.list.selected > 1:
            return _("That is done one at a time: select nothing and put the cursor on the message.")
        return ""

    def action_open(self) -> None:
        """The message whole."""
        from smm_tui.screens.message import MessageScreen

        self.app.push_screen(MessageScreen(self.list.chosen[0]))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["hits.open"])

    def action_right(self) -> None:
        """The rule was right."""
        self._judge(right=True)

    def action_wrong(self) -> None:
        """The rule was wrong."""
        self._judge(right=False)

    def _judge(self, *, right: bool) -> None:
        ids, rule_id = self.list.chosen, self._rule_id
        one = self.list.selected <= 1
        self.list.clear_selection()
        self.desk.command(lambda w: w.rules.judge(rule_id, ids, right=right))
        if one:
            self.list.action_down()

    def action_samples(self) -> None:
        """Only what waits for a judgement, or everything."""
        self._samples = not self._samples
        self.list.clear_selection()
        self.reload()

    def action_back(self) -> None:
        """Take back all that nobody confirmed."""
        state = self.state
        if state is None:
            return
        count, rule_id = state.left, self._rule_id
        title = ngettext(
            "Take back what the rule did to {count} message?",
            "Take back what the rule did to {count} messages?",
            count,
        ).format(count=count)
        sentences = [
            _("For: {clients}.").format(clients=state.rule.project or _("all clients")),
            _("They come back into the queue, and are shown again on the network where it has them hidden."),
            _("What people confirmed stays; so does the rule: switch it off if it is wrong."),
        ]
        self.ask(title, sentences, lambda: self.desk.command(lambda w: w.rules.undo(rule_id)), undoable=True)
