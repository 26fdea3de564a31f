"""What is said when somebody comes with a history, or asks to be forgotten."""

from __future__ import annotations

from sqlmodel import Session

from handlers.desk import Desk, Skip
from handlers.message import Message
from handlers.portable.history import parsed
from storage.tables import NAMELESS, Outbox, Person, Trainee, Transfer


def is_it_yours(desk: Desk, row: Outbox) -> Message | Skip:
    """Is it yours? To the trainee the file names by e-mail."""
    found = desk.session.get(Transfer, row.facts["transfer"])
    if found is None or found.answer is not None or found.history is None:
        return Skip("answered")
    if desk.session.get_one(Trainee, found.trainee_id).person_id != desk.person.id:
        return Skip("no longer allowed")
    history = parsed(found.history)
    text = desk.words.say(
        "carry.ask",
        unit=found.from_unit,
        day=desk.words.dated(found.issued_at),
        name=history.trainee.name,
        count=len(history.entries),
    )
    buttons = (
        desk.button("take", "take", found.id, primary=True),
        desk.button("leave", "leave", found.id),
    )
    return Message(text, buttons=buttons)


def wants_to_be_forgotten(desk: Desk, row: Outbox) -> Message | Skip:
    """What the studierektor reads: who asked, and how the rest is erased."""
    person = _still_known(desk.session, int(row.facts["person"]))
    if person is None:
        return Skip("erased")
    return Message(desk.words.say("forget.told", name=person.name, email=person.email))


def _still_known(session: Session, key: int) -> Person | None:
    """Nobody once they are erased: their roles are gone, their address is nobody's."""
    person = session.get(Person, key)
    return None if person is None or person.email.endswith(f"@{NAMELESS}") else person
