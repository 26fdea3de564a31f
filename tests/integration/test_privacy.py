"""`mina uppgifter` and `glöm mig`: one's own and nobody else's; asked twice, told to the studierektor."""

from __future__ import annotations

import json
import re
from typing import Any

from handlers.message import Message
from storage.people import WISHES
from storage.tables import Entry, Identity, LeftAccount, Person
from tests.support.world import World


def _files(world: World, who: str) -> tuple[dict[str, Any], str]:
    world.say(who, "mina uppgifter")
    message: Message = world.to(who)[-1].message
    machine, readable = message.files
    assert machine.name.endswith(".json")
    assert readable.name.endswith(".txt")
    return json.loads(machine.content), readable.content.decode()


def test_one_gets_all_that_is_kept_in_both_files(world: World) -> None:
    world.say("anna", "handledning i fredags 1h etik privat: min egen tanke")
    world.say("anna", "semester v52")
    world.say("anna", "boka handledning på torsdag kl 13")
    found, text = _files(world, "anna")
    assert found["person"][0]["email"] == "anna@exempel.se"
    assert found["accounts"][0]["external_id"] == "anna@exempel.se"
    assert found["pairs"] == [{"with": "Eva Ek", "kind": "main", "from_on": "2026-01-12"}]
    assert found["entries"][0]["on_date"] == "2026-11-20"
    assert "min egen tanke" in found["entries"][0]["note"]
    assert [len(found[key]) for key in ("entries", "bookings", "absences")] == [1, 1, 1]
    assert found["messages"][0]["received"] == 4  # three lines and the question itself
    for part in ("Logg (1)", "min egen tanke", "2026-11-20", "Eva Ek", "Frånvaro (1)"):
        assert part in text


def test_the_file_to_read_says_in_words_and_local_time_what_the_tables_hold(world: World) -> None:
    world.say("anna", "handledning i fredags 1h etik kommunikation")
    world.say("anna", "mini-cex i fredags av dr Lind")
    world.say("anna", "ångra")
    world.say("anna", "semester v52")
    world.say("anna", "boka handledning på torsdag kl 13")
    world.say("anna", "tysta kollegium till 1 mars: väntar på ny chef")
    world.say("anna", "påminn mig på onsdagar kl 10")
    _, text = _files(world, "anna")
    for told in (
        "språk: svenska; veckopåminnelsens dag: onsdag; veckopåminnelsens klockslag: 10:00",
        "upplagd: 2026-11-23 09:00",
        "roll: ST-läkare; enhet: Ekbacken",
        "slag: huvudhandledare",
        "aktivitet: handledning; ämnen: etik, kommunikation; läge: gäller; skrivet: 2026-11-23 09:00",
        "instrument: mini-CEX; personer: Lind; läge: ångrat",
        "slag: semester",
        "tid: 13:00; aktivitet: handledning; läge: planerad",
        "krav: Specialistkollegium varje år; till: 2027-03-01",
    ):
        assert told in text
    assert re.search(r"supervision|trainee|planned|vacation|\+00:00|: (live|void|main|sv)\b", text) is None
    world.say("anna", "language english")
    assert "language: English" in _files(world, "anna")[1]


def test_what_another_wrote_for_themselves_alone_is_not_in_it(world: World) -> None:
    world.say("eva", "handledning i fredags 1h med Anna Berg, gick bra privat: evas tanke")
    found, text = _files(world, "anna")
    assert len(found["entries"]) == 1
    assert "evas tanke" not in text + json.dumps(found)
    assert "entries" not in _files(world, "eva")[0]


def test_nobody_else_ever_reads_what_stands_after_private(world: World) -> None:
    """In a booking that the other half answers or moves, a placement's name, a finding, a follow-up."""
    world.say("anna", "boka handledning 24/11 kl 13-14 buksmärta privat: solrosor")
    world.say("anna", "boka handledning 3/12 kl 13-14 privat: pioner")
    world.say("anna", "sidotjänstgöring barnkliniken 1/2-30/4 privat: liljor")
    world.say("siv", "spur 2026-03-12 dokumentationen brister privat: nejlikor")
    world.say("eva", "oro Anna Berg: trött")
    world.say("siv", "följ upp oro Anna Berg 10/12 privat: vallmo")
    world.pass_to("2026-11-24T15:00")
    world.press("eva", "Ja, 1 h")
    world.say("eva", "flytta torsdag 3/12 till fredag 4/12 kl 9")
    world.pass_to("2026-12-10T12:00")
    for who in ("eva", "siv", "anna"):
        for line in ("visa Anna", "historik", "status", "anmärkningar", "digest", "oro Anna Berg"):
            world.say(who, line)
    assert "buksmärta" in " ".join(sent.text for sent in world.to("eva"))
    own = {"anna": ("solrosor", "pioner", "liljor"), "siv": ("nejlikor", "vallmo"), "eva": ()}
    for who, mine in own.items():
        said = " ".join(sent.text for sent in world.to(who))
        for word in {"solrosor", "pioner", "liljor", "nejlikor", "vallmo"}.difference(mine):
            assert word not in said, (who, word)


def test_what_one_has_chosen_is_shown_and_every_choice_is_forgotten(world: World) -> None:
    for line in ("digest bara när något behövs", "min digest fredag 13:00", "påminn mig kl 9"):
        world.say("siv", line)
    found, text = _files(world, "siv")
    chosen = {"morning": "09:00:00", "digest_day": 5, "digest_at": "13:00:00", "digest_when_empty": False}
    assert chosen.items() <= found["person"][0].items()
    assert "sammanfattning även när inget väntar: nej" in text
    world.say("siv", "glöm mig")
    world.press("siv", "Glöm mig")
    world.press("siv", "Ja, glöm mig")
    [siv] = [row for row in world.rows(Person) if row.email == "siv@exempel.se"]
    assert {getattr(siv, wish) for wish in WISHES} == {None}


def test_every_column_of_a_person_is_shown_but_the_number() -> None:
    assert set(Person.model_fields) == {"id", "name", "email", "locale", "created_at", *WISHES}


def test_it_is_not_sent_where_others_read(world: World) -> None:
    world.say("anna", "mina uppgifter", private=False)
    assert world.to("anna")[-1].message.files == ()


def test_forgetting_is_asked_twice_and_nothing_happens_before(world: World) -> None:
    first = world.say("anna", "glöm mig")
    assert "Loggen över din utbildning står kvar" in first.text
    second = world.press("anna", "Glöm mig")
    assert "Är du säker" in second.text
    assert "anna@exempel.se" in {row.external_id for row in world.rows(Identity)}
    assert world.to("siv", "notice") == []


def test_after_the_second_yes_one_is_unlinked_and_the_studierektor_told(world: World) -> None:
    world.say("anna", "handledning i fredags 1h etik")
    world.say("anna", "påminn mig kl 9")
    world.say("anna", "glöm mig")
    world.press("anna", "Glöm mig")
    done = world.press("anna", "Ja, glöm mig")
    assert done.text.startswith("Klart.")
    assert world.to("anna")[-1].text == done.text  # it still reached her
    assert "anna@exempel.se" not in {row.external_id for row in world.rows(Identity)}
    assert [row.account for row in world.rows(LeftAccount)] == ["sim::anna@exempel.se"]
    assert len(world.rows(Entry)) == 1
    (told,) = [sent.text for sent in world.to("siv", "notice")]
    assert told.startswith("Anna Berg (anna@exempel.se) har bett att bli glömd")
    assert world.to("tage", "notice") == []  # another unit's
    assert "koppla" in world.say("anna", "status").text.casefold()  # a stranger now


def test_a_supervisor_reads_what_stays_of_theirs(world: World) -> None:
    assert "andras loggar står kvar" in world.say("eva", "glöm mig").text
