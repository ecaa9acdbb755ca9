"""Calls are counted before they leave, and what answers tell of the rest is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import DataError, RateLimited, Transient
from smm_tui.networks import waits
from smm_tui.networks.api import Api, Surroundings
from smm_tui.networks.pace import Bucket, remaining
from smm_tui.networks.ports import Account

from .support import NOW, MemorySlot, clock


class Counted:
    """Rates in memory; `wait` is what the next take answers."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int, float]] = []
        self.learnt: list[tuple[str, int, int]] = []
        self.wait = 0.0
        self.broken = False

    def take(self, bucket: str, limit: int, window: float) -> float:
        if self.broken:
            raise DataError("The disk is full.")
        self.taken.append((bucket, limit, window))
        return self.wait

    def learn(self, bucket: str, remaining: int, resets_at: int) -> None:
        if self.broken:
            raise DataError("The disk is full.")
        self.learnt.append((bucket, remaining, resets_at))


class Narrow(Api):
    title = "Narrow"

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        if method == "POST":
            yield self.bucket("posts", 2, 60)
        yield self.bucket("", 300, 300)


def api(rates: Counted, answer: httpx.Response, seen: list[httpx.Request]) -> Narrow:
    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    around = Surroundings(httpx.MockTransport(handler), clock=clock, rates=rates)
    return Narrow(Account("narrow", "https://narrow.example", "@ann", "7"), MemorySlot({}), around)


async def call(rates: Counted, answer: httpx.Response, method: str = "GET") -> list[httpx.Request]:
    seen: list[httpx.Request] = []
    await api(rates, answer, seen).http.call(method, "https://narrow.example/x", safe=True)
    return seen


async def test_each_call_is_taken_from_its_buckets() -> None:
    rates = Counted()
    await call(rates, httpx.Response(200), "POST")
    assert rates.taken == [
        ("narrow https://narrow.example 7 posts", 2, 60),
        ("narrow https://narrow.example 7", 300, 300),
    ]
    assert rates.learnt == []


async def test_too_early_is_refused_before_it_leaves() -> None:
    rates = Counted()
    rates.wait = 12.5
    seen: list[httpx.Request] = []
    with pytest.raises(RateLimited) as caught:
        await api(rates, httpx.Response(200), seen).http.call("POST", "https://narrow.example/x", safe=False)
    assert caught.value.retry_after == 12.5
    assert seen == []


async def test_a_database_that_refuses_is_no_doubt() -> None:
    rates = Counted()
    rates.broken = True
    with pytest.raises(Transient, match="disk"):
        await call(rates, httpx.Response(200))


@pytest.mark.parametrize(
    ("status", "headers", "left", "seconds"),
    [
        (200, {"x-ratelimit-remaining": "17", "x-ratelimit-reset": "2025-10-09T08:54:20.000Z"}, 17, 60),
        (200, {"ratelimit-remaining": "4", "ratelimit-reset": str(NOW // 1000 + 90)}, 4, 90),
        (200, {"ratelimit-remaining": "0", "ratelimit-reset": "30"}, 0, 30),
        (429, {"retry-after": "45", "x-ratelimit-remaining": "9"}, 0, 45),
        (429, {}, 0, 60),
        (200, {"x-app-usage": json.dumps({"call_count": 100, "total_time": 2})}, 0, 300),
        (
            200,
            {
                "x-business-use-case-usage": json.dumps(
                    {"1": [{"type": "pages", "call_count": 120, "estimated_time_to_regain_access": 19}]}
                )
            },
            0,
            19 * 60,
        ),
    ],
)
async def test_what_answers_tell_is_kept(status: int, headers: dict[str, str], left: int, seconds: int) -> None:
    rates = Counted()
    await call(rates, httpx.Response(status, headers=headers), "POST")
    assert rates.learnt == [("narrow https://narrow.example 7 posts", left, NOW + seconds * 1000)]


async def test_an_answer_counts_although_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = Counted()

    def refuse(*_: object) -> None:
        raise DataError("The disk is full.")

    monkeypatch.setattr(rates, "learn", refuse)
    assert len(await call(rates, httpx.Response(429))) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-remaining": "many", "x-ratelimit-reset": "soon"},
        {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "soon"},
        {"x-app-usage": "[" * 5000},
        {"x-app-usage": json.dumps({"call_count": 99})},
        {"x-app-usage": json.dumps({"call_count": "100"})},
        {"x-business-use-case-usage": "7"},
    ],
)
def test_what_says_nothing(headers: dict[str, str]) -> None:
    assert remaining(headers, NOW) is None


@given(
    value=st.text(max_size=30), json_value=st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)
)
def test_any_header_is_survived(value: str, json_value: object) -> None:
    headers = dict.fromkeys(
        ("x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-remaining", "ratelimit-reset", "date"), value
    )
    told = remaining({**headers, "x-app-usage": json.dumps(json_value)}, NOW)
    assert told is None or (told[0] >= 0 and NOW <= told[1] <= NOW + waits.A_WEEK * 1000)
