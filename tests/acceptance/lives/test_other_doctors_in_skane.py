"""2026 at a hospital in Skåne (guideline 002) for those who are not a plain new ST doctor.

Lo is a licensed locum until New Year's Eve: nine sessions and nine assessments hold for locums too; none of
the former 18 June-22 September. Bea is in BT for a year. Kim is in the second year of ST and on parental
leave 9 March-7 June (91 days). Una begins her ST on 2 February, and nobody is named as her supervisor. Ina
begins then too, with Lars, and is at kirurgi 31 August-25 October with Maja.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,kind
lo@x.se,Lo Vik,trainee,Granlund,skane-sjukhus,lars@x.se,2026-01-12,2026-12-31,locum
bea@x.se,Bea Ton,trainee,Granlund,,lars@x.se,2026-01-12,2027-01-11,BT
kim@x.se,Kim Sten,trainee,Granlund,,maja@x.se,2024-07-01,2029-06-30,ST
una@x.se,Una Ros,trainee,Granlund,,,2026-02-02,2031-02-01,ST
ina@x.se,Ina Frisk,trainee,Granlund,,lars@x.se,2026-02-02,2031-02-01,ST
lars@x.se,Lars Lind,supervisor,Granlund,,,,,
maja@x.se,Maja Ny,supervisor,Granlund,,,,,
tage@x.se,Tage Studberg,studierektor,Granlund,,,,,
hedda@x.se,Hedda Chef,head,Granlund,,,,,
"""
BOTH = ("2026-02-18", "2026-03-18", "2026-04-17", "2026-05-18", "2026-06-17", "2026-10-07", "2026-11-17")
SCRIPT = [
    *(f"{day}T10:00 lo handledning idag 1h" for day in (*BOTH, "2026-09-23")),
    *(f"{day}T11:00 lo dops idag av dr Lund" for day in (*BOTH, "2026-07-01")),
    "2026-01-14T10:00 bea introduktion idag",
    "2026-02-06T10:00 ina introduktion idag",
    "2026-08-10T10:00 ina sidotjänstgöring kirurgi 31/8-25/10 handledare Maja Ny",
    "2026-09-16T10:00 ina introduktion idag",
    "2026-02-27T10:00 kim specialistkollegium idag",
    "2026-03-02T10:00 kim föräldraledig 9/3-7/6",
    "2026-06-30T10:00 kim självstudier idag",
    "2026-09-21T10:00 kim iup reviderad idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The year, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-12-31")


LOCUM = [
    # Nine a year: the first is asked for on active day 41 (365 / 9 = 40.6), 21 Feb; fourteen days before is a
    # Saturday. From then on each is done before its lead, the next one's being 14 days before 3 Apr (day 82),
    # 13 May (122), 18 Jun (two months after 17 Apr and a day), 19 Jul (likewise).
    ("2026-02-09T08:00", ("assessment soon", "supervision soon")),
    # After 17 Jun two months end on 17 Aug: short from the 18th, lead Tuesday 4 Aug. The sixth assessment, of
    # 1 Jul, is enough until 22 Oct (day 284), and those have no longest gap.
    ("2026-08-04T08:00", ("supervision soon",)),
    ("2026-08-18T08:00", ("supervision overdue",)),
    ("2026-08-25T08:00", ("supervision repeat",)),
    ("2026-09-01T08:00", ("supervision repeat",)),
    ("2026-09-08T08:00", ("supervision repeat",)),
    # 23 Sep ends it. Then 22 Oct, lead 8 Oct, done on the 7th; 2 Dec (day 325), lead 18 Nov, done on the
    # 17th; the ninth is day 365, 11 Jan, and the locum has left by then.
]


def test_nine_a_year_with_two_months_between_hold_for_a_locum_too(year: Lived) -> None:
    assert year.all_nudges("lo") == LOCUM
    assert year.all_nudges("lars", "lo") == LOCUM


def test_nothing_else_is_asked_of_a_locum(year: Lived) -> None:
    stands = year.standing["lo@x.se"]
    assert set(stands) == {"supervision", "assessment", "supervisor_appointed"}
    # By 31 Dec, active day 354: floor(9 * 354 / 365) = 8.
    told = [(stands[key]["done"], stands[key]["required"], stands[key]["due_on"]) for key in list(stands)[:2]]
    assert told == [(8, 8, None), (8, 8, None)]
    assert stands["supervisor_appointed"]["state"] == "met"


def test_a_doctor_in_bt_is_not_asked_for_what_belongs_to_the_whole_of_st(year: Lived) -> None:
    first_week = [row for row in year.all_nudges("bea") if row[0] < "2026-01-19"]
    # Introduced within fourteen days of the start: the first day is fourteen days before.
    assert first_week == [("2026-01-12T08:00", ("introduction soon",))]
    asked = set(year.standing["bea@x.se"])
    assert {"supervision", "assessment", "iup_approval", "iup_revision", "introduction"} <= asked
    assert not {"kollegium", "scientific_work", "quality_work"} & asked


def test_the_kollegium_is_asked_for_at_a_third_of_the_training(year: Lived) -> None:
    # 1 Jul 2024-30 Jun 2029 are 1,826 days; a third is day 609 (608.7), 1 Mar 2026, lead Sunday 15 Feb.
    expected = [("2026-02-16T08:00", ("kollegium soon",))]
    for who in ("kim", "maja", "tage"):
        assert year.nudges(who, ["kollegium"], "kim") == expected
    # Two thirds are day 1,218 (1,217.3), 31 Oct 2027, moved by 91 days of leave.
    stands = year.standing["kim@x.se"]["kollegium"]
    assert (stands["done"], stands["required"], stands["due_on"]) == (1, 3, "2028-01-30")


def test_self_study_is_between_the_trainee_and_the_bot(year: Lived) -> None:
    assert year.nudges("kim", ["self_study"]) == [
        # Three months from 12 Jan, 12 Apr, moved by 91 days: 12 Jul; fourteen days before is a Sunday.
        ("2026-06-29T08:00", ("self_study soon",)),
        # Three months after 30 Jun.
        ("2026-09-16T08:00", ("self_study soon",)),
        ("2026-10-01T08:00", ("self_study overdue",)),
        ("2026-10-08T08:00", ("self_study repeat",)),
        ("2026-10-15T08:00", ("self_study repeat",)),
        ("2026-10-22T08:00", ("self_study repeat",)),
    ]
    assert year.nudges("maja", ["self_study"], "kim") == []
    named = {i["requirement"] for m in year.of("tage", "digest") for i in m["items"]}
    assert named >= {"supervision"}
    assert "self_study" not in named


def test_leave_moves_everything_and_nobody_is_nudged_during_it(year: Lived) -> None:
    for who in ("kim", "maja"):
        rows = [row for row in year.all_nudges(who, "kim") if "2026-03-09" <= row[0][:10] <= "2026-06-07"]
        assert rows == []
    # IUP twice a year: day 183 (182.5) is 13 Jul, moved by 91 days to 12 Oct; done a week before its lead.
    # The second is day 365, 11 Jan 2027, moved likewise.
    assert year.nudges("kim", ["iup_revision"]) == []
    assert year.standing["kim@x.se"]["iup_revision"]["due_on"] == "2027-04-12"
    # A year before the end of 30 Jun 2029, moved by 91 days to 29 Sep.
    assert year.standing["kim@x.se"]["scientific_work"]["due_on"] == "2028-09-29"


def test_a_supervisor_is_to_be_named_before_the_training_begins(year: Lived) -> None:
    expected = [
        ("2026-01-19T08:00", ("supervisor_appointed soon",)),
        ("2026-02-03T08:00", ("supervisor_appointed overdue",)),
        ("2026-02-10T08:00", ("supervisor_appointed repeat",)),
        ("2026-02-17T08:00", ("supervisor_appointed repeat",)),
        ("2026-02-24T08:00", ("supervisor_appointed repeat",)),
    ]
    assert year.nudges("tage", ["supervisor_appointed"], "una") == expected
    assert year.nudges("hedda", ["supervisor_appointed"], "una") == expected
    assert year.all_nudges("una")[0] == ("2026-02-02T08:00", ("introduction soon",))
    # Who supervises Ina is in the roster long before she begins.
    assert year.nudges("tage", ["supervisor_appointed"], "ina") == []
    lacks = [m["at"][:10] for m in year.of("tage", "digest") if "Saknar handledare: Una Ros" in m["text"]]
    assert lacks[0] == "2026-02-02"


def test_each_placement_begins_with_an_introduction_that_its_supervisor_sees_to(year: Lived) -> None:
    # Within fourteen days of 31 Aug, a Monday: 14 Sep, and so the first day is its lead. Given on the 16th.
    expected = [("2026-08-31T08:00", ("introduction soon",)), ("2026-09-15T08:00", ("introduction overdue",))]
    first = [("2026-02-02T08:00", ("introduction soon",))]
    assert year.nudges("ina", ["introduction"]) == first + expected
    assert year.nudges("maja", ["introduction"], "ina") == expected
    assert year.nudges("lars", ["introduction"], "ina") == first
    stands = {key: told["state"] for key, told in year.standing["ina@x.se"].items()}
    for key in ("introduction", "supervisor_appointed"):
        assert (stands[key], stands[f"{key}/p1"]) == ("met", "met")


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
