"""What the composer shows beside what is typed: read and worked out beside the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.client import SegmentRow
from smm_tui.db.reads.posts import MediaRow, PostRow
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.reads.scheme import Pillar
from smm_tui.domain.approval import Review
from smm_tui.domain.content_types import DEFAULTS, ContentTypes
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.lateness import late_rule
from smm_tui.domain.states import State
from smm_tui.domain.when import PlannedTime, require_future
from smm_tui.i18n import _
from smm_tui.services import preflight
from smm_tui.services.composition import Composition, composition_of
from smm_tui.services.guard import said_of
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.preflight import Content, Measure, Problem


@dataclass(frozen=True, slots=True)
class ComposerState:
    """What the composer begins with, and what changes around it meanwhile."""

    project: ProjectRow
    accounts: tuple[AccountRow, ...]
    stored: Composition
    planned: PlannedTime | None  # of the stored post
    post_state: str
    kept: Mapping[str, Any] | None  # typed before and never saved
    types: ContentTypes = DEFAULTS
    pillars: tuple[Pillar, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    returned: str = ""  # what is to be changed of a returned post, and who said so


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a composition would become: counted, cut and checked."""

    composition: Composition
    planned: PlannedTime | None
    measures: Mapping[int, Measure]  # by account; those that cannot be cut to measure are missing
    media: tuple[MediaRow, ...]
    problems: tuple[Problem, ...]


def read_composer(
    w: Workspace,
    project_id: int,
    post_id: int | None,
    when: str,
    content_type: str = "",
    chosen: tuple[int, ...] | None = None,
    pillar_id: int | None = None,
) -> ComposerState:
    """The beginning of a new post of a project (of a type and rubric, to `chosen` accounts; None: all), or a
    stored one."""
    project = w.project_queries.get(project_id)
    accounts = tuple(w.account_queries.of_project(project_id))
    types = w.scheme_queries.content_types(project_id)
    pillars = tuple(w.scheme_queries.pillars(project_id))
    segments = tuple(w.client_queries.segments(project_id))
    if post_id is None:
        new = Composition(
            project_id,
            project.timezone,
            accounts=tuple(row.id for row in accounts if chosen is None or row.id in chosen),
            when=when,
            language=project.language,
            content_type=content_type if content_type in types else next(iter(types)),
            pillar_id=pillar_id,
        )
        kept = w.records.autosave(new.key)
        return ComposerState(project, accounts, new, None, State.DRAFT, kept, types, pillars, segments)
    draft, version = w.post_queries.draft_of(post_id)
    stored = composition_of(draft, zone=project.timezone, post_id=post_id, version=version)
    post = w.post_queries.get(post_id).post
    kept = w.records.autosave(stored.key)
    return ComposerState(
        project,
        accounts,
        stored,
        draft.when,
        post.state,
        kept,
        types,
        pillars,
        segments,
        _returned(w, post) if post.review else "",
    )


def _returned(w: Workspace, post: PostRow) -> str:
    said = [row for row in w.review_queries.comments(post.id) if row.verdict == Review.RETURNED]
    if post.review != Review.RETURNED or not said:
        return ""
    return _("Returned by {author}: {text}").format(author=inert(said[-1].author), text=inert(said[-1].text))


def assess(
    w: Workspace, accounts: tuple[AccountRow, ...], composition: Composition, state: ComposerState
) -> Assessment:
    """Count, cut and check what is typed."""
    problems: list[Problem] = []
    if state.returned:
        hint = _("Change it and submit it again.")
        problems.append(Problem("review", state.returned, hint, blocking=False))
    planned = None
    try:
        planned = planned_time(composition, state, w.clock())
    except InvalidInput as error:
        problems.append(Problem("at", error.message, error.hint))
    if composition.late_rule:
        try:
            late_rule(composition.late_rule)
        except InvalidInput as error:
            problems.append(Problem("late", error.message, error.hint))
    media = _media(w, composition, problems)
    draft = composition.draft(planned)
    content = Content(
        draft.text, media, draft.content_warning, draft.labels, draft.language, draft.variants, draft.extras
    )
    if not composition.accounts:
        problems.append(Problem("account", _("No account is chosen: it stays a draft."), blocking=False))
    chosen = [row for row in accounts if row.id in composition.accounts]
    measures = {}
    for row in accounts:
        try:
            measures[row.id] = preflight.measure(row, content)
        except InvalidInput:
            continue  # `check` says it for the accounts that are on
    problems += preflight.check(chosen, content)
    said = [said_of(content, row.id) for row in chosen] or [said_of(content, 0)]
    hint = _("Approving it will ask whether it may pass.")
    for sentence in w.guard.look(composition.project_id, said, post_id=composition.post_id):
        problems.append(Problem("text", sentence, hint, blocking=False))
    return Assessment(composition, planned, measures, tuple(media), tuple(problems))


def planned_time(composition: Composition, state: ComposerState, now: int) -> PlannedTime | None:
    """What the words of the time mean; those of the stored post mean its time, even when that has passed."""
    if composition.when == state.stored.when and state.planned is not None:
        return state.planned
    planned = composition.planned(now)
    return require_future(planned, now) if planned is not None else None


def _media(w: Workspace, composition: Composition, problems: list[Problem]) -> list[MediaRow]:
    try:
        return list(w.post_queries.content(PostDraft(composition.project_id, media=composition.media)).media)
    except InvalidInput as error:
        problems.append(Problem("media", error.message, error.hint))
        return []
