"""The studierektor's digest in words: read in a minute, one line when all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from handlers import describe
from handlers.concern_words import line
from handlers.context import owned_button
from handlers.message import Button
from handlers.people import units_of
from handlers.words import Words
from schedules.agenda import READERS
from schedules.concerns import open_concerns
from schedules.duties import OpenFinding, UnitDue
from schedules.figures import Escalated, Figures, Share, figures
from schedules.refreshers import Refresher
from schedules.requirement import Kind
from storage.tables import Person, RoleName

MOST_NAMED, MOST_WAITS = 7, 2
"""So many people are named under one heading, and so much is told of each: it is read in a minute."""
MOST_PAIRS = 5
"""So many pairs have buttons under a digest; the others are shown and reminded in words."""
ALWAYS_TOLD = ("supervision", "assessment")
MOST_SHARES = 7
"""So many requirements have a line of their own, the rulebook's first ones; the picture has them all."""
FEW_WELL = 3
"""So many requirements in which everybody is and was in step are told in one line."""
NAMES = (RoleName.STUDIEREKTOR, RoleName.HEAD)
"""Who sees trainees by name in a digest (behaviour.md, Who may)."""


def digest_of(
    session: Session, reader: Person, now: datetime, today: date, *, judged: bool = False
) -> Figures:
    """The figures of a reader's remit: the units they answer for, and no others.

    A chief director sees figures and unit duties, and names only where also studierektor or head. `judged`
    is for any other moment than the present: from the journal, not from the standing rows.
    """
    units, named = units_of(session, reader, READERS), units_of(session, reader, NAMES)
    found = figures(session, units, now, today, judged=judged)
    found = replace(found, concerns=tuple(open_concerns(session, named, reader)))
    if {unit.id for unit in units} <= {unit.id for unit in named}:
        return found
    return replace(found, nameable=figures(session, named, now, today, judged=judged).people())


def pair_buttons(words: Words, of: Figures, owner: int) -> tuple[Button, ...]:
    """Visa and Påminn paret for those who need the reader; with their names where they are several."""
    found = {each.row.trainee_id: each.seen.person for each in of.escalated if of.may_name(each.seen.person)}
    which = "_one" if len(found) == 1 else ""
    return tuple(
        owned_button(words.say(f"button.{verb}{which}", name=person.name), verb, trainee, owner=owner)
        for trainee, person in list(found.items())[:MOST_PAIRS]
        for verb in ("see", "urge")
    )


def hushed(of: Figures) -> Figures:
    """For where others may read along (a channel, an operator's screen): concerns are only counted."""
    return replace(of, concerns=(), hidden_concerns=len(of.concerns))


def digest_text(words: Words, of: Figures, today: date) -> str:
    """The whole digest. Empty remits and units where all is well get one line."""
    head = words.say("digest.head", day=words.dated(today))
    if not of.seen:
        rest = [*_owed_units(words, of, today), *_concerns(words, of)]
        return "\n".join([head, words.say("digest.none"), *rest])
    if _all_well(of):
        key = "digest.all_well" if len(of.seen) > 1 else "digest.all_well_one"
        return f"{head}\n{words.say(key, count=len(of.seen))}"
    people = (_needs(words, of), _figures(words, of), _ahead(words, of))
    parts = [*people, _units(words, of, today), _concerns(words, of), _loose_ends(words, of)]
    return "\n".join([head, *(line for part in parts for line in part)])


def is_empty(of: Figures) -> bool:
    """Whether there is nothing that anybody has to read."""
    return not (of.seen or of.concerns or _is_owed(of)) or _all_well(of)


def _all_well(of: Figures) -> bool:
    loose = (
        of.concerns
        or of.hidden_concerns
        or of.undelivered
        or of.unlinked
        or of.without_supervisor
        or of.no_interval
    )
    return not (of.escalated or of.ahead or loose or _is_owed(of)) and of.in_step == len(of.seen)


def _is_owed(of: Figures) -> bool:
    """Whether units or supervisors owe something with a day; that no review was ever noted has none."""
    return bool(of.findings or of.refreshers or any(due.due_on for due in of.unit_dues))


def _needs(words: Words, of: Figures) -> list[str]:
    """Part one: a line for each person, those who have waited longest; the others as figures."""
    pairs: dict[int, list[Escalated]] = {}
    for each in of.escalated:
        if of.may_name(each.seen.person):
            pairs.setdefault(each.row.trainee_id, []).append(each)
    crowded = len(pairs) > MOST_NAMED
    most = 1 if crowded else MOST_WAITS
    lines = [_pair(words, mine, most) for mine in list(pairs.values())[:MOST_NAMED]]
    if crowded:
        lines.append(words.say("digest.needs_more", count=len(pairs) - MOST_NAMED))
    unnamed = {each.row.trainee_id: each.seen for each in of.escalated if not of.may_name(each.seen.person)}
    counts = Counter(seen.unit.name for seen in unnamed.values())
    every = Counter(seen.unit.name for seen in of.seen)
    lines += [
        words.say("digest.needs_count", unit=unit, count=n, all=every[unit])
        for unit, n in sorted(counts.items())
    ]
    return [words.say("digest.needs"), *lines] if lines else [words.say("digest.needs_none")]


def _pair(words: Words, mine: Sequence[Escalated], most: int) -> str:
    """All that waits for one person, the longest first, and why."""
    told = [_what(words, each) + _reasons(words, each) + describe.muted(words, each.muted) for each in mine]
    rest = len(told) - most
    more = [words.say("digest.waits_more", count=rest)] if rest > 0 else []
    seen, away = mine[0].seen, max(each.why.away for each in mine)
    what = "; ".join([*told[:most], *more])
    what += words.say("digest.why_away", count=away) if away else ""
    return words.say("digest.needs_line", name=seen.person.name, unit=seen.unit.name, what=what)


def _reasons(words: Words, each: Escalated) -> str:
    """As in " (inte av: jour 2, sjuk 1)"."""
    said = ", ".join(f"{words.name('reason', reason)} {count}" for reason, count in each.why.reasons)
    return words.say("digest.why_missed", reasons=said) if said else ""


def _what(words: Words, each: Escalated) -> str:
    row = each.row
    if each.requirement.kind is Kind.WEEKLY and row.missed > 1:
        if row.last_on is None:
            return words.say("digest.overdue_weeks_never", count=row.missed)
        return words.say("digest.overdue_weeks", count=row.missed, last=words.dated(row.last_on))
    since = row.due_on or row.overdue_from
    title = describe.title(words, each.requirement)
    return words.say("digest.overdue_since", title=title, day=words.dated(since)) if since else title


def _figures(words: Words, of: Figures) -> list[str]:
    change = words.say("digest.figure_change", change=of.change) if of.change else ""
    head = words.say("digest.figures", ok=of.in_step, count=len(of.seen), change=change)
    well = [share for share in of.shares if _is_unremarkable(share)]
    if len(well) < FEW_WELL:
        return [head, *(_share(words, share) for share in of.shares)]
    told = [share for share in of.shares if share not in well]
    more = [words.say("digest.figure_more", count=len(told) - MOST_SHARES)] if len(told) > MOST_SHARES else []
    rest = words.say("digest.figure_rest", count=len(well))
    return [head, *(_share(words, share) for share in told[:MOST_SHARES]), *more, rest]


def _is_unremarkable(share: Share) -> bool:
    """Everybody is and was in step, and it is not one of what is asked about most."""
    return share.in_step == share.of and not share.change and share.requirement.key not in ALWAYS_TOLD


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
            names=_names(words, of, each.people),
        )
        for each in of.ahead
    ]
    return [words.say("digest.ahead"), *lines] if lines else []


def _units(words: Words, of: Figures, today: date) -> list[str]:
    """What the units themselves owe: reviews due within a year or late, and findings that wait."""
    lines = [_unit_due(words, due) for due in of.unit_dues]
    lines += [finding_line(words, each, today) for each in of.findings]
    lines += [_refresher(words, of, each) for each in of.refreshers]
    return [words.say("digest.units"), *lines] if lines else []


def _owed_units(words: Words, of: Figures, today: date) -> list[str]:
    """What units without any trainee owe: only what has a day."""
    return _units(words, of, today) if _is_owed(of) else []


def _unit_due(words: Words, due: UnitDue) -> str:
    if due.due_on is None:
        return words.say("digest.unit_never", unit=due.unit.name)
    key = "digest.unit_overdue" if due.overdue else "digest.unit_due"
    title = describe.title(words, due.requirement)
    return words.say(key, unit=due.unit.name, title=title, day=words.dated(due.due_on))


def _refresher(words: Words, of: Figures, each: Refresher) -> str:
    return words.say(
        "digest.refresher",
        unit=each.unit.name,
        name=_names(words, of, [each.person]),
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


def _concerns(words: Words, of: Figures) -> list[str]:
    """Part five: what supervisors worry about, until it has an outcome."""
    if of.hidden_concerns:
        return [words.say("digest.concerns_hidden", count=of.hidden_concerns)]
    lines = [line(words, each) for each in of.concerns]
    return [words.say("digest.concerns"), *lines] if lines else []


def _loose_ends(words: Words, of: Figures) -> list[str]:
    lines = [_undelivered(words, of)] if of.undelivered else []
    lines += [words.say("digest.unlinked", names=_names(words, of, of.unlinked))] if of.unlinked else []
    if of.without_supervisor:
        lines.append(words.say("digest.without_supervisor", names=_names(words, of, of.without_supervisor)))
    if of.no_interval:
        lines.append(words.say("digest.no_interval", names=_names(words, of, of.no_interval)))
    return lines


def _undelivered(words: Words, of: Figures) -> str:
    """How many messages, and to whom: somebody must tell them what the bot could not."""
    people = {person.id: person for person in of.undelivered}.values()
    named = any(map(of.may_name, people))
    key = "digest.undelivered_to" if named else "digest.undelivered"
    return words.say(key, count=len(of.undelivered), names=_names(words, of, people))


def _names(words: Words, of: Figures, people: Iterable[Person]) -> str:
    """By name whom the reader may see so, not more than are read at a glance; the others only counted."""
    everybody = list(people)
    names = [person.name for person in everybody if of.may_name(person)][:MOST_NAMED]
    rest = len(everybody) - len(names)
    if rest and names:
        return f"{', '.join(names)} {words.say('digest.names_more', count=rest)}"
    return ", ".join([*names, *([str(rest)] if rest else [])])
