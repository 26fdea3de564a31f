"""Forty words that must never reach a log, each brought in by a way of its own; the log is at DEBUG."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

import httpx

from tests.acceptance.house import NAMES, SECRETS, Home, shown_to, until
from tests.fakes import telegram_driver
from tests.fakes.process import Fake
from tests.fakes.slack_driver import SlackDriver, deleted, direct, edited, moment

NUMBERS = ("191212121212", "19121212-1212", "0701740605", "070-174 06 05")
"""An identity number and a telephone number that nobody can have, as people write them."""
LINES = (
    "handledning idag 1h {}",
    "handledning igår 1h privat: {}",
    "mini-cex igår @{}",
    "be @{} om bedömning mini-cex",
    "boka handledning på fredag kl 13 {}",
    "sidotjänstgöring {} 1/2-30/4",
    "tysta kollegium till 1 mars: {}",
    "sjuk idag {}",
    "{}",
    "koppla {}",
    "visa {}",
    "ändra till {}",
)


def _words() -> Iterator[str]:
    return (f"kanarie{number:02}ord" for number in itertools.count())


def _by_slack(driver: SlackDriver, word: Iterator[str]) -> Iterator[str]:
    for line in LINES:
        yield (said := next(word))
        assert driver.command("/handledning", line.format(said)).status_code == 200
    for event in (direct, partial(edited, "förut"), deleted):
        yield (said := next(word))
        assert driver.event(event(f"handledning idag 1h {said}", **moment())).status_code == 200
    for said in NUMBERS:
        yield said
        driver.command("/handledning", f"idag 1h {said}")


def _by_telegram(telegram: Fake, word: Iterator[str]) -> Iterator[str]:
    for line in LINES[:6]:
        yield (said := next(word))
        telegram_driver.enqueue(telegram, telegram_driver.just_now(601, line.format(said)))


def _by_strangers(url: str, word: Iterator[str]) -> Iterator[str]:
    yield (said := next(word))
    assert httpx.post(f"{url}/slack/events", content=said).status_code == 401
    yield (said := next(word))
    assert httpx.get(f"{url}/{said}").status_code == 404
    yield (said := next(word))
    httpx.get(f"{url}/healthz", params={"token": said}, headers={"cookie": said, "authorization": said})
    yield (said := next(word))
    assert httpx.get(f"{url}/calendar/{said}.ics").status_code == 404


def test_none_of_forty_canaries_reaches_the_debug_log(bot: Home, telegram: Fake) -> None:
    driver, word = bot.slack(), _words()
    told = [*_by_slack(driver, word), *_by_telegram(telegram, word), *_by_strangers(bot.url, word)]
    driver.close()
    telegram_driver.fault(telegram, "sendMessage", "garbled")
    until(lambda: len(shown_to(telegram, 601)) >= 6, "the answers")
    until(bot.settled, "the rest")
    assert bot.stop() == 0
    canaries = {*told, *SECRETS, *NAMES}
    assert len(canaries) >= 40
    said = bot.said()
    assert '"level": "debug"' in said
    assert [canary for canary in canaries if canary in said] == []
