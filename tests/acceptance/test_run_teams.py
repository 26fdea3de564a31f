"""Teams end to end: the bot, Teams, Slack and Telegram are processes of their own, and the bot is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import system_clock
from bot.platforms.teams_files import Offers
from bot.shelf import Shelf
from handlers.message import File
from storage.engine import open_engine
from tests.acceptance.house import LARS, Home, shown_to, until
from tests.fakes import teams_card, teams_driver
from tests.fakes.process import Fake, start
from tests.fakes.teams_driver import ANNA, CHAT, CLIENT_ID, SECRET, TENANT, TeamsDriver

LINE = "handledning idag 1h etik"
BOOK = File("översikt.xlsx", b"PK" * 500, "application/xlsx")
ROSTER = f"""\
email,name,role,unit,rulebook,supervisor,start,platform,platform_id
dag@exempel.se,Dag Åberg,trainee,Ekbacken,,lars@exempel.se,2026-01-12,teams,{ANNA.upper()}
"""


@pytest.fixture(scope="module")
def teams_process() -> Iterator[Fake]:
    fake = start("tests.fakes.teams_fake", CLIENT_ID, SECRET, TENANT)
    yield fake
    fake.stop()


@pytest.fixture
def teams(teams_process: Fake) -> Fake:
    """A Teams that has seen nothing yet."""
    return teams_process.from_now_on()


@pytest.fixture
def bot(home: Home, teams: Fake, tmp_path: Path) -> Iterator[Home]:
    """The bot with Teams set up, running, and Dag in its roster with his id in capitals."""
    home.settings |= {
        "HANDLEDD_TEAMS_CLIENT_ID": CLIENT_ID,
        "HANDLEDD_TEAMS_CLIENT_SECRET": SECRET,
        "HANDLEDD_TEAMS_TENANT_ID": TENANT,
        "HANDLEDD_TEAMS_SERVICE_URL": f"{teams.url}/teams/",
        "HANDLEDD_TEAMS_LOGIN_URL": teams.url,
        "HANDLEDD_TEAMS_KEYS_URL": f"{teams.url}/keys",
    }
    file = tmp_path / "teams.csv"
    file.write_text(ROSTER, encoding="utf-8")
    assert home.command("roster", "import", str(file)).returncode == 0
    home.start()
    yield home
    assert [word for word in (SECRET, "token-canary", "Åberg", "etik") if word in home.said()] == []


def driver(home: Home, teams: Fake) -> TeamsDriver:
    """Teams, speaking to the running bot."""
    return TeamsDriver(home.url, teams, lambda: datetime.now(UTC))


def said(home: Home, teams: Fake, activity: dict[str, Any]) -> Any:
    """An activity to the bot, and what stands in the response."""
    teams_side = driver(home, teams)
    try:
        answer = teams_side.post(activity)
    finally:
        teams_side.close()
    assert answer.status_code == 200
    return answer.json() if answer.content else None


def line(text: str = LINE) -> dict[str, Any]:
    return teams_driver.message(text, timestamp=datetime.now(UTC).isoformat())


def shown(teams: Fake, beginning: str) -> list[dict[str, Any]]:
    """Dag's messages that begin so, as they are drawn by each call."""
    calls = [call for call in teams.seen(chat=CHAT, accepted=True) if call["method"] in ("create", "update")]
    return [call for call in calls if teams_card.shown(call["body"]).startswith(beginning)]


def test_a_line_is_answered_in_its_chat_once_however_often_it_comes(bot: Home, teams: Fake) -> None:
    written = line()
    for number in ("1795339800001", "1795339800001", "1795339800002"):  # at last with an id of its own
        said(bot, teams, written | {"id": number})
    until(lambda: shown(teams, "Sparat"), "the receipt")
    until(bot.settled, "everything to be sent")
    assert len(shown(teams, "Sparat")) == 1
    assert len(bot.entries("dag@exempel.se")) == 1


def test_what_was_taken_outlives_a_kill_and_is_never_doubled(bot: Home, teams: Fake, telegram: Fake) -> None:
    written = line()
    said(bot, teams, written)
    bot.kill()
    bot.let_leases_run_out()
    bot.start()
    said(bot, teams, written | {"id": "1795339800003"})
    until(bot.settled, "everything to be sent")
    assert len(bot.entries("dag@exempel.se")) == 1
    assert 1 <= len(shown(teams, "Sparat")) <= 2  # killed while it was sent: once more, and it says so
    assert shown_to(telegram, LARS)[0]["text"].startswith("Dag Åberg har sparat: handledning")


def test_a_pressed_button_is_answered_in_the_response_and_in_the_message(bot: Home, teams: Fake) -> None:
    said(bot, teams, line())
    receipt = until(lambda: shown(teams, "Sparat"), "the receipt")[0]
    [card] = teams_card.cards(receipt["body"])
    answer = said(bot, teams, teams_driver.press(teams_card.buttons(card)["Ångra"], receipt["id"]))
    assert teams_card.card_text(answer["value"]).startswith("Ångrat")
    undone = until(lambda: shown(teams, "Ångrat"), "the message to be replaced")
    assert [(call["method"], call["id"]) for call in undone] == [("update", receipt["id"])]
    assert bot.entries("dag@exempel.se") == []


def test_who_takes_the_app_away_is_told_of_and_who_comes_back_is_written_to(bot: Home, teams: Fake) -> None:
    said(bot, teams, line("hej"))
    query = "SELECT disabled_reason FROM identity WHERE platform = 'teams'"
    said(bot, teams, teams_driver.installed(action="remove"))
    assert bot.rows(query) == [{"disabled_reason": "blocked by the person"}]
    said(bot, teams, teams_driver.installed(timestamp=datetime.now(UTC).isoformat()))
    assert bot.rows(query) == [{"disabled_reason": None}]


def test_a_file_that_another_process_offered_is_handed_over(bot: Home, teams: Fake) -> None:
    key = offered_beside(bot)
    said(bot, teams, teams_driver.consent(key, f"{teams.url}/upload/book", card=""))
    [upload] = until(lambda: teams.seen(method="upload"), "the file")
    assert (upload["id"], upload["size"], upload["authorized"]) == ("book", len(BOOK.content), False)
    until(lambda: teams.seen(method="create", chat=CHAT, accepted=True), "the file to be shown")
    assert bot.rows("SELECT * FROM offered_file") == []
    assert key not in bot.said()


def offered_beside(bot: Home) -> str:
    """As another replica on the same database offers it; returns what stands in the offer."""
    engine = open_engine(f"sqlite:///{bot.file}")
    post: Any = asyncio.run(Offers(Shelf(engine, system_clock)).make(BOOK, ANNA, "sv"))
    engine.dispose()
    return str(post.attachments[0].content["acceptContext"]["offer"])
