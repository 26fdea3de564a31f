"""The sync's token: it moves after the commit, nothing is lost while the bot is away, nothing comes twice."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading

import pytest

from bot.platforms.matrix_ledger import OVERTAKEN, TRIES, Ledger
from handlers.message import Incoming, Message, Reply
from tests.contract.matrix.scene import QUICK, Scene, until
from tests.fakes.process import ROOT

# --- the ledger alone


def round_of(ledger: Ledger, batch: list[str], failing: str = "") -> list[str]:
    """One round in which all but `failing` are heard; returns what was given up."""
    ledger.open(batch)
    for one in batch:
        if ledger.wants(one):
            (ledger.failed if one == failing else ledger.heard)(one)
    return ledger.close()


def test_a_batch_is_done_when_every_event_was_heard() -> None:
    ledger = Ledger()
    round_of(ledger, ["a", "b"], failing="a")
    assert not ledger.is_done
    assert not ledger.wants("b")
    round_of(ledger, ["a", "b"])
    assert ledger.is_done


def test_a_poison_event_is_given_up_only_while_others_are_heard() -> None:
    ledger = Ledger()
    for _ in range(3 * TRIES):
        assert round_of(ledger, ["a"], failing="a") == []
    for number in range(1, OVERTAKEN):
        assert round_of(ledger, ["a", *"bcd"[:number]], failing="a") == []
    assert round_of(ledger, ["a", "b", "c", "d"], failing="a") == ["a"]
    assert ledger.is_done


def test_an_outage_ends_the_round_after_a_few_failures() -> None:
    ledger, batch = Ledger(), [str(number) for number in range(20)]
    ledger.open(batch)
    tried = 0
    for one in batch:
        if ledger.wants(one):
            ledger.failed(one)
            tried += 1
    assert (tried, ledger.close(), ledger.is_done) == (5, [], False)


# --- against the homeserver


def test_the_token_stays_until_hear_has_returned(scene: Scene) -> None:
    entered, leave = threading.Event(), threading.Event()

    async def slow(incoming: Incoming) -> Reply:
        if incoming.text == "långsamt":
            entered.set()
            while not leave.is_set():  # noqa: ASYNC110 another thread says when
                await asyncio.sleep(0.01)
        return await scene.ear(incoming)

    with scene.listening(ear=slow):
        room = scene.room()
        scene.anna.say(room, "långsamt")
        until(entered.is_set, "the bot to hear it")
        before = scene.synced()  # nothing but the end of what is under way can move it from here on
        leave.set()
        until(lambda: scene.synced() != before, "the token to move")
    assert scene.ear.texts == ["långsamt"]


def test_an_event_that_raised_comes_again_with_the_same_key(scene: Scene) -> None:
    scene.ear.errors = [RuntimeError(), RuntimeError()]
    with scene.listening():
        scene.anna.say(scene.room(), "idag")
        until(lambda: scene.ear.heard, "the line")
    assert len(scene.ear.tried) == 3
    assert len({told.delivery_key for told in scene.ear.tried}) == 1


def test_an_event_comes_again_after_a_kill_inside_hear(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
    event = scene.anna.say(room, "idag")
    dying = ["-m", "tests.contract.matrix.dying", scene.proxy.url, scene.bot.user, scene.bot.token]
    killed = subprocess.run([sys.executable, *dying], cwd=ROOT, timeout=120, check=False)
    assert killed.returncode == 9
    with scene.listening():
        until(lambda: scene.ear.heard, "the line")
    assert [told.delivery_key for told in scene.ear.heard] == [f"evt:{event}"]


def test_a_replayed_sync_brings_the_same_keys(scene: Scene) -> None:
    """As if the process had died between the commit and the saving of the token."""
    with scene.listening():
        room = scene.room()
    before = scene.synced()
    scene.anna.say(room, "ett")
    scene.anna.say(room, "två")
    with scene.listening():
        until(lambda: len(scene.ear.heard) == 2, "the lines")
    path = f"/client/v3/user/{scene.bot.user}/account_data/se.handledd.sync"
    scene.bot.client.put(path, json={"since": before}).raise_for_status()
    with scene.listening():
        until(lambda: len(scene.ear.heard) == 4, "the lines once more")
    first, again = scene.ear.heard[:2], scene.ear.heard[2:]
    assert [told.delivery_key for told in first] == [told.delivery_key for told in again]


def test_what_was_heard_does_not_come_again_after_a_restart(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        scene.anna.say(room, "ett")
        until(lambda: scene.ear.heard, "the line")
    with scene.listening():
        scene.anna.say(room, "två")
        until(lambda: len(scene.ear.heard) == 2, "the next line")
    assert scene.ear.texts == ["ett", "två"]


def test_everything_written_while_the_bot_was_away_is_heard_in_order(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
    many = QUICK.timeline * 5
    for number in range(many):
        scene.anna.say(room, f"rad {number}")
    with scene.listening():
        until(lambda: len(scene.ear.heard) == many, "every line")
    assert scene.ear.texts == [f"rad {number}" for number in range(many)]


def test_what_was_said_before_the_bot_first_listened_is_not_heard(scene: Scene) -> None:
    room = scene.old_room()
    scene.anna.say(room, "gammalt")
    with scene.listening():
        scene.anna.say(room, "nytt")
        until(lambda: scene.ear.heard, "the new line")
    assert scene.ear.texts == ["nytt"]


def test_a_poison_event_holds_up_nobody_for_ever(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.ear.poison = "gift"
    with scene.listening():
        room = scene.room()
        scene.anna.say(room, "gift")
        until(lambda: len(scene.ear.tried) > TRIES, "many tries")
        before = scene.synced()
        for number in range(OVERTAKEN):
            scene.anna.say(room, f"rad {number}")
            until(lambda: f"rad {number}" in scene.ear.texts, "the next line")  # noqa: B023
        until(lambda: scene.synced() != before, "the token to move past it")
    assert scene.ear.texts == [f"rad {number}" for number in range(OVERTAKEN)]
    assert [line for line in caplog.messages if "given up" in line]
    assert "gift" not in caplog.text


def test_the_sync_outlives_faults_of_the_network(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        for kind in ("5xx", "close", "garbled"):
            scene.fault("/sync$", kind, method="GET")
            scene.anna.say(room, kind)
            until(lambda: kind in scene.ear.texts, "the line after the fault")  # noqa: B023
    assert scene.ear.texts == ["5xx", "close", "garbled"]


def test_a_homeserver_that_is_away_at_the_start_is_waited_for(scene: Scene) -> None:
    scene.fault("/whoami$", "5xx", method="GET", times=3)
    with scene.listening():
        scene.anna.say(scene.room(), "idag")
        until(lambda: scene.ear.heard, "the line")
    assert scene.ear.texts == ["idag"]


@pytest.mark.parametrize(("status", "code"), [(404, "M_NOT_FOUND"), (403, "M_FORBIDDEN")])
def test_a_homeserver_that_tells_no_display_name_is_listened_to(scene: Scene, status: int, code: str) -> None:
    scene.fault("/profile/", "refuse", method="GET", status=status, body={"errcode": code})
    with scene.listening():
        scene.anna.say(scene.room(), "idag")
        until(lambda: scene.ear.heard, "the line")
    assert scene.ear.texts == ["idag"]


def test_stop_finishes_the_event_under_way(scene: Scene) -> None:
    entered = threading.Event()

    async def slow(incoming: Incoming) -> Reply:
        entered.set()
        await asyncio.sleep(0.2)
        return await scene.ear(incoming)

    with scene.listening(ear=slow):
        room = scene.room()
        scene.anna.say(room, "idag")
        until(entered.is_set, "the bot to hear it")
    assert scene.ear.texts == ["idag"]
    with scene.listening():
        scene.anna.say(room, "sist")
        until(lambda: len(scene.ear.heard) == 2, "the next line")
    assert scene.ear.texts == ["idag", "sist"]


def test_no_log_holds_what_was_said_or_the_token(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    scene.ear.errors = [RuntimeError("hemligheten")]
    with scene.listening() as host:
        room = scene.room()
        scene.anna.say(room, "hemligheten")
        until(lambda: scene.ear.heard, "the line")
        scene.fault("/send/", "5xx")
        with pytest.raises(Exception, match="no answer"):
            host.run(host.platform.send(scene.address(room), Message("hemligheten"), "d1"))
    assert "could not be taken in" in caplog.text
    assert "hemligheten" not in caplog.text
    assert scene.bot.token not in caplog.text
