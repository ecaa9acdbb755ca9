"""The wrong client gets nothing: by no approval, no worker, in no answer, unless a person lets exactly that pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_tui.db.tables import BriefTable
from smm_tui.domain.errors import WrongClient
from smm_tui.domain.guard.knowledge import Said
from smm_tui.domain.states import State
from smm_tui.services.guard import Anything
from smm_tui.services.project_queries import ProjectDraft
from tests.inbox.support import item, make_post
from tests.support.database import content
from tests.support.desk import ZONE, make_desk

SENTENCE = "'gym.example' belongs to Gym, this is Bakery."
TEXT = "Come by: https://gym.example/trial"


def brief(workspace, project: int, **own) -> None:
    """Say in a project's brief what is its own."""
    with workspace.db.unit() as unit:
        row = unit.session.get(BriefTable, project) or BriefTable(project_id=project)
        row.own = dict(own)
        unit.session.add(row)


def gym(workspace) -> int:
    number = workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    brief(workspace, number, domains=["gym.example"])
    return number


def held(desk, post: int) -> set[tuple[str, str, bool]]:
    rows = desk.workspace.post_queries.get(post).deliveries
    return {(row.state, row.error_message, row.needs_human) for row in rows}


def test_an_approval_stops_until_a_person_lets_exactly_that_pass(office):
    gym(office.workspace)
    post, posts = office.add(TEXT), office.workspace.posts
    before = content(office.workspace.db.path)
    with pytest.raises(WrongClient) as refused:
        posts.approve([post])
    (sentence,) = refused.value.sentences
    assert sentence.endswith(SENTENCE)
    assert refused.value.hint
    assert content(office.workspace.db.path) == before
    with pytest.raises(WrongClient):
        posts.approve([post], let_pass=["another sentence"])
    posts.approve([post], let_pass=refused.value.sentences)
    assert office.state(post) == State.APPROVED
    log = [row.summary for row in office.workspace.records.log() if row.verb == "guard.let_pass"]
    assert len(log) == len(office.accounts)
    assert SENTENCE in log[0]
    posts.unapprove([post])
    posts.approve([post])  # the same bytes, the same finding: nobody asks again
    draft, version = posts.draft_of(post)
    posts.edit(post, replace(draft, text=TEXT + "!"), version=version)
    with pytest.raises(WrongClient):  # other bytes
        posts.approve([post])


def test_another_finding_asks_again(office):
    number = gym(office.workspace)
    post = office.add(f"{TEXT} #ironyard")
    office.workspace.posts.approve([post], let_pass=Anything())
    office.workspace.posts.unapprove([post])
    brief(office.workspace, number, domains=["gym.example"], hashtags=["#ironyard"])
    with pytest.raises(WrongClient):
        office.workspace.posts.approve([post])


def test_undo_takes_the_letting_pass_back(office):
    gym(office.workspace)
    post = office.add(TEXT)
    before = content(office.workspace.db.path)
    office.workspace.posts.approve([post], let_pass=Anything())
    office.workspace.undo.undo()
    assert content(office.workspace.db.path) == before
    with pytest.raises(WrongClient):
        office.workspace.posts.approve([post])


def test_what_the_brief_names_as_its_own_too_passes(office):
    gym(office.workspace)
    post = office.add(TEXT)
    brief(office.workspace, office.project, domains=["https://gym.example"])
    office.workspace.posts.approve([post])


def test_a_month_is_not_approved_over_a_strangers_post(office):
    gym(office.workspace)
    office.add("Fine")
    office.add(TEXT, "tomorrow 10")
    when = office.workspace.post_queries.parse_when("tomorrow 9", office.project).wall
    with pytest.raises(WrongClient, match=r"gym\.example"):
        office.workspace.reviews.approve_month(office.project, when.year, when.month)
    office.workspace.reviews.approve_month(office.project, when.year, when.month, let_pass=Anything())


def test_the_same_post_of_one_client_is_stopped_at_the_other(desk):
    other = desk.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    text = "The bar is warm and the good rack is free tonight, so come with your friends"
    desk.approved(text)
    draft, _version = desk.workspace.posts.draft_of(desk.plan(text, seconds=900))
    post = desk.workspace.posts.add(replace(draft, project_id=other, accounts=())).ids[0]
    desk.workspace.guard.refresh()
    (sentence,) = desk.workspace.guard.look(other, [Said(text)], post_id=post)
    assert sentence == "This text went out for Bakery, this is Gym."
    assert not desk.workspace.guard.look(desk.project, [Said(text)])


def test_the_worker_holds_what_nobody_let_pass_and_sends_it_on_a_deliberate_key(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("mastodon",), approval="none")
    workspace = desk.workspace
    gym(workspace)
    post = desk.plan(TEXT)
    desk.clock.turn(120)
    desk.work()
    assert held(desk, post) == {(State.HELD, SENTENCE, True)}
    assert not desk.live()
    assert any(SENTENCE in line.text for line in workspace.today.all())
    (delivery,) = workspace.post_queries.get(post).deliveries
    with pytest.raises(WrongClient):
        workspace.deliveries.resolve_resend(delivery.id)
    workspace.deliveries.resolve_resend(delivery.id, let_pass=[SENTENCE])
    desk.work()
    assert [row.state for row in workspace.post_queries.get(post).deliveries] == [State.LIVE]
    workspace.close()
    desk.world.close()


def test_what_turns_out_to_be_anothers_after_it_was_armed_is_held(desk):
    post = desk.approved(TEXT, seconds=600, accounts=["mastodon"])
    desk.work()
    assert set(desk.states(post).values()) == {State.ARMED}
    gym(desk.workspace)
    desk.clock.turn(610)
    desk.work()
    assert held(desk, post) == {(State.HELD, SENTENCE, True)}
    assert not desk.live()
    draft, version = desk.workspace.posts.draft_of(post)
    desk.workspace.posts.edit(post, replace(draft, text="Come by"), version=version)
    assert set(desk.states(post).values()) == {State.PLANNED}  # nothing is lost: corrected, it goes the usual way


def test_a_change_of_what_is_live_is_asked_about_as_well(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("mastodon",))
    posts, live = desk.workspace.posts, desk.workspace.live_posts
    post = desk.approved("Come by")
    desk.clock.turn(70)
    desk.work()
    gym(desk.workspace)
    draft, version = posts.draft_of(post)
    wrong = replace(draft, text=TEXT)
    with pytest.raises(WrongClient) as refused:
        live.edit(post, wrong, version=version, approve=True)
    assert posts.get(post).post.text == "Come by"
    live.edit(post, wrong, version=version, approve=True, let_pass=refused.value.sentences)
    desk.work()
    assert {text for _server, text in desk.live()} == {TEXT}
    desk.workspace.close()
    desk.world.close()


def test_an_answer_that_names_another_client_does_not_leave(tmp_path):
    post = make_post(tmp_path / "data")
    workspace = post.workspace
    gym(workspace)
    post.store(item(1, "Where can I train?"), item(2, "Is gym.example yours?"))
    first, second = post.id_of("1"), post.id_of("2")
    with pytest.raises(WrongClient):
        workspace.inbox.reply(first, "At gym.example")
    assert workspace.inbox_queries.get(first).state == "new"
    workspace.inbox.reply(second, "No, gym.example is not ours")  # they asked about it
    workspace.inbox.reply(first, "At gym.example", let_pass=Anything())
    workspace.undo.undo()
    assert workspace.inbox_queries.get(first).state == "new"
    workspace.close()
