"""A question about one duty is answered about that one: what asks for it, how often, when, what is booked."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.integration.conversation import hold
from tests.support.world import ROSTER, World


def test_a_question_about_one_duty_is_answered_about_that_one(world: World) -> None:
    world.say("anna", "iup reviderad 15/9")
    world.say("anna", "boka kollegium 10/12 kl 15")
    turns = [
        (
            "anna",
            "när är nästa iup",
            "IUP reviderad hittills i år: 1\nSenast: IUP reviderad tis 15 sep (v 38)",
        ),
        ("anna", "när ska vi ha kollegium", "hittills i år: 0\nBokat: specialistkollegium tors 10 dec"),
        ("eva", "när är nästa iup", "Anna Berg\n✓ IUP"),
        ("siv", "när ska Anna ha kollegium", "Allt om läget: skriv visa Anna Berg"),
    ]
    hold(world, turns)
    assert "Handledning" not in world.to("anna", "reply")[-1].text


def test_of_an_instrument_only_what_was_done_with_it_is_counted(world: World) -> None:
    world.say("anna", "mini-cex igår")
    world.say("anna", "dops igår")
    hold(world, [("anna", "hur många mini-cex har jag gjort", "Mini-CEX hittills i år: 1\nSenast: mini-CEX")])


def test_who_sees_no_notes_is_told_the_day_alone(sqlite: Engine) -> None:
    world = World(sqlite, roster=f"{ROSTER}hilda@exempel.se,Hilda Chef,head,Ekbacken,,,,,\n")
    world.say("anna", "handledning idag 1h etik")
    asked = "när hade Anna handledning senast"
    hold(world, [("eva", asked, "Senast: handledning mån 23 nov (v 48), 1 h · etik")])
    hold(world, [("hilda", asked, "Handledning hittills i år: 1\nSenast: mån 23 nov (v 48)\n")])


def test_what_the_rulebook_does_not_ask_for_is_said_so(world: World) -> None:
    hold(world, [("anna", "hur många at-kollegium har jag haft", "ställer inget krav på")])
