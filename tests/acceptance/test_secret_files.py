"""Secrets in files: used when only their owner reads them, else refused with the mend, and never shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.secret_files import MOST_BYTES, is_tight, may_have_file
from bot.settings import Settings
from tests.acceptance.house import Home, until
from tests.fakes.process import Fake

CANARY = "kanariehemlighet"
TOKEN = f"123456789:AA{CANARY}-example-example-exam"
NAME = "HANDLEDD_TELEGRAM_TOKEN"


@pytest.fixture
def bare(tmp_path: Path) -> Home:
    """A folder in which nothing is set up."""
    return Home(tmp_path, {})


def kept(home: Home, content: bytes, mode: int = 0o600) -> Path:
    """A file with a mode."""
    file = home.folder / "telegram"
    file.write_bytes(content)
    file.chmod(mode)
    return file


def told(home: Home, *words: str, **settings: str) -> tuple[int, str]:
    """A command's status and all that it says; it never shows a secret."""
    done = home.command(*words, **settings)
    assert CANARY not in done.stdout + done.stderr
    return done.returncode, done.stderr.strip() + done.stdout


# --- used


@pytest.mark.parametrize("mode", [0o600, 0o400])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_the_file_that_is_named(bare: Home, mode: int, end: str) -> None:
    file = kept(bare, f"{TOKEN}{end}".encode(), mode)
    _, said = told(bare, "doctor", **{f"{NAME}_FILE": str(file)})
    assert "✓ platforms set up: 1" in said


def test_the_bot_runs_on_secrets_from_files_alone(home: Home, slack: Fake) -> None:
    """Links are followed: Kubernetes names each secret by one."""
    for name in [name for name in home.settings if name.endswith(("_SECRET", "_TOKEN"))]:
        real, link = home.folder / f"..{name}", home.folder / name
        real.write_text(home.settings.pop(name) + "\n", encoding="utf-8")
        real.chmod(0o400)
        link.symlink_to(real)
        home.settings[f"{name}_FILE"] = str(link)
    home.start()
    driver = home.slack()
    assert driver.command("/handledning", "idag 1h etik").json()["text"].startswith("Sparat:")
    driver.close()
    until(home.settled, "what waits")


def test_the_settings_file_may_name_files_too(bare: Home) -> None:
    file = kept(bare, TOKEN.encode())
    toml = bare.folder / "handledd.toml"
    toml.write_text(f'telegram_token_file = "{file}"\n', encoding="utf-8")
    toml.chmod(0o644)  # it holds no secret itself
    _, said = told(bare, "doctor")
    assert "✓ platforms set up: 1" in said


def test_every_secret_setting_may_stand_in_a_file() -> None:
    fields = Settings.model_fields
    secret = {name for name in fields if SecretStr.__name__ in str(fields[name].annotation)}
    assert secret - set(may_have_file(Settings)) == {"signing_key"}  # its file is a PEM, made by handledd
    assert {"database_url", "slack_bot_token", "teams_client_secret"} <= set(may_have_file(Settings))


# --- refused


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666, 0o601])
def test_a_file_that_others_may_read_is_refused_with_the_mend(bare: Home, mode: int) -> None:
    file = kept(bare, TOKEN.encode(), mode)
    status, said = told(bare, "doctor", **{f"{NAME}_FILE": str(file)})
    assert (status, said) == (2, f"handledd: {file} holds secrets and others may read it: chmod 600 {file}")


@pytest.mark.parametrize(
    ("mode", "owner", "read_only", "tight"),
    [
        (0o100600, 1000, False, True),
        (0o100400, 0, False, True),
        (0o100644, 1000, True, False),  # a user's own file, on whatever mount
        (0o100644, 0, False, False),  # root's, where it could be mended
        (0o100644, 0, True, True),  # a Secret of Kubernetes', a secret of a swarm's
        (0o100440, 0, True, True),  # with fsGroup; systemd's LoadCredential
    ],
)
def test_roots_file_on_a_mount_that_cannot_be_written_is_as_its_maker_meant_it(
    mode: int, owner: int, *, read_only: bool, tight: bool
) -> None:
    assert is_tight(mode, owner, read_only=read_only) is tight


def _no_file(home: Home) -> Path:
    return home.folder / "nowhere"


def _folder(home: Home) -> Path:
    place = home.folder / "folder"
    place.mkdir(mode=0o700)
    return place


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (_no_file, "cannot be read: No such file or directory"),
        (_folder, "cannot be read: Is a directory"),
        (lambda home: kept(home, b" \n"), "is empty"),
        (lambda home: kept(home, CANARY.encode() + b"\xff"), "holds no text"),
        (lambda home: kept(home, CANARY.encode() * MOST_BYTES), "is too large for a secret"),
    ],
)
def test_what_cannot_be_a_secret_is_named_in_one_line(
    bare: Home, make: Callable[[Home], Path], part: str
) -> None:
    file = make(bare)
    status, said = told(bare, "doctor", **{f"{NAME}_FILE": str(file)})
    assert (status, said) == (2, f"handledd: {NAME}_FILE: {file} {part}")


def test_a_secret_is_set_once(bare: Home) -> None:
    file = kept(bare, TOKEN.encode())
    status, said = told(bare, "doctor", **{NAME: TOKEN, f"{NAME}_FILE": str(file)})
    assert (status, said) == (2, f"handledd: {NAME} and {NAME}_FILE are both set: take one of them away")


COMMANDS: Sequence[Sequence[str]] = (["doctor"], ["run"], ["verify"], ["due"], ["key"], ["rules", "list"])
LINES = (
    f'telegram_token = "{TOKEN}"',
    f'signing_key = "{CANARY}"',
    f'database_url = "postgresql+psycopg://u:{CANARY}@127.0.0.1:1/x"',
    f'watchdog_url = "https://hc.exempel.se/{CANARY}"',
)


@pytest.mark.parametrize("line", LINES)
def test_a_settings_file_with_secrets_that_others_may_read_is_refused(bare: Home, line: str) -> None:
    toml = bare.folder / "handledd.toml"
    toml.write_text(line + "\n", encoding="utf-8")
    toml.chmod(0o644)
    for words in COMMANDS[:3] if line == LINES[0] else COMMANDS[:1]:
        status, said = told(bare, *words)
        assert status == 2
        assert said == (
            "handledd: handledd.toml holds secrets and others may read it: chmod 600 handledd.toml"
        )


# --- never shown

WRONG = (
    f'telegram_token = "{TOKEN}"\nslack_bot_token = "{CANARY}"',
    f'telegram_token = ["{CANARY}"]',
    f'telegram_token = "{TOKEN}',
    f'teams_client_secret = "{CANARY}"\nteams_tenant_id = "x"',
    f'port = "{CANARY}"',
    f'no_such_setting = "{CANARY}"',
    f'signing_key = "{CANARY}"\nmatrix_access_token = "{CANARY}"',
    f'database_url = "mysql://u:{CANARY}@127.0.0.1/x"',
    f'database_url = "{CANARY}"',
)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_command_shows_a_secret_of_settings_that_are_wrong(bare: Home, wrong: str) -> None:
    """All commands read the settings alike, so they all try one file that says nothing and one that does."""
    del bare.settings["HANDLEDD_DATABASE_URL"]
    toml = bare.folder / "handledd.toml"
    toml.write_text(wrong + "\n", encoding="utf-8")
    toml.chmod(0o600)
    asked = COMMANDS if wrong in (WRONG[0], WRONG[-1]) else COMMANDS[:1]
    said = "".join(told(bare, *words)[1] for words in asked)
    assert said  # `told` has looked through it
