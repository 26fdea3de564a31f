"""The golden lines: each message with what it must mean."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from handlers.language.reader import read

ROOT = Path(__file__).parents[3]
COPY = ROOT / "tests/corpus/messages.jsonl"
GOLDEN = ROOT / "tests/corpus/golden.jsonl"
SHARED = ROOT.parent / "shared/corpus/messages.jsonl"
NOW = "2026-11-22T09:30"


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def assert_read(line: dict[str, Any]) -> None:
    """Each expected key must match exactly."""
    found = read(line["text"], datetime.fromisoformat(line.get("now", NOW))).as_json()
    assert {key: found[key] for key in line["expect"]} == line["expect"]


@pytest.mark.parametrize("line", lines_of(COPY), ids=lambda line: line["text"])
def test_the_agreed_examples_are_read_as_agreed(line: dict[str, Any]) -> None:
    assert_read(line)


@pytest.mark.parametrize("line", lines_of(GOLDEN), ids=lambda line: f"{line.get('now', '')} {line['text']}")
def test_the_golden_lines_are_read_right(line: dict[str, Any]) -> None:
    assert_read(line)


def test_the_shared_examples_are_all_right_where_they_are_at_hand() -> None:
    for line in lines_of(SHARED) if SHARED.exists() else lines_of(COPY):
        assert_read(line)


def test_the_golden_set_is_large_and_varied() -> None:
    golden = lines_of(GOLDEN)
    assert len(golden) >= 8
    assert len({line.get("now", NOW) for line in golden}) >= 8
