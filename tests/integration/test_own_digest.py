"""A reader's own day and hour for the digest, and none when nothing needs them; the unit's for all others."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import Outbox
from tests.support.world import ROSTER, World

MORE = "hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,\n"


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Monday 23 November 2026, 09:00; both read Ekbacken's digest."""
    return World(sqlite, roster=ROSTER + MORE)


def digests(world: World, who: str, until: str) -> list[str]:
    went = world.pass_to(until)
    return [f"{s.at:%a %d %H:%M}" for s in went if s.kind == "digest" and s.to == f"{who}@exempel.se"]


def test_ones_own_day_and_hour_hold_for_oneself_alone(house: World) -> None:
    assert "fredag kl 13:00" in house.say("siv", "min digest på fredagar kl 13").text
    house.say("tage", "digest tisdag 8:00")
    went = house.pass_to("2026-12-01T12:00")
    told = {(s.to.partition("@")[0], f"{s.at:%a %d %H:%M}") for s in went if s.kind == "digest"}
    assert told == {
        ("siv", "Fri 27 13:00"),
        ("hans", "Mon 30 07:30"),
        ("tage", "Tue 24 08:00"),
        ("tage", "Tue 01 08:00"),
    }


def test_the_units_setting_gives_way_to_ones_own_and_comes_back(house: World) -> None:
    house.say("siv", "inställning digest onsdag 9:00")
    house.say("siv", "min digest torsdag")
    assert digests(house, "siv", "2026-11-27T12:00") == ["Thu 26 09:00"]
    assert "onsdag kl 09:00" in house.say("siv", "min digest som vanligt").text
    assert digests(house, "siv", "2026-12-03T12:00") == ["Wed 02 09:00"]


def test_only_when_something_needs_one(house: World) -> None:
    assert "men inte när allt är i fas" in house.say("siv", "digest bara när något behövs").text
    for who in ("anna", "bo"):
        house.say(who, "handledning idag 1h")
    assert digests(house, "siv", "2026-11-30T12:00") == []
    row = next(
        r for r in house.rows(Outbox) if r.kind == "digest" and r.period == "2026-11-30" and r.person_id == 4
    )
    assert (row.state, row.reason) == ("skipped", "nothing to tell")
    assert [s.to for s in house.sent if s.kind == "digest"].count("hans@exempel.se") == 1
    house.say("eva", "oro Anna: sover dåligt")
    assert digests(house, "siv", "2026-12-07T12:00") == ["Mon 07 07:30"]


def test_always_again(house: World) -> None:
    house.say("siv", "digest bara vid behov")
    assert "också när allt är i fas" in house.say("siv", "min digest alltid").text


def test_it_stands_among_the_settings(house: World) -> None:
    assert "Din sammanfattning: måndag kl 07:30" in house.say("siv", "inställningar").text
    assert "Din sammanfattning" not in house.say("anna", "inställningar").text


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_who_gets_none_is_told_so(house: World, who: str) -> None:
    assert "studierektorer och chefer" in house.say(who, "digest bara när något behövs").text


@pytest.mark.parametrize("line", ["min digest 23:00", "min digest söndag"])
def test_an_hour_or_a_day_that_may_not_be_is_not_set(house: World, line: str) -> None:
    assert "kan jag inte" in house.say("siv", line).text
