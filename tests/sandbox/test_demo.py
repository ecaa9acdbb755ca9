"""The demo: what stands in it was made by the real services and worker, and it comes to life when it is opened."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.bootstrap import Workspace
from smm_tui.domain import states
from smm_tui.domain.clock import DAY, MINUTE, Instant
from smm_tui.domain.content_types import DEFAULTS
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.domain.states import State
from smm_tui.sandbox.demo import demo_settings, pictures, prepare
from smm_tui.sandbox.demo.clients import load
from smm_tui.sandbox.demo.folder import MARKER
from smm_tui.sandbox.demo.walk import headless
from smm_tui.sandbox.world import World

from .support import ManualClock

OPENING: Instant = 1_789_967_600_000  # Monday 21 September 2026, 05:13:20 UTC


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "data"
    prepare(folder, clock=lambda: OPENING)
    return folder


@pytest.fixture
def demo(prepared: Path, tmp_path: Path) -> Path:
    """A demo of one's own."""
    return Path(shutil.copytree(prepared, tmp_path / "demo"))


@contextmanager
def opened(folder: Path, clock: Callable[[], Instant] = lambda: OPENING) -> Iterator[Workspace]:
    workspace = Workspace(demo_settings(folder), clock=clock)
    try:
        yield workspace
    finally:
        workspace.close()


def test_six_clients_have_a_month_of_posts_of_all_kinds_on_two_networks(prepared: Path) -> None:
    with opened(prepared) as workspace:
        projects = workspace.projects.all()
        assert [project.hotkey for project in projects] == [1, 2, 3, 4, 5, 6]
        assert len({project.timezone for project in projects}) >= 4
        assert {project.approval for project in projects} == {"none", "item", "month"}
        for project in projects:
            assert project.client
            assert project.goal
            assert project.colour
            networks = {row.network for row in workspace.accounts.of_project(project.id)}
            assert networks - {"facebook", "vk"} == {"mastodon", "bluesky"}  # the others advertise
            found = workspace.posts.search(project_id=project.id)
            assert 20 <= len(found) <= 28
            assert {post.content_type for post, _ in found} == set(DEFAULTS)
            assert {post.language for post, _ in found} == {project.language}
            planned = [post.planned_at for post, _ in found if post.planned_at]
            assert min(planned) < OPENING - 7 * DAY
            assert max(planned) > OPENING + 15 * DAY
        software = {row.facts["software"] for row in workspace.accounts.of_project() if row.network == "mastodon"}
        assert software == {"mastodon", "gotosocial"}


def test_two_clients_advertise_and_their_campaigns_have_lived(prepared: Path) -> None:
    with opened(prepared) as workspace:
        campaigns = {row.name: row for row in workspace.campaign_queries.all()}
        assert {row.network for row in campaigns.values()} == {"facebook", "vk"}
        assert {row.state for row in campaigns.values()} == {"active", "submitted", "ended"}
        keys = {f"c{row.id}": row for row in campaigns.values() if row.state != "submitted"}
        lines = workspace.ads_queries.lines(list(keys))
        for key, row in keys.items():
            totals = lines[key].figures.totals
            assert 0 < (totals.spent or 0) <= row.cap, row.name
            assert 0 < (totals.results or 0) < (totals.impressions or 0) / 5, row.name
        ads = [ad for row in campaigns.values() for ad in workspace.campaign_queries.ads(row.id)]
        assert [ad.name for ad in ads if ad.state == "rejected"] == ["Ten kilos"]
        assert len(workspace.ads_queries.promotions(None, OPENING - 30 * DAY, OPENING + 30 * DAY)) == 4
        assert sum(row.used > 0 for row in workspace.segments.all()) == 2
        assert {row.kind for row in workspace.campaign_queries.alarms()} == {"refused"}


def test_every_state_stands_in_it_with_its_reason(prepared: Path) -> None:
    with opened(prepared) as workspace:
        found = workspace.posts.search()
        assert {post.state for post, _ in found} >= {
            "draft", "planned", "approved", "live", "rejected", "unknown", "missed", "held",
        }  # fmt: skip
        for post, deliveries in found:
            assert post.state == states.of_post([State(row.state) for row in deliveries])
        waiting = [workspace.deliveries.get(number) for number in workspace.records.status().waiting]
        assert Counter(row.state for row in waiting) == {"rejected": 1, "unknown": 1, "missed": 2}
        by_state = {row.state: row for row in waiting}
        assert "limit of 300" in by_state["rejected"].error_message
        assert by_state["rejected"].error_field == "text"
        assert all(row.error_message and row.error_hint for row in waiting)


def test_only_clients_that_approve_have_something_to_approve(prepared: Path) -> None:
    with opened(prepared) as workspace:
        counts = {row.name: row.to_approve for row in workspace.projects.overview()}
        for project in workspace.projects.all():
            assert (counts[project.name] == 0) == (project.approval == "none")


def test_what_is_live_is_in_the_world_once_and_has_its_evidence(prepared: Path) -> None:
    with opened(prepared) as workspace, World(prepared / "world.db") as world:
        ours = {row.remote_id for row in workspace.accounts.of_project()}
        objects = [item for item in world.live_posts() if world.account(item.account_id).remote_id in ours]
        shown = Counter((item.server, item.remote_id) for item in objects)
        known = set()
        for number in workspace.deliveries.ids(which="live"):
            evidence = workspace.deliveries.evidence(number)
            row = evidence.delivery
            assert row.verified_at is not None
            assert row.remote_url.startswith("https://")
            assert 0 <= row.live_at - row.due_at < MINUTE
            for intent in evidence.intents:
                place = (row.server.removeprefix("https://"), intent.remote_id)
                assert shown[place] == 1
                known.add(place)
        # Beside those, only the first network of the post whose second one refused.
        assert len(set(shown) - known) == 0
        assert any(item.reply_to for item in objects), "no thread"
        assert any(item.media for item in objects), "no picture"
        assert any(item.record.get("spoiler_text") for item in objects), "no content warning"


def test_people_have_written_and_wait_in_the_queue(prepared: Path) -> None:
    with opened(prepared) as workspace:
        rows = workspace.inbox_queries.rows(workspace.inbox_queries.ids())
        assert len({row.project_id for row in rows.values()}) == 6
        assert {row.kind for row in rows.values()} == {"comment", "mention", "message"}
        texts = " ".join(row.head for row in rows.values())
        for words in ("Mennyi a szállítás Szegedre", "Is the pool open", "nobody answers the phone", "iPhone"):
            assert words in texts
        assert "never mind" not in texts
        (question,) = [row.id for row in rows.values() if "Mennyi a szállítás" in row.head]
        conversation = workspace.inbox_queries.conversation(question)
        assert [row.author for row in conversation.messages[:2]] == ["Nagy Kata", "Tóth Béla"]
        assert conversation.post is not None
        assert len([row for row in rows.values() if row.due_at is not None]) > 10


def test_posts_go_live_one_after_another_after_the_opening(demo: Path) -> None:
    clock = ManualClock()
    clock.now = OPENING
    with opened(demo, clock) as workspace:
        live = []
        for _minute in range(4):
            live.append(workspace.runner().run_once().live)
            clock.sleep(60)
        assert live[0] == 0
        assert sum(live) == 12
        assert all(count > 0 for count in live[1:])


def test_opening_it_again_keeps_the_world_and_brings_something_due(demo: Path) -> None:
    later = OPENING + 2 * DAY
    before = (demo / "demo.txt").stat().st_mtime_ns
    with opened(demo) as workspace:
        old = [post.id for post, _ in workspace.posts.search()]
    said: list[str] = []
    prepare(demo, clock=lambda: later, say=said.append)
    assert said == []  # nothing that takes seconds
    with opened(demo, lambda: later) as workspace:
        posts = [post for post, _ in workspace.posts.search()]
        new = [post for post in posts if post.id not in old]
        assert {post.id for post in posts} > set(old)
        assert len(new) == 6
        assert all(0 < post.planned_at - later <= 180_000 for post in new)
        assert {post.state for post in new} == {"approved", "planned"}  # one client approves nothing beforehand
    prepare(demo, clock=lambda: later)
    with opened(demo, lambda: later) as workspace:
        assert len(workspace.posts.search()) == len(posts), "there is enough to come already"
    assert (demo / "demo.txt").stat().st_mtime_ns == before


def test_a_folder_that_is_no_demo_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "smm-tui.db").write_text("precious")
    with pytest.raises(InvalidInput, match="no demo"):
        prepare(tmp_path, reset=True)
    assert [item.name for item in tmp_path.iterdir()] == ["smm-tui.db"]
    assert (tmp_path / "smm-tui.db").read_text() == "precious"


def test_reset_begins_anew_and_keeps_what_is_not_the_demos(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    monkeypatch.setattr("smm_tui.sandbox.demo.story._Story.live_through", lambda story: begun.append(story))
    (demo / "notes.txt").write_text("mine")
    (demo / "smm-tui.db").write_text("damaged")
    said: list[str] = []
    prepare(demo, reset=True, clock=lambda: OPENING, say=said.append)
    assert "six clients" in said[0]
    assert len(begun) == 1
    assert (demo / "notes.txt").read_text() == "mine"
    assert (demo / MARKER).exists()
    with opened(demo) as workspace:
        assert workspace.projects.all() == []


def test_an_interrupted_preparation_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    monkeypatch.setattr("smm_tui.sandbox.demo.story._Story.live_through", lambda story: begun.append(story))
    prepare(tmp_path, clock=lambda: OPENING)  # ends before its last line
    prepare(tmp_path, clock=lambda: OPENING)
    assert len(begun) == 2


def test_the_environment_cannot_lead_it_to_another_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMM_TUI_DATABASE", f"sqlite:///{tmp_path / 'mine.db'}")
    settings = demo_settings(tmp_path / "demo")
    assert settings.paths.database == tmp_path / "demo" / "smm-tui.db"
    assert settings.secrets == "file"


def test_texts_and_times_are_as_a_client_would_want_them() -> None:
    for client in load():
        texts = [post.text for post in (*client.posts, *client.soon)]
        assert len(set(texts)) == len(texts)
        assert len(client.soon) == 3
        slots = [(post.slot.week, post.slot.weekday) for post in client.posts if post.slot]
        assert len(set(slots)) == len(slots), "two posts on one day"
        in_order = [post.type for post in client.posts]
        assert not any(one == other for one, other in pairwise(in_order)), "types take turns"
        assert all(post.picture.alt for post in client.posts if post.picture)


@pytest.mark.parametrize("motif", sorted(pictures.PALETTES))
def test_pictures_are_small_and_always_the_same(motif: str, tmp_path: Path) -> None:
    for name in ("one.jpg", "other.jpg"):
        pictures.draw(motif, 3, tmp_path / name)
    assert (tmp_path / "one.jpg").read_bytes() == (tmp_path / "other.jpg").read_bytes()
    assert (tmp_path / "one.jpg").stat().st_size < 60_000
    with Image.open(tmp_path / "one.jpg") as image:
        assert image.size == pictures.SIZE


def test_the_walk_holds_at_every_step_and_leaves_the_demo_alone(demo: Path) -> None:
    with opened(demo) as workspace:
        before = workspace.posts.search()
    lines: list[str] = []
    for _again in range(2):
        lines.clear()
        result = headless(demo, lines.append, clock=lambda: OPENING)
        assert result.ok, "\n".join(lines)
        assert result.waiting == 0
        assert all(step.ok for step in result.steps)
    assert len(lines) == len(result.steps) + 1
    told = "\n".join(lines)
    for word in (
        "lost",
        "too many requests",
        "approval away",
        "undo",
        "thread",
        "picture",
        "Read back",
        "exactly one",
    ):
        assert word in told
    with opened(demo) as workspace:
        assert workspace.posts.search() == before


def test_the_walk_says_so_when_a_step_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smm_tui.sandbox.demo.walk.PUBLISH", {"mastodon": "/nowhere", "bluesky": "nowhere"})
    lines: list[str] = []
    result = headless(tmp_path, lines.append)
    assert not result.ok
    failed = [step.name for step in result.steps if not step.ok]
    assert any("answers were lost" in name for name in failed), "a fault that did not happen proves nothing"
    assert sum(line.startswith("FAILED") for line in lines) == len(failed)
    assert "FAILED" in lines[-1]


def test_the_walk_ends_with_a_sentence_when_it_cannot_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise DataError("The disk is full.", "Make room.")

    monkeypatch.setattr("smm_tui.sandbox.demo.walk.add_client", full)
    lines: list[str] = []
    result = headless(tmp_path, lines.append)
    assert not result.ok
    assert "The disk is full. Make room." in lines[0]


def test_the_walk_touches_no_other_folder(tmp_path: Path) -> None:
    (tmp_path / "smm-tui.db").write_text("precious")
    with pytest.raises(InvalidInput, match="no demo"):
        headless(tmp_path, print)
    assert [item.name for item in tmp_path.iterdir()] == ["smm-tui.db"]


def test_every_client_has_a_scheme_that_fills_a_month_by_the_rules(demo: Path) -> None:
    with opened(demo) as workspace:
        for project in workspace.projects.all():
            queries = workspace.scheme_queries
            assert project.country
            assert len(queries.slots(project.id)) >= 5
            assert queries.pillars(project.id)
            assert queries.hashtag_sets(project.id)
            assert queries.ideas(project.id)
            assert queries.special_days(project.id)
            proposal = workspace.fill.propose(project.id, 2026, 11)
            assert proposal.keeps_rules
            assert proposal.sources["idea"] + proposal.sources["evergreen"] >= 2
            assert proposal.sources["template"] == 1
            assert queries.named_days(project, date(2026, 12, 1), date(2026, 12, 31))
