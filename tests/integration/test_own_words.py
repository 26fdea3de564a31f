"""A studierektor adds a word without touching code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from handlers.language.lexicon import vocabulary

OWN = '[topics]\nethics = ["samvetsfrågor"]\n'


@pytest.fixture(autouse=True)
def _forget_own_words() -> Iterator[None]:
    yield
    vocabulary._OWN.clear()
    vocabulary.default.cache_clear()


def _file(folder: Path, text: str) -> Path:
    path = folder / "egna.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _topics(capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    assert main(["parse", "--json", *more, "handledning idag 1h samvetsfrågor"]) == 0
    return list(json.loads(capsys.readouterr().out)["topics"])


def test_ones_own_word_is_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _topics(capsys) == []
    assert _topics(capsys, "--words", str(_file(tmp_path, OWN))) == ["ethics"]


def test_the_example_in_the_manual_is_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manual = (Path(__file__).parents[2] / "docs/deployment.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    (line,) = re.findall(r'--words words.toml "(.*?)"', manual)
    file = str(_file(tmp_path, example))
    assert main(["words", "check", file]) == 0
    capsys.readouterr()
    assert main(["parse", "--json", "--words", file, line]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["activity"], told["topics"]) == ("supervision", ["ethics"])


def test_a_right_file_is_said_to_be_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Some editors begin a file with a mark of their own.
    assert main(["words", "check", str(_file(tmp_path, f"\ufeff{OWN}"))]) == 0
    assert capsys.readouterr().out.startswith("egna.toml: ok")


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('[topics]\nethics = ["kommunikation"]\n', "remove it from one of the two"),
        ('[topics]\netics = ["samvetsfrågor"]\n', "is no known key"),
        ("[topics\n", "mend that line"),
    ],
)
def test_a_faulty_file_is_refused_in_one_line_with_the_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, mend: str
) -> None:
    assert main(["words", "check", str(_file(tmp_path, text))]) == 2
    told = capsys.readouterr().err
    assert mend in told
    assert told.count("\n") == 1


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "--words", "nowhere.toml", "status"]) == 2
    assert "nowhere.toml cannot be read" in capsys.readouterr().err


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = """
[activities]
supervision = ["fikapratet"]
mingel = ["mingel"]
[topics]
ethics = "samvetsfrågor"
communication = ["etik", "fikapratet"]
[topcis]
ethics = ["moral"]
[topic_stems]
ethics = ["sam"]
"""
    assert main(["words", "check", str(_file(tmp_path, text))]) == 2
    told = capsys.readouterr().err.splitlines()
    there = "already stands in egna.toml: [activities] supervision"
    assert [line.partition(";")[0] for line in told] == [
        "handledd: egna.toml: [activities] mingel is no known key",
        'handledd: egna.toml: [topics] ethics: write a list of words, such as ethics = ["word"]',
        "handledd: egna.toml: [topics] communication: “etik” already stands in sv.toml: [topics] ethics",
        f"handledd: egna.toml: [topics] communication: “fikapratet” {there}",
        "handledd: egna.toml: [topcis] is no known section",
        "handledd: egna.toml: [topic_stems] ethics: “sam” is too short",
    ]


def test_a_key_that_stands_outside_every_section_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["words", "check", str(_file(tmp_path, 'topics = ["moral"]\n'))]) == 2
    assert "egna.toml: topics is no section; write the section's name on a line of its own" in (
        capsys.readouterr().err
    )
