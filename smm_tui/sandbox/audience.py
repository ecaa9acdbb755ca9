"""The people of the simulated world, as every face lets them act: what they do shows up in the networks' inboxes."""

from __future__ import annotations

from typing import Protocol

from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World


class Audience(Protocol):
    """What a face's ``audience`` module offers. ValueError where the network has no such thing."""

    def person(self, world: World, server: Server, name: str, *, handle: str = "") -> Account:
        """A new person on a server."""

    def comment(
        self, world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None
    ) -> Object:
        """Write below an account's post, or answer another comment there."""

    def mention(self, world: World, account: Account, person: Account, text: str) -> Object:
        """Write somewhere else, naming the account."""

    def message(self, world: World, account: Account, person: Account, text: str) -> Object:
        """Write a direct message to the account."""

    def report(self, world: World, item: Object, person: Account, reason: str) -> Object:
        """Ask the moderators of the account to look at something."""

    def edit(self, world: World, item: Object, text: str) -> Object:
        """The author changes what was written."""

    def delete(self, world: World, item: Object) -> None:
        """The author takes it back."""

    def like(self, world: World, item: Object, person: Account) -> None:
        """Like a post or a comment."""

    def follow(self, world: World, account: Account, person: Account) -> None:
        """Begin to follow the account."""

    def unfollow(self, world: World, account: Account, person: Account) -> None:
        """Stop following the account."""
