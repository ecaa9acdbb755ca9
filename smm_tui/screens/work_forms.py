"""The forms of Work: a time entry, an agreement, a task, the settings, the file of invoice lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.reads.work import EntryRow
from smm_tui.domain import pay, worktime, zones
from smm_tui.domain.clock import HOUR, MINUTE, Instant
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.domain.pay import Agreement, Basis
from smm_tui.domain.when import parse_when
from smm_tui.i18n import N_, _
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services.receipt import Receipt
from smm_tui.services.work_settings import WorkSettings
from smm_tui.widgets.form import Field

BASES = {
    Basis.MONTHLY: N_("the month"),
    Basis.HOURLY: N_("the hour"),
    Basis.PER_POST: N_("each post"),
    Basis.PER_TASK: N_("each task"),
}


def entry(desk: Desk, project: ProjectRow, zone: str, row: EntryRow | None = None) -> FormScreen:
    """Time for a client, or a correction of it."""
    now = desk.workspace.clock()
    end = now if row is None else (row.ended_at or now)
    start = end - HOUR if row is None else row.started_at

    def shown(instant: Instant) -> str:
        return f"{zones.local(instant, zone):%Y-%m-%d %H:%M}"

    what = row.what if row is not None and row.source != "actions" else ""
    clients = tuple((str(each.id), each.name) for each in desk.chrome.projects)
    fields = [
        Field("project", _("Client"), str(project.id), choices=clients or ((str(project.id), project.name),)),
        Field("from", _("From"), shown(start), _("When it began, in {zone}.").format(zone=zone)),
        Field("to", _("Until"), shown(end), _("When it ended; a length as 1:30 counts from the beginning.")),
        Field("what", _("What"), what, _("What was done.")),
    ]

    async def save(values: Values) -> None:
        # What was not touched stays to the millisecond.
        began = start if values["from"] == shown(start) else _instant(values["from"], now, zone, "from")
        ended = end if values["to"] == shown(end) else _ended(values["to"], began, now, zone)
        number, words = int(values["project"]), values["what"]

        def job(w: Workspace) -> Receipt:
            if row is None:
                return w.worktime.add(number, began, ended, words)
            return w.worktime.edit(row.id, project_id=number, started_at=began, ended_at=ended, what=words)

        desk.say_receipt(await desk.write(job))

    title = _("Time for {project}").format(project=project.name) if row is None else _("Correct a time entry")
    return FormScreen(title, lambda _typed: fields, save)


def _instant(words: str, now: Instant, zone: str, field: str) -> Instant:
    try:
        return parse_when(words, now=now, zone=zone).instant
    except InvalidInput as error:
        raise InvalidInput(error.message, error.hint, field=field) from error


def _ended(words: str, began: Instant, now: Instant, zone: str) -> Instant:
    try:
        return began + worktime.duration(words, "to")
    except InvalidInput:
        return _instant(words, now, zone, "to")


def agreement(desk: Desk, project: ProjectRow, month: date, row: Agreement | None = None) -> FormScreen:
    """How a client pays."""

    def fields(_typed: Values) -> list[Field]:
        return [
            Field(
                "basis",
                _("For"),
                row.basis if row else Basis.MONTHLY,
                _("What is paid for; each can be agreed by itself."),
                choices=tuple((basis, _(title)) for basis, title in BASES.items()),
            ),
            Field("amount", _("Amount"), str(row.amount) if row else "", _("For one of it, as 120000 or 12.50.")),
            Field("currency", _("Currency"), row.currency if row else "", _("Its code: HUF, EUR.")),
            Field("from_day", _("From"), (row.from_day if row else month).isoformat(), _("The first day.")),
            Field(
                "to_day",
                _("Until"),
                row.to_day.isoformat() if row and row.to_day else "",
                _("The last day; empty: until further notice. Another price begins with another agreement."),
            ),
            Field(
                "steps",
                _("Other prices"),
                pay.steps_in_words(row.steps) if row else "",
                _("video=9000, album=x1.5 for posts; a name=x1.2 for who works; a task=15000."),
            ),
            Field(
                "bonuses",
                _("Bonuses"),
                ", ".join(f"{bonus.goal_id}={bonus.amount}" for bonus in row.bonuses) if row else "",
                _("What reaching a goal brings, by the goal's number: 3=20000."),
            ),
        ]

    async def save(values: Values) -> None:
        def job(w: Workspace) -> Receipt:
            from smm_tui.services.pay import AgreementDraft

            draft = AgreementDraft(**dict(values))
            return w.pay.agree(project.id, draft) if row is None else w.pay.edit(row.id, draft)

        desk.say_receipt(await desk.write(job))

    title = _("Agreement with {project}").format(project=project.name)
    return FormScreen(title, fields, save)


def task(desk: Desk, project: ProjectRow) -> FormScreen:
    """Something done that is paid by the piece."""
    today = zones.local(desk.workspace.clock(), project.timezone).date()
    fields = [
        Field("name", _("Task"), "", _("As it stands in the agreement: page set up, report.")),
        Field("day", _("Day"), today.isoformat(), _("When it was done.")),
        Field("note", _("Note"), "", _("What the client should know of it.")),
    ]

    async def save(values: Values) -> None:
        from smm_tui.services.scheme_parts import day_of_words

        day = day_of_words(values["day"], "day")
        name, note = values["name"], values["note"]
        desk.say_receipt(await desk.write(lambda w: w.pay.add_task(project.id, name, day, note)))

    return FormScreen(_("Task for {project}").format(project=project.name), lambda _typed: fields, save)


def settings(desk: Desk, found: WorkSettings, zone: str) -> FormScreen:
    """How one works."""
    fields = [
        Field(
            "capacity", _("Hours a week"), worktime.clock_time(found.capacity), _("As 32:00; what you have to give.")
        ),
        Field(
            "zone", _("Time zone"), found.zone, _("Where your days begin and end; empty: {zone}.").format(zone=zone)
        ),
        Field(
            "idle", _("Break"), str(found.idle // MINUTE), _("Minutes between two actions that still are work, 1-60.")
        ),
        Field(
            "cost",
            _("Cost of an hour"),
            "" if found.cost is None else str(found.cost),
            _("For the margin; may be empty."),
        ),
        Field("currency", _("Currency"), found.currency, _("Of the cost.")),
    ]

    async def save(values: Values) -> None:
        cost = pay.money(values["cost"], "cost") if values["cost"].strip() else None
        chosen = WorkSettings(
            worktime.weekly(values["capacity"]),
            values["zone"].strip(),
            _minutes(values["idle"]),
            cost,
            pay.currency_code(values["currency"]) if cost is not None or values["currency"].strip() else "",
        )
        desk.say_receipt(await desk.write(lambda w: w.worktime.set_up(chosen)))

    return FormScreen(_("How you work"), lambda _typed: fields, save)


def _minutes(words: str) -> Instant:
    plain = words.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 4):
        raise InvalidInput(_("“{words}” is not a number.").format(words=plain), field="idle")
    return int(plain) * MINUTE


def invoice(desk: Desk, month: date, client: int | None) -> FormScreen:
    """Where the invoice lines of a month go."""
    fields = [
        Field(
            "file",
            _("File"),
            str(Path.home() / f"invoice-{month:%Y-%m}.csv"),
            _("Ends in .csv for a spreadsheet, .md to read."),
        )
    ]

    async def save(values: Values) -> None:
        desk.say(await desk.read(lambda w: _write_invoice(w, values["file"], month, client)), "done")

    return FormScreen(_("Invoice lines of {month}").format(month=f"{month:%Y-%m}"), lambda _typed: fields, save)


def _write_invoice(w: Workspace, name: str, month: date, client: int | None) -> str:
    """In a reader lane, which may wait for a disk; the sentence that says where it is."""
    from smm_tui.services import invoice as lines

    path = Path(name.strip()).expanduser()
    if path.suffix not in (".csv", ".md"):
        raise InvalidInput(_("What kind of file is that?"), _("Let its name end in .csv or .md."), field="file")
    earned = w.work_queries.earnings(month, client)
    text = lines.as_csv(earned) if path.suffix == ".csv" else lines.as_markdown(earned, f"{month:%Y-%m}")
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise DataError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
            _("Choose another name."),
        ) from error
    return _("Wrote {path}.").format(path=path)
