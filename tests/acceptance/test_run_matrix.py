"""Matrix end to end: a real homeserver, a real `handledd run`, and it is killed on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance import hydrogen
from tests.acceptance.house import Home, until
from tests.support.matrix_people import Someone
from tests.support.synapse import Synapse

ANNA, EVA = "anna@exempel.se", "eva@exempel.se"
LINE = "handledning idag 1h etik"
HEAD = "email,name,role,unit,rulebook,supervisor,start,platform,platform_id"
PICTURE = os.environ.get("HANDLEDD_TEST_PICTURE")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """A running bot, its account, a trainee who is not linked yet and a supervisor who is in the roster."""

    home: Home
    bot: Someone
    anna: Someone
    eva: Someone

    def room(self, person: Someone) -> str:
        """A direct room that the bot has come into."""
        room = person.direct_room(self.bot.user)
        until(lambda: person.members(room)[self.bot.user] == "join", "the bot to join")
        return room

    def said(self, person: Someone, room: str, beginning: str) -> str:
        """The first of the bot's words in a room that begin like this, once they are there."""
        return until(
            lambda: next((one for one in person.read(room, self.bot.user) if one.startswith(beginning)), ""),
            beginning,
        )

    def event(self, person: Someone, room: str, beginning: str) -> str:
        """The id of that message."""
        self.said(person, room, beginning)
        found = [e for e in person.events(room) if e["content"].get("body", "").startswith(beginning)]
        return str(found[0]["event_id"])

    def linked(self) -> str:
        """Anna's room, after she has linked herself with a code; supervised from before."""
        code = re.search(r"\b[A-Z2-9]{8}\b", self.home.command("invite", ANNA).stdout)
        assert code
        room = self.room(self.anna)
        self.anna.say(room, f"koppla {code[0]}")
        self.said(self.anna, room, "Välkommen, Anna Berg!")
        return room


@pytest.fixture
def scene(tmp_path: Path, synapse: Synapse) -> Iterator[Scene]:
    """The bot serves Matrix and nothing else."""
    number = next(_numbers)
    bot, anna, eva = (synapse.enrol(f"{name}-run{number}") for name in ("handledd", "anna", "eva"))
    settings = {
        "HANDLEDD_MATRIX_HOMESERVER": synapse.url,
        "HANDLEDD_MATRIX_USER": bot.user,
        "HANDLEDD_MATRIX_ACCESS_TOKEN": bot.token,
    }
    home = Home(tmp_path, settings)
    start = datetime.now(UTC).date() - timedelta(days=300)
    rows = [
        f"{ANNA},Anna Berg,trainee,Ekbacken,skane-primarvard,{EVA},{start},,",
        f"{EVA},Eva Ek,supervisor,Ekbacken,,,,matrix,{eva.user}",
    ]
    (tmp_path / "roster.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    done = home.command("roster", "import", "roster.csv")
    assert done.returncode == 0, done.stderr
    home.start()
    try:
        yield Scene(home, bot, anna, eva)
        if home.process is not None:
            assert home.stop() == 0, home.said()
        assert bot.token not in home.said()
    finally:
        home.kill()
        for someone in (bot, anna, eva):
            someone.client.close()


WHOLE = {
    "HANDLEDD_MATRIX_HOMESERVER": "https://matrix.exempel.se",
    "HANDLEDD_MATRIX_USER": "@handledd:exempel.se",
    "HANDLEDD_MATRIX_ACCESS_TOKEN": "syt_canary",
}


def test_a_wrong_setting_is_named_by_run_and_by_doctor(tmp_path: Path) -> None:
    home = Home(tmp_path, WHOLE | {"HANDLEDD_MATRIX_USER": "handledd"})
    run, doctor = home.command("run"), home.command("doctor")
    assert (run.returncode, doctor.returncode) == (2, 1)
    assert "HANDLEDD_MATRIX_USER is the bot's whole name" in run.stderr
    assert "✗ HANDLEDD_MATRIX_USER is the bot's whole name" in doctor.stdout
    assert "canary" not in run.stderr + doctor.stdout


def test_doctor_counts_matrix_among_the_platforms(tmp_path: Path) -> None:
    assert "✓ platforms set up: 1" in Home(tmp_path, WHOLE).command("doctor").stdout


def test_without_a_platform_matrix_is_named_too(tmp_path: Path) -> None:
    assert "HANDLEDD_MATRIX_ACCESS_TOKEN" in Home(tmp_path, {}).command("run").stderr


def test_a_stranger_links_with_a_code_and_logs(scene: Scene) -> None:
    room = scene.linked()
    scene.anna.say(room, f"!{LINE}")
    receipt = scene.said(scene.anna, room, "Sparat: handledning")
    assert receipt.splitlines()[-4:] == [
        "1️⃣ Ångra",
        "2️⃣ Ändra",
        "3️⃣ Boka nästa",
        "Svara med siffran, eller reagera med den.",
    ]
    assert len(scene.home.entries(ANNA)) == 1


def test_a_supervisor_from_the_roster_is_asked_in_a_room_of_their_own_and_confirms(scene: Scene) -> None:
    scene.anna.say(scene.linked(), LINE)
    room = until(lambda: next(iter(scene.eva.invitations()), ""), "the supervisor to be asked")
    scene.eva.join(room)
    asked = scene.event(scene.eva, room, "Anna Berg")
    scene.eva.react(room, asked, "1️⃣")
    until(lambda: scene.home.entries(ANNA)[0]["confirmed_at"], "the confirmation")
    until(scene.home.settled, "everything to be sent")
    assert len(scene.eva.read(room, scene.bot.user)) == 1


def test_a_number_undoes_and_takes_the_receipts_place_and_written_again_undoes_nothing(scene: Scene) -> None:
    room = scene.linked()
    for line in (LINE, "mini-cex igår"):
        scene.anna.say(room, line)
        until(scene.home.settled, "everything to be sent")
    scene.said(scene.anna, room, "Sparat: mini-CEX")
    scene.anna.say(room, "1")
    scene.said(scene.anna, room, "Ångrat: mini-CEX")
    scene.anna.say(room, "1")
    until(lambda: len(scene.home.rows("SELECT id FROM inbox")) == 5, "the second number to be heard")
    until(scene.home.settled, "everything to be sent")
    assert [entry["activity"] for entry in scene.home.entries(ANNA)] == ["supervision"]


def test_a_client_shows_the_numbered_choices_and_a_number_typed_there_presses_one(scene: Scene) -> None:
    """In Hydrogen, which knows neither our choices nor edits: what it does show is enough."""
    scene.bot.be_called("handledd")
    scene.anna.be_called("Anna Berg")
    with hydrogen.opened(scene.anna, scene.linked()) as window:
        window.say(LINE)
        receipt = window.message("Sparat: handledning")
        expect(receipt).to_contain_text("1️⃣ Ångra2️⃣ Ändra3️⃣ Boka nästaSvara med siffran")
        if PICTURE:
            window.photograph(PICTURE)
        window.say("1")
        expect(window.message("* Ångrat: handledning")).to_be_visible()
        assert scene.home.entries(ANNA) == []


def test_an_edit_amends_and_a_deletion_asks(scene: Scene) -> None:
    room = scene.linked()
    event = scene.anna.say(room, LINE)
    scene.said(scene.anna, room, "Sparat:")
    scene.anna.edit(room, event, "handledning idag 45 min etik")
    scene.said(scene.anna, room, "Ändrat: handledning")
    assert [entry["minutes"] for entry in scene.home.entries(ANNA)] == [45]
    scene.anna.delete(room, event)
    until(lambda: "Behåll" in scene.anna.read(room, scene.bot.user)[-1], "the question")
    scene.anna.say(room, "1")
    until(lambda: not scene.home.entries(ANNA), "the entry to be taken away")


def test_killed_and_started_again_it_has_heard_everything_once_and_said_everything_once(scene: Scene) -> None:
    room = scene.linked()
    scene.anna.say(room, LINE)
    until(lambda: scene.home.entries(ANNA), "the entry")
    scene.home.kill()
    scene.anna.say(room, "mini-cex igår")
    scene.home.let_leases_run_out()
    scene.home.start()
    scene.said(scene.anna, room, "Sparat: mini-CEX")
    until(scene.home.settled, "everything to be sent")
    assert sorted(entry["activity"] for entry in scene.home.entries(ANNA)) == ["assessment", "supervision"]
    receipts = [said for said in scene.anna.read(room, scene.bot.user) if said.startswith("Sparat:")]
    assert len(receipts) == 2


def test_killed_right_after_a_send_everybody_is_told_once_and_without_a_doubt(scene: Scene) -> None:
    room = scene.linked()
    until(scene.home.settled, "everything to be sent")
    assert scene.home.stop() == 0
    scene.home.start(HANDLEDD_FAIL_AT="send.after")
    scene.anna.say(room, LINE)
    until(scene.home.process_ended, "the bot to be killed")
    scene.home.let_leases_run_out()
    scene.home.start()
    eva = until(lambda: next(iter(scene.eva.invitations()), ""), "the supervisor to be asked")
    scene.eva.join(eva)
    until(scene.home.settled, "everything to be sent")
    ended = scene.home.rows("SELECT state FROM outbox WHERE kind IN ('reply', 'confirm')")
    assert [row["state"] for row in ended] == ["sent"] * 3
    told = scene.anna.read(room, scene.bot.user)
    assert [len(told), len(scene.eva.read(eva, scene.bot.user))] == [2, 1]  # Anna's welcome and receipt
    assert "två gånger" not in told[-1]
