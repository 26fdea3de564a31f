"""The table of every form with an example, for the help and for docs/forms.md; run it to write that file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import tomli
from rapidfuzz import fuzz, process

from handlers.language.command import Command
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean, fold
from handlers.language.reader import read
from handlers.language.render import render

NOW = datetime.fromisoformat("2026-11-22T09:30")  # a local time, the one of the agreed examples
FORMS = Path(__file__).with_name("forms.toml")
PAGE = Path("docs/forms.md")
_LISTED = ("activities", "instruments", "topics", "absences", "placements", "commands")
_COMPARED = 200  # characters of an unknown line that are compared with the examples
_LIKE = 75  # of 100, from which on a word is like another
_SMALL = 3  # letters of a word that is too short to be a form's name


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write, its examples, and whether the short help shows it; `who` is "" (all) or "leaders".

    `english` is the name and the examples for those who read English; empty where the help shows none.
    """

    name: str
    examples: tuple[str, ...]
    in_help: bool
    who: str = ""
    english: tuple[str, tuple[str, ...]] = ("", ())


@cache
def forms() -> tuple[Form, ...]:
    """All forms, in the order of the file."""
    table = tomli.loads(FORMS.read_text(encoding="utf-8"))
    return tuple(_form(row) for row in table["form"])


def _form(row: dict[str, Any]) -> Form:
    english = row.get("english", {"name": "", "examples": ()})
    return Form(
        name=row["name"],
        examples=tuple(row["examples"]),
        in_help=row.get("help", False),
        who=row.get("who", ""),
        english=(english["name"], tuple(english["examples"])),
    )


def help_lines(
    locale: str, can: Callable[[Command], bool], *, leads: bool = False, about: str = ""
) -> list[str]:
    """The short help in a language: one line for each form, with examples that work as they stand.

    `can` says whether what an example asks for is answered; a form of which nothing is is left out. The forms
    that `about` (`hjälp boka`) calls by their names, or by how an example begins, are shown alone and whole.
    """
    found = [
        (name, [example for example in examples if can(_read(example))])
        for name, examples in _shown_to(locale, leads=leads)
    ]
    shown = [(name, examples) for name, examples in found if examples]
    asked = [(name, examples) for name, examples in shown if _is_called(about, name, examples)]
    few = [(name, examples[:3]) for name, examples in shown]
    return [f"{name}: {' · '.join(examples)}" for name, examples in asked or few]


def _is_called(about: str, name: str, examples: Sequence[str]) -> bool:
    asking = vocabulary.default().marks["asking"]
    called = {word for word in fold(name).split() if len(word) > _SMALL}
    called |= {first for first in (fold(each).split()[0] for each in examples) if first not in asking}
    return any(_is_like(word, other) for word in fold(clean(about)).split() for other in called)


def _is_like(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) > _SMALL and fuzz.ratio(word, other) >= _LIKE)


def _shown_to(locale: str, *, leads: bool) -> list[tuple[str, tuple[str, ...]]]:
    """The names and examples of the short help, for a reader."""
    return [
        (form.english if locale == "en" else (form.name, form.examples))
        for form in forms()
        if form.in_help and (leads or form.who != "leaders")
    ]


@cache
def _read(example: str) -> Command:
    return read(example, NOW)


def nearest_example(
    text: str, locale: str, may: Callable[[Command], bool] = lambda _asked: True, *, leads: bool = False
) -> str:
    """The example most like a line that was not understood, of those that the help shows to its writer; the
    first of them when none is like it: "trött" means no `statistik`.

    `may` says what they may have. Never a concern: nobody is to write one for the likeness.
    """
    shown = [example for _, found in _shown_to(locale, leads=leads) for example in found]
    asking = {example: _read(example) for example in shown}
    examples = [example for example, it in asking.items() if it.intent != "concern" and may(it)]
    asked = fold(clean(text[:_COMPARED]))
    found = process.extractOne(asked, examples, scorer=fuzz.token_set_ratio, processor=fold)
    return found[0] if found and _shares_a_word(asked, fold(found[0])) else examples[0]


def _shares_a_word(asked: str, example: str) -> bool:
    return any(fuzz.ratio(word, other) >= _LIKE for word in asked.split() for other in example.split())


def page() -> str:
    """The text of docs/forms.md."""
    lines = [
        "# Every form the bot understands",
        "",
        _PREFACE,
        "",
        "| form | example | read as |",
        "|---|---|---|",
    ]
    lines += [_row(form.name, example) for form in forms() for example in form.examples]
    for section in _LISTED:
        lines += ["", f"## {section.capitalize()}", "", "| key | words |", "|---|---|", *_words(section)]
    return "\n".join(lines) + "\n"


_PREFACE = (
    "Written by `python -m handlers.language.catalogue` from `handlers/language/forms.toml` and "
    "`handlers/language/words/`; read as on Sunday 22 November 2026. Any order of the parts will do, "
    "and case, accents and one typo a word do not matter."
)


def _row(name: str, example: str) -> str:
    command = read(example, NOW)
    return f"| {name} | `{example}` | {command.intent}: `{render(command)}` |"


def _words(section: str) -> list[str]:
    table = vocabulary.default().tables[section]
    return [f"| {key} | {', '.join(words)} |" for key, words in table.items()]


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
