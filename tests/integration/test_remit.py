"""What those who answer for others ask: who waits, who has no supervisor, and reminding a pair."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from schedules.digests.seen import look_at, states_before
from storage.engine import reading, writing
from storage.tables import Audit, DailyBundle, Outbox, Pairing, Person, Trainee, Unit
from tests.integration.conversation import hold
from tests.support.world import ROSTER, Sent, World

MORE = """\
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,
gerd@exempel.se,Gerd Toppen,chief_director,Ekbacken,,,,,
"""
WAITS = "! Anna Berg, Ekbacken: Handledning varje vecka väntar sedan v 48"


@pytest.fixture
def late(sqlite: Engine) -> World:
    """Monday 30 November 10:00: week 48 was missed by Anna and Bo, who were told of it at 08:00."""
    world = World(sqlite, roster=ROSTER + MORE)
    world.pass_to("2026-11-30T10:00")
    return world


def nudges(sent: list[Sent], who: str) -> list[str]:
    return [f"{s.at:%a %d %H:%M}" for s in sent if s.to == f"{who}@exempel.se" and s.kind == "nudge"]


@pytest.mark.parametrize("line", ["lista försenade", "vilka ligger efter?", "/forsenade", "list overdue"])
def test_who_waits_is_listed_with_what_and_since_when(late: World, line: str) -> None:
    answer = late.say("siv", line).text
    assert answer.splitlines()[0] == "Väntar på något: 2"
    assert WAITS in answer
    assert "Bo Dal" in answer
    assert "Cia" not in answer


def test_a_head_sees_their_unit_and_a_chief_director_only_counts(late: World) -> None:
    assert WAITS in late.say("hans", "lista försenade").text
    assert late.say("gerd", "lista försenade").text == "Väntar på något: 2\n! Ekbacken: 2"


def test_who_has_waited_longest_comes_first_with_no_more_than_is_read_at_a_glance(world: World) -> None:
    world.say("bo", "handledning idag 1h")
    world.jump_to("2027-07-01T09:00")
    world.tick()
    first, second = world.say("siv", "lista försenade").text.splitlines()[1:]
    assert first.startswith("! Anna Berg, Ekbacken: Handledning varje vecka väntar, ")
    assert second.startswith("! Bo Dal, Ekbacken: ")
    for line in (first, second):
        assert line.count(";") == 3
        assert line.endswith(" krav till")


def test_what_came_to_be_asked_for_since_last_week_is_no_change(world: World) -> None:
    """Everybody was enrolled this very day; on Monday their first week has ended without a session."""
    with reading(world.engine) as session:
        seen = look_at(session, session.exec(select(Unit)).all(), date(2026, 11, 23))
        assert states_before(session, seen, world.clock() - timedelta(days=7)) == {}
    world.jump_to("2026-11-30T07:30")
    world.tick()
    assert (
        "• Handledning varje vecka: 0 av 2 i fas (−2 sedan förra veckan)" in world.say("siv", "digest").text
    )


def test_when_nobody_waits_it_says_so(world: World) -> None:
    hold(world, [("siv", "lista försenade", "Ingen väntar"), ("tage", "lista försenade", "Ingen väntar")])


def _without_supervisor(world: World, name: str) -> None:
    of = (
        select(Pairing)
        .join(Trainee, col(Trainee.id) == col(Pairing.trainee_id))
        .join(Person, col(Person.id) == col(Trainee.person_id))
        .where(Person.name == name)
    )
    with writing(world.engine) as session:
        for pairing in session.exec(of).all():
            session.delete(pairing)


@pytest.mark.parametrize("line", ["vilka saknar handledare", "/utan_handledare", "who has no supervisor"])
def test_who_has_no_supervisor_is_listed(late: World, line: str) -> None:
    assert late.say("siv", line).text == "Alla har en handledare."
    _without_supervisor(late, "Anna Berg")
    assert late.say("siv", line).text == "Saknar handledare: 1\n• Anna Berg, Ekbacken"
    assert late.say("gerd", line).text == "Saknar handledare: 1\n• Ekbacken: 1"
    assert late.say("tage", line).text == "Alla har en handledare."


@pytest.mark.parametrize(
    ("who", "line"),
    [("anna", "lista försenade"), ("anna", "vilka saknar handledare"), ("eva", "vilka saknar handledare")],
)
def test_lists_are_for_those_who_answer_for_units(late: World, who: str, line: str) -> None:
    assert "får du inte" in late.say(who, line).text


def test_a_pair_is_reminded_in_the_next_bundle_and_never_in_a_second_of_the_same_day(late: World) -> None:
    """Both had their bundle at 08:00, so the next one is on Tuesday."""
    answer = late.say("siv", "påminn Anna").text
    assert answer == ("Anna Berg och Eva Ek påminns tis 1 dec (v 49) kl 08:00 om: Handledning varje vecka")
    went = late.pass_to("2026-12-02T17:00")
    assert nudges(went, "anna") == nudges(went, "eva") == ["Tue 01 08:00"]
    assert nudges(went, "bo") == []
    [told] = [s for s in went if s.to == "anna@exempel.se" and s.kind == "nudge"]
    assert "ingen handledning i v 48" in told.text
    assert "Logga nu" in [button.label for button in told.message.buttons]
    assert late.drift() == []


def test_who_had_no_message_today_is_reminded_at_once_within_hours(late: World) -> None:
    late.pass_to("2026-12-01T10:00")
    assert "påminns tis 1 dec (v 49) kl 10:00" in late.say("siv", "påminn Anna").text
    late.deliver()
    assert nudges(late.sent, "anna")[-1] == "Tue 01 10:00"


def test_who_has_had_the_days_message_is_said_to_hear_the_next_day(late: World) -> None:
    """Anna has had hers on Tuesday, Eva none."""
    late.pass_to("2026-12-01T10:00")
    with writing(late.engine) as session:
        session.add(DailyBundle(person_id=1, on_date=date(2026, 12, 1), token="other"))
    assert late.say("siv", "påminn Anna").text.splitlines() == [
        "Eva Ek påminns tis 1 dec (v 49) kl 10:00 om: Handledning varje vecka",
        "Anna Berg påminns ons 2 dec (v 49) kl 08:00 om: Handledning varje vecka",
    ]
    went = late.pass_to("2026-12-02T12:00")
    assert nudges(late.sent, "eva")[-1] == "Tue 01 10:00"
    assert nudges(went, "anna") == ["Wed 02 08:00"]


def test_nobody_is_said_to_hear_of_what_reminds_the_other_half_alone(late: World) -> None:
    """The meetings of a month remind the trainee; the week reminds both."""
    late.pass_to("2027-02-01T08:30")  # January's meeting is late since the morning
    said = late.say("siv", "påminn Anna").text.splitlines()
    (anna,) = [line for line in said if line.startswith("Anna Berg")]
    (eva,) = [line for line in said if line.startswith("Eva Ek")]
    assert "ST-möte" in anna
    assert "ST-möte" not in eva


def test_in_the_evening_it_waits_for_the_next_working_morning(late: World) -> None:
    late.pass_to("2026-12-04T19:00")
    assert "påminns mån 7 dec (v 50) kl 08:00" in late.say("siv", "påminn Anna").text
    went = late.pass_to("2026-12-07T12:00")
    assert nudges(went, "anna") == ["Mon 07 08:00"]


def test_asked_for_and_due_at_once_it_is_one_line(late: World) -> None:
    """The repeat of the overdue week comes on Monday 7 December at 08:00 as well."""
    late.pass_to("2026-12-04T19:00")
    late.say("siv", "påminn Anna")
    [told] = [s for s in late.pass_to("2026-12-07T12:00") if s.to == "anna@exempel.se" and s.kind == "nudge"]
    assert told.text.count("v 48") == 1


def test_a_log_before_it_went_out_stops_it(late: World) -> None:
    late.say("siv", "påminn Anna")
    late.say("anna", "handledning idag 1h")
    went = late.pass_to("2026-12-01T17:00")
    assert nudges(went, "anna") == nudges(went, "eva") == []
    asked = [row for row in late.rows(Outbox) if "asked_by" in row.facts]
    assert {(row.state, row.reason) for row in asked} == {("skipped", "answered")}


def test_asked_twice_on_a_day_it_is_told_once(late: World) -> None:
    late.say("siv", "påminn Anna")
    assert "redan på väg" in late.say("hans", "påminn Anna").text
    assert nudges(late.pass_to("2026-12-01T12:00"), "anna") == ["Tue 01 08:00"]


def test_who_is_in_step_away_or_silenced_is_not_reminded(late: World) -> None:
    late.say("bo", "handledning idag 1h")
    assert "inget att påminna Bo Dal om" in late.say("siv", "påminn Bo").text
    late.say("anna", "sjuk idag")
    assert "inget att påminna Anna Berg om" in late.say("siv", "påminn Anna").text


def test_what_is_silenced_stays_silent(late: World) -> None:
    late.say("anna", "tysta handledning till 1 mars: väntar på ny handledare")
    assert "inget att påminna Anna Berg om" in late.say("siv", "påminn Anna").text


def test_a_supervisor_who_asks_is_not_reminded_themselves(late: World) -> None:
    assert late.say("eva", "påminn Anna").text.startswith("Anna Berg påminns")
    assert nudges(late.pass_to("2026-12-01T12:00"), "eva") == []


@pytest.mark.parametrize(
    ("who", "name"), [("tage", "Anna"), ("gerd", "Anna"), ("anna", "Bo"), ("siv", "Cia")]
)
def test_nobody_is_reminded_by_who_does_not_answer_for_them(late: World, who: str, name: str) -> None:
    assert late.say(who, f"påminn {name}").text == late.say(who, "påminn Xerxes Ytterby").text
    assert [row for row in late.rows(Outbox) if "asked_by" in row.facts] == []


def test_it_is_written_in_the_audit_trail_who_had_whom_reminded(late: World) -> None:
    late.say("siv", "påminn Anna")
    [act] = [row for row in late.rows(Audit) if row.act == "urged"]
    assert act.subject == "trainee:1"


def test_in_english_too(late: World) -> None:
    hold(
        late,
        [
            ("siv", "språk engelska", ""),
            ("siv", "remind Anna Berg", "Anna Berg and Eva Ek will be reminded"),
            ("siv", "who is late", "Waiting for something: 2"),
        ],
    )


@pytest.mark.parametrize(("who", "reads"), [("hans", False), ("siv", True), ("eva", True)])
def test_a_head_sees_how_it_stands_and_when_they_meet_but_nothing_that_was_written(
    sqlite: Engine, who: str, reads: bool
) -> None:
    world = World(sqlite, roster=ROSTER + MORE)
    world.say("anna", "handledning idag 1h etik solrosor")
    world.say("anna", "boka handledning 3/12 kl 13-14 kommunikation pioner")
    world.say("anna", "be @eva om bedömning mini-cex liljor")
    world.say("anna", "tysta handledning till 1 mars: nejlikor")
    shown = world.say(who, "visa Anna Berg").text
    assert "Bokat: handledning tors 3 dec (v 49) 13:00, 1 h" in shown
    for word in ("solrosor", "kommunikation", "pioner", "mini-CEX", "liljor", "nejlikor"):
        assert (word in shown) is reads, word
