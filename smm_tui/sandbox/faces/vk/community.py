"""What VK tells of itself, of communities and of tokens."""

from __future__ import annotations

from smm_tui.sandbox.faces.vk.call import COMMUNITY, EITHER, RIGHTS, USER, Call, method
from smm_tui.sandbox.http import JSON


@method("groups.getById", kinds=EITHER)
def get_by_id(call: Call) -> JSON:
    """Communities by number or short name; a community token without any means its own."""
    account = call.authorised("groups.getById")
    assert call.token is not None  # noqa: S101 - authorised
    named = [name for name in f"{call.text('group_ids')},{call.text('group_id')}".split(",") if name]
    if not named and call.token.kind == USER:
        raise call.wrong("group_ids is undefined")
    found = []
    for name in named or [account.remote_id]:
        group = call.world.find_account(call.server.host, name.removeprefix("club"))
        if group is None:
            continue
        entity: JSON = {
            "id": int(group.remote_id),
            "name": group.display_name,
            "screen_name": group.handle,
            "is_closed": 0,
            "type": "group",
            "photo_50": f"{call.server.base}/images/community_50.png",
        }
        if group.state != "active":
            entity["deactivated"] = "banned"
        if call.token.kind == USER:
            level = call.level if group.id == account.id else 0
            entity |= {"is_admin": int(level > 0), "is_member": 1, "is_advertiser": int(level > 2)}
            entity |= {"admin_level": level} if level else {}
        found.append(entity)
    return {"groups": found, "profiles": []}


@method("groups.getTokenPermissions", kinds=frozenset({COMMUNITY}))
def get_token_permissions(call: Call) -> JSON:
    """The rights of a community token."""
    call.authorised("groups.getTokenPermissions")
    assert call.token is not None  # noqa: S101 - authorised
    granted = [{"name": name, "setting": RIGHTS[name]} for name in call.token.data["rights"]]
    return {"mask": sum(item["setting"] for item in granted), "permissions": granted}


@method("account.getAppPermissions")
def get_app_permissions(call: Call) -> int:
    """The rights of a user token, as bits."""
    call.authorised("account.getAppPermissions")
    assert call.token is not None  # noqa: S101 - authorised
    return sum({RIGHTS[name] for name in call.token.data["rights"]})


@method("utils.getServerTime", kinds=EITHER)
def get_server_time(call: Call) -> int:
    """Unix seconds."""
    call.authorised("utils.getServerTime")
    return call.world.clock() // 1000
