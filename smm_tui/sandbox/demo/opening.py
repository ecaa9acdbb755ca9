"""Opening the demo: made where there is none, or gone on with. Light to import; making one is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _
from smm_tui.paths import Paths
from smm_tui.sandbox.demo import folder
from smm_tui.settings import Settings
from smm_tui.settings import load as load_settings

ROUND = "demo.round"
"""The remembered fact that the demo is complete: how often posts were planned to come due soon."""


def demo_settings(data: Path) -> Settings:
    """Settings of the demo in a folder: its own database and secrets there, whatever the environment says."""
    data = data.expanduser().absolute()
    return load_settings(data)._replace(paths=Paths(data, data / "smm-tui.db"), secrets="file")


def prepare(
    data: Path,
    *,
    reset: bool = False,
    clock: Clock = system_clock,
    bring_due_now: bool = True,
    say: Callable[[str], None] | None = None,
) -> None:
    """Make the demo in a folder, or see to it that in the one that is there something comes due again soon.

    `reset` begins anew. Without `bring_due_now`, whoever opens a demo that is there calls `bring_due` when there is
    time for it: planning imports what a first picture does not need. `say` is told what takes seconds before
    it begins. InvalidInput when the folder holds anything else, DataError when it cannot be written or a worker is at
    work in what `reset` would remove.
    """
    data = data.expanduser().absolute()
    folder.claim(data)
    if (data / "smm-tui.db").exists() and _reopened(data, reset, clock, bring_due_now):
        return
    if say is not None:
        say(_("Making a world with six clients and a month of their posts; this takes some seconds ..."))
    folder.empty(data)  # also what an interrupted preparation left
    from smm_tui.sandbox.demo import story

    story.make(data, clock)


def _reopened(data: Path, reset: bool, clock: Clock, bring_due_now: bool) -> bool:
    """Open a complete demo again; False when it must be made anew."""
    try:
        with opened(data, clock) as workspace:
            if reset and workspace.records.worker().where == "elsewhere":
                raise InvalidInput(
                    _("A worker is at work in the demo."),
                    _("Stop it first, then begin the demo anew."),
                    field="reset",
                )
            if reset or workspace.records.setting(ROUND) is None:
                return False
            if bring_due_now:
                bring_due(workspace)
            return True
    except DataError:
        if reset:  # a damaged database is the best reason to begin anew
            return False
        raise


def bring_due(workspace: Workspace) -> None:
    """Plan and approve a post for each client that has nothing due in the next minutes."""
    from smm_tui.sandbox.demo import story

    story.bring_due(workspace)


@contextmanager
def opened(data: Path, clock: Clock, actor: str = "") -> Iterator[Workspace]:
    """The demo's workspace, closed at the end; `actor` is the name in the log, empty: the user's."""
    settings = demo_settings(data)
    workspace = Workspace(settings._replace(actor=actor or settings.actor), clock=clock)
    try:
        yield workspace
    finally:
        workspace.close()
