"""Verdicts, replies and people: what they do at once, what they queue, and that undo takes all of it back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from smm_tui.db.reads.messages import QueueFilter
from smm_tui.domain.clock import DAY, HOUR
from smm_tui.domain.errors import Conflict, InvalidInput, Unsupported
from smm_tui.domain.states import MessageState
from smm_tui.networks.community import ItemKind, Verb
from smm_tui.services.receipt import Receipt
from tests.inbox.support import Post, item, make_post
from tests.support.database import Content, content, differences

VERBS = tuple(Verb)


@pytest.fixture
def post(tmp_path):
    made = make_post(tmp_path / "data", accounts=(("bluesky", {}), ("bluesky", {})))
    made.store(*(item(number, f"Question {number}?", author="abc"[number % 3]) for number in range(6)))
    made.store(item(100), account=1)
    yield made
    made.workspace.close()


def pending(post: Post) -> list[tuple[int, str]]:
    """What would still leave: message and verb."""
    return post.workspace.db.rows(
        lambda number, verb: (number, verb),
        "SELECT message_id, verb FROM action WHERE state != 'cancelled' ORDER BY message_id, verb",
    )


def test_the_queue_shows_what_has_the_least_time_left_first(tmp_path):
    post = make_post(tmp_path / "other")
    post.store(*(item(number, at=1_790_000_000_000 - number * HOUR) for number in (3, 1, 2)))
    queries = post.workspace.inbox_queries
    assert [queries.get(number).remote_id for number in queries.ids()] == ["3", "2", "1"]
    post.workspace.close()


def test_a_window_after_a_place_goes_through_all_of_it_once(post):
    queries, seen, place = post.workspace.inbox_queries, [], None
    while found := queries.after(QueueFilter(), place, limit=2):
        seen += [number for number, _due in found]
        place = (found[-1][1], found[-1][0])
    assert seen == queries.ids()


def test_words_are_found_by_their_beginnings_and_without_accents(post):
    post.store(item(200, "Árvíztűrő tükörfúrógép"))
    queries = post.workspace.inbox_queries
    found = queries.ids(QueueFilter(text="tukorf arvizturo"))
    assert found == [post.id_of("200")]
    assert queries.ids(QueueFilter(text='"; DROP TABLE message; --')) == []
    assert queries.ids(QueueFilter(text="question", project_id=post.projects[1])) == []
    assert queries.count(QueueFilter(text="question")) == 6


def test_filters(post):
    service, queries = post.workspace.inbox, post.workspace.inbox_queries
    ids = queries.ids(QueueFilter(project_id=post.projects[0]))
    assert len(ids) == 6
    service.assign(ids[:2], "kata")
    service.label(ids[:1], add=["vip"])
    service.close(ids[5:])
    assert queries.ids(QueueFilter(assigned_to="kata")) == ids[:2]
    assert queries.ids(QueueFilter(label="vip")) == ids[:1]
    assert queries.ids(QueueFilter(states=("closed",))) == ids[5:]
    assert queries.ids(QueueFilter(kinds=("message",))) == []
    assert queries.ids(QueueFilter(late=True)) == []
    assert queries.backlog()[post.projects[0]] == (5, 0)
    author = queries.get(ids[0]).author_id
    assert set(queries.ids(QueueFilter(author_id=author))) <= set(ids)


def test_a_verdict_waits_for_its_window_and_leaves_no_trace_when_taken_back(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    post.workspace.inbox.act([number], Verb.HIDE)
    action = post.workspace.inbox_queries.actions([number])[number][0]
    assert (action.state, action.not_before) == ("held", post.clock.now + 10_000)
    post.workspace.undo.undo()
    assert pending(post) == []
    assert post.workspace.inbox_queries.get(number).state == "new"


def test_the_window_is_the_workspaces_own(post):
    post.workspace.inbox.set_hold(0)
    (number, *_rest) = post.workspace.inbox_queries.ids()
    post.workspace.inbox.act([number], Verb.LIKE)
    assert post.workspace.inbox_queries.actions([number])[number][0].not_before == post.clock.now


def test_what_has_not_left_is_cancelled_by_its_opposite(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    post.workspace.inbox.act([number], Verb.LIKE)
    post.workspace.inbox.act([number], Verb.UNLIKE)
    assert pending(post) == []
    post.workspace.undo.undo()
    assert pending(post) == [(number, "like")]


def test_what_an_account_cannot_do_is_refused_with_the_reason(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    with pytest.raises(Unsupported) as refused:
        post.workspace.inbox.act([number], Verb.DELETE)
    assert "cannot do that" in refused.value.message
    assert not post.workspace.inbox.foresee([number], Verb.DELETE)[number].yes


def test_what_cannot_be_taken_back_says_so_first(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    can = post.workspace.inbox.foresee([number], Verb.REPORT)[number]
    assert can.yes
    assert can.final
    assert not post.workspace.inbox.foresee([number], Verb.HIDE)[number].final


def test_one_ban_an_author(post):
    ids = post.workspace.inbox_queries.ids(QueueFilter(project_id=post.projects[0]))
    post.workspace.inbox.act(ids, Verb.BAN, reason="spam")
    assert len(pending(post)) == 3
    assert {post.workspace.inbox_queries.get(number).state for number in ids} == {"closed"}


def test_an_answer_is_measured_as_the_network_counts(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    post.workspace.inbox.reply(number, "👩‍👩‍👧" * 160)
    post.workspace.undo.undo()
    with pytest.raises(InvalidInput, match="301 of 300"):
        post.workspace.inbox.reply(number, "x" * 301)
    with pytest.raises(InvalidInput, match="5400 of 3000"):
        post.workspace.inbox.reply(number, "👩‍👩‍👧" * 300)
    with pytest.raises(InvalidInput, match="empty"):
        post.workspace.inbox.reply(number, " \n")


def test_a_message_is_answered_once_at_a_time(post):
    (number, *_rest) = post.workspace.inbox_queries.ids()
    post.workspace.inbox.reply(number, "Yes")
    with pytest.raises(Conflict):
        post.workspace.inbox.reply(number, "Yes, indeed")
    assert pending(post) == [(number, "reply")]


def test_what_its_author_took_back_is_not_answered(post):
    number = post.id_of("1")
    post.store(gone=["1"])
    with pytest.raises(InvalidInput, match="took it back"):
        post.workspace.inbox.reply(number, "Yes")


def test_strikes_are_forgotten_and_notes_and_names_follow_the_person(post):
    service, queries = post.workspace.inbox, post.workspace.inbox_queries
    one, two = queries.get(post.id_of("0")), queries.get(post.id_of("1"))
    service.strike([one.id], "rude", days=10)
    service.note(one.author_id, one.project_id, "Wholesale customer")
    service.link([one.author_id, two.author_id], "Anna N.")
    card = queries.author_card(two.author_id, two.project_id)
    assert [strike.reason for strike in card.strikes] == ["rude"]
    assert [note.text for note in card.notes] == ["Wholesale customer"]
    assert card.author.person == "Anna N."
    post.clock.turn(11 * 24 * 3600)
    assert queries.author_card(two.author_id, two.project_id).strikes == []


def test_a_question_becomes_an_idea(post):
    post.workspace.inbox.idea(post.id_of("1"))
    assert [idea.text for idea in post.workspace.scheme_queries.ideas(post.projects[0])] == ["Question 1?"]


EVERYTHING = (
    ("bluesky", {}),
    (
        "mastodon",
        {"software": "mastodon", "staff": ["admin:read:reports", "admin:write:reports", "admin:write:accounts"]},
    ),
    ("vk", {}),
    ("facebook", {}),
)
"""Accounts that together can do every verb."""


def test_together_these_accounts_can_do_every_verb(tmp_path):
    post = make_post(tmp_path / "data", accounts=EVERYTHING)
    for place in range(len(EVERYTHING)):
        post.store(item(f"{place}"), account=place)
    post.store(item("r", kind=ItemKind.REPORT), account=1)
    queries = post.workspace.inbox_queries
    rows = queries.messages(queries.ids()).values()
    assert {verb for verb in Verb if any(queries.possible(row, verb).yes for row in rows)} == set(Verb)
    post.workspace.close()


class Undo(RuleBasedStateMachine):
    """Verdicts come in any order; every undo brings back exactly what was there, and what would leave."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="smm-tui-verdicts-"))
        self.post = make_post(self.folder, accounts=EVERYTHING)
        for place in range(len(EVERYTHING)):
            self.post.store(item(f"{place}0", author="a"), item(f"{place}1", author="b"), account=place)
        self.post.store(item("r", kind=ItemKind.REPORT), account=1)
        self.ids = self.post.workspace.inbox_queries.ids()
        self.done: list[tuple[object, object]] = []
        self.undone: list[tuple[object, object]] = []

    def teardown(self) -> None:
        while self.done:
            self.undo()
        self.post.workspace.close()
        shutil.rmtree(self.folder)

    def now(self) -> tuple[Content, list[tuple[int, str]]]:
        return content(self.folder / "smm-tui.db"), pending(self.post)

    def do(self, command: Callable[[], Receipt]) -> None:
        before = self.now()
        self.post.clock.turn(1)
        try:
            receipt = command()
        except (InvalidInput, Unsupported, Conflict):
            assert self.now() == before
            return
        after = self.now()
        if receipt.undo is None:
            assert after == before, differences(before[0], after[0])
            return
        assert after != before
        self.done.append((before, after))
        self.undone.clear()

    some = st.lists(st.integers(0, 2 * len(EVERYTHING)), min_size=1, max_size=3, unique=True)

    def pick(self, places: list[int]) -> list[int]:
        return [self.ids[place] for place in places]

    @rule(places=some, verb=st.sampled_from(VERBS))
    def act(self, places: list[int], verb: Verb) -> None:
        self.do(lambda: self.post.workspace.inbox.act(self.pick(places), verb))

    @rule(places=some, word=st.sampled_from(("approve", "close", "reopen", "flag", "spam")))
    def settle(self, places: list[int], word: str) -> None:
        self.do(lambda: getattr(self.post.workspace.inbox, word)(self.pick(places)))

    @rule(places=some, days=st.integers(1, 3))
    def snooze(self, places: list[int], days: int) -> None:
        self.do(lambda: self.post.workspace.inbox.snooze(self.pick(places), self.post.clock.now + days * DAY))

    @rule(places=some, who=st.sampled_from(("", "kata")))
    def assign(self, places: list[int], who: str) -> None:
        self.do(lambda: self.post.workspace.inbox.assign(self.pick(places), who))

    @rule(places=some, label=st.sampled_from(("vip", "spam")), add=st.booleans())
    def label(self, places: list[int], label: str, add: bool) -> None:
        put = {"add": [label]} if add else {"remove": [label]}
        self.do(lambda: self.post.workspace.inbox.label(self.pick(places), **put))

    @rule(places=some, text=st.sampled_from(("Yes", "x" * 400)))
    def reply(self, places: list[int], text: str) -> None:
        self.do(lambda: self.post.workspace.inbox.reply(self.pick(places)[0], text))

    @rule(places=some)
    def strike(self, places: list[int]) -> None:
        self.do(lambda: self.post.workspace.inbox.strike(self.pick(places), "rude"))

    @rule(places=some)
    def note(self, places: list[int]) -> None:
        row = self.post.workspace.inbox.get(self.pick(places)[0])
        self.do(lambda: self.post.workspace.inbox.note(row.author_id, row.project_id, "wholesale"))

    @rule(places=some)
    def forget(self, places: list[int]) -> None:
        row = self.post.workspace.inbox.get(self.pick(places)[0])
        card = self.post.workspace.inbox.author_card(row.author_id, row.project_id)
        for note in card.notes[:1]:
            self.do(partial(self.post.workspace.inbox.drop_note, note.id))
        for strike in card.strikes[:1]:
            self.do(partial(self.post.workspace.inbox.forgive, strike.id))

    @rule(places=some)
    def unlink(self, places: list[int]) -> None:
        row = self.post.workspace.inbox.get(self.pick(places)[0])
        self.do(lambda: self.post.workspace.inbox.unlink(row.author_id))

    @rule(places=some)
    def idea(self, places: list[int]) -> None:
        self.do(lambda: self.post.workspace.inbox.idea(self.pick(places)[0]))

    @rule(places=some)
    def link(self, places: list[int]) -> None:
        rows = self.post.workspace.inbox_queries.messages(self.pick(places))
        self.do(lambda: self.post.workspace.inbox.link([row.author_id for row in rows.values()]))

    @rule()
    def undo(self) -> None:
        if not self.done:
            return
        before, after = self.done.pop()
        assert self.now() == after
        self.post.workspace.undo.undo()
        assert self.now() == before
        self.undone.append((before, after))

    @rule()
    def redo(self) -> None:
        if not self.undone:
            return
        before, after = self.undone.pop()
        self.post.workspace.undo.redo()
        assert self.now() == after
        self.done.append((before, after))

    @invariant()
    def states_are_known(self) -> None:
        assert {state for state, _text in self.post.rows().values()} <= set(MessageState)


Undo.TestCase.settings = settings(max_examples=12, stateful_step_count=15, deadline=None, phases=[Phase.generate])
TestUndo = Undo.TestCase
