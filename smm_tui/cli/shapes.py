"""The JSON of the command line. Its fields are a public contract: fields may be added, never renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smm_tui.domain.clock import iso

if TYPE_CHECKING:
    from smm_tui.db.reads.accounts import AccountRow
    from smm_tui.db.reads.messages import ActionRow, MessageRow, RuleHitRow
    from smm_tui.db.reads.messages import AttemptRow as ActionAttemptRow
    from smm_tui.db.reads.posts import AttemptRow, DeliveryRow, IntentRow, PostRow
    from smm_tui.db.reads.projects import ProjectRow
    from smm_tui.db.reads.records import AuditRow
    from smm_tui.db.reads.reviews import CommentRow
    from smm_tui.db.reads.rules import HitRow, RuleRow
    from smm_tui.services.delivery_queries import Evidence
    from smm_tui.services.inbox_queries import AuthorCard
    from smm_tui.services.post_queries import PostDetail
    from smm_tui.services.receipt import Receipt
    from smm_tui.services.rule_queries import DryRun

JSON = dict[str, Any]


def project(row: ProjectRow) -> JSON:
    """A project."""
    return {
        "id": row.id,
        "name": row.name,
        "timezone": row.timezone,
        "client": row.client,
        "goal": row.goal,
        "language": row.language,
        "country": row.country,
        "colour": row.colour,
        "hotkey": row.hotkey,
        "approval": row.approval,
        "archived_at": iso(row.archived_at),
    }


def account(row: AccountRow) -> JSON:
    """An account, with what it can do by what its server last told."""
    from smm_tui.networks import registry
    from smm_tui.services.account_queries import secret_ends

    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "network": row.network,
        "handle": row.handle,
        "remote_id": None if row.checked_at is None else row.remote_id,
        "server": row.server,
        "capabilities": sorted(registry.spec(row.network).rules(row.facts).capabilities),
        "missing": list(row.missing),
        "display_name": row.display_name,
        "url": row.url,
        "state": row.state,
        "state_reason": row.state_reason,
        "checked_at": iso(row.checked_at),
        "expires_at": iso(secret_ends(row)),
    }


def post(row: PostRow, deliveries: Sequence[DeliveryRow]) -> JSON:
    """A post with what became of it on each account."""
    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "type": row.content_type,
        "text": row.text,
        "planned_at": iso(row.planned_at),
        "planned_wall": row.planned_wall,
        "zone": row.zone,
        "state": row.state,
        "review": row.review or None,
        "late": row.late_rule,
        "content_warning": row.content_warning,
        "labels": list(row.labels),
        "language": row.language,
        "pillar_id": row.pillar_id,
        "segment_id": row.segment_id,
        "poll": row.extras.get("poll"),
        "card": row.extras.get("card"),
        "first_comment": row.extras.get("first_comment", ""),
        "deliveries": [delivery(item) for item in deliveries],
    }


def post_detail(detail: PostDetail) -> JSON:
    """A post with its media and variants."""
    handles = {row.account_id: row.handle for row in detail.deliveries}
    return {
        **post(detail.post, detail.deliveries),
        "variants": [
            {"account": handles.get(account_id), "account_id": account_id, "text": text}
            for account_id, text in detail.variants.items()
        ],
        "media": [
            {
                "name": item.original_name,
                "sha256": item.sha256,
                "mime": item.mime,
                "size": item.size,
                "width": item.width,
                "height": item.height,
                "alt": item.alt,
            }
            for item in detail.media
        ],
    }


def comment(row: CommentRow) -> JSON:
    """What somebody said about a post."""
    return {
        "id": row.id,
        "post": row.post_id,
        "author": row.author,
        "audience": row.audience,
        "verdict": row.verdict or None,
        "text": row.text,
        "at": iso(row.created_at),
    }


def delivery(row: DeliveryRow) -> JSON:
    """A post on one account. `error` is a sentence, or null."""
    return {
        "id": row.id,
        "post_id": row.post_id,
        "account": row.handle,
        "account_id": row.account_id,
        "network": row.network,
        "state": row.state,
        "remote_id": row.remote_id or None,
        "url": row.remote_url or None,
        "error": row.error_message or None,
        "error_kind": row.error_kind or None,
        "error_hint": row.error_hint or None,
        "error_field": row.error_field or None,
        "needs_human": row.needs_human,
        "due_at": iso(row.due_at),
        "next_try_at": iso(row.next_try_at),
        "approved_at": iso(row.approved_at),
        "approved_by": row.approved_by or None,
        "live_at": iso(row.live_at),
        "read_back_at": iso(row.verified_at),
    }


def evidence(proof: Evidence) -> JSON:
    """All that is known of a delivery: intents with their identities, attempts with their answers."""
    return {
        **delivery(proof.delivery),
        "intents": [
            _intent(row, [attempt for attempt in proof.attempts if attempt.intent_id == row.id])
            for row in proof.intents
        ],
    }


def _attempt(row: AttemptRow | ActionAttemptRow) -> JSON:
    return {
        "id": row.id,
        "what": row.what,
        "worker": row.worker,
        "started_at": iso(row.started_at),
        "ended_at": iso(row.ended_at),
        "outcome": row.outcome or None,
        "status": row.status or None,
        "answer": row.answer or None,
    }


def _intent(row: IntentRow, attempts: Sequence[AttemptRow]) -> JSON:
    return {
        "id": row.id,
        "kind": row.kind,
        "position": row.position,
        "identity": row.identity,
        "payload_hash": row.payload_hash,
        "wire_hash": row.wire_hash or None,
        "state": row.state,
        "remote_id": row.remote_id or None,
        "url": row.remote_url or None,
        "first_sent_at": iso(row.first_sent_at),
        "done_at": iso(row.done_at),
        "attempts": [_attempt(attempt) for attempt in attempts],
    }


def message(row: MessageRow, rules: Sequence[RuleHitRow]) -> JSON:
    """Something that somebody wrote. `post` is the number of our own post it stands below, or null."""
    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "account": row.handle,
        "account_id": row.account_id,
        "network": row.network,
        "kind": row.kind,
        "author": row.author or row.author_handle or row.author_remote_id or None,
        "author_id": row.author_id,
        "author_handle": row.author_handle or None,
        "text": row.text,
        "post": row.post_id,
        "url": row.url or None,
        "state": row.state,
        "created_at": iso(row.created_at),
        "received_at": iso(row.received_at),
        "due_at": iso(row.due_at),
        "snoozed_until": iso(row.snoozed_until),
        "answered_at": iso(row.answered_at),
        "edited_at": iso(row.edited_at),
        "gone_at": iso(row.gone_at),
        "handled_by": row.handled_by or None,
        "assigned_to": row.assigned_to or None,
        "labels": row.labels,
        "liked": row.liked,
        "spam_score": row.spam_score,
        "rules": [hit.name for hit in rules],
    }


def action(row: ActionRow, attempts: Sequence[ActionAttemptRow] = ()) -> JSON:
    """A reply or a verdict, and whether it reached the network."""
    return {
        "id": row.id,
        "message": row.message_id,
        "account_id": row.account_id,
        "verb": row.verb,
        "text": row.text or None,
        "until": iso(row.until),
        "reason": row.reason or None,
        "actor": row.actor,
        "rule_id": row.rule_id,
        "takes_back": row.inverse_of,
        "state": row.state,
        "not_before": iso(row.not_before),
        "error": row.error_message or None,
        "error_kind": row.error_kind or None,
        "error_hint": row.error_hint or None,
        "remote_id": row.remote_id or None,
        "url": row.remote_url or None,
        "created_at": iso(row.created_at),
        "sent_at": iso(row.first_sent_at),
        "done_at": iso(row.done_at),
        "attempts": [_attempt(attempt) for attempt in attempts],
    }


def audit(row: AuditRow) -> JSON:
    """A line of the log."""
    return {
        "id": row.id,
        "at": iso(row.at),
        "actor": row.actor,
        "project": row.project,
        "project_id": row.project_id,
        "verb": row.verb,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "summary": row.summary,
        "details": row.details,
    }


def rule(row: RuleRow) -> JSON:
    """A rule, in the words it is written with."""
    from smm_tui.domain.rules import conditions, outcomes

    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "name": row.name,
        "conditions": [str(conditions.from_json(one)) for one in row.conditions],
        "actions": [str(outcomes.from_json(one)) for one in row.actions],
        "enabled": row.armed_at is not None,
        "enabled_at": iso(row.armed_at),
        "tested_at": iso(row.tested_at),
        "hits": row.hits,
        "right": row.agreed,
        "wrong": row.disagreed,
        "precision": row.precision,
    }


def rule_hit(row: HitRow) -> JSON:
    """A message that a rule applied to."""
    return {
        "message": row.message_id,
        "at": iso(row.at),
        "author": row.author,
        "text": row.text,
        "state": row.state,
        "url": row.url or None,
        "why": row.why,
        "sampled": row.sampled,
        "right": row.judged,
    }


def dry_run(found: DryRun) -> JSON:
    """What a rule would have caught."""
    return {
        "rule": rule(found.rule),
        "examined": found.examined,
        "caught": found.caught,
        "approved": found.approved,
        "messages": [
            {
                "id": one.message.id,
                "author": one.message.author or one.message.author_handle,
                "account": one.message.handle,
                "network": one.message.network,
                "text": one.message.text,
                "post": one.message.post_remote_id or None,
                "url": one.message.url or None,
                "state": one.message.state,
                "why": one.why,
                "approved": one.approved,
            }
            for one in found.messages
        ],
    }


def person(card: AuthorCard) -> JSON:
    """Who somebody is to a project."""
    return {
        "person": card.author.person,
        "names": [
            {"id": one.id, "network": one.network, "handle": one.handle, "name": one.name, "url": one.url or None}
            for one in (card.author, *card.authors)
        ],
        "messages": card.author.messages,
        "hidden": card.author.hidden,
        "since": iso(card.author.first_at),
        "bans": [
            {"id": one.id, "verb": one.verb, "account": one.account, "reason": one.reason, "until": iso(one.until)}
            for one in card.bans
        ],
        "strikes": [
            {
                "id": one.id,
                "reason": one.reason,
                "by": one.actor,
                "at": iso(one.created_at),
                "expires_at": iso(one.expires_at),
            }
            for one in card.strikes
        ],
        "notes": [{"id": one.id, "text": one.text, "by": one.actor, "at": iso(one.created_at)} for one in card.notes],
        "recent": [{"id": one.id, "state": one.state, "text": one.text} for one in card.recent],
    }


def receipt(done: Receipt) -> JSON:
    """What a command did; `undo` is the step that `smm-tui undo` would take back."""
    return {"message": done.message, "count": done.count, "ids": list(done.ids), "undo": done.undo}
