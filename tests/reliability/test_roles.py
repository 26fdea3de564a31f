"""Every role × every command × four ownerships × every button: default deny (behaviour.md, "Who may")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, select

from handlers.commands.table import COMMANDS, PRESSES
from handlers.message import IncomingKind, Message
from storage.engine import reading
from storage.tables import (
    Absence,
    AssessmentRequest,
    Booking,
    Entry,
    Mute,
    Pairing,
    Person,
    Placement,
    Remark,
    Trainee,
    Unit,
    UnitDuty,
)
from tests.support.papers import text_of
from tests.support.world import World

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
bo@exempel.se,Bo Dal,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11
doris@exempel.se,Doris Kvist,trainee,Ekbacken,,nils@exempel.se,2026-01-12,2031-01-11
cia@exempel.se,Cia Strand,trainee,Granlund,skane-sjukhus,lars@exempel.se,2026-01-12,2031-01-11
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
nils@exempel.se,Nils Vik,supervisor,Ekbacken,,,,
lars@exempel.se,Lars Lind,supervisor,Granlund,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,
gerd@exempel.se,Gerd Toppen,chief_director,Ekbacken,,,,
sten@exempel.se,Sten Skrivare,secretary,Ekbacken,,,,
"""
TRAINEES = ("anna", "bo", "doris", "cia")
NAMES = {"anna": "Anna Berg", "bo": "Bo Dal", "doris": "Doris Kvist", "cia": "Cia Strand"}
NOBODY = "Xerxes Ytterby"

# Own, the pair's other trainee or another's in the same unit, and another unit's: each role has all four.
SEES_NOTES = {"anna": {"anna"}, "eva": {"anna", "bo"}, "siv": {"anna", "bo", "doris"}}
SEES_STANDING = SEES_NOTES | {"hans": {"anna", "bo", "doris"}}
SEES_CONCERNS = {"siv": {"anna", "bo", "doris"}, "hans": {"anna", "bo", "doris"}}
CHANGES = {"anna": {"anna"}, "eva": {"anna", "bo"}}
ACTORS = ("anna", "eva", "siv", "hans", "gerd", "sten", "nobody")

LINES = {
    "log": ("handledning igår 1h med {name}", "mini-cex igår {name}", "kollegium 4 maj {name}"),
    "book": ("boka handledning på fredag kl 13 med {name}", "boka handledning varje torsdag 13-14 {name}"),
    "move": ("flytta fredag till måndag 9:00 {name}", "flytta handledning med {name}"),
    "cancel": ("avboka {name}", "avboka serien {name}"),
    "absence": ("sjuk idag {name}", "föräldraledig 1/12-28/2 {name}"),
    "placement": ("sidotjänstgöring psykiatri 1/2-30/4 handledare {name}",),
    "agreed": ("vi ses var tredje vecka {name}",),
    "back": ("åter i tjänst {name}",),
    "unit_duty": ("anmärkningar", "spur följ upp 1/2", "spur 2026-03-12", "spur 12/3 {name} brister"),
    "status": ("status", "status {name}"),
    "history": ("historik", "historik {name}"),
    "undo": ("ångra", "ångra {name}"),
    "confirm": ("stämmer", "stämmer {name}", "bekräfta alla"),
    "dispute": ("stämmer inte", "stämmer inte {name}"),
    "change": ("ändra till 45 min", "ändra {name} till 30 min"),
    "rules": ("regler", "regler {name}"),
    "calendar": ("kalender", "kalender {name}"),
    "request": ("be {name} om bedömning mini-cex", "bedömning mini-cex buksmärta {name}"),
    "setting": ("inställningar", "inställning morgon 9:00", "påminn mig kl 9"),
    "mute": ("tysta kollegium till 1 mars: {name} väntar", "tysta av"),
    "pairs": ("par", "par {name}"),
    "overview": ("översikt", "översikt {name}"),
    "digest": ("digest",),
    "roster": ("byt handledare {name}", "ny handledare för {name}"),
    "help": ("hjälp",),
    "language": ("språk svenska",),
    "show": ("visa {name}",),
    "overdue": ("lista försenade",),
    "unsupervised": ("vilka saknar handledare",),
    "remind": ("påminn {name}",),
    "statistics": ("statistik",),
    "concern": ("oro {name}", "oro {name}: sover", "följ upp oro {name} 10/12", "oro {name} klar: samtal"),
    "plan_kollegier": ("kollegium planera", "planera kollegier"),
    "carry": ("ta med mig", "ta med {name}"),
    "export": ("export", "export {name}"),
    "paper": (
        *("underlag dokumentation {name}", "underlag delmål {name}", "underlag årsrapport {name}"),
        *("underlag handledarutlåtande {name}", "underlag kollegium {name}", "underlag kollegium"),
        *("underlag spur Ekbacken", "underlag spur Granlund anonymt", "spur-underlag", "underlag"),
    ),
    "once_more": ("samma tid nästa vecka", "boka samma tid nästa vecka med {name}"),
    "who": ("vem är min handledare", "vem är studierektor"),
    "privacy": ("vem kan se det jag skriver", "kan {name} se mina anteckningar"),
    "thanks": ("tack {name}",),
    "link": ("koppla K7F2PQ",),
    "unlink": ("koppla bort telegram", "koppla bort {name}"),
    "my_links": ("kopplingar", "kopplingar {name}"),
    "my_data": ("mina uppgifter", "mina uppgifter {name}"),
    "forget_me": ("glöm mig", "glöm mig {name}"),
    "invite": ("bjud in {mail}",),
    "unlinked": ("okopplade",),
    "ask": ("igår {name}", "1h {name}"),
    "unknown": ("{name}", "vad gör {name}?"),
    "refused": ("handledning igår om 19121212-1212 {name}",),
}
_OWNED: tuple[type[SQLModel], ...] = (Entry, Absence, Booking, Placement, Pairing, Mute, AssessmentRequest)


def test_every_command_has_its_lines() -> None:
    assert LINES.keys() == {row.intent for row in COMMANDS}


@pytest.fixture
def lived(sqlite: Engine) -> World:
    """Two units in which everybody has something to hide."""
    return _lived(World(sqlite, roster=ROSTER))


def _lived(world: World) -> World:
    for who in TRAINEES:
        world.say(who, f"handledning i fredags 1h anteckning-{who}")
        world.say(who, f"handledning i torsdags 1h privat: hemlighet-{who}")
        world.say(who, "boka handledning på torsdag kl 13")
        world.say(who, f"dops 9/11 anteckning-{who}")
        world.say(who, "tysta kollegium till 1 mars: väntar")
        world.say(who, "semester v52")
    world.say("anna", "be @nils om bedömning mini-cex")
    for who, supervisor in {"anna": "eva", "bo": "eva", "doris": "nils", "cia": "lars"}.items():
        world.say(supervisor, f"oro {NAMES[who]}: bekymmer-{who}")
    world.press("eva", "Stämmer inte")
    world.pass_to("2026-11-26T16:00")
    return world


def _of_trainees(world: World) -> dict[str, Any]:
    """All rows of each trainee, by name; what was remarked on them too."""
    with reading(world.engine) as session:
        owners = {
            trainee.id: person.email.partition("@")[0]
            for trainee, person in session.exec(
                select(Trainee, Person).where(Trainee.person_id == Person.id)
            ).all()
        }
        found: dict[str, Any] = {name: [] for name in owners.values()}
        for trainee in session.exec(select(Trainee)).all():
            found[owners[trainee.id]].append(trainee.model_dump())
        chains: dict[int | None, str] = {}
        for model in _OWNED:
            for row in session.exec(select(model)).all():
                found[owners[row.trainee_id]].append((model.__name__, row.model_dump()))  # type: ignore[attr-defined]
                if isinstance(row, Entry):
                    chains[row.chain_id] = owners[row.trainee_id]
        for remark in session.exec(select(Remark)).all():
            found[chains[remark.chain_id]].append(remark.model_dump())
    return found


def _everything(message: Message) -> str:
    parts = [message.text, *(f"{field.label} {field.value}" for field in message.fields)]
    parts += [button.label for button in message.buttons]
    parts += [text_of(file) for file in message.files]
    return "\n".join(parts)


def _said(actor: str) -> Iterator[tuple[str, str]]:
    for lines in LINES.values():
        for line in lines:
            for who in TRAINEES if "{" in line else ("anna",):
                yield who, line.format(name=NAMES[who], mail=f"{who}@exempel.se")


@pytest.mark.parametrize("actor", ACTORS)
def test_a_line_changes_and_shows_only_what_is_the_writers_to(lived: World, actor: str) -> None:
    hidden = set(TRAINEES) - SEES_NOTES.get(actor, set())
    before = _of_trainees(lived)
    heard = len(lived.to(actor))
    for _, line in _said(actor):
        lived.say(actor, line)
    after = _of_trainees(lived)
    assert {who for who in TRAINEES if before[who] != after[who]} <= CHANGES.get(actor, set())
    told = "\n".join(_everything(sent.message) for sent in lived.to(actor)[heard:])
    assert [who for who in hidden if f"anteckning-{who}" in told] == []
    assert [who for who in TRAINEES if f"hemlighet-{who}" in told and who != actor] == []
    assert {who for who in TRAINEES if f"bekymmer-{who}" in told} == SEES_CONCERNS.get(actor, set())
    if actor in CHANGES:  # else the test could not fail
        assert any(before[who] != after[who] for who in CHANGES[actor])


@pytest.mark.parametrize("actor", ACTORS)
def test_who_may_not_know_of_somebody_is_answered_as_about_nobody(lived: World, actor: str) -> None:
    for who in TRAINEES:
        for line in (
            "visa {name}",
            "påminn {name}",
            "status {name}",
            "historik {name}",
            "par {name}",
            "översikt {name}",
            "export {name}",
            "underlag delmål {name}",
            "underlag kollegium {name}",
        ):
            answer = lived.say(actor, line.format(name=NAMES[who])).text
            if who in SEES_STANDING.get(actor, set()):
                continue
            as_nobody = lived.say(actor, line.format(name=NOBODY)).text
            assert answer.replace(NAMES[who], NOBODY) == as_nobody


def test_those_who_may_see_a_standing_do(lived: World) -> None:
    for actor, may in SEES_STANDING.items():
        for who in may - {actor}:
            assert NAMES[who] in lived.say(actor, f"visa {NAMES[who]}").text


def _presses(world: World) -> dict[str, str]:
    """Every kind of button that anybody got, by its verb and shape; and one of each verb there is."""
    found = {button.press: sent.to for sent in world.sent for button in sent.message.buttons}
    for verb in PRESSES:
        for about in ("1", "2", "3", "1.2", "2.1", "1.1.1"):
            found.setdefault(f"{verb}.{about}.1", "")
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_a_button_of_another_does_nothing_even_with_ones_own_number_in_it(lived: World, actor: str) -> None:
    with reading(lived.engine) as session:
        person = session.exec(select(Person).where(Person.email == f"{actor}@exempel.se")).first()
    number = person.id if person else 999
    presses = {press for press, owner in _presses(lived).items() if owner.partition("@")[0] != actor}
    heard, before = len(lived.to(actor)), _of_trainees(lived)
    units = [(row.model_dump()) for model in (Unit, UnitDuty) for row in lived.rows(model)]
    for press in sorted(presses):
        for forged in (press, re.sub(r"\d+$", str(number), press)):
            lived.take(lived.incoming(actor, kind=IncomingKind.PRESS, press=forged))
    lived.deliver()
    after = _of_trainees(lived)
    assert {who for who in TRAINEES if before[who] != after[who]} <= CHANGES.get(actor, set())
    assert units == [(row.model_dump()) for model in (Unit, UnitDuty) for row in lived.rows(model)]
    told = "\n".join(_everything(sent.message) for sent in lived.to(actor)[heard:])
    hidden = set(TRAINEES) - SEES_NOTES.get(actor, set())
    assert [who for who in hidden if f"anteckning-{who}" in told] == []
    assert [who for who in TRAINEES if f"hemlighet-{who}" in told and who != actor] == []
    assert {who for who in TRAINEES if f"bekymmer-{who}" in told} <= SEES_CONCERNS.get(actor, set())


def test_a_concern_went_to_those_it_is_addressed_to_and_to_nobody_else(lived: World) -> None:
    for actor in (*ACTORS, "bo", "doris", "cia", "nils", "lars"):
        told = "\n".join(_everything(sent.message) for sent in lived.to(actor))
        assert {who for who in TRAINEES if f"bekymmer-{who}" in told} == SEES_CONCERNS.get(actor, set())


def test_who_is_no_longer_a_supervisor_gets_nothing_of_what_was_queued(lived: World) -> None:
    lived.take(lived.incoming("anna", "handledning idag 1h anteckning-sedan"))
    lived.enrol(ROSTER.replace("eva@exempel.se,2026", "nils@exempel.se,2026"))
    heard = len(lived.to("eva"))
    lived.deliver()
    assert "anteckning-sedan" not in "\n".join(_everything(sent.message) for sent in lived.to("eva")[heard:])
