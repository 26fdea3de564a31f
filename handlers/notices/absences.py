"""What a trainee is told of an absence that somebody else has said of them."""

from __future__ import annotations

from handlers import describe
from handlers.desk import Desk, Skip
from handlers.message import Message
from handlers.namesakes import called_in
from handlers.people import own_training
from storage.tables import Absence, Outbox, Person


def told_of(desk: Desk, row: Outbox) -> Message | Skip:
    """Which days, who said so, and the button that takes them back."""
    found = [desk.session.get(Absence, key) for key in row.facts["absences"]]
    stand = [each for each in found if each is not None and each.voided_at is None]
    training = own_training(desk.session, desk.person)
    if not stand or training is None or training.id != stand[0].trainee_id:
        return Skip("undone")
    what = ", ".join(describe.absence(desk.words, each) for each in stand)
    if len(stand) > 1:
        return Message(_said("told_of_several", desk, row, what))
    key = "told_changed" if row.facts.get("instead_of") else "told_of"
    return Message(_said(key, desk, row, what), buttons=(desk.button("remove", "unaway", stand[0].id),))


def taken_back(desk: Desk, row: Outbox) -> Message | Skip:
    """Who was told of it hears that it is so no more."""
    absence = desk.session.get(Absence, row.facts["absence"])
    if absence is None or absence.voided_at is None:
        return Skip("said again")
    return Message(_said("told_undone", desk, row, describe.absence(desk.words, absence)))


def _said(key: str, desk: Desk, row: Outbox, what: str) -> str:
    by = called_in(desk.session, desk.session.get_one(Person, row.facts["by"]))
    return desk.words.say(f"away.{key}", name=by, what=what)
