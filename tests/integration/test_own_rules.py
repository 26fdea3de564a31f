"""`handledd rules`: a unit's own rules on a real file, and what people then read of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.cli import main
from schedules.rules.rulebook import on_show, shipped
from storage.engine import reading, writing
from storage.tables import Standing, StandingChange, Unit
from tests.support.world import ROSTER, World

REASON = ["--reason", "beslut i ledningsgruppen"]


@pytest.fixture
def house(world: World, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """The made-up world, and the command line on its database."""
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(sqlite.url))
    monkeypatch.setattr("bot.cli.own_rules.system_clock", world.clock)
    return world


def _rows(house: World, key: str) -> list[Standing]:
    return [row for row in house.rows(Standing) if row.requirement == key]


def test_an_override_changes_the_units_standings_in_the_same_stroke(house: World) -> None:
    assert main(["rules", "override", "Ekbacken", "kollegium", "every={months=6}", *REASON]) == 0
    # Watched from 23 Nov 2026: six months later, for both of the unit.
    assert {f"{row.due_on}" for row in _rows(house, "kollegium") if row.trainee_id < 3} == {"2027-05-23"}
    assert house.drift() == []


def test_status_and_regler_name_the_units_own_reason(house: World) -> None:
    main(["rules", "override", "Ekbacken", "kollegium", "every={months=2}", *REASON])
    wanted = "Ekbacken: beslut i ledningsgruppen"
    (line,) = [x for x in house.say("anna", "status").text.splitlines() if "Specialistkollegium" in x]
    assert line.endswith(f"({wanted})")
    assert wanted in house.say("anna", "regler").text
    assert "ledningsgruppen" not in house.say("cia", "regler").text


def test_a_title_tells_what_the_unit_asks_for_instead(house: World) -> None:
    for key, what in (
        ("assessment", "count=6"),
        ("kollegium", "every={months=9}"),
        ("planning_meeting", "within={days=60}"),
        ("scientific_work", "within={months=6}"),
        ("supervision", "minutes=30"),
        ("course", "lead_days=3"),  # no title tells of that
    ):
        main(["rules", "override", "Ekbacken", key, what, *REASON])
    told = house.say("anna", "regler").text
    for title in (
        *(
            "Kompetensbedömning, minst fyra om året (här: 6):",
            "Specialistkollegium varje år (här: var 9:e månad):",
        ),
        *("Planeringsmöte efter tre månader (här: inom 60 dagar):", "arbete (här: 6 mån före slutet):"),
        *("Handledning varje vecka (här: 30 min):", "Kurs varje termin:"),
    ):
        assert title in told


def test_a_digest_tells_units_apart_that_ask_differently_under_one_title(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(sqlite.url))
    roster = ROSTER.replace("skane-sjukhus", "ostergotland-allmanmedicin")
    house = World(sqlite, roster=roster.replace("rektor,Ekbacken", "rektor,Ekbacken|Granlund"))
    monkeypatch.setattr("bot.cli.own_rules.system_clock", house.clock)
    main(["rules", "override", "Granlund", "assessment", "count=6", *REASON])
    main(["rules", "override", "Granlund", "supervision", "escalate_missed=1", *REASON])
    house.jump_to("2026-11-30T09:00")
    house.tick()
    lines = house.say("siv", "digest").text.splitlines()
    assert "• Kompetensbedömning, minst fyra om året: 2 av 2 i fas" in lines
    assert "• Kompetensbedömning, minst fyra om året (här: 6): 1 av 1 i fas" in lines
    assert "• Handledning varje vecka: 0 av 3 i fas (−3 sedan förra veckan)" in lines
    # One missed week is enough there, and it is no "1 weeks in a row".
    assert "• Cia Strand (Granlund): Handledning varje vecka väntar sedan fre 27 nov (v 48)" in lines
    house.say("siv", "översikt")
    assert "oversikt.png" in [file.name for file in house.to("siv")[-1].message.files]


def test_what_is_switched_off_leaves_the_status_and_comes_back(house: World) -> None:
    assert main(["rules", "off", "Ekbacken", "st_meeting", *REASON]) == 0
    assert "ST-möte" not in house.say("anna", "status").text
    told = house.say("anna", "regler").text
    assert "Gäller inte här: ST-möte varje månad i terminen – Ekbacken: beslut" in told
    assert {row.state for row in _rows(house, "st_meeting")} == {"not_applicable"}
    assert {c.reason for c in house.rows(StandingChange) if c.new == "not_applicable"} >= {"rules"}
    assert main(["rules", "reset", "Ekbacken", "st_meeting"]) == 0
    assert "ST-möte" in house.say("anna", "status").text
    assert house.drift() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["override", "Ekbacken", "kollegium", "count=5", *REASON], "does not belong to kind interval"),
        (["override", "Ekbacken", "kollegium", "every=often", *REASON], "write { months = 6 }"),
        (["override", "Ekbacken", "kollegium", "often", *REASON], "write PARAM=VALUE"),
        (["override", "Ekbacken", "lunch", "count=5", *REASON], "is no requirement"),
        (["override", "Ekbacken", "kollegium", "every={months=9}", "--reason", " "], "say why"),
        (["override", "Ekbacken", "kollegium", "every={months=9}"], "--reason"),
        (["off", "Nowhere", "kollegium", *REASON], "the units are Ekbacken, Granlund"),
        (["reset", "Ekbacken", "kollegium"], "no rule of its own"),
    ],
)
def test_what_does_not_fit_is_told_with_the_mend_and_changes_nothing(
    house: World, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["rules", *arguments]) == 2
    assert told in capsys.readouterr().err
    with reading(house.engine) as session:
        assert all(not unit.settings.get("overrides") for unit in session.exec(select(Unit)).all())


def test_a_broken_own_rule_in_the_database_stops_nobody(house: World) -> None:
    with writing(house.engine) as session:
        unit = session.exec(select(Unit).where(Unit.name == "Ekbacken")).one()
        unit.settings = {"overrides": {"assessment": {"count": "many", "reason": "x"}}}
        session.add(unit)
    assert "Anna Berg" in house.say("anna", "status").text


def test_all_rulebooks_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "list", "--json"]) == 0
    keys = [json.loads(line)["key"] for line in capsys.readouterr().out.splitlines()]
    assert keys == [*shipped(), "topic-rota"]
    for key in keys:
        assert main(["rules", "show", key, "--json"]) == 0
        shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [row["requirement"] for row in shown] == list(on_show()[key].requirements)
        assert all(row["source"] and row["parameters"] for row in shown)


def test_every_file_that_comes_along_is_found_right(capsys: pytest.CaptureFixture[str]) -> None:
    for file in sorted((Path(__file__).parents[2] / "schedules/rulebooks").glob("*.toml")):
        assert main(["rules", "check", str(file)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("width", ["80", "140"])
def test_a_rulebook_is_shown_under_its_documents_and_its_keys_are_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert main(["rules", "show", "orebro-2008"]) == 0
    lines = capsys.readouterr().out.splitlines()
    documents = {each.source.document for each in on_show()["orebro-2008"].requirements.values()}
    assert {line for line in lines if not line.startswith(tuple("┏┃┡│└")) and " · " not in line} == documents
    for key in on_show()["orebro-2008"].requirements:
        assert any(line.startswith((f"│ {key} ", f"{key} · ")) for line in lines), key
