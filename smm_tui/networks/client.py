"""All that one account can do, over one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_tui.domain.errors import Unsupported
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.networks.advertising import Advertiser
    from smm_tui.networks.community import Inbox, Moderator, Responder
    from smm_tui.networks.page import Editor, Metrics, Pinner, ProfileReader, ProfileWriter, Scheduler
    from smm_tui.networks.ports import Publisher


class Client:
    """The ports of one account. Each network's own client overrides those it has; the others refuse as Unsupported.

    The ports share the account's connection, session and pace: closing one client closes all of them.
    """

    title = ""

    @property
    def publisher(self) -> Publisher:
        """Publishing posts."""
        raise self._unsupported(_("publish posts"))

    @property
    def editor(self) -> Editor:
        """Changing live posts."""
        raise self._unsupported(_("change live posts"))

    @property
    def pinner(self) -> Pinner:
        """Pinning posts."""
        raise self._unsupported(_("pin posts"))

    @property
    def scheduler(self) -> Scheduler:
        """Posts that the network publishes by itself."""
        raise self._unsupported(_("keep posts for later by itself"))

    @property
    def inbox(self) -> Inbox:
        """Reading what people write."""
        raise self._unsupported(_("show what people write"))

    @property
    def responder(self) -> Responder:
        """Answering."""
        raise self._unsupported(_("answer"))

    @property
    def moderator(self) -> Moderator:
        """Acting on what people write."""
        raise self._unsupported(_("moderate"))

    @property
    def profile_reader(self) -> ProfileReader:
        """Reading the page profile."""
        raise self._unsupported(_("show the page profile"))

    @property
    def profile_writer(self) -> ProfileWriter:
        """Changing the page profile."""
        raise self._unsupported(_("change the page profile"))

    @property
    def metrics(self) -> Metrics:
        """Reading figures."""
        raise self._unsupported(_("tell figures"))

    @property
    def advertiser(self) -> Advertiser:
        """Targeted advertising."""
        raise self._unsupported(_("run advertising"))

    async def aclose(self) -> None:
        """Close connections."""

    def _unsupported(self, what: str) -> Unsupported:
        return Unsupported(
            _("{network} cannot {what} through this program.").format(network=self.title, what=what),
            _("Do it on the network's own site."),
        )
