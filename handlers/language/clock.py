"""Clock times and spans: `kl 13`, `13-14`, `13.00–13.45`, `1pm`, `klockan halv två`."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from typing import NamedTuple

from handlers.language.numbers import whole_at
from handlers.language.phrases import COLON, JOINT, LONG, NUMBER, POINT, bits
from handlers.language.tokens import Line
from handlers.language.vocabulary import KEPT, Vocabulary

_DAY = 24 * 60
_EARLIEST_BARE, _LATEST_BARE = 6, 23  # hours of a span written without `kl` and minutes: `13-14`
_JOINTS = ("-", "till", "to")
_AFTERNOON = range(1, 7)  # `kl 2` is said of the afternoon


class Clock(NamedTuple):
    """A clock time, and the minutes until the end of the span when one is given."""

    start: time
    minutes: int | None = None


class _Moment(NamedTuple):
    minute: int  # of the day
    exact: bool  # minutes, am or pm were written
    end: int  # index after it
    half: str = ""  # "am", "pm" or ""
    spelled: bool = False  # in words, without `kl`


def find_clocks(line: Line, words: Vocabulary) -> list[Clock]:
    """Every clock time and span in the line, in order; their tokens are taken."""
    found: list[Clock] = []
    begins, wanted = line.begins, _openers(words) if line.said & needed(words) else 0
    for index in range(len(line.tokens)):
        clock = _clock_at(line, index, words) if begins[index] & wanted else None
        if clock is not None:
            found.append(clock[0])
            line.take(index, clock[1], "clock")
    return found


def _clock_at(line: Line, index: int, words: Vocabulary) -> tuple[Clock, int] | None:
    start, said = _after_mark(line, index, words)
    first = _moment_at(line, start, words, said)
    if first is None and not line.is_number(start):
        first = _spelled_at(line, start, words)
    if first is None:
        return None
    span = _span_from(line, first, words, said, start > index)
    if span:
        return span
    if said or (first.exact and not _is_length(line, first, words)):
        return Clock(_time(_afternoon(first, said).minute)), first.end
    return None


_MARKS = ("since", "between", "clock")


@lru_cache(KEPT)
def _marks(words: Vocabulary) -> int:
    return bits(*(words.marks[role] for role in _MARKS))


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> int:
    """What a clock time can begin with."""
    marks = (words.marks[role] for role in (*_MARKS, "half_past", *(role for role, _ in _QUARTERS)))
    return bits(*marks, words.table("numbers")) | NUMBER


@lru_cache(KEPT)
def needed(words: Vocabulary) -> int:
    """What no clock time is without: a mark, minutes or an end."""
    roles = ("clock", "between", "am", "pm", "until", "and", "half_past", *(role for role, _ in _QUARTERS))
    return bits(*(words.marks[role] for role in roles)) | LONG | POINT | COLON | JOINT


def _is_length(line: Line, moment: _Moment, words: Vocabulary) -> bool:
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
    line: Line, first: _Moment, words: Vocabulary, said: bool, led: bool
) -> tuple[Clock, int] | None:
    joint = _joint_after(line, first.end, words)
    if joint is None:
        return None
    start, _ = _after_mark(line, joint, words)
    last = _moment_at(line, start, words, said or first.spelled)
    if last is None or line.words[last.end] in ("/",) or _unit_follows(line, last, words):
        return None
    if first.spelled and not first.exact and not _ends_there(line, last, words):
        return None
    if not (
        said or first.exact or last.exact or _plausible(first, last, led or line.words[first.end] in _JOINTS)
    ):
        return None
    first, last = _same_half(first, last, said)
    minutes = (last.minute - first.minute) % _DAY
    if not minutes:
        return None
    return Clock(_time(first.minute), minutes), last.end


def _joint_after(line: Line, index: int, words: Vocabulary) -> int | None:
    if line.words[index] == "-":
        return index + (2 if line.words[index + 1] == "-" else 1)
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
    if said and not moment.exact and not moment.half and moment.minute // 60 in _AFTERNOON:
        return _Moment(moment.minute + 720, exact=False, end=moment.end)
    return moment


def _moment_at(line: Line, index: int, words: Vocabulary, said: bool) -> _Moment | None:
    if said:
        spoken = _spoken_at(line, index, words)
        if spoken:
            return _with_half(line, spoken, words)
    hour = line.number(index)
    if hour is None:
        return None
    moment = _four_digits_at(line, index, said) or _hour_at(line, index, hour)
    if moment and said and not moment.exact:
        moment = _spaced(line, moment, words)
    return _with_half(line, moment, words) if moment else None


def _spaced(line: Line, hour: _Moment, words: Vocabulary) -> _Moment:
    """`kl 13 30` is half past one; `kl 13 30 min` is a time and a length."""
    minutes, end = line.number(hour.end, 2), hour.end + 1
    if minutes is None or len(line.tokens[hour.end].raw) != 2 or minutes > 55 or minutes % 5:
        return hour
    goes_on = line.glued(end) or line.phrase(end, words.table("units"))
    return hour if goes_on else _Moment(hour.minute + minutes, exact=True, end=end)


def _four_digits_at(line: Line, index: int, said: bool) -> _Moment | None:
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
    if not said and not paired and not (index > 1 and line.tokens[index - 1].raw == "-"):
        return None
    return _Moment(int(raw[:2]) * 60 + int(raw[2:]), exact=True, end=index + 1)


def _hour_at(line: Line, index: int, hour: int) -> _Moment | None:
    if hour > 24 or len(line.tokens[index].raw) > 2:
        return None
    point, minutes = line.words[index + 1], line.number(index + 2, 2)
    pair = point in (":", ".") and line.glued(index + 1) and line.glued(index + 2) and minutes is not None
    if pair and minutes is not None and len(line.tokens[index + 2].raw) == 2:
        return _Moment(hour * 60 + minutes, exact=True, end=index + 3) if minutes < 60 and hour < 24 else None
    early = "am" if line.tokens[index].raw[0] == "0" else ""  # `kl 01`
    return _Moment(hour * 60 % _DAY, exact=False, end=index + 1, half=early)


@lru_cache(KEPT)
def _halves(words: Vocabulary) -> int:
    return bits(words.marks["am"], words.marks["pm"])


def _with_half(line: Line, moment: _Moment, words: Vocabulary) -> _Moment:
    for half in ("am", "pm") if line.said & _halves(words) else ():
        found = line.phrase(moment.end, words.marks[half])
        if found and (1 <= moment.minute // 60 <= 12 or not line.tokens[moment.end - 1].is_number):
            minute = moment.minute % 720 + (720 if half == "pm" else 0)
            return _Moment(minute, exact=True, end=found[1], half=half)
    return moment


def _spoken_at(line: Line, index: int, words: Vocabulary) -> _Moment | None:
    """`halv två`, `kvart i tre`, `tio över ett`, `tretton trettio`, after `kl`."""
    marked = _about_an_hour(line, index, words, (*_QUARTERS, ("half_past", -30))) or _few_minutes_from(
        line, index, words
    )
    if marked:
        return marked
    hour = whole_at(line, index, words) if line.number(index) is None else None
    if hour is None or not 1 <= hour[0] <= 24:
        return None
    minutes, end = _spoken_minutes(line, hour[1], words)
    return _Moment(_of_the_day(hour[0]) + minutes, end > hour[1], end)


_QUARTERS = (("quarter_to", -15), ("quarter_past", 15))


def _spelled_at(line: Line, index: int, words: Vocabulary) -> _Moment | None:
    """`kvart över tio`, and the nine of `nio till tio`: clock times in words that need no `kl`."""
    quarter = _about_an_hour(line, index, words, _QUARTERS) or _half_at(line, index, words)
    if quarter:
        return quarter._replace(spelled=True)
    hour = whole_at(line, index, words) if line.number(index) is None else None
    bare = hour and _EARLIEST_BARE <= hour[0] <= _LATEST_BARE
    return _Moment(hour[0] * 60, exact=False, end=hour[1], spelled=True) if hour and bare else None


def _half_at(line: Line, index: int, words: Vocabulary) -> _Moment | None:
    """`halv två`, but not the end of `en och en halv` nor the length of `halv två timmar`."""
    half = _about_an_hour(line, index, words, (("half_past", -30),))
    before = line.tokens[index - 1].word if index else ""
    counts = before in words.table("numbers") or before in words.marks["and"]
    return None if half is None or counts or line.phrase(half.end, words.table("units")) else half


def _ends_there(line: Line, last: _Moment, words: Vocabulary) -> bool:
    """Whether nothing that could be counted follows: `sju till åtta patienter` are no clock times."""
    return (
        not line.free(last.end) or line.words[last.end] in words.filler or not line.tokens[last.end].is_word
    )


def _about_an_hour(
    line: Line, index: int, words: Vocabulary, roles: tuple[tuple[str, int], ...]
) -> _Moment | None:
    for role, shift in roles:
        mark = line.phrase(index, words.marks[role])
        hour = whole_at(line, mark[1], words) if mark else None
        if hour and 1 <= hour[0] <= 24:
            return _Moment(_of_the_day(hour[0]) + shift, exact=True, end=hour[1])
    return None


def _few_minutes_from(line: Line, index: int, words: Vocabulary) -> _Moment | None:
    """`tio över nio`, `fem i tre`"""
    few = whole_at(line, index, words)
    sign = {"över": 1, "i": -1, "past": 1, "to": -1}.get(line.words[few[1]], 0) if few else 0
    hour = whole_at(line, few[1] + 1, words) if few and sign else None
    if few is None or hour is None or not (few[0] < 30 and 1 <= hour[0] <= 24):
        return None
    return _Moment(_of_the_day(hour[0]) + sign * few[0], exact=True, end=hour[1])


def _of_the_day(hour: int) -> int:
    """The minute of the day of an hour as it is said: `två` is 14."""
    return (hour % 24 + (12 if hour in _AFTERNOON else 0)) * 60


def _spoken_minutes(line: Line, index: int, words: Vocabulary) -> tuple[int, int]:
    """The minutes after a spoken hour (`trettio`, `noll fem`), and the index after them."""
    first = whole_at(line, index, words) if line.number(index) is None else None
    if first is None or first[0] > 59 or line.phrase(first[1], words.table("units")):
        return 0, index
    second = whole_at(line, first[1], words) if first[0] == 0 and line.number(first[1]) is None else None
    return (second[0], second[1]) if second and second[0] < 10 else first


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
