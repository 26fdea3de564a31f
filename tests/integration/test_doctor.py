"""`handledd doctor`: one screen; each wrong line says its mend, and no line a secret."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.cli import main

TOKEN = "123456789:AAexampleexampleexampleexampleexamp"


@pytest.fixture(autouse=True)
def _clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HANDLEDD_")]:
        monkeypatch.delenv(name)


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    main(["doctor", *arguments])
    said = capsys.readouterr()
    assert TOKEN not in said.out + said.err
    return said.out.splitlines()


def _line(lines: list[str], part: str) -> str:
    (found,) = [line for line in lines if part in line]
    return found


def test_one_screen_tells_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    lines = _told(capsys)
    for part in ("settings file", "time zone", "clock", "database sqlite, schema", "drift 0", "kept: who"):
        assert _line(lines, part).startswith("✓")
    assert _line(lines, "platforms set up: 0").startswith("✗")


def test_a_settings_file_that_others_may_read_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("handledd.toml").write_text("port = 9000\n", encoding="utf-8")
    Path("handledd.toml").chmod(0o640)
    assert _line(_told(capsys), "settings file") == (
        "✗ settings file handledd.toml: others may read its secrets (chmod 600 handledd.toml)"
    )


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("https://bot.exempel.se/", "✓ webhook address https://bot.exempel.se/telegram/webhook"),
        ("http://bot.exempel.se", "✗ webhook address: set HANDLEDD_PUBLIC_URL"),
    ],
)
def test_the_webhook_address_is_told_or_asked_for(
    address: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("HANDLEDD_TELEGRAM_MODE", "webhook")
    monkeypatch.setenv("HANDLEDD_TELEGRAM_WEBHOOK_SECRET", "hemlig")
    monkeypatch.setenv("HANDLEDD_PUBLIC_URL", address)
    assert _line(_told(capsys), "webhook address").startswith(line)


def test_a_token_of_another_form_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", "fel-hemlighet")
    lines = _told(capsys)
    assert _line(lines, "HANDLEDD_TELEGRAM_TOKEN").endswith("copy it from @BotFather")
    assert "fel-hemlighet" not in "\n".join(lines)


@contextmanager
def _server(status: int, off: timedelta) -> Iterator[str]:
    """A made-up platform whose clock is off by so much."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", format_datetime(datetime.now(UTC) + off, usegmt=True))
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "line"),
    [(200, "✓ Telegram takes the token"), (401, "✗ Telegram refuses the token (status 401): copy the token")],
)
def test_live_asks_whether_the_token_is_taken(
    status: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", TOKEN)
    with _server(status, timedelta(0)) as address:
        monkeypatch.setenv("HANDLEDD_TELEGRAM_API_URL", address)
        lines = _told(capsys, "--live")
    assert _line(lines, "the token").startswith(line)
    assert not any("NTP" in each for each in lines)
    assert _line(_told(capsys, "--live"), "does not answer").startswith("✗ Telegram")  # it is stopped


def test_live_finds_a_clock_that_is_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", TOKEN)
    with _server(200, timedelta(hours=1)) as address:
        monkeypatch.setenv("HANDLEDD_TELEGRAM_API_URL", address)
        assert _line(_told(capsys, "--live"), "NTP").startswith("✗ this machine's clock is")


@pytest.mark.parametrize("token", ["xoxb-hemlig å", "“xoxb-hemlig”", "xoxb-hemlig\n1"])
def test_a_token_that_was_copied_badly_is_named_and_not_sent(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_SLACK_BOT_TOKEN", token)
    monkeypatch.setenv("HANDLEDD_SLACK_SIGNING_SECRET", "s")
    lines = _told(capsys, "--live")
    assert _line(lines, "holds a blank").startswith("✗ HANDLEDD_SLACK_BOT_TOKEN")
    assert _line(lines, "--live asks").startswith("✗")
    assert "hemlig" not in "".join(lines)
