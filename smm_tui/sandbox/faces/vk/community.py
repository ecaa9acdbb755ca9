"""What VK tells of itself, of communities and of tokens; how a community is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from smm_tui.domain.clock import SECOND
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.vk import people
from smm_tui.sandbox.faces.vk.call import ADMINISTRATOR, COMMUNITY, EITHER, MODERATOR, RIGHTS, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World

TITLE = 48  # characters
LINKS = 100
_TEXTS = {"title": "title", "description": "description", "website": "site"}  # parameter of groups.edit -> kept as


@method("groups.getById", kinds=EITHER)
def get_by_id(call: Call) -> JSON:
    """Communities by number or short name; a community token without any means its own."""
    account = call.authorised("groups.getById")
    named = [name for name in f"{call.text('group_ids')},{call.text('group_id')}".split(",") if name]
    if not named and not call.by_community:
        raise call.wrong("group_ids is undefined")
    found = []
    for name in named or [account.remote_id]:
        group = call.world.find_account(call.server.host, name.removeprefix("club"))
        if group is None or people.is_person(group):
            continue
        entity = people.group_entity(call, group) | _asked(call, group)
        if not call.by_community:
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


@method("groups.getSettings", right="groups")
def get_settings(call: Call) -> JSON:
    """The settings that an administrator sees."""
    account = call.authorised("groups.getSettings")
    _ensure_level(call, account, ADMINISTRATOR)
    sections = dict.fromkeys(("audio", "docs", "photos", "topics", "video", "wiki", "articles"), 1)
    filters = dict.fromkeys(("obscene_filter", "obscene_stopwords", "toxic_filter", "disable_replies_from_groups"), 0)
    return {
        "title": account.data.get("title") or account.display_name,
        "description": account.data.get("description", ""),
        "website": account.data.get("site", ""),
        "address": account.handle,
        "access": 0,
        "city_id": 0,
        "city_name": "",
        "wall": 1,
        "obscene_words": [],
        **sections,
        **filters,
    }


@method("groups.edit", kinds=EITHER, right="manage")
def edit(call: Call) -> int:
    """Change how a community presents itself; what is not sent stays."""
    account = call.authorised("groups.edit")
    _ensure_level(call, account, ADMINISTRATOR)
    changes = {kept: call.text(name).strip() for name, kept in _TEXTS.items() if name in call.parameters}
    if "title" in changes and not 0 < len(changes["title"]) <= TITLE:
        raise call.wrong("title is incorrect")
    call.world.update_account(account, changes)
    return 1


@method("groups.addLink", right="groups")
def add_link(call: Call) -> JSON:
    """Put a link behind the others."""
    account = call.authorised("groups.addLink")
    _ensure_level(call, account, ADMINISTRATOR)
    url = call.text("link")
    if not urlsplit(url).netloc:
        raise call.wrong("link is incorrect")
    links = account.data.get("links", [])
    if len(links) >= LINKS:
        raise call.refusal(103, "Out of limits")
    number = call.world.sequence("vk link")
    link = {"id": number, "url": url, "name": urlsplit(url).netloc, "desc": call.text("text"), "edit_title": 1}
    call.world.update_account(account, {"links": [*links, link]})
    return link


@method("groups.editLink", right="groups")
def edit_link(call: Call) -> int:
    """Change what stands below a link."""
    account, link = _link(call, "groups.editLink")
    links = [{**each, "desc": call.text("text")} if each == link else each for each in account.data["links"]]
    call.world.update_account(account, {"links": links})
    return 1


@method("groups.deleteLink", right="groups")
def delete_link(call: Call) -> int:
    """Take a link away."""
    account, link = _link(call, "groups.deleteLink")
    call.world.update_account(account, {"links": [each for each in account.data["links"] if each != link]})
    return 1


@method("groups.reorderLink", right="groups")
def reorder_link(call: Call) -> int:
    """Put a link behind another, or first (0)."""
    account, link = _link(call, "groups.reorderLink")
    others = [each for each in account.data["links"] if each != link]
    places = [place for place, each in enumerate(others, 1) if each["id"] == call.number("after", 0)]
    others.insert(places[0] if places else 0, link)
    call.world.update_account(account, {"links": others})
    return 1


@method("groups.ban", right="groups")
def ban(call: Call) -> int:
    """Ban a person or community, for good without an end."""
    account = call.authorised("groups.ban")
    _ensure_level(call, account, MODERATOR)
    who = str(call.number("owner_id"))
    ends = call.number("end_date", 0)
    if ends and ends * SECOND <= call.world.clock():
        raise call.wrong("end_date is in the past")
    if people.by_owner_id(call.world, call.server.host, int(who)) is None:
        raise call.wrong("owner_id is incorrect")
    now = bans(call.world, account)
    since = now.get(who, {}).get("date", call.world.clock() // SECOND)
    entry = {
        "admin_id": people.ADMINISTRATOR_ID,
        "date": since,
        "reason": call.number("reason", 0),
        "comment": call.text("comment"),
        "comment_visible": call.text("comment_visible") == "1",
        "end_date": ends,
    }
    call.world.update_account(account, {"bans": {**now, who: entry}})
    return 1


@method("groups.unban", right="groups")
def unban(call: Call) -> int:
    """Let somebody in again; one who is not banned is refused."""
    account = call.authorised("groups.unban")
    _ensure_level(call, account, MODERATOR)
    now, who = bans(call.world, account), str(call.number("owner_id"))
    if who not in now:
        raise call.refusal(15, "Access denied: user is not banned")
    call.world.update_account(account, {"bans": {key: entry for key, entry in now.items() if key != who}})
    return 1


@method("groups.getBanned", kinds=EITHER, right="manage")
def get_banned(call: Call) -> JSON:
    """Who is banned; asked for one who is not: error 104."""
    account = call.authorised("groups.getBanned")
    now = bans(call.world, account)
    if call.text("owner_id"):
        wanted = str(call.number("owner_id"))
        if wanted not in now:
            raise call.refusal(104)
        now = {wanted: now[wanted]}
    items = []
    for who, entry in now.items():
        banned = people.by_owner_id(call.world, call.server.host, int(who))
        if banned is None:
            continue
        is_person = people.is_person(banned)
        shown = people.person_entity(banned) if is_person else people.group_entity(call, banned)
        kind = "profile" if is_person else "group"
        items.append({"type": kind, kind: shown, "ban_info": entry})
    offset = call.number("offset", 0)
    return {"count": len(items), "items": items[offset : offset + call.number("count", 20)]}


def bans(world: World, account: Account) -> dict[str, JSON]:
    """The bans that have not ended, by whom."""
    now = world.clock() // SECOND
    every: dict[str, JSON] = world.account(account.id).data.get("bans", {})
    return {who: entry for who, entry in every.items() if not entry["end_date"] or entry["end_date"] > now}


def _asked(call: Call, group: Account) -> JSON:
    """The optional fields that a call asks for."""
    data = group.data
    avatar = data.get("avatar") or f"{call.server.base}/images/community_200.png"
    cover = data.get("cover", [])
    every: JSON = {
        "description": data.get("description", ""),
        "site": data.get("site", ""),
        "status": data.get("status", ""),
        "links": data.get("links", []),
        "members_count": data.get("members", 120)
        + sum(change for _at, change in data.get("flow", []))
        + crowd.size(group),
        "has_photo": int("avatar" in data),
        "photo_max": avatar,
        "photo_max_orig": avatar,
        "cover": {"enabled": int(bool(cover)), **({"images": cover} if cover else {})},
        "fixed_post": data.get("pinned") or 0,
    }
    return {name: every[name] for name in call.text("fields").split(",") if name in every}


def _ensure_level(call: Call, account: Account, level: int) -> None:
    if not call.ours(account, call.number("group_id"), level=level):
        raise call.refusal(15, "Access denied: you are not an administrator of this group")


def _link(call: Call, name: str) -> tuple[Account, JSON]:
    account = call.authorised(name)
    _ensure_level(call, account, ADMINISTRATOR)
    number = call.number("link_id")
    link = next((link for link in account.data.get("links", []) if link["id"] == number), None)
    if link is None:
        raise call.wrong("link_id is incorrect")
    return account, link
