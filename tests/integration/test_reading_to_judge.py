"""To judge, of the sessions only the latest are read: the verdicts are those of the whole journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session

from schedules.asked import watched
from schedules.happened import latest_decide
from schedules.life import Life
from schedules.lives import load, load_many, load_since, load_to_judge
from schedules.rulebook import shipped
from schedules.standings import judged
from schedules.weeks import last_missed_week, looks_back_to
from storage.columns import columns, table
from storage.engine import writing
from storage.tables import Entry, EntryState
from tests.support import crowd

TODAY = crowd.NOW.date()
AS_CAME, SOME_DAYS, TO_COME, NONE = range(1, 5)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Four with a year of sessions: as they came, two of them long ones begun long ago, one to come, none."""
    with writing(engine) as made:
        crowd.settle(made, 4, years=1)
        long_ago, entry = TODAY - timedelta(days=300), columns(Entry)
        _hold(made, SOME_DAYS, long_ago, TODAY - timedelta(days=1))
        _hold(made, SOME_DAYS, long_ago, TODAY + timedelta(days=30))
        _hold(made, TO_COME, TODAY + timedelta(days=3), None)
        theirs = (entry.trainee_id == NONE) & (entry.activity == "supervision")
        made.execute(update(table(Entry)).where(theirs).values(state=EntryState.VOID))
        yield made


def _hold(session: Session, trainee: int, first: date, last: date | None) -> None:
    session.add(
        Entry(trainee_id=trainee, activity="supervision", on_date=first, end_date=last, written_at=crowd.NOW)
    )
    session.flush()


def _verdicts(lives: list[Life]) -> list[dict[str, object]]:
    return [row.model_dump() for life in lives for row in judged(life)]


@pytest.mark.parametrize("weeks", [0, 1, 60])
def test_every_verdict_is_that_of_the_whole_journal(session: Session, weeks: int) -> None:
    who, now = range(AS_CAME, NONE + 1), crowd.NOW + timedelta(weeks=weeks)
    assert _verdicts(load_to_judge(session, who, now)) == _verdicts(load_many(session, who, now))


def test_only_what_decides_is_read_and_nobody_takes_the_rest_for_nothing(session: Session) -> None:
    came, long, coming, none = load_to_judge(session, range(AS_CAME, NONE + 1), crowd.NOW)
    (whole,) = load_many(session, [AS_CAME], crowd.NOW)
    settled = max(each.on for each in whole.of(["supervision"]) if each.on <= TODAY - timedelta(days=8))
    assert {each.on for each in came.to_judge(["supervision"])} == {
        each.on for each in whole.of(["supervision"]) if each.on >= settled
    }
    assert [len(life.to_judge(["supervision"])) < 10 for life in (came, long, coming)] == [True] * 3
    assert len(none.to_judge(["supervision"])) == 0
    assert came.of(["assessment"]) == whole.of(["assessment"])
    with pytest.raises(LookupError, match="supervision"):
        came.of(["supervision", "assessment"])


def test_where_sessions_are_counted_all_of_them_are_read() -> None:
    known = {key: latest_decide(watched(book.requirements.values())) for key, book in shipped().items()}
    assert {key for key, latest in known.items() if latest == {"supervision"}} == known.keys() - {
        "skane-sjukhus"
    }
    assert known["skane-sjukhus"] == frozenset()


def test_since_a_day_all_sessions_are_read_and_none_before_it_is_given(session: Session) -> None:
    day, supervision = looks_back_to(TODAY), ["supervision"]
    for trainee in range(AS_CAME, NONE + 1):
        some = load_since(session, trainee, crowd.NOW, lambda each: each.key == "supervision", day)
        whole = load(session, trainee, crowd.NOW)
        assert sorted(some.since(supervision, day)) == sorted(whole.since(supervision, day))
        weekly = whole.rulebook.requirements["supervision"]
        assert last_missed_week(some, weekly, TODAY) == last_missed_week(whole, weekly, TODAY)
        with pytest.raises(LookupError, match="supervision"):
            some.since(supervision, day - timedelta(days=1))
