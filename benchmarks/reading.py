"""Reading one line: ours against a bare regular expression, and against dateparser's search in Swedish.

`python -m benchmarks.reading` prints the figures and writes them in docs/performance.md. The lines are those
of which is agreed what they mean, and the others of the golden set; how many are read right is counted.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.paper import write_down
from benchmarks.turns import Measured, in_turns
from handlers.language.lexicon import vocabulary
from handlers.language.reader import read

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
NOW = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 local clock time is what the reader takes
TURNS = 11
PEER = "dateparser search_dates(['sv'])"
FEW = 12
"""Lines for dateparser: it is slow enough that these tell; its time is scaled to all."""
GOALS = ("goal 20, stretch 6", "goal 15")

PASSES = 10
"""How often a turn reads them all, but for dateparser: one reading alone is over before it is warm."""
BARE = re.compile(
    r"(idag|igår|\d{1,2}/\d{1,2}|\d{4}-\d\d-\d\d)|(\d+(?:,\d+)?)\s*(h|tim|timmar|min|minuter)\b"
)


def main() -> int:
    """Measure, print, write down. Exit status 1 when a line is misread."""
    agreed, golden = corpus("messages"), corpus("golden")
    lines = [line["text"] for line in agreed]
    right = sum(is_right(line) for line in [*agreed, *golden])
    told = report(lines, measure(lines), f"{right} of {len(agreed) + len(golden)} are read right")
    sys.stdout.write("\n".join(told) + "\n")
    write_down("reading", "make bench", told)
    return int(right < len(agreed) + len(golden))


def corpus(name: str) -> list[dict[str, Any]]:
    """Lines with what they must mean."""
    text = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def is_right(line: dict[str, Any]) -> bool:
    """Whether every key that is expected is found as it is to be."""
    now = datetime.fromisoformat(line["now"]) if "now" in line else NOW
    found = read(line["text"], now).as_json()
    return all(found[key] == value for key, value in line["expect"].items())


def measure(lines: list[str]) -> dict[str, Measured]:
    """All three in turns; dateparser is imported here, as only this wants it."""
    from dateparser.search import search_dates

    few, often = lines[:: max(1, len(lines) // FEW)], lines * PASSES
    known, settings = vocabulary.default().meanings, {"DATE_ORDER": "DMY"}
    measured = in_turns(
        {
            "handledd": lambda: [read(line, NOW) for line in often],
            "bare regex and dictionary": lambda: [_bare(line, known) for line in often],
            PEER: lambda: [search_dates(line, languages=["sv"], settings=settings) for line in few],
        },
        TURNS,
    )
    read_each = (len(often), len(often), len(few))
    return {name: _each(taken, n) for (name, taken), n in zip(measured.items(), read_each, strict=True)}


def _each(taken: Measured, lines: int) -> Measured:
    """Of one line."""
    return Measured(*(seconds / lines for seconds in astuple(taken)))


def _bare(line: str, known: Mapping[str, object]) -> tuple[list[object], list[object]]:
    """The first floor: what looks like a day or a length, and each word looked up as it stands."""
    return BARE.findall(line), [known.get(word) for word in line.casefold().split()]


def report(lines: list[str], measured: dict[str, Measured], right: str) -> list[str]:
    """The figures for a person; the ratios are of what the process worked, for nothing here waits."""
    ours, bare, peer = (taken.cpu for taken in measured.values())
    return [
        f"Reading {len(lines)} lines, {TURNS} turns; {right}",
        *(
            f"  {name:32} {taken.median * 1e6:8.1f} µs a line"
            f"   spread {taken.least / taken.median:.2f}–{taken.most / taken.median:.2f}"
            f"   CPU {taken.cpu * 1e6:8.1f} µs"
            for name, taken in measured.items()
        ),
        f"  {ours / bare:.0f} × the bare regex ({GOALS[0]})",
        f"  {peer / ours:.1f} × as fast as dateparser ({GOALS[1]})",
    ]


if __name__ == "__main__":
    sys.exit(main())
