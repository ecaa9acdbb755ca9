"""A plan as one page for people without a terminal: pictures inside, printable, nothing in it runs or calls anybody.

Texts are escaped and made harmless; the page forbids scripts and every outside address itself as well.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape
from typing import NamedTuple

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton

from smm_tui.domain.inert import inert

COLOURS = {
    "blue": "#2457a6",
    "green": "#2c7a3f",
    "magenta": "#97378f",
    "cyan": "#12737f",
    "yellow": "#8a6500",
    "red": "#a8322a",
    "white": "#555555",
}
"""The terminal's colours, dark enough for paper."""
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi")
_STYLE = """
body { font: 15px/1.45 sans-serif; color: #222; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.7em; margin-bottom: 0; } h2 { font-size: 1.15em; border-bottom: 2px solid #ddd; margin-top: 2em; }
.lead, .small { color: #555; } .small { font-size: .87em; }
.mix { border-collapse: collapse; margin: 1em 0; } .mix td { padding: .15em .8em .15em 0; }
.bar { display: inline-block; height: .8em; }
.kind { color: #fff; border-radius: .3em; padding: .05em .5em; font-size: .87em; white-space: nowrap; }
.post { border: 1px solid #ccc; border-radius: .4em; padding: .7em 1em; margin: .8em 0; break-inside: avoid; }
.post header { display: flex; flex-wrap: wrap; gap: .3em .8em; align-items: baseline; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .6em 0; }
.own { border-left: 3px solid #ccc; padding-left: .8em; }
.pictures { display: flex; flex-wrap: wrap; gap: .6em; } figure { margin: 0; max-width: 16em; }
img { max-width: 100%; max-height: 16em; border-radius: .2em; } figcaption { font-size: .8em; color: #555; }
.said { background: #f4f1e6; padding: .4em .7em; margin-top: .5em; white-space: pre-wrap; overflow-wrap: anywhere; }
.verdict { margin-top: .7em; color: #555; font-size: .87em; }
@media print { body { margin: 0; max-width: none; font-size: 12px; } h2 { break-after: avoid; } }
"""


class PagePicture(NamedTuple):
    """A file of a post: `data` is a data URI, empty where it cannot be shown."""

    name: str
    alt: str
    data: str


class PageShare(NamedTuple):
    """A kind of post: its part of the month and what it should be, in percent."""

    kind: str
    colour: str
    posts: int
    percent: int
    target: str


@dataclass(frozen=True, slots=True)
class PagePost:
    """A post as the page shows it; `wall` is its wall time, naive."""

    id: int
    wall: datetime
    kind: str
    colour: str
    state: str
    accounts: Sequence[str]
    text: str
    variants: Sequence[tuple[str, str]] = ()
    pictures: Sequence[PagePicture] = ()
    warning: str = ""
    rubric: str = ""
    poll: Sequence[str] = ()
    card: Sequence[str] = ()
    first_comment: str = ""
    comments: Sequence[tuple[str, str]] = ()  # who said what; only what is for the client


@dataclass(frozen=True, slots=True)
class Page:
    """A month."""

    title: str
    language: str
    month: date
    zone: str
    posts: Sequence[PagePost] = ()
    shares: Sequence[PageShare] = field(default_factory=tuple)


def write(page: Page, catalogue: gettext.NullTranslations) -> str:
    """The page, in the language of the catalogue and with the dates of the page's language."""
    return "\n".join(_Writer(page, catalogue).lines()) + "\n"


class _Writer:
    def __init__(self, page: Page, catalogue: gettext.NullTranslations) -> None:
        self._page = page
        self._catalogue = catalogue
        self._locale = locale_of(page.language)

    def lines(self) -> Iterator[str]:
        _ = self._catalogue.gettext
        page = self._page
        direction = "rtl" if self._locale.language in _RIGHT_TO_LEFT else "ltr"
        month = format_skeleton("yMMMM", page.month, locale=self._locale)
        title = f"{_safe(page.title)} – {_safe(month)}"
        yield "<!DOCTYPE html>"
        yield f'<html lang="{_safe(str(self._locale).replace("_", "-"))}" dir="{direction}">'
        yield '<head><meta charset="utf-8">'
        yield (
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        )
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{title}</title>"
        yield f"<style>{_STYLE}</style></head>"
        yield f"<body><h1>{title}</h1>"
        count = len(page.posts)
        told = self._catalogue.ngettext("{count} post", "{count} posts", count).format(count=count)
        times = _("all times in {zone}").format(zone=page.zone)
        yield f'<p class="lead">{_safe(told)}; {_safe(times)}</p>'
        if page.shares:
            yield '<table class="mix">'
            yield from map(self._share, page.shares)
            yield "</table>"
        monday = None
        for post in sorted(page.posts, key=lambda post: (post.wall, post.id)):
            first = post.wall.date() - timedelta(post.wall.weekday())
            if first != monday:
                monday = first
                yield f"<h2>{_safe(self._week(first))}</h2>"
            yield from self._post(post)
        yield "</body></html>"

    def _week(self, monday: date) -> str:
        _ = self._catalogue.gettext
        first, last = (
            format_date(day, "medium", locale=self._locale) for day in (monday, monday + timedelta(days=6))
        )
        return _("Week {number}: {first} – {last}").format(number=monday.isocalendar().week, first=first, last=last)

    def _share(self, share: PageShare) -> str:
        colour = COLOURS.get(share.colour, COLOURS["white"])
        bar = f'<span class="bar" style="width: {share.percent * 2}px; background: {colour}"></span>'
        target = f"({_safe(share.target)})" if share.target else ""
        return (
            f'<tr><td><span class="kind" style="background: {colour}">{_safe(share.kind)}</span></td>'
            f'<td>{share.posts}</td><td>{bar} {share.percent} % <span class="small">{target}</span></td></tr>'
        )

    def _post(self, post: PagePost) -> Iterator[str]:
        _ = self._catalogue.gettext
        colour = COLOURS.get(post.colour, COLOURS["white"])
        when = format_date(post.wall.date(), "full", locale=self._locale)
        clock = format_datetime(post.wall, "HH:mm", locale=self._locale)
        yield '<article class="post"><header>'
        yield f"<strong>{_safe(when)}, {_safe(clock)}</strong>"
        yield f'<span class="kind" style="background: {colour}">{_safe(post.kind)}</span>'
        facts = " · ".join([f"#{post.id}", post.state, ", ".join(post.accounts)])
        yield f'<span class="small">{_safe(facts)}</span></header>'
        if post.rubric:
            yield self._fact(_("Rubric"), post.rubric)
        if post.warning:
            yield self._fact(_("Content warning"), post.warning)
        if post.text:
            yield f'<div class="text">{_safe(post.text)}</div>'
        for account, text in post.variants:
            label = _("On {account}:").format(account=account)
            yield f'<div class="own"><span class="small">{_safe(label)}</span>'
            yield f'<div class="text">{_safe(text)}</div></div>'
        if post.pictures:
            yield f'<div class="pictures">{"".join(map(self._picture, post.pictures))}</div>'
        if post.poll:
            yield self._fact(_("Poll"), " / ".join(post.poll))
        if post.card:
            yield self._fact(_("Link card"), " – ".join(part for part in post.card if part))
        if post.first_comment:
            yield self._fact(_("First comment"), post.first_comment)
        for author, text in post.comments:
            yield f'<div class="said"><span class="small">{_safe(author)}:</span> {_safe(text)}</div>'
        yield (
            f'<div class="verdict">☐ {_safe(_("approved"))} &nbsp; ☐ {_safe(_("to be changed:"))} '
            + "_" * 40
            + "</div>"
        )
        yield "</article>"

    def _fact(self, name: str, value: str) -> str:
        return f'<div class="text"><span class="small">{_safe(name)}:</span> {_safe(value)}</div>'

    def _picture(self, picture: PagePicture) -> str:
        _ = self._catalogue.gettext
        caption = _safe(picture.alt or picture.name)
        if not picture.data:
            missing = _safe(_("not shown here: {name}").format(name=picture.name or "?"))
            return f"<figure>[{missing}]<figcaption>{_safe(picture.alt)}</figcaption></figure>"
        return f'<figure><img src="{picture.data}" alt="{caption}"><figcaption>{caption}</figcaption></figure>'


def locale_of(language: str) -> Locale:
    """How a language writes dates; English for one that Babel does not know."""
    try:
        return Locale.parse(language or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _safe(text: str) -> str:
    """Text that is only text."""
    return escape(inert(text, newlines=True))
