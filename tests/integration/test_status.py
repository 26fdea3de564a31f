"""`status` and `regler` with a whole rulebook: what fits a phone, and what is only counted."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.support.world import ROSTER, World


def test_status_shows_the_next_ninety_days_and_counts_the_rest(world: World) -> None:
    lines = world.say("anna", "status").text.splitlines()
    assert lines[1:3] == ["Allt i fas. Fint!", "Framöver:"]
    assert lines[-1] == "och 13 till i fas: skriv regler"
    assert len(lines) <= 12
    assert not any("gäller inte nu" in line for line in lines)


def test_what_falls_due_on_the_ninetieth_day_is_shown_and_the_day_after_only_counted(world: World) -> None:
    # The first assessment is due 22 Feb 2027, the planning meeting 23 Feb: 90 days from 24 and 25 Nov.
    world.jump_to("2026-11-24T09:00")
    text = world.say("anna", "status").text
    assert "Kompetensbedömning" in text
    assert "Planeringsmöte" not in text
    world.jump_to("2026-11-25T09:00")
    assert "Planeringsmöte" in world.say("anna", "status").text


def test_a_long_absence_is_one_line(world: World) -> None:
    world.say("anna", "föräldraledig 23/11-30/6")
    text = world.say("anna", "status").text
    assert "Allt är pausat under frånvaron." in text
    assert text.count("pausad") == 0
    assert "‖ Anna Berg: pausad under frånvaro" in world.say("eva", "status").text


def test_regler_tells_standing_date_and_section_grouped_by_document(world: World) -> None:
    text = world.say("anna", "regler").text
    head = "Källa: Lokala riktlinjer för ST-utbildningen i Allmänmedicin i Region Östergötland"
    assert text.splitlines()[1] == head
    assert "✓ Specialistkollegium varje år: i fas, nästa senast tis 23 nov 2027 (v 47) – Kompetens" in text
    assert "• var 6:e månad: kursplanering; planering av sidotjänstgöring" in text
    assert text.count("Källa: ") == 1
    assert len(text) <= 4000


def test_a_supervisor_of_several_and_a_studierektor_read_the_rules_without_standings(world: World) -> None:
    for who in ("eva", "siv"):
        text = world.say(who, "regler").text
        assert "• Handledning varje vecka – Handledning" in text
        assert "i fas" not in text


@pytest.mark.parametrize("book", ["skane-primarvard", "skane-sjukhus", "sormland-primarvard", "orebro-2008"])
def test_every_rulebook_fits_a_message_and_greets_nobody_with_what_is_overdue(
    sqlite: Engine, book: str
) -> None:
    world = World(sqlite, roster=ROSTER.replace("ostergotland-allmanmedicin", book))
    assert len(world.say("anna", "regler").text) <= 4000
    assert "väntar" not in world.say("anna", "status").text
    world.pass_to("2026-11-27T17:00")
    assert all(sent.steps == ("soon",) for sent in world.sent if sent.kind == "nudge" and "anna" in sent.to)


KINDS = """\
email,name,role,unit,rulebook,supervisor,start,end,employed,kind
anna@exempel.se,Anna Berg,trainee,Ekbacken,{book},eva@exempel.se,2026-11-02,2028-04-30,,{kind}
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,,
"""


@pytest.mark.parametrize(
    ("book", "kind", "there", "not_there"),
    [
        ("sormland-primarvard", "AT", "Avslutningssamtal", "ST-kontrakt"),
        ("sormland-primarvard", "ST", "ST-kontrakt", "Avslutningssamtal"),
        ("skane-sjukhus", "locum", "Kompetensbedömning", "Specialistkollegium, tre"),
        ("skane-primarvard", "BT", "årsrapport", "AT-kollegium"),
    ],
)
def test_each_kind_of_trainee_reads_its_own_rules(
    sqlite: Engine, book: str, kind: str, there: str, not_there: str
) -> None:
    text = World(sqlite, roster=KINDS.format(book=book, kind=kind)).say("anna", "regler").text
    assert there in text
    assert not_there not in text


def test_a_kind_that_no_rule_is_meant_for_is_told_so(sqlite: Engine) -> None:
    world = World(sqlite, roster=KINDS.format(book="ostergotland-allmanmedicin", kind="AT"))
    assert "ställer inga krav på dig just nu" in world.say("anna", "status").text


def test_on_a_weekend_the_week_that_is_not_logged_is_said_to_end_not_to_have_a_day_that_has_passed(
    world: World,
) -> None:
    world.pass_to("2026-11-27T16:00")
    assert "Handledning varje vecka: snart dags, senast fre 27 nov" in world.say("anna", "status").text
    world.pass_to("2026-11-28T10:00")
    status = world.say("anna", "status").text
    assert "Handledning varje vecka: v 48 går ut på söndag, inget är loggat än" in status
    assert "27 nov" not in status


def test_where_enough_were_done_but_too_long_ago_it_says_when_the_latest_was(world: World) -> None:
    world.say("cia", "handledning idag 1h")
    world.jump_to("2027-02-01T09:00")  # at most two months between two; one of nine a year is enough so far
    world.tick()
    (waits,) = [line for line in world.say("cia", "status").text.splitlines() if line.startswith("! Handl")]
    assert waits.endswith(": väntar sedan sön 24 jan (v 3), den senaste var mån 23 nov 2026 (v 48)")
