"""A trainee asks for an assessment; the assessor answers with one press and, if they like, one line."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from handlers.message import IncomingKind
from storage.tables import AssessmentRequest, Audit, Entry, Outbox, Remark, Standing
from tests.integration.conversation import hold
from tests.support.world import ROSTER, World

LINE = "bedömning mini-cex buksmärta @lind"


@pytest.fixture
def asked(world: World) -> World:
    """On Monday 23 November Anna asks Lars Lind, a supervisor of another unit."""
    assert "Skickat till Lars Lind: mini-CEX · buksmärta" in world.say("anna", LINE).text
    return world


def request(world: World) -> AssessmentRequest:
    (row,) = world.rows(AssessmentRequest)
    return row


def live(world: World) -> list[Entry]:
    return [entry for entry in world.rows(Entry) if entry.state == "live"]


def test_the_assessor_gets_one_button_for_each_level_and_a_way_out(asked: World) -> None:
    (sent,) = asked.to("lars")
    assert sent.text == "Anna Berg ber dig om en bedömning: mini-CEX · buksmärta (mån 23 nov). Hur gick det?"
    labels = [button.label for button in sent.message.buttons]
    assert labels == ["Behöver stöd", "På väg", "Självständig", "Avböj"]


def test_a_press_is_the_assessors_entry_and_counts_for_the_requirement(asked: World) -> None:
    asked.pass_to("2026-11-25T10:00")
    answer = asked.press("lars", "På väg")
    assert (
        "Sparat för Anna Berg: mini-CEX mån 23 nov (v 48) · av Lars Lind · på väg · buksmärta" in answer.text
    )
    (entry,) = live(asked)
    assert (entry.activity, entry.instrument, entry.level) == ("assessment", "mini-cex", "on_the_way")
    assert (entry.on_date.isoformat(), entry.written_by, entry.confirmed_by) == ("2026-11-23", 6, 6)
    assert asked.to("anna")[-1].text == "Lars Lind har bedömt mini-CEX · buksmärta: på väg."
    assert request(asked).state == "done"
    assert asked.drift() == []
    due = {r.requirement: r for r in asked_standings(asked)}
    assert (due["assessment"].done, due["assessment"].last_on) == (1, entry.on_date)


def asked_standings(world: World) -> list[Standing]:
    return [row for row in world.rows(Standing) if row.trainee_id == 1]


def test_one_free_line_goes_along_and_the_trainee_reads_it(asked: World) -> None:
    asked.press("lars", "På väg")
    hold(asked, [("lars", "bra anamnes, öva på status idag", "Tillagt till")])
    assert [row.text for row in asked.rows(Remark)] == ["bra anamnes, öva på status idag"]
    assert asked.to("anna")[-1].text.endswith("”bra anamnes, öva på status idag”")
    assert len(live(asked)) == 1  # the line logged nothing


def test_a_line_that_stands_for_itself_is_no_remark(asked: World) -> None:
    asked.press("lars", "På väg")
    hold(asked, [("lars", "handledning idag 1h med Cia", "Sparat för Cia Strand")])
    assert asked.rows(Remark) == []


def test_an_identity_number_in_the_line_is_refused_as_anywhere(asked: World) -> None:
    asked.press("lars", "På väg")
    hold(asked, [("lars", "patienten 19121212-1212 mådde bra", "personnummer")])
    assert asked.rows(Remark) == []


def test_it_is_sent_again_after_three_and_seven_days_and_given_up_after_fourteen(asked: World) -> None:
    """Monday 23 + 3 is Thursday 26, + 7 Monday 30 November, + 14 is 7 December; to Lars in bundles."""
    went = asked.pass_to("2026-12-08T12:00")
    to_lars = [
        (f"{s.at:%a %d %H:%M}", s.kind) for s in went if s.to.startswith("lars") and "buksmärta" in s.text
    ]
    assert to_lars == [("Thu 26 08:00", "nudge"), ("Mon 30 08:00", "nudge")]
    assert request(asked).state == "expired"
    told = [s for s in went if s.to.startswith("anna") and "förfallit utan svar" in s.text]
    assert [f"{s.at:%a %d %b %H:%M}" for s in told] == ["Mon 07 Dec 08:00"]
    assert "inte längre" in asked.press("lars", "På väg").text
    assert live(asked) == []


def test_the_trainee_sees_how_it_stands_in_status_and_in_the_receipt(asked: World) -> None:
    line = "Bedömning mini-CEX · buksmärta av Lars Lind: "
    assert line + "skickad" in asked.say("anna", "status").text
    asked.pass_to("2026-11-26T09:00")
    assert line + "påmind" in asked.say("anna", "status").text
    (receipt,) = [r for r in asked.rows(Outbox) if r.subject == f"inbox:{request(asked).inbox_id}"]
    in_place = [s.message for s in asked.to("anna") if s.message.replaces == receipt.reference]
    assert [message.text for message in in_place] == [line + "påmind"]
    asked.press("lars", "Självständig")
    assert line + "klar" in asked.say("anna", "status").text
    in_place = [s.message for s in asked.to("anna") if s.message.replaces == receipt.reference]
    assert [(m.text, len(m.buttons)) for m in in_place] == [(line + "påmind", 1), (line + "klar", 0)]


def test_an_answer_stops_the_reminders(asked: World) -> None:
    asked.press("lars", "På väg")
    went = asked.pass_to("2026-12-08T12:00")
    assert not [s for s in went if "buksmärta" in s.text]


def test_the_assessor_can_take_the_answer_back_and_give_another(asked: World) -> None:
    asked.press("lars", "På väg")
    answer = asked.press("lars", "Ångra")
    assert "Begäran står kvar" in answer.text
    assert (live(asked), request(asked).state) == ([], "sent")
    asked.clock.move_to(asked.clock().replace(minute=5))
    asked.press("lars", "Självständig")
    assert [entry.level for entry in live(asked)] == ["independent"]
    assert asked.drift() == []


def test_the_trainee_cannot_change_what_the_assessor_answered(asked: World) -> None:
    asked.press("lars", "På väg")
    hold(asked, [("anna", "ångra", "inget att ångra"), ("anna", "ändra till igår", "inget att ändra")])
    assert [entry.level for entry in live(asked)] == ["on_the_way"]


def test_the_trainee_may_object_and_the_assessor_hears_of_it(asked: World) -> None:
    asked.press("lars", "På väg")
    hold(asked, [("anna", "[Stämmer inte]", "Lars Lind får veta det")])
    assert "säger att detta inte stämmer" in asked.to("lars")[-1].text


def test_declining_leaves_the_trainee_free_to_ask_somebody_else(asked: World) -> None:
    asked.press("lars", "Avböj")
    assert "kan inte göra bedömningen" in asked.to("anna")[-1].text
    assert (request(asked).state, live(asked)) == ("declined", [])


@pytest.mark.parametrize("how", ["ångra", "[Ångra]"])
def test_the_trainee_can_withdraw_it_while_it_waits(asked: World, how: str) -> None:
    hold(asked, [("anna", how, "Ångrat: begäran om mini-CEX")])
    assert "inte längre" in asked.press("lars", "På väg").text
    assert (request(asked).state, live(asked)) == ("withdrawn", [])


def test_nobody_is_asked_the_same_twice(asked: World) -> None:
    hold(asked, [("anna", "be @lind om bedömning mini-cex buksmärta", "redan bett Lars Lind")])
    assert len(asked.to("lars")) == 1


def test_nobody_is_nudged_about_a_trainee_who_is_away(asked: World) -> None:
    """Anna is sick from Wednesday to Sunday: the round of Thursday is Monday's, with that of day seven."""
    asked.say("anna", "sjuk 25/11-29/11")
    asked.pass_to("2026-11-24T12:00")
    went = asked.pass_to("2026-12-01T12:00")
    assert [f"{s.at:%a %d %H:%M}" for s in went if s.to.startswith("lars") and "buksmärta" in s.text] == [
        "Mon 30 08:00"
    ]


def test_the_button_is_the_assessors_alone(asked: World) -> None:
    press = asked.button("lars", "På väg").press
    reply = asked.take(asked.incoming("anna", kind=IncomingKind.PRESS, press=press))
    assert "någon annan" in reply.message.text
    assert live(asked) == []


def test_dops_has_four_levels(world: World) -> None:
    hold(
        world, [("anna", "be Eva Ek om en dops lumbalpunktion", "Skickat till Eva Ek: DOPS · lumbalpunktion")]
    )
    labels = [button.label for button in world.to("eva")[-1].message.buttons]
    assert labels == ["Behöver stöd", "Med hjälp", "Under uppsikt", "Självständig", "Avböj"]


def test_who_is_not_in_the_roster_cannot_be_asked_but_may_have_done_it(world: World) -> None:
    hold(world, [("anna", "bedömning mini-cex buksmärta @okänd", "Är bedömningen redan gjord?")])
    hold(world, [("anna", "[Ja, spara som gjord idag]", "Sparat: mini-CEX mån 23 nov")])
    assert world.rows(AssessmentRequest) == []


def test_two_of_a_name_are_told_apart_by_a_button(sqlite: Engine) -> None:
    more = "nils@exempel.se,Nils Lind,supervisor,Granlund,,,,,\n"
    world = World(sqlite, roster=ROSTER + more)
    hold(world, [("anna", LINE, "Vem gäller det?"), ("anna", "[Nils Lind]", "Skickat till Nils Lind")])


@pytest.mark.parametrize("who", ["eva", "siv"])
def test_only_a_trainee_asks(world: World, who: str) -> None:
    hold(world, [(who, LINE, "ST-läkaren som ber")])


def test_a_log_of_what_has_been_done_stays_a_log(world: World) -> None:
    hold(world, [("anna", "bedömning mini-cex idag av Lind", "Sparat: mini-CEX mån 23 nov")])
    assert world.rows(AssessmentRequest) == []


def test_every_turn_is_in_the_audit_without_a_word_of_what_was_written(asked: World) -> None:
    asked.press("lars", "På väg")
    asked.say("lars", "bra anamnes")
    acts = [row.act for row in asked.rows(Audit)]
    assert {"requested", "assessed", "remarked"} <= set(acts)
    assert "anamnes" not in str([row.facts for row in asked.rows(Audit)])


def test_what_took_place_on_an_earlier_day_is_asked_for_and_not_logged(world: World) -> None:
    hold(
        world,
        [
            ("anna", "be Lars om dops i onsdags", "Skickat till Lars Lind: DOPS (ons 18 nov)."),
            ("anna", "be @lind om dops i onsdags", "Du har redan bett Lars Lind om det"),
            ("anna", "begär dops av @lind igår", "skriv: DOPS 22/11 av Lars Lind"),
        ],
    )
    assert world.to("lars")[0].text == "Anna Berg ber dig om en bedömning: DOPS (ons 18 nov). Hur gick det?"
    assert live(world) == []
    world.press("lars", "Självständig")
    assert [entry.on_date.isoformat() for entry in live(world)] == ["2026-11-22"]


def test_a_request_waits_from_the_day_on_which_it_was_sent(world: World) -> None:
    # Sent on Monday 23 November of the 2nd: said again on the 26th and the 30th, given up on 7 December.
    world.say("anna", "be Lars om dops 2/11")
    world.pass_to("2026-12-06T23:00")
    assert [f"{sent.at:%d/%m}" for sent in world.to("lars")] == ["23/11", "26/11", "30/11"]
    assert request(world).state == "reminded"
    world.pass_to("2026-12-07T09:00")
    assert request(world).state == "expired"


def test_of_a_day_before_the_training_nobody_is_asked(world: World) -> None:
    assert "Utbildningen började" in world.say("anna", "be Lars om dops 2025-12-01").text
    assert world.to("lars") == []


def test_a_request_without_an_instrument_says_assessment_once(world: World) -> None:
    world.say("anna", "be Lars om bedömning")
    assert world.to("lars")[0].text == "Anna Berg ber dig om en bedömning (mån 23 nov). Hur gick det?"
    world.press("lars", "På väg")
    assert world.to("anna")[-1].text == "Lars Lind har bedömt dig: på väg."
    world.say("anna", "be Lars om bedömning akut buk")
    world.press("lars", "Avböj")
    assert world.to("anna")[-1].text.startswith("Lars Lind kan inte göra bedömningen · akut buk.")
