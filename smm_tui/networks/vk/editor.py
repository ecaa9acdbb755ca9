"""Changing live and postponed posts."""

from __future__ import annotations

from dataclasses import replace

from smm_tui.domain.errors import Forbidden, NotFound, Rejected
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.ports import JSON, Part, RemoteRef
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.attachments import Attachments
from smm_tui.networks.vk.spec import SPEC, USER
from smm_tui.networks.vk.wall import Wall


class VkEditor:
    """An Editor over ``wall.edit``."""

    def __init__(self, api: VkApi, wall: Wall, attachments: Attachments) -> None:
        self._api = api
        self._wall = wall
        self._attachments = attachments

    async def prepare_edit(self, ref: RemoteRef, part: Part) -> JSON:
        """See `Editor.prepare_edit`. A poll that hangs there stays the same one, with its votes."""
        outgoing.ensure_encodable(part)
        outgoing.ensure_carried(part, SPEC, self._api.account.facts)
        live = await self._wall.post(ref)
        if live is None:
            raise _gone()
        poll = mapping.poll_of(live) if part.poll is not None else ""
        made = await self._attachments.of(ref.id, replace(part, poll=None) if poll else part)
        self._attachments.forget(ref.id)
        return {"form": mapping.edit_form(ref, part, [*made, poll] if poll else made, live)}

    async def edit(self, ref: RemoteRef, wire: JSON) -> RemoteRef:
        """See `Editor.edit`."""
        owner = str(wire["form"]["owner_id"])
        try:
            return await self._api.ask("wall.edit", wire["form"], USER, lambda value: mapping.post_ref(value, owner))
        except (Forbidden, Rejected):
            if await self._wall.is_gone(ref):
                raise _gone() from None
            raise


def _gone() -> NotFound:
    return NotFound(
        _("The post is not on the wall any more."),
        _("It was deleted, or this account may not see it."),
        status=200,
    )
