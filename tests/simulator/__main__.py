"""`python -m tests.simulator SEED…`: play histories; `--tell` prints what happens in them."""

from __future__ import annotations

import argparse
import sys
import time

import structlog

from tests.simulator.checks import BrokenError
from tests.simulator.history import History
from tests.simulator.house import house
from tests.support.databases import postgres


def main() -> int:
    """Play the seeds that are asked for; exit status 1 when a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("seeds", nargs="+", help="a number, or FROM-TO")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--tell", action="store_true", help="print every step")
    parser.add_argument("--why", action="store_true", help="print the last steps before a broken promise")
    parser.add_argument("--postgresql", action="store_true", help="on a server that is started for it")
    asked = parser.parse_args()
    home = house(postgres().uri if asked.postgresql else "")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    began, broken, played = time.process_time(), 0, 0
    for seed in (seed for words in asked.seeds for seed in _range(words)):
        played += 1
        try:
            told = History(seed, asked.days, home, tell=_print if asked.tell else None).play()
        except BrokenError as error:
            broken += 1
            _print(str(error) if asked.tell or asked.why else str(error).partition("\n")[0])
        else:
            if asked.tell:
                _print(f"{told.deeds} deeds, {told.shown} messages, deaths {dict(told.deaths)}")
    _print(f"{played} histories, {broken} broken, {time.process_time() - began:.0f} s of CPU time")
    return 1 if broken else 0


def _range(words: str) -> range:
    first, _, last = words.partition("-")
    return range(int(first), int(last or first) + 1)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
