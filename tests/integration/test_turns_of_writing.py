"""Those who write about the same people take turns; on PostgreSQL the others need not wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.ledger import Ledger
from handlers.affairs import of_sender
from handlers.message import Sender
from schedules.outbox.claiming import ANY
from schedules.outbox.outgoing import waiting
from storage.columns import Facts, table
from storage.engine import reading, writing
from storage.tables import Outbox, Person
from tests.support.databases import database
from tests.support.world import ZONE, World

_WAITING = text("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.mark.parametrize(
    ("account", "whose"),
    [
        ("anna@exempel.se", {"Anna Berg", "Eva Ek"}),
        ("eva@exempel.se", {"Eva Ek", "Anna Berg", "Bo Dal"}),
        ("lars@exempel.se", {"Lars Lind", "Cia Strand"}),
        ("siv@exempel.se", set()),
        ("nobody@exempel.se", set()),
    ],
)
def test_a_line_is_about_its_sender_and_the_other_halves(
    engine: Engine, account: str, whose: set[str]
) -> None:
    assert concerned(World(engine), account) == whose


def test_who_is_asked_for_an_assessment_takes_turns_with_who_asked(engine: Engine) -> None:
    world = World(engine)
    world.say("anna", "be lars om mini-cex")
    assert concerned(world, "lars@exempel.se") == {"Lars Lind", "Cia Strand", "Anna Berg"}


def concerned(world: World, account: str) -> set[str]:
    """The names of those whose affairs a line of an account may be about."""
    names = {person.id: person.name for person in world.rows(Person)}
    with reading(world.engine) as session:
        return {names[each] for each in of_sender(session, Sender(world.platform.name, account))}


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Engine]:
    with database("postgresql", tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        ([1, 2], [4, 3], False),
        ([2, 1], [3, 2], True),
        ([1], [], True),
        ([], [1], True),
        ([], [], True),
    ],
)
def test_those_who_write_about_the_same_people_wait(
    postgresql: Engine, first: list[int], second: list[int], *, waits: bool
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with writing(postgresql, about=lambda _: first):
            other = pool.submit(written, postgresql, second)
            assert is_waiting(postgresql, other) == waits
        other.result()


def test_what_is_one_message_is_chosen_by_one_process(postgresql: Engine) -> None:
    """Another process looks just when this one has found the first row, and has not yet held the second."""
    world = World(postgresql)
    queue_a_digest_of_two(world)
    others: list[Future[int]] = []
    with ThreadPoolExecutor(1) as pool:

        def let_another_in(*told: Any) -> None:
            if "LIMIT" in told[2] and not others:
                others.append(pool.submit(claimed, world))
                is_waiting(postgresql, others[0])

        event.listen(postgresql, "after_cursor_execute", let_another_in)
        assert claimed(world) == 2
        assert others[0].result() == 0


def queue_a_digest_of_two(world: World) -> None:
    """A digest and what it is to tell by name."""
    (siv,) = (person for person in world.rows(Person) if person.name.startswith("Siv"))
    to: Facts = {"recipient": f"person:{siv.id}", "person_id": siv.id, "facts": {}}
    now = world.clock()
    with writing(world.engine) as session:
        for subject, step in (("digest", ""), ("nudge:1:supervision", "escalated")):
            row = waiting("digest", subject, now, now, **to, step=step)
            session.connection().execute(table(Outbox).insert(), row)


def claimed(world: World) -> int:
    """How many rows a process takes as the next message."""
    found = Ledger(world.engine, world.clock, ZONE, {}).claim(ANY)
    return len(found[0].rows) if found else 0


def written(engine: Engine, people: list[int]) -> None:
    """A transaction about some people, or about anybody."""
    with writing(engine, about=lambda _: people):
        pass


def is_waiting(engine: Engine, other: Future[Any]) -> bool:
    """Whether it waits for its turn: it does one thing or the other, however slow the machine."""
    while not other.done():
        with engine.connect() as connection:
            if connection.execute(_WAITING).scalar_one():
                return True
        sleep(0.01)
    return False
