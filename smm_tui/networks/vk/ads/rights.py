"""What an account may do in VK Реклама, as its check learns it."""

from __future__ import annotations

from smm_tui.domain.errors import AuthExpired, Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks.api import Surroundings
from smm_tui.networks.ports import JSON, Account, SecretSlot
from smm_tui.networks.vk.ads import mapping
from smm_tui.networks.vk.ads.api import VkAdsApi


async def learn(account: Account, slot: SecretSlot, around: Surroundings) -> tuple[JSON, tuple[str, ...]]:
    """The facts, and a sentence where the application's id and secret open no cabinet."""
    api = VkAdsApi(account, slot, around)
    try:
        found = await api.get("v2/user", mapping.cabinet)
    except (AuthExpired, Forbidden, NotFound, Rejected, Unsupported) as error:
        return {}, (_("cannot run advertising: {reason}").format(reason=error.message),)
    finally:
        await api.aclose()
    return {"ads_cabinet": found.id, "ads_currency": found.currency}, ()
