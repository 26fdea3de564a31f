"""`handledd digest --preview --as-of`: what somebody's digest would say on another day, or said then."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from bot.cli.main import main
from storage.tables import Outbox, Standing
from tests.support.world import World


@pytest.fixture
def house(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(sqlite.url))
    world = World(sqlite)
    world.say("bo", "handledning idag 1h")
    return world


def preview(capsys: pytest.CaptureFixture[str], day: str) -> str:
    capsys.readouterr()
    assert main(["digest", "--preview", "siv@exempel.se", "--as-of", day]) == 0
    return capsys.readouterr().out.rstrip("\n")


@pytest.mark.parametrize("day", ["2026-12-08", "2026-12-21"])
def test_a_day_to_come_says_what_the_digest_will_say(
    house: World, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    told = preview(capsys, day)
    house.pass_to(f"{day}T00:00")
    assert house.say("siv", "digest").text == told
    # On 21 December the weeks 48, 49, 50 and 51 have ended without anything of Anna's.
    assert ("Anna Berg (Ekbacken): 4 veckor i rad" in told) == (day == "2026-12-21")


def test_a_day_that_has_been_says_what_the_digest_said(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    house.pass_to("2026-12-14T00:00")
    said = house.say("siv", "digest").text
    house.pass_to("2027-01-11T00:00")
    assert preview(capsys, "2026-12-14") == said != house.say("siv", "digest").text


def test_looking_ahead_writes_nothing(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    def kept() -> list[str]:
        return [repr(row) for model in (Standing, Outbox) for row in house.rows(model)]

    before = kept()
    preview(capsys, "2027-06-07")
    assert kept() == before
