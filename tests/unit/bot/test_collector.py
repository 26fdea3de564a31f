"""What Python's collector is told before modules are imported, and once everything is there."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from bot import collector
from bot.cli import main


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_a_command_starts_with_few_looks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "handledd" in capsys.readouterr().out
    assert gc.get_threshold() == collector.STARTING


def test_what_stays_is_looked_at_no_more_and_what_comes_still_is() -> None:
    collector.serving()
    assert gc.get_freeze_count() > len(sys.modules)
    assert gc.get_threshold() == collector.SERVING

    class Circle:
        """Refers to itself: only the collector can end it."""

    one = Circle()
    one.__dict__["itself"] = one
    seen = weakref.ref(one)
    del one
    assert seen() is not None
    gc.collect()
    assert seen() is None
