"""The names of what is made on an advertising cabinet: each ends in our identity, so that it is found again."""

from __future__ import annotations

_JOINT = " · "  # between a name and the identity


def named(name: str, identity: str) -> str:
    """The name under which a thing is made."""
    return f"{name}{_JOINT}{identity}"


def renamed(old: str, name: str) -> str:
    """Another name with the identity of the old one."""
    _before, joint, identity = old.rpartition(_JOINT)
    return named(name, identity) if joint else name


def is_ours(name: str) -> bool:
    """Whether a thing was made by this program."""
    return _JOINT in name


def carries(name: str, identity: str) -> bool:
    """Whether a thing was made under this identity."""
    return name.endswith(f"{_JOINT}{identity}")
