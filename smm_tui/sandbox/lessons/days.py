"""The days: what happens on each, and how what was done about it is judged."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.states import CampaignState, MessageState, State
from smm_tui.i18n import N_, _
from smm_tui.sandbox.lessons import scenes
from smm_tui.sandbox.lessons.course import Day, Goal, Verdict

if TYPE_CHECKING:
    from smm_tui.bootstrap import Workspace
    from smm_tui.db.reads.messages import MessageRow
    from smm_tui.db.reads.posts import PostRow

Scene = dict[str, int]

HARSH = ("hide", "delete", "ban", "mute", "restrict")
"""Verdicts that silence somebody."""

WELL_MIXED = (20, 34)
"""Percent of selling posts that a first plan should stay within."""


# -- the first page


def _has_project(w: Workspace, _scene: Scene) -> Verdict:
    projects = w.project_queries.all()
    if not projects:
        return Verdict(0, _("Go to Projects and add the client."))
    if not any(row.goal.strip() for row in projects):
        return Verdict(10, _("What are the posts for? Write the goal into the project."))
    return Verdict(20, _("The client, the goal and the clock of its readers are set."))


def _is_connected(w: Workspace, _scene: Scene) -> Verdict:
    accounts = w.account_queries.of_project(None)
    if not accounts:
        return Verdict(0, _("Choose the client with its digit, then connect the account in Set-up."))
    if not any(row.checked_at is not None and row.state == "ok" for row in accounts):
        return Verdict(10, _("The account was never checked: nobody knows yet whether its secret works."))
    return Verdict(30, _("The account answers, and you know what its secret allows."))


def _first_post(w: Workspace, _scene: Scene) -> Verdict:
    states = {delivery.state for _post, deliveries in w.post_queries.search() for delivery in deliveries}
    if State.LIVE in states:
        return Verdict(50, _("It is live, and it was read back."))
    if states & {State.APPROVED, State.ARMED, State.SENDING}:
        return Verdict(35, _("It goes out at its time; wait for it, or plan one for the next minutes."))
    if State.PLANNED in states:
        return Verdict(20, _("It waits for approval: a in the calendar."))
    return Verdict(0, _("Plan a post for the next minutes, and approve it."))


# -- the first plan


def _ahead(w: Workspace) -> list[PostRow]:
    """The posts of the coming fourteen days, by time."""
    now = w.clock()
    found = w.post_queries.search(start=now, end=now + 14 * DAY)
    return [post for post, _deliveries in found if post.state not in (State.CANCELLED, State.DRAFT)]


def _enough(w: Workspace, _scene: Scene) -> Verdict:
    count = len(_ahead(w))
    if count >= 8:
        return Verdict(25, _("Two weeks are full."))
    return Verdict(25 * count // 8, _("{count} of 8 posts are planned for the coming two weeks.").format(count=count))


def _kinds(w: Workspace, _scene: Scene) -> Verdict:
    kinds = {post.content_type for post in _ahead(w)}
    if len(kinds) >= 3:
        return Verdict(20, _("Kinds take turns: there is something for everybody."))
    return Verdict(7 * len(kinds), _("Use at least three kinds of post: inform, sell, entertain, ask."))


def _mixed(w: Workspace, _scene: Scene) -> Verdict:
    posts = _ahead(w)
    if len(posts) < 4:
        return Verdict(0, _("The mix shows with four posts or more."))
    share = round(100 * sum(post.content_type == "selling" for post in posts) / len(posts))
    low, high = WELL_MIXED
    if share == 0:
        return Verdict(0, _("Nothing sells: the customer never hears of the offers."))
    if share < low:
        return Verdict(12, _("{share} % sell: a little more would not hurt.").format(share=share))
    if share > high:
        return Verdict(5, _("{share} % sell: people unsubscribe from an endless advertisement.").format(share=share))
    return Verdict(20, _("{share} % sell: a page people stay on.").format(share=share))


def _taking_turns(w: Workspace, _scene: Scene) -> Verdict:
    posts = _ahead(w)
    if len(posts) < 4:
        return Verdict(0, _("The order shows with four posts or more."))
    for before, after in pairwise(posts):
        if before.content_type == after.content_type == "selling":
            return Verdict(0, _("Two offers follow each other: put something between them."))
    return Verdict(15, _("No two offers in a row."))


def _approved(w: Workspace, _scene: Scene) -> Verdict:
    posts = _ahead(w)
    done = sum(post.state not in (State.PLANNED, State.REJECTED, State.HELD) for post in posts)
    if posts and done == len(posts):
        return Verdict(20, _("Everything is approved: the worker does the rest."))
    points = 20 * done // max(len(posts), 8)
    return Verdict(points, _("{done} of {count} posts are approved.").format(done=done, count=len(posts)))


# -- the first angry comment, and the first crisis


def _said(w: Workspace, text: str) -> MessageRow | None:
    """The message that says this, if it was read already."""
    from smm_tui.db.reads.messages import QueueFilter

    every = QueueFilter(states=tuple(MessageState))
    rows = w.inbox_queries.messages(w.inbox_queries.ids(every))
    return next((row for row in rows.values() if text in row.text and not row.own), None)


def _actions(w: Workspace, row: MessageRow) -> set[str]:
    """What was decided about a message and not taken back."""
    found = w.inbox_queries.actions([row.id]).get(row.id, [])
    undone = {action.inverse_of for action in found if action.inverse_of is not None}
    return {action.verb for action in found if action.id not in undone and action.state != "cancelled"}


def _calm_answer(w: Workspace, _scene: Scene) -> Verdict:
    row = _said(w, _(scenes.ANGRY))
    if row is None:
        return Verdict(0, _("It comes in within a minute: the worker reads the page."))
    verbs = _actions(w, row)
    if verbs & set(HARSH):
        return Verdict(-15, _("Silencing an angry customer makes ten of them. Take it back, and answer."))
    if "reply" not in verbs:
        return Verdict(0, _("Answer it: thank, say what happens now, ask for the details in private."))
    late = row.answered_at is not None and row.due_at is not None and row.answered_at > row.due_at
    if late:
        return Verdict(30, _("Answered, but later than promised."))
    return Verdict(40, _("Answered in time, where everybody reads it."))


def _question(w: Workspace, _scene: Scene) -> Verdict:
    row = _said(w, _(scenes.QUESTION))
    if row is not None and "reply" in _actions(w, row):
        return Verdict(20, _("Somebody who asks is about to buy."))
    return Verdict(0, _("Somebody asks for the opening hours: they are in the client's goal."))


def _spam(w: Workspace, _scene: Scene) -> Verdict:
    row = _said(w, _(scenes.SPAM))
    if row is None:
        return Verdict(0)
    if _actions(w, row) & set(HARSH) or row.state in (MessageState.HIDDEN, MessageState.DELETED):
        return Verdict(20, _("The spam is out of sight."))
    if row.state == MessageState.CLOSED and not w.inbox_queries.possible(row, "hide").yes:
        return Verdict(20, _("This network hides nothing for others; it is out of your way."))
    if row.state == MessageState.CLOSED:
        return Verdict(10, _("It is out of your sight, but the customers still read it: x hides it."))
    return Verdict(0, _("One of the messages is spam: x."))


def _empty_queue(w: Workspace, _scene: Scene) -> Verdict:
    waiting = w.inbox_queries.count()
    if waiting or _said(w, _(scenes.ANGRY)) is None:
        return Verdict(0, _("{count} messages wait.").format(count=waiting))
    return Verdict(20, _("Nobody waits."))


def _nothing_cheerful(w: Workspace, scene: Scene) -> Verdict:
    held = w.post_queries.get(scene["cheerful"]).post
    if held.state in (State.HELD, State.CANCELLED, State.DRAFT) or (held.planned_at or 0) > w.clock() + 20 * HOUR:
        return Verdict(20, _("The joke of this evening does not go out today."))
    if held.state == State.LIVE:
        return Verdict(-10, _("A joke went out in the middle of it. That is what people will remember."))
    return Verdict(0, _("A joke is planned for this evening: hold it, move it or cancel it."))


def _corrected(w: Workspace, scene: Scene) -> Verdict:
    detail = w.post_queries.get(scene["wrong"])
    if detail.post.state == State.CANCELLED or all(row.state == State.CANCELLED for row in detail.deliveries):
        return Verdict(20, _("The wrong post is gone. Those who saw it still want to hear why."))
    edits = w.delivery_queries.evidence(detail.deliveries[0].id).intents
    if any(one.kind == "edit" and one.state == "done" for one in edits):
        return Verdict(30, _("The price is right now, and the post says so itself."))
    if any(one.kind in ("edit", "delete") for one in edits):
        return Verdict(15, _("The correction is on its way."))
    return Verdict(0, _("The price in the live post is wrong: open it in the calendar and correct it."))


def _upset(w: Workspace, _scene: Scene) -> Verdict:
    rows = [row for text in scenes.UPSET if (row := _said(w, _(text))) is not None]
    silenced = [row for row in rows if _actions(w, row) & set(HARSH)]
    if silenced:
        return Verdict(-10, _("{count} of them were silenced. They tell it elsewhere.").format(count=len(silenced)))
    answered = sum("reply" in _actions(w, row) for row in rows)
    if answered >= 3:
        return Verdict(30, _("They were answered: most will come back."))
    return Verdict(
        10 * answered, _("{count} of {all} were answered; three are enough.").format(count=answered, all=5)
    )


def _explained(w: Workspace, scene: Scene) -> Verdict:
    found = [
        (post, deliveries)
        for post, deliveries in w.post_queries.search()
        if post.created_at > scene["began"] and post.id not in (scene["wrong"], scene["cheerful"])
    ]
    if any(delivery.state == State.LIVE for _post, deliveries in found for delivery in deliveries):
        return Verdict(20, _("You said it yourself, before others did."))
    if any(post.state in (State.PLANNED, State.APPROVED, State.ARMED) for post, _deliveries in found):
        return Verdict(12, _("The explanation is planned: approve it, and do not wait long."))
    return Verdict(0, _("Write a post that says what happened and what holds now."))


# -- the first campaign


def _campaign(w: Workspace, scene: Scene) -> Verdict:
    found = w.campaigns.all()
    if not found:
        return Verdict(0, _("Add a campaign on the Ads screen."))
    within = [row for row in found if row.cap <= scene["most"]]
    if not within:
        return Verdict(5, _("It may lose more than the client agreed to: set what it may lose at most."))
    return Verdict(25, _("The money is agreed, and no mistake can lose more."))


def _audience(w: Workspace, _scene: Scene) -> Verdict:
    sets = [one for row in w.campaigns.all() for one in w.campaigns.sets(row.id) if one.removed_at is None]
    if not sets:
        return Verdict(0, _("Add an ad set: whom shall it reach?"))
    chosen = [one.audience for one in sets]
    places = any(audience.get("places") for audience in chosen)
    ages = any(audience.get("age_from") or audience.get("age_to") for audience in chosen)
    if places and ages:
        return Verdict(25, _("A place and an age: people who can come."))
    missing = _("the place") if not places else _("the age")
    return Verdict(12, _("Narrow it down: {what} is open.").format(what=missing))


def _with_an_ad(w: Workspace, _scene: Scene) -> Verdict:
    ads = [one for row in w.campaigns.all() for one in w.campaigns.ads(row.id) if one.removed_at is None]
    if not ads:
        return Verdict(0, _("Add an ad to the set: promote a post, or write a text with a link."))
    return Verdict(15, _("There is something to see."))


def _launched(w: Workspace, _scene: Scene) -> Verdict:
    states = {row.state for row in w.campaigns.all()}
    if states & {CampaignState.ACTIVE, CampaignState.IN_REVIEW, CampaignState.ENDED}:
        return Verdict(35, _("It runs, and it will stop by itself."))
    if CampaignState.REJECTED in states:
        return Verdict(15, _("The review refused it: read why, correct it, approve it again."))
    if states & {CampaignState.APPROVED, CampaignState.SCHEDULED, CampaignState.PAUSED}:
        return Verdict(20, _("It is approved: launch it."))
    if CampaignState.SUBMITTED in states:
        return Verdict(10, _("It is submitted: look at it once more, then approve it."))
    return Verdict(0, _("Submit it, approve it, launch it: three steps, because it is money."))


DAYS: tuple[Day, ...] = (
    Day(
        1,
        "page",
        N_("The first page"),
        (
            N_(
                "Your first client is a tea house in Budapest that nobody knows yet. They want forty guests an "
                "evening; until now they have a sign on the door."
            ),
            N_("They made an account, and gave you an access token of your own."),
        ),
        (
            Goal(
                "project",
                N_("Add the client, with a goal and the time zone of its readers"),
                20,
                "projects",
                _has_project,
            ),
            Goal("account", N_("Connect the account and let it be checked"), 30, "setup", _is_connected),
            Goal("post", N_("Let a first post go live"), 50, "calendar", _first_post),
        ),
        scenes.empty_desk,
    ),
    Day(
        2,
        "plan",
        N_("The first plan"),
        (
            N_(
                "The tea house wants to know what will be on its page. Make a plan of two weeks: at least eight "
                "posts, of at least three kinds, with offers between them but never two in a row."
            ),
            N_("The scheme (in Set-up) has places of the week; the calendar fills a month from them with one key."),
        ),
        (
            Goal("enough", N_("Eight posts in the coming two weeks"), 25, "calendar", _enough),
            Goal("kinds", N_("Three kinds of post take turns"), 20, "calendar", _kinds),
            Goal("mix", N_("Between a fifth and a third sell"), 20, "calendar", _mixed),
            Goal("turns", N_("Never two offers in a row"), 15, "calendar", _taking_turns),
            Goal("approved", N_("Everything is approved"), 20, "calendar", _approved),
        ),
        scenes.tea_house,
    ),
    Day(
        3,
        "comment",
        N_("The first angry comment"),
        (
            N_(
                "Yesterday the tea house was full and slow. Somebody waited, and writes below your post where "
                "everybody reads it. Others write as well."
            ),
            N_("Go to Moderation. Whatever you decide waits ten seconds before it leaves: u takes it back."),
        ),
        (
            Goal("angry", N_("Answer the angry comment, in time and in public"), 40, "moderation", _calm_answer),
            Goal("question", N_("Answer the question"), 20, "moderation", _question),
            Goal("spam", N_("Put the spam out of sight"), 20, "moderation", _spam),
            Goal("queue", N_("Let nobody wait"), 20, "moderation", _empty_queue),
        ),
        scenes.angry_comment,
    ),
    Day(
        4,
        "campaign",
        N_("The first campaign"),
        (
            N_(
                "The tea house opens a terrace, and gives you 200 EUR to let the neighbourhood know. Not a cent "
                "more: set what the campaign may lose at most, whatever happens."
            ),
            N_(
                "Those who come live near, and are grown up. The review of the network reads every ad before it runs."
            ),
        ),
        (
            Goal("money", N_("A campaign that can lose 200 EUR at most"), 25, "ads", _campaign),
            Goal("audience", N_("An ad set with a place and an age"), 25, "ads", _audience),
            Goal("ad", N_("An ad in it"), 15, "ads", _with_an_ad),
            Goal("launch", N_("Approved and launched"), 35, "ads", _launched),
        ),
        scenes.terrace,
    ),
    Day(
        5,
        "crisis",
        N_("The first crisis"),
        (
            N_(
                "A post of this morning says that a pot of tea costs 100 instead of 1,000 forints. It has been read, "
                "and guests have come. The owner is on the telephone."
            ),
            N_("First stop what is planned, then correct what is wrong, then answer, then explain."),
        ),
        (
            Goal("hold", N_("Nothing cheerful goes out today"), 20, "calendar", _nothing_cheerful),
            Goal("correct", N_("Correct the live post"), 30, "calendar", _corrected),
            Goal("answer", N_("Answer those who are upset, and silence nobody"), 30, "moderation", _upset),
            Goal("explain", N_("Say in a post of your own what happened"), 20, "calendar", _explained),
        ),
        scenes.wrong_price,
    ),
)


def day_of(word: str) -> Day | None:
    """A day by its number or name."""
    return next((day for day in DAYS if word.casefold() in (str(day.number), day.name)), None)
