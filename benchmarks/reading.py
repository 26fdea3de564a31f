"""Reading one line: ours against a bare regular expression, and against dateparser's search in Swedish."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path

from benchmarks.turns import in_turns, report
from handlers.language.reader import read

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "messages.jsonl"
NOW = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 local clock time is what the reader takes
TURNS = 11

BARE = re.compile(r"/?(\w+)\s+(idag|igår)?\s*(\d+)\s*(h|min)?\s*(.*)")
WORDS = {"handledning": "supervision", "bedömning": "assessment", "etik": "ethics"}


def main() -> int:
    """Print the ratios. Exit status 1 when ours is slower than dateparser."""
    from dateparser.search import search_dates

    lines = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    # search_dates is slow enough that a few lines tell; the time is scaled to the whole corpus.
    few = lines[:: max(1, len(lines) // 12)]
    measured = in_turns(
        {
            "handledd": lambda: [read(line, NOW) for line in lines],
            "bare regex and dictionary": lambda: [_bare(line) for line in lines],
            "dateparser search_dates(['sv'])": lambda: [
                search_dates(line, languages=["sv"], settings={"DATE_ORDER": "DMY"}) for line in few
            ],
        },
        TURNS,
    )
    peer = measured["dateparser search_dates(['sv'])"]
    scale = len(lines) / len(few)
    measured["dateparser search_dates(['sv'])"] = type(peer)(
        peer.median * scale, peer.least * scale, peer.most * scale
    )
    told = report(f"Reading {len(lines)} lines, {TURNS} turns", measured, "handledd", len(lines), "line")
    sys.stdout.write("\n".join(told) + "\n")
    faster = measured["dateparser search_dates(['sv'])"].median / measured["handledd"].median
    return 0 if faster >= 1 else 1


def _bare(line: str) -> tuple[str | None, ...]:
    found = BARE.match(line)
    return tuple(WORDS.get(part or "", part) for part in found.groups()) if found else ()


if __name__ == "__main__":
    sys.exit(main())
