"""`media target`: the public place for pictures, and an Instagram account that needs one."""

from __future__ import annotations

from PIL import Image

from smm_tui.sandbox import seed

NONE = {"address": None, "public": None, "user": None}


def place(town) -> dict[str, str]:
    return seed.add_public_folder(town.world, town.world.server(seed.FILES_HOST), "shop")


def named(folder: dict[str, str]) -> tuple[str, ...]:
    return ("media", "target", "set", "--address", folder["address"], "--public", folder["public"], "--user", "shop")


def test_it_is_named_shown_tried_and_forgotten(town) -> None:
    cli, folder = town.cli, place(town)
    assert cli.json("media", "target", "show") == NONE
    shown = cli.json(*named(folder), stdin=folder["password"] + "\n")
    assert shown == {"address": folder["address"], "public": folder["public"], "user": "shop"}
    assert cli.json("media", "target", "show") == shown
    assert cli.json("media", "target", "check")["url"].startswith(folder["public"])
    plain = cli("media", "target", "show")
    assert folder["address"] in plain.out
    for path in cli.data.rglob("*"):
        assert (
            not path.is_file()
            or folder["password"].encode() not in path.read_bytes()
            or path.name.startswith("world.db")
        )
    assert cli.json("media", "target", "remove") == NONE
    assert cli.json("media", "target", "show") == NONE
    assert cli.refused("media", "target", "check", status=1)["kind"] == "unsupported"


def test_what_is_no_place_is_refused(town) -> None:
    cli, folder = town.cli, place(town)
    cli.json("project", "list")
    good = ("--public", folder["public"], "--user", "shop")
    for address in (
        "files.sandbox/dav",
        "ftp://files.sandbox",
        "https://a:b@files.sandbox/dav",
        "https://",
        "https://x/\x1b[1m",
    ):
        refused = cli.refused("media", "target", "set", "--address", address, *good, stdin="x\n")
        assert refused["field"] == "address"
    refused = cli.refused("media", "target", "set", "--address", "http://files.sandbox/dav", *good, stdin="x\n")
    assert "https" in refused["hint"]
    assert cli.refused(*named(folder), stdin="")["field"] == "password"
    answer = cli(*named(folder), "--json", stdin="wrong\n")
    assert (answer.status, answer.json["error"]["kind"]) == (1, "forbidden")
    assert "wrong" not in answer.out + answer.err
    assert cli.json("media", "target", "show") == NONE


def test_an_instagram_account_from_beginning_to_end(town, tmp_path) -> None:
    cli, folder = town.cli, place(town)
    login = seed.add_instagram_account(town.world, town.world.server(seed.FACEBOOK_HOST), "bakery.insta", name="B")
    cli.json("project", "add", "Bakery", "--timezone", "Europe/Budapest")
    where = ("--network", "instagram", "--handle", login.handle, "--server", login.server)
    account = cli.json("account", "add", "--project", "Bakery", *where, stdin=login.page.user_token + "\n")
    assert "image" not in account["capabilities"]
    assert "media target set" in account["missing"][0]
    finding = next(check for check in cli("doctor", "--json").json["checks"] if check["name"] == "media")
    assert (finding["state"], login.handle in finding["message"]) == ("warning", True)

    picture = tmp_path / "bread.jpg"
    Image.new("RGB", (640, 640), "peru").save(picture)
    post = ("post", "add", "--project", "Bakery", "--type", "info", "--at", "tomorrow 9")
    bread = ("--text", "Bread #bread", "--media", f"{picture}::A loaf")
    assert "picture or video" in cli.refused(*post, "--text", "Only words")["message"]
    assert "public place" in cli.refused(*post, *bread)["message"]

    cli.json(*named(folder), stdin=folder["password"] + "\n")
    assert "image" in cli.json("account", "check", account["id"])["capabilities"]
    assert cli("post", "approve", cli.json(*post, *bread)["id"]).status == 0
    assert cli("doctor", "--online").status == 0
    tags = " ".join(f"#tag{number}" for number in range(31))
    assert "30 hashtags" in cli.refused(*post, "--text", tags, "--media", f"{picture}::A loaf")["message"]

    folder["password"] = "changed"
    cli.json(*named(folder), "--no-check", stdin="changed\n")
    finding = next(check for check in cli("doctor", "--online", "--json").json["checks"] if check["name"] == "media")
    assert finding["state"] == "broken"
