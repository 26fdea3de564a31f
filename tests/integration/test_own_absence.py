"""Supervisors and those who lead units are away too: nobody speaks to them then (behaviour.md, Nudges)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from handlers.message import IncomingKind
from handlers.privacy.erasing import erase
from handlers.privacy.mydata import collect
from schedules.tick import tidy
from storage.engine import reading, writing
from storage.tables import Absence, Audit, Away, Outbox, Person
from tests.integration.conversation import hold
from tests.support.world import ZONE, World

BACK = "2026-12-07"
"""The Monday after weeks 48 and 49; the world begins on the first one's, 23 November."""
UNASKED = ("nudge", "digest", "confirm", "booking")


def unasked(world: World, who: str) -> list[tuple[str, str]]:
    """What came without being asked for: when, and of which kind."""
    return [(f"{sent.at:%Y-%m-%d %H:%M}", sent.kind) for sent in world.to(who) if sent.kind in UNASKED]


def test_a_supervisor_away_gets_one_bundle_on_the_first_working_morning_back(engine: Engine) -> None:
    world = World(engine)
    world.say("eva", "jag har semester v 48-49")
    world.say("anna", "handledning idag 1h etik")
    world.pass_to(f"{BACK}T12:00")
    assert unasked(world, "eva") == [(f"{BACK} 08:00", "nudge")]
    told = world.to("eva", "nudge")[0].text
    assert "• Anna Berg: ingen handledning i v 49" in told
    assert told.count("Bo Dal: ") == 1  # two weeks are missing, and said once
    assert "Stämmer det?" in told
    # The trainees are reminded in their time, and the standings are as without it.
    assert ("2026-11-30 08:00", "nudge") in unasked(world, "bo")
    assert ("2026-12-03 12:15", "nudge") in unasked(world, "anna")
    assert world.rows(Absence) == []
    assert world.drift() == []


def test_which_kind_it_is_is_not_kept_and_nobody_else_is_told(world: World) -> None:
    world.say("eva", "jag är sjuk idag")
    assert [sent.to for sent in world.sent] == ["eva@exempel.se"]
    facts = [(act.act, act.facts) for act in world.rows(Audit) if act.subject == "away:1"]
    assert facts == [("away", {"on": "2026-11-23"})]
    assert "sick" not in str([row.model_dump() for row in (*world.rows(Away), *world.rows(Audit))])


def test_what_is_said_of_it(world: World) -> None:
    hold(
        world,
        [
            ("eva", "semester 21/12-6/1", "Vem gäller det?"),
            ("eva", "[Jag själv]", "du är borta mån 21 dec–ons 6 jan 2027 (v 1). Jag påminner dig inte"),
            ("eva", "status", "Du är borta mån 21 dec–ons 6 jan 2027 (v 1)."),
            ("eva", "ångra", "Ångrat: frånvaro mån 21 dec–ons 6 jan 2027 (v 1). Inget är sparat."),
            ("eva", "Anna Berg semester v 52", "Sparat för Anna Berg: semester"),
            ("eva", "min semester 1/7-31/7", "De dagarna är redan förbi"),
            ("siv", "semester v 52", "Sparat: du är borta mån 21 dec–sön 27 dec (v 52)."),
            ("siv", "status", "Du är borta mån 21 dec–sön 27 dec (v 52)."),
            ("siv", "ta bort semestern", "Ångrat: frånvaro mån 21 dec–sön 27 dec (v 52)."),
            ("siv", "tillbaka idag", "Jag har ingen frånvaro som pågår den dagen."),
            ("siv", "anna sjuk idag", "Loggen skriver ST-läkaren och handledaren själva."),
            ("lars", "sjuk från idag", "Vem gäller det?"),
            ("lars", "jag själv", "du är borta från mån 23 nov (v 48). Jag påminner dig inte"),
            ("lars", "åter 25/11", "Noterat: du är åter från ons 25 nov (v 48)."),
            ("lars", "[Ångra]", "Du är borta från mån 23 nov (v 48). Jag påminner dig inte förrän"),
            ("lars", "tillbaka idag", "Välkommen tillbaka!"),
        ],
    )
    assert [row.voided_at is None for row in world.rows(Away)] == [False, False, False]


def test_a_session_booked_in_those_days_is_told_and_may_be_moved_at_once(world: World) -> None:
    hold(
        world,
        [
            ("anna", "boka handledning tors 26/11 13-14", "Bokat: "),
            ("eva", "jag har semester v 48", "Bokat under tiden: handledning tors 26 nov (v 48) 13:00"),
            ("eva", "[Flytta]", "Till när?"),
            ("eva", "[Handledning mån 30 nov 13:00 1 h]", "Flyttat för Anna Berg från tors 26 nov"),
            ("eva", "ångra", "gäller igen"),
            ("eva", "avboka Anna", "Inställt för Anna Berg: handledning tors 26 nov"),
            ("bo", "boka handledning varje torsdag 8-9", "Bokat varje vecka"),
            (
                "eva",
                "min semester 30/11-11/12",
                "2 tillfällen, först handledning tors 3 dec (v 49) 08:00, 1 h med Bo",
            ),
            ("eva", "avboka v 49 Bo Dal", "Inställt för Bo Dal: handledning tors 3 dec"),
        ],
    )


def test_taken_back_the_reminders_come_as_they_would_have(world: World) -> None:
    world.say("eva", "jag har semester v 48-49")
    world.pass_to("2026-12-01T10:00")
    assert unasked(world, "eva") == []
    world.press("eva", "Ångra")
    assert unasked(world, "eva") == [("2026-12-01 10:00", "nudge")]


def test_back_in_the_evening_nothing_is_said_before_the_morning(world: World) -> None:
    world.say("siv", "sjuk från idag")
    world.say("eva", "jag är sjuk från idag")
    world.pass_to("2026-12-02T21:00")
    world.say("eva", "tillbaka idag")
    world.say("siv", "tillbaka idag")
    world.pass_to("2026-12-03T12:00")
    assert unasked(world, "eva") == [("2026-12-03 08:00", "nudge")]
    assert unasked(world, "siv") == [("2026-12-03 08:00", "digest")]


def test_told_on_the_morning_itself_what_was_planned_waits(world: World) -> None:
    world.pass_to("2026-11-30T07:40")
    world.say("eva", "jag är sjuk idag")
    world.pass_to("2026-12-01T12:00")
    assert unasked(world, "eva") == [("2026-12-01 08:00", "nudge")]


def test_without_an_end_nothing_is_said_or_lost_until_they_are_back(world: World) -> None:
    world.say("eva", "jag är sjuk från idag")
    world.pass_to("2026-12-11T10:00")
    assert unasked(world, "eva") == []
    waits = [row for row in world.rows(Outbox) if row.state == "pending" and row.kind == "nudge"]
    assert {row.attempts for row in waits} == {0}
    world.say("eva", "tillbaka idag")
    assert unasked(world, "eva") == [("2026-12-11 10:00", "nudge")]
    world.pass_to("2026-12-11T17:00")
    assert len(unasked(world, "eva")) == 1


def test_a_longer_absence_told_meanwhile_moves_the_return(world: World) -> None:
    world.say("eva", "jag har semester v 48-49")
    world.pass_to("2026-12-04T10:00")
    world.say("eva", "jag är sjuk 7/12-8/12")
    world.pass_to("2026-12-09T12:00")
    assert unasked(world, "eva") == [("2026-12-09 08:00", "nudge")]


def test_a_studierektors_digest_waits_and_the_newest_tells_all(engine: Engine) -> None:
    world = World(engine)
    world.say("siv", "semester v 49-50")
    world.pass_to("2026-12-14T12:00")
    assert unasked(world, "siv") == [("2026-12-14 07:30", "digest")]
    assert "Sammanfattning · mån 14 dec" in world.to("siv", "digest")[0].text
    assert len(world.to("tage", "digest")) == 3


def test_what_a_colleague_does_or_asks_for_is_told_at_once(world: World) -> None:
    world.say("siv", "sjuk från idag")
    world.say("eva", "oro Anna Berg: missar jourer")
    assert "Anna Berg" in world.to("siv", "notice")[0].text


def test_a_session_of_those_days_is_asked_about_with_the_trainee_alone(world: World) -> None:
    world.say("eva", "jag har semester v 48-49")
    world.say("anna", "boka handledning fredag 27/11 13-14")
    world.pass_to("2026-12-08T12:00")
    assert [kind for _, kind in unasked(world, "eva")] == ["nudge"]
    assert [sent.at.day for sent in world.to("anna", "booking")] == [26, 27]
    ended = {(row.state, row.reason) for row in world.rows(Outbox) if row.kind == "booking"}
    assert ended == {("sent", ""), ("skipped", "away")}  # nothing that could not be delivered


def test_the_line_edited_says_other_days(world: World) -> None:
    said = world.incoming("siv", "semester v 50")
    world.take(said)
    edit = world.incoming("siv", "semester v 51", kind=IncomingKind.EDIT, message_ref=said.message_ref)
    world.take(edit)
    stands = [row for row in world.rows(Away) if row.voided_at is None]
    assert [f"{row.from_on}" for row in stands] == ["2026-12-14"]


def test_who_asks_to_have_a_pair_reminded_hears_when(world: World) -> None:
    world.say("eva", "jag har semester v 48-49")
    world.pass_to("2026-12-01T10:00")
    world.say("siv", "påminn Bo")
    world.pass_to(f"{BACK}T12:00")
    assert unasked(world, "eva") == [(f"{BACK} 08:00", "nudge")]


def test_ones_own_data_has_it_and_erasing_leaves_none(world: World) -> None:
    world.say("eva", "jag har semester v 52")
    with reading(world.engine) as session:
        eva = session.scalars(select(Person).where(col(Person.name) == "Eva Ek")).one()
        kept = collect(session, eva)["away"]
    assert [(row["from_on"], row["to_on"]) for row in kept] == [(date(2026, 12, 21), date(2026, 12, 27))]
    with writing(world.engine) as session:
        erase(session, session.get_one(Person, eva.id), world.clock(), ZONE)
    assert world.rows(Away) == []


@pytest.mark.parametrize(("day", "kept"), [("2027-01-05T12:00", 1), ("2027-01-06T12:00", 0)])
def test_it_is_kept_for_thirty_days_after_its_end(engine: Engine, day: str, kept: int) -> None:
    world = World(engine)
    world.say("eva", "jag har semester v 48-49")  # until 6 Dec
    world.jump_to(day)
    tidy(world.engine, world.clock())
    assert len(world.rows(Away)) == kept


BOTH = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
bo@exempel.se,Bo Dal,trainee,Ekbacken,,anna@exempel.se,2026-01-12,2031-01-11
anna@exempel.se,Anna Berg,supervisor,Ekbacken,,,,
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
"""


def test_who_is_away_from_a_training_hears_of_their_own_trainee_when_back(engine: Engine) -> None:
    world = World(engine, roster=BOTH)
    world.say("anna", "jag har semester 25/11-11/12")
    world.pass_to("2026-12-14T12:00")
    assert [at for at, kind in unasked(world, "anna") if kind == "nudge"] == ["2026-12-14 08:00"]
    assert "Bo Dal: ingen handledning på 3 veckor (sedan v 48)" in world.to("anna", "nudge")[0].text


def test_who_comes_back_early_hears_of_them_then(engine: Engine) -> None:
    world = World(engine, roster=BOTH)
    world.say("anna", "jag har semester 30/11-11/12")
    world.pass_to("2026-12-02T07:00")
    world.say("anna", "tillbaka 2/12")
    world.pass_to("2026-12-02T12:00")
    assert ("2026-12-02 08:00", "nudge") in unasked(world, "anna")


def test_a_trainee_on_leave_is_asked_and_reminded_when_back(engine: Engine) -> None:
    world = World(engine)
    world.say("anna", "boka handledning 30/11 13-14")
    world.say("anna", "semester 24/11-27/11")
    world.pass_to("2026-11-24T10:00")
    world.say("eva", "handledning igår 1h med Anna Berg")
    world.pass_to("2026-11-30T12:00")
    assert unasked(world, "anna") == [("2026-11-30 08:00", "booking"), ("2026-11-30 08:05", "confirm")]
    assert ("2026-11-27 08:00", "booking") in unasked(world, "eva")


def test_a_trainee_on_leave_without_an_end_is_asked_on_the_return(engine: Engine) -> None:
    world = World(engine)
    world.say("anna", "föräldraledig från 24/11 tills vidare")
    world.pass_to("2026-11-24T10:00")
    world.say("eva", "handledning igår 1h med Anna Berg")
    world.pass_to("2026-12-16T12:00")
    assert unasked(world, "anna") == []
    world.say("anna", "tillbaka 17/12")
    world.pass_to("2026-12-17T12:00")
    assert [kind for _, kind in unasked(world, "anna")][-1] == "confirm"
    assert {at[:10] for at, _ in unasked(world, "anna")} == {"2026-12-17"}
