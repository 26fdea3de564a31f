"""A supervisor's concern: to the unit's studierektor and head, to nobody else, until it has an outcome."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from handlers.message import IncomingKind
from storage.engine import reading, writing
from storage.tables import Audit, Concern, ConcernStep, Draft, Inbox, Outbox, Role
from tests.integration.conversation import hold
from tests.support.world import ROSTER, World

MORE = """\
nils@exempel.se,Nils Vik,supervisor,Ekbacken,,,,,
doris@exempel.se,Doris Kvist,trainee,Ekbacken,,nils@exempel.se,2026-01-12,2031-01-11,
hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,
gerd@exempel.se,Gerd Toppen,chief_director,,,,,,
"""
TEXT = "sover dåligt och tappar fart"


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Monday 23 November 2026, 09:00."""
    return World(sqlite, roster=ROSTER + MORE)


def heard(world: World, who: str) -> str:
    return "\n".join(sent.text for sent in world.to(who))


def test_it_goes_to_the_studierektor_and_the_head_and_the_receipt_says_so(house: World) -> None:
    receipt = house.say("eva", f"oro Anna: {TEXT}").text
    assert "Siv Rektorsson (studierektor)" in receipt
    assert "Hans Chefsäter (chef)" in receipt
    assert TEXT not in receipt
    for who in ("siv", "hans"):
        assert f"Eva Ek är orolig för Anna Berg (Ekbacken): {TEXT}" in heard(house, who)
    for who in ("anna", "nils", "gerd", "lars", "tage", "bo"):
        assert heard(house, who) == ""


@pytest.mark.parametrize(
    "line",
    [
        f"Anna oro: {TEXT}",
        f"jag är orolig för Anna: {TEXT}",
        f"oro: Anna {TEXT}",
        f"concern anna {TEXT}",
        f"/oro Anna Berg: {TEXT}",
    ],
)
def test_the_order_of_the_words_is_free(house: World, line: str) -> None:
    house.say("eva", line)
    assert [row.text for row in house.rows(Concern)] == [TEXT]


def test_no_trace_holds_what_was_written(house: World, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the audit trail nor the outbox, the kept answers or the logs."""
    caplog.set_level("DEBUG")
    house.say("eva", f"oro Anna: {TEXT}")
    house.say("siv", "oro")
    house.say("siv", "digest")
    house.say("siv", "oro Anna klar: extra handledning")
    with reading(house.engine) as session:
        rows = [*house.rows(Audit), *house.rows(Outbox), *house.rows(Inbox)]
        session.expunge_all()
    kept = json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False)
    for words in (TEXT, "extra handledning"):
        assert words not in kept
        assert words not in caplog.text
    assert [row.act for row in house.rows(Audit) if row.subject.startswith("concern:")] == [
        "concern_raised",
        "concern_seen",
        "concern_seen",
        "concern_closed",
    ]


def test_it_stands_in_their_digest_until_it_has_an_outcome(house: World) -> None:
    hold(
        house,
        [
            ("eva", f"oro Anna: {TEXT}", "Sparat"),
            ("siv", "digest", f"• Anna Berg (Ekbacken): {TEXT} · från Eva Ek mån 23 nov (v 48)"),
            ("siv", "följ upp oro Anna 2026-12-10", "påminner om Anna Berg tors 10 dec (v 50)"),
            ("hans", "digest", "följs upp tors 10 dec (v 50)"),
            ("hans", "oro Anna klar", "Hur blev det?"),
            ("hans", "oro Anna klar: samtal hållet, plan gjord", "Oron för Anna Berg är avslutad"),
        ],
    )
    assert TEXT not in house.say("siv", "digest").text
    assert "ingen öppen oro" in house.say("siv", "oro").text
    [row] = house.rows(Concern)
    steps = [(step.kind, step.text) for step in house.rows(ConcernStep)]
    assert row.closed_at is not None
    assert steps == [("follow_up", None), ("outcome", "samtal hållet, plan gjord")]


@pytest.mark.parametrize("who", ["gerd", "tage", "nils", "eva", "anna"])
def test_nobody_else_reads_it_in_digest_list_or_by_name(house: World, who: str) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    for line in ("digest", "oro", "oro Anna", "visa Anna", "historik", "status Anna", "oro Anna klar: bra"):
        assert TEXT not in house.say(who, line).text
    assert house.rows(Concern)[0].closed_at is None


def test_the_weekly_digest_brings_it(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    went = house.pass_to("2026-11-30T08:00")
    told = {sent.to.partition("@")[0] for sent in went if sent.kind == "digest" and TEXT in sent.text}
    assert told == {"siv", "hans"}


def test_a_follow_up_is_reminded_of_on_its_morning_and_not_before(house: World) -> None:
    house.say("eva", f"oro Doris: {TEXT}")  # nobody supervised by Eva
    assert house.rows(Concern) == []
    house.say("eva", f"oro Anna: {TEXT}")
    house.say("siv", "följ upp oro Anna 2026-12-10")  # a Thursday
    before = house.pass_to("2026-12-10T07:59")
    assert not any("Dags att följa upp" in sent.text for sent in before)
    after = house.pass_to("2026-12-10T09:00")
    told = {(sent.to, f"{sent.at:%H:%M}") for sent in after if "Dags att följa upp oron" in sent.text}
    assert told == {("siv@exempel.se", "08:00"), ("hans@exempel.se", "08:00")}
    later = house.pass_to("2027-01-15T09:00")
    assert not any("Dags att följa upp" in sent.text for sent in later if sent.kind == "nudge")
    assert "skulle ha följts upp tors 10 dec" in house.say("siv", "digest").text


def test_on_a_day_off_it_is_reminded_of_the_next_working_morning(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    house.say("siv", "följ upp oro Anna 2026-12-12")  # a Saturday
    went = [sent for sent in house.pass_to("2026-12-14T09:00") if "Dags att följa upp oron" in sent.text]
    assert {f"{sent.at:%a %d %H:%M}" for sent in went} == {"Mon 14 08:00"}


def test_a_follow_up_that_was_moved_or_answered_is_not_reminded_of(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    house.say("eva", f"oro Bo: {TEXT}")
    house.say("siv", "följ upp oro Anna 2026-12-10")
    house.say("siv", "följ upp oro Anna 2026-12-17")
    house.say("siv", "följ upp oro Bo 2026-12-10")
    house.say("siv", "oro Bo klar: löste sig")
    went = [sent for sent in house.pass_to("2026-12-16T18:00") if "Dags att följa upp oron" in sent.text]
    assert went == []
    went = [sent for sent in house.pass_to("2026-12-17T18:00") if "Dags att följa upp oron" in sent.text]
    assert {sent.to for sent in went} == {"siv@exempel.se", "hans@exempel.se"}


def test_the_button_puts_it_two_weeks_ahead(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    assert "mån 7 dec (v 50)" in house.press("siv", "Följ upp om två veckor").text
    assert "Oron för Anna Berg står som förut" in house.press("siv", "Ångra").text
    assert house.rows(Concern)[0].follow_up_on is None


def test_the_outcome_can_be_taken_back(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    house.say("siv", "oro Anna klar: samtal hållet")
    house.say("siv", "ångra")
    assert TEXT in house.say("siv", "oro").text
    assert [step.voided_at is None for step in house.rows(ConcernStep)] == [False]


def test_who_raised_it_takes_it_back_and_the_readers_are_told(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}")
    assert "Oron för Anna Berg är tillbakatagen" in house.press("eva", "Ångra").text
    assert "Eva Ek har tagit tillbaka sin oro för Anna Berg." in heard(house, "siv")
    assert "ingen öppen oro" in house.say("siv", "oro").text
    assert "redan ångrat" in house.press("eva", "Ångra").text


def test_undone_before_it_went_out_nobody_hears_of_it(house: World) -> None:
    house.take(house.incoming("eva", f"oro Anna: {TEXT}"))
    house.take(house.incoming("eva", "ångra"))
    house.deliver()
    assert heard(house, "siv") == heard(house, "hans") == ""


def test_who_is_studierektor_no_longer_reads_nothing_of_what_waits(house: World) -> None:
    house.take(house.incoming("eva", f"oro Anna: {TEXT}"))
    with writing(house.engine) as session:
        for role in house.rows(Role):
            if role.role == "studierektor":
                session.delete(session.get_one(Role, role.id))
    house.deliver()
    assert heard(house, "siv") == ""
    assert TEXT not in house.say("siv", "oro").text
    assert TEXT not in house.press("hans", "Följ upp om två veckor").text


def test_an_identity_number_is_refused_and_nothing_saved(house: World) -> None:
    assert "personnummer" in house.say("eva", "oro Anna: 19121212-1212 missar jourer").text
    assert house.rows(Concern) == []


def test_in_a_channel_nothing_is_saved_and_nothing_shown(house: World) -> None:
    assert "privat chatt" in house.say("eva", f"oro Anna: {TEXT}", private=False).text
    assert house.rows(Concern) == []
    house.say("eva", f"oro Anna: {TEXT}")
    for line in ("oro", "digest", "översikt"):
        text = house.say("siv", line, private=False).text
        assert TEXT not in text
        assert "Anna" not in text or line != "oro"
    assert "Oro: 1" in house.say("siv", "digest", private=False).text


def test_a_trainee_who_writes_it_is_answered_kindly_and_nothing_is_saved(house: World) -> None:
    assert "Prata med din handledare" in house.say("anna", "oro: jag orkar inte").text
    assert house.rows(Concern) == []


def test_a_trainee_with_a_leading_role_never_reads_of_themselves(house: World) -> None:
    with writing(house.engine) as session:
        bo = next(row for row in house.rows(Role) if row.role == "trainee" and row.person_id == 2)
        session.add(Role(person_id=bo.person_id, role="head", unit_id=bo.unit_id))
    house.say("eva", f"oro Bo: {TEXT}")
    assert heard(house, "bo") == ""
    assert TEXT not in house.say("bo", "oro").text
    assert TEXT not in house.say("bo", "digest").text
    assert TEXT in house.say("siv", "oro").text


def test_a_trainee_with_a_leading_role_raises_none_about_themselves(house: World) -> None:
    with writing(house.engine) as session:
        bo = next(row for row in house.rows(Role) if row.role == "trainee" and row.person_id == 2)
        session.add(Role(person_id=bo.person_id, role="head", unit_id=bo.unit_id))
    assert "Sparat" not in house.say("bo", f"oro Bo: {TEXT}").text
    assert house.rows(Concern) == []
    assert "Din oro för Anna Berg" in house.say("bo", f"oro Anna: {TEXT}").text


def test_without_a_name_it_is_asked_for_unless_there_is_only_one(house: World) -> None:
    assert "Vem gäller det?" in house.say("eva", f"oro: {TEXT}").text
    assert house.rows(Concern) == []
    assert "Din oro för Doris Kvist" in house.say("nils", f"oro: {TEXT}").text


def test_an_edited_message_replaces_what_it_said(house: World) -> None:
    house.say("eva", "oro Anna: missar jour", message_ref="m:edit")
    house.say("eva", f"oro Anna: {TEXT}", message_ref="m:edit", kind=IncomingKind.EDIT)
    assert TEXT in house.say("siv", "oro").text
    assert "missar jour ·" not in house.say("siv", "oro").text


def test_a_deleted_message_asks_whether_it_is_to_go(house: World) -> None:
    house.say("eva", f"oro Anna: {TEXT}", message_ref="m:gone")
    asked = house.say("eva", "", message_ref="m:gone", kind=IncomingKind.DELETE)
    assert "ta tillbaka oron" in asked.text
    house.press("eva", "Ta bort")
    assert house.rows(Concern)[0].voided_at is not None


def test_a_remark_is_offered_and_a_concern_is_none(house: World) -> None:
    """After a confirmation the next line is a remark that the trainee reads; a concern never is."""
    house.say("anna", "handledning idag 1h")
    house.press("eva", "Stämmer")
    house.say("eva", f"Anna oro: {TEXT}")
    assert TEXT not in heard(house, "anna")
    assert len(house.rows(Concern)) == 1


def test_where_nobody_answers_for_the_unit_nothing_is_saved(house: World) -> None:
    with writing(house.engine) as session:
        for role in house.rows(Role):
            if role.role == "studierektor":
                session.delete(session.get_one(Role, role.id))
    assert "ingen studierektor eller chef" in house.say("lars", f"oro Cia: {TEXT}").text
    assert house.rows(Concern) == []


def test_what_it_is_about_may_come_on_the_next_line_and_only_there(house: World) -> None:
    assert "Skriv det på nästa rad" in house.say("eva", "oro anna").text
    assert "Siv Rektorsson (studierektor)" in house.say("eva", f"hon {TEXT}").text
    assert f"Anna Berg (Ekbacken): hon {TEXT}" in heard(house, "siv")
    assert "Det förstod jag inte" in house.say("eva", "hon mår lite bättre nu tror jag").text
    assert [row.text for row in house.rows(Concern)] == [f"hon {TEXT}"]


@pytest.mark.parametrize("line", ["handledning med Anna idag 1h", "tack", "status", "hejdå", "visa Anna"])
def test_a_line_that_stands_for_itself_is_no_concern(house: World, line: str) -> None:
    house.say("eva", "oro anna")
    house.say("eva", line)
    house.say("eva", f"hon {TEXT}")
    assert house.rows(Concern) == []


def test_a_draft_keeps_whom_it_is_about_and_nothing_else_and_not_for_long(house: World) -> None:
    house.say("eva", "oro anna")
    assert [row.asked for row in house.rows(Draft)] == [{"concern": 1}]
    house.pass_to("2026-11-23T09:16")
    house.say("eva", f"hon {TEXT}")
    assert house.rows(Concern) == []


@pytest.mark.parametrize("line", ["visa oro", "läs oro Anna", "finns det någon oro?", "show concern anna"])
def test_who_reads_concerns_is_shown_those_that_are_open(house: World, line: str) -> None:
    assert "ingen öppen oro" in house.say("siv", line).text
    house.say("eva", f"oro Anna: {TEXT}")
    assert TEXT in house.say("siv", line).text
    assert TEXT not in house.say("eva", line).text


def test_asking_to_see_concerns_is_never_taken_for_what_one_is_about(house: World) -> None:
    hold(house, [("siv", "oro Anna", "Skriv det på nästa rad"), ("siv", "visa oro", "ingen öppen oro")])
    assert house.rows(Concern) == []


def test_what_has_an_outcome_is_no_longer_taken_back(house: World) -> None:
    """Neither by word nor button, nor by editing or deleting the message: it would take the outcome along."""
    house.say("eva", f"oro Anna: {TEXT}", message_ref="line")
    house.say("siv", "oro Anna klar: samtal hållet")
    told = "Oron för Anna Berg är redan avslutad"
    assert told in house.say("eva", "ångra").text
    assert told in house.press("eva", "Ångra").text
    assert told in house.say("eva", f"oro Anna: {TEXT} nu", kind=IncomingKind.EDIT, message_ref="line").text
    assert told in house.say("eva", "", kind=IncomingKind.DELETE, message_ref="line").text
    [row] = house.rows(Concern)
    assert row.voided_at is None
    assert "tagit tillbaka" not in heard(house, "siv")
    house.say("siv", "ångra")  # the outcome
    assert "Oron för Anna Berg är tillbakatagen" in house.say("eva", "ångra").text
