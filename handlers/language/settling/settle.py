"""From the days a line names to one date, or to the question which."""

from __future__ import annotations

import datetime as dt
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from handlers.language.days.dates import Span
from handlers.language.days.repeats import Repeat
from handlers.language.days.spans import (
    Point,
    add_months,
    first_day,
    last_day,
    monday_of,
    nearby,
    speaks_against,
    week_day,
)
from handlers.language.settling.said_twice import said_once

_SUNDAY = 7


class When(NamedTuple):
    """The date and its end (inclusive), or `asked` with the candidates a button may offer.

    `named` tells whether the line said a day at all.
    """

    date: dt.date | None = None
    end: dt.date | None = None
    asked: bool = False
    candidates: tuple[dt.date, ...] = ()
    named: bool = False
    begun: dt.date | None = None  # the candidates are ends of a range that begins here


def settle(spans: list[Span], today: date, rule: str) -> When:
    """One day or range out of all that were named. `rule` is as in days.first_day."""
    if not spans:
        return When()
    if len(spans) == 1 and (day := _plain(spans[0], today, rule)):
        return When(day, named=True)
    kinds = [span.kind for span in spans]
    if "back" in kinds:
        return _before_return(spans, today, rule)
    if rule == "period" and len(spans) > 2 and (days := _from_week_to_week(spans, today)):
        return days
    ranges = [span for span in spans if span.kind == "range"] if "range" in kinds else []
    since, until, singles = _by_kind(spans)
    if ranges:
        return _range(ranges, [*singles, *since], today, rule)
    if (since or singles) and until:
        start = _one([*since, *singles], today, rule)
        return start if start.asked else _until(start.date, until[0], [], today)
    if until:
        return _from_today(until[0], today) if rule == "period" else _one(until, today, rule)
    found = _one([*since, *singles], today, rule)
    return found if rule != "period" or since else _stretch(found, singles)


def _from_week_to_week(spans: list[Span], today: date) -> When | None:
    """`fredag v 50 till torsdag v 51`: a day of one week and a day of another, and nothing else."""
    points = [point for span in spans for point in (span.first, span.last) if point]
    days, weeks = ([point for point in points if point.weekday], [point for point in points if point.is_week])
    if len(points) != 4 or len(days) != 2 or {*points[:2]} in ({*days}, {*weeks}):
        return None
    start = week_day(weeks[0], days[0].weekday or 1, today, "period") if len(weeks) == 2 else None
    end = week_day(weeks[1], days[1].weekday or 1, start, "period") if start else None
    return When(start, end, named=True) if start and end and start <= end else None


def _before_return(spans: list[Span], today: date, rule: str) -> When:
    """`semester 21/12, åter 7/1` ends on the day before; in a session the day is one as any other."""
    if rule != "period":
        return settle(_as_single(spans), today, rule)
    others = [span for span in spans if span.kind != "back"]
    begun, last = settle(others, today, rule), next(span.last for span in spans if span.kind == "back")
    start = begun.date or (None if begun.named else today)
    day = last_day(last, start) if start and last else None
    if begun.asked or start is None or day is None or last is None:
        return When(asked=True, candidates=begun.candidates, named=True)
    end = day - timedelta(days=_SUNDAY if last.is_week else 1)
    ended = begun.end is not None and any(span.kind in ("range", "until") for span in others)
    if end < start or (ended and begun.end != end):
        return When(asked=True, candidates=(start,), named=True)
    return When(start, end, named=True)


def _as_single(spans: list[Span]) -> list[Span]:
    """The day that somebody is back on is one as any other where nobody is away."""
    return [Span("on", span.last) if span.kind == "back" else span for span in spans]


def _plain(span: Span, today: date, rule: str) -> date | None:
    """The day of a line that names a single one, as most do."""
    kind, point = span[:2]
    if kind != "on" or point is None or point.is_month or (rule == "period" and point.is_week):
        return None
    return first_day(point, today, rule)


def _by_kind(spans: list[Span]) -> tuple[list[Point], list[Point], list[Point]]:
    """The days that open ranges begin with, those that they end with, and the single ones."""
    named: dict[str, list[Point]] = {"since": [], "until": [], "on": [], "range": []}
    for span in spans:
        point = span.first or span.last
        if point:
            named[span.kind].append(point)
    return named["since"], named["until"], named["on"]


def _range(ranges: list[Span], others: list[Point], today: date, rule: str) -> When:
    ranges = said_once(ranges, today, rule) if len(ranges) > 1 else ranges
    if len(set(ranges)) > 1 or ranges[0].first is None or ranges[0].last is None:
        return When(asked=True, named=True)
    first, last = ranges[0].first, ranges[0].last
    week = next((point for point in others if point.is_week), None)
    if week and first.weekday and last.weekday:
        return _days_of_week(week, first.weekday, last.weekday, today, rule)
    start = week_day(first, 1, today, rule) if first.is_week else first_day(first, today, rule)
    if start is None:
        return When(asked=True, candidates=tuple(nearby(first, today, rule)), named=True)
    if any(speaks_against(point, first, start, today, rule) for point in others):
        return When(asked=True, candidates=(start,), named=True)
    if first.is_week and rule == "period" and any(point.weekday for point in others):
        return When(asked=True, candidates=(start,), named=True)  # `semester fre v 50-51`
    return _until(start, last, nearby(last, start, rule), today)


def _days_of_week(week: Point, first: int, last: int, today: date, rule: str) -> When:
    start, end = week_day(week, first, today, rule), week_day(week, last, today, rule)
    if start is None or end is None or end < start:
        return When(asked=True, named=True)
    return When(start, end, named=True)


def _from_today(last: Point, today: date) -> When:
    """`sjuk till måndag`, said on a Monday, is till the next, or a slip for today."""
    if last.weekday == today.isoweekday() and not last.tense:
        ends = (today + timedelta(days=7), today)
        return When(asked=True, candidates=ends, named=True, begun=today)
    return _until(today, last, [], today)


def _until(start: date | None, last: Point, near: list[date], today: date) -> When:
    end = last_day(last, start) if start else None
    if start is None or end is None or end < start:
        ends = tuple(day for day in near if start and day >= start)
        return When(
            asked=True, candidates=ends or (start or today,), named=True, begun=start if ends else None
        )
    return When(start, end, named=True)


def _one(points: list[Point], today: date, rule: str) -> When:
    """The one day that several namings agree on: `tors v46`, `torsdag 12/11`."""
    weekdays = [point for point in points if point.weekday]
    if weekdays:
        weekdays = _alike(weekdays) if len(weekdays) > 1 else weekdays
        points = [_week_about(point) for point in points]
    weeks = [point for point in points if point.is_week]
    days = [point for point in points if not point.weekday and point not in weeks]
    if any(point.is_month for point in days) and (rule != "period" or len(points) > 1):
        return _months(points, today) if rule == "period" else When(asked=True, named=True)
    if days:
        return _agreed(days, weekdays, weeks, today, rule)
    if weeks:
        found = {week_day(week, day.weekday or 0, today, rule) for week in weeks for day in weekdays}
        found = found or {first_day(week, today, rule) for week in weeks}
        if any(day.tense == "past" for day in weekdays) and any(day and day > today for day in found):
            return When(asked=True, named=True)  # `i torsdags` is not of `nästa vecka`
    else:
        found = {first_day(point, today, rule) for point in weekdays}
    return run(_only(found)) if rule == "period" else _only(found)


def _months(points: list[Point], today: date) -> When:
    """`december och januari` are one stretch; months with a gap are asked about."""
    first, last = points[0], points[-1]
    in_a_row = all(
        one.is_month and two.is_month and (two.month or 0) == (one.month or 0) % 12 + 1
        for one, two in pairwise(points)
    )
    start = first_day(first, today, "period") if in_a_row else None
    return _until(start, last, [], today) if start else When(asked=True, named=True)


def _alike(weekdays: list[Point]) -> list[Point]:
    """`på torsdag och fredag`: both are to come."""
    tenses = {point.tense for point in weekdays} - {""}
    return [point._replace(tense=next(iter(tenses))) for point in weekdays] if len(tenses) == 1 else weekdays


def _week_about(point: Point) -> Point:
    """`torsdag om två veckor` is the Thursday of that week."""
    return Point(monday=monday_of(point.exact)) if point.exact and point.tense == "about" else point


def _agreed(days: list[Point], weekdays: list[Point], weeks: list[Point], today: date, rule: str) -> When:
    found = {first_day(point, today, rule) for point in days}
    if None in found:
        near = [day for point in days for day in nearby(point, today, rule)]
        return When(asked=True, candidates=tuple(dict.fromkeys(near)), named=True)
    when = _only(found)
    if when.date is None:
        return run(when) if rule == "period" else when
    if not weekdays and not weeks:
        return when
    said = {when.date}
    said |= {
        first_day(point, today, rule) or when.date
        for point in weekdays
        if point.weekday != when.date.isoweekday()
    }
    said |= {
        _friday(point, today, rule)
        for point in weeks
        if monday_of(_friday(point, today, rule)) != monday_of(when.date)
    }
    return _only(set(said))


def run(when: When) -> When:
    """Days in a row are one absence: `vab igår och idag`."""
    days = when.candidates
    in_a_row = len(days) > 1 and days[-1] - days[0] == timedelta(days=len(days) - 1)
    return When(days[0], days[-1], named=True) if in_a_row else when


def _friday(week: Point, today: date, rule: str) -> date:
    return week_day(week, 5, today, rule) or today


def _only(found: set[date | None] | set[date]) -> When:
    if len(found) == 1:
        (day,) = found
        return When(day, named=True) if day else When(asked=True, named=True)
    known = sorted(day for day in found if day)
    return When(asked=True, candidates=tuple(known), named=True)


def _stretch(when: When, points: list[Point]) -> When:
    """In a period a week lasts to its Sunday and a month to its last day."""
    if when.date is None:
        return when
    whole_week = len(points) == 1 and points[0].is_week
    if whole_week:
        return When(when.date, when.date + timedelta(days=_SUNDAY - when.date.isoweekday()), named=True)
    if len(points) == 1 and points[0].is_month:
        return When(when.date, add_months(when.date, 1) - timedelta(days=1), named=True)
    return when


def settle_repeat(repeat: Repeat, spans: list[Span], today: date) -> When:
    """The first day of a series, and its last when `till …` was said."""
    weekday, rest = _series_weekday(repeat, _as_single(spans))
    ranges = [span for span in rest if span.kind == "range"]
    begun, ended, singles = _by_kind(rest)
    until = [*ended, *(span.last for span in ranges if span.last)]
    dated = [*begun, *singles, *(span.first for span in ranges if span.first)]
    if any(point.weekday not in (None, weekday) for point in dated):
        return When(asked=True, named=True)  # `varje tors och fre`
    if len(dated) == 1 and dated[0].is_month and not until:
        until = dated  # `varje tisdag i december`
    start = _begin(dated, today) if dated else When(today + timedelta(days=1), named=False)
    if repeat.every == "other" or start.asked or start.date is None or (weekday is None and not dated):
        return When(asked=True, candidates=start.candidates, named=True)
    first = _on_weekday(start.date, weekday, repeat.parity)
    return _until(first, until[0], [], today) if until else When(first, named=True)


def _begin(dated: list[Point], today: date) -> When:
    """Where a series begins: in a week, on its first such weekday."""
    if len(dated) == 1 and dated[0].is_week:
        return When(week_day(dated[0], 1, today, "booking"), named=True)
    if len(dated) == 1 and dated[0].is_month:
        return When(max(first_day(dated[0], today, "booking") or today, today), named=True)
    return _one(dated, today, "booking")


def _series_weekday(repeat: Repeat, spans: list[Span]) -> tuple[int | None, list[Span]]:
    """The weekday of the series: its own, or the one named apart (`torsdag 13-14 varje vecka`)."""
    if repeat.weekday:
        return repeat.weekday, spans
    named = [span for span in spans if span.kind == "on" and span.first and span.first.weekday]
    rest = [span for span in spans if span not in named]
    return (named[0].first.weekday if named and named[0].first else None), rest


def _on_weekday(start: date, weekday: int | None, parity: int | None) -> date:
    day = start + timedelta(days=(weekday - start.isoweekday()) % 7) if weekday else start
    if parity is not None and day.isocalendar().week % 2 != parity:
        day += timedelta(days=7)
    return day
