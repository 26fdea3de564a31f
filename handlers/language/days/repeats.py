"""Repeats: `varje torsdag`, `varannan onsdag`, `torsdagar`, `every other week`."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary


class Repeat(NamedTuple):
    """`every` is "weekly", "biweekly", or "other" for one that cannot be booked; `weekday` is 1-7 when named.

    `parity` is 0 for even weeks, 1 for odd ones.
    """

    every: str
    weekday: int | None = None
    parity: int | None = None


def find_repeat(line: Line, words: Vocabulary) -> Repeat | None:
    """The repeat of the line, wherever its words stand; its tokens are taken."""
    if not line.said & openers(words):
        return None
    parity = _parity(line, words)
    found = _all_repeats(line, words)
    if not found:
        return Repeat("biweekly", None, parity) if parity is not None else None
    days = {repeat.weekday for repeat in found} - {None}
    rarer = parity is not None or any(repeat.every == "biweekly" for repeat in found)
    if len(days) > 1 or any(repeat.every == "other" for repeat in found):
        return Repeat("other")
    return Repeat("biweekly" if rarer else "weekly", next(iter(days), None), parity)


def _all_repeats(line: Line, words: Vocabulary) -> list[Repeat]:
    """`onsdagar 9-10 varannan vecka` says one repeat in two places."""
    found: list[Repeat] = []
    for index in line.where(openers(words) | words.marks["on"].bit):
        repeat = _repeat_at(line, index, words)
        if repeat:
            line.take(index, repeat[1], "repeat")
            found.append(repeat[0])
    return found


@lru_cache(KEPT)
def openers(words: Vocabulary) -> int:
    """What a repeat can begin with: with `på` only where a weekday of every week follows."""
    tables = words.table("repeats"), words.table("weekdays_every")
    roles = ("even_weeks", "odd_weeks", "even", "odd", "other_repeats")
    return bits(*tables, *(words.marks[role] for role in roles))


def _parity(line: Line, words: Vocabulary) -> int | None:
    for index in line.where(bits(words.marks["even_weeks"], words.marks["odd_weeks"])):
        for role, parity in (("even_weeks", 0), ("odd_weeks", 1)):
            found = line.phrase(index, words.marks[role])
            if found:
                line.take(index, found[1], "repeat")
                return parity
    return _parity_of_days(line, words)


def _parity_of_days(line: Line, words: Vocabulary) -> int | None:
    """`jämna torsdagar`: those of the even weeks; the days themselves are read as a repeat."""
    for role, parity in (("even", 0), ("odd", 1)):
        for index in line.where(words.marks[role].bit):
            found = line.phrase(index, words.marks[role])
            if found and line.phrase(found[1], words.table("weekdays_every")):
                line.take(index, found[1], "repeat")
                return parity
    return None


def _repeat_at(line: Line, index: int, words: Vocabulary) -> tuple[Repeat, int] | None:
    found = line.phrase(index, words.table("repeats"))
    if found is None:
        if other := line.phrase(index, words.marks["other_repeats"]):
            return Repeat("other"), other[1]
        plural = _plural_at(line, index, words)
        return (Repeat("weekly", plural[0]), plural[1]) if plural else None
    every, end = found
    weekday = _weekday_at(line, end, words)
    if weekday:
        return Repeat(every, weekday[0]), weekday[1]
    if line.tokens[end - 1].word in _WHOLE:
        return Repeat(every), end
    if every == "biweekly" and line.phrase(end, words.table("relative_days")):  # `varannan isdag`
        return Repeat("other"), end
    return _beside_a_plural(line, every, end, words) or _other_at(line, end, words)


_WHOLE = {"vecka", "veckan", "v", "veckovis", "week", "weeks", "weekly", "biweekly", "fortnightly"}


def _weekday_at(line: Line, index: int, words: Vocabulary) -> tuple[int, int] | None:
    tables = map(words.table, ("weekdays", "weekdays_every", "weekdays_short"))
    found = next(filter(None, (line.phrase(index, table) for table in tables)), None)
    return (int(found[0]), found[1]) if found else None


def _plural_at(line: Line, index: int, words: Vocabulary) -> tuple[int, int] | None:
    mark = line.phrase(index, words.marks["on"]) if line.said & words.table("weekdays_every").bit else None
    found = line.phrase(mark[1] if mark else index, words.table("weekdays_every"))
    ago = found and line.phrase(found[1], words.marks["ago"])  # `två torsdagar sedan`
    return (int(found[0]), found[1]) if found and not ago else None


def _beside_a_plural(line: Line, every: str, index: int, words: Vocabulary) -> tuple[Repeat, int] | None:
    """`varannan vecja på onsdagar`: the days alone would be every week."""
    is_word = line.free(index) and line.tokens[index].is_word
    days = _plural_at(line, index + 1, words) if is_word else None
    return (Repeat(every, days[0]), days[1]) if days else None


def _other_at(line: Line, index: int, words: Vocabulary) -> tuple[Repeat, int] | None:
    """`var tredje vecka`, `varje månad`, `varje vardag`: understood, but not a repeat there is."""
    if time := line.phrase(index, words.marks["other_times"]):
        return Repeat("other"), time[1]
    if line.words[index].endswith("dag") and line.words[index] not in words.words:  # `varannan isdag`
        return Repeat("other"), index + 1
    order = line.phrase(index, words.table("ordinals"))
    start = order[1] if order else index
    unit = line.phrase(start, words.table("units"))
    if unit and unit[0] in ("day", "week", "month"):
        return Repeat("other"), unit[1]
    weekday = _weekday_at(line, start, words) if order else None
    return (Repeat("other"), weekday[1]) if weekday else None
