"""What is taken back, comes to nothing or is told late, from Monday 2 February 2026 (behaviour.md, "Nudges").

At Näset (Örebro's rulebook) each pair meets once a month, 31 days: the first time by Thursday 5 March. What
each of them does stands at the script. Ida at Ekbacken (Östergötland's) is to meet hers every week.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Näset,orebro-2008,eva@x.se,2026-02-02,2031-02-01
bo@x.se,Bo Dal,trainee,Näset,,eva@x.se,2026-02-02,2031-02-01
cia@x.se,Cia Strand,trainee,Näset,,eva@x.se,2026-02-02,2031-02-01
dan@x.se,Dan Ohlin,trainee,Näset,,cia@x.se,2026-02-02,2031-02-01
ebba@x.se,Ebba Holm,trainee,Näset,,eva@x.se,2026-02-02,2031-02-01
fia@x.se,Fia Lund,trainee,Näset,,eva@x.se,2026-02-02,2031-02-01
hedda@x.se,Hedda Malm,trainee,Näset,,lars@x.se,2026-02-02,2031-02-01
gun@x.se,Gun Frid,trainee,Näset,,lars@x.se,2021-05-11,2026-05-10
ida@x.se,Ida Wall,trainee,Ekbacken,ostergotland-allmanmedicin,lars@x.se,2026-02-02,2031-02-01
cia@x.se,Cia Strand,supervisor,Näset,,,,
eva@x.se,Eva Ek,supervisor,Näset,,,,
lars@x.se,Lars Lind,supervisor,Näset,,,,
"""
SCRIPT = [
    *(
        f"2026-02-02T09:00 {who} vi ses en gång i månaden"
        for who in ("anna", "bo", "cia", "dan", "ebba", "fia", "gun", "hedda")
    ),
    # Taken back when it is late already, and when it is due within fourteen days: not told, and told before.
    "2026-03-02T10:00 anna handledning idag 1h",
    "2026-03-10T10:00 anna ångra",
    "2026-02-16T10:00 bo handledning idag 1h",
    "2026-02-25T10:00 bo ångra",
    "2026-02-23T10:00 cia handledning idag 1h med Eva Ek",
    "2026-02-25T10:00 cia ångra",
    # She meets Eva once more, and is away until Friday 13 March; Dan, whom she supervises, has met nobody.
    "2026-02-27T10:00 cia handledning idag 1h med Eva Ek",
    "2026-02-27T12:00 cia semester 2/3-13/3",
    # Told on the morning on which it is late by Thursday 5 March: by Saturday the 7th; by Tuesday the 24th.
    "2026-03-06T10:00 ebba sjuk 2/3-3/3",
    "2026-03-06T10:05 fia sjuk 9/2-27/2",
    # Three days away, of which the last reminder took account, and which are taken back the day after it.
    "2026-03-09T07:00 hedda semester 9/3-11/3",
    "2026-03-17T10:00 hedda ångra",
    # A week's illness, told when the statement before the application is late already, moves its date.
    "2026-03-19T10:00 gun sjuk 9/3-13/3",
    "2026-02-03T11:00 ida handledning idag 1h",
    "2026-02-10T11:00 ida handledning idag 1h",
    "2026-02-16T09:00 ida boka handledning onsdag 13-14",
    "2026-02-18T14:20 lars [Nej: schema]",
    "2026-02-20T15:00 ida handledning idag 1h",
    "2026-02-24T11:00 ida handledning idag 1h",
    "2026-03-02T10:00 ida ångra",
    "2026-03-05T10:00 ida handledning idag 1h",
]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 8 April, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-02-02", "2026-04-08")


def test_what_is_late_by_an_undo_is_told_as_such_the_morning_after(weeks: Lived) -> None:
    assert weeks.nudges("anna", ["supervision"]) == [
        ("2026-02-19T08:00", ("supervision soon",)),
        # Late since Friday the 6th, and taken back on Tuesday the 10th: nobody has heard of it.
        ("2026-03-11T08:00", ("supervision overdue",)),
        *((f"2026-{day}T08:00", ("supervision repeat",)) for day in ("03-18", "03-25", "04-01")),
    ]


@pytest.mark.parametrize("who", ["bo", "eva"])
def test_that_it_is_due_soon_after_all_is_told_the_morning_after(weeks: Lived, who: str) -> None:
    # Saved before the 19th, on which both would have been told; taken back on the 25th.
    assert weeks.nudges(who, ["supervision"], "bo")[:2] == [
        ("2026-02-26T08:00", ("supervision soon",)),
        ("2026-03-06T08:00", ("supervision overdue",)),
    ]


def test_what_was_told_of_it_before_is_not_told_again(weeks: Lived) -> None:
    assert weeks.nudges("cia", ["supervision"])[:1] == [("2026-02-19T08:00", ("supervision soon",))]
    assert not [row for row in weeks.nudges("cia", ["supervision"]) if row[0][:7] == "2026-02"][1:]


def test_who_is_away_from_a_training_hears_of_nobody_meanwhile(weeks: Lived) -> None:
    told = [row[0] for row in weeks.nudges("dan", ["supervision"])]
    assert told[:3] == ["2026-02-19T08:00", "2026-03-06T08:00", "2026-03-13T08:00"]
    # Both messages are one on the first working morning back, and the next comes in its time.
    assert weeks.nudges("cia", ["supervision"], "dan") == [
        ("2026-02-19T08:00", ("supervision soon",)),
        ("2026-03-16T08:00", ("supervision repeat",)),
        ("2026-03-20T08:00", ("supervision repeat",)),
        ("2026-03-27T08:00", ("supervision repeat",)),
    ]


@pytest.mark.parametrize("who", ["ebba", "eva"])
def test_what_was_told_as_late_is_not_told_by_another_date_within_a_week(weeks: Lived, who: str) -> None:
    assert weeks.nudges(who, ["supervision"], "ebba") == [
        ("2026-02-19T08:00", ("supervision soon",)),
        ("2026-03-06T08:00", ("supervision overdue",)),
        # Late by the other date from Sunday the 8th.
        ("2026-03-13T08:00", ("supervision overdue",)),
        ("2026-03-20T08:00", ("supervision repeat",)),
        ("2026-03-27T08:00", ("supervision repeat",)),
        # 3 April is Good Friday.
        ("2026-04-07T08:00", ("supervision repeat",)),
    ]


def test_nor_is_it_told_to_be_due_soon_just_after_it_was_told_as_late(weeks: Lived) -> None:
    assert weeks.nudges("fia", ["supervision"])[1:] == [
        ("2026-03-06T08:00", ("supervision overdue",)),
        # Fourteen days before the 24th is the 10th.
        ("2026-03-25T08:00", ("supervision overdue",)),
        ("2026-04-01T08:00", ("supervision repeat",)),
        ("2026-04-08T08:00", ("supervision repeat",)),
    ]


def test_an_absence_that_is_taken_back_brings_no_repeat_nearer(weeks: Lived) -> None:
    assert weeks.nudges("hedda", ["supervision"]) == [
        ("2026-02-19T08:00", ("supervision soon",)),
        ("2026-03-06T08:00", ("supervision overdue",)),
        # Seven days in service; without the absence it would have been the 13th, and the next the 20th.
        *((f"2026-03-{day}T08:00", ("supervision repeat",)) for day in (16, 23, 30)),
    ]


def test_an_absence_that_moves_a_date_brings_no_fourth_repeat(weeks: Lived) -> None:
    # Two months before 10 May; then before 15 May, late from Monday the 16th. It was told twice by then.
    assert weeks.nudges("lars", ["specialist_statement"], "gun") == [
        ("2026-02-24T08:00", ("specialist_statement soon",)),
        ("2026-03-11T08:00", ("specialist_statement overdue",)),
        *((f"2026-{day}T08:00", ("specialist_statement repeat",)) for day in ("03-18", "03-25", "04-01")),
    ]
    assert weeks.standing["gun@x.se"]["specialist_statement"]["due_on"] == "2026-03-15"


def test_a_week_whose_session_came_to_nothing_is_asked_about(weeks: Lived) -> None:
    assert weeks.nudges("ida", ["supervision"])[:2] == [
        # Wednesday's was not held: the week has neither log nor booking.
        ("2026-02-19T12:15", ("supervision soon",)),
        # What was saved of v 9 is taken back on Monday at 10.
        ("2026-03-03T08:00", ("supervision overdue",)),
    ]


def test_nobody_ever_gets_two_bundles_in_one_day(weeks: Lived) -> None:
    assert len(weeks.bundles()) == len(set(weeks.bundles()))
