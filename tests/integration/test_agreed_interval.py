"""The pair's own interval: set by either half, undone, judged, and told when there is none."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from storage.tables import Pairing, Standing
from tests.support.rulebooks import asks_also
from tests.support.world import World

AGREED = 'kind = "agreed"\nactivities = ["supervision"]'


@pytest.fixture
def agreeing(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose rulebook leaves the interval to the pair."""
    asks_also(monkeypatch, own_interval=AGREED)
    return World(sqlite)


def _row(world: World) -> Standing:
    return next(r for r in world.rows(Standing) if r.requirement == "own_interval" and r.trainee_id == 1)


@pytest.mark.parametrize(
    ("who", "line"), [("anna", "vi ses var tredje vecka"), ("eva", "handledning var tredje vecka @anna")]
)
def test_either_half_sets_it_and_the_receipt_names_it(agreeing: World, who: str, line: str) -> None:
    assert "ni ses var tredje vecka" in agreeing.say(who, line).text
    # Watched from Monday 23 Nov: the first within three weeks of active time, 14 Dec.
    assert (_row(agreeing).state, f"{_row(agreeing).due_on}") == ("ok", "2026-12-14")
    assert agreeing.drift() == []


def test_a_supervisor_of_several_is_asked_about_whom(agreeing: World) -> None:
    asked = agreeing.say("eva", "vi ses varannan vecka")
    assert [button.label for button in asked.buttons] == ["Anna Berg", "Bo Dal"]
    assert "varannan vecka" in agreeing.press("eva", "Anna Berg").text
    assert [pair.agreed_days for pair in agreeing.rows(Pairing)] == [14, None, None]


def test_the_next_is_counted_from_the_last_session(agreeing: World) -> None:
    agreeing.say("anna", "vi ses var fjärde vecka")
    agreeing.say("anna", "handledning idag 1h")
    assert f"{_row(agreeing).due_on}" == "2026-12-21"  # 23 Nov + 28 days


def test_undo_gives_back_what_held_before(agreeing: World) -> None:
    agreeing.say("anna", "vi ses varje vecka")
    agreeing.say("anna", "vi ses var fjärde vecka")
    assert "varje vecka" in agreeing.press("anna", "Ångra").text
    assert f"{_row(agreeing).due_on}" == "2026-11-30"
    assert agreeing.drift() == []


def test_undo_in_words_takes_back_the_agreement_and_not_an_earlier_log(agreeing: World) -> None:
    agreeing.say("anna", "handledning idag 1h")
    agreeing.say("anna", "vi ses var fjärde vecka")
    assert "inget avtalat intervall" in agreeing.say("anna", "ångra").text
    assert "handledning" in agreeing.say("anna", "historik").text


def test_without_one_nobody_is_nagged_and_the_digest_says_so_once(agreeing: World) -> None:
    agreeing.say("bo", "vi ses var tredje vecka")
    (line,) = [line for line in agreeing.say("siv", "digest").text.splitlines() if "intervall" in line]
    assert line == "Inget avtalat intervall: Anna Berg"
    assert _row(agreeing).state == "not_applicable"


def test_a_placements_supervisor_does_not_agree_for_the_main_one(agreeing: World) -> None:
    agreeing.say("anna", "randning psykiatri 23/11-31/12 handledare Lars Lind")
    asked = agreeing.say("lars", "handledning var tredje vecka @anna")
    assert "huvudhandledare" in asked.text
    assert agreeing.rows(Pairing)[0].agreed_days is None
