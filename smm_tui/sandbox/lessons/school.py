"""Where the days are kept, and how they stand: one folder each, judged by what is in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _
from smm_tui.sandbox.demo import demo_settings
from smm_tui.sandbox.lessons.course import SCENE, Day, Mark, Progress
from smm_tui.sandbox.lessons.days import DAYS
from smm_tui.sandbox.lessons.scenes import NOTES


def folder_of(data: Path, day: Day) -> Path:
    """Where a day lives, below the folder of the user's workspace."""
    return data / "learn" / f"{day.number}-{day.name}"


def day_in(folder: Path) -> Day | None:
    """The day that a workspace's folder holds."""
    try:
        first = _marker(folder).read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        return None
    return next((day for day in DAYS if day.name == first.strip()), None)


def begin(data: Path, day: Day, *, anew: bool = False, clock: Clock = system_clock) -> Path:
    """The folder of a day, prepared if it is not yet, or `anew`."""
    folder = folder_of(data, day)
    if anew or not _is_ready(folder):
        _clear(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _marker(folder).write_text(
                f"{day.name}\n" + _("A day of learning. `smm-tui learn --anew` begins it again.") + "\n",
                encoding="utf-8",
            )
        except OSError as error:
            raise _refused(folder, error) from error
        day.prepare(folder, clock)
    return folder


def progress(w: Workspace) -> Progress | None:
    """How the day of a workspace stands; None for a workspace that is no lesson."""
    day = day_in(w.settings.paths.data)
    if day is None:
        return None
    scene = json.loads(w.records.setting(SCENE) or "{}")
    notes = json.loads(w.records.setting(NOTES) or "[]")
    return Progress(day, tuple(Mark(goal, goal.judge(w, scene)) for goal in day.goals), tuple(notes))


def report(data: Path, clock: Clock = system_clock) -> Iterator[tuple[Day, Progress | None]]:
    """All days in order; None for those that were not begun."""
    for day in DAYS:
        folder = folder_of(data, day)
        if not _is_ready(folder):
            yield day, None
            continue
        with opened(folder, clock) as workspace:
            yield day, progress(workspace)


@contextmanager
def opened(folder: Path, clock: Clock = system_clock) -> Iterator[Workspace]:
    """The workspace of a day."""
    workspace = Workspace(demo_settings(folder), clock=clock)
    try:
        yield workspace
    finally:
        workspace.close()


def _marker(folder: Path) -> Path:
    """Names the day of a folder in its first line, and says that everything in it may be thrown away."""
    return demo_settings(folder).paths.lesson


def _is_ready(folder: Path) -> bool:
    if day_in(folder) is None or not (folder / "smm-tui.db").exists():
        return False
    with opened(folder) as workspace:
        return workspace.records.setting(SCENE) is not None


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    if any(folder.iterdir()) and not _marker(folder).is_file():
        raise InvalidInput(
            _("The folder {folder} holds something, and no day of learning.").format(folder=folder),
            _("Move it away first."),
            field="data",
        )
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise _refused(folder, error) from error


def _refused(folder: Path, error: OSError) -> DataError:
    return DataError(
        _("The folder {folder} cannot be written: {reason}.").format(folder=folder, reason=error.strerror),
        _("Choose another with --data."),
    )
