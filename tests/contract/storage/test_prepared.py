"""A prepared statement says, gives and raises what SQLAlchemy's own execution does, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    Executable,
    Integer,
    MetaData,
    Table,
    bindparam,
    event,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError, PendingRollbackError, StatementError
from sqlmodel import Session
from sqlmodel import select as ask

from storage import prepared
from storage.columns import Facts, columns, table
from storage.engine import writing
from storage.lists import FEW, Listed
from storage.prepared import Prepared
from storage.tables import Entry, Inbox, Outbox
from tests.support.databases import database
from tests.support.statements import listening
from tests.support.world import World

NOW = datetime(2026, 11, 22, 8, 30, 0, 123456, tzinfo=UTC)
_O, _E, _I = columns(Outbox), columns(Entry), columns(Inbox)
TOLD: Facts = {
    "recipient": "somebody",
    "kind": "notice",
    "subject": "entry:1",
    "facts": {"entry": 1, "day": None, "words": ["åäö"]},
    "bundle": date(2026, 11, 23),
    "created_at": NOW,
    "due_at": NOW,
    "next_at": NOW,
    "state": "pending",
    "period": "",
    "step": "",
    "priority": 2,
    "attempts": 0,
    "reason": "",
    "perhaps_sent": False,
    "workspace": "",
    "address": "",
    "reference": "",
}
"""`sent_as` is left out: its column has a value of its own, as those have none that may be empty."""


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


def own_execution(session: Session, statement: Executable, about: Facts) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.connection().execute(statement, about)]


@contextmanager
def held_against_sqlalchemy(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Everything that is asked while the block runs is asked both ways; gives the statements."""
    asked: set[str] = set()
    plain = Prepared.rows

    def both(self: Prepared, session: Session, about: Facts) -> list[Any]:
        rows = plain(self, session, about)
        if self.statement.is_select:
            assert [tuple(row) for row in rows] == own_execution(session, self.statement, about)
            asked.add(str(self.statement))
        return rows

    monkeypatch.setattr(Prepared, "rows", both)
    yield asked
    monkeypatch.undo()


def test_whatever_a_week_asks_it_is_answered_as_by_sqlalchemy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_against_sqlalchemy(monkeypatch) as asked:
        for line in ("handledning idag 1h etik", "boka handledning fredag 13", "mini-cex igår", "status"):
            world.say("anna", line)
        world.press("eva", "Stämmer")
        world.say("anna", "borta 24/11-26/11 vab")
        world.say("anna", "ångra")
        world.pass_to("2026-12-08T12:00")
    assert len(asked) >= 12
    assert world.drift() == []


def test_a_row_is_written_and_read_back_as_it_was(session: Session) -> None:
    shape = select(*(_O[name] for name in (*TOLD, "sent_as", "expires_at"))).where(_O.id == bindparam("this"))
    key = Prepared(table(Outbox).insert().returning(_O.id)).value(session, TOLD)
    (row,) = Prepared(shape).rows(session, {"this": key})
    assert tuple(row) == (*TOLD.values(), "", None)
    assert [tuple(row)] == own_execution(session, shape, {"this": key})
    assert (row.next_at, row.facts["words"]) == (NOW, ["åäö"])


def test_a_day_and_a_time_and_nothing_are_kept_as_they_are(session: Session) -> None:
    about = {"on": date(2024, 2, 29), "at": time(13, 5), "of": None}
    shape = select(
        literal(date.min).label("ever"),
        bindparam("on", type_=_E.on_date.type).label("day"),
        bindparam("at", type_=_E.start_time.type).label("hour"),
        bindparam("of", type_=_E.written_at.type).label("moment"),
    )
    (row,) = Prepared(shape).rows(session, about)
    assert (row.ever, row.day, row.hour, row.moment) == (date.min, date(2024, 2, 29), time(13, 5), None)


def test_how_many_rows_were_met_is_told(session: Session) -> None:
    add, ends = Prepared(table(Outbox).insert()), update(table(Outbox)).values(reason="over")
    add.write_all(session, [TOLD | {"subject": f"entry:{number}"} for number in range(3)])
    assert Prepared(ends.where(_O.subject != bindparam("but"))).write(session, {"but": "entry:1"}) == 2
    some = Listed(lambda among: ends.where(among(_O.subject, "of")), "of")
    assert [some.write(session, of=of) for of in ([], ["entry:1"], ["entry:1", "entry:2", "x"])] == [0, 1, 2]
    assert Prepared(select(_O.subject).order_by(_O.subject)).values(session, {}) == [
        *("entry:0", "entry:1", "entry:2")
    ]


def test_about_lists_of_any_length_it_is_the_same_answer(session: Session) -> None:
    subjects = [f"entry:{number}" for number in range(FEW + 2)]
    Prepared(table(Outbox).insert()).write_all(session, [TOLD | {"subject": each} for each in subjects])
    asked = Listed(
        lambda among: (
            select(_O.subject)
            .where(among(_O.subject, "of"), among(_O.kind, "kinds"), _O.state == bindparam("state"))
            .order_by(_O.subject)
        ),
        *("of", "kinds"),
    )
    for count in range(len(subjects) + 1):
        for kinds in ([], ["notice"], ["notice", "reply"], ["digest", "reply"]):
            found = asked.ask(session, of=subjects[:count], kinds=kinds, state="pending")
            assert [row.subject for row in found] == (subjects[:count] if "notice" in kinds else [])


def test_of_no_row_there_is_no_value(session: Session) -> None:
    assert Prepared(select(_O.id).where(_O.kind == bindparam("kind"))).value(session, {"kind": "x"}) is None


def test_a_default_may_be_left_out_or_given(session: Session) -> None:
    add = Prepared(table(Outbox).insert().returning(_O.sent_as))
    assert add.value(session, TOLD) == ""
    assert add.value(session, TOLD | {"subject": "entry:2", "sent_as": "outbox-2"}) == "outbox-2"


def test_who_listens_hears_it_as_any_other(engine: Engine) -> None:
    statement = select(func.count()).where(_I.kind == bindparam("kind"))
    with listening(engine) as said, writing(engine, alone=False) as session:
        Prepared(statement).value(session, {"kind": "text"})
        own_execution(session, statement, {"kind": "text"})
    (ours, theirs) = said
    assert ours == theirs


def test_of_many_rows_the_driver_hears_what_it_would_of_sqlalchemy(engine: Engine) -> None:
    rows = [TOLD | {"subject": f"entry:{number}", "facts": {"entry": number}} for number in range(3)]
    with listening(engine) as said:
        ours = _there_after(engine, lambda session: Prepared(_ADDING).write_all(session, rows))
        theirs = _there_after(engine, lambda session: session.connection().execute(_ADDING, rows))
    assert ours == theirs
    assert [each["subject"] for each in ours] == ["entry:0", "entry:1", "entry:2"]
    written = [(each, [*map(_plain, values)]) for each, values in said if each.startswith("INSERT")]
    assert written[0] == written[1]


_ADDING = table(Outbox).insert()


def _plain(values: Any) -> Any:
    """One row's, with what PostgreSQL's driver wraps to be JSON taken out: two wrappings are never equal."""
    return (
        {key: getattr(each, "obj", each) for key, each in values.items()}
        if isinstance(values, dict)
        else values
    )


def _there_after(engine: Engine, change: Callable[[Session], object]) -> list[Facts]:
    with writing(engine, alone=False) as session:
        change(session)
        there = [row.model_dump(exclude={"id"}) for row in session.exec(ask(Outbox).order_by(_O.id))]
        session.rollback()
    return there


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"subject": "entry:0"}, IntegrityError),
        ({"due_at": datetime(2026, 11, 22)}, StatementError),  # noqa: DTZ001 naive on purpose
    ],
)
def test_of_many_rows_of_which_one_is_refused_none_is_written(
    engine: Engine, wrong: Facts, refused: type[Exception]
) -> None:
    rows = [TOLD | {"subject": "entry:0"}, TOLD | {"subject": "entry:1"} | wrong]
    with pytest.raises(refused), writing(engine, alone=False) as session:
        Prepared(table(Outbox).insert()).write_all(session, rows)
    with writing(engine, alone=False) as session:
        assert session.exec(ask(Outbox)).all() == []


def test_what_is_written_twice_is_refused_in_sqlalchemys_words(engine: Engine) -> None:
    add = Prepared(table(Outbox).insert())
    with writing(engine) as session:
        add.write(session, TOLD)
    with writing(engine) as session, pytest.raises(IntegrityError, match=r"(?i)unique") as refused:
        add.write(session, TOLD)
    assert not refused.value.connection_invalidated


def test_a_naive_moment_is_refused_as_by_sqlalchemy(session: Session) -> None:
    with pytest.raises(StatementError, match="aware"):
        Prepared(table(Outbox).insert()).write(session, TOLD | {"due_at": datetime(2026, 11, 22)})  # noqa: DTZ001


def test_a_lost_connection_is_given_up_and_the_next_one_works(tmp_path: Path) -> None:
    asked = Prepared(select(literal(1)))
    with database("postgresql", tmp_path) as engine:
        with engine.connect() as connection, Session(connection) as session:
            _end(engine, session.connection().scalar(text("SELECT pg_backend_pid()")))
            with pytest.raises(OperationalError) as lost:
                asked.value(session, {})
        assert lost.value.connection_invalidated
        with writing(engine) as session:
            assert asked.value(session, {}) == 1


@pytest.mark.parametrize(
    "meet",
    [
        lambda asked, session: asked.value(session, {}),
        lambda asked, session: own_execution(session, asked.statement, {}),
    ],
    ids=["prepared", "plain"],
)
def test_on_a_connection_that_is_lost_nothing_more_is_said_until_it_is_rolled_back(
    tmp_path: Path, meet: Callable[[Prepared, Session], object]
) -> None:
    asked = Prepared(select(literal(1)))
    with (
        database("postgresql", tmp_path) as engine,
        engine.connect() as connection,
        Session(connection) as it,
    ):
        assert asked.value(it, {}) == 1
        _end(engine, it.connection().scalar(text("SELECT pg_backend_pid()")))
        with pytest.raises(OperationalError):
            meet(asked, it)
        with pytest.raises(PendingRollbackError):
            asked.value(it, {})
        it.rollback()
        assert asked.value(it, {}) == 1


def test_what_is_said_within_a_savepoint_goes_back_with_it(session: Session) -> None:
    add, count = Prepared(table(Outbox).insert()), Prepared(select(func.count()).select_from(table(Outbox)))
    add.write(session, TOLD)
    with session.begin_nested() as savepoint:
        add.write(session, TOLD | {"subject": "entry:2"})
        savepoint.rollback()
    assert count.value(session, {}) == 1
    with session.begin_nested():
        add.write(session, TOLD | {"subject": "entry:3"})
    assert count.value(session, {}) == 2


def test_after_an_end_it_is_said_in_the_next_transaction(engine: Engine) -> None:
    add, count = Prepared(table(Outbox).insert()), Prepared(select(func.count()).select_from(table(Outbox)))
    with Session(engine) as session:
        add.write(session, TOLD)
        session.rollback()
        assert count.value(session, {}) == 0
        add.write(session, TOLD)
        session.commit()
        add.write(session, TOLD | {"subject": "entry:2"})
    with Session(engine) as another:
        assert count.value(another, {}) == 1


def test_what_was_refused_in_a_savepoint_leaves_the_rest_in_use(session: Session) -> None:
    add, count = Prepared(table(Outbox).insert()), Prepared(select(func.count()).select_from(table(Outbox)))
    add.write(session, TOLD)
    with pytest.raises(IntegrityError), session.begin_nested():
        add.write(session, TOLD)
    assert count.value(session, {}) == 1
    with session.begin_nested():
        assert count.value(session, {}) == 1


def test_a_transaction_that_failed_says_nothing_more(engine: Engine) -> None:
    with Session(engine) as session:
        Prepared(table(Outbox).insert()).write(session, TOLD)
        session.add(Outbox(**TOLD))
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(PendingRollbackError):
            Prepared(select(literal(1))).value(session, {})


def test_what_a_listener_raises_comes_as_it_is(engine: Engine) -> None:
    def refuse(*_told: object) -> None:
        raise LookupError

    event.listen(engine, "before_cursor_execute", refuse)
    with engine.connect() as connection, Session(connection) as session, pytest.raises(LookupError):
        Prepared(select(literal(1))).value(session, {})


def _end(engine: Engine, backend: Any) -> None:
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})


_OF_NOW = Table("of_now", MetaData(), Column("at", Integer, default=lambda: 1))


@pytest.mark.parametrize(
    ("statement", "about", "says"),
    [
        (select(_O.id).where(_O.id.in_([1, 2])), {}, "lists"),
        (select(_O.id).where(_O.id == bindparam("this")), {}, "required"),
        (_OF_NOW.insert(), {}, "anew each time"),
    ],
)
def test_what_it_cannot_say_it_refuses_at_once(
    session: Session, statement: Executable, about: Facts, says: str
) -> None:
    with pytest.raises(TypeError, match=says):
        Prepared(statement).write(session, about)


def test_it_is_compiled_once_for_the_same_names(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    plain = prepared._prepare

    def counted(*told: Any) -> Any:
        compiled.append(told)
        return plain(*told)

    monkeypatch.setattr(prepared, "_prepare", counted)
    asked = Prepared(select(_O.id).where(_O.kind == bindparam("kind")))
    for kind in ("reply", "nudge"):
        asked.rows(session, {"kind": kind})
    assert len(compiled) == 1
