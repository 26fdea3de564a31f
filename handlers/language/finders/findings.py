"""Finds everything a line says, once and in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial, reduce
from operator import or_
from typing import NamedTuple

from handlers.language.days import repeats
from handlers.language.days.date_openings import openings
from handlers.language.days.dates import Span, find_dates
from handlers.language.days.relative_points import is_told
from handlers.language.days.repeats import Repeat
from handlers.language.days.spans import Point, after
from handlers.language.finders import clock, durations, people
from handlers.language.finders.clock import Clock
from handlers.language.finders.found import Findings
from handlers.language.finders.goals import find_goals
from handlers.language.finders.matches import find_matches
from handlers.language.finders.measured import hide_measured, needed
from handlers.language.finders.no_days import says_no_day
from handlers.language.finders.took_place import BOOKINGS, DOUBTS, find_booking, find_doubt, find_negation
from handlers.language.lexicon.notes import marked
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.phrases import CODE, NUMBER, STEM, bits
from handlers.language.lexicon.spelling import DOUBTFUL_DAY
from handlers.language.lexicon.tokens import Line, Token
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary


def find_all(line: Line, words: Vocabulary, now: datetime) -> Findings:
    """Run every finder that may find something in the line, the surest first."""
    found = Findings(line, words, now, now.date())
    if line.said & needed(words):
        found.hidden = tuple(hide_measured(line, words))
    _run(_finders(words), found)
    for start, end in found.hidden:
        line.release(start, end)
    return found


class _Finder(NamedTuple):
    """What must stand in a line for anything to be found, and what finds it."""

    needs: int
    find: Callable[[Findings], None]


def _run(finders: tuple[_Finder, ...], found: Findings) -> None:
    said = found.line.said
    for needs, find in finders:
        if said & needs:
            find(found)


def _group(*finders: _Finder) -> _Finder:
    """Several as one: most lines hold nothing for any of them."""
    needs = reduce(or_, (finder.needs for finder in finders))
    return _Finder(needs, partial(_run, finders))


@lru_cache(KEPT)
def _finders(words: Vocabulary) -> tuple[_Finder, ...]:
    """All of them, the surest first."""
    marks = words.marks
    return (
        _group(_Finder(people.openers(words), _find_people), _Finder(CODE, _find_goals)),
        _Finder(words.content.bit | STEM, _find_matches),
        _group(
            _Finder(bits(marks["belated"], marks["signed"]), _find_courtesies),
            _Finder(bits(marks["negation"], marks["fell_through"], marks["not"]), find_negation),
            _Finder(bits(*(marks[role] for role in BOOKINGS)), find_booking),
            _Finder(bits(*(marks[role] for role in DOUBTS)), find_doubt),
            _Finder(marks["next_time"].bit, _find_next_time),
            _Finder(_slips(words), _find_slip),
            _Finder(repeats.openers(words), _find_repeat),
            _Finder(marks["vague_week"].bit, _find_vague_week),
        ),
        _Finder(openings(words).any, _find_dates),
        _group(
            _Finder(bits(marks["vague_day"], marks["vague_time"]), _find_vague_day),
            _Finder(clock.needed(words), _find_clocks),
            _Finder(bits(marks["within"], marks["ago"]), _find_moment),
        ),
        _Finder(durations.needed(words), _find_durations),
        _group(
            _Finder(bits(words.long_units, marks["half_year"]), _find_lasts),
            _Finder(marks["until"].bit, _find_unknown_end),
        ),
    )


def _find_people(found: Findings) -> None:
    found.people = people.find_people(found.line, found.words)


def _find_goals(found: Findings) -> None:
    found.goals, found.goal_at = find_goals(found.line, found.words)


def _find_matches(found: Findings) -> None:
    found.matches = find_matches(found.line, found.words)


def _find_next_time(found: Findings) -> None:
    """`etik, nästa gång kommunikation`: what is to come then was not spoken of, and stays in the note."""
    untaken, table = Line(found.line.tokens), found.words.marks["next_time"]
    acts = [match.end for match in found.matches if match.section in ("activities", "instruments")]
    spots = (at for at in untaken.where(table.bit) if untaken.phrase(at, table) and acts and at >= acts[0])
    if (then := next(spots, None)) is None:
        return
    later = [match for match in found.matches if match.section == "topics" and match.start > then]
    for match in later:
        found.line.release(match.start, match.end)
    found.matches = [match for match in found.matches if match not in later]


_LONGEST_SIGNATURE = 8  # pieces: `mvh/Anna Berg, ST-läkare`
_WHO_SIGNS = ("title", "colleague", "trainee", "supervisor")


def _find_courtesies(found: Findings) -> None:
    """`glömde logga` and `mvh Anna` say nothing of the session."""
    line = found.line
    marked(line, found.words, "belated")
    for index in line.where(found.words.marks["signed"].bit):
        signed = line.phrase(index, found.words.marks["signed"])
        after = line.tokens[signed[1] :] if signed else []
        if signed and len(after) <= _LONGEST_SIGNATURE and not any(_is_said(found, token) for token in after):
            line.take(index, len(line.tokens), "signed")
            return


def _is_said(found: Findings, token: Token) -> bool:
    """Whether a word is none of a signature's: it is in small letters, and nobody's title."""
    begins = bits(*(found.words.marks[role] for role in _WHO_SIGNS))
    return token.raw[0].islower() and not (token.begins & begins or token.word in _OF_A_TITLE)


_OF_A_TITLE = ("läkare", "läk")


@lru_cache(KEPT)
def _slips(words: Vocabulary) -> int:
    """What a line that puts something right has, but for the star."""
    return bits(*(words.marks[role] for role in ("slips", "meant_behind", "not")))


def _find_slip(found: Findings) -> None:
    """`nej, men boka fredag kl 10`: what joins it to what is right says nothing."""
    line = found.line
    found.slipped = bool(line.where(_slips(found.words)))
    if (hit := Line(line.tokens).phrase(0, found.words.marks["slips"])) is None:
        return
    at = hit[1] + (line.words[hit[1]] in (",", "-"))
    if line.words[at] in ("men", "but"):
        line.take(at, at + 1, "slip")


def _find_repeat(found: Findings) -> None:
    found.repeat = repeats.find_repeat(found.line, found.words)
    if (
        found.repeat == _WEEKLY
        and "weekly" in found.line.written(0).lower()
        and is_told(found.line, found.words)
    ):
        found.repeat = None  # `had my weekly supervision`
    found.unbounded = found.repeat is not None and marked(found.line, found.words, "unbounded")


_WEEKLY = Repeat("weekly")


def _find_vague_week(found: Findings) -> None:
    found.vague = marked(found.line, found.words, "vague_week")


def _find_dates(found: Findings) -> None:
    hidden: list[tuple[int, int]] = []
    found.spans = find_dates(found.line, found.words, found.today, hidden)
    if hidden:
        found.hidden += tuple(hidden)


def _find_vague_day(found: Findings) -> None:
    """A day is said that is none, and no other; a misspelt one, and one joined to another (`i helgen och
    idag`), is in doubt whatever else is said.
    """
    line = found.line
    doubtful = not found.spans or any(token.word == DOUBTFUL_DAY for token in line.tokens)
    doubtful = doubtful or _is_joined_to_a_day(line, found.words)
    found.vague = found.vague or (doubtful and marked(line, found.words, "vague_day"))
    found.vague = found.vague or (not found.spans and says_no_day(line, found.words, found.matches))


def _is_joined_to_a_day(line: Line, words: Vocabulary) -> bool:
    """Whether `och` stands between a day that is none and one that is read: not the weekend of a note."""
    joints, table = words.marks["and"].entries, words.marks["vague_day"]
    hits = ((index, line.phrase(index, table)) for index in line.where(table.bit))
    return any(
        (line.words[at - 1] in joints and line.taken[at - 2] == "date")
        or (line.words[hit[1]] in joints and line.taken[hit[1] + 1 : hit[1] + 2] == ["date"])
        for at, hit in hits
        if hit
    )


def _find_clocks(found: Findings) -> None:
    found.clocks = clock.find_clocks(found.line, found.words)


def _find_durations(found: Findings) -> None:
    found.durations = durations.find_durations(found.line, found.words)


def _find_lasts(found: Findings) -> None:
    at, _, found.lasts = next(iter(_all_lasts(found)), (0, 0, None))
    found.least = _least(found.line, at) if found.lasts else None


def _least(line: Line, at: int) -> int | None:
    """The 3 of `3-4 mån` and of `3 till 4 mån`: how long it lasts is not settled."""
    joined = line.words[at - 1] in ("-", "–", "till", "eller", "to", "or", "/")
    return line.number(at - 2, 2) if joined and at > 1 else None


def _find_unknown_end(found: Findings) -> None:
    """`varje torsdag till sportlovet`: after the word for until stands what is no day."""
    line, until = found.line, found.words.marks["until"]
    said = (line.phrase(index, until) for index in (line.where(until.bit) if found.repeat else ()))
    unknown = any(hit and line.free(hit[1]) and line.tokens[hit[1]].is_word for hit in said)
    found.unbounded = found.unbounded or unknown


_STEP = 5  # minutes: what a clock time reckoned from now is rounded to


def _find_moment(found: Findings) -> None:
    """`om en timme` is a session to come, today or past midnight; of one an hour ago the day is known."""
    if found.spans or found.clocks or found.repeat:
        return
    away = durations.find_moment(found.line, found.words, past=not found.book)
    if away is None:
        return
    at = found.now + timedelta(minutes=away)
    found.spans = [Span("on", Point(exact=at.date()))]
    if away > 0:
        at += timedelta(minutes=-at.minute % _STEP)
        found.spans, found.book = [Span("on", Point(exact=at.date()))], True
        found.clocks = [Clock(time(at.hour, at.minute))]


_MOST_YEARS = 5


def _may_last_years(found: Findings) -> bool:
    """A leave may; the years of `vab dotter 6 år` and of a patient are an age."""
    return any(
        match.section in ("absences", "placements") and match.key != "child_care" for match in found.matches
    )


def _all_lasts(found: Findings) -> Iterator[tuple[int, int, tuple[int, str]]]:
    """`3 dagar`, `två veckor`, `1 år`, and where each stands. Not taken; whoever uses it takes it."""
    line, words, ages = found.line, found.words, not _may_last_years(found)
    units = words.long_units
    half = words.marks["half_year"]
    counted = NUMBER | words.table("numbers").bit if line.said & units.bit else 0
    for index in line.where(counted | half.bit):
        if (six := line.phrase(index, half)) is not None:
            yield index, six[1], (6, "month")
        count = whole_at(line, index, words)
        unit = line.phrase(count[1], units) if count else None
        if count and unit and 0 < count[0] < 400:
            if unit[0] == "year" and (ages or count[0] > _MOST_YEARS):
                continue
            yield index, unit[1], (count[0], unit[0])


def last_of(found: Findings, start: date) -> date:
    """The last day of what begins at `start` and lasts for `found.lasts`; its tokens are taken."""
    for begin, end, _ in list(_all_lasts(found))[:1]:
        found.line.take(begin, end, "date")
    return last_day_of(found, start)


def last_day_of(found: Findings, start: date) -> date:
    """The same, with nothing taken."""
    return after(start, *(found.lasts or (1, "day"))) - timedelta(days=1)
