"""Two people of one name: each question tells them apart by their e-mails, and an answer settles it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from handlers.desk import desk_of
from handlers.digests.digest import digest_of
from handlers.message import IncomingKind, Message
from handlers.papers.chart import chart
from handlers.papers.sheets import sheets
from storage.engine import reading
from storage.tables import AssessmentRequest, Concern, Entry, Pairing, Person, Placement, Trainee
from tests.support.world import ZONE, World

FIRST, SECOND = "anna@exempel.se", "berg@exempel.se"
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
berg@exempel.se,Anna Berg,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,
"""
TWO = [f"Anna Berg ({FIRST})", f"Anna Berg ({SECOND})"]


@pytest.fixture
def world(sqlite: Engine) -> World:
    return World(sqlite, roster=ROSTER)


def person(world: World, email: str) -> Person:
    return next(each for each in world.rows(Person) if each.email == email)


def trainee_of(world: World, email: str) -> int | None:
    whose = person(world, email).id
    return next(each.id for each in world.rows(Trainee) if each.person_id == whose)


def labels(message: Message) -> list[str]:
    return [button.label for button in message.buttons]


@pytest.mark.parametrize("chosen", [FIRST, SECOND])
def test_a_supervisor_logs_for_the_one_whose_button_was_pressed(world: World, chosen: str) -> None:
    asked = world.say("eva", "handledning igår 1h med Anna Berg")
    assert labels(asked) == TWO
    world.press("eva", f"Anna Berg ({chosen})")
    (entry,) = world.rows(Entry)
    assert entry.trainee_id == trainee_of(world, chosen)


@pytest.mark.parametrize("line", ["visa Anna Berg", "underlag årsrapport Anna Berg", "påminn Anna"])
def test_who_is_shown_is_asked_about_once(world: World, line: str) -> None:
    asked = world.say("siv", line)
    assert labels(asked) == TWO
    assert all(name in asked.text for name in TWO)
    shown = world.press("siv", TWO[1])
    assert labels(shown) != TWO
    assert "Anna Berg" in shown.text


def test_an_e_mail_names_one_of_them(world: World) -> None:
    assert labels(world.say("siv", f"visa {SECOND}")) != TWO
    assert "Anna Berg" in world.say("siv", f"oro {SECOND}: missar jourer").text
    assert [row.trainee_id for row in world.rows(Concern)] == [trainee_of(world, SECOND)]


def test_a_concern_tells_what_to_write(world: World) -> None:
    asked = world.say("siv", "oro Anna Berg: missar jourer")
    assert all(name in asked.text for name in TWO)
    assert world.rows(Concern) == []


SHARED = """\
email,name,role,unit,rulebook,supervisor,start,end
lo@exempel.se,Lo Lund,trainee,Ekbacken,ostergotland-allmanmedicin,siv@exempel.se,2026-01-12,2031-01-11
siv@exempel.se,Siv Rektorsson,supervisor,Ekbacken,,,,
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
ek@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
"""
EVAS = ["Eva Ek (eva@exempel.se)", "Eva Ek (ek@exempel.se)"]


@pytest.fixture
def shared(sqlite: Engine) -> World:
    return World(sqlite, roster=SHARED)


def test_an_assessor_is_asked_about_once_and_saved_by_name(shared: World) -> None:
    assert labels(shared.say("lo", "mini-cex idag av Eva Ek")) == EVAS
    assert shared.press("lo", EVAS[1]).text.startswith("Sparat")
    assert [entry.people for entry in shared.rows(Entry)] == [["eva ek"]]


def test_the_one_whose_button_was_pressed_is_asked_for_an_assessment(shared: World) -> None:
    assert labels(shared.say("lo", "be Eva Ek om mini-cex")) == EVAS
    assert shared.press("lo", EVAS[1]).text.startswith("Skickat till Eva Ek")
    (request,) = shared.rows(AssessmentRequest)
    assert request.assessor_id == person(shared, "ek@exempel.se").id


def test_the_one_whose_button_was_pressed_supervises_the_placement(shared: World) -> None:
    asked = shared.say("lo", "sidotjänstgöring psykiatri 1/2-30/4 handledare Eva Ek")
    assert labels(asked)[:2] == EVAS
    shared.press("lo", EVAS[1])
    (placement,) = shared.rows(Placement)
    (pair,) = [each for each in shared.rows(Pairing) if each.id == placement.pairing_id]
    assert pair.supervisor_id == person(shared, "ek@exempel.se").id


def test_a_supervisor_named_afterwards_is_told_apart_by_e_mail(shared: World) -> None:
    shared.say("lo", "sidotjänstgöring psykiatri 1/2-30/4")
    assert "handledare eva@exempel.se" in shared.say("lo", "handledare Eva Ek").text
    shared.say("lo", "handledare ek@exempel.se")
    assert [each.supervisor_id for each in shared.rows(Pairing) if each.kind == "placement"] == [
        person(shared, "ek@exempel.se").id
    ]


def test_who_have_a_name_of_their_own_are_called_by_it(shared: World) -> None:
    shared.enrol(SHARED.replace("ek@exempel.se,Eva Ek,", "ek@exempel.se,Eva Ekman,"))
    assert labels(shared.say("lo", "mini-cex idag av Eva")) == ["Eva Ek", "Eva Ekman"]


def test_the_page_and_the_form_tell_them_apart(world: World) -> None:
    page = world.take(world.incoming("eva", kind=IncomingKind.HOME, inline=True)).message
    assert [label for label in labels(page) if label.startswith("Anna")] == TWO
    form = world.take(world.incoming("eva", "/handledning", forms=True)).message.form
    assert form is not None
    assert [label for label, _ in form.inputs[0].options] == TWO


def test_a_reminder_of_both_offers_each(world: World) -> None:
    world.pass_to("2026-12-07T08:00")
    assert any(sent.kind == "nudge" for sent in world.to("eva"))
    offered = labels(world.press("eva", "Logga nu"))
    assert [label.partition(":")[0] for label in offered] == TWO


def test_whom_a_reminder_and_a_digest_are_about_is_told(world: World) -> None:
    world.pass_to("2026-12-21T08:00")
    reminded = world.to("eva", "nudge")[-1].text
    assert all(f"{name}: " in reminded for name in TWO)
    assert all("Anna Berg" not in sent.text for sent in world.to("anna", "nudge"))
    digest = world.to("siv", "digest")[-1]
    assert all(f"{name} (Ekbacken): " in digest.text for name in TWO)
    assert all(name in world.say("siv", "lista försenade").text for name in TWO)
    assert all(name in world.say("eva", "status").text for name in TWO)


def test_whom_a_log_a_booking_and_a_request_are_of_is_told(world: World) -> None:
    world.say("berg", "handledning idag 1h")
    assert world.to("eva", "confirm")[-1].text.startswith(f"{TWO[1]} ")
    world.say("anna", "boka handledning 26/11 13-14")
    world.pass_to("2026-11-25T17:00")
    assert TWO[0] in world.to("eva", "booking")[-1].text
    world.say("berg", "be Eva om mini-cex")
    world.pass_to("2026-11-26T08:00")
    assert any(TWO[1] in sent.text and "mini-CEX" in sent.text for sent in world.to("eva"))
    world.say("eva", f"handledning igår 1h med {FIRST}")
    assert world.to("eva", "reply")[-1].text.startswith(f"Sparat för {TWO[0]}: ")
    assert world.to("anna", "confirm")[-1].text.startswith("Eva Ek ")


def test_a_supervisor_of_both_in_two_units_is_told_whom(sqlite: Engine) -> None:
    world = World(
        sqlite,
        roster=ROSTER.replace(
            "berg@exempel.se,Anna Berg,trainee,Ekbacken,,",
            f"{SECOND},Anna Berg,trainee,Granlund,skane-sjukhus,",
        ),
    )
    world.say("berg", "handledning idag 1h")
    assert world.to("eva", "confirm")[-1].text.startswith(f"{TWO[1]} ")


def test_the_picture_and_the_workbook_tell_them_apart(world: World) -> None:
    with reading(world.engine) as session:
        desk = desk_of(session, person(world, "siv@exempel.se"), world.clock(), ZONE)
        of = digest_of(session, desk.person, desk.now, desk.today)
        assert [row.label for row in chart(desk.words, of).rows] == ["Ekbacken", *TWO]
        standing = sheets(desk, of)[0]
        assert {row[1] for row in standing.rows} == set(TWO)


def test_whom_a_concern_is_about_is_told(world: World) -> None:
    world.say("eva", f"oro {SECOND}: missar jourer")
    assert TWO[1] in world.to("siv")[-1].text
    assert TWO[1] in world.say("siv", "oro").text
    assert TWO[1] in world.say("siv", "digest").text


def test_who_has_two_roles_is_no_namesake_of_theirs(sqlite: Engine) -> None:
    roster = SHARED.replace("ek@exempel.se,Eva Ek,supervisor", "eva@exempel.se,Eva Ek,head")
    asked = World(sqlite, roster=roster).say("lo", "be Eva Ek om mini-cex")
    assert asked.text.startswith("Skickat till Eva Ek:")
