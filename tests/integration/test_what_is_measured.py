"""The benchmarks measure work that was really done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks import burst, metronome, reading, replay, scaling, year
from benchmarks.drain_networks import NETWORKS, Drained
from benchmarks.floor import Floor, Signed
from benchmarks.front_door import SECRET, SlackDoor, clock, house, peopled, post, signed, slack_house, stored
from benchmarks.telegram_door import telegram
from schedules.tick import tick

SAID = "idag 1h etik"


def test_a_command_through_the_front_door_leaves_all_its_rows(tmp_path: Path) -> None:
    with (
        asyncio.Runner() as runner,
        peopled(f"sqlite:///{tmp_path / 'bot.sqlite'}", 20, 1, "slack", "T1") as engine,
    ):
        before = stored(engine)
        SlackDoor(engine, runner.get_loop(), SAID).take(2)
        made = {name: now - before[name] for name, now in stored(engine).items()}
    assert made == {"Inbox": 2, "Entry": 2, "Standing": 0, "Audit": 2, "Outbox": 2}


def test_an_update_through_the_webhook_is_stored_and_replied_to(tmp_path: Path) -> None:
    with (
        asyncio.Runner() as runner,
        peopled(f"sqlite:///{tmp_path / 'bot.sqlite'}", 20, 1, "telegram") as engine,
        telegram(runner.get_loop(), engine, 20, f"handledning {SAID}") as door,
    ):
        before = stored(engine)
        door.take(2)
        made = {name: now - before[name] for name, now in stored(engine).items()}
        assert door.replies == 2
    assert made == {"Inbox": 2, "Entry": 2, "Standing": 0, "Audit": 2, "Outbox": 4}


@pytest.mark.parametrize("name", ["slack", "teams"])
def test_a_line_in_the_private_chat_is_receipted_by_the_network_that_counts(
    tmp_path: Path, name: str
) -> None:
    network = NETWORKS[name]
    drained = Drained(name, network.most, network.within)
    with (
        peopled(f"sqlite:///{tmp_path / 'bot.sqlite'}", 20, 1, name, network.workspace) as engine,
        network.instead(drained),
    ):
        bot = house(engine, clock(), [lambda hear: network.make(hear, clock())])
        line = network.line("U1" if name == "slack" else "u1", f"handledning {SAID}", clock()())

        async def said() -> None:
            await post(bot.app, line.path, line.body, line.headers)
            await bot.delivery.drain()

        asyncio.run(said())
    [text] = [text for chat, text in drained.seen if chat == line.chat]
    assert "Sparat" in text


def test_each_tick_that_is_measured_has_something_to_say() -> None:
    with metronome.database(200, 1) as engine:
        due, said = metronome.Due(engine), [metronome.told_rows(engine)]
        for _ in range(2):
            due.prepare()
            due.run()
            said.append(metronome.told_rows(engine))
        assert tick(engine, metronome.MOMENT) == 0
    assert said[0] < said[1] < said[2]


def test_the_floor_stores_a_delivery_once(tmp_path: Path) -> None:
    floor = Floor(tmp_path, SECRET, 2)
    for number in (1, 2, 2):
        assert floor.take(signed(number, SAID)) == b"Sparat: idag 1h etik"
    assert floor.entries() == 2
    floor.close()


def test_the_floor_takes_nothing_that_is_not_signed(tmp_path: Path) -> None:
    floor, request = Floor(tmp_path, SECRET, 1), signed(1, SAID)
    with pytest.raises(ValueError, match=r"^$"):
        floor.take(Signed(request.body, request.stamp, "v0=" + 64 * "0"))
    assert floor.entries() == 0
    floor.close()


def test_what_comes_all_at_once_is_all_answered_and_stored(tmp_path: Path) -> None:
    with (
        asyncio.Runner() as runner,
        peopled(f"sqlite:///{tmp_path / 'bot.sqlite'}", 20, 1, "slack", "T1") as engine,
    ):
        before = stored(engine)["Entry"]
        requests = [signed(number, SAID) for number in range(1, 11)]
        waits = runner.run(burst.come(slack_house(engine, clock()).app, requests, 1_000))
        assert (len(waits), stored(engine)["Entry"] - before) == (10, 10)


def test_a_misread_line_is_counted_as_misread() -> None:
    line = reading.corpus("messages")[0]
    assert reading.is_right(line)
    assert not reading.is_right(line | {"expect": line["expect"] | {"minutes": 61}})


def test_what_is_said_again_takes_a_delivery_of_its_own_each_time() -> None:
    said = "INSERT INTO entry (inbox_id, minutes) VALUES (%(inbox_id)s::INTEGER, %(minutes)s)"
    again = "INSERT INTO entry (inbox_id, minutes) VALUES ((currval('inbox_id_seq'))::INTEGER, %(minutes)s)"
    assert replay.anew(said) == again
    asked = "SELECT entry.id FROM entry WHERE entry.inbox_id = %(inbox_id)s::INTEGER"
    assert replay.anew(asked) == asked


def test_the_simulated_year_is_the_same_from_the_same_seed_and_as_large_as_is_assumed() -> None:
    lived, again, other = year.year(7), year.year(7), year.year(8)
    assert lived == again != other
    expected = year.TRAINEES * (year.LOGS * (1 + year.CONFIRMED) + year.ASKED)
    assert abs(lived.total - expected) < expected / 100
    assert len(lived.days) == 365


def test_what_waits_is_what_came_beyond_what_is_done() -> None:
    assert scaling.backlog([5, 5, 0, 0, 9], 3) == 6  # 2, 4, 1, 0, 6
