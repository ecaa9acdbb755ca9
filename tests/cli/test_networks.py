"""``smm-tui networks`` prints what the networks declare."""

from __future__ import annotations

import pytest

from smm_tui.networks.matrix import TITLES
from smm_tui.networks.ports import Capability
from smm_tui.networks.registry import NETWORKS


def test_the_matrix_is_the_declarations(cli) -> None:
    printed = cli("networks").out.splitlines()
    header = printed[0]
    for capability in Capability:
        row = next(line for line in printed if line.startswith(TITLES[capability]))
        for name, network in NETWORKS.items():
            column = header.index(f"  {network.title}") + 2
            assert (row[column : column + 3] == "yes") == (capability in network.rules({}).capabilities), name


def test_all_of_it_as_json(cli) -> None:
    document = cli("networks", "--json").json
    assert [each["name"] for each in document] == list(NETWORKS)
    for each in document:
        assert each["capabilities"] == sorted(NETWORKS[each["name"]].rules({}).capabilities)


@pytest.mark.parametrize("name", NETWORKS)
def test_one_network_tells_its_limits_and_how_to_connect_it(cli, name: str) -> None:
    network = NETWORKS[name]
    printed = cli("networks", name.upper()).out
    assert str(network.rules({}).limits.characters) in printed
    assert network.prepare_help in printed
    assert all(note in printed for note in network.notes)
    assert cli("networks", name, "--json").json["notes"] == list(network.notes)


def test_an_unknown_network_is_wrong_usage(cli) -> None:
    result = cli("networks", "mastodn")
    assert result.status == 2
    assert "Did you mean mastodon?" in result.err


def test_every_capability_has_a_title() -> None:
    assert set(TITLES) == set(Capability)
