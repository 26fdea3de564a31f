"""What has been kept for long enough is emptied or erased, on both sides of each boundary."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.delivery import Delivery
from bot.metronome import RETAIN_AT, Metronome
from handlers.linking import invite
from handlers.privacy.retention import Kept, retain, waiting
from schedules.tick import tidy
from storage.engine import writing
from storage.tables import Entry, Inbox, LinkCode, LinkTry, Outbox, Person
from tests.support.world import ZONE, World

KEPT = Kept()


def _after(world: World, days: float) -> int:
    return retain(world.engine, world.clock() + timedelta(days=days), ZONE, KEPT)


@pytest.mark.parametrize(("days", "emptied"), [(30, False), (30.01, True)])
def test_an_outcome_is_kept_for_thirty_days(engine: Engine, days: float, emptied: bool) -> None:
    world = World(engine)
    world.say("anna", "handledning i fredags 1h etik")
    _after(world, days)
    assert (world.rows(Inbox)[0].outcome == "") is emptied
    assert len(world.rows(Entry)) == 1


@pytest.mark.parametrize(("days", "emptied"), [(365, False), (365.01, True)])
def test_the_facts_of_what_was_sent_are_kept_for_a_year(
    engine: Engine,
    days: float,
    emptied: bool,
) -> None:
    world = World(engine)
    world.say("anna", "handledning i fredags 1h etik")
    _after(world, days)
    assert all((row.facts == {}) is emptied for row in world.rows(Outbox) if row.ended_at)
    assert len(world.rows(Outbox)) >= 1


def test_a_stranger_is_forgotten_too(engine: Engine) -> None:
    """Wrong codes and their codes after two days, whom an answer went to after a year."""
    world = World(engine)
    with writing(engine) as session:
        invite(session, session.get_one(Person, 1), world.clock())
    world.say("okand", "koppla ABCDEFGH")
    code = world.rows(LinkCode)[0].expires_at
    for late, kept in ((timedelta(days=2), [1, 1]), (timedelta(days=2, seconds=1), [0, 1])):
        tidy(engine, world.clock() + late)
        assert [len(world.rows(LinkTry)), len(world.rows(LinkCode))] == kept
    tidy(engine, code + timedelta(days=2, seconds=1))
    assert world.rows(LinkCode) == []
    _after(world, 365)
    assert "okand" in world.rows(Outbox)[-1].recipient
    _after(world, 365.01)
    assert "okand" not in str([row.model_dump() for row in (*world.rows(Outbox), *world.rows(Inbox))])


# 2026-11-23 and 731 days: the day before 2024-11-22 is the last whose names go.
@pytest.mark.parametrize(("end", "name"), [("2024-11-22", "Anna Berg"), ("2024-11-21", "–")])
def test_who_trained_is_kept_for_two_years_after_the_end(sqlite: Engine, end: str, name: str) -> None:
    roster = (
        "email,name,role,unit,supervisor,start,end\n"
        f"anna@exempel.se,Anna Berg,trainee,Ekbacken,eva@exempel.se,2019-01-12,{end}\n"
        "eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,\n"
    )
    world = World(sqlite, roster=roster)
    assert waiting(sqlite, world.clock(), ZONE, KEPT) == (name == "–")
    assert _after(world, 0) == (name == "–")
    assert {person.name for person in world.rows(Person)} == {name, "Eva Ek"}
    assert _after(world, 0) == 0  # once


def test_who_has_become_a_supervisor_is_not_erased(sqlite: Engine) -> None:
    roster = (
        "email,name,role,unit,start,end\n"
        "anna@exempel.se,Anna Berg,trainee,Ekbacken,2015-01-12,2020-01-11\n"
        "anna@exempel.se,Anna Berg,supervisor,Ekbacken,,\n"
    )
    world = World(sqlite, roster=roster)
    assert _after(world, 0) == 0
    assert [person.name for person in world.rows(Person)] == ["Anna Berg"]


def test_the_metronome_does_it_as_it_is_set(world: World) -> None:
    world.say("anna", "handledning i fredags 1h etik")
    delivery = Delivery(world.engine, {}, world.clock, ZONE)
    metronome = Metronome(world.engine, world.clock, ZONE, delivery)
    metronome.kept = Kept(inbox=timedelta(0))
    world.clock.move_to(world.clock() + timedelta(minutes=1))
    asyncio.run(metronome.retain())
    assert {row.outcome for row in world.rows(Inbox)} == {""}
    assert RETAIN_AT[0] != 2  # the hour that summer time doubles or skips
