"""Who is no longer reached: left alone, told of to those who care for them, and reached again."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlers.message import IncomingKind, Sender
from storage.engine import writing
from storage.tables import Identity, Installation
from tests.support.world import ROSTER, World

SECRETARY = "sara@exempel.se,Sara Skrivare,secretary,Ekbacken,,,,,\n"


@pytest.fixture
def world(sqlite: Engine) -> World:
    return World(sqlite, roster=ROSTER + SECRETARY)


def news(world: World, kind: IncomingKind, who: str = "", workspace: str = "") -> None:
    sender = Sender(world.platform.name, f"{who}@exempel.se" if who else "", workspace)
    world.take(world.incoming("", kind=kind, sender=sender, inline=True))
    world.deliver()


def account(world: World, who: str) -> Identity:
    return next(row for row in world.rows(Identity) if row.external_id == f"{who}@exempel.se")


def move_to(world: World, workspace: str, *names: str) -> None:
    with writing(world.engine) as session:
        ids = [f"{name}@exempel.se" for name in names]
        for identity in session.exec(select(Identity).where(col(Identity.external_id).in_(ids))).all():
            identity.workspace = workspace
            session.add(identity)


def test_who_blocks_the_bot_is_left_alone_and_a_human_is_told_once(world: World) -> None:
    news(world, IncomingKind.LOST, "anna")
    world.jump_to("2026-11-23T09:05")
    news(world, IncomingKind.LOST, "anna")
    assert account(world, "anna").disabled_reason == "blocked by the person"
    for carer in ("siv", "sara"):
        [told] = world.to(carer)
        assert told.text.startswith("Nås inte längre på Sim: Anna Berg. Be dem skriva")
    assert {sent.to for sent in world.sent} == {"siv@exempel.se", "sara@exempel.se"}


def test_a_supervisor_is_told_of_where_their_trainees_are(world: World) -> None:
    news(world, IncomingKind.LOST, "lars")
    assert [sent.to for sent in world.sent] == ["tage@exempel.se"]


def test_who_unblocks_is_reached_again_and_the_next_time_is_told_anew(world: World) -> None:
    news(world, IncomingKind.LOST, "anna")
    news(world, IncomingKind.FOUND, "anna")
    assert account(world, "anna").disabled_at is None
    world.jump_to("2026-11-24T09:00")
    news(world, IncomingKind.LOST, "anna")
    assert len(world.to("siv")) == 2


def test_who_is_back_before_it_is_told_is_not_told_of(world: World) -> None:
    sender = Sender("sim", "anna@exempel.se")
    for kind in (IncomingKind.LOST, IncomingKind.FOUND):
        world.take(world.incoming("", kind=kind, sender=sender, inline=True))
    world.deliver()
    assert world.sent == []


def test_an_unblocking_does_not_bring_back_what_was_lost_otherwise(world: World) -> None:
    move_to(world, "T2", "anna")
    news(world, IncomingKind.REMOVED, workspace="T2")
    news(world, IncomingKind.FOUND, "anna", workspace="T2")
    assert account(world, "anna").disabled_reason == "app removed"


def test_an_app_that_is_removed_reaches_nobody_there_and_forgets_its_token(world: World) -> None:
    move_to(world, "T2", "anna", "eva")
    with writing(world.engine) as session:
        session.add(Installation(platform="sim", workspace="T2", token="xoxb-2", installed_at=world.clock()))
    news(world, IncomingKind.REMOVED, workspace="T2")
    news(world, IncomingKind.REMOVED, workspace="T2")  # app_uninstalled and tokens_revoked both come
    [installation] = world.rows(Installation)
    assert (installation.token, installation.removed_at) == ("", world.clock())
    [told] = world.to("siv")
    assert "tagits bort" in told.text
    assert "Anna Berg, Eva Ek" in told.text
    assert account(world, "bo").disabled_at is None
    world.say("bo", "handledning idag 1h")
    assert world.to("eva") == []  # she would have been asked whether it is right


def test_somebody_unknown_may_block_as_they_like(world: World) -> None:
    news(world, IncomingKind.LOST, "nobody")
    assert world.sent == []


def test_the_same_news_twice_is_one(world: World) -> None:
    incoming = world.incoming(
        "", kind=IncomingKind.LOST, sender=Sender("sim", "anna@exempel.se"), inline=True
    )
    assert world.take(incoming).repeated is False
    assert world.take(incoming).repeated is True


def test_many_names_are_cut_short(sqlite: Engine) -> None:
    rows = "".join(
        f"st{n:02}@exempel.se,Namn {n:02},trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,\n"
        for n in range(12)
    )
    world = World(sqlite, roster=ROSTER + rows)
    move_to(world, "T2", *(f"st{n:02}" for n in range(12)))
    news(world, IncomingKind.REMOVED, workspace="T2")
    assert "Namn 09, och 2 till" in world.to("siv")[0].text
