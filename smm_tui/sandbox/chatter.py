"""People who go on writing while the world is open: questions, praise, complaints, answers to each other, edits and
deletions, now and then a wave of spam or a raid. What they write depends on the world's seed and time alone.

They act when their time has come and somebody calls a server; a long silence is made up for a little only.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from smm_tui.domain.clock import HOUR, SECOND, Instant
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

KEY = "chatter"
"""Where the world keeps it."""
PAUSE: Instant = 40 * SECOND
"""Between two things that happen, on the average."""
RUSH: Instant = 4 * SECOND
"""Between two people of a wave or a raid."""
WAVE = (6, 12)
"""People of a wave or a raid, at least and at most."""
MADE_UP = 20
"""So much happens at once after a silence."""
SILENCE: Instant = 2 * HOUR
REMEMBERED = 30
"""Things that may still be answered, changed or taken back."""
_DEEDS: Mapping[str, int] = {
    **{"question": 36, "praise": 18, "complaint": 14, "reply": 12, "message": 6, "edit": 5, "delete": 4},
    **{"like": 2, "spam": 5, "raid": 2},
}
"""What happens, by how often."""


def settle_in(world: World, members: Sequence[tuple[Account, str]], *, begins: Instant | None = None) -> None:
    """Let a crowd live around these accounts, each in a language (``hu`` or ``en``), from a time on."""
    begins = world.clock() + PAUSE if begins is None else begins
    kept = {
        "members": [[account.id, language if language in _lines() else "en"] for account, language in members],
        "next": begins,
        "turn": 0,
        "rush": [],
        "said": [],
    }
    world.keep(KEY, json.dumps(kept))


def live(world: World) -> int:
    """Let everything happen whose time has come; how much it was."""
    kept = world.kept(KEY)
    if kept is None:
        return 0
    state = json.loads(kept)
    now, count = world.clock(), 0
    if state["next"] < now - SILENCE:
        state["next"] = now - SILENCE
    while state["next"] <= now and count < MADE_UP and state["members"]:
        dice = random.Random(f"{world.seed} chatter {state['turn']}")
        state["turn"] += 1
        _happen(world, state, dice)
        state["next"] += RUSH if state["rush"] else round(dice.uniform(0.3, 1.7) * PAUSE)
        count += 1
    if count:
        state["next"] = max(state["next"], now + SECOND if count == MADE_UP else state["next"])
        world.keep(KEY, json.dumps(state))
    return count


def _happen(world: World, state: dict[str, Any], dice: random.Random) -> None:
    if state["rush"]:
        number, text = state["rush"].pop()
        account = world.account(number)
        _write(world, state, account, _stranger(world, account, state["turn"]), text.format(n=state["turn"]), dice)
        return
    number, language = dice.choice(state["members"])
    account, lines = world.account(number), _lines()[language]
    deed = dice.choices(list(_DEEDS), list(_DEEDS.values()))[0]
    if deed in ("spam", "raid"):
        people = dice.randint(*WAVE)
        words = lines["spam" if deed == "spam" else "raids"]
        text = dice.choice(words)
        state["rush"] = [[number, text if deed == "spam" else dice.choice(words)] for _one in range(people)]
        return
    said = [one for one in state["said"] if one["account"] == number]
    if deed in ("reply", "edit", "delete", "like") and said:
        _about(world, state, dice.choice(said), deed, lines, dice)
        return
    person = _regular(world, account, dice.choice(lines["names"]))
    if deed == "message":
        try:
            written = AUDIENCES[account.network].message(
                world, account, person, dice.choice(dice.choice(lines["questions"]))
            )
        except (ValueError, PermissionError):
            return
        _remember(state, account, person, written)
        return
    text = dice.choice(lines["praise"])
    if deed == "complaint":
        text = dice.choice(lines["complaints"])
    elif deed != "praise":
        text = dice.choice(dice.choice(lines["questions"]))
    _write(world, state, account, person, text, dice)


def _about(
    world: World,
    state: dict[str, Any],
    said: dict[str, Any],
    deed: str,
    lines: Mapping[str, Any],
    dice: random.Random,
) -> None:
    """Do something about what was said before: answer it, change it, take it back, like it."""
    account = world.account(said["account"])
    audience = AUDIENCES[account.network]
    try:
        item = world.object(said["object"])
        if item.deleted_at is not None:
            state["said"].remove(said)
            return
        if deed == "delete":
            audience.delete(world, item)
            state["said"].remove(said)
        elif deed == "edit":
            audience.edit(world, item, f"{said['text']} ({dice.choice(lines['replies'])})")
        elif deed == "like":
            audience.like(world, item, _regular(world, account, dice.choice(lines["names"])))
        elif said["post"] is not None:
            person = _regular(world, account, dice.choice(lines["names"]))
            post = world.object(said["post"])
            text = dice.choice(lines["replies"])
            answer = audience.comment(world, post, person, text, reply_to=item)
            _remember(state, account, person, answer, text=text, post=post)
    except (ValueError, KeyError, PermissionError):
        state["said"] = [one for one in state["said"] if one is not said]


def _write(
    world: World, state: dict[str, Any], account: Account, person: Account, text: str, dice: random.Random
) -> None:
    """Write below one of the account's newest posts, or, where there is none, somewhere else naming it."""
    posts = [item for _n, item in zip(range(3), _posts(world, account), strict=False)]
    audience = AUDIENCES[account.network]
    try:
        if posts:
            post = dice.choice(posts)
            _remember(state, account, person, audience.comment(world, post, person, text), text=text, post=post)
        else:
            _remember(state, account, person, audience.mention(world, account, person, text), text=text)
    except (ValueError, PermissionError):  # the network has no such thing, or shut the person out
        return


def _remember(
    state: dict[str, Any],
    account: Account,
    person: Account,
    item: Object,
    *,
    text: str = "",
    post: Object | None = None,
) -> None:
    state["said"].append(
        {
            "account": account.id,
            "person": person.id,
            "object": item.id,
            "text": text or item.text,
            "post": None if post is None else post.id,
        }
    )
    del state["said"][:-REMEMBERED]


def _posts(world: World, account: Account) -> Sequence[Object]:
    return [item for item in world.objects(account) if not item.reply_to]


def _regular(world: World, account: Account, name: str) -> Account:
    """Somebody who comes again and again."""
    return _person(world, account, f"regular {name}", name)


def _stranger(world: World, account: Account, turn: int) -> Account:
    """Somebody nobody has seen before."""
    return _person(world, account, f"stranger {turn}", f"user{turn:05}")


def _person(world: World, account: Account, key: str, name: str) -> Account:
    known = world.kept(f"{key} {account.server}")
    if known is not None:
        return world.account(int(known))
    server = world.server(account.server)
    if server is None:
        raise ValueError(f"there is no server {account.server}")
    person = AUDIENCES[account.network].person(world, server, name)
    world.keep(f"{key} {account.server}", str(person.id))
    return person


@cache
def _lines() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files(__package__) / "chatter.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
