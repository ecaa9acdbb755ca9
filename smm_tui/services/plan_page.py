"""What the page of a month shows: everything of its posts that concerns the client, and pictures made small."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from smm_tui.db.reads.plans import PlanMedia
from smm_tui.db.reads.reviews import CommentRow
from smm_tui.domain import rhythm
from smm_tui.domain.approval import Audience
from smm_tui.domain.content_types import ContentType
from smm_tui.i18n import catalogue_of
from smm_tui.services.plan_file import page
from smm_tui.services.plan_file.page import Page, PagePicture, PagePost, PageShare
from smm_tui.services.plan_queries import MonthPost, PlanMonth, account_names

SIDE = 480
"""Pixels of the longer side of a picture on the page."""


def write(plan: PlanMonth, comments: Mapping[int, Sequence[CommentRow]], media_path: Callable[[str], Path]) -> str:
    """The page of a month, in the language of its project."""
    catalogue = catalogue_of(plan.project.language)
    _ = catalogue.gettext
    names = account_names(plan.accounts, [item for post in plan.posts for item in post.deliveries])
    pictures: dict[str, str] = {}

    def title(name: str) -> str:
        kind = plan.types.get(name)
        return (_(kind.title) if kind.title else kind.name) if kind is not None else name

    def picture(item: PlanMedia) -> PagePicture:
        if item.sha256 not in pictures:
            pictures[item.sha256] = data_uri(media_path(item.sha256)) if item.mime.startswith("image/") else ""
        return PagePicture(item.original_name, item.alt, pictures[item.sha256])

    def shown(post: MonthPost) -> PagePost:
        kind, content = plan.types.get(post.row.content_type), post.content
        return PagePost(
            post.row.id,
            post.wall,
            title(post.row.content_type),
            kind.colour if kind is not None else "",
            _(post.row.state),
            [names[item.account_id] for item in post.deliveries],
            post.row.text,
            [(names[account], text) for account, text in content.variants],
            [picture(item) for item in post.media],
            post.row.content_warning,
            post.row.pillar,
            content.poll.options if content.poll is not None else (),
            content.card or (),
            content.first_comment,
            [(row.author, row.text) for row in comments.get(post.row.id, ()) if row.audience == Audience.CLIENT],
        )

    shares = [
        _share(title(share.content_type), plan.types.get(share.content_type), share)
        for share in rhythm.mix([post.row for post in plan.posts])
    ]
    month = date(plan.year, plan.month, 1)
    view = Page(
        plan.project.name, plan.project.language, month, plan.project.timezone, [*map(shown, plan.posts)], shares
    )
    return page.write(view, catalogue)


def _share(title: str, kind: ContentType | None, share: rhythm.Share) -> PageShare:
    colour, band = (kind.colour, kind.share) if kind is not None else ("", None)
    target = "" if band is None else f"{band.low}–{band.high} %"
    return PageShare(title, colour, share.posts, share.percent, target)


def data_uri(path: Path) -> str:
    """A picture, small, as an address that holds it; empty where there is none to show."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (SIDE, SIDE))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((SIDE, SIDE))
            flat = Image.new("RGB", picture.size, "white")
            rgba = picture.convert("RGBA")
            flat.paste(rgba, mask=rgba.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
    packed = io.BytesIO()
    flat.save(packed, "JPEG", quality=72)
    return "data:image/jpeg;base64," + base64.b64encode(packed.getvalue()).decode()
