"""A trivial command of errbot that stores what the raw floor stores. Runs in errbot's own environment."""

import os
import re
from itertools import count
from pathlib import Path

from errbot import BotPlugin, botcmd  # type: ignore[import-not-found]

from benchmarks.floor import LINE, Floor


class Raw(BotPlugin):  # type: ignore[misc]
    """`!handledning idag 1h etik`, from one account after the other."""

    floor: Floor | None = None
    numbers = count(1)

    @botcmd  # type: ignore[misc,untyped-decorator,unused-ignore]
    def handledning(self, _message: object, args: str) -> str:
        """Store the line, answer with it."""
        self.floor = self.floor or Floor(Path(os.environ["HANDLEDD_BENCH_FOLDER"]), "", 100)
        line = LINE.search(args) or re.match("", args)
        number = next(self.numbers)
        if line is None or not line[0]:
            return "?"
        self.floor.store("T1", f"U{number % 100 + 1}", str(number), line)
        return f"Sparat: {line[0]}"
