"""A resident under `orebro-2008` (guideline 000): training from 2 Feb 2026.

The pair agrees on once a month (31 days). Sessions 4 Mar, 14 Apr, 5 May and 21 May 2026 · placement
1 Sep-30 Oct with an assessment on the 20th · plan checked and talk held in January 2027 · no feedback to
the unit.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
olle@x.se,Olle Påhitt,trainee,Näset,orebro-2008,ulla@x.se,2026-02-02,2031-02-01,
ulla@x.se,Ulla Exempel,supervisor,Näset,,,,,
pia@x.se,Pia Låtsas,supervisor,Ortopeden,,,,,
sten@x.se,Sten Fingerad,studierektor,Näset,,,,,
hanna@x.se,Hanna Uppdiktad,head,Näset,,,,,
"""
SCRIPT = [
    "2026-02-03T11:00 olle vi ses en gång i månaden",
    *(f"2026-{day}T11:00 olle handledning idag 1h" for day in ("03-04", "04-14", "05-05", "05-21")),
    "2026-08-20T11:00 olle sidotjänstgöring ortopedi 1/9-30/10 handledare Pia Låtsas",
    "2026-10-20T11:00 olle mini-cex idag av pia",
    "2027-01-20T11:00 olle iup reviderad idag",
    "2027-01-21T11:00 olle medarbetarsamtal idag",
]
YEARLY = ("plan_check", "development_talk", "unit_feedback")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Fifteen months, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-02-02", "2027-04-30")


def test_the_pairs_own_interval_is_what_they_are_reminded_of(life: Lived) -> None:
    expected = [
        # 31 days from 2 Feb is 5 Mar; fourteen days before is Thu 19 Feb.
        ("2026-02-19T08:00", ("supervision soon",)),
        # 4 Mar + 31 = 4 Apr. Fourteen days before is Sat 21 Mar: the Monday.
        ("2026-03-23T08:00", ("supervision soon",)),
        # More than 31 days from 5 Apr, Easter Sunday; Monday is a holiday: Tuesday, and a week later.
        ("2026-04-07T08:00", ("supervision overdue",)),
        ("2026-04-14T08:00", ("supervision repeat",)),
        # 14 Apr + 31 = 15 May. Fourteen days before is 1 May, a holiday: Mon 4 May.
        ("2026-05-04T08:00", ("supervision soon",)),
        # 5 May + 31 = 5 Jun, and 22 May would be the day: they met on the 21st.
    ]
    for who in ("olle", "ulla"):
        told = life.nudges(who, ("supervision",), "olle")
        assert [each for each in told if each[0] < "2026-06"] == expected


def test_the_placements_assessment_is_asked_of_its_supervisor_and_the_trainee(life: Lived) -> None:
    # Due on the last day, Fri 30 Oct: fourteen days before is Fri 16 Oct. The Mini-CEX on the 20th meets it.
    expected = [("2026-10-16T08:00", ("placement_assessment soon",))]
    assert life.nudges("olle", ("placement_assessment",)) == expected
    assert life.nudges("pia", ("placement_assessment",), "olle") == expected
    assert life.nudges("ulla", ("placement_assessment",), "olle") == []


def test_the_yearly_duties_go_to_those_whom_the_guideline_names(life: Lived) -> None:
    # A year from 2 Feb 2026; fourteen days before is Tue 19 Jan 2027.
    soon = "2027-01-19T08:00"
    assert life.nudges("ulla", YEARLY, "olle") == [(soon, ("plan_check soon",))]
    assert life.nudges("hanna", YEARLY, "olle") == [(soon, ("development_talk soon",))]
    assert life.nudges("olle", YEARLY) == [
        (soon, ("development_talk soon", "plan_check soon", "unit_feedback soon")),
        # The feedback alone was not given: overdue on Wed 3 Feb, and three Wednesdays more.
        ("2027-02-03T08:00", ("unit_feedback overdue",)),
        *((f"2027-02-{day}T08:00", ("unit_feedback repeat",)) for day in (10, 17, 24)),
    ]


def test_the_studierektor_hears_of_it_by_name_after_28_days(life: Lived) -> None:
    # 3 Feb + 28 days = 3 Mar: the digest of Mon 8 Mar, not that of the 1st.
    told = {
        m["at"][:10]: "Feedback till enheten" in m["text"].split("Läget")[0]
        for m in life.of("sten", "digest")
    }
    assert (told["2027-03-01"], told["2027-03-08"]) == (False, True)


def test_he_stands_as_the_guideline_says(life: Lived) -> None:
    stands = life.standing["olle@x.se"]
    assert (stands["plan_check"]["state"], stands["plan_check"]["due_on"]) == ("ok", "2028-01-20")
    assert (stands["development_talk"]["state"], stands["development_talk"]["due_on"]) == ("ok", "2028-01-21")
    # Two months before the planned end, 1 Feb 2031.
    assert stands["specialist_statement"]["due_on"] == "2030-12-01"
    assert "assessment" not in stands
    assert "kollegium" not in stands


def test_nobody_gets_two_bundles_in_one_day(life: Lived) -> None:
    assert len(life.bundles()) == len(set(life.bundles()))
