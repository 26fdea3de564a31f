"""The way in beside other bots': errbot with a trivial command, Bolt as it is out of the box, many commands.

`python -m benchmarks.peers` prints the figures and writes them in docs/performance.md. errbot is installed
into an environment of its own in a temporary folder, by pip; where it cannot be had the figures say so.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette

from benchmarks.front_door import (
    SECRET,
    SlackDoor,
    clock,
    peopled,
    post,
    signed,
    slack_headers,
)
from benchmarks.hot_path import SAID, TRAINEES, contestants, places, told
from benchmarks.paper import write_down
from benchmarks.turns import Measured, in_turns
from bot.clock import system_clock
from bot.platforms.slack import Slack
from handlers.commands import table
from handlers.message import Incoming, Message, Reply

TURNS, EACH = 20, 5
QUICK = 20
PEER = Path(__file__).parent / "errbot_peer"


def main() -> int:
    """Measure, print, write down."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        lines = [*beside_errbot(), "", *acknowledging(loop), "", *many_commands(loop)]
    sys.stdout.write("\n".join(lines) + "\n")
    write_down("peers", "make bench", lines)
    return 0


# --- errbot


def beside_errbot() -> list[str]:
    """The full Slack path against errbot with a trivial command that stores what the raw floor stores."""
    within = list(places().values())[-1]
    messages = iter([signed(number, SAID) for number in range(1, TRAINEES + 1)])
    with (
        tempfile.TemporaryDirectory(dir=within) as name,
        contestants(within) as (floor, door),
        errbot(Path(name)) as peer,
    ):
        if peer is None:
            return ["errbot could not be installed here: not measured"]
        measured = in_turns(
            {
                "raw floor": lambda: [floor.take(next(messages)) for _ in range(EACH)],
                "errbot, trivial command, raw store": lambda: peer(EACH),
                "handledd, all its work": lambda: door.take(EACH),
            },
            TURNS,
        )
    raw, theirs, ours = (taken.median for taken in measured.values())
    return [
        f"The whole Slack path beside errbot, {within}, {TURNS} turns of {EACH}",
        *told(measured, EACH),
        f"  handledd {ours / theirs:.1f} × errbot (goal 1.2); errbot {theirs / raw:.1f} × the raw floor",
    ]


@contextmanager
def errbot(folder: Path) -> Iterator[Callable[[int], None] | None]:
    """Something that lets errbot answer so many commands; None where it cannot be installed."""
    python = _installed(folder / "errbot")
    if python is None:
        yield None
        return
    root = str(Path(__file__).parents[1])
    known = os.environ | {"HANDLEDD_BENCH_FOLDER": str(folder), "PYTHONPATH": root}
    running = subprocess.Popen(  # noqa: S603 our own words
        [python, PEER / "serve.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=known,
        cwd=folder,
    )
    with running:
        _expect(running, "ready")

        def serve(messages: int) -> None:
            if running.stdin:
                running.stdin.write(f"{messages}\n")
                running.stdin.flush()
            _expect(running, "done")

        yield serve
        running.kill()


def _expect(running: subprocess.Popen[str], word: str) -> None:
    for line in running.stdout or ():
        if line.strip() == word:
            return
    raise RuntimeError(word)


def _installed(folder: Path) -> Path | None:
    """errbot's own Python, with errbot and what its test backend wants."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "errbot", "pytest"]
    done = subprocess.run(install, capture_output=True, timeout=600, check=False)  # noqa: S603 our own words
    return python if done.returncode == 0 else None


# --- Bolt out of the box


def acknowledging(loop: asyncio.AbstractEventLoop) -> list[str]:
    """How long until Slack has its answer when nothing else takes time: our way through Bolt and its own."""
    usual, ours = _bolt(1), _ours()
    measured = in_turns(
        {
            "Bolt's default mode": lambda: _all(loop, usual),
            "handledd": lambda: _all(loop, ours),
        },
        TURNS,
    )
    theirs, mine = (taken.median for taken in measured.values())
    return [
        f"The answer to a command that does nothing, {TURNS} turns of {QUICK}",
        *told(measured, QUICK),
        f"  {mine / theirs:.2f} × Bolt's default mode, which polls for the acknowledgement (goal 0.2)",
    ]


def _all(loop: asyncio.AbstractEventLoop, take: Callable[[], object]) -> None:
    for _ in range(QUICK):
        loop.run_until_complete(take())  # type: ignore[arg-type]


def _bolt(commands: int, *, at_once: bool = False) -> Callable[[], object]:
    """Bolt with listeners for /c1 … and /handledning, which is the last."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-made-up", bot_id="B1")  # noqa: S106

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=at_once)

    async def listener(ack: Callable[[str], object]) -> None:
        await ack("Sparat")  # type: ignore[misc]

    for number in range(1, commands):
        app.command(f"/c{number}")(listener)
    app.command("/handledning")(listener)
    request = signed(1, SAID, system_clock())  # Bolt's own check of the signature reads the machine's clock
    headers: dict[str, str | Sequence[str]] = {**slack_headers(request)}

    async def take() -> None:
        answer = await app.async_dispatch(AsyncBoltRequest(body=request.body.decode(), headers=headers))
        if answer.status != 200:
            raise RuntimeError(answer.status)

    return take


def _ours() -> Callable[[], object]:
    """Our platform in front of somebody who answers at once."""

    async def hear(_incoming: Incoming) -> Reply:
        return Reply(Message("Sparat"), "logged")

    slack = Slack(SECRET, "xoxb-made-up", "http://127.0.0.1:1/", hear, clock())
    app, request = Starlette(routes=slack.routes()), signed(1, SAID)
    headers = slack_headers(request)
    return lambda: post(app, "/slack/events", request.body, headers)


# --- many commands


def many_commands(loop: asyncio.AbstractEventLoop) -> list[str]:
    """What it costs that there are forty commands: in Bolt, one listener each; here, one table for all."""
    one, forty = _bolt(1, at_once=True), _bolt(40, at_once=True)
    theirs = in_turns(
        {"Bolt, 1 command": lambda: _all(loop, one), "Bolt, 40 commands": lambda: _all(loop, forty)}, TURNS
    )
    ours = _ours_with_tables(loop)
    return [
        f"Many commands, {TURNS} turns",
        *told(theirs, QUICK),
        *told(ours, EACH),
        f"  Bolt {_ratio(theirs):.2f} ×, handledd {_ratio(ours):.2f} × (goal 1.2)",
    ]


def _ours_with_tables(loop: asyncio.AbstractEventLoop) -> dict[str, Measured]:
    """The whole path of a log, with the one command that it needs and with all there are."""
    whole = table._BY_INTENT
    within = list(places().values())[-1]
    with (
        tempfile.TemporaryDirectory(dir=within) as name,
        peopled(f"sqlite:///{name}/one.sqlite", TRAINEES, 1, "slack", "T1") as small,
        peopled(f"sqlite:///{name}/all.sqlite", TRAINEES, 1, "slack", "T1") as large,
    ):
        one, many = SlackDoor(small, loop, SAID), SlackDoor(large, loop, SAID)

        def with_one() -> None:
            with patch.object(table, "_BY_INTENT", {"log": whole["log"]}):
                one.take(EACH)

        names = "handledd, 1 command", f"handledd, {len(whole)} commands"
        return in_turns(dict(zip(names, (with_one, lambda: many.take(EACH)), strict=True)), TURNS)


def _ratio(measured: dict[str, Measured]) -> float:
    few, many = (taken.median for taken in measured.values())
    return many / few


if __name__ == "__main__":
    sys.exit(main())
