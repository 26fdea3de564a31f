"""Clock times in words: `halv två`, `kvart i tre`, `tio över ett`, `nio till tio`."""

from __future__ import annotations

from typing import NamedTuple

from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

EARLIEST_BARE, LATEST_BARE = 6, 23  # hours of a span written without `kl` and minutes: `13-14`
AFTERNOON = range(1, 7)  # `kl 2` is said of the afternoon
_SPANNED = 2  # hours
_PAST = ("över", "past")
_READ_MINUTES = (5, 10, 20, 25)
QUARTERS = (("quarter_to", -15), ("quarter_past", 15), ("past_half", 30))


class Moment(NamedTuple):
    """A clock time as it stands in a line."""

    minute: int  # of the day
    exact: bool  # minutes, am or pm were written
    end: int  # index after it
    half: str = ""  # "am", "pm" or ""
    spelled: bool = False  # in words, without `kl`


def spoken_at(line: Line, index: int, words: Vocabulary) -> Moment | None:
    """`halv två`, `kvart i tre`, `tio över ett`, `tretton trettio`, after `kl`."""
    marked = _about_an_hour(line, index, words, (*QUARTERS, ("half_past", -30))) or _few_minutes_from(
        line, index, words
    )
    if marked:
        return marked
    hour = whole_at(line, index, words) if line.number(index) is None else None
    if hour is None or not 1 <= hour[0] <= 24:
        return None
    minutes, end = _spoken_minutes(line, hour[1], words)
    return Moment(_of_the_day(hour[0]) + minutes, end > hour[1], end)


def spelled_at(line: Line, index: int, words: Vocabulary, *, led: bool = False) -> Moment | None:
    """`kvart över tio`, and the nine of `nio till tio`: clock times in words that need no `kl`.

    After `från` (`led`) also the one of `från ett till två`.
    """
    quarter = (
        _about_an_hour(line, index, words, QUARTERS)
        or _half_at(line, index, words)
        or _some_minutes_from(line, index, words)
    )
    if quarter:
        return quarter._replace(spelled=True)
    hour = whole_at(line, index, words) if line.number(index) is None else None
    bare = hour and (1 if led else EARLIEST_BARE) <= hour[0] <= LATEST_BARE
    return Moment(hour[0] * 60, exact=False, end=hour[1], spelled=True) if hour and bare else None


def half_or_quarter_at(line: Line, index: int, words: Vocabulary) -> Moment | None:
    """The end of `8 till halv tio`, `8.30-kvart i tio`."""
    found = _about_an_hour(line, index, words, (*QUARTERS, ("half_past", -30)))
    return (
        found._replace(spelled=True) if found and not line.phrase(found.end, words.table("units")) else None
    )


def _half_at(line: Line, index: int, words: Vocabulary) -> Moment | None:
    """`halv två`, but not the end of `en och en halv` nor the length of `halv två timmar`."""
    half = _about_an_hour(line, index, words, (("half_past", -30),))
    before = line.tokens[index - 1].word if index else ""
    counts = before in words.table("numbers") or before in words.marks["and"]
    return None if half is None or counts or line.phrase(half.end, words.table("units")) else half


def ends_there(line: Line, last: Moment, words: Vocabulary) -> bool:
    """Whether nothing that could be counted follows: `sju till åtta patienter` are no clock times."""
    if not line.free(last.end) or line.words[last.end] in words.filler or not line.tokens[last.end].is_word:
        return True
    return line.phrase(last.end, words.table("lengths")) is not None


def _about_an_hour(
    line: Line, index: int, words: Vocabulary, roles: tuple[tuple[str, int], ...]
) -> Moment | None:
    for role, shift in roles:
        mark = line.phrase(index, words.marks[role])
        hour = whole_at(line, mark[1], words) if mark else None
        if hour and 1 <= hour[0] <= 24:
            return Moment(_of_the_day(hour[0]) + shift, exact=True, end=hour[1])
    return None


def _some_minutes_from(line: Line, index: int, words: Vocabulary) -> Moment | None:
    """`tio i nio` without `kl`: minutes as clocks are read, with nothing counted after (`fem i tre fall`)."""
    few = whole_at(line, index, words)
    found = _few_minutes_from(line, index, words) if few and few[0] in _READ_MINUTES else None
    if found and few and line.words[few[1]] == "to" and 0 < found.minute // 60 + 1 - few[0] <= _SPANNED:
        return None  # `ten to eleven` is an hour
    past = few is not None and line.words[few[1]] in _PAST
    return found if found and (past or ends_there(line, found, words)) else None


def _few_minutes_from(line: Line, index: int, words: Vocabulary) -> Moment | None:
    """`tio över nio`, `fem i tre`, `fem över halv nio`"""
    few = whole_at(line, index, words)
    sign = {"över": 1, "i": -1, "past": 1, "to": -1}.get(line.words[few[1]], 0) if few else 0
    if few is None or not sign or few[0] >= 30:
        return None
    half = line.phrase(few[1] + 1, words.marks["half_past"])
    hour = whole_at(line, half[1] if half else few[1] + 1, words)
    if hour is None or not 1 <= hour[0] <= 24 or line.phrase(hour[1], words.table("units")):
        return None  # `kl 13 i en timme`
    return Moment(_of_the_day(hour[0]) + sign * few[0] - (30 if half else 0), exact=True, end=hour[1])


def _is_between(line: Line, index: int, words: Vocabulary) -> bool:
    """Whether `mellan` was said a few words before: `mellan klockan tretton och femton`."""
    return any(word in words.marks["between"] for word in line.words[max(0, index - 4) : index])


def _of_the_day(hour: int) -> int:
    """The minute of the day of an hour as it is said: `två` is 14."""
    return (hour % 24 + (12 if hour in AFTERNOON else 0)) * 60


def _spoken_minutes(line: Line, index: int, words: Vocabulary) -> tuple[int, int]:
    """The minutes after a spoken hour (`trettio`, `noll fem`), and the index after them."""
    joined = line.phrase(index, words.marks["and"])
    if joined and _is_between(line, index, words):
        return 0, index
    start = joined[1] if joined else index
    first = whole_at(line, start, words) if line.number(start) is None else None
    if joined and (first is None or not 0 < first[0] < 60 or first[0] % 5):
        return 0, index
    long = first and any(
        line.phrase(*at) for at in ((first[1], words.table("units")), (start, words.table("lengths")))
    )
    if first is None or first[0] > 59 or long:  # `klockan nio en och en halv timme`
        return 0, index
    second = whole_at(line, first[1], words) if first[0] == 0 and line.number(first[1]) is None else None
    return (second[0], second[1]) if second and second[0] < 10 else first
