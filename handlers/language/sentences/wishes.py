"""Whole-line sentences about being reminded: `påminn mig på onsdagar kl 10`, `tysta kollegium …`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from handlers.language.command import Command
from handlers.language.days.dates import Span, find_dates
from handlers.language.days.spans import Point, after
from handlers.language.finders.clock import find_clocks, needed
from handlers.language.finders.free_names import name_alone, names_in
from handlers.language.finders.matches import find_matches, subject_of
from handlers.language.finders.people import find_people
from handlers.language.lexicon.notes import leftover, marked
from handlers.language.lexicon.numbers import whole_at
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import Vocabulary
from handlers.language.settling.settle import settle

PLATFORMS = ("slack", "telegram", "teams", "matrix")
_UNITS = ("weekly", "morning", "repeat", "digest")
_HOURS = range(6, 24)
_FOR = ("i", "under", "for")
_MOST_DAYS = 366
OPENINGS = ("remind_me", "my_digest", "no_digest", "digest_on", "setting", "mute", "mute_off")
"""Marks that a wish begins with."""
_PAPERS = ("names", "picture", "workbook")
"""What goes along with the digest; `bild utan namn` is about the names."""


def wish(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """The wish that the whole line is, or None; a line that only begins like one may be taken from."""
    told = _switched(line, words) or _mute(line, words, now) or _own(line, words)
    return told or _own_digest(line, words) or _of_unit(line, words)


def _own(line: Line, words: Vocabulary) -> Command | None:
    """Intent setting, `reason` own and what: "own platform telegram", "own weekly 3", "own morning"."""
    begun = line.phrase(0, words.marks["remind_me"])
    if begun is None:
        return None
    line.take(0, begun[1], "wish")
    if _is_of_one_day(line, words):
        return None
    _take_small(line, words)
    platform = next((key for key in PLATFORMS if _said(line, words, f"on_{key}")), None)
    usual = _said(line, words, "usual")
    day = _weekday(line, words)
    at = _clock(line, words)
    said = (platform is not None) + usual + (day is not None or at is not None)
    if said != 1 or leftover(line, words) is not None:
        return None
    if platform or usual:
        return Command("setting", reason=f"own platform {platform}" if platform else "own usual")
    return Command("setting", reason=f"own weekly {day}" if day else "own morning", time=at)


def _is_of_one_day(line: Line, words: Vocabulary) -> bool:
    """`påminn mig på torsdag` wants to hear once: it sets no day of every week, as `på torsdagar` does."""
    days = (at for at in range(len(line.tokens)) if line.phrase(at, words.table("weekdays")))
    return any(line.tokens[at - 1].word in words.marks["coming"] for at in days if at)


def _take_small(line: Line, words: Vocabulary) -> None:
    """`via slack istället, tack`: they say nothing of what is wished for."""
    while marked(line, words, "said_to_a_wish"):
        pass


def _own_digest(line: Line, words: Vocabulary) -> Command | None:
    """`digest bara när något behövs`, `min digest fredag 13:00`: intent setting, `reason` "own digest 5",
    "own digest usual", "own empty on" or "own empty off". The word alone asks for the digest itself.
    """
    begun = line.phrase(0, words.marks["my_digest"])
    if begun is None:
        return None
    line.take(0, begun[1], "wish")
    needed, always, usual = (_said(line, words, key) for key in ("when_needed", "always", "usual"))
    day = _weekday(line, words)
    at = _clock(line, words)
    said = needed + always + usual + (day is not None or at is not None)
    if said != 1 or leftover(line, words) is not None:
        return None
    if needed or always:
        return Command("setting", reason=f"own empty {'off' if needed else 'on'}")
    return Command("setting", reason=f"own digest {'usual' if usual else day or ''}".strip(), time=at)


def _switched(line: Line, words: Vocabulary) -> Command | None:
    """`stäng av digest`, `digest på`, and no more: `reason` "own digest off" or "own empty on"."""
    for mark, reason in (("no_digest", "own digest off"), ("digest_on", "own empty on")):
        begun = line.phrase(0, words.marks[mark])
        after = line.tokens[begun[1] :] if begun else []
        if begun and all(token.word in words.filler or not token.is_word for token in after):
            return Command("setting", reason=reason)
    return None


def _of_unit(line: Line, words: Vocabulary) -> Command | None:
    """Intent setting, `reason` unit and what: "unit weekly 3", "unit repeat 14 2", "unit empty off".

    `note` is what is left of the line: the unit, for who answers for several. Without a wish all are shown.
    """
    begun = line.phrase(0, words.marks["setting"])
    if begun is None:
        return None
    line.take(0, begun[1], "wish")
    papers = [key for key in _PAPERS if _said(line, words, f"set_{key}")]
    key = next((key for key in _UNITS if _said(line, words, f"set_{key}")), None)
    if papers:
        off = _said(line, words, "off") or _said(line, words, "without")
        how = "usual" if _said(line, words, "usual") else "off" if off else "on"
        return Command("setting", reason=f"unit {papers[0]} {how}", note=leftover(line, words))
    if key is None:
        return Command("setting", note=leftover(line, words))
    if key == "digest" and _said(line, words, "when_empty"):
        key, values = "empty", ["off" if _said(line, words, "off") else "on"]
    elif _said(line, words, "usual"):
        values = ["usual"]
    elif key == "repeat":
        values = _numbers(line, words)
    else:
        values = [str(day) for day in [_weekday(line, words)] if day]
    at = None if key == "repeat" else _clock(line, words)
    return Command("setting", reason=" ".join(["unit", key, *values]), time=at, note=leftover(line, words))


def _clock(line: Line, words: Vocabulary) -> time | None:
    """The one clock time of the line; `onsdag 13`: where it can be nothing else, a number alone is one."""
    clocks = find_clocks(line, words) if line.said & needed(words) else []
    if clocks:
        return clocks[0].start if len(clocks) == 1 and clocks[0].minutes is None else None
    hours = [at for at in range(len(line.tokens)) if line.free(at) and line.number(at, 2) in _HOURS]
    if len(hours) != 1:
        return None
    hour = line.number(hours[0], 2) or 0
    line.take(hours[0], hours[0] + 1, "wish")
    return time(hour)


def _said(line: Line, words: Vocabulary, mark: str) -> bool:
    """Whether a phrase stands in the line; it is taken."""
    for index in range(len(line.tokens)):
        found = line.phrase(index, words.marks[mark])
        if found:
            line.take(index, found[1], "wish")
            return True
    return False


def _weekday(line: Line, words: Vocabulary) -> int | None:
    """`onsdag`, `onsdagar`."""
    for index in range(len(line.tokens)):
        for section in ("weekdays_every", "weekdays"):
            found = line.phrase(index, words.table(section))
            if found:
                line.take(index, found[1], "wish")
                return int(found[0])
    return None


def _numbers(line: Line, words: Vocabulary) -> list[str]:
    """`14 dagar 2 gånger` → 14 and 2; the words for what is counted are taken too."""
    found = []
    for index in range(len(line.tokens)):
        number = line.number(index, 2)
        if number is not None:
            counted = line.phrase(index + 1, words.table("units")) or line.phrase(
                index + 1, words.marks["times"]
            )
            line.take(index, counted[1] if counted else index + 1, "wish")
            found.append(str(number))
    return found


def _mute(line: Line, words: Vocabulary, now: datetime) -> Command | None:
    """Intent mute: `activity` of what (None: it is asked), `date` until when, `note` why; reason off to speak
    again.
    """
    ended = line.phrase(0, words.marks["mute_off"])
    begun = ended or line.phrase(0, words.marks["mute"])
    if begun is None:
        return None
    line.take(0, begun[1], "wish")
    why, lasts_to = _after_colon(line), _over_on(line, words, now.date())
    _take_small(line, words)
    _said(line, words, "series")  # `allt`: what is to be silent is asked
    people = find_people(line, words)
    if off := bool(ended) or _said(line, words, "off"):
        why = None
    matches = find_matches(line, words)
    subject = subject_of(line, matches, words)
    until = _until(find_dates(line, words, now.date()), now.date()) or lasts_to
    people = people or _about(line, words) or name_alone(line, words)
    note = why or leftover(line, words)
    away = any(match.section == "absences" for match in matches)  # `tyst sjuk idag`
    if subject.activity is None and not off and (away or (note is not None and why is None)):
        return None
    reason = "off" if off else None
    return Command("mute", activity=subject.activity, date=until, people=people, note=note, reason=reason)


def _until(spans: list[Span], today: date) -> date | None:
    """The day on which it is over; `till måndag`, said on a Monday, is the next."""
    until = settle(spans, today, "booking").date
    named = any((span.last or span.first or Point()).weekday for span in spans)
    return until + timedelta(days=7) if until == today and named else until


def _over_on(line: Line, words: Vocabulary, today: date) -> date | None:
    """`2 veckor`, `i en månad`, `for 2 weeks`: the day on which it is over, counted from today; taken."""
    for index in range(len(line.tokens)):
        count = whole_at(line, index, words) if line.free(index) else None
        unit = line.phrase(count[1], words.long_units) if count else None
        if count and unit and 0 < count[0] <= _MOST_DAYS and not _comes(line, index):
            begun = index - (index > 0 and line.words[index - 1] in _FOR)
            line.take(begun, unit[1], "wish")
            return after(today, count[0], unit[0])
    return None


def _comes(line: Line, index: int) -> bool:
    """`om två veckor` is a day, not how long."""
    return index > 0 and line.words[index - 1] in ("om", "in")


def _about(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """`för Anna Berg`, once all else is taken."""
    for index in range(len(line.tokens)):
        if line.words[index] in ("för", "for"):
            names = names_in(line, words, index + 1)
            line.take(index, len(line.tokens) if names else index, "wish")
            return names
    return ()


def _after_colon(line: Line) -> str | None:
    """What stands after the first colon that is not inside a clock time, as it was written; it is taken."""
    for index, token in enumerate(line.tokens):
        clock = line.glued(index + 1) and line.tokens[index + 1].is_number and token.glued
        if token.raw == ":" and not clock:
            line.take(index, len(line.tokens), "wish")
            why, line.rest = line.written(index + 1), ""
            return why or None
    return None
