"""The Graph API as a Page calls it."""

from __future__ import annotations

from smm_tui.networks.facebook.spec import TITLE
from smm_tui.networks.meta.api import MetaApi


class FacebookApi(MetaApi):
    """What the ports of one Page share."""

    title = TITLE
