"""Numbers that are neither days nor times: lab values and doses, rooms and phones. They stay in the note."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_LEADS = frozenset((":", "=", ">", "<", "~", "på", "var", "är", "ca", "till", "nr", "of", "was", "at"))
_JOINTS = frozenset(".,/-:")
_HOURS = range(7, 19)
_A_SPAN = 3  # pieces of `13-14`
_TWO_TIMES = 7  # pieces of `13.00-13.45`


@lru_cache(KEPT)
def needed(words: Vocabulary) -> int:
    """What stands beside every such number."""
    return bits(*(words.marks[role] for role in ("measured", "numbered", "dosed", "saturation")))


def hide_measured(line: Line, words: Vocabulary) -> list[tuple[int, int]]:
    """Where such numbers stand. Their tokens are taken, and to be given back when all is found."""
    found = [*_named(line, words), *_with_a_unit(line, words), *_saturations(line, words)]
    for start, end in found:
        line.take(start, end, "measured")
    return found


def _named(line: Line, words: Vocabulary) -> list[tuple[int, int]]:
    """`pH 7.30`, `CRP: 120`, `sal 3`, `ankn 1330`"""
    found = []
    for role in ("measured", "numbered"):
        table = words.marks[role]
        for index in line.where(table.bit):
            hit = line.phrase(index, table)
            start = _past_leads(line, hit[1]) if hit else index
            end = _run_end(line, start)
            if hit and end > start and not _is_of_time(line, start, end, words, role == "numbered"):
                found.append((start, end))
    return found


def _with_a_unit(line: Line, words: Vocabulary) -> list[tuple[int, int]]:
    """`2,5 mg`, `7.30 mmol/l`, `3-4 ml`"""
    found = []
    for index in line.where(words.marks["dosed"].bit):
        start = index
        while line.is_number(start - 1) or (line.words[start - 1] in _JOINTS and line.is_number(start - 2)):
            start -= 1
            if not line.glued(start):
                break
        if start < index:
            found.append((start, index))
    return found


def _saturations(line: Line, words: Vocabulary) -> list[tuple[int, int]]:
    """`sat 85 %`, which is no Saturday: no day and no hour is so late."""
    said = line.where(words.marks["saturation"].bit)
    return [(at, at + 2) for at in said if (line.number(at + 1, 3) or 0) in range(32, 101)]


def _past_leads(line: Line, index: int) -> int:
    start = index
    while line.words[start] in _LEADS:
        start += 1
    return start if line.is_number(start) else index


def _run_end(line: Line, start: int) -> int:
    """The index after a number and what it goes on with: `7.30`, `140/90`, `30-35`."""
    if not line.is_number(start):
        return start
    end = start + 1
    while line.words[end] in _JOINTS and line.glued(end) and line.glued(end + 1) and line.is_number(end + 1):
        end += 2
    return end


def _is_of_time(line: Line, start: int, end: int, words: Vocabulary, is_place: bool) -> bool:
    """Whether it is a length, a day or a span of clock times all the same: `EKG 30 min`, `CRP 12/11`.

    What is a place may have a clock time behind it: `sal 13.15`.
    """
    if any(line.phrase(end, words.table(section)) for section in ("units", "months")):
        return True
    joints = line.words[start + 1 : end : 2]
    numbers = [int(word) for word in line.words[start:end:2]]
    if joints == ["/"]:
        return numbers[0] <= 31 and numbers[1] <= 12
    working = numbers[0] in _HOURS
    if "-" in joints:
        whole = joints == ["-"] or (end - start == _TWO_TIMES and joints[1] == "-")
        return whole and working and numbers[-2 if len(numbers) > 2 else -1] in _HOURS
    return is_place and bool(joints) and working and numbers[1] % 5 == 0
