"""What puts right the last that was said: `nej, igår`, `inte idag utan igår`, `nej, mini-cex`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

from handlers.language.command import INSTEAD, PART_TIME, Command
from handlers.language.days.dates import Span
from handlers.language.finders.findings import find_all
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import ASSESSMENT
from handlers.language.lexicon import vocabulary
from handlers.language.lexicon.normalise import clean
from handlers.language.lexicon.phrases import STAR
from handlers.language.lexicon.tokens import Line, cut
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.sentences.changing import changes, is_unclear, of_a_change
from handlers.language.sentences.fitting import is_concrete
from handlers.language.sentences.no_absence import is_no_absence
from handlers.language.sentences.periods import told_of_a_period
from handlers.language.sentences.what_holds import what_holds
from handlers.language.settling.minutes import plausible
from handlers.language.settling.questions import asked_minutes
from handlers.language.settling.settle import settle


def is_put_right(text: str, now: datetime, *, words: Vocabulary | None = None) -> bool:
    """Whether a line says that it puts something right, whatever that is: `nej, på fredag`."""
    known = words or vocabulary.default()
    line = cut(clean(text), known)
    return bool(line.tokens) and bool(what_holds(find_all(line, known, now).line, known))


def put_right(found: Findings) -> Command | None:
    """`change` with all that the line says; None where it says more than what holds, or of a day to come.

    It is empty where a day is denied alone (`inte torsdag`), or nothing that holds is understood. A number
    alone (`nej 30`) is asked about, unless another is denied: `30, inte 45`.
    """
    held = what_holds(found.line, found.words)
    if held is None:
        return None
    if not held:
        cannot = found.line.said & found.words.marks["cannot"].bit  # `kan inte på torsdag`
        return Command("change") if (found.repeat or found.spans) and not cannot else None
    right = find_all(cut(held, found.words), found.words, found.now)
    if is_unclear(found, right):
        return Command("change")
    concrete = is_concrete(right)
    changed = changes(right, "session")
    if changed.note or (changed.date and changed.date > found.today):
        return None
    if concrete or changed.people or not held.isdecimal():
        return changed if concrete or changed.people else None
    if changed.minutes is None or _denies_a_number(found):
        return changed
    return of_a_change(asked_minutes(replace(changed, minutes=None), plausible(changed.minutes)))


def _denies_a_number(found: Findings) -> bool:
    line, denied = found.line, found.words.marks["not"]
    return any(one.word in denied and two.is_number for one, two in pairwise(line.tokens))


def another_absence(found: Findings) -> Command | None:
    """`nej, vab`, `inte sjuk utan vab`, `nej, semester v 8`: the absence that was told last, perhaps.

    With `reason` INSTEAD it is one all the same where there was none; where it says no day and cannot be of
    today, it is a change. None where the line says more.
    """
    held = what_holds(found.line, found.words)
    right = find_all(cut(held, found.words), found.words, found.now) if held else None
    named = right.of("absences") if right else []
    if right is None or right.negated or len({match.key for match in named}) != 1:
        return None
    if found.spans and not right.spans:
        return None  # `kan inte på torsdag, sjuk`
    if right.of("activities") or right.of("instruments") or is_no_absence(right, named[0]):
        return None
    told = told_of_a_period(right, named[0])
    if any(_is_within(span, told, found.today) for span in found.spans if span not in right.spans):
        return None  # `sjuk hela veckan, inte på fredag`
    if told.note or told.people or told.reason == PART_TIME:
        return None
    if told.intent == "absence":
        return replace(told, reason=INSTEAD)
    return None if right.spans else Command("change", absence=told.absence)


def _is_within(denied: Span, told: Command, today: date) -> bool:
    """Whether a day that is denied may be one of those that are told."""
    point, day = denied.first or denied.last, settle([denied], today, "period").date
    if told.date is None or told.date == told.end_date or day is None:
        return False
    return bool(point and point.weekday) or told.date <= day <= (told.end_date or day)


def renamed(found: Findings) -> Command | None:
    """`nej, mini-cex`, `fel, det var dops`, `inte dops utan cbd`: what the last that was said is; no more.

    None where only `det var` leads up to it, which may as well tell of a new one.
    """
    line, words = found.line, found.words
    told = found.spans or found.clocks or found.has_length or found.people or found.repeat or found.book
    denied = found.negated and not line.said & words.marks["but"].bit  # `nej, ingen mini-cex`
    alone = line.said & words.marks["not"].bit and len(_named(found)) < 2  # `dops inte godkänd`
    if told or denied or alone or _only_tells(found):
        return None
    held = what_holds(line, words)
    right = find_all(cut(held, words), words, found.now) if held else None
    one = right and not right.negated and len(_named(right)) == 1
    changed = changes(right, "session") if right and one else None
    return None if changed is None or changed.note else changed


def _named(found: Findings) -> set[str]:
    """The activities that a line names; an assessment is what its instrument is."""
    tools = {match.key for match in found.of("instruments")}
    return tools | {match.key for match in found.of("activities") if match.key != ASSESSMENT or not tools}


def _only_tells(found: Findings) -> bool:
    """`det var en mini-cex`; but `det var mini-cex, inte dops`."""
    line, words = found.line, found.words
    telling = Line(line.tokens).phrase(0, words.marks["corrects"])
    plain = telling and line.tokens[0].word not in words.marks["sighs"]
    return bool(plain and not line.said & words.marks["not"].bit)


def is_slip(found: Findings) -> bool:
    """Whether it may put right what was said last."""
    return found.slipped or (found.line.said & STAR != 0 and "*" in found.line.words)
