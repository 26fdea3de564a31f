"""Absences and placements: which the line is about, and which days they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from handlers.language.command import PART_TIME, Command
from handlers.language.days.spans import add_months, after
from handlers.language.finders.findings import last_day_of, last_of
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import SUPERVISION, Match
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary
from handlers.language.sentences.to_come import from_then_on, to_come
from handlers.language.settling.minutes import HALVES, take_alone
from handlers.language.settling.questions import Limits, asked_date, asked_each, likely
from handlers.language.settling.settle import When, settle
from handlers.language.settling.several_days import each_its_own, listed
from handlers.language.settling.weekday_numbers import beside_a_number

PERIOD_BACK, PERIOD_AHEAD = 120, 60  # months: absences and placements of a whole training
_LIKELY_ENDS = ((6, 15), (12, 20), (12, 31))  # month and day: the terms of domain.md, and the year
_WORKING_WEEK = (5, "day")
_AT_ONCE = ("sick", "child_care")  # said on the day itself: `sjuk`


@lru_cache(KEPT)
def names_a_period(words: Vocabulary) -> int:
    """What stands in every line of an absence or a placement."""
    return bits(words.table("absences"), words.table("placements"))


def period_of(found: Findings) -> Match | None:
    """The absence or placement the line is about, unless it is about a session."""
    periods = [match for match in found.matches if match.section in ("absences", "placements")]
    if not periods:
        return None
    acts = [match for match in found.matches if match.section in ("activities", "instruments")]
    if {match.key for match in periods} == {"sick", "child_care"} and not acts:
        return next(match for match in periods if match.key == "child_care")  # `dottern sjuk, vabbar`
    if not acts or (periods[0].start < acts[0].start and not found.has_length):
        return (
            _of_whom(found, periods[0])
            if not acts or periods[0].section == "absences" or _has_range(found)
            else None
        )
    ranged_course = periods[0].section == "placements" and _has_range(found) and acts[0].key != SUPERVISION
    return periods[0] if ranged_course and periods[0].start < acts[0].start else None


def _of_whom(found: Findings, period: Match) -> Match:
    """`dottern är sjuk`, `sjuk son`: who stays at home with a child is not ill."""
    children = found.words.marks["child"]
    if period.key != "sick" or not found.line.said & children.bit:
        return period
    line, at = found.line, period.start - 1
    while at >= 0 and line.words[at] in found.words.filler and not line.begins[at] & children.bit:
        at -= 1
    theirs = any(line.begins[near] & children.bit for near in (at, period.end))
    return period._replace(key="child_care") if theirs else period


def _has_range(found: Findings) -> bool:
    """`1/9-31/12`, `8 veckor från 11/1`"""
    kinds = [span.kind for span in found.spans]
    return "range" in kinds or (found.lasts is not None and "since" in kinds)


def is_of_the_supervisor(found: Findings, period: Match) -> bool:
    """`handledaren sjuk idag` is no absence of the one who writes."""
    before = [token.word for token in found.line.tokens[: period.start]]
    return period.section == "absences" and any(word in found.words.marks["supervisor"] for word in before)


def which_absence(found: Findings, first: Match) -> Command | None:
    """`sjuk igår, vab idag`: a line is one absence, so it is asked which; None where there is but one.

    `vab, sjuk dotter` is one: two have a day each, or stand joined as equals.
    """
    named = found.of("absences")
    keys = list(dict.fromkeys(match.key for match in named))
    if first.section != "absences" or len(keys) < 2:
        return None
    told = Command("ask", people=found.people, question="activity", reason=" ".join(keys))
    parted = "date" in found.line.taken[named[0].end : named[1].start]
    if parted and len(found.spans) == len(named) == len(keys):
        days = [settle([span], found.today, "period") for span in found.spans]
        return replace(told, reason=" ".join(_of_days(*each) for each in zip(keys, days, strict=True)))
    if not any(_side_by_side(found, *pair) for pair in pairwise(named)):
        return None
    when = _period_days(found, keys[0])
    return told if when.asked else replace(told, date=when.date, end_date=when.end)


def _side_by_side(found: Findings, one: Match, two: Match) -> bool:
    """`semester och föräldraledig`, `vab/sjuk`"""
    line, between = found.line, range(one.end, two.start)
    joined = found.words.marks["and"].entries.keys() | {"eller", "or", "/", "&", "+"}
    return one.key != two.key and len(between) == 1 and line.words[one.end] in joined


def _of_days(absence: str, when: When) -> str:
    """An absence with its days, as a question carries them."""
    days = [absence, *(day.isoformat() for day in (when.date, when.end or when.date) if day)]
    return "/".join(days if not when.asked else days[:1])


def told_of_a_period(found: Findings, period: Match) -> Command:
    """An absence or a placement; all words but the dates and people are its note."""
    for match in found.matches:
        if match != period and match.section not in ("commands", "absences"):
            found.line.release(match.start, match.end)
    for start, name in enumerate(found.line.taken):
        if name == "goal":
            found.line.release(start, start + 1)
    found.people = found.people or name_alone(found.line, found.words)
    absence = period.key if period.section == "absences" else None
    when = _period_days(found, absence)
    told = Command(
        "absence" if absence else "placement",
        absence=absence,
        date=when.date,
        end_date=when.end,
        people=found.people,
        note=leftover(found.line, found.words),
    )
    if when.asked and absence and (days := _single_days(found)):
        return asked_each(told, days)
    if when.asked or when.date is None:
        return asked_date(told, when.candidates or (found.today,), when.begun)
    earliest, latest = add_months(found.today, -PERIOD_BACK), add_months(found.today, PERIOD_AHEAD)
    if not earliest <= when.date <= latest:
        return asked_date(told, likely(when.date, found.today, Limits(earliest, latest)))
    partly = absence and when.end != when.date and _is_part_time(found)
    return replace(told, reason=PART_TIME) if partly else told


def _single_days(found: Findings) -> list[date]:
    """Those of `vab mån och ons`; none where they are in a row, or may be one."""
    spans = each_its_own(found.spans)
    when = settle(spans, found.today, "period")
    single = when.asked and all(span.kind == "on" for span in spans)
    return listed(found, when.candidates, "period") if single else []


def half_said(found: Findings) -> When | None:
    """`sjuk går` may have lost the i of `igår`: yesterday and today are offered."""
    for role, away in HALVES:
        if take_alone(found, found.words.marks[role]):
            return When(asked=True, candidates=(found.today + timedelta(days=away), found.today), named=True)
    return None


def _unknown_end(found: Findings, when: When) -> When | None:
    """`sjukskriven till årsskiftet`, `tjänstledig terminen ut`: the ends of term and year are offered."""
    if when.end is not None or not marked(found.line, found.words, "unbounded"):
        return None
    first = when.date or found.today
    ends = (date(first.year, *end) for end in _LIKELY_ENDS)
    return When(asked=True, candidates=tuple(end for end in ends if end > first), named=True, begun=first)


def _in_doubt(found: Findings, when: When, absence: str | None) -> When | None:
    """The question which days, where they are not settled; the days, where their number tells which."""
    if when.asked or found.vague or (when.end is None and _ends_vaguely(found)):
        near = when.candidates or ((when.date,) if when.date else ())
        return When(asked=True, candidates=near, named=True, begun=when.begun)
    return _in_parts(found, when, absence)


def _in_parts(found: Findings, when: When, absence: str | None) -> When | None:
    """A stretch of which only some is meant: `föräldraledig fredagar 1/2-31/5`, `sjuk 2 dagar i november`,
    `semester i slutet av mars`; None where it is whole.
    """
    if when.end is None or when.date is None:
        return None
    if (absence and found.repeat) or _of_a_month(found):
        return When(asked=True, begun=when.date, candidates=(when.end,))
    last = last_day_of(found, when.date)
    if not found.lasts or last >= when.end or [span.kind for span in found.spans] != ["on"]:
        return None
    if found.lasts == _WORKING_WEEK and when.end - when.date == timedelta(days=6):
        return When(when.date, last_of(found, when.date), named=True)
    return When(asked=True, begun=when.date, candidates=(last, when.end))


def _of_a_month(found: Findings) -> bool:
    """`i slutet av mars`, `från mitten av januari`: which day is not said."""
    table, untaken = found.words.marks["part_of"], Line(found.line.tokens)
    hits = (
        untaken.phrase(at, table) for at in (untaken.where(table.bit) if untaken.said & table.bit else ())
    )
    return any(hit and found.line.taken[hit[1] : hit[1] + 1] == ["date"] for hit in hits)


def _ends_vaguely(found: Findings) -> bool:
    """`semester 23/12 till mellandagarna`: until a day that is none."""
    line, vague, until = found.line, found.words.marks["vague_day"], found.words.marks["until"]
    spots = line.where(vague.bit) if line.said & vague.bit else ()
    ends = (at for at in spots if line.free(at) and line.phrase(at, vague))
    return any(line.words[at - 1] in until or line.words[at - 1] == "-" for at in ends if at)


def _either_end(found: Findings, start: date, most: int, unit: str) -> When:
    """`randning 3-4 mån från 1/2` asks which of the two ends."""
    ends = (after(start, count, unit) - timedelta(days=1) for count in (found.least or most, most))
    return When(asked=True, candidates=tuple(ends), named=True, begun=start)


def _is_part_time(found: Findings) -> bool:
    """`50 %`, `på halvtid`; but `100 %`."""
    line = found.line
    if line.said & found.words.marks["part_time"].bit:
        return "100" not in line.words
    parts = (line.number(at - 1, 2) for at, word in enumerate(line.words) if word == "%" and at)
    return any(part is not None for part in parts)


def _named_by(found: Findings) -> int | None:
    """Behind the first word for what the line tells of; None where a clinic alone says it."""
    ends = (match.end for match in found.matches if match.section in ("absences", "placements"))
    return next(ends, None)


def _period_days(found: Findings, absence: str | None) -> When:
    planned = absence not in _AT_ONCE and any(span.kind == "since" for span in found.spans)
    spans = to_come(found, _named_by(found))
    spans = from_then_on(spans, found.line, found.today) if planned else spans
    when = beside_a_number(found, settle(spans, found.today, "period"), timed=False)
    if in_doubt := _in_doubt(found, when, absence):
        return in_doubt
    unbounded = absence and found.line.said & found.words.marks["unbounded"].bit
    if unbounded and (unknown := _unknown_end(found, when)):
        return unknown
    if marked(found.line, found.words, "open_ended") and absence:
        return When(when.date or found.today, named=True)
    if found.lasts and found.least and when.end is None:
        return _either_end(found, when.date or found.today, *found.lasts)
    if found.lasts and when.date and when.end is None:
        return When(when.date, last_of(found, when.date), named=True)
    if when.date is None and found.lasts:
        return When(asked=True, candidates=(last_day_of(found, found.today),), begun=found.today)
    if when.date is None:
        if half := half_said(found):
            return half
        days = any(clock.minutes for clock in found.clocks)  # those of `vab 18-19` may be no hours
        at_once = absence in _AT_ONCE and not found.repeat and not days
        return When(found.today, found.today, named=True) if at_once else When(asked=True)
    if when.end is None and marked(found.line, found.words, "ends"):
        return When(asked=True)
    since = any(span.kind == "since" for span in found.spans) or marked(found.line, found.words, "begins")
    return when if when.end or since or not absence else When(when.date, when.date, named=True)
