"""Lines that name an absence and tell of none: `inte sjuk`, `kollegan sjuk`, `semestern inställd`."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from handlers.language.command import Command
from handlers.language.finders.found import Findings
from handlers.language.finders.matches import Match
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.phrases import bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary
from handlers.language.sentences.changing import changes
from handlers.language.settling.questions import asked_date
from handlers.language.settling.settle import settle

_PLANNED = ("vacation", "parental", "leave")  # may be called off; nobody calls off an illness
_TO_WHOM = ("till", "av", "på", "åt", "för", "hos", "to", "of", "for")
_OF_IT = ("om", "about")  # `föreläsning om vab`


def is_no_absence(found: Findings, period: Match) -> bool:
    """`inte sjuk`, `ingen semester`, `om jag blir sjuk då?`, `patienten är sjuk`, `kollegan sjuk`"""
    if period.section != "absences":
        return False
    line, marks = found.line, found.words.marks
    if line.said & _others(found.words) and _is_of_another(found, period):
        return True
    before = line.tokens[period.start - 1].word if period.start else ""
    denied = before in marks["not"] or before in marks["no_more"]
    denied = denied or (before in _OF_IT and line.words[period.start - 2] not in marks["unsure"].first)
    return denied or ("?" in line.words and not found.spans)


@lru_cache(KEPT)
def _others(words: Vocabulary) -> int:
    return bits(words.marks["patient"], words.marks["others"])


def _is_of_another(found: Findings, period: Match) -> bool:
    """Whether somebody else stands right beside it: `sjuk patient`, `patienten är sjuk`."""
    line, others, at, after = found.line, _others(found.words), period.start - 1, period.end
    while at >= 0 and line.words[at] in found.words.filler and not line.begins[at] & others:
        at -= 1
    while line.words[after] in _TO_WHOM:
        after += 1
    return any(line.begins[near] & others for near in (at, after))


def called_off_period(found: Findings, period: Match) -> Command | None:
    """`semester v 50 inställd`, and nothing else: what was saved is taken back."""
    line, table = found.line, found.words.marks["fell_through"]
    planned = period.section == "placements" or period.key in _PLANNED
    if not planned or not line.said & table.bit or found.of("activities") or found.of("instruments"):
        return None
    at = next((at for at in line.where(table.bit) if line.phrase(at, table)), None)
    hit = line.phrase(at, table) if at is not None else None
    if at is None or hit is None:
        return None
    if line.words[at] in found.words.marks["said_to_move"].first:
        return Command("unknown")  # `semester flyttad till v 51` does not say from when
    line.take(at, hit[1], "negation")
    when = settle(found.spans, found.today, "period")
    if period.section == "placements":
        return Command("undo", date=when.date, reason="placement")
    return None if leftover(line, found.words) else Command("undo", absence=period.key, date=when.date)


def prolonged(found: Findings, period: Match) -> Command | None:
    """`föräldraledigheten förlängd till 30/9` changes the one that was told; an illness lasts from today."""
    longer = marked(found.line, found.words, "prolongs")
    if longer and not (found.spans or found.lasts) and period.section == "absences":
        return Command("ask", absence=period.key, question="date")
    until = [span.kind for span in found.spans] == ["until"]
    return changes(found, "session") if longer and until and period.key in _PLANNED else None


def _denies_a_day(found: Findings) -> bool:
    """`sjuk hela veckan fast inte på fredag`"""
    line, denied = found.line, found.words.marks["not"]
    at = [index for index in line.where(denied.bit) if line.tokens[index].word in denied]
    stays_away = found.words.marks["stays_away"]  # `sjuk och kommer inte idag`
    return any(
        line.taken[index + 1 : index + 2] == ["date"] and line.words[index - 1] not in stays_away
        for index in at
    )


def doubted(found: Findings, period: Match, told: Command) -> Command:
    """`kanske semester v 50`, `vill ta semester v 50`, `slut på randning 30/11` are asked about first."""
    line, marks = found.line, found.words.marks
    one_day = told.date is not None and told.end_date in (None, told.date)
    if one_day and told.intent != "ask" and marked(line, found.words, "its_end"):
        return asked_date(told, ())
    if told.intent == "absence" and _denies_a_day(found):
        return asked_date(told, ())
    roles = [marks["unsure"]] if line.said & marks["saves"].bit else [marks["unsure"], marks["wished"]]
    if told.intent != "absence" or not line.said & bits(*roles):
        return told
    untaken = Line(line.tokens)  # the `ta` of `skulle ta semester` is of the absence too
    before = [(at, role) for role in roles for at in untaken.where(role.bit) if at < period.start]
    if not any(untaken.phrase(*each) for each in before):
        return told
    return replace(told, intent="ask", question="activity", reason=told.absence)
