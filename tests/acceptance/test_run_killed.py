"""kill -9 at random moments while people write: what was answered "Sparat" is there, once.

HANDLEDD_TEST_KILLS sets how many times (10), HANDLEDD_TEST_SEED the moments.
"""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial

import httpx

from tests.acceptance.house import SLACK_SECRET, Home, sent_to, until
from tests.fakes.process import Fake
from tests.fakes.slack_driver import SlackDriver, direct

KILLS = int(os.environ.get("HANDLEDD_TEST_KILLS", "10"))
SEED = int(os.environ.get("HANDLEDD_TEST_SEED", "20261122"))
MOST_BETWEEN = 25
"""A process takes in at most so many messages before it is killed."""
ACTIVITIES = ("handledning 1h", "mini-cex", "cbd", "dops", "utvecklingssamtal", "st-möte", "kollegium")
DAYS = 290

Line = tuple[str, date]
"""What was written: no two alike, so that each has an entry of its own."""


def lines() -> Iterator[Line]:
    """Lines that never say the same."""
    today = datetime.now(UTC).date()
    for activity, back in itertools.product(ACTIVITIES, range(1, DAYS)):
        yield activity, today - timedelta(days=back)


class Writer(threading.Thread):
    """Somebody who writes line after line, whatever happens to the bot."""

    def __init__(self, home: Home, user: str) -> None:
        super().__init__(daemon=True)
        self.home, self.user = home, user
        self.sent: list[Line] = []
        self.saved: list[Line] = []
        """Those that the bot has told Slack, or the person, that it has."""
        self.enough = threading.Event()

    def run(self) -> None:
        for line in lines():
            if self.enough.is_set():
                return
            self.sent.append(line)
            if self.write(line):
                self.saved.append(line)

    def write(self, line: Line) -> bool:
        """Whether it was said to be saved."""
        raise NotImplementedError

    def slack(self) -> SlackDriver:
        client = httpx.Client(timeout=30, trust_env=False)
        return SlackDriver(self.home.url, SLACK_SECRET, lambda: datetime.now(UTC), client)


class Commander(Writer):
    """Writes slash commands: Slack never sends one again, so an unanswered one may be lost."""

    def write(self, line: Line) -> bool:
        driver = self.slack()
        try:
            answer = driver.command("/handledd", f"{line[0]} {line[1]}", user_id=self.user)
            return bool(answer.json()["text"].startswith("Sparat:"))
        except httpx.HTTPError:
            time.sleep(0.02)  # nobody listens just now
            return False
        finally:
            driver.close()


class Talker(Writer):
    """Writes to the bot in private: Slack sends a message again until it is told that it arrived."""

    def write(self, line: Line) -> bool:
        stamp = f"{time.time():.6f}"
        event = direct(f"{line[0]} {line[1]}", user=self.user, channel="D3", ts=stamp, event_ts=stamp)
        while not self.enough.is_set():
            driver = self.slack()
            try:
                if driver.event(event, event_id=f"Ev{self.user}{len(self.sent)}").status_code == 200:
                    return True
            except httpx.HTTPError:
                time.sleep(0.02)
            finally:
                driver.close()
        return False


def _taken_in(writers: list[Writer], wanted: int) -> bool:
    return sum(len(writer.saved) for writer in writers) >= wanted


def kill_at_random(home: Home, writers: list[Writer]) -> None:
    """Start, let some messages be taken in, kill: again and again. Starts once more at the end."""
    dice = random.Random(SEED)
    for _ in range(KILLS):
        home.start()
        wanted = sum(len(w.saved) for w in writers) + dice.randint(0, MOST_BETWEEN)
        until(partial(_taken_in, writers, wanted), "messages to be taken in")
        home.kill()
        home.let_leases_run_out()
    home.start()


def entries(home: Home, email: str) -> Counter[date]:
    """How many live entries a trainee has for each day."""
    return Counter(date.fromisoformat(entry["on_date"]) for entry in home.entries(email))


def days(written: list[Line]) -> Counter[date]:
    """How many of the lines were about each day."""
    return Counter(day for _, day in written)


def test_what_was_answered_is_there_exactly_once_however_often_the_bot_is_killed(
    home: Home, slack: Fake
) -> None:
    commander, talker = Commander(home, "U1"), Talker(home, "U3")
    writers: list[Writer] = [commander, talker]
    for writer in writers:
        writer.start()
    kill_at_random(home, writers)
    for writer in writers:
        writer.enough.set()
        writer.join()
    until(home.settled, "everything to be sent")
    assert home.stop() == 0

    with closing(sqlite3.connect(home.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert home.command("verify").stdout == "drift 0\n"
    there = entries(home, "anna@exempel.se")
    assert there >= days(commander.saved)
    assert there <= days(commander.sent)
    assert len(talker.saved) >= KILLS
    assert days(talker.saved) <= entries(home, "cia@exempel.se") <= days(talker.sent)
    receipts = Counter(message["text"].splitlines()[0] for message in sent_to(slack, "D3"))
    assert receipts.total() >= len(talker.saved)
    assert set(receipts.values()) == {1}
