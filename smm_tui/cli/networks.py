"""``smm-tui networks``: what each network can do for us, from the declarations alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from smm_tui.cli import layout
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.i18n import _
from smm_tui.networks import matrix
from smm_tui.networks.ports import NetworkSpec
from smm_tui.networks.registry import NETWORKS, spec


@click.command(cls=Verb, help=_("What each network can do; with a NETWORK: its limits, and how to connect it."))
@click.argument("network", required=False, metavar="[NETWORK]")
@pass_session
def networks(session: Session, network: str | None) -> None:
    if network is not None:
        found = spec(network)
        session.show(_shape(found), _lines(found))
        return
    known = list(NETWORKS.values())
    rows = [*matrix.capabilities(known), *matrix.limits(known)]
    session.show([_shape(each) for each in known], layout.table(("", *(each.title for each in known)), rows, ""))


def _shape(network: NetworkSpec) -> dict[str, Any]:
    rules = network.rules({})
    profile = network.profile({})
    return {
        "name": network.name,
        "title": network.title,
        "default_server": network.default_server or None,
        "capabilities": sorted(rules.capabilities),
        "limits": {
            "characters": rules.limits.characters,
            "caption_characters": rules.limits.caption_characters,
            "images": rules.limits.images,
            "image_bytes": rules.limits.image_bytes or None,
            "video_bytes": rules.limits.video_bytes,
        },
        "profile": None if profile is None else sorted(profile.writable),
        "credentials": [{"name": item.name, "label": _(item.label)} for item in network.credentials],
        "prepare": _(network.prepare_help),
        "notes": [_(note) for note in network.notes],
    }


def _lines(network: NetworkSpec) -> Iterator[str]:
    declared = network.rules({}).capabilities
    yield network.title
    yield from layout.facts(
        [
            (_("Can"), layout.folded(matrix.can(declared))),
            (_("Cannot"), layout.folded(matrix.cannot(declared))),
            *matrix.limits_of(network.rules({}).limits),
            (_("Asks for"), ", ".join(_(item.label) for item in network.credentials)),
        ]
    )
    for note in network.notes:
        yield f"- {_(note)}"
    yield ""
    yield _(network.prepare_help)
