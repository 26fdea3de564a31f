"""Weekdays of two letters: `handl to 1h`, `sjuk on-fr`. Most of them are other words too."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.lexicon.numbers import amount_at
from handlers.language.lexicon.phrases import OWN_BITS, bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_FROM = "fr"  # `semester fr v 52`
_MOVES = frozenset({"move", "change", "reschedule", "postpone", "extend", "make"})  # `extend to 1h`
_QUARTERS = ("00", "15", "30", "45")


def short_weekday_at(line: Line, index: int, words: Vocabulary) -> tuple[int, int] | None:
    """The weekday 1-7 of two letters at `index` and the index after it, where it can be nothing else."""
    if not line.begins[index] & words.table("weekdays_short").bit:
        return None
    found = line.phrase(index, words.table("weekdays_short"))
    if found is None:
        return None
    end = found[1] + (line.words[found[1]] == "." and line.glued(found[1]))
    sure = _paired(line, index, end, words) or (
        _may_follow(line, index, words) and _may_precede(line, index, end, words)
    )
    return (int(found[0]), end) if sure else None


@lru_cache(KEPT)
def _weekdays(words: Vocabulary) -> int:
    return bits(words.table("weekdays"), words.table("weekdays_short"))


def _paired(line: Line, index: int, end: int, words: Vocabulary) -> bool:
    """`on-fr`, `to o fr`: one weekday beside another."""
    joints, wanted = words.marks["and"], _weekdays(words)
    for joint, other in ((end, end + 1), (index - 1, index - 2)):
        joined = joint >= 0 and (line.words[joint] in ("-", "/", "till") or line.words[joint] in joints)
        if joined and other >= 0 and line.begins[other] & wanted:
            return True
    return False


def _may_follow(line: Line, index: int, words: Vocabulary) -> bool:
    """Whether a day may stand after what is before it: not after a number, nor a word of a note."""
    if line.words[0] in _MOVES:
        return False
    if index == 0 or not line.free(index - 1):
        return True
    if line.is_number(index - 1):
        return index > 1 and line.words[index - 2] in words.marks["week"]
    return not line.tokens[index - 1].is_word or line.begins[index - 1] >> OWN_BITS != 0


def _may_precede(line: Line, index: int, end: int, words: Vocabulary) -> bool:
    """Whether the line ends after it, or goes on with a length, a clock time, a week or `med`."""
    if end >= len(line.tokens) or line.words[end] == ",":
        return True
    marks = words.marks
    if not line.free(end):
        return _stands_by(line, index, end, words)
    if any(line.phrase(end, marks[role]) for role in ("clock", "with")):
        return True
    if line.begins[end] & words.table("weekdays_short").bit and short_weekday_at(line, end, words):
        return True  # `sjuk må to fr`
    week = line.phrase(end, marks["week"])
    if week:
        return line.is_number(week[1]) and not _opens(line, index, week[1] + 1, words)
    if line.words[index] != "on" and line.phrase(end, words.table("lengths")):
        return True
    if not line.is_number(end):
        return False
    return _is_length(line, end, words) or _is_time(line, end, words) or _is_alone(line, end, words)


def _opens(line: Line, index: int, after: int, words: Vocabulary) -> bool:
    """The `fr` of `fr v 50`; those of `to fr v 50` and `fr v 50 to v 51` are Fridays."""
    if line.words[index] != _FROM or line.words[after] == "to":
        return False
    return not index or line.tokens[index - 1].word not in words.table("weekdays_short").entries


def _stands_by(line: Line, index: int, end: int, words: Vocabulary) -> bool:
    """`to handl 1h`, `handl to etik`, `dops on dr Lind`; but not `supervision on ethics`, `fr dr Lind`."""
    swedish = line.words[index] != "on" or any(token.word.startswith("hand") for token in line.tokens)
    if index == 0:
        return swedish  # `on vacation week 52`
    if line.taken[end] == "people":
        return line.words[index] != _FROM
    if line.words[index - 1] == "on":
        return False  # `went on to ethics`
    meant = words.meanings.get(line.tokens[end].word)
    return swedish and meant is not None and meant.section == "topics"


def _is_alone(line: Line, index: int, words: Vocabulary) -> bool:
    """The 13 of `to 13` and `to 13 1h`: a day or an hour."""
    if line.number(index, 2) is None:
        return False
    return index + 1 >= len(line.tokens) or line.words[index + 1] == "," or _is_length(line, index + 1, words)


def _is_length(line: Line, index: int, words: Vocabulary) -> bool:
    amount = amount_at(line, index, words)
    unit = line.phrase(amount[1], words.table("units")) if amount else None
    return unit is not None and unit[0] in ("hour", "minute", "quarter")


def _is_time(line: Line, index: int, words: Vocabulary) -> bool:
    """`13-14`, `13.00`, `8:15-9`, but not the dates `9-11 nov` and `1.12`."""
    if line.words[index + 1] in (".", ":") and line.glued(index + 2):
        return line.words[index + 2] in _QUARTERS
    if line.words[index + 1] != "-" or not line.is_number(index + 2):
        return False
    return not line.phrase(index + 3, words.table("months")) and line.words[index + 3] != "/"
