"""What a standing row brings about: reminders queued, put off or withdrawn, and its next `look_at`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from schedules import anew
from schedules.agenda import next_digest, read_at
from schedules.calendar import DAY, SWEDEN, WEEK
from schedules.choices import digest_of
from schedules.evaluate import State, Verdict
from schedules.habits import Habits
from schedules.keeping import Kept, nudge_facts
from schedules.lives.asked import Asked
from schedules.look import Look
from schedules.moment import UNCHANGED, Changed, Moment
from schedules.newest import latest, next_after, parted
from schedules.outbox.outgoing import ANSWERED, Notice, tell_all, withdraw
from schedules.planning import Window, planned_for, put_off
from schedules.zone import DAY_BEGINS, midnight, to_local, to_utc
from storage.columns import Facts
from storage.tables import Outbox, OutboxState

ASKED_BY = "asked_by"
"""In the facts of a reminder that somebody asked for (urging.py): who."""
SNOOZED = "snoozed"
"""In the facts of a reminder that its reader put off: until which moment, in ISO form."""
NOT_BEFORE = "not_before"
"""In the facts of a reminder that a change brought back: the local moment to wait for, in ISO form."""
UNTIL = "until"
"""In the facts of a reminder of what is asked for anew while an earlier one is missed: its last day."""

CAUGHT_UP = "caught_up"
"""In the facts of a reminder that time had passed over, and that is the first to tell that it is late."""
PLANNED = "planned"
"""In the facts of a reminder: the day it was planned for, whenever it goes out."""


def say_and_plan(look: Look, asked: Asked, verdict: Verdict, row: Kept) -> datetime | None:
    """Queue the newest reminder that has come, unless it is put off, and return the next `look_at`."""
    since = to_local(row.says_from, look.zone)
    window = Window(since, _changed(look, asked, verdict, row, since))
    plans = _plans(look, asked, verdict, window._replace(until=look.local))
    caught_up = anew.caught_up(look, row, next(iter(plans.values())), window, verdict.period)
    if caught_up != window:
        window, plans = caught_up, _plans(look, asked, verdict, caught_up._replace(until=look.local))
    if look.waiting.get(look.subject(asked)):
        _reconcile(look, asked, verdict, _plans(look, asked, verdict, window._replace(any_booking=True)))
    snoozes = _snoozes(look, asked, row)
    _remind(look, asked, row, since, plans, snoozes)
    days = (_escalate(look, asked, verdict, since), verdict.changes_on, look.life.people_change_on)
    coming = [next_after(planned, look.local) for planned in plans.values()]
    local = [m.at for m in coming if m] + [datetime.combine(day, DAY_BEGINS) for day in days if day]
    ends = [to_utc(min(local), look.zone)] if local else []
    return min((*ends, *(end for end in snoozes.values() if end > look.now)), default=None)


def _snoozes(look: Look, asked: Asked, row: Kept) -> Mapping[int, datetime]:
    """Until when each person put off what this row says; most rows nobody has, and nothing is asked.

    It stands with the reminder that was put off: a snooze is the presser's own, and the other half of the
    pair hears when they would have heard.
    """
    if row.snoozed_until is None:
        return {}
    known = {person for people in asked.occasion.people.values() for person in people}
    told = select(Outbox).where(
        col(Outbox.recipient).in_(sorted(f"person:{person}" for person in known)),
        Outbox.kind == "nudge",
        Outbox.subject == look.subject(asked),
        col(Outbox.created_at) >= row.says_from,
    )
    ends: dict[int, datetime] = {}
    for each in look.session.exec(told.order_by(col(Outbox.id))).all():
        if SNOOZED in each.facts and each.person_id:
            end = datetime.fromisoformat(each.facts[SNOOZED])
            ends[each.person_id] = max(end, ends.get(each.person_id, end))
    return ends


def _escalate(look: Look, asked: Asked, verdict: Verdict, since: datetime) -> date | None:
    """Once a spell, each studierektor is told by name, in the next digest. Returns when that is to come.

    It is so from midnight on, that the digest of that morning has it; no snooze and no mute keeps it back.
    """
    on = verdict.escalates_on
    if verdict.state not in (State.OK, State.SOON, State.OVERDUE) or on is None:
        return None
    if on > look.local.date():
        return on
    for person in asked.occasion.people.get("studierektor", ()) if on > since.date() else ():
        look.notices.append((_escalation(look, asked, verdict, person), None))
    return None


def _escalation(look: Look, asked: Asked, verdict: Verdict, person: int) -> Notice:
    """It goes along with the digest; should none be made, it goes by itself an hour later."""
    habits = digest_of(look.session, person)
    digest = next_digest(look.local - timedelta(minutes=1), habits)
    requirement, occasion = asked.key
    trainee = look.life.trainee.id
    return Notice(
        person_id=person,
        kind="digest",
        subject=look.subject(asked),
        period=verdict.period,
        step="escalated",
        due_at=read_at(digest.date(), habits, look.zone, SWEDEN) + timedelta(hours=1),
        facts={"trainee": trainee, "requirement": requirement, "occasion": occasion},
    )


_Plans = Mapping[Habits, Sequence[Moment]]
"""The reminders of a spell, for each of the habits that people have."""


def _plans(look: Look, asked: Asked, verdict: Verdict, window: Window) -> _Plans:
    requirement, life = asked.requirement, look.life
    if not life.own_habits:
        return {life.habits: planned_for(life, requirement, verdict, life.habits, window)}
    reminded = requirement.reminds
    people = {person for role in reminded for person in asked.occasion.people.get(role, ())}
    every = dict.fromkeys([life.habits, *(life.habits_of(person) for person in sorted(people))])
    return {habits: planned_for(life, requirement, verdict, habits, window) for habits in every}


def _changed(look: Look, asked: Asked, verdict: Verdict, row: Kept, since: datetime) -> Changed:
    """What lay behind a change, which perhaps left it late: how often that had been told, by its date of now
    or by one that the change has moved.

    Of what had been sent by then: that stays as it is, whatever is said afterwards.
    """
    if verdict.overdue_from is None:
        return UNCHANGED
    at = since if verdict.overdue_from <= since.date() else None
    begins = midnight((verdict.last_on or look.life.timeline.starts_on) + DAY, look.zone)
    if row.said_at is None or row.said_at < begins:
        return Changed(at)  # as nearly always: then nobody is asked
    late = look.told.late(look.subject(asked), begins)
    before = [each for each in late if each.ended_at <= row.says_from]
    heard = max((to_local(each.ended_at, look.zone) for each in before), default=None)
    caught_up = (row for row in look.waiting.get(look.subject(asked), ()) if CAUGHT_UP in row.facts)
    every = [(e.period, e.facts) for e in late] + [(row.period, row.facts) for row in caught_up]
    said = {period: date.fromisoformat(facts[PLANNED]) for period, facts in every if PLANNED in facts}
    told = max([len({each.due_at for each in before}), *(each.number for each in before)])
    return Changed(at, told, heard, said)


def _is_old_news(look: Look, come: Moment, row: Kept) -> bool:
    """It was said in its time, more than a week ago: who has become responsible since is not told of it."""
    if row.said_at is None:
        return False
    return to_local(row.said_at, look.zone) >= come.at and come.at < look.local - WEEK


def _reconcile(look: Look, asked: Asked, verdict: Verdict, plans: _Plans) -> None:
    """What waits in the outbox follows: put off with its moment, or withdrawn when it is no longer so."""
    waiting = look.waiting[look.subject(asked)]
    moments = {habits: {(m.period, m.step): m for m in planned} for habits, planned in plans.items()}
    gone = "muted" if asked.requirement.key in look.life.muted else ANSWERED
    for row in waiting:
        if ASKED_BY in row.facts and gone == ANSWERED and _waits(row, verdict):
            continue  # in no plan: it holds for as long as what it is about waits
        mine = moments.get(look.life.habits_of(row.person_id or 0), {})
        moment = mine.get((row.period.partition("~")[0], row.step))
        if moment is None:
            withdraw(look.session, row, gone, look.now)
        elif row.person_id not in asked.whom(moment):
            withdraw(look.session, row, "no longer theirs", look.now)
        else:
            _follow(look, asked, row, moment)


def _waits(row: Outbox, verdict: Verdict) -> bool:
    return verdict.state in (State.SOON, State.OVERDUE) and row.facts["spell"] == verdict.period


def _follow(look: Look, asked: Asked, row: Outbox, moment: Moment) -> None:
    """The row waits for its moment as it is now. One whose moment has come is the delivery's to put off."""
    floor = row.facts.get(NOT_BEFORE)
    at = _spoken(look, asked, moment, row.person_id or 0, datetime.fromisoformat(floor) if floor else None)
    if at is None:
        return
    due = to_utc(at, look.zone)
    if due != row.due_at and max(due, row.due_at) > look.now:
        row.due_at, row.put_off_to, row.next_at = due, None, due
        row.bundle = at.date()
        row.facts = row.facts | {PLANNED: moment.at.date().isoformat()}
        look.session.add(row)


def _spoken(look: Look, asked: Asked, moment: Moment, person: int, floor: datetime | None) -> datetime | None:
    """When a person may be told of a moment. What was brought back waits for bookings that lie ahead then."""
    at = look.speaking_time(moment, person, floor)
    if at is None or floor is None:
        return at
    brought_back = moment._replace(at=at)
    later = put_off(look.life, asked.requirement, brought_back, look.life.habits_of(person))
    return at if later == brought_back else look.speaking_time(later, person)


def _remind(
    look: Look,
    asked: Asked,
    row: Kept,
    since: datetime,
    plans: _Plans,
    snoozes: Mapping[int, datetime],
) -> None:
    """The newest reminder that has come, to each person by their own habits, unless they have put it off."""
    tales = [(h, tale) for h, planned in plans.items() for tale in parted(planned)]
    for habits, tale in tales:
        timely = latest(tale, since, look.local)
        come = timely or anew.brought_back(look, asked, row, tale)
        if come is None:
            continue
        floor = look.not_before(come, is_new=timely is None)
        is_old = timely is not None and _is_old_news(look, come, row)
        if is_old and not snoozes:
            continue
        before = {(m.period, m.step) for m in tale if m.at < come.at}
        for person in asked.whom(come):
            end = snoozes.get(person)
            is_known = is_old or anew.was_said(look, asked, row, come, person)
            if look.life.habits_of(person) == habits and (end <= look.now if end else not is_known):
                _overtake(look, asked, person, before)
                _tell_one(look, asked, come, row, person, end, floor)


def _overtake(look: Look, asked: Asked, person: int, before: Collection[tuple[str, str]]) -> None:
    """What came earlier and still waits is said by what has come now: nothing twice in a bundle."""
    for row in look.waiting.get(look.subject(asked), ()):
        waits = row.person_id == person and row.state == OutboxState.PENDING
        if waits and ASKED_BY not in row.facts and (row.period.partition("~")[0], row.step) in before:
            withdraw(look.session, row, "overtaken", look.now)


def _tell_one(
    look: Look,
    asked: Asked,
    moment: Moment,
    row: Kept,
    person: int,
    snoozed: datetime | None,
    floor: datetime | None,
) -> None:
    at = _spoken(look, asked, moment, person, floor)
    if at is None:  # away with no end in sight: the return will plan anew
        return
    if floor and moment.step == "soon" and at.date() > _last_in_time(moment, row):
        return  # that it is late is said by then
    # A snooze asks for the same words once more: its end is part of which saying this is.
    again = f"~{to_local(snoozed, look.zone):%m%d}" if snoozed else ""
    notice = Notice(
        person_id=person,
        kind="nudge",
        subject=look.subject(asked),
        period=moment.period + again,
        step=moment.step,
        due_at=to_utc(at, look.zone),
        bundle=at.date(),
        facts=nudge_facts(row) | _own_facts(moment, floor),
    )
    look.notices.append((notice, row))


def _last_in_time(moment: Moment, row: Kept) -> date:
    return moment.until or (row.overdue_from - DAY if row.overdue_from else date.max)


def _own_facts(moment: Moment, floor: datetime | None) -> Facts:
    facts: Facts = {PLANNED: moment.at.date().isoformat()}
    facts |= {NOT_BEFORE: floor.isoformat()} if floor else {}
    facts |= {CAUGHT_UP: True} if moment.caught_up else {}
    return facts | ({UNTIL: moment.until.isoformat()} if moment.until else {})


def say(session: Session, notices: Sequence[tuple[Notice, Kept | None]], now: datetime) -> None:
    """Queue what a refresh has to tell; a row that has not said it before says now that it has."""
    new = tell_all(session, [notice for notice, _ in notices], now)
    for notice, row in notices:
        if row is not None and notice.key in new:
            row.said_at = now
