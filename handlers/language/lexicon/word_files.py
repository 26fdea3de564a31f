"""The files of words: read, put together, and refused with the mend where one cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from handlers.language.lexicon.tokens import pieces

# Sections in which a word may stand for one thing only, over all files together.
ONE_MEANING = (
    "activities", "iup", "instruments", "topics", "absences", "placements", "commands", "weekdays",
    "weekdays_dated", "weekdays_past", "weekdays_every", "months", "relative_days", "relative_weeks",
    "feasts", "repeats", "numbers", "ordinals", "lengths",
)  # fmt: skip
OTHERS = (
    "weekdays_short",
    "units",
    "marks",
    "slash",
    "filler",
    "people",
    "ordinary",
    "topic_stems",
    "topic_ends",
    "compound_ends",
    "talked_of",
)
MAIN = "sv.toml"  # names all keys; the other languages add words to them
SHORTEST_STEM = 5


class VocabularyError(ValueError):
    """A words file cannot be used; the text names the file, the key and the mend."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for: `Meaning("topics", "ethics")`."""

    section: str
    key: str


Tables = dict[str, dict[str, list[str]]]


def parsed(path: Path) -> Mapping[str, Any]:
    """A file as TOML. Raises VocabularyError, OSError."""
    try:
        return tomli.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise VocabularyError(f"{path.name} is not UTF-8: save it as UTF-8") from error
    except tomli.TOMLDecodeError as error:
        raise VocabularyError(f"{path.name}: not readable as TOML ({error}); mend that line") from error


def _items(section: str, table: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for key, words in table.items():
        yield key, [words] if section == "talked_of" else words


def merged(files: Mapping[str, Mapping[str, Any]]) -> Tables:
    """All words of all files, by section and key. Raises VocabularyError."""
    whole: Tables = {}
    for name, content in files.items():
        for section, table in content.items():
            if section not in ONE_MEANING + OTHERS:
                raise VocabularyError(
                    f"{name}: [{section}] is no known section; write one of {', '.join(ONE_MEANING + OTHERS)}"
                )
            for key, words in _items(section, table):
                _check_list(name, section, key, words)
                _check_key(name, section, key, files)
                whole.setdefault(section, {}).setdefault(key, []).extend(words)
    return whole


def _check_key(name: str, section: str, key: str, files: Mapping[str, Mapping[str, Any]]) -> None:
    """A key must be one the Swedish file has: a misspelt one would never be understood."""
    known = files.get(MAIN, {}).get(section, {})
    if section in ONE_MEANING and known and key not in known:
        raise VocabularyError(f"{name}: [{section}] {key} is no known key; write one of {', '.join(known)}")


def _check_list(name: str, section: str, key: str, words: Any) -> None:
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise VocabularyError(f'{name}: [{section}] {key}: write a list of words, such as {key} = ["word"]')
    short = [word for word in words if section == "topic_stems" and len(word) < SHORTEST_STEM]
    if short:
        raise VocabularyError(
            f"{name}: [{section}] {key}: “{short[0]}” is too short; use at least {SHORTEST_STEM} letters"
        )


def meanings_of(files: Mapping[str, Mapping[str, Any]]) -> dict[str, Meaning]:
    """Every phrase to its one meaning. Raises VocabularyError for a word that two meanings share."""
    meanings: dict[str, Meaning] = {}
    told: dict[str, str] = {}
    for name, content in files.items():
        for section in ONE_MEANING:
            for key, words in content.get(section, {}).items():
                meaning, where = Meaning(section, key), f"{name}: [{section}] {key}"
                for phrase in spread(words):
                    if meanings.setdefault(phrase, meaning) != meaning:
                        stands = f"“{phrase}” already stands in {told[phrase]}"
                        raise VocabularyError(f"{where}: {stands}; remove it from one of the two")
                    told[phrase] = where
    return meanings


def spread(words: Iterable[str]) -> list[str]:
    """Each word as phrases: `st-möte` is also written `stmöte`."""
    found: list[str] = []
    for word in words:
        phrase = pieces(word)
        found.append(phrase)
        if "-" in word and " " not in word:
            found.append(word.replace("-", "").lower())
    return [phrase for phrase in dict.fromkeys(found) if phrase]
