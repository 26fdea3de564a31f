"""The number of a day, and what else a number in a line may be: an amount, an hour, a count."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.days.relative_points import RelativePoints
from handlers.language.lexicon.phrases import ENDING, Phrases
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_MOST_HOURS = 12
SELDOM_COUNTED = 5  # `den andra patienten` counts, `den nittonde` is a day
_DEFINITE = ("en", "et", "an", "na", "ne")
_AMONG = ("i", "av")  # `den sjunde i rad`
_ABOUT = ("drygt", "knappt", "ca", "cirka", "ungefär", "typ")
_WITHIN_A_TIME = (".", ":", "h", "t", "tim")
_BEFORE_AN_ENDING = (":", "-", "’", "'")


class DayNumbers(RelativePoints):
    """What a number at an index is."""

    def _day_number_at(self, index: int) -> tuple[int, int] | None:
        """`12`, `12:e`, `12:de`, `12th`, `tolfte`."""
        line, ordinals = self.line, self.words.table("ordinals")
        found = line.phrase(index, ordinals) if line.begins[index] & ordinals.bit else None
        if found:
            return int(found[0]), found[1]
        number = line.number(index, 2)
        if number is None or (line.words[index - 1] in _WITHIN_A_TIME and self._is_end_of_time(index)):
            return None
        end = index + 1
        following = line.words[end]
        if line.begins[end] & ENDING:
            return number, end + 1 if line.glued(end) else end
        parted = following in _BEFORE_AN_ENDING and line.begins[end + 1] & ENDING and line.glued(end + 1)
        dotted = following == "." and line.words[end + 1] == "-" and line.glued(end)  # `16.-18.11.`
        return number, end + (2 if parted else dotted)

    def _is_end_of_time(self, index: int) -> bool:
        """The 45 of `13.45 nov 12` and the 30 of `1h30 nov 12` are no days."""
        glued = self.line.glued(index) and self.line.glued(index - 1)
        return glued and self.line.is_number(index - 2)

    def _is_glued_mark(self, index: int) -> bool:
        """The mark of `12.nov`, `12-nov` and `12/nov`; `9 - nov 12` is parted."""
        mark = self.line.words[index]
        return mark == "." or (mark in ("-", "/") and self.line.glued(index))

    def _is_amount(self, index: int) -> bool:
        unit = self.line.phrase(index, self.words.table("units"))
        if unit and unit[0] == "quarter" and self.line.words[unit[1]] in ("över", "i"):
            return False  # `nov 19 kvart över nio`
        dashed = self.line.words[index] == "-" and (self.line.glued(index) or self.line.glued(index + 1))
        return unit is not None or dashed or self._is_halved(index)

    def _is_halved(self, index: int) -> bool:
        """`1 ½`, but not the `½ h` behind `nov 19`."""
        small = (self.line.number(index - 1, 2) or 0) <= _MOST_HOURS
        return self.line.words[index] == "½" and (small or self.line.glued(index))

    def _month(self, index: int) -> tuple[int, int] | None:
        found = self.line.phrase(index, self.words.table("months"))
        return (int(found[0]), self._after_name(found[1])) if found else None

    def _is_ordinal(self, index: int) -> bool:
        """The elfte of `den nittonde elfte`, which counts nothing itself."""
        named = self.line.phrase(index, self.words.table("ordinals"))
        return named is not None and self._counts_nothing(named[1])

    def _counts_nothing(self, index: int, day: int = 0) -> bool:
        """Whether a day may end before the index: a time, a length, a topic, `med` or nothing follows; after
        a late day all but what is counted so far: `den nittonde bukstatus`, but not `den nittonde patienten`.
        """
        line, words = self.line, self.words
        if not line.free(index):
            return index >= len(line.tokens) or not self._is_counted(index, day)
        word = line.tokens[index]
        if not word.is_word or word.word in _ABOUT:
            return True
        if day > SELDOM_COUNTED:
            definite = word.raw.lower().endswith(_DEFINITE) and word.word not in words.filler
            return not definite and not (word.word in _AMONG and line.free(index + 1))
        return any(line.phrase(index, table) for table in _after_a_day(words))

    def _is_counted(self, index: int, day: int) -> bool:
        """`den andra handledningen`: what was understood there is no topic."""
        token = self.line.tokens[index]
        meant = self.words.meanings.get(token.word)
        told = self.line.taken[index] == "content" and (meant is None or meant.section != "topics")
        return told and (day <= SELDOM_COUNTED or token.raw.lower().endswith(_DEFINITE))

    def _continues(self, index: int) -> bool:
        """Whether a bare number goes on as a time, a date or an amount."""
        following = self.line.words[index]
        return following in (":", ".", ",", "/") and self.line.glued(index) and self.line.glued(index + 1)


@lru_cache(KEPT)
def _after_a_day(words: Vocabulary) -> tuple[Phrases[str], ...]:
    """What may follow a day that is spelled out, and is no part of a note."""
    roles = ("clock", "with", "on", "since", "between", "half_past", "quarter_to", "quarter_past")
    return (*(words.marks[role] for role in roles), words.table("lengths"), words.table("numbers"))
