"""`nej, vab`, `ändra till fredag`: what was said last is put right, whatever it was of, and nothing else."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from handlers.message import IncomingKind
from storage.tables import Absence, Booking, Entry
from tests.integration.conversation import hold
from tests.support.world import World


def absences(world: World) -> list[str]:
    """The absences that stand, by kind and days."""
    rows = [row for row in world.rows(Absence) if row.voided_at is None]
    return [f"{row.kind} {row.from_on:%d/%m}-{row.to_on:%d/%m}" if row.to_on else row.kind for row in rows]


def after(world: World, *lines: str) -> list[str]:
    """The absences that stand once Anna has written some lines, and every standing with them."""
    for line in lines:
        world.say("anna", line)
    assert world.drift() == []
    return absences(world)


def planned(world: World, form: str = "%d/%m %H:%M") -> list[str]:
    """When the sessions are that stand."""
    rows = [row for row in world.rows(Booking) if row.state == "planned"]
    return [datetime.combine(row.on_date, row.start_time or time()).strftime(form) for row in rows]


@pytest.mark.parametrize(
    ("said", "line", "stand"),
    [
        ("sjuk idag", "nej, vab", ["child_care 23/11-23/11"]),
        ("sjuk 19-20 nov", "vab menar jag", ["child_care 19/11-20/11"]),
        ("vab imorgon", "nej, sjuk", ["sick 24/11-24/11"]),
        ("vab imorgon", "nej, sjuk idag", ["child_care 24/11-24/11", "sick 23/11-23/11"]),
        ("sjuk 19-23 nov", "nej, vab", ["child_care 19/11-23/11"]),
        ("sjuk", "inte sjuk utan vab", ["child_care 23/11-23/11"]),
        ("sjuk", "fel, vab igår", ["sick 23/11-23/11", "child_care 22/11-22/11"]),
        ("vab", "nej jag är sjuk", ["sick 23/11-23/11"]),
        ("semester v 52", "nej, tjänstledig", ["leave 21/12-27/12"]),
        ("semester v 52", "nej, semester v 51", ["vacation 14/12-20/12"]),
        ("semester v 52", "ändra till v 51", ["vacation 14/12-20/12"]),
        ("semester v 52", "ändra till 23/12", ["vacation 21/12-23/12"]),
        ("semester v 52", "ändra till v 51-52", ["vacation 14/12-27/12"]),
        ("semester v 52", "ändra till 14/12-18/12", ["vacation 14/12-18/12"]),
        ("semester v 52", "ändra till 14/12 till 18/12", ["vacation 14/12-18/12"]),
        ("semester v 52", "ändra till föräldraledig", ["parental 21/12-27/12"]),
        ("vab idag", "inte idag", ["child_care 23/11-23/11"]),
        ("semester 14/12-18/12", "nej, bara till jul", ["vacation 14/12-18/12"]),
        ("semester igår", "det va vab", ["child_care 22/11-22/11"]),
        ("semester igår", "nej, vab", ["child_care 22/11-22/11"]),
        ("semester v 52", "nej, vab", ["vacation 21/12-27/12", "child_care 23/11-23/11"]),
        ("jag är på psyk 1/2-31/3", "nej, sjuk", ["sick 23/11-23/11"]),
        ("semester v 52", "sorry, sjuk idag", ["vacation 21/12-27/12", "sick 23/11-23/11"]),
        ("sjuk idag", "ändra till imorgon", ["sick 24/11-24/11"]),
        ("föräldraledig från 1/2", "ändra till 1/3", ["parental"]),
        ("semester 7/12-11/12", "ändra till torsdag", ["vacation 07/12-10/12"]),
        ("semester 7/12-11/12", "inte till fredag utan till torsdag", ["vacation 07/12-10/12"]),
        ("semester 14/12", "ändra till torsdag", ["vacation 17/12-17/12"]),
        ("semester 17/12", "nej, fredag", ["vacation 18/12-18/12"]),
        ("semester 14/12-18/12", "nej, från onsdag", ["vacation 16/12-18/12"]),
        ("semester 14/12-18/12", "ändra till den 16", ["vacation 14/12-16/12"]),
        ("vab igår", "ändra till fredag", ["child_care 20/11-20/11"]),
        ("sjuk idag", "vab imorgon", ["sick 23/11-23/11", "child_care 24/11-24/11"]),
    ],
)
def test_an_absence_is_put_right_and_none_is_saved_beside_it(
    world: World, said: str, line: str, stand: list[str]
) -> None:
    assert after(world, said, line) == stand


def test_undo_takes_back_the_correction_and_then_what_was_corrected(world: World) -> None:
    hold(
        world,
        [
            ("anna", "sjuk idag", "Sparat: sjukfrånvaro mån 23 nov (v 48)"),
            ("anna", "nej, vab", "Ändrat: vab mån 23 nov (v 48)"),
            ("anna", "ändra till imorgon", "Ändrat: vab tis 24 nov (v 48)"),
            ("anna", "ångra", "Det som gällde före det gäller igen: vab mån 23 nov (v 48)"),
            ("anna", "ångra", "Det som gällde före det gäller igen: sjukfrånvaro mån 23 nov (v 48)"),
        ],
    )
    assert absences(world) == ["sick 23/11-23/11"]
    assert world.drift() == []
    hold(world, [("anna", "ångra", "Ångrat: sjukfrånvaro mån 23 nov (v 48). Inget är sparat.")])
    assert absences(world) == []


def test_a_session_in_the_absence_that_is_brought_back_is_let_go_again(world: World) -> None:
    world.say("anna", "boka handledning på onsdag 13-14")
    world.pass_to("2026-11-24T08:30")  # both were reminded of it
    world.say("anna", "sjuk på onsdag")
    assert planned(world, "%d/%m") == []
    world.say("anna", "ändra till 26/11")
    assert planned(world, "%d/%m") == ["25/11"]
    hold(world, [("anna", "[Ångra]", "gäller igen: sjukfrånvaro ons 25 nov"), ("anna", "[Ångra]", "redan")])
    assert planned(world, "%d/%m") == []
    assert world.drift() == []
    told = [sent.text for sent in world.to("eva", "booking") if sent.at.hour >= 8][1:]
    assert len(told) == 3


def test_a_supervisor_who_is_away_is_away_whatever_it_is_called(world: World) -> None:
    hold(world, [("eva", "jag är sjuk idag", "du är borta"), ("eva", "nej, vab", "Så står det redan")])


def test_on_another_day_it_is_an_absence_of_its_own(world: World) -> None:
    world.say("anna", "sjuk idag")
    world.pass_to("2026-11-24T07:30")
    world.say("anna", "nej, vab")
    assert absences(world) == ["sick 23/11-23/11", "child_care 24/11-24/11"]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("ändra till fredag", "11/12 13:00"),
        ("nej, kl 14", "10/12 14:00"),
        ("ändra till 15-16:30", "10/12 15:00"),
        ("ändra till fredag v 51 kl 9", "18/12 09:00"),
        ("ändra till en vecka senare", "17/12 13:00"),
    ],
)
def test_what_was_booked_last_is_changed_and_no_older_log(world: World, line: str, when: str) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "boka handledning 10/12 13-14")
    world.say("anna", line)
    assert planned(world) == [when]
    assert len(world.rows(Entry)) == 1
    assert world.drift() == []


def test_a_series_that_was_booked_last_is_changed_whole(world: World) -> None:
    world.say("anna", "boka handledning varje torsdag 13-14 till 31/12")
    hold(
        world,
        [("anna", "ändra till kl 15", "Flyttat från tors 26 nov (v 48) 13:00: handledning tors 26 nov")],
    )
    assert set(planned(world, "%H")) == {"15"}


def test_a_day_that_was_changes_the_latest_log(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "boka handledning 10/12 13-14")
    hold(world, [("anna", "ändra till igår", "Ändrat: handledning sön 22 nov (v 47), 1 h")])


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("nej, på fredag", "27/11 13:00"),
        ("fel, 3/12", "03/12 13:00"),
        ("nej, samma tid på onsdag", "25/11 13:00"),
        ("nej, imorgon kl 9", "24/11 09:00"),
        ("nej, en vecka senare", "17/12 13:00"),
        ("no, on friday", "27/11 13:00"),
    ],
)
def test_a_day_to_come_puts_right_the_booking_that_was_just_told(world: World, line: str, when: str) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "boka handledning 10/12 13-14")
    assert world.say("anna", line).text.startswith("Flyttat från tors 10 dec (v 50) 13:00: handledning")
    assert planned(world) == [when]
    assert world.drift() == []


@pytest.mark.parametrize(
    ("said", "line", "stand"),
    [
        ("semester 1/12-6/12", "nej, från 2/12", ["vacation 02/12-06/12"]),
        ("semester 1/12-6/12", "nej, till 10/12", ["vacation 01/12-10/12"]),
        ("semester 1/12-6/12", "nej, tills vidare", ["vacation"]),
        ("semester 1/12-6/12", "nej, från 21/12", ["vacation 01/12-06/12"]),  # after its last day
        ("semester 1/12-6/12", "nej, 21/12-3/1", ["vacation 21/12-03/01"]),
        ("föräldraledig från 1/2", "nej, från 1/3", ["parental"]),
        ("sjuk idag", "nej, från igår", ["sick 22/11-23/11"]),
        ("sjuk idag", "nej, till imorgon", ["sick 23/11-24/11"]),
        ("sjuk idag", "nej det är bra", ["sick 23/11-23/11"]),
        ("sjuk idag", "nej, på fredag", ["sick 27/11-27/11"]),
    ],
)
def test_days_put_right_the_absence_that_was_just_told(
    world: World, said: str, line: str, stand: list[str]
) -> None:
    assert after(world, said, line) == stand


def test_what_cannot_be_is_answered_with_what_stands(world: World) -> None:
    hold(
        world,
        [
            ("anna", "semester 1/12-6/12", "Sparat"),
            ("anna", "nej, från 21/12", "Senast sparade du semester tis 1 dec–sön 6 dec (v 49). Skriv ångra"),
        ],
    )


@pytest.mark.parametrize("between", ["handledning idag 1h", "handledning 30/2"])
def test_after_a_log_or_a_question_a_day_to_come_moves_no_booking(world: World, between: str) -> None:
    world.say("anna", "boka handledning 10/12 13-14")
    world.say("anna", between)
    world.say("anna", "nej, på fredag")
    assert "10/12" in planned(world, "%d/%m")


def test_on_another_day_nothing_is_moved(world: World) -> None:
    world.say("anna", "boka handledning 10/12 13-14")
    world.pass_to("2026-11-24T07:30")
    hold(world, [("anna", "nej, på fredag", "Vad gäller det?")])


@pytest.mark.parametrize(
    ("line", "stands"),
    [
        ("ändra föräldraledigheten till 31/8", ["parental 01/02-31/08"]),
        ("föräldraledigheten förlängd till 31/8", ["parental 01/02-31/08"]),
        ("ändra föräldraledigheten till 1/3-31/8", ["parental 01/03-31/08"]),
        ("ändra föräldraledigheten till 1/3", ["parental 01/02-01/03"]),
    ],
)
def test_an_absence_that_is_named_is_changed_whatever_was_told_since(
    world: World, line: str, stands: list[str]
) -> None:
    world.say("anna", "föräldraledig 1/2-31/7")
    world.say("anna", "handledning idag 1h")
    assert "Ändrat: föräldraledighet" in world.say("anna", line).text
    assert absences(world) == stands
    world.say("anna", "ångra")
    assert absences(world) == ["parental 01/02-31/07"]
    assert world.drift() == []


def test_what_cannot_be_of_the_one_that_is_named_changes_nothing(world: World) -> None:
    world.say("anna", "föräldraledig 1/2-31/7")
    world.say("anna", "handledning idag 1h")
    told = world.say("anna", "ändra föräldraledigheten").text
    assert told.startswith("Sparat är föräldraledighet mån 1 feb 2027–lör 31 juli 2027 (v 30). Skriv ta bort")
    assert absences(world) == ["parental 01/02-31/07"]


def test_of_several_trainees_only_the_one_who_is_named_is_changed(world: World) -> None:
    world.say("eva", "semester Bo 14/12-18/12")
    world.say("eva", "semester Anna 21/12-3/1")
    world.say("eva", "handledning med Anna idag 1h")
    assert (
        "Ändrat för Anna Berg: semester mån 21 dec"
        in world.say("eva", "ändra semestern för Anna till 28/12").text
    )
    assert absences(world) == ["vacation 14/12-18/12", "vacation 21/12-28/12"]
    world.say("eva", "handledning med Bo idag 1h")
    assert "Ändrat" not in world.say("eva", "ändra semestern till 29/12").text
    assert absences(world) == ["vacation 14/12-18/12", "vacation 21/12-28/12"]


def test_a_new_last_day_of_an_absence_that_nobody_told_saves_none(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.say("anna", "ändra föräldraledigheten till 31/8")
    assert absences(world) == []


@pytest.mark.parametrize(
    ("line", "stand"),
    [
        ("inte på tisdag utan på fredag", "27/11 13:00"),
        ("inte tisdag utan fredag", "27/11 13:00"),
        ("inte på tisdag utan på fredag kl 10", "27/11 10:00"),
        ("inte kl 13 utan kl 15", "24/11 15:00"),
    ],
)
def test_what_is_denied_of_a_booking_is_put_right(world: World, line: str, stand: str) -> None:
    """`inte på tisdag utan på fredag` was not understood."""
    hold(world, [("anna", "boka handledning tisdag 13-14", "Bokat"), ("anna", line, "Flyttat")])
    assert planned(world) == [stand]
    assert world.drift() == []


def test_what_is_so_already_is_told_as_it_stands(world: World) -> None:
    hold(
        world,
        [
            ("anna", "dops idag", "Sparat: DOPS"),
            ("anna", "nej, dops", "Så står det redan: DOPS mån 23 nov (v 48). Inget är ändrat."),
            ("anna", "handledning igår 1h", "Sparat: handledning"),
            ("anna", "nej, igår", "Så står det redan: handledning sön 22 nov (v 47), 1 h."),
            ("anna", "ändra", "Så står det nu: handledning sön 22 nov (v 47), 1 h."),
        ],
    )


def test_a_message_edited_into_no_log_is_told_how_its_log_stands(world: World) -> None:
    world.say("anna", "handledning idag 1h", message_ref="line")
    told = world.say("anna", "tack", kind=IncomingKind.EDIT, message_ref="line").text
    assert told.startswith("Så står det nu: handledning mån 23 nov (v 48), 1 h.")


def test_an_absence_that_is_named_goes_whole_however_often_it_was_changed(world: World) -> None:
    hold(
        world,
        [
            ("anna", "semester v 50", "Sparat"),
            ("anna", "nej, v 51", "Ändrat"),
            ("anna", "nej, v 52", "Ändrat"),
            ("anna", "ta bort semestern", "Ångrat: semester mån 21 dec–sön 27 dec (v 52). Inget är sparat."),
        ],
    )
    assert absences(world) == []


def test_what_is_told_of_absence_shows_in_ones_own_history_and_status_alone(world: World) -> None:
    told = "Frånvaro: semester mån 14 dec–sön 20 dec (v 51)"
    hold(world, [("anna", "semester v 51", "Sparat"), ("anna", "historik", told), ("anna", "status", told)])
    assert "semester" not in world.say("eva", "visa Anna").text
    assert "semester" not in world.say("siv", "visa Anna").text
    hold(world, [("anna", "ta bort semestern", "Ångrat"), ("anna", "historik", "Inget är sparat än.")])


def test_an_absence_that_is_over_leaves_the_status_and_then_the_history(world: World) -> None:
    # Over on Sunday 22 November; the history tells of it for fourteen days, to 6 December.
    world.say("anna", "sjuk igår")
    assert "Frånvaro" not in world.say("anna", "status").text
    world.pass_to("2026-12-06T12:00")
    assert "Frånvaro: sjukfrånvaro sön 22 nov" in world.say("anna", "historik").text
    world.pass_to("2026-12-07T12:00")
    assert "Frånvaro" not in world.say("anna", "historik").text


@pytest.mark.parametrize("line", ["ändra längden", "ändra dagen", "ändra anteckningen", "change the length"])
def test_what_is_to_be_changed_is_no_note(world: World, line: str) -> None:
    world.say("anna", "handledning idag 1h")
    assert world.say("anna", line).text.startswith("Så står det nu: handledning mån 23 nov (v 48), 1 h.\n")
    assert [entry.note for entry in world.rows(Entry)] == [None]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("boka handledning torsdag 13-14", "inte torsdag"),
        ("boka handledning torsdag 13-14", "nej, inte på torsdag"),
        ("boka handledning varje torsdag 13-14", "inte varje vecka utan varannan"),
        ("boka handledning varje torsdag 13-14 till 18/12", "nej, bara till jul"),
    ],
)
def test_what_only_is_denied_moves_nothing_and_is_told_as_it_stands(
    world: World, said: str, line: str
) -> None:
    world.say("anna", said)
    before = planned(world)
    assert "Senast sparade du handledning tors 26 nov" in world.say("anna", line).text
    assert planned(world) == before
