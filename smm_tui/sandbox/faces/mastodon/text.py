"""Text as Mastodon and GoToSocial count it and turn it into HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import NamedTuple

import regex

_TOKEN = regex.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?<![\w/@.])@(?P<user>\w+(?:[\w.-]*\w)?)(?:@(?P<domain>[\w-]+(?:\.[\w-]+)+(?::\d+)?))?"
    r"|(?<![\w/#&])#(?P<tag>[\w·]*[^\W\d_][\w·]*)"
)
_GRAPHEME = regex.compile(r"\X")
_TAIL = ".,;:!?'\"…»”’"
_SHOWN = 30  # characters of a link that stay visible


class Token(NamedTuple):
    """A piece of a text: plain, or a link, mention or hashtag."""

    kind: str  # "text" | "url" | "user" | "tag"
    text: str
    name: str = ""
    domain: str = ""


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a text in order; together they are the text."""
    at = 0
    for match in _TOKEN.finditer(text):
        whole = match.group()
        if match["url"]:
            whole = _trim(whole)
            token = Token("url", whole)
        elif match["user"]:
            token = Token("user", whole, match["user"], match["domain"] or "")
        else:
            token = Token("tag", whole, match["tag"])
        if match.start() > at:
            yield Token("text", text[at : match.start()])
        yield token
        at = match.start() + len(whole)
    if at < len(text):
        yield Token("text", text[at:])


def _trim(url: str) -> str:
    # A sentence's punctuation and an unopened bracket do not belong to the link.
    while url[-1] in _TAIL or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url


def length(text: str, url_characters: int) -> int:
    """Grapheme clusters, links at a fixed price, mentions without their domain."""
    count = 0
    for token in tokens(text):
        if token.kind == "url":
            count += url_characters
        else:
            counted = f"@{token.name}" if token.kind == "user" else token.text
            count += len(_GRAPHEME.findall(counted))
    return count


def to_html(text: str, base: str, mention: Callable[[Token], tuple[str, str] | None], *, shorten: bool) -> str:
    """The HTML that readers get.

    `mention` gives URL and name of an account, None when it is unknown here. `shorten`: hide parts of long links.
    """
    pieces = []
    for token in tokens(text.replace("\r\n", "\n").replace("\r", "\n")):
        if token.kind == "url":
            pieces.append(_link(token.text, shorten=shorten))
        elif token.kind == "user" and (found := mention(token)) is not None:
            url, name = map(html.escape, found)
            pieces.append(
                '<span class="h-card" translate="no">'
                f'<a href="{url}" class="u-url mention">@<span>{name}</span></a></span>'
            )
        elif token.kind == "tag":
            tag = html.escape(token.name)
            href = f"{base}/tags/{tag.lower()}"
            pieces.append(f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>')
        else:
            pieces.append(html.escape(token.text))
    paragraphs = regex.split(r"\n{2,}", "".join(pieces).strip("\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs if paragraph)


def _link(url: str, *, shorten: bool) -> str:
    href = html.escape(url)
    attributes = f'href="{href}" target="_blank" rel="nofollow noopener" translate="no"'
    if not shorten:
        return f"<a {attributes}>{href}</a>"
    prefix = regex.match(r"https?://(?:www\.)?", url).group()
    shown, rest = url[len(prefix) :][:_SHOWN], url[len(prefix) :][_SHOWN:]
    return (
        f'<a {attributes}><span class="invisible">{html.escape(prefix)}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(rest)}</span></a>'
    )
