"""What waits in the outbox is looked at again when it is to go out: is it still true, and allowed?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from handlers.private_calendar import calendar_of
from storage.engine import reading, writing
from storage.tables import AssessmentRequest, Outbox, OutboxState, Pairing, Person, Standing
from tests.support.world import World


@pytest.fixture
def late_riser(world: World) -> World:
    """Eva is spoken to from ten: what is said to others at eight waits for her until then."""
    world.say("eva", "påminn mig kl 10")
    return world


def end_pair(world: World, last: str) -> None:
    """Eva and Anna are no pair after a day, by a change that takes nothing out of the outbox."""

    def end(session: Session) -> None:
        pair = session.exec(select(Pairing).where(Pairing.trainee_id == 1)).one()
        pair.to_on = date.fromisoformat(last)
        session.add(pair)

    _write(world, end)


def _write(world: World, change: Callable[[Session], None]) -> None:
    with writing(world.engine) as session:
        change(session)


def waiting(world: World, kind: str) -> list[Outbox]:
    return [row for row in world.rows(Outbox) if row.kind == kind and row.state == OutboxState.PENDING]


def test_whose_time_as_supervisor_is_over_is_reminded_of_nothing_that_waits(world: World) -> None:
    world.pass_to("2026-11-30T07:59")
    world.jump_to("2026-11-30T08:00")  # the first working morning after an unserved week
    world.tick()
    assert {row.facts["trainee"] for row in waiting(world, "nudge") if row.person_id == 3} == {1, 2}
    end_pair(world, "2026-11-29")
    world.deliver()
    (reminder,) = world.to("eva", "nudge")
    assert "Bo Dal" in reminder.text
    assert "Anna" not in reminder.text
    assert "no longer allowed" in {row.reason for row in world.rows(Outbox)}


def test_what_has_been_met_since_is_not_asked_for(world: World) -> None:
    """A reminder is of one week, month or interval: when that is over, however it came, it is not said."""
    world.jump_to("2026-11-26T12:15")
    world.tick()
    (mine, _) = waiting(world, "nudge")

    def meet(session: Session) -> None:
        for row in session.exec(select(Standing).where(Standing.requirement == "supervision")).all():
            row.period = "2026-W49"
            session.add(row)

    _write(world, meet)
    world.deliver()
    assert world.sent == []
    assert next(row.reason for row in world.rows(Outbox) if row.id == mine.id) == "answered"


@pytest.mark.parametrize(("last", "told"), [("2026-11-26", ["booking"]), ("2026-11-24", [])])
def test_a_booking_is_told_to_who_is_half_of_the_pair_now_or_then(
    late_riser: World, last: str, told: list[str]
) -> None:
    late_riser.say("anna", "boka handledning torsdag 13-14")
    late_riser.pass_to("2026-11-25T09:00")
    assert [row.person_id for row in waiting(late_riser, "booking")] == [3]
    end_pair(late_riser, last)
    assert [sent.kind for sent in late_riser.pass_to("2026-11-25T11:00")] == told


def test_what_is_called_off_waits_no_longer(late_riser: World) -> None:
    late_riser.say("anna", "boka handledning torsdag 13-14")
    late_riser.pass_to("2026-11-25T09:00")
    (row,) = waiting(late_riser, "booking")
    late_riser.take(late_riser.incoming("anna", "avboka torsdag"))
    (ended,) = [each for each in late_riser.rows(Outbox) if each.id == row.id]
    assert (ended.state, ended.reason) == (OutboxState.SKIPPED, "answered")


@pytest.mark.parametrize(
    ("awake", "told"),
    [
        ("2026-11-26T12:59", ["Påminnelse"] * 2),
        ("2026-11-26T13:00", []),  # it has begun
        ("2026-11-29T14:14", ["Blev det av?"] * 2),
        ("2026-11-29T14:15", []),  # three days after the quarter past its end
    ],
)
def test_after_a_downtime_nothing_is_said_of_a_session_that_is_no_use_any_more(
    world: World, awake: str, told: list[str]
) -> None:
    world.say("anna", "boka handledning torsdag 13-14")
    world.jump_to(awake)
    world.tick()
    world.deliver()
    said = [sent.message.text for sent in world.sent if sent.kind == "booking"]
    assert [next(begin for begin in ("Påminnelse", "Blev det av?") if begin in text) for text in said] == told
    ends = {row.state for row in world.rows(Outbox) if row.kind == "booking"}
    assert ends == ({OutboxState.SENT} if told else {OutboxState.EXPIRED})


def test_what_waited_into_a_day_off_waits_for_the_next_speaking_day(world: World) -> None:
    """Thursday's question, held up: neither on Saturday nor on Sunday, and on Monday it is too late."""
    world.jump_to("2026-11-26T12:15")
    world.tick()
    assert len(waiting(world, "nudge")) == 2
    for day in ("28T10:00", "29T12:00"):
        world.jump_to(f"2026-11-{day}")
        world.deliver()
    assert world.sent == []


def test_a_request_that_is_taken_back_waits_no_longer(world: World) -> None:
    world.take(world.incoming("anna", "bedömning mini-cex buksmärta @lind"))
    world.take(world.incoming("anna", "ångra"))
    (asked,) = [row for row in world.rows(Outbox) if row.person_id == 6]
    assert (asked.state, asked.reason) == (OutboxState.SKIPPED, "withdrawn")


def test_an_assessor_who_is_away_is_not_said_to_have_been_reminded(world: World) -> None:
    """Sent on Monday the 23rd, again on Thursday the 26th, but Bo is away until Sunday."""
    world.say("anna", "bedömning mini-cex buksmärta @bo")
    world.say("bo", "semester 25/11-29/11")
    world.pass_to("2026-11-29T12:00")
    assert [row.state for row in world.rows(AssessmentRequest)] == ["sent"]
    world.pass_to("2026-11-30T09:00")
    assert [row.state for row in world.rows(AssessmentRequest)] == ["reminded"]


def test_a_calendar_has_what_is_met_about_while_the_pairing_lasts(world: World) -> None:
    for day in ("3/12", "10/12", "17/12"):
        world.say("anna", f"boka handledning {day} 13-14")
    end_pair(world, "2026-12-10")
    with reading(world.engine) as session:
        eva = session.get_one(Person, 3)
        feed = calendar_of(session, eva, date(2026, 11, 24)).decode()
    assert [day for day in ("20261203", "20261210", "20261217") if day in feed] == ["20261203", "20261210"]
