"""A tick costs what is due, not what exists: with nothing due it reads no standing row at all."""

from __future__ import annotations

from sqlalchemy import Engine, text

from schedules.tick import tick
from storage.engine import writing
from tests.support import crowd
from tests.support.statements import listening, plan


def _people(engine: Engine, lived: int) -> None:
    with writing(engine) as session:
        crowd.settle(session, lived, years=1)


def _copies(engine: Engine, times: int) -> None:
    with writing(engine) as session:
        crowd.multiply(session, times, history=False)
        session.execute(text("ANALYZE"))


def test_a_tick_with_nothing_due_looks_only_into_the_index_of_what_is_due(engine: Engine) -> None:
    _people(engine, 5)
    _copies(engine, 199)
    with listening(engine) as said:
        assert tick(engine, crowd.NOW) == 0
    (asked,) = [(what, values) for what, values in said if "standing" in what]
    steps = plan(engine, *asked)
    of_standings = [step for step in steps if "standing" in step]
    if engine.dialect.name == "postgresql":
        assert len([step for step in of_standings if "Index Scan using ix_standing_look_at" in step]) == 1
        assert not any("Seq Scan" in step or "Removed by Filter" in step for step in steps)
        assert all("rows=0" in step for step in steps if "(actual" in step)
    else:
        assert of_standings == ["SEARCH standing USING INDEX ix_standing_look_at (look_at<?)"]


def test_a_quiet_tick_says_as_much_among_a_thousand_as_among_ten(engine: Engine) -> None:
    _people(engine, 10)
    with listening(engine) as among_ten:
        assert tick(engine, crowd.NOW) == 0
    _copies(engine, 99)
    with listening(engine) as among_a_thousand:
        assert tick(engine, crowd.NOW) == 0
    assert [what for what, _ in among_a_thousand] == [what for what, _ in among_ten]
    # Standing rows, bookings, asked-for assessments, concerns, each behind the lock of who ticks; the agenda.
    assert len(among_ten) == (9 if engine.dialect.name == "postgresql" else 5)
