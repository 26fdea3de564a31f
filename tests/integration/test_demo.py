"""The demo: made-up people with a plausible past on the real bot, and a clock that is moved."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.demo.house import Demo
from bot.demo.people import LEADERS, RULEBOOKS, TRAINEES, email
from handlers.message import Incoming, Sender
from schedules.drift import drifts
from schedules.rules.rulebook import shipped
from schedules.standings import rows_of
from storage.engine import reading
from storage.tables import Entry, Outbox, Pairing, Person, Role, RoleName, Standing, Trainee, Unit

SUNDAY = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STARTS = (
    SUNDAY,
    datetime(2026, 11, 26, 12, 0, tzinfo=UTC),  # a Thursday
    datetime(2026, 7, 15, 10, 0, tzinfo=UTC),  # in the holidays
    datetime(2027, 1, 4, 7, 0, tzinfo=UTC),  # after week 53
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),  # a leap day, the next day already in Sweden
)


@pytest.fixture(params=STARTS, ids=lambda start: f"{start:%F}")
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path / "demo.sqlite", "Europe/Stockholm", request.param)
    yield made
    made.engine.dispose()


@pytest.fixture
def sunday(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path / "demo.sqlite", "Europe/Stockholm", SUNDAY)
    yield made
    made.engine.dispose()


def standing(session: Session, name: str) -> dict[str, Standing]:
    trainee = session.exec(select(Trainee).join(Person).where(Person.email == email(name))).one()
    return {row.requirement: row for row in rows_of(session, trainee.id or 0)}


def sent(demo: Demo, kind: str) -> list[Outbox]:
    with reading(demo.engine) as session:
        return list(session.exec(select(Outbox).where(Outbox.kind == kind, Outbox.state == "sent")).all())


def shown(demo: Demo, name: str) -> list[str]:
    """What stands in somebody's window."""
    log = demo.house.platforms["web"]._log  # type: ignore[attr-defined]
    items = [item for item in log.after(0, [email(name)]) if item.kind == "message"]
    return [item.as_json()["text"] for item in items]


# --- the people and their past


def test_three_units_follow_three_rulebooks_that_come_along(demo: Demo) -> None:
    with reading(demo.engine) as session:
        units = {unit.name: unit.rulebook for unit in session.exec(select(Unit)).all()}
    assert units == RULEBOOKS
    assert set(units.values()) <= shipped().keys()


def test_twelve_trainees_each_have_a_supervisor_and_someone_answers_for_every_unit(demo: Demo) -> None:
    with reading(demo.engine) as session:
        assert len(session.exec(select(Trainee)).all()) == len(TRAINEES) == 12
        assert len(session.exec(select(Pairing)).all()) == 12
        leaders = session.exec(select(Role).where(Role.role == RoleName.STUDIEREKTOR)).all()
        assert len({role.person_id for role in leaders}) == 2
        assert len({role.unit_id for role in leaders}) == 3


def test_what_was_logged_was_saved_and_confirmed_in_its_own_days_and_names_goals(sunday: Demo) -> None:
    """Else every paper of the demo would say that all was confirmed on the day it was started."""
    with reading(sunday.engine) as session:
        entries = session.exec(select(Entry)).all()
    assert {entry.written_at.date() - entry.on_date for entry in entries} == {timedelta()}
    confirmed = [entry for entry in entries if entry.confirmed_at]
    assert all(entry.on_date < entry.confirmed_at.date() for entry in confirmed if entry.confirmed_at)
    assert max(entry.confirmed_at for entry in confirmed if entry.confirmed_at) <= SUNDAY
    assert {entry.activity for entry in entries if entry.goals} == {"supervision", "assessment"}


def test_everyone_can_be_chosen_on_the_page_under_a_swedish_label(demo: Demo) -> None:
    people = {person.name: person for person in demo.people()}
    assert len(people) == 12 + len({made.supervisor for made in TRAINEES}) + len(LEADERS)
    assert people["Anna Berg"].role == "ST-läkare"
    assert people["Anna Berg"].supervisor == people["Eva Ek"].external_id
    assert people["Siv Rektorsson"].role == "Studierektor"


def test_the_past_is_two_years_long_and_holds_nothing_of_the_future(demo: Demo) -> None:
    today = demo.now().date()
    with reading(demo.engine) as session:
        entries = session.exec(select(Entry)).all()
    days = [entry.on_date for entry in entries if entry.activity != "iup_approval"]  # that is older
    assert today - timedelta(days=731) <= min(days) <= today - timedelta(days=700)
    assert max(days) < today
    assert len(days) > 500


def test_things_stand_as_they_do_in_life(demo: Demo) -> None:
    with reading(demo.engine) as session:
        assert standing(session, "Anna Berg")["supervision"].state in ("ok", "soon")
        behind = standing(session, "Bilal Noor")["supervision"]
        assert (behind.state, behind.missed) == ("overdue", 3)
        away = {row.state for row in standing(session, "Elsa Myr").values()}
        assert away - {"not_applicable", "met"} == {"paused"}
        assert {row.state for row in standing(session, "Ines Lövö").values()} <= {
            "ok",
            "soon",
            "met",
            "not_applicable",
        }
        hospital = standing(session, "Karin Sjö")["supervision"]
        assert hospital.required == 9
        states = Counter(
            "behind"
            if any(row.state == "overdue" for row in standing(session, made.name).values())
            else "in step"
            for made in TRAINEES
        )
    assert states["in step"] >= 8
    assert states["behind"] >= 2


def test_the_past_agrees_with_its_standings(demo: Demo) -> None:
    with reading(demo.engine) as session:
        assert list(drifts(session, demo.now())) == []


def test_each_start_is_a_fresh_file_with_the_same_lives(tmp_path: Path) -> None:
    lives = []
    for name in ("a", "b"):
        made = Demo(tmp_path / f"{name}.sqlite", "Europe/Stockholm", SUNDAY)
        with reading(made.engine) as session:
            rows = session.exec(select(Entry).order_by(col(Entry.id))).all()
            lives.append([(row.trainee_id, row.on_date, row.activity, row.note) for row in rows])
        made.engine.dispose()
    assert lives[0] == lives[1]


# --- the clock


def test_a_day_on_a_monday_morning_brings_the_digests_and_the_nudges(sunday: Demo) -> None:
    now = asyncio.run(sunday.advance(1))
    assert f"{now:%F %H:%M}" == "2026-11-23 08:05"
    assert len(sent(sunday, "digest")) == len(LEADERS)
    assert shown(sunday, "Siv Rektorsson")[0].startswith("Sammanfattning · mån 23 nov (v 48)\nBehöver dig:")
    assert "Bilal Noor" in shown(sunday, "Siv Rektorsson")[0]
    assert any("ingen handledning" in text for text in shown(sunday, "Bilal Noor"))
    assert any("Bilal Noor" in text for text in shown(sunday, "Eva Ek"))
    assert shown(sunday, "Elsa Myr") == []


def test_a_week_asks_on_thursday_those_who_have_neither_logged_nor_booked(sunday: Demo) -> None:
    asyncio.run(sunday.advance(7))
    asked = [row for row in sent(sunday, "nudge") if row.step == "soon" and row.period == "2026-W48"]
    assert {row.due_at.strftime("%F") for row in asked} == {"2026-11-26"}
    assert len(asked) > 3


def test_nobody_gets_two_bundles_on_a_day(demo: Demo) -> None:
    asyncio.run(demo.advance(21))
    days = {
        (row.person_id, row.ended_at.date(), row.reference) for row in sent(demo, "nudge") if row.ended_at
    }
    assert days
    assert max(Counter((person, day) for person, day, _ in days).values()) == 1
    with reading(demo.engine) as session:
        assert list(drifts(session, demo.now())) == []


def test_what_is_written_goes_the_same_way_as_on_any_platform(sunday: Demo) -> None:
    async def write() -> None:
        sender = Sender("web", email("Anna Berg"), address=email("Anna Berg"))
        line = Incoming(sender, "web:1", sunday.now().astimezone(UTC), text="handledning idag 1h etik")
        await sunday.house.hearing(line)
        await sunday.house.delivery.drain()

    asyncio.run(write())
    assert shown(sunday, "Anna Berg")[0].startswith("Sparat: handledning sön 22 nov (v 47), 1 h · etik")
    assert shown(sunday, "Eva Ek")[0].startswith("Anna Berg har sparat: handledning")


def test_a_demo_begun_at_night_begins_in_the_morning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    monkeypatch.setattr("bot.demo.house.system_clock", lambda: night)
    demo = Demo(tmp_path / "demo.sqlite", "Europe/Stockholm")
    assert f"{demo.now():%d %H}" == "23 09"
    demo.engine.dispose()
