"""Everything a key can do, declared once.

Key dispatch, key bar, `?` help, palette and docs/keys.md are all made of `ACTIONS`. An action is named
``scope.verb``: a *scope* is a place that takes keys (a screen, the list in it, a form, or ``global``), and the object
whose ``SCOPE`` it is handles the action in its method ``action_<verb>``.

Keys are written as a person would: ``a``, ``G``, ``?``, ``space``, ``enter``, ``esc``, ``pageup``, ``ctrl+p``; two
keys pressed one after the other have a space between them: ``g c``.
"""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.i18n import N_


class Action(NamedTuple):
    """One thing a key does. Labels and help are marked for translation: whoever shows them calls `_`."""

    id: str
    keys: tuple[str, ...]
    label: str  # one or two words for the key bar
    help: str  # a sentence for `?`
    rank: int = 0  # the higher, the longer it stays on a key bar that gets narrower; 0: never there
    shown: str = ""  # how its keys are written where all of them would be too many
    takes_key: bool = False  # its method is given the key that was pressed
    dangerous: bool = False  # asks before it acts: what, how many, for whom, whether `u` takes it back

    @property
    def scope(self) -> str:
        """Where it works."""
        return self.id.partition(".")[0]

    @property
    def verb(self) -> str:
        """The name of its method, without ``action_``."""
        return self.id.partition(".")[2]


SCOPES = {
    "global": N_("Everywhere"),
    "list": N_("In a list"),
    "today": N_("Today"),
    "projects": N_("Projects"),
    "calendar": N_("Calendar"),
    "carry": N_("With a post in hand"),
    "composer": N_("Composer"),
    "accounts": N_("Accounts of a post"),
    "preview": N_("Preview of a post"),
    "media": N_("Media of a post"),
    "deliveries": N_("Deliveries"),
    "evidence": N_("Evidence of a delivery"),
    "setup": N_("Set-up"),
    "form": N_("In a form"),
    "choice": N_("In a choice of a form"),
    "dialog": N_("In a question"),
    "menu": N_("In help and palette"),
    "filter": N_("While filtering"),
}

_CLIENT_DIGITS = tuple("123456789")

_GLOBAL = (
    Action("global.help", ("?",), N_("keys"), N_("Show the keys that work here; enter runs one"), 100),
    Action("global.client", _CLIENT_DIGITS, N_("client"), N_("Switch to a client"), 0, "1-9", takes_key=True),
    Action("global.all_clients", ("0",), N_("all"), N_("Show all clients together")),
    Action("global.today", ("g t",), N_("today"), N_("Go to Today: all that wants you, worst first")),
    Action("global.projects", ("g p",), N_("projects"), N_("Go to Projects")),
    Action("global.calendar", ("g c",), N_("calendar"), N_("Go to the calendar")),
    Action("global.deliveries", ("g d",), N_("deliveries"), N_("Go to Deliveries")),
    Action("global.setup", ("g s",), N_("set-up"), N_("Go to Set-up: accounts and settings of a client")),
    Action("global.filter", ("/",), N_("find"), N_("Filter what is listed"), 12),
    Action("global.undo", ("u",), N_("undo"), N_("Take back the last step")),
    Action("global.redo", ("U",), N_("redo"), N_("Do again what was taken back")),
    Action("global.palette", (":", "ctrl+p"), N_("palette"), N_("Run any command, or go to a client, by name")),
    Action("global.refresh", ("R",), N_("refresh"), N_("Load again")),
    Action("global.repaint", ("ctrl+l",), N_("repaint"), N_("Draw the whole screen again")),
    Action("global.back", ("esc",), N_("back"), N_("Back one level: filter, selection, screen"), 11),
    Action("global.quit", ("q",), N_("quit"), N_("Back, and from a main screen: quit"), 1),
)

_LIST = (
    Action("list.down", ("j", "down"), N_("down"), N_("Next row")),
    Action("list.up", ("k", "up"), N_("up"), N_("Row before")),
    Action("list.page_down", ("pagedown", "ctrl+f"), N_("page down"), N_("Next page")),
    Action("list.page_up", ("pageup",), N_("page up"), N_("Page before")),
    Action("list.first", ("g g", "home"), N_("first"), N_("First row")),
    Action("list.last", ("G", "end"), N_("last"), N_("Last row")),
    Action("list.select", ("space",), N_("select"), N_("Select the row, or no longer, and go to the next")),
    Action("list.range", ("v",), N_("range"), N_("Begin a range of selected rows; again: end it")),
    Action("list.select_all", ("*",), N_("all"), N_("Select everything the filter shows, or nothing")),
)

_TODAY = (Action("today.open", ("enter",), N_("go there"), N_("Go to the thing; esc comes back"), 20),)

_PROJECTS = (
    Action("projects.open", ("enter",), N_("open"), N_("Switch to this client and open its work"), 20),
    Action("projects.new", ("n",), N_("new"), N_("Add a project"), 30),
    Action("projects.edit", ("e",), N_("edit"), N_("Change its name, zone, key or way of approving"), 15),
    Action("projects.archive", ("d",), N_("archive"), N_("Put the project away"), 8, dangerous=True),
)

_CALENDAR = (
    Action("calendar.left", ("h", "left"), N_("day before"), N_("The day before")),
    Action("calendar.right", ("l", "right"), N_("next day"), N_("The next day")),
    Action("calendar.up", ("k", "up"), N_("week back"), N_("A week back")),
    Action("calendar.down", ("j", "down"), N_("week on"), N_("A week on")),
    Action("calendar.previous_month", ("pageup",), N_("month before"), N_("The month before")),
    Action("calendar.next_month", ("pagedown",), N_("next month"), N_("The next month")),
    Action("calendar.today", (".",), N_("today"), N_("Where it is now")),
    Action("calendar.new", ("n",), N_("new"), N_("Plan a post on this day"), 30),
    Action("calendar.open", ("enter",), N_("open"), N_("Open the post, or choose among those of this day"), 20),
    Action("calendar.edit", ("e",), N_("edit"), N_("Open the post in the composer")),
    Action("calendar.edit_text", ("E",), N_("$EDITOR"), N_("Open the post in the composer, its text in $EDITOR")),
    Action("calendar.move", ("m",), N_("move"), N_("Take the post into the hand, to drop it on another day"), 25),
    Action("calendar.copy", ("y",), N_("copy"), N_("Take a copy of the post into the hand"), 16),
    Action("calendar.cancel", ("d",), N_("cancel"), N_("Cancel the post"), 15, dangerous=True),
    Action("calendar.approve", ("a",), N_("approve"), N_("Approve the post as it is now"), 24),
    Action(
        "calendar.approve_month",
        ("A",),
        N_("month"),
        N_("Approve all posts of the month that wait"),
        18,
        dangerous=True,
    ),
    Action("calendar.view", ("L",), N_("list"), N_("The month as a list, or as a grid again"), 10),
    Action("calendar.warning", ("!",), N_("warnings"), N_("Go to what the next warning is about"), 9),
)

_CARRY = (
    Action("carry.drop", ("enter", "m"), N_("drop here"), N_("Plan the post in the hand on this day"), 40),
    Action("carry.put_back", ("esc",), N_("put back"), N_("Leave the post where it was"), 39),
)

_ANSWERS = (
    ("there", "i", N_("it is there"), N_("Take it as live: asks for the address of the post"), 18, False),
    ("resend", "s", N_("send it"), N_("Send after all what is unknown, missed, refused or held"), 17, True),
    ("drop", "x", N_("drop"), N_("Send nothing more of it"), 16, True),
    ("hold", "h", N_("hold"), N_("Keep back what has not gone out yet"), 7, False),
    ("takedown", "D", N_("take down"), N_("Delete from the network what is live"), 6, True),
)


def _answers(scope: str) -> tuple[Action, ...]:
    return tuple(
        Action(f"{scope}.{verb}", (key,), label, help, rank, dangerous=dangerous)
        for verb, key, label, help, rank, dangerous in _ANSWERS
    )


_DELIVERIES = (
    Action("deliveries.open", ("enter",), N_("evidence"), N_("Show all that is known of it"), 20),
    *_answers("deliveries"),
    Action("deliveries.waiting", ("w",), N_("waiting"), N_("List what only a person can settle"), 5),
    Action("deliveries.queue", ("o",), N_("queue"), N_("List what goes out next"), 4),
    Action("deliveries.live", ("l",), N_("live"), N_("List what is out"), 3),
    Action("deliveries.all", ("a",), N_("all"), N_("List everything"), 2),
)

_EVIDENCE = _answers("evidence")

_SETUP = (
    Action("setup.new", ("n",), N_("add account"), N_("Connect an account to the client"), 30),
    Action("setup.check", ("c",), N_("check"), N_("Log in and ask the server what the account may do"), 20),
    Action("setup.secret", ("s",), N_("new secret"), N_("Replace the token or password"), 15),
    Action("setup.pause", ("p",), N_("pause"), N_("Send nothing on the account; again: go on"), 10),
    Action("setup.edit", ("e",), N_("edit project"), N_("Change name, zone, key or way of approving"), 9),
    Action("setup.remove", ("d",), N_("remove"), N_("Disconnect the account"), 8, dangerous=True),
)

_COMPOSER = (
    Action("composer.save", ("ctrl+o",), N_("save"), N_("Check and save"), 40, "^o"),
    Action("composer.next_text", ("ctrl+t",), N_("account"), N_("Write the text of the next account"), 30, "^t"),
    Action("composer.when", ("ctrl+d",), N_("date"), N_("To the date and time"), 24, "^d"),
    Action("composer.add", ("ctrl+f",), N_("file"), N_("Add a picture or video"), 25, "^f"),
    Action("composer.preview", ("ctrl+r",), N_("preview"), N_("Between the text and how it will look"), 22, "^r"),
    Action("composer.editor", ("ctrl+g",), N_("$EDITOR"), N_("Write the text in $EDITOR"), 18, "^g"),
    Action(
        "composer.discard",
        ("ctrl+x",),
        N_("discard"),
        N_("Throw away what was typed and not saved"),
        15,
        "^x",
        dangerous=True,
    ),
    Action("composer.leave", ("esc",), N_("leave"), N_("Leave; what was typed and not saved is kept"), 28),
    Action("composer.next_field", ("down", "enter"), N_("next field"), N_("Next field"), 0, "tab"),
    Action("composer.previous_field", ("up",), N_("field before"), N_("Field before")),
)

_ACCOUNTS = (
    Action("accounts.switch", ("space",), N_("on/off"), N_("Send to this account, or not"), 38),
    Action("accounts.next", ("right", "l"), N_("next"), N_("The text of the next account"), 37),
    Action("accounts.previous", ("left", "h"), N_("before"), N_("The text of the account before")),
)

_PREVIEW = (
    Action("preview.down", ("down", "j"), N_("down"), N_("A line on")),
    Action("preview.up", ("up", "k"), N_("up"), N_("A line back")),
    Action("preview.page_down", ("pagedown", "space"), N_("page down"), N_("A page on")),
    Action("preview.page_up", ("pageup",), N_("page up"), N_("A page back")),
)

_MEDIA = (
    Action("media.alt", ("e", "enter"), N_("describe"), N_("Describe the file for people who cannot see it"), 38),
    Action("media.remove", ("d",), N_("remove"), N_("Take the file away from the post"), 37),
    Action("media.add", ("n",), N_("add"), N_("Add a picture or video"), 36),
    Action("media.earlier", ("K",), N_("up"), N_("One place up"), 35),
    Action("media.later", ("J",), N_("down"), N_("One place down"), 34),
)

_FORM = (
    Action("form.save", ("enter",), N_("save"), N_("Check everything and save"), 30),
    Action("form.next", ("down",), N_("next field"), N_("Next field"), 10, "tab"),
    Action("form.previous", ("up",), N_("field before"), N_("Field before")),
    Action("form.cancel", ("esc",), N_("cancel"), N_("Close without saving"), 20),
)

_CHOICE = (
    Action("choice.next", ("right", "space", "l"), N_("next"), N_("Next of the choices"), 15),
    Action("choice.previous", ("left", "h"), N_("before"), N_("The choice before")),
)

_DIALOG = (
    Action("dialog.yes", ("y",), N_("yes"), N_("Do it"), 30),
    Action("dialog.no", ("n", "esc", "q"), N_("no"), N_("Leave everything as it is"), 20),
)

_MENU = (
    Action("menu.run", ("enter",), N_("run"), N_("Run what the cursor is on"), 30),
    Action("menu.down", ("down", "ctrl+n"), N_("down"), N_("Next row")),
    Action("menu.up", ("up", "ctrl+p"), N_("up"), N_("Row before")),
    Action("menu.page_down", ("pagedown",), N_("page down"), N_("Next page")),
    Action("menu.page_up", ("pageup",), N_("page up"), N_("Page before")),
    Action("menu.close", ("esc",), N_("close"), N_("Close"), 20),
)

_FILTER = (
    Action("filter.keep", ("enter", "down"), N_("keep"), N_("Keep the filter and go to the rows"), 30),
    Action("filter.clear", ("esc",), N_("clear"), N_("Show everything again"), 20),
)

ACTIONS: tuple[Action, ...] = (
    *_GLOBAL,
    *_LIST,
    *_TODAY,
    *_PROJECTS,
    *_CALENDAR,
    *_CARRY,
    *_COMPOSER,
    *_ACCOUNTS,
    *_PREVIEW,
    *_MEDIA,
    *_DELIVERIES,
    *_EVIDENCE,
    *_SETUP,
    *_FORM,
    *_CHOICE,
    *_DIALOG,
    *_MENU,
    *_FILTER,
)
