"""Goal codes of the national målbeskrivning: `a4`, `b2`, `STc7`, `delmål a1-a3`."""

from __future__ import annotations

from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import CODE
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary

# How many goals each group has at the most, over both regulations; `b12` is a vitamin.
_MOST = {"a": 7, "b": 5, "c": 20}
_CALLED = ("mål", "goal", "goals")  # before a code they say nothing more


def find_goals(line: Line, words: Vocabulary) -> tuple[tuple[str, ...], int | None]:
    """The goal codes in order, and where the first stands; their tokens are taken."""
    found: list[str] = []
    first: int | None = None
    for index in line.where(CODE):
        code = _code_at(line, index, words) if line.free(index) else None
        if code is None:
            continue
        name, end = code
        last, past = _range_after(line, name, end)
        found += _through(found[-1], name) if found and _range_before(line, index) else [name]
        found += _through(name, last) if past > end else []
        end = past
        first = index if first is None else first
        line.take(index - 1 if index and line.words[index - 1] in _CALLED else index, end, "goal")
    return tuple(dict.fromkeys(found)), first


def _code_at(line: Line, index: int, words: Vocabulary) -> tuple[str, int] | None:
    word = line.words[index]
    named = index + (2 if line.words[index + 1] == "-" and line.glued(index + 1) else 1)
    if word == "st" and line.words[named] in _MOST and (line.glued(named + 1) or _named_goal(line, index)):
        return _numbered(line, named, "ST", line.words[named], words)
    group = word[2:] if word.startswith("st") else word
    joined = (
        line.glued(index)
        and line.taken[index - 1] != "goal"
        and line.tokens[index - 1].raw not in "-,(/+:;&."
    )
    if group not in _MOST or joined:
        return None
    return _numbered(line, index, "ST" if word != group else "", group, words)


def _numbered(line: Line, index: int, prefix: str, group: str, words: Vocabulary) -> tuple[str, int] | None:
    at = index + 1
    sure = prefix != "" or (not line.glued(at) and _named_goal(line, index))  # `stc 7` can be nothing else
    if (line.words[at] == "-" and line.glued(at)) or not (line.glued(at) or sure):
        return None
    number = _number_at(line, at, words if sure else None)
    if number is None or not 1 <= number[0] <= _MOST[group]:
        return None
    name, end = f"{prefix}{group}{number[0]}", number[1]
    if line.words[end] == "-" and line.glued(end) and _goes_on(line, end + 1):
        return None  # `C1-esteras`
    if line.glued(end) and line.tokens[end].is_word:  # `a4b2` is two codes, `c3po` none
        return (name, end) if _code_at_end(line, end) else None
    return name, end


def _number_at(line: Line, index: int, words: Vocabulary | None) -> tuple[int, int] | None:
    """The digits of a code; where it can be nothing else, as they are dictated too: `delmål c sju`."""
    if words and line.tokens[index : index + 1] and line.tokens[index].is_word:
        return None if _is_length(line, index, words) else whole_at(line, index, words)
    number = line.number(index, 2)
    return None if number is None else (number, index + 1)


def _is_length(line: Line, index: int, words: Vocabulary) -> bool:
    """The `en timme` of `delmål a en timme`."""
    spelled = whole_at(line, index, words)
    unit = line.phrase(spelled[1], words.table("units")) if spelled else None
    return unit is not None or line.phrase(index, words.table("lengths")) is not None


def _goes_on(line: Line, index: int) -> bool:
    word = line.glued(index) and line.tokens[index].is_word
    return word and not _code_at_end(line, index) and line.words[index].removeprefix("st") not in _MOST


def _code_at_end(line: Line, index: int) -> bool:
    return line.words[index] in _MOST and line.glued(index + 1) and line.number(index + 1, 2) is not None


def _named_goal(line: Line, index: int) -> bool:
    """`delmål a 4`: apart only after the word itself."""
    before = index - 2 if line.words[index - 1] in (":", ",", "och", "o", "&") else index - 1
    if before > 0 and line.taken[before] == "goal":
        return not line.tokens[before].glued  # `delmål a 1, a 2`
    return before >= 0 and line.tokens[before].word.startswith("delmål")


def _range_before(line: Line, index: int) -> bool:
    return index > 1 and line.words[index - 1] == "-" and line.taken[index - 2] == "goal"


def _range_after(line: Line, name: str, end: int) -> tuple[str, int]:
    """The last code of `a1-3`, and the index after it; the code itself where no range follows."""
    group, last = name.rstrip("0123456789"), line.number(end + 1, 2)
    joined = line.words[end] == "-" and line.glued(end) and line.glued(end + 1)
    first, most = int(name.removeprefix(group)), _MOST[group.removeprefix("ST")]
    goes_on = line.glued(end + 2) and line.tokens[end + 2].raw not in ",.;)"
    if not joined or last is None or not first < last <= most or goes_on:
        return name, end
    return f"{group}{last}", end + 2


def _through(first: str, last: str) -> list[str]:
    """`a1-a3` is a1, a2 and a3."""
    group = last.rstrip("0123456789")
    start, end = first.removeprefix(group), int(last.removeprefix(group))
    if not start.isdecimal() or int(start) >= end:
        return [last]
    return [f"{group}{number}" for number in range(int(start) + 1, end + 1)]
