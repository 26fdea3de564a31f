"""A whole series moved: `flytta alla torsdagar till fredag kl 13`, `byt serien till tisdagar från v 5`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from handlers.language.command import Command
from handlers.language.days.dates import Span
from handlers.language.days.spans import last_day
from handlers.language.finders.found import Findings
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.settling.moved_days import says_instead_of
from handlers.language.settling.settle import settle

SERIES, UNCLEAR = "series", "unclear"
_ONWARDS = frozenset({"framöver", "framåt", "onwards"})
_MANY = ("series", "all_of_them")


class Part(NamedTuple):
    """Which of a series: from and to a day (inclusive, None for no bound), and how far it is moved."""

    first: date | None = None
    last: date | None = None
    far: str | None = None

    @property
    def reason(self) -> str:
        """As a command carries it: "series", "series 2027-02-01 -", "series - - later 1 week"."""
        days = [day.isoformat() if day else "-" for day in self[:2]]
        return " ".join([SERIES, *days, self.far or ""]).strip() if any(self) else SERIES


def part_of(reason: str | None) -> Part | None:
    """What the reason of a command says of a series; None where it is of none."""
    said, *rest = (reason or "").split(maxsplit=3) or [""]
    if said != SERIES:
        return None
    first, last, far = rest + ["-", "-", ""][len(rest) :]
    return Part(_day(first), _day(last), far or None)


def _day(said: str) -> date | None:
    return None if said == "-" else date.fromisoformat(said)


def moved_series(said: Command, found: Findings, far: str | None, *, alone_is_new: bool) -> Command:
    """`date` is the next day of the weekday that is moved, None for the series of the next session;
    `end_date` a day of the new weekday; `repeat` every other week, where it is said. What there is of time
    is in `said`.
    """
    days = list(_weekdays(found, alone_is_new))
    old, new = ({day for day, is_new in days if is_new is wanted} for wanted in (False, True))
    part = _bounds(found)
    if part is None or len(old) > 1 or len(new) > 1 or _is_vague(found):
        return replace(said, reason=UNCLEAR)
    for role in _MANY:
        _take(found, role)
    was = next_weekday(min(old), found.today) if old else None
    there = next_weekday(min(new), found.today + timedelta(days=1)) if new else None
    repeat = "biweekly" if _is_every_other(found) else None
    return replace(said, date=was, end_date=there, repeat=repeat, reason=part._replace(far=far).reason)


def called_off_series(said: Command, found: Findings, weekday: int | None) -> Command:
    """All that is left of the series, or of a weekday, between the days that the line names (`i december`,
    `från v 50`, `till 18/12`); where these cannot be told, nothing.
    """
    part = _bounds(found, until=True)
    if part == Part() and _says(found, "this_term"):
        part = Part(last=min(end for end in _terms_from(found.today) if end >= found.today))
    elif _is_vague(found) or _until_what_is_no_day(found):
        part = None
    if part is None:
        return replace(said, reason=UNCLEAR)
    for role in (*_MANY, "this_term", "unbounded"):
        _take(found, role)
    date = next_weekday(weekday, found.today) if weekday else None
    return replace(said, date=date, reason=part.reason)


def _take(found: Findings, role: str) -> None:
    line, table = found.line, found.words.marks[role]
    for index in line.where(table.bit):
        hit = line.phrase(index, table)
        line.take(index, hit[1] if hit else index, role)


_TERMS = ((6, 15), (12, 20))  # their last days, month and day (domain.md, `term`)


def _terms_from(today: date) -> Iterator[date]:
    for year in (today.year, today.year + 1):
        yield from (date(year, *end) for end in _TERMS)


def _says(found: Findings, role: str) -> bool:
    line, table = Line(found.line.tokens), found.words.marks[role]
    return any(line.phrase(at, table) for at in line.where(table.bit))


def _is_vague(found: Findings) -> bool:
    """`i vår`, `efter jul`: from or until a day that is not known."""
    line = found.line
    vague = {token.word for token, by in zip(line.tokens, line.taken, strict=True) if by == "vague_day"}
    return (found.vague and not (vague and vague <= _ONWARDS)) or found.unbounded or _says(found, "season")


def _until_what_is_no_day(found: Findings) -> bool:
    """`avboka serien till jul`"""
    line, until = found.line, found.words.marks["until"]
    hits = (line.phrase(at, until) for at in line.where(until.bit))
    return any(hit and line.free(hit[1]) and line.tokens[hit[1]].is_word for hit in hits)


def next_weekday(weekday: int, today: date) -> date:
    """Today or the next day that is this weekday, 1-7."""
    return today + timedelta(days=(weekday - today.isoweekday()) % 7)


def _weekdays(found: Findings, alone_is_new: bool) -> Iterator[tuple[int, bool]]:
    """Every weekday of the line, however it was read, and whether it is the new one."""
    line, words = Line(found.line.tokens), found.words
    tables = [words.table(name) for name in ("weekdays", "weekdays_every")]
    hits = {at: hit for at in range(len(line.tokens)) for table in tables if (hit := line.phrase(at, table))}
    turned = says_instead_of(found) and len(hits) > 1
    for number, (at, (weekday, _)) in enumerate(sorted(hits.items())):
        after_until = _follows_until(line, at, words)
        last = number == (0 if turned else len(hits) - 1) and (len(hits) > 1 or alone_is_new)
        yield int(weekday), after_until or last


def _follows_until(line: Line, at: int, words: Vocabulary) -> bool:
    """`till fredagar`, `mot varje fredag`, `to fridays`"""
    before = at - 1
    while before >= 0 and line.begins[before] & (words.table("repeats").bit | words.marks["on"].bit):
        before -= 1
    return before >= 0 and line.words[before] in {*words.marks["until"].entries, "mot", "for"}


def _bounds(found: Findings, *, until: bool = False) -> Part | None:
    """`från v 5`, `i december`, `nästa vecka`, and with `until` `till 18/12`: from when, and until when.

    None where it cannot be told. A single day bounds nothing, for it may be the new one.
    """
    part = Part()
    for span in found.spans:
        point = span.first or span.last
        if point is None or (point.weekday and not until):
            continue
        more = _bound(span, found.today, until)
        if more is None or part.first or part.last:
            return None
        part = more
    return part


def _bound(span: Span, today: date, until: bool) -> Part | None:
    first, last = span.first, span.last
    if first is None:
        end = last_day(last, today) if last and until else None
        return Part(last=end) if end else None
    begun = settle(
        [Span("on", first)], today, "period" if first.is_week or first.is_month else "booking"
    ).date
    if begun is None or not (until or first.is_week or first.is_month or span.kind == "since"):
        return None
    if span.kind == "range" and last and (until or not last.weekday):
        return Part(begun, last_day(last, begun))
    return Part(begun, None if span.kind == "since" else last_day(first, begun))


def _is_every_other(found: Findings) -> bool:
    line, words = Line(found.line.tokens), found.words
    if line.said & (words.marks["even_weeks"].bit | words.marks["odd_weeks"].bit):
        return True
    hits = (line.phrase(at, words.table("repeats")) for at in line.where(words.table("repeats").bit))
    return any(hit and hit[0] == "biweekly" for hit in hits)
