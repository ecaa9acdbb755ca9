"""How well people are answered: by kind and client, in working hours, and lately."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.networks.community import ItemKind
from smm_tui.services import service_levels
from tests.inbox.support import item, make_post
from tests.support.desk import START


def test_answers_are_measured_in_working_hours_by_client_and_kind(tmp_path):
    post = make_post(tmp_path / "data", accounts=(("bluesky", {}), ("bluesky", {})))
    hours = {str(day): ["09:00-17:00"] for day in range(5)}  # in Budapest it is Monday, 16:13
    service_levels.set_level(post.workspace.db, "tester", post.projects[0], minutes=120, hours=hours)
    asked = (1, 2, 3)
    post.store(*(item(number, f"Question {number}?", at=START - MINUTE, thread_id=str(number)) for number in asked))
    post.store(item(9, kind=ItemKind.MENTION, at=START - MINUTE))
    post.store(item(50), account=1)
    for number, hour in zip(asked, (0.5, 1.0, 18.0), strict=True):
        post.clock.now = START + round(hour * HOUR)
        post.workspace.inbox.reply(post.id_of(str(number)), "Yes.")
    figures = post.workspace.inbox_figures
    found = {(one.project_id, one.kind): one for one in figures.between(START - DAY, post.clock.now + 1)}
    whole, comments = found[post.projects[0], ""], found[post.projects[0], "comment"]
    assert (whole.received, whole.answered, whole.in_time, whole.backlog) == (4, 3, 2, 1)
    assert (comments.received, comments.answered, comments.backlog) == (3, 3, 0)
    assert comments.median == HOUR + MINUTE
    assert comments.worked_median == 48 * MINUTE - 20_000  # until five o'clock
    assert (whole.handled, found[post.projects[1], ""].handled) == (3, 0)
    lately = figures.lately(post.projects[0])
    assert lately.median == comments.worked_median
    assert (lately.last_hour, figures.lately(post.projects[1]).median) == (1, None)
    post.workspace.close()
