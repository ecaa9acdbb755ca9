"""People and communities as VK shows them beside what they wrote."""

from __future__ import annotations

from collections.abc import Iterable

from smm_tui.sandbox.faces.vk.call import EITHER, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World

ADMINISTRATOR_ID = 1  # the person whose user token it is


def is_person(account: Account) -> bool:
    """Whether an account is a person's, not a community's."""
    return bool(account.data.get("person"))


def owner_id(account: Account) -> int:
    """The number of an account as an owner or author: communities' are negative."""
    return int(account.remote_id) if is_person(account) else -int(account.remote_id)


def by_owner_id(world: World, host: str, number: int) -> Account | None:
    """The account of an owner's number."""
    account = world.find_account(host, str(abs(number)))
    return account if account is not None and is_person(account) == (number > 0) else None


def person_entity(account: Account) -> JSON:
    """A person, as in `profiles`."""
    first, _space, last = account.display_name.partition(" ")
    return {
        "id": int(account.remote_id),
        "first_name": first,
        "last_name": last,
        "screen_name": account.handle,
        "can_access_closed": True,
        "is_closed": False,
    }


def group_entity(call: Call, account: Account) -> JSON:
    """A community, as in `groups`."""
    entity: JSON = {
        "id": int(account.remote_id),
        "name": account.data.get("title") or account.display_name,
        "screen_name": account.handle,
        "is_closed": 0,
        "type": "group",
        "photo_50": f"{call.server.base}/images/community_50.png",
    }
    return entity if account.state == "active" else {**entity, "deactivated": "banned"}


def beside(call: Call, numbers: Iterable[int]) -> JSON:
    """The `profiles` and `groups` of an extended answer, empty when it is none."""
    if call.text("extended") != "1":
        return {}
    found = [by_owner_id(call.world, call.server.host, number) for number in sorted(set(numbers))]
    known = [account for account in found if account is not None]
    return {
        "profiles": [person_entity(account) for account in known if is_person(account)],
        "groups": [group_entity(call, account) for account in known if not is_person(account)],
    }


@method("users.get", kinds=EITHER)
def get(call: Call) -> list[JSON]:
    """People by number; those that are not there are left out."""
    call.authorised("users.get")
    found = (by_owner_id(call.world, call.server.host, int(word)) for word in _numbers(call.text("user_ids")))
    return [person_entity(account) for account in found if account is not None]


def _numbers(text: str) -> list[str]:
    return [word for word in text.split(",") if word.isdecimal()]
