"""Draft facts for the year's report, the supervisor's statement and the kollegium: what, when, by whom,
trends and what is missing. The judgement is left to people: its boxes are empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from handlers import describe
from handlers.papers.draft_figures import are_months_left_out, figures_of, is_session, months_of
from handlers.papers.goals import Group, neither
from handlers.papers.period import Period
from handlers.papers.record import Record, Written, about, day, made_line, span
from handlers.papers.typeset import Facts
from handlers.words import Words
from schedules.lives.life import Life
from schedules.rules.requirement import Requirement
from schedules.standings import judged
from storage.tables import Standing

KINDS = ("annual_report", "supervisor_statement", "kollegium")
BOXES = {
    "annual_report": ("box_done", "box_left", "box_plan"),
    "supervisor_statement": ("box_judgement", "box_needs"),
    "kollegium": ("box_present", "box_kollegium", "box_measures"),
}
"""What people write themselves; the place for day and signature comes after."""
EVENTS = (
    *("iup_approval", "iup_revision", "kollegium", "annual_followup", "development_talk"),
    *("annual_report", "supervisor_statement", "course", "st_meeting", "placement_feedback"),
    *("scientific_work", "quality_work"),
)
YEAR = timedelta(days=365)
SHORTEST = timedelta(days=60)
"""A kollegium later than this is followed by a paper of a whole year: there is little new to look at."""
MOST = {
    "lines": 6,
    "names": 5,
    "assessors": 2,
    "days": 4,
    "codes": 24,
    "letters": 60,
    "name": 26,
    "waits": 90,
}
"""What fits a page, whatever was saved."""


def period_of(kind: str, of: Record, today: date) -> Period:
    """The last twelve months; for a kollegium since the one before, or since the training began."""
    year = max(of.trainee.starts_on, today - YEAR + timedelta(days=1))
    if kind != "kollegium":
        return Period(year, today)
    held = [each.entry.on_date for each in of.of("kollegium")]
    if not held:
        return Period(of.trainee.starts_on, today)
    return Period(held[-1] if today - held[-1] >= SHORTEST else year, today)


def draft(
    words: Words,
    kind: str,
    of: Record,
    life: Life,
    groups: Sequence[Group],
    missing: Sequence[str],
    now: datetime,
) -> Facts:
    """What the template `draft` shows of a training."""
    period = period_of(kind, of, life.local.date())
    seen = [each for each in of.entries if period.holds(each.entry.on_date)]
    return {
        "title": words.say(f"paper.{kind}"),
        "short": cut(of.person.name, MOST["letters"]),
        "made": made_line(words, of, now),
        "mark": words.say("paper.draft"),
        "warning": words.say("paper.draft_says", kind=words.say(f"paper.{kind}").lower()),
        "about": [(label, cut(value, MOST["letters"])) for label, value in _head(words, of, life, period)],
        "figures": figures_of(words, of, life, period),
        "months": months_of(words, seen, period),
        "months_cut": are_months_left_out(period),
        "with_whom": _counted(words, Counter(_whom(words, of, each) for each in seen if is_session(each))),
        "topics": _counted(words, Counter(_topics(words, seen))),
        "assessments": _assessments(words, seen),
        "events": _events(words, seen, life, period),
        "goals": _goals(words, groups),
        "missing": _cut(words, list(missing)),
        "boxes": [words.say(f"paper.{box}") for box in BOXES[kind]],
    }


def missing_of(words: Words, life: Life) -> list[str]:
    """What waits or soon will, as the rulebook has it; what waits comes first."""
    asked, today = life.rulebook.requirements, life.local.date()
    rows = [row for row in judged(life) if row.state in ("overdue", "soon")]
    rows.sort(key=lambda row: (row.state != "overdue", row.overdue_from or row.due_on or today))
    return list(dict.fromkeys(_waits(words, asked[row.requirement], row, today) for row in rows))


def _waits(words: Words, asked: Requirement, row: Standing, today: date) -> str:
    return f"{describe.title(words, asked)}: {describe.how(words, asked, row, today)}"


def _head(words: Words, of: Record, life: Life, period: Period) -> list[tuple[str, str]]:
    moved = life.timeline.planned_end
    end = [(words.say("paper.end"), day(words, moved))] if moved else []
    return [*about(words, of), *end, (words.say("paper.period"), span(words, period.first, period.last))]


def cut(text: str, most: int) -> str:
    """A text of at most so many characters, with an ellipsis where it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _whom(words: Words, of: Record, each: Written) -> str:
    """Who is named with it, else the other half as far as it is known."""
    others = (name for name in (each.people, each.confirmed_by, each.author) if name != of.person.name)
    return next(filter(None, others), words.say("paper.not_told"))


def _topics(words: Words, seen: Sequence[Written]) -> Iterator[str]:
    return (words.name("topic", topic) for each in seen if is_session(each) for topic in each.entry.topics)


def _counted(words: Words, of: Counter[str], most: int = MOST["names"]) -> str:
    """As in "Eva Ek 40, Lars Lind 3", the most first, and how many more there are."""
    shown = [f"{cut(name, MOST['name'])} {count}" for name, count in of.most_common(most)]
    rest = len(of) - len(shown)
    return ", ".join([*shown, *([words.say("paper.more", count=rest)] if rest > 0 else [])])


def _assessments(words: Words, seen: Sequence[Written]) -> list[Facts]:
    """A row for each instrument: how often, when last, by whom."""
    by: dict[str, list[Written]] = {}
    for each in seen:
        if each.entry.activity == "assessment":
            by.setdefault(each.entry.instrument or "", []).append(each)
    in_order = sorted(by.items(), key=lambda item: -len(item[1]))
    return [_instrument(words, key, some) for key, some in in_order[: MOST["lines"] + 1]]


def _instrument(words: Words, key: str, some: Sequence[Written]) -> Facts:
    assessors = Counter(each.people or words.say("paper.not_told") for each in some)
    return {
        "instrument": words.name("instrument", key) if key else words.say("paper.unnamed"),
        "count": len(some),
        "last": day(words, some[-1].entry.on_date),
        "assessors": _counted(words, assessors, MOST["assessors"]),
    }


def _events(words: Words, seen: Sequence[Written], life: Life, period: Period) -> list[tuple[str, str]]:
    """What else took place, with its latest days; placements and time away."""
    found: list[tuple[str, str]] = []
    for activity in EVENTS:
        days = [each.entry.on_date for each in seen if each.entry.activity == activity]
        if days:
            found.append((words.name("activity", activity), _days(words, days)))
    stays = [s for s in life.stays if s.from_on <= period.last and s.to_on >= period.first]
    if stays:
        told = (f"{cut(s.place, MOST['name'])} {span(words, s.from_on, s.to_on)}" for s in stays[-2:])
        found.append((words.say("paper.placements"), ", ".join(told)))
    away = (period.last - period.first).days + 1 - life.timeline.active_days(period.first, period.last)
    return [*found, (words.say("paper.away"), words.say("paper.days", count=away))]


def _days(words: Words, days: Sequence[date]) -> str:
    shown = ", ".join(day(words, each) for each in days[-MOST["days"] :])
    rest = len(days) - MOST["days"]
    return f"{shown} {words.say('paper.earlier', count=rest)}" if rest > 0 else shown


def _goals(words: Words, groups: Sequence[Group]) -> Facts:
    codes, every = neither(groups), sum(len(group.goals) for group in groups)
    rest = len(codes) - MOST["codes"]
    more = [words.say("paper.more", count=rest)] if rest > 0 else []
    return {
        "covered": words.say("paper.of", done=every - len(codes), count=every),
        "neither": ", ".join([*codes[: MOST["codes"]], *more]),
    }


def _cut(words: Words, lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST["lines"]
    shown = [cut(line, MOST["waits"]) for line in lines[: MOST["lines"]]]
    return [*shown, words.say("paper.more", count=rest)] if rest > 0 else shown
