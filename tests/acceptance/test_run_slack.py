"""Slack end to end: the bot, Slack and Telegram are three processes, and the bot is killed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.acceptance.house import LARS, Home, buttons, sent_to, shown_to, until
from tests.fakes.process import Fake
from tests.fakes.slack_driver import FORM, SlackDriver, command_body, direct, edited, mention, moment, press

LINE = "idag 1h etik"


@pytest.fixture
def people(bot: Home) -> Iterator[SlackDriver]:
    """Slack, speaking to the bot that was started first."""
    driver = bot.slack()
    yield driver
    driver.close()


def log_once(home: Home, **who: str) -> tuple[bytes, dict[str, Any]]:
    """A slash command through a socket: its body, to be sent again, and the bot's answer."""
    body = urlencode(command_body("/handledning", LINE, **who)).encode()
    return body, again(home, body)


def again(home: Home, body: bytes) -> dict[str, Any]:
    """The same request once more, signed anew as Slack does."""
    driver = home.slack()
    answer = driver.post(body, FORM)
    driver.close()
    assert answer.status_code == 200
    return dict(answer.json())


def pressed(value: str, **more: Any) -> dict[str, Any]:
    """A button, pressed just now."""
    return press(value, at=moment()["ts"], **more)


def test_a_command_is_answered_in_the_response_with_a_receipt_and_its_buttons(bot: Home) -> None:
    _, answer = log_once(bot)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith("Sparat: handledning")
    assert {"Ångra", "Ändra", "Boka nästa"} == buttons(answer).keys()


def test_the_pace_that_is_set_holds_and_outlives_a_restart(home: Home) -> None:
    home.start(HANDLEDD_LINES_A_MINUTE="1")
    log_once(home)
    home.kill()
    home.start(HANDLEDD_LINES_A_MINUTE="1")
    _, answer = log_once(home)
    assert answer["text"].startswith("Det blev många rader på en minut, så den här sparade jag inte.")
    assert len(home.entries("anna@exempel.se")) == 1


def test_an_answered_command_outlives_a_kill_and_is_never_doubled(bot: Home, slack: Fake) -> None:
    body, answer = log_once(bot)
    bot.kill()
    bot.let_leases_run_out()
    bot.start()
    assert len(bot.entries("anna@exempel.se")) == 1
    assert [again(bot, body) for _ in range(3)] == [answer] * 3
    assert len(bot.entries("anna@exempel.se")) == 1
    until(bot.settled, "everything to be sent")
    assert [message["text"].split(" har ")[0] for message in sent_to(slack, "D2")] == ["Anna Berg"]
    assert sent_to(slack, "D1") == []


def test_a_confirmation_crosses_over_to_the_supervisors_platform(bot: Home, telegram: Fake) -> None:
    log_once(bot, user_id="U3")
    shown = until(lambda: shown_to(telegram, LARS), "the supervisor to be asked")
    assert shown[0]["text"].startswith("Cia Strand har sparat: handledning")
    until(bot.settled, "the sending to be recorded")
    assert len(shown_to(telegram, LARS)) == 1


def test_a_direct_message_is_answered_in_its_chat_once_however_often_it_comes(
    bot: Home, people: SlackDriver, slack: Fake
) -> None:
    event = direct(f"handledning {LINE}", **moment())
    for _ in range(3):
        assert people.event(event, event_id="EvSame").status_code == 200
    until(lambda: sent_to(slack, "D1"), "the receipt")
    until(bot.settled, "everything to be sent")
    assert [message["text"][:7] for message in sent_to(slack, "D1")] == ["Sparat:"]
    assert len(bot.entries("anna@exempel.se")) == 1


def test_a_mention_in_a_channel_is_answered_so_that_only_the_sender_sees_it(
    bot: Home, people: SlackDriver, slack: Fake
) -> None:
    people.event(mention(f"<@UBOT> handledning {LINE}", **moment()))
    seen = until(lambda: slack.seen(method="chat.postEphemeral", accepted=True), "the receipt")
    assert (seen[0]["args"]["channel"], seen[0]["args"]["user"]) == ("C1", "U1")
    assert slack.seen(method="chat.postMessage", accepted=True) == [] or sent_to(slack, "C1") == []
    assert len(bot.entries("anna@exempel.se")) == 1


def test_undo_under_a_receipt_voids_the_entry_and_takes_the_receipts_place(
    bot: Home, people: SlackDriver, slack: Fake
) -> None:
    _, answer = log_once(bot)
    hook = f"{slack.url}/hook/undo"
    people.interaction(pressed(buttons(answer)["Ångra"], response_url=hook, channel="C1"))
    seen = until(lambda: slack.seen(method="response_url", accepted=True), "the receipt to be replaced")
    assert seen[0]["args"]["replace_original"] is True
    assert seen[0]["args"]["text"].startswith("Ångrat: handledning")
    assert (bot.entries("anna@exempel.se"), len(bot.entries("anna@exempel.se", "void"))) == ([], 1)


def test_the_supervisor_confirms_with_one_press(bot: Home, people: SlackDriver, slack: Fake) -> None:
    log_once(bot)
    asked = until(lambda: sent_to(slack, "D2"), "the supervisor to be asked")[0]
    user = {"id": "U2", "name": "eva", "team_id": "T1"}
    people.interaction(pressed(buttons(asked)["Stämmer"], channel="D2", user=user))
    until(lambda: bot.entries("anna@exempel.se")[0]["confirmed_at"], "the confirmation")


def test_a_button_works_only_for_the_person_it_was_sent_to(
    bot: Home, people: SlackDriver, slack: Fake
) -> None:
    _, answer = log_once(bot)
    user = {"id": "U3", "name": "cia", "team_id": "T1"}
    people.interaction(pressed(buttons(answer)["Ångra"], channel="D3", user=user))
    until(lambda: sent_to(slack, "D3"), "the refusal")
    assert len(bot.entries("anna@exempel.se")) == 1


def test_an_edited_message_amends_its_entry(bot: Home, people: SlackDriver, slack: Fake) -> None:
    stamps = moment()
    people.event(direct(f"handledning {LINE}", **stamps))
    change = edited(f"handledning {LINE}", "handledning idag 45 min etik", **moment())
    change["message"]["ts"] = change["previous_message"]["ts"] = stamps["ts"]
    people.event(change)
    until(lambda: len(sent_to(slack, "D1")) == 2, "both receipts")
    assert sent_to(slack, "D1")[1]["text"].startswith("Ändrat: handledning")
    assert [entry["minutes"] for entry in bot.entries("anna@exempel.se")] == [45]
    assert [entry["minutes"] for entry in bot.entries("anna@exempel.se", "amended")] == [60]


def test_the_address_check_of_slack_is_answered(bot: Home, people: SlackDriver) -> None:
    answer = people.post(b'{"type": "url_verification", "challenge": "svar"}')
    assert (answer.status_code, answer.json()) == (200, {"challenge": "svar"})


def test_a_stranger_is_told_how_to_be_linked_and_the_code_links(bot: Home, people: SlackDriver) -> None:
    def said(text: str) -> str:
        # The blocks hold the whole answer; `text` is the short line of a notification.
        return json.dumps(people.command("/hjalp", text, user_id="U9").json()["blocks"], ensure_ascii=False)

    assert "koppla KOD" in said("")
    code = bot.command("invite", "siv@exempel.se").stdout.split()[0]
    linked = people.command("/koppla", code, user_id="U9").json()["text"]
    assert linked.startswith("Välkommen, Siv Rektorsson!")
    assert "översikt" in said("")


def test_a_slack_that_is_away_at_the_start_stops_nothing(home: Home, slack: Fake) -> None:
    fault = {"method": "auth.test", "kind": "answer", "status": 503}
    httpx.post(f"{slack.url}/control/fault", json=fault).raise_for_status()
    home.start()
    _, answer = log_once(home)
    assert answer["text"].startswith("Sparat:")
