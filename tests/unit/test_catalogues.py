"""The catalogues: every text in both languages, every key in use, dates and lengths as people say them."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from datetime import date
from pathlib import Path

import pytest

from handlers import small_talk
from handlers.language.lexicon import vocabulary
from handlers.words import LANGUAGES, Words, catalogue, say_to

ROOT = Path(__file__).parents[2]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("sv")) == set(catalogue("en"))


@pytest.mark.parametrize("key", sorted(catalogue("sv")))
def test_a_text_is_filled_in_alike_in_both_languages_and_never_empty(key: str) -> None:
    sv, en = catalogue("sv")[key], catalogue("en")[key]
    assert _placeholders(sv) == _placeholders(en)
    assert sv.strip()
    assert en.strip()


def _said_keys() -> set[str]:
    """Every literal key given to `say` or `say_to` in the code."""
    files = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    first = [c.args[0] for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "say"]
    first += [c.args[1] for c in calls if isinstance(c.func, ast.Name) and c.func.id == "say_to"]
    return {arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def test_every_key_that_is_said_exists() -> None:
    keys = _said_keys()
    assert len(keys) > 40
    assert keys - set(catalogue("sv")) == set()


@pytest.mark.parametrize(
    ("group", "section"),
    [("activity", "activities"), ("topic", "topics"), ("instrument", "instruments"), ("absence", "absences")],
)
def test_every_word_of_the_domain_has_a_name_in_both_languages(group: str, section: str) -> None:
    for locale in LANGUAGES:
        missing = [
            key for key in vocabulary.default().keys(section) if f"{group}.{key}" not in catalogue(locale)
        ]
        assert missing == []


def test_whose_language_is_not_known_is_told_in_each() -> None:
    both = [Words(language).say("unknown.stranger") for language in LANGUAGES]
    assert say_to("", "unknown.stranger").split("\n") == both
    assert [say_to(language, "unknown.stranger") for language in LANGUAGES] == both


def test_every_line_of_small_talk_has_its_one_answer_in_both_languages() -> None:
    said = tomllib.loads((ROOT / "handlers" / "small_talk.toml").read_text("utf-8"))
    lines = [line for each in said.values() for line in each]
    assert len(lines) == len(set(lines))
    for key, answered in said.items():
        assert key in catalogue("sv")
        assert {small_talk.answer_to(f"{line.capitalize()}!") for line in answered} == {key}


def test_no_key_is_shown_to_a_user() -> None:
    with pytest.raises(KeyError):
        Words("sv").say("no.such.text")


@pytest.mark.parametrize(
    ("locale", "dated", "length"),
    [
        ("sv", "sön 22 nov (v 47)", "1 h 15 min"),
        ("en", "Sun 22 Nov (week 47)", "1 h 15 min"),
        ("xx", "sön 22 nov (v 47)", "1 h 15 min"),
    ],
)
def test_dates_weeks_and_lengths_follow_the_language(locale: str, dated: str, length: str) -> None:
    words = Words(locale)
    assert words.dated(date(2026, 11, 22)) == dated
    assert words.length(75) == length


@pytest.mark.parametrize(
    ("on", "shown"), [(date(2026, 12, 31), "tors 31 dec"), (date(2027, 1, 1), "fre 1 jan 2027")]
)
def test_a_date_in_another_year_shows_its_year(on: date, shown: str) -> None:
    assert Words("sv", date(2026, 11, 22)).day(on) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"), [(5, "5 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 1 min"), (120, "2 h")]
)
def test_lengths_are_short(minutes: int, shown: str) -> None:
    assert Words("sv").length(minutes) == shown


def test_no_text_scolds() -> None:
    scolding = re.compile(r"försenad|missat|du måste|you are overdue|you must", re.IGNORECASE)
    texts = [text for locale in LANGUAGES for text in catalogue(locale).values()]
    assert [text for text in texts if scolding.search(text)] == []


@pytest.mark.parametrize(
    ("key", "count", "sv", "en"),
    [
        ("own.days", 1, "1 dag", "1 day"),
        ("own.days", 14, "14 dagar", "14 days"),
        ("every.months", 1, "varje månad", "every month"),
        ("every.months", 2, "varannan månad", "every other month"),
        ("every.months", 3, "var 3:e månad", "every 3 months"),
        ("digest.why_away", 1, " · har varit borta 1 dag", " · has been away 1 day"),
        ("digest.figure_rest", 1, "• Ett krav till: alla i fas", "• The other requirement: all in step"),
        ("paper.fig_assessments", 1, "bedömning", "assessment"),
        (
            "kollegier.undone",
            1,
            "Ångrat: specialistkollegiet är avbokat, och paret har fått veta det.",
            "Undone: the specialist kollegium is cancelled, and the pair has been told.",
        ),
    ],
)
def test_one_is_said_as_one(key: str, count: int, sv: str, en: str) -> None:
    assert [Words(locale).say(key, count=count) for locale in LANGUAGES] == [sv, en]


def test_names_end_with_and() -> None:
    assert [Words("sv").listed(names) for names in (["Anna"], ["Anna", "Bo"], ["Anna", "Bo", "Cy"])] == [
        "Anna",
        "Anna och Bo",
        "Anna, Bo och Cy",
    ]


def test_english_texts_call_the_doctor_in_training_a_resident() -> None:
    """One word for one person (domain.md, glossary)."""
    said = [key for key, text in catalogue("en").items() if re.search(r"\btrainee", text, re.IGNORECASE)]
    assert said == []
