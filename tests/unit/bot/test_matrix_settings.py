"""What is missing or misspelt of Matrix is said with its mend."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clock import system_clock
from bot.faults import matrix_faults
from bot.serving import makers
from bot.settings import Settings

WHOLE: dict[str, Any] = {
    "matrix_homeserver": "https://matrix.exempel.se",
    "matrix_user": "@handledd:exempel.se",
    "matrix_access_token": "syt_canary",
}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"matrix_user": None}, "Matrix needs"),
        ({"matrix_access_token": None}, "Matrix needs"),
        ({"matrix_homeserver": None}, "Matrix needs"),
        ({"matrix_homeserver": "matrix.exempel.se"}, "HANDLEDD_MATRIX_HOMESERVER is a whole address"),
        ({"matrix_homeserver": "https:// exempel.se"}, "HANDLEDD_MATRIX_HOMESERVER is a whole address"),
        ({"matrix_user": "handledd"}, "HANDLEDD_MATRIX_USER is the bot's whole name"),
        ({"matrix_user": "@handledd"}, "HANDLEDD_MATRIX_USER is the bot's whole name"),
    ],
)
def test_each_fault_is_named_and_no_secret_is_told(settings: dict[str, Any], named: str) -> None:
    [fault] = matrix_faults(Settings(**WHOLE | settings))
    assert fault.startswith(named)
    assert "canary" not in fault


def test_what_is_whole_is_served_and_what_is_not_set_is_no_fault() -> None:
    assert list(matrix_faults(Settings(**WHOLE))) == list(matrix_faults(Settings())) == []
    assert len(makers(Settings(**WHOLE), system_clock)) == 1
    assert len(makers(Settings(**WHOLE | {"matrix_user": None}), system_clock)) == 0
