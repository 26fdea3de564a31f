"""How concerns are worded, and to whom: a reader's right is looked at anew each time one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from handlers.desk import Desk, Skip
from handlers.message import Message
from handlers.namesakes import called_in
from handlers.people import person_of_trainee
from handlers.words import Words
from schedules.concerns import ADDRESSED, OpenConcern, is_addressed, is_open
from storage.tables import Concern, Outbox, Person, Role, Unit

MOST_SHOWN = 200
"""Characters of a concern in a list; the whole of it came with the message."""


def line(words: Words, each: OpenConcern, name: str) -> str:
    """As in "• Anna Berg (Ekbacken): missar jourer. Från Eva Ek mån 23 nov (v 48), följs upp …"."""
    of = each.concern
    text = of.text if len(of.text) <= MOST_SHOWN else f"{of.text[: MOST_SHOWN - 1].rstrip()}…"
    said = words.say(
        "concern.line",
        name=name,
        unit=each.unit.name,
        text=text,
        by=each.by.name,
        day=words.dated(of.raised_on),
    )
    return said + _follow_up(words, of)


def _follow_up(words: Words, of: Concern) -> str:
    """When it is to be followed up, or should have been."""
    if of.follow_up_on is None:
        return ""
    late = words.today is not None and of.follow_up_on < words.today
    key = "concern.follow_up_late" if late else "concern.follow_up_on"
    return words.say(key, day=words.dated(of.follow_up_on))


def whom(session: Session, words: Words, unit_id: int, people: Sequence[Person]) -> str:
    """As in "Siv Rektorsson (studierektor) och Hans Chefsäter (chef)"."""
    return words.listed([f"{person.name} ({_roles(session, words, unit_id, person)})" for person in people])


def _roles(session: Session, words: Words, unit_id: int, person: Person) -> str:
    held = select(Role.role).where(Role.person_id == person.id, Role.unit_id == unit_id)
    found = session.exec(held.where(col(Role.role).in_(ADDRESSED))).all()
    return words.names("concern_role", sorted(found, reverse=True))


def notice(desk: Desk, row: Outbox) -> Message | Skip:
    """A concern is raised, taken back, or to be followed up: to those it is addressed to at this moment."""
    concern = desk.session.get(Concern, row.facts["concern"])
    if concern is None or not is_addressed(desk.session, concern, desk.person):
        return Skip("no longer allowed")
    name = called_in(desk.session, person_of_trainee(desk.session, concern.trainee_id))
    by = called_in(desk.session, desk.session.get_one(Person, concern.raised_by))
    if row.step == "undone":
        return Message(desk.words.say("concern.told_undone", name=name, by=by))
    if not is_open(concern):
        return Skip("answered")
    later = (desk.button("watch", "watch", concern.id),)
    if row.step == "soon":
        return Message(desk.words.say("concern.remind", name=name), buttons=later)
    unit = desk.session.get_one(Unit, concern.unit_id).name
    text = desk.words.say("concern.told", name=name, unit=unit, by=by, text=concern.text)
    return Message(text, buttons=later)
