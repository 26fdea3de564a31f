"""Two people of one name: each question tells them apart by their e-mails, and an answer settles it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from handlers.message import IncomingKind, Message
from storage.tables import AssessmentRequest, Concern, Entry, Pairing, Person, Placement, Trainee
from tests.support.world import World

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
