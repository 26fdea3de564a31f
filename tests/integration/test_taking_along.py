"""A history travels: signed where it was written, offered to whom it names, unchangeable where it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlmodel import select

from bot.cli.main import main
from handlers.message import IncomingKind
from handlers.portable import signing
from storage.engine import writing
from storage.tables import Absence, Audit, Entry, Identity, Person, Placement, Standing, Trainee, Transfer
from tests.support.databases import migrated
from tests.support.world import World, mail

OLD_KEY, NEW_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
NEXT = """\
email,name,role,unit,rulebook,supervisor,start,end,employed
anna@exempel.se,Anna Berg,trainee,Torget,ostergotland-allmanmedicin,olof@exempel.se,2026-01-12,2031-01-11,
dan@exempel.se,Dan Ohlin,trainee,Torget,,olof@exempel.se,2026-01-12,2031-01-11,
olof@exempel.se,Olof Hed,supervisor,Torget,,,,,
"""


class Houses:
    """The former unit and the next one, each with its own database and key."""

    def __init__(self, old: World, new: World, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.old, self.new, self._patch, self.folder = old, new, monkeypatch, folder
        self._keys = {id(old): folder / "old.pem", id(new): folder / "new.pem"}

    def at(self, world: World) -> World:
        """Do what follows there, with its database and key."""
        url = world.engine.url.render_as_string(hide_password=False)
        self._patch.setenv("HANDLEDD_DATABASE_URL", url)
        self._patch.setenv("HANDLEDD_SIGNING_KEY_FILE", str(self._keys[id(world)]))
        signing.use(lambda: OLD_KEY if world is self.old else NEW_KEY)
        return world


@pytest.fixture
def houses(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Houses]:
    """Anna's first ten months at Ekbacken, watched from 12 January; on 23 November she begins at Torget."""
    engine = migrated(tmp_path / "next.sqlite")
    old = World(sqlite, start="2026-01-12T09:00")
    new = World(engine, roster=NEXT)
    yield Houses(old, new, monkeypatch, tmp_path)
    engine.dispose()
    signing._KEY.clear()


def lived(houses: Houses) -> World:
    old = houses.at(houses.old)
    old.say("anna", "handledning idag 1h etik anteckning: tungt möte")
    old.press("eva", "Stämmer")
    old.jump_to("2026-05-04T10:00")
    old.say("anna", "kollegium idag")
    old.say("anna", "handledning idag 1h privat: hemligt-eget")
    old.say("eva", "handledning igår 45 min med Anna privat: hemligt-annans")
    old.say("eva", "oro Anna: hemlig-oro")
    old.say("anna", "semester 6/7-31/7")
    old.say("anna", "sidotjänstgöring psykiatri 1/9-31/10 handledare Lars Lind")
    old.say("anna", "handledning i förrgår 30 min")
    old.say("anna", "ångra")
    old.jump_to("2026-11-20T09:00")
    return old


def carried(houses: Houses) -> bytes:
    """The file that `ta med mig` gives."""
    old = lived(houses)
    old.say("anna", "ta med mig")
    [file] = old.to("anna")[-1].message.files
    return file.content


def at_its_time(world: World, *arguments: str) -> int:
    """The command line, on the world's clock."""
    with time_machine.travel(world.clock(), tick=False):
        return main(list(arguments))


def offered(houses: Houses, content: bytes, key: Ed25519PrivateKey = OLD_KEY) -> int:
    path = houses.folder / "historik.json"
    path.write_bytes(content)
    houses.at(houses.new)
    signing.use(lambda: key)
    public = signing.public_key()
    code = at_its_time(houses.new, "import-export", str(path), "--key", public)
    houses.at(houses.new).deliver()
    return code


def entries(world: World) -> list[Entry]:
    return [row for row in world.rows(Entry) if row.state == "live"]


def test_the_file_holds_the_log_and_nothing_private(houses: Houses) -> None:
    whole = json.loads(carried(houses))
    held = whole["history"]["entries"]
    assert [(each["activity"], each["on_date"]) for each in held] == [
        ("supervision", "2026-01-12"),
        ("supervision", "2026-05-03"),
        ("kollegium", "2026-05-04"),
        ("supervision", "2026-05-04"),
    ]
    assert (held[0]["unit"], held[0]["author"], held[0]["confirmed_by"]) == (
        "Ekbacken",
        "Anna Berg",
        "Eva Ek",
    )
    assert "tungt möte" in held[0]["note"]
    assert "hemlig" not in json.dumps(whole)
    assert [each["kind"] for each in whole["history"]["absences"]] == ["vacation"]
    assert [each["supervisor"] for each in whole["history"]["placements"]] == ["Lars Lind"]


def test_accepted_it_is_there_marked_and_counts(houses: Houses) -> None:
    content = carried(houses)
    assert offered(houses, content) == 0
    new = houses.new
    assert entries(new) == []  # not before she has said so
    assert "4 rader ur loggen för Anna Berg" in new.to("anna")[-1].text
    assert "4 rader från Ekbacken" in new.press("anna", "Ta emot").text
    assert {row.origin for row in entries(new)} == {"import"}
    assert (len(new.rows(Absence)), len(new.rows(Placement))) == (1, 1)
    assert "från Ekbacken" in new.say("anna", "historik").text
    assert new.drift() == []
    [kollegium] = [r for r in new.rows(Standing) if r.trainee_id == 1 and r.requirement == "kollegium"]
    # 4 May 2026 + 12 months, moved by the 26 days of vacation from 6 to 31 July: 30 May 2027.
    assert (str(kollegium.last_on), str(kollegium.due_on)) == ("2026-05-04", "2027-05-30")
    assert new.rows(Transfer)[0].history is None
    acts = [row.act for row in new.rows(Audit) if row.subject.startswith("transfer:")]
    assert acts == ["history_offered", "history_taken"]


def test_the_clocks_run_from_where_the_history_is_whole(houses: Houses) -> None:
    """Ekbacken watched from 12 January, which is her first day, and no gap follows: so does Torget."""
    offered(houses, carried(houses))
    before = {row.id: row.watched_from for row in houses.new.rows(Trainee)}
    assert str(before[1]) == "2026-11-23"
    houses.new.press("anna", "Ta emot")
    after = {row.id: row.watched_from for row in houses.new.rows(Trainee)}
    assert str(after[1]) == "2026-01-12"
    assert after[2] == before[2]


def link(world: World, who: str) -> None:
    """Somebody who came after the others is reached as they are."""
    with writing(world.engine) as session:
        person = session.exec(select(Person).where(Person.email == mail(who))).one()
        here, name = world.platform.name, mail(who)
        account = Identity(
            person_id=person.id or 0, platform=here, external_id=name, chat=name, linked_at=world.clock()
        )
        session.add(account)


@pytest.mark.parametrize(("begins", "watched"), [("2026-12-21", "2026-01-12"), ("2026-12-22", "2026-12-22")])
def test_after_a_long_gap_nobody_is_scolded_for_what_nobody_watched(
    houses: Houses, begins: str, watched: str
) -> None:
    """The file is of 20 November; Torget begins on 21 December, 31 days later, or on the 22nd."""
    content = carried(houses)
    new = houses.at(houses.new)
    new.jump_to(f"{begins}T09:00")
    new.enrol(NEXT.replace("dan@exempel.se,Dan Ohlin", "cia@exempel.se,Cia Strand"))
    link(new, "cia")
    changed = json.loads(content)
    houses.at(houses.old)
    changed["history"]["trainee"]["email"] = "cia@exempel.se"
    from handlers.portable.history import canonical

    changed["signature"] = signing.sign(canonical(changed["history"]))
    assert offered(houses, json.dumps(changed).encode()) == 0
    with_row = next(row for row in new.rows(Transfer))
    owner = next(row for row in new.rows(Trainee) if row.id == with_row.trainee_id)
    assert str(owner.watched_from) == begins
    new.press("cia", "Ta emot")
    after = {row.id: str(row.watched_from) for row in new.rows(Trainee)}
    assert after[with_row.trainee_id] == watched


def test_the_same_file_again_changes_nothing(houses: Houses, capsys: pytest.CaptureFixture[str]) -> None:
    content = carried(houses)
    offered(houses, content)
    offered(houses, content)
    houses.new.press("anna", "Ta emot")
    before = [row.model_dump() for row in houses.new.rows(Entry)]
    capsys.readouterr()
    assert offered(houses, content) == 0
    assert "has taken this file before" in capsys.readouterr().out
    assert [row.model_dump() for row in houses.new.rows(Entry)] == before
    assert "gäller inte längre" in houses.new.press("anna", "Ta emot").text


def test_a_later_file_adds_what_is_new_only(houses: Houses) -> None:
    offered(houses, carried(houses))
    houses.new.press("anna", "Ta emot")
    old = houses.at(houses.old)
    old.say("anna", "handledning idag 1h")
    old.say("anna", "ta med mig")
    offered(houses, old.to("anna")[-1].message.files[0].content)
    assert "1 rad från Ekbacken" in houses.new.press("anna", "Ta emot").text
    assert len(entries(houses.new)) == 5
    assert len(houses.new.rows(Absence)) == 1


def test_taken_home_again_nothing_is_there_twice(houses: Houses) -> None:
    offered(houses, carried(houses))
    houses.new.press("anna", "Ta emot")
    houses.new.say("anna", "handledning idag 1h")
    houses.new.say("anna", "ta med mig")
    content = houses.new.to("anna")[-1].message.files[0].content
    units = [each["unit"] for each in json.loads(content)["history"]["entries"]]
    assert units == ["Ekbacken"] * 4 + ["Torget"]
    path = houses.folder / "back.json"
    path.write_bytes(content)
    public = signing.public_key()
    old = houses.at(houses.old)
    assert at_its_time(old, "import-export", str(path), "--key", public) == 0
    houses.at(old).deliver()
    assert "1 rad från Torget" in old.press("anna", "Ta emot").text


def _edit(whole: dict[str, Any]) -> None:
    whole["history"]["entries"][0]["minutes"] = 90


def _drop(whole: dict[str, Any]) -> None:
    whole["history"]["entries"].pop()


def _other(whole: dict[str, Any]) -> None:
    whole["history"]["trainee"]["email"] = "dan@exempel.se"


def _unsigned(whole: dict[str, Any]) -> None:
    whole["signature"] = ""


@pytest.mark.parametrize("tamper", [_edit, _drop, _other, _unsigned])
def test_a_changed_file_is_refused(
    houses: Houses, tamper: Callable[[dict[str, Any]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(carried(houses))
    tamper(whole)
    assert offered(houses, json.dumps(whole).encode()) == 2
    assert "the signature does not hold" in capsys.readouterr().err
    assert houses.new.rows(Transfer) == []


def test_another_key_no_key_and_no_history_are_refused(
    houses: Houses, capsys: pytest.CaptureFixture[str]
) -> None:
    content = carried(houses)
    assert offered(houses, content, NEW_KEY) == 2
    assert "not from the owner of that key" in capsys.readouterr().err
    path = str(houses.folder / "historik.json")
    assert main(["import-export", path, "--key", "åäö"]) == 2
    assert "no public key" in capsys.readouterr().err
    for junk in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        assert offered(houses, junk) == 2
        assert "no history that handledd wrote" in capsys.readouterr().err


def test_who_is_not_in_the_roster_here_is_named(houses: Houses, capsys: pytest.CaptureFixture[str]) -> None:
    old = houses.at(houses.old)
    old.say("bo", "ta med mig")
    assert offered(houses, old.to("bo")[-1].message.files[0].content) == 2
    assert "bo@exempel.se is no trainee in the roster here" in capsys.readouterr().err


def test_declined_nothing_of_it_is_kept(houses: Houses) -> None:
    offered(houses, carried(houses))
    assert "inte sparat något" in houses.new.press("anna", "Nej tack").text
    assert (entries(houses.new), houses.new.rows(Transfer)[0].history) == ([], None)


def test_only_the_trainee_accepts(houses: Houses) -> None:
    offered(houses, carried(houses))
    new = houses.new
    press = new.button("anna", "Ta emot").press
    for who, owner in (("dan", 2), ("olof", 3)):
        forged = f"{press.rpartition('.')[0]}.{owner}"
        new.take(new.incoming(who, kind=IncomingKind.PRESS, press=forged))
    assert entries(new) == []


def test_what_came_along_can_be_neither_undone_nor_changed_nor_disputed(houses: Houses) -> None:
    offered(houses, carried(houses))
    new = houses.new
    new.press("anna", "Ta emot")
    before = [row.model_dump() for row in new.rows(Entry)]
    chain = before[0]["chain_id"]
    said = new.take(new.incoming("anna", kind=IncomingKind.PRESS, press=f"undo.{chain}.1"))
    assert "skrivet på Ekbacken" in said.message.text
    for press in (f"change.{chain}.1", f"unhistory.{chain}.1", f"ok.{chain}.3", f"no.{chain}.3"):
        who = "anna" if press.endswith(".1") else "olof"
        new.take(new.incoming(who, kind=IncomingKind.PRESS, press=press))
    for press in ("unaway.1.1", "unplace.1.1"):
        new.take(new.incoming("anna", kind=IncomingKind.PRESS, press=press))
    new.say("anna", "ångra")
    new.say("anna", "ändra till 45 min")
    assert [row.model_dump() for row in new.rows(Entry)] == before
    assert [row.voided_at for row in new.rows(Absence)] == [None]
    assert [row.voided_at for row in new.rows(Placement)] == [None]


def test_the_command_line_writes_the_same_and_keeps_its_key(
    houses: Houses, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(houses)
    path = houses.folder / "anna.json"
    assert main(["export", "anna@exempel.se", "--out", str(path)]) == 0
    assert "4 entries" in capsys.readouterr().out
    assert main(["key"]) == 0
    public = capsys.readouterr().out.strip()
    assert main(["export", "anna@exempel.se", "--out", str(path)]) == 2
    assert main(["export", "eva@exempel.se", "--out", str(path)]) == 2
    key = houses.folder / "old.pem"
    assert (key.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o600, 0o600)
    houses.at(houses.new)
    assert main(["import-export", str(path), "--key", public]) == 0
    key.chmod(0o644)
    houses.at(houses.old)
    capsys.readouterr()
    assert main(["key"]) == 1
    assert f"chmod 600 {key}" in capsys.readouterr().err


def test_in_a_channel_or_without_a_training_there_is_no_file(houses: Houses) -> None:
    old = lived(houses)
    for who, line, private in (("anna", "ta med mig", False), ("eva", "ta med mig", True)):
        old.say(who, line, private=private)
        assert old.to(who)[-1].message.files == ()


def test_without_a_key_it_is_said(world: World) -> None:
    signing._KEY.clear()
    assert "inte uppsatt" in world.say("anna", "ta med mig").text
