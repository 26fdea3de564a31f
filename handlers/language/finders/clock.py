"""Clock times and spans: `kl 13`, `13-14`, `13.00–13.45`, `1pm`, `klockan halv två`."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from typing import NamedTuple

from handlers.language.finders.spoken_clock import (
    AFTERNOON,
    EARLIEST_BARE,
    LATEST_BARE,
    QUARTERS,
    Moment,
    ends_there,
    half_or_quarter_at,
    spelled_at,
    spoken_at,
)
from handlers.language.lexicon.phrases import ARROWS, COLON, JOINT, LONG, NUMBER, POINT, bits
from handlers.language.lexicon.tokens import WORD_OF, Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_DAY = 24 * 60
_JOINTS = ("-", "till", "to", *ARROWS)


class Clock(NamedTuple):
    """A clock time, and the minutes until the end of the span when one is given."""

    start: time
    minutes: int | None = None


def find_clocks(line: Line, words: Vocabulary) -> list[Clock]:
    """Every clock time and span in the line, in order; their tokens are taken."""
    found: list[Clock] = []
    begins, wanted = line.begins, _openers(words)
    for index in range(len(line.tokens)):
        if begins[index] & wanted and (clock := _clock_at(line, index, words)):
            found.append(clock[0])
            line.take(index, clock[1], "clock")
    if found and not EVENING.isdisjoint(map(WORD_OF, line.tokens)):
        return [_of_the_evening(clock) for clock in found]
    return found


def _of_the_evening(clock: Clock) -> Clock:
    """`kl 7 igår kväll`"""
    late = clock.start.hour in range(5, 12)
    return clock._replace(start=clock.start.replace(hour=clock.start.hour + 12)) if late else clock


def _clock_at(line: Line, index: int, words: Vocabulary) -> tuple[Clock, int] | None:
    start, said = _after_mark(line, index, words)
    few = not said and line.begins[start] & words.marks["few_minutes"].bit  # `10 över 9`
    first = (spelled_at(line, start, words) if few else None) or _moment_at(line, start, words, said)
    if first is None and not line.is_number(start):
        first = spelled_at(line, start, words, led=start > index)
    if first is None:
        return None
    span = _span_from(line, first, words, said, start > index)
    if span:
        return span
    if said or (first.exact and not _is_length(line, first, words)):
        return Clock(_time(_afternoon(first, said).minute)), first.end
    return None


EVENING = frozenset(("kväll", "kvällen", "ikväll", "evening", "tonight"))
_AFTERNOON = frozenset(("em", "eftermiddag", "eftermiddagen", "afternoon"))  # `igår em 2-3`
_MARKS = ("since", "between", "clock")


@lru_cache(KEPT)
def _marks(words: Vocabulary) -> int:
    return bits(*(words.marks[role] for role in _MARKS))


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> int:
    """What a clock time can begin with."""
    marks = (words.marks[role] for role in (*_MARKS, "half_past", *(role for role, _ in QUARTERS)))
    return bits(*marks, words.table("numbers")) | NUMBER


@lru_cache(KEPT)
def needed(words: Vocabulary) -> int:
    """What no clock time is without: a mark, minutes or an end."""
    halves = ("half_past", *(role for role, _ in QUARTERS))
    roles = ("clock", "between", "am", "pm", "until", "and", "few_minutes", *halves)
    return bits(*(words.marks[role] for role in roles)) | LONG | POINT | COLON | JOINT


def _is_length(line: Line, moment: Moment, words: Vocabulary) -> bool:
    """`1:30 h` is a length of time, not half past one at night."""
    unit = line.phrase(moment.end, words.table("units"))
    return moment.minute < _DAY // 2 and unit is not None and unit[0] == "hour"


def _after_mark(line: Line, index: int, words: Vocabulary) -> tuple[int, bool]:
    """The index after `kl`, `mellan`, `från`, and whether `kl` was among them."""
    said = False
    if not line.begins[index] & _marks(words):
        return index, said
    for role in _MARKS:
        mark = line.phrase(index, words.marks[role])
        if mark:
            index, said = mark[1], said or role != "since"
    if said and line.words[index] in (".", ":"):
        index += 1
    return index, said


def _span_from(
    line: Line, first: Moment, words: Vocabulary, said: bool, led: bool
) -> tuple[Clock, int] | None:
    joint = _joint_after(line, first.end, words)
    if joint is None:
        return None
    start, _ = _after_mark(line, joint, words)
    last = _moment_at(line, start, words, said or first.spelled) or half_or_quarter_at(line, start, words)
    last = last and _with_a_comma(line, last)
    if last is None or line.words[last.end] in ("/",) or _unit_follows(line, last, words):
        return None
    if first.spelled and not first.exact and not ends_there(line, last, words):
        return None
    joined = led or line.words[first.end] in _JOINTS
    if not (said or first.exact or last.exact or _plausible(first, last, joined)):
        said = joined and first.minute < last.minute and ends_there(line, last, words)
        if not said or not (led or not _AFTERNOON.isdisjoint(token.word for token in line.tokens)):
            return None
    early = led and first.minute < EARLIEST_BARE * 60  # `från två till halv fyra`
    first, last = _same_half(first, last, said or last.spelled or early)
    minutes = (last.minute - first.minute) % _DAY
    if not minutes:
        return None
    return Clock(_time(first.minute), minutes), last.end


def _with_a_comma(line: Line, last: Moment) -> Moment:
    """`9-10,30`: minutes, where the span ends."""
    minutes = line.number(last.end + 1, 2) if line.words[last.end] == "," and not last.exact else None
    whole = minutes is not None and len(line.words[last.end + 1]) == 2 and minutes < 60 and minutes % 5 == 0
    joined = whole and line.glued(last.end) and line.glued(last.end + 1)
    return Moment(last.minute + (minutes or 0), exact=True, end=last.end + 2) if joined else last


def _joint_after(line: Line, index: int, words: Vocabulary) -> int | None:
    if line.words[index] in ARROWS:
        return index + 1
    if line.words[index] == "-":
        return index + (2 if line.words[index + 1] == "-" else 1)
    for role in ("until", "and"):
        found = line.phrase(index, words.marks[role])
        if found:
            return found[1]
    return None


def _unit_follows(line: Line, last: Moment, words: Vocabulary) -> bool:
    """`3-4 dagar`, `8-10 mg`, `8-12 patienter`"""
    tables = words.table("units"), words.marks["counted"]
    if line.words[last.end + 1] == "-" and line.glued(last.end + 1) and line.glued(last.end + 2):
        return False  # the D of `13-14 D-dimer`
    return not last.exact and any(line.phrase(last.end, table) for table in tables)


def _plausible(first: Moment, last: Moment, joined: bool) -> bool:
    return joined and EARLIEST_BARE * 60 <= first.minute < last.minute <= LATEST_BARE * 60


def _same_half(first: Moment, last: Moment, said: bool) -> tuple[Moment, Moment]:
    if last.half and not first.half and (last.half == "pm") and first.minute < 720:
        moved = Moment(first.minute + 720, exact=True, end=first.end, half="pm")
        first = moved if moved.minute < last.minute else first
    first, last = _afternoon(first, said), _afternoon(last, said)
    return first, last


def _afternoon(moment: Moment, said: bool) -> Moment:
    if said and not moment.exact and not moment.half and moment.minute // 60 in AFTERNOON:
        return Moment(moment.minute + 720, exact=False, end=moment.end)
    return moment


def _moment_at(line: Line, index: int, words: Vocabulary, said: bool) -> Moment | None:
    if said:
        spoken = spoken_at(line, index, words)
        if spoken:
            return _with_half(line, spoken, words)
    hour = line.number(index)
    if hour is None:
        return None
    moment = _four_digits_at(line, index, said) or _hour_at(line, index, hour)
    if moment and said and not moment.exact:
        moment = _spaced(line, moment, words)
    return _with_half(line, moment, words) if moment else None


def _spaced(line: Line, hour: Moment, words: Vocabulary) -> Moment:
    """`kl 13 30` is half past one; `kl 13 30 min` is a time and a length."""
    minutes, end = line.number(hour.end, 2), hour.end + 1
    if minutes is None or len(line.tokens[hour.end].raw) != 2 or minutes > 55 or minutes % 5:
        return hour
    goes_on = line.glued(end) or line.phrase(end, words.table("units"))
    return hour if goes_on else Moment(hour.minute + minutes, exact=True, end=end)


def _four_digits_at(line: Line, index: int, said: bool) -> Moment | None:
    raw = line.tokens[index].raw
    if len(raw) != 4 or int(raw[:2]) > 23 or int(raw[2:]) > 59:
        return None
    following = line.number(index + 2) if line.words[index + 1] == "-" else None
    before = (
        line.number(index - 2)
        if line.words[index - 1] == "-" or (index > 1 and line.taken[index - 1])
        else None
    )
    paired = (following is not None and len(line.tokens[index + 2].raw) == 4) or before is not None
    paired = paired or _till_another(line, index) or _till_another(line, index - 2)
    if not said and not paired and not (index > 1 and line.tokens[index - 1].raw == "-"):
        return None
    return Moment(int(raw[:2]) * 60 + int(raw[2:]), exact=True, end=index + 1)


def _till_another(line: Line, index: int) -> bool:
    """`1300 till 1345`, but not the years of `2024 till 2025`."""
    if index < 0 or line.words[index + 1] not in ("till", "to"):
        return False
    both = line.tokens[index : index + 3 : 2]
    return len(both) == 2 and all(token.is_number and "07" <= token.raw[:2] < "19" for token in both)


def _hour_at(line: Line, index: int, hour: int) -> Moment | None:
    if hour > 24 or len(line.tokens[index].raw) > 2:
        return None
    point, minutes = line.words[index + 1], line.number(index + 2, 2)
    pair = point in (":", ".") and line.glued(index + 1) and line.glued(index + 2) and minutes is not None
    if pair and minutes is not None and len(line.tokens[index + 2].raw) == 2:
        return Moment(hour * 60 + minutes, exact=True, end=index + 3) if minutes < 60 and hour < 24 else None
    early = "am" if line.tokens[index].raw[0] == "0" else ""  # `kl 01`
    return Moment(hour * 60 % _DAY, exact=False, end=index + 1, half=early)


@lru_cache(KEPT)
def _halves(words: Vocabulary) -> int:
    return bits(words.marks["am"], words.marks["pm"])


def _with_half(line: Line, moment: Moment, words: Vocabulary) -> Moment:
    for half in ("am", "pm") if line.said & _halves(words) else ():
        found = line.phrase(moment.end, words.marks[half])
        if found and (1 <= moment.minute // 60 <= 12 or not line.tokens[moment.end - 1].is_number):
            minute = moment.minute % 720 + (720 if half == "pm" else 0)
            return Moment(minute, exact=True, end=found[1], half=half)
    return moment


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
