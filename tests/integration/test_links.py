"""Linking: several accounts a person, single-use codes, unlinking, inviting, and who is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from handlers.language.catalogue import NOW
from handlers.language.reader import read
from handlers.linking import invite
from handlers.message import Reply, Sender
from storage.engine import writing
from storage.tables import Identity, LinkTry, Pairing, Person, Role
from tests.support.world import ROSTER, World

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PLATFORMS = ["slack", "telegram", "web", "teams", "matrix"]


def code_for(world: World, who: str) -> str:
    with writing(world.engine) as session:
        person = session.exec(select(Person).where(Person.email == f"{who}@exempel.se")).one()
        return invite(session, person, world.clock())


def says(world: World, sender: Sender, text: str) -> Reply:
    return world.take(world.incoming("", text, sender=sender))


def accounts(world: World, who: str) -> list[tuple[str, str]]:
    people = {person.id: person.email for person in world.rows(Person)}
    rows = [row for row in world.rows(Identity) if people[row.person_id] == f"{who}@exempel.se"]
    return [(row.platform, row.external_id) for row in rows]


@settings(deadline=None)
@given(st.text(LETTERS, min_size=8, max_size=8), st.sampled_from(["/start ", "koppla ", "/koppla ", "link "]))
def test_every_code_is_read_as_one_however_it_looks(code: str, word: str) -> None:
    """Codes like JT2DA34M and 8E9ECR97 were taken for dates and lengths."""
    found = read(word + code, NOW)
    assert (found.intent, found.note) == ("link", code) or found.reason == "personal_identity_number"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_code_links_one_more_account_and_works_once(world: World, platform: str) -> None:
    code = code_for(world, "anna")
    one, other = Sender(platform, "7", address="7"), Sender(platform, "8", address="8")
    assert says(world, one, f"/start {code}").outcome == "linked"
    assert says(world, other, f"koppla {code}").outcome == "link_refused"
    assert accounts(world, "anna") == [("sim", "anna@exempel.se"), (platform, "7")]


@pytest.mark.parametrize("way", ["code", "e-mail"])
def test_who_is_linked_where_others_read_is_never_written_to_there(world: World, way: str) -> None:
    mine = Sender("slack", "U7", "T1", address="C1", email="anna@exempel.se" if way == "e-mail" else "")
    said = f"koppla {code_for(world, 'anna')}" if way == "code" else "status"
    world.take(world.incoming("", said, sender=mine, private=False))
    assert [row.chat for row in world.rows(Identity) if row.external_id == "U7"] == [""]
    world.take(world.incoming("", "status", sender=replace(mine, address="D1")))
    assert [row.chat for row in world.rows(Identity) if row.external_id == "U7"] == ["D1"]


def test_a_code_that_several_accounts_write_at_once_links_one_of_them(engine: Engine) -> None:
    world = World(engine)
    code, senders = code_for(world, "anna"), [Sender("telegram", f"{n}", address=f"{n}") for n in range(1, 7)]
    with ThreadPoolExecutor(len(senders)) as pool:
        replies = list(pool.map(lambda sender: says(world, sender, f"koppla {code}"), senders))
    assert sorted(reply.outcome for reply in replies) == ["link_refused"] * 5 + ["linked"]
    assert len(accounts(world, "anna")) == 2


@pytest.mark.parametrize("platform", PLATFORMS)
def test_after_five_wrong_codes_an_account_waits_ten_minutes(world: World, platform: str) -> None:
    me, other = Sender(platform, "7", "T1"), Sender(platform, "8", "T1")
    for _ in range(5):
        assert "stämmer inte" in says(world, me, "koppla AAAA2222").message.text
    code = code_for(world, "anna")
    assert "för många försök" in says(world, me, f"koppla {code}").message.text
    assert len(world.rows(LinkTry)) == 5
    assert says(world, other, "koppla BBBB2222").outcome == "link_refused"  # tries are one's own
    world.clock.move_to(world.clock() + timedelta(minutes=10) - timedelta(seconds=1))
    assert "för många försök" in says(world, me, "koppla AAAA2222").message.text
    world.clock.move_to(world.clock() + timedelta(seconds=1))
    assert says(world, me, f"koppla {code_for(world, 'anna')}").outcome == "linked"


@pytest.mark.parametrize(("seconds", "outcome"), [(599, "linked"), (600, "link_refused")])
def test_a_code_lasts_ten_minutes(world: World, seconds: int, outcome: str) -> None:
    code = code_for(world, "anna")
    world.clock.move_to(world.clock() + timedelta(seconds=seconds))
    assert says(world, Sender("telegram", "7"), f"/start {code}").outcome == outcome


def test_one_sees_ones_own_links(world: World) -> None:
    says(world, Sender("telegram", "7", address="7"), f"/start {code_for(world, 'anna')}")
    told = world.say("anna", "mina kopplingar").text
    assert "• Sim, sedan mån 23 nov (det här kontot)" in told
    assert "• Telegram, sedan mån 23 nov" in told


def test_one_unlinks_this_account_or_another(world: World) -> None:
    phone = Sender("telegram", "7", address="7")
    says(world, phone, f"/start {code_for(world, 'anna')}")
    assert "Telegram är bortkopplat" in world.say("anna", "koppla bort telegram").text
    assert says(world, phone, "status").outcome == "stranger"
    assert world.say("anna", "koppla bort matrix").text.startswith("Någon sådan koppling")
    assert "Sim är bortkopplat" in world.say("anna", "koppla bort").text
    assert accounts(world, "anna") == []
    assert "känner inte igen dig" in world.say("anna", "status").text


def test_who_unlinked_comes_back_by_a_code_alone(world: World) -> None:
    slack = Sender("slack", "U7", "T1", email="anna@exempel.se")
    assert says(world, slack, "status").outcome == "status"
    assert says(world, slack, "koppla bort").outcome == "unlinked"
    assert says(world, slack, "status").outcome == "stranger"
    assert says(world, slack, f"koppla {code_for(world, 'anna').lower()}").outcome == "linked"
    assert says(world, slack, "koppla bort").outcome == "unlinked"
    assert says(world, slack, "status").outcome == "stranger"


def test_a_studierektor_invites_a_supervisor_from_elsewhere(world: World) -> None:
    told = world.say("siv", "bjud in Nils.Ny@annan.se som handledare för Anna").text
    assert told.startswith("nils.ny@annan.se är nu handledare för Anna Berg.")
    nils = Sender("telegram", "9", address="9")
    assert says(world, nils, f"/start {told.split()[-1]}").message.text.startswith("Välkommen, Nils Ny!")
    assert "Anna Berg" in says(world, nils, "status").message.text
    assert "Bo Dal" not in says(world, nils, "status").message.text
    assert world.drift() == []


def test_for_a_placement_the_invited_supervisor_is_there_for_its_days(world: World) -> None:
    world.say("anna", "sidotjänstgöring psykiatri 1/12-28/2 handledare Lo Lund")
    world.say("siv", "bjud in lo.lund@annan.se som handledare för Anna Berg")
    [pair] = [row for row in world.rows(Pairing) if row.kind == "placement"]
    assert (str(pair.from_on), str(pair.to_on)) == ("2026-12-01", "2027-02-28")


def test_who_supervises_beside_the_main_supervisor_is_not_whom_a_session_is_with(world: World) -> None:
    """Lars is invited to no placement: the sessions are still Anna's and Eva's, who are told of them."""
    world.say("anna", "boka handledning torsdag 13-14")
    world.say("siv", "bjud in lars@exempel.se som handledare för Anna")
    world.pass_to("2026-11-26T15:00")
    told = {who: [sent.text for sent in world.to(who, "booking")] for who in ("anna", "eva", "lars")}
    assert told["lars"] == []
    assert [text.split(" med ")[1] for text in told["anna"]] == ["Eva Ek."] * 2
    assert [text.split(" med ")[1] for text in told["eva"]] == ["Anna Berg."] * 2


def test_inviting_somebody_twice_makes_nobody_twice(world: World) -> None:
    for _ in range(2):
        world.say("siv", "bjud in lars@exempel.se som handledare för Anna")
    lars = next(person for person in world.rows(Person) if person.email == "lars@exempel.se")
    assert lars.name == "Lars Lind"
    assert len([row for row in world.rows(Role) if row.person_id == lars.id]) == 2
    assert len([row for row in world.rows(Pairing) if row.supervisor_id == lars.id]) == 2  # Cia's, Anna's


@pytest.mark.parametrize("who", ["anna", "eva", "lars"])
def test_nobody_else_invites(world: World, who: str) -> None:
    before = len(world.rows(Pairing))
    world.say(who, "bjud in nils@annan.se som handledare för Anna")
    assert len(world.rows(Pairing)) == before
    assert world.rows(Person)[-1].email != "nils@annan.se"


def test_a_studierektor_invites_for_their_own_units_alone(world: World) -> None:
    assert "Jag hittar ingen" in world.say("siv", "bjud in nils@annan.se som handledare för Cia").text
    assert "Skriv så här" in world.say("siv", "bjud in nils").text


def test_the_studierektor_sees_who_is_not_linked_at_their_units(world: World) -> None:
    assert world.say("siv", "okopplade").text == "Alla på dina enheter är kopplade."
    world.say("anna", "koppla bort")
    world.say("cia", "koppla bort")
    assert world.say("siv", "okopplade").text == "Inte kopplade: 1\n• Anna Berg, anna@exempel.se"
    assert "Anna" not in world.say("eva", "okopplade").text


def test_who_keeps_the_roster_is_told_how_it_is_changed_and_sees_who_is_not_linked(sqlite: Engine) -> None:
    world = World(sqlite, roster=f"{ROSTER}sten@exempel.se,Sten Skrivare,secretary,Ekbacken,,,,,\n")
    assert "handledd roster import roster.csv" in world.say("sten", "lägg till ny st-läkare").text
    assert "Säg till utbildningssekreteraren" in world.say("eva", "lägg till ny st-läkare").text
    assert world.say("sten", "lista okopplade").text == "Alla på dina enheter är kopplade."
    assert "okopplade" in world.say("sten", "hjälp").text
    assert "okopplade" not in world.say("eva", "hjälp").text
