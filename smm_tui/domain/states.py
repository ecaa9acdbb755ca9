"""The closed sets of states and kinds; their words are a public contract of the command line."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of a post and of each of its deliveries."""

    DRAFT = "draft"
    PLANNED = "planned"
    APPROVED = "approved"
    ARMED = "armed"
    SENDING = "sending"
    LIVE = "live"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    MISSED = "missed"
    HELD = "held"
    CANCELLED = "cancelled"


# A post shows the state of its worst delivery: what needs a person first, then what is under way.
WORST_FIRST = (
    State.UNKNOWN,
    State.REJECTED,
    State.MISSED,
    State.HELD,
    State.SENDING,
    State.DRAFT,
    State.PLANNED,
    State.APPROVED,
    State.ARMED,
    State.LIVE,
    State.CANCELLED,
)
NEEDS_HUMAN = frozenset({State.UNKNOWN, State.REJECTED, State.MISSED, State.HELD})
# Nothing has left this machine yet: such a delivery may still be changed or dropped.
CHANGEABLE = frozenset(
    {State.DRAFT, State.PLANNED, State.APPROVED, State.ARMED, State.HELD, State.MISSED, State.REJECTED}
)


def of_post(deliveries: list[State]) -> State:
    """The state of a post from those of its deliveries; DRAFT when it has none."""
    for state in WORST_FIRST:
        if state in deliveries:
            return state
    return State.DRAFT


class IntentState(StrEnum):
    """State of one outside effect. At most one attempt of an intent is ever under way."""

    PENDING = "pending"  # written, never sent
    SENDING = "sending"  # an attempt is under way, or its process died
    DONE = "done"  # the network has it
    FAILED = "failed"  # the network refused it
    DROPPED = "dropped"  # a person decided that it shall not be sent


class Approval(StrEnum):
    """How a project's posts are approved."""

    NONE = "none"
    ITEM = "item"
    MONTH = "month"


class AccountState(StrEnum):
    """Whether an account can be used now."""

    OK = "ok"
    AUTH = "auth"  # the network no longer takes the secret
    PAUSED = "paused"  # a person stopped it


class MessageState(StrEnum):
    """What became of something that somebody wrote."""

    NEW = "new"
    FLAGGED = "flagged"  # somebody, or a rule, asks for a look at it
    HELD = "held"  # kept for review by a rule
    APPROVED = "approved"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    DELETED = "deleted"
    CLOSED = "closed"
    SNOOZED = "snoozed"


OPEN = (MessageState.NEW, MessageState.FLAGGED, MessageState.HELD)
"""What waits in the queue."""


class ActionState(StrEnum):
    """State of a reply or a verdict on its way to a network."""

    HELD = "held"  # until its hold window is over: it can be taken back as if it had never been
    SENDING = "sending"  # an attempt is under way, or its process died
    DONE = "done"
    FAILED = "failed"  # certainly not executed, and not tried again by itself: a person must look
    UNKNOWN = "unknown"  # it may be there: read back again, or only a person can tell
    CANCELLED = "cancelled"


class CampaignState(StrEnum):
    """State of a campaign; it follows from what people decided, what is wanted, and what the network tells."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"  # to be launched: being built, or waiting for its start
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    PAUSED = "paused"
    REJECTED = "rejected"
    ENDED = "ended"


class Wanted(StrEnum):
    """What a campaign is to do on its network; nothing before somebody launched it."""

    NOTHING = ""
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class CallState(StrEnum):
    """State of one call to an advertising cabinet."""

    SENDING = "sending"  # under way, or its process died: it may have been executed
    DONE = "done"
    FAILED = "failed"  # certainly not executed
    UNKNOWN = "unknown"  # it may have been executed
