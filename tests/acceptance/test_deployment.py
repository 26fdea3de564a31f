"""Dockerfile and compose.yaml say what the code keeps: no engine is needed to hold them to it.

The topology itself is run as processes by test_replicas.py.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tests.acceptance.house import Home
from tests.fakes.process import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
REPLICAS = ("replica-1", "replica-2")
TEN_SECONDS = 10
"""Within which SIGTERM ends the bot (reliability.md)."""


def instructions(name: str) -> list[str]:
    """What follows every instruction of a kind in the Dockerfile."""
    return re.findall(rf"^\s*{name}\s+(.+)$", DOCKERFILE, re.MULTILINE)


def health_check() -> list[str]:
    """The command by which an engine asks whether the container is well."""
    (command,) = re.findall(r"CMD (\[\"python\".+\])$", DOCKERFILE, re.MULTILINE)
    return [sys.executable, *json.loads(command)[1:]]


def well(port: int) -> bool:
    """What the health check says of a bot on this machine."""
    environment = {**os.environ, "HANDLEDD_PORT": str(port)}
    return subprocess.run(health_check(), env=environment, capture_output=True, check=False).returncode == 0


def test_the_health_check_knows_a_bot_that_serves_from_one_that_does_not(bot: Home) -> None:
    assert well(bot.port)
    bot.kill()
    assert not well(bot.port)


def test_a_platform_that_is_away_takes_no_replica_from_the_others() -> None:
    """While messages wait /healthz fails in every replica, /readyz in none (test_watchdog_and_health)."""
    proxy = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert re.findall(r"health_uri (\S+)", proxy) == ["/readyz"]
    assert "'/readyz'" in health_check()[-1]
    (hidden,) = re.findall(r"@inside path (.+)", proxy)
    assert hidden.split() == ["/metrics", "/healthz", "/readyz"]


def test_the_image_runs_as_nobody_in_particular_and_serves_beyond_itself() -> None:
    assert instructions("USER") == ["10001"]
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["handledd"]
    environment = dict(pair.split("=", 1) for line in instructions("ENV") for pair in line.split())
    assert environment["HANDLEDD_HOST"] == "0.0.0.0"
    assert set(instructions("EXPOSE")) == {environment["HANDLEDD_PORT"]}


def test_the_image_is_built_of_files_that_are_there_and_let_in() -> None:
    copied = {word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]}
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    assert copied == let_in
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


def test_everything_the_package_consists_of_is_in_the_image(tmp_path: Path) -> None:
    """Every folder that is installed is copied: else the image would not start."""
    copied = {word for line in instructions("COPY") for word in line.split()[:-1]}
    code = (
        "import importlib.util, pathlib;"
        " print([str(pathlib.Path(importlib.util.find_spec(n).origin).parent.name)"
        " for n in ('bot', 'handlers', 'schedules', 'storage')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout.replace("'", '"'))) <= copied


def test_two_replicas_alike_stand_behind_the_proxy() -> None:
    assert SERVICES["replica-1"] == SERVICES["replica-2"]
    said = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    (behind,) = re.findall(r"reverse_proxy ([^{\n]+) \{", said)
    assert behind.split() == [f"{name}:8080" for name in REPLICAS]
    for name in REPLICAS:
        assert SERVICES["proxy"]["depends_on"][name] == {"condition": "service_healthy"}
        assert SERVICES[name]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_only_the_proxy_is_reached_from_outside_and_the_database_by_the_replicas_alone() -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert sorted(name for name, one in SERVICES.items() if "inside" in one["networks"]) == [
        "postgres",
        *REPLICAS,
    ]


@pytest.mark.parametrize("name", REPLICAS)
def test_a_replica_is_given_settings_that_exist_and_time_to_end(name: str) -> None:
    replica = SERVICES[name]
    known = {f"HANDLEDD_{field.upper()}" for field in Settings.model_fields}
    assert set(replica["environment"]) <= known
    assert int(replica["stop_grace_period"].removesuffix("s")) > TEN_SECONDS
    assert (replica["read_only"], replica["cap_drop"]) == (True, ["ALL"])


def test_no_secret_stands_in_the_files_and_no_image_floats() -> None:
    for name in ("POSTGRES_PASSWORD", "SITE"):
        assert re.findall(rf"\$\{{{name}[^:}}]*\}}", (ROOT / "compose.yaml").read_text("utf-8")) == []
    images = [one["image"] for one in SERVICES.values() if "build" not in one] + instructions("FROM")
    assert [image for image in images if ":" not in image or "latest" in image] == []
