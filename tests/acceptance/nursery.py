"""Starts `handledd run` again and again without importing anything anew: it has imported all, and forks.

A module run as `python -m tests.acceptance.nursery`. For each line `{"cwd", "env", "log"}` on standard input
it forks a bot, writes its process id, and, once the bot has ended, a second line: its exit status, negative
for a signal. One bot at a time; it ends with its input.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any, NoReturn

PRELOADED = ("bot.cli.run", "bot.platforms.slack", "bot.platforms.telegram", "handlers.receive", "alembic")


def main() -> None:
    """Serve until the input ends."""
    for module in PRELOADED:
        importlib.import_module(module)
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        tell(child)
        tell(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def tell(number: int) -> None:
    """One line of output."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def become(order: dict[str, Any]) -> NoReturn:
    """Turn this process into `handledd run`, as its own start would have made it."""
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDWR)
    for ours, theirs in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(ours, theirs)
    from bot.cli import main as handledd

    os._exit(handledd(["run"]))


if __name__ == "__main__":
    main()
