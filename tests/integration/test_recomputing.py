"""Recomputing: everybody or a unit, in few statements, with the same result as one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import select

from bot.cli.main import main
from schedules.drift import drifts
from schedules.lives.reading import load, load_many
from schedules.recompute import recompute_all
from schedules.tick import tick
from storage.columns import table
from storage.engine import reading, writing
from storage.tables import Outbox, Standing, Trainee, Unit
from tests.support import crowd
from tests.support.world import World


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def saw(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", saw)
    yield said
    event.remove(engine, "before_cursor_execute", saw)


def _spoil(world: World) -> None:
    """As if somebody had written in the table by hand."""
    with writing(world.engine) as session:
        session.execute(update(table(Standing)).values(state="met", due_on=None))


def test_recomputing_mends_what_was_spoilt(world: World) -> None:
    _spoil(world)
    assert recompute_all(world.engine, world.clock()) == 3
    assert world.drift() == []


def test_one_unit_can_be_recomputed_alone(world: World) -> None:
    _spoil(world)
    with reading(world.engine) as session:
        unit = session.exec(select(Unit.id).where(Unit.name == "Granlund")).one()
    counts: list[int] = []
    assert recompute_all(world.engine, world.clock(), unit, counts.append) == 1
    assert counts == [1]
    assert {row.state for row in world.rows(Standing) if row.trainee_id != 3} == {"met"}


def test_many_lives_are_the_lives_one_by_one(world: World) -> None:
    world.say("anna", "sjukskriven från 24/11")
    world.say("bo", "boka handledning på fredag 13-14")
    world.say("cia", "randning gyn 1/12-28/2 handledare Eva Ek")
    with reading(world.engine) as session:
        many = load_many(session, [3, 1, 2, 99], world.clock())
        assert many == [load(session, key, world.clock()) for key in (3, 1, 2)]


def test_the_statements_do_not_grow_with_the_trainees(world: World) -> None:
    with reading(world.engine) as session:
        ids = [key for key in session.exec(select(Trainee.id)).all() if key]
    with _counted(world.engine) as said, reading(world.engine) as session:
        load_many(session, ids, world.clock())
    selects = [statement for statement in said if statement.startswith("SELECT")]
    assert len(selects) == 4  # trainees, units, what took place, and what surrounds it


def test_nor_with_what_waits_to_be_said(sqlite: Engine) -> None:
    with writing(sqlite) as session:
        crowd.settle(session, 3, years=1)
    tick(sqlite, monday := crowd.NOW + timedelta(days=6))
    with reading(sqlite) as session:
        assert len(session.exec(select(Outbox).where(Outbox.kind == "nudge")).all()) > 3
    with _counted(sqlite) as said:
        recompute_all(sqlite, monday)
    of_outbox = [statement for statement in said if "FROM outbox" in statement]
    assert len(of_outbox) == 3  # which there are, their rows, and how often each was told late


def test_the_command_recomputes_and_verify_then_finds_no_drift(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = world.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", url)
    _spoil(world)
    assert main(["recompute"]) == 0
    assert "recomputed 3" in capsys.readouterr().out
    assert main(["verify"]) == 0
    assert "drift 0" in capsys.readouterr().out


def test_the_comparison_tells_how_far_it_has_come(world: World) -> None:
    told: list[int] = []
    with reading(world.engine) as session:
        assert list(drifts(session, world.clock(), told.append)) == []
    assert sum(told) == 3


def test_an_unknown_unit_is_told_which_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", world.engine.url.render_as_string(hide_password=False))
    assert main(["recompute", "--unit", "Okänd"]) == 2
    assert "the units are Ekbacken, Granlund" in capsys.readouterr().err
