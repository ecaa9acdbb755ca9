"""What would go wrong if a post went out as it is: each problem names the field and the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import MediaRow
from smm_tui.domain import split, text
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.ports import Capability, Rules
from smm_tui.services.extras import Extras

NO_EXTRAS = Extras()


@dataclass(frozen=True, slots=True)
class Content:
    """What a post says, before it is cut to an account's measure."""

    text: str
    media: Sequence[MediaRow] = ()
    content_warning: str = ""
    labels: Sequence[str] = ()
    language: str = ""
    variants: dict[int, str] = field(default_factory=dict)
    extras: Extras = NO_EXTRAS

    def text_for(self, account_id: int) -> str:
        """The account's own text where it has one, else the common one."""
        return self.variants.get(account_id, self.text)


@dataclass(frozen=True, slots=True)
class Problem:
    """`blocking` ones stop approval; the others are worth a look. `account` is a handle, empty: all."""

    field: str
    message: str
    hint: str = ""
    account: str = ""
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is on one account, in the network's own counting; `limit` is the first part's."""

    count: int
    limit: int
    parts: tuple[str, ...]


def rules_of(account: AccountRow) -> Rules:
    """The limits, identity rule and capabilities of an account's server."""
    return registry.spec(account.network).rules(account.facts)


def measure(account: AccountRow, content: Content) -> Measure:
    """Count a text and cut it into the parts it needs; raises InvalidInput when it cannot be cut."""
    rules = rules_of(account)
    body = content.text_for(account.id)
    count = text.COUNTERS[rules.limits.count]
    overhead = registry.spec(account.network).counted("", content.content_warning)
    rest = rules.limits.characters - count(overhead)
    limit = rest
    if content.media and rules.limits.caption_characters is not None:
        limit = rules.limits.caption_characters - count(overhead)
    if limit < 1:
        raise InvalidInput(
            _("The content warning alone is longer than {handle} allows.").format(handle=account.handle),
            _("Shorten it."),
            field="content_warning",
        )
    byte_limit = None if rules.limits.bytes is None else rules.limits.bytes - text.utf8_length(overhead)
    parts: tuple[str, ...] = (body,)
    if count(body) > limit or (byte_limit is not None and text.utf8_length(body) > byte_limit):
        if Capability.THREAD not in rules.capabilities:
            raise InvalidInput(
                _("The text has {count} characters, {handle} takes {limit}.").format(
                    count=count(body), handle=account.handle, limit=limit
                ),
                _("Shorten it, or write a shorter variant for this account."),
                field="text",
            )
        parts = tuple(split.split(body, limit=rest, count=count, byte_limit=byte_limit, first_limit=limit))
    return Measure(count(body), limit, parts)


def check(accounts: Sequence[AccountRow], content: Content) -> list[Problem]:
    """All problems of a post on these accounts, the blocking ones first."""
    problems: list[Problem] = []
    if not content.text.strip() and not content.media and not any(v.strip() for v in content.variants.values()):
        problems.append(Problem("text", _("The post is empty."), _("Write a text or add a picture.")))
    for account in accounts:
        problems += _on_account(account, content)
    return sorted(problems, key=lambda problem: not problem.blocking)


def _on_account(account: AccountRow, content: Content) -> list[Problem]:
    rules = rules_of(account)
    found: list[Problem] = []

    def add(field: str, message: str, hint: str = "", *, blocking: bool = True) -> None:
        found.append(Problem(field, message, hint, account.handle, blocking))

    try:
        measured = measure(account, content)
        if len(measured.parts) > 1:
            add(
                "text",
                _("{handle}: becomes a thread of {count} parts.").format(
                    handle=account.handle, count=len(measured.parts)
                ),
                blocking=False,
            )
    except InvalidInput as error:
        add(error.field or "text", f"{account.handle}: {error.message}", error.hint)
    found += _counted_problems(account, rules, content)
    if not content.text_for(account.id).strip() and not content.media and content.text.strip():
        add("variant", _("{handle}: its variant is empty.").format(handle=account.handle))
    if content.labels and Capability.LABELS not in rules.capabilities:
        add(
            "labels",
            _("{handle}: labels are not known there and are left out.").format(handle=account.handle),
            blocking=False,
        )
    found += _media_problems(account, rules, content.media)
    found += _extras_problems(account, rules, content.extras)
    if account.state != "ok":
        add(
            "account",
            account.state_reason or _("{handle} cannot be used now.").format(handle=account.handle),
            _("Give it a new secret or resume it in Set-up."),
            blocking=False,
        )
    return found


def _counted_problems(account: AccountRow, rules: Rules, content: Content) -> list[Problem]:
    """What a network wants more of than text, or takes only so many of."""
    found = []
    if Capability.TEXT not in rules.capabilities and not content.media:
        found.append(
            Problem(
                "media",
                _("{handle}: takes no post without a picture or video.").format(handle=account.handle),
                _("Attach one, or leave this account out."),
                account.handle,
            )
        )
    body = content.text_for(account.id)
    for spans, limit, sentence in (
        (text.find_hashtags, rules.limits.hashtags, _("{handle}: takes {limit} hashtags, the text has {count}.")),
        (text.find_mentions, rules.limits.handles, _("{handle}: takes {limit} names, the text has {count}.")),
    ):
        if limit is not None and (count := len(spans(body))) > limit:
            message = sentence.format(handle=account.handle, limit=limit, count=count)
            found.append(Problem("text", message, _("Leave some out."), account.handle))
    return found


def _extras_problems(account: AccountRow, rules: Rules, extras: Extras) -> list[Problem]:
    """What an account cannot show of a poll, a link's card and a first comment."""
    found: list[Problem] = []

    def add(field: str, message: str, hint: str = "", *, blocking: bool = True) -> None:
        found.append(Problem(field, message.format(handle=account.handle), hint, account.handle, blocking))

    if extras.poll is not None and Capability.POLL not in rules.capabilities:
        add("poll", _("{handle}: has no polls."), _("Leave this account out, or ask the question in the text."))
    if extras.card is not None and Capability.LINK_CARD not in rules.capabilities:
        add("card", _("{handle}: makes its own preview of the link; the card is left out."), blocking=False)
    if not extras.first_comment:
        return found
    if Capability.FIRST_COMMENT not in rules.capabilities:
        add("first_comment", _("{handle}: takes no comment of ours below a post."), _("Write it into the text."))
    elif text.COUNTERS[rules.limits.count](extras.first_comment) > rules.limits.characters:
        add("first_comment", _("{handle}: the first comment is too long."), _("Shorten it."))
    return found


def _media_problems(account: AccountRow, rules: Rules, media: Sequence[MediaRow]) -> list[Problem]:
    limits = rules.limits
    found: list[Problem] = []

    def add(item: MediaRow | None, message: str, hint: str = "", *, blocking: bool = True) -> None:
        where = "media" if item is None else f"media[{item.position}]"
        found.append(Problem(where, f"{account.handle}: {message}", hint, account.handle, blocking))

    images = [item for item in media if item.mime.startswith("image/")]
    videos = [item for item in media if not item.mime.startswith("image/")]
    if limits.mixed and len(media) > limits.images:
        add(None, _("takes {limit} files, the post has {count}.").format(limit=limits.images, count=len(media)))
    elif len(images) > limits.images:
        add(None, _("takes {limit} pictures, the post has {count}.").format(limit=limits.images, count=len(images)))
    if images and Capability.IMAGE not in rules.capabilities:
        add(
            images[0],
            _("takes no pictures: it fetches them from a public place, and none was there at its last check."),
            _("Name one with `smm-tui media target set`, then check the account again."),
        )
    if videos and (Capability.VIDEO not in rules.capabilities or limits.video_bytes is None):
        add(videos[0], _("takes no video."), _("Leave this account out, or post a picture there."))
    elif not limits.mixed and (len(videos) > 1 or (videos and images)):
        add(videos[0], _("takes one video, alone."), _("Remove the other files."))
    for item in media:
        limit = limits.image_bytes if item in images else limits.video_bytes
        if limit and item.size > limit:
            add(
                item,
                _("{name} has {size:.1f} MB, at most {limit:.1f} MB are taken.").format(
                    name=item.original_name, size=item.size / 1e6, limit=limit / 1e6
                ),
                _("Make it smaller and add it again."),
            )
        pixels = (item.width or 0) * (item.height or 0)
        if limits.image_pixels and item in images and pixels > limits.image_pixels:
            add(item, _("{name} has too many pixels.").format(name=item.original_name), _("Make it smaller."))
        if limits.mime_types and item.mime not in limits.mime_types:
            add(
                item,
                _("does not take {mime} files ({name}).").format(mime=item.mime, name=item.original_name),
                _("Save it as JPEG or PNG and add it again."),
            )
        if Capability.ALT_TEXT not in rules.capabilities:
            if item.alt:
                add(
                    item,
                    _("the description of {name} is left out: there are none there.").format(name=item.original_name),
                    blocking=False,
                )
        elif not item.alt:
            add(
                item,
                _("{name} has no description for people who cannot see it.").format(name=item.original_name),
                _("Add one as its alt text."),
                blocking=False,
            )
        elif len(item.alt) > limits.alt_characters:
            add(item, _("the description of {name} is too long.").format(name=item.original_name))
    return found
