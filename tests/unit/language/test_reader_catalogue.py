"""The table of forms, the help and the nearest example come from one source."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.language import catalogue
from handlers.language.reader import read

PAGE = Path(__file__).parents[3] / "docs/forms.md"
EXAMPLES = [example for form in catalogue.forms() for example in form.examples]


def test_the_page_of_forms_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue.page(), "run python -m handlers.language.catalogue"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(example: str) -> None:
    assert read(example, catalogue.NOW).intent not in ("ask", "unknown", "refused")


ENGLISH = [example for form in catalogue.forms() for example in form.english[1]]


@pytest.mark.parametrize("example", ENGLISH)
def test_every_english_example_is_understood(example: str) -> None:
    assert read(example, catalogue.NOW).intent not in ("ask", "unknown", "refused")


def test_the_help_shows_the_main_forms() -> None:
    lines = catalogue.help_lines("sv", lambda _asked: True)
    assert len(lines) >= 8
    assert "handledning idag 1h etik" in lines[0]
    assert "supervision today 1h ethics" in catalogue.help_lines("en", lambda _asked: True)[0]


def test_the_help_shows_nothing_that_is_not_answered_or_not_for_the_reader() -> None:
    lines = "\n".join(catalogue.help_lines("sv", lambda asked: asked.intent != "placement"))
    assert "sidotjänstgöring" not in lines
    assert "översikt" not in lines
    assert "översikt" in "\n".join(catalogue.help_lines("sv", lambda _asked: True, leads=True))


def test_a_line_that_was_not_understood_is_never_taken_for_a_concern() -> None:
    """Whoever may write one is shown how in the help; nobody is led there by a line that looks like it."""
    assert "oro" not in catalogue.nearest_example(
        "oroo anna berg missar jourer och mår inte bra", "sv", leads=True
    )


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("pizza på fredag", None),
        ("", None),
        ("sjukk idaag", "sjuk idag"),
        ("\0😀", None),
        ("trött", "handledning idag 1h etik"),  # like nothing: the first, and no `statistik`
    ],
)
def test_an_unknown_line_gets_a_near_example(text: str, example: str | None) -> None:
    assert catalogue.nearest_example(text, "sv") in EXAMPLES
    assert example in (None, catalogue.nearest_example(text, "sv"))
