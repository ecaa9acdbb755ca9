"""Pictures in the sizes that VK's ads have: it takes no others."""

from __future__ import annotations

import io
from typing import NamedTuple

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _

ICON = "icon_256x256"
SLOTS = {"image_600x600": (600, 600), "image_1080x607": (1080, 607), "image_1080x1350": (1080, 1350)}
SIZES = {ICON: (256, 256), **SLOTS}
TYPES = frozenset({"image/jpeg", "image/png"})


class Cut(NamedTuple):
    """A picture for one slot of an ad."""

    slot: str
    data: bytes
    width: int
    height: int


def cut(data: bytes) -> tuple[Cut, Cut]:
    """The picture for the slot whose shape is nearest, and its middle as the icon, both as JPEG without metadata.

    Rejected (field ``pictures``) when this is no picture.
    """
    from PIL import Image, ImageOps  # tens of milliseconds that only an ad with pictures needs

    try:
        with Image.open(io.BytesIO(data)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            ratio = upright.width / upright.height
            slot = min(SLOTS, key=lambda name: abs(SLOTS[name][0] / SLOTS[name][1] - ratio))
            found = []
            for name in (slot, ICON):
                buffer = io.BytesIO()
                ImageOps.fit(upright, SIZES[name]).save(buffer, "JPEG", quality=92)
                found.append(Cut(name, buffer.getvalue(), *SIZES[name]))
            return found[0], found[1]
    except Exception as error:
        raise Rejected(
            _("A picture is damaged or of an unknown kind."),
            _("Open it in a picture editor, save it as JPEG or PNG and attach it again."),
            field="pictures",
        ) from error
