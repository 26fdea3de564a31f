"""Forms on the whole stack: what is filled in is held to the same rules as what is written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handlers.message import Form, IncomingKind, Reply
from storage.tables import Entry, Inbox
from tests.support.world import World

TODAY = {"date": "2026-11-23", "minutes": "1h", "topics": "ethics,teaching", "note": ""}


def opened(world: World, who: str, text: str = "/handledning", **more: Any) -> Form:
    reply = world.take(world.incoming(who, text, forms=True, **more))
    assert reply.message.form is not None
    return reply.message.form


def sent(world: World, who: str, form: Form | str, **values: str) -> Reply:
    press = form if isinstance(form, str) else form.press
    reply = world.take(world.incoming(who, kind=IncomingKind.FORM, press=press, values={**TODAY, **values}))
    world.deliver()
    return reply


def live(world: World) -> list[Entry]:
    return [entry for entry in world.rows(Entry) if entry.state == "live"]


def test_the_command_alone_opens_a_form_and_writes_nothing(world: World) -> None:
    form = opened(world, "anna")
    assert [each.name for each in form.inputs] == ["date", "minutes", "topics", "note"]
    assert form.inputs[0].value == "2026-11-23"
    world.deliver()
    assert world.to("anna") == []
    assert live(world) == []


def test_without_forms_the_command_alone_logs_as_it_did(world: World) -> None:
    assert world.say("anna", "/handledning").text.startswith("Sparat: handledning mån 23 nov (v 48)")


@pytest.mark.parametrize("text", ["/handledning idag 1h", "handledning", "/bedomning", "/status"])
def test_every_other_line_is_read_as_ever(world: World, text: str) -> None:
    assert world.take(world.incoming("anna", text, forms=True)).message.form is None


def test_what_is_filled_in_is_logged_and_receipted(world: World) -> None:
    sent(world, "anna", opened(world, "anna"), note="svårt samtal")
    [entry] = live(world)
    assert (entry.on_date, entry.minutes, entry.topics) == (date(2026, 11, 23), 60, ["ethics", "teaching"])
    assert entry.note == "svårt samtal"
    assert world.to("anna")[0].text.startswith("Sparat: handledning mån 23 nov (v 48), 1 h · etik")
    assert [sent.kind for sent in world.to("eva")] == ["confirm"]


def test_a_span_gives_the_length_and_the_time(world: World) -> None:
    sent(world, "anna", opened(world, "anna"), minutes="13-14.30")
    [entry] = live(world)
    assert (entry.minutes, str(entry.start_time)) == (90, "13:00:00")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("date", "", "Välj en dag."),
        ("date", "2026-11-24", "Den dagen har inte varit än."),
        ("date", "2024-11-21", "mer än två år sedan"),
        ("date", "2026-01-11", "Utbildningen började"),  # the day before
        ("minutes", "4 min", "mellan 5 minuter och 12 timmar"),
        ("minutes", "13 h", "mellan 5 minuter och 12 timmar"),
        ("minutes", "hej", "mellan 5 minuter och 12 timmar"),
        ("minutes", "1h igår", "mellan 5 minuter och 12 timmar"),
        ("note", "patient 19121212-1212", "personnummer"),
    ],
)
def test_what_cannot_be_is_said_in_the_form(world: World, name: str, value: str, says: str) -> None:
    reply = sent(world, "anna", opened(world, "anna"), **{name: value})
    assert list(reply.errors) == [name]
    assert says in reply.errors[name]
    assert "1212" not in reply.errors[name]
    world.deliver()
    assert (live(world), world.to("anna")) == ([], [])


def test_the_first_day_of_the_training_and_a_blank_length_are_fine(world: World) -> None:
    assert sent(world, "anna", opened(world, "anna"), date="2026-01-12", minutes=" ").outcome == "logged"


def test_the_same_session_twice_is_asked_about(world: World) -> None:
    sent(world, "anna", opened(world, "anna"))
    sent(world, "anna", opened(world, "anna"))
    assert world.to("anna")[-1].text.startswith("Du har redan")
    assert len(live(world)) == 1


def test_a_supervisor_of_several_chooses_for_whom_and_of_nobody_else(world: World) -> None:
    form = opened(world, "eva")
    assert [label for label, _ in form.inputs[0].options] == ["Anna Berg", "Bo Dal"]
    bo = form.inputs[0].options[1][1]
    sent(world, "eva", form, whom=bo)
    assert world.to("eva")[-1].text.startswith("Sparat för Bo Dal")
    reply = sent(world, "eva", form, whom="3")  # Cia is Lars's
    assert reply.message.text == "Vem gäller det?"
    assert len(live(world)) == 1


def test_somebody_who_logs_for_nobody_gets_no_form(world: World) -> None:
    reply = world.take(world.incoming("siv", "/handledning", forms=True))
    assert (reply.message.form, reply.outcome) == (None, "refused")


def test_a_change_is_filled_in_where_the_receipt_stands(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    press = world.button("anna", "Ändra").press
    form = opened(world, "anna", "", kind=IncomingKind.PRESS, press=press)
    assert [(each.name, each.value) for each in form.inputs] == [
        ("date", "2026-11-23"),
        ("minutes", "1 h"),
        ("topics", "ethics"),
        ("note", ""),
    ]
    incoming = world.incoming(
        "anna",
        kind=IncomingKind.FORM,
        press=form.press,
        message_ref="D1:7",
        values=TODAY | {"minutes": "45 min", "topics": "ethics"},
    )
    reply = world.take(incoming)
    assert reply.message.text.startswith("Ändrat: handledning mån 23 nov (v 48), 45 min · etik")
    assert reply.message.replaces == "D1:7"
    [entry] = live(world)
    assert entry.minutes == 45
    assert world.drift() == []


def test_a_form_sent_unchanged_changes_nothing(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    form = opened(world, "anna", "", kind=IncomingKind.PRESS, press=world.button("anna", "Ändra").press)
    assert sent(world, "anna", form, topics="ethics").outcome == "kept"
    assert len(world.rows(Entry)) == 1


def test_where_there_are_no_forms_the_button_says_it_in_words(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    assert "ändra till 45 min" in world.press("anna", "Ändra").text


def test_what_is_written_after_the_button_changes_what_it_stands_under(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    press = world.button("anna", "Ändra").press
    world.say("anna", "handledning igår 1h etik")
    told = world.take(world.incoming("anna", kind=IncomingKind.PRESS, press=press))
    assert told.message.text.startswith("Så står det nu: handledning mån 23 nov (v 48), 1 h · etik.")
    changed = world.say("anna", "ändra till 45 min").text
    assert changed.startswith("Ändrat: handledning mån 23 nov (v 48), 45 min")


def test_what_is_written_after_the_button_of_something_undone_changes_nothing_else(world: World) -> None:
    world.say("anna", "handledning igår 1h etik")
    world.say("anna", "handledning idag 1h etik")
    world.press("anna", "Ångra")
    assert world.press("anna", "Ändra").text.startswith("Den går inte att ändra längre")


def test_nobody_sends_a_form_of_another_person(world: World) -> None:
    form = opened(world, "anna")
    assert sent(world, "bo", form).outcome == "refused"
    world.say("anna", "handledning idag 1h etik")
    press = world.button("anna", "Ändra").press.replace("change", "changed")
    forged = press.rsplit(".", 1)[0] + ".2"  # Bo's own number under Anna's entry
    assert sent(world, "bo", forged, minutes="5h").outcome == "stale_button"
    assert [entry.minutes for entry in live(world)] == [60]


def test_a_form_that_is_delivered_twice_counts_once(world: World) -> None:
    form = opened(world, "anna")
    incoming = world.incoming("anna", kind=IncomingKind.FORM, press=form.press, values=TODAY)
    first, again = world.take(incoming), world.take(incoming)
    assert (first.outcome, again.outcome, again.repeated) == ("logged", "logged", True)
    assert len(live(world)) == 1


def test_a_line_edited_later_is_not_taken_for_the_form(world: World) -> None:
    """The form's reference is the bot's own message, which nobody edits."""
    incoming = world.incoming(
        "anna", kind=IncomingKind.FORM, press=opened(world, "anna").press, values=TODAY, message_ref="D1:9"
    )
    world.take(incoming)
    assert "D1:9" not in {row.message_ref for row in world.rows(Inbox)}
    edit = world.incoming("anna", "handledning igår 2h", kind=IncomingKind.EDIT, message_ref="D1:9")
    assert world.take(edit).outcome == "logged"
