"""The forms of Moderation: when, who, for how long and why."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.messages import QueueFilter
from smm_tui.domain.clock import DAY
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.service_level import read_hours, write_hours
from smm_tui.domain.states import OPEN, MessageState
from smm_tui.i18n import N_, _
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.moderation_talk import KINDS
from smm_tui.services import service_levels
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field

JobOn = Callable[[Workspace, Sequence[int]], Receipt]
Give = Callable[[JobOn], Coroutine[Any, Any, None]]

HANDLED = tuple(
    state for state in MessageState if state not in OPEN and state != MessageState.SNOOZED
)  # fmt: skip
WAITING: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "open": (N_("waiting"), OPEN),
    "held": (N_("held or flagged"), (MessageState.FLAGGED, MessageState.HELD)),
    "snoozed": (N_("snoozed"), (MessageState.SNOOZED,)),
    "handled": (N_("dealt with"), HANDLED),
    "all": (N_("all"), tuple(MessageState)),
}
"""The sets of states that can be listed, with their titles."""


def snooze(desk: Desk, project_id: int, give: Give) -> FormScreen:
    """Until when."""

    async def save(values: Values) -> None:
        until = (await desk.read(lambda w: w.post_queries.parse_when(values["at"], project_id))).instant
        await give(lambda w, ids: w.inbox.snooze(ids, until))

    field = Field("at", _("Until"), "+2h", _("As in “+2h”, “tomorrow 9”, “fri 18:00”, in the client's time."))
    return FormScreen(_("Out of the queue until"), lambda typed: [field], save)


def assign(desk: Desk, give: Give) -> FormScreen:
    """To whom."""

    async def save(values: Values) -> None:
        name = values["to"]
        await give(lambda w, ids: w.inbox.assign(ids, name))

    field = Field("to", _("To"), desk.workspace.actor, _("A name; empty: nobody."))
    return FormScreen(_("Whose work is it?"), lambda typed: [field], save)


def label(present: Sequence[str], give: Give) -> FormScreen:
    """Which labels."""

    async def save(values: Values) -> None:
        wanted = [word for part in values["labels"].split(",") if (word := " ".join(part.split()))]
        gone = [word for word in present if word not in wanted]
        await give(lambda w, ids: w.inbox.label(ids, add=wanted, remove=gone))

    field = Field("labels", _("Labels"), ", ".join(present), _("Words, with commas between several."))
    return FormScreen(_("Labels"), lambda typed: [field], save)


def promise(desk: Desk, w: Workspace, project_id: int) -> FormScreen:
    """How soon people of a client are answered; called in a reader lane, for it asks what is promised now."""
    kept = service_levels.promised(w.db, project_id)

    async def save(values: Values) -> None:
        minutes, by_kind = _minutes(values["minutes"]), {}
        for kind in ItemKind:
            if values[kind].strip():
                by_kind[str(kind)] = _minutes(values[kind], field=kind)
        hours = read_hours(values["hours"].split(";")) if values["hours"].strip() else {}
        receipt = await desk.write(
            lambda w: service_levels.set_level(
                w.db,
                w.actor,
                project_id,
                minutes=minutes,
                by_kind=by_kind,
                hours=hours,
                holidays_off=values["holidays"] != "yes",
            )
        )
        desk.say_receipt(receipt)

    unlike = _("Minutes for this kind alone; empty: as above.")
    fields = [
        Field("minutes", _("Minutes"), str(kept.minutes), _("Within so many minutes of working time.")),
        *(Field(str(kind), _(KINDS[kind]), str(kept.by_kind.get(kind, "")), unlike) for kind in ItemKind),
        Field(
            "hours",
            _("Working hours"),
            "; ".join(write_hours(kept.hours)),
            _("As 0-4=09:00-12:00,13:00-17:00; 0 is Monday, a semicolon between several. Empty: all hours."),
        ),
        Field(
            "holidays",
            _("On holidays"),
            "" if kept.holidays_off else "yes",
            _("Holidays of the client's country, and days of its scheme on which nothing is posted."),
            choices=(("", _("nobody works")), ("yes", _("as always"))),
        ),
    ]
    return FormScreen(_("How soon people are answered"), lambda typed: fields, save)


def _minutes(text: str, *, field: str = "minutes") -> int:
    if not text.strip().isdecimal():
        raise InvalidInput(_("That is no number of minutes."), field=field)
    return int(text)


def strike(desk: Desk, give: Give) -> FormScreen:
    """Why."""

    async def save(values: Values) -> None:
        reason = values["reason"]
        await give(lambda w, ids: w.inbox.strike(ids, reason))

    field = Field("reason", _("Reason"), "", _("It is forgotten after 90 days. The author is not told."))
    return FormScreen(_("A strike"), lambda typed: [field], save)


def note(desk: Desk, author_id: int, project_id: int) -> FormScreen:
    """What the team should know."""

    async def save(values: Values) -> None:
        text = values["text"]
        desk.say_receipt(await desk.write(lambda w: w.inbox.note(author_id, project_id, text)))

    field = Field("text", _("Note"), "", _("Seen by everybody who answers this person for this client."))
    return FormScreen(_("A note on the author"), lambda typed: [field], save)


def ban(desk: Desk, able: Sequence[Verb], term: bool, final: Mapping[Verb, str], give: Give) -> FormScreen:
    """How, for how long and why."""
    titles = {Verb.BAN: _("ban"), Verb.MUTE: _("mute"), Verb.RESTRICT: _("restrict")}

    def fields(values: Values) -> list[Field]:
        what = Field("verb", _("What"), "", final.get(Verb(values.get("verb", able[0])), ""),
                     choices=tuple((str(verb), titles[verb]) for verb in able))  # fmt: skip
        days = Field("days", _("Days"), "", _("After so many days it ends by itself; empty: never."))
        reason = Field("reason", _("Reason"), "", _("Kept here, and sent where the network wants one."))
        return [what, days, reason] if term else [what, reason]

    async def save(values: Values) -> None:
        days, verb, reason = values.get("days", "").strip(), Verb(values["verb"]), values["reason"]
        if days and not (days.isdecimal() and 0 < int(days) < 10_000):
            raise InvalidInput(_("That is no number of days."), field="days")

        def job(w: Workspace, ids: Sequence[int]) -> Receipt:
            until = w.clock() + int(days) * DAY if days else None
            return w.inbox.act(ids, verb, until=until, reason=reason)

        await give(job)

    return FormScreen(_("Shut the author out"), fields, save)


def filters(rows: Sequence[AccountRow], which: QueueFilter, narrow: Callable[[QueueFilter], None]) -> FormScreen:
    """Which messages are listed."""
    states = next((word for word, (_title, states) in WAITING.items() if states == which.states), "open")
    accounts = [("", _("all")), *((str(row.id), f"{row.network} {row.handle}") for row in rows)]

    async def save(values: Values) -> None:
        narrow(
            which._replace(
                states=WAITING[values["states"]][1],
                kinds=(values["kind"],) if values["kind"] else (),
                account_id=int(values["account"]) if values["account"] else None,
                assigned_to=values["to"].strip() or None,
                label=values["label"].strip(),
                late=values["late"] == "yes",
            )
        )

    fields = [
        Field("states", _("State"), states, choices=tuple((word, _(title)) for word, (title, _s) in WAITING.items())),
        Field(
            "kind",
            _("Kind"),
            which.kinds[0] if which.kinds else "",
            choices=(("", _("all")), *((str(kind), _(KINDS[kind])) for kind in ItemKind)),
        ),
        Field("account", _("Account"), str(which.account_id or ""), choices=tuple(accounts)),
        Field("to", _("Assigned to"), which.assigned_to or "", _("A name; empty: all.")),
        Field("label", _("Label"), which.label, _("One label; empty: all.")),
        Field("late", _("Only late"), "yes" if which.late else "", choices=(("", _("no")), ("yes", _("yes")))),
    ]
    return FormScreen(_("Which messages?"), lambda typed: fields, save)


def told(chosen: QueueFilter, asked: QueueFilter) -> str:
    """A filter in words."""
    title = next((_(title) for title, states in WAITING.values() if states == chosen.states), "")
    parts = [title, *(_(KINDS[kind]) for kind in chosen.kinds), *([chosen.label] if chosen.label else [])]
    if chosen.assigned_to:
        parts.append(_("for {name}").format(name=chosen.assigned_to))
    if chosen.late:
        parts.append(_("late"))
    if chosen.account_id is not None:
        parts.append(_("one account"))
    if asked.text:
        parts.append(f"“{asked.text}”")
    return ", ".join(parts)
