"""Bookings: the reminder before, one tap after, and what a No or a move does."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from handlers.message import IncomingKind
from storage.tables import Booking, Entry
from tests.support.world import Sent, World


@pytest.fixture
def booked(world: World) -> World:
    """Anna and Eva meet on Thursday 26 November 13-14; it is Monday."""
    world.say("anna", "boka handledning på torsdag 13-14")
    return world


def _told(sent: list[Sent]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(s.to.split("@")[0], f"{s.at:%a %H:%M}", s.steps) for s in sent if s.kind == "booking"]


def test_both_are_reminded_the_working_day_before_with_a_calendar_file(booked: World) -> None:
    went = booked.pass_to("2026-11-25T12:00")
    assert _told(went) == [("anna", "Wed 08:00", ("before",)), ("eva", "Wed 08:00", ("before",))]
    to_anna = booked.to("anna", "booking")[0]
    assert to_anna.text == "Påminnelse: handledning tors 26 nov (v 48) 13:00, 1 h med Eva Ek."
    (event,) = Calendar.from_ical(to_anna.message.files[0].content).walk("VEVENT")
    hours = [event.decoded(key).isoformat() for key in ("dtstart", "dtend")]
    assert hours == ["2026-11-26T13:00:00+01:00", "2026-11-26T14:00:00+01:00"]


def test_a_monday_is_reminded_of_on_the_friday_before(world: World) -> None:
    world.say("anna", "boka handledning 30/11 13-14")
    assert _told(world.pass_to("2026-11-30T09:00"))[0] == ("anna", "Fri 08:00", ("before",))


def test_a_quarter_after_its_end_both_are_asked_and_the_first_answer_counts(booked: World) -> None:
    booked.pass_to("2026-11-26T14:14")
    assert not [s for s in booked.sent if s.steps == ("after",)]
    went = booked.pass_to("2026-11-26T14:15")
    assert _told(went) == [("anna", "Thu 14:15", ("after",)), ("eva", "Thu 14:15", ("after",))]
    assert "Sparat: handledning tors 26 nov (v 48) 13:00, 1 h" in booked.press("anna", "Ja, 1 h").text
    assert "Anna Berg svarade att det blev av" in booked.to("eva", "booking")[-1].text
    assert "Det är redan besvarat" in booked.press("eva", "Nej: sjuk").text
    assert [(e.on_date.isoformat(), e.minutes) for e in booked.rows(Entry)] == [("2026-11-26", 60)]
    assert [b.state for b in booked.rows(Booking)] == ["held"]
    assert booked.drift() == []


def test_the_supervisors_tap_logs_for_the_trainee(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    assert "Sparat för Anna Berg" in booked.press("eva", "Ja, 1 h").text
    assert len(booked.rows(Entry)) == 1


def test_a_tap_leaves_the_week_in_peace(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    booked.press("anna", "Ja, 1 h")
    went = booked.pass_to("2026-11-30T12:00")
    assert not [s for s in went if s.to.startswith("anna") and s.kind == "nudge"]


@pytest.mark.parametrize("answer", ["[45 min]", "40 min"])
def test_another_length_is_one_more_tap_or_a_word(booked: World, answer: str) -> None:
    booked.pass_to("2026-11-26T15:00")
    booked.press("anna", "Ja, annan tid")
    text = booked.press("anna", "45 min").text if answer == "[45 min]" else booked.say("anna", answer).text
    assert f"13:00, {answer.strip('[]')}" in text
    assert [b.state for b in booked.rows(Booking)] == ["held"]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("sjuk", "sick"),
        ("jour", "on_call"),
        ("semester", "vacation"),
        ("schema", "schedule"),
        ("annat", "other"),
    ],
)
def test_a_no_keeps_its_reason_and_offers_a_new_time(booked: World, label: str, reason: str) -> None:
    booked.pass_to("2026-11-26T15:00")
    answer = booked.press("anna", f"Nej: {label}")
    assert "När ses ni i stället?" in answer.text
    assert [(b.state, b.reason) for b in booked.rows(Booking)] == [("not_held", reason)]
    # Thursday 26: the next days at the same hour, and the same day next week.
    assert [b.label for b in answer.buttons] == [
        "Handledning fre 27 nov 13:00 1 h",
        "Handledning mån 30 nov 13:00 1 h",
        "Handledning tors 3 dec 13:00 1 h",
        "Ångra",
    ]
    told = booked.to("eva", "booking")[-1].text
    assert (f"Orsak: {label}." in told) is (reason != "other")  # "annat" says nothing more


def test_a_log_in_words_answers_the_booking_and_nobody_is_asked(booked: World) -> None:
    booked.jump_to("2026-11-26T13:30")
    booked.say("anna", "handledning idag 1h")
    assert not [s for s in booked.pass_to("2026-11-27T12:00") if s.kind == "booking"]


def test_a_moved_booking_lets_the_old_time_go(booked: World) -> None:
    booked.pass_to("2026-11-25T09:00")
    booked.press("anna", "Flytta")
    assert "Flyttat från" in booked.press("anna", "Handledning fre 27 nov 13:00 1 h").text
    assert [(b.on_date.day, b.state) for b in booked.rows(Booking)] == [(26, "moved"), (27, "planned")]
    assert not [s for s in booked.pass_to("2026-11-26T20:00") if s.steps == ("after",)]


def test_a_cancelled_booking_is_silent_and_the_other_half_is_told(booked: World) -> None:
    booked.pass_to("2026-11-25T09:00")
    booked.press("eva", "Ställ in")
    assert "Eva Ek har ställt in: handledning tors 26 nov" in booked.to("anna", "booking")[-1].text
    assert not [s for s in booked.pass_to("2026-11-27T20:00") if s.steps == ("after",)]


def test_a_booking_in_an_absence_is_let_go_without_a_word(booked: World) -> None:
    booked.say("anna", "sjukskriven 24/11-30/11")
    assert not [s for s in booked.pass_to("2026-11-27T20:00") if s.kind == "booking"]
    assert [(b.state, b.reason) for b in booked.rows(Booking)] == [("cancelled", "absence")]


def test_a_series_skips_public_holidays(world: World) -> None:
    world.say("anna", "boka handledning varje torsdag 13-14")
    dates = {b.on_date.isoformat() for b in world.rows(Booking)}
    assert {"2026-11-26", "2026-12-17", "2027-01-07"} <= dates
    assert not dates & {"2026-12-24", "2026-12-31", "2027-05-06"}  # Julafton, Nyårsafton, Kristi himmelsfärd


def test_after_a_downtime_only_the_question_is_asked(booked: World) -> None:
    booked.jump_to("2026-11-27T09:00")
    booked.tick()
    booked.deliver()
    assert [s.steps for s in booked.to("anna", "booking")] == [("after",)]


def test_a_stranger_to_the_pair_cannot_answer(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    verb, booking, _owner = booked.button("anna", "Ja, 1 h").press.split(".")
    for owner in range(1, 8):
        booked.take(booked.incoming("bo", kind=IncomingKind.PRESS, press=f"{verb}.{booking}.{owner}"))
    assert booked.rows(Entry) == []


def test_a_placements_supervisor_takes_the_series_over_from_its_first_day_to_its_last(world: World) -> None:
    """The placement begins on the day of the second session: its reminder, the day before, goes to Lars."""
    world.say("anna", "boka handledning varje torsdag 13-14")
    world.say("anna", "sidotjänstgöring psykiatri 3/12-9/12 handledare Lars Lind")
    went = [s for s in world.pass_to("2026-12-10T15:00") if s.kind == "booking"]
    asked = {(s.to.split("@")[0], f"{s.at:%d %b}") for s in went}
    assert asked == {
        *(("anna", day) for day in ("25 Nov", "26 Nov", "02 Dec", "03 Dec", "09 Dec", "10 Dec")),
        *(("eva", day) for day in ("25 Nov", "26 Nov", "09 Dec", "10 Dec")),
        *(("lars", day) for day in ("02 Dec", "03 Dec")),
    }
    second = [s.text for s in went if s.to.startswith("anna") and f"{s.at:%d %b}" == "02 Dec"]
    assert [text.split("med ")[1] for text in second] == ["Lars Lind."]


def test_whose_placement_begins_the_next_day_may_move_the_session_already(world: World) -> None:
    world.say("anna", "boka handledning torsdag 3/12 13-14")
    world.say("anna", "sidotjänstgöring psykiatri 3/12-9/12 handledare Lars Lind")
    world.pass_to("2026-12-02T12:00")
    assert "Inställt" in world.press("lars", "Ställ in").text


def test_the_reminder_says_what_the_rota_has_for_them_but_not_what_is_planned(world: World) -> None:
    """Three months after the bot began to watch, Anna's quarterly topics are due (test_rota.py)."""
    world.jump_to("2027-02-23T09:00")
    world.say("anna", "boka handledning på torsdag 13-14 etik")
    world.pass_to("2027-02-24T12:00")
    for who in ("anna", "eva"):
        (line,) = world.to(who, "booking")[-1].text.splitlines()[1:]
        assert line == "Dags att ta upp: ett valt delmål, kommunikation"


def test_an_answer_taken_back_opens_the_question_again_for_both(booked: World) -> None:
    booked.pass_to("2026-11-26T14:15")
    booked.press("anna", "Ja, 1 h")
    booked.press("anna", "Ångra")
    assert [row.state for row in booked.rows(Booking)] == ["planned"]
    again = [sent for sent in booked.sent if sent.kind == "booking"][-2:]
    assert {sent.to for sent in again} == {"anna@exempel.se", "eva@exempel.se"}
    assert all(sent.text.startswith("Blev det av? Handledning tors 26 nov") for sent in again)
    booked.press("eva", "Nej: sjuk")
    assert [(row.state, row.reason) for row in booked.rows(Booking)] == [("not_held", "sick")]
    assert "inte blev av" in booked.to("anna", "booking")[-1].text
    assert booked.drift() == []


def test_a_log_taken_back_before_the_question_leaves_the_question_to_come(booked: World) -> None:
    booked.pass_to("2026-11-26T09:00")
    booked.say("anna", "handledning idag 1h")
    booked.say("anna", "ångra")
    went = booked.pass_to("2026-11-26T15:00")
    assert _told(went) == [("anna", "Thu 14:15", ("after",)), ("eva", "Thu 14:15", ("after",))]


def test_a_log_moved_to_the_booked_day_answers_it_and_moved_away_opens_it(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    booked.say("anna", "handledning igår 1h")
    booked.say("anna", "ändra till idag")
    assert [row.state for row in booked.rows(Booking)] == ["held"]
    booked.say("anna", "ändra till igår")
    assert [row.state for row in booked.rows(Booking)] == ["planned"]


def test_the_same_day_booked_again_by_either_half_is_asked_about(booked: World) -> None:
    asked = booked.say("eva", "boka handledning på torsdag 13-14 @anna")
    assert asked.text == "För Anna Berg är redan bokat: handledning tors 26 nov (v 48) 13:00, 1 h. Boka ändå?"
    assert len(booked.rows(Booking)) == 1
    booked.press("eva", "Boka ändå")
    assert len(booked.rows(Booking)) == 2


def test_what_the_trainee_goes_to_alone_is_nobody_elses_to_be_reminded_of(world: World) -> None:
    world.say("anna", "boka kurs på torsdag 9-12")
    world.pass_to("2026-11-26T13:00")
    assert [sent.text for sent in world.to("anna", "booking")] == [
        "Påminnelse: kurs tors 26 nov (v 48) 09:00, 3 h.",
        "Blev det av? Kurs tors 26 nov (v 48) 09:00, 3 h.",
    ]
    [event] = Calendar.from_ical(world.to("anna", "booking")[0].message.files[0].content).walk("VEVENT")
    assert event["SUMMARY"] == "Kurs"
    assert world.to("eva", "booking") == []


def test_who_was_reminded_hears_that_it_is_off_when_the_other_is_ill_and_not_why(booked: World) -> None:
    booked.pass_to("2026-11-26T07:00")
    booked.say("anna", "sjuk idag")
    told = booked.to("eva", "booking")[-1].text
    assert told == "Anna Berg har ställt in: handledning tors 26 nov (v 48) 13:00, 1 h."
    assert not [sent for sent in booked.pass_to("2026-11-26T18:00") if sent.kind == "booking"]
    assert [(b.state, b.reason) for b in booked.rows(Booking)] == [("cancelled", "absence")]
    assert booked.drift() == []


@pytest.mark.parametrize("line", ["ångra", "åter i tjänst idag"])
def test_a_session_let_go_for_an_absence_that_is_no_more_stands_again(booked: World, line: str) -> None:
    booked.pass_to("2026-11-26T07:00")
    booked.say("anna", "sjuk idag")
    booked.say("anna", line)
    assert [(b.state, b.reason) for b in booked.rows(Booking)] == [("planned", None)]
    assert booked.to("eva", "booking")[-1].text.startswith("Anna Berg har bokat handledning tors 26 nov")
    assert _told(booked.pass_to("2026-11-26T15:00"))[0] == ("anna", "Thu 14:15", ("after",))
    assert booked.drift() == []


def test_a_calendar_that_took_the_reminders_file_is_corrected_when_the_session_is_moved(
    booked: World,
) -> None:
    booked.pass_to("2026-11-25T09:00")
    booked.say("anna", "flytta torsdag till fredag 9:00")
    files = [file for sent in booked.to("eva", "booking") for file in sent.message.files]
    events = [event for file in files for event in Calendar.from_ical(file.content).walk("VEVENT")]
    assert [(str(e["UID"]), str(e["STATUS"]), e["SEQUENCE"]) for e in events] == [
        ("booking-1@handledd", "CONFIRMED", 0),
        ("booking-1@handledd", "CANCELLED", 1),
        ("booking-2@handledd", "CONFIRMED", 0),
    ]
    named = "Handledning: Anna Berg"
    assert [str(event["SUMMARY"]) for event in events] == [named, f"Inställt: {named}", named]


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        (
            "flytta alla torsdagar till fredag kl 9",
            [("booking-1@handledd", "CANCELLED", "26"), ("booking-5@handledd", "CONFIRMED", "27")],
        ),
        ("avboka serien", [("booking-1@handledd", "CANCELLED", "26")]),
        ("flytta alla torsdagar till fredag kl 9 från v 49", []),
    ],
)
def test_the_reminded_one_of_a_series_is_corrected_with_it(
    world: World, line: str, corrected: list[tuple[str, str, str]]
) -> None:
    world.say("anna", "boka handledning varje torsdag 13-14 till 31/12")  # 26/11, 3/12, 10/12 and 17/12
    world.pass_to("2026-11-25T09:00")
    before = len(world.to("eva", "booking"))
    world.say("anna", line)
    files = [file for sent in world.to("eva", "booking")[before:] for file in sent.message.files]
    events = [event for file in files for event in Calendar.from_ical(file.content).walk("VEVENT")]
    told = [(str(each["UID"]), str(each["STATUS"]), f"{each.decoded('DTSTART'):%d}") for each in events]
    assert told == corrected


def test_who_took_no_file_gets_none_when_the_session_is_off(booked: World) -> None:
    booked.say("anna", "avboka torsdag")
    assert [len(sent.message.files) for sent in booked.to("eva", "booking")] == [0]


@pytest.mark.parametrize(
    ("said", "told", "days"),
    [
        # 2026 has a week 53, of 29 December; the odd week after it is week 1.
        ("udda tisdagar", "udda veckor", ["12-01", "12-15", "12-29", "01-05", "01-19"]),
        ("varannan tisdag udda veckor", "udda veckor", ["12-01", "12-15", "12-29", "01-05", "01-19"]),
        ("jämna tisdagar", "jämna veckor", ["11-24", "12-08", "12-22", "01-12", "01-26"]),
        ("varannan tisdag", "varannan vecka", ["11-24", "12-08", "12-22", "01-05", "01-19"]),
    ],
)
def test_odd_weeks_go_by_their_numbers_and_every_other_week_never_twice_in_a_row(
    world: World, said: str, told: str, days: list[str]
) -> None:
    answer = world.say("anna", f"boka handledning {said} 13-14 till 31/1").text
    assert answer.startswith(f"Bokat {told}: ")
    assert [f"{row.on_date:%m-%d}" for row in world.rows(Booking)] == days


@pytest.mark.parametrize(
    ("line", "answer", "state"),
    [
        ("ja", "Sparat: handledning tors 26 nov (v 48)", "held"),
        ("nej, sjuk", "Tack, noterat. När ses ni i stället?", "not_held"),
        ("Nej: jour", "Tack, noterat. När ses ni i stället?", "not_held"),
        ("vab idag", "Sparat: vab tors 26 nov (v 48)", "planned"),
    ],
)
def test_the_question_is_answered_in_the_words_of_its_buttons(
    booked: World, line: str, answer: str, state: str
) -> None:
    booked.pass_to("2026-11-26T15:00")
    assert answer in booked.say("anna", line).text
    assert booked.rows(Booking)[0].state == state


def test_no_and_why_long_after_the_question_is_no_answer_to_it(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    booked.say("anna", "status")
    assert "Sparat: sjukfrånvaro" in booked.say("anna", "nej, sjuk").text
