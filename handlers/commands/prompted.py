"""The buttons under a reminder: Logga nu, Bokat, Påminn om en vecka, Frånvaro."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from handlers.access import is_half_of_pair
from handlers.context import Context, Press
from handlers.drafts import Choice, ask_choices
from handlers.language import choices
from handlers.language.command import Command
from handlers.language.lexicon import vocabulary
from handlers.message import Reply
from handlers.people import person_of_trainee, told_apart, trainees_of
from handlers.wording import label, named, whole
from schedules.bookings import USUAL_MINUTES
from schedules.calendar import SWEDEN
from schedules.lives.asked import nudge_subject
from schedules.lives.reading import rulebook_of
from schedules.manners import speaking_time
from schedules.reminding import SNOOZED
from schedules.standings import refresh
from schedules.zone import to_local, to_utc
from storage.tables import Outbox, OutboxState, Person, Standing, Trainee, Unit

SNOOZE = timedelta(days=7)
_BOOKED_AHEAD = (1, 2, 7)
"""How many days ahead a day is offered that something is booked on."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What one line of a reminder asks for, as this person would say it. `name` is "" for one's own.

    `meant` is what a line says to mean this trainee alone.
    """

    trainee: int
    name: str
    meant: str
    activity: str

    def line(self, on: date) -> Command:
        minutes = USUAL_MINUTES if self.activity == "supervision" else None
        return Command("log", activity=self.activity, date=on, minutes=minutes)

    def label(self, text: str) -> str:
        return f"{self.name}: {text}" if self.name else text


def log_pressed(press: Press, context: Context) -> Reply:
    """Logga nu: each thing that waits, in one more press: today, or the working day before."""
    if _nudge(press, context) is None:
        return context.say("ask.expired", "stale_button")
    waiting = [each for each in _waiting(press, context) if each.activity != "assessment"]
    days = [context.today, SWEDEN.working_day_before(context.today)] if len(waiting) == 1 else [context.today]
    lines = [(each, each.line(day)) for each in waiting for day in days]
    offered = [
        Choice(each.label(whole(context.words, line)), line, trainee=each.trainee) for each, line in lines
    ]
    key = "ask.log_choose" if offered else "ask.log"
    example = _example(waiting[0], context) if waiting else context.words.say("ask.log_assessment")
    return ask_choices(context, context.words.say(key, example=example), offered)


def _example(waiting: _Waiting, context: Context) -> str:
    """How to write the first of them for another day."""
    if waiting.activity == "supervision":
        return context.words.say("ask.log_supervision")
    return context.words.say("ask.log_other", activity=context.words.name("activity", waiting.activity))


def booked_pressed(press: Press, context: Context) -> Reply:
    """Bokat: which day, to be pressed or written; of several things that wait first which."""
    if _nudge(press, context) is None:
        return context.say("ask.expired", "stale_button")
    asked = [(each, _asks_when(each, context)) for each in _waiting(press, context)]
    if len(asked) != 1:
        which = [Choice(each.label(named(context.words, each.activity)), line) for each, line in asked]
        return ask_choices(context, context.words.say("ask.which_booked" if which else "ask.next"), which)
    each, line = asked[0]
    days = [
        Choice(label(context.words, day), day.command, each.trainee)
        for day in choices.choices(line, context.said_at)
    ]
    what = context.words.name("activity", each.activity)
    return ask_choices(context, context.words.say("ask.booked_when", activity=what), days, asked=line)


def _asks_when(waiting: _Waiting, context: Context) -> Command:
    days = [SWEDEN.next_working_day(context.today + timedelta(days=ahead)) for ahead in _BOOKED_AHEAD]
    return Command(
        "ask",
        activity=waiting.activity,
        people=(waiting.meant,) if waiting.meant else (),
        question="date",
        reason=" ".join(dict.fromkeys(day.isoformat() for day in days)),
    )


def away_pressed(_press: Press, context: Context) -> Reply:
    """Frånvaro: says how to tell me which days."""
    return context.say("ask.away", "asked")


def snoozed(press: Press, context: Context) -> Reply:
    """Påminn om en vecka: moves one's own next message about all in that bundle, and never a due date."""
    row = _nudge(press, context)
    if row is None:
        return context.say("ask.expired", "stale_button")
    until = _a_week_on(row, context)
    for told, standing in _bundled(row, context):
        told.facts = {**told.facts, SNOOZED: until.isoformat()}
        standing.snoozed_until = max(until, standing.snoozed_until or until)
        context.session.add_all([told, standing])
        context.session.flush()
        refresh(context.session, standing.trainee_id, context.now, "snooze")
    context.note("snoozed", f"outbox:{row.id}")
    return context.say("kept.snoozed", "snoozed", day=context.words.dated(_told_again(until, context)))


def _a_week_on(row: Outbox, context: Context) -> datetime:
    """At the hour at which this reminder came, that it joins the bundle of its day."""
    hour = to_local(row.next_at, context.zone).time()
    return to_utc(datetime.combine(context.today + SNOOZE, hour), context.zone)


def _told_again(until: datetime, context: Context) -> date:
    """The day on which a snooze ends in a message: none goes out on a day off, or in the evening."""
    until = to_local(until, context.zone)
    at = speaking_time(until, SWEDEN, lambda _day: False)
    return (at or until).date()


def _waiting(press: Press, context: Context) -> list[_Waiting]:
    """What a reminder asked for and still waits, as far as this person may log it."""
    row = _nudge(press, context)
    standings = _in_bundle(row, context) if row else []
    return list(dict.fromkeys(each for standing in standings for each in _sayable(standing, context)))


def _sayable(standing: Standing, context: Context) -> Iterator[_Waiting]:
    session = context.session
    if not is_half_of_pair(session, context.person, standing.trainee_id, context.today):
        return
    trainee = session.get_one(Trainee, standing.trainee_id)
    requirement = rulebook_of(session.get_one(Unit, trainee.unit_id)).requirements.get(standing.requirement)
    known = set(vocabulary.default().table("activities").entries.values())
    person = person_of_trainee(session, standing.trainee_id)
    name, meant = ("", "") if person.id == context.person_id else _called(person, context)
    activity = next((key for key in (requirement.counted if requirement else ()) if key in known), None)
    if activity:
        yield _Waiting(standing.trainee_id, name, meant, activity)


def _called(person: Person, context: Context) -> tuple[str, str]:
    """As `told_apart` has it among one's own trainees."""
    theirs = [each for _, each in trainees_of(context.session, context.person, context.today)]
    called = dict(zip((each.id for each in theirs), told_apart(theirs), strict=True))
    return called.get(person.id) or told_apart([person])[0]


def _in_bundle(row: Outbox, context: Context) -> list[Standing]:
    """The standing rows that one message was about, as far as they still wait."""
    return [standing for _, standing in _bundled(row, context)]


def _bundled(row: Outbox, context: Context) -> list[tuple[Outbox, Standing]]:
    """The reminders of one message, each with the row that it is about, as far as that still waits."""
    rows = context.session.exec(
        select(Outbox)
        .where(
            Outbox.person_id == row.person_id,
            Outbox.kind == "nudge",
            Outbox.lease_token == row.lease_token,
            Outbox.state != OutboxState.SKIPPED,
        )
        .order_by(col(Outbox.id))
    ).all()
    pairs = [(each, _standing(each, context)) for each in rows if each.subject == _subject_of(each)]
    return [(told, standing) for told, standing in pairs if standing]


def _standing(row: Outbox, context: Context) -> Standing | None:
    return context.session.exec(
        select(Standing).where(
            Standing.trainee_id == row.facts["trainee"],
            Standing.requirement == row.facts["requirement"],
            Standing.occasion == row.facts.get("occasion", ""),
            col(Standing.state).in_(["soon", "overdue"]),
        )
    ).first()


def _subject_of(row: Outbox) -> str:
    return nudge_subject(row.facts["trainee"], row.facts["requirement"], row.facts.get("occasion", ""))


def _nudge(press: Press, context: Context) -> Outbox | None:
    """The reminder a button stood under: the presser's own, and none of the other messages' numbers."""
    row = context.session.get(Outbox, press.about[0]) if press.about else None
    return row if row and row.kind == "nudge" and row.person_id == context.person.id else None
