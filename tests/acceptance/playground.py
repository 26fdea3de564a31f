"""The Microsoft 365 Agents Playground, Microsoft's test client, as a process of its own."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.house import until
from tests.fakes.process import ROOT
from tests.fakes.teams_driver import ANNA, CLIENT_ID, TENANT


def person(number: int, name: str, object_id: str) -> dict[str, str]:
    """Somebody in the playground's made-up organisation."""
    first, last = name.split()
    mail = f"{first.lower()}@exempel.se"
    names = {"name": name, "givenName": first, "surname": last, "email": mail, "userPrincipleName": mail}
    return {"id": f"user-id-{number}", "aadObjectId": object_id} | names


def config() -> str:
    """The organisation; YAML reads JSON. Without exactly five others the playground ends without a word."""
    others = ("Eva Ek", "Bo Dal", "Cia Strand", "Lars Lind", "Siv Rektorsson")
    return json.dumps(
        {
            "version": "0.1.1",
            "tenantId": TENANT,
            "bot": {"id": CLIENT_ID, "name": "handledd"},
            "currentUser": person(0, "Anna Berg", ANNA),
            "users": [person(n, name, f"{ANNA[:-1]}{n}") for n, name in enumerate(others, 2)],
            "personalChat": {"id": "a:1-playground"},
            "groupChat": {"id": "19:group@thread.v2", "name": "ST-gruppen"},
            "team": {
                "id": "team-id",
                "name": "Ekbacken",
                "aadGroupId": "00000000-0000-0000-0000-000000000031",
                "channels": [{"id": "channel-id", "name": "ST"}],
            },
        }
    )


@dataclass(frozen=True, slots=True)
class Playground:
    """A running playground."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def service(self) -> str:
        """The connector's address in the activities it sends."""
        return f"{self.url}/_connector"

    def stop(self) -> None:
        """End this process, by its own id, and no other."""
        self.process.kill()
        self.process.wait()


def start(folder: Path, endpoint: str) -> Playground:
    """Install it where it is missing, and start it towards a bot's messaging endpoint."""
    installed = subprocess.run([ROOT / "scripts" / "ensure-playground"], stdout=subprocess.PIPE, check=True)
    (folder / ".m365agentsplayground.yml").write_text(config(), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "playground.log"
    cli, guard = installed.stdout.decode().strip(), str(ROOT / "tests" / "playground" / "loopback.cjs")
    command = ["node", "--require", guard, cli, "-e", endpoint, "-c", "msteams", "-p", str(port)]
    command += ["--service-url", f"http://127.0.0.1:{port}/_connector", "--disable-telemetry"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    said = until(lambda: re.search(r"Listening on (\d+)", log.read_text("utf-8")), "the playground to listen")
    return Playground(f"http://127.0.0.1:{said[1]}", process)
