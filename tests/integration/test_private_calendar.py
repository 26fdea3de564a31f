"""A private calendar: who gets which address, and what a program that reads it is told."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC
from typing import Any

import pytest
from icalendar import Calendar
from sqlmodel import select

from bot.calendar_page import LOOKS, MISSES
from handlers.privacy.erasing import erase
from handlers.receive import receive
from storage.engine import reading, writing
from storage.tables import Audit, CalendarFeed, Inbox, Person
from tests.integration.conversation import hold
from tests.support.serving import served
from tests.support.world import ZONE, World

PUBLIC = "https://handledd.exempel.se"
ADDRESS = re.compile(rf"{PUBLIC}(/calendar/([A-Za-z0-9_-]+)\.ics)")


def ask(world: World, who: str, text: str = "kalender", **more: Any) -> str:
    """Say it to a bot that is reached from outside; returns the answer after it was delivered."""
    receive(world.engine, world.incoming(who, text, **more), world.clock(), ZONE, PUBLIC)
    world.deliver()
    return world.to(who, "reply")[-1].text


def path(answer: str) -> str:
    found = ADDRESS.search(answer)
    assert found, answer
    return found[1]


def look(world: World, address: str) -> Calendar:
    with served(world) as client:
        answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return Calendar.from_ical(answer.content)


def events(calendar: Calendar) -> list[tuple[str, str, str, int]]:
    """When, what, status and sequence of every event."""
    return [
        (e.decoded("dtstart").isoformat(), str(e["summary"]), str(e["status"]), int(str(e["sequence"])))
        for e in calendar.walk("VEVENT")
    ]


def test_a_trainee_and_the_supervisor_read_the_same_booking_with_each_others_name(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14 hemligt ärende privat: inte för andra")
    mine, hers = look(world, path(ask(world, "anna"))), look(world, path(ask(world, "eva")))
    at = "2026-11-26T13:00:00+01:00"
    assert events(mine) == [(at, "Handledning: Eva Ek", "CONFIRMED", 0)]
    assert events(hers) == [(at, "Handledning: Anna Berg", "CONFIRMED", 0)]
    assert [e["uid"] for e in mine.walk("VEVENT")] == [e["uid"] for e in hers.walk("VEVENT")]
    text = mine.to_ical() + hers.to_ical()
    assert b"hemligt" not in text
    assert b"inte" not in text


def test_nobody_else_sees_it(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    for who in ("bo", "siv", "lars", "cia"):
        assert events(look(world, path(ask(world, who)))) == []


def test_what_is_called_off_stays_as_cancelled_under_the_same_uid(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    address = path(ask(world, "anna"))
    (before,) = look(world, address).walk("VEVENT")
    world.pass_to("2026-11-25T09:00")
    world.press("anna", "Ställ in")
    (after,) = look(world, address).walk("VEVENT")
    assert (before["uid"], before["sequence"], before["status"]) == (after["uid"], 0, "CONFIRMED")
    assert (after["sequence"], after["status"]) == (1, "CANCELLED")
    assert (before["summary"], after["summary"]) == ("Handledning: Eva Ek", "Inställt: Handledning: Eva Ek")
    assert (before.get("transp"), after["transp"]) == (None, "TRANSPARENT")  # Outlook shows no status


def test_the_calendar_file_in_the_chat_and_the_subscription_name_the_event_alike(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    world.pass_to("2026-11-25T12:00")
    sent = Calendar.from_ical(world.to("anna", "booking")[0].message.files[0].content)
    (in_chat,), (subscribed,) = sent.walk("VEVENT"), look(world, path(ask(world, "anna"))).walk("VEVENT")
    assert in_chat["uid"] == subscribed["uid"]
    assert in_chat.decoded("dtstart") == subscribed.decoded("dtstart")


def test_the_hour_stays_over_the_change_to_summer_time(world: World) -> None:
    """The clocks change on 28 March 2027: 13:00 is 12:00 UTC on the Thursday before, 11:00 UTC after."""
    world.say("anna", "boka handledning varje torsdag 13-14 från 25/3 till 1/4")
    calendar = look(world, path(ask(world, "anna")))
    assert [at for at, *_ in events(calendar)] == ["2027-03-25T13:00:00+01:00", "2027-04-01T13:00:00+02:00"]
    hours = [e.decoded("dtstart").astimezone(UTC).hour for e in calendar.walk("VEVENT")]
    assert hours == [12, 11]
    assert [z["tzid"] for z in calendar.walk("VTIMEZONE")] == ["Europe/Stockholm"]


def test_a_booking_without_an_hour_takes_up_its_day_and_no_time(world: World) -> None:
    world.say("anna", "boka kollegium 3/12")
    (event,) = look(world, path(ask(world, "anna"))).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-12-03"
    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize("line", ["kalender ny", "kalender av"])
def test_a_revoked_address_is_as_unknown_as_one_that_never_was(world: World, line: str) -> None:
    old = path(ask(world, "anna"))
    said = ask(world, "anna", line)
    if line == "kalender ny":
        look(world, path(said))
    with served(world) as client:
        gone = client.get(old)
        never = [client.get(f"/calendar/{name}") for name in ("A" * 43 + ".ics", "x.ics", "x", "ä.ics")]
    for answer in never:
        assert (answer.status_code, answer.content) == (404, gone.content)
        assert dict(answer.headers) == dict(gone.headers)
    assert gone.status_code == 404
    assert gone.headers["cache-control"] == "no-store"


def test_who_is_erased_has_no_calendar_any_more(world: World) -> None:
    address = path(ask(world, "eva"))
    world.say("anna", "boka handledning torsdag 13-14")
    with writing(world.engine) as session:
        eva = session.exec(select(Person).where(Person.email == "eva@exempel.se")).one()
        erase(session, eva, world.clock(), ZONE)
    with served(world) as client:
        assert client.get(address).status_code == 404
    assert world.rows(CalendarFeed) == []


def test_asking_again_leaves_the_first_address_alive_up_to_five(world: World) -> None:
    first = path(ask(world, "anna"))
    others = [path(ask(world, "anna")) for _ in range(4)]
    assert len({first, *others}) == 5
    look(world, first)
    assert "redan 5 adresser" in ask(world, "anna")
    assert path(ask(world, "anna", "kalender ny"))
    assert [row.revoked_at is None for row in world.rows(CalendarFeed)] == [False] * 5 + [True]


def test_only_a_hash_of_an_address_is_kept_anywhere(world: World) -> None:
    said = ADDRESS.search(ask(world, "anna"))
    assert said
    token = said[2]
    assert len(token) * 6 >= 128  # each of its letters holds six bits
    with reading(world.engine) as session:
        driver = session.connection().connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        dump = "\n".join(driver.iterdump())
    assert token not in dump
    assert [row.reply for row in world.rows(Inbox)][-1] is None
    assert {row.act for row in world.rows(Audit)} >= {"calendar_opened"}


def test_an_answer_in_the_same_exchange_is_never_written_down(world: World) -> None:
    incoming = world.incoming("anna", "kalender", inline=True, delivery_key="twice")
    first = receive(world.engine, incoming, world.clock(), ZONE, PUBLIC)
    again = receive(world.engine, incoming, world.clock(), ZONE, PUBLIC)
    assert ADDRESS.search(first.message.text)
    assert (again.repeated, ADDRESS.search(again.message.text)) == (True, None)
    assert [row.reply for row in world.rows(Inbox)] == [None]
    assert len(world.rows(CalendarFeed)) == 1


def test_an_address_is_given_in_private_and_only_where_the_bot_has_one(world: World) -> None:
    assert "privat chatt" in ask(world, "anna", private=False)
    hold(world, [("anna", "kalender", "inte uppsatt"), ("anna", "kalender av", "ingen adress")])
    assert world.rows(CalendarFeed) == []


def test_an_unchanged_calendar_is_not_sent_twice(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    address = path(ask(world, "anna"))
    with served(world) as client:
        first = client.get(address)
        world.jump_to("2026-11-23T15:00")
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        world.say("anna", "ångra")
        changed = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, max-age=900"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_who_guesses_waits_and_who_reads_too_often_waits(world: World) -> None:
    address = path(ask(world, "anna"))
    with served(world) as client:
        wrong = [client.get("/calendar/" + "B" * 43 + ".ics").status_code for _ in range(MISSES)]
        held = client.get(address)
        world.jump_to("2026-11-23T09:01")
        reads = [client.get(address).status_code for _ in range(LOOKS)]
        over = client.get(address)
    assert wrong == [404] * MISSES
    assert (held.status_code, held.headers["retry-after"]) == (429, "60")
    assert reads == [200] * LOOKS
    assert (over.status_code, over.headers["retry-after"]) == (429, "3600")


def test_nothing_but_reading_is_allowed(world: World) -> None:
    address = path(ask(world, "anna"))
    with served(world) as client:
        assert [client.request(verb, address).status_code for verb in ("POST", "PUT", "DELETE")] == [405] * 3
        assert client.head(address).content == b""
