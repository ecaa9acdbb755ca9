"""What a day of learning is: a story, goals that are judged by the workspace itself, and a score."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from smm_tui.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from smm_tui.bootstrap import Workspace
    from smm_tui.domain.clock import Clock

PASSED = 60
"""Points of a hundred with which a day is passed."""

SCENE = "lesson.scene"
"""The remembered fact that holds what a day needs to know of how it began: JSON."""


class Verdict(NamedTuple):
    """What a goal brought: points, and a sentence of feedback where something is missing or was well done."""

    points: int
    told: str = ""


class Goal(NamedTuple):
    """Something to be done. `judge` looks at the workspace as it is; `most` are the points for doing it well;
    `screen` is where it is done."""

    name: str
    title: str
    most: int
    screen: str
    judge: Callable[[Workspace, dict[str, int]], Verdict]


class Day(NamedTuple):
    """A day. `prepare` makes its world in an empty folder and gives what the judges want to know."""

    number: int
    name: str
    title: str
    story: tuple[str, ...]
    goals: tuple[Goal, ...]
    prepare: Callable[[Path, Clock], None]


class Mark(NamedTuple):
    """A goal as it stands."""

    goal: Goal
    verdict: Verdict

    @property
    def met(self) -> bool:
        """Whether all of its points are there."""
        return self.verdict.points >= self.goal.most


class Progress(NamedTuple):
    """A day as it stands; `notes` are what the learner needs to begin, such as logins."""

    day: Day
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]

    @property
    def score(self) -> int:
        """Points of a hundred."""
        return max(sum(mark.verdict.points for mark in self.marks), 0)

    @property
    def passed(self) -> bool:
        """Whether the next day may begin."""
        return self.score >= PASSED

    @property
    def judgement(self) -> str:
        """The score in a sentence."""
        if all(mark.met for mark in self.marks):
            return _("All goals are met: {score} of 100 points.").format(score=self.score)
        if self.passed:
            return _("Passed with {score} of 100 points; more can still be won.").format(score=self.score)
        return _("{score} of 100 points so far; {needed} pass.").format(score=self.score, needed=PASSED)
