"""One slip per word is forgiven, never across a meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA

_SHORTEST = 4  # shorter words are taken as written
_ANY_FIRST_LETTER = 6  # in shorter words the first letter must be right


def _without_one(word: str) -> set[str]:
    return {word[:index] + word[index + 1 :] for index in range(len(word))}


class Speller:
    """Finds the known word that a misspelt one is a single slip away from.

    A slip is one letter too many, too few, wrong, or two that changed places. Words are folded
    (small letters, no accents). `meaning` says what a word stands for; when two are as near, none is chosen.
    """

    def __init__(self, words: Iterable[str], ordinary: frozenset[str], meaning: Callable[[str], str]) -> None:
        """`ordinary` holds the words that are right as they stand."""
        self._ordinary = ordinary
        self._meaning = meaning
        self._near: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST:
                for key in {word} | _without_one(word):
                    self._near.setdefault(key, []).append(word)

    def correct(self, word: str) -> str | None:
        """The one known word within a slip of `word`, or None."""
        if len(word) < _SHORTEST - 1 or len(word) > 40 or word in self._ordinary:
            return None
        found = {near for key in {word} | _without_one(word) for near in self._near.get(key, ())}
        return self._only([near for near in found if self._is_slip(word, near)], word)

    def _is_slip(self, word: str, near: str) -> bool:
        if len(word) < _SHORTEST:  # `etk`: a letter lost inside a short word
            return len(near) > len(word) and word[0] == near[0] and word[-1] == near[-1]
        if min(len(word), len(near)) < _ANY_FIRST_LETTER and word[0] != near[0]:
            return False
        return OSA.distance(word, near, score_cutoff=1) <= 1

    def _only(self, near: list[str], word: str) -> str | None:
        likely = [found for found in near if found[0] == word[0]] or near
        meanings = {self._meaning(found) for found in likely}
        return min(likely) if len(meanings) == 1 else None
