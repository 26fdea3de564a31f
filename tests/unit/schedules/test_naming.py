"""Names in the order in which a Swedish reader looks for them."""

from __future__ import annotations

import unicodedata

from schedules.naming import alphabetical


def test_the_last_letters_are_last_and_in_their_order() -> None:
    names = ["Örjan Sten", "Zara Ek", "Ärla Noor", "Åsa Berg", "anna Ek", "Émile Falk", "Eva Ek", "Fia Falk"]
    assert sorted(names, key=alphabetical) == [
        "anna Ek",
        "Émile Falk",
        "Eva Ek",
        "Fia Falk",
        "Zara Ek",
        "Åsa Berg",
        "Ärla Noor",
        "Örjan Sten",
    ]


def test_a_letter_in_two_signs_is_the_letter() -> None:
    assert alphabetical(unicodedata.normalize("NFD", "Åsa Öst")) == alphabetical("Åsa Öst")
