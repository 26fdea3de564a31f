"""What a line says as a change of something else: `till 45 min`, `igår`, `från 1/12`."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import FIRST, MORE, OPEN, Command
from handlers.language.days.beside import beside
from handlers.language.days.dates import Span
from handlers.language.finders.durations import LONGEST, SHORTEST
from handlers.language.finders.findings import find_all, last_of
from handlers.language.finders.found import Findings
from handlers.language.finders.free_names import only_a_name
from handlers.language.finders.matches import subject_of
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import POINT
from handlers.language.lexicon.tokens import cut
from handlers.language.sentences.inquiries import take_possessive
from handlers.language.sentences.what_holds import what_holds
from handlers.language.settling.minutes import USUAL, plausible
from handlers.language.settling.questions import asked_date, asked_minutes
from handlers.language.settling.settle import When, settle

SPELL = "spell"
"""The rule of a period that stands already: `till fredag` is its last day, and its first is kept."""


DAY_AWAY = "day_away"
"""The same of a single day: `ändra till fredag` is the day instead."""


def of_an_absence(standing: Command) -> str | None:
    """By which of these a change of an absence is read; None for all else."""
    single = standing.end_date == standing.date
    return (DAY_AWAY if single else SPELL) if standing.absence else None


def corrected(found: Findings, rule: str, standing: Command | None = None) -> Command:
    """`det var fredag, inte torsdag`: what holds of a line, as a change; nothing of what is denied.

    Days of a `standing` absence are read as near to it.
    """
    held = what_holds(found.line, found.words) if found.line.tokens else None
    if held == "":
        return Command("change")
    if found.line.said & found.words.marks["adds"].bit and found.line.phrase(0, found.words.marks["adds"]):
        return replace(changes(found, rule), reason=MORE)
    right = found if held is None else find_all(cut(held, found.words), found.words, found.now)
    if held and is_unclear(found, right):
        return Command("change")
    for match in right.of("commands"):
        if match.key == "change":
            right.line.take(match.start, match.end, "commands")
            take_possessive(right)  # `ändra Annas semester till v 51`
    if standing and standing.absence and standing.date:
        last = standing.end_date or standing.date
        right.spans = beside(right.spans, standing.date, last, moves=_is_ordered(right))
    return changes(right, rule)


def is_unclear(found: Findings, right: Findings) -> bool:
    """Whether what holds names no day or how often that is understood: `nej, bara till jul`, and
    `inte varje vecka utan varannan`.
    """
    how_often = found.repeat is not None and right.repeat is None
    return not right.spans and (how_often or right.vague)


def changes(found: Findings, rule: str) -> Command:
    """The fields that are said, as a change; said twice (`från 30 min till 45 min`), the last holds."""
    subject = subject_of(found.line, found.matches, found.words)
    topics = tuple(dict.fromkeys(topic for _, topic in subject.topics))
    when = _new_days(found, rule)
    minutes, loose = _new_minutes(found)
    changed = Command(
        "change", activity=subject.activity, instrument=subject.instrument, date=when.date, end_date=when.end,
        time=found.clocks[-1].start if found.clocks else None, minutes=minutes, topics=topics,
        goals=found.goals, people=found.people, absence=_absence(found),
    )  # fmt: skip
    if loose is not None:
        return of_a_change(asked_minutes(changed, plausible(loose) or USUAL))
    if when.asked:
        return of_a_change(asked_date(changed, when.candidates, when.begun))
    if rule in ("period", SPELL, DAY_AWAY) and when.end is None:
        changed = _opened(changed, found, rule)
    note = leftover(found.line, found.words)
    named = () if found.people else only_a_name(note or "", found.words)
    return replace(changed, people=named) if named else replace(changed, note=note)


def _absence(found: Findings) -> str | None:
    """`ändra till vab`"""
    kinds = {match.key for match in found.of("absences")}
    return kinds.pop() if len(kinds) == 1 else None


def _opened(changed: Command, found: Findings, rule: str) -> Command:
    """`från 1/12`, `tills vidare`: a first day and no last. Of what stands the one keeps the last day that
    there is, the other the first.
    """
    stands = rule != "period"
    if marked(found.line, found.words, "open_ended"):
        return replace(changed, date=changed.date or (None if stands else found.today), reason=OPEN)
    if not any(span.kind == "since" for span in found.spans):
        return changed
    return replace(changed, date=changed.date or found.today, reason=FIRST if stands else OPEN)


def of_a_change(asked: Command) -> Command:
    """Mark a question about a change, so that its answer is a change too."""
    return replace(asked, reason=f"change {asked.reason or ''}".strip())


def _new_days(found: Findings, rule: str) -> When:
    """The new day or range; `till fredag` is a day unless a period is changed."""
    if rule in (SPELL, DAY_AWAY):
        return _new_spell(found, rule)
    kinds = {span.kind for span in found.spans}
    beside = rule == "period" and (kinds <= {"on"} or (kinds & _ENDS and "range" not in kinds))
    spans = found.spans if beside else found.spans[-1:]  # `igår och idag`, `21/12, åter 7/1`
    if rule != "period" and kinds == {"on"} and _joined(found):
        spans = found.spans  # `lördag och söndag` are asked about
    if rule != "period" and len(spans) == 1 and spans[0].kind != "range":
        spans = [Span("on", spans[0].first or spans[0].last)]
    elif rule != "period" and spans and _moves(found):
        spans = [Span("on", spans[0].last)]
    when = settle(spans, found.today, rule)
    if rule != "period" or not found.lasts:
        return when
    if len(spans) == 1 and spans[0].first and spans[0].kind == "on" and spans[0].first.is_week:
        when = when._replace(end=None)  # `v 28` of three weeks is the first of them
    last = last_of(found, when.date or found.today)
    return when._replace(end=when.end or last) if when.date else when


def _new_spell(found: Findings, rule: str) -> When:
    """`ändra till v 51` is that week, `ändra till fredag` another last day."""
    last = found.spans[0].last if len(found.spans) == 1 and found.spans[0].kind == "until" else None
    if last is None:
        return _new_days(found, "period")
    if last.is_week or last.is_month or (rule == DAY_AWAY and _is_ordered(found)):
        return settle([Span("on", last)], found.today, "period")
    return settle(found.spans, found.today, "period")._replace(date=None)


def _is_ordered(found: Findings) -> bool:
    """`ändra till fredag`"""
    return any(match.key == "change" for match in found.of("commands"))


_ENDS = {"back", "since", "until"}


def _joined(found: Findings) -> bool:
    """Whether `och` or `eller` stands between two things that were understood."""
    roles = (found.words.marks[role].entries.keys() for role in ("and", "either"))
    joints = frozenset().union(*roles)
    words, taken = found.line.words, found.line.taken
    return any(words[at] in joints and taken[at - 1] == taken[at + 1] for at in range(1, len(taken) - 1))


def _moves(found: Findings) -> bool:
    """`från igår till i fredags`: the day that was, and the one it is to be."""
    return any(token.word in found.words.marks["since"] for token in found.line.tokens)


def _new_minutes(found: Findings) -> tuple[int | None, int | None]:
    """The new length, or else the impossible one to ask about."""
    spans = [float(clock.minutes) for clock in found.clocks if clock.minutes]
    said = [round(minutes) for minutes in [*spans, *found.durations]]
    if not said and (decimal := _decimal_hours(found)):
        said = [decimal]
    if not said:
        said = [
            number for at in range(len(found.line.tokens)) if (number := found.line.number(at, 3)) is not None
        ]
        for at in range(len(found.line.tokens)):
            if found.line.number(at, 3) is not None:
                found.line.take(at, at + 1, "duration")
    if not said:
        return None, None
    if len(set(said)) > 1 and found.line.said & found.words.marks["either"].bit:
        return None, said[0]  # `30 eller 45`
    return (said[-1], None) if SHORTEST <= said[-1] <= LONGEST else (None, said[-1])


def _decimal_hours(found: Findings) -> int | None:
    """The minutes of `1,5` and `1.5`, which stand for hours; taken."""
    for at in found.line.where(POINT):
        hours, tenths = found.line.number(at - 1, 2), found.line.number(at + 1, 2)
        if hours is not None and tenths is not None and found.line.glued(at) and found.line.glued(at + 1):
            found.line.take(at - 1, at + 2, "duration")
            return round(float(f"{hours}.{found.line.tokens[at + 1].raw}") * 60)
    return None
