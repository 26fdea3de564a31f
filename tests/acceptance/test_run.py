"""`handledd run` as an operator meets it: starting, settings that are wrong, forged requests, stopping."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.acceptance.house import SECRETS, SLACK_SECRET, WEBHOOK_SECRET, Home, shown_to, until
from tests.fakes import telegram_driver
from tests.fakes.process import Fake
from tests.fakes.slack_driver import FORM, JSON, command_body, sign
from tests.support.plain import plain

CANARY = "kanarieord-om-en-patient"
BODY = urlencode(command_body("/handledning", CANARY)).encode()
TOKEN_ALONE = {"HANDLEDD_TELEGRAM_TOKEN": "1:token-canary"}


def refused(home: Home, **settings: str) -> str:
    """What `handledd run` says when it ends by itself: one line, on standard error, with status 1 or 2."""
    done = home.command("run", **settings)
    assert done.returncode in (1, 2)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, done.stderr
    assert done.stdout == ""
    assert lines[0].startswith("handledd: ")
    assert "canary" not in done.stderr
    return f"{done.returncode} {lines[0]}"


# --- starting


def test_without_a_platform_it_says_which_settings_make_one(tmp_path: Path) -> None:
    said = refused(Home(tmp_path, {}))
    assert said.startswith("2 ")
    assert "HANDLEDD_SLACK_SIGNING_SECRET" in said
    assert "HANDLEDD_TELEGRAM_TOKEN" in said
    assert "handledd demo" in said


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"HANDLEDD_PORT": "password-canary"}, "HANDLEDD_PORT"),
        ({"HANDLEDD_PORT": "65536"}, "HANDLEDD_PORT"),
        ({"HANDLEDD_TELEGRAM_MODE": "canary"}, "HANDLEDD_TELEGRAM_MODE"),
        ({"HANDLEDD_TELEGRAM_MODE": "webhook"}, "HANDLEDD_TELEGRAM_WEBHOOK_SECRET"),
        ({"HANDLEDD_SLACK_BOT_TOKEN": "xoxb-canary"}, "HANDLEDD_SLACK_SIGNING_SECRET"),
        ({"HANDLEDD_TELEGRAM_TOKEN": "canary"}, "HANDLEDD_TELEGRAM_TOKEN is like 123456:AA"),
        ({"HANDLEDD_LOG_LEVEL": "canary"}, "HANDLEDD_LOG_LEVEL"),
        ({"HANDLEDD_TRUSTED_PROXIES": "10.0.0.1,*"}, "HANDLEDD_TRUSTED_PROXIES"),
        ({"HANDLEDD_WATCHDOG_URL": "hc.exempel.se/canary"}, "HANDLEDD_WATCHDOG_URL"),
        ({"HANDLEDD_TIMEZONE": "Europe/Linkoping"}, "HANDLEDD_TIMEZONE"),
        ({"HANDLEDD_DATABASE_URL": "password-canary"}, "HANDLEDD_DATABASE_URL"),
        ({"HANDLEDD_DATABASE_URL": "mysql://u:canary@127.0.0.1/x"}, "HANDLEDD_DATABASE_URL"),
    ],
    ids=lambda value: next(iter(value)).removeprefix("HANDLEDD_") if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_named_and_never_shown(
    tmp_path: Path, settings: Mapping[str, str], named: str
) -> None:
    said = refused(Home(tmp_path, {}), **TOKEN_ALONE | dict(settings))
    assert said.startswith("2 ")
    assert named in said


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://u:canary@127.0.0.1:1/x", "sqlite:////no/such/folder/handledd.sqlite"]
)
def test_a_database_that_does_not_answer_ends_it_in_one_line(tmp_path: Path, url: str) -> None:
    said = refused(Home(tmp_path, {}), HANDLEDD_DATABASE_URL=url, **TOKEN_ALONE)
    assert said.startswith("1 handledd: the database does not answer: ")


def test_a_file_that_is_no_database_ends_it_in_one_line(tmp_path: Path) -> None:
    home = Home(tmp_path, {})
    home.file.write_text("Det här är ingen databas, bara några ord.\n")
    assert "HANDLEDD_DATABASE_URL" in refused(home, **TOKEN_ALONE)


def test_a_taken_port_ends_it_before_any_update_is_fetched(home: Home, telegram: Fake) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = refused(home, HANDLEDD_PORT=str(taken.getsockname()[1]))
    assert "HANDLEDD_PORT" in said
    assert telegram.seen() == []


# --- serving


def test_health_and_metrics_are_there(bot: Home) -> None:
    health = httpx.get(f"{bot.url}/healthz")
    assert (health.status_code, health.text) == (200, "ok\n")
    driver = bot.slack()
    driver.command("/handledning", "idag 1h etik")
    driver.close()
    figures = httpx.get(f"{bot.url}/metrics").text
    assert 'handledd_inbound_total{outcome="logged",platform="slack"} 1.0' in figures
    assert "handledd_oldest_pending_seconds" in figures


def test_only_this_machine_is_listened_to_unless_it_is_told_otherwise(bot: Home) -> None:
    assert bot.process is not None
    assert listeners(bot.process.pid) == {"127.0.0.1"}
    assert bot.events("listening")[-1]["host"] == "127.0.0.1"


def listeners(process: int) -> set[str]:
    """The addresses of a process's listening IPv4 sockets; "any IPv6" for one of the other kind."""
    handles = Path(f"/proc/{process}/fd").iterdir()
    inodes = {found[1] for handle in handles if (found := re.match(r"socket:\[(\d+)\]", _opened(handle)))}
    hosts = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and words[9] in inodes:
                address = bytes.fromhex(words[1].partition(":")[0])[::-1]
                hosts.add(socket.inet_ntoa(address) if table == "tcp" else "any IPv6")
    return hosts


def _opened(handle: Path) -> str:
    """What a process's handle is open on; nothing when it was closed since it was listed."""
    with contextlib.suppress(FileNotFoundError):
        return str(handle.readlink())
    return ""


# --- what is not theirs


STALE = "1700000000"
FORGED: dict[str, dict[str, str]] = {
    "unsigned": {},
    "stale": {"x-slack-request-timestamp": STALE, "x-slack-signature": sign(SLACK_SECRET, STALE, BODY)},
    "word for a time": {"x-slack-request-timestamp": "nu", "x-slack-signature": "v0=" + "0" * 64},
}


def test_forged_slack_requests_leave_no_trace(bot: Home) -> None:
    driver = bot.slack()
    for headers in FORGED.values():
        assert driver.raw(BODY, headers | {"content-type": FORM}).status_code == 401
    wrong = {"x-slack-signature": sign("other", STALE, BODY)}
    assert driver.post(BODY, FORM, wrong).status_code == 401
    for malformed in (b'{"' + CANARY.encode(), b'["' + CANARY.encode() + b'"]', CANARY.encode() + b"\xff"):
        assert driver.post(malformed, JSON).status_code == 400
    driver.close()
    assert_no_trace(bot)


def test_forged_telegram_requests_leave_no_trace(home: Home) -> None:
    home.start(HANDLEDD_TELEGRAM_MODE="webhook", HANDLEDD_TELEGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET)
    update = json.dumps({"update_id": 7, **telegram_driver.just_now(601, CANARY)}).encode()
    right = {telegram_driver.SECRET_HEADER: WEBHOOK_SECRET}
    for body, headers, status in (
        (update, {}, 401),
        (update, {telegram_driver.SECRET_HEADER: "gissning"}, 403),
        (update[:-2], right, 400),
        (b'"' + CANARY.encode() + b'"', right, 400),
        (CANARY.encode() * 100_000, right, 400),
    ):
        answer = httpx.post(f"{home.url}/telegram/webhook", content=body, headers=headers)
        assert answer.status_code == status
    assert_no_trace(home)


def assert_no_trace(home: Home) -> None:
    assert home.rows("SELECT id FROM inbox") == []
    assert CANARY not in home.said()
    assert not [secret for secret in SECRETS if secret in home.said()]


def test_the_debug_log_holds_neither_secrets_nor_what_people_wrote(bot: Home, telegram: Fake) -> None:
    driver = bot.slack()
    driver.command("/handledning", f"idag 1h etik {CANARY}")
    driver.close()
    telegram_driver.fault(telegram, "sendMessage", "garbled")
    telegram_driver.enqueue(telegram, telegram_driver.just_now(601, f"handledning idag 1h {CANARY}"))
    until(lambda: shown_to(telegram, 601), "the receipt")
    until(bot.settled, "the rest")
    assert bot.stop() == 0
    assert '"level": "debug"' in bot.said()
    assert CANARY not in bot.said()
    assert not [secret for secret in SECRETS if secret in bot.said()]


# --- stopping


def test_sigterm_ends_it_with_status_0(bot: Home) -> None:
    assert bot.stop() == 0
    assert bot.events("stopped")


def test_sigterm_ends_it_in_time_while_platforms_hang(bot: Home, slack: Fake, telegram: Fake) -> None:
    hang = {"method": "chat.postMessage", "kind": "hang", "times": 10}
    httpx.post(f"{slack.url}/control/fault", json=hang).raise_for_status()
    telegram_driver.fault(telegram, "sendMessage", "hang", times=10)
    telegram_driver.fault(telegram, "answerCallbackQuery", "hang", times=10)
    telegram_driver.enqueue(telegram, telegram_driver.just_now(601, "hjälp"))
    telegram_driver.enqueue(telegram, telegram_driver.press(601, 1, "undo:1:1"))
    driver = bot.slack()
    driver.command("/handledning", "idag 1h etik")
    driver.close()
    until(lambda: telegram.seen(fault="hang") or slack.seen(method="chat.postMessage"), "a send to hang")
    assert bot.stop() == 0
    assert bot.events("stopped")


def test_what_could_not_be_sent_before_the_end_is_sent_after_the_next_start(
    bot: Home, telegram: Fake
) -> None:
    # Known not to be sent, so that however slow the stopping is, no try counts as one that perhaps arrived.
    telegram_driver.fault(
        telegram,
        "sendMessage",
        "429",
        status=429,
        description="Wait",
        parameters={"retry_after": 3},
        times=1000,
    )
    telegram_driver.enqueue(telegram, telegram_driver.just_now(601, "hjälp"))
    until(lambda: telegram.seen(method="sendMessage"), "the first try")
    assert bot.stop() == 0
    telegram_driver.calm(telegram)
    bot.start()
    assert until(lambda: shown_to(telegram, 601), "the answer")[0]["text"].startswith("Så här gör du:")


# --- who calls


def _until_held(home: Home, most: int) -> bool:
    """Whether forged requests that each name another address of origin come to be held back."""
    with plain() as caller:
        for number in range(most):
            named = {"X-Forwarded-For": f"198.51.100.{number % 250}", "X-Slack-Signature": "v0=" + "0" * 64}
            if caller.post(f"{home.url}/slack/events", content=BODY, headers=named).status_code == 429:
                return True
    return False


def test_nobody_hides_behind_a_header_that_anybody_can_write(bot: Home) -> None:
    assert _until_held(bot, 5000)


def test_a_proxy_that_is_named_is_believed(home: Home) -> None:
    home.start(HANDLEDD_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1")
    assert not _until_held(home, 500)
