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
    """A words file cannot be used; each of its `faults` names the file, the key and the mend."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


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


def usable(files: Mapping[str, Mapping[str, Any]]) -> tuple[Tables, dict[str, Meaning]]:
    """All words of all files by section and key, and every phrase to its one meaning.

    Raises VocabularyError with all that is wrong, in the files' order: who mends a file mends it once.
    """
    tables: Tables = {}
    meanings: dict[str, Meaning] = {}
    told: dict[str, str] = {}
    faults: list[str] = []
    for name, content in files.items():
        for section, table in content.items():
            for key, words, fault in _keys_of(name, section, table, files):
                if fault:
                    faults.append(fault)
                    continue
                tables.setdefault(section, {}).setdefault(key, []).extend(words)
                if section in ONE_MEANING:
                    where = f"{name}: [{section}] {key}"
                    faults += _shared(words, Meaning(section, key), where, meanings, told)
    if faults:
        raise VocabularyError(*faults)
    return tables, meanings


def _keys_of(
    name: str, section: str, table: Any, files: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, list[str], str | None]]:
    """Each key of a section with its words, and what is wrong with it."""
    if section not in ONE_MEANING + OTHERS:
        known = ", ".join(ONE_MEANING + OTHERS)
        yield "", [], f"{name}: [{section}] is no known section; write one of {known}"
        return
    if not isinstance(table, Mapping):
        mend = f'write the section\'s name on a line of its own, [{section}], and under it key = ["word"]'
        yield "", [], f"{name}: {section} is no section; {mend}"
        return
    for key, said in table.items():
        words = [said] if section == "talked_of" else said
        yield key, words, _fault_of(name, section, key, words, files)


def _fault_of(
    name: str, section: str, key: str, words: Any, files: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """A key must be one the Swedish file has (a misspelt one would never be understood), its words a list."""
    where = f"{name}: [{section}] {key}"
    known = files.get(MAIN, {}).get(section, {})
    if section in ONE_MEANING and known and key not in known:
        return f"{where} is no known key; write one of {', '.join(known)}"
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        return f'{where}: write a list of words, such as {key} = ["word"]'
    short = [word for word in words if section == "topic_stems" and len(word) < SHORTEST_STEM]
    return f"{where}: “{short[0]}” is too short; use at least {SHORTEST_STEM} letters" if short else None


def _shared(
    words: list[str], meaning: Meaning, where: str, meanings: dict[str, Meaning], told: dict[str, str]
) -> Iterator[str]:
    """Note what words mean, and where; tell each that means something else already."""
    for phrase in spread(words):
        if meanings.setdefault(phrase, meaning) != meaning:
            yield f"{where}: “{phrase}” already stands in {told[phrase]}; remove it from one of the two"
            continue
        told[phrase] = where


def spread(words: Iterable[str]) -> list[str]:
    """Each word as phrases: `st-möte` is also written `stmöte`."""
    found: list[str] = []
    for word in words:
        phrase = pieces(word)
        found.append(phrase)
        if "-" in word and " " not in word:
            found.append(word.replace("-", "").lower())
    return [phrase for phrase in dict.fromkeys(found) if phrase]
