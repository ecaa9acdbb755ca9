"""The profile of a Page."""

from __future__ import annotations

import asyncio

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.domain.media_types import extension
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.facebook import mapping, mapping_page
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import IMAGE_TYPES, PROFILE, SPEC, TITLE
from smm_tui.networks.meta.api import is_success
from smm_tui.networks.page import Profile, ProfileChange
from smm_tui.networks.ports import Capability, MediaFile


class FacebookProfile:
    """A ProfileReader and ProfileWriter over the Graph API."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        page = await self._api.node()
        return await self._api.get(f"/{page}", mapping_page.profile, fields=mapping_page.PROFILE_FIELDS)

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """See `ProfileWriter.write_profile`. All texts change in one call, pictures in one or two each."""
        self._ensure_possible(change)
        page = await self._api.node()
        now = await self.read_profile()
        if (now.description, now.website) != (expected.description, expected.website):
            raise Rejected(
                _("The page was changed meanwhile by somebody else."), _("Read it again and look at the change anew.")
            )
        texts = {"about": change.description, "website": change.website}
        form = {name: text for name, text in texts.items() if text is not None}
        if form:
            self._api.result(await self._api.answer("POST", f"/{page}", form=form), is_success)
        if change.avatar is not None:
            await self._upload(f"/{page}/picture", "source", {}, change.avatar, avatar=True)
        if change.cover is not None:
            photo = await self._upload(f"/{page}/photos", "source", {"published": "false"}, change.cover)
            form = {"cover": photo, "no_feed_story": "true"}
            self._api.result(await self._api.answer("POST", f"/{page}", form=form), is_success)
        return await self.read_profile()

    async def _upload(
        self, path: str, field: str, form: dict[str, str], file: MediaFile, *, avatar: bool = False
    ) -> str:
        handle = await asyncio.to_thread(outgoing.opened, file)
        with handle:
            files = {field: (f"photo{extension(file.mime)}", handle, file.mime)}
            answer = await self._api.answer("POST", path, form=form, files=files, size=file.size)
        if avatar:
            self._api.result(answer, mapping.node)
            return ""
        return self._api.result(answer, mapping.photo_id)

    def _ensure_possible(self, change: ProfileChange) -> None:
        can = SPEC.rules(self._api.account.facts).capabilities
        if Capability.PROFILE_WRITE not in can or change.name is not None or change.links is not None:
            raise Unsupported(
                _("{network} does not let this account change that through its interface.").format(network=TITLE),
                _("Do it on the network's own site."),
            )
        texts = {"description": change.description, "website": change.website}
        for name, longest in PROFILE.lengths.items():
            if len(texts[name.value] or "") > longest:
                raise Rejected(
                    _("{network} takes at most {limit} characters there.").format(network=TITLE, limit=longest),
                    _("Shorten it."),
                    field=name.value,
                )
        for file in (change.avatar, change.cover):
            if file is not None and file.mime not in IMAGE_TYPES:
                raise Rejected(
                    _("{network} takes JPEG or PNG pictures here.").format(network=TITLE),
                    _("Save it as JPEG or PNG and add it again."),
                    field="media",
                )
