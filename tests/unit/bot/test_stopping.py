"""A loop that is asked to end stops waiting, for whatever it was."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms.stopping import StoppedError, Stopping, finish

FOR_EVER = 3600.0


async def _answer() -> str:
    return "svar"


def test_work_gives_its_answer() -> None:
    assert asyncio.run(Stopping(1, 1).until_asked(_answer())) == "svar"


def test_work_that_would_last_for_ever_ends_when_asked() -> None:
    async def asked() -> None:
        stopping = Stopping(1, 1)
        asyncio.get_running_loop().call_soon(stopping.ask)
        await stopping.until_asked(asyncio.sleep(FOR_EVER))

    with pytest.raises(StoppedError):
        asyncio.run(asked())


def test_a_pause_ends_when_asked() -> None:
    async def asked() -> bool:
        stopping = Stopping(FOR_EVER, FOR_EVER)
        asyncio.get_running_loop().call_soon(stopping.ask)
        await stopping.pause(faults=1)
        return stopping.is_asked

    assert asyncio.run(asked())


def test_without_a_fault_there_is_no_pause() -> None:
    asyncio.run(Stopping(FOR_EVER, FOR_EVER).pause(faults=0))


def test_a_task_that_does_not_end_is_cancelled_and_its_error_is_its_own() -> None:
    async def both() -> list[bool]:
        failed, lasting = asyncio.create_task(_fail()), asyncio.create_task(asyncio.sleep(FOR_EVER))
        await asyncio.sleep(0)
        await finish([failed, lasting], 0)
        return [failed.done(), lasting.cancelled()]

    assert asyncio.run(both()) == [True, True]


async def _fail() -> None:
    raise ValueError
