"""What is another client's is found, and what is not is left in peace."""

from __future__ import annotations

import pytest

from smm_tui.domain.guard.check import HISTORY, check, fingerprint
from smm_tui.domain.guard.knowledge import Past, Said, client_of, traces_of
from smm_tui.domain.guard.marks import Kind

BAKERY, GYM, SHOP = 1, 2, 3
CLIENTS = {
    BAKERY: client_of(
        BAKERY,
        "Bakery",
        ["hu"],
        {"domains": ["https://bakery.example"], "prices": ["990 Ft"], "handles": ["@shop.example"]},
        ["bakery.example"],
    ),
    GYM: client_of(
        GYM,
        "Gym",
        ["en"],
        {
            "domains": ["gym.example"],
            "phones": ["+44 20 7946 0123"],
            "hashtags": ["#IronYard"],
            "brands": ["Iron Yard", "súlyzó"],
            "prices": ["£65", "£8"],
        },
        ["@gym@social.example"],
    ),
    SHOP: client_of(SHOP, "Shop", ["hu"], {"domains": ["shop.example"]}, ["shop.example"]),
}


def kinds(text: str, pasts=None, *, me: int = BAKERY, **more) -> dict[str, list[str]]:
    """What is found: kind to the names of the owners."""
    said = Said(text, **{name: more.pop(name) for name in ("beside", "links", "media") if name in more})
    found = check(said, CLIENTS[me], CLIENTS, pasts or {}, **more)
    return {finding.kind: [name for _number, name in finding.owners] for finding in found}


def past(*texts: str, media: tuple[str, ...] = ()) -> Past:
    made = Past()
    for text in texts:
        made.add(traces_of(Said(text, media=media)))
    return made


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Gyertek: https://www.gym.example/trial", Kind.DOMAIN),
        ("Gyertek a gym.example oldalra", Kind.DOMAIN),
        ("Írj: hello@gym.example", Kind.DOMAIN),
        ("Gyertek a book.gym.example oldalra", Kind.DOMAIN),
        ("Hívj: 020 7946 0123", Kind.PHONE),
        ("Köszi, @gym!", Kind.HANDLE),
        ("Köszi, @gym@social.example!", Kind.HANDLE),
        ("#ironyard", Kind.HASHTAG),
        ("Ma az IRON YARD is nyitva", Kind.BRAND),
        ("Új súlyzóink vannak", Kind.BRAND),
        ("Csak £8.00!", Kind.PRICE),
    ],
)
def test_what_a_brief_claims_is_found(text, kind):
    assert kinds(text).get(kind) == ["Gym"]
    assert kinds(text, me=GYM) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Gyertek: https://bakery.example/kosar",
        "Köszi, @shop.example!",  # its own brief names this friend
        "Csak 990 Ft!",
        "mygym.example és gym.example.hu",
        "A gymnastics verseny",
        "40 pounds of salt",
        "Reggel hattól nyitva",
    ],
)
def test_what_is_ones_own_or_nobodys_is_left_in_peace(text):
    assert kinds(text) == {}


def test_the_sentence_says_whose_it_is():
    (finding,) = check(Said("Gyertek: gym.example"), CLIENTS[BAKERY], CLIENTS, {})
    assert finding.sentence("Bakery") == "'gym.example' belongs to Gym, this is Bakery."


def test_what_went_out_for_one_other_client_alone_is_that_clients():
    gym = past("https://lift.hu/a @coach +44 20 1111 2222", "https://lift.hu/b @coach", media=("f00d" * 16,))
    pasts = {GYM: gym}
    assert kinds("https://lift.hu/x", pasts) == {Kind.DOMAIN: ["Gym"]}
    assert kinds("@coach", pasts) == {Kind.HANDLE: ["Gym"]}
    assert kinds("020 1111 2222", pasts) == {Kind.PHONE: ["Gym"]}
    assert kinds("Szép", pasts, media=("f00d" * 16,)) == {Kind.MEDIA: ["Gym"]}
    assert kinds("https://lift.hu/x", {**pasts, SHOP: past("https://lift.hu/")}) == {}  # two have it: nobody's
    assert kinds("https://lift.hu/x", {**pasts, BAKERY: past("https://lift.hu/")}) == {}  # one's own as well


def test_a_text_that_went_out_for_another_client_is_known_again():
    text = "Reggel hattól nyitva vagyunk, a polcon ma fehér kovászos, rozs és burgonyás kenyér"
    pasts = {SHOP: past(text)}
    assert kinds(text + "!", pasts) == {Kind.TEXT: ["Shop"]}
    assert kinds("Reggel hattól nyitva vagyunk, gyertek kávézni a macskával a térre velünk", pasts) == {}
    assert kinds(text, {SHOP: past(text), BAKERY: past(text)}) == {}
    assert kinds("Kellemes ünnepeket!", {SHOP: past("Kellemes ünnepeket!")}) == {}


def test_a_post_is_no_witness_for_itself():
    text = "Gyertek a https://lift.hu/ oldalra, mert ott minden megvan, ami egy hétre kell nektek"
    gym = past(text, "https://lift.hu/")
    own = past(text)
    assert kinds(text, {GYM: gym, BAKERY: own}) == {}
    alone = kinds(text, {GYM: gym, BAKERY: own}, without=traces_of(Said(text)))
    assert {Kind.DOMAIN, Kind.TEXT} <= alone.keys()


def test_another_language_and_other_money_are_another_clients():
    english = "The bar is warm and the good rack is free, so come with your friends"
    assert kinds(english) == {Kind.LANGUAGE: ["Gym"]}
    assert kinds(english, {BAKERY: past(english)}, prose=False) == {}
    assert kinds("Csak £70!") == {Kind.CURRENCY: ["Gym"]}
    assert kinds(english, prose=False) == {}


def test_wording_speaks_only_with_enough_behind_it():
    shop = [f"Új könyvek a polcon, regények és versek {n}, olvassatok velünk a macskával" for n in range(HISTORY)]
    bread = [f"Friss kenyér, kifli és kalács a pultban {n}, gyertek reggel a kovászért" for n in range(HISTORY)]
    text = "Könyvek, regények, versek: a macskával olvassatok"
    assert kinds(text, {SHOP: past(*shop), BAKERY: past(*bread)}) == {Kind.WORDS: ["Shop"]}
    assert kinds(text, {SHOP: past(*shop), BAKERY: past(*bread)}, wording=False) == {}
    assert kinds(text, {SHOP: past(*shop), BAKERY: past(*bread[1:])}) == {}
    assert kinds("Friss kenyér reggel a pultban", {SHOP: past(*shop), BAKERY: past(*bread)}) == {}


def test_a_post_taken_out_again_leaves_no_trace():
    texts = ("https://lift.hu/ @coach 990 Ft", "The bar is warm and the rack is free, so come with your friends")
    both, one = past(*texts), past(texts[0])
    both.add(traces_of(Said(texts[1])), -1)
    assert (+both.marks, +both.stems, +both.triples, +both.tongues) == (
        +one.marks,
        +one.stems,
        +one.triples,
        +one.tongues,
    )
    assert (both.posts, both.stems_total) == (one.posts, one.stems_total)


def test_what_the_brief_forbids_is_found_in_its_inflections():
    me = client_of(9, "Bakery", ["hu"], {}, [], ["olcsó", "akciós ár"])
    for text in ("Olcsóbban sehol", "Ma akciós áron"):
        (finding,) = check(Said(text), me, {9: me}, {})
        assert "its brief forbids it" in finding.sentence("Bakery")
    assert check(Said("Akció nincs, olcsón se"), me, {9: me}, {}) != []
    assert check(Said("Ma friss"), me, {9: me}, {}) == []


def test_letting_pass_is_bound_to_the_bytes():
    said = Said("a", ("b",), ("c",), ("d",))
    changed = [said._replace(text="x"), said._replace(beside=()), said._replace(links=()), said._replace(media=())]
    assert len({fingerprint(1, one) for one in (said, *changed)} | {fingerprint(2, said)}) == 6
