"""What Python's collector is told before modules are imported, and once everything is there."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest

from bot import collector
from bot.cli import main
from tests.fakes.process import ROOT

LOOKS = """
import gc
from bot import collector
collector.starting()
before = sum(each["collections"] for each in gc.get_stats())
import bot.cli.run, bot.platforms.matrix, bot.platforms.slack, bot.platforms.teams, bot.platforms.telegram
print(sum(each["collections"] for each in gc.get_stats()) - before)
"""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_a_command_looks_at_what_it_makes_and_not_at_what_it_imported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    assert "handledd" in capsys.readouterr().out
    assert gc.get_threshold() == collector.WORKING
    assert gc.get_freeze_count() > len(sys.modules)


def test_a_start_is_not_looked_at() -> None:
    """Also where every platform is set up: its modules and what they make are all there is."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOKS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"


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
