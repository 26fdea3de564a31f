"""A tick costs what is due, not what exists: with nothing due it reads no standing row at all."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, bindparam, select, text, update

from schedules.standings import rows_of
from schedules.tick import tick
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.tables import Standing
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
    (asked,) = said
    steps = plan(engine, *asked)
    of_standings = [step for step in steps if "standing" in step]
    if engine.dialect.name == "postgresql":
        assert len([step for step in of_standings if "Scan using ix_standing_look_at" in step]) == 1
        assert not any("Seq Scan on standing" in step or "Removed by Filter" in step for step in steps)
        assert all("rows=0" in step for step in steps if "(actual" in step)
    else:
        assert of_standings == ["SEARCH standing USING COVERING INDEX ix_standing_look_at (look_at<?)"]


def test_a_quiet_tick_says_as_much_among_a_thousand_as_among_ten(engine: Engine) -> None:
    _people(engine, 10)
    with listening(engine) as among_ten:
        assert tick(engine, crowd.NOW) == 0
    _copies(engine, 99)
    with listening(engine) as among_a_thousand:
        assert tick(engine, crowd.NOW) == 0
    assert [what for what, _ in among_a_thousand] == [what for what, _ in among_ten]
    assert len(among_ten) == 1  # of standing rows, bookings, asked-for assessments, concerns and the agenda


def test_a_tick_says_as_much_for_nine_who_are_due_as_for_one(engine: Engine) -> None:
    _people(engine, 1)
    row, thursday = columns(Standing), crowd.NOW + timedelta(days=9, hours=4)
    others = row.trainee_id != 1
    with writing(engine) as session:
        crowd.multiply(session, 9)
        later = session.execute(select(row.id.label("this"), row.look_at).where(others)).mappings().all()
        session.execute(update(table(Standing)).where(others).values(look_at=None))
    with listening(engine) as for_one:
        assert tick(engine, thursday) == 1
    with writing(engine) as session:
        anew = update(table(Standing)).where(row.id == bindparam("this")).values(look_at=bindparam("look_at"))
        session.connection().execute(anew, [dict(each) for each in later])
    with listening(engine) as for_nine:
        assert tick(engine, thursday) == 9
    assert len(for_nine) == len(for_one)
    assert sum(what.startswith("INSERT INTO outbox") for what, _ in for_nine) == 1
    # Where no moment has come nothing is looked for: no asked-for assessment, no concern, no digest.
    elsewhere = ("FROM assessment_request", "FROM concern", "FROM agenda")
    assert not any(table in what for what, _ in for_one[1:] for table in elsewhere)


def test_a_tick_judges_the_row_that_is_due_and_none_beside_it(engine: Engine) -> None:
    """Marked rows show who was judged: one that time has changed nothing about keeps its mark."""
    _people(engine, 1)
    with writing(engine) as session:
        for row in rows_of(session, 1):
            row.done, row.look_at = 77, crowd.NOW if row.requirement == "supervision" else None
    assert tick(engine, crowd.NOW) == 1
    with reading(engine) as session:
        judged = [row.requirement for row in rows_of(session, 1) if row.done != 77]
    assert judged == ["supervision"]


def test_a_due_row_of_a_rule_that_is_no_more_is_put_to_rest(engine: Engine) -> None:
    _people(engine, 1)
    with writing(engine) as session:
        row = rows_of(session, 1)[0]
        row.requirement, row.look_at = "gone", crowd.NOW
    assert tick(engine, crowd.NOW) == 1
    assert tick(engine, crowd.NOW) == 0
    with reading(engine) as session:
        (gone,) = [row for row in rows_of(session, 1) if row.requirement == "gone"]
        assert (gone.state, gone.look_at) == ("not_applicable", None)
