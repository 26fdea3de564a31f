"""Going live in the middle of a training: asked once what was done last, and never nagged about it."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlers.linking import invite
from handlers.message import Sender
from storage.engine import writing
from storage.tables import Entry, Identity, Outbox, Person, Standing
from tests.support.world import World

NEWCOMER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@exempel.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@exempel.se,2026-09-01,2031-08-31
eva@exempel.se,Eva Ek,supervisor,Ekbacken,,,,
"""
ANSWER = "iup 12/5, kollegium 3/2, bedömning 1/10"


def _unheard(world: World, who: str = "anna") -> None:
    """As the roster leaves somebody: linked, and never heard from."""
    with writing(world.engine) as session:
        identity = session.exec(select(Identity).where(Identity.external_id == f"{who}@exempel.se")).one()
        identity.chat = ""
        session.add(identity)


def _asked(world: World, who: str = "anna") -> list[str]:
    return [f"{s.at:%a %d %b %H:%M}" for s in world.to(who, "notice") if "innan jag fanns" in s.text]


def _row(world: World, requirement: str) -> Standing:
    return next(r for r in world.rows(Standing) if (r.trainee_id, r.requirement) == (1, requirement))


@pytest.fixture
def asked(world: World) -> World:
    """Anna wrote for the first time on Monday and was asked on Tuesday morning."""
    _unheard(world)
    world.say("anna", "handledning idag 1h")
    world.pass_to("2026-11-24T08:30")
    return world


def test_the_first_message_of_somebody_from_the_roster_is_followed_by_one_question(asked: World) -> None:
    assert _asked(asked) == ["Tue 24 Nov 08:00"]
    asked.say("anna", "status")
    asked.pass_to("2026-12-18T12:00")
    assert len(_asked(asked)) == 1


def test_it_is_no_second_answer_to_their_message(world: World) -> None:
    _unheard(world)
    world.say("anna", "handledning idag 1h")
    assert [sent.kind for sent in world.to("anna")] == ["reply"]


def test_linking_by_code_asks_too(world: World) -> None:
    with writing(world.engine) as session:
        person = session.exec(select(Person).where(Person.email == "bo@exempel.se")).one()
        code = invite(session, person, world.clock())
    stranger = Sender(world.platform.name, "bo.annan@exempel.se", address="bo.annan@exempel.se")
    world.take(world.incoming("bo", f"koppla {code}", sender=stranger))
    assert [row.subject for row in world.rows(Outbox) if row.kind == "notice"] == ["latest"]


@pytest.mark.parametrize("who", ["eva", "siv"])
def test_only_trainees_are_asked(world: World, who: str) -> None:
    _unheard(world, who)
    world.say(who, "status")
    assert not any(row.subject == "latest" for row in world.rows(Outbox))


@pytest.mark.parametrize(("started", "planned"), [("2026-11-22", 1), ("2026-11-23", 0), ("2026-12-01", 0)])
def test_whose_training_began_with_the_bot_or_after_it_has_nothing_to_tell(
    sqlite: Engine, started: str, planned: int
) -> None:
    world = World(sqlite, roster=NEWCOMER.replace("2026-09-01", started))  # on Monday 23 November
    _unheard(world)
    world.say("anna", "status")
    assert sum(row.subject == "latest" for row in world.rows(Outbox)) == planned


def test_people_who_were_heard_before_are_not_asked(world: World) -> None:
    world.say("anna", "status")
    assert not any(row.subject == "latest" for row in world.rows(Outbox))


def test_one_line_answers_and_the_clocks_run_from_there(asked: World) -> None:
    text = asked.say("anna", ANSWER).text
    assert "Sparat som historik" in text
    assert [entry.origin for entry in asked.rows(Entry)] == ["chat", "history", "history", "history"]
    # IUP every 6 months: 12 May + 6 months. Kollegium every 12: 3 Feb 2027. Assessments at most
    # 3 months and 14 days apart: 1 Oct + 3 months + 14 days = 15 Jan; short the day after.
    assert f"{_row(asked, 'iup_revision').due_on}" == "2026-11-12"
    assert f"{_row(asked, 'kollegium').due_on}" == "2027-02-03"
    assert f"{_row(asked, 'assessment').due_on}" == "2027-01-16"
    assert asked.drift() == []


def test_history_is_not_sent_for_confirmation(asked: World) -> None:
    before = len(asked.to("eva", "confirm"))
    asked.say("anna", ANSWER)
    assert len(asked.to("eva", "confirm")) == before


def test_undo_takes_the_whole_answer_back(asked: World) -> None:
    asked.say("anna", ANSWER)
    assert "Ångrat" in asked.press("anna", "Ångra").text
    assert [entry.state for entry in asked.rows(Entry)] == ["live", "void", "void", "void"]
    assert asked.drift() == []
    assert "Sparat som historik" in asked.say("anna", "iup 12/5").text


def test_it_may_be_skipped_and_is_not_asked_again(asked: World) -> None:
    assert "räknar jag från den dag jag började" in asked.press("anna", "Hoppa över").text
    asked.pass_to("2026-12-18T12:00")
    assert len(_asked(asked)) == 1


def test_a_log_of_today_is_a_log_also_while_the_question_is_open(asked: World) -> None:
    asked.say("anna", "mini-cex idag av dr Lind")
    assert {entry.origin for entry in asked.rows(Entry)} == {"chat"}


def test_without_the_question_a_dated_line_is_a_plain_log(world: World) -> None:
    world.say("anna", "iup reviderad 12/5")
    assert [entry.origin for entry in world.rows(Entry)] == ["chat"]


def test_what_is_due_within_days_of_going_live_is_told_the_next_morning(sqlite: Engine) -> None:
    # Three months from 1 September: due on Tuesday 1 December, and fourteen days before it nobody watched.
    world = World(sqlite, roster=NEWCOMER)
    world.pass_to("2026-12-02T12:00")
    told = [s for s in world.to("anna", "nudge") if "Planeringsmöte" in s.text]
    assert [f"{s.at:%a %d %b %H:%M}" for s in told] == ["Tue 24 Nov 08:00", "Wed 02 Dec 08:00"]
