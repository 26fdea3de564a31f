"""What is imported only when needed: a command starts without what serves, the bot without what is rare."""

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


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """What has been imported once each of the modules is."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TOLD, *NOT_YET],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: set(line.split()) for name, line in zip(NOT_YET, done.stdout.splitlines(), strict=True)}


@pytest.mark.parametrize("name", NOT_YET)
def test_nothing_is_imported_before_it_is_needed(imported: dict[str, set[str]], name: str) -> None:
    assert name in imported[name]
    assert imported[name] & set(NOT_YET[name]) == set()
