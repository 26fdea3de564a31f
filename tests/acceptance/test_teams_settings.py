"""The settings for Teams as an operator meets them: what is missing is named, secrets stay secret."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.acceptance.house import Home

WHOLE = {
    "HANDLEDD_TEAMS_CLIENT_ID": "11111111-2222-4333-8444-555555555555",
    "HANDLEDD_TEAMS_CLIENT_SECRET": "teams-secret-canary-7d",
    "HANDLEDD_TEAMS_TENANT_ID": "99999999-8888-4777-8666-555555555555",
}


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_setting_is_named_by_run_and_by_doctor(tmp_path: Path, missing: str) -> None:
    home = Home(tmp_path, {name: value for name, value in WHOLE.items() if name != missing})
    for command in ("run", "doctor"):
        done = home.command(command)
        assert done.returncode in (1, 2)
        assert f"Teams also needs {missing}" in done.stdout + done.stderr
        assert "canary" not in done.stdout + done.stderr


def test_an_id_that_is_no_id_is_named(tmp_path: Path) -> None:
    done = Home(tmp_path, WHOLE).command("run", HANDLEDD_TEAMS_TENANT_ID="kliniken.example")
    assert done.returncode == 2
    assert "HANDLEDD_TEAMS_TENANT_ID is a GUID" in done.stderr


def test_doctor_counts_teams_among_what_is_set_up(tmp_path: Path) -> None:
    done = Home(tmp_path, WHOLE).command("doctor")
    assert "✓ platforms set up: 1" in done.stdout
    assert "Teams" not in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_the_app_package_is_written(tmp_path: Path) -> None:
    done = Home(tmp_path, WHOLE).command("manifest", "teams", "--address", "https://st.exempel.se")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "handledd-teams.zip") as made:
        assert sorted(made.namelist()) == ["color.png", "manifest.json", "outline.png"]
        assert b"canary" not in made.read("manifest.json")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--address", "http://st.exempel.se"], "--address"),
        (["--address", "st.exempel.se"], "--address"),
        (["--address", "https://st.exempel.se", "--organisation", "x" * 33], "--organisation"),
        (["--address", "https://st.exempel.se", "--file", "/no/such/folder/x.zip"], "/no/such/folder/x.zip"),
    ],
)
def test_a_package_that_teams_would_refuse_is_not_written(
    tmp_path: Path, words: list[str], named: str
) -> None:
    done = Home(tmp_path, WHOLE).command("manifest", "teams", *words)
    assert done.returncode in (1, 2)
    assert named in done.stderr
    assert not (tmp_path / "handledd-teams.zip").exists()


def test_without_a_registration_the_package_says_what_to_set(tmp_path: Path) -> None:
    done = Home(tmp_path, {}).command("manifest", "teams", "--address", "https://st.exempel.se")
    assert (done.returncode, "HANDLEDD_TEAMS_CLIENT_ID" in done.stderr) == (2, True)
