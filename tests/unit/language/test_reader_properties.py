"""What holds for any text, not only for the examples."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.language.choices import choices
from handlers.language.command import Command
from handlers.language.continuing import amend, complete
from handlers.language.finders.findings import find_all
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.phrases import ANY, Phrases
from handlers.language.lexicon.tokens import Line, cut
from handlers.language.lexicon.word_files import ONE_MEANING
from handlers.language.reader import read
from handlers.language.render import render
from handlers.language.sentences.sentences import sentence
from handlers.language.settling.questions import still_open
from tests.reliability.sizes import size

NOW = datetime.fromisoformat("2026-11-22T09:30")
WORDS = vocabulary.default()
SNIPPETS = st.sampled_from(
    [
        "handledning",
        "idag",
        "igår",
        "1h",
        "45",
        "min",
        "etik",
        "med",
        "Anna",
        "Berg",
        "av",
        "dr",
        "Lind",
        "@lind",
        "13-14",
        "kl",
        "v46",
        "tors",
        "12/11",
        "-",
        "till",
        "från",
        "9-11",
        "november",
        "a4",
        "STc7",
        "varje",
        "boka",
        "sjuk",
        "semester",
        "kurs",
        "?",
        "!",
        "privat:",
        "anteckning:",
        "1½",
        "12:e",
        "den",
        "2026-11-12",
        "20261112",
        "och",
        ",",
        ".",
        "0",
        "99999",
        "mini-cex",
        "ändra",
        "visa",
        "oro",
        "koppla",
        "om",
        "två",
        "veckor",
        "sedan",
        "för",
        "i",
        "på",
        "nästa",
        "förra",
        "hela",
        "status",
        "360",
        "½",
        "/",
        ":",
        "@",
        '"',
        "'",
        "(",
        "31/2",
        "29/2",
        "v54",
        "v",
        "13.00",
    ]
)
LINES = st.lists(SNIPPETS | st.text(max_size=4), max_size=14).map(" ".join) | st.lists(
    SNIPPETS, max_size=9
).map("".join)


ANY_LENGTH = st.builds(
    lambda text, times: (text * times)[:20_000], st.text(max_size=200), st.integers(1, 400)
)


@settings(max_examples=size(500, 10_000), deadline=None)
@given(st.text(max_size=200) | LINES | ANY_LENGTH)
def test_no_text_makes_it_raise(text: str) -> None:
    command = read(text, NOW)
    assert command.intent
    assert (command.intent == "ask") == (command.question is not None)
    left = still_open(command.reason)  # a choice of the activity may leave the day or the length to be asked
    for choice in choices(command, NOW):
        assert choice.command.intent != "ask" or (left and choice.command.question == left.question)


@settings(max_examples=300, deadline=None)
@given(LINES, LINES)
def test_a_change_or_an_answer_never_raises(first: str, second: str) -> None:
    command = read(first, NOW)
    assert amend(command, second, NOW).intent
    assert complete(command, second, NOW).intent


@pytest.mark.parametrize("length", [1_999, 2_000, 2_001, 20_000])
@pytest.mark.parametrize(
    "char", ["a", "1", "å", "\u200d", "😀", "\0", "@", "½", "\u0301", "\u202e", "-", "1 ", "h 1", "1/"]
)
def test_long_and_hostile_lines_are_answered(length: int, char: str) -> None:
    command = read((char * length)[:length], NOW)
    assert length <= 2_000 or command.reason in ("too_long", "personal_identity_number")


def _found(line: Line) -> list[object]:
    """All that the finders make of what is free of a line."""
    found = find_all(line, WORDS, NOW)
    said = [getattr(found, each.name) for each in fields(found) if each.name != "line"]
    return [*said, line.taken]


@settings(max_examples=size(300, 10_000), deadline=None)
@given(LINES)
def test_what_is_passed_over_would_have_found_nothing(text: str) -> None:
    line, searched = (cut(clean(text), WORDS) for _ in range(2))
    searched.said = ANY
    assert sentence(line, WORDS, NOW) == sentence(searched, WORDS, NOW)
    assert _found(line) == _found(searched)


@settings(max_examples=size(50, 3_000), deadline=None)
@given(LINES)
def test_no_phrase_is_passed_over_for_the_word_that_comes_next(text: str) -> None:
    line, searched = (cut(clean(text), WORDS) for _ in range(2))
    for at, token in enumerate(line.tokens):
        searched.begins[at] = reduce(or_, token.longer.values(), token.begins)
    tables: list[Phrases[Any]] = [WORDS.content, *WORDS.marks.values(), *map(WORDS.table, ONE_MEANING)]
    for table in tables:
        found = [line.phrase(at, table) for at in range(len(line.tokens))]
        assert found == [searched.phrase(at, table) for at in range(len(line.tokens))]


def test_the_vocabulary_keeps_no_word_that_somebody_wrote() -> None:
    known = len(WORDS.known)
    for word in ("Xylofonsson", "mhandledning", "zzzidag"):
        read(f"handledning idag 1h {word}", NOW)
    assert len(WORDS.known) == known


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_composed_and_decomposed_letters_mean_the_same(text: str) -> None:
    assert read(unicodedata.normalize("NFD", text), NOW) == read(unicodedata.normalize("NFC", text), NOW)


PARTS = [
    ("handledning",),
    ("idag", "i torsdags", "12/11", "v46"),
    ("1h", "45 min"),
    ("etik", "kursplanering"),
    ("med Anna Berg", "@lind"),
]


@pytest.mark.parametrize("chosen", list(itertools.product(*PARTS)), ids=" ".join)
def test_the_order_of_parts_does_not_matter(chosen: tuple[str, ...]) -> None:
    expected = read(" ".join(chosen), NOW)
    assert expected.intent == "log"
    assert expected.note is None
    for order in itertools.permutations(chosen):
        assert read(" ".join(order), NOW) == expected


NAMES = st.sampled_from(
    ["anna berg", "eva ek", "lind", "maj", "anna.berg", "u0123", "tim", "anna-karin von essen"]
)
NOTES = st.none() | st.sampled_from(
    ["akut buk", "privat: kändes svårt", "hjärtsvikt 1h etik", "a4", "45 år", "med Anna igår"]
)
TOPICS = st.lists(st.sampled_from(WORDS.keys("topics")), max_size=3, unique=True).map(tuple)


def _days(first: int, last: int) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda ahead: NOW.date() + timedelta(days=ahead))


@st.composite
def sessions(draw: st.DrawFn) -> Command:
    """A session such as the reader makes."""
    instrument = draw(st.none() | st.sampled_from(WORDS.keys("instruments")))
    activity = "assessment" if instrument else draw(st.sampled_from(WORDS.keys("activities")))
    day, repeat = draw(_days(-700, 540)), draw(st.none() | st.sampled_from(["weekly", "biweekly"]))
    repeat = repeat if day > NOW.date() else None
    goals = tuple(draw(st.lists(st.sampled_from(["a4", "b2", "STc7"]), max_size=2, unique=True)))
    topics = tuple(dict.fromkeys((*draw(TOPICS), *(("goal",) if goals else ()))))
    start = draw(st.none() | st.times().map(lambda at: time(at.hour, at.minute)))
    return Command(
        intent="book" if day > NOW.date() else "log",
        activity=activity,
        date=day,
        repeat=repeat,
        time=start,
        end_date=day + timedelta(days=draw(st.integers(0, 5)))
        if activity == "course" and not repeat
        else None,
        minutes=draw(st.none() | st.integers(5, 720)),
        topics=topics,
        instrument=instrument,
        goals=goals,
        people=tuple(draw(st.lists(NAMES, max_size=2, unique=True))),
        note=draw(NOTES),
    )


@settings(max_examples=size(300, 5_000), deadline=None)
@given(sessions())
def test_a_session_rendered_is_read_back_as_it_was(command: Command) -> None:
    assert read(render(command), NOW) == command


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WORDS.keys("absences")), _days(-300, 300), st.none() | st.integers(0, 400), NOTES)
def test_an_absence_rendered_is_read_back_as_it_was(
    kind: str, start: date, length: int | None, note: str | None
) -> None:
    end = None if length is None else start + timedelta(days=length)
    command = Command("absence", absence=kind, date=start, end_date=end, note=note)
    assert read(render(command), NOW) == command


@settings(max_examples=150, deadline=None)
@given(LINES)
@example("visa1½privat:")
def test_what_was_understood_survives_rendering(text: str) -> None:
    command = read(text, NOW)
    if command.intent in ("log", "book", "absence", "placement", "status", "undo", "show", "remind"):
        assert read(render(command), NOW) == command


@pytest.mark.parametrize(
    "intent", [key for key in WORDS.keys("commands") if key not in ("show", "remind", "link", "language")]
)
def test_a_command_rendered_is_read_back(intent: str) -> None:
    assert read(render(Command(intent)), NOW) == Command(intent)


@pytest.mark.parametrize("line", ["stäng av digest", "samma tid nästa vecka", "när ses vi", "lägg till etik"])
def test_what_only_a_phrase_says_survives_rendering(line: str) -> None:
    assert read(render(read(line, NOW)), NOW) == read(line, NOW)


def test_a_person_and_a_code_survive_rendering() -> None:
    for command in (
        Command("show", people=("anna berg",)),
        Command("remind", people=("anna berg", "tim")),
        Command("link", note="K7F2PQ"),
        Command("language", note="engelska"),
        Command("concern", people=("eva ek",), note="hinner inte med"),
        Command("change", minutes=45),
        Command("placement", date=NOW.date(), people=("eva ek",), note="psykiatri"),
    ):
        assert read(render(command), NOW) == command
