"""Rules from their words to what they do: tried, armed, applied at ingest, judged, taken back; and the spam score."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import MessageState
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.services.ingest import Ingest
from smm_tui.services.rules import RuleDraft
from tests.services.conftest import Office, make_office
from tests.support.database import content, differences

HIDES, CANNOT_HIDE = 1, 0
"""Positions of the office's accounts."""


class Street:
    """People who write to an office's accounts."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.workspace = office.workspace
        self.ingest = Ingest(office.workspace.db)
        self.count = 0

    def item(self, text: str, *, author: str = "kata", number: int | None = None, at: int | None = None) -> Item:
        self.count += 1
        return Item(
            f"m{self.count if number is None else number}",
            ItemKind.COMMENT,
            Author(author, author, author.title()),
            text,
            self.office.clock.now if at is None else at,
            url=f"https://social.example/{self.count}",
        )

    def hears(self, *items: Item, account: int = HIDES) -> list[int]:
        """Take these in as one step; the ids of what is new."""
        source = self.ingest.source(self.office.accounts[account])
        return self.ingest.store(source, Page(items, {"step": self.count})).ids

    def say(self, *texts: str, account: int = HIDES, **more) -> list[int]:
        return self.hears(*(self.item(text, **more) for text in texts), account=account)

    def rule(self, asked: str | list[str], *done: str, armed: bool = True, name: str = "Spam") -> int:
        asked = [asked] if isinstance(asked, str) else asked
        draft = RuleDraft(name, tuple(asked), done or ("flag",), self.office.project)
        number = self.workspace.rules.add(draft).ids[0]
        if armed:
            self.workspace.rules.test(number)
            self.workspace.rules.arm(number)
        return number

    def get(self, number: int):
        return self.workspace.inbox_queries.get(number)

    def actions(self, number: int):
        return self.workspace.inbox_queries.actions([number])[number]

    def hits(self, rule: int) -> list[int]:
        return sorted(hit.message_id for hit in self.workspace.rules.hits(rule, limit=10_000))


@pytest.fixture
def street(office: Office) -> Street:
    return Street(office)


def test_a_rule_is_tried_before_it_is_armed(street: Street) -> None:
    rules = street.workspace.rules
    rule = street.rule("word ingyen", armed=False)
    with pytest.raises(InvalidInput, match="not tried"):
        rules.arm(rule)
    street.say("Ingyen kifli", "Szia")
    found = rules.test(rule)
    assert (found.examined, found.caught, found.approved) == (2, 1, 0)
    (caught,) = found.messages
    assert (caught.message.author, caught.message.text, caught.why) == ("Kata", "Ingyen kifli", "“ingyen”")
    rules.arm(rule)
    rules.edit(rule, name="Other")
    assert rules.get(rule).armed_at is not None
    receipt = rules.edit(rule, conditions=["word kifli"])
    assert "not armed" in receipt.message
    assert rules.get(rule).armed_at is None
    with pytest.raises(InvalidInput):
        rules.arm(rule)
    rules.arm(rule, force=True)
    rules.disarm(rule)
    assert street.say("kifli")
    assert street.hits(rule) == []


def test_a_dry_run_tells_what_people_had_approved(street: Street) -> None:
    first, second, third = street.say("ingyen a", "ingyen b", "ingyen c")
    street.workspace.inbox.approve([second])
    rule = street.rule("word ingyen", armed=False)
    before = content(street.workspace.db.path)
    found = street.workspace.rule_queries.dry_run(rule)
    assert content(street.workspace.db.path) == before
    assert (found.caught, found.approved) == (3, 1)
    assert [(one.message.id, one.approved) for one in found.messages] == [
        (second, True),
        (third, False),
        (first, False),
    ]


def test_what_a_rule_does(street: Street) -> None:
    with street.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO saved_reply (name, text, language, used) VALUES ('No', 'x', '', 0)"
        )
    rule = street.rule("word ingyen", "hide", "label spam", "assign Anna", "reply No")
    hidden, quiet = street.say("1ngy3n!", "kifli")
    row = street.get(hidden)
    assert (row.state, row.handled_by, row.labels, row.assigned_to) == ("hidden", f"rule {rule}", ["spam"], "Anna")
    (action,) = street.actions(hidden)
    assert (action.verb, action.state, action.actor, action.rule_id) == ("hide", "held", f"rule {rule}", rule)
    assert street.get(quiet).state == "new"
    assert street.actions(quiet) == []
    (hit,) = street.workspace.inbox_queries.rules_of([hidden])[hidden]
    assert (hit.rule_id, hit.why) == (rule, "“1ngy3n!”")
    assert [one.name for one in street.workspace.rule_queries.suggested([hidden, quiet])] == ["No"]
    (line,) = street.workspace.inbox_queries.trace(hidden).log
    assert line.actor == f"rule {rule}"
    assert "hide" in line.summary


def test_where_nobody_can_hide_it_is_held(street: Street) -> None:
    rule = street.rule("word ingyen", "hide")
    (number,) = street.say("ingyen", account=CANNOT_HIDE)
    assert street.get(number).state == MessageState.HELD
    assert street.actions(number) == []
    assert "cannot" in street.workspace.rules.hits(rule)[0].why


@pytest.mark.parametrize(("outcome", "state"), [("hold", "held"), ("flag", "flagged"), ("close", "closed")])
def test_each_settling_outcome(street: Street, outcome: str, state: str) -> None:
    street.rule("word ingyen", outcome)
    (number,) = street.say("ingyen")
    assert street.get(number).state == state


def test_the_strictest_wins_whatever_the_order(street: Street) -> None:
    street.rule("word ingyen", "flag")
    street.rule("word kifli", "hold")
    street.rule("word most", "close")
    (number,) = street.say("ingyen kifli most")
    assert street.get(number).state == "held"
    assert len(street.workspace.inbox_queries.rules_of([number])[number]) == 3


def test_a_rule_of_one_project_leaves_the_others_alone(street: Street) -> None:
    rule = street.rule("word ingyen")
    other = street.workspace.rules.add(RuleDraft("All", ("word ingyen",), ("label x",))).ids[0]
    street.workspace.rules.arm(other, force=True)
    from smm_tui.services.project_queries import ProjectDraft

    gym = street.workspace.projects.add(ProjectDraft("Gym", "UTC")).ids[0]
    account = street.workspace.accounts.add(
        gym, "bluesky", "gym.example", {"app_password": "p"}, server="https://bsky.example", check=False
    ).ids[0]
    taken = street.ingest.store(street.ingest.source(account), Page((street.item("ingyen"),), {}))
    assert street.hits(rule) == []
    assert street.hits(other) == taken.ids


def test_an_edit_is_screened_once_more(street: Street) -> None:
    rule = street.rule("word ingyen", "hold")
    (number,) = street.say("kifli", number=7)
    street.workspace.inbox.approve([number])
    street.hears(street.item("ingyen", number=7))
    assert street.get(number).state == "held"
    assert street.hits(rule) == [number]
    street.hears(street.item("ingyen!", number=7))
    assert street.hits(rule) == [number]


def test_repeats_and_new_authors(street: Street) -> None:
    by_author = street.rule("repeats >= 3 by author within 1h")
    by_people = street.rule("repeats >= 3 by authors within 1h")
    new = street.rule("author new")
    now = street.office.clock.now
    one, two = street.say("Vedd meg", "VEDD meg!", author="a")
    (three,) = street.say("vedd  meg", author="a")
    assert street.hits(by_author) == [three]
    street.say("vedd meg", author="b")
    (five,) = street.say("vedd meg", author="c")
    assert street.hits(by_people) == [five]
    street.say("vedd meg", author="a", at=now - 2 * HOUR)
    assert street.hits(by_author) == [three]
    assert {one, two, three, five} <= set(street.hits(new))
    street.office.clock.turn(8 * DAY // 1000)
    (old,) = street.say("szia", author="a")
    assert old not in street.hits(new)


def test_a_failed_transaction_leaves_nothing_in_memory(street: Street) -> None:
    rule = street.rule("repeats >= 2 by author within 1h")
    screen = street.ingest._screening.screen

    def fails(unit, *ids):
        screen(unit, *ids)
        raise KeyError

    street.ingest._screening.screen = fails
    with pytest.raises(KeyError):
        street.say("vedd")
    street.ingest._screening.screen = screen
    street.say("vedd")
    assert street.hits(rule) == []


def test_people_judge_rules(street: Street) -> None:
    rule = street.rule("word ingyen", "hold")
    inbox, rules = street.workspace.inbox, street.workspace.rules
    first, second, third, fourth = street.say(*["ingyen"] * 4)
    inbox.approve([first])
    inbox.spam([second, third])
    row = rules.get(rule)
    assert (row.hits, row.agreed, row.disagreed) == (4, 2, 1)
    assert row.precision == pytest.approx(2 / 3)
    street.workspace.undo.undo()
    assert rules.get(rule).agreed == 0
    street.workspace.undo.redo()
    assert rules.get(rule).agreed == 2
    rules.judge(rule, [fourth], right=False)
    assert street.get(fourth).state == "new"
    assert rules.get(rule).disagreed == 2
    with pytest.raises(InvalidInput):
        rules.judge(rule, [999], right=True)


def test_one_in_ten_hits_is_put_before_a_person(street: Street) -> None:
    rule = street.rule("word ingyen", "close")
    ids = street.say(*["ingyen"] * 12)
    ids += Street.say(Street(street.office), *[f"ingyen {n}" for n in range(10)])
    waiting = {hit.message_id for hit in street.workspace.rules.hits(rule, sampled=True)}
    street.workspace.rules.judge(rule, [ids[0]], right=True)
    left = {hit.message_id for hit in street.workspace.rules.hits(rule, sampled=True)}
    assert (waiting, left) == ({ids[0], ids[10]}, {ids[10]}) or len(waiting) == 3


def test_all_that_a_rule_did_is_taken_back(street: Street) -> None:
    rule = street.rule("word ingyen", "hide", "label spam")
    kept = street.say("kifli")
    ids = street.say("ingyen a", "ingyen b", "ingyen c")
    street.workspace.inbox.label(ids[:1], add=["mine"])
    before = content(street.workspace.db.path)
    receipt = street.workspace.rules.undo(rule)
    assert receipt.count == 3
    assert {street.get(number).state for number in ids} == {"new"}
    assert [street.get(number).labels for number in ids] == [["mine"], [], []]
    assert [action.state for number in ids for action in street.actions(number)] == ["cancelled"] * 3
    assert street.workspace.rules.get(rule).precision == 0
    street.workspace.undo.undo()
    assert content(street.workspace.db.path) == before, differences(before, content(street.workspace.db.path))
    assert [action.state for number in ids for action in street.actions(number)] == ["held"] * 3
    assert street.workspace.rules.get(rule).precision is None
    assert street.get(kept[0]).state == "new"


@pytest.mark.parametrize("verb", ["add", "edit", "arm", "disarm", "remove", "test"])
def test_every_command_is_undone(street: Street, verb: str) -> None:
    rules = street.workspace.rules
    rule = street.rule("word ingyen", armed=verb in ("disarm", "edit"))
    before = content(street.workspace.db.path)
    if verb == "add":
        street.rule("word x y", armed=False)
    elif verb == "edit":
        rules.edit(rule, name="New", conditions=["links >= 2"], actions=["hold"])
    elif verb == "arm":
        rules.arm(rule, force=True)
    else:
        getattr(rules, verb)(rule)
    after = content(street.workspace.db.path)
    assert after != before
    street.workspace.undo.undo()
    assert content(street.workspace.db.path) == before
    street.workspace.undo.redo()
    assert content(street.workspace.db.path) == after


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        ("account nobody", "flag"),
        ("word x y", "reply Nothing"),
        ("", "flag"),
        ("regex (", "flag"),
        ("word kifli", "run"),
    ],
)
def test_what_makes_no_sense_is_refused(street: Street, asked: str, done: str) -> None:
    before = content(street.workspace.db.path)
    with pytest.raises(InvalidInput):
        street.rule(asked, done)
    assert content(street.workspace.db.path) == before


def test_bad_texts_come_in_whole_and_block_nothing(street: Street) -> None:
    rule = street.rule(["regex [a-z]+"], "flag")
    street.rule("repeats >= 2 by authors within 1d", "label again")
    nasty = [
        "\x1b[31mred",
        "\u202egnp.exe",
        "e" + "\u0301" * 3000,
        "a" * 100_000,
        "nu\0ll",
        "\ud800broken",
        "",
        "\u0301",
    ]
    ids = street.say(*nasty)
    assert len(ids) == len(nasty)
    assert set(street.hits(rule)) == {ids[0], ids[1], ids[2], ids[3], ids[4], ids[5]}
    assert all("\x1b" not in hit.why and "\u202e" not in hit.why for hit in street.workspace.rules.hits(rule))
    (late,) = street.say("vége", at=0)
    assert street.get(late).text == "vége"


# The spam score

SPAM = ["INGYEN nyeremény! bit.ly/x www.a.hu", "1ngyen pénz most", "ingyenpénz, ingyen", "pénz ingyen"]
GOOD = ["Mikor nyitnak holnap?", "Nagyon finom volt a kifli", "Van még kovászos kenyér?", "Köszönöm szépen a kiflit"]


def teach(street: Street) -> None:
    bad, good = street.say(*SPAM, author="bot"), street.say(*GOOD, author="kata")
    street.workspace.inbox.spam(bad)
    street.workspace.inbox.approve(good)


def words(street: Street) -> list[tuple]:
    sql = "SELECT word, spam, good FROM spam_word WHERE spam OR good ORDER BY word"
    return street.workspace.db.rows(lambda *row: row, sql)


def test_the_score_learns_explains_itself_and_does_nothing(street: Street) -> None:
    assert street.get(street.say("ingyen pénz")[0]).spam_score is None
    teach(street)
    bad, good = street.say("Ingyen pénz: bit.ly/x", "Finom a kenyér, köszönöm")
    assert street.get(bad).spam_score > 0.9 > 0.5 > street.get(good).spam_score
    assert street.get(bad).state == "new"
    assert street.workspace.rule_queries.why_spam(bad).startswith("because: ")
    assert "bit.ly" in street.workspace.rule_queries.why_spam(bad)
    assert street.workspace.rule_queries.why_spam(good) == ""


def test_a_rule_may_act_on_the_score(street: Street) -> None:
    teach(street)
    rule = street.rule("spam >= 90%", "hold")
    bad, good = street.say("Ingyen pénz: bit.ly/x", "Finom a kenyér, köszönöm")
    assert (street.get(bad).state, street.get(good).state) == ("held", "new")
    assert street.hits(rule) == [bad]


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["approve", "spam", "reopen", "close"]), st.sets(st.integers(0, 7), min_size=1))
    )
)
def test_undo_forgets_what_was_learnt(tmp_path_factory: pytest.TempPathFactory, verdicts) -> None:
    office = make_office(tmp_path_factory.mktemp("undo") / "data")
    street = Street(office)
    ids = street.say(*SPAM, *GOOD)
    states = [words(street)]
    done = 0
    for verb, chosen in verdicts:
        receipt = getattr(office.workspace.inbox, verb)([ids[place] for place in sorted(chosen)])
        if receipt.undo is not None:
            done += 1
            states.append(words(street))
    for _step in range(done):
        assert words(street) == states.pop()
        office.workspace.undo.undo()
    assert words(street) == [] == states.pop()
    office.workspace.close()


# A dry run tells what would happen

TEXTS = [
    "ingyen kifli",
    "1ngy3n",
    "Szia",
    "vedd meg bit.ly/x",
    "VEDD MEG MOST AZONNAL",
    "😀😀😀😀",
    "kiflit vennék",
    "",
]
RULES = [
    ["word ingyen, kifli"],
    ["regex vedd|vennék"],
    ["links >= 1"],
    ["caps >= 50%"],
    ["emoji >= 2"],
    ["repeats >= 2 by author within 10m"],
    ["repeats >= 2 by authors within 1h", "author new"],
    ["author known"],
    ["account bakery", "word kifli"],
    ["spam >= 60%"],
]
WRITTEN = st.tuples(
    st.sampled_from(TEXTS), st.sampled_from("abc"), st.integers(0, 20 * DAY // MINUTE), st.integers(0, 1)
)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(WRITTEN, max_size=25), st.data())
def test_a_dry_run_equals_what_happens_later(tmp_path_factory: pytest.TempPathFactory, written, data) -> None:
    found: list[list[list[int]]] = []
    for armed in (False, True):
        office = make_office(tmp_path_factory.mktemp("replay") / "data")
        street = Street(office)
        teach(street)
        rules = [street.rule(asked, "label x", armed=armed) for asked in RULES]
        first = street.say("kezdet")[0]
        items = [
            (street.item(text, author=author, at=office.clock.now - ago * MINUTE), account)
            for text, author, ago, account in written
        ]
        while items:  # in the same order, in other steps
            same = list(takewhile(lambda one, account=items[0][1]: one[1] == account, items))
            step = same[: data.draw(st.integers(1, 6))]
            street.hears(*(item for item, _account in step), account=step[0][1])
            items = items[len(step) :]
        if armed:
            found.append([[n for n in street.hits(rule) if n > first] for rule in rules])
        else:
            runs = [office.workspace.rules.dry_run(rule).messages for rule in rules]
            found.append([sorted(one.message.id for one in run if one.message.id > first) for run in runs])
        office.workspace.close()
    assert found[0] == found[1]


def test_the_rules_stay_light(tmp_path: Path) -> None:
    """Looking at rules needs neither an engine of patterns nor one of stems."""
    import subprocess
    import sys

    code = (
        "import sys; import smm_tui.services.rule_queries, smm_tui.services.verdicts;"
        "assert not {'re2', 'Stemmer', 'sqlmodel'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path.cwd())
