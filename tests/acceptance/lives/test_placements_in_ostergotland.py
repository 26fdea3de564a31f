"""Two placements in the third year, and one that comes too early (guideline 003, Sidotjänstgöring).

Anna, in training since January 2024, is at psykiatri 2 Mar-26 Apr with Lars as her supervisor there: v 12 is
missed, her only assessment there is written down on 29 Apr, the feedback given on 13 May. On 17 Aug she
writes that she goes to gyn 31 Aug-25 Oct, and nobody is named there: v 41 is missed, one assessment done.
Bo, new in January 2026, goes to gyn on 31 Aug with Lars; nothing is assessed there.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, Said, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2024-01-15,2029-01-14
bo@x.se,Bo Dal,trainee,Ekbacken,,eva@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken,,,,
hedda@x.se,Hedda Chef,head,Ekbacken,,,,
lars@x.se,Lars Lind,supervisor,Granlund,,,,
"""
PLACEMENT = ("placement_supervisor", "placement_assessment", "placement_feedback")
WATCHED = ("supervision", "assessment", "iup_revision", "primary_care_months", *PLACEMENT)
SCRIPT = [
    *weekly("anna", "2026-01-14", "2026-12-16", ["2026-03-18", "2026-10-07"]),
    *weekly("bo", "2026-01-15", "2026-12-17", ["2026-01-15", "2026-05-14"]),
    "2026-01-13T11:00 bo handledning idag 1h",
    "2026-05-13T11:30 bo handledning idag 1h",
    "2026-01-19T09:00 anna sidotjänstgöring psykiatri 2/3-26/4 handledare Lars Lind",
    "2026-02-26T15:00 anna cbd idag av dr Lund",
    "2026-04-29T15:00 anna mini-cex 24/4 av Lars Lind",
    "2026-05-13T15:00 anna placeringsåterkoppling idag",
    "2026-06-15T09:00 bo sidotjänstgöring gyn 31/8-25/10 handledare Lars Lind",
    "2026-06-24T09:00 anna iup reviderad idag",
    "2026-07-20T09:00 anna dops idag av dr Lund",
    "2026-08-17T09:00 anna sidotjänstgöring gyn 31/8-25/10",
    "2026-10-21T15:00 anna dops idag av dr Ny",
    "2026-11-05T15:00 anna placeringsåterkoppling idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """2026 up to 20 December, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-12-20")


ANNA: list[Said] = [
    ("2026-03-19T12:15", ("supervision soon",)),
    ("2026-03-23T08:00", ("supervision overdue",)),
    # The placement ends on Sunday 26 Apr; fourteen days before is a Sunday.
    ("2026-04-13T08:00", ("placement_assessment soon",)),
    # Feedback within fourteen days of it: 10 May; fourteen days before that is the last day, a Sunday.
    ("2026-04-27T08:00", ("placement_assessment overdue", "placement_feedback soon")),
    # What was assessed on 24 Apr was assessed there. 10 May is a Sunday.
    ("2026-05-11T08:00", ("placement_feedback overdue",)),
    # Six months after she was first watched, 12 Jan: 12 Jul. Done on 24 Jun, before the lead. The longest gap
    # after 24 Apr ends 24 Jul + 14 days = 7 Aug: due 8 Aug, lead Saturday 25 Jul; done on the 20th.
    # v 41 (5-11 Oct) is missed. The second placement ends on Sunday 25 Oct: lead Sunday 11 Oct.
    ("2026-10-08T12:15", ("supervision soon",)),
    ("2026-10-12T08:00", ("placement_assessment soon", "supervision overdue")),
    # Feedback: 25 Oct + 14 days = 8 Nov, lead Sunday 25 Oct; given on the 5th. The longest gap after 20 Jul
    # ends 20 Oct + 14 days = 3 Nov: due 4 Nov, lead Wednesday 21 Oct at 08:00, done that afternoon.
    ("2026-10-21T08:00", ("assessment soon",)),
    ("2026-10-26T08:00", ("placement_feedback soon",)),
    # 24 Jun + 6 months = 24 Dec; lead Thursday 10 Dec.
    ("2026-12-10T08:00", ("iup_revision soon",)),
]


def test_she_is_reminded_of_what_is_hers(year: Lived) -> None:
    assert year.nudges("anna", WATCHED) == ANNA


def test_the_supervisor_there_is_reminded_while_it_lasts_and_then_of_the_assessment_alone(
    year: Lived,
) -> None:
    assert year.all_nudges("lars", "anna") == [
        ("2026-03-23T08:00", ("supervision overdue",)),
        ("2026-04-13T08:00", ("placement_assessment soon",)),
        ("2026-04-27T08:00", ("placement_assessment overdue",)),
    ]
    # Bo's ends on 25 Oct without any: three repeats, seven days apart.
    assert [row for row in year.all_nudges("lars", "bo") if row[0] >= "2026-10-12"] == [
        ("2026-10-12T08:00", ("placement_assessment soon",)),
        ("2026-10-26T08:00", ("placement_assessment overdue",)),
        ("2026-11-02T08:00", ("placement_assessment repeat",)),
        ("2026-11-09T08:00", ("placement_assessment repeat",)),
        ("2026-11-16T08:00", ("placement_assessment repeat",)),
    ]


def test_the_receipt_says_that_a_placements_duty_is_done(year: Lived) -> None:
    told = [m["text"].splitlines()[1:] for m in year.of("anna", "reply") if m["about"] == [PLACEMENT[2]]]
    assert told == [["Klart."], ["Klart."]]


def test_the_main_supervisor_is_reminded_of_the_feedback_and_where_nobody_else_is_named(year: Lived) -> None:
    assert year.nudges("eva", WATCHED, "anna") == [
        ("2026-04-27T08:00", ("placement_feedback soon",)),
        ("2026-05-11T08:00", ("placement_feedback overdue",)),
        ("2026-10-12T08:00", ("supervision overdue",)),
        ("2026-10-21T08:00", ("assessment soon",)),
        ("2026-10-26T08:00", ("placement_feedback soon",)),
        ("2026-12-10T08:00", ("iup_revision soon",)),
    ]


@pytest.mark.parametrize("leader", ["siv", "hedda"])
def test_studierektor_and_head_are_to_name_a_supervisor_before_it_begins(year: Lived, leader: str) -> None:
    assert year.nudges(leader, PLACEMENT, "anna") == [
        # Written down on the very fourteenth day before, at 09:00: said the next morning.
        ("2026-08-18T08:00", ("placement_supervisor soon",)),
        ("2026-09-01T08:00", ("placement_supervisor overdue",)),
        ("2026-09-08T08:00", ("placement_supervisor repeat",)),
        ("2026-09-15T08:00", ("placement_supervisor repeat",)),
        ("2026-09-22T08:00", ("placement_supervisor repeat",)),
    ]
    assert year.nudges(leader, PLACEMENT, "bo") == []


def test_it_is_told_by_name_after_28_days_and_is_moot_when_the_placement_is_over(year: Lived) -> None:
    told = [
        m["at"][:10]
        for m in year.of("siv", "digest")
        if any((i["trainee"], i["requirement"]) == ("anna@x.se", PLACEMENT[0]) for i in m["items"])
    ]
    # 1 Sep + 28 days = Tuesday 29 Sep: from Monday 5 Oct on. It ends on Sunday 25 Oct.
    assert told == ["2026-10-05", "2026-10-12", "2026-10-19"]


def test_only_the_studierektor_hears_that_a_first_placement_comes_too_early(year: Lived) -> None:
    # Bo has 231 days before 31 Aug, and 12 months are asked for. Sixty days before is Thursday 2 Jul. Once it
    # has begun nothing can be planned otherwise: there is no more to say.
    said = year.nudges("siv", ["primary_care_months"], "bo")
    assert said == [("2026-07-02T08:00", ("primary_care_months soon",))]
    for who in ("bo", "eva", "hedda", "lars"):
        assert year.nudges(who, ["primary_care_months"], "bo") == []


def test_how_each_placement_ends(year: Lived) -> None:
    stands = year.standing["anna@x.se"]
    rows = {key: (told["state"], told["last_on"]) for key, told in stands.items() if "/" in key}
    assert rows == {
        "placement_supervisor/p1": ("met", "2026-01-19"),
        "placement_assessment/p1": ("met", "2026-04-24"),
        "placement_feedback/p1": ("met", "2026-05-13"),
        "placement_supervisor/p3": ("not_applicable", None),
        "placement_assessment/p3": ("met", "2026-10-21"),
        "placement_feedback/p3": ("met", "2026-11-05"),
    }
    # 15 Jan 2024-20 Dec 2026 are 1,071 days, less 56 + 56 elsewhere: 959, 31 whole months of thirty days.
    assert (stands["primary_care_months"]["done"], stands["primary_care_months"]["state"]) == (31, "met")


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
