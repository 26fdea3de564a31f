"""Booked sessions moved and called off in words, by either half of the pair."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind
from storage.tables import Absence, Booking
from tests.integration.conversation import hold
from tests.support.world import World


@pytest.fixture
def booked(world: World) -> World:
    """Anna and Eva meet on Thursday 26 November 13-14; it is Monday."""
    world.say("anna", "boka handledning på torsdag 13-14 etik")
    return world


@pytest.fixture
def series(world: World) -> World:
    """Every Thursday 13-14 to the end of the year: 26 November to 31 December, Nyårsafton left out."""
    world.say("anna", "boka handledning varje torsdag 13-14 till 31/12")
    return world


def planned(world: World) -> list[str]:
    """What stands, oldest first."""
    rows = sorted(world.rows(Booking), key=lambda row: (row.on_date, row.id))
    return [f"{row.on_date:%d/%m} {row.start_time:%H:%M}" for row in rows if row.state == "planned"]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("flytta torsdag till fredag 9:00", "27/11 09:00"),
        ("flytta handledningen till fredag 9", "27/11 09:00"),
        ("flytta till fredag", "27/11 13:00"),
        ("flytta torsdagen till 15:30", "26/11 15:30"),
        ("move thursday to friday 9:00", "27/11 09:00"),
        ("move thursdays session to friday at 9", "27/11 09:00"),
        ("flytta handledningen en vecka framåt", "03/12 13:00"),
        ("skjut upp torsdag två dagar", "28/11 13:00"),
        ("flytta torsdag en timme senare", "26/11 14:00"),
        ("tidigarelägg handledningen 30 min", "26/11 12:30"),
        ("skjut upp till nästa vecka", "03/12 13:00"),
        ("flytta till måndag", "30/11 13:00"),
        ("flytta torsdag v 48 till fredag v 49", "04/12 13:00"),
        ("byt handledningen till fredag kl 9", "27/11 09:00"),
    ],
)
def test_a_session_is_moved_and_the_other_half_is_told(booked: World, line: str, when: str) -> None:
    answer = booked.say("anna", line)
    assert answer.text.startswith("Flyttat från tors 26 nov (v 48) 13:00: handledning ")
    assert planned(booked) == [when]
    assert booked.rows(Booking)[-1].topics == ["ethics"]
    (told,) = [sent.text for sent in booked.to("eva", "booking")]
    assert told.startswith("Anna Berg har flyttat handledning tors 26 nov (v 48) 13:00, 1 h · etik till ")
    assert told.endswith(f"{when[-5:]}.")
    assert booked.drift() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("flytta serien", "Till vilken dag eller tid ska serien flyttas? Inget är ändrat."),
        (
            "flytta serien till lördagar",
            "Inget är flyttat, för de nya tiderna är helg",
        ),
        ("flytta serien till varannan fredag", "Hur ofta ni ses kan jag inte ändra i en serie"),
        (
            "flytta serien till torsdagar",
            "Det är bokat som förut: handledning tors 26 nov",
        ),
        ("flytta alla torsdagar till fredag utom 17/12", "Vilken dag menar du? Inget är ändrat."),
        ("flytta alla patienter till fredag", "Vilken dag menar du? Inget är ändrat."),
        (
            "flytta kollegiet till fredag",
            "ingenting bokat framöver av det slaget: specialistkollegium.",
        ),
        ("avboka kollegiet", "ingenting bokat framöver av det slaget: specialistkollegium."),
        ("flytta alla torsdagar i mars till fredag", "Inget som är bokat passar in på det"),
        ("tidigarelägg torsdag en vecka", "Till när?"),
        ("avboka inte", "Det förstod jag inte"),
        ("avboka tosdag", "Vilken dag menar du? Inget är ändrat."),
        ("avboka tåget", "Vilken dag menar du? Inget är ändrat."),
    ],
)
def test_nothing_is_moved_that_is_a_series_or_that_is_over(series: World, line: str, answer: str) -> None:
    before = planned(series)
    assert answer in series.say("anna", line).text
    assert planned(series) == before


@pytest.mark.parametrize(
    ("line", "when"),
    [
        (
            "flytta alla torsdagar till fredag kl 9",
            ["27/11 09:00", "04/12 09:00", "11/12 09:00", "18/12 09:00"],
        ),
        ("byt serien till onsdagar", ["25/11 13:00", "02/12 13:00", "09/12 13:00", "16/12 13:00"]),
        (
            "flytta handledningen till onsdagar från v 50",
            ["26/11 13:00", "03/12 13:00", "09/12 13:00", "16/12 13:00"],
        ),
        ("flytta torsdagarna v 49 till fredag", ["26/11 13:00", "04/12 13:00", "10/12 13:00", "17/12 13:00"]),
        ("flytta serien en timme senare", ["26/11 14:00", "03/12 14:00", "10/12 14:00", "17/12 14:00"]),
        ("vi tar onsdagar istället", ["25/11 13:00", "02/12 13:00", "09/12 13:00", "16/12 13:00"]),
        ("change the series to mondays", ["26/11 13:00", "30/11 13:00", "07/12 13:00", "14/12 13:00"]),
    ],
)
def test_a_series_is_moved_in_one_deed_and_undone_in_one(series: World, line: str, when: list[str]) -> None:
    before = planned(series)
    receipt = series.say("anna", line)
    assert receipt.text.startswith("Flyttat från ")
    assert planned(series) == when
    assert len(series.to("eva", "booking")) == 1
    hold(series, [("anna", "ångra", "Ångrat: ")])
    assert planned(series) == before
    assert [sent.text.startswith("Anna Berg har") for sent in series.to("eva", "booking")] == [True, True]
    assert series.drift() == []


def test_a_moved_series_is_told_once_with_how_far_it_goes(series: World) -> None:
    receipt = series.say("anna", "flytta alla torsdagar till fredag kl 9")
    rest = "och de följande till och med fre 18 dec (v 51) (4 tillfällen)"
    assert receipt.text == (
        f"Flyttat från tors 26 nov (v 48) 13:00: handledning fre 27 nov (v 48) 09:00, 1 h, {rest}"
    )
    assert [sent.text for sent in series.to("eva", "booking")] == [
        f"Anna Berg har flyttat {WHEN} och framåt till fre 27 nov (v 48) 09:00, {rest}."
    ]
    undone = series.press("anna", "Ångra").text
    assert undone.endswith(f"{rest}. Det som var bokat tors 26 nov (v 48) 13:00 och framåt gäller igen.")


def test_what_cannot_be_moved_of_a_series_stays_and_is_named(world: World) -> None:
    world.say("anna", "boka handledning varje tisdag 13-14 till 31/12")
    answer = world.say("anna", "flytta serien till torsdagar")
    stays = "tis 22 dec (v 52) och tis 29 dec (v 53)"
    assert answer.text.endswith(f"Står kvar som förut, för den nya dagen är ledig eller har varit: {stays}.")
    assert planned(world) == ["26/11 13:00", "03/12 13:00", "10/12 13:00", "17/12 13:00", *STAYED]


STAYED = ["22/12 13:00", "29/12 13:00"]


def test_the_supervisor_moves_the_series_of_the_one_she_names(series: World) -> None:
    answer = series.say("eva", "flytta serien med Anna till fredagar")
    assert answer.text.startswith("Flyttat för Anna Berg från tors 26 nov")
    assert planned(series)[0] == "27/11 13:00"


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("flytta till fredag", "11/12 13:00"),
        ("flytta till fredag v 51", "18/12 13:00"),
        ("flytta v 50 till onsdag", "09/12 13:00"),
        ("flytta v 50 en timme senare", "10/12 14:00"),
        ("skjut upp v 50 en vecka", "17/12 13:00"),
        ("vi tar fredag istället", "11/12 13:00"),
        ("flytta till torsdag", "26/11 13:00"),
        ("flytta till torsdag kl 15", "10/12 15:00"),
        ("flytta till på fredag", "27/11 13:00"),
        ("flytta till måndag", "07/12 13:00"),
    ],
)
def test_a_weekday_alone_is_of_the_week_in_which_it_is_booked(world: World, line: str, when: str) -> None:
    world.say("anna", "boka handledning 10/12 13-14")
    world.say("anna", line)
    assert planned(world) == [when]


def test_a_move_that_is_undone_puts_the_old_time_back(booked: World) -> None:
    booked.say("anna", "flytta torsdag till fredag 9:00")
    booked.press("anna", "Ångra")
    assert planned(booked) == ["26/11 13:00"]
    assert booked.to("eva", "booking")[-1].text == f"Anna Berg har ångrat sig. Bokat igen: {WHEN} · etik"
    went = [(s.to.split("@")[0], s.steps) for s in booked.pass_to("2026-11-25T12:00") if s.kind == "booking"]
    assert went == [("anna", ("before",)), ("eva", ("before",))]


def test_the_supervisor_moves_it_for_the_trainee_she_names(booked: World) -> None:
    answer = booked.say("eva", "flytta handledning med Anna på torsdag till fredag 10:00")
    assert answer.text.startswith("Flyttat för Anna Berg från")
    assert planned(booked) == ["27/11 10:00"]
    assert "Eva Ek har flyttat" in booked.to("anna", "booking")[-1].text


def test_a_supervisor_of_two_is_asked_for_whom(booked: World) -> None:
    asked = booked.say("eva", "avboka torsdag")
    assert [button.label for button in asked.buttons] == ["Anna Berg", "Bo Dal"]
    booked.press("eva", "Anna Berg")
    assert planned(booked) == []


def test_a_move_without_a_time_offers_times(booked: World) -> None:
    asked = booked.say("anna", "flytta torsdag")
    assert asked.buttons[0].label == "Handledning fre 27 nov 13:00 1 h"
    booked.press("anna", asked.buttons[0].label)
    assert planned(booked) == ["27/11 13:00"]
    assert "Anna Berg har flyttat" in booked.to("eva", "booking")[-1].text


def test_one_session_of_a_series_is_called_off_and_the_others_stand(series: World) -> None:
    answer = series.say("anna", "ställ in torsdag")
    assert answer.text.startswith(
        "Inställt: handledning tors 26 nov (v 48) 13:00, 1 h. När ses ni i stället?"
    )
    assert planned(series) == ["03/12 13:00", "10/12 13:00", "17/12 13:00"]
    assert [s.text for s in series.to("eva", "booking")] == [
        "Anna Berg har ställt in: handledning tors 26 nov (v 48) 13:00, 1 h."
    ]


def test_a_whole_series_is_called_off_from_now_on(series: World) -> None:
    series.pass_to("2026-11-27T09:00")
    answer = series.say("anna", "avboka serien")
    assert "(3 tillfällen)" in answer.text
    assert planned(series) == ["26/11 13:00"]  # it has been, and is still asked about
    assert "och de följande till och med tors 17 dec" in series.to("eva", "booking")[-1].text
    assert [s for s in series.pass_to("2026-12-18T12:00") if s.kind == "booking"] == []


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("avboka alla handledningar i december", ["26/11 13:00"]),
        ("avboka serien från v 50", ["26/11 13:00", "03/12 13:00"]),
        ("avboka alla torsdagar till 10/12", ["17/12 13:00"]),
        ("avboka allt i januari", ["26/11 13:00", "03/12 13:00", "10/12 13:00", "17/12 13:00"]),
        ("avboka serien till jul", ["26/11 13:00", "03/12 13:00", "10/12 13:00", "17/12 13:00"]),
    ],
)
def test_a_part_of_a_series_is_called_off_and_the_rest_stands(
    series: World, line: str, when: list[str]
) -> None:
    series.say("anna", line)
    assert planned(series) == when


def test_a_week_is_called_off(series: World) -> None:
    series.say("anna", "avboka v50")
    assert planned(series) == ["26/11 13:00", "03/12 13:00", "17/12 13:00"]


def test_a_day_without_a_session_is_said_so_and_nothing_is_touched(booked: World) -> None:
    assert "ingenting bokat fre 27 nov" in booked.say("anna", "avboka fredag").text
    assert planned(booked) == ["26/11 13:00"]
    booked.say("anna", "avboka torsdag")
    assert (
        booked.say("anna", "avboka").text
        == "Du har ingenting bokat framöver. Skriv till exempel: boka handledning tors 13-14"
    )


def test_nobody_moves_anothers_session(booked: World) -> None:
    assert "Flyttat" not in booked.say("lars", "flytta handledning med Anna till fredag 9:00").text
    assert "Flyttat" not in booked.say("siv", "flytta torsdag till fredag 9:00").text
    assert planned(booked) == ["26/11 13:00"]


@pytest.mark.parametrize(
    ("at", "line", "told"),
    [
        ("2026-11-25T07:59", "boka handledning tors 13-14", False),
        ("2026-11-25T08:00", "boka handledning tors 13-14", True),
        ("2026-11-26T09:00", "boka handledning idag 13-14", True),
    ],
)
def test_what_is_booked_too_late_for_its_reminder_is_told_to_the_other_half_at_once(
    world: World, at: str, line: str, *, told: bool
) -> None:
    world.pass_to(at)
    world.say("anna", line)
    texts = [sent.text for sent in world.to("eva", "booking")]
    assert texts == (
        ["Anna Berg har bokat " + WHEN + " med dig. Passar det inte, så flytta eller ställ in här."] * told
    )
    assert [len(sent.message.files) for sent in world.to("eva", "booking")] == [1] * told
    later = [sent for sent in world.pass_to("2026-11-26T13:00") if sent.kind == "booking"]
    assert len(later) == (0 if told else 2)


WHEN = "handledning tors 26 nov (v 48) 13:00, 1 h"


def test_a_booking_taken_back_after_its_reminder_is_told_to_who_was_reminded(booked: World) -> None:
    booked.pass_to("2026-11-25T09:00")
    booked.say("anna", "ångra")
    assert [sent.text for sent in booked.to("eva", "booking")][1:] == [
        f"Anna Berg har ställt in: {WHEN} · etik."
    ]


def test_a_booking_taken_back_before_anybody_heard_of_it_is_told_to_nobody(booked: World) -> None:
    booked.press("anna", "Ångra")
    assert booked.to("eva") == []


def test_an_edited_line_books_the_session_elsewhere_instead_of_once_more(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14", message_ref="m")
    world.say("anna", "boka handledning på torsdag 14-15", message_ref="m", kind=IncomingKind.EDIT)
    assert planned(world) == ["26/11 14:00"]
    world.say("anna", "boka handledning på fredag 14-15", message_ref="m", kind=IncomingKind.EDIT)
    world.say("anna", "tack", message_ref="m", kind=IncomingKind.EDIT)
    assert planned(world) == ["27/11 14:00"]


def test_an_edited_absence_takes_the_place_of_the_one_before(world: World) -> None:
    world.say("anna", "semester 7-11 december", message_ref="m")
    world.say("anna", "semester 7-18 december", message_ref="m", kind=IncomingKind.EDIT)
    stands = [row for row in world.rows(Absence) if row.voided_at is None]
    assert [f"{row.from_on:%d/%m}-{row.to_on:%d/%m}" for row in stands] == ["07/12-18/12"]


@pytest.mark.parametrize("line", ["avboka alla torsdagar", "avboka varje torsdag"])
def test_every_one_of_a_weekday_is_called_off_and_no_other(series: World, line: str) -> None:
    series.say("anna", "boka handledning på onsdag 9-10")
    answer = series.say("anna", line).text
    assert answer.startswith(
        "Inställt: handledning tors 26 nov (v 48) 13:00, 1 h, och de följande till och med"
    )
    assert planned(series) == ["25/11 09:00"]


@pytest.mark.parametrize(
    "line", ["avboka torsdag och fredag", "avboka 31/2", "flytta 31/2 till fredag", "flytta 31/2"]
)
def test_a_day_that_cannot_be_told_is_asked_about_and_nothing_is_touched(booked: World, line: str) -> None:
    assert "Vilken dag menar du? Inget är ändrat." in booked.say("anna", line).text
    assert planned(booked) == ["26/11 13:00"]
    assert booked.to("eva") == []


def test_booking_anew_moves_what_is_booked(world: World) -> None:
    hold(
        world,
        [
            ("anna", "boka handledning torsdag 13-14", "Bokat"),
            ("anna", "boka om torsdag till fredag", "Flyttat"),
        ],
    )


@pytest.mark.parametrize("back", ["ångra", "[Ångra]"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_was_called_off_by_mistake_stands_again_and_the_other_half_hears_each_time(
    booked: World, back: str, times: int
) -> None:
    turns = [("anna", "avboka torsdag", "Inställt: "), ("anna", back, "Ångrat. Bokat igen: ")]
    hold(booked, turns * times)
    assert planned(booked) == ["26/11 13:00"]
    told = [
        f"Anna Berg har ställt in: {WHEN} · etik.",
        f"Anna Berg har ångrat sig. Bokat igen: {WHEN} · etik",
    ]
    assert [sent.text for sent in booked.to("eva", "booking")] == told * times
    assert booked.drift() == []


def test_a_series_called_off_by_mistake_stands_again_in_one_step(series: World) -> None:
    before = planned(series)
    hold(series, [("anna", "avboka serien", "Inställt: "), ("anna", "[Ångra]", "(4 tillfällen)")])
    assert planned(series) == before
    assert series.to("eva", "booking")[-1].text == (
        f"Anna Berg har ångrat sig. Bokat igen: {WHEN}, "
        "och de följande till och med tors 17 dec (v 51) (4 tillfällen)"
    )
    hold(series, [("anna", "[Ångra]", "Det var redan ångrat.")])


def test_a_no_by_mistake_is_taken_back_and_asked_about_anew(booked: World) -> None:
    booked.pass_to("2026-11-26T15:00")
    hold(booked, [("anna", "[Nej: jour]", "När ses ni i stället?"), ("anna", "ångra", "Jag frågar igen om")])
    assert planned(booked) == ["26/11 13:00"]
    assert booked.to("eva", "booking")[-1].text.startswith("Blev det av? Handledning tors 26 nov")
    hold(booked, [("eva", "[Ja, 1 h]", "Sparat för Anna Berg: handledning tors 26 nov")])


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("avboka torsdag", "Det är redan inställt: "),
        ("flytta torsdag till fredag 9:00", "Det är redan flyttat: "),
    ],
)
def test_a_press_on_what_is_off_says_what_became_of_it(booked: World, line: str, answer: str) -> None:
    booked.pass_to("2026-11-25T09:00")
    booked.say("anna", line)
    hold(booked, [("eva", "[Ställ in]", answer + WHEN)])
