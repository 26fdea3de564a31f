"""How long: `1h`, `1h30`, `en och en halv timme`, `trekvart`, `2x45 min`."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.days.relative_points import is_told
from handlers.language.lexicon.notes import is_of_a_note
from handlers.language.lexicon.numbers import amount_at, whole_at
from handlers.language.lexicon.phrases import FRACTION, NUMBER, POINT, PRIME, bits
from handlers.language.lexicon.plain_words import IN_MINUTES
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

SHORTEST, LONGEST = 5, 720  # minutes


def find_durations(line: Line, words: Vocabulary) -> list[float]:
    """Every length of time in the line, in minutes, in order; their tokens are taken."""
    found: list[float] = []
    begins, wanted = line.begins, _openers(words)
    for index in range(len(line.tokens)):
        duration = _duration_at(line, index, words) if begins[index] & wanted else None
        if duration is None or (found and line.begins[index - 1] & words.marks["of_which"].bit):
            continue
        minutes, end = _summed(line, *duration, words)
        if minutes and minutes % _A_DAY == 0 and _names_a_thing(line, index, end, words):
            continue
        ones = _ones(line, index, minutes, words) if line.words[index - 1] in _AND else None
        found += ones or _before_dash(line, index, minutes, words)
        if line.begins[index - 1] & words.marks["until"].bit:
            found += _up_to(line, index, words)
        if line.said & words.marks["either"].bit:
            found += _or_else(line, index, end, minutes, words)
        if minutes > 60 and (hours := _hours_alone(line, index, end, words)):
            found.append(hours)
        line.take(index, end, "duration")
        _swallow_unit(line, end, words)
    return found


_A_DAY = 24 * 60


def _names_a_thing(line: Line, index: int, end: int, words: Vocabulary) -> bool:
    """`holter 48h`, `24-timmars blodtryck`: no session lasts so long, and a note stands beside it."""
    led = line.words[index - 1] != "" and is_of_a_note(line, words, index - 1)
    whose = line.words[end - 1] == "timmars" or (line.words[end] == "-" and line.glued(end + 1))
    return led or (whose and is_of_a_note(line, words, end + (line.words[end] == "-")))


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> int:
    """What a length of time can begin with."""
    return bits(words.table("lengths"), words.table("numbers")) | NUMBER | POINT | FRACTION


def find_moment(line: Line, words: Vocabulary, *, past: bool = True) -> int | None:
    """In how many minutes from now it is: `om en timme`, `för två timmar sedan` (less than 0); taken."""
    marks = words.marks
    if not line.said & bits(marks["within"], marks["ago"]) or is_told(line, words):
        return None  # `vi hade handledning om en timme` says how long
    for index in line.where(_openers(words) | bits(marks["within"], marks["ago_before"])):
        coming = line.phrase(index, marks["within"])
        begun = coming or line.phrase(index, marks["ago_before"])
        found = _duration_at(line, begun[1] if begun else index, words)
        ago = line.phrase(found[1], marks["ago"]) if found and past and not coming else None
        if found and (coming or ago):
            line.take(index, ago[1] if ago else found[1], "duration")
            return round(-found[0] if ago else found[0])
    return None


@lru_cache(KEPT)
def needed(words: Vocabulary) -> int:
    """What no length is without: a unit, or a word for one."""
    return bits(words.table("lengths"), words.table("units")) | PRIME


def _summed(line: Line, minutes: float, end: int, words: Vocabulary) -> tuple[float, int]:
    """`30 min + 15 min` is one length."""
    more = _duration_at(line, end + 1, words) if line.words[end] == "+" else None
    return (minutes + more[0], more[1]) if more else (minutes, end)


def _or_else(line: Line, index: int, end: int, minutes: float, words: Vocabulary) -> list[float]:
    """The two hours of `en timme eller två`, the 30 of `30 eller 45 min`: another length, so that the line is
    asked about.
    """
    either = words.marks["either"]
    unit = 60 if minutes % 60 == 0 else 1
    before = line.number(index - 2) if line.words[index - 1] in either else None
    if before is not None:
        line.take(index - 2, index, "duration")
        return [before * unit]
    joined = line.phrase(end, either)
    after = amount_at(line, joined[1], words) if joined else None
    if after is None or line.free(after[1]):
        return []
    line.take(end, after[1], "duration")
    return [after[0] * unit]


def _hours_alone(line: Line, index: int, end: int, words: Vocabulary) -> float | None:
    """The hour of `1h 20 min besök` and `1h, 20 min EKG`: the minutes may be of the note, so it is asked."""
    amount = amount_at(line, index, words)
    unit = _unit_at(line, amount[1], words) if amount else None
    if amount is None or unit is None or unit[0] != "hour" or unit[1] + 1 >= end:
        return None
    parted = line.words[unit[1]] == "," and is_of_a_note(line, words, end)
    return amount[0] * 60 if parted or line.phrase(end, words.marks["lasts_itself"]) else None


_AND = ("och", "o", "å")


def _ones(line: Line, index: int, minutes: float, words: Vocabulary) -> list[float]:
    """The 45 of `fem och fyrtio minuter`; a few before may be hours, so that it is asked about."""
    few = int(words.table("numbers").entries.get(line.words[index - 2], 0))
    if not 0 < few < 10 or minutes not in range(20, 60, 10):
        return []
    line.take(index - 2, index, "duration")
    return [minutes + few] if few >= SHORTEST else [few * 60 + minutes, minutes + few]


def _up_to(line: Line, index: int, words: Vocabulary) -> list[float]:
    """The one of `en till två timmar`, the 30 of `30 till 45 min`: another length, so asked about."""
    first = whole_at(line, index - 2, words)
    if first is None or first[1] != index - 1:
        return []
    line.take(index - 2, index, "duration")
    return [float(first[0] * (60 if first[0] < SHORTEST else 1))]


def _before_dash(line: Line, index: int, minutes: float, words: Vocabulary) -> list[float]:
    """`1-2 h` is two lengths, so that the line is asked about; `-1h` is less than nothing."""
    sign = line.words[index - 1]
    if sign not in ("-", "+") or not line.glued(index):
        return [minutes]
    second = amount_at(line, index, words)
    first = line.number(index - 2)
    if first is not None and second and second[0]:
        line.take(index - 2, index, "duration")
        if sign == "+":  # `30+30 min`
            return [first * minutes / second[0] + minutes]
        return [first * minutes / second[0], minutes]
    return [minutes] if line.tokens[index - 1].glued or sign == "+" else [-minutes]


def _swallow_unit(line: Line, index: int, words: Vocabulary) -> None:
    """A unit said twice: `1h timme`."""
    if line.words[index] in ("timme", "timmar", "min", "minuter") and line.phrase(
        index, words.table("units")
    ):
        line.take(index, index + 1, "duration")


def _duration_at(line: Line, index: int, words: Vocabulary) -> tuple[float, int] | None:
    whole = line.phrase(index, words.table("lengths"))
    counted = _counted_at(line, index, words)
    if whole and (counted is None or whole[1] >= counted[1]):
        return float(whole[0]), whole[1]
    return counted


def _counted_at(line: Line, index: int, words: Vocabulary) -> tuple[float, int] | None:
    amount = amount_at(line, index, words)
    if amount is None:
        return None
    value, end = amount
    if line.words[end] in ("x", "*", "×", "gånger"):
        times = _counted_at(line, end + 1, words)
        return (value * times[0], times[1]) if times else None
    unit = _unit_at(line, end, words)
    if unit is None:
        return _colon_hours_at(line, index, words)
    name, end = unit
    if name != "hour":
        return None if _is_of_a_code(line, end) else (value * IN_MINUTES[name], end)
    extra, end = _minutes_after(line, end, words)
    return _hours(line, index, value) + extra, end


def _hours(line: Line, index: int, value: float) -> float:
    """The minutes of a number of hours; `1.30 h` is an hour and a half, for nobody writes 78 minutes so."""
    minutes = line.number(index + 2, 2) if line.words[index + 1] in (".", ",") else None
    odd = minutes is not None and len(line.tokens[index + 2].raw) == 2 and round(value * 60) % 5
    return int(value) * 60 + minutes if odd and minutes is not None and minutes < 60 else value * 60


def _colon_hours_at(line: Line, index: int, words: Vocabulary) -> tuple[float, int] | None:
    """`1:30 h`, `1.30 tim` is read as a decimal before this."""
    hours, minutes = line.number(index, 2), line.number(index + 2, 2)
    if hours is None or minutes is None or line.words[index + 1] != ":":
        return None
    unit = _unit_at(line, index + 3, words)
    return (hours * 60 + minutes, unit[1]) if unit and unit[0] == "hour" else None


def _unit_at(line: Line, index: int, words: Vocabulary) -> tuple[str, int] | None:
    if line.begins[index] & PRIME and line.glued(index) and not _goes_on(line, index + 1):
        return "minute", index + 1  # `45'`
    if line.words[index] == "-" and line.glued(index):
        index += 1  # `1-timmes`
    found = line.phrase(index, words.table("units"))
    if found is None or found[0] not in IN_MINUTES:
        return None
    dotted = line.words[found[1]] == "." and line.glued(found[1])
    return found[0], found[1] + (1 if dotted else 0)


def _is_of_a_code(line: Line, index: int) -> bool:
    """The `1M` of `N1M0` is no minute."""
    return line.is_number(index) and line.glued(index) and line.glued(index - 1)


def _goes_on(line: Line, index: int) -> bool:
    """Whether a word or a number stands against what is before; the full stop of `45'.` ends it."""
    return line.glued(index) and (line.tokens[index].is_word or line.is_number(index))


def _minutes_after(line: Line, index: int, words: Vocabulary) -> tuple[float, int]:
    """The minutes after the hours: `1h30`, `1 h 15 min`, `en timme och en kvart`; 0 when there are none."""
    if not line.words[index]:
        return 0, index
    joined = line.phrase(index, words.marks["and"])
    start = joined[1] if joined else index
    if line.words[start] in (",", "+", "&") and not joined:
        start += 1
    quarter = line.phrase(start, words.table("lengths"))
    if quarter and int(quarter[0]) < 60:
        return float(quarter[0]), quarter[1]
    amount = amount_at(line, start, words)
    if amount is None or not amount[0] < 60:
        return 0, index
    unit = _unit_at(line, amount[1], words)
    if unit and unit[0] != "hour":
        return amount[0] * IN_MINUTES[unit[0]], unit[1]
    bare = _bare_minutes(line, start, amount) and not _counts_what_follows(line, amount)
    return (amount[0], amount[1]) if bare else (0, index)


_LEADS = (
    "med",
    "m",
    "av",
    "om",
    "kring",
    "handledare",
    "with",
    "by",
    "about",
)  # `1 tim 30 med Eva`, `om etik`


_AS_SAID = frozenset((15, 20, 30, 40, 45, 50))


def _counts_what_follows(line: Line, amount: tuple[float, int]) -> bool:
    """The 10 of `1h 10 svåra patienter`; the 15 of `1h 15 etik` are minutes."""
    end = amount[1]
    told = line.taken[end : end + 1] == ["content"] and not line.glued(end - 1)
    return told and amount[0] not in _AS_SAID


def _bare_minutes(line: Line, start: int, amount: tuple[float, int]) -> bool:
    """`1h30`, `1 tim och 15`, `en timme femton`: two digits against the unit, or a round number with nothing
    free after it.
    """
    alone = not line.free(amount[1]) or line.words[amount[1]] in (",", ".", "!")
    alone = alone or (line.words[amount[1]] in _LEADS and not line.free(amount[1] + 1))
    if not line.is_number(start):
        return alone and amount[0] >= 10 and amount[0] % 5 == 0
    if line.number(start, 2) is None or len(line.tokens[start].raw) != 2 or amount[1] != start + 1:
        return False
    return line.glued(start) or (alone and amount[0] % 5 == 0)
