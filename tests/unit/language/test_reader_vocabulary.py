"""Words are data: a wrong file is refused with its name, its key and the mend."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.tokens import cut, pieces
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.lexicon.word_files import VocabularyError
from handlers.language.reader import read
from handlers.language.render import render

NOW = datetime.fromisoformat("2026-11-22T09:30")


def with_words(section: str, key: str, *words: str) -> Vocabulary:
    """The bot's own words and a third file with a few more."""
    files: dict[str, Any] = {path.name: _parsed(path) for path in sorted(vocabulary.WORDS.glob("*.toml"))}
    return Vocabulary({**files, "own.toml": {section: {key: list(words)}}})


def _parsed(path: Path) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_a_word_added_to_a_file_is_understood_without_code() -> None:
    words = with_words("topics", "ethics", "brytpunkten")
    assert read("handledning idag 1h brytpunkten", NOW, words=words).topics == ("ethics",)


def test_a_word_that_two_meanings_share_is_refused_with_the_mend() -> None:
    with pytest.raises(VocabularyError) as told:
        with_words("topics", "feedback", "etik")
    assert str(told.value) == (
        "own.toml: [topics] feedback: “etik” already stands in sv.toml: [topics] ethics; "
        "remove it from one of the two"
    )


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        ({"topcis": {"ethics": ["x"]}}, "[topcis] is no known section"),
        ({"topics": {"ethics": "etik"}}, "write a list of words"),
        ({"topics": {"ethics": [""]}}, "write a list of words"),
        ({"topic_stems": {"ethics": ["eti"]}}, "at least 5 letters"),
        ({"topics": {"ehtics": ["moral"]}}, "is no known key"),
    ],
)
def test_a_faulty_file_is_refused_with_the_mend(content: dict[str, Any], mend: str) -> None:
    files: dict[str, Any] = {path.name: _parsed(path) for path in sorted(vocabulary.WORDS.glob("*.toml"))}
    with pytest.raises(VocabularyError, match=r"own\.toml") as told:
        Vocabulary({**files, "own.toml": content})
    assert mend in str(told.value)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "sv.toml").write_text("[topics\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"sv\.toml: not readable as TOML"):
        vocabulary.load(tmp_path)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("handlednig", "handledning"),
        ("bedomning", "bedömning"),
        ("igar", "igår"),
        ("mandag", "måndag"),
        ("idg", "idag"),
        ("komunikation", "kommunikation"),
        ("kollegum", "kollegium"),
        ("torsdga", "torsdag"),
        ("halvtime", "halvtimme"),
        ("foraldraledig", "föräldraledig"),
        ("semster", "semester"),
        ("statsu", "status"),
        ("sammarbete", "samarbete"),
    ],
)
def test_one_slip_a_word_is_forgiven(typed: str, meant: str) -> None:
    assert vocabulary.default().read_as(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "teknik",
        "genetik",
        "planering",
        "bedövning",
        "man",
        "son",
        "kors",
        "lars",
        "expert",
        "mora",
        "vecka",
        "morgon",
        "lind",
        "berg",
        "ida",
        "kurt",
        "maja",
        "tak",
        "hor",
    ],
)
def test_an_ordinary_word_is_left_alone(word: str) -> None:
    assert vocabulary.default().read_as(word) in (word, vocabulary.default().read_as(word.lower()))
    assert vocabulary.default().read_as(word) == word


def test_numbers_are_never_mended() -> None:
    assert [read(f"handledning {hours}h", NOW).minutes for hours in (1, 2, 3, 4)] == [60, 120, 180, 240]
    assert read("handledning idag 1h teknik", NOW).topics == ()


@pytest.mark.parametrize("section", ["activities", "absences", "commands", "filler", "relative_days"])
def test_a_phrase_is_cut_as_a_line_would_be(section: str) -> None:
    """Also where it has nothing to be cut: those are only put in small letters."""
    for words in vocabulary.default().tables[section].values():
        for phrase in words:
            line = cut(phrase.upper(), vocabulary.default())
            letters = [token.raw.lower() for token in line.tokens if token.raw[0].isalnum()]
            assert pieces(phrase.upper()).replace(" ", "") == "".join(letters)
            assert pieces(f" {phrase}  x") == f"{pieces(phrase)} x"


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("sjuk idag", "sjuk från 2026-11-22 till 2026-11-22"),
        ("tjänstledig idag", "tjänstledig från 2026-11-22 till 2026-11-22"),
        ("bedömning igår", "bedömning 2026-11-21"),
        ("cbd igår", "cbd 2026-11-21"),
        ("introduktion igår", "introduktion 2026-11-21"),
        ("utvärdering igår", "utvärdering 2026-11-21"),
        ("avslutningssamtal igår", "avslutningssamtal 2026-11-21"),
        ("spur 2026-03-12", "spur 2026-03-12"),
        ("regler", "regler"),
        ("digest", "digest"),
        ("statistik", "statistik"),
        ("lista försenade", "lista försenade"),
        ("vilka saknar handledare", "vilka saknar handledare"),
    ],
)
def test_what_the_bot_writes_itself_is_the_plain_word(line: str, written: str) -> None:
    """The first of its list in sv.toml: docs/forms.md tells by it what a line is read as."""
    assert render(read(line, NOW)) == written
