"""Escalation: one outbox row for each spell and studierektor, told by name in the next digest."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import select

from bot.ledger import LEASE
from schedules.outbox import claiming, postbox
from storage.engine import writing
from storage.tables import Outbox, Role
from tests.support.world import ZONE, World


def rows(world: World) -> list[tuple[int, str, str, str, str]]:
    """Of supervision: trainee, period, when it was queued (UTC), how it ended and why."""
    return sorted(
        (r.facts["trainee"], r.period, f"{r.created_at:%a %d %b}", r.state, r.reason)
        for r in world.rows(Outbox)
        if r.step == "escalated" and r.facts["requirement"] == "supervision"
    )


def test_three_missed_weeks_are_one_row_that_mondays_digest_tells(world: World) -> None:
    """Weeks 48, 49 and 50 missed: from Monday 14 December; the digest of 07:30 that day has it."""
    world.pass_to("2026-12-13T12:00")
    assert rows(world) == []
    world.pass_to("2026-12-14T09:00")
    assert rows(world) == [
        (1, "2026-W48", "Sun 13 Dec", "sent", ""),  # midnight here is 23:00 UTC
        (2, "2026-W48", "Sun 13 Dec", "sent", ""),
    ]
    assert [f"{s.at:%a %H:%M}" for s in world.to("siv", "digest") if "Anna Berg" in s.text][-1] == "Mon 07:30"
    world.pass_to("2027-01-20T12:00")
    assert len(rows(world)) == 2  # the spell goes on, the row is one


def test_what_is_answered_before_the_digest_is_not_told(world: World) -> None:
    world.pass_to("2026-12-14T00:30")
    assert [row[3] for row in rows(world)] == ["pending", "pending"]
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-12-14T09:00")
    assert [(row[0], *row[3:]) for row in rows(world)] == [(1, "skipped", "answered"), (2, "sent", "")]


def test_a_new_spell_is_a_new_row(world: World) -> None:
    world.pass_to("2026-12-14T09:00")
    world.say("anna", "handledning idag 1h")
    world.pass_to("2027-02-01T12:00")
    assert len({row[1] for row in rows(world) if row[0] == 1}) == 2
    assert {row[3] for row in rows(world)} == {"sent"}


def test_a_leave_pauses_the_28_days_too(world: World) -> None:
    """Week 48 is missed; away 1 Dec-3 Jan. Weeks 1 and 2 are missed too: three in a row on 18 January."""
    world.pass_to("2026-11-30T09:00")
    world.say("anna", "föräldraledig 1/12-3/1")
    world.pass_to("2027-01-18T09:00")
    told = {f"{s.at:%m-%d}": "Anna Berg" in s.text.split("Läget")[0] for s in world.to("siv", "digest")}
    assert [told[day] for day in ("12-28", "01-04", "01-11", "01-18")] == [False, False, False, True]


def test_no_digest_is_doubled_by_it(world: World) -> None:
    world.pass_to("2027-01-20T12:00")
    days = [s.at.date() for s in world.to("siv", "digest")]
    assert len(days) == len(set(days))


def test_on_a_monday_that_is_a_holiday_it_waits_for_the_digest_of_the_next_working_morning(
    world: World,
) -> None:
    """Weeks 10, 11 and 12 are missed: three in a row on Easter Monday, whose digest is read on Tuesday."""
    world.pass_to("2027-03-05T09:00")
    for who in ("anna", "bo"):
        world.say(who, "handledning idag 1h")
    world.pass_to("2027-03-31T09:00")
    days = [f"{s.at:%a %d %b %H:%M}" for s in world.to("siv", "digest") if s.at >= datetime(2027, 3, 22)]  # noqa: DTZ001 local
    assert days == ["Mon 22 Mar 07:30", "Tue 30 Mar 07:30"]
    assert {row[2] for row in rows(world) if row[1] == "2027-W10"} == {"Sun 28 Mar"}


def test_what_a_dead_process_was_about_to_tell_travels_in_the_digest_that_is_sent_again(world: World) -> None:
    world.pass_to("2026-12-14T00:30")
    world.jump_to("2026-12-14T07:30")
    world.tick()
    with writing(world.engine) as session:  # taken up by a process that dies then and there
        taken = claiming.claim(session, world.clock(), LEASE, "dead", ZONE)
        assert taken is not None
        assert [row.step for row in taken.rows] == ["", "escalated", "escalated"]
        postbox.hold(session, taken, None)
    world.jump_to("2026-12-14T07:32")
    world.deliver()
    world.pass_to("2026-12-15T12:00")
    (told,) = [s for s in world.to("siv", "digest") if s.at >= datetime(2026, 12, 14)]  # noqa: DTZ001 local
    assert "två gånger" in told.text
    assert {(row[3], row[4]) for row in rows(world)} == {("sent", "")}


def _labels(world: World, who: str) -> list[str]:
    return [button.label for button in world.to(who, "digest")[-1].message.buttons]


def test_under_a_digest_the_one_pair_that_needs_somebody_is_shown_and_reminded(world: World) -> None:
    """Bo meets his supervisor every week; on Monday 14 December Anna has missed three."""
    for week in ("2026-11-26", "2026-12-03", "2026-12-10"):
        world.pass_to(f"{week}T10:00")
        world.say("bo", "handledning idag 1h")
    world.pass_to("2026-12-14T09:00")
    assert _labels(world, "siv") == ["Visa", "Påminn paret"]
    assert world.press("siv", "Visa").text.startswith("Anna Berg")
    told = world.press("siv", "Påminn paret").text.splitlines()
    assert [line.partition(" påminns")[0] for line in told] == ["Anna Berg", "Eva Ek"]  # of one thing more


def test_several_pairs_have_their_names_on_the_buttons(world: World) -> None:
    world.pass_to("2026-12-14T09:00")
    names = ["Visa Anna Berg", "Påminn Anna Berg", "Visa Bo Dal", "Påminn Bo Dal"]
    assert _labels(world, "siv") == names
    assert _labels(world, "tage") == []
    for line in ("digest", "översikt"):  # as well when it is asked for
        assert [button.label for button in world.say("siv", line).buttons] == names


def test_a_digests_button_works_only_while_its_reader_may(world: World) -> None:
    world.pass_to("2026-12-14T09:00")
    with writing(world.engine) as session:
        for role in session.exec(select(Role).where(Role.role == "studierektor")).all():
            session.delete(role)
    assert "hittar ingen" in world.press("siv", "Påminn Anna Berg").text
    assert [row for row in world.rows(Outbox) if "asked_by" in row.facts] == []
