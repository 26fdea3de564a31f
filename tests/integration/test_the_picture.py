"""`översikt` answers with the picture; it is drawn for its reader at the sending, and by the command line."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select

from bot.cli.main import main
from handlers.desk import desk_of
from handlers.digests.digest import digest_of
from handlers.message import Message
from handlers.papers.chart import chart
from storage.engine import reading, writing
from storage.tables import Person, Role
from tests.support.overview_picture import FILE, picture
from tests.support.world import ZONE, World


def names(message: Message) -> list[str]:
    return [file.name for file in message.files]


def test_a_studierektor_gets_the_digest_with_its_papers_or_the_overview_alone(world: World) -> None:
    world.say("siv", "digest")
    world.say("siv", "översikt")
    digest, overview = (sent.message for sent in world.to("siv"))
    assert overview.text == digest.text
    assert (names(digest), names(overview)) == (["oversikt.png", "underlag.xlsx"], ["oversikt.png"])
    with Image.open(BytesIO(overview.files[0].content)) as image:
        assert image.format == "PNG"


def test_only_the_own_units_are_in_the_picture(world: World) -> None:
    def shown(who: str) -> list[str]:
        with reading(world.engine) as session:
            person = session.exec(select(Person).where(Person.email == f"{who}@exempel.se")).one()
            desk = desk_of(session, person, world.clock(), ZONE)
            of = digest_of(session, person, desk.now, desk.today)
            return [row.label for row in chart(desk.words, of).rows]

    assert shown("siv") == ["Ekbacken", "Anna Berg", "Bo Dal"]
    assert shown("tage") == ["Granlund", "Cia Strand"]


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_who_answers_for_no_unit_is_refused_without_a_picture(world: World, who: str) -> None:
    world.say(who, "översikt")
    assert "får du inte" in world.to(who)[-1].text
    assert names(world.to(who)[-1].message) == []


def test_an_answer_in_the_same_exchange_has_the_picture_also_when_it_is_delivered_again(world: World) -> None:
    asked = world.incoming("siv", "/oversikt", inline=True)
    assert [names(world.take(asked).message) for _ in range(2)] == [["oversikt.png"]] * 2


def test_who_lost_their_role_before_the_sending_gets_no_picture(world: World) -> None:
    world.take(world.incoming("siv", "översikt"))
    with writing(world.engine) as session:
        for role in session.exec(select(Role).where(Role.role == "studierektor")).all():
            session.delete(role)
    world.deliver()
    [sent] = world.to("siv")
    assert names(sent.message) == []


@pytest.fixture
def house(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(sqlite.url))
    return World(sqlite)


def test_the_command_line_writes_the_same_picture(house: World, tmp_path: Path) -> None:
    house.say("siv", "översikt")
    file = tmp_path / "bild.png"
    arguments = ["overview", "--for", "Siv@exempel.se", "--png", str(file), "--as-of", "2026-11-23"]
    assert main(arguments) == 0
    assert file.read_bytes() == house.to("siv")[-1].message.files[0].content


@pytest.mark.parametrize(
    ("reader", "says"), [("eva@exempel.se", "has no overview"), ("nix@exempel.se", "is not in the roster")]
)
def test_the_command_line_draws_nothing_for_who_answers_for_no_unit(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], reader: str, says: str
) -> None:
    file = tmp_path / "bild.png"
    assert main(["overview", "--for", reader, "--png", str(file)]) == 2
    assert says in capsys.readouterr().err
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_named(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "nowhere" / "bild.png"
    assert main(["overview", "--for", "siv@exempel.se", "--png", str(there)]) == 1
    assert f"{there} cannot be written" in capsys.readouterr().err


def test_the_picture_in_the_docs_is_the_one_that_is_drawn_today() -> None:
    """If this fails: make picture-overview"""
    with Image.open(FILE) as kept, Image.open(BytesIO(picture())) as drawn_today:
        assert kept.convert("RGB").tobytes() == drawn_today.convert("RGB").tobytes()
