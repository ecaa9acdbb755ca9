"""Undo after do is identity, and redo after undo is what was done: over random sequences of commands."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.scheme import Slot, weekly
from smm_tui.services.plan_file import source
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.receipt import Receipt
from tests.services.conftest import make_office
from tests.support.database import Content, content, differences

TIMES = ("tomorrow 9", "fri 18:00", "+3d", "2026-10-25 02:30 second", None)
TEXTS = ("Hello", "Fresh rolls", "x" * 700, "", "árvíztűrő 👩‍👩‍👧")
ZONES = ("Europe/Budapest", "America/New_York", "Australia/Lord_Howe")

picks = st.integers(0, 99)


class Undo(RuleBasedStateMachine):
    """Commands come in any order; every undo must bring back exactly what was there before its command."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="smm-tui-undo-"))
        self.office = make_office(self.folder)
        self.workspace = self.office.workspace
        self.done: list[tuple[Content, Content]] = []
        self.undone: list[tuple[Content, Content]] = []

    def teardown(self) -> None:
        while self.done:
            self.undo()
        self.workspace.close()
        shutil.rmtree(self.folder)

    def content(self) -> Content:
        return content(self.folder / "smm-tui.db")

    def do(self, command: Callable[[], Receipt]) -> None:
        before = self.content()
        try:
            receipt = command()
        except InvalidInput:
            assert self.content() == before
            return
        after = self.content()
        if receipt.undo is None:
            assert after == before, differences(before, after)
            return
        assert after != before
        self.done.append((before, after))
        self.undone.clear()

    def post(self, pick: int) -> int:
        posts = self.workspace.post_queries.search()
        return posts[pick % len(posts)][0].id if posts else 1

    def project(self, pick: int) -> int:
        projects = self.workspace.project_queries.all(archived=True)
        return projects[pick % len(projects)].id

    def account(self, pick: int) -> int:
        return self.office.accounts[pick % len(self.office.accounts)]

    def delivery(self, pick: int) -> int:
        ids = self.workspace.delivery_queries.ids()
        return ids[pick % len(ids)] if ids else 1

    def draft(self, pick: int, text: str, words: str | None, variant: str) -> PostDraft:
        try:
            when = words and self.workspace.posts.parse_when(words, self.office.project)
        except InvalidInput:
            when = None
        accounts = (None, self.office.accounts, self.office.accounts[:1], ())[pick % 4]
        variants = {self.office.accounts[0]: variant} if variant and accounts else {}
        return PostDraft(
            self.office.project, text=text, when=when or None, accounts=accounts, variants=variants, language="hu"
        )

    @rule(pick=picks, text=st.sampled_from(TEXTS), words=st.sampled_from(TIMES), variant=st.sampled_from(("", "Own")))
    def add(self, pick: int, text: str, words: str | None, variant: str) -> None:
        self.do(lambda: self.workspace.posts.add(self.draft(pick, text, words, variant)))

    @rule(pick=picks, text=st.sampled_from(TEXTS), words=st.sampled_from(TIMES), variant=st.sampled_from(("", "Own")))
    def edit(self, pick: int, text: str, words: str | None, variant: str) -> None:
        def command() -> Receipt:
            post = self.post(pick)
            _old, version = self.workspace.posts.draft_of(post)
            return self.workspace.posts.edit(post, self.draft(pick, text, words, variant), version=version)

        self.do(command)

    @rule(picks=st.lists(picks, min_size=1, max_size=3), words=st.sampled_from(TIMES))
    def move(self, picks: list[int], words: str | None) -> None:
        posts = list(dict.fromkeys(self.post(pick) for pick in picks))
        when = words and self.workspace.posts.parse_when(words, self.office.project)
        self.do(lambda: self.workspace.posts.move(posts, when or None))

    @rule(pick=picks)
    def copy(self, pick: int) -> None:
        when = self.workspace.posts.parse_when("+5d", self.office.project)
        self.do(lambda: self.workspace.posts.copy(self.post(pick), when))

    @rule(picks=st.lists(picks, min_size=1, max_size=3), hours=st.sampled_from((-48, -1, 1, 24, 24 * 35)))
    def shift(self, picks: list[int], hours: int) -> None:
        posts = list(dict.fromkeys(map(self.post, picks)))
        self.do(lambda: self.workspace.reschedule.shift(posts, timedelta(hours=hours)))

    @rule(pick=picks, weeks=st.sampled_from(([1], [1, 2])))
    def repeat(self, pick: int, weeks: list[int]) -> None:
        self.do(lambda: self.workspace.reschedule.repeat([self.post(pick)], weeks))

    @rule(day=st.integers(0, 6), kind=st.sampled_from(("", "selling")))
    def open_places(self, day: int, kind: str) -> None:
        slot = Slot(weekly([day]), date(2026, 9, 1), time(18), kind)
        self.do(lambda: self.workspace.scheme.add_slot(self.office.project, slot))

    @rule(month=st.sampled_from((9, 10)), what=st.sampled_from(("fill", "submit", "approve")))
    def month(self, month: int, what: str) -> None:
        reviews = self.workspace.reviews
        command = {
            "fill": self.workspace.fill.fill,
            "submit": reviews.submit_month,
            "approve": reviews.approve_month,
        }[what]
        self.do(lambda: command(self.office.project, 2026, month))

    @rule(month=st.sampled_from((9, 10)), text=st.sampled_from(("Hello there", "Fresh")), remove=st.booleans())
    def apply_a_file(self, month: int, text: str, remove: bool) -> None:
        queries, plans = self.workspace.plan_queries, self.workspace.plans
        if self.workspace.project_queries.get(self.office.project).archived_at is not None:
            return
        file = queries.export(self.office.project, 2026, month, "md").replace("Hello", text)
        file = file.rpartition("\n### ")[0] + "\n" if remove and "\n### " in file else file
        document, flaws = source.read(file.encode(), "md")
        self.do(lambda: plans.apply(self.office.project, 2026, month, document, flaws, remove=remove)[0])

    @rule(pick=picks, what=st.sampled_from(("submit", "send_back", "comment")))
    def review(self, pick: int, what: str) -> None:
        reviews, post = self.workspace.reviews, self.post(pick)
        if what == "comment":
            self.do(lambda: reviews.comment(post, "Nice", "client"))
        else:
            self.do(lambda: reviews.submit([post]) if what == "submit" else reviews.send_back([post], "No"))

    @rule(picks=st.lists(picks, min_size=1, max_size=3))
    def approve(self, picks: list[int]) -> None:
        self.do(lambda: self.workspace.posts.approve(list(dict.fromkeys(map(self.post, picks)))))

    @rule(pick=picks)
    def unapprove(self, pick: int) -> None:
        self.do(lambda: self.workspace.posts.unapprove([self.post(pick)]))

    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        self.do(lambda: self.workspace.posts.cancel([self.post(pick)]))

    @rule(pick=picks)
    def hold(self, pick: int) -> None:
        self.do(lambda: self.workspace.deliveries.hold(self.delivery(pick)))

    @rule(pick=picks, answer=st.sampled_from(("live", "resend", "drop")))
    def resolve(self, pick: int, answer: str) -> None:
        def command() -> Receipt:
            number = self.delivery(pick)
            if answer == "live":
                return self.workspace.deliveries.resolve_live(number, "https://social.example/1")
            if answer == "resend":
                return self.workspace.deliveries.resolve_resend(number)
            return self.workspace.deliveries.resolve_drop(number)

        self.do(command)

    @rule(name=st.sampled_from(("Gym", "Radio", "bakery")), zone=st.sampled_from(ZONES))
    def add_project(self, name: str, zone: str) -> None:
        self.do(lambda: self.workspace.projects.add(ProjectDraft(name, zone)))

    @rule(pick=picks, zone=st.sampled_from(ZONES), approval=st.sampled_from(("none", "item")))
    def edit_project(self, pick: int, zone: str, approval: str) -> None:
        def command() -> Receipt:
            draft, version = self.workspace.projects.draft_of(self.project(pick))
            draft = draft._replace(timezone=zone, approval=approval)
            return self.workspace.projects.edit(self.project(pick), draft, version=version)

        self.do(command)

    @rule(pick=picks)
    def archive(self, pick: int) -> None:
        self.do(lambda: self.workspace.projects.archive(self.project(pick)))

    @rule(pick=picks, what=st.sampled_from(("pause", "resume", "remove")))
    def change_account(self, pick: int, what: str) -> None:
        self.do(lambda: getattr(self.workspace.accounts, what)(self.account(pick)))

    @rule(minutes=st.integers(0, 600))
    def wait(self, minutes: int) -> None:
        self.office.clock.turn(minutes * 60)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        before, after = self.done.pop()
        assert self.workspace.undo.undo().count == 1
        assert self.content() == before, differences(before, self.content())
        self.undone.append((before, after))

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        before, after = self.undone.pop()
        assert self.workspace.undo.redo().count == 1
        assert self.content() == after, differences(after, self.content())
        self.done.append((before, after))

    @invariant()
    def a_post_shows_its_worst_delivery(self) -> None:
        from smm_tui.domain.states import State, of_post

        for post, deliveries in self.workspace.post_queries.search():
            if deliveries:
                assert post.state == of_post([State(row.state) for row in deliveries])


TestUndo = Undo.TestCase
TestUndo.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, derandomize=True, phases=(Phase.generate, Phase.shrink)
)


def test_nothing_to_undo_or_redo_is_no_error(office) -> None:
    assert office.workspace.undo.undo(99).count == 3  # the project and its two accounts
    assert office.workspace.undo.undo().count == 0
    for _step in range(3):
        assert office.workspace.undo.redo().count == 1
    assert office.workspace.undo.redo().count == 0


def test_a_new_command_ends_the_way_forward(office) -> None:
    office.add("one")
    office.workspace.undo.undo()
    office.add("two")
    assert office.workspace.undo.redo().count == 0
    assert [post.text for post, _deliveries in office.workspace.post_queries.search()] == ["two"]


def test_several_steps_at_once(office) -> None:
    for text in ("one", "two", "three"):
        office.add(text)
    assert office.workspace.undo.undo(2).count == 2
    assert [post.text for post, _deliveries in office.workspace.post_queries.search()] == ["one"]
    with pytest.raises(InvalidInput):
        office.workspace.undo.undo(0)


def test_what_the_worker_moved_on_is_not_taken_back(desk) -> None:
    post = desk.approved("Hello", seconds=60)
    desk.clock.turn(61)
    desk.work()
    assert set(desk.states(post).values()) == {"live"}
    with pytest.raises(Conflict, match="moved on"):
        desk.workspace.undo.undo()
    assert set(desk.states(post).values()) == {"live"}


def test_an_approval_is_taken_back_although_the_worker_has_armed_it(desk) -> None:
    post = desk.approved("Hello", seconds=600)
    desk.work()
    assert set(desk.states(post).values()) == {"armed"}
    desk.workspace.undo.undo()
    assert set(desk.states(post).values()) == {"planned"}
    desk.clock.turn(700)
    desk.work()
    assert desk.live() == {}


def test_a_number_never_comes_to_mean_another_post(office) -> None:
    first = office.add("one")
    office.workspace.undo.undo()
    assert office.add("two") > first
