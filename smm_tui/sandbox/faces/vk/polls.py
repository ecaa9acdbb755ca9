"""Polls, which hang on posts."""

from __future__ import annotations

import json

from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Media

ANSWERS = 10
POLL = "application/vnd.vk.poll"  # how the world keeps one among the attachments


@method("polls.create", right="wall")
def create(call: Call) -> JSON:
    """Make a poll; it is shown when a post carries it."""
    account = call.authorised("polls.create")
    if not call.ours(account, call.number("owner_id", 0)):
        raise call.refusal(15)
    try:
        answers = [str(text) for text in json.loads(call.text("add_answers"))]
    except (ValueError, TypeError):
        raise call.wrong("add_answers is not a JSON array") from None
    if not 1 <= len(answers) <= ANSWERS or not all(text.strip() for text in answers):
        raise call.wrong("add_answers is incorrect")
    question = call.text("question").strip()
    if not question:
        raise call.wrong("question is undefined")
    ends = call.number("end_date", 0)
    if ends and ends * 1000 <= call.world.clock():
        raise call.wrong("end_date is in the past")
    number = call.world.sequence("vk poll") + 900_000_000
    meta = {
        "number": number,
        "question": question,
        "answers": answers,
        "ends": ends,
        "multiple": call.text("is_multiple") == "1",
    }
    media_id = f"poll-{account.remote_id}_{number}"
    return entity(call.world.add_media(account, media_id, b"", POLL, description=question, meta=meta))


def entity(media: Media) -> JSON:
    """A poll as the API shows it."""
    owner, meta = int(media.id.removeprefix("poll").partition("_")[0]), media.meta
    first = meta["number"] * 10
    return {
        "id": meta["number"],
        "owner_id": owner,
        "created": media.created_at // 1000,
        "question": meta["question"],
        "votes": 0,
        "answers": [
            {"id": first + place, "rate": 0, "text": text, "votes": 0} for place, text in enumerate(meta["answers"])
        ],
        "anonymous": True,
        "multiple": meta["multiple"],
        "answer_ids": [],
        "end_date": meta["ends"],
        "closed": False,
        "is_board": False,
        "can_edit": True,
        "can_vote": True,
        "can_report": False,
        "can_share": True,
        "disable_unvote": False,
    }
