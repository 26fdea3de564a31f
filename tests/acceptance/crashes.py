"""People who write while the bot is killed, and what was told them: the material of test_run_killed."""

from __future__ import annotations

import itertools
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import httpx

from tests.acceptance.house import DEADLINE, SLACK_SECRET, Home, until
from tests.fakes import telegram_driver
from tests.fakes.process import ROOT, Fake
from tests.fakes.slack_driver import SlackDriver, direct
from tests.support.plain import plain

ACTIVITIES = (
    *("handledning", "mini-cex", "dops", "cbd", "sit-in", "kurs", "kollegium", "st-möte", "360", "iup"),
    *("journalgranskning", "utvecklingssamtal", "planeringsmöte", "handledarmöte", "introduktion"),
    *("årsrapport", "handledarrapport", "handledarutlåtande", "utvärdering", "självstudier"),
    *("kvalitetsarbete", "vetenskapligt arbete", "at-kollegium", "avslutningssamtal"),
)
DAYS = 290
PEOPLE = 6
"""Trainees on each platform: a chat gets a message a second, so many chats keep the run short."""
HEAD = "email,name,role,unit,rulebook,supervisor,start,end,employed,kind,locale,platform,platform_id"


def roster(today: date) -> str:
    """Six pairs on each platform, a supervisor for every two trainees, and a studierektor."""
    begun = today - timedelta(days=300)
    lines = [HEAD, "siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,skane-primarvard,,,,,,,slack,T1/U9"]
    for number in range(PEOPLE):
        for platform, there in (("slack", f"T1/U{10 + number}"), ("telegram", str(610 + number))):
            halves = (f"{platform}{number}@exempel.se", f"handledare{number // 2}-{platform}@exempel.se")
            lines.append(
                f"{halves[0]},Påhittad {platform} {number},trainee,Ekbacken,skane-primarvard,"
                f"{halves[1]},{begun},,,,,{platform},{there}"
            )
            if number % 2 == 0:
                own = f"T1/U{30 + number}" if platform == "slack" else str(630 + number)
                name = f"Handledare {platform} {number}"
                lines.append(f"{halves[1]},{name},supervisor,Ekbacken,,,,,,,,{platform},{own}")
    return "\n".join(lines) + "\n"


TELEGRAM_CHATS = [*range(610, 610 + PEOPLE), *range(630, 630 + PEOPLE, 2)]


class Nursery:
    """The process that forks bots, and the bot that it has forked last."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.bot = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.nursery"],
            cwd=ROOT,
            env=home.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self, point: str = "") -> None:
        """Start a bot that ends at a point; returns when it listens, or has ended already."""
        before = len(self.home.events("listening"))
        more = {"HANDLEDD_FAIL_AT": point} if point else {}
        order = {"cwd": str(self.home.folder), "log": str(self.home.log)}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order | {"env": self.home.environment(**more)}) + "\n")
        self.bot = self._line()
        until(lambda: len(self.home.events("listening")) > before or self.ended(), "the bot to listen")
        self.home.port = int(self.home.events("listening")[-1]["port"])

    def ended(self) -> bool:
        """Whether the bot has ended; the nursery's next line says how."""
        assert self._process.stdout
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def _line(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def status(self) -> int:
        """How the bot ended; waits until it has."""
        self.bot = 0
        return self._line()

    def kill(self) -> int:
        """SIGKILL to the bot, by its id; how it ended."""
        os.kill(self.bot, signal.SIGKILL)
        return self.status()

    def stop(self) -> int:
        """SIGTERM to the bot; its exit status."""
        os.kill(self.bot, signal.SIGTERM)
        return self.status()

    def close(self) -> None:
        """End the bot, if there is one, and the nursery."""
        if self.bot:
            self.kill()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(DEADLINE)
        self._process.stdout.close()


@dataclass
class Written:
    """What somebody wrote: no two lines alike, so that each has an entry of its own."""

    way: str
    """event (sent until it is answered 200), command (sent once, and spoken from then on) or update."""
    who: str
    line: str
    day: date
    key: str
    told: bool = False
    """The platform was told that it arrived; for a command, the person saw "Sparat"."""


def lines() -> Iterator[tuple[str, date]]:
    """Lines that never say the same, some 7,000: `make soak` writes 5,000."""
    today = datetime.now(UTC).date()
    for back, activity in itertools.product(range(1, DAYS), ACTIVITIES):
        yield activity, today - timedelta(days=back)


@dataclass
class Crowd:
    """Everybody who writes, one line at a time, in turns."""

    home: Home
    telegram: Fake
    written: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nobody has written yet."""
        self._numbers = itertools.count()
        self._lines = {who: lines() for who in range(PEOPLE)}
        self._begun = int(time.time())

    def write(self, way: str) -> Written:
        """Somebody writes; what goes over Telegram is left there for the bot to fetch."""
        number = next(self._numbers)
        who = number % PEOPLE
        activity, day = next(self._lines[who])
        platform = "telegram" if way == "update" else "slack"
        made = Written(way, f"{platform}{who}@exempel.se", f"{activity} {day}", day, f"Ev{number}")
        if way == "update":
            update = telegram_driver.just_now(610 + who, made.line)
            made.key = str(telegram_driver.enqueue(self.telegram, update))
        self.written.append(made)
        return made

    def speak(self) -> None:
        """Slack delivers what waits: events until they are answered, commands once."""
        for one in self._unsaid():
            driver = SlackDriver(
                self.home.url,
                SLACK_SECRET,
                lambda: datetime.now(UTC),
                plain(timeout=DEADLINE),
            )
            try:
                self._deliver(one, driver)
            except httpx.HTTPError:
                time.sleep(0.01)  # nobody listens just now
            finally:
                driver.close()

    def _deliver(self, one: Written, driver: SlackDriver) -> None:
        user = f"U{10 + int(one.who[len('slack')])}"
        if one.way == "command":
            one.way = "spoken"  # once only, whatever comes of it
            answer = driver.command("/handledd", one.line, user_id=user, trigger_id=one.key)
            one.told = answer.json()["text"].startswith("Sparat:")
            return
        stamp = f"{self._begun}.{int(one.key[2:]):06}"
        event = direct(one.line, user=user, channel=f"D{user[1:]}", ts=stamp, event_ts=stamp)
        one.told = driver.event(event, event_id=one.key).status_code == 200

    def waiting(self) -> list[Written]:
        """What a platform will still deliver."""
        pending = {str(number) for number in telegram_driver.pending(self.telegram)}
        unread = [one for one in self.written if one.way == "update" and one.key in pending]
        return [*self._unsaid(), *unread]

    def _unsaid(self) -> list[Written]:
        """What Slack has not been able to deliver."""
        return [one for one in self.written if one.way in ("event", "command") and not one.told]
