"""The digest's parts about units: what they owe, the concerns, and loose ends."""

from __future__ import annotations

from datetime import date

from handlers import describe
from handlers.concern_words import line
from handlers.digests.people import names_of
from handlers.words import Words
from schedules.digests.figures import Figures
from schedules.duties import OpenFinding, UnitDue
from schedules.refreshers import Refresher


def is_owed(of: Figures) -> bool:
    """Whether units or supervisors owe something with a day; that no review was ever noted has none."""
    return bool(of.findings or of.refreshers or any(due.due_on for due in of.unit_dues))


def unit_lines(words: Words, of: Figures, today: date) -> list[str]:
    """Part four: what the units themselves owe: reviews due within a year or late, and findings that wait."""
    lines = [due_line(words, due) for due in of.unit_dues]
    lines += [finding_line(words, each, today) for each in of.findings]
    lines += [_refresher(words, of, each) for each in of.refreshers]
    return [words.say("digest.units"), *lines] if lines else []


def owed_units(words: Words, of: Figures, today: date) -> list[str]:
    """What units without any trainee owe: only what has a day."""
    return unit_lines(words, of, today) if is_owed(of) else []


def due_line(words: Words, due: UnitDue) -> str:
    """When a unit's review is due, was due, or that none was ever recorded."""
    if due.due_on is None:
        return words.say("digest.unit_never", unit=due.unit.name)
    key = "digest.unit_overdue" if due.overdue else "digest.unit_due"
    title = describe.title(words, due.requirement)
    return words.say(key, unit=due.unit.name, title=title, day=words.dated(due.due_on))


def _refresher(words: Words, of: Figures, each: Refresher) -> str:
    return words.say(
        "digest.refresher",
        unit=each.unit.name,
        name=names_of(words, of, [each.person]),
        title=describe.title(words, each.requirement),
        day=words.dated(each.due_on),
    )


def finding_line(words: Words, each: OpenFinding, today: date) -> str:
    """A finding that waits: by when it is to be followed up, or should have been."""
    duty = each.duty
    by = duty.follow_up_on or duty.done_on
    return words.say(
        "digest.unit_finding_late" if by < today else "digest.unit_finding",
        unit=each.unit.name,
        review=f"{words.name('duty_name', duty.duty)} {words.day(duty.done_on)}",
        what=(duty.finding or "")[:120],
        day=words.dated(by),
    )


def told_concerns(words: Words, of: Figures) -> list[str]:
    """Part five: what supervisors worry about, until it has an outcome."""
    if of.hidden_concerns:
        return [words.say("digest.concerns_hidden", count=of.hidden_concerns)]
    lines = [line(words, each, of.called(each.trainee)) for each in of.concerns]
    return [words.say("digest.concerns"), *lines] if lines else []


def loose_ends(words: Words, of: Figures) -> list[str]:
    """What the bot itself could not do, and for whom something is missing that it needs."""
    lines = [_undelivered(words, of)] if of.undelivered else []
    lines += [words.say("digest.unlinked", names=names_of(words, of, of.unlinked))] if of.unlinked else []
    if of.without_supervisor:
        lines.append(words.say("digest.without_supervisor", names=names_of(words, of, of.without_supervisor)))
    if of.no_interval:
        lines.append(words.say("digest.no_interval", names=names_of(words, of, of.no_interval)))
    return lines


def _undelivered(words: Words, of: Figures) -> str:
    """How many messages, and to whom: somebody must tell them what the bot could not."""
    people = {person.id: person for person in of.undelivered}.values()
    named = any(map(of.may_name, people))
    key = "digest.undelivered_to" if named else "digest.undelivered"
    return words.say(key, count=len(of.undelivered), names=names_of(words, of, people))
