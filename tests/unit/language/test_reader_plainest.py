"""The short way gives the answers of the long way, to every line that it takes; and it takes the plainest."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.language.command import Command
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.plain_words import Slot, plain_words
from handlers.language.plainest import plainly
from handlers.language.reader import read, read_at_length
from tests.reliability.sizes import size

WORDS = vocabulary.default()
CORPUS = Path(__file__).parents[2] / "corpus"
NOWS = [
    datetime.fromisoformat(now)
    for now in ("2026-11-22T09:30", "2026-01-02T01:30", "2028-02-29T23:00", "2026-12-31T12:00")
]


def of(*slots: Slot) -> list[str]:
    """The plain words of some slots."""
    return sorted(word for word, plain in plain_words(WORDS).known.items() if plain.slot in slots)


def whole(command: Command) -> tuple[Any, ...]:
    """Every field, also those that two equal commands may differ in."""
    return tuple(getattr(command, field.name) for field in fields(command))


def differs(text: str, now: datetime) -> bool:
    """Whether the short way takes a line and gives another answer than the long way."""
    short = plainly(text, WORDS, now)
    return short is not None and whole(short) != whole(read_at_length(text, now, WORDS))


def numbers(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(str) | st.integers(0, 9).map(lambda number: f"0{number}")


UNITS = of(Slot.UNIT)
IN_WORDS = sorted(WORDS.table("numbers").entries)
AMOUNTS = numbers(200) | st.sampled_from(["0,5", "1,5", "1,25", "2,75", "1,3", "1½", "½", "007", *IN_WORDS])
CLOCKS = st.builds("{}{}".format, numbers(25), st.sampled_from(["", "", ".30", ":15", ".05", ":61"]))
DAYS = (
    st.sampled_from(of(Slot.DAY))
    | st.builds("{}/{}".format, numbers(33), numbers(13))
    | st.builds("{} {}".format, numbers(33), st.sampled_from(of(Slot.MONTH)))
    | st.builds("20{:02}-{:02}-{:02}".format, st.integers(24, 28), st.integers(0, 13), st.integers(0, 32))
    | st.builds("den {} {}".format, numbers(33), st.sampled_from(of(Slot.MONTH)))
)
WEEKS = st.builds("v{}".format, numbers(54)) | st.sampled_from(of(Slot.WEEK))
LENGTHS = (
    st.sampled_from(of(Slot.LENGTH))
    | st.builds("{}{}{}".format, AMOUNTS, st.sampled_from(["", " "]), st.sampled_from(UNITS))
    | st.builds("{}h{}".format, st.integers(0, 9), st.sampled_from(["00", "05", "30", "45", "99", "5"]))
)
TIMES = (
    CLOCKS.map("kl {}".format)
    | st.builds("{}-{}".format, CLOCKS, CLOCKS)
    | st.builds("kl {}-{}".format, CLOCKS, CLOCKS)
)
TOPICS = st.builds("{}{}".format, st.sampled_from(of(Slot.TOPIC)), st.sampled_from(["", "", ","]))
WHAT = st.sampled_from(of(Slot.ACTIVITY, Slot.INSTRUMENT))
MORE = [*WORDS.marks["book"].entries, "bedömning", "och", "."]
OTHERS = st.sampled_from([*of(Slot.ABSENCE, Slot.ORDER, Slot.IUP), *MORE])
OPENINGS = st.sampled_from(["", "", "", "/", "boka "])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Plain things in any order, most of them once; now and then something else."""
    parts = [draw(WHAT)] if draw(st.integers(0, 4)) else []
    for kind, most in ((DAYS, 1), (WEEKS, 1), (LENGTHS, 1), (TIMES, 1), (TOPICS, 2), (OTHERS, 1)):
        parts += draw(st.lists(kind, max_size=most))
    line = " ".join(draw(st.permutations(parts)))
    return draw(OPENINGS) + draw(st.sampled_from([line, line, line.title()]))


@given(lines(), st.sampled_from(NOWS))
@settings(max_examples=size(1_500, 100_000), deadline=None)
def test_the_short_way_gives_the_answers_of_the_long(text: str, now: datetime) -> None:
    assert not differs(text, now)


@pytest.mark.parametrize("name", ["messages", "golden"])
def test_so_it_does_to_what_people_write(name: str) -> None:
    said = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines() if line]
    assert [line["text"] for line in said if differs(line["text"], NOWS[0])] == []


def test_so_it_does_to_each_of_its_words() -> None:
    """By itself, and in a line: an own word of a region is held to the same by how it is found."""
    plain = plain_words(WORDS)
    lines = [
        form.format(word)
        for form, word in [
            *product(("{}", "handledning {} 1h", "{} idag"), plain.known),
            *product(("{}", "{}?", "{}!", "{}.", "boka {}", "/{}"), plain.whole),
        ]
    ]
    assert len(lines) > 7_000
    assert [line for line in lines if differs(line, NOWS[0])] == []


@pytest.mark.parametrize(
    "text",
    [
        "handledning idag 1h etik",
        "/handledning idag 1h etik",
        "Handledning i går 1,5h",
        "handl tors 45 min",
        "handledning i torsdags en timme samarbete, kursplanering",
        "1h30 handledning 12/11",
        "handledning 2026-11-12 1 h",
        "handledning v46 trekvart",
        "handledning den 3 november 1½ tim",
        "handledning förra veckan ons 1h",
        "tis v46 handledning",
        "iup godkänd 1/10",
        "mini-cex igår",
        "supervision yesterday 45 min course planning",
        "bedömning dops idag",
        "st-möte 4 maj",
        "boka handledning på torsdag kl 13-14 etik",
        "vab idag",
        "status",
        "ångra",
        "hur ligger jag till?",
        "idag 1h etik",
        "torsdag 13-14",
    ],
)
def test_the_plainest_lines_go_the_short_way(text: str) -> None:
    assert plainly(text, WORDS, NOWS[0]) == read(text, NOWS[0])


@pytest.mark.parametrize(
    "text",
    [
        "handledning idag 1h svårt samtal med anhöriga",
        "handledning med Anna idag",
        "handledning idag igår 1h",
        "handledning idag 1h 45 min",
        "handledning 31/2 1h",
        "handledning idag 25h",
        "handledning mini-cex idag",
        "kurs etik idag",
        "semester v52",
        "boka handledning",
        "status idag",
        "handledning kl 7 ikväll",
        "handledning  idag",
        "handledning\nidag",
        "handledning idag 1h " + "etik " * 30,
        "",
        " ",
        "/",
    ],
)
def test_what_holds_more_goes_the_long_way(text: str) -> None:
    assert plainly(text, WORDS, NOWS[0]) is None
    assert read(text, NOWS[0]) == read_at_length(text, NOWS[0], WORDS)


def test_a_word_that_an_own_file_gives_another_meaning_too_is_plain_no_more(tmp_path: Path) -> None:
    """What is looked for in `marks` may turn a line about, whoever added the word."""
    own = tmp_path / "own.toml"
    own.write_text('[marks]\nnegation = ["etik"]\n', encoding="utf-8")
    words = vocabulary.load(own=own)
    assert plainly("handledning idag 1h etik", words, NOWS[0]) is None
    assert plainly("handledning idag 1h kommunikation", words, NOWS[0]) is not None
