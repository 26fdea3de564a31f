"""A real Matrix server for the tests: Synapse on SQLite and loopback, in an environment of its own.

Synapse is installed the first time it is wanted, inside the environment that runs the tests (so it is made
once, is ignored by git, and goes with `make clean`); its packages never meet ours. Tests that do not ask for
it neither install nor start it.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import hmac
import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.fakes import process
from tests.fakes.process import Fake
from tests.support.folders import passing
from tests.support.matrix_people import Someone
from tests.support.plain import plain

SERVER = "exempel.se"
REQUIREMENTS = Path(__file__).with_name("synapse-requirements.txt")
HOME = Path(sys.prefix) / "synapse"
DEADLINE = 180.0
"""Seconds after which a Synapse that has not answered never will; it takes about five."""


@dataclass(frozen=True, slots=True)
class Synapse:
    """A running homeserver."""

    url: str
    secret: str
    process: subprocess.Popen[bytes]
    log: Path

    def enrol(self, name: str) -> Someone:
        """Somebody new, `@name:exempel.se`, with an access token and a client of their own."""
        with plain(base_url=f"{self.url}/_synapse/admin/v1/") as client:
            nonce = client.get("register").raise_for_status().json()["nonce"]
            parts = [nonce, name, "lösenord-endast-i-test", "notadmin"]
            mac = hmac.new(self.secret.encode(), "\x00".join(parts).encode(), hashlib.sha1).hexdigest()
            account = {"nonce": nonce, "username": name, "password": parts[2], "admin": False, "mac": mac}
            made = client.post("register", json=account).raise_for_status().json()
        return Someone(self.url, made["user_id"], made["access_token"])

    def stop(self) -> None:
        """End this process, by its own id."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.log.parent, ignore_errors=True)


def interpreter() -> Path:
    """The Python that has Synapse; installed now when it is not there yet."""
    wanted = REQUIREMENTS.read_text("utf-8")
    stamp = HOME / "made-from.txt"
    with _alone():
        if not stamp.exists() or stamp.read_text("utf-8") != wanted:
            shutil.rmtree(HOME, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
            pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet"]
            subprocess.run(
                [*pip, "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            stamp.write_text(wanted, "utf-8")
    return HOME / "bin" / "python"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two test runs in one environment install it once."""
    with (Path(sys.prefix) / "synapse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def server() -> Synapse:
    """The one that all tests of this process share."""
    return start()


@cache
def proxy() -> Fake:
    """Between a bot and that homeserver, to see what is asked and to lose answers."""
    return process.start("tests.fakes.matrix_proxy", server().url)


def start() -> Synapse:
    """Start a homeserver with an empty database and wait until it answers."""
    python, folder = interpreter(), passing("synapse")
    port, secret = _free_port(), secrets.token_hex(16)
    config = folder / "homeserver.yaml"
    config.write_text(json.dumps(_config(folder, port, secret)), "utf-8")  # JSON is YAML
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_test {seed}\n", "utf-8")
    log = folder / "said.txt"
    command = [str(python), "-m", "synapse.app.homeserver", "-c", str(config)]
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    running = Synapse(f"http://127.0.0.1:{port}", secret, process, log)
    _wait(running)
    return running


def _wait(running: Synapse) -> None:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            httpx.get(f"{running.url}/_matrix/client/versions", timeout=10).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    said = running.log.read_text("utf-8", "replace")[-2000:]
    running.stop()
    msg = f"Synapse did not start: {said}"
    raise RuntimeError(msg)


def _free_port() -> int:
    """Synapse cannot say which port it was given, so it is told one that was free a moment ago.

    Below those that the system hands out by itself: no connection of another test takes it meanwhile.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _config(folder: Path, port: int, secret: str) -> dict[str, Any]:
    often = {"per_second": 1000, "burst_count": 1000}
    return {
        "server_name": SERVER,
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"]}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": secret,
        "macaroon_secret_key": secrets.token_hex(16),
        "form_secret": secrets.token_hex(16),
        "bcrypt_rounds": 4,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        "rc_message": often,
        "rc_login": {"address": often, "account": often, "failed_attempts": often},
        "rc_joins": {"local": often, "remote": often},
        "rc_invites": {"per_room": often, "per_user": often, "per_issuer": often},
        "rc_room_creation": often,
    }
