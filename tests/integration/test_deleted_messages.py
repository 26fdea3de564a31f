"""A chat message is deleted: what it brought about is asked about, and nothing goes unasked."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind, Message
from storage.tables import Absence, Booking, Entry, EntryState, Placement
from tests.support.world import World

LINES = {
    "handledning idag 1h etik": "ta bort handledning mån 23 nov (v 48), 1 h · etik?",
    "boka handledning på torsdag 13-14": "ta bort handledning tors 26 nov (v 48) 13:00, 1 h?",
    "boka handledning varje torsdag 13-14 till 10/12": "till och med tors 10 dec (v 50) (3 tillfällen)?",
    "semester v52-v1": "ta bort semester mån 21 dec",
    "sidotjänstgöring psykiatri 1/12-31/3 handledare Eva Ek": "ta bort psykiatri tis 1 dec",
}


def stands(world: World) -> list[object]:
    """Whatever was saved and has not been taken back."""
    entries = [row for row in world.rows(Entry) if row.state == EntryState.LIVE]
    booked = [row for row in world.rows(Booking) if row.state == "planned"]
    away = [row for row in world.rows(Absence) if row.voided_at is None]
    return [*entries, *booked, *away, *(row for row in world.rows(Placement) if row.voided_at is None)]


def delete(world: World, who: str = "anna") -> Message:
    return world.say(who, "", message_ref="m:gone", kind=IncomingKind.DELETE)


@pytest.mark.parametrize("line", LINES)
def test_what_it_brought_about_goes_when_that_is_said(world: World, line: str) -> None:
    world.say("anna", line, message_ref="m:gone")
    saved = stands(world)
    asked = delete(world)
    assert LINES[line] in asked.text
    assert saved
    assert stands(world) == saved
    assert "Ångrat" in world.press("anna", "Ta bort").text
    assert stands(world) == []
    assert world.drift() == []


OTHERS = ("be @eva om bedömning mini-cex", "tysta kollegium till 1 mars: väntar på ny chef")


@pytest.mark.parametrize("line", OTHERS)
def test_other_things_are_asked_about_while_they_stand(world: World, line: str) -> None:
    world.say("anna", line, message_ref="m:gone")
    assert "ta tillbaka det du skrev?" in delete(world).text
    assert world.press("anna", "Ta bort").text
    assert "Inget som är sparat ändras" in delete(world).text


@pytest.mark.parametrize("line", ["status", "handledning 31/2 1h", "språk svenska"])
def test_a_message_that_saved_nothing_changes_nothing(world: World, line: str) -> None:
    world.say("anna", line, message_ref="m:gone")
    assert delete(world).text == "Du tog bort meddelandet. Inget som är sparat ändras av det."


def test_what_is_to_be_kept_is_kept(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14", message_ref="m:gone")
    delete(world)
    world.press("anna", "Behåll")
    assert len(stands(world)) == 1


def test_what_was_taken_back_before_is_not_asked_about(world: World) -> None:
    world.say("anna", "semester v52-v1", message_ref="m:gone")
    world.press("anna", "Ångra")
    assert not delete(world).buttons


def test_a_message_that_moved_a_session_takes_it_back_to_its_day(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    world.say("anna", "flytta torsdag till fredag 9:00", message_ref="m:gone")
    assert "ta bort handledning fre 27 nov" in delete(world).text
    assert "Det som var bokat tors 26 nov (v 48) 13:00 gäller igen" in world.press("anna", "Ta bort").text
    assert [row.on_date.day for row in world.rows(Booking) if row.state == "planned"] == [26]


def test_the_undo_of_a_series_says_how_far_it_went(world: World) -> None:
    world.say("anna", "boka handledning varje torsdag 13-14 till 10/12")
    assert "till och med tors 10 dec (v 50) (3 tillfällen)" in world.press("anna", "Ångra").text
