"""The human's answers to what a machine cannot know, for the list of deliveries and for the evidence of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import DeliveryRow
from smm_tui.domain.errors import SmmError
from smm_tui.domain.states import State
from smm_tui.i18n import _, ngettext
from smm_tui.screens.desk import Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field

StateT = TypeVar("StateT")
One = Callable[[Workspace, int], Receipt]

ASKING = frozenset({State.UNKNOWN, State.MISSED, State.REJECTED, State.HELD})
HOLDABLE = frozenset({State.PLANNED, State.APPROVED, State.ARMED})


class Answering(ListScreen[StateT]):
    """Actions ``there``, ``resend``, ``drop``, ``hold``, ``takedown``, ``edit``, ``pin`` and ``unpin`` on the
    deliveries that `asked` names."""

    def asked(self) -> tuple[Sequence[int], Sequence[DeliveryRow]]:
        """The deliveries an answer is for: their ids, and those of their rows that are known."""
        raise NotImplementedError

    def answered(self) -> None:
        """An answer was given."""

    def unavailable(self, verb: str) -> str:
        ids, rows = self.asked()
        if not ids:
            return _("There is no delivery here to do that with.")
        if len(ids) == 1 and rows:
            return why_not(verb, rows[0])
        if verb in ("there", "takedown", "edit"):
            return _("That is done one at a time: select nothing and put the cursor on the delivery.")
        reasons = [reason for row in rows if (reason := why_not(verb, row))]
        if reasons:
            return _("Not for {count} of the {all} selected: {reason}").format(
                count=len(reasons), all=len(ids), reason=reasons[0]
            )
        return ""

    def action_there(self) -> None:
        """It is live, whatever the machine knows."""
        delivery_id, desk = self.asked()[0][0], self.desk

        async def save(values: Values) -> None:
            url = values["live"]
            desk.say_receipt(await desk.write(lambda w: w.deliveries.resolve_live(delivery_id, url)))

        fields = [
            Field("live", _("Address"), "", _("Open the post on the network and copy its address: https://..."))
        ]
        self.app.push_screen(FormScreen(_("Where is it live?"), lambda typed: fields, save))

    def action_resend(self) -> None:
        """Send it after all."""
        count = len(self.asked()[0])
        self._confirm(
            ngettext("Send {count} delivery?", "Send {count} deliveries?", count).format(count=count),
            _("Whatever is in doubt is sent again with the same identity, at the worker's next pass."),
            lambda w, delivery_id: w.deliveries.resolve_resend(delivery_id),
            lambda seen: lambda w, delivery_id: w.deliveries.resolve_resend(delivery_id, let_pass=seen),
        )

    def action_drop(self) -> None:
        """Let it go."""
        count = len(self.asked()[0])
        self._confirm(
            ngettext("Drop {count} delivery?", "Drop {count} deliveries?", count).format(count=count),
            _("Nothing more of it is sent; what is out stays out."),
            lambda w, delivery_id: w.deliveries.resolve_drop(delivery_id),
        )

    def action_hold(self) -> None:
        """Keep it back."""
        self._do(self.asked()[0], lambda w, delivery_id: w.deliveries.hold(delivery_id))

    def action_edit(self) -> None:
        """Open its post in the composer."""
        from smm_tui.screens.composer import ComposerScreen

        row = self.asked()[1][0]
        self.app.push_screen(ComposerScreen(row.project_id, row.post_id))

    def action_pin(self) -> None:
        """Keep it on top of its page."""
        self._do(self.asked()[0], lambda w, delivery_id: w.live_posts.pin(delivery_id))

    def action_unpin(self) -> None:
        """No longer keep it there."""
        self._do(self.asked()[0], lambda w, delivery_id: w.live_posts.unpin(delivery_id))

    def action_takedown(self) -> None:
        """Delete it from its network."""
        row = self.asked()[1][0]
        self.ask(
            _("Take this post down?"),
            [
                _("For: {clients}.").format(clients=row.project),
                _("It is deleted from {account} at the worker's next pass, with all answers to it.").format(
                    account=row.handle
                ),
                row.remote_url,
            ],
            lambda: self.desk.command(lambda w: w.deliveries.takedown(row.id)),
            undoable=False,
        )

    def _confirm(
        self, title: str, what: str, one: One, passing: Callable[[Sequence[str]], One] | None = None
    ) -> None:
        ids, rows = self.asked()
        names = sorted({row.project for row in rows})
        steps = ""
        if len(ids) > 1:
            steps = _("Each is a step of its own: {key} takes them back one by one.").format(
                key=self.key("global.undo")
            )
        self.ask(
            title,
            [_("For: {clients}.").format(clients=", ".join(names)), what, steps],
            lambda: self._do(ids, one, passing),
            undoable=True,
        )

    def _do(self, ids: Sequence[int], one: One, passing: Callable[[Sequence[str]], One] | None = None) -> None:
        self.answered()
        if passing is None:
            self.desk.command(for_each(ids, one))
        else:
            self.desk.command(for_each(ids, one), passing=lambda seen: for_each(ids, passing(seen)))


def for_each(ids: Sequence[int], one: One) -> Job[Receipt]:
    """Do a command to each of some deliveries; the first that refuses ends it, telling how far it came."""

    def job(w: Workspace) -> Receipt:
        receipt = Receipt("", 0)
        for done, delivery_id in enumerate(ids):
            try:
                receipt = one(w, delivery_id)
            except SmmError as error:
                if done:
                    error.hint = (
                        _("{done} of {count} were done before.").format(done=done, count=len(ids)) + f" {error.hint}"
                    )
                raise
        if len(ids) > 1:
            message = _("Done for {count} deliveries, each a step of its own.").format(count=len(ids))
            return Receipt(message, len(ids), receipt.undo, tuple(ids))
        return receipt

    return job


def why_not(verb: str, row: DeliveryRow) -> str:
    """Why something cannot be done to a delivery; empty when it can."""
    state = State(row.state)
    if verb in ("there", "resend", "drop") and state not in ASKING:
        return _("This delivery is {state}: it asks nothing.").format(state=_(state))
    if verb == "hold" and state not in HOLDABLE:
        return _("Only what has not gone out can be held; this delivery is {state}.").format(state=_(state))
    if verb == "takedown" and state != State.LIVE:
        return _("Only what is live can be taken down; this delivery is {state}.").format(state=_(state))
    if verb == "takedown" and not row.remote_id:
        return _("A person said that it is live; only a person can find it there and delete it.")
    if verb in ("pin", "unpin") and (state != State.LIVE or not row.remote_id):
        return _("Only what is live can be pinned; this delivery is {state}.").format(state=_(state))
    return ""
