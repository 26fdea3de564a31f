"""How many weeks had supervision, of those that asked for it: what a draft and a pack tell."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.papers.period import Period, served_in
from schedules.lives.reading import load
from schedules.lives.weeks import Served
from storage.engine import reading
from tests.support.papers import trainee
from tests.support.world import World


def served(world: World, who: str, first: str, last: str) -> Served | None:
    with reading(world.engine) as session:
        life = load(session, trainee(session, who).id or 0, world.clock())
        return served_in(life, Period(date.fromisoformat(first), date.fromisoformat(last)))


@pytest.fixture
def autumn(world: World) -> World:
    """Anna is watched from Monday 23 November 2026 (week 48); now it is Monday 18 January 2027 (week 3)."""
    world.say("anna", "semester v52-v53")
    for day in ("2026-11-25", "2026-12-09", "2027-01-05"):  # weeks 48, 50 and 1
        world.jump_to(f"{day}T15:00")
        world.say("anna", "handledning idag 1h")
    world.jump_to("2027-01-18T09:00")
    return world


def test_weeks_of_leave_are_not_asked_for(autumn: World) -> None:
    # Weeks 48, 49, 50, 51, 1 and 2: six, for 52 and 53 are leave; served are 48, 50 and 1.
    assert served(autumn, "anna", "2026-11-23", "2027-01-17") == Served(3, 6)


def test_a_week_counts_when_all_of_it_is_in_the_period(autumn: World) -> None:
    assert served(autumn, "anna", "2026-11-23", "2026-11-29") == Served(1, 1)
    assert served(autumn, "anna", "2026-11-23", "2026-11-28") == Served(0, 0)
    assert served(autumn, "anna", "2026-11-24", "2026-12-06") == Served(0, 1)


def test_where_no_rulebook_asks_for_every_week_there_is_no_share(autumn: World) -> None:
    assert served(autumn, "cia", "2026-11-23", "2027-01-17") is None
