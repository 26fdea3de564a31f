"""A made-up training with five years of everything, for papers; and their text as a reader sees it."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import Session, select

from handlers.desk import Desk, desk_of
from handlers.message import File
from schedules.recompute import recompute
from storage.engine import writing
from storage.tables import Entry, Pairing, Person, Trainee

TOPICS = ("ethics", "communication", "cooperation", "course_planning", "feedback", "teaching")
INSTRUMENTS = ("mini-cex", "dops", "cbd", "sit-in", "record-review", "360")
ASSESSORS = ("åsa öhrn", "eva ek", "lars lind", "östen ångström", "maj-britt von der långelius", "nils vik")


def pages(content: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def text_of(file: File) -> str:
    """All that a file says to whoever opens it; a word that was parted at a line's end is whole."""
    if file.media_type == "application/pdf":
        return "".join("".join(pages(file.content)).split("\n"))
    if file.name.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(file.content)) as parts:
            return "".join(parts.read(name).decode() for name in parts.namelist())
    return file.content.decode("utf-8", "replace")


def person(session: Session, who: str) -> Person:
    """Somebody of the made-up world by the first part of the address."""
    return session.exec(select(Person).where(Person.email == f"{who}@exempel.se")).one()


def trainee(session: Session, who: str) -> Trainee:
    """Their training."""
    return session.exec(select(Trainee).where(Trainee.person_id == person(session, who).id)).one()


def desk(session: Session, who: str, now: datetime) -> Desk:
    """The desk at which somebody is written to."""
    return desk_of(session, person(session, who), now, "Europe/Stockholm")


def live(engine: Engine, who: str, years: int, now: datetime, prefix: str = "ST", seed: int = 7) -> int:
    """Give a trainee so many years of entries up to now, most of them confirmed; returns how many."""
    with writing(engine) as session:
        of = trainee(session, who)
        of.starts_on = now.date() - timedelta(days=365 * years)
        of.ends_on, of.watched_from = now.date() + timedelta(days=200), None
        supervisor = session.exec(select(Pairing).where(Pairing.trainee_id == of.id)).one()
        supervisor.from_on = of.starts_on
        session.add_all([of, supervisor])
        made = list(_entries(of, supervisor.supervisor_id, years, now, prefix, random.Random(seed)))
        session.add_all(made)
        session.flush()
        for entry in made:
            entry.chain_id = entry.id
        recompute(session, [of.id or 0], now, "test")
        return len(made)


def _entries(
    of: Trainee, supervisor: int, years: int, now: datetime, prefix: str, chance: random.Random
) -> Iterator[Entry]:
    for week in range(years * 52):
        day = now.date() - timedelta(days=7 * week + 3)
        if chance.random() < 0.8:
            yield _entry(
                of, "supervision", day, now, supervisor if chance.random() < 0.8 else None, chance, prefix
            )
        if week % 6 == 0:
            yield _entry(of, "assessment", day, now, supervisor if week % 4 else None, chance, prefix)
        for activity, often in (
            ("iup_revision", 26),
            ("kollegium", 52),
            ("course", 20),
            ("annual_followup", 52),
        ):
            if week % often == 5:
                yield _entry(of, activity, day, now, None, chance, prefix)


def _entry(
    of: Trainee, activity: str, day: date, now: datetime, by: int | None, chance: random.Random, prefix: str
) -> Entry:
    assessed = activity == "assessment"
    timed = activity == "supervision"
    return Entry(
        trainee_id=of.id or 0,
        activity=activity,
        on_date=day,
        minutes=chance.choice((45, 60, 60, 90)) if timed else None,
        instrument=chance.choice(INSTRUMENTS) if assessed else None,
        topics=chance.sample(TOPICS, 2) if timed else [],
        goals=_goals(prefix, chance) if timed or assessed else [],
        people=[chance.choice(ASSESSORS)] if assessed else [],
        note="återkoppling på samtal" if timed and chance.random() < 0.2 else None,
        written_by=of.person_id,
        written_at=now,
        confirmed_by=by,
        confirmed_at=now if by else None,
    )


def _goals(prefix: str, chance: random.Random) -> list[str]:
    """c goals up to 12 more often than the others, and never the b2, a5 and c9."""
    codes: Sequence[str] = [f"c{n}" for n in range(1, 13) if n != 9] + ["a1", "a2", "a3", "a4", "b1", "b3"]
    return [f"{prefix}{code}" for code in chance.sample(codes, chance.choice((0, 1, 2)))]
