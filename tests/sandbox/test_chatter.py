"""People write on every network through that network's own API, and the worker finds all of it."""

from __future__ import annotations

import json

import pytest

from smm_tui.sandbox import chatter, seed
from smm_tui.sandbox.faces import AUDIENCES
from tests.support.desk import make_desk

HOSTS = {
    "mastodon": seed.MASTODON_HOST,
    "gotosocial": seed.GOTOSOCIAL_HOST,
    "bluesky": seed.BLUESKY_HOST,
    "telegram": seed.TELEGRAM_HOST,
    "vk": seed.VK_HOST,
    "facebook": seed.FACEBOOK_HOST,
    "instagram": seed.FACEBOOK_HOST,
}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """VK's limit of calls a second, where no second passes."""
    monkeypatch.setattr("smm_tui.networks.vk.api.CALLS", {})
    monkeypatch.setattr("smm_tui.networks.vk.api.USER_INTERVAL", 0.0)


def street(tmp_path, network):
    """An account on a network with a post that people can write below, and its page in the world."""
    desk = make_desk(tmp_path / "data", networks=(network,))
    row = desk.workspace.account_queries.get(desk.accounts[network])
    page = next(one for one in desk.world.accounts(server=HOSTS[network]) if one.remote_id == row.remote_id)
    if network == "telegram":
        (number,) = page.data["members"]
        bot = desk.world.find_account(page.server, number)
        seed.add_telegram_discussion(desk.world, seed.TelegramLogin(page, bot, row.server, row.handle, ""))
        desk.workspace.accounts.check(row.id)
    if network != "instagram":
        desk.approved("Fresh rolls", seconds=30)
        desk.clock.turn(40)
        desk.work()
    desk.workspace.worker().read_once()
    return desk, page


@pytest.mark.parametrize(
    "network",
    [name if name in ("telegram", "bluesky") else pytest.param(name, marks=pytest.mark.matrix) for name in HOSTS],
)
def test_everything_that_they_write_comes_in(tmp_path, network):
    desk, page = street(tmp_path, network)
    chatter.settle_in(desk.world, [(page, "hu")])
    for _step in range(12):
        desk.clock.turn(5 * 60)
        desk.workspace.worker().read_once()
    kept = json.loads(desk.world.kept(chatter.KEY))
    desk.world.keep(chatter.KEY, json.dumps({**kept, "members": [], "rush": []}))  # they fall silent
    said = [
        desk.world.object(one["object"]) for one in kept["said"] if one["post"] is not None or network == "instagram"
    ]
    for turn in range(4):
        desk.clock.turn(20 * 60)
        desk.workspace.worker().read_once()
        if turn == 1:  # all of it was read
            AUDIENCES[page.network].delete(desk.world, next(one for one in said if one.deleted_at is None))
    messages = desk.workspace.db.rows(
        lambda text, edited, gone: (text, edited, gone),
        "SELECT text, edited_at, gone_at FROM message WHERE NOT own",
    )
    texts = [text for text, _edited, gone in messages if gone is None]
    standing = [item for one in kept["said"] if (item := desk.world.object(one["object"])).deleted_at is None]
    assert kept["turn"] > 60
    assert len(standing) > 15
    for item in standing:
        said = item.text.rpartition("] ")[2]  # without the name that VK puts before a mention
        assert any(said in text or text in said for text in texts), item.text
    assert any("?" in text or "mennyi" in text for text in texts)
    if network != "bluesky":  # where nothing that was said is changed
        assert any(edited for _text, edited, _gone in messages)
    if network != "telegram":  # which tells no bot of deletions
        assert any(gone for _text, _edited, gone in messages)
    desk.workspace.close()
    desk.world.close()


@pytest.mark.matrix
@pytest.mark.parametrize("network", HOSTS)
def test_two_days_away_and_nothing_is_lost_where_the_network_has_it(tmp_path, network):
    desk, page = street(tmp_path, network)
    people, server = AUDIENCES[page.network], desk.world.server(page.server)
    anna = people.person(desk.world, server, "Anna")
    post = next((item for item in desk.world.objects(page) if not item.reply_to), None)
    written = []
    for number in range(96):
        desk.clock.turn(30 * 60)
        text = f"Question number {number:03}?"
        if post is not None:
            people.comment(desk.world, post, anna, text)
        else:
            people.mention(desk.world, page, anna, text)
        written.append(text)
    desk.clock.turn(60)
    desk.workspace.worker().read_once()
    found = desk.workspace.db.rows(str, "SELECT text FROM message WHERE NOT own ORDER BY id")
    came = [text for text in written if any(text in one for one in found)]
    (row,) = desk.workspace.inbox_queries.inboxes([desk.accounts[network]]).values()
    if network == "telegram":
        assert came == written[-48:] or came == written[-47:]
        assert "24 hours" in row.gap
    else:
        assert came == written
        assert row.gap == ""
    assert len(found) == len(came)
    desk.workspace.close()
    desk.world.close()


def test_the_same_world_has_the_same_chatter_and_a_silence_is_not_made_up_for(tmp_path):
    texts = []
    for name in "ab":
        desk = make_desk(tmp_path / name, networks=("mastodon",))
        page = next(one for one in desk.world.accounts(server=HOSTS["mastodon"]) if one.handle == "bakery")
        chatter.settle_in(desk.world, [(page, "en")])
        desk.clock.turn(3600)
        for _step in range(20):
            chatter.live(desk.world)
            desk.clock.turn(60)
        texts.append(sorted(item.text for item in desk.world.live_posts()))
        desk.clock.turn(48 * 3600)
        assert chatter.live(desk.world) == chatter.MADE_UP
        assert chatter.live(desk.world) == 0
        desk.workspace.close()
        desk.world.close()
    assert texts[0] == texts[1]
    assert len(texts[0]) > 30
