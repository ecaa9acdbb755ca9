"""Advertising on VK, over VK Реклама."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from smm_tui.domain.errors import Forbidden, NetworkError, NotFound, Rejected
from smm_tui.i18n import _
from smm_tui.networks import ad_names, outgoing, shape
from smm_tui.networks.advertising import (
    AdDraft,
    AudienceField,
    Cabinet,
    CampaignDraft,
    Draft,
    Estimate,
    Figures,
    Goal,
    Level,
    Place,
    PlaceKind,
    Remote,
    RemoteState,
    SetDraft,
    Topic,
)
from smm_tui.networks.ports import JSON, MediaFile
from smm_tui.networks.vk.ads import mapping, packages, pictures
from smm_tui.networks.vk.ads.api import VkAdsApi
from smm_tui.networks.vk.ads.dictionaries import Dictionaries
from smm_tui.networks.vk.ads.legacy import Legacy
from smm_tui.networks.vk.ads.targeting import has_circles, targetings
from smm_tui.networks.vk.ads.words import ADS, CURRENCY, DAYS, IDS, PARENTS, PATHS
from smm_tui.networks.vk.api import VkApi

_BELOW = {Level.CAMPAIGN: (Level.AD, Level.SET), Level.SET: (Level.AD,), Level.AD: ()}
_ALIVE, _ALL = "active,blocked", "active,blocked,deleted"


class VkAdvertiser:
    """An Advertiser over the one cabinet that the account's application opens.

    A set or ad whose `parent_id` is empty is prepared without asking VK about it, to show what would be sent.
    """

    def __init__(self, api: VkAdsApi, community: VkApi) -> None:
        self._api = api
        self._community = community
        self._legacy = Legacy(community)
        self._dictionaries = Dictionaries(api, self._legacy)
        self._packages: Sequence[packages.Package] = ()
        self._uploaded: dict[str, dict[str, int]] = {}  # SHA-256 of a picture -> slot -> its id there

    async def cabinets(self) -> tuple[Cabinet, ...]:
        """See `Advertiser.cabinets`."""
        return (await self.cabinet(),)

    async def cabinet(self) -> Cabinet:
        """See `Advertiser.cabinet`."""
        return await self._api.get("v2/user", mapping.cabinet)

    async def prepare(self, level: Level, draft: Draft, *, parent_id: str) -> JSON:
        """See `Advertiser.prepare`."""
        _ensure_possible(draft)
        _ensure_active(await self.cabinet())
        if isinstance(draft, CampaignDraft):
            link = draft.facts.get("link") or await self._page()
            return {"path": PATHS[level], "body": mapping.campaign_body(draft, await self._url(link))}
        if isinstance(draft, SetDraft):
            goal = draft.goal or (await self._goal_of_campaign(parent_id) if parent_id else None)
            package = packages.chosen(await self._sold(), goal) if goal is not None else None
            return {"path": PATHS[level], "body": mapping.set_body(draft, package, parent_id)}
        if not parent_id:
            return {"path": PATHS[level], "body": mapping.body(draft)}
        return {
            "path": f"{PATHS[Level.SET]}/{parent_id}/{PATHS[level]}",
            "body": await self._banner(draft, await self._package_of(parent_id)),
        }

    async def create(self, level: Level, identity: str, wire: JSON) -> Remote:
        """See `Advertiser.create`. What is read back afterwards is a courtesy: the thing is made by then."""
        body = {**wire["body"], "name": ad_names.named(wire["body"]["name"], identity)}
        path = str(wire["path"])
        read = mapping.made_banner if level is Level.AD else mapping.made
        number = await self._api.post(f"v2/{path}", body, read, safe=False)
        try:
            return await self._read(level, number)
        except NetworkError:
            above = path.split("/")[1] if level is Level.AD else str(body.get(PARENTS.get(level, ""), ""))
            return Remote(level, number, above, body["name"], RemoteState.PAUSED)

    async def find(self, level: Level, identity: str) -> Remote | None:
        """See `Advertiser.find`. What was deleted since counts too: it was made."""
        for one in await self._listed(level, "", _ALL):
            if ad_names.carries(one.name, identity):
                return (await self._with_spent(level, [one]))[0]
        return None

    async def edit(self, level: Level, remote_id: str, draft: Draft) -> Remote:
        """See `Advertiser.edit`. The goal of a campaign stays as it is; a changed ad is moderated anew."""
        _ensure_possible(draft)
        old = await self._raw(level, remote_id)
        if isinstance(draft, AdDraft):
            body = await self._banner(draft, await self._package_of(str(old.get("ad_group_id", ""))))
            del body["status"]
        else:
            body = mapping.body(draft)
        body["name"] = ad_names.renamed(shape.text(old, "name"), draft.name)
        await self._api.tell(f"v2/{PATHS[level]}/{remote_id}", body)
        return await self._read(level, remote_id)

    async def set_running(self, level: Level, remote_id: str, running: bool) -> Remote:
        """See `Advertiser.set_running`. From the bottom up, so that nothing runs before all of it is there.

        Launching also launches what this program made below it and what was never shown; what was paused since stays.
        """
        if running:
            _ensure_active(await self.cabinet())
            for below in _BELOW[level]:
                for one in await self._waiting(level, remote_id, below):
                    await self._api.tell(f"v2/{PATHS[below]}/{one}", {"status": "active"})
        wanted = "active" if running else "blocked"
        if shape.text(await self._raw(level, remote_id), "status") != wanted:
            await self._api.tell(f"v2/{PATHS[level]}/{remote_id}", {"status": wanted})
        return await self._read(level, remote_id)

    async def end(self, level: Level, remote_id: str) -> None:
        """See `Advertiser.end`. VK has no archive: it is deleted, and its figures stay."""
        try:
            if shape.text(await self._raw(level, remote_id), "status") != "deleted":
                await self._api.tell(f"v2/{PATHS[level]}/{remote_id}", {"status": "deleted"})
        except NotFound:
            return

    async def list(self, level: Level, *, parent_id: str = "") -> tuple[Remote, ...]:
        """See `Advertiser.list`."""
        return tuple(await self._with_spent(level, await self._listed(level, parent_id, _ALIVE)))

    async def estimate(self, draft: SetDraft, goal: Goal) -> Estimate:
        """See `Advertiser.estimate`.

        VK's forecast leaves circles out. For stations alone the cabinet of the old kind is asked, where there is one.
        """
        mapping.body(draft)
        note = ""
        if has_circles(draft.audience):
            near = await self._legacy.people_near(draft.audience, await self._page())
            if near is not None:
                return Estimate(near, near, note=_("near these stations, by VK's older cabinet"))
            note = _("without the circles around stations and points: VK foretells for whole regions only")
        wanted = targetings(draft.audience, {}, draft.placements, circles=False)
        package = packages.chosen(await self._sold(), goal)
        if "pads" not in wanted:
            wanted["pads"] = mapping.pads(await self._api.all("v2/packages_pads"), package.id)
        asked = {"package_ids": [package.id], "targetings": wanted}
        return await self._api.post(
            "v3/projection", asked, lambda value: mapping.estimate(value, note, draft.bid), safe=True
        )

    async def suggest(
        self, kind: PlaceKind | AudienceField, words: str, *, within: str = ""
    ) -> Sequence[Place | Topic]:
        """See `Advertiser.suggest`. For stations `within` may also be the name of a city."""
        if isinstance(kind, PlaceKind):
            return await self._dictionaries.places(kind, words, within)
        return await self._dictionaries.topics(kind, words)

    async def figures(self, ad_ids: Sequence[str], since: date, until: date) -> tuple[Figures, ...]:
        """See `Advertiser.figures`. Days without an impression may be missing."""
        today = mapping.today_at(self._api.around.clock())
        found: dict[tuple[str, date], Figures] = {}
        for at in range(0, len(ad_ids), IDS):
            chosen = list(ad_ids[at : at + IDS])
            first = since
            while first <= until:
                last = min(until, first + timedelta(days=DAYS - 1))
                rows = await self._api.get(
                    "v2/statistics/banners/day",
                    lambda value: mapping.figures(value, today),
                    id=",".join(chosen),
                    date_from=first.isoformat(),
                    date_to=last.isoformat(),
                    metrics="base,uniques",
                )
                found |= {
                    (row.ad_id, row.day): row for row in rows if row.ad_id in chosen and first <= row.day <= last
                }
                first = last + timedelta(days=1)
        return tuple(found.values())

    # Things

    async def _raw(self, level: Level, number: str) -> JSON:
        def read(value: Any) -> JSON:
            found = shape.an_object(value, level.value)
            shape.an_id(found, "id")
            return found

        return await self._api.get(f"v2/{PATHS[level]}/{number}", read, fields=mapping.FIELDS[level])

    async def _read(self, level: Level, number: str) -> Remote:
        today = mapping.today_at(self._api.around.clock())
        found = mapping.remote(level, await self._raw(level, number), today)
        return (await self._with_spent(level, [found]))[0]

    async def _listed(self, level: Level, parent_id: str, states: str) -> Sequence[Remote]:
        params = {"fields": mapping.FIELDS[level], "sorting": "-id", "_status__in": states}
        if parent_id:
            params[f"_{PARENTS[level]}"] = parent_id
        today = mapping.today_at(self._api.around.clock())
        found = []
        for item in await self._api.all(f"v2/{PATHS[level]}", **params):
            try:
                one = mapping.remote(level, item, today)
            except shape.WrongShape:
                continue  # one that cannot be read spoils none of the others
            if not parent_id or one.parent_id == parent_id:
                found.append(one)
        return found

    async def _sums(self, level: Level, numbers: Sequence[str]) -> dict[str, mapping.Sum]:
        found: dict[str, mapping.Sum] = {}
        for at in range(0, len(numbers), IDS):
            chosen = ",".join(numbers[at : at + IDS])
            path = f"v2/statistics/{PATHS[level]}/summary"
            found |= await self._api.get(path, mapping.sums, id=chosen, metrics="base")
        return found

    async def _with_spent(self, level: Level, things: Sequence[Remote]) -> Sequence[Remote]:
        sums = await self._sums(level, [one.id for one in things])
        return [replace(one, spent=sums[one.id].spent) if one.id in sums else one for one in things]

    async def _waiting(self, level: Level, number: str, below: Level) -> Sequence[str]:
        """What is ours on a lower storey, blocked, and was never shown."""
        groups = [number] if level is Level.SET else []
        if level is Level.CAMPAIGN:
            groups = [one.id for one in await self._listed(Level.SET, number, _ALIVE)]
        if below is Level.SET:
            listed = await self._listed(Level.SET, number, "blocked")
        else:
            listed = [one for group in groups for one in await self._listed(Level.AD, group, "blocked")]
        ours = [one.id for one in listed if ad_names.is_ours(one.name) and one.state is not RemoteState.GONE]
        sums = await self._sums(below, ours)
        return [one for one in ours if one not in sums or not sums[one].shows]

    async def _goal_of_campaign(self, number: str) -> Goal | None:
        word = shape.text(await self._raw(Level.CAMPAIGN, number), "objective")
        return mapping.goal_of(word)

    async def _package_of(self, group: str) -> packages.Package:
        number = shape.number(await self._raw(Level.SET, group), "package_id", 0)
        found = next((package for package in await self._sold() if package.id == number), None)
        if found is None:
            raise Rejected(
                _("The ad set was made for a kind of ads that this program does not know."),
                _("Make another set, or the ad on VK's site."),
                field="goal",
            )
        return found

    async def _sold(self) -> Sequence[packages.Package]:
        if not self._packages:
            page = await self._api.get("v2/packages", lambda value: shape.an_object(value, "packages"))
            shape.a_list(page.get("items"), "items")
            self._packages = packages.packages(shape.objects(page, "items"))
        return self._packages

    async def _banner(self, draft: AdDraft, package: packages.Package) -> JSON:
        creative = draft.creative
        mapping.ensure_creative(creative, package)
        if package.shows_post:
            link = mapping.post_address(creative.post_id, await self._community.group())
        else:
            link = await self._page() if package.is_community else creative.link or await self._page()
        media = await self._media(creative.pictures[0]) if creative.pictures and not package.shows_post else {}
        return mapping.banner_body(draft, package, await self._url(link), media)

    async def _page(self) -> str:
        return f"https://vk.com/club{await self._community.group()}"

    async def _url(self, address: str) -> int:
        """The number by which VK names an address; the same one for the same address."""
        number = await self._api.post("v2/urls", {"url": address}, mapping.made, safe=True)
        return shape.number({"id": number}, "id", 0)

    async def _media(self, file: MediaFile) -> dict[str, int]:
        if file.sha256 not in self._uploaded:
            handle = await asyncio.to_thread(outgoing.opened, file)
            with handle:
                data = await asyncio.to_thread(handle.read)
            found = {}
            for cut in await asyncio.to_thread(pictures.cut, data):
                number = await self._api.upload("v2/content/static", cut.data, cut.width, cut.height)
                found[cut.slot] = shape.number({"id": number}, "id", 0)
            self._uploaded[file.sha256] = found
        return self._uploaded[file.sha256]


def _ensure_possible(draft: Draft) -> None:
    """Everything that needs no call."""
    mapping.body(draft)
    if isinstance(draft, CampaignDraft):
        mapping.objective(draft.goal)
    if isinstance(draft, AdDraft):
        mapping.ensure_creative(draft.creative, None)
        for file in draft.creative.pictures:
            if file.mime not in pictures.TYPES:
                raise Rejected(_("Ads on VK show JPEG and PNG pictures."), _("Use another file."), field="pictures")
    else:
        mapping.ensure_least(draft, ADS.least_daily[CURRENCY])


def _ensure_active(used: Cabinet) -> None:
    if used.state != "active":
        raise Forbidden(
            _("The advertising account {name} cannot be used: {why}.").format(name=used.name, why=used.state),
            _("Look at it on VK's site."),
        )
