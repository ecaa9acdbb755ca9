"""What can be done to a campaign, its ad sets and ads, for the list of them and for the screen of one.

Whatever costs money or cannot simply be undone asks first: what, for which client, how much at most, and how far `u`
takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.ads import AdLine, CampaignLine
from smm_tui.domain import money
from smm_tui.i18n import _, ngettext
from smm_tui.screens import ads_look as look
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.ads_queries import AD, CAMPAIGN, SET, Line, key
from smm_tui.services.receipt import Receipt

if TYPE_CHECKING:
    from smm_tui.screens.desk import Desk
    from smm_tui.screens.look_up import Found

StateT = TypeVar("StateT")
OnCampaign = Callable[[Workspace, int], Receipt]

RUNNING = ("scheduled", "in_review", "active", "rejected")
"""States in which a campaign can be paused."""


def can_advertise(account: AccountRow) -> bool:
    """Whether campaigns can be planned on an account."""
    from smm_tui.networks.registry import spec  # the first visit of the list does not need it

    return spec(account.network).ads(account.facts) is not None


def campaign_of(line: Line) -> int:
    """The campaign that a line is, or is part of."""
    return line.row.id if isinstance(line.row, CampaignLine) else line.row.campaign_id


class CampaignActs(ListScreen[StateT]):
    """The actions that are declared for both scopes, on what `line` is."""

    @property
    def line(self) -> Line | None:
        """What they are about."""
        raise NotImplementedError

    def unavailable(self, verb: str) -> str:
        line = self.line
        if verb == "new":
            return "" if self.desk.project is not None else _("Choose a client first, with 1-9.")
        if line is None:
            return _("There is no campaign here to do that with.")
        return why_not(verb, line)

    # -- looking and changing

    def action_open(self) -> None:
        """All about it."""
        if self.line is not None:
            from smm_tui.screens.campaign import CampaignScreen

            self.app.push_screen(CampaignScreen(self.line.key))

    def action_new(self) -> None:
        """Plan a campaign."""
        project = self.desk.project
        if project is not None:
            self.desk.start(self._new_campaign(project.id, project.name))

    async def _new_campaign(self, project_id: int, name: str) -> None:
        accounts = await self.desk.read(lambda w: w.account_queries.of_project(project_id))
        able = [account for account in accounts if can_advertise(account)]
        if not able:
            self.desk.say(
                _(
                    "{client} has no account that can run ads. Connect a VK community or a Facebook Page in Set-up."
                ).format(client=name)
            )
            return
        from smm_tui.screens.campaign_forms import campaign_form

        self.app.push_screen(await campaign_form(self.desk, able))

    def action_edit(self) -> None:
        """Change it."""
        line = self.line
        if line is not None:
            self.desk.start(self._edit(line))

    async def _edit(self, line: Line) -> None:
        from smm_tui.screens import campaign_forms as forms

        number = line.row.id
        if line.level == CAMPAIGN:
            accounts = await self.desk.read(
                lambda w: w.account_queries.of_project(w.campaign_queries.get(number).project_id)
            )
            able = [account for account in accounts if can_advertise(account)]
            self.app.push_screen(await forms.campaign_form(self.desk, able, number))
        elif line.level == SET:
            self._open_set(campaign_of(line), number)
        else:
            self.app.push_screen(await forms.edit_ad_form(self.desk, number))

    def _open_set(self, campaign_id: int, set_id: int | None = None) -> None:
        from smm_tui.screens.ad_set import AdSetScreen

        self.app.push_screen(AdSetScreen(campaign_id, set_id))

    async def action_add(self) -> None:
        """Add a set to a campaign, or an ad to a set."""
        line = self.line
        if line is None:
            return
        if isinstance(line.row, CampaignLine):
            self._open_set(line.row.id)
            return
        from smm_tui.screens import campaign_forms as forms

        set_id = line.row.ad_set_id if isinstance(line.row, AdLine) else line.row.id
        campaign_id = line.row.campaign_id
        account_id = await self.desk.read(lambda w: w.campaign_queries.get(campaign_id).account_id)

        def picked(what: Found | None) -> None:
            if what is not None:
                self.app.push_screen(forms.new_ad_form(self.desk, set_id, what.value))

        self.app.push_screen(forms.ad_picker(self.desk, account_id), picked)

    # -- deciding

    def action_submit(self) -> None:
        """Ask for approval."""
        self._do(lambda w, campaign: w.campaigns.submit(campaign))

    async def action_approve(self) -> None:
        """Approve it as it is."""
        await self._ask_about(
            _("Approve “{name}”?"),
            [_("Approved is exactly this: what is shown, to whom, when, and the money. Any change voids it.")],
            lambda w, campaign: w.campaigns.approve(campaign),
            _("{key} takes it back."),
            lambda seen: lambda w, campaign: w.campaigns.approve(campaign, let_pass=seen),
        )

    async def action_launch(self) -> None:
        """Start it."""
        await self._ask_about(
            _("Launch “{name}”?"),
            [_("It is built on the network as paused, then started. From then on it spends money.")],
            lambda w, campaign: w.campaigns.launch(campaign),
            _("{key} takes it back until it has started; later {pause} pauses it. What was spent stays spent."),
        )

    async def action_pause(self) -> None:
        """Let it stand still, or go on."""
        line = self.line
        if line is None:
            return
        if _campaign_state(line) == "paused":
            await self._ask_about(
                _("Let “{name}” go on?"),
                [_("From then on it spends money again.")],
                lambda w, campaign: w.campaigns.resume(campaign),
                _("{key} takes it back; what was spent stays spent."),
            )
        else:
            self._do(lambda w, campaign: w.campaigns.pause(campaign))

    async def action_stop(self) -> None:
        """End it for good."""
        await self._ask_about(
            _("End “{name}” for good?"),
            [_("It can never be started again; its figures stay.")],
            lambda w, campaign: w.campaigns.stop(campaign),
            _("{key} takes it back until the network has ended it; after that there is no way back."),
        )

    def action_remove(self) -> None:
        """Take it away."""
        line = self.line
        if line is None:
            return
        number, level = line.row.id, line.level
        jobs: dict[str, Callable[[Workspace], Receipt]] = {
            CAMPAIGN: lambda w: w.campaigns.remove_campaign(number),
            SET: lambda w: w.campaigns.remove_set(number),
            AD: lambda w: w.campaigns.remove_ad(number),
        }
        project = self.desk.chrome.project(line.row.project_id)
        self.ask(
            _("Remove the {level} “{name}”?").format(level=_(look.LEVELS[level]), name=line.row.name),
            [
                _("For: {clients}.").format(clients=project.name if project else ""),
                _("What of it is on the network is ended there; what it cost stays counted."),
            ],
            lambda: self.desk.command(jobs[level]),
            undoable=True,
        )

    async def action_settle(self) -> None:
        """The alarms have been seen."""
        line = self.line
        if line is None:
            return
        campaign = campaign_of(line)

        def job(w: Workspace) -> Receipt:
            alarms = w.campaign_queries.alarms(campaign_id=campaign)
            receipts = [w.campaigns.settle_alarm(alarm.id) for alarm in alarms]
            if len(receipts) == 1:
                return receipts[0]
            text = ngettext("{count} alarm is settled.", "{count} alarms are settled.", len(receipts))
            return Receipt(text.format(count=len(receipts)), len(receipts))

        self.desk.say_receipt(await self.desk.write(job))

    # -- the machinery

    def _do(self, command: OnCampaign) -> None:
        line = self.line
        if line is not None:
            campaign = campaign_of(line)
            self.desk.command(lambda w: command(w, campaign))

    async def _ask_about(
        self,
        title: str,
        sentences: list[str],
        command: OnCampaign,
        back: str,
        passing: Callable[[Sequence[str]], OnCampaign] | None = None,
    ) -> None:
        """Ask with the campaign's client, money and dates before a command; `passing` as for the desk's commands."""
        line = self.line
        if line is None:
            return
        campaign, name = campaign_of(line), key(CAMPAIGN, campaign_of(line))
        whole = await self.desk.read(lambda w: w.ads_queries.line(name))
        if whole is None or not isinstance(whole.row, CampaignLine):
            return
        from smm_tui.screens.question import Question

        undo, pause = self.keymap.keys("global.undo")[0], self.keymap.keys("ads.pause")[0]
        asked = Question(
            title.format(name=whole.row.name),
            [*facts(self.desk, whole, whole.row), *sentences, back.format(key=undo, pause=pause)],
        )

        def again(seen: Sequence[str]) -> Job[Receipt]:
            return lambda w: (passing(seen) if passing is not None else command)(w, campaign)

        def do() -> None:
            self.desk.command(lambda w: command(w, campaign), passing=None if passing is None else again)

        self.app.push_screen(asked, lambda yes: do() if yes else None)


def facts(desk: Desk, line: Line, row: CampaignLine) -> list[str]:
    """For whom, where, when, for how much: what a question about a campaign names."""
    from smm_tui.networks.registry import spec

    project = desk.chrome.project(row.project_id)
    zone = project.timezone if project else "UTC"
    sets = ngettext("{count} ad set", "{count} ad sets", row.sets).format(count=row.sets)
    ads = ngettext("{count} ad", "{count} ads", row.ads).format(count=row.ads)
    when = _("From {start}, without an end.").format(start=look.day(row.starts_at, zone))
    if row.ends_at is not None:
        when = _("From {start} to {end}.").format(
            start=look.day(row.starts_at, zone), end=look.day(row.ends_at, zone)
        )
    spent = line.figures.totals.spent
    sentence = _("At most {cap} may be spent.").format(cap=money.shown(row.cap, row.currency))
    if spent is not None:
        sentence = _("At most {cap} may be spent; {spent} is spent so far.").format(
            cap=money.shown(row.cap, row.currency), spent=money.shown(spent, row.currency)
        )
    return [
        _("For: {client}, on {account} ({network}).").format(
            client=row.project, account=row.handle, network=spec(row.network).title
        ),
        f"{sentence} {when}",
        _("It has {sets} with {ads}.").format(sets=sets, ads=ads),
    ]


def why_not(verb: str, line: Line) -> str:
    """Why an action cannot be done to a campaign, set or ad now; empty if it can."""
    state = _campaign_state(line)
    if verb in ("edit", "add", "submit", "approve", "launch", "pause", "stop") and state == "ended":
        return _("The campaign has ended, and stays as it was.")
    if verb == "launch" and state in ("in_review", "active", "paused"):
        return _("The campaign is on the network already.")
    if verb == "pause" and state not in (*RUNNING, "paused"):
        return _("The campaign does not run yet.")
    if verb == "settle" and isinstance(line.row, CampaignLine) and not line.row.alarms:
        return _("There is no alarm here.")
    return ""


def _campaign_state(line: Line) -> str:
    return line.row.state if isinstance(line.row, CampaignLine) else line.row.campaign_state
