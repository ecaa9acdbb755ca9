"""Changing and pinning what is live. An edit is an intent of its own; nothing here publishes anything again."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, func, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import DeliveryTable, IntentTable, PostTable, ProjectTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.canonical import digest
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.states import Approval, IntentState, State
from smm_tui.i18n import _, ngettext
from smm_tui.networks.ports import JSON, Capability
from smm_tui.services import lifecycle, payloads, preflight
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.posts import PostService
from smm_tui.services.preflight import Content
from smm_tui.services.receipt import Receipt

OPEN = (IntentState.PENDING, IntentState.SENDING)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an edit of a live post would reach: handles. `approval`: the project approves what it publishes."""

    edited: tuple[str, ...]
    left: tuple[str, ...]
    approval: bool


class LivePostService:
    """Commands on what is live; the worker does them at its next pass."""

    def __init__(self, db: Database, actor: str, posts: PostService) -> None:
        self._db = db
        self._actor = actor
        self._posts = posts

    def outlook(self, post_id: int) -> Outlook:
        """Where an edit of a post would be seen, and where it would not."""
        post = self._posts.get(post_id)
        accounts = {row.id: row for row in account_reads.of_project(self._db, post.post.project_id)}
        live = [row.account_id for row in post.deliveries if row.state == State.LIVE and row.remote_id]
        project = project_reads.project(self._db, post.post.project_id)
        return Outlook(
            tuple(row.handle for row in accounts.values() if row.id in live and _can(row, Capability.EDIT)),
            tuple(row.handle for row in accounts.values() if row.id in live and not _can(row, Capability.EDIT)),
            project is not None and project.approval != Approval.NONE,
        )

    def edit(
        self, post_id: int, draft: PostDraft, *, version: int, approve: bool = False, let_pass: Container[str] = ()
    ) -> Receipt:
        """Bring live posts to what a draft says, on every account whose network can edit; elsewhere they stay.

        Where the project approves what it publishes, `approve` says that this change is approved too. WrongClient
        where it looks like another client's, but for the sentences that a person saw and lets pass.
        """
        with self._db.unit() as unit:
            post = self._posts.row_as(unit, post_id, version)
            old = self._posts.draft_of(post_id)[0]
            draft = self._posts.checked(draft, post.planned_at)
            _refuse_other_changes(old, draft)
            project = unit.session.get_one(ProjectTable, post.project_id)
            if project.approval != Approval.NONE and not approve:
                raise InvalidInput(
                    _("{project} approves what it publishes, and a change of what is live needs that too.").format(
                        project=project.name
                    ),
                    _("Say with --approve that this change is approved."),
                    field="approval",
                )
            live = self._live(unit, post)
            draft = _kept_where_it_stays(old, draft, live)
            content = self._posts.content(draft)
            edited = [
                (delivery, account)
                for delivery, account in live
                if _can(account, Capability.EDIT) and self._ask_for_edits(unit, delivery, account, content)
            ]
            if not edited:
                raise InvalidInput(
                    _("Nothing of what is live would change."),
                    _("These accounts cannot change what is live: {accounts}.").format(
                        accounts=", ".join(_unable(live, Capability.EDIT)) or "-"
                    ),
                    field="post",
                )
            self._posts.ask_guard(unit, post, content, [delivery for delivery, _account in edited], let_pass=let_pass)
            self._posts.write(unit, post, draft)
            for delivery, _account in edited:
                delivery.next_try_at = unit.now
                if approve:
                    delivery.approved_hash = lifecycle.content_digest(unit, post, delivery)
                    delivery.approved_at, delivery.approved_by = unit.now, self._actor
            message = ngettext(
                "Post {id} is changed on {count} account at the worker's next pass.",
                "Post {id} is changed on {count} accounts at the worker's next pass.",
                len(edited),
            ).format(id=post_id, count=len(edited))
            if left := _unable(live, Capability.EDIT):
                message += " " + _("It stays as it is on {accounts}.").format(accounts=", ".join(left))
            details: JSON = {"accounts": [account.handle for _delivery, account in edited], "approved": approve}
            unit.audit(
                "post.edit_live",
                "post",
                post_id,
                message,
                actor=self._actor,
                project_id=post.project_id,
                **details,
            )
            return Receipt(message, len(edited), ids=(post_id,))

    def pin(self, delivery_id: int) -> Receipt:
        """Keep a live post on top of its page, at the worker's next pass."""
        return self._set_pin(delivery_id, "pin")

    def unpin(self, delivery_id: int) -> Receipt:
        """No longer keep it there."""
        return self._set_pin(delivery_id, "unpin")

    # Parts

    def _set_pin(self, delivery_id: int, kind: str) -> Receipt:
        with self._db.unit() as unit:
            delivery = unit.session.get(DeliveryTable, delivery_id)
            if delivery is None or delivery.state != State.LIVE or not delivery.remote_id:
                raise InvalidInput(_("Delivery {id} is not live.").format(id=delivery_id), field="delivery")
            account = account_reads.account(self._db, delivery.account_id)
            if account is None or not _can(account, Capability.PIN):
                raise InvalidInput(
                    _("{handle} cannot pin posts.").format(handle="" if account is None else account.handle),
                    _("Its network has no such thing for us, or its secret lacks the right: `smm-tui networks`."),
                    field="account",
                )
            post = unit.session.get_one(PostTable, delivery.post_id)
            made = _parts(unit, delivery)[0]
            _drop_open(unit, delivery, ("pin", "unpin"))
            self._ask(unit, delivery, kind, made, {})
            delivery.next_try_at = unit.now
            message = (
                _("Pinned on {handle} at the worker's next pass.")
                if kind == "pin"
                else _("No longer pinned on {handle} from the worker's next pass on.")
            ).format(handle=account.handle)
            unit.audit(
                f"delivery.ask_{kind}",
                "delivery",
                delivery_id,
                message,
                actor=self._actor,
                project_id=post.project_id,
            )
            return Receipt(message, ids=(delivery_id,))

    def _live(self, unit: UnitOfWork, post: PostTable) -> list[tuple[DeliveryTable, AccountRow]]:
        """What of a post is live and known by its name there; InvalidInput where nothing is, or some is in doubt."""
        deliveries = lifecycle.deliveries_of(unit, post.id or 0)
        if any(row.state in (State.SENDING, State.UNKNOWN) for row in deliveries):
            raise InvalidInput(
                _("Post {id} is being sent, or it is not known whether it is out.").format(id=post.id),
                _("Settle that first, in Deliveries or with `smm-tui post resolve`."),
                field="post",
            )
        live = [row for row in deliveries if row.state == State.LIVE and row.remote_id]
        if not live:
            raise InvalidInput(
                _("Nothing of post {id} is live.").format(id=post.id), _("Change it without --live."), field="post"
            )
        accounts = {row.id: row for row in account_reads.of_project(self._db, post.project_id)}
        return [(row, accounts[row.account_id]) for row in live if row.account_id in accounts]

    def _ask_for_edits(
        self, unit: UnitOfWork, delivery: DeliveryTable, account: AccountRow, content: Content
    ) -> bool:
        """Write an intent for each part that would change; whether there is one."""
        made = _parts(unit, delivery)
        wanted = [part for part in payloads.of(account, content) if part.get("kind") != payloads.COMMENT]
        if len(wanted) != len(made):
            raise InvalidInput(
                _("{handle}: the thread of {old} parts would have {new}.").format(
                    handle=account.handle, old=len(made), new=len(wanted)
                ),
                _("A live thread keeps its parts: write a variant for this account."),
                field="text",
            )
        shown = dict(_shown(unit, delivery))
        changed = [(row, part) for row, part in zip(made, wanted, strict=True) if shown.get(row.id or 0) != part]
        _drop_open(unit, delivery, ("edit",))
        for row, part in changed:
            self._ask(unit, delivery, "edit", row, part)
        return bool(changed)

    def _ask(self, unit: UnitOfWork, delivery: DeliveryTable, kind: str, made: IntentTable, part: JSON) -> None:
        payload = {**part, "target": made.id}
        newest = unit.session.exec(
            select(func.max(IntentTable.generation)).where(
                IntentTable.delivery_id == delivery.id,
                IntentTable.kind == kind,
                IntentTable.position == made.position,
            )
        ).one()
        unit.session.add(
            IntentTable(
                delivery_id=delivery.id or 0,
                kind=kind,
                position=made.position,
                generation=0 if newest is None else newest + 1,
                identity=new_uuid(),
                payload=payload,
                payload_hash=digest(payload),
                created_at=unit.now,
            )
        )


def _parts(unit: UnitOfWork, delivery: DeliveryTable) -> list[IntentTable]:
    """The intents that made what is live, in order; those whose name there nobody knows are left out."""
    rows = unit.session.exec(
        select(IntentTable)
        .where(
            IntentTable.delivery_id == delivery.id,
            IntentTable.kind == "publish",
            IntentTable.state == IntentState.DONE,
            IntentTable.remote_id != "",
        )
        .order_by(col(IntentTable.generation), col(IntentTable.position))
    )
    return list(rows)


def _shown(unit: UnitOfWork, delivery: DeliveryTable) -> Iterator[tuple[int, JSON | None]]:
    """What each part shows, by the intent that made it; None where an edit is on its way."""
    for row in _parts(unit, delivery):
        yield row.id or 0, row.payload
    for row in unit.session.exec(
        select(IntentTable)
        .where(IntentTable.delivery_id == delivery.id, IntentTable.kind == "edit")
        .order_by(col(IntentTable.id))
    ):
        part = {name: value for name, value in row.payload.items() if name != "target"}
        if row.state == IntentState.DONE:
            yield row.payload["target"], part
        elif row.first_sent_at is not None or row.state in OPEN:
            yield row.payload["target"], None


def _drop_open(unit: UnitOfWork, delivery: DeliveryTable, kinds: Sequence[str]) -> None:
    for row in unit.session.exec(
        select(IntentTable).where(
            IntentTable.delivery_id == delivery.id,
            col(IntentTable.kind).in_(kinds),
            col(IntentTable.state).in_(OPEN),
        )
    ):
        row.state = IntentState.DROPPED
    unit.session.flush()


def _can(account: AccountRow, capability: Capability) -> bool:
    return capability in preflight.rules_of(account).capabilities


def _unable(live: Sequence[tuple[DeliveryTable, AccountRow]], capability: Capability) -> list[str]:
    return [account.handle for _delivery, account in live if not _can(account, capability)]


def _refuse_other_changes(old: PostDraft, new: PostDraft) -> None:
    """Of a live post only what it says may change."""
    for field, before, after in (
        ("at", old.when and old.when.instant, new.when and new.when.instant),
        ("accounts", old.accounts, new.accounts),
        ("poll", old.extras.poll, new.extras.poll),
        ("card", old.extras.card, new.extras.card),
        ("first_comment", old.extras.first_comment, new.extras.first_comment),
    ):
        if before != after:
            raise InvalidInput(
                _("The time, accounts, poll, link card and first comment of a live post stay as they are."),
                _("Change its text, files, warning, labels or language, or copy the post."),
                field=field,
            )


def _kept_where_it_stays(
    old: PostDraft, new: PostDraft, live: Sequence[tuple[DeliveryTable, AccountRow]]
) -> PostDraft:
    """An account that cannot edit keeps its text as a variant, so that the post still says what is live there."""
    variants = dict(new.variants)
    for _delivery, account in live:
        if not _can(account, Capability.EDIT):
            shown = old.variants.get(account.id, old.text)
            variants.pop(account.id, None)
            if shown != new.text:
                variants[account.id] = shown
    return replace(new, variants=variants)
