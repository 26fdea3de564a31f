"""What a start leaves out: a command what serves, the bot what is rare, and Microsoft's models unfinished."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

from tests.fakes.process import ROOT

SERVING: Final = ("slack_bolt", "telegram", "microsoft_teams", "starlette", "uvicorn", "apscheduler")
DRAWING: Final = ("typst", "xlsxwriter", "PIL", "openpyxl", "icalendar", "pyrage")
NOT_YET: Final = {
    "bot.cli.main": ("sqlalchemy", "pydantic", "handlers", *SERVING, *DRAWING),
    "bot.cli.parse": ("sqlalchemy", "pydantic_settings", *SERVING, *DRAWING),
    "bot.cli.due": ("alembic", *SERVING, *DRAWING),
    "bot.cli.doctor": ("alembic", "httpx", *SERVING, *DRAWING),
    "bot.cli.run": (
        "alembic",
        "babel.dates",
        "holidays",
        "sqlalchemy.dialects.postgresql",
        "slack_bolt",
        "telegram",
        "microsoft_teams",
        *DRAWING,
    ),
}
"""By module, in this order in one process, what is not there once it is imported."""
TOLD: Final = """
import sys, importlib
for name in sys.argv[1:]:
    importlib.import_module(name)
    print(*sys.modules)
"""

TEAMS: Final = """
from pydantic import BaseModel
from bot.clock import system_clock
from bot.serving import makers
from bot.settings import Settings

(make,) = makers(Settings(teams_client_id="a", teams_client_secret="b", teams_tenant_id="c"), system_clock)
make(None)
from microsoft_teams.cards import AdaptiveCard
print(AdaptiveCard.__pydantic_complete__)
AdaptiveCard(version="1.4")
print(AdaptiveCard.__pydantic_complete__)
print(type("Ours", (BaseModel,), {}).__pydantic_complete__)
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """What has been imported once each of the modules is."""
    lines = _said(TOLD, *NOT_YET)
    return {name: set(line.split()) for name, line in zip(NOT_YET, lines, strict=True)}


def _said(program: str, *words: str) -> list[str]:
    """The lines that a process of its own says."""
    command = [sys.executable, "-W", "ignore", "-c", program, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("name", NOT_YET)
def test_nothing_is_imported_before_it_is_needed(imported: dict[str, set[str]], name: str) -> None:
    assert name in imported[name]
    assert imported[name] & set(NOT_YET[name]) == set()


def test_a_model_of_teams_is_finished_when_it_is_used_and_ours_at_once() -> None:
    assert _said(TEAMS) == ["False", "True", "True"]
