"""The studierektor's digest in words: read in a minute, one line when all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from handlers.context import owned_button
from handlers.digests.people import ahead, figures_of, needs
from handlers.digests.units import is_owed, loose_ends, owed_units, told_concerns, unit_lines
from handlers.message import Button
from handlers.people import labels, units_of
from handlers.words import Words
from schedules.agenda import READERS
from schedules.concerns import open_concerns
from schedules.digests.figures import Figures, figures
from storage.tables import Person, RoleName

MOST_PAIRS = 5
"""So many pairs have buttons under a digest; the others are shown and reminded in words."""
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
    people = figures(session, named, now, today, judged=judged).people()
    return replace(found, nameable=frozenset(person.id or 0 for person in people))


def pair_buttons(words: Words, of: Figures, owner: int) -> tuple[Button, ...]:
    """Visa and Påminn paret for those who need the reader; with their names where they are several."""
    found = {each.row.trainee_id: each.seen.person for each in of.escalated if of.may_name(each.seen.person)}
    which = "_one" if len(found) == 1 else ""
    return tuple(
        owned_button(words.say(f"button.{verb}{which}", name=name), verb, trainee, owner=owner)
        for trainee, name in list(zip(found, labels(list(found.values())), strict=True))[:MOST_PAIRS]
        for verb in ("see", "urge")
    )


def hushed(of: Figures) -> Figures:
    """For where others may read along (a channel, an operator's screen): concerns are only counted."""
    return replace(of, concerns=(), hidden_concerns=len(of.concerns))


def digest_text(words: Words, of: Figures, today: date) -> str:
    """The whole digest. Empty remits and units where all is well get one line."""
    head = words.say("digest.head", day=words.dated(today))
    if not of.seen:
        rest = [*owed_units(words, of, today), *told_concerns(words, of)]
        return "\n".join([head, words.say("digest.none"), *rest])
    if _all_well(of):
        key = "digest.all_well" if len(of.seen) > 1 else "digest.all_well_one"
        return f"{head}\n{words.say(key, count=len(of.seen))}"
    people = (needs(words, of), figures_of(words, of), ahead(words, of))
    parts = [*people, unit_lines(words, of, today), told_concerns(words, of), loose_ends(words, of)]
    return "\n".join([head, *(line for part in parts for line in part)])


def is_empty(of: Figures) -> bool:
    """Whether there is nothing that anybody has to read."""
    return not (of.seen or of.concerns or is_owed(of)) or _all_well(of)


def _all_well(of: Figures) -> bool:
    loose = (
        of.concerns
        or of.hidden_concerns
        or of.undelivered
        or of.unlinked
        or of.without_supervisor
        or of.no_interval
    )
    return not (of.escalated or of.ahead or loose or is_owed(of)) and of.in_step == len(of.seen)
