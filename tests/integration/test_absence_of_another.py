"""A supervisor tells that a trainee is away: the trainee hears of it, once, and has the last word."""

from __future__ import annotations

from handlers.message import IncomingKind
from storage.tables import Absence
from tests.integration.conversation import hold
from tests.support.world import World

TOLD = "Eva Ek har sagt att du är borta: sjukfrånvaro mån 23 nov–fre 27 nov (v 48)."


def notices(world: World, who: str = "anna") -> list[str]:
    """What somebody was told unasked, oldest first, each as far as its first colon."""
    return [sent.text.partition(":")[0] for sent in world.to(who, "notice")]


def stand(world: World) -> list[str]:
    rows = [row for row in world.rows(Absence) if row.voided_at is None]
    return [f"{row.kind} {row.from_on:%d/%m}-{row.to_on:%d/%m}" for row in rows if row.to_on]


def test_the_trainee_is_told_once_with_a_button_that_takes_it_back(world: World) -> None:
    world.say("eva", "Anna sjuk till fredag")
    world.say("eva", "Anna sjuk idag")  # known already
    [sent] = world.to("anna", "notice")
    assert sent.text.startswith(TOLD)
    hold(
        world,
        [
            ("anna", "[Ta bort]", "Ångrat: sjukfrånvaro mån 23 nov–fre 27 nov (v 48). Inget är sparat."),
            ("anna", "[Ta bort]", "redan ångrat"),
            ("eva", "[Ångra]", "redan ångrat"),
        ],
    )
    assert notices(world, "eva") == []
    assert stand(world) == []
    assert world.drift() == []


def test_who_tells_of_themselves_is_told_nothing(world: World) -> None:
    world.say("anna", "sjuk idag")
    world.say("eva", "Anna sjuk idag")
    assert notices(world) == []
    assert notices(world, "eva") == []


def test_what_is_changed_and_taken_back_is_told_to_who_was_told(world: World) -> None:
    hold(
        world,
        [
            ("eva", "Anna semester v 51", "Sparat för Anna Berg"),
            ("eva", "nej, v 52", "Ändrat för Anna Berg: semester mån 21 dec"),
            ("eva", "ångra", "semester mån 14 dec"),
            ("eva", "ångra", "Ångrat för Anna Berg"),
        ],
    )
    assert notices(world) == [
        "Eva Ek har sagt att du är borta",
        "Eva Ek har ändrat när du är borta",
        "Eva Ek har ändrat när du är borta",
        "Eva Ek har tagit tillbaka att du är borta",
    ]
    assert "semester mån 14 dec" in world.to("anna", "notice")[-1].text
    assert world.drift() == []


def test_the_trainee_takes_back_all_of_what_was_changed(world: World) -> None:
    world.say("eva", "Anna semester v 51")
    world.say("eva", "nej, v 52")
    assert "Ångrat: semester mån 21 dec" in world.press("anna", "Ta bort").text
    assert stand(world) == []


def test_what_is_taken_back_before_it_is_told_is_not_told(world: World) -> None:
    world.take(world.incoming("eva", "Anna sjuk idag"))
    world.take(world.incoming("eva", "ångra"))
    world.deliver()
    assert notices(world) == []


def test_single_days_are_told_in_one_message(world: World) -> None:
    world.say("eva", "Anna vab mån och tors")
    world.press("eva", "Båda")
    [sent] = world.to("anna", "notice")
    assert "du är borta: vab tors 19 nov (v 47), vab mån 23 nov (v 48)." in sent.text
    assert not sent.message.buttons


def test_a_colleague_takes_back_nothing_of_it(world: World) -> None:
    world.say("eva", "Anna sjuk till fredag")
    press = world.button("anna", "Ta bort").press
    assert world.take(world.incoming("bo", kind=IncomingKind.PRESS, press=press)).outcome == "refused"
    own = f"{press.rpartition('.')[0]}.2"  # as if the button were Bo's own
    assert "redan ångrat" in world.take(world.incoming("bo", kind=IncomingKind.PRESS, press=own)).message.text
    assert stand(world) == ["sick 23/11-27/11"]
