"""For those who answer for others: who waits, who has no supervisor, statistics, and `påminn Anna`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from handlers import describe
from handlers.commands import tell
from handlers.commands.leaders import of_one, pressed_for
from handlers.context import Context, Press
from handlers.digests.digest import digest_of
from handlers.language.command import Command
from handlers.message import Reply
from handlers.people import trainees_of, units_of
from handlers.words import Words
from schedules.agenda import READERS
from schedules.digests.figures import Figures
from schedules.digests.missed import FEWEST, Sum, sums
from schedules.digests.seen import Seen
from schedules.rules.requirement import Requirement
from schedules.urging import Heard, urge
from storage.tables import Person, Standing, Trainee

MOST, MOST_WAITS = 40, 3
"""Lines of a list, and things in a line: what a telephone shows without tiring. `visa Anna` shows it all."""


def overdue(_command: Command, context: Context) -> Reply:
    """`lista försenade`: by name whom the reader may see so, else how many in each unit."""
    found = _figures(context)
    if found is None and trainees_of(context.session, context.person, context.today):
        return tell.status(Command("status"), context)  # a supervisor's own, and what waits for each
    if found is None:
        return context.say("refused.may_not", "refused")
    late = [each for each in found.seen if _late(each)]
    return _list("overdue", sorted(late, key=lambda each: _since(_late(each)[0])), found, context)


def unsupervised(_command: Command, context: Context) -> Reply:
    """`vilka saknar handledare`: those without a main supervisor today."""
    found = _figures(context)
    if found is None:
        return context.say("refused.may_not", "refused")
    without = {person.id for person in found.without_supervisor}
    return _list("unsupervised", [each for each in found.seen if each.person.id in without], found, context)


def _figures(context: Context) -> Figures | None:
    if not units_of(context.session, context.person, READERS):
        return None
    return digest_of(context.session, context.person, context.now, context.today)


def _list(key: str, whom: list[Seen], of: Figures, context: Context) -> Reply:
    words = context.words
    context.note("list_seen", f"person:{context.person_id}", list=key)
    if not whom:
        return context.say(f"remit.{key}_none", key)
    sign = words.say("sign.overdue")
    lines = [
        words.say(
            f"remit.{key}_line",
            sign=sign,
            name=of.called(each.person),
            unit=each.unit.name,
            what=_what(each, context),
        )
        for each in whom
        if of.may_name(each.person)
    ]
    counted = Counter(each.unit.name for each in whom if not of.may_name(each.person))
    lines += [
        words.say(f"remit.{key}_count", sign=sign, unit=unit, count=n) for unit, n in sorted(counted.items())
    ]
    return context.reply("\n".join([words.say(f"remit.{key}", count=len(whom)), *_cut(lines, context)]), key)


def _cut(lines: list[str], context: Context) -> list[str]:
    rest = len(lines) - MOST
    return [*lines[:MOST], context.words.say("remit.more", count=rest)] if rest > 0 else lines


def _late(each: Seen) -> list[Standing]:
    """What waits, the longest first."""
    return sorted((row for row in each.rows if row.state == "overdue"), key=_since)


def _since(row: Standing) -> date:
    return row.overdue_from or row.due_on or date.max


def _what(each: Seen, context: Context) -> str:
    """What waits and since when, not more than is read at a glance."""
    words, late = context.words, _late(each)
    told = [_waits(words, each.requirement(row), row, context.today) for row in late[:MOST_WAITS]]
    rest = len(late) - MOST_WAITS
    return "; ".join([*told, *([words.say("digest.waits_more", count=rest)] if rest > 0 else [])])


def _waits(words: Words, asked: Requirement, row: Standing, today: date) -> str:
    return f"{describe.title(words, asked)} {describe.how(words, asked, row, today)}"


def statistics(_command: Command, context: Context) -> Reply:
    """`statistik`: why booked sessions did not take place, of units one answers for; names nobody."""
    units = units_of(context.session, context.person, READERS)
    if not units:
        return context.say("refused.may_not", "refused")
    lines = [_sum(context.words, each) for each in sums(context.session, units, context.today)]
    if not lines:
        return context.say("statistics.none", "statistics")
    return context.reply(
        "\n".join([context.words.say("statistics.head"), *_cut(lines, context)]), "statistics"
    )


def _sum(words: Words, of: Sum) -> str:
    where = {"unit": of.unit.name, "year": of.quarter.year, "quarter": of.quarter.number}
    if of.held is None or of.reasons is None:
        return words.say("statistics.few", fewest=FEWEST, **where)
    reasons = (
        words.say("statistics.reason", reason=words.name("reason", reason), count=count)
        for reason, count in of.reasons.items()
    )
    count = of.held + sum(of.reasons.values())
    return words.say("statistics.line", held=of.held, count=count, reasons="".join(reasons), **where)


def remind(command: Command, context: Context) -> Reply:
    """`påminn Anna`: the pair is reminded of what waits, at the next moment at which one may speak."""
    return of_one(command, context, _remind)


def urged(press: Press, context: Context) -> Reply:
    """The button under a digest: the same as `påminn` with the name, for those who still may."""
    return pressed_for(press, context, _remind)


def _remind(trainee: Trainee, person: Person, context: Context) -> Reply:
    done = urge(context.session, trainee.id or 0, context.person_id, context.now)
    if not done.heard:
        return context.say("remit.reminded_none", "nothing", name=person.name)
    context.note("urged", f"trainee:{trainee.id}")
    if not done.is_new:
        return context.say("remit.reminded_already", "repeated", what=_titles(done.requirements, context))
    return context.reply("\n".join(_told(each, context) for each in done.heard), "urged")


def _titles(requirements: Iterable[Requirement], context: Context) -> str:
    return "; ".join(describe.title(context.words, each) for each in requirements)


def _told(heard: Heard, context: Context) -> str:
    words, at = context.words, heard.at
    names = words.listed([context.session.get_one(Person, key).name for key in heard.people])
    what = _titles(heard.requirements, context)
    return words.say("remit.reminded", names=names, day=words.dated(at), at=words.clock(at), what=what)
