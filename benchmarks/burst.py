"""Three hundred messages in one second, then twenty a second: how long each waits, and that all are there.

`python -m benchmarks.burst [bench|national]` prints the figures and writes them in docs/performance.md. The
requests come at their moments, whether or not those before have been answered. What two and four processes
on PostgreSQL do is in docs/scaling.md.
"""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from starlette.applications import Starlette

from benchmarks.floor import Signed
from benchmarks.front_door import clock, peopled, post, signed, slack_headers, slack_house, stored
from benchmarks.hot_path import SAID
from benchmarks.paper import COMMANDS, write_down
from bot import collector

AT_ONCE, TURNS = 300, 5
A_SECOND = 20
SIZES = {"bench": 30, "national": 600}
"""Seconds of twenty messages each."""
YEARS = 1


def main(which: str) -> int:
    """Measure, print, write down. Exit status 1 when anything was lost.

    Python's collector is set as `handledd run` sets it.
    """
    seconds = SIZES[which]
    messages = TURNS * AT_ONCE + A_SECOND * seconds
    with (
        tempfile.TemporaryDirectory() as name,
        asyncio.Runner() as runner,
        peopled(f"sqlite:///{Path(name) / 'bot.sqlite'}", messages, YEARS, "slack", "T1") as engine,
    ):
        collector.serving()
        before = stored(engine)
        app, requests = slack_house(engine, clock()).app, iter([signed(n + 1, SAID) for n in range(messages)])
        turns = [runner.run(come(app, list(islice(requests, AT_ONCE)), AT_ONCE)) for _ in range(TURNS)]
        steady = runner.run(come(app, list(requests), A_SECOND))
        made = {name: now - before[name] for name, now in stored(engine).items()}
    lost = messages - min(made["Inbox"], made["Entry"], made["Audit"])
    lines = told(turns, steady, lost)
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"burst-{which}", COMMANDS[which], lines)
    return int(bool(lost))


async def come(app: Starlette, requests: Sequence[Signed], a_second: int) -> list[float]:
    """Send the requests evenly, so many a second; returns the seconds until each was answered."""
    begun = time.perf_counter()

    async def one(number: int, request: Signed) -> float:
        at = begun + number / a_second
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        answer = json.loads(await post(app, "/slack/events", request.body, slack_headers(request)))
        if not answer["text"].startswith("Sparat"):
            raise RuntimeError(answer["text"])
        return time.perf_counter() - at

    return await asyncio.gather(*(one(number, request) for number, request in enumerate(requests)))


def told(turns: Sequence[Sequence[float]], steady: Sequence[float], lost: int) -> list[str]:
    """The figures for a person."""
    last = [max(number / AT_ONCE + wait for number, wait in enumerate(waits)) for waits in turns]
    middle = statistics.median(last)
    spread = f"{min(last) / middle:.2f}–{max(last) / middle:.2f}"
    return [
        f"{AT_ONCE} messages in one second, {TURNS} turns",
        f"  until the last of {AT_ONCE} is answered  {middle:6.2f} s   spread {spread}",
        f"  {_waits([wait for waits in turns for wait in waits])}",
        f"{A_SECOND} a second for {len(steady) // A_SECOND} seconds",
        f"  {_waits(steady)}",
        f"Lost: {lost} of {len(steady) + TURNS * AT_ONCE} (goal 0)",
    ]


def _waits(waits: Sequence[float]) -> str:
    most = sorted(waits)[math.ceil(len(waits) * 0.99) - 1]
    return (
        f"a receipt after {statistics.median(waits) * 1e3:.0f} ms, of a hundred 99 after {most * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
