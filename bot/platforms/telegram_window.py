"""Which updates of a long poll are heard, which must come again, and the offset that says so.

getUpdates confirms everything below its offset, for good. So the offset stops at the first update that was
not heard; those behind it are heard meanwhile and remembered, and come again unheeded.

An update that cannot be heard: losing it is worse than being late, so it is tried again for as long as
Telegram keeps it (24 hours). But one that fails for a reason of its own would in the end hold up a whole
hundred, and those would be lost too. It is given up, with an error in the log that names its id, only when
it has failed TRIES times and in OVERTAKEN of those rounds others behind it *were* heard: then the database
works and it is the update. While the database is away nothing is heard, so nothing is ever given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

TRIES = 8
OVERTAKEN = 3
FAILURES_A_ROUND = 5
"""So many failures in one round mean an outage: the rest of the batch waits for the next round."""
HEARD_BEHIND = 20
"""So many are heard behind a failure before it is tried again: so a full window of 100 lasts five rounds."""


class Window:
    """The updates from the offset on, as far as Telegram has handed them out."""

    def __init__(self) -> None:
        self.offset: int | None = None
        self._batch: list[int] = []
        self._heard: set[int] = set()
        self._tries: Counter[int] = Counter()
        self._overtaken: Counter[int] = Counter()
        self._failed: list[int] = []
        """This round's failures, not yet overtaken."""
        self._failures = 0
        self._behind = 0
        """Heard in this round after its first failure."""

    def open(self, ids: Iterable[int]) -> None:
        """Begin a round with what getUpdates returned. Nothing returned: all before is confirmed, and the
        offset may go: after a quiet week Telegram numbers updates afresh, perhaps below it."""
        self._batch = sorted(ids)
        self._failed, self._failures, self._behind = [], 0, 0
        self.offset = self._batch[0] if self._batch else None

    def wants(self, update: int) -> bool:
        """Whether the update should be heard now."""
        going_on = self._failures < FAILURES_A_ROUND and self._behind < HEARD_BEHIND
        return going_on and update not in self._heard

    def heard(self, update: int) -> None:
        """It is committed, or not for us."""
        self._heard.add(update)
        self._behind += self._failures > 0
        self._overtaken.update(self._failed)
        self._failed = []

    def failed(self, update: int) -> None:
        """It could not be heard."""
        self._tries[update] += 1
        self._failures += 1
        self._failed.append(update)

    def close(self) -> list[int]:
        """End the round: move the offset, return the ids given up."""
        lost = [one for one in self._batch if self._hopeless(one)]
        self._heard.update(lost)
        left = [one for one in self._batch if one not in self._heard]
        if self._batch:
            self.offset = left[0] if left else self._batch[-1] + 1
        self._forget()
        return lost

    @property
    def calm(self) -> bool:
        """Whether this round had no failure."""
        return self._failures == 0

    def _hopeless(self, update: int) -> bool:
        return self._tries[update] >= TRIES and self._overtaken[update] >= OVERTAKEN

    def _forget(self) -> None:
        """Only what may come again is remembered: what Telegram handed out, from the offset on."""
        keep = {one for one in self._batch if self.offset is not None and one >= self.offset}
        self._heard &= keep
        for counter in (self._tries, self._overtaken):
            for gone in [one for one in counter if one not in keep or one in self._heard]:
                del counter[gone]
