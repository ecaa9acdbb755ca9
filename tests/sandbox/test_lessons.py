"""Days of learning: each can be won whole by doing what it asks, and loses points for what one should not do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.handbook import CHAPTERS
from smm_tui.networks.community import Verb
from smm_tui.sandbox.lessons import days, scenes, school
from smm_tui.sandbox.lessons.course import PASSED, Progress
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from tests.support.desk import TurnedClock


class Learner:
    """Somebody who spends a day, with a worker beside them."""

    def __init__(self, workspace: Workspace, clock: TurnedClock) -> None:
        self.w = workspace
        self.clock = clock

    def wait(self, minutes: float = 1) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.turn(minutes * 60)
        self.w.worker().read_once()
        self.w.runner().run_once()

    @property
    def progress(self) -> Progress:
        found = school.progress(self.w)
        assert found is not None
        return found

    def points(self, goal: str) -> int:
        return next(mark.verdict.points for mark in self.progress.marks if mark.goal.name == goal)

    def plan(self, text: str, at: int, kind: str = "informational") -> int:
        """Plan and approve a post some time from now."""
        when = self.w.posts.parse_when(f"+{at // MINUTE}m", 1)
        post = self.w.posts.add(PostDraft(1, kind, text, when)).ids[0]
        self.w.posts.approve([post])
        return post

    def message(self, text: str) -> int:
        """The message that says this."""
        found = days._said(self.w, text)
        assert found is not None, text
        return found.id


@contextmanager
def spent(folder: Path, name: str) -> Iterator[Learner]:
    """A day that just began."""
    clock = TurnedClock()
    day = days.day_of(name)
    assert day is not None
    with school.opened(school.begin(folder, day, clock=clock), clock) as workspace:
        learner = Learner(workspace, clock)
        assert learner.progress.score == 0
        yield learner


def test_the_first_page(tmp_path: Path) -> None:
    with spent(tmp_path, "page") as learner:
        login, token = (note.rpartition(" ")[2] for note in learner.progress.notes)
        learner.w.projects.add(ProjectDraft("Tea", "Europe/Budapest"))
        assert learner.points("project") == 10, "what is it for?"
        draft, version = learner.w.projects.draft_of(1)
        learner.w.projects.edit(1, draft._replace(goal="forty guests"), version=version)
        learner.w.accounts.add(1, "mastodon", login, {"token": token}, server="https://social.sandbox")
        learner.plan("We are open.", 2 * MINUTE)
        assert learner.points("post") == 35
        learner.wait(3)
        assert learner.progress.score == 100
        assert "All goals" in learner.progress.judgement


def test_the_first_plan(tmp_path: Path) -> None:
    with spent(tmp_path, "plan") as learner:
        posts = [learner.plan(f"Offer {place}", (place + 1) * 20 * HOUR, "selling") for place in range(8)]
        assert learner.points("mix") == 5
        assert learner.points("turns") == 0
        for place in (0, 1, 3, 4, 6, 7):
            draft, version = learner.w.posts.draft_of(posts[place])
            kind = "entertaining" if place % 2 else "informational"
            learner.w.posts.edit(posts[place], replace(draft, content_type=kind), version=version)
        assert learner.progress.score == 100


def test_the_first_angry_comment(tmp_path: Path) -> None:
    with spent(tmp_path, "comment") as learner:
        learner.wait()
        angry = learner.message(scenes.ANGRY)
        learner.w.inbox.act([angry], Verb.MUTE)
        assert learner.points("angry") == -15
        learner.w.undo.undo()
        learner.w.inbox.reply(angry, "Sorry for the wait! Tell us your table in a message: the next pot is ours.")
        learner.w.inbox.reply(learner.message(scenes.QUESTION), "Until ten in the evening.")
        learner.w.inbox.spam([learner.message(scenes.SPAM)])
        learner.w.inbox.close([learner.message(scenes.PRAISE)])
        learner.wait()
        assert learner.progress.score == 100


def test_the_first_crisis(tmp_path: Path) -> None:
    with spent(tmp_path, "crisis") as learner:
        learner.wait()
        (wrong,) = [post for post, _deliveries in learner.w.post_queries.search(state="live")]
        (joke,) = [post for post, _deliveries in learner.w.post_queries.search(state="approved")]
        learner.w.posts.cancel([joke.id])
        assert learner.points("hold") == 20
        draft, version = learner.w.posts.draft_of(wrong.id)
        text = draft.text.replace("100", "1,000")
        learner.w.live_posts.edit(wrong.id, replace(draft, text=text), version=version, approve=True)
        for upset in scenes.UPSET[:3]:
            learner.w.inbox.reply(learner.message(upset), "The price was our mistake. Today's pot is on us.")
        learner.plan("This morning we wrote a wrong price: here is what holds.", 2 * MINUTE)
        learner.wait(3)
        learner.wait(3)
        assert learner.progress.score == 100


def test_a_day_goes_on_where_it_was_and_can_begin_anew(tmp_path: Path) -> None:
    with spent(tmp_path, "plan") as learner:
        learner.plan("One", 5 * HOUR)
    day = days.day_of("2")
    with school.opened(school.begin(tmp_path, day)) as workspace:
        assert len(workspace.post_queries.search()) == 1
    with school.opened(school.begin(tmp_path, day, anew=True)) as workspace:
        assert workspace.post_queries.search() == []
    assert [state is not None for _day, state in school.report(tmp_path)] == [False, True, False, False, False]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    day = days.DAYS[0]
    folder = school.folder_of(tmp_path, day)
    folder.mkdir(parents=True)
    (folder / "novel.txt").write_text("chapter one")
    with pytest.raises(InvalidInput, match="no day of learning"):
        school.begin(tmp_path, day)
    assert (folder / "novel.txt").read_text() == "chapter one"


def test_every_day_has_a_hundred_points_and_leads_to_screens_with_a_chapter() -> None:
    for day in days.DAYS:
        assert sum(goal.most for goal in day.goals) == 100
        assert 0 < PASSED < 100
        assert {goal.screen for goal in day.goals} <= {chapter.scope for chapter in CHAPTERS}
    assert DAY == 24 * HOUR
