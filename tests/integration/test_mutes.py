"""A requirement is silenced until a date, with a reason that the pair and the studierektor see."""

from __future__ import annotations

import pytest

from storage.tables import Mute, Outbox, Standing
from tests.integration.conversation import hold
from tests.support.world import World

LINE = "tysta handledning till 14 december: Eva opereras"


def about_supervision(world: World, trainee: int = 1) -> list[tuple[str, int, str, str]]:
    """Whom, when (UTC) and in which step anybody was told of a trainee's supervision."""
    return [
        (f"{row.due_at:%a %d %H:%M}", row.person_id or 0, row.step, row.state)
        for row in sorted(world.rows(Outbox), key=lambda row: (row.due_at, row.person_id or 0))
        if row.kind == "nudge"
        and row.facts["requirement"] == "supervision"
        and row.facts["trainee"] == trainee
    ]


def test_nobody_is_reminded_before_the_day_and_both_are_on_it(world: World) -> None:
    hold(world, [("anna", LINE, "Skäl: Eva opereras")])
    world.pass_to("2026-12-13T23:00")
    assert about_supervision(world) == []
    assert about_supervision(world, trainee=2) != []  # Bo's goes on
    world.pass_to("2026-12-14T17:00")
    told = about_supervision(world)
    assert {at for at, *_ in told} == {"Mon 14 07:00"}
    # What fell on the 7th waits for this morning, and is said by the repeat that falls on it.
    assert sorted(person for _, person, _, state in told if state == "sent") == [1, 3]
    assert world.drift() == []


@pytest.mark.parametrize("line", [LINE, "tysta handledning 3 veckor: Eva opereras"])
def test_until_when_may_be_said_as_a_day_or_as_how_long(world: World, line: str) -> None:
    assert "mån 14 dec" in world.say("anna", line).text
    assert [row.until.isoformat() for row in world.rows(Mute)] == ["2026-12-14"]


def test_no_date_moves_and_the_state_is_told_as_it_is(world: World) -> None:
    world.say("anna", LINE)
    world.pass_to("2026-12-07T12:00")
    (row,) = [r for r in world.rows(Standing) if (r.trainee_id, r.requirement) == (1, "supervision")]
    assert (row.state, row.missed) == ("overdue", 2)  # weeks 48 and 49


def test_the_reason_stands_in_the_status_of_both_and_in_the_digest(world: World) -> None:
    world.say("anna", LINE.replace("14 december", "1 mars"))
    world.pass_to("2026-12-21T12:00")
    note = "(tyst till mån 1 mars 2027: Eva opereras)"
    assert note in world.say("anna", "status").text
    assert note in world.say("eva", "visa Anna").text
    digest = world.to("siv", "digest")[-1].text
    assert "Anna Berg" in digest
    assert note in digest


def test_what_waits_to_be_sent_is_withdrawn_and_said_on_the_day(world: World) -> None:
    """Asleep over Thursday and Friday: the catch-up waits for Monday 30 November, then it is silenced."""
    world.jump_to("2026-11-27T18:00")
    world.tick()
    assert [(at, who, state) for at, who, _, state in about_supervision(world)] == [
        ("Mon 30 07:00", 1, "pending")
    ]
    world.say("anna", LINE)
    world.pass_to("2026-12-13T12:00")
    assert [each for each in about_supervision(world) if each[3] == "sent"] == []


@pytest.mark.parametrize("line", ["tysta av", "tysta handledning av", "ångra", "[Ångra]"])
def test_taken_back_it_is_spoken_of_as_before(world: World, line: str) -> None:
    hold(world, [("anna", LINE, "Okej"), ("anna", line, "påminner jag igen som vanligt")])
    world.pass_to("2026-11-27T12:00")
    assert about_supervision(world) == [("Thu 26 11:15", 1, "soon", "sent")]
    assert all(row.lifted_at for row in world.rows(Mute))


def test_taken_back_after_it_was_withdrawn_it_is_said_now(world: World) -> None:
    world.jump_to("2026-11-27T18:00")
    world.tick()
    world.say("anna", LINE)
    world.pass_to("2026-11-30T09:00")
    world.say("anna", "tysta av")
    world.pass_to("2026-11-30T10:00")
    assert [each[2:] for each in about_supervision(world) if each[1] == 1 and each[3] == "sent"] == [
        ("overdue", "sent")
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("tysta handledning till 14 december", "Skriv ett skäl"),
        ("tysta handledning till 14 december: privat: hemligt", "Skriv ett skäl"),
        ("tysta handledning till 10/11: x", "Till vilken dag"),
        ("tysta handledning: x", "Till vilken dag"),
        ("tysta handledning till 1 mars 2028: x", "Till vilken dag"),
        ("tysta slutsamtal till 1 mars: x", "inget krav"),
        ("tysta av", "Inget är tystat"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_silenced(world: World, line: str, answer: str) -> None:
    hold(world, [("anna", line, answer)])
    assert world.rows(Mute) == []


def test_a_supervisor_names_the_trainee_and_a_stranger_may_not(world: World) -> None:
    hold(
        world,
        [
            ("eva", "tysta kollegium för Bo till 1 mars: byter enhet", "specialistkollegium"),
            ("siv", "tysta kollegium för Bo till 1 mars: x", "Be en av dem skriva samma rad"),
        ],
    )
    assert [(row.trainee_id, row.requirement) for row in world.rows(Mute)] == [(2, "kollegium")]


def test_who_wants_no_reminders_at_all_is_told_what_can_be_silenced(world: World) -> None:
    hold(world, [("anna", "sluta påminna mig", "tysta kollegium till 1 mars")])
    assert world.rows(Mute) == []


def test_the_first_that_is_said_after_a_mute_is_no_repeat(world: World) -> None:
    """Weeks 48 and 49 are missed in silence, which ends on Wednesday 9 December; week 50 after it."""
    world.say("anna", "tysta handledning till 9 december: Eva opereras")
    world.pass_to("2026-12-21T12:00")
    assert [(at, step) for at, who, step, _ in about_supervision(world) if who == 3] == [
        ("Wed 09 07:00", "overdue"),
        ("Mon 14 07:00", "repeat"),
        ("Mon 21 07:00", "repeat"),
    ]
    assert world.drift() == []


def test_what_was_told_before_a_mute_goes_on_after_it(world: World) -> None:
    world.pass_to("2026-11-30T12:00")
    world.say("anna", "tysta handledning till 9 december: Eva opereras")
    world.pass_to("2026-12-07T12:00")
    world.say("anna", "tysta handledning till 11 december: Eva opereras")
    world.pass_to("2026-12-14T12:00")
    assert [(at, step) for at, who, step, _ in about_supervision(world) if who == 3] == [
        ("Mon 30 07:00", "overdue"),
        ("Fri 11 07:00", "repeat"),
        ("Mon 14 07:00", "repeat"),
    ]


def test_a_mute_that_was_lifted_leaves_what_it_kept_back_to_be_said_then(world: World) -> None:
    world.say("anna", "tysta handledning till 11 december: Eva opereras")
    world.pass_to("2026-12-02T10:00")
    world.say("eva", "tysta av för Anna")
    world.pass_to("2026-12-07T12:00")
    assert [(at, step) for at, who, step, _ in about_supervision(world) if who == 3] == [
        ("Wed 02 09:00", "overdue"),
        ("Mon 07 07:00", "repeat"),
    ]


def test_what_is_over_is_not_taken_back_any_more(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "tysta handledning till 27 november: Eva opereras")
    world.pass_to("2026-11-27T12:00")
    hold(world, [("anna", "ångra", "Ångrat: handledning mån 23 nov"), ("anna", "ångra", "inget")])
