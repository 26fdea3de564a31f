"""Placements: saved, shown, asked about; their supervisor takes over while they last."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from storage.tables import Absence, Outbox, Pairing, Placement, Standing
from tests.integration.conversation import hold
from tests.support.rulebooks import asks_also
from tests.support.world import ROSTER, World

LARS = "sidotjänstgöring psykiatri 30/11-31/1 handledare Lars Lind"

FEEDBACK = """kind = "once"
anchor = "placement_end"
within = { days = 14 }
activities = ["placement_feedback"]"""
NAMED = """kind = "once"
anchor = "placement_start"
within = { days = 0 }
activities = ["placement_supervisor"]
reminds = ["studierektor"]"""


def _rows(world: World, requirement: str) -> dict[str, Standing]:
    return {row.occasion: row for row in world.rows(Standing) if row.requirement == requirement}


def test_a_placement_is_saved_shown_and_undone(world: World) -> None:
    hold(
        world,
        [
            ("anna", LARS, "Sparat: sidotjänstgöring psykiatri mån 30 nov–sön 31 jan 2027 (v 4)"),
            ("anna", "status", "Sidotjänstgöring: psykiatri"),
            ("anna", "status", "handledare Lars Lind"),
            ("anna", "[Ångra]", "Ångrat: psykiatri"),
        ],
    )
    assert "psykiatri" not in world.say("anna", "status").text
    assert [pair.kind for pair in world.rows(Pairing) if pair.to_on and pair.to_on < pair.from_on] == [
        "placement"
    ]
    assert world.drift() == []


def test_undo_in_words_takes_a_placement_back_too(world: World) -> None:
    world.say("anna", LARS)
    assert "Ångrat" in world.say("anna", "ångra").text
    assert world.rows(Placement)[0].voided_at is not None


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("sidotjänstgöring 1/12-28/2", "Var är det?"),
        ("sidotjänstgöring psykiatri från 1/12", "Till vilken dag?"),
        ("sidotjänstgöring psykiatri", "Vilken dag"),
    ],
)
def test_what_is_missing_is_asked_for(world: World, line: str, asked: str) -> None:
    assert asked in world.say("anna", line).text
    assert world.rows(Placement) == []


@pytest.mark.parametrize("line", ["sidotjänstgöring psykiatri {} handledare Lars Lind", "semester {}"])
def test_what_was_over_before_the_training_began_is_asked_about(world: World, line: str) -> None:
    asked = world.say("anna", line.format("2025-12-22 - 2026-01-06"))
    assert asked.text == "Utbildningen började mån 12 jan (v 3). Vilken dag menar du?"
    assert [*world.rows(Placement), *world.rows(Absence)] == []
    assert "tis 22 dec–ons 6 jan 2027 (v 1)" in world.press("anna", "tis 22 dec–ons 6 jan 2027 (v 1)").text
    saved = [row.to_on for row in world.rows(Placement)] + [row.to_on for row in world.rows(Absence)]
    assert saved == [date(2027, 1, 6)]


def test_an_overlap_is_asked_about_and_added_when_meant(world: World) -> None:
    world.say("anna", LARS)
    second = "randning gyn 31/1-28/2 handledare dr Okänd"  # one day in common, 31 January
    assert "Du har redan sidotjänstgöring psykiatri" in world.say("anna", second).text
    assert len(world.rows(Placement)) == 1
    assert "gyn" in world.press("anna", "Lägg till ändå").text
    assert len(world.rows(Placement)) == 2


def test_dates_that_only_meet_do_not_overlap(world: World) -> None:
    world.say("anna", LARS)
    assert "Sparat" in world.say("anna", "randning gyn 1/2-28/2 handledare dr Okänd").text


def test_a_supervisor_outside_the_roster_is_kept_as_a_name(world: World) -> None:
    text = world.say("anna", "randning gyn 1/2-28/2 handledare Greta Okänd").text
    assert "handledare Greta Okänd" in text
    (placement,) = world.rows(Placement)
    assert (placement.pairing_id, placement.supervisor_name) == (None, "Greta Okänd")


def test_part_of_a_name_gives_nobody_a_right_unasked(world: World) -> None:
    asked = world.say("anna", "randning gyn 1/2-28/2 handledare dr Lind")
    assert [button.label for button in asked.buttons] == ["Lars Lind", "Någon annan"]
    assert world.rows(Placement) == []
    assert "handledare Lind" in world.press("anna", "Någon annan").text
    assert world.rows(Placement)[0].pairing_id is None


def test_the_placements_supervisor_is_told_and_has_rights_for_its_days_only(world: World) -> None:
    world.say("anna", LARS)
    assert "Anna Berg gör sidotjänstgöring psykiatri" in world.to("lars", "notice")[0].text
    assert "Anna" not in world.say("lars", "status").text  # not yet: it begins on the 30th
    world.jump_to("2026-11-30T09:00")
    assert "Anna Berg" in world.say("lars", "status").text
    world.jump_to("2027-01-31T09:00")
    assert "Anna Berg" in world.say("lars", "status").text
    world.jump_to("2027-02-01T09:00")
    assert "Anna" not in world.say("lars", "status").text


def test_the_weekly_duty_is_the_placement_supervisors_while_it_lasts(world: World) -> None:
    world.say("anna", LARS)
    world.say("bo", "föräldraledig 23/11-30/6")
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-12-07T12:00")
    # v 49 (30 Nov-6 Dec) is the placement's first: Lars is reminded on Monday 7 Dec, Eva is not.
    weekly = [s for s in world.to("lars", "nudge") if "Anna Berg: ingen handledning i v 49" in s.text]
    weekly += [s for s in world.to("lars", "nudge") if "om Anna Berg: ingen handledning i v 49" in s.text]
    assert [f"{s.at:%d %b %H:%M}" for s in weekly[:1]] == ["07 Dec 08:00"]
    assert not any("ingen handledning" in sent.text for sent in world.to("eva", "nudge"))


def test_logs_of_the_placement_are_confirmed_there_and_others_by_the_main_supervisor(world: World) -> None:
    world.say("anna", LARS)
    world.jump_to("2026-12-02T15:00")
    world.say("anna", "handledning idag 1h")
    world.say("anna", "handledning 25/11 1h")
    assert ["2 dec" in sent.text for sent in world.to("lars", "confirm")] == [True]
    assert ["25 nov" in sent.text for sent in world.to("eva", "confirm")] == [True]
    assert "Bekräftat" in world.press("lars", "Stämmer").text


def test_who_supervised_a_placement_cannot_confirm_after_it(world: World) -> None:
    world.say("anna", LARS)
    world.jump_to("2027-01-29T15:00")
    world.say("anna", "handledning idag 1h")
    world.jump_to("2027-02-01T09:00")
    assert "bekräftad" not in world.press("lars", "Stämmer").text


def test_there_is_one_row_for_each_placement_with_its_own_happenings(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_also(monkeypatch, own_feedback=FEEDBACK)
    world = World(sqlite)
    world.say("anna", "randning gyn 30/11-27/12 handledare dr Okänd")
    world.say("anna", "randning barn 28/12-31/1 handledare dr Okänd")
    rows = _rows(world, "own_feedback")
    # Fourteen days after each end: 27 Dec + 14 = 10 Jan, 31 Jan + 14 = 14 Feb.
    assert [f"{row.due_on}" for row in rows.values()] == ["2027-01-10", "2027-02-14"]
    world.jump_to("2027-01-04T09:00")
    world.say("anna", "återkoppling placering idag")
    # Said during the second placement, six days before the first one's date: it is the first one's.
    assert [row.state for row in _rows(world, "own_feedback").values()] == ["met", "ok"]
    assert world.drift() == []


def test_a_reminder_about_a_placement_names_it_and_is_put_off_alone(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_also(monkeypatch, own_feedback=FEEDBACK)
    world = World(sqlite)
    world.say("anna", "randning gyn 23/11-27/11 handledare dr Okänd")
    world.say("anna", "randning barn 1/3-31/3 handledare dr Okänd")
    world.pass_to("2026-11-27T16:00")
    # Its assessment is due on Friday 27 Nov: told the morning after it was learnt of. The feedback is due on
    # 27 Nov + 14 = 11 Dec; fourteen days before it is that Friday.
    nudges = [s for s in world.to("anna", "nudge") if "(gyn)" in s.text]
    assert [f"{s.at:%a %d %b %H:%M}" for s in nudges] == ["Tue 24 Nov 08:00", "Fri 27 Nov 08:00"]
    facts = [row.facts for row in world.rows(Outbox) if row.facts.get("requirement") == "own_feedback"]
    assert {fact["occasion"] for fact in facts} == {"p1"}
    world.press("anna", "Påminn om en vecka")
    snoozed = {row.occasion for row in world.rows(Standing) if row.snoozed_until}
    assert snoozed == {"p1"}
    assert world.drift() == []


def test_an_undone_placement_is_asked_about_no_more(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asks_also(monkeypatch, own_feedback=FEEDBACK)
    world = World(sqlite)
    world.say("anna", "randning gyn 23/11-27/11 handledare dr Okänd")
    world.jump_to("2026-11-27T08:05")
    world.tick()
    world.say("anna", "ångra")
    assert [row.state for row in _rows(world, "own_feedback").values()] == ["not_applicable"]
    assert not any("(gyn)" in sent.text for sent in world.sent if sent.kind == "nudge")
    assert world.drift() == []


def test_a_named_supervisor_meets_the_duty_to_name_one(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_also(monkeypatch, own_naming=NAMED)
    world = World(sqlite)
    world.say("anna", "randning gyn 30/11-27/12 handledare dr Okänd")
    world.say("anna", "randning barn 28/12-31/1")
    states = [row.state for row in _rows(world, "own_naming").values()]
    assert states == ["met", "ok"]


def test_somebody_who_is_both_is_one_supervisor(sqlite: Engine) -> None:
    world = World(sqlite, roster=ROSTER)
    world.say("anna", "randning hemma 23/11-31/12 handledare Eva Ek")
    assert world.say("eva", "status").text.count("Anna Berg") == 1
    world.say("anna", "handledning idag 1h")
    assert len(world.to("eva", "confirm")) == 1


def test_a_first_placement_within_the_year_is_told_to_the_studierektor_alone(world: World) -> None:
    # Anna began on 12 Jan 2026: her 360th day is 6 Jan 2027. (003: 12-18 months at the own unit first.)
    world.say("anna", "sidotjänstgöring psykiatri 15/12-31/1 handledare Lars Lind")
    world.pass_to("2026-11-25T09:00")
    told = [sent for sent in world.sent if "30 månader i primärvård" in sent.text and sent.kind == "nudge"]
    assert [(sent.to, sent.steps) for sent in told] == [("siv@exempel.se", ("soon",))]
    world.say("anna", "ångra")
    assert _rows(world, "primary_care_months")[""].due_on is None
    assert world.drift() == []


def test_a_placement_soon_to_begin_without_a_supervisor_is_told_the_next_morning(world: World) -> None:
    # Due 1 Dec, so two weeks before had passed when it was written down on 23 Nov.
    world.say("anna", "sidotjänstgöring psykiatri 1/12-31/1")
    world.pass_to("2026-11-24T09:00")
    told = [s for s in world.sent if s.kind == "nudge" and "Handledare utsedd" in s.text]
    assert [(s.to, s.steps[0], f"{s.at:%d %H}") for s in told] == [("siv@exempel.se", "soon", "24 08")]
    assert world.drift() == []


def test_a_placement_may_begin_in_an_absence_without_end(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_also(monkeypatch, own_named=NAMED)
    world = World(sqlite)
    world.say("anna", "sidotjänstgöring psykiatri 30/11-31/1")
    world.say("anna", "sjuk från 26/11 tills vidare")
    # Within no days of 30 Nov: absence that lasts then already moves nothing.
    assert [f"{row.due_on}" for row in _rows(world, "own_named").values()] == ["2026-11-30"]
    assert world.drift() == []


def _days(world: World, who: str, about: str) -> list[str]:
    return [f"{s.at:%d %b}" for s in world.to(who, "nudge") if about in s.text]


def test_assessments_are_the_placement_supervisors_too_and_the_statement_is_not(world: World) -> None:
    world.say("bo", "föräldraledig 23/11-31/12/2027")
    world.say("anna", "sidotjänstgöring psykiatri 1/2-31/12/2027 handledare Lars Lind")
    world.say("anna", "handledning varje onsdag 13-14")
    world.pass_to("2027-12-20T12:00")
    # Four a year: the first on active day 92 from 23 Nov, which is 22 Feb; the statement a year from then.
    assert _days(world, "lars", "Anna Berg: Kompetensbedömning")[0] == "08 Feb"
    assert _days(world, "eva", "Anna Berg: Kompetensbedömning") == []
    assert _days(world, "lars", "Anna Berg: Handledarutlåtande") == []
    assert _days(world, "eva", "Anna Berg: Handledarutlåtande")[0] == "09 Nov"


def test_who_supervised_a_placement_is_still_reminded_of_its_assessment(world: World) -> None:
    world.say("anna", "randning gyn 30/11-13/12 handledare Lars Lind")
    world.pass_to("2026-12-14T09:00")
    told = _days(world, "lars", "Bedömning och intyg")
    assert told == ["30 Nov", "14 Dec"]  # 13 Dec - 14 days is Sunday 29 Nov; the placement is over
    assert "Anna" not in world.say("lars", "status").text
    world.say("anna", "mini-cex 11/12 av Lars Lind")
    world.pass_to("2026-12-22T09:00")
    assert _days(world, "lars", "Bedömning och intyg") == told


def test_a_supervisor_who_takes_over_is_not_told_what_was_said_weeks_ago(world: World) -> None:
    world.say("bo", "föräldraledig 23/11-30/6")
    world.pass_to("2027-01-25T12:00")
    # v 48 was missed: overdue on 30 Nov, repeated on 7, 14 and 21 Dec. Nothing is left to be said.
    world.say("anna", "sidotjänstgöring psykiatri 1/2-31/3 handledare Lars Lind")
    world.pass_to("2027-02-10T12:00")
    assert _days(world, "lars", "ingen handledning") == []
    assert world.drift() == []


@pytest.mark.parametrize(
    ("dates", "who", "told"),
    [("8/12-31/1", "lars", ["08 Dec", "14 Dec"]), ("30/11-8/12", "eva", ["09 Dec", "14 Dec"])],
)
def test_who_takes_over_hears_on_that_morning_what_was_said_this_week(
    world: World, dates: str, who: str, told: list[str]
) -> None:
    world.say("bo", "föräldraledig 23/11-30/6")
    world.say("anna", f"sidotjänstgöring psykiatri {dates} handledare Lars Lind")
    world.pass_to("2026-12-14T12:00")
    # v 49 is missed on Monday 7 Dec; the other's time begins before the next reminder does, on the 14th.
    assert _days(world, who, "ingen handledning") == told


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (["handledare Lars Lind"], "Lars Lind"),
        (["lars lind"], "Lars Lind"),
        (["handledare Pia Ahl"], "Pia Ahl"),
        (["handledare Lind", "handledare Lars Lind"], "Lars Lind"),
    ],
)
def test_who_supervises_there_is_answered_in_one_line(world: World, answers: list[str], name: str) -> None:
    assert "Vem är handledare där?" in world.say("anna", "sidotjänstgöring psykiatri 30/11-31/1").text
    for answer in answers[:-1]:
        assert "Skriv hela namnet" in world.say("anna", answer).text
    assert world.say("anna", answers[-1]).text.endswith(f"· handledare {name}")
    [placement] = [row for row in world.rows(Placement) if row.voided_at is None]
    assert (placement.pairing_id is not None) is (name == "Lars Lind")
    assert len(world.to("lars", "notice")) == (name == "Lars Lind")
    assert "Ångrat" in world.say("anna", "ångra").text
    assert world.drift() == []


def test_a_line_that_stands_for_itself_is_no_supervisor(world: World) -> None:
    world.say("anna", "sidotjänstgöring psykiatri 30/11-31/1")
    hold(
        world,
        [
            ("anna", "handledning idag 1h med Eva Ek", "Sparat: handledning"),
            ("anna", "Eva Ek", "förstod jag inte"),
        ],
    )
    assert world.rows(Placement)[0].supervisor_name is None
