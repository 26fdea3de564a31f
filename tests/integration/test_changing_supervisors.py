"""Another main supervisor: reminders and confirmations move at once, and the one before hands over."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import read_csv
from storage.engine import writing
from storage.tables import Standing
from tests.support.rulebooks import asks_also
from tests.support.world import ROSTER, ZONE, World

HANDOVER = """kind = "once"
anchor = "handover"
within = { days = 7 }
lead_days = 7
activities = ["handover"]
reminds = ["supervisor"]"""
NEW = ROSTER.replace(
    "anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@",
    "anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,lars@",
)


def _import(world: World, roster: str = NEW) -> None:
    with writing(world.engine) as session:
        rows = check(read_csv(roster.encode()), is_supervisor(session))
        apply_roster(session, rows, world.clock(), ZONE)


def _handovers(world: World) -> list[Standing]:
    return [row for row in world.rows(Standing) if row.requirement == "own_handover"]


def test_reminders_go_to_the_new_supervisor_from_the_day_of_the_change(world: World) -> None:
    world.say("bo", "föräldraledig 23/11-30/6")
    world.jump_to("2026-11-25T10:00")
    _import(world)
    world.pass_to("2026-11-30T12:00")
    assert any("Anna Berg: ingen handledning i v 48" in sent.text for sent in world.to("lars", "nudge"))
    # Of Anna, Eva hears only that she is to hand over.
    to_eva = [sent.text for sent in world.to("eva", "nudge") if "Anna" in sent.text]
    assert ["Överrapportering" in text for text in to_eva] == [True]
    assert world.drift() == []


def test_what_is_queued_to_the_one_before_goes_to_the_new_one_instead(world: World) -> None:
    world.jump_to("2026-11-30T08:00")
    world.tick()
    _import(world)
    world.deliver()
    assert not any("Anna" in sent.text for sent in world.to("eva", "nudge"))
    assert any("Anna Berg" in sent.text for sent in world.to("lars", "nudge"))


def test_logs_are_confirmed_by_the_new_supervisor_and_no_more_by_the_one_before(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.jump_to("2026-11-24T10:00")
    _import(world)
    assert "bekräftad" not in world.press("eva", "Stämmer").text
    world.say("anna", "handledning idag 1h")
    assert len(world.to("eva", "confirm")) == 1
    assert "Bekräftat" in world.press("lars", "Stämmer").text


def test_the_one_before_sees_nothing_any_more(world: World) -> None:
    _import(world)
    assert "Anna" not in world.say("eva", "status").text
    world.jump_to("2026-11-24T10:00")
    assert "Anna" not in world.say("eva", "status").text
    assert "Anna Berg" in world.say("lars", "status").text


@pytest.fixture
def handing(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose rulebook asks for a hand-over within a week, on the Wednesday of a change."""
    asks_also(monkeypatch, own_handover=HANDOVER)
    world = World(sqlite)
    world.jump_to("2026-11-25T10:00")
    _import(world)
    return world


def test_the_outgoing_supervisor_is_reminded_of_the_hand_over(handing: World) -> None:
    handing.pass_to("2026-12-04T12:00")
    # Lars took over on 25 Nov; a week later is 2 Dec, overdue on the 3rd. That it comes is told next morning.
    (row,) = _handovers(handing)
    assert (f"{row.due_on}", row.state) == ("2026-12-02", "overdue")
    told = [s for s in handing.to("eva", "nudge") if "own_handover" in s.text]
    assert [f"{s.at:%a %d %b %H:%M}" for s in told] == ["Thu 26 Nov 08:00", "Thu 03 Dec 08:00"]
    assert not any("own_handover" in s.text for s in handing.to("lars", "nudge"))


def test_a_hand_over_that_is_logged_is_done(handing: World) -> None:
    handing.say("anna", "överlämning idag")
    assert [row.state for row in _handovers(handing)] == ["met"]
    assert handing.drift() == []


def test_without_a_change_there_is_no_hand_over(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asks_also(monkeypatch, own_handover=HANDOVER)
    assert _handovers(World(sqlite)) == []
