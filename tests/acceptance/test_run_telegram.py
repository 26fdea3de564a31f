"""Telegram end to end, by long poll and by webhook: three processes, and the bot is killed on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.acceptance.house import BO, LARS, WEBHOOK_SECRET, Home, keys, sent_to, shown_to, until
from tests.fakes import telegram_driver as driver
from tests.fakes.process import Fake

BO_MAIL = "bo@exempel.se"
LINE = "handledning idag 1h etik"
TWICE = "två gånger"

Deliver = Callable[[dict[str, Any]], None]
"""Brings an update to the bot, in one of the two ways."""


def written(words: str = LINE) -> dict[str, Any]:
    """A text of Bo's, just now."""
    return driver.just_now(BO, words)


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest) -> str:
    """How updates come."""
    return str(request.param)


@pytest.fixture
def bot(home: Home, way: str) -> Home:
    """The bot, running, in one of the two modes."""
    home.settings |= {"HANDLEDD_TELEGRAM_MODE": way, "HANDLEDD_TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET}
    home.start()
    return home


@pytest.fixture
def deliver(bot: Home, telegram: Fake, way: str) -> Deliver:
    """Telegram, handing an update to the bot."""
    numbers = iter(range(9000, 9100))

    def post(update: dict[str, Any]) -> None:
        update.setdefault("update_id", next(numbers))
        assert webhook(bot, update) == 200

    def enqueue(update: dict[str, Any]) -> None:
        driver.enqueue(telegram, update)

    return post if way == "webhook" else enqueue


def webhook(bot: Home, update: dict[str, Any], **headers: str) -> int:
    """An update posted as Telegram does, and posted again while nobody listens; the status."""
    secret = {driver.SECRET_HEADER: WEBHOOK_SECRET} | headers
    return httpx.post(f"{bot.url}/telegram/webhook", json=update, headers=secret, timeout=30).status_code


def receipts(telegram: Fake) -> list[dict[str, Any]]:
    """What Bo was shown, edits aside."""
    return [shown for shown in shown_to(telegram, BO) if not shown["edited"]]


def test_a_message_gets_one_entry_and_one_receipt_with_buttons(
    bot: Home, deliver: Deliver, telegram: Fake
) -> None:
    deliver(written())
    until(lambda: receipts(telegram), "the receipt")
    until(bot.settled, "everything to be sent")
    (receipt,) = receipts(telegram)
    assert receipt["text"].startswith("Sparat: handledning")
    assert keys(receipt).keys() == {"Ångra", "Ändra", "Boka nästa"}
    assert len(bot.entries(BO_MAIL)) == 1


def test_the_supervisor_on_slack_is_asked_once(bot: Home, deliver: Deliver, slack: Fake) -> None:
    deliver(written())
    until(lambda: sent_to(slack, "D2"), "the supervisor to be asked")
    until(bot.settled, "everything to be sent")
    assert len(sent_to(slack, "D2")) == 1


def test_undo_under_a_receipt_voids_the_entry_and_takes_the_receipts_place(
    bot: Home, deliver: Deliver, telegram: Fake
) -> None:
    deliver(written())
    receipt = until(lambda: receipts(telegram), "the receipt")[0]
    deliver(driver.press(BO, receipt["shown"], keys(receipt)["Ångra"], query=f"q{time.time_ns()}"))
    until(lambda: any(shown["edited"] for shown in shown_to(telegram, BO)), "the receipt to be replaced")
    last = shown_to(telegram, BO)[-1]
    assert last["text"].startswith("Ångrat: handledning")
    assert last["shown"] == receipt["shown"]
    assert (bot.entries(BO_MAIL), len(bot.entries(BO_MAIL, "void"))) == ([], 1)
    until(lambda: telegram.seen(method="answerCallbackQuery", ok=True), "the button's wait to end")


def test_an_edited_message_amends_its_entry(bot: Home, deliver: Deliver, telegram: Fake) -> None:
    first = written()
    deliver(first)
    until(lambda: receipts(telegram), "the receipt")
    deliver(driver.edit(first, "handledning idag 45 min etik"))
    until(lambda: len(receipts(telegram)) == 2, "the second receipt")
    assert receipts(telegram)[1]["text"].startswith("Ändrat: handledning")
    assert [entry["minutes"] for entry in bot.entries(BO_MAIL)] == [45]


@pytest.mark.parametrize("way", ["polling"], indirect=True)
def test_an_unconfirmed_update_that_comes_again_after_a_kill_changes_nothing(
    bot: Home, telegram: Fake
) -> None:
    driver.enqueue(telegram, written("hjälp"))
    until(lambda: driver.pending(telegram) == [], "the bot to wait in its next poll")
    # From here on nothing is confirmed: the poll under way brings the update, the next one is refused.
    driver.fault(telegram, "getUpdates", "refuse", status=502, description="Bad Gateway", times=1000)
    number = driver.enqueue(telegram, written())
    until(lambda: len(receipts(telegram)) == 2, "the receipt")
    bot.kill()
    bot.let_leases_run_out()
    driver.calm(telegram)
    assert driver.pending(telegram) == [number]
    bot.start()
    until(lambda: driver.pending(telegram) == [], "the update to be confirmed")
    until(bot.settled, "everything to be sent")
    assert len(bot.entries(BO_MAIL)) == 1
    assert_at_most_one_repeat(receipts(telegram)[1:])


@pytest.mark.parametrize("way", ["webhook"], indirect=True)
def test_a_webhook_update_that_comes_again_after_a_kill_changes_nothing(bot: Home, telegram: Fake) -> None:
    update = written() | {"update_id": 7}
    assert webhook(bot, update) == 200
    until(lambda: receipts(telegram), "the receipt")
    bot.kill()
    bot.let_leases_run_out()
    bot.start()
    assert [webhook(bot, update) for _ in range(3)] == [200] * 3
    until(bot.settled, "everything to be sent")
    assert len(bot.entries(BO_MAIL)) == 1
    assert_at_most_one_repeat(receipts(telegram))


def assert_at_most_one_repeat(shown: list[dict[str, Any]]) -> None:
    """Killed between the sending and its record, the receipt goes once more and says so; else once."""
    texts = [receipt["text"] for receipt in shown]
    assert 1 <= len(texts) <= 2
    assert all(TWICE in text for text in texts[1:])


def test_a_supervisor_who_blocked_the_bot_is_not_tried_for_ever(
    bot: Home, deliver: Deliver, telegram: Fake
) -> None:
    driver.know(telegram, LARS, "blocked")
    try:
        people = bot.slack()
        people.command("/handledning", "idag 1h", user_id="U3")
        people.close()
        until(lambda: bot.rows("SELECT id FROM outbox WHERE state = 'failed'"), "the failure to be recorded")
        assert bot.rows("SELECT external_id FROM identity WHERE disabled_at IS NOT NULL") == [
            {"external_id": str(LARS)}
        ]
    finally:
        driver.know(telegram, LARS)
