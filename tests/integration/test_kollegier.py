"""`kollegium planera`: who is due until the coming term has ended, a day for each, booked by pressing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from handlers.message import IncomingKind
from schedules.calendar import SWEDEN
from schedules.kinds.term import coming_term, in_term
from schedules.kollegier import NOTICE, Due, spread
from schedules.rules.requirement import DEFAULT_TERMS
from storage.engine import writing
from storage.tables import Booking, Role
from tests.support.world import ROSTER, World

TODAY = date(2026, 11, 23)


def always(_day: date) -> bool:
    return True


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-23", "2027-01-07", "2027-06-15"),
        ("2027-01-06", "2027-01-07", "2027-06-15"),
        ("2027-01-07", "2027-08-15", "2027-12-20"),
        ("2026-12-31", "2027-01-07", "2027-06-15"),
    ],
)
def test_the_coming_term_is_the_next_to_begin(today: str, first: str, last: str) -> None:
    spell = coming_term(date.fromisoformat(today))
    assert (str(spell.first), str(spell.last)) == (first, last)


def test_one_is_proposed_two_weeks_before_its_last_day() -> None:
    # Due Friday 26 Feb 2027: Friday 12 Feb.
    assert spread([Due(1, date(2027, 2, 26), always)], TODAY) == {1: date(2027, 2, 12)}


def test_two_that_are_due_alike_take_a_day_each_and_both_in_time() -> None:
    days = spread([Due(1, date(2027, 2, 26), always), Due(2, date(2027, 2, 26), always)], TODAY)
    assert sorted(days.values()) == [date(2027, 2, 11), date(2027, 2, 12)]


def test_holidays_and_their_eves_are_left_out() -> None:
    # Two weeks before 20 Jan 2027 is Wed 6 Jan (Epiphany), before it Tue 5 Jan (its eve): Mon 4 Jan.
    assert spread([Due(1, date(2027, 1, 20), always)], TODAY) == {1: date(2027, 1, 4)}


def test_days_in_term_come_first() -> None:
    # Two weeks before 12 Jan 2027 is Tue 29 Dec; the term ends on Sunday 20 Dec: Friday 18 Dec.
    due = Due(1, date(2027, 1, 12), always, in_term(DEFAULT_TERMS))
    assert spread([due], TODAY) == {1: date(2026, 12, 18)}
    # From Mon 14 Dec on, two weeks' notice leave no day of that term, and 7 Jan is the first of the next.
    assert spread([due], date(2026, 12, 14)) == {1: date(2027, 1, 7)}
    # With none of a term at all, a day before the margin after all.
    assert spread([Due(1, date(2027, 1, 6), always, in_term(()))], TODAY) == {1: date(2026, 12, 23)}


def test_an_absence_up_to_the_margin_moves_it_into_the_margin_and_no_further() -> None:
    # Away until Sun 14 Feb; due Fri 26 Feb: the first working day there is, Mon 15 Feb.
    back = Due(1, date(2027, 2, 26), lambda day: day >= date(2027, 2, 15))
    assert spread([back], TODAY) == {1: date(2027, 2, 15)}


def test_who_is_late_already_gets_the_first_days_the_longest_due_first() -> None:
    dues = [Due(1, date(2026, 11, 20), always), Due(2, date(2026, 6, 1), always)]
    # Two weeks from Mon 23 Nov: Mon 7 Dec, then Tue 8 Dec.
    assert spread(dues, TODAY) == {2: date(2026, 12, 7), 1: date(2026, 12, 8)}


def test_who_is_away_all_the_time_is_left_out() -> None:
    assert spread([Due(1, date(2027, 2, 26), lambda _day: False)], TODAY) == {}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(min_value=30, max_value=200), min_size=1, max_size=25))
def test_all_days_are_good_days_each_once_and_in_time_where_there_is_room(ahead: list[int]) -> None:
    """Nobody is late while a day that would have been in time is free."""
    dues = [Due(key, TODAY + timedelta(days=days), always) for key, days in enumerate(ahead)]
    days = spread(dues, TODAY)
    assert len(set(days.values())) == len(dues)
    assert all(not SWEDEN.is_quiet_day(day) and day >= TODAY + NOTICE for day in days.values())
    late = [due for due in dues if days[due.key] > due.due_on]
    for due in late:  # then every day in time is somebody's who is due as early or could go nowhere else
        free = [due.due_on - timedelta(days=n) for n in range((due.due_on - TODAY - NOTICE).days + 1)]
        assert all(day in days.values() or SWEDEN.is_quiet_day(day) for day in free)


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Watched from 2 February 2026; kollegier on 20 and 27 February. Now it is 23 November."""
    world = World(sqlite, start="2026-02-02T09:00", roster=ROSTER)
    world.jump_to("2026-02-20T10:00")
    world.say("anna", "kollegium idag")
    world.jump_to("2026-03-01T10:00")
    world.say("bo", "kollegium 27/2")
    world.jump_to("2026-11-23T09:00")
    world.tick()
    world.deliver()
    return world


def booked(world: World) -> list[tuple[int, str, str]]:
    rows = [row for row in world.rows(Booking) if row.activity == "kollegium"]
    return [(row.trainee_id, str(row.on_date), row.state) for row in rows]


def test_who_is_due_in_the_coming_term_is_shown_with_a_day(house: World) -> None:
    # Anna 20 Feb 2026 + 12 months: 20 Feb 2027, less two weeks Sat 6 Feb: Fri 5 Feb. Bo 27 Feb: Fri 12 Feb.
    message = house.say("siv", "kollegium planera")
    assert message.text.splitlines() == [
        "Specialistkollegium till och med tis 15 juni 2027 (v 24): 2 att planera (redan bokade: 0). Förslag:",
        "• fre 5 feb 2027 (v 5): Anna Berg (Ekbacken), senast lör 20 feb 2027",
        "• fre 12 feb 2027 (v 6): Bo Dal (Ekbacken), senast lör 27 feb 2027",
    ]
    labels = [button.label for button in message.buttons]
    assert labels == ["Boka alla", "Anna Berg fre 5 feb 2027", "Bo Dal fre 12 feb 2027"]
    assert booked(house) == []


def test_one_press_books_them_all_and_the_pairs_are_told(house: World) -> None:
    house.say("siv", "kollegium planera")
    assert "Bokat: 2 specialistkollegier" in house.press("siv", "Boka alla").text
    assert booked(house) == [(1, "2027-02-05", "planned"), (2, "2027-02-12", "planned")]
    [told] = [s for s in house.to("anna") if "Siv Rektorsson har bokat specialistkollegium" in s.text]
    assert told.message.files[0].name.endswith(".ics")
    assert sum("har bokat specialistkollegium" in s.text for s in house.to("eva")) == 2
    assert house.drift() == []
    assert "2 att planera" not in house.say("siv", "kollegium planera").text
    assert "Redan bokade: 2" in house.say("siv", "kollegium planera").text


def test_pressed_twice_nothing_is_booked_twice(house: World) -> None:
    house.say("siv", "kollegium planera")
    house.press("siv", "Boka alla")
    assert "redan bokade" in house.press("siv", "Boka alla").text
    assert len(booked(house)) == 2


def test_one_at_a_time_and_then_the_rest(house: World) -> None:
    house.say("siv", "kollegium planera")
    assert "Bokat för Bo Dal" in house.press("siv", "Bo Dal fre 12 feb 2027").text
    assert booked(house) == [(2, "2027-02-12", "planned")]
    house.press("siv", "Boka alla")
    assert [row[0] for row in booked(house)] == [2, 1]


def test_taken_back_all_are_called_off_and_the_pairs_hear_of_it(house: World) -> None:
    house.say("siv", "kollegium planera")
    house.press("siv", "Boka alla")
    assert "2 specialistkollegier är avbokade" in house.say("siv", "ångra").text
    assert {state for _, _, state in booked(house)} == {"cancelled"}
    assert "Siv Rektorsson har ställt in" in house.to("anna")[-1].text
    assert house.drift() == []


def test_absence_moves_the_proposal(house: World) -> None:
    """Seven days away move the last day to 27 Feb as well; Fri 12 Feb is Bo's, so it is Thu 11 Feb."""
    house.say("anna", "semester 1/2-7/2")
    assert "• tors 11 feb 2027 (v 6): Anna Berg" in house.say("siv", "kollegium planera").text


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_only_a_studierektor_plans(house: World, who: str) -> None:
    assert "får du inte" in house.say(who, "kollegium planera").text


def test_another_unit_sees_and_books_nothing_of_this_one(house: World) -> None:
    assert "Anna" not in house.say("tage", "kollegium planera").text
    press = house.say("siv", "kollegium planera").buttons[0].press
    house.take(house.incoming("tage", kind=IncomingKind.PRESS, press=press.rpartition(".")[0] + ".7"))
    assert booked(house) == []


def test_whose_role_has_ended_books_nothing(house: World) -> None:
    house.say("siv", "kollegium planera")
    with writing(house.engine) as session:
        for role in house.rows(Role):
            if role.role == "studierektor":
                session.delete(session.get_one(Role, role.id))
    assert "gäller förslaget inte längre" in house.press("siv", "Boka alla").text
    assert booked(house) == []
