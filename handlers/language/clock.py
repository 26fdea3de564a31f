"""Clock times and spans: `kl 13`, `13-14`, `13.00–13.45`, `1pm`, `klockan halv två`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from handlers.language.numbers import whole_at
from handlers.language.tokens import Line, first_words
from handlers.language.vocabulary import KEPT, Vocabulary

_DAY = 24 * 60
_EARLIEST_BARE, _LATEST_BARE = 6, 23  # hours of a span written without `kl` and minutes: `13-14`
_JOINTS = ("-", "till", "to")
_AFTERNOON = range(1, 7)  # `kl 2` is said of the afternoon


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time, and the minutes until the end of the span when one is given."""

    start: time
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class _Moment:
    minute: int  # of the day
    exact: bool  # minutes, am or pm were written
    end: int  # index after it
    half: str = ""  # "am", "pm" or ""


def find_clocks(line: Line, words: Vocabulary) -> list[Clock]:
    """Every clock time and span in the line, in order; their tokens are taken."""
    found: list[Clock] = []
    openers, index = _openers(words), 0
    while index < len(line.tokens):
        begins = line.is_number(index) or line.word(index) in openers
        clock = _clock_at(line, index, words) if begins else None
        if clock is None:
            index += 1
            continue
        found.append(clock[0])
        line.take(index, clock[1], "clock")
        index = clock[1]
    return found


def _clock_at(line: Line, index: int, words: Vocabulary) -> tuple[Clock, int] | None:
    start, said = _after_mark(line, index, words)
    first = _moment_at(line, start, words, said)
    if first is None:
        return None
    span = _span_from(line, first, words, said, start > index)
    if span:
        return span
    if said or first.exact:
        return Clock(_time(_afternoon(first, said).minute)), first.end
    return None


_MARKS = ("since", "between", "clock")


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> frozenset[str]:
    """What stands before a clock time; without it only digits are one."""
    return first_words(*(words.marks[role] for role in _MARKS))


def _after_mark(line: Line, index: int, words: Vocabulary) -> tuple[int, bool]:
    """The index after `kl`, `mellan`, `från`, and whether `kl` was among them."""
    said = False
    for role in _MARKS:
        mark = line.phrase(index, words.marks[role])
        if mark:
            index, said = mark[1], said or role != "since"
    if said and line.word(index) in (".", ":"):
        index += 1
    return index, said


def _span_from(
    line: Line, first: _Moment, words: Vocabulary, said: bool, led: bool
) -> tuple[Clock, int] | None:
    joint = _joint_after(line, first.end, words)
    if joint is None:
        return None
    start, _ = _after_mark(line, joint, words)
    last = _moment_at(line, start, words, said)
    if last is None or line.word(last.end) in ("/",) or _unit_follows(line, last, words):
        return None
    if not (
        said or first.exact or last.exact or _plausible(first, last, led or line.word(first.end) in _JOINTS)
    ):
        return None
    first, last = _same_half(first, last, said)
    minutes = (last.minute - first.minute) % _DAY
    if not minutes:
        return None
    return Clock(_time(first.minute), minutes), last.end


def _joint_after(line: Line, index: int, words: Vocabulary) -> int | None:
    if line.word(index) == "-":
        return index + (2 if line.word(index + 1) == "-" else 1)
    for role in ("until", "and"):
        found = line.phrase(index, words.marks[role])
        if found:
            return found[1]
    return None


def _unit_follows(line: Line, last: _Moment, words: Vocabulary) -> bool:
    return line.phrase(last.end, words.table("units")) is not None and not last.exact


def _plausible(first: _Moment, last: _Moment, joined: bool) -> bool:
    return joined and _EARLIEST_BARE * 60 <= first.minute < last.minute <= _LATEST_BARE * 60


def _same_half(first: _Moment, last: _Moment, said: bool) -> tuple[_Moment, _Moment]:
    if last.half and not first.half and (last.half == "pm") and first.minute < 720:
        moved = _Moment(first.minute + 720, exact=True, end=first.end, half="pm")
        first = moved if moved.minute < last.minute else first
    first, last = _afternoon(first, said), _afternoon(last, said)
    return first, last


def _afternoon(moment: _Moment, said: bool) -> _Moment:
    if said and not moment.exact and moment.minute // 60 in _AFTERNOON:
        return _Moment(moment.minute + 720, exact=False, end=moment.end)
    return moment


def _moment_at(line: Line, index: int, words: Vocabulary, said: bool) -> _Moment | None:
    if said:
        spoken = _spoken_at(line, index, words)
        if spoken:
            return spoken
    hour = line.number(index)
    if hour is None:
        return None
    moment = _four_digits_at(line, index, said) or _hour_at(line, index, hour)
    return _with_half(line, moment, words) if moment else None


def _four_digits_at(line: Line, index: int, said: bool) -> _Moment | None:
    raw = line.tokens[index].raw
    if len(raw) != 4 or int(raw[:2]) > 23 or int(raw[2:]) > 59:
        return None
    following = line.number(index + 2) if line.word(index + 1) == "-" else None
    before = (
        line.number(index - 2)
        if line.word(index - 1) == "-" or (index > 1 and line.taken[index - 1])
        else None
    )
    paired = (following is not None and len(line.tokens[index + 2].raw) == 4) or before is not None
    if not said and not paired and not (index > 1 and line.tokens[index - 1].raw == "-"):
        return None
    return _Moment(int(raw[:2]) * 60 + int(raw[2:]), exact=True, end=index + 1)


def _hour_at(line: Line, index: int, hour: int) -> _Moment | None:
    if hour > 24 or len(line.tokens[index].raw) > 2:
        return None
    point, minutes = line.word(index + 1), line.number(index + 2, 2)
    pair = point in (":", ".") and line.glued(index + 1) and line.glued(index + 2) and minutes is not None
    if pair and minutes is not None and len(line.tokens[index + 2].raw) == 2:
        return _Moment(hour * 60 + minutes, exact=True, end=index + 3) if minutes < 60 and hour < 24 else None
    return _Moment(hour * 60 % _DAY, exact=False, end=index + 1)


def _with_half(line: Line, moment: _Moment, words: Vocabulary) -> _Moment:
    for half in ("am", "pm"):
        found = line.phrase(moment.end, words.marks[half])
        if found and 1 <= moment.minute // 60 <= 12:
            minute = moment.minute % 720 + (720 if half == "pm" else 0)
            return _Moment(minute, exact=True, end=found[1], half=half)
    return moment


def _spoken_at(line: Line, index: int, words: Vocabulary) -> _Moment | None:
    """`halv två`, `kvart i tre`, `kvart över ett`, `tretton`, after `kl`."""
    for role, shift in (("half_past", -30), ("quarter_to", -15), ("quarter_past", 15), ("", 0)):
        mark = line.phrase(index, words.marks[role]) if role else ("", index)
        hour = whole_at(line, mark[1], words) if mark and (role or line.number(index) is None) else None
        if hour and 1 <= hour[0] <= 24:
            minute = (hour[0] % 24 + (12 if hour[0] in _AFTERNOON else 0)) * 60 + shift
            return _Moment(minute, bool(role), hour[1])
    return None


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
