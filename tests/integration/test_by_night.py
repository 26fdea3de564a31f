"""What is saved at night is answered at once, and the other half is asked about it in the morning."""

from __future__ import annotations

import pytest

from storage.tables import Entry, Outbox
from tests.support.world import World


def asked(world: World, who: str = "eva") -> list[str]:
    """When somebody was asked whether a log is right, by itself or in a bundle."""
    return [f"{sent.at:%a %H:%M} {sent.kind}" for sent in world.to(who) if "Stämmer det?" in sent.text]


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("2026-11-23T21:59", "Mon 21:59 confirm"),
        ("2026-11-23T22:00", "Tue 08:00 confirm"),
        ("2026-11-24T06:59", "Tue 08:00 confirm"),
        ("2026-11-24T07:00", "Tue 07:00 confirm"),
        ("2026-11-28T23:30", "Sun 08:00 confirm"),
    ],
)
def test_the_question_waits_for_the_morning_and_the_receipt_does_not(
    world: World, at: str, when: str
) -> None:
    world.say("bo", "tysta handledning till 1 februari: Eva är bortrest")  # so that no bundle comes
    world.pass_to(at)
    assert world.say("anna", "handledning igår 1h").text.startswith("Sparat: ")
    world.pass_to("2026-11-29T12:00")
    assert asked(world) == [when]
    assert "Bekräftat" in world.press("eva", "Stämmer").text


def test_it_travels_in_the_bundle_of_that_morning(world: World) -> None:
    """Week 48 is missed by both: Eva is reminded on Monday at 08:00. Anna writes on Sunday night."""
    world.pass_to("2026-11-29T22:30")
    world.say("anna", "handledning i fredags 1h")
    world.pass_to("2026-11-30T12:00")
    assert asked(world) == ["Mon 08:00 nudge"]


def test_what_is_taken_back_before_the_morning_is_never_asked(world: World) -> None:
    world.pass_to("2026-11-24T02:00")
    world.say("anna", "handledning igår 1h")
    world.say("anna", "ångra")
    world.pass_to("2026-11-24T12:00")
    assert asked(world) == []
    assert [row.state for row in world.rows(Outbox) if row.kind == "confirm"] == ["skipped"]


def test_what_is_changed_before_the_morning_is_asked_about_as_it_is_then(world: World) -> None:
    world.pass_to("2026-11-24T02:00")
    world.say("anna", "handledning igår 1h")
    world.say("anna", "nej, 45 min")
    world.pass_to("2026-11-24T12:00")
    assert asked(world) == ["Tue 08:00 confirm"]
    assert "45 min" in world.to("eva", "confirm")[0].text


def test_who_objected_is_asked_once_more_in_the_morning_too(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.press("eva", "Stämmer inte")
    world.pass_to("2026-11-23T23:00")
    world.press("anna", "Det stämmer")
    world.pass_to("2026-11-24T12:00")
    assert [f"{sent.at:%a %H:%M}" for sent in world.to("eva", "confirm")] == ["Mon 09:00", "Tue 08:00"]


def test_by_ones_own_morning_where_one_has_set_it(world: World) -> None:
    world.say("eva", "påminn mig kl 10")
    world.pass_to("2026-11-24T02:00")
    world.say("anna", "handledning igår 1h")
    world.pass_to("2026-11-24T12:00")
    assert asked(world) == ["Tue 10:00 confirm"]
    assert [each.confirmed_by for each in world.rows(Entry)] == [None]
