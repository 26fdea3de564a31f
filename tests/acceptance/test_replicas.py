"""Two and four `handledd run` on one PostgreSQL: what compose.yaml starts, as real processes.

HANDLEDD_TEST_MESSAGES (1,000 for each size of fleet), HANDLEDD_TEST_EVENTS (500) and HANDLEDD_TEST_PAUSES
(20) set how much; `make soak` takes ten times as much.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from tests.acceptance.crashes import lines
from tests.acceptance.fleet import FIRST_CHAT, Fleet, short_lease, who_waits_for_the_lock
from tests.acceptance.house import (
    SLACK_SECRET,
    SLACK_TOKEN,
    TELEGRAM_TOKEN,
    WEBHOOK_SECRET,
    until,
)
from tests.fakes import telegram_driver
from tests.fakes.process import Fake
from tests.support.databases import postgres

MESSAGES = int(os.environ.get("HANDLEDD_TEST_MESSAGES", "1000"))
EVENTS = int(os.environ.get("HANDLEDD_TEST_EVENTS", "500"))
PAUSES = int(os.environ.get("HANDLEDD_TEST_PAUSES", "20"))
LONG = 900.0
LEASE_SECONDS = 3.0


@pytest.fixture
def settings(slack: Fake, telegram: Fake) -> dict[str, str]:
    """Every process serves both platforms; Telegram by webhook, as two may not poll."""
    return {
        "HANDLEDD_SLACK_SIGNING_SECRET": SLACK_SECRET,
        "HANDLEDD_SLACK_BOT_TOKEN": SLACK_TOKEN,
        "HANDLEDD_SLACK_API_URL": f"{slack.url}/api/",
        "HANDLEDD_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "HANDLEDD_TELEGRAM_API_URL": telegram.url,
        "HANDLEDD_TELEGRAM_MODE": "webhook",
        "HANDLEDD_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "HANDLEDD_LOG_LEVEL": "INFO",
    }


@pytest.fixture
def fleet(request: pytest.FixtureRequest, tmp_path: Path, settings: dict[str, str]) -> Iterator[Fleet]:
    """As many processes as the test asks for (two), set up and not started, on a database of their own."""
    made = Fleet(tmp_path, settings, postgres().fresh(), getattr(request, "param", 2))
    try:
        yield made
    finally:
        made.kill()


def shown(telegram: Fake) -> Counter[int]:
    """How many messages each of the queue's chats was shown."""
    return Counter(line["chat"] for line in telegram.seen() if "shown" in line and line["chat"] >= FIRST_CHAT)


@pytest.mark.parametrize("fleet", [2, 4], indirect=True, ids=lambda count: f"{count} processes")
def test_each_message_is_sent_once_however_many_processes_send(fleet: Fleet, telegram: Fake) -> None:
    chats = fleet.queue(MESSAGES)
    telegram_driver.know_many(telegram, chats)
    fleet.start()
    until(fleet.ended, "every message to be sent", LONG)
    assert fleet.states() == {"sent": MESSAGES}
    assert shown(telegram) == Counter(chats)
    assert fleet.stop() == [0] * len(fleet.replicas)


def test_an_event_that_reaches_two_processes_at_once_has_one_effect(fleet: Fleet) -> None:
    fleet.enrol()
    fleet.start()
    drivers = [replica.slack() for replica in fleet.replicas]
    together = Barrier(len(drivers))

    def command(which: int, said: str, trigger: str) -> str:
        together.wait()
        answer = drivers[which].command("/handledd", said, trigger_id=trigger)
        return str(answer.json()["text"])

    with ThreadPoolExecutor(len(drivers)) as threads:
        for number, (what, day) in enumerate(islice(lines(), EVENTS)):
            said = [threads.submit(command, which, f"{what} {day}", f"{number}.2.abc") for which in (0, 1)]
            first, second = (each.result() for each in said)
            assert first == second, "the same answer to both"
            assert first.startswith("Sparat:"), first
    for driver in drivers:
        driver.close()
    assert len(fleet.rows("SELECT id FROM inbox WHERE outcome = 'logged'")) == EVENTS
    assert fleet.rows("SELECT count(*), count(DISTINCT inbox_id) FROM entry") == [(EVENTS, EVENTS)]


def test_a_process_that_was_paused_for_longer_than_its_lease_sends_nothing_twice(
    fleet: Fleet, telegram: Fake
) -> None:
    telegram_driver.know_many(telegram, range(FIRST_CHAT, FIRST_CHAT + PAUSES))
    for replica in fleet.replicas:
        replica.program = short_lease(LEASE_SECONDS)
    fleet.start()
    for number in range(PAUSES):
        pause_one(fleet, FIRST_CHAT + number)
    assert shown(telegram) == Counter(range(FIRST_CHAT, FIRST_CHAT + PAUSES))
    assert fleet.states() == {"sent": PAUSES}


def pause_one(fleet: Fleet, chat: int) -> None:
    """Stop whoever has claimed a message, until somebody else has sent it, and let it go on."""
    answers = fleet.answer(1, chat)
    with fleet.engine.connect() as holding:
        holding.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        fleet.send(answers)
        paused = next(r for r in fleet.replicas if r.name == who_waits_for_the_lock(fleet))
        paused.signal(signal.SIGSTOP)
        holding.rollback()
    until(fleet.ended, "another process to take it over")
    before = len(paused.events("lease_lost"))
    paused.signal(signal.SIGCONT)
    until(lambda: len(paused.events("lease_lost")) > before, "the paused one to notice")


def test_sigterm_ends_what_is_under_way_and_leaves_the_rest_to_the_next_start(
    fleet: Fleet, telegram: Fake
) -> None:
    chats = fleet.queue(400)
    telegram_driver.know_many(telegram, chats)
    fleet.start()
    until(lambda: shown(telegram), "the first message")
    assert fleet.stop() == [0, 0]
    assert all(replica.events("stopped") for replica in fleet.replicas)
    cut = fleet.rows("SELECT id FROM outbox WHERE state = 'pending' AND lease_until IS NOT NULL")
    fleet.change("UPDATE outbox SET lease_until = created_at WHERE lease_until IS NOT NULL")
    fleet.start()
    until(fleet.ended, "the rest to be sent", LONG)
    assert set(shown(telegram)) == set(chats)
    # A send that was cut short by the end's own patience may have arrived: it is the only one said again.
    assert shown(telegram).total() - len(chats) <= len(cut)
