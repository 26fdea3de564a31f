"""A draft's figures with those of the period before, and its months."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from handlers.papers.period import Period, served_in
from handlers.papers.record import Record, Written
from handlers.papers.typeset import Facts
from handlers.words import Words, spelled
from schedules.calendar import add_months
from schedules.lives.life import Life
from schedules.lives.weeks import Served

MOST_MONTHS = 24


def figures_of(words: Words, of: Record, life: Life, period: Period) -> list[Facts]:
    """Label, value, and the value of the period before where the training lasted through all of that."""
    known = period.before.first >= of.trainee.starts_on
    earlier = [each for each in of.entries if period.before.holds(each.entry.on_date)] if known else None
    seen = [each for each in of.entries if period.holds(each.entry.on_date)]
    told: tuple[tuple[str, Callable[[Sequence[Written]], str]], ...] = (
        ("fig_sessions", lambda some: str(sum(map(is_session, some)))),
        ("fig_hours", lambda some: hours(sum(_minutes(some)))),
        ("fig_assessments", lambda some: str(sum(each.entry.activity == "assessment" for each in some))),
        ("fig_unconfirmed", lambda some: str(sum(_is_open(each) for each in some))),
    )
    figures = [
        _figure(words, key, value(seen), value(earlier) if earlier is not None else "") for key, value in told
    ]
    return [*figures[:2], _weeks(words, life, period, known), *figures[2:]]


def _figure(words: Words, key: str, value: str, before: str) -> Facts:
    told = words.say("paper.before", value=before) if before else ""
    return {"label": words.say(f"paper.{key}", count=value), "value": value, "before": told}


def _weeks(words: Words, life: Life, period: Period, known: bool) -> Facts:
    now = served_in(life, period)
    if now is None:
        return _figure(words, "fig_weeks", words.say("paper.none"), "")
    before = served_in(life, period.before) if known else None
    return _figure(words, "fig_weeks", _of(words, now), _of(words, before) if before and before.of else "")


def _of(words: Words, served: Served) -> str:
    return words.say("paper.of", done=served.weeks, count=served.of)


def _first_month(of: Period) -> date:
    return max(_month(of.first), add_months(_month(of.last), 1 - MOST_MONTHS))


def are_months_left_out(of: Period) -> bool:
    """Whether a period has more months than are shown."""
    return _first_month(of) > _month(of.first)


def months_of(words: Words, seen: Sequence[Written], period: Period) -> list[Facts]:
    """Minutes of supervision and assessments, month by month, the latest twenty-four at the most."""
    found: list[Facts] = []
    month = _first_month(period)
    while month <= period.last:
        mine = [each for each in seen if _month(each.entry.on_date) == month]
        found.append(
            {
                "letter": spelled(month, "LLLLL", words.locale),
                "year": str(month.year) if month.month == 1 or not found else "",
                "minutes": sum(_minutes(mine)),
                "assessments": sum(each.entry.activity == "assessment" for each in mine),
            }
        )
        month = add_months(month, 1)
    return found


def is_session(of: Written) -> bool:
    """Whether it is supervision."""
    return of.entry.activity == "supervision"


def _is_open(of: Written) -> bool:
    return of.entry.activity in ("supervision", "assessment") and of.state != "confirmed"


def _minutes(some: Iterable[Written]) -> Iterator[int]:
    return (each.entry.minutes or 0 for each in some if is_session(each))


def hours(minutes: int) -> str:
    """Whole hours, rounded to the nearest."""
    return f"{round(minutes / 60)} h"


def _month(of: date) -> date:
    return of.replace(day=1)
