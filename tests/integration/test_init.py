"""`handledd init`: a file for its owner alone, a database, the next step; on a terminal and without one."""

from __future__ import annotations

import os
import pty
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.cli import main
from storage.engine import open_engine
from storage.schema import current, head
from tests.fakes.process import ROOT

TOKEN = "123456789:AAexampleexampleexampleexampleexamp"


@pytest.fixture(autouse=True)
def _clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HANDLEDD_")]:
        monkeypatch.delenv(name)


def _mode(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_without_a_terminal_it_writes_what_is_told_and_makes_the_database(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("token").write_text(f"{TOKEN}\n", encoding="utf-8")
    told = ["--platform", "telegram", "--set", "telegram_token=@token", "--set", "port=9000"]
    assert main(["init", *told]) == 0
    assert tomllib.loads(Path("handledd.toml").read_text("utf-8")) == {"telegram_token": TOKEN, "port": 9000}
    assert (_mode("handledd.toml"), _mode("handledd.sqlite")) == (0o600, 0o600)
    engine = open_engine("sqlite:///handledd.sqlite")
    assert current(engine) == head()
    engine.dispose()
    said = capsys.readouterr()
    assert "handledd roster import" in said.out
    assert TOKEN not in said.out + said.err


def test_the_file_is_what_every_other_command_reads() -> None:
    assert main(["init", "--database-url", "sqlite:///annan.sqlite", "--timezone", "Europe/Helsinki"]) == 0
    Path("r.csv").write_text(
        "email,name,role,unit\neva@exempel.se,Eva Ek,supervisor,Norr\n", encoding="utf-8"
    )
    assert main(["roster", "import", "r.csv"]) == 0
    assert Path("annan.sqlite").exists()
    assert not Path("handledd.sqlite").exists()


def test_a_file_is_written_over_only_with_force(capsys: pytest.CaptureFixture[str]) -> None:
    Path("handledd.toml").write_text("port = 1234\n", encoding="utf-8")
    assert main(["init"]) == 2
    assert "--force" in capsys.readouterr().err
    assert Path("handledd.toml").read_text("utf-8") == "port = 1234\n"
    assert not Path("handledd.sqlite").exists()
    assert main(["init", "--force", "--set", "port=4321"]) == 0
    assert tomllib.loads(Path("handledd.toml").read_text("utf-8")) == {"port": 4321}


@pytest.mark.parametrize(
    ("told", "mend"),
    [
        (["--set", "colour=blue"], "the names are database_url"),
        (["--set", "port=many"], "port: write a whole number from 0 to 65535"),
        (["--timezone", "Sverige"], "try Europe/Stockholm"),
        (["--platform", "irc"], "slack, telegram, teams, matrix, none"),
        (["--platform", "telegram"], "telegram needs telegram_token"),
        (["--set", "telegram_token=@nowhere"], "nowhere cannot be read"),
        (["--set", "slack_bot_token=xoxb-hemlig"], "HANDLEDD_SLACK_SIGNING_SECRET"),
        (["--database-url", "nothing"], "sqlite:///"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend_and_nothing_is_written(
    told: list[str], mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *told]) == 2
    said = capsys.readouterr().err
    assert mend in said
    assert "hemlig" not in said
    assert list(Path().glob("handledd.*")) == []


def test_any_text_survives_the_file() -> None:
    odd = 'å"\\\t€𝄞#='
    assert main(["init", "--set", f"slack_client_secret={odd}", "--set", "slack_client_id=1"]) == 2  # by half
    told = ["slack_signing_secret=s", f"slack_client_secret={odd}", "slack_client_id=1"]
    assert main(["init", *(part for each in told for part in ("--set", each))]) == 0
    assert tomllib.loads(Path("handledd.toml").read_text("utf-8"))["slack_client_secret"] == odd


def test_on_a_terminal_it_asks_and_shows_no_secret(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "init"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said, asked = "", ""
    answers = [("database url", ""), ("timezone", ""), ("platform", "telegram"), ("telegram token", TOKEN)]
    while part := _read(ours):
        said, asked = said + part, asked + part
        if asked.endswith(": ") and answers and answers[0][0] in asked:
            os.write(ours, f"{answers.pop(0)[1]}\n".encode())
            asked = ""
    os.close(ours)
    assert process.wait(timeout=60) == 0, said
    assert answers == []
    written = tomllib.loads((tmp_path / "handledd.toml").read_text("utf-8"))
    assert written["telegram_token"] == TOKEN
    assert written["timezone"] == "Europe/Stockholm"
    assert TOKEN not in said


def _read(terminal: int) -> str:
    """What the process says next; "" once it has ended (Linux then answers with an error)."""
    try:
        return os.read(terminal, 4096).decode()
    except OSError:
        return ""
