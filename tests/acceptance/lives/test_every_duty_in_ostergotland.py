"""A first year under `ostergotland-allmanmedicin` with all its duties (guideline 003), from 12 January.

The pair meets every week. ST-möte is missed in March · the planning meeting is five days late · a course
in May and none in the autumn · assessments 2 Apr, 2 Jul, 1 Oct, 17 Dec · IUP revised 8 Jul and 7 Jan ·
the annual follow-up two days late.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken,,,,
hedda@x.se,Hedda Chef,head,Ekbacken,,,,
"""
MEETINGS = (
    *("2026-01-21", "2026-02-18", "2026-04-16", "2026-05-20", "2026-06-03"),
    *("2026-08-19", "2026-09-16", "2026-10-14", "2026-11-18", "2026-12-09", "2027-01-20"),
)
SCRIPT = [
    *weekly("anna", "2026-01-14", "2027-01-27", ["2027-01-06"]),
    "2027-01-04T11:00 anna handledning idag 1h",
    *(f"{day}T16:00 anna st-möte idag" for day in MEETINGS),
    *(f"{day}T15:00 anna cbd idag av dr Lund" for day in ("2026-04-02", "2026-07-02", "2026-10-01")),
    "2026-12-17T15:00 anna cbd idag av dr Lund",
    "2026-03-10T15:00 eva st-introduktion idag",
    "2026-04-17T15:00 siv status",
    "2026-04-17T15:05 anna planeringsmöte idag",
    "2026-05-05T15:00 anna kurs palliativ vård 4-5 maj",
    "2026-07-08T15:00 anna iup reviderad idag",
    "2026-10-01T15:30 anna utvecklingssamtal idag",
    "2026-10-20T15:00 eva handledarmöte idag",
    "2026-12-15T15:00 anna specialistkollegium idag",
    "2027-01-04T15:00 eva handledarutlåtande idag",
    "2027-01-05T15:00 anna kurs hjärtsvikt idag",
    "2027-01-07T15:00 anna iup reviderad idag",
    "2027-01-14T15:00 anna årlig uppföljning idag",
]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A year and three weeks, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2027-01-31")


def test_the_trainee_is_reminded_of_just_this(year: Lived) -> None:
    assert year.all_nudges("anna") == [
        # The meeting of March is asked for by the 31st; seven days before is Tuesday the 24th.
        ("2026-03-24T08:00", ("st_meeting soon",)),
        # Three months from 12 Jan: 12 Apr; fourteen days before is Sunday 29 Mar. The first assessment is
        # asked for on active day 92 (365 / 4 = 91.25), 13 Apr; fourteen days before is Monday 30 Mar.
        ("2026-03-30T08:00", ("assessment soon", "planning_meeting soon")),
        ("2026-04-01T08:00", ("st_meeting overdue",)),
        ("2026-04-08T08:00", ("st_meeting repeat",)),
        # 12 Apr was a Sunday.
        ("2026-04-13T08:00", ("planning_meeting overdue",)),
        # The meeting of 16 Apr ends it: no third repeat on the 22nd.
        ("2026-04-15T08:00", ("st_meeting repeat",)),
        # The second assessment: day 183 (182.5), 12 Jan + 182 days = 13 Jul. IUP: six months, 12 Jul;
        # fourteen days before is Sunday 28 Jun.
        ("2026-06-29T08:00", ("assessment soon", "iup_revision soon")),
        # The third: day 274 (273.75), 12 Oct.
        ("2026-09-28T08:00", ("assessment soon",)),
        # The autumn term ends on Sunday 20 Dec; seven days before is a Sunday too.
        ("2026-12-14T08:00", ("course soon",)),
        ("2026-12-21T08:00", ("course overdue",)),
        # IUP: 8 Jul + 6 months = 8 Jan; fourteen days before is Christmas Day, then a weekend. The fourth
        # assessment, day 365, is 11 Jan with its lead on 28 Dec too; but it was done on the 17th.
        ("2026-12-28T08:00", ("course repeat", "iup_revision soon")),
        # A year from 12 Jan; the talk and the kollegium are done.
        ("2026-12-29T08:00", ("annual_followup soon",)),
        # The course of 5 Jan, between the terms, still counts for the autumn.
        ("2027-01-04T08:00", ("course repeat",)),
        ("2027-01-13T08:00", ("annual_followup overdue",)),
    ]


def test_the_supervisor_is_reminded_of_what_is_the_pairs_and_the_supervisors_own(year: Lived) -> None:
    assert year.all_nudges("eva") == [
        ("2026-03-30T08:00", ("assessment soon", "planning_meeting soon")),
        ("2026-04-13T08:00", ("planning_meeting overdue",)),
        ("2026-06-29T08:00", ("assessment soon", "iup_revision soon")),
        ("2026-09-28T08:00", ("assessment soon",)),
        ("2026-12-28T08:00", ("iup_revision soon",)),
        # The statement is the supervisor's alone; the supervisors' meeting was on 20 Oct.
        ("2026-12-29T08:00", ("annual_followup soon", "supervisor_statement soon")),
        ("2027-01-13T08:00", ("annual_followup overdue",)),
    ]


@pytest.mark.parametrize("leader", ["siv", "hedda"])
def test_studierektor_and_head_are_reminded_of_what_they_take_part_in(year: Lived, leader: str) -> None:
    assert year.all_nudges(leader) == [
        ("2026-03-30T08:00", ("planning_meeting soon",)),
        ("2026-04-13T08:00", ("planning_meeting overdue",)),
        ("2026-12-29T08:00", ("annual_followup soon",)),
        ("2027-01-13T08:00", ("annual_followup overdue",)),
    ]


def test_what_is_late_for_days_is_not_told_to_the_studierektor_by_name(year: Lived) -> None:
    # Nothing was overdue for 28 days, and no week was missed.
    assert [m["items"] for m in year.of("siv", "digest") if m["items"]] == []
    assert not any("Anna" in m["text"].split("Läget")[0] for m in year.of("siv", "digest"))


def test_the_digest_names_who_has_a_kollegium_ahead_and_counts_the_rest(year: Lived) -> None:
    # Monday 14 Dec: kollegium and annual follow-up are due on 12 Jan, within 30 days (13 Jan).
    (digest,) = [m["text"] for m in year.of("siv", "digest") if m["at"][:10] == "2026-12-14"]
    ahead = digest.split("Kommande 30 dagar:")[1].splitlines()
    named = [line for line in ahead if "Anna Berg" in line]
    assert [line.split(":")[0] for line in named] == ["• Specialistkollegium varje år", "• Årlig uppföljning"]
    assert "• Kurs varje termin: 1" in ahead


def test_how_the_year_ends(year: Lived) -> None:
    due = {key: (told["state"], told["due_on"]) for key, told in year.standing["anna@x.se"].items()}
    assert due == {
        # Done in v 4 on Wednesday 27 Jan; v 5 ends on Friday 5 Feb.
        "supervision": ("ok", "2027-02-05"),
        # After 17 Dec the longest gap ends 17 Mar + 14 days = 31 Mar. (Day 81 drops out a day later.)
        "assessment": ("ok", "2027-04-01"),
        "kollegium": ("ok", "2027-12-15"),
        "iup_revision": ("ok", "2027-07-07"),
        "planning_meeting": ("met", None),
        "supervisor_statement": ("ok", "2028-01-04"),
        "annual_followup": ("ok", "2028-01-14"),
        "development_talk": ("ok", "2027-10-01"),
        "st_meeting": ("ok", "2027-02-28"),
        "course": ("ok", "2027-06-15"),
        "supervisor_meeting": ("ok", "2027-10-20"),
        "st_introduction": ("met", None),
        # A year before the planned end.
        "scientific_work": ("ok", "2030-01-11"),
        "quality_work": ("ok", "2030-01-11"),
        "primary_care_months": ("ok", None),
        "placement_supervisor": ("not_applicable", None),
        "placement_assessment": ("not_applicable", None),
        "placement_feedback": ("not_applicable", None),
        "handover": ("not_applicable", None),
    }
    # 12 Jan 2026-31 Jan 2027 are 385 days: twelve whole months of thirty days.
    assert year.standing["anna@x.se"]["primary_care_months"]["done"] == 12


def test_nobody_ever_gets_two_bundles_in_one_day(year: Lived) -> None:
    assert len(year.bundles()) == len(set(year.bundles()))
