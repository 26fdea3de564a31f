"""How long `handledd run` takes until its first answer, what it then holds, and what it holds later on.

`python -m benchmarks.start [bench|national|million]` prints the figures and writes them in
docs/performance.md. The floor is a process that does nothing but import the five packages that the bot
stands on. `million` is what is held after a million messages, and nothing else: it takes an hour or two.
"""

from __future__ import annotations

import asyncio
import compileall
import gc
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.floor import Signed
from benchmarks.front_door import SECRET, clock, peopled, post, slack_headers, slack_house
from benchmarks.paper import COMMANDS, memory_of, write_down
from benchmarks.turns import Measured, in_turns
from bot.clock import system_clock
from tests.acceptance.house import Home
from tests.fakes.process import ROOT
from tests.fakes.slack_driver import SlackDriver, command_body, sign
from tests.support import crowd

TURNS = 5
FIVE = (
    "slack_bolt.async_app",
    "telegram",
    "microsoft_teams.api",
    "sqlmodel",
    "apscheduler.schedulers.asyncio",
)
_IMPORT = f"""
import os, {", ".join(FIVE)}
print(open('/proc/self/status').read(), flush=True)
os._exit(0)
"""
"""It ends where the imports end, and does not clear up what they made."""
NOWHERE = "http://127.0.0.1:1"
SETTINGS = {
    "HANDLEDD_LOG_LEVEL": "INFO",
    "HANDLEDD_SLACK_SIGNING_SECRET": SECRET,
    "HANDLEDD_SLACK_BOT_TOKEN": "xoxb-made-up",
    "HANDLEDD_SLACK_API_URL": f"{NOWHERE}/api/",
    "HANDLEDD_TELEGRAM_TOKEN": "1:made-up",
    "HANDLEDD_TELEGRAM_MODE": "webhook",
    "HANDLEDD_TELEGRAM_WEBHOOK_SECRET": "made-up",
    "HANDLEDD_TELEGRAM_API_URL": NOWHERE,
    "HANDLEDD_TEAMS_CLIENT_ID": "00000000-0000-0000-0000-000000000001",
    "HANDLEDD_TEAMS_CLIENT_SECRET": "made-up",
    "HANDLEDD_TEAMS_TENANT_ID": "00000000-0000-0000-0000-000000000002",
}
"""Slack, Telegram and Teams, with nobody behind them."""
SIZES = {"bench": (4_000, 100), "national": (200_000, 100), "million": (1_000_000, 2_000)}
"""Messages, and the people that they are from."""
OURS = ("bot", "handlers", "schedules", "storage")
SAID = ("laget", "hjalp", "handledning idag 1h etik", "angra", "historik")


def main(which: str) -> int:
    """Measure, print, write down."""
    started = [] if which == "million" else [*starting(), ""]
    lines = [*started, *growing(*SIZES[which])]
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"start-{which}", COMMANDS.get(which, f"python -m benchmarks.start {which}"), lines)
    return 0


# --- the start


def starting() -> list[str]:
    """Five starts, on a database that is there, in turns with five bare imports."""
    held: dict[str, list[float]] = {"handledd": [], "imports": []}
    for name in OURS:  # as pip does when it installs: nobody's start compiles
        compileall.compile_dir(ROOT / name, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name), SETTINGS)
        home.enrol()
        measured = in_turns(
            {
                "importing the five packages": lambda: held["imports"].append(_imported()),
                "handledd run, until its first answer": lambda: held["handledd"].append(_started(home)),
            },
            TURNS,
        )
    floor, ours = measured.values()
    return [
        f"The start with Slack, Telegram and Teams set up, {TURNS} turns",
        *(_line(name, taken) for name, taken in measured.items()),
        f"  {ours.median / floor.median:.2f} × (goal 1.5)",
        f"  memory then {max(held['handledd']):.0f} MB, of the imports alone {max(held['imports']):.0f} MB",
    ]


def _imported() -> float:
    """MB that a process holds which has only imported."""
    command = [sys.executable, "-W", "ignore", "-c", _IMPORT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 our own words
    return memory_of(done.stdout)


def _started(home: Home) -> float:
    """MB that the bot holds once it has answered; it is then killed, which takes no time to speak of."""
    home.start(PYTHONWARNINGS="ignore")
    driver = SlackDriver(f"http://127.0.0.1:{home.port}", SECRET, system_clock)
    driver.command("/hjalp").raise_for_status()
    driver.close()
    status = Path(f"/proc/{home.process.pid if home.process else 0}/status")
    held = memory_of(status.read_text(encoding="utf-8"))
    home.kill()
    return held


def _line(name: str, taken: Measured) -> str:
    spread = f"{taken.least / taken.median:.2f}–{taken.most / taken.median:.2f}"
    return f"  {name:38} {taken.median:7.2f} s   spread {spread}"


# --- later on


def growing(messages: int, people: int) -> list[str]:
    """What this process holds after a tenth of the messages, and after all of them."""
    with (
        tempfile.TemporaryDirectory() as name,
        asyncio.Runner() as runner,
        peopled(f"sqlite:///{Path(name) / 'bot.sqlite'}", people, 1, "slack", "T1") as engine,
    ):
        at = clock()
        app, numbers = slack_house(engine, at).app, count(1)

        def say(many: int) -> float:
            for number in (next(numbers) for _ in range(many)):
                request = _command(number, people)
                runner.run(post(app, "/slack/events", request.body, slack_headers(request)))
            gc.collect()
            return memory_of(Path("/proc/self/status").read_text(encoding="utf-8"))

        begun = time.perf_counter()
        first, last = say(messages // 10), say(messages - messages // 10)
        taken = time.perf_counter() - begun
    return [
        f"{messages:,} Slack commands of five kinds by {people:,} people, one after the other",
        f"  memory after {messages // 10:,}: {first:.1f} MB, after {messages:,}: {last:.1f} MB",
        f"  growth {(last / first - 1) * 100:.1f} % (goal 10); {messages / taken:.0f} messages a second",
    ]


def _command(number: int, people: int) -> Signed:
    command, _, said = SAID[number // people % len(SAID)].partition(" ")
    who = {"user_id": f"U{number % people + 1}", "trigger_id": f"{number}.1.abc"}
    body = urlencode(command_body(f"/{command}", said, **who)).encode()
    stamp = str(int(crowd.NOW.timestamp()))
    return Signed(body, stamp, sign(SECRET, stamp, body))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
