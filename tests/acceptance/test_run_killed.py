"""kill -9 before and after every call of a port, and at random moments, while people write.

HANDLEDD_TEST_KILLS sets how many times (104: 18 points × 3, and 50 at random), HANDLEDD_TEST_SEED the
moments. Each time the database, the bot's own, and what the platforms saw are left as they are: what is
asserted at the end holds for all of it (N1-N6 of docs/reliability.md).
"""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.failpoints import POINTS
from tests.acceptance.crashes import TELEGRAM_CHATS, Crowd, Nursery, roster
from tests.acceptance.house import Home, shown_to, until
from tests.fakes import telegram_driver
from tests.fakes.process import Fake

KILLS = int(os.environ.get("HANDLEDD_TEST_KILLS", "104"))
SEED = int(os.environ.get("HANDLEDD_TEST_SEED", "20261122"))
AT_EACH = max(1, KILLS * 54 // 104 // len(POINTS))
AT_RANDOM = max(0, KILLS - AT_EACH * len(POINTS))
LONGEST_LIFE = 1.5
"""Seconds that a bot has before it is killed at random; it sends its first message within a tenth."""
WAYS = ("event", "update", "command")
TWICE = "(Det kan hända att du får det här två gånger.)"


@pytest.fixture
def crowded(home: Home, telegram: Fake) -> Home:
    """The home with twelve pairs in it."""
    file = home.folder / "many.csv"
    file.write_text(roster(datetime.now(UTC).date()), encoding="utf-8")
    done = home.command("roster", "import", str(file))
    assert done.returncode == 0, done.stderr
    for chat in TELEGRAM_CHATS:
        telegram_driver.know(telegram, chat)
    return home


@pytest.fixture
def nursery(crowded: Home) -> Iterator[Nursery]:
    made = Nursery(crowded)
    yield made
    made.close()


def upset(point: str, slack: Fake, telegram: Fake) -> None:
    """Let the next sends fail in the way that leads to a point."""
    if point.startswith("find"):
        order = {"method": "chat.postMessage", "kind": "close", "times": 1}
        httpx.post(f"{slack.url}/control/fault", json=order).raise_for_status()
    if point.startswith("retry"):
        wait = {"status": 429, "headers": {"Retry-After": "0.1"}}
        flood = {"method": "chat.postMessage", "kind": "answer", **wait}
        httpx.post(f"{slack.url}/control/fault", json=flood).raise_for_status()
        telegram_driver.flood(telegram, "sendMessage", {"retry_after": 0.1})


def way_to(point: str, turn: int) -> str:
    """What is written so that the bot comes to a point."""
    if point.startswith("find"):
        return "event"
    return ("event", "command")[turn % 2] if point.startswith("ack") else WAYS[turn % 3]


def test_however_often_it_is_killed_nothing_is_lost_and_nothing_doubled(
    nursery: Nursery, crowded: Home, slack: Fake, telegram: Fake
) -> None:
    crowd = Crowd(crowded, telegram)
    for turn, point in enumerate(point for point in POINTS for _ in range(AT_EACH)):
        upset(point, slack, telegram)
        die_at(point, way_to(point, turn), nursery, crowd)
    dice = random.Random(SEED)
    for _ in range(AT_RANDOM):
        die_some_time(dice, nursery, crowd)
    live_on(nursery, crowd)
    assert nursery.stop() == 0

    check_the_database(crowded)
    check_what_came_in(crowded, crowd)
    check_what_slack_saw(crowded, slack)
    check_what_telegram_saw(crowded, telegram)
    check_that_a_human_is_told(crowded)


# --- living and dying


def die_at(point: str, way: str, nursery: Nursery, crowd: Crowd) -> None:
    crowd.write(way)
    nursery.start(point)

    def dead() -> bool:
        if not nursery.ended():
            crowd.speak()
            time.sleep(0.01)
        return nursery.ended()

    until(dead, f"the bot to end at {point}")
    assert nursery.status() == -signal.SIGKILL
    nursery.home.let_leases_run_out()


def die_some_time(dice: random.Random, nursery: Nursery, crowd: Crowd) -> None:
    for way in WAYS:
        crowd.write(way)
    nursery.start()
    end = time.monotonic() + dice.uniform(0, LONGEST_LIFE)
    crowd.speak()
    while time.monotonic() < end:
        time.sleep(0.01)
        crowd.speak()
    assert nursery.kill() == -signal.SIGKILL
    nursery.home.let_leases_run_out()


def live_on(nursery: Nursery, crowd: Crowd) -> None:
    """Recover: everything is taken in and sent."""
    nursery.start()

    def done() -> bool:
        crowd.speak()
        return not crowd.waiting() and nursery.home.settled()

    # Messages to one chat go one a second, and every kill leaves some: a thousand took six minutes.
    until(done, "everything to be taken in and sent", seconds=max(300, 2 * KILLS))


# --- what there is afterwards


def check_the_database(home: Home) -> None:
    with closing(sqlite3.connect(home.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert home.command("verify").stdout == "drift 0\n"
    # N2: every row has come to an end, and says why when it did not arrive.
    silent = "SELECT * FROM outbox WHERE state NOT IN ('pending', 'sent') AND reason = ''"
    assert home.rows(silent) == []
    assert home.rows("SELECT * FROM outbox WHERE lease_until IS NOT NULL") == []


def check_what_came_in(home: Home, crowd: Crowd) -> None:
    """N1: one inbox row and one entry for everything that was told to have arrived."""
    rows = Counter(row["delivery_key"] for row in home.rows("SELECT delivery_key FROM inbox"))
    assert set(rows.values()) == {1}
    for who in {one.who for one in crowd.written}:
        theirs = [one for one in crowd.written if one.who == who]
        sure = Counter(str(one.day) for one in theirs if one.way != "spoken" or one.told)
        there = Counter(entry["on_date"] for entry in home.entries(who))
        assert sure <= there <= Counter(str(one.day) for one in theirs)
    replies = Counter(row["subject"] for row in home.rows("SELECT subject FROM outbox WHERE kind = 'reply'"))
    assert set(replies.values()) == {1}


def check_what_slack_saw(home: Home, slack: Fake) -> None:
    """N3 where the platform can be asked: whatever was sent was shown once, and nothing else was."""
    posts = slack.seen(method="chat.postMessage", accepted=True)
    names = [re.findall(r"outbox-\d+-\w+", str(post["args"]["metadata"])) for post in posts]
    shown = Counter(name for (name,) in names)
    assert set(shown.values()) == {1}
    sent = home.rows("SELECT DISTINCT reference FROM outbox WHERE platform = 'slack' AND state = 'sent'")
    recorded = {row["reference"].partition(":")[2] for row in sent}
    assert recorded <= {post["ts"] for post in posts}
    forgotten = [name for (name,), post in zip(names, posts, strict=True) if post["ts"] not in recorded]
    assert [_ended(home, name) for name in forgotten] == []


def _ended(home: Home, name: str) -> dict[str, Any]:
    """How the row that a message was named after ended."""
    number = name.split("-")[1]
    [row] = home.rows(f"SELECT * FROM outbox WHERE id = {int(number)}")
    return dict(row)


def check_what_telegram_saw(home: Home, telegram: Fake) -> None:
    """N3 where it cannot: once, or twice where the row and the second message say so; never a third time."""
    sent, doubtful, flagged = (
        home.rows(f"SELECT DISTINCT reference, bundle, id FROM outbox WHERE {which}")
        for which in (
            "platform = 'telegram' AND state = 'sent'",
            "state = 'uncertain'",
            "perhaps_sent",
        )
    )
    messages = {row["reference"] for row in sent}
    shown: Counter[tuple[int, str]] = Counter()
    warned = 0
    for chat in TELEGRAM_CHATS:
        texts = [line["text"] for line in shown_to(telegram, chat)]
        warned += sum(TWICE in text for text in texts)
        shown.update((chat, text.replace(f"\n{TWICE}", "")) for text in texts)
    assert len(messages) <= len(shown) <= len(messages) + len(doubtful)
    assert max(shown.values()) <= 2
    assert shown.total() - len(shown) <= warned <= len(flagged)


def check_that_a_human_is_told(home: Home) -> None:
    """N6: doctor counts every row that did not arrive."""
    ended = home.rows("SELECT id FROM outbox WHERE state IN ('failed', 'uncertain', 'expired')")
    assert f"messages that did not arrive in a week: {len(ended)}" in home.command("doctor").stdout
