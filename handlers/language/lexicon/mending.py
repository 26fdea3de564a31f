"""What a word may be that is not known as it stands: mended, or parted in two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from handlers.language.lexicon.normalise import fold
from handlers.language.lexicon.spelling import Speller, is_another_word, listed_slips
from handlers.language.lexicon.word_files import ONE_MEANING

if TYPE_CHECKING:
    from handlers.language.lexicon.vocabulary import Vocabulary

MENDED_WHOLE = ("relative_days", "relative_weeks", "lengths")
SLIPS_ARE_LISTED = ("units", "weekdays", "months", "relative_days", "relative_weeks")
LONG = 5
LONGEST_RUN = 40  # letters of words written as one
NAMED_DAYS = ("weekdays", "weekdays_past", "weekdays_every", "months", "feasts")
SHORTEST_DAY = 5  # `tors` and `mars` lie too near to other words and names
SHORTEST_AFTER_A_DAY = 4  # but `12 msrs` is a day


# Words of the grammar by which a day or a length stands or falls.
_SMALL_BUT_WEIGHTY = (
    *("timmar", "timme", "timmars", "minuter", "dagar", "veckor", "månader", "månad"),
    *("hours", "minutes", "weeks", "months", "sedan", "since", "mellan", "other", "halvår", "jämna", "udda"),
    *("handledare", "klockan", "boka", "inbokad", "bokad", "spara"),
    *("underlag", "inställningar", "inställning", "tysta", "kollegier", "anmärkningar"),
)


class Mending:
    """Its tables are made when the first such word comes: a start has none, and it takes them 20 ms."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {
            fold(word): word for word in sorted(self._words.words) if fold(word) not in self._words.ordinary
        }

    @cached_property
    def _days(self) -> tuple[str, ...]:
        return tuple(folded for folded, word in self._folded.items() if self._is_day(word))

    @cached_property
    def _units(self) -> tuple[str, ...]:
        units = self._words.table("units")
        return tuple(folded for folded, word in self._folded.items() if word in units)

    @cached_property
    def _whole(self) -> frozenset[str]:
        """Words that are right as they stand, and names."""
        return frozenset(
            map(fold, self._words.ordinary.union(self._words.filler, *self._words.people.values()))
        )

    @cached_property
    def _speller(self) -> Speller:
        targets = {fold(word) for word in set(self._worth_mending()) if not word.isdecimal()}
        slips = self._listed_slips()
        drawn_to = slips.union(map(fold, self._words.ordinary))  # `Anha` is not `ånga`, itself a slip
        targets -= {word for word in drawn_to if len(word) <= LONG}
        return Speller(targets, self._whole - targets, self._meaning_of, self._accented, slips)

    def _listed_slips(self) -> frozenset[str]:
        """Words of days and weeks that are listed with their slips: `veckn` beside `vecka`."""
        right, slips = set(_SMALL_BUT_WEIGHTY), set[str]()
        for section in SLIPS_ARE_LISTED:
            for words in self._words.tables[section].values():
                phrases_first = sorted(words, key=lambda word: " " not in word)  # `i morgon` before `imorgon`
                listed = list(dict.fromkeys(fold(one) for word in phrases_first for one in word.split()))
                wrong = listed_slips(listed)
                right |= set(listed) - wrong
                slips |= wrong
        joined = {f"i{word}" for word in right}  # `idag` is no slip for the `dag` of `i dag`
        return frozenset(slips - right - joined)

    @cached_property
    def _months(self) -> Speller:
        """It mends the short ones too."""
        months = {
            fold(word) for word in self._words.table("months").entries if len(word) >= SHORTEST_AFTER_A_DAY
        }
        right = (self._whole | self._folded.keys()) - months
        return Speller(months, right, self._meaning_of, self._accented)

    def _worth_mending(self) -> Iterator[str]:
        """Words that mean something by themselves, and the long words of phrases that do."""
        for section in ONE_MEANING:
            for phrase in self._words.table(section).entries:
                words = phrase.split(" ")
                alone = len(words) == 1 or section in MENDED_WHOLE
                shortest = SHORTEST_DAY if section in NAMED_DAYS else 1
                yield from (word for word in words if len(word) >= (shortest if alone else LONG))
        yield from _SMALL_BUT_WEIGHTY

    def _meaning_of(self, folded: str) -> str:
        word = self._folded.get(folded, folded)
        found = self._words.meanings.get(word)
        if word in self._words.marks["week"]:
            return "units.week"
        if found is None:
            unit = self._words.table("units").entries.get(word)
            booked = "marks.book" if word in self._words.marks["book"] else word
            return f"units.{unit}" if unit else booked
        section = "weekdays" if found.section == "weekdays_past" else found.section  # `i torsdas` is either
        return f"{section}.{found.key}"

    def meant(self, low: str) -> str:
        """The canonical spelling of a word in small letters: accents restored, or one slip mended."""
        folded = fold(low)
        known = self._folded.get(folded)
        if known is not None:
            return low if is_another_word(low, known) and not self._is_of_a_day(known) else known
        near = self._speller.correct(folded, low)
        return self._accented(near) if near else low

    def month(self, low: str) -> str | None:
        """The month, a short one too, that a word behind a number is a slip away from."""
        return self._months.correct(fold(low), low)

    def is_right(self, low: str) -> bool:
        """Whether a word is right as it stands, or a name."""
        return fold(low) in self._whole

    def _accented(self, folded: str) -> str:
        return self._folded.get(folded, folded)

    def seam(self, folded: str, after_number: bool) -> int | None:
        """See Vocabulary.seam."""
        if len(folded) > LONGEST_RUN or folded in self._folded or folded in self._whole:
            return None
        counted = after_number and folded.startswith(self._units)
        if not (counted or folded.startswith(self._days) or folded.endswith(self._days)):
            return None
        for at in range(len(folded) - 1, 0, -1):
            first, second = self._folded.get(folded[:at], ""), self._folded.get(folded[at:], "")
            if counted and first in self._words.table("units") and len(second) > 2:
                return at
            if (self._is_day(first) and self._is_long(second)) or (
                self._is_day(second) and self._is_long(first)
            ):
                return at
        return None

    def _is_of_a_day(self, word: str) -> bool:
        """`törsdag`, `mörgon`, `veckör`: no other word is written so."""
        listed = self._words.meanings.get(word)
        weekday = listed is not None and listed.section.startswith("weekdays")
        return len(word) >= LONG and (weekday or word in self._of_days or word in self._units)

    @cached_property
    def _of_days(self) -> frozenset[str]:
        phrases = self._words.table("relative_days").entries
        return frozenset(word for phrase in phrases for word in phrase.split())

    def _is_day(self, word: str) -> bool:
        return len(word) > 3 and word in self._words.table("relative_days")

    def _is_long(self, word: str) -> bool:
        return len(word) > 3 and word in self._words.meanings
