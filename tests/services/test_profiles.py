"""How pages shall look: said beforehand, brought about once, read back, taken back, planned for a week."""

from __future__ import annotations

import pytest
from PIL import Image

from smm_tui.db.tables import BriefTable
from smm_tui.domain.errors import Conflict, InvalidInput, WrongClient
from smm_tui.networks.vk import api as vk
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services.profile_queries import BY_HAND, Match
from smm_tui.services.profiles import NOTHING, ProfileDraft
from smm_tui.services.project_queries import ProjectDraft
from tests.support.desk import ZONE, Desk, make_desk

WRITING = ("mastodon", "gotosocial", "bluesky", "telegram", "vk", "facebook")
CHANGES = {"mastodon": "update_credentials", "bluesky": "putRecord", "telegram": "setChatDescription",
           "vk": "groups.edit", "facebook": "/"}  # fmt: skip
DAY = 86_400


@pytest.fixture(autouse=True)
def unhurried(monkeypatch) -> None:
    """The clock stands still: the pace that VK asks for would never be over."""
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)


@pytest.fixture
def every(tmp_path):
    made = make_desk(tmp_path / "data", networks=(*WRITING, "instagram"))
    yield made
    made.workspace.close()
    made.world.close()


def picture(desk: Desk, tmp_path, colour="red", size=(640, 640)) -> str:
    path = tmp_path / f"{colour}.png"
    Image.new("RGB", size, colour).save(path)
    return desk.workspace.media.add(path).sha256


def shown(desk: Desk, name: str) -> dict:
    """The page as the network itself shows it now."""
    desk.workspace.worker().show_once(accounts=[desk.accounts[name]])
    page = desk.workspace.profile_queries.page(desk.accounts[name])
    return {row.field: row.live for row in page.fields}


def matches(desk: Desk, name: str) -> dict[str, Match]:
    return {row.field: row.match for row in desk.workspace.profile_queries.page(desk.accounts[name]).fields}


def set_now(desk: Desk, names, **values) -> int:
    ids = [desk.accounts[name] for name in names]
    desk.workspace.profiles.set(ids, ProfileDraft(values))
    return desk.workspace.profiles.apply(ids).ids[0]


def test_each_network_gets_what_it_can_show_and_gives_it_back(every, tmp_path) -> None:
    first = {name: shown(every, name) for name in WRITING}
    ids = [every.accounts[name] for name in (*WRITING, "instagram")]
    values = {"name": "Bread & Sons", "description": "Baked at night 🥐", "cover": picture(every, tmp_path),
              "avatar": picture(every, tmp_path, "blue")}  # fmt: skip
    receipt = every.workspace.profiles.set(ids, ProfileDraft(values))
    assert receipt.count == len(WRITING), "nothing can be written on Instagram"
    assert "Instagram" in receipt.message
    assert every.workspace.worker().show_once().applied == 0, "a draft goes nowhere"
    assert matches(every, "mastodon")["description"] is Match.DIFFERS
    every.workspace.profiles.apply(ids)
    report = every.workspace.worker().show_once()
    assert (report.applied, report.failed) == (len(WRITING), 0)
    for name in WRITING:
        page = shown(every, name)
        assert page["description"] == "Baked at night 🥐", name
        told = matches(every, name)
        for field in values:
            assert told[field] in (Match.SAME, Match.ABSENT, Match.UNTOLD), (name, field)
        assert told["description"] is Match.SAME
    assert every.workspace.worker().show_once().applied == 0, "nothing is done twice"
    for name in WRITING:
        wish = every.workspace.profile_queries.history(every.accounts[name])[0]
        every.workspace.profiles.rollback(wish.id)
    every.workspace.worker().show_once()
    for name in WRITING:
        assert (shown(every, name)["description"] or "") == (first[name]["description"] or ""), name


def test_a_cover_for_a_sale_week(desk, tmp_path) -> None:
    every_day, sale = picture(desk, tmp_path, "green"), picture(desk, tmp_path, "red")
    set_now(desk, ["mastodon"], cover=every_day)
    desk.workspace.worker().show_once()
    usual = shown(desk, "mastodon")["cover"]
    begin, end = desk.clock.now + DAY * 1000, desk.clock.now + 8 * DAY * 1000
    desk.workspace.profiles.set([desk.accounts["mastodon"]], ProfileDraft({"cover": sale}), at=begin, until=end)
    assert desk.workspace.worker().show_once().applied == 0
    desk.clock.turn(DAY + 1)
    assert desk.workspace.worker().show_once().applied == 1
    assert shown(desk, "mastodon")["cover"] != usual
    desk.clock.turn(6 * DAY)
    assert desk.workspace.worker().show_once().applied == 0
    desk.clock.turn(DAY + 1)
    assert desk.workspace.worker().show_once().applied == 1
    assert matches(desk, "mastodon")["cover"] is Match.SAME
    history = desk.workspace.profile_queries.history(desk.accounts["mastodon"])
    assert [row.wanted["cover"] for row in history] == [every_day, sale, every_day]
    assert history[0].reverts == history[1].id


def test_a_picture_that_was_set_elsewhere_comes_back_from_its_copy(desk, tmp_path) -> None:
    account = next(one for one in desk.world.accounts(network="mastodon"))
    data = tmp_path / "own.png"
    Image.new("RGB", (320, 320), "yellow").save(data)
    media = desk.world.add_media(account, "115343360000000777", data.read_bytes(), "image/png")
    desk.world.update_account(account, {"avatar": media.id})
    wish = set_now(desk, ["mastodon"], avatar=picture(desk, tmp_path))
    desk.workspace.worker().show_once()
    desk.workspace.profiles.rollback(wish)
    desk.workspace.worker().show_once()
    page = desk.workspace.profile_queries.page(desk.accounts["mastodon"])
    back = next(row for row in page.fields if row.field == "avatar")
    assert back.match is Match.SAME
    assert desk.workspace.media.path(back.wanted).read_bytes() == data.read_bytes()


def test_what_was_not_there_before_cannot_come_back(desk, tmp_path) -> None:
    wish = set_now(desk, ["mastodon"], cover=picture(desk, tmp_path))
    desk.workspace.worker().show_once()
    with pytest.raises(InvalidInput) as error:
        desk.workspace.profiles.rollback(wish)
    assert "cover" in error.value.message
    both = set_now(desk, ["mastodon"], cover=picture(desk, tmp_path, "blue"), description="New")
    desk.workspace.worker().show_once()
    assert desk.workspace.profiles.rollback(both).count == 1


def test_a_text_too_long_for_one_of_three_changes_none(desk) -> None:
    text = "Brot und Brötchen. " * 16  # 303 characters without the last space
    ids = list(desk.accounts.values())
    with pytest.raises(InvalidInput) as error:
        desk.workspace.profiles.set(ids, ProfileDraft({"description": text}))
    assert all(word in error.value.message for word in ("303", "256", "Bluesky"))
    assert "Mastodon" not in error.value.message
    assert error.value.field == "description"
    assert all(page.draft is None for page in desk.workspace.profile_queries.pages())
    variants = {(desk.accounts["bluesky"], "description"): "Brot."}
    receipt = desk.workspace.profiles.set(ids, ProfileDraft({"description": text}, variants))
    assert receipt.count == 3
    desk.workspace.undo.undo()
    assert all(page.draft is None for page in desk.workspace.profile_queries.pages())


def test_an_avatar_of_forty_megabytes(desk, tmp_path) -> None:
    path = tmp_path / "huge.png"
    Image.new("RGB", (64, 64), "red").save(path)
    with path.open("ab") as file:
        file.write(b"\0" * 40_000_000)
    sha256 = desk.workspace.media.add(path).sha256
    with pytest.raises(InvalidInput) as error:
        desk.workspace.profiles.set(list(desk.accounts.values()), ProfileDraft({"avatar": sha256}))
    assert "huge.png has 40.0 MB" in error.value.message
    assert "Traceback" not in error.value.message
    assert all(page.draft is None for page in desk.workspace.profile_queries.pages())


def test_bad_values_get_a_sentence_and_change_nothing(desk) -> None:
    for values in (
        {},
        {"name": ""},
        {"name": "N" * 5000},
        {"links": [("", "https://a.example")]},
        {"links": [("Shop", "shop.example")]},
        {"links": [("L", "https://a.example")] * 500},
        {"pinned": "99999999999999999999"},
        {"pinned": "x\x1b"},
        {"avatar": "0" * 64},
    ):
        with pytest.raises(InvalidInput) as error:
            desk.workspace.profiles.set([desk.accounts["mastodon"]], ProfileDraft(values))
        assert error.value.message
        assert "\x1b" not in error.value.message
    assert desk.workspace.profile_queries.history(desk.accounts["mastodon"]) == []


def test_times_that_make_no_sense(desk) -> None:
    draft, account, now = ProfileDraft({"description": "x"}), [desk.accounts["mastodon"]], desk.clock.now
    for at, until in ((now - 1, None), (None, now + 5), (now + 10, now + 10)):
        with pytest.raises(InvalidInput):
            desk.workspace.profiles.set(account, draft, at=at, until=until)


@pytest.mark.parametrize(
    ("network", "kind"),
    [
        *((network, FaultKind.LOST_RESPONSE) for network in ("mastodon", "bluesky", "telegram", "vk")),
        ("mastodon", FaultKind.TIMEOUT_BEFORE),
    ],
)
def test_after_a_lost_answer_the_page_is_read_and_not_written_again(tmp_path, network, kind) -> None:
    desk = make_desk(tmp_path / "data", networks=(network,))
    try:
        set_now(desk, [network], description="Baked at night")
        desk.world.plant(Fault(kind, path=CHANGES[network]))
        assert desk.workspace.worker().show_once().applied == 0
        for _time in range(6):
            desk.clock.turn(30)
            desk.workspace.worker().show_once()
        history = desk.workspace.profile_queries.history(desk.accounts[network])
        assert history[0].state == "applied"
        assert shown(desk, network)["description"] == "Baked at night"
        calls = [call for call in desk.world.calls() if CHANGES[network] in call.path]
        assert len(calls) == (1 if kind is FaultKind.LOST_RESPONSE else 2), "what came through is not sent again"
    finally:
        desk.workspace.close()
        desk.world.close()


def test_a_picture_is_not_sent_again_after_a_lost_answer(desk, tmp_path) -> None:
    set_now(desk, ["mastodon"], avatar=picture(desk, tmp_path))
    desk.world.plant(Fault(FaultKind.LOST_RESPONSE, path="update_credentials"))
    desk.workspace.worker().show_once()
    desk.clock.turn(30)
    desk.workspace.worker().show_once()
    assert sum("update_credentials" in call.path for call in desk.world.calls()) == 1
    assert matches(desk, "mastodon")["avatar"] is Match.SAME


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk) -> None:
    wish = set_now(desk, ["mastodon"], description="Ours")
    desk.world.plant(Fault(FaultKind.TIMEOUT_BEFORE, path="update_credentials"))
    desk.workspace.worker().show_once()
    account = next(one for one in desk.world.accounts(network="mastodon") if one.server == "social.sandbox")
    desk.world.update_account(account, {"note": "Theirs"})
    desk.clock.turn(60)
    report = desk.workspace.worker().show_once()
    assert (report.failed, report.waiting_for_human) == (1, 1)
    assert shown(desk, "mastodon")["description"] == "Theirs"
    row = desk.workspace.profile_queries.wish(wish)
    assert row.state == "failed"
    assert row.error_hint
    desk.workspace.profiles.apply([desk.accounts["mastodon"]])
    desk.workspace.worker().show_once()
    assert shown(desk, "mastodon")["description"] == "Ours", "a person saw it and wants it all the same"
    desk.workspace.profiles.rollback(wish)
    desk.workspace.worker().show_once()
    assert shown(desk, "mastodon")["description"] == "Theirs"


def test_a_pinned_post_and_none(desk) -> None:
    post = desk.approved("About us", accounts=["mastodon", "bluesky"])
    desk.clock.turn(61)
    desk.work()
    set_now(desk, ["mastodon", "bluesky"], pinned=str(post))
    assert desk.workspace.worker().show_once().applied == 2
    assert matches(desk, "mastodon")["pinned"] is matches(desk, "bluesky")["pinned"] is Match.SAME
    wish = set_now(desk, ["mastodon"], pinned=NOTHING)
    desk.workspace.worker().show_once()
    assert shown(desk, "mastodon")["pinned"] is None
    desk.workspace.profiles.rollback(wish)
    desk.workspace.worker().show_once()
    assert matches(desk, "mastodon")["pinned"] is Match.SAME


def test_u_takes_back_what_has_not_left_and_nothing_else(desk) -> None:
    account = desk.accounts["mastodon"]
    set_now(desk, ["mastodon"], description="One")
    desk.workspace.undo.undo()
    page = desk.workspace.profile_queries.page(account)
    assert page.draft is not None
    assert desk.workspace.worker().show_once().applied == 0
    desk.workspace.profiles.apply([account])
    desk.workspace.worker().show_once()
    with pytest.raises(Conflict):
        desk.workspace.undo.undo()
    assert shown(desk, "mastodon")["description"] == "One"


def test_dropping(desk) -> None:
    wish = set_now(desk, ["mastodon"], description="One")
    desk.workspace.profiles.drop(wish)
    assert desk.workspace.worker().show_once().applied == 0
    with pytest.raises(InvalidInput):
        desk.workspace.profiles.drop(wish)
    with pytest.raises(InvalidInput):
        desk.workspace.profiles.rollback(wish)
    with pytest.raises(InvalidInput):
        desk.workspace.profiles.apply([desk.accounts["mastodon"]])


def test_the_checklist_of_a_new_page(every, tmp_path) -> None:
    queries, account = every.workspace.profile_queries, every.accounts["mastodon"]
    steps = {step.name: step for step in queries.checklist(account)}
    assert steps["avatar"].state == "unknown"
    shown(every, "mastodon")
    steps = {step.name: step for step in queries.checklist(account)}
    assert (steps["avatar"].state, steps["posts"].state, steps["rights"].state) == ("open", "open", "done")
    assert set(BY_HAND) <= set(steps)
    every.workspace.profiles.tick(account, "button")
    set_now(every, ["mastodon"], avatar=picture(every, tmp_path))
    every.workspace.worker().show_once()
    steps = {step.name: step for step in queries.checklist(account)}
    assert (steps["avatar"].state, steps["button"].state) == ("done", "done")
    every.workspace.profiles.tick(account, "button", done=False)
    assert next(step for step in queries.checklist(account) if step.name == "button").state == "open"
    assert "cover" not in {step.name for step in queries.checklist(every.accounts["telegram"])}
    with pytest.raises(InvalidInput):
        every.workspace.profiles.tick(account, "avatar")


def test_a_crash_between_call_and_record_is_settled_by_reading(desk) -> None:
    from smm_tui.services.profile_ledger import ProfileLedger

    wish = set_now(desk, ["mastodon"], description="Baked at night")
    ledger = ProfileLedger(desk.workspace.db, "dead")
    job = ledger.claim(wish)
    assert job is not None
    assert ledger.begin(job, ["description"], {"description": ""})
    account = next(one for one in desk.world.accounts(network="mastodon") if one.server == "social.sandbox")
    desk.world.update_account(account, {"note": "Baked at night"})  # it came through, and the worker died
    assert desk.workspace.worker().show_once().applied == 0, "somebody may still be at it"
    desk.clock.turn(121)
    assert desk.workspace.worker().show_once().applied == 1
    assert not [call for call in desk.world.calls() if "update_credentials" in call.path]


def test_what_is_another_clients_goes_on_no_page_unless_a_person_lets_it_pass(desk) -> None:
    gym = desk.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    with desk.workspace.db.unit() as unit:
        unit.session.add(BriefTable(project_id=gym, own={"domains": ["gym.example"]}))
    account = [desk.accounts["mastodon"]]
    draft = ProfileDraft({"links": [("Shop", "https://gym.example/shop")]})
    with pytest.raises(WrongClient):
        desk.workspace.profiles.set(account, draft, at=desk.clock.now + 1000)
    assert desk.workspace.profile_queries.history(account[0]) == []
    desk.workspace.profiles.set(account, draft)
    with pytest.raises(WrongClient) as refused:
        desk.workspace.profiles.apply(account)
    assert "'gym.example' belongs to Gym, this is Bakery." in refused.value.message
    assert desk.workspace.worker().show_once().applied == 0
    desk.workspace.profiles.apply(account, let_pass=refused.value.sentences)
    assert desk.workspace.worker().show_once().applied == 1
    assert any(row.verb == "guard.let_pass" for row in desk.workspace.records.log())
