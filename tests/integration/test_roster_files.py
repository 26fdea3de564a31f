"""The roster out to a file and in again; what an import shows of its differences."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.cli import main
from handlers.roster.applying import apply_roster, is_supervisor
from handlers.roster.changes import Changes
from handlers.roster.checking import check
from handlers.roster.exporting import as_csv, as_workbook, exported
from handlers.roster.reading import COLUMNS, Line, read_csv, read_workbook
from storage.engine import writing
from storage.tables import Identity, Person
from tests.support.databases import migrated
from tests.support.world import World

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = "Europe/Stockholm"
ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end,employed,kind,locale,platform,platform_id
anna@exempel.se,Anna Berg,trainee,Ekbacken,skane-sjukhus,eva@exempel.se,\
2026-01-12,2031-01-11,2025-12-01,,,slack,T0AB/U0AB
bo@exempel.se,Bo Dal,trainee,Granlund,,,2026-01-12,,,AT,en,telegram,123456789
eva@exempel.se,=Eva Ek,supervisor,Ekbacken,,,,2027-08-31,,,,matrix,@eva:exempel.se
eva@exempel.se,=Eva Ek,studierektor,Ekbacken|Granlund,,,,,,,,slack,U0EVA
gerd@exempel.se,Gerd Toppen,chief_director,,,,,,,,,teams,ABCDEF00-0000-0000-0000-000000000000
"""
TODAY = "anna@exempel.se,Anna Berg,trainee,Ekbacken,,siv@exempel.se,2026-01-12,2026-10-30,2025-12-01"


def _taken_in(session: Session, lines: list[Line]) -> Changes:
    return apply_roster(session, check(lines, is_supervisor(session)), NOW, ZONE)


WAYS: dict[str, Callable[[Session], list[Line]]] = {
    "csv": lambda session: read_csv(as_csv(exported(session))),
    "xlsx": lambda session: read_workbook(as_workbook(exported(session), NOW)),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_exported_changes_nothing_when_it_is_imported_again(world: World, way: str) -> None:
    with writing(world.engine) as session:
        _taken_in(session, read_csv(ROSTER.encode()))
        again = _taken_in(session, WAYS[way](session))
    assert not again, again
    assert again.missing == []


@pytest.mark.parametrize("way", WAYS)
def test_an_export_makes_the_same_roster_in_an_empty_database(way: str) -> None:
    with writing(migrated()) as first, writing(migrated()) as second:
        _taken_in(first, read_csv(ROSTER.encode()))
        _taken_in(second, WAYS[way](first))
        assert exported(second) == exported(first)
        assert len(exported(first)) == 5


def test_an_account_that_a_roster_cannot_name_is_left_out(world: World) -> None:
    with writing(world.engine) as session:
        anna = session.get_one(Person, 1)
        session.add(Identity(person_id=1, platform="slack", external_id="U0AB", linked_at=NOW))
        row = next(row for row in exported(session) if row["email"] == anna.email)
    assert (row["platform"], row["platform_id"]) == ("slack", "U0AB")  # and not "sim", linked before


_WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split()).replace("|", "!") or "Ek"
)
_DAYS = st.dates(date(2015, 1, 1), date(2026, 11, 22)).map(str)
_SOME = ("anna", "bo", "cia", "dag", "eva")
_PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "email": st.sampled_from(_SOME).map(lambda name: f"{name}@exempel.se"),
            "role": st.sampled_from(["trainee", "supervisor", "studierektor", "head", "secretary"]),
            "units": st.lists(
                st.sampled_from(["Norr", "Söder", "=Öst;"]), min_size=1, max_size=3, unique=True
            ),
            "start": _DAYS,
            "paired": st.booleans(),
            "kind": st.sampled_from(["", "ST", "AT", "BT", "locum"]),
            "telegram": st.booleans(),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row["email"], row["role"]),
)
_NAMES = st.lists(_WORDS, min_size=len(_SOME), max_size=len(_SOME))


def _line(number: int, row: dict[str, object], name: str) -> Line:
    units = list(row["units"])  # type: ignore[call-overload]
    trainee = row["role"] == "trainee"
    cells = {"email": str(row["email"]), "name": name, "role": str(row["role"])}
    cells["unit"] = units[0] if trainee else "|".join(units)
    cells |= {"start": str(row["start"]), "kind": str(row["kind"])} if trainee else {}
    cells |= {"supervisor": "sara@exempel.se"} if trainee and row["paired"] else {}
    known = {"platform": "telegram", "platform_id": str(7000 + number)}
    return Line(number, cells | (known if row["telegram"] else {}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=_PEOPLE, names=_NAMES, way=st.sampled_from(sorted(WAYS)))
def test_any_roster_is_the_same_after_a_way_out_and_in(
    rows: list[dict[str, object]], names: list[str], way: str
) -> None:
    called = {f"{who}@exempel.se": name for who, name in zip(_SOME, names, strict=True)}
    lines = [_line(at, row, called[str(row["email"])]) for at, row in enumerate(rows, 2)]
    sara = Line(99, {"email": "sara@exempel.se", "name": "Sara Ny", "role": "supervisor", "unit": "Norr"})
    engine = migrated()
    with writing(engine) as session:
        _taken_in(session, [*lines, sara])
        again = _taken_in(session, WAYS[way](session))
    engine.dispose()
    assert not again, again
    assert again.missing == []


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a roster that was imported by the command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", f"sqlite:///{tmp_path / 'h.sqlite'}")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    assert main(["roster", "import", "roster.csv"]) == 0
    return tmp_path


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_the_command_writes_a_file_for_its_owner_alone(
    house: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["roster", "export", name]) == 0
    assert stat.S_IMODE((house / name).stat().st_mode) == 0o600
    capsys.readouterr()
    assert main(["roster", "import", name, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"dry_run": False, "added": [], "changed": [], "ended": [], "missing": []}


def test_the_columns_are_the_imports(house: Path) -> None:
    assert main(["roster", "export", "out.csv"]) == 0
    with (house / "out.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert [row["name"] for row in rows if row["role"] == "studierektor"] == ["=Eva Ek"]


def test_a_file_of_another_kind_is_refused(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", "export", "out.ods"]) == 2
    assert "ska sluta på .csv eller .xlsx" in capsys.readouterr().err
    assert not (house / "out.ods").exists()


def test_a_dry_run_shows_old_and_new_and_what_ends_and_changes_nothing(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ROSTER.splitlines()
    siv = "siv@exempel.se,Siv Ny,supervisor,Ekbacken,,,,,,,,,"
    (house / "next.csv").write_text("\n".join([lines[0], f"{TODAY},,en,,", lines[3], siv]), encoding="utf-8")
    capsys.readouterr()
    for _ in range(2):  # the second time it says the same: nothing was written
        assert main(["roster", "import", "next.csv", "--dry-run", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["added"] == ["siv@exempel.se: name Siv Ny", "siv@exempel.se: supervisor Ekbacken"]
        assert told["changed"] == [
            "anna@exempel.se: locale sv → en",
            "anna@exempel.se: end 2031-01-11 → 2026-10-30",
            "anna@exempel.se: supervisor eva@exempel.se → siv@exempel.se",
        ]
        assert [line.rsplit(" ", 1)[0] for line in told["ended"]] == [
            "anna@exempel.se: utbildning",
            "eva@exempel.se – anna@exempel.se: par",
        ]
        assert told["missing"] == ["bo@exempel.se", "gerd@exempel.se"]


def test_the_table_of_a_dry_run_has_a_row_for_each_difference(
    house: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    (house / "next.csv").write_text(ROSTER.replace("Bo Dal", "Bo Berg-Dal"), encoding="utf-8")
    capsys.readouterr()
    assert main(["roster", "import", "next.csv", "--dry-run"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "bo@exempel.se" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == [
        "ändrat", "bo@exempel.se", "name", "Bo Dal", "Bo Berg-Dal"
    ]  # fmt: skip
