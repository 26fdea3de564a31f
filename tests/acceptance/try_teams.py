"""`handledd run` in the Microsoft 365 Agents Playground, to be tried by hand: `make playground`.

The playground makes no tokens, so its activities go by way of the fake login, which signs each of them: the
bot is the one that is served to everybody, with all its checks.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.acceptance import playground
from tests.acceptance.house import Home
from tests.fakes.process import start
from tests.fakes.teams_driver import ANNA, CLIENT_ID, SECRET, TENANT

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,platform,platform_id
anna@exempel.se,Anna Berg,trainee,Ekbacken,,eva@exempel.se,{start},teams,{anna}
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,,
"""


def main() -> None:
    """Start all three on this machine, say where to open it, and end them with Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ends:
        login = start("tests.fakes.teams_fake", CLIENT_ID, SECRET, TENANT)
        ends.callback(login.stop)
        client = playground.start(Path(folder), f"{login.url}/api/messages")
        ends.callback(client.stop)
        home = Home(
            Path(folder),
            {
                "HANDLEDD_TEAMS_CLIENT_ID": CLIENT_ID,
                "HANDLEDD_TEAMS_CLIENT_SECRET": SECRET,
                "HANDLEDD_TEAMS_TENANT_ID": TENANT,
                "HANDLEDD_TEAMS_SERVICE_URL": client.service,
                "HANDLEDD_TEAMS_LOGIN_URL": login.url,
                "HANDLEDD_TEAMS_KEYS_URL": f"{login.url}/keys",
            },
        )
        people = Path(folder) / "roster.csv"
        began = datetime.now(UTC).date() - timedelta(days=300)
        people.write_text(ROSTER.format(start=began, anna=ANNA), encoding="utf-8")
        home.command("roster", "import", str(people))
        home.start()
        ends.callback(home.kill)
        httpx.post(f"{login.url}/control/forward", json={"to": home.url}, trust_env=False).raise_for_status()
        sys.stdout.write(f"Open {client.url} and write: handledning idag 1h etik   (Ctrl-C ends it)\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
