"""What is wrong on a command line, in a file or in a setting: one line with the mend, status 1 or 2."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import stat
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from bot.cli import main
from storage import engine

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-01-12,2031-01-11
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
siv@exempel.se,Siv Rektorsson,studierektor,Ekbacken,,,,
"""
PLAY = "simulate --roster roster.csv --script script.jsonl"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are in order, and some that are not."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HANDLEDD_")]:
        monkeypatch.delenv(name)
    Path("roster.csv").write_text(ROSTER, encoding="utf-8")
    Path("script.jsonl").write_text("", encoding="utf-8")
    Path("bytes.toml").write_bytes(b"\xff\xfe\x00")
    Path("words.sqlite").write_text("Det här är ingen databas, bara några ord.\n", encoding="utf-8")
    Path("folder").mkdir()


def refused(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main(shlex.split(line))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    return status, said.err


@pytest.mark.parametrize(
    ("line", "status", "mend"),
    [
        ("due --as-of 0001-01-01", 2, "--as-of is a date like 2026-11-22"),
        ("due --as-of 9999-12-31", 2, "--as-of is a date like"),
        ("due --trainee eva@exempel.se", 2, "eva@exempel.se is no trainee in the roster: handledd due names"),
        ("due --unit Nowhere", 2, "there is no unit 'Nowhere'; the units are Ekbacken\n"),
        ("digest --preview bo@exempel.se", 2, "bo@exempel.se is not in the roster: see the e-mails"),
        ("erase bo@exempel.se", 2, "bo@exempel.se is not in the roster: see the e-mails"),
        (
            f"{PLAY} --from 2026-09-01 --until 2026-09-01 --script folder",
            2,
            "folder cannot be read: Is a dir",
        ),
        (
            "rules override Ekbacken assessment gap=5 --reason x",
            2,
            "assessment.gap: is no parameter; remove it, or use one of",
        ),
        ("digest --preview siv@exempel.se --as-of 0001-01-01", 2, "--as-of is a date like"),
        ("parse --now 9999-12-31T23:59 hej", 2, "--now is a moment like"),
        (f"{PLAY} --from 9999-12-30 --until 9999-12-31", 2, "--from is a date like"),
        (
            "roster export folder/none/r.csv",
            1,
            "folder/none/r.csv cannot be written: No such file or directory; name",
        ),
        ("overview --for siv@exempel.se --png folder", 1, "folder cannot be written: Is a directory"),
        (
            "rules check nowhere.toml",
            2,
            "nowhere.toml cannot be read: No such file or directory; name a file",
        ),
        ("words check bytes.toml", 2, "bytes.toml is not UTF-8: save it as UTF-8"),
        ("rules check bytes.toml", 2, "bytes.toml is not UTF-8: save it as UTF-8"),
        ("paper", 2, "(see handledd paper --help)"),
        ("restore nowhere", 2, "nowhere cannot be read"),
        ("restore roster.csv", 2, "roster.csv is no backup of a sqlite database of handledd's"),
        ("backup folder", 2, "folder is there already: name a new file"),
    ],
)
def test_a_wrong_argument_is_one_line_that_says_the_mend(
    capsys: pytest.CaptureFixture[str], line: str, status: int, mend: str
) -> None:
    assert main(["roster", "import", "roster.csv"]) == 0
    told = refused(capsys, line)
    assert told[0] == status
    assert mend in told[1]


STEP = '{"at":"2026-09-30T12:00","as":"anna@exempel.se","say":"hej"}'
EARLIER = STEP.replace("T12", "T11")


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        (
            STEP.replace("anna", "bo"),
            "bo@exempel.se is not in the roster: add",
        ),
        (
            '{"at":"2026-10-01T12:00","as":"anna@exempel.se","say":"hej"}',
            "is outside the days played: write one from 2026-09-01 to 2026-09-30, or move --from and --until",
        ),
    ],
)
def test_a_script_that_cannot_be_played_is_refused_before_anything_is_printed(
    capsys: pytest.CaptureFixture[str], line: str, mend: str
) -> None:
    Path("script.jsonl").write_text(line, encoding="utf-8")
    status, said = refused(capsys, f"{PLAY} --from 2026-09-01 --until 2026-09-30 --json")
    assert status == 2
    assert "script line 1: " in said
    assert mend in said


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["{}", STEP, "nej", EARLIER], ["line 1: write", "line 3: write", "line 4: earlier"]),
        (
            [STEP.replace("anna", "bo"), STEP.replace("09-30", "10-01").replace("anna", "bo")],
            ["line 1: bo@", "line 2: bo@", "line 2: 2026-10-01 12:00:00 is outside"],
        ),
    ],
)
def test_every_fault_of_a_script_is_listed(
    capsys: pytest.CaptureFixture[str], lines: list[str], faults: list[str]
) -> None:
    Path("script.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, said = refused(capsys, f"{PLAY} --from 2026-09-01 --until 2026-09-30")
    assert status == 2
    assert [each for each in faults if f"script {each}" not in said] == []


def test_a_moment_with_an_offset_is_the_local_one(capsys: pytest.CaptureFixture[str]) -> None:
    step = '{"at":"2026-09-03T22:30Z","as":"anna@exempel.se","say":"handledning igår 1h"}'
    Path("script.jsonl").write_text(step, encoding="utf-8")
    assert main(shlex.split(f"{PLAY} --from 2026-09-04 --until 2026-09-04 --json")) == 0
    reply = json.loads(capsys.readouterr().out.splitlines()[0])
    assert reply["at"] == "2026-09-04T00:30:00+02:00"
    assert main(["parse", "--json", "--now", "2026-11-22T23:30+00:00", "handledning igår 1h"]) == 0
    assert json.loads(capsys.readouterr().out)["date"] == "2026-11-22"


def test_answers_are_utf8_whatever_the_locale_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["parse", "--json", "handledning idag 1h hjärtsvikt"]) == 0
    assert json.loads(written.getvalue().decode("utf-8"))["note"] == "hjärtsvikt"


class Full(io.StringIO):
    """A standard output on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_no_room_for_the_answer_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["parse", "--json", "hej"]) == 1
    assert capsys.readouterr().err == "handledd: No space left on device: make room, or send it elsewhere\n"


@pytest.mark.parametrize("line", ["due", "doctor", "audit", "verify", "backup copy", "restore roster.csv"])
@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("TIMEZONE", "Mars/Base", "Mars/Base is unknown: try Europe/Stockholm"),
        ("TIMEZONE", "../etc/passwd", "try Europe/Stockholm"),
        ("DATABASE_URL", "nothing", "begins with sqlite:///FILE or postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+asyncpg://u:hemligt@127.0.0.1/x", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://u:hemligt@127.0.0.1:x/y", "postgresql+psycopg://"),
        ("PORT", "many", "a whole number from"),
    ],
)
def test_every_command_names_a_wrong_setting(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    name: str,
    value: str,
    mend: str,
) -> None:
    monkeypatch.setenv(f"HANDLEDD_{name}", value)
    status, said = refused(capsys, line)
    assert status == 2
    assert f"HANDLEDD_{name}: " in said
    assert mend in said
    assert "hemligt" not in said


@pytest.mark.parametrize(
    ("line", "url", "mend"),
    [
        ("due", "sqlite:///file:handledd.sqlite?mode=ro&uri=true", "let whoever runs this write"),
        ("due", "sqlite:///none/x.sqlite", "is HANDLEDD_DATABASE_URL right ("),
        ("due", "sqlite:///words.sqlite", "is no database of handledd's"),
        ("backup copy", "sqlite:///words.sqlite", "words.sqlite cannot be copied: file is not a database"),
        ("restore copy", "sqlite:///words.sqlite", "to restore over it, move it away"),
        ("restore copy", "sqlite:///none/x.sqlite", "none/x.sqlite cannot be written"),
    ],
)
def test_a_database_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str, url: str, mend: str
) -> None:
    if line.startswith("restore") or "mode=ro" in url:
        assert main(["init"]) == main(["backup", "copy"]) == 0
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", url)
    status, said = refused(capsys, line)
    assert status == 1
    assert mend in said


@pytest.mark.parametrize("line", ["doctor", "verify", "roster check"])
def test_a_database_of_a_newer_handledd_is_named(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert main(["init"]) == 0
    with closing(connect("handledd.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    status, said = refused(capsys, line)
    assert status == 1
    assert "comes from a newer handledd: install that version (" in said


def test_a_database_that_something_else_holds_is_to_be_tried_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["init"]) == 0
    monkeypatch.setattr(engine, "BUSY_MS", 10)
    with closing(connect("handledd.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, said = refused(capsys, "verify")
    assert status == 1
    assert "database is locked; something else is writing to it: try again when that is done" in said


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        (b"port = \n", "handledd.toml: Invalid value (at line 1, column 8); mend that line"),
        (b"\xff\xfep\x00", "handledd.toml: not UTF-8: save it as UTF-8"),
    ],
)
def test_a_settings_file_that_is_none_is_one_line(
    capsys: pytest.CaptureFixture[str], written: bytes, mend: str
) -> None:
    Path("handledd.toml").write_bytes(written)
    assert refused(capsys, "due") == (2, f"handledd: {mend}\n")


def test_a_settings_file_may_begin_with_the_mark_of_an_editor(capsys: pytest.CaptureFixture[str]) -> None:
    Path("handledd.toml").write_bytes(b'\xef\xbb\xbftimezone = "Mars/Base"\r\n')
    assert "Mars/Base is unknown" in refused(capsys, "due")[1]


def test_a_variable_without_a_value_is_as_usual(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TIMEZONE", "PORT", "DATABASE_URL", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(f"HANDLEDD_{name}", "")
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "drift 0\n"


def test_a_misspelt_setting_is_named_with_the_one_that_is_meant(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKN", "hemligt")
    main(["doctor"])
    said = capsys.readouterr().out
    assert "✗ HANDLEDD_TELEGRAM_TOKN is no setting: is HANDLEDD_TELEGRAM_TOKEN meant?\n" in said
    assert "hemligt" not in said
    Path("handledd.toml").write_text('telegram_tokn = "hemligt"\n', encoding="utf-8")
    status, line = refused(capsys, "due")
    assert (status, "is telegram_token meant?" in line, "hemligt" in line) == (2, True, False)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("none.csv", "none.csv: filen finns inte i "),
        ("roster.txt", "roster.txt: filen ska sluta på .csv"),
        (".", ".: filen ska sluta på .csv eller .xlsx, inte ingenting"),
    ],
)
def test_a_roster_that_is_no_file_is_no_fault_of_its_first_line(
    capsys: pytest.CaptureFixture[str], file: str, said: str
) -> None:
    status, line = refused(capsys, f"roster import {file}")
    assert (status, line.startswith(f"handledd: {said}")) == (2, True)


@pytest.mark.parametrize(("line", "status"), [("rules list --json", 0), ("due --as-of x", 2)])
def test_where_nobody_listens_the_status_still_tells(
    monkeypatch: pytest.MonkeyPatch, line: str, status: int
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(shlex.split(line)) == status


def test_what_stands_in_a_terminal_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["due"]) == main(["roster", "import", "roster.csv"]) == 0
    assert capsys.readouterr().out.startswith("no trainees yet (handledd roster import)\n")
    assert main(["due"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("anna@exempel.se · Ekbacken\n")
    assert "supervisor_statement │" in said
    assert "supervision: Lokala riktlinjer" in said


def test_what_each_command_does_is_listed_in_whole_sentences(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for group in ([], ["roster"], ["rules"], ["settings"], ["words"], ["manifest"], ["install"]):
        assert main([*group, "--help"]) == 0
        _, listed = capsys.readouterr().out.split("Commands:")
        assert "..." not in listed


def test_a_picture_is_for_its_owner_alone() -> None:
    assert main(["roster", "import", "roster.csv"]) == 0
    assert main(["overview", "--for", "siv@exempel.se", "--png", "picture.png"]) == 0
    assert stat.S_IMODE(Path("picture.png").stat().st_mode) == 0o600
