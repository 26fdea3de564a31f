"""What just happened, row by row, for the demo's strip: the inbox, the standings that moved, the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from handlers import describe
from handlers.words import Words
from schedules.lives.reading import rulebook_of
from storage.engine import reading
from storage.tables import Inbox, Outbox, Person, Standing, Trainee, Unit

MANY = 3
"""More standings than this are counted instead of named."""

_Face = tuple[str, str, str, int]
"""What of a standing row one sees: state, due date, what was last done, how many."""


@dataclass(frozen=True, slots=True)
class Before:
    """The database's state of a moment: the newest rows' ids, and every standing."""

    inbox: int
    outbox: int
    standings: dict[int, _Face]


def before(engine: Engine) -> Before:
    """Taken before something happens."""
    with reading(engine) as session:
        inbox = session.exec(select(func.max(col(Inbox.id)))).one() or 0
        outbox = session.exec(select(func.max(col(Outbox.id)))).one() or 0
        rows = session.exec(select(Standing)).all()
        return Before(inbox, outbox, {row.id or 0: _face(row) for row in rows})


def since(engine: Engine, then: Before, who: str = "") -> list[str]:
    """One line for each thing that has happened since; `who` wrote."""
    words = Words("sv")
    with reading(engine) as session:
        return [*_inbox(session, then, who), *_standings(session, words, then), *_outbox(session, then)]


def moved_since(engine: Engine, then: Before) -> list[str]:
    """The standings alone: what a tick queued is told when it is sent."""
    with reading(engine) as session:
        return list(_standings(session, Words("sv"), then))


def passed(days: int, went: int) -> str:
    """The line that sums up a step of the clock: the last one, which stands in the closed strip."""
    span = {1: "Ett dygn gick", 7: "En vecka gick"}.get(days, f"{days} dygn gick")
    few = {0: "inget meddelande behövdes", 1: "ett meddelande skickat"}
    return f"{span}: {few.get(went, f'{went} meddelanden skickade')}"


def _inbox(session: Session, then: Before, who: str) -> Iterator[str]:
    for row in session.exec(select(Inbox).where(col(Inbox.id) > then.inbox)).all():
        yield f"Inkorg {row.id}: {who} → {OUTCOMES.get(row.outcome, row.outcome)}"


def _standings(session: Session, words: Words, then: Before) -> Iterator[str]:
    rows = session.exec(select(Standing).order_by(col(Standing.id))).all()
    moved = [row for row in rows if then.standings.get(row.id or 0) != _face(row)]
    if len(moved) > MANY:
        yield f"Läge: {len(moved)} rader räknade om"
        return
    yield from (_moved(session, words, row, then.standings.get(row.id or 0)) for row in moved)


def _moved(session: Session, words: Words, row: Standing, was: _Face | None) -> str:
    trainee = session.get_one(Trainee, row.trainee_id)
    book = rulebook_of(session.get_one(Unit, trainee.unit_id))
    asked = book.requirements.get(row.requirement)
    title = describe.title(words, asked) if asked else row.requirement
    name = session.get_one(Person, trainee.person_id).name
    old, new = (words.name("picture", state) for state in (was[0] if was else row.state, row.state))
    change = new if old == new else f"{old} → {new}"
    day = describe.last_in_time(asked, row.due_on) if asked and row.due_on else row.due_on
    due = f", nästa senast {words.dated(day)}" if day else ""
    return f"Läge {row.id}: {name} · {title}: {change}{due}"


def _outbox(session: Session, then: Before) -> Iterator[str]:
    for row in session.exec(select(Outbox).where(col(Outbox.id) > then.outbox)).all():
        person = session.get(Person, row.person_id) if row.person_id else None
        yield f"Utkorg {row.id}: {KINDS[row.kind].casefold()}{_to(person)}, i kö"


def _to(person: Person | None) -> str:
    return f" till {person.name}" if person else ""


def sent(rows: Sequence[Outbox], what: str, name: str) -> str:
    """The line of a message that went out."""
    numbers = ", ".join(str(row.id) for row in rows)
    return f"Utkorg {numbers}: {what} till {name}, skickat"


def _face(row: Standing) -> _Face:
    return row.state, str(row.due_on), str(row.last_on), row.done


OUTCOMES = {
    "logged": "sparat",
    "amended": "ändrat",
    "undone": "ångrat",
    "booked": "bokat",
    "asked": "frågat",
    "confirmed": "bekräftat",
    "disputed": "inte bekräftat",
    "refused": "vägrat",
    "unknown": "inte förstått",
    "help": "hjälp",
    "show": "visat",
    "overview": "översikt",
}
KINDS = {
    "reply": "Svar",
    "confirm": "Fråga om bekräftelse",
    "notice": "Meddelande",
    "booking": "Bokning",
    "nudge": "Påminnelse",
    "digest": "Veckosammanfattning",
}
