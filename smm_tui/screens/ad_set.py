"""The editor of an ad set: who sees its ads, where, when and for how much, beside what the network says of that.

What was changed is kept with every step until it is saved or thrown away. What the account's network cannot express
is said when it is chosen, with what can be used instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.campaigns import CampaignRow, SegmentRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks.advertising import AdsRules, Audience, AudienceField, Estimate, Place, PlaceKind, Topic
from smm_tui.networks.registry import spec
from smm_tui.screens import ad_set_forms as forms
from smm_tui.screens import audience_words as words
from smm_tui.screens.ad_set_parts import LISTS, MANY_FIELDS, PLACE_FIELDS, Part, parts, with_one, without_one
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.desk import Job
from smm_tui.screens.look_up import Found, LookUp
from smm_tui.screens.question import Question
from smm_tui.services import audiences
from smm_tui.services.audiences import Substitution
from smm_tui.services.campaign_queries import AdSetDraft
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BAD, BOLD, DIM, PLAIN, WARN
from smm_tui.widgets.windowed_list import Column, WindowedList

PAUSE = 0.6
"""Seconds after the last change until the network is asked for its estimate."""


@dataclass(frozen=True, slots=True)
class AdSetState:
    """The campaign around the set, the set as it is stored, and what was changed and not saved."""

    campaign: CampaignRow
    account: AccountRow
    rules: AdsRules
    stored: AdSetDraft
    kept: AdSetDraft | None
    segments: tuple[SegmentRow, ...]


class AdSetScreen(WorkspaceScreen[AdSetState]):
    """One ad set; without a number a new one of its campaign."""

    SCOPE = "audience"
    CLIENTS: ClassVar[bool] = False
    CSS = """
    AdSetScreen #sides { height: 1fr; }
    AdSetScreen #list { width: 3fr; }
    AdSetScreen #beside { width: 2fr; max-width: 46; margin-left: 1; }
    """

    def __init__(self, campaign_id: int, set_id: int | None = None) -> None:
        super().__init__()
        self._campaign_id = campaign_id
        self._set_id = set_id
        self._draft: AdSetDraft | None = None  # None until it is loaded
        self._estimate: Estimate | None = None
        self._said = ""  # about the estimate
        self._asked = 0
        self._other: Substitution | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="sides"):
            yield WindowedList(
                (Column("", 15), Column("", 20, weight=1)),
                glyphs=self.desk.glyphs,
                header=False,
                selectable=False,
                cursor_columns=1,
                id="list",
            )
            yield LinePanel(id="beside")

    @property
    def list(self) -> WindowedList:
        """The parts."""
        return self.query_one("#list", WindowedList)

    def main_widget(self) -> Widget:
        return self.list

    # -- data

    def request(self) -> Job[AdSetState]:
        campaign_id, set_id, key = self._campaign_id, self._set_id, self._key

        def job(w: Workspace) -> AdSetState:
            campaign = w.campaign_queries.get(campaign_id)
            account = w.account_queries.get(campaign.account_id)
            rules = spec(account.network).ads(account.facts)
            if rules is None:
                raise InvalidInput(_("{handle} cannot run ads.").format(handle=account.handle), field="account")
            stored = AdSetDraft("") if set_id is None else w.campaign_queries.set_draft(set_id)
            kept = w.records.autosave(key)
            return AdSetState(
                campaign,
                account,
                rules,
                stored,
                None if kept is None else forms.draft_of(kept),
                tuple(w.segments.all(campaign.project_id)),
            )

        return job

    def show(self, state: AdSetState) -> None:
        if self._draft is None:
            self._draft = state.kept or state.stored
            if state.kept is not None:
                self.desk.say(_("What you had changed here is back."))
        self._draw_parts()

    def _draw_parts(self) -> None:
        """Draw the parts, and ask for the estimate of what is new."""
        state, draft = self.state, self._draft
        if state is None or draft is None:
            return
        rows = list(parts(draft, self._segment(draft), state.campaign.currency))
        self.list.show(
            [row.key for row in rows],
            {row.key: (Span(row.label, DIM), Span(row.text, PLAIN if row.told else DIM)) for row in rows},
        )
        self._other = audiences.substitute(draft.audience, state.account.network, state.rules)
        title = _("New ad set") if self._set_id is None else _("Ad set {id}").format(id=self._set_id)
        changed = "  " + _("not saved") if draft != state.stored else ""
        self.summarise(f"{title}  {state.campaign.name}{changed}")
        self._count(PAUSE if self._asked else 0.01)

    def _segment(self, draft: AdSetDraft) -> str:
        rows = self.state.segments if self.state else ()
        return next((row.name for row in rows if row.id == draft.segment_id), "")

    @property
    def _key(self) -> str:
        return f"ad set:{self._campaign_id}:{self._set_id or 'new'}"

    def bookmark(self) -> dict[str, Any]:
        return {"campaign_id": self._campaign_id, "set_id": self._set_id}

    def _change(self, draft: AdSetDraft) -> None:
        if self.state is None or draft == self._draft:
            return
        self._draft = draft
        key, kept = self._key, forms.as_json(draft)
        if draft == self.state.stored:
            self.desk.later(lambda w: w.records.forget_typing(key))
        else:
            self.desk.later(lambda w: w.records.keep_typing(key, kept))
        self._draw_parts()

    # -- what the network says

    def _count(self, pause: float) -> None:
        self._asked += 1
        number = self._asked
        self._estimate, self._said = None, ""
        self.set_timer(pause, lambda: self.desk.start(self._ask(number)))
        self._show_beside()

    async def _ask(self, number: int) -> None:
        state, draft = self.state, self._draft
        if number != self._asked or state is None or draft is None or not self.is_mounted:
            return
        account, goal, daily = (
            state.account.id,
            state.campaign.goal,
            draft.budget_daily or state.campaign.budget_daily,
        )
        if self._other is not None or not draft.audience.places:
            return
        found: Estimate | None = None
        said = ""
        try:
            found = await self.desk.network(
                lambda w: w.ad_estimates.estimate(account, goal, draft, budget_daily=daily)
            )
        except Exception as error:  # noqa: BLE001 - told beside the audience; the next change asks again
            said = self.desk.explain(error)
        if number == self._asked and self.is_mounted:
            self._estimate, self._said = found, said
            self._show_beside()

    def _show_beside(self) -> None:
        self.query_one("#beside", LinePanel).lay_out(lambda room: list(self._beside(max(room.width - 1, 10))))

    def _beside(self, width: int) -> Sequence[Sequence[Span]]:
        state, draft = self.state, self._draft
        if state is None or draft is None:
            return []
        lines: list[list[Span]] = [
            [Span(_("Audience on {network}").format(network=spec(state.account.network).title), BOLD)]
        ]

        def say(text: str, style: Any = PLAIN) -> None:
            lines.extend([Span(line, style)] for line in wrap(text, width))

        if self._other is not None:
            say(self._other.question, WARN)
            if self._other.audience is not None:
                say(_("{key} does it.").format(key=self.key("audience.mend")), WARN)
            else:
                say(_("There is nothing to use instead."), WARN)
        elif not draft.audience.places:
            say(
                _("The audience is empty, it is nowhere. {key} adds a place.").format(key=self.key("audience.add")),
                WARN,
            )
        elif self._estimate is not None:
            for sentence in words.estimate(self._estimate):
                say(sentence)
        else:
            say(self._said or _("asking the network ..."), BAD if self._said else DIM)
        lines.append([])
        top = state.campaign
        say(_("Goal: {goal}").format(goal=_(forms.GOALS.get(top.goal, top.goal))), DIM)
        if top.budget_daily is not None or top.budget_total is not None:
            say(_("The campaign has the budget; leave those here empty."), DIM)
        elif draft.budget_daily is None and draft.budget_total is None:
            say(_("Neither the campaign nor this set has a budget yet."), WARN)
        return lines

    def action_again(self) -> None:
        """Ask the network again."""
        self._count(0.01)

    # -- changing

    @property
    def _part(self) -> Part | None:
        state, draft = self.state, self._draft
        if state is None or draft is None:
            return None
        rows = parts(draft, self._segment(draft), state.campaign.currency)
        return next((row for row in rows if row.key == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        if self._draft is None or self.state is None:
            return _("It is not there yet.")
        part = self._part
        if verb == "remove" and (part is None or part.place is None):
            return _("Only places, interests, languages and lists are taken out; enter changes the rest.")
        if verb == "mend" and (self._other is None or self._other.audience is None):
            return _("There is nothing to substitute.")
        if verb == "saved" and not self.state.segments:
            return _("This client has no saved audience yet: {key} saves this one.").format(
                key=self.key("audience.keep")
            )
        if verb == "discard" and self._draft == self.state.stored:
            return _("Nothing was changed.")
        return ""

    def action_open(self) -> None:
        """Change the part under the cursor."""
        part, draft, state = self._part, self._draft, self.state
        if part is None or draft is None or state is None:
            return
        if part.name == "segment":
            self.run(self.keymap.actions["audience.saved"])
        elif part.name in LISTS and part.place is None:
            self._add(part.name)
        else:
            form = forms.form_of(part, draft, state.rules, state.campaign.currency, self._change)
            if form is None:
                self.desk.say(
                    _("It is as the network has it; {key} takes it out.").format(key=self.key("audience.remove"))
                )
            else:
                self.app.push_screen(form)

    def action_remove(self) -> None:
        """Take out what the cursor is on."""
        part, draft = self._part, self._draft
        if part is not None and part.place is not None and draft is not None:
            self._audience(without_one(draft.audience, part.name, part.place))

    def action_add(self) -> None:
        """Add one of what there may be many of."""
        part = self._part
        if part is not None and part.name in LISTS:
            self._add(part.name)
            return

        async def find(typed: str) -> Sequence[Found]:
            return [Found(name, _(label)) for name, label in LISTS.items() if typed.casefold() in _(label).casefold()]

        look_up = LookUp(_("What shall be added?"), find)
        self.app.push_screen(look_up, lambda found: self._add(found.value) if found else None)

    def _add(self, name: str) -> None:
        state = self.state
        if state is None:
            return
        if name in MANY_FIELDS:
            self.desk.start(self._pick(name, MANY_FIELDS[name], _(LISTS[name])))
            return

        async def find(typed: str) -> Sequence[Found]:
            title = spec(state.account.network).title
            return [
                Found(
                    kind,
                    _(label),
                    "" if PLACE_FIELDS[kind] in state.rules.fields else _("{network} has none").format(network=title),
                )
                for kind, label in words.KINDS.items()
                if typed.casefold() in _(label).casefold()
            ]

        def picked(found: Found | None) -> None:
            if found is None:
                return
            kind = found.value
            if kind is PlaceKind.POINT:
                self.app.push_screen(forms.point_form(state.rules, lambda one: self._chosen(name, one)))
            else:
                self.desk.start(self._pick(name, kind, _(words.KINDS[kind])))

        self.app.push_screen(LookUp(_("What kind of place?"), find), picked)

    async def _pick(self, name: str, kind: PlaceKind | AudienceField, title: str) -> None:
        """Look something up, on this account, or where its network has no such thing on another that does."""
        state = self.state
        if state is None:
            return
        account = await self._who_knows(kind, state)
        if account is None:
            self.desk.say(
                _("{network} does not know what a {kind} is, and no other account here can look it up.").format(
                    network=spec(state.account.network).title, kind=title
                )
            )
            return

        async def find(typed: str) -> Sequence[Found]:
            if isinstance(kind, PlaceKind):
                places = await self.desk.network(lambda w: w.ad_lookups.places(account, kind, typed))
                return [Found(one, one.name, _(words.KINDS[one.kind])) for one in places]
            topics = await self.desk.network(lambda w: w.ad_lookups.topics(account, kind, typed))
            return [Found(one, one.name) for one in topics]

        picker = LookUp(title, find, pause=0.3, begin=kind is AudienceField.LISTS)
        self.app.push_screen(picker, lambda found: self._chosen(name, found.value) if found else None)

    async def _who_knows(self, kind: PlaceKind | AudienceField, state: AdSetState) -> int | None:
        field = PLACE_FIELDS[kind] if isinstance(kind, PlaceKind) else kind
        if field in state.rules.fields:
            return state.account.id
        if kind not in (PlaceKind.STATION, PlaceKind.DISTRICT):  # what else is looked up means nothing elsewhere
            return None
        for account in await self.desk.read(lambda w: w.account_queries.of_project(None)):
            rules = spec(account.network).ads(account.facts)
            if rules is not None and field in rules.fields:
                return account.id
        return None

    def _chosen(self, name: str, one: Place | Topic) -> None:
        draft, state = self._draft, self.state
        if draft is None or state is None:
            return
        self._audience(with_one(draft.audience, name, one))
        if self._other is not None:
            self._offer(self._other)

    def _offer(self, other: Substitution) -> None:
        """Say what the network cannot express, now that it was chosen, and what would do instead."""
        if other.audience is None:
            self.desk.say(other.question, "error")
            return
        question = Question(other.question, [_("No leaves it as it is: then it cannot be launched here.")])
        self.app.push_screen(question, lambda yes: self._substitute(other) if yes else None)

    def action_mend(self) -> None:
        """Use what the network can express."""
        if self._other is not None:
            self._substitute(self._other)

    def _substitute(self, other: Substitution) -> None:
        if other.audience is not None:
            self._audience(other.audience)

    def _audience(self, audience: Audience) -> None:
        """Another audience; it is then no longer the saved one."""
        if self._draft is not None and audience != self._draft.audience:
            self._change(replace(self._draft, audience=audience, segment_id=None))

    # -- saved audiences

    def action_saved(self) -> None:
        """Take a saved audience."""
        state = self.state
        if state is None:
            return

        async def find(typed: str) -> Sequence[Found]:
            rows = [row for row in state.segments if typed.casefold() in row.name.casefold()]
            return [Found(row, row.name, _told(audiences.from_json(row.audience))) for row in rows]

        def taken(found: Found | None) -> None:
            if found is None or self._draft is None:
                return
            row: SegmentRow = found.value
            self._change(replace(self._draft, audience=audiences.from_json(row.audience), segment_id=row.id))
            if self._other is not None:
                self._offer(self._other)

        self.app.push_screen(LookUp(_("Saved audiences"), find), taken)

    def action_keep(self) -> None:
        """Save this audience under a name."""
        state, draft = self.state, self._draft
        if state is None or draft is None:
            return
        project_id, audience = state.campaign.project_id, draft.audience

        async def store(name: str) -> None:
            receipt: Receipt = await self.desk.write(lambda w: w.segments.add(project_id, name, audience))
            self.desk.say_receipt(receipt)
            if self._draft is not None and self._draft.audience == audience:
                self._change(replace(self._draft, segment_id=receipt.ids[0]))

        self.app.push_screen(forms.name_form(draft.name, store))

    # -- the end

    async def action_save(self) -> None:
        """Check and save."""
        draft, campaign_id, set_id, key = self._draft, self._campaign_id, self._set_id, self._key
        if draft is None:
            return

        def job(w: Workspace) -> Receipt:
            if set_id is None:
                receipt = w.campaigns.add_set(campaign_id, draft)
            else:
                receipt = w.campaigns.edit_set(set_id, draft)
            w.records.forget_typing(key)
            return receipt

        try:
            receipt = await self.desk.write(job)
        except InvalidInput as error:
            self._go_to(error.field)
            raise
        self.desk.say_receipt(receipt)
        if self.is_mounted and self.app.screen is self:
            self.app.pop_screen()

    def _go_to(self, field: str) -> None:
        """Put the cursor on what is wrong."""
        name = {"age_from": "age", "age_to": "age", "budget": "budget_daily"}.get(field, field)
        state, draft = self.state, self._draft
        if state is None or draft is None:
            return
        rows = list(parts(draft, self._segment(draft), state.campaign.currency))
        place = next((n for n, row in enumerate(rows) if row.name == name), None)
        if place is not None:
            self.list.move_to(place)

    def action_discard(self) -> None:
        """Throw away what was changed."""
        state, key = self.state, self._key
        if state is None:
            return
        project = self.desk.chrome.project(state.campaign.project_id)

        def back() -> None:
            self._draft = state.stored
            self.desk.later(lambda w: w.records.forget_typing(key))
            self._draw_parts()

        self.ask(
            _("Throw away what was changed?"),
            [
                _("For: {clients}.").format(clients=project.name if project else ""),
                _("The ad set is as it was saved."),
            ],
            back,
            undoable=False,
        )

    def leave(self) -> bool:
        if self.state is not None and self._draft not in (None, self.state.stored):
            self.desk.say(_("What was changed is kept: open it again to go on."))
        return False

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.action_open()


def _told(audience: Audience) -> str:
    return "  ".join(text for _label, text in words.told_audience(audience))
