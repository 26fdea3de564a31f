"""Whole-line sentences of their own: `vi ses var tredje vecka`, `åter i tjänst 12/1`, `spur 2026-03-12`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from handlers.language.command import SAME_AGAIN, SAME_HOUR, Command
from handlers.language.days.dates import find_dates
from handlers.language.finders.free_names import name_alone
from handlers.language.finders.matches import SUPERVISION, find_matches
from handlers.language.finders.people import find_people
from handlers.language.lexicon.notes import leftover, letter_by_letter, marked
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import ANY, START, bits
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, KINDS, Vocabulary
from handlers.language.sentences.asking import asks_somebody, requests
from handlers.language.sentences.concerns import concern, shown
from handlers.language.sentences.papers import KINDS as PAPERS
from handlers.language.sentences.papers import paper
from handlers.language.sentences.roster_lines import changes_the_days, leaves
from handlers.language.sentences.to_come import from_then_on
from handlers.language.sentences.units_asked import DUTIES, about_units
from handlers.language.sentences.wishes import OPENINGS, wish
from handlers.language.settling.settle import When, settle

_LONGEST_DAYS = 366
_LONGEST_NAME = 4  # words
_WEEKS = ("vecka", "veckan", "veckovis", "v", "week", "weekly", "dag")  # that of `var fjortonde dag`
_DAYS_IN_A_WEEK = 7


def sentence(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """The sentence that the whole line is, or None; a line that only begins like one may be taken from.

    What only is polite may stand before it: `kan du tysta kollegium till 1 mars`.
    """
    said = line.said
    needed, forms = _forms_of(words, line.begins[0])
    for needs, read in forms if said & needed else ():
        found = read(line, words, now) if said & needs else None
        if found:
            return found
    opening = line.phrase(0, words.marks["opening"]) if line.begins[0] & words.courtesy else None
    return sentence(Line(line.tokens[opening[1] :], line.rest), words, now) if opening else None


_Reading = Callable[[Line, Vocabulary, datetime], Command | None]


class _Form(NamedTuple):
    """A kind of sentence: what it begins with, what stands somewhere in it, and its reading."""

    opens: int
    needs: int
    read: _Reading


@lru_cache(KEPT)
def _forms(words: Vocabulary) -> tuple[_Form, ...]:
    """All of them, the surest first; a name may stand before a concern."""
    marks = words.marks

    def begun(*roles: str) -> int:
        return bits(*(marks[role] for role in roles))

    met, often = begun("meet") | words.table("activities").bit, begun("monthly") | words.table("repeats").bit
    return (
        _Form(
            begun("paper", "paper_pack_alone", "paper_alone", "paper_make"),
            ANY,
            paper,
        ),
        _Form(begun(*(f"paper_{kind}" for kind in PAPERS)), begun("paper"), paper),
        _Form(begun("asks_of_units"), begun("units", *DUTIES), about_units),
        _Form(met, often, lambda line, words, _: _agreed(line, words)),
        _Form(START, begun("back"), _back),
        _Form(begun("findings", "follow_up", *DUTIES), ANY, _duty),
        _Form(begun("concern_shown"), ANY, shown),
        _Form(START, words.table("commands").bit, concern),
        _Form(START, begun("same_time"), _once_more),
        _Form(begun("same_hour", "same_again"), ANY, _same_on_a_day),
        _Form(ANY, begun("leaves"), leaves),
        _Form(ANY, begun("training_days"), lambda line, words, _: changes_the_days(line, words)),
        _Form(begun("new_trainee"), ANY, lambda line, words, _: _newcomer(line, words)),
        _Form(begun("carry"), ANY, lambda line, words, _: _carry(line, words)),
        _Form(begun("plan_kollegier"), ANY, lambda line, words, _: _kollegier(line, words)),
        _Form(begun(*OPENINGS), ANY, wish),
        _Form(begun("ask_for"), ANY, asks_somebody),
        _Form(begun("request"), ANY, requests),
    )


@lru_cache(KINDS)
def _forms_of(words: Vocabulary, begins: int) -> tuple[int, tuple[tuple[int, _Reading], ...]]:
    """Those that begin with a kind of token: what any needs, then what each needs, and its reading."""
    forms = tuple((needs, read) for opens, needs, read in _forms(words) if (begins | START) & opens)
    return reduce(or_, (needs for needs, _ in forms), 0), forms


def _once_more(line: Line, words: Vocabulary, _now: datetime) -> Command | None:
    """`samma tid nästa vecka`, of supervision or of nothing said: intent once_more."""
    table = words.marks["same_time"]
    hits = ((at, line.phrase(at, table)) for at in line.where(table.bit))
    begun = next(((at, hit[1]) for at, hit in hits if hit), None)
    if begun is None:
        return None
    rest = Line(line.tokens, line.rest)  # where it is another sentence, nothing of it is taken
    rest.take(*begun, "sentence")
    acts = {match.key for match in find_matches(rest, words)}
    people = find_people(rest, words)
    while any(marked(rest, words, role) for role in ("book", "meet", "usual")):
        pass
    return (
        Command("once_more", people=people) if acts <= {SUPERVISION} and _only_small(rest, 0, words) else None
    )


def _same_on_a_day(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """`samma 12/11`, `samma tid på torsdag`: once_more, with the day, and in `reason` which of the two."""
    hits = ((role, line.phrase(0, words.marks[role])) for role in (SAME_HOUR, SAME_AGAIN))
    said, begun = next(((role, hit) for role, hit in hits if hit), ("", None))
    if begun is None:
        return None
    rest = Line(line.tokens, line.rest)  # where it is another sentence, nothing of it is taken
    rest.take(0, begun[1], "sentence")
    day = settle(find_dates(rest, words, now.date()), now.date(), "session").date
    plans = day is not None and day > now.date()
    if day is None or not (plans or said == SAME_AGAIN) or not _only_small(rest, 0, words):
        return None
    return Command("once_more", date=day, reason=said)


def _newcomer(line: Line, words: Vocabulary) -> Command | None:
    """`ny st-läkare Kim Ek från 1/2`: who begins stands in the roster."""
    begun = line.phrase(0, words.marks["new_trainee"])
    acts = any(line.phrase(at, words.table("activities")) for at in line.where(words.table("activities").bit))
    return Command("roster") if begun and not acts else None


def _carry(line: Line, words: Vocabulary) -> Command | None:
    """One's history as a file to take along, and nothing else in the line."""
    begun = line.phrase(0, words.marks["carry"])
    return Command("carry") if begun and _only_small(line, begun[1], words) else None


def _kollegier(line: Line, words: Vocabulary) -> Command | None:
    """Planning them all; with a day in the line it is one that is booked."""
    begun = line.phrase(0, words.marks["plan_kollegier"])
    return Command("plan_kollegier") if begun and _only_small(line, begun[1], words) else None


def _agreed(line: Line, words: Vocabulary) -> Command | None:
    """How often a pair meets: intent agreed, the days between two as digits in `note`."""
    begun = _begun(line, words)
    found = None if begun is None else _days_between(line, begun, words)
    if found is None or not 0 < found[0] <= _LONGEST_DAYS:
        return None
    people = find_people(line, words)
    small = _only_small(line, found[1], words)
    return Command("agreed", people=people, note=str(found[0])) if small else None


def _begun(line: Line, words: Vocabulary) -> int | None:
    meet = line.phrase(0, words.marks["meet"])
    if meet:
        return meet[1]
    activity = line.phrase(0, words.table("activities"))
    return activity[1] if activity and activity[0] == "supervision" else None


def _days_between(line: Line, index: int, words: Vocabulary) -> tuple[int, int] | None:
    monthly = line.phrase(index, words.marks["monthly"])
    if monthly:
        return _days(1, "month"), monthly[1]
    every = line.phrase(index, words.table("repeats"))
    if every is None:
        return None
    unit = line.phrase(every[1], words.table("units"))
    count, end = 1 if every[0] == "weekly" else 2, every[1]
    if unit is None and line.tokens[end - 1].word in _WEEKS:
        return _days(count, "week"), end
    if unit is None and count == 1:
        count, end = _ordinal(line, end, words)
        unit = line.phrase(end, words.table("units"))
    if unit and unit[0] == "day" and count >= _DAYS_IN_A_WEEK:
        return count, unit[1]  # `var 14:e dag`
    return (_days(count, unit[0]), unit[1]) if unit and unit[0] in ("week", "month") else None


def _ordinal(line: Line, index: int, words: Vocabulary) -> tuple[int, int]:
    """`tredje`, `3:e`, `3`."""
    named = line.phrase(index, words.table("ordinals"))
    if named:
        return int(named[0]), named[1]
    counted = whole_at(line, index, words)
    if counted is None:
        return 0, index
    ends = line.words[counted[1]] == ":" and line.glued(counted[1] + 1)
    return counted[0], counted[1] + (2 if ends else 0)


def _days(count: int, unit: str) -> int:
    """A month is counted as its longest: 31 days, 61 for two, 92 for three."""
    return count * 7 if unit == "week" else (count * 365 + 11) // 12


def _only_small(line: Line, start: int, words: Vocabulary) -> bool:
    rest = (token for at, token in enumerate(line.tokens) if at >= start and line.free(at))
    return all(token.word in words.filler or not (token.is_word or token.is_number) for token in rest)


def _back(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """In service again: intent back, `date` the first day (today when none is named)."""
    start = 0 if line.begins[0] & words.marks["back"].bit else _after_a_name(line, words)
    start = start or _after_a_day(line, words)
    begun = line.phrase(start, words.marks["back"])
    if begun is None:
        return None
    line.take(start, _after_what(line, words, begun[1]), "sentence")
    when = _day(line, words, now)
    people = find_people(line, words) or name_alone(line, words)
    if when.asked or not _only_small(line, 0, words):
        return None
    return Command("back", date=when.date or now.date(), people=people)


def _after_a_name(line: Line, words: Vocabulary) -> int:
    """Past the name of the one who is back: `Anna Berg är tillbaka`."""
    at = 1 if line.tokens and line.tokens[0].raw.lower() in words.people["first_names"] else 0
    while at and line.free(at) and not line.begins[at] & words.marks["back"].bit and at < _LONGEST_NAME:
        at += 1
    return at


def _after_a_day(line: Line, words: Vocabulary) -> int:
    """Past the day that is said first: `från och med imorgon är jag tillbaka`, `imorgon jobbar jag igen`."""
    for at in line.where(words.marks["back"].bit):
        hit = line.phrase(at, words.marks["back"])
        if hit and (hit[1] > at + 1 or line.words[at - 1] == "jag"):
            return at
    return 0


def _after_what(line: Line, words: Vocabulary, index: int) -> int:
    """Past what it is back from: `tillbaka från föräldraledighet 1/12`, and the same said again."""
    again = index + (line.words[index] in (",", "."))
    if more := line.phrase(again, words.marks["back"]):
        return _after_what(line, words, more[1])
    since = line.phrase(index, words.marks["since"]) or line.phrase(index, words.marks["after"])
    absence = line.phrase(since[1], words.table("absences")) if since else None
    return absence[1] if absence else index


def _duty(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """A unit's review: intent unit_duty, `activity` which, `date` when. `reason` is closed when it is mended,
    follow_up when its finding is to be looked at on that day, list for all findings that wait.
    """
    listed = line.phrase(0, words.marks["findings"])
    if listed and _only_small(line, listed[1], words):
        return Command("unit_duty", reason="list")
    led = line.phrase(0, words.marks["follow_up"])
    first = led[1] if led else 0
    hits = ((key, line.phrase(first, words.marks[key])) for key in DUTIES)
    key, begun = next(((key, hit) for key, hit in hits if hit), ("", None))
    if begun is None:
        return None
    line.take(0, begun[1], "sentence")
    closed, later = (line.phrase(begun[1], words.marks[key]) for key in ("mended", "follow_up"))
    for said in (closed, later):
        line.take(begun[1], said[1] if said else begun[1], "sentence")
    follow = led or later
    ahead = follow or line.said & words.marks["booked"].bit
    when = settle(find_dates(line, words, now.date()), now.date(), "booking" if ahead else "session")
    if when.asked:
        return None
    reason = "closed" if closed else "follow_up" if follow else None
    note = leftover(line, words) if reason else letter_by_letter(line, words)
    if note and note.casefold().strip(" .!") in words.marks["no_finding"]:
        note = None
    return Command("unit_duty", activity=key, date=when.date, note=note, reason=reason)


def _day(line: Line, words: Vocabulary, now: datetime) -> When:
    """The day that is named, as near as the day of an absence."""
    return settle(from_then_on(find_dates(line, words, now.date()), line, now.date()), now.date(), "period")
