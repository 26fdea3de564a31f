"""What a digest compares with: the state of a week ago."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schedules.seen import then
from storage.tables import Standing

ROW = Standing(
    trainee_id=1, requirement="course", state="overdue", says_from=datetime(2026, 11, 23, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ({}, "overdue"),  # it has not changed since
        ({(1, "course", ""): "ok"}, "ok"),
        ({(1, "course", ""): ""}, "overdue"),  # it was not asked for then: no change to tell of
    ],
)
def test_what_was_not_asked_for_a_week_ago_is_no_change(
    before: dict[tuple[int, str, str], str], state: str
) -> None:
    assert then(ROW, before) == state
