"""Days with a length each, stretches of days, and days away not in a row: one question, one `ångra`."""

from __future__ import annotations

import pytest

from storage.tables import Absence, Away, Booking, Entry, EntryState, Inbox
from tests.integration.conversation import hold
from tests.support.world import World

EACH = "handledning i onsdags 1h, i fredags 30 min"
"""It is Monday 23 November."""


def live(world: World) -> list[str]:
    entries = [entry for entry in world.rows(Entry) if entry.state == EntryState.LIVE]
    return [
        f"{entry.on_date:%d/%m} {entry.minutes}" for entry in sorted(entries, key=lambda one: one.on_date)
    ]


def away(world: World) -> list[str]:
    rows = [row for row in world.rows(Absence) if row.voided_at is None]
    return sorted(f"{row.from_on:%d/%m}-{row.to_on:%d/%m} {row.kind}" for row in rows if row.to_on)


def test_days_with_a_length_each_are_offered_together_and_by_themselves(world: World) -> None:
    asked = world.say("anna", EACH)
    assert asked.text == "Gäller det båda dagarna, eller bara en av dem?"
    assert [button.label for button in asked.buttons] == ["Båda", "ons 18 nov, 1 h", "fre 20 nov, 30 min"]
    told = world.press("anna", "Båda")
    assert told.text.splitlines()[:2] == [
        "Sparat: handledning ons 18 nov (v 47), 1 h",
        "Sparat: handledning fre 20 nov (v 47), 30 min",
    ]
    assert live(world) == ["18/11 60", "20/11 30"]
    world.say("anna", "ångra")
    assert live(world) == []
    assert world.drift() == []


@pytest.mark.parametrize(
    ("answer", "stand"),
    [
        ("ja", ["18/11 60", "20/11 30"]),
        ("fre", ["20/11 30"]),
        ("fredag", ["20/11 30"]),
        ("18/11", ["18/11 60"]),
    ],
)
def test_a_day_that_is_answered_keeps_its_own_length(world: World, answer: str, stand: list[str]) -> None:
    world.say("anna", EACH)
    world.say("anna", answer)
    assert live(world) == stand


def test_days_to_come_are_booked_each_at_its_hour(world: World) -> None:
    hold(world, [("anna", "boka handledning ons 13-14 och fre 9-9.30", "båda"), ("anna", "ja", "Bokat")])
    rows = sorted(world.rows(Booking), key=lambda row: row.on_date)
    assert [(row.minutes, f"{row.start_time:%H:%M}") for row in rows] == [(60, "13:00"), (30, "09:00")]


def test_every_day_of_a_stretch_is_offered_without_its_weekend(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning 12-16 nov 1h", "Gäller det alla 3 dagarna"),  # Thursday to Monday
            ("anna", "alla", "Sparat: handledning tors 12 nov"),
        ],
    )
    assert live(world) == ["12/11 60", "13/11 60", "16/11 60"]


def test_single_days_away_are_one_question_one_receipt_and_one_undo(world: World) -> None:
    asked = world.say("anna", "vab i onsdags och i fredags")
    assert [button.label for button in asked.buttons] == ["Båda", "ons 18 nov", "fre 20 nov"]
    told = world.say("anna", "båda")
    assert len(told.text.splitlines()) == 2
    assert away(world) == ["18/11-18/11 child_care", "20/11-20/11 child_care"]
    undone = world.say("anna", "ångra")
    assert "ons 18 nov" in undone.text
    assert "fre 20 nov" in undone.text
    assert away(world) == []
    assert world.drift() == []


def test_some_of_the_days_away_are_named_in_the_answer(world: World) -> None:
    world.say("anna", "sjuk 3/11, 5/11 och 12/11")
    world.say("anna", "3/11 och 12/11")
    assert away(world) == ["03/11-03/11 sick", "12/11-12/11 sick"]


def test_a_day_away_that_is_known_is_not_saved_twice(world: World) -> None:
    hold(
        world,
        [
            ("anna", "vab i onsdags", "ons 18 nov"),
            ("anna", "vab i onsdags och i fredags", "båda"),
            ("anna", "båda", "fanns redan"),
            ("anna", "vab i onsdags och i fredags", "båda"),
            ("anna", "båda", "ons 18 nov"),
        ],
    )
    assert away(world) == ["18/11-18/11 child_care", "20/11-20/11 child_care"]


def test_of_a_supervisor_it_is_asked_whose_days_they_are_and_all_are_kept(world: World) -> None:
    world.say("eva", "semester 23/12 och 28/12")
    asked = world.say("eva", "båda")
    assert "Mig själv" in [button.label for button in asked.buttons] or "Vem" in asked.text
    world.press("eva", asked.buttons[0].label)
    rows = [row for row in world.rows(Away) if row.voided_at is None]
    assert sorted(f"{row.from_on:%d/%m}" for row in rows) == ["23/12", "28/12"]
    world.say("eva", "ångra")
    assert all(row.voided_at for row in world.rows(Away))


def test_a_supervisor_saves_days_away_of_a_trainee(world: World) -> None:
    hold(world, [("eva", "anna vab i onsdags och i fredags", "båda"), ("eva", "båda", "ons 18 nov")])
    assert away(world) == ["18/11-18/11 child_care", "20/11-20/11 child_care"]
    assert len({row.subject for row in world.rows(Inbox) if row.subject.startswith("several:")}) == 1


def test_days_away_before_the_training_are_not_saved(world: World) -> None:
    hold(world, [("anna", "vab 3/2 2024 och 5/2 2024", "båda"), ("anna", "båda", "Utbildningen började")])
    assert away(world) == []


@pytest.mark.parametrize(
    ("line", "answers", "stand"),
    [
        ("13-14 nov 1h", ("handledning", "båda"), ["13/11 60", "14/11 60"]),
        ("13-14 nov 1h", ("[Handledning]", "[fre 13 nov]"), ["13/11 60"]),
        ("ons och fre 1h", ("dops", "fre"), ["20/11 60"]),
        ("30/2 1h", ("handledning", "18/11"), ["18/11 60"]),
        ("i helgen 1h", ("handledning", "igår"), ["22/11 60"]),
        ("30 eller 45 min igår", ("handledning", "45"), ["22/11 45"]),
        ("13-14 nov 1h", ("handledning 13/11 1h",), ["13/11 60"]),
    ],
)
def test_the_day_is_asked_after_the_activity(
    world: World, line: str, answers: tuple[str, ...], stand: list[str]
) -> None:
    """It was saved as of today, though another day was said."""
    world.say("anna", line)
    for answer in answers:
        _ = world.press("anna", answer[1:-1]) if answer[0] == "[" else world.say("anna", answer)
    assert live(world) == stand
