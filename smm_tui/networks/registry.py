"""Every network there is: declarations at once, clients (and httpx) on first use."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks.bluesky.spec import SPEC as BLUESKY
from smm_tui.networks.facebook.spec import SPEC as FACEBOOK
from smm_tui.networks.instagram.spec import SPEC as INSTAGRAM
from smm_tui.networks.mastodon.spec import SPEC as MASTODON
from smm_tui.networks.ports import Account, NetworkSpec, Publisher, SecretSlot
from smm_tui.networks.telegram.spec import SPEC as TELEGRAM
from smm_tui.networks.vk.spec import SPEC as VK

if TYPE_CHECKING:
    import httpx

    from smm_tui.networks.api import Surroundings
    from smm_tui.networks.client import Client
    from smm_tui.networks.http import Timeouts

NETWORKS: Mapping[str, NetworkSpec] = MappingProxyType(
    {s.name: s for s in (MASTODON, BLUESKY, TELEGRAM, VK, FACEBOOK, INSTAGRAM)}
)


def spec(name: str) -> NetworkSpec:
    """The declaration of a network. InvalidInput (field ``network``) for an unknown name."""
    found = NETWORKS.get(name.strip().lower())
    if found is not None:
        return found
    close = difflib.get_close_matches(name.strip().lower(), NETWORKS, n=1)
    names = ", ".join(NETWORKS)
    raise InvalidInput(
        _("There is no network named {name}.").format(name=ascii(name)[1:-1]),
        _("Did you mean {name}? Known are: {names}.").format(name=close[0], names=names)
        if close
        else _("Known are: {names}.").format(names=names),
        field="network",
    )


def client(account: Account, slot: SecretSlot, around: Surroundings) -> Client:
    """A client for one account; nothing is called yet."""
    name = spec(account.network).name
    module = import_module(f"smm_tui.networks.{name}.client")
    make: Callable[[Account, SecretSlot, Surroundings], Client] = getattr(module, f"{name.title()}Client")
    return make(account, slot, around)


def connect(
    account: Account,
    slot: SecretSlot,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    timeouts: Timeouts | None = None,
    clock: Clock = system_clock,
) -> Publisher:
    """The publishing side of a client for one account. `transport` replaces the real network (the sandbox's)."""
    from smm_tui.networks.api import Surroundings

    return client(account, slot, Surroundings(transport, timeouts, clock)).publisher
