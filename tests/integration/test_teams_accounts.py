"""Entra's object ids are the same in upper and lower case: roster as copied, sender as Teams says."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlers.message import Sender
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.reading import RosterError, read_csv
from storage.engine import writing
from storage.tables import Identity, Person
from tests.support.world import ZONE, World

HEAD = "email,name,role,unit,rulebook,supervisor,start,end,employed,platform,platform_id\n"
ID = "abcdef01-2345-4678-8abc-def012345678"
ANNA = "anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2025-01-01,,"


def import_with(world: World, *lines: str) -> None:
    with writing(world.engine) as session:
        rows = check(read_csv((HEAD + "\n".join(lines)).encode()), is_supervisor(session))
        apply_roster(session, rows, world.clock(), ZONE)


def linked(world: World) -> list[str]:
    return [row.external_id for row in world.rows(Identity) if row.platform == "teams"]


def test_an_id_typed_in_capitals_is_the_account_that_writes(sqlite: Engine) -> None:
    world = World(sqlite)
    import_with(world, f"{ANNA},teams,{ID.upper()}")
    sender = Sender("teams", ID, "99999999-8888-4777-8666-555555555555", "Någon Annan", "a:1chat ")
    reply = world.take(world.incoming("", "handledning idag 1h", sender=sender))
    assert reply.outcome == "logged"
    with writing(sqlite) as session:
        identity = session.exec(select(Identity).where(Identity.platform == "teams")).one()
        assert session.get_one(Person, identity.person_id).email == "anna@exempel.se"


def test_the_same_id_in_either_case_is_imported_once(sqlite: Engine) -> None:
    world = World(sqlite)
    for written in (ID.upper(), ID, ID.title()):
        import_with(world, f"{ANNA},teams,{written}")
    assert linked(world) == [ID]


def test_two_people_cannot_share_an_id_by_writing_it_differently(sqlite: Engine) -> None:
    world = World(sqlite)
    eva = f"eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,,teams,{ID}"
    with pytest.raises(RosterError, match=r"hör redan till anna@exempel\.se"):
        import_with(world, f"{ANNA},teams,{ID.upper()}", eva)
    assert linked(world) == []
