"""From a part to the record of a post: uploads its media, resolves whom it mentions."""

from __future__ import annotations

import asyncio
from functools import partial

from smm_tui.domain.errors import NotFound, Rejected, Transient, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.bluesky import images, mapping
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.spec import SPEC, TITLE
from smm_tui.networks.bluesky.video import upload_video
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Capability, LinkCard, MediaFile, Part, RemoteRef

THUMB_BYTES = 1_000_000  # of a link card's picture


async def post_wire(
    api: BlueskyApi, identity: str, part: Part, *, root: JSON | None = None, parent: JSON | None = None
) -> JSON:
    """The body of putRecord that makes a post at the key `identity`, time of writing included."""
    outgoing.ensure_encodable(part)
    if part.poll is not None:
        raise Unsupported(
            _("{network} has no polls.").format(network=TITLE), _("Ask the question in the text of a post.")
        )
    embed = await _embed(api, part)
    dids = {handle: did for handle in mapping.mentioned(part) if (did := await _resolved(api, handle))}
    return {
        "repo": await api.did(),
        "collection": mapping.POST,
        "rkey": identity,
        "record": mapping.post_record(
            part, embed=embed, dids=dids, root=root, parent=parent, created_at=api.around.clock()
        ),
        "swapRecord": None,  # "there must be none yet": a repeat changes nothing, a stranger's record stays
    }


async def strong(api: BlueskyApi, ref: RemoteRef | None) -> JSON | None:
    """The strong reference of an own post that is replied to."""
    if ref is None:
        return None
    if "cid" not in ref.extra:
        found = await api.record(mapping.place(ref.id), partial(mapping.record_ref, handle=await api.handle()))
        if found is None:
            raise NotFound(
                _("The post that this one continues is gone."), _("Publish the thread again from its start.")
            )
        ref = found
    return mapping.strong(ref)


async def uploaded_picture(api: BlueskyApi, file: MediaFile, *, most: int) -> tuple[JSON, int, int]:
    """The blob of a picture without its metadata, and its width and height; Rejected beyond `most` bytes."""
    data, width, height = await asyncio.to_thread(_loaded, file)
    if len(data) > most:
        raise Rejected(
            _("{name} is {size} bytes; {network} takes {limit} at most.").format(
                name=file.path.name, size=len(data), network=TITLE, limit=most
            ),
            _("Attach a smaller picture; it is not shrunk without you seeing it."),
            field="media",
        )
    return await api.upload(data, file.mime), width, height


async def _embed(api: BlueskyApi, part: Part) -> JSON | None:
    """What hangs on the text; a post has one such thing, so media go before a card."""
    rules = SPEC.rules(api.account.facts)
    for file in part.media:
        if file.mime not in rules.limits.mime_types:
            raise Unsupported(
                _("{network} does not take {mime} files here.").format(network=TITLE, mime=quoted(file.mime)),
                _("Attach a JPEG, PNG, WebP or GIF picture."),
            )
    films = [file for file in part.media if file.mime.startswith("video/")]
    if films and Capability.VIDEO in rules.capabilities:
        return await _film(api, part, rules.limits.video_bytes or 0)
    if part.media:
        return mapping.images([await _picture(api, file, rules.limits.image_bytes) for file in part.media])
    return None if part.card is None else await _card(api, part.card)


async def _film(api: BlueskyApi, part: Part, most: int) -> JSON:
    (file, *others) = part.media
    if others:
        raise Rejected(
            _("A video stands alone on {network}.").format(network=TITLE),
            _("Publish the other files in a post of their own."),
            field="media",
        )
    if file.size > most:
        raise Rejected(
            _("{name} is {size} bytes; {network} takes {limit} at most.").format(
                name=file.path.name, size=file.size, network=TITLE, limit=most
            ),
            _("Attach a shorter or smaller video."),
            field="media",
        )
    blob = await upload_video(api, file)
    return mapping.video(blob, alt=file.alt, width=file.width, height=file.height)


async def _picture(api: BlueskyApi, file: MediaFile, most: int) -> JSON:
    blob, width, height = await uploaded_picture(api, file, most=most)
    return mapping.image(blob, alt=file.alt, width=width, height=height)


async def _card(api: BlueskyApi, card: LinkCard) -> JSON:
    thumb = None
    if card.picture is not None:
        thumb, _width, _height = await uploaded_picture(api, card.picture, most=THUMB_BYTES)
    return mapping.card(card, thumb)


async def _resolved(api: BlueskyApi, handle: str) -> str:
    """The DID of a mentioned handle; empty when nobody has it, and the mention stays plain text."""
    answer = await api.call("com.atproto.identity.resolveHandle", safe=True, params={"handle": handle})
    try:
        return api.result(answer, mapping.did)
    except (Rejected, NotFound):
        return ""
    except Transient:
        if answer.status >= 500:  # the server could not look it up elsewhere; asking again would not help
            return ""
        raise


def _loaded(file: MediaFile) -> tuple[bytes, int, int]:
    with outgoing.opened(file) as handle:
        return images.cleaned(handle.read())
