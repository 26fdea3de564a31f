"""What is said about a requested assessment: to the assessor who is asked, and to the trainee who waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import select

from handlers import describe
from handlers.desk import Desk, Skip
from handlers.levels import levels
from handlers.message import Button, Message
from handlers.namesakes import called_in
from handlers.people import person_of_trainee
from handlers.words import Words
from schedules.requests import OPEN
from storage.states import IS_LIVE
from storage.tables import AssessmentRequest, Entry, Outbox, Person, Remark


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that still waits for the reader, as one line of a bundle."""

    row: Outbox
    request: AssessmentRequest
    name: str


def kind_of(words: Words, request: AssessmentRequest) -> str:
    """As in "mini-CEX"."""
    key = ("instrument", request.instrument) if request.instrument else ("activity", "assessment")
    return words.name(*key)


def what_of(words: Words, request: AssessmentRequest) -> str:
    """As in "mini-CEX · buksmärta"."""
    return " · ".join([kind_of(words, request), *_about(words, request)])


def _about(words: Words, request: AssessmentRequest) -> list[str]:
    topics = [words.names("topic", request.topics)] if request.topics else []
    goals = [", ".join(request.goals)] if request.goals else []
    return [*topics, *goals, *([request.note] if request.note else [])]


def say_of(words: Words, key: str, request: AssessmentRequest, **values: str) -> str:
    """The text of a request; where it names no instrument, one that does not say assessment twice."""
    if request.instrument:
        return words.say(f"request.{key}", what=what_of(words, request), **values)
    about = "".join(f" · {each}" for each in _about(words, request))
    return words.say(f"request.{key}_plain", what=about, **values)


def asked(desk: Desk, row: Outbox) -> Asked | Skip:
    """The request of a row, if it still waits for this person."""
    request = desk.session.get(AssessmentRequest, row.facts["request"])
    if request is None or request.state not in OPEN:
        return Skip("answered")
    if request.assessor_id != desk.person.id:
        return Skip("no longer allowed")
    name = called_in(desk.session, person_of_trainee(desk.session, request.trainee_id))
    return Asked(row, request, name)


def question(desk: Desk, row: Outbox) -> Message | Skip:
    """The question with a button for each level."""
    found = asked(desk, row)
    return found if isinstance(found, Skip) else form(desk, found)


def form(desk: Desk, found: Asked) -> Message:
    """The levels, and a way to decline."""
    day = desk.words.day(found.request.asked_on)
    text = say_of(desk.words, "ask", found.request, name=found.name, day=day)
    return Message(text, buttons=level_buttons(desk, found.request))


def level_buttons(desk: Desk, request: AssessmentRequest) -> tuple[Button, ...]:
    """One for each level, the lowest first, and Avböj."""
    every = [
        replace(
            desk.button("decline", "level", request.id, at),
            label=desk.words.name("level", level).capitalize(),
        )
        for at, level in enumerate(levels(request.instrument))
    ]
    return (*every, desk.button("decline", "decline", request.id))


def ended(desk: Desk, row: Outbox) -> Message | Skip:
    """The trainee hears how it went: done with its level and line, declined, or given up."""
    request = desk.session.get(AssessmentRequest, row.facts["request"])
    if request is None or request.state != row.step:
        return Skip("changed")
    text = say_of(desk.words, request.state, request, **_told(desk, request))
    return Message(text, buttons=_objecting(desk, request))


def _objecting(desk: Desk, request: AssessmentRequest) -> tuple[Button, ...]:
    entry = _entry(desk, request)
    return (desk.button("dispute", "no", entry.id),) if entry else ()


def place(desk: Desk, row: Outbox) -> Message | Skip:
    """The trainee's receipt as it stands now, in place of the one before."""
    request = desk.session.get(AssessmentRequest, row.facts["request"])
    if request is None or not row.facts.get("replaces"):
        return Skip("nothing to change")
    buttons = (desk.button("undo", "unask", request.id),) if request.state in OPEN else ()
    return Message(status_line(desk, request), buttons=buttons, replaces=row.facts["replaces"])


def status_line(desk: Desk, request: AssessmentRequest) -> str:
    """As in "Bedömning mini-CEX · buksmärta av Lars Lind: påmind"."""
    state = desk.words.name("request_state", request.state)
    return say_of(desk.words, "line", request, state=state, **_told(desk, request))


def _told(desk: Desk, request: AssessmentRequest) -> dict[str, str]:
    entry = _entry(desk, request)
    remark = remark_of(desk, entry) if entry else ""
    return {
        "name": called_in(desk.session, desk.session.get_one(Person, request.assessor_id)),
        "level": desk.words.name("level", entry.level or "") if entry else "",
        "remark": " " + desk.words.say("remark.quoted", text=remark) if remark else "",
    }


def _entry(desk: Desk, request: AssessmentRequest) -> Entry | None:
    if request.chain_id is None:
        return None
    found = select(Entry).where(Entry.chain_id == request.chain_id, IS_LIVE)
    return desk.session.exec(found).first()


def remark_of(desk: Desk, entry: Entry) -> str:
    """The line that was added to an entry, for all who may see it."""
    found = select(Remark).where(Remark.chain_id == entry.chain_id, Remark.voided_at == None)  # noqa: E711
    texts = [describe.public_note(row.text) for row in desk.session.exec(found.order_by(Remark.id)).all()]  # type: ignore[arg-type]
    return " ".join(text for text in texts if text)
