"""What each network can do for us and what it limits, as rows to read: made of the declarations alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from smm_tui.i18n import N_, _
from smm_tui.networks.ports import Capability, Limits, NetworkSpec

TITLES: Mapping[Capability, str] = {
    Capability.TEXT: N_("publish texts"),
    Capability.IMAGE: N_("publish pictures"),
    Capability.VIDEO: N_("publish videos"),
    Capability.ALBUM: N_("publish albums"),
    Capability.THREAD: N_("publish threads"),
    Capability.ALT_TEXT: N_("describe pictures"),
    Capability.CONTENT_WARNING: N_("put up content warnings"),
    Capability.LABELS: N_("put on labels"),
    Capability.LANGUAGE: N_("name the language"),
    Capability.DELETE: N_("delete own posts"),
    Capability.READ_BACK: N_("read back what was published"),
    Capability.POLL: N_("publish polls"),
    Capability.LINK_CARD: N_("publish link cards"),
    Capability.FIRST_COMMENT: N_("comment below own posts"),
    Capability.SCHEDULE: N_("let the network publish at a time"),
    Capability.EDIT: N_("edit live posts"),
    Capability.PIN: N_("pin posts"),
    Capability.COMMENTS: N_("read comments"),
    Capability.MENTIONS: N_("read mentions"),
    Capability.MESSAGES: N_("read direct messages"),
    Capability.REPORTS: N_("read reports"),
    Capability.REPLY: N_("answer comments"),
    Capability.MESSAGE_REPLY: N_("answer direct messages"),
    Capability.LIKE: N_("like comments"),
    Capability.HIDE: N_("hide comments"),
    Capability.DELETE_OTHERS: N_("delete what others wrote"),
    Capability.RESTORE: N_("bring back what was deleted"),
    Capability.BAN: N_("ban people"),
    Capability.BAN_TERM: N_("ban people for a time"),
    Capability.MUTE: N_("mute people"),
    Capability.RESTRICT: N_("restrict people"),
    Capability.REPORT: N_("report to the network's moderators"),
    Capability.CLOSE_REPORT: N_("close reports"),
    Capability.PROFILE_READ: N_("read the page profile"),
    Capability.PROFILE_WRITE: N_("change the page profile"),
    Capability.POST_METRICS: N_("read the figures of posts"),
    Capability.PAGE_METRICS: N_("read the figures of the page"),
    Capability.ADS: N_("run advertising"),
}
"""What an account can do, in the words of a sentence that begins with "can" or "cannot"."""


def capabilities(specs: Iterable[NetworkSpec]) -> Iterator[tuple[str, ...]]:
    """One row a capability: its title, then "yes" or nothing for each network."""
    declared = [spec.rules({}).capabilities for spec in specs]
    for capability in Capability:
        yield _(TITLES[capability]), *(_("yes") if capability in known else "" for known in declared)


def limits(specs: Iterable[NetworkSpec]) -> Iterator[tuple[str, ...]]:
    """One row a limit: its title, then each network's figure."""
    columns = [dict(limits_of(spec.rules({}).limits)) for spec in specs]
    for title in dict.fromkeys(title for column in columns for title in column):
        yield title, *(column.get(title, "") for column in columns)


def limits_of(limits: Limits) -> Iterator[tuple[str, str]]:
    """The limits of one account, by title."""
    yield _("characters"), str(limits.characters)
    if limits.caption_characters is not None:
        yield _("characters beside media"), str(limits.caption_characters)
    yield _("pictures"), str(limits.images)
    if limits.image_bytes:
        yield _("picture, MB"), f"{limits.image_bytes / 1e6:.3g}"
    if limits.video_bytes is not None:
        yield _("video, MB"), f"{limits.video_bytes / 1e6:.5g}"


def cannot(declared: frozenset[Capability]) -> tuple[str, ...]:
    """What an account that declares these cannot do, in the order of the matrix."""
    return tuple(_(TITLES[item]) for item in Capability if item not in declared)


def can(declared: frozenset[Capability]) -> tuple[str, ...]:
    """What an account that declares these can do, in the order of the matrix."""
    return tuple(_(TITLES[item]) for item in Capability if item in declared)
