"""The studierektor's digest in words: read in a minute, one line when all is well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from handlers import describe
from handlers.people import units_of
from handlers.words import Words
from schedules.agenda import READERS
from schedules.duties import OpenFinding, UnitDue
from schedules.figures import Escalated, Figures, Share, figures
from schedules.requirement import Kind
from storage.tables import Person


def digest_of(session: Session, reader: Person, now: datetime, today: date) -> Figures:
    """The figures of a reader's remit: the units they answer for, and no others."""
    return figures(session, units_of(session, reader, READERS), now, today)


def digest_text(words: Words, of: Figures, today: date) -> str:
    """The whole digest. Empty remits and units where all is well get one line."""
    head = words.say("digest.head", day=words.dated(today))
    if not of.seen:
        return f"{head}\n{words.say('digest.none')}"
    if _all_well(of):
        key = "digest.all_well" if len(of.seen) > 1 else "digest.all_well_one"
        return f"{head}\n{words.say(key, count=len(of.seen))}"
    people = (_needs(words, of.escalated), _figures(words, of), _ahead(words, of))
    parts = [*people, _units(words, of), _loose_ends(words, of)]
    return "\n".join([head, *(line for part in parts for line in part)])


def _all_well(of: Figures) -> bool:
    loose = of.undelivered or of.unlinked or of.without_supervisor or of.no_interval
    units = of.findings or any(due.due_on for due in of.unit_dues)
    return not (of.escalated or of.ahead or loose or units) and of.in_step == len(of.seen)


def _needs(words: Words, escalated: Iterable[Escalated]) -> list[str]:
    lines = [
        words.say(
            "digest.needs_line",
            name=each.seen.person.name,
            unit=each.seen.unit.name,
            what=_what(words, each),
        )
        for each in escalated
    ]
    return [words.say("digest.needs"), *lines] if lines else [words.say("digest.needs_none")]


def _what(words: Words, each: Escalated) -> str:
    last = words.dated(each.row.last_on) if each.row.last_on else words.say("digest.never")
    if each.requirement.kind is Kind.WEEKLY:
        return words.say("digest.overdue_weeks", count=each.row.missed, last=last)
    since = each.row.due_on or each.row.overdue_from
    title = describe.title(words, each.requirement)
    return words.say("digest.overdue_since", title=title, day=words.dated(since)) if since else title


def _figures(words: Words, of: Figures) -> list[str]:
    head = words.say("digest.figures", ok=of.in_step, count=len(of.seen))
    return [head, *(_share(words, share) for share in of.shares)]


def _share(words: Words, share: Share) -> str:
    change = words.say("digest.figure_change", change=share.change) if share.change else ""
    title = describe.title(words, share.requirement)
    return words.say("digest.figure_line", title=title, ok=share.in_step, count=share.of, change=change)


def _ahead(words: Words, of: Figures) -> list[str]:
    lines = [
        words.say(
            "digest.ahead_named" if each.named else "digest.ahead_line",
            title=describe.title(words, each.requirement),
            count=len(each.people),
            names=", ".join(person.name for person in each.people),
        )
        for each in of.ahead
    ]
    return [words.say("digest.ahead"), *lines] if lines else []


def _units(words: Words, of: Figures) -> list[str]:
    """What the units themselves owe: reviews due within a year or late, and findings that wait."""
    lines = [_unit_due(words, due) for due in of.unit_dues]
    lines += [_finding(words, each) for each in of.findings]
    return [words.say("digest.units"), *lines] if lines else []


def _unit_due(words: Words, due: UnitDue) -> str:
    if due.due_on is None:
        return words.say("digest.unit_never", unit=due.unit.name)
    key = "digest.unit_overdue" if due.overdue else "digest.unit_due"
    title = describe.title(words, due.requirement)
    return words.say(key, unit=due.unit.name, title=title, day=words.dated(due.due_on))


def _finding(words: Words, each: OpenFinding) -> str:
    duty = each.duty
    return words.say(
        "digest.unit_finding",
        unit=each.unit.name,
        review=f"{words.name('duty_name', duty.duty)} {words.day(duty.done_on)}",
        what=(duty.finding or "")[:120],
        day=words.dated(duty.follow_up_on or duty.done_on),
    )


def _loose_ends(words: Words, of: Figures) -> list[str]:
    lines = [words.say("digest.undelivered", count=of.undelivered)] if of.undelivered else []
    lines += [words.say("digest.unlinked", names=_names(of.unlinked))] if of.unlinked else []
    if of.without_supervisor:
        lines.append(words.say("digest.without_supervisor", names=_names(of.without_supervisor)))
    if of.no_interval:
        lines.append(words.say("digest.no_interval", names=_names(of.no_interval)))
    return lines


def _names(people: Iterable[Person]) -> str:
    return ", ".join(person.name for person in people)
