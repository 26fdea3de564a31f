"""A homeserver for all, a proxy before it, and for each test people and a bot that nobody else knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.contract.matrix.scene import Scene
from tests.support.synapse import Synapse, proxy

_numbers = count(1)


@pytest.fixture
def scene(synapse: Synapse) -> Iterator[Scene]:
    """A bot and two people."""
    number = next(_numbers)
    names = (f"handledd{number}", f"anna{number}", f"bo{number}")
    bot, anna, bo = (synapse.enrol(name) for name in names)
    made = Scene(bot, anna, bo, proxy().from_now_on())
    yield made
    made.calm()
    for someone in (bot, anna, bo):
        someone.client.close()
