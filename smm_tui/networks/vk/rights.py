"""What an account's tokens may do. Nothing tells it whole, so each right is tried where trying does nothing."""

from __future__ import annotations

from smm_tui.domain.errors import Forbidden, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON
from smm_tui.networks.vk import mapping, refusals
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import COMMUNITY, USER


class Rights:
    """Learns the facts that `spec.rules` stands on."""

    def __init__(self, api: VkApi) -> None:
        self._api = api
        self._wall = {"owner_id": "", "from_group": "1"}
        self._group = {"group_id": ""}
        self._missing: list[str] = []

    async def learn(self) -> tuple[JSON, tuple[str, ...]]:
        """The facts, and sentences for what the tokens may not do.

        A post without content is refused for that by whoever may post.
        """
        self._wall["owner_id"], self._group["group_id"] = await self._api.owner(), await self._api.group()
        refused = await self._api.refused("wall.post", self._wall, COMMUNITY)
        granted = await self._mask("groups.getTokenPermissions", COMMUNITY)
        has_user = bool(await self._api.token(USER))
        level, bits, posts = await self._of_user(alone=refused is not None) if has_user else (0, 0, False)
        editor, wall = level >= mapping.EDITOR, bool(bits & mapping.WALL_RIGHT)
        administrator = level >= mapping.ADMINISTRATOR and bool(bits & mapping.GROUPS_RIGHT)
        facts: JSON = {
            "posts_as": USER if editor and posts else "" if refused else COMMUNITY,
            "reads": has_user and await self._may("wall.get", {"owner_id": self._wall["owner_id"], "count": "1"}),
            "photos": editor and await self._may("photos.getWallUploadServer", self._group),
            "videos": editor and bool(bits & mapping.VIDEO_RIGHT),
            "answers_as": COMMUNITY if granted & mapping.WALL_RIGHT else USER if editor and posts else "",
            "moderates": level >= mapping.MODERATOR and wall,
            "bans": level >= mapping.MODERATOR and bool(bits & mapping.GROUPS_RIGHT),
            "mentions": has_user
            and await self._may("newsfeed.getMentions", {"owner_id": self._wall["owner_id"], "count": "1"}),
            "messages": bool(granted & mapping.MESSAGES_RIGHT),
            "manages": bool(granted & mapping.MANAGE_RIGHT) or administrator,
            "administers": administrator,
            "statistics": editor and bool(bits & mapping.STATS_RIGHT),
        }
        return facts, (*self._missing, *_lacking(facts, refused))

    async def _of_user(self, *, alone: bool) -> tuple[int, int, bool]:
        """The user's level in the community, the token's rights as bits, and whether it may post."""
        level = (await self._api.ask("groups.getById", self._group, USER, mapping.community)).level
        if level < mapping.EDITOR:
            self._missing.append(_("the user token's owner is no editor or administrator of the community"))
        posts = await self._api.refused("wall.post", self._wall, USER)
        if posts is not None and not alone:
            self._missing.append(_("the user token may not post: {reason}").format(reason=quoted(posts.message)))
        return level, await self._mask("account.getAppPermissions", USER), posts is None

    async def _may(self, method: str, form: dict[str, str]) -> bool:
        return await self._api.refused(method, form, USER) is None

    async def _mask(self, method: str, kind: str) -> int:
        try:
            return await self._api.ask(method, {}, kind, mapping.mask)
        except (Forbidden, Rejected, Unsupported):  # a newer kind of token, which does not tell
            return 0


def _lacking(facts: JSON, refused: refusals.Failure | None) -> list[str]:
    needs = {
        "photos": _("cannot upload photos: needs a user token of an administrator with wall, photos"),
        "videos": _("cannot upload videos: needs a user token of an administrator with wall, video"),
        "reads": _("cannot read back what was published, nor comments: needs a user token with wall"),
        "mentions": _("cannot find mentions: needs a user token with wall"),
        "answers_as": _("cannot write comments: the community token lacks wall"),
        "moderates": _("cannot delete comments of others or like them: needs a user token of a moderator with wall"),
        "bans": _("cannot ban: needs a user token of a moderator with groups"),
        "messages": _("cannot read or answer messages: the community token lacks messages"),
        "manages": _("cannot change name, description or cover: the community token lacks manage"),
        "administers": _("cannot change picture or links: needs a user token of an administrator with groups"),
        "statistics": _("cannot read the community's statistics: needs a user token of an editor with stats"),
    }
    lacking = [sentence for right, sentence in needs.items() if not facts[right]]
    if not facts["posts_as"]:
        reason = quoted(refused.message if refused else "")
        lacking.insert(
            0,
            _("cannot publish: needs a user token of an administrator with wall ({reason})").format(reason=reason),
        )
    elif lacking and not facts["photos"]:
        lacking[0] = _("can publish text; {lacking}").format(lacking=lacking[0])
    return lacking
