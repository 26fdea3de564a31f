"""Which events of a sync are heard, which must come again, and whether its token may move.

The token confirms everything before it, so it stays until every event has been heard; those already heard
come again with the rest, unheeded. An event that fails for a reason of its own would in the end hold up all
that follows: it is given up, with an error in the log that names its id, only when it has failed TRIES times
and in OVERTAKEN of those rounds others behind it *were* heard: then the database works and it is the event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

TRIES = 8
OVERTAKEN = 3
FAILURES_A_ROUND = 5
"""So many failures in one round mean an outage: the rest of the batch waits for the next round."""


class Ledger:
    """The events that the homeserver hands out from the token on."""

    def __init__(self) -> None:
        self._batch: list[str] = []
        self._heard: set[str] = set()
        self._tries: Counter[str] = Counter()
        self._overtaken: Counter[str] = Counter()
        self._failed: list[str] = []
        """This round's failures, not yet overtaken."""
        self._failures = 0

    def open(self, ids: Sequence[str]) -> None:
        """Begin a round with what the sync returned, in its order; what it no longer returns is forgotten."""
        self._batch, self._failed, self._failures = list(ids), [], 0
        here = set(self._batch)
        self._heard &= here
        for counter in (self._tries, self._overtaken):
            for gone in [one for one in counter if one not in here]:
                del counter[gone]

    def wants(self, event: str) -> bool:
        """Whether the event should be heard now."""
        return self._failures < FAILURES_A_ROUND and event not in self._heard

    def heard(self, event: str) -> None:
        """It is committed, or not for us."""
        self._heard.add(event)
        self._overtaken.update(self._failed)
        self._failed = []

    def failed(self, event: str) -> None:
        """It could not be heard."""
        self._tries[event] += 1
        self._failures += 1
        self._failed.append(event)

    def close(self) -> list[str]:
        """End the round; returns the ids given up."""
        lost = [one for one in self._batch if one not in self._heard and self._is_hopeless(one)]
        self._heard.update(lost)
        return lost

    @property
    def is_done(self) -> bool:
        """Whether nothing of the batch is left, so that the token may move."""
        return all(one in self._heard for one in self._batch)

    def _is_hopeless(self, event: str) -> bool:
        return self._tries[event] >= TRIES and self._overtaken[event] >= OVERTAKEN
