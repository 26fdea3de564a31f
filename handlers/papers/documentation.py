"""The trainee's documentation of supervision and of assessments for the training programme (IUP)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from handlers.papers.record import Record, Written, about, confirmed, day, made_line
from handlers.papers.table import Column, Sheet, sheet
from handlers.papers.typeset import Facts
from handlers.words import Words
from schedules.zone import to_local


def documentation(words: Words, of: Record, now: datetime) -> Facts:
    """What the template `documentation` shows."""
    sessions, assessments = of.of("supervision"), of.of("assessment")
    return {
        "title": words.say("paper.documentation"),
        "short": of.person.name,
        "made": made_line(words, of, now),
        "about": about(words, of),
        "supervision": [_session(words, of, each) for each in sessions],
        "supervision_sum": _sum(words, sessions),
        "assessments": [_assessment(words, of, each) for each in assessments],
        "assessments_sum": _sum(words, assessments),
    }


def _sum(words: Words, of: Sequence[Written]) -> str:
    minutes = sum(each.entry.minutes or 0 for each in of)
    done = sum(each.state == "confirmed" for each in of)
    length = f" {words.length(minutes)}," if minutes else ""  # of assessments hardly anybody tells it
    return words.say("paper.sum", count=len(of), length=length, confirmed=done)


def _session(words: Words, record: Record, of: Written) -> Facts:
    return {
        **_common(words, record, of),
        "minutes": of.entry.minutes or "–",
        "topics": words.names("topic", of.entry.topics),
    }


def _assessment(words: Words, record: Record, of: Written) -> Facts:
    instrument, level = of.entry.instrument, of.entry.level
    return {
        **_common(words, record, of),
        "instrument": words.name("instrument", instrument) if instrument else words.say("paper.unnamed"),
        "level": words.name("level", level) if level else "",
    }


def _common(words: Words, record: Record, of: Written) -> Facts:
    return {
        "date": day(words, of.entry.on_date),
        "goals": ", ".join(of.entry.goals),
        "people": of.people,
        "note": of.note,
        "state": of.state,
        "confirmed": confirmed(words, of, record.unit.timezone),
    }


def documentation_sheets(words: Words, of: Record) -> tuple[Sheet, ...]:
    """The same as sheets, with real dates."""
    zone = of.unit.timezone
    sessions: tuple[Column[Written], ...] = (
        ("from_on", lambda each: each.entry.on_date),
        ("start", lambda each: each.entry.start_time),
        ("minutes", lambda each: each.entry.minutes),
        ("topics", lambda each: words.names("topic", each.entry.topics)),
        ("goals", lambda each: ", ".join(each.entry.goals)),
        ("people", lambda each: each.people),
        *_ends(words, zone),
    )
    assessments: tuple[Column[Written], ...] = (
        ("from_on", lambda each: each.entry.on_date),
        ("instrument", lambda each: _named(words, "instrument", each.entry.instrument)),
        ("level", lambda each: _named(words, "level", each.entry.level)),
        ("goals", lambda each: ", ".join(each.entry.goals)),
        ("assessor", lambda each: each.people),
        *_ends(words, zone),
    )
    return (
        sheet(words, "supervision", sessions, of.of("supervision")),
        sheet(words, "assessments", assessments, of.of("assessment")),
    )


def _ends(words: Words, zone: str) -> tuple[Column[Written], ...]:
    return (
        ("note", lambda each: each.note),
        ("author", lambda each: each.author),
        ("confirmed_by", lambda each: each.confirmed_by if each.state == "confirmed" else None),
        ("confirmed_on", lambda each: _local(each.entry.confirmed_at, zone)),
        ("disputed_on", lambda each: _local(each.entry.disputed_at, zone)),
        ("confirmation", lambda each: words.say(f"confirmation.{each.state}")),
    )


def _local(at: datetime | None, zone: str) -> date | None:
    return to_local(at, zone).date() if at else None


def _named(words: Words, group: str, key: str | None) -> str | None:
    return words.name(group, key) if key else None
