"""The histories find it when a promise is broken: each guard is taken away, and some history must go red."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import structlog
from sqlmodel import Session

from bot.lane import Lane
from bot.ledger import Ledger
from bot.platforms.contract import SendError
from bot.sending import Sending
from handlers import overtaken, receive
from schedules import reminding, standings
from schedules.outbox import claiming
from storage.tables import OutboxState
from tests.simulator.checks import BrokenError
from tests.simulator.history import History

LAST = 90
"""Seeds are tried one after the other until one goes red."""


@pytest.fixture(autouse=True)
def _hush() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def first_red(first: int = 1) -> str:
    """What the first history from a seed on that goes red says; fails when none does."""
    for seed in range(first, LAST):
        try:
            History(seed, 30).play()
        except BrokenError as broken:
            return str(broken).partition("\n")[0]
    pytest.fail("nothing was noticed")


def test_duplicates_that_are_taken_for_new(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, take = count(), receive._take

    def renamed(session: Session, incoming: Any, now: Any) -> int | None:
        known = take(session, incoming, now)
        if known is not None:
            return known
        return take(session, replace(incoming, delivery_key=f"{incoming.delivery_key}#{next(numbers)}"), now)

    monkeypatch.setattr(receive, "_take", renamed)
    assert "N1: " in first_red(7)  # the sixth finds first that what was taken back stands once more (N5)


def test_a_message_that_is_recorded_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Sending.send

    async def recorded_first(self: Sending, lane: Any, ready: Any) -> None:
        await self._ledger.end(ready.claim, ready.worded.said, OutboxState.SENT, "", "too early")
        await send(self, lane, ready)

    async def holds(_self: Ledger, _claim: Any) -> bool:
        return True

    monkeypatch.setattr(Ledger, "holds", holds)
    monkeypatch.setattr(Sending, "send", recorded_first)
    assert "N3: " in first_red()


def test_a_lease_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    take: Callable[..., Any] = claiming._next

    def only_the_free(session: Session, *args: Any) -> Any:
        found = take(session, *args)
        return None if found is not None and found[0].lease_until is not None else found

    monkeypatch.setattr(claiming, "_next", only_the_free)
    assert "N2: " in first_red()


def test_a_lease_that_is_not_looked_at_before_the_send(monkeypatch: pytest.MonkeyPatch) -> None:
    async def holds(_self: Ledger, _claim: Any) -> bool:
        return True

    monkeypatch.setattr(Ledger, "holds", holds)
    assert first_red(30).split(": ")[1] in ("N3", "N4")  # rare: most platforms can tell what they have shown


def test_an_interrupted_send_that_is_taken_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "_may_repeat", lambda *_: True)
    assert first_red().split(": ")[1] in ("N3", "N4")


def test_an_unsure_answer_that_is_taken_for_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Sending._failed

    async def sure(self: Sending, lane: Any, ready: Any, error: SendError) -> None:
        await failed(self, lane, ready, SendError(error.reason) if error.perhaps else error)

    monkeypatch.setattr(Sending, "_failed", sure)
    assert first_red().split(": ")[1] in ("N3", "N4")


def test_an_undo_that_forgets_what_it_overtook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overtaken, "read_late", lambda *_: None)
    assert "N5: " in first_red(25)  # rare: the undoing must arrive first, and nothing else be written near it


def test_a_standing_row_that_looks_ahead_too_far(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = reminding.say_and_plan

    def late(*args: Any) -> Any:
        plan(*args)

    monkeypatch.setattr(standings, "say_and_plan", late)
    assert "N2: " in first_red()


def test_a_platform_that_is_not_left_alone_when_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = Lane.rest
    monkeypatch.setattr(Lane, "rest", lambda self, _asked: rest(self, None))
    assert "N4: tried before Retry-After" in first_red()
