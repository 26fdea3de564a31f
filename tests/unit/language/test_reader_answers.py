"""Questions keep what was understood; their answers complete the original."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from handlers.language.choices import choices
from handlers.language.command import Command
from handlers.language.continuing import amend, complete
from handlers.language.reader import read
from handlers.wording import label
from handlers.words import Words

NOW = datetime.fromisoformat("2026-11-22T09:30")


def offered(text: str, now: datetime = NOW) -> list[object]:
    """The values offered for the question a line raises."""
    return [choice.value for choice in choices(read(text, now), now)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("handledning idag igår 1h", [date(2026, 11, 21), date(2026, 11, 22)]),
        ("handledning 31/2 1h", [date(2026, 2, 28), date(2026, 2, 3)]),
        ("handledning 5/13 1h", [date(2026, 5, 13), date(2026, 11, 22), date(2026, 11, 21)]),
        ("handledning idag 25h", [25, 150]),
        ("handledning idag 0 min", [30, 45, 60]),
        ("handledning 45 min 1h", [45, 60]),
        ("handledning idag 45", [45, 30, 60]),
        ("idag 1h etik", ["supervision", "assessment", "course"]),
        ("handledning och mini-cex idag", ["supervision", "assessment"]),
        ("minicex och dops idag", ["mini-cex", "dops"]),
        ("tre mini-cex idag", ["mini-cex"]),
        ("två handledningar förra veckan", ["supervision", "assessment", "course"]),
        ("handledning torsdag?", [date(2026, 11, 26), date(2026, 11, 19)]),
        (
            "boka handledning varje torsdag 13-14 till jul",
            [
                (date(2026, 11, 26), date(2026, 12, 17)),
                (date(2026, 11, 26), date(2027, 6, 10)),
            ],
        ),
        ("föräldraledig 1/12-31/2", [(date(2026, 12, 1), date(2027, 2, 28))]),
    ],
)
def test_a_question_offers_what_may_have_been_meant(text: str, values: list[object]) -> None:
    assert offered(text)[: len(values)] == values


def test_a_button_completes_the_original_with_all_that_was_said() -> None:
    asked = read("handledning idag 25h etik med Anna Berg", NOW)
    chosen = choices(asked, NOW)[0].command
    assert chosen == read("handledning idag 25 min etik med Anna Berg", NOW)


def test_an_activity_chosen_completes_a_date_and_a_topic() -> None:
    asked = read("igår 1h etik", NOW)
    assert choices(asked, NOW)[0].command == read("handledning igår 1h etik", NOW)


def test_the_instrument_chosen_is_named_on_its_button_and_completes_the_line() -> None:
    first = choices(read("minicex och dops idag", NOW), NOW)[0]
    assert label(Words("sv"), first) == "Mini-CEX"
    assert first.command == read("mini-cex idag", NOW)


def test_an_answer_in_words_completes_too() -> None:
    assert complete(read("igår 1h etik", NOW), "handledning", NOW) == read("handledning igår 1h etik", NOW)
    assert complete(read("handledning 31/2 1h", NOW), "igår", NOW) == read("handledning igår 1h", NOW)
    assert complete(read("handledning idag 25h", NOW), "45", NOW) == read("handledning idag 45 min", NOW)


@pytest.mark.parametrize(
    ("asked", "answer", "start", "end"),
    [
        ("handledning i helgen 1h", "28", date(2026, 11, 28), None),
        ("handledning i helgen 1h", "21", date(2026, 11, 21), None),
        ("handledning 31/2 1h", "28", date(2026, 2, 28), None),
        ("boka handledning", "30.", date(2026, 11, 30), None),
        ("semester", "28", date(2026, 11, 28), date(2026, 11, 28)),
        ("semester 3 veckor", "1/12", date(2026, 12, 1), date(2026, 12, 21)),
        ("semester 3 veckor", "1/12-5/12", date(2026, 12, 1), date(2026, 12, 5)),
        ("vab 2 dagar", "igår och idag", date(2026, 11, 21), date(2026, 11, 22)),
        ("semester 3 veckor", "v 50", date(2026, 12, 7), date(2026, 12, 27)),
        ("semester", "21/12, åter 7/1", date(2026, 12, 21), date(2027, 1, 6)),
    ],
)
def test_a_day_in_bare_figures_and_a_length_said_before_are_an_answer(
    asked: str, answer: str, start: date, end: date | None
) -> None:
    whole = complete(read(asked, NOW), answer, NOW)
    assert (whole.intent != "ask", whole.date, whole.end_date) == (True, start, end)


@pytest.mark.parametrize(
    ("asked", "answer", "question", "minutes"),
    [
        ("handledning idag 60", "1,5", None, 90),
        ("handledning idag 60", "30 eller 45", "minutes", None),
        ("handledning i helgen 1h", "både lördag och söndag", "date", 60),
        ("handledning i helgen 1h", "lördag", None, 60),
    ],
)
def test_an_answer_that_says_two_things_is_asked_about_again(
    asked: str, answer: str, question: str | None, minutes: int | None
) -> None:
    whole = complete(read(asked, NOW), answer, NOW)
    assert (whole.question, whole.minutes) == (question, minutes)


@pytest.mark.parametrize("answer", ["18/12", "till 18/12", "t o m 18 dec"])
def test_a_series_until_an_unknown_day_is_asked_until_when(answer: str) -> None:
    asked = read("boka handledning varje torsdag 13-14 till jul", NOW)
    whole = complete(asked, answer, NOW)
    assert (whole.intent, whole.repeat, whole.date) == ("book", "weekly", date(2026, 11, 26))
    assert whole.end_date == date(2026, 12, 18)
    assert complete(asked, "status", NOW).intent == "status"


def test_of_two_absences_each_is_offered_with_its_days() -> None:
    offers = choices(read("sjuk igår och vab idag", NOW), NOW)
    assert [label(Words("sv"), each) for each in offers] == ["Sjukfrånvaro", "Vab"]
    assert [each.command for each in offers] == [read("sjuk igår", NOW), read("vab idag", NOW)]


def test_an_answer_that_leaves_the_question_open_keeps_what_it_adds() -> None:
    still = complete(read("handledning 31/2", NOW), "1h", NOW)
    assert (still.intent, still.question, still.minutes, still.date) == ("ask", "date", 60, None)


def test_another_command_stands_for_itself() -> None:
    assert complete(read("igår 1h etik", NOW), "status", NOW) == Command("status")


def test_a_change_changes_only_what_it_says() -> None:
    original = read("handledning igår 1h etik med Anna Berg", NOW)
    changed = amend(original, "ändra till 45 min", NOW)
    assert changed == read("handledning igår 45 min etik med Anna Berg", NOW)
    assert amend(original, "ändra datum till idag", NOW).date == NOW.date()
    assert amend(original, "mini-cex", NOW).instrument == "mini-cex"
    assert amend(original, "imorgon", NOW).intent == "book"
    assert amend(original, "ändra till 25h", NOW).question == "minutes"
    assert amend(original, "19121212-1212", NOW).intent == "refused"
    absence = read("sjuk idag", NOW)
    assert amend(absence, "till fredag", NOW).end_date == NOW.date() + timedelta(days=5)
    for moved in ("ändra från igår till i fredags", "ändra från 21/11 till 20/11"):
        assert (amend(original, moved, NOW).date, amend(original, moved, NOW).end_date) == (
            date(2026, 11, 20),
            None,
        )
    assert amend(original, "ändra person till Eva Ek", NOW) == replace(original, people=("eva ek",))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("nej, i förrgår", {"date": date(2026, 11, 20)}),
        ("inte igår utan i förrgår", {"date": date(2026, 11, 20)}),
        ("45 min, inte 60", {"minutes": 45}),
        ("45 min inte 1h", {"minutes": 45}),
        ("ändra till 45 min, inte 60", {"minutes": 45}),
        ("30 min menar jag", {"minutes": 30}),
        ("*30 min", {"minutes": 30}),
        ("fel ämne, kommunikation", {"topics": ("communication",)}),
    ],
)
def test_what_holds_is_changed_and_what_is_denied_is_not(text: str, changed: dict[str, Any]) -> None:
    original = read("handledning igår 1h etik", NOW)
    assert amend(original, text, NOW) == replace(original, **changed)


@pytest.mark.parametrize(("answer", "day"), [("från 1/12", date(2026, 12, 1)), ("tills vidare", NOW.date())])
def test_an_absence_asked_about_may_be_answered_without_an_end(answer: str, day: date) -> None:
    whole = complete(read("föräldraledig", NOW), answer, NOW)
    assert (whole.intent, whole.date, whole.end_date, whole.reason) == ("absence", day, None, None)
