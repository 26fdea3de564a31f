"""`handledd parse` keeps to its contract: exactly these keys, and a reason only of a refusal."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from bot.cli import main

KEYS = [
    *("intent", "activity", "date", "end_date", "time", "minutes", "repeat", "absence", "topics"),
    *("instrument", "goals", "people", "note", "question", "reason"),
]
NOW = ["--now", "2026-11-22T09:30"]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """The objects that parse prints."""
    assert main(["parse", "--json", *NOW, *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_question_keeps_what_it_offers_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    asked, refused = told(capsys, "handledning idag igår 1h", "handledning 850709-9805")
    assert list(asked) == list(refused) == KEYS
    assert (asked["question"], asked["reason"]) == ("date", None)
    assert refused["reason"] == "personal_identity_number"


def test_a_line_break_is_two_characters_wherever_the_message_comes_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "handledning igår\\n1h etik"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert told(capsys, text) == told(capsys)
    assert told(capsys, "pat 850709\\n9805")[0]["intent"] == "refused"


def test_what_is_not_utf8_is_refused_with_the_line_that_holds_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = "status\nhandledning igår 1h\n".encode() + "handledning igår 1h\nstatus\n".encode("latin-1")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    assert main(["parse", "--json", *NOW]) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 2
    assert told.err == "handledd: line 3 is not UTF-8: save it as UTF-8\n"
    assert main(["parse", *NOW, "status", "ig\udce5r"]) == 2
    assert capsys.readouterr().err == "handledd: message 2 is not UTF-8: save it as UTF-8\n"
