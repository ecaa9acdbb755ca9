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
    "moderation": N_("Moderation"),
    "answer": N_("In an answer"),
    "saved": N_("In saved replies"),
    "rules": N_("Rules"),
    "trial": N_("What a rule would have caught"),
    "hits": N_("What a rule did"),
    "questions": N_("Questions"),
    "replies": N_("Saved replies"),
    "bans": N_("Bans"),
    "pick": N_("Picking one of what is found"),
    "message": N_("A message"),
    "person": N_("A person"),
    "authors": N_("In a choice of people"),
    "projects": N_("Projects"),
    "calendar": N_("Calendar"),
    "warnings": N_("Warnings of a month"),
    "all_months": N_("Posts of all months"),
    "pictures": N_("Pictures of a post"),
    "comments": N_("Comments of a post"),
    "carry": N_("With a post in hand"),
    "composer": N_("Composer"),
    "accounts": N_("Accounts of a post"),
    "preview": N_("Preview of a post"),
    "media": N_("Media of a post"),
    "deliveries": N_("Deliveries"),
    "evidence": N_("Evidence of a delivery"),
    "ads": N_("Ads"),
    "campaign": N_("A campaign, ad set or ad"),
    "compare": N_("Two ad sets side by side"),
    "audience": N_("An ad set and its audience"),
    "setup": N_("Set-up"),
    "insight": N_("Insight"),
    "pages": N_("Pages"),
    "page": N_("A page"),
    "page_history": N_("History of a page"),
    "page_checklist": N_("Setting a page up"),
    "scheme": N_("Scheme of a month"),
    "brief": N_("Client"),
    "work": N_("Work"),
    "lesson": N_("A day of learning"),
    "handbook": N_("Handbook"),
    "form": N_("In a form"),
    "choice": N_("In a choice of a form"),
    "dialog": N_("In a question"),
    "foreign": N_("When it looks like another client's"),
    "menu": N_("In help and palette"),
    "filter": N_("While filtering"),
}

_CLIENT_DIGITS = tuple("123456789")

_GLOBAL = (
    Action("global.help", ("?",), N_("keys"), N_("Show the keys that work here; enter runs one"), 100),
    Action("global.client", _CLIENT_DIGITS, N_("client"), N_("Switch to a client"), 0, "1-9", takes_key=True),
    Action("global.all_clients", ("0",), N_("all"), N_("Show all clients together")),
    Action("global.today", ("g t",), N_("today"), N_("Go to Today: all that wants you, worst first")),
    Action("global.moderation", ("g m",), N_("moderation"), N_("Go to Moderation: what people write")),
    Action("global.rules", ("g r",), N_("rules"), N_("Go to Rules: what happens to messages by itself")),
    Action("global.questions", ("g q",), N_("questions"), N_("Go to Questions: what is asked again and again")),
    Action("global.replies", ("g e",), N_("replies"), N_("Go to Saved replies")),
    Action("global.bans", ("g b",), N_("bans"), N_("Go to Bans: who is shut out")),
    Action("global.projects", ("g p",), N_("projects"), N_("Go to Projects")),
    Action("global.calendar", ("g c",), N_("calendar"), N_("Go to the calendar")),
    Action("global.deliveries", ("g d",), N_("deliveries"), N_("Go to Deliveries")),
    Action("global.ads", ("g a",), N_("ads"), N_("Go to Ads: campaigns, their money and what they bring")),
    Action("global.insight", ("g i",), N_("insight"), N_("Go to Insight: growth, reach, what engages, what sells")),
    Action("global.pages", ("g f",), N_("pages"), N_("Go to Pages: how they look, wanted against live")),
    Action("global.setup", ("g s",), N_("set-up"), N_("Go to Set-up: accounts and settings of a client")),
    Action("global.brief", ("g k",), N_("client"), N_("Go to the client: brief, goals, audience, questions")),
    Action("global.work", ("g w",), N_("work"), N_("Go to Work: time, load of the coming weeks, pay")),
    Action("global.timer", ("T",), N_("timer"), N_("Start the timer for the client, or stop it")),
    Action("global.lesson", ("g y",), N_("lesson"), N_("Go to the day of learning: its goals and your score")),
    Action("global.handbook", ("g h",), N_("handbook"), N_("Read what a beginner should know of this screen")),
    Action("global.language", ("g l",), N_("language"), N_("Change the language of the interface")),
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

_TODAY = (
    Action("today.open", ("enter",), N_("go there"), N_("Go to the thing; esc comes back"), 20),
    Action("today.seen", ("d",), N_("seen"), N_("What could not be read was seen: say it no longer"), 5),
)

_MODERATION = (
    Action("moderation.done", ("a",), N_("close"), N_("It is fine or settled: out of the queue"), 40),
    Action("moderation.reply", ("r",), N_("reply"), N_("Answer"), 39),
    Action("moderation.saved", ("s",), N_("saved reply"), N_("Answer with a saved reply"), 38),
    Action("moderation.hide", ("h",), N_("hide"), N_("Hide it from everybody else; before it a count: 5 h"), 37),
    Action("moderation.delete", ("d",), N_("delete"), N_("Delete it from the network"), 36),
    Action("moderation.ban", ("b",), N_("ban"), N_("Ban, mute or restrict the author: asks how long and why"), 35),
    Action("moderation.spam", ("x",), N_("spam"), N_("Spam: hidden where the network can, else closed"), 33),
    Action("moderation.snooze", ("z",), N_("snooze"), N_("Out of the queue until a time: asks when"), 34),
    Action(
        "moderation.open", ("enter",), N_("all of it"), N_("The whole message and all that was done about it"), 10
    ),
    Action(
        "moderation.approve", ("c",), N_("fine"), N_("It is right as it is: rules and the spam score learn it"), 12
    ),
    Action("moderation.label", ("t",), N_("label"), N_("Put labels on it, or take them off"), 1),
    Action("moderation.report", ("X",), N_("report"), N_("Tell the network's own moderators")),
    Action("moderation.promise", ("P",), N_("promise"), N_("How soon people are answered, and in which hours")),
    Action("moderation.unhide", ("H",), N_("unhide"), N_("Show again what is hidden")),
    Action("moderation.like", ("l",), N_("like"), N_("Like it, or no longer"), 9),
    Action("moderation.write", ("E",), N_("$EDITOR"), N_("Answer in $EDITOR")),
    Action("moderation.flag", ("f",), N_("flag"), N_("Somebody should look at it"), 6),
    Action("moderation.assign", ("A",), N_("assign"), N_("Say whose work it is"), 8),
    Action("moderation.note", ("n",), N_("note"), N_("Note what the team should know of the author"), 7),
    Action("moderation.strike", ("w",), N_("strike"), N_("Warn the author: a strike, with its reason"), 4),
    Action("moderation.reopen", ("o",), N_("reopen"), N_("Back into the queue"), 5),
    Action("moderation.by_author", ("y",), N_("by author"), N_("Select all by this author in the queue"), 3),
    Action("moderation.idea", ("i",), N_("idea"), N_("Make an idea for a post of it"), 2),
    Action("moderation.question", ("Q",), N_("question"), N_("Keep it in the client's question bank")),
    Action(
        "moderation.person", ("p",), N_("person"), N_("Who the author is: history, notes, strikes, bans, names"), 8
    ),
    Action(
        "moderation.again",
        ("S",),
        N_("send again"),
        N_("Send again, or all the same, what failed or is unknown"),
        0,
        dangerous=True,
    ),
    Action("moderation.there", ("I",), N_("it is there"), N_("What is unknown reached the network"), dangerous=True),
    Action("moderation.drop", ("D",), N_("drop"), N_("Let go what failed or is unknown"), 0, dangerous=True),
    Action("moderation.filters", ("F",), N_("filters"), N_("Choose state, kind and account of what is listed"), 11),
)

_ANSWER = (
    Action("answer.send", ("ctrl+o",), N_("send"), N_("Send the answer; u takes it back while it waits"), 40, "^o"),
    Action("answer.saved", ("ctrl+t",), N_("saved reply"), N_("Take a saved reply"), 30, "^t"),
    Action("answer.editor", ("ctrl+g",), N_("$EDITOR"), N_("Write the answer in $EDITOR"), 20, "^g"),
    Action("answer.leave", ("esc",), N_("leave"), N_("Back to the queue; what was typed is kept"), 25),
)

_SAVED = (
    Action("saved.take", ("enter",), N_("take"), N_("Take it into the answer"), 30),
    Action("saved.down", ("down", "ctrl+n"), N_("down"), N_("Next row")),
    Action("saved.up", ("up", "ctrl+p"), N_("up"), N_("Row before")),
    Action("saved.close", ("esc",), N_("close"), N_("Back to the answer"), 20),
)

_PICK = (
    Action("pick.take", ("enter",), N_("take"), N_("Take what the cursor is on"), 30),
    Action("pick.down", ("down", "ctrl+n"), N_("down"), N_("Next row")),
    Action("pick.up", ("up", "ctrl+p"), N_("up"), N_("Row before")),
    Action("pick.close", ("esc",), N_("close"), N_("Take nothing"), 20),
)

_MESSAGE = (Action("message.close", ("enter",), N_("back"), N_("Back to the queue")),)

_PERSON = (
    Action("person.open", ("enter",), N_("go there"), N_("Go to the message in the queue"), 30),
    Action("person.note", ("n",), N_("note"), N_("Note what the team should know of them"), 25),
    Action("person.link", ("l",), N_("link"), N_("Somebody else who is the same person"), 24),
    Action("person.unlink", ("L",), N_("unlink"), N_("They are somebody of their own again"), 5),
    Action("person.drop", ("d",), N_("take away"), N_("Throw the note away, forgive the strike, lift the ban"), 20),
)

_AUTHORS = (
    Action("authors.take", ("enter",), N_("take"), N_("They are the same person"), 30),
    Action("authors.down", ("down", "ctrl+n"), N_("down"), N_("Next row")),
    Action("authors.up", ("up", "ctrl+p"), N_("up"), N_("Row before")),
    Action("authors.close", ("esc",), N_("close"), N_("Nobody"), 20),
)

_RULES = (
    Action("rules.open", ("enter",), N_("what it did"), N_("What the rule did, to be judged or taken back"), 24),
    Action("rules.new", ("n",), N_("new"), N_("Add a rule"), 30),
    Action("rules.edit", ("e",), N_("edit"), N_("Change the rule; then it is to be tried again"), 20),
    Action("rules.test", ("t",), N_("try"), N_("Dry run: what it would have caught of what is stored"), 29),
    Action("rules.arm", ("a",), N_("on/off"), N_("From now on it acts on what comes in; again: no longer"), 28),
    Action("rules.remove", ("d",), N_("remove"), N_("Throw the rule away; what it did stays"), 15, dangerous=True),
)

_TRIAL = (
    Action("trial.open", ("enter",), N_("all of it"), N_("The whole message and all that was done about it"), 20),
    Action("trial.arm", ("a",), N_("switch on"), N_("Switch the rule on: it acts on what comes in"), 30),
)

_HITS = (
    Action("hits.open", ("enter",), N_("all of it"), N_("The whole message and all that was done about it"), 20),
    Action("hits.right", ("y",), N_("right"), N_("The rule was right"), 30),
    Action("hits.wrong", ("n",), N_("wrong"), N_("The rule was wrong: what it did there is taken back"), 29),
    Action("hits.samples", ("s",), N_("samples"), N_("Only what waits for your judgement, or everything"), 15),
    Action(
        "hits.back",
        ("Z",),
        N_("take all back"),
        N_("Take back all that the rule did and nobody confirmed"),
        10,
        dangerous=True,
    ),
)

_QUESTIONS = (
    Action("questions.open", ("enter",), N_("go there"), N_("Go to the newest message that asks it"), 20),
    Action("questions.saved", ("s",), N_("saved reply"), N_("Keep a saved reply to it"), 30),
    Action("questions.idea", ("i",), N_("idea"), N_("Make an idea of the plan of it"), 29),
)

_REPLIES = (
    Action("replies.new", ("n",), N_("new"), N_("Keep a text to answer with"), 30),
    Action("replies.edit", ("e", "enter"), N_("edit"), N_("Change its name or text"), 25),
    Action("replies.edit_text", ("E",), N_("$EDITOR"), N_("Change its text in $EDITOR"), 20),
    Action("replies.remove", ("d",), N_("remove"), N_("Throw it away"), 15, dangerous=True),
)

_BANS = (
    Action("bans.open", ("enter",), N_("person"), N_("Who it is"), 20),
    Action("bans.lift", ("d",), N_("let in"), N_("Lift the ban, mute or restriction"), 30, dangerous=True),
    Action("bans.apply", ("a",), N_("apply"), N_("Shut the same people out of another account"), 29),
    Action("bans.export", ("x",), N_("export"), N_("Write the list into a file"), 25),
)

_PROJECTS = (
    Action("projects.open", ("enter",), N_("open"), N_("Switch to this client and open its work"), 20),
    Action("projects.new", ("n",), N_("new"), N_("Add a project"), 30),
    Action("projects.edit", ("e",), N_("edit"), N_("Change its name, zone, key or way of approving"), 15),
    Action("projects.brief", ("b",), N_("client"), N_("Its brief, goals and audience"), 14),
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
        N_("Approve the month as a whole: all of it that lies ahead"),
        18,
        dangerous=True,
    ),
    Action("calendar.submit", ("s",), N_("submit"), N_("Put the post before whoever approves it"), 12),
    Action("calendar.submit_month", ("S",), N_("submit month"), N_("Submit all posts of the month that wait"), 3),
    Action("calendar.send_back", ("b",), N_("return"), N_("Return the post with what is to be changed"), 4),
    Action("calendar.comments", ("c",), N_("comments"), N_("What was said about the post, and say something"), 11),
    Action(
        "calendar.fill",
        ("F",),
        N_("fill"),
        N_("Lay the scheme over the month: drafts in all places"),
        14,
        dangerous=True,
    ),
    Action("calendar.idea", ("i",), N_("idea"), N_("Take an idea into the open place, or onto this day"), 13),
    Action("calendar.week", ("w",), N_("week"), N_("The week of this day, or the month again"), 17),
    Action("calendar.filters", ("f",), N_("filters"), N_("Choose type, state and account of what is shown"), 8),
    Action("calendar.everywhere", ("o",), N_("all months"), N_("Find posts in all months"), 7),
    Action("calendar.shift", ("M",), N_("move many"), N_("Move many posts by days or hours: all after this day"), 6),
    Action("calendar.repeat", ("Y",), N_("to weeks"), N_("Copy posts to later weeks"), 5),
    Action("calendar.pictures", ("p",), N_("pictures"), N_("Look at the pictures of the post"), 4),
    Action("calendar.view", ("L",), N_("list"), N_("The month as a list, or as a grid again"), 10),
    Action("calendar.warning", ("!",), N_("warnings"), N_("All warnings of the month; enter opens a post"), 9),
)

_COMMENTS = (
    Action("comments.new", ("n", "c"), N_("say"), N_("Say something about the post"), 30),
    Action("comments.send_back", ("b",), N_("return"), N_("Return the post with what is to be changed"), 20),
    Action("comments.approve", ("a",), N_("approve"), N_("Approve the post as it is now"), 19),
    Action("comments.edit", ("e", "enter"), N_("edit post"), N_("Open the post in the composer"), 18),
)

_WARNINGS = (Action("warnings.open", ("enter",), N_("open"), N_("Open the post it is about"), 20),)

_ALL_MONTHS = (
    Action("all_months.open", ("enter",), N_("go there"), N_("Go to its day in the calendar"), 20),
    Action("all_months.edit", ("e",), N_("edit"), N_("Open the post in the composer"), 15),
    Action("all_months.filters", ("f",), N_("filters"), N_("Choose type, state and account of what is listed"), 10),
)

_PICTURES = (
    Action("pictures.next", ("right", "l", "space"), N_("next"), N_("The next file of the post"), 20),
    Action("pictures.previous", ("left", "h"), N_("before"), N_("The file before"), 19),
    Action("pictures.reveal", ("p",), N_("show"), N_("Show pictures although the line is slow"), 18),
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
    ("edit", "e", N_("edit"), N_("Open the post in the composer; what is live is edited there"), 1, False),
    ("pin", "p", N_("pin"), N_("Keep what is live on top of its page"), 0, False),
    ("unpin", "P", N_("unpin"), N_("No longer keep it on top of its page"), 0, False),
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

_CAMPAIGN_ACTS = (
    ("edit", "e", N_("edit"), N_("Change the campaign, ad set or ad in a form"), 29, False),
    ("add", "N", N_("add below"), N_("Add an ad set to a campaign, or an ad to an ad set"), 22, False),
    ("submit", "s", N_("submit"), N_("Ask for approval of creative, audience, money and dates"), 17, False),
    ("approve", "a", N_("approve"), N_("Approve creative, audience, money and dates as they are"), 26, True),
    ("launch", "L", N_("launch"), N_("Build it on the network and start it at its time"), 25, True),
    ("pause", "p", N_("pause"), N_("Let the campaign stand still; again: let it go on"), 24, True),
    ("stop", "x", N_("stop"), N_("End the campaign for good"), 16, True),
    ("remove", "d", N_("remove"), N_("Take away what was never on the network, or an ad set or ad"), 9, True),
    ("settle", "!", N_("seen"), N_("Say that the alarms of the campaign have been seen"), 8, False),
)


def _campaign_acts(scope: str) -> tuple[Action, ...]:
    return tuple(
        Action(f"{scope}.{verb}", (key,), label, help, rank, dangerous=dangerous)
        for verb, key, label, help, rank, dangerous in _CAMPAIGN_ACTS
    )


_ADS = (
    Action("ads.open", ("enter",), N_("open"), N_("All about it: chart, days, review, history"), 28),
    Action("ads.new", ("n",), N_("new"), N_("Plan a campaign for the client"), 30),
    Action("ads.unfold", ("right", "l"), N_("unfold"), N_("Show what is below"), 20),
    Action("ads.fold", ("left", "h"), N_("fold"), N_("Hide what is below, or go up")),
    Action("ads.unfold_all", ("o",), N_("all below"), N_("Show everything below the campaign, or hide it again"), 19),
    *_campaign_acts("ads"),
    Action(
        "ads.compare",
        ("C",),
        N_("compare"),
        N_("Set two selected ad sets, or the halves of a test, side by side"),
        14,
    ),
    Action("ads.test", ("B",), N_("A/B test"), N_("Copy an ad set into a second half with half of its money"), 10),
    Action("ads.which", ("w",), N_("which"), N_("List all, running, waiting or ended campaigns"), 12),
)

_CAMPAIGN = (
    Action("campaign.next", ("right", "l"), N_("next chart"), N_("The next figure as a chart"), 30),
    Action("campaign.previous", ("left", "h"), N_("chart before"), N_("The figure before")),
    *_campaign_acts("campaign"),
)

_COMPARE = (Action("compare.close", ("enter",), N_("back"), N_("Back to the campaigns")),)

_AUDIENCE = (
    Action("audience.open", ("enter",), N_("change"), N_("Change the part under the cursor"), 30),
    Action("audience.add", ("n",), N_("add"), N_("Add a place, interest, language or list of people"), 29),
    Action("audience.remove", ("d",), N_("take out"), N_("Take out what the cursor is on"), 25),
    Action("audience.saved", ("t",), N_("saved audience"), N_("Take a saved audience"), 22),
    Action("audience.keep", ("A",), N_("keep audience"), N_("Save the audience under a name, to use it again"), 15),
    Action("audience.mend", ("m",), N_("substitute"), N_("Use what the network can express instead"), 24),
    Action("audience.save", ("s", "ctrl+o"), N_("save"), N_("Check and save the ad set"), 40, "s"),
    Action("audience.again", ("y",), N_("count again"), N_("Ask the network again how many people that are"), 9),
    Action(
        "audience.discard",
        ("ctrl+x",),
        N_("discard"),
        N_("Throw away what was changed and not saved"),
        8,
        "^x",
        dangerous=True,
    ),
)

_SETUP = (
    Action("setup.new", ("n",), N_("add account"), N_("Connect an account to the client"), 30),
    Action("setup.check", ("c",), N_("check"), N_("Log in and ask the server what the account may do"), 20),
    Action("setup.secret", ("s",), N_("new secret"), N_("Replace the token or password"), 15),
    Action("setup.pause", ("p",), N_("pause"), N_("Send nothing on the account; again: go on"), 10),
    Action("setup.edit", ("e",), N_("edit project"), N_("Change name, zone, key or way of approving"), 9),
    Action("setup.page", ("f",), N_("page"), N_("How the account's page looks, wanted against live"), 13),
    Action("setup.remove", ("d",), N_("remove"), N_("Disconnect the account"), 8, dangerous=True),
    Action(
        "setup.scheme", ("t",), N_("scheme"), N_("What a month is made of: types, places, ideas, templates, days"), 14
    ),
)

_INSIGHT = (
    Action("insight.next", ("right", "l"), N_("next"), N_("Growth, reach, engagement, hours, selling, answers"), 40),
    Action("insight.previous", ("left", "h"), N_("before"), N_("The section before"), 5),
    Action("insight.range", ("r",), N_("range"), N_("30 days, 90, a year, three years"), 35),
    Action("insight.by", ("b",), N_("by"), N_("Group posts by type, weekday, segment, network or account"), 30),
    Action("insight.open", ("enter",), N_("open"), N_("An account's own curve, or the client"), 20),
    Action("insight.sync", ("s",), N_("read now"), N_("Ask the networks for all figures now"), 15),
    Action("insight.page", ("p",), N_("pages"), N_("How the pages look, wanted against live"), 10),
)

_PAGES = (
    Action("pages.open", ("enter",), N_("open"), N_("The page field by field, wanted against live"), 30),
    Action("pages.set", ("e",), N_("change"), N_("Say how the page shall look"), 28),
    Action("pages.all", ("E",), N_("all"), N_("Say how all listed pages shall look, in one form"), 20),
    Action("pages.apply", ("a",), N_("apply"), N_("Bring about what was noted for the page"), 26, dangerous=True),
    Action("pages.history", ("H",), N_("history"), N_("What was wanted of the page and what became of it"), 15),
    Action("pages.checklist", ("c",), N_("set-up"), N_("What a new page needs, step by step"), 18),
    Action("pages.look", ("o",), N_("look"), N_("Look at the pages now"), 14),
)

_PAGE = (
    Action("page.set", ("e", "enter"), N_("change"), N_("Say how the page shall look"), 30),
    Action("page.apply", ("a",), N_("apply"), N_("Bring about what was noted for the page"), 28, dangerous=True),
    Action("page.drop", ("x",), N_("drop"), N_("No longer want what is noted, planned or failed"), 20),
    Action(
        "page.rollback", ("b",), N_("roll back"), N_("Bring back what was before the last change"), 22, dangerous=True
    ),
    Action("page.history", ("H",), N_("history"), N_("What was wanted of the page and what became of it"), 15),
    Action("page.checklist", ("c",), N_("set-up"), N_("What a new page needs, step by step"), 18),
    Action("page.look", ("o",), N_("look"), N_("Look at the page now"), 14),
)

_PAGE_HISTORY = (
    Action(
        "page_history.rollback",
        ("b",),
        N_("roll back"),
        N_("Bring back what was before this change"),
        30,
        dangerous=True,
    ),
    Action("page_history.drop", ("x",), N_("drop"), N_("No longer want this change"), 20),
)

_PAGE_CHECKLIST = (
    Action("page_checklist.tick", ("enter", "t"), N_("tick"), N_("Tick the step off, or no longer"), 30),
)

_SCHEME = (
    Action("scheme.open", ("enter",), N_("open"), N_("Open it, or take it where one is chosen"), 30),
    Action(
        "scheme.next", ("right", "l"), N_("next part"), N_("Types, places, ideas, templates, days, rubrics ..."), 25
    ),
    Action("scheme.previous", ("left", "h"), N_("part before"), N_("The part before")),
    Action("scheme.new", ("n",), N_("new"), N_("Add one"), 28),
    Action("scheme.edit", ("e",), N_("edit"), N_("Change it in a form"), 20),
    Action("scheme.edit_text", ("E",), N_("$EDITOR"), N_("Change its text in $EDITOR")),
    Action("scheme.remove", ("d",), N_("remove"), N_("Take it away; posts stay"), 15, dangerous=True),
    Action("scheme.earlier", ("K",), N_("up"), N_("A content type one place up"), 9),
    Action("scheme.later", ("J",), N_("down"), N_("A content type one place down"), 8),
)

_BRIEF = (
    Action("brief.open", ("enter",), N_("open"), N_("Open it in a form"), 30),
    Action("brief.next", ("right", "l"), N_("next part"), N_("Brief, goals, segments, hypotheses ..."), 25),
    Action("brief.previous", ("left", "h"), N_("part before"), N_("The part before")),
    Action("brief.new", ("n",), N_("new"), N_("Add one"), 28),
    Action("brief.edit", ("e",), N_("edit"), N_("Change it in a form"), 20),
    Action("brief.edit_text", ("E",), N_("$EDITOR"), N_("Change its text in $EDITOR"), 12),
    Action("brief.remove", ("d",), N_("remove"), N_("Take it away"), 15, dangerous=True),
    Action("brief.feed", ("f",), N_("feed"), N_("Take what people ask again and again into the bank"), 14),
)

_COMPOSER = (
    Action("composer.save", ("ctrl+o",), N_("save"), N_("Check and save"), 40, "^o"),
    Action("composer.next_text", ("ctrl+t",), N_("account"), N_("Write the text of the next account"), 30, "^t"),
    Action("composer.when", ("ctrl+d",), N_("date"), N_("To the date and time"), 24, "^d"),
    Action("composer.add", ("ctrl+f",), N_("file"), N_("Add a picture or video"), 25, "^f"),
    Action("composer.extras", ("ctrl+e",), N_("poll, link"), N_("Poll, link card and first comment"), 20, "^e"),
    Action("composer.preview", ("ctrl+r",), N_("preview"), N_("Between the text and how it will look"), 22, "^r"),
    Action("composer.insert", ("ctrl+n",), N_("insert"), N_("Put a template or hashtags into the text"), 17, "^n"),
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
    Action("media.look", ("p",), N_("look"), N_("Look at the picture"), 35),
    Action("media.earlier", ("K",), N_("up"), N_("One place up"), 35),
    Action("media.later", ("J",), N_("down"), N_("One place down"), 34),
)

_WORK = (
    Action("work.next", ("right", "l"), N_("next part"), N_("Clients, time entries, agreements, tasks"), 25),
    Action("work.previous", ("left", "h"), N_("part before"), N_("The part before")),
    Action("work.timer", ("t",), N_("timer"), N_("Start the timer for this client, or stop it"), 30),
    Action("work.new", ("n",), N_("new"), N_("Write down time, an agreement or a task"), 28),
    Action("work.edit", ("e", "enter"), N_("edit"), N_("Correct it in a form"), 20),
    Action("work.remove", ("d",), N_("remove"), N_("Take it away"), 15, dangerous=True),
    Action("work.month_before", ("b",), N_("month before"), N_("Pay and time of the month before"), 9),
    Action("work.month_after", ("f",), N_("month after"), N_("Pay and time of the month after"), 8),
    Action("work.invoice", ("i",), N_("invoice"), N_("Write the invoice lines of the month into a file"), 14),
    Action(
        "work.settings", ("c",), N_("capacity"), N_("Hours a week, the zone of your days, what an hour costs"), 12
    ),
)

_LESSON = (Action("lesson.open", ("enter",), N_("go there"), N_("Go where the next goal is reached"), 20),)

_HANDBOOK = (
    Action("handbook.next", ("right", "l"), N_("next"), N_("The next chapter"), 20),
    Action("handbook.previous", ("left", "h"), N_("before"), N_("The chapter before"), 19),
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

_FOREIGN = (
    Action("foreign.no", ("esc", "n", "q"), N_("stop"), N_("Leave everything as it is"), 30),
    Action("foreign.let_pass", ("P",), N_("let it pass"), N_("It is right as it is: exactly this may leave"), 20),
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
    *_MODERATION,
    *_ANSWER,
    *_SAVED,
    *_PICK,
    *_MESSAGE,
    *_PERSON,
    *_AUTHORS,
    *_RULES,
    *_TRIAL,
    *_HITS,
    *_QUESTIONS,
    *_REPLIES,
    *_BANS,
    *_PROJECTS,
    *_CALENDAR,
    *_WARNINGS,
    *_ALL_MONTHS,
    *_PICTURES,
    *_COMMENTS,
    *_CARRY,
    *_COMPOSER,
    *_ACCOUNTS,
    *_PREVIEW,
    *_MEDIA,
    *_DELIVERIES,
    *_EVIDENCE,
    *_ADS,
    *_CAMPAIGN,
    *_COMPARE,
    *_AUDIENCE,
    *_SETUP,
    *_INSIGHT,
    *_PAGES,
    *_PAGE,
    *_PAGE_HISTORY,
    *_PAGE_CHECKLIST,
    *_SCHEME,
    *_BRIEF,
    *_WORK,
    *_LESSON,
    *_HANDBOOK,
    *_FORM,
    *_CHOICE,
    *_DIALOG,
    *_FOREIGN,
    *_MENU,
    *_FILTER,
)
