"""`45 min`, `igår`, `till 23/12` right after something was saved: filled in or asked about, never lost."""

from __future__ import annotations

import pytest

from storage.tables import Absence, Booking, Entry
from tests.integration.conversation import Turn, hold
from tests.support.world import World

OF_THAT = "som du just sparade, eller något nytt? Inget är ändrat än."

CONVERSATIONS: dict[str, list[Turn]] = {
    "what the log had none of is filled in": [
        ("anna", "handledning idag", "Sparat: handledning mån 23 nov (v 48)\n"),
        ("anna", "45 min", "Ändrat: handledning mån 23 nov (v 48), 45 min\n"),
        ("anna", "etik", "Ändrat: handledning mån 23 nov (v 48), 45 min · etik\n"),
        ("anna", "kommunikation", "45 min · etik, kommunikation\n"),
        ("anna", "med Lars", "· med Lars\n"),
        ("anna", "45 min", "Så står det redan: handledning"),
        ("anna", "[Ångra]", "Ångrat: handledning mån 23 nov"),
        ("anna", "45 min", "Vad gäller det?"),
    ],
    "what was said otherwise is asked about": [
        ("anna", "dops idag", "Sparat: DOPS"),
        ("anna", "igår", f"Gäller det DOPS mån 23 nov (v 48), {OF_THAT}"),
        ("anna", "[Ändra till DOPS sön 22 nov]", "Ändrat: DOPS sön 22 nov (v 47)"),
        ("anna", "i fredags", OF_THAT),
        ("anna", "ja", "Ändrat: DOPS fre 20 nov (v 47)"),
        ("anna", "igår", OF_THAT),
        ("anna", "handledning", "Sparat: handledning sön 22 nov (v 47)"),
        ("anna", "[Ändra till DOPS sön 22 nov]", "redan tagit hand om"),
    ],
    "what has been changed since is not changed back": [
        ("anna", "handledning idag 1h", "Sparat"),
        ("anna", "45 min", OF_THAT),
        ("anna", "lägg till etik", "Ändrat: handledning mån 23 nov (v 48), 1 h · etik"),
        ("anna", "[Ändra till handledning mån 23 nov 45 min]", "Den går inte att ändra längre"),
    ],
    "a day to come answers when the pair meets next": [
        ("anna", "handledning idag 1h", "När ses ni nästa gång?"),
        ("anna", "imorgon 13-14", "Bokat: handledning tis 24 nov (v 48) 13:00, 1 h"),
        ("anna", "kl 15", f"Gäller det handledning tis 24 nov (v 48) 13:00, 1 h, {OF_THAT}"),
        ("anna", "[Ändra till handledning tis 24 nov 15:00 1 h]", "Flyttat från tis 24 nov (v 48) 13:00"),
        ("bo", "handledning idag 1h", "När ses ni nästa gång?"),
        ("bo", "fredag kl 10", OF_THAT),
        ("bo", "[Boka handledning fre 27 nov 10:00]", "Bokat: handledning fre 27 nov (v 48) 10:00"),
        ("bo", "1h", "handledning fre 27 nov (v 48) 10:00, 1 h"),
    ],
    "the hour that a booking had none of is filled in": [
        ("anna", "boka handledning 3/12", "Bokat: handledning tors 3 dec (v 49)"),
        ("anna", "kl 13-14", "handledning tors 3 dec (v 49) 13:00, 1 h"),
    ],
    "a booking that is called off is not booked by a late press": [
        ("anna", "boka handledning 3/12 13-14", "Bokat"),
        ("anna", "kl 15", OF_THAT),
        ("anna", "ställ in torsdag 3/12", "Inställt"),
        ("anna", "[Ändra till handledning tors 3 dec 15:00 1 h]", "Den går inte att ändra längre"),
    ],
    "an absence gets another last day, and other days are asked about": [
        ("anna", "semester 14/12-18/12", "Sparat"),
        ("anna", "till 23/12", "Ändrat: semester mån 14 dec–ons 23 dec (v 52)"),
        ("anna", "v 1", OF_THAT),
        ("anna", "[Även semester mån 4 jan 2027–sön 10 jan 2027 (v 1)]", "Sparat: semester mån 4 jan"),
        ("anna", "45 min", "Vad gäller det?"),
    ],
    "a supervisor fills in what they wrote, and no name": [
        ("eva", "handledning med Anna idag", "Sparat för Anna Berg"),
        ("eva", "45 min", "Ändrat för Anna Berg: handledning mån 23 nov (v 48), 45 min"),
        ("eva", "med Bo", "Vad gäller det?"),
    ],
    "a bare boka is of the line after it": [
        ("anna", "/boka", "Vad gäller det?"),
        ("anna", "handledning torsdag 13", "Bokat: handledning tors 26 nov (v 48) 13:00"),
        ("anna", "/boka", "Vad gäller det?"),
        ("anna", "handledning fredag 13-14", "Bokat: handledning fre 27 nov (v 48) 13:00, 1 h"),
        ("bo", "boka", "Vad gäller det?"),
        ("bo", "torsdag 13-14", "Vad gäller det?"),
        ("bo", "handledning", "Bokat: handledning tors 26 nov (v 48) 13:00, 1 h"),
        ("bo", "boka", "Vad gäller det?"),
        ("bo", "mini-cex idag", "Sparat: mini-CEX mån 23 nov"),
        ("bo", "boka idag 15-16", "Vad gäller det?"),
        ("bo", "handledning", "Bokat: handledning mån 23 nov (v 48) 15:00, 1 h"),
    ],
    "a slip is put right and not taken back": [
        ("anna", "handledning idag 1h", "Sparat: handledning mån 23 nov (v 48), 1 h"),
        ("anna", "fel av mig, igår", "Ändrat: handledning sön 22 nov (v 47), 1 h"),
        ("anna", "lägg till att vi pratade om jour", "Ändrat: handledning sön 22 nov (v 47), 1 h · jour"),
        ("anna", "lägg till att vi gick igenom schemat", "· jour, schemat"),
        ("anna", "nej, men boka fredag kl 10", "Bokat: handledning fre 27 nov (v 48) 10:00"),
        ("anna", "när slutar jag?", "Din utbildning slutar lör 11 jan 2031 (v 2)"),
    ],
    "a correction right after a question is of what was asked": [
        ("anna", "handledning igår 45 min", "Sparat: handledning sön 22 nov"),
        ("anna", "utvecklingssamtal idag", "Sparat: utvecklingssamtal mån 23 nov"),
        ("anna", "boka fredag 13", "Vad gäller det?"),
        ("anna", "nej lördag", "Vad gäller det?"),
        ("anna", "handledning", "Bokat: handledning lör 28 nov (v 48) 13:00"),
        ("anna", "dops idag 25h", "Hur länge?"),
        ("anna", "nej, igår", "Hur länge?"),
        ("anna", "nej, 45 min", "Sparat: DOPS sön 22 nov (v 47), 45 min"),
    ],
    "boka with a bare hour answers when the pair meets next": [
        ("anna", "handledning idag 1h", "När ses ni nästa gång?"),
        ("anna", "boka fredag 13", "Bokat: handledning fre 27 nov (v 48) 13:00"),
    ],
    "when they meet next is answered in words under its button": [
        ("anna", "handledning idag 1h", "Sparat"),
        ("anna", "[Boka nästa]", "När ses ni nästa gång?"),
        ("anna", "torsdag 13", "Bokat: handledning tors 26 nov (v 48) 13:00"),
        ("eva", "handledning med Bo idag 1h", "Sparat för Bo Dal"),
        ("eva", "[Boka nästa]", "När ses ni nästa gång?"),
        ("eva", "fredag 13-14", "Bokat för Bo Dal: handledning fre 27 nov (v 48) 13:00, 1 h"),
    ],
    "a weekday on which they are to meet is the coming one": [
        ("anna", "handledning?", "Vilken dag menar du?"),
        ("anna", "vi ses fredag", "Bokat: handledning fre 27 nov (v 48)"),
    ],
    "one's own days away get another last day": [
        ("siv", "semester v 52", "du är borta mån 21 dec–sön 27 dec (v 52)"),
        ("siv", "till 10/1", "du är borta mån 21 dec–sön 10 jan 2027 (v 1)"),
        ("siv", "ångra", "Ångrat: frånvaro mån 21 dec–sön 10 jan 2027 (v 1)"),
    ],
    "boka changes nothing that was told": [
        ("anna", "sjuk idag", "Sparat: sjukfrånvaro"),
        ("anna", "boka 3/12 13-14", "Vad gäller det?"),
        ("anna", "utvecklingssamtal idag", "Sparat"),
        ("anna", "boka 4/12 13-14", "Vad gäller det?"),
    ],
}


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_conversation(world: World, turns: list[Turn]) -> None:
    hold(world, turns)
    assert world.drift() == []


def test_a_quarter_of_an_hour_later_a_line_stands_for_itself(world: World) -> None:
    # Saved at 9:00; 9:15 is the last moment that is soon after.
    for at, wanted in (("2026-11-23T09:15", "Ändrat"), ("2026-11-24T09:16", "Vad gäller det?")):
        world.jump_to(f"{at[:10]}T09:00")
        world.say("anna", "handledning idag")
        world.jump_to(at)
        assert wanted in world.say("anna", "45 min").text


def test_what_was_said_between_parts_them(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning idag", "Sparat"),
            ("anna", "status", "Anna Berg"),
            ("anna", "45 min", "Vad gäller det?"),
        ],
    )
    assert [entry.minutes for entry in world.rows(Entry)] == [None]


def test_a_late_line_changes_nothing_that_was_told_after_it(world: World) -> None:
    earlier = world.clock()
    world.jump_to("2026-11-23T09:05")
    world.say("anna", "handledning idag")
    assert "Vad gäller det?" in world.say("anna", "45 min", at=earlier).text
    assert not world.rows(Booking)
    assert not world.rows(Absence)
