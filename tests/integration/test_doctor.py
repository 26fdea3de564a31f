"""`handledd doctor`: one screen; each wrong line says its mend, and no line a secret."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import Session

from bot.cli import main
from bot.cli.doctor import pragmas

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
    for part in (
        "settings file",
        "time zone",
        "clock",
        f"database sqlite at {Path.cwd()}/",
        "pragmas journal_mode wal, synchronous 2, foreign_keys 1",
        "drift 0",
        "kept: who",
    ):
        assert _line(lines, part).startswith("✓")
    assert _line(lines, "platforms set up: 0").startswith("✗")


def test_a_database_that_runs_without_its_guards_is_told() -> None:
    with Session(create_engine("sqlite:///opened-by-another.sqlite")) as session:
        found = pragmas(session)
    assert not found.right
    assert found.text == (
        "pragmas journal_mode delete, synchronous 2, foreign_keys 0: keep the database on a disk of this"
        " machine's own"
    )


def test_who_is_linked_where_no_bot_is_set_up_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("roster.csv").write_text(ELSEWHERE, encoding="utf-8")
    assert main(["roster", "import", "roster.csv"]) == 0
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", TOKEN)
    lines = _told(capsys)
    assert _line(lines, "not linked to any") == "✓ not linked to any platform: 0"
    assert _line(lines, "that is set up") == (
        "✗ linked, but to no platform that is set up: 1: anna@exempel.se (handledd invite EMAIL)"
    )
    monkeypatch.delenv("HANDLEDD_TELEGRAM_TOKEN")  # then nobody is reached, as another line says
    assert not any("that is set up" in line for line in _told(capsys))


ELSEWHERE = """\
email,name,role,unit,rulebook,supervisor,start,platform,platform_id
anna@exempel.se,Anna Berg,trainee,Ekbacken,,eva@exempel.se,2026-01-12,slack,T1/U1
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,telegram,501
"""


def test_a_settings_file_that_others_may_read_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("handledd.toml").write_text("port = 9000\n", encoding="utf-8")
    Path("handledd.toml").chmod(0o640)
    assert _line(_told(capsys), "settings file") == (
        "✗ settings file handledd.toml: others may read its secrets (chmod 600 handledd.toml)"
    )


def test_a_database_is_made_for_its_owner_alone_and_one_that_others_may_read_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = os.umask(0)
    try:
        assert not any("database file" in line for line in _told(capsys))
    finally:
        os.umask(before)
    made = sorted(file.name for file in Path().iterdir() if file.stat().st_mode & 0o077)
    assert (Path("handledd.sqlite").exists(), made) == (True, [])
    Path("handledd.sqlite").chmod(0o644)
    assert _line(_told(capsys), "database file") == (
        "✗ database file handledd.sqlite: others may read it (chmod 600 handledd.sqlite)"
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


@pytest.mark.parametrize(
    ("name", "secret", "mend"),
    [
        ("TELEGRAM_TOKEN", "fel-hemlighet", "copy it from @BotFather"),
        ("TELEGRAM_TOKEN", "4711:fel-hemlighet", "copy all of it from @BotFather"),
        ("TELEGRAM_WEBHOOK_SECRET", "fel/hemlighet", "Telegram takes no others"),
        ("SLACK_BOT_TOKEN", "fel-hemlighet", "copy the Bot User OAuth Token"),
        ("SLACK_APP_TOKEN", "fel-hemlighet", "make an App-Level Token for it"),
    ],
)
def test_a_token_of_another_form_is_named_and_not_shown(
    name: str, secret: str, mend: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"HANDLEDD_{name}", secret)
    lines = _told(capsys)
    (line,) = [line for line in lines if line.startswith(f"✗ HANDLEDD_{name} ")]
    assert line.endswith(mend)
    assert secret not in "\n".join(lines)


def test_what_stands_in_for_a_platform_has_tokens_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_TELEGRAM_TOKEN", "påhittad".replace("å", "a"))
    monkeypatch.setenv("HANDLEDD_TELEGRAM_API_URL", "http://127.0.0.1:1")
    assert [line for line in _told(capsys) if "HANDLEDD_TELEGRAM_TOKEN" in line] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("port = 70000", "HANDLEDD_PORT: write a whole number from 0 to 65535"),
        ("retention_inbox_days = 2", "HANDLEDD_RETENTION_INBOX_DAYS: write a whole number from 3 to 36500"),
        ("retention_training_days = 900000000", "write a whole number from 0 to 36500"),
        ("telegram_mode = 1", "HANDLEDD_TELEGRAM_MODE: write one of polling, webhook"),
        ("log_level = 'canary'", "HANDLEDD_LOG_LEVEL: write one of DEBUG, INFO, WARNING, ERROR"),
        ("host = 5", "HANDLEDD_HOST: write a text; in handledd.toml it stands between quotes"),
        ("slack_bot_token = 5", "HANDLEDD_SLACK_BOT_TOKEN: write a text; in handledd.toml it"),
        ("words = 5", "HANDLEDD_WORDS: write a text; in handledd.toml it stands between quotes"),
    ],
)
def test_a_setting_of_another_form_is_told_in_our_own_words(
    line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("handledd.toml").write_text(line + "\n", encoding="utf-8")
    Path("handledd.toml").chmod(0o600)
    assert main(["doctor"]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert len(said.splitlines()) == 1
    assert not any(word in said for word in ("Input", "canary", "class"))


@pytest.mark.parametrize(
    "setting", ["PUBLIC_URL", "SLACK_API_URL", "TELEGRAM_API_URL", "TEAMS_LOGIN_URL", "TEAMS_KEYS_URL"]
)
@pytest.mark.parametrize(
    "address",
    ["exempel.se", "ftp://exempel.se", "https://", "https://ett exempel.se", "https://x.se:abc", "//["],
)
def test_an_address_that_is_none_is_named_with_an_example(
    setting: str, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"HANDLEDD_{setting}", address)
    line = _line(_told(capsys), f"HANDLEDD_{setting}")
    assert line.startswith(f"✗ HANDLEDD_{setting} is a whole address, such as https://")


def _folder(file: Path) -> None:
    file.mkdir()


def _link_to_nothing(file: Path) -> None:
    file.symlink_to("nowhere.toml")


@pytest.mark.parametrize("make", [_folder, _link_to_nothing])
def test_what_is_no_settings_file_is_not_passed_over(
    make: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    make(Path("handledd.toml"))
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == (
        "handledd: handledd.toml: is no file: move it away, and write the settings into a file of that name\n"
    )


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
