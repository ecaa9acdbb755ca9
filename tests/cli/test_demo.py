"""The demo walks the main job in its own folder, and never in the user's."""

from __future__ import annotations


def test_the_walk_holds_and_leaves_the_users_data_alone(shop, monkeypatch) -> None:
    monkeypatch.setenv("SMM_TUI_DATABASE", f"sqlite:///{shop.data}/smm-tui.db")
    before = shop.content()
    answer = shop("demo", "--headless", "--json")
    assert answer.status == 0, answer.err
    assert answer.json["ok"] is True
    assert len(answer.json["steps"]) > 10
    assert all(step["ok"] for step in answer.json["steps"])
    assert answer.json["steps"][0]["name"] in answer.err  # progress, for people
    assert shop.content() == before
    assert not (shop.data / "world.db").exists()
    again = shop("demo", "--headless", "--reset")
    assert again.status == 0
    assert "ok" in again.out


def test_a_folder_that_is_no_demo_is_left_alone(cli) -> None:
    (cli.data / "demo").mkdir(parents=True)
    (cli.data / "demo" / "thesis.txt").write_text("my life's work")
    cli.refused("demo", "--headless")
    assert (cli.data / "demo" / "thesis.txt").read_text() == "my life's work"


def test_learning_tells_how_the_days_stand_and_needs_a_terminal_to_begin(cli) -> None:
    assert [(day["name"], day["begun"], day["score"]) for day in cli.json("learn")] == [
        (name, False, 0) for name in ("page", "plan", "comment", "campaign", "crisis")
    ]
    assert "The first page" in cli("learn", "--progress").out
    assert "There is no day" in cli.refused("learn", "holiday")["message"]
    assert cli("learn", "1").status == 2
    assert not (cli.data / "learn").exists()
