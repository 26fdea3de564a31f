"""What a long word says by how it begins or ends: a topic, or what a compound is a kind of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.language.lexicon.normalise import fold
from handlers.language.lexicon.word_files import SHORTEST_STEM

Tables = Mapping[str, Mapping[str, Sequence[str]]]
SHORTEST_MODIFIER = 3  # letters: fewer before a known word are a slip
LONGEST_STEM = 20  # letters


class WordEnds:
    """The stems and ends of topics, and the ends of compounds, from the words' files."""

    def __init__(self, tables: Tables) -> None:
        """`tables` are all sections of the vocabulary."""
        self.stems = _folded(tables.get("topic_stems", {}))
        self.ends = _folded(tables.get("topic_ends", {}))
        self._stems, self._ends = tuple(self.stems), tuple(self.ends)
        compounds = tables.get("compound_ends", {})
        self._kinds = {fold(word): word for word in compounds.get("kind", ())}
        self.doubtful = tuple(compounds.get("doubtful", ()))
        """What a word may end with that is perhaps a kind of it: it is asked about."""

    def topic_of(self, folded: str) -> str | None:
        """The topic a long word sets by its stem or its end."""
        if not (folded.startswith(self._stems) or folded.endswith(self._ends)):
            return None
        for length in range(min(len(folded), LONGEST_STEM), SHORTEST_STEM - 1, -1):
            if folded[:length] in self.stems:
                return self.stems[folded[:length]]
        return next(
            (self.ends[folded[at:]] for at in range(1, max(1, len(folded) - 8)) if folded[at:] in self.ends),
            None,
        )

    def kind_of(self, folded: str) -> str | None:
        """What a compound is a kind of: an `akutkurs` is a `kurs`."""
        ends = (folded[at:] for at in range(SHORTEST_MODIFIER, len(folded)))
        return next((self._kinds[end] for end in ends if end in self._kinds), None)


def _folded(table: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {fold(word): key for key, words in table.items() for word in words}
