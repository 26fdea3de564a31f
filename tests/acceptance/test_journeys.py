"""A doctor's way through the bot, by the commands that an operator uses beside it: linked by a code, moved to
another unit, ended, erased. The bot runs all the while and is never told to look again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.acceptance.house import BO, LARS, Home, keys, roster, sent_to, shown_to, until
from tests.fakes import telegram_driver as driver
from tests.fakes.process import Fake

NEWCOMER, STRANGER = 701, 801
"""Telegram ids of who is not linked yet, and of who never is."""
MAIL, NAME, NOTE = "doris@exempel.se", "Doris Kvist", "svårt samtal om döden"
BO_MAIL = "bo@exempel.se"
_CODE = re.compile(r"\b[A-HJ-NP-Z2-9]{8}\b")


@pytest.fixture
def bot(home: Home, telegram: Fake) -> Iterator[Home]:
    """The bot, running, where nobody's standing has drifted when the journey is over."""
    driver.know_many(telegram, [NEWCOMER, STRANGER])
    home.settings |= {"HANDLEDD_TELEGRAM_MODE": "polling"}
    home.start()
    yield home
    verified = home.command("verify")
    assert (verified.returncode, "drift 0" in verified.stdout) == (0, True), verified.stdout


def enrol(bot: Home, *rows: str) -> None:
    """Import some rows of the roster, as an operator does when something has changed."""
    file = bot.folder / "changed.csv"
    file.write_text("\n".join([roster(today()).splitlines()[0], *rows, ""]), encoding="utf-8")
    done = bot.command("roster", "import", str(file))
    assert done.returncode == 0, done.stderr


def today() -> date:
    return datetime.now(UTC).date()


def answer(telegram: Fake, who: int, words: str) -> str:
    """What somebody is answered to a line."""
    before = len(shown_to(telegram, who))
    driver.enqueue(telegram, driver.just_now(who, words))
    return str(until(lambda: shown_to(telegram, who)[before:], f"an answer to {words!r}")[0]["text"])


def welcome(bot: Home, telegram: Fake) -> None:
    """Enrol the newcomer and link their account by a code."""
    enrol(bot, f"{MAIL},{NAME},trainee,Ekbacken,,lars@exempel.se,{today() - timedelta(days=30)},,,,,,")
    assert NAME in answer(telegram, NEWCOMER, f"/start {code_for(bot)}")


def code_for(bot: Home) -> str:
    invited = bot.command("invite", MAIL)
    found = _CODE.search(invited.stdout)
    assert found, invited.stdout + invited.stderr
    return found[0]


def erased_id(bot: Home) -> int:
    (row,) = bot.rows("SELECT id FROM person WHERE name = '–'")
    return int(row["id"])


def test_who_is_invited_is_linked_by_the_code_once_and_writes_at_once(bot: Home, telegram: Fake) -> None:
    enrol(bot, f"{MAIL},{NAME},trainee,Ekbacken,,lars@exempel.se,{today() - timedelta(days=30)},,,,,,")
    assert NAME not in answer(telegram, NEWCOMER, "handledning idag 1h")
    assert bot.entries(MAIL) == []
    code = code_for(bot)
    assert NAME in answer(telegram, NEWCOMER, f"koppla {code.lower()}")
    assert NAME not in answer(telegram, STRANGER, f"/start {code}")
    assert answer(telegram, NEWCOMER, "handledning idag 1h").startswith("Sparat: handledning")
    asked = until(lambda: shown_to(telegram, LARS), "the supervisor to be asked")
    assert NAME in asked[0]["text"]
    assert len(bot.entries(MAIL)) == 1


def test_who_moves_to_another_unit_is_confirmed_there(bot: Home, telegram: Fake, slack: Fake) -> None:
    assert answer(telegram, BO, "handledning igår 1h").startswith("Sparat")
    until(lambda: sent_to(slack, "D2"), "the first supervisor to be asked")
    start = today() - timedelta(days=300)
    enrol(
        bot,
        f"{BO_MAIL},Bo Noor,trainee,Granlund,skane-primarvard,lars@exempel.se,{start},,,,,,",
        "lars@exempel.se,Lars Lind,supervisor,Granlund,,,,,,,,,",
    )
    asked = len(shown_to(telegram, LARS))
    assert answer(telegram, BO, "handledning idag 45 min").startswith("Sparat: handledning")
    question = until(lambda: shown_to(telegram, LARS)[asked:], "the new supervisor to be asked")[0]
    assert "Bo Noor" in question["text"]
    press = driver.press(LARS, question["shown"], keys(question)["Stämmer"], query="moved")
    driver.enqueue(telegram, press)
    confirmed = "SELECT id FROM entry WHERE confirmed_at IS NOT NULL"
    until(lambda: bot.rows(confirmed), "the new supervisor's word")
    until(bot.settled, "everything to be sent")
    assert len(sent_to(slack, "D2")) == 1
    assert len(bot.entries(BO_MAIL)) == 2
    status = answer(telegram, BO, "status")
    assert "Granlund" in status
    assert "Ekbacken" not in status


def test_who_has_ended_keeps_what_is_theirs_and_is_reminded_of_nothing(bot: Home, telegram: Fake) -> None:
    assert answer(telegram, BO, "handledning igår 1h").startswith("Sparat")
    start, end = today() - timedelta(days=300), today() - timedelta(days=1)
    enrol(bot, f"{BO_MAIL},Bo Noor,trainee,Ekbacken,,eva@exempel.se,{start},{end},,,,,")
    late = answer(telegram, BO, "handledning idag 1h")
    assert late.startswith("Sparat: handledning")
    assert "När ses ni nästa gång?" not in late
    assert "Utbildningen slutade" in answer(telegram, BO, "status")
    assert "Utbildningen slutade" in answer(telegram, BO, "när slutar jag?")
    assert answer(telegram, BO, "historik").count("handledning") == 2
    assert answer(telegram, BO, "export").startswith("Här är dokumentationen för Bo Noor")
    waiting = "SELECT kind FROM outbox WHERE state = 'pending' AND kind = 'nudge'"
    assert bot.rows(waiting) == []


def test_who_is_erased_is_a_stranger_whose_figures_stay(bot: Home, telegram: Fake) -> None:
    welcome(bot, telegram)
    assert answer(telegram, NEWCOMER, f"handledning idag 1h etik {NOTE}").startswith("Sparat")
    until(lambda: shown_to(telegram, LARS), "the supervisor to be asked")
    erased = bot.command("erase", MAIL, "--yes")
    assert erased.returncode == 0, erased.stderr
    assert "Jag känner inte igen dig än" in answer(telegram, NEWCOMER, "handledning idag 1h")
    assert answer(telegram, LARS, "status").count("\n") == 1  # the one who is left, and Lars's own training
    assert "Jag hittar ingen med det namnet" in answer(telegram, LARS, "visa Doris")
    assert answer(telegram, LARS, "handledning idag 30 min").startswith("Sparat för Cia Strand")
    assert len(bot.entries(f"{erased_id(bot)}@erased.invalid")) == 1
    held = bot.file.read_bytes()
    assert [word for word in (MAIL, NAME, NOTE) if word.encode() in held] == []
