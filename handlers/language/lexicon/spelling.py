"""One slip per word is forgiven, never across a meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from rapidfuzz.distance import OSA

_SHORTEST = 4  # shorter words are taken as written
_ANY_FIRST_LETTER = 6  # in shorter words the first letter must be right, or the slip lie in it alone
LONGEST_OF_ITS_OWN = 7  # letters of a word that dots and rings make another
DOUBTFUL_DAY = "?day"
"""What a misspelt weekday that may be either of two is read as (`tirsdag`): it must be asked about."""


def listed_slips(words: Collection[str]) -> set[str]:
    """Those that are one slip from a word before them: `torrs` beside `tors`. No slip of theirs is mended:
    `torr hud` names no Thursday.
    """
    before: list[str] = []
    for word in words:
        if not any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in before):
            before.append(word)
    return set(words) - set(before)


def _without_one(word: str) -> set[str]:
    return {word[:index] + word[index + 1 :] for index in range(len(word))}


class Speller:
    """Finds the known word that a misspelt one is a single slip away from.

    A slip is one letter too many, too few, wrong, or two that changed places. Words are folded
    (small letters, no accents). `meaning` says what a word stands for; when two are as near, none is chosen.
    """

    def __init__(
        self,
        words: Iterable[str],
        ordinary: frozenset[str],
        meaning: Callable[[str], str],
        accented: Callable[[str], str],
        slips: frozenset[str] = frozenset(),
    ) -> None:
        """`ordinary` holds the words that are right as they stand; `accented` gives back a word's accents;
        `slips` are known words that give way where the right one is as near.
        """
        self._slips = slips
        self._ordinary = ordinary
        self._meaning = meaning
        self._accented = accented
        self._near: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST:
                for key in {word} | _without_one(word):
                    self._near.setdefault(key, []).append(word)

    def correct(self, word: str, written: str = "") -> str | None:
        """The one known word within a slip of `word`, or None; of two the one accented as `written`."""
        if len(word) < _SHORTEST - 1 or len(word) > 40 or word in self._ordinary:
            return None
        keys = self._near.keys() & {word, *_without_one(word)}
        found = {near for key in keys for near in self._near[key] if self._is_slip(word, near)}
        found = found - self._slips or found
        return self._only(list(found), word, written) if found else None

    def _is_slip(self, word: str, near: str) -> bool:
        if len(word) < _SHORTEST:  # `etk`: a letter lost inside a short word
            return len(near) > len(word) and word[0] == near[0] and word[-1] == near[-1]
        if min(len(word), len(near)) < _ANY_FIRST_LETTER and word[0] != near[0]:
            return _slips_at_first(word, near)
        return OSA.distance(word, near, score_cutoff=1) <= 1

    def _only(self, near: list[str], word: str, written: str) -> str | None:
        """The one that is meant; a word that means something alone goes before a mere piece of a phrase."""
        if self._is_doubtful_day(near, word):
            return DOUBTFUL_DAY
        whole = [found for found in near if "." in self._meaning(found)] or near
        likely = [found for found in whole if found[0] == word[0]] or whole
        if written and written != word:
            alike = (found for found in likely if OSA.distance(written, self._accented(found)) <= 1)
            likely = list(alike) or likely  # `ånfra` is `ångra`, not `ändra`
        meanings = {self._meaning(found) for found in likely}
        if len(meanings) == 1:
            return min(likely)
        sections = {meaning.partition(".")[0] for meaning in meanings}
        return DOUBTFUL_DAY if sections in ({"weekdays"}, {"months"}) else None

    def _is_doubtful_day(self, near: list[str], word: str) -> bool:
        """Whether two weekdays are as near; a wrong first letter alone is no reason for doubt (`tordag`)."""
        alike = (found for found in near if found[0] == word[0] or _slips_at_first(word, found))
        return len({meant for found in alike if (meant := self._meaning(found)).startswith("weekdays")}) > 1


def _slips_at_first(word: str, near: str) -> bool:
    """The first two changed places (`avrje`), or in a longer word one is too many or too few (`nsdag`)."""
    if word[:2] == near[1::-1] and word[2:] == near[2:]:
        return True
    return min(len(word), len(near)) > _SHORTEST and near in (word[1:], near[0] + word)


def is_another_word(low: str, known: str) -> bool:
    """`Åmål` is not `a-mål`: dots and rings are left out of what is meant, but seldom added to it; in a long
    word one is a slip (`händledning`).
    """
    added = sum(one in "åäö" and other in "ao" for one, other in zip(low, known, strict=False))
    return added > (1 if len(low) > LONGEST_OF_ITS_OWN else 0)
