"""Short ways to people a world."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smm_tui.sandbox.faces import instagram
from smm_tui.sandbox.faces.bluesky.cid import cid_of_record
from smm_tui.sandbox.faces.facebook.ads import grant_cabinet
from smm_tui.sandbox.faces.facebook.call import app_id_of
from smm_tui.sandbox.faces.facebook.tokens import grant_page_token, grant_user_token
from smm_tui.sandbox.faces.mastodon.call import Call
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.faces.mastodon.oauth import grant_token
from smm_tui.sandbox.faces.telegram.members import RIGHTS
from smm_tui.sandbox.http import Request
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

MASTODON_HOST = "social.sandbox"
GOTOSOCIAL_HOST = "gts.sandbox"
BLUESKY_HOST = "bsky.sandbox"
BLUESKY_VIDEO_HOST = "video.bsky.app"
PLC_HOST = "plc.directory"
TELEGRAM_HOST = "telegram.sandbox"
VK_HOST = "api.vk.sandbox"
VK_ADS_HOST = "ads.vk.sandbox"
FACEBOOK_HOST = "graph.sandbox"
FILES_HOST = "files.sandbox"
PROFILE = "app.bsky.actor.profile"
SCOPES = ("read", "write")
VK_COMMUNITY_RIGHTS = ("photos", "wall", "messages", "manage")
FACEBOOK_RIGHTS = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "read_insights",
    "ads_management",
    "ads_read",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
)
FACEBOOK_TASKS = ("CREATE_CONTENT", "MANAGE", "MODERATE", "MESSAGING", "ANALYZE")
VK_ADS_SCOPES = ("read_ads", "create_ads", "read_payments")
VK_USER_RIGHTS = ("wall", "photos", "video", "groups", "stats", "offline")


@dataclass(frozen=True, slots=True)
class MastodonLogin:
    """What a client needs for an account on a Mastodon API server."""

    account: Account
    server: str  # base URL
    handle: str  # user@host
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlueskyLogin:
    """What a client needs for an account on a PDS."""

    account: Account
    server: str  # base URL
    handle: str
    did: str
    app_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TelegramLogin:
    """What a client needs for a channel or group through a bot."""

    account: Account  # the chat
    bot: Account
    server: str  # base URL
    handle: str  # @name, or the number of a private chat
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class VkLogin:
    """What a client needs for a community."""

    account: Account
    server: str  # base URL
    handle: str
    token: str = field(repr=False)
    user_token: str = field(repr=False)  # of an administrator


@dataclass(frozen=True, slots=True)
class VkCabinet:
    """What a client needs for an advertising cabinet of VK."""

    account: Account
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FacebookLogin:
    """What a client needs for a Page."""

    account: Account
    server: str  # base URL
    handle: str
    token: str = field(repr=False)  # the Page's own
    user_token: str = field(repr=False)  # of a person who manages it
    app_secret: str = field(repr=False)
    cabinet: Account  # the advertising account that this person's token opens


def add_servers(world: World, config: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Server]:
    """The usual hosts, by host; `config` overrides their networks' defaults by host."""
    own = config or {}
    return {
        server.host: server
        for server in (
            world.add_server(MASTODON_HOST, "mastodon", title="Sandbox Social", config=own.get(MASTODON_HOST)),
            world.add_server(
                GOTOSOCIAL_HOST,
                "mastodon",
                flavour="gotosocial",
                title="Sandbox GoToSocial",
                config=own.get(GOTOSOCIAL_HOST),
            ),
            world.add_server(BLUESKY_HOST, "bluesky", title="Sandbox Bluesky", config=own.get(BLUESKY_HOST)),
            world.add_server(BLUESKY_VIDEO_HOST, "bluesky", flavour="video", title="Sandbox Bluesky videos"),
            world.add_server(PLC_HOST, "plc", title="PLC directory", config=own.get(PLC_HOST)),
            world.add_server(TELEGRAM_HOST, "telegram", title="Sandbox Telegram", config=own.get(TELEGRAM_HOST)),
            world.add_server(VK_HOST, "vk", title="Sandbox VK", config=own.get(VK_HOST)),
            world.add_server(VK_ADS_HOST, "vk_ads", title="Sandbox VK Реклама", config=own.get(VK_ADS_HOST)),
            world.add_server(FACEBOOK_HOST, "facebook", title="Sandbox Facebook", config=own.get(FACEBOOK_HOST)),
            world.add_server(FILES_HOST, "webdav", title="Sandbox files", config=own.get(FILES_HOST)),
        )
    }


def add_mastodon_account(
    world: World,
    server: Server,
    handle: str,
    *,
    display_name: str = "",
    note: str = "",
    scopes: tuple[str, ...] = SCOPES,
) -> MastodonLogin:
    """An account and a token for it. ValueError when the handle is taken."""
    with world.transaction():
        remote_id = new_id(Call(world, server, Request("GET", server.host, "/")), world.clock())
        account = world.add_account(server, handle, remote_id, display_name=display_name, data={"note": note})
        token = grant_token(world, server, account, list(scopes), "smm-tui")
    return MastodonLogin(account, server.base, f"{handle}@{server.host}", token.value)


def add_bluesky_account(
    world: World,
    server: Server,
    handle: str,
    *,
    display_name: str = "",
    note: str = "",
    messages: bool = True,
) -> BlueskyLogin:
    """An account and an app password for it, with access to direct messages or not.

    A handle without a dot becomes one of the server's.
    """
    full = handle if "." in handle else f"{handle}.{server.host.partition(':')[0]}"
    with world.transaction():
        did = "did:plc:" + base64.b32encode(world.entropy("did")).decode().lower()[:24]
        data = {"note": note, "email": f"{handle}@{server.host.partition(':')[0]}"}
        account = world.add_account(
            server, full, did, display_name=display_name or handle, password=world.secret("password"), data=data
        )
        letters = base64.b32encode(world.entropy("app password")).decode().lower()
        password = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
        world.add_token(password, "app_password", server.host, account=account, data={"privileged": messages})
        profile = {"$type": PROFILE, "displayName": account.display_name, "description": note}
        record = {"value": profile, "cid": cid_of_record(profile), "valid": False}
        world.add_object(account, PROFILE, f"at://{did}/{PROFILE}/self", sort="self", text="", record=record)
    return BlueskyLogin(account, server.base, full, did, password)


def add_telegram_bot(
    world: World,
    server: Server,
    name: str,
    *,
    title: str = "",
    kind: str = "channel",
    public: bool = True,
    rights: Mapping[str, Any] | None = None,
) -> TelegramLogin:
    """A chat ("channel", "supergroup", "group") and a bot in it: an administrator, unless `rights` say otherwise."""
    with world.transaction():
        number = 7_000_000_000 + world.sequence("telegram bot")
        bot = world.add_account(server, f"{name}_bot", str(number), display_name=f"{title or name} bot")
        token = f"{number}:{world.secret('bot token', 35)}"
        world.add_token(token, "bot", server.host, account=bot)
        order = world.sequence("telegram chat")
        chat_id = str(-4_000_000_000 - order if kind == "group" else -1_001_234_500_000 - order)
        administrator = {"status": "administrator", **dict.fromkeys((*RIGHTS, "can_pin_messages"), True)}
        member = administrator if rights is None else dict(rights)
        data = {"type": kind, "public": public, "members": {bot.remote_id: member}, "count": 1204}
        chat = world.add_account(server, name if public else chat_id, chat_id, display_name=title or name, data=data)
    return TelegramLogin(chat, bot, server.base, f"@{name}" if public else chat_id, token)


def add_telegram_discussion(
    world: World, login: TelegramLogin, *, rights: Mapping[str, Any] | None = None
) -> Account:
    """The discussion group of a channel; its bot is an administrator there, unless `rights` say otherwise."""
    with world.transaction():
        server = world.server(login.account.server)
        assert server is not None  # noqa: S101 - the channel lives there
        number = str(-1_001_234_600_000 - world.sequence("telegram discussion"))
        administrator = {"status": "administrator", **dict.fromkeys((*RIGHTS, "can_pin_messages"), True)}
        data = {
            "type": "supergroup",
            "public": False,
            "members": {login.bot.remote_id: administrator if rights is None else dict(rights)},
            "count": 86,
            "linked_chat_id": int(login.account.remote_id),
        }
        title = f"{login.account.display_name} chat"
        group = world.add_account(server, number, number, display_name=title, data=data)
        world.update_account(login.account, {"linked_chat_id": int(number)})
    return group


def add_vk_community(
    world: World,
    server: Server,
    handle: str,
    *,
    name: str = "",
    rights: tuple[str, ...] = VK_COMMUNITY_RIGHTS,
    user_rights: tuple[str, ...] = VK_USER_RIGHTS,
    level: int = 3,
    by_vk_id: bool = False,
) -> VkLogin:
    """A community with a token of its own and one of a user who is moderator (1), editor (2) or administrator (3)."""
    with world.transaction():
        number = 200_000_000 + world.sequence("vk community")
        account = world.add_account(server, handle, str(number), display_name=name or handle)
        token, user_token = f"vk1.a.{world.secret('vk token')}", f"vk1.a.{world.secret('vk user token')}"
        world.add_token(token, "community", server.host, account=account, data={"rights": rights})
        data = {"rights": user_rights, "level": level, "by_vk_id": by_vk_id}
        world.add_token(user_token, "user", server.host, account=account, data=data)
    return VkLogin(account, server.base, handle, token, user_token)


def add_vk_cabinet(
    world: World, server: Server, name: str, *, scopes: tuple[str, ...] = VK_ADS_SCOPES, balance: int | None = None
) -> VkCabinet:
    """An advertising cabinet and an application that opens it; `balance` in kopecks, None: without an end."""
    with world.transaction():
        number = 30_000_000 + world.sequence("vk ads cabinet")
        data = {
            "zone": "Europe/Moscow",
            "cpm": 15_000,
            "scopes": scopes,
            "balance": balance,
            "segments": ["Customers"],
        }
        account = world.add_account(server, f"{name}@vk", str(number), display_name=name, data=data)
        client_id, secret = world.secret("vk ads application", 16), world.secret("vk ads secret", 40)
        world.add_token(client_id, "application", server.host, account=account, data={"secret": secret})
    return VkCabinet(account, client_id, secret)


def add_facebook_page(
    world: World,
    server: Server,
    handle: str,
    *,
    name: str = "",
    rights: tuple[str, ...] = FACEBOOK_RIGHTS,
    tasks: tuple[str, ...] = FACEBOOK_TASKS,
    data: Mapping[str, Any] | None = None,
) -> FacebookLogin:
    """A Page, its token, and that of a person who has these tasks on it alone, with an advertising account."""
    with world.transaction():
        app = world.token(server.host, app_id_of(server), "app")
        if app is None:
            secret = {"secret": world.secret("app secret", 32)}
            app = world.add_token(app_id_of(server), "app", server.host, data=secret)
        number = str(100_000_000_000_000 + world.sequence("facebook page"))
        page = world.add_account(server, handle, number, display_name=name or handle, data=data)
        token = grant_page_token(world, page, scopes=rights, tasks=tasks)
        person = grant_user_token(world, server, [token])
        cabinet = grant_cabinet(world, person, name=f"{name or handle} ads")
    return FacebookLogin(page, server.base, f"@{handle}", token.value, person.value, app.data["secret"], cabinet)


@dataclass(frozen=True, slots=True)
class InstagramLogin:
    """What a client needs for a professional account: what its Page's client needs, and its own name."""

    account: Account
    page: FacebookLogin
    server: str  # base URL
    handle: str


def add_instagram_account(
    world: World, server: Server, username: str, *, name: str = "", page: FacebookLogin | None = None
) -> InstagramLogin:
    """A professional account linked to a Page, a new one unless it is given."""
    with world.transaction():
        linked = page or add_facebook_page(world, server, f"{username}.page", name=name)
        account = instagram.add_account(world, linked.account, username, name=name)
    return InstagramLogin(account, linked, server.base, f"@{username}")


def add_public_folder(world: World, server: Server, user: str) -> dict[str, str]:
    """A WebDAV folder that anybody can read, as what `PublicMedia` keeps of it."""
    password = world.secret("folder password", 20)
    world.add_account(server, user, user, password=password)
    return {
        "address": f"{server.base}/dav",
        "public": f"{server.base}/files",
        "user": user,
        "password": password,
    }
