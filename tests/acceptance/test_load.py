"""Twenty messages a second for a minute, and three hundred at once: what was answered is there, once."""

from __future__ import annotations

import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import local

import httpx

from bot.platforms.slack import TRY_AGAIN
from tests.acceptance.crashes import ACTIVITIES
from tests.acceptance.house import Home
from tests.fakes.slack_driver import SlackDriver
from tests.reliability.sizes import size

PER_SECOND = 20
SECONDS = size(60, 600)
AT_ONCE = 300
PEOPLE = ("U1", "U3")
DAYS = 280
"""Days back to log: no line is like another, so that none is asked about for being there already."""


def _lines() -> Iterator[tuple[str, str]]:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=back) for back in range(1, DAYS)]
    for day, word, who in itertools.product(days, ACTIVITIES, PEOPLE):
        yield who, f"{word} {day:%Y-%m-%d}"


class _Crowd:
    """People on Slack, each answered on a line of their own; remembers how long every answer took."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._own = local()
        self._drivers: list[SlackDriver] = []
        self.seconds: list[float] = []
        self.answered: Counter[str] = Counter()

    def _driver(self) -> SlackDriver:
        if not hasattr(self._own, "driver"):
            self._own.driver = self._home.slack()
            self._drivers.append(self._own.driver)
        driver: SlackDriver = self._own.driver
        return driver

    def say(self, who: str, line: str) -> None:
        begun = time.perf_counter()
        told = self._told(who, line)
        while told == TRY_AGAIN:  # nothing was stored, and the person is told so: they write it again
            told = self._told(who, line)
        self.seconds.append(time.perf_counter() - begun)
        self.answered[told.split(":")[0]] += 1

    def _told(self, who: str, line: str) -> str:
        answer = self._driver().command("/handledd", line, user_id=who)
        told: str = answer.json()["text"] if answer.status_code == httpx.codes.OK else str(answer.status_code)
        return told

    def leave(self) -> None:
        """Close what each of them had open."""
        for driver in self._drivers:
            driver.close()


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[math.ceil(len(seconds) * 0.99) - 1]


def test_a_minutes_load_and_a_burst_lose_nothing(
    bot: Home, record_property: Callable[[str, object], None]
) -> None:
    lines, crowd = _lines(), _Crowd(bot)
    begun = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        for number in range(PER_SECOND * SECONDS):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            pool.submit(crowd.say, *next(lines))
    steady, crowd.seconds = crowd.seconds, []
    with ThreadPoolExecutor(50) as pool:
        for line in itertools.islice(lines, AT_ONCE):
            pool.submit(crowd.say, *line)
    crowd.leave()
    said = PER_SECOND * SECONDS + AT_ONCE
    assert crowd.answered == {"Sparat": said}
    assert bot.rows("SELECT count(*) AS n FROM inbox") == [{"n": said}]
    assert len(bot.entries("anna@exempel.se")) + len(bot.entries("cia@exempel.se")) == said
    for name, seconds in (("steady", steady), ("burst", crowd.seconds)):
        record_property(f"{name}_p99_ms", round(1000 * _p99(seconds)))
        print(f"{name}: p99 of the answer {1000 * _p99(seconds):.0f} ms over {len(seconds)}")  # noqa: T201 pytest -rP
