"""The order of names as a Swedish reader looks for them, and what to call two of one name."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from storage.tables import Person

_LAST = str.maketrans({"å": "\ue000", "ä": "\ue001", "ö": "\ue002"})
"""Å, ä and ö end the alphabet, in this order; databases put å after ä, or both under a."""


def alphabetical(name: str) -> str:
    """A key to sort names by: without regard to case and accents, å ä ö last."""
    marked = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name.casefold()).translate(_LAST))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def namesakes(people: Iterable[Person]) -> frozenset[str]:
    """The names, in small letters, that several of some people bear."""
    names = {person.id: person.name.casefold() for person in people}
    return frozenset(name for name, count in Counter(names.values()).items() if count > 1)


def called(person: Person, shared: frozenset[str]) -> str:
    """The name; with the e-mail where it is one of those that several bear."""
    return f"{person.name} ({person.email})" if person.name.casefold() in shared else person.name
