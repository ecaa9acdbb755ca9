"""What stands in the composer, as one value: typed words in, a draft out. Pure, and light to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.when import PlannedTime, parse_when
from smm_tui.services.extras import Extras, of_json
from smm_tui.services.post_queries import NO_EXTRAS, PostDraft

Media = tuple[str, str]  # (sha256, alt text)


@dataclass(frozen=True, slots=True)
class Composition:
    """A post as it is being written. `when` are words, read in `zone`; `version` is the opened post's."""

    project_id: int
    zone: str
    post_id: int | None = None
    version: int = 0
    text: str = ""
    variants: Mapping[int, str] = field(default_factory=dict)
    accounts: tuple[int, ...] = ()
    media: tuple[Media, ...] = ()
    when: str = ""
    content_type: str = "informational"
    late_rule: str = ""
    language: str = ""
    content_warning: str = ""
    labels: tuple[str, ...] = ()
    extras: Extras = NO_EXTRAS
    pillar_id: int | None = None
    segment_id: int | None = None

    @property
    def key(self) -> str:
        """Under which name the typing is kept until it is saved."""
        return f"post:new:{self.project_id}" if self.post_id is None else f"post:{self.post_id}"

    def text_for(self, account_id: int | None) -> str:
        """An account's own text where it has one; the common text for None."""
        return self.text if account_id is None else self.variants.get(account_id, self.text)

    def with_text(self, account_id: int | None, text: str) -> Composition:
        """Another text, for all or for one account; typing the common text there takes its variant away."""
        if account_id is None:
            return replace(self, text=text)
        others = {account: variant for account, variant in self.variants.items() if account != account_id}
        return replace(self, variants=others if text == self.text else {**others, account_id: text})

    def toggled(self, account_id: int) -> Composition:
        """With the account on if it was off, and off if it was on; its variant is kept for a change of mind."""
        if account_id in self.accounts:
            return replace(self, accounts=tuple(other for other in self.accounts if other != account_id))
        return replace(self, accounts=tuple(sorted((*self.accounts, account_id))))

    def with_media(self, sha256: str, alt: str = "") -> Composition:
        """With one more file at the end; a file that is there already is not added again."""
        if any(known == sha256 for known, _alt in self.media):
            return self
        return replace(self, media=(*self.media, (sha256, alt)))

    def without_media(self, position: int) -> Composition:
        """Without the file at a position."""
        return replace(self, media=(*self.media[:position], *self.media[position + 1 :]))

    def with_media_moved(self, position: int, by: int) -> Composition:
        """The file at a position moved by so many places, as far as there are places."""
        target = position + by
        if not (0 <= position < len(self.media) and 0 <= target < len(self.media)):
            return self
        media = list(self.media)
        media.insert(target, media.pop(position))
        return replace(self, media=tuple(media))

    def with_alt(self, position: int, alt: str) -> Composition:
        """Another description of the file at a position."""
        media = list(self.media)
        media[position] = (media[position][0], alt)
        return replace(self, media=tuple(media))

    def planned(self, now: Instant) -> PlannedTime | None:
        """What the words mean in the project's zone, None without words; raises InvalidInput on ``at``."""
        return parse_when(self.when, now=now, zone=self.zone) if self.when.strip() else None

    def draft(self, when: PlannedTime | None) -> PostDraft:
        """What to save. Variants of accounts that are off are left out."""
        return PostDraft(
            self.project_id,
            self.content_type,
            self.text,
            when,
            self.accounts,
            {account: text for account, text in self.variants.items() if account in self.accounts},
            self.media,
            self.content_warning,
            self.labels,
            self.language,
            self.late_rule,
            self.extras,
            self.pillar_id,
            self.segment_id,
        )

    def payload(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return {
            "zone": self.zone,
            "version": self.version,
            "text": self.text,
            "variants": {str(account): text for account, text in self.variants.items()},
            "accounts": list(self.accounts),
            "media": [list(item) for item in self.media],
            "when": self.when,
            "content_type": self.content_type,
            "late_rule": self.late_rule,
            "language": self.language,
            "content_warning": self.content_warning,
            "labels": list(self.labels),
            "extras": self.extras.to_json(),
            "pillar_id": self.pillar_id,
            "segment_id": self.segment_id,
        }

    def restored(self, payload: Mapping[str, Any]) -> Composition:
        """With what was kept by `payload`; whatever another version of this program kept otherwise stays as it is."""
        kept = replace(self)
        for name in ("text", "when", "content_type", "late_rule", "language", "content_warning", "zone"):
            if isinstance(value := payload.get(name), str):
                kept = replace(kept, **{name: value})  # type: ignore[arg-type]
        if isinstance(version := payload.get("version"), int):
            kept = replace(kept, version=version)
        if isinstance(variants := payload.get("variants"), dict):
            kept = replace(kept, variants={int(a): str(t) for a, t in variants.items() if str(a).isdecimal()})
        if isinstance(accounts := payload.get("accounts"), list):
            kept = replace(kept, accounts=tuple(a for a in accounts if isinstance(a, int)))
        if isinstance(media := payload.get("media"), list):
            pairs = [item for item in media if isinstance(item, list) and len(item) == 2]
            kept = replace(kept, media=tuple((str(sha256), str(alt)) for sha256, alt in pairs))
        if isinstance(labels := payload.get("labels"), list):
            kept = replace(kept, labels=tuple(map(str, labels)))
        if isinstance(pillar := payload.get("pillar_id"), int):
            kept = replace(kept, pillar_id=pillar)
        if isinstance(segment := payload.get("segment_id"), int):
            kept = replace(kept, segment_id=segment)
        if isinstance(carried := payload.get("extras"), dict):
            with suppress(KeyError, TypeError):
                kept = replace(kept, extras=of_json(carried))
        return kept


def composition_of(draft: PostDraft, *, zone: str, post_id: int, version: int) -> Composition:
    """A stored post, laid open for writing."""
    return Composition(
        draft.project_id,
        draft.when.zone if draft.when else zone,
        post_id,
        version,
        draft.text,
        dict(draft.variants),
        tuple(draft.accounts or ()),
        draft.media,
        words_of(draft.when) if draft.when else "",
        draft.content_type,
        draft.late_rule,
        draft.language,
        draft.content_warning,
        draft.labels,
        draft.extras,
        draft.pillar_id,
        draft.segment_id,
    )


def words_of(planned: PlannedTime) -> str:
    """Words that `parse_when` reads back as this very time."""
    wall = planned.wall
    words = f"{wall:%Y-%m-%d %H:%M:%S}" if wall.second else f"{wall:%Y-%m-%d %H:%M}"
    if zones.is_ambiguous(wall, planned.zone):
        words += " second" if planned.instant == zones.resolve(wall, planned.zone, 1) else " first"
    return words


def split_words(text: str) -> tuple[str, ...]:
    """The words of a list typed with commas or spaces."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def known_accounts(composition: Composition, accounts: Sequence[int]) -> Composition:
    """Without accounts that are no longer there, as after a long pause of typing."""
    return replace(
        composition,
        accounts=tuple(account for account in composition.accounts if account in accounts),
        variants={account: text for account, text in composition.variants.items() if account in accounts},
    )
