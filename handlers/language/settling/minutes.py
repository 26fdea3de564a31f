"""From the lengths a line names to one number of minutes, or to the question how long."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from handlers.language.finders.durations import LONGEST, SHORTEST
from handlers.language.finders.found import Findings
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import COLON, LONG, NUMBER, POINT, Phrases, bits

HALVES = (("half_yesterday", -1), ("half_tomorrow", 1))  # words that may have lost an i, and days from today
USUAL = (30, 45, 60)  # offered when nothing better is known


class Length(NamedTuple):
    """Clock time and minutes, or `asked` with the minutes a button may offer."""

    time: time | None = None
    minutes: int | None = None
    asked: bool = False
    candidates: tuple[int, ...] = ()


def settle_minutes(found: Findings, *, books: bool = False) -> Length:
    """The one length of the line, taken from durations and spans of clock times alike.

    In what `books` a number alone may be the hour of a working day: `boka handledning torsdag 13`.
    """
    start = found.clocks[0].start if found.clocks else None
    if start is None and found.spans and found.line.said & LONG:
        start = _four_digits(found)
    if start is None and found.line.said & found.words.marks["near"].bit:
        start = _near_an_hour(found)
    said = _lengths(found)
    apart = len(found.clocks) > 1 and any(clock.start != start for clock in found.clocks)
    if apart or len(said) > 1:
        return Length(
            start, asked=True, candidates=tuple(minutes for minutes in said if _allowed(minutes))[:3] or USUAL
        )
    unitless = found.words.marks["hour_and_a_half"]
    if not said and found.line.said & unitless.bit and take_alone(found, unitless):
        said = [90]
    if not said:
        if start and _is_at_night(found, start) and not _says_a_clock(found):
            return Length(asked=True, candidates=(start.hour * 60 + start.minute or USUAL[0],))  # `idag 1:15`
        if not start and take_alone(found, found.words.marks["vague_length"]):
            return Length(asked=True, candidates=USUAL)  # `ett par timmar`
        loose = _loose_number(found)
        hour = _bare_clock(found, loose) if books and not start else None
        if hour:
            return Length(hour)
        return Length(start) if loose is None else Length(start, asked=True, candidates=plausible(loose))
    if not _allowed(said[0]):
        return Length(start, asked=True, candidates=plausible(said[0]))
    return Length(start, said[0])


def _lengths(found: Findings) -> list[int]:
    """Each length that is said, once."""
    said = list(map(round, found.durations))
    if found.clocks:
        said += [clock.minutes for clock in found.clocks if clock.minutes]
    return said if len(said) < 2 else list(dict.fromkeys(said))


WORKING = range(7, 19)  # hours
_SMALL_HOURS = range(6)  # nobody meets then: a length is meant


def _is_at_night(found: Findings, start: time) -> bool:
    """An hour past midnight in figures; `om en timme`, written at eleven, is none."""
    return start.hour in _SMALL_HOURS and (start.hour > 0 or found.line.said & (COLON | POINT) != 0)


def _says_a_clock(found: Findings) -> bool:
    """`kl 2`, `2 am`"""
    return found.line.said & bits(*(found.words.marks[role] for role in ("clock", "am", "pm"))) != 0


def _four_digits(found: Findings) -> time | None:
    """The 1300 of `fre 1300 1h`, which stands alone beside a day; it is taken."""
    for index in found.line.where(LONG):
        if _alone(found, index - 1) and ends(found, index + 1):
            return _hour_at(found, index)
    return None


def _near_an_hour(found: Findings) -> time | None:
    """`vid 13`, where the number stands alone; it is taken."""
    near = found.words.marks["near"]
    for index in found.line.where(near.bit):
        hit = found.line.phrase(index, near)
        if hit and found.line.is_number(hit[1]) and ends(found, hit[1] + 1):
            return _hour_at(found, hit[1])
    return None


def _hour_at(found: Findings, index: int) -> time | None:
    """The hour of a working day that a number may be: 13 or 1300; it is taken."""
    number = found.line.number(index) or 0
    hour, minute = divmod(number, 100) if number >= 100 else (number, 0)
    if hour not in WORKING or minute > 55 or minute % 5:
        return None
    found.line.take(index, index + 1, "clock")
    return time(hour, minute)


def _bare_clock(found: Findings, loose: int | None) -> time | None:
    """The `13` or the `1300` of what is to come; it is taken."""
    line = found.line
    for index in line.where(NUMBER):
        number = line.number(index) or 0
        alone = number == loose or (number >= 100 and _alone(found, index - 1) and ends(found, index + 1))
        hour = _hour_at(found, index) if alone else None
        if hour:
            return hour
    return None


def _allowed(minutes: int) -> bool:
    return SHORTEST <= minutes <= LONGEST


def plausible(minutes: int) -> tuple[int, ...]:
    """Two or three lengths that may have been meant: 25 h → 25 min or 2,5 h; a bare 45 → 45 min; 2 → 2 h."""
    minutes = abs(minutes)
    hours = minutes // 60 if minutes % 60 == 0 else 0
    meant = (
        [minutes, hours, hours * 6]
        if hours
        else [minutes, *((minutes * 60, minutes * 10) if minutes < 5 else ())]
    )
    found = [value for value in dict.fromkeys(meant) if _allowed(value) and value % 5 == 0]
    return tuple(found[:3]) or USUAL


def _loose_number(found: Findings) -> int | None:
    """A number standing by itself among what was understood: `handledning idag 45`, `igår trettio`.

    0 for several that are no span of clock times, though they stand as one: `14-13`, `kl 13.75`.
    """
    line = found.line
    for index in line.where(NUMBER):
        number = line.number(index, 3)
        if number is None or not (_alone(found, index - 1) or _after_clock(found, index - 1)):
            continue
        end = _run_end(found, index)
        tenths = line.number(index + 2, 1) if line.words[index + 1] == "," and line.glued(index + 2) else None
        if tenths is not None and _alone(found, index + 3):
            return number * 60 + tenths * 6  # `1,5`
        if _is_of_a_decimal(found, index):
            continue
        if ends(found, end):
            return number if end == index + 1 else 0
    return _loose_word(found) if line.said & found.words.table("numbers").bit else None


def _is_of_a_decimal(found: Findings, index: int) -> bool:
    """The pieces of `score 4,5` and `2,5-årskontroll`; the 30 of `1.30` is none, nor the 2 of `1, 2`."""
    line = found.line
    ended = line.words[index - 1] == "," and line.glued(index) and line.glued(index - 1)
    begun = line.words[index + 1] == "," and line.glued(index + 1) and line.glued(index + 2)
    return (ended and line.is_number(index - 2)) or (begun and line.is_number(index + 2))


def _loose_word(found: Findings) -> int | None:
    """The thirty of `igår trettio`; smaller ones count what the note tells of."""
    line, numbers = found.line, found.words.table("numbers")
    for index in line.where(numbers.bit):
        spelled = whole_at(line, index, found.words)
        if spelled and spelled[0] >= SHORTEST and _alone(found, index - 1) and _alone(found, spelled[1]):
            line.take(index, spelled[1], "asked")
            return spelled[0]
    return None


def take_loose_day(found: Findings) -> bool:
    """Whether figures stand by themselves that may have been meant for a day: `12 11`, `1211`, `12-11`, `tolv
    elva`.

    Their tokens are taken, for the line is asked about.
    """
    line = found.line
    for index in line.where(NUMBER):
        if line.number(index, 8) is None or not _alone(found, index - 1):
            continue
        end = index + 1
        while line.words[end] in ("-", ".", "/") or line.number(end, 8) is not None:
            end += 1
        if _alone(found, end) and end - index < 6:
            line.take(index, end, "asked")
            return True
    return bool(line.said & found.words.table("numbers").bit) and _take_spelled_day(found)


def _take_spelled_day(found: Findings) -> bool:
    """`tolv elva`: two numbers in words that may be a day and its month, or two clock times."""
    line = found.line
    for index in line.where(found.words.table("numbers").bit):
        day = whole_at(line, index, found.words)
        month = whole_at(line, day[1], found.words) if day and not line.is_number(day[1]) else None
        dated = day is not None and month is not None and day[0] <= 31 and month[0] <= 12
        if dated and month and _alone(found, index - 1) and _alone(found, month[1]):
            line.take(index, month[1], "asked")
            return True
    return False


def take_alone(found: Findings, table: Phrases[str]) -> bool:
    """Whether a word stands by itself among what was understood; it is taken, for the line is asked about."""
    line = found.line
    for index in line.where(table.bit):
        hit = line.phrase(index, table)
        if hit and _alone(found, index - 1) and _alone(found, hit[1]):
            line.take(index, hit[1], "asked")
            return True
    return False


def _run_end(found: Findings, index: int) -> int:
    line, end = found.line, index + 1
    while line.words[end] in ("-", ":", ".") and line.number(end + 1) is not None:
        end += 2
    return end


def _alone(found: Findings, index: int) -> bool:
    """Whether what stands at the index is no part of a note."""
    line = found.line
    small = line.tokens[index].raw in ",;·|()" if line.free(index) else True
    return small or line.words[index] in found.words.marks["part_of_day"]


_OF = ("om", "kring", "angående", "about", "on")  # `torsdag 13 om etik`


def ends(found: Findings, index: int) -> bool:
    """Whether a number ends before the index: nothing of a note follows it, or `med` and a name, or `!`."""
    line, words, word = found.line, found.words, found.line.words[index]
    led = word in words.marks["with"] or word in words.marks["by"]
    named = led and line.taken[index + 1 : index + 2] == ["people"]
    told = word in _OF and not line.free(index + 1) and line.taken[index + 1 : index + 2] == ["content"]
    closed = told or (word in ("!", "?", ".") and not line.glued(index + 1)) or word in words.marks["polite"]
    return _alone(found, index) or named or closed


def _after_clock(found: Findings, index: int) -> bool:
    return found.line.words[index] in found.words.marks["clock"]
