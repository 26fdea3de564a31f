"""To judge, of what recurs only the latest are read: the verdicts are those of the whole journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session

from schedules.lives.asked import watched
from schedules.lives.happened import SESSIONS, latest_decide
from schedules.lives.life import Life
from schedules.lives.reading import load, load_many, load_since, load_to_judge
from schedules.lives.weeks import last_missed_week, looks_back_to
from schedules.rules.requirement import Requirement
from schedules.rules.rulebook import shipped
from schedules.standings import judged
from storage.columns import columns, table
from storage.engine import writing
from storage.tables import Entry, EntryState
from tests.support import crowd

TODAY = crowd.NOW.date()
AS_CAME, SOME_DAYS, TO_COME, DRY, NONE = range(1, 6)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Five with years behind them: as they came, two long sessions begun long ago, one to come, no
    assessment for years, no session at all."""
    with writing(engine) as made:
        crowd.settle(made, 5, years=4)
        long_ago, entry = TODAY - timedelta(days=300), columns(Entry)
        _hold(made, SOME_DAYS, long_ago, TODAY - timedelta(days=1))
        _hold(made, SOME_DAYS, long_ago, TODAY + timedelta(days=30))
        _hold(made, TO_COME, TODAY + timedelta(days=3), None)
        theirs = (entry.trainee_id == NONE) & (entry.activity == "supervision")
        lately = entry.on_date > TODAY - timedelta(days=900)
        dry = (entry.trainee_id == DRY) & (entry.activity == "assessment") & lately
        made.execute(update(table(Entry)).where(theirs | dry).values(state=EntryState.VOID))
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
    came, long, coming, _dry, none = load_to_judge(session, range(AS_CAME, NONE + 1), crowd.NOW)
    (whole,) = load_many(session, [AS_CAME], crowd.NOW)
    settled = max(each.on for each in whole.of(["supervision"]) if each.on <= TODAY - timedelta(days=8))
    assert {each.on for each in came.to_judge(["supervision"])} == {
        each.on for each in whole.of(["supervision"]) if each.on >= settled
    }
    assert [len(life.to_judge(["supervision"])) < 10 for life in (came, long, coming)] == [True] * 3
    assert len(none.to_judge(["supervision"])) == 0
    assert came.of(["scientific_work"]) == whole.of(["scientific_work"])
    with pytest.raises(LookupError, match="supervision"):
        came.of(["supervision", "scientific_work"])


def test_of_what_is_counted_in_a_term_or_a_year_no_more_is_read_than_it_reaches_back(
    session: Session,
) -> None:
    def counts(requirement: Requirement) -> bool:
        return requirement.key in ("assessment", "st_meeting", "course")

    came, *_, dry, _none = load_to_judge(session, range(AS_CAME, NONE + 1), crowd.NOW, counts)
    first = {key: min(each.on for each in came.done[key]) for key in ("assessment", "st_meeting")}
    assert first["st_meeting"] > TODAY - timedelta(weeks=60)
    assert first["assessment"] > TODAY - timedelta(weeks=120)
    with pytest.raises(LookupError, match="assessment"):
        came.of(["assessment"])
    # One who has been short for longer than was read: since when, only all of it tells.
    assert sorted(dry.of(["assessment"])) == sorted(load(session, DRY, crowd.NOW).of(["assessment"]))


def test_of_each_no_more_is_read_than_what_is_asked_of_them_counts(session: Session) -> None:
    """Who is asked for what reaches back a year or more, and who is not, are read apart."""
    keys = {AS_CAME: ["assessment"], SOME_DAYS: ["supervision"], NONE: ["supervision", "st_meeting"]}
    rated, weekly, both = load_to_judge(session, list(keys), crowd.NOW, keys=keys)
    assert set(weekly.done) == {"supervision"}
    for life, other in ((rated, "supervision"), (weekly, "st_meeting"), (both, "assessment")):
        with pytest.raises(LookupError, match=other):
            life.to_judge([other])


def test_a_log_reads_all_of_what_is_counted_and_of_sessions_what_decides() -> None:
    rules = {key: watched(book.requirements.values()) for key, book in shipped().items()}
    known = {key: set(latest_decide(book, SESSIONS)) for key, book in rules.items()}
    assert known.pop("skane-sjukhus") == set()
    assert all(latest == {"supervision"} for latest in known.values())


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
