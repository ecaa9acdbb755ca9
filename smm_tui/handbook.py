"""A short handbook of the trade: a chapter for each screen, opened where it matters. Imported when it is read."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.i18n import N_


class Chapter(NamedTuple):
    """What a beginner should know before using a screen; `scope` is the screen's, as in :mod:`smm_tui.actions`."""

    scope: str
    title: str
    paragraphs: tuple[str, ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "projects",
        N_("The client and the goal"),
        (
            N_(
                "Before the first post, ask the client what the page is for: more orders, full courses, fewer calls "
                "at the counter. A goal has a figure and a day. “More followers” is none."
            ),
            N_(
                "Write down where the readers live. All times of a project are local there, also when you sit in "
                "another zone and when the clocks change."
            ),
            N_(
                "Four to six clients is what one person can know by heart. With more, the answers get slower before "
                "the plan gets worse, and clients leave over answers."
            ),
        ),
    ),
    Chapter(
        "brief",
        N_("The brief and the audience"),
        (
            N_(
                "A brief says the tone, the words that must not be used, what may be promised, and whom to call when "
                "something burns. Get it in writing, and get it approved."
            ),
            N_(
                "An audience is not “everybody from 18 to 65”. Describe two or three kinds of people: where they "
                "live, what they want, what keeps them from buying, what they ask again and again."
            ),
            N_(
                "What you believe of them is a hypothesis until the figures agree. Write it down with the day, and "
                "come back to it."
            ),
        ),
    ),
    Chapter(
        "setup",
        N_("Accounts and pages"),
        (
            N_(
                "Ask for access of your own, never for the client's password: a page role, a bot, an app password. "
                "What was given can be taken back without changing everything else."
            ),
            N_(
                "Check each account once after it is connected: the check says what its secret allows. A right that "
                "is missing shows now, not on the day of the sale."
            ),
            N_(
                "A new page needs a name people search for, a picture that works at the size of a thumbnail, a "
                "sentence that says what they get, a link, and three posts before the first visitor comes."
            ),
        ),
    ),
    Chapter(
        "calendar",
        N_("The plan of a month"),
        (
            N_(
                "Posts do not appear on impulse. Agree on a scheme: which days, which times, which kinds of post "
                "take turns. Fill the month from it, then have the month approved as a whole."
            ),
            N_(
                "Only informing, and the customer never hears of the offers. Only selling, and people leave. Between "
                "a fifth and a third of selling posts is where most pages live well; your own figures decide."
            ),
            N_(
                "Never two offers in a row. After an offer comes something that is worth reading for those who do "
                "not buy: how it is made, a question, a person."
            ),
            N_(
                "Plan what you know (holidays, sales, seasons), and leave room for what you do not. A post that "
                "could go out on any day belongs among the ideas."
            ),
        ),
    ),
    Chapter(
        "composer",
        N_("A post"),
        (
            N_(
                "The first line decides. Say what happens for the reader, then the details, then what to do: order, "
                "come, answer."
            ),
            N_(
                "One post, one wish. A price, a day and a place belong together; a second offer belongs into a "
                "second post."
            ),
            N_(
                "Describe pictures: people who cannot see them read the description, and so do search engines. Say "
                "what is to be seen, not “picture”."
            ),
            N_(
                "Each network counts differently and shows links differently. Look at the preview of each account, "
                "and write a text of its own where the common one suffers."
            ),
        ),
    ),
    Chapter(
        "deliveries",
        N_("What went out"),
        (
            N_(
                "“Live” means that the post was read back from the network. “Unknown” means that no answer came: "
                "look at the page before you send anything again. Two posts are worse than one that is late."
            ),
            N_(
                "An offer that is late may be worse than none: that is why it asks. An opening hour that is ten "
                "minutes late is fine."
            ),
            N_(
                "A live post can be corrected on most networks. Say so in the text if the price or the day was wrong."
            ),
        ),
    ),
    Chapter(
        "moderation",
        N_("Messages and comments"),
        (
            N_(
                "Answer questions within the hour while people are awake: whoever asks what delivery costs is about "
                "to buy, here or elsewhere."
            ),
            N_(
                "An angry comment is answered, not deleted. Thank for it, say what happens now, take the details "
                "into private messages, come back when it is settled. Others read how you answer, not what was wrong."
            ),
            N_(
                "Delete or hide what harms others: spam, insults, strangers' telephone numbers. Say why once, and "
                "write a strike. Ban for a term first."
            ),
            N_(
                "The same question for the third time is a post, or a line in the page's description. Keep it as an "
                "idea with one key."
            ),
        ),
    ),
    Chapter(
        "ads",
        N_("Advertising"),
        (
            N_(
                "Decide first what one new customer may cost. Then the budget, then the audience, then the picture. "
                "A campaign without a goal cannot fail, and cannot be stopped in time."
            ),
            N_(
                "Begin narrow: the city, or a kilometre around three metro stations; ages that really buy. Widen it "
                "when the figures are good, not when they are bad."
            ),
            N_(
                "Test one thing at a time, with the same money on both sides, and wait for enough results. Ten "
                "clicks prove nothing."
            ),
            N_("Promote posts that did well by themselves. What nobody liked for free, nobody likes for money."),
        ),
    ),
    Chapter(
        "insight",
        N_("Figures"),
        (
            N_(
                "Followers are the slowest figure and the easiest to admire. Look at answers, at clicks, at those "
                "who left, and at what the client earns."
            ),
            N_(
                "Compare like with like: the same weekday, the same kind of post, the same season. A figure without "
                "its day is a rumour."
            ),
            N_("“Not enough data” is an answer. Wait, or make the test larger."),
        ),
    ),
    Chapter(
        "work",
        N_("Your own day"),
        (
            N_(
                "Time is measured from what you do here; correct it in the evening, while you know. Calls and "
                "meetings are written by hand or kept by the timer."
            ),
            N_(
                "Look at the hourly figure of each client once a month. The client who pays most is not always the "
                "one who pays best."
            ),
            N_(
                "Agree what is in the price: how many posts, on how many networks, within which hours questions are "
                "answered. Everything else is a task with a price of its own."
            ),
        ),
    ),
    Chapter(
        "today",
        N_("A day at the desk"),
        (
            N_(
                "Begin with Today, from the top: what failed in the night, who waits longest, what wants approval, "
                "which days are empty. When the list is short, plan."
            ),
            N_(
                "In a crisis: stop what is planned first, then correct what is wrong, then answer, and only then "
                "explain. Nothing cheerful goes out on the day of an accident."
            ),
            N_("Look which client's name stands in the first line before you write. The colour is there for that."),
        ),
    ),
)


_ALSO = {"pages": "setup", "page": "setup", "page_checklist": "setup"}
"""Screens whose chapter is that of another one."""


def chapter_for(scope: str) -> int:
    """The place of the chapter that belongs to a screen; the first of the day where none does."""
    scope = _ALSO.get(scope, scope)
    places = [place for place, chapter in enumerate(CHAPTERS) if chapter.scope == scope]
    return places[0] if places else len(CHAPTERS) - 1
