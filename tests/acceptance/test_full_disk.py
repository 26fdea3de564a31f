"""A disk without room, as every process under `ulimit -f 0` has: the mend is named, and no half is left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from tests.fakes.process import ROOT


def without_room(folder: Path, *words: str) -> tuple[int, str]:
    """`handledd WORDS…` where no file can grow; the exit status and what was said."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HANDLEDD_")}
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=plain | {"HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_key_that_could_not_be_written_is_made_when_there_is_room(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = without_room(folder, "key")
    assert (status, said.count("\n")) == (1, 1), said
    assert list(folder.glob("*.pem")) == []
    assert main(["key"]) == 0
    assert len(capsys.readouterr().out.strip()) == 43


@pytest.mark.parametrize("words", [("due",), ("verify",), ("backup", "copy.sqlite"), ("doctor",)])
def test_what_a_full_disk_keeps_from_being_done_says_to_make_room(
    folder: Path, words: tuple[str, ...]
) -> None:
    assert main(["init"]) == 0
    status, said = without_room(folder, *words)
    assert (status, said.count("\n"), "make room where it lies" in said) == (1, 1, True), said
