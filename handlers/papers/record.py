"""A training as papers tell it: who, where, and the live entries with who wrote and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from handlers import describe
from handlers.people import supervisors_of
from handlers.words import Words, spelled
from schedules.zone import to_local
from storage.states import IS_LIVE
from storage.tables import Entry, Person, Trainee, Unit


@dataclass(frozen=True, slots=True)
class Written:
    """A live entry with the names of its author and of who confirmed it, as the database has them now."""

    entry: Entry
    author: str | None
    confirmed_by: str | None

    @property
    def state(self) -> str:
        """confirmed, disputed, or unconfirmed while the other half has not answered."""
        if self.entry.disputed_at is not None:
            return "disputed"
        return "confirmed" if self.entry.confirmed_at is not None else "unconfirmed"

    @property
    def people(self) -> str:
        """Those named with it, as names are written."""
        return ", ".join(name.title() for name in self.entry.people)

    @property
    def note(self) -> str:
        """What others than its author may read: nothing private."""
        return describe.public_note(self.entry.note) or ""


@dataclass(frozen=True, slots=True)
class Record:
    """One training up to a local day; entries are the oldest first."""

    trainee: Trainee
    person: Person
    unit: Unit
    supervisors: tuple[str, ...]
    entries: tuple[Written, ...]

    def of(self, activity: str, since: date | None = None) -> list[Written]:
        """What took place of an activity, from a day on."""
        found = (each for each in self.entries if each.entry.activity == activity)
        return [each for each in found if since is None or each.entry.on_date >= since]


def record_of(session: Session, trainee: Trainee, today: date) -> Record:
    """What is remembered of a training, of days up to today."""
    entries = session.exec(
        select(Entry)
        .where(Entry.trainee_id == trainee.id, IS_LIVE, col(Entry.on_date) <= today)
        .order_by(col(Entry.on_date), col(Entry.id))
    ).all()
    names = names_of(session, entries)
    return Record(
        trainee,
        session.get_one(Person, trainee.person_id),
        session.get_one(Unit, trainee.unit_id),
        tuple(each.name for each in supervisors_of(session, trainee.id or 0, today)),
        tuple(Written(e, names.get(e.written_by), names.get(e.confirmed_by)) for e in entries),
    )


def names_of(session: Session, entries: Sequence[Entry]) -> dict[int | None, str]:
    """The names of who wrote and who confirmed some entries, by person id."""
    ids = {each for entry in entries for each in (entry.written_by, entry.confirmed_by) if each}
    people = session.exec(select(Person).where(col(Person.id).in_(ids))).all()
    return {person.id: person.name for person in people}


def day(words: Words, on: date | None) -> str:
    """A date for a paper, always with its year: "20 nov 2026" and the like; "" for none."""
    return spelled(on, "d MMM y", words.locale) if on else ""


def span(words: Words, first: date | None, last: date | None) -> str:
    """As in "12 jan 2026–11 jan 2031"; an end that is not known is left open."""
    return f"{day(words, first)}–{day(words, last)}"


def confirmed(words: Words, of: Written, zone: str) -> str:
    """Who confirmed it and when, or that it is not confirmed, or that it was disputed and when."""
    at = of.entry.disputed_at or of.entry.confirmed_at
    on = day(words, to_local(at, zone).date()) if at else ""
    if of.state == "confirmed":
        return f"{of.confirmed_by or words.say('paper.somebody')} {on}"
    return words.say(f"paper.{of.state}", day=on)


def about(words: Words, of: Record) -> list[tuple[str, str]]:
    """Whose paper it is: labels and values for its head."""
    training = span(words, of.trainee.starts_on, of.trainee.ends_on)
    return [
        (words.say("column.trainee"), of.person.name),
        (words.say("column.unit"), of.unit.name),
        (words.say("paper.supervisor"), ", ".join(of.supervisors) or words.say("paper.none")),
        (words.say("paper.training"), training),
    ]


def made_line(words: Words, of: Record, now: datetime) -> str:
    """When it was made and from what."""
    local = to_local(now, of.unit.timezone)
    count = len(of.entries)
    return words.say("paper.made", day=day(words, local.date()), at=words.clock(local), count=count)
