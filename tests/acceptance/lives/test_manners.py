"""Sixteen weeks of the manners of behaviour.md, "Nudges" and "Bookings", from Monday 12 January 2026.

Eva supervises Anna and Bo. What Anna does each week stands at her script; Bo meets Eva every Wednesday but in
v 17. Both are late with the ST-möte of April.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-01-12,2031-01-11
bo@x.se,Bo Dal,trainee,Ekbacken,,eva@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
"""
WATCHED = ("supervision", "assessment", "st_meeting")
SCRIPT = [
    # v 3: asked on Thursday, done the same afternoon.
    "2026-01-15T13:00 anna handledning idag 1h",
    # v 4: booked for Friday; it does not come off.
    "2026-01-20T10:00 anna boka handledning fredag 13-14",
    "2026-01-23T14:20 anna [Nej: jour]",
    # v 5: she asks to be reminded in a week. v 6: done on Tuesday.
    "2026-01-26T08:30 anna [Påminn om en vecka]",
    "2026-02-03T11:00 anna handledning idag 1h",
    # v 7: what was logged is undone; Eva logs what they did on Friday.
    "2026-02-10T11:00 anna handledning idag 1h",
    "2026-02-11T16:00 anna [Ångra]",
    "2026-02-13T15:00 eva handledning idag 1h med Anna Berg",
    "2026-02-17T11:00 anna handledning idag 1h",
    # v 9 is missed; on Monday they meet before anyone is told.
    "2026-03-02T07:30 anna handledning idag 1h",
    *weekly("anna", "2026-03-10", "2026-04-28", ["2026-04-21"]),
    # v 17: an hour on Thursday afternoon.
    "2026-04-23T15:00 anna handledning idag 1h",
    # A CBD is booked for Thursday 2 Apr, and does not come off.
    "2026-03-27T10:00 anna boka cbd 2/4 10-11",
    "2026-04-02T11:20 anna [Nej: sjuk]",
    "2026-04-09T15:00 anna cbd idag av dr Lund",
    *weekly("bo", "2026-01-14", "2026-04-29", ["2026-04-22"]),
    "2026-04-02T15:00 bo cbd idag av dr Lund",
    *(
        f"{day}T16:00 {who} st-möte idag"
        for day in ("2026-01-21", "2026-02-18", "2026-03-18", "2026-04-28")
        for who in ("anna", "bo")
    ),
]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Up to 3 May, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-05-03")


ANNA = [
    ("2026-01-15T12:15", ("supervision soon",)),
    # v 4: a booking answers the Thursday. After the No of Friday the week is missed.
    ("2026-01-26T08:00", ("supervision overdue",)),
    # Asked to wait for a week: nothing on Thursday 29 Jan, and the next at the hour of the one put off.
    ("2026-02-02T08:00", ("supervision repeat",)),
    # v 7: undone on Wednesday, so it is as if it never was. Eva's log answers for both.
    ("2026-02-12T12:15", ("supervision soon",)),
    # v 9: asked on Thursday 26 Feb; on Monday 2 Mar she logs half an hour before the morning's message.
    ("2026-02-26T12:15", ("supervision soon",)),
    # The first assessment is asked for on 13 Apr, active day 92; its lead, 30 Mar, is answered by the booking
    # of 2 Apr. That fails; the day after is Good Friday, and the next morning Tuesday 7 Apr.
    ("2026-04-07T08:00", ("assessment soon",)),
    # ST-möte of April: Thursday 30 Apr less seven days. The question of 12:15 waits for Friday; but at 15:00
    # they have met.
    ("2026-04-23T08:00", ("st_meeting soon",)),
]


def test_what_anna_is_told(weeks: Lived) -> None:
    assert weeks.nudges("anna", WATCHED) == ANNA


def test_what_falls_due_later_the_same_day_waits_for_the_next_morning(weeks: Lived) -> None:
    assert weeks.nudges("bo", WATCHED) == [
        ("2026-03-30T08:00", ("assessment soon",)),
        ("2026-04-23T08:00", ("st_meeting soon",)),
        ("2026-04-24T08:00", ("supervision soon",)),
        ("2026-04-27T08:00", ("supervision overdue",)),
    ]


def test_one_bundle_tells_a_supervisor_of_several(weeks: Lived) -> None:
    (bundle,) = [m for m in weeks.of("eva", "nudge") if m["at"][:10] == "2026-03-30"]
    # The planning meeting, three months in, is due on Sunday 12 Apr for both; Anna's assessment is booked.
    assert [(i["trainee"], i["requirement"], i["step"]) for i in bundle["items"]] == [
        ("anna@x.se", "planning_meeting", "soon"),
        ("bo@x.se", "planning_meeting", "soon"),
        ("bo@x.se", "assessment", "soon"),
    ]
    assert bundle["trainees"] == ["anna@x.se", "bo@x.se"]
    assert bundle["text"].count("\n• ") == 3
    assert bundle["buttons"] == ["Logga nu", "Bokat", "Påminn om en vecka", "Frånvaro"]


def test_a_snooze_moves_the_next_message_and_no_date(weeks: Lived) -> None:
    # Both halves hear the same, and Eva's repeat comes when Anna's does.
    assert weeks.nudges("eva", ["supervision"], "anna") == [
        ("2026-01-26T08:00", ("supervision overdue",)),
        ("2026-02-02T08:00", ("supervision repeat",)),
    ]
    (told,) = [m["text"] for m in weeks.of("anna", "nudge") if m["at"][:10] == "2026-02-02"]
    assert "sedan v 4" in told


def test_a_booking_is_reminded_of_and_asked_about_by_both_halves(weeks: Lived) -> None:
    said = [(m["to"][:4], m["at"][:16]) for m in weeks.messages if m["kind"] == "booking"]
    assert said == [
        # The working day before, in the morning; a quarter after its end.
        *(("anna", "2026-01-22T08:00"), ("eva@", "2026-01-22T08:00")),
        *(("anna", "2026-01-23T14:15"), ("eva@", "2026-01-23T14:15")),
        ("eva@", "2026-01-23T14:20"),
        *(("anna", "2026-04-01T08:00"), ("eva@", "2026-04-01T08:00")),
        *(("anna", "2026-04-02T11:15"), ("eva@", "2026-04-02T11:15")),
        ("eva@", "2026-04-02T11:20"),
    ]


def test_each_message_gets_exactly_one_reply(weeks: Lived) -> None:
    for who in ("anna", "bo", "eva"):
        said = [line for line in SCRIPT if line.split(" ")[1] == who]
        assert len(weeks.of(who, "reply")) == len(said)


def test_nobody_ever_gets_two_bundles_in_one_day(weeks: Lived) -> None:
    assert len(weeks.bundles()) == len(set(weeks.bundles()))
