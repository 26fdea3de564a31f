"""What a line tells: a session to log or book, an absence, a placement, or one open question."""

from __future__ import annotations

from dataclasses import replace

from handlers.language.command import THEIRS, Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import ASSESSMENT, Subject, subject_of
from handlers.language.finders.of_another import had_by_another
from handlers.language.finders.took_place import only_speaks_of
from handlers.language.sentences.called_off import called_off, instead
from handlers.language.sentences.fallen_through import fell_through
from handlers.language.sentences.no_absence import called_off_period, doubted, is_no_absence, prolonged
from handlers.language.sentences.periods import (
    is_of_the_supervisor,
    names_a_period,
    period_of,
    told_of_a_period,
    which_absence,
)
from handlers.language.sentences.putting_right import another_absence, is_slip, renamed
from handlers.language.sentences.questioned import questioned
from handlers.language.sentences.session import session
from handlers.language.sentences.unnamed import without_activity
from handlers.language.settling.counts import how_many
from handlers.language.settling.exceptions import without_exceptions

SEVERAL = "several"
"""Begins the reason of a question about a line that names more than one of the same: `tre mini-cex idag`."""


def state(found: Findings) -> Command:
    """Decide what a line without a command tells."""
    if found.repeat and (parted := without_exceptions(found)):
        return parted.left_out_of(state(parted.found))
    away = _away(found) if found.line.said & names_a_period(found.words) else None
    return away or _took_place(found)


def _away(found: Findings) -> Command | None:
    """What is told of a time away; None where there is none, or it is the supervisor's who cannot come."""
    period = period_of(found)
    if period is None:
        return None
    if is_slip(found) and (right := another_absence(found)):
        return right
    if is_no_absence(found, period):
        return Command("unknown")
    if back := called_off_period(found, period) or prolonged(found, period):
        return back
    if not is_of_the_supervisor(found, period):
        told = which_absence(found, period) or told_of_a_period(found, period)
        if told.people and found.negated and fell_through(found):
            return None  # `Eva sjuk imorgon, handledningen ställs in`
        return doubted(found, period, told)
    return None if found.of("activities") or found.of("instruments") else Command("unknown")


def _took_place(found: Findings) -> Command:
    if is_slip(found) and found.matches and (right := renamed(found)):
        return right
    subject = subject_of(found.line, found.matches, found.words)
    fallen = found.negated and fell_through(found)
    if found.negated and found.has_length and not fallen:
        _give_back_negation(found)
    if subject.activity is None:
        return without_activity(found, subject)
    booking = instead(found) or (called_off(found) if fallen or not found.has_length else None)
    return booking or _told_or_asked(found, subject, fallen)


def _told_or_asked(found: Findings, subject: Subject, fallen: bool) -> Command:
    """A session; asked about when it is one of several, or perhaps none."""
    several = how_many(found, subject.activity or "") > 1
    theirs = had_by_another(found)
    told = session(found, subject)
    doubted = (found.negated or found.unsure) and (not found.has_length or told.intent == "book" or fallen)
    if (found.intended or found.wished) and told.intent == "log":
        doubted = doubted or _was_only_meant(found)
    if told.intent == "log" and told.note and not (found.spans or found.clocks or found.durations):
        doubted = doubted or only_speaks_of(found)
    if told.intent == "book" and not found.book:  # `årsrapporten ska in senast 15/12`
        doubted = doubted or found.line.said & found.words.marks["deadline"].bit != 0
    if not (subject.unclear or several or doubted):
        asked = questioned(found, told)
        return replace(asked, reason=THEIRS) if theirs and asked.reason is None else asked
    named = f"{SEVERAL} {subject.instrument or subject.activity}" if several else _equals(found)
    return replace(told, intent="ask", question="activity", reason=named or None)


def _was_only_meant(found: Findings) -> bool:
    """`skulle ha haft handledning igår`, `behöver mini-cex idag`; but `vill logga handledning igår`."""
    saves = found.line.said & found.words.marks["saves"].bit
    return found.intended or (found.wished and not found.has_length and not saves)


def _give_back_negation(found: Findings) -> None:
    """What lasted took place: `1h inget särskilt` keeps its words."""
    for index, name in enumerate(found.line.taken):
        if name == "negation":
            found.line.release(index, index + 1)


def _equals(found: Findings) -> str:
    """The activities named side by side, for the buttons."""
    acts = [match.key for match in found.matches if match.section == "activities"]
    tools = list(dict.fromkeys(match.key for match in found.of("instruments")))
    if len(tools) > 1 and set(acts) <= {ASSESSMENT}:
        return " ".join(tools)
    return " ".join(dict.fromkeys([*acts, *([ASSESSMENT] if tools else [])]))
