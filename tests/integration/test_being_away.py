"""Absence: it moves the planned end, may have no end, and ends when its doctor is back."""

from __future__ import annotations

from storage.tables import Absence
from tests.integration.conversation import hold
from tests.support.world import World


def test_the_status_tells_where_the_planned_end_has_moved(world: World) -> None:
    assert "slutet har flyttats" not in world.say("anna", "status").text
    # 1 Dec-28 Feb are 31 + 31 + 28 = 90 days: 11 Jan 2031 + 90 = 11 Apr 2031.
    world.say("anna", "föräldraledig 1/12-28/2")
    assert "slutet har flyttats till fre 11 apr 2031 (v 15)." in world.say("anna", "status").text


def test_vacation_moves_no_planned_end(world: World) -> None:
    world.say("anna", "semester 1/12-28/2")
    assert "Slut" not in world.say("anna", "status").text


def test_an_absence_without_an_end_pauses_until_its_doctor_is_back(world: World) -> None:
    hold(
        world,
        [
            ("anna", "sjukskriven tills vidare", "sjukfrånvaro från mån 23 nov (v 48), tills vidare"),
            ("anna", "status", "Slutet flyttas med frånvaron"),
        ],
    )
    world.pass_to("2027-02-01T09:00")
    assert world.to("anna", "nudge") == []
    assert "Välkommen tillbaka" in world.say("anna", "åter i tjänst").text
    assert f"{world.rows(Absence)[0].to_on}" == "2027-01-31"
    # 23 Nov-31 Jan are 8 + 31 + 31 = 70 days: 11 Jan 2031 + 70 = 22 Mar 2031.
    assert "slutet har flyttats till lör 22 mars 2031 (v 12)." in world.say("anna", "status").text
    assert world.drift() == []


def test_after_the_return_a_missed_week_is_told_again(world: World) -> None:
    world.say("anna", "sjukskriven tills vidare")
    world.pass_to("2027-02-01T09:00")
    world.say("anna", "tillbaka idag")
    world.pass_to("2027-02-08T12:00")
    # v 5 (1-7 Feb) is the first week in service.
    assert any("v 5" in sent.text for sent in world.to("anna", "nudge"))


def test_what_a_missed_week_has_left_to_be_said_waits_for_the_return(world: World) -> None:
    world.pass_to("2026-11-30T09:00")
    world.say("anna", "föräldraledig 1/12-3/1")
    world.pass_to("2027-02-12T12:00")
    about = [sent for sent in world.to("anna", "nudge") if "handledning" in sent.text]
    assert [(f"{sent.at:%a %d %b}", *sent.steps) for sent in about] == [
        ("Thu 26 Nov", "soon"),
        ("Mon 30 Nov", "overdue"),
        # Seven days in service after 30 Nov: 7 Dec + 34 days away is Sunday 10 Jan.
        *(("Thu 07 Jan", "soon"), ("Mon 11 Jan", "repeat"), ("Thu 14 Jan", "soon")),
        *(("Mon 18 Jan", "repeat"), ("Thu 21 Jan", "soon")),
        ("Mon 25 Jan", "repeat", "soon"),  # the meeting of January joins it
        # The repeats have ended; each week's own question has not.
        *(("Thu 28 Jan", "soon"), ("Thu 04 Feb", "soon"), ("Thu 11 Feb", "soon")),
    ]


def test_being_back_earlier_shortens_an_absence_and_undo_restores_it(world: World) -> None:
    world.say("anna", "sjukskriven 23/11-6/12")
    world.say("anna", "åter i tjänst 30/11")
    assert f"{world.rows(Absence)[0].to_on}" == "2026-11-29"
    assert "gäller som förut" in world.press("anna", "Ångra").text
    assert f"{world.rows(Absence)[0].to_on}" == "2026-12-06"
    assert world.drift() == []


def test_undo_in_words_after_being_back_does_not_undo_the_absence_itself(world: World) -> None:
    world.say("anna", "sjukskriven tills vidare")
    world.jump_to("2026-11-26T09:00")
    world.say("anna", "tillbaka idag")
    world.say("anna", "ångra")
    (absence,) = world.rows(Absence)
    assert (absence.to_on, absence.voided_at) == (None, None)


def test_being_back_on_the_first_day_means_it_never_was(world: World) -> None:
    world.say("anna", "sjuk idag")
    world.say("anna", "tillbaka idag")
    assert world.rows(Absence)[0].voided_at is not None
    assert world.drift() == []


def test_being_back_without_having_been_away_is_answered_kindly(world: World) -> None:
    assert "ingen frånvaro" in world.say("anna", "åter i tjänst").text


def test_who_is_back_when_it_was_said_is_welcomed_and_has_nothing_to_do(world: World) -> None:
    turns = [
        ("anna", "sjuk 26/11-27/11", "Sparat"),  # until a Friday
        ("anna", "frisk igen 30/11", "Välkommen tillbaka! Din frånvaro slutade fre 27 nov (v 48)"),
        ("eva", "Anna är tillbaka 30/11", "Frånvaron för Anna Berg slutade fre 27 nov (v 48)"),
        ("anna", "frisk igen 1/12", "ingen frånvaro som pågår"),  # what of the Monday?
    ]
    hold(world, turns)
    assert [f"{row.to_on}" for row in world.rows(Absence)] == ["2026-11-27"]


def test_what_is_said_again_is_not_saved_twice(world: World) -> None:
    turns = [
        ("anna", "föräldraledig 1/3-31/8", "Sparat"),
        ("anna", "föräldraledig 1/3-31/8", "Det har jag redan: föräldraledighet mån 1 mars"),
        ("anna", "sjuk tills vidare", "Sparat"),
        ("anna", "sjuk idag", "Det har jag redan: sjukfrånvaro från mån 23 nov"),
        ("anna", "vab idag", "Sparat"),
        ("anna", "föräldraledig 1/3-30/9", "Sparat"),  # a month more is news
    ]
    hold(world, turns)
    assert len(world.rows(Absence)) == 4


def test_a_booking_on_a_day_that_is_then_spent_away_answers_no_reminder(world: World) -> None:
    """It will not take place: the Thursday's question comes as if it had never been made."""
    world.jump_to("2026-11-24T09:00")
    world.say("anna", "boka handledning 30/11 kl 13 1h")
    world.say("anna", "semester 28/11-30/11")
    world.pass_to("2026-11-26T12:20")
    [sent] = world.to("anna", "nudge")
    assert "v 48" in sent.text
    assert world.drift() == []


def test_a_named_colleague_who_is_away_is_not_the_one_who_writes(world: World) -> None:
    asked = world.say("anna", "Eva sjuk idag")
    assert "Är det Eva" in asked.text
    assert world.rows(Absence) == []
    assert "sjukfrånvaro" in world.press("anna", "Det är jag som är borta").text
    assert len(world.rows(Absence)) == 1


def test_a_child_that_is_named_is_nobodys_absence_but_ones_own(world: World) -> None:
    assert "vab" in world.say("anna", "vab Elsa idag").text
    assert len(world.rows(Absence)) == 1


def test_who_is_well_again_is_so_of_every_illness_that_lasts(world: World) -> None:
    """`frisk igen` ended today's, and the one until Monday went on in silence."""
    hold(
        world,
        [
            ("anna", "sjuk idag", "Sparat"),
            ("anna", "vab till 30/11", "Sparat"),
            ("anna", "frisk igen", "Välkommen tillbaka!"),
            ("anna", "frisk igen", "ingen frånvaro som pågår"),
        ],
    )
    assert "Frånvaro" not in world.say("anna", "status").text
    assert "gäller som förut" in world.say("anna", "ångra").text
    told = world.say("anna", "status").text
    assert "Frånvaro: sjukfrånvaro mån 23 nov (v 48)" in told
    assert "Frånvaro: vab mån 23 nov–mån 30 nov" in told
    assert world.drift() == []


def test_a_leave_goes_on_after_an_illness_in_it_and_that_is_told(world: World) -> None:
    leave = "föräldraledighet mån 23 nov–lör 31 juli 2027 (v 30)"
    hold(
        world,
        [
            ("anna", "föräldraledig till 31/7", "Sparat"),
            ("anna", "sjuk till 30/11", "Sparat"),
            (
                "anna",
                "frisk igen",
                f"gäller inte längre från mån 23 nov (v 48). Kvar är {leave}",
            ),
            ("anna", "status", f"Frånvaro: {leave}"),
            ("anna", "åter i tjänst", "Välkommen tillbaka!"),
            ("anna", "status", "Allt i fas"),
        ],
    )
    assert world.drift() == []


def test_a_supervisor_who_tells_of_the_end_of_an_illness_reads_of_no_other_absence(world: World) -> None:
    world.say("anna", "föräldraledig till 31/7")
    world.say("eva", "Anna sjuk till fredag")
    told = world.say("eva", "Anna frisk igen").text
    assert told.startswith("Noterat: sjukfrånvaro för Anna Berg gäller inte längre från mån 23 nov (v 48).")
    assert "ändå borta" in told
    assert "föräldra" not in told
