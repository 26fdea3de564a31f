"""The answer that takes everything a question offers: `alla`, `alla tre`, `båda`, `ja, båda tack`."""

from __future__ import annotations

from typing import Final

from handlers.language.lexicon.normalise import clean

_ALL: Final = frozenset({"alla", "allihop", "allihopa", "samtliga", "all", "båda", "bägge", "both"})
_COUNTS: Final = {
    **dict.fromkeys(("2", "två", "two", "båda", "bägge", "both"), 2),
    **dict.fromkeys(("3", "tre", "three"), 3),
    **dict.fromkeys(("4", "fyra", "four"), 4),
    **dict.fromkeys(("5", "fem", "five"), 5),
    **dict.fromkeys(("6", "sex", "six"), 6),
    **dict.fromkeys(("7", "sju", "seven"), 7),
}
_BESIDE: Final = frozenset({
    "ja", "yes", "spara", "logga", "boka", "ta", "save", "log", "book", "tack", "please", "dagar", "dagarna",
    "days", "of", "them",
})  # fmt: skip
"""What says nothing more beside them."""


def says_all(text: str, count: int) -> bool:
    """Whether a line means all of so many, and nothing else."""
    words = clean(text).replace(",", " ").strip(" .!").casefold().split()
    known = all(word in _ALL or word in _COUNTS or word in _BESIDE for word in words)
    counts = {_COUNTS[word] for word in words if word in _COUNTS}
    return known and not _ALL.isdisjoint(words) and counts <= {count}
