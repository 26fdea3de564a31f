"""Nudges with manners and Monday's digest, lived through on a virtual clock."""

from __future__ import annotations

import pytest

from storage.tables import Outbox, OutboxState
from tests.support.world import World


def _said(world: World, who: str, kind: str = "nudge") -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{sent.at:%a %d %b %H:%M}", sent.steps) for sent in world.to(who, kind)]


def test_a_missed_week_is_one_message_to_each_half_the_next_working_morning(world: World) -> None:
    world.pass_to("2026-11-30T12:00")
    # Monday 23 Nov is watched; Thursday 26 is asked about; the week ends Sunday 29 without a session.
    assert _said(world, "anna") == [("Thu 26 Nov 12:15", ("soon",)), ("Mon 30 Nov 08:00", ("overdue",))]
    # Eva has two trainees and gets one bundle, never the Thursday question.
    assert _said(world, "eva") == [("Mon 30 Nov 08:00", ("overdue", "overdue"))]
    text = world.to("eva", "nudge")[0].text
    assert "Anna Berg: ingen handledning i v 48" in text
    assert "Bo Dal: ingen handledning i v 48" in text


def test_a_log_in_time_leaves_everybody_in_peace(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-11-30T07:00")
    assert world.to("anna", "nudge") == []


def test_a_log_stops_a_reminder_that_is_already_queued(world: World) -> None:
    world.jump_to("2026-11-26T12:20")
    world.tick()
    assert [row.state for row in world.rows(Outbox) if row.kind == "nudge" and row.person_id == 1] == [
        "pending"
    ]
    world.say("anna", "handledning idag 1h")
    (nudge,) = [row for row in world.rows(Outbox) if row.kind == "nudge" and row.person_id == 1]
    assert (nudge.state, nudge.reason) == (OutboxState.SKIPPED, "answered")
    assert world.to("anna", "nudge") == []


def test_what_the_other_half_logs_stops_it_too(world: World) -> None:
    world.say("eva", "handledning idag 1h @anna")
    world.pass_to("2026-11-30T12:00")
    assert world.to("anna", "nudge") == []


def test_three_missed_weeks_are_told_to_the_studierektor_by_name_and_not_before(world: World) -> None:
    world.pass_to("2026-12-14T09:00")
    digests = world.to("siv", "digest")
    assert [sent.at.strftime("%a %d %b %H:%M") for sent in digests] == [
        "Mon 30 Nov 07:30",
        "Mon 07 Dec 07:30",
        "Mon 14 Dec 07:30",
    ]
    assert ["Anna Berg" in sent.text for sent in digests] == [False, False, True]
    assert "0 av 2 i fas" in digests[0].text


def test_a_digest_tells_of_its_own_units_only(world: World) -> None:
    world.pass_to("2027-03-01T09:00")
    assert not any("Cia" in sent.text for sent in world.to("siv", "digest"))
    assert not any("Anna" in sent.text for sent in world.to("tage", "digest"))


def test_the_repeats_end_after_three(world: World) -> None:
    world.say("bo", "föräldraledig 23/11-30/6")
    world.pass_to("2027-02-15T09:00")
    said = [row for row in world.rows(Outbox) if row.person_id == 1 and row.state == OutboxState.SENT]
    assert [row.step for row in said if row.subject.endswith("/supervision")].count("repeat") == 3


def test_nobody_is_nudged_about_somebody_who_is_away(world: World) -> None:
    world.say("anna", "sjukskriven 23/11-6/12")
    world.say("bo", "handledning idag 1h")
    world.pass_to("2026-12-07T12:00")
    assert world.to("anna", "nudge") == []
    assert not any("Anna" in sent.text for sent in world.to("eva", "nudge"))


def test_a_booking_counts_as_an_answer_until_it_has_passed(world: World) -> None:
    world.say("anna", "boka handledning på fredag 13-14")
    went = world.pass_to("2026-11-30T12:00")
    # Nothing on Thursday; the session was never logged, so Monday says it.
    assert [
        (s.at.strftime("%a"), s.steps) for s in went if s.to.startswith("anna") and s.kind == "nudge"
    ] == [("Mon", ("overdue",))]


def test_a_week_whose_booking_came_to_nothing_is_asked_about_on_thursday(world: World) -> None:
    world.say("anna", "boka handledning på onsdag 13-14")
    world.pass_to("2026-11-25T14:20")
    world.press("eva", "Nej: schema")
    world.pass_to("2026-11-26T13:00")
    assert _said(world, "anna") == [("Thu 26 Nov 12:15", ("soon",))]


def test_what_a_booking_called_off_brings_back_waits_for_the_next_morning(world: World) -> None:
    world.say("anna", "boka handledning 3/12 13-14")
    world.pass_to("2026-12-01T10:00")
    # Week 48 is missed, but Thursday's booking answers Monday's reminder until Anna calls it off.
    assert _said(world, "anna")[1:] == []
    world.say("anna", "avboka 3/12")
    world.pass_to("2026-12-02T12:00")
    assert _said(world, "anna")[-1] == ("Wed 02 Dec 08:00", ("overdue",))


def test_a_snooze_moves_the_next_message_and_not_the_due_date(world: World) -> None:
    world.pass_to("2026-11-30T08:30")
    before = world.say("anna", "status").text
    assert "v 50" in world.press("anna", "Påminn om en vecka").text
    assert world.say("anna", "status").text == before
    went = world.pass_to("2026-12-07T12:00")
    assert [
        (s.at.strftime("%d %b"), s.steps) for s in went if s.to.startswith("anna") and s.kind == "nudge"
    ] == [("07 Dec", ("repeat",))]


def _steps(world: World, requirement: str) -> list[tuple[str, str]]:
    """What Anna was told of a requirement: on which day, which step."""
    rows = [row for row in world.rows(Outbox) if row.person_id == 1 and row.state == OutboxState.SENT]
    mine = [row for row in rows if row.subject.endswith(f"/{requirement}")]
    return [(f"{row.due_at:%d %b}", row.step) for row in mine]


def test_what_an_undo_made_late_long_ago_is_told_the_morning_after_it(world: World) -> None:
    _catch_up(world, "2027-01-15T10:00")
    world.say("anna", "mini-cex idag")
    _catch_up(world, "2027-04-12T10:00")
    assert world.say("anna", "ångra").text.startswith("Ångrat: ")
    for moment in ("2027-04-13T09:00", "2027-04-20T09:00"):
        _catch_up(world, moment)
    # Without it the first of four was due in February; all that there was to say fell before the undo.
    assert _steps(world, "assessment") == [("13 Apr", "overdue"), ("20 Apr", "repeat")]


def test_a_week_that_an_undo_leaves_unserved_is_told_the_morning_after_it(world: World) -> None:
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-11-30T10:00")
    # Monday's moment for v 48 has passed, and nobody was told: it was served.
    assert world.say("anna", "ångra").text.startswith("Ångrat: ")
    world.pass_to("2026-12-08T12:00")
    assert _said(world, "anna") == [
        ("Tue 01 Dec 08:00", ("overdue",)),
        ("Thu 03 Dec 12:15", ("soon",)),
        ("Tue 08 Dec 08:00", ("repeat",)),
    ]


def test_what_was_told_before_a_log_and_its_undo_goes_on_where_it_was(world: World) -> None:
    world.pass_to("2026-11-30T10:00")
    world.say("anna", "handledning idag 1h")
    world.say("anna", "ångra")
    world.pass_to("2026-12-15T12:00")
    assert [row for row in _steps(world, "supervision") if row[1] != "soon"] == [
        ("30 Nov", "overdue"),
        ("07 Dec", "repeat"),
        ("14 Dec", "repeat"),
    ]


def test_what_an_undo_leaves_due_soon_waits_for_a_booking_made_since(world: World) -> None:
    _catch_up(world, "2027-02-05T10:00")
    world.say("anna", "mini-cex idag")
    _catch_up(world, "2027-02-15T10:00")
    # The first of four is due on 22 February after all, a week after this: it would be told on the 16th.
    world.say("anna", "ångra")
    world.say("anna", "boka mini-cex 17/2 10-11")
    for moment in ("2027-02-16T09:00", "2027-02-18T09:00"):
        _catch_up(world, moment)
    assert _steps(world, "assessment") == [("18 Feb", "soon")]


def test_what_has_been_told_is_not_told_anew_when_an_absence_told_late_moves_its_date(world: World) -> None:
    for moment in ("2027-02-23T09:00", "2027-04-12T10:00"):
        _catch_up(world, moment)
    told = _steps(world, "assessment")
    assert [step for _, step in told] == ["overdue", "repeat"]
    world.say("anna", "sjuk 2026-12-01 till 2026-12-03")
    for moment in ("2027-04-13T09:00", "2027-04-20T09:00"):
        _catch_up(world, moment)
    assert _steps(world, "assessment") == told


def test_nor_when_the_date_moves_past_all_that_was_told_and_lies_in_the_past_anyway(world: World) -> None:
    for moment in ("2027-02-23T09:00", "2027-03-02T09:00", "2027-03-09T09:00", "2027-03-16T09:00"):
        _catch_up(world, moment)
    told = _steps(world, "assessment")
    assert [step for _, step in told] == ["overdue", "repeat", "repeat", "repeat"]
    _catch_up(world, "2027-05-10T10:00")
    world.say("anna", "sjuk 2026-12-01 till 2026-12-30")  # overdue from late March now
    for moment in ("2027-05-11T09:00", "2027-05-18T09:00"):
        _catch_up(world, moment)
    assert _steps(world, "assessment") == told


def _catch_up(world: World, moment: str) -> None:
    world.jump_to(moment)
    world.tick()
    world.deliver()


def test_after_a_downtime_there_is_one_catch_up_and_not_one_for_each_week(world: World) -> None:
    world.jump_to("2026-12-16T10:00")
    world.tick()
    world.deliver()
    assert len(world.to("anna", "nudge")) == 1
    assert len(world.to("siv", "digest")) == 1


@pytest.mark.parametrize(
    ("back", "comes"),
    [
        ("2026-12-06T07:29", 1),  # Monday the 30th at 07:30 + 6 days, less a minute
        ("2026-12-06T07:30", 0),  # a day before the next, which says it all
        ("2026-12-07T07:00", 0),
        ("2026-12-07T07:30", 1),  # this Monday's own
    ],
)
def test_a_digest_that_is_late_by_almost_a_week_gives_way_to_the_next(
    world: World, back: str, comes: int
) -> None:
    world.jump_to(back)
    world.tick()
    world.deliver()
    assert len(world.to("siv", "digest")) == comes
    world.pass_to("2026-12-07T07:30")
    assert world.to("siv", "digest")[-1].at.strftime("%d %b %H:%M") == "07 Dec 07:30"


def test_nothing_is_said_before_eight_after_five_on_a_weekend_or_an_eve(world: World) -> None:
    world.pass_to("2027-07-01T12:00")
    spoken = [sent.at for sent in world.sent if sent.kind == "nudge"]
    assert spoken
    assert all(8 <= at.hour < 17 and at.weekday() < 5 for at in spoken)
    quiet = {
        "2026-12-24",
        "2026-12-25",
        "2026-12-31",
        "2027-01-01",
        "2027-01-05",
        "2027-01-06",
        "2027-04-01",
        "2027-03-25",
        "2027-03-26",
        "2027-03-29",
        "2027-05-05",
        "2027-05-06",
        "2027-06-25",
    } - {"2027-04-01"}
    assert not {at.date().isoformat() for at in spoken} & quiet


def test_nobody_gets_two_bundles_on_one_day(world: World) -> None:
    world.pass_to("2027-07-01T12:00")
    days = [(sent.to, sent.at.date()) for sent in world.sent if sent.kind == "nudge"]
    assert len(days) == len(set(days))


def test_every_row_ends_and_says_why(world: World) -> None:
    world.pass_to("2027-07-01T12:00")
    ended = [row for row in world.rows(Outbox) if row.next_at <= world.clock()]
    assert {row.state for row in ended} <= {OutboxState.SENT, OutboxState.SKIPPED}
    assert all(row.reason for row in ended if row.state != OutboxState.SENT)
    assert world.drift() == []


@pytest.mark.parametrize("line", ["handledning idag 1h", "handledning i torsdags 1h"])
def test_the_next_session_ends_the_overdue_state(world: World, line: str) -> None:
    world.pass_to("2026-12-07T09:00")
    world.say("anna", line)
    went = world.pass_to("2026-12-09T12:00")
    assert [s for s in went if s.to.startswith("anna") and s.kind == "nudge"] == []


def test_nobody_is_greeted_by_two_years_of_overdue(world: World) -> None:
    # Anna began in January and is watched from 23 November: nothing is overdue, nothing is said that day.
    world.pass_to("2026-11-25T17:00")
    assert [sent for sent in world.sent if sent.kind == "nudge"] == []


def test_a_series_nobody_answers_brings_no_reminder_out_of_turn(world: World) -> None:
    """A booking within a week answers a reminder until it has passed, and then the next one of the series.

    Once it lay weeks back it was forgotten, and a reminder that it had answered came out of nowhere.
    """
    world.say("anna", "boka handledning varje torsdag 15-16 till 31/1")
    world.pass_to("2026-12-17T16:30")
    assert [s.at for s in world.to("anna", "nudge") if "ingen handledning" in s.text] == []
    # No session on Julafton: on Friday 18 December nothing is booked within a week any more.
    world.pass_to("2026-12-18T12:00")
    assert [f"{s.at:%a %d}" for s in world.to("anna", "nudge") if "ingen handledning" in s.text] == ["Fri 18"]


def test_a_series_of_many_months_answers_to_its_end_also_what_it_answered_at_its_beginning(
    world: World,
) -> None:
    """Something else (the assessment, on 22 March) looks at Anna again when that lies long back."""
    world.pass_to("2026-12-01T09:00")
    world.say("anna", "handledning idag 1h")
    world.say("anna", "boka handledning varje torsdag 15-16 från 7/1 till 8/4")
    world.pass_to("2027-04-09T07:00")
    told = [s.at for s in world.to("anna", "nudge") if "ingen handledning" in s.text]
    assert f"{told[-1]:%d/%m}" == "28/12"
