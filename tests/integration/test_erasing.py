"""A person is erased: no table and no byte of the file holds their name, address, accounts or words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session
from sqlmodel import select as rows

from bot.cli import main
from handlers.privacy.erasing import erase
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.checking import check
from handlers.roster.exporting import exported
from handlers.roster.reading import read_csv
from schedules.calendar import DAY
from schedules.zone import to_local
from storage.columns import columns, table
from storage.engine import reading, writing
from storage.scrub import scrub
from storage.tables import (
    Absence,
    Booking,
    Entry,
    Identity,
    LeftAccount,
    LinkTry,
    Outbox,
    OutboxState,
    Pairing,
    Person,
    Placement,
    Remark,
    Transfer,
    metadata,
)
from tests.support.world import ZONE, World

ACCOUNT = "U0KANARIE77"
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,platform,platform_id
anna.kanarie@exempel.se,Anna Kanariefågel,trainee,Ekbacken,ostergotland-allmanmedicin,eva.kanarie@exempel.se,\
2026-01-12,2031-01-11,slack,U0KANARIE77
bo@exempel.se,Bo Dal,trainee,Ekbacken,,eva.kanarie@exempel.se,2026-01-12,2031-01-11,,
eva.kanarie@exempel.se,Eva Kanariefågel,supervisor,Ekbacken,,,,,matrix,@evakanarie:exempel.se
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,,,
"""
ANNA, EVA = "anna.kanarie@exempel.se", "eva.kanarie@exempel.se"
WORDS = ("kanarie", "papegoj")
"""In name, e-mail, accounts; in notes, remarks, reasons, places."""


def _lived(engine: Engine) -> World:
    world = World(engine, roster=ROSTER)
    world.say(ANNA, "handledning i fredags 1h papegojanteckning ett")
    world.press(EVA, "Stämmer")
    world.say(ANNA, "handledning i torsdags 1h privat: papegojhemlighet")
    world.say(ANNA, "boka handledning på torsdag kl 13")
    world.say(ANNA, "dops 9/11 papegojanteckning två")
    world.press(EVA, "Stämmer inte")
    world.say(ANNA, "tysta kollegium till 1 mars: papegoja väntar")
    world.say(ANNA, "semester v52")
    world.say(ANNA, "sidotjänstgöring papegojkliniken 1/2-30/4 handledare Eva Kanariefågel")
    world.say(ANNA, "be @eva om bedömning mini-cex")
    world.say(EVA, "oro Anna Kanariefågel: papegojoro om jourerna")
    world.say("siv", "följ upp oro Anna Kanariefågel 10/12")
    world.say("siv", "visa Anna Kanariefågel")
    world.say("siv", "påminn Anna Kanariefågel")
    world.say("bo", "handledning igår med Eva Kanariefågel 1h")
    world.pass_to("2026-11-30T12:00")
    world.say(ANNA, "handledning idag")  # a draft waits for its answer, a reply for its sending
    world.take(world.incoming(ANNA, "handledning idag 45 min papegojanteckning tre"))
    with writing(engine) as session:
        session.add(Remark(chain_id=1, author_id=_person(session, EVA), text="papegojord", at=world.clock()))
        history = {"name": "Anna Kanariefågel", "entries": [{"note": "papegojförr"}]}
        brought = {"unit": "Papegojvårdcentralen", "author": "Eva Kanariefågel", "confirmed_by": None}
        session.add(
            Transfer(
                trainee_id=1,
                digest="d",
                issuer="key",
                from_unit="Papegojvårdcentralen",
                issued_at=world.clock(),
                offered_at=world.clock(),
                history=history,
            )
        )
        session.execute(update(table(Entry)).where(columns(Entry).id == 1).values(imported=brought))
        session.add(LinkTry(account=f"slack::{ACCOUNT}", at=world.clock()))
        session.add(LeftAccount(account=f"slack::{ACCOUNT}", left_at=world.clock()))
    return world


def _person(session: Session, email: str) -> int:
    return session.exec(rows(Person).where(Person.email == email)).one().id or 0


def _holding(engine: Engine, words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Every column of every table that holds one of the words."""
    return [hit for hit in _values(engine) if any(word in hit[2].casefold() for word in words)]


def _values(engine: Engine) -> Iterator[tuple[str, str, str]]:
    with reading(engine) as session:
        for each in metadata.sorted_tables:
            for row in session.connection().execute(select(each)).mappings():
                for name, value in row.items():
                    yield each.name, name, json.dumps(value, default=str, ensure_ascii=False)


def _erase(world: World, *emails: str) -> None:
    for email in emails:
        with writing(world.engine) as session:
            erase(session, session.get_one(Person, _person(session, email)), world.clock(), ZONE)


def test_no_column_of_any_table_holds_an_erased_person(engine: Engine) -> None:
    world = _lived(engine)
    before = {hit[0] for hit in _holding(engine, WORDS)}
    assert before >= {
        "person", "identity", "entry", "inbox", "outbox", "mute", "placement", "remark", "link_try",
        "left_account", "draft", "concern", "transfer",
    }  # fmt: skip
    _erase(world, ANNA, EVA)
    assert _holding(engine, WORDS) == []


def test_the_trainee_alone_is_erased_and_others_keep_what_is_theirs(sqlite: Engine) -> None:
    world = _lived(sqlite)
    bos = [row.model_dump() for row in world.rows(Entry) if row.trainee_id == 2]
    _erase(world, ANNA)
    assert _holding(sqlite, ("anna.kanarie", "anna kanarie", ACCOUNT.casefold(), "papegoja")) == []
    assert [row.model_dump() for row in world.rows(Entry) if row.trainee_id == 2] == bos
    assert "Eva Kanariefågel" in {row.name for row in world.rows(Person)}
    assert [row.person_id for row in world.rows(Identity)].count(1) == 0


def test_no_pair_of_the_erased_lasts_or_is_yet_to_begin(sqlite: Engine) -> None:
    world = _lived(sqlite)
    today = to_local(world.clock(), ZONE).date()
    with writing(sqlite) as session:
        eva, to_come = _person(session, EVA), today + DAY
        session.add(Pairing(trainee_id=1, supervisor_id=eva, kind="placement", from_on=to_come))
    _erase(world, ANNA)
    ends = [(row.from_on, row.to_on) for row in world.rows(Pairing) if row.trainee_id == 1]
    assert all(to_on and to_on < max(today, from_on) for from_on, to_on in ends)
    assert "–:" not in world.say(EVA, "status").text


def test_the_erased_are_nobody_to_look_for(sqlite: Engine) -> None:
    world = _lived(sqlite)
    _erase(world, ANNA)
    assert "erased" not in world.say("siv", "okopplade").text
    with writing(sqlite) as session:
        lines = read_csv(b"email,name,role,unit\nny@exempel.se,Ny Dal,head,Norr\n")
        changes = apply_roster(session, check(lines, is_supervisor(session)), world.clock(), ZONE)
        assert changes.missing == ["bo@exempel.se", EVA, "siv@exempel.se"]
        assert [row["email"] for row in exported(session)].count(ANNA) == 0


@pytest.mark.parametrize("model", [Entry, Booking, Absence, Placement, Remark])
def test_what_was_counted_stays(sqlite: Engine, model: type[Entry]) -> None:
    world = _lived(sqlite)
    before = len(world.rows(model))
    assert before > 0
    _erase(world, ANNA, EVA)
    assert len(world.rows(model)) == before


def test_after_it_nothing_drifts_and_nobody_is_told_of_the_erased(sqlite: Engine) -> None:
    world = _lived(sqlite)
    _erase(world, ANNA)
    assert world.drift() == []
    assert [
        row for row in world.rows(Outbox) if row.person_id == 1 and row.state == OutboxState.PENDING
    ] == []
    later = world.pass_to("2027-01-31T12:00")
    assert world.drift() == []
    assert [sent.to for sent in later if sent.to == ANNA] == []
    assert [sent.text for sent in later if "–" in sent.text and "Trainee" in sent.text] == []
    assert {sent.to for sent in later if sent.kind == "nudge"} <= {"bo@exempel.se", EVA, "siv@exempel.se"}
    assert later  # Bo's life goes on


def test_the_bytes_of_the_file_and_its_log_hold_nothing_either(sqlite: Engine, tmp_path: Path) -> None:
    world = _lived(sqlite)
    files = [tmp_path / "test.sqlite", tmp_path / "test.sqlite-wal"]

    def held() -> list[bytes]:
        content = b"".join(file.read_bytes() for file in files if file.exists()).lower()
        return [word for word in (b"kanarie", b"papegoj") if word in content]

    assert held() == [b"kanarie", b"papegoj"]
    _erase(world, ANNA, EVA)
    assert scrub(sqlite)
    assert held() == []


def test_the_command_asks_first_and_does_it_with_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", f"sqlite:///{tmp_path / 'h.sqlite'}")
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    assert main(["roster", "import", str(tmp_path / "r.csv")]) == 0
    capsys.readouterr()
    assert main(["erase", ANNA]) == 2
    out, err = capsys.readouterr()
    assert not out  # nothing is said of what will be done where it is not
    assert "--yes" in err
    assert main(["erase", "ingen@exempel.se", "--yes"]) == 2
    assert b"anna.kanarie" in (tmp_path / "h.sqlite").read_bytes()
    assert main(["erase", ANNA.upper(), "--yes"]) == 0
    assert b"anna.kanarie" not in (tmp_path / "h.sqlite").read_bytes()
    assert main(["verify"]) == 0
