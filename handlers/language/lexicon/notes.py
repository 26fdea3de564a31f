"""What is left of a line: the note, in the user's own letters."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.lexicon.phrases import KIND, OWN_BITS, bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary


def leftover(line: Line, words: Vocabulary) -> str | None:
    """The pieces nobody understood, without the small words at their edges; None when nothing is left."""
    if "" not in line.taken and not line.said & KIND:
        return line.rest.strip() or None
    pieces = []
    for start, end in _stretches(line):
        start, end = _trimmed(line, words, start, end)
        if start < end:
            pieces.append(line.written(start, end))
    return " ".join([*pieces, *([line.rest.strip()] if line.rest else [])]) or None


def letter_by_letter(line: Line, words: Vocabulary) -> str | None:
    """What nobody understood with its small words: a finding is quoted. None where these are all there is."""
    if leftover(line, words) is None:
        return None
    pieces = [line.written(start, end) for start, end in _stretches(line)]
    return " ".join([*pieces, line.rest.strip()]).strip(" .,:;-")


def _stretches(line: Line) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, token in enumerate(line.tokens):
        if not line.words[index] and not token.begins & KIND:
            continue
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def _trimmed(line: Line, words: Vocabulary, start: int, end: int) -> tuple[int, int]:
    begin = start
    while start < end and _is_small(line, start, words.filler):
        start += 1
    while begin < start < end and line.tokens[start - 1].word in words.weak_filler:
        start -= 1  # `ny patient`, but not the `ny` of `en ny handledning`
    while start < end and _is_small(line, end - 1, words.last_filler):
        end -= 1
    return start, end


def _is_small(line: Line, index: int, small: frozenset[str]) -> bool:
    token = line.tokens[index]
    if token.is_word:
        if token.raw.lower() not in small and token.word not in small:
            return False
        return not (_is_part(line, index) or _is_of_a_pair(line, index))
    return not token.is_number and token.raw not in "½¼¾%°"


def _is_part(line: Line, index: int) -> bool:
    """Whether a small word is a piece of a longer one: the `t` of `t-celler`, the `a` of `a99`."""
    after = index + 1
    if len(line.tokens[index].raw) == 1 and line.tokens[index].raw.isupper() and line.words[after] == ".":
        return line.free(after + 1) and line.tokens[after + 1].is_word  # `H. pylori`
    if line.words[after] == "-" and line.glued(after):
        after += 1
    return line.glued(after) and (line.tokens[after].is_word or line.tokens[after].is_number)


def _is_of_a_pair(line: Line, index: int) -> bool:
    """Whether a letter stands beside another, as in `M&M`, `D & C`."""
    pairs = (range(index, index + 3), range(index - 2, index + 1))
    return any(line.words[pair[1]] == "&" and _are_letters(line, pair[0], pair[2]) for pair in pairs)


def _are_letters(line: Line, *at: int) -> bool:
    return all(line.free(index) and len(line.tokens[index].raw) == 1 for index in at)


def is_of_a_note(line: Line, words: Vocabulary, at: int) -> bool:
    """Whether a word stands there that nobody has understood, or only as what is told of."""
    if at < 0 or not line.free(at) or not line.tokens[at].is_word or line.words[at] in words.filler:
        return False
    return not (line.begins[at] & ~_told_of(words)) >> OWN_BITS


@lru_cache(KEPT)
def _told_of(words: Vocabulary) -> int:
    """What a note is full of, though some finder asks for it: `patienter`, `remisser`."""
    return bits(*(words.marks[role] for role in _TOLD_OF))


_TOLD_OF = (
    "patient", "others", "child", "colleague", "trainee", "counted", "happened_then", "pregnant", "measured",
    "numbered", "dosed", "lasts_itself",
)  # fmt: skip


def marked(line: Line, words: Vocabulary, role: str) -> bool:
    """Whether a phrase of a role stands in the line; its tokens are taken."""
    table = words.marks[role]
    for index in line.where(table.bit) if line.said & table.bit else ():
        found = line.phrase(index, table)
        if found:
            line.take(index, found[1], role)
            return True
    return False


def split_note(text: str, words: Vocabulary) -> tuple[str, str | None, bool]:
    """What is to be read, what stays as the note as it stands, and whether the line began with `privat:`."""
    found = words.note_marks.search(text) if ":" in text else None
    if found is None:
        return text, None, False
    private = found[1].lower() in words.marks["private"]
    before, after = text[: found.start()].strip(), " ".join(text[found.end() :].split())
    if not before:
        return after, None, private
    return before, (f"privat: {after}".strip() if private else after) or None, False
