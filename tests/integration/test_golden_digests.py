"""Whole digests of made-up units, word for word: empty, in step, everything overdue, and three large units.

The texts stand in tests/golden/digests; they are read as somebody reads them on a Monday.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from handlers.digests.people import MOST_SHARES
from schedules.rules.rulebook import shipped
from tests.support.world import World

GOLDEN = Path(__file__).parents[1] / "golden/digests"
HEAD = "email,name,role,unit,rulebook,supervisor,start,end\n"
LEADERS = """\
siv@exempel.se,Siv Rektorsson,studierektor,{units},,,,
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,
gerd@exempel.se,Gerd Toppen,chief_director,,,,,
"""
WORDS_A_MINUTE = 250
"""What a grown-up reads of Swedish prose, and lists are quicker."""
FIRST = ("Anna", "Bo", "Cia", "Doris", "Elin", "Frej", "Gun", "Hugo")
LAST = {
    "Ekbacken": ("Berg", "Dal", "Ek", "Falk", "Gran"),
    "Granlund": ("Hed", "Kvist", "Lind", "Mo", "Nord"),
    "Torget": ("Ohlin", "Palm", "Rask", "Sand", "Tång"),
}


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text("utf-8").rstrip("\n")


def trainee(name: str, unit: str, supervisor: str) -> str:
    mail = f"{name.lower().replace(' ', '.').replace('å', 'a')}.{unit.lower()}"
    book = "ostergotland-allmanmedicin"
    return f"{mail}@exempel.se,{name},trainee,{unit},{book},{supervisor}@exempel.se,2026-01-12,2031-01-11\n"


def small(*, trainees: bool = True) -> str:
    people = "eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,\n"
    if trainees:
        people += trainee("Anna Berg", "Ekbacken", "eva") + trainee("Bo Dal", "Ekbacken", "eva")
    return HEAD + people + LEADERS.format(units="Ekbacken")


def digests(world: World) -> dict[str, str]:
    return {who: world.say(who, "digest").text for who in ("siv", "hans", "gerd")}


def test_an_empty_unit(sqlite: Engine) -> None:
    world = World(sqlite, roster=small(trainees=False))
    assert set(digests(world).values()) == {golden("empty")}


def test_a_unit_without_trainees_still_says_what_it_owes(sqlite: Engine) -> None:
    world = World(sqlite, roster=small(trainees=False))
    world.say("hans", "spur 2026-10-12 dokumentationen brister")
    owed = "• Ekbacken: följ upp SPUR mån 12 okt senast mån 12 apr 2027 (v 15): dokumentationen brister"
    assert {text.splitlines()[-1] for text in digests(world).values()} == {owed}
    world.say("hans", "inställning digest bara när något behövs")
    world.pass_to("2026-11-30T08:00")
    assert owed in world.to("hans", "digest")[-1].text


def test_five_rulebooks_in_one_remit_tell_the_first_requirements_and_how_many_more(sqlite: Engine) -> None:
    units = {book: f"Enhet {number}" for number, book in enumerate(shipped(), 1)}
    rows = (
        trainee(name, unit, "eva").replace("ostergotland-allmanmedicin", book)
        for book, unit in units.items()
        for name in ("Anna Berg", "Bo Dal", "Cia Ek")
    )
    people = "eva@exempel.se,Eva Ek,supervisor,Enhet 1,,,,\n" + "".join(rows).replace(".enhet ", ".")
    leaders = LEADERS.format(units="|".join(units.values())).replace("Ekbacken", "Enhet 1")
    world = World(sqlite, start="2026-01-12T09:00", roster=HEAD + people + leaders)
    world.jump_to("2026-11-23T09:00")
    world.tick()
    for who in ("siv", "gerd"):
        figures = (
            world.say(who, "digest").text.partition("Läget: ")[2].partition("Enheterna:")[0].splitlines()
        )
        assert figures[1].startswith("• Handledning")
        assert len(figures) == 1 + MOST_SHARES + 2
        assert figures[-2].endswith(" krav till med någon som väntar: skriv översikt")


def test_all_in_step_is_one_line(sqlite: Engine) -> None:
    world = World(sqlite, roster=small())
    for who in ("anna.berg.ekbacken", "bo.dal.ekbacken"):
        world.say(who, "handledning idag 1h")
    assert set(digests(world).values()) == {golden("in_step")}
    assert len(golden("in_step").splitlines()) == 2  # the day, and that all is well


@pytest.fixture
def overdue(sqlite: Engine) -> World:
    """Watched from 12 January 2026, and hardly anything logged until 23 November; Nina came last week."""
    world = World(sqlite, start="2026-01-12T09:00", roster=small())
    world.say("anna.berg.ekbacken", "handledning idag 1h")
    world.say("anna.berg.ekbacken", "boka handledning 12/2 kl 13")
    world.jump_to("2026-02-12T15:00")
    world.tick()
    world.deliver()
    world.press("anna.berg.ekbacken", "Nej: jour")
    world.say("anna.berg.ekbacken", "semester 2/7-31/7")
    world.say("bo.dal.ekbacken", "tysta handledning till 1 januari 2027: väntar på ny handledare")
    world.say("siv", "spur 2026-02-02 dokumentationen brister")
    world.say("eva", "oro Bo: sover dåligt och tappar fart")
    world.jump_to("2026-11-16T09:00")
    world.tick()
    world.enrol(small() + trainee("Nina Ny", "Ekbacken", "eva").replace("eva@exempel.se", ""))
    world.jump_to("2026-11-23T09:00")
    world.tick()
    world.deliver()
    return world


@pytest.mark.parametrize("who", ["siv", "hans", "gerd"])
def test_everything_overdue(overdue: World, who: str) -> None:
    assert digests(overdue)[who] == golden(f"overdue_{who}")


@pytest.fixture
def large(sqlite: Engine) -> World:
    """Three units of forty, watched from 7 September: every third pair has never met, every third did last
    week, and every third met once."""
    people = "".join(f"eva.{u.lower()}@exempel.se,Eva {u}sson,supervisor,{u},,,,\n" for u in LAST)
    rows = [
        trainee(f"{first} {last}", unit, f"eva.{unit.lower()}")
        for unit, names in LAST.items()
        for first in FIRST
        for last in names
    ]
    rows[:40:10] = [row.replace("eva.ekbacken@exempel.se", "") for row in rows[:40:10]]
    roster = HEAD + people + "".join(rows) + LEADERS.format(units="|".join(LAST))
    world = World(sqlite, start="2026-09-07T09:00", roster=roster)
    for at, row in enumerate(rows):
        if at % 3:
            world.take(world.incoming(row.partition("@")[0], "handledning idag 1h"))
    monday = date(2026, 9, 14)
    while monday <= date(2026, 11, 16):
        world.jump_to(f"{monday}T09:00")
        world.tick()
        monday += timedelta(days=7)
    for at, row in enumerate(rows):
        if at % 3 == 1:
            world.take(world.incoming(row.partition("@")[0], "handledning i fredags 1h"))
    world.tick()
    return world


@pytest.mark.parametrize("who", ["siv", "gerd"])
def test_three_units_of_forty_are_read_in_a_minute(large: World, who: str) -> None:
    text = large.say(who, "digest").text
    assert text == golden(f"large_{who}")
    assert len(text.split()) <= WORDS_A_MINUTE


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_no_kept_digest_takes_more_than_a_minute(path: Path) -> None:
    assert len(path.read_text("utf-8").split()) <= WORDS_A_MINUTE
