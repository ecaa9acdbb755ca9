"""Advertising on Facebook, over the Marketing API."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from smm_tui.domain.errors import Forbidden, NotFound, Rejected
from smm_tui.i18n import _
from smm_tui.networks import ad_names, outgoing
from smm_tui.networks.advertising import (
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
from smm_tui.networks.facebook import mapping_ads
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.marketing import Marketing
from smm_tui.networks.facebook.spec import IMAGE_TYPES, cabinet_facts
from smm_tui.networks.facebook.targeting import no_such_place, targeting
from smm_tui.networks.http import quoted
from smm_tui.networks.meta import paging
from smm_tui.networks.ports import JSON, MediaFile

T = TypeVar("T")

LIMIT = "100"  # things an answer
ANSWERS = 100  # of a list that are gone through
ROWS = "500"  # days of ads an answer
ADS_AT_ONCE = 50  # whose figures one call asks for
SUGGESTED = "25"

_PLACES = {PlaceKind.COUNTRY: "country", PlaceKind.REGION: "region", PlaceKind.CITY: "city"}
_TOPICS = {AudienceField.INTERESTS: "adinterest", AudienceField.LANGUAGES: "adlocale"}
_BELOW = {Level.CAMPAIGN: (Level.AD, Level.SET), Level.SET: (Level.AD,), Level.AD: ()}
_RUNNING_TIME = {Level.SET: "campaign_active_time", Level.AD: "ad_active_time"}


class FacebookAdvertiser:
    """An Advertiser with one advertising account, by the token of a person or system user.

    Everything is checked without a call as far as that is possible, then by Facebook itself (``validate_only``). A
    set or ad whose `parent_id` is empty is prepared without asking Facebook about it, to show what would be sent.
    """

    def __init__(self, api: FacebookApi) -> None:
        self._api = api
        self._calls = Marketing(api)
        self._known: Cabinet | None = None
        self._uploaded: dict[str, str] = {}  # SHA-256 of a picture -> its hash there

    async def cabinets(self) -> tuple[Cabinet, ...]:
        """See `Advertiser.cabinets`."""
        try:
            found = await self._calls.all("/me/adaccounts", mapping_ads.cabinet, fields=mapping_ads.CABINET_FIELDS)
        except Rejected as error:
            if error.status != 400:
                raise
            raise Forbidden(
                _("This token opens no advertising accounts: it is the Page's own."),
                _("Give the account the token of a person or system user with ads_management."),
                status=error.status,
            ) from None
        return tuple(found)

    async def cabinet(self) -> Cabinet:
        """See `Advertiser.cabinet`. The one that the last check found or a person chose, else the only one."""
        chosen = self._api.account.facts.get("cabinet")
        if isinstance(chosen, str) and chosen:
            self._known = await self._calls.get(f"/{chosen}", mapping_ads.cabinet, fields=mapping_ads.CABINET_FIELDS)
        else:
            self._known = only(await self.cabinets())
        return self._known

    async def prepare(self, level: Level, draft: Draft, *, parent_id: str) -> JSON:
        """See `Advertiser.prepare`."""
        self._ensure_possible(draft)
        used = await self.cabinet()
        _ensure_active(used)
        page = await self._api.node()
        if isinstance(draft, CampaignDraft):
            form = mapping_ads.campaign_form(draft, used)
        elif isinstance(draft, SetDraft):
            parent = await self._campaign(parent_id) if parent_id else {}
            form = mapping_ads.set_form(draft, used, page, parent) | {"campaign_id": parent_id}
        else:
            pictures = draft.creative.pictures
            hashes = [await self._picture(used, file) if parent_id else f"hash of {file.sha256}" for file in pictures]
            creative = mapping_ads.creative_form(draft.creative, page, hashes)
            if parent_id:
                await self._calls.validate(f"/{used.id}/adcreatives", {"name": draft.name, **creative})
            form = {"name": draft.name, "adset_id": parent_id, "status": "PAUSED"}
            return {"cabinet": used.id, "form": form, "creative": creative}
        if isinstance(draft, CampaignDraft) or parent_id:
            await self._calls.validate(f"/{used.id}/{mapping_ads.EDGES[level]}", form)
        return {"cabinet": used.id, "form": form}

    async def create(self, level: Level, identity: str, wire: JSON) -> Remote:
        """See `Advertiser.create`. What an ad shows is made first: nobody sees it, and it may be made again."""
        form = dict(wire["form"])
        form["name"] = ad_names.named(form["name"], identity)
        cabinet = str(wire["cabinet"])
        if level is Level.AD:
            creative = await self._creative(cabinet, form["name"], wire["creative"])
            form["creative"] = json.dumps({"creative_id": creative})
        answer = await self._calls.answer("POST", f"/{cabinet}/{mapping_ads.EDGES[level]}", safe=False, form=form)
        number = self._calls.result(answer, mapping_ads.made, safe=False)
        return Remote(
            level=level,
            id=number,
            parent_id=form.get("campaign_id") or form.get("adset_id", ""),
            name=form["name"],
            state=RemoteState.PAUSED,
            url=mapping_ads.url_of(level, cabinet, number),
        )

    async def find(self, level: Level, identity: str) -> Remote | None:
        """See `Advertiser.find`."""
        wanted = [{"field": "name", "operator": "CONTAIN", "value": identity}]
        for one in await self._listed(level, "", filtering=json.dumps(wanted)):
            if one.name.endswith(identity):
                return one
        return None

    async def edit(self, level: Level, remote_id: str, draft: Draft) -> Remote:
        """See `Advertiser.edit`. The goal of a campaign cannot be changed, and is left as it is."""
        self._ensure_possible(draft)
        used = await self.cabinet()
        old = await self._calls.get(f"/{remote_id}", paging.an_object, fields=self._fields(level))
        if isinstance(draft, CampaignDraft):
            form = mapping_ads.campaign_changes(draft, used)
        elif isinstance(draft, SetDraft):
            form = mapping_ads.set_changes(draft, used, await self._campaign(str(old.get("campaign_id", ""))))
        else:
            page = await self._api.node()
            hashes = [await self._picture(used, file) for file in draft.creative.pictures]
            shown = mapping_ads.creative_form(draft.creative, page, hashes)
            creative = await self._creative(used.id, draft.name, shown)
            form = {"name": draft.name, "creative": json.dumps({"creative_id": creative})}
        form["name"] = ad_names.renamed(str(old.get("name", "")), draft.name)
        await self._calls.done(f"/{remote_id}", form)
        return await self._read(level, remote_id)

    async def set_running(self, level: Level, remote_id: str, running: bool) -> Remote:
        """See `Advertiser.set_running`. From the bottom up, so that nothing runs before all of it is there.

        Launching also launches what this program made below it and what has never run; what was paused since stays.
        """
        if running:
            _ensure_active(await self.cabinet())
            for below in _BELOW[level]:
                for one in await self._waiting(below, remote_id):
                    await self._calls.done(f"/{one}", {"status": "ACTIVE"})
        await self._calls.done(f"/{remote_id}", {"status": "ACTIVE" if running else "PAUSED"})
        return await self._read(level, remote_id)

    async def end(self, level: Level, remote_id: str) -> None:
        """See `Advertiser.end`. It is archived: its figures stay."""
        try:
            one = await self._read(level, remote_id)
            if one.state not in (RemoteState.ENDED, RemoteState.GONE):
                await self._calls.done(f"/{remote_id}", {"status": "ARCHIVED"})
        except NotFound:
            return

    async def list(self, level: Level, *, parent_id: str = "") -> tuple[Remote, ...]:
        """See `Advertiser.list`."""
        return tuple(await self._listed(level, parent_id))

    async def estimate(self, draft: SetDraft, goal: Goal) -> Estimate:
        """See `Advertiser.estimate`."""
        spec = json.dumps(targeting(draft.audience, draft.placements), ensure_ascii=False)
        way = mapping_ads.way_of(goal)
        used = await self._used()
        params = {"targeting_spec": spec, "optimization_goal": way.optimization}
        if way.about_page:
            params["promoted_object"] = json.dumps({"page_id": await self._api.node()})

        def read(value: Any) -> Estimate:
            return mapping_ads.estimate(value, draft.budget_daily, used.currency)

        found = await self._calls.get(f"/{used.id}/delivery_estimate", read, **params)
        if found.people_most is None:
            found = await self._calls.get(f"/{used.id}/reachestimate", read, targeting_spec=spec)
        return found

    async def suggest(
        self, kind: PlaceKind | AudienceField, words: str, *, within: str = ""
    ) -> Sequence[Place | Topic]:
        """See `Advertiser.suggest`. `within` is a country's code or a region's number."""
        if isinstance(kind, PlaceKind):
            if kind not in _PLACES:
                raise no_such_place(kind, "places")
            params = {"type": "adgeolocation", "location_types": json.dumps([_PLACES[kind]])}
            if within:
                params["region_id" if within.isdigit() else "country_code"] = within
            return await self._calls.found(mapping_ads.place, words, params)
        if kind in _TOPICS:
            return await self._calls.found(mapping_ads.topic, words, {"type": _TOPICS[kind]})
        if kind is AudienceField.LISTS:
            wanted = json.dumps([{"field": "name", "operator": "CONTAIN", "value": words}])
            path = f"/{(await self._used()).id}/customaudiences"
            return await self._calls.all(path, mapping_ads.topic, fields="id,name", filtering=wanted)
        raise Rejected(
            _("Facebook has no list of these."), _("Look for places, interests, languages or lists."), field=kind
        )

    async def figures(self, ad_ids: Sequence[str], since: date, until: date) -> tuple[Figures, ...]:
        """See `Advertiser.figures`. Days without an impression are not told of."""
        used = await self._used()
        now = self._api.around.clock()
        since = max(since, mapping_ads.kept_since(used.zone, now))
        if since > until:
            return ()
        found: dict[tuple[str, date], Figures] = {}
        for at in range(0, len(ad_ids), ADS_AT_ONCE):
            chosen = list(ad_ids[at : at + ADS_AT_ONCE])
            rows = await self._calls.all(
                f"/{used.id}/insights",
                lambda row: mapping_ads.figures(row, used, now),
                level="ad",
                time_increment="1",
                time_range=json.dumps({"since": since.isoformat(), "until": until.isoformat()}),
                filtering=json.dumps([{"field": "ad.id", "operator": "IN", "value": chosen}]),
                fields=mapping_ads.FIGURE_FIELDS,
                limit=ROWS,
            )
            found |= {(row.ad_id, row.day): row for row in rows if row.ad_id in chosen and since <= row.day <= until}
        return tuple(found.values())

    # Things

    def _fields(self, level: Level) -> str:
        return mapping_ads.FIELDS[level]

    async def _used(self) -> Cabinet:
        """The cabinet as it was when this object first asked: its currency and zone do not change."""
        return self._known or await self.cabinet()

    async def _read(self, level: Level, number: str) -> Remote:
        used = await self._used()
        return await self._calls.get(
            f"/{number}",
            lambda value: mapping_ads.remote(level, value, used.currency, used.id),
            fields=self._fields(level),
        )

    async def _listed(self, level: Level, parent_id: str, **params: str) -> Sequence[Remote]:
        used = await self._used()
        return await self._calls.all(
            f"/{parent_id or used.id}/{mapping_ads.EDGES[level]}",
            lambda value: mapping_ads.remote(level, value, used.currency, used.id),
            fields=self._fields(level),
            effective_status=json.dumps(mapping_ads.SHOWN),
            **params,
        )

    async def _campaign(self, number: str) -> JSON:
        return await self._calls.get(f"/{number}", paging.an_object, fields=mapping_ads.CAMPAIGN_FIELDS)

    async def _waiting(self, below: Level, number: str) -> Sequence[str]:
        """What is made by us on a lower storey and was never launched."""
        found = await self._calls.all(
            f"/{number}/{mapping_ads.EDGES[below]}",
            paging.an_object,
            fields=f"id,name,status,{_RUNNING_TIME[below]}",
        )
        return [
            mapping_ads.made(one)
            for one in found
            if one.get("status") == "PAUSED"
            and ad_names.is_ours(str(one.get("name")))
            and mapping_ads.has_never_run(one)
        ]

    async def _creative(self, cabinet: str, name: str, form: Mapping[str, str]) -> str:
        answer = await self._calls.answer("POST", f"/{cabinet}/adcreatives", form={"name": name, **form})
        return self._calls.result(answer, mapping_ads.made)

    async def _picture(self, used: Cabinet, file: MediaFile) -> str:
        """The hash by which a picture is named; the same picture has one hash however often it is uploaded."""
        if file.sha256 not in self._uploaded:
            handle = await asyncio.to_thread(outgoing.opened, file)
            with handle:
                data = await asyncio.to_thread(handle.read)
            form = {"bytes": base64.b64encode(data).decode()}
            answer = await self._calls.answer("POST", f"/{used.id}/adimages", form=form, size=len(form["bytes"]))
            self._uploaded[file.sha256] = self._calls.result(answer, mapping_ads.image_hash)
        return self._uploaded[file.sha256]

    def _ensure_possible(self, draft: Draft) -> None:
        """Everything that needs no call: the draft itself, and the least budget as the last check learnt it."""
        facts = cabinet_facts(self._api.account.facts)
        least = facts.get("least_daily")
        money = str(facts.get("currency", "USD"))
        known = Cabinet("", "", money, "UTC", "active", least_daily=least if isinstance(least, int) else None)
        if isinstance(draft, CampaignDraft):
            mapping_ads.campaign_changes(draft, known)
        elif isinstance(draft, SetDraft):
            mapping_ads.ensure_set(draft)
            mapping_ads.ensure_budget(draft, known)
        else:
            mapping_ads.ensure_ad(draft)
            for file in draft.creative.pictures:
                if file.mime not in IMAGE_TYPES:
                    raise Rejected(
                        _("Ads on Facebook show JPEG and PNG pictures."), _("Use another file."), field="pictures"
                    )


def only(cabinets: Sequence[Cabinet]) -> Cabinet:
    """The cabinet that is meant when none is chosen: the only one, or the only one that is open."""
    opened = [one for one in cabinets if one.state == "active"]
    if len(cabinets) == 1 or len(opened) == 1:
        return (opened or list(cabinets))[0]
    if not cabinets:
        raise Forbidden(
            _("This token opens no advertising account."),
            _("Let the account's owner give you a role on it, then check the account again."),
        )
    names = ", ".join(f"{quoted(one.name)} ({one.id})" for one in cabinets[:5])
    raise Rejected(
        _("This token opens several advertising accounts: {names}.").format(names=names),
        _("Choose one of them."),
        field="cabinet",
    )


def _ensure_active(used: Cabinet) -> None:
    if used.state != "active":
        raise Forbidden(
            _("The advertising account {name} cannot be used: {why}.").format(name=used.name, why=used.state),
            _("Look at it on Facebook's site."),
        )
