"""Writers of one process are served in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from storage import engine as engines
from storage.engine import open_engine, writing
from storage.turns import Patience, Turns
from tests.support.statements import listening
from tests.support.waiting import wait_for


def _start(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work)
    thread.start()
    return thread


@pytest.fixture
def file_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(f"sqlite:///{tmp_path_factory.mktemp('turns') / 'turns.sqlite'}")


def test_who_came_first_is_served_first_also_before_who_has_just_had_it() -> None:
    turns, served = Turns(), list[int]()

    def work(number: int) -> None:
        turns.take(60)
        served.append(number)
        turns.leave()

    turns.take(60)
    threads = []
    for number in range(8):
        threads.append(_start(lambda number=number: work(number)))  # type: ignore[misc]
        wait_for(lambda number=number: turns.waiting == number + 1)  # type: ignore[misc]
    turns.leave()
    work(8)
    for thread in threads:
        thread.join(60)
    assert served == list(range(9))


def test_who_holds_it_may_take_it_again_and_lets_go_of_it_once() -> None:
    turns, served = Turns(), list[str]()
    turns.take(60)
    turns.take(60)
    turns.leave()

    def other() -> None:
        turns.take(60)
        served.append("other")

    thread = _start(other)
    wait_for(lambda: turns.waiting == 1)
    assert served == []
    turns.leave()
    thread.join(60)
    assert served == ["other"]


def test_whose_turn_does_not_come_leaves_the_queue() -> None:
    turns, told = Turns(), list[str]()
    turns.take(60)

    def impatient() -> None:
        with pytest.raises(TimeoutError) as failed:
            turns.take(0.01)
        told.append(str(failed.value))

    _start(impatient).join(60)
    assert told == ["no turn to write within 0.01 s"]
    assert turns.waiting == 0
    turns.leave()
    turns.take(0)


def test_a_writer_that_waits_too_long_is_told_as_by_the_database(
    file_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_MS", 10)
    told: list[str] = []

    def second() -> None:
        with pytest.raises(OperationalError) as failed, writing(file_engine):
            pass
        told.append(str(failed.value))

    with writing(file_engine):
        _start(second).join(60)
    assert "no turn to write" in told[0]
    with writing(file_engine):
        pass  # the turn is free again


class Watch:
    """Seconds that are told, not counted."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


BUSY = {
    "sqlite": "PRAGMA busy_timeout",
    "postgresql": "SELECT setting FROM pg_settings WHERE name = 'lock_timeout'",
}


@pytest.mark.parametrize(("waited", "left"), [(0.0, 10_000), (0.9, 10_000), (9.5, 500), (9.9995, 1)])
def test_who_has_waited_for_a_thread_waits_so_much_less_for_the_database(
    engine: Engine, waited: float, left: int
) -> None:
    watch = Watch()
    patience = Patience(10.0, watch)
    watch.seconds += waited
    for asked, busy in ((patience, left), (None, 10_000), (patience, left)):
        with writing(engine, patience=asked) as session:
            told = session.execute(text(BUSY[engine.dialect.name])).scalar_one()
        assert int(told) == busy


def test_whose_patience_is_over_asks_the_database_for_nothing(engine: Engine) -> None:
    watch = Watch()
    patience = Patience(10.0, watch)
    watch.seconds += 10.0
    with (
        listening(engine) as said,
        pytest.raises(OperationalError, match="patience"),
        writing(engine, patience=patience),
    ):
        pass
    assert list(said) == []
    with writing(engine):
        pass  # it holds no turn
