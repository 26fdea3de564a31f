"""Supervisors are trained, and refreshed: 36 months in Region Skåne (002), settable."""

from __future__ import annotations

from storage.tables import Audit, Entry, SupervisorTraining
from tests.support.world import World


def test_a_supervisors_own_course_is_theirs_and_not_a_trainees(world: World) -> None:
    saved = world.say("lars", "handledarutbildning 12/3")
    # 12 March 2026 + 36 months.
    assert saved.text == (
        "Sparat: handledarutbildning tors 12 mars (v 11).\n"
        "Din handledarutbildning förnyas senast mån 12 mars 2029 (v 11)."
    )
    assert world.rows(Entry) == []
    assert "förnyas senast mån 12 mars 2029" in world.say("lars", "status").text
    assert world.press("lars", "Ångra").text.startswith("Ångrat: handledarutbildning")
    assert world.rows(SupervisorTraining)[0].voided_at is not None
    assert [a.act for a in world.rows(Audit) if a.subject == "training:1"] == [
        "supervisor_training",
        "undone",
    ]


def test_undo_in_words_takes_it_back_too(world: World) -> None:
    world.say("lars", "handledarkurs igår")
    assert "Ångrat" in world.say("lars", "ångra").text
    # Nothing is known again: 36 months from the day the bot first knew Lars.
    assert "förnyas senast fre 23 nov 2029" in world.say("lars", "status").text


def test_a_trainee_who_takes_the_course_logs_a_course(world: World) -> None:
    world.say("anna", "handledarutbildning idag")
    assert [entry.activity for entry in world.rows(Entry)] == ["course"]
    assert world.rows(SupervisorTraining) == []


def test_where_no_rulebook_asks_nothing_is_said(world: World) -> None:
    assert world.say("eva", "handledarutbildning 12/3").text.count("\n") == 0


def test_the_digest_tells_who_is_to_be_refreshed_a_month_ahead(world: World) -> None:
    # 2 Jan 2024 + 36 months = 2 Jan 2027: told from 3 Dec 2026 on.
    world.say("lars", "handledarutbildning 2025-01-02")
    assert "Lars Lind, Handledare" not in world.say("tage", "digest").text
    world.say("lars", "ångra")
    world.say("lars", "handledarutbildning 2024-11-30")
    world.jump_to("2027-11-01T09:00")
    assert (
        "• Granlund: Lars Lind, Handledare fortbildas senast tis 30 nov" in world.say("tage", "digest").text
    )
    assert "Lars Lind, Handledare" not in world.say("siv", "digest").text
    world.jump_to("2027-12-01T09:00")
    assert "skulle ha förnyats tis 30 nov" in world.say("lars", "status").text


def test_a_unit_records_its_teaching_and_hears_when_it_stopped(world: World) -> None:
    assert (
        "Sparat: internutbildning mån 23 nov (v 48), Granlund"
        in world.say("tage", "internutbildning idag").text
    )
    assert "Internutbildning" not in world.say("tage", "digest").text
    world.jump_to("2026-12-02T09:00")  # nine days later, in term
    assert (
        "Internutbildning varje vecka – skulle ha varit klart mån 30 nov" in world.say("tage", "digest").text
    )
