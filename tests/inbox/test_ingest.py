"""Taking in: nothing twice, nothing lost, nothing that a stranger writes stops the rest."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, HOUR, MINUTE, SECOND
from smm_tui.domain.errors import AuthExpired, DataError, RateLimited, Transient
from smm_tui.networks.community import ItemKind
from smm_tui.services import service_levels
from smm_tui.services.ingest import LONGEST_PAUSE, QUICKEST, SLOWEST, Ingest
from tests.inbox.support import item, make_post
from tests.support.desk import START


def test_an_item_is_stored_once_whatever_comes_again(post):
    assert post.store(item(1), item(2)).new == 2
    assert post.store(item(2), item(3), item(3)).new == 1
    assert list(post.rows()) == ["1", "2", "3"]


def test_kinds_are_numbered_apart(post):
    post.store(item(1), item(1, kind=ItemKind.MESSAGE), item(1, kind=ItemKind.REPORT))
    assert list(post.rows()) == ["1", "message:1", "report:1"]


def test_an_edit_is_followed_and_the_old_text_kept(post):
    post.store(item(1, "Is there bread?"))
    number = post.id_of("1")
    post.workspace.inbox.approve([number])
    assert post.store(item(1, "Buy followers", edited_at=START)).edited == 1

    talk = post.workspace.inbox_queries.conversation(number)
    assert [edit.text for edit in talk.edits] == ["Is there bread?"]
    assert (talk.message.text, talk.message.state, talk.message.edited_at) == ("Buy followers", "flagged", START)


def test_a_deletion_is_followed_and_what_comes_back_is_new(post):
    post.store(item(1), item(2))
    assert post.store(gone=["1", "99"]).gone == 1
    assert post.rows()["1"][0] == "deleted"
    post.store(item(1))
    assert post.rows()["1"][0] == "new"
    assert post.workspace.inbox_queries.get(post.id_of("1")).gone_at is None


def test_an_own_answer_from_elsewhere_closes_the_question(post):
    post.store(item(1), item(2))
    taken = post.store(item(3, "Yes", author="page", own=True, parent_id="1", at=START))
    assert (taken.new, taken.answered) == (0, 1)
    row = post.workspace.inbox_queries.get(post.id_of("1"))
    assert (row.state, row.answered_at, row.handled_by) == ("answered", START, "network")
    assert post.rows()["2"][0] == "new"
    assert post.rows()["3"][0] == "closed"
    assert post.workspace.inbox_queries.trace(row.id).log[-1].verb == "message.answered_elsewhere"


def test_an_answer_that_comes_before_its_question_closes_it_all_the_same(post):
    post.store(item(3, "Yes", author="page", own=True, parent_id="1", at=START))
    post.store(item(1))
    assert post.rows()["1"][0] == "answered"


def test_a_direct_answer_closes_all_that_was_asked_before(post):
    direct = {"kind": ItemKind.MESSAGE}
    post.store(item(1, **direct), item(2, **direct), item(9, at=START + HOUR, **direct))
    post.store(item(3, "Yes", author="page", own=True, at=START, **direct))
    assert [state for state, _text in post.rows().values()] == ["answered", "answered", "new", "closed"]


def test_old_history_is_no_work_but_a_broken_clock_is_no_history(post):
    post.store(item(1, at=START - 400 * DAY), item(2, at=0), item(3, at=START - 3 * DAY))
    post.store(item(4, at=START - 400 * DAY))
    assert {key: state for key, (state, _text) in post.rows().items()} == {
        "1": "closed",
        "2": "new",
        "3": "new",
        "4": "new",  # a year late, but it came now
    }


@pytest.mark.parametrize("at", [0, -5, 10**18, START - 40 * DAY, START + 10 * 365 * DAY])
def test_a_strange_clock_does_not_hide_a_message(post, at):
    post.store(item(1))
    post.store(item(2, at=at))
    row = post.workspace.inbox_queries.get(post.id_of("2"))
    assert row.due_at == post.clock.now + DAY


STRANGE = (
    "\x1b[31mred\x1b[0m",
    "null\0byte",
    "\u202eright to left",
    "lone \ud800 surrogate",
    "x" * 100_000,
    "Z\u0301" * 500,
    "[bold]markup[/]",
    "",
)


def test_strange_texts_are_kept_whole_and_block_nothing(post):
    post.store(*(item(number, text) for number, text in enumerate(STRANGE)))
    kept = [text for _state, text in post.rows().values()]
    assert kept == [text.encode("utf-8", "replace").decode() for text in STRANGE]


def test_one_bad_item_never_blocks_the_rest(post):
    bad = item(2)
    object.__setattr__(bad, "kind", "telegram from the dead")
    worse = item(3)
    object.__setattr__(worse, "attachments", (object(),))
    taken = post.store(item(1), bad, worse, item(4))
    assert (taken.new, list(post.rows())) == (2, ["1", "4"])


def test_authors_may_be_missing_or_change_their_names(post):
    post.store(item(1, author=""), item(2, author="kata"))
    post.store(item(3, author="kata"))
    queries = post.workspace.inbox_queries
    assert queries.get(post.id_of("1")).author_id is None
    assert queries.get(post.id_of("2")).author_id == queries.get(post.id_of("3")).author_id


def test_parents_that_are_gone_or_go_round_in_circles_end(post):
    post.store(item(1, parent_id="2"), item(2, parent_id="1"), item(3, parent_id="3"), item(4, parent_id="404"))
    assert len(post.workspace.inbox_queries.conversation(post.id_of("1")).messages) == 4


def test_rows_and_cursor_are_one_transaction(post, monkeypatch):
    post.store(item(1), cursor={"at": 1})

    def crash(*_arguments: object) -> None:
        raise DataError("The disk is full.")

    monkeypatch.setattr(Ingest, "_keep", staticmethod(crash))
    with pytest.raises(DataError):
        post.store(item(2), cursor={"at": 2})
    monkeypatch.undo()
    assert list(post.rows()) == ["1"]
    assert Ingest(post.workspace.db).source(post.accounts[0]).cursor == {"at": 1}
    assert post.store(item(2), cursor={"at": 2}).new == 1


def test_an_inbox_that_gives_the_same_page_for_ever_is_left(post):
    post.store(item(1), cursor={"at": 1}, more=True)
    assert not post.store(item(1), cursor={"at": 1}, more=True).more


def test_a_gap_is_kept_until_somebody_saw_it(post):
    post.store(item(1), gap="Nothing before yesterday is there any more.")
    post.store(item(2))
    account = post.accounts[0]
    assert "yesterday" in post.workspace.inbox_queries.inboxes([account])[account].gap
    post.workspace.inbox.dismiss_gaps([account])
    assert post.workspace.inbox_queries.inboxes([account])[account].gap == ""


def test_busy_inboxes_are_read_more_often_than_quiet_ones(post):
    account = post.accounts[0]

    def interval() -> int:
        return post.workspace.inbox_queries.inboxes([account])[account].interval

    for number in range(8):
        post.store(item(number))
    assert interval() == QUICKEST
    for _step in range(20):
        post.store()
    assert interval() == SLOWEST


def test_failures_keep_their_distance_and_a_dead_secret_stops_the_account(post):
    ingest, account = Ingest(post.workspace.db), post.accounts[0]

    def wait() -> int:
        return post.workspace.inbox_queries.inboxes([account])[account].next_at - post.clock.now

    waits = []
    for _try in range(8):
        ingest.failed(account, Transient("No line."))
        waits.append(wait())
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_PAUSE
    ingest.failed(account, RateLimited("Slowly.", retry_after=42))
    assert wait() == 42 * SECOND
    assert ingest.due() == []
    ingest.failed(account, AuthExpired("The token is dead."))
    post.clock.turn(3600)
    assert ingest.source(account) is None
    assert post.workspace.account_queries.get(account).state == "auth"


def test_what_was_snoozed_wakes(post):
    post.store(item(1))
    post.workspace.inbox.snooze([post.id_of("1")], post.clock.now + HOUR)
    ingest = Ingest(post.workspace.db)
    assert (ingest.wake(), post.workspace.inbox_queries.ids()) == (0, [])
    post.clock.turn(3601)
    assert ingest.wake() == 1
    assert post.workspace.inbox_queries.ids() == [post.id_of("1")]


def test_what_is_due_follows_the_projects_promise(post):
    service_levels.set_level(
        post.workspace.db,
        "tester",
        post.projects[0],
        minutes=60,
        by_kind={"message": 10},
        hours={str(day): ["09:00-18:00"] for day in range(5)},
    )
    post.store(item(1, at=START - MINUTE), item(2, kind=ItemKind.MESSAGE, at=START - MINUTE))
    queries = post.workspace.inbox_queries
    assert queries.get(post.id_of("1")).due_at == START + 59 * MINUTE  # 16:12 on a Monday
    assert queries.get(post.id_of("message:2")).due_at == START + 9 * MINUTE


@settings(max_examples=25, deadline=None)
@given(
    pages=st.lists(
        st.lists(
            st.tuples(st.integers(0, 12), st.sampled_from(["a", "b", "c"]), st.integers(-3, 3), st.booleans()),
            max_size=5,
        ),
        max_size=8,
    )
)
def test_in_whatever_order_things_come_each_is_there_once_with_its_last_text(pages):
    folder = Path(tempfile.mkdtemp(prefix="smm-tui-ingest-"))
    post = make_post(folder)
    last: dict[str, str] = {}
    try:
        for page in pages:
            post.store(*(item(number, text, own=own, at=START + at * HOUR) for number, text, at, own in page))
            for number, text, _at, own in page:
                known = last.get(str(number))
                last[str(number)] = (
                    known
                    if known is not None and known.startswith("!")
                    else (f"!{text}" if own and known is None else text)
                )
        assert {key: text for key, (_state, text) in post.rows().items()} == {
            key: text.removeprefix("!") for key, text in last.items()
        }
        ids = post.workspace.inbox_queries.ids()
        rows = post.workspace.inbox_queries.rows(ids)
        order = [(rows[number].due_at, number) for number in ids]
        assert order == sorted(order)
    finally:
        post.workspace.close()
        shutil.rmtree(folder)
